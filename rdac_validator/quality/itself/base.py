"""What a metric of the report itself is: a class like any metric, that gives tables instead of questions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from rdac_validator.disclosure import ProtectedTable
from rdac_validator.metrics import Described
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.measuring import Quality
from rdac_validator.quality.plain import capital
from rdac_validator.standard import Standard

SECTION = "itself"


class OfTheReport(Described, abstract=True):
    """A metric that is worked out of printed figures and marks, the standard and the crosswalks, and counts nobody."""

    @abstractmethod
    def tables(self, quality: Quality, standard: Standard) -> Iterator[Derived]:
        """The tables of the metric."""

    def table(  # noqa: PLR0913 one for each thing that a table says
        self,
        quality: Quality,
        name: str,
        title: str,
        columns: tuple[str, ...],
        rows: tuple[tuple[Entry, ...], ...],
        *,
        unit: str,
        base: str,
        exclusions: str,
        read: str = "",
    ) -> Derived:
        """A table of this metric; how to read it is what the metric says where nothing else is said."""
        said = read or self.info().read
        period = "; ".join(period.name for period in quality.periods)
        notes = {"Unit": unit, "Base": base, "Period": period, "Exclusions": exclusions, "Metric": self.code}
        return Derived(name, title, SECTION, capital(said), self.sources, columns, rows, notes)


def printed(quality: Quality) -> dict[tuple[str, str], ProtectedTable]:
    """Every table as it is printed, by period and by the name of its question."""
    return {(asked.period.name, asked.name): table for asked, table in quality.tables()}
