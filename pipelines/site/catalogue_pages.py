"""Lists of indicators, by theme and by programme, and the checks of the catalogue: pages that lead to the others."""

from collections.abc import Iterator

from indicator_specs.lint import CHECKS
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from indicator_specs.units import UNITS

HEAD = "| mã · codes | chỉ số · indicator | loại · type | đơn vị · unit |\n|---|---|---|---|"


def catalogue_page(registry: Registry) -> str:
    """Every indicator, by theme."""
    parts = [
        "# Danh mục chỉ số · Catalogue\n\n"
        f"{len(registry.indicators)} chỉ số. Danh mục này **không phải** bộ chỉ số chính thức; mỗi trang cho biết từng "
        "phần đã được đối chiếu đến đâu.\n\n"
        "*This is not the official indicator set: each page says how sure each of its parts is.*"
    ]
    for theme in sorted({spec.theme for spec in registry.indicators.values()}):
        parts.append(f"\n## {theme.replace('_', ' ').capitalize()}\n\n{HEAD}")
        parts += [_row(spec) for spec in registry.indicators.values() if spec.theme == theme]
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
    return f"| {', '.join(spec.codes)} | [{spec.name.vi}](indicators/{spec.id}.md) | {spec.type} | {unit} |"


def checks_page() -> str:
    """Every check of ``chiso lint``, with its severity, its reason and its remedy."""
    title = "# Kiểm tra danh mục · Checks of the catalogue\n"
    head = "| kiểm tra · check | mức · severity | vì sao · reason | cách sửa · remedy |\n|---|---|---|---|"
    rows = [f"| `{check.name}` | {check.severity} | {check.reason} | {check.remedy} |" for check in CHECKS]
    return "\n".join([title, head, *rows]) + "\n"
