//! Tests of an offer's moves, of sealing, lateness and price lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::{Date, date};

use super::*;
use crate::homes::home::{Need, NeedSet};
use crate::homes::price::{FunderShares, LineKind, PriceLine, SupportHours};
use crate::id::{Reference, ReferenceKind};
use crate::nights::OPEN_END;
use crate::placing::invitation::{Asking, InvitationState, Trace};
use crate::placing::referral::Tier;
use crate::placing::referral::fixtures::{complete_profile, deadline, moment, now, out};

const START: Date = date(2021, 9, 27);

fn line(kind: LineKind, pounds: i64) -> PriceLine {
    PriceLine {
        kind,
        label: kind.label().to_owned(),
        weekly: Pence::pounds(pounds),
        from: START,
        to: OPEN_END,
        origin: START,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    }
}

fn support(rate: i64) -> PriceLine {
    let hours = SupportHours { quarter_hours: 80, rate: Pence(rate), staff: 1, review_on: date(2021, 11, 1) };
    PriceLine {
        weekly: hours.weekly(),
        to: date(2021, 12, 6),
        support: Some(hours),
        ..line(LineKind::AdditionalSupport, 0)
    }
}

fn terms(lines: Vec<PriceLine>) -> OfferTerms {
    OfferTerms {
        bed: None,
        start: START,
        lines,
        must_haves: vec![MustHaveAnswer { need: Need::GoingMissing, met: Met::Yes }],
        solo: false,
        keeps_school: Some(true),
        residents: Vec::new(),
        valid_until: date(2021, 9, 24).at(17, 0, 0, 0),
    }
}

fn schedule() -> Vec<ScheduledRate> {
    vec![ScheduledRate { kind: LineKind::AdditionalSupport, label: "1:1, an hour".to_owned(), rate: Pence(1_850) }]
}

fn invitation() -> Invitation {
    let asking = Asking {
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
    };
    Invitation::ask(InvitationId(1), asking, now()).into_parts().0
}

fn draft() -> Offer {
    let terms = terms(vec![line(LineKind::Core, 4_150)]);
    Offer::draft(OfferId(1), &invitation(), terms, Sealed::from_bytes(vec![1]), now()).unwrap().into_parts().0
}

fn submission(day: i8, hour: i8, late_reason: Option<LateReason>) -> Submission {
    Submission {
        at: date(2021, 9, day).at(hour, 0, 0, 0),
        page_opened: None,
        channel: Channel::Portal,
        entered: None,
        evidence: None,
        late_reason,
    }
}

#[test]
fn rule_5_6_an_assessment_is_of_other_residents_once_one_of_them_is_another() {
    let of = |print: &str| Considered { there: 2, print: print.to_owned() };
    let sent = in_state("sent").considering(Some(of("a")));
    assert!(!sent.residents_changed(Some(&of("a"))));
    assert!(sent.residents_changed(Some(&of("b"))), "as many, and another child");
    assert_eq!(sent.residents_moved().code, "residents_changed");
    assert!(!sent.residents_changed(None), "a home that shows no beds");
    assert!(!in_state("sent").residents_changed(Some(&of("b"))), "sent before assessments were held against anybody");
    let over = in_state("accepted").considering(Some(of("a")));
    assert!(!over.residents_changed(Some(&of("b"))), "the child itself lives there now");
}

fn in_state(name: &str) -> Offer {
    let at = now().local;
    let state = match name {
        "draft" => OfferState::Draft,
        "sent" => OfferState::Sent,
        "shortlisted" => OfferState::Shortlisted,
        "recommended" => OfferState::Recommended,
        "accepted" => OfferState::Accepted { agreement: AgreementId(1) },
        "not_chosen" => OfferState::NotChosen { reason: NotChosenReason::Price, position: None },
        "withdrawn" => OfferState::Withdrawn { at },
        "expired" => OfferState::Expired { at },
        other => panic!("no state {other}"),
    };
    Offer { state, ..draft() }
}

fn act(offer: Offer, act: &str) -> Result<Change<Offer>, Refusal> {
    let words = Sealed::from_bytes(vec![2]);
    let sent = out().state.out().unwrap().clone();
    let cheaper = terms(vec![line(LineKind::Core, 4_000)]);
    match act {
        "save" => offer.save(cheaper, words),
        "send" => offer.send(&PriceCheck::default(), submission(13, 11, None), &invitation(), now()),
        "amend" => offer.amend(cheaper, words, AmendReason::Mistake, &sent, now()),
        "shortlist" => offer.shortlist(),
        "recommend" => offer.recommend(now()),
        "set_aside" => offer.set_aside(),
        "accept" => offer.accept(AgreementId(1)),
        "not_choose" => offer.not_choose(NotChosenReason::Price, None),
        "withdraw" => offer.withdraw(now()),
        "expire" => offer.expire(moment(date(2021, 9, 25), 9, 0)),
        other => panic!("no act {other}"),
    }
}

