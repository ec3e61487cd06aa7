//! An agreement's moves against their table, signatures in any order, starts, notice bands, ends and the money released.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::homes::price::{FunderShares, KNOWN_OPEN, LineKind, Rectangle, SupportHours};
use crate::id::{DecisionId, PostId, ReferenceKind};
use crate::nights::{Nights, OPEN_END};
use crate::placing::referral::fixtures::moment;
use crate::power::annual_value::{Bucket, Reading};
use crate::power::delegation::{Act, Said, Through};
use crate::sealed::Sealed;

const START: Date = date(2021, 9, 27);
const END: Date = date(2022, 9, 26);
const TERM_END: Date = date(2022, 12, 14);

fn power() -> Power {
    Power {
        act: Act::EndAgreement,
        decision: DecisionId(1),
        reference: "HEF-2019-0114".to_owned(),
        letter: 'b'.into(),
        effective_from: date(2019, 1, 19),
        post: PostId(1),
        title: "Director".to_owned(),
        person: PersonId(2),
        through: Through::Holder,
    }
}

fn care(complete: bool) -> KeptParticulars {
    KeptParticulars {
        words: Sealed::from_bytes(vec![1]),
        complete,
        reviewed: true,
        closures: Vec::new(),
        at: START.at(8, 0, 0, 0),
    }
}

/// Prepared, with what it says about care not complete yet.
fn incomplete() -> Agreement {
    let agreement = prepared();
    Agreement { added: Added { particulars: Some(care(false)), ..Added::default() }, ..agreement }
}

fn prepared() -> Agreement {
    let line = PriceLine {
        kind: LineKind::Core,
        label: "Core price".to_owned(),
        weekly: Pence::pounds(4_150),
        from: START,
        to: OPEN_END,
        origin: START,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    };
    let terms = AgreementTerms {
        route: Route::Arrangement,
        lot: "planned".to_owned(),
        home: HomeId(1),
        bed: Some(BedId(1)),
        solo: false,
        start: START,
        lines: vec![line],
        notice: STANDARD_NOTICE.to_vec(),
        charged: ChargedDays::default(),
        terms_version: "1.2".to_owned(),
        specification_version: String::new(),
        distance: DistanceClass::InArea,
    };
    Agreement::prepare(Agreement {
        id: AgreementId(1),
        version: 0,
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Agreement, number: 137 },
        authority: OrganisationId(1),
        responsible: OrganisationId(1),
        provider: OrganisationId(5),
        child: ChildId(1),
        referral: ReferralId(1),
        offer: OfferId(1),
        case: RemitArea::ChildrenLookedAfter,
        terms,
        planned_end: END,
        reviews: Vec::new(),
        rests_on: Vec::new(),
        facts: "aa".to_owned(),
        signatures: Signatures::default(),
        added: Added { particulars: Some(care(true)), ..Added::default() },
        state: AgreementState::Prepared,
    })
    .into_parts()
    .0
}

fn on(day: Date) -> Moment {
    moment(day, 10, 20)
}

fn signature(person: i64) -> Signature {
    let at = START.at(9, 0, 0, 0);
    let (name, role) = ("Jo Smith".to_owned(), "Contracts officer".to_owned());
    Signature { person: PersonId(person), name, role, at, content: "cc".to_owned() }
}

fn signed(by: &[Side]) -> Agreement {
    by.iter().fold(prepared(), |agreement, side| agreement.sign(*side, signature(1)).unwrap().into_parts().0)
}

fn started() -> Agreement {
    signed(&[Side::Authority, Side::Provider]).start(START, None, on(START)).unwrap().into_parts().0
}

fn ending(day: Date) -> Ending {
    Ending { on: day, planned: false, reason: EndReason::HomeAsksBehaviour, power: Some(power()), without: None }
}

fn support() -> PriceLine {
    let hours = SupportHours { quarter_hours: 112, rate: Pence(1_850), staff: 1, review_on: date(2021, 10, 30) };
    PriceLine {
        kind: LineKind::AdditionalSupport,
        label: "Evenings".to_owned(),
        weekly: hours.weekly(),
        from: date(2021, 10, 28),
        to: date(2021, 11, 1),
        origin: date(2021, 10, 28),
        shares: FunderShares::AUTHORITY,
        support: Some(hours),
        reason: String::new(),
    }
}

fn dearer(from: Date) -> PriceChange {
    let (decided, reason) = (String::new(), String::new());
    PriceChange { line: 0, from, weekly: Pence::pounds(4_300), cause: PriceCause::Agreed, decided, reason }
}

