//! Referrals: the authority's alone, with what the lists of them need in columns and the words sealed.

mod lost;

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::spot::SpotReason;
use placewell_domain::id::{ChildId, OrganisationId, PersonId, Reference, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::placing::referral::{Narrative, Prices, Referral, ReferralState};
use placewell_domain::setting::SettingValue;
use sea_orm::Value;

use super::{body_without, record_with};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::work::Record;
use crate::{row::ToSql, values};

fn referral(row: &Row) -> Result<Referral, StoreError> {
    record_with(&row.text("body")?, "narrative", row.bytes("narrative")?)
}

impl Record for Referral {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = body_without(self, "narrative")?;
        let out = self.state.sent();
        let closes = out.map(|out| out.deadline.to_string());
        let prices = out.map(|out| out.prices.code());
        let scoring = out.and_then(|out| out.scoring.as_ref()).map_or_else(String::new, SettingValue::write);
        let band = self.profile.age_band().map(placewell_domain::placing::child::AgeBand::code);
        let (state, narrative) = (self.state.name(), self.narrative.bytes());
        if self.version == 1 {
            let sql = "INSERT INTO referral (id, org_id, version, reference, child_id, officer_id, state, needed_on, closes, prices, \
                       lot, age_band, started, narrative, body, unapproved, group_id, scoring) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
            let values = values![
                self.id,
                self.authority,
                self.reference.to_string(),
                self.child,
                self.officer,
                state,
                self.profile.start,
                closes,
                prices,
                self.profile.lot,
                band,
                self.started.to_string(),
                narrative,
                body,
                self.unapproved(),
                self.group,
                scoring
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE referral SET version = $1, officer_id = $2, state = $3, needed_on = $4, closes = $5, prices = $6, lot = $7, \
                   age_band = $8, narrative = $9, body = $10, unapproved = $13, group_id = $14, \
                   confirm_by = $15, scoring = $16 WHERE org_id = $11 AND id = $12 AND version = $1 - 1";
        let values = values![
            self.version,
            self.officer,
            state,
            self.profile.start,
            closes,
            prices,
            self.profile.lot,
            band,
            narrative,
            body,
            self.authority,
            self.id,
            self.unapproved(),
            self.group,
            self.skips_to_confirm().map(|said| said.confirm_by).min().map(|by| by.to_string()),
            scoring
        ];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// A tab of the list: which computed label it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferralTab {
    /// Draft.
    Draft,
    /// With providers: out, no offer, nothing recommended.
    WithProviders,
    /// Offers in.
    OffersIn,
    /// Waiting for approval.
    Waiting,
    /// Agreed.
    Agreed,
    /// Not placed and withdrawn.
    NotPlaced,
    /// All.
    All,
}

impl ReferralTab {
    /// Every tab, in order.
    pub const ALL: &[Self] =
        &[Self::Draft, Self::WithProviders, Self::OffersIn, Self::Waiting, Self::Agreed, Self::NotPlaced, Self::All];

    /// What a sum of it is called.
    fn column(self) -> &'static str {
        match self {
            Self::WithProviders => "with_providers",
            Self::OffersIn => "offers_in",
            Self::Waiting => "waiting",
            Self::Draft | Self::Agreed | Self::NotPlaced | Self::All => "other",
        }
    }

    /// The stored states behind it, asked first: what is computed is then computed for these alone.
    fn states(self) -> &'static str {
        match self {
            Self::Draft => " AND r.state = 'draft'",
            Self::WithProviders | Self::OffersIn | Self::Waiting => " AND r.state = 'out'",
            Self::Agreed => " AND r.state IN ('agreed', 'placed')",
            Self::NotPlaced => " AND r.state IN ('not_placed', 'withdrawn')",
            Self::All => "",
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Self::WithProviders => "recommended = 0 AND offers = 0",
            Self::OffersIn => "recommended = 0 AND offers > 0",
            Self::Waiting => "recommended > 0",
            Self::Draft | Self::Agreed | Self::NotPlaced | Self::All => "1 = 1",
        }
    }
}

/// What a list of referrals is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    /// One officer's.
    pub officer: Option<PersonId>,
    /// Needed on or before this day.
    pub needed_by: Option<Date>,
    /// On this lot.
    pub lot: Option<String>,
    /// Whose reference contains this.
    pub text: Option<String>,
}

