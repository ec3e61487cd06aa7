//! An officer asks the director of children's services for an exemption through the arrangement, before anything is
//! approved; the director records it, or declines, and an officer can take it back before. Asked twice, it is asked once.
//! Where another body holds the child's record, a job records the answer there (rule 1.4).

use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::spot::exemption::request::{
    ExemptionDecline, ExemptionRequest, RequestStands, RequestState, check_decline,
};
use placewell_domain::buying::spot::exemption::{ExemptionReason, GradeExemption, Placement};
use placewell_domain::calendar::long_date;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::placing::referral::Referral;
use placewell_domain::power::delegation::find_statutory;
use placewell_domain::sealed::Sealed;
use placewell_store::keys::ChildKey;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, StoreError, Work};
use serde::{Deserialize, Serialize};

use super::exempting::ended_or_refused;
use super::placement::{OFFICE, check, page, registered};
use crate::answer::{Answer, Outcome};
use crate::buying::spot::{ask_director, judged_inadequate};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;
use crate::placing::child::sealing;

/// The job that records in the transaction of the body that places for the director's authority that an exemption is declined.
pub const DECLINE: &str = "placement.decline_exemption";

/// One request for an exemption, as its referral's page shows it.
#[derive(Debug, Clone)]
pub struct RequestLine {
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why; none for who does not read what is said of a child.
    pub reason: Option<ExemptionReason>,
    /// What keeps the child safe; the same, and none once the child's record is erased.
    pub words: Option<String>,
    /// The last day on which the placement is to begin.
    pub until: Date,
    /// Who asked, by name.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// Where it stands.
    pub stands: RequestStands,
    /// The director's answer: by whom, when, and where it was declined, why and in which words.
    pub answer: Option<AnswerLine>,
    /// Who took it back, by name, and when.
    pub taken_back: Option<(String, DateTime)>,
}

/// What the director answered.
#[derive(Debug, Clone)]
pub struct AnswerLine {
    /// The director, by name.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// Why it was declined; none where it was granted, and for who does not read what is said of a child.
    pub reason: Option<ExemptionDecline>,
    /// The same in words.
    pub words: Option<String>,
}

/// A request that waits for its director.
#[derive(Debug, Clone)]
pub struct RequestToAnswer {
    /// The referral's reference.
    pub reference: String,
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// Who asked, by name.
    pub by: String,
    /// When.
    pub at: DateTime,
}

/// As whom somebody reads what is said of a child by way of exemption: their own authority's, or for the director of the
/// responsible one what another body holds. A record that body keeps sealed is not that director's to open: they read what
/// waits for their answer.
pub(super) async fn reader_of(session: &Session, actor: &Actor, referral: &Referral, now: Moment) -> Answer<Reader> {
    if actor.organisation == referral.authority {
        sealing::reader(session, actor, referral.child, now).await
    } else {
        Ok(Reader::Responsible(actor.role))
    }
}

/// The judgement that stops a home for the child of a referral; none once the child's record was erased: what was asked then
/// falls away, so that nobody is told of what nobody can answer.
async fn judged_for(session: &Session, referral: &Referral, home: &Home, today: Date) -> Answer<Option<Date>> {
    match session.child(referral.authority, referral.child).await?.state {
        ChildState::Known => judged_inadequate(session, home, today).await,
        ChildState::Forgotten => Ok(None),
    }
}

/// What was asked for a referral, in a session of the body that holds it.
pub(super) async fn request_lines(
    session: &Session,
    referral: &Referral,
    reader: Reader,
    today: Date,
) -> Answer<Vec<RequestLine>> {
    let org = referral.authority;
    let reads = reader.sees("exemption_words");
    let key = if reads { key_of(session, referral).await? } else { None };
    let mut lines = Vec::new();
    for one in session.exemption_requests(org, referral.id).await? {
        let home = session.home(one.home).await?;
        let stands = one.stands(referral, judged_for(session, referral, &home, today).await?);
        let words = key.as_ref().map(|key| key.open(&one.words)).transpose()?;
        let answer = answer_line(session, &one.state, (reads, key.as_ref())).await?;
        let taken_back = match one.state {
            RequestState::TakenBack { by, at } => Some((session.person_name(by).await?, at)),
            RequestState::Asked | RequestState::Granted { .. } | RequestState::Declined { .. } => None,
        };
        lines.push(RequestLine {
            id: one.id,
            version: one.version,
            home: (home.urn.to_string(), home.name),
            judged_on: one.judged_on,
            reason: Some(one.reason).filter(|_| reads),
            words,
            until: one.until,
            by: session.person_name(one.by).await?,
            at: one.at,
            stands,
            answer,
            taken_back,
        });
    }
    Ok(lines)
}

