//! The regional team's pages of the arrangement: its home, the extension, the terms, participants, lots and windows, and the
//! successor.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::power::arrangement::{
    ExtendTerm, ExtensionPage, IssueTerms, KeepAct, KeepArrangement, OpenSuccessor, ParticipantRow, ProposeExtension,
    RecordSuccessor, WithdrawExtension,
};
use placewell_app::{Answer as Found, Command, Outcome};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{Instrument, OpeningWindow, OwnDecision, Participation, TermsVersion};
use placewell_pages::form::Typed;
use placewell_pages::office::document::FIELD;
use placewell_pages::power::arrangement::{
    AcceptanceView, Answer, AnswerRow, ExtendView, Forms, Worklist, change_page, extend_page, none_page, region_page,
    successor_page, terms_page,
};

use super::{keys, view_of};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;
use crate::upload::{SentFile, Uploaded, at_field};

const HOME: &str = "/region/arrangement";
const EXTEND: &str = "/region/arrangement/extend";
const CHANGE: &str = "/region/arrangement/change";

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/region/arrangement", get(home))
        .route("/region/arrangement/extend", get(extending).post(extend))
        .route("/region/arrangement/extend/propose", post(propose))
        .route("/region/arrangement/extend/withdraw", post(withdraw))
        .route("/region/arrangement/terms", get(terms).post(issue))
        .route("/region/arrangement/change", get(changing))
        .route("/region/arrangement/participants/add", post(add_participant))
        .route("/region/arrangement/participants/remove", post(remove_participant))
        .route("/region/arrangement/lots/remove", post(remove_lot))
        .route("/region/arrangement/windows", post(add_window))
        .route("/region/arrangement/windows/remove", post(remove_window))
        .route("/region/arrangement/successor", get(following).post(record_successor))
        .route("/region/arrangement/successor/open", post(open_successor))
}

/// Only those who run the arrangement open its pages.
pub(super) fn runs(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::RunArrangement) {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::RunArrangement)))
    }
}

/// Which page is shown again.
#[derive(Clone, Copy)]
enum Shown {
    Extend,
    Terms,
    Change,
    Successor,
}

async fn again(signed: &Signed, shown: Shown, status: StatusCode, typed: &Fields, errors: &Invalid) -> Answered {
    runs(signed)?;
    let (keys, typed) = (keys(signed, 6), Typed::new(typed.pairs().to_vec()));
    let forms = Forms { keys: &keys, errors, typed: &typed };
    let made = match shown {
        Shown::Extend => extend_view(signed).await?.map(|view| extend_page(signed.shell(), &view, &forms)),
        Shown::Terms => acceptances(signed)
            .await?
            .map(|(arrangement, lines)| terms_page(signed.shell(), &arrangement, &lines, signed.now().today(), &forms)),
        Shown::Change => match signed.app().arrangement_page().await.or_fail(signed)? {
            Some(found) => {
                let others = signed.app().authorities_outside(&signed.actor).await.or_fail(signed)?;
                Some(change_page(signed.shell(), &view_of(found, signed), &others, &forms))
            }
            None => None,
        },
        Shown::Successor => match signed.app().successor_page(&signed.actor).await {
            Err(Outcome::NotFound) => None,
            found => {
                let found = found.or_fail(signed)?;
                let today = signed.now().today();
                Some(successor_page(signed.shell(), &found.current, found.successor.as_ref(), today, &forms))
            }
        },
    };
    Ok(page_with(status, &made.unwrap_or_else(|| none_page(signed.shell()))))
}

async fn fresh(signed: &Signed, shown: Shown) -> Answered {
    again(signed, shown, StatusCode::OK, &Fields::default(), &Invalid::default()).await
}

