//! Placements under strain: flagged by the home or the authority, met about, supported. What is said of the child is sealed
//! under the key of the placement's invitation, which both sides share and which goes with the child's.

use jiff::civil::Date;
use placewell_domain::clock::Moment;
use placewell_domain::homes::monitoring::stability::{
    Flagged, FlaggedBy, Meeting, ReleaseReason, StabilityAlert, StabilityOutcome, Strain, Support,
};
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::child::forgotten;
use placewell_domain::placing::child::retention::Retention;
use placewell_domain::placing::disclosure::{Reader, Stage};
use placewell_domain::sealed::Sealed;
use placewell_store::keys::RecordKey;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::names::{Saying, names_nobody};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::naming::LookedThrough;
use crate::office::message::Notice;
use crate::power::decision::call_in_rule;

/// The most characters of what is said of a child.
const LONGEST: usize = 2_000;

/// One alert with what is said of the child, opened.
#[derive(Debug, Clone)]
pub struct AlertPage {
    /// The alert.
    pub of: StabilityAlert,
    /// What was said when it was flagged.
    pub words: String,
    /// What was agreed, in words.
    pub agreed: String,
    /// Whether the child's record was erased, and those words with it.
    pub erased: bool,
}

/// The alerts of one agreement.
#[derive(Debug, Clone)]
pub struct StabilityPage {
    /// The agreement's reference.
    pub reference: String,
    /// The home's name.
    pub home: String,
    /// Whether the child lives there now, so that strain can be flagged.
    pub live: bool,
    /// Its alerts, the latest first.
    pub alerts: Vec<StabilityAlert>,
}

/// The key that both sides of a placement share; none once the child's record was erased.
async fn key_left(session: &Session, org: OrganisationId, agreement: &Agreement) -> Answer<Option<RecordKey>> {
    let offer = session.offer(org, agreement.offer).await?;
    Ok(session.invitation_key_left(org, offer.invitation).await?)
}

/// The same, to seal what is said of the child with.
async fn key(session: &Session, org: OrganisationId, agreement: &Agreement) -> Answer<RecordKey> {
    Ok(key_left(session, org, agreement).await?.ok_or_else(forgotten)?)
}

fn checked(field: &str, text: &str) -> Answer<()> {
    if text.chars().count() > LONGEST {
        return Err(Invalid::one(field, format!("Use at most {LONGEST} characters")).into());
    }
    if text.trim().is_empty() {
        return Err(Invalid::one(field, "Enter what is happening, in your own words").into());
    }
    Ok(())
}

/// As whom somebody reads an alert: by their role in the placing authority, or as the home where the child lives.
fn reader(actor: &Actor, of: &StabilityAlert) -> Reader {
    if of.provider == actor.organisation { Reader::Home(Stage::Chosen) } else { Reader::of(actor, of.authority) }
}

/// The children of the actor's authority whose record stands sealed to them.
async fn sealed_to(session: &Session, actor: &Actor, now: Moment) -> Answer<Vec<ChildId>> {
    let said = session.retentions(actor.organisation).await?;
    Ok(said.iter().filter(|one| !one.open_to(actor.person, now.at)).map(|one| one.child).collect())
}

/// The alerts with their signs, as far as the table of fields gives them. Of a child whose record is sealed to the reader the
/// list says when both meet, and neither what shows the strain nor what helps.
async fn given(
    session: &Session,
    actor: &Actor,
    alerts: Vec<StabilityAlert>,
    now: Moment,
) -> Answer<Vec<StabilityAlert>> {
    let sealed = sealed_to(session, actor, now).await?;
    let mut all = Vec::with_capacity(alerts.len());
    for mut of in alerts {
        if !sealed.is_empty() && of.authority == actor.organisation {
            let agreement = session.agreement_by_id(actor.organisation, of.agreement).await?;
            if sealed.contains(&agreement.child) {
                of.signs.clear();
                if let Some(meeting) = &mut of.meeting {
                    meeting.support.clear();
                }
            }
        }
        all.extend(reader(actor, &of).given("stability_signs", of));
    }
    Ok(all)
}

