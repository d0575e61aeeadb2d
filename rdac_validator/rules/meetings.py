"""Family meetings before and beside proceedings, and relatives who take a child in."""

from __future__ import annotations

from typing import ClassVar

import narwhals as nw

from rdac_validator.derive import of_dataset
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule, answered, dva_codes, holds, not_applicable
from rdac_validator.tables import ROW, Tables


def _english_episodes(tables: Tables, status: str) -> Frame:
    """Episodes of an English return within which the child came to ``status``."""
    rows = tables["episode"].join(of_dataset(tables, "nation"), how="cross").filter(nw.col("nation") == "england")
    events = tables["status_event"].filter(nw.col("to_status") == status).select("child_id", "event_date")
    within = (nw.col("event_date") >= nw.col("referral_date")) & (
        nw.col("closure_date").is_null() | (nw.col("event_date") <= nw.col("closure_date"))
    )
    reached = rows.join(events, on="child_id").filter(within).select(ROW).unique()
    return rows.join(reached, on=ROW, how="semi")


class PreProceedingsWithoutMeetingStatus(Rule):
    """A child came to pre-proceedings in England, and the question of a family meeting is said not to arise.

    Why: before care proceedings the law asks that a family meeting be offered; whether it was must be known.
    Fix: put in family_meeting_status what became of the offer, or the missing reason that is true.
    """

    code = "RDAC360"
    severity = Severity.ERROR
    table = "episode"
    columns = ("child_id", "referral_date", "closure_date", "family_meeting_status")
    message = "family_meeting_status is not_applicable, and the child came to pre_proceedings in this episode"
    sources = ("children-act-1989:s31ZA", "cwsa-2026:s1")
    requirements = ("R35",)
    needs = {"dataset": ("nation",), "status_event": ("child_id", "event_date", "to_status")}
    _england = {"dataset": [{"nation": "england"}]}
    _event = {"status_event": [{"child_id": "c1", "event_date": "2024-03-01", "to_status": "pre_proceedings"}]}
    _episode = {"child_id": "c1", "referral_date": "2024-01-01", "closure_date": "2024-09-01"}
    _unasked = _episode | {"family_meeting_status": "not_applicable"}
    _assessed = {"status_event": [{"child_id": "c1", "event_date": "2024-03-01", "to_status": "assessment"}]}
    good: tuple[Case, ...] = (
        _england | _event | {"episode": [_episode | {"family_meeting_status": "held"}]},
        _england | _event | {"episode": [_episode | {"family_meeting_status": "not_collected_by_source"}]},
        {"dataset": [{"nation": "scotland"}]} | _event | {"episode": [_unasked]},
        _england | _event | {"episode": [_unasked | {"child_id": "c2"}]},
        _england | _event | {"episode": [_unasked | {"referral_date": "2024-03-02"}]},
        _england | _event | {"episode": [_unasked | {"closure_date": "2024-02-29"}]},
        _england | _assessed | {"episode": [_unasked]},
    )
    bad: tuple[Case, ...] = (
        _england | _event | {"episode": [_unasked]},
        _england | _event | {"episode": [_unasked | {"referral_date": "2024-03-01"}]},
        _england | _event | {"episode": [_unasked | {"closure_date": "2024-03-01"}]},
        _england | _event | {"episode": [_unasked | {"closure_date": ""}, _unasked | {"child_id": "c2"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """English episodes that reached pre-proceedings."""
        reached = _english_episodes(tables, "pre_proceedings")
        return reached.select(ROW, answered("family_meeting_status").alias(VALID))


class ProceedingsWithoutOffer(Rule):
    """Proceedings began in England although nobody considered a family meeting.

    Why: a meeting is not offered only where it is against the child's best interests, which domestic abuse may make it;
    that reason has to be stated. When the duty came into force is not verified here, so that this is a warning.
    Fix: if the meeting was judged to be unsafe, put not_offered_best_interests; if it was overlooked, offer one now.
    """

    code = "RDAC361"
    severity = Severity.WARNING
    table = "episode"
    columns = ("child_id", "referral_date", "closure_date", "family_meeting_status")
    message = "family_meeting_status is not_considered, and proceedings began in this episode"
    sources = ("children-act-1989:s31ZA", "cwsa-2026:s1")
    requirements = ("R35",)
    needs = {"dataset": ("nation",), "status_event": ("child_id", "event_date", "to_status")}
    _england = {"dataset": [{"nation": "england"}]}
    _event = {"status_event": [{"child_id": "c1", "event_date": "2024-03-01", "to_status": "proceedings"}]}
    _episode = {"child_id": "c1", "referral_date": "2024-01-01"}
    _overlooked = _episode | {"family_meeting_status": "not_considered"}
    good: tuple[Case, ...] = (
        _england | _event | {"episode": [_episode | {"family_meeting_status": "not_offered_best_interests"}]},
        _england | _event | {"episode": [_episode | {"family_meeting_status": "not_recorded"}]},
        {"dataset": [{"nation": "scotland"}]} | _event | {"episode": [_overlooked]},
        _england | {"episode": [_overlooked]},
    )
    bad: tuple[Case, ...] = (_england | _event | {"episode": [_overlooked]},)

    def cases(self, tables: Tables) -> Frame:
        """English episodes in which proceedings began."""
        reached = _english_episodes(tables, "proceedings")
        return reached.select(ROW, (nw.col("family_meeting_status") != "not_considered").alias(VALID))


class MeetingAnswer(Rule, abstract=True):
    """On a case of domestic abuse, ``field`` of a family meeting has to be answered."""

    field: ClassVar[str]
    severity = Severity.WARNING
    table = "family_meeting"
    requirements: ClassVar[tuple[str, ...]] = ("R36",)
    needs = {"assessment": ("assessment_id", "episode_id", "source_codes")}

    def cases(self, tables: Tables) -> Frame:
        """Meetings in episodes where domestic abuse is coded or someone is said to harm someone."""
        assessments = tables["assessment"]
        found = [assessments.filter(holds("source_codes", dva_codes(tables.standard))).select("episode_id")]
        if "harm_direction" in tables:
            harm = tables["harm_direction"].select("assessment_id")
            found.append(assessments.join(harm, on="assessment_id", how="semi").select("episode_id"))
        meetings = tables[self.table].join(nw.concat(found), on="episode_id", how="semi")
        return meetings.select(ROW, (~not_applicable(self.field)).alias(VALID))


_CODED = {"assessment": [{"assessment_id": "a1", "episode_id": "e1", "source_codes": "3B"}]}
_PLAIN = {"assessment": [{"assessment_id": "a1", "episode_id": "e1", "source_codes": "4B"}]}
_HARM = {"harm_direction": [{"assessment_id": "a1", "harm_id": "h1"}]}


class MeetingWithoutInvolvement(MeetingAnswer):
    """A family meeting was held on a case of domestic abuse, and the part of the person causing harm is left out.

    Why: a meeting in which people sit with the person they fear can do harm, and one without that person may ask
    nothing of them.
    Fix: put in person_causing_involved whether and how they took part, or the missing reason that is true.
    """

    code = "RDAC362"
    columns = ("episode_id", "person_causing_involved")
    field = "person_causing_involved"
    message = "person_causing_involved is not_applicable, and domestic abuse is recorded in the episode"
    sources = ("children-act-1989:s31ZA", "rdac-2026:6.5")
    good: tuple[Case, ...] = (
        _CODED | {"family_meeting": [{"episode_id": "e1", "person_causing_involved": "separate_session"}]},
        _CODED | {"family_meeting": [{"episode_id": "e1", "person_causing_involved": "not_recorded"}]},
        _PLAIN | {"family_meeting": [{"episode_id": "e1", "person_causing_involved": "not_applicable"}]},
    )
    bad: tuple[Case, ...] = (
        _CODED | {"family_meeting": [{"episode_id": "e1", "person_causing_involved": "not_applicable"}]},
        _PLAIN | _HARM | {"family_meeting": [{"episode_id": "e1", "person_causing_involved": "not_applicable"}]},
    )


class MeetingWithoutAdaptation(MeetingAnswer):
    """A family meeting was held on a case of domestic abuse, and what made it safe is left out.

    Why: separate times, separate places and private invitations are what makes such a meeting possible at all.
    Fix: put in safety_adaptation what was done, no_adaptation if nothing was, or the missing reason that is true.
    """

    code = "RDAC363"
    columns = ("episode_id", "safety_adaptation")
    field = "safety_adaptation"
    message = "safety_adaptation is not_applicable, and domestic abuse is recorded in the episode"
    sources = ("children-act-1989:s31ZA", "rdac-2026:6.5")
    good: tuple[Case, ...] = (
        _CODED | {"family_meeting": [{"episode_id": "e1", "safety_adaptation": "separate_times|advocate_present"}]},
        _CODED | {"family_meeting": [{"episode_id": "e1", "safety_adaptation": "asked_unknown"}]},
        _PLAIN | {"family_meeting": [{"episode_id": "e1", "safety_adaptation": "not_applicable"}]},
    )
    bad: tuple[Case, ...] = (
        _CODED | {"family_meeting": [{"episode_id": "e1", "safety_adaptation": "not_applicable"}]},
        _PLAIN | _HARM | {"family_meeting": [{"episode_id": "e1", "safety_adaptation": "not_applicable"}]},
    )


class CarerHistoryNotAssessed(RowRule):
    """A child is cared for by a relative of the person causing harm, and the carer's history is said not to matter.

    Why: abuse can run in the household that a child is moved to, and the person causing harm may have the key to it.
    Fix: put in dva_history_assessed whether it was assessed, or the missing reason that is true.
    """

    code = "RDAC290"
    severity = Severity.WARNING
    table = "kinship_arrangement"
    columns = ("carer_relation_to_person_causing", "dva_history_assessed")
    message = "dva_history_assessed is not_applicable, and the carer is related to the person causing harm"
    sources = ("rdac-2026:6.5",)
    requirements = ("R37",)
    good: tuple[Row, ...] = (
        {"carer_relation_to_person_causing": "sibling_of", "dva_history_assessed": "no"},
        {"carer_relation_to_person_causing": "sibling_of", "dva_history_assessed": "not_recorded"},
        {"carer_relation_to_person_causing": "not_applicable", "dva_history_assessed": "not_applicable"},
        {"carer_relation_to_person_causing": "household_non_relative", "dva_history_assessed": "not_applicable"},
    )
    bad: tuple[Row, ...] = (
        {"carer_relation_to_person_causing": "sibling_of", "dva_history_assessed": "not_applicable"},
    )

    def applies(self) -> nw.Expr:
        """Carers who are related."""
        return nw.col("carer_relation_to_person_causing") != "household_non_relative"

    def valid(self) -> nw.Expr:
        """Answered, or why not."""
        return answered("dva_history_assessed")
