"""Lists of indicators, by theme and by programme, and the checks of the catalogue: pages that lead to the others."""

from collections.abc import Iterator, Mapping

from indicator_specs.lint import CHECKS
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator, SpecType
from indicator_specs.units import UNITS

TYPES: Mapping[SpecType, str] = {
    "computed": "tính từ số liệu · computed",
    "composite": "tổng hợp · composite",
    "published_value": "số công bố · published value",
    "published_rank": "thứ hạng công bố · published rank",
    "milestone": "mốc hoàn thành · milestone",
    "assessed": "đánh giá · assessed",
}
HEAD = "| mã · codes | chỉ số · indicator | loại · type | đơn vị · unit |\n|---|---|---|---|"


def catalogue_page(registry: Registry) -> str:
    """Every indicator, by theme."""
    parts = [
        "# Danh mục chỉ số · Catalogue\n\n"
        f"{len(registry.indicators)} chỉ số. Danh mục này **không phải** bộ chỉ số chính thức; mỗi trang cho biết từng "
        "phần đã được đối chiếu đến đâu.\n\n"
        "*This is not the official indicator set: each page says how sure each of its parts is.*"
    ]
    for theme, name in registry.themes.items():
        specs = [spec for spec in registry.indicators.values() if spec.theme == theme]
        if specs:
            parts += [f"\n## {name.vi} · {name.en}\n\n{HEAD}", *map(_row, specs)]
    return "\n".join(parts) + "\n"


def programmes_page(registry: Registry) -> str:
    """Programmes, and the codes that each gives to the indicators it shares with others."""
    return "\n".join(["# Chương trình · Programmes", *_programmes(registry)]) + "\n"


def _programmes(registry: Registry) -> Iterator[str]:
    for name, programme in registry.programmes.items():
        yield f"\n## {programme.name.vi}\n\n*{programme.name.en}* (`{name}`)\n\n{'; '.join(programme.legal_basis)}\n"
        yield "| mã · code | chỉ số · indicator | cũng thuộc · also in |\n|---|---|---|"
        for spec in registry.indicators.values():
            if name in spec.programmes:
                codes = programme.codes_of(spec.codes) or spec.codes
                others = ", ".join(other for other in spec.programmes if other != name)
                yield f"| {', '.join(codes)} | [{spec.name.vi}](indicators/{spec.id}.md) | {others} |"


def _row(spec: Indicator) -> str:
    unit = UNITS[spec.meaning.unit].label_vi
    return f"| {', '.join(spec.codes)} | [{spec.name.vi}](indicators/{spec.id}.md) | {TYPES[spec.type]} | {unit} |"


def checks_page() -> str:
    """Every check of ``chiso lint``, with its severity, its reason and its remedy."""
    title = "# Kiểm tra danh mục · Checks of the catalogue\n"
    head = "| kiểm tra · check | mức · severity | vì sao · reason | cách sửa · remedy |\n|---|---|---|---|"
    rows = [f"| `{check.name}` | {check.severity} | {check.reason} | {check.remedy} |" for check in CHECKS]
    return "\n".join([title, head, *rows]) + "\n"
