//! The exemption from a grade of Inadequate for a placement through the arrangement: recorded beside the referral by the
//! director of children's services in person, for one home and until a day. Search, nomination, recommendation, approval,
//! award and start ask for it alike. Where another body holds the child's record, a job records it there (rule 1.4).

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use placewell_domain::buying::spot::exemption::{ExemptionReason, GradeExemption, Placement, check_until, check_words};
use placewell_domain::calendar::long_date;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{HomeId, OrganisationId, PersonId, ReferralId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::referral::{Referral, ReferralState};
use placewell_domain::power::delegation::{StatutoryOffice, find_statutory};
use placewell_domain::sealed::Sealed;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::asked::{RequestLine, grant_asked, reader_of, request_lines};
use super::exempting::ended_or_refused;
use super::table::keep_clearance;
use crate::answer::{Answer, Outcome};
use crate::buying::spot::judged_inadequate;
use crate::command::{App, Command, Receipt};
use crate::homes::home::home_by_text;
use crate::office::message::Notice;

/// The job that records an exemption in the transaction of the body that places for the director's authority.
pub const EXEMPT_PLACEMENT: &str = "placement.exempt";

pub(super) const OFFICE: StatutoryOffice = StatutoryOffice::DirectorOfChildrensServices;

/// One exemption that is recorded for a referral.
#[derive(Debug, Clone)]
pub struct ExemptionLine {
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why; none for who does not read what is said of a child.
    pub reason: Option<ExemptionReason>,
    /// The director, by name.
    pub by: String,
    /// When.
    pub on: Date,
    /// The last day on which the placement can begin; none where it holds as long as the judgement does.
    pub until: Option<Date>,
    /// Whether a placement that begins today can rest on it: the judgement stands and the day has not passed.
    pub holds: bool,
}

/// The exemptions of a referral.
#[derive(Debug, Clone)]
pub struct Exemptions {
    /// The referral.
    pub referral: Referral,
    /// Those recorded, the latest first.
    pub lines: Vec<ExemptionLine>,
    /// What was asked of the director, the latest first.
    pub requests: Vec<RequestLine>,
    /// The reader is the director who can record one: while the search is prepared or goes on, and for a home that was judged
    /// Inadequate before the agreed child came.
    pub may_exempt: bool,
    /// The reader can ask the director for one.
    pub may_ask: bool,
    /// Whether the child's record was erased, and what keeps the child safe with it.
    pub erased: bool,
}

pub(super) fn page(reference: &str) -> String {
    format!("/referrals/{reference}/exemptions")
}

impl App {
    /// The exemptions of a referral; for the director of the responsible authority also where another body holds the record.
    pub async fn exemptions(&self, actor: &Actor, reference: &str) -> Answer<Exemptions> {
        let (session, org) = self.record_of_spot(actor, reference).await?;
        let moment = self.calendar.now();
        let referral = session.referral_by_reference(org, reference).await?;
        let reader = reader_of(&session, actor, &referral, moment).await?;
        let mut lines = Vec::new();
        for one in session.grade_exemptions(org, referral.id).await? {
            let home = session.home(one.home).await?;
            let stands = judged_inadequate(&session, &home, moment.today()).await? == Some(one.judged_on);
            lines.push(ExemptionLine {
                holds: stands && one.covers(moment.today()),
                home: (home.urn.to_string(), home.name),
                judged_on: one.judged_on,
                reason: Some(one.reason).filter(|_| reader.sees("exemption_words")),
                by: session.person_name(one.by).await?,
                on: one.at.date(),
                until: Some(one.until).filter(|until| *until != OPEN_END),
            });
        }
        let requests = request_lines(&session, &referral, reader, moment.today()).await?;
        let child = session.child(org, referral.child).await?;
        let (responsible, erased) = (child.responsible, child.state == ChildState::Forgotten);
        let appointments = session.statutory_appointments(responsible).await?;
        let director = find_statutory(OFFICE, actor.person, responsible, &appointments, moment).is_ok();
        let open = !erased && matches!(referral.state, ReferralState::Draft | ReferralState::Out(_));
        let wanted = open || !erased && start_stopped(&session, &referral, moment.today()).await?;
        let may_exempt = director && wanted && may(actor.role, Action::Decide);
        let may_ask = open && org == actor.organisation && may(actor.role, Action::Recommend);
        Ok(Exemptions { referral, lines, requests, may_exempt, may_ask, erased })
    }
}

/// Records the exemption.
#[derive(Debug, Clone, Serialize)]
pub struct ExemptPlacement {
    /// The referral's reference.
    pub reference: String,
    /// The home's Ofsted number.
    pub urn: String,
    /// Why.
    pub reason: ExemptionReason,
    /// What keeps the child safe there; sealed.
    pub words: String,
    /// The last day on which the placement can begin.
    pub until: Date,
    /// Where the record is, where another body holds it; found before the transaction.
    #[serde(skip)]
    held: OnceLock<Held>,
}

/// A referral in the record of the body that places for the director's authority.
#[derive(Debug, Clone)]
struct Held {
    authority: OrganisationId,
    referral: ReferralId,
    home: HomeId,
    words: Sealed<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ToExempt {
    authority: i64,
    referral: i64,
    home: i64,
    reason: ExemptionReason,
    /// Sealed under the child's key.
    words: String,
    until: Date,
    by: i64,
}

impl ExemptPlacement {
    /// An exemption that is asked for.
    #[must_use]
    pub fn new((reference, urn): (String, String), reason: ExemptionReason, words: String, until: Date) -> Self {
        Self { reference, urn, reason, words, until, held: OnceLock::new() }
    }

    /// Finds the referral in another body's record, for the director of the authority that is responsible for the child; to
    /// anybody else it does not exist. What a rule refuses already is told at once: nobody waits for a job's answer.
    async fn find(&self, app: &App, actor: &Actor) -> Answer<Option<Held>> {
        let (session, authority) = app.record_of_spot(actor, &self.reference).await?;
        if authority == actor.organisation {
            return Ok(None);
        }
        let referral = session.referral_by_reference(authority, &self.reference).await?;
        let home = registered(&session, &self.urn).await?;
        let judged_on = judged_inadequate(&session, &home, app.calendar.now().today()).await?;
        let of = Placement {
            referral: &referral,
            responsible: actor.organisation,
            home: home.id,
            until: self.until,
            agreed: agreed_at(&session, &referral).await?,
        };
        GradeExemption::judgement_before_start(of, judged_on)?;
        session.child(authority, referral.child).await?.kept()?;
        let words = session.child_key(authority, referral.child).await?.seal(&self.words.trim().to_owned())?;
        Ok(Some(Held { authority, referral: referral.id, home: home.id, words }))
    }

    /// Leaves it to the other body's own transaction.
    async fn hand_over(&self, actor: &Actor, work: &mut Work, held: &Held) -> Answer<Receipt> {
        let appointments = work.statutory_appointments(work.org()).await?;
        find_statutory(OFFICE, actor.person, work.org(), &appointments, work.moment())?;
        let to = ToExempt {
            authority: held.authority.0,
            referral: held.referral.0,
            home: held.home.0,
            reason: self.reason,
            words: hex::encode(held.words.bytes()),
            until: self.until,
            by: actor.person.0,
        };
        work.enqueue(Job::new(EXEMPT_PLACEMENT, &serde_json::to_value(to)?).about("referral", held.referral));
        Ok(Receipt::at(page(&self.reference)))
    }
}

/// The home at which a child is placed by an agreement that waits for the start.
async fn agreed_at(session: &Session, referral: &Referral) -> Answer<Option<HomeId>> {
    let ReferralState::Agreed { agreement, .. } = referral.state else { return Ok(None) };
    Ok(Some(session.agreement_by_id(referral.authority, agreement).await?.terms.home))
}

/// Whether such a home is judged Inadequate, so that the child does not start without an exemption.
async fn start_stopped(session: &Session, referral: &Referral, today: Date) -> Answer<bool> {
    let Some(home) = agreed_at(session, referral).await? else { return Ok(false) };
    let home = session.home(home).await?;
    Ok(judged_inadequate(session, &home, today).await?.is_some())
}

/// What is wrong with the form, field by field.
pub(super) fn check(words: &str, until: Date, today: Date) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    for wrong in [check_words(words), check_until(until, today)].into_iter().filter_map(Result::err) {
        invalid.errors.extend(wrong.errors);
    }
    invalid.or(())
}

/// The home with this Ofsted number, where there is one.
pub(super) async fn registered(session: &Session, urn: &str) -> Answer<Home> {
    match home_by_text(session, urn.trim()).await {
        Err(Outcome::NotFound) => {
            Err(Invalid::one("urn", "Enter the Ofsted number of a home on the register, like SC392491").into())
        }
        found => found,
    }
}

impl Command for ExemptPlacement {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "placement.exempt";

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        check(&self.words, self.until, app.calendar.now().today())?;
        if let Some(held) = self.find(app, actor).await? {
            let _found_before = self.held.set(held);
        }
        Ok(())
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if let Some(held) = self.held.get() {
            return self.hand_over(actor, work, held).await;
        }
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let home = registered(work, &self.urn).await?;
        work.child(work.org(), referral.child).await?.kept()?;
        let key = work.child_key(work.org(), referral.child).await?;
        let words = key.seal(&self.words.trim().to_owned())?;
        record(work, (&referral, &home), (self.reason, words, self.until), actor.person).await?;
        Ok(Receipt::at(page(&self.reference)))
    }
}

