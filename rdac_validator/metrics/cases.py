"""A return as metrics see it: for each unit a frame with a row a unit, and what it can be counted by beside it.

Ages are taken at the assessment from birth months, ethnic groups from the published crosswalks, pathways from the
episode or else from the changes of status. What is not known stays null and is counted as not known, never left out;
where two rows claim one key neither is believed. A frame has exactly the rows of its table: facts of other tables are
joined to it, and no join adds a row or drops one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from rdac_validator import crosswalks
from rdac_validator.derive import directions, harm_direction_class
from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import (
    AGES,
    CAUSES,
    DVA,
    ETHNICITY,
    EXPERIENCES,
    GROUPS,
    HOW,
    MOST_TEAMS,
    NOT_APPLICABLE,
    OTHER_INDEX,
    OTHER_TEAMS,
    TEAM,
    UNKNOWN,
    yes_no,
)
from rdac_validator.metrics.held import Frame, Held, narrow, once
from rdac_validator.rules.base import dva_codes
from rdac_validator.tables import missing

GROUPED_BY = {"dfe_cin": "ethnicity-dfe-report-groups", "scotland_2001": "ethnicity-scotland2001-report-groups"}
PATHWAYS = {"cp_plan": "cp_plan_or_registered", "cin_only": "child_in_need"}
TABLE_OF = {
    "person": "person",
    "episode": "episode",
    "assessment": "assessment",
    "direction": "harm_direction",
    "adult": "adult_in_case",
    "experience": "child_experience",
    "voice": "family_voice",
    "event": "status_event",
    "referral": "service_referral",
    "risk assessment": "risk_assessment",
    "action": "plan_action",
    "meeting": "family_meeting",
    "arrangement": "kinship_arrangement",
}


@dataclass
class Cases(Held):
    """The units of one return, each worked out once."""

    def unit(self, name: str) -> Frame:
        """The frame of a unit, worked out once and held; raises ``KeyError`` for one that there is not."""
        if name not in self._held:
            made = {
                "person": self._persons,
                "episode": self._episodes,
                "assessment": self._assessments,
                "child": self._children,
                "direction": self._directions,
                "adult": self._adults,
                "experience": self._experiences,
                "voice": self._voices,
                "event": self._events,
                "referral": self._referrals,
            }
            rows = made[name]() if name in made else self.rows(TABLE_OF[name])
            self._held[name] = narrow(rows).collect(engine="streaming").lazy()
        return self._held[name]

    # the units of which a table says too little by itself

    def _persons(self) -> Frame:
        """People with :data:`ETHNICITY`; their sex is that of the table."""
        return self.rows("person").with_columns(self._group().alias(ETHNICITY.variable))

    def _group(self) -> pl.Expr:
        """The report's ethnic group of a code in its scheme, by the crosswalks; null where there is no line."""
        groups = [
            pl.when(pl.col("ethnicity_scheme") == scheme).then(
                pl.col("ethnicity_code").replace_strict(_groups(name), default=None, return_dtype=pl.String)
            )
            for scheme, name in GROUPED_BY.items()
        ]
        return pl.coalesce(groups)

    def people(self, key: str) -> Frame:
        """What is known of each person, by a key of another name."""
        known = once(self.unit("person"), "person_id")
        return known.select(
            pl.col("person_id").alias(key), "person_kind", "birth_month", "sex", ETHNICITY.variable, "disability"
        )

    def _episodes(self) -> Frame:
        """Episodes with their pathway, and whether abuse is flagged in any of their assessments."""
        flagged = self._flags().join(self.frame("assessment").select("assessment_id", "episode_id"), on="assessment_id")
        flagged = flagged.select("episode_id").unique().with_columns(_flagged=pl.lit(value=True))
        rows = self._with_pathway().join(flagged, on="episode_id", how="left")
        return rows.with_columns(yes_no(DVA.variable, pl.col("_flagged")))

    def _with_pathway(self) -> Frame:
        """Episodes with their pathway: as given, or the highest status that the child came to while it was open.

        Where nothing is given and no change of status falls within the episode the pathway is not known.
        """
        events = self.frame("status_event").select("child_id", "event_date", "to_status")
        keyed = once(self.frame("episode"), "episode_id").select(
            "episode_id", "child_id", "referral_date", "closure_date"
        )
        open_then = pl.col("closure_date").is_null() | (pl.col("event_date") < pl.col("closure_date"))
        within = keyed.join(events, on="child_id").filter((pl.col("event_date") >= pl.col("referral_date")) & open_then)
        reached = pl.lit("not_cin")
        for pathway, status in reversed(PATHWAYS.items()):
            reached = pl.when((pl.col("to_status") == status).any()).then(pl.lit(pathway)).otherwise(reached)
        worked_out = within.group_by("episode_id").agg(reached.alias("_reached"))
        rows = self.rows("episode").join(worked_out, on="episode_id", how="left")
        return rows.with_columns(pl.coalesce("pathway", "_reached").alias("pathway"))

    def _flags(self) -> Frame:
        """The assessments in which abuse is flagged: ``assessment_id`` and how, a part of ``HOW``.

        Abuse is flagged by a source code that the schema marks so, or by a direction of harm that was opened.
        """
        marked = pl.col("source_codes").list.eval(pl.element().is_in(dva_codes(self.standard))).list.any()
        coded = self.frame("assessment").filter(marked).select("assessment_id", _coded=pl.lit(value=True))
        opened = self.frame("harm_direction").select("assessment_id", _opened=pl.lit(value=True)).unique()
        both = once(coded, "assessment_id").join(opened, on="assessment_id", how="full", coalesce=True)
        by_code, by_row, by_both = (pl.lit(name) for name in HOW)
        how = pl.when(pl.col("_opened").is_null()).then(by_code).when(pl.col("_coded").is_null()).then(by_row)
        return both.select("assessment_id", how.otherwise(by_both).alias("how"))

    def _assessments(self) -> Frame:
        """Assessments with their episode, child and circumstances, the child's age, and how abuse is flagged."""
        episode = once(self._with_pathway(), "episode_id").select("episode_id", "child_id", "closure_date", "pathway")
        rows = self.rows("assessment").join(episode, on="episode_id", how="left")
        rows = rows.join(self.people("child_id"), on="child_id", how="left")
        place = once(narrow(self.rows("family_circumstances")), "assessment_id")
        rows = rows.join(place, on="assessment_id", how="left").join(self._flags(), on="assessment_id", how="left")
        return rows.with_columns(
            self._tenth(),
            self._team(),
            pl.col("how").fill_null("no"),
            yes_no(DVA.variable, pl.col("how").is_not_null()),
            age("assessment_date"),
        )

    @cached_property
    def of_a_census(self) -> bool:
        """Whether the assessments were made of a CIN census, as the table of provenance says."""
        if "provenance" not in self.given.texts:
            return False
        made = crosswalks.load().to("Assessment", "assessment_type")
        of = (pl.col("target_table") == "assessment") & pl.col("source_field").is_in([line.element for line in made])
        return bool(len(self.given.texts["provenance"].frame.filter(of).head(1).collect(engine="streaming")))

    @cached_property
    def nation(self) -> str:
        """The nation of the return, as its dataset says; blank where it does not."""
        said = self.frame("dataset").select(pl.col("nation").drop_nulls()).collect()["nation"]
        return str(said[0]) if len(said) else ""

    @cached_property
    def index(self) -> str:
        """The deprivation index that most tenths are of, the first by name of several; blank where none is said."""
        tenths = self.frame("family_circumstances").filter(pl.col("deprivation_decile").is_not_null())
        said = tenths.drop_nulls("deprivation_index").group_by(pl.col("deprivation_index").cast(pl.String)).len()
        found = said.sort("len", "deprivation_index", descending=[True, False]).collect()["deprivation_index"]
        return str(found[0]) if len(found) else ""

    def _tenth(self) -> pl.Expr:
        """The deprivation tenth if it is of :attr:`index`: tenths of two indexes are never counted together."""
        tenth, index = pl.col("deprivation_decile"), pl.col("deprivation_index").cast(pl.String)
        none = pl.when(pl.col(missing("deprivation_decile")) == "not_applicable").then(pl.lit(NOT_APPLICABLE))
        other = tenth.is_not_null() & index.ne_missing(pl.lit(self.index)) & bool(self.index)
        return none.when(other).then(pl.lit(OTHER_INDEX)).otherwise(tenth.cast(pl.String)).alias("deprivation_decile")

    @cached_property
    def _teams(self) -> Mapping[str, str]:
        """The number of each team, in the order of their pseudonyms: it says nothing of a team, and ranks none."""
        said = self.frame("assessment").select(pl.col("team_id").cast(pl.String).drop_nulls().unique().sort())
        teams = said.collect()["team_id"]
        return {team: f"team {at}" if at <= MOST_TEAMS else OTHER_TEAMS for at, team in enumerate(teams, start=1)}

    @property
    def by_team(self) -> Parts | None:
        """The axis of teams; ``None`` where the return tells fewer than two apart."""
        names = tuple(dict.fromkeys(self._teams.values())) if self.answered("assessment", "team_id") else ()
        return Parts(TEAM, (*names, UNKNOWN)) if len(names) > 1 else None

    def _team(self) -> pl.Expr:
        if not self.by_team:
            return pl.lit(None, pl.String).alias(TEAM)
        named = pl.col("team_id").cast(pl.String)
        return named.replace_strict(self._teams, default=None, return_dtype=pl.String).alias(TEAM)

    def about(self) -> Frame:
        """What is known of each assessment, for rows that belong to one."""
        known = once(self.unit("assessment"), "assessment_id")
        return known.select(
            "assessment_id",
            "assessment_date",
            pl.col("child_id").alias("assessed"),
            "closure_date",
            "pathway",
            "differential_assessment",
            "age",
            DVA.variable,
            TEAM,
        )

    def _directions(self) -> Frame:
        """Directions of harm with both people, their assessment, and ``direction``, the broad group that each is of."""
        rows = directions(self.tables).with_columns(harm_direction_class().alias("direction")).to_native()
        about = self.about().drop("assessment_date")
        return self.rows("harm_direction", rows).join(about, on="assessment_id", how="left")

    def roles(self, key: str) -> Frame:
        """Who causes or experiences harm in which assessment: both keys, ``_causes`` and ``_experiences``."""
        said = self.frame("harm_direction")
        parts = [
            said.select("assessment_id", pl.col(f"person_{role}_id").alias(key), pl.lit(role).alias("role"))
            for role in ("causing", "experiencing")
        ]
        role = pl.col("role")
        return (
            pl.concat(parts)
            .group_by("assessment_id", key)
            .agg(_causes=(role == "causing").any(), _experiences=(role == "experiencing").any())
        )

    def with_roles(self, rows: Frame, key: str) -> Frame:
        """Rows about people in assessments, with ``CAUSES`` and ``EXPERIENCES``."""
        rows = rows.join(self.roles(key), on=["assessment_id", key], how="left")
        return rows.with_columns(
            yes_no(CAUSES.variable, pl.col("_causes")), yes_no(EXPERIENCES.variable, pl.col("_experiences"))
        ).drop("_causes", "_experiences")

    def _adults(self) -> Frame:
        """Adults in assessments, with their roles and what is known of the person."""
        rows = self.with_roles(self.rows("adult_in_case"), "person_id")
        rows = rows.join(self.about().select("assessment_id", TEAM), on="assessment_id", how="left")
        return rows.join(self.people("person_id"), on="person_id", how="left")

    def _experiences(self) -> Frame:
        """Children in assessments, with their roles, sex and age."""
        rows = self.with_roles(self.rows("child_experience"), "child_id")
        rows = rows.join(self.people("child_id"), on="child_id", how="left")
        rows = rows.join(self.about().select("assessment_id", "assessment_date", TEAM), on="assessment_id", how="left")
        return rows.with_columns(age("assessment_date"))

    def _voices(self) -> Frame:
        """Accounts, with ``speaker``: a child or an adult on the day of the assessment, or else by kind of person."""
        rows = self.with_roles(self.rows("family_voice"), "speaker_id")
        rows = rows.join(self.people("speaker_id"), on="speaker_id", how="left")
        rows = rows.join(self.about().select("assessment_id", "assessment_date", TEAM), on="assessment_id", how="left")
        grown = pl.coalesce(age("assessment_date") == "18 and over", pl.col("person_kind") == "adult")
        speaker = pl.when(grown).then(pl.lit("adult")).when(~grown).then(pl.lit("child")).alias("speaker")
        return rows.with_columns(speaker, age("assessment_date"))

    def _children(self) -> Frame:
        """The children of assessments, each once, with sex and ethnic group, and whether abuse was ever flagged."""
        assessed = self.unit("assessment").filter(pl.col("child_id").is_not_null()).group_by("child_id")
        flagged = assessed.agg(yes_no(DVA.variable, (pl.col(DVA.variable) == "yes").any()))
        return flagged.join(self.people("child_id"), on="child_id", how="left")

    def _events(self) -> Frame:
        """Changes of status with ``step``: up or down the ladder of services, in the order of the code list."""
        ladder = self.standard.lists["ServiceStatus"].codes
        ranks = {code: place for place, code in enumerate(ladder)} | {"closed": 0}
        before, after = (
            pl.col(column).replace_strict(ranks, default=None, return_dtype=pl.Int8)
            for column in ("from_status", "to_status")
        )
        step = pl.when(after > before).then(pl.lit("up")).when(after < before).then(pl.lit("down"))
        return self.rows("status_event").with_columns(step.alias("step"))

    def _referrals(self) -> Frame:
        """Referrals to services, with what is known of the person."""
        return self.rows("service_referral").join(self.people("person_id"), on="person_id", how="left")


def age(on: str) -> pl.Expr:
    """The band of the age at a day, by whole months; null where the birth month is not known."""
    year, month = pl.col(on).dt.year(), pl.col(on).dt.month().cast(pl.Int32)
    born, birth = pl.col("birth_month").dt.year(), pl.col("birth_month").dt.month().cast(pl.Int32)
    return AGES.of((year - born) * 12 + month - birth)


def _groups(crosswalk: str) -> Mapping[str, str]:
    """Codes of a scheme to the report's groups; a code that says that nothing is known has none."""
    lines = crosswalks.load(crosswalk).matches
    told = {line.code: line.target.rpartition("/")[2] for line in lines if line.target}
    return {code: group for code, group in told.items() if group in GROUPS}
