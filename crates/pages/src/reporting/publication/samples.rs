//! Samples of what is published. Everything shown is invented.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::reporting::publication::{ContractKind, Measure, PublicContract, Share};

use super::{
    ContractsView, NamedFigure, ShareView, YearToPublish, YearView, contract_page, contracts_page, data_page,
    publish_page,
};
use crate::samples as kit;

fn measure(children: u64, thousands: i64) -> Measure {
    Measure { children, paid: Pence::pounds(thousands * 1_000) }
}

fn year() -> YearView {
    YearView {
        starts_in: 2019,
        days: "15 December 2019 to 14 December 2020".into(),
        published_on: Some(Date::constant(2021, 2, 1)),
        all: Some(measure(64, 11_520)),
        figures: vec![
            NamedFigure {
                name: "Elm Tree Care Limited".into(),
                measure: measure(41, 7_380),
                parts: vec![
                    ("Herefordshire Council".into(), measure(12, 2_160)),
                    ("Other authorities".into(), measure(29, 5_220)),
                ],
            },
            NamedFigure { name: "Other providers".into(), measure: measure(23, 4_140), parts: vec![] },
        ],
        share: Some(ShareView {
            all: Share { through: 610, otherwise: 390 },
            by_authority: vec![
                ("Herefordshire Council".into(), Share { through: 29, otherwise: 71 }),
                ("Other authorities".into(), Share { through: 581, otherwise: 319 }),
            ],
        }),
    }
}

fn block() -> PublicContract {
    PublicContract {
        reference: "MB-001".into(),
        kind: ContractKind::MiniBlock,
        title: "Three beds in the west".into(),
        supplier: "Elm Tree Care Limited".into(),
        supplier_code: "elm-tree-care".into(),
        buyers: vec!["Herefordshire Council".into(), "Shropshire Council".into()],
        starts: Date::constant(2021, 4, 1),
        ends: Date::constant(2023, 3, 31),
        extension_months: Some(12),
        value: Some(Pence::pounds(1_204_000)),
        reasons: Some("The offer met every need.".into()),
        alternatives: Some("Single placements.".into()),
        conflicts: Some("None declared.".into()),
        decisions: vec!["HEF-2019-0114".into()],
        live: true,
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let (block, year) = (block(), year());
    let place = PublicContract {
        reference: "FCA-elm-tree-care".into(),
        kind: ContractKind::Arrangement,
        value: None,
        reasons: None,
        alternatives: None,
        conflicts: None,
        decisions: vec![],
        ..block.clone()
    };
    let tiny = YearView { all: None, figures: vec![], share: None, ..year.clone() };
    let open = YearView { published_on: None, ..year.clone() };
    let view = ContractsView {
        contracts: vec![block.clone(), place.clone()],
        years: vec![year.clone(), tiny],
        publishes: true,
        open_contracting: true,
    };
    let empty = ContractsView { contracts: vec![], years: vec![], publishes: false, open_contracting: false };
    let years = [
        YearToPublish {
            year: YearView { days: "15 December 2020 to 14 December 2021".into(), ..open.clone() },
            refused: Some("This year is not over.".into()),
            key: "k1".into(),
        },
        YearToPublish { year: open, refused: None, key: "k2".into() },
        YearToPublish {
            year: YearView { days: "15 December 2018 to 14 December 2019".into(), ..year },
            refused: None,
            key: "k3".into(),
        },
    ];
    vec![
        ("contracts", contracts_page(kit::public_shell(), &view).to_string()),
        ("contracts, none", contracts_page(kit::public_shell(), &empty).to_string()),
        ("mini-block", contract_page(kit::public_shell(), &block).to_string()),
        ("place on the arrangement", contract_page(kit::public_shell(), &place).to_string()),
        ("open data", data_page(kit::public_shell(), true).to_string()),
        ("publish a year", publish_page(kit::signed_in_shell(), &years).to_string()),
        ("publish a year, none", publish_page(kit::signed_in_shell(), &[]).to_string()),
    ]
}
