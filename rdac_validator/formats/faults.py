"""Faults of reading: one class a fault, said in the form of a rule. Codes RDAC001 to RDAC039.

Header texts and file names may be personal data (a file without a header row; a file named after a family), so a
message names them by position, and quotes only words of the standard or numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import ClassVar

from rdac_validator.findings import Group, RuleError, RuleInfo, Severity

DOCUMENTS = ("json", "yaml")
TEXTS = ("csv", *DOCUMENTS)


class Fault:
    """A fault that keeps a file, or a part of it, from being read as it should.

    Subclasses state ``code``, ``severity``, ``sources`` and ``message``, a template filled by :meth:`at`; ``only``
    names the formats in which the fault can stand, if not in all. The docstring reads as that of a rule. None of them
    answers an R-number of the requirements: those speak of what was read.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    sources: ClassVar[tuple[str, ...]]
    requirements: ClassVar[tuple[str, ...]] = ()
    message: ClassVar[str]
    only: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        unsaid = [name for name in ("code", "sources", "message") if not getattr(cls, name, None)]
        if unsaid:
            raise RuleError(f"{cls.__name__} leaves unsaid: {', '.join(unsaid)}")
        RuleInfo.of(cls)

    @classmethod
    def at(
        cls, table: str, file: str, rows: Iterable[int] = (), columns: tuple[str, ...] = (), **facts: str | int
    ) -> Group:
        """The group of findings for one table and file; ``facts`` fill the message and must hold no cell value."""
        message = cls.message.format(**facts)
        return Group(cls.code, cls.severity, table, file, columns, message, array("Q", rows))


class UnreadableFile(Fault):
    """A file cannot be opened as the kind of file that its name says.

    Why: nothing in it was checked.
    Fix: open it in the program that made it and export it again; a workbook must be saved without a password.
    """

    code = "RDAC001"
    sources = ("data-package-2:resource",)
    message = "the file cannot be opened as {kind}: it is damaged, protected by a password, or of another kind"


class UnknownFile(Fault):
    """A file or sheet has the name of no table of the standard.

    Why: it was not read, so nothing in it was checked.
    Fix: name each file or sheet after its table, for example person.csv; take what is no part of the return away.
    """

    code = "RDAC002"
    severity = Severity.WARNING
    sources = ("data-package-2:resource",)
    message = "{what} has the name of no table and was not read{hint}"


class MisspeltTable(Fault):
    """A file or sheet is named almost like a table that the return does not have.

    Why: it was not read, and the table that it probably is was taken for absent, so the rest may look clean without it.
    Fix: rename the file or sheet to the table's name, or take it away if it is no part of the return.
    """

    code = "RDAC024"
    sources = ("data-package-2:resource",)
    message = "{what} was not read: its name is close to that of a table that is absent{hint}"


class FilesInSubfolders(Fault):
    """Files of the kinds that tables have lie in folders inside the folder, where they are not read.

    Why: nothing in them was checked; a second copy of a table there would go unseen.
    Fix: give the folder that holds the tables themselves, and take other folders out of it.
    """

    code = "RDAC025"
    severity = Severity.WARNING
    sources = ("data-package-2:resource",)
    message = "{number} CSV or Parquet files lie in folders inside the folder and were not read"


class TableTwice(Fault):
    """A table of the return is there more than once.

    Why: nobody can tell which of them is meant; only the first was read.
    Fix: keep one file or sheet a table.
    """

    code = "RDAC003"
    sources = ("data-package-2:resource",)
    message = "{what} holds a table that is there already; only the first was read: keep one"


class NameSpelling(Fault):
    """A file or sheet name differs from its table's name by case, spaces or hyphens.

    Why: other tools will not find the table under that name.
    Fix: rename it as the message says.
    """

    code = "RDAC004"
    severity = Severity.WARNING
    sources = ("data-package-2:resource",)
    message = "{what} was read as `{table_read}`: name it exactly so"


