//! What cannot be refused although it stands above the ceiling, and what is no way round it (rules 3.2 and 3.6).

use jiff::civil::Date;

use crate::nights::days_between;
use crate::outcome::Refusal;

coded! {
    /// Why more is committed than the ceiling allows; every one is a row with its reason and person, shown in red.
    ExceptionReason {
        /// An urgent start under a recorded urgency power.
        Urgency => "urgency", "Urgent start under an urgency power";
        /// A child's start with no power recorded.
        WithoutRecordedPower => "without_recorded_power", "Start made without recorded power";
        /// A child stays past the planned end.
        Overstay => "overstay", "Stay past the planned end";
        /// A rise in price that was already decided.
        UpliftDecided => "uplift_decided", "Price rise already decided";
        /// A correction of the past.
        BackDated => "back_dated", "Back-dated correction";
        /// The decision lowered the ceiling below what was committed.
        LoweredCeiling => "lowered_ceiling", "Lowered ceiling";
        /// A share of empty nights in a block.
        VoidShare => "void_share", "Share of block voids";
    }
}

coded! {
    /// Why a home of the arrangement may be bought by spot all the same.
    SpotGround {
        /// The home has left the arrangement.
        Left => "left", "The home has left the arrangement";
        /// It is suspended from it.
        Suspended => "suspended", "The home is suspended from the arrangement";
        /// It is not admitted on this lot.
        NotOnLot => "not_on_lot", "The home is not admitted on this lot";
    }
}

/// Whether a spot purchase may go on beside the ceiling. That the ceiling is reached is never a reason; at a home
/// admitted on the lot, only with a ground (rule 3.6).
pub fn spot_beside_ceiling(because_of_ceiling: bool, ground: Option<SpotGround>) -> Result<(), Refusal> {
    let refuse = |code: &str, sentence: &str| {
        Err(Refusal::new(
            code,
            "Spot purchase is no way round the ceiling",
            sentence,
            "The decision maker, by raising the ceiling",
        ))
    };
    if because_of_ceiling {
        return refuse("ceiling_is_no_reason", "That the ceiling is reached is not a reason for a spot purchase.");
    }
    if ground.is_none() {
        return refuse(
            "home_is_on_the_lot",
            "This home is admitted on this lot, so its beds are bought through the arrangement.",
        );
    }
    Ok(())
}

/// Whether a spot request follows a refusal at the ceiling for the same child within 28 days: then both totals are
/// shown, and it goes to the Director, finance and the monitoring officer.
#[must_use]
pub fn spot_soon_after_refusal(refused_on: Date, requested_on: Date) -> bool {
    (0..=28).contains(&days_between(refused_on, requested_on))
}
