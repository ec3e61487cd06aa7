//! Weeks of hours: what is bought, what a shortfall credits to whom.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::homes::price::SupportHours;
use jiff::civil::date;

fn moment(day: Date) -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(9, 0, 0, 0) }
}

/// 20 hours a week at £18.50 with one member of staff from Wednesday 1 September; a quarter of it is health's.
fn line() -> PriceLine {
    PriceLine {
        kind: LineKind::AdditionalSupport,
        label: "1:1 support, evenings".into(),
        weekly: Pence(37_000),
        from: date(2021, 9, 1),
        to: date(2021, 10, 1),
        origin: date(2021, 9, 1),
        shares: FunderShares { authority: 75, education: 0, health: 25, agreed: true },
        support: Some(SupportHours { quarter_hours: 80, rate: Pence(1_850), staff: 1, review_on: date(2021, 9, 15) }),
        reason: "Settling in".into(),
    }
}

fn weeks(today: Date) -> Vec<BoughtWeek> {
    let of = OfAgreement {
        authority: OrganisationId(1),
        provider: OrganisationId(2),
        home: HomeId(5),
        agreement: AgreementId(6),
        reference: "HEF-A-0007".parse().unwrap(),
        lines: vec![line()],
        from: date(2021, 8, 1),
        to: date(2021, 12, 1),
    };
    bought(&of, date(2021, 7, 1), today)
}

#[test]
fn weeks_begin_on_monday_and_count_the_nights_of_the_line() {
    let found: Vec<(Date, i64, u32)> =
        weeks(date(2021, 10, 20)).iter().map(|one| (one.week, one.nights, one.quarters)).collect();
    let expected = [
        (date(2021, 8, 30), 5, 57),
        (date(2021, 9, 6), 7, 80),
        (date(2021, 9, 13), 7, 80),
        (date(2021, 9, 20), 7, 80),
        (date(2021, 9, 27), 4, 46),
    ];
    assert_eq!(found, expected);
    assert_eq!(weeks(date(2021, 9, 12)).len(), 1, "the second is not over on its Sunday");
    assert_eq!(weeks(date(2021, 9, 13)).len(), 2);
}

#[test]
fn a_shortfall_is_credited_at_the_rate_to_whoever_pays_the_line() {
    let week = weeks(date(2021, 9, 13)).remove(1);
    assert_eq!(credit(&week, 80), None);
    assert_eq!(credit(&week, 90), None, "more than was bought is not charged");
    let part = credit(&week, 58).unwrap();
    assert_eq!(part.total, Pence(10_175), "5 hours and a half at £18.50");
    assert_eq!((part.authority, part.education, part.health), (Pence(7_631), Pence(0), Pence(2_544)));
    let whole = credit(&week, 0).unwrap();
    assert_eq!(whole.total, line().weekly, "nothing delivered gives the week's price back");
}

#[test]
fn a_week_is_confirmed_once_over_with_at_most_its_hours_and_a_reason() {
    let week = || weeks(date(2021, 9, 13)).remove(1);
    let who = |day| (PersonId(3), moment(day));
    let fields = |said, day| {
        let made = SupportWeek::confirm(1, week(), said, who(day));
        made.map(|_| ()).map_err(|invalid| invalid.errors.into_iter().map(|one| one.field).collect::<Vec<_>>())
    };
    let today = date(2021, 9, 13);
    assert_eq!(fields((673, None), today), Err(vec!["hours".to_owned()]));
    assert_eq!(fields((58, None), today), Err(vec!["reason".to_owned()]));
    assert_eq!(fields((80, None), date(2021, 9, 12)), Err(vec!["week".to_owned()]));
    assert_eq!(fields((80, None), today), Ok(()));
}

#[test]
fn a_week_is_corrected_until_the_authority_agrees() {
    let today = date(2021, 9, 13);
    let who = (PersonId(3), moment(today));
    let week = weeks(today).remove(1);
    let short = (58, Some(ShortfallReason::Sickness));
    let one = SupportWeek::confirm(1, week, short, who).unwrap().into_parts().0;
    assert_eq!(one.credit().unwrap().total, Pence(10_175));
    let one = one.correct((80, Some(ShortfallReason::Sickness)), who).unwrap().unwrap().into_parts().0;
    assert_eq!((one.credit(), one.told.len(), one.told[1].reason), (None, 2, None));
    let agreed = one.agree(PersonId(9), moment(today)).unwrap().into_parts().0;
    assert_eq!((agreed.state.name(), agreed.version), ("agreed", 3));
    assert_eq!(agreed.clone().correct((58, None), who).unwrap_err().code, "support_week_agreed");
    assert_eq!(agreed.agree(PersonId(9), moment(today)).unwrap_err().code, "support_week_agreed");
    let acts: Vec<(&str, &str)> = MOVES.iter().map(|step| (step.from, step.act)).collect();
    assert_eq!(acts, [("new", "confirm"), ("confirmed", "correct"), ("confirmed", "agree")]);
}
