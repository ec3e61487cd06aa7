//! A home's scorecard, line by line with what each warns of or prevents; the three stop flags, which stop independently;
//! and whether a home was eligible on a day, by the facts known at a time.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::measure::Measure;
use super::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject, standing_on};
use crate::homes::admission::Admission;
use crate::homes::admission::ground::{AdmissionGround, ground_on};
use crate::homes::home::history::{RegistrationFact, state_on};
use crate::homes::home::inspection::grade_on;
use crate::homes::home::{Grade, Home, HomeState, Inspection};

/// Over how many days answers are counted, and how many unanswered ones warn.
pub const ANSWER_DAYS: i64 = 90;
/// So many invitations without an answer, and half of all, are repeated.
pub const UNANSWERED: u32 = 10;

coded! {
    /// What a line of the scorecard does.
    Effect {
        Nothing "nothing" "Nothing follows";
        Warns "warns" "Warns";
        Prevents "prevents" "Prevents new placements";
    }
}

coded! {
    /// What a line is about.
    Criterion {
        Registration "registration" "Registration";
        Judgement "judgement" "Judgement";
        Notice "notice" "Ofsted's notices";
        Manager "manager" "Registered manager";
        Insurance "insurance" "Insurance";
        Safeguarding "safeguarding" "Safeguarding";
        Answers "answers" "Answers to referrals";
        Monitoring "monitoring" "Monitoring";
        Standing "standing" "Standing in the arrangement";
    }
}

/// One line of a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreLine {
    /// What it is about.
    pub criterion: Criterion,
    /// What it does.
    pub effect: Effect,
    /// What was found, in words.
    pub found: String,
    /// The measure that the rule proposes for it, where it proposes one.
    pub proposes: Option<(Standing, StandingReason)>,
}

/// What is known of a home, for a day.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The home.
    pub home: &'a Home,
    /// Its inspections, as far as they are known.
    pub inspections: &'a [Inspection],
    /// Standing facts of the home and of its provider.
    pub facts: &'a [StandingFact],
    /// Invitations in the last days: how many, and how many without an answer; none where not counted.
    pub answers: Option<(u32, u32)>,
    /// What monitoring found; none where not counted.
    pub watched: Option<Watched>,
    /// The first day without insurance by what is held of it; none where it holds, or where not looked at.
    pub uninsured: Option<Date>,
    /// The day on which it was seen last that nobody is in post as manager; none where somebody is, or where not looked at.
    pub vacant: Option<Date>,
}

/// What monitoring of a home found, as far as it warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watched {
    /// Quality returns that are overdue.
    pub returns: u64,
    /// Actions of improvement plans that are overdue.
    pub actions: u64,
    /// Open concerns that are grave.
    pub grave: u64,
}

/// Whether answers that did not come are repeated.
#[must_use]
pub const fn repeated(asked: u32, unanswered: u32) -> bool {
    unanswered >= UNANSWERED && unanswered.saturating_mul(2) >= asked
}

fn line(
    criterion: Criterion,
    effect: Effect,
    found: String,
    proposes: Option<(Standing, StandingReason)>,
) -> ScoreLine {
    ScoreLine { criterion, effect, found, proposes }
}

/// The scorecard of a home on a day.
#[must_use]
pub fn scorecard(known: &Known<'_>, day: Date) -> Vec<ScoreLine> {
    vec![
        registration(known.home, day),
        judgement(known.inspections, day),
        notice(known, day),
        manager(known, day),
        insurance(known, day),
        reason_line(known, day, (Criterion::Safeguarding, StandingReason::Safeguarding), "No enquiry is recorded."),
        answers(known.answers),
        monitoring(known.watched),
        in_arrangement(known, day),
    ]
}

fn registration(home: &Home, day: Date) -> ScoreLine {
    let cancelled = Some((Standing::Removed, StandingReason::RegistrationCancelled));
    let suspended = Some((Standing::Suspended, StandingReason::RegistrationCancelled));
    match home.state {
        HomeState::Closed { on } if on <= day => {
            line(Criterion::Registration, Effect::Prevents, format!("Not on the register by {on}."), cancelled)
        }
        HomeState::Suspended { since } if since <= day => {
            line(Criterion::Registration, Effect::Prevents, format!("Suspended by Ofsted, seen {since}."), suspended)
        }
        HomeState::Registered { .. } | HomeState::Suspended { .. } | HomeState::Closed { .. } => {
            line(Criterion::Registration, Effect::Nothing, "Registered.".to_owned(), None)
        }
    }
}

