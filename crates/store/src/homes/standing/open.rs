//! What stands open at homes in one authority: what a measure lists before it is confirmed, and what is then done.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::id::{AgreementId, ApprovalId, HomeId, InvitationId, NominationId, OfferId, OrganisationId};
use placewell_domain::placing::invitation::{InvitationState, not_in_time};
use serde::Deserialize;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;

/// What stands open, record by record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenAt {
    /// Invitations that can still be answered, or were offered on.
    pub invitations: Vec<InvitationId>,
    /// How many referrals they are of.
    pub referrals: u32,
    /// Offers that could still be chosen.
    pub offers: Vec<OfferId>,
    /// Approvals that rest on them.
    pub approvals: Vec<ApprovalId>,
    /// Nominations that stand.
    pub nominations: Vec<NominationId>,
    /// Agreements that go on, or have not begun.
    pub agreements: Vec<(AgreementId, HomeId)>,
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl OpenAt {
    /// The numbers of it.
    #[must_use]
    pub fn affected(&self, authority: OrganisationId) -> Affected {
        Affected {
            authority,
            referrals: self.referrals,
            offers: count(self.offers.len()),
            approvals: count(self.approvals.len()),
            beds: count(self.nominations.len()),
            placements: count(self.agreements.len()),
        }
    }
}

/// A list of ids as SQL takes it; they are numbers.
fn among(homes: &[HomeId]) -> String {
    let ids: Vec<String> = homes.iter().map(|home| home.0.to_string()).collect();
    ids.join(", ")
}

/// An invitation that was sent through the arrangement.
struct Asked {
    id: InvitationId,
    referral: i64,
    home: i64,
    open: bool,
    lot: String,
}

fn asked(row: &Row) -> Result<Asked, StoreError> {
    let body: serde_json::Value = row.json("body")?;
    let lot = body.pointer("/profile/lot").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let state = row.text("state")?;
    Ok(Asked {
        id: InvitationId(row.int("id")?),
        referral: row.int("referral_id")?,
        home: row.int("home_id")?,
        open: row.text("search")? == "out" && matches!(state.as_str(), "asked" | "opened" | "offered" | "no_reply"),
        lot,
    })
}

/// Where an invitation stands, of all that is kept of it.
#[derive(Deserialize)]
struct Stands {
    state: InvitationState,
}

/// Whether the invitation of a row with its body, its deadline and when it was offered first was not answered in time.
pub(in crate::homes) fn late_in(row: &Row) -> Result<bool, StoreError> {
    let time = |text: String| text.parse::<DateTime>().map_err(StoreError::fault);
    let (deadline, offered) = (time(row.text("deadline")?)?, row.opt_text("offered")?.map(time).transpose()?);
    Ok(not_in_time(&row.json::<Stands>("body")?.state, deadline, offered))
}

