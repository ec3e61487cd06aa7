//! The ledger of the annual value. Entries are append-only and move the totals by trigger; the database's own check
//! has the last word on the ceiling. Nothing sums at award time.

mod region;

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::{AgreementId, DecisionId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Bucket, Commitment, ExceptionReason, Reading, YearTotals};
use sea_orm::Value;

use crate::connect::Backend;
use crate::error::StoreError;
use crate::row::{Row, places, places_after};
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// What keeps a commitment, and how many columns it has.
const KEEP: &str = "INSERT INTO commitment (org_id, agreement_id, known_from, body) VALUES";
const KEPT: usize = 4;
/// An entry's columns, and how many one statement inserts at most.
const COLUMNS: usize = 7;
const TOGETHER: usize = 16;

/// One year of an authority's ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerYear {
    /// The year's first day.
    pub start: Date,
    /// Its totals.
    pub totals: YearTotals,
}

/// An authority's ledger with what one agreement commits in it, read under the organisation's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerNow {
    /// Every year, in order.
    pub years: Vec<LedgerYear>,
    /// What the agreement commits, by the first day of each year.
    pub stood: Vec<(Date, Pence)>,
}

/// A step in a year's ceiling, with the decision it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CeilingStep {
    /// The year's first day.
    pub year_start: Date,
    /// The ceiling from then on.
    pub ceiling: Pence,
    /// The decision's reference.
    pub reference: String,
    /// The decision accepts that more was committed already.
    pub accepts_over: bool,
    /// When it was recorded.
    pub changed_at: Timestamp,
}

/// An exception above the ceiling: reason, words and person (rule 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverGrant {
    /// Its id, which each of its entries carries.
    pub id: i64,
    /// The agreement; none where the ceiling itself was lowered.
    pub agreement: Option<AgreementId>,
    /// The coded reason.
    pub reason: ExceptionReason,
    /// The reason in words: the clause used, the decision opened. Nothing about a child.
    pub words: String,
    /// Who.
    pub person: PersonId,
    /// When.
    pub granted_at: Timestamp,
    /// What it excepted, by the first day of each year that it touches.
    pub years: Vec<(Date, Pence)>,
}

impl OverGrant {
    /// What it excepted, over all years.
    #[must_use]
    pub fn pence(&self) -> Pence {
        self.years.iter().map(|(_, pence)| *pence).sum()
    }

    /// What it excepted in the years that begin from one day to before another; none where it touches none of them.
    #[must_use]
    pub fn within(&self, from: Date, until: Date) -> Option<Pence> {
        let own = self.years.iter().filter(|(start, _)| from <= *start && *start < until);
        own.map(|(_, pence)| *pence).reduce(|sum, pence| sum + pence)
    }
}

/// What an exception is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excepted {
    /// Entries of an agreement that carry the exception's id.
    Entries(AgreementId),
    /// What an agreement costs in a year that no decision has adopted: it stands in no entry.
    Beyond(AgreementId, Date, Pence),
    /// What was committed already above a ceiling that was lowered.
    Lowered(Date, Pence),
}

/// A step of one year's ledger, in the order of the authority's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Its number in the authority's record.
    pub sequence: i64,
    /// When it was recorded.
    pub at: Timestamp,
    /// What moved.
    pub what: Moved,
}

/// What moved in a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// What an agreement commits; a release is negative.
    Commitment {
        /// The agreement.
        agreement: AgreementId,
        /// By how much.
        delta: Pence,
        /// The exception that it was made under.
        grant: Option<i64>,
    },
    /// The ceiling.
    Ceiling {
        /// The ceiling from then on.
        ceiling: Pence,
        /// The decision's reference.
        reference: String,
    },
}

/// A total that does not equal the sum of its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerFault {
    /// The authority.
    pub org: OrganisationId,
    /// The year's first day.
    pub year_start: Date,
    /// What is wrong.
    pub what: String,
}

impl Session {
    /// Every year of an authority's ledger, in order.
    pub async fn ledger_years(&self, org: OrganisationId) -> Result<Vec<LedgerYear>, StoreError> {
        let sql = "SELECT year_start, ceiling_pence, committed_pence, over_pence FROM annual_value \
                   WHERE org_id = $1 ORDER BY year_start";
        self.all(sql, values![org]).await?.iter().map(ledger_year).collect()
    }

