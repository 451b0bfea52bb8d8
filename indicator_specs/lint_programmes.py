"""Lint checks on programmes: data that share indicators and figures, so that nothing is asked twice."""

from collections.abc import Iterator

from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.names import name_key
from indicator_specs.registry import Registry


@check("warning", "Chỉ số không thuộc chương trình nào thì không ai hỏi đến.", "ghi programmes", "name its programmes")
def no_programme(registry: Registry) -> Iterator[Hit]:
    """An indicator of no programme is asked for by nobody."""
    for spec in registry.indicators.values():
        if not spec.programmes:
            yield Hit(spec.id, both("không thuộc chương trình nào", "of no programme"))


@check(
    "warning",
    "Chương trình không có chỉ số thì không theo dõi được.",
    "thêm chỉ số, hoặc bỏ chương trình",
    "give it indicators, or drop it",
)
def empty_programme(registry: Registry) -> Iterator[Hit]:
    """A programme without indicators cannot be followed."""
    used = {programme for spec in registry.indicators.values() for programme in spec.programmes}
    for programme in registry.programmes:
        if programme not in used:
            yield Hit(programme, both("chưa có chỉ số nào", "no indicator names it"))


@check(
    "warning",
    "Chương trình đứng trên văn bản đã ban hành.",
    "ghi legal_basis trong programmes.yml",
    "give its legal_basis in programmes.yml",
)
def programme_without_basis(registry: Registry) -> Iterator[Hit]:
    """A programme stands on documents."""
    for name, programme in registry.programmes.items():
        if not programme.legal_basis:
            yield Hit(name, both("không có căn cứ pháp lý", "no legal basis"))


@check(
    "warning",
    "Một số liệu chỉ hỏi đơn vị một lần; chương trình sau dùng lại số liệu đã có.",
    "dùng chung một số liệu thành phần, hoặc đặt tên cho rõ khác nhau ở đâu",
    "share one measure, or name what sets them apart",
)
def asked_twice(registry: Registry) -> Iterator[Hit]:
    """The same figure is asked for once: programmes share measures, they do not repeat them."""
    seen: dict[tuple[str, str, str], str] = {}
    for measure in registry.measures.values():
        for level in measure.levels:
            first = seen.setdefault((name_key(measure.name.vi), measure.unit, level), measure.id)
            if first != measure.id:
                yield Hit(measure.id, both(f"cùng tên, cùng cấp với {first}", f"same name and level as {first}"))


@check(
    "warning",
    "Mỗi mã của chỉ số là của đúng một chương trình, để không mã nào bị bỏ sót hay đọc hai nghĩa.",
    "sửa codes của chỉ số, hoặc code_pattern trong programmes.yml",
    "mend the indicator's codes, or code_pattern in programmes.yml",
)
def code_of_no_programme(registry: Registry) -> Iterator[Hit]:
    """Each code is of one programme of its indicator; a programme that declares no pattern may have any."""
    for spec in registry.indicators.values():
        programmes = [registry.programmes[name] for name in spec.programmes if name in registry.programmes]
        if not all(programme.code_pattern for programme in programmes):
            continue
        for code in spec.codes:
            owners = sum(bool(programme.codes_of([code])) for programme in programmes)
            if programmes and owners != 1:
                found = both(
                    f"mã {code} thuộc {owners} chương trình của chỉ số", f"code {code} is of {owners} of its programmes"
                )
                yield Hit(spec.id, found)


CHECKS: tuple[Check, ...] = (no_programme, empty_programme, programme_without_basis, asked_twice, code_of_no_programme)
