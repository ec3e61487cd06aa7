//! The spot purchase that an award outside the arrangement is made for, as far as the award depends on it: by id, with its
//! reason, and how many of its checks are open. The record itself is a later room's (rules 3.6, 7.1 and 7.2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::outcome::Refusal;

/// What an award depends on of its spot purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotFact {
    /// The record, by id.
    pub spot: i64,
    /// Its reason, in words.
    pub reason: String,
    /// The start is an emergency, so that some checks may follow it.
    pub emergency: bool,
    /// How many checks that come before the start are open; none were begun where it is unknown.
    pub before_start: Option<u32>,
    /// How many are open in all.
    pub open: u32,
    /// By when those that may follow are done.
    pub due_on: Option<Date>,
    /// The same child's award was refused at the ceiling on this day, within 28 days before.
    pub refused_on: Option<Date>,
}

impl SpotFact {
    /// The record and its reason in words: what an approval rests on. Checks stand among the open ones.
    #[must_use]
    pub fn words(&self) -> String {
        let after = self.refused_on.map_or_else(String::new, |on| {
            format!("; an award for this child was refused at the ceiling on {}", long_date(on))
        });
        format!("{}{after}", self.reason)
    }

    /// Whether a check that comes before the start is open.
    #[must_use]
    pub fn held_up(&self) -> bool {
        self.before_start != Some(0)
    }
}

/// Refused where a home outside the arrangement is offered without a recorded spot purchase, or where a check that comes
/// before the start is open.
pub fn spot_gate(fact: Option<&SpotFact>, home: &str) -> Result<(), Refusal> {
    let Some(fact) = fact else {
        return Err(Refusal::new(
            "spot_first",
            "Spot purchase: only from a referral, for that child, with a coded reason and its evidence",
            format!(
                "{home} is not on this lot of the arrangement, and no spot purchase is recorded for this child there."
            ),
            "The placement officer, by starting a spot purchase from the referral",
        ));
    };
    if fact.held_up() {
        let open = fact.before_start.map_or_else(|| "checks not begun".to_owned(), |open| format!("{open} open"));
        return Err(Refusal::new(
            "checks_open",
            "Pre-placement checks: done before a spot purchase is approved; an emergency's others within 5 working days",
            format!("Checks of {home} are still to do, so the spot purchase cannot be approved yet."),
            "The placement officer, by completing the checks",
        )
        .found(open));
    }
    Ok(())
}

/// Refuses a home judged Inadequate without its exemption, by whatever route it is bought: the grade stops by itself.
pub fn exemption_gate(inadequate: bool, exempted: bool, home: &str) -> Result<(), Refusal> {
    if !inadequate || exempted {
        return Ok(());
    }
    Err(Refusal::new(
        "inadequate_needs_exemption",
        "A home judged Inadequate takes no new child, by whatever route, without an exemption that the director of \
         children's services has recorded for the child",
        format!("{home} is judged Inadequate, and no exemption is recorded for this child there."),
        "The director of children's services of the responsible authority, by recording an exemption beside the referral",
    ))
}
