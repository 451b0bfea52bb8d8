"""The formula compiler: a SQL expression over named inputs, checked, balanced, guarded. The only user of sqlglot."""

from indicator_specs.formula.compiler import CompiledFormula, compile_formula
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.quantity import Quantity

__all__ = ["CompiledFormula", "FormulaError", "Quantity", "compile_formula"]
