//! What follows for others, by jobs: an authority's need counted from its own record; a contract live, or a change in
//! force, once all have approved; an authority's ledger brought to what its share commits now; and what the calendar has
//! passed. Each runs in the transaction of the organisation whose record it changes.

use std::sync::Arc;

use placewell_domain::buying::block::{AuthorityNeed, Block, BlockApproval, BlockChange, approved};
use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::id::{BlockId, HomeId, OrganisationId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::annual_value::Commitment;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::nights::used_since;
use super::publishing::publish;
use super::queries::refused;
use super::tying::{floats, hold_floating, tie};
use super::{facts_of, first_use, homes_may_be_used, notice};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::power::annual_value::{Allowed, commit};

/// The job that counts an authority's need.
pub const NEED: &str = "block.need";
/// The job that follows an authority's decision, or a change of the contract.
pub const FOLLOW: &str = "block.follow";

/// Over how long a need is counted: two years before today.
const LOOK_BACK: i64 = 730;

/// Whose, and about which mini-block.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct ToFollow {
    /// The authority.
    pub authority: i64,
    /// The mini-block.
    pub block: i64,
}

/// Counts what an authority's own record shows of the need, in its own transaction. A second run counts the same.
pub async fn count_need(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToFollow = serde_json::from_str(&job.payload)?;
    count_need_of(app, OrganisationId(to.authority), BlockId(to.block)).await
}

/// The same for an authority. Once homes were asked, the need stands as it was counted for that.
pub(crate) async fn count_need_of(app: &Arc<App>, authority: OrganisationId, id: BlockId) -> Answer<()> {
    let mut work = app.store.begin(authority, app.calendar.now()).await?;
    let (org, today) = (work.org(), work.moment().today());
    let block = work.block(id).await?;
    if block.share_of(org).is_none() || block.state.name() != "proposed" {
        return Ok(work.roll_back().await?);
    }
    let (from, until) = (plus_days(today, -LOOK_BACK), today);
    let searches = work.block_searches(org, &block.wants, (from, until)).await?;
    let need = AuthorityNeed::of(block.id, org, (from, until), &searches);
    work.keep_block_need(&need).await?;
    let event = Event::new("block.need_counted", "block_need", block.id.0, 1)
        .with("block", &block.reference)
        .with("from", from)
        .with("until", until)
        .with("searches", need.searches)
        .with("unmet", need.unmet);
    work.record(event);
    Ok(work.commit(Machine::now()).await?)
}

/// Follows a decision of an authority or a change of the contract: the lead's record first, then the ledger of the
/// authority concerned.
pub async fn follow(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToFollow = serde_json::from_str(&job.payload)?;
    follow_of(app, OrganisationId(to.authority), BlockId(to.block)).await
}

/// The same for an authority.
pub(crate) async fn follow_of(app: &Arc<App>, authority: OrganisationId, id: BlockId) -> Answer<()> {
    let lead = app.store.read(Some(authority)).await?.block(id).await?.lead;
    move_on(app, lead, id, false).await?;
    settle_share(app, authority, id).await?;
    super::nights::settle(app, authority, id).await
}

