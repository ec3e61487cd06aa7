//! What may be asked, granted and appealed, and what a granted rise does to a price.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::authority::AreaCode;
use crate::homes::admission::Admission;
use crate::homes::home::{RegisterEntry, Sector};
use crate::homes::price::formula::Percent;
use crate::homes::price::{KNOWN_OPEN, Rectangle};
use crate::id::ArrangementId;
use crate::nights::{Nights, OPEN_END};
use jiff::civil::date;

const TODAY: Date = date(2021, 9, 13);
const FROM: Date = date(2021, 10, 4);

fn moment(day: Date) -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(10, 20, 0, 0) }
}

fn test_home() -> Home {
    let entry = RegisterEntry {
        provider: OrganisationId(7),
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 2,
        short_breaks_only: false,
        suspended: false,
        registered_on: None,
    };
    Home::register(HomeId(1), OrganisationId(1), "SC400001".parse().unwrap(), entry, moment(TODAY)).into_parts().0
}

fn known() -> KnownPrices {
    KnownPrices {
        standing: Standing::Good,
        scheduled: vec![price((date(2018, 12, 15), OPEN_END), 4_000)],
        formula: UpliftFormula { cap: Percent(150), review_above: Percent(300), source: "Schedule 4".into() },
        prices: Some(ConsumerPrices { rate: Percent(200), month: "July 2021".into(), source: "ONS".into() }),
        risen: None,
    }
}

fn by_percent(percent: u32) -> Asking {
    Asking {
        home: test_home(),
        lot: "planned".into(),
        line: LineKind::Core,
        basis: UpliftBasis::Formula,
        percent: Some(Percent(percent)),
        weekly: None,
        from: date(2021, 10, 4),
        book: Book::default(),
    }
}

fn open_book(weekly: i64, rise: i64) -> Asking {
    let costs = vec![CostLine { kind: CostKind::Staff, was: Pence::pounds(2_000), now: Pence::pounds(2_000 + rise) }];
    Asking {
        basis: UpliftBasis::OpenBook,
        percent: None,
        weekly: Some(Pence::pounds(weekly)),
        book: Book { words: "Pay rose".into(), costs },
        ..by_percent(1)
    }
}

fn ask(of: &Asking, known: &KnownPrices) -> Result<Uplift, TenderedWrong> {
    let name = (UpliftId(7), "PU-SC400001-1".to_owned());
    Uplift::ask(name, of, known, PersonId(5), moment(TODAY)).map(|change| change.into_parts().0)
}

fn code<T: core::fmt::Debug>(found: Result<T, TenderedWrong>) -> String {
    match found.unwrap_err() {
        TenderedWrong::Refused(refusal) => refusal.code,
        TenderedWrong::Invalid(invalid) => invalid.errors[0].field.clone(),
    }
}

fn ruling(outcome: UpliftOutcome, weekly: Option<i64>) -> Ruling {
    Ruling { outcome, weekly: weekly.map(Pence::pounds), from: None, reasons: "Energy fell".into() }
}

/// A price of a week in pounds, for nights.
fn price((from, to): (Date, Date), pounds: i64) -> Rectangle<Pence> {
    Rectangle { from, to, origin: from, known_from: 1, known_to: KNOWN_OPEN, value: Pence::pounds(pounds) }
}

/// The home is in standing and on the lot at £4,000, and a document stands with the request.
fn now() -> KnownNow {
    let from = date(2018, 12, 15);
    let (arrangement, lot) = (ArrangementId(1), "planned".to_owned());
    let admission = Admission { home: HomeId(1), arrangement, lot, from, until: OPEN_END, ended: None };
    KnownNow {
        home: test_home(),
        lot: "Planned".to_owned(),
        standing: Standing::Good,
        admissions: vec![admission],
        scheduled: vec![price((from, OPEN_END), 4_000)],
        evidence: 1,
    }
}

fn decided(uplift: Uplift, outcome: UpliftOutcome, weekly: Option<i64>) -> Uplift {
    uplift.decide(PersonId(1), ruling(outcome, weekly), &now(), moment(TODAY)).unwrap().into_parts().0
}

