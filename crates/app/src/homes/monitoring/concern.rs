//! Concerns about homes, the provider's plan that answers them, and the measure that one may give cause for.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{Concern, ConcernOutcome, Done, NewAction, Raised, Severity};
use placewell_domain::homes::standing::measure::{Proposal, Source};
use placewell_domain::homes::standing::{Standing, StandingSubject};
use placewell_domain::id::{DocumentId, MeasureId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::names::{Saying, names_nobody};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::{home_by_text, kept_home};
use crate::homes::standing::propose;
use crate::homes::standing::rules::concern_later;
use crate::naming::LookedThrough;
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed};
use crate::office::message::Notice;

/// The room of a concern's documents.
const ROOM: &str = "home_concern";

/// One concern with what shows its actions done.
#[derive(Debug, Clone)]
pub struct ConcernPage {
    /// The concern.
    pub of: Concern,
    /// Who raised it, by name.
    pub raised_by: String,
    /// Documents that the reader's organisation may read, with the names that they came with.
    pub documents: Vec<(DocumentEntry, String)>,
    /// Measures that it gave cause for.
    pub measures: Vec<MeasureId>,
}

/// Whose side reads: the provider's own, or the region's members.
const fn reading(actor: &Actor) -> Action {
    match actor.kind {
        OrganisationKind::Provider => Action::AnswerMonitoring,
        _ => Action::SeeMonitoring,
    }
}

/// The same for the documents of a concern, each opening of which is recorded.
const fn opening(actor: &Actor) -> Action {
    match actor.kind {
        OrganisationKind::Provider => Action::AnswerMonitoring,
        _ => Action::SeeHomeFiles,
    }
}

impl App {
    /// One concern.
    pub async fn concern(&self, actor: &Actor, id: i64) -> Answer<ConcernPage> {
        let session = self.see(actor, reading(actor)).await?;
        let of = session.concern(id).await?;
        let raised_by = session.organisation_by_id(of.raised_by).await?.name;
        let documents = listed(&session, actor.organisation, ROOM, id).await?;
        let measures = session.measures_of_concern(id).await?;
        Ok(ConcernPage { of, raised_by, documents, measures })
    }

    /// A document that shows an action done, recorded as read; for the provider and for whoever raised the concern.
    pub async fn concern_document(
        &self,
        actor: &Actor,
        id: i64,
        document: DocumentId,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        self.may_ask(actor, opening(actor))?;
        drop(self.see(actor, reading(actor)).await?.concern(id).await?);
        self.read_document(actor, opening(actor), (ROOM, id), document).await
    }
}

fn page(id: i64) -> String {
    format!("/monitoring/concerns/{id}")
}

fn own_page(id: i64) -> String {
    format!("/provider/monitoring/concerns/{id}")
}

fn tell_provider(work: &mut Work, of: &Concern, what: &str) -> Answer<()> {
    let notice = Notice {
        to: of.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: {what}", of.urn),
        lines: vec![format!("It is about: {}.", of.theme.label().to_lowercase())],
        path: own_page(of.id),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Raises a concern about a home.
#[derive(Debug, Clone, Serialize)]
pub struct RaiseConcern {
    /// The home's number.
    pub urn: String,
    /// What it is about.
    pub theme: Theme,
    /// How grave it is.
    pub severity: Severity,
    /// In words about the home.
    pub words: String,
}

impl Command for RaiseConcern {
    const ACTION: Action = Action::WatchHomes;
    const NAME: &'static str = "monitoring.raise_concern";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for RaiseConcern {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = home_by_text(work, &self.urn).await?;
        let saying = Saying { act: Self::NAME, home: home.id, by: actor };
        let raised = Raised {
            by: work.org(),
            provider: home.provider,
            home: home.id,
            urn: home.urn.to_string(),
            name: home.name,
            theme: self.theme,
            severity: self.severity,
            words: self.words.clone(),
        };
        let change = Concern::raise(work.new_id(), raised, work.moment())?;
        names_nobody(work, saying, vec![("words".to_owned(), self.words.as_str())], keys).await?;
        let of = work.apply(change).await?;
        tell_provider(work, &of, "a concern is raised")?;
        concern_later(work, home.region, &of, actor.person)?;
        Ok(Receipt::at(page(of.id)))
    }
}

fn at_version(of: Concern, version: i64) -> Answer<Concern> {
    if of.version == version { Ok(of) } else { Err(Outcome::Conflict) }
}

/// A concern about one of the provider's homes.
async fn of_own_home(session: &Session, actor: &Actor, (id, version): (i64, i64)) -> Answer<Concern> {
    let of = session.concern(id).await?;
    if of.provider == actor.organisation { at_version(of, version) } else { Err(Outcome::NotFound) }
}

/// A concern that this work's organisation raised.
async fn raised_here(work: &Work, (id, version): (i64, i64)) -> Answer<Concern> {
    let of = work.concern(id).await?;
    if of.raised_by == work.org() { at_version(of, version) } else { Err(Outcome::NotFound) }
}

/// Adds an action to the plan.
#[derive(Debug, Clone, Serialize)]
pub struct PlanAction {
    /// The concern.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The action.
    pub action: NewAction,
}

impl Command for PlanAction {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.plan_action";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for PlanAction {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = of_own_home(work, actor, (self.id, self.version)).await?;
        let saying = Saying { act: Self::NAME, home: of.home, by: actor };
        let change = of.plan(self.action.clone(), work.moment())??;
        names_nobody(work, saying, vec![("what".to_owned(), self.action.what.as_str())], keys).await?;
        work.apply(change).await?;
        Ok(Receipt::at(own_page(self.id)))
    }
}