class LinkOutside(Fault):
    """A file of the folder is a link to a place outside the folder.

    Why: following it would read a file that was never part of the return.
    Fix: put the file itself into the folder.
    """

    code = "RDAC005"
    sources = ("cwe:59",)
    message = "{what} is a link that leads out of the folder and was not followed: put the file itself there"


class PathOutside(Fault):
    """A zip archive holds a file whose path is absolute or climbs out of the archive.

    Why: such an archive was damaged or made to do harm.
    Fix: make the archive again from the folder of the return.
    """

    code = "RDAC006"
    only = ("zip",)
    sources = ("cwe:22",)
    message = "{what} has a path that is absolute or holds '..' and was not read: make the archive again"


class NestedArchive(Fault):
    """A zip archive holds another zip archive.

    Why: archives inside archives are not opened, so what is in them was not checked.
    Fix: put the files of the return into one archive.
    """

    code = "RDAC007"
    only = ("zip",)
    sources = ("cwe:409",)
    message = "{what} is an archive inside the archive and was not opened: put its files into the outer one"


class EncryptedMember(Fault):
    """A file in a zip archive is protected by a password.

    Why: it could not be read, so nothing in it was checked.
    Fix: make the archive without a password, and protect it on its way by other means.
    """

    code = "RDAC008"
    only = ("zip",)
    sources = ("data-package-2:resource",)
    message = "{what} is protected by a password and was not read: make the archive without one"


class ArchiveTooLarge(Fault):
    """The files in an archive or workbook are together larger than is allowed in memory.

    Why: an archive is read in memory, and one that unpacks to more than the limit would exhaust it.
    Fix: unpack the archive and give the folder; save a workbook as CSV files.
    """

    code = "RDAC009"
    sources = ("cwe:409",)
    message = "unpacked, it holds more than {limit} MB and was not read: unpack it and give the folder"


class SuspiciousRatio(Fault):
    """A file in an archive or workbook unpacks to far more than records compress to.

    Why: real records do not shrink that much; a file made to exhaust memory does.
    Fix: if the file is real, unpack the archive and give the folder.
    """

    code = "RDAC010"
    only = ("zip",)
    sources = ("cwe:409",)
    message = "{what} unpacks to more than {ratio} times its size and was not read: unpack it and give the folder"


class OtherFormat(Fault):
    """A file is named after a table but is neither CSV nor Parquet.

    Why: it was not read, so nothing in it was checked.
    Fix: export it as CSV or Parquet; give a workbook by itself, not inside a folder.
    """

    code = "RDAC023"
    severity = Severity.WARNING
    sources = ("data-package-2:resource",)
    message = "{what} is named after a table but is neither CSV nor Parquet; not read: export it as one of them"


class OtherEncoding(Fault):
    """A text file is not encoded in UTF-8.

    Why: it was read by a guess at its encoding, and a wrong guess puts wrong letters into names and notes.
    Fix: export as UTF-8. In Excel: choose "CSV UTF-8 (Comma delimited)" when saving.
    """

    code = "RDAC011"
    only = TEXTS
    severity = Severity.WARNING
    sources = ("rfc-3629:3",)
    message = "the file was read as {encoding}: export it as UTF-8"


class UndecodableText(Fault):
    """A text file is neither UTF-8 nor Windows-1252 nor UTF-16.

    Why: its letters cannot be told, so the file was not read.
    Fix: export it again as UTF-8. In Excel: choose "CSV UTF-8 (Comma delimited)" when saving.
    """

    code = "RDAC012"
    only = TEXTS
    sources = ("rfc-3629:3",)
    message = "from this line on the bytes are no text in UTF-8, Windows-1252 or UTF-16; not read: export it as UTF-8"


class NulBytes(Fault):
    """A text file holds NUL bytes.

    Why: text has none, so the file was damaged or is no text at all; it was not read.
    Fix: export the file again.
    """

    code = "RDAC013"
    only = TEXTS
    sources = ("rfc-4180:2",)
    message = "NUL bytes from this line on: the file is damaged or no text, and was not read: export it again"