fn act(agreement: Agreement, name: &str) -> Result<Change<Agreement>, Refusal> {
    let today = date(2021, 10, 27);
    match name {
        "sign" => {
            let side = agreement.signatures.missing().unwrap_or(Side::Authority);
            agreement.sign(side, signature(1))
        }
        "start" => agreement.start(START, Some(UnsignedReason::Emergency), on(START)),
        "review" => agreement.review(date(2022, 3, 1), Ok(power()), on(today)),
        "roll" => agreement.roll(on(plus_days(END, 1))),
        "give_notice" => agreement.give_notice(Side::Authority, Some(power()), on(today)),
        "end" => agreement.end(ending(date(2021, 10, 20)), on(today)),
        "cancel" => agreement.cancel(CancelReason::OtherHome, &power(), on(START)),
        "add_support" => agreement.add_support(support(), power(), on(today)),
        "change_price" => agreement.change_price(dearer(date(2021, 11, 1)), power(), on(today)),
        "reprice" => {
            let (uplift, grant) = granted(date(2021, 11, 1));
            agreement.reprice(&uplift, &grant, &scheduled(4_233), &power(), on(today))
        }
        "keep_price" => {
            let (uplift, grant) = granted(date(2021, 11, 1));
            agreement.keep_price(&uplift, &grant, &scheduled(4_233), (KeepReason::FixedPrice, power()), on(today))
        }
        other => panic!("no act {other}"),
    }
}

fn in_state(name: &str) -> Agreement {
    let unsigned = || prepared().start(START, Some(UnsignedReason::Emergency), on(START)).unwrap().into_parts().0;
    let after = |agreement, name| act(agreement, name).unwrap().into_parts().0;
    match name {
        "prepared" => prepared(),
        "signed_by_one" => signed(&[Side::Provider]),
        "signed" => signed(&[Side::Provider, Side::Authority]),
        "started" => unsigned(),
        "notice_given" => after(unsigned(), "give_notice"),
        "ended" => after(unsigned(), "end"),
        "cancelled_before_start" => after(prepared(), "cancel"),
        other => panic!("no state {other}"),
    }
}

#[test]
fn every_state_and_move_is_as_the_table_says() {
    for from in AgreementState::NAMES {
        assert_eq!(in_state(from).state.name(), *from);
        for name in [
            "sign",
            "start",
            "review",
            "roll",
            "give_notice",
            "end",
            "cancel",
            "add_support",
            "change_price",
            "reprice",
            "keep_price",
        ] {
            let found = act(in_state(from), name).map(|change| change.next().state.name());
            let row = MOVES.iter().find(|row| row.from == *from && row.act == name).map(|row| row.to);
            assert_eq!(found.ok(), row, "{from} {name}");
        }
    }
}

#[test]
fn both_sides_sign_in_any_order_and_each_once() {
    for order in [[Side::Authority, Side::Provider], [Side::Provider, Side::Authority]] {
        assert_eq!(signed(&order).state, AgreementState::Signed);
        let refusal = signed(&order[..1]).sign(order[0], signature(2)).unwrap_err();
        assert_eq!(refusal.code, "signed_before");
    }
    assert_eq!(signature(1).checked(false).unwrap_err().errors[0].field, "authority");
}

#[test]
fn an_unsigned_start_needs_a_reason_and_can_be_signed_after() {
    let refusal = signed(&[Side::Authority]).start(START, None, on(START)).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("start_unsigned", "The provider"));
    let begun = in_state("started");
    let both = begun.sign(Side::Provider, signature(1)).unwrap().into_parts().0;
    let both = both.sign(Side::Authority, signature(1)).unwrap().into_parts().0;
    assert_eq!(both.state.name(), "started");
    assert!(both.signatures.both());
}

#[test]
fn rule_1_7_a_start_is_within_three_days_of_the_approved_one() {
    let signed = || signed(&[Side::Authority, Side::Provider]);
    let code = |day: Date| signed().start(day, None, on(date(2021, 12, 1))).map_err(|refusal| refusal.code);
    assert_eq!(code(date(2021, 9, 26)).unwrap_err(), "start_not_approved");
    assert!(code(date(2021, 9, 30)).is_ok());
    assert_eq!(code(date(2021, 10, 1)).unwrap_err(), "start_not_approved");
    assert_eq!(signed().start(START, None, on(date(2021, 9, 26))).unwrap_err().code, "start_in_future");
}

