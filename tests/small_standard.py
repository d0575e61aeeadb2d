"""A small standard built by hand, so that tests of reading and writing do not hang on the real one."""

from __future__ import annotations

from rdac_validator.standard import MISSING, CodeList, Column, Standard, Table, Value


def column(name: str, kind: str = "string", multiple: bool = False) -> Column:
    return Column(
        name=name,
        title=name,
        description=name,
        type=kind,
        lists=("Kind",) if kind == "code" else (),
        multiple=multiple,
        coded=False,
        required=False,
        references="",
        pattern="",
        minimum=None,
        maximum=None,
        tier="T0",
        derived=False,
        privacy="",
        evidence=(),
        decision="",
        from_cin="",
        from_scotland="",
        notes={},
    )


def table(name: str, *columns: Column) -> Table:
    return Table(name, name.title(), name, ("person_id",), columns, optional=False, notes={})


PERSON = table(
    "person",
    column("person_id"),
    column("sex", "code"),
    column("birth_month", "year_month"),
    column("seen_on", "date"),
    column("age", "integer"),
    column("interpreter", "boolean"),
    column("needs", "code", multiple=True),
)
HOUSEHOLD = table("household", column("household_id"), column("person_id"))
KIND = CodeList("Kind", "", tuple(Value(code, code, code, {}, {}) for code in ("a", "b")), {})
STANDARD = Standard("0", (PERSON, HOUSEHOLD), (), {"Kind": KIND, MISSING: CodeList(MISSING, "", (), {})})
