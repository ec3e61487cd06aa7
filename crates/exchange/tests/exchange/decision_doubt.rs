//! Published pages, all invented, that leave something open: what the reader must not guess (rule 2.3), and what it may
//! still read for certain.

use placewell_exchange::power::decision::{PublishedDecision, read, unreadable};
use placewell_exchange::text::decode;

fn page(head: &str, decision: &str) -> PublishedDecision {
    read(&format!(
        "Title: Homes for children\nDecision maker: Cabinet\n{head}\nDecision:\n{decision}\nReasons:\nNeed.\n"
    ))
}

fn acts(read: &PublishedDecision, limb: usize) -> Vec<&str> {
    read.limbs[limb].powers.iter().map(|power| power.act).collect()
}

fn labels(read: &PublishedDecision) -> Vec<&str> {
    read.limbs.iter().map(|limb| limb.letter.as_deref().unwrap_or("-")).collect()
}

fn lacks(read: &PublishedDecision, key: &str) {
    assert!(read.missing.iter().any(|missing| missing == key), "{key} is asked for: {:?}", read.missing);
}

#[test]
fn rule_2_3_a_rise_from_one_value_to_another_is_the_second_and_no_other() {
    let read = page(
        "",
        "1. the annual value be raised from £4.5m to not more than £5.5m;\n2. the Director be authorised to award placement agreements.",
    );
    assert_eq!(labels(&read), ["1", "2"]);
    assert_eq!(read.annual_value_pence, Some(550_000_000));
    assert_eq!(acts(&read, 0), ["ceiling"]);
}

#[test]
fn rule_2_3_a_present_value_beside_the_new_one_is_asked_for() {
    for decision in [
        "(a) the arrangement be adopted at an annual value of £5.5m, the current annual value being £4.5m.",
        "(a) the arrangement be adopted at an annual value of £5.5m in year 1 and £6m in year 2.",
        "(a) the arrangement be adopted at an annual value of £5.5m together with £1m of grant.",
        "(a) the arrangement be adopted up to an annual value of £5,5m.",
    ] {
        let read = page("", decision);
        assert_eq!(read.annual_value_pence, None, "{decision}");
        lacks(&read, "annual_value_pence");
        assert!(read.doubts.contains_key("annual_value_pence"), "{decision}: {:?}", read.doubts);
        assert!(!acts(&read, 0).contains(&"ceiling"), "{decision}");
    }
    let read = page("Purpose: To adopt at up to £5m a year.", "(a) the arrangement be adopted at up to £6m a year.");
    assert_eq!(read.annual_value_pence, None);
    assert!(read.doubts["annual_value_pence"].contains("£5,000,000"), "{:?}", read.doubts);
}

#[test]
fn an_annual_value_under_a_label_of_its_own_and_with_a_half_is_read() {
    let read = page("Annual value: £5.5m", "That the regional arrangement be adopted.");
    assert_eq!(read.annual_value_pence, Some(550_000_000));
    assert_eq!(read.sources["annual_value_pence"], "Annual value: £5.5m");
    let read = page("", "That the regional arrangement be adopted at a cost of £3½ million a year.");
    assert_eq!(read.annual_value_pence, Some(350_000_000));
    let read = page("", "That the regional arrangement be adopted, at GBP 5.5m per annum.");
    assert_eq!(read.annual_value_pence, Some(550_000_000));
}

#[test]
fn rule_2_3_the_days_of_a_consultation_and_of_the_arrangement_before_are_not_the_term() {
    let read = page(
        "Purpose: Following consultation from 1 May 2018 to 30 June 2018, to replace the present arrangement.",
        "(a) the arrangement be adopted from 15 December 2018 to 14 December 2021 with no more said.",
    );
    let days = [read.term.start, read.term.end].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2018-12-15", "2021-12-14"]);
    let two = page(
        "",
        "(a) lot 1 be adopted from 1 April 2020 to 31 March 2022;\n(b) lot 2 be adopted from 1 May 2020 to 30 April 2024.",
    );
    assert_eq!((two.term.start, two.term.end), (None, None));
    assert!(two.doubts.contains_key("term"), "{:?}", two.doubts);
}

#[test]
fn a_term_of_years_from_a_day_has_its_last_day() {
    let read = page("", "That the arrangement be adopted for four years from 1 April 2020.");
    let days = [read.term.start, read.term.end].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2020-04-01", "2024-03-31"]);
    assert_eq!(read.term.option_months, None);
    lacks(&read, "term.option_months");
}

#[test]
fn rule_2_4_a_length_beside_an_option_or_an_extension_that_is_made_is_no_option() {
    for decision in [
        "That the arrangement be adopted from 1 April 2020 to 31 March 2023, for 3 years (option to extend).",
        "That the arrangement from 1 April 2020 to 31 March 2023 be adopted, an extension approved for 12 months.",
        "That the option to extend the arrangement be exercised for 12 months from 1 April 2023 to 31 March 2024.",
        "That the arrangement be adopted from 1 April 2020 to 31 March 2022 on a 2+1+1 year contract with options to extend.",
    ] {
        let read = page("", decision);
        assert_eq!(read.term.option_months, None, "{decision}");
        lacks(&read, "term.option_months");
    }
}

