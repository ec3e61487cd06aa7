//! The contract register for everybody: places on the arrangement, mini-blocks with why they were awarded, yearly totals.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::calendar::{ContractYear, YearBasis, year_of};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::arrangement::Arrangement;
use placewell_domain::reporting::publication::{ContractKind, OCID_PREFIX, OcidPrefix, PublicContract, YearTotals};
use placewell_store::Session;
use placewell_store::buying::block::PublishedBlock;

use crate::answer::{Answer, Outcome};
use crate::command::App;

/// A published year with the names of those that it tells of.
#[derive(Debug, Clone)]
pub struct YearPage {
    /// The year.
    pub year: ContractYear,
    /// Its totals.
    pub totals: YearTotals,
    /// When it was published; none before.
    pub published_at: Option<Timestamp>,
    /// The names of its organisations.
    pub names: BTreeMap<OrganisationId, String>,
}

impl YearPage {
    /// What an organisation of the totals is called; the others together where it is none.
    #[must_use]
    pub fn name(&self, of: Option<OrganisationId>, others: &str) -> String {
        of.and_then(|of| self.names.get(&of)).cloned().unwrap_or_else(|| others.to_owned())
    }
}

/// The register.
#[derive(Debug, Clone)]
pub struct Register {
    /// The contracts: mini-blocks, then places on the arrangement, each by supplier.
    pub contracts: Vec<PublicContract>,
    /// The years that are published, the latest first.
    pub years: Vec<YearPage>,
    /// When each mini-block's entry last changed, by its reference.
    pub changed: BTreeMap<String, Timestamp>,
    /// The prefix under which the region publishes Open Contracting data; none until it has registered one.
    pub prefix: Option<OcidPrefix>,
}

impl Register {
    /// The prefix, without which no Open Contracting package is published.
    pub fn registered(&self) -> Answer<&OcidPrefix> {
        let unset = || {
            Refusal::new(
                "ocid_prefix_unset",
                "Open Contracting data is published under a prefix that the publisher has registered",
                "The region has not recorded a registered prefix yet. The register stands on its page and as CSV.",
                "The commissioning lead, on the page of settings",
            )
            .found(OCID_PREFIX.name)
        };
        Ok(self.prefix.as_ref().ok_or_else(unset)?)
    }

    /// One contract by its reference.
    #[must_use]
    pub fn contract(&self, reference: &str) -> Option<&PublicContract> {
        self.contracts.iter().find(|one| one.reference.eq_ignore_ascii_case(reference))
    }
}

/// The reference of a provider's place on the arrangement.
fn place(code: &str) -> String {
    format!("FCA-{code}")
}

/// A mini-block as everybody reads it.
fn mini_block(block: PublishedBlock, code: String, option: Option<u16>, today: Date) -> PublicContract {
    PublicContract {
        kind: ContractKind::MiniBlock,
        title: block.title,
        supplier: block.provider,
        supplier_code: code,
        buyers: block.shares.iter().map(|share| share.name.clone()).collect(),
        starts: block.from,
        ends: plus_days(block.until, -1),
        extension_months: option,
        value: Some(placewell_domain::money::Pence(block.value).to_thousands()),
        reasons: Some(block.reasons),
        alternatives: Some(block.alternatives),
        conflicts: Some(block.conflicts),
        decisions: block.shares.into_iter().map(|share| share.decision).collect(),
        live: block.until > today,
        reference: block.reference,
    }
}

/// Whole months between two days.
fn months(from: Date, to: Date) -> Option<u16> {
    let span = i32::from(to.year() - from.year()) * 12 + i32::from(to.month() - from.month());
    u16::try_from(span).ok().filter(|months| *months > 0)
}

