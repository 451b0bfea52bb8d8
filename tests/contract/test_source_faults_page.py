"""Each line of what sources do wrong has its proofs, they exist, and the page for engineers says what they prove."""

import ast
from functools import lru_cache
from pathlib import Path

import pytest

from indicator_specs.home import PROJECT
from tests.source_faults import FAULTS, text

TESTS = Path(__file__).parents[1]


@lru_cache(maxsize=64)
def names_in(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_no_line_of_the_catalogue_is_without_proof() -> None:
    assert [fault.id for fault in FAULTS] == [f"C{number:02d}" for number in range(1, 22)]
    assert all(fault.proofs for fault in FAULTS)


@pytest.mark.parametrize("proof", sorted({proof for fault in FAULTS for proof in fault.proofs}))
def test_a_proof_that_is_named_exists(proof: str) -> None:
    file, _, name = proof.partition("::")
    assert name in names_in(file)


def test_the_page_says_what_is_tested() -> None:
    kept = (PROJECT / "docs" / "source-faults.md").read_text(encoding="utf-8")
    assert kept == text(), "python -m tests.source_faults writes it anew"
