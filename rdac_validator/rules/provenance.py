"""Where a crosswalked value came from: the record of it has to point at something that is there."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Rule
from rdac_validator.rules.vocabulary import any_of
from rdac_validator.tables import ROW, Tables


class ProvenanceOfNoColumn(Rule):
    """A provenance row names a table or a column that the standard does not have.

    Why: the origin of a value that cannot be found again proves nothing.
    Fix: write target_table and target_column as the standard names them; convert again with a current crosswalk.
    """

    code = "RDAC410"
    severity = Severity.ERROR
    table = "provenance"
    columns = ("target_table", "target_column")
    message = "target_table and target_column name no column of the standard"
    sources = ("rdac-2026:6.2",)
    requirements = ("R48",)
    good: tuple[Case, ...] = (
        {"provenance": [{"target_table": "person", "target_column": "disability"}]},
        {"provenance": [{"target_table": "", "target_column": "disability"}]},
    )
    bad: tuple[Case, ...] = (
        {"provenance": [{"target_table": "person", "target_column": "source_codes"}]},
        {"provenance": [{"target_table": "people", "target_column": "disability"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows that name both."""
        known = [f"{table.name}.{column}" for table in tables.standard.tables for column in table.names]
        named = nw.concat_str("target_table", "target_column", separator=".")
        return tables[self.table].select(ROW, named.is_in(known).alias(VALID))


class ProvenanceOfNoRow(Rule):
    """A provenance row names a row that the return does not have.

    Why: the origin of a value that is not there proves nothing, and the value that it was for may have none.
    Fix: keep provenance and tables of one conversion together; parts of a key are joined with a slash, in key order.
    """

    code = "RDAC411"
    severity = Severity.ERROR
    table = "provenance"
    columns = ("target_table", "target_key")
    message = "target_key names no row of target_table"
    sources = ("rdac-2026:6.2",)
    requirements = ("R48",)
    _person = {"person": [{"person_id": "p1"}]}
    _experience = {"child_experience": [{"child_id": "c1", "assessment_id": "a1"}]}
    good: tuple[Case, ...] = (
        _person | {"provenance": [{"target_table": "person", "target_key": "p1"}]},
        _experience | {"provenance": [{"target_table": "child_experience", "target_key": "c1/a1"}]},
        _person | {"provenance": [{"target_table": "episode", "target_key": "e1"}]},
        {"provenance": [{"target_table": "person", "target_key": "p1"}]},
    )
    bad: tuple[Case, ...] = (
        _person | {"provenance": [{"target_table": "person", "target_key": "p2"}]},
        _person | _experience | {"provenance": [{"target_table": "child_experience", "target_key": "p1"}]},
        _experience | {"provenance": [{"target_table": "child_experience", "target_key": "a1/c1"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows about tables that were read whole."""
        whole = [
            table
            for table in tables.standard.tables
            if table.key and tables.has(table.name, *table.key) and not tables.texts[table.name].damaged
        ]
        rows = tables[self.table].filter(nw.col("target_table").is_in([table.name for table in whole]))
        if not whole:
            return rows.select(ROW, nw.lit(value=True).alias(VALID))
        keys = [
            tables[table.name].select(
                nw.lit(table.name).alias("target_table"),
                nw.concat_str(*(nw.col(part).cast(nw.String) for part in table.key), separator="/").alias("target_key"),
                nw.lit(value=True).alias("there"),
            )
            for table in whole
        ]
        there = rows.join(nw.concat(keys).unique(), on=["target_table", "target_key"], how="left")
        return there.select(ROW, (~nw.col("there").is_null()).alias(VALID))


class SourceCodeOfAnotherField(Rule):
    """A provenance row names a source code that its source field cannot hold.

    Why: some codes stand in several lists of the census and mean different things there, 3A for one.
    Fix: name the field that the code was read from; convert again with a current crosswalk.
    """

    code = "RDAC412"
    severity = Severity.ERROR
    table = "provenance"
    columns = ("source_field", "source_code")
    message = "source_code is not a code of the list that source_field is filled from"
    sources = ("rdac-2026:6.2", "dfe-cin-elements:AssessmentFactors")
    requirements = ("R48",)
    good: tuple[Case, ...] = (
        {"provenance": [{"source_field": "AssessmentFactors", "source_code": "3A"}]},
        {"provenance": [{"source_field": "AssessmentFactors", "source_code": ""}]},
        {"provenance": [{"source_field": "CINreferralDate", "source_code": "3A"}]},
    )
    bad: tuple[Case, ...] = (
        {"provenance": [{"source_field": "AssessmentFactors", "source_code": "WBRI"}]},
        {"provenance": [{"source_field": "ReferralSource", "source_code": "19C"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with a code from a field of the census that has a code list."""
        standard = tables.standard
        listed = {
            column.name: standard.codes(column)
            for table in standard.source_tables
            for column in table.columns
            if column.lists
        }
        right = any_of(
            (nw.col("source_field") == name) & nw.col("source_code").is_in(codes) for name, codes in listed.items()
        )
        return tables[self.table].filter(nw.col("source_field").is_in(list(listed))).select(ROW, right.alias(VALID))
