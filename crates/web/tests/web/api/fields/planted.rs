//! A canary in every field about a child: each planted by the operation by which people write that field.

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::buying::check::CheckItem;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::home::inspection::{Inspection, InspectionKind};
use placewell_domain::office::access::Role;
use placewell_testkit::client::{MULTIPART, multipart};
use serde_json::{Value, json};

use super::super::canary::{REFERRAL, answered, awarded, offer, opened, sent_out};
use super::super::spot::{OUTSIDE, third_home};
use super::super::world::World;
use super::super::{Region, email};

/// Each planted text, and the field of the table that it stands in. Of a field in codes it is what pages say of the code that
/// few children have, or that a field is said at all, and what operations answer, name and all.
pub const PLANTED: &[(&str, &str)] = &[
    ("given_names", "Qzgivenname"),
    ("family_name", "Qzfamilyname"),
    ("known_as", "Qzknownas"),
    ("case_number", "QZCASE77"),
    ("school", "QzSchool"),
    ("other_names", "Qzbrother"),
    ("home_postcode", "SY8 4QJ"),
    ("born", "2008-05-17"),
    ("born", "17 May 2008"),
    ("search_approval", "Chair of the panel"),
    ("sex", "\"sex\":\"female\""),
    ("sex", "Home registered for"),
    ("outcode", "HR2"),
    ("avoid", "TF11"),
    ("legal_basis", "Youth rehabilitation order with a residence requirement"),
    ("legal_basis", "The child stands in the statutory return of looked-after children"),
    ("known_associates", "\"known\":\"yes\""),
    ("known_associates", "Yes, known to associate"),
    ("stability_signs", "\"signs\":[\"staff\"]"),
    ("stability_signs", "The staff doubt that they can go on"),
    ("what_helps", "qzhelps"),
    ("wishes", "qzwishes"),
    ("risk_words", "qzmissing"),
    ("risk_words", "qzothersrisk"),
    ("risk_chronology", "qzchronology"),
    ("education_words", "qzeducation"),
    ("health_words", "qzhealth"),
    ("other_words", "qzcommunication"),
    ("other_words", "qzculture"),
    ("other_words", "qzsupport"),
    ("other_words", "qzoutofarea"),
    ("offer_words of elm", "qzhowelm"),
    ("offer_words of elm", "qzimpactelm"),
    ("offer_words of elm", "qzconditionselm"),
    ("offer_words of ash", "qzhowash"),
    ("offer_words of ash", "qzimpactash"),
    ("offer_words of ash", "qzconditionsash"),
    ("price of elm", "4,321"),
    ("price of elm", "432100"),
    ("price of ash", "4,322"),
    ("price of ash", "432200"),
    ("question_words", "qzquestion"),
    ("question_words", "qzanswer"),
    ("answer_evidence", "qzevidence"),
    ("answer_evidence", "Qzcaller"),
    ("closing_words", "qzclosing"),
    ("check_words", "qzcheckwords"),
    ("setting_words", "qzsettingwhere"),
    ("setting_words", "qzsettingwhy"),
    ("associate_words", "qzassociate"),
    ("recommendation_words", "qzforit"),
    ("recommendation_words", "qzagainst"),
    ("other_offer_words", "qzotherfor"),
    ("other_offer_words", "qzotheragainst"),
    ("recommendation_words", "qzwisheswords"),
    ("recommendation_words", "qzsocialworker"),
    ("recommendation_words", "qzrelatives"),
    ("recommendation_words", "qzcircumstances"),
    ("recommendation_words", "qzaskapprover"),
    ("recommendation_words", "qzanswerapprover"),
    ("agreement_words", "qzoutcome"),
    ("agreement_words", "qzstaffing"),
    ("agreement_words", "qzeducationcare"),
    ("agreement_words", "qzhealthcare"),
    ("document_names", "qzfilename"),
    ("document_contents", "qzfilecontent"),
    ("paper_names", "qzpapername"),
    ("paper_contents", "qzpapercontent"),
    ("stability_words", "qzstrain"),
    ("stability_words", "qzsupportagreed"),
    ("retention_words", "qzholdwords"),
    ("brought_rows", "Qzbroughtname"),
    ("ground_words", "qzgroundwords"),
    ("recall_words", "qzrecallwords"),
    ("exemption_words", "qzexemption"),
];

