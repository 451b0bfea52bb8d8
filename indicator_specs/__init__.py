"""MEAN: what an indicator, a measure and a source are. Imports nothing of ours."""
