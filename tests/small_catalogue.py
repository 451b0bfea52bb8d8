"""A whole installation's declarations in miniature, to be spoiled one line at a time."""

from dataclasses import dataclass
from pathlib import Path

from indicator_specs.errors import SpecError, SpecProblem
from indicator_specs.registry import Registry, load_registry

RATE = """\
id: rate
codes: ["CS1"]
programmes: [plan]
type: computed
meaning:
  name: {vi: Tỉ lệ trực tuyến, en: Online rate}
  concept: {vi: Hồ sơ trực tuyến trên tổng số, en: Online dossiers over all}
  layer: central
  field: government
  unit: percent
  direction: higher_is_better
  legal_basis: ["57-NQ/TW, II.1"]
  confidence: {definition: verified, formula: verified, target: verified}
levels:
  nation: {}
  province: {}
responsibility:
  lead: G06
  updates: provinces
  verifies: VPTW
methods:
  - version: 1
    valid_from: "2025-07"
    frequency: monthly
    formula: 100 * online / received
    inputs:
      online: {measure: service.online}
      received: {measure: service.received}
    roll_up: recompute
    checks: {range: ["0", "100"]}
targets:
  - {id: t2030, kind: reach, by: "2030", scope: VN, operator: ">=", value: "80", source: "57-NQ/TW", governs: true}
baseline: {period: "2024", value: "45.8", source: "báo cáo"}
examples:
  - given: {online: 80, received: 100}
    expect: 80
  - given: {online: 80, received: 0}
    expect: null
"""
DOUBLE = """\
id: pair
codes: ["CS2"]
programmes: [plan]
type: computed
meaning:
  name: {vi: Tổng hai loại, en: Both kinds}
  concept: {vi: Cộng hai tỉ lệ, en: Sum of both}
  layer: field
  field: government
  unit: percent
  direction: none
  legal_basis: ["57-NQ/TW"]
  confidence: {definition: draft, formula: draft}
levels:
  province: {}
responsibility: {lead: G06, updates: provinces, verifies: VPTW}
methods:
  - version: 1
    valid_from: "2025-07"
    frequency: monthly
    formula: rate - paid
    inputs:
      rate: {indicator: rate}
      paid: {measure: service.paid_pct}
examples:
  - given: {rate: 80, paid: 30}
    expect: 50
"""
SOURCE = """\
id: service
name: {vi: Dịch vụ, en: Service}
kind: rest
owner: G22
connection: {secret: CHISO_SERVICE}
datasets:
  - id: dossiers
    name: {vi: Hồ sơ, en: Dossiers}
    frequency: monthly
    level: province
    partition: period
    request: {path: /api/dossiers, params: {period: "{period}"}, records: /data}
    columns: {org_unit: unit, time_period: period}
    deadline_days: 20
    measures:
      - id: service.received
        column: received
        name: {vi: Số tiếp nhận, en: Received}
        unit: dossier
        nature: flow
        checks: {min: "0"}
      - id: service.online
        column: online
        name: {vi: Số trực tuyến, en: Online}
        unit: dossier
        nature: flow
        checks: {min: "0", not_above: [service.received]}
      - id: service.paid_pct
        column: paid_pct
        name: {vi: Tỉ lệ trả, en: Paid}
        unit: percent
        nature: non_additive
        checks: {min: "0", max: "100"}
"""
CONTRACT = """\
dossiers: {unit: text, period: text, received: number, online: number, paid_pct: number}
"""
PROGRAMMES = """\
plan:
  name: {vi: Chương trình, en: Programme}
  legal_basis: ["57-NQ/TW"]
"""
THEMES = """\
government: {vi: Chính phủ, en: Government}
"""
UNITS = """\
org_unit_code,kind,name_vi,name_en,short_name_vi,parent_code,hierarchy,valid_from,valid_to,source
VN,nation,Việt Nam,Viet Nam,Cả nước,,territory,,,x
P01,province,Thành phố Hà Nội,Ha Noi,Hà Nội,VN,territory,2025-07-01,,x
P25,province,Tỉnh Phú Thọ,Phu Tho,Phú Thọ,VN,territory,2025-07-01,,x
F17,former_province,Tỉnh Hòa Bình,Hoa Binh,Hòa Bình,VN,territory,,2025-06-30,x
F25,former_province,Tỉnh Phú Thọ,Phu Tho,Phú Thọ,VN,territory,,2025-06-30,x
C00004,commune,Phường Ba Đình,Ba Dinh,Ba Đình,P01,territory,2025-07-01,,x
C00008,commune,Phường Ngọc Hà,Ngoc Ha,Ngọc Hà,P01,territory,2025-07-01,,x
C05089,commune,Phường Hoà Bình,Hoa Binh,Hoà Bình,P25,territory,2025-07-01,,x
G06,ministry,Bộ Khoa học và Công nghệ,MOST,Bộ KH&CN,,government,,,x
G22,ministry,Văn phòng Chính phủ,OOG,VPCP,,government,,,x
MIC,ministry,Bộ Thông tin và Truyền thông,MIC,Bộ TT&TT,,government,,2025-02-28,x
VPTW,party_body,Văn phòng Trung ương Đảng,CPO,VPTW,,party,,,x
"""
EVENTS = """\
event,from_code,to_code,effective_date,share,legal_basis,source
merge,F17,P25,2025-07-01,1,NQ 202,x
merge,F25,P25,2025-07-01,1,NQ 202,x
merge,MIC,G06,2025-03-01,1,NQ 176,x
"""
DUTIES = """\
dataset,reporter_kind,reporter_code,subject,level,valid_from,valid_to,source
service.dossiers,ministry,G22,all,province,2025-07-01,,x
"""
CALENDAR = """\
dataset,frequency,period_basis,deadline_days,valid_from,valid_to,legal_basis,source
service.dossiers,monthly,calendar,20,2025-07-01,,60/2018,x
"""
FILES = {
    "catalogue/programmes.yml": PROGRAMMES,
    "catalogue/government/rate.yml": RATE,
    "catalogue/government/pair.yml": DOUBLE,
    "sources/service/source.yml": SOURCE,
    "sources/service/contract.yml": CONTRACT,
    "reference/org_unit.csv": UNITS,
    "reference/org_unit_event.csv": EVENTS,
    "reference/assignment.csv": DUTIES,
    "reference/reporting_calendar.csv": CALENDAR,
    "catalogue/themes.yml": THEMES,
}
RATE_FILE, PAIR_FILE, SOURCE_FILE, CONTRACT_FILE = list(FILES)[1:5]


@dataclass(frozen=True)
class Small:
    """The files, in a folder of their own."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Small":
        """Write them all."""
        small = cls(root)
        for name, text in FILES.items():
            small.write(name, text)
        return small

    def write(self, name: str, text: str) -> None:
        """Write one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> "Small":
        """Replace a text that stands in the file once."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))
        return self

    def load(self) -> Registry:
        """The registry."""
        return load_registry(self.root / "catalogue", self.root / "sources", self.root / "reference")

    def problems(self) -> tuple[SpecProblem, ...]:
        """What loading refuses."""
        try:
            self.load()
        except SpecError as error:
            return error.problems
        raise AssertionError("it loaded")
