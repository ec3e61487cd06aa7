//! The nights of a mini-block at work: nominated and answered, lived in, empty with a cause, re-sold; settled month by
//! month; and followed by each authority's ledger of the annual value (rule 6.2).

mod causes;
mod facts;
mod follow;
mod nominate;
mod recharge;
mod selling;
mod settle;
mod standing;
mod too_empty;
mod turns;
mod view;

pub use causes::RecordVoid;
pub(crate) use facts::Known;
pub use facts::{used_since, weekly_of};
pub(crate) use follow::settle;
pub use follow::{FOLLOW, at_bed, follow, follow_job};
pub use nominate::{AcceptNomination, ConcedeRefusal, NominateChild, RefuseNomination, ToNominate, WithdrawNomination};
pub use recharge::{Recharge, RechargeLine};
pub use selling::{OfferNights, WithdrawNights};
pub use settle::{AgreeMonth, DisputeMonth};
pub use standing::follow_standing;
pub use too_empty::VOID_ALERT;
pub(crate) use too_empty::{is_due, look, seen};
pub use turns::{PassVoid, TakeVoid};
pub(crate) use turns::{end_turns, move_turns, turns_due};
pub use view::{
    Against, BreakEven, MonthTotals, NightsPage, NominationKnown, NominationLine, ResaleLine, SlotName, ToAnswer,
    VoidOfferLine,
};

use placewell_domain::buying::block::Block;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::Session;

use crate::answer::{Answer, Outcome};

/// A mini-block that is one's own: the lead's, a paying authority's, the provider's.
async fn own_block(session: &Session, actor: &Actor, reference: &str) -> Answer<Block> {
    let block = session.block_by_reference(reference).await?;
    let paying = block.share_of(actor.organisation).is_some();
    let provides = provider_of(&block) == Some(actor.organisation);
    let leads = block.lead == actor.organisation || actor.kind == OrganisationKind::RegionalTeam;
    if paying || provides || leads {
        return Ok(block);
    }
    let resales = session.resales_of(block.id).await?;
    if resales.iter().any(|resale| resale.buyer == actor.organisation) { Ok(block) } else { Err(Outcome::NotFound) }
}

/// The provider of a contract.
fn provider_of(block: &Block) -> Option<OrganisationId> {
    block.contract.as_ref().map(|contract| contract.provider)
}

/// Refuses what only a contract that runs can have.
fn must_run(block: &Block) -> Result<(), Refusal> {
    if block.runs() {
        return Ok(());
    }
    Err(Refusal::new(
        "block_not_live",
        "A mini-block's beds are used once every paying authority has approved it",
        format!("{} does not run: it is {}.", block.reference, block.state.label().to_lowercase()),
        "The paying authorities, by their approvals",
    ))
}

/// The page of a block's nights.
fn page_of(block: &Block) -> String {
    format!("/mini-blocks/{}/nights", block.reference)
}