/// Lines in words that no canary stands in, each with its reason.
pub const NOT_PLANTED: &[(&str, &str)] = &[];

/// Records that were made on the way, to be asked for by their number.
#[derive(Default)]
pub struct Known {
    pub invitations: Vec<i64>,
    pub documents: Vec<i64>,
    pub stay: Option<i64>,
    pub alert: Option<i64>,
    pub recall: Option<i64>,
    /// The check that was done.
    pub check: &'static str,
}

/// The number at the end of a record's address.
fn number(location: &str) -> i64 {
    location.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("no number in {location:?}"))
}

/// The referral is with two homes: the first offers, the second tells its offer by telephone.
pub async fn asked(world: &World) -> Known {
    sent_out(world).await;
    let elm = opened(&world.elm).await;
    let sent = json!({"offer": offer("elm", 432_100), "send": true});
    world.elm.post(&format!("{elm}/offer"), &[], &sent).await.is(201);
    let ash = opened(&world.ash).await;
    let told = json!({
        "offer": offer("ash", 432_200), "channel": "phone", "said_at": "2021-09-13T10:20:00",
        "said_by": "Qzcaller", "evidence": "qzevidence"
    });
    let asked = world.officer.get(REFERRAL).await.is(200).json["invitations"].as_array().unwrap().clone();
    let of_ash = asked.iter().find(|one| one["state"] != "offered").unwrap();
    world.officer.post(&format!("{REFERRAL}/invitations/{}/offer", of_ash["number"]), &[], &told).await.is(201);
    answered(world).await;
    let listed = world.officer.get(&format!("{REFERRAL}/documents")).await.is(200).json;
    Known {
        invitations: vec![number(&elm), number(&ash)],
        documents: listed.as_array().unwrap().iter().map(id).collect(),
        check: CheckItem::ALL[0].code(),
        ..Known::default()
    }
}

fn id(document: &Value) -> i64 {
    document["id"].as_str().unwrap().parse().unwrap()
}

