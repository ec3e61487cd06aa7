//! Rows of the matrix that show less than the others, each with why, and the test that crosses organisations there.

/// Rows for which nobody of the columns is let in, each with who is and the test that proves it.
pub const NOBODY: &[(&str, &str, &str)] = &[(
    "GET /api/v1/broken-glass/{id}",
    "a token whose scope names the act",
    "a_token_breaks_the_glass_only_where_its_scope_names_that_act",
)];

/// Rows whose record does not stand in this world.
pub struct Absent {
    /// Why it does not.
    pub why: &'static str,
    /// The tests that cross organisations there.
    pub by: &'static [&'static str],
    /// Each row that nobody reads.
    pub reads: &'static [&'static str],
    /// How the paths begin of what whoever may do it finds nothing to do it to; a blank ends a path.
    pub writes: &'static [&'static str],
}

/// All of them: one that is reached, or is no route any more, has to go from here.
pub const NOT_THERE: &[Absent] = &[
    Absent {
        why: "of a demonstration",
        by: &["rule_10_6_the_tour_and_the_people_are_not_found_where_the_database_is_not_marked"],
        reads: &["GET /tour", "GET /tour/{n}", "GET /demo", "GET /demo/calendar"],
        writes: &["/demo "],
    },
    Absent {
        why: "one's own",
        by: &["signing_out_everywhere_ends_every_session_and_token_of_a_person_and_nobody_elses"],
        reads: &[],
        writes: &["/preferences/"],
    },
    Absent {
        why: "no organisation here has a way in of its own",
        by: &["an_organisation_whose_sign_in_is_the_only_way_is_not_reached_from_another"],
        reads: &["GET /sign-in/with/{code}", "GET /sign-in/callback"],
        writes: &[],
    },
    Absent {
        why: "links by mail",
        by: &[
            "an_invitation_is_accepted_once_and_a_link_for_a_forgotten_password_is_used_once",
            "a_one_time_link_shows_on_get_acts_on_post_and_serves_once",
        ],
        reads: &[
            "GET /emails/{token}/password",
            "GET /emails/{token}/register",
            "GET /emails/{token}/welcome",
            "GET /emails/{token}/answer",
            "GET /emails/{token}/offer",
            "GET /emails/{token}/decline",
            "GET /emails/{token}/question",
        ],
        writes: &["/emails/"],
    },
    Absent {
        why: "nobody is ended by being asked about",
        by: &[
            "another_organisations_sign_in_never_becomes_a_person_who_did_not_accept_its_invitation",
            "rule_1_1_cover_lends_the_role_for_its_days_and_no_power",
            "v_09_a_provider_s_manager_neither_sees_nor_touches_anybody_of_another_provider",
            "x_01_the_last_day_is_not_moved_of_ones_own_role_of_one_that_is_lent_or_provided_or_by_another",
        ],
        reads: &["GET /admin/people/{person}", "GET /admin/people/{person}/last-day"],
        writes: &["/admin/", "/cover/", "/api/v1/people/", "/api/v1/covers/"],
    },
    Absent {
        why: "nothing of it waits to be done again, and no mail of it has gone",
        by: &["s1_a_job_or_a_mail_of_another_organisation_is_not_there_for_its_administrator"],
        reads: &["GET /admin/jobs/mail/{id}"],
        writes: &["/admin/jobs", "/api/v1/jobs/"],
    },
    Absent {
        why: "no officer took a decision under the limb",
        by: &["another_authority_and_another_role_keep_no_record_of_an_officers_decision"],
        reads: &[
            "GET /officer-decisions/{reference}",
            "GET /democratic/officer-decisions/{reference}",
            "GET /democratic/officer-decisions/{reference}/edit",
            "GET /api/v1/officer-decisions/{reference}",
        ],
        writes: &["/democratic/officer-decisions/"],
    },
    Absent {
        why: "no text was kept of the terms; nothing is proposed, and no successor recorded",
        by: &["participants_lots_and_windows_are_changed_by_the_regional_team_and_by_nobody_else"],
        reads: &[
            "GET /arrangement/terms/{slug}/{of}/{version}/text",
            "GET /api/v1/arrangement/{slug}/terms/{of}/{version}/text",
            "GET /api/v1/arrangement/successor",
        ],
        writes: &["/region/arrangement/"],
    },
    Absent {
        why: "none was saved",
        by: &["seed_alternatives_options_appraisal_re_tested_on_live_data_with_uncertainty"],
        reads: &[
            "GET /reports/alternatives/{reference}",
            "GET /api/v1/appraisals/{reference}",
            "GET /api/v1/appraisals/{reference}/pdf",
        ],
        writes: &[],
    },
    Absent {
        why: "the region has no prefix to publish under",
        by: &["no_open_contracting_package_is_published_under_a_prefix_that_is_not_the_regions"],
        reads: &["GET /contracts/{reference}", "GET /api/v1/contracts/{reference}", "GET /contracts.json"],
        writes: &["/region/publication"],
    },
    Absent {
        why: "no opening was published, so nobody applied",
        by: &["scores_are_read_by_nobody_else_before_moderation_and_applications_by_no_rival"],
        reads: &[
            "GET /admission/{reference}",
            "GET /admission/{reference}/register",
            "GET /region/admission/{reference}",
            "GET /region/admission/{reference}/edit",
            "GET /region/evaluations/{id}",
            "GET /region/evaluations/{id}/documents",
            "GET /region/evaluations/{id}/documents/{document}",
            "GET /evaluations/{id}",
            "GET /evaluations/{id}/documents",
            "GET /evaluations/{id}/documents/{document}",
            "GET /provider/admission/{reference}",
            "GET /provider/admission/{reference}/documents",
            "GET /provider/admission/{reference}/documents/{document}",
            "GET /provider/admission/{reference}/selection",
            "GET /provider/admission/{reference}/quality",
            "GET /provider/admission/{reference}/lots/{lot}",
            "GET /provider/admission/{reference}/letter.pdf",
            "GET /api/v1/openings/{reference}/application/carried",
            "GET /api/v1/openings/{reference}/application/documents",
            "GET /api/v1/openings/{reference}/application/documents/{document}",
            "GET /api/v1/region/evaluations/{id}/documents",
            "GET /api/v1/region/evaluations/{id}/documents/{document}",
            "GET /api/v1/evaluations/{id}/documents",
            "GET /api/v1/evaluations/{id}/documents/{document}",
            "GET /api/v1/evaluations/{id}",
            "GET /api/v1/evaluations/{id}/doubts",
        ],
        writes: &[
            "/admission/",
            "/region/admission/",
            "/region/evaluations/",
            "/evaluations/",
            "/provider/admission/",
            "/api/v1/openings/",
            "/api/v1/evaluations/",
        ],
    },
    Absent {
        why: "nobody registered",
        by: &["a_provider_registers_itself_by_its_link_begins_its_application_and_is_confirmed_with_its_home"],
        reads: &["GET /region/registrations/{id}", "GET /api/v1/registrations/{id}"],
        writes: &["/region/registrations/", "/api/v1/registrations/"],
    },
    Absent {
        why: "the page's row has taken the same document away",
        by: &["a_document_is_kept_sealed_read_with_an_event_and_only_by_its_authority"],
        reads: &["GET /api/v1/referrals/{reference}/documents/{document}"],
        writes: &["/api/v1/referrals/{reference}/documents/"],
    },
    Absent {
        why: "no file is kept of the check",
        by: &["rule_7_2_a_file_is_evidence_of_a_check_that_was_begun_read_by_those_who_see_the_child"],
        reads: &[
            "GET /referrals/{reference}/checks/{urn}/{item}/documents/{document}",
            "GET /referrals/{reference}/checks/{urn}/{item}/documents/{document}/take-away",
            "GET /api/v1/referrals/{reference}/checks/{urn}/{item}/documents/{document}",
        ],
        writes: &[
            "/referrals/{reference}/checks/{urn}/{item}/documents/",
            "/api/v1/referrals/{reference}/checks/{urn}/{item}/documents/",
        ],
    },
    Absent {
        why: "no measure was confirmed, and no report came from the regulator",
        by: &["everything_that_follows_a_suspension_is_listed_and_then_exactly_that_is_done"],
        reads: &["GET /region/alerts/{id}", "GET /standing/reviews/{id}"],
        writes: &["/region/alerts/", "/standing/reviews/", "/api/v1/region/alerts/"],
    },
    Absent {
        why: "no rise was granted",
        by: &["a_granted_rise_reprices_an_agreement_only_when_its_authority_confirms_it"],
        reads: &[
            "GET /agreements/{reference}/repricing/{uplift}/{grant}",
            "GET /api/v1/agreements/{reference}/repricing/{uplift}/{grant}",
        ],
        writes: &["/agreements/{reference}/repricing/"],
    },
    Absent {
        why: "nobody visited, raised a concern or sent a return",
        by: &[
            "an_unannounced_visit_is_nobody_s_to_read_before_it_was_made",
            "a_concern_is_answered_by_a_plan_with_evidence_and_closed_by_whoever_raised_it",
        ],
        reads: &[
            "GET /monitoring/returns/{id}",
            "GET /monitoring/visits/{id}",
            "GET /monitoring/concerns/{id}",
            "GET /monitoring/concerns/{id}/documents/{document}",
            "GET /provider/monitoring/returns/{id}",
            "GET /provider/monitoring/concerns/{id}",
            "GET /provider/monitoring/concerns/{id}/documents/{document}",
            "GET /api/v1/home-visits/{id}",
            "GET /api/v1/home-concerns/{id}",
            "GET /api/v1/home-concerns/{id}/documents/{document}",
            "GET /api/v1/quality-returns/{id}",
        ],
        writes: &[
            "/region/monitoring/",
            "/monitoring/",
            "/provider/monitoring/",
            "/api/v1/home-concerns/",
            "/api/v1/quality-returns/",
            "/api/v1/support-weeks/",
        ],
    },
    Absent {
        why: "no provider keeps one",
        by: &[
            "a_document_is_read_by_those_whom_its_provider_shows_it_to_and_by_nobody_else",
            "a_documents_file_is_read_by_those_who_see_it_and_never_by_a_rival",
        ],
        reads: &[
            "GET /provider/documents/{id}/files",
            "GET /provider/documents/{id}/files/{document}",
            "GET /homes/{urn}/documents/{id}/files/{document}",
            "GET /api/v1/provider/documents/{id}/files",
            "GET /api/v1/provider/documents/{id}/files/{document}",
            "GET /api/v1/homes/{urn}/documents/{id}/files/{document}",
        ],
        writes: &["/provider/documents/", "/api/v1/provider/documents/"],
    },
    Absent {
        why: "no agreement is asked to move",
        by: &["rule_3_4_an_agreement_moves_with_the_consent_of_both_sides_keeps_its_history_and_leaves_the_ledger"],
        reads: &[],
        writes: &["/agreements/moves/"],
    },
    Absent {
        why: "nothing was bought outside the arrangement",
        by: &["rule_7_1_no_home_outside_the_arrangement_is_approved_or_agreed_without_a_recorded_spot_purchase"],
        reads: &[],
        writes: &["/referrals/{reference}/spot/", "/api/v1/spot-purchases/"],
    },
    Absent {
        why: "steps that a live block is past, or not at yet",
        by: &["a_mini_block_is_proposed_competed_for_decided_signed_and_settled_over_json"],
        reads: &["GET /mini-blocks/{reference}/decide"],
        writes: &[
            "/mini-blocks/{reference}/",
            "/api/v1/nominations/",
            "/api/v1/block-resales/",
            "/api/v1/void-offers/",
        ],
    },
    Absent {
        why: "who the child is was recalled, the offer accepted",
        by: &[
            "s1_nobody_reads_a_field_that_the_table_does_not_give_them_by_any_route_operation_file_or_mail_on_postgresql",
        ],
        reads: &["GET /provider/invitations/{id}/child", "GET /api/v1/invitations/{id}/child"],
        writes: &["/provider/invitations/{id}/withdraw-offer", "/api/v1/invitations/{id}/offer/withdraw"],
    },
    Absent {
        why: "it was recommended, decided and agreed already",
        by: &["the_whole_road_from_a_childs_needs_to_the_annual_value_is_taken_over_json"],
        reads: &[
            "GET /referrals/{reference}/recommend",
            "GET /approvals/{reference}/{act}",
            "GET /api/v1/referrals/{reference}/offers/{number}/recommendation",
        ],
        writes: &[],
    },
];
