//! Sending: everything is checked again inside the transaction, each home is asked, each provider gets one mail.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use placewell_domain::change::Event;
use placewell_domain::id::{HomeId, InvitationId, OrganisationId, PersonId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::{Invitation, grouped_by_provider};
use placewell_domain::placing::referral::redaction::unconfirmed;
use placewell_domain::placing::referral::sending::UNDO_MINUTES;
use placewell_domain::placing::referral::{Ask, LeftOut, LegalBasis, More, Plan, Ready, Referral, SkipReason, Tier};
use placewell_domain::power::delegation::{Act, PowerQuestion, RemitArea, Said};
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use serde::{Deserialize, Serialize};

use super::holding::not_held;
use super::recipients::{Now, scoring_on};
use super::{asking, check, current, page_of, working_days};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};
use crate::office::message::{Notice, deliver};
use crate::placing::child::sealing::must_be_opened;
use crate::power::delegation::power_of;

/// Sends a draft to the homes of its plan.
#[derive(Debug, Clone, Serialize)]
pub struct SendReferral {
    /// The referral.
    pub reference: String,
    /// The version that was checked.
    pub version: i64,
    /// The findings that the officer confirmed, by place and kind.
    pub confirmed: Vec<String>,
    /// The officer accepts that the profile fits few children.
    pub accept_few: bool,
}

impl Command for SendReferral {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.send";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let moment = work.moment();
        // How many names stand in the words is told to nobody who may not read them.
        must_be_opened(work, actor, referral.child).await?;
        not_held(work, referral.id).await?;
        let mut checked = check(work, (actor, moment), referral).await?;
        lot_is_open(work, &checked.referral).await?;
        wait_for_standing(work, &checked.referral.plan.homes).await?;
        let now = Now::search(work, &checked.referral, moment).await?;
        checked.referral.plan = now.recounted(checked.referral.plan);
        let days = working_days(work, work.org(), moment.today()).await?;
        let choice = checked.referral.plan.deadline;
        let choice = choice.ok_or_else(|| Invalid::one("deadline", "Choose until when homes can answer"))?;
        let powers = powers_to_skip(work, actor.person, &checked.referral, &checked.referral.plan).await?;
        let scoring = scoring_on(work, moment.today()).await?;
        let ready = Ready {
            narrative: &checked.narrative,
            deadline: choice.resolve(moment, &days)?,
            unconfirmed: unconfirmed(&checked.findings, &self.confirmed).len(),
            too_identifying: checked.too_identifying.is_some() && !self.accept_few,
            working_days: &days,
            powers: &powers,
            age: checked.age,
            scoring: &scoring,
        };
        let change = checked.referral.clone().send(&ready, moment)?;
        now.must_match(&checked.referral.plan.homes)?;
        let referral = work.apply(change).await?;
        record_left_out(work, &referral, &referral.plan.left_out);
        let asks = referral.plan.homes.clone();
        let numbers = work.invitations_of(work.org(), referral.id).await?;
        let first = numbers.iter().map(|one| one.number).max().unwrap_or(0).saturating_add(1);
        let asked = ask_all(work, &referral, &checked.words, &asks, first, &now).await?;
        tell_providers(work, &asked)?;
        Ok(page_of(&referral))
    }
}

/// A search is not sent out on a lot that the region closed.
async fn lot_is_open(work: &Work, referral: &Referral) -> Answer<()> {
    let (Some(lot), Some(kept)) = (&referral.profile.lot, work.current_arrangement().await?) else { return Ok(()) };
    Ok(kept.arrangement.lot_is_open(lot, work.moment().today())?)
}

/// Records each use of the power to leave a tier out.
fn record_left_out(work: &mut Work, referral: &Referral, left_out: &[LeftOut]) {
    for left in left_out {
        let event = Event::new("referral.tier_left_out", "referral", referral.id.0, referral.version)
            .with("tier", left.tier.code())
            .with("reason", left.reason.code())
            .with("decision", &left.power.reference)
            .with("limb", left.power.letter)
            .with("post", left.power.post)
            .with("person", left.power.person);
        work.record(event);
    }
}

/// Asks homes one after the other, numbered from `first`.
pub(crate) async fn ask_all(
    work: &mut Work,
    referral: &Referral,
    words: &placewell_domain::placing::referral::SharedWords,
    asks: &[Ask],
    first: u32,
    now: &Now,
) -> Answer<Vec<Invitation>> {
    let mut asked = Vec::with_capacity(asks.len());
    let mut number = first;
    for one in asks {
        let invitation = asking::ask(work, referral, words, *one, number, now).await?;
        if invitation.number == number {
            number = number.saturating_add(1);
        }
        asked.push(invitation);
    }
    Ok(asked)
}

