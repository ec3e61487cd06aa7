//! Referrals: the list, the record, its timeline and messages, and the placement officer's day.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::placing::invitation::{AnswerQuestion, Remind};
use placewell_app::placing::referral::home::{ReferralRecord, seen};
use placewell_app::placing::referral::{ReferralFilter, ReferralLine, ReferralTab, UndoSending, working_days};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::invitation::{Invitation, InvitationState, QuestionState};
use placewell_domain::placing::referral::legal::approval_due;
use placewell_domain::placing::referral::{Prices, ReferralState, Scoring, label, label::next_sentence, undo_until};
use placewell_pages::form::Typed;
use placewell_pages::placing::referral::list::{BestPrice, DayView, LineView, ListView, NeedView, day_page, list_page};
use placewell_pages::placing::referral::messages::{Answering, QuestionView, messages_page};
use placewell_pages::placing::referral::record::{
    AskedView, ChildView, EnteredView, EventView, RecordView, child_page, record_page, timeline_page,
};
use placewell_pages::placing::referral::statement::{ApproachedView, StatementView, statement_page};
use placewell_pages::words;

use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, redirect, see};
use crate::server::Web;
pub(super) use said::withheld;
use said::{approval_words, duties, searched_words};

pub mod acts;
pub mod answers;
mod files;
mod found;
pub mod homes;
pub(crate) mod papers;
pub mod recipients;
mod said;
pub mod tasks;

/// The routes.
pub fn routes() -> Router<Web> {
    let router = Router::new()
        .route("/referrals", get(list))
        .route("/referrals.csv", get(files::csv))
        .route("/referrals.xlsx", get(files::xlsx))
        .route("/referrals/{reference}", get(show))
        .route("/referrals/{reference}/child", get(child))
        .route("/referrals/{reference}/timeline", get(timeline))
        .route("/referrals/{reference}/homes.csv", get(found::csv))
        .route("/referrals/{reference}/homes.xlsx", get(found::xlsx))
        .route("/referrals/{reference}/statement", get(statement))
        .route("/referrals/{reference}/statement.pdf", get(files::statement))
        .route("/referrals/{reference}/messages", get(messages).post(answer))
        .route("/referrals/{reference}/remind", post(remind))
        .route("/referrals/{reference}/undo-sending", post(undo_sending));
    router.merge(acts::routes()).merge(papers::routes()).merge(tasks::routes()).merge(recipients::routes())
}

/// The size of a page of the list.
const PAGE: u32 = 25;

pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The placement officer's home page; what an emergency still owes stands first.
pub async fn officers_day(signed: Signed, mut needs: Vec<NeedView>) -> Answered {
    let day = signed.app().officers_day(&signed.actor).await.or_fail(&signed)?;
    let now = signed.now().local;
    needs.extend(day.needs.iter().map(|line| need(line, now)));
    let view = DayView {
        closing_today: count(day.closing_today),
        offers: count(day.offers_to_read),
        waiting: count(day.waiting),
        needs,
        with_homes: count(day.with_homes),
        next_closes: day.next_closes,
    };
    let day = day_page(signed.shell(), &view);
    Ok(page(&crate::home::warned(&signed, day).await?))
}