#[test]
fn the_formula_is_the_lower_of_cap_and_consumer_prices_and_reviewed_above_the_line() {
    let formula = known().formula;
    assert_eq!(formula.most(Percent(200)), Percent(150));
    assert_eq!(formula.most(Percent(70)), Percent(70));
    assert_eq!(formula.most(Percent(300)), Percent(150));
    assert_eq!(formula.most(Percent(320)), Percent(320), "above the line people look at it");
    assert!(formula.reviewed(Percent(320)) && !formula.reviewed(Percent(300)));
    assert_eq!(ask(&by_percent(150), &known()).unwrap().asked, Pence::pounds(4_060));
    assert_eq!(code(ask(&by_percent(151), &known())), "above_formula");
    let none = KnownPrices { prices: None, ..known() };
    assert_eq!(code(ask(&by_percent(100), &none)), "consumer_prices_missing");
}

#[test]
fn a_price_rises_by_the_formula_once_in_twelve_months_and_by_open_book_meanwhile() {
    let risen = KnownPrices { risen: Some(date(2021, 4, 5)), ..known() };
    let from = |day| Asking { from: day, ..by_percent(150) };
    for day in [date(2021, 10, 4), date(2022, 4, 4)] {
        let TenderedWrong::Refused(refusal) = ask(&from(day), &risen).unwrap_err() else { unreachable!() };
        assert_eq!(refusal.code, "formula_once_a_year");
        assert!(refusal.sentence.ends_with("can hold from 5 April 2022."), "{}", refusal.sentence);
    }
    assert!(ask(&from(date(2022, 4, 5)), &risen).is_ok());
    assert!(ask(&open_book(4_200, 200), &risen).is_ok(), "costs are shown at any time");
    let ahead = KnownPrices { risen: Some(date(2022, 4, 4)), ..known() };
    assert_eq!(code(ask(&from(date(2021, 10, 4)), &ahead)), "formula_once_a_year", "nor before one that is to come");
}

#[test]
fn the_last_rise_by_formula_is_that_of_the_same_lot_and_line_and_was_granted() {
    let asked = || ask(&by_percent(150), &known()).unwrap();
    let granted = decided(asked(), UpliftOutcome::Granted, None);
    let by_book = decided(ask(&open_book(4_200, 200), &known()).unwrap(), UpliftOutcome::Granted, None);
    let refused = decided(asked(), UpliftOutcome::Refused, None);
    let last = |all: &[Uplift], of| Uplift::risen_by_formula(all, of);
    let core = ("planned", LineKind::Core);
    assert_eq!(last(&[refused.clone(), granted.clone(), by_book.clone()], core), Some(date(2021, 10, 4)));
    assert_eq!(last(&[refused, by_book, asked()], core), None);
    let all = [granted];
    assert_eq!((last(&all, ("crisis", LineKind::Core)), last(&all, ("planned", LineKind::Education))), (None, None));
}

#[test]
fn percentages_are_read_as_people_type_them_and_never_above_100() {
    for (typed, hundredths) in [("1.5", 150), ("2%", 200), ("0.75", 75), ("100", 10_000)] {
        assert_eq!(Percent::read(typed), Some(Percent(hundredths)), "{typed}");
    }
    for typed in ["1000", "100.01", "-1", "", "1.505", "1e2", "１"] {
        assert_eq!(Percent::read(typed), None, "{typed}");
    }
    assert_eq!([150, 200, 75, 105].map(|one| Percent(one).to_string()), ["1.5%", "2%", "0.75%", "1.05%"]);
    assert_eq!(Percent::rise(Pence::pounds(4_000), Pence::pounds(4_060)), Percent(150));
}

