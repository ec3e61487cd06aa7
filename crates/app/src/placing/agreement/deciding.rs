//! Who decides an act of an agreement: the holder of the power, signed in; or an officer records what the holder said,
//! and the holder confirms it by noon of the next working day. Nobody decides what they ask for (rules 1.1, 1.2, 1.5).

use jiff::civil::DateTime;
use placewell_domain::clock::Moment;
use placewell_domain::id::PersonId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::{Agreement, NoPower};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::{Act, Power, PowerQuestion, Said, nobody_holds};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::clock::moment_of;
use crate::command::{Command, Receipt};
use crate::office::message::Notice;
use crate::placing::referral::working_days;
use crate::power::delegation::power_of;

const BY_THE_HOLDER: &str = "decided_by_the_holder";

/// How an operational decision reached the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Decided {
    /// By the person who is signed in.
    SignedIn,
    /// By word of mouth, recorded by the officer who is signed in.
    ByWord {
        /// Who said it.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

/// The question whether a person may decide an act about this agreement that somebody asks for.
pub(super) fn question(agreement: &Agreement, act: Act, person: PersonId, asked_by: Option<PersonId>) -> PowerQuestion {
    let about_spot = agreement.terms.route == Route::Spot;
    PowerQuestion { act, about_spot, case: agreement.case, person, asked_by }
}

/// The power by which an act is decided, and the agreement that the act is made on: a decision by word of mouth stands
/// on it until it is confirmed.
pub(super) async fn decide(
    work: &mut Work,
    actor: &Actor,
    agreement: Agreement,
    act: Act,
    decided: Decided,
) -> Answer<(Agreement, Power)> {
    let moment = work.moment();
    match decided {
        Decided::SignedIn => {
            if !may(actor.role, Action::Decide) {
                return Err(Refusal::new(
                    BY_THE_HOLDER,
                    "An operational decision is made by the holder of the power, and by nobody for them",
                    "An officer does not decide this. The holder does it signed in, or you record who said it and when.",
                    "A holder of a post that the limb names",
                )
                .found(act.label())
                .into());
            }
            let asked = question(&agreement, act, actor.person, None);
            let power = power_of(work, agreement.authority, &asked, moment).await?;
            Ok((agreement, power))
        }
        Decided::ByWord { by, at } => {
            let days = working_days(work, agreement.authority, moment.today()).await?;
            let said = Said::record((act, agreement.version + 1), (by, at), actor.person, &days, moment)?;
            let asked = question(&agreement, act, by, Some(actor.person));
            let power = power_of(work, agreement.authority, &asked, moment_of(at)).await?;
            work.enqueue(to_confirm(&agreement).job()?);
            Ok((agreement.decided_by_word(said), power))
        }
    }
}

/// The power by which what has happened is recorded; where nobody holds one today, whoever records it and why there is
/// none: a child who has left has left (rules 1.2 and 2.4).
pub(super) async fn decide_fact(
    work: &mut Work,
    actor: &Actor,
    agreement: Agreement,
    act: Act,
    decided: Decided,
) -> Answer<(Agreement, Result<Power, NoPower>)> {
    let known = agreement.clone();
    let refused = match decide(work, actor, agreement, act, decided).await {
        Ok((agreement, power)) => return Ok((agreement, Ok(power))),
        Err(Outcome::Refused(refused)) if nobody_holds(&refused) || refused.code == BY_THE_HOLDER => refused,
        Err(other) => return Err(other),
    };
    match without_power(work, actor, (&known, act), work.moment()).await? {
        Some(without) => Ok((known, Err(without))),
        None => Err(Outcome::Refused(refused)),
    }
}

/// Why nobody holds a power for an act about an agreement today; none where somebody does.
pub(super) async fn without_power(
    session: &Session,
    actor: &Actor,
    (agreement, act): (&Agreement, Act),
    moment: Moment,
) -> Answer<Option<NoPower>> {
    let asked = question(agreement, act, actor.person, None);
    match power_of(session, agreement.authority, &asked, moment).await {
        Err(Outcome::Refused(refused)) => Ok(NoPower::told_by(&refused, actor.person)),
        Err(other) => Err(other),
        Ok(_) => Ok(None),
    }
}

/// The mail that asks the holder of the power to confirm.
fn to_confirm(agreement: &Agreement) -> Notice {
    Notice {
        to: agreement.authority.0,
        role: Role::Approver,
        subject: format!("{}: confirm what you decided", agreement.reference),
        lines: vec![
            "An officer recorded a decision by word of mouth. Whoever made it confirms it in writing.".to_owned(),
        ],
        path: format!("/agreements/{}/confirm", agreement.reference),
    }
}

/// Confirms in writing what one decided by word of mouth.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmDecision {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The version that the decision made.
    pub made: i64,
}

impl Command for ConfirmDecision {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "agreement.confirm";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let change = agreement.confirm_said(self.made, actor.person, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}
