//! The ground on which a home is told who a child is: recorded before, and the hard gate of it. Where the award came first,
//! the recording lets the waiting disclosure go.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::PersonId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::ground::{
    AgreedBy, Consent, Ground, GroundGiven, LawfulBasis, OverrideReason, SpecialCondition,
};
use placewell_domain::placing::disclosure::recall::{Recall, RecallCause, Recalling};
use placewell_domain::placing::offer::OfferState;
use placewell_domain::placing::referral::Referral;
use placewell_store::Work;
use serde::Serialize;

use super::recall::{seen_on, tell_of_recall};
use super::{chosen, reached_by};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;
use crate::placing::child::sealing;

/// The most characters of the reasons for going on without consent.
pub const LONGEST: usize = 2_000;

/// What an officer says of consent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidOfConsent {
    /// Somebody agreed.
    Agreed {
        /// Who.
        by: AgreedBy,
        /// When.
        on: Date,
    },
    /// Somebody decided to go on without.
    Overridden {
        /// Why.
        reason: OverrideReason,
        /// Who decided it.
        decided_by: i64,
        /// The reasons in words.
        words: String,
    },
}

/// Records the ground of a child's disclosure.
#[derive(Debug, Clone, Serialize)]
pub struct RecordGround {
    /// The referral.
    pub reference: String,
    /// The lawful basis.
    pub basis: LawfulBasis,
    /// The condition for special category data.
    pub condition: SpecialCondition,
    /// Consent, or its override.
    pub consent: SaidOfConsent,
}

fn page_of(referral: &Referral) -> String {
    format!("/referrals/{}/ground", referral.reference)
}

impl Command for RecordGround {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "disclosure_ground.record";
    const PROVEN: bool = true;

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        work.child(work.org(), referral.child).await?.kept()?;
        let consent = consent(work, &referral, &self.consent).await?;
        let standing = work.ground_in_force(work.org(), referral.id).await?;
        let given = GroundGiven {
            authority: work.org(),
            referral: referral.id,
            basis: self.basis,
            condition: self.condition,
            consent,
        };
        let change = Ground::record(work.new_id(), given, standing.as_ref(), actor.person, work.moment())?;
        let ground = work.apply(change).await?;
        if let Consent::Overridden { .. } = ground.consent {
            let notice = Notice {
                to: work.org().0,
                role: Role::Approver,
                subject: format!("{}: consent was overridden", referral.reference),
                lines: vec![
                    format!("{}.", ground.consent.label()),
                    "Check that you, or a colleague, decided it.".to_owned(),
                ],
                path: page_of(&referral),
            };
            work.enqueue(notice.job()?);
        }
        let offers = work.offers_of(work.org(), referral.id).await?;
        let accepted = offers.iter().find(|offer| matches!(offer.state, OfferState::Accepted { .. }));
        if let Some(accepted) = accepted
            && reached_by(work, work.org(), core::slice::from_ref(accepted)).await?.is_some()
        {
            sealing::must_be_opened(work, actor, referral.child).await?;
            chosen(work, &referral, accepted).await?;
        }
        Ok(Receipt::at(page_of(&referral)))
    }
}

async fn consent(work: &Work, referral: &Referral, said: &SaidOfConsent) -> Answer<Consent> {
    match said {
        SaidOfConsent::Agreed { by, on } => Ok(Consent::Agreed { by: *by, on: *on }),
        SaidOfConsent::Overridden { reason, decided_by, words } => {
            let mut wrong = Invalid::default();
            let deciders = work.people_in_role(work.org(), Role::Approver, work.moment().today()).await?;
            let decided_by = PersonId(*decided_by);
            if !deciders.iter().any(|one| one.actor.person == decided_by) {
                wrong.add("decided_by", "Choose the director or assistant director who decided it");
            }
            let words = words.trim();
            if words.is_empty() || words.chars().count() > LONGEST {
                wrong.add("words", format!("Enter the reasons, in {LONGEST} characters or fewer"));
            }
            wrong.or(())?;
            let key = work.child_key(work.org(), referral.child).await?;
            Ok(Consent::Overridden { reason: *reason, decided_by, words: key.seal(&words.to_owned())? })
        }
    }
}

