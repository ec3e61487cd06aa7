//! The task list of a referral: twelve topics, one page each, and what each still asks for.
//!
//! An emergency needs seven answers before sending; the rest is due within two working days.

use jiff::civil::Date;

use super::legal::SearchApproval;
use super::narrative::Narrative;
use super::plan::Plan;
use super::profile::Profile;
use super::standard::{NeededBy, OtherText, Risk, RiskLevel};
use crate::homes::home::Need;
use crate::outcome::{FieldError, Invalid};

coded! {
    /// One topic of the task list, by the last part of its page's address.
    Task {
        About "about" "About the child";
        Needs "needs" "Needs and what helps";
        Alongside "alongside" "Who they can live alongside";
        When "when" "When and how long";
        Where "where" "Where";
        Education "education" "Education";
        Health "health" "Health and therapy";
        RisksToChild "risks-to-child" "Risks to the child";
        RisksToOthers "risks-to-others" "Risks to others";
        Liberty "liberty" "Deprivation of liberty order";
        Documents "documents" "Documents";
        Recipients "recipients" "Who to ask";
    }
}

impl Task {
    /// The groups of the list, in order.
    pub const GROUPS: &[(&'static str, &'static [Self])] = &[
        ("The child", &[Self::About, Self::Needs, Self::Alongside]),
        ("The home", &[Self::When, Self::Where, Self::Education, Self::Health]),
        ("Safety", &[Self::RisksToChild, Self::RisksToOthers, Self::Liberty]),
        ("Sending", &[Self::Documents, Self::Recipients]),
    ];

    /// What an emergency needs before it can be sent.
    pub const EMERGENCY: &[Self] = &[
        Self::About,
        Self::Alongside,
        Self::When,
        Self::Where,
        Self::RisksToChild,
        Self::RisksToOthers,
        Self::Recipients,
    ];

    /// The next task of the list, if any.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.iter().copied().skip_while(|task| *task != self).nth(1)
    }
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing answered.
    NotStarted,
    /// Something is missing or has to be confirmed.
    Incomplete,
    /// All there.
    Complete,
}

impl Progress {
    /// The words in the list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotStarted => "Not yet started",
            Self::Incomplete => "Incomplete",
            Self::Complete => "Completed",
        }
    }
}

/// The parts of a referral that its tasks fill.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// Coded needs.
    pub profile: &'a Profile,
    /// Words.
    pub narrative: &'a Narrative,
    /// Who to ask.
    pub plan: &'a Plan,
}

/// How far each task has come, in the order of the list.
#[must_use]
pub fn progress(answers: Answers<'_>) -> Vec<(Task, Progress)> {
    Task::ALL
        .iter()
        .map(|task| {
            let open = missing(*task, answers);
            let state = match (open.is_empty(), started(*task, answers)) {
                (true, _) => Progress::Complete,
                (false, true) => Progress::Incomplete,
                (false, false) => Progress::NotStarted,
            };
            (*task, state)
        })
        .collect()
}

/// "8 of 12 complete."
#[must_use]
pub fn header(progress: &[(Task, Progress)]) -> String {
    let done = progress.iter().filter(|(_, state)| *state == Progress::Complete).count();
    format!("{done} of {} complete", progress.len())
}

/// About how many seconds of the standard's questions are left: ninety for all of them.
#[must_use]
pub fn seconds_left(answers: Answers<'_>) -> u32 {
    let standard =
        [Task::Needs, Task::Alongside, Task::When, Task::Where, Task::RisksToChild, Task::RisksToOthers, Task::Liberty];
    let open: usize = standard.iter().map(|task| missing(*task, answers).len()).sum();
    u32::try_from(open).unwrap_or(u32::MAX).saturating_mul(4).min(90)
}

