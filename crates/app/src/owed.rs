//! What waits for somebody today beside referrals and offers: visits, plans, reviews, hours and strain for an officer; returns,
//! plans, hours, terms and openings for a provider; measures, alerts, an old register, returns, evaluations, insurance and rises for the lead.
//! It stands outside the wings because it leads into many rooms. Nothing here says anything of a child.

use jiff::civil::Date;
use placewell_domain::clock::Moment;
use placewell_domain::homes::admission::evaluation::{Condition, EvaluationState};
use placewell_domain::homes::admission::opening::OpeningPhase;
use placewell_domain::homes::admission::registration::{Registration, RegistrationState};
use placewell_domain::homes::home::alert::{AlertState, OLD_AFTER, age_of};
use placewell_domain::homes::home::paper::TOLD_BEFORE;
use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::homes::monitoring::quality_return::ReturnState;
use placewell_domain::homes::monitoring::stability::{StabilityAlert, StabilityState};
use placewell_domain::homes::monitoring::support::{BoughtWeek, WeekState};
use placewell_domain::homes::standing::review::ReviewState;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::Session;
use placewell_store::placing::agreement::AgreementTab;

use crate::answer::{Answer, Outcome};
use crate::command::{App, permitted};
use crate::homes::monitoring::{BACK_DAYS, waiting_weeks};
use crate::homes::standing::ending_by;

pub mod numbers;

/// Within how many days a child's first night is soon.
const SOON_DAYS: i64 = 7;
/// The most agreements to begin that a day looks at.
const LOOKED_AT: u32 = 50;

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// What it is about: a reference, or a home's name.
    pub about: String,
    /// What waits.
    pub what: String,
    /// By when, or since when.
    pub due: Date,
    /// What to do, as words of a link.
    pub act: &'static str,
    /// Where.
    pub path: String,
}

impl Owed {
    /// Whether its day has passed.
    #[must_use]
    pub fn late(&self, today: Date) -> bool {
        self.due < today
    }
}

