//! Published decisions of invented authorities, each in another shape: the reader's width. Names, money and dates are
//! made up; the shapes are those in which councils and trusts publish.

use placewell_exchange::power::decision::{PublishedDecision, read};

fn day(found: Option<jiff::civil::Date>) -> String {
    found.map_or_else(|| "-".into(), |day| day.to_string())
}

fn letters(read: &PublishedDecision) -> Vec<&str> {
    read.limbs.iter().map(|limb| limb.letter.as_deref().unwrap_or("-")).collect()
}

fn acts(read: &PublishedDecision, limb: usize) -> Vec<&str> {
    read.limbs[limb].powers.iter().map(|power| power.act).collect()
}

fn lacks(read: &PublishedDecision, keys: &[&str]) {
    for key in keys {
        assert!(read.missing.contains(&(*key).to_owned()), "{key} is asked for: {:?}", read.missing);
    }
}

#[test]
fn a_county_officers_notice_in_two_columns_with_roman_limbs() {
    let read = read(
        "OFFICER DECISION NOTICE\n\nTitle\tResidential placements for children: Marches Arrangement\nDecision reference\tMCC/2019/0447\n\
         Decision maker\tExecutive Director of Children's Services\nDate of decision\t2019-02-04\nDate of publication\t2019-02-05\n\
         Date decision takes effect\t2019-02-12\nKey decision\tYes\nSubject to call-in\tYes\nWards affected\tCountywide\n\
         Decision\nThat the Executive Director:\n(i) adopts the Marches Arrangement with annual expenditure not exceeding £750,000;\n\
         (ii) is authorised to award placement agreements under it; and\n(iii) reports yearly to Cabinet.\n\
         Reasons for decision\nTo secure sufficiency.\nAlternative options considered and rejected\n1. Spot purchase only.\n2. Build homes.\n\
         Declarations of interest\nNone.\nDispensations\nNone.\n",
    );
    assert_eq!(read.reference.as_deref(), Some("MCC/2019/0447"));
    assert_eq!(letters(&read), ["i", "ii", "iii"]);
    assert_eq!(read.annual_value_pence, Some(75_000_000));
    assert!(acts(&read, 0).contains(&"adopt") && acts(&read, 0).contains(&"ceiling"));
    assert_eq!(acts(&read, 1), ["award_placement_agreement"]);
    assert!(acts(&read, 2).is_empty(), "a report is no power: {:?}", read.limbs[2]);
    assert_eq!(
        [day(read.decided_on), day(read.published_on), day(read.effective_from)],
        ["2019-02-04", "2019-02-05", "2019-02-12"]
    );
    assert_eq!(read.alternatives.len(), 2);
    assert_eq!(read.conflicts_of_interest.as_deref(), Some("None."));
    lacks(&read, &["term", "source_url", "governing_body"]);
}

#[test]
fn a_trust_boards_minute_with_numbered_resolutions_and_no_call_in() {
    let read = read(
        "Wrekin Vale Children's Trust\nBoard: Trust Board\nDate of meeting: Thursday, 24th January 2019\n\nTitle: Minute 42 Regional residential arrangement\n\n\
         RESOLVED:\n1. To adopt the arrangement from 1 February 2019 until 31 January 2022, with an option to extend for up to 24 months, up to an annual value of £3,250,000.\n\
         2. To authorise the Chief Executive and the Director of Operations to award placement agreements and mini-block contracts.\n\n\
         Decision made by: Trust Board\nSubject to call-in: Not applicable\nIs key decision? N/A\nContact: Company Secretary\n",
    );
    assert_eq!(read.governing_body.as_deref(), Some("Trust Board"));
    assert_eq!(letters(&read), ["1", "2"], "{:?}", read.limbs);
    assert_eq!(read.annual_value_pence, Some(325_000_000));
    assert_eq!(
        (day(read.term.start), day(read.term.end), read.term.option_months),
        ("2019-02-01".into(), "2022-01-31".into(), Some(24))
    );
    assert_eq!(read.limbs[1].powers[0].posts, ["Chief Executive", "Director of Operations"]);
    assert_eq!(read.subject_to_call_in, Some(false), "a trust's board has no call-in");
    lacks(&read, &["published_on", "effective_from", "reasons"]);
}