#[test]
fn every_move_of_an_offer_is_in_the_table() {
    let acts: std::collections::BTreeSet<&str> = MOVES.iter().filter(|m| m.from != "new").map(|m| m.act).collect();
    for from in OfferState::NAMES {
        for name in &acts {
            let expected = MOVES.iter().find(|m| m.from == *from && m.act == *name).map(|m| m.to);
            match (act(in_state(from), name), expected) {
                (Ok(change), Some(to)) => {
                    assert_eq!(change.next().state.name(), to, "{from} {name}");
                    assert_eq!(change.next().version, 2, "{from} {name}");
                }
                (Err(refusal), None) => {
                    let said = (refusal.code.as_str(), refusal.value.as_str());
                    assert_eq!(said, ("offer_state", in_state(from).state.label()), "{from} {name}");
                }
                (got, wanted) => panic!("{from} {name}: got {got:?}, wanted {wanted:?}"),
            }
        }
    }
}

#[test]
fn rule_5_3_a_sealed_price_is_seen_by_nobody_until_it_opens() {
    let sealed = out().state.out().unwrap().clone();
    let offer = in_state("sent");
    assert_eq!(offer.visible_total(&sealed, now()), None);
    let opened = moment(date(2021, 9, 16), 17, 0);
    assert_eq!(offer.visible_total(&sealed, opened), Some(Pence::pounds(4_150)));
    assert_eq!(in_state("draft").visible_total(&sealed, opened), None);
}

#[test]
fn rule_5_3_the_record_of_a_sealed_offer_tells_no_price_until_it_opens() {
    let told = |on: &Invitation, day: i8, hour: i8| {
        let late = Some(LateReason::BedCameFree);
        let change =
            draft().send(&PriceCheck::default(), submission(day, hour, late), on, moment(date(2021, 9, day), hour, 0));
        change.unwrap().event().facts.iter().any(|(name, _)| name == "weekly_pence")
    };
    assert!(!told(&invitation(), 16, 16));
    assert!(told(&invitation(), 16, 17), "at the deadline");
    let open = Invitation { prices: Prices::Open, ..invitation() };
    assert!(told(&open, 16, 16));
    let early = Invitation { prices_open: Some(date(2021, 9, 15).at(9, 0, 0, 0)), ..invitation() };
    assert!(told(&early, 15, 10) && !told(&early, 15, 8));
}

#[test]
fn rule_5_3_once_sealed_prices_are_open_none_is_changed() {
    let sealed = out().state.out().unwrap().clone();
    let opened = moment(date(2021, 9, 16), 17, 0);
    let cheaper = terms(vec![line(LineKind::Core, 4_000)]);
    let words = || Sealed::from_bytes(vec![2]);
    let refused = in_state("sent").amend(cheaper.clone(), words(), AmendReason::Mistake, &sealed, opened);
    assert_eq!(refused.unwrap_err().code, "prices_open");
    let later_start = OfferTerms { start: date(2021, 9, 28), ..in_state("sent").terms };
    assert!(in_state("sent").amend(later_start, words(), AmendReason::BedOrDate, &sealed, opened).is_ok());
    let open = Out { prices: Prices::Open, ..sealed };
    let changed = in_state("sent").amend(cheaper, words(), AmendReason::Mistake, &open, opened).unwrap().into_parts().0;
    assert_eq!(changed.changes.first().unwrap().was, Pence::pounds(4_150));
}

#[test]
fn rule_5_3_a_late_offer_is_a_flag_and_needs_its_reason() {
    let deadline = deadline().at;
    let refused = draft().send(&PriceCheck::default(), submission(17, 9, None), &invitation(), now()).unwrap_err();
    assert_eq!(refused.code, "late_without_reason");
    let sent = draft()
        .send(&PriceCheck::default(), submission(17, 9, Some(LateReason::BedCameFree)), &invitation(), now())
        .unwrap()
        .into_parts()
        .0;
    assert!(sent.late(deadline));
    assert_eq!(sent.state, OfferState::Sent);
    assert!(!sent.late(date(2021, 9, 18).at(12, 0, 0, 0)), "an extended deadline makes it timely");
}

#[test]
fn an_offer_that_is_no_longer_valid_is_not_recommended() {
    let after = moment(date(2021, 9, 24), 17, 1);
    assert!(in_state("sent").expired(after));
    assert!(!in_state("accepted").expired(after));
    assert_eq!(in_state("sent").recommend(after).unwrap_err().code, "offer_expired");
    assert_eq!(in_state("sent").expire(now()).unwrap_err().code, "offer_state");
}