fn owed(about: impl Into<String>, what: impl Into<String>, due: Date, (act, path): (&'static str, String)) -> Owed {
    Owed { about: about.into(), what: what.into(), due, act, path }
}

/// Whether the actor may read what a line leads to. A role may read all of its list; a token's scope may not reach a part.
fn reads(actor: &Actor, action: Action) -> bool {
    permitted(actor, action).is_ok()
}

impl App {
    /// What waits for the actor, the earliest first, of what they may read; nothing for a role that has a list of its own.
    pub async fn owed(&self, actor: &Actor) -> Answer<Vec<Owed>> {
        let mut all = match actor.role {
            Role::PlacementOfficer => self.officers_owed(actor).await?,
            Role::ProviderManager if actor.kind == OrganisationKind::Provider => self.providers_owed(actor).await?,
            Role::CommissioningLead => self.leads_owed(actor).await?,
            Role::ProviderManager
            | Role::Approver
            | Role::FinanceOfficer
            | Role::DemocraticServices
            | Role::Administrator
            | Role::Analyst
            | Role::Guest => Vec::new(),
        };
        all.sort_by(|one, other| (one.due, &one.about, &one.what).cmp(&(other.due, &other.about, &other.what)));
        Ok(all)
    }

    async fn officers_owed(&self, actor: &Actor) -> Answer<Vec<Owed>> {
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let mut all = Vec::new();
        all.extend(visits(&session, org, today).await?);
        let concerns = session.open_concerns(org).await?;
        all.extend(concerns.iter().filter_map(|one| raised(one, org, today)));
        if reads(actor, Action::SeeStability) {
            let alerts = session.open_stability_alerts(org).await?;
            all.extend(alerts.iter().filter_map(|one| strain(one, today)));
        }
        if reads(actor, Action::SeeReferrals) {
            for one in session.placement_reviews(org).await? {
                if one.state == ReviewState::Due {
                    let act = ("Record the review", format!("/standing/reviews/{}", one.id));
                    all.push(owed(one.reference.to_string(), "A review of the child’s placement", one.due, act));
                }
            }
        }
        if reads(actor, Action::SeeAgreements) {
            all.extend(weeks(&session, org, today).await?);
        }
        Ok(all)
    }

    async fn providers_owed(&self, actor: &Actor) -> Answer<Vec<Owed>> {
        let session = self.see(actor, Action::AnswerMonitoring).await?;
        let (org, now) = (actor.organisation, self.calendar.now());
        let today = now.today();
        let mut all = Vec::new();
        for one in session.own_quality_returns(org).await?.iter().filter(|one| one.waits_for_home()) {
            let act = ("Fill in the return", format!("/provider/monitoring/returns/{}", one.id));
            all.push(owed(one.name.as_str(), "A quality return to send", one.due, act));
        }
        for one in session.open_concerns(org).await?.iter().filter(|one| one.provider == org && one.open()) {
            let path = format!("/provider/monitoring/concerns/{}", one.id);
            if one.actions.is_empty() {
                let act = ("Plan what is done", path);
                all.push(owed(one.name.as_str(), "A concern about the home has no plan", one.raised.date(), act));
            } else if !one.undone().is_empty() {
                let act = ("Say what was done", path);
                all.push(owed(one.name.as_str(), "An action of a plan", one.next_due(), act));
            }
        }
        if reads(actor, Action::SeeStability) {
            let alerts = session.open_stability_alerts(org).await?;
            all.extend(alerts.iter().filter_map(|one| strain(one, today)));
        }
        let weeks = waiting_weeks(&session, org, plus_days(today, -BACK_DAYS), today).await?;
        let confirm = "Confirm what was delivered";
        all.extend(hours(&weeks, "to confirm", confirm, |_| "/provider/monitoring/hours".to_owned()));
        if reads(actor, Action::SeeAgreements) {
            all.extend(beginning(&session, org, today).await?);
        }
        if reads(actor, Action::SeeInvitations) {
            for (reference, by) in session.questions_answered(org).await? {
                let act = ("Read the answer", format!("/provider/referrals/{reference}"));
                all.push(owed(reference, "The authority answered your question", by.date(), act));
            }
        }
        drop(session);
        if reads(actor, Action::ApplyForAdmission) {
            all.extend(self.openings_owed(actor).await?);
        }
        if reads(actor, Action::SignAgreement) {
            all.extend(self.terms_owed(actor).await?);
        }
        Ok(all)
    }

    /// Openings that take applications, outcomes that can still be challenged, and conditions of an admission to be met.
    async fn openings_owed(&self, actor: &Actor) -> Answer<Vec<Owed>> {
        let today = self.calendar.now().today();
        let mut all = Vec::new();
        for one in self.own_openings(actor).await? {
            let path = format!("/provider/admission/{}", one.opening.reference);
            let about = one.opening.reference.clone();
            if one.phase == OpeningPhase::Open && one.sent.is_none() {
                let what =
                    if one.draft { "Your application is begun and not sent" } else { "Open for applications to join" };
                all.push(owed(about, what, one.opening.plan.closes.date(), ("Open the application", path)));
            } else if let Some(letter) = one.letter.filter(|letter| letter.standstill_until >= today) {
                let what = "The outcome: you can challenge it until this day";
                all.push(owed(about, what, letter.standstill_until, ("Read the letter", path)));
            } else if let Some(condition) = one.condition.filter(Condition::is_open) {
                let what = "A condition of your admission to meet";
                all.push(owed(about, what, condition.by, ("Read what is asked", path)));
            }
        }
        Ok(all)
    }

    async fn terms_owed(&self, actor: &Actor) -> Answer<Vec<Owed>> {
        let found = match self.provider_arrangement(actor).await {
            Ok(found) => found,
            Err(Outcome::NotFound) => return Ok(Vec::new()),
            Err(other) => return Err(other),
        };
        let act = || ("Read and accept", "/provider/arrangement".to_owned());
        let waits = found.to_accept.into_iter();
        Ok(waits.map(|(_, title, _, version)| owed(title, "Terms to accept", version.from, act())).collect())
    }

    async fn leads_owed(&self, actor: &Actor) -> Answer<Vec<Owed>> {
        let session = self.see(actor, Action::RunMonitoring).await?;
        let (org, now) = (actor.organisation, self.calendar.now());
        let today = now.today();
        let mut all = returns(&session, org, today).await?;
        if reads(actor, Action::SeeMonitoring) {
            all.extend(visits(&session, org, today).await?);
            let concerns = session.open_concerns(org).await?;
            all.extend(concerns.iter().filter_map(|one| raised(one, org, today)));
        }
        if reads(actor, Action::KeepHomes) {
            all.extend(measures(&session, org).await?);
            all.extend(alerts(&session, org).await?);
            all.extend(register(&session, org, today).await?);
            all.extend(insurance(&session, org, today).await?);
        }
        if reads(actor, Action::SeeEvaluations) {
            all.extend(evaluations(&session, org, today).await?);
        }
        if reads(actor, Action::RunAdmission) {
            all.extend(questions(&session, org, now).await?);
            all.extend(registrations(&session, org).await?);
        }
        if reads(actor, Action::DecideUplift) {
            all.extend(rises(&session, org).await?);
        }
        Ok(all)
    }
}

/// Weeks of extra support whose credit waits, and those that the home has not confirmed in time.
async fn weeks(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    let from = plus_days(today, -BACK_DAYS);
    for one in session.support_weeks(org, from).await? {
        if one.state == WeekState::Confirmed && one.credit().is_some() {
            let act = ("Agree to the week", format!("/agreements/{}/hours", one.bought.reference));
            let what = "Fewer hours of support than bought: the credit waits for you";
            all.push(owed(one.bought.reference.to_string(), what, one.bought.due(), act));
        }
    }
    let unconfirmed = waiting_weeks(session, org, from, today).await?;
    let unconfirmed: Vec<BoughtWeek> = unconfirmed.into_iter().filter(|one| one.due() < today).collect();
    all.extend(hours(&unconfirmed, "not confirmed by the home", "Look at the hours", |one| {
        format!("/agreements/{}/hours", one.reference)
    }));
    Ok(all)
}

/// Measures about a home's or a provider's standing that wait for their confirmation.
async fn measures(session: &Session, org: OrganisationId) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    for one in session.proposed_measures().await?.into_iter().filter(|one| one.region == org) {
        let act = ("Confirm or drop it", format!("/region/standing/{}", one.id));
        all.push(owed(one.name, "A measure about standing is not confirmed", one.confirm_by.date(), act));
    }
    Ok(all)
}

