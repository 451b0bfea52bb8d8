"""One installation, opened: its home, its catalogue and its ledger, for every command and every asset."""

from dataclasses import dataclass
from functools import cached_property

from connectors.ledger import Ledger
from indicator_specs.home import Home
from indicator_specs.registry import Registry, load_registry


@dataclass(frozen=True)
class Installation:
    """What a step of the line needs to do its work. Opening is lazy: a step pays for what it uses."""

    home: Home
    catalogue: Registry | None = None
    """What is declared, where it is at hand already."""

    @classmethod
    def current(cls) -> "Installation":
        """The installation that ``CHISO_HOME`` names."""
        return cls(Home.current())

    @cached_property
    def registry(self) -> Registry:
        """The catalogue, the sources and the reference tables.

        Raises:
            SpecError: any of them has a mistake; the error lists them all.
        """
        return self.catalogue or load_registry()

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, at its newest schema."""
        return Ledger.open(self.home)
