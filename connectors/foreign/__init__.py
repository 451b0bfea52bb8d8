"""Forms that are not ours, read as a layout description says: tables found by their texts, sums held at their cells."""
