//! A provider applies: begins a draft, saves it part by part, sends it by the deadline, asks, and applies again with its
//! earlier answers after it has reviewed them.

use placewell_domain::homes::admission::application::{Application, Draft, Part, Sending, Signer};
use placewell_domain::homes::admission::evaluation::Condition;
use placewell_domain::homes::admission::opening::{Opening, OpeningPhase};
use placewell_domain::homes::admission::outcome::{Challenge, Letter};
use placewell_domain::homes::admission::question::{Clarification, check_text};
use placewell_domain::homes::home::Urn;
use placewell_domain::id::{ApplicationId, OpeningId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::evidence::take_away_unsent;
use super::opening::{PublicOpening, public};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::named::tell_of_number;
use crate::office::message::Notice;

/// Only a provider applies.
pub(super) fn as_provider(actor: &Actor) -> Answer<()> {
    if actor.kind == OrganisationKind::Provider { Ok(()) } else { Err(Outcome::NotFound) }
}

fn page_of(reference: &str) -> Receipt {
    Receipt::at(format!("/provider/admission/{reference}"))
}

/// A published opening.
async fn published(
    session: &Session,
    reference: &str,
    app_phase: impl Fn(&Opening) -> OpeningPhase,
) -> Answer<Opening> {
    let opening = session.opening(reference).await?;
    if app_phase(&opening) == OpeningPhase::Draft { Err(Outcome::NotFound) } else { Ok(opening) }
}

async fn opening_of(work: &Work, reference: &str) -> Answer<Opening> {
    let moment = work.moment();
    published(work, reference, |opening| opening.phase(moment)).await
}

/// A provider's own draft at the version that the page showed, with its opening.
pub(super) async fn own_draft(
    work: &Work,
    actor: &Actor,
    (reference, version): (&str, i64),
) -> Answer<(Opening, Draft)> {
    as_provider(actor)?;
    let opening = opening_of(work, reference).await?;
    let draft = work.admission_draft(work.org(), opening.id).await?.ok_or(Outcome::NotFound)?;
    if draft.version == version { Ok((opening, draft)) } else { Err(Outcome::Conflict) }
}

/// Begins an application, empty or with the answers of the latest one as far as they can still be true.
#[derive(Debug, Clone, Serialize)]
pub struct BeginApplication {
    /// The opening.
    pub reference: String,
    /// Take over the answers of the latest application; each section is then to be reviewed.
    pub reuse: bool,
}

impl Command for BeginApplication {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_draft.begin";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        as_provider(actor)?;
        let opening = opening_of(work, &self.reference).await?;
        if work.admission_draft(work.org(), opening.id).await?.is_some() {
            return Ok(page_of(&self.reference));
        }
        let earlier = work.applications_of(work.org()).await?.into_iter().next().filter(|_| self.reuse);
        let earlier = match earlier {
            Some(earlier) => {
                let then = work.opening_by_id(earlier.opening).await?;
                Some((earlier, then.plan.criteria))
            }
            None => None,
        };
        let id = ApplicationId(work.new_id());
        let earlier = earlier.as_ref().map(|one| (&one.0, &one.1));
        let change = Draft::begin(id, work.org(), &opening, earlier, work.moment())?;
        work.apply(change).await?;
        Ok(page_of(&self.reference))
    }
}

/// Saves a part of the draft.
#[derive(Debug, Clone, Serialize)]
pub struct SaveApplication {
    /// The opening.
    pub reference: String,
    /// The version of the draft that the page showed.
    pub version: i64,
    /// The part.
    pub part: Part,
}

impl Command for SaveApplication {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_draft.save";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (opening, draft) = own_draft(work, actor, (&self.reference, self.version)).await?;
        if let Part::Lot { applied } = &self.part {
            let own = own_homes(work, work.org()).await?;
            if let Some(other) = applied.homes.iter().find(|urn| !own.iter().any(|(known, _)| known == *urn)) {
                let field = format!("{}_homes", applied.lot);
                return Err(Invalid::one(&field, format!("{other} is not a home of yours on the register")).into());
            }
        }
        let change = draft.save(self.part.clone(), &opening, work.moment())?;
        work.apply(change).await?;
        Ok(page_of(&self.reference))
    }
}

