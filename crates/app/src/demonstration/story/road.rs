//! The rest of the road for a search with offers: recommend, approve, sign, start, each at its own time.

use jiff::civil::{Date, DateTime};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::placing::agreement::Included;
use placewell_domain::placing::approval::{Gates, Relatives, Wishes};
use placewell_domain::placing::offer::NotChosenReason;
use placewell_domain::power::delegation::RemitArea;

use super::Teller;
use crate::answer::{Answer, Outcome};
use crate::demonstration::people::{DIRECTOR, approver};
use crate::placing::agreement::{CompleteParticulars, Sign, StartStay};
use crate::placing::approval::{Approve, Reasons, Recommend, RecordVerbal};

impl Teller<'_> {
    /// Recommends the offer with this number; the first approval's reference.
    pub(super) async fn recommend(&self, reference: &str, number: u32, weeks: i64, at: DateTime) -> Answer<String> {
        let org = self.written.organisation(self.part.code)?;
        let session = self.app.store.read(Some(org)).await?;
        let referral = session.referral_by_reference(org, reference).await?;
        let offers = session.offers_of(org, referral.id).await?;
        drop(session);
        let start = offers.iter().find(|offer| offer.number == number).map_or(at.date(), |offer| offer.terms.start);
        let reasons = offers.iter().map(|offer| Reasons {
            number: offer.number,
            for_it: if offer.number == number {
                "Meets every must-have, and the team knows this kind of need.".to_owned()
            } else {
                "Could start on the same day.".to_owned()
            },
            against: if offer.number == number {
                "One resident is two years older; the home has a plan for that.".to_owned()
            } else {
                "Further from the present school.".to_owned()
            },
            not_chosen: (offer.number != number).then_some(NotChosenReason::KeepsSchool),
        });
        let command = Recommend {
            reference: reference.to_owned(),
            version: referral.version,
            number,
            planned_end: plus_days(start, weeks * 7),
            case: RemitArea::ChildrenLookedAfter,
            reasons: reasons.collect(),
            gates: gates(plus_days(at.date(), -1)),
            wishes: "Saw the home's film with the social worker, and wants to keep the same school.".to_owned(),
            social_worker: "The most appropriate placement available; consistent with the care plan.".to_owned(),
            relatives: String::new(),
            circumstances: if offers.len() < 2 {
                "The other homes asked declined.".to_owned()
            } else {
                "What decides is that the child keeps the same school.".to_owned()
            },
        };
        let receipt = self.act(&self.officer(), at, command).await?;
        Ok(receipt.location.rsplit('/').next().unwrap_or_default().to_owned())
    }

    /// Approves every approval that is open on the recommendation of this one, as the Assistant Director.
    pub(super) async fn approve(&self, first: &str, at: DateTime) -> Answer<String> {
        self.app.calendar.move_to(at);
        let actor = self.app.actor_by_email(&approver(self.part)).await?;
        let session = self.app.see(&actor, Action::SeeApprovals).await?;
        let one = session.approval(actor.organisation, first).await?;
        let all = session.approvals_of(actor.organisation, one.recommendation).await?;
        drop(session);
        for approval in all {
            let reference = approval.reference.to_string();
            let view = self.app.approval_view(&actor, &reference).await?;
            let command = Approve {
                reference,
                version: view.approval.version,
                seen: view.hash,
                conditions: String::new(),
                urgent: false,
            };
            self.act(&approver(self.part), at, command).await?;
        }
        self.agreement_of(one.referral).await
    }

    /// The Director said yes on the telephone; nobody has confirmed it in writing yet.
    pub(super) async fn verbal(&self, first: &str, at: DateTime) -> Answer<String> {
        self.app.calendar.move_to(at);
        let actor = self.app.actor_by_email(&self.officer()).await?;
        let session = self.app.see(&actor, Action::SeeApprovals).await?;
        let one = session.approval(actor.organisation, first).await?;
        drop(session);
        let seen = self.app.approval_view(&actor, first).await?.hash;
        let command = RecordVerbal {
            seen,
            reference: first.to_owned(),
            version: one.version,
            by: self.written.person(DIRECTOR)?,
            said_at: at.saturating_sub(jiff::Span::new().minutes(10)),
            urgent: false,
        };
        self.act(&self.officer(), at, command).await?;
        self.agreement_of(one.referral).await
    }

    async fn agreement_of(&self, referral: placewell_domain::id::ReferralId) -> Answer<String> {
        let org = self.written.organisation(self.part.code)?;
        let session = self.app.store.read(Some(org)).await?;
        let agreement = session.agreement_of(org, referral).await?.ok_or(Outcome::NotFound)?;
        Ok(agreement.reference.to_string())
    }

    /// Both sides sign: the officer first, then the home's manager.
    pub(super) async fn sign_both(
        &self,
        reference: &str,
        home: usize,
        (ours, theirs): (DateTime, DateTime),
    ) -> Answer<()> {
        let manager = self.manager(home);
        let officer = self.officer();
        self.complete(reference, ours).await?;
        let sides = [(officer.as_str(), ours, "Placement officer"), (manager.as_str(), theirs, "Placements manager")];
        for (email, at, role) in sides {
            let actor = self.app.actor_by_email(email).await?;
            let session = self.app.store.read(Some(actor.organisation)).await?;
            let version = session.agreement(actor.organisation, reference).await?.version;
            drop(session);
            let command = Sign {
                reference: reference.to_owned(),
                version,
                name: actor.name.clone(),
                role: role.to_owned(),
                has_authority: true,
            };
            self.act(email, at, command).await?;
        }
        Ok(())
    }

    /// The officer completes what the agreement says about care, before anybody signs.
    async fn complete(&self, reference: &str, at: DateTime) -> Answer<()> {
        let officer = self.officer();
        let actor = self.app.actor_by_email(&officer).await?;
        let session = self.app.store.read(Some(actor.organisation)).await?;
        let version = session.agreement(actor.organisation, reference).await?.version;
        drop(session);
        let command = CompleteParticulars {
            reference: reference.to_owned(),
            version,
            outcomes: "Goes to school every day\nSpends every other weekend with family\nJoins a club".to_owned(),
            staffing: "One adult to two children by day, one awake at night".to_owned(),
            included: vec![Included::PocketMoney, Included::Clothing, Included::Activities, Included::FamilyTransport],
            education: "Stays at the present school".to_owned(),
            health: "A doctor and a dentist nearby".to_owned(),
        };
        self.act(&officer, at, command).await?;
        Ok(())
    }

    /// The child starts.
    pub(super) async fn start(
        &self,
        reference: &str,
        on: Date,
        unsigned: Option<placewell_domain::placing::agreement::UnsignedReason>,
        at: DateTime,
    ) -> Answer<()> {
        let org = self.written.organisation(self.part.code)?;
        let session = self.app.store.read(Some(org)).await?;
        let version = session.agreement(org, reference).await?.version;
        drop(session);
        self.act(&self.officer(), at, StartStay { reference: reference.to_owned(), version, on, unsigned }).await?;
        Ok(())
    }
}

fn gates(on: Date) -> Gates {
    Gates {
        wishes: Wishes::Ascertained,
        most_appropriate: true,
        in_care_plan: true,
        relatives: Relatives::Consulted,
        reviewing_officer: Some(on),
        area_authority: Some(on),
        care_plan_sent: true,
    }
}
