"""A site's records as a return of the standard, at profile t0: what a census or an extract of conferences would say.

One child, one episode and one assessment or conference for each record. Made up besides, because no table says it: days
(all in the last year of the period, so that one list of codes holds), which code stands for a merged indicator, which
decision for a printed outcome, which ethnic category for a group, the age within a band. What the report prints as
unknown is ``not_recorded``: it does not say why. What no table of the report tells is ``not_collected_by_source``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import polars as pl

from rdac_validator import crosswalks
from rdac_validator.metrics.axes import AGES
from rdac_validator.metrics.cases import GROUPED_BY
from rdac_validator.standard import PROFILES, Standard
from rdac_validator.study.published import Site, Study
from rdac_validator.study.quotas import Record, records
from rdac_validator.synth.cases import NATIONS
from rdac_validator.synth.rows import Rows, frames
from rdac_validator.synth.shares import Draw, iso, ordinal

UNKNOWN, UNCOLLECTED, NOT_APPLICABLE = "not_recorded", "not_collected_by_source", "not_applicable"
SCHEMES = {"england": "dfe_cin", "scotland": "scotland_2001"}
# Days before the end of the period: nobody turns 18 in between, and who is not yet born then is born by its end.
FIRST, LAST, MONTHS_LEFT, TERM = 240, 180, 8, 3


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision of a conference, and its kind."""

    decision: str
    kind: str


def make(
    study: Study, name: str, standard: Standard, seed: int = 1, *, reading: bool = False
) -> dict[str, pl.DataFrame]:
    """A return like the study's site ``name``: text frames by table. The same seed gives the same return.

    ``reading`` takes the other reading of the report where it has two.
    """
    site = study.sites[name]
    made = records(site, seed, reading=reading)
    writer = _Writer(site, study, standard, seed)
    writer.dataset()
    for record, age, decided in zip(made, _ages(made, study), _decided(made, study), strict=True):
        writer.child(record, age, decided)
    return frames(writer.rows, standard)


def _ages(made: Sequence[Record], study: Study) -> Iterator[int | None]:
    """The age of each child in months, spread evenly over its band; ``None`` where it is not known."""
    of = {label: _months(parts) for label, parts in study.parts["age"].items()}
    turn = {label: count() for label in of}
    for record in made:
        months = of[record.answers["age"]]
        yield months[next(turn[record.answers["age"]]) % len(months)] if months else None


def _months(parts: Sequence[str]) -> range:
    """The months of age that bands stand for, less the edges: a child is in one band from referral to assessment."""
    bands = list(AGES.bands)
    if parts[0] not in bands:
        return range(0)
    if AGES.bands[parts[0]] < 0:
        return range(-TERM, 0)
    after = bands[bands.index(parts[-1]) + 1]
    grown = MONTHS_LEFT if after == bands[-1] else 0
    return range(AGES.bands[parts[0]] + 2, AGES.bands[after] - grown)


def _decided(made: Sequence[Record], study: Study) -> Iterator[Decided | None]:
    """What each conference decided: by turns the decisions that count under its outcome, and that it can take."""
    before_birth = next(iter(AGES.bands))
    turns: defaultdict[tuple[str, bool], Iterator[int]] = defaultdict(count)
    for record in made:
        outcome = record.answers.get("registration_outcome")
        if outcome is None:
            yield None
            continue
        unborn = before_birth in study.parts["age"][record.answers["age"]]
        kinds = study.decisions[outcome]
        choices = [decision for decision, kind in kinds.items() if kind == "initial" or not unborn]
        decision = choices[next(turns[outcome, unborn]) % len(choices)]
        yield Decided(decision, "pre_birth" if unborn else kinds[decision])


