//! What a placement was bought for, as the whole region may read it: a price with coded traits, and no child, no
//! provider, no reference and no day. Written with the agreement, in its own transaction; the comparison rests on it.

use jiff::civil::Date;

use super::{Agreement, Origin};
use crate::authority::AreaCode;
use crate::calendar::quarter_of;
use crate::homes::home::Home;
use crate::homes::price::LineKind;
use crate::id::OrganisationId;
use crate::money::Pence;
use crate::placing::child::AgeBand;
use crate::placing::referral::Profile;
use crate::placing::referral::standard::NeededBy;
use crate::power::annual_value::Route;

coded! {
    /// How a placement was bought, as prices are compared.
    BuyingRoute {
        /// Through the arrangement.
        Arrangement => "arrangement", "FCA";
        /// Spot purchase outside it.
        Spot => "spot", "Spot purchase";
        /// A bed of a block contract.
        Block => "block", "Block";
        /// The authority's own home, which is not bought.
        InHouse => "in_house", "Own home";
    }
}

coded! {
    /// The staffing that a price pays for.
    Staffing {
        /// What the home's statement of purpose has.
        Usual => "usual", "The home's usual staffing";
        /// Hours of support for this child beside it.
        Added => "added", "Additional support";
        /// The child lives there alone.
        Alone => "alone", "The child lives there alone";
    }
}

impl BuyingRoute {
    /// How an agreement's placement was bought; none of one that an earlier arrangement made.
    #[must_use]
    pub fn of(agreement: &Agreement) -> Option<Self> {
        match (agreement.origin(), agreement.terms.route) {
            (Some(Origin::PreviousArrangement), _) => None,
            (Some(Origin::InHouse), _) => Some(Self::InHouse),
            (_, Route::Arrangement | Route::Successor) => Some(Self::Arrangement),
            (_, Route::Spot) => Some(Self::Spot),
            (_, Route::Block | Route::Other) => Some(Self::Block),
        }
    }
}

/// One price, without anybody whom it could name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricePoint {
    /// The placing authority.
    pub authority: OrganisationId,
    /// How it was bought.
    pub route: BuyingRoute,
    /// The lot, by its code.
    pub lot: String,
    /// The band of need, by its code; empty where it is not known.
    pub need_band: String,
    /// The child's age band on the first night.
    pub age: AgeBand,
    /// Whether education by the home is among what is paid.
    pub education: bool,
    /// The staffing.
    pub staffing: Staffing,
    /// How long before the first night the home was sought; not known of what was brought in from elsewhere.
    pub notice: Option<NeededBy>,
    /// In whose area the home is.
    pub area: AreaCode,
    /// Which home: as written its id, as read a number that stands for it and tells no more than that two are the same.
    pub home: i64,
    /// The first day of the calendar quarter of the first night.
    pub quarter: Date,
    /// The whole price a week on the first night.
    pub weekly: Pence,
}

impl PricePoint {
    /// What an agreement is bought for, as it stands at its award; none of one that an earlier arrangement made.
    #[must_use]
    pub fn of(agreement: &Agreement, profile: &Profile, home: &Home) -> Option<Self> {
        let terms = &agreement.terms;
        let route = BuyingRoute::of(agreement)?;
        let paid = |kind: LineKind| {
            terms.lines.iter().any(|line| line.kind == kind && line.from <= terms.start && terms.start < line.to)
        };
        let staffing = if terms.solo {
            Staffing::Alone
        } else if paid(LineKind::AdditionalSupport) {
            Staffing::Added
        } else {
            Staffing::Usual
        };
        Some(Self {
            authority: agreement.authority,
            route,
            lot: terms.lot.clone(),
            need_band: profile.need_band.clone().unwrap_or_default(),
            age: AgeBand::of(profile.age.unwrap_or_default()),
            education: paid(LineKind::Education),
            staffing,
            notice: profile.standard.needed_by,
            area: home.area,
            home: home.id.0,
            quarter: quarter_of(terms.start),
            weekly: agreement.weekly(),
        })
    }
}