    /// One year of an authority's ledger; none where no decision adopted it.
    pub async fn ledger_year(&self, org: OrganisationId, start: Date) -> Result<Option<LedgerYear>, StoreError> {
        let sql = "SELECT year_start, ceiling_pence, committed_pence, over_pence FROM annual_value \
                   WHERE org_id = $1 AND year_start = $2";
        self.maybe(sql, values![org, start]).await?.as_ref().map(ledger_year).transpose()
    }

    /// The steps of an authority's ceilings, the latest first.
    pub async fn ceiling_steps(&self, org: OrganisationId) -> Result<Vec<CeilingStep>, StoreError> {
        let sql = "SELECT c.year_start, c.ceiling_pence, c.accepts_over, c.changed_at, d.reference FROM ceiling_change c \
                   JOIN decision d ON d.org_id = c.org_id AND d.id = c.decision_id \
                   WHERE c.org_id = $1 ORDER BY c.event_seq DESC, c.year_start";
        let rows = self.all(sql, values![org]).await?;
        rows.iter()
            .map(|row| {
                Ok(CeilingStep {
                    year_start: row.date("year_start")?,
                    ceiling: row.pence("ceiling_pence")?,
                    reference: row.text("reference")?,
                    accepts_over: row.flag("accepts_over")?,
                    changed_at: row.moment("changed_at")?,
                })
            })
            .collect()
    }

    /// What each agreement of an authority commits, as last known, by reference.
    pub async fn commitments(&self, org: OrganisationId) -> Result<Vec<Commitment>, StoreError> {
        let sql = "SELECT body FROM commitment c WHERE org_id = $1 AND known_from = (\
                   SELECT max(k.known_from) FROM commitment k WHERE k.org_id = c.org_id \
                   AND k.agreement_id = c.agreement_id) ORDER BY agreement_id";
        let rows = self.all(sql, values![org]).await?;
        let mut found: Vec<Commitment> = rows.iter().map(|row| row.json("body")).collect::<Result<_, _>>()?;
        found.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(found)
    }

    /// What one agreement commits, by year, as the ledger has it.
    pub async fn committed_years(
        &self,
        org: OrganisationId,
        agreement: AgreementId,
    ) -> Result<Vec<(Date, Pence)>, StoreError> {
        let sql =
            "SELECT year_start, pence FROM commitment_year WHERE org_id = $1 AND agreement_id = $2 ORDER BY year_start";
        let rows = self.all(sql, values![org, agreement]).await?;
        rows.iter().map(|row| Ok((row.date("year_start")?, row.pence("pence")?))).collect()
    }

    /// What one agreement commits, as last known; none where nothing was committed yet.
    pub async fn commitment_of(
        &self,
        org: OrganisationId,
        agreement: AgreementId,
    ) -> Result<Option<Commitment>, StoreError> {
        let sql =
            "SELECT body FROM commitment WHERE org_id = $1 AND agreement_id = $2 ORDER BY known_from DESC LIMIT 1";
        self.maybe(sql, values![org, agreement]).await?.map(|row| row.json("body")).transpose()
    }

    /// The exceptions of an authority, the latest first.
    pub async fn over_grants(&self, org: OrganisationId) -> Result<Vec<OverGrant>, StoreError> {
        let sql = "SELECT over_grant_id, year_start, CAST(sum(delta_pence) AS BIGINT) AS pence FROM commitment_entry \
                   WHERE org_id = $1 AND over_grant_id IS NOT NULL GROUP BY over_grant_id, year_start ORDER BY year_start";
        let mut entries: Vec<(i64, Date, Pence)> = Vec::new();
        for row in self.all(sql, values![org]).await? {
            entries.push((row.int("over_grant_id")?, row.date("year_start")?, row.pence("pence")?));
        }
        let sql = "SELECT id, agreement_id, year_start, excess_pence, reason, words, person_id, granted_at FROM over_grant \
                   WHERE org_id = $1 ORDER BY granted_at DESC, id DESC";
        self.all(sql, values![org]).await?.iter().map(|row| over_grant(row, &entries)).collect()
    }

