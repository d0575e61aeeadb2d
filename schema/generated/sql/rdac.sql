-- A data standard for domestic violence and abuse in children's social care, version 0.1.0. Generated from schema/rdac.yaml by rdac generate.

CREATE TABLE "dataset" (
    "schema_version" TEXT NOT NULL,
    "nation" TEXT NOT NULL CHECK ("nation" IN ('england', 'scotland', 'wales')),
    "la_code" TEXT NOT NULL,
    "period_start" DATE NOT NULL,
    "period_end" DATE NOT NULL,
    "source_system" TEXT,
    "source_system_changed_on" DATE,
    "code_list_version" TEXT NOT NULL CHECK ("code_list_version" IN ('cin_2017_18', 'cin_2018_19', 'cin_2019_20', 'cin_2020_21', 'cin_2021_22', 'cin_2022_23', 'cin_2023_24', 'cin_2024_25', 'cin_2025_26', 'cin_2026_27', 'scot_cp_local_15', 'scot_cp_2023_24')),
    "definition_frame" TEXT NOT NULL CHECK ("definition_frame" IN ('da_act_2021_ew', 'scot_policy_partner', 'local', 'not_stated')),
    "recording_policy" TEXT NOT NULL CHECK ("recording_policy" IN ('all_that_apply', 'main_only', 'practitioner_discretion', 'not_stated')),
    "population_baseline" TEXT,
    "suppression_threshold" INTEGER NOT NULL CHECK ("suppression_threshold" >= 1 AND "suppression_threshold" <= 20),
    "zero_policy" TEXT NOT NULL CHECK ("zero_policy" IN ('zeros_shown', 'zeros_suppressed')),
    "dpia_reference" TEXT,
    PRIMARY KEY ("la_code", "period_start")
);

