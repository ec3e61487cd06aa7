//! Openings: planned, published and called off by the regional team; read by everybody; questions answered to all.

use placewell_domain::homes::admission::application::Application;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::homes::admission::opening::{Opening, OpeningPhase, OpeningPlan, OpeningRefused};
use placewell_domain::homes::admission::question::{Clarification, PublishedAnswer, check_text};
use placewell_domain::id::{ArrangementId, OpeningId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::Lot;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::own_arrangement;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;

impl From<OpeningRefused> for Outcome {
    fn from(refused: OpeningRefused) -> Self {
        match refused {
            OpeningRefused::Invalid(invalid) => invalid.into(),
            OpeningRefused::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// The opening of this reference that the actor's regional team keeps, at the version that was shown.
pub(super) async fn kept(work: &Work, reference: &str, version: Option<i64>) -> Answer<Opening> {
    let opening = work.opening(reference).await?;
    if opening.region != work.org() {
        return Err(Outcome::NotFound);
    }
    if version.is_some_and(|shown| shown != opening.version) {
        return Err(Outcome::Conflict);
    }
    Ok(opening)
}

/// The page of an opening for the regional team.
pub(super) fn page_of(opening: &Opening) -> Receipt {
    Receipt::at(format!("/region/admission/{}", opening.reference))
}

/// A mail to the placements managers of every provider.
async fn tell_providers(work: &mut Work, opening: &Opening, what: &str) -> Answer<()> {
    for provider in work.organisations().await?.into_iter().filter(|one| one.kind == OrganisationKind::Provider) {
        let notice = Notice {
            to: provider.id.0,
            role: Role::ProviderManager,
            subject: format!("{}: {what}", opening.reference),
            lines: vec![format!("Applications come in until {}.", opening.plan.closes.strftime("%-d %B %Y, %H:%M"))],
            path: format!("/provider/admission/{}", opening.reference),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}

/// Plans an opening, or writes a draft anew.
#[derive(Debug, Clone, Serialize)]
pub struct KeepOpening {
    /// The draft; none for a new one.
    pub reference: Option<String>,
    /// The version that the page showed.
    pub version: i64,
    /// What is planned.
    pub plan: OpeningPlan,
}

impl Command for KeepOpening {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "admission_opening.keep";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = if let Some(reference) = &self.reference {
            kept(work, reference, Some(self.version)).await?.revise(self.plan.clone())?
        } else {
            let arrangement = own_arrangement(work).await?;
            let reference = format!("AR-{:03}", work.next_number("admission_opening").await?);
            let id = OpeningId(work.new_id());
            Opening::plan(id, work.org(), &arrangement, reference, self.plan.clone())?
        };
        let opening = work.apply(change).await?;
        Ok(page_of(&opening))
    }
}

/// What is done with an opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum OpeningAct {
    /// Publish it: its criteria are fixed.
    Publish,
    /// Call it off.
    Cancel {
        /// Why; everybody reads it.
        reason: String,
    },
}

/// Publishes an opening, or calls it off; every provider is told.
#[derive(Debug, Clone, Serialize)]
pub struct MoveOpening {
    /// The opening.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What.
    pub act: OpeningAct,
}

impl Command for MoveOpening {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "admission_opening.move";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let opening = kept(work, &self.reference, Some(self.version)).await?;
        let (change, what) = match &self.act {
            OpeningAct::Publish => {
                let arrangement = own_arrangement(work).await?;
                (opening.publish(&arrangement, work.moment())?, "the arrangement opens for applications")
            }
            OpeningAct::Cancel { reason } => {
                check_text("reason", reason, "Say why it is called off: everybody reads it")?;
                (opening.cancel(reason, work.moment())?, "the opening is called off")
            }
        };
        let opening = work.apply(change).await?;
        tell_providers(work, &opening, what).await?;
        Ok(page_of(&opening))
    }
}

/// Answers a question to everybody, without saying who asked.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerQuestion {
    /// The opening.
    pub reference: String,
    /// The question.
    pub question: i64,
    /// The question in the words in which it is published.
    pub words: String,
    /// The answer.
    pub answer: String,
}

impl Command for AnswerQuestion {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "admission_question.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_text("words", &self.words, "Enter the question as it is published")?;
        check_text("answer", &self.answer, "Enter the answer")?;
        let opening = kept(work, &self.reference, None).await?;
        let asked = work.clarifications(opening.id, None).await?;
        let question = asked.into_iter().find(|one| one.id == self.question).ok_or(Outcome::NotFound)?;
        let said = (self.words.as_str(), self.answer.as_str());
        let (change, published) = question.answer(&opening, said, actor.person, work.moment())?;
        work.publish_answer(work.org(), &published).await?;
        work.apply(change).await?;
        tell_providers(work, &opening, "a question is answered").await?;
        Ok(page_of(&opening))
    }
}

/// An opening as everybody reads it.
#[derive(Debug, Clone)]
pub struct PublicOpening {
    /// The opening.
    pub opening: Opening,
    /// How it stands now.
    pub phase: OpeningPhase,
    /// Questions and answers.
    pub answers: Vec<PublishedAnswer>,
    /// The arrangement's lots.
    pub lots: Vec<Lot>,
}

/// An opening as the regional team keeps it.
#[derive(Debug, Clone)]
pub struct KeptOpening {
    /// What everybody reads.
    pub public: PublicOpening,
    /// Questions as they were asked, with the provider's name.
    pub asked: Vec<(Clarification, String)>,
    /// How many were sent in, in time and late.
    pub counts: (usize, usize),
    /// The applications, from the deadline on; none before.
    pub applications: Vec<Application>,
    /// Their evaluations.
    pub evaluations: Vec<Evaluation>,
}

pub(super) async fn public(app: &App, session: &Session, opening: Opening) -> Answer<PublicOpening> {
    let answers = session.published_answers(opening.id).await?;
    let lots = lots_of(session, opening.arrangement).await?;
    let phase = opening.phase(app.calendar.now());
    Ok(PublicOpening { opening, phase, answers, lots })
}

/// The lots of an arrangement, with their names.
pub(super) async fn lots_of(session: &Session, arrangement: ArrangementId) -> Answer<Vec<Lot>> {
    let all = session.arrangements().await?;
    let found = all.into_iter().find(|kept| kept.arrangement.id == arrangement);
    Ok(found.map(|kept| kept.arrangement.lots).unwrap_or_default())
}

impl App {
    /// The openings that are published, the latest deadline first.
    pub async fn public_openings(&self) -> Answer<Vec<(Opening, OpeningPhase)>> {
        let session = self.visit().await?;
        let now = self.calendar.now();
        Ok(session
            .openings()
            .await?
            .into_iter()
            .map(|one| (one.phase(now), one))
            .map(|(phase, one)| (one, phase))
            .collect())
    }

    /// One published opening, with its criteria and answers.
    pub async fn public_opening(&self, reference: &str) -> Answer<PublicOpening> {
        let session = self.visit().await?;
        let opening = session.opening(reference).await?;
        public(self, &session, opening).await
    }

    /// Every opening that the actor's regional team keeps, with how many applications came in time and late.
    pub async fn kept_openings(&self, actor: &Actor) -> Answer<Vec<(Opening, OpeningPhase, usize, usize)>> {
        let session = self.see(actor, Action::RunAdmission).await?;
        let now = self.calendar.now();
        let sent = session.applications_in(actor.organisation).await?;
        let openings = session.openings().await?.into_iter().filter(|one| one.region == actor.organisation);
        let line = |opening: Opening| {
            let own = || sent.iter().filter(|one| one.opening == opening.id);
            let (in_time, late) = (own().filter(|one| one.counts()).count(), own().filter(|one| one.late).count());
            let phase = opening.phase(now);
            (opening, phase, in_time, late)
        };
        Ok(openings.map(line).collect())
    }

    /// One opening as the regional team keeps it. Before the deadline nobody reads an application.
    pub async fn kept_opening(&self, actor: &Actor, reference: &str) -> Answer<KeptOpening> {
        let session = self.see(actor, Action::RunAdmission).await?;
        let opening = session.opening(reference).await?;
        if opening.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let known = session.organisations().await?;
        let mut asked = Vec::new();
        for question in session.clarifications(opening.id, None).await? {
            let asker = known.iter().find(|one| one.id == question.provider).ok_or(Outcome::NotFound)?;
            asked.push((question, asker.name.clone()));
        }
        let mut applications = session.applications_to(opening.id).await?;
        let counts = (
            applications.iter().filter(|one| one.counts()).count(),
            applications.iter().filter(|one| one.late).count(),
        );
        if !opening.closed(self.calendar.now()) {
            applications.clear();
        }
        let evaluations = session.evaluations_of(opening.id).await?;
        let public = public(self, &session, opening).await?;
        Ok(KeptOpening { public, asked, counts, applications, evaluations })
    }

    /// The plan that a new opening starts from: that of the latest one, and none before the first.
    pub async fn latest_plan(&self, actor: &Actor) -> Answer<(Option<OpeningPlan>, Vec<Lot>)> {
        let session = self.see(actor, Action::RunAdmission).await?;
        let arrangement = own_arrangement(&session).await?;
        let latest = session.openings().await?.into_iter().find(|one| one.region == actor.organisation);
        Ok((latest.map(|one| one.plan), arrangement.lots))
    }
}