/// Holds floating beds where the contract's children sleep, in the lead's transaction.
pub(super) async fn hold(app: &Arc<App>, lead: OrganisationId, id: BlockId) -> Answer<()> {
    let session = app.store.read(Some(lead)).await?;
    let floats = floats(&session.block(id).await?);
    drop(session);
    if !floats {
        return Ok(());
    }
    let work = app.store.begin(lead, app.calendar.now()).await?;
    let block = work.block(id).await?;
    match hold_floating(&work, &block).await {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        // Too few are free now: what is held stays as it was, and the provider's beds say so.
        Err(Outcome::Refused(_)) => Ok(work.roll_back().await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

/// Makes the contract live, or the change hold, where every paying authority has approved what is asked now. What a rule
/// refuses now is told to the lead, once and not `again` with each look of a day, and the approvals stand.
async fn move_on(app: &Arc<App>, lead: OrganisationId, id: BlockId, again: bool) -> Answer<()> {
    let mut work = app.store.begin(lead, app.calendar.now()).await?;
    work.savepoint().await?;
    match step(&mut work, id).await {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        Err(Outcome::Refused(refusal))
            if again || refusal.code == "approval_missing" || refusal.code == "provider_not_agreed" =>
        {
            Ok(work.roll_back().await?)
        }
        Err(Outcome::Refused(refusal)) => {
            work.undo().await?;
            let block = work.block(id).await?;
            let mut told = notice(&block, lead, Role::CommissioningLead, "approved, and cannot go on");
            told.lines.push(refusal.sentence.clone());
            work.enqueue(told.job()?);
            Ok(work.commit(Machine::now()).await?)
        }
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

async fn step(work: &mut Work, id: BlockId) -> Answer<()> {
    work.lock_block(id).await?;
    let block = work.block(id).await?;
    let Some(asked) = block.asks() else { return Ok(()) };
    let moment = work.moment();
    let given = approved(&block, &work.block_approvals(id).await?, &facts_of(&block)?);
    // What buys nights more is looked at again: a home may have been stopped since the authorities approved.
    let buys = buys(&block);
    let change = if let Some(pending) = &block.pending {
        let used = match &pending.change {
            BlockChange::Reduce { from, .. } => used_since(work, block.id, *from).await?,
            _ => 0,
        };
        block.clone().apply_change(&given, used, moment)?
    } else {
        block.clone().go_live(&given, moment)?
    };
    if buys {
        // A suspension that is being confirmed comes before, or comes after and finds the contract.
        work.lock_standing(&homes(&block), false).await?;
        homes_still_good(work, &block, moment).await?;
    }
    let block = work.apply(change).await?;
    tie(work, &block).await?;
    publish(work, &block).await?;
    tell_all(work, &block, asked.act.label())?;
    follow_all(work, &block)
}

/// Whether what is asked buys nights: the award, or a longer term.
fn buys(block: &Block) -> bool {
    block.pending.as_ref().is_none_or(|pending| matches!(pending.change, BlockChange::Extend { .. }))
}

/// The homes of what is asked.
fn homes(block: &Block) -> Vec<HomeId> {
    block.latest_terms().map(|terms| terms.beds.homes()).unwrap_or_default()
}

async fn homes_still_good(session: &Session, block: &Block, moment: Moment) -> Answer<()> {
    let first = (block.wants.lot.as_str(), first_use(&block.spec, moment.today()));
    homes_may_be_used(session, first, &homes(block)).await
}

/// Whether nights that every paying authority has approved can be bought now, or what keeps them back; none where nothing
/// is asked, or not all have approved.
pub(super) async fn waiting(
    session: &Session,
    block: &Block,
    approvals: &[BlockApproval],
    moment: Moment,
) -> Answer<Option<Result<(), Refusal>>> {
    let given = approved(block, approvals, &facts_of(block)?);
    let all = block.deciders().iter().all(|one| given.contains(one));
    if block.asks().is_none() || !buys(block) || !all {
        return Ok(None);
    }
    let asked = block.clone();
    let moved =
        if block.pending.is_some() { asked.apply_change(&given, 0, moment) } else { asked.go_live(&given, moment) };
    if let Err(refusal) = moved {
        return Ok(Some(Err(refusal)));
    }
    Ok(Some(refused(homes_still_good(session, block, moment).await)?))
}

/// The job: a home stands again, and what was kept back because of it goes on from today.
pub async fn go_on(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    go_on_of(app, job.organisation).await
}

/// The same of every lead, once a day: a better grade, an admission or the end of Ofsted's notice ends no measure.
pub async fn go_on_today(app: &Arc<App>) -> Answer<()> {
    let leads = app.visit().await?.organisations().await?;
    for lead in leads.iter().filter(|one| one.kind == OrganisationKind::RegionalTeam) {
        go_on_of(app, lead.id).await?;
    }
    Ok(())
}

/// Goes on with what every paying authority of a lead's mini-blocks has approved and nothing keeps back any more.
async fn go_on_of(app: &Arc<App>, lead: OrganisationId) -> Answer<()> {
    let session = app.store.read(Some(lead)).await?;
    let moment = app.calendar.now();
    let mut free = Vec::new();
    for block in session.blocks().await?.into_iter().filter(|block| block.lead == lead && block.asks().is_some()) {
        let approvals = session.block_approvals(block.id).await?;
        if let Some(Ok(())) = waiting(&session, &block, &approvals, moment).await? {
            free.push(block.id);
        }
    }
    drop(session);
    for id in free {
        move_on(app, lead, id, true).await?;
    }
    Ok(())
}

/// Leaves a job to each paying authority, so that its ledger follows the contract.
pub(super) fn follow_all(work: &mut Work, block: &Block) -> Answer<()> {
    for party in parties(block) {
        let to = ToFollow { authority: party.0, block: block.id.0 };
        work.enqueue(Job::new(FOLLOW, &serde_json::to_value(to)?).about("block", block.id));
    }
    Ok(())
}

/// Everybody whose ledger holds something of it, or whose approval is asked.
fn parties(block: &Block) -> Vec<OrganisationId> {
    let mut parties = block.parties();
    parties.extend(block.deciders());
    parties.sort_unstable();
    parties.dedup();
    parties
}

fn tell_all(work: &mut Work, block: &Block, what: &str) -> Answer<()> {
    let what = format!("{}: {}", what.to_lowercase(), block.state.label().to_lowercase());
    work.enqueue(notice(block, block.lead, Role::CommissioningLead, &what).job()?);
    for party in parties(block) {
        work.enqueue(notice(block, party, Role::FinanceOfficer, &what).job()?);
    }
    if let Some(contract) = &block.contract {
        let mut told = notice(block, contract.provider, Role::ProviderManager, &what);
        told.path = format!("/provider/mini-blocks/{}", block.reference);
        work.enqueue(told.job()?);
    }
    Ok(())
}

/// Brings an authority's ledger to what its share commits now. A rise was committed with its approval; what is left here
/// is released: an award withdrawn, an earlier end, a smaller guarantee.
async fn settle_share(app: &Arc<App>, authority: OrganisationId, id: BlockId) -> Answer<()> {
    let mut work = app.store.begin(authority, app.calendar.now()).await?;
    match release(&mut work, id).await {
        Ok(true) => Ok(work.commit(Machine::now()).await?),
        Ok(false) => Ok(work.roll_back().await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

async fn release(work: &mut Work, id: BlockId) -> Answer<bool> {
    let block = work.block(id).await?;
    let org = work.org();
    // A contract that is live ties its beds itself, and one that was given up needs none.
    let freed = block.asks().is_none() && work.release_claims(id).await?;
    let Some(known) = work.commitment_of(org, placewell_domain::id::AgreementId(id.0)).await? else { return Ok(freed) };
    let Some(now) = share_now(org, &block, &known) else { return Ok(freed) };
    if now == known {
        return Ok(freed);
    }
    let event = Event::new("block.share_settled", "block_share", block.id.0, block.version)
        .with("block", &block.reference)
        .with("until", now.planned_end);
    work.record(event);
    commit(work, &now, Allowed::Nothing).await?;
    Ok(true)
}

/// What the share commits now, cut from what is known: nights beyond the end go, and all of it where the award is not the
/// one that was approved. None where a change that was approved waits for others: what was committed for it stays; and none
/// once the contract runs, since the ledger of nights then says what each authority bears.
fn share_now(org: OrganisationId, block: &Block, known: &Commitment) -> Option<Commitment> {
    if block.asks().is_some() {
        return None;
    }
    let Some(mut now) = block.commitment_of(org) else {
        // It was to join, and the others did not have it so: what it committed goes.
        return Some(Commitment { lines: Vec::new(), planned_end: known.start, ..known.clone() });
    };
    if block.state.name() == "withdrawn" {
        now.lines.clear();
        now.planned_end = now.start;
        return Some(now);
    }
    // The ledger of nights cuts the lines by what was used; here only their end and their nightly amount follow.
    Some(cut(known, &now))
}

/// The known lines, each night no dearer than the contract now allows, and none beyond its end.
fn cut(known: &Commitment, contract: &Commitment) -> Commitment {
    let mut now = contract.clone();
    now.lines = Vec::new();
    for allowed in &contract.lines {
        for line in &known.lines {
            let from = line.from.max(allowed.from);
            let ends = [line.ends, allowed.ends].into_iter().flatten().min();
            let weekly = line.weekly.min(allowed.weekly);
            if ends.is_some_and(|ends| from < ends) {
                let mut next = *line;
                (next.weekly, next.origin, next.from, next.ends) = (weekly, from, from, ends);
                now.lines.push(next);
            }
        }
    }
    now.lines.sort_by_key(|line| line.from);
    now
}

/// Whether a mini-block of this lead has ended or a warning is due.
pub(crate) async fn due(session: &Session, org: OrganisationId, moment: Moment) -> Answer<bool> {
    let today = moment.today();
    if !session.blocks_to_end(org, today).await?.is_empty() {
        return Ok(true);
    }
    for block in session.running_blocks(today).await?.into_iter().filter(|block| block.lead == org) {
        let turns = super::nights::turns_due(session, org, &block, moment).await?;
        if turns || super::nights::is_due(session, org, &block, today).await? || block.warn(today).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ends what has ended, tells what stands too empty and warns of what is near, each in a transaction of its own.
pub(crate) async fn run_due(app: &Arc<App>, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let ended = session.blocks_to_end(org, moment.today()).await?;
    let running = session.running_blocks(moment.today()).await?;
    drop(session);
    for id in ended {
        let mut work = app.store.begin(org, moment).await?;
        let change = work.block(id).await?.end(moment.today())?;
        let block = work.apply(change).await?;
        super::nights::end_turns(&mut work, block.id).await?;
        publish(&mut work, &block).await?;
        tell_all(&mut work, &block, "contract")?;
        work.commit(Machine::now()).await?;
    }
    for block in running.into_iter().filter(|block| block.lead == org) {
        super::nights::look(app, org, &block).await?;
        super::nights::move_turns(app, org, &block).await?;
        let warning = block.warning(moment.today());
        let Some((change, warning)) = block.warn(moment.today()).zip(warning) else { continue };
        let mut work = app.store.begin(org, moment).await?;
        let block = work.apply(change).await?;
        let what = match warning {
            placewell_domain::buying::block::BlockWarning::Break { on, notice_by } => {
                format!("break on {on}, notice by {notice_by}")
            }
            placewell_domain::buying::block::BlockWarning::End { on } => format!("ends on {on}"),
        };
        work.enqueue(notice(&block, org, Role::CommissioningLead, &what).job()?);
        for share in &block.shares {
            work.enqueue(notice(&block, share.authority, Role::Approver, &what).job()?);
            work.enqueue(notice(&block, share.authority, Role::FinanceOfficer, &what).job()?);
        }
        work.commit(Machine::now()).await?;
    }
    Ok(())
}
