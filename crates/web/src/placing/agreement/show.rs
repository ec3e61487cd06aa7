//! The list of agreements, one agreement's record, and its copies served through an access check.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use placewell_app::placing::agreement::{
    AgreementEvent, AgreementLine as Found, AgreementTab, AgreementView, content_hash,
};
use placewell_domain::homes::price::PriceLine;
use placewell_domain::id::DocumentId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::{Action, may};
use placewell_domain::placing::agreement::{Agreement, AgreementState, RestsOn, Side};
use placewell_domain::placing::approval::GivenBasis;
use placewell_domain::setting::SettingValue as _;
use placewell_pages::placing::agreement::{
    AgreementLine, AgreementPage, CopyLine, HappenedLine, PriceRow, RestsLine, SignatureLine,
    agreement as agreement_page, list as list_page,
};
use placewell_pages::words;

use super::changes::more;
use super::todo;
use crate::request::Signed;
use crate::respond::{Answered, OrFail, page, redirect};

/// How many agreements a page of the list shows.
const A_PAGE: u32 = 50;

pub(super) async fn list(signed: Signed) -> Answered {
    if signed.query.get("tab") == "todo" {
        return todo::list(&signed).await;
    }
    let count = todo::count(&signed).await?;
    let (code, tab) = match signed.query.get("tab") {
        "live" => ("live", AgreementTab::Live),
        "past" => ("past", AgreementTab::Past),
        _ => ("coming", AgreementTab::Coming),
    };
    let number: u32 = signed.query.get("page").parse().ok().filter(|page| (1..=10_000).contains(page)).unwrap_or(1);
    let range = ((number - 1) * A_PAGE, A_PAGE);
    let found = signed.app().agreement_list(&signed.actor, tab, range).await.or_fail(&signed)?;
    let pages = found.total.div_ceil(u64::from(A_PAGE)).max(1);
    if u64::from(number) > pages {
        return Ok(redirect(&format!("/agreements?tab={code}")));
    }
    let lines: Vec<AgreementLine> = found.lines.iter().map(line).collect();
    Ok(page(&list_page(
        signed.shell(),
        &lines,
        code,
        (u64::from(number), pages),
        count,
        may(signed.actor.role, Action::BringInHistory),
    )))
}

fn line(found: &Found) -> AgreementLine {
    let agreement = &found.agreement;
    let (from, to) = agreement.nights();
    let unplanned = matches!(&agreement.state, AgreementState::Ended { ending, .. } if !ending.planned);
    AgreementLine {
        reference: agreement.reference.to_string(),
        home: found.home.clone(),
        other_side: found.other_side.clone(),
        dates: words::date_range(from, to),
        price: words::a_week(agreement.weekly()),
        state: (agreement.state.name().to_owned(), agreement.state.label().to_owned()),
        flag: match (agreement.to_put_right(), found.overdue, unplanned) {
            (true, ..) => "Made without recorded power".to_owned(),
            (false, true, _) => "Planned end passed".to_owned(),
            (false, false, true) => "Ended unplanned".to_owned(),
            (false, false, false) => String::new(),
        },
    }
}

/// The record; with `.pdf` at its end, its latest copy, or the one that `?copy=` names.
pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    if let Some(reference) = reference.strip_suffix(".pdf") {
        return copy(&signed, reference).await;
    }
    let found = signed.app().agreement_view(&signed.actor, &reference).await.or_fail(&signed)?;
    Ok(page(&agreement_page(signed.shell(), &view(&signed, &found))))
}

