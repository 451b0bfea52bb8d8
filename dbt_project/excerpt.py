"""The excerpt of the project that a build in part hands to dbt: every model, and of the tests those to be run.

dbt weighs each test against each model and each wanted name against the whole graph, which with five hundred indicators
takes longer than to build three of them. Chooses no models and runs nothing. Importing this module does not import dbt.
"""

import copy
from collections.abc import Collection, Mapping
from typing import Any

TO_BUILD = "to_build"
"""The tag of what a build is to make and to test."""


def excerpt(manifest: Any, models: Collection[str], *, unit_tests: bool) -> Any:
    """A manifest for building these models, in which they and their tests are tagged; the one given stays as it is.

    A test is to be run where it looks at a model that is built, and at nothing but such and what stands above them, as
    dbt's ``buildable`` has it. dbt writes into the nodes that it runs: those are copies.

    Args:
        manifest: the project as dbt has read it.
        models: names of models.
        unit_tests: whether the examples of these models are to be run too.
    """
    made = {uid for uid, node in manifest.nodes.items() if node.resource_type == "model" and node.name in models}
    known = made | _above(manifest.nodes, made)
    tests = {uid: node for uid, node in manifest.nodes.items() if node.resource_type == "test"}
    run = {uid for uid, test in tests.items() if made & _looks_at(test) and _looks_at(test) <= known}
    examples = {uid: each for uid, each in manifest.unit_tests.items() if unit_tests and made & _looks_at(each)}
    excerpted = type(manifest)(
        nodes={
            uid: _own(node, uid in made | run) for uid, node in manifest.nodes.items() if uid in run or uid not in tests
        },
        sources=manifest.sources,
        macros=manifest.macros,
        docs=manifest.docs,
        groups=manifest.groups,
        files=manifest.files,
        metadata=copy.copy(manifest.metadata),
        state_check=manifest.state_check,
        unit_tests=copy.deepcopy(examples),
        fixtures=manifest.fixtures,
    )
    for uid in made | run:
        excerpted.nodes[uid].tags = [TO_BUILD]
    for example in excerpted.unit_tests.values():
        example.config.tags = [TO_BUILD]
    excerpted.build_flat_graph()
    return excerpted


def _own(node: Any, is_to_run: bool) -> Any:
    """A copy of what dbt writes into: what it runs, and what it works out in what it runs."""
    is_written = is_to_run or node.config.materialized == "ephemeral"
    return copy.deepcopy(node) if is_written else node


def _looks_at(node: Any) -> set[str]:
    return set(node.depends_on_nodes)


def _above(nodes: Mapping[str, Any], begin: Collection[str]) -> set[str]:
    """Everything that these read, directly or not."""
    found: set[str] = set()
    waiting = list(begin)
    while waiting:
        node = nodes.get(waiting.pop())
        fresh = _looks_at(node) - found if node is not None else set()
        found |= fresh
        waiting.extend(fresh)
    return found
