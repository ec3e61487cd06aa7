//! Tests of a referral's moves and of the rules of sending and sealing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;

use super::fixtures::{complete_narrative, complete_profile, deadline, draft, moment, now, out, ready};
use super::legal::{EmergencyCause, SearchApprover};
use super::standard::NeededBy;
use super::*;
use crate::calendar::WorkingDays;
use crate::id::HomeId;

fn in_state(name: &str) -> Referral {
    let sent = out().state.out().unwrap().clone();
    let agreement = AgreementId(9);
    let at = now().local;
    let state = match name {
        "draft" => ReferralState::Draft,
        "out" => ReferralState::Out(sent),
        "agreed" => ReferralState::Agreed { out: sent, agreement },
        "placed" => ReferralState::Placed { out: sent, agreement, started: date(2021, 9, 27) },
        "withdrawn" => ReferralState::Withdrawn { out: None, reason: WithdrawReason::PlanChanged, at },
        "not_placed" => ReferralState::NotPlaced { out: sent, reason: NotPlacedReason::NoOffers, at },
        other => panic!("no state {other}"),
    };
    Referral { state, ..draft() }
}

fn early(meets_every_must_have: bool) -> Early {
    let (reason, words) = (EarlyReason::BedWouldBeLost, Sealed::from_bytes(vec![7]));
    Early { offer: OfferId(3), meets_every_must_have, reason, words }
}

fn more(asks: &[Ask]) -> More<'_> {
    More { asks, tiers: &[], powers: &[], searched: None }
}

/// The power under which a tier is left out, by the word of its holder.
fn power_to_skip() -> crate::power::delegation::Power {
    crate::power::delegation::Power {
        act: crate::power::delegation::Act::SkipTier,
        decision: crate::id::DecisionId(1),
        reference: "HEF-2019-0114".to_owned(),
        letter: 'b'.into(),
        effective_from: date(2019, 1, 19),
        post: crate::id::PostId(1),
        title: "Director".to_owned(),
        person: PersonId(2),
        through: crate::power::delegation::Through::Holder,
    }
}

/// The same once it was sent with a tier left out, which waits to be confirmed; a draft as it is.
fn skipped(mut referral: Referral) -> Referral {
    if referral.state.name() != "draft" {
        let act = (crate::power::delegation::Act::SkipTier, 2);
        let said = (PersonId(2), now().local);
        let said = crate::power::delegation::Said::record(act, said, PersonId(1), &WorkingDays::default(), now());
        referral.plan.left_out.push(plan::LeftOut {
            tier: Tier::MiniBlock,
            could_meet: 1,
            reason: plan::SkipReason::NotMostAppropriate,
            power: power_to_skip(),
            said: Some(said.unwrap()),
        });
    }
    referral
}

fn act(referral: Referral, act: &str) -> Result<Change<Referral>, Refusal> {
    let answered = Answered {
        task: Task::Needs,
        profile: complete_profile(),
        narrative: Sealed::from_bytes(vec![2]),
        plan: referral.plan.clone(),
    };
    let approval = SearchApproval { by: SearchApprover::OnCallManager, ..complete_profile().search_approval.unwrap() };
    let later = Deadline { at: date(2021, 9, 17).at(12, 0, 0, 0), ..deadline() };
    match act {
        "answer" => referral.answer(answered),
        "send" => referral.send(&ready(&complete_narrative(), &WorkingDays::default()), now()),
        "record_search_approval" => referral.record_search_approval(approval),
        "undo_sending" => referral.undo_sending(now()),
        "ask_more" => referral.ask_more(&more(&[Ask { home: HomeId(7), tier: Tier::Spot }])),
        "extend" => referral.extend(later, now()),
        "close_early" => referral.close_early(early(true), PersonId(1), now()),
        "group" => referral.group(Some(ReferralId(5))),
        "agree" => referral.agree(AgreementId(9)),
        "place" => referral.place(date(2021, 9, 27)),
        "withdraw" => referral.withdraw(WithdrawReason::PlanChanged, now()),
        "not_placed" => referral.not_placed(NotPlacedReason::NoOffers, now()),
        "confirm_skips" => skipped(referral).confirm_skips(PersonId(2), now()),
        other => panic!("no act {other}"),
    }
}

