"""The indicator sheet (*phiếu chỉ số*): what one specification says, as labelled lines in Vietnamese.

Owns the choice and the order of lines; how they are shown, on a screen or on paper, is the caller's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from indicator_specs.errors import PlainError, both
from indicator_specs.inputs import InputSpec
from indicator_specs.meaning import ROLES, Bearer
from indicator_specs.methods import LevelOverride, Method
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from indicator_specs.targets import Target
from indicator_specs.units import UNITS

LEVELS_VI = {"nation": "cả nước", "ministry": "bộ, ngành", "province": "cấp tỉnh", "commune": "cấp xã"}
DIRECTIONS_VI = {"higher_is_better": "càng cao càng tốt", "lower_is_better": "càng thấp càng tốt", "none": "không xét"}
CONFIDENCE_VI = {"verified": "đã đối chiếu văn bản", "draft": "theo dự thảo", "recalled": "chưa kiểm chứng"}
OPERATORS_VI = {">": "trên", ">=": "từ", "<": "dưới", "<=": "không quá", "=": "bằng"}
RANGES_VI = {"floor_and_stretch": " (ít nhất – phấn đấu)", "band": " (trong khoảng)"}
KINDS_VI = {
    "reach": "đạt",
    "each_year": "hằng năm",
    "average_of_period": "bình quân giai đoạn",
    "added_since": "tăng thêm so với mốc",
    "keep": "duy trì",
    "rising": "tăng dần",
    "assessed": "theo kết luận đánh giá",
}
FREQUENCIES_VI = {
    "yearly": "năm",
    "half_yearly": "6 tháng",
    "nine_monthly": "9 tháng",
    "quarterly": "quý",
    "monthly": "tháng",
    "weekly": "tuần",
}
ROLL_UPS_VI = {
    "recompute": "tính lại từ số liệu thành phần đã cộng",
    "sum": "cộng giá trị của các đơn vị",
    "mean": "bình quân giản đơn của các đơn vị",
    "weighted": "bình quân có trọng số của các đơn vị",
    "none": "không tổng hợp lên cấp trên",
}


class Line(NamedTuple):
    """One line of the sheet."""

    label: str
    text: str


def sheet_of(registry: Registry, indicator: str) -> tuple[Line, ...]:
    """Every line of the sheet of one indicator, in the order of the printed form.

    Raises:
        PlainError: there is no such indicator.
    """
    spec = registry.indicators.get(indicator)
    if spec is None:
        raise PlainError(both(f"không có chỉ số {indicator!r}", f"no indicator {indicator!r}"))
    return tuple(_lines(registry, spec))


def _lines(registry: Registry, spec: Indicator) -> Iterator[Line]:
    meaning, duty = spec.meaning, spec.responsibility
    yield Line("Tên chỉ số", meaning.name.vi)
    yield Line("Mã", ", ".join((*spec.codes, spec.id)))
    yield Line("Chương trình", "; ".join(registry.programmes[name].name.vi for name in spec.programmes))
    yield Line("Khái niệm", meaning.concept.vi)
    yield Line("Đơn vị tính", UNITS[meaning.unit].label_vi)
    yield Line("Chiều đánh giá", DIRECTIONS_VI[meaning.direction])
    yield Line("Cấp có số liệu", ", ".join(LEVELS_VI[level] for level in spec.levels))
    for method in spec.methods:
        yield Line(f"Phương pháp tính {method.version}", _method(registry, spec, method))
    for level, override in spec.levels.items():
        if override != LevelOverride():
            yield Line(f"Riêng {LEVELS_VI[level]}", _override(registry, override))
    if spec.assessment:
        held = spec.assessment
        steps = "; ".join(f"{place}. {words}" for place, words in enumerate(held.scale, start=1))
        yield Line("Thang đánh giá", f"{steps}\nĐánh giá: {held.assessor} ({held.document})")
    yield Line("Cơ quan chủ trì", _bodies(registry, duty.lead))
    yield Line("Cơ quan thực hiện", _bodies(registry, duty.implementing))
    yield Line("Cơ quan cập nhật", _bodies(registry, duty.updates))
    yield Line("Cơ quan thẩm định", _bodies(registry, duty.verifies))
    yield Line("Chỉ tiêu", "\n".join(_target(registry, target) for target in spec.targets))
    if spec.baseline:
        yield Line("Mốc so sánh", f"{spec.baseline.value} ({spec.baseline.period}; {spec.baseline.source})")
    yield Line("Căn cứ pháp lý", "; ".join(meaning.legal_basis))
    sure = meaning.confidence
    parts = (("định nghĩa", sure.definition), ("công thức", sure.formula), ("chỉ tiêu", sure.target))
    yield Line("Mức độ kiểm chứng", "; ".join(f"{part}: {CONFIDENCE_VI[value]}" for part, value in parts))


def _method(registry: Registry, spec: Indicator, method: Method) -> str:
    span = f"từ {method.valid_from}" + (f" đến {method.valid_to}" if method.valid_to else "")
    weights = f"\ntrọng số: {_input(registry, method.weights)}" if method.weights else ""
    return (
        f"({span}) {spec.formula_of(method)}\n{_inputs(registry, spec.inputs_of(method))}\n"
        f"Kỳ báo cáo: {FREQUENCIES_VI[method.frequency]}. Tổng hợp: {ROLL_UPS_VI[method.roll_up]}.{weights}"
    )


def _override(registry: Registry, override: LevelOverride) -> str:
    parts = [f"Kỳ báo cáo: {FREQUENCIES_VI[override.frequency]}"] if override.frequency else []
    parts += [f"Công thức: {override.formula}"] if override.formula else []
    parts += [_inputs(registry, override.inputs)] if override.inputs else []
    return "\n".join(parts)


def _inputs(registry: Registry, inputs: Mapping[str, InputSpec]) -> str:
    return "\n".join(f"{name}: {_input(registry, given)}" for name, given in inputs.items())


def _input(registry: Registry, given: InputSpec) -> str:
    if given.indicator:
        return f"chỉ số {registry.indicators[given.indicator].name.vi}{_rule(given)}"
    measure = registry.measures[given.measure or ""]
    producer = f"; cơ quan công bố: {_body(registry, given.producer)}" if given.producer else ""
    where = f"nguồn: {measure.dataset.source.name.vi}{producer}"
    return f"{measure.name.vi} ({UNITS[measure.unit].label_vi}; {where}){_rule(given)}"


def _rule(given: InputSpec) -> str:
    parts = [f"kỳ mới nhất, không cũ hơn {given.max_age_months} tháng"] if given.max_age_months else []
    parts += ["lấy số luỹ kế như đã báo cáo"] if given.reading == "as_reported" else []
    return f", {', '.join(parts)}" if parts else ""


def _bodies(registry: Registry, bearers: Iterable[Bearer]) -> str:
    return "; ".join(_body(registry, each.body) + _span(each) for each in bearers)


def _body(registry: Registry, code: str) -> str:
    return ROLES[code][0] if code in ROLES else registry.reference.unit(code).name_vi


def _span(bearer: Bearer) -> str:
    dates = [f"từ {bearer.valid_from:%d/%m/%Y}"] if bearer.valid_from else []
    dates += [f"đến {bearer.valid_to:%d/%m/%Y}"] if bearer.valid_to else []
    return f" ({' '.join(dates)})" if dates else ""


def _target(registry: Registry, target: Target) -> str:
    whose = _body(registry, target.scope) if target.scope else LEVELS_VI.get(target.level or "", "")
    high = f"–{target.value_high}" if target.value_high is not None else ""
    value = "" if target.value is None else f"{target.value}{high}{RANGES_VI.get(target.operator or '', '')}"
    asked = " ".join(
        part for part in (KINDS_VI[target.kind], OPERATORS_VI.get(target.operator or "", ""), value) if part
    )
    governs = ", quyết định mức đánh giá" if target.governs else ""
    return f"{whose}: {asked}{f' đến {target.by}' if target.by else ''} ({target.source}{governs})"
