//! Whether searches find a home, whatever the child: what keeps it out today or leaves it unknown, and what would change
//! it. Read by the home's own provider, so it holds nothing of any search.

use placewell_domain::homes::home::{Grade, Need};
use placewell_domain::homes::standing::Standing;
use placewell_domain::nights::{Nights, days_between, plus_days};

use super::{HomeFacts, Reason};

/// So many days after they were confirmed beds count as stale.
pub const BEDS_STALE_AFTER: i64 = 7;
/// How many days ahead a free bed is looked for.
const AHEAD: i64 = 28;

/// What one thing does to a home in searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It is left out of every search.
    LeftOut,
    /// Officers read "not known", or an old date, beside it.
    Weaker,
    /// Nothing is in the way.
    Well,
}

/// One thing that decides whether a home is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnGate {
    /// What it is, in words.
    pub about: &'static str,
    /// What it does.
    pub effect: Effect,
    /// What was found.
    pub found: String,
    /// What would change it.
    pub change: &'static str,
}

impl HomeFacts {
    /// Whether its beds were confirmed too long ago, or never.
    #[must_use]
    pub fn beds_are_stale(&self) -> bool {
        self.home.beds_confirmed_on.is_none_or(|on| days_between(on, self.as_of) > BEDS_STALE_AFTER)
    }

    /// Everything that decides whether the home is asked, what keeps it out first.
    #[must_use]
    pub fn own_gates(&self) -> Vec<OwnGate> {
        let mut gates = vec![self.registered(), self.restricted(), self.judged(), self.standing_gate()];
        gates.extend([self.on_a_lot(), self.bed_gate(), self.confirmed_gate(), self.described(), self.located()]);
        gates.sort_by_key(|gate| gate.effect);
        gates
    }

    /// A suspension that is proposed and holds new referrals, said in words.
    #[must_use]
    pub const fn held_gate(found: String) -> OwnGate {
        let change = "The regional team, by confirming or dropping it within 4 working hours.";
        OwnGate { about: "Proposed suspension", effect: Effect::LeftOut, found, change }
    }

    fn registered(&self) -> OwnGate {
        let effect = if self.home.may_admit().is_ok() { Effect::Well } else { Effect::LeftOut };
        let change = "Ofsted, on your application; the next register brought in shows it.";
        OwnGate { about: "Registration", effect, found: self.home.state.label().to_owned(), change }
    }

    fn restricted(&self) -> OwnGate {
        let (effect, found) = match self.restricted_since {
            Some(since) => (Effect::LeftOut, format!("{} since {since}", Reason::RestrictionNotice.label())),
            None => (Effect::Well, "No notice".to_owned()),
        };
        OwnGate { about: "Restriction notices", effect, found, change: "Ofsted, by lifting its notice." }
    }

    fn judged(&self) -> OwnGate {
        let effect = if self.grade == Grade::Inadequate { Effect::LeftOut } else { Effect::Well };
        let change = "A full inspection that judges the home better than Inadequate.";
        OwnGate { about: "Ofsted's grade", effect, found: self.grade.label().to_owned(), change }
    }

    fn standing_gate(&self) -> OwnGate {
        let lost = matches!(self.standing, Standing::Suspended | Standing::Removed);
        let effect = if lost { Effect::LeftOut } else { Effect::Well };
        let change = "The regional team, on your evidence: see how your homes stand.";
        OwnGate { about: "Standing in the arrangement", effect, found: self.standing.label().to_owned(), change }
    }

    fn on_a_lot(&self) -> OwnGate {
        let lots: Vec<&str> = self.lots.iter().map(|place| place.lot.as_str()).collect();
        let (effect, found) = if lots.is_empty() {
            (Effect::Weaker, "On no lot: found only outside the arrangement".to_owned())
        } else {
            (Effect::Well, format!("On {}", lots.join(", ")))
        };
        OwnGate { about: "Lots", effect, found, change: "Apply for a lot at the next opening." }
    }

    fn bed_gate(&self) -> OwnGate {
        let ahead = Nights::new(self.as_of, plus_days(self.as_of, AHEAD));
        let free = self.gaps.shared.iter().find(|gap| ahead.is_some_and(|ahead| gap.overlap(ahead).is_some()));
        let (effect, found) = match free {
            Some(gap) if gap.from() <= self.as_of => (Effect::Well, "A bed is free now".to_owned()),
            Some(gap) => (Effect::Well, format!("A bed is free from {}", gap.from())),
            None => (Effect::LeftOut, "No bed is free in the next 28 days".to_owned()),
        };
        let change = "Bring a bed back into service on the page of its beds, once it is.";
        OwnGate { about: "Beds", effect, found, change }
    }

    fn confirmed_gate(&self) -> OwnGate {
        let effect = if self.beds_are_stale() { Effect::Weaker } else { Effect::Well };
        let found = match self.home.beds_confirmed_on {
            Some(on) => format!("Confirmed on {on}: officers read that date beside your beds"),
            None => "Never confirmed: officers cannot tell whether your beds are shown right".to_owned(),
        };
        OwnGate { about: "Beds confirmed", effect, found, change: "Confirm the beds: one button on your home page." }
    }

    fn described(&self) -> OwnGate {
        let home = &self.home;
        let unknown = Need::ALL
            .iter()
            .filter(|need| !home.answers.meets.has(**need) && !home.answers.does_not.has(**need))
            .count();
        let (effect, found) = match (home.ages, unknown) {
            (None, _) => (Effect::Weaker, "Ages and sex are not stated: officers read “not known”".to_owned()),
            (Some(_), 0) => (Effect::Well, "Ages, sex and every need are answered".to_owned()),
            (Some(_), left) => (Effect::Weaker, format!("{left} of {} needs are not answered", Need::ALL.len())),
        };
        let change = "State the purpose on the home's page: each answered need counts in every search.";
        OwnGate { about: "Statement of purpose", effect, found, change }
    }

    fn located(&self) -> OwnGate {
        let (effect, found) = if self.home.postcode.is_some() {
            (Effect::Well, "Distances are measured from its postcode, which nobody else reads".to_owned())
        } else {
            (Effect::Weaker, "No postcode: distances are measured from the middle of its area".to_owned())
        };
        OwnGate { about: "Where it is", effect, found, change: "Enter the postcode on the page of its beds." }
    }
}
