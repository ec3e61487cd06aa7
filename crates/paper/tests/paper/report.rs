//! A report of sections: what it says, that it is accessible with its tables, and that the same input gives the same bytes.

use jiff::Timestamp;
use jiff::civil::date;
use placewell_paper::DocumentMoment;
use placewell_paper::report::{Report, Section, report};

use crate::read::{contains, said, structure};

fn paper(landscape: bool) -> Report {
    let row = |name: &str| {
        let cells = [name, "Larkrise Care Limited", "FCA", "9am, Friday 10 September 2021"];
        cells.map(str::to_owned).to_vec()
    };
    let rows = (1..=60).map(|number| row(&format!("Home {number}, SC{number:06}"))).collect();
    Report {
        title: "Statement of the search".into(),
        reference: "HEF-R-0042".into(),
        author: "Herefordshire Council".into(),
        marking: "Official - Sensitive".into(),
        landscape,
        printed_at: Some(date(2021, 9, 13).at(10, 20, 0, 0)),
        lead: "It names no child.".into(),
        sections: vec![
            Section::new("The search").fact("Sent", "3pm, Thursday 9 September 2021").fact("Left out", ""),
            Section::new("Homes approached").say("In the order in which they were asked.").table(
                &[("Home", 2), ("Provider", 2), ("Route", 1), ("Asked", 2)],
                rows,
                "None.",
            ),
            Section::new("Routes left out").table(&[("Route", 1)], Vec::new(), "No route was left out."),
        ],
        content_hash: "0f1e2d3c".repeat(8),
        record_url: "https://placewell.example/referrals/HEF-R-0042/statement".into(),
    }
}

fn printed(paper: &Report) -> Vec<u8> {
    report(paper, DocumentMoment(Timestamp::from_second(1_631_524_800).unwrap())).unwrap()
}

#[test]
fn a_report_says_every_part_and_leaves_out_what_is_empty() {
    for landscape in [true, false] {
        let text = said(&printed(&paper(landscape)));
        for expected in [
            "Statement of the search",
            "Official - Sensitive",
            "13 September 2021, 10:20am",
            "It names no child.",
            "3pm, Thursday 9 September 2021",
            "In the order in which they were asked.",
            "Home 60, SC000060",
            "No route was left out.",
            "SHA-256 of the content: 0f1e2d3c",
            "Page 2 of",
        ] {
            assert!(text.contains(expected), "{expected:?} is missing from:\n{text}");
        }
        assert!(!text.contains("Left out Home"), "an empty fact has no row");
    }
}

#[test]
fn a_report_is_tagged_with_headers_for_each_row_and_column_and_comes_out_the_same_twice() {
    let file = printed(&paper(true));
    assert_eq!(printed(&paper(true)), file);
    assert!(contains(&file, "/StructTreeRoot"));
    let tree = structure(&file);
    let count = |name: &str| tree.iter().filter(|(_, element)| element == name).count();
    assert_eq!(count("Table"), 2, "{tree:?}");
    assert!(count("TH") >= 64, "a header for each column and each row: {}", count("TH"));
}
