//! Alerts: what a file of Ofsted's changed about homes, with whom it touches by authority; raised once, found again folds,
//! acknowledged with what is done by when. An authority reads only those that touch it, with its own numbers.

use std::sync::Arc;

use placewell_domain::buying::block::Block;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::alert::{Alert, AlertKind, Finding, age_of};
use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::id::{AlertId, HomeId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::office::message::{Notice, deliver};

/// The job that tells one authority of alerts that touch it.
pub const TELL: &str = "alert.tell";
/// How many alerts one job tells of.
const AT_ONCE: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ToTell {
    authority: i64,
    alerts: Vec<i64>,
}

/// An alert with what it touches.
#[derive(Debug, Clone)]
pub struct AlertLine {
    /// The alert.
    pub alert: Alert,
    /// What stands open at the home, by authority: the region reads all numbers, an authority its own.
    pub touches: Vec<(String, Affected)>,
    /// Mini-blocks that tie beds of the home.
    pub blocks: Vec<String>,
}

/// The alerts that somebody reads.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// Those of this page, those that wait first.
    pub lines: Vec<AlertLine>,
    /// How many there are in all.
    pub total: usize,
    /// How many wait.
    pub waiting: usize,
    /// The day of the latest file that was brought in.
    pub as_at: Option<jiff::civil::Date>,
}

/// Raises an alert, or folds it into the one that says the same of the home and waits or is under way.
pub(crate) async fn raise(work: &mut Work, found: Finding) -> Answer<Alert> {
    let region = work.org();
    if let Some(held) = work.latest_alert(region, found.home, found.kind).await?
        && held.takes(&found)
    {
        return Ok(work.apply(held.fold(found)).await?);
    }
    let moment = work.moment();
    let id = AlertId(work.new_id());
    Ok(work.apply(Alert::raise(id, region, found, moment)).await?)
}

/// The job by which the regional team raises what came up in an authority's own transaction.
pub const RAISE: &str = "alert.raise";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ToRaise {
    region: i64,
    home: i64,
    kind: AlertKind,
    after: String,
    source: String,
    as_at: jiff::civil::Date,
}

/// Leaves the regional team a job that raises an alert about a home; it holds nothing of whose search it was.
pub(crate) fn raise_later(
    work: &mut Work,
    (region, home): (OrganisationId, HomeId),
    kind: AlertKind,
    (after, source): (&str, &str),
) -> Answer<()> {
    let as_at = work.moment().today();
    let (after, source) = (after.to_owned(), source.to_owned());
    let to = ToRaise { region: region.0, home: home.0, kind, after, source, as_at };
    work.enqueue(Job::new(RAISE, &serde_json::to_value(to)?).about("alert", home));
    Ok(())
}

/// The job: the regional team raises it, once for the same words.
pub(crate) async fn raise_left(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToRaise = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.region), app.calendar.now()).await?;
    let done: Answer<()> = async {
        let home = work.home(HomeId(to.home)).await?;
        let found = finding(&home, to.kind, (None, Some(to.after)), (to.source, to.as_at));
        if let Some(alert) = raise_once(&mut work, found).await? {
            tell_later(&mut work, &[alert], "Prices").await?;
        }
        Ok(())
    }
    .await;
    ended(work, done).await
}

/// Raises an alert, unless the latest of its kind about the home says the same: looking again is no new finding.
pub(crate) async fn raise_once(work: &mut Work, found: Finding) -> Answer<Option<Alert>> {
    let held = work.latest_alert(work.org(), found.home, found.kind).await?;
    if held.is_some_and(|held| held.same(&found)) { Ok(None) } else { Ok(Some(raise(work, found).await?)) }
}