#[test]
fn notice_bands_are_data_and_the_end_follows_from_them() {
    for (day, days) in [(START, 1), (date(2021, 10, 4), 14), (date(2021, 12, 27), 28)] {
        let given = started().give_notice(Side::Provider, None, on(day)).unwrap().into_parts().0;
        assert_eq!(given.nights().1, plus_days(day, days), "{day}");
    }
    assert_eq!(notice_days(&[], START, END), 0);
}

fn held(agreement: &Agreement, today: Date) -> Pence {
    let held = agreement.commitment(today).held(&Reading::default(), TERM_END, today);
    held.iter().filter(|(bucket, _)| matches!(bucket, Bucket::Year(_))).map(|(_, pence)| *pence).sum()
}

#[test]
fn rule_3_1_ending_notice_or_an_earlier_planned_end_releases_money_that_day() {
    let today = date(2021, 10, 27);
    let whole = held(&started(), today);
    assert_eq!(whole, Pence::pounds(4_150 * 52));
    let review = started().review(date(2022, 3, 28), Ok(power()), on(today)).unwrap().into_parts().0;
    assert_eq!(held(&review, today), Pence::pounds(4_150 * 26));
    let notice = started().give_notice(Side::Authority, Some(power()), on(today)).unwrap().into_parts().0;
    assert!(held(&notice, today) < held(&review, today));
    let ended = started().end(ending(date(2021, 10, 25)), on(today)).unwrap().into_parts().0;
    assert_eq!(held(&ended, today), Pence::pounds(4_150 * 4));
    let cancelled = prepared().cancel(CancelReason::OtherHome, &power(), on(START)).unwrap().into_parts().0;
    assert_eq!(held(&cancelled, START), Pence::ZERO);
}

#[test]
fn rule_3_1_an_overdue_planned_end_rolls_28_days_and_warns() {
    let today = plus_days(END, 1);
    assert!(started().overdue(today));
    assert!(!started().overdue(END), "an end that falls today is not overdue yet");
    let rolled = started().roll(on(today)).unwrap().into_parts().0;
    assert_eq!(rolled.planned_end, plus_days(END, 28));
    assert_eq!(rolled.reviews.last().unwrap().power, None);
}

#[test]
fn rule_3_1_a_notice_that_has_run_out_while_the_child_stays_rolls_28_days_and_warns() {
    let given = in_state("notice_given");
    let until = given.nights().1;
    assert!(!given.overdue(until) && given.overdue(plus_days(until, 1)));
    let rolled = given.roll(on(plus_days(until, 1))).unwrap().into_parts().0;
    assert_eq!((rolled.state.name(), rolled.nights().1), ("notice_given", plus_days(until, 28)));
    assert!(!rolled.overdue(until));
    let review = rolled.reviews.last().unwrap();
    assert_eq!((review.was, review.now, &review.power), (until, plus_days(until, 28), &None));
}

#[test]
fn what_is_signed_is_what_is_said_and_a_change_before_both_have_signed_asks_anew() {
    let one = signed(&[Side::Provider]);
    let before = one.content();
    for name in ["review", "add_support", "change_price"] {
        let (now, event) = act(one.clone(), name).unwrap().into_parts();
        assert_ne!(now.content(), before, "{name} changes what is said");
        assert!(now.signatures.provider.is_none(), "{name} takes the signature back");
        assert_eq!(now.state, AgreementState::Prepared);
        assert!(event.facts.contains(&("sign_anew".to_owned(), "provider".to_owned())), "{name}");
        let both = act(signed(&[Side::Provider, Side::Authority]), name).unwrap().into_parts().0;
        assert!(both.signatures.both(), "{name} varies what both signed, and takes nothing back");
    }
    let other = Signature { content: "dd".to_owned(), ..signature(2) };
    assert_eq!(one.sign(Side::Authority, other).unwrap_err().code, "signed_something_else");
}

#[test]
fn nobody_signs_before_the_particulars_are_complete_unless_the_child_had_to_start() {
    assert_eq!(incomplete().sign(Side::Provider, signature(1)).unwrap_err().code, "particulars_incomplete");
    let begun = incomplete().start(START, Some(UnsignedReason::Emergency), on(START)).unwrap().into_parts().0;
    let both = [Side::Provider, Side::Authority]
        .into_iter()
        .fold(begun, |agreement, side| agreement.sign(side, signature(1)).unwrap().into_parts().0);
    assert!(both.signatures.both());
    let completed = both.complete_particulars(Sealed::from_bytes(vec![2]), on(START)).unwrap().into_parts().0;
    assert_eq!(completed.state.name(), "started");
    assert!(completed.signatures == Signatures::default(), "what was signed without them is signed anew");
    let again = completed.sign(Side::Provider, signature(1)).unwrap().into_parts().0;
    let late = again.complete_particulars(Sealed::from_bytes(vec![3]), on(START)).unwrap_err();
    assert_eq!(late.code, "particulars_signed");
}

