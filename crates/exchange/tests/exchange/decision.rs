//! The real page of 14 January 2019, and what no input may do to the reader.

use std::collections::BTreeMap;
use std::fmt::Write;

use placewell_exchange::power::decision::{Document, Power, PublishedDecision, read};
use proptest::prelude::*;

fn seed() -> Option<String> {
    crate::shared("seed-decision-5584.txt").map(|bytes| String::from_utf8(bytes).unwrap())
}

fn acts(decision: &PublishedDecision, limb: usize) -> Vec<&str> {
    decision.limbs[limb].powers.iter().map(|power| power.act).collect()
}

#[test]
fn the_seed_decision_is_read_whole() {
    let Some(seed) = seed() else { return };
    let read = read(&seed);
    assert_eq!(
        read.title.as_deref(),
        Some(
            "Regional Joint Commissioning. Flexible Contractual arrangement for the Provision of Placements in \
             Residential Children's Homes"
        )
    );
    assert_eq!(read.decision_maker.as_deref(), Some("Cabinet member children and families"));
    assert_eq!(read.status.as_deref(), Some("Recommendations Approved"));
    assert_eq!((read.key_decision, read.subject_to_call_in), (Some(true), Some(true)));
    let purpose = read.purpose.as_deref().unwrap();
    assert!(purpose.starts_with("To approve the adoption of the regional") && purpose.ends_with("a further 3 years."));
    assert_eq!(read.reason_key.as_deref(), Some("Expenditure and strategic nature / impact on communities"));
    assert_eq!(read.wards.as_deref(), Some("(All Wards)"));
    assert!(read.contact.as_deref().unwrap().contains("Commissioning officer"));
    let days = [read.published_on, read.decided_on, read.effective_from].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2019-01-14", "2019-01-14", "2019-01-19"]);
    assert_eq!(read.annual_value_pence, Some(550_000_000));
    assert_eq!(read.term.start.unwrap().to_string(), "2018-12-15");
    assert_eq!(read.term.end.unwrap().to_string(), "2021-12-14");
    assert_eq!(read.term.option_months, Some(36));
    assert_eq!(read.documents, [] as [Document; 0]);
}

#[test]
fn the_seed_decision_has_three_limbs_and_what_each_allows() {
    let Some(seed) = seed() else { return };
    let read = read(&seed);
    let letters: Vec<_> = read.limbs.iter().map(|limb| limb.letter.as_deref().unwrap()).collect();
    assert_eq!(letters, ["a", "b", "c"]);
    assert!(read.limbs[0].text.ends_with("up to an annual value of £5.5m"), "{}", read.limbs[0].text);
    assert_eq!(acts(&read, 0), ["adopt", "ceiling"]);
    assert_eq!(acts(&read, 1), ["operational_decisions", "award_placement_agreement", "award_mini_block"]);
    assert_eq!(acts(&read, 2), ["spot_purchase"]);
    let posts = ["Director for Children's and Families", "relevant Assistant Directors"].map(str::to_owned);
    for limb in &read.limbs[1..] {
        assert!(limb.powers.iter().all(|power| power.posts == posts), "{limb:?}");
    }
    let ceiling = Power { act: "ceiling", posts: vec![], ceiling_pence: Some(550_000_000) };
    assert!(read.limbs[0].powers.contains(&ceiling));
}

