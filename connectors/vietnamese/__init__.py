"""How Vietnamese text and dates are written, in Unicode and before it: recognising, converting, never guessing."""
