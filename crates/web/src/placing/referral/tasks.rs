//! The task list, the page of each task, and check and send.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::placing::referral::recipients::scoring_of;
use placewell_app::placing::referral::sending::wall;
use placewell_app::placing::referral::{AnswerTask, Checked, SendReferral, working_days};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::profile::AvoidPlace;
use placewell_domain::placing::referral::task::{Answers, missing, seconds_left};
use placewell_domain::placing::referral::{Scoring, SharedProfile, Task};
use placewell_pages::form::Typed;
use placewell_pages::placing::referral::check::{CheckView, check_page};
use placewell_pages::placing::referral::task::{TaskView, TasksView, stored, task_page, tasks_page};
use placewell_pages::words;

use super::answers::{avoided_homes, read_task};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes: one page for each task but documents and recipients, which have files of their own.
pub fn routes() -> Router<Web> {
    let mut router = Router::new()
        .route("/referrals/{reference}/tasks", get(tasks))
        .route("/referrals/{reference}/check", get(check).post(send));
    for task in Task::ALL.iter().copied().filter(|task| !matches!(task, Task::Documents | Task::Recipients)) {
        let path = format!("/referrals/{{reference}}/{}", task.code());
        router = router.route(
            &path,
            get(move |signed: Signed, path: Path<String>| show(task, signed, path))
                .post(move |path: Path<String>, submitted: Submitted| save(task, path, submitted)),
        );
    }
    router
}

async fn tasks(signed: Signed, Path(reference): Path<String>) -> Answered {
    let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
    let answers =
        Answers { profile: &checked.referral.profile, narrative: &checked.narrative, plan: &checked.referral.plan };
    let view = TasksView {
        reference: checked.referral.reference.to_string(),
        seconds_left: seconds_left(answers),
        progress: checked.progress.clone(),
        emergency: checked.referral.profile.emergency.is_some(),
    };
    Ok(page(&tasks_page(signed.shell(), &view)))
}

pub(super) async fn view_of(
    signed: &Signed,
    task: Task,
    checked: &Checked,
    typed: Option<Typed>,
) -> Result<TaskView, crate::respond::Failure> {
    let session = signed.app().see(&signed.actor, Action::SeeReferrals).await.or_fail(signed)?;
    let lots = session.current_arrangement().await.or_fail(signed)?;
    // A lot that the search has already stays among the choices, so that the form says what is stored.
    let (today, chosen) = (signed.now().today(), checked.referral.profile.lot.as_deref());
    let lots = lots.map(|kept| {
        let open = |lot: &placewell_domain::power::arrangement::Lot| {
            kept.arrangement.lot_is_open(&lot.code, today).is_ok() || chosen == Some(lot.code.as_str())
        };
        let lots = kept.arrangement.lots.iter().filter(|lot| open(lot));
        lots.map(|lot| (lot.code.clone(), lot.name.clone())).collect()
    });
    drop(session);
    let referral = &checked.referral;
    let answers = Answers { profile: &referral.profile, narrative: &checked.narrative, plan: &referral.plan };
    let mut avoided = Vec::new();
    if task == Task::Where {
        let index = signed.app().homes(&signed.actor).await.or_fail(signed)?;
        avoided.extend(referral.profile.avoid.iter().filter_map(|avoid| match &avoid.place {
            AvoidPlace::Home(id) => Some((*id, index.home(index.row(*id)?)?.home.urn.to_string())),
            AvoidPlace::Area(_) | AvoidPlace::District(_) => None,
        }));
    }
    Ok(TaskView {
        reference: referral.reference.to_string(),
        version: referral.version,
        task,
        typed: typed.unwrap_or_else(|| stored(task, &referral.profile, &checked.narrative, &avoided)),
        age: (task == Task::About).then(|| age_line(checked)),
        duties: duties(task, checked),
        lots: lots.unwrap_or_default(),
        to_confirm: referral
            .profile
            .standard
            .risks
            .iter()
            .filter(|answer| answer.to_confirm)
            .map(|answer| (answer.risk, answer.confirmed_on))
            .collect(),
        open: missing(task, answers),
        documents: Vec::new(),
    })
}

