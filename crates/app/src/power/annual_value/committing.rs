//! Bringing the ledger to what an agreement commits (rules 3.1 to 3.3). A new award is refused above the ceiling; what
//! cannot be refused is an exception with reason and person, and only as far as it cannot be refused (rule 3.2).

use jiff::civil::Date;
use placewell_domain::id::PersonId;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::annual_value::{Bucket, Commitment, Entry, ExceptionReason, YearTotals};
use placewell_store::Work;
use placewell_store::power::annual_value::{Excepted, LedgerNow};

use super::{LedgerTerms, effect_of, ledger_terms, no_annual_value};
use crate::answer::Answer;

/// Why something above the ceiling cannot be refused, and whose act it is.
#[derive(Debug, Clone, Copy)]
pub struct Exception<'a> {
    /// The coded reason.
    pub reason: ExceptionReason,
    /// The reason in words. Nothing about a child.
    pub words: &'a str,
    /// Who; the system is 0.
    pub person: PersonId,
    /// It is recorded also where the ceiling would have held it: a start with no power in force.
    pub always: bool,
}

/// What may go above the ceiling.
#[derive(Debug, Clone, Copy)]
pub enum Allowed<'a> {
    /// Nothing: a new award, an agreed change, nights ahead.
    Nothing,
    /// All that it adds.
    All(Exception<'a>),
    /// What is added up to another commitment: the same agreement, with no more than cannot be refused.
    UpTo(&'a Commitment, Exception<'a>),
    /// What is added for nights before today.
    Passed(Exception<'a>),
}

impl<'a> Allowed<'a> {
    const fn exception(&self) -> Option<&Exception<'a>> {
        match self {
            Self::Nothing => None,
            Self::All(exception) | Self::UpTo(_, exception) | Self::Passed(exception) => Some(exception),
        }
    }
}

/// A sum for each year, by its first day.
type ByYear = Vec<(Date, Pence)>;

fn in_year(sums: &[(Date, Pence)], year: Date) -> Pence {
    sums.iter().find_map(|(known, pence)| (*known == year).then_some(*pence)).unwrap_or_default()
}

fn by_year(sums: Vec<(Bucket, Pence)>) -> ByYear {
    let year = |(bucket, pence)| match bucket {
        Bucket::Year(year) => Some((year.first(), pence)),
        Bucket::AfterTerm => None,
    };
    sums.into_iter().filter_map(year).collect()
}

/// What is added to a year, and how much of it cannot be refused.
struct Rise {
    year: Date,
    totals: Option<YearTotals>,
    added: Pence,
    allowed: Pence,
}

impl Rise {
    fn excepted(&self) -> Pence {
        self.added.min(self.allowed)
    }

    /// Why the year does not take what is added as an ordinary movement, where it does not.
    fn refusal(&self) -> Option<Refusal> {
        self.totals?.after(Entry { delta: self.added, excepted: false }).err()
    }

    /// Whether the year would stand above its ceiling with all that is added.
    fn above(&self, totals: &YearTotals) -> bool {
        totals.committed + self.added > totals.ceiling + totals.over
    }
}

/// Brings the ledger to what an agreement now commits, in the transaction of the act that changes it: final approval,
/// variation, notice, end, review of the planned end. Call it after all other rows are written: it takes the
/// organisation's lock. More than is allowed above the ceiling ends in the refusal `ceiling_reached`; in a year that no
/// decision adopted, in `no_annual_value`.
pub async fn commit(work: &mut Work, commitment: &Commitment, allowed: Allowed<'_>) -> Answer<()> {
    let ledger = work.ledger_now(commitment.agreement).await?;
    let known = work.commitment_of(work.org(), commitment.agreement).await?;
    bring(work, commitment, allowed, (&ledger, known.as_ref())).await
}

/// The same for an agreement that this very work has made: nothing of it can stand in the ledger yet, so none is looked for.
pub(crate) async fn commit_first(work: &mut Work, commitment: &Commitment, allowed: Allowed<'_>) -> Answer<()> {
    let ledger = work.ledger_before().await?;
    bring(work, commitment, allowed, (&ledger, None)).await
}

