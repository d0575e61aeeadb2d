"""The metrics: each against counts worked out by hand on one small return, and laws that hold of them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import polars as pl
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator import cin, formats, synth
from rdac_validator.cli import main
from rdac_validator.crosswalks.reading import NOT_COLLECTED
from rdac_validator.disclosure import Parts, Policy, Several
from rdac_validator.disclosure.cells import Cells
from rdac_validator.disclosure.tables import Coordinates
from rdac_validator.findings import InputError, RuleError
from rdac_validator.formats import cin_xml
from rdac_validator.metrics import METRICS, ON_REQUEST, UNITS, Cases, Metric, Question, counted
from rdac_validator.metrics.axes import (
    ANSWERED,
    CUTS,
    FIFTHS,
    MOST_TEAMS,
    NOT_APPLICABLE,
    OTHER_INDEX,
    OTHER_TEAMS,
    UNKNOWN,
    fifths,
)
from rdac_validator.metrics.demographics import COMMON
from rdac_validator.quality.itself import ITSELF
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.ties import Ties
from rdac_validator.standard import TIERS, load
from rdac_validator.tables import ROW, Return, Text
from tests.returns import return_of

ROOT = Path(__file__).parent.parent
CODES = {metric.code: metric for metric in METRICS}
EXAMPLES = [
    *sorted((ROOT / "examples/profiles").iterdir()),
    ROOT / "examples/valid/scotland-small",
    ROOT / "examples/valid/england-small",
    ROOT / "examples/census/small.xml",
]
Rows = Sequence[Mapping[str, str]]
Counts = Mapping[tuple[str | None, ...], int]

# f and m harm each other before c1, and the plan asks only m for anything; c2 is in no direction of harm; c3, of whom
# little is known, harms m
WORLD: Mapping[str, Rows] = {
    "dataset": [{"la_code": "999", "period_start": "2024-04-01", "period_end": "2025-03-31", "nation": "england"}],
    "person": [
        {
            "person_id": "c1",
            "person_kind": "child",
            "birth_month": "2014-06",
            "sex": "female",
            "ethnicity_code": "WBRI",
            "ethnicity_scheme": "dfe_cin",
        },
        {
            "person_id": "c2",
            "person_kind": "child",
            "birth_month": "2008-01",
            "sex": "male",
            "ethnicity_code": "BAFR",
            "ethnicity_scheme": "dfe_cin",
        },
        {
            "person_id": "c3",
            "person_kind": "child",
            "birth_month": "not_recorded",
            "sex": "not_recorded",
            "ethnicity_code": "not_recorded",
            "ethnicity_scheme": "not_recorded",
        },
        {
            "person_id": "m",
            "person_kind": "adult",
            "birth_month": "1985-01",
            "sex": "female",
            "ethnicity_code": "WBRI",
            "ethnicity_scheme": "dfe_cin",
        },
        {
            "person_id": "f",
            "person_kind": "adult",
            "birth_month": "1983-01",
            "sex": "male",
            "ethnicity_code": "declined",
            "ethnicity_scheme": "declined",
        },
    ],
    "episode": [
        {
            "episode_id": "e1",
            "child_id": "c1",
            "referral_date": "2024-05-01",
            "referral_source": "1A",
            "family_meeting_status": "held",
            "first_known_involvement_year": "2020",
            "presenting_reason": "child_behaviour",
        },
        {
            "episode_id": "e2",
            "child_id": "c2",
            "referral_date": "2024-06-01",
            "closure_date": "2024-08-01",
            "referral_source": "2A",
            "family_meeting_status": "not_considered",
            "first_known_involvement_year": "2024",
            "presenting_reason": "other",
        },
        {
            "episode_id": "e3",
            "child_id": "c3",
            "referral_date": "2024-11-01",
            "closure_date": "2024-12-20",
            "referral_source": "not_recorded",
            "family_meeting_status": "not_recorded",
            "first_known_involvement_year": "asked_unknown",
            "presenting_reason": "not_asked",
        },
    ],
    "assessment": [
        {
            "assessment_id": "a1",
            "episode_id": "e1",
            "assessment_type": "child_and_family",
            "conference_type": "not_a_conference",
            "assessment_date": "2024-06-01",
            "source_codes": "3B|4B",
            "decision_raw": "not_applicable",
            "differential_assessment": "typology",
            "plan_expects_separation": "yes",
            "dva_known_at_referral": "no",
            "need_level": "level_4_not_coping",
            "code_record_match": "full",
            "recorded_by_agency": "childrens_social_care",
            "family_present": "child|person_experiencing",
        },
        {
            "assessment_id": "a2",
            "episode_id": "e2",
            "assessment_type": "cp_conference",
            "conference_type": "initial",
            "assessment_date": "2024-07-01",
            "source_codes": "21",
            "decision_raw": "registration",
            "differential_assessment": "not_applicable",
            "plan_expects_separation": "not_applicable",
            "dva_known_at_referral": "not_applicable",
            "need_level": "not_recorded",
            "code_record_match": "not_recorded",
            "recorded_by_agency": "not_recorded",
            "family_present": "nobody",
        },
        {
            "assessment_id": "a3",
            "episode_id": "e3",
            "assessment_type": "child_and_family",
            "conference_type": "not_a_conference",
            "assessment_date": "2024-12-01",
            "source_codes": "not_recorded",
            "decision_raw": "not_applicable",
            "differential_assessment": "not_recorded",
            "plan_expects_separation": "not_recorded",
            "dva_known_at_referral": "asked_unknown",
            "need_level": "level_2_just_coping",
            "code_record_match": "partial",
            "recorded_by_agency": "police",
            "family_present": "not_recorded",
        },
        {
            "assessment_id": "a4",
            "episode_id": "e1",
            "assessment_type": "child_and_family",
            "conference_type": "not_a_conference",
            "assessment_date": "2024-09-01",
            "source_codes": "4B",
            "decision_raw": "not_applicable",
            "differential_assessment": "not_applicable",
            "plan_expects_separation": "no",
            "dva_known_at_referral": "not_applicable",
            "need_level": "level_3_struggling",
            "code_record_match": "not_recorded",
            "recorded_by_agency": "childrens_social_care",
            "family_present": "child",
        },
    ],
    "family_circumstances": [
        {
            "assessment_id": "a1",
            "deprivation_decile": "1",
            "deprivation_index": "imd_2019_lsoa11",
            "address_safety": "confidential",
            "housing_issues": "homeless|overcrowded",
            "money_issues": "not_asked",
            "hardship_addressed_in_plan": "no",
        },
        {
            "assessment_id": "a2",
            "deprivation_decile": "withheld_for_safety",
            "deprivation_index": "withheld_for_safety",
            "address_safety": "refuge_or_safe_accommodation",
            "housing_issues": "none_identified",
            "money_issues": "none_identified",
            "hardship_addressed_in_plan": "no_hardship_identified",
        },
    ],
    "harm_direction": [
        {
            "harm_id": "h1",
            "assessment_id": "a1",
            "person_causing_id": "f",
            "person_experiencing_id": "m",
            "relationship": "former_partner",
            "abuse_types": "physical|controlling_or_coercive",
            "pattern": "coercive_control_pattern",
            "first_known_year": "2019",
            "separation_status": "separated_contact_continues",
            "severity": "high",
            "strangulation": "yes",
            "risk_tool": "dash_2009",
            "risk_level": "high",
        },
        {
            "harm_id": "h2",
            "assessment_id": "a1",
            "person_causing_id": "m",
            "person_experiencing_id": "f",
            "relationship": "former_partner",
            "abuse_types": "dva_unspecified",
            "pattern": "not_yet_assessed",
            "first_known_year": "not_asked",
            "separation_status": "separated_contact_continues",
            "severity": "not_recorded",
            "strangulation": "not_asked",
            "risk_tool": "none_used",
            "risk_level": "not_applicable",
        },
        {
            "harm_id": "h3",
            "assessment_id": "a3",
            "person_causing_id": "c3",
            "person_experiencing_id": "m",
            "relationship": "child_of",
            "abuse_types": "controlling_or_coercive",
            "pattern": "not_asked",
            "first_known_year": "2024",
            "separation_status": "living_together",
            "severity": "standard",
            "strangulation": "no",
            "risk_tool": "not_recorded",
            "risk_level": "standard",
        },
    ],
    "adult_in_case": [
        {
            "person_id": "m",
            "assessment_id": "a1",
            "presence_in_assessment": "spoken_to",
            "absence_reason": "not_applicable",
            "has_plan_actions": "yes",
            "followed_up_after_leaving": "not_applicable",
            "interpreter": "needed_not_provided",
            "service_access_outcome": "receiving",
            "service_barrier": "not_applicable",
        },
        {
            "person_id": "f",
            "assessment_id": "a1",
            "presence_in_assessment": "described_only",
            "absence_reason": "not_attempted",
            "has_plan_actions": "no",
            "followed_up_after_leaving": "no",
            "interpreter": "not_needed",
            "service_access_outcome": "refused_by_service",
            "service_barrier": "must_accept_problem",
        },
        {
            "person_id": "m",
            "assessment_id": "a3",
            "presence_in_assessment": "not_recorded",
            "absence_reason": "not_recorded",
            "has_plan_actions": "not_recorded",
            "followed_up_after_leaving": "not_recorded",
            "interpreter": "not_recorded",
            "service_access_outcome": "waiting",
            "service_barrier": "not_recorded",
        },
    ],
    "child_experience": [
        {
            "child_id": "c1",
            "assessment_id": "a1",
            "experience_type": "sees_or_hears|directly_targeted",
            "contact_with_person_causing": "supervised",
            "recovery_support": "waiting",
            "recovery_barrier": "capacity_or_waiting_list",
        },
        {
            "child_id": "c3",
            "assessment_id": "a3",
            "experience_type": "not_asked",
            "contact_with_person_causing": "lives_with",
            "recovery_support": "receiving",
            "recovery_barrier": "not_applicable",
        },
    ],
    "family_voice": [
        {
            "voice_id": "v1",
            "assessment_id": "a1",
            "speaker_id": "c1",
            "method": "one_to_one",
            "heard_apart": "yes",
            "topics": "hopes",
            "influenced_plan": "changed_plan",
            "safe_to_share_with": "agency_only",
        },
        {
            "voice_id": "v2",
            "assessment_id": "a1",
            "speaker_id": "m",
            "method": "one_to_one",
            "heard_apart": "not_recorded",
            "topics": "hopes|fear_of_child_removal",
            "influenced_plan": "not_considered",
            "safe_to_share_with": "agency_only",
        },
        {
            "voice_id": "v3",
            "assessment_id": "a1",
            "speaker_id": "f",
            "method": "not_obtained",
            "heard_apart": "not_applicable",
            "topics": "not_applicable",
            "influenced_plan": "not_applicable",
            "safe_to_share_with": "not_recorded",
        },
        {
            "voice_id": "v4",
            "assessment_id": "a3",
            "speaker_id": "c3",
            "method": "not_obtained",
            "heard_apart": "not_applicable",
            "topics": "not_applicable",
            "influenced_plan": "not_applicable",
            "safe_to_share_with": "not_applicable",
        },
    ],
    "status_event": [
        {
            "event_id": "s1",
            "child_id": "c1",
            "event_date": "2024-05-01",
            "from_status": "not_open",
            "to_status": "assessment",
            "trigger": "new_dva_episode",
        },
        {
            "event_id": "s2",
            "child_id": "c1",
            "event_date": "2024-06-10",
            "from_status": "assessment",
            "to_status": "child_in_need",
            "trigger": "not_recorded",
        },
        {
            "event_id": "s3",
            "child_id": "c1",
            "event_date": "2024-07-01",
            "from_status": "child_in_need",
            "to_status": "closed",
            "trigger": "risk_seen_as_managed",
        },
        {
            "event_id": "s4",
            "child_id": "c1",
            "event_date": "2024-08-01",
            "from_status": "closed",
            "to_status": "cp_plan_or_registered",
            "trigger": "reunified_or_not_separated",
        },
        {
            "event_id": "s5",
            "child_id": "c2",
            "event_date": "2024-06-01",
            "from_status": "not_collected_by_source",
            "to_status": "assessment",
            "trigger": "not_recorded",
        },
    ],
    "service_referral": [
        {
            "referral_id": "q1",
            "person_id": "f",
            "service_type": "behaviour_change",
            "referral_date": "2024-06-01",
            "decision": "refused_by_service",
            "decision_reason": "must_accept_problem",
            "by_and_for": "no",
            "sequencing_condition": "separation_first",
        },
        {
            "referral_id": "q2",
            "person_id": "c1",
            "service_type": "child_recovery",
            "referral_date": "2024-03-01",
            "decision": "receiving",
            "decision_reason": "not_applicable",
            "start_date": "2024-04-01",
            "by_and_for": "not_recorded",
            "sequencing_condition": "no_condition",
        },
    ],
    "plan_action": [
        {"action_id": "t1", "assessment_id": "a1", "owner_role": "person_experiencing", "addresses": "adult_safety"},
        {"action_id": "t2", "assessment_id": "a1", "owner_role": "not_recorded", "addresses": "housing"},
    ],
    "family_meeting": [
        {
            "meeting_id": "g1",
            "episode_id": "e1",
            "person_causing_involved": "joint",
            "safety_adaptation": "separate_times|private_invites",
        },
    ],
    "kinship_arrangement": [
        {"kinship_id": "k1", "child_id": "c1", "dva_history_assessed": "no", "access_via_carer_risk": "suspected"},
        {"kinship_id": "k2", "child_id": "c2", "dva_history_assessed": "yes", "access_via_carer_risk": "not_asked"},
    ],
}

# each line was worked out by hand from the rows above; what is absent is nought
EXPECTED: Mapping[str, Mapping[str, Counts]] = {
    "M01": {
        "M01 assessment.source_codes": {("answered",): 3, ("not_recorded",): 1},
        "M01 family_circumstances.housing_issues": {("answered",): 2, ("blank",): 2},
        "M01 adult_in_case.absence_reason": {("answered",): 1, ("not applicable",): 1, ("not_recorded",): 1},
        "M01 person.ethnicity_code by sex": {
            ("answered", "female"): 2,
            ("answered", "male"): 1,
            ("not known", "male"): 1,
            ("not known", "not known"): 1,
        },
        "M01 assessment.source_codes by sex": {
            ("answered", "female"): 2,
            ("answered", "male"): 1,
            ("not known", "not known"): 1,
        },
        "M01 assessment.source_codes by ethnic group": {
            ("answered", "black"): 1,
            ("answered", "white"): 2,
            ("not known", "not known"): 1,
        },
        "M01 family_circumstances.housing_issues by sex": {
            ("answered", "female"): 1,
            ("answered", "male"): 1,
            ("not known", "female"): 1,
            ("not known", "not known"): 1,
        },
        "M01 family_circumstances.housing_issues by ethnic group": {
            ("answered", "black"): 1,
            ("answered", "white"): 1,
            ("not known", "not known"): 1,
            ("not known", "white"): 1,
        },
        "M01 family_circumstances.money_issues by sex": {
            ("answered", "male"): 1,
            ("not known", "female"): 2,
            ("not known", "not known"): 1,
        },
        "M01 family_circumstances.money_issues by ethnic group": {
            ("answered", "black"): 1,
            ("not known", "not known"): 1,
            ("not known", "white"): 2,
        },
        "M01 child_experience.experience_type by sex": {("answered", "female"): 1, ("not known", "not known"): 1},
        "M01 child_experience.experience_type by ethnic group": {
            ("answered", "white"): 1,
            ("not known", "not known"): 1,
        },
        "M01 adult_in_case.presence_in_assessment by sex": {
            ("answered", "female"): 1,
            ("answered", "male"): 1,
            ("not known", "female"): 1,
        },
        "M01 adult_in_case.presence_in_assessment by ethnic group": {
            ("answered", "not known"): 1,
            ("answered", "white"): 1,
            ("not known", "white"): 1,
        },
        "M01 adult_in_case.has_plan_actions by sex": {
            ("answered", "female"): 1,
            ("answered", "male"): 1,
            ("not known", "female"): 1,
        },
        "M01 adult_in_case.has_plan_actions by ethnic group": {
            ("answered", "not known"): 1,
            ("answered", "white"): 1,
            ("not known", "white"): 1,
        },
        "M01 family_voice.method by sex": {
            ("answered", "female"): 2,
            ("answered", "male"): 1,
            ("answered", "not known"): 1,
        },
        "M01 family_voice.method by ethnic group": {("answered", "not known"): 2, ("answered", "white"): 2},
        "M01 family_voice.influenced_plan by sex": {
            ("answered", "female"): 2,
            ("not applicable", "male"): 1,
            ("not applicable", "not known"): 1,
        },
        "M01 family_voice.influenced_plan by ethnic group": {
            ("answered", "white"): 2,
            ("not applicable", "not known"): 2,
        },
    },
    "M02": {
        "M02 label": {("coercive control without detail",): 1, ("kinds named",): 1, ("no kind named",): 1},
        "M02 kinds": {(None,): 2, ("controlling_or_coercive",): 2, ("physical",): 1},
    },
    "M03": {
        "M03 who": {("female_to_male_partner",): 1, ("male_to_female_partner",): 1, ("under18_child_to_parent",): 1},
        "M03 how many": {
            ("none", "no"): 2,
            ("one", "by a record alone"): 1,
            ("several", "by a code and a record"): 1,
        },
    },
    "M04": {
        "M04": {("no", "no"): 2, ("yes", "by a code and a record"): 1, ("yes", "by a record alone"): 1},
    },
    "M05": {
        "M05": {("1", "no"): 1, ("2 or more", "yes"): 1, ("none", "no"): 1, ("not known", "yes"): 1},
    },
    "M06": {
        "M06 how": {("by a code and a record",): 1, ("by a record alone",): 1, ("no",): 2},
        "M06 audit": {("full", "yes"): 1, ("not known", "no"): 2, ("partial", "yes"): 1},
    },
    "M07": {
        "M07 pattern": {("coercive_control_pattern",): 1, ("not known",): 1, ("not_yet_assessed",): 1},
        "M07 method": {("assessed", "typology"): 1, ("not known", "not known"): 1, ("not_yet_assessed", "typology"): 1},
    },
    "M08": {
        "M08 severity": {("high", "cp_plan"): 1, ("not known", "cp_plan"): 1, ("standard", "not known"): 1},
        "M08 risk": {("high", "cp_plan"): 1, ("not applicable", "cp_plan"): 1, ("standard", "not known"): 1},
        "M08 age": {
            ("high", "10 and over", "cp_plan"): 1,
            ("not known", "10 and over", "cp_plan"): 1,
            ("standard", "not known", "not known"): 1,
        },
        "M08 tool": {("dash_2009", "high"): 1, ("none_used", "not applicable"): 1, ("not known", "standard"): 1},
    },
    "M09": {
        "M09 answer": {("no",): 1, ("not known",): 1, ("yes",): 1},
        "M09 severity": {("no", "standard"): 1, ("not known", "not known"): 1, ("yes", "high"): 1},
        "M09 risk": {("no", "standard"): 1, ("not known", "not applicable"): 1, ("yes", "high"): 1},
    },
    "M10": {
        "M10 closure": {("living_together", "yes"): 1, ("separated_contact_continues", "no"): 2},
        "M10 follow-up": {("no",): 1, ("not applicable",): 1},
        "M10 contact": {("lives_with", "no"): 1, ("supervised", "yes"): 1},
    },
    "M11": {
        "M11 again": {("none seen in this return", "no"): 1, ("none seen in this return", "yes"): 2},
        "M11 service": {("none seen in this return", "no"): 2, ("none seen in this return", "yes"): 1},
        "M11 harm": {("3 to 5 years",): 1, ("not known",): 1, ("under 1 year",): 1},
        "M11 involvement": {("3 to 5 years", "yes"): 1, ("not known", "yes"): 1, ("under 1 year", "no"): 1},
    },
    "M12": {
        "M12 steps": {
            ("down", "risk_seen_as_managed"): 1,
            ("not known", "not known"): 1,
            ("up", "new_dva_episode"): 1,
            ("up", "not known"): 1,
            ("up", "reunified_or_not_separated"): 1,
        },
        "M12 children": {("3 or more", "1"): 1, ("none", "none"): 1, ("not known", "not known"): 1},
        "M12 again": {("not known", "no"): 1, ("not known", "yes"): 1, ("yes", "yes"): 1},
        "M12 in services": {("no",): 1, ("yes",): 2},
        "M12 within": {("not known", "no"): 1, ("up", "yes"): 1},
    },
    "M13": {
        "M13 presence": {("described_only", "no"): 1, ("spoken_to", "yes"): 1},
        "M13 reason": {("not_attempted",): 1},
    },
    "M14": {
        "M14": {("for both",): 1, ("not known",): 1},
        "M14 owners": {("not known", "housing"): 1, ("person_experiencing", "adult_safety"): 1},
    },
    "M15": {
        "M15": {("not known", "no change recorded"): 1, ("yes", "reunified or not separated"): 1},
    },
    "M16": {
        "M16 experience": {(None,): 1, ("directly_targeted",): 1, ("sees_or_hears",): 1},
        "M16 recovery": {("receiving", "not known"): 1, ("waiting", "10 to 15"): 1},
        "M16 barrier": {("capacity_or_waiting_list",): 1},
    },
    "M17": {
        "M17 age": {("not obtained", "not known"): 1, ("obtained", "10 to 15"): 1},
        "M17 method": {("not_obtained",): 1, ("one_to_one",): 1},
        "M17 influence": {("changed_plan",): 1},
        "M17 apart": {("yes",): 1},
    },
    "M18": {
        "M18 method": {("not_obtained", "yes"): 1, ("one_to_one", "yes"): 1},
        "M18 topics": {(None,): 1, ("fear_of_child_removal",): 1, ("hopes",): 1},
        "M18 influence": {("not_considered", "yes"): 1},
    },
    "M19": {
        "M19 offer": {("held", "yes"): 1, ("not known", "yes"): 1, ("not_considered", "no"): 1},
        "M19 involved": {("joint",): 1},
        "M19 safety": {(None,): 1, ("private_invites",): 1, ("separate_times",): 1},
        "M19 present": {(None,): 3, ("child",): 2, ("nobody",): 1, ("person_experiencing",): 1},
    },
    "M20": {
        "M20 gap": {("found", "no"): 1, ("not known", "not known"): 1},
        "M20 housing issues": {(None,): 2, ("homeless",): 1, ("none_identified",): 1, ("overcrowded",): 1},
        "M20 money issues": {(None,): 1, ("none_identified",): 1},
    },
    "M21": {
        "M21 tenth": {("1", "yes"): 1, ("not known", "no"): 2, ("not known", "yes"): 1},
        "M21 pathway": {("1", "cp_plan"): 1, ("not known", "not known"): 1},
        "M21 fifth": {("most deprived fifth", "cp_plan"): 1, ("not known", "not known"): 1},
    },
    "M22": {
        "M22 sex": {("not known", "not known", "not known"): 1, ("white", "female", "cp_plan"): 1},
        "M22 age": {("not known", "not known", "not known"): 1, ("white", "10 and over", "cp_plan"): 1},
        "M22 deprivation": {("not known", "not known", "not known"): 1, ("white", "most deprived 60%", "cp_plan"): 1},
    },
    "M23": {
        "M23 pathway": {("cp_plan", "yes"): 1, ("not known", "yes"): 1, ("not_cin", "no"): 1},
        "M23 conferences": {("initial", "newly_registered", "no"): 1},
    },
    "M24": {
        "M24 sex": {("female", "no"): 1, ("female", "yes"): 1, ("male", "no"): 1, ("not known", "yes"): 1},
        "M24 age": {("10 to 15", "no"): 1, ("10 to 15", "yes"): 1, ("16 to 17", "no"): 1, ("not known", "yes"): 1},
        "M24 ethnic group": {("black", "no"): 1, ("not known", "yes"): 1, ("white", "no"): 1, ("white", "yes"): 1},
    },
    "M25": {
        "M25": {(None,): 1, ("3B",): 1, ("4B",): 1},
        "M25 episodes": {(None, "yes"): 1, ("3B", "yes"): 1, ("4B", "yes"): 1},
    },
    "M27": {
        "M27 source": {("1A",): 1, ("not known",): 1},
        "M27 reason": {("child_behaviour",): 1, ("not known",): 1},
        "M27 known": {("no",): 1, ("not known",): 1},
    },
    "M28": {
        "M28 outcome": {("receiving", "yes"): 1, ("refused_by_service", "yes"): 1, ("waiting", "no"): 1},
        "M28 barrier": {("must_accept_problem",): 1, ("not known",): 1},
        "M28 referrals": {("receiving", "up to 12 weeks"): 1, ("refused_by_service", "not begun"): 1},
        "M28 reason": {("must_accept_problem",): 1},
        "M28 sequence": {("no_condition",): 1, ("separation_first",): 1},
    },
    "M29": {
        "M29 interpreter": {("needed_not_provided", "yes"): 1, ("not known", "no"): 1, ("not_needed", "yes"): 1},
        "M29 by and for": {("no", "not known"): 1, ("not known", "white"): 1},
    },
    "M30": {
        "M30 outcome": {("receiving",): 1, ("refused_by_service",): 1},
        "M30 barrier": {("must_accept_problem",): 1},
        "M30 referrals": {("refused_by_service",): 1},
    },
    "M31": {
        "M31": {("no", "waiting"): 1, ("yes", "receiving"): 1},
    },
    "M32": {
        "M32": {("no", "suspected"): 1, ("yes", "not known"): 1},
    },
    "M33": {
        "M33": {("known once alone", "yes"): 1, ("lower", "yes"): 1, ("not known", "no"): 1},
    },
    "M35": {
        "M35": {("to a child",): 4},
    },
    "M37": {
        "M37 quarter": {("2024 quarter 2", "yes"): 1, ("2024 quarter 3", "no"): 2, ("2024 quarter 4", "yes"): 1},
        "M37 agency": {
            ("childrens_social_care", "no"): 1,
            ("childrens_social_care", "yes"): 1,
            ("not known", "no"): 1,
            ("police", "yes"): 1,
        },
    },
    "M38": {
        "M38 place": {
            ("known or not applicable", "yes"): 1,
            ("not known for another reason", "no"): 1,
            ("not known for another reason", "yes"): 1,
            ("withheld_for_safety", "no"): 1,
        },
        "M38 address": {
            ("confidential", "yes"): 1,
            ("not known", "no"): 1,
            ("not known", "yes"): 1,
            ("refuge_or_safe_accommodation", "no"): 1,
        },
        "M38 sharing": {("agency_only",): 2, ("not applicable",): 1, ("not known",): 1},
    },
    "M40": {
        "M40": {("1 to 9", "no"): 1, ("10 to 19", "no"): 1, ("10 to 19", "yes"): 1, ("40 or more", "yes"): 1},
    },
}


def asked(given: Return, *codes: str) -> dict[str, Counts]:
    """Every table of these metrics (all, if none is named) over a return, dark ones left out: name to counts."""
    cases = Cases(given, load())
    metrics = [CODES[code]() for code in codes] or [metric() for metric in METRICS]
    questions = [q for metric in metrics if not metric.lacking(cases) for q in metric.questions(cases)]
    return {table.name: {at: n for at, n in table.counts.items() if n} for table in counted(questions)}


@cache
def world() -> Mapping[str, Counts]:
    return asked(return_of(WORLD))


def changed(table: str, *rows: Mapping[str, str]) -> Return:
    """The world with other rows in one table."""
    return return_of({**WORLD, table: list(rows)})


def example(path: Path) -> Return:
    if path.suffix == ".xml":
        return cin.to_return(cin_xml.read(path, load()), load(), b"a key that is only for the tests")
    return formats.read(path, load())


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_metric_counts_what_was_worked_out_by_hand(code: str) -> None:
    for name, counts in EXPECTED[code].items():
        assert world()[name] == counts, name


def test_every_table_of_every_metric_was_worked_out_by_hand_but_for_fields_alike() -> None:
    worked_out = {name for tables in EXPECTED.values() for name in tables}
    rest = set(world()) - worked_out
    assert {name for name in rest if not (name.startswith("M01 ") and " by " not in name)} == set()


def test_metrics_are_forty() -> None:
    assert sorted(one.code for one in (*METRICS, *ON_REQUEST, *ITSELF)) == [f"M{number:02}" for number in range(1, 41)]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_a_metric_says_what_it_is_and_rests_on_sources_and_fields_that_exist(metric: type[Metric]) -> None:
    info = metric.info()
    assert info.title.endswith(".")
    assert info.why.endswith(".")
    assert info.read.endswith((".", ")."))
    assert info.tier in TIERS
    sources = yaml.safe_load((ROOT / "schema/sources.yaml").read_text("utf-8"))
    for source in info.sources:
        key, _, place = source.partition(":")
        assert key in sources
        assert place
    for fields in (info.needs, info.adds):
        for table, columns in fields.items():
            assert set(columns) <= set(load().table(table).names)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_a_metric_needs_no_field_above_its_tier(metric: type[Metric]) -> None:
    tiers = [load().table(table).column(name).tier for table, names in metric.needs.items() for name in names]
    # keys of a table of a later tier are of that tier by themselves, and come with the table
    allowed = TIERS.index("T1") if metric.tier == "starter" else TIERS.index(metric.tier)
    assert max(map(TIERS.index, tiers)) <= allowed


def test_a_metric_that_leaves_something_unsaid_is_refused() -> None:
    with pytest.raises(RuleError, match="it needs a definition"):

        class Unsaid(Metric):
            """It has no reason."""

            code = "M99"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_metric_runs_on_every_example_or_says_what_it_lacks(path: Path) -> None:
    cases = Cases(example(path), load())
    for metric in (metric() for metric in METRICS):
        lacking = metric.lacking(cases)
        assert set(lacking) <= set(metric.needs)
        assert lacking or list(metric.questions(cases))


@pytest.mark.parametrize("path", [*EXAMPLES, None], ids=lambda path: path.name if path else "by hand")
def test_parts_sum_to_the_base_and_tables_agree(path: Path | None) -> None:
    cases = Cases(example(path) if path else return_of(WORLD), load())
    questions = [q for metric in METRICS if not metric().lacking(cases) for q in metric().questions(cases)]
    tables = counted(questions)
    for question, table in zip(questions, tables, strict=True):
        assert question.unit in UNITS
        for at in table.counts:
            for axis, part in zip(question.by, at, strict=True):
                assert part is None or part in axis.categories, (question.name, axis.variable)
        if all(isinstance(axis, Parts) for axis in question.by):
            assert sum(table.counts.values()) == question.frame.select(pl.len()).collect().item(), question.name
        if question.headline:
            levels = set(table.coordinates())
            assert question.headline.part in levels, question.name
            assert not question.headline.whole or question.headline.whole in levels, question.name
    # raises where one set of units is counted in two ways
    cells = Cells(tables)
    for tie in Ties(tables, load(), {}).all():
        fewer, more = (
            [cells.value[cells.number[cell]] for cell in side if cell in cells.number] for side in (tie.fewer, tie.more)
        )
        assert len(more) < len(tie.more) or sum(fewer) <= sum(more) + tie.beside, tie


def test_a_census_gives_the_metrics_of_today_and_keeps_the_rest_dark() -> None:
    cases = Cases(example(ROOT / "examples/census/small.xml"), load())
    dark = {metric.code for metric in METRICS if metric().lacking(cases)}
    t0 = {metric.code for metric in METRICS if metric.tier == "T0"}
    # a census has no place: rdac convert adds it where the council gives its own file of areas
    assert t0 & dark == {"M21", "M38"}
    assert {"M03", "M07", "M09", "M10", "M13", "M14", "M17", "M20"} <= dark
    assert CODES["M13"]().lacking(cases)["adult_in_case"] == ["presence_in_assessment", "has_plan_actions"]


def test_from_a_census_nobody_says_who_harms_whom() -> None:
    counts = asked(example(ROOT / "examples/census/small.xml"), "M04")["M04"]
    assert counts
    assert {stated for stated, _ in counts} == {"no"}


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(chance: Random) -> None:
    shuffled = {name: chance.sample(list(rows), len(rows)) for name, rows in WORLD.items()}
    assert asked(return_of(shuffled)) == world()


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**16))
def test_twice_the_families_are_twice_the_counts(times: int, seed: int) -> None:
    counts = asked(return_of(_repeated(times, f"{seed}-")), *COUNTED_BY_FAMILY)
    assert counts == {
        name: {at: n * times for at, n in rows.items()} for name, rows in _world(*COUNTED_BY_FAMILY).items()
    }


COUNTED_BY_FAMILY = ("M03", "M05", "M10", "M12", "M14", "M17", "M23", "M24", "M25", "M40")


TICKED = ("3A", "3B", "4B")


@given(
    st.lists(st.tuples(st.sampled_from("mf"), st.none() | st.lists(st.sampled_from(TICKED), max_size=4)), min_size=1)
)
def test_pairs_of_answers_are_counted_once_for_each_unit(units: list[tuple[str, list[str] | None]]) -> None:
    frame = pl.LazyFrame(units, {"sex": pl.String, "code": pl.List(pl.String)}, orient="row")
    axes = (Parts("sex", ("m", "f")), Several("code", TICKED), Several("code", TICKED))
    (table,) = counted([Question("pairs", "Pairs", "assessment", frame, axes, "all")])
    wanted: Counter[Coordinates] = Counter()
    for sex, found in units:
        held = sorted(set(found or ()))
        wanted[sex, None, None] += 1
        wanted.update(at for code in held for at in ((sex, code, None), (sex, None, code)))
        wanted.update((sex, one, other) for one, other in combinations(held, 2))
    assert table.counts == wanted
    cells = Cells([table])
    count = {at: cells.value[cells.number[table.cell(*at)]] for at in table.coordinates()}
    assert all(count[None, one, other] == count[None, other, one] for one in TICKED for other in TICKED)
    assert all(count[None, one, one] == count[None, one, None] for one in TICKED)


def test_factors_stand_in_pairs_from_thirty_assessments_on() -> None:
    assert "M05 pairs" not in asked(return_of(_repeated(COMMON - 1, "x")), "M05")
    assert asked(return_of(_repeated(COMMON, "x")), "M05")["M05 pairs"] == {
        (None, None): 30,
        ("3B", None): 30,
        ("4B", None): 30,
        (None, "3B"): 30,
        (None, "4B"): 30,
        ("3B", "4B"): 30,
    }


def test_a_code_for_no_factors_beside_a_direction_of_harm_is_in_no_pair() -> None:
    rows, none = _repeated(COMMON + 40, "x"), {f"x{number}a1" for number in range(40)}
    found = [{**row, "source_codes": "21"} if row["assessment_id"] in none else row for row in rows["assessment"]]
    pairs = asked(return_of({**rows, "assessment": found}), "M05")["M05 pairs"]
    assert pairs[None, None] == COMMON + 40 and pairs["3B", None] == COMMON
    assert {code for at in pairs for code in at} == {None, "3B", "4B"}


def _world(*codes: str) -> dict[str, Counts]:
    return {name: rows for name, rows in world().items() if name.split()[0] in codes}


def _repeated(times: int, prefix: str) -> Mapping[str, Rows]:
    """The families of the world several times over, under other keys."""
    made: dict[str, list[Mapping[str, str]]] = {"dataset": list(WORLD["dataset"])}
    for number in range(times):
        for name, rows in WORLD.items():
            if name != "dataset":
                made.setdefault(name, []).extend(
                    {c: f"{prefix}{number}{cell}" if c.endswith("_id") else cell for c, cell in row.items()}
                    for row in rows
                )
    return made


CIRCUMSTANCES = st.lists(
    st.fixed_dictionaries(
        {
            "deprivation_decile": st.sampled_from(["1", "10", "11", "", "not_applicable", "withheld_for_safety", "x"]),
            "housing_issues": st.sampled_from(["homeless", "none_identified", "not_asked", "nonsense", ""]),
            "money_issues": st.sampled_from(["problem_debt|benefit_gap", "none_identified", "declined"]),
            "hardship_addressed_in_plan": st.sampled_from(["yes", "no", "not_applicable", "not_recorded", "maybe"]),
        }
    ),
    max_size=4,
)


@settings(max_examples=10, deadline=None)
@given(CIRCUMSTANCES)
def test_whatever_stands_in_the_cells_every_assessment_is_counted_once(rows: list[dict[str, str]]) -> None:
    # two rows may claim one assessment: then neither is believed
    claimed = [{**row, "assessment_id": f"a{place % 3 + 1}"} for place, row in enumerate(rows)]
    cases = Cases(changed("family_circumstances", *claimed), load())
    metrics = [CODES[code]() for code in ("M01", "M20", "M21", "M38")]
    tables = counted([q for metric in metrics for q in metric.questions(cases)])
    Cells(tables)
    for table in tables:
        if table.unit == "assessment" and not table.given and all(isinstance(axis, Parts) for axis in table.by):
            assert sum(table.counts.values()) == len(WORLD["assessment"]), table.name


def in_teams(*teams: str) -> Return:
    """The world with a team for each assessment."""
    return changed(
        "assessment", *({**row, "team_id": team} for row, team in zip(WORLD["assessment"], teams, strict=True))
    )


def test_teams_are_told_apart_by_a_number_and_never_by_what_stands_in_the_return() -> None:
    found = asked(in_teams("t_north", "t_east", "not_recorded", "t_east"), "M01", "M37")
    assert found["M37 team"] == {
        ("team 1", "no"): 2,
        ("team 2", "yes"): 1,
        ("not known", "yes"): 1,
    }
    by_team = found["M01 child_experience.experience_type by team"]
    assert sum(by_team.values()) == len(WORLD["child_experience"])
    assert not any(name.startswith("t_") for counts in found.values() for at in counts for name in at if name)


@pytest.mark.parametrize("teams", [("t_one",) * 4, ("not_collected_by_source",) * 4])
def test_one_team_alone_is_compared_with_nobody(teams: tuple[str, ...]) -> None:
    assert not [name for name in asked(in_teams(*teams), "M01", "M37") if name.endswith(" team")]


def test_the_team_of_a_record_is_no_selection_that_anybody_makes() -> None:
    row = {"assessment_id": "alone", "episode_id": "e1", "team_id": "t_north"}
    assert asked(changed("assessment", row), "M40") == {"M40": {("none", "no"): 1}}


def test_teams_beyond_the_most_are_counted_together() -> None:
    rows = [{**WORLD["assessment"][0], "assessment_id": f"a{at}", "team_id": f"t{at:03}"} for at in range(40)]
    counts = asked(changed("assessment", *rows), "M37")["M37 team"]
    assert len({team for team, _ in counts}) == MOST_TEAMS + 1
    assert sum(n for (team, _), n in counts.items() if team == OTHER_TEAMS) == 40 - MOST_TEAMS


def test_a_place_that_is_withheld_is_a_part_of_those_without_a_known_tenth() -> None:
    cases = Cases(return_of(WORLD), load())
    questions = [q for code in ("M21", "M38") for q in CODES[code]().questions(cases)]
    tables = {table.name: table for table in counted(questions)}
    same = {tables[name].cell(UNKNOWN, "yes") for name in ("M21 tenth", "M38 place")}
    assert len(same) == 1


IMD_2019, IMD_2025 = "imd_2019_lsoa11", "imd_2025_lsoa21"


def placed(assessment: str, tenth: str, index: str) -> dict[str, str]:
    return {"assessment_id": assessment, "deprivation_decile": tenth, "deprivation_index": index}


def test_tenths_of_two_indexes_are_never_counted_together() -> None:
    rows = [placed("a1", "1", IMD_2025), placed("a2", "1", IMD_2019), placed("a3", "2", IMD_2025)]
    given = changed("family_circumstances", *rows, placed("a4", "3", "not_recorded"))
    assert Cases(given, load()).index == IMD_2025
    tenths = asked(given, "M21")["M21 tenth"]
    assert {tenth: sum(n for at, n in tenths.items() if at[0] == tenth) for tenth in ("1", "2", OTHER_INDEX)} == {
        "1": 1,
        "2": 1,
        OTHER_INDEX: 2,
    }


def test_where_two_indexes_have_as_many_tenths_the_first_by_name_is_taken() -> None:
    rows = placed("a1", "1", IMD_2025), placed("a2", "1", IMD_2019)
    assert Cases(changed("family_circumstances", *rows), load()).index == IMD_2019
    assert Cases(changed("family_circumstances"), load()).index == ""


def test_deprivation_is_parted_where_the_study_parted_it_in_each_nation() -> None:
    dataset = [{**WORLD["dataset"][0], "nation": "scotland"}]
    rows = [placed("a1", "3", "simd_2020v2_dz11")]
    scottish = asked(return_of({**WORLD, "dataset": dataset, "family_circumstances": rows}), "M22")["M22 deprivation"]
    english = asked(changed("family_circumstances", placed("a1", "3", IMD_2019)), "M22")["M22 deprivation"]
    assert {at[1] for at in scottish} == {"least deprived 80%", UNKNOWN}
    assert {at[1] for at in english} == {"most deprived 60%", UNKNOWN}


def test_the_parts_of_deprivation_are_whole_fifths() -> None:
    for nation, parts in CUTS.items():
        axis, _ = fifths(nation)
        assert {name: tuple(t for f in axis.groups[name] for t in FIFTHS[f]) for name in axis.groups} == parts


@pytest.mark.parametrize(
    ("families", "tables"),
    [
        (119, set()),
        (120, {"M22 coded"}),
        (300, {"M22 coded", "M22 detailed"}),
        (2400, {"M22 coded", "M22 detailed", "M22 coded place"}),
    ],
)
def test_all_characteristics_are_counted_at_once_where_there_are_enough_to_a_group(
    families: int, tables: set[str]
) -> None:
    # two assessments with abuse to a family, of one of which nothing is known
    kept = ("dataset", "person", "episode", "assessment", "harm_direction", "status_event", "family_circumstances")
    many = {name: rows for name, rows in _repeated(families, "").items() if name in kept}
    found = asked(return_of(many), "M22")
    assert {name for name in found if name not in {"M22 sex", "M22 age", "M22 deprivation"}} == tables
    for name in tables:
        place = ("most deprived 60%",) if name.endswith("place") else ()
        assert found[name] == {("10 and over", "female", "white", *place, "cp_plan"): families}


ROLES = {"harm_id": "h", "assessment_id": "a1", "person_causing_id": "f", "person_experiencing_id": "m"}


@pytest.mark.parametrize(
    ("experiencing", "causing", "balance"),
    [
        ("yes", "yes", "for both"),
        ("yes", "no", "for the person experiencing harm alone"),
        ("no", "yes", "for the person causing harm alone"),
        ("no", "no", "for neither"),
        ("yes", "not_applicable", "for the person experiencing harm alone"),
        ("not_applicable", "not_applicable", NOT_APPLICABLE),
        ("yes", "not_recorded", UNKNOWN),
        ("not_asked", "no", UNKNOWN),
    ],
)
def test_the_balance_of_a_plan_is_known_where_both_sides_are(experiencing: str, causing: str, balance: str) -> None:
    adults = [
        {"assessment_id": "a1", "person_id": "m", "has_plan_actions": experiencing},
        {"assessment_id": "a1", "person_id": "f", "has_plan_actions": causing},
        # an answer in another assessment keeps the column from being dark
        {"assessment_id": "a2", "person_id": "f", "has_plan_actions": "yes"},
    ]
    given = return_of({**WORLD, "harm_direction": [ROLES], "adult_in_case": adults})
    assert asked(given, "M14")["M14"] == {(balance,): 1}


OPENED, CLOSED = ("2024-05-01", "not_open", "child_in_need"), ("2024-06-01", "child_in_need", "closed")
UNSAID = "not_collected_by_source"


@pytest.mark.parametrize(
    ("steps", "trigger", "again"),
    [
        ([OPENED, CLOSED], "not_recorded", "no"),
        ([CLOSED, ("2024-07-01", "closed", "child_in_need")], "not_recorded", "yes"),
        # what is seen is seen, whatever else the source dates
        ([CLOSED, ("2024-07-01", "closed", "child_in_need")], UNSAID, "yes"),
        # a source of starts and closures does not show that a child never came down
        ([OPENED, CLOSED], UNSAID, UNKNOWN),
        # a step of which the direction is not known may have been either
        ([OPENED, ("2024-07-01", "closed", UNSAID)], "not_recorded", UNKNOWN),
    ],
)
def test_up_again_needs_a_step_down_before(steps: list[tuple[str, str, str]], trigger: str, again: str) -> None:
    other = {
        "event_id": "x",
        "child_id": "c2",
        "event_date": "2024-06-01",
        "trigger": trigger,
        "to_status": "assessment",
    }
    events = [
        {**other, "event_id": day, "child_id": "c1", "event_date": day, "from_status": before, "to_status": after}
        for day, before, after in steps
    ]
    counts = asked(changed("status_event", other, *events), "M12")["M12 again"]
    # of c3, who has no change of status, it is not known
    assert counts == Counter([(UNKNOWN, "no"), (UNKNOWN, "yes"), (again, "yes")])


def test_a_source_of_starts_and_closures_gives_no_rate_of_steps_and_no_number_of_steps_down() -> None:
    events = [{**row, "trigger": UNSAID} for row in WORLD["status_event"]]
    counts = asked(changed("status_event", *events), "M12")
    assert set(counts) == {"M12 steps", "M12 children", "M12 again"}
    assert {down for _, down in counts["M12 children"]} == {UNKNOWN}


@pytest.mark.parametrize("code", ["M02", "M06"])
def test_rows_that_codes_opened_say_nothing_of_kinds_nor_of_whether_codes_and_rows_agree(code: str) -> None:
    opened = [{**row, "abuse_types": "dva_unspecified"} for row in WORLD["harm_direction"]]
    assert CODES[code]().lacking(Cases(changed("harm_direction", *opened), load())) == {
        "harm_direction": ["abuse_types"]
    }
    assert not CODES[code]().lacking(Cases(return_of(WORLD), load()))


def test_a_kind_that_only_crosswalks_give_is_no_answer_in_completeness_either() -> None:
    held = world()["M01 harm_direction.abuse_types"]
    assert held[NOT_COLLECTED,] == sum(row["abuse_types"] == "dva_unspecified" for row in WORLD["harm_direction"]) == 1
    assert held[ANSWERED,] == 2


def test_in_a_census_every_assessment_stands_inside_its_child_and_linkage_is_not_known() -> None:
    counts = asked(example(ROOT / "examples/census/small.xml"), "M35")["M35"]
    assert set(counts) == {(UNKNOWN,)}


def test_what_a_metric_reads_it_declares() -> None:
    """Field use (M39) rests on it: of what a metric does not declare nothing may change what it counts."""
    whole = synth.make(60, 3, load())
    for metric in (*METRICS, *ON_REQUEST):
        declared = {(table, name) for held in (metric.needs, metric.adds) for table in held for name in held[table]}
        bare = {name: _without(name, frame, declared) for name, frame in whole.items()}
        if metric.code not in {"M01", "M40"}:
            assert _counts(metric, bare) == _counts(metric, whole), metric.code


def _without(name: str, frame: pl.DataFrame, declared: set[tuple[str, str]]) -> pl.DataFrame:
    """A table with nothing in the fields that nobody declares; keys, links and what is of the return itself stay."""
    table = load().table(name)
    columns = [column for column in table.columns if (name, column.name) not in declared]
    empty = [
        pl.lit("not_recorded" if column.coded else None, dtype=pl.String).alias(column.name)
        for column in columns
        if not (column.derived or column.references or column.name in table.key) and column.name in frame.columns
    ]
    return frame if name in {"dataset", "provenance"} else frame.with_columns(empty)


def _counts(metric: type[Metric], tables: Mapping[str, pl.DataFrame]) -> list[tuple[str, Mapping[Coordinates, int]]]:
    texts = {
        name: Text(name, "", "csv", frame.with_row_index(ROW, 2).lazy(), len(frame), tuple(frame.columns))
        for name, frame in tables.items()
    }
    cases = Cases(Return(texts), load())
    return [(table.name, table.counts) for table in counted(list(metric().questions(cases)))]


def test_a_pathway_that_is_given_stands_against_the_changes_of_status() -> None:
    given = changed("episode", *({**row, "pathway": "cin_only"} for row in WORLD["episode"]))
    assert asked(given, "M23")["M23 pathway"] == {("cin_only", "no"): 1, ("cin_only", "yes"): 2}


def test_a_referral_within_twelve_months_is_seen_and_one_that_is_denied_is_believed() -> None:
    first = {"episode_id": "e0", "child_id": "c1", "referral_date": "2023-07-01"}
    later = {"episode_id": "e1", "child_id": "c1", "referral_date": "2024-05-01"}
    assert asked(changed("episode", first, later), "M11")["M11 again"] == {
        ("yes", "yes"): 1,
        ("none seen in this return", "no"): 1,
    }
    denied = changed("episode", first, {**later, "re_referral_within_12m": "false"})
    assert asked(denied, "M11")["M11 again"] == {("no", "yes"): 1, ("none seen in this return", "no"): 1}


def test_a_code_that_stands_twice_in_a_cell_is_counted_once() -> None:
    first, *rest = WORLD["assessment"]
    given = changed("assessment", {**first, "source_codes": "3B|4B|3B"}, *rest)
    assert asked(given, "M25")["M25"] == {(None,): 1, ("3B",): 1, ("4B",): 1}


def test_an_assessment_that_leads_nowhere_is_counted_as_such() -> None:
    people = [row for row in WORLD["person"] if row["person_id"] != "c3"]
    episodes = [row for row in WORLD["episode"] if row["episode_id"] != "e2"]
    given = return_of({**WORLD, "person": people, "episode": episodes})
    assert asked(given, "M35")["M35"] == {("to a child",): 2, ("to an episode alone",): 1, ("to nothing",): 1}


def test_a_person_who_is_there_twice_is_not_known_and_is_counted_once() -> None:
    twice = [*WORLD["person"], {**WORLD["person"][0], "sex": "male"}]
    assert asked(changed("person", *twice), "M24")["M24 sex"] == {
        ("male", "no"): 1,
        ("not known", "no"): 1,
        ("not known", "yes"): 2,
    }


@pytest.mark.parametrize("table", ["person", "assessment"])
def test_a_direction_of_harm_is_counted_once_though_a_key_that_it_names_is_there_twice(table: str) -> None:
    groups = asked(changed(table, *WORLD[table], *WORLD[table]), "M03")["M03 who"]
    assert sum(groups.values()) == len(WORLD["harm_direction"])


FIRST_TIER = {name: WORLD[name] for name in ("dataset", "person", "episode", "assessment")}


def test_an_episode_without_an_assessment_does_not_break_the_report() -> None:
    more = [{"episode_id": f"x{number}", "child_id": "c2", "referral_date": "2024-04-02"} for number in range(9)]
    quality = measure([return_of({**FIRST_TIER, "episode": [*WORLD["episode"], *more]})], load(), Policy())
    assert [one.name for one in quality.asked if one.metric == "M11"] != []


def test_two_returns_of_one_period_are_refused() -> None:
    with pytest.raises(InputError, match="of one period"):
        measure([return_of(WORLD), return_of(WORLD)], load(), Policy())


def test_no_name_of_a_child_is_in_what_is_measured() -> None:
    marked = {name: rows for name, rows in _repeated(1, "secret").items() if name in FIRST_TIER}
    quality = measure([return_of(marked)], load(), Policy())
    assert "secret" not in repr([replace(asked_, headline=None) for asked_ in quality.asked])
    assert "secret" not in repr(quality.protected.tables)


@pytest.mark.parametrize(
    ("code", "words"),
    [("m13", "Needs: harm_direction.person_causing_id"), ("M36", "Rests on:"), ("M26", "--models")],
)
def test_rdac_explain_tells_of_a_metric(code: str, words: str) -> None:
    told = CliRunner().invoke(main, ["explain", code])
    assert told.exit_code == 0
    assert words in told.output
