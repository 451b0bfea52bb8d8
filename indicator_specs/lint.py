"""Mistakes that no schema can see: declarations that load, and are still wrong or incomplete.

An error must be mended before release; a warning is for a person to weigh; an info is only said.
"""

from indicator_specs import (
    lint_bodies,
    lint_examples,
    lint_meaning,
    lint_methods,
    lint_programmes,
    lint_publication,
    lint_sources,
    lint_targets,
    lint_trajectories,
)
from indicator_specs.lint_check import Check, LintFinding, LintSeverity
from indicator_specs.registry import Registry

CHECKS: tuple[Check, ...] = (
    *lint_meaning.CHECKS,
    *lint_bodies.CHECKS,
    *lint_programmes.CHECKS,
    *lint_methods.CHECKS,
    *lint_examples.CHECKS,
    *lint_targets.CHECKS,
    *lint_trajectories.CHECKS,
    *lint_publication.CHECKS,
    *lint_sources.CHECKS,
)
"""Every rule, in the order in which a specification is read."""
__all__ = ["CHECKS", "Check", "LintFinding", "LintSeverity", "lint"]


def lint(registry: Registry) -> list[LintFinding]:
    """Run every check; errors first, then by check and subject."""
    found = {finding for check in CHECKS for finding in check.findings(registry)}
    weight = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda finding: (weight[finding.severity], finding))