/// Leaves each authority a job that tells it of those alerts that touch it, and tells the regional team how many there are
/// and from what they came.
pub(crate) async fn tell_later(work: &mut Work, alerts: &[Alert], from: &str) -> Answer<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = alerts.iter().map(|one| one.id.0).collect();
    for authority in work.organisations().await? {
        if authority.kind != OrganisationKind::Authority {
            continue;
        }
        for some in ids.chunks(AT_ONCE) {
            let to = ToTell { authority: authority.id.0, alerts: some.to_vec() };
            work.enqueue(Job::new(TELL, &serde_json::to_value(to)?).about("alert", authority.id));
        }
    }
    let notice = Notice {
        to: work.org().0,
        role: Role::CommissioningLead,
        subject: format!("{from}: {} alerts", alerts.len()),
        lines: vec!["What changed is listed, with whom it touches.".to_owned()],
        path: "/region/alerts".to_owned(),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Tells the placement officers of one authority, where a home with an alert has a child, a search or a mini-block of theirs.
pub(crate) async fn tell(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToTell = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    let done = tell_own(&mut work, &to.alerts).await;
    ended(work, done).await
}

async fn tell_own(work: &mut Work, alerts: &[i64]) -> Answer<()> {
    let org = work.org();
    let running = work.running_blocks(work.moment().today()).await?;
    for id in alerts {
        let alert = work.alert(AlertId(*id)).await?;
        let own = work.open_at(org, &[alert.found.home], None).await?.affected(org);
        let blocks = blocks_at(&running, alert.found.home, Some(org));
        if !own.any() && blocks.is_empty() {
            continue;
        }
        let said = alert.found.after.as_ref().map(|after| format!(": {after}")).unwrap_or_default();
        let notice = Notice {
            to: work.org().0,
            role: Role::PlacementOfficer,
            subject: format!("{}: {}", alert.found.name, alert.found.kind.label().to_lowercase()),
            lines: vec![
                format!("{}{said}. Source: {}.", alert.found.kind.label(), alert.found.source),
                format!(
                    "{} of your children are placed there; {} of your referrals asked there.",
                    own.placements, own.referrals
                ),
            ]
            .into_iter()
            .chain((!blocks.is_empty()).then(|| format!("You buy beds there by {}.", blocks.join(", "))))
            .collect(),
            path: "/alerts".to_owned(),
        };
        deliver(work, &notice, &format!("alert/{id}/{}", alert.times)).await?;
    }
    Ok(())
}

/// Those of the running mini-blocks that tie beds of a home; only those of which an authority pays a share, where one is named.
fn blocks_at(running: &[Block], home: HomeId, of: Option<OrganisationId>) -> Vec<String> {
    let ties = running.iter().filter(|block| {
        block.latest_terms().is_some_and(|terms| terms.beds.homes().contains(&home))
            && of.is_none_or(|org| block.shares.iter().any(|share| share.authority == org))
    });
    ties.map(|block| block.reference.clone()).collect()
}

impl App {
    /// The day as at which the region's latest file of Ofsted's register stands, and how many days ago that is, where it is
    /// old: what changed since then raises no alert.
    pub async fn register_is_old(&self, actor: &Actor) -> Answer<Option<(jiff::civil::Date, i64)>> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let Some(as_at) = session.register_as_at(actor.organisation).await? else { return Ok(None) };
        let (days, old) = age_of(as_at, self.calendar.now().today());
        Ok(old.then_some((as_at, days)))
    }

    /// The region's alerts, one page of them.
    pub async fn region_alerts(&self, actor: &Actor, (skip, take): (usize, usize)) -> Answer<Alerts> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let all = session.alerts().await?;
        let waiting = all.iter().filter(|one| one.state.name() == "waiting").count();
        let as_at = session.register_as_at(actor.organisation).await?;
        let total = all.len();
        let mut lines = Vec::new();
        let today = self.calendar.now().today();
        let some: Vec<Alert> = all.into_iter().skip(skip).take(take).collect();
        let running = session.running_blocks(today).await?;
        let blocks: Vec<_> = some.iter().map(|alert| blocks_at(&running, alert.found.home, None)).collect();
        let names = session.organisations().await?;
        drop(session);
        for (alert, blocks) in some.into_iter().zip(blocks) {
            let open = self.open_by_authority(&[alert.found.home], None).await?;
            let name = |id: OrganisationId| {
                names.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default()
            };
            let touches = open.into_iter().map(|one| (name(one.authority), one)).collect();
            lines.push(AlertLine { alert, touches, blocks });
        }
        Ok(Alerts { lines, total, waiting, as_at })
    }

    /// One alert of the region, with whom it touches.
    pub async fn region_alert(&self, actor: &Actor, id: i64) -> Answer<AlertLine> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let alert = session.alert(AlertId(id)).await?;
        if alert.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let running = session.running_blocks(self.calendar.now().today()).await?;
        let blocks = blocks_at(&running, alert.found.home, None);
        let names = session.organisations().await?;
        drop(session);
        let open = self.open_by_authority(&[alert.found.home], None).await?;
        let name =
            |id: OrganisationId| names.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
        let touches = open.into_iter().map(|one| (name(one.authority), one)).collect();
        Ok(AlertLine { alert, touches, blocks })
    }

    /// The alerts that touch the actor's own authority, by a child, a search or a mini-block, with its own numbers only.
    pub async fn own_alerts(&self, actor: &Actor) -> Answer<Alerts> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let org = actor.organisation;
        let running = session.running_blocks(self.calendar.now().today()).await?;
        let mut lines = Vec::new();
        for alert in session.alerts().await? {
            let own = session.open_at(org, &[alert.found.home], None).await?.affected(org);
            let blocks = blocks_at(&running, alert.found.home, Some(org));
            if own.any() || !blocks.is_empty() {
                let name = session.organisation_by_id(org).await?.name;
                lines.push(AlertLine { alert, touches: vec![(name, own)], blocks });
            }
        }
        let waiting = lines.iter().filter(|one| one.alert.state.name() == "waiting").count();
        Ok(Alerts { total: lines.len(), waiting, as_at: None, lines })
    }
}