async fn copy(signed: &Signed, reference: &str) -> Answered {
    let wanted = signed.query.get("copy").parse().ok().map(DocumentId);
    let (entry, content) = signed.app().agreement_copy(&signed.actor, reference, wanted).await.or_fail(signed)?;
    let mut response: Response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("inline; filename=\"{}\"", entry.name)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn view(signed: &Signed, found: &AgreementView) -> AgreementPage {
    let agreement = &found.agreement;
    let carrying = agreement
        .rests_on
        .iter()
        .find(|rests| matches!(rests.basis, GivenBasis::Limb { .. } | GivenBasis::Urgency { .. }));
    AgreementPage {
        reference: agreement.reference.to_string(),
        state: (agreement.state.name().to_owned(), agreement.state.label().to_owned()),
        next: next(found),
        warning: warning(signed, found),
        acts: acts(signed, found),
        facts: facts(found),
        referral: found.referral.clone(),
        lines: agreement.terms.lines.iter().map(price_row).collect(),
        cost: cost(found),
        committed: found
            .committed
            .iter()
            .map(|(start, pence)| (words::date_range(*start, plus_days(*start, 364)), words::money(*pence)))
            .collect(),
        more: more(found),
        rests_on: rests_on(found),
        power: power(agreement, carrying),
        signatures: signatures(found),
        copies: copies(found),
        happened: found.events.iter().rev().map(happened).collect(),
        hash: agreement.facts.clone(),
        content: content_hash(agreement),
    }
}

fn cost(found: &AgreementView) -> Vec<(String, String)> {
    let agreement = &found.agreement;
    let mut rows = vec![
        ("A week".to_owned(), words::money(agreement.weekly())),
        ("To the planned end".to_owned(), words::money(agreement.whole_cost())),
        ("A full year".to_owned(), words::about_a_year(agreement.weekly())),
        ("First and last day".to_owned(), agreement.terms.charged.label().to_owned()),
    ];
    let hours = found.hours;
    if hours.agreed > Pence::ZERO {
        rows.push(("Credited for hours not delivered".to_owned(), words::money(hours.agreed)));
    }
    if hours.open > Pence::ZERO {
        rows.push(("Credit that the authority has not agreed".to_owned(), words::money(hours.open)));
    }
    if hours.unconfirmed > 0 {
        let weeks = words::count(u64::try_from(hours.unconfirmed).unwrap_or_default(), "week", "weeks");
        rows.push(("Hours not confirmed by the home".to_owned(), weeks));
    }
    rows
}

/// What gave the power; an agreement that was brought in says where it comes from (rule 2.5).
fn power(agreement: &Agreement, carrying: Option<&RestsOn>) -> String {
    match (agreement.origin(), carrying) {
        (Some(origin), None) => origin.sentence().to_owned(),
        (Some(origin), Some(rests)) => format!("{} {}", rests.basis.sentence(), origin.sentence()),
        (None, Some(rests)) => rests.basis.sentence(),
        (None, None) => "No power is recorded.".to_owned(),
    }
}

fn next(found: &AgreementView) -> String {
    let agreement = &found.agreement;
    let (from, to) = agreement.nights();
    match &agreement.state {
        AgreementState::Prepared if !agreement.particulars_complete() => {
            "The authority completes what it says about care. Then both sides sign, in any order.".to_owned()
        }
        AgreementState::Prepared => "Both sides sign, in any order.".to_owned(),
        AgreementState::SignedByOne => {
            let side = agreement.signatures.missing().map_or("The other side", Side::label);
            format!("{side} signs next. The child starts on {}.", words::date(from))
        }
        AgreementState::Signed => format!("The child starts on {}.", words::date(from)),
        AgreementState::Started { .. } => {
            format!("The child lives in the home. The planned end is {}.", words::date(to))
        }
        AgreementState::NoticeGiven { notice, .. } => {
            format!("{} gave notice. The last night is before {}.", notice.by.label(), words::date(notice.ends_on))
        }
        AgreementState::Ended { ending, .. } => {
            let planned = if ending.planned { "Planned" } else { "Unplanned" };
            let without =
                ending.without.as_ref().map_or_else(String::new, |without| format!(" {}", without.sentence()));
            format!("{planned} end on {}: {}.{without}", words::date(ending.on), ending.reason.label())
        }
        AgreementState::CancelledBeforeStart { reason, on } => {
            let ended = match found.side {
                Side::Authority => "The home no longer reads what it was told of the child.",
                Side::Provider => "What you were told of the child, with its documents, ended with it.",
            };
            format!("Cancelled on {}: {}. {ended}", words::date(*on), reason.label())
        }
    }
}

fn warning(signed: &Signed, found: &AgreementView) -> Option<String> {
    let agreement = &found.agreement;
    if found.overdue {
        return Some(
            "Its end has passed. Review it, or record the end: until then it rolls by 28 days at a time.".to_owned(),
        );
    }
    let waits = matches!(agreement.state, AgreementState::Prepared | AgreementState::SignedByOne);
    let soon = plus_days(signed.now().today(), 1) >= agreement.terms.start;
    (waits && soon)
        .then(|| format!("The start is {} and both sides have not signed.", words::date(agreement.terms.start)))
}

fn acts(signed: &Signed, found: &AgreementView) -> Vec<(String, String)> {
    let (role, agreement) = (signed.actor.role, &found.agreement);
    let before =
        matches!(agreement.state, AgreementState::Prepared | AgreementState::SignedByOne | AgreementState::Signed);
    let over = matches!(agreement.state, AgreementState::Ended { .. } | AgreementState::CancelledBeforeStart { .. });
    let live = matches!(agreement.state, AgreementState::Started { .. });
    let notice = matches!(agreement.state, AgreementState::NoticeGiven { .. });
    let nobody = Side::ALL.iter().all(|side| agreement.signatures.of(*side).is_none());
    let complete = agreement.particulars_complete();
    let cares = !over && (nobody || agreement.began_unsigned() && !complete);
    let signs = may(role, Action::SignAgreement)
        && agreement.signatures.of(found.side).is_none()
        && !over
        && (complete || agreement.began_unsigned());
    let signs_for = may(role, Action::SignAgreement);
    let runs = may(role, Action::RunAgreement) && found.side == Side::Authority;
    let decides = may(role, Action::DecideAgreement) && found.side == Side::Authority;
    let confirms = agreement.to_confirm().any(|said| said.by == signed.actor.person);
    let all = [
        (confirms, "Confirm what you decided", "confirm"),
        (runs && cares && !complete, "Complete what it says about care", "particulars"),
        (signs, "Sign this agreement", "sign"),
        (runs && before, "Record the start", "start"),
        (decides && (before || live), "Review the planned end", "review"),
        (may(role, Action::GiveNotice) && live, "Give notice", "notice"),
        (decides && (live || notice), "Record the end", "end"),
        (decides && before, "Cancel before the start", "cancel"),
        (runs && cares && complete, "Change what it says about care", "particulars"),
        (decides && !over, "Agree extra support", "support"),
        (decides && !over, "Change a price", "price"),
        (decides && !agreement.support_reviews().is_empty(), "Record a step-down review", "step-down"),
        (runs && !over, "Record who pays a line", "funders"),
        (runs && agreement.asked_open().next().is_some(), "Decline what the provider asks for", "decline"),
        (signs_for && found.side == Side::Provider && !over, "Report an end or ask for a change", "ask"),
        (runs && found.watch.is_some_and(|watch| watch.reached()), "Record the legal ground", "ground"),
        (
            runs && found.care.conditions.iter().any(|(_, met)| met.is_none()),
            "Record that a condition was met",
            "condition",
        ),
        (may(role, Action::SeePapers), "Documents about the stay", "documents"),
        (agreement.terms.lines.iter().any(|line| line.support.is_some()), "Hours of support and credits", "hours"),
        (may(role, Action::SeeStability) && (live || notice), "Strain in the placement", "stability"),
        (runs && agreement.to_put_right(), "Record how it was put right", "put-right"),
    ];
    all.into_iter().filter(|(shown, ..)| *shown).map(|(_, words, act)| (words.to_owned(), act.to_owned())).collect()
}

fn not_told() -> String {
    "Not recorded here".to_owned()
}

fn facts(found: &AgreementView) -> Vec<(String, String)> {
    let agreement = &found.agreement;
    let (from, to) = agreement.nights();
    let mut rows = vec![
        ("Placing authority".to_owned(), found.authority.places_as().to_owned()),
        ("Provider".to_owned(), found.provider.name.clone()),
        ("Company or charity number".to_owned(), found.named.company.clone().unwrap_or_else(not_told)),
        ("Home".to_owned(), format!("{} ({})", found.home.name, found.home.urn)),
        ("Registered manager".to_owned(), found.named.manager.clone().unwrap_or_else(not_told)),
        ("First night".to_owned(), words::date(from)),
        ("Planned end".to_owned(), words::date(to)),
        ("Where the home is".to_owned(), capital(agreement.terms.distance.words())),
    ];
    if let Some(origin) = agreement.origin() {
        rows.push(("Where it comes from".to_owned(), origin.label().to_owned()));
    }
    if found.responsible.id != found.authority.id {
        rows.insert(1, ("Responsible authority".to_owned(), found.responsible.name.clone()));
    }
    if found.side == Side::Provider || !found.duty.day.is_empty() {
        rows.insert(1, ("Its duty team".to_owned(), found.duty.words()));
    }
    if let Some(child) = found.child {
        rows.push(("Child".to_owned(), format!("Child {child} of your records")));
    }
    if !agreement.terms.terms_version.is_empty() {
        rows.push(("Terms".to_owned(), format!("Version {}", agreement.terms.terms_version)));
    }
    if !agreement.terms.specification_version.is_empty() {
        rows.push(("Specification".to_owned(), format!("Version {}", agreement.terms.specification_version)));
    }
    if let Some(to) = agreement.moved() {
        let moved =
            format!("To {} on {}, under version {} of its terms", to.title, words::date(to.on), to.terms_version);
        rows.push(("Moved".to_owned(), moved));
    } else if let Some(open) = agreement.move_open() {
        rows.push(("Moved".to_owned(), format!("Offered to {} from {}", open.to.title, words::date(open.to.on))));
    }
    rows
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn price_row(line: &PriceLine) -> PriceRow {
    let [authority, education, health] = line.shares.split(line.weekly);
    let funders = [("authority", authority), ("education", education), ("health", health)]
        .into_iter()
        .filter(|(_, part)| *part != Pence::ZERO)
        .map(|(funder, part)| format!("{funder} {}", words::money(part)))
        .collect::<Vec<_>>()
        .join(", ");
    let funders = if line.shares.agreed { funders } else { format!("{funders} (disputed)") };
    let dates = if line.to == OPEN_END {
        format!("From {}", words::date(line.from))
    } else {
        words::date_range(line.from, line.to)
    };
    let what = if line.label == line.kind.label() {
        line.label.clone()
    } else {
        format!("{}: {}", line.kind.label(), line.label)
    };
    PriceRow { what, weekly: words::money(line.weekly), dates, funders }
}

fn rests_on(found: &AgreementView) -> Vec<RestsLine> {
    let rests = found.agreement.rests_on.iter().map(|rests| {
        let name = found.names.iter().find(|(person, _)| *person == rests.by).map(|(_, name)| name.clone());
        RestsLine {
            reference: if found.approvals.contains(&rests.reference) {
                rests.reference.to_string()
            } else {
                String::new()
            },
            what: format!("{}. {}", rests.what, rests.rule),
            basis: rests.basis.sentence(),
            by: match name {
                Some(name) => format!("{name}, {}", words::moment(rests.at)),
                None => words::moment(rests.at),
            },
        }
    });
    let exempted = found.exempted.iter().map(|one| RestsLine {
        reference: String::new(),
        what: "Exemption from a grade of Inadequate".to_owned(),
        basis: one.sentence(),
        by: format!("{}, {}", one.by, words::date(one.on)),
    });
    rests.chain(exempted).collect()
}

fn signatures(found: &AgreementView) -> Vec<SignatureLine> {
    let lines = Side::ALL.iter().map(|side| SignatureLine {
        side: side.label().to_owned(),
        signed: found.agreement.signatures.of(*side).map_or_else(
            || if found.agreement.origin().is_some() { "Signed before this system" } else { "Not signed" }.to_owned(),
            |signed| {
                let bound = if signed.content.is_empty() {
                    String::new()
                } else {
                    format!(". What was signed has the hash {}", signed.content)
                };
                format!("{}, {}, {}{bound}", signed.name, signed.role, words::moment(signed.at))
            },
        ),
    });
    lines.collect()
}

fn copies(found: &AgreementView) -> Vec<CopyLine> {
    let reference = &found.agreement.reference;
    let lines = found.documents.iter().enumerate().map(|(at, entry)| CopyLine {
        href: if at == 0 {
            format!("/agreements/{reference}.pdf")
        } else {
            format!("/agreements/{reference}.pdf?copy={}", entry.id)
        },
        name: if at == 0 {
            format!("Placement agreement {reference}")
        } else {
            format!("Earlier copy {}", entry.name.trim_end_matches(".pdf"))
        },
        bytes: u64::try_from(entry.bytes).unwrap_or_default(),
        digest: entry.digest.clone(),
    });
    lines.collect()
}

fn happened(event: &AgreementEvent) -> HappenedLine {
    let what = event.kind.split('.').next_back().unwrap_or_default().replace('_', " ");
    let whose = if ["released", "committed"].contains(&what.as_str()) { "Annual value" } else { "Agreement" };
    HappenedLine {
        what: format!("{whose} {what}"),
        at: event.at,
        by: event.by.clone(),
        facts: event.facts.iter().filter_map(|(name, value)| words::fact(name, value)).collect(),
    }
}