#[test]
fn rule_2_3_what_is_no_answer_is_asked_for() {
    for (head, key) in [
        ("Is Key decision?: Not stated", "key_decision"),
        ("Is Key decision?: Not yet determined", "key_decision"),
        ("Is Key decision?: Yes / No", "key_decision"),
        ("Is Key decision?: N/A", "key_decision"),
        ("Call-in: Not called in", "subject_to_call_in"),
        ("Call-in: No call-in request received", "subject_to_call_in"),
        ("Call-in: No requests", "subject_to_call_in"),
    ] {
        let read = page(head, "That homes be bought.");
        assert_eq!((read.key_decision, read.subject_to_call_in), (None, None), "{head}");
        lacks(&read, key);
    }
    for (head, key, call_in) in [
        ("Key decision: Non-key", Some(false), None),
        ("Key decision: Not a key decision", Some(false), None),
        ("Is subject to call in?: Not subject to call-in", None, Some(false)),
        ("Is subject to call in?: No - urgent", None, Some(false)),
        ("Is subject to call in?: Yes, to 18 January", None, Some(true)),
    ] {
        let read = page(head, "That homes be bought.");
        assert_eq!((read.key_decision, read.subject_to_call_in), (key, call_in), "{head}");
    }
}

#[test]
fn rule_1_1_what_is_not_granted_is_no_power() {
    let read = page(
        "",
        "1. a report on spot purchasing be brought to Cabinet;\n2. any award of mini-block contracts be subject to a further key decision;\n\
         3. adoption placements continue to be made by the Head of Adoption;\n4. the Director note the placement agreements awarded.",
    );
    for limb in 0..4 {
        assert_eq!(acts(&read, limb), [""; 0], "{:?}", read.limbs[limb]);
    }
}

#[test]
fn rule_1_1_two_posts_in_one_limb_keep_their_own_acts() {
    let read = page(
        "",
        "(a) the Director of Children's Services be authorised to award placement agreements and mini-block contracts, and \
         the Head of Commissioning to spot-purchase placements for individual children.",
    );
    let posts = |act: &str| {
        let power = read.limbs[0].powers.iter().find(|power| power.act == act).unwrap();
        power.posts.join(", ")
    };
    assert_eq!(posts("award_placement_agreement"), "Director of Children's Services");
    assert_eq!(posts("award_mini_block"), "Director of Children's Services");
    assert_eq!(posts("spot_purchase"), "Head of Commissioning");
}

#[test]
fn a_decision_behind_bullets_is_as_many_limbs_as_bullets() {
    let text = page(
        "",
        "That authority be delegated to the Director of Children's Services to:\n• award placement agreements;\n• spot purchase placements.",
    );
    assert_eq!(labels(&text), ["-", "-"]);
    assert_eq!((acts(&text, 0), acts(&text, 1)), (vec!["award_placement_agreement"], vec!["spot_purchase"]));
    assert_eq!(text.limbs[1].powers[0].posts, ["Director of Children's Services"]);
    let html = read(
        "<html><body><p>Decision maker: Cabinet</p><h3>Decision</h3><ul><li>the arrangement be adopted up to an annual value of \
         &pound;2m</li><li>the Head of Placements be authorised to award placement agreements</li></ul></body></html>",
    );
    assert_eq!((acts(&html, 0), acts(&html, 1)), (vec!["adopt", "ceiling"], vec!["award_placement_agreement"]));
    assert_eq!(html.annual_value_pence, Some(200_000_000));
}

#[test]
fn the_name_of_a_council_and_a_banner_are_no_title() {
    for above in [
        "Severnshire County Council\nOFFICER DECISION NOTICE\n\nHomes for children\n\n",
        "Skip to main content\nHome > Council > Decisions\nBorough of Marches Council\n\nHomes for children\n\n",
        "Wrekin Vale Children's Trust\nRecord of decision\nHomes for children\n",
    ] {
        let read = read(&format!("{above}Decision maker: Cabinet\nDecision:\nThat homes be bought.\n"));
        assert_eq!(read.title.as_deref(), Some("Homes for children"), "{above}");
    }
    let none = read("Severnshire County Council\nDecision maker: Cabinet\nDecision:\nThat homes be bought.\n");
    assert_eq!(none.title, None);
    lacks(&none, "title");
}

#[test]
fn rule_2_3_several_dates_in_one_field_are_asked_for() {
    let read = page(
        "Publication date: 14/01/2019 (corrected 16/01/2019)\nDate of decision: 14.01.19\nEffective from: 19-01-19",
        "That homes be bought.",
    );
    assert_eq!(read.published_on, None);
    lacks(&read, "published_on");
    assert!(read.doubts["published_on"].contains("16 January 2019"));
    let days = [read.decided_on, read.effective_from].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2019-01-14", "2019-01-19"]);
}

#[test]
fn none_considered_is_an_answer_for_the_alternatives() {
    let read = page("Alternative options considered: None considered", "That homes be bought.");
    assert_eq!(read.no_alternatives.as_deref(), Some("None considered"));
    assert!(!read.missing.contains(&"alternatives".to_owned()));
}

#[test]
fn a_file_is_read_however_it_was_saved() {
    let text = "Title: Children\u{2019}s homes\nDecision maker: Cabinet\nDecision:\n(a) the arrangement be adopted up to an annual value of £5.5m.\n";
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '£' => 0xa3,
            '\u{2019}' => 0x92,
            c => u8::try_from(c).unwrap(),
        })
        .collect();
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for bytes in [text.as_bytes().to_vec(), utf16, windows, marked] {
        let found = read(&decode(&bytes));
        assert_eq!(found.title.as_deref(), Some("Children\u{2019}s homes"));
        assert_eq!(found.annual_value_pence, Some(550_000_000));
    }
}

#[test]
fn an_archive_of_a_page_is_refused_with_what_to_do() {
    let archive = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\"\r\n\r\n------\r\n";
    assert!(unreadable(archive).is_some_and(|why| why.contains("HTML only")));
    assert!(unreadable("%PDF-1.7").is_some());
    assert!(unreadable("\u{2030}PNG\r\n\u{1a}\n\0\0\0\rIHDR").is_some_and(|why| why.contains("not text")));
    assert!(unreadable("Decision maker: Cabinet").is_none());
}
