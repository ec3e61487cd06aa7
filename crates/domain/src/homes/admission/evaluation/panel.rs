//! Who scores: evaluators of several authorities, one of each at a time. The seat of one with a conflict is passed on to a
//! colleague of the same authority; both stand in the record.

use super::{Change, Evaluation, EvaluationState, Evaluator, FEWEST, PanelStep, PersonId, Refusal, Step};

impl Evaluation {
    /// Names another evaluator: of an authority that has none yet, or in the place of a colleague of the same authority who
    /// declared a conflict. `steps` are what the panel has declared and handed in.
    pub fn name_evaluator(self, new: Evaluator, steps: &[PanelStep]) -> Result<Change<Self>, Refusal> {
        match self.state {
            EvaluationState::Gates | EvaluationState::Scoring => {}
            EvaluationState::Moderating
            | EvaluationState::Recommended { .. }
            | EvaluationState::Standstill { .. }
            | EvaluationState::Admitted { .. }
            | EvaluationState::NotAdmitted { .. } => return Err(self.cannot("take another evaluator")),
        }
        may_be_named(&self.panel, steps, &new)?;
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

    /// The evaluators who declared a conflict and whose seat nobody has taken, while somebody can.
    #[must_use]
    pub fn seats_to_pass_on(&self, steps: &[PanelStep]) -> Vec<&Evaluator> {
        if self.state != EvaluationState::Scoring {
            return Vec::new();
        }
        let waits = |one: &&Evaluator| conflicted(steps, one.person) && !self.is_passed_on(one);
        self.panel.iter().filter(waits).collect()
    }

    fn is_passed_on(&self, seat: &Evaluator) -> bool {
        self.panel.iter().any(|one| self.in_place_of(one).is_some_and(|before| before.person == seat.person))
    }
}

fn conflicted(steps: &[PanelStep], person: PersonId) -> bool {
    steps.iter().any(|one| one.person == person && one.step == Step::Conflict)
}

/// Whether somebody can be named beside this panel: nobody twice, and a second one of an authority only in the place of a
/// colleague with a conflict.
fn may_be_named(panel: &[Evaluator], steps: &[PanelStep], new: &Evaluator) -> Result<(), Refusal> {
    if panel.iter().any(|one| one.person == new.person) {
        return Err(twice(new, conflicted(steps, new.person)));
    }
    let seated = panel.iter().rfind(|one| one.authority == new.authority);
    if seated.is_none_or(|one| conflicted(steps, one.person)) {
        return Ok(());
    }
    Err(Refusal::new(
        "evaluators_of_one_authority",
        "Each evaluator is of another authority",
        format!("{} has an evaluator already.", new.authority_name),
        "You, by naming an evaluator of another authority",
    ))
}

fn twice(new: &Evaluator, conflict: bool) -> Refusal {
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
        may_be_named(&seated, &[], one)?;
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
