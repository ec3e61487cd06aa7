//! Measures: proposed with all that would follow listed by authority, confirmed or dropped by a person, ended on evidence.
//! What follows in each authority is done by jobs, in its own transaction.

use placewell_domain::homes::home::Home;
use placewell_domain::homes::standing::measure::{
    Affected, DropReason, Measure, MeasureState, Proposal, Reinstatement, Source,
};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{MeasureId, OrganisationId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::homes::standing::{Followed, LotFact};
use placewell_store::outbox::Job;
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::{About, provider};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::kept_home;
use crate::office::message::Notice;
use crate::power::decision::call_in_rule;

/// The job that does in one authority what follows a measure.
pub const FOLLOW: &str = "standing.follow";

/// In which authority, of which measure.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct ToFollow {
    /// The authority.
    pub authority: i64,
    /// The measure.
    pub measure: i64,
}

/// One measure with what follows from it.
#[derive(Debug, Clone)]
pub struct MeasurePage {
    /// The measure.
    pub measure: Measure,
    /// The homes it is about.
    pub homes: Vec<Home>,
    /// What stands open now, by authority; only authorities with anything.
    pub open: Vec<(String, Affected)>,
    /// What was done, by authority, once it was confirmed.
    pub done: Vec<(String, Followed)>,
}

impl MeasurePage {
    /// What the page listed, in one word: a form that was made from another list is turned away.
    #[must_use]
    pub fn seen(&self) -> String {
        digest(self.open.iter().map(|(_, one)| one))
    }
}

fn digest<'a>(listed: impl Iterator<Item = &'a Affected>) -> String {
    let one = |of: &Affected| {
        format!("{}:{}-{}-{}-{}-{}", of.authority, of.referrals, of.offers, of.approvals, of.beds, of.placements)
    };
    listed.map(one).collect::<Vec<_>>().join(".")
}

/// The homes of the region that a measure is about.
pub(crate) async fn homes_of(session: &Session, measure: &Measure) -> Answer<Vec<Home>> {
    let mut homes = match measure.subject {
        StandingSubject::Home(id) => vec![session.home(id).await?],
        StandingSubject::Provider(id) => session.homes_of(id).await?,
    };
    homes.retain(|home| home.region == measure.region);
    Ok(homes)
}

async fn authorities(session: &Session) -> Answer<Vec<Organisation>> {
    let all = session.organisations().await?;
    Ok(all.into_iter().filter(|one| one.kind == OrganisationKind::Authority).collect())
}

pub(super) fn page(measure: MeasureId) -> String {
    format!("/region/standing/{measure}")
}

impl App {
    /// Every measure of the region, the latest first.
    pub async fn region_measures(&self, actor: &Actor) -> Answer<Vec<Measure>> {
        Ok(self.see(actor, Action::KeepHomes).await?.measures().await?)
    }

    /// One measure: what stands open, and what was done.
    pub async fn region_measure(&self, actor: &Actor, id: i64) -> Answer<MeasurePage> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let measure = session.measure(MeasureId(id)).await?;
        if measure.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let homes = homes_of(&session, &measure).await?;
        let names = authorities(&session).await?;
        let name =
            |id: OrganisationId| names.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
        let done = session.followed(measure.id).await?.into_iter().map(|one| (name(one.done.authority), one)).collect();
        drop(session);
        let open = match measure.state {
            MeasureState::Proposed => self.listed(&measure, &homes).await?,
            _ => Vec::new(),
        };
        let open = open.into_iter().map(|one| (name(one.authority), one)).collect();
        Ok(MeasurePage { measure, homes, open, done })
    }

    /// What stands open at homes, counted in each authority's own session: the region learns the numbers only.
    async fn listed(&self, measure: &Measure, homes: &[Home]) -> Answer<Vec<Affected>> {
        let ids: Vec<_> = homes.iter().map(|home| home.id).collect();
        let mut found = self.open_by_authority(&ids, measure.lot.as_deref()).await?;
        if !measure.stops() {
            let children = |one: Affected| Affected { placements: one.placements, ..Affected::none(one.authority) };
            found = found.into_iter().map(children).filter(Affected::any).collect();
        }
        Ok(found)
    }

    /// What stands open at some homes, authority by authority; those with nothing are left out.
    pub(crate) async fn open_by_authority(
        &self,
        homes: &[placewell_domain::id::HomeId],
        lot: Option<&str>,
    ) -> Answer<Vec<Affected>> {
        let visit = self.visit().await?;
        let all = authorities(&visit).await?;
        drop(visit);
        let mut found = Vec::new();
        for authority in all {
            let session = self.store.read(Some(authority.id)).await?;
            let one = session.open_at(authority.id, homes, lot).await?.affected(authority.id);
            if one.any() {
                found.push(one);
            }
        }
        Ok(found)
    }

    /// The lots that a measure can be about: code and name.
    pub async fn lots(&self, actor: &Actor) -> Answer<Vec<(String, String)>> {
        let kept = self.see(actor, Action::KeepHomes).await?.current_arrangement().await?;
        let lots = kept.map(|kept| kept.arrangement.lots).unwrap_or_default();
        Ok(lots.into_iter().map(|lot| (lot.code, lot.name)).collect())
    }

    /// Confirms a measure, having seen what follows: refused as changed where another list stands now than was seen.
    pub async fn confirm_measure(
        self: &std::sync::Arc<Self>,
        actor: &Actor,
        key: &str,
        (id, version, seen): (i64, i64, String),
    ) -> Answer<Receipt> {
        let page = self.region_measure(actor, id).await?;
        let listed = page.open.iter().map(|(_, one)| *one).collect();
        self.perform(actor, key, ConfirmMeasure { measure: id, version, seen, listed }).await
    }
}