/// Requests for a rise in price that wait for the lead.
async fn rises(session: &Session, org: OrganisationId) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    for one in session.uplifts().await?.into_iter().filter(|one| one.region == org && one.waits()) {
        if let Some(due) = one.due() {
            let act = ("Decide", format!("/region/uplifts/{}", one.id));
            all.push(owed(one.reference, "A rise of a price waits for its decision", due, act));
        }
    }
    Ok(all)
}

/// Visits of today and of days that passed with nothing recorded.
async fn visits(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    for one in session.home_visits_due(org, today).await? {
        let act = ("Record the visit", format!("/monitoring/visits/{}", one.id));
        all.push(owed(one.name, "A visit: what was found is not recorded", one.planned, act));
    }
    Ok(all)
}

/// A concern that its author looks at: an action is overdue, or all of them are done.
fn raised(one: &Concern, org: OrganisationId, today: Date) -> Option<Owed> {
    if one.raised_by != org || !one.open() {
        return None;
    }
    let act = ("Open the concern", format!("/monitoring/concerns/{}", one.id));
    if one.overdue(today) > 0 {
        return Some(owed(one.name.as_str(), "An action of the plan is overdue", one.next_due(), act));
    }
    let done = one.actions.iter().filter_map(|action| action.done.as_ref()).map(|done| done.on).max()?;
    let what = "Every action of the plan is done: close it, or send one back";
    one.undone().is_empty().then(|| owed(one.name.as_str(), what, done, act))
}