class EmptyFile(Fault):
    """A file or sheet is empty: it has not even a header.

    Why: an empty table has a header and no rows; a file with nothing at all is more likely a failed export.
    Fix: export the file again, or take it away. In CSV: `rdac template` writes the headers.
    """

    code = "RDAC014"
    sources = ("rfc-4180:2",)
    message = "there is nothing in it: export it again or take it away"


class NoHeader(Fault):
    """The first line names no column of the table.

    Why: without a header nobody can tell what the cells mean, so the table was not read.
    Fix: put the column names of the standard into the first line; `rdac template` writes them.
    """

    code = "RDAC015"
    sources = ("rfc-4180:2", "data-package-2:table-schema")
    message = "the header names no column of `{table_read}`, or far too many; not read: put its columns there"


class WrongDelimiter(Fault):
    """The cells of a CSV file are not parted by commas.

    Why: other tools will read each line as one cell; it was read on so that the rest could be checked.
    Fix: export with commas; in Excel on a machine with a decimal comma set the list
    separator to a comma first.
    """

    code = "RDAC016"
    only = ("csv",)
    sources = ("rfc-4180:2",)
    message = "cells are parted by a {delimiter}: export the file with commas"


class HeaderSpelling(Fault):
    """A column's header differs from its name by case, spaces or hyphens.

    Why: other tools will not find the column under that name.
    Fix: write the name as the message gives it.
    """

    code = "RDAC017"
    severity = Severity.WARNING
    sources = ("data-package-2:table-schema",)
    message = "column {position} has stray spaces, hyphens or another case; did you mean `{name}`? It was read so"


class DoubledColumn(Fault):
    """A column is there more than once.

    Why: nobody can tell which of them is meant; the first was read.
    Fix: keep one of them.
    """

    code = "RDAC018"
    sources = ("data-package-2:table-schema",)
    message = "columns {first} and {position} are both `{name}`; the first was read: keep one of them"


class UnknownColumn(Fault):
    """A column is not part of the table.

    Why: its cells mean nothing to the standard, and columns that were not asked for are how identifiers travel.
    Fix: take the column away, or give it the name that the message proposes.
    """

    code = "RDAC019"
    severity = Severity.WARNING
    sources = ("data-package-2:table-schema",)
    message = "column {position} is not a column of `{table_read}`{hint}"


class RaggedRow(Fault):
    """A row has more or fewer cells than the header.

    Why: its cells cannot be told apart, so the row was left out and nothing in it was checked.
    Fix: put cells that hold a comma or a line break between quotation marks, and write every cell, blank ones too.
    """

    code = "RDAC020"
    only = ("csv",)
    sources = ("rfc-4180:2",)
    message = "the row has {how} cells than the header, which has {width}; left out: {fix}"


class BlankLine(Fault):
    """A line inside a file is blank.

    Why: it holds no record; blank lines often show that rows were deleted or that two exports were joined.
    Fix: delete the line.
    """

    code = "RDAC021"
    only = ("csv",)
    severity = Severity.WARNING
    sources = ("rfc-4180:2",)
    message = "the line is blank and was left out: delete it"


class BrokenQuote(Fault):
    """A quotation mark is not closed, is followed by text, or a line is broken in an unquoted cell.

    Why: nobody can tell where the cell ends, so the line was left out and nothing in it was checked.
    Fix: close the quotation mark; write one inside a cell twice; end lines with a line feed.
    """

    code = "RDAC022"
    only = ("csv",)
    sources = ("rfc-4180:2",)
    message = "a quotation mark is not closed or stands where none may, or a line breaks off; the line was left out"


class NumberInTextColumn(Fault):
    """A text or code column of a workbook holds numbers.

    Why: Excel drops leading zeros and the last digits of long numbers when it takes text for a number.
    Fix: format the column as text before the data goes in, and export it again; or use CSV.
    """

    code = "RDAC030"
    only = ("xlsx",)
    severity = Severity.WARNING
    sources = ("ecma-376-1:18.18.11",)
    message = "`{name}` holds a number where text belongs; Excel may have eaten leading zeros: format it as text"


