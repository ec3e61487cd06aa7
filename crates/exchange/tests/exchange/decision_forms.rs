//! Pages as other councils publish them: other wording, order, dates, money, lists and HTML.

use placewell_exchange::power::decision::{PublishedDecision, read};

fn letters(read: &PublishedDecision) -> Vec<&str> {
    read.limbs.iter().map(|limb| limb.letter.as_deref().unwrap_or("-")).collect()
}

#[test]
fn other_labels_order_and_dates_are_read() {
    let read = read(
        "EFFECTIVE DATE - Saturday 19 January 2019\nDecision date:\n14th Jan 2019\nDate published: 2019-01-15\n\
         Title: Short breaks\nDecision ref: 2019/CF/0114\nDecision taken by\tCabinet Member for Children\n\
         Is this a key decision? No\nSubject to call-in? No (urgent)\nWard(s) affected: All\n\
         Reasons for the decision:\nIt is needed.\nIt is\nlawful.\n\nIt is cheap.\n\
         Details of any alternative options considered and rejected: None\nConflicts of Interest: None declared\n\
         Any dispensation granted: None\nReason for urgency: The service ends on Friday.\nDocuments:\nReport.pdf\n\
         Decision:\nThat the service be extended.\n",
    );
    assert_eq!(read.title.as_deref(), Some("Short breaks"));
    assert_eq!(read.reference.as_deref(), Some("2019/CF/0114"));
    assert_eq!(read.decision_maker.as_deref(), Some("Cabinet Member for Children"));
    assert_eq!((read.key_decision, read.subject_to_call_in), (Some(false), Some(false)));
    let days = [read.effective_from, read.decided_on, read.published_on].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2019-01-19", "2019-01-14", "2019-01-15"]);
    assert_eq!(read.reasons.as_deref(), Some("It is needed. It is lawful.\nIt is cheap."));
    assert_eq!(read.conflicts_of_interest.as_deref(), Some("None declared"));
    assert_eq!(read.dispensations.as_deref(), Some("None"));
    assert_eq!(read.urgency.as_deref(), Some("The service ends on Friday."));
    assert_eq!(read.wards.as_deref(), Some("All"));
    assert_eq!(read.documents.len(), 1);
    assert_eq!(letters(&read), ["-"]);
    assert!(read.alternatives.is_empty());
    assert!(!read.missing.contains(&"alternatives".to_owned()), "the page says that there were none");
    for key in ["annual_value_pence", "term", "purpose", "contact", "status"] {
        assert!(read.missing.contains(&key.to_owned()), "{key}");
    }
}

#[test]
fn limbs_are_found_however_they_are_marked() {
    for decision in [
        "a) adopt it\nb) spend it\nc) report it",
        "a. adopt it\n\nb. spend it\n\nc. report it",
        "(a)\nadopt it\n(b)\nspend it\n(c)\n\nreport it",
        "(A) adopt it;\n(B) spend it; and\n(C) report it.",
        "That:\n(a) adopt it\n  (i) first\n  (ii) second\n(b) spend it\n(c) report it as limb (b) says",
        "That (as below):\n(a) adopt it; (b) spend it; and (c) report it",
    ] {
        let read = read(&format!("Decision maker: Cabinet\nDecision:\n{decision}\nReasons:\nx"));
        assert_eq!(letters(&read), ["a", "b", "c"], "{decision}: {:?}", read.limbs);
        assert!(read.limbs[1].text.starts_with("spend it"), "{:?}", read.limbs);
    }
    let numbered = read("Decision maker: Cabinet\nDecision:\n1. adopt it\n2) not this\n2. spend it\nReasons: x");
    assert_eq!(letters(&numbered), ["1", "2"]);
}

#[test]
fn a_table_a_definition_list_and_headings_all_carry_fields() {
    let table = read(
        "<html><body><h1>Decision details</h1><h2>Homes for children</h2><table><tr><th>Decision Maker:</th><td>Cabinet</td></tr>\
         <tr><td><p>Decision date</p></td><td><p>14 January 2019</p></td></tr></table>\
         <dl><dt>Is Key decision?</dt><dd>Yes</dd><dt>Publication date</dt><dd>15/01/2019</dd></dl>\
         <h3>Decision</h3><p>RESOLVED that:</p><ol type=\"a\"><li>the framework be adopted at up to £1.3m a year</li>\
         <li><p>the Head of Commissioning be authorised to award placement agreements</p></li></ol>\
         <h3>Alternative options considered</h3><ol><li>Do nothing.</li><li>Buy alone.</li></ol>\
         <h3>Documents</h3><ul><li><a href=\"/documents/s1.pdf\">Main report <span>PDF 684 KB</span></a></li>\
         <li><a href=\"/documents/s2.pdf\">Appendix</a></li></ul></body></html>",
    );
    assert_eq!(table.title.as_deref(), Some("Homes for children"));
    assert_eq!(table.decision_maker.as_deref(), Some("Cabinet"));
    assert_eq!(table.decided_on.unwrap().to_string(), "2019-01-14");
    assert_eq!(table.published_on.unwrap().to_string(), "2019-01-15");
    assert_eq!(table.key_decision, Some(true));
    assert_eq!(letters(&table), ["a", "b"]);
    assert_eq!(table.annual_value_pence, Some(130_000_000));
    assert_eq!(table.limbs[1].powers[0].act, "award_placement_agreement");
    assert_eq!(table.limbs[1].powers[0].posts, ["Head of Commissioning"]);
    assert_eq!(table.alternatives.len(), 2);
    let documents: Vec<_> = table.documents.iter().map(|d| (d.title.as_str(), d.url.as_deref())).collect();
    assert_eq!(documents, [("Main report", Some("/documents/s1.pdf")), ("Appendix", Some("/documents/s2.pdf"))]);
}

