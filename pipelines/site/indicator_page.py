"""One indicator as a page: what it means, how it is computed, from what, for whom, and how sure that is.

Everything stands in the specification; nothing is written here by hand. Markdown for mkdocs-material.
"""

from collections.abc import Iterator
from decimal import Decimal

from dbt_project.layout import INDICATORS, PROJECT_DIR
from indicator_specs.errors import both
from indicator_specs.formula.latex import latex
from indicator_specs.formula.words import words
from indicator_specs.inputs import InputSpec
from indicator_specs.meaning import Example
from indicator_specs.methods import Method
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from indicator_specs.typed_text import Bilingual
from indicator_specs.units import UNITS
from pipelines.indicator_sheet import sheet_of

INPUTS_HEAD = "| tên · name | số liệu · figure | đơn vị · unit | tính chất · nature | nguồn · source |"
NATURES = {
    "flow": "phát sinh trong kỳ, cộng được / flow",
    "stock": "số dư tại cuối kỳ / stock",
    "cumulative": "luỹ kế / cumulative",
    "non_additive": "không cộng được / non-additive",
}


def indicator_page(registry: Registry, spec: Indicator) -> str:
    """The page of one indicator."""
    return "\n".join(_parts(registry, spec)) + "\n"


def _parts(registry: Registry, spec: Indicator) -> Iterator[str]:
    yield f"# {spec.name.vi}\n\n*{spec.name.en}*\n"
    yield from _caveats(spec)
    yield f"{spec.meaning.concept.vi.strip()}\n\n*{spec.meaning.concept.en.strip()}*\n"
    yield "## Phiếu chỉ số · Sheet\n\n| | |\n|---|---|"
    for line in sheet_of(registry, spec.id):
        if line.label not in {"Tên chỉ số", "Khái niệm"} and line.text:
            yield f"| {line.label} | {_cell(line.text)} |"
    yield ""
    yield from _formulas(registry, spec)
    yield from _lineage(registry, spec)
    yield from _examples(spec)
    yield from _compiled(spec)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def _caveats(spec: Indicator) -> Iterator[str]:
    sure = spec.meaning.confidence
    weak = [(part, value) for part, value in vars(sure).items() if value != "verified"]
    if weak:
        told = ", ".join(f"{part}: {value}" for part, value in weak)
        text = both("Chưa đối chiếu đủ với văn bản", "Not all of it was checked against its document")
        yield f'!!! warning "{text}"\n    {told}\n'
    if len(spec.methods) > 1:
        since = ", ".join(f"{method.version}: {method.valid_from}" for method in spec.methods)
        text = both("Phương pháp tính đã thay đổi, không so sánh qua mốc", "The method changed: do not compare across")
        yield f'!!! note "{text}"\n    {since}\n'


def _formulas(registry: Registry, spec: Indicator) -> Iterator[str]:
    yield "## Công thức · Formula\n"
    for method in spec.methods:
        until = f" đến {method.valid_to}" if method.valid_to else ""
        yield f"**Phương pháp {method.version}** (từ {method.valid_from}{until})\n"
        yield f"```\n{' '.join(spec.formula_of(method).split())}\n```\n"
        yield from _in_words(registry, spec, method)
        yield f"{INPUTS_HEAD}\n|---|---|---|---|---|"
        for name, given in spec.inputs_of(method).items():
            yield f"| `{name}` | {_given(registry, given)} |"
        yield ""


def _in_words(registry: Registry, spec: Indicator, method: Method) -> Iterator[str]:
    node, given = registry.tree(spec, method), spec.inputs_of(method)
    names = {name: _name(registry, one) for name, one in given.items()}
    yield f"{words(node, {name: text.vi for name, text in names.items()}, 'vi')}\n"
    yield f"*{words(node, {name: text.en or text.vi for name, text in names.items()}, 'en')}*\n"
    symbols = latex(node, {name: text.vi for name, text in names.items()})
    yield f'??? info "LaTeX"\n    ```latex\n    {symbols}\n    ```\n'


def _name(registry: Registry, given: InputSpec) -> Bilingual:
    if given.indicator:
        return registry.indicators[given.indicator].name
    return registry.measures[given.measure or ""].name


def _given(registry: Registry, given: InputSpec) -> str:
    rule = f" (kỳ gần nhất, không quá {given.max_age})" if given.period == "latest" else ""
    if given.indicator:
        other = registry.indicators[given.indicator]
        return f"[{other.name.vi}]({other.id}.md){rule} | {UNITS[other.meaning.unit].label_vi} | | "
    measure = registry.measures[given.measure or ""]
    dataset = measure.dataset
    whose = f", số của {registry.reference.unit(given.producer).short_name_vi}" if given.producer else ""
    figure = f"{measure.name.vi} (`{measure.id}`){whose}{rule}"
    nature = NATURES[measure.nature]
    return f"{figure} | {UNITS[measure.unit].label_vi} | {nature} | {dataset.source.name.vi} – {dataset.name.vi}"


def _lineage(registry: Registry, spec: Indicator) -> Iterator[str]:
    yield "## Đường đi của số liệu · Lineage\n"
    yield from _below(registry, spec, 0, set())
    used = [
        other
        for other in registry.indicators.values()
        if any(given.indicator == spec.id for method in other.methods for given in other.inputs_of(method).values())
    ]
    for other in used:
        yield f"\nDùng để tính · Used by: [{other.name.vi}]({other.id}.md)"
    yield ""


def _below(registry: Registry, spec: Indicator, depth: int, seen: set[str]) -> Iterator[str]:
    yield f"{'    ' * depth}- `ind_{spec.id}`"
    if spec.id in seen:
        return
    for given in dict.fromkeys(spec.inputs_of(spec.method).values()):
        if given.indicator:
            yield from _below(registry, registry.indicators[given.indicator], depth + 1, seen | {spec.id})
        elif given.measure:
            dataset = registry.measures[given.measure].dataset
            staged = f"`stg_{dataset.source_id}__{dataset.id}` ← {dataset.source.name.vi}"
            yield f"{'    ' * (depth + 1)}- `{given.measure}` ← {staged}"


def _examples(spec: Indicator) -> Iterator[str]:
    if not spec.examples:
        return
    yield "## Ví dụ đã kiểm chứng · Worked examples\n"
    yield "| cho · given | kết quả · expected | nguồn · source |\n|---|---|---|"
    for example in spec.examples:
        yield f"| {_given_figures(example)} | {_figure(example.expect)} | {_cell(example.source)} |"
    yield ""


def _given_figures(example: Example) -> str:
    return "; ".join(f"`{name}` = {_figure(value)}" for name, value in example.given.items())


def _figure(value: object) -> str:
    if value is None:
        return "thiếu · missing"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return ", ".join(_figure(each) for each in value) if isinstance(value, tuple) else str(value)


def _compiled(spec: Indicator) -> Iterator[str]:
    sql = (PROJECT_DIR / INDICATORS / f"ind_{spec.id}.sql").read_text(encoding="utf-8")
    yield '## SQL\n\n??? info "Mô hình được sinh ra từ khai báo · The model that is generated from the specification"\n'
    yield "    ```sql\n" + "\n".join(f"    {line}".rstrip() for line in sql.splitlines()) + "\n    ```"