/// Does what a form said in full and leads on; else shows the page again with what is wrong.
async fn step<C: Command>(
    Submitted { signed, fields, key }: Submitted,
    (shown, to): (Shown, &str),
    read: fn(&Fields) -> Result<C, Invalid>,
) -> Answered {
    runs(&signed)?;
    let Err(invalid) = signed.attempt(&key, read(&fields)).await? else { return Ok(redirect(to)) };
    again(&signed, shown, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await
}

fn count<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

async fn home(signed: Signed) -> Answered {
    runs(&signed)?;
    let Some(extend) = extend_view(&signed).await? else { return Ok(page(&none_page(signed.shell()))) };
    let latest = acceptances(&signed).await?.and_then(|(_, mut lines)| lines.pop());
    let many = |wanted: fn(&Answer) -> bool| {
        u64::try_from(extend.rows.iter().filter(|row| wanted(&row.answer)).count()).unwrap_or(u64::MAX)
    };
    let list = Worklist {
        extension: (
            many(|answer| matches!(answer, Answer::Uses { .. })),
            many(|answer| matches!(answer, Answer::Ask { .. })),
            many(|answer| matches!(answer, Answer::Leaves { .. })),
        ),
        terms: latest.map_or((0, 0), |latest| (count(&latest.authorities), count(&latest.providers))),
    };
    let found = signed.app().arrangement_page().await.or_fail(&signed)?;
    Ok(match found.map(|found| view_of(found, &signed)) {
        Some(view) => page(&region_page(signed.shell(), &view, list)),
        None => page(&none_page(signed.shell())),
    })
}

async fn extending(signed: Signed) -> Answered {
    fresh(&signed, Shown::Extend).await
}

async fn terms(signed: Signed) -> Answered {
    fresh(&signed, Shown::Terms).await
}

async fn changing(signed: Signed) -> Answered {
    fresh(&signed, Shown::Change).await
}

async fn following(signed: Signed) -> Answered {
    fresh(&signed, Shown::Successor).await
}

async fn acceptances(
    signed: &Signed,
) -> Result<Option<(placewell_domain::power::arrangement::Arrangement, Vec<AcceptanceView>)>, Failure> {
    let Some(found) = signed.app().arrangement_page().await.or_fail(signed)? else { return Ok(None) };
    let lines = signed.app().terms_accepted(&signed.actor).await.or_fail(signed)?;
    let lines = lines.into_iter().map(|line| AcceptanceView {
        of: line.of,
        terms: line.terms,
        authorities: line.authorities,
        providers: line.providers,
    });
    Ok(Some((found.arrangement, lines.collect())))
}

async fn extend_view(signed: &Signed) -> Result<Option<ExtendView>, Failure> {
    let found = match signed.app().extension_page(&signed.actor).await {
        Err(Outcome::NotFound) => return Ok(None),
        found => found.or_fail(signed)?,
    };
    let ExtensionPage { page, leavings } = found;
    let latest = signed.app().terms_accepted(&signed.actor).await.or_fail(signed)?.pop();
    let rows = page.participants.iter().map(|row| AnswerRow {
        name: row.participant.name.clone(),
        says: row.says.0,
        answer: answer(row, leavings.iter().find(|one| one.authority == row.participant.organisation)),
    });
    Ok(Some(ExtendView {
        rows: rows.collect(),
        bar: page.bar,
        today: signed.now().today(),
        providers_open: latest.map_or(0, |latest| count(&latest.providers)),
        arrangement: page.arrangement,
    }))
}

fn answer(row: &ParticipantRow, leaving: Option<&placewell_domain::power::arrangement::Leaving>) -> Answer {
    if let Some(leaving) = leaving {
        return Answer::Leaves {
            from: leaving.from,
            reason: leaving.reason.clone(),
            agreements: leaving.agreements.clone(),
            blocks: leaving.blocks.clone(),
        };
    }
    if let Some(until) = row.says.1 {
        let used = row.own.iter().rev().find(|one| matches!(one.decision, OwnDecision::UseExtension { .. }));
        return Answer::Uses { until, recorded: used.map(|one| one.power.sentence()) };
    }
    match (row.in_time, &row.participation) {
        (Some(days), Participation::CanAward { .. }) => {
            Answer::Ask { notice_by: days.notice_by, decide_by: days.decide_by }
        }
        _ => Answer::NotAdopted { reason: row.participation.reason() },
    }
}

pub(super) fn named(fields: &Fields) -> (String, i64) {
    (fields.get("slug").to_owned(), fields.version())
}

async fn propose(sent: Submitted) -> Answered {
    step(sent, (Shown::Extend, EXTEND), |fields| {
        let mut invalid = Invalid::default();
        let from = fields.optional_date("from", "Enter the first day of the step", &mut invalid);
        let months = fields.number("months", 1..=600, "Enter the months, like 12", &mut invalid);
        let answer_by = fields.date("answer_by", "Enter the day by which authorities decide", &mut invalid);
        let (slug, version) = named(fields);
        match (from, months.and_then(|months| u16::try_from(months).ok()), answer_by) {
            (from, Some(months), Some(answer_by)) if invalid.errors.is_empty() => {
                Ok(ProposeExtension { slug, version, from, months, answer_by })
            }
            _ => Err(invalid),
        }
    })
    .await
}

async fn withdraw(sent: Submitted) -> Answered {
    step(sent, (Shown::Extend, EXTEND), |fields| {
        let (slug, version) = named(fields);
        Ok(WithdrawExtension { slug, version })
    })
    .await
}

async fn extend(sent: Submitted) -> Answered {
    step(sent, (Shown::Extend, HOME), |fields| {
        let mut invalid = Invalid::default();
        let months = fields.number("decided_months", 1..=600, "Enter the months, like 12", &mut invalid);
        let decided_on = fields.date("decided_on", "Enter the date of the region's decision", &mut invalid);
        let (slug, version) = named(fields);
        match (months.and_then(|months| u16::try_from(months).ok()), decided_on) {
            (Some(months), Some(decided_on)) => Ok(ExtendTerm { slug, version, from: None, months, decided_on }),
            _ => Err(invalid),
        }
    })
    .await
}

fn read_issue(fields: &Fields, file: Option<SentFile>) -> Found<IssueTerms> {
    let mut invalid = Invalid::default();
    let of = Instrument::from_code(fields.get("of"));
    if of.is_none() {
        invalid.add("of", "Choose what has a new version");
    }
    let number = fields.text("terms", 20, "Enter the number of the new version, like 1.2", &mut invalid);
    let from = fields.date("from", "Enter the first day on which it applies", &mut invalid);
    let summary = fields.text("summary", 1_000, "Enter what changed in this version", &mut invalid);
    if file.is_none() {
        invalid.add(FIELD, "Choose the document with the text of this version");
    }
    let (slug, version) = named(fields);
    match (of, from, file) {
        (Some(of), Some(from), Some(file)) if invalid.errors.is_empty() => {
            let terms = TermsVersion { version: number, from, summary };
            Ok(IssueTerms { slug, version, of, terms, text: file.document()? })
        }
        _ => Err(invalid.into()),
    }
}

async fn issue(Uploaded { signed, fields, key, file }: Uploaded) -> Answered {
    runs(&signed)?;
    let answer = match read_issue(&fields, file) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(outcome) => Err(outcome),
    };
    match answer.map_err(at_field) {
        Ok(_) => Ok(redirect("/region/arrangement/terms")),
        Err(Ok((status, invalid))) => again(&signed, Shown::Terms, status, &fields, &invalid).await,
        Err(Err(outcome)) => Err(signed.fail(outcome)),
    }
}

