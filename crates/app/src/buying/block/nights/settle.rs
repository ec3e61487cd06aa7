//! Settling a month: the provider and the lead agree the figures that both were shown. With the second word the nights are
//! frozen, and what changed of earlier months since is posted in this one (rule 6.2).

use jiff::civil::Date;
use placewell_domain::buying::block::Block;
use placewell_domain::buying::block::month::{BlockMonth, DisputeReason, Figures, MonthSide, MonthState};
use placewell_domain::buying::block::nights::{Adjustment, NightRow, adjustments, month_of, months_of};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::{Session, Work};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Known, own_block, page_of, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;

/// A month of a block as it stands now: its nights, what has changed of earlier ones, and its settling.
#[derive(Debug, Clone)]
pub(super) struct MonthNow {
    /// Its nights; as frozen where it is settled.
    pub rows: Vec<NightRow>,
    /// Corrections of earlier months that stand in it.
    pub adjusted: Vec<Adjustment>,
    /// Its settling, once somebody has said something.
    pub settling: Option<BlockMonth>,
    /// What both sides agree.
    pub figures: Figures,
}

/// Reads a month of a block.
pub(super) async fn month_now(session: &Session, known: &Known, month: Date) -> Answer<MonthNow> {
    let months = session.block_months(known.block.id).await?;
    let settling = months.iter().find(|one| one.month == month).cloned();
    let frozen = session.block_nights(known.block.id).await?;
    if let Some(MonthState::Frozen { figures, .. }) = settling.as_ref().map(|one| &one.state) {
        let figures = figures.clone();
        let (rows, adjusted) = as_frozen(&frozen, month);
        return Ok(MonthNow { rows, adjusted, settling, figures });
    }
    let rows = known.rows(month_of(month));
    // Corrections stand in the first month that is not settled, and in no later one.
    let earlier: Vec<NightRow> = frozen.into_iter().map(|(_, row)| row).collect();
    let last = earlier.iter().map(|row| row.night).max().filter(|_| first_open(known, &months) == Some(month));
    let past = last.and_then(|last| Nights::new(known.span.from(), plus_days(last, 1)));
    let adjusted = past.map(|past| adjustments(&earlier, &known.rows(past))).unwrap_or_default();
    let figures = figures(&rows, &adjusted)?;
    Ok(MonthNow { rows, adjusted, settling, figures })
}

/// A settled month: its own nights, and the corrections that were posted in it.
fn as_frozen(frozen: &[(Date, NightRow)], month: Date) -> (Vec<NightRow>, Vec<Adjustment>) {
    let own = month_of(month);
    let (mut rows, mut adjusted) = (Vec::new(), Vec::new());
    for (at, (_, row)) in frozen.iter().enumerate().filter(|(_, (posted, _))| *posted == month) {
        if own.contains(row.night) {
            rows.push(row.clone());
            continue;
        }
        let same = |was: &NightRow| (was.night, was.slot) == (row.night, row.slot);
        let before = frozen.iter().take(at).rev().find(|(posted, was)| *posted < month && same(was));
        adjusted.extend(before.map(|(_, was)| Adjustment { was: was.clone(), now: row.clone() }));
    }
    (rows, adjusted)
}

/// The first month of the contract that is not settled: months are settled in order.
fn first_open(known: &Known, months: &[BlockMonth]) -> Option<Date> {
    let settled = |month: &Date| months.iter().any(|one| one.month == *month && one.state.name() == "frozen");
    months_of(known.span).find(|month| !settled(month))
}

fn figures(rows: &[NightRow], adjusted: &[Adjustment]) -> Answer<Figures> {
    let now: Vec<&NightRow> = rows.iter().chain(adjusted.iter().map(|one| &one.now)).collect();
    Ok(Figures {
        digest: hex::encode(Sha256::digest(serde_json::to_vec(&now)?)),
        due: rows.iter().map(|row| row.due).sum(),
        adjusted: adjusted.iter().map(Adjustment::due).sum::<Pence>(),
    })
}

/// The side for which somebody settles: their provider's or the lead's.
pub(super) fn side_of(block: &Block, actor: &Actor) -> Option<MonthSide> {
    if provider_of(block) == Some(actor.organisation) {
        return Some(MonthSide::Provider);
    }
    (actor.kind == OrganisationKind::RegionalTeam).then_some(MonthSide::Lead)
}

