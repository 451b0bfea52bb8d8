"""What the texts of an annex table mean: headings, targets, units, agencies. Opens no file and writes none."""
