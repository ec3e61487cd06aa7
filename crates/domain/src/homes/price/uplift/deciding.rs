//! What is decided of a request or of its appeal, held to what is known on the day: who runs the home, how it stands, whether
//! it is on the lot, and which price stands. A rise is granted on the price that it was asked on, and on no other. And how what
//! was granted in error is taken back.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Grant, Ruled, Ruling, Uplift, UpliftBasis, UpliftOutcome, UpliftState, lost_standing};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::homes::admission::{Admission, admitted_on, not_on_lot};
use crate::homes::home::Home;
use crate::homes::price::{LinePrices, Rectangle, TenderedWrong};
use crate::homes::standing::Standing;
use crate::id::PersonId;
use crate::money::Pence;
use crate::nights::Nights;
use crate::outcome::{Invalid, Refusal};

/// What is known when somebody decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNow {
    /// The home, with who runs it.
    pub home: Home,
    /// What the arrangement calls the lot.
    pub lot: String,
    /// How it stands.
    pub standing: Standing,
    /// When it was and is on which lot.
    pub admissions: Vec<Admission>,
    /// The scheduled prices of the line from the night asked for on.
    pub scheduled: Vec<Rectangle<Pence>>,
    /// How many documents stand with the request.
    pub evidence: usize,
}

/// By whom, when and why a grant was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Why.
    pub reasons: String,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

impl Uplift {
    /// The lead decides: in full, in part, or not; with reasons where less is granted than was asked.
    pub fn decide(
        self,
        by: PersonId,
        ruling: Ruling,
        known: &KnownNow,
        moment: Moment,
    ) -> Result<Change<Self>, TenderedWrong> {
        self.only("asked", "be decided")?;
        let ruled = self.ruled(by, ruling, (self.was, known), moment)?;
        let event = self.ruled_event("uplift.decided", &ruled);
        Ok(self.to(UpliftState::Decided { ruled }, event))
    }

    /// Another person than the one who decided answers the appeal.
    pub fn answer(
        self,
        by: PersonId,
        ruling: Ruling,
        known: &KnownNow,
        moment: Moment,
    ) -> Result<Change<Self>, TenderedWrong> {
        let UpliftState::Appealed { ruled, .. } = self.state.clone() else {
            return Err(self.cannot("have its appeal answered").into());
        };
        if ruled.by == by {
            return Err(Refusal::new(
                "appeal_same_person",
                "An appeal is decided by another person",
                "You decided this request, so somebody else answers the appeal.",
                "Another commissioning lead of the regional team",
            )
            .found(self.reference)
            .into());
        }
        let granted = ruled.weekly.unwrap_or(self.was);
        let answer = self.ruled(by, ruling, (granted, known), moment)?;
        let event = self.ruled_event("uplift.answered", &answer);
        Ok(self.to(UpliftState::Answered { ruled, answer }, event))
    }

    /// The lead takes back what was granted in error. Nobody is asked to confirm it any more; an agreement whose authority has
    /// confirmed it keeps its price, as every agreement keeps the one that it was made at, until the authority changes it (rule 1.2).
    pub fn revoke(self, by: PersonId, reasons: &str, moment: Moment) -> Result<Change<Self>, TenderedWrong> {
        let (ruled, answer) = match self.state.clone() {
            UpliftState::Decided { ruled } if self.can_be_revoked() => (ruled, None),
            UpliftState::Answered { ruled, answer } if self.can_be_revoked() => (ruled, Some(answer)),
            _ => return Err(self.cannot("be revoked").into()),
        };
        let reasons = reasons.trim().to_owned();
        if reasons.is_empty() || reasons.chars().count() > 2_000 {
            let ask = "Say why it is taken back, in 2,000 characters or fewer: the provider reads it";
            return Err(TenderedWrong::Invalid(Invalid::one("reasons", ask)));
        }
        let revoked = Revoked { reasons, by, at: moment.local };
        let event = self.event("uplift.revoked", self.version + 1);
        Ok(self.to(UpliftState::Revoked { ruled, answer, revoked }, event))
    }

    /// By whom and why what was granted was taken back; none where it stands.
    #[must_use]
    pub fn revoked(&self) -> Option<&Revoked> {
        if let UpliftState::Revoked { revoked, .. } = &self.state { Some(revoked) } else { None }
    }

    /// Whether the lead can take back what was granted; while an appeal waits, it is answered first.
    #[must_use]
    pub fn can_be_revoked(&self) -> bool {
        matches!(self.state, UpliftState::Decided { .. } | UpliftState::Answered { .. }) && !self.grants().is_empty()
    }

    /// The grant of this number for an authority to answer, where there is one; refused where it was taken back.
    pub fn to_answer(&self, number: u8) -> Result<Option<Grant>, Refusal> {
        if self.revoked().is_some() { Err(self.cannot("be answered")) } else { Ok(self.grant(number)) }
    }

    /// The price from before for the nights on which the schedule still has one that was granted: what was recorded since
    /// stays as it is.
    #[must_use]
    pub fn given_back(&self, scheduled: &[Rectangle<Pence>]) -> LinePrices {
        let grants = self.ever_granted();
        let Some(first) = grants.iter().map(|grant| grant.from).min() else { return LinePrices::new() };
        let held = scheduled.iter().filter(|price| grants.iter().any(|grant| grant.now == price.value));
        let nights = held.filter_map(|price| Nights::new(price.from, price.to)?.overlap(Nights::open(first)));
        nights.map(|nights| (nights, Some(self.was))).collect()
    }

