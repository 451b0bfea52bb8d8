"""READ: how bytes leave a ministry. Interprets nothing, judges nothing; imports only the kernel."""
