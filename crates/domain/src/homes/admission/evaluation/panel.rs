//! Who scores: evaluators of several authorities, one of each at a time. The seat of one with a conflict, or of one whom the
//! regional team releases, is passed on to a colleague of the same authority; both stand in the record.

use super::{
    Change, Evaluation, EvaluationState, Evaluator, FEWEST, Moment, PanelStep, PersonId, Refusal, Release, Step,
};
use crate::homes::admission::score::{ReleaseReason, conflicted};

impl Evaluation {
    /// Names another evaluator: of an authority that has none yet, or in the place of a colleague of the same authority who
    /// gave up the seat. `steps` are what the panel has declared and handed in.
    pub fn name_evaluator(self, new: Evaluator, steps: &[PanelStep]) -> Result<Change<Self>, Refusal> {
        match self.state {
            EvaluationState::Gates | EvaluationState::Scoring => {}
            EvaluationState::Moderating
            | EvaluationState::Recommended { .. }
            | EvaluationState::Standstill { .. }
            | EvaluationState::Admitted { .. }
            | EvaluationState::NotAdmitted { .. } => return Err(self.cannot("take another evaluator")),
        }
        if self.panel.iter().any(|one| one.person == new.person) {
            return Err(twice(&new, conflicted(steps, new.person), self.release_of(new.person).is_some()));
        }
        is_free(&self.panel, &new, |person| self.gave_up(steps, person))?;
        let mut panel = self.panel.clone();
        panel.push(new);
        let next = Self { version: self.version + 1, panel, ..self };
        let event = next.event("evaluation.evaluator_named");
        let event = match next.panel.last().and_then(|one| next.in_place_of(one)) {
            Some(before) => event.with("in_place_of", before.person),
            None => event,
        };
        Ok(Change::to(next, event))
    }

    /// Whose seat an evaluator took: that of the colleague of the same authority who was named last before them.
    #[must_use]
    pub fn in_place_of(&self, one: &Evaluator) -> Option<&Evaluator> {
        let at = self.panel.iter().position(|other| other.person == one.person)?;
        self.panel.iter().take(at).rfind(|other| other.authority == one.authority)
    }

    /// Releases the seat of an evaluator who has not handed in and is not going to: what they began counts for nothing.
    pub fn release(
        self,
        (person, reason): (PersonId, ReleaseReason),
        steps: &[PanelStep],
        (by, moment): (PersonId, Moment),
    ) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, EvaluationState::Gates | EvaluationState::Scoring) {
            return Err(self.cannot("release an evaluator"));
        }
        self.may_be_released(person, steps)?;
        let mut released = self.released.clone();
        released.push(Release { person, reason, by, at: moment.local });
        let next = Self { version: self.version + 1, released, ..self };
        let event = next.event("evaluation.evaluator_released").with("person", person).with("reason", reason.code());
        Ok(Change::to(next, event))
    }

    fn may_be_released(&self, person: PersonId, steps: &[PanelStep]) -> Result<(), Refusal> {
        let rule = "A seat is released that an evaluator holds and has not scored from";
        let Some(one) = self.panel.iter().find(|one| one.person == person) else {
            let sentence = "This person is no evaluator of this application.";
            return Err(Refusal::new("not_of_the_panel", rule, sentence, "You, by releasing somebody of the panel"));
        };
        if self.gave_up(steps, person) {
            let sentence = format!("{} has given up the seat already.", one.name);
            return Err(Refusal::new("seat_given_up", rule, sentence, "You, by naming a colleague in their place"));
        }
        if handed_in(steps, person) {
            let sentence = format!("{} has handed in, so that nothing waits for them.", one.name);
            return Err(Refusal::new("evaluator_done", rule, sentence, "Nobody: their scores stand"));
        }
        Ok(())
    }

    /// The release of an evaluator's seat, if it was released.
    #[must_use]
    pub fn release_of(&self, person: PersonId) -> Option<&Release> {
        self.released.iter().find(|one| one.person == person)
    }

    /// Whether an evaluator scores no more: for a conflict, or since the seat was released.
    #[must_use]
    pub fn gave_up(&self, steps: &[PanelStep], person: PersonId) -> bool {
        conflicted(steps, person) || self.release_of(person).is_some()
    }

    /// The evaluators who hold a seat and have not handed in: those whom the panel waits for.
    #[must_use]
    pub fn waited_for(&self, steps: &[PanelStep]) -> Vec<&Evaluator> {
        let waits = |one: &&Evaluator| !self.gave_up(steps, one.person) && !handed_in(steps, one.person);
        self.panel.iter().filter(waits).collect()
    }

    /// The evaluators who gave up a seat that nobody has taken, while somebody can.
    #[must_use]
    pub fn seats_to_pass_on(&self, steps: &[PanelStep]) -> Vec<&Evaluator> {
        if !matches!(self.state, EvaluationState::Gates | EvaluationState::Scoring) {
            return Vec::new();
        }
        let waits = |one: &&Evaluator| self.gave_up(steps, one.person) && !self.is_passed_on(one);
        self.panel.iter().filter(waits).collect()
    }

    fn is_passed_on(&self, seat: &Evaluator) -> bool {
        self.panel.iter().any(|one| self.in_place_of(one).is_some_and(|before| before.person == seat.person))
    }
}

fn handed_in(steps: &[PanelStep], person: PersonId) -> bool {
    steps.iter().any(|one| one.person == person && one.step == Step::HandedIn)
}

/// Whether the seat of somebody's authority beside this panel is free: a second one of an authority comes only in the place of
/// a colleague who gave it up.
fn is_free(panel: &[Evaluator], new: &Evaluator, gave_up: impl Fn(PersonId) -> bool) -> Result<(), Refusal> {
    let seated = panel.iter().rfind(|one| one.authority == new.authority);
    if seated.is_none_or(|one| gave_up(one.person)) {
        return Ok(());
    }
    Err(Refusal::new(
        "evaluators_of_one_authority",
        "Each evaluator is of another authority",
        format!("{} has an evaluator already.", new.authority_name),
        "You, by naming an evaluator of another authority, or by releasing that seat",
    ))
}

fn twice(new: &Evaluator, conflict: bool, released: bool) -> Refusal {
    if released && !conflict {
        return Refusal::new(
            "evaluator_released",
            "An evaluator whose seat was released scores nothing",
            format!("The seat of {} was released.", new.name),
            "You, by naming a colleague",
        );
    }
    if conflict {
        return Refusal::new(
            "evaluator_conflict",
            "An evaluator with a conflict of interest scores nothing",
            format!("{} has declared a conflict of interest in this application.", new.name),
            "You, by naming a colleague who has none",
        );
    }
    Refusal::new(
        "evaluator_named",
        "An evaluator is named once for an application",
        format!("{} is an evaluator of this application already.", new.name),
        "You, by naming somebody else",
    )
}

/// At least two evaluators, no person twice, no two of one authority: so the store keeps each one's scores from the others.
pub(super) fn several(panel: &[Evaluator]) -> Result<(), Refusal> {
    let mut seated: Vec<Evaluator> = Vec::new();
    for one in panel {
        if seated.iter().any(|other| other.person == one.person) {
            return Err(twice(one, false, false));
        }
        is_free(&seated, one, |_| false)?;
        seated.push(one.clone());
    }
    if panel.len() >= FEWEST {
        return Ok(());
    }
    Err(Refusal::new(
        "too_few_evaluators",
        "An application is evaluated by evaluators of several authorities",
        format!("Name at least {FEWEST} evaluators."),
        "Commissioning lead of the regional team",
    )
    .found(panel.len().to_string()))
}
