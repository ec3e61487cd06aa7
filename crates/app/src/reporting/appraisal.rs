//! Options appraisals: an authority's own record as the starting point, other assumptions where somebody types them, ten
//! thousand futures of each alternative, and what was saved of it.

mod market;
mod own;
mod paper;
mod saving;
mod sheets;
mod starting;

pub(crate) use own::own_start;
pub use saving::{SaveAppraisal, SavedAppraisal};
pub use sheets::{appraisal_sheets, printed};

use jiff::civil::DateTime;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::reporting::appraisal::{Appraised, Assumption};
use placewell_insight::reporting::appraisal::{FUTURES, SEED, appraise};
use placewell_store::Session;

use crate::answer::{Answer, Outcome};
use crate::command::App;

/// What was typed for assumptions, by their names.
pub type Typed = [(String, String)];

/// An authority that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosable {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A saved appraisal in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The name of the authority that it is about.
    pub authority: String,
    /// When it was saved, in London.
    pub saved_at: DateTime,
}

/// What the page of the alternatives shows.
#[derive(Debug, Clone)]
pub struct AppraisalPage {
    /// The authorities to choose from; only the reader's own where they work for one.
    pub authorities: Vec<Choosable>,
    /// The appraisal of the one that was chosen.
    pub appraised: Option<Appraised>,
    /// What was saved, the latest first.
    pub saved: Vec<Listed>,
    /// Whether the reader may save.
    pub keeps: bool,
}

/// The names of assumptions among what was sent, with what was typed for them.
#[must_use]
pub fn typed_of(sent: &Typed) -> Vec<(String, String)> {
    sent.iter().filter(|(name, _)| Assumption::from_code(name).is_some()).cloned().collect()
}

impl App {
    /// The alternatives of an authority under the assumptions typed. Who works for an authority sees its own; the regional
    /// team chooses one.
    pub async fn appraisal_page(&self, actor: &Actor, code: Option<&str>, typed: &Typed) -> Answer<AppraisalPage> {
        let session = self.see(actor, Action::SeeAppraisals).await?;
        let authorities = choosable(&session, actor).await?;
        let saved = listed(&session, actor).await?;
        let keeps = may(actor.role, Action::KeepAppraisals);
        let chosen = subject(&session, actor, code).await?;
        let appraised = match chosen {
            Some(chosen) => Some(self.appraised(session, &chosen, typed).await?),
            None => None,
        };
        let choosable = |one: Organisation| Choosable { code: one.code, name: one.name };
        Ok(AppraisalPage { authorities: authorities.into_iter().map(choosable).collect(), appraised, saved, keeps })
    }

    /// The saved appraisals that the reader's organisation keeps or that are about it, the latest first.
    pub async fn saved_appraisals(&self, actor: &Actor) -> Answer<Vec<Listed>> {
        let session = self.see(actor, Action::SeeAppraisals).await?;
        listed(&session, actor).await
    }

    /// The alternatives of one authority: the reader's own, or the one that the regional team names.
    pub async fn appraise(&self, actor: &Actor, code: Option<&str>, typed: &Typed) -> Answer<Appraised> {
        let session = self.see(actor, Action::SeeAppraisals).await?;
        let chosen = subject(&session, actor, code).await?.ok_or(Outcome::NotFound)?;
        self.appraised(session, &chosen, typed).await
    }

    /// The alternatives of an authority, asked for on the command line of the machine that holds the database.
    pub async fn appraise_here(&self, code: &str, typed: &Typed) -> Answer<Appraised> {
        let chosen = self.store.read(None).await?.organisation_by_code(code).await?;
        if chosen.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        self.appraised(self.store.read(Some(chosen.id)).await?, &chosen, typed).await
    }

    /// Starts from the authority's record where the reader works for it, else from what it told the regional team; nobody
    /// reads an authority's record but in its own session. Draws the futures on a thread that may take its time.
    async fn appraised(&self, session: Session, authority: &Organisation, typed: &Typed) -> Answer<Appraised> {
        let today = self.calendar.now().today();
        let own = if session.organisation() == Some(authority.id) {
            own::own_start(&session, authority.id, today).await?
        } else {
            session.appraisal_start(authority.id).await?.ok_or_else(|| not_told_yet(authority))?
        };
        let started = starting::started(&session, authority, own, typed).await?;
        drop(session);
        let (name, code, id) = (authority.name.clone(), authority.code.clone(), authority.id);
        let drawn = tokio::task::spawn_blocking(move || {
            let figures = appraise(SEED, FUTURES, &started.inputs, &started.assumptions);
            Appraised {
                authority: id,
                code,
                name,
                data: started.data,
                seed: SEED,
                futures: FUTURES,
                assumptions: started.assumptions,
                inputs: started.inputs,
                paid: started.paid,
                figures,
            }
        });
        drawn.await.map_err(|error| Outcome::Fault(error.to_string()))
    }
}

fn not_told_yet(authority: &Organisation) -> Refusal {
    Refusal::new(
        "not_told_yet",
        "An authority's record is its own: the regional team reads what the authority tells it",
        format!(
            "{} has not counted where its appraisal starts yet. Each authority's job does so every day.",
            authority.name
        ),
        "The administrator, by letting the worker run",
    )
    .found(authority.code.clone())
}

async fn listed(session: &Session, actor: &Actor) -> Answer<Vec<Listed>> {
    let names = session.organisations().await?;
    let name = |id| names.iter().find(|one| one.id == id).map_or_else(String::new, |one| one.name.clone());
    let lines = session.appraisals(actor.organisation).await?.into_iter();
    let listed = lines.map(|line| Listed {
        authority: name(line.authority),
        reference: line.reference,
        title: line.title,
        saved_at: line.saved_at,
    });
    Ok(listed.collect())
}

/// The authorities that the reader may choose from.
async fn choosable(session: &Session, actor: &Actor) -> Answer<Vec<Organisation>> {
    let all = session.organisations().await?.into_iter().filter(|one| one.kind == OrganisationKind::Authority);
    Ok(all.filter(|one| actor.kind != OrganisationKind::Authority || one.id == actor.organisation).collect())
}

/// Whose alternatives are asked for; none where the regional team has not chosen yet. Another authority's are not found.
async fn subject(session: &Session, actor: &Actor, code: Option<&str>) -> Answer<Option<Organisation>> {
    let own = actor.kind == OrganisationKind::Authority;
    match code.map(str::trim).filter(|code| !code.is_empty()) {
        None if own => Ok(Some(session.organisation_by_id(actor.organisation).await?)),
        None => Ok(None),
        Some(code) => {
            let all = choosable(session, actor).await?;
            all.into_iter().find(|one| one.code.eq_ignore_ascii_case(code)).map(Some).ok_or(Outcome::NotFound)
        }
    }
}