async fn show(task: Task, signed: Signed, Path(reference): Path<String>) -> Answered {
    let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
    let view = view_of(&signed, task, &checked, None).await?;
    Ok(page(&task_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn save(task: Task, Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
    let (profile, narrative) = (checked.referral.profile.clone(), checked.narrative.clone());
    let homes = signed.app().homes_named(&signed.actor, &avoided_homes(&fields)).await.or_fail(&signed)?;
    let command = match read_task(task, &fields, profile, narrative, (signed.now().today(), &homes)) {
        Ok((profile, narrative)) => AnswerTask {
            reference,
            version: fields.version(),
            task,
            profile,
            narrative,
            plan: checked.referral.plan.clone(),
        },
        Err(invalid) => return again(&signed, task, &checked, &fields, &invalid, &key).await,
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Err(Outcome::Invalid(invalid)) => again(&signed, task, &checked, &fields, &invalid, &key).await,
        answer => Ok(see(&answer.or_fail(&signed)?)),
    }
}

/// The form of a task again, with what was typed and what is wrong with it.
async fn again(
    signed: &Signed,
    task: Task,
    checked: &Checked,
    fields: &Fields,
    invalid: &Invalid,
    key: &str,
) -> Answered {
    let mut view = view_of(signed, task, checked, Some(Typed::new(fields.pairs().to_vec()))).await?;
    view.version = fields.version();
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &task_page(signed.shell(), &view, invalid, key)))
}

/// The child's age as it follows from the date of birth, and on which day.
fn age_line(checked: &Checked) -> String {
    let age = words::age(u64::from(checked.age));
    match checked.referral.profile.start {
        Some(start) => format!("{age} on {}, by the date of birth on record.", words::date(start)),
        None => format!("{age} by the date of birth on record. It follows the start date once that is said."),
    }
}

/// The duties that follow from the legal basis chosen (rule 5.1).
fn duties(task: Task, checked: &Checked) -> Vec<String> {
    let basis = checked.referral.profile.legal_basis.filter(|_| task == Task::About);
    basis.map(|basis| basis.duties().words()).unwrap_or_default()
}

async fn check_view(
    signed: &Signed,
    checked: Checked,
    confirmed: Vec<String>,
    few_accepted: bool,
) -> Result<CheckView, crate::respond::Failure> {
    let session = signed.app().see(&signed.actor, Action::SeeReferrals).await.or_fail(signed)?;
    let days = working_days(&session, signed.actor.organisation, signed.now().today()).await.or_fail(signed)?;
    let scoring = scoring_of(&session, &checked.referral, signed.now().today()).await.or_fail(signed)?;
    drop(session);
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let deadline = match checked.referral.plan.deadline {
        None => Err("No deadline is chosen yet.".to_owned()),
        Some(choice) => match choice.resolve(signed.now(), &days) {
            Ok(deadline) => Ok((wall(deadline.at), deadline.outside_office_hours)),
            Err(invalid) => Err(invalid.errors.into_iter().next().map_or_else(String::new, |error| error.message)),
        },
    };
    let emergency = checked.referral.profile.emergency.is_some();
    let required: BTreeSet<Task> = Task::EMERGENCY.iter().copied().collect();
    let may_follow = emergency && checked.missing.iter().all(|(task, _)| !required.contains(task));
    Ok(CheckView {
        reference: checked.referral.reference.to_string(),
        version: checked.referral.version,
        homes: u64::try_from(checked.referral.plan.homes.len()).unwrap_or(0),
        may_follow,
        missing: checked.missing,
        findings: checked.findings,
        confirmed,
        few: checked.too_identifying,
        few_accepted,
        profile: SharedProfile { lot: lots.of(&checked.profile.lot).to_owned(), ..checked.profile },
        words: checked.words,
        deadline,
        scoring: scoring.as_ref().map(Scoring::lines).unwrap_or_default(),
    })
}

async fn check(signed: Signed, Path(reference): Path<String>) -> Answered {
    let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
    let view = check_view(&signed, checked, Vec::new(), false).await?;
    Ok(page(&check_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn send(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let confirmed: Vec<String> = fields.all("confirmed").map(str::to_owned).collect();
    let accept_few = fields.get("accept_few") == "yes";
    let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
    let mut invalid = Invalid::default();
    let open = placewell_domain::placing::referral::redaction::unconfirmed(&checked.findings, &confirmed).len();
    if open > 0 {
        invalid.add("confirmed", "Confirm each of these, or remove it from the words");
    }
    if checked.too_identifying.is_some() && !accept_few {
        invalid.add("accept_few", "Leave something out, or say that you send it all the same");
    }
    let still_draft = checked.referral.version == fields.version();
    if still_draft && !invalid.errors.is_empty() {
        let view = check_view(&signed, checked, confirmed, accept_few).await?;
        return Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &check_page(signed.shell(), &view, &invalid, &key)));
    }
    let command = SendReferral { reference, version: fields.version(), confirmed, accept_few };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
