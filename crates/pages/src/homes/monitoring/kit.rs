//! Records that the samples of these pages show.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::clock::Moment;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{Concern, NewAction, Owner, Raised, Severity};
use placewell_domain::homes::monitoring::visit::{Finding, Level, Planned, Visit};
use placewell_domain::id::{HomeId, OrganisationId, PersonId};

use super::TrendView;

pub(super) const TODAY: Date = date(2021, 9, 13);

pub(super) fn moment() -> Moment {
    Moment { at: Timestamp::UNIX_EPOCH, local: TODAY.at(10, 20, 0, 0) }
}

pub(super) fn days() -> WorkingDays {
    WorkingDays::default()
}

pub(super) fn planned() -> Option<Visit> {
    let of = Planned {
        authority: OrganisationId(1),
        officer: PersonId(2),
        home: HomeId(3),
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        on: TODAY,
        announced: true,
    };
    Visit::plan(4, of, moment()).ok().map(|change| change.into_parts().0)
}

pub(super) fn visited() -> Option<Visit> {
    let finding = |theme, level, words: &str| Finding { theme, level, words: words.to_owned() };
    let findings = vec![
        finding(Theme::Care, Level::Good, "Children were greeted by name and shown what is for tea."),
        finding(Theme::Staffing, Level::Serious, "Two night shifts of the last week had one member of staff."),
    ];
    let recorded = planned()?.record((TODAY, findings), (PersonId(2), moment())).ok()?.ok()?;
    Some(recorded.into_parts().0)
}

pub(super) fn raised() -> Option<Concern> {
    let of = Raised {
        by: OrganisationId(1),
        provider: OrganisationId(7),
        home: HomeId(3),
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        theme: Theme::Staffing,
        severity: Severity::High,
        words: "Night shifts are not covered as the statement of purpose says.".to_owned(),
    };
    Concern::raise(6, of, moment()).ok().map(|change| change.into_parts().0)
}

pub(super) fn with_plan() -> Option<Concern> {
    let action = NewAction {
        what: "Two waking members of staff every night".to_owned(),
        owner: Owner::Manager,
        due: date(2021, 9, 27),
    };
    Some(raised()?.plan(action, moment()).ok()?.ok()?.into_parts().0)
}

pub(super) fn trends() -> Vec<TrendView> {
    let points = vec![(date(2020, 10, 1), Some(81)), (date(2021, 1, 1), None), (date(2021, 4, 1), Some(88))];
    vec![
        TrendView { label: "Nights slept of the places", percent: true, points: points.clone() },
        TrendView { label: "Unplanned ends", percent: false, points },
    ]
}
