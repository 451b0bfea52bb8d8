"""Land, judge, accept, commit: the one way by which figures enter, whether a machine or an officer brought them.

A crash anywhere before the ledger's commit leaves files that nothing lists; the next run makes the same files again.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from connectors.landing import Landing
from connectors.ledger import Lease
from expectations import Case, judge
from indicator_specs import drill
from pipelines.candidates import Admitted, Candidate, Counts, counted
from pipelines.commits import Commits, commit
from pipelines.history import Wanted, published_observations
from pipelines.installation import Installation
from pipelines.release import current
from pipelines.slices import judged_in_slices
from pipelines.submissions.completing import Completed
from pipelines.together import HANDS


def admit(installation: Installation, candidates: Sequence[Candidate], lease: Lease | None = None) -> list[Admitted]:
    """Admit candidates in one judgement, in their order; each is committed by itself.

    Content that is the newest batch already is judged again and found to be that batch: the same twice is one effect.

    Raises:
        OSError: a store cannot be written; what was committed before stays.
    """
    if any(candidate.extract.sliced for candidate in candidates):
        return [one for candidate in candidates for one in _admit_one(installation, candidate, lease)]
    landing, in_force = Landing(installation.home), current(installation.home)
    with ThreadPoolExecutor(HANDS) as hands:
        # Landing is waiting for the disk: judgement goes on meanwhile.
        landing_now = hands.map(landing.land, [candidate.extract for candidate in candidates])
        wanted = _wanted(installation, candidates)
        verdicts = judge(
            [_case(installation, number, candidate) for number, candidate in enumerate(candidates)],
            installation.registry,
            published_observations(installation.home, in_force, wanted) if in_force else None,
        )
        drill.point("judged")
        landed = list(landing_now)
    with Commits(installation, in_force, lease) as commits:
        for candidate, at, verdict in zip(candidates, landed, verdicts, strict=True):
            commits.add(candidate, at, verdict)
    return commits.made


def _admit_one(installation: Installation, candidate: Candidate, lease: Lease | None) -> list[Admitted]:
    if candidate.extract.sliced is None:
        return admit(installation, [candidate], lease)
    in_force = current(installation.home)
    judged = judged_in_slices(installation, candidate.extract, in_force)
    counts = Counts(judged.landed.n_rows, judged.accepted.n_rows, judged.n_returned)
    completed = Completed(candidate.extract.rows, (*candidate.notes, *judged.findings), (counted(candidate, counts),))
    return [commit(installation, candidate, judged.landed, judged.accepted, completed, in_force, lease)]


def _wanted(installation: Installation, candidates: Sequence[Candidate]) -> Wanted:
    """The published figures that these candidates are held against."""
    extracts = [candidate.extract for candidate in candidates]
    datasets = {(extract.source, extract.dataset): None for extract in extracts}
    measures = [measure.id for named in datasets for measure in installation.registry.dataset(*named).measures]
    return Wanted.beside(measures, [extract.rows for extract in extracts])


def _case(installation: Installation, number: int, candidate: Candidate) -> Case:
    extract = candidate.extract
    return Case(
        case_id=str(number),
        dataset=installation.registry.dataset(extract.source, extract.dataset),
        rows=extract.rows,
        agency=candidate.submission.agency if candidate.submission else None,
        time_period=candidate.time_period,
        key_columns=candidate.key_columns,
    )