fn need(line: &ReferralLine, now: jiff::civil::DateTime) -> NeedView {
    let reference = line.reference.to_string();
    let offers = words::count(count(line.offers), "offer", "offers");
    let passed = line.closes.is_some_and(|at| at <= now);
    let path = |part: &str| format!("/referrals/{reference}{part}");
    let (what, act) = match line.state.as_str() {
        "agreed" if !line.unapproved => (
            "The child starts soon: is the agreement signed?".to_owned(),
            ("Open the agreement", "/agreements?tab=coming".to_owned()),
        ),
        _ if line.unapproved => (
            "The search approval is not recorded, or not confirmed".to_owned(),
            ("Record it", path("/search-approval")),
        ),
        _ if line.recommended > 0 => ("Waits for approval and starts soon".to_owned(), ("Open the referral", path(""))),
        _ if passed && line.offers == 0 => {
            ("Closed without an offer".to_owned(), ("Extend the deadline", path("/extend")))
        }
        _ if passed => (format!("{offers} to compare"), ("Compare offers", path("/offers/compare"))),
        _ if line.questions > 0 => {
            ("A provider asked a question".to_owned(), ("Answer the question", path("/messages")))
        }
        _ if line.offers == 0 => ("Closes today and has no offer".to_owned(), ("Remind homes", path(""))),
        _ => (format!("{offers} so far"), ("Read the offers", path("/offers"))),
    };
    let due = match line.closes {
        Some(at) if line.state == "out" && at > now => {
            let minutes = at.duration_since(now).as_mins();
            let left = if at.date() == now.date() {
                format!(", in {}", words::minutes(count(minutes)))
            } else {
                String::new()
            };
            format!("Closes {}{left}", words::moment(at))
        }
        Some(at) if line.state == "out" => format!("Closed {}", words::moment(at)),
        _ => line.needed_on.map_or_else(String::new, |day| format!("Starts {}", words::long_date(day))),
    };
    NeedView { reference, what, due, act: (act.0.to_owned(), act.1) }
}

pub(crate) const TABS: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("with_providers", "With providers"),
    ("offers_in", "Offers in"),
    ("waiting", "Waiting for approval"),
    ("agreed", "Agreed"),
    ("not_placed", "Not placed"),
    ("all", "All"),
];

/// What the address of the list asks for.
struct Looked {
    tab: &'static str,
    shown: ReferralTab,
    whose: &'static str,
    within: String,
    filter: ReferralFilter,
}

fn looked(signed: &Signed) -> Looked {
    let query = &signed.query;
    let tab = query.filled("tab").unwrap_or("all");
    let at = TABS.iter().position(|(code, _)| *code == tab).unwrap_or(TABS.len() - 1);
    let whose = if query.get("whose") == "mine" { "mine" } else { "all" };
    let within = query.get("needed").to_owned();
    let days = within.parse::<i64>().ok().filter(|days| (0..=366).contains(days));
    let filter = ReferralFilter {
        officer: (whose == "mine").then_some(signed.actor.person),
        needed_by: days.map(|days| plus_days(signed.now().today(), days)),
        lot: query.filled("lot").map(str::to_owned),
        text: query.filled("q").map(str::to_owned),
    };
    Looked { tab: TABS[at].0, shown: ReferralTab::ALL[at], whose, within, filter }
}

async fn list(signed: Signed) -> Answered {
    let Looked { tab, shown, whose, within, filter } = looked(&signed);
    let (query, today) = (&signed.query, signed.now().today());
    let number = query.get("page").parse::<u32>().unwrap_or(1).max(1);
    let found = signed.app().referral_list(&signed.actor, shown, &filter, number, PAGE).await.or_fail(&signed)?;
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let pages = count(found.total).div_ceil(u64::from(PAGE)).max(1);
    let text = query.get("q").to_owned();
    let address = |tab: &str, whose: &str, needed: &str, text: &str, page: u64| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        format!("/referrals?tab={tab}&whose={whose}&needed={needed}&q={encoded}&page={page}")
    };
    if u64::from(number) > pages {
        return Ok(redirect(&address(tab, whose, &within, &text, 1)));
    }
    let mut selected = Vec::new();
    if whose == "mine" {
        selected.push(("Officer: you".to_owned(), address(tab, "all", &within, &text, 1)));
    }
    if filter.needed_by.is_some() {
        selected.push((format!("Needed within {within} days"), address(tab, whose, "", &text, 1)));
    }
    if !text.is_empty() {
        selected.push((format!("Reference: {text}"), address(tab, whose, &within, "", 1)));
    }
    let view = ListView {
        tabs: TABS
            .iter()
            .zip(&found.counts)
            .map(|((code, name), total)| {
                ((*name).to_owned(), address(code, whose, &within, &text, 1), count(*total), *code == tab)
            })
            .collect(),
        tab: tab.to_owned(),
        whose: whose.to_owned(),
        selected,
        lines: found.lines.iter().map(|line| line_view(line, |lot| lots.of(lot).to_owned(), signed.now())).collect(),
        total: count(found.total),
        page: (u64::from(number), pages),
        pages: (1..=pages).map(|page| address(tab, whose, &within, &text, page)).collect(),
        today,
        files: ["csv", "xlsx"].map(|form| {
            address(tab, whose, &within, &text, 1).replacen("/referrals?", &format!("/referrals.{form}?"), 1)
        }),
        may_start: may(signed.actor.role, Action::MakeReferral),
        within,
        text,
    };
    Ok(page(&list_page(signed.shell(), &view)))
}