#[test]
fn rule_5_4_the_stored_states_are_six_and_every_move_is_in_the_table() {
    assert_eq!(ReferralState::NAMES.len(), 6);
    let acts: std::collections::BTreeSet<&str> = MOVES.iter().filter(|m| m.from != "new").map(|m| m.act).collect();
    for from in ReferralState::NAMES {
        for name in &acts {
            let expected = MOVES.iter().find(|m| m.from == *from && m.act == *name).map(|m| m.to);
            let before = in_state(from);
            let version = before.version;
            match (act(before, name), expected) {
                (Ok(change), Some(to)) => {
                    assert_eq!(change.next().state.name(), to, "{from} {name}");
                    assert_eq!(change.next().version, version + 1, "{from} {name}");
                    assert_eq!(change.event().version, version + 1, "{from} {name}");
                }
                (Err(refusal), None) => {
                    let said = (refusal.code.as_str(), refusal.value.as_str());
                    assert_eq!(said, ("referral_state", in_state(from).state.label()), "{from} {name}");
                }
                (got, wanted) => panic!("{from} {name}: got {got:?}, wanted {wanted:?}"),
            }
        }
    }
}

fn refused_to_send(change: impl FnOnce(&mut Referral)) -> String {
    let mut referral = draft();
    change(&mut referral);
    referral.send(&ready(&complete_narrative(), &WorkingDays::default()), now()).unwrap_err().code
}

#[test]
fn a_referral_is_sent_only_when_every_task_is_complete() {
    assert_eq!(refused_to_send(|referral| referral.profile.education = None), "not_complete");
    assert_eq!(refused_to_send(|referral| referral.plan.homes.clear()), "not_complete");
    assert_eq!(refused_to_send(|referral| referral.profile.search_approval = None), "not_complete");
    assert_eq!(refused_to_send(|referral| referral.profile.age = Some(18)), "age");
    assert_eq!(refused_to_send(|referral| referral.profile.age = Some(12)), "age_mismatch");
    assert_eq!(refused_to_send(|referral| referral.plan.hidden_from = vec![HomeId(1)]), "hidden_home");
}

#[test]
fn what_the_check_for_names_found_is_confirmed_before_sending() {
    let (words, days) = (complete_narrative(), WorkingDays::default());
    let mut unchecked = ready(&words, &days);
    unchecked.unconfirmed = 2;
    assert_eq!(draft().send(&unchecked, now()).unwrap_err().code, "not_redacted");
    let mut few = ready(&words, &days);
    few.too_identifying = true;
    assert_eq!(draft().send(&few, now()).unwrap_err().code, "too_identifying");
}

#[test]
fn rule_5_3_a_sealed_search_cannot_be_made_open_by_a_wrong_needed_by() {
    let code = refused_to_send(|referral| referral.profile.standard.needed_by = Some(NeededBy::WithinFiveDays));
    assert_eq!(code, "needed_by_and_start");
}

#[test]
fn rule_5_3_prices_are_sealed_for_planned_searches_and_open_for_today_and_under_five_days() {
    assert_eq!(Prices::of(NeededBy::MoreThanFiveDays), Prices::Sealed);
    assert_eq!(Prices::of(NeededBy::WithinFiveDays), Prices::Open);
    assert_eq!(Prices::of(NeededBy::Today), Prices::Open);
    let sealed = out().state.out().unwrap().clone();
    let open = Out { prices: Prices::Open, ..sealed.clone() };
    assert!(prices_visible(&open, now()));
    assert!(!prices_visible(&sealed, moment(date(2021, 9, 16), 16, 59)));
    assert!(prices_visible(&sealed, moment(date(2021, 9, 16), 17, 0)));
}

