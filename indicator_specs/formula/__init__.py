"""The formula language: read, checked, balanced, compiled to guarded SQL in steps. The only user of sqlglot."""

from indicator_specs.formula.compiled import Column, CompiledFormula, InputColumn, Step
from indicator_specs.formula.compiler import compile_formula, compile_tree
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.latex import latex
from indicator_specs.formula.parsing import parse
from indicator_specs.formula.quantity import Quantity
from indicator_specs.formula.tree import Node
from indicator_specs.formula.words import words

__all__ = [
    "Column",
    "CompiledFormula",
    "FormulaError",
    "InputColumn",
    "Node",
    "Quantity",
    "Step",
    "compile_formula",
    "compile_tree",
    "latex",
    "parse",
    "words",
]