CREATE TABLE "person" (
    "person_id" TEXT NOT NULL,
    "person_kind" TEXT CHECK ("person_kind" IN ('child', 'unborn', 'adult', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "birth_month" TEXT,
    "birth_month_missing" TEXT CHECK ("birth_month_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("birth_month_missing" IS NULL OR "birth_month" IS NULL)),
    "sex" TEXT CHECK ("sex" IN ('male', 'female', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "ethnicity_code" TEXT,
    "ethnicity_code_missing" TEXT CHECK ("ethnicity_code_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("ethnicity_code_missing" IS NULL OR "ethnicity_code" IS NULL)),
    "ethnicity_scheme" TEXT CHECK ("ethnicity_scheme" IN ('dfe_cin', 'gss_2011', 'census_2021_ew', 'scotland_2001', 'scotland_2011', 'census_2022_scot', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "disability" TEXT CHECK ("disability" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "sexual_orientation" TEXT CHECK ("sexual_orientation" IN ('straight_or_heterosexual', 'gay_or_lesbian', 'bisexual', 'other', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "gender_identity" TEXT CHECK ("gender_identity" IN ('same_as_sex_registered', 'different', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("person_id")
);

CREATE TABLE "provenance" (
    "target_table" TEXT NOT NULL,
    "target_key" TEXT NOT NULL,
    "target_column" TEXT NOT NULL,
    "source_field" TEXT NOT NULL,
    "source_code" TEXT,
    "provenance_code_list_version" TEXT NOT NULL CHECK ("provenance_code_list_version" IN ('cin_2017_18', 'cin_2018_19', 'cin_2019_20', 'cin_2020_21', 'cin_2021_22', 'cin_2022_23', 'cin_2023_24', 'cin_2024_25', 'cin_2025_26', 'cin_2026_27', 'scot_cp_local_15', 'scot_cp_2023_24')),
    "crosswalk_version" TEXT NOT NULL,
    "mapping_status" TEXT NOT NULL CHECK ("mapping_status" IN ('exact', 'broad', 'ambiguous', 'not_derivable'))
);

CREATE TABLE "episode" (
    "episode_id" TEXT NOT NULL,
    "child_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "family_id" TEXT,
    "family_id_missing" TEXT CHECK ("family_id_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("family_id_missing" IS NULL OR "family_id" IS NULL)),
    "referral_date" DATE,
    "referral_date_missing" TEXT CHECK ("referral_date_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("referral_date_missing" IS NULL OR "referral_date" IS NULL)),
    "referral_source" TEXT CHECK ("referral_source" IN ('1A', '1B', '1C', '1D', '2A', '2B', '3A', '3B', '3C', '3D', '3E', '3F', '4', '5A', '5B', '5C', '5D', '6', '7', '8', '9', '10', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "closure_date" DATE,
    "closure_reason" TEXT CHECK ("closure_reason" IN ('RC1', 'RC2', 'RC3', 'RC4', 'RC5', 'RC6', 'RC7', 'RC8', 'RC9', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "pathway" TEXT CHECK ("pathway" IN ('not_cin', 'cin_only', 'cp_plan', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "re_referral_within_12m" BOOLEAN,
    "family_meeting_status" TEXT CHECK ("family_meeting_status" IN ('not_considered', 'offered_accepted_not_yet_held', 'held', 'offered_declined', 'not_offered_best_interests', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "first_known_involvement_year" INTEGER CHECK ("first_known_involvement_year" >= 1900 AND "first_known_involvement_year" <= 2100),
    "first_known_involvement_year_missing" TEXT CHECK ("first_known_involvement_year_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("first_known_involvement_year_missing" IS NULL OR "first_known_involvement_year" IS NULL)),
    "presenting_reason" TEXT CHECK ("presenting_reason" IN ('dva_incident', 'child_behaviour', 'school_concern', 'health_concern', 'homelessness', 'other', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("episode_id")
);

CREATE TABLE "status_event" (
    "event_id" TEXT NOT NULL,
    "child_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "event_date" DATE NOT NULL,
    "from_status" TEXT CHECK ("from_status" IN ('not_open', 'early_help', 'assessment', 'child_in_need', 'section_47_or_investigation', 'cp_plan_or_registered', 'pre_proceedings', 'proceedings', 'looked_after', 'closed', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "to_status" TEXT CHECK ("to_status" IN ('not_open', 'early_help', 'assessment', 'child_in_need', 'section_47_or_investigation', 'cp_plan_or_registered', 'pre_proceedings', 'proceedings', 'looked_after', 'closed', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "trigger" TEXT CHECK ("trigger" IN ('new_dva_episode', 'child_behaviour', 'child_age', 'adult_moved_in_or_out', 'reunified_or_not_separated', 'risk_seen_as_managed', 'person_causing_left', 'other_harm', 'agency_withdrew', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("event_id")
);

CREATE TABLE "service_referral" (
    "referral_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "service_type" TEXT CHECK ("service_type" IN ('dva_advocacy', 'refuge', 'behaviour_change', 'fathers_programme', 'couple_work_specialist', 'child_recovery', 'camhs', 'adult_mental_health', 'substance', 'parenting', 'housing', 'money_advice', 'legal', 'interpreter', 'employer_engagement', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "referral_date" DATE NOT NULL,
    "decision" TEXT CHECK ("decision" IN ('no_need_identified', 'receiving', 'completed', 'waiting', 'refused_by_service', 'declined_by_person', 'not_available', 'need_identified_not_referred', 'not_offered', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "decision_reason" TEXT CHECK ("decision_reason" IN ('below_threshold', 'too_complex_for_tier', 'safety_or_stability_criterion', 'current_risk_excludes', 'must_accept_problem', 'other_need_must_be_first', 'diagnostic_criteria_not_met', 'has_children_with_them', 'no_recourse_to_public_funds', 'sex_or_role_not_served', 'language_or_culture', 'capacity_or_waiting_list', 'no_commissioned_provision', 'timing_work_or_childcare', 'consent_withheld_by_experiencing', 'consent_withheld_by_causing', 'other_specified', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "start_date" DATE,
    "end_date" DATE,
    "end_reason" TEXT CHECK ("end_reason" IN ('needs_met', 'moved', 'time_limit', 'stopped_attending', 'unsafe', 'deteriorated_while_waiting', 'service_closed', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "by_and_for" TEXT CHECK ("by_and_for" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "sequencing_condition" TEXT CHECK ("sequencing_condition" IN ('no_condition', 'substance_first', 'mental_health_first', 'safety_first', 'separation_first', 'housing_first', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "lead_agency" TEXT CHECK ("lead_agency" IN ('childrens_social_care', 'early_help', 'police', 'health_primary', 'camhs', 'adult_mh', 'substance', 'dva_service', 'housing', 'school', 'probation', 'court_service', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "feedback_received" TEXT CHECK ("feedback_received" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("referral_id")
);

CREATE TABLE "kinship_arrangement" (
    "kinship_id" TEXT NOT NULL,
    "child_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "carer_relation_to_person_causing" TEXT CHECK ("carer_relation_to_person_causing" IN ('partner', 'former_partner', 'co_parent_never_partner', 'parent_or_step_parent_of', 'child_of', 'sibling_of', 'grandparent_of', 'grandchild_of', 'in_law', 'other_relative', 'household_non_relative', 'young_person_relationship', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "dva_history_assessed" TEXT CHECK ("dva_history_assessed" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "access_via_carer_risk" TEXT CHECK ("access_via_carer_risk" IN ('yes', 'suspected', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("kinship_id")
);

CREATE TABLE "assessment" (
    "assessment_id" TEXT NOT NULL,
    "episode_id" TEXT NOT NULL REFERENCES "episode" ("episode_id"),
    "assessment_type" TEXT CHECK ("assessment_type" IN ('child_and_family', 'early_help', 'section_47', 'cp_conference', 'strategy_or_ird', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "conference_type" TEXT CHECK ("conference_type" IN ('initial', 'pre_birth', 'review', 'transfer', 'not_a_conference', 'pre_meeting_decision', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "assessment_date" DATE,
    "assessment_date_missing" TEXT CHECK ("assessment_date_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("assessment_date_missing" IS NULL OR "assessment_date" IS NULL)),
    "source_codes_missing" TEXT CHECK ("source_codes_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "decision_raw" TEXT CHECK ("decision_raw" IN ('continued_registration', 'continued_registration_and_referral_to_scra', 'registration', 'registration_and_referral_to_scra', 'child_not_registered', 'child_not_registered_referral_to_scra', 'monitoring_and_review', 'need_for_further_formal_investigation', 'no_further_action', 'proceed_to_cp_conference', 'name_removed_from_register', 'no_longer_requires_ypsp_proc_risk_reduced', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "registration_outcome" TEXT CHECK ("registration_outcome" IN ('newly_registered', 'remains_registered', 'not_registered', 'deregistered', 'deferred', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "differential_assessment" TEXT CHECK ("differential_assessment" IN ('none_used', 'typology', 'perpetrator_pattern_mapping', 'other_structured', 'specialist_service_assessment', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "plan_expects_separation" TEXT CHECK ("plan_expects_separation" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "dva_known_at_referral" TEXT CHECK ("dva_known_at_referral" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "need_level" TEXT CHECK ("need_level" IN ('level_1_thriving', 'level_2_just_coping', 'level_3_struggling', 'level_4_not_coping', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "code_record_match" TEXT CHECK ("code_record_match" IN ('full', 'partial', 'no_match', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "recorded_by_agency" TEXT CHECK ("recorded_by_agency" IN ('childrens_social_care', 'early_help', 'police', 'health_primary', 'camhs', 'adult_mh', 'substance', 'dva_service', 'housing', 'school', 'probation', 'court_service', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "family_present_missing" TEXT CHECK ("family_present_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "team_id" TEXT,
    "team_id_missing" TEXT CHECK ("team_id_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("team_id_missing" IS NULL OR "team_id" IS NULL)),
    PRIMARY KEY ("assessment_id")
);

CREATE TABLE "assessment_source_codes" (
    "assessment_id" TEXT NOT NULL,
    "source_codes" TEXT NOT NULL CHECK ("source_codes" IN ('1A', '1B', '1C', '2A', '2B', '2C', '3A', '3B', '3C', '4A', '4B', '4C', '5A', '5B', '5C', '6A', '6B', '6C', '7A', '8A', '8B', '8C', '8D', '8E', '8F', '9A', '10A', '11A', '12A', '13A', '14A', '15A', '16A', '17A', '18A', '18B', '18C', '19A', '19B', '19C', '20', '21', '22A', '23A', '24A', 'child_exploitation', 'child_sexual_exploitation', 'child_trafficking', 'children_placing_themselves_at_risk', 'domestic_abuse', 'emotional_abuse', 'neglect', 'non_engaging_family', 'other_concerns', 'parental_alcohol_misuse', 'parental_drug_misuse', 'parental_mental_health_problems', 'physical_abuse', 'sexual_abuse', 'temporary_registration_category')),
    PRIMARY KEY ("assessment_id", "source_codes"),
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("assessment_id")
);

CREATE TABLE "assessment_family_present" (
    "assessment_id" TEXT NOT NULL,
    "family_present" TEXT NOT NULL CHECK ("family_present" IN ('child', 'person_experiencing', 'person_causing', 'wider_family', 'nobody')),
    PRIMARY KEY ("assessment_id", "family_present"),
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("assessment_id")
);

CREATE TABLE "family_meeting" (
    "meeting_id" TEXT NOT NULL,
    "episode_id" TEXT NOT NULL REFERENCES "episode" ("episode_id"),
    "meeting_type" TEXT CHECK ("meeting_type" IN ('fgc', 'fgdm_meeting', 'network_meeting', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "held_on" DATE NOT NULL,
    "person_causing_involved" TEXT CHECK ("person_causing_involved" IN ('separate_session', 'joint', 'not_involved_for_safety', 'not_invited', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "safety_adaptation_missing" TEXT CHECK ("safety_adaptation_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "child_participation" TEXT CHECK ("child_participation" IN ('one_to_one', 'through_advocate', 'symbols_or_play', 'written_or_digital', 'group', 'observation_only', 'not_obtained', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "network_member_dva_history_considered" TEXT CHECK ("network_member_dva_history_considered" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("meeting_id")
);

CREATE TABLE "family_meeting_safety_adaptation" (
    "meeting_id" TEXT NOT NULL,
    "safety_adaptation" TEXT NOT NULL CHECK ("safety_adaptation" IN ('separate_times', 'separate_places', 'advocate_present', 'private_invites', 'no_adaptation')),
    PRIMARY KEY ("meeting_id", "safety_adaptation"),
    FOREIGN KEY ("meeting_id") REFERENCES "family_meeting" ("meeting_id")
);

CREATE TABLE "family_circumstances" (
    "assessment_id" TEXT NOT NULL REFERENCES "assessment" ("assessment_id"),
    "as_of_date" DATE NOT NULL,
    "deprivation_decile" INTEGER CHECK ("deprivation_decile" >= 1 AND "deprivation_decile" <= 10),
    "deprivation_decile_missing" TEXT CHECK ("deprivation_decile_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("deprivation_decile_missing" IS NULL OR "deprivation_decile" IS NULL)),
    "deprivation_index" TEXT CHECK ("deprivation_index" IN ('imd_2019_lsoa11', 'imd_2025_lsoa21', 'simd_2020v2_dz11', 'simd_next_dz22', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "address_safety" TEXT CHECK ("address_safety" IN ('standard', 'confidential', 'refuge_or_safe_accommodation', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "housing_issues_missing" TEXT CHECK ("housing_issues_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "money_issues_missing" TEXT CHECK ("money_issues_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "work_situation" TEXT CHECK ("work_situation" IN ('secure_work', 'insecure_only', 'no_one_in_work', 'study_or_caring', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "recourse_to_public_funds" TEXT CHECK ("recourse_to_public_funds" IN ('yes', 'no_recourse', 'being_confirmed', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "hardship_addressed_in_plan" TEXT CHECK ("hardship_addressed_in_plan" IN ('yes', 'partly', 'no', 'no_hardship_identified', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "tenure" TEXT CHECK ("tenure" IN ('owned', 'mortgage_or_shared', 'social_rent', 'private_rent', 'rent_free', 'temporary_or_supported', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "occupancy_rating" TEXT CHECK ("occupancy_rating" IN ('two_or_more_spare', 'one_spare', 'no_spare', 'overcrowded', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "childcare_barrier" TEXT CHECK ("childcare_barrier" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "private_resources_used_missing" TEXT CHECK ("private_resources_used_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "moved_because_of_abuse" TEXT CHECK ("moved_because_of_abuse" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("assessment_id")
);

CREATE TABLE "family_circumstances_housing_issues" (
    "assessment_id" TEXT NOT NULL,
    "housing_issues" TEXT NOT NULL CHECK ("housing_issues" IN ('overcrowded', 'insecure_or_eviction_risk', 'temporary_accommodation', 'homeless', 'blocks_separation', 'unsafe_location', 'poor_condition', 'none_identified')),
    PRIMARY KEY ("assessment_id", "housing_issues"),
    FOREIGN KEY ("assessment_id") REFERENCES "family_circumstances" ("assessment_id")
);

CREATE TABLE "family_circumstances_money_issues" (
    "assessment_id" TEXT NOT NULL,
    "money_issues" TEXT NOT NULL CHECK ("money_issues" IN ('cannot_meet_essentials', 'problem_debt', 'legal_cost_debt', 'benefit_gap', 'financial_insecurity_if_leaves', 'none_identified')),
    PRIMARY KEY ("assessment_id", "money_issues"),
    FOREIGN KEY ("assessment_id") REFERENCES "family_circumstances" ("assessment_id")
);

CREATE TABLE "family_circumstances_private_resources_used" (
    "assessment_id" TEXT NOT NULL,
    "private_resources_used" TEXT NOT NULL CHECK ("private_resources_used" IN ('second_home', 'private_therapy', 'private_legal', 'legal_or_complaint_advocate', 'none_identified')),
    PRIMARY KEY ("assessment_id", "private_resources_used"),
    FOREIGN KEY ("assessment_id") REFERENCES "family_circumstances" ("assessment_id")
);

CREATE TABLE "harm_direction" (
    "harm_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL REFERENCES "assessment" ("assessment_id"),
    "person_causing_id" TEXT REFERENCES "person" ("person_id"),
    "person_causing_id_missing" TEXT CHECK ("person_causing_id_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("person_causing_id_missing" IS NULL OR "person_causing_id" IS NULL)),
    "person_experiencing_id" TEXT REFERENCES "person" ("person_id"),
    "person_experiencing_id_missing" TEXT CHECK ("person_experiencing_id_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("person_experiencing_id_missing" IS NULL OR "person_experiencing_id" IS NULL)),
    "relationship" TEXT CHECK ("relationship" IN ('partner', 'former_partner', 'co_parent_never_partner', 'parent_or_step_parent_of', 'child_of', 'sibling_of', 'grandparent_of', 'grandchild_of', 'in_law', 'other_relative', 'household_non_relative', 'young_person_relationship', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "abuse_types_missing" TEXT CHECK ("abuse_types_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "abuse_contexts_missing" TEXT CHECK ("abuse_contexts_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "pattern" TEXT CHECK ("pattern" IN ('not_yet_assessed', 'single_incident', 'repeated_no_control_found', 'coercive_control_pattern', 'resistance', 'bidirectional_conflict_no_control_found', 'separation_linked', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "first_known_year" INTEGER CHECK ("first_known_year" >= 1900 AND "first_known_year" <= 2100),
    "first_known_year_missing" TEXT CHECK ("first_known_year_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source') AND ("first_known_year_missing" IS NULL OR "first_known_year" IS NULL)),
    "separation_status" TEXT CHECK ("separation_status" IN ('living_together', 'separated_contact_continues', 'separated_no_contact', 'on_off', 'never_lived_together', 'in_custody', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "severity" TEXT CHECK ("severity" IN ('standard', 'moderate', 'high', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "strangulation" TEXT CHECK ("strangulation" IN ('yes', 'suspected', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "risk_tool" TEXT CHECK ("risk_tool" IN ('safelives_ric', 'dash_2009', 'dara', 'sara', 'other_structured', 'professional_judgement', 'none_used', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "risk_level" TEXT CHECK ("risk_level" IN ('standard', 'medium', 'high', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "trajectory" TEXT CHECK ("trajectory" IN ('escalating', 'stable', 'reducing_explained', 'reducing_not_explained', 'fluctuating', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "control_behaviours_missing" TEXT CHECK ("control_behaviours_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "typology_scheme" TEXT CHECK ("typology_scheme" IN ('johnson', 'local_specialist', 'other', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "typology_label" TEXT,
    "intergenerational" TEXT CHECK ("intergenerational" IN ('person_causing_grew_up_with', 'person_experiencing_grew_up_with', 'both', 'three_generations', 'none_known', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "evidence_sources_missing" TEXT CHECK ("evidence_sources_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "harm_direction_class" TEXT CHECK ("harm_direction_class" IN ('male_to_female_partner', 'female_to_male_partner', 'male_to_male_partner', 'female_to_female_partner', 'parent_to_child', 'adult_child_to_parent', 'under18_child_to_parent', 'sibling', 'intergenerational_other_adult', 'other', 'not_stated', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "legal_frame" TEXT CHECK ("legal_frame" IN ('da_act_2021_s1', 'scot_2018_act', 'child_safeguarding_frame', 'not_determinable', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("harm_id")
);

CREATE TABLE "harm_direction_abuse_types" (
    "harm_id" TEXT NOT NULL,
    "abuse_types" TEXT NOT NULL CHECK ("abuse_types" IN ('physical', 'sexual', 'violent_or_threatening', 'controlling_or_coercive', 'economic', 'psychological_or_emotional', 'stalking_or_harassment', 'other_specified', 'dva_unspecified')),
    PRIMARY KEY ("harm_id", "abuse_types"),
    FOREIGN KEY ("harm_id") REFERENCES "harm_direction" ("harm_id")
);

CREATE TABLE "harm_direction_abuse_contexts" (
    "harm_id" TEXT NOT NULL,
    "abuse_contexts" TEXT NOT NULL CHECK ("abuse_contexts" IN ('technology_facilitated', 'post_separation', 'via_child_contact', 'via_legal_or_agency_process', 'via_immigration_status', 'honour_based', 'forced_marriage', 'fgm', 'faith_or_belief', 'reproductive', 'several_people', 'none_identified')),
    PRIMARY KEY ("harm_id", "abuse_contexts"),
    FOREIGN KEY ("harm_id") REFERENCES "harm_direction" ("harm_id")
);

CREATE TABLE "harm_direction_control_behaviours" (
    "harm_id" TEXT NOT NULL,
    "control_behaviours" TEXT NOT NULL CHECK ("control_behaviours" IN ('isolation', 'monitoring', 'money_control', 'time_or_movement', 'degradation', 'threats', 'child_related', 'immigration', 'digital', 'medication_or_health', 'none_identified')),
    PRIMARY KEY ("harm_id", "control_behaviours"),
    FOREIGN KEY ("harm_id") REFERENCES "harm_direction" ("harm_id")
);

CREATE TABLE "harm_direction_evidence_sources" (
    "harm_id" TEXT NOT NULL,
    "evidence_sources" TEXT NOT NULL CHECK ("evidence_sources" IN ('person_experiencing', 'child', 'person_causing', 'police', 'health', 'school', 'dva_service', 'relative', 'worker_inference')),
    PRIMARY KEY ("harm_id", "evidence_sources"),
    FOREIGN KEY ("harm_id") REFERENCES "harm_direction" ("harm_id")
);

CREATE TABLE "adult_in_case" (
    "person_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "assessment_id" TEXT NOT NULL REFERENCES "assessment" ("assessment_id"),
    "relationship_to_child" TEXT CHECK ("relationship_to_child" IN ('mother', 'father', 'step_parent', 'parents_partner', 'grandparent', 'adult_sibling', 'other_relative', 'foster_or_kinship_carer', 'no_relationship', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "presence_in_assessment" TEXT CHECK ("presence_in_assessment" IN ('spoken_to', 'described_only', 'absent', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "absence_reason" TEXT CHECK ("absence_reason" IN ('not_attempted', 'attempted_no_response', 'declined_to_meet', 'whereabouts_unknown', 'unsafe_to_contact', 'language_barrier', 'worker_safety_concern', 'in_custody', 'legal_restriction', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "has_plan_actions" TEXT CHECK ("has_plan_actions" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "followed_up_after_leaving" TEXT CHECK ("followed_up_after_leaving" IN ('yes', 'handed_to_other_agency', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "needs_missing" TEXT CHECK ("needs_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "interpreter" TEXT CHECK ("interpreter" IN ('not_needed', 'dva_trained', 'general', 'family_member_used', 'needed_not_provided', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "service_access_outcome" TEXT CHECK ("service_access_outcome" IN ('no_need_identified', 'receiving', 'completed', 'waiting', 'refused_by_service', 'declined_by_person', 'not_available', 'need_identified_not_referred', 'not_offered', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "service_barrier" TEXT CHECK ("service_barrier" IN ('below_threshold', 'too_complex_for_tier', 'safety_or_stability_criterion', 'current_risk_excludes', 'must_accept_problem', 'other_need_must_be_first', 'diagnostic_criteria_not_met', 'has_children_with_them', 'no_recourse_to_public_funds', 'sex_or_role_not_served', 'language_or_culture', 'capacity_or_waiting_list', 'no_commissioned_provision', 'timing_work_or_childcare', 'consent_withheld_by_experiencing', 'consent_withheld_by_causing', 'other_specified', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "own_childhood_abuse_or_dva" TEXT CHECK ("own_childhood_abuse_or_dva" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "care_experienced" TEXT CHECK ("care_experienced" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "protective_actions_missing" TEXT CHECK ("protective_actions_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "family_support_available" TEXT CHECK ("family_support_available" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("person_id", "assessment_id")
);

CREATE TABLE "adult_in_case_needs" (
    "person_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "needs" TEXT NOT NULL CHECK ("needs" IN ('mental_health', 'alcohol', 'drugs', 'physical_health_or_disability', 'learning_disability', 'none_identified')),
    PRIMARY KEY ("person_id", "assessment_id", "needs"),
    FOREIGN KEY ("person_id", "assessment_id") REFERENCES "adult_in_case" ("person_id", "assessment_id")
);

CREATE TABLE "adult_in_case_protective_actions" (
    "person_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "protective_actions" TEXT NOT NULL CHECK ("protective_actions" IN ('sought_help', 'moved_or_changed_locks', 'safety_plan_with_child', 'kept_routines', 'used_network', 'legal_order', 'complied_to_keep_safe', 'none_recorded')),
    PRIMARY KEY ("person_id", "assessment_id", "protective_actions"),
    FOREIGN KEY ("person_id", "assessment_id") REFERENCES "adult_in_case" ("person_id", "assessment_id")
);

CREATE TABLE "family_voice" (
    "voice_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL REFERENCES "assessment" ("assessment_id"),
    "speaker_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "method" TEXT CHECK ("method" IN ('one_to_one', 'through_advocate', 'symbols_or_play', 'written_or_digital', 'group', 'observation_only', 'not_obtained', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "heard_apart" TEXT CHECK ("heard_apart" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "topics_missing" TEXT CHECK ("topics_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "influenced_plan" TEXT CHECK ("influenced_plan" IN ('changed_plan', 'considered_reason_given', 'not_considered', 'too_early', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "safe_to_share_with" TEXT CHECK ("safe_to_share_with" IN ('agency_only', 'named_agencies', 'this_speaker_only', 'parent_not_causing_harm', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "advocate" TEXT CHECK ("advocate" IN ('used', 'offered_declined', 'not_offered', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "confidentiality_explained" TEXT CHECK ("confidentiality_explained" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "fed_back_to_speaker" TEXT CHECK ("fed_back_to_speaker" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "own_account_differs_from_record" TEXT CHECK ("own_account_differs_from_record" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "voice_text" TEXT,
    PRIMARY KEY ("voice_id")
);

CREATE TABLE "family_voice_topics" (
    "voice_id" TEXT NOT NULL,
    "topics" TEXT NOT NULL CHECK ("topics" IN ('fears_for_safety', 'hopes', 'contact_wishes', 'where_to_live', 'what_helps', 'fear_of_child_removal', 'distrust_of_services', 'racism_or_discrimination', 'money_or_housing', 'school', 'wants_person_causing_helped', 'other')),
    PRIMARY KEY ("voice_id", "topics"),
    FOREIGN KEY ("voice_id") REFERENCES "family_voice" ("voice_id")
);

CREATE TABLE "plan_action" (
    "action_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL REFERENCES "assessment" ("assessment_id"),
    "owner_role" TEXT CHECK ("owner_role" IN ('person_experiencing', 'person_causing', 'child', 'agency', 'family_network', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "addresses" TEXT CHECK ("addresses" IN ('abusive_behaviour', 'adult_safety', 'child_recovery', 'parenting', 'mental_health', 'substance', 'money', 'housing', 'contact', 'monitoring_only', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "status" TEXT CHECK ("status" IN ('not_started', 'under_way', 'done', 'dropped', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "could_increase_risk" TEXT CHECK ("could_increase_risk" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("action_id")
);

CREATE TABLE "child_experience" (
    "child_id" TEXT NOT NULL REFERENCES "person" ("person_id"),
    "assessment_id" TEXT NOT NULL REFERENCES "assessment" ("assessment_id"),
    "experience_type_missing" TEXT CHECK ("experience_type_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "contact_with_person_causing" TEXT CHECK ("contact_with_person_causing" IN ('lives_with', 'court_ordered', 'informal', 'supervised', 'indirect', 'no_contact', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "recovery_support" TEXT CHECK ("recovery_support" IN ('no_need_identified', 'receiving', 'completed', 'waiting', 'refused_by_service', 'declined_by_person', 'not_available', 'need_identified_not_referred', 'not_offered', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "recovery_barrier" TEXT CHECK ("recovery_barrier" IN ('below_threshold', 'too_complex_for_tier', 'safety_or_stability_criterion', 'current_risk_excludes', 'must_accept_problem', 'other_need_must_be_first', 'diagnostic_criteria_not_met', 'has_children_with_them', 'no_recourse_to_public_funds', 'sex_or_role_not_served', 'language_or_culture', 'capacity_or_waiting_list', 'no_commissioned_provision', 'timing_work_or_childcare', 'consent_withheld_by_experiencing', 'consent_withheld_by_causing', 'other_specified', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "impact_domains_missing" TEXT CHECK ("impact_domains_missing" IN ('not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "child_specific_risk_assessed" TEXT CHECK ("child_specific_risk_assessed" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("child_id", "assessment_id")
);

CREATE TABLE "child_experience_experience_type" (
    "child_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "experience_type" TEXT NOT NULL CHECK ("experience_type" IN ('sees_or_hears', 'experiences_effects', 'directly_targeted', 'used_as_tool', 'intervenes_or_protects', 'abused_in_own_relationship', 'unborn', 'none_identified')),
    PRIMARY KEY ("child_id", "assessment_id", "experience_type"),
    FOREIGN KEY ("child_id", "assessment_id") REFERENCES "child_experience" ("child_id", "assessment_id")
);

CREATE TABLE "child_experience_harm_ids" (
    "child_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "harm_ids" TEXT NOT NULL REFERENCES "harm_direction" ("harm_id"),
    PRIMARY KEY ("child_id", "assessment_id", "harm_ids"),
    FOREIGN KEY ("child_id", "assessment_id") REFERENCES "child_experience" ("child_id", "assessment_id")
);

CREATE TABLE "child_experience_impact_domains" (
    "child_id" TEXT NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "impact_domains" TEXT NOT NULL CHECK ("impact_domains" IN ('mental_health', 'self_harm', 'sleep_or_body', 'behaviour', 'school', 'peer_or_sibling_violence', 'self_blame', 'isolation', 'relationship_with_parent', 'none_identified')),
    PRIMARY KEY ("child_id", "assessment_id", "impact_domains"),
    FOREIGN KEY ("child_id", "assessment_id") REFERENCES "child_experience" ("child_id", "assessment_id")
);

CREATE TABLE "risk_assessment" (
    "risk_assessment_id" TEXT NOT NULL,
    "harm_id" TEXT NOT NULL REFERENCES "harm_direction" ("harm_id"),
    "tool" TEXT CHECK ("tool" IN ('safelives_ric', 'dash_2009', 'dara', 'sara', 'other_structured', 'professional_judgement', 'none_used', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "assessed_on" DATE NOT NULL,
    "level" TEXT CHECK ("level" IN ('standard', 'medium', 'high', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "marac_status" TEXT CHECK ("marac_status" IN ('not_referred', 'referred', 'heard', 'not_accepted', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    "professional_judgement_override" TEXT CHECK ("professional_judgement_override" IN ('yes', 'no', 'not_recorded', 'not_asked', 'asked_unknown', 'declined', 'not_safe_to_ask', 'not_applicable', 'withheld_for_safety', 'not_collected_by_source')),
    PRIMARY KEY ("risk_assessment_id")
);