    /// Every step of one year's ledger, in the order of the record.
    pub async fn ledger_movements(&self, org: OrganisationId, year_start: Date) -> Result<Vec<Movement>, StoreError> {
        let sql = "SELECT c.event_seq, c.changed_at, c.ceiling_pence, d.reference FROM ceiling_change c \
                   JOIN decision d ON d.org_id = c.org_id AND d.id = c.decision_id \
                   WHERE c.org_id = $1 AND c.year_start = $2";
        let mut found = Vec::new();
        for row in self.all(sql, values![org, year_start]).await? {
            let what = Moved::Ceiling { ceiling: row.pence("ceiling_pence")?, reference: row.text("reference")? };
            found.push(Movement { sequence: row.int("event_seq")?, at: row.moment("changed_at")?, what });
        }
        let sql = "SELECT c.event_seq, c.agreement_id, c.delta_pence, c.over_grant_id, e.moment \
                   FROM commitment_entry c JOIN event e ON e.org_id = c.org_id AND e.seq = c.event_seq \
                   WHERE c.org_id = $1 AND c.year_start = $2 AND c.delta_pence <> 0 ORDER BY c.event_seq, c.id";
        for row in self.all(sql, values![org, year_start]).await? {
            let what = Moved::Commitment {
                agreement: AgreementId(row.int("agreement_id")?),
                delta: row.pence("delta_pence")?,
                grant: row.opt_int("over_grant_id")?,
            };
            found.push(Movement { sequence: row.int("event_seq")?, at: row.moment("moment")?, what });
        }
        found.sort_by_key(|movement| movement.sequence);
        Ok(found)
    }

    /// Totals of an authority that do not equal their entries; none in a whole ledger. For `verify`.
    pub async fn ledger_faults(&self, org: OrganisationId) -> Result<Vec<LedgerFault>, StoreError> {
        let sql = "SELECT a.year_start, a.ceiling_pence, a.committed_pence, a.over_pence, \
                   CAST(coalesce((SELECT sum(e.delta_pence) FROM commitment_entry e \
                   WHERE e.org_id = a.org_id AND e.year_start = a.year_start), 0) AS BIGINT) AS entries, \
                   CAST(coalesce((SELECT sum(c.pence) FROM commitment_year c \
                   WHERE c.org_id = a.org_id AND c.year_start = a.year_start), 0) AS BIGINT) AS agreements \
                   FROM annual_value a WHERE a.org_id = $1 ORDER BY a.year_start";
        let mut faults = Vec::new();
        for row in self.all(sql, values![org]).await? {
            let LedgerYear { start, totals } = ledger_year(&row)?;
            let (entries, agreements) = (row.pence("entries")?, row.pence("agreements")?);
            let over = Pence((totals.committed - totals.ceiling).0.max(0));
            let mut fault = |what: String| faults.push(LedgerFault { org, year_start: start, what });
            if entries != totals.committed {
                fault(format!("committed {}, entries {entries}", totals.committed));
            }
            if agreements != totals.committed {
                fault(format!("committed {}, agreements {agreements}", totals.committed));
            }
            if over != totals.over {
                fault(format!("excepted {}, above the ceiling {over}", totals.over));
            }
        }
        Ok(faults)
    }
}

impl Work {
    /// Sets a year's ceiling from a decision; the first for a year adopts it. The caller records the event.
    pub async fn set_ceiling(
        &mut self,
        year_start: Date,
        ceiling: Pence,
        decision: DecisionId,
        accepts_over: bool,
    ) -> Result<(), StoreError> {
        let sequence = self.sequence().await?;
        let sql = "INSERT INTO ceiling_change (id, org_id, year_start, ceiling_pence, decision_id, accepts_over, event_seq, \
                   changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (id, org, at) = (self.new_id(), self.org(), self.moment().at);
        self.execute(sql, values![id, org, year_start, ceiling, decision, accepts_over, sequence, at]).await?;
        Ok(())
    }