/// A line of the list; a page says a lot by its name, and a file by its code.
fn line_view(line: &ReferralLine, said: impl FnOnce(&str) -> String, now: placewell_domain::clock::Moment) -> LineView {
    let passed = line.closes.is_some_and(|at| at <= now.local);
    let best = match (line.lowest, line.prices, line.closes) {
        (None, _, _) => BestPrice::None,
        (Some(_), Some(Prices::Sealed), Some(at)) if !passed => BestPrice::Sealed(at),
        (Some(pence), _, _) => BestPrice::Pence(pence),
    };
    let band = line.age_band.as_deref().and_then(AgeBand::from_code).map_or("Age not yet said", AgeBand::label);
    LineView {
        reference: line.reference.to_string(),
        need: format!("{band}, {}", line.lot.as_deref().map_or("lot not yet chosen".to_owned(), said)),
        needed_on: line.needed_on,
        closes: line.closes,
        asked: count(line.asked),
        replied: count(line.replied),
        best,
        officer: line.officer.clone(),
        label: label_of(line),
        passed,
    }
}

/// The label of a line: the one function of the domain, on what the line counts.
pub(crate) fn label_of(line: &ReferralLine) -> placewell_domain::placing::referral::ReferralLabel {
    use placewell_domain::placing::referral::ReferralLabel as Label;
    let seen = seen(line);
    match line.state.as_str() {
        "draft" => Label::Draft,
        "agreed" => Label::Agreed,
        "placed" => Label::Placed,
        "withdrawn" => Label::Withdrawn,
        "not_placed" => Label::NotPlaced,
        _ if seen.approvals_open > 0 => Label::WaitingForApproval,
        _ if seen.offers_in > 0 => Label::OffersIn,
        _ => Label::WithProviders,
    }
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = signed.app().referral_record(&signed.actor, &reference).await.or_fail(&signed)?;
    let session = signed.app().see(&signed.actor, Action::SeeReferrals).await.or_fail(&signed)?;
    let days = working_days(&session, signed.actor.organisation, signed.now().today()).await.or_fail(&signed)?;
    drop(session);
    let (mut view, lots) = (record_view(&signed, &record, &days), signed.app().lot_names().await.or_fail(&signed)?);
    view.profile.lot = lots.of(&view.profile.lot).to_owned();
    Ok(page(&record_page(signed.shell(), &view, &signed.new_key())))
}