#[test]
fn rule_1_2_a_decision_by_word_waits_until_whoever_said_it_confirms() {
    let moment = on(date(2021, 10, 27));
    let said = Said::record(
        (Act::VaryAgreement, started().version + 1),
        (PersonId(2), moment.local),
        PersonId(1),
        &crate::calendar::WorkingDays::default(),
        moment,
    );
    let noted = started().decided_by_word(said.unwrap());
    let (now, event) = noted.review(date(2022, 3, 1), Ok(power()), moment).unwrap().into_parts();
    assert!(event.facts.iter().any(|(name, _)| name == "confirm_by"), "the event says that it was by word");
    assert_eq!(now.to_confirm().count(), 1);
    let version = now.version;
    assert_eq!(now.clone().confirm_said(version, PersonId(3), moment).unwrap_err().code, "agreement_state");
    let confirmed = now.confirm_said(version, PersonId(2), moment).unwrap().into_parts().0;
    assert_eq!(confirmed.to_confirm().count(), 0);
    let next = confirmed.review(date(2022, 4, 1), Ok(power()), moment).unwrap();
    assert!(!next.event().facts.iter().any(|(name, _)| name == "confirm_by"), "only its own act was by word");
}

#[test]
fn rule_1_2_ending_cites_limb_post_and_decision() {
    let (_, event) = started().end(ending(date(2021, 10, 25)), on(date(2021, 10, 27))).unwrap().into_parts();
    for (name, value) in [("decision", "HEF-2019-0114"), ("limb", "b"), ("post", "1"), ("reason", "CREQB")] {
        assert!(event.facts.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
}

#[test]
fn end_reasons_are_the_statutory_returns_own() {
    let codes: Vec<&str> = EndReason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(
        codes,
        ["CARPL", "CLOSE", "ALLEG", "STAND", "APPRR", "CREQB", "CREQO", "CHILD", "LAREQ", "PLACE", "CUSTOD", "OTHER"]
    );
}

proptest! {
    #[test]
    fn rule_4_1_what_an_ended_stay_and_the_rest_cost_sums_to_the_whole(nights in 1i64..364) {
        let whole = started().whole_cost();
        let day = plus_days(START, nights);
        let ended = started().end(ending(day), on(END)).unwrap().into_parts().0;
        let rest = ended.terms.lines[0].charge(Nights::new(day, END).unwrap());
        prop_assert_eq!(ended.whole_cost() + rest, whole);
    }
}

#[test]
fn rule_4_1_a_line_that_is_cut_by_a_new_price_keeps_its_origin_and_sums_to_the_whole() {
    let before = started();
    let now = act(before.clone(), "change_price").unwrap().into_parts().0;
    let [old, new] = now.terms.lines.as_slice() else { panic!("two lines") };
    assert_eq!((old.to, new.from, new.origin), (date(2021, 11, 1), date(2021, 11, 1), START));
    let stay = Nights::new(START, END).unwrap();
    let weeks = crate::nights::days_between(date(2021, 11, 1), END) / 7;
    let whole: Pence = now.terms.lines.iter().map(|line| line.charge(stay)).sum();
    assert_eq!(whole, before.whole_cost() + Pence::pounds(150 * weeks));
    assert_eq!(now.added.variations[0].power.letter, 'b'.into());
}

#[test]
fn rule_4_2_support_lies_within_the_stay_has_an_end_and_stops_there() {
    let on_day = on(date(2021, 10, 27));
    let late = PriceLine { to: date(2022, 10, 1), ..support() };
    assert_eq!(started().add_support(late, power(), on_day).unwrap_err().code, "outside_the_stay");
    let endless = PriceLine { to: OPEN_END, ..support() };
    assert_eq!(started().add_support(endless, power(), on_day).unwrap_err().code, "support_without_end");
    let now = act(started(), "add_support").unwrap().into_parts().0;
    assert_eq!(now.whole_cost() - started().whole_cost(), Pence(29_600), "four nights of £518 a week");
}

#[test]
fn a_price_of_nights_that_have_passed_changes_only_as_a_correction() {
    let today = on(date(2021, 10, 27));
    let past = dearer(date(2021, 10, 1));
    assert_eq!(started().change_price(past.clone(), power(), today).unwrap_err().code, "price_in_the_past");
    let corrected = PriceChange { cause: PriceCause::BackDated, ..past };
    assert!(started().change_price(corrected, power(), today).is_ok());
    let stop = PriceChange { weekly: Pence::ZERO, ..dearer(date(2021, 11, 1)) };
    assert_eq!(started().change_price(stop, power(), today).unwrap_err().code, "line_cannot_change_so");
    let none = PriceChange { line: 7, ..dearer(date(2021, 11, 1)) };
    assert_eq!(started().change_price(none, power(), today).unwrap_err().code, "no_line");
}

#[test]
fn rule_4_5_the_threshold_is_that_of_the_date() {
    assert_eq!(threshold_on(date(2019, 12, 31)), Pence::pounds(615_278));
    assert_eq!(threshold_on(date(2021, 9, 13)), Pence::pounds(663_540));
    let watch = |whole: i64, all: i64| ValueWatch {
        whole_life: Pence::pounds(whole),
        cumulative: Pence::pounds(all),
        threshold: threshold_on(START),
    };
    assert!(!watch(100, 663_539).reached() && watch(100, 663_540).reached());
    assert!(!watch(100, 700_000).alone() && watch(663_540, 700_000).alone());
    assert_eq!(prepared().award_notice_due(&watch(100, 700_000)), None, "each award by itself is below");
}

#[test]
fn reviews_follow_the_clock_of_regulation_33_up_to_the_planned_end() {
    let days = crate::calendar::WorkingDays::default();
    let found = review_days(START, END, &days);
    assert_eq!(found, [date(2021, 10, 25), date(2022, 1, 25), date(2022, 7, 25)]);
    assert!(review_days(START, date(2021, 10, 1), &days).is_empty());
}

#[test]
fn what_the_price_leaves_out_is_what_it_does_not_include() {
    let words = Particulars { included: vec![Included::PocketMoney], ..Particulars::default() };
    assert_eq!(words.excluded().len(), Included::ALL.len() - 1);
    assert_eq!(words.check().unwrap_err().errors.len(), 4);
    let kept = Sealed::from_bytes(vec![1]);
    let signed = signed(&[Side::Provider]).complete_particulars(kept.clone(), on(START)).unwrap_err();
    assert_eq!(signed.code, "particulars_signed");
    let begun = incomplete().start(START, Some(UnsignedReason::Emergency), on(START)).unwrap().into_parts().0;
    assert!(begun.complete_particulars(kept, on(START)).unwrap().next().particulars_complete());
}

#[test]
fn rule_3_2_a_decided_uplift_names_what_decided_it_and_a_correction_begins_in_the_past() {
    let today = on(date(2021, 10, 27));
    let uplift = PriceChange { cause: PriceCause::UpliftDecided, ..dearer(date(2021, 11, 1)) };
    let bare = started().change_price(uplift.clone(), power(), today).unwrap_err();
    assert_eq!(bare.code, "uplift_without_reference");
    let named = PriceChange { decided: "Region's uplift letter, 1 April 2021".into(), ..uplift };
    let now = started().change_price(named, power(), today).unwrap().into_parts().0;
    assert_eq!(now.added.variations[0].decided, "Region's uplift letter, 1 April 2021");
    let ahead = PriceChange { cause: PriceCause::BackDated, ..dearer(date(2021, 11, 1)) };
    assert_eq!(started().change_price(ahead, power(), today).unwrap_err().code, "correction_of_the_future");
}

#[test]
fn rule_1_7_a_later_end_before_the_start_goes_back_to_approval() {
    let today = on(START);
    let later = prepared().review(plus_days(END, 1), Ok(power()), today).unwrap_err();
    assert_eq!(later.code, "later_end_not_approved");
    assert!(prepared().review(plus_days(END, -1), Ok(power()), today).is_ok());
    assert!(started().review(plus_days(END, 1), Ok(power()), today).is_ok());
}

#[test]
fn rule_3_2_an_overstay_is_28_days_at_a_time_and_only_from_the_planned_end_on() {
    assert_eq!(prepared().overstay_until(END), None);
    assert_eq!(started().overstay_until(plus_days(END, -1)), None);
    assert_eq!(started().overstay_until(END), Some(plus_days(END, 28)));
    assert_eq!(started().overstay_until(plus_days(END, 5)), Some(plus_days(END, 28)));
    assert_eq!(started().overstay_until(plus_days(END, 28)), Some(plus_days(END, 56)));
}

#[test]
fn rule_1_7_a_provider_asks_for_another_start_and_the_start_answers_it() {
    let today = on(date(2021, 9, 24));
    let later = Wanted::Start { on: date(2021, 9, 29) };
    let asked = signed(&[Side::Authority, Side::Provider]).ask(later, PersonId(9), today).unwrap().into_parts().0;
    assert_eq!(asked.asked_open().count(), 1);
    let twice = asked.clone().ask(Wanted::Start { on: date(2021, 9, 30) }, PersonId(9), today);
    assert_eq!(twice.unwrap_err().code, "asked_before");
    for unfit in [START, date(2021, 9, 23), END] {
        let refused = prepared().ask(Wanted::Start { on: unfit }, PersonId(9), today);
        assert_eq!(refused.unwrap_err().code, "cannot_be_asked", "{unfit}");
    }
    let begun = asked.start(date(2021, 9, 29), None, on(date(2021, 9, 29))).unwrap().into_parts().0;
    assert_eq!(begun.asked_open().count(), 0, "the start on that day is the answer");
    assert!(begun.ask(later, PersonId(9), on(date(2021, 9, 30))).is_err(), "it has begun");
}

/// A request of the agreement's home, granted from this day, from £4,150 to £4,233 a week.
fn granted(from: Date) -> (crate::homes::price::uplift::Uplift, crate::homes::price::uplift::Grant) {
    use crate::homes::price::uplift::{Ruled, Uplift, UpliftBasis, UpliftOutcome, UpliftState};
    let ruled = Ruled {
        outcome: UpliftOutcome::Granted,
        weekly: Some(Pence::pounds(4_233)),
        from: Some(from),
        reasons: String::new(),
        by: PersonId(1),
        at: START.at(9, 0, 0, 0),
    };
    let uplift = Uplift {
        id: crate::id::UpliftId(7),
        version: 2,
        region: OrganisationId(9),
        provider: OrganisationId(5),
        reference: "PU-SC400001-1".to_owned(),
        home: HomeId(1),
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        lot: "planned".to_owned(),
        line: LineKind::Core,
        basis: UpliftBasis::OpenBook,
        formula: None,
        was: Pence::pounds(4_150),
        asked: Pence::pounds(4_233),
        from,
        by: PersonId(3),
        at: START.at(9, 0, 0, 0),
        state: UpliftState::Decided { ruled },
    };
    let grant = uplift.grant(1).unwrap();
    (uplift, grant)
}

/// What is scheduled of the line: this price of a week in pounds.
fn scheduled(pounds: i64) -> Vec<Rectangle<Pence>> {
    let (from, value) = (date(2018, 12, 15), Pence::pounds(pounds));
    vec![Rectangle { from, to: OPEN_END, origin: from, known_from: 1, known_to: KNOWN_OPEN, value }]
}

#[test]
fn rule_4_3_a_rise_is_not_confirmed_above_a_schedule_that_was_corrected_since() {
    let (uplift, grant) = granted(date(2021, 11, 1));
    let corrected = scheduled(4_232);
    let refused = started().reprice(&uplift, &grant, &corrected, &power(), on(START)).unwrap_err();
    assert_eq!(refused.code, "above_tendered_price");
    assert!(!started().follows(&uplift, &grant, &corrected), "so nobody is asked to");
    assert!(started().at_granted(&[(uplift.clone(), corrected)]).is_none(), "nor is it expected");
    let later = date(2022, 9, 1);
    let mut falls = scheduled(4_233);
    falls[0].to = later;
    falls.push(Rectangle { from: later, ..scheduled(4_200).remove(0) });
    let refused = started().reprice(&uplift, &grant, &falls, &power(), on(START)).unwrap_err();
    assert_eq!(refused.code, "above_tendered_price", "on its last nights too");
    assert!(started().follows(&uplift, &grant, &scheduled(4_233)));
}

#[test]
fn rule_4_3_a_later_night_without_a_scheduled_price_holds_no_rise_back_and_the_first_has_one() {
    let (uplift, grant) = granted(date(2021, 11, 1));
    let (winter, spring) = (date(2022, 1, 1), date(2022, 3, 1));
    let between = |from, to| Rectangle { from, to, ..scheduled(4_233).remove(0) };
    let ends = vec![between(date(2018, 12, 15), winter)];
    let gap = vec![ends[0].clone(), between(spring, OPEN_END)];
    for scheduled in [ends, gap] {
        assert!(started().follows(&uplift, &grant, &scheduled), "as it was granted, so it is asked");
        let now = started().reprice(&uplift, &grant, &scheduled, &power(), on(START)).unwrap().into_parts().0;
        assert_eq!(started().at_granted(&[(uplift.clone(), scheduled)]).unwrap().terms.lines, now.terms.lines);
        assert_eq!(now.terms.lines.last().unwrap().weekly, Pence::pounds(4_233));
    }
    for gone in [Vec::new(), vec![between(winter, OPEN_END)]] {
        let refused = started().reprice(&uplift, &grant, &gone, &power(), on(START)).unwrap_err();
        assert_eq!(refused.code, "no_tendered_price", "the schedule has nothing of it on its first night");
        assert!(!started().follows(&uplift, &grant, &gone));
    }
}

#[test]
fn a_grant_that_is_asked_of_nobody_holds_no_later_one_back() {
    use crate::homes::price::uplift::{Ruled, UpliftState};
    let (mut uplift, first) = granted(date(2021, 11, 1));
    let winter = date(2022, 1, 1);
    let UpliftState::Decided { ruled } = uplift.state.clone() else { unreachable!() };
    let answer = Ruled { weekly: Some(Pence::pounds(4_300)), from: Some(winter), ..ruled.clone() };
    uplift.state = UpliftState::Answered { ruled, answer };
    let second = uplift.grant(2).unwrap();
    let priced = |from, to, pounds| Rectangle { from, to, ..scheduled(pounds).remove(0) };
    let whole = [priced(date(2018, 12, 15), winter, 4_233), priced(winter, OPEN_END, 4_300)];
    let early = started().reprice(&uplift, &second, &whole, &power(), on(START)).unwrap_err();
    assert_eq!(early.code, "earlier_grant_first");
    let corrected = [priced(date(2018, 12, 15), winter, 4_200), priced(winter, OPEN_END, 4_300)];
    assert!(!started().follows(&uplift, &first, &corrected), "the first would pass the schedule until winter");
    assert!(started().follows(&uplift, &second, &corrected));
    assert!(started().reprice(&uplift, &second, &corrected, &power(), on(START)).is_ok());
    let reason = (KeepReason::FixedPrice, power());
    assert!(started().keep_price(&uplift, &second, &corrected, reason, on(START)).is_ok());
}

#[test]
fn a_granted_rise_changes_an_agreement_once_and_only_when_it_is_confirmed() {
    let from = date(2021, 11, 1);
    let (uplift, grant) = granted(from);
    let would = started().repricing(&uplift, &grant).unwrap();
    assert_eq!(would.weekly(), Pence::pounds(83));
    let now = started().reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START)).unwrap().into_parts().0;
    let lines: Vec<_> = now.terms.lines.iter().map(|line| (line.weekly, line.from, line.to, line.origin)).collect();
    let pounds = Pence::pounds;
    assert_eq!(lines, [(pounds(4_150), START, from, START), (pounds(4_233), from, OPEN_END, START)]);
    let varied = now.added.variations.last().unwrap();
    assert_eq!((varied.was, varied.now, varied.decided.as_str()), (pounds(4_150), pounds(4_233), "PU-SC400001-1"));
    let all = &[(uplift.clone(), scheduled(4_233))];
    assert_eq!(started().at_granted(all).unwrap().terms.lines, now.terms.lines, "expected as it will be confirmed");
    assert!(now.at_granted(all).is_none(), "nothing waits");
    assert_eq!(
        now.clone().reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START)).unwrap_err().code,
        "repriced_already"
    );
    let reason = (KeepReason::FixedPrice, power());
    let kept = started().keep_price(&uplift, &grant, &scheduled(4_233), reason, on(START));
    let kept = kept.unwrap().into_parts().0;
    assert_eq!(kept.terms, started().terms);
    assert!(kept.at_granted(all).is_none());
    assert_eq!(
        kept.reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START)).unwrap_err().code,
        "repriced_already"
    );
}

