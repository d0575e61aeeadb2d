"""What can be wrong with a CIN census file before any rule looks at it. One class a fault, told as rules are."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import ClassVar

from rdac_validator.findings import Group, RuleInfo, Severity


class CensusFault:
    """A fault of a census file. Subclasses say what is wrong, why it matters and how to put it right."""

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    sources: ClassVar[tuple[str, ...]] = ("w3c-xml:1.0",)

    @classmethod
    def group(
        cls, file: str, message: str, lines: Iterable[int] = (), table: str = "", columns: tuple[str, ...] = ()
    ) -> Group:
        """Make the finding of this fault at some lines of the file; ``message`` never holds text of the file."""
        return Group(cls.code, cls.severity, table, file, columns, message, array("Q", lines))


class NotWellFormed(CensusFault):
    """The file stops being XML at this line.

    Why: after the first fault of form nothing in the file can be trusted, so nothing of it was checked.
    Fix: export the census file again; a file that was cut short usually ends in the middle of a child.
    """

    code = "RDAC050"


class HasDoctype(CensusFault):
    """The file declares a document type or an entity.

    Why: a census file needs neither, and both can be used to make a reader fetch or swell without end.
    Fix: remove the DOCTYPE line, or export the file again from the case system.
    """

    code = "RDAC051"
    sources = ("owasp-xxe:prevention",)


class NotACensus(CensusFault):
    """The file is XML but not a children in need census return.

    Why: the CIN census is one Message whose Header names the collection CIN; another return has other elements.
    Fix: choose the CIN census file; tables of the standard itself are read from CSV, Parquet or XLSX.
    """

    code = "RDAC052"
    sources = ("dfe-cin-elements:Message",)


class UnknownElement(CensusFault):
    """The file holds elements that no known census year has.

    Why: what they hold is not read. The names are not shown, since a slip of export can put data there.
    Fix: look at the lines; a new census year or a local extension of the case system is the usual reason.
    """

    code = "RDAC053"
    severity = Severity.WARNING
    sources = ("dfe-cin-elements:Message",)


class OutOfPlace(CensusFault):
    """A census element stands inside an element where it does not belong.

    Why: its place says which child, episode or assessment it belongs to, so it cannot be read anywhere else.
    Fix: correct the export so that the element stands in its own group.
    """

    code = "RDAC054"
    sources = ("dfe-cin-elements:Message",)


class RepeatedElement(CensusFault):
    """An element that may stand once in its group stands there again.

    Why: two values for one fact cannot both be right; the first was read and the others were not.
    Fix: keep the right one; factors, disabilities and reviews have groups in which they may be repeated.
    """

    code = "RDAC055"
    sources = ("dfe-cin-elements:Message",)


class StrayText(CensusFault):
    """Text stands between elements, where a census file has none.

    Why: it is not read, and it is often a value whose element was lost.
    Fix: look at the line; if the text is a value, put it into its element, otherwise remove it.
    """

    code = "RDAC056"
    severity = Severity.WARNING
    sources = ("dfe-cin-elements:ChildIdentifiers",)


class TooDeep(CensusFault):
    """Elements are nested deeper than any census file nests them.

    Why: a census file is a few levels deep; far deeper ones are damaged, or made to harm the reader.
    Fix: export the census file again.
    """

    code = "RDAC057"
    sources = ("owasp-xxe:prevention",)


class NoCensusDate(CensusFault):
    """The header does not say which census year the file is for.

    Why: code lists and the collection period depend on the year, so what depends on them was not checked.
    Fix: give the header a ReferenceDate, 31 March of the year in which the census year ends.
    """

    code = "RDAC058"
    sources = ("dfe-cin-elements:ReferenceDate",)


class WrongShape(CensusFault):
    """A cell is not a date, a whole number or a true/false value although its element asks for one.

    Why: it is treated as missing, so that rules on the same element can report a missing value beside this.
    Fix: write dates as 2025-03-31, flags as true or false, numbers as digits.
    """

    code = "RDAC059"
    sources = ("dfe-cin-elements:Message",)


class NoChild(CensusFault):
    """The census holds no child.

    Why: an empty file passes every check on children; as a return it says that nobody was in need.
    Fix: export the census again, and look at the selection that was made for it.
    """

    code = "RDAC060"
    sources = ("dfe-cin-elements:Children",)


FAULTS: tuple[type[CensusFault], ...] = (
    NotWellFormed,
    HasDoctype,
    NotACensus,
    UnknownElement,
    OutOfPlace,
    RepeatedElement,
    StrayText,
    TooDeep,
    NoCensusDate,
    WrongShape,
    NoChild,
)
LOOKED_FOR = tuple(RuleInfo.of(fault) for fault in FAULTS)