    /// Grants an exception: of entries of an agreement, whose id goes into them; of nights in a year that no decision has
    /// adopted; or of what a lowered ceiling left above it.
    pub async fn grant_over(
        &self,
        what: Excepted,
        reason: ExceptionReason,
        words: &str,
        person: PersonId,
    ) -> Result<i64, StoreError> {
        let (agreement, year, excess) = match what {
            Excepted::Entries(agreement) => (Some(agreement), None, None),
            Excepted::Beyond(agreement, year, excess) => (Some(agreement), Some(year), Some(excess)),
            Excepted::Lowered(year, excess) => (None, Some(year), Some(excess)),
        };
        let sql = "INSERT INTO over_grant (id, org_id, agreement_id, year_start, excess_pence, reason, words, person_id, \
                   granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (id, at) = (self.new_id(), self.moment().at);
        let agreement = agreement.map(|agreement| agreement.0);
        let excess = excess.map(|excess| excess.0);
        let values = values![id, self.org(), agreement, year, excess, reason.code(), words, person, at];
        self.execute(sql, values).await?;
        Ok(id)
    }

    /// Raises what an agreement commits in some years, each under the exception given or as an ordinary rise. The caller
    /// records the event.
    pub async fn raise_value(
        &mut self,
        agreement: AgreementId,
        rises: &[(Date, Pence)],
        grant: Option<i64>,
    ) -> Result<(), StoreError> {
        let sequence = self.sequence().await?;
        self.enter(agreement, rises, grant, sequence).await
    }

