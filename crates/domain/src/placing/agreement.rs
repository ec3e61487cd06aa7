//! A placement agreement: prepared by the award, signed by both sides in any order, started, reviewed, ended. The record
//! is the agreement; paper is a copy of it.
//!
//! Ending it, or bringing its planned end forward, releases money that day; each such act cites its power (rule 1.2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::authority::DistanceClass;
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::homes::price::PriceLine;
use crate::id::{AgreementId, BedId, ChildId, HomeId, OfferId, OrganisationId, PersonId, Reference, ReferralId};
use crate::money::Pence;
use crate::nights::{ChargedDays, plus_days};
use crate::outcome::Refusal;
use crate::placing::approval::{GivenBasis, LATEST_START_DAYS};
use crate::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine, rolled_planned_end};
use crate::power::delegation::{Power, RemitArea};

mod added;
mod anew;
mod asking;
mod attention;
mod by_month;
mod charging;
mod conditions;
mod ending;
mod going_live;
mod moves;
mod moving;
pub mod opening;
mod origin;
mod papers;
mod particulars;
mod price_point;
mod procurement;
mod repricing;
mod sharing;
mod signing;
mod stepping;
mod variation;

pub use added::{Added, PutRight};
pub use asking::{AskAnswer, AskKind, Asked, DeclineReason, Wanted};
pub use attention::{Attention, BEFORE_END};
pub use by_month::LineWithin;
pub use charging::{CHARGED_DAYS, SPOT_CHARGED_DAYS, charged_by_route};
pub use conditions::{Condition, Met, conditions_of};
pub use ending::{EndReason, Ending, NoPower, Notice, NoticeBand, STANDARD_NOTICE, notice_days};
pub use going_live::{GOING_LIVE, GoingLive};
pub use moves::MOVES;
pub use moving::{Destination, MoveAnswer, MoveDecline, MoveOffer};
pub use origin::{Imported, Origin};
pub use papers::Withheld;
pub use particulars::{Included, KeptParticulars, Particulars, review_days};
pub use price_point::{BuyingRoute, PricePoint, Staffing};
pub use procurement::{GroundError, LegalGround, Procurement, ValueWatch, threshold_on};
pub use repricing::{KeepReason, RepriceAnswer, Repriced, Repricing};
pub use sharing::check_shares;
pub use signing::{Side, Signature, Signatures, UnsignedReason};
pub use stepping::{StepDown, SupportDue, SupportOutcome, SupportReview};
pub use variation::{PriceCause, PriceChange, Variation};

coded! {
    /// Why an agreement never started.
    CancelReason {
        OtherHome "other_home" "The child goes to another home";
        StaysHome "stays_home" "The child stays with family or the present carers";
        HomeWithdrew "home_withdrew" "The home withdrew";
        BedLost "bed_lost" "The bed is no longer there";
        Approval "approval_void" "The approval is void";
    }
}

/// The stay, once it has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The first night.
    pub from: Date,
    /// Why it began before both sides had signed.
    pub unsigned: Option<UnsignedReason>,
}

/// Where an agreement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AgreementState {
    /// Issued by the award; nobody has signed.
    Prepared,
    /// One side has signed.
    SignedByOne,
    /// Both sides have signed.
    Signed,
    /// The child lives in the home.
    Started {
        /// Since when.
        stay: Stay,
    },
    /// One side has given notice.
    NoticeGiven {
        /// Since when.
        stay: Stay,
        /// The notice.
        notice: Notice,
    },
    /// The child has left.
    Ended {
        /// Since when the child was there.
        stay: Stay,
        /// How it ended.
        ending: Ending,
    },
    /// It never began.
    CancelledBeforeStart {
        /// Why.
        reason: CancelReason,
        /// On which day.
        on: Date,
    },
}

