//! Visits of an authority's officers, or of the regional team's, to a home.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::visit::{CalledOff, Finding, Planned, Visit};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use serde::Serialize;

use super::names::{Saying, names_nobody};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::home_by_text;
use crate::naming::LookedThrough;
use crate::office::message::Notice;

impl App {
    /// One visit with who visits, as far as the reader's organisation may read of it.
    pub async fn home_visit(&self, actor: &Actor, id: i64) -> Answer<(Visit, String)> {
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let visit = session.home_visit(id).await?;
        let who = session.organisation_by_id(visit.authority).await?.name;
        Ok((visit, who))
    }
}

/// Plans a visit; the home is told of one that is announced.
#[derive(Debug, Clone, Serialize)]
pub struct PlanVisit {
    /// The home's number.
    pub urn: String,
    /// On which day.
    pub on: Date,
    /// Whether the home is told.
    pub announced: bool,
}

impl Command for PlanVisit {
    const ACTION: Action = Action::WatchHomes;
    const NAME: &'static str = "monitoring.plan_visit";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = home_by_text(work, &self.urn).await?;
        let planned = Planned {
            authority: work.org(),
            officer: actor.person,
            home: home.id,
            urn: home.urn.to_string(),
            name: home.name.clone(),
            on: self.on,
            announced: self.announced,
        };
        let change = Visit::plan(work.new_id(), planned, work.moment())?;
        let visit = work.apply(change).await?;
        if visit.announced {
            let notice = Notice {
                to: home.provider.0,
                role: Role::ProviderManager,
                subject: format!("{}: a visit on {}", visit.urn, visit.planned.strftime("%-d %B %Y")),
                lines: vec!["An officer of an authority comes to see the home.".to_owned()],
                path: "/provider/monitoring".to_owned(),
            };
            work.enqueue(notice.job()?);
        }
        Ok(Receipt::at(page(&visit)))
    }
}

fn page(visit: &Visit) -> String {
    format!("/monitoring/visits/{}", visit.id)
}

/// A visit of this work's organisation, at the version that the page was made from.
async fn own(work: &Work, id: i64, version: i64) -> Answer<Visit> {
    let visit = work.home_visit(id).await?;
    if visit.authority != work.org() {
        return Err(Outcome::NotFound);
    }
    if visit.version == version { Ok(visit) } else { Err(Outcome::Conflict) }
}

/// Records what was found; other authorities with a child there read it.
#[derive(Debug, Clone, Serialize)]
pub struct RecordVisit {
    /// The visit.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The day of the visit.
    pub on: Date,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Command for RecordVisit {
    const ACTION: Action = Action::WatchHomes;
    const NAME: &'static str = "monitoring.record_visit";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for RecordVisit {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let visit = own(work, self.id, self.version).await?;
        let saying = Saying { act: Self::NAME, home: visit.home, by: actor };
        let change = visit.record((self.on, self.findings.clone()), (actor.person, work.moment()))??;
        let texts = self.findings.iter().map(|one| (format!("words_{}", one.theme.code()), one.words.as_str()));
        names_nobody(work, saying, texts.collect(), keys).await?;
        let visit = work.apply(change).await?;
        Ok(Receipt::at(page(&visit)))
    }
}

/// Says that a planned visit did not take place.
#[derive(Debug, Clone, Serialize)]
pub struct CallOffVisit {
    /// The visit.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: CalledOff,
}

impl Command for CallOffVisit {
    const ACTION: Action = Action::WatchHomes;
    const NAME: &'static str = "monitoring.call_off_visit";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = own(work, self.id, self.version).await?.call_off(self.reason, work.moment())?;
        let visit = work.apply(change).await?;
        Ok(Receipt::at(page(&visit)))
    }
}