/// Records what a director decided elsewhere, in the transaction of the body that holds the record.
pub async fn exempt_placement_later(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToExempt = serde_json::from_str(&job.payload)?;
    let words = hex::decode(&to.words).map_err(|error| Outcome::Fault(error.to_string()))?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    work.by(PersonId(to.by));
    let done = async {
        let referral = work.referral(work.org(), ReferralId(to.referral)).await?;
        let home = work.home(HomeId(to.home)).await?;
        let why = (to.reason, Sealed::from_bytes(words), to.until);
        record(&mut work, (&referral, &home), why, PersonId(to.by)).await
    }
    .await;
    ended_or_refused(work, done).await
}

async fn record(
    work: &mut Work,
    (referral, home): (&Referral, &Home),
    (reason, words, until): (ExemptionReason, Sealed<String>, Date),
    by: PersonId,
) -> Answer<()> {
    let moment = work.moment();
    let responsible = work.child(work.org(), referral.child).await?.responsible;
    let appointments = work.statutory_appointments(responsible).await?;
    find_statutory(OFFICE, by, responsible, &appointments, moment)?;
    let judged_on = judged_inadequate(work, home, moment.today()).await?;
    let agreed = agreed_at(work, referral).await?;
    let of = Placement { referral, responsible, home: home.id, until, agreed };
    let change = GradeExemption::exempt_placement(work.new_id(), of, judged_on, (reason, words), by, moment)?;
    let exemption = work.apply(change).await?;
    grant_asked(work, &exemption).await?;
    keep_clearance(work, referral, home).await?;
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: an exemption is recorded", referral.reference),
        lines: vec![
            format!("{} can take the child of this referral, though it is judged Inadequate.", home.name),
            format!("The child has to come by {}.", long_date(until)),
        ],
        path: page(&referral.reference.to_string()),
    };
    work.enqueue(notice.job()?);
    Ok(())
}