impl AgreementState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] =
        &["prepared", "signed_by_one", "signed", "started", "notice_given", "ended", "cancelled_before_start"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::SignedByOne => "signed_by_one",
            Self::Signed => "signed",
            Self::Started { .. } => "started",
            Self::NoticeGiven { .. } => "notice_given",
            Self::Ended { .. } => "ended",
            Self::CancelledBeforeStart { .. } => "cancelled_before_start",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Prepared => "Prepared",
            Self::SignedByOne => "Signed by one",
            Self::Signed => "Signed",
            Self::Started { .. } => "Started",
            Self::NoticeGiven { .. } => "Notice given",
            Self::Ended { .. } => "Ended",
            Self::CancelledBeforeStart { .. } => "Cancelled before start",
        }
    }

    /// The stay, once it has begun.
    #[must_use]
    pub const fn stay(&self) -> Option<&Stay> {
        match self {
            Self::Started { stay } | Self::NoticeGiven { stay, .. } | Self::Ended { stay, .. } => Some(stay),
            Self::Prepared | Self::SignedByOne | Self::Signed | Self::CancelledBeforeStart { .. } => None,
        }
    }

    /// How it ended, once the child has left.
    #[must_use]
    pub const fn ending(&self) -> Option<&Ending> {
        match self {
            Self::Ended { ending, .. } => Some(ending),
            _ => None,
        }
    }

    const fn before_start(&self) -> bool {
        matches!(self, Self::Prepared | Self::SignedByOne | Self::Signed)
    }

    const fn lives_there(&self) -> bool {
        matches!(self, Self::Started { .. } | Self::NoticeGiven { .. })
    }

    const fn over(&self) -> bool {
        matches!(self, Self::Ended { .. } | Self::CancelledBeforeStart { .. })
    }
}

/// What an agreement says; fixed by the award, changed by variations only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementTerms {
    /// By which route it was bought.
    pub route: Route,
    /// The lot, by its code.
    pub lot: String,
    /// The home; no other without a new approval.
    pub home: HomeId,
    /// The bed, where the home said which.
    pub bed: Option<BedId>,
    /// Whether the child lives there alone.
    pub solo: bool,
    /// The first night as agreed.
    pub start: Date,
    /// The price lines.
    pub lines: Vec<PriceLine>,
    /// Notice by how far the stay has gone.
    pub notice: Vec<NoticeBand>,
    /// Which of the first and last day are charged (rule 4.1).
    #[serde(default)]
    pub charged: ChargedDays,
    /// The version of the arrangement's terms; empty for a spot purchase.
    pub terms_version: String,
    /// The version of the arrangement's specification; empty for a spot purchase, and where both sides accepted none.
    #[serde(default)]
    pub specification_version: String,
    /// Where the home is.
    pub distance: DistanceClass,
}

/// An approval that the agreement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestsOn {
    /// The approval's reference.
    pub reference: Reference,
    /// What was approved, in words.
    pub what: String,
    /// The rule that called for it.
    pub rule: String,
    /// Who gave it.
    pub by: PersonId,
    /// When.
    pub at: jiff::civil::DateTime,
    /// By what right.
    pub basis: GivenBasis,
    /// Given by word of mouth first.
    pub verbal: bool,
}

/// A review of the planned end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// On which day.
    pub on: Date,
    /// The planned end before.
    pub was: Date,
    /// The planned end after.
    pub now: Date,
    /// The power it cites; none where it rolled by itself, or no power was in force.
    pub power: Option<Power>,
    /// That no power was in force when it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<NoPower>,
}

/// A placement agreement: two organisations' record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The record's id.
    pub id: AgreementId,
    /// Raised by one with every move.
    pub version: i64,
    /// What people call it, such as `HEF-A-0137`.
    pub reference: Reference,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The authority responsible for the child.
    pub responsible: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The child, by number only.
    pub child: ChildId,
    /// The referral.
    pub referral: ReferralId,
    /// The offer.
    pub offer: OfferId,
    /// The part of the service that the case belongs to.
    pub case: RemitArea,
    /// What it says.
    pub terms: AgreementTerms,
    /// The day after the last planned night.
    pub planned_end: Date,
    /// Reviews of it, oldest first.
    pub reviews: Vec<Review>,
    /// What it rests on.
    pub rests_on: Vec<RestsOn>,
    /// SHA-256 of the facts that were approved.
    pub facts: String,
    /// Who has signed.
    pub signatures: Signatures,
    /// What was added since the award.
    #[serde(default)]
    pub added: Added,
    /// Where it stands.
    pub state: AgreementState,
}