fn judgement(inspections: &[Inspection], day: Date) -> ScoreLine {
    let (grade, seen) = grade_on(inspections, day);
    let when = seen.map(|seen| format!(", inspected {}", seen.inspected_on)).unwrap_or_default();
    let found = format!("{}{when}.", grade.label());
    let concerns = inspections
        .iter()
        .filter(|one| one.serious_concerns && one.inspected_on <= day)
        .filter(|one| seen.is_none_or(|graded| one.inspected_on > graded.inspected_on))
        .map(|one| one.inspected_on)
        .max();
    match (grade, concerns) {
        (Grade::Inadequate, _) => {
            let suspend = Some((Standing::Suspended, StandingReason::Inadequate));
            line(Criterion::Judgement, Effect::Prevents, found, suspend)
        }
        (_, Some(on)) => {
            let watch = Some((Standing::OnWatch, StandingReason::SeriousConcerns));
            let found = format!("{found} Serious concerns at the visit of {on}.");
            line(Criterion::Judgement, Effect::Warns, found, watch)
        }
        (Grade::RequiresImprovement | Grade::NotYetInspected | Grade::Adequate, None) => {
            line(Criterion::Judgement, Effect::Warns, found, None)
        }
        (Grade::Outstanding | Grade::Good, None) => line(Criterion::Judgement, Effect::Nothing, found, None),
    }
}

fn notice(known: &Known<'_>, day: Date) -> ScoreLine {
    let on = standing_on(known.facts, known.home.id, known.home.provider, day);
    match on.restriction {
        Some(fact) => {
            let suspend = Some((Standing::Suspended, StandingReason::RestrictionNotice));
            let found = format!("New admissions restricted since {}.", fact.from);
            line(Criterion::Notice, Effect::Prevents, found, suspend)
        }
        None => line(Criterion::Notice, Effect::Nothing, "No notice is in force.".to_owned(), None),
    }
}

/// The region's fact for a reason that holds on a day, and what it does.
fn reason_line(
    known: &Known<'_>,
    day: Date,
    (criterion, reason): (Criterion, StandingReason),
    none: &str,
) -> ScoreLine {
    let about = |fact: &&StandingFact| match fact.subject {
        StandingSubject::Provider(id) => id == known.home.provider,
        StandingSubject::Home(id) => id == known.home.id,
    };
    let holds = |fact: &&StandingFact| fact.reason == reason && fact.from <= day && day < fact.until;
    let worst = known.facts.iter().filter(about).filter(holds).max_by_key(|fact| fact.standing);
    let Some(fact) = worst else { return line(criterion, Effect::Nothing, none.to_owned(), None) };
    let found = format!("{} since {}.", fact.standing.label(), fact.from);
    line(criterion, effect_of(fact.standing), found, Some((fact.standing, reason)))
}

/// What a standing does.
const fn effect_of(standing: Standing) -> Effect {
    match standing {
        Standing::Good => Effect::Nothing,
        Standing::OnWatch => Effect::Warns,
        Standing::Suspended | Standing::Removed => Effect::Prevents,
    }
}

fn manager(known: &Known<'_>, day: Date) -> ScoreLine {
    let about = (Criterion::Manager, StandingReason::ManagerVacancy);
    let held = known.vacant.map(|on| (on, format!("Nobody is in post, seen {on}.")));
    or_held(reason_line(known, day, about, "No vacancy is recorded."), held, day, (Standing::OnWatch, about.1))
}

fn insurance(known: &Known<'_>, day: Date) -> ScoreLine {
    let about = (Criterion::Insurance, StandingReason::InsuranceLapsed);
    let held = known.uninsured.map(|from| (from, format!("Not insured since {from}.")));
    or_held(reason_line(known, day, about, "No lapse is recorded."), held, day, (Standing::Suspended, about.1))
}

/// What is held, where no measure in force says it: one that waits or was dropped changes no fact. It warns and stops
/// nothing, because no gate asks for it: registration, grade and notice stop by themselves, everything else by the measure
/// that a person confirms.
fn or_held(
    by_measure: ScoreLine,
    held: Option<(Date, String)>,
    day: Date,
    (standing, reason): (Standing, StandingReason),
) -> ScoreLine {
    match held {
        Some((since, found)) if since <= day && by_measure.effect == Effect::Nothing => {
            line(by_measure.criterion, Effect::Warns, found, Some((standing, reason)))
        }
        _ => by_measure,
    }
}

fn answers(counted: Option<(u32, u32)>) -> ScoreLine {
    let Some((asked, unanswered)) = counted else {
        return line(Criterion::Answers, Effect::Nothing, "Not counted for this day.".to_owned(), None);
    };
    let found = format!("{unanswered} of {asked} not answered in time in {ANSWER_DAYS} days.");
    if repeated(asked, unanswered) {
        return line(Criterion::Answers, Effect::Warns, found, Some((Standing::OnWatch, StandingReason::Responses)));
    }
    line(Criterion::Answers, Effect::Nothing, found, None)
}

fn monitoring(counted: Option<Watched>) -> ScoreLine {
    let Some(Watched { returns, actions, grave }) = counted else {
        return line(Criterion::Monitoring, Effect::Nothing, "Not counted for this day.".to_owned(), None);
    };
    let found = format!("Grave concerns: {grave}. Overdue actions: {actions}. Overdue quality returns: {returns}.");
    let effect = if returns + actions + grave > 0 { Effect::Warns } else { Effect::Nothing };
    line(Criterion::Monitoring, effect, found, None)
}

