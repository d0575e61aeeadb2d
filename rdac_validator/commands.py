"""What each command does, without the terminal: read, check, write, and say in sentences what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from rdac_validator import cin, explanations, formats, pseudonyms, verdicts
from rdac_validator.check import check
from rdac_validator.cin import areas
from rdac_validator.findings import SAFETY, InputError, Report
from rdac_validator.formats import cin_xml
from rdac_validator.reports import text
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.rules.safety import OwnWords
from rdac_validator.settings import Settings
from rdac_validator.standard import PROFILES, Standard
from rdac_validator.structure import ENGINES, engine_called
from rdac_validator.tables import ROW, Return

Chooser = Callable[[str], bool]
Progress = Callable[[str, int], None]


def chooser(select: Sequence[str], ignore: Sequence[str], *, local_only: bool) -> Chooser:
    """Whether a code is wanted: it begins as one of ``select`` (all, if none is given) and as none of ``ignore``.

    Raises :class:`~rdac_validator.findings.InputError` where one of them begins no code: a slip there would look like a
    clean return.
    """
    chosen, left_out = (tuple(code.upper() for code in codes) for codes in (select, ignore))
    for prefix in (*chosen, *left_out):
        if not any(code.startswith(prefix) for code in explanations.codes()):
            raise InputError(f"no code begins with {prefix}; rdac rules lists them all")
    if any(SAFETY.startswith(prefix) and prefix != SAFETY for prefix in left_out):
        raise InputError(f"safety rules are left out by their own name only: say {SAFETY}, or name the other bands")
    left_out += (OwnWords.code,) if local_only else ()
    if not any(
        (not chosen or code.startswith(chosen)) and not code.startswith(left_out) for code in explanations.codes()
    ):
        raise InputError("with these codes left out nothing would be checked")
    return lambda code: (not chosen or code.startswith(chosen)) and not code.startswith(left_out)


def asked(select: Sequence[str], ignore: Sequence[str]) -> tuple[str, ...]:
    """What was chosen and left out, for the report: silence must not look like success."""
    chosen = {"looked for": select, "left out": ignore}
    return tuple(f"{what}, as asked: {', '.join(codes)}" for what, codes in chosen.items() if codes)


def profile(source: Path, wanted: str | None, settings: Settings) -> str | None:
    """The profile that is asked for; that of a settings file says nothing of a census, which has but one."""
    return wanted or (None if formats.is_census(source) else settings.profile)


def engine(source: Path, wanted: str | None, settings: Settings) -> str | None:
    """The engine that is asked for; that of a settings file says nothing of a census."""
    return wanted or (None if formats.is_census(source) else settings.engine)


def judged(report: Report, settings: Settings, wanted: Chooser, today: date | None, said: tuple[str, ...]) -> Report:
    """The report with severities and waivers as the settings want them, and noted what ``said`` and they change."""
    report = replace(report, notes=(*report.notes, *settings.notes, *said))
    return verdicts.judged(report, settings.changes, settings.decisions, today, wanted, settings.file)


def validate(
    source: Path, standard: Standard, *, profile: str | None, engine: str | None, wanted: Chooser, progress: Progress
) -> tuple[Report, Return]:
    """Check a return, or run the intake checks on a CIN census file; the report and what was read.

    Without ``profile`` a return is checked at core, the standard proper; a census knows no other than t0. Without
    ``engine`` its structure is checked by the default one; the structure of a census is not. Raises
    :class:`~rdac_validator.findings.InputError` where there is nothing to read.
    """
    if formats.is_census(source):
        if profile not in {None, PROFILES[0]}:
            raise InputError("a census is checked at t0, which is all that it holds: leave --profile out")
        if engine:
            raise InputError(
                "the engines check the structure of a return, and a census has another: leave --engine out"
            )
        given = cin_xml.read(source, standard)
        judge = partial(check, profile=PROFILES[0], rules=CIN_RULES, structure=False)
    else:
        given = formats.read(source, standard)
        if engine:
            given = replace(given, notes=(*given.notes, f"structure checked by {ENGINES[engine]}"))
        judge = partial(check, profile=profile or "core", engine=engine_called(engine or next(iter(ENGINES))))
    return judge(given, standard, wanted=wanted, progress=progress), given


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


def convert(
    source: Path,
    out: Path,
    standard: Standard,
    *,
    key_file: Path | None,
    form: str,
    force: bool,
    places: tuple[Path, Path] | None = None,
) -> tuple[Report, list[str]]:
    """Turn a CIN census file into a return in the folder ``out``.

    ``places`` are the authority's own file of area codes and an official deprivation file: with them each family gets a
    deprivation decile, and the area codes are dropped. The return's own report at t0, and what was done and what the
    census could not say, in sentences. Raises :class:`~rdac_validator.findings.InputError` where a source is not what
    it should be, or ``out`` may not be written.
    """
    if not formats.is_census(source):
        raise formats.ReadError(
            "rdac convert reads CIN census files, which end in .xml; rdac map converts other exports"
        )
    formats.may_write(out, force)
    key = pseudonyms.read_key(key_file) if key_file else pseudonyms.fresh_key()
    given = areas.read_both(*places, standard) if places else None
    with formats.steady(source):
        census = cin_xml.read(source, standard)
    intake = check(census, standard, profile=PROFILES[0], rules=CIN_RULES, structure=False)
    made = cin.to_return(census, standard, key)
    if given:
        made = areas.place(made, *given, standard, key)
    tables = {name: text_.frame.drop(ROW).collect() for name, text_ in made.texts.items()}
    if not tables or not made.texts["person"].rows:
        raise formats.ReadError("no child of this file can be mapped; rdac validate says what is wrong with it")
    formats.write(tables, out, form, standard, force=force)
    report = check(made, standard, profile=PROFILES[0])
    return report, [
        f"{text.plural(len(tables), 'table')} written to {out}.",
        *made.notes,
        pseudonym_note(key_file),
        f"Intake checks on the census: {text.counted(intake) or 'no findings'} (rdac validate names them).",
        f"The return at profile t0: {text.counted(report) or 'no findings'} (rdac validate {out} --profile t0).",
        "",
        *cin.unsaid(standard),
    ]


def pseudonym_note(key_file: Path | None) -> str:
    """Say which key made the pseudonyms of a run."""
    if key_file:
        return "Pseudonyms were made with the key that you named; keep it as safe as the names themselves."
    return "Pseudonyms were made with a fresh key that is now gone: they match no other run (see --key-file)."
