"""Benchmarks: each makes its own inputs, checks that its contenders agree, and prints a table of ratios."""