class ErrorCell(Fault):
    """A cell of a workbook holds an Excel error such as #N/A.

    Why: the formula behind it failed, so the value is not known; the cell was read as blank.
    Fix: mend the formula, or write the value or a missing reason.
    """

    code = "RDAC031"
    only = ("xlsx",)
    sources = ("ecma-376-1:18.18.11",)
    message = "column {position} holds an Excel error and was read as blank: write a value or a missing reason"


class FloatColumn(Fault):
    """A Parquet column of whole numbers is stored as floating point.

    Why: floating point does not hold long numbers exactly; whole ones were read as integers.
    Fix: write the column as an integer type; in pandas use "Int64", which can hold blanks.
    """

    code = "RDAC032"
    only = ("parquet",)
    severity = Severity.WARNING
    sources = ("parquet-format:types",)
    message = "`{name}` is stored as floating point where whole numbers belong: write it as an integer type"


class UnreadableColumn(Fault):
    """A Parquet column has a type that has no text form in the standard.

    Why: its cells could not be read, so nothing in them was checked.
    Fix: write the column as text, date, boolean, integer or a list of text.
    """

    code = "RDAC033"
    only = ("parquet",)
    sources = ("parquet-format:types",)
    message = "column {position} has a type that cannot be read; left out: write text, date, boolean, integer or list"


class NotADocument(Fault):
    """A file is not JSON or not YAML, as its name says.

    Why: after the first fault of form nothing in the file can be trusted, so nothing in it was checked.
    Fix: write the file with a JSON or YAML library, not by hand; a file that was cut short breaks off at its end.
    """

    code = "RDAC034"
    only = DOCUMENTS
    sources = ("rfc-8259:2", "yaml-1:text")
    message = "line {line}: from here on this is not {kind}; nothing was read"


class BeyondLimits(Fault):
    """A document is larger or deeper than is read, or uses what is never read: YAML anchors, tags and directives.

    Why: a few lines of aliases, or brackets without end, can fill the memory of a reader; nothing was checked.
    Fix: write every value out; send a large return as CSV or Parquet.
    """

    code = "RDAC035"
    only = DOCUMENTS
    sources = ("cwe:409", "rfc-8259:9")
    message = "{what}; nothing was read: {fix}"


class NotOurShape(Fault):
    """A document, a table in it or a record has another shape than a return.

    Why: a return is an object with a list of records for each table; what is not so was left out and not checked.
    Fix: put the records of a table into a list, even if there is one, and write each as an object of single values.
    """

    code = "RDAC036"
    only = DOCUMENTS
    sources = ("json-schema:core",)
    message = "{what} is {found} and was left out: {fix}"


class RepeatedProperty(Fault):
    """A property stands twice in one record.

    Why: nobody can tell which of the two values is meant; the first was read, where most programs take the last.
    Fix: keep the one that is right.
    """

    code = "RDAC037"
    only = DOCUMENTS
    sources = ("rfc-8259:4",)
    message = "{what} stands more than once in the record; the first was read: keep one"


class DoubtfulWord(Fault):
    """A cell of a YAML document is a bare word that some programs read as a yes, a no or a number.

    Why: here `no` is read as the code no, but a program that follows YAML 1.1 hands on false, and 010 becomes 8.
    Fix: put the word between quotation marks.
    """

    code = "RDAC038"
    severity = Severity.WARNING
    only = ("yaml",)
    sources = ("yaml-1:10.3.2",)
    message = (
        "`{name}` holds a bare word that other programs read otherwise; it was read as text: put it in quotation marks"
    )


FAULTS = tuple(Fault.__subclasses__())
LOOKED_FOR = tuple(RuleInfo.of(fault) for fault in FAULTS)


def looked_for(formats: Iterable[str], found: Iterable[str]) -> tuple[RuleInfo, ...]:
    """The faults that a reader of files in some formats looks for, and those that were found in files of no table."""
    known = set(formats)
    codes = {fault.code for fault in FAULTS if not fault.only or known.intersection(fault.only)} | set(found)
    return tuple(info for info in LOOKED_FOR if info.code in codes)
