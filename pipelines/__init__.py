"""ORCHESTRATE: the only room that knows all the others, and the only one that knows Dagster."""
