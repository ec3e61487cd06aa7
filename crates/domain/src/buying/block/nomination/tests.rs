//! Moves of a nomination, the count of refusals, and when nights may be sold.
#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::*;
use crate::buying::block::{RefusalLimit, void};
use crate::id::{DecisionId, PersonId, PostId, ReferenceKind};
use crate::money::Pence;
use crate::power::delegation::{Act, Through};

fn moment(day: Date, hour: i8) -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(hour, 0, 0, 0) }
}

fn spec() -> BlockSpec {
    BlockSpec {
        beds: 2,
        floating: false,
        from: date(2021, 4, 15),
        until: date(2024, 4, 15),
        guaranteed_beds: 2,
        guaranteed_percent: 100,
        nomination_hours: 72,
        refusals: RefusalLimit { permitted: 1, period: RefusalPeriod::Quarter },
        resale_percent: Some(50),
        credit_suspended: 100,
        credit_unstaffed: 100,
        breaks: Vec::new(),
        break_notice_days: 90,
        notice_days: None,
        extendable_until: None,
        void_order: None,
    }
}

fn power() -> Power {
    Power {
        act: Act::ConcedeBlockRefusal,
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

fn made(id: i64, day: Date) -> Nomination {
    let nomination = Nomination {
        id: NominationId(id),
        version: 0,
        block: BlockId(1),
        slot: 1,
        home: HomeId(1),
        bed: Some(BedId(1)),
        authority: OrganisationId(1),
        responsible: OrganisationId(1),
        provider: OrganisationId(5),
        referral: ReferralId(id),
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Referral, number: 42 },
        made: day.at(0, 0, 0, 0),
        state: NominationState::Open,
    };
    Nomination::nominate(nomination, moment(day, 10)).into_parts().0
}

fn refused(id: i64, day: Date) -> Nomination {
    made(id, day).refuse(RefusalReason::Residents, moment(day, 15)).unwrap().into_parts().0
}

/// Walks the machine by the table's acts from every state.
#[test]
fn a_nomination_moves_as_its_table_says_and_not_otherwise() {
    let nights = Nights::new(date(2021, 9, 20), date(2021, 11, 29)).unwrap();
    let now = moment(date(2021, 9, 13), 10);
    let open = made(1, date(2021, 9, 13));
    let accepted = open.clone().accept(now).unwrap().into_parts().0;
    let refused = open.clone().refuse(RefusalReason::Purpose, now).unwrap().into_parts().0;
    let conceded = refused.clone().concede(power()).unwrap().into_parts().0;
    let withdrawn = open.clone().withdraw(WithdrawReason::OtherHome, now).unwrap().into_parts().0;
    let placed = accepted.clone().place(AgreementId(7), nights, false).unwrap().into_parts().0;
    for one in [open, accepted, refused, conceded, withdrawn, placed] {
        let acts: [(&str, Option<Change<Nomination>>); 7] = [
            ("accept", one.clone().accept(now).ok()),
            ("refuse", one.clone().refuse(RefusalReason::Other, now).ok()),
            ("concede", one.clone().concede(power()).ok()),
            ("withdraw", one.clone().withdraw(WithdrawReason::OtherHome, now).ok()),
            ("withdraw", one.clone().withdraw(WithdrawReason::AgreementCancelled, now).ok()),
            ("place", one.clone().place(AgreementId(7), nights, false).ok()),
            ("follow", one.clone().follow(nights).ok()),
        ];
        for (act, done) in acts {
            let to = done.map(|change| change.next().state.name());
            let listed = MOVES.iter().find(|step| step.from == one.state.name() && step.act == act);
            if let Some(to) = to {
                assert_eq!(listed.map(|step| step.to), Some(to), "{} {act}", one.state.name());
            }
        }
        for step in MOVES.iter().filter(|step| step.from == one.state.name() && step.act != "withdraw") {
            assert!(["accept", "refuse", "concede", "place", "follow"].contains(&step.act));
        }
    }
}

#[test]
fn rule_6_2_refusals_are_counted_in_their_period_and_a_conceded_one_is_not() {
    let spec = spec();
    let (june, july, august) =
        (refused(1, date(2021, 6, 30)), refused(2, date(2021, 7, 5)), refused(3, date(2021, 8, 2)));
    let all = [june, july.clone(), august.clone()];
    let outcomes = |all: &[Nomination]| -> Vec<NominationOutcome> {
        nomination_facts(&spec, all).into_iter().map(|fact| fact.outcome).collect()
    };
    let (within, beyond) =
        (NominationOutcome::Fell(VoidCause::RefusedWithin), NominationOutcome::Fell(VoidCause::RefusedBeyond));
    assert_eq!(outcomes(&all), [within, within, beyond], "a new quarter begins in July");
    let conceded = july.concede(power()).unwrap().into_parts().0;
    let unsuitable = NominationOutcome::Fell(VoidCause::Unsuitable);
    assert_eq!(outcomes(&[all.first().unwrap().clone(), conceded, august]), [within, unsuitable, within]);
    let unstaffed = made(4, date(2021, 8, 9)).refuse(RefusalReason::Staffing, moment(date(2021, 8, 9), 12)).unwrap();
    assert_eq!(unstaffed.next().fact(false).outcome, NominationOutcome::Fell(VoidCause::Unstaffed));
}

#[test]
fn a_contracts_year_begins_on_its_own_first_day() {
    let from = date(2021, 4, 15);
    assert_eq!(RefusalPeriod::Year.start(from, date(2022, 4, 14)), from);
    assert_eq!(RefusalPeriod::Year.start(from, date(2022, 4, 15)), date(2022, 4, 15));
    assert_eq!(RefusalPeriod::Quarter.start(from, date(2022, 6, 30)), date(2022, 4, 1));
    assert_eq!(RefusalPeriod::Month.start(from, date(2022, 6, 30)), date(2022, 6, 1));
}

#[test]
fn rule_6_2_empty_nights_are_sold_only_after_the_blocks_own_authorities_had_their_hours() {
    let nights = Nights::new(date(2021, 9, 14), date(2021, 9, 30)).unwrap();
    let (empty, day) = (Pence(41_001), date(2021, 9, 10));
    let ask = |spec: &BlockSpec, price, nominated, since, at| {
        may_resell(spec, (empty, Pence(price)), (nominated, since), nights, at).map_err(|refusal| refusal.code)
    };
    let now = moment(date(2021, 9, 13), 12);
    assert_eq!(nominate_by(&spec(), day), date(2021, 9, 13).at(12, 0, 0, 0));
    assert_eq!(ask(&spec(), 45_000, false, Some(day), now), Ok(()));
    assert_eq!(ask(&spec(), 45_000, false, Some(day), moment(date(2021, 9, 13), 11)), Err("still_ours".to_owned()));
    assert_eq!(ask(&spec(), 45_000, true, Some(day), now), Err("bed_nominated".to_owned()));
    assert_eq!(ask(&spec(), 45_000, false, None, now), Err("bed_not_empty".to_owned()));
    assert_eq!(ask(&spec(), 41_000, false, Some(day), now), Err("below_empty_price".to_owned()));
    let never = BlockSpec { resale_percent: None, ..spec() };
    assert_eq!(ask(&never, 45_000, false, Some(day), now), Err("no_resale".to_owned()));
}

#[test]
fn a_resale_is_taken_by_one_agreement_and_follows_its_nights() {
    let nights = Nights::new(date(2021, 9, 14), date(2021, 9, 30)).unwrap();
    let resale = void::Resale {
        id: 1,
        version: 0,
        block: BlockId(1),
        provider: OrganisationId(5),
        buyer: OrganisationId(9),
        slot: 2,
        nights,
        night: Pence(45_000),
        offered: date(2021, 9, 13).at(9, 0, 0, 0),
        state: void::ResaleState::Withdrawn,
    };
    let offered = void::Resale::offer(resale, moment(date(2021, 9, 13), 10)).into_parts().0;
    assert!(offered.fact().is_none(), "nothing is released before the buyer has committed");
    let longer = Nights::new(date(2021, 9, 20), date(2021, 12, 1)).unwrap();
    let taken = offered.clone().take(AgreementId(3), longer).unwrap().into_parts().0;
    assert_eq!(taken.fact().unwrap().nights, Nights::new(date(2021, 9, 20), date(2021, 9, 30)).unwrap());
    assert_eq!(taken.clone().take(AgreementId(4), longer).unwrap_err().code, "resale_state");
    assert!(taken.withdraw().is_err());
    assert_eq!(offered.withdraw().unwrap().next().state.name(), "withdrawn");
}
