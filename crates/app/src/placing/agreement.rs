//! Agreements at work: signed by both sides, started, reviewed, given notice on, ended; and their paper.
//!
//! What releases or commits money does so in the same transaction; where the provider acts, a job does it in the
//! authority's own.

mod asking;
mod at_block;
mod by_month;
mod conditions;
mod content;
mod deciding;
pub mod history;
mod moving;
pub mod of_home;
pub mod opening;
mod outliving;
mod paper;
pub mod papers;
mod repricing;
mod running;
mod stepping;
mod vary;
mod view;
mod watch;
mod worklist;

pub use asking::{AskChange, DeclineAsked};
pub(crate) use at_block::release_block_bed;
pub use by_month::{AgreedLine, AgreedMonth, NotDelivered};
pub use conditions::MeetCondition;
pub use content::{CareTerms, CompleteParticulars, notice_terms};
pub use deciding::{ConfirmDecision, Decided};
pub use moving::{ConsentMove, DeclineMove, MoveLine, MovesPage, OfferMoves, TakeBackMove};
pub use outliving::{LeaveArrangement, OutlivingLine, PastTheTerm, living_of, outliving_sheet};
pub use paper::{content_hash, write_paper};
pub use placewell_store::office::document::DocumentEntry as AgreementCopy;
pub use placewell_store::placing::agreement::{AgreementTab, PAPER};
pub(crate) use repricing::count_uplifts;
pub use repricing::{ConfirmRepricing, KeepPrice, OwnUplifts, RepricingLine, RepricingPage, tell_uplift};
pub use running::{
    CancelAgreement, EndAgreement, GiveNotice, REFIT, ReviewPlannedEnd, Sign, StartStay, refit, roll_overdue,
};
pub use stepping::{ReviewSupport, ShareLine};
pub use vary::{AddSupport, ChangePrice};
pub use view::{AgreementLine, AgreementList, AgreementView, Event as AgreementEvent, MayDecide, Released};
pub use watch::{PutRight, RecordGround};
pub use worklist::{Todo, TodoLine, remind_due};

use placewell_domain::placing::agreement::Agreement;
use placewell_store::Work;

use crate::answer::{Answer, Outcome};
use crate::command::Receipt;

/// An agreement of this work's organisation, at the version that the page was made from.
async fn current(work: &Work, reference: &str, version: i64) -> Answer<Agreement> {
    let agreement = work.agreement(work.org(), reference).await?;
    if agreement.version == version { Ok(agreement) } else { Err(Outcome::Conflict) }
}

fn page_of(agreement: &Agreement) -> Receipt {
    Receipt::at(format!("/agreements/{}", agreement.reference))
}
