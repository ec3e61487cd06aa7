//! Pre-placement checks at work: the table of a home for a child, each act on a check with its minutes, and what of a spot
//! purchase's checks is open, kept in the same transaction.

pub mod asked;
pub mod burden;
mod exempting;
mod expiring;
mod lapsing;
mod papers;
pub mod placement;
pub mod table;

pub use asked::{AskExemption, DECLINE, DeclineExemption, TakeBackExemption, decline_later};
pub use burden::{Burden, RouteBurden, burdens, by_route};
pub use exempting::{EXEMPT, ExemptGrade, exempt_later};
pub(crate) use lapsing::{due, tell_due};
pub use papers::{AddCheckDocument, TakeCheckDocument};
pub use placement::{EXEMPT_PLACEMENT, ExemptPlacement, exempt_placement_later};
pub use placewell_store::buying::check::BurdenRow;
pub use table::{CheckTable, OneCheck};

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::check::{
    CheckAct, CheckItem, Evidence, EvidenceKind, MinutesOf, NotSatisfiedReason, Of, PreCheck, SaidMinutes,
    StandardMinutes, Worked,
};
use placewell_domain::change::Event;
use placewell_domain::homes::home::Home;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::Referral;
use placewell_domain::setting::{Key, Scope};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;

/// The minutes that each check takes as a rule.
pub const STANDARD_MINUTES: Key<StandardMinutes> = Key {
    name: "check.standard_minutes",
    title: "Standard minutes of the pre-placement checks",
    effect: "Tables of checks and options appraisals of that day and later count these minutes where nothing was measured. \
             What was measured or said stays as it is.",
    source: "Estimates of the field, until the region records its own",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: StandardMinutes::starting,
};

/// The standard minutes that hold on a day.
pub(crate) async fn standard_on(session: &Session, day: Date) -> Answer<StandardMinutes> {
    match session.current_arrangement().await? {
        Some(kept) => Ok(session.value_of(kept.region, &STANDARD_MINUTES, day).await?),
        None => Ok(StandardMinutes::starting()),
    }
}

/// The longest that one opening of a form counts, in minutes: whoever left it open was not at work all the time.
const LONGEST: i64 = 120;

/// Evidence as an officer types it.
#[derive(Debug, Clone, Serialize)]
pub struct TypedEvidence {
    /// What kind.
    pub kind: EvidenceKind,
    /// Its date.
    pub on: Date,
    /// Its number in the authority's files.
    pub number: String,
    /// The day on which it expires, where the check asks for it.
    pub until: Option<Date>,
    /// In words; sealed.
    pub words: String,
}

/// What an officer does with a check.
#[derive(Debug, Clone, Serialize)]
pub enum TypedAct {
    /// Ask the provider for it.
    Ask,
    /// The evidence came.
    BringIn(TypedEvidence),
    /// It is done.
    Do(TypedEvidence),
    /// It is not satisfied.
    Fail(NotSatisfiedReason),
}

/// Records an act on a check.
#[derive(Debug, Clone, Serialize)]
pub struct RecordCheck {
    /// The referral.
    pub reference: String,
    /// The home's Ofsted number.
    pub urn: String,
    /// Which check.
    pub item: CheckItem,
    /// The version that the page showed; 0 for one that was not begun.
    pub version: i64,
    /// What is done.
    pub act: TypedAct,
    /// When the form was opened, by the system's clock.
    pub opened: Option<DateTime>,
    /// Minutes that the officer says it took beside the form.
    pub said: u32,
}

impl Command for RecordCheck {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "check.record";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let home = home_asked(work, &referral, &self.urn).await?;
        work.child(work.org(), referral.child).await?.kept()?;
        if self.said > 2_400 {
            return Err(Invalid::one("minutes", "Enter 2,400 minutes or fewer").into());
        }
        let act = self.act(work, &referral).await?;
        let worked = Worked { officer: actor.person, measured: self.measured(work.moment().local), said: self.said };
        let asks = matches!(act, CheckAct::Ask);
        let own = work.checks_of(work.org(), referral.id, home.id).await?;
        let change = match own.into_iter().find(|check| check.item == self.item) {
            Some(check) if check.version == self.version => check.go_on(act, worked, work.moment())?,
            None if self.version == 0 => {
                let of = Of {
                    authority: work.org(),
                    referral: referral.id,
                    reference: referral.reference.clone(),
                    home: home.id,
                    provider: home.provider,
                    item: self.item,
                };
                PreCheck::begin(work.new_id(), of, act, worked, work.moment())?
            }
            Some(_) | None => return Err(Outcome::Conflict),
        };
        work.apply(change).await?;
        if asks {
            ask_provider(work, &referral, &home, self.item)?;
        }
        table::keep_clearance(work, &referral, &home).await?;
        Ok(Receipt::at(format!("/referrals/{}/checks?home={}", referral.reference, home.urn)))
    }
}

