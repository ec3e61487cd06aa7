//! What each fact of an event says, so that whoever reads the record learns nothing of a child by it that the one table of
//! fields keeps from them.

use super::Reader;
use crate::office::access::{Action, may};

/// The facts that say something of a child or of what its place costs: the room of the event's record, the fact, and the
/// field of the table that is held to. They go before [`OF_WORK`], where the same name says something else in another room.
pub const OF_A_CHILD: &[(&str, &str, &str)] = &[
    ("agreement", "authority_part", "price"),
    ("agreement", "cumulative_pence", "price"),
    ("agreement", "education_part", "price"),
    ("agreement", "health_part", "price"),
    ("agreement", "pence", "price"),
    ("agreement", "planned", "closing_words"),
    ("agreement", "reason", "closing_words"),
    ("agreement", "step_down", "agreement_words"),
    ("agreement", "was_pence", "price"),
    ("agreement", "weekly_pence", "price"),
    ("agreement", "whole_life_pence", "price"),
    ("approval", "weekly_pence", "price"),
    ("associate_question", "known", "known_associates"),
    ("broken_glass_use", "asked_for", "retention_words"),
    ("disclosure_ground", "agreed_by", "ground_words"),
    ("disclosure_ground", "agreed_on", "ground_words"),
    ("disclosure_ground", "basis", "ground_words"),
    ("disclosure_ground", "condition", "ground_words"),
    ("disclosure_ground", "override", "ground_words"),
    ("disclosure_recall", "cause", "recall_words"),
    ("disclosure_recall", "risk", "recall_words"),
    ("exemption_request", "reason", "exemption_words"),
    ("grade_exemption", "reason", "exemption_words"),
    ("offer", "was_pence", "price"),
    ("offer", "weekly_pence", "price"),
    ("organisation", "confirmed_findings", "given_names"),
    ("organisation", "confirmed_kinds", "given_names"),
    ("referral", "band", "search_approval"),
    ("referral", "emergency", "legal_basis"),
    ("referral", "reason", "closing_words"),
    ("referral", "reasons_left_out", "avoid"),
    ("retention", "kind", "retention_words"),
    ("spot", "emergency", "legal_basis"),
    ("spot", "reason", "legal_basis"),
    ("stability_alert", "outcome", "stability_signs"),
    ("stability_alert", "signs", "stability_signs"),
    ("stability_alert", "support", "stability_signs"),
    ("stability_alert", "why", "stability_signs"),
    ("support_week", "bought_quarters", "price"),
    ("support_week", "credit_pence", "price"),
    ("support_week", "delivered_quarters", "price"),
    ("unregistered", "age", "age"),
    ("unregistered", "court", "legal_basis"),
    ("unregistered", "how", "setting_words"),
    ("unregistered", "seen", "setting_words"),
    ("unregistered", "weekly_pence", "price"),
];

/// The other facts that say an amount: the room, the fact, and the permission of the page that says the same.
pub const OF_MONEY: &[(&str, &str, Action)] = &[
    ("agreement", "threshold_pence", Action::SeeAgreements),
    ("annual_value", "approved_pence", Action::SeeAnnualValue),
    ("annual_value", "ceiling_pence", Action::SeeAnnualValue),
    ("annual_value", "held_pence", Action::SeeAnnualValue),
    ("annual_value", "total_pence", Action::SeeAnnualValue),
    ("block_month", "due_pence", Action::SeeBlockNights),
    ("price", "weekly_pence", Action::SeeHomes),
    ("price_uplift", "asked_pence", Action::DecideUplift),
    ("price_uplift", "was_pence", Action::DecideUplift),
    ("price_uplift", "weekly_pence", Action::SeeHomes),
    ("resale", "night_pence", Action::SeeBlockNights),
];

/// The facts that say how the work is done: numbers of records, dates, states and codes.
#[rustfmt::skip]
pub const OF_WORK: &[&str] = &[
    "absent", "accepted_by", "act", "action", "admits", "after_refusal", "age_from", "age_to", "agreed",
    "agreement", "agreements", "alerted", "announced", "answer_by", "application", "approval", "approvals",
    "as_at", "as_of", "asked", "at", "authorities", "authority", "basis", "because", "bed", "beds", "bid", "bids",
    "block", "blocks", "brought_in", "buyer", "by", "cause", "ceiling", "change", "changes", "channel", "child", "class",
    "closes", "code", "conditions", "confirm_by", "consented_by", "content", "copied_from", "could_meet", "count",
    "covering", "day", "deadline", "decided", "decided_by", "decision", "digest", "document", "documents",
    "documents_read", "due", "effective_from", "empty", "end", "ended", "ends_on", "evaluation", "evaluators",
    "event", "evidence", "expected", "expires", "fact", "facts", "figures", "findings", "follows", "from",
    "grade", "grant", "ground", "group", "holder", "home", "homes", "homes_searched", "how", "implements",
    "in_place_of", "in_post", "invitation", "issuer", "item", "judged_on", "key", "kind", "kinds", "last", "late",
    "left_out", "limb", "limbs", "line", "line_from", "located", "lot", "mails", "measure", "measured_minutes", "meet_by",
    "meets", "method", "mini_blocks", "minutes", "month", "months", "need", "nights", "notice", "number", "occupancy", "of",
    "off_schedule", "offer", "offers", "ofsted_told", "on", "only_way", "opening", "order", "organisation",
    "origin", "outcome", "owner", "paragraph", "participant", "passed", "passes", "people", "person",
    "placements", "places", "planned_end", "post", "posts", "price_weight", "prices", "provider", "published_on",
    "quarter", "readings", "reason", "records", "reference", "referral", "referrals", "review_on", "road", "role",
    "rows", "rules", "said_at", "said_minutes", "scope", "scoring", "search", "searches", "sections", "seen", "seen_on",
    "sent", "serious", "serious_concerns", "settings", "severity", "sex", "sha256", "side", "sign_anew",
    "sign_ins", "since", "slug", "source", "speaker", "stage", "standing", "start", "started", "state", "step",
    "subject", "support", "task", "tell_commissioner", "terms", "theme", "tier", "times", "to", "to_everyone",
    "told_above", "told_by", "turn", "unchanged", "under", "unmet", "unsigned", "until", "upheld", "urn", "value", "was",
    "week", "what", "why", "within_miles", "without_power", "wrong", "year", "year_from", "years",
];