#[test]
fn a_rise_confirmed_late_holds_from_the_night_it_was_granted_for() {
    let (uplift, grant) = granted(date(2021, 11, 1));
    let now =
        started().reprice(&uplift, &grant, &scheduled(4_233), &power(), on(date(2021, 11, 20))).unwrap().into_parts().0;
    assert_eq!(now.terms.lines[1].from, date(2021, 11, 1));
}

#[test]
fn a_rise_passes_by_other_homes_lots_routes_and_stays_that_are_over_or_begin_after_it() {
    let (uplift, grant) = granted(date(2021, 11, 1));
    let other = |change: fn(&mut Agreement)| {
        let mut agreement = started();
        change(&mut agreement);
        agreement
            .reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START))
            .map(|_| ())
            .map_err(|refusal| refusal.code)
    };
    let nothing = Err("nothing_to_reprice".to_owned());
    assert_eq!(other(|one| one.terms.home = HomeId(2)), nothing);
    assert_eq!(other(|one| one.terms.lot = "crisis".to_owned()), nothing);
    assert_eq!(other(|one| one.terms.route = Route::Spot), nothing);
    assert_eq!(other(|one| one.planned_end = date(2021, 11, 1)), nothing, "the last night is before it");
    assert_eq!(other(|one| one.terms.lines[0].weekly = Pence::pounds(4_233)), nothing, "it stands at the price");
    assert_eq!(other(|_| {}), Ok(()));
    let (uplift, grant) = granted(START);
    let begins = started().reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START)).unwrap_err();
    assert_eq!(begins.code, "nothing_to_reprice", "a stay that begins then has the price of its own day");
    let ended = in_state("ended");
    let (uplift, grant) = granted(date(2021, 11, 1));
    assert_eq!(
        ended.reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START)).unwrap_err().code,
        "agreement_state"
    );
}

