"""The standard as SQL that SQLite and PostgreSQL both take.

A coded column that is not a plain code has a companion ``…_missing`` for its missing reason, so that a number stays a
number and a reference a reference. A column with several choices is a table of its own. Patterns are left to the
validator: no form of them is common to both databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rdac_validator.generate.model import Model
from rdac_validator.standard import Column, Standard, Table

PATH = "schema/generated/sql/rdac.sql"
TYPES = {"date": "DATE", "integer": "INTEGER", "year": "INTEGER", "boolean": "BOOLEAN"}


def texts(model: Model) -> Mapping[str, str]:
    """Give the one script that makes every table of a return."""
    standard = model.standard
    head = (
        f"-- {model.document['title']}, version {standard.version}. Generated from schema/rdac.yaml by rdac generate.\n"
    )
    tables = "\n".join(_create(name, lines) for table in in_order(standard) for name, lines in _tables(table, standard))
    return {PATH: f"{head}\n{tables}"}


def in_order(standard: Standard) -> list[Table]:
    """Order the tables so that each stands after those that it refers to."""
    done: dict[str, Table] = {}
    waiting = list(standard.tables)
    while waiting:
        ready = [table for table in waiting if _targets(table) <= done.keys() | {table.name}]
        done |= {table.name: table for table in ready}
        waiting = [table for table in waiting if table.name not in done]
    return list(done.values())


def _targets(table: Table) -> set[str]:
    return {column.references for column in table.columns if column.references}


def _tables(table: Table, standard: Standard) -> Iterator[tuple[str, list[str]]]:
    columns = [line for column in table.columns for line in _column(column, standard)]
    keys = [f"PRIMARY KEY ({_names(table.key)})"] if table.key else []
    yield table.name, [*columns, *keys]
    for column in table.columns:
        if column.multiple:
            yield f"{table.name}_{column.name}", _choices(table, column, standard)


def _column(column: Column, standard: Standard) -> Iterator[str]:
    """Write the lines of one column: its own unless it has a table of its own, and that of its missing reason."""
    plain_code = column.type == "code" and not column.multiple
    reasons = standard.missing_reasons
    if not column.multiple:
        codes = (*standard.codes(column), *(reasons if column.coded else ())) if plain_code else ()
        yield _line(column, codes, standard)
    if column.coded and not plain_code:
        name = _name(f"{column.name}_missing")
        single = "" if column.multiple else f" AND ({name} IS NULL OR {_name(column.name)} IS NULL)"
        yield f"{name} TEXT CHECK ({_in(name, reasons)}{single})"


def _line(column: Column, codes: tuple[str, ...], standard: Standard) -> str:
    name = _name(column.name)
    parts = [name, TYPES.get(column.type, "TEXT")]
    if column.required and not column.coded:
        parts.append("NOT NULL")
    if column.references:
        parts.append(f"REFERENCES {_target(column, standard)}")
    checks = [_in(name, codes)] if codes else []
    checks += [f"{name} >= {column.minimum}"] if column.minimum is not None else []
    checks += [f"{name} <= {column.maximum}"] if column.maximum is not None else []
    if checks:
        parts.append(f"CHECK ({' AND '.join(checks)})")
    return " ".join(parts)


def _choices(table: Table, column: Column, standard: Standard) -> list[str]:
    """Write the table that holds the choices of one column: the key of the row, and one choice."""
    name = _name(column.name)
    own = [f"{_name(part)} TEXT NOT NULL" for part in table.key]
    codes = standard.codes(column)
    limit = f" CHECK ({_in(name, codes)})" if codes else ""
    target = f" REFERENCES {_target(column, standard)}" if column.references else ""
    key = _names(table.key)
    return [
        *own,
        f"{name} TEXT NOT NULL{target}{limit}",
        f"PRIMARY KEY ({key}, {name})",
        f"FOREIGN KEY ({key}) REFERENCES {_name(table.name)} ({key})",
    ]


def _target(column: Column, standard: Standard) -> str:
    return f"{_name(column.references)} ({_names(standard.table(column.references).key)})"


def _create(name: str, lines: Iterable[str]) -> str:
    body = ",\n".join(f"    {line}" for line in lines)
    return f"CREATE TABLE {_name(name)} (\n{body}\n);\n"


def _in(name: str, codes: Iterable[str]) -> str:
    quoted = ", ".join(f"'{code}'" for code in codes)
    return f"{name} IN ({quoted})"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(_name(column) for column in columns)


def _name(name: str) -> str:
    return f'"{name}"'