/// Says what is done about an alert, and by when.
#[derive(Debug, Clone, Serialize)]
pub struct AcknowledgeAlert {
    /// The alert.
    pub alert: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What is done.
    pub note: String,
    /// By when.
    pub due: jiff::civil::Date,
}

impl Command for AcknowledgeAlert {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "alert.acknowledge";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let alert = kept(work, self.alert, self.version).await?;
        let change: Result<_, Invalid> = alert.acknowledge(actor.person, (&self.note, self.due), work.moment())?;
        work.apply(change?).await?;
        Ok(Receipt::at("/region/alerts"))
    }
}

/// Says that what was noted of an alert is done.
#[derive(Debug, Clone, Serialize)]
pub struct FinishAlert {
    /// The alert.
    pub alert: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What came of it.
    pub result: String,
}

impl Command for FinishAlert {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "alert.finish";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let alert = kept(work, self.alert, self.version).await?;
        let change: Result<_, Invalid> = alert.finish(actor.person, &self.result, work.moment())?;
        work.apply(change?).await?;
        Ok(Receipt::at("/region/alerts"))
    }
}

/// An alert of this work's regional team, at the version that the page was made from.
async fn kept(work: &Work, id: i64, version: i64) -> Answer<Alert> {
    let alert = work.alert(AlertId(id)).await?;
    if alert.region != work.org() {
        return Err(Outcome::NotFound);
    }
    if alert.version == version { Ok(alert) } else { Err(Outcome::Conflict) }
}

/// A finding about a home.
pub(crate) fn finding(
    home: &Home,
    kind: AlertKind,
    (before, after): (Option<String>, Option<String>),
    (source, as_at): (String, jiff::civil::Date),
) -> Finding {
    Finding { home: home.id, urn: home.urn.to_string(), name: home.name.clone(), kind, before, after, source, as_at }
}
