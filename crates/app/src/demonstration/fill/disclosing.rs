//! Disclosure in the demonstration: the grounds of the story's searches, a reading by the chosen home, a recall that was
//! assessed and ended, and cover for an officer's leave.

use std::sync::Arc;

use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::ground::{AgreedBy, LawfulBasis, SpecialCondition};
use placewell_domain::placing::disclosure::recall::{RecallCause, Risk};

use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::demonstration::TODAY;
use crate::demonstration::authorities::PARTS;
use crate::demonstration::people::officers;
use crate::demonstration::story::Told;
use crate::office::access::cover::ArrangeCover;
use crate::placing::disclosure::ground::{RecordGround, SaidOfConsent};
use crate::placing::disclosure::recall::{AssessRecall, LiftRecall, RecallDisclosure};

/// The search whose offers are compared today.
const COMPARED: &str = "HEF-R-0042";

/// Writes them, as the officer whose searches they are.
pub(super) async fn write(app: &Arc<App>, told: &Told) -> Answer<()> {
    let Some(part) = PARTS.iter().find(|part| part.code == "HEF") else { return Ok(()) };
    let officer = app.actor_by_email(&officers(part)[0]).await?;
    let org = officer.organisation;
    let session = app.store.read(Some(org)).await?;
    let agreement = session.agreement(org, &told.agreement).await?;
    let referral = session.referral(org, agreement.referral).await?;
    let offers = session.offers_of(org, referral.id).await?;
    let accepted = offers.iter().find(|offer| offer.state.stage() == Some(Stage::Chosen)).ok_or(Outcome::NotFound)?;
    let managers = session.people_in_role(agreement.provider, Role::ProviderManager, TODAY).await?;
    let colleagues = session.people_in_role(org, Role::PlacementOfficer, TODAY).await?;
    drop(session);
    let reference = referral.reference.to_string();
    for (name, by) in [(COMPARED, AgreedBy::Both), (reference.as_str(), AgreedBy::AuthoritySharesResponsibility)] {
        let ground = RecordGround {
            reference: name.to_owned(),
            basis: LawfulBasis::PublicTask,
            condition: SpecialCondition::SocialCare,
            consent: SaidOfConsent::Agreed { by, on: plus_days(TODAY, -5) },
        };
        app.perform(&officer, &format!("demonstration ground {name}"), ground).await?;
    }
    let manager = managers.into_iter().next().ok_or(Outcome::NotFound)?.actor;
    app.read_identity(&manager, accepted.invitation).await?;
    let recall = RecallDisclosure {
        reference,
        number: accepted.number,
        from: Stage::Chosen,
        cause: RecallCause::NameInWords,
        aware: TODAY.at(9, 5, 0, 0),
    };
    let receipt = app.perform(&officer, "demonstration recall", recall).await?;
    let id = receipt.location.rsplit('/').next().and_then(|id| id.parse().ok()).ok_or(Outcome::NotFound)?;
    let words = "The relative named in the details works at another home of the provider and has no part in this child's care (invented).";
    let assess = AssessRecall { recall: id, version: 1, risk: Risk::Unlikely, words: words.to_owned() };
    app.perform(&officer, "demonstration assessment", assess).await?;
    app.perform(&officer, "demonstration lift", LiftRecall { recall: id, version: 2 }).await?;
    if let Some(other) = colleagues.iter().find(|one| one.actor.person != officer.person) {
        let cover = ArrangeCover {
            absent: officer.person.0,
            covering: other.actor.person.0,
            role: Role::PlacementOfficer,
            from: plus_days(TODAY, 7),
            last: plus_days(TODAY, 11),
            reason: CoverReason::Leave,
        };
        app.perform(&officer, "demonstration cover", cover).await?;
    }
    Ok(())
}