impl Session {
    /// What stands open at these homes in an authority, of one lot or of all. What is bought outside the arrangement has
    /// gates of its own and is left alone.
    pub async fn open_at(
        &self,
        org: OrganisationId,
        homes: &[HomeId],
        lot: Option<&str>,
    ) -> Result<OpenAt, StoreError> {
        if homes.is_empty() {
            return Ok(OpenAt::default());
        }
        let homes = among(homes);
        let sql = format!(
            "SELECT i.id AS id, i.referral_id AS referral_id, i.home_id AS home_id, i.state AS state, \
             r.state AS search, i.body AS body \
             FROM invitation i JOIN referral r ON r.org_id = i.org_id AND r.id = i.referral_id \
             WHERE i.org_id = $1 AND i.home_id IN ({homes}) AND i.tier <> 'spot' ORDER BY i.id"
        );
        let mut all: Vec<Asked> = self.all(&sql, values![org]).await?.iter().map(asked).collect::<Result<_, _>>()?;
        all.retain(|one| lot.is_none_or(|lot| lot == one.lot));
        let mut found = OpenAt::default();
        let mut referrals = Vec::new();
        for one in all.iter().filter(|one| one.open) {
            found.invitations.push(one.id);
            referrals.push(one.referral);
        }
        let known = |row: &Row| -> Result<bool, StoreError> {
            let (referral, home) = (row.int("referral_id")?, row.int("home_id")?);
            Ok(all.iter().any(|one| (one.referral, one.home) == (referral, home)))
        };
        let sql = format!(
            "SELECT id, referral_id, home_id FROM offer WHERE org_id = $1 AND home_id IN ({homes}) \
             AND state IN ('sent', 'shortlisted', 'recommended') ORDER BY id"
        );
        for row in self.all(&sql, values![org]).await? {
            if known(&row)? {
                found.offers.push(OfferId(row.int("id")?));
            }
        }
        let sql = format!(
            "SELECT id, referral_id, home_id FROM nomination WHERE org_id = $1 AND home_id IN ({homes}) \
             AND state IN ('open', 'accepted') ORDER BY id"
        );
        for row in self.all(&sql, values![org]).await? {
            if known(&row)? {
                found.nominations.push(NominationId(row.int("id")?));
                referrals.push(row.int("referral_id")?);
            }
        }
        let sql = format!(
            "SELECT id, referral_id, home_id FROM agreement WHERE org_id = $1 AND home_id IN ({homes}) \
             AND state NOT IN ('ended', 'cancelled_before_start') ORDER BY id"
        );
        for row in self.all(&sql, values![org]).await? {
            // A placement that was bought outside, or brought in, has a child in the home all the same.
            if lot.is_none() || known(&row)? {
                found.agreements.push((AgreementId(row.int("id")?), HomeId(row.int("home_id")?)));
            }
        }
        found.approvals = self.approvals_on(org, &found.offers).await?;
        referrals.sort_unstable();
        referrals.dedup();
        found.referrals = count(referrals.len());
        Ok(found)
    }

    /// At which of these homes a child of an authority is placed, or is to be: a home for each agreement that is not over.
    pub async fn placed_at(&self, org: OrganisationId, homes: &[HomeId]) -> Result<Vec<HomeId>, StoreError> {
        if homes.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT home_id FROM agreement WHERE org_id = $1 AND home_id IN ({}) \
             AND state NOT IN ('ended', 'cancelled_before_start') ORDER BY id",
            among(homes)
        );
        self.all(&sql, values![org]).await?.iter().map(|row| Ok(HomeId(row.int("home_id")?))).collect()
    }

    async fn approvals_on(&self, org: OrganisationId, offers: &[OfferId]) -> Result<Vec<ApprovalId>, StoreError> {
        if offers.is_empty() {
            return Ok(Vec::new());
        }
        let offers: Vec<String> = offers.iter().map(|offer| offer.0.to_string()).collect();
        let sql = format!(
            "SELECT id FROM approval WHERE org_id = $1 AND offer_id IN ({}) \
             AND state IN ('requested', 'question_open', 'passed_on', 'approved') ORDER BY id",
            offers.join(", ")
        );
        self.all(&sql, values![org]).await?.iter().map(|row| Ok(ApprovalId(row.int("id")?))).collect()
    }

    /// How many invitations of an authority to homes of each provider, or of one, were due since a time, and how many of them
    /// were not answered in time.
    pub async fn answers_since(
        &self,
        org: OrganisationId,
        of: Option<OrganisationId>,
        (since, now): (DateTime, DateTime),
    ) -> Result<Vec<(OrganisationId, u32, u32)>, StoreError> {
        let only = of.map_or_else(String::new, |provider| format!("AND i.provider_id = {} ", provider.0));
        let sql = format!(
            "SELECT i.provider_id AS provider_id, i.deadline AS deadline, i.body AS body, o.offered AS offered \
             FROM invitation i LEFT JOIN (SELECT invitation_id, min(sent_at) AS offered FROM offer WHERE org_id = $1 \
             GROUP BY invitation_id) o ON o.invitation_id = i.id \
             WHERE i.org_id = $1 AND i.deadline >= $2 AND i.deadline < $3 AND i.state <> 'withdrawn' {only}"
        );
        let mut counted: BTreeMap<OrganisationId, (u32, u32)> = BTreeMap::new();
        for row in self.all(&sql, values![org, since.to_string(), now.to_string()]).await? {
            let (asked, late) = counted.entry(OrganisationId(row.int("provider_id")?)).or_default();
            *asked += 1;
            *late += u32::from(late_in(&row)?);
        }
        Ok(counted.into_iter().map(|(provider, (asked, late))| (provider, asked, late)).collect())
    }
}