/// One line of a list of referrals: no name, no date of birth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralLine {
    /// The record's id.
    pub id: ReferralId,
    /// The reference.
    pub reference: Reference,
    /// The stored state.
    pub state: String,
    /// The day the home is needed.
    pub needed_on: Option<Date>,
    /// Until when homes can answer.
    pub closes: Option<DateTime>,
    /// Whether prices are sealed.
    pub prices: Option<Prices>,
    /// The lot's code.
    pub lot: Option<String>,
    /// The age band's code.
    pub age_band: Option<String>,
    /// The officer's name.
    pub officer: String,
    /// Homes asked.
    pub asked: i64,
    /// Homes that answered.
    pub replied: i64,
    /// Offers open.
    pub offers: i64,
    /// Offers recommended: waiting for approval.
    pub recommended: i64,
    /// Questions without an answer.
    pub questions: i64,
    /// An emergency whose search approval nobody has recorded.
    pub unapproved: bool,
    /// The lowest price among the open offers, sealed or not: shown only where it may be.
    pub lowest: Option<Pence>,
}

const LINES: &str = "SELECT r.id AS id, r.reference AS reference, r.state AS state, r.needed_on AS needed_on, r.closes AS closes, \
    r.prices AS prices, r.lot AS lot, r.age_band AS age_band, r.officer_id AS officer_id, r.unapproved AS unapproved, \
    (SELECT p.name FROM person p WHERE p.id = r.officer_id) AS officer, \
    (SELECT count(*) FROM invitation i WHERE i.org_id = r.org_id AND i.referral_id = r.id AND r.state <> 'draft') AS asked, \
    (SELECT count(*) FROM invitation i WHERE i.org_id = r.org_id AND i.referral_id = r.id AND i.state IN ('offered', 'declined')) AS replied, \
    (SELECT count(*) FROM offer o WHERE o.org_id = r.org_id AND o.referral_id = r.id AND o.state IN ('sent', 'shortlisted', 'recommended')) AS offers, \
    (SELECT count(*) FROM offer o WHERE o.org_id = r.org_id AND o.referral_id = r.id AND o.state = 'recommended') AS recommended, \
    (SELECT count(*) FROM question q WHERE q.org_id = r.org_id AND q.referral_id = r.id AND q.state = 'open') AS questions, \
    (SELECT min(o.weekly_pence) FROM offer o WHERE o.org_id = r.org_id AND o.referral_id = r.id AND o.state IN ('sent', 'shortlisted', 'recommended')) AS lowest \
    FROM referral r WHERE r.org_id = $1";

/// The states that come first in a list, those that close soonest at its head; see [`URGENT_FIRST`].
const GOING_ON: &str = "('draft', 'out', 'agreed')";

const URGENT_FIRST: &str = "ORDER BY CASE WHEN r.state IN ('draft', 'out', 'agreed') THEN 0 ELSE 1 END, \
    CASE WHEN r.closes IS NULL THEN '9' WHEN r.state IN ('draft', 'out', 'agreed') THEN r.closes ELSE '9' END, r.id DESC";

fn line(row: &Row) -> Result<ReferralLine, StoreError> {
    let reference = row.text("reference")?;
    Ok(ReferralLine {
        id: ReferralId(row.int("id")?),
        reference: reference.parse().map_err(StoreError::fault)?,
        state: row.text("state")?,
        needed_on: row.opt_date("needed_on")?,
        closes: row.opt_text("closes")?.map(|text| text.parse().map_err(StoreError::fault)).transpose()?,
        prices: row.opt_text("prices")?.and_then(|code| Prices::from_code(&code)),
        lot: row.opt_text("lot")?,
        age_band: row.opt_text("age_band")?,
        officer: row.opt_text("officer")?.unwrap_or_default(),
        asked: row.int("asked")?,
        replied: row.int("replied")?,
        offers: row.int("offers")?,
        recommended: row.int("recommended")?,
        questions: row.int("questions")?,
        unapproved: row.int("unapproved")? != 0,
        lowest: row.opt_int("lowest")?.map(Pence),
    })
}