/// A placement under strain that both sides meet about, or whose support is to be looked at again.
fn strain(one: &StabilityAlert, today: Date) -> Option<Owed> {
    let path = format!("/stability/{}", one.id);
    let about = one.reference.to_string();
    match (&one.state, &one.meeting) {
        (StabilityState::Flagged, _) => {
            Some(owed(about, "The placement is under strain: meet", one.meet_by, ("Open the alert", path)))
        }
        (StabilityState::Closed { .. }, _) | (_, None) => None,
        (_, Some(met)) => {
            let what = "The agreed support is to be looked at again";
            (met.review_on <= today).then(|| owed(about, what, met.review_on, ("Open the alert", path)))
        }
    }
}

/// One line for each agreement, with how many of its weeks wait.
fn hours(weeks: &[BoughtWeek], how: &str, act: &'static str, path: impl Fn(&BoughtWeek) -> String) -> Vec<Owed> {
    let mut all: Vec<(Owed, usize)> = Vec::new();
    for one in weeks {
        let about = one.reference.to_string();
        match all.iter_mut().find(|(line, _)| line.about == about) {
            Some((line, times)) => {
                *times += 1;
                line.due = line.due.min(one.due());
            }
            None => all.push((owed(about, String::new(), one.due(), (act, path(one))), 1)),
        }
    }
    let said = |times| if times == 1 { "A week".to_owned() } else { format!("{times} weeks") };
    let line = |(line, times)| Owed { what: format!("{} of extra hours {how}", said(times)), ..line };
    all.into_iter().map(line).collect()
}

/// Children who come within a week, with whether their agreement is signed.
async fn beginning(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Owed>> {
    let (coming, _) = session.agreements(org, AgreementTab::Coming, (0, LOOKED_AT)).await?;
    let soon = coming.into_iter().filter(|one| one.terms.start <= plus_days(today, SOON_DAYS));
    let line = |one: placewell_domain::placing::agreement::Agreement| {
        let signed = one.state.name() == "signed";
        let what = if signed { "Starting this week" } else { "Starting this week: the agreement is not signed" };
        let act = if signed { "Open the placement" } else { "Sign the agreement" };
        owed(one.reference.to_string(), what, one.terms.start, (act, format!("/agreements/{}", one.reference)))
    };
    Ok(soon.map(line).collect())
}

/// Alerts that nobody has looked at, in one line, and each of which what was noted is due.
async fn alerts(session: &Session, org: OrganisationId) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    let (mut waiting, mut since) = (0_usize, None);
    for one in session.alerts().await?.into_iter().filter(|one| one.region == org) {
        match &one.state {
            AlertState::Waiting => {
                waiting += 1;
                let day = one.raised.date();
                since = Some(since.map_or(day, |held: Date| held.min(day)));
            }
            AlertState::Acknowledged { due, .. } => {
                let act = ("Say that it is done", format!("/region/alerts/{}", one.id));
                all.push(owed(one.found.name, "What was noted of an alert", *due, act));
            }
            AlertState::Done { .. } => {}
        }
    }
    if let Some(since) = since {
        let what = if waiting == 1 { "An alert waits".to_owned() } else { format!("{waiting} alerts wait") };
        all.push(owed("Ofsted’s register", what, since, ("Look at them", "/region/alerts".to_owned())));
    }
    Ok(all)
}

/// A file of Ofsted's register that is to be brought in, where the latest is old.
async fn register(session: &Session, org: OrganisationId, today: Date) -> Answer<Option<Owed>> {
    let Some(as_at) = session.register_as_at(org).await? else { return Ok(None) };
    let (days, old) = age_of(as_at, today);
    let line = || {
        let act = ("Bring in the latest", "/imports?kind=register".to_owned());
        owed("Ofsted’s register", format!("The latest file is {days} days old"), plus_days(as_at, OLD_AFTER), act)
    };
    Ok(old.then(line))
}

