//! Mini-blocks: need, business case, competition, each authority's own approval, and the contract's life (rule 6).
//!
//! The lead writes the record; an authority's approval and its money are its own transaction; what follows for others is
//! left to jobs.

mod competing;
mod deciding;
mod following;
pub mod nights;
mod paper;
mod proposing;
mod publishing;
mod queries;
mod running;
mod signing;
mod tying;

pub(crate) use competing::who_may_bid;
pub use competing::{DeclineBid, Evaluate, ReleaseCompetition, SendBid};
pub use deciding::{DecideBlock, RecordOpinion};
pub use following::{FOLLOW, NEED, count_need, follow, go_on, go_on_today};
pub(crate) use following::{count_need_of, due, follow_of, run_due};
pub use proposing::{AskNeed, ProposeBlock, ReviseBlock, WriteCase};
pub use queries::{
    ApprovalLine, BidLine, BlockChoices, BlockLine, BlockPage, Deciding, NeedLine, OwnBid, OwnBidLine, OwnContract,
    PayingLine,
};
pub use running::{AgreeChange, DropChange, ProposeChange, WithdrawBlock};
pub use signing::{SignContract, SignForAuthorities, Signing, TypedSignature};

use jiff::civil::Date;
use placewell_domain::buying::block::{Block, BlockSpec, MOST_BEDS_DEFAULT, MostBeds, grade_gate};
use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::admitted_on;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::standing::standing_on;
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::approval::KeyDecisionLine;
use placewell_domain::setting::{Key, Scope};
use placewell_store::{Session, Work};
use sha2::{Digest, Sha256};

use crate::answer::{Answer, Outcome};
use crate::command::Receipt;
use crate::homes::standing::lot_open;
use crate::office::message::Notice;

/// The most beds of an award that limb (b) alone carries.
pub const MOST_BEDS: Key<MostBeds> = Key {
    name: "mini_block.most_beds",
    title: "Most beds of a mini-block",
    effect: "Awards approved from that day on with more beds need a key decision of their own, or the monitoring officer's \
             recorded opinion that they implement an earlier one.",
    source: "Rule 6.1: one to six beds",
    scope: Scope::Region,
    keeper: Action::RunBlocks,
    form: None,
    default: || MostBeds(MOST_BEDS_DEFAULT),
};

/// The line above which an authority's share of a mini-block is a key decision of its own (rule 6.1).
pub const BLOCK_KEY_LINE: Key<Option<KeyDecisionLine>> = Key {
    name: "key_decision.mini_blocks",
    title: "Key-decision line for mini-blocks",
    effect: "Awards approved from that day on in which the authority's share over the whole term reaches the line need a key \
             decision of their own, or the monitoring officer's recorded opinion that they implement an earlier one.",
    source: "Herefordshire's constitution: £500,000. Each authority records its own",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: || {
        Some(KeyDecisionLine {
            from: Pence::pounds(500_000),
            clause: "key decisions, as in Herefordshire's constitution".to_owned(),
        })
    },
};

/// The hash of what an approval rests on.
fn facts_of(block: &Block) -> Answer<String> {
    Ok(hex::encode(Sha256::digest(serde_json::to_vec(&block.facts())?)))
}

/// The mini-block at the version that the page was made from.
async fn shown(session: &Session, reference: &str, version: i64) -> Answer<Block> {
    let block = session.block_by_reference(reference).await?;
    if block.version == version { Ok(block) } else { Err(Outcome::Conflict) }
}

/// The same under the block's lock: nobody decides on it or moves it before this ends.
async fn locked(work: &Work, reference: &str, version: i64) -> Answer<Block> {
    work.lock_block(work.block_by_reference(reference).await?.id).await?;
    shown(work, reference, version).await
}

/// The same, of the lead that keeps it.
async fn own(work: &Work, reference: &str, version: i64) -> Answer<Block> {
    let block = locked(work, reference, version).await?;
    if block.lead == work.org() { Ok(block) } else { Err(Outcome::NotFound) }
}

fn page_of(block: &Block) -> Receipt {
    Receipt::at(path_of(block))
}

fn path_of(block: &Block) -> String {
    format!("/mini-blocks/{}", block.reference)
}

fn notice(block: &Block, to: OrganisationId, role: Role, what: &str) -> Notice {
    Notice {
        to: to.0,
        role,
        subject: format!("{}: {what}", block.reference),
        lines: vec![block.title.clone()],
        path: path_of(block),
    }
}

/// Refuses beds of homes that may not take children of this lot on a day: registration, standing as a whole and on the lot,
/// the grade, admission to the lot.
async fn homes_may_be_used(session: &Session, (lot, day): (&str, Date), homes: &[HomeId]) -> Answer<()> {
    for id in homes {
        let home = session.home(*id).await?;
        home.may_admit()?;
        let facts = session.standing_of(home.id, home.provider).await?;
        standing_on(&facts, home.id, home.provider, day).may_admit(&home.name)?;
        lot_open(session, &home, lot, day).await?;
        let (grade, _) = grade_on(&session.inspections(home.id).await?, day);
        grade_gate(grade, &home.name)?;
        let admissions = session.admissions_of(home.id).await?;
        if admitted_on(&admissions, home.id, lot, day).is_none() {
            return Err(Refusal::new(
                "not_on_the_lot",
                "A mini-block is bought at homes admitted on its lot",
                format!("{} is not admitted on the lot on {}.", home.name, long_date(day)),
                "Commissioning lead of the regional team, who admits homes",
            )
            .found(format!("not on the lot on {}", long_date(day)))
            .into());
        }
    }
    Ok(())
}

/// The first night on which the beds of what is asked can be used: the contract's first, or today where that has passed, so
/// that what became of a home since counts.
fn first_use(spec: &BlockSpec, today: Date) -> Date {
    spec.from.max(today)
}
