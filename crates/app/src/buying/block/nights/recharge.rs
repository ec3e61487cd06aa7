//! The recharge statement: what one authority pays for a block in a month, line by line, with corrections of earlier
//! months; on the page, as CSV and as PDF, from the same lines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::buying::block::Block;
use placewell_domain::buying::block::month::MonthState;
use placewell_domain::buying::block::nights::{NightRow, SlotNight, VoidCause};
use placewell_domain::id::{AgreementId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_paper::DocumentMoment;
use placewell_paper::buying::block::recharge::{RechargePaper, RechargeRow, recharge as typeset};
use placewell_store::Session;

use super::settle::{MonthNow, month_now};
use super::{Known, own_block, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::placing::occupancy::month_of as month_named;

/// Nights of one kind at one amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RechargeLine {
    /// What they are, such as "Occupied, HEF-A-0137".
    pub what: String,
    /// How many nights.
    pub nights: i64,
    /// The authority's part of one; none where the line is corrections of several.
    pub night: Option<Pence>,
    /// What they come to; an income or a credit is below zero.
    pub pence: Pence,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recharge {
    /// The block's reference.
    pub block: String,
    /// What it is called.
    pub title: String,
    /// The authority's name.
    pub authority: String,
    /// Its code.
    pub code: String,
    /// Its share in words.
    pub share: String,
    /// The provider's name.
    pub provider: String,
    /// The month's first day.
    pub month: Date,
    /// When both sides had settled it; none while it may change.
    pub settled: Option<Date>,
    /// The month's own nights.
    pub lines: Vec<RechargeLine>,
    /// Corrections of earlier months.
    pub adjustments: Vec<RechargeLine>,
}

impl Recharge {
    /// What the authority owes.
    #[must_use]
    pub fn total(&self) -> Pence {
        self.lines.iter().chain(&self.adjustments).map(|line| line.pence).sum()
    }

    /// The statement as a table for a file.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let heads = ["Mini-block", "Authority", "Month", "What", "Nights", "A night (£)", "Amount (£)"];
        let mut sheet = Sheet::new("Recharge", heads);
        sheet.rows.extend(self.lines.iter().chain(&self.adjustments).map(|line| {
            vec![
                self.block.as_str().into(),
                self.code.as_str().into(),
                self.month.into(),
                line.what.as_str().into(),
                Cell::Count(line.nights),
                line.night.map_or(Cell::Empty, Cell::Money),
                line.pence.into(),
            ]
        }));
        sheet
    }
}

/// The words of a night on a statement.
fn words(what: &SlotNight, income: bool, agreements: &BTreeMap<AgreementId, String>) -> String {
    match what {
        SlotNight::Used { agreement, second, .. } => {
            let reference = agreements.get(agreement).map(|text| format!(", {text}")).unwrap_or_default();
            format!("{}{reference}", if *second { "Occupied, second child" } else { "Occupied" })
        }
        SlotNight::Nominated { .. } => "Empty: a child is nominated".to_owned(),
        SlotNight::Void { cause: VoidCause::NoNomination, .. } => "Empty: no child nominated".to_owned(),
        SlotNight::Void { cause, .. } => format!("Empty: {}", cause.label().to_lowercase()),
        SlotNight::Resold { .. } if income => "Share of income from re-sold nights".to_owned(),
        SlotNight::Resold { .. } => "Bought nights".to_owned(),
    }
}

/// An authority's nights, those of one kind and amount together.
fn lines(rows: &[NightRow], of: OrganisationId, agreements: &BTreeMap<AgreementId, String>) -> Vec<RechargeLine> {
    let mut sums: BTreeMap<(String, Pence), i64> = BTreeMap::new();
    for row in rows {
        for (_, part) in row.parts.iter().filter(|(whose, part)| *whose == of && *part != Pence::ZERO) {
            *sums.entry((words(&row.what, *part < Pence::ZERO, agreements), *part)).or_default() += 1;
        }
    }
    let line = |((what, night), nights): ((String, Pence), i64)| RechargeLine {
        what,
        nights,
        night: Some(night),
        pence: Pence(night.0.saturating_mul(nights)),
    };
    sums.into_iter().map(line).collect()
}

/// Corrections, a line for each night that changed for the authority.
fn corrections(now: &MonthNow, of: OrganisationId) -> Vec<RechargeLine> {
    let changed = now.adjusted.iter().filter_map(|one| {
        let pence = one.parts().into_iter().find_map(|(whose, pence)| (whose == of).then_some(pence))?;
        let (was, is) = (one.was.what.word().to_lowercase(), one.now.what.word().to_lowercase());
        let what = format!("Correction of {}, bed {}: {was}, now {is}", one.now.night, one.now.slot);
        Some(RechargeLine { what, nights: 1, night: None, pence })
    });
    changed.collect()
}

async fn statement(
    session: &Session,
    block: &Block,
    authority: &str,
    month: Date,
    own: Option<OrganisationId>,
) -> Answer<Recharge> {
    let all = session.organisations().await?;
    let of = all.iter().find(|one| one.code == authority).ok_or(Outcome::NotFound)?;
    let known = Known::read(session, block.id).await?;
    let bought = known.resales.iter().any(|resale| resale.buyer == of.id);
    if block.share_of(of.id).is_none() && !bought {
        return Err(Outcome::NotFound);
    }
    let now = month_now(session, &known, month).await?;
    let mut agreements = BTreeMap::new();
    if own == Some(of.id) {
        for nomination in known.nominations.iter().filter(|one| one.authority == of.id) {
            let Some(stay) = nomination.stay() else { continue };
            // A stay from before this system has no agreement here.
            if let Ok(agreement) = session.agreement_by_id(of.id, stay.agreement).await {
                agreements.insert(stay.agreement, agreement.reference.to_string());
            }
        }
    }
    let provider = provider_of(block).and_then(|id| all.iter().find(|one| one.id == id));
    Ok(Recharge {
        block: block.reference.clone(),
        title: block.title.clone(),
        authority: of.name.clone(),
        code: of.code.clone(),
        share: block
            .share_of(of.id)
            .map_or_else(|| "no share".to_owned(), placewell_domain::buying::block::BlockShare::words),
        provider: provider.map_or_else(String::new, |one| one.name.clone()),
        month,
        settled: now.settling.as_ref().and_then(|one| match &one.state {
            MonthState::Frozen { at, .. } => Some(at.date()),
            MonthState::AgreedByOne { .. } | MonthState::Disputed { .. } => None,
        }),
        lines: lines(&now.rows, of.id, &agreements),
        adjustments: corrections(&now, of.id),
    })
}

impl App {
    /// What an authority pays for a block in a month: its own statement, or any for the lead.
    pub async fn recharge(&self, actor: &Actor, reference: &str, authority: &str, month: &str) -> Answer<Recharge> {
        let session = self.see(actor, Action::SeeBlockNights).await?;
        let block = own_block(&session, actor, reference).await?;
        let own = actor.code == authority && actor.kind == OrganisationKind::Authority;
        if !own && actor.kind != OrganisationKind::RegionalTeam {
            return Err(Outcome::NotFound);
        }
        let month = month_named(month, self.calendar.now().today());
        statement(&session, &block, authority, month, own.then_some(actor.organisation)).await
    }

    /// The same as a PDF.
    pub async fn recharge_pdf(&self, actor: &Actor, reference: &str, authority: &str, month: &str) -> Answer<Vec<u8>> {
        let recharge = self.recharge(actor, reference, authority, month).await?;
        let now = self.calendar.now();
        let row = |line: &RechargeLine| RechargeRow {
            what: line.what.clone(),
            nights: line.nights,
            night: line.night.map(|night| night.0),
            pence: line.pence.0,
        };
        let paper = RechargePaper {
            block: recharge.block.clone(),
            title: recharge.title.clone(),
            authority: recharge.authority.clone(),
            share: recharge.share.clone(),
            provider: recharge.provider.clone(),
            month: recharge.month,
            last: recharge.month.last_of_month(),
            settled: recharge.settled,
            issued_on: now.today(),
            lines: recharge.lines.iter().map(row).collect(),
            adjustments: recharge.adjustments.iter().map(row).collect(),
            total: recharge.total().0,
        };
        let moment = DocumentMoment(now.at);
        tokio::task::spawn_blocking(move || typeset(&paper, moment))
            .await
            .map_err(|_| Outcome::Fault("the statement could not be typeset".to_owned()))?
            .map_err(|error| Outcome::Fault(error.to_string()))
    }
}
