//! Alerts: what a file of Ofsted's changed about homes, with whom it touches by authority; raised once, found again folds,
//! acknowledged with what is done by when. An authority reads only those that touch it, with its own numbers.

use std::sync::Arc;

use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::alert::{Alert, Finding};
use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::id::{AlertId, HomeId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
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

/// Raises an alert, or folds it into the one that says the same of the home.
pub(crate) async fn raise(work: &mut Work, found: Finding) -> Answer<Alert> {
    let region = work.org();
    if let Some(held) = work.latest_alert(region, found.home, found.kind).await?
        && held.same(&found)
    {
        return Ok(work.apply(held.fold(found)).await?);
    }
    let moment = work.moment();
    let id = AlertId(work.new_id());
    Ok(work.apply(Alert::raise(id, region, found, moment)).await?)
}

/// Leaves each authority a job that tells it of those alerts that touch it, and tells the regional team how many there are.
pub(crate) async fn tell_later(work: &mut Work, alerts: &[Alert]) -> Answer<()> {
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
        subject: format!("Ofsted's register: {} alerts", alerts.len()),
        lines: vec!["What changed is listed, with whom it touches.".to_owned()],
        path: "/region/alerts".to_owned(),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Tells the placement officers of one authority, where a home with an alert has a child or a search of theirs.
pub(crate) async fn tell(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToTell = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    let done = tell_own(&mut work, &to.alerts).await;
    ended(work, done).await
}

async fn tell_own(work: &mut Work, alerts: &[i64]) -> Answer<()> {
    for id in alerts {
        let alert = work.alert(AlertId(*id)).await?;
        let own = work.open_at(work.org(), &[alert.found.home], None).await?.affected(work.org());
        if !own.any() {
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
            ],
            path: "/alerts".to_owned(),
        };
        deliver(work, &notice, &format!("alert/{id}/{}", alert.times)).await?;
    }
    Ok(())
}

/// The running mini-blocks that tie beds of a home.
async fn blocks_at(session: &Session, home: HomeId, day: jiff::civil::Date) -> Answer<Vec<String>> {
    let running = session.running_blocks(day).await?;
    let ties = running
        .into_iter()
        .filter(|block| block.latest_terms().is_some_and(|terms| terms.beds.homes().contains(&home)));
    Ok(ties.map(|block| block.reference).collect())
}

impl App {
    /// The region's alerts, one page of them.
    pub async fn region_alerts(&self, actor: &Actor, (skip, take): (usize, usize)) -> Answer<Alerts> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let all = session.alerts().await?;
        let waiting = all.iter().filter(|one| one.state.name() == "waiting").count();
        let as_at = session.register_lines(actor.organisation).await?.into_iter().map(|line| line.as_at).max();
        let total = all.len();
        let mut lines = Vec::new();
        let today = self.calendar.now().today();
        let some: Vec<Alert> = all.into_iter().skip(skip).take(take).collect();
        let mut blocks = Vec::new();
        for alert in &some {
            blocks.push(blocks_at(&session, alert.found.home, today).await?);
        }
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
        let blocks = blocks_at(&session, alert.found.home, self.calendar.now().today()).await?;
        let names = session.organisations().await?;
        drop(session);
        let open = self.open_by_authority(&[alert.found.home], None).await?;
        let name =
            |id: OrganisationId| names.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
        let touches = open.into_iter().map(|one| (name(one.authority), one)).collect();
        Ok(AlertLine { alert, touches, blocks })
    }

    /// The alerts that touch the actor's own authority, with its own numbers only.
    pub async fn own_alerts(&self, actor: &Actor) -> Answer<Alerts> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let org = actor.organisation;
        let today = self.calendar.now().today();
        let mut lines = Vec::new();
        for alert in session.alerts().await? {
            let own = session.open_at(org, &[alert.found.home], None).await?.affected(org);
            if own.any() {
                let name = session.organisation_by_id(org).await?.name;
                let blocks = blocks_at(&session, alert.found.home, today).await?;
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
        let alert = work.alert(AlertId(self.alert)).await?;
        if alert.region != work.org() {
            return Err(Outcome::NotFound);
        }
        if alert.version != self.version {
            return Err(Outcome::Conflict);
        }
        let change: Result<_, Invalid> = alert.acknowledge(actor.person, (&self.note, self.due), work.moment())?;
        work.apply(change?).await?;
        Ok(Receipt::at("/region/alerts"))
    }
}

/// A finding about a home.
pub(crate) fn finding(
    home: &Home,
    kind: placewell_domain::homes::home::alert::AlertKind,
    (before, after): (Option<String>, Option<String>),
    (source, as_at): (String, jiff::civil::Date),
) -> Finding {
    Finding { home: home.id, urn: home.urn.to_string(), name: home.name.clone(), kind, before, after, source, as_at }
}
