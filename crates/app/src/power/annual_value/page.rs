//! The annual value of one year as its page shows it: the words, the three figures, the months, the agreements, the
//! other readings, the steps of the ceiling and what was excepted above it.

use jiff::Span;
use jiff::civil::Date;
use placewell_domain::calendar::{ContractYear, YearBasis, year_of};
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::power::annual_value::{Aspect, Bucket, Commitment, Figures, Reading, Route, Words};
use placewell_domain::power::arrangement::Participation;
use placewell_domain::power::decision::Decision;
use placewell_insight::power::annual_value::{Asked, Expected, expected};
use placewell_store::Session;
use placewell_store::power::annual_value::{CeilingStep, LedgerYear, OverGrant};

use super::budget::{Budget, budget_of};
use super::ceilings::Sources;
use super::ledger_terms;
use super::rising::risen;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::power::arrangement::participation_of;

/// A year that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearLink {
    /// The calendar year in which it starts.
    pub starts_in: i16,
    /// Its words.
    pub words: String,
    /// Whether it is the one shown.
    pub shown: bool,
}

/// One agreement's part of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRow {
    /// Its reference.
    pub reference: String,
    /// Its three figures.
    pub figures: Figures,
    /// What its nights so far cost.
    pub spent: Pence,
    /// Its planned end is overdue and has rolled by 28 days.
    pub overdue: bool,
}

/// One month of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// Its first day within the year.
    pub from: Date,
    /// What is planned for its nights.
    pub planned: Pence,
    /// Whether it has passed.
    pub past: bool,
}

/// An exception above the ceiling, with who granted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    /// The exception.
    pub grant: OverGrant,
    /// What of it stands in the year shown.
    pub pence: Pence,
    /// The agreement's reference; empty where the ceiling itself was lowered.
    pub reference: String,
    /// Who, by name: for the authority's own eyes.
    pub person: String,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct AnnualValuePage {
    /// The years that decisions adopted.
    pub years: Vec<YearLink>,
    /// The year's words, such as "contract year 15 December 2020 to 14 December 2021".
    pub year: String,
    /// The calendar year in which it starts.
    pub starts_in: i16,
    /// Whether a decision gave this year an annual value.
    pub adopted: bool,
    /// The words with their figures, by the reading shown.
    pub words: Words,
    /// The three figures of all that counts.
    pub figures: Figures,
    /// The three figures of spot purchases, beside the ceiling.
    pub spot: Figures,
    /// What is planned for nights after the term.
    pub after_term: Pence,
    /// The approved budget beside the ceiling, where one is recorded.
    pub budget: Option<Pence>,
    /// The same with where it was approved.
    pub approved: Option<Budget>,
    /// What rises that are granted and not confirmed here yet add to the planned nights: in the run-rate and the outturn.
    pub rises: Pence,
    /// What is still expected, and on what that rests.
    pub expected: Expected,
    /// What is planned by the recorded reading, to stand beside another one.
    pub recorded_planned: Pence,
    /// Whether this authority can award today, with the reason; none before the region has recorded an arrangement.
    pub participation: Option<Participation>,
    /// The authority's recorded reading.
    pub recorded: Reading,
    /// The reading shown: the recorded one, or with one aspect answered the other way.
    pub shown: Reading,
    /// Which aspect is answered the other way.
    pub flipped: Option<Aspect>,
    /// The months.
    pub months: Vec<MonthRow>,
    /// The agreements; left out for those who see totals only.
    pub agreements: Vec<AgreementRow>,
    /// The steps of the ceiling in this year, the latest first.
    pub steps: Vec<CeilingStep>,
    /// What was excepted above the ceiling.
    pub exceptions: Vec<ExceptionRow>,
    /// What has to be asked about ceilings, as sentences (rule 2.4).
    pub asked: Vec<String>,
}

