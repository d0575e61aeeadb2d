"""What a synthetic return is drawn from: the shares of ``schema/synth.yaml``, and a seeded hand that draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any

import yaml

from rdac_validator.standard import schema_folder


@dataclass(frozen=True, slots=True)
class Prevalence:
    """Codes of which several may apply: how many in ``base`` have one of each group of codes."""

    base: int
    groups: Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Shares:
    """Weights by name: the choices with their running totals, and prevalences."""

    weights: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]]
    prevalence: Mapping[str, Prevalence]


@cache
def load() -> Shares:
    """The shares that ship with this package."""
    document: dict[str, Any] = yaml.safe_load((schema_folder() / "synth.yaml").read_text(encoding="utf-8"))
    weights = {name: item["values"] for name, item in document["published"].items()} | document["assumed"]
    prevalence = {
        name: Prevalence(item["base"], {tuple(str(codes).split()): n for codes, n in item["values"].items()})
        for name, item in document["prevalence"].items()
    }
    running = {name: (tuple(map(str, values)), tuple(accumulate(values.values()))) for name, values in weights.items()}
    return Shares(running, prevalence)


class Draw:
    """A hand that draws from the shares: the same seed, the same draws."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 a synthetic return has nothing to keep secret
        self.shares = load()

    def __call__(self, name: str, circumstance: str = "") -> str:
        """A choice of the share ``name``, or of ``name/circumstance`` where there is one; raises ``KeyError``."""
        weights = self.shares.weights
        choices, totals = weights.get(f"{name}/{circumstance}") or weights[name]
        return self.random.choices(choices, cum_weights=totals)[0]

    def chance(self, name: str, circumstance: str = "") -> bool:
        """Whether a share of yes and no came out as yes."""
        return self(name, circumstance) == "yes"

    def several(self, name: str, without: Sequence[str] = ()) -> list[str]:
        """Codes by their prevalence, each group drawn by itself; codes of ``without`` are left out."""
        given = self.shares.prevalence[name]
        drawn = [codes for codes, n in given.groups.items() if self.random.random() * given.base < n]
        picked = [self.random.choice(codes) if len(codes) > 1 else codes[0] for codes in drawn]
        return [code for code in picked if code not in without]

    def between(self, first: int, last: int) -> int:
        """A whole number from ``first`` to ``last``, both included."""
        return self.random.randint(first, last)

    def key(self, letter: str) -> str:
        """A pseudonym of the form that a keyed hash gives."""
        return f"{letter}_{self.random.getrandbits(80):020x}"


@cache
def iso(day: int) -> str:
    """An ordinal day as YYYY-MM-DD."""
    return date.fromordinal(day).isoformat()


def ordinal(text: str) -> int:
    """The ordinal day of a date written YYYY-MM-DD."""
    return date.fromisoformat(text).toordinal()


def month(day: int) -> str:
    """The month of an ordinal day as YYYY-MM."""
    return iso(day)[:7]


def years_before(day: int, years: int, days: int = 0) -> int:
    """The day ``years`` years of 365.25 days and ``days`` days before an ordinal day."""
    return (date.fromordinal(day) - timedelta(days=round(years * 365.25) + days)).toordinal()