/// Proposes a measure by hand: a judgement, a notice, a concern, with its link and its day.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeMeasure {
    /// Whom it is about.
    pub about: About,
    /// Only this lot; all where none.
    pub lot: Option<String>,
    /// How it would stand.
    pub standing: Standing,
    /// Why.
    pub reason: StandingReason,
    /// Where it can be read.
    pub link: Option<String>,
    /// The day of the judgement or notice.
    pub dated: jiff::civil::Date,
}

impl Command for ProposeMeasure {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.propose";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (subject, owner, name) = about(work, &self.about).await?;
        if let Some(lot) = &self.lot {
            let kept = work.current_arrangement().await?.ok_or(Outcome::NotFound)?;
            placewell_domain::homes::admission::lot_of(&kept.arrangement, lot)?;
        }
        let source = Source { by: Some(actor.person), link: self.link.clone(), dated: self.dated };
        let proposal = Proposal {
            region: work.org(),
            subject,
            lot: self.lot.clone(),
            provider: owner,
            name,
            standing: self.standing,
            reason: self.reason,
            source,
        };
        let measure = propose(work, proposal).await?;
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Whom a measure is about: the subject, the provider, the name.
pub(super) async fn about(work: &Work, about: &About) -> Answer<(StandingSubject, OrganisationId, String)> {
    Ok(match about {
        About::Provider(code) => {
            let found = provider(work, code).await?;
            (StandingSubject::Provider(found.id), found.id, found.name)
        }
        About::Home(urn) => {
            let home = kept_home(work, urn).await?;
            (StandingSubject::Home(home.id), home.provider, home.name)
        }
    })
}

/// Proposes a measure and tells the regional team by when it is confirmed. Sendings to the homes wait for the commit and see
/// it, so that none slips past the hold.
pub(crate) async fn propose(work: &mut Work, of: Proposal) -> Answer<Measure> {
    let moment = work.moment();
    let days = call_in_rule(work, work.org(), moment.today()).await?.calendar;
    let change = Measure::propose(MeasureId(work.new_id()), of, &days, moment)?;
    let ids: Vec<_> = homes_of(work, change.next()).await?.iter().map(|home| home.id).collect();
    work.lock_standing(&ids, true).await?;
    let measure = work.apply(change).await?;
    let by = measure.confirm_by.strftime("%-I:%M%P, %A %-d %B");
    let notice = Notice {
        to: work.org().0,
        role: Role::CommissioningLead,
        subject: format!("{}: {} is proposed", measure.name, measure.standing.label().to_lowercase()),
        lines: vec![
            format!("Why: {}.", measure.reason.label()),
            format!("Confirm or drop it by {by}. New referrals wait meanwhile."),
        ],
        path: page(measure.id),
    };
    work.enqueue(notice.job()?);
    Ok(measure)
}

/// A measure of the region at the version that the page was made from.
async fn current(work: &Work, id: i64, version: i64) -> Answer<Measure> {
    let measure = work.measure(MeasureId(id)).await?;
    if measure.region != work.org() {
        return Err(Outcome::NotFound);
    }
    if measure.version == version { Ok(measure) } else { Err(Outcome::Conflict) }
}

/// Confirms a measure: it is in force, and each authority's job does what was listed.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmMeasure {
    /// The measure.
    pub measure: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What the page listed, in one word.
    pub seen: String,
    /// What stands open now; read in each authority's own session.
    #[serde(skip)]
    pub listed: Vec<Affected>,
}

