//! What a referral is called on a screen, and what can be said of its clock: computed here and stored nowhere.

use super::{Referral, ReferralState};
use crate::clock::Moment;

/// What the label rests on besides the referral itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Offers sent and still open.
    pub offers_in: u32,
    /// Requests for approval that nobody has answered.
    pub approvals_open: u32,
}

coded! {
    /// The tags of a referral.
    ReferralLabel {
        Draft "draft" "Draft";
        WithProviders "with_providers" "With providers";
        OffersIn "offers_in" "Offers in";
        WaitingForApproval "waiting" "Waiting for approval";
        Agreed "agreed" "Agreed";
        Placed "placed" "Placed";
        Withdrawn "withdrawn" "Withdrawn";
        NotPlaced "not_placed" "Not placed";
    }
}

impl ReferralLabel {
    /// Whether a home is still looked for.
    #[must_use]
    pub const fn looks_for_a_home(self) -> bool {
        matches!(self, Self::Draft | Self::WithProviders | Self::OffersIn | Self::WaitingForApproval)
    }
}

/// The one function from a referral to its label.
#[must_use]
pub fn label(state: &ReferralState, seen: Seen) -> ReferralLabel {
    match state {
        ReferralState::Draft => ReferralLabel::Draft,
        ReferralState::Out(_) if seen.approvals_open > 0 => ReferralLabel::WaitingForApproval,
        ReferralState::Out(_) if seen.offers_in > 0 => ReferralLabel::OffersIn,
        ReferralState::Out(_) => ReferralLabel::WithProviders,
        ReferralState::Agreed { .. } => ReferralLabel::Agreed,
        ReferralState::Placed { .. } => ReferralLabel::Placed,
        ReferralState::Withdrawn { .. } => ReferralLabel::Withdrawn,
        ReferralState::NotPlaced { .. } => ReferralLabel::NotPlaced,
    }
}

impl ReferralState {
    /// The words on its tag by the state alone, where no offer or request for approval is looked at.
    #[must_use]
    pub fn label(&self) -> &'static str {
        label(self, Seen::default()).label()
    }
}

/// Whether the deadline has passed: a flag, not a state.
#[must_use]
pub fn deadline_passed(referral: &Referral, moment: Moment) -> bool {
    referral.state.out().is_some_and(|out| out.deadline < moment.local)
}

/// "What happens next", the first sentence of the record's overview.
#[must_use]
pub fn next_sentence(referral: &Referral, seen: Seen, moment: Moment) -> String {
    let offers = match seen.offers_in {
        1 => "1 offer is in".to_owned(),
        count => format!("{count} offers are in"),
    };
    let passed = deadline_passed(referral, moment);
    match (label(&referral.state, seen), passed) {
        (ReferralLabel::Draft, _) => "Complete the tasks, then check and send.".to_owned(),
        (ReferralLabel::WithProviders, false) => "Homes are reading the referral. No offer is in yet.".to_owned(),
        (ReferralLabel::WithProviders, true) => {
            "The deadline has passed without an offer. Extend it, ask more homes, or record that the child was not placed.".to_owned()
        }
        (ReferralLabel::OffersIn, false) => format!("{offers}. Others can still answer until the deadline."),
        (ReferralLabel::OffersIn, true) => format!("{offers} and the deadline has passed. Compare and recommend one."),
        (ReferralLabel::WaitingForApproval, _) => "A recommendation waits for the person with the power to decide.".to_owned(),
        (ReferralLabel::Agreed, _) => "The placement is agreed. Both sides sign, and the child starts.".to_owned(),
        (ReferralLabel::Placed, _) => "The child lives in the home.".to_owned(),
        (ReferralLabel::Withdrawn, _) => "This referral was withdrawn.".to_owned(),
        (ReferralLabel::NotPlaced, _) => "No placement was made from this referral.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::referral::fixtures::{draft, moment, out};
    use jiff::civil::date;

    #[test]
    fn rule_5_4_all_other_labels_are_computed_in_one_function() {
        let sent = out();
        let seen = |offers_in, approvals_open| Seen { offers_in, approvals_open };
        assert_eq!(label(&draft().state, seen(0, 0)), ReferralLabel::Draft);
        assert_eq!(label(&sent.state, seen(0, 0)), ReferralLabel::WithProviders);
        assert_eq!(label(&sent.state, seen(2, 0)), ReferralLabel::OffersIn);
        assert_eq!(label(&sent.state, seen(2, 1)), ReferralLabel::WaitingForApproval);
    }

    #[test]
    fn a_home_is_looked_for_until_the_placement_is_agreed_or_the_referral_ended() {
        use ReferralLabel::{Draft, OffersIn, WaitingForApproval, WithProviders};
        let looks: Vec<_> = ReferralLabel::ALL.iter().copied().filter(|one| one.looks_for_a_home()).collect();
        assert_eq!(looks, [Draft, WithProviders, OffersIn, WaitingForApproval]);
    }

    #[test]
    fn a_passed_deadline_is_a_flag_and_changes_what_happens_next() {
        let sent = out();
        let (before, after) = (moment(date(2021, 9, 13), 11, 0), moment(date(2021, 9, 20), 11, 0));
        assert!(!deadline_passed(&sent, before));
        assert!(deadline_passed(&sent, after));
        assert_eq!(label(&sent.state, Seen::default()), ReferralLabel::WithProviders);
        assert!(next_sentence(&sent, Seen::default(), after).starts_with("The deadline has passed"));
        assert!(next_sentence(&sent, Seen { offers_in: 1, approvals_open: 0 }, before).starts_with("1 offer is in"));
    }
}