/// What a task still asks for; empty where it is complete.
#[must_use]
pub fn missing(task: Task, answers: Answers<'_>) -> Vec<FieldError> {
    let Answers { profile, plan, .. } = answers;
    let standard = &profile.standard;
    let mut open = Open::default();
    match task {
        Task::About => {
            open.unless(profile.age.is_some(), "age", "Enter the child's age on the day the home is needed");
            open.unless(profile.sex.is_some(), "sex", "Choose the child's sex as homes are registered for it");
            open.unless(profile.legal_basis.is_some(), "legal_basis", "Choose the legal basis");
            open.unless(profile.complex_needs.is_some(), "complex_needs", "Say whether the child has complex needs");
        }
        Task::Needs => needs(&mut open, answers),
        Task::Alongside => {
            open.unless(
                standard.living_companions.is_some(),
                "living_companions",
                "Choose who the child can live alongside",
            );
            open.unless(standard.pets.is_some(), "pets", "Say whether the child can live with pets");
            open.unless(
                standard.sibling_count.is_some(),
                "sibling_count",
                "Enter how many siblings to place together, or 0",
            );
        }
        Task::When => when(&mut open, profile),
        Task::Where => place(&mut open, answers),
        Task::Education => {
            open.unless(profile.education.is_some(), "education", "Choose what the child's education needs");
        }
        Task::Health => open.unless(profile.health.is_some(), "health", "Choose what the child's health needs"),
        Task::RisksToChild => open.risks(Risk::TO_CHILD, answers),
        Task::RisksToOthers => open.risks(Risk::TO_OTHERS, answers),
        Task::Liberty => open.unless(
            standard.deprivation_of_liberty.is_some(),
            "deprivation_of_liberty",
            "Say whether there is a deprivation of liberty order",
        ),
        Task::Documents => {
            open.unless(profile.papers.is_some(), "papers", "Say whether documents go with the referral");
        }
        Task::Recipients => {
            open.unless(!plan.homes.is_empty(), "homes", "Choose at least one home to ask");
            open.unless(plan.deadline.is_some(), "deadline", "Choose until when homes can answer");
            for tier in plan.unexplained() {
                open.unless(false, "skipped", &format!("Give a reason for not asking {} first", tier.label()));
            }
        }
    }
    open.0.errors
}

fn needs(open: &mut Open, answers: Answers<'_>) {
    let profile = answers.profile;
    let standard = &profile.standard;
    open.unless(!answers.narrative.what_helps.trim().is_empty(), "what_helps", "Say what helps the child");
    open.unless(profile.lot.is_some(), "lot", "Choose the lot");
    open.unless(profile.need_band.is_some(), "need_band", "Choose the band of need");
    open.unless(
        standard.communication_needs.is_some(),
        "communication_needs",
        "Say whether there are communication needs",
    );
    open.unless(!standard.communication.is_empty(), "communication", "Choose the communication needs, or None");
    open.unless(standard.cultural_needs.is_some(), "cultural_needs", "Say whether there are cultural needs");
    open.unless(standard.foster_care.is_some(), "foster_care", "Say how well foster care would suit");
    open.unless(standard.residential_care.is_some(), "residential_care", "Say how well a children's home would suit");
    open.unless(
        standard.supported_accommodation.is_some(),
        "supported_accommodation",
        "Say how well supported accommodation would suit",
    );
    for field in [OtherText::Communication, OtherText::Culture, OtherText::Support] {
        open.other(field, answers);
    }
    for need in profile.must_haves.without(profile.needs()).iter().take(1) {
        open.unless(false, "must_haves", &format!("{} is a must-have but not among the child's needs", capital(need)));
    }
}

fn when(open: &mut Open, profile: &Profile) {
    open.unless(profile.standard.needed_by.is_some(), "needed_by", "Say by when the home is needed");
    open.unless(profile.start.is_some(), "start", "Enter the date the child needs the home, like 19 3 2021");
    open.unless(profile.planned_end.is_some(), "planned_end", "Enter the date on which the stay is planned to end");
    if let (Some(start), Some(end)) = (profile.start, profile.planned_end) {
        open.unless(end > start, "planned_end", "The planned end must be after the start");
    }
    if profile.emergency.is_none() {
        open.unless(
            profile.search_approval.as_ref().is_some_and(SearchApproval::complete),
            "search_approval",
            "Record who approved the search and its money",
        );
    }
}

