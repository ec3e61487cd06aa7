//! The list of requests and one request's page, in words.

use axum::extract::Path;
use placewell_app::Outcome;
use placewell_app::placing::approval::ApprovalTab;
use placewell_app::placing::approval::{
    ApprovalLine, ApprovalView, ConfirmLine as FoundDue, ReadExchange, ScoredOffers, Standing,
};
use placewell_domain::homes::home::Grade;
use placewell_domain::placing::agreement::ValueWatch;
use placewell_domain::placing::approval::{
    Approval, ApprovalState, ConfirmKind, FollowUp, OpenCheck, PowerFact, ToConfirm, Verbal,
};
use placewell_domain::power::annual_value::Route;
use placewell_pages::buying::spot::exemption::to_answer;
use placewell_pages::page::Page;
use placewell_pages::placing::approval::{
    ApprovalPage, ConfirmLine, FollowRow, OtherApproval, QuestionLine, RequestLine, ScoredView,
    approval as approval_page, list as list_page,
};
use placewell_pages::words;

use super::effect_lines;
use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, file, page};

pub(super) async fn list(signed: Signed) -> Answered {
    let decided = signed.query.get("tab") == "decided";
    let tab = if decided { ApprovalTab::Decided } else { ApprovalTab::Open };
    let found = signed.app().approval_list(&signed.actor, tab).await.or_fail(&signed)?;
    let lines: Vec<RequestLine> = found.iter().map(line).collect();
    let due = signed.app().confirmations(&signed.actor).await.or_fail(&signed)?;
    let due: Vec<ConfirmLine> = due.iter().map(confirm_line).collect();
    let list = list_page(signed.shell(), &lines, &due, decided);
    let list = if decided { list } else { with_exemptions(&signed, list).await? };
    let list = crate::placing::child::with_waiting(&signed, list).await?;
    Ok(page(&crate::home::warned(&signed, list).await?))
}

/// The list with the exemptions that wait for the reader as director of children's services.
async fn with_exemptions(signed: &Signed, list: Page) -> Result<Page, Failure> {
    let asked = signed.app().exemption_requests(&signed.actor).await.or_fail(signed)?;
    let lines: Vec<_> = asked.into_iter().map(|one| (one.reference, one.home.1, one.by, one.at)).collect();
    Ok(list.maybe(to_answer(&lines)))
}

fn confirm_line(due: &FoundDue) -> ConfirmLine {
    let act = match due.due.kind {
        ConfirmKind::Verbal => "confirm",
        ConfirmKind::Night => "director",
    };
    ConfirmLine {
        reference: due.approval.reference.to_string(),
        what: due.due.kind.label().to_owned(),
        who: due.who.clone(),
        by: words::moment(due.due.by),
        overdue: due.overdue,
        mine: due.mine.then(|| act.to_owned()),
    }
}

/// The watch over procurement law in words, and whether the threshold is reached.
pub(super) fn watch(watch: &ValueWatch) -> (String, bool) {
    let sums = format!(
        "Whole-life value {}; with this provider's other placements {}; the threshold is {}.",
        words::money(watch.whole_life),
        words::money(watch.cumulative),
        words::money(watch.threshold)
    );
    if watch.reached() { (format!("{sums} Record the legal ground with the agreement."), true) } else { (sums, false) }
}

fn state(approval: &Approval) -> (String, String) {
    (approval.state.name().to_owned(), approval.state.label().to_owned())
}

pub(super) fn price(approval: &Approval) -> String {
    let facts = &approval.facts;
    format!("{}; {} to the planned end", words::a_week(facts.weekly()), words::money(facts.whole_cost()))
}

fn line(line: &ApprovalLine) -> RequestLine {
    let approval = &line.approval;
    RequestLine {
        reference: approval.reference.to_string(),
        what: approval.kind.label().to_owned(),
        about: match &line.about {
            Some((reference, band)) => format!("{reference}, {band}"),
            None => "A child of your authority whose record a trust holds".to_owned(),
        },
        home: line.home.clone(),
        price: price(approval),
        why: match &line.mine {
            Ok(basis) => basis.sentence(),
            Err(refusal) => refusal.sentence.clone(),
        },
        needed_by: words::date(approval.facts.start),
        state: state(approval),
    }
}

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().approval_view(&signed.actor, &reference).await.or_fail(&signed)?;
    let own = found.approval.authority == signed.actor.organisation;
    let exemptions = exemptions(&signed, &found, own).await?;
    Ok(page(&approval_page(signed.shell(), &ApprovalPage { exemptions, ..view(&found, own) })))
}

