//! The label of a limb from the pasted page to the power that cites it.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::power::decision::{Publish, Record, check_pasted};
use placewell_app::power::delegation::{PowerFact, power_of};
use placewell_domain::id::PostId;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::power::decision::{DecisionPage, GoverningBody, LimbLabel};
use placewell_domain::power::delegation::{
    Act, Holding, HoldingKind, LimbPost, Post, PostGrade, PowerQuestion, Remit, RemitArea,
};
use placewell_testkit::databases::both;

use super::super::delegation::record;
use super::super::given;

fn page(labels: [&str; 2]) -> DecisionPage {
    let [first, second] = labels;
    let text = format!(
        "Decision details\n\nHomes for children\n\nDecision Maker: Cabinet\nIs Key decision?: No\nIs subject to call in?: Yes\n\
         Decision:\nThat:\n{first} the arrangement be adopted at £1.3m a year from 15 December 2018 to 14 December 2021;\n\
         {second} the Director be authorised to award placement agreements.\nDate of decision: 14/01/2019\n"
    );
    let read = check_pasted(&text);
    assert!(!read.missing.contains(&"annual_value_pence".to_owned()), "{:?}", read.missing);
    DecisionPage { governing_body: Some(GoverningBody::CouncilExecutive), ..read.page }
}

#[tokio::test]
async fn rule_1_1_a_power_cites_its_limb_by_the_label_that_the_page_prints() {
    for labels in [["1.", "2."], ["1.1", "1.2"], ["(i)", "(ii)"]] {
        both(async |database| {
            let given = given(&database).await;
            let page = page(labels);
            assert_eq!(
                page.annual_value(),
                Some(Pence::pounds(1_300_000)),
                "at so much a year, in the limb that adopts"
            );
            let label = LimbLabel::parse(labels[1]).unwrap();
            let new = Record { reference: "HEF-2019-0114".into(), amends: None, page };
            given.app.perform(&given.democratic, "record", new).await.unwrap();
            let publish = Publish {
                reference: "HEF-2019-0114".into(),
                version: 1,
                decided_on: date(2019, 1, 14),
                published_on: date(2019, 1, 14),
                urgent: false,
                effective_from: None,
                effective_reason: None,
            };
            given.app.perform(&given.democratic, "publish", publish).await.unwrap();
            given.go_to(date(2019, 2, 4));
            let organisation = given.democratic.organisation;
            let post = Post {
                id: PostId(0),
                organisation,
                title: "Director".into(),
                grade: PostGrade::Director,
                remit: Remit::Whole,
                from: date(2018, 1, 1),
                to: OPEN_END,
            };
            record(&given, "post", PowerFact::Post(post)).await;
            let post = given.app.delegations(&given.democratic).await.unwrap().posts[0].post.id;
            let decision = given.app.own_decision(&given.democratic, "HEF-2019-0114").await.unwrap().decision.id;
            record(&given, "limb", PowerFact::LimbPost(LimbPost { decision, letter: label, post, relevant: false }))
                .await;
            let (person, kind) = (given.approver.person, HoldingKind::Holder);
            let held = Holding { post, person, kind, from: date(2019, 1, 1), to: OPEN_END };
            record(&given, "holding", PowerFact::Holding(held)).await;
            let question = PowerQuestion {
                act: Act::AwardPlacement,
                about_spot: false,
                case: RemitArea::ChildrenLookedAfter,
                person,
                asked_by: Some(given.officer.person),
            };
            let session = given.app.store.read(Some(organisation)).await.unwrap();
            let power = power_of(&session, organisation, &question, given.app.calendar.now()).await.unwrap();
            assert_eq!(power.letter, label);
            assert!(power.sentence().starts_with(&format!("Limb ({label}) of decision HEF-2019-0114")));
        })
        .await;
    }
}

#[test]
fn rule_2_3_an_annual_value_that_no_single_limb_adopts_is_asked_for_with_its_reason() {
    let read =
        check_pasted("Title: Homes\nDecision maker: Cabinet\nAnnual value: £5.5m\nDecision:\nThat homes be bought.\n");
    assert_eq!(read.page.annual_value(), None);
    assert!(read.missing.contains(&"annual_value_pence".to_owned()));
    assert!(read.doubts["annual_value_pence"].contains("£5,500,000"), "{:?}", read.doubts);
    let start = check_pasted(
        "Title: Homes\nDecision maker: Cabinet\nDecision:\nThat it be adopted for up to 3 years from 1 April 2020.\n",
    );
    assert_eq!(start.term.start, Some(date(2020, 4, 1)));
    assert!(start.missing.contains(&"term.end".to_owned()) && !start.missing.contains(&"term.start".to_owned()));
}

#[tokio::test]
async fn rule_1_1_one_label_is_one_limb() {
    both(async |database| {
        let given = given(&database).await;
        let mut page = page(["1.", "2."]);
        page.limbs[1].letter = page.limbs[0].letter;
        let new = Record { reference: "HEF-2019-0114".into(), amends: None, page };
        let answer = given.app.perform(&given.democratic, "record", new).await;
        assert!(matches!(answer, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "limb_1_letter"));
    })
    .await;
}