/// The provider's homes on the register: number and name.
pub(super) async fn own_homes(session: &Session, provider: OrganisationId) -> Answer<Vec<(Urn, String)>> {
    let homes = session.homes_of(provider).await?;
    Ok(homes.into_iter().filter(|home| home.may_admit().is_ok()).map(|home| (home.urn, home.name)).collect())
}

/// Sends the application, signed by somebody who says that they have authority to sign.
#[derive(Debug, Clone, Serialize)]
pub struct SendApplication {
    /// The opening.
    pub reference: String,
    /// The version of the draft that the page showed.
    pub version: i64,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
    /// "I have authority to sign."
    pub has_authority: bool,
}

impl Command for SendApplication {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_application.send";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (opening, draft) = own_draft(work, actor, (&self.reference, self.version)).await?;
        let own: Vec<Urn> = own_homes(work, work.org()).await?.into_iter().map(|(urn, _)| urn).collect();
        let earlier = work.applications_of(work.org()).await?.into_iter().find(|one| one.opening == opening.id);
        let signer =
            Signer { person: actor.person, name: self.name.trim().to_owned(), role: self.role.trim().to_owned() };
        let sending = Sending {
            opening: &opening,
            own: &own,
            provider_name: &actor.organisation_name,
            signer: &signer,
            has_authority: self.has_authority,
            moment: work.moment(),
        };
        let before = earlier.as_ref().map(|one| one.answers.evidence.clone()).unwrap_or_default();
        let change = Application::send(&draft, earlier, sending)?;
        let number = work.company_number(work.org()).await?;
        let sent = work.apply(change).await?;
        tell_of_number(work, number.as_deref()).await?;
        // No evaluation has begun before the deadline; after it, what was sent stays as it was.
        if !sent.late {
            take_away_unsent(work, &sent, &before).await?;
        }
        let late = if sent.late { "a late application, kept apart" } else { "an application" };
        let notice = Notice {
            to: opening.region.0,
            role: Role::CommissioningLead,
            subject: format!("{}: {late}", opening.reference),
            lines: vec!["It is read after the deadline, with all others.".to_owned()],
            path: format!("/region/admission/{}", opening.reference),
        };
        work.enqueue(notice.job()?);
        Ok(page_of(&self.reference))
    }
}

/// Takes an application back before the deadline.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawApplication {
    /// The opening.
    pub reference: String,
}

impl Command for WithdrawApplication {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_application.withdraw";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        as_provider(actor)?;
        let opening = opening_of(work, &self.reference).await?;
        let sent = work.applications_of(work.org()).await?.into_iter().find(|one| one.opening == opening.id);
        let change = sent.ok_or(Outcome::NotFound)?.withdraw(&opening, work.moment())?;
        work.apply(change).await?;
        Ok(page_of(&self.reference))
    }
}

/// Asks a question about an opening; the answer goes to everybody, without the asker.
#[derive(Debug, Clone, Serialize)]
pub struct AskAboutOpening {
    /// The opening.
    pub reference: String,
    /// The question.
    pub text: String,
}

impl Command for AskAboutOpening {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_question.ask";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        as_provider(actor)?;
        check_text("text", &self.text, "Enter your question")?;
        let opening = opening_of(work, &self.reference).await?;
        let change = Clarification::ask(work.new_id(), work.org(), &opening, &self.text, work.moment())?;
        work.apply(change).await?;
        let notice = Notice {
            to: opening.region.0,
            role: Role::CommissioningLead,
            subject: format!("{}: a question", opening.reference),
            lines: vec!["Its answer goes to every provider.".to_owned()],
            path: format!("/region/admission/{}", opening.reference),
        };
        work.enqueue(notice.job()?);
        Ok(page_of(&self.reference))
    }
}