#[test]
fn settings_of_the_formula_are_read_back_as_they_are_written() {
    use crate::setting::SettingValue as _;
    let formula = known().formula;
    assert_eq!(UpliftFormula::read(&formula.write()), Some(formula));
    let prices = known().prices;
    assert_eq!(Option::<ConsumerPrices>::read(&prices.write()), Some(prices));
    for wrong in ["1.5; 3", "1.5; 3; ", "200; 3; x source", ""] {
        assert_eq!(UpliftFormula::read(wrong), None, "{wrong}");
    }
}

#[test]
fn a_request_is_held_to_its_fields() {
    let fields = |of: Asking| {
        let invalid = of.checked(TODAY).unwrap_err();
        invalid.errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    assert_eq!(fields(Asking { from: TODAY, ..by_percent(150) }), ["from"], "never back in time");
    assert_eq!(fields(Asking { from: date(2023, 1, 1), ..by_percent(150) }), ["from"]);
    assert_eq!(fields(by_percent(0)), ["percent"]);
    assert_eq!(fields(Asking { line: LineKind::AdditionalSupport, ..by_percent(1) }), ["line"]);
    let nothing = Asking { weekly: None, book: Book::default(), ..open_book(1, 1) };
    assert_eq!(fields(nothing), ["weekly", "staff_now", "words"]);
    assert!(open_book(4_200, 300).checked(TODAY).is_ok());
}

#[test]
fn an_open_book_carries_its_rise_and_doubles_no_price() {
    assert_eq!(ask(&open_book(4_200, 200), &known()).unwrap().asked, Pence::pounds(4_200));
    assert_eq!(code(ask(&open_book(4_200, 199), &known())), "book_does_not_carry");
    assert_eq!(code(ask(&open_book(8_001, 9_000), &known())), "weekly");
    assert_eq!(code(ask(&open_book(4_000, 9_000), &known())), "weekly");
}

#[test]
fn a_home_that_is_suspended_or_has_no_price_gets_no_rise() {
    for standing in [Standing::Suspended, Standing::Removed] {
        assert_eq!(code(ask(&by_percent(100), &KnownPrices { standing, ..known() })), "uplift_without_standing");
        let asked = ask(&by_percent(100), &known()).unwrap();
        let then = KnownNow { standing, ..now() };
        let granted = asked.clone().decide(PersonId(1), ruling(UpliftOutcome::Granted, None), &then, moment(TODAY));
        assert_eq!(code(granted), "uplift_without_standing");
        let refused = asked.decide(PersonId(1), ruling(UpliftOutcome::Refused, None), &then, moment(TODAY));
        assert!(refused.is_ok(), "it can be refused");
    }
    assert_eq!(code(ask(&by_percent(100), &KnownPrices { scheduled: Vec::new(), ..known() })), "no_tendered_price");
}

#[test]
fn rule_4_3_a_rise_is_asked_for_from_a_night_from_which_no_other_price_stands() {
    let start = date(2018, 12, 15);
    let (winter, spring) = (date(2022, 1, 1), date(2022, 3, 1));
    let asked = |scheduled: &[Rectangle<Pence>]| {
        ask(&by_percent(150), &KnownPrices { scheduled: scheduled.to_vec(), ..known() })
    };
    let dearer = price((winter, spring), 4_500);
    for (last, from) in [(4_500, "1 January 2022"), (4_700, "1 March 2022"), (4_000, "1 March 2022")] {
        let steps = [price((start, winter), 4_000), dearer.clone(), price((spring, OPEN_END), last)];
        let TenderedWrong::Refused(refusal) = asked(&steps).unwrap_err() else { unreachable!() };
        assert_eq!(refusal.code, "uplift_price_changes");
        assert!(refusal.sentence.starts_with("£4,500 a week stands from 1 January 2022, so a rise of £4,000"));
        assert!(refusal.who_can_change.contains(&format!("from {from} or later")), "{}", refusal.who_can_change);
    }
    let gap = [price((start, winter), 4_000), price((spring, OPEN_END), 4_000)];
    assert_eq!(asked(&gap).unwrap().was, Pence::pounds(4_000), "a night without a price gets none");
    assert!(asked(&gap[..1]).is_ok());
    assert_eq!(code(asked(&gap[1..])), "no_tendered_price");
}

#[test]
fn an_open_book_without_evidence_is_not_granted() {
    let asked = ask(&open_book(4_200, 200), &known()).unwrap();
    let grant = ruling(UpliftOutcome::Granted, None);
    let bare = KnownNow { evidence: 0, ..now() };
    let found = asked.clone().decide(PersonId(1), grant.clone(), &bare, moment(TODAY));
    assert_eq!(code(found), "open_book_without_evidence");
    assert!(asked.decide(PersonId(1), grant, &now(), moment(TODAY)).is_ok());
}

#[test]
fn a_part_lies_between_the_present_price_and_what_was_asked_and_has_reasons() {
    let asked = ask(&open_book(4_200, 200), &known()).unwrap();
    let decide = |ruling: Ruling| asked.clone().decide(PersonId(1), ruling, &now(), moment(TODAY));
    for weekly in [None, Some(4_000), Some(4_200)] {
        assert_eq!(code(decide(ruling(UpliftOutcome::InPart, weekly))), "weekly", "{weekly:?}");
    }
    let silent = Ruling { reasons: " ".into(), ..ruling(UpliftOutcome::Refused, None) };
    assert_eq!(code(decide(silent)), "reasons");
    let early = Ruling { from: Some(date(2021, 10, 3)), ..ruling(UpliftOutcome::Granted, None) };
    assert_eq!(code(decide(early)), "from");
    let late = Ruling { from: Some(date(2021, 11, 1)), ..ruling(UpliftOutcome::InPart, Some(4_100)) };
    let grants = decide(late).unwrap().into_parts().0.grants();
    let (was, now) = (Pence::pounds(4_000), Pence::pounds(4_100));
    assert_eq!(grants, [Grant { number: 1, was, now, from: date(2021, 11, 1), on: TODAY }]);
}

#[test]
fn rule_4_3_a_rise_is_granted_on_the_price_that_it_was_asked_on_and_on_no_other() {
    let asked = ask(&by_percent(150), &known()).unwrap();
    let (before, later) = ((date(2018, 12, 15), FROM), (date(2022, 1, 1), OPEN_END));
    let decide = |outcome, scheduled: &[Rectangle<Pence>]| {
        let known = KnownNow { scheduled: scheduled.to_vec(), ..now() };
        asked.clone().decide(PersonId(1), ruling(outcome, None), &known, moment(TODAY))
    };
    for (scheduled, stands) in [
        (vec![price(before, 4_000), price((FROM, OPEN_END), 3_800)], "£3,800 a week stands on 4 October 2021"),
        (vec![price((before.0, later.0), 4_000), price(later, 4_500)], "£4,500 a week stands on 1 January 2022"),
        (vec![price((before.0, later.0), 4_000), price(later, 3_900)], "£3,900 a week stands on 1 January 2022"),
        (vec![price(before, 4_000)], "no price stands on 4 October 2021"),
    ] {
        let found = decide(UpliftOutcome::Granted, &scheduled).unwrap_err();
        let TenderedWrong::Refused(refusal) = found else { unreachable!() };
        assert_eq!(refusal.code, "uplift_price_changed");
        assert!(refusal.sentence.contains("It raises £4,000 to £4,060"), "{}", refusal.sentence);
        assert!(refusal.sentence.contains(stands), "{}", refusal.sentence);
        assert!(decide(UpliftOutcome::Refused, &scheduled).is_ok(), "it can be refused");
    }
    let ends = [price((before.0, later.0), 4_000)];
    assert!(decide(UpliftOutcome::Granted, &ends).is_ok(), "a night without a price gets none");
}

#[test]
fn an_appeal_is_not_upheld_on_a_price_that_rose_by_another_request() {
    let refused = decided(ask(&by_percent(150), &known()).unwrap(), UpliftOutcome::Refused, None);
    let appealed = refused.appeal(moment(TODAY)).unwrap().into_parts().0;
    let scheduled = vec![price((date(2018, 12, 15), FROM), 4_000), price((FROM, OPEN_END), 4_500)];
    let risen = KnownNow { scheduled, ..now() };
    let answer = |outcome| appealed.clone().answer(PersonId(2), ruling(outcome, None), &risen, moment(TODAY));
    assert_eq!(code(answer(UpliftOutcome::Granted)), "uplift_price_changed");
    assert!(answer(UpliftOutcome::Refused).is_ok());
}

#[test]
fn a_rise_is_not_granted_for_a_home_that_left_the_lot_or_has_another_provider() {
    let asked = ask(&by_percent(150), &known()).unwrap();
    let granted = |known: &KnownNow| {
        asked.clone().decide(PersonId(1), ruling(UpliftOutcome::Granted, None), known, moment(TODAY))
    };
    let mut left = now();
    left.admissions[0].until = FROM;
    assert_eq!(code(granted(&left)), "not_on_lot");
    let mut sold = now();
    sold.home.provider = OrganisationId(8);
    assert_eq!(code(granted(&sold)), "uplift_other_provider");
}

#[test]
fn a_decision_after_the_asked_day_never_goes_back() {
    let asked = ask(&by_percent(150), &known()).unwrap();
    let late = moment(date(2021, 10, 11));
    let found = asked.decide(PersonId(1), ruling(UpliftOutcome::Granted, None), &now(), late);
    assert_eq!(code(found), "from");
}

#[test]
fn an_appeal_is_made_within_14_days_and_answered_by_another_person() {
    let part = decided(ask(&open_book(4_200, 200), &known()).unwrap(), UpliftOutcome::InPart, Some(4_100));
    assert_eq!(part.due(), Some(date(2021, 9, 27)));
    assert!(part.clone().appeal(moment(date(2021, 9, 27))).is_ok(), "the fourteenth day");
    assert_eq!(part.clone().appeal(moment(date(2021, 9, 28))).unwrap_err().code, "appeal_late");
    let appealed = part.appeal(moment(date(2021, 9, 20))).unwrap().into_parts().0;
    assert_eq!(appealed.grants().len(), 1, "what was granted stands meanwhile");
    let answer = |by, weekly| {
        let ruling = ruling(UpliftOutcome::InPart, Some(weekly));
        let scheduled = vec![price((date(2018, 12, 15), FROM), 4_000), price((FROM, OPEN_END), 4_100)];
        appealed.clone().answer(PersonId(by), ruling, &KnownNow { scheduled, ..now() }, moment(date(2021, 9, 30)))
    };
    assert_eq!(code(answer(1, 4_150)), "appeal_same_person");
    assert_eq!(code(answer(2, 4_100)), "weekly", "no more than before is no part");
    let answered = answer(2, 4_150).unwrap().into_parts().0;
    let steps: Vec<_> = answered.grants().iter().map(|one| (one.number, one.was, one.now)).collect();
    let pounds = Pence::pounds;
    assert_eq!(steps, [(1, pounds(4_000), pounds(4_100)), (2, pounds(4_100), pounds(4_150))]);
    assert_eq!(answered.state.label(), "Appeal upheld");
    let full = decided(ask(&by_percent(150), &known()).unwrap(), UpliftOutcome::Granted, None);
    assert_eq!(full.appeal(moment(TODAY)).unwrap_err().code, "uplift_state", "there is nothing more to ask for");
}

#[test]
fn a_request_moves_as_its_table_says_and_no_other_way() {
    let asked = ask(&by_percent(150), &known()).unwrap();
    let withdrawn = asked.clone().withdraw(moment(TODAY)).unwrap().into_parts().0;
    let in_part = decided(asked.clone(), UpliftOutcome::InPart, Some(4_030));
    let appealed = in_part.clone().appeal(moment(TODAY)).unwrap().into_parts().0;
    let no = ruling(UpliftOutcome::Refused, None);
    let good = now();
    let answered = appealed.clone().answer(PersonId(2), no.clone(), &good, moment(TODAY)).unwrap().into_parts().0;
    let revoked = in_part.clone().revoke(PersonId(1), "The wrong home", moment(TODAY)).unwrap().into_parts().0;
    for from in [asked, withdrawn, in_part, appealed, answered, revoked] {
        let state = from.state.name();
        let after = |act: &str| match act {
            "withdraw" => from.clone().withdraw(moment(TODAY)).ok(),
            "fall_away" => from.clone().fall_away(moment(TODAY)).ok(),
            "decide" => from.clone().decide(PersonId(1), no.clone(), &good, moment(TODAY)).ok(),
            "appeal" => from.clone().appeal(moment(TODAY)).ok(),
            "answer" => from.clone().answer(PersonId(2), no.clone(), &good, moment(TODAY)).ok(),
            "revoke" => from.clone().revoke(PersonId(1), "The wrong home", moment(TODAY)).ok(),
            _ => None,
        };
        for act in ["withdraw", "fall_away", "decide", "appeal", "answer", "revoke"] {
            let to = MOVES.iter().find(|one| one.from == state && one.act == act).map(|one| one.to);
            assert_eq!(after(act).map(|change| change.next().state.name()), to, "{state} {act}");
        }
        assert!(UpliftState::NAMES.contains(&state));
    }
}

#[test]
fn what_was_granted_in_error_is_taken_back_with_a_reason_and_what_was_recorded_since_stays() {
    let pounds = Pence::pounds;
    let part = decided(ask(&open_book(4_200, 200), &known()).unwrap(), UpliftOutcome::InPart, Some(4_100));
    let revoke = |one: &Uplift, reasons: &str| one.clone().revoke(PersonId(2), reasons, moment(TODAY));
    assert_eq!(code(revoke(&part, " ")), "reasons");
    let revoked = revoke(&part, " The wrong home ").unwrap().into_parts().0;
    assert_eq!((revoked.grants(), revoked.due(), revoked.grant(1)), (Vec::new(), None, None), "nothing stands of it");
    assert_eq!(revoked.ever_granted(), part.grants(), "and nothing is forgotten");
    assert_eq!(revoked.revoked().unwrap().reasons, "The wrong home");
    assert_eq!(revoked.to_answer(1).unwrap_err().code, "uplift_state");
    assert_eq!(part.to_answer(1).unwrap(), part.grant(1));
    let (winter, spring) = (date(2021, 12, 1), date(2022, 3, 1));
    let scheduled = [
        price((date(2018, 12, 15), FROM), 4_000),
        price((FROM, winter), 4_100),
        price((winter, spring), 3_900),
        price((spring, OPEN_END), 4_100),
    ];
    let back = |from, to| (Nights::new(from, to).unwrap(), Some(pounds(4_000)));
    assert_eq!(revoked.given_back(&scheduled), [back(FROM, winter), back(spring, OPEN_END)]);
    let refused = decided(ask(&by_percent(150), &known()).unwrap(), UpliftOutcome::Refused, None);
    assert_eq!(code(revoke(&refused, "The wrong home")), "uplift_state", "nothing was granted");
    let again = Uplift::risen_by_formula(&[revoked], ("planned", LineKind::Core));
    assert_eq!(again, None, "the price did not rise");
}

#[test]
fn rule_4_3_a_raised_price_keeps_its_proportion_and_never_passes_the_granted_price() {
    let grant = Grant {
        number: 1,
        was: Pence::pounds(4_000),
        now: Pence::pounds(4_060),
        from: date(2021, 10, 4),
        on: date(2021, 9, 13),
    };
    assert_eq!(grant.of(Pence::pounds(4_000)), Some(Pence::pounds(4_060)));
    assert_eq!(grant.of(Pence::pounds(3_800)), Some(Pence::pounds(3_857)));
    assert_eq!(grant.of(Pence::pounds(4_050)), Some(Pence::pounds(4_060)), "never above the schedule");
    assert_eq!(grant.of(Pence::pounds(4_060)), None);
    assert_eq!(grant.of(Pence::pounds(5_000)), None);
    assert_eq!(grant.confirm_by(), date(2021, 10, 4));
}