impl App {
    /// One alert of either side.
    pub async fn stability_alert(&self, actor: &Actor, id: i64) -> Answer<AlertPage> {
        let session = self.see(actor, Action::SeeStability).await?;
        let of = session.stability_alert(actor.organisation, id).await?;
        let reader = reader(actor, &of);
        let of = reader.given("stability_signs", of).ok_or(Outcome::NotFound)?;
        let agreement = session.agreement_by_id(actor.organisation, of.agreement).await?;
        if of.authority == actor.organisation {
            let retention = session.retention(of.authority, agreement.child).await?;
            if !retention.open_to(actor.person, self.calendar.now().at) {
                let number = session.child(of.authority, agreement.child).await?.number;
                return Err(Retention::sealed_as(number).into());
            }
        }
        let key = key_left(&session, actor.organisation, &agreement).await?;
        let open = |text: &Sealed<String>| -> Answer<String> {
            let opened = key.as_ref().map(|key| key.open(text)).transpose()?;
            Ok(opened.and_then(|words| reader.given("stability_words", words)).unwrap_or_default())
        };
        let words = open(&of.words)?;
        let agreed = of.meeting.as_ref().map(|meeting| open(&meeting.words)).transpose()?.unwrap_or_default();
        Ok(AlertPage { of, words, agreed, erased: key.is_none() })
    }

    /// Every alert of either side, those to meet about first.
    pub async fn stability_alerts(&self, actor: &Actor) -> Answer<Vec<StabilityAlert>> {
        let session = self.see(actor, Action::SeeStability).await?;
        let alerts = session.stability_alerts(actor.organisation).await?;
        given(&session, actor, alerts, self.calendar.now()).await
    }

    /// The alerts of one agreement.
    pub async fn agreement_stability(&self, actor: &Actor, reference: &str) -> Answer<StabilityPage> {
        let session = self.see(actor, Action::SeeStability).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let alerts = session.stability_alerts_of(agreement.id).await?;
        let alerts = given(&session, actor, alerts, self.calendar.now()).await?;
        let home = session.home(agreement.terms.home).await?.name;
        let live = matches!(agreement.state.name(), "started" | "notice_given");
        Ok(StabilityPage { reference: agreement.reference.to_string(), home, live, alerts })
    }
}

/// Flags that a placement is under strain.
#[derive(Clone, Serialize)]
pub struct FlagStrain {
    /// The agreement.
    pub reference: String,
    /// What shows it.
    pub signs: Vec<Strain>,
    /// What is said of the child.
    pub words: String,
}

/// What is said of a child shows nowhere.
impl core::fmt::Debug for FlagStrain {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("FlagStrain").field("reference", &self.reference).finish_non_exhaustive()
    }
}

impl Command for FlagStrain {
    const ACTION: Action = Action::FlagStrain;
    const NAME: &'static str = "stability.flag";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = work.agreement(work.org(), &self.reference).await?;
        if !matches!(agreement.state.name(), "started" | "notice_given") {
            return Err(Refusal::new(
                "no_child_there",
                "Strain is flagged while the child lives at the home",
                format!("The child of {} does not live at the home now.", agreement.reference),
                "Nobody: nothing is under strain there",
            )
            .found(agreement.state.label())
            .into());
        }
        checked("words", &self.words)?;
        let moment = work.moment();
        let days = call_in_rule(work, work.org(), moment.today()).await?.calendar;
        let words = key(work, work.org(), &agreement).await?.seal(&self.words)?;
        let by = if actor.kind == OrganisationKind::Provider { FlaggedBy::Home } else { FlaggedBy::Authority };
        let name = work.home(agreement.terms.home).await?.name;
        let flagged = Flagged {
            authority: agreement.authority,
            provider: agreement.provider,
            agreement: agreement.id,
            reference: agreement.reference.clone(),
            home: agreement.terms.home,
            name,
            by,
            signs: self.signs.clone(),
            words,
        };
        let change = StabilityAlert::flag(work.new_id(), flagged, &days, moment)?;
        let of = work.apply(change).await?;
        let (to, role) = match by {
            FlaggedBy::Home => (of.authority, Role::PlacementOfficer),
            FlaggedBy::Authority => (of.provider, Role::ProviderManager),
        };
        let notice = Notice {
            to: to.0,
            role,
            subject: format!("{}: the placement is under strain", of.reference),
            lines: vec![format!("Meet by {} and agree what helps.", of.meet_by.strftime("%A %-d %B"))],
            path: page(&of),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(page(&of)))
    }
}