#[test]
fn rule_4_1_a_repriced_stay_costs_the_sum_of_its_parts() {
    let from = date(2021, 11, 3);
    let (uplift, grant) = granted(from);
    let before = started();
    let now = started().reprice(&uplift, &grant, &scheduled(4_233), &power(), on(START)).unwrap().into_parts().0;
    let nights = |a, b| Nights::new(a, b).unwrap();
    let charge = |of: &Agreement, nights| of.terms.lines.iter().map(|line| line.charge(nights)).sum::<Pence>();
    assert_eq!(charge(&now, nights(START, from)), charge(&before, nights(START, from)), "nothing before it moves");
    let whole = charge(&now, nights(START, END));
    assert_eq!(whole, charge(&now, nights(START, from)) + charge(&now, nights(from, END)));
    assert!(whole > charge(&before, nights(START, END)));
}

#[test]
fn rule_4_1_an_agreement_charges_the_days_it_was_issued_with_and_signs_them() {
    let night = Pence(415_000 / 7);
    let with = |charged| {
        let one = started();
        Agreement { terms: AgreementTerms { charged, ..one.terms.clone() }, ..one }
    };
    let (standard, both, neither) = (started(), with(ChargedDays::Both), with(ChargedDays::Neither));
    assert!((both.whole_cost() - standard.whole_cost() - night).0.abs() <= 1, "one day more");
    assert!((standard.whole_cost() - neither.whole_cost() - night).0.abs() <= 1, "one day less");
    let (from, to) = both.nights();
    let cut = plus_days(from, 100);
    let parts = both.cost_within(Nights::new(from, cut).unwrap()) + both.cost_within(Nights::open(cut));
    assert_eq!(parts, both.whole_cost());
    assert_eq!(both.cost_within(Nights::new(from, to).unwrap()), standard.whole_cost(), "the last day comes after");
    assert_eq!(both.commitment(from).charged, ChargedDays::Both);
    assert!(!standard.content().contains("charged"), "what was signed before keeps its hash");
    assert!(both.content().contains("charged=both"));
}

