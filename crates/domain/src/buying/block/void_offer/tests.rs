//! Journey C-09 and rule 6 in sentences: an empty bed is offered in the contract's order.
#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::*;

const HEF: OrganisationId = OrganisationId(2);
const SHR: OrganisationId = OrganisationId(3);
const TEL: OrganisationId = OrganisationId(4);
const SINCE: Date = date(2022, 1, 10);

fn moment(day: Date, hour: i8) -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(hour, 0, 0, 0) }
}

fn offered(authority: OrganisationId, turn: u8) -> VoidOffer {
    let offer = VoidOffer {
        id: i64::from(turn),
        version: 0,
        block: BlockId(7),
        lead: OrganisationId(1),
        provider: OrganisationId(9),
        authority,
        slot: 1,
        since: SINCE,
        turn,
        offered: SINCE.at(0, 0, 0, 0),
        state: VoidOfferState::Passed { at: SINCE.at(0, 0, 0, 0) },
    };
    VoidOffer::offer(offer, 24, moment(SINCE, 9)).into_parts().0
}

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code
}

/// Walks the machine by the table's acts from every state.
#[test]
fn an_offer_of_a_void_moves_as_its_table_says_and_not_otherwise() {
    let (soon, late) = (moment(SINCE, 10), moment(date(2022, 1, 20), 9));
    let next = |change: Result<Change<VoidOffer>, Refusal>| change.map(|change| change.into_parts().0);
    let open = offered(HEF, 1);
    let taken = next(open.clone().take(72, soon)).unwrap();
    let all = [
        open.clone(),
        taken.clone(),
        next(open.clone().pass(soon)).unwrap(),
        next(open.clone().lapse(late)).unwrap(),
        next(open.clone().close(soon)).unwrap(),
    ];
    for one in all {
        let from = one.state.name();
        let done = [
            ("take", next(one.clone().take(72, soon))),
            ("pass", next(one.clone().pass(soon))),
            ("lapse", next(one.clone().lapse(late))),
            ("close", next(one.clone().close(soon))),
        ];
        for (act, result) in done {
            let allowed = VOID_OFFER_MOVES.iter().find(|step| step.from == from && step.act == act);
            match (allowed, result) {
                (Some(step), Ok(moved)) => {
                    assert_eq!((moved.state.name(), moved.version), (step.to, one.version + 1), "{from} {act}");
                }
                (None, Err(refusal)) => assert_eq!(refusal.code, "void_offer_state", "{from} {act}"),
                (allowed, result) => unreachable!("{from} {act}: {allowed:?} {result:?}"),
            }
        }
    }
}

#[test]
fn c_09_an_offer_is_taken_within_its_hours_and_lapses_at_their_end() {
    let open = offered(HEF, 1);
    let (last, end) = (moment(date(2022, 1, 11), 8), moment(date(2022, 1, 11), 9));
    assert_eq!(refused(open.clone().lapse(last)), "void_offer_state", "not before its time");
    assert_eq!(refused(open.clone().take(72, end)), "void_offer_over");
    assert!(open.clone().lapse(end).is_ok());
    let taken = open.take(72, last).unwrap().into_parts().0;
    assert_eq!(taken.state.until(), Some(date(2022, 1, 14).at(8, 0, 0, 0)), "the contract's hours to nominate");
    assert_eq!(refused(taken.clone().lapse(moment(date(2022, 1, 14), 7))), "void_offer_state");
    assert!(taken.lapse(moment(date(2022, 1, 14), 8)).is_ok());
}

#[test]
fn c_09_each_authority_is_asked_once_in_the_order_and_others_come_after_the_last() {
    let turns = [HEF, SHR];
    let at = (1, SINCE);
    assert_eq!(void_turn(&turns, &[], at), VoidTurn::Next(HEF, 1));
    let mut offers = vec![offered(HEF, 1)];
    let turn = void_turn(&turns, &offers, at);
    assert!(may_nominate_in_turn(turn, HEF, 1).is_ok());
    assert_eq!(refused(may_nominate_in_turn(turn, SHR, 1)), "void_not_your_turn");
    assert_eq!(refused(may_sell_after(turn, 1)), "void_order_open");
    offers[0] = offers[0].clone().pass(moment(SINCE, 10)).unwrap().into_parts().0;
    assert_eq!(void_turn(&turns, &offers, at), VoidTurn::Next(SHR, 2));
    assert_eq!(refused(may_nominate_in_turn(void_turn(&turns, &offers, at), SHR, 1)), "void_not_your_turn");
    offers.push(offered(SHR, 2).take(72, moment(SINCE, 10)).unwrap().into_parts().0);
    assert_eq!(refused(may_sell_after(void_turn(&turns, &offers, at), 1)), "void_order_open", "kept for its child");
    offers[1] = offers[1].clone().lapse(moment(date(2022, 1, 20), 9)).unwrap().into_parts().0;
    assert_eq!(void_turn(&turns, &offers, at), VoidTurn::Over);
    assert!(may_sell_after(VoidTurn::Over, 1).is_ok() && may_nominate_in_turn(VoidTurn::Over, HEF, 1).is_ok());
    let later = (1, date(2022, 3, 1));
    assert_eq!(void_turn(&turns, &offers, later), VoidTurn::Next(HEF, 1), "a later void begins anew");
    assert_eq!(void_turn(&turns, &offers, (2, SINCE)), VoidTurn::Next(HEF, 1), "and so does another bed");
}

#[test]
fn c_09_an_authority_later_in_the_order_knows_the_latest_hour_at_which_a_bed_comes_to_it() {
    let turns = [HEF, SHR, TEL];
    let first = [offered(HEF, 1)];
    let comes =
        |offers: &[VoidOffer], authority| turn_comes(&turns, void_turn(&turns, offers, (1, SINCE)), 24, authority);
    assert_eq!(comes(&first, SHR), Some(date(2022, 1, 11).at(9, 0, 0, 0)), "the day that the first has");
    assert_eq!(comes(&first, TEL), Some(date(2022, 1, 12).at(9, 0, 0, 0)), "and another day for the second");
    assert_eq!(comes(&first, HEF), None, "it is its own");
    let taken = [first[0].clone().take(72, moment(SINCE, 10)).unwrap().into_parts().0];
    assert_eq!(comes(&taken, SHR), Some(date(2022, 1, 13).at(10, 0, 0, 0)), "a child has to be nominated by then");
    assert_eq!(comes(&[], SHR), None, "nobody has been asked");
    let passed = [first[0].clone().pass(moment(SINCE, 10)).unwrap().into_parts().0, offered(SHR, 2)];
    assert_eq!(comes(&passed, HEF), None, "it has passed");
}

#[test]
fn an_order_names_every_paying_authority_once_and_gives_hours() {
    let shares = [BlockShare { authority: HEF, weight: 6_000 }, BlockShare { authority: SHR, weight: 4_000 }];
    let check = |order: &[OrganisationId], hours| {
        let mut invalid = Invalid::default();
        VoidOrder { order: order.to_vec(), hours }.check(&shares, &mut invalid);
        invalid.errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    assert!(check(&[SHR, HEF], 24).is_empty());
    for wrong in [&[HEF][..], &[HEF, HEF], &[HEF, SHR, TEL], &[]] {
        assert_eq!(check(wrong, 24), ["void_order"], "{wrong:?}");
    }
    assert_eq!(check(&[HEF, SHR], 0), ["void_hours"]);
    assert_eq!(check(&[HEF, SHR], 1_001), ["void_hours"]);
}