#[test]
fn rule_5_3_an_officer_may_close_early_when_one_offer_meets_every_must_have() {
    assert_eq!(out().close_early(early(false), PersonId(1), now()).unwrap_err().code, "early_close_without_match");
    let closed = out().close_early(early(true), PersonId(1), now()).unwrap().into_parts().0;
    let held = closed.state.out().unwrap();
    assert_eq!((held.closes(), held.closed_early.as_ref().unwrap().reason), (now().local, EarlyReason::BedWouldBeLost));
    assert!(prices_visible(closed.state.out().unwrap(), now()));
    assert_eq!(closed.clone().ask_more(&more(&[])).unwrap_err().code, "referral_state");
    assert_eq!(closed.close_early(early(true), PersonId(1), now()).unwrap_err().code, "referral_state");
}

#[test]
fn rule_5_3_a_sealed_search_is_not_extended_once_its_prices_are_open() {
    let later = Deadline { at: date(2021, 9, 20).at(12, 0, 0, 0), ..deadline() };
    assert!(out().extend(later, now()).is_ok());
    assert_eq!(out().extend(later, moment(date(2021, 9, 16), 17, 0)).unwrap_err().code, "referral_state");
    let earlier = Deadline { at: date(2021, 9, 14).at(12, 0, 0, 0), ..deadline() };
    assert_eq!(out().extend(earlier, now()).unwrap_err().code, "referral_state");
}

#[test]
fn rule_1_3_an_emergency_is_sent_with_seven_answers_and_no_search_approval_yet() {
    let mut referral = draft();
    referral.profile.emergency = Some(EmergencyCause::PlacementEnded);
    referral.profile.search_approval = None;
    referral.profile.education = None;
    referral.profile.lot = None;
    referral.profile.start = Some(date(2021, 9, 14));
    referral.profile.standard.needed_by = Some(NeededBy::WithinFiveDays);
    let words = complete_narrative();
    let days = WorkingDays::default();
    let sent = referral.clone().send(&ready(&words, &days), now()).unwrap().into_parts().0;
    assert_eq!(sent.state.out().unwrap().emergency, Some(EmergencyCause::PlacementEnded));
    referral.profile.start = Some(date(2021, 9, 15));
    assert_eq!(referral.send(&ready(&words, &days), now()).unwrap_err().code, "not_an_emergency");
}

#[test]
fn rule_1_2_asking_more_homes_leaves_no_tier_out_without_reason_and_power_and_asks_no_hidden_home() {
    use super::plan::{SkipReason, TierChoice};
    let spot = [Ask { home: HomeId(8), tier: Tier::Spot }];
    let block = |skipped| TierChoice { tier: Tier::MiniBlock, could_meet: 1, asked: 0, skipped, decided_by: None };
    let (unsaid, said) = ([block(None)], [block(Some(SkipReason::NotMostAppropriate))]);
    let refused = |tiers| out().ask_more(&More { tiers, ..more(&spot) }).unwrap_err().code;
    assert_eq!((refused(&unsaid), refused(&said)), ("tier_without_reason".to_owned(), "tier_without_power".to_owned()));
    let mut hiding = out();
    hiding.plan.hidden_from = vec![HomeId(8)];
    assert_eq!(hiding.ask_more(&more(&spot)).unwrap_err().code, "hidden_home");
}

#[test]
fn rule_5_1_siblings_are_linked_as_a_group_and_unlinked() {
    let linked = draft().group(Some(ReferralId(5))).unwrap();
    assert_eq!((linked.next().group, linked.event().kind.as_str()), (Some(ReferralId(5)), "referral.siblings_linked"));
    let alone = linked.into_parts().0.group(None).unwrap();
    assert_eq!((alone.next().group, alone.event().kind.as_str()), (None, "referral.siblings_unlinked"));
}

#[test]
fn asking_more_homes_asks_none_twice() {
    let asks = [Ask { home: HomeId(1), tier: Tier::Fca }, Ask { home: HomeId(8), tier: Tier::Spot }];
    let (next, event) = out().ask_more(&more(&asks)).unwrap().into_parts();
    assert_eq!(next.plan.homes.len(), 3);
    assert!(event.facts.contains(&("homes".to_owned(), "1".to_owned())));
}

#[test]
fn an_event_of_a_referral_tells_codes_and_figures_only() {
    let words = complete_narrative();
    let (_, event) = draft().send(&ready(&words, &WorkingDays::default()), now()).unwrap().into_parts();
    let printed = format!("{event:?}");
    assert!(printed.contains("2021-09-16T17:00:00") && printed.contains("sealed"));
    assert!(!printed.contains("Football") && !printed.contains("HR4"));
}

