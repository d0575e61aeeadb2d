"""What can be wrong in an export that is mapped, said in the form of a rule. Codes RDAC420 to RDAC429.

Columns of the export are named as the mapping file names them; a code of the export is never quoted.
"""

from __future__ import annotations

from rdac_validator.findings import RuleInfo, Severity
from rdac_validator.formats.faults import Fault


class UnknownCode(Fault):
    """A column of the export holds a code that the mapping does not know.

    Why: the cell is left blank, and in a list the code is left out, because nobody has said what it means.
    Fix: see the codes with rdac map check --show-values, and say in the mapping what each stands for.
    """

    code = "RDAC420"
    sources = ("rdac-2026:6.2",)
    message = (
        "`{column}` of the export holds {codes} that the mapping does not know{hint}; nothing was written for them"
    )


class NotADay(Fault):
    """Cells of the export are no days in the format that the mapping states.

    Why: days that are read in the wrong format come out wrong or not at all; the cells are left blank.
    Fix: state the format that the export uses: %d/%m/%Y is 31/01/2024, %m/%d/%Y is 01/31/2024.
    """

    code = "RDAC421"
    sources = ("data-package-2:field-types",)
    message = "`{column}` of the export: cells that are no day in the format {format}{hint}; they were left blank"


class AnyDay(Fault):
    """Nothing in a column of days tells day from month.

    Why: every cell is a day in the stated format and with day and month swapped as well; one of the two is wrong.
    Fix: make sure, from a case whose days are known, that the mapping states the right format.
    """

    code = "RDAC422"
    severity = Severity.QUERY
    sources = ("data-package-2:field-types",)
    message = "`{column}` of the export: all {cells} cells can be read as {format} and as {other}; is the format right?"


class NotANumber(Fault):
    """A cell of the export is no whole number.

    Why: the mapping says that the column holds numbers; the cell is left blank.
    Fix: say in the mapping what the text stands for, as a local code under missing, or correct the export.
    """

    code = "RDAC423"
    sources = ("rdac-2026:6.2",)
    message = "`{column}` of the export: cells that are no whole number; they were left blank"


class KeyAgain(Fault):
    """Rows of the export give a key that another row has given.

    Why: a key names one row; which of the two is meant, nobody can tell.
    Fix: correct the export; if the rows tell the same thing again, say once: true in the mapping.
    """

    code = "RDAC424"
    sources = ("rdac-2026:app-1",)
    message = "rows of the export that give the key ({key}) of another row; they were written, and the key stands twice"


LOOKED_FOR = tuple(RuleInfo.of(fault) for fault in (UnknownCode, NotADay, AnyDay, NotANumber, KeyAgain))
