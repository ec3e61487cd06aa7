//! The links from a limb to a person, recorded through their forms: each with its instrument, and none without what it
//! rests on.

use axum::http::StatusCode;
use jiff::civil::{Date, date};
use placewell_app::power::decision::{Publish, Record, check_pasted};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::power::decision::{DecisionPage, GoverningBody};
use placewell_domain::power::delegation::{Act, HoldingKind, PostGrade, Remit, StatutoryBasis, StatutoryOffice};
use placewell_testkit::client::Page;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;

use super::{Given, TEXT, given};

const DELEGATIONS: &str = "/democratic/delegations";
const DECISION: &str = "HEF-2019-0114";
const BEGAN: Date = date(2019, 1, 1);

async fn actor(given: &Given, role: Role) -> Actor {
    given.app.actor_by_email(&format!("{}@hef.example", role.code())).await.unwrap()
}

/// The decision of 14 January 2019, in force; its clerk.
async fn adopted(given: &Given) -> Actor {
    let clerk = actor(given, Role::DemocraticServices).await;
    let page = DecisionPage { governing_body: Some(GoverningBody::CouncilExecutive), ..check_pasted(TEXT).page };
    let record = Record { reference: DECISION.into(), amends: None, page };
    given.app.perform(&clerk, "record", record).await.unwrap();
    let publish = Publish {
        reference: DECISION.into(),
        version: 1,
        decided_on: date(2019, 1, 14),
        published_on: date(2019, 1, 14),
        urgent: false,
        effective_from: Some(date(2019, 1, 19)),
        effective_reason: None,
    };
    given.app.perform(&clerk, "publish", publish).await.unwrap();
    clerk
}

/// Sends one of the forms, with 1 January 2019 as the first day.
async fn send(given: &Given, slug: &str, fields: &[(&str, &str)]) -> Page {
    let form = format!("{DELEGATIONS}/{slug}");
    let mut all = vec![("from_day", "1"), ("from_month", "1"), ("from_year", "2019")];
    all.extend_from_slice(fields);
    given.democratic.submit(&form, &form, &all).await
}

async fn recorded(given: &Given, slug: &str, fields: &[(&str, &str)]) {
    let done = send(given, slug, fields).await;
    assert_eq!(done.location.as_deref(), Some(DELEGATIONS), "{slug}: {}", done.body);
}

/// The form comes back with what was typed and says what is missing.
async fn refused(given: &Given, slug: &str, fields: &[(&str, &str)], says: &str) {
    let again = send(given, slug, fields).await;
    assert_eq!((again.status, lint(&again.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]), "{slug}");
    assert!(again.body.contains(says), "{slug}: {says} in {}", again.body);
}

/// The director's post with its limb, through their forms: the limb and the post as the forms name them.
async fn linked(given: &Given, clerk: &Actor) -> (String, String) {
    let post = [("title", "Director of Children and Families"), ("grade", "director"), ("whole", "yes")];
    recorded(given, "post", &post).await;
    let found = given.app.delegations(clerk).await.unwrap();
    let post = &found.posts[0].post;
    assert_eq!((post.grade, &post.remit, post.from, post.to), (PostGrade::Director, &Remit::Whole, BEGAN, OPEN_END));
    let limb = found.limbs.iter().find(|limb| limb.letter == 'b'.into()).unwrap();
    let (letter, id) = (format!("{}/b", limb.decision), post.id.to_string());
    refused(given, "limb-post", &[("letter", letter.as_str())], "Choose a post").await;
    recorded(given, "limb-post", &[("letter", letter.as_str()), ("post", id.as_str())]).await;
    let found = given.app.delegations(clerk).await.unwrap();
    let limb = found.limbs.iter().find(|limb| limb.letter == 'b'.into()).unwrap();
    let posts: Vec<(String, bool)> =
        limb.posts.iter().map(|(post, relevant)| (post.id.to_string(), *relevant)).collect();
    assert_eq!(posts, [(id.clone(), false)]);
    (letter, id)
}