impl Agreement {
    /// Prepares an agreement with the final approval. `agreement` comes with version 1 and nobody's signature.
    pub fn prepare(agreement: Self) -> Change<Self> {
        let next = Self { version: 1, signatures: Signatures::default(), state: AgreementState::Prepared, ..agreement };
        let event = Event::new("agreement.prepared", "agreement", next.id.0, 1)
            .with("reference", &next.reference)
            .with("referral", next.referral)
            .with("offer", next.offer)
            .with("home", next.terms.home)
            .with("start", next.terms.start)
            .with("planned_end", next.planned_end)
            .with("weekly_pence", next.weekly().0)
            .with("facts", &next.facts);
        Change::to(next, event)
    }

    /// The price of a week on the first night.
    #[must_use]
    pub fn weekly(&self) -> Pence {
        let first = self.terms.start;
        self.terms.lines.iter().filter(|line| line.from <= first && first < line.to).map(|line| line.weekly).sum()
    }

    /// The first night and the day after the last, as they are or are planned.
    #[must_use]
    pub fn nights(&self) -> (Date, Date) {
        let from = self.state.stay().map_or(self.terms.start, |stay| stay.from);
        match &self.state {
            AgreementState::Ended { ending, .. } => (from, ending.on),
            AgreementState::CancelledBeforeStart { .. } => (from, from),
            AgreementState::NoticeGiven { notice, .. } => (from, notice.ends_on.min(self.planned_end)),
            AgreementState::Prepared
            | AgreementState::SignedByOne
            | AgreementState::Signed
            | AgreementState::Started { .. } => (from, self.planned_end),
        }
    }

    /// What it commits, as the annual value's ledger reads it.
    #[must_use]
    pub fn commitment(&self, today: Date) -> Commitment {
        let (start, planned_end) = self.nights();
        let goes_on = self.state.before_start() || matches!(self.state, AgreementState::Started { .. });
        Commitment {
            agreement: self.id,
            reference: self.reference.to_string(),
            route: self.terms.route,
            lines: self.terms.lines.iter().map(value_line).collect(),
            start,
            planned_end,
            notice_days: notice_days(&self.terms.notice, start, today),
            goes_on,
            moved_on: self.moved().map(|to| to.on),
            charged: self.terms.charged,
        }
    }

