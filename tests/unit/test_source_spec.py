"""One source's file: what it may say, and what each kind demands."""

import pytest

from indicator_specs.model_problems import build
from indicator_specs.source_spec import Source
from indicator_specs.strict_yaml import read_text
from tests.small_catalogue import SOURCE

REQUEST = 'request: {path: /api/dossiers, params: {period: "{period}"}, records: /data}'


def typed(text: str) -> Source:
    document = read_text(text, "source.yml")
    source = build(Source, document)
    assert source is not None, "\n".join(map(str, document.problems))
    return source


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("connection: {secret: CHISO_SERVICE}\n", "", "connection.secret is missing"),
        ("secret: CHISO_SERVICE", "secret: postgresql://me:pass@host", "must match"),
        ("    " + REQUEST + "\n", "", "request goes with rest"),
        (REQUEST, REQUEST + "\n    query: a.sql", "query goes with database"),
        (REQUEST, "request: {path: api}", "must match"),
        (REQUEST, "request: {path: /api, paging: {style: cursor}}", "needs 'next'"),
        (REQUEST, "request: {path: /api, paging: {style: pages}}", "one of"),
        (REQUEST, "request: {path: /api, records: data}", "must match"),
        ("columns: {org_unit: unit, time_period: period}", "columns: {time_period: period}", "columns lack org_unit"),
        ("columns: {org_unit: unit, time_period: period}", "columns: {unit: unit}", "one of"),
        ("    partition: period\n", "    layout: long\n", "columns lack measure, value"),
        ("nature: non_additive", "nature: cumulative", "'reset' goes with"),
        ("nature: non_additive", "nature: average", "one of"),
        ("id: service.paid_pct", "id: paid_pct", "must match"),
        ("id: service.paid_pct", "id: service.online", "id twice: service.online"),
        ("column: paid_pct", "column: online", "column twice: online"),
        ('max: "100"', 'max: "-1"', "min is above max"),
        ("deadline_days: 20", "deadline_days: -1", ""),
        ("level: province", "level: district", "one of"),
        ("    level: province\n", "    levl: province\n", "did you mean 'level'"),
        ("owner: G22", "owner: vpcp", "must match"),
    ],
)
def test_refused(old: str, new: str, said: str) -> None:
    assert SOURCE.count(old) == 1, old
    document = read_text(SOURCE.replace(old, new), "source.yml")
    assert build(Source, document) is None, "nothing was refused"
    assert any(said in problem.remedy + problem.found for problem in document.problems), document.problems
    assert all(problem.line for problem in document.problems)


def test_a_source_knows_its_parts_and_they_know_it() -> None:
    source = typed(SOURCE)
    (dataset,) = source.datasets
    assert dataset.source is source
    assert dataset.levels == ("province",)
    assert dataset.key == ("org_unit", "time_period")
    assert [measure.dataset for measure in dataset.measures] == [dataset] * 3
    assert dataset.measures_by_column["online"].id == "service.online"
    assert dataset.request is not None
    assert dataset.request.paging.style == "none"
    assert dataset.measures[1].checks.not_above == ("service.received",)


def test_levels_and_producers_may_be_several() -> None:
    text = SOURCE.replace("level: province", "level: [nation, province]")
    text = text.replace("nature: non_additive", "nature: non_additive\n        producers: [NSO, MIC]")
    source = typed(text)
    assert source.datasets[0].levels == ("nation", "province")
    assert source.datasets[0].measures[2].producer_precedence == ("NSO", "MIC")


def test_a_column_defaults_to_the_noun_of_the_measure() -> None:
    source = typed(SOURCE.replace("        column: paid_pct\n", ""))
    assert source.datasets[0].measures[2].column == "paid_pct"


def test_a_workbook_needs_a_form_and_no_secret() -> None:
    text = SOURCE.replace("kind: rest", "kind: workbook").replace("connection: {secret: CHISO_SERVICE}\n", "")
    text = text.replace(REQUEST, "form: {code: BM-XA-01, rows: children}")
    text = text.replace("    columns: {org_unit: unit, time_period: period}\n", "")
    form = typed(text).datasets[0].form
    assert form is not None
    assert (form.code, form.rows, form.sheet) == ("BM-XA-01", "children", "Số liệu")


def test_the_text_of_the_architecture_loads() -> None:
    """The declaration that docs/architecture.md shows is a real one."""
    from indicator_specs.home import PROJECT

    page = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n", 1)[1].split("```", 1)[0].replace("…", "x")
    shown = shown.replace("    query: dossiers.sql; may use the parameter :period\n", "")
    kept = [
        line
        for line in shown.splitlines()
        if not line.lstrip().startswith(("query:", "form:")) and not line.lstrip().startswith("# ")
    ]
    text = "\n".join(kept).replace("paging: {style: page, x}", "paging: {style: page}")
    assert typed(text).datasets[0].measures[0].id == "public_service.dossiers_received"
