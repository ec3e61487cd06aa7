//! What the calendar chases in the rooms about homes: days that passed with nothing recorded, and answers that others wait for.
//! Each is told once; no mail says anything of a child.

use jiff::civil::Date;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::calendar::long_date;
use placewell_domain::clock::Moment;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::monitoring::stability::StabilityAlert;
use placewell_domain::homes::monitoring::support::BoughtWeek;
use placewell_domain::homes::price::uplift::{Uplift, UpliftState};
use placewell_domain::homes::standing::review::ReviewState;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_store::Session;

use super::support::{BACK_DAYS, waiting_weeks};
use super::timer::{Told, notice};
use crate::answer::Answer;

/// After how many working days a question of a provider is chased.
const ANSWER_DAYS: u32 = 2;
/// How many days before its last a decision or an appeal is spoken of.
const SOON_DAYS: i64 = 5;
/// How many days before its last the condition of an admission is spoken of.
const CONDITION_DAYS: i64 = 14;
/// After how many days the authority is told, too, that a week of hours is not confirmed.
const OFFICER_DAYS: i64 = 10;

/// What a regional team is told of.
pub(super) async fn of_region(
    session: &Session,
    org: OrganisationId,
    (days, now): (&WorkingDays, Moment),
) -> Answer<Vec<Told>> {
    let today = now.today();
    let mut told = visits(session, (org, Role::CommissioningLead), today).await?;
    let lead = |subject: String, line: &str, path: String| notice(org, Role::CommissioningLead, subject, line, path);
    for one in session.alerts().await?.iter().filter(|one| one.region == org && one.past_due(today)) {
        let subject = format!("{}: what was noted of an alert is past its day", one.found.urn);
        let to = lead(subject, "Say what came of it.", format!("/region/alerts/{}", one.id));
        told.push(Told::new("regulator_alert", one.id.0, format!("due {}", one.version), vec![to]));
    }
    for one in session.evaluations().await?.iter().filter(|one| one.region == org) {
        told.extend(condition(one, today));
        let EvaluationState::Standstill { until, .. } = one.state else { continue };
        if until < today {
            let subject = format!("{}: the standstill is over", one.opening_reference);
            let line = format!("{}: confirm the outcome, or answer the challenge.", one.provider_name);
            let to = lead(subject, &line, format!("/region/evaluations/{}", one.id));
            told.push(Told::new("evaluation", one.id.0, format!("standstill {until}"), vec![to]));
        }
    }
    let asked = session.clarifications_waiting(org).await?;
    for opening in session.openings().await?.iter().filter(|one| one.region == org) {
        if opening.takes_answers(now).is_err() {
            continue;
        }
        for one in asked.iter().filter(|one| one.opening == opening.id) {
            if days.nth_working_day_after(one.asked.date(), ANSWER_DAYS) <= today {
                let subject = format!("{}: a question is not answered", opening.reference);
                let to =
                    lead(subject, "Everybody reads the answer.", format!("/region/admission/{}", opening.reference));
                told.push(Told::new("admission_question", one.id, "answer".to_owned(), vec![to]));
            }
        }
    }
    told.extend(session.uplifts().await?.iter().filter(|one| one.region == org).filter_map(|one| rise(one, today)));
    Ok(told)
}

/// A condition of an admission of which nothing is recorded: its provider is told before its day and after it, the regional
/// team after it. What is to be done stands on their pages and in no mail.
fn condition(one: &Evaluation, today: Date) -> Option<Told> {
    let of = one.condition_in_force().filter(|of| of.is_open() && plus_days(of.by, -CONDITION_DAYS) <= today)?;
    let day = long_date(of.by);
    let provider = |what: &str, line: &str| {
        let (subject, path) = (format!("{}: {what}", one.opening_reference), "/provider/admission");
        notice(one.provider, Role::ProviderManager, subject, line, format!("{path}/{}", one.opening_reference))
    };
    if !of.overdue(today) {
        let to = provider("a condition of your admission is to be met", &format!("By {day}."));
        return Some(Told::new("evaluation", one.id.0, format!("condition soon {}", of.by), vec![to]));
    }
    let passed = "the day of a condition has passed";
    let own = provider(passed, &format!("It was {day}. Tell the regional team what was done."));
    let (subject, path) = (format!("{}: {passed}", one.opening_reference), format!("/region/evaluations/{}", one.id));
    let line = format!("{}: record whether it was met.", one.provider_name);
    let lead = notice(one.region, Role::CommissioningLead, subject, &line, path);
    Some(Told::new("evaluation", one.id.0, format!("condition passed {}", of.by), vec![own, lead]))
}

/// A request for a rise that waits for its decision, or a refused one that can still be appealed.
fn rise(one: &Uplift, today: Date) -> Option<Told> {
    let due = one.due().filter(|due| plus_days(*due, -SOON_DAYS) <= today)?;
    let by = format!("By {}.", long_date(due));
    let to = if one.waits() {
        let (subject, path) =
            (format!("{}: a rise waits for its decision", one.reference), format!("/region/uplifts/{}", one.id));
        notice(one.region, Role::CommissioningLead, subject, &by, path)
    } else {
        // The last day to appeal is spoken of before it is over, not after.
        if due < today || !matches!(one.state, UpliftState::Decided { .. }) {
            return None;
        }
        let subject = format!("{}: the time to appeal ends", one.reference);
        notice(one.provider, Role::ProviderManager, subject, &by, format!("/provider/uplifts/{}", one.id))
    };
    Some(Told::new("price_uplift", one.id.0, format!("{} {due}", one.state.name()), vec![to]))
}

