//! Ceilings follow the decision in force (rules 2.1, 2.4 and 3.2): they are set when a decision takes effect, and follow when
//! it is amended, superseded or rescinded. A ceiling that is lowered below what is committed is an exception with its
//! reason and person; a year that is adopted late takes in what was placed in it already.

use jiff::civil::Date;
use placewell_domain::calendar::{ContractYear, year_of};
use placewell_domain::change::Event;
use placewell_domain::id::{DecisionId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{
    Bucket, ExceptionReason, GivenCeiling, YearCeiling, asked, ceilings_on, ended_with_its_term,
};
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_store::power::annual_value::{Excepted, LedgerYear};
use placewell_store::{Session, Work};

use super::{ledger_terms, reading_of};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

/// What ceilings are found from: the authority's decisions, and the arrangement's term.
pub(super) struct Sources {
    pub(super) decisions: Vec<Decision>,
    pub(super) arrangement: Option<(Date, Date)>,
}

/// A year whose ceiling is another than the decision in force gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DueYear {
    pub(super) year: ContractYear,
    pub(super) ceiling: YearCeiling,
}

/// The days of the arrangement's term as it stands; none before the region has recorded one.
pub(super) async fn arrangement_term(session: &Session) -> Answer<Option<(Date, Date)>> {
    let kept = session.current_arrangement().await?;
    Ok(kept.map(|kept| (kept.arrangement.term.start, kept.arrangement.term.current_end())))
}

impl Sources {
    pub(super) async fn of(session: &Session, org: OrganisationId) -> Answer<Self> {
        Ok(Self { decisions: session.decisions(org).await?, arrangement: arrangement_term(session).await? })
    }

    /// What has to be asked before ceilings are complete, as sentences.
    pub(super) fn asked(&self, today: Date) -> Vec<String> {
        in_force_among(&self.decisions, today)
            .filter_map(|decision| asked(decision, &self.decisions, self.arrangement))
            .collect()
    }

    pub(super) fn given(&self, decision: &Decision) -> Answer<GivenCeiling> {
        Ok(GivenCeiling::of(decision, &self.decisions, self.arrangement)?)
    }

    fn decision(&self, id: DecisionId) -> Option<&Decision> {
        self.decisions.iter().find(|known| known.id == id)
    }
}

/// The years whose ceiling has to follow. A year that has ended stays as it was decided then, unless none stands yet.
pub(super) async fn due(session: &Session, org: OrganisationId, today: Date) -> Answer<(Sources, Vec<DueYear>)> {
    let sources = Sources::of(session, org).await?;
    let basis = reading_of(session, org, today).await?.year;
    let ledger = session.ledger_years(org).await?;
    let holding = ceilings_on(&sources.decisions, today, basis, sources.arrangement);
    let stands = |year: ContractYear| ledger.iter().find(|row| row.start == year.first()).map(|row| row.totals.ceiling);
    let open = |year: ContractYear| ledger.is_empty() || year.end() > today;
    let mut found: Vec<DueYear> = holding
        .iter()
        .filter(|(year, ceiling)| open(**year) && stands(**year) != Some(ceiling.annual))
        .map(|(year, ceiling)| DueYear { year: *year, ceiling: *ceiling })
        .collect();
    let left: Vec<ContractYear> = ledger
        .iter()
        .filter(|row| row.totals.ceiling > Pence::ZERO)
        .map(|row| year_of(row.start, basis))
        .filter(|year| year.end() > today && !holding.contains_key(year))
        .filter(|year| !ended_with_its_term(&sources.decisions, today, *year, sources.arrangement))
        .collect();
    if !left.is_empty() {
        let steps = session.ceiling_steps(org).await?;
        found.extend(left.into_iter().filter_map(|year| {
            let step = steps.iter().find(|step| step.year_start == year.first())?;
            let decision = sources.decisions.iter().find(|known| known.reference == step.reference)?.id;
            Some(DueYear { year, ceiling: YearCeiling { decision, annual: Pence::ZERO } })
        }));
    }
    Ok((sources, found))
}

/// Whether ceilings have to follow, for the timer.
pub(crate) async fn ceilings_due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    Ok(!due(session, org, today).await?.1.is_empty())
}