#[test]
fn a_total_over_the_term_is_never_the_annual_value() {
    for limb in [
        "(a) adopt it at a total value of £16.5m over three years",
        "(a) adopt it at £16.5m",
        "(a) adopt it at £6,250 per week",
        "(a) adopt lot 1 at up to £2m per annum and lot 2 at up to £3m per annum",
    ] {
        let read = read(&format!(
            "Decision maker: Cabinet\nDecision:\n{limb}\nAlternatives considered:\n1. Spend £9m a year.\n"
        ));
        assert_eq!(read.annual_value_pence, None, "{limb}");
        assert!(read.missing.contains(&"annual_value_pence".to_owned()));
    }
    let both = read(
        "Decision maker: Cabinet\nDecision:\n(a) adopt it at £16.5m over three years (c.£5.5 million per annum)\n",
    );
    assert_eq!(both.annual_value_pence, Some(550_000_000));
}

#[test]
fn a_date_that_is_no_date_and_an_answer_that_is_none_are_asked_for() {
    let read = read(
        "Decision maker: Cabinet\nDate of decision: to be confirmed\nIs Key decision?:\nEffective from: 31/02/2019\n",
    );
    assert_eq!((read.decided_on, read.key_decision, read.effective_from), (None, None, None));
    for key in ["decided_on", "key_decision", "effective_from"] {
        assert!(read.missing.contains(&key.to_owned()), "{key}");
    }
}

#[test]
fn a_text_that_is_no_decision_yields_nothing() {
    let read = read("Dear all,\nlunch is at noon on 14 January 2019 and costs £5.50 a year.\nRegards");
    assert_eq!(read.missing.len(), 24, "{:?}", read.missing);
    assert!(read.title.is_none() && read.limbs.is_empty() && read.annual_value_pence.is_none());
}

#[test]
fn deep_html_and_long_repetition_are_read_in_time() {
    let deep = format!("{}<p>Decision maker: Cabinet</p>", "<div>".repeat(100_000));
    assert_eq!(read(&deep).decision_maker.as_deref(), Some("Cabinet"));
    let unclosed = format!("<div><h1>x</h1>{}Decision maker: Cabinet</div>", "<p>words<br>".repeat(2_000));
    assert_eq!(read(&unclosed).decision_maker.as_deref(), Some("Cabinet"));
    for word in
        ["x ", "£1m a year ", "14/01/2019 to ", "adopt ", "the Director be authorised to ", "(a) ", "not mini-block "]
    {
        let long = format!("Decision maker: Cabinet\nDecision:\n(a) {}", word.repeat(20_000));
        assert!(read(&long).decision_maker.is_some());
    }
}

#[test]
fn a_herefordshire_officer_decision_with_other_money_is_read() {
    let read = read(
        "Herefordshire Council\n\nDecision details\n\nChildren's homes: two 2-bed homes\n\nDecision Maker: Corporate director - \
         children and young people\n\nDecision status: Recommendations Approved\n\nIs Key decision?: Yes\n\nIs subject to call in?: \
         Yes\n\nPurpose:\n\nTo approve the commissioning of two homes at a cost of £1.3m per annum and up to £6.3m over a term of up \
         to 5 years.\n\nDecision:\n\nThat:\n\na)    a contract be awarded for two homes from 1 April 2024 to 31 March 2027, with the \
         option to extend for two further periods of 12 months; and\n\nb)    authority be delegated to the Service Director for \
         Safeguarding, in consultation with the Cabinet Member, to take all operational decisions.\n\nPublication date: Friday 22nd \
         November 2024\n\nDate of decision: 19/11/2024\n\nAccompanying Documents:\n\n  *  Main report\n  *  Appendix 1\n",
    );
    assert_eq!(read.title.as_deref(), Some("Children's homes: two 2-bed homes"));
    assert_eq!(read.decision_maker.as_deref(), Some("Corporate director - children and young people"));
    assert_eq!(read.annual_value_pence, Some(130_000_000), "the year's amount, not the £6.3m of the term");
    let term = [read.term.start, read.term.end].map(|day| day.unwrap().to_string());
    assert_eq!((term, read.term.option_months), (["2024-04-01".into(), "2027-03-31".into()], Some(24)));
    assert_eq!(letters(&read), ["a", "b"]);
    assert_eq!(read.limbs[0].powers[0].act, "award_contract");
    assert_eq!(read.limbs[1].powers[0].posts, ["Service Director for Safeguarding"]);
    assert_eq!(read.published_on.unwrap().to_string(), "2024-11-22");
    assert_eq!(
        read.documents.iter().map(|document| document.title.as_str()).collect::<Vec<_>>(),
        ["Main report", "Appendix 1"]
    );
}

#[test]
fn labels_run_together_on_one_line_come_apart() {
    let read = read(
        "Decision Maker: Cabinet Decision status: Approved Is Key decision?: No Date of decision: 14/01/2019 Effective from: 19/01/2019",
    );
    assert_eq!((read.decision_maker.as_deref(), read.status.as_deref()), (Some("Cabinet"), Some("Approved")));
    assert_eq!((read.key_decision, read.effective_from.unwrap().to_string().as_str()), (Some(false), "2019-01-19"));
}
