"""Which stores an installation reaches: ``stores.yml`` in its home, strict YAML, never with a secret in it."""

from pathlib import Path

from pydantic import Field, model_validator

from indicator_specs import strict_yaml
from indicator_specs.errors import SpecError, both
from indicator_specs.home import Home
from indicator_specs.model_problems import build
from indicator_specs.typed_text import Declared, Identifier, Number, UnitCode

FILE = "stores.yml"


class StoreSpec(Declared):
    """One store. Its folders are named by org unit codes, each with ``ket_qua/`` within, as those on this machine.

    ``secret`` names the connection: ``sftp://user:password@host:port/folder``, or
    ``s3+https://key:secret@host/bucket/folder``. ``address`` is for a store that asks for none, as ``file:///srv/box``.
    ``host_key`` is the public key of an SFTP server (``ssh-ed25519 AAAA…``): no other server is spoken to.
    ``agencies`` must have a folder there; whoever else has one is read too.
    """

    id: Identifier
    secret: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    address: str | None = Field(default=None, pattern=r"^[a-z0-9+]+://[^@]*$")
    host_key: str | None = Field(default=None, pattern=r"^(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+$")
    key_file: str | None = None
    agencies: tuple[UnitCode, ...] = ()
    look_every: Number = Field(default=10, validate_default=True, gt=0)
    timeout_seconds: Number = Field(default=20, validate_default=True, gt=0)

    @model_validator(mode="after")
    def _reachable(self) -> "StoreSpec":
        if (self.secret is None) == (self.address is None):
            raise ValueError(both("ghi secret hoặc address, chỉ một", "give secret or address, one of them"))
        return self


class _Stores(Declared):
    stores: tuple[StoreSpec, ...]

    @model_validator(mode="after")
    def _apart(self) -> "_Stores":
        ids = [store.id for store in self.stores]
        if twice := sorted({each for each in ids if ids.count(each) > 1}):
            raise ValueError(both(f"hai kho cùng id: {twice[0]}", f"two stores share an id: {twice[0]}"))
        return self


def declared_stores(home: Home) -> tuple[StoreSpec, ...]:
    """The stores of an installation; none where it has no ``stores.yml``.

    Raises:
        SpecError: the file has mistakes; the error lists them all.
    """
    path: Path = home.root / FILE
    if not path.exists():
        return ()
    document = strict_yaml.read(path, FILE)
    made = build(_Stores, document)
    if made is None:
        raise SpecError(document.problems)
    return made.stores
