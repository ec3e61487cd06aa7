//! Until when a provider is insured: the one answer for checks, chasing and suspension. Its documents, the evidence of its
//! evaluation and what the region recorded by hand are read together; the first that ends counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use placewell_domain::homes::admission::application::Application;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::insured::insured_until;
use placewell_domain::homes::admission::selection::Gate;
use placewell_domain::homes::home::paper::Paper;
use placewell_domain::homes::standing::{
    StandingFact, StandingReason, StandingSubject, admitted_provider, uninsured_from,
};
use placewell_domain::id::{ApplicationId, OrganisationId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_store::Session;

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
fn documented(
    papers: &[Paper],
    latest: Option<&Evaluation>,
    applications: &[Application],
    today: Date,
) -> Option<Date> {
    let Some(latest) = latest else { return insured_until(&[], papers, today) };
    let application = applications.iter().find(|one| one.id == latest.application);
    let judged = latest.gates.iter().find(|gate| gate.gate == Gate::Insurance).and_then(|gate| gate.until);
    let seen = |kind| match application {
        Some(application) => Some(application.answers.selection.insurance(kind)?.expires),
        None => judged,
    };
    let asked: Vec<_> = latest.criteria.insurances.iter().map(|(kind, _)| (*kind, seen(*kind))).collect();
    insured_until(&asked, papers, today)
}

/// The first day without, of what documents show and what the region recorded.
fn first_end(provider: OrganisationId, documents: Option<Date>, facts: &[StandingFact], today: Date) -> Option<Ending> {
    let documents = documents.map(|until| plus_days(until, 1));
    let recorded = uninsured_from(facts, provider, today);
    let by_hand = recorded.is_some_and(|from| documents.is_none_or(|other| from < other));
    let from = documents.into_iter().chain(recorded).min()?;
    Some(Ending { provider, from, by_hand })
}

/// The first day on which a provider is without insurance, as far as it is known; none where nothing is known to end.
pub(crate) async fn insurance_ends(
    session: &Session,
    provider: OrganisationId,
    facts: &[StandingFact],
    today: Date,
) -> Answer<Option<Ending>> {
    let papers = session.papers_of(provider).await?;
    let latest = session.evaluations_about(provider).await?.into_iter().find(is_admitted);
    let evaluated: Vec<ApplicationId> = latest.iter().map(|latest| latest.application).collect();
    let applications = session.applications_among(&evaluated).await?;
    Ok(first_end(provider, documented(&papers, latest.as_ref(), &applications, today), facts, today))
}

/// Providers of the arrangement whose insurance has ended, or ends by a day: read together, however many they are.
pub(crate) async fn ending_by(session: &Session, today: Date, by: Date) -> Answer<Vec<Ending>> {
    let (facts, grounds) = (session.standing_facts().await?, session.admission_grounds(None).await?);
    let mut looked_at: BTreeSet<OrganisationId> = BTreeSet::new();
    let papers = session.papers_lapsing((LONG_AGO, by)).await?;
    looked_at.extend(papers.into_iter().filter(|paper| paper.kind.is_insurance()).map(|paper| paper.provider));
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
    let looked_at: Vec<OrganisationId> = looked_at.into_iter().collect();
    let mut found = endings(session, &looked_at, (&evaluations, &facts), today).await?;
    found.retain(|ending| {
        let counts = ending.by_hand || admitted_provider((&grounds, &facts), ending.provider, "", today).is_ok();
        counts && ending.from <= by
    });
    Ok(found)
}

/// The providers of the arrangement, of all organisations, that are without insurance on a day, each with the first one.
pub(super) async fn lapsed(
    session: &Session,
    organisations: &[Organisation],
    facts: &[StandingFact],
    today: Date,
) -> Answer<BTreeMap<OrganisationId, Date>> {
    let providers = organisations.iter().filter(|one| one.kind == OrganisationKind::Provider);
    let grounds = session.admission_grounds(None).await?;
    let admitted = providers.filter(|one| admitted_provider((&grounds, facts), one.id, &one.name, today).is_ok());
    let admitted: Vec<OrganisationId> = admitted.map(|one| one.id).collect();
    let evaluations = session.evaluations().await?;
    let found = endings(session, &admitted, (&evaluations, facts), today).await?;
    let lapsed = found.into_iter().filter(|ending| ending.from <= today);
    Ok(lapsed.map(|ending| (ending.provider, ending.from)).collect())
}

/// The first day without insurance of each of these providers that has one, in their order. Of the evaluations the latest stand
/// first.
async fn endings(
    session: &Session,
    providers: &[OrganisationId],
    (evaluations, facts): (&[Evaluation], &[StandingFact]),
    today: Date,
) -> Answer<Vec<Ending>> {
    let mut papers: BTreeMap<OrganisationId, Vec<Paper>> = BTreeMap::new();
    for paper in session.papers_of_all(providers).await? {
        papers.entry(paper.provider).or_default().push(paper);
    }
    let latest = |provider: OrganisationId| evaluations.iter().find(|one| one.provider == provider && is_admitted(one));
    let evaluated: Vec<ApplicationId> =
        providers.iter().filter_map(|provider| latest(*provider)).map(|one| one.application).collect();
    let applications = session.applications_among(&evaluated).await?;
    let ending = |provider: &OrganisationId| {
        let own = papers.get(provider).map_or(&[][..], Vec::as_slice);
        first_end(*provider, documented(own, latest(*provider), &applications, today), facts, today)
    };
    Ok(providers.iter().filter_map(ending).collect())
}
