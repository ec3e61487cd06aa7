//! What a granted rise means in one authority: counted from its own agreements in its own transaction, told to the region,
//! and confirmed by the holder of the power for each agreement. Nothing is repriced by a job.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::price::uplift::{Grant, Uplift, UpliftState};
use placewell_domain::id::{OrganisationId, UpliftId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{Agreement, KeepReason, RepriceAnswer, Repriced, Side};
use placewell_domain::power::annual_value::ExceptionReason;
use placewell_domain::power::delegation::Act;
use placewell_store::homes::price::UpliftEffect;
use placewell_store::outbox::TakenJob;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::deciding::{Decided, decide};
use super::running::{exception, other_side};
use super::vary::varied;
use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::homes::price::uplift::ToTell;
use crate::office::message::{Notice, deliver};
use crate::power::annual_value::{Allowed, Effect, effect_of};

/// A granted rise and one agreement that it touches.
#[derive(Debug, Clone)]
pub struct RepricingLine {
    /// The request.
    pub uplift: Uplift,
    /// What was granted.
    pub grant: Grant,
    /// The agreement's reference.
    pub agreement: String,
    /// Its version, for the form.
    pub version: i64,
    /// What changes, or changed: words of the line, first night, price before and after.
    pub changes: Vec<(String, Date, Pence, Pence)>,
    /// How it was answered; none while it waits.
    pub answered: Option<Repriced>,
}

impl RepricingLine {
    /// What it costs in a year of 365 nights.
    #[must_use]
    pub fn a_year(&self) -> Pence {
        if self.answered.as_ref().is_some_and(|one| matches!(one.answer, RepriceAnswer::Kept { .. })) {
            return Pence::ZERO;
        }
        self.changes.last().map_or(Pence::ZERO, |(_, _, was, now)| (*now - *was).per_year())
    }
}

/// What rises mean for one authority.
#[derive(Debug, Clone)]
pub struct OwnUplifts {
    /// Requests and appeals that wait for the region, with what they would cost here, where they touch anything.
    pub asked: Vec<(Uplift, UpliftEffect)>,
    /// Agreements to be confirmed, the earliest due first.
    pub waiting: Vec<RepricingLine>,
    /// Agreements that were answered.
    pub answered: Vec<RepricingLine>,
}

/// One agreement to be confirmed, with what it does to the annual value.
#[derive(Debug)]
pub struct RepricingPage {
    /// The rise and the agreement.
    pub line: RepricingLine,
    /// The agreement.
    pub record: Agreement,
    /// The effect on each contract year; empty once it was answered.
    pub years: Vec<Effect>,
}

impl RepricingPage {
    /// Whether it would pass the ceiling of a contract year.
    #[must_use]
    pub fn above_ceiling(&self) -> bool {
        self.years.iter().any(|year| year.after.is_err())
    }
}

fn line(agreement: &Agreement, uplift: &Uplift, grant: &Grant) -> Option<RepricingLine> {
    let answered = agreement.repriced(uplift.id, grant.number).cloned();
    let would = || agreement.repricing(uplift, grant).map(|one| one.changes);
    let changes = match answered.as_ref().map(|one| &one.answer) {
        Some(RepriceAnswer::Confirmed { was, now, from }) => vec![(String::new(), *from, *was, *now)],
        Some(RepriceAnswer::Kept { .. }) => would().unwrap_or_default(),
        None => would()?,
    };
    Some(RepricingLine {
        uplift: uplift.clone(),
        grant: *grant,
        agreement: agreement.reference.to_string(),
        version: agreement.version,
        changes,
        answered,
    })
}

/// What a request means for an organisation's agreements: of what is granted, else of what is asked for. A grant that was revoked,
/// or is above a schedule that was corrected since, is asked of nobody, and stays where it was answered.
async fn lines_of(session: &Session, org: OrganisationId, uplift: &Uplift) -> Answer<Vec<RepricingLine>> {
    let asked = matches!(uplift.state, UpliftState::Asked | UpliftState::Appealed { .. });
    let mut grants = uplift.ever_granted();
    if grants.is_empty() && asked {
        grants.push(uplift.as_asked());
    }
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let agreements = session.live_agreements_at(org, uplift.home).await?;
    let scheduled = if agreements.is_empty() { Vec::new() } else { session.scheduled_for(uplift).await? };
    let follows = |one: &Agreement, grant: &Grant| grant.number == 0 || one.follows(uplift, grant, &scheduled);
    let mut lines = Vec::new();
    for one in &agreements {
        lines.extend(grants.iter().filter(|grant| follows(one, grant)).filter_map(|grant| line(one, uplift, grant)));
    }
    Ok(lines)
}

fn counted(authority: OrganisationId, lines: &[RepricingLine]) -> UpliftEffect {
    let mut agreements: Vec<&str> = lines.iter().map(|one| one.agreement.as_str()).collect();
    agreements.dedup();
    let mut waiting: Vec<&str> = lines
        .iter()
        .filter(|one| one.answered.is_none() && one.grant.number > 0)
        .map(|one| one.agreement.as_str())
        .collect();
    waiting.dedup();
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    UpliftEffect {
        authority,
        agreements: count(agreements.len()),
        waiting: count(waiting.len()),
        a_year: lines.iter().map(RepricingLine::a_year).sum(),
    }
}

/// Counts what a request means here and tells the region: only figures leave the authority.
async fn tell(work: &Work, uplift: &Uplift) -> Answer<UpliftEffect> {
    let told = counted(work.org(), &lines_of(work, work.org(), uplift).await?);
    work.tell_uplift_effect(uplift, &told).await?;
    Ok(told)
}

/// Tells of every request that is not withdrawn, as part of what each authority counts every day.
pub(crate) async fn count_uplifts(work: &Work) -> Answer<()> {
    for uplift in work.uplifts().await? {
        if !matches!(uplift.state, UpliftState::Withdrawn { .. }) {
            tell(work, &uplift).await?;
        }
    }
    Ok(())
}

/// An authority's own job: counts, tells the region, and tells its people once something is granted that touches a child
/// of theirs. A second run changes nothing.
pub async fn tell_uplift(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToTell = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    let done = told(&mut work, to).await;
    ended(work, done).await
}

async fn told(work: &mut Work, to: ToTell) -> Answer<()> {
    let uplift = work.uplift(UpliftId(to.uplift)).await?;
    let found = tell(work, &uplift).await?;
    if uplift.revoked().is_some() && found.a_year > Pence::ZERO {
        let line = "An agreement that was confirmed at it keeps that price until you change it.";
        return notify(work, &uplift, "a granted rise is revoked", (line.to_owned(), "revoked")).await;
    }
    let grant = to.grant.and_then(|number| uplift.grant(number)).filter(|_| found.waiting > 0);
    let Some(grant) = grant else { return Ok(()) };
    let many = if found.waiting == 1 { "1 agreement waits" } else { "Some agreements wait" };
    let line = format!("{many} for your confirmation by {}.", long_date(grant.confirm_by()));
    notify(work, &uplift, "a rise in price is granted", (line, &grant.number.to_string())).await
}

/// A mail to those who decide and who pay, once for each occasion.
async fn notify(work: &mut Work, uplift: &Uplift, what: &str, (line, occasion): (String, &str)) -> Answer<()> {
    for role in [Role::Approver, Role::FinanceOfficer] {
        let notice = Notice {
            to: work.org().0,
            role,
            subject: format!("{}: {what}", uplift.reference),
            lines: vec![line.clone()],
            path: "/finance/uplifts".to_owned(),
        };
        deliver(work, &notice, &format!("uplift/{}/{occasion}/{}", uplift.id, role.label())).await?;
    }
    Ok(())
}

impl App {
    /// What rises mean for the actor's authority.
    pub async fn own_uplifts(&self, actor: &Actor) -> Answer<OwnUplifts> {
        let session = self.see(actor, Action::SeeAnnualValue).await?;
        if actor.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        let mut own = OwnUplifts { asked: Vec::new(), waiting: Vec::new(), answered: Vec::new() };
        for uplift in session.uplifts().await? {
            let lines = lines_of(&session, actor.organisation, &uplift).await?;
            if uplift.waits() && !lines.is_empty() {
                own.asked.push((uplift.clone(), counted(actor.organisation, &lines)));
            }
            for one in lines.into_iter().filter(|one| one.grant.number > 0) {
                if one.answered.is_some() { own.answered.push(one) } else { own.waiting.push(one) }
            }
        }
        own.waiting.sort_by_key(|one| (one.grant.confirm_by(), one.agreement.clone()));
        Ok(own)
    }

    /// One agreement to be confirmed, with the effect on its annual value.
    pub async fn repricing_page(
        &self,
        actor: &Actor,
        (reference, uplift, grant): (&str, i64, u8),
    ) -> Answer<RepricingPage> {
        let session = self.see(actor, Action::SeeAnnualValue).await?;
        let record = session.agreement(actor.organisation, reference).await?;
        let uplift = session.uplift(UpliftId(uplift)).await?;
        let grant = uplift.ever_granted().into_iter().find(|one| one.number == grant).ok_or(Outcome::NotFound)?;
        let line = line(&record, &uplift, &grant).ok_or(Outcome::NotFound)?;
        if line.answered.is_none() && uplift.revoked().is_some() {
            return Err(Outcome::NotFound);
        }
        let mut years = Vec::new();
        if let Some(would) = record.repricing(&uplift, &grant).filter(|_| line.answered.is_none()) {
            let today = self.calendar.now().today();
            let mut after = record.clone();
            after.terms.lines = would.lines;
            years = effect_of(&session, actor.organisation, &after.commitment(today), today).await?;
        }
        Ok(RepricingPage { line, record, years })
    }
}

/// Confirms a granted rise for one agreement.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmRepricing {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The request.
    pub uplift: i64,
    /// Its grant.
    pub grant: u8,
    /// Why it goes above the ceiling, where it does: the rise was decided, so it is recorded as an exception (rule 3.2).
    /// Without it nothing goes above.
    pub above: String,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for ConfirmRepricing {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.reprice";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let above = self.above.trim().to_owned();
        if above.chars().count() > 120 {
            return Err(Invalid::one("above", "Shorten this to 120 characters").into());
        }
        let (agreement, uplift, grant) = asked(work, &self.reference, self.version, (self.uplift, self.grant)).await?;
        let (agreement, power) = decide(work, actor, agreement, Act::ChangePrice, self.decided_by).await?;
        let scheduled = work.scheduled_for(&uplift).await?;
        let change = agreement.clone().reprice(&uplift, &grant, &scheduled, &power, work.moment())?;
        let now = work.apply(change).await?;
        let allowed = if above.is_empty() {
            Allowed::Nothing
        } else {
            Allowed::All(exception(work, ExceptionReason::UpliftDecided, &above))
        };
        varied(work, &agreement, &now, allowed).await?;
        tell(work, &uplift).await?;
        Ok(page_of(&now))
    }
}

