//! Exemptions of the director of children's services for a home judged Inadequate: asked for with the spot purchase, and
//! shown with it. They are recorded with the checks.

use jiff::civil::Date;
use placewell_domain::buying::spot::Spot;
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::homes::home::{Grade, Home, inspection::grade_on};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::power::delegation::{StatutoryOffice, find_statutory};
use placewell_store::{Session, StoreError, Work};

use super::chasing::tell_director;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::office::message::Notice;

/// The day of a home's latest judgement, where that is Inadequate.
pub(crate) async fn judged_inadequate(session: &Session, home: &Home, today: Date) -> Answer<Option<Date>> {
    let inspections = session.inspections(home.id).await?;
    let (grade, graded) = grade_on(&inspections, today);
    Ok(graded.filter(|_| grade == Grade::Inadequate).map(|seen| seen.inspected_on))
}

/// Tells the director of what waits for an exemption: the judgement, what follows, and the page on which it is answered.
pub(in crate::buying) async fn ask_director(
    work: &mut Work,
    responsible: OrganisationId,
    (home, judged_on): (&Home, Date),
    (subject, then, path): (String, &str, String),
    dedupe: &str,
) -> Answer<()> {
    let judged = format!("{} was judged Inadequate on {}.", home.name, judged_on.strftime("%-d %B %Y"));
    let lines = vec![judged, then.to_owned()];
    let notice = Notice { to: work.org().0, role: Role::Approver, subject, lines, path };
    tell_director(work, responsible, &notice, dedupe).await
}

/// Tells the director that a spot purchase waits for an exemption, where the home is judged Inadequate.
pub(super) async fn ask_for_exemption(work: &mut Work, spot: &Spot, home: &Home) -> Answer<()> {
    let Some(judged_on) = judged_inadequate(work, home, work.moment().today()).await? else { return Ok(()) };
    let responsible = work.child(work.org(), spot.child).await?.responsible;
    let subject = format!("{}: a spot purchase at a home judged Inadequate", spot.reference);
    let then = "It is not bought without your recorded exemption.";
    let path = format!("/referrals/{}/spot", spot.reference);
    let dedupe = format!("exemption/{}/{judged_on}", spot.id);
    ask_director(work, responsible, (home, judged_on), (subject, then, path), &dedupe).await
}

impl App {
    /// In whose record a reader finds a referral's spot purchases: their own authority's; or, for the director of children's
    /// services of the authority responsible for the child, that of the body that places for it. To anybody else another
    /// body's referral does not exist.
    pub(in crate::buying) async fn record_of_spot(
        &self,
        actor: &Actor,
        reference: &str,
    ) -> Answer<(Session, OrganisationId)> {
        let own = self.see(actor, Action::SeeSpot).await?;
        match own.referral_by_reference(actor.organisation, reference).await {
            Err(StoreError::NotFound) => {}
            found => return Ok(found.map(|_| (own, actor.organisation))?),
        }
        let appointments = own.statutory_appointments(actor.organisation).await?;
        let (office, moment) = (StatutoryOffice::DirectorOfChildrensServices, self.calendar.now());
        find_statutory(office, actor.person, actor.organisation, &appointments, moment)
            .map_err(|_| Outcome::NotFound)?;
        let code = reference.split('-').next().unwrap_or_default().to_uppercase();
        let placing = own.organisation_by_code(&code).await?.id;
        drop(own);
        let session = self.store.read(Some(placing)).await?;
        let referral = session.referral_by_reference(placing, reference).await?;
        let child = session.child(placing, referral.child).await?;
        if child.responsible == actor.organisation { Ok((session, placing)) } else { Err(Outcome::NotFound) }
    }
}

/// How a spot purchase stands to a judgement of Inadequate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exempted {
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why it is exempted, by whom and when; none where it is not.
    pub exemption: Option<(ExemptionReason, String, Date)>,
    /// The reader is the director who can record it.
    pub may_exempt: bool,
}

/// The same for a reader; none where the home is not judged Inadequate.
pub(super) async fn exempted(
    app: &App,
    session: &Session,
    actor: &Actor,
    (spot, home): (&Spot, &Home),
) -> Answer<Option<Exempted>> {
    let moment = app.calendar.now();
    let Some(judged_on) = judged_inadequate(session, home, moment.today()).await? else { return Ok(None) };
    let found =
        session.grade_exemption(spot.authority, (spot.referral, spot.home), Some(judged_on), moment.today()).await?;
    let exemption = match found {
        Some(one) => Some((one.reason, session.person_name(one.by).await?, one.at.date())),
        None => None,
    };
    let responsible = session.child(spot.authority, spot.child).await?.responsible;
    let appointments = session.statutory_appointments(responsible).await?;
    let office = StatutoryOffice::DirectorOfChildrensServices;
    let holds = find_statutory(office, actor.person, responsible, &appointments, moment).is_ok();
    let may = placewell_domain::office::access::may(actor.role, Action::Decide);
    let may_exempt = exemption.is_none() && holds && may && spot.open();
    Ok(Some(Exempted { judged_on, exemption, may_exempt }))
}
