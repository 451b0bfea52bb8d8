"""Mistakes that no schema can see: declarations that load, and are still wrong or incomplete.

An error must be mended before release; a warning is for a person to weigh; an info is only said.
"""

from indicator_specs import lint_indicators, lint_sources, lint_targets
from indicator_specs.lint_finding import Check, LintFinding, LintSeverity
from indicator_specs.registry import Registry

CHECKS: tuple[Check, ...] = (*lint_indicators.CHECKS, *lint_targets.CHECKS, *lint_sources.CHECKS)
__all__ = ["CHECKS", "LintFinding", "LintSeverity", "lint"]


def lint(registry: Registry) -> list[LintFinding]:
    """Run every check; errors first, then by check and subject."""
    found = {finding for check in CHECKS for finding in check(registry)}
    weight = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda finding: (weight[finding.severity], finding))
