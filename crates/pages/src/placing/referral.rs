//! The placement officer's pages of referrals, from the list to the end of a search.

pub mod acts;
pub mod check;
pub mod homes;
pub mod list;
pub mod messages;
pub mod offers;
pub mod receipts;
pub mod recipients;
pub mod record;
pub mod statement;
pub mod task;

use placewell_domain::placing::referral::ReferralLabel;

use crate::components::{Colour, SubNav, Tag};

/// The tag of a referral's label.
#[must_use]
pub fn label_tag(label: ReferralLabel) -> Tag {
    let colour = match label {
        ReferralLabel::Draft | ReferralLabel::Withdrawn | ReferralLabel::NotPlaced => Colour::Grey,
        ReferralLabel::WithProviders => Colour::Blue,
        ReferralLabel::OffersIn | ReferralLabel::WaitingForApproval => Colour::Yellow,
        ReferralLabel::Agreed => Colour::Purple,
        ReferralLabel::Placed => Colour::Green,
    };
    Tag::new(label.label(), colour)
}

/// The pages of one referral as tabs; `here` is the last part of the current one's address.
#[must_use]
pub fn tabs(reference: &str, here: &str, offers: u64, messages: u64) -> SubNav {
    let path = |part: &str| {
        if part.is_empty() { format!("/referrals/{reference}") } else { format!("/referrals/{reference}/{part}") }
    };
    SubNav::new(reference)
        .tab("Overview", path(""), here.is_empty())
        .tab("Homes", path("homes"), here == "homes")
        .counted("Messages", path("messages"), messages, here == "messages")
        .counted("Offers", path("offers"), offers, here == "offers")
        .tab("Timeline", path("timeline"), here == "timeline")
}

/// Samples of every page of this room.
pub fn samples() -> Vec<(&'static str, String)> {
    let mut all = list::samples();
    all.extend(record::samples());
    all.extend(acts::samples());
    all.extend(statement::samples());
    all.extend(task::samples());
    all.extend(check::samples());
    all.extend(messages::samples());
    all.extend(offers::samples());
    all.extend(recipients::samples());
    all
}
