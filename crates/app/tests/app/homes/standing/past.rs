//! "Was this home eligible when the award was made?" answered from two times in all its parts: whose the home was, what was
//! judged of it, what was proposed.

use placewell_domain::homes::standing::scorecard::Eligibility;

use super::*;

/// The register of a day: whose SC400001 is, and what was judged of it.
fn register_of(owner: &str, judged: &str) -> String {
    format!(
        "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation,\
         Event type,Inspection date,Publication date,Overall experiences and progress of children and young people\n\
         SC400001,Children's home,Active,West Midlands,Herefordshire,Private,2,{owner},{judged}\n\
         SC400002,Children's home,Active,West Midlands,Shropshire,Private,3,Elm Care,,,,\n\
         SC400003,Children's home,Active,West Midlands,Shropshire,Private,3,Ash Care,,,,\n"
    )
}

async fn bring(given: &Given, text: &str, as_at: Date) {
    let mut work = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
    let mut read = read(text.as_bytes(), "West Midlands");
    bring_in(&mut work, &mut read, as_at).await.unwrap();
    assert_eq!(read.summary.errors, []);
    work.commit(Machine::now()).await.unwrap();
}

/// Both providers are in the arrangement, and SC400001 is on a lot.
async fn admitted(database: &placewell_testkit::databases::TestDatabase) -> Given {
    let given = given(database).await;
    for provider in ["elm-care", "ash-care"] {
        let admit = AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
    }
    given.perform(AdmitHome { urn: "SC400001".into(), lot: "planned".into(), from: BEGAN }).await.unwrap();
    given
}

/// What is answered of SC400001 on a day of September, as it was known by an hour of another one, or is known now.
async fn asked(given: &Given, day: i8, known: Option<(i8, i8)>) -> Eligibility {
    let known = known.map(|(day, hour)| date(2021, 9, day).at(hour, 0, 0, 0));
    given.app.eligibility(&given.lead, "SC400001", (date(2021, 9, day), known)).await.unwrap().1
}

#[tokio::test]
async fn rule_4_4_after_a_sale_the_owner_of_that_day_counts_as_it_was_known_then() {
    both(async |database| {
        let given = admitted(&database).await;
        given.app.calendar.move_to(date(2021, 9, 13).at(12, 0, 0, 0));
        let receipt = given.perform(suspension(About::Provider("elm-care".into()), None)).await.unwrap();
        confirm(&given, &receipt.location).await;
        // The register of the 20th, in which the home is Ash Care's, comes in on the 25th.
        given.app.calendar.move_to(date(2021, 9, 25).at(12, 0, 0, 0));
        bring(&given, &register_of("Ash Care", ",,,"), date(2021, 9, 20)).await;
        let home = given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.home;
        let ash = given.app.region_provider(&given.lead, "ash-care").await.unwrap().provider.id;
        assert_eq!(home.provider, ash);

        let before = asked(&given, 15, None).await;
        assert!(!before.eligible && before.flags.suspension.is_some(), "Elm Care was suspended: {:?}", before.against);
        assert!(before.standing.ends_with("The home was Elm Care's then"), "{}", before.standing);
        let after = asked(&given, 21, None).await;
        assert!(after.eligible && !after.standing.contains("then"), "{:?}, {}", after.against, after.standing);
        let unheard = asked(&given, 21, Some((24, 12))).await;
        assert!(unheard.flags.suspension.is_some(), "nobody here knew of the sale: {:?}", unheard.against);
        assert!(asked(&given, 21, Some((25, 12))).await.eligible, "known since the file came in");
        assert!(asked(&given, 12, None).await.eligible, "before the suspension");
    })
    .await;
}

#[tokio::test]
async fn rule_4_4_an_owner_outside_the_arrangement_that_day_is_not_mended_by_who_bought_the_home() {
    both(async |database| {
        let given = given(&database).await;
        let admit = AdmitProvider { provider: "ash-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
        given.app.calendar.move_to(date(2021, 9, 20).at(12, 0, 0, 0));
        bring(&given, &register_of("Ash Care", ",,,"), date(2021, 9, 20)).await;
        given.perform(AdmitHome { urn: "SC400001".into(), lot: "planned".into(), from: BEGAN }).await.unwrap();
        let outside = ["Admission: its provider was not in the arrangement that day."];
        assert_eq!(asked(&given, 15, None).await.against, outside, "Elm Care never was");
        assert_eq!(asked(&given, 20, None).await.against, [] as [&str; 0]);
    })
    .await;
}

#[tokio::test]
async fn rule_4_4_a_report_that_was_out_is_known_only_once_it_was_brought_in() {
    both(async |database| {
        let given = admitted(&database).await;
        given.app.calendar.move_to(date(2021, 9, 20).at(12, 0, 0, 0));
        let judged = "Full inspection,02/08/2021,05/09/2021,Inadequate";
        bring(&given, &register_of("Elm Care", judged), date(2021, 9, 15)).await;
        let inadequate = ["Judgement: Inadequate, inspected 2021-08-02."];
        assert_eq!(asked(&given, 10, None).await.against, inadequate, "out on the 5th, by all that is known now");
        // What the region recorded first, it recorded on the 13th: by then the report was out and nobody here had it.
        let then = asked(&given, 13, Some((14, 9))).await;
        assert_eq!((then.against, then.flags.grade), (Vec::new(), None), "brought in on the 20th");
        assert_eq!(asked(&given, 13, Some((20, 11))).await.against, [] as [&str; 0]);
        assert_eq!(asked(&given, 13, Some((20, 12))).await.against, inadequate);
        assert_eq!(asked(&given, 4, None).await.against, [] as [&str; 0], "not out on that day");
    })
    .await;
}

#[tokio::test]
async fn rule_4_4_a_proposed_suspension_held_the_home_until_it_was_dropped() {
    both(async |database| {
        let given = admitted(&database).await;
        given.app.calendar.move_to(date(2021, 9, 13).at(12, 0, 0, 0));
        let receipt = given.perform(suspension(About::Home("SC400001".into()), None)).await.unwrap();
        let id: i64 = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
        let held = ["Hold: new referrals waited since 2021-09-13 12:00 for a person to confirm or drop what was \
                     proposed: a safeguarding enquiry."];
        let free = [] as [&str; 0];
        assert_eq!(asked(&given, 13, Some((13, 11))).await.against, free, "an award at eleven");
        assert_eq!(asked(&given, 13, Some((13, 12))).await.against, held, "one at noon");
        assert_eq!(asked(&given, 13, None).await.against, held);
        assert_eq!(asked(&given, 12, None).await.against, free);
        given.app.calendar.move_to(date(2021, 9, 14).at(10, 0, 0, 0));
        let reason = DropReason::Mistaken;
        given.perform(DropMeasure { measure: id, version: 1, reason }).await.unwrap();
        assert_eq!(asked(&given, 14, None).await.against, free, "dropped");
        assert_eq!(asked(&given, 14, Some((14, 9))).await.against, held, "an award at nine");
        assert_eq!(asked(&given, 13, None).await.against, held, "it held, whatever became of it");
    })
    .await;
}
