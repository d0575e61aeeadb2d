"""The study's tables worked out again from synthetic returns, cell by cell, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rdac_validator import standard, study
from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model
from rdac_validator.study import Compared, Study
from rdac_validator.study.golden import NUMBER, PERCENTAGE, TOTAL
from rdac_validator.study.published import FILE
from rdac_validator.study.quotas import class_counts
from rdac_validator.synth.faults import as_return
from rdac_validator.whole import apportion

PATH = "docs/study.md"
SUBJECTS = {"source_codes": "indicators", "registration_outcome": "outcome of the conference"}


def texts(_: Model) -> Mapping[str, str]:
    """Give the one page; returns are made and counted for it."""
    return {PATH: _page(study.load())}


def _page(published: Study) -> str:
    found = {name: _compared(published, name) for name in published.sites}
    every = [figure for figures in found.values() for figure in figures]
    unequal = [figure for figure in every if not figure.equal]
    return md.page(
        "The study, reproduced",
        f"schema/{FILE}",
        "`rdac synth OUT --like C1` (or C2, C3) makes a return with the published figures of a study site, by exact "
        "quotas and not by chance. Here its tables are worked out again by the metrics M23, M24 and M25, go through "
        "disclosure control at a threshold of 5, and are held against print. Whatever differs has its reason beside "
        "it, and a test fails if a figure differs without one or comes out in spite of one. A whole report prints more "
        "tables, and some of these figures may then have to be hidden to protect others.",
        f"**{len(every) - len(unequal)} of {len(every)} printed figures come out; {len(unequal)} cannot.** The figures "
        "are those of a report on groups of people. The records are made up, and describe nobody: each has one child, "
        "one episode and one assessment or conference, and which answers meet in one record is dealt out.",
        "## Table by table",
        md.table(("Site", "Table", "Of", "Figures", "Come out", "Do not", "Inconsistency"), _summary(published, every)),
        "## What cannot come out",
        "I01 to I43 are the numbers of a list of inconsistencies in the report that came with the material of this "
        "project; *new* was found here.",
        md.table(
            ("Site", "Of", "Row", "Figure", "Printed", "Comes out", "Inconsistency", "Why"),
            ((*_row(figure), figure.id or "new", figure.why) for figure in unequal),
        ),
        "Where two printed figures cannot both be true, this is taken:",
        md.bullets(
            f"{name}, {_subject(about)} ({one.id}): {one.why}."
            for name, site in published.sites.items()
            for about, one in site.taken.items()
        ),
        "What comes out, and what it is worth:",
        md.bullets(_worth(published)),
        *_readings(published),
        "## Classes",
        *_classes(published),
        "## Every figure",
        "Printed, then what comes out where it is not the same.",
        *(block for name, figures in found.items() for block in _tables(published, name, figures)),
    )


def _worth(published: Study) -> Iterator[str]:
    lumped = published.parts["registration_outcome"]["Not registered"]
    yield (
        f"Not registered, of Table 5.4, is a sum of what the standard keeps apart: {', '.join(lumped)}. Deferred, "
        "de-registered and never decided were counted as decisions against (I05). How many of each there were is not "
        "printed; in the return the decisions take turns."
    )
    yield (
        "Conferences before birth have a sex in Table 5.2 (I25). In the return these children are born by the end of "
        "the period, and their sex is recorded then."
    )
    yield (
        "Age is printed at the start of the episode (I23). In the return a child is in one band from then to the "
        "assessment, so that it makes no difference."
    )
    yield (
        "The two notes to Supplementary Table 1.2 that are exchanged and the one that lacks a code (I09, I10) make no "
        "difference here: indicators follow their labels, and one code stands for each."
    )
    yield "Labels stand as they are printed, even where they blame: *non-engaging family* is a code of the source."


def _compared(published: Study, name: str, *, reading: bool = False) -> list[Compared]:
    held = standard.load()
    made = study.make(published, name, held, reading=reading)
    return study.compare(as_return(made), published, name, held)


def _subject(about: str) -> str:
    return SUBJECTS.get(about, about)


def _row(figure: Compared) -> tuple[str, ...]:
    return figure.site, _subject(figure.about), figure.row, figure.measure, figure.printed, figure.found


def _summary(published: Study, every: Sequence[Compared]) -> Iterator[tuple[str, ...]]:
    for (name, about), group in groupby(every, key=lambda figure: (figure.site, figure.about)):
        figures = list(group)
        unequal = [figure for figure in figures if not figure.equal]
        ids = dict.fromkeys(figure.id or "new" for figure in unequal)
        source = md.citations([published.sites[name].tables[about].source], "")
        counts = (len(figures), len(figures) - len(unequal), len(unequal))
        yield (name, source, _subject(about), *map(str, counts), ", ".join(ids))


def _readings(published: Study) -> Iterator[str]:
    """The other readings, each with what it changes."""
    yield "## Other readings"
    for name, site in published.sites.items():
        if site.readings:
            figures = _compared(published, name, reading=True)
            for about, one in site.readings.items():
                yield f"{name}, {_subject(about)} ({one.id}): {one.why}."
                changed = (_row(figure)[2:] for figure in figures if figure.about == about)
                yield md.table(("Row", "Figure", "Printed", "Comes out"), changed)
    yield (
        "Disclosure control hides a second number beside a small one: otherwise the small one is the total less the "
        "rest. A table with one c and a total, as it is printed, cannot come out of it."
    )


def _classes(published: Study) -> Iterator[str]:
    yield (
        "The classes are a model's. Size times probability, added up over the classes, has to give the prevalence that "
        "is printed elsewhere; for C1 and C2, printed to a tenth, it does within 0.1. In the return the "
        "prevalence is exact, and the classes are as near to print as whole records allow. The class of a record is "
        "known while it is made, and is not in the return."
    )
    header = ("Site", "Class", "Printed size, %", "Records", "Size in the return, %", "Farthest probability, points")
    yield md.table(header, (row for name in published.sites for row in _sizes(published, name)))
    yield md.table(
        ("Site", "Indicator", "Sizes times probabilities, %", "Printed prevalence, %", "Difference"),
        (row for name in published.sites for row in _implied(published, name)),
    )


def _sizes(published: Study, name: str) -> Iterator[tuple[str, ...]]:
    site, counts = published.sites[name], class_counts(published.sites[name])
    sizes = apportion(site.size, list(site.classes.sizes.values()))
    for at, ((label, printed), size) in enumerate(zip(site.classes.sizes.items(), sizes, strict=True)):
        off = max(abs(100 * counts[one][at] / size - site.classes.probabilities[one][at]) for one in counts)
        yield name, label, str(printed), str(size), f"{100 * size / site.size:.1f}", f"{off:.1f}"


def _implied(published: Study, name: str) -> Iterator[tuple[str, ...]]:
    site = published.sites[name]
    for indicator, printed in site.tables["source_codes"].rows.items():
        implied = site.classes.implied(indicator)
        off = implied - (printed.percentage or 0)
        yield name, indicator, f"{implied:.2f}", str(printed.percentage), f"{round(off, 2) + 0:+.2f}"


def _tables(published: Study, name: str, figures: Iterable[Compared]) -> Iterator[str]:
    yield f"### {name}, {published.sites[name].records}"
    for about, group in groupby(figures, key=lambda figure: figure.about):
        cells = {(figure.row, figure.measure): figure for figure in group}
        rows = list(published.sites[name].tables[about].rows)
        if (TOTAL, NUMBER) in cells:
            rows.append(TOTAL)
        yield md.table(
            (_subject(about).capitalize(), "Number", "%"),
            ((row, _said(cells.get((row, NUMBER))), _said(cells.get((row, PERCENTAGE)))) for row in rows),
        )


def _said(figure: Compared | None) -> str:
    if figure is None or figure.equal:
        return figure.printed if figure else ""
    return f"{figure.printed}; comes out as {figure.found}"
