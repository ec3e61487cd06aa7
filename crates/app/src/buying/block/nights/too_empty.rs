//! A mini-block whose beds stand too empty: looked at once a day, told to its parties once in a calendar month, and shown
//! as it stands to whoever opens it.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::buying::block::nights::totals;
use placewell_domain::buying::block::{Block, TooEmpty, VOID_ALERT_DEFAULT, VoidAlert, void_window};
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::setting::{Key, Scope};
use placewell_store::{Session, Work};

use super::super::notice;
use super::{Known, page_of, provider_of};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

/// The share of empty bed-nights above which the parties are told.
pub const VOID_ALERT: Key<VoidAlert> = Key {
    name: "mini_block.void_alert",
    title: "Empty nights of a mini-block that are told",
    effect: "From that day on the lead, the paying authorities and the provider are told once in a calendar month while more \
             of the last 28 nights stood empty, and its pages say so. It refuses nothing.",
    source: "An estimate of the field: two nights in five",
    scope: Scope::Region,
    keeper: Action::RunBlocks,
    form: None,
    default: || VoidAlert(VOID_ALERT_DEFAULT),
};

/// Where it is noted that somebody was told.
const ROOM: &str = "block_void";

/// Whether a block that runs stands too empty on a day.
async fn found(session: &Session, block: &Block, today: Date) -> Answer<Option<TooEmpty>> {
    let window = block.nights().filter(|_| block.runs()).and_then(|span| void_window(span, today));
    let Some(window) = window else { return Ok(None) };
    let known = Known::read(session, block.id).await?;
    let most = session.value_of(block.lead, &VOID_ALERT, today).await?;
    Ok(TooEmpty::of(&totals(&known.rows(window)), most))
}

/// The same for somebody who reads a block: only its parties and the region know its nights.
pub(crate) async fn seen(session: &Session, actor: &Actor, block: &Block, today: Date) -> Answer<Option<TooEmpty>> {
    let party = block.share_of(actor.organisation).is_some() || provider_of(block) == Some(actor.organisation);
    if party || actor.kind == OrganisationKind::RegionalTeam { found(session, block, today).await } else { Ok(None) }
}

/// Whether a block has not been looked at today.
pub(crate) async fn is_due(session: &Session, org: OrganisationId, block: &Block, today: Date) -> Answer<bool> {
    if block.nights().and_then(|span| void_window(span, today)).is_none() {
        return Ok(false);
    }
    Ok(!session.is_chased(org, ROOM, block.id.0, &today.to_string()).await?)
}

/// Looks at a block of this lead, and tells its parties where it stands too empty and they were not told this month.
pub(crate) async fn look(app: &Arc<App>, org: OrganisationId, block: &Block) -> Answer<()> {
    let moment = app.calendar.now();
    let today = moment.today();
    let session = app.store.read(Some(org)).await?;
    if !is_due(&session, org, block, today).await? {
        return Ok(());
    }
    drop(session);
    let mut work = app.store.begin(org, moment).await?;
    let block = work.block(block.id).await?;
    work.chased(ROOM, block.id.0, &today.to_string()).await?;
    if let Some(found) = found(&work, &block, today).await? {
        let month = format!("told {}", today.strftime("%Y-%m"));
        if !work.is_chased(org, ROOM, block.id.0, &month).await? {
            work.chased(ROOM, block.id.0, &month).await?;
            tell(&mut work, &block, found)?;
        }
    }
    Ok(work.commit(Machine::now()).await?)
}

fn tell(work: &mut Work, block: &Block, found: TooEmpty) -> Answer<()> {
    let event = Event::new("block.too_empty", "block", block.id.0, block.version)
        .with("reference", &block.reference)
        .with("empty", found.empty)
        .with("nights", found.nights)
        .with("told_above", found.most);
    work.record(event);
    let what = format!("{}% of its nights stand empty", found.percent());
    let of = |to, role| {
        let mut told = notice(block, to, role, &what);
        told.lines.push(found.sentence());
        told.path = page_of(block);
        told
    };
    work.enqueue(of(block.lead, Role::CommissioningLead).job()?);
    for share in &block.shares {
        work.enqueue(of(share.authority, Role::Approver).job()?);
        work.enqueue(of(share.authority, Role::PlacementOfficer).job()?);
    }
    if let Some(provider) = provider_of(block) {
        let mut told = of(provider, Role::ProviderManager);
        told.path = format!("/provider/mini-blocks/{}", block.reference);
        work.enqueue(told.job()?);
    }
    Ok(())
}
