"""A proposal for a new source folder, made of what a table or an OpenAPI document shows."""