#[test]
fn a_page_saved_from_a_browser_with_its_menus_scripts_and_address() {
    let read = read(
        "<!DOCTYPE html>\n<!-- saved from url=(0061)https://democracy.severnshire.example/ieDecisionDetails.aspx?ID=771 -->\n\
         <html><head><title>Decision - Homes for children - Severnshire</title><script>var a = \"Decision maker: nobody\";</script>\
         <style>.x{color:red}</style></head><body><nav><ul><li><a href=\"/\">Home</a></li><li>Decisions</li></ul></nav>\
         <div class=\"mgContent\"><h1>Decision details</h1><h2 class=\"mgSubTitleTxt\">Homes for children: regional arrangement</h2>\
         <p><span class=\"mgLabel\">Decision Maker: </span>Cabinet Member for Children</p>\
         <p><span class=\"mgLabel\">Decision status: </span>Recommendations Approved</p>\
         <p><span class=\"mgLabel\">Is Key decision?: </span>Yes</p><p><span class=\"mgLabel\">Is subject to call in?: </span>Yes</p>\
         <h3 class=\"mgSubSubTitleTxt\">Purpose:</h3><div><p>To join the arrangement.</p></div>\
         <h3 class=\"mgSubSubTitleTxt\">Decision:</h3><div class=\"mgWordPara\"><p>(a)&nbsp;&nbsp;the arrangement be adopted up to an annual value of &pound;2.25&nbsp;million;</p>\
         <p>(b)&nbsp;&nbsp;the Director of Children&rsquo;s Services be authorised to take all necessary operational decisions.</p></div>\
         <p><span class=\"mgLabel\">Publication date: </span>14/01/2019</p><p><span class=\"mgLabel\">Date of decision: </span>11/01/2019</p>\
         <p><span class=\"mgLabel\">Effective from: </span>22/01/2019</p>\
         <h3>Accompanying Documents:</h3><ul><li><a href=\"documents/s4.pdf\">Main report <img src=\"pdf.gif\"> PDF 1 MB</a></li></ul></div>\
         <footer>Severnshire Council, County Hall. Contact: 01632 960000</footer></body></html>",
    );
    assert_eq!(read.source_url.as_deref(), Some("https://democracy.severnshire.example/ieDecisionDetails.aspx?ID=771"));
    assert_eq!(read.title.as_deref(), Some("Homes for children: regional arrangement"));
    assert_eq!(read.decision_maker.as_deref(), Some("Cabinet Member for Children"));
    assert_eq!(letters(&read), ["a", "b"]);
    assert_eq!(read.annual_value_pence, Some(225_000_000));
    assert_eq!(read.limbs[1].powers[0].posts, ["Director of Children's Services"]);
    assert_eq!(
        [day(read.published_on), day(read.decided_on), day(read.effective_from)],
        ["2019-01-14", "2019-01-11", "2019-01-22"]
    );
    assert_eq!(read.documents.len(), 1);
    assert_eq!(read.purpose.as_deref(), Some("To join the arrangement."));
}

#[test]
fn capitals_two_figure_years_and_an_annual_sum_that_stands_behind() {
    let read = read(
        "SUBJECT: CHILDREN'S HOMES FRAMEWORK\nDECISION TAKEN BY: LEADER OF THE COUNCIL\nDATE OF DECISION: 14/01/19\nDATE PUBLISHED: 15/01/19\n\
         EFFECTIVE DATE: 23/01/19\nKEY DECISION: YES\nCALL-IN: YES\nDECISION:\nA) THAT THE FRAMEWORK BE ADOPTED AT A COST OF UP TO £1.8M PER YEAR.\n\
         B) THAT THE DIRECTOR OF CHILDREN'S SERVICES BE AUTHORISED TO AWARD PLACEMENT AGREEMENTS.\nREASONS FOR DECISION: SUFFICIENCY.\nWARDS: ALL\n",
    );
    assert_eq!(letters(&read), ["a", "b"], "{:?}", read.limbs);
    assert_eq!(read.annual_value_pence, Some(180_000_000));
    assert_eq!(
        [day(read.decided_on), day(read.published_on), day(read.effective_from)],
        ["2019-01-14", "2019-01-15", "2019-01-23"]
    );
    assert_eq!((read.key_decision, read.subject_to_call_in), (Some(true), Some(true)));
    assert_eq!(acts(&read, 1), ["award_placement_agreement"]);
    assert_eq!(read.title.as_deref(), Some("CHILDREN'S HOMES FRAMEWORK"));
}

#[test]
fn decimal_numbers_mark_the_limbs_of_a_report() {
    let read = read(
        "Report title: Regional placements\nDecision maker: Cabinet\nDecision:\nCabinet agreed:\n1.1 to adopt the arrangement up to an annual value of £4m\n\
         1.2 to delegate to the Corporate Director (Children) the award of placement agreements\n1.3 to note the report\nReasons:\nNeeded.\n\
         Decision date: 3 March 2019\nDate of publication of decision: 4 March 2019\n",
    );
    assert_eq!(letters(&read), ["1.1", "1.2", "1.3"], "{:?}", read.limbs);
    assert_eq!(read.annual_value_pence, Some(400_000_000));
    assert_eq!(acts(&read, 1), ["award_placement_agreement"]);
    assert_eq!([day(read.decided_on), day(read.published_on)], ["2019-03-03", "2019-03-04"]);
}