/// The filter as conditions on the inner query, with its values from `$2` on.
fn conditions(filter: &ReferralFilter, values: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(officer) = filter.officer {
        add(" AND r.officer_id = ?", officer.to_sql());
    }
    if let Some(day) = filter.needed_by {
        add(" AND r.needed_on <= ?", day.to_sql());
    }
    if let Some(lot) = &filter.lot {
        add(" AND r.lot = ?", lot.to_sql());
    }
    if let Some(text) = &filter.text {
        let like = format!("%{}%", text.replace(['%', '_'], "").to_uppercase());
        add(" AND r.reference LIKE ?", like.to_sql());
    }
    sql
}

impl Session {
    /// A referral by id.
    pub async fn referral(&self, organisation: OrganisationId, id: ReferralId) -> Result<Referral, StoreError> {
        let sql = "SELECT narrative, body FROM referral WHERE org_id = $1 AND id = $2";
        referral(&self.one(sql, values![organisation, id]).await?)
    }

    /// A referral by its reference; another organisation's is not found.
    pub async fn referral_by_reference(
        &self,
        organisation: OrganisationId,
        reference: &str,
    ) -> Result<Referral, StoreError> {
        let sql = "SELECT narrative, body FROM referral WHERE org_id = $1 AND reference = $2";
        let row = self.one(sql, values![organisation, reference.to_uppercase()]).await?;
        row.once(|| referral(&row))
    }

    /// An authority's searches that ended without a home.
    pub async fn referrals_not_placed(&self, organisation: OrganisationId) -> Result<Vec<Referral>, StoreError> {
        let sql = "SELECT narrative, body FROM referral WHERE org_id = $1 AND state = 'not_placed' ORDER BY id";
        self.all(sql, values![organisation]).await?.iter().map(referral).collect()
    }

    /// An authority's searches that ended with a spot purchase, each with its recorded reason.
    pub async fn referrals_bought_by_spot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<(Referral, SpotReason)>, StoreError> {
        let sql = "SELECT r.narrative, r.body, s.reason FROM spot s JOIN referral r ON r.org_id = s.org_id \
                   AND r.id = s.referral_id JOIN agreement a ON a.org_id = s.org_id AND a.referral_id = s.referral_id \
                   AND a.home_id = s.home_id WHERE s.org_id = $1 AND s.state = 'open' AND a.route = 'spot' \
                   AND a.state <> 'cancelled_before_start' ORDER BY s.id";
        let mut found = Vec::new();
        for row in self.all(sql, values![organisation]).await? {
            let code = row.text("reason")?;
            let reason =
                SpotReason::from_code(&code).ok_or_else(|| StoreError::Fault(format!("no spot reason {code}")))?;
            found.push((referral(&row)?, reason));
        }
        Ok(found)
    }

    /// An authority's referrals with a tier left out that waits to be confirmed.
    pub async fn referrals_to_confirm(&self, organisation: OrganisationId) -> Result<Vec<Referral>, StoreError> {
        let sql =
            "SELECT narrative, body FROM referral WHERE org_id = $1 AND confirm_by IS NOT NULL ORDER BY confirm_by, id";
        self.all(sql, values![organisation]).await?.iter().map(referral).collect()
    }

    /// The words of a referral, opened.
    pub async fn open_narrative(&self, referral: &Referral) -> Result<Narrative, StoreError> {
        self.child_key(referral.authority, referral.child).await?.open(&referral.narrative)
    }

    /// A child's referrals that have not ended: the duplicate guard.
    pub async fn open_referrals_of(
        &self,
        organisation: OrganisationId,
        child: ChildId,
    ) -> Result<Vec<Reference>, StoreError> {
        let open: Vec<String> = ReferralState::OPEN.iter().map(|state| format!("'{state}'")).collect();
        let sql = format!(
            "SELECT reference FROM referral WHERE org_id = $1 AND child_id = $2 AND state IN ({}) ORDER BY id",
            open.join(", ")
        );
        let rows = self.all(&sql, values![organisation, child]).await?;
        rows.iter().map(|row| row.text("reference")?.parse().map_err(StoreError::fault)).collect()
    }

