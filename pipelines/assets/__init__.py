"""Dagster assets, one module per arrow of the line."""