/// Where the exemptions from the home's grade are read: by the body that holds the record, and of the authority that is
/// responsible for the child by its director of children's services alone.
async fn exemptions(signed: &Signed, found: &ApprovalView, own: bool) -> Result<Option<String>, Failure> {
    if found.case.facts.grade != Grade::Inadequate {
        return Ok(None);
    }
    let reference = found.case.referral.reference.to_string();
    let at = format!("/referrals/{reference}/exemptions");
    if own {
        return Ok(Some(at));
    }
    match signed.app().exemptions(&signed.actor, &reference).await {
        Ok(_) => Ok(Some(at)),
        Err(Outcome::NotFound) => Ok(None),
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

/// The approval pack on paper.
pub(super) async fn pack(signed: Signed, Path(reference): Path<String>) -> Answered {
    let address = format!("{}/approvals/{reference}", signed.web.origin);
    let found = Box::pin(signed.app().approval_pack(&signed.actor, &reference, &address)).await.or_fail(&signed)?;
    Ok(file(found, "application/pdf", &format!("{reference}-approval-pack.pdf")))
}

fn power(found: &ApprovalView) -> String {
    match (found.approval.state.given(), &found.mine) {
        (Some(given), _) => given.basis.sentence(),
        (None, Ok(basis)) => basis.sentence(),
        (None, Err(_)) => format!("To be made under {}.", found.case.facts.power.words()),
    }
}

fn view(found: &ApprovalView, own: bool) -> ApprovalPage {
    let (approval, facts) = (&found.approval, &found.case.facts);
    let referral = &found.case.referral;
    let band = referral.profile.age_band().map_or("", |band| band.label());
    let given = approval.state.given();
    let verbal = given.and_then(|given| given.verbal.as_ref());
    ApprovalPage {
        reference: approval.reference.to_string(),
        what: approval.kind.label().to_owned(),
        about: format!("{}, aged {band}", referral.reference),
        compare: own.then(|| format!("/referrals/{}/offers/compare", referral.reference)),
        exemptions: None,
        spot: (own && facts.route == Route::Spot).then(|| format!("/referrals/{}/spot", referral.reference)),
        sentence: sentence(found),
        price: format!("{}. {}.", price(approval), facts.charged.label()),
        why_you: approval.triggers.iter().map(|trigger| (trigger.rule.clone(), trigger.why.clone())).collect(),
        power: power(found),
        effects: effect_lines(&found.effects),
        state: state(approval),
        cannot: found
            .mine
            .as_ref()
            .err()
            .map(|refusal| (refusal.sentence.clone(), refusal.rule.clone(), refusal.who_can_change.clone())),
        open: approval.open(),
        can_pass_on: approval.kind.can_pass_on(),
        to_confirm: verbal.filter(|_| found.to_confirm).map(|verbal| words::moment(verbal.confirm_by)),
        verbal: verbal.map(by_word_of_mouth),
        due: found.due.iter().map(|(due, overdue)| (due_words(due), *overdue)).collect(),
        night: found.night && found.due.iter().any(|(due, _)| due.kind == ConfirmKind::Night),
        void: found
            .void
            .iter()
            .filter(|change| change.voids)
            .map(|change| (change.fact.clone(), change.was.clone(), change.now.clone()))
            .collect(),
        urgent: urgency(found),
        watch: found.watch.as_ref().map(watch),
        above_search: found.above_search(),
        changes: found
            .changes
            .iter()
            .map(|change| (change.fact.clone(), change.was.clone(), change.now.clone(), change.voids))
            .collect(),
        reasons: reasons(found),
        scored: scored(found),
        views: views(found),
        gates: gates(found),
        follows: follows(found),
        to_follow: found.is_officer && found.follow_ups.iter().any(FollowUp::due),
        can_take_back: found.can_take_back,
        stopped: found
            .stopped
            .as_ref()
            .map(|stop| (stop.sentence.clone(), stop.rule.clone(), stop.who_can_change.clone())),
        all: found.all.iter().map(other).collect(),
        questions: found.questions.iter().map(question).collect(),
        is_officer: found.is_officer,
        asked: format!("Asked by {}, {}", found.asked_by, words::moment(approval.asked_at)),
        decision_words: decision_words(found),
        erased: found.erased,
        agreement: found.agreement.clone(),
        hash: found.hash.clone(),
    }
}

/// Where the child is to live and from when until when, with what speaks for it.
fn sentence(found: &ApprovalView) -> String {
    let facts = &found.case.facts;
    let for_it = found.words.reasons.first().map_or("", |reasons| reasons.for_it.as_str());
    let (from, until) = (words::date(facts.start), words::date(facts.planned_end));
    format!("Place the child at {} from {from} until {until}. {for_it}", found.case.home.name).trim_end().to_owned()
}

/// The conditions of an approval, or why it was refused: its reason, and the words beside it.
fn decision_words(found: &ApprovalView) -> Option<String> {
    let words = found.decision_words.clone();
    let ApprovalState::Refused { reason, .. } = &found.approval.state else { return words };
    Some(format!("{}. {}", reason.label(), words.unwrap_or_default()).trim_end().to_owned())
}

fn due_words(due: &ToConfirm) -> String {
    format!("{} by {}.", due.kind.label(), words::moment(due.by))
}

fn reasons(found: &ApprovalView) -> Vec<(String, String, String)> {
    let each = found.words.reasons.iter().zip(&found.homes);
    each.map(|(reasons, home)| (home.clone(), reasons.for_it.clone(), reasons.against.clone())).collect()
}

fn scored(found: &ApprovalView) -> ScoredView {
    let ScoredOffers { homes, rows } = found.scored();
    ScoredView { homes, rows }
}

fn follows(found: &ApprovalView) -> Vec<FollowRow> {
    let row = |follow: &FollowUp| FollowRow {
        what: follow.what.label().to_owned(),
        by: words::date(follow.by),
        done: (!follow.due()).then(|| follow.state.words()),
        overdue: found.overdue.contains(&follow.what),
    };
    found.follow_ups.iter().map(row).collect()
}

fn by_word_of_mouth(verbal: &Verbal) -> String {
    match verbal.confirmed_at {
        Some(at) => format!(
            "Given by word of mouth {}, confirmed in writing {}.",
            words::moment(verbal.said_at),
            words::moment(at)
        ),
        None => format!(
            "Given by word of mouth {}. It counts, and is to be confirmed in writing by {}.",
            words::moment(verbal.said_at),
            words::moment(verbal.confirm_by)
        ),
    }
}

fn views(found: &ApprovalView) -> Vec<(String, String)> {
    let words = &found.words;
    let rows = [
        ("The child's wishes and feelings", &words.wishes),
        ("The social worker", &words.social_worker),
        ("Relatives", &words.relatives),
        ("Circumstances", &words.circumstances),
    ];
    rows.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), text.clone())).collect()
}

