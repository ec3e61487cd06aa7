//! The limbs of a decision through the real forms: labels as printed, limbs added by hand, the ceiling found elsewhere.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::power::decision::{Decision, DecisionPage, LimbEffect, LimbPower};
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;

use super::{LIST, filled, send};
use crate::power::{Given, given};

fn text(limbs: [&str; 3]) -> String {
    let [first, second, third] = limbs;
    format!(
        "Decision details\n\nHomes for children\n\nDecision Maker: Cabinet\nIs Key decision?: No\nIs subject to call in?: Yes\n\
         Annual value: £5.5m\nDecision:\nCabinet agreed that:\n{first} the arrangement be adopted from 15 December 2018 to 14 December 2021;\n\
         {second} the Director be authorised to award placement agreements;\n{third} the report be received.\n\
         Alternative options considered: None considered\nPublication date: 14/01/2019\nDate of decision: 14/01/2019\n\
         Accompanying Documents:\nMain report\n"
    )
}

fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

async fn checked(given: &Given, text: &str) -> Vec<(String, String)> {
    let shown = given.democratic.submit(&format!("{LIST}/new"), &format!("{LIST}/check"), &[("text", text)]).await;
    assert_eq!((shown.status, lint(&shown.body)), (StatusCode::OK, vec![]));
    filled(&shown, LIST)
}

async fn page_of(given: &Given, reference: &str) -> DecisionPage {
    let email = "democratic_services@hef.example";
    let actor = given.app.actor_by_email(email).await.unwrap();
    given.app.own_decision(&actor, reference).await.unwrap().decision.page
}

#[tokio::test]
async fn rule_1_1_labels_go_from_the_pasted_text_to_the_public_page_as_printed() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        for (at, labels) in
            [["1.", "2.", "3."], ["1.1", "1.2", "1.3"], ["(i)", "(ii)", "(iii)"]].into_iter().enumerate()
        {
            let reference = format!("HEF-2019-011{at}");
            let mut fields = checked(&given, &text(labels)).await;
            set(&mut fields, "reference", &reference);
            set(&mut fields, "governing_body", "council_executive");
            let recorded = send(&given.democratic, LIST, &fields).await;
            let own = format!("{LIST}/{reference}");
            assert_eq!(recorded.location.as_deref(), Some(own.as_str()), "{}", recorded.body);
            let page = page_of(&given, &reference).await;
            let printed = labels.map(|label| label.trim_matches(['(', ')']).trim_end_matches('.').to_owned());
            assert_eq!(page.limbs.iter().map(|limb| limb.letter.to_string()).collect::<Vec<_>>(), printed);
            assert_eq!(page.annual_value(), Some(Pence::pounds(5_500_000)), "carried to the limb that adopts");
            assert!(page.limbs[0].ceiling().is_some());
            assert_eq!(page.no_alternatives.as_deref(), Some("None considered"));
            assert_eq!(page.term.unwrap().option_months, None, "not said stays empty");
            let draft = given.democratic.get(&own).await;
            let publish = format!("{own}/publish");
            let published = send(&given.democratic, &publish, &filled(&draft, &publish)).await;
            assert_eq!(published.location.as_deref(), Some(own.as_str()), "{}", published.body);
            let public = given.visitor.get(&format!("/decisions/{reference}")).await;
            assert_eq!(lint(&public.body), Vec::<String>::new());
            for label in printed {
                assert!(public.body.contains(&format!("({label})")), "({label}) in {}", public.body);
            }
            let data = given.visitor.get(&format!("/decisions/{reference}.json")).await;
            assert!(
                data.body.contains("\"act\":\"award_placement_agreement\",\"posts\":[\"Director\"]"),
                "{}",
                data.body
            );
            assert!(data.body.contains("\"option_months\":null"), "{}", data.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_limb_is_added_without_scripts_and_what_was_typed_stays() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let mut fields = checked(&given, &text(["(a)", "(b)", "(c)"])).await;
        assert_eq!(value(&fields, "limb_count"), "5", "two empty blocks stand behind those found");
        set(&mut fields, "title", "Typed by hand");
        set(&mut fields, "add_limb", "yes");
        let again = send(&given.democratic, LIST, &fields).await;
        assert_eq!((again.status, lint(&again.body)), (StatusCode::OK, vec![]));
        assert!(again.body.contains("In the text:"), "the sources stay beside the fields");
        let mut fields = filled(&again, LIST);
        assert_eq!((value(&fields, "limb_count"), value(&fields, "title")), ("6", "Typed by hand"));
        for (name, typed) in [
            ("reference", "HEF-2019-0114"),
            ("limb_5_letter", "(d)"),
            ("limb_5_text", "the Head of Placements be authorised to spot-purchase placements"),
            ("limb_5_powers", "spot_purchase"),
            ("limb_5_posts", "Head of Placements"),
        ] {
            set(&mut fields, name, typed);
        }
        let recorded = send(&given.democratic, LIST, &fields).await;
        assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.body);
        let page = page_of(&given, "HEF-2019-0114").await;
        assert_eq!(page.limbs.len(), 4, "empty blocks are no limbs");
        assert!(page.limb('d').unwrap().gives(&[LimbPower::SpotPurchase]));
        let unlabelled = [("limb_4_text".to_owned(), "that homes be bought".to_owned())];
        set(&mut fields, "reference", "HEF-2019-0115");
        set(&mut fields, &unlabelled[0].0, &unlabelled[0].1);
        let asked = send(&given.democratic, LIST, &fields).await;
        assert_eq!((asked.status, lint(&asked.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        assert!(asked.body.contains("Enter the label of this limb"));
    })
    .await;
}

#[tokio::test]
async fn rule_1_3_the_decision_that_urgency_opens_is_completed_in_the_browser() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let mut work = given.app.store.begin(given.authority, given.app.calendar.now()).await.unwrap();
        let title = "HEF-A-0001, started without recorded power: ratify, raise the ceiling, or end".to_owned();
        let page = DecisionPage { title, ..DecisionPage::default() };
        let id = DecisionId(work.new_id());
        work.apply(Decision::record(id, given.authority, "HEF-2019-U001".into(), None, page)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let own = format!("{LIST}/HEF-2019-U001");
        let edit = format!("{own}/edit");
        let form = given.democratic.get(&edit).await;
        assert_eq!((form.status, lint(&form.body)), (StatusCode::OK, vec![]));
        let mut fields = filled(&form, &edit);
        assert_eq!(value(&fields, "limb_count"), "2");
        for (name, typed) in [
            ("governing_body", "council_executive"),
            ("key_decision", "no"),
            ("subject_to_call_in", "yes"),
            ("limb_0_letter", "1"),
            ("limb_0_text", "the start be ratified and the annual value be raised to £6m"),
            ("limb_0_adopts", "yes"),
            ("limb_0_ceiling", "6,000,000"),
        ] {
            set(&mut fields, name, typed);
        }
        let saved = send(&given.democratic, &edit, &fields).await;
        assert_eq!(saved.location.as_deref(), Some(own.as_str()), "{}", saved.body);
        let draft = given.democratic.get(&own).await;
        let publish = format!("{own}/publish");
        let mut fields = filled(&draft, &publish);
        for name in ["decided_on", "published_on"] {
            for (part, typed) in [("day", "14"), ("month", "1"), ("year", "2019")] {
                set(&mut fields, &format!("{name}_{part}"), typed);
            }
        }
        // Its title names the placement: whoever publishes confirms that everybody may read it.
        let asked = send(&given.democratic, &publish, &fields).await;
        assert_eq!(asked.status, axum::http::StatusCode::UNPROCESSABLE_ENTITY, "{}", asked.body);
        fields.push(("confirmed".into(), "title:reference:HEF-A-0001".into()));
        let published = send(&given.democratic, &publish, &fields).await;
        assert_eq!(published.location.as_deref(), Some(own.as_str()), "{}", published.body);
        let page = page_of(&given, "HEF-2019-U001").await;
        let ceiling = LimbEffect::Ceiling { annual: Pence::pounds(6_000_000) };
        assert!(page.limb('1').unwrap().effects.contains(&ceiling));
    })
    .await;
}