fn record_view(signed: &Signed, record: &ReferralRecord, days: &placewell_domain::calendar::WorkingDays) -> RecordView {
    let referral = &record.referral;
    let (now, out) = (signed.now(), referral.state.sent());
    let may_change = may(signed.actor.role, Action::MakeReferral);
    let approval_due = out.filter(|_| referral.unapproved()).map(|out| {
        match referral.profile.search_approval.as_ref().and_then(|one| one.confirm_by(days)) {
            Some(noon) => (noon, true),
            None => (approval_due(out.sent, days), false),
        }
    });
    let waiting = |one: &&Invitation| {
        matches!(one.state, InvitationState::Asked | InvitationState::Opened { .. })
            && one.reminded.is_none()
            && one.deadline > now.local
    };
    RecordView {
        reference: referral.reference.to_string(),
        version: referral.version,
        label: label(&referral.state, record.seen()),
        next: next_sentence(referral, record.seen(), now),
        ended: match &referral.state {
            ReferralState::Withdrawn { reason, .. } => Some(format!("Withdrawn: {}.", reason.label().to_lowercase())),
            ReferralState::NotPlaced { reason, .. } => Some(format!("Not placed: {}.", reason.label().to_lowercase())),
            ReferralState::Draft
            | ReferralState::Out(_)
            | ReferralState::Agreed { .. }
            | ReferralState::Placed { .. } => None,
        },
        officer: record.officer.clone(),
        deadline: out.map(|out| out.deadline),
        prices: out.map(|out| out.prices.label().to_owned()),
        scoring: out.and_then(|out| out.scoring.as_ref()).map(Scoring::lines).unwrap_or_default(),
        elapsed_minutes: out.map(|out| count(out.sent.duration_since(referral.started).as_mins())),
        approval_due,
        search_approval: referral.profile.search_approval.as_ref().map(approval_words),
        undo_until: referral
            .state
            .out()
            .map(|out| undo_until(out.sent))
            .filter(|until| now.local <= *until && record.line.recommended == 0),
        left_out: referral
            .plan
            .left_out
            .iter()
            .map(|left| (left.tier.tag().to_owned(), left.reason.label().to_owned(), left.power.sentence()))
            .collect(),
        profile: referral.profile.for_homes(),
        words: record.narrative.shared(&referral.profile.standard),
        asked: record.invitations.iter().map(|one| asked_view(record, one, now.local)).collect(),
        entered: record.invitations.iter().filter_map(|one| entered_view(record, one.id)).collect(),
        closed_early: record.closed_early.as_ref().map(|(reason, words)| format!("{}. {words}", reason.label())),
        duties: duties(referral, days),
        siblings: record
            .siblings
            .iter()
            .map(|line| (line.reference.to_string(), label_of(line).label().to_owned()))
            .collect(),
        searched: referral.plan.searched.as_ref().map(searched_words),
        offers: count(record.line.offers),
        questions: count(record.line.questions),
        to_remind: u64::try_from(record.invitations.iter().filter(waiting).count()).unwrap_or(0),
        may_change,
        may_see_child: may(signed.actor.role, Action::SeeChild),
        withheld: withheld(record),
    }
}

/// An answer that an officer entered for a home, with its evidence.
pub(super) fn entered_view(
    record: &ReferralRecord,
    invitation: placewell_domain::id::InvitationId,
) -> Option<EnteredView> {
    let entered = record.entered.get(&invitation)?;
    let one = record.invitations.iter().find(|one| one.id == invitation)?;
    let evidence = entered.evidence.clone().unwrap_or_default();
    Some(EnteredView {
        home: record.home_name(one.home),
        how: format!("{}, on {}", entered.channel.label(), words::moment(entered.said_at)),
        by: entered.by.clone(),
        said_by: evidence.said_by,
        words: evidence.words,
    })
}

pub(super) fn asked_view(record: &ReferralRecord, one: &Invitation, now: jiff::civil::DateTime) -> AskedView {
    let waiting = matches!(one.state, InvitationState::Asked | InvitationState::Opened { .. });
    let note = match &one.state {
        InvitationState::Declined(declined) if declined.entered.is_some() => {
            format!("{}; {}", declined.reason.label(), declined.channel.label().to_lowercase())
        }
        InvitationState::Declined(declined) => declined.reason.label().to_owned(),
        _ => String::new(),
    };
    AskedView {
        number: one.number,
        home: record.home_name(one.home),
        provider: record.providers.get(&one.provider).cloned().unwrap_or_default(),
        tier: one.tier.tag().to_owned(),
        state: if waiting && one.deadline <= now { "No reply".to_owned() } else { one.state.label().to_owned() },
        note,
        trace: one.trace.summary(),
        lines: one.trace.lines.clone(),
        open: one.state.open(),
    }
}

async fn child(signed: Signed, Path(reference): Path<String>) -> Answered {
    let known = signed.app().see_child(&signed.actor, &reference).await.or_fail(&signed)?;
    let view = ChildView {
        reference,
        name: format!("{} {}", known.given_names, known.family_name),
        born: known.born,
        case_number: known.case_number,
        postcode: known.home_postcode,
        school: known.school,
        may_correct: may(signed.actor.role, Action::MakeReferral),
    };
    let hides = signed.app().hides_after(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&child_page(signed.shell(), &view, hides)))
}