    /// Whether the planned end, or the end that notice gave, has passed while the child is still there: it rolls by 28
    /// days and warns.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.state.lives_there() && rolled_planned_end(self.nights().1, today).1
    }

    /// The child starts on this day: not before the approved start, nor more than 3 days after it (rule 1.7). Unsigned
    /// only with a reason.
    pub fn start(self, on: Date, unsigned: Option<UnsignedReason>, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !self.state.before_start() {
            return Err(self.cannot("start"));
        }
        let latest = plus_days(self.terms.start, LATEST_START_DAYS);
        if on < self.terms.start || on > latest {
            return Err(Refusal::new(
                "start_not_approved",
                "An approval is void with an earlier start, or one more than 3 days later",
                "The child cannot start on this day under the approval. Ask for approval again.",
                "The placement officer, by asking again",
            )
            .found(format!("approved for {}, start {}", long_date(self.terms.start), long_date(on))));
        }
        if on > moment.today() {
            return Err(Refusal::new(
                "start_in_future",
                "A start is recorded when it has happened",
                "Record the start on the day or after it.",
                "The placement officer",
            )
            .found(long_date(on)));
        }
        let unsigned = unsigned.filter(|_| !self.signatures.both());
        if !self.signatures.both() && unsigned.is_none() {
            return Err(Refusal::new(
                "start_unsigned",
                "A start before both signatures needs a reason",
                "Both sides have not signed. In an emergency the child can start, with a reason.",
                "The side that has not signed, or the placement officer with a reason",
            )
            .found(self.signatures.missing().map_or("", Side::label)));
        }
        let event =
            self.event("agreement.started").with("on", on).with("unsigned", unsigned.map_or("", UnsignedReason::code));
        let stay = Stay { from: on, unsigned };
        let added = self.accepted(AskKind::Start, moment);
        Ok(Self { added, ..self }.to(AgreementState::Started { stay }, event))
    }

    /// Until when a stay at or past its planned end may be committed although the ceiling is reached: 28 days at a time
    /// (rules 3.1 and 3.2). None before the start, or while the planned end lies ahead.
    #[must_use]
    pub fn overstay_until(&self, today: Date) -> Option<Date> {
        let stays = matches!(self.state, AgreementState::Started { .. }) && self.planned_end <= today;
        let (rolled, _) = rolled_planned_end(self.planned_end, today);
        stays.then(|| if rolled > today { rolled } else { plus_days(rolled, 28) })
    }

    /// Reviews the planned end. Earlier releases money today; later commits more, and before the start goes back to
    /// approval (rule 1.7). With no power in force it prolongs nothing: see [`Self::may_review_without`].
    pub fn review(
        self,
        planned_end: Date,
        power: Result<Power, NoPower>,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let live = self.state.before_start() || matches!(self.state, AgreementState::Started { .. });
        if !live {
            return Err(self.cannot("have its planned end reviewed"));
        }
        let (from, _) = self.nights();
        if planned_end <= from || planned_end < moment.today() {
            return Err(Refusal::new(
                "planned_end_past",
                "A planned end lies ahead",
                "The planned end must be after the start, and not in the past.",
                "The holder of the power",
            )
            .found(long_date(planned_end)));
        }
        if self.state.before_start() && planned_end > self.planned_end {
            return Err(Refusal::new(
                "later_end_not_approved",
                "An approval is void with a later end",
                "The child has not started, so a later planned end goes back to approval.",
                "The placement officer, by cancelling this agreement and asking for approval again",
            )
            .found(format!(
                "approved to {}, asked to {}",
                long_date(self.planned_end),
                long_date(planned_end)
            )));
        }
        let (power, without) = match power {
            Ok(power) => (Some(power), None),
            Err(without) => (None, Some(without)),
        };
        let event = lacking(cite(self.event("agreement.reviewed"), power.as_ref()), without.as_ref())
            .with("from", self.planned_end)
            .with("to", planned_end);
        let review = Review { on: moment.today(), was: self.planned_end, now: planned_end, power, without };
        let mut reviews = self.reviews.clone();
        reviews.push(review);
        let added = self.accepted(AskKind::PlannedEnd, moment);
        Ok(self.anew(event, |next| Self { planned_end, reviews, added, ..next }))
    }

    /// Whether a review of a child's stay is recorded although no power is in force: it brings the end forward, or keeps
    /// an end that has come where it rolls to by itself (rule 3.1).
    #[must_use]
    pub fn may_review_without(&self, planned_end: Date, today: Date) -> bool {
        let until = self.overstay_until(today).map_or(self.planned_end, |rolls| rolls.max(self.planned_end));
        matches!(self.state, AgreementState::Started { .. }) && planned_end <= until
    }

    /// Rolls an overdue end by 28 days until it lies ahead, planned or by notice; it warns until it is reviewed or the
    /// child has left (rule 3.1).
    pub fn roll(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        let was = self.nights().1;
        let (until, rolled) = rolled_planned_end(was, moment.today());
        if !self.state.lives_there() || !rolled {
            return Err(self.cannot("have its planned end rolled"));
        }
        let event = self.event("agreement.rolled").with("from", was).with("to", until);
        let state = match self.state.clone() {
            AgreementState::NoticeGiven { stay, notice } => {
                AgreementState::NoticeGiven { stay, notice: Notice { ends_on: until, ..notice } }
            }
            other => other,
        };
        let mut reviews = self.reviews.clone();
        reviews.push(Review { on: moment.today(), was, now: until, power: None, without: None });
        let planned_end = self.planned_end.max(until);
        Ok(self.anew(event, |next| Self { planned_end, reviews, state, ..next }))
    }

    /// One side gives notice; the end follows from the bands. The authority's notice cites its power.
    pub fn give_notice(self, by: Side, power: Option<Power>, moment: Moment) -> Result<Change<Self>, Refusal> {
        let AgreementState::Started { stay } = self.state.clone() else {
            return Err(self.cannot("be given notice on"));
        };
        let today = moment.today();
        let ends_on = plus_days(today, i64::from(notice_days(&self.terms.notice, stay.from, today)));
        let event =
            cite(self.event("agreement.notice_given"), power.as_ref()).with("by", by.code()).with("ends_on", ends_on);
        let notice = Notice { by, given_on: today, ends_on, power };
        Ok(self.to(AgreementState::NoticeGiven { stay, notice }, event))
    }

    /// The child has left, planned or not, for a coded reason.
    pub fn end(self, ending: Ending, moment: Moment) -> Result<Change<Self>, Refusal> {
        let stay = match &self.state {
            AgreementState::Started { stay } | AgreementState::NoticeGiven { stay, .. } => stay.clone(),
            AgreementState::Prepared
            | AgreementState::SignedByOne
            | AgreementState::Signed
            | AgreementState::Ended { .. }
            | AgreementState::CancelledBeforeStart { .. } => return Err(self.cannot("end")),
        };
        if ending.on <= stay.from || ending.on > moment.today() {
            return Err(Refusal::new(
                "end_day",
                "An end is recorded when it has happened, at least one night after the start",
                "Enter the day on which the child left: after the first night, and not in the future.",
                "The placement officer",
            )
            .found(format!("started {}, end {}", long_date(stay.from), long_date(ending.on))));
        }
        let event = lacking(cite(self.event("agreement.ended"), ending.power.as_ref()), ending.without.as_ref())
            .with("on", ending.on)
            .with("planned", ending.planned)
            .with("reason", ending.reason.code());
        let added = self.accepted(AskKind::End, moment);
        Ok(Self { added, ..self }.to(AgreementState::Ended { stay, ending }, event))
    }

    /// It never begins: the bed and the money are free again today.
    pub fn cancel(self, reason: CancelReason, power: &Power, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !self.state.before_start() {
            return Err(self.cannot("be cancelled"));
        }
        let event = cite(self.event("agreement.cancelled"), Some(power)).with("reason", reason.code());
        Ok(self.to(AgreementState::CancelledBeforeStart { reason, on: moment.today() }, event))
    }

    fn to(self, state: AgreementState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str) -> Event {
        let event = Event::new(kind, "agreement", self.id.0, self.version + 1).with("reference", &self.reference);
        match self.added.said.last().filter(|said| said.version == self.version + 1) {
            Some(said) => event.with("said_at", said.at).with("confirm_by", said.confirm_by),
            None => event,
        }
    }

    fn cannot(&self, act: &str) -> Refusal {
        Refusal::new(
            "agreement_state",
            "An agreement's states: prepared, signed by one, signed, started, notice given, ended, cancelled",
            format!("{} cannot {act}: it is {}.", self.reference, self.state.label().to_lowercase()),
            "Nobody: open the agreement as it is now",
        )
        .found(self.state.label())
    }
}