fn page(of: &StabilityAlert) -> String {
    format!("/stability/{}", of.id)
}

/// An alert of this work's authority, at the version that the page was made from.
pub(crate) async fn kept_alert(work: &Work, id: i64, version: i64) -> Answer<StabilityAlert> {
    let of = work.stability_alert(work.org(), id).await?;
    if of.authority != work.org() {
        return Err(Outcome::NotFound);
    }
    if of.version == version { Ok(of) } else { Err(Outcome::Conflict) }
}

/// What both agreed.
#[derive(Clone, Serialize)]
pub struct Met {
    /// On which day they met.
    pub on: Date,
    /// What is agreed.
    pub support: Vec<Support>,
    /// When it is looked at again.
    pub review_on: Date,
    /// What is said of the child.
    pub words: String,
}

/// Records that both met, and what they agreed.
#[derive(Clone, Serialize)]
pub struct RecordMeeting {
    /// The alert.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What was agreed.
    pub met: Met,
}

/// What is said of a child shows nowhere.
impl core::fmt::Debug for RecordMeeting {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("RecordMeeting").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Command for RecordMeeting {
    const ACTION: Action = Action::KeepStability;
    const NAME: &'static str = "stability.meet";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for RecordMeeting {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = kept_alert(work, self.id, self.version).await?;
        checked("words", &self.met.words)?;
        let saying = Saying { act: Self::NAME, home: of.home, by: actor };
        names_nobody(work, saying, vec![("words".to_owned(), self.met.words.trim())], keys).await?;
        let agreement = work.agreement_by_id(work.org(), of.agreement).await?;
        let words = key(work, work.org(), &agreement).await?.seal(&self.met.words)?;
        let Met { on, support, review_on, .. } = self.met.clone();
        let change = of.meet(Meeting { on, support, review_on, words }, work.moment())??;
        let of = work.apply(change).await?;
        let notice = Notice {
            to: of.provider.0,
            role: Role::ProviderManager,
            subject: format!("{}: support is agreed", of.reference),
            lines: vec!["The page says what, and when you look at it again.".to_owned()],
            path: page(&of),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(page(&of)))
    }
}

/// Lets the held search go out.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseSearch {
    /// The alert.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: ReleaseReason,
}

impl Command for ReleaseSearch {
    const ACTION: Action = Action::KeepStability;
    const NAME: &'static str = "stability.release";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = kept_alert(work, self.id, self.version).await?.release(self.reason)?;
        let of = work.apply(change).await?;
        let_out(work, &of).await?;
        Ok(Receipt::at(page(&of)))
    }
}

/// Lets the draft go out, once the alert says why.
async fn let_out(work: &Work, of: &StabilityAlert) -> Answer<()> {
    match &of.search {
        Some(search) if search.released.is_some() => Ok(work.release_referral(search.referral).await?),
        _ => Ok(()),
    }
}

/// Says how it ended. A search that is still held goes out with it, unless the child stays.
#[derive(Debug, Clone, Serialize)]
pub struct CloseAlert {
    /// The alert.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// How.
    pub outcome: StabilityOutcome,
}

impl Command for CloseAlert {
    const ACTION: Action = Action::KeepStability;
    const NAME: &'static str = "stability.close";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = kept_alert(work, self.id, self.version).await?;
        let change = of.close(self.outcome, (actor.person, work.moment()))?;
        let of = work.apply(change).await?;
        let_out(work, &of).await?;
        Ok(Receipt::at(page(&of)))
    }
}
