//! Tests of an invitation's moves, of what its home can read, and of questions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;

use super::*;
use crate::id::ReferenceKind;
use crate::placing::referral::fixtures::{complete_profile, deadline, moment, now};

fn asking() -> Asking {
    Asking {
        number: 1,
        referral: ReferralId(1),
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Referral, number: 42 },
        authority: OrganisationId(1),
        provider: OrganisationId(5),
        home: HomeId(1),
        tier: Tier::Fca,
        deadline: deadline().at,
        prices: Prices::Sealed,
        scoring: None,
        profile: complete_profile().for_homes(),
        words: Sealed::from_bytes(vec![1]),
        trace: Trace::default(),
    }
}

pub(crate) fn asked() -> Invitation {
    Invitation::ask(InvitationId(1), asking(), now()).into_parts().0
}

fn declined() -> Declined {
    Declined {
        reason: DeclineReason::ResidentMix,
        at: now().local,
        channel: Channel::Portal,
        entered: None,
        evidence: None,
    }
}

fn in_state(name: &str) -> Invitation {
    let at = now().local;
    let state = match name {
        "asked" => InvitationState::Asked,
        "opened" => InvitationState::Opened { at },
        "offered" => InvitationState::Offered { offer: OfferId(3) },
        "declined" => InvitationState::Declined(declined()),
        "no_reply" => InvitationState::NoReply { at },
        "withdrawn" => InvitationState::Withdrawn { at },
        "closed" => InvitationState::Closed { at },
        other => panic!("no state {other}"),
    };
    Invitation { state, ..asked() }
}

fn act(invitation: Invitation, act: &str) -> Result<Change<Invitation>, Refusal> {
    let after = moment(date(2021, 9, 16), 17, 2);
    match act {
        "open" => invitation.open(now()),
        "ask_again" => invitation.ask_again(asking(), now()),
        "offered" => invitation.offered(OfferId(3)),
        "decline" => invitation.decline(declined()),
        "remind" => invitation.remind(now()),
        "extend" => invitation.extend(date(2021, 9, 20).at(12, 0, 0, 0)),
        "prices_opened" => invitation.prices_opened(now()),
        "lapse" => invitation.lapse(after),
        "withdraw" => invitation.withdraw(now()),
        "close" => invitation.close(now()),
        other => panic!("no act {other}"),
    }
}

#[test]
fn rule_5_2_every_move_of_an_invitation_is_in_the_table() {
    let acts: std::collections::BTreeSet<&str> = MOVES.iter().filter(|m| m.from != "new").map(|m| m.act).collect();
    for from in InvitationState::NAMES {
        for name in &acts {
            let expected = MOVES.iter().find(|m| m.from == *from && m.act == *name).map(|m| m.to);
            match (act(in_state(from), name), expected) {
                (Ok(change), Some(to)) => {
                    assert_eq!(change.next().state.name(), to, "{from} {name}");
                    assert_eq!(change.next().version, 2, "{from} {name}");
                }
                (Err(refusal), None) => {
                    let said = (refusal.code.as_str(), refusal.value.as_str());
                    assert_eq!(said, ("invitation_state", in_state(from).state.label()), "{from} {name}");
                }
                (got, wanted) => panic!("{from} {name}: got {got:?}, wanted {wanted:?}"),
            }
        }
    }
}

#[test]
fn rule_5_2_access_ends_with_its_date_and_with_the_search() {
    assert_eq!(asked().access_ends, date(2021, 10, 14).at(17, 0, 0, 0));
    assert!(asked().readable(now()));
    assert!(!asked().readable(moment(date(2021, 10, 14), 17, 0)));
    for state in ["declined", "withdrawn", "closed"] {
        assert!(!in_state(state).readable(now()), "{state}");
    }
}

#[test]
fn a_home_is_reminded_once_per_deadline() {
    let reminded = asked().remind(now()).unwrap().into_parts().0;
    assert_eq!(reminded.clone().remind(now()).unwrap_err().code, "reminded_before");
    let extended = reminded.extend(date(2021, 9, 20).at(12, 0, 0, 0)).unwrap().into_parts().0;
    assert!(extended.remind(now()).is_ok());
}

#[test]
fn rule_5_3_an_invitation_lapses_after_its_deadline_and_the_grace_and_not_before() {
    assert!(asked().lapse(moment(date(2021, 9, 16), 17, 0)).is_err());
    assert!(asked().lapse(moment(date(2021, 9, 16), 17, 1)).is_err(), "a page open at the deadline may still be sent");
    let lapsed = asked().lapse(moment(date(2021, 9, 16), 17, 2)).unwrap().into_parts().0;
    assert!(lapsed.offered(OfferId(1)).is_ok(), "a late offer is still taken");
}

#[test]
fn an_answer_that_came_late_or_not_before_the_search_ended_is_not_in_time() {
    let deadline = deadline().at;
    let (before, after) = (deadline.date().at(12, 0, 0, 0), deadline.date().at(18, 0, 0, 0));
    let declined = |at| InvitationState::Declined(Declined { at, ..declined() });
    let offered = InvitationState::Offered { offer: OfferId(3) };
    let closed = |at| InvitationState::Closed { at };
    let late = |state: &InvitationState, offered| not_in_time(state, deadline, offered);
    assert!(late(&InvitationState::NoReply { at: after }, None));
    assert!(late(&closed(after), None), "closed with the search, and never answered");
    assert!(!late(&closed(before), None), "the search ended before the time was over");
    assert!(!late(&closed(after), Some(before)), "another home was chosen");
    assert!(late(&offered, Some(after)) && late(&closed(after), Some(after)), "a late offer is late whatever follows");
    assert!(!late(&offered, Some(before)));
    assert!(late(&declined(after), None) && !late(&declined(before), None));
    assert!(!late(&declined(after), Some(before)), "it had answered, and then said no");
    let in_grace = deadline.saturating_add(jiff::Span::new().seconds(60));
    assert!(!late(&offered, Some(in_grace)), "a page that was open at the deadline");
    assert!(!late(&InvitationState::Asked, None) && !late(&InvitationState::Withdrawn { at: after }, None));
}

#[test]
fn rule_5_2_mail_is_grouped_by_provider() {
    let other = Invitation { provider: OrganisationId(6), ..asked() };
    let all = [asked(), other, asked()];
    let groups = grouped_by_provider(&all);
    assert_eq!(groups.iter().map(|(_, group)| group.len()).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn an_answer_to_everyone_is_read_by_all_and_one_to_the_asker_by_it_alone() {
    let (own, rival) = (OrganisationId(5), OrganisationId(6));
    let ask = || Question::ask(1, &asked(), Sealed::from_bytes(vec![1]), now()).unwrap().into_parts().0;
    assert!(ask().read_by(own) && !ask().read_by(rival));
    let answer =
        |everyone| ask().answer(Sealed::from_bytes(vec![2]), everyone, PersonId(1), now()).unwrap().into_parts().0;
    assert!(answer(true).read_by(rival));
    assert!(!answer(false).read_by(rival));
    assert_eq!(
        answer(true).answer(Sealed::from_bytes(vec![2]), true, PersonId(1), now()).unwrap_err().code,
        "question_answered"
    );
    assert!(Question::ask(2, &in_state("withdrawn"), Sealed::from_bytes(vec![1]), now()).is_err());
}
