"""Units of measurement: their names, and the dimension and scale that formulas are checked by.

A unit is a product of base dimensions with a scale: percent is dimensionless at 1/100, billion_vnd is VND at 10^9.
Currencies are dimensions of their own: nothing converts between them silently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Dimensions = Mapping[str, Fraction]
"""Powers of base dimensions; empty for a pure number."""


@dataclass(frozen=True)
class Unit:
    """One unit.

    ``scale`` is its size in base units; ``is_count`` says that values are whole numbers of things;
    ``low``/``high`` bound what a value in this unit can be.
    """

    code: str
    label_vi: str
    label_en: str
    symbol: str
    dimensions: Dimensions = field(default_factory=dict, hash=False)
    scale: Fraction = Fraction(1)
    is_count: bool = False
    low: int | None = None
    high: int | None = None


def _dimension(**powers: int) -> Dimensions:
    return {base: Fraction(power) for base, power in powers.items()}


def _count(code: str, vi: str, en: str) -> Unit:
    return Unit(code, vi, en, vi, _dimension(**{code: 1}), is_count=True, low=0)


def _money(code: str, vi: str, en: str, symbol: str, scale: int) -> Unit:
    return Unit(code, vi, en, symbol, _dimension(**{code.rsplit("_", 1)[-1]: 1}), Fraction(scale))


_ALL = (
    Unit("ratio", "tỉ số (0–1)", "ratio (0–1)", "", low=0),
    Unit("percent", "phần trăm", "per cent", "%", scale=Fraction(1, 100)),
    Unit("per_mille", "phần nghìn", "per thousand", "‰", scale=Fraction(1, 1000)),
    Unit(
        "person_per_million",
        "người trên một triệu dân",
        "people per million",
        "người/triệu dân",
        scale=Fraction(1, 10**6),
        low=0,
    ),
    Unit(
        "person_per_10000",
        "người trên một vạn dân",
        "people per 10,000",
        "người/vạn dân",
        scale=Fraction(1, 10**4),
        low=0,
    ),
    Unit(
        "enterprise_per_1000",
        "doanh nghiệp trên 1.000 dân",
        "enterprises per 1,000 people",
        "DN/1.000 dân",
        _dimension(enterprise=1, person=-1),
        Fraction(1, 1000),
        low=0,
    ),
    Unit("times", "lần", "times", "lần", low=0),
    Unit("score_0_1", "điểm (0–1)", "score (0–1)", "điểm", _dimension(score=1), low=0, high=1),
    Unit(
        "score_0_100", "điểm (0–100)", "score (0–100)", "điểm", _dimension(score=1), Fraction(1, 100), low=0, high=100
    ),
    Unit("point", "điểm", "points", "điểm", _dimension(score=1)),
    Unit("point_of_100", "điểm (thang 100)", "points of 100", "điểm", _dimension(score=1), Fraction(1, 100)),
    Unit(
        "point_of_1000", "điểm (thang 1.000)", "points of 1,000", "điểm", _dimension(score=1), Fraction(1, 1000), low=0
    ),
    Unit("level", "mức", "level", "mức", _dimension(level=1), low=1),
    Unit("rank", "thứ hạng", "rank", "hạng", _dimension(rank=1), low=1),
    _count("person", "người", "people"),
    _count("agency", "cơ quan", "agencies"),
    _count("answer", "câu trả lời", "answers"),
    _count("cable", "tuyến cáp", "cables"),
    _count("centre", "trung tâm", "centres"),
    _count("city", "đô thị", "cities"),
    _count("database", "cơ sở dữ liệu", "databases"),
    _count("exchange", "sàn", "exchanges"),
    _count("field", "lĩnh vực", "fields"),
    _count("patent", "bằng độc quyền", "patents"),
    _count("procedure", "thủ tục", "procedures"),
    _count("technology", "công nghệ", "technologies"),
    _count("transaction", "giao dịch", "transactions"),
    _count("dossier", "hồ sơ", "dossiers"),
    _count("result", "kết quả", "results"),
    _count("document", "văn bản", "documents"),
    _count("task", "nhiệm vụ", "tasks"),
    _count("application", "đơn", "applications"),
    _count("article", "bài báo", "articles"),
    _count("enterprise", "doanh nghiệp", "enterprises"),
    _count("household", "hộ", "households"),
    _count("institution", "tổ chức", "institutions"),
    _count("feedback", "phản ánh, kiến nghị", "comments and petitions"),
    _count("rating", "lượt đánh giá", "ratings"),
    _count("indicator", "chỉ số", "indicators"),
    _count("measurement", "lượt đo", "measurements"),
    _count("sandbox", "chương trình thử nghiệm", "sandboxes"),
    _count("station", "trạm", "stations"),
    _count("subscription", "thuê bao", "subscriptions"),
    _money("usd", "đô la Mỹ", "US dollars", "USD", 1),
    _money("million_usd", "triệu đô la Mỹ", "million US dollars", "triệu USD", 10**6),
    _money("vnd", "đồng", "dong", "đồng", 1),
    _money("million_vnd", "triệu đồng", "million dong", "triệu đồng", 10**6),
    _money("billion_vnd", "tỷ đồng", "billion dong", "tỷ đồng", 10**9),
    Unit("usd_per_person", "đô la Mỹ trên người", "US dollars per person", "USD/người", _dimension(usd=1, person=-1)),
    Unit(
        "million_vnd_per_person",
        "triệu đồng trên người",
        "million dong per person",
        "triệu đồng/người",
        _dimension(vnd=1, person=-1),
        Fraction(10**6),
    ),
    Unit("year", "năm", "years", "năm", _dimension(year=1)),
    _count("day", "ngày", "days"),
    Unit(
        "day_per_document",
        "ngày trên một văn bản",
        "days per document",
        "ngày/văn bản",
        _dimension(day=1, document=-1),
        low=0,
    ),
    Unit("kg_per_usd", "kg trên một đô la Mỹ", "kg per US dollar", "kg/USD", _dimension(kg=1, usd=-1), low=0),
    Unit("megawatt", "megawatt", "megawatts", "MW", _dimension(watt=1), Fraction(10**6), low=0),
    Unit("tonne", "tấn", "tonnes", "tấn", _dimension(kg=1), Fraction(1000), low=0),
    Unit(
        "mbps", "megabit trên giây", "megabits per second", "Mbps", _dimension(bit=1, second=-1), Fraction(10**6), low=0
    ),
    Unit(
        "mbps_measurements",
        "Mbps nhân số lượt đo",
        "Mbps times measurements",
        "Mbps × lượt đo",
        _dimension(bit=1, second=-1, measurement=1),
        Fraction(10**6),
        low=0,
    ),
    Unit(
        "gbps", "gigabit trên giây", "gigabits per second", "Gbps", _dimension(bit=1, second=-1), Fraction(10**9), low=0
    ),
    Unit(
        "tbps",
        "terabit trên giây",
        "terabits per second",
        "Tbps",
        _dimension(bit=1, second=-1),
        Fraction(10**12),
        low=0,
    ),
)
UNITS: Mapping[str, Unit] = {unit.code: unit for unit in _ALL}
"""Every unit that a declaration may name, by code."""
RETIRED: Mapping[str, str] = {"per_mille": "percent"}
"""Units that new declarations should not use, with what to use instead."""