#[tokio::test]
async fn rule_1_1_somebody_is_appointed_and_an_officer_has_the_power_passed_on_with_its_instrument() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let clerk = adopted(&given).await;
        let (letter, post) = linked(&given, &clerk).await;
        let (director, officer) = (actor(&given, Role::Approver).await, actor(&given, Role::FinanceOfficer).await);
        let (holder, passed_to) = (director.person.to_string(), officer.person.to_string());
        let acting = [("post", post.as_str()), ("person", passed_to.as_str()), ("kind", "acting")];
        refused(&given, "holding", &acting, "Enter the instrument by which the person acts").await;
        let held = [("post", post.as_str()), ("person", holder.as_str()), ("kind", "holder")];
        recorded(&given, "holding", &held).await;
        let mut passed = vec![
            ("letter", letter.as_str()),
            ("post", post.as_str()),
            ("person", passed_to.as_str()),
            ("title", "Head of Placements"),
            ("instrument", "Scheme of 1 April 2021"),
            ("permitted_by", "Constitution 3.4"),
        ];
        refused(&given, "sub-delegation", &passed, "Choose what is passed on").await;
        passed.extend([("acts", "award_placement"), ("acts", "extra_support")]);
        recorded(&given, "sub-delegation", &passed).await;

        let found = given.app.delegations(&clerk).await.unwrap();
        let [in_post] = found.posts[0].holders.as_slice() else { panic!("{:?}", found.posts) };
        assert_eq!((&in_post.kind, in_post.from, in_post.now), (&HoldingKind::Holder, BEGAN, true));
        let fact = &found.passed_on[0].0.fact;
        assert_eq!((fact.person, fact.by_post.to_string(), fact.from), (officer.person, post, BEGAN));
        assert_eq!(fact.acts, [Act::AwardPlacement, Act::ExtraSupport]);
        assert_eq!(fact.permitted_by.as_deref(), Some("Constitution 3.4"));
        let own = given.approver.get(DELEGATIONS).await;
        let chain = "Limb (b) of decision HEF-2019-0114, in force since 19 January 2019, used by the";
        assert!(own.body.contains(&format!("{chain} Director of Children and Families.")), "{}", own.body);
        let theirs = given.finance.get(DELEGATIONS).await;
        let under = "officer under a sub-delegation of the Director of Children and Families from 1 January 2019 \
                     (Scheme of 1 April 2021; Constitution 3.4).";
        assert!(theirs.body.contains(&format!("{chain} {under}")), "{}", theirs.body);
        assert!(lint(&theirs.body).is_empty());
    })
    .await;
}

#[tokio::test]
async fn rules_1_3_and_1_4_an_urgency_power_and_a_statutory_appointment_are_recorded_through_their_forms() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let clerk = adopted(&given).await;
        let (_, post) = linked(&given, &clerk).await;
        let director = actor(&given, Role::Approver).await;
        let person = director.person.to_string();
        let clause = [("clause", "Constitution 3.7")];
        refused(&given, "urgency-power", &clause, "Choose the posts that hold the urgency power").await;
        recorded(&given, "urgency-power", &[clause[0], ("posts", post.as_str())]).await;
        let office = ("office", "director_of_childrens_services");
        let interim = [office, ("basis", "interim"), ("person", person.as_str())];
        refused(&given, "statutory", &interim, "Enter the instrument of the interim appointment").await;
        let instrument = ("instrument", "Full council, 3 September 2021");
        recorded(&given, "statutory", &[interim[0], interim[1], interim[2], instrument]).await;

        let found = given.app.delegations(&clerk).await.unwrap();
        let power = &found.urgency[0].fact;
        let posts: Vec<String> = power.posts.iter().map(ToString::to_string).collect();
        assert_eq!((power.clause.as_str(), posts, power.to), ("Constitution 3.7", vec![post], OPEN_END));
        let held = &found.statutory[0].0.fact;
        assert_eq!((held.office, held.person), (StatutoryOffice::DirectorOfChildrensServices, director.person));
        let basis = StatutoryBasis::Interim { instrument: instrument.1.to_owned() };
        assert_eq!((&held.basis, held.authority), (&basis, given.authority));
        let page = given.democratic.get(DELEGATIONS).await;
        for shown in ["Constitution 3.7", "Interim: Full council, 3 September 2021"] {
            assert!(page.body.contains(shown), "{shown} in {}", page.body);
        }
        assert_eq!(lint(&page.body), Vec::<String>::new());
    })
    .await;
}