fn place(open: &mut Open, answers: Answers<'_>) {
    let profile = answers.profile;
    let standard = &profile.standard;
    open.unless(
        profile.from.is_some() || profile.from_home,
        "from",
        "Enter the first part of a postcode to measure from, like HR4, or choose the family home",
    );
    open.unless(
        standard.preferred_location_local.is_some(),
        "preferred_location_local",
        "Say whether a home in your area is preferred",
    );
    if standard.preferred_location_local == Some(false) {
        open.unless(
            standard.out_of_area_reason.is_some(),
            "out_of_area_reason",
            "Choose why the home should be outside your area",
        );
    }
    open.other(OtherText::OutOfArea, answers);
}

fn started(task: Task, answers: Answers<'_>) -> bool {
    let standard = &answers.profile.standard;
    let any_risk = |risks: &[Risk]| risks.iter().any(|risk| standard.risk(*risk).is_some());
    match task {
        Task::About => {
            let profile = answers.profile;
            profile.age.is_some()
                || profile.sex.is_some()
                || profile.legal_basis.is_some()
                || profile.complex_needs.is_some()
        }
        Task::Needs => answers.profile.lot.is_some() || !answers.narrative.what_helps.is_empty(),
        Task::Alongside => standard.living_companions.is_some() || standard.pets.is_some(),
        Task::When => answers.profile.start.is_some() || standard.needed_by.is_some(),
        Task::Where => answers.profile.from.is_some() || standard.preferred_location_local.is_some(),
        Task::RisksToChild => any_risk(Risk::TO_CHILD),
        Task::RisksToOthers => any_risk(Risk::TO_OTHERS),
        Task::Recipients => !answers.plan.homes.is_empty() || answers.plan.deadline.is_some(),
        Task::Education | Task::Health | Task::Liberty | Task::Documents => false,
    }
}

/// What "today" and "under 5 days" say of the start: the standard's answer must fit the date (rule 5.3 rests on it).
#[must_use]
pub fn needed_by_fits(needed_by: NeededBy, start: Date, today: Date) -> bool {
    let days = crate::nights::days_between(today, start);
    match needed_by {
        NeededBy::Today => days <= 0,
        NeededBy::WithinFiveDays => days <= 5,
        NeededBy::MoreThanFiveDays => days > 5,
    }
}

