//! A child in an unregistered setting (rule 7.3): a record of its own, never an agreement, citing no limb. It says who
//! knows, what the court ordered, what Ofsted was told, what the provider has applied for, each day's review, and that the
//! search goes on; its cost stands apart from every annual value.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::calendar::{WorkingDays, long_date};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{ChildId, OrganisationId, PersonId, Reference, ReferralId};
use crate::money::{Pence, weekly_charge};
use crate::nights::days_between;
use crate::outcome::{Invalid, Refusal};
use crate::placing::approval::setting_rule;
use crate::sealed::Sealed;

coded! {
    /// What a court has ordered about the setting.
    CourtOrder {
        None "none" "No order: the court has not been asked";
        Applied "applied" "Applied for, not yet decided";
        Liberty "liberty" "Order that authorises a deprivation of liberty";
        Other "other" "Another order or direction that names the setting";
        Refused "refused" "Refused by the court";
    }
}

coded! {
    /// What the provider has done about registration.
    Application {
        NotMade "not_made" "None made; the provider was told to apply";
        Made "made" "Made to Ofsted";
        Refused "refused" "Refused, or withdrawn";
        Registered "registered" "Registered by Ofsted";
    }
}

coded! {
    /// How the search for a registered home stands on the day of a review.
    SearchStands {
        GoesOn "goes_on" "Homes were asked or chased today";
        OfferIn "offer_in" "An offer of a registered home is in";
        MoveAgreed "move_agreed" "A move to a registered home is agreed";
    }
}

coded! {
    /// How it ended.
    UnregisteredEnd {
        RegisteredHome "registered_home" "The child moved to a registered home";
        BecameRegistered "became_registered" "The setting was registered";
        Family "family" "The child went home, or to family";
        Other "other" "The child left otherwise";
    }
}

/// One day's review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyReview {
    /// The day.
    pub on: Date,
    /// By whom.
    pub by: PersonId,
    /// When it was recorded.
    pub at: DateTime,
    /// How the search stands.
    pub search: SearchStands,
    /// Whether somebody saw the child that day.
    pub seen: bool,
}

/// The order or its absence, with its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Court {
    /// What.
    pub order: CourtOrder,
    /// Of which day, where there is an order.
    pub on: Option<Date>,
    /// Until when it holds, where it says.
    pub until: Option<Date>,
}

/// What is said of the setting in words; sealed under the child's key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingWords {
    /// Where it is and who runs it.
    pub setting: String,
    /// Why no registered home was found, and what keeps the child safe there.
    pub why: String,
}

/// Where the record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UnregisteredState {
    /// The child is there.
    There,
    /// The child is not there any more, or the setting is registered.
    Ended {
        /// From which day on.
        on: Date,
        /// How.
        how: UnregisteredEnd,
        /// Who recorded it.
        by: PersonId,
    },
}

impl UnregisteredState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["there", "ended"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Ended { .. } => "ended",
        }
    }
}

/// A child in an unregistered setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unregistered {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The authority responsible for the child.
    pub responsible: OrganisationId,
    /// The referral whose search goes on.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The child.
    pub child: ChildId,
    /// The child's age on the first night.
    pub age: u8,
    /// The rule in force on the first night that forbids or governs it.
    pub rule: String,
    /// The first night.
    pub from: Date,
    /// What is paid a week, apart from every annual value.
    pub weekly: Pence,
    /// What the court has ordered.
    pub court: Court,
    /// When Ofsted was told.
    pub ofsted_told: Option<Date>,
    /// What the provider has applied for.
    pub application: Application,
    /// The director of children's services who knows and agrees, and when they said so here.
    pub director: Option<(PersonId, DateTime)>,
    /// The daily reviews, oldest first.
    pub reviews: Vec<DailyReview>,
    /// In words.
    pub words: Sealed<SettingWords>,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// Where it stands.
    pub state: UnregisteredState,
}

/// Every move of the record.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "record", to: "there", by: "placement officer" },
    Move { from: "there", act: "confirm", to: "there", by: "director of children's services" },
    Move { from: "there", act: "review", to: "there", by: "placement officer" },
    Move { from: "there", act: "update", to: "there", by: "placement officer" },
    Move { from: "there", act: "end", to: "ended", by: "placement officer" },
];

/// What a record starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The authority responsible for the child.
    pub responsible: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The child.
    pub child: ChildId,
    /// The child's age on the first night.
    pub age: u8,
    /// The first night.
    pub from: Date,
    /// What is paid a week.
    pub weekly: Pence,
    /// What the court has ordered.
    pub court: Court,
    /// When Ofsted was told.
    pub ofsted_told: Option<Date>,
    /// What the provider has applied for.
    pub application: Application,
    /// In words.
    pub words: Sealed<SettingWords>,
}

/// What is known anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// What the court has ordered.
    pub court: Court,
    /// When Ofsted was told.
    pub ofsted_told: Option<Date>,
    /// What the provider has applied for.
    pub application: Application,
    /// What is paid a week.
    pub weekly: Pence,
}

impl Known {
    /// What is wrong with it as typed.
    pub fn check(&self, today: Date) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let dated = matches!(self.court.order, CourtOrder::Liberty | CourtOrder::Other | CourtOrder::Refused);
        if dated && self.court.on.is_none() {
            invalid.add("court_on", "Enter the date of the order");
        }
        if self.court.on.is_some_and(|on| on > today) {
            invalid.add("court_on", "Enter a date that is today or earlier");
        }
        if self.ofsted_told.is_some_and(|on| on > today) {
            invalid.add("ofsted_told", "Enter a date that is today or earlier");
        }
        invalid.or(())
    }
}