#[test]
fn a_word_processors_quotes_dashes_and_spaces_change_nothing() {
    let read = read(
        "Title: “Homes” – regional arrangement\r\nDecision maker: Cabinet Member – Children’s Services\r\nIs Key decision?:\u{a0}Yes\r\n\
         Decision:\r\n(a)\u{a0}the arrangement be adopted for the period 15 December 2018 – 14 December 2021, with two options to extend of 12 months each, up to an annual value of £ 5.5 m;\r\n\
         (b)\u{a0}the Director for Children’s and Families and relevant Assistant Directors be authorised to spot‑purchase placements.\r\n\
         Publication date:\u{a0}14/01/2019\r\nDate of decision:\u{a0}14/01/2019\r\n",
    );
    assert_eq!(read.key_decision, Some(true));
    assert_eq!(letters(&read), ["a", "b"]);
    assert_eq!((day(read.term.start), day(read.term.end)), ("2018-12-15".into(), "2021-12-14".into()));
    assert_eq!(read.term.option_months, Some(24), "two of twelve months");
    assert_eq!(read.annual_value_pence, Some(550_000_000));
    assert_eq!(acts(&read, 1), ["spot_purchase"]);
    assert_eq!(read.limbs[1].powers[0].posts, ["Director for Children's and Families", "relevant Assistant Directors"]);
}

#[test]
fn a_total_over_the_term_and_a_monthly_sum_are_never_the_annual_value() {
    let read = read(
        "Title: Homes\nDecision maker: Cabinet\nDecision:\n(a) the arrangement be adopted at a total value of up to £16.5m over three years;\n\
         (b) up to £450,000 a month be spent on placements.\nDecision date: 1 May 2019\n",
    );
    assert_eq!(read.annual_value_pence, None, "neither is for a year");
    lacks(&read, &["annual_value_pence"]);
}

#[test]
fn a_table_of_a_council_with_labels_in_bold_cells_and_breaks() {
    let read = read(
        "<table border=1><tbody><tr><td><b>Title:</b></td><td>Children&#8217;s homes: regional purchasing</td></tr>\
         <tr><td><strong>Ref.&nbsp;No.</strong></td><td>TRE-19-021</td></tr><tr><td><b>Decision Maker</b></td><td>Cllr, Portfolio Holder for Children</td></tr>\
         <tr><td><b>Key Decision</b></td><td>No</td></tr><tr><td><b>Decision</b></td><td>To approve:<ol type='i'><li>adoption of the arrangement, at up to &pound;900k per annum</li>\
         <li>authority for the Head of Commissioning to award placement agreements</li></ol></td></tr>\
         <tr><td><b>Decision Date</b></td><td>Friday 1<sup>st</sup> February 2019</td></tr><tr><td><b>Effective From</b></td><td>9<sup>th</sup> Feb 2019</td></tr></tbody></table>",
    );
    assert_eq!(read.title.as_deref(), Some("Children’s homes: regional purchasing"));
    assert_eq!(read.reference.as_deref(), Some("TRE-19-021"));
    assert_eq!(read.key_decision, Some(false));
    assert_eq!(letters(&read).len(), 2, "{:?}", read.limbs);
    assert_eq!(read.annual_value_pence, Some(90_000_000));
    assert_eq!(read.limbs[1].powers[0].posts, ["Head of Commissioning"]);
    assert_eq!([day(read.decided_on), day(read.effective_from)], ["2019-02-01", "2019-02-09"]);
}

#[test]
fn a_decision_in_one_paragraph_of_prose_gives_what_it_says_and_no_more() {
    let read = read(
        "Cabinet Member decision\n\nThe Cabinet Member for Children decided on 7 June 2019 that the Council joins the arrangement. \
         The Head of Placements may not award any placement agreement without a further decision.\n",
    );
    assert_eq!(read.annual_value_pence, None);
    assert!(read.limbs.iter().flat_map(|limb| &limb.powers).all(|power| power.act != "award_placement_agreement"));
    lacks(&read, &["decision_maker", "published_on", "effective_from", "term"]);
}

#[test]
fn a_ceiling_that_is_refused_or_crossed_out_gives_none() {
    let read = read(
        "Title: Homes\nDecision maker: Cabinet\nDecision:\n(a) the request for an annual value of up to £6m be refused;\n\
         (b) the Director of Children's Services not be authorised to award placement agreements.\nDecision date: 1 May 2019\n",
    );
    assert!(acts(&read, 0).iter().all(|act| *act != "ceiling"), "{:?}", read.limbs[0]);
    assert!(acts(&read, 1).is_empty(), "{:?}", read.limbs[1]);
    assert_eq!(read.annual_value_pence, None);
}

#[test]
fn an_american_date_and_a_day_that_does_not_exist_are_asked_for() {
    let read = read(
        "Title: Homes\nDecision maker: Cabinet\nPublication date: 01/14/2019\nDate of decision: 31 February 2019\n\
         Effective from: to be confirmed\nDecision:\nThat homes be bought.\n",
    );
    assert_eq!((read.published_on, read.decided_on, read.effective_from), (None, None, None));
    lacks(&read, &["published_on", "decided_on", "effective_from"]);
}