/// The key of the referral's child; none once it is destroyed.
async fn key_of(session: &Session, referral: &Referral) -> Answer<Option<ChildKey>> {
    match session.child_key(referral.authority, referral.child).await {
        Err(StoreError::NotFound) => Ok(None),
        found => Ok(Some(found?)),
    }
}

async fn answer_line(
    session: &Session,
    state: &RequestState,
    (reads, key): (bool, Option<&ChildKey>),
) -> Answer<Option<AnswerLine>> {
    let (by, at, reason, sealed) = match state {
        RequestState::Asked | RequestState::TakenBack { .. } => return Ok(None),
        RequestState::Granted { by, at, .. } => (*by, *at, None, None),
        RequestState::Declined { by, at, reason, words } => (*by, *at, Some(*reason), words.as_ref()),
    };
    let words = match (key, sealed) {
        (Some(key), Some(sealed)) => Some(key.open(sealed)?),
        _ => None,
    };
    let by = session.person_name(by).await?;
    Ok(Some(AnswerLine { by, at, reason: reason.filter(|_| reads), words }))
}

/// A request in a session of the body that holds it, where it waits for its director.
async fn to_answer(session: &Session, one: &ExemptionRequest, today: Date) -> Answer<Option<RequestToAnswer>> {
    let referral = session.referral(one.authority, one.referral).await?;
    let home = session.home(one.home).await?;
    let judged_on = judged_for(session, &referral, &home, today).await?;
    if one.stands(&referral, judged_on) != RequestStands::Waits {
        return Ok(None);
    }
    let by = session.person_name(one.by).await?;
    let (reference, home) = (one.reference.to_string(), (home.urn.to_string(), home.name));
    Ok(Some(RequestToAnswer { reference, home, by, at: one.at }))
}

impl App {
    /// What waits for the actor as director of children's services, the earliest first; nothing for anybody else. What
    /// another body holds is read in its own record.
    pub async fn exemption_requests(&self, actor: &Actor) -> Answer<Vec<RequestToAnswer>> {
        let session = self.see(actor, Action::SeeSpot).await?;
        let (org, moment) = (actor.organisation, self.calendar.now());
        let appointments = session.statutory_appointments(org).await?;
        let director = find_statutory(OFFICE, actor.person, org, &appointments, moment).is_ok();
        if !director || !may(actor.role, Action::Decide) {
            return Ok(Vec::new());
        }
        let mut asked = session.exemption_requests_to_answer(org).await?;
        drop(session);
        asked.sort_by_key(|one| (one.authority, one.id));
        let mut waiting = Vec::new();
        // One session for all that a body holds: those that fell away are never answered, and there may be many.
        for held in asked.chunk_by(|one, next| one.authority == next.authority) {
            let Some(authority) = held.first().map(|one| one.authority) else { continue };
            let session = self.store.read(Some(authority)).await?;
            for one in held {
                if let Some(waits) = to_answer(&session, one, moment.today()).await? {
                    waiting.push((one.id, waits));
                }
            }
        }
        waiting.sort_by_key(|(id, _)| *id);
        Ok(waiting.into_iter().map(|(_, waits)| waits).collect())
    }
}

/// Asks for the exemption.
#[derive(Debug, Clone, Serialize)]
pub struct AskExemption {
    /// The referral's reference.
    pub reference: String,
    /// The home's Ofsted number.
    pub urn: String,
    /// Why.
    pub reason: ExemptionReason,
    /// What keeps the child safe there; sealed.
    pub words: String,
    /// The last day on which the placement is to begin.
    pub until: Date,
}