/// Why nobody has a power, into an event.
fn lacking(event: Event, without: Option<&NoPower>) -> Event {
    match without {
        Some(without) => event.with("without_power", &without.code),
        None => event,
    }
}

/// Limb and post into an event.
fn cite(event: Event, power: Option<&Power>) -> Event {
    match power {
        Some(power) => event
            .with("decision", &power.reference)
            .with("limb", power.letter)
            .with("post", power.post)
            .with("decided_by", power.person),
        None => event,
    }
}

/// A price line as the annual value sees it; a split in dispute is the authority's own until it is agreed.
fn value_line(line: &PriceLine) -> ValueLine {
    use crate::homes::price::LineKind;
    let kind = match line.kind {
        LineKind::Core | LineKind::AdditionalSupport | LineKind::Other => ValueKind::Care,
        LineKind::Education => ValueKind::Education,
    };
    let shares = &line.shares;
    let whole = i64::from(shares.authority) + i64::from(shares.education) + i64::from(shares.health);
    let authority =
        if whole == 0 || !shares.agreed { Share::ALL } else { Share { part: i64::from(shares.authority), whole } };
    let ends = (line.to != crate::nights::OPEN_END).then_some(line.to);
    ValueLine { kind, weekly: line.weekly, origin: line.origin, from: line.from, ends, authority }
}

#[cfg(test)]
mod tests;
