//! The placement agreement: what it says, that it is accessible, and that the same input gives the same bytes.

use jiff::civil::{date, datetime};
use placewell_paper::placing::agreement::{
    AgreementPaper, Basis, BroughtIn, Holding, LimbPower, UrgencyPower, agreement,
};
use placewell_paper::{DocumentMoment, PaperError, pdf};

use crate::read::{below, contains, pages, said, structure};
use crate::sample;

fn printed(paper: &AgreementPaper) -> Vec<u8> {
    agreement(paper, sample::moment()).unwrap()
}

#[test]
fn a_whole_agreement_says_what_both_sides_sign_and_the_power_behind_it() {
    let text = said(&printed(&sample::agreement()));
    for expected in [
        "Placement agreement HEF-A-0107",
        "13 September 2021",
        "Herefordshire Council",
        "Larkrise Care Limited",
        "Ofsted URN SC000117",
        "Siân Wójcik-Ŵyn",
        "Born 29 February 2008",
        "£4,150.00",
        "Health £1,000.00 (in dispute)",
        "Step-down review 10 November 2021",
        "£271,842.86",
        "Decision HEF-D-5584, in force from 19 January 2019",
        "Limb (b): the Director for Children's and Families",
        "Acts in the post under letter of appointment HR/2021/0388",
        "Regulation 11(2)(a)",
        "Idris Featherstonehaugh",
        "Not yet signed",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "https://placewell.example/agreements/HEF-A-0107",
        "Official - Sensitive",
        "Page 1 of",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing from:\n{text}");
    }
}

#[test]
fn the_file_declares_pdf_ua_1_its_language_its_title_and_its_structure() {
    let file = printed(&sample::agreement());
    for mark in ["pdfuaid:part>1<", "/StructTreeRoot", "/Lang", "en-GB", "Placement agreement HEF-A-0107", "/TH", "/H1"]
    {
        assert!(contains(&file, mark), "{mark} is missing");
    }
}

