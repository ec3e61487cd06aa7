//! What an agreement asks somebody to do, from which day on, and when it sends a mail: an agreement unsigned at its start,
//! an end that rolled, a step-down review, a decision by word of mouth, and what the provider asks for.

use jiff::civil::Date;

use super::Agreement;
use super::asking::Asked;
use super::stepping::SupportDue;
use crate::change::Change;
use crate::clock::Moment;
use crate::nights::plus_days;
use crate::outcome::Refusal;
use crate::power::delegation::Said;

/// Days before the end of a line of support on which its review is asked for again.
pub const BEFORE_END: i64 = 7;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attention {
    /// The start has come and both sides have not signed.
    Unsigned {
        /// The start.
        since: Date,
    },
    /// The end rolled by itself, and nobody has reviewed it.
    Rolled {
        /// When it rolled.
        since: Date,
    },
    /// A decision by word of mouth waits to be confirmed.
    Said(Said),
    /// A step-down review is due.
    StepDown(SupportDue),
    /// The provider asks for something.
    Asked(Asked),
}

impl Attention {
    /// From which day on it is to do.
    #[must_use]
    pub fn since(&self) -> Date {
        match self {
            Self::Unsigned { since } | Self::Rolled { since } => *since,
            Self::Said(said) => said.at.date(),
            Self::StepDown(due) => due.review_on,
            Self::Asked(asked) => asked.at.date(),
        }
    }

    /// Whether it stands in red: something is wrong already, or its time has passed.
    #[must_use]
    pub fn red(&self, moment: Moment) -> bool {
        match self {
            Self::Unsigned { .. } | Self::Rolled { .. } => true,
            Self::Said(said) => said.overdue(moment),
            Self::StepDown(due) => plus_days(due.ends, -BEFORE_END) <= moment.today(),
            Self::Asked(asked) => plus_days(asked.at.date(), 5) <= moment.today(),
        }
    }

    /// The days on which a mail asks for it.
    fn mails(&self) -> Vec<Date> {
        match self {
            Self::Unsigned { since } => vec![*since],
            Self::Said(said) => vec![plus_days(said.confirm_by.date(), 1)],
            Self::StepDown(due) => {
                let again = plus_days(due.ends, -BEFORE_END);
                if again > due.review_on { vec![due.review_on, again] } else { vec![due.review_on] }
            }
            Self::Rolled { .. } | Self::Asked(_) => Vec::new(),
        }
    }
}

impl Agreement {
    /// Everything that is to do or will be, whatever the day.
    fn all_attention(&self) -> Vec<Attention> {
        let mut found: Vec<Attention> = Vec::new();
        if !self.state.over() && !self.signatures.both() && self.origin().is_none() {
            found.push(Attention::Unsigned { since: self.state.stay().map_or(self.terms.start, |stay| stay.from) });
        }
        if self.state.lives_there()
            && let Some(rolled) = self.reviews.last().filter(|review| review.power.is_none())
        {
            found.push(Attention::Rolled { since: rolled.on });
        }
        found.extend(self.to_confirm().cloned().map(Attention::Said));
        found.extend(self.support_reviews().into_iter().map(Attention::StepDown));
        found.extend(self.asked_open().cloned().map(Attention::Asked));
        found
    }

    /// What is to do on this day, the longest open first.
    #[must_use]
    pub fn attention(&self, today: Date) -> Vec<Attention> {
        let mut due: Vec<Attention> = self.all_attention().into_iter().filter(|one| one.since() <= today).collect();
        due.sort_by_key(Attention::since);
        due
    }

    /// From which day on something is to do.
    #[must_use]
    pub fn attention_on(&self) -> Option<Date> {
        self.all_attention().iter().map(Attention::since).min()
    }

    /// The next day on which it sends a mail.
    #[must_use]
    pub fn remind_on(&self) -> Option<Date> {
        let sent = self.added.reminded;
        let days = self.all_attention().into_iter().flat_map(|one| one.mails());
        days.filter(|day| sent.is_none_or(|sent| *day > sent)).min()
    }

    /// What today's mails ask for; those days are behind it then.
    pub fn remind(self, moment: Moment) -> Result<(Vec<Attention>, Change<Self>), Refusal> {
        let today = moment.today();
        let sent = self.added.reminded;
        let due = |day: &Date| *day <= today && sent.is_none_or(|sent| *day > sent);
        let asked: Vec<Attention> =
            self.all_attention().into_iter().filter(|one| one.mails().iter().any(due)).collect();
        if asked.is_empty() {
            return Err(self.cannot("send a reminder"));
        }
        let event = self.event("agreement.reminded").with("count", asked.len());
        let mut added = self.added.clone();
        added.reminded = Some(today);
        Ok((asked, Change::to(Self { version: self.version + 1, added, ..self }, event)))
    }
}
