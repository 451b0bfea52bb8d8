"""The catalogue of the repository, read once in a process: it takes more than a second."""

from functools import cache

from indicator_specs.registry import Registry, load_registry


@cache
def whole_catalogue() -> Registry:
    """The registry of the repository. Tests change nothing of it."""
    return load_registry()