    /// Other children's latest referrals, for the small-number warning: at most `limit`.
    pub async fn other_childrens_referrals(
        &self,
        organisation: OrganisationId,
        child: ChildId,
        limit: u32,
    ) -> Result<Vec<Referral>, StoreError> {
        let sql = "SELECT narrative, body FROM referral WHERE org_id = $1 AND child_id <> $2 AND state <> 'draft' \
                   AND id IN (SELECT max(id) FROM referral WHERE org_id = $1 GROUP BY child_id) ORDER BY id DESC LIMIT $3";
        let rows = self.all(sql, values![organisation, child, limit]).await?;
        rows.iter().map(referral).collect()
    }

    /// A page of the list: the lines of a tab under a filter, the most urgent first, and how many there are.
    pub async fn referral_lines(
        &self,
        organisation: OrganisationId,
        tab: ReferralTab,
        filter: &ReferralFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<ReferralLine>, i64), StoreError> {
        let mut values = values![organisation];
        let narrowed = conditions(filter, &mut values);
        let inner = format!("{LINES}{}{narrowed}", tab.states());
        let condition = tab.condition();
        // Only what the condition asks for is computed for every row; the rest for the rows of the page.
        let count = match condition {
            "1 = 1" => format!("SELECT count(*) AS n FROM referral r WHERE r.org_id = $1{}{narrowed}", tab.states()),
            _ => format!("SELECT count(*) AS n FROM ({inner}) l WHERE {condition}"),
        };
        let total = self.one(&count, values.clone()).await?.int("n")?;
        let page = format!("LIMIT ${} OFFSET ${}", values.len() + 1, values.len() + 2);
        values.extend(values![limit, offset]);
        let sql = if condition == "1 = 1" {
            values.push(limit.saturating_add(offset).to_sql());
            // Those that have ended are in the order of their ids already: no more of them are read than the page can show.
            let of = format!(
                "SELECT r.id AS id, r.state AS state, r.closes AS closes FROM referral r WHERE r.org_id = $1{}{narrowed} AND r.state",
                tab.states()
            );
            let ended = format!("{of} NOT IN {GOING_ON} ORDER BY r.id DESC LIMIT ${}", values.len());
            let all = format!("{of} IN {GOING_ON} UNION ALL SELECT e.id, e.state, e.closes FROM ({ended}) e");
            format!(
                "SELECT * FROM ({LINES} AND r.id IN (SELECT r.id FROM ({all}) r {URGENT_FIRST} {page})) r {URGENT_FIRST}"
            )
        } else {
            format!("SELECT * FROM ({inner}) r WHERE {condition} {URGENT_FIRST} {page}")
        };
        let rows = self.all(&sql, values).await?;
        Ok((rows.iter().map(|row| row.once(|| line(row))).collect::<Result<_, _>>()?, total))
    }

    /// The lines of a tab in the order of their references, from the one after a key on.
    pub async fn referral_lines_after(
        &self,
        organisation: OrganisationId,
        tab: ReferralTab,
        (after, limit): (&str, u32),
    ) -> Result<Vec<ReferralLine>, StoreError> {
        let (states, condition) = (tab.states(), tab.condition());
        let page = "ORDER BY r.reference LIMIT $3";
        let sql = if condition == "1 = 1" {
            format!("{LINES} AND r.reference > $2{states} {page}")
        } else {
            format!("SELECT * FROM ({LINES} AND r.reference > $2{states}) r WHERE {condition} {page}")
        };
        let rows = self.all(&sql, values![organisation, after, limit]).await?;
        rows.iter().map(line).collect()
    }

