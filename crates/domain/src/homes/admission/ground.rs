//! On what a provider's admission rests: the record of its evaluation, or the exceptional road with its reason and where the
//! earlier record is. Nobody is admitted on neither.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::evaluation::Evaluation;
use super::{Admission, WHO};
use crate::calendar::long_date;
use crate::id::{EvaluationId, OrganisationId};
use crate::outcome::{Invalid, Refusal};

/// The most characters of where an earlier record is.
pub const LONGEST_RECORD: usize = 200;

coded! {
    /// Why a provider is admitted without a record of evaluation here.
    AdmissionException {
        BeforeRecord "before_record" "It was evaluated before this record began";
        TookOver "took_over" "It took over the homes and the contract of an admitted provider";
        NewForm "new_form" "It is an admitted provider under a new legal form";
    }
}

/// On what an admission rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroundOn {
    /// The record of its evaluation.
    Evaluation(EvaluationId),
    /// The exceptional road.
    Exception {
        /// Why.
        reason: AdmissionException,
        /// Where the earlier evaluation or contract is on record.
        record: String,
    },
}

/// The ground of a provider's admission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionGround {
    /// The provider.
    pub provider: OrganisationId,
    /// The first day that it carries.
    pub from: Date,
    /// On what it rests.
    pub on: GroundOn,
}

impl AdmissionGround {
    /// A provider that was evaluated before this record began, by the named record.
    #[must_use]
    pub fn before_record(provider: OrganisationId, from: Date, record: &str) -> Self {
        let on = GroundOn::Exception { reason: AdmissionException::BeforeRecord, record: record.to_owned() };
        Self { provider, from, on }
    }

    /// The exceptional road: its reason, and where the earlier record is.
    pub fn exceptional(
        (provider, from): (OrganisationId, Date),
        (reason, record): (AdmissionException, &str),
    ) -> Result<Self, Invalid> {
        let record = record.trim();
        if record.is_empty() || record.chars().count() > LONGEST_RECORD {
            let ask = "Enter where the earlier evaluation or contract is on record, in up to 200 characters";
            return Err(Invalid::one("record", ask));
        }
        Ok(Self { provider, from, on: GroundOn::Exception { reason, record: record.to_owned() } })
    }

    /// The evaluation record that holds on the day, the latest where there are several.
    pub fn evaluated(
        (provider, name, from): (OrganisationId, &str, Date),
        evaluations: &[Evaluation],
    ) -> Result<Self, Refusal> {
        let holding = evaluations.iter().filter(|one| one.provider == provider && one.holds_on(from));
        let found = holding.max_by_key(|one| one.id).map(|one| GroundOn::Evaluation(one.id));
        match found {
            Some(on) => Ok(Self { provider, from, on }),
            None => Err(Refusal::new(
                "no_evaluation",
                "A provider is admitted on the record of its evaluation",
                format!("{name} has no evaluation record that holds on {}.", long_date(from)),
                format!("The panel of an opening, by evaluating it. {WHO}, by the exceptional road with its reason"),
            )
            .found("none")),
        }
    }
}

/// The ground by which a provider is in the arrangement on a day: the first that carries it.
#[must_use]
pub fn ground_on(grounds: &[AdmissionGround], provider: OrganisationId, day: Date) -> Option<&AdmissionGround> {
    grounds.iter().filter(|one| one.provider == provider && one.from <= day).min_by_key(|one| one.from)
}

/// From which day a provider takes part with a home that was admitted first on a day: never before its own ground, also where
/// the home was admitted under whoever had it then.
#[must_use]
pub fn takes_part_from(grounds: &[AdmissionGround], provider: OrganisationId, admitted: Option<Date>) -> Option<Date> {
    let own = grounds.iter().filter(|one| one.provider == provider).map(|one| one.from).min()?;
    admitted.map(|first| first.max(own))
}

/// Of a home's admissions, those that its provider has it on, each from the day on which the provider's own ground carries it: one
/// that whoever had the home before was given is not its own.
#[must_use]
pub fn carried(grounds: &[AdmissionGround], provider: OrganisationId, admissions: Vec<Admission>) -> Vec<Admission> {
    let own = admissions.into_iter().filter_map(|one| {
        let from = takes_part_from(grounds, provider, Some(one.from))?;
        (from < one.until).then_some(Admission { from, ..one })
    });
    own.collect()
}

