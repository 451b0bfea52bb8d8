"""JUDGE: what is wrong with what was read, said in words; knows no store and no connector."""

from expectations.cases import HISTORY, Case, Verdict
from expectations.run import EngineError, judge

__all__ = ["HISTORY", "Case", "EngineError", "Verdict", "judge"]
