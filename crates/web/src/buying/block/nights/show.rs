//! The month's page of a block's nights, and its CSV.

use axum::extract::Path;
use placewell_app::Outcome;
use placewell_app::buying::block::nights::{Against, BreakEven, NightsPage, NominationLine, VoidOfferLine};
use placewell_domain::buying::block::VoidOfferState;
use placewell_domain::buying::block::nights::VoidCause;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_insight::buying::block::EvenAt;
use placewell_pages::buying::block::nights::{
    AgainstView, BreakEvenView, CauseView, CorrectionView, NightLineView, NightsView, NominationView, PartView,
    ResaleView, SettlingView, VacancyView, VoidOfferView, WeekView, forms, nights_page,
};
use placewell_pages::words;

use crate::request::Signed;
use crate::respond::{Answered, OrFail, file, page};

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let month = signed.query.get("month");
    let found = signed.app().block_nights(&signed.actor, &reference, month).await.or_fail(&signed)?;
    Ok(page(&nights_page(signed.shell(), &view(&signed, &found))))
}

/// The nights as a file: one row a bed and night.
pub(super) async fn csv(signed: Signed, Path(reference): Path<String>) -> Answered {
    let month = signed.query.get("month");
    let found = signed.app().block_nights(&signed.actor, &reference, month).await.or_fail(&signed)?;
    let bytes = sheet(&found).csv().map_err(|error| Outcome::Fault(error.0)).or_fail(&signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("nights-{reference}-{}.csv", found.month.strftime("%Y-%m"))))
}

fn code(found: &NightsPage, id: placewell_domain::id::OrganisationId) -> String {
    found.names.get(&id).map_or_else(String::new, |(code, _)| code.clone())
}

pub(crate) fn sheet(found: &NightsPage) -> Sheet {
    let heads = ["Night", "Bed", "State", "Guaranteed", "Due (£)", "Credited (£)", "Payers"];
    let mut sheet = Sheet::new("Nights", heads);
    sheet.rows.extend(found.rows.iter().map(|row| {
        let parts: Vec<String> =
            row.parts.iter().map(|(whose, part)| format!("{} {part}", code(found, *whose))).collect();
        vec![
            row.night.into(),
            Cell::Count(row.slot.into()),
            row.what.word().into(),
            if row.guaranteed { "Yes" } else { "No" }.into(),
            row.due.into(),
            row.credited.into(),
            parts.join("; ").into(),
        ]
    }));
    sheet
}

fn view(signed: &Signed, found: &NightsPage) -> NightsView {
    let named = |month: jiff::civil::Date| month.strftime("%Y-%m").to_string();
    let before = found.around.0.then(|| named(plus_days(found.month, -1)));
    let after = found.around.1.then(|| named(plus_days(found.month.last_of_month(), 1)));
    let provider = signed.actor.kind == OrganisationKind::Provider;
    let back = if provider { "/provider/mini-blocks" } else { "/mini-blocks" };
    let role = signed.actor.role;
    let runs = found.block.runs();
    let pays = found.block.share_of(signed.actor.organisation).is_some();
    let leads = signed.actor.kind == OrganisationKind::RegionalTeam;
    NightsView {
        reference: found.block.reference.clone(),
        title: found.block.title.clone(),
        back: format!("{back}/{}", found.block.reference),
        month: found.month,
        around: (before, after),
        facts: facts(found),
        beds: found.slots.iter().map(placewell_app::buying::block::nights::SlotName::words).collect(),
        nights: nights(found),
        parts: parts(signed, found),
        corrections: corrections(found),
        settling: settling(found),
        nominations: nominations(signed, found),
        resales: resales(signed, found),
        vacancies: vacancies(signed, found),
        void_offers: void_offers(signed, found),
        causes: causes(found),
        refusals: format!(
            "Refusals counted in this {}: {}; {} permitted. Beyond them the provider bears the empty nights.",
            found.block.spec.refusals.period.label(),
            found.refusals.0,
            found.refusals.1
        ),
        weeks: found
            .weeks
            .iter()
            .map(|week| WeekView { from: week.from, nights: [week.used, week.resold, week.nominated, week.empty] })
            .collect(),
        break_even: found.break_even.as_ref().map(break_even),
        may: [
            runs && pays && may(role, Action::NominateToBlock),
            may(role, Action::KeepBlockNights),
            runs && leads && may(role, Action::SellBlockNights),
        ],
        keys: (0..forms(found.nominations.len(), found.resales.len(), found.void_offers.len()))
            .map(|_| signed.new_key())
            .collect(),
    }
}