/// The power under which each tier that has homes for the child is left out: limb, post and person (rule 1.2). The
/// officer who sends asks for it, and records it as said by then; whoever decided it confirms it in writing.
async fn powers_to_skip(work: &mut Work, officer: PersonId, referral: &Referral, plan: &Plan) -> Answer<Vec<LeftOut>> {
    let moment = work.moment();
    let days = working_days(work, work.org(), moment.today()).await?;
    let mut powers = Vec::new();
    for (choice, reason) in plan.skips() {
        if plan.left_out.iter().any(|left| left.tier == choice.tier) {
            continue;
        }
        let Some(person) = choice.decided_by else { continue };
        let power = power_of(work, work.org(), &to_skip(referral, person, officer), moment).await?;
        let act = (Act::SkipTier, referral.version + 1);
        let said = Some(Said::record(act, (person, moment.local), officer, &days, moment)?);
        powers.push(LeftOut { tier: choice.tier, could_meet: choice.could_meet, reason, power, said });
    }
    if !powers.is_empty() {
        let reference = &referral.reference;
        let notice = Notice {
            to: work.org().0,
            role: Role::Approver,
            subject: format!("{reference}: confirm that a route is left out"),
            lines: vec!["An officer recorded your decision. Whoever made it confirms it in writing.".to_owned()],
            path: format!("/referrals/{reference}/confirm-skip"),
        };
        work.enqueue(notice.job()?);
    }
    Ok(powers)
}

/// The question whether a person may decide that a tier is left out for this child, as this officer asks.
pub(super) fn to_skip(referral: &Referral, person: PersonId, officer: PersonId) -> PowerQuestion {
    let case = match referral.profile.legal_basis {
        Some(LegalBasis::CareLeaver) => RemitArea::YoungPeople,
        Some(LegalBasis::ResidentialSchool) => RemitArea::Education,
        Some(basis) if !basis.looked_after() => RemitArea::Safeguarding,
        _ => RemitArea::ChildrenLookedAfter,
    };
    let about_spot = !referral.plan.homes.is_empty() && referral.plan.homes.iter().all(|ask| ask.tier == Tier::Spot);
    PowerQuestion { act: Act::SkipTier, about_spot, case, person, asked_by: Some(officer) }
}

/// The job that tells a provider which of its homes were asked, once the time to undo the sending is over.
pub const RELEASE: &str = "referral.release";

#[derive(Debug, Serialize, Deserialize)]
struct Release {
    provider: i64,
    invitations: Vec<i64>,
}

/// By what the mails about invitations are known, of which this is the first: a second run writes none.
pub(super) fn released_as(first: InvitationId) -> String {
    format!("release/{first}")
}

/// Leaves one mail to each provider, which waits for as long as the sending can be undone.
pub(crate) fn tell_providers(work: &mut Work, asked: &[Invitation]) -> Answer<()> {
    let after = Machine::now() + SignedDuration::from_mins(UNDO_MINUTES);
    for (provider, group) in grouped_by_provider(asked) {
        let invitations = group.iter().map(|one| one.id.0).collect();
        let release = serde_json::to_value(Release { provider: provider.0, invitations })?;
        let job = match group.first() {
            Some(one) => Job::new(RELEASE, &release).about("referral", one.referral),
            None => Job::new(RELEASE, &release),
        };
        work.enqueue(Job { not_before: Some(after), ..job });
    }
    Ok(())
}

