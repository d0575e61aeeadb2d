"""An attack on disclosure control: an independent solver tries to work out every count that was hidden.

The attacker has what is printed and the rule, and nothing of ours: the unknowns are not cells but people, as many of
each possible kind as agree with every count, percentage and mean, with every mark, and with what the rule says of
marks. The solver is SCIP, in whole numbers; the protector's is HiGHS.

    python -m benchmarks.attack --returns 1000
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from time import perf_counter
from typing import Literal

from pyscipopt import Expr, Model, quicksum

from benchmarks.publications import AXES, FACTOR, FLAG, MOST, Case, Person, case, holds, variables
from rdac_validator.disclosure import ALL, Cell, Parts, Policy, Protected, Table, protect

Sense = Literal["minimize", "maximize"]
NODES = 2_000  # of SCIP's search, for one question: a limit by the clock would not give the same twice


class UndecidedError(Exception):
    """The solver came to the end of its nodes, and nothing is known of a count."""


class Attack:
    """Everything that agrees with what is printed, as a model; and the bounds that follow for any count."""

    def __init__(self, given: Case, printed: Protected, *, blind: bool = False) -> None:
        """With ``blind`` only from what is public anyhow."""
        self.given, self.printed = given, printed
        self.cells = {
            (table.cell(*at)): figure
            for table, shown in zip(given.tables, printed.tables, strict=True)
            for at, figure in shown.rows()
        }
        self.model = Model()
        self.model.hideOutput()
        # asked again and again, SCIP 10 can crash over symmetries of the model that it found before (return 168)
        self.model.setParam("misc/usesymmetry", 0)
        self.model.setParam("presolving/maxrounds", 0)
        names = {variable for cell in self.cells for variable, _ in cell.where}
        domains = {v: d for axis in AXES for v, d in variables(axis).items() if v in names}
        domains |= {"number": ("1", "2", "3")} if given.means else {}
        domains |= {"dva": ("yes", "no")} if "dva" in names else {}
        free = (dict(zip(domains, values, strict=True)) for values in product(*domains.values()))
        self.kinds: list[Person] = given.kinds or list(free)
        self.people = {
            (unit, place): self.model.addVar(vtype="I", lb=0, ub=MOST)
            for unit in sorted({cell.unit for cell in self.cells})
            for place in range(len(self.kinds))
        }
        self.sums = {cell: self._sum(cell) for cell in self.cells}
        self._know_units()
        self._know_episodes()
        for cell, number in given.known.items():
            self.model.addCons(self.sums[cell] == number)
        for cell, (fewest, most) in given.ranges.items():
            self.model.addCons(self.sums[cell] >= fewest)
            self.model.addCons(self.sums[cell] <= most)
        if not blind:
            self._know_counts()
            self._know_shares()
            self._know_means()
        self.worlds: list[dict[tuple[str, int], int]] = []

    def _sum(self, cell: Cell) -> Expr:
        total: Expr = quicksum(self.people[cell.unit, at] for at, kind in enumerate(self.kinds) if holds(kind, cell))
        return total

    def _know_counts(self) -> None:
        for cell, figure in self.cells.items():
            if figure.value is not None:
                self.model.addCons(self.sums[cell] == int(figure.value))
            elif self.given.policy.least and not any(self.cells[base].value is None for base in self.bases(cell)):
                self.model.addCons(self.sums[cell] >= 1)

    def _know_shares(self) -> None:
        for cell in self.cells:
            for base in self.bases(cell):
                share = self.printed.share(cell, base).value
                if share is not None:
                    tenths = round(share * 10)
                    self.model.addCons(2000 * self.sums[cell] >= (2 * tenths - 1) * self.sums[base])
                    self.model.addCons(2000 * self.sums[cell] <= (2 * tenths + 1) * self.sums[base])

    def _know_units(self) -> None:
        for bound in self.given.at_most:
            # what is known by a number is a range, and holds whatever the data are
            if not bound.beside and set(bound.more) <= self.sums.keys():
                fewer = quicksum(self.sums[cell] for cell in bound.fewer if cell in self.sums)
                self.model.addCons(fewer <= quicksum(self.sums[cell] for cell in bound.more))

    def _know_episodes(self) -> None:
        """What is in an episode is in an assessment of it; what is in none of a flagged one is not in a flagged one."""
        units = {"episode", "assessment"}
        if units <= {cell.unit for cell in self.cells}:
            abuse = ("dva", "yes")
            for unit in units:
                coded = [at for at, kind in enumerate(self.kinds) if kind[FLAG] == "yes" and kind["dva"] == "no"]
                self.model.addCons(quicksum(self.people[unit, at] for at in coded) == 0)
            held = [{abuse}, *({(factor, "yes")} for factor in variables(FACTOR))]
            lacked = [set(), {("dva", "no")}, *({abuse, (factor, "no")} for factor in variables(FACTOR))]
            for where in (*held, *lacked):
                episodes, assessments = (self._sum(Cell(unit, frozenset(where))) for unit in ("episode", "assessment"))
                self.model.addCons(episodes <= assessments)

    def _know_means(self) -> None:
        for cell, mean in self.given.means.items():
            figure = self.printed.mean(mean, cell, "number")
            if figure.value is not None:
                counted = [at for at, kind in enumerate(self.kinds) if holds(kind, cell)]
                total = quicksum(int(self.kinds[at]["number"]) * self.people[cell.unit, at] for at in counted)
                tenths = round(figure.value * 10)
                self.model.addCons(20 * total >= (2 * tenths - 1) * self.sums[cell])
                self.model.addCons(20 * total <= (2 * tenths + 1) * self.sums[cell])

    def bases(self, cell: Cell) -> list[Cell]:
        """The printed cells of which this is a part by one step: a margin, a group, the same in a wider base."""
        return self._bases[cell]

    @property
    def _bases(self) -> dict[Cell, list[Cell]]:
        if not hasattr(self, "_found"):
            self._found: dict[Cell, list[Cell]] = {cell: [] for cell in self.cells}
            for table in self.given.tables:
                for at in table.coordinates():
                    cell = table.cell(*at)
                    steps = [*self._margins(table, at), *self._wider(table, cell)]
                    self._found[cell] += [base for base in steps if base != cell and base in self.cells]
        return self._found

    def _margins(self, table: Table, at: tuple[str | None, ...]) -> Iterator[Cell]:
        for place, axis in enumerate(table.by):
            if at[place] is not ALL:
                groups = axis.groups.items() if isinstance(axis, Parts) else ()
                above = next((name for name, members in groups if at[place] in members), ALL)
                yield table.cell(*at[:place], above, *at[place + 1 :])

    def _wider(self, table: Table, cell: Cell) -> Iterator[Cell]:
        found: list[set[tuple[str, str]]] = []
        for size in range(1, len(table.given) + 1):
            for drop in combinations(table.given.items(), size):
                base = Cell(cell.unit, cell.where - set(drop))
                if base in self.cells and not any(less < set(drop) for less in found):
                    found.append(set(drop))
                    yield base

    def ends(self, *cells: Cell, low: int, high: int) -> tuple[int, int]:
        """The lowest and highest that a count, or the difference of two, can be; as far as ``low`` and ``high``.

        Raises :class:`UndecidedError` where neither data that reach an end nor a proof that there are none are found.
        """
        return self._end(cells, "minimize", low), self._end(cells, "maximize", high)

    def spread(self, *cells: Cell, least: int = -1) -> tuple[int, int]:
        """Two numbers that a count, or the difference of two, can be: wide enough apart, or else the true ends.

        The higher is not below ``least``, unless it is the end. Raises :class:`UndecidedError` like :meth:`ends`.
        """
        width = self.given.policy.width
        low = min((self._in(world, cells) for world in self.worlds), default=MOST)
        high = self._end(cells, "maximize", max(low + width, least))
        return (low if high - low >= width else self._end(cells, "minimize", high - width)), high

    def _end(self, cells: tuple[Cell, ...], sense: Sense, goal: int) -> int:
        """The extreme of a count in data that agree with all that is printed, as far as the goal."""
        best = min if sense == "minimize" else max
        seen = [self._in(world, cells) for world in self.worlds]
        if seen and best(*seen, goal) == best(seen):
            return best(seen)
        for search, nodes in ((self._extreme, NODES), (self._witness, NODES), (self._extreme, 20 * NODES)):
            if search(cells, sense, goal, nodes):
                return best(self._in(world, cells) for world in self.worlds)
        raise UndecidedError

    def _in(self, world: dict[tuple[str, int], int], cells: tuple[Cell, ...]) -> int:
        counts = [sum(n for (u, at), n in world.items() if u == c.unit and holds(self.kinds[at], c)) for c in cells]
        return counts[0] - sum(counts[1:])

    def _extreme(self, cells: tuple[Cell, ...], sense: Sense, goal: int, nodes: int) -> bool:
        """Look for the extreme itself, and stop at the goal; whether the one or the other was found."""
        self.model.setObjective(self._counted(cells), sense)
        self.model.setParam("limits/primal", goal)
        status = self._solve(nodes)
        self.model.resetParam("limits/primal")
        return status in {"optimal", "primallimit"}

    def _witness(self, cells: tuple[Cell, ...], sense: Sense, goal: int, nodes: int) -> bool:
        """Look for any data that reach the goal; only finding them decides, for short of it the end is not known."""
        counted = self._counted(cells)
        self.model.setObjective(Expr())
        wanted = self.model.addCons(counted <= goal if sense == "minimize" else counted >= goal)
        status = self._solve(nodes)
        self.model.delCons(wanted)
        return status == "optimal"

    def _counted(self, cells: tuple[Cell, ...]) -> Expr:
        counted: Expr = self.sums[cells[0]] - quicksum(self.sums[cell] for cell in cells[1:])
        return counted

    def _solve(self, nodes: int) -> str:
        """Ask SCIP for so many nodes of its search, which are the same every time; the best data found are kept."""
        self.model.setParam("limits/totalnodes", nodes)
        self.model.optimize()
        status: str = self.model.getStatus()
        if status not in {"optimal", "primallimit", "infeasible", "totalnodelimit"}:
            raise AssertionError(f"the attack could not be solved: {status}")
        if self.model.getNSols():
            world = {key: round(self.model.getVal(people)) for key, people in self.people.items()}
            self.worlds.append({key: people for key, people in world.items() if people})
        self.model.freeTransform()
        return status


@dataclass
class Tally:
    """What an attack found: how many counts were hidden, which could be worked out too closely, which are undecided."""

    cells: int = 0
    hidden: int = 0
    small: int = 0
    differences: int = 0
    broken: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)


def attack(given: Case, tally: Tally, name: str) -> None:
    """Protect a publication, then try to work out all that is hidden, and every difference of two printed counts."""
    printed = protect(given.tables, given.policy, given.at_most, given.known)
    attacker, policy = Attack(given, printed), given.policy
    truth = {t.cell(*at): v for t in given.tables for at, v in true_counts(t).items()}
    hidden = sorted(printed.hidden, key=lambda c: (c.unit, sorted(c.where)))
    pairs = [(w, p) for w, p in product(truth, truth) if w.unit == p.unit and w.where < p.where]
    if given.known:
        # of two steps at once one may be public
        pairs = [(whole, part) for whole, part in pairs if len(part.where) == len(whole.where) + 1]
    differences = [(whole, part) for whole, part in pairs if policy.small(truth[whole] - truth[part])]
    tally.cells += len(truth)
    tally.hidden += len(hidden)
    tally.small += sum(policy.small(truth[cell]) for cell in hidden)
    tally.differences += len(differences)
    for cells in (*((cell,) for cell in hidden), *differences):
        count = truth[cells[0]] - sum(truth[cell] for cell in cells[1:])
        try:
            told = _told(attacker, policy, cells, count)
            # what is public anyhow cannot be hidden
            if told and not _told(Attack(given, printed, blind=True), policy, cells, count):
                tally.broken.append(f"{name} {told} {cells}")
        except UndecidedError:
            tally.undecided.append(f"{name} {cells}")


def _told(attacker: Attack, policy: Policy, cells: tuple[Cell, ...], count: int) -> str:
    """The bounds of a hidden count or of a difference of two counts, if they are closer than promised."""
    if len(cells) == 1 and policy.small(count):
        low, high = attacker.ends(*cells, low=policy.least, high=policy.threshold)
        close = low > policy.least or high < policy.threshold
    else:
        low, high = attacker.spread(*cells, least=policy.threshold if len(cells) > 1 else -1)
        close = high - low < policy.width or (len(cells) > 1 and high < policy.threshold)
    return f"{low}..{high}" if close else ""


def true_counts(table: Table) -> dict[tuple[str | None, ...], int]:
    """The true count of everything that a table prints."""
    from rdac_validator.disclosure.cells import Cells

    cells = Cells([table])
    return {at: cells.value[cells.number[table.cell(*at)]] for at in table.coordinates()}


def main() -> None:
    """Attack as many publications as asked for, and say what was found, so far and in all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returns", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    whole, start = Tally(), perf_counter()
    for seed in range(asked.seed, asked.seed + asked.returns):
        attack(case(seed), whole, str(seed))
        if (seed + 1) % 50 == 0:
            print(f"{asked.seed}..{seed} in {perf_counter() - start:.0f} s: {whole}", flush=True)  # noqa: T201
    print(f"{asked.returns} returns in {perf_counter() - start:.0f} s: {whole}")  # noqa: T201


if __name__ == "__main__":
    main()