/// Returns that are overdue, and those that were sent and not read, each in one line.
async fn returns(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    let Some(quarter) = session.latest_quarter(org).await? else { return Ok(all) };
    let of = session.quality_returns(quarter).await?;
    let path = || "/region/monitoring".to_owned();
    let late: Vec<Date> = of.iter().filter(|one| one.overdue(today)).map(|one| one.due).collect();
    if let Some(due) = late.iter().min() {
        let what = format!("{} overdue", words(late.len(), "quality return is", "quality returns are"));
        all.push(owed("Quality returns", what, *due, ("Look at the round", path())));
    }
    let sent: Vec<Date> = of.iter().filter(|one| matches!(one.state, ReturnState::Sent)).map(|one| one.due).collect();
    if let Some(due) = sent.iter().min() {
        let what = format!("{} to read", words(sent.len(), "quality return", "quality returns"));
        all.push(owed("Quality returns", what, *due, ("Read them", path())));
    }
    Ok(all)
}

fn words(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Insurance that ends within 60 days, until it is renewed. What has ended is proposed as a measure.
async fn insurance(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    if session.current_arrangement().await?.is_none_or(|kept| kept.region != org) {
        return Ok(all);
    }
    let ends = ending_by(session, today, plus_days(today, TOLD_BEFORE[0])).await?;
    let known = session.organisations().await?;
    for ending in ends.into_iter().filter(|one| one.from > today) {
        let Some(provider) = known.iter().find(|one| one.id == ending.provider) else { continue };
        let act = ("Look at the provider", format!("/region/providers/{}", provider.code));
        all.push(owed(provider.name.as_str(), "Its insurance runs out", plus_days(ending.from, -1), act));
    }
    Ok(all)
}

/// Providers that registered themselves and that nobody has looked at.
async fn registrations(session: &Session, org: OrganisationId) -> Answer<Vec<Owed>> {
    let all = session.registrations(org).await?.into_iter().filter(|one| one.state == RegistrationState::Registered);
    let line = |one: Registration| {
        let act = ("Look at it", format!("/region/registrations/{}", one.id));
        owed(one.asked.legal_name, "A provider registered itself", one.at.date(), act)
    };
    Ok(all.map(line).collect())
}

/// Evaluations that wait for the lead's move, with doubts that nobody has answered.
async fn evaluations(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    for one in session.evaluations().await?.into_iter().filter(|one| one.region == org) {
        let path = format!("/region/evaluations/{}", one.id);
        let (what, due, act) = match &one.state {
            EvaluationState::Gates => ("The gates are to be judged", one.begun.date(), "Judge the gates"),
            EvaluationState::Moderating => ("The panel finds its consensus", one.begun.date(), "Open the evaluation"),
            EvaluationState::Recommended { at, .. } => ("The letter is to go out", at.date(), "Issue the letter"),
            EvaluationState::Standstill { until, .. } if *until < today => {
                ("The standstill is over", plus_days(*until, 1), "Confirm the outcome")
            }
            EvaluationState::Admitted { .. } => match one.condition_in_force().filter(|of| of.overdue(today)) {
                Some(of) => ("The day of a condition has passed", plus_days(of.by, 1), "Record what came of it"),
                None => continue,
            },
            EvaluationState::Scoring | EvaluationState::Standstill { .. } | EvaluationState::NotAdmitted { .. } => {
                continue;
            }
        };
        all.push(owed(one.provider_name, what, due, (act, path)));
    }
    for one in session.doubts_waiting(org).await? {
        let act = ("Answer the doubt", format!("/region/evaluations/{}", one.evaluation));
        all.push(owed(one.authority_name, "A doubt about an evaluation is not answered", one.at.date(), act));
    }
    Ok(all)
}

/// Questions about an opening that nobody has answered, while it takes answers.
async fn questions(session: &Session, org: OrganisationId, now: Moment) -> Answer<Vec<Owed>> {
    let mut all = Vec::new();
    let asked = session.clarifications_waiting(org).await?;
    for opening in session.openings().await?.into_iter().filter(|one| one.region == org) {
        let open = asked.iter().filter(|one| one.opening == opening.id).count();
        if open > 0 && opening.takes_answers(now).is_ok() {
            let path = format!("/region/admission/{}", opening.reference);
            let what = format!("{} to answer", words(open, "question", "questions"));
            all.push(owed(opening.reference, what, opening.plan.closes.date(), ("Answer", path)));
        }
    }
    Ok(all)
}
