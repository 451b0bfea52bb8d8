"""From a formula's text to guarded SQL and the unit of its value.

The SQL is one ANSI expression over ``DOUBLE`` columns named as the inputs. It gives null where an input that it uses
is null, where it would divide by zero or leave the domain of a function, and where the result is not finite; so
neither infinity nor NaN leaves a model, on DuckDB or on Spark.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from indicator_specs.errors import both
from indicator_specs.formula import lexicon
from indicator_specs.formula.faults import ARITHMETIC, FormulaError
from indicator_specs.formula.quantity import Quantity, UnitMismatchError
from indicator_specs.units import Unit

FINITE = "1.7e308"
"""Just below the largest double: a comparison that infinity, NaN and null all fail, on every engine."""
LONGEST_SQL = 20_000


@dataclass(frozen=True)
class CompiledFormula:
    """A formula ready to stand in a model: SQL, the unit of its value, the inputs that it uses, sorted."""

    expression_sql: str
    unit: Quantity
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class _Piece:
    """SQL of a part, safe to stand within any other; ``value`` if it is a constant, ``is_column`` if an input."""

    sql: str
    unit: Quantity
    value: Fraction | None = None
    is_column: bool = False


def compile_formula(text: str, inputs: Mapping[str, Unit]) -> CompiledFormula:
    """Compile a formula of the arithmetic group.

    Args:
        text: The formula.
        inputs: Units of the names that it may use.

    Raises:
        FormulaError: something is not allowed, not an input, ambiguous, or of the wrong unit; with its position.
    """
    for name in inputs:
        if name in lexicon.RESERVED or name in lexicon.ARITY:
            raise FormulaError(
                text,
                text.find(name),
                both(f"tên {name!r} là từ riêng của SQL", f"{name!r} is a word of SQL"),
                both("đặt tên khác trong inputs", "name the input otherwise"),
            )
    lexicon.check(text, inputs)
    walker = _Walker(text, inputs)
    piece = walker.piece(_parsed(text))
    if not walker.used:
        raise FormulaError(
            text,
            -1,
            both("công thức không dùng input nào", "the formula uses no input"),
            both("viết công thức theo tên trong inputs", "write it over the names under inputs"),
        )
    if len(piece.sql) > LONGEST_SQL:
        raise FormulaError(
            text,
            -1,
            both("công thức quá phức tạp", "the formula is too complex"),
            both("tách thành nhiều chỉ số", "split it into several indicators"),
        )
    sql = f"case when abs({_bare(piece.sql)}) < {FINITE} then {_bare(piece.sql)} end"
    return CompiledFormula(sql, piece.unit, tuple(sorted(walker.used)))


def _parsed(text: str) -> exp.Expression:
    try:
        return parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError) as error:
        details = getattr(error, "errors", None) or [{}]
        after = details[0].get("col") or 0
        raise FormulaError(
            text,
            max(after - len(details[0].get("highlight") or ""), 0) if after else -1,
            both("công thức không trọn vẹn", "the formula does not parse"),
            both("kiểm tra ngoặc, dấu phẩy và phép tính tại đây", "check brackets, commas and operators here"),
        ) from error


class _Walker:
    """One pass over the tree, by an allow-list: a node without an entry is refused."""

    def __init__(self, text: str, inputs: Mapping[str, Unit]) -> None:
        self.text, self.inputs = text, inputs
        self.used: set[str] = set()
        self.allowed: Mapping[type[exp.Expression], Callable[[exp.Expression], _Piece]] = {
            exp.Paren: lambda node: self.piece(node.this),
            exp.Column: self._column,
            exp.Literal: self._number,
            exp.Neg: self._negation,
            exp.Add: lambda node: self._sum(node, "+", 1),
            exp.Sub: lambda node: self._sum(node, "-", -1),
            exp.Mul: self._product,
            exp.Div: self._quotient,
            exp.Pow: self._power,
            exp.Abs: self._abs,
            exp.Ln: self._ln,
            exp.Exp: self._exp,
            exp.Sqrt: self._sqrt,
            exp.Least: lambda node: self._extreme(node, "least"),
            exp.Greatest: lambda node: self._extreme(node, "greatest"),
        }

    def piece(self, node: exp.Expression) -> _Piece:
        handler = self.allowed.get(type(node))
        if handler is None:
            raise FormulaError(
                self.text, self._position(node), both("phép tính không được dùng", "this is not allowed"), ARITHMETIC
            )
        try:
            return handler(node)
        except UnitMismatchError as error:
            raise FormulaError(
                self.text,
                self._position(node),
                str(error),
                both("đổi về cùng đơn vị đo trước khi tính", "bring them to one unit first"),
            ) from error

    def _position(self, node: exp.Expression) -> int:
        starts = [int(leaf.meta["start"]) for leaf in node.walk() if "start" in leaf.meta]
        return min(starts, default=-1)

    def _column(self, node: exp.Expression) -> _Piece:
        name = node.name
        if name not in self.inputs or node.args.get("table"):
            raise FormulaError(self.text, self._position(node), both("không phải input", "not an input"), ARITHMETIC)
        self.used.add(name)
        return _Piece(name, Quantity.of(self.inputs[name]), is_column=True)

    def _number(self, node: exp.Expression) -> _Piece:
        # With an exponent the literal is a double on every engine; without, Spark computes in short decimals.
        value = Fraction(node.name)
        return _Piece(f"{node.name}e0", Quantity.constant(value), value)

    def _negation(self, node: exp.Expression) -> _Piece:
        inner = self.piece(node.this)
        value = None if inner.value is None else -inner.value
        return _Piece(f"(-{inner.sql})", inner.unit.times(Quantity.constant(Fraction(-1))), value)

    def _sum(self, node: exp.Expression, operator: str, sign: int) -> _Piece:
        left, right = self.piece(node.this), self.piece(node.expression)
        value = left.value + sign * right.value if left.value is not None and right.value is not None else None
        unit = Quantity.constant(value) if value is not None else left.unit.plus(right.unit, sign)
        return _Piece(f"({left.sql} {operator} {right.sql})", unit, value)

    def _product(self, node: exp.Expression) -> _Piece:
        left, right = self.piece(node.this), self.piece(node.expression)
        value = left.value * right.value if left.value is not None and right.value is not None else None
        return _Piece(f"({left.sql} * {right.sql})", left.unit.times(right.unit), value)

    def _quotient(self, node: exp.Expression) -> _Piece:
        left, right = self.piece(node.this), self.piece(node.expression)
        if right.value == 0:
            raise FormulaError(
                self.text, self._position(node), both("chia cho 0", "division by zero"), both("sửa mẫu số", "mend it")
            )
        value = left.value / right.value if left.value is not None and right.value is not None else None
        below = _bare(right.sql) if right.value is None else right.sql
        divisor = f"nullif({below}, 0e0)" if right.value is None else below
        return _Piece(f"({left.sql} / {divisor})", left.unit.times(right.unit, -1), value)

    def _power(self, node: exp.Expression) -> _Piece:
        if "^" in self.text and isinstance(node.this, exp.Neg | exp.Pow):
            raise FormulaError(
                self.text,
                self._position(node),
                both("thứ tự tính của ^ không rõ", "the order of ^ can be read in two ways"),
                both("thêm ngoặc: -(x^2) hoặc (-x)^2, (a^b)^c hoặc a^(b^c)", "add brackets, as in -(x^2) or (-x)^2"),
            )
        base, exponent = self.piece(node.this), self.piece(node.expression)
        if exponent.unit.dimensions:
            raise FormulaError(
                self.text,
                self._position(node.expression),
                both("số mũ có đơn vị đo", "the exponent has a unit"),
                both("số mũ phải là số thuần", "an exponent is a pure number"),
            )
        call = f"power({_bare(base.sql)}, {_bare(exponent.sql)})"
        domain = _power_domain(base.sql, exponent)
        sql = f"case when {domain} then {call} end" if domain else call
        return _Piece(f"({sql})" if domain else sql, base.unit.power(exponent.value))

    def _abs(self, node: exp.Expression) -> _Piece:
        inner = self.piece(node.this)
        value = None if inner.value is None else abs(inner.value)
        return _Piece(f"abs({_bare(inner.sql)})", inner.unit, value)

    def _ln(self, node: exp.Expression) -> _Piece:
        inner = self.piece(node.this)
        return _Piece(f"(case when {inner.sql} > 0e0 then ln({_bare(inner.sql)}) end)", _unsure(inner))

    def _exp(self, node: exp.Expression) -> _Piece:
        inner = self.piece(node.this)
        if inner.unit.dimensions:
            raise UnitMismatchError(both("exp của số có đơn vị đo", "exp of an amount with a unit"))
        return _Piece(f"exp({_bare(inner.sql)})", _unsure(inner))

    def _sqrt(self, node: exp.Expression) -> _Piece:
        inner = self.piece(node.this)
        sql = f"(case when {inner.sql} >= 0e0 then sqrt({_bare(inner.sql)}) end)"
        return _Piece(sql, inner.unit.power(Fraction(1, 2)))

    def _extreme(self, node: exp.Expression, name: str) -> _Piece:
        parts = [self.piece(part) for part in (node.this, *node.expressions)]
        low, high = lexicon.ARITY[name]
        if not low <= len(parts) <= high:
            raise FormulaError(
                self.text,
                self._position(node),
                both(f"{name} cần từ {low} số trở lên", f"{name} needs at least {low} numbers"),
                both("thêm số để so", "add what to compare with"),
            )
        unit = parts[0].unit
        for part in parts[1:]:
            unit = unit.meet(part.unit)
        # Engines skip nulls here and rank NaN highest; either would invent a value.
        guards = [
            f"{part.sql} is not null" if part.is_column else f"abs({_bare(part.sql)}) < {FINITE}"
            for part in parts
            if part.value is None
        ]
        call = f"{name}({', '.join(_bare(part.sql) for part in parts)})"
        return _Piece(f"(case when {' and '.join(guards)} then {call} end)" if guards else call, unit)


def _unsure(inner: _Piece) -> Quantity:
    return Quantity({}, frozenset(), inner.unit.is_constant)


def _power_domain(base: str, exponent: _Piece) -> str:
    """Where a power is a real number: negative bases need whole exponents, zero needs one that is not negative."""
    if exponent.value is None:
        power = exponent.sql
        return f"{base} > 0e0 or ({base} = 0e0 and {power} >= 0e0) or ({base} < 0e0 and {power} = floor({power}))"
    if exponent.value.denominator == 1:
        return "" if exponent.value >= 0 else f"{base} <> 0e0"
    return f"{base} >= 0e0" if exponent.value > 0 else f"{base} > 0e0"


def _bare(sql: str) -> str:
    """Without brackets around the whole, where a comma or a call already sets it apart."""
    if not (sql.startswith("(") and sql.endswith(")")):
        return sql
    depth = 0
    for index, sign in enumerate(sql):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and index < len(sql) - 1:
            return sql
    return sql[1:-1]