impl Command for AskExemption {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "placement.ask_exemption";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        check(&self.words, self.until, moment.today())?;
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let home = registered(work, &self.urn).await?;
        let judged = judged_inadequate(work, &home, moment.today()).await?;
        let judged_on = GradeExemption::judgement(&referral, judged)?;
        let of = (referral.id, home.id);
        if work.open_exemption_request(work.org(), of, judged_on).await?.is_some() {
            return Ok(Receipt::at(page(&self.reference)));
        }
        if let Some(held) = work.grade_exemption(work.org(), of, Some(judged_on), self.until).await? {
            return Err(recorded_before(&held).into());
        }
        let child = work.child(work.org(), referral.child).await?;
        child.kept()?;
        let words = work.child_key(work.org(), child.id).await?.seal(&self.words.trim().to_owned())?;
        let placement = Placement {
            referral: &referral,
            responsible: child.responsible,
            home: home.id,
            until: self.until,
            agreed: None,
        };
        let why = (self.reason, words);
        let change = ExemptionRequest::ask(work.new_id(), placement, judged, why, actor.person, moment)?;
        let request = work.apply(change).await?;
        let subject = format!("{}: an exemption is asked for", request.reference);
        let then = "An officer asks you for an exemption. Record it or decline it: the search waits for your answer.";
        let told = (subject, then, page(&self.reference));
        let dedupe = format!("exemption/asked/{}", request.id);
        ask_director(work, request.responsible, (&home, judged_on), told, &dedupe).await?;
        Ok(Receipt::at(page(&self.reference)))
    }
}

fn recorded_before(held: &GradeExemption) -> Refusal {
    Refusal::new(
        "exempted_before",
        "An exemption is asked for where none is recorded that reaches to the day",
        format!("An exemption for this child at this home is recorded already, until {}.", long_date(held.until)),
        "Nobody: it stands",
    )
}

/// Takes back what was asked for, while it waits.
#[derive(Debug, Clone, Serialize)]
pub struct TakeBackExemption {
    /// The referral's reference.
    pub reference: String,
    /// The request.
    pub request: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for TakeBackExemption {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "placement.take_back_exemption";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        let (request, referral) = request_of(work, work.org(), (&self.reference, self.request)).await?;
        let home = work.home(request.home).await?;
        let judged_on = judged_for(work, &referral, &home, moment.today()).await?;
        let seen = request.version;
        // First what the rule says: that the director has answered meanwhile is told as that, and not as an older page.
        let change = request.take_back((&referral, judged_on), actor.person, moment);
        let change = change.map_err(|refusal| at_home(refusal, &home))?;
        if seen != self.version {
            return Err(Outcome::Conflict);
        }
        let request = work.apply(change).await?;
        let subject = format!("{}: an exemption is no longer asked for", request.reference);
        let then = "The officer has taken it back. Nothing waits for your answer.";
        let told = (subject, then, page(&self.reference));
        let dedupe = format!("exemption/taken-back/{}", request.id);
        ask_director(work, request.responsible, (&home, request.judged_on), told, &dedupe).await?;
        Ok(Receipt::at(page(&self.reference)))
    }
}

/// Why a request is answered or taken back no more, with its home: a referral can have one at each of several homes.
fn at_home(refusal: Refusal, home: &Home) -> Refusal {
    let value = format!("{}, for {}", refusal.value, home.name);
    refusal.found(value)
}

/// A request with its referral, whose reference stands in the path.
async fn request_of(
    session: &Session,
    authority: OrganisationId,
    (reference, request): (&str, i64),
) -> Answer<(ExemptionRequest, Referral)> {
    let referral = session.referral_by_reference(authority, reference).await?;
    let request = session.exemption_request(authority, request).await?;
    if request.referral == referral.id { Ok((request, referral)) } else { Err(Outcome::NotFound) }
}

/// What was asked of the director is granted by the exemption that is recorded.
pub(super) async fn grant_asked(work: &mut Work, exemption: &GradeExemption) -> Answer<()> {
    let of = (exemption.referral, exemption.home);
    if let Some(request) = work.open_exemption_request(work.org(), of, exemption.judged_on).await? {
        work.apply(request.grant(exemption)?).await?;
    }
    Ok(())
}

/// Declines what was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineExemption {
    /// The referral's reference.
    pub reference: String,
    /// The request.
    pub request: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: ExemptionDecline,
    /// In words, where the director says more; sealed.
    pub words: String,
    /// Where the record is, where another body holds it; found before the transaction.
    #[serde(skip)]
    held: OnceLock<Held>,
}

/// A request in the record of the body that places for the director's authority.
#[derive(Debug, Clone)]
struct Held {
    authority: OrganisationId,
    words: Option<Sealed<String>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ToDecline {
    authority: i64,
    request: i64,
    reason: ExemptionDecline,
    /// Sealed under the child's key.
    words: Option<String>,
    by: i64,
}

impl DeclineExemption {
    /// A request that is declined.
    #[must_use]
    pub const fn new(
        reference: String,
        (request, version): (i64, i64),
        reason: ExemptionDecline,
        words: String,
    ) -> Self {
        Self { reference, request, version, reason, words, held: OnceLock::new() }
    }

