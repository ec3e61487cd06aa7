//! Rows of the matrix that show less than the others, each with why, and the test that crosses organisations there.

/// Rows for which nobody of the columns is let in, each with who is.
pub const NOBODY: &[(&str, &str)] = &[(
    "GET /api/v1/broken-glass/{id}",
    "a token whose scope names the act: a_token_breaks_the_glass_only_where_its_scope_names_that_act",
)];

/// Rows whose record does not stand in this world, so that whoever is let in finds nothing: how their paths begin.
pub const NOT_THERE: &[(&[&str], &str)] = &[
    (
        &["/assets/", "/tour", "/demo"],
        "of a build, and of a demonstration: rule_10_6_the_tour_and_the_people_are_not_found_where_the_database_is_not_marked",
    ),
    (&["/preferences/"], "one's own: signing_out_everywhere_ends_every_session_and_token_of_a_person_and_nobody_elses"),
    (
        &["/sign-in/with/"],
        "no organisation here has a way in of its own: an_organisation_whose_sign_in_is_the_only_way_is_not_reached_from_another",
    ),
    (
        &["/emails/"],
        "links by mail: an_invitation_is_accepted_once_and_a_link_for_a_forgotten_password_is_used_once, a_one_time_link_shows_on_get_acts_on_post_and_serves_once",
    ),
    (
        &["/admin/", "/cover/", "/api/v1/people/", "/api/v1/covers/"],
        "nobody is ended by being asked about: another_organisations_sign_in_never_becomes_a_person_who_did_not_accept_its_invitation, rule_1_1_cover_lends_the_role_for_its_days_and_no_power",
    ),
    (&["/admin/jobs", "/api/v1/jobs/"], "an_administrator_sees_the_jobs_and_nobody_else_does"),
    (
        &["/record/of/", "/api/v1/events/{room}/"],
        "x_06_a_records_timeline_and_what_the_feed_lets_through_come_in_parts_that_join",
    ),
    (
        &["/officer-decisions/", "/democratic/officer-decisions/", "/api/v1/officer-decisions/"],
        "another_authority_and_another_role_keep_no_record_of_an_officers_decision",
    ),
    (&["/democratic/delegations/"], "an_acting_appointment_without_instrument_or_of_a_stranger_is_told_by_field"),
    (
        &["/arrangement/terms/", "/region/arrangement/", "/api/v1/arrangement/"],
        "participants_lots_and_windows_are_changed_by_the_regional_team_and_by_nobody_else",
    ),
    (
        &["/reports/alternatives/", "/api/v1/appraisals/"],
        "seed_alternatives_options_appraisal_re_tested_on_live_data_with_uncertainty",
    ),
    (
        &["/contracts/", "/api/v1/contracts/", "/region/publication"],
        "no_open_contracting_package_is_published_under_a_prefix_that_is_not_the_regions",
    ),
    (
        &[
            "/admission/",
            "/region/admission/",
            "/region/evaluations/",
            "/evaluations/",
            "/provider/admission/",
            "/api/v1/openings/",
            "/api/v1/evaluations/",
            "/api/v1/region/evaluations/",
        ],
        "scores_are_read_by_nobody_else_before_moderation_and_applications_by_no_rival",
    ),
    (
        &["/region/registrations/", "/api/v1/registrations/"],
        "a_provider_registers_itself_by_its_link_begins_its_application_and_is_confirmed_with_its_home",
    ),
    (
        &[
            "/api/v1/agreements/{reference}/documents/",
            "/api/v1/agreements/{reference}/papers/",
            "/api/v1/referrals/{reference}/documents/",
        ],
        "the page's row has taken the same document away: a_document_is_kept_sealed_read_with_an_event_and_only_by_its_authority",
    ),
    (
        &[
            "/referrals/{reference}/checks/{urn}/{item}/documents/",
            "/api/v1/referrals/{reference}/checks/{urn}/{item}/documents/",
        ],
        "rule_7_2_a_file_is_evidence_of_a_check_that_was_begun_read_by_those_who_see_the_child",
    ),
    (
        &["/region/providers/", "/region/homes/", "/homes/{urn}/beds/"],
        "another_provider_s_home_is_not_found_by_page_or_by_form",
    ),
    (
        &["/region/standing/", "/region/alerts/", "/standing/reviews/", "/api/v1/measures/", "/api/v1/region/alerts/"],
        "everything_that_follows_a_suspension_is_listed_and_then_exactly_that_is_done",
    ),
    (
        &[
            "/region/uplifts/",
            "/provider/uplifts/",
            "/api/v1/uplifts/",
            "/agreements/{reference}/repricing/",
            "/api/v1/agreements/{reference}/repricing/",
        ],
        "a_granted_rise_reprices_an_agreement_only_when_its_authority_confirms_it",
    ),
    (
        &[
            "/region/monitoring/",
            "/monitoring/",
            "/provider/monitoring/",
            "/api/v1/home-visits/",
            "/api/v1/home-concerns/",
            "/api/v1/quality-returns/",
            "/api/v1/support-weeks/",
        ],
        "an_unannounced_visit_is_nobody_s_to_read_before_it_was_made, a_concern_is_answered_by_a_plan_with_evidence_and_closed_by_whoever_raised_it",
    ),
    (
        &[
            "/provider/documents/",
            "/api/v1/provider/documents/",
            "/homes/{urn}/documents/",
            "/api/v1/homes/{urn}/documents/",
        ],
        "a_documents_file_is_read_by_those_who_see_it_and_never_by_a_rival",
    ),
    (
        &["/agreements/moves/"],
        "rule_3_4_an_agreement_moves_with_the_consent_of_both_sides_keeps_its_history_and_leaves_the_ledger",
    ),
    (
        &["/referrals/{reference}/spot/", "/api/v1/spot-purchases/"],
        "rule_7_1_no_home_outside_the_arrangement_is_approved_or_agreed_without_a_recorded_spot_purchase",
    ),
    (
        &[
            "/mini-blocks/{reference}/",
            "/provider/mini-blocks/{reference}/",
            "/api/v1/mini-blocks/{reference}/",
            "/api/v1/provider/mini-blocks/{reference}/",
            "/api/v1/nominations/",
            "/api/v1/block-resales/",
            "/api/v1/void-offers/",
        ],
        "steps that a live block is past, or not at yet: a_mini_block_is_proposed_competed_for_decided_signed_and_settled_over_json",
    ),
    (
        &[
            "/provider/invitations/{id}/child",
            "/provider/invitations/{id}/withdraw-offer",
            "/api/v1/invitations/{id}/child",
            "/api/v1/invitations/{id}/offer/withdraw",
        ],
        "who the child is was recalled, the offer accepted: s1_nobody_reads_a_field_that_the_table_does_not_give_them_by_any_route_operation_file_or_mail_on_postgresql",
    ),
];