/// A line of the provider's list.
#[derive(Debug, Clone)]
pub struct OwnOpening {
    /// The opening.
    pub opening: Opening,
    /// How it stands now.
    pub phase: OpeningPhase,
    /// Whether a draft is begun.
    pub draft: bool,
    /// What was sent.
    pub sent: Option<Application>,
    /// The latest letter.
    pub letter: Option<Letter>,
    /// What the provider is admitted under.
    pub condition: Option<Condition>,
}

/// An application as its provider sees it.
#[derive(Debug, Clone)]
pub struct OwnApplication {
    /// The opening.
    pub public: PublicOpening,
    /// The draft.
    pub draft: Option<Draft>,
    /// What is missing in it, by field.
    pub missing: Invalid,
    /// What was sent.
    pub sent: Option<Application>,
    /// The opening of an earlier application that may be taken over.
    pub earlier: Option<String>,
    /// The provider's homes: number and name.
    pub homes: Vec<(Urn, String)>,
    /// Its own questions.
    pub asked: Vec<Clarification>,
    /// Its letters, the latest first.
    pub letters: Vec<Letter>,
    /// Its challenges.
    pub challenges: Vec<Challenge>,
    /// What it is admitted under, once that is final.
    pub condition: Option<Condition>,
    /// The provider registered itself, and the regional team has not confirmed who it is.
    pub unconfirmed: bool,
}

/// The condition of an opening's admission, of all that a provider is admitted under.
fn of_opening(conditions: &[(OpeningId, Condition)], opening: OpeningId) -> Option<Condition> {
    conditions.iter().find(|(of, _)| *of == opening).map(|(_, condition)| condition.clone())
}

impl App {
    /// The openings with the actor's own applications.
    pub async fn own_openings(&self, actor: &Actor) -> Answer<Vec<OwnOpening>> {
        let session = self.see(actor, Action::ApplyForAdmission).await?;
        as_provider(actor)?;
        let now = self.calendar.now();
        let sent = session.applications_of(actor.organisation).await?;
        let letters = session.letters_of(actor.organisation).await?;
        let conditions = session.conditions_of(actor.organisation).await?;
        let mut all = Vec::new();
        for opening in session.openings().await? {
            let id = opening.id;
            all.push(OwnOpening {
                phase: opening.phase(now),
                draft: session.admission_draft(actor.organisation, id).await?.is_some(),
                sent: sent.iter().find(|one| one.opening == id).cloned(),
                letter: letters.iter().find(|one| one.opening == id).cloned(),
                condition: of_opening(&conditions, id),
                opening,
            });
        }
        Ok(all)
    }

    /// The actor's own application to an opening.
    pub async fn own_application(&self, actor: &Actor, reference: &str) -> Answer<OwnApplication> {
        let session = self.see(actor, Action::ApplyForAdmission).await?;
        as_provider(actor)?;
        let now = self.calendar.now();
        let provider = actor.organisation;
        let opening = published(&session, reference, |opening| opening.phase(now)).await?;
        let id = opening.id;
        let homes = own_homes(&session, provider).await?;
        let own: Vec<Urn> = homes.iter().map(|(urn, _)| urn.clone()).collect();
        let draft = session.admission_draft(provider, id).await?;
        let missing = draft.as_ref().map(|draft| draft.missing(&opening.plan.criteria, &own)).unwrap_or_default();
        let applications = session.applications_of(provider).await?;
        let earlier = applications.iter().find(|one| one.opening != id).map(|one| one.opening_reference.clone());
        let mut letters = session.letters_of(provider).await?;
        letters.retain(|letter| letter.opening == id);
        let challenges = match letters.first() {
            Some(letter) => session.challenges(letter.evaluation).await?,
            None => Vec::new(),
        };
        Ok(OwnApplication {
            unconfirmed: session.registration_unconfirmed(provider).await?,
            condition: of_opening(&session.conditions_of(provider).await?, id),
            asked: session.clarifications(id, Some(provider)).await?,
            public: public(self, &session, opening).await?,
            draft,
            missing,
            sent: applications.into_iter().find(|one| one.opening == id),
            earlier,
            homes,
            letters,
            challenges,
        })
    }
}