    /// What is decided, checked against what stood before it and what is known on the day.
    fn ruled(
        &self,
        by: PersonId,
        ruling: Ruling,
        (before, known): (Pence, &KnownNow),
        moment: Moment,
    ) -> Result<Ruled, TenderedWrong> {
        let today = moment.today();
        let mut invalid = Invalid::default();
        let weekly = match ruling.outcome {
            UpliftOutcome::Granted => Some(self.asked),
            UpliftOutcome::InPart => ruling.weekly,
            UpliftOutcome::Refused => None,
        };
        if ruling.outcome == UpliftOutcome::InPart && weekly.is_none_or(|to| to <= before || to >= self.asked) {
            invalid.add("weekly", format!("Enter a price of a week above {before} and below {}", self.asked));
        }
        if ruling.reasons.trim().is_empty() && ruling.outcome != UpliftOutcome::Granted {
            invalid.add("reasons", "Say why less is granted than was asked for: the provider reads it");
        }
        if ruling.reasons.chars().count() > 2_000 {
            invalid.add("reasons", "Shorten this to 2,000 characters");
        }
        let from = ruling.from.unwrap_or(self.from);
        if weekly.is_some() && (from < self.from || from < today) {
            let least = self.from.max(today);
            invalid.add("from", format!("Enter {} or a later day", long_date(least)));
        }
        invalid.or(()).map_err(TenderedWrong::Invalid)?;
        if let Some(weekly) = weekly {
            self.may_grant((weekly, from), known)?;
        }
        let from = weekly.map(|_| from);
        Ok(Ruled { outcome: ruling.outcome, weekly, from, reasons: ruling.reasons, by, at: moment.local })
    }

    /// A price rises for the provider that asked, of a home in standing and on the lot, from the price that stands, and by open
    /// book on evidence.
    fn may_grant(&self, rise: (Pence, Date), known: &KnownNow) -> Result<(), Refusal> {
        let home = &known.home;
        if home.provider != self.provider {
            return Err(Refusal::new(
                "uplift_other_provider",
                "A price rises for the provider that runs the home",
                format!("Another provider runs {} now, so {} cannot be granted.", home.name, self.reference),
                "The provider that runs it, by a request of its own; or you, by refusing with reasons",
            )
            .found(self.urn.clone()));
        }
        if matches!(known.standing, Standing::Suspended | Standing::Removed) {
            return Err(lost_standing(&self.name, known.standing));
        }
        if admitted_on(&known.admissions, home.id, &self.lot, rise.1).is_none() {
            return Err(not_on_lot(home, &known.lot));
        }
        self.rests_on(&known.scheduled, rise)?;
        if self.basis == UpliftBasis::OpenBook && known.evidence == 0 {
            return Err(Refusal::new(
                "open_book_without_evidence",
                "An open book is granted on evidence",
                format!("{} has no document with its costs, so nothing can be granted yet.", self.reference),
                "The provider, by adding the evidence; or you, by refusing with reasons",
            )
            .found("0 documents"));
        }
        Ok(())
    }

    /// From the first night of a rise on, no other price stands than the one that it raises: a higher one would fall, and from
    /// a lower one it would rise by more than was asked for. A later night without a price gets none.
    fn rests_on(&self, scheduled: &[Rectangle<Pence>], (weekly, from): (Pence, Date)) -> Result<(), Refusal> {
        let grants = self.grants();
        let steps = scheduled.iter().map(|price| price.from).chain(grants.iter().map(|grant| grant.from));
        let mut nights: Vec<Date> = steps.filter(|night| *night > from).chain([from]).collect();
        nights.sort_unstable();
        for night in nights {
            let held = scheduled.iter().find(|price| price.from <= night && night < price.to).map(|price| price.value);
            let raised = grants.iter().rev().find(|grant| grant.from <= night).map_or(self.was, |grant| grant.now);
            if held == Some(raised) || held.is_none() && night > from {
                continue;
            }
            return Err(self.changed((night, held), (raised, weekly)));
        }
        Ok(())
    }

    fn changed(&self, (night, held): (Date, Option<Pence>), (raised, weekly): (Pence, Pence)) -> Refusal {
        let stands = held.map_or_else(|| "no price".to_owned(), |held| format!("{held} a week"));
        let since = format!("The price changed since {} was asked for.", self.reference);
        let differs = format!("It raises {raised} to {weekly}, but {stands} stands on {}.", long_date(night));
        Refusal::new(
            "uplift_price_changed",
            "A rise is granted on the price that it was asked on",
            format!("{since} {differs}"),
            "The provider, by a new request from the price that stands; or you, by refusing this one with reasons",
        )
        .found(format!("{stands} on {}", long_date(night)))
    }

    fn ruled_event(&self, kind: &str, ruled: &Ruled) -> Event {
        let event = self.event(kind, self.version + 1).with("outcome", ruled.outcome.code());
        match (ruled.weekly, ruled.from) {
            (Some(weekly), Some(from)) => event.with("weekly_pence", weekly.0).with("from", from),
            _ => event,
        }
    }
}
