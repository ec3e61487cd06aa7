//! An authority that goes live: its live placements brought in from a file with two rows that cannot be used, beside what its
//! finance ledger shows as paid; two of them differ. And what a provider holds, with insurance that lapses soon.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::change::Event;
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms};
use placewell_domain::homes::price::charge_between;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::import::{FileKind, UploadState};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::duty::DUTY_TELEPHONES;
use placewell_domain::placing::occupancy::UseState;

use super::papers::page;
use super::{World, Written};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::authorities::PARTS;
use crate::demonstration::people::{manager, officers};
use crate::homes::home::paper::KeepPaper;
use crate::importing::layout;
use crate::office::document::Brought;
use crate::office::import::{ConfirmFile, SendFile};

/// The first night of the stays, and the day after the last that was paid.
const START: Date = date(2021, 8, 23);
const PAID_TO: Date = date(2021, 9, 6);
/// So many placements are brought in.
const STAYS: usize = 4;
/// Weekly prices of theirs.
const WEEKLY: [i64; STAYS] = [395_000, 412_050, 388_000, 440_000];

/// Writes it all; in a small region as far as there are beds for it.
pub(super) async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    telephones(app, written).await?;
    documents(app, world).await?;
    let Some(part) = PARTS.iter().find(|part| part.code == "TEL") else { return Ok(()) };
    let officer = app.actor_by_email(&officers(part)[0]).await?;
    let homes = with_a_bed(app, world, written, &officer).await?;
    if homes.len() < STAYS {
        return Ok(());
    }
    let file = stays(&homes);
    let command = SendFile::read(FileKind::Placements, "live-placements-telford.csv", file.as_bytes())?;
    let receipt = app.perform(&officer, "demonstration going live", command).await?;
    let number = receipt.location.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    let view = app.upload(&officer, number).await?;
    app.advance(officer.organisation, view.upload.id, None).await?;
    let view = app.upload(&officer, number).await?;
    if !matches!(&view.upload.state, UploadState::Checked { found } if found.changes > 0) {
        return Ok(());
    }
    let confirm = ConfirmFile { number, version: view.upload.version, leave_out: true };
    app.perform(&officer, "demonstration going live, confirmed", confirm).await?;
    app.advance(officer.organisation, view.upload.id, None).await
}

/// Every authority's duty team, by numbers of Ofcom's drama range.
async fn telephones(app: &Arc<App>, written: &Written) -> Answer<()> {
    for (at, part) in (0..).zip(PARTS) {
        let Ok(organisation) = written.organisation(part.code) else { continue };
        let mut work = app.store.begin(organisation, app.calendar.now()).await?;
        let value = format!("01632 96{:04};01632 96{:04}", 100 + 2 * at, 101 + 2 * at);
        work.set(DUTY_TELEPHONES.name, date(2018, 12, 15), &value).await?;
        work.record(Event::new("setting.changed", "setting", organisation.0, 1).with("key", DUTY_TELEPHONES.name));
        work.commit(Machine::now()).await?;
    }
    Ok(())
}

/// The certificate of the insurance that lapses first.
fn certificate() -> Vec<u8> {
    page(&["Certificate of public liability insurance PL-2020-1187 (invented)", "In force to 17 September 2021."])
}

/// The provider of the story holds insurance that lapses in 5, 28 and 55 days, a report and a statement.
async fn documents(app: &Arc<App>, world: &World) -> Answer<()> {
    let provider =
        app.actor_by_email(&manager(&world.homes.owners[world.homes.homes[world.cast.elm].owner].slug)).await?;
    let held = [
        (PaperKind::InsurancePublic, "PL-2020-1187", date(2021, 9, 17)),
        (PaperKind::InsuranceEmployer, "EL-2020-1187", date(2021, 10, 10)),
        (PaperKind::InsuranceProfessional, "PI-2020-0412", date(2021, 11, 6)),
        (PaperKind::Safeguarding, "Safeguarding policy, version 7", date(2022, 3, 31)),
    ];
    for (kind, reference, until) in held {
        let terms = PaperTerms { from: date(2020, 11, 7), expires_on: Some(until), audience: Audience::Members };
        let certified = kind == PaperKind::InsurancePublic;
        let brought = certified.then(|| Brought::checked("Certificate of insurance.pdf", certificate())).transpose()?;
        let keep = KeepPaper { urn: None, kind, reference: reference.to_owned(), terms, brought };
        app.perform(&provider, &format!("demonstration document {reference}"), keep).await?;
    }
    Ok(())
}