    /// The request at the version that the page showed, with its referral.
    async fn shown(&self, session: &Session, authority: OrganisationId) -> Answer<(ExemptionRequest, Referral)> {
        let found = request_of(session, authority, (&self.reference, self.request)).await?;
        if found.0.version == self.version { Ok(found) } else { Err(Outcome::Conflict) }
    }

    fn sealed(&self, key: &ChildKey) -> Answer<Option<Sealed<String>>> {
        match self.words.trim() {
            "" => Ok(None),
            text => Ok(Some(key.seal(&text.to_owned())?)),
        }
    }

    /// Finds the request in another body's record, for the director of the authority that is responsible for the child; to
    /// anybody else it does not exist. What a rule refuses already is told at once: nobody waits for a job's answer.
    async fn find(&self, app: &App, actor: &Actor) -> Answer<Option<Held>> {
        let (session, authority) = app.record_of_spot(actor, &self.reference).await?;
        if authority == actor.organisation {
            return Ok(None);
        }
        let (request, referral) = self.shown(&session, authority).await?;
        let home = session.home(request.home).await?;
        let judged_on = judged_for(&session, &referral, &home, app.calendar.now().today()).await?;
        request.must_wait(&referral, judged_on).map_err(|refusal| at_home(refusal, &home))?;
        let words = self.sealed(&session.child_key(authority, referral.child).await?)?;
        Ok(Some(Held { authority, words }))
    }

    /// Leaves it to the other body's own transaction.
    async fn hand_over(&self, actor: &Actor, work: &mut Work, held: &Held) -> Answer<Receipt> {
        let appointments = work.statutory_appointments(work.org()).await?;
        find_statutory(OFFICE, actor.person, work.org(), &appointments, work.moment())?;
        let to = ToDecline {
            authority: held.authority.0,
            request: self.request,
            reason: self.reason,
            words: held.words.as_ref().map(|words| hex::encode(words.bytes())),
            by: actor.person.0,
        };
        work.enqueue(Job::new(DECLINE, &serde_json::to_value(to)?).about("exemption_request", self.request));
        Ok(Receipt::at(page(&self.reference)))
    }
}

impl Command for DeclineExemption {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "placement.decline_exemption";

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        check_decline(&self.words)?;
        if let Some(held) = self.find(app, actor).await? {
            let _found_before = self.held.set(held);
        }
        Ok(())
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if let Some(held) = self.held.get() {
            return self.hand_over(actor, work, held).await;
        }
        let (request, referral) = self.shown(work, work.org()).await?;
        work.child(work.org(), referral.child).await?.kept()?;
        let words = self.sealed(&work.child_key(work.org(), referral.child).await?)?;
        decline(work, request, (self.reason, words), actor.person).await?;
        Ok(Receipt::at(page(&self.reference)))
    }
}

/// Records what a director declined elsewhere, in the transaction of the body that holds the record.
pub async fn decline_later(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToDecline = serde_json::from_str(&job.payload)?;
    let words = to.words.as_ref().map(hex::decode).transpose().map_err(|error| Outcome::Fault(error.to_string()))?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    work.by(PersonId(to.by));
    let done = async {
        let request = work.exemption_request(work.org(), to.request).await?;
        decline(&mut work, request, (to.reason, words.map(Sealed::from_bytes)), PersonId(to.by)).await
    }
    .await;
    ended_or_refused(work, done).await
}

async fn decline(
    work: &mut Work,
    request: ExemptionRequest,
    why: (ExemptionDecline, Option<Sealed<String>>),
    by: PersonId,
) -> Answer<()> {
    let moment = work.moment();
    let referral = work.referral(work.org(), request.referral).await?;
    let responsible = work.child(work.org(), referral.child).await?.responsible;
    let appointments = work.statutory_appointments(responsible).await?;
    find_statutory(OFFICE, by, responsible, &appointments, moment)?;
    let home = work.home(request.home).await?;
    let judged_on = judged_for(work, &referral, &home, moment.today()).await?;
    let change = request.decline((&referral, judged_on), why, by, moment);
    let change = change.map_err(|refusal| at_home(refusal, &home))?;
    let request = work.apply(change).await?;
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: an exemption is declined", request.reference),
        lines: vec![
            format!("{} cannot take the child of this referral while it is judged Inadequate.", home.name),
            "The director's reason stands on the page.".to_owned(),
        ],
        path: page(&request.reference.to_string()),
    };
    work.enqueue(notice.job()?);
    Ok(())
}