    /// What an officer may have to do something about: searches that are out, agreed ones, and emergencies that nobody has
    /// approved.
    pub async fn referrals_under_way(&self, organisation: OrganisationId) -> Result<Vec<ReferralLine>, StoreError> {
        // Each by its own index: most of an authority's searches have ended.
        let ids = "SELECT u.id FROM referral u WHERE u.org_id = $1 AND u.state IN ('out', 'agreed') \
                   UNION ALL SELECT u.id FROM referral u WHERE u.org_id = $1 AND u.unapproved = 1";
        let sql = format!("{LINES} AND r.id IN ({ids}) ORDER BY r.id DESC LIMIT 1000");
        self.all(&sql, values![organisation]).await?.iter().map(|row| row.once(|| line(row))).collect()
    }

    /// One line.
    pub async fn referral_line(
        &self,
        organisation: OrganisationId,
        id: ReferralId,
    ) -> Result<ReferralLine, StoreError> {
        line(&self.one(&format!("{LINES} AND r.id = $2"), values![organisation, id]).await?)
    }

    /// The other referrals of a referral's group of siblings, oldest first.
    pub async fn siblings_of(&self, referral: &Referral) -> Result<Vec<ReferralLine>, StoreError> {
        let Some(group) = referral.group else { return Ok(Vec::new()) };
        let sql = format!("{LINES} AND r.group_id = $2 AND r.id <> $3 ORDER BY r.id");
        let rows = self.all(&sql, values![referral.authority, group, referral.id]).await?;
        rows.iter().map(line).collect()
    }

    /// The other children whose referrals are linked with one of a child's: brothers and sisters, as far as the record knows.
    pub async fn siblings_of_child(
        &self,
        organisation: OrganisationId,
        child: ChildId,
    ) -> Result<Vec<ChildId>, StoreError> {
        let sql = "SELECT DISTINCT s.child_id AS sibling FROM referral r \
                   JOIN referral s ON s.org_id = r.org_id AND s.group_id = r.group_id \
                   WHERE r.org_id = $1 AND r.child_id = $2 AND s.child_id <> $2 ORDER BY sibling";
        let rows = self.all(sql, values![organisation, child]).await?;
        rows.iter().map(|row| Ok(ChildId(row.int("sibling")?))).collect()
    }

    /// How many each tab has under a filter, in the order of [`ReferralTab::ALL`].
    pub async fn referral_counts(
        &self,
        organisation: OrganisationId,
        filter: &ReferralFilter,
    ) -> Result<Vec<i64>, StoreError> {
        let mut values = values![organisation];
        let narrowed = conditions(filter, &mut values);
        let sql = format!(
            "SELECT r.state AS state, count(*) AS n FROM referral r WHERE r.org_id = $1{narrowed} GROUP BY r.state"
        );
        let stored = self.all(&sql, values.clone()).await?;
        let stored = stored.iter().map(|row| Ok((row.text("state")?, row.int("n")?)));
        let stored = stored.collect::<Result<Vec<_>, StoreError>>()?;
        let some =
            |states: &[&str]| stored.iter().filter(|(of, _)| states.contains(&of.as_str())).map(|(_, n)| n).sum();
        let sums = [ReferralTab::WithProviders, ReferralTab::OffersIn, ReferralTab::Waiting].map(|tab| {
            format!(
                "CAST(coalesce(sum(CASE WHEN {} THEN 1 ELSE 0 END), 0) AS BIGINT) AS {}",
                tab.condition(),
                tab.column()
            )
        });
        let sql = format!("SELECT {} FROM ({LINES} AND r.state = 'out' {narrowed}) l", sums.join(", "));
        let out = self.one(&sql, values).await?;
        let one = |tab: &ReferralTab| match tab {
            ReferralTab::Draft => Ok(some(&["draft"])),
            ReferralTab::WithProviders | ReferralTab::OffersIn | ReferralTab::Waiting => out.int(tab.column()),
            ReferralTab::Agreed => Ok(some(&["agreed", "placed"])),
            ReferralTab::NotPlaced => Ok(some(&["not_placed", "withdrawn"])),
            ReferralTab::All => Ok(stored.iter().map(|(_, n)| n).sum()),
        };
        ReferralTab::ALL.iter().map(one).collect()
    }
}
