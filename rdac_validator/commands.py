"""What each command does, without the terminal: read, check, write, and say in sentences what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.findings import Report
from rdac_validator.formats import cin_xml
from rdac_validator.rules import CIN_RULES
from rdac_validator.rules.safety import LOCAL_ONLY
from rdac_validator.standard import PROFILES, Standard
from rdac_validator.tables import Return

Chooser = Callable[[str], bool]
Progress = Callable[[str, int], None]

CENSUS_NOTE = "This is a CIN census file: the intake checks were run on it; rdac convert makes a return of it."


def chooser(select: Sequence[str], ignore: Sequence[str], *, local_only: bool) -> Chooser:
    """Whether a code is wanted: it begins as one of ``select`` (all, if none is given) and as none of ``ignore``."""
    left_out = (*ignore, *(LOCAL_ONLY if local_only else ()))
    return lambda code: (not select or code.startswith(tuple(select))) and not code.startswith(tuple(left_out))


def validate(
    source: Path, standard: Standard, *, profile: str | None, wanted: Chooser, progress: Progress
) -> tuple[Report, Return]:
    """Check a return, or run the intake checks on a CIN census file; the report and what was read.

    Without ``profile`` a return is checked at core, the standard proper. Raises
    :class:`~rdac_validator.findings.InputError` where there is nothing to read.
    """
    if formats.is_census(source):
        given = cin_xml.read(source, standard)
        options = {"profile": PROFILES[0], "rules": CIN_RULES, "structure": False}
    else:
        given = formats.read(source, standard)
        options = {"profile": profile or "core"}
    return check(given, standard, wanted=wanted, progress=progress, **options), given


def template(out: Path, standard: Standard, *, profile: str, force: bool) -> list[str]:
    """Write a CSV file with its header for every table that a profile asks for; what was done, in sentences."""
    headers = formats.templates(standard)
    asked = [table.name for table in standard.tables if table.in_profile(profile)]
    with formats.new_folder(out, force) as folder:
        for name in asked:
            (folder / f"{name}.csv").write_text(headers[name], encoding="utf-8")
    return [
        f"{len(asked)} blank tables written to {out}: one header line each, for the profile {profile}.",
        f"Fill them in, then: rdac validate {out} --profile {profile}",
        "rdac explain TABLE says what each field means.",
    ]
