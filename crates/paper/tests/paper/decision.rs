//! A published decision on paper: what it says, what a correction changed of it, and the contracts that rest on it.

use jiff::Timestamp;
use jiff::civil::date;
use placewell_paper::DocumentMoment;
use placewell_paper::power::decision::{
    ChangedField, Contract, DecisionPaper, Fact, LimbBlock, Run, Version, decision,
};

use crate::read::said;

fn run(text: &str, alone: bool) -> Run {
    Run { text: text.to_owned(), alone }
}

fn paper() -> DecisionPaper {
    let fact = |label: &str, value: Option<&str>| Fact { label: label.into(), value: value.map(str::to_owned) };
    DecisionPaper {
        reference: "WOR-2018-1206".into(),
        authority: "Worcestershire County Council".into(),
        title: "Regional Flexible Contracting Arrangement".into(),
        standing: "Effective".into(),
        issued_on: date(2021, 9, 13),
        dates: "Decided and published 6 December 2018. Effective from 14 December 2018.".into(),
        differs: vec![],
        head: vec![fact("Decision maker", Some("Cabinet")), fact("Governing body", None)],
        purpose: Some("To adopt the arrangement.".into()),
        limbs: vec![LimbBlock { letter: "a".into(), text: "It be adopted.".into(), allows: vec![] }],
        alternatives: vec!["1. Do nothing.".into()],
        foot: vec![fact("Wards affected", Some("All wards, and the homes of other areas"))],
        documents: vec![],
        not_said: vec![],
        contracts: vec![Contract {
            reference: "MB-001".into(),
            title: "Three beds".into(),
            supplier: "Larkrise Care Ltd".into(),
            starts: date(2021, 4, 1),
            ends: date(2023, 3, 31),
            value: Some(120_400_000),
        }],
        versions: vec![Version {
            version: 4,
            on: date(2019, 2, 11),
            why: Some("The first version left out the reasons.".into()),
            fields: vec![
                ChangedField {
                    field: "Wards affected".into(),
                    before: vec![run("All wards", false), run("only", true)],
                    after: vec![run("All wards", false), run("and the homes of other areas", true)],
                },
                ChangedField {
                    field: "Reasons for the decision".into(),
                    before: vec![],
                    after: vec![run("Fewer checks", true)],
                },
            ],
        }],
        record_url: "https://example.org/decisions/WOR-2018-1206".into(),
    }
}

#[test]
fn a_printed_decision_tells_what_a_correction_changed_and_which_contracts_rest_on_it() {
    let moment = DocumentMoment("2021-09-13T09:20:00Z".parse::<Timestamp>().unwrap());
    let file = decision(&paper(), moment).unwrap();
    let text = said(&file);
    for words in [
        "Contracts that rest on this decision",
        "MB-001",
        "Larkrise Care Ltd",
        "£1,204,000.00",
        "What was changed after publication",
        "Version 4, 11 February 2019",
        "Why it was corrected: The first version left out the reasons.",
        "and the homes of other areas",
        "Nothing",
        "Fewer checks",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(decision(&paper(), moment).unwrap(), file, "the same input gives the same bytes");
    let plain = DecisionPaper { contracts: vec![], versions: vec![], ..paper() };
    let text = said(&decision(&plain, moment).unwrap());
    assert!(!text.contains("What was changed") && !text.contains("Contracts that rest"));
}