fn facts(found: &NightsPage) -> Vec<(String, String)> {
    let sums = &found.totals;
    let mut facts = vec![
        ("Provider".to_owned(), found.provider.clone()),
        ("Bed-nights".to_owned(), sums.nights.to_string()),
        ("Used".to_owned(), format!("{} ({}% with re-sold nights)", sums.used, sums.occupancy_percent())),
        ("Nominated".to_owned(), sums.nominated.to_string()),
        ("Re-sold".to_owned(), sums.resold.to_string()),
    ];
    for cause in VoidCause::ALL {
        if let Some(nights) = sums.void.get(cause.code()) {
            facts.push((format!("Empty: {}", cause.label().to_lowercase()), nights.to_string()));
        }
    }
    facts.push(("Empty nights that are paid".to_owned(), sums.paid_empty.to_string()));
    facts.push(("Credited".to_owned(), format!("{} nights, {}", sums.credited_nights, words::money(sums.credited))));
    facts.push(("Due to the provider".to_owned(), words::money(sums.due)));
    if found.figures.adjusted != Pence::ZERO {
        facts.push(("Corrections of earlier months".to_owned(), words::money(found.figures.adjusted)));
    }
    facts
}

fn nights(found: &NightsPage) -> Vec<NightLineView> {
    let one = |rows: &[placewell_domain::buying::block::nights::NightRow]| {
        let first = rows.first()?;
        Some(NightLineView {
            night: first.night,
            beds: rows.iter().map(|row| word(found, row)).collect(),
            due: rows.iter().map(|row| row.due).sum(),
        })
    };
    found.rows.chunk_by(|a, b| a.night == b.night).filter_map(one).collect()
}

/// What a bed was, with who pays where it is one authority.
fn word(found: &NightsPage, row: &placewell_domain::buying::block::nights::NightRow) -> String {
    use placewell_domain::buying::block::nights::SlotNight;
    match &row.what {
        SlotNight::Used { authority, second, .. } => {
            format!("Used, {}{}", code(found, *authority), if *second { ", second child" } else { "" })
        }
        SlotNight::Resold { buyer } => format!("Re-sold to {}", code(found, *buyer)),
        SlotNight::Nominated { authority } => format!("Nominated, {}", code(found, *authority)),
        SlotNight::Void { cause, .. } => {
            let paid = match (row.guaranteed, row.due > Pence::ZERO, row.credited > Pence::ZERO) {
                (false, _, _) => ", not guaranteed",
                (true, false, true) => ", credited",
                (true, false, false) => ", below the guarantee",
                (true, true, _) => "",
            };
            format!("{}{paid}", cause.label())
        }
    }
}

fn parts(signed: &Signed, found: &NightsPage) -> Vec<PartView> {
    let leads = signed.actor.kind == OrganisationKind::RegionalTeam;
    let line = |(id, total): (
        &placewell_domain::id::OrganisationId,
        &placewell_domain::buying::block::nights::AuthorityTotal,
    )| {
        let (code, name) = found.names.get(id).cloned().unwrap_or_default();
        PartView {
            code,
            name,
            used: (total.used_nights, total.used),
            empty: total.empty,
            bought: total.bought,
            income: total.income,
            owes: total.owes(),
            opens: leads || *id == signed.actor.organisation,
        }
    };
    found.totals.by_authority.iter().map(line).collect()
}

fn corrections(found: &NightsPage) -> Vec<CorrectionView> {
    let line = |one: &placewell_domain::buying::block::nights::Adjustment| CorrectionView {
        night: one.now.night,
        slot: one.now.slot,
        change: (one.was.what.word().to_owned(), one.now.what.word().to_owned()),
        due: one.due(),
    };
    found.adjusted.iter().map(line).collect()
}

fn settling(found: &NightsPage) -> SettlingView {
    use placewell_domain::buying::block::month::MonthState;
    let state = found.settling.as_ref().map(|one| &one.state);
    SettlingView {
        version: found.settling.as_ref().map_or(0, |one| one.version),
        label: state.map_or_else(
            || if found.passed { "To be settled" } else { "Running" }.to_owned(),
            |state| state.label().to_owned(),
        ),
        frozen: matches!(state, Some(MonthState::Frozen { .. })),
        disputed: match state {
            Some(MonthState::Disputed { reason, .. }) => Some(reason.label().to_owned()),
            _ => None,
        },
        digest: found.figures.digest.clone(),
        side: found.side,
        passed: found.passed,
    }
}

fn nominations(signed: &Signed, found: &NightsPage) -> Vec<NominationView> {
    let role = signed.actor.role;
    let line = |one: &NominationLine| {
        let known = one.known.as_ref();
        let words = match (known.and_then(|known| known.reason), known.and_then(|known| known.nights)) {
            (Some(reason), _) => format!("{}: {reason}", one.label),
            (None, Some(nights)) => {
                format!("{} {}", one.label, words::date_range(nights.from(), plus_days(nights.to(), -1)))
            }
            (None, None) => one.label.to_owned(),
        };
        NominationView {
            id: one.id.0,
            version: one.version,
            slot: one.slot,
            authority: one.authority.clone(),
            reference: known.map(|known| known.reference.clone()),
            made: one.made,
            withdraws: one.own && one.stands && may(role, Action::NominateToBlock),
            answers: found.side == Some(placewell_domain::buying::block::month::MonthSide::Provider)
                && one.state == "open"
                && may(role, Action::AnswerNomination),
            concedes: one.own && one.state == "refused" && may(role, Action::Decide),
            state: (one.state, words),
        }
    };
    found.nominations.iter().map(line).collect()
}

