//! Every step of a year's ledger in the order of the record: what moved, by how much, and what was committed after it.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use placewell_domain::calendar::{ContractYear, year_of};
use placewell_domain::id::AgreementId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::power::annual_value::{Bucket, ExceptionReason};
use placewell_store::power::annual_value::{Moved, OverGrant};

use super::ledger_terms;
use super::page::excepted_by;
use crate::answer::Answer;
use crate::clock::moment_at;
use crate::command::App;

/// A step of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementRow {
    /// Its number in the authority's record.
    pub sequence: i64,
    /// When it was recorded, in London.
    pub at: DateTime,
    /// The agreement's reference, or the decision's where the ceiling moved.
    pub reference: String,
    /// By how much what is committed moved; none where the ceiling did.
    pub delta: Option<Pence>,
    /// What is committed after it.
    pub committed: Pence,
    /// The ceiling after it.
    pub ceiling: Pence,
    /// Why it stands above the ceiling.
    pub exception: Option<ExceptionReason>,
    /// Who excepted it.
    pub person: String,
}

/// The steps of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementsOfYear {
    /// The first day of the year.
    pub start: Date,
    /// Its words.
    pub year: String,
    /// The steps, in the order of the record.
    pub rows: Vec<MovementRow>,
}

impl App {
    /// The steps of a year of the actor's own authority; without a year, of the one that today stands in. Those who
    /// see totals only do not see which agreement moved.
    pub async fn annual_value_movements(&self, actor: &Actor, starts_in: Option<i16>) -> Answer<MovementsOfYear> {
        let session = self.see(actor, Action::SeeAnnualValue).await?;
        let totals_only = actor.role == Role::DemocraticServices;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let terms = ledger_terms(&session, org, today).await?;
        let year = match starts_in {
            Some(starts_in) => ContractYear::starting_in(starts_in, terms.reading.year),
            None => year_of(today.min(terms.term_end), terms.reading.year),
        };
        let agreements: BTreeMap<AgreementId, String> = session
            .commitments(org)
            .await?
            .into_iter()
            .map(|commitment| (commitment.agreement, commitment.reference))
            .collect();
        let grants: BTreeMap<i64, OverGrant> =
            session.over_grants(org).await?.into_iter().map(|grant| (grant.id, grant)).collect();
        let (mut committed, mut ceiling) = (Pence::ZERO, Pence::ZERO);
        let mut rows = Vec::new();
        for movement in session.ledger_movements(org, year.first()).await? {
            let (reference, delta, grant) = match movement.what {
                Moved::Ceiling { ceiling: set, reference } => {
                    ceiling = set;
                    (reference, None, None)
                }
                Moved::Commitment { agreement, delta, grant } => {
                    committed += delta;
                    let reference = agreements.get(&agreement).filter(|_| !totals_only).cloned().unwrap_or_default();
                    (reference, Some(delta), grant.and_then(|grant| grants.get(&grant)))
                }
            };
            let person = match grant {
                Some(grant) => excepted_by(&session, grant).await?,
                None => String::new(),
            };
            rows.push(MovementRow {
                sequence: movement.sequence,
                at: moment_at(movement.at).local,
                reference,
                delta,
                committed,
                ceiling,
                exception: grant.map(|grant| grant.reason),
                person,
            });
        }
        Ok(MovementsOfYear { start: year.first(), year: Bucket::Year(year).words(), rows })
    }
}