#[test]
fn rule_4_3_core_above_the_tendered_price_is_refused() {
    let offer = terms(vec![line(LineKind::Core, 4_150)]);
    assert!(offer.check_prices(Tier::Fca, Some(Pence::pounds(4_150)), &[]).is_ok());
    let refusal = offer.check_prices(Tier::Fca, Some(Pence::pounds(4_149)), &[]).unwrap_err();
    assert_eq!(refusal.code, "above_tendered_price");
    assert_eq!(offer.check_prices(Tier::MiniBlock, None, &[]).unwrap_err().code, "no_tendered_price");
    assert!(offer.check_prices(Tier::Spot, None, &[]).is_ok());
}

#[test]
fn rule_4_3_additional_lines_off_the_schedule_need_a_reason_and_are_listed_for_approval() {
    let with = |extra| terms(vec![line(LineKind::Core, 4_150), extra]).check_prices(Tier::Spot, None, &schedule());
    assert!(with(support(1_850)).unwrap().off_schedule.is_empty());
    assert_eq!(with(support(2_000)).unwrap_err().code, "off_schedule_without_reason");
    let explained = PriceLine { reason: "Night-trained nurse".to_owned(), ..support(2_000) };
    assert_eq!(with(explained).unwrap().off_schedule.len(), 1);
    assert_eq!(with(line(LineKind::Education, 900)).unwrap_err().code, "off_schedule_without_reason");
}

#[test]
fn rule_4_2_an_offer_has_one_core_line_and_support_with_hours_an_end_and_a_review() {
    assert_eq!(terms(Vec::new()).check_prices(Tier::Spot, None, &[]).unwrap_err().code, "one_core_line");
    let endless = PriceLine { to: OPEN_END, ..support(1_850) };
    let refusal = terms(vec![line(LineKind::Core, 4_150), endless]).check_prices(Tier::Spot, None, &schedule());
    assert_eq!(refusal.unwrap_err().code, "support_without_end");
}

#[test]
fn the_standards_range_of_a_weekly_cost_warns_and_does_not_refuse() {
    let check = terms(vec![line(LineKind::Core, 99)]).check_prices(Tier::Spot, None, &[]).unwrap();
    assert_eq!(check.warnings.len(), 1);
}

#[test]
fn each_must_have_is_answered_with_a_sentence_and_the_impact_is_stated() {
    let wanted = NeedSet::NONE.with(Need::GoingMissing).with(Need::Therapy);
    let offer = terms(vec![line(LineKind::Core, 4_150)]);
    let fields = |words: &OfferWords| -> Vec<String> {
        let wrong = offer.check_answers(wanted, words, now().today()).unwrap_err();
        wrong.errors.into_iter().map(|error| error.field).collect()
    };
    assert_eq!(fields(&OfferWords::default()), ["met_therapy", "how_going_missing", "impact"]);
    assert_eq!(offer.must_haves_met(wanted), (1, 2));
    assert!(!offer.meets_all(wanted));
    assert!(offer.meets_all(NeedSet::NONE.with(Need::GoingMissing)));
}

#[test]
fn an_offer_answers_an_open_invitation() {
    let closed = Invitation { state: InvitationState::Closed { at: now().local }, ..invitation() };
    let terms = terms(vec![line(LineKind::Core, 4_150)]);
    let refused = Offer::draft(OfferId(1), &closed, terms, Sealed::from_bytes(Vec::new()), now());
    assert_eq!(refused.unwrap_err().code, "invitation_state");
}

#[test]
fn a_provider_not_chosen_learns_its_price_position_and_no_rivals_price() {
    let all = [4_150, 4_480, 5_020].map(Pence::pounds);
    let position = |pounds| price_position(Pence::pounds(pounds), &all);
    assert_eq!(position(4_150), PricePosition::Lowest);
    assert_eq!(position(4_480), PricePosition::Middle);
    assert_eq!(position(5_020), PricePosition::Highest);
    assert_eq!(price_position(Pence::pounds(1), &[Pence::pounds(1)]), PricePosition::Only);
}

#[test]
fn the_open_states_are_those_in_which_a_home_may_have_one_offer() {
    for name in OfferState::NAMES {
        let open = OfferState::OPEN.contains(name);
        assert_eq!(in_state(name).not_choose(NotChosenReason::Price, None).is_ok(), open, "{name}");
    }
}

#[test]
fn rule_5_6_what_a_home_may_read_follows_its_offer_and_ends_when_the_offer_is_lost() {
    use crate::placing::disclosure::Stage;
    let stage = |name| in_state(name).state.stage();
    assert_eq!((stage("sent"), stage("draft")), (Some(Stage::Anonymous), Some(Stage::Anonymous)));
    assert_eq!((stage("shortlisted"), stage("recommended")), (Some(Stage::Shortlisted), Some(Stage::Shortlisted)));
    assert_eq!(stage("accepted"), Some(Stage::Chosen));
    for lost in ["not_chosen", "withdrawn", "expired"] {
        assert_eq!(stage(lost), None, "{lost}");
    }
}