/// Each provider's place on the arrangement: the lots on which any of its homes is or was, never which home.
async fn places(
    session: &Session,
    arrangement: &Arrangement,
    organisations: &BTreeMap<OrganisationId, Organisation>,
    today: Date,
) -> Answer<Vec<PublicContract>> {
    let homes: BTreeMap<_, _> = session.homes().await?.into_iter().map(|home| (home.id, home.provider)).collect();
    let mut held: BTreeMap<OrganisationId, (Date, Date, Vec<String>)> = BTreeMap::new();
    for admission in session.all_admissions().await? {
        let Some(provider) = homes.get(&admission.home) else { continue };
        let row = held.entry(*provider).or_insert_with(|| (admission.from, admission.until, Vec::new()));
        row.0 = row.0.min(admission.from);
        row.1 = row.1.max(admission.until);
        if !row.2.contains(&admission.lot) {
            row.2.push(admission.lot);
        }
    }
    let buyers: Vec<String> = arrangement
        .participants
        .iter()
        .filter_map(|one| organisations.get(&one.organisation))
        .map(|one| one.name.clone())
        .collect();
    let mut places = Vec::new();
    for (provider, (from, until, lots)) in held {
        let Some(supplier) = organisations.get(&provider) else { continue };
        let named: Vec<&str> =
            arrangement.lots.iter().filter(|lot| lots.contains(&lot.code)).map(|lot| lot.name.as_str()).collect();
        let last = arrangement.term.current_end();
        let ends = if until == OPEN_END { last } else { plus_days(until, -1).min(last) };
        places.push(PublicContract {
            reference: place(&supplier.code),
            kind: ContractKind::Arrangement,
            title: format!("{}: {}", arrangement.title, named.join(", ")),
            supplier: supplier.name.clone(),
            supplier_code: supplier.code.clone(),
            buyers: buyers.clone(),
            starts: from.max(arrangement.term.start),
            ends,
            extension_months: Some(arrangement.term.option_months).filter(|months| *months > 0),
            value: None,
            reasons: None,
            alternatives: None,
            conflicts: None,
            decisions: Vec::new(),
            live: ends >= today,
        });
    }
    places.sort_by(|a, b| (&a.supplier, &a.reference).cmp(&(&b.supplier, &b.reference)));
    Ok(places)
}

impl App {
    /// The contract register: public.
    pub async fn contract_register(&self) -> Answer<Register> {
        let session = self.visit().await?;
        let today = self.calendar.now().today();
        let organisations: BTreeMap<OrganisationId, Organisation> =
            session.organisations().await?.into_iter().map(|one| (one.id, one)).collect();
        let mut contracts = Vec::new();
        let mut changed = BTreeMap::new();
        for (block, at) in session.published_blocks().await? {
            changed.insert(block.reference.clone(), at);
            let code = organisations.get(&block.provider_id).map(|one| one.code.clone()).unwrap_or_default();
            let option = block.extendable_until.and_then(|until| months(block.until, until));
            contracts.push(mini_block(block, code, option, today));
        }
        let kept = session.current_arrangement().await?;
        let mut prefix = None;
        if let Some(kept) = &kept {
            prefix = session.value_of(kept.region, &OCID_PREFIX, today).await?;
            contracts.extend(places(&session, &kept.arrangement, &organisations, today).await?);
        }
        let names: BTreeMap<OrganisationId, String> =
            organisations.iter().map(|(id, one)| (*id, one.name.clone())).collect();
        let years = session.published_years().await?.into_iter().map(|one| YearPage {
            year: year_of(one.totals.year_start, YearBasis::Contract),
            totals: one.totals,
            published_at: Some(one.published_at),
            names: names.clone(),
        });
        let years = years.collect();
        Ok(Register { contracts, years, changed, prefix })
    }

    /// The prefix under which the region publishes Open Contracting data today: none, or the standard's own example, are
    /// told by `doctor`.
    pub async fn ocid_prefix(&self) -> Answer<Option<OcidPrefix>> {
        let session = self.visit().await?;
        let today = self.calendar.now().today();
        match session.current_arrangement().await? {
            Some(kept) => Ok(session.value_of(kept.region, &OCID_PREFIX, today).await?),
            None => Ok(None),
        }
    }

    /// One contract of the register: public.
    pub async fn public_contract(&self, reference: &str) -> Answer<PublicContract> {
        let register = self.contract_register().await?;
        register.contract(reference).cloned().ok_or(Outcome::NotFound)
    }

    /// The contracts that rest on a published decision: public.
    pub async fn contracts_under(&self, reference: &str) -> Answer<Vec<PublicContract>> {
        let register = self.contract_register().await?;
        let rests = |one: &PublicContract| one.decisions.iter().any(|known| known == reference);
        Ok(register.contracts.into_iter().filter(rests).collect())
    }
}