async fn statement(signed: Signed, Path(reference): Path<String>) -> Answered {
    let (found, hash) = signed.app().search_statement(&signed.actor, &reference).await.or_fail(&signed)?;
    let homes = found.homes.into_iter().map(|one| {
        let when = one.answered.map_or_else(String::new, |at| format!(", {}", words::moment(at)));
        let known = [one.registration, one.grade].into_iter().flatten().collect::<Vec<_>>();
        ApproachedView {
            home: format!("{}, {}", one.home, one.urn),
            provider: one.provider,
            tier: one.tier.to_owned(),
            asked: one.asked,
            answer: format!("{}{when}", one.answer),
            distance: one.distance.unwrap_or_else(|| "not measured".to_owned()),
            registration: if known.is_empty() { "not kept".to_owned() } else { words::dated(&known.join("; ")) },
            points: one.points.unwrap_or_else(|| "not scored".to_owned()),
        }
    });
    let view = StatementView {
        reference: found.reference,
        authority: found.authority,
        sent: found.sent,
        closed: found.closed,
        search: found.search.as_ref().map(searched_words),
        scoring: found.scoring,
        left_out: found.left_out,
        homes: homes.collect(),
        hash,
    };
    Ok(page(&statement_page(signed.shell(), &view)))
}

async fn timeline(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = signed.app().referral_record(&signed.actor, &reference).await.or_fail(&signed)?;
    let events = signed.app().referral_timeline(&signed.actor, &reference).await.or_fail(&signed)?;
    let mut views: Vec<EventView> = events
        .into_iter()
        .map(|(event, by)| EventView {
            title: event_title(&event.event.kind),
            by,
            at: moment_at(event.moment).local,
            facts: event.event.facts.iter().filter_map(|(name, value)| words::fact(name, value)).collect(),
        })
        .collect();
    views.extend(offer_events(&record, signed.now()));
    views.sort_by_key(|event| core::cmp::Reverse(event.at));
    let (offers, questions) = (count(record.line.offers), count(record.line.questions));
    Ok(page(&timeline_page(signed.shell(), &reference, offers, questions, &views)))
}

/// What homes did, from the records that both sides share: their own events stand on their own chains.
fn offer_events(record: &ReferralRecord, now: placewell_domain::clock::Moment) -> Vec<EventView> {
    let mut views = Vec::new();
    for offer in &record.offers {
        let home = record.home_name(offer.home);
        let visible = record
            .referral
            .state
            .sent()
            .is_none_or(|out| placewell_domain::placing::referral::prices_visible(out, now));
        if let Some(sent) = &offer.submission {
            views.push(EventView {
                title: format!("Offer from {home}"),
                by: String::new(),
                at: sent.at,
                facts: Vec::new(),
            });
        }
        for change in &offer.changes {
            let was = if visible { vec![("Price before".to_owned(), words::a_week(change.was))] } else { Vec::new() };
            views.push(EventView {
                title: format!("{home} changed its offer"),
                by: String::new(),
                at: change.at,
                facts: was,
            });
        }
    }
    for one in &record.invitations {
        if let InvitationState::Declined(declined) = &one.state {
            let facts = vec![("Reason".to_owned(), declined.reason.label().to_owned())];
            let title = format!("{} declined", record.home_name(one.home));
            views.push(EventView { title, by: String::new(), at: declined.at, facts });
        }
    }
    views
}

