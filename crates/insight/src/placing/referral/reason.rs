//! Why a home is left out, one bit each. A home with no bit set could meet the needs.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident => $code:literal, $label:literal;)*) => {
        /// One reason for which a home is left out.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, hard gates first.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code in an address or an answer.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The words beside a count of homes left out.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

reasons! {
    /// Closed, cancelled, or registration suspended.
    NotRegistered => "not_registered", "not registered";
    /// Ofsted's notice restricts new admissions.
    RestrictionNotice => "restriction_notice", "Ofsted restricts new admissions";
    /// Judged Inadequate.
    Inadequate => "inadequate", "judged Inadequate";
    /// Suspended or removed by the region.
    StandingLost => "standing_lost", "suspended for new placements";
    /// Outside the registered ages.
    Age => "age", "not registered for this age";
    /// Outside the registered sex.
    Sex => "sex", "not registered for this sex";
    /// Short breaks only.
    ShortBreaks => "short_breaks", "short breaks only";
    /// In a place that the child must avoid.
    PlaceToAvoid => "place_to_avoid", "in a place to avoid";
    /// No home for a child who must live alone.
    SoloNotOffered => "solo_not_offered", "does not take a child alone";
    /// The child must live alone and others live there.
    OthersLiveThere => "others_live_there", "other children live there";
    /// A child there lives alone.
    SoloResident => "solo_resident", "a child there lives alone";
    /// No bed is free from the day.
    NoBedFree => "no_bed_free", "no bed free in time";
    /// An essential need that the home says it does not meet.
    EssentialNeed => "essential_need", "says it cannot meet an essential need";
    /// Below the grade asked for.
    BelowGrade => "below_grade", "below the grade asked for";
    /// In a tier that the search leaves out.
    TierLeftOut => "tier_left_out", "not on the lot, or in a tier not searched";
    /// In an area that the search leaves out.
    AreaLeftOut => "area_left_out", "in an area not searched";
    /// Beyond the distance.
    TooFar => "too_far", "too far";
}

impl Reason {
    /// Whether the officer may lift it by widening the search; gates of law, standing and safety may not be lifted here.
    #[must_use]
    pub const fn may_be_relaxed(self) -> bool {
        matches!(
            self,
            Self::NoBedFree
                | Self::EssentialNeed
                | Self::BelowGrade
                | Self::TierLeftOut
                | Self::AreaLeftOut
                | Self::TooFar
        )
    }
}

/// The reasons for which one home is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ReasonSet(u32);

impl ReasonSet {
    /// No reason: the home could meet the needs.
    pub const NONE: Self = Self(0);

    /// The set with the one reason.
    #[must_use]
    pub const fn of(reason: Reason) -> Self {
        Self(1 << reason as u32)
    }

    /// The set with these bits, each a reason's place in the list.
    pub(super) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// One bit for each reason.
    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    /// The same set, with the reason where `holds`.
    #[must_use]
    pub const fn when(self, holds: bool, reason: Reason) -> Self {
        Self(self.0 | ((holds as u32) << reason as u32))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the reason is among them.
    #[must_use]
    pub const fn has(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u32) != 0
    }

    /// What is left without the other's reasons.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The reasons, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.iter().copied().filter(move |reason| self.has(*reason))
    }
}

impl FromIterator<Reason> for ReasonSet {
    fn from_iter<I: IntoIterator<Item = Reason>>(reasons: I) -> Self {
        reasons.into_iter().fold(Self::NONE, |set, reason| set.when(true, reason))
    }
}