fn gates(found: &ApprovalView) -> Vec<(String, String)> {
    let gates = &found.recommendation.gates;
    let yes = |answer: bool| if answer { "Yes".to_owned() } else { "No".to_owned() };
    let day = |on: Option<jiff::civil::Date>| on.map_or_else(|| "Not yet".to_owned(), words::date);
    let exempted = found.case.exempted.as_ref();
    let exempted =
        exempted.map(|one| ("Exemption from the grade".to_owned(), format!("{} {}", one.sentence(), one.reason)));
    let rows = [
        ("Child's wishes and feelings".to_owned(), gates.wishes.label().to_owned()),
        ("Most appropriate placement available".to_owned(), yes(gates.most_appropriate)),
        ("Consistent with the care plan".to_owned(), yes(gates.in_care_plan)),
        ("Relatives consulted".to_owned(), gates.relatives.label().to_owned()),
        ("Independent reviewing officer consulted".to_owned(), day(gates.reviewing_officer)),
        (format!("Area authority ({})", found.case.area), day(gates.area_authority)),
        ("Checks still open".to_owned(), capital(&OpenCheck::words(&found.case.facts.checks))),
    ];
    rows.into_iter().chain(exempted).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn other(standing: &Standing) -> OtherApproval {
    let approval = &standing.approval;
    OtherApproval {
        reference: approval.reference.to_string(),
        what: approval.kind.label().to_owned(),
        why: approval.triggers.first().map_or_else(String::new, |trigger| trigger.rule.clone()),
        state: state(approval),
        decided: match approval.state.given() {
            Some(given) => format!("{}. {}", standing.decided_by, given.basis.sentence()),
            None if standing.decided_by.is_empty() => "Not yet".to_owned(),
            None => standing.decided_by.clone(),
        },
    }
}

fn question(exchange: &ReadExchange) -> QuestionLine {
    QuestionLine {
        asked: format!("{} asked, {}", exchange.by, words::moment(exchange.at)),
        question: exchange.question.clone(),
        answer: exchange
            .answer
            .as_ref()
            .map(|(by, at, text)| (format!("{by} answered, {}", words::moment(*at)), text.clone())),
    }
}

/// The words that offer the urgency power on the pages of a request; none where a limb holds the award.
pub(super) fn urgency(found: &ApprovalView) -> Option<String> {
    let called_for = found.approval.open() && found.approval.kind.act().is_some() && found.urgency;
    let why = if matches!(found.case.facts.power, PowerFact::NoneInForce) {
        "No power is in force."
    } else {
        "The annual value does not hold this award."
    };
    let then = "Only a recorded urgency power goes beyond it. Where none is recorded, a child's emergency start is \
                recorded as made without recorded power. The monitoring officer and the section 151 officer are then \
                alerted at once.";
    called_for.then(|| format!("{why} {then}"))
}