    async fn enter(
        &self,
        agreement: AgreementId,
        entries: &[(Date, Pence)],
        grant: Option<i64>,
        sequence: i64,
    ) -> Result<(), StoreError> {
        for some in entries.chunks(TOGETHER) {
            let (sql, values) = self.entering(agreement, some, grant, sequence);
            self.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// The statement that enters, with its values.
    fn entering(
        &self,
        agreement: AgreementId,
        entries: &[(Date, Pence)],
        grant: Option<i64>,
        sequence: i64,
    ) -> (String, Vec<Value>) {
        let sql = format!(
            "INSERT INTO commitment_entry (id, org_id, agreement_id, year_start, delta_pence, over_grant_id, event_seq) \
             VALUES {}",
            places(entries.len(), COLUMNS)
        );
        let row = |(year, delta): &(Date, Pence)| {
            let grant = grant.filter(|_| *delta > Pence::ZERO);
            values![self.new_id(), self.org(), agreement, *year, *delta, grant, sequence]
        };
        (sql, entries.iter().flat_map(row).collect())
    }

    /// The ledger as it is now, with what an agreement commits in it. Takes the organisation's lock.
    pub async fn ledger_now(&mut self, agreement: AgreementId) -> Result<LedgerNow, StoreError> {
        self.sequence().await?;
        let years = self.ledger_years(self.org()).await?;
        Ok(LedgerNow { years, stood: self.committed_years(self.org(), agreement).await? })
    }

    /// The ledger as it is now, for an agreement that this work has just made: it commits nothing in it. Takes the
    /// organisation's lock.
    pub async fn ledger_before(&mut self) -> Result<LedgerNow, StoreError> {
        self.sequence().await?;
        Ok(LedgerNow { years: self.ledger_years(self.org()).await?, stood: Vec::new() })
    }

    /// Brings the ledger to what an agreement now commits: one entry per year that moves, years ascending, read after
    /// the organisation's lock. A rise above a ceiling without a grant is refused by the database. Nights after the
    /// term stand in no year and move nothing. Returns what is held, by year. The caller records the event.
    pub async fn commit_value(
        &mut self,
        commitment: &Commitment,
        reading: &Reading,
        term_end: Date,
        grant: Option<i64>,
    ) -> Result<Vec<(Bucket, Pence)>, StoreError> {
        self.sequence().await?;
        let stood = self.committed_years(self.org(), commitment.agreement).await?;
        self.settle_value(commitment, (reading, term_end), grant, (&stood, None)).await
    }

    /// The same in the years that a decision has adopted: nights in any other move nothing here, and are excepted by a
    /// row of their own.
    pub async fn commit_adopted(
        &mut self,
        commitment: &Commitment,
        reading: &Reading,
        term_end: Date,
    ) -> Result<Vec<(Bucket, Pence)>, StoreError> {
        let ledger = self.ledger_now(commitment.agreement).await?;
        self.commit_in(&ledger, commitment, (reading, term_end)).await
    }

    /// The same in a ledger that this work has read already, where nothing has moved since.
    pub async fn commit_in(
        &mut self,
        ledger: &LedgerNow,
        commitment: &Commitment,
        (reading, term_end): (&Reading, Date),
    ) -> Result<Vec<(Bucket, Pence)>, StoreError> {
        let adopted: Vec<Date> = ledger.years.iter().map(|year| year.start).collect();
        self.settle_value(commitment, (reading, term_end), None, (&ledger.stood, Some(&adopted))).await
    }

    async fn settle_value(
        &mut self,
        commitment: &Commitment,
        (reading, term_end): (&Reading, Date),
        grant: Option<i64>,
        (before, adopted): (&[(Date, Pence)], Option<&[Date]>),
    ) -> Result<Vec<(Bucket, Pence)>, StoreError> {
        let sequence = self.sequence().await?;
        let held = commitment.held(reading, term_end, self.moment().today());
        let mut after: Vec<(Date, Pence)> = held
            .iter()
            .filter_map(|(bucket, pence)| match bucket {
                Bucket::Year(year) => Some((year.first(), *pence)),
                Bucket::AfterTerm => None,
            })
            .filter(|(year, _)| adopted.is_none_or(|adopted| adopted.contains(year)))
            .collect();
        after.extend(
            before
                .iter()
                .filter(|(year, _)| !after.iter().any(|(held, _)| held == year))
                .map(|(year, _)| (*year, Pence::ZERO))
                .collect::<Vec<_>>(),
        );
        after.sort_by_key(|(year, _)| *year);
        let mut entries = Vec::with_capacity(after.len());
        for (year, pence) in after {
            let was = before.iter().find_map(|(known, was)| (*known == year).then_some(*was));
            let delta = pence - was.unwrap_or_default();
            if delta == Pence::ZERO && was.is_some() {
                continue;
            }
            entries.push((year, delta));
        }
        self.keep_commitment(commitment, &entries, grant, sequence).await?;
        Ok(held)
    }

    /// Enters what moves and keeps what is committed: on PostgreSQL in one statement, while others wait for the lock.
    async fn keep_commitment(
        &self,
        commitment: &Commitment,
        entries: &[(Date, Pence)],
        grant: Option<i64>,
        sequence: i64,
    ) -> Result<(), StoreError> {
        let kept = values![self.org(), commitment.agreement, sequence, serde_json::to_string(commitment)?];
        if self.backend() == Backend::Sqlite || !(1..=TOGETHER).contains(&entries.len()) {
            self.enter(commitment.agreement, entries, grant, sequence).await?;
            self.execute(&format!("{KEEP} {}", places(1, KEPT)), kept).await?;
            return Ok(());
        }
        let (entering, mut values) = self.entering(commitment.agreement, entries, grant, sequence);
        let keeping = format!("{KEEP} {}", places_after(values.len(), 1, KEPT));
        values.extend(kept);
        self.add_both([&entering, &keeping], values).await
    }
}

fn ledger_year(row: &Row) -> Result<LedgerYear, StoreError> {
    Ok(LedgerYear {
        start: row.date("year_start")?,
        totals: YearTotals {
            ceiling: row.pence("ceiling_pence")?,
            committed: row.pence("committed_pence")?,
            over: row.pence("over_pence")?,
        },
    })
}

fn over_grant(row: &Row, entries: &[(i64, Date, Pence)]) -> Result<OverGrant, StoreError> {
    let (id, reason) = (row.int("id")?, row.text("reason")?);
    let own = entries.iter().filter(|(grant, ..)| *grant == id).map(|(_, year, pence)| (*year, *pence));
    let beyond = row.opt_date("year_start")?.zip(row.opt_int("excess_pence")?.map(Pence));
    Ok(OverGrant {
        id,
        agreement: row.opt_int("agreement_id")?.map(AgreementId),
        reason: ExceptionReason::from_code(&reason)
            .ok_or_else(|| StoreError::Fault(format!("exception reason {reason}")))?,
        words: row.text("words")?,
        person: PersonId(row.int("person_id")?),
        granted_at: row.moment("granted_at")?,
        years: own.chain(beyond).collect(),
    })
}
