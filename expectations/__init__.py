"""JUDGE: what is wrong with what was read, said in words; knows no store and no connector."""

from expectations.cases import HISTORY, Case, Verdict
from expectations.engine import EngineError
from expectations.run import judge

__all__ = ["HISTORY", "Case", "EngineError", "Verdict", "judge"]
