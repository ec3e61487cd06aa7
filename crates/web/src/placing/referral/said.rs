//! What the record of a referral says of its search, its approval and the duties that follow, in words.

use placewell_app::placing::referral::home::ReferralRecord;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::placing::referral::{Referral, ReferralState, SearchApproval, Searched};
use placewell_insight::placing::referral::{Order, Reason};
use placewell_pages::placing::child::Withheld;
use placewell_pages::words;

/// Why what is said of the child is left out, where it is.
pub(in crate::placing) const fn withheld(record: &ReferralRecord) -> Withheld {
    match record.sealed {
        _ if record.erased => Withheld::Erased,
        Some(number) => Withheld::Sealed(number),
        None => Withheld::Not,
    }
}

/// The duties of the legal basis, and the last day of each that has a clock.
pub(super) fn duties(referral: &Referral, days: &WorkingDays) -> Vec<String> {
    let Some(basis) = referral.profile.legal_basis else { return Vec::new() };
    let started = match &referral.state {
        ReferralState::Placed { started, .. } => Some(*started),
        _ => referral.profile.start,
    };
    let due = started.map(|start| basis.duties().due(start, days)).unwrap_or_default();
    let dated = due.iter().map(|(what, by)| format!("{what}: by {}", words::date(*by)));
    basis.duties().words().into_iter().chain(dated).collect()
}

/// The search as it stood when homes were asked last.
pub(super) fn searched_words(search: &Searched) -> String {
    let reasons = search.left_out.iter().map(|(code, count)| {
        let known = Reason::ALL.iter().find(|reason| reason.code() == code);
        format!("{} {count}", known.map_or(code.as_str(), |reason| reason.label()))
    });
    let out = reasons.collect::<Vec<_>>().join(", ");
    let order = Order::from_code(&search.order).map_or("", Order::label);
    let within = search.within_miles.map_or_else(String::new, |miles| format!(" Within {miles} miles."));
    format!(
        "On {}: of {} homes {} could meet the needs. Left out: {}. Order: {order}.{within}",
        words::date(search.on),
        search.homes,
        search.could_meet,
        if out.is_empty() { "none" } else { &out },
    )
}

pub(super) fn approval_words(approval: &SearchApproval) -> String {
    let who = if approval.who.is_empty() { String::new() } else { format!(", spoken for by {}", approval.who) };
    let band = approval.band.map_or_else(String::new, |band| format!(", {}", band.label().to_lowercase()));
    let reference = if approval.reference.is_empty() { String::new() } else { format!(", {}", approval.reference) };
    format!("{}{who}, {}{band}{reference}", approval.by.label(), words::date(approval.on))
}
