//! A removal ends by its own measure, on evidence: no evaluation and no exceptional road leads past one that waits or is
//! in force.

use super::measure::{Measure, MeasureState};
use super::{Standing, StandingSubject};
use crate::calendar::long_date;
use crate::id::{HomeId, OrganisationId};
use crate::outcome::Refusal;

/// The worst of what removes: what is in force before what waits.
fn removal(open: &[Measure], about: impl Fn(&Measure) -> bool) -> Option<&Measure> {
    let removes = |one: &&Measure| one.open() && one.standing == Standing::Removed && about(one);
    open.iter().filter(removes).max_by_key(|one| one.state != MeasureState::Proposed)
}

/// The measure that removes a provider from the whole arrangement, or would.
#[must_use]
pub fn of_provider(open: &[Measure], provider: OrganisationId) -> Option<&Measure> {
    removal(open, |one| one.subject == StandingSubject::Provider(provider) && one.lot.is_none())
}

/// The measure that removes a home from a lot, or would: its own or its provider's, from all lots or from this one.
#[must_use]
pub fn of_home<'a>(open: &'a [Measure], (home, provider): (HomeId, OrganisationId), lot: &str) -> Option<&'a Measure> {
    removal(open, |one| one.about(home, provider) && one.lot.as_deref().is_none_or(|own| own == lot))
}

/// Nobody is admitted past this measure; with what the lot is called that it is about, where it is about one alone.
#[must_use]
pub fn keeps_out(removal: &Measure, lot: Option<&str>) -> Refusal {
    let lot = lot.map_or_else(String::new, |lot| format!(", lot {lot}"));
    let (name, why, on) = (&removal.name, removal.reason.label(), long_date(removal.proposed.date()));
    let (sentence, way) = if removal.state == MeasureState::Proposed {
        (
            format!("{name} cannot be admitted while its removal is proposed{lot}: {why}."),
            "by confirming or dropping it",
        )
    } else {
        (format!("{name} is removed from the arrangement{lot}: {why}."), "by ending the measure on its evidence first")
    };
    Refusal::new(
        "removal_stands",
        "A removal ends by its measure, on evidence that speaks to its reason",
        sentence,
        format!("Commissioning lead of the regional team, {way}"),
    )
    .found(format!("measure of {on}: {}", removal.state.label().to_lowercase()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::StandingReason;
    use super::super::measure::{Proposal, Source};
    use super::*;
    use crate::calendar::WorkingDays;
    use crate::clock::Moment;
    use crate::id::{MeasureId, PersonId};
    use jiff::civil::date;

    fn moment(hour: i8) -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: date(2021, 9, 13).at(hour, 0, 0, 0) }
    }

    fn proposed(reason: StandingReason) -> Measure {
        let of = Proposal {
            region: OrganisationId(1),
            subject: StandingSubject::Home(HomeId(5)),
            lot: None,
            provider: OrganisationId(7),
            name: "Elm House".to_owned(),
            standing: Standing::Suspended,
            reason,
            source: Source::found(date(2021, 9, 13)),
        };
        Measure::propose(MeasureId(9), of, &WorkingDays::default(), moment(15)).unwrap().into_parts().0
    }

    fn confirmed(reason: StandingReason) -> Measure {
        proposed(reason).confirm(PersonId(3), Vec::new(), moment(16)).unwrap().into_parts().0
    }

    fn removes(measure: Measure, subject: StandingSubject, lot: Option<&str>) -> Measure {
        Measure { standing: Standing::Removed, subject, lot: lot.map(str::to_owned), ..measure }
    }

    #[test]
    fn a_removal_that_waits_or_is_in_force_keeps_its_provider_its_home_or_its_home_on_the_one_lot_out() {
        let (owner, home) = (OrganisationId(7), HomeId(5));
        let (all, one) = (StandingSubject::Provider(owner), StandingSubject::Home(home));
        let why = StandingReason::Safeguarding;
        for measure in [proposed(why), confirmed(why)] {
            let open = [removes(measure.clone(), all, None)];
            assert!(of_provider(&open, owner).is_some() && of_home(&open, (home, owner), "planned").is_some());
            assert!(of_provider(&open, OrganisationId(8)).is_none());
            let open = [removes(measure.clone(), all, Some("crisis"))];
            assert!(of_provider(&open, owner).is_none(), "it stays on the other lots");
            assert!(of_home(&open, (home, owner), "crisis").is_some());
            assert!(of_home(&open, (home, owner), "planned").is_none());
            let open = [removes(measure.clone(), one, None)];
            assert!(of_home(&open, (home, owner), "planned").is_some() && of_provider(&open, owner).is_none());
            assert!(of_home(&open, (HomeId(6), owner), "planned").is_none(), "another home's");
            let suspended = [Measure { subject: all, lot: None, ..measure }];
            assert!(of_provider(&suspended, owner).is_none(), "a suspension keeps nobody from being evaluated");
        }
    }

    #[test]
    fn what_is_in_force_is_named_before_what_waits_and_says_how_it_ends() {
        let all = StandingSubject::Provider(OrganisationId(7));
        let waits = removes(proposed(StandingReason::Safeguarding), all, None);
        let holds = removes(Measure { id: MeasureId(1), ..confirmed(StandingReason::ContractEnded) }, all, None);
        let open = [waits.clone(), holds.clone()];
        assert_eq!(of_provider(&open, OrganisationId(7)).unwrap().id, holds.id);
        let (of_waiting, of_holding) = (keeps_out(&waits, None), keeps_out(&holds, None));
        assert!(of_waiting.sentence.contains("its removal is proposed"), "{}", of_waiting.sentence);
        assert!(of_holding.sentence.contains("the contract has ended"), "{}", of_holding.sentence);
        assert!(of_holding.who_can_change.ends_with("on its evidence first") && of_holding.value.contains("in force"));
        for one in [waits, holds] {
            let from_one = removes(one, all, Some("crisis"));
            let said = keeps_out(&from_one, Some("Crisis and solo care")).sentence;
            assert!(said.contains(", lot Crisis and solo care: ") && !said.contains("lot crisis"), "{said}");
        }
    }
}
