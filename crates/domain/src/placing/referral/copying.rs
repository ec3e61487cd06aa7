//! Copying a referral: what is carried to the new one, what is not, and what somebody has to say again.

use super::narrative::Narrative;
use super::profile::Profile;
use super::standard::{Risk, Standard};
use super::task::Task;

/// What a copy carries and what it leaves behind, for the page before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Tasks whose answers are carried.
    pub tasks: Vec<Task>,
    /// Tasks that are carried in part: the legal basis, complex needs, the lot and the band of need are said again.
    pub again: Vec<Task>,
    /// Tasks that start empty: dates, location, who to ask.
    pub empty: Vec<Task>,
    /// Risks to be confirmed one by one, with the day of the last answer.
    pub to_confirm: Vec<(Risk, jiff::civil::Date)>,
}

/// The profile of a copy: needs, education and health as they were; the legal basis, the lot, the band and whether needs
/// are complex to be said again; dates, places, order and approval empty; the risks marked as to be confirmed.
#[must_use]
pub fn profile(from: &Profile) -> Profile {
    let standard = Standard {
        needed_by: None,
        preferred_location_local: None,
        out_of_area_reason: None,
        deprivation_of_liberty: None,
        risks: from
            .standard
            .risks
            .iter()
            .map(|answer| super::standard::RiskAnswer { to_confirm: true, ..*answer })
            .collect(),
        ..from.standard.clone()
    };
    Profile {
        legal_basis: None,
        complex_needs: None,
        lot: None,
        need_band: None,
        start: None,
        planned_end: None,
        emergency: None,
        from: None,
        from_home: false,
        within_miles: None,
        avoid: Vec::new(),
        papers: None,
        search_approval: None,
        age: None,
        standard,
        ..from.clone()
    }
}

/// The words of a copy: all but the chronology of risks, which is written anew.
#[must_use]
pub fn narrative(from: &Narrative) -> Narrative {
    Narrative { risk_chronology: String::new(), ..from.clone() }
}

/// What a copy of this profile carries.
#[must_use]
pub fn carried(from: &Profile) -> Carried {
    Carried {
        tasks: vec![Task::Alongside, Task::Education, Task::Health],
        again: vec![Task::About, Task::Needs],
        empty: vec![Task::When, Task::Where, Task::Liberty, Task::Documents, Task::Recipients],
        to_confirm: from.standard.risks.iter().map(|answer| (answer.risk, answer.confirmed_on)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::referral::fixtures::{complete_narrative, complete_plan, complete_profile};
    use crate::placing::referral::task::{Answers, Progress, progress};

    #[test]
    fn a_copy_carries_needs_education_and_health_and_asks_again_for_every_risk() {
        let copy = profile(&complete_profile());
        let words = narrative(&complete_narrative());
        let states = progress(Answers { profile: &copy, narrative: &words, plan: &complete_plan() });
        for task in carried(&complete_profile()).tasks {
            assert!(states.contains(&(task, Progress::Complete)), "{}", task.label());
        }
        for task in carried(&complete_profile()).again {
            assert!(states.contains(&(task, Progress::Incomplete)), "{}", task.label());
        }
        assert_eq!((copy.legal_basis, copy.complex_needs), (None, None));
        assert_eq!((copy.lot.clone(), copy.need_band.clone()), (None, None));
        assert_eq!(copy.standard.open_risks().count(), 11);
        assert!(copy.standard.risks.iter().all(|answer| answer.to_confirm));
        assert_eq!(carried(&complete_profile()).to_confirm.len(), 11);
    }

    #[test]
    fn each_task_stands_under_one_heading_of_the_page_before_a_copy() {
        let carried = carried(&complete_profile());
        let risks = [Task::RisksToChild, Task::RisksToOthers];
        for task in Task::ALL {
            let lists = [&carried.tasks, &carried.again, &carried.empty].map(|list| list.contains(task));
            let times = lists.into_iter().chain([risks.contains(task)]).filter(|there| *there).count();
            assert_eq!(times, 1, "{}", task.label());
        }
    }

    #[test]
    fn a_copy_does_not_carry_dates_location_an_order_or_the_approval() {
        let copy = profile(&complete_profile());
        assert_eq!((copy.start, copy.planned_end, copy.from.clone(), copy.age), (None, None, None, None));
        assert_eq!(copy.search_approval, None);
        assert_eq!(copy.standard.deprivation_of_liberty, None);
        assert!(narrative(&complete_narrative()).risk_chronology.is_empty());
    }
}