class _Writer:
    """The rows of one return while they are made."""

    def __init__(self, site: Site, study: Study, standard: Standard, seed: int) -> None:
        self.site, self.study, self.standard = site, study, standard
        self.draw = Draw(seed)
        self.rows: Rows = {table.name: [] for table in standard.tables if table.in_profile(PROFILES[0])}
        self.end = ordinal(site.period[1])
        self.codes = study.codes[site.nation]
        self.groups = _categories(GROUPED_BY[SCHEMES[site.nation]])

    def add(self, table: str, **given: str) -> None:
        """Append a row: the cells given; an answer that nobody gave is not collected, any other cell is blank."""
        columns = self.standard.table(table).columns
        blank = {column.name: UNCOLLECTED if column.coded and not column.derived else "" for column in columns}
        self.rows[table].append(blank | given)

    def dataset(self) -> None:
        """The row that says what this is."""
        self.add(
            "dataset",
            schema_version=self.standard.version,
            nation=self.site.nation,
            la_code=NATIONS[self.site.nation]["la_code"],
            period_start=self.site.period[0],
            period_end=self.site.period[1],
            source_system=f"synthetic, like {self.site.name}",
            code_list_version=self.site.code_list,
            definition_frame="not_stated",
            recording_policy="not_stated",
            suppression_threshold="5",
            zero_policy="zeros_shown",
        )

    def child(self, record: Record, age: int | None, decided: Decided | None) -> None:
        """Everything about one record."""
        assessed = self.end - FIRST + len(self.rows["person"]) % (FIRST - LAST)
        person, episode = self.draw.key("p"), self.draw.key("e")
        self._person(person, record, age, assessed)
        pathway = self._pathway(record)
        closed = pathway == "not_cin"
        self.add(
            "episode",
            episode_id=episode,
            child_id=person,
            referral_date=iso(assessed - 28),
            closure_date=iso(assessed + 5) if closed else "",
            closure_reason="RC8" if closed else NOT_APPLICABLE,
            pathway=pathway,
        )
        self._assessment(episode, record, assessed, decided)
        self._statuses(person, assessed, pathway, decided)

    def _person(self, key: str, record: Record, age: int | None, assessed: int) -> None:
        year, month = (int(part) for part in iso(assessed).split("-")[:2])
        born = divmod(year * 12 + month - 1 - (age or 0), 12)
        answers = {about: self.study.parts[about][record.answers[about]][-1] for about in ("sex", "ethnic group")}
        group = self.groups.get(answers["ethnic group"], UNKNOWN)
        self.add(
            "person",
            person_id=key,
            person_kind="child",
            birth_month=UNKNOWN if age is None else f"{born[0]:04d}-{born[1] + 1:02d}",
            sex=answers["sex"] if answers["sex"] in self.standard.lists["Sex"].codes else UNKNOWN,
            ethnicity_code=group,
            ethnicity_scheme=UNKNOWN if group == UNKNOWN else SCHEMES[self.site.nation],
        )

    def _pathway(self, record: Record) -> str:
        if "pathway" not in record.answers:
            return ""
        return self.study.parts["pathway"][record.answers["pathway"]][0]

    def _assessment(self, episode: str, record: Record, assessed: int, decided: Decided | None) -> None:
        codes = sorted(self.codes[indicator] for indicator in record.indicators)
        self.add(
            "assessment",
            assessment_id=self.draw.key("a"),
            episode_id=episode,
            assessment_type="cp_conference" if decided else "child_and_family",
            conference_type=decided.kind if decided else "not_a_conference",
            assessment_date=iso(assessed),
            source_codes="|".join(codes),
            decision_raw=decided.decision if decided else NOT_APPLICABLE,
        )

    def _statuses(self, child: str, assessed: int, pathway: str, decided: Decided | None) -> None:
        before = "not_open"
        for day, after in _path(assessed, pathway, decided):
            self.add(
                "status_event",
                event_id=self.draw.key("s"),
                child_id=child,
                event_date=iso(day),
                from_status=before,
                to_status=after,
            )
            before = after


def _path(assessed: int, pathway: str, decided: Decided | None) -> list[tuple[int, str]]:
    """The changes of status of an episode: the day, and the status that begins."""
    path = [(assessed - 28, "assessment")]
    if pathway == "not_cin":
        path.append((assessed + 5, "closed"))
    if pathway == "cin_only":
        path.append((assessed + 1, "child_in_need"))
    if pathway == "cp_plan" or decided:
        path.append((assessed - 14, "section_47_or_investigation"))
    if pathway == "cp_plan" or (decided and decided.decision.startswith("registration")):
        path.append((assessed, "cp_plan_or_registered"))
    if decided and decided.kind == "review":
        path.append((assessed - 7, "cp_plan_or_registered"))
        if decided.decision == "name_removed_from_register":
            path.append((assessed, "child_in_need"))
    return sorted(path)


def _categories(crosswalk: str) -> dict[str, str]:
    """For each of the report's ethnic groups the first category that is in it."""
    found: dict[str, str] = {}
    for line in crosswalks.load(crosswalk).matches:
        if line.target:
            found.setdefault(line.target.rpartition("/")[2], line.code)
    return found