#[tokio::test]
async fn a_correction_keeps_the_limbs_and_the_addresses_of_the_documents() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let mut fields = checked(&given, &text(["(a)", "(b)", "(c)"])).await;
        set(&mut fields, "reference", "HEF-2019-0114");
        set(&mut fields, "governing_body", "council_executive");
        set(&mut fields, "documents", "Main report <https://hef.example/documents/s1.pdf>\nAppendix");
        send(&given.democratic, LIST, &fields).await;
        let own = format!("{LIST}/HEF-2019-0114");
        let (publish, edit) = (format!("{own}/publish"), format!("{own}/edit"));
        let draft = given.democratic.get(&own).await;
        send(&given.democratic, &publish, &filled(&draft, &publish)).await;
        let before = page_of(&given, "HEF-2019-0114").await;
        let form = given.democratic.get(&edit).await;
        assert_eq!((form.status, lint(&form.body)), (StatusCode::OK, vec![]));
        assert!(!form.body.contains("limb_0_letter"), "what it allows is not corrected");
        let mut fields = filled(&form, &edit);
        set(&mut fields, "reasons", "More children need homes.");
        let silent = send(&given.democratic, &edit, &fields).await;
        assert_eq!((silent.status, lint(&silent.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        set(&mut fields, "why", "The page had left out the reasons.");
        let saved = send(&given.democratic, &edit, &fields).await;
        assert_eq!(saved.location.as_deref(), Some(own.as_str()), "{}", saved.body);
        let after = page_of(&given, "HEF-2019-0114").await;
        assert_eq!(after.reasons.as_deref(), Some("More children need homes."));
        assert_eq!(DecisionPage { reasons: before.reasons.clone(), ..after }, before);
        assert_eq!(before.documents[0].address.as_deref(), Some("https://hef.example/documents/s1.pdf"));
    })
    .await;
}
