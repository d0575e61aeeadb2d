"""Disclosure control: of the tables of a run, what may be printed."""

from .protected import Figure, Protected, ProtectedTable, protect
from .suppress import Policy
from .tables import ALL, Cell, Parts, Several, Table, TablesError

__all__ = [
    "ALL",
    "Cell",
    "Figure",
    "Parts",
    "Policy",
    "Protected",
    "ProtectedTable",
    "Several",
    "Table",
    "TablesError",
    "protect",
]