impl RecordCheck {
    async fn act(&self, work: &Work, referral: &Referral) -> Answer<CheckAct> {
        Ok(match &self.act {
            TypedAct::Ask => CheckAct::Ask,
            TypedAct::BringIn(typed) => {
                CheckAct::BringIn { evidence: evidence(work, referral, self.item, typed).await? }
            }
            TypedAct::Do(typed) => CheckAct::Do { evidence: evidence(work, referral, self.item, typed).await? },
            TypedAct::Fail(reason) => CheckAct::Fail { reason: *reason },
        })
    }

    /// From opening the form to sending it, by the system's clock; nothing where it was opened on another day.
    fn measured(&self, now: DateTime) -> u32 {
        let Some(opened) = self.opened.filter(|opened| opened.date() == now.date() && *opened <= now) else { return 0 };
        u32::try_from(now.duration_since(opened).as_mins().clamp(0, LONGEST)).unwrap_or(0)
    }
}

async fn evidence(work: &Work, referral: &Referral, item: CheckItem, typed: &TypedEvidence) -> Answer<Evidence> {
    if !item.evidence().contains(&typed.kind) {
        return Err(Invalid::one("evidence_kind", "Choose the kind of evidence that this check takes").into());
    }
    if typed.words.chars().count() > 2_000 {
        return Err(Invalid::one("evidence_words", "Write 2,000 characters or fewer").into());
    }
    let words = match typed.words.trim() {
        "" => None,
        text => Some(work.child_key(work.org(), referral.child).await?.seal(&text.to_owned())?),
    };
    let evidence = Evidence { kind: typed.kind, on: typed.on, number: typed.number.clone(), until: typed.until, words };
    Ok(evidence.checked(item, work.moment().today())?)
}

/// A home that was asked for the referral, by its number; no other is checked for this child.
pub(crate) async fn home_asked(session: &Session, referral: &Referral, urn: &str) -> Answer<Home> {
    let Ok(urn) = urn.to_uppercase().parse() else { return Err(Outcome::NotFound) };
    let home = session.home_by_urn(&urn).await?;
    let asked = session.homes_asked(referral.authority, referral.id).await?;
    if asked.contains(&home.id) { Ok(home) } else { Err(Outcome::NotFound) }
}

fn ask_provider(work: &mut Work, referral: &Referral, home: &Home, item: CheckItem) -> Answer<()> {
    let notice = Notice {
        to: home.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: evidence asked for", referral.reference),
        lines: vec![format!("{}: {}.", home.name, item.label())],
        path: format!("/provider/referrals/{}", referral.reference),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Says how many minutes something took beside what the system measured.
#[derive(Debug, Clone, Serialize)]
pub struct SayMinutes {
    /// The referral.
    pub reference: String,
    /// The home's Ofsted number.
    pub urn: String,
    /// On what.
    pub of: MinutesOf,
    /// How many.
    pub minutes: u32,
}

impl Command for SayMinutes {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "check.minutes";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let home = home_asked(work, &referral, &self.urn).await?;
        let (of, minutes) = (self.of, self.minutes);
        let said = SaidMinutes { referral: referral.id, home: home.id, of, minutes, by: actor.person };
        said.check()?;
        work.add_minutes(&said).await?;
        let event = Event::new("check.minutes_said", "referral", referral.id.0, referral.version);
        work.record(event.with("home", home.id).with("of", of.code()).with("minutes", minutes));
        Ok(Receipt::at(format!("/referrals/{}/checks?home={}", referral.reference, home.urn)))
    }
}
