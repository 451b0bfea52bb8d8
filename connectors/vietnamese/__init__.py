"""How Vietnamese text was written before Unicode: recognising, converting, never guessing."""