/// The ledger was read after the organisation's lock, which is held until the commit; so is here what the money depends on.
async fn bring(
    work: &mut Work,
    commitment: &Commitment,
    allowed: Allowed<'_>,
    (ledger, known): (&LedgerNow, Option<&Commitment>),
) -> Answer<()> {
    let today = work.moment().today();
    let terms = ledger_terms(work, work.org(), today).await?;
    let rises = rises(commitment, allowed, (&terms, ledger, known), today);
    for rise in rises.iter().filter(|rise| rise.totals.is_none() && rise.added > Pence::ZERO) {
        match allowed.exception() {
            Some(exception) if rise.added <= rise.allowed => {
                let what = Excepted::Beyond(commitment.agreement, rise.year, rise.added);
                let words = format!("{}. No decision gives this year an annual value", exception.words);
                work.grant_over(what, exception.reason, &words, exception.person).await?;
            }
            _ => return Err(no_annual_value(rise.year).into()),
        }
    }
    let excepted = match allowed.exception() {
        Some(exception) => except(work, commitment, &rises, exception).await?,
        None => false,
    };
    // The database has the last word, but only the rule can tell the figures.
    if excepted {
        let effects = effect_of(work, work.org(), commitment, today).await?;
        below_ceilings(effects.into_iter().filter_map(|effect| effect.after.err()))?;
        work.commit_adopted(commitment, &terms.reading, terms.term_end).await?;
    } else {
        below_ceilings(rises.iter().filter_map(Rise::refusal))?;
        work.commit_in(ledger, commitment, (&terms.reading, terms.term_end)).await?;
    }
    Ok(())
}

/// Refuses where one of the years refuses, by its ceiling.
fn below_ceilings(mut refusals: impl Iterator<Item = Refusal>) -> Result<(), Refusal> {
    refusals.find(|refusal| refusal.code == "ceiling_reached").map_or(Ok(()), Err)
}

/// Excepts what cannot be refused where it stands above the ceiling. All else of that year comes first and is held by it.
/// Whether the ledger was moved.
async fn except(work: &mut Work, commitment: &Commitment, rises: &[Rise], exception: &Exception<'_>) -> Answer<bool> {
    let mut excepted: ByYear = Vec::new();
    for rise in rises {
        let Some(totals) = rise.totals.filter(|_| rise.excepted() > Pence::ZERO) else { continue };
        if !exception.always && !rise.above(&totals) {
            continue;
        }
        let held = rise.added - rise.excepted();
        if held > Pence::ZERO {
            totals.after(Entry { delta: held, excepted: false })?;
            work.raise_value(commitment.agreement, &[(rise.year, held)], None).await?;
        }
        excepted.push((rise.year, rise.excepted()));
    }
    if excepted.is_empty() {
        return Ok(false);
    }
    let what = Excepted::Entries(commitment.agreement);
    let grant = work.grant_over(what, exception.reason, exception.words, exception.person).await?;
    work.raise_value(commitment.agreement, &excepted, Some(grant)).await?;
    Ok(true)
}

/// What the commitment adds to each year, with the part that cannot be refused.
fn rises(
    commitment: &Commitment,
    allowed: Allowed<'_>,
    (LedgerTerms { reading, term_end }, ledger, known): (&LedgerTerms, &LedgerNow, Option<&Commitment>),
    today: Date,
) -> Vec<Rise> {
    let was = known.map_or_else(Vec::new, |known| by_year(known.held(reading, *term_end, today)));
    let passed = |one: &Commitment| by_year(one.passed(reading, *term_end, today));
    let passed_was = known.map_or_else(Vec::new, passed);
    let up_to = match allowed {
        Allowed::UpTo(reached, _) => by_year(reached.held(reading, *term_end, today)),
        Allowed::Passed(_) => passed(commitment),
        Allowed::Nothing | Allowed::All(_) => Vec::new(),
    };
    let mut found = Vec::new();
    for (year, now) in by_year(commitment.held(reading, *term_end, today)) {
        let totals = ledger.years.iter().find(|kept| kept.start == year).map(|kept| kept.totals);
        let before = in_year(if totals.is_some() { &ledger.stood } else { &was }, year);
        let added = now - before;
        let allowed = match allowed {
            Allowed::Nothing => Pence::ZERO,
            Allowed::All(_) => added,
            Allowed::UpTo(..) => in_year(&up_to, year) - before,
            Allowed::Passed(_) => in_year(&up_to, year) - in_year(&passed_was, year),
        };
        found.push(Rise { year, totals, added, allowed: allowed.max(Pence::ZERO) });
    }
    found
}
