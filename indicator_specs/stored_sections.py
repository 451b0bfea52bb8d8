"""What lies ready in a folder, on an SFTP server or in an S3-style store, and SDMX messages, there or of a service."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.typed_text import Declared, Truth


class StoredFile(Declared):
    """One file of a store; ``{period}`` in its path is the period asked for.

    ``header_row`` is the row of column names. ``final_newline: false`` is for a writer that ends a CSV without one; by
    default such a file counts as cut. ``sheet`` is the first where none is named.
    """

    path: str = Field(min_length=1)
    format: Literal["csv", "parquet", "xlsx"]
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: Literal["utf-8", "utf-16", "cp1258"] = "utf-8"
    final_newline: Truth = True
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> "StoredFile":
        if self.path.startswith("/") or ".." in self.path.split("/"):
            raise ValueError(
                both("path đi từ thư mục của bí mật, không có ..", "path is below the secret's folder, without ..")
            )
        return self


ShortId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@$-]+:[A-Za-z0-9_@$-]+\([0-9.]+\)$")]
"""Agency, id and version as SDMX writes them: ``NSO:DSD_DIGITAL(1.0)``."""


class SdmxData(Declared):
    """An SDMX message and the structure that it is held against, of a service or of a store.

    ``data`` and ``structure`` are paths below the secret's address; ``{period}`` is the period asked for.
    ``data_structure`` is the definition agreed upon: another version is refused. ``flow`` is the dataflow that the data
    name, where they name one. ``accept`` is the format that a service is asked for. ``final_newline: false`` is for a
    writer that ends SDMX-CSV without one; by default such a message counts as cut.
    """

    data: str = Field(min_length=1)
    params: Mapping[str, str] = Field(default_factory=dict)
    structure: str = Field(min_length=1)
    structure_params: Mapping[str, str] = Field(default_factory=lambda: {"references": "all"})
    data_structure: ShortId
    flow: ShortId | None = None
    final_newline: Truth = True
    accept: str = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