fn event_title(kind: &str) -> String {
    match kind {
        "referral.started" => "Referral begun",
        "referral.answered" => "Answers saved",
        "referral.sent" => "Sent to homes",
        "referral.tier_left_out" => "A route was left out",
        "referral.sending_undone" => "Sending undone",
        "referral.search_approved" => "Search approval recorded",
        "referral.asked_more" => "More homes asked",
        "referral.extended" => "Deadline extended",
        "referral.closed_early" => "Closed early: all prices open",
        "referral.siblings_linked" => "Linked with a sibling's referral",
        "referral.siblings_unlinked" => "Taken out of its group of siblings",
        "referral.agreed" => "Agreement issued",
        "referral.placed" => "Child started",
        "referral.withdrawn" => "Withdrawn",
        "referral.not_placed" => "Recorded as not placed",
        "child.recorded" => "Child recorded",
        "child.identity_read" => "The child's details were opened",
        "child.corrected" => "The child's details were corrected",
        "child.exported" => "Everything held about the child was given out",
        "document.read" => "A document was opened",
        other => return other.replace(['.', '_'], " "),
    }
    .to_owned()
}

async fn messages(signed: Signed, Path(reference): Path<String>) -> Answered {
    messages_with(&signed, &reference, Answering::default(), StatusCode::OK).await
}

async fn messages_with(signed: &Signed, reference: &str, mut typing: Answering, status: StatusCode) -> Answered {
    let (_, questions) = signed.app().referral_questions(&signed.actor, reference).await.or_fail(signed)?;
    let views: Vec<QuestionView> = questions
        .into_iter()
        .map(|read| QuestionView {
            id: read.question.id,
            version: read.question.version,
            provider: read.provider,
            asked: read.question.asked,
            text: read.text,
            answer: match (&read.question.state, read.answer) {
                (QuestionState::Answered { to_everyone, .. }, text) => Some((text.unwrap_or_default(), *to_everyone)),
                (QuestionState::Open, _) => None,
            },
        })
        .collect();
    if let Some(asked) = views.iter().find(|view| view.id == typing.question) {
        let answer = typing.typed.get(&format!("answer_{}", asked.id)).to_owned();
        typing.typed.set("answer", answer);
        typing.typed.set("asked", &asked.text);
    }
    let record = signed.app().referral_record(&signed.actor, reference).await.or_fail(signed)?;
    let may_answer = may(signed.actor.role, Action::MakeReferral) && !record.erased;
    let view = messages_page(
        signed.shell(),
        (reference, withheld(&record)),
        count(record.line.offers),
        &views,
        may_answer,
        &typing,
        &signed.new_key(),
    );
    Ok(page_with(status, &view))
}

async fn answer(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must_make(&signed)?;
    let mut invalid = Invalid::default();
    let question = fields.get("question").parse::<i64>().unwrap_or(0);
    let text = fields.text(&format!("answer_{question}"), 2_000, "Enter your answer", &mut invalid);
    let to = fields.choice(
        &format!("to_{question}"),
        |code| match code {
            "all" => Some(true),
            "one" => Some(false),
            _ => None,
        },
        "Choose who reads question and answer",
        &mut invalid,
    );
    let answer = match (to, invalid.errors.is_empty()) {
        (Some(to_everyone), true) => {
            let reference = reference.clone();
            let command = AnswerQuestion { reference, question, version: fields.version(), text, to_everyone };
            signed.app().perform(&signed.actor, &key, fields.confirming(command)).await
        }
        _ => Err(invalid.into()),
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(errors)) => {
            let typed = Typed::new(fields.pairs().to_vec());
            let typing = Answering { question, typed, errors };
            messages_with(&signed, &reference, typing, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn undo_sending(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = UndoSending { reference, version: fields.version() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn remind(Path(reference): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    Ok(see(&signed.app().perform(&signed.actor, &key, Remind { reference }).await.or_fail(&signed)?))
}

/// Refuses a form of a role that may not make referrals before anything of it is read.
pub(crate) fn must_make(signed: &Signed) -> Result<(), crate::respond::Failure> {
    if may(signed.actor.role, Action::MakeReferral) {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::MakeReferral)))
    }
}

/// A form again with its errors, where the answer says that the form is wrong; any other failure as its own page.
pub(crate) fn again(signed: &Signed, outcome: Outcome, form: impl FnOnce(&Invalid) -> Response) -> Answered {
    match outcome {
        Outcome::Invalid(invalid) => Ok(form(&invalid)),
        other => Err(signed.fail(other)),
    }
}