/// Tells a provider about those of its homes that can still answer: reference, how many, until when. Nothing about the
/// child; nothing at all where the sending was undone.
pub async fn release(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let release: Release = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(job.organisation, app.calendar.now()).await?;
    let mut open = Vec::new();
    for id in &release.invitations {
        let one = work.invitation(work.org(), InvitationId(*id)).await?;
        if one.state.open() {
            open.push(one);
        }
    }
    if let (Some(first), Some(named)) = (open.first(), release.invitations.first()) {
        let homes = if open.len() == 1 { "1 home".to_owned() } else { format!("{} homes", open.len()) };
        let until = wall(first.deadline);
        let notice = provider_notice(
            OrganisationId(release.provider),
            format!("{}: {homes} asked, answer by {until}", first.reference),
            vec![format!("A new referral asks {homes} of yours."), format!("Answer by {until}.")],
            format!("/provider/referrals/{}", first.reference),
        );
        deliver(&mut work, &notice, &format!("{}/{}", released_as(InvitationId(*named)), job.id)).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}

/// A notice to a provider's placements managers.
pub(crate) fn provider_notice(to: OrganisationId, subject: String, lines: Vec<String>, path: String) -> Notice {
    Notice { to: to.0, role: Role::ProviderManager, subject, lines, path }
}

/// "4pm, Monday 13 September 2021".
#[must_use]
pub fn wall(at: DateTime) -> String {
    let hour = if at.minute() == 0 { at.strftime("%-I%P") } else { at.strftime("%-I:%M%P") };
    format!("{hour}, {}", at.strftime("%A %-d %B %Y"))
}

/// Asks further homes on a referral that is out; the deadline stays.
#[derive(Debug, Clone, Serialize)]
pub struct AskMore {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The further homes.
    pub homes: Vec<Ask>,
    /// Why tiers with homes for the child are left out.
    pub skipped: Vec<(Tier, SkipReason)>,
    /// Who decided to leave them out: the holder of a power (rule 1.2).
    pub decided_by: Option<PersonId>,
}

impl Command for AskMore {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.ask_more";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        must_be_opened(work, actor, referral.child).await?;
        let already = work.homes_asked(work.org(), referral.id).await?;
        let fresh: Vec<Ask> = self.homes.iter().filter(|one| !already.contains(&one.home)).copied().collect();
        if fresh.is_empty() {
            return Err(Invalid::one("homes", "Choose at least one home that has not been asked").into());
        }
        let words = work.open_narrative(&referral).await?.shared(&referral.profile.standard);
        wait_for_standing(work, &fresh).await?;
        let now = Now::search(work, &referral, work.moment()).await?;
        // First: which tiers are left out can be said only of homes that stand in the tier they are asked in.
        now.must_match(&fresh)?;
        let reason = |tier| self.skipped.iter().find(|(one, _)| *one == tier).map(|(_, reason)| *reason);
        let plan = now.recounted(referral.plan.clone()).with_more(&fresh, reason, self.decided_by);
        let plan = now.recounted(plan);
        let powers = powers_to_skip(work, actor.person, &referral, &plan).await?;
        let searched = plan.searched.as_ref();
        let change = referral.ask_more(&More { asks: &fresh, tiers: &plan.tiers, powers: &powers, searched })?;
        let referral = work.apply(change).await?;
        record_left_out(work, &referral, &powers);
        let numbers = work.invitations_of(work.org(), referral.id).await?;
        let first = numbers.iter().map(|one| one.number).max().unwrap_or(0).saturating_add(1);
        let asked = ask_all(work, &referral, &words, &fresh, first, &now).await?;
        tell_providers(work, &asked)?;
        Ok(page_of(&referral))
    }
}

/// Waits for a change of the homes' standing that is under way: then either the sending sees it, or what follows it sees the
/// sending.
async fn wait_for_standing(work: &Work, asks: &[Ask]) -> Answer<()> {
    let homes: Vec<HomeId> = asks.iter().map(|ask| ask.home).collect();
    Ok(work.lock_standing(&homes, false).await?)
}

/// Asks one home outside the arrangement, for a spot purchase that is being recorded. The hard filters hold for it; where
/// the time to answer has passed for all others, it can answer until noon of the next working day.
pub(crate) async fn ask_outside(work: &mut Work, actor: &Actor, referral: Referral, home: HomeId) -> Answer<Referral> {
    let moment = work.moment();
    must_be_opened(work, actor, referral.child).await?;
    let words = work.open_narrative(&referral).await?.shared(&referral.profile.standard);
    let ask = Ask { home, tier: Tier::Spot };
    wait_for_standing(work, &[ask]).await?;
    let now = Now::search(work, &referral, moment).await?;
    now.must_match_outside(ask)?;
    let plan = now.recounted(now.recounted(referral.plan.clone()).with_more(&[ask], |_| None, None));
    let searched = plan.searched.as_ref();
    let change = referral.ask_more(&More { asks: &[ask], tiers: &plan.tiers, powers: &[], searched })?;
    let referral = work.apply(change).await?;
    let numbers = work.invitations_of(work.org(), referral.id).await?;
    let first = numbers.iter().map(|one| one.number).max().unwrap_or(0).saturating_add(1);
    let mut asked = ask_all(work, &referral, &words, &[ask], first, &now).await?;
    if let Some(late) = asked.pop_if(|one| one.deadline <= moment.local) {
        let days = working_days(work, work.org(), moment.today()).await?;
        asked.push(work.apply(late.extend(days.noon_of_next_working_day(moment.today()))?).await?);
    }
    tell_providers(work, &asked)?;
    Ok(referral)
}

/// Confirms in writing that one decided to leave tiers out.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmSkips {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConfirmSkips {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "referral.confirm_skips";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let change = referral.confirm_skips(actor.person, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}