#[test]
fn rule_4_1_the_lines_of_the_months_sum_to_the_whole_cost_whichever_days_are_charged() {
    for days in ChargedDays::ALL {
        let mut agreement = prepared();
        agreement.terms.charged = *days;
        let mut more = agreement.terms.lines[0].clone();
        (more.kind, more.weekly) = (LineKind::Education, Pence(70_333));
        (more.from, more.to) = (date(2021, 11, 10), date(2022, 2, 15));
        more.origin = more.from;
        agreement.terms.lines.push(more);
        let (mut month, mut sum, mut nights) = (date(2021, 9, 1), Pence::ZERO, 0);
        while month <= date(2022, 10, 1) {
            let next = crate::nights::plus_days(month.last_of_month(), 1);
            let within = agreement.lines_within(Nights::new(month, next).unwrap());
            for line in within {
                sum += line.charge;
                nights += if line.kind == LineKind::Core { line.nights.count() } else { 0 };
            }
            month = next;
        }
        assert_eq!(sum, agreement.whole_cost(), "{}", days.code());
        assert_eq!(nights, 364 + i64::from(days.beyond_nights()), "{}", days.code());
    }
    let october = Nights::new(date(2021, 10, 1), date(2021, 11, 1)).unwrap();
    let ended = started().end(ending(date(2021, 10, 15)), on(date(2021, 10, 15))).unwrap().into_parts().0;
    let lines = ended.lines_within(october);
    assert_eq!(lines.len(), 1);
    assert_eq!(
        lines[0].nights,
        Nights::new(date(2021, 10, 1), date(2021, 10, 15)).unwrap(),
        "the end date is not charged"
    );
}