impl App {
    /// The annual value of a year of the actor's own authority, with one aspect of the reading answered the other way
    /// where asked. Without a year, the one that today stands in.
    pub async fn annual_value(
        &self,
        actor: &Actor,
        starts_in: Option<i16>,
        flipped: Option<Aspect>,
    ) -> Answer<AnnualValuePage> {
        let session = self.see(actor, Action::SeeAnnualValue).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let terms = ledger_terms(&session, org, today).await?;
        let recorded = terms.reading;
        let shown = flipped.map_or_else(|| recorded.clone(), |aspect| recorded.flipped(aspect));
        let ledger = session.ledger_years(org).await?;
        let year = match starts_in {
            Some(starts_in) => ContractYear::starting_in(starts_in, shown.year),
            None => year_of(today.min(terms.term_end), shown.year),
        };
        let commitments = session.commitments(org).await?;
        let risen = risen(&session, org, &commitments, today).await?;
        let counted = Counted {
            commitments: &commitments,
            risen: &risen,
            reading: &shown,
            year,
            term_end: terms.term_end,
            today,
        };
        let row = ceiling_row(&ledger, year, &recorded, &shown);
        let steps: Vec<CeilingStep> = session.ceiling_steps(org).await?;
        let approved = budget_of(&session, org, today.clamp(year.first(), year.last())).await?;
        let exceptions = exceptions(&session, org, &commitments, year).await?;
        let figures = counted.counting();
        let by_ledger = flipped.is_none() && row.is_some();
        let planned = row.filter(|_| by_ledger).map_or(figures.planned, |row| row.totals.committed);
        let since = first_power(&session, org).await?.unwrap_or(today);
        let expected = counted.expected(since, planned);
        let by_recorded = Counted { reading: &recorded, ..counted };
        let recorded_planned = if flipped.is_none() { planned } else { by_recorded.counting().planned };
        Ok(AnnualValuePage {
            years: year_links(&ledger, year),
            year: Bucket::Year(year).words(),
            starts_in: year.starts_in(),
            adopted: row.is_some(),
            words: Words {
                ceiling: row.map_or(Pence::ZERO, |row| row.totals.ceiling),
                spent: counted.spent(),
                planned,
                excepted: row.filter(|_| by_ledger).map_or(Pence::ZERO, |row| row.totals.over),
                forecast: expected.forecast(),
            },
            figures,
            spot: Counted { reading: &Reading { spot: true, ..shown.clone() }, ..counted }
                .figures(|commitment| commitment.route == Route::Spot),
            after_term: counted.after_term(),
            budget: approved.as_ref().map(|budget| budget.approved),
            approved,
            rises: counted.rises(),
            expected,
            recorded_planned,
            participation: standing_of(&session, org, today).await?,
            months: counted.months(),
            agreements: if actor.role == Role::DemocraticServices { Vec::new() } else { counted.agreements() },
            steps: steps.into_iter().filter(|step| step.year_start == year.first()).collect(),
            exceptions,
            asked: Sources::of(&session, org).await?.asked(today),
            recorded,
            shown,
            flipped,
        })
    }
}

/// What was excepted above the ceiling of a year, with the agreement's reference and the person's name.
async fn exceptions(
    session: &Session,
    org: OrganisationId,
    commitments: &[Commitment],
    year: ContractYear,
) -> Answer<Vec<ExceptionRow>> {
    let mut rows = Vec::new();
    for grant in session.over_grants(org).await? {
        let Some(pence) = grant.within(year.first(), year.end()) else { continue };
        let reference = commitments.iter().find(|known| Some(known.agreement) == grant.agreement);
        rows.push(ExceptionRow {
            reference: reference.map_or_else(String::new, |known| known.reference.clone()),
            person: excepted_by(session, &grant).await?,
            pence,
            grant,
        });
    }
    Ok(rows)
}

/// Who answers for an exception, by name.
pub(super) async fn excepted_by(session: &Session, grant: &OverGrant) -> Answer<String> {
    if grant.person == PersonId(0) {
        Ok("The system".to_owned())
    } else {
        Ok(session.person_name(grant.person).await?)
    }
}

/// The first day on which a decision gave this authority the power to award.
pub(super) async fn first_power(session: &Session, org: OrganisationId) -> Answer<Option<Date>> {
    let decisions = session.published_decisions_of(org).await?;
    Ok(decisions.iter().filter(|decision| decision.page.adopts()).filter_map(Decision::effective_on).min())
}

/// Whether an authority can award, where an arrangement is recorded.
async fn standing_of(session: &Session, org: OrganisationId, day: Date) -> Answer<Option<Participation>> {
    match participation_of(session, org, day).await {
        Ok(found) => Ok(Some(found)),
        Err(Outcome::NotFound) => Ok(None),
        Err(outcome) => Err(outcome),
    }
}

/// The ledger's row of a year. By the other basis no decision adopted a year of its own: the ceiling of the year that
/// most of it stands in is shown beside it.
fn ceiling_row<'l>(
    ledger: &'l [LedgerYear],
    year: ContractYear,
    recorded: &Reading,
    shown: &Reading,
) -> Option<&'l LedgerYear> {
    let start = if recorded.year == shown.year {
        year.first()
    } else {
        year_of(plus_days(year.first(), 182), recorded.year).first()
    };
    ledger.iter().find(|row| row.start == start)
}

