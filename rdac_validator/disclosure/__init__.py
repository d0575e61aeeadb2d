"""Disclosure control: of the tables of a run, what may be printed.

Declare every table of the run, of all years and subgroups, and give them all to :func:`protect` at once. What comes
back holds no true count of anything that is hidden, so whatever is printed, drawn or written from it is safe:

>>> sex = Parts("sex", ("female", "male", "unknown"))
>>> factor = Several("factor", ("3A", "3B"))
>>> year = {"year": "2024"}
>>> tables = [
...     Table("sex", "assessment", (sex,), {("female",): 60, ("male",): 37, ("unknown",): 3}, year),
...     Table("factors", "assessment", (factor,), {(ALL,): 100, ("3A",): 41, ("3B",): 98}, year),
... ]
>>> protected = protect(tables, Policy(threshold=5))
>>> for coordinates, figure in protected.table("sex").rows():
...     print(coordinates, figure)
(None,) 100
('female',) 60
('male',) c
('unknown',) c
>>> everyone, female = tables[0].cell(ALL), tables[0].cell("female")
>>> str(protected.share(female, everyone)), str(protected.mean(7.31, female, "age"))
('60.0', '7.3')

98 of 100 have factor 3B: so two have not, and it is hidden.

>>> str(protected.table("factors")["3B",])
'c'

What must be told for that to hold:

- **Every table of the run**, and the base of every percentage and mean as a cell of some table. A count printed past
  this room undoes it.
- **The same thing by the same name.** Cells are linked because their conditions are equal: one name for a variable, one
  for a category, the same bands everywhere; bands that overlap are linked only through finer categories.
- **Every unknown as a category** of its :class:`Parts`, so that parts sum to the base; questions with several answers
  as :class:`Several`, and whether everybody in the base has one.
- **What else everybody knows** through ``at_most``: of which there are no more than of which, as of two units of one
  return, or of answers and of how many there are.
- **What is public anyhow** through ``known``: counts that somebody else has published, by cell.
- **Means** through :meth:`Protected.mean`, **coefficients** through :meth:`Protected.release`; counts that a model
  implies (class size times probability) as a table like any other, rounded to whole numbers.

What is assumed of an attacker, and what is not protected, is in ``docs/disclosure-control.md``.
"""

from .policy import Policy
from .protected import HIDDEN, NOT_APPLICABLE, Figure, Protected, ProtectedTable, protect
from .tables import ALL, AtMost, Axis, Cell, Parts, Several, Table, TablesError, each

__all__ = [
    "ALL",
    "HIDDEN",
    "NOT_APPLICABLE",
    "AtMost",
    "Axis",
    "Cell",
    "Figure",
    "Parts",
    "Policy",
    "Protected",
    "ProtectedTable",
    "Several",
    "Table",
    "TablesError",
    "each",
    "protect",
]