/// Records that one agreement keeps its price.
#[derive(Debug, Clone, Serialize)]
pub struct KeepPrice {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The request.
    pub uplift: i64,
    /// Its grant.
    pub grant: u8,
    /// Why.
    pub reason: KeepReason,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for KeepPrice {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.keep_price";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (agreement, uplift, grant) = asked(work, &self.reference, self.version, (self.uplift, self.grant)).await?;
        let (agreement, power) = decide(work, actor, agreement, Act::ChangePrice, self.decided_by).await?;
        let scheduled = work.scheduled_for(&uplift).await?;
        let change = agreement.keep_price(&uplift, &grant, &scheduled, (self.reason, power), work.moment())?;
        let now = work.apply(change).await?;
        tell(work, &uplift).await?;
        work.enqueue(other_side(&now, Side::Authority, "it keeps its price").job()?);
        Ok(page_of(&now))
    }
}

/// The agreement at the version that the page showed, the request and its grant.
async fn asked(
    work: &Work,
    reference: &str,
    version: i64,
    (uplift, grant): (i64, u8),
) -> Answer<(Agreement, Uplift, Grant)> {
    let agreement = current(work, reference, version).await?;
    let uplift = work.uplift(UpliftId(uplift)).await?;
    let grant = uplift.to_answer(grant)?.ok_or(Outcome::NotFound)?;
    Ok((agreement, uplift, grant))
}
