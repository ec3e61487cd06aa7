//! Who holds which power: from a limb to the posts it names, from a post to the person in it, with every link recorded
//! (rules 1.1 to 1.4). Cover for leave moves tasks, never power; the person who asks cannot approve.
//!
//! The statutory director of children's services is an appointment of its own, apart from every limb.

mod chain;
mod ending;
mod holding;
mod said;
mod statutory;
mod urgency;

pub use chain::{Power, PowerQuestion, Scheme, awaited, find_power, nobody_holds};
pub use ending::ended;
pub use holding::{
    Holding, HoldingKind, LimbPost, Post, PostGrade, Remit, RemitArea, SubDelegation, Through, check_holding,
};
pub use said::Said;
pub use statutory::{StatutoryAppointment, StatutoryBasis, StatutoryOffice, find_statutory};
pub use urgency::{
    EmergencyStart, OnCall, Ratification, UrgencyPower, UrgencyUse, emergency_shares, find_urgency, to_alert,
};

use crate::power::decision::LimbPower;

coded! {
    /// What a power is used for. Not only awards: each of these cites limb, post and person (rule 1.2).
    Act {
        /// Award a placement agreement through the arrangement.
        AwardPlacement => "award_placement", "Award a placement agreement";
        /// Award a mini-block contract through the arrangement.
        AwardMiniBlock => "award_mini_block", "Award a mini-block contract";
        /// Spot-purchase a placement for one child outside the arrangement.
        SpotPurchase => "spot_purchase", "Spot-purchase a placement";
        /// Vary an agreement.
        VaryAgreement => "vary_agreement", "Vary an agreement";
        /// Agree extra support.
        ExtraSupport => "extra_support", "Agree extra support";
        /// Change a price.
        ChangePrice => "change_price", "Change a price";
        /// Extend a term.
        ExtendTerm => "extend_term", "Extend a term";
        /// Give notice.
        GiveNotice => "give_notice", "Give notice";
        /// End an agreement.
        EndAgreement => "end_agreement", "End an agreement";
        /// Accept a version of the terms.
        AcceptTerms => "accept_terms", "Accept a terms version";
        /// Leave the arrangement from a date.
        LeaveArrangement => "leave_arrangement", "Leave the arrangement";
        /// Move an agreement to the successor arrangement.
        MoveAgreement => "move_agreement", "Move an agreement to the successor";
        /// Skip a tier in the order of search.
        SkipTier => "skip_tier", "Skip a tier";
        /// Concede a refusal of a nomination to a block bed.
        ConcedeBlockRefusal => "concede_block_refusal", "Concede a block refusal";
    }
}

impl Act {
    /// The powers of a limb any of which suffices for the act. An act about a spot purchase needs the limb for spot
    /// purchases; every other operational decision the one that implements the arrangement.
    #[must_use]
    pub const fn needs(self, about_spot: bool) -> &'static [LimbPower] {
        match (self, about_spot) {
            (Self::AwardPlacement, _) => &[LimbPower::AwardPlacements],
            (Self::AwardMiniBlock, _) => &[LimbPower::AwardMiniBlocks],
            (Self::SpotPurchase, _)
            | (
                Self::VaryAgreement
                | Self::ExtraSupport
                | Self::ChangePrice
                | Self::ExtendTerm
                | Self::GiveNotice
                | Self::EndAgreement
                | Self::AcceptTerms
                | Self::LeaveArrangement
                | Self::MoveAgreement
                | Self::SkipTier
                | Self::ConcedeBlockRefusal,
                true,
            ) => &[LimbPower::SpotPurchase],
            (
                Self::VaryAgreement
                | Self::ExtraSupport
                | Self::ChangePrice
                | Self::ExtendTerm
                | Self::GiveNotice
                | Self::EndAgreement
                | Self::AcceptTerms
                | Self::LeaveArrangement
                | Self::MoveAgreement
                | Self::SkipTier
                | Self::ConcedeBlockRefusal,
                false,
            ) => &[LimbPower::Operational],
        }
    }
}

#[cfg(test)]
mod tests;
