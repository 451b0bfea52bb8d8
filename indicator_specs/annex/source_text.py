"""The draft source of an annex's measures: one form for each lead agency and frequency, as ``source.yml``."""

from collections import Counter
from typing import Any

from indicator_specs.annex.measure_proposals import Proposal
from indicator_specs.annex.questions import WHOLE
from indicator_specs.annex.reading import Annex
from indicator_specs.annex.spec_text import declaration, listed
from indicator_specs.errors import both
from indicator_specs.meaning import ROLES
from indicator_specs.reference import Reference
from indicator_specs.typed_text import LEVELS

_PERIODS = {
    "yearly": ("năm", "N"),
    "half_yearly": ("6 tháng", "6T"),
    "nine_monthly": ("9 tháng", "9T"),
    "quarterly": ("quý", "Q"),
    "monthly": ("tháng", "T"),
    "weekly": ("tuần", "W"),
}


def source_id(programme: str) -> str:
    """Id of the source, and name of its folder."""
    return f"{programme}_reports"


def source_text(annex: Annex, existing: str = "") -> str:
    """The whole text of ``source.yml``; ``existing`` is kept as it stands, and only added to.

    Empty where nothing is proposed.
    """
    forms: dict[tuple[str, str], list[Proposal]] = {}
    for proposal in annex.proposals.made.values():
        forms.setdefault((proposal.lead, proposal.frequency), []).append(proposal)
    if not forms:
        return existing
    programme, reference = annex.context.programme.id, annex.context.agencies.reference
    if existing:
        for (lead, frequency), measures in sorted(forms.items()):
            existing = _added(existing, _dataset(programme, reference, lead, frequency, measures))
        return existing
    value = {
        "id": source_id(programme),
        "name": {"vi": f"Báo cáo theo phụ lục {annex.context.document}"},
        "kind": "workbook",
        "owner": _owner(annex),
        "classification": annex.context.classification,
        "datasets": [_dataset(programme, reference, *key, measures) for key, measures in sorted(forms.items())],
    }
    head = f"Lập từ phụ lục {annex.context.document} bằng lệnh chiso import-catalogue."
    return declaration(value, (head,))


def _owner(annex: Annex) -> str:
    leads = Counter(proposal.lead for proposal in annex.proposals.made.values() if proposal.lead not in ROLES)
    taken = min(leads, key=lambda code: (-leads[code], code)) if leads else "VN"
    reason = both("đơn vị quản lý nguồn số liệu mới", "who owns the new source")
    return annex.questions.confirms(WHOLE, "source.owner", annex.table.sheet, "", taken, reason, tuple(sorted(leads)))


def _dataset(
    programme: str, reference: Reference, lead: str, frequency: str, measures: list[Proposal]
) -> dict[str, Any]:
    period, letter = _PERIODS[frequency]
    who = ROLES[lead][0] if lead in ROLES else reference.unit(lead).name_vi
    levels = [level for level in LEVELS if any(level in measure.levels for measure in measures)]
    declared = []
    for measure in measures:
        entry = measure.declared()
        entry |= {"producers": [measure.lead]} if measure.lead not in ROLES else {}
        declared.append(entry)
    return {
        "id": f"{lead.lower()}_{frequency}",
        "name": {"vi": f"Báo cáo {period}: {who}"},
        "frequency": frequency,
        "level": levels,
        "form": {"code": f"BM-{programme.upper()}-{lead.upper()}-{letter}".replace("_", "-")},
        "measures": declared,
    }


def _added(text: str, dataset: dict[str, Any]) -> str:
    """The text with the measures of a form added: at the end of that form, or as a new form at the end."""
    lines = text.rstrip("\n").split("\n")
    begins = next((place for place, line in enumerate(lines) if line.strip() == f"- id: {dataset['id']}"), None)
    if begins is None:
        return "\n".join([*lines, *listed(dataset, 1)]) + "\n"
    ends = next((p for p in range(begins + 1, len(lines)) if lines[p].startswith("  - ")), len(lines))
    new = [line for measure in dataset["measures"] for line in listed(measure, 3)]
    return "\n".join([*lines[:ends], *new, *lines[ends:]]) + "\n"
