"""Permanent identities: the same name is the same object in every installation."""

import uuid

NAMESPACE = uuid.UUID("5b0c3a9e-5a53-5f0e-9b58-6d1f0c57c1a0")


def identity(*names: str) -> str:
    """The uuid5 of a path of names such as ``("chart", "tong-quan", "attention")``."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))
