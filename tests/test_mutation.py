"""Every rule is told from its mutants by its own good and bad rows, and every structural kind by its example."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.rules.kinds import CELL_KINDS, KINDS
from rdac_validator.rules.safety import HEADER_KINDS
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import load
from tests import corpus, mutation

EQUIVALENT = Path(__file__).parent / "equivalent_mutants.txt"


@cache
def mutants() -> Mapping[str, list[mutation.Mutant]]:
    """The mutants by the module or rule that they change."""
    found: dict[str, list[mutation.Mutant]] = defaultdict(list)
    for mutant in mutation.every():
        plain = isinstance(mutant.touches, str)
        home = mutation.EVERY[mutant.where].__module__ if plain else mutant.where.partition(".")[0]
        found[home.rpartition(".")[2]].append(mutant)
    return found


@cache
def listed() -> frozenset[str]:
    lines = EQUIVALENT.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("module", mutation.modules())
def test_the_rows_of_the_rules_kill_every_mutant_but_those_that_none_can(module: str) -> None:
    alive = {mutant.name for mutant in mutants()[module] if mutation.survives(mutant)}
    known = {mutant.name for mutant in mutants()[module]} & listed()
    assert alive - known == set(), "add a good or a bad row that tells the mutant from the rule"
    assert known - alive == set(), f"killed now: take it out of {EQUIVALENT.name}"


def test_no_equivalent_mutant_is_listed_that_is_not_there() -> None:
    assert listed() <= {mutant.name for found in mutants().values() for mutant in found}


def test_every_rule_has_mutants_and_they_are_many() -> None:
    found = [mutant for of_module in mutants().values() for mutant in of_module]
    assert {mutant.where for mutant in found if isinstance(mutant.touches, str)} == set(mutation.EVERY)
    assert len(found) > 5 * len(mutation.EVERY)
    assert len({mutant.name for mutant in found}) == len(found)


def test_a_mutant_is_gone_when_it_was_tried() -> None:
    for mutant in mutants()["direction"][:40]:
        mutation.survives(mutant)
    assert [code for code in mutation.EVERY if mutation.killed_by(code)] == []


# The structural kinds have no rows of their own: the example of each is what tells them from their mutants


def found_in(code: str) -> list[dict[str, Any]]:
    folder = corpus.EXAMPLES / "invalid" / corpus.folder_name(code)
    report = check(formats.read(folder, load()), load(), profile=corpus.said_of(folder)["profile"], rules=())
    return corpus.told(report.groups)


CHANGES: Mapping[str, Callable[[Any], Any]] = {
    "negated": lambda own: lambda *given: ~own(*given),
    "always valid": lambda own: lambda *given: own(*given) | True,
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("kind", CELL_KINDS, ids=lambda kind: kind.code)
def test_a_kind_of_cell_is_told_from_its_mutants(kind: CellKind, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = found_in(kind.code)
    monkeypatch.setattr(type(kind), "valid", CHANGES[what](type(kind).valid))
    assert found_in(kind.code) != right


@pytest.mark.parametrize("kind", CELL_KINDS, ids=lambda kind: kind.code)
def test_a_kind_of_cell_is_told_from_one_that_looks_at_no_column(
    kind: CellKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = found_in(kind.code)
    monkeypatch.setattr(type(kind), "applies_to", lambda *_: False)
    assert found_in(kind.code) != right


@pytest.mark.parametrize("kind", HEADER_KINDS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("forbids", [True, False])
def test_a_kind_of_header_is_told_from_one_that_forbids_all_or_nothing(
    kind: type[Any], forbids: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = [found["code"] for found in found_in("RDAC901") + found_in("RDAC904")]
    monkeypatch.setattr(kind, "forbids", lambda _: forbids)
    assert [found["code"] for found in found_in("RDAC901") + found_in("RDAC904")] != right


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_kind_that_is_left_out_is_missed(kind: type[Any]) -> None:
    assert kind.code in {found["code"] for found in found_in(kind.code)}