fn in_arrangement(known: &Known<'_>, day: Date) -> ScoreLine {
    let on = standing_on(known.facts, known.home.id, known.home.provider, day);
    let since = on.because.map(|fact| format!(" since {}: {}", fact.from, fact.reason.label())).unwrap_or_default();
    line(Criterion::Standing, effect_of(on.standing), format!("{}{since}.", on.standing.label()), None)
}

/// The three flags that stop a placement, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopFlags {
    /// Judged Inadequate at the inspection of this day.
    pub grade: Option<Date>,
    /// Ofsted restricts new admissions since this day.
    pub notice: Option<Date>,
    /// Suspended in, or removed from, the arrangement since this day.
    pub suspension: Option<Date>,
}

/// The flags of a home on a day.
#[must_use]
pub fn stop_flags(known: &Known<'_>, day: Date) -> StopFlags {
    let (grade, seen) = grade_on(known.inspections, day);
    let on = standing_on(known.facts, known.home.id, known.home.provider, day);
    let stopped = matches!(on.standing, Standing::Suspended | Standing::Removed);
    StopFlags {
        grade: seen.filter(|_| grade == Grade::Inadequate).map(|seen| seen.inspected_on),
        notice: on.restriction.map(|fact| fact.from),
        suspension: on.because.filter(|_| stopped).map(|fact| fact.from),
    }
}

/// Whether a home could be used on a day, as it was known at a time: two times, one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// The day that is asked about.
    pub day: Date,
    /// What was known at this time counts; what is known now where none.
    pub known_at: Option<DateTime>,
    /// Whether it was eligible for new placements through the arrangement.
    pub eligible: bool,
    /// What stood against it; empty where it was eligible.
    pub against: Vec<String>,
    /// The flags of the day.
    pub flags: StopFlags,
    /// The lots it was on.
    pub lots: Vec<String>,
    /// Who said how it stood, since when and why.
    pub standing: String,
}

/// Answers for a day by what was known: `known`, `registration` and `admissions` hold what was believed at that time, and
/// `known` the owner of that day, with that one's `grounds`. The home's own state is today's and is not read; `measures` says itself
/// when it held.
#[must_use]
pub fn eligibility(
    known: &Known<'_>,
    (registration, admissions, measures, grounds): (&[RegistrationFact], &[Admission], &[Measure], &[AdmissionGround]),
    (day, known_at): (Date, Option<DateTime>),
) -> Eligibility {
    let state = state_on(registration, day);
    let unknown = state.is_none();
    let home = Home { state: state.unwrap_or(HomeState::Registered { since: None }), ..known.home.clone() };
    let known = Known { home: &home, ..*known };
    let mut against: Vec<String> = scorecard(&known, day)
        .into_iter()
        .filter(|one| one.effect == Effect::Prevents)
        .map(|one| format!("{}: {}", one.criterion.label(), one.found))
        .collect();
    if let HomeState::Registered { since: Some(since) } = known.home.state
        && day < since
    {
        against.push(format!("Registration: registered only from {since}."));
    }
    if unknown {
        against.push("Registration: nothing was known of it then.".to_owned());
    }
    let mut lots: Vec<String> = admissions.iter().filter(|one| one.holds_on(day)).map(|one| one.lot.clone()).collect();
    let about = |one: &&Measure| one.about(known.home.id, known.home.provider) && one.held_on(day, known_at);
    for one in measures.iter().filter(about) {
        match &one.lot {
            Some(lot) => lots.retain(|own| own != lot),
            None => against.push(held(one)),
        }
    }
    if lots.is_empty() {
        against.push("Admission: on no lot of the arrangement that day.".to_owned());
    }
    // A measure about it admits nobody: it is in the arrangement on a ground.
    let spoken_of = known.facts.iter().any(|fact| {
        fact.subject == StandingSubject::Provider(known.home.provider)
            && fact.source == StandingSource::Region
            && fact.from <= day
            && day < fact.until
    });
    if !spoken_of || ground_on(grounds, known.home.provider, day).is_none() {
        against.push("Admission: its provider was not in the arrangement that day.".to_owned());
    }
    let on = standing_on(known.facts, known.home.id, known.home.provider, day);
    let because = on.because.map(|fact| format!(" since {}: {}", fact.from, fact.reason.label())).unwrap_or_default();
    Eligibility {
        day,
        known_at,
        eligible: against.is_empty(),
        against,
        flags: stop_flags(&known, day),
        lots,
        standing: format!("{}{because}", on.standing.label()),
    }
}

fn held(of: &Measure) -> String {
    let since = of.proposed.strftime("%Y-%m-%d %H:%M");
    format!(
        "Hold: new referrals waited since {since} for a person to confirm or drop what was proposed: {}.",
        of.reason.label()
    )
}

#[cfg(test)]
mod tests;