/// What an authority is told of, and its providers with it.
pub(super) async fn of_authority(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Told>> {
    let mut told = Vec::new();
    let officer = |subject: String, line: &str, path: String| notice(org, Role::PlacementOfficer, subject, line, path);
    told.extend(visits(session, (org, Role::PlacementOfficer), today).await?);
    for one in session.placement_reviews(org).await? {
        if one.state == ReviewState::Due && one.due < today {
            let subject = format!("{}: the review of the placement is overdue", one.reference);
            let line = format!("It was due on {}.", long_date(one.due));
            let to = officer(subject, &line, format!("/standing/reviews/{}", one.id));
            told.push(Told::new("placement_review", one.id, format!("due {}", one.due), vec![to]));
        }
    }
    for one in session.stability_alerts(org).await?.into_iter().filter(StabilityAlert::open) {
        let Some(review_on) = one.meeting.as_ref().map(|met| met.review_on).filter(|day| *day < today) else {
            continue;
        };
        let subject = format!("{}: the agreed support is to be looked at again", one.reference);
        let line = format!("It was to be on {}.", long_date(review_on));
        let path = format!("/stability/{}", one.id);
        let notices = [(org, Role::PlacementOfficer), (one.provider, Role::ProviderManager)]
            .map(|(to, role)| notice(to, role, subject.clone(), &line, path.clone()));
        told.push(Told::new("stability_alert", one.id, format!("review {review_on}"), notices.to_vec()));
    }
    let from = plus_days(today, -BACK_DAYS);
    told.extend(hours(&waiting_weeks(session, org, from, today).await?, org, today));
    told.extend(confirmations(session, org, today).await?);
    Ok(told)
}

/// Planned visits whose day passed with nothing recorded.
async fn visits(session: &Session, (org, role): (OrganisationId, Role), today: Date) -> Answer<Vec<Told>> {
    let mut told = Vec::new();
    for one in session.home_visits().await? {
        if one.authority == org && one.overdue(today) {
            let subject = format!("{}: the visit is not recorded", one.urn);
            let line = format!("It was planned for {}.", long_date(one.planned));
            let to = notice(org, role, subject, &line, format!("/monitoring/visits/{}", one.id));
            told.push(Told::new("home_visit", one.id, format!("planned {}", one.planned), vec![to]));
        }
    }
    Ok(told)
}

/// Weeks of hours that a home has not confirmed: one mail for an agreement and its latest week, the authority's later.
fn hours(weeks: &[BoughtWeek], org: OrganisationId, today: Date) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let latest = |past: &dyn Fn(&BoughtWeek) -> bool| {
        let mut found: Vec<&BoughtWeek> = Vec::new();
        for one in weeks.iter().filter(|one| past(one)) {
            match found.iter_mut().find(|held| held.agreement == one.agreement) {
                Some(held) => *held = one,
                None => found.push(one),
            }
        }
        found
    };
    let subject = |one: &BoughtWeek| format!("{}: hours of support are not confirmed", one.reference);
    let line = |one: &BoughtWeek| format!("The latest such week began on {}.", long_date(one.week));
    for one in latest(&|one: &BoughtWeek| one.due() < today) {
        let path = "/provider/monitoring/hours".to_owned();
        let to = notice(one.provider, Role::ProviderManager, subject(one), &line(one), path);
        told.push(Told::new("support_week", one.agreement.0, format!("home {}", one.week), vec![to]));
    }
    for one in latest(&|one: &BoughtWeek| plus_days(one.over(), OFFICER_DAYS) < today) {
        let path = format!("/agreements/{}/hours", one.reference);
        let to = notice(org, Role::PlacementOfficer, subject(one), &line(one), path);
        told.push(Told::new("support_week", one.agreement.0, format!("officer {}", one.week), vec![to]));
    }
    told
}

/// Granted rises that wait for the authority's confirmation and soon apply.
async fn confirmations(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Told>> {
    let mut told = Vec::new();
    for uplift in session.uplifts().await? {
        let Some(grant) = uplift.grants().last().copied() else { continue };
        let by = grant.confirm_by();
        if plus_days(by, -SOON_DAYS) > today {
            continue;
        }
        let own = session.uplift_effects(uplift.id).await?.into_iter().find(|one| one.authority == org);
        if own.is_none_or(|own| own.waiting == 0) {
            continue;
        }
        let notices = [Role::Approver, Role::FinanceOfficer].map(|role| {
            let subject = format!("{}: a granted rise waits for your confirmation", uplift.reference);
            notice(org, role, subject, &format!("By {}.", long_date(by)), "/finance/uplifts".to_owned())
        });
        told.push(Told::new("price_uplift", uplift.id.0, format!("confirm {} {by}", grant.number), notices.to_vec()));
    }
    Ok(told)
}