/// The rooms whose events say by their kind, and by how often one record has them, what the table keeps: the room, and the
/// field that is held to. A record that somebody opened was sealed, and its child adopted.
pub const OF_A_ROOM: &[(&str, &str)] = &[("retention", "retention_words")];

/// Whether the reader is told what happened in a room, and to which of its records; else only that something changed there.
#[must_use]
pub fn tells(reader: Reader, room: &str) -> bool {
    OF_A_ROOM.iter().all(|(of, field)| *of != room || reader.sees(field))
}

/// Whether the reader is given the fact of an event about a record of the room: one that stands in no list is given to
/// nobody.
#[must_use]
pub fn gives(reader: Reader, room: &str, fact: &str) -> bool {
    if let Some((_, _, field)) = OF_A_CHILD.iter().find(|(of, name, _)| *of == room && *name == fact) {
        return reader.sees(field);
    }
    if let Some((_, _, action)) = OF_MONEY.iter().find(|(of, name, _)| *of == room && *name == fact) {
        return matches!(reader, Reader::Own(role) if may(role, *action));
    }
    OF_WORK.contains(&fact)
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;
    use crate::office::person::Role;

    #[test]
    fn rule_5_6_what_a_fact_says_of_a_child_is_a_field_of_the_table_that_only_care_reads() {
        for (room, fact, field) in OF_A_CHILD {
            assert!(TABLE.iter().any(|line| line.field == *field), "{field}");
            assert!(gives(Reader::Own(Role::Approver), room, fact), "{room} {fact}");
            for role in [Role::DemocraticServices, Role::Analyst, Role::Administrator] {
                assert!(!gives(Reader::Own(role), room, fact), "{} reads {room} {fact}", role.label());
            }
            assert_eq!(gives(Reader::Own(Role::FinanceOfficer), room, fact), *field == "price", "{room} {fact}");
        }
    }

    #[test]
    fn an_amount_is_given_where_its_own_page_gives_it_and_by_no_list_of_bare_names() {
        assert!(OF_WORK.iter().all(|fact| !fact.ends_with("pence")), "an amount says of which room it is");
        assert!(gives(Reader::Own(Role::DemocraticServices), "annual_value", "ceiling_pence"));
        assert!(gives(Reader::Own(Role::CommissioningLead), "price", "weekly_pence"));
        assert!(!gives(Reader::Own(Role::CommissioningLead), "agreement", "weekly_pence"));
        assert!(!gives(Reader::Home(super::super::Stage::Chosen), "price", "weekly_pence"));
        for (room, fact, action) in OF_MONEY {
            for role in Role::ALL {
                let (reader, permitted) = (Reader::Own(*role), may(*role, *action));
                assert_eq!(gives(reader, room, fact), permitted, "{} {room} {fact}", role.label());
            }
            assert!(!gives(Reader::Own(Role::Administrator), room, fact), "{room} {fact}");
        }
    }

    #[test]
    fn what_happened_to_a_record_that_is_sealed_is_told_to_whoever_reads_why_it_is_kept_and_to_nobody_else() {
        for role in Role::ALL {
            let reads = Reader::Own(*role).sees("retention_words");
            assert_eq!(tells(Reader::Own(*role), "retention"), reads, "{}", role.label());
            assert!(tells(Reader::Own(*role), "referral"), "{}", role.label());
        }
        assert!(tells(Reader::Own(Role::Approver), "retention"));
        for role in [Role::DemocraticServices, Role::FinanceOfficer, Role::Analyst, Role::Administrator] {
            assert!(!tells(Reader::Own(role), "retention"), "{}", role.label());
        }
    }

    #[test]
    fn a_fact_that_nobody_classified_is_given_to_nobody() {
        assert!(!gives(Reader::Own(Role::Approver), "referral", "unheard_of"));
        assert!(gives(Reader::Own(Role::Analyst), "referral", "reference"));
        assert!(!gives(Reader::Own(Role::Approver), "referral", "signs"), "a fact of another room");
    }
}
