"""What one file says of another: measures that exist, units that balance, bodies that are known, no circles."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from indicator_specs import graph, periods, sums_of_units
from indicator_specs.declarations import Declarations
from indicator_specs.errors import both
from indicator_specs.formula import FormulaError, InputColumn, compile_tree
from indicator_specs.formula_trees import formula_tree
from indicator_specs.inputs import InputSpec
from indicator_specs.meaning import ROLES
from indicator_specs.methods import Method
from indicator_specs.periods import Frequency
from indicator_specs.reference import Reference
from indicator_specs.reference_checks import key_collisions
from indicator_specs.source_spec import Dataset, Measure, Source
from indicator_specs.spec import Indicator
from indicator_specs.strict_yaml import Path_
from indicator_specs.typed_text import Level
from indicator_specs.units import UNITS, Unit


def check(found: Declarations, reference: Reference) -> None:
    """Add every mismatch between files to the problems of ``found``."""
    _Checker(found, reference).run()


class _Checker:
    def __init__(self, found: Declarations, reference: Reference) -> None:
        self.found, self.reference = found, reference
        self.measures: dict[str, Measure] = {}

    def run(self) -> None:
        for source in self.found.sources.values():
            self._collect(source)
        for source in self.found.sources.values():
            self._source(source)
        for spec in self.found.indicators.values():
            self._indicator(spec)
        circles = graph.cycles(self.found.indicators)
        for circle in circles:
            self._refuse(
                self.found.indicators[circle[0]].file,
                ("methods",),
                both(f"vòng tròn: {' → '.join(circle)}", f"a circle: {' → '.join(circle)}"),
                both("bỏ một input trong vòng", "drop one input of the circle"),
            )
        self._duties()
        files = {spec.id: spec.file for spec in self.found.indicators.values()}
        self.found.problems.extend(key_collisions(files, "id"))
        self.found.problems.extend(
            key_collisions({measure.id: measure.dataset.source.file for measure in self.measures.values()}, "measures")
        )

    def _refuse(self, file: str, path: Path_, found: str, remedy: str) -> None:
        self.found.refuse(file, path, found, remedy)

    def _collect(self, source: Source) -> None:
        for path, measure in _measures(source):
            if measure.id in self.measures:
                other = self.measures[measure.id].dataset.full_id
                self._refuse(source.file, (*path, "id"), measure.id, both(f"đã có ở {other}", f"already in {other}"))
            self.measures.setdefault(measure.id, measure)

    def _known(self, file: str, path: Path_, name: str, known: Collection[str], what: tuple[str, str]) -> bool:
        if name in known:
            return True
        if name not in self.found.broken:
            near = get_close_matches(name, sorted(known), n=1)
            meant = (
                both(f"có phải là {near[0]}?", f"did you mean {near[0]}?") if near else both("khai báo", "declare it")
            )
            self._refuse(file, path, both(f"không có {what[0]} {name!r}", f"no {what[1]} {name!r}"), meant)
        return False

    def _body(self, file: str, path: Path_, code: str) -> None:
        if code not in ROLES:
            self._known(file, path, code, self.reference.org_units, ("đơn vị", "org unit"))

    def _unit(self, file: str, path: Path_, code: str) -> None:
        self._known(file, path, code, UNITS, ("đơn vị đo", "unit of measurement"))

    def _source(self, source: Source) -> None:
        self._body(source.file, ("owner",), source.owner)
        for index, dataset in enumerate(source.datasets):
            if dataset.query and not (source.folder / dataset.query).is_file():
                self._refuse(
                    source.file,
                    ("datasets", index, "query"),
                    both(f"không có tệp {dataset.query}", f"no file {dataset.query}"),
                    both("đặt truy vấn cạnh source.yml", "place the query beside source.yml"),
                )
        for path, measure in _measures(source):
            self._unit(source.file, (*path, "unit"), measure.unit)
            for producer in measure.producers:
                self._known(
                    source.file, (*path, "producers"), producer, self.reference.org_units, ("đơn vị", "org unit")
                )
            for key in ("not_above", "sum_of"):
                for other in getattr(measure.checks, key):
                    self._compared(measure.dataset, (*path, "checks", key), measure, other)
            whole, units = (*path, "checks", "sum_of_units"), measure.checks.sum_of_units
            if units and self._known(source.file, whole, units, self.measures, ("số liệu thành phần", "measure")):
                for found, remedy in sums_of_units.misfits(measure, self.measures[units]):
                    self._refuse(source.file, whole, found, remedy)

    def _compared(self, dataset: Dataset, path: Path_, measure: Measure, other: str) -> None:
        mine = {each.id: each for each in dataset.measures}
        what = ("số liệu thành phần cùng dataset", "measure of this dataset")
        if self._known(dataset.source.file, path, other, mine, what) and mine[other].unit != measure.unit:
            self._refuse(
                dataset.source.file,
                path,
                both(f"{measure.unit} so với {mine[other].unit}", f"{measure.unit} against {mine[other].unit}"),
                both("chỉ so sánh cùng đơn vị đo", "compare measures of one unit only"),
            )

    def _indicator(self, spec: Indicator) -> None:
        for index, programme in enumerate(spec.programmes):
            self._known(
                spec.file, ("programmes", index), programme, self.found.programmes, ("chương trình", "programme")
            )
        self._unit(spec.file, ("meaning", "unit"), spec.meaning.unit)
        for duty in ("lead", "implementing", "updates", "verifies"):
            for bearer in getattr(spec.responsibility, duty):
                self._body(spec.file, ("responsibility", duty), bearer.body)
        for index, target in enumerate(spec.targets):
            if target.scope:
                self._body(spec.file, ("targets", index, "scope"), target.scope)
            if target.programme:
                what = ("chương trình", "programme")
                self._known(spec.file, ("targets", index, "programme"), target.programme, self.found.programmes, what)
            if target.level:
                self._known(spec.file, ("targets", index, "level"), target.level, spec.levels, ("cấp", "level"))
        for index, method in enumerate(spec.methods):
            self._method(spec, ("methods", index), method)
        self._examples(spec)

    def _method(self, spec: Indicator, path: Path_, method: Method) -> None:
        seen: list[object] = []
        for level in (*spec.levels,) if method.composite else (None, *spec.levels):
            inputs = spec.inputs_of(method, level)
            frequency = spec.frequency_of(method, level) if level else method.frequency
            shape = (spec.formula_of(method, level), inputs, frequency, level if method.composite else None)
            if shape in seen:
                continue
            place: Path_ = path if level is None or not seen else ("levels", level)
            seen.append(shape)
            units = {name: self._input(spec, (*place, "inputs", name), given) for name, given in inputs.items()}
            if all(units.values()) and spec.meaning.unit in UNITS:
                columns = {
                    name: InputColumn(unit, inputs[name].indicator is not None) for name, unit in units.items() if unit
                }
                self._formula(spec, (*place, "formula"), method, level, columns)
        self._rolls_up(spec, path, method)
        self._in_step(spec, path, method)
        self._besides(spec, path, method)

    def _input(self, spec: Indicator, path: Path_, given: InputSpec) -> Unit | None:
        if given.indicator:
            what = ("chỉ số", "indicator")
            if not self._known(spec.file, (*path, "indicator"), given.indicator, self.found.indicators, what):
                return None
            return UNITS.get(self.found.indicators[given.indicator].meaning.unit)
        name = given.measure or ""
        if not self._known(spec.file, (*path, "measure"), name, self.measures, ("số liệu thành phần", "measure")):
            return None
        if given.producer:
            producers = self.measures[name].producer_precedence
            self._known(spec.file, (*path, "producer"), given.producer, producers, ("đơn vị công bố", "producer"))
        return UNITS.get(self.measures[name].unit)

    def _formula(
        self, spec: Indicator, path: Path_, method: Method, level: Level | None, columns: dict[str, InputColumn]
    ) -> None:
        frequency = spec.frequency_of(method, level) if level else method.frequency
        try:
            tree = formula_tree(spec, method, level, self.found.indicators, self._level_of)
            compiled = compile_tree(tree, columns, frequency)
        except FormulaError as error:
            fault = error if method.composite else error.within(spec.formula_of(method, level))
            self._refuse(spec.file, path, f"{fault.where}; {fault.found}", fault.remedy)
            return
        mismatch = compiled.unit.mismatch(UNITS[spec.meaning.unit])
        if mismatch:
            self._refuse(spec.file, path, mismatch, both("sửa công thức hoặc meaning.unit", "mend it, or meaning.unit"))

    def _level_of(self, code: str) -> str:
        return self.reference.unit(code).level if code in self.reference.org_units else ""

    def _leaves(self, spec: Indicator, method: Method) -> Iterator[Measure]:
        for given in spec.inputs_of(method).values():
            if given.measure in self.measures:
                yield self.measures[given.measure or ""]

    def _rolls_up(self, spec: Indicator, path: Path_, method: Method) -> None:
        stuck = sorted({m.id for m in self._leaves(spec, method) if m.nature == "non_additive"})
        if method.roll_up in {"recompute", "sum"} and stuck:
            self._refuse(
                spec.file,
                (*path, "roll_up"),
                both(f"{', '.join(stuck)} không cộng được", f"{', '.join(stuck)} cannot be added up"),
                both("roll_up: none, hoặc lấy tử số và mẫu số", "roll_up: none, or take numerator and denominator"),
            )

    def _besides(self, spec: Indicator, path: Path_, method: Method) -> None:
        """What a method names besides its inputs: weights, and the published figure it is held against."""
        if method.weights:
            self._input(spec, (*path, "weights"), method.weights)
        if method.checks.published:
            given = InputSpec(measure=method.checks.published.measure, producer=method.checks.published.producer)
            unit = self._input(spec, (*path, "checks", "published"), given)
            if unit and unit.code != spec.meaning.unit:
                self._refuse(
                    spec.file,
                    (*path, "checks", "published"),
                    both(f"số công bố tính bằng {unit.code}", f"the published figure is in {unit.code}"),
                    both(f"so sánh cùng đơn vị {spec.meaning.unit}", f"compare in {spec.meaning.unit}"),
                )

    def _in_step(self, spec: Indicator, path: Path_, method: Method) -> None:
        """Inputs that never meet the value's period would leave it missing for ever, in silence."""
        for level in spec.levels:
            wanted = spec.frequency_of(method, level)
            for name, given in spec.inputs_of(method, level).items():
                fault = self._out_of_step(given, wanted)
                if fault:
                    self._refuse(spec.file, (*path, "inputs", name), *fault)

    def _out_of_step(self, given: InputSpec, wanted: Frequency) -> tuple[str, str] | None:
        measure = self.measures.get(given.measure or "")
        other = self.found.indicators.get(given.indicator or "")
        if given.reading == "as_reported" and measure and measure.nature != "cumulative":
            found = both(f"{measure.id} không phải số luỹ kế", f"{measure.id} is not cumulative")
            return found, both("bỏ reading", "drop 'reading'")
        if given.period == "latest" or (measure is None and other is None):
            return None
        subject = given.measure or given.indicator
        frequency = measure.frequency if measure else other.method.frequency  # type: ignore[union-attr]
        if frequency == wanted:
            return None
        if measure and periods.nests(frequency, wanted):
            if measure.nature != "non_additive":
                return None
            return (
                both(f"{subject} không cộng được qua các kỳ", f"{subject} cannot be added up over periods"),
                both(
                    "dùng tử số và mẫu số, hoặc số liệu cùng kỳ",
                    "take its numerator and denominator, or one of this frequency",
                ),
            )
        return (
            both(f"{subject} là {frequency}, chỉ số là {wanted}", f"{subject} is {frequency}, the value {wanted}"),
            both(
                "thêm period: latest và max_age, hoặc dùng số liệu cùng loại kỳ",
                "add period: latest and max_age, or use one of this frequency",
            ),
        )

    def _examples(self, spec: Indicator) -> None:
        for index, example in enumerate(spec.examples):
            version = example.method or spec.method.version
            method = next(each for each in spec.methods if each.version == version)
            if set(example.given) != set(spec.inputs_of(method)):
                names = ", ".join(spec.inputs_of(method))
                self._refuse(
                    spec.file,
                    ("examples", index, "given"),
                    ", ".join(example.given),
                    both(f"ghi đúng các input: {names}", f"give exactly the inputs: {names}"),
                )

    def _duties(self) -> None:
        datasets = {each.full_id: each for source in self.found.sources.values() for each in source.datasets}
        tables = (
            ("assignment.csv", self.reference.duties),
            ("reporting_calendar.csv", self.reference.calendars.entries),
            ("verification.csv", self.reference.verifications),
        )
        for file, entries in tables:
            for dataset in sorted({entry.dataset for entry in entries}):
                if dataset.split(".")[0] not in self.found.broken:
                    self._known(file, ("dataset",), dataset, datasets, ("dataset", "dataset"))
        for duty in self.reference.duties:
            if duty.dataset in datasets and duty.level not in datasets[duty.dataset].levels:
                self._refuse(
                    "assignment.csv",
                    ("level",),
                    both(f"{duty.dataset} không có cấp {duty.level}", f"{duty.dataset} has no level {duty.level}"),
                    both("sửa level, hoặc level của dataset", "mend it, or the dataset's level"),
                )


def _measures(source: Source) -> Iterator[tuple[Path_, Measure]]:
    for number, dataset in enumerate(source.datasets):
        for index, measure in enumerate(dataset.measures):
            yield ("datasets", number, "measures", index), measure
