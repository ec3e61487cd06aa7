//! Samples of the list of requests and of one request's page.

use super::super::scored;
use super::{
    ApprovalPage, ConfirmLine, EffectLine, FollowRow, OtherApproval, QuestionLine, RequestLine, approval, list,
};
use crate::samples;

/// A request as it waits.
pub(in super::super) fn sample() -> ApprovalPage {
    ApprovalPage {
        reference: "HEF-D-0088".to_owned(),
        what: "Award of the placement agreement".to_owned(),
        about: "HEF-R-0042, aged 13 to 15".to_owned(),
        compare: Some("/referrals/HEF-R-0042/offers/compare".to_owned()),
        exemptions: Some("/referrals/HEF-R-0042/exemptions".to_owned()),
        spot: Some("/referrals/HEF-R-0042/spot".to_owned()),
        sentence: "Place the child at Elm House from 27 September 2021 until 26 September 2022.".to_owned(),
        price: "£4,150 a week; £215,800 to the planned end".to_owned(),
        why_you: vec![(
            "A power comes from one limb of a decision in force".to_owned(),
            "The placement is awarded through the arrangement: limb (b) of decision HEF-2019-0114.".to_owned(),
        )],
        power: "Limb (b) of decision HEF-2019-0114, in force since 19 January 2019.".to_owned(),
        effects: vec![EffectLine {
            year: "15 December 2020 to 14 December 2021".to_owned(),
            before: "£5,041,000 of £5,500,000".to_owned(),
            adds: "£46,400".to_owned(),
            after: "Can still be awarded after it: £412,600".to_owned(),
            refused: false,
        }],
        state: ("requested".to_owned(), "Requested".to_owned()),
        open: true,
        can_pass_on: true,
        reasons: vec![("Elm House".to_owned(), "Keeps the school".to_owned(), "Dearer".to_owned())],
        scored: scored::sample(),
        views: vec![("The child".to_owned(), "Wants to stay near her brother".to_owned())],
        gates: vec![("Consistent with the care plan".to_owned(), "Yes".to_owned())],
        all: vec![OtherApproval {
            reference: "HEF-D-0088".to_owned(),
            what: "Award of the placement agreement".to_owned(),
            why: "limb (b)".to_owned(),
            state: ("requested".to_owned(), "Requested".to_owned()),
            decided: "Not yet".to_owned(),
        }],
        asked: "Asked by Priya Shah at 10:20am on Monday 13 September 2021".to_owned(),
        hash: "9f2c".to_owned(),
        ..ApprovalPage::default()
    }
}

fn sample_due(overdue: bool) -> ConfirmLine {
    ConfirmLine {
        reference: "HEF-D-0088".to_owned(),
        what: "Confirm in writing what was said".to_owned(),
        who: "Morwenna Achterberg".to_owned(),
        by: "midday on 14 September 2021".to_owned(),
        overdue,
        mine: overdue.then(|| "confirm".to_owned()),
    }
}

/// An emergency whose consultations follow, stopped by a price that no longer holds.
fn following() -> ApprovalPage {
    let row = |what: &str, done: Option<&str>, overdue| FollowRow {
        what: what.to_owned(),
        by: "20 September 2021".to_owned(),
        done: done.map(str::to_owned),
        overdue,
    };
    ApprovalPage {
        follows: vec![
            row("Consulting the child's relatives", None, true),
            row("Consulting the independent reviewing officer", Some("Done on 16 September 2021"), false),
            row("Telling the area authority", None, false),
        ],
        is_officer: true,
        to_follow: true,
        can_take_back: true,
        stopped: Some((
            "The core price is above the price that the home tendered.".to_owned(),
            "Tendered prices hold on the arrangement".to_owned(),
            "The provider, in its offer".to_owned(),
        )),
        ..sample()
    }
}

fn void() -> ApprovalPage {
    ApprovalPage {
        open: false,
        state: ("void".to_owned(), "Void (facts changed)".to_owned()),
        void: vec![("Start".to_owned(), "27 September 2021".to_owned(), "20 September 2021".to_owned())],
        due: vec![("Confirm in writing by midday on 14 September 2021".to_owned(), true)],
        night: true,
        above_search: Some("The search was approved up to £4,500 a week.".to_owned()),
        watch: Some(("£700,000 of £663,540".to_owned(), true)),
        ..sample()
    }
}

fn erased() -> ApprovalPage {
    let exchange = QuestionLine {
        asked: "Morwenna Achterberg asked at 11am on Monday 13 September 2021".to_owned(),
        question: String::new(),
        answer: Some(("Priya Shah answered at noon on Monday 13 September 2021".to_owned(), String::new())),
    };
    ApprovalPage {
        open: false,
        state: ("approved".to_owned(), "Approved".to_owned()),
        reasons: vec![("Elm House".to_owned(), String::new(), String::new())],
        views: Vec::new(),
        questions: vec![exchange],
        erased: true,
        ..sample()
    }
}

pub(in super::super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let line = RequestLine {
        reference: "HEF-D-0088".to_owned(),
        what: "Award of the placement agreement".to_owned(),
        about: "HEF-R-0042, aged 13 to 15".to_owned(),
        home: "Elm House".to_owned(),
        price: "£4,150 a week".to_owned(),
        why: "Limb (b)".to_owned(),
        needed_by: "27 September 2021".to_owned(),
        state: ("requested".to_owned(), "Requested".to_owned()),
    };
    let cannot = Some((
        "You asked for this, so you cannot approve it.".to_owned(),
        "The person who asks cannot approve".to_owned(),
        "Another holder of a post that the limb names".to_owned(),
    ));
    let changes = vec![("Price a week".to_owned(), "£4,150".to_owned(), "£4,200".to_owned(), true)];
    let urgent = ApprovalPage {
        cannot: cannot.clone(),
        urgent: Some("No power is in force. Only an urgency power carries this award.".to_owned()),
        ..sample()
    };
    vec![
        ("to decide", list(shell(), &[line], &[], false).to_string()),
        ("to decide and to confirm", list(shell(), &[], &[sample_due(false), sample_due(true)], false).to_string()),
        ("nothing decided", list(shell(), &[], &[], true).to_string()),
        ("void", approval(shell(), &void()).to_string()),
        ("a request about a child whose record was erased", approval(shell(), &erased()).to_string()),
        ("what follows an emergency", approval(shell(), &following()).to_string()),
        ("urgency", approval(shell(), &urgent).to_string()),
        ("a request", approval(shell(), &sample()).to_string()),
        (
            "a request that is not mine",
            approval(shell(), &ApprovalPage { cannot: cannot.clone(), ..sample() }).to_string(),
        ),
        ("the officer's view", approval(shell(), &ApprovalPage { cannot, is_officer: true, ..sample() }).to_string()),
        ("facts changed", approval(shell(), &ApprovalPage { changes, ..sample() }).to_string()),
        (
            "to confirm",
            approval(
                shell(),
                &ApprovalPage { open: false, to_confirm: Some("midday on 14 September 2021".to_owned()), ..sample() },
            )
            .to_string(),
        ),
    ]
}
