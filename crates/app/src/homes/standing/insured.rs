//! Until when a provider is insured: the one answer for checks, chasing and suspension. Its documents, the evidence of its
//! evaluation and what the region recorded by hand are read together; the first that ends counts.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use placewell_domain::homes::admission::criteria::InsuranceKind;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::insured::{insured_until, paper_of};
use placewell_domain::homes::admission::selection::Gate;
use placewell_domain::homes::standing::{
    StandingFact, StandingReason, StandingSubject, admitted_provider, uninsured_from,
};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_store::{Session, StoreError};

use crate::answer::Answer;

/// Before the first document that is kept.
const LONG_AGO: Date = date(2000, 1, 1);

/// A provider whose insurance ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ending {
    /// The provider.
    pub provider: OrganisationId,
    /// The first day without.
    pub from: Date,
    /// The region recorded it by hand, and no document says so as early.
    pub by_hand: bool,
}

fn is_admitted(one: &Evaluation) -> bool {
    matches!(one.state, EvaluationState::Admitted { .. })
}

/// The last day of a provider's insurance by its documents and by the evidence of its latest evaluation. A reader who may not
/// see the application takes the earliest end of all kinds for each.
async fn by_documents(session: &Session, provider: OrganisationId) -> Answer<Option<Date>> {
    let papers = session.papers_of(provider).await?;
    let known = session.evaluations_about(provider).await?;
    let Some(latest) = known.into_iter().find(is_admitted) else { return Ok(insured_until(&[], &papers)) };
    let application = match session.application(latest.application).await {
        Ok(application) => Some(application),
        Err(StoreError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let judged = latest.gates.iter().find(|gate| gate.gate == Gate::Insurance).and_then(|gate| gate.until);
    let seen = |kind| match &application {
        Some(application) => Some(application.answers.selection.insurance(kind)?.expires),
        None => judged,
    };
    let asked: Vec<_> = latest.criteria.insurances.iter().map(|(kind, _)| (*kind, seen(*kind))).collect();
    Ok(insured_until(&asked, &papers))
}

/// The first day on which a provider is without insurance, as far as it is known; none where nothing is known to end.
pub(crate) async fn insurance_ends(
    session: &Session,
    provider: OrganisationId,
    facts: &[StandingFact],
    today: Date,
) -> Answer<Option<Ending>> {
    let documents = by_documents(session, provider).await?.map(|until| plus_days(until, 1));
    let recorded = uninsured_from(facts, provider, today);
    let by_hand = recorded.is_some_and(|from| documents.is_none_or(|other| from < other));
    let from = documents.into_iter().chain(recorded).min();
    Ok(from.map(|from| Ending { provider, from, by_hand }))
}

/// Providers of the arrangement whose insurance has ended, or ends by a day.
pub(crate) async fn ending_by(session: &Session, today: Date, by: Date) -> Answer<Vec<Ending>> {
    let facts = session.standing_facts().await?;
    let mut looked_at: BTreeSet<OrganisationId> = BTreeSet::new();
    let insurance = |kind| InsuranceKind::ALL.iter().any(|one| paper_of(*one) == kind);
    let papers = session.papers_lapsing((LONG_AGO, by)).await?;
    looked_at.extend(papers.into_iter().filter(|paper| insurance(paper.kind)).map(|paper| paper.provider));
    let judged = |one: &Evaluation| {
        one.gates.iter().any(|gate| gate.gate == Gate::Insurance && gate.until.is_some_and(|until| until <= by))
    };
    let evaluations = session.evaluations().await?;
    looked_at.extend(evaluations.iter().filter(|one| is_admitted(one) && judged(one)).map(|one| one.provider));
    looked_at.extend(facts.iter().filter(|fact| fact.reason == StandingReason::InsuranceLapsed).filter_map(|fact| {
        match fact.subject {
            StandingSubject::Provider(id) => Some(id),
            StandingSubject::Home(_) => None,
        }
    }));
    let mut found = Vec::new();
    for provider in looked_at {
        let Some(ending) = insurance_ends(session, provider, &facts, today).await? else { continue };
        let counts = ending.by_hand || admitted_provider(&facts, provider, "", today).is_ok();
        if counts && ending.from <= by {
            found.push(ending);
        }
    }
    Ok(found)
}