/// Records that a ground no longer holds, and recalls who the child is from every home that was told on it.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawGround {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for WithdrawGround {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "disclosure_ground.withdraw";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let ground = work.ground_in_force(work.org(), referral.id).await?.ok_or(Outcome::NotFound)?;
        if ground.version != self.version {
            return Err(Outcome::Conflict);
        }
        let (moment, org) = (work.moment(), work.org());
        work.apply(ground.withdraw(actor.person, moment)?).await?;
        for invitation in work.invitations_of(org, referral.id).await? {
            let told = work.was_disclosed(org, invitation.id, Stage::Chosen).await?;
            // Whatever stage a recall begins at, it takes this with it.
            if !told || work.recalls_on(org, invitation.id).await?.iter().any(Recall::stands) {
                continue;
            }
            let of = Recalling {
                authority: org,
                provider: invitation.provider,
                home: invitation.home,
                invitation: invitation.id,
                from: Stage::Chosen,
                cause: RecallCause::ConsentWithdrawn,
                aware: moment.local,
                // Also where access ended since, as by a cancellation: that asks nobody to delete what they have.
                reached: Some(Stage::Chosen),
                readings: seen_on(work, org, &invitation).await?,
            };
            let recall = work.apply(Recall::take_back(work.new_id(), of, actor.person, moment)?).await?;
            tell_of_recall(work, &invitation, &recall)?;
        }
        Ok(Receipt::at(page_of(&referral)))
    }
}

/// A referral's grounds as its authority reads them.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// The referral.
    pub referral: Referral,
    /// Every ground with who recorded it, oldest first.
    pub all: Vec<(Ground, String)>,
    /// The reasons of the one in force for going on without consent, and who decided it; for those who see the child.
    pub override_words: Option<(String, String)>,
    /// Who can decide to go on without consent.
    pub deciders: Vec<(PersonId, String)>,
    /// An award waits for a ground before its home is told who the child is.
    pub waiting: bool,
    /// Whether the child's record was erased, and the reasons with it.
    pub erased: bool,
}

impl App {
    /// The grounds of a referral.
    pub async fn grounds(self: &Arc<Self>, actor: &Actor, reference: &str) -> Answer<Grounds> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let org = actor.organisation;
        let referral = session.referral_by_reference(org, reference).await?;
        let mut all = Vec::new();
        for ground in session.grounds_of(org, referral.id).await? {
            let name = session.person_name(ground.recorded_by).await?;
            all.push((ground, name));
        }
        let in_force = session.ground_in_force(org, referral.id).await?;
        let override_words = match in_force.as_ref().map(|ground| &ground.consent) {
            Some(Consent::Overridden { decided_by, words, .. }) if may(actor.role, Action::SeeChild) => {
                let (now, field) = (self.calendar.now(), ("ground_words", words));
                let words = sealing::opened(&session, (actor, now), referral.child, field).await?;
                Some((session.person_name(*decided_by).await?, words.unwrap_or_default()))
            }
            _ => None,
        };
        let mut deciders = session.people_in_role(org, Role::Approver, self.calendar.now().today()).await?;
        // Two covers may lend one person the role.
        let mut named = HashSet::new();
        deciders.retain(|one| named.insert(one.actor.person));
        let offers = session.offers_of(org, referral.id).await?;
        let reached = reached_by(&session, org, &offers).await?;
        let erased = session.child(org, referral.child).await?.state == ChildState::Forgotten;
        Ok(Grounds {
            waiting: reached == Some(Stage::Chosen) && in_force.is_none() && !erased,
            erased,
            all,
            override_words,
            deciders: deciders
                .into_iter()
                .filter(|one| one.actor.person != actor.person)
                .map(|one| (one.actor.person, format!("{}, {}", one.actor.name, one.title)))
                .collect(),
            referral,
        })
    }
}
