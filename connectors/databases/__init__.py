"""Kind ``database``: one query, its result kept exactly typed in bounded memory, and its rows as readings.

PostgreSQL and MySQL/MariaDB are read by DuckDB's own readers (``attached``); SQLite, SQL Server and Oracle by their
Python drivers (``cursors``). Everything after the result is one road (``result``, ``pull``).
"""
