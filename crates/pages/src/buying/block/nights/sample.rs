//! Samples of the nights' pages, in every state that a reader meets. Everything is invented.

use jiff::civil::date;
use placewell_domain::buying::block::month::MonthSide;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::outcome::Invalid;

use super::{
    AgainstView, BreakEvenView, CauseView, CorrectionView, NightLineView, NightsView, NominateView, NominationView,
    PartView, RechargeRowView, RechargeView, ResaleView, SellView, SettlingView, VacancyView, VoidOfferView, VoidView,
    WeekView, nights_page, nominate_page, recharge_page, sell_page, void_page,
};
use crate::form::Typed;
use crate::samples as kit;

fn settling() -> SettlingView {
    SettlingView {
        version: 1,
        label: "Agreed by the provider".to_owned(),
        frozen: false,
        disputed: None,
        digest: "0f".repeat(32),
        side: Some(MonthSide::Lead),
        passed: true,
    }
}

fn nomination(id: i64, state: (&'static str, &str)) -> NominationView {
    NominationView {
        id,
        version: 1,
        slot: 2,
        authority: "Herefordshire Council".to_owned(),
        reference: Some("HEF-R-0042".to_owned()),
        made: date(2021, 8, 12).at(10, 20, 0, 0),
        state: (state.0, state.1.to_owned()),
        withdraws: false,
        answers: false,
        concedes: false,
    }
}

fn break_even() -> BreakEvenView {
    BreakEvenView {
        finding: "At 64% used the block costs more than the FCA".to_owned(),
        words: "A used bed has cost £4,410 a week over the last year.".to_owned(),
        against: vec![
            AgainstView {
                route: "FCA",
                middle: Some((Pence::pounds(3_950), 210)),
                even: "86.1% of bed-nights".to_owned(),
                meets: Some(861),
            },
            AgainstView {
                route: "Spot purchase",
                middle: Some((Pence::pounds(4_600), 30)),
                even: "74.0% of bed-nights".to_owned(),
                meets: Some(740),
            },
        ],
        line: (1..=100).map(|percent| (percent, Pence::pounds(340_000 / i64::from(percent)))).collect(),
    }
}

fn vacancies() -> Vec<VacancyView> {
    vec![VacancyView {
        bed: "Bed 2: Elm House, Room 2".to_owned(),
        since: date(2021, 8, 10),
        nominate_by: date(2021, 8, 13).at(12, 0, 0, 0),
        open_to_others: true,
        nominated: false,
    }]
}

fn causes() -> Vec<CauseView> {
    vec![CauseView {
        bed: "Bed 2".to_owned(),
        nights: (date(2021, 7, 10), date(2021, 7, 11)),
        cause: "Home suspended".to_owned(),
        at: date(2021, 8, 2).at(9, 30, 0, 0),
    }]
}

fn view() -> NightsView {
    let month = date(2021, 8, 1);
    let night = |at: i64| NightLineView {
        night: plus_days(month, at),
        beds: vec!["Used".to_owned(), "No child nominated".to_owned()],
        due: Pence(89_572),
    };
    let part = |code: &str, name: &str, opens| PartView {
        code: code.to_owned(),
        name: name.to_owned(),
        used: (31, Pence(1_505_701)),
        empty: Pence(423_739),
        bought: Pence::ZERO,
        income: Pence(4_008),
        owes: Pence(1_925_432),
        opens,
    };
    NightsView {
        reference: "MB-001".to_owned(),
        title: "Two beds in Herefordshire".to_owned(),
        back: "/mini-blocks/MB-001".to_owned(),
        month,
        around: (Some("2021-07".to_owned()), Some("2021-09".to_owned())),
        facts: vec![
            ("Bed-nights".to_owned(), "62".to_owned()),
            ("Due to the provider".to_owned(), "£27,767.32".to_owned()),
        ],
        beds: vec!["Bed 1: Elm House, Room 1".to_owned(), "Bed 2: Elm House, Room 2".to_owned()],
        nights: (0..31).map(night).collect(),
        parts: vec![part("HEF", "Herefordshire Council", true), part("SHR", "Shropshire Council", false)],
        corrections: vec![CorrectionView {
            night: date(2021, 7, 10),
            slot: 2,
            change: ("No child nominated".to_owned(), "Home suspended".to_owned()),
            due: Pence(-41_001),
        }],
        settling: settling(),
        nominations: vec![
            NominationView { answers: true, ..nomination(1, ("open", "Nominated")) },
            NominationView { withdraws: true, ..nomination(2, ("accepted", "Accepted")) },
            NominationView { concedes: true, ..nomination(3, ("refused", "Refused: The home cannot staff the bed")) },
            NominationView { reference: None, ..nomination(4, ("placed", "Placed")) },
        ],
        resales: vec![ResaleView {
            id: 1,
            version: 1,
            slot: 2,
            buyer: "Telford and Wrekin Council".to_owned(),
            nights: (date(2021, 8, 20), date(2021, 9, 17)),
            night: Pence(45_000),
            state: "Offered".to_owned(),
            withdraws: true,
        }],
        vacancies: vacancies(),
        void_offers: void_offers(),
        causes: causes(),
        refusals: "Refusals counted in this calendar quarter: 1 of 1 permitted.".to_owned(),
        weeks: (0..4).map(|week| WeekView { from: plus_days(month, week * 7), nights: [7, 2, 1, 4] }).collect(),
        break_even: Some(break_even()),
        may: [true; 3],
        keys: (0..20).map(|at| format!("k{at}")).collect(),
    }
}

fn void_offers() -> Vec<VoidOfferView> {
    let one = |id, place, name: &str, state: &str| VoidOfferView {
        id,
        version: 1,
        bed: "Bed 2: Elm House, Room 2".to_owned(),
        since: date(2021, 8, 20),
        authority: (place, name.to_owned()),
        state: state.to_owned(),
        takes: false,
        passes: false,
    };
    vec![
        VoidOfferView {
            takes: true,
            passes: true,
            ..one(3, 3, "Telford and Wrekin Council", "Offered until 23 August 2021, 9am")
        },
        VoidOfferView { passes: true, ..one(2, 2, "Shropshire Council", "Taken, a child by 24 August 2021, 9am") },
        one(1, 1, "Herefordshire Council", "Passed"),
    ]
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let whole = view();
    let provider = NightsView { break_even: None, may: [false, true, false], resales: vec![], ..view() };
    let disputed = SettlingView { disputed: Some("The cause of an empty night".to_owned()), ..settling() };
    let disputed = NightsView { settling: disputed, ..view() };
    let frozen = NightsView {
        settling: SettlingView { frozen: true, label: "Settled".to_owned(), ..settling() },
        corrections: vec![],
        nominations: vec![],
        vacancies: vec![],
        void_offers: vec![],
        causes: vec![],
        ..view()
    };
    let running = NightsView {
        settling: SettlingView { passed: false, label: "Running".to_owned(), version: 0, side: None, ..settling() },
        around: (None, None),
        nights: vec![],
        parts: vec![],
        weeks: vec![],
        ..view()
    };
    let mut all = vec![
        ("nights of a mini-block", nights_page(shell(), &whole).to_string()),
        ("a provider's nights", nights_page(shell(), &provider).to_string()),
        ("a disputed month", nights_page(shell(), &disputed).to_string()),
        ("a settled month", nights_page(shell(), &frozen).to_string()),
        ("a month that runs, with nothing in it", nights_page(shell(), &running).to_string()),
    ];
    all.extend(form_samples());
    all.extend(recharge_samples());
    all
}

fn form_samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let beds = vec![(1, "Bed 1: Elm House, Room 1".to_owned()), (2, "Bed 2: Elm House, Room 2".to_owned())];
    let authorities = vec![("HEF".to_owned(), "Herefordshire Council".to_owned())];
    let nominate = NominateView {
        reference: "MB-001".to_owned(),
        beds: beds.clone(),
        referrals: vec!["HEF-R-0042".to_owned(), "HEF-R-0051".to_owned()],
        key: "k".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let nobody = NominateView { referrals: vec![], ..nominate.clone() };
    let full = NominateView { beds: vec![], ..nominate.clone() };
    let void = VoidView {
        reference: "MB-001".to_owned(),
        beds: beds.clone(),
        authorities: authorities.clone(),
        provider: false,
        key: "k".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let own = VoidView {
        authorities: vec![],
        provider: true,
        errors: Invalid::one("from", "Enter the first night, like 20 9 2021"),
        ..void.clone()
    };
    let sell = SellView {
        reference: "MB-001".to_owned(),
        beds,
        authorities,
        empty: "£410.01".to_owned(),
        income: "50% of what is above the price of an empty night goes to the authorities by their shares.".to_owned(),
        key: "k".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    vec![
        ("nominate", nominate_page(shell(), &nominate).to_string()),
        ("nominate with no referral", nominate_page(shell(), &nobody).to_string()),
        ("nominate with no bed", nominate_page(shell(), &full).to_string()),
        ("record a cause", void_page(shell(), &void).to_string()),
        ("a provider records a cause, with an error", void_page(shell(), &own).to_string()),
        ("offer nights", sell_page(shell(), &sell).to_string()),
    ]
}

fn recharge_samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let row =
        |what: &str, night, pence| RechargeRowView { what: what.to_owned(), nights: 31, night, pence: Pence(pence) };
    let recharge = RechargeView {
        reference: "MB-001".to_owned(),
        title: "Two beds in Herefordshire".to_owned(),
        authority: "Herefordshire Council".to_owned(),
        code: "HEF".to_owned(),
        share: "33.34%".to_owned(),
        provider: "Larkrise Care".to_owned(),
        month: date(2021, 8, 1),
        settled: Some(date(2021, 9, 6)),
        lines: vec![row("Occupied, HEF-A-0137", Some(Pence(48_571)), 1_505_701)],
        adjustments: vec![row(
            "Correction of 2021-07-10, bed 2: no child nominated, now home suspended",
            None,
            -13_669,
        )],
        total: Pence(1_492_032),
    };
    let open =
        RechargeView { settled: None, adjustments: vec![], lines: vec![], total: Pence::ZERO, ..recharge.clone() };
    vec![
        ("a recharge statement", recharge_page(shell(), &recharge).to_string()),
        ("a recharge statement of nothing", recharge_page(shell(), &open).to_string()),
    ]
}
