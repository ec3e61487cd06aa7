//! Agreements at work: signed by both sides, started, reviewed, given notice on, ended; and their paper.
//!
//! What releases or commits money does so in the same transaction; where the provider acts, a job does it in the
//! authority's own.

mod content;
mod paper;
mod running;
mod vary;
mod view;
mod watch;

pub use content::{CareTerms, CompleteParticulars, notice_terms};
pub use paper::write_paper;
pub use placewell_store::placing::agreement::{AgreementTab, PAPER};
pub use running::{
    CancelAgreement, EndAgreement, GiveNotice, REFIT, ReviewPlannedEnd, Sign, StartStay, refit, roll_overdue,
};
pub use vary::{AddSupport, ChangePrice};
pub use view::{AgreementLine, AgreementList, AgreementView, Event as AgreementEvent, MayDecide, Released};
pub use watch::{PutRight, RecordGround};

use placewell_domain::id::PersonId;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::{Act, Power, PowerQuestion};
use placewell_store::{Session, Work};

use crate::answer::{Answer, Outcome};
use crate::command::Receipt;
use crate::power::delegation::power_of;

/// An agreement of this work's organisation, at the version that the page was made from.
async fn current(work: &Work, reference: &str, version: i64) -> Answer<Agreement> {
    let agreement = work.agreement(work.org(), reference).await?;
    if agreement.version == version { Ok(agreement) } else { Err(Outcome::Conflict) }
}

fn page_of(agreement: &Agreement) -> Receipt {
    Receipt::at(format!("/agreements/{}", agreement.reference))
}

/// The question whether a person may decide an act about this agreement.
fn question(agreement: &Agreement, act: Act, person: PersonId) -> PowerQuestion {
    let about_spot = agreement.terms.route == Route::Spot;
    PowerQuestion { act, about_spot, case: agreement.case, person, asked_by: None }
}

/// The power by which the person named decides an act: every operational decision cites it (rule 1.2).
async fn power_for(
    session: &Session,
    agreement: &Agreement,
    act: Act,
    decided_by: PersonId,
    at: placewell_domain::clock::Moment,
) -> Answer<Power> {
    power_of(session, agreement.authority, &question(agreement, act, decided_by), at).await
}