impl Command for ConfirmMeasure {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.confirm";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let measure = current(work, self.measure, self.version).await?;
        if self.seen != digest(self.listed.iter()) {
            return Err(Outcome::Conflict);
        }
        let homes = homes_of(work, &measure).await?;
        let ids: Vec<_> = homes.iter().map(|home| home.id).collect();
        work.lock_standing(&ids, true).await?;
        let change = measure.confirm(actor.person, self.listed.clone(), work.moment())?;
        let measure = work.apply(change).await?;
        stands(work, &measure, &homes, (measure.standing, measure.reason), work.moment().today()).await?;
        for authority in authorities(work).await? {
            let to = ToFollow { authority: authority.id.0, measure: measure.id.0 };
            work.enqueue(Job::new(FOLLOW, &serde_json::to_value(to)?).about("standing", authority.id));
        }
        tell_provider(work, &measure, measure.standing.label())?;
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Records how the measure's subject stands from a day on: the home or provider, or each of its homes on the one lot.
async fn stands(
    work: &mut Work,
    measure: &Measure,
    homes: &[Home],
    (standing, reason): (Standing, StandingReason),
    from: jiff::civil::Date,
) -> Answer<()> {
    if let Some(lot) = &measure.lot {
        for home in homes {
            let fact = LotFact { home: home.id, lot: lot.clone(), standing, reason, from, until: OPEN_END };
            work.record_lot_standing(&fact).await?;
        }
        return Ok(());
    }
    let source = StandingSource::Region;
    let fact = StandingFact { subject: measure.subject, source, standing, from, until: OPEN_END, reason };
    work.record_standing(&fact).await?;
    Ok(())
}

fn tell_provider(work: &mut Work, measure: &Measure, how: &str) -> Answer<()> {
    let notice = Notice {
        to: measure.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: {}", measure.name, how.to_lowercase()),
        lines: vec![
            format!("Why: {}.", measure.reason.label()),
            "Children placed there stay. The page says what can end it.".to_owned(),
        ],
        path: "/provider/standing".to_owned(),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Drops a proposed measure: referrals go to the homes again.
#[derive(Debug, Clone, Serialize)]
pub struct DropMeasure {
    /// The measure.
    pub measure: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: DropReason,
}

impl Command for DropMeasure {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.drop";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let measure = current(work, self.measure, self.version).await?;
        let change = measure.set_aside(actor.person, self.reason, work.moment())?;
        let measure = work.apply(change).await?;
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Ends a measure on evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Reinstate {
    /// The measure.
    pub measure: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What shows it.
    pub evidence: Reinstatement,
    /// Where that can be read.
    pub link: Option<String>,
}

impl Command for Reinstate {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.reinstate";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let measure = current(work, self.measure, self.version).await?;
        if self.link.as_ref().is_none_or(|link| !link.starts_with("https://") || link.len() > 500) {
            return Err(Invalid::one("link", "Enter where the evidence can be read, beginning with https://").into());
        }
        no_other(work, &measure).await?;
        let homes = homes_of(work, &measure).await?;
        let ids: Vec<_> = homes.iter().map(|home| home.id).collect();
        work.lock_standing(&ids, true).await?;
        let today = work.moment().today();
        let change = measure.reinstate(actor.person, (self.evidence, self.link.clone()), today, work.moment())?;
        let measure = work.apply(change).await?;
        stands(work, &measure, &homes, (Standing::Good, StandingReason::Evaluated), today).await?;
        for told in work.followed(measure.id).await? {
            let notice = Notice {
                to: told.done.authority.0,
                role: Role::PlacementOfficer,
                subject: format!("{}: reinstated", measure.name),
                lines: vec![format!("{}. New placements can be made again.", self.evidence.label())],
                path: "/standing".to_owned(),
            };
            work.enqueue(notice.job()?);
        }
        tell_provider(work, &measure, "reinstated")?;
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Another measure in force about the same subject keeps it stopped: that one is ended first, or both stand.
async fn no_other(work: &Work, measure: &Measure) -> Answer<()> {
    let other = work.open_measures().await?.into_iter().find(|one| {
        one.id != measure.id
            && one.subject == measure.subject
            && one.lot == measure.lot
            && matches!(one.state, MeasureState::Confirmed { .. })
    });
    let Some(other) = other else { return Ok(()) };
    let other_reason = other.reason.label();
    Err(Refusal::new(
        "other_measure",
        "A home is taken back when nothing else stops it",
        format!("{} cannot be reinstated: another measure is in force, because of {other_reason}.", measure.name),
        "Commissioning lead of the regional team, by ending the other measure with its own evidence first",
    )
    .found(format!("measure {}", other.id))
    .into())
}