fn capital(need: Need) -> String {
    let label = need.label();
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[derive(Default)]
struct Open(Invalid);

impl Open {
    fn unless(&mut self, given: bool, field: &str, message: &str) {
        if !given {
            self.0.add(field, message);
        }
    }

    fn other(&mut self, field: OtherText, answers: Answers<'_>) {
        let asked = answers.profile.standard.needs_other_text(field);
        let given = !asked || !answers.narrative.other(field).trim().is_empty();
        self.unless(given, field.code(), "You chose Other: say which");
    }

    fn risks(&mut self, risks: &[Risk], answers: Answers<'_>) {
        for risk in risks {
            match answers.profile.standard.risk(*risk) {
                None => self.unless(false, risk.code(), &format!("Choose an answer: {}", risk.label())),
                Some(answer) if answer.to_confirm => self.unless(
                    false,
                    risk.code(),
                    &format!(
                        "Check this, last confirmed {}: {}",
                        answer.confirmed_on.strftime("%-d %B %Y"),
                        risk.label()
                    ),
                ),
                Some(answer) => {
                    let words =
                        answer.level == RiskLevel::NoKnownRisk || !answers.narrative.risk(*risk).trim().is_empty();
                    self.unless(
                        words,
                        &format!("words_{}", risk.code()),
                        &format!("Say what to know about this risk: {}", risk.label()),
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::referral::fixtures::{complete_narrative, complete_plan, complete_profile};
    use crate::placing::referral::plan::{Tier, TierChoice};
    use jiff::civil::date;

    fn states(profile: &Profile, narrative: &Narrative, plan: &Plan) -> Vec<(Task, Progress)> {
        progress(Answers { profile, narrative, plan })
    }

    #[test]
    fn an_empty_draft_has_twelve_tasks_not_yet_started() {
        let all = states(&Profile::default(), &Narrative::default(), &Plan::default());
        assert_eq!(all.len(), 12);
        assert!(all.iter().all(|(_, state)| *state == Progress::NotStarted));
        assert_eq!(header(&all), "0 of 12 complete");
        let listed: usize = Task::GROUPS.iter().map(|(_, tasks)| tasks.len()).sum();
        assert_eq!(listed, 12);
    }

    #[test]
    fn the_header_counts_what_is_complete() {
        let (mut profile, narrative, plan) = (complete_profile(), complete_narrative(), complete_plan());
        assert_eq!(header(&states(&profile, &narrative, &plan)), "12 of 12 complete");
        profile.education = None;
        profile.standard.pets = None;
        profile.standard.deprivation_of_liberty = None;
        profile.papers = None;
        let all = states(&profile, &narrative, &plan);
        assert_eq!(header(&all), "8 of 12 complete");
        assert!(all.contains(&(Task::Alongside, Progress::Incomplete)));
        assert!(all.contains(&(Task::Education, Progress::NotStarted)));
    }

    #[test]
    fn a_risk_present_asks_for_words_and_a_copied_one_for_confirmation() {
        let (mut profile, mut narrative, plan) = (complete_profile(), complete_narrative(), complete_plan());
        narrative.risks.clear();
        let fields: Vec<String> =
            missing(Task::RisksToChild, Answers { profile: &profile, narrative: &narrative, plan: &plan })
                .into_iter()
                .map(|error| error.field)
                .collect();
        assert_eq!(fields, ["words_riskMissing"]);
        for answer in &mut profile.standard.risks {
            answer.to_confirm = true;
            answer.confirmed_on = date(2020, 6, 3);
        }
        let open = missing(Task::RisksToOthers, Answers { profile: &profile, narrative: &narrative, plan: &plan });
        assert_eq!(open.len(), 5);
        assert!(open.iter().all(|error| error.message.starts_with("Check this, last confirmed 3 June 2020")));
    }

    #[test]
    fn the_standard_demands_words_beside_other() {
        let (mut profile, narrative, plan) = (complete_profile(), complete_narrative(), complete_plan());
        profile.standard.cultural_needs = Some(crate::placing::referral::standard::CulturalNeeds::Other);
        let open = missing(Task::Needs, Answers { profile: &profile, narrative: &narrative, plan: &plan });
        assert_eq!(open.first().map(|error| error.field.as_str()), Some("culture_other"));
    }

    #[test]
    fn rule_5_1_search_approval_is_recorded_before_sending_in_an_emergency_after() {
        let (mut profile, narrative, plan) = (complete_profile(), complete_narrative(), complete_plan());
        profile.search_approval = None;
        let fields = |profile: &Profile| -> Vec<String> {
            missing(Task::When, Answers { profile, narrative: &narrative, plan: &plan })
                .into_iter()
                .map(|e| e.field)
                .collect()
        };
        assert_eq!(fields(&profile), ["search_approval"]);
        profile.emergency = Some(crate::placing::referral::legal::EmergencyCause::PlacementEnded);
        assert!(fields(&profile).is_empty());
        assert_eq!(Task::EMERGENCY.len(), 7);
    }

    #[test]
    fn a_tier_left_out_without_a_reason_keeps_who_to_ask_open() {
        let (profile, narrative, mut plan) = (complete_profile(), complete_narrative(), complete_plan());
        plan.tiers =
            vec![TierChoice { tier: Tier::MiniBlock, could_meet: 2, asked: 0, skipped: None, decided_by: None }];
        let open = missing(Task::Recipients, Answers { profile: &profile, narrative: &narrative, plan: &plan });
        assert_eq!(open.first().map(|error| error.field.as_str()), Some("skipped"));
    }

    #[test]
    fn needed_by_must_fit_the_start() {
        let today = date(2021, 9, 13);
        assert!(needed_by_fits(NeededBy::Today, today, today));
        assert!(!needed_by_fits(NeededBy::Today, date(2021, 9, 14), today));
        assert!(needed_by_fits(NeededBy::WithinFiveDays, date(2021, 9, 18), today));
        assert!(!needed_by_fits(NeededBy::MoreThanFiveDays, date(2021, 9, 18), today));
        assert!(needed_by_fits(NeededBy::MoreThanFiveDays, date(2021, 9, 19), today));
    }
}