/// Brings an authority's ceilings to the decisions in force.
pub(crate) async fn follow_decisions(app: &App, org: OrganisationId) -> Answer<()> {
    let mut work = app.store.begin(org, app.calendar.now()).await?;
    match reconcile(&mut work).await {
        Ok(0) => Ok(work.roll_back().await?),
        Ok(_) => Ok(work.commit(Machine::now()).await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

/// The same within a command's work; gives for how many years a ceiling was set.
pub(crate) async fn reconcile(work: &mut Work) -> Answer<usize> {
    let (org, today) = (work.org(), work.moment().today());
    let (sources, due) = due(work, org, today).await?;
    let mut decisions: Vec<DecisionId> = due.iter().map(|due| due.ceiling.decision).collect();
    decisions.dedup();
    for id in decisions {
        let Some(decision) = sources.decision(id) else { continue };
        let years: Vec<DueYear> = due.iter().filter(|due| due.ceiling.decision == id).copied().collect();
        let person = decided_by(work, decision).await?;
        set(work, decision, &years, Some(person)).await?;
    }
    Ok(due.len())
}

/// Who recorded the step of a decision that its ceilings follow; the system, where nobody did.
async fn decided_by(session: &Session, decision: &Decision) -> Answer<PersonId> {
    let told = session.timeline(decision.authority, "decision", decision.id.0).await?;
    Ok(told.iter().rev().find_map(|event| event.person).unwrap_or(PersonId(0)))
}

/// Sets ceilings from a decision. `excess` names who answers for a ceiling below what is committed; where nobody does,
/// the database refuses it.
pub(super) async fn set(
    work: &mut Work,
    decision: &Decision,
    years: &[DueYear],
    excess: Option<PersonId>,
) -> Answer<()> {
    work.sequence().await?;
    let mut adopted = Vec::new();
    for DueYear { year, ceiling } in years {
        let before = work.ledger_year(work.org(), year.first()).await?;
        let passed = before.map_or(Pence::ZERO, |row| lowered(&row, ceiling.annual));
        let accepts = passed > Pence::ZERO && excess.is_some();
        work.set_ceiling(year.first(), ceiling.annual, decision.id, accepts).await?;
        if let (true, Some(person)) = (accepts, excess) {
            let words = format!("{} leaves a ceiling of {}", decision.reference, ceiling.annual);
            let what = Excepted::Lowered(year.first(), passed);
            work.grant_over(what, ExceptionReason::LoweredCeiling, &words, person).await?;
        }
        if before.is_none() {
            adopted.push(*year);
        }
    }
    let ceiling = years.first().map_or(Pence::ZERO, |due| due.ceiling.annual);
    let event = Event::new("ceiling.set", "annual_value", decision.id.0, decision.version)
        .with("reference", &decision.reference)
        .with("ceiling_pence", ceiling.0)
        .with("years", years.len());
    work.record(event);
    take_in(work, decision, &adopted, excess.unwrap_or(PersonId(0))).await
}

/// By how much more a ceiling would stand below what is committed.
fn lowered(row: &LedgerYear, ceiling: Pence) -> Pence {
    let over = Pence((row.totals.committed - ceiling).0.max(0));
    Pence((over - row.totals.over).0.max(0))
}

/// Takes into newly adopted years what was placed in them before: it is there, so it cannot be refused.
async fn take_in(work: &mut Work, decision: &Decision, years: &[ContractYear], person: PersonId) -> Answer<()> {
    if years.is_empty() {
        return Ok(());
    }
    let (org, today) = (work.org(), work.moment().today());
    let terms = ledger_terms(work, org, today).await?;
    for commitment in work.commitments(org).await? {
        for (bucket, pence) in commitment.held(&terms.reading, terms.term_end, today) {
            let Bucket::Year(year) = bucket else { continue };
            if pence <= Pence::ZERO || !years.contains(&year) {
                continue;
            }
            let Some(row) = work.ledger_year(org, year.first()).await? else { continue };
            let grant = if row.totals.committed + pence > row.totals.ceiling + row.totals.over {
                let words = format!("Placed before {} gave this year its annual value", decision.reference);
                let what = Excepted::Entries(commitment.agreement);
                Some(work.grant_over(what, ExceptionReason::LoweredCeiling, &words, person).await?)
            } else {
                None
            };
            work.raise_value(commitment.agreement, &[(year.first(), pence)], grant).await?;
        }
    }
    Ok(())
}
