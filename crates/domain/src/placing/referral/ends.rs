//! How a search ends without a placement, and what follows when it is withdrawn: shown before it is done.

coded! {
    /// Why a referral was withdrawn.
    WithdrawReason {
        PlanChanged "plan_changed" "The care plan changed";
        ReturnedHome "returned_home" "The child stays or goes home";
        StaysInPlacement "stays" "The child stays in the present placement";
        FosterHomeFound "foster_home" "A foster home was found";
        NeedsChanged "needs_changed" "The needs changed; a new referral follows";
        EnteredTwice "entered_twice" "Entered twice, or by mistake";
    }
}

coded! {
    /// Why no placement was made: these feed the sufficiency report.
    NotPlacedReason {
        NoOffers "no_offers" "No home offered";
        AllDeclined "all_declined" "Every home declined";
        NoneSuitable "none_suitable" "No offer was suitable";
        NotApproved "not_approved" "The placement was not approved";
        OfferWithdrawn "offer_withdrawn" "The home withdrew its offer";
        AgreementCancelled "agreement_cancelled" "The agreement was cancelled before the start";
        PlacedInHouse "placed_in_house" "Placed in the authority's own home or with foster carers";
        SpotElsewhere "spot_elsewhere" "Placed outside the arrangement";
        FamilyFound "family_found" "Family or friends care for the child";
        NoLongerNeeded "no_longer_needed" "A placement was no longer needed";
    }
}

/// What stands open on a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenWork {
    /// Homes asked that have not declined.
    pub invitations: u32,
    /// Providers behind them: one mail each.
    pub providers: u32,
    /// Offers open.
    pub offers: u32,
    /// Questions without an answer.
    pub questions: u32,
    /// Requests for approval without an answer.
    pub approvals: u32,
}

/// What a withdrawal will do, one plain line each, in the order in which it happens.
#[must_use]
pub fn what_follows(open: OpenWork) -> Vec<String> {
    let count = |n: u32, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let mut lines = Vec::new();
    if open.invitations > 0 {
        lines.push(format!(
            "{} can no longer answer, and can no longer read what was asked",
            count(open.invitations, "home", "homes")
        ));
    }
    if open.offers > 0 {
        lines.push(format!("{} will be closed as not chosen", count(open.offers, "offer", "offers")));
    }
    if open.approvals > 0 {
        lines.push(format!("{} will be void", count(open.approvals, "request for approval", "requests for approval")));
    }
    if open.questions > 0 {
        lines.push(format!("{} will stay unanswered", count(open.questions, "question", "questions")));
    }
    if open.providers > 0 {
        lines.push(format!(
            "{} will be told by e-mail, without the reason",
            count(open.providers, "provider", "providers")
        ));
    }
    if lines.is_empty() {
        lines.push("Nobody has been asked yet, so nobody is told".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn withdrawing_says_beforehand_what_follows() {
        let open = OpenWork { invitations: 6, providers: 4, offers: 1, questions: 0, approvals: 1 };
        let lines = what_follows(open);
        assert_eq!(lines.len(), 4);
        assert!(lines.contains(&"1 offer will be closed as not chosen".to_owned()));
        assert!(lines.contains(&"4 providers will be told by e-mail, without the reason".to_owned()));
        assert_eq!(what_follows(OpenWork::default()), ["Nobody has been asked yet, so nobody is told"]);
    }
}
