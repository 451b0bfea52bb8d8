"""The officer's workbook: made, stamped, scanned, read in a throw-away child, handed back with marks."""