/// A change of participants, lots or windows.
pub(super) async fn keep(sent: Submitted, act: impl FnOnce(&Fields, &mut Invalid) -> Option<KeepAct>) -> Answered {
    let Submitted { signed, fields, key } = sent;
    runs(&signed)?;
    let mut invalid = Invalid::default();
    let act = act(&fields, &mut invalid);
    let (slug, version) = named(&fields);
    let invalid = match act {
        Some(act) if invalid.errors.is_empty() => {
            match signed.app().perform(&signed.actor, &key, KeepArrangement { slug, version, act }).await {
                Ok(_) => return Ok(redirect(CHANGE)),
                Err(Outcome::Invalid(invalid)) => invalid,
                Err(outcome) => return Err(signed.fail(outcome)),
            }
        }
        _ => invalid,
    };
    again(&signed, Shown::Change, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await
}

async fn add_participant(sent: Submitted) -> Answered {
    keep(sent, |fields, invalid| {
        Some(KeepAct::AddParticipant(fields.text("participant", 20, "Choose the authority or trust", invalid)))
    })
    .await
}

async fn remove_participant(sent: Submitted) -> Answered {
    keep(sent, |fields, invalid| {
        Some(KeepAct::RemoveParticipant(fields.text("leaves", 20, "Choose the participant", invalid)))
    })
    .await
}

async fn remove_lot(sent: Submitted) -> Answered {
    keep(sent, |fields, invalid| Some(KeepAct::RemoveLot(fields.text("lot", 40, "Choose the lot", invalid)))).await
}

async fn add_window(sent: Submitted) -> Answered {
    keep(sent, |fields, invalid| {
        let from = fields.date("opens", "Enter the first day of the window", invalid);
        let to = fields.date("closes", "Enter the last day of the window", invalid);
        Some(KeepAct::AddWindow(OpeningWindow { from: from?, to: to? }))
    })
    .await
}

async fn remove_window(sent: Submitted) -> Answered {
    keep(sent, |fields, invalid| {
        let from = fields.get("window").parse().ok();
        if from.is_none() {
            invalid.add("window", "Choose the window that is taken back");
        }
        from.map(KeepAct::RemoveWindow)
    })
    .await
}

async fn record_successor(sent: Submitted) -> Answered {
    step(sent, (Shown::Successor, "/region/arrangement/successor"), |fields| {
        let mut invalid = Invalid::default();
        let slug = fields.text("slug", 40, "Enter a short name, like fca-2025", &mut invalid);
        let title = fields.text("title", 200, "Enter the successor's title", &mut invalid);
        let start = fields.date("start", "Enter the first day", &mut invalid);
        let end = fields.date("end", "Enter the last day of the initial term", &mut invalid);
        let months = fields.number("option_months", 0..=600, "Enter the months, 0 for no option", &mut invalid);
        let terms = fields.text("terms", 20, "Enter the number of the first version of its terms", &mut invalid);
        let summary = fields.text("summary", 1_000, "Enter what the terms are", &mut invalid);
        let follows = fields.get("follows").to_owned();
        match (start, end, months.and_then(|months| u16::try_from(months).ok())) {
            (Some(start), Some(end), Some(option_months)) if invalid.errors.is_empty() => {
                let terms = TermsVersion { version: terms, from: start, summary };
                Ok(RecordSuccessor { follows, slug, title, start, end, option_months, lots: Vec::new(), terms })
            }
            _ => Err(invalid),
        }
    })
    .await
}

async fn open_successor(sent: Submitted) -> Answered {
    step(sent, (Shown::Successor, HOME), |fields| {
        let (slug, version) = named(fields);
        Ok(OpenSuccessor { slug, version })
    })
    .await
}
