"""The contract of a source: the columns that it had when it was frozen, and their types.

Owns ``contract.yml`` beside ``source.yml`` and what a difference from it means: a new column is ignored and told; a
column that is gone, renamed or of another type stops that source, because nobody knows what its figures mean now.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from connectors import durable
from connectors.errors import PermanentSourceError
from indicator_specs.errors import both
from indicator_specs.findings import Finding, Severity
from indicator_specs.source_spec import CONTRACT_FILE, Dataset, Source

FILE = CONTRACT_FILE

Columns = Mapping[str, str]
"""Name of a column → its type, in the source's own words."""

HEAD = """\
# Cột và kiểu của nguồn khi được chốt; ghi bởi `chiso source freeze {source}`, sửa nguồn thì chốt lại.
# Columns and types of the source as frozen by `chiso source freeze {source}`; freeze again when the source has changed.
"""


def frozen(source: Source) -> Mapping[str, Columns]:
    """Columns by dataset; empty where the source is not frozen.

    Raises:
        PermanentSourceError: the file is there and is not a contract.
    """
    file = source.folder / FILE
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else {}


def hold(dataset: Dataset, columns: Columns) -> tuple[Finding, ...]:
    """Hold what a source returned against its contract.

    Returns:
        A notice of new columns, if there are any.

    Raises:
        PermanentSourceError: ``E-SRC-CONTRACT``, with the old beside the new.
    """
    promised = frozen(dataset.source).get(dataset.id)
    if promised is None:
        return ()
    differences = _differences(promised, columns)
    if differences:
        told = "; ".join(differences)
        raise PermanentSourceError(
            "E-SRC-CONTRACT",
            dataset.full_id,
            f"Cấu trúc nguồn khác với {FILE}: {told}. Số liệu đã nhận giữ nguyên. Đề nghị hỏi đơn vị quản lí "
            f"nguồn, sửa khai báo nếu cần rồi chạy `chiso source freeze {dataset.source_id}`.",
            f"The source differs from {FILE}: {told}. What was received stands. Ask the owner of the source, mend the "
            f"declaration where needed, then run `chiso source freeze {dataset.source_id}`.",
        )
    new = [name for name in columns if name not in promised]
    return (_new_columns(new),) if new else ()


def freeze(source: Source, columns: Mapping[str, Columns]) -> Path:
    """Write the contract of a source; the file."""
    text = yaml.safe_dump(
        {dataset: dict(names) for dataset, names in columns.items()}, allow_unicode=True, sort_keys=False, width=120
    )
    return durable.write_bytes(source.folder / FILE, (HEAD.format(source=source.id) + text).encode())


def _differences(promised: Columns, columns: Columns) -> list[str]:
    """What is gone, renamed or of another type, old → new."""
    gone = [name for name in promised if name not in columns]
    new = [name for name in columns if name not in promised]
    told, matched = [], set()
    for name in gone:
        alike = [other for other in new if _fits(promised[name], columns[other])]
        position = list(promised).index(name)
        same_place = [other for other in alike if list(columns).index(other) == position]
        other = next(iter(same_place or alike), None)
        if other is not None and len(gone) == len(new):
            matched.add(other)
            told.append(both(f"cột {name} → {other} (đổi tên?)", f"column {name} → {other} (renamed?)"))
        else:
            told.append(both(f"cột {name} ({promised[name]}) không còn", f"column {name} ({promised[name]}) is gone"))
    if gone:  # alone a new column is no difference; beside one that is gone it may be what became of it
        told += [both(f"cột mới {n} ({columns[n]})", f"new column {n} ({columns[n]})") for n in new if n not in matched]
    for name, was in promised.items():
        if name in columns and not _fits(was, columns[name]):
            told.append(f"{name}: {was} → {columns[name]}")
    return told


def _fits(was: str, now: str) -> bool:
    """A column that holds nothing but nulls this time says nothing of its type; nor did one that held nothing then."""
    if "null" in (was, now):
        return True
    kept = set(was.split("|"))
    return was == now or (len(kept) > 1 and set(now.split("|")) <= kept)


def _new_columns(names: list[str]) -> Finding:
    listed = ", ".join(names)
    return Finding(
        "new_column",
        Severity.INFO,
        "",
        listed,
        "",
        f"Nguồn có thêm cột không khai báo, không dùng đến: {listed}.",
        f"The source has columns that are not declared and not used: {listed}.",
    )


@lru_cache(maxsize=64)
def _read(file: Path, _: int) -> Mapping[str, Columns]:
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        read = None
    if not isinstance(read, dict) or not all(
        isinstance(columns, dict) and all(isinstance(kind, str) for kind in columns.values())
        for columns in read.values()
    ):
        raise PermanentSourceError(
            "E-SRC-CONTRACT",
            f"{file.parent.name}/{file.name}",
            "Tệp không đúng dạng bộ số liệu → cột → kiểu; đề nghị chốt lại.",
            "The file is not dataset → column → type; freeze the source again.",
        )
    return read