/// Refused where a child is to be placed through the arrangement at a home whose provider is not in it by the start on a ground
/// of its own.
pub fn placed_with(
    grounds: &[AdmissionGround],
    (provider, name): (OrganisationId, &str),
    start: Date,
) -> Result<(), Refusal> {
    if ground_on(grounds, provider, start).is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        "provider_not_admitted",
        "A child is placed through the arrangement with a provider that was admitted to it",
        format!("{name} is not admitted to the arrangement by the start of this placement."),
        format!("{WHO}, who admits providers"),
    )
    .found(long_date(start)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::homes::admission::evaluation::EvaluationState;
    use crate::homes::admission::evaluation::tests::begun;
    use crate::id::{ArrangementId, HomeId};
    use jiff::civil::date;

    #[test]
    fn a_provider_takes_part_from_its_own_ground_and_not_from_the_day_of_whoever_had_the_home() {
        let (elm, ash) = (OrganisationId(7), OrganisationId(8));
        let ground = |provider, from| AdmissionGround::before_record(provider, from, "file 1");
        let all = [ground(elm, date(2018, 12, 15)), ground(ash, date(2021, 9, 24)), ground(ash, date(2021, 9, 13))];
        assert_eq!(ground_on(&all, ash, date(2021, 10, 1)).map(|one| one.from), Some(date(2021, 9, 13)));
        assert_eq!(ground_on(&all, ash, date(2021, 9, 12)), None);
        let home = Some(date(2019, 4, 1));
        assert_eq!(takes_part_from(&all, elm, home), home);
        assert_eq!(takes_part_from(&all, ash, home), Some(date(2021, 9, 13)));
        assert_eq!(takes_part_from(&all, ash, None), None);
        assert_eq!(takes_part_from(&all, OrganisationId(9), home), None, "without a ground it takes no part");
        let (arrangement, lot, until) = (ArrangementId(1), "planned".to_owned(), date(2021, 9, 20));
        let on = Admission { home: HomeId(1), arrangement, lot, from: date(2019, 4, 1), until, ended: None };
        let starts = |provider| carried(&all, provider, vec![on.clone()]).first().map(|one| one.from);
        assert_eq!([elm, ash].map(starts), [home, Some(date(2021, 9, 13))]);
        assert_eq!(starts(OrganisationId(9)), None, "what the seller was given admits no buyer");
        let over = Admission { until: date(2021, 9, 13), ..on.clone() };
        assert_eq!(carried(&all, ash, vec![over]), [], "it was over before the buyer came");
        assert_eq!(placed_with(&all, (ash, "Ash Care"), date(2021, 9, 13)), Ok(()));
        let early = placed_with(&all, (ash, "Ash Care"), date(2021, 9, 12)).unwrap_err();
        assert_eq!(early.code, "provider_not_admitted");
    }

    #[test]
    fn a_provider_is_admitted_on_an_evaluation_that_holds_or_on_a_reason_with_its_record() {
        let (from, until) = (date(2021, 9, 1), date(2024, 9, 1));
        let admitted = Evaluation { state: EvaluationState::Admitted { from, until }, ..begun() };
        let (provider, id) = (admitted.provider, admitted.id);
        let on = |day, all: &[Evaluation]| AdmissionGround::evaluated((provider, "Elm Care", day), all);
        assert_eq!(on(date(2021, 9, 13), std::slice::from_ref(&admitted)).unwrap().on, GroundOn::Evaluation(id));
        assert_eq!(on(date(2021, 8, 31), std::slice::from_ref(&admitted)).unwrap_err().code, "no_evaluation");
        assert_eq!(on(until, std::slice::from_ref(&admitted)).unwrap_err().code, "no_evaluation", "it has run out");
        assert_eq!(on(date(2021, 9, 13), &[begun()]).unwrap_err().code, "no_evaluation", "it is under way");
        let others = [Evaluation { provider: OrganisationId(99), ..admitted }];
        assert_eq!(on(date(2021, 9, 13), &others).unwrap_err().code, "no_evaluation", "another provider's");
        for record in ["", "  ", &"x".repeat(LONGEST_RECORD + 1)] {
            let wrong = AdmissionGround::exceptional((provider, from), (AdmissionException::TookOver, record));
            assert_eq!(wrong.unwrap_err().errors[0].field, "record");
        }
        let stated = AdmissionGround::exceptional((provider, from), (AdmissionException::TookOver, " FCA/2018/014 "));
        let record = "FCA/2018/014".to_owned();
        assert_eq!(stated.unwrap().on, GroundOn::Exception { reason: AdmissionException::TookOver, record });
    }
}