fn other_side(block: &Block, side: MonthSide, month: Date, what: &str) -> Answer<Notice> {
    let (to, role) = match side {
        MonthSide::Provider => (block.lead, Role::CommissioningLead),
        MonthSide::Lead => (provider_of(block).ok_or(Outcome::NotFound)?, Role::ProviderManager),
    };
    Ok(Notice {
        to: to.0,
        role,
        subject: format!("{}: {} {what}", block.reference, month.strftime("%B %Y")),
        lines: vec!["Read the month night by night.".to_owned()],
        path: at(block, month),
    })
}

fn at(block: &Block, month: Date) -> String {
    format!("{}?month={}", page_of(block), month.strftime("%Y-%m"))
}

/// The month's settling as it stands, or its beginning.
async fn begun(work: &Work, block: &Block, month: Date, actor: &Actor, version: i64) -> Answer<BlockMonth> {
    let found = work.block_months(block.id).await?.into_iter().find(|one| one.month == month);
    let provider = provider_of(block).ok_or(Outcome::NotFound)?;
    let settling =
        found.unwrap_or_else(|| BlockMonth::new(work.new_id(), (block.id, block.lead, provider), month, actor.person));
    if settling.version == version { Ok(settling) } else { Err(Outcome::Conflict) }
}

/// Agrees a month's figures for one's own side.
#[derive(Debug, Clone, Serialize)]
pub struct AgreeMonth {
    /// The mini-block.
    pub block: String,
    /// The month's first day.
    pub month: Date,
    /// The version of the settling that the page showed; 0 where nobody had said anything.
    pub version: i64,
    /// The digest of the figures that the page showed.
    pub digest: String,
}

impl Command for AgreeMonth {
    const ACTION: Action = Action::KeepBlockNights;
    const NAME: &'static str = "block.agree_month";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own_block(work, actor, &self.block).await?;
        let side = side_of(&block, actor).ok_or(Outcome::NotFound)?;
        work.lock_block(block.id).await?;
        let month = self.month.first_of_month();
        let known = Known::read(work, block.id).await?;
        let now = month_now(work, &known, month).await?;
        if now.rows.is_empty() {
            return Err(Invalid::one("month", "Select a month of the contract").into());
        }
        if let Some(first) = first_open(&known, &work.block_months(block.id).await?).filter(|first| *first < month) {
            return Err(earlier_open(first).into());
        }
        let settling = begun(work, &block, month, actor, self.version).await?;
        let settled = settling.state.name() == "frozen";
        if !settled && now.figures.digest != self.digest {
            return Err(Outcome::Conflict);
        }
        let change = settling.agree(side, now.figures.clone(), actor.person, work.moment())?;
        let settling = work.apply(change).await?;
        let frozen = settling.state.name() == "frozen";
        if frozen {
            let corrections = now.adjusted.into_iter().map(|one| one.now);
            let rows: Vec<NightRow> = now.rows.into_iter().chain(corrections).collect();
            work.freeze_nights((block.id, block.lead, settling.provider), month, &rows).await?;
        }
        let what = if frozen { "is settled" } else { "is agreed by the other side" };
        work.enqueue(other_side(&block, side, month, what)?.job()?);
        Ok(Receipt::at(at(&block, month)))
    }
}

fn earlier_open(first: Date) -> Refusal {
    Refusal::new(
        "earlier_month_open",
        "Months are settled in order, so that a correction has one month to stand in",
        "An earlier month of this mini-block is not settled yet.",
        "You and the other side, by settling the earlier month first",
    )
    .found(first.strftime("%B %Y").to_string())
}

/// Says that something is wrong with a month.
#[derive(Debug, Clone, Serialize)]
pub struct DisputeMonth {
    /// The mini-block.
    pub block: String,
    /// The month's first day.
    pub month: Date,
    /// The version of the settling that the page showed.
    pub version: i64,
    /// What is wrong.
    pub reason: DisputeReason,
}

impl Command for DisputeMonth {
    const ACTION: Action = Action::KeepBlockNights;
    const NAME: &'static str = "block.dispute_month";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own_block(work, actor, &self.block).await?;
        let side = side_of(&block, actor).ok_or(Outcome::NotFound)?;
        work.lock_block(block.id).await?;
        let month = self.month.first_of_month();
        let settling = begun(work, &block, month, actor, self.version).await?;
        let change = settling.dispute(side, self.reason, actor.person, work.moment())?;
        work.apply(change).await?;
        let mut notice = other_side(&block, side, month, "is disputed")?;
        notice.lines.push(self.reason.label().to_owned());
        work.enqueue(notice.job()?);
        Ok(Receipt::at(at(&block, month)))
    }
}
