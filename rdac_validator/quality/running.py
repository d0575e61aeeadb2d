"""``rdac report`` without the terminal: read, measure, protect, write, and say in sentences what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from rdac_validator import analysis, cin, formats, pseudonyms
from rdac_validator.disclosure import Policy
from rdac_validator.findings import InputError, Severity
from rdac_validator.formats import cin_xml
from rdac_validator.metrics import METRICS, ON_REQUEST, Cases
from rdac_validator.quality import files, gradient, groups, populations, steps
from rdac_validator.quality.changes import changes
from rdac_validator.quality.comparison import compare, public, years
from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.itself import ITSELF
from rdac_validator.quality.measuring import STRICT, declared, measure, newest, nothing, period_of
from rdac_validator.quality.models import LOWEST, Models
from rdac_validator.quality.populations import Populations
from rdac_validator.quality.published import Published, publication
from rdac_validator.reports.text import plural
from rdac_validator.standard import Standard
from rdac_validator.tables import Return


def run(  # noqa: PLR0913 one for each option
    sources: Sequence[Path],
    out: Path,
    standard: Standard,
    *,
    threshold: int | None,
    zeros: str | None,
    rounding: int,
    reader: str,
    force: bool,
    models: str | None = None,
    benchmark: Path | None = None,
    children: Path | None = None,
) -> list[str]:
    """Write the report on one return, or on several years of an authority's, to the folder ``out``.

    ``threshold`` and ``zeros`` (a code of the list ZeroPolicy) are what the returns declare where they are not given.
    ``models`` are fitted to the newest period where it says how many latent classes, or "bic".
    ``benchmark`` is a file of published statistics; what is hidden there is hidden here. ``children`` is one of those
    who live in each deprivation tenth.
    What was done, in sentences. Raises :class:`~rdac_validator.findings.InputError` where a source cannot be read or
    measured, or ``out`` may not be written.
    """
    formats.may_write(out, force, files.OURS)
    with formats.steady(*sources, *filter(None, (benchmark, children))):
        living = populations.read(children, standard) if children else None
        given = [read(source, standard) for source in sources]
        least, zero_policy = _declared(sources, given, standard)
        _no_weaker(threshold, zeros, least, zero_policy)
        published = _published(benchmark, given, standard) if benchmark else None
        least = max(threshold or least, published.layout.threshold if published else 0)
        policy = Policy(least, zeros or zero_policy, rounding)
        if models:
            analysis.require()
        metrics = (*METRICS, *ON_REQUEST) if models else METRICS
        known = partial(public, published=published) if published else nothing
        content = Content(measure(given, standard, policy, metrics, known), standard, tuple(_notes(sources, given)))
        content = replace(content, derived=(*content.derived, *_derived(content, published, living)))
        if models:
            content = _with_models(content, newest(given, standard), models)
    files.write(content, out, reader, force=force)
    return list(_said(content, out))


def _declared(sources: Sequence[Path], given: Sequence[Return], standard: Standard) -> tuple[int, str]:
    """What returns declare; the policy in one that is made of a census is ours, and nobody's declaration."""
    said = [one for one, source in zip(given, sources, strict=True) if not formats.is_census(source)]
    return declared(said, standard)


def _no_weaker(threshold: int | None, zeros: str | None, least: int, zero_policy: str) -> None:
    """Raise :class:`~rdac_validator.findings.InputError` where more would be shown than the returns allow."""
    if threshold and threshold < least:
        raise InputError(f"the returns declare that counts below {least} are hidden: say --threshold {least} or more")
    if zeros and zeros != zero_policy == STRICT:
        raise InputError("the returns declare that noughts are hidden: leave --zeros out")


def _published(path: Path, given: Sequence[Return], standard: Standard) -> Published:
    """The benchmark, refused before anything is counted where the returns cannot be held against it."""
    published = Published(path, publication())
    years(period_of(newest(given, standard)), published)
    return published


def _with_models(content: Content, cases: Cases, number: str) -> Content:
    """The content with the tables of the models, and a sentence for each that could not be fitted."""
    models = Models(content.quality, cases, None if number == LOWEST else int(number))
    tables = tuple(models.tables())
    return replace(content, derived=(*content.derived, *tables), notes=(*content.notes, *models.said))


def _derived(content: Content, published: Published | None, living: Populations | None) -> Iterator[Derived]:
    """Every table that is worked out of the printed ones."""
    yield from gradient.tables(content.quality, living)
    yield from steps.tables(content.quality)
    yield from groups.tables(content.quality)
    yield from changes(content)
    if published:
        yield from compare(content, published)
    for metric in ITSELF:
        yield from metric().tables(content.quality, content.standard)


def read(source: Path, standard: Standard) -> Return:
    """A return, or what a CIN census file becomes as one; its pseudonyms are of a key that nobody keeps."""
    if not formats.is_census(source):
        return formats.read(source, standard)
    census = cin_xml.read(source, standard)
    made = cin.to_return(census, standard, pseudonyms.fresh_key())
    if not made.texts or not made.texts["person"].rows:
        raise formats.ReadError("no child of this file can be mapped; rdac validate says what is wrong with it")
    return Return(made.texts, census.groups)


def _notes(sources: Sequence[Path], given: Sequence[Return]) -> list[str]:
    notes = []
    if any(group.severity is Severity.ERROR for one in given for group in one.groups):
        notes.append(
            "Not all of the data could be read: what could not is in no table. Mend it before you rely on this report; "
            "rdac validate says what is wrong and where."
        )
    if any(map(formats.is_census, sources)):
        notes.append(
            "Made from a CIN census: what a census cannot say stays dark, and it declares no policy for small counts."
        )
    return [
        *notes,
        "The rules of rdac validate were not run for this report: faulty records are counted as they stand.",
    ]


def _said(content: Content, out: Path) -> list[str]:
    quality = content.quality
    told = sum(finding.shown for finding in content.findings)
    policy, dark = quality.protected.policy, len({one.metric.code for one in content.dark})
    return [
        f"Report written to {out}: {plural(len(quality.protected.tables), 'table')} of "
        f"{plural(len(quality.periods), 'period')}, {plural(told, 'finding')} with a number.",
        *content.notes,
        f"{plural(dark, 'metric')} of {len(content.metrics)} stay{'s' if dark == 1 else ''} dark; the report says what "
        "would have to be collected."
        if dark
        else f"Each of {plural(len(content.metrics), 'metric')} had the fields that it needs.",
        f"Counts below {policy.threshold} are hidden, with those from which they could be worked out.",
        f"Open {out / files.PAGE}; for programs there are {files.DOCUMENT}, {files.WORKBOOK} and {files.FOLDER}/.",
    ]