#[test]
fn the_seed_decision_considered_four_alternatives() {
    let Some(seed) = seed() else { return };
    let read = read(&seed);
    let numbers: Vec<_> = read.alternatives.iter().map(|alternative| alternative.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    for (at, start) in ["Do nothing.", "Commission a", "Participate in", "For Herefordshire"].iter().enumerate() {
        assert!(read.alternatives[at].text.starts_with(start), "{}", read.alternatives[at].text);
    }
    assert!(read.alternatives[3].text.ends_with("the regional FCA would help to deliver."));
}

#[test]
fn rule_2_3_what_the_seed_page_lacks_is_asked_for_and_nothing_else() {
    let Some(seed) = seed() else { return };
    let lacks =
        ["reference", "governing_body", "reasons", "conflicts_of_interest", "dispensations", "urgency", "source_url"];
    assert_eq!(read(&seed).missing, lacks);
}

#[test]
fn every_field_of_the_seed_stands_beside_its_source_line() {
    let Some(seed) = seed() else { return };
    let read = read(&seed);
    assert_eq!(read.sources["effective_from"], "Effective from: 19/01/2019");
    assert_eq!(read.sources["key_decision"], "Is Key decision?: Yes");
    assert!(read.sources["limbs.a"].starts_with("(a)"));
    assert!(read.sources["annual_value_pence"].contains("£5.5m"));
    assert!(read.sources["alternatives.4"].starts_with("4."));
    for key in ["title", "purpose", "term.start", "term.end", "term.option_months", "contact", "documents"] {
        assert!(read.sources.contains_key(key), "{key}");
    }
    assert!(read.missing.iter().all(|key| !read.sources.contains_key(key)));
}

#[test]
fn the_json_has_the_settled_keys_in_their_order() {
    let json = serde_json::to_string(&read("")).unwrap();
    let keys = [
        "title",
        "reference",
        "decision_maker",
        "governing_body",
        "status",
        "key_decision",
        "subject_to_call_in",
        "purpose",
        "limbs",
        "alternatives",
        "reasons",
        "conflicts_of_interest",
        "dispensations",
        "urgency",
        "reason_key",
        "wards",
        "contact",
        "published_on",
        "decided_on",
        "effective_from",
        "annual_value_pence",
        "term",
        "start",
        "end",
        "option_months",
        "documents",
        "source_url",
        "missing",
    ];
    let mut from = 0;
    for key in keys {
        let at =
            json[from..].find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is not in its place: {json}"));
        from += at + 1;
    }
    assert!(!json.contains("sources"));
}

#[test]
fn the_seed_as_browser_html_reads_as_the_text_does() {
    let Some(seed) = seed() else { return };
    let mut html = String::from(
        "<!DOCTYPE html>\n<!-- saved from url=(0071)https://councillors.herefordshire.gov.uk/ieDecisionDetails.aspx?Id=5584 -->\n\
         <html><head><title>x</title><script>var Decision = 'Reference: 1';</script></head><body><nav>Reference: nav</nav><div id=\"modgov\">",
    );
    for line in seed.lines() {
        let (tag, text) = if line == "Decision details" { ("h1", line) } else { ("p", line) };
        writeln!(html, "<{tag}>{}</{tag}>", text.replace('&', "&amp;").replace('£', "&pound;")).unwrap();
    }
    html.push_str("</div></body></html>");
    let (from_text, mut from_html) = (read(&seed), read(&html));
    assert_eq!(
        from_html.source_url.take().as_deref(),
        Some("https://councillors.herefordshire.gov.uk/ieDecisionDetails.aspx?Id=5584")
    );
    from_html.missing.push("source_url".to_owned());
    from_html.sources.clear();
    assert_eq!(from_html, PublishedDecision { sources: BTreeMap::default(), ..from_text });
}

/// The seed where it is at hand, else a short page of the same shape, for the mutations below.
fn page() -> String {
    seed().unwrap_or_else(|| {
        "Decision details\n\nA title\n\nDecision Maker: Cabinet\n\nIs Key decision?: Yes\n\nTo approve it from 15 December \
         2018 to 14 December 2021 with option to extend for up to a further 3 years.\n\n(a) it be adopted up to an annual \
         value of £5.5m;\n\n(b) the Director be authorised to act.\n\nDate of decision: 14/01/2019\n"
            .to_owned()
    })
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,400}") {
        let read = read(&text);
        prop_assert!(read.annual_value_pence.is_none_or(|pence| pence >= 0));
    }

    #[test]
    fn no_lines_of_labels_and_marks_make_the_reader_panic(
        text in "((Decision|Purpose|Key decision\\?|Effective from|\\(a\\)|\\([bi]\\)|1\\.|£[0-9.,]{0,9}m?|per annum|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|extend|years|é|\u{a0}|<p>|<li>|<ol type=a>|</td>)[: \\t\\n;.]{1,3}){0,40}"
    ) {
        read(&text);
    }

    #[test]
    fn no_mutation_of_a_page_makes_the_reader_panic_or_invents_an_amount(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "\\PC{0,6}"), 1..6)
    ) {
        let mut letters: Vec<char> = page().chars().collect();
        for (at, length, put) in cuts {
            let at = at.index(letters.len() + 1);
            let end = (at + length.index(60)).min(letters.len());
            letters.splice(at..end, put.chars());
        }
        let text: String = letters.into_iter().collect();
        let read = read(&text);
        prop_assert!(text.contains('£') || read.annual_value_pence.is_none());
        for (key, present) in [("title", read.title.is_some()), ("annual_value_pence", read.annual_value_pence.is_some())] {
            prop_assert_eq!(read.missing.iter().any(|missing| missing == key), !present);
        }
    }
}