#[test]
fn headings_descend_one_level_at_a_time_and_every_table_has_headers_before_its_cells() {
    for paper in [sample::agreement(), sample::bare_agreement()] {
        let tree = structure(&printed(&paper));
        let levels: Vec<u32> = tree.iter().filter_map(|(_, name)| name.strip_prefix('H')?.parse().ok()).collect();
        assert_eq!(levels.first(), Some(&1), "the title comes first: {tree:?}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "no level is skipped: {levels:?}");
        let tables: Vec<usize> = (0..tree.len()).filter(|at| tree[*at].1 == "Table").collect();
        assert!(!tables.is_empty(), "the price stands in a table: {tree:?}");
        for at in tables {
            let cells: Vec<&str> = below(&tree, at)
                .iter()
                .map(|(_, name)| name.as_str())
                .filter(|name| ["TH", "TD"].contains(name))
                .collect();
            assert_eq!(cells.first(), Some(&"TH"), "a table begins with its headers: {cells:?}");
            assert!(cells.contains(&"TD"), "a table has cells under its headers: {cells:?}");
        }
    }
}

#[test]
fn the_same_agreement_and_moment_give_the_same_bytes_and_another_moment_other_bytes() {
    let first = printed(&sample::agreement());
    printed(&sample::bare_agreement());
    assert!(first == printed(&sample::agreement()), "the second printing differs");
    let later = DocumentMoment("2021-09-13T09:21:00Z".parse().unwrap());
    assert!(first != agreement(&sample::agreement(), later).unwrap(), "the moment left no trace");
}

#[test]
fn what_people_typed_is_printed_as_text_and_never_read_as_markup() {
    let mut paper = sample::agreement();
    let typed = [
        "#hash #panic(1) $x$ *b* _i_ <label> @ref [x]",
        "\"double\" 'single' // rest /* kept */ == - +",
        "Siân Ŵyn-Łódź Żółć",
        "محمد",
        "😀 and",
    ];
    paper.included = typed.iter().map(|&item| item.to_owned()).collect();
    paper.included.push("home 🏠\u{FE0F} \u{202E}end\u{0}".to_owned());
    let text = said(&printed(&paper));
    for expected in typed.into_iter().chain(["home [U+1F3E0] [U+202E]end[U+0000]"]) {
        assert!(text.contains(expected), "{expected:?} is missing from:\n{text}");
    }
}

#[test]
fn names_of_80_letters_fit_everywhere_and_stay_whole_when_copied() {
    let long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".repeat(2)[..80].to_owned();
    let mut paper = sample::agreement();
    paper.title.clone_from(&long);
    paper.parties.provider.name.clone_from(&long);
    paper.home.name.clone_from(&long);
    paper.price_lines[0].what.clone_from(&long);
    paper.approvals[0].rule.clone_from(&long);
    paper.approvals[0].reference.clone_from(&long);
    let text = said(&printed(&paper));
    let joined: String = text.split_whitespace().collect();
    assert!(joined.contains(&long), "the name is not whole in:\n{text}");
    assert!(!text.contains('\u{200B}'), "an invisible space would be copied along");
}

#[test]
fn a_long_list_of_price_lines_runs_over_pages_with_its_header_on_each() {
    let mut paper = sample::agreement();
    paper.price_lines = (1..=70).map(|n| sample::line("Other", &format!("Item {n} of 70"), 100 * n)).collect();
    let pages = pages(&printed(&paper));
    let with_lines: Vec<&String> = pages.iter().filter(|page| page.contains(" of 70")).collect();
    assert!(with_lines.len() >= 3, "{} pages hold price lines", with_lines.len());
    for page in with_lines {
        assert!(page.contains("Kind and what it pays for"), "no header on:\n{page}");
    }
    assert!((1..=70).all(|n| pages.iter().any(|page| page.contains(&format!("Item {n} of 70")))));
}

#[test]
fn missing_parts_are_left_out_or_said_to_be_missing() {
    let file = printed(&sample::bare_agreement());
    let text = said(&file);
    for expected in
        ["No price line is recorded", "Not recorded here", "No approval is recorded", "0 of 2 signed", "None set"]
    {
        assert!(text.contains(expected), "{expected:?} is missing from:\n{text}");
    }
    for absent in ["Siân", "Born", "Annual value", "Responsible authority"] {
        assert!(!text.contains(absent), "{absent:?} is printed:\n{text}");
    }
}

#[test]
fn rule_1_3_a_start_without_recorded_power_is_never_shown_as_made_under_a_limb() {
    let text = said(&printed(&sample::bare_agreement()));
    assert!(text.contains("Made without recorded power."), "{text}");
    assert!(!text.contains("Limb ("), "{text}");
}

#[test]
fn rule_1_3_an_urgency_power_is_named_as_such_with_its_confirmation() {
    let urgent = |confirmed_at| AgreementPaper {
        basis: Basis::Urgency(UrgencyPower {
            clause: "paragraph 3.7.9 of the constitution".to_owned(),
            post: "Duty head of service".to_owned(),
            holder: "Ines Quillfeather".to_owned(),
            approved_at: datetime(2021, 9, 12, 23, 40, 0, 0),
            confirmed_at,
        }),
        ..sample::agreement()
    };
    let waiting = said(&printed(&urgent(None)));
    assert!(waiting.contains("Made under an urgency power") && waiting.contains("Not yet given"), "{waiting}");
    assert!(waiting.contains("12 September 2021, 11:40pm") && !waiting.contains("Limb ("), "{waiting}");
    let confirmed = said(&printed(&urgent(Some(datetime(2021, 9, 13, 12, 0, 0, 0)))));
    assert!(confirmed.contains("13 September 2021, 12pm"), "{confirmed}");
}

#[test]
fn rule_1_1_the_paper_says_by_what_right_the_power_is_held() {
    let held = |holding: Holding| {
        let mut paper = sample::agreement();
        if let Basis::Limb(power) = paper.basis {
            paper.basis = Basis::Limb(LimbPower { holding, ..power });
        }
        said(&printed(&paper))
    };
    let holder = held(Holding::Holder);
    assert!(holder.contains("Holds the post") && !holder.contains("letter of appointment"), "{holder}");
    let instrument = "scheme of delegation 4".to_owned();
    let given = held(Holding::SubDelegated { instrument, from: Some(date(2021, 7, 1)), until: None });
    assert!(given.contains("by sub-delegation under scheme of delegation 4, from 1 July 2021"), "{given}");
    let undated = Holding::SubDelegated { instrument: "letter of delegation 9".to_owned(), from: None, until: None };
    let given = held(undated);
    assert!(given.contains("under letter of delegation 9") && !given.contains("delegation 9, from"), "{given}");
}

#[test]
fn rule_2_5_what_was_brought_in_says_where_it_comes_from_and_names_no_limb() {
    let sentence = "Brought in: a spot purchase made before this system.".to_owned();
    let basis = Basis::Imported(BroughtIn { sentence, on: Some(date(2021, 9, 13)) });
    let text = said(&printed(&AgreementPaper { basis, ..sample::agreement() }));
    assert!(text.contains("a spot purchase made before this system") && text.contains("13 September 2021"), "{text}");
    assert!(!text.contains("Limb (") && !text.contains("Made without recorded power"), "{text}");
}

#[test]
fn what_each_side_signed_is_printed_with_its_own_hash() {
    let text = said(&printed(&sample::agreement()));
    assert!(text.contains("Hash of what was signed") && text.contains("41ab41ab"), "{text}");
}

#[test]
fn any_sum_of_pence_is_printed_with_its_sign_groups_and_two_digits() {
    let mut paper = sample::agreement();
    let sums =
        [(0, "£0.00"), (7, "£0.07"), (99_900, "£999.00"), (-123_456_789, "−£1,234,567.89"), (i64::MIN, "758.08")];
    paper.price_lines = sums.iter().map(|&(pence, what)| sample::line("Other", what, pence)).collect();
    let text = said(&printed(&paper));
    for (_, words) in sums {
        assert!(text.matches(words).count() >= 2, "{words:?} is not printed as a price in:\n{text}");
    }
}

#[test]
fn a_template_can_open_no_file_but_its_own_data_and_its_mistakes_are_told() {
    let refused = |template: &str| match pdf(template, &(), sample::moment()) {
        Err(PaperError::Typesetting(why)) => why,
        other => panic!("{other:?}"),
    };
    for other in ["/etc/hostname", "/house.typ", "/paper.typ", "data/data.json"] {
        assert!(refused(&format!("#read(\"{other}\")")).contains("access denied"), "{other}");
    }
    assert!(refused("#panic(json(\"/data.json\"))").contains("panicked with: none"));
    assert!(refused("#nothing").contains("unknown variable: nothing"));
}

#[test]
fn rule_4_1_the_paper_says_which_of_the_first_and_last_day_are_charged() {
    let mut paper = sample::agreement();
    assert!(said(&printed(&paper)).contains("The first day is charged, the last is not."));
    paper.cost.charged_days = "The first and the last day are charged".to_owned();
    let text = said(&printed(&paper));
    assert!(text.contains("The first and the last day are charged."), "{text}");
    assert!(!text.contains("the last is not"), "{text}");
}