/// The register brings a third home, outside the arrangement, which is judged Inadequate.
pub async fn judged(region: &Region) {
    third_home(&region.caller("region", Role::CommissioningLead).await).await;
    let app = &region.app;
    let team = app.visit().await.unwrap().organisation_by_code("region").await.unwrap().id;
    let work = app.store.begin(team, app.calendar.now()).await.unwrap();
    let home = work.home_by_urn(&OUTSIDE.parse().unwrap()).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: date(2021, 7, 6),
        published_on: Some(date(2021, 7, 6)),
        grade: Some(Grade::Inadequate),
        serious_concerns: true,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// The officer asks the director to exempt the child from that grade.
async fn exemption_asked(world: &World) {
    judged(&world.region).await;
    let words = "qzexemption: a second person is awake at night";
    let asked = json!({"urn": OUTSIDE, "reason": "sibling", "words": words, "until": "2021-09-27"});
    world.officer.post(&format!("{REFERRAL}/exemptions/ask"), &[], &asked).await.is(201);
}

/// While homes may still answer: the child waits in an unregistered setting, a check is done, an exemption is asked for, and
/// the search is closed early.
pub async fn closed_early(world: &World, known: &mut Known) {
    let officer = &world.officer;
    let stay = json!({
        "from": "2021-09-13", "setting": "qzsettingwhere", "why": "qzsettingwhy",
        "known": {"court": "applied", "ofsted_told": "2021-09-13", "application": "not_made", "weekly_pence": 900_000}
    });
    let made = officer.change(REFERRAL, "unregistered", &stay).await.is(201);
    known.stay = Some(number(made.header("location")));

    let checks = format!("{REFERRAL}/checks/SC400001");
    let all = officer.get(&checks).await.is(200).json["checks"].as_array().unwrap().clone();
    let open = all.iter().find(|one| one["closed"] == false).unwrap();
    let item = CheckItem::from_code(open["item"].as_str().unwrap()).unwrap();
    let evidence = json!({
        "kind": item.evidence()[0].code(), "on": "2021-09-06", "until": "2022-03-31", "words": "qzcheckwords"
    });
    let done = json!({"act": "do", "version": open["version"], "evidence": evidence, "minutes": 4});
    officer.post(&format!("{checks}/{}", item.code()), &[], &done).await.is(200);
    known.check = item.code();

    exemption_asked(world).await;
    let early = json!({"number": 1, "reason": "bed_would_be_lost", "words": "qzclosing"});
    officer.change(REFERRAL, "close-early", &early).await.is(200);
}

/// The first home is on the shortlist, asks about somebody and is answered.
pub async fn shortlisted(world: &World, known: &Known) {
    world.move_to(date(2021, 9, 16), 17);
    let left = json!({"on": "2021-09-15", "how": "registered_home"});
    let stay = format!("/api/v1/unregistered/{}", known.stay.unwrap());
    world.officer.change(&stay, "end", &left).await.is(200);
    world.officer.change(&format!("{REFERRAL}/offers/1"), "shortlist", &json!({})).await.is(200);
    let about = json!({"about": "qzassociate"});
    world.elm.post(&format!("/api/v1/invitations/{}/associates", known.invitations[0]), &[], &about).await.is(201);
    let asked = world.officer.get(&format!("{REFERRAL}/offers/1/associates")).await.is(200).json;
    let (question, tag) = (id(&asked[0]), format!("\"{}\"", asked[0]["version"]));
    let answer = format!("{REFERRAL}/associates/{question}/answer");
    world.officer.post(&answer, &[("if-match", &tag)], &json!({"known": "yes"})).await.is(200);
}

/// The ground is recorded, the child lives there, and a document stands beside the agreement.
pub async fn placed(world: &World, known: &mut Known) {
    let director = world.region.app.actor_by_email(&email("HEF", Role::Approver)).await.unwrap();
    let ground = json!({
        "basis": "public_task", "condition": "social_care", "override_reason": "not_reached",
        "decided_by": director.person.to_string(), "words": "qzgroundwords"
    });
    world.officer.post(&format!("{REFERRAL}/grounds"), &[], &ground).await.is(201);
    let agreement = format!("/api/v1/agreements/{}", awarded(world).await);
    let paper = multipart(std::iter::empty(), Some(("qzpapername.pdf", b"%PDF-1.7 qzpapercontent")));
    world.officer.raw(&format!("{agreement}/papers"), &[], MULTIPART, paper).await.is(201);
    let papers = world.officer.get(&format!("{agreement}/papers")).await.is(200).json;
    known.documents.extend(papers.as_array().unwrap().iter().map(id));

    let strain = json!({"signs": ["staff"], "words": "qzstrain"});
    let flagged = world.elm.post(&format!("{agreement}/stability"), &[], &strain).await.is(201);
    let alert = number(flagged.header("location"));
    let met =
        json!({"on": "2021-09-27", "support": ["therapy"], "words": "qzsupportagreed", "review_on": "2021-10-11"});
    world.officer.change(&format!("/api/v1/stability-alerts/{alert}"), "meet", &met).await.is(200);
    known.alert = Some(alert);
}

/// What the authority keeps beside it: a hold, a file of earlier placements; and the wrong home was chosen: it is recalled.
pub async fn recalled(world: &World, known: &mut Known) {
    let officer = &world.officer;
    officer.post("/api/v1/children/1/hold", &[], &json!({"words": "qzholdwords"})).await.is(200);
    let file = "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,\
                planned_end,lot,weekly_price,education_weekly_price,health_share,notice_days,paid_from,paid_to,paid_amount\n\
                1,spot,C1,Qzbroughtname,Wren,2007-03-01,female,SC999999,2021-02-01,2021-11-29,,4100,,,,,,\n";
    let file = multipart(std::iter::empty(), Some(("Qzbroughtname.csv", file.as_bytes())));
    officer.raw("/api/v1/imports/of/placements", &[], MULTIPART, file).await.is(201);
    world.region.app.do_due_jobs().await.unwrap();

    let recall = json!({"from": "chosen", "cause": "wrong_home", "aware": "2021-09-27T15:00:00"});
    let made = officer.post(&format!("{REFERRAL}/offers/1/recall"), &[], &recall).await.is(201);
    let id = number(made.header("location"));
    let words = json!({"risk": "likely", "words": "qzrecallwords"});
    officer.post(&format!("/api/v1/recalls/{id}/assess"), &[("if-match", "\"1\"")], &words).await.is(200);
    known.recall = Some(id);
}
