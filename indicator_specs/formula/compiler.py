"""From a tree to guarded SQL, the steps before it, and the unit of its value.

The SQL is ANSI over ``DOUBLE`` columns named as the inputs. It gives null where an input that it uses is null, where
it would divide by zero or leave the domain of a function, and where the result is not finite; so neither infinity nor
NaN leaves a model, on DuckDB or on Spark.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from indicator_specs.errors import both
from indicator_specs.formula import arithmetic, composing, lexicon, peers, tree
from indicator_specs.formula.children import Children
from indicator_specs.formula.compiled import SPINE, CompiledFormula, InputColumn
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.functions import FUNCTIONS
from indicator_specs.formula.parsing import parse
from indicator_specs.formula.peers import Peers
from indicator_specs.formula.pieces import FINITE, Piece, bare
from indicator_specs.formula.quantity import Quantity, UnitMismatchError
from indicator_specs.formula.series import Series
from indicator_specs.formula.steps import Steps
from indicator_specs.formula.tree import Aggregate, Bands, Binary, Call, Input, Negation, Node, Number, TargetShare
from indicator_specs.periods import Frequency

LONGEST_SQL, MOST_STEPS = 20_000, 12
_OWN_WORDS = ("abs", "ln", "exp", "sqrt", "power", "least", "greatest")


def compile_formula(text: str, inputs: Mapping[str, InputColumn], frequency: Frequency = "monthly") -> CompiledFormula:
    """Compile a formula from its text.

    Args:
        text: The formula.
        inputs: The names that it may use.
        frequency: Of the indicator; ``yoy`` and ``at`` depend on it.

    Raises:
        FormulaError: something is not allowed, not an input, ambiguous, or of the wrong unit; with its position.
    """
    try:
        return compile_tree(parse(text, inputs), inputs, frequency)
    except FormulaError as error:
        raise error.within(text) from error


def compile_tree(node: Node, inputs: Mapping[str, InputColumn], frequency: Frequency) -> CompiledFormula:
    """Compile a tree, as ``compile_formula`` does a text.

    Raises:
        FormulaError: with the position of the node at fault.
    """
    for name in inputs:
        _refuse_taken(name)
    compiler = _Compiler(inputs, frequency)
    made = compiler.piece(node)
    sql = f"case when abs({bare(made.sql)}) < {FINITE} then {bare(made.sql)} end"
    steps = compiler.steps.collected()
    if len(steps) > MOST_STEPS:
        raise FormulaError(
            "",
            -1,
            both(f"hàm lồng nhau cần {len(steps)} bước", f"functions within functions need {len(steps)} steps"),
            both("tách thành nhiều chỉ số", "split it into several indicators"),
        )
    if max(len(each) for each in (sql, *(column.sql for step in steps for column in step.columns))) > LONGEST_SQL:
        raise FormulaError(
            "",
            -1,
            both("công thức quá phức tạp", "the formula is too complex"),
            both("tách thành nhiều chỉ số", "split it into several indicators"),
        )
    return CompiledFormula(
        sql,
        made.unit,
        tree.inputs(node),
        steps,
        made.lookback,
        compiler.series.needs_year,
        compiler.peers.is_used,
        tuple(dict.fromkeys(step.child_level for step in steps if step.child_level)),
    )


def _refuse_taken(name: str) -> None:
    if name in lexicon.RESERVED or name in _OWN_WORDS:
        found = both(f"tên {name!r} là từ riêng của SQL", f"{name!r} is a word of SQL")
    elif name in SPINE or name.startswith("method_of_"):
        found = both(f"tên {name!r} dành cho hệ thống", f"{name!r} is a name that every model uses")
    else:
        return
    raise FormulaError("", -1, found, both("đặt tên khác trong inputs", "name the input otherwise"))


@contextmanager
def _at(position: int) -> Iterator[None]:
    """Tells where units do not meet."""
    try:
        yield
    except UnitMismatchError as error:
        remedy = both("đổi về cùng đơn vị đo trước khi tính", "bring them to one unit first")
        raise FormulaError("", position, str(error), remedy) from error


class _Compiler:
    """One pass over a tree, from the leaves up."""

    def __init__(self, inputs: Mapping[str, InputColumn], frequency: Frequency) -> None:
        self.inputs = inputs
        self.steps = Steps([*inputs, *SPINE])
        self.series, self.peers = Series(self.steps, frequency), Peers(self.steps)
        self.children = Children(self.steps, self.piece)

    def piece(self, node: Node) -> Piece:
        """The SQL of a value."""
        with _at(node.position):
            match node:
                case Number():
                    return arithmetic.number(node.value)
                case Input():
                    return self._input(node.name)
                case Negation():
                    return arithmetic.negation(self.piece(node.operand))
                case Binary():
                    return self._binary(node)
                case Call():
                    return self._call(node)
            return self._of_composite(node)

    def _of_composite(self, node: Node) -> Piece:
        match node:
            case Bands():
                return composing.banded(node, composing.as_column(self.steps, self.piece(node.operand), "value"))
            case TargetShare():
                operand = composing.as_column(self.steps, self.piece(node.operand), "value")
                return composing.target_share(node, operand)
            case Aggregate():
                return composing.aggregate(self.steps, node, [self.piece(member) for _, member in node.members])
        raise TypeError(f"{type(node).__name__} is no value")

    def _input(self, name: str) -> Piece:
        column = self.inputs[name]
        methods = frozenset({name}) if column.is_indicator else frozenset()
        return Piece(name, Quantity.of(column.unit), is_column=True, methods=methods)

    def _binary(self, node: Binary) -> Piece:
        left, right = self.piece(node.left), self.piece(node.right)
        match node.operator:
            case "+" | "-":
                return arithmetic.total(left, right, 1 if node.operator == "+" else -1)
            case "*":
                return arithmetic.product(left, right)
            case "/":
                return arithmetic.quotient(left, right, node.position)
        return arithmetic.power(left, right, node.right.position)

    def _call(self, node: Call) -> Piece:
        group = FUNCTIONS[node.name].group
        if group == "child_units":
            return self.children.piece(node)
        if group == "time":
            return self.series.piece(self.piece(node.args[0]), node)
        if node.name == "goalposts":
            x, low, high = (self.piece(part) for part in node.args)
            return peers.goalposts(x, low, high, node.args[1].position)
        if group == "peers":
            return self.peers.piece(node.name, self.piece(node.args[0]))
        return self._arithmetic(node)

    def _arithmetic(self, node: Call) -> Piece:
        parts = [self.piece(part) for part in node.args]
        match node.name:
            case "abs":
                return arithmetic.absolute(parts[0])
            case "ln":
                return arithmetic.logarithm(parts[0])
            case "exp":
                return arithmetic.exponential(parts[0])
            case "sqrt":
                return arithmetic.root(parts[0])
            case "power":
                return arithmetic.power(parts[0], parts[1], node.args[1].position)
        return arithmetic.extreme(node.name, parts)
