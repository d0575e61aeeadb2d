"""A synthetic CIN census file: the flat tables that ``formats.cin_write`` writes as XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from rdac_validator.findings import InputError
from rdac_validator.standard import Standard
from rdac_validator.synth.rows import Cells, Rows
from rdac_validator.synth.shares import Draw, iso, ordinal, years_before

CODES = {"not_asked": "NOBT", "declined": "REFU"}
SEX_SINCE = "2024-25"
PLANS_SINCE = "2021-22"
SEXES = {"male": ("M", "1"), "female": ("F", "2"), "asked_unknown": ("U", "0")}
SATURDAY = 5
TERM = 270
LISTS = ("CinFactor", "CinClosureReason", "CinReferralSource")


@dataclass(slots=True)
class _Census:
    """The rows made so far, and the numbers that say which stands inside which."""

    draw: Draw
    year: str
    first: int
    last: int
    lists: Mapping[str, frozenset[str]]
    rows: Rows = field(default_factory=dict)

    def drawn(self, name: str, circumstance: str, listed: str) -> str:
        """A choice of a share that is on a code list of the year; drawn again while it is not."""
        code = self.draw(name, circumstance)
        return code if code in self.lists[listed] else self.drawn(name, circumstance, listed)

    def add(self, table: str, **cells: str) -> str:
        """Append a row; its number."""
        made = self.rows.setdefault(table, [])
        made.append(cells)
        return str(len(made))


def census(children: int, seed: int, standard: Standard, year: str = "2025-26") -> dict[str, pl.DataFrame]:
    """A census of ``children`` children for a census year such as 2025-26: text frames ``cin_*``, ready to be written.

    Clean under the DfE rules that the intake runs, but for queries. Factors come by their prevalence in England, see
    ``schema/synth.yaml``; no real child is behind any row. Raises
    :class:`~rdac_validator.findings.InputError` for fewer than one child, and for a year without code lists.
    """
    years = {v.notes["census_year"] for v in standard.lists["CodeListVersion"].values if "census_year" in v.notes}
    if children < 1 or year not in years:
        raise InputError("a synthetic census has at least one child, and is of a census year from 2017-18 to 2026-27")
    begins = int(year[:4])
    lists = {name: _listed(standard, name, year) for name in LISTS}
    first, last = ordinal(f"{begins}-04-01"), ordinal(f"{begins + 1}-03-31")
    made = _Census(Draw(seed), year, first, last, lists)
    made.add(
        "cin_header",
        Collection="CIN",
        Year=str(begins + 1),
        ReferenceDate=iso(made.last),
        SourceLevel="L",
        LEA="999",
        SoftwareCode="synthetic",
        Release="1",
        SerialNo="1",
        DateTime=f"{begins + 1}-05-01T09:00:00",
    )
    for _ in range(children):
        _child(made)
    return {table.name: _frame(made.rows.get(table.name, []), table.names) for table in standard.source_tables}


def _listed(standard: Standard, name: str, year: str) -> frozenset[str]:
    """Codes that a list has in a census year."""
    values = standard.lists[name].values
    return frozenset(
        v.code for v in values if v.notes.get("first_year", "") <= year <= v.notes.get("last_year", "9999")
    )


def _frame(rows: list[Cells], columns: tuple[str, ...]) -> pl.DataFrame:
    cells = {name: [row.get(name, "") for row in rows] for name in columns}
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))


def _child(made: _Census) -> None:
    draw = made.draw
    referred = draw.between(made.first + 5, made.last - 60)
    band = draw("age", "england")
    youngest, oldest = (int(age) for age in band.split("-"))
    born = years_before(referred, draw.between(youngest, oldest), draw.between(20, 340))
    unborn = band == "0-4" and made.last - referred < TERM and draw.chance("unborn", "england")
    group = draw("ethnicity", "england")
    code = draw(f"ethnicity/england/{group}")
    sex = SEXES["asked_unknown" if unborn else draw("person.sex", "england")]
    sexes = {"Sex": sex[0]} if made.year >= SEX_SINCE else {"GenderCurrent": sex[1]}
    births = (
        {"ExpectedPersonBirthDate": iso(made.last + draw.between(1, TERM - (made.last - referred)))}
        if unborn
        else {"PersonBirthDate": iso(born)}
    )
    child = made.add(
        "cin_child",
        child_no=str(len(made.rows.get("cin_child", [])) + 1),
        LAchildID=f"SYN{draw.random.getrandbits(48):012X}",
        UPNunknown="UN1" if unborn or band == "0-4" else "UN3",
        Ethnicity=CODES.get(code, code),
        **sexes,
        **births,
    )
    made.add("cin_disability", child_no=child, Disability="NONE" if unborn else draw("disability"))
    _episode(made, child, referred)


def _episode(made: _Census, child: str, referred: int) -> None:
    """An episode and what happened in it: nothing further, an assessment alone, a plan, or child protection."""
    draw = made.draw
    number = str(len(made.rows.get("cin_episode", [])) + 1)
    nothing, pathway = draw.chance("referral_without_action"), draw("pathway", "england")
    assessed = referred + draw.between(20, 40)
    closed = _closed(made, assessed, pathway)
    reason = made.drawn("episode.closure_reason", "not_cin" if pathway == "not_cin" else "other", "CinClosureReason")
    closing = {"CINclosureDate": iso(closed), "ReasonForClosure": reason} if closed and not nothing else {}
    made.add(
        "cin_episode",
        child_no=child,
        episode_no=number,
        CINreferralDate=iso(referred),
        ReferralSource=made.drawn("episode.referral_source", "", "CinReferralSource"),
        PrimaryNeedCode=draw("PrimaryNeedCode"),
        ReferralNFA=str(nothing).lower(),
        **closing,
    )
    if nothing:
        return
    inside = {"child_no": child, "episode_no": number}
    _assessment(made, inside, referred + draw.between(0, 5), assessed, pathway)
    if pathway == "cin_only" and made.year >= PLANS_SINCE:
        made.add("cin_plan", **inside, CINPlanStartDate=iso(assessed + 1), CINPlanEndDate=iso(closed) if closed else "")
    if pathway == "cp_plan":
        _protection(made, inside, referred, closed)


def _closed(made: _Census, assessed: int, pathway: str) -> int:
    """The day on which an episode closes, 0 while it is open."""
    if pathway == "not_cin":
        return assessed + made.draw.between(1, 10)
    closed = assessed + made.draw.between(70, 220)
    return 0 if closed > made.last or made.draw.chance("still_open") else closed


def _assessment(made: _Census, inside: Cells, started: int, done: int, pathway: str) -> None:
    number = str(len(made.rows.get("cin_assessment", [])) + 1)
    days = {"AssessmentActualStartDate": iso(started), "AssessmentAuthorisationDate": iso(done)}
    made.add("cin_assessment", **inside, assessment_no=number, **days)
    # 21, no factors, goes with cases that close after the assessment
    drawn = [code for code in made.draw.several("factors/all") if code in made.lists["CinFactor"]]
    for code in drawn or ["21" if pathway == "not_cin" else "20"]:
        made.add("cin_factor", **inside, assessment_no=number, AssessmentFactors=code)


def _working_day(day: int) -> int:
    """The day itself, or the Monday after a weekend."""
    weekday = (day + 6) % 7  # ordinal day 1 was a Monday
    return day + max(0, 7 - weekday) if weekday >= SATURDAY else day


def _protection(made: _Census, inside: Cells, referred: int, closed: int) -> None:
    """An enquiry, an initial conference and a child protection plan that begins on the day of the conference."""
    draw = made.draw
    conference = _working_day(referred + draw.between(18, 24))
    made.add(
        "cin_section47",
        **inside,
        S47ActualStartDate=iso(referred + draw.between(2, 8)),
        InitialCPCtarget=iso(_working_day(referred + 24)),
        DateOfInitialCPC=iso(conference),
        ICPCnotRequired="false",
    )
    category = draw("category_of_abuse")
    plan = str(len(made.rows.get("cin_cpp", [])) + 1)
    made.add(
        "cin_cpp",
        **inside,
        cpp_no=plan,
        CPPstartDate=iso(conference),
        CPPendDate=iso(closed) if closed else "",
        InitialCategoryOfAbuse=category,
        LatestCategoryOfAbuse=category,
        NumberOfPreviousCPP="1" if draw.chance("earlier_episode") else "0",
    )
    review = conference + draw.between(75, 90)
    if review < (closed or made.last):
        made.add("cin_review", **inside, cpp_no=plan, CPPreviewDate=iso(review))
