//! Shares of sums, quarters without a figure, themes with the most homes first.
#![allow(clippy::unwrap_used)]

use super::*;
use jiff::civil::date;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::clock::Moment;
use placewell_domain::homes::monitoring::concern::Raised;
use placewell_domain::homes::monitoring::quality_return::{Filled, Scheduled};
use placewell_domain::homes::monitoring::template::Figures;
use placewell_domain::homes::monitoring::visit::{Finding, Planned};
use placewell_domain::id::{HomeId, OrganisationId, PersonId};

fn moment() -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: date(2021, 9, 13).at(9, 0, 0, 0) }
}

fn scheduled(home: i64, quarter: Date, places: u8) -> QualityReturn {
    let of = Scheduled {
        region: OrganisationId(1),
        provider: OrganisationId(2),
        home: HomeId(home),
        urn: format!("SC40000{home}"),
        name: format!("Home {home}"),
        places,
        quarter,
    };
    QualityReturn::schedule(home, of, &WorkingDays::default(), moment()).unwrap().into_parts().0
}

fn sent(home: i64, quarter: Date, places: u8, given: &[(Figure, i64)]) -> QualityReturn {
    let one = scheduled(home, quarter, places);
    let mut figures: Figures = one.figures().iter().map(|figure| (*figure, 0)).collect();
    figures.extend(given.iter().copied());
    let filled = Filled { figures, note: String::new() };
    one.send((filled, Figures::new()), None, (PersonId(1), moment())).unwrap().into_parts().0
}

#[test]
fn a_share_over_homes_is_of_sums_and_a_quarter_without_a_return_has_no_figure() {
    let (first, second) = (date(2021, 1, 1), date(2021, 4, 1));
    let large = sent(1, first, 9, &[(Figure::ChildNights, 810), (Figure::Asked, 9), (Figure::AnsweredInTime, 9)]);
    let small = sent(2, first, 1, &[(Figure::ChildNights, 0), (Figure::Asked, 1), (Figure::UnplannedEnds, 0)]);
    let all = trends(&[large, small, scheduled(1, second, 9)]);
    let of = |followed| all.iter().find(|one| one.of == followed).map(|one| one.points.clone()).unwrap();
    assert_eq!(
        of(Followed::Occupancy),
        [(first, Some(90)), (second, None)],
        "810 of 900 nights, not the mean of 100 and 0"
    );
    assert_eq!(of(Followed::InTime), [(first, Some(90)), (second, None)]);
    assert_eq!(
        of(Followed::Unplanned),
        [(first, Some(0)), (second, None)],
        "none is a figure; nothing returned is not"
    );
    assert_eq!(of(Followed::Vacant), [(first, None), (second, None)], "no posts, no share");
}

#[test]
fn themes_count_each_home_once_and_leave_good_findings_out_of_it() {
    let finding = |theme, level| Finding { theme, level, words: "Seen.".into() };
    let visit = |home: i64, findings: Vec<Finding>| {
        let planned = Planned {
            authority: OrganisationId(3),
            officer: PersonId(1),
            home: HomeId(home),
            urn: String::new(),
            name: String::new(),
            on: date(2021, 9, 13),
            announced: true,
        };
        let one = Visit::plan(home, planned, moment()).unwrap().into_parts().0;
        let recorded = one.record((date(2021, 9, 13), findings), (PersonId(1), moment()));
        recorded.unwrap().unwrap().into_parts().0
    };
    let visits = [
        visit(1, vec![finding(Theme::Staffing, Level::Serious), finding(Theme::Care, Level::Good)]),
        visit(2, vec![finding(Theme::Staffing, Level::Improve)]),
    ];
    let raised = Raised {
        by: OrganisationId(3),
        provider: OrganisationId(2),
        home: HomeId(1),
        urn: String::new(),
        name: String::new(),
        theme: Theme::Staffing,
        severity: Severity::High,
        words: "Nights are not covered.".into(),
    };
    let concern = Concern::raise(1, raised, moment()).unwrap().into_parts().0;
    let all = themes(&visits, &[concern], date(2021, 9, 1));
    let (theme, line) = all.first().unwrap();
    let expected = ThemeLine { serious: 1, improve: 1, good: 0, concerns: 1, grave: 1, homes: 2 };
    assert_eq!((*theme, line), (Theme::Staffing, &expected));
    let care = all.iter().find(|(theme, _)| *theme == Theme::Care).map(|(_, line)| line.clone()).unwrap();
    assert_eq!((care.good, care.homes), (1, 0));
    assert_eq!(all.len(), Theme::ALL.len());
    let later = themes(&visits, &[], date(2021, 9, 14));
    assert!(later.iter().all(|(_, line)| line == &ThemeLine::default()), "only since the day");
}