impl Unregistered {
    /// Records that a child is, or is about to be, in an unregistered setting. It is not refused: what cannot be bought is
    /// written down, and the director of children's services hears of it at once.
    pub fn record(id: i64, from: Recording, by: PersonId, moment: Moment) -> Change<Self> {
        let rule = setting_rule(from.age, from.from).to_owned();
        let event = Event::new("unregistered.recorded", "unregistered", id, 1)
            .with("referral", from.referral)
            .with("from", from.from)
            .with("age", from.age)
            .with("court", from.court.order.code())
            .with("ofsted_told", from.ofsted_told.is_some())
            .with("weekly_pence", from.weekly.0);
        let record = Self {
            id,
            version: 1,
            authority: from.authority,
            responsible: from.responsible,
            referral: from.referral,
            reference: from.reference,
            child: from.child,
            age: from.age,
            rule,
            from: from.from,
            weekly: from.weekly,
            court: from.court,
            ofsted_told: from.ofsted_told,
            application: from.application,
            director: None,
            reviews: Vec::new(),
            words: from.words,
            by,
            at: moment.local,
            state: UnregisteredState::There,
        };
        Change::to(record, event)
    }

    /// The director of children's services says that they know of it.
    pub fn confirm(self, director: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_there("be confirmed")?;
        let event = self.event("unregistered.confirmed");
        let director = Some((director, moment.local));
        Ok(Change::to(Self { version: self.version + 1, director, ..self }, event))
    }

    /// Records a day's review: each day once, none ahead.
    pub fn review(self, review: DailyReview, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_there("be reviewed")?;
        let wrong = if review.on < self.from || review.on > moment.today() {
            Some("A review is of a day since the first night, up to today.")
        } else if self.reviews.iter().any(|one| one.on == review.on) {
            Some("That day's review is recorded already.")
        } else {
            None
        };
        if let Some(sentence) = wrong {
            return Err(Refusal::new(
                "review_day",
                "A child in an unregistered setting is reviewed every day",
                sentence,
                "You, by recording another day's review",
            )
            .found(long_date(review.on)));
        }
        let event = self
            .event("unregistered.reviewed")
            .with("on", review.on)
            .with("search", review.search.code())
            .with("seen", review.seen);
        let mut reviews = self.reviews.clone();
        reviews.push(review);
        reviews.sort_by_key(|one| one.on);
        Ok(Change::to(Self { version: self.version + 1, reviews, ..self }, event))
    }

    /// Records what is known anew.
    pub fn update(self, known: Known) -> Result<Change<Self>, Refusal> {
        self.must_be_there("be changed")?;
        let event = self
            .event("unregistered.updated")
            .with("court", known.court.order.code())
            .with("ofsted_told", known.ofsted_told.map_or_else(String::new, |on| on.to_string()))
            .with("application", known.application.code())
            .with("weekly_pence", known.weekly.0);
        let Known { court, ofsted_told, application, weekly } = known;
        Ok(Change::to(Self { version: self.version + 1, court, ofsted_told, application, weekly, ..self }, event))
    }

    /// The child is not there any more.
    pub fn end(self, on: Date, how: UnregisteredEnd, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_there("be ended")?;
        if on < self.from || on > moment.today() {
            return Err(Refusal::new(
                "end_day",
                "It ends on a day since its first night, up to today",
                "Enter the day on which the child left, up to today.",
                "You, by entering that day",
            )
            .found(long_date(on)));
        }
        let event = self.event("unregistered.ended").with("on", on).with("how", how.code());
        let state = UnregisteredState::Ended { on, how, by };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    /// What it has cost so far, or in all.
    #[must_use]
    pub fn cost(&self, today: Date) -> Pence {
        let until = match &self.state {
            UnregisteredState::Ended { on, .. } => *on,
            UnregisteredState::There => today,
        };
        weekly_charge(self.weekly, days_between(self.from, until).max(0))
    }

    /// The earliest day since the first night without a review, up to today; none where all are there or it has ended.
    #[must_use]
    pub fn review_due(&self, today: Date) -> Option<Date> {
        if self.state != UnregisteredState::There {
            return None;
        }
        self.from
            .series(jiff::Span::new().days(1))
            .take_while(|day| *day <= today)
            .find(|day| !self.reviews.iter().any(|one| one.on == *day))
    }

    /// By when Ofsted should have been told: the next working day after the first night.
    #[must_use]
    pub fn tell_ofsted_by(&self, days: &WorkingDays) -> Date {
        days.next_working_day(self.from)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "unregistered", self.id, self.version + 1).with("referral", self.referral)
    }

    fn must_be_there(&self, act: &str) -> Result<(), Refusal> {
        let UnregisteredState::Ended { on, how, .. } = &self.state else { return Ok(()) };
        Err(Refusal::new(
            "unregistered_state",
            "A record of an unregistered setting goes on until the child is not there any more",
            format!("The record of {} has ended, so it cannot {act}.", self.reference),
            "You, by recording a new one",
        )
        .found(format!("{}, {}", how.label(), long_date(*on))))
    }
}
