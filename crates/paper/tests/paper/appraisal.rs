//! The options appraisal: what it says, that it is accessible, and that the same input gives the same bytes.

use jiff::Timestamp;
use jiff::civil::date;
use placewell_paper::DocumentMoment;
use placewell_paper::reporting::appraisal::{
    AppraisalPaper, AssumedGroup, AssumedRow, OptionRow, PaidCell, PaidRow, Range, YearRow, appraisal,
};

use crate::read::{said, structure};

fn range(middle: i64) -> Range {
    Range { low: middle * 8 / 10, middle, high: middle * 12 / 10 }
}

fn option(name: &str, above: Option<i64>) -> OptionRow {
    OptionRow {
        name: name.to_owned(),
        cost: range(3_591_500_000 + above.unwrap_or(0)),
        above: above.map(range),
        cheaper: above.map(|_| "12.4%".to_owned()),
        set_up: 9_000_000,
        not_found: range(21),
        minutes: range(53_100),
        near: range(70),
        far: range(48),
        framework: range(1_104),
        spot: range(126),
        beds: range(0),
        still: above.is_none().then(|| range(230)),
    }
}

fn paper() -> AppraisalPaper {
    let cell = |price| PaidCell { count: 31, price };
    AppraisalPaper {
        reference: "HEF-OA-001".into(),
        title: "Cabinet, 23 September 2021".into(),
        authority: "Herefordshire Council".into(),
        day: date(2021, 9, 13),
        event: 4_212,
        futures: 10_000,
        seed: "5584".into(),
        years: 3,
        finding: "No alternative costs less than the arrangement in 95 of 100 futures.".into(),
        same_again: Some(true),
        options: vec![option("The regional arrangement (FCA)", None), option("Homes in house", Some(-12_300_000))],
        contract_years: vec![
            YearRow {
                from: date(2020, 12, 15),
                cost: range(512_000_000),
                ceiling: Some(550_000_000),
                set: true,
                above: "3.1%".into(),
            },
            YearRow { from: date(2021, 12, 15), cost: range(1), ceiling: None, set: false, above: "0.0%".into() },
        ],
        paid: vec![PaidRow {
            lot: "planned".into(),
            own: cell(None),
            like: cell(Some(395_000)),
            larger: cell(Some(401_000)),
            region: cell(Some(399_000)),
        }],
        grounds: vec!["Lengths of stay rest on 61 stays that ended.".into()],
        assumptions: vec![AssumedGroup {
            heading: "Prices".into(),
            rows: vec![AssumedRow {
                label: "Rise in prices, a year".into(),
                value: "5%".into(),
                from: "Estimate: 5% a year, as since 2018".into(),
            }],
        }],
    }
}

fn printed(paper: &AppraisalPaper) -> Vec<u8> {
    appraisal(paper, DocumentMoment(Timestamp::from_second(1_631_524_800).unwrap())).unwrap()
}

#[test]
fn a_whole_appraisal_says_its_figures_with_their_ranges_and_what_they_rest_on() {
    let text = said(&printed(&paper()));
    for expected in [
        "Options appraisal",
        "Herefordshire Council",
        "HEF-OA-001",
        "Cabinet, 23 September 2021",
        "£35,915,000",
        "£28,732,000 to £43,098,000",
        "−£123,000",
        "12.4%",
        "1,104",
        "885",
        "£5,500,000",
        "None set",
        "Too few to say",
        "£3,950 a week",
        "event 4212",
        "every figure the same",
        "Estimate: 5% a year, as since 2018",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing from:\n{text}");
    }
}

#[test]
fn an_appraisal_is_tagged_and_comes_out_the_same_twice() {
    let file = printed(&paper());
    assert_eq!(printed(&paper()), file);
    let tree = structure(&file);
    let count = |name: &str| tree.iter().filter(|(_, element)| element == name).count();
    assert_eq!(count("Table"), 6, "{tree:?}");
    assert_eq!(count("Figure"), 1, "{tree:?}");
    assert!(count("TH") > 20 && count("H2") > 0, "{tree:?}");
}

#[test]
fn an_appraisal_that_is_not_saved_says_so_and_one_without_years_or_prices_stands() {
    let bare = AppraisalPaper {
        same_again: None,
        contract_years: Vec::new(),
        paid: Vec::new(),
        grounds: Vec::new(),
        title: String::new(),
        reference: "Not saved".into(),
        ..paper()
    };
    assert!(said(&printed(&bare)).contains("This appraisal is not saved"));
    let changed = AppraisalPaper { same_again: Some(false), ..paper() };
    assert!(said(&printed(&changed)).contains("The saved figures are printed"));
}