fn year_links(ledger: &[LedgerYear], shown: ContractYear) -> Vec<YearLink> {
    let basis: YearBasis = shown.basis();
    let mut years: Vec<ContractYear> = ledger.iter().map(|row| year_of(row.start, basis)).collect();
    years.push(shown);
    years.sort_unstable();
    years.dedup();
    years
        .into_iter()
        .map(|year| YearLink { starts_in: year.starts_in(), words: Bucket::Year(year).words(), shown: year == shown })
        .collect()
}

/// Commitments counted by one reading in one year.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) commitments: &'a [Commitment],
    /// The same in the same order, at prices that are granted and not confirmed yet.
    pub(super) risen: &'a [Commitment],
    pub(super) reading: &'a Reading,
    pub(super) year: ContractYear,
    pub(super) term_end: Date,
    pub(super) today: Date,
}

impl Counted<'_> {
    fn bucket(&self) -> (Bucket, Date) {
        (Bucket::Year(self.year), self.term_end)
    }

    /// The figures of one commitment; its run-rate at prices that are granted and not confirmed yet.
    fn own(&self, (commitment, risen): (&Commitment, &Commitment)) -> Figures {
        let figures = |of: &Commitment| of.figures(self.reading, self.bucket(), self.today);
        Figures { run_rate: figures(risen).run_rate, ..figures(commitment) }
    }

    pub(super) fn figures(&self, counts: impl Fn(&Commitment) -> bool) -> Figures {
        let mut sum = Figures::default();
        for both in self.commitments.iter().zip(self.risen).filter(|(commitment, _)| counts(commitment)) {
            let own = self.own(both);
            sum.bound += own.bound;
            sum.planned += own.planned;
            sum.run_rate += own.run_rate;
        }
        sum
    }

    fn counts(&self, commitment: &Commitment) -> bool {
        commitment.route != Route::Spot || self.reading.spot
    }

    /// The figures of all that counts by the reading.
    pub(super) fn counting(&self) -> Figures {
        self.figures(|commitment| self.counts(commitment))
    }

    /// What granted rises that are not confirmed yet add to the planned nights of the year.
    pub(super) fn rises(&self) -> Pence {
        let planned = |all: &[Commitment]| -> Pence {
            let counting = all.iter().filter(|commitment| self.counts(commitment));
            counting.map(|one| one.figures(self.reading, self.bucket(), self.today).planned).sum()
        };
        planned(self.risen) - planned(self.commitments)
    }

    /// What is expected of the year beside what is planned.
    pub(super) fn expected(&self, since: Date, planned: Pence) -> Expected {
        expected(&Asked {
            commitments: self.commitments,
            reading: self.reading,
            year: self.year,
            term_end: self.term_end,
            since,
            today: self.today,
            planned,
            rises: self.rises(),
        })
    }

    pub(super) fn spent(&self) -> Pence {
        self.commitments.iter().map(|commitment| commitment.spent(self.reading, self.bucket(), self.today)).sum()
    }

    fn after_term(&self) -> Pence {
        let bucket = (Bucket::AfterTerm, self.term_end);
        self.commitments.iter().map(|commitment| commitment.figures(self.reading, bucket, self.today).planned).sum()
    }

    fn agreements(&self) -> Vec<AgreementRow> {
        self.commitments
            .iter()
            .zip(self.risen)
            .map(|(commitment, risen)| AgreementRow {
                reference: commitment.reference.clone(),
                figures: self.own((commitment, risen)),
                spent: commitment.spent(self.reading, self.bucket(), self.today),
                overdue: commitment.goes_on && commitment.planned_end < self.today,
            })
            .filter(|row| row.figures.planned != Pence::ZERO || row.figures.run_rate != Pence::ZERO)
            .collect()
    }

    /// Calendar months, the first and last cut at the year's ends.
    fn months(&self) -> Vec<MonthRow> {
        let mut rows = Vec::new();
        let mut from = self.year.first();
        while from < self.year.end() {
            let next = from.first_of_month().saturating_add(Span::new().months(1)).min(self.year.end());
            let planned = self
                .commitments
                .iter()
                .flat_map(|commitment| {
                    let until = commitment.charged_horizon(self.today).planned_end.min(next);
                    let days = (commitment.start.max(from), until);
                    commitment.by_year(days, self.reading, self.term_end)
                })
                .filter_map(|(bucket, pence)| (bucket == Bucket::Year(self.year)).then_some(pence))
                .sum();
            rows.push(MonthRow { from, planned, past: next <= self.today });
            from = next;
        }
        rows
    }
}