#[test]
fn rule_1_2_a_tier_left_out_waits_until_whoever_decided_it_confirms() {
    let sent = skipped(in_state("out"));
    assert_eq!(sent.skips_to_confirm().count(), 1);
    assert_eq!(sent.clone().confirm_skips(PersonId(3), now()).unwrap_err().code, "referral_state");
    let confirmed = sent.confirm_skips(PersonId(2), now()).unwrap().into_parts().0;
    assert_eq!(confirmed.skips_to_confirm().count(), 0);
}

#[test]
fn rule_1_2_skipping_a_tier_is_refused_without_a_power_and_kept_with_it() {
    use super::plan::{LeftOut, SkipReason, TierChoice};
    let reason = SkipReason::NotMostAppropriate;
    let choice = TierChoice { tier: Tier::MiniBlock, could_meet: 2, asked: 0, skipped: Some(reason), decided_by: None };
    let mut referral = draft();
    referral.plan.tiers = vec![choice];
    let (narrative, days) = (complete_narrative(), WorkingDays::default());
    let refusal = referral.clone().send(&ready(&narrative, &days), now()).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("tier_without_power", "2 could meet the needs there"));
    let power = power_to_skip();
    let powers = [LeftOut { tier: Tier::MiniBlock, could_meet: 2, reason, power, said: None }];
    let sent = referral.send(&Ready { powers: &powers, ..ready(&narrative, &days) }, now()).unwrap();
    assert_eq!(sent.next().plan.left_out, powers);
}

#[test]
fn sending_can_be_undone_for_ten_minutes_and_no_longer() {
    let (in_time, late) = (moment(date(2021, 9, 13), 10, 30), moment(date(2021, 9, 13), 10, 31));
    assert_eq!(now(), moment(date(2021, 9, 13), 10, 20));
    assert_eq!(out().undo_sending(in_time).unwrap().next().state, ReferralState::Draft);
    assert_eq!(out().undo_sending(late).unwrap_err().code, "undo_window");
}

#[test]
fn rule_5_1_an_emergencys_search_approval_is_owed_until_it_is_recorded_also_after_the_start() {
    for name in ["out", "agreed", "placed"] {
        let mut referral = in_state(name);
        let approval = referral.profile.search_approval.take().unwrap();
        assert!(!referral.unapproved(), "a planned search was approved before it was sent");
        match &mut referral.state {
            ReferralState::Out(out) | ReferralState::Agreed { out, .. } | ReferralState::Placed { out, .. } => {
                out.emergency = Some(EmergencyCause::PlacementEnded);
            }
            other => panic!("{other:?}"),
        }
        assert!(referral.unapproved(), "{name}");
        assert!(!referral.record_search_approval(approval).unwrap().next().unapproved(), "{name}");
    }
}

#[test]
fn rule_5_7_scoring_is_fixed_by_sending_and_no_later_move_changes_it() {
    let (words, days) = (complete_narrative(), WorkingDays::default());
    let own = Scoring::new(&[(ScoreBy::Needs, 70), (ScoreBy::Price, 30)]).unwrap();
    let mut chosen = draft();
    chosen.plan.scoring = Some(own.clone());
    let scoring = |referral: &Referral| referral.state.sent().unwrap().scoring.clone();
    let (sent, event) = chosen.send(&ready(&words, &days), now()).unwrap().into_parts();
    assert_eq!(scoring(&sent), Some(own.clone()));
    assert!(event.facts.contains(&("scoring".to_owned(), "needs 70, price 30".to_owned())));
    let plain = draft().send(&ready(&words, &days), now()).unwrap().into_parts().0;
    assert_eq!(scoring(&plain), Some(Scoring::starting()), "the region's where the officer chose none");
    let later = Deadline { at: date(2021, 9, 20).at(12, 0, 0, 0), ..deadline() };
    let longer = sent.extend(later, now()).unwrap().into_parts().0;
    let closed = longer.close_early(early(true), PersonId(1), now()).unwrap().into_parts().0;
    assert_eq!(scoring(&closed), Some(own));
}