/// Homes outside the story where a bed was free on every night from the stays' first on, and nobody lives alone.
async fn with_a_bed(app: &Arc<App>, world: &World, written: &Written, officer: &Actor) -> Answer<Vec<String>> {
    let session = app.store.read(Some(officer.organisation)).await?;
    let cast = world.cast.all();
    let mut found = Vec::new();
    for (at, home) in written.homes.iter().enumerate().rev() {
        if cast.contains(&at) || home.may_admit().is_err() || home.short_breaks_only {
            continue;
        }
        let (beds, uses) = (session.beds(home.id).await?, session.bed_uses(home.id, START).await?);
        let nights = Nights::open(START);
        let over = |bed| {
            uses.iter()
                .any(|one| one.bed == bed && one.state != UseState::Cancelled && one.nights.overlap(nights).is_some())
        };
        let alone = uses.iter().any(|one| one.solo && one.nights.to() == OPEN_END);
        // A home of several empty beds stays one that searches find.
        if !alone && beds.iter().filter(|bed| !over(bed.id)).count() > 1 {
            found.push(home.urn.to_string());
        }
        if found.len() == STAYS {
            break;
        }
    }
    Ok(found)
}

/// The file: what the ledger shows is right for two, one night too much for one, and off by a sum for one.
fn stays(homes: &[String]) -> String {
    let layout = layout(FileKind::Placements);
    let mut file = format!("{}\n", layout.names.join(","));
    let nights = Nights::new(START, PAID_TO);
    for ((at, urn), weekly) in (1..).zip(homes).zip(WEEKLY) {
        let weekly = Pence(weekly);
        let due = nights.map_or(Pence::ZERO, |nights| charge_between(weekly, START, nights));
        let paid = match at {
            3 => due + Pence(weekly.0 / 7),
            4 => due - Pence::pounds(120),
            _ => due,
        };
        let mut row: BTreeMap<&str, String> = BTreeMap::new();
        row.insert("source_reference", format!("LCS/{at:04}"));
        row.insert("origin", "previous_arrangement".to_owned());
        row.insert("child_reference", format!("T{at:03}"));
        row.insert("family_name", ["Ferrow", "Quillan", "Oakmere", "Thistlewood"][at - 1].to_owned());
        row.insert("given_names", ["Isla", "Tobin", "Marnie", "Jude"][at - 1].to_owned());
        row.insert("date_of_birth", format!("2007-0{at}-11"));
        row.insert("sex", if at % 2 == 0 { "male" } else { "female" }.to_owned());
        row.insert("home_urn", urn.clone());
        row.insert("start", START.to_string());
        row.insert("planned_end", date(2022, 2, 21).to_string());
        row.insert("weekly_price", pounds(weekly));
        row.insert("health_share", if at == 2 { "30" } else { "" }.to_owned());
        row.insert("notice_days", "28".to_owned());
        row.insert("paid_from", START.to_string());
        row.insert("paid_to", PAID_TO.to_string());
        row.insert("paid_amount", pounds(paid));
        line(&mut file, layout.names, &row);
        // The same rows as they were first sent: a date that is none, and a formula.
        if at == 2 || at == 4 {
            row.insert("source_reference", format!("LCS/9{at:03}"));
            row.insert("child_reference", format!("T9{at:02}"));
            row.insert(if at == 2 { "start" } else { "paid_amount" }, "=B2+7".to_owned());
            line(&mut file, layout.names, &row);
        }
    }
    file
}

fn line(file: &mut String, names: &[&str], row: &BTreeMap<&str, String>) {
    let cells: Vec<&str> = names.iter().map(|name| row.get(name).map_or("", String::as_str)).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(file, "{}", cells.join(","));
}

fn pounds(amount: Pence) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0 % 100)
}