fn resales(signed: &Signed, found: &NightsPage) -> Vec<ResaleView> {
    let leads = signed.actor.kind == OrganisationKind::RegionalTeam && may(signed.actor.role, Action::SellBlockNights);
    let line = |one: &placewell_app::buying::block::nights::ResaleLine| ResaleView {
        id: one.resale.id,
        version: one.resale.version,
        slot: one.resale.slot,
        buyer: one.buyer.clone(),
        nights: (one.resale.nights.from(), plus_days(one.resale.nights.to(), -1)),
        night: one.resale.night,
        state: one.resale.state.label().to_owned(),
        withdraws: leads && one.resale.state.name() == "offered",
    };
    found.resales.iter().map(line).collect()
}

fn bed_name(found: &NightsPage, slot: u8) -> String {
    let known = found.slots.iter().find(|name| name.slot == slot);
    known.map_or_else(|| format!("Bed {slot}"), placewell_app::buying::block::nights::SlotName::words)
}

fn void_offers(signed: &Signed, found: &NightsPage) -> Vec<VoidOfferView> {
    let acts = found.block.runs() && may(signed.actor.role, Action::NominateToBlock);
    let line = |one: &VoidOfferLine| VoidOfferView {
        id: one.offer.id,
        version: one.offer.version,
        bed: bed_name(found, one.offer.slot),
        since: one.offer.since,
        authority: (one.offer.turn, one.authority.clone()),
        state: match one.offer.state {
            VoidOfferState::Offered { until } => format!("Offered until {}", words::moment(until)),
            VoidOfferState::Taken { until, .. } => format!("Taken, a child by {}", words::moment(until)),
            VoidOfferState::Passed { at } | VoidOfferState::Lapsed { at } | VoidOfferState::Closed { at } => {
                format!("{} {}", one.offer.state.label(), words::moment(at))
            }
        },
        takes: acts && one.own && matches!(one.offer.state, VoidOfferState::Offered { .. }),
        passes: acts && one.own && one.offer.stands(),
    };
    found.void_offers.iter().map(line).collect()
}

fn vacancies(signed: &Signed, found: &NightsPage) -> Vec<VacancyView> {
    let now = signed.now().local;
    found
        .vacancies
        .iter()
        .map(|one| VacancyView {
            bed: bed_name(found, one.slot),
            since: one.since,
            nominate_by: one.nominate_by,
            open_to_others: now >= one.nominate_by && found.block.spec.resale_percent.is_some() && one.all_asked,
            nominated: one.nominated,
        })
        .collect()
}

fn causes(found: &NightsPage) -> Vec<CauseView> {
    let line = |one: &placewell_domain::buying::block::void::RecordedCause| CauseView {
        bed: one.slot.map_or_else(|| "All beds".to_owned(), |slot| format!("Bed {slot}")),
        nights: (one.nights.from(), plus_days(one.nights.to(), -1)),
        cause: one.cause.label().to_owned(),
        at: one.at,
    };
    found.causes.iter().rev().map(line).collect()
}

/// Where like placements are counted from beyond the block's areas.
fn areas(even: &BreakEven) -> &'static str {
    let every = |one: &Against| one.middle.is_some_and(|middle| middle.every_area);
    match (every(&even.fca), every(&even.spot)) {
        (false, false) => "",
        (true, true) => " Too few were in the block's areas, so those of every area are counted.",
        (true, false) => " Too few FCA placements were in the block's areas, so those of every area are counted.",
        (false, true) => " Too few spot purchases were in the block's areas, so those of every area are counted.",
    }
}

fn break_even(even: &BreakEven) -> BreakEvenView {
    let reached = even.fca.even.map(|at| at.reached(even.used_percent));
    let finding = match reached {
        Some(true) => format!("At {}% used the block costs no more than the FCA", even.used_percent),
        Some(false) => format!("At {}% used the block costs more than the FCA", even.used_percent),
        None => format!("{}% of bed-nights were used over the last year", even.used_percent),
    };
    let paid = even.paid.map_or_else(
        || "No bed was used over the last year.".to_owned(),
        |paid| format!("A used bed has cost {} a week over the last year.", words::money(paid)),
    );
    let one = |route: &'static str, of: &Against| AgainstView {
        route,
        middle: of.middle.map(|middle| (middle.weekly, middle.at_least)),
        even: of.even.map_or_else(|| "Not known".to_owned(), EvenAt::words),
        meets: of.even.and_then(EvenAt::thousandths),
    };
    BreakEvenView {
        finding,
        words: format!(
            "{paid} Like placements: the same lot and ages, the home's usual staffing, without education, of the last \
             year.{} A middle price is told to the nearest £50, of at least five placements in five homes. The line is \
             what a used bed costs a week at each share of use; circles show where it breaks even.",
            areas(even)
        ),
        against: vec![one("FCA", &even.fca), one("Spot purchase", &even.spot)],
        line: even.line.iter().map(|at| (at.percent, at.used_bed)).collect(),
    }
}
