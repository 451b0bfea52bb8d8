"""From an annex workbook to files of the catalogue: reading the workbook, asking, writing in one step."""
