"""How tightly the parts of a formula bind, so that a text of it needs no more brackets than it must have."""

from indicator_specs.formula.tree import Aggregate, Binary, Comparison, Logic, Negation, Node, Not

LOOSEST, SUM, PRODUCT, POWER, TIGHTEST = 0, 4, 5, 7, 9


def binding(node: Node) -> int:
    """How tightly a node binds: what binds less than its surroundings stands in brackets."""
    match node:
        case Logic():
            return 1 if node.operator == "or" else 2
        case Not() | Comparison():
            return 3
        case Binary():
            return {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}[node.operator]
        case Negation() | Aggregate():
            return SUM
    return TIGHTEST


def sides(node: Binary) -> tuple[int, int]:
    """How tightly the left and the right of an operator must bind to stand without brackets."""
    own = binding(node)
    if node.operator == "^":
        return TIGHTEST, TIGHTEST
    return own, own + (node.operator in {"-", "/"})