/// Says that an action is done, with the document that shows it where there is one.
#[derive(Debug, Clone, Serialize)]
pub struct CompleteAction {
    /// The concern.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The action's number.
    pub number: u32,
    /// On which day it was done.
    pub on: Date,
    /// What was done.
    pub words: String,
    /// What shows it.
    pub brought: Option<Brought>,
}

impl Command for CompleteAction {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.complete_action";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        match &self.brought {
            Some(brought) => brought.scanned(app).await,
            None => Ok(()),
        }
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for CompleteAction {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = of_own_home(work, actor, (self.id, self.version)).await?;
        let saying = Saying { act: Self::NAME, home: of.home, by: actor };
        let documents = u32::from(self.brought.is_some());
        let done = Done { on: self.on, words: self.words.clone(), documents };
        let change = of.complete(self.number, done, work.moment())??;
        names_nobody(work, saying, vec![("words".to_owned(), self.words.as_str())], keys).await?;
        let of = work.apply(change).await?;
        if let Some(brought) = &self.brought {
            // Its two organisations are the provider, whose it is, and whoever raised the concern.
            let belongs = Belongs { room: ROOM, record: of.id, child: None, provider: Some(of.raised_by) };
            keep(work, belongs, brought).await?;
        }
        Ok(Receipt::at(own_page(self.id)))
    }
}

/// Sends a done action back.
#[derive(Debug, Clone, Serialize)]
pub struct SendActionBack {
    /// The concern.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The action's number.
    pub number: u32,
    /// What is not enough.
    pub why: String,
}

impl Command for SendActionBack {
    const ACTION: Action = Action::WatchHomes;
    const NAME: &'static str = "monitoring.send_action_back";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for SendActionBack {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = raised_here(work, (self.id, self.version)).await?;
        let saying = Saying { act: Self::NAME, home: of.home, by: actor };
        let change = of.send_back(self.number, self.why.clone())??;
        names_nobody(work, saying, vec![("why".to_owned(), self.why.as_str())], keys).await?;
        let of = work.apply(change).await?;
        tell_provider(work, &of, "an action of the plan is sent back")?;
        Ok(Receipt::at(page(self.id)))
    }
}

/// Closes a concern that one's own organisation raised.
#[derive(Debug, Clone, Serialize)]
pub struct CloseConcern {
    /// The concern.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// How it ended.
    pub outcome: ConcernOutcome,
}

impl Command for CloseConcern {
    const ACTION: Action = Action::WatchHomes;
    const NAME: &'static str = "monitoring.close_concern";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = raised_here(work, (self.id, self.version)).await?;
        let change = of.close(self.outcome, (actor.person, work.moment()))?;
        let of = work.apply(change).await?;
        tell_provider(work, &of, "the concern is closed")?;
        Ok(Receipt::at(page(self.id)))
    }
}

/// Proposes a measure about the home's standing because of a concern; what follows is listed before it is confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeForConcern {
    /// The concern.
    pub id: i64,
    /// How the home would stand.
    pub standing: Standing,
}

impl Command for ProposeForConcern {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "monitoring.propose_for_concern";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = work.concern(self.id).await?;
        let home = kept_home(work, &of.urn).await?;
        let source = Source::of_concern(actor.person, of.id, of.raised.date());
        let proposal = Proposal {
            region: work.org(),
            subject: StandingSubject::Home(home.id),
            lot: None,
            provider: home.provider,
            name: home.name,
            standing: self.standing,
            reason: of.theme.reason(),
            source,
        };
        let measure = propose(work, proposal).await?;
        work.tie_measure(of.id, measure.id).await?;
        Ok(Receipt::at(format!("/region/standing/{}", measure.id)))
    }
}

/// Adds a document that shows what was done, to a concern about one of the provider's homes.
#[derive(Debug, Clone, Serialize)]
pub struct AddEvidence {
    /// The concern.
    pub id: i64,
    /// The document.
    pub brought: Brought,
}

impl Command for AddEvidence {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.add_evidence";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = work.concern(self.id).await?;
        if of.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let belongs = Belongs { room: ROOM, record: of.id, child: None, provider: Some(of.raised_by) };
        keep(work, belongs, &self.brought).await?;
        Ok(Receipt::at(own_page(self.id)))
    }
}
