//! A search on its pages: each task of a draft, its sending, the ground for disclosure, what homes and officers do with offers;
//! and what a home does by the link that came by mail.

use axum::http::StatusCode;
use placewell_domain::office::access::Role;
use serde_json::json;

use super::searching::{OFFER, OFFERED, PDF};
use super::steps::{HOME, OFFICER, Step, Typed, take};
use crate::api::world::World;
use crate::api::{email, road};
use Step::{Bring, Fill, Find, See, Send};

const SEARCH: &str = "/referrals/HEF-R-0001";
const NEW: &str = "/referrals/new";
const CHILD: Typed = &[
    ("which", "new"),
    ("given_names", "Quillon"),
    ("family_name", "Zelenka"),
    ("born", "2008-05-01"),
    ("sex", "female"),
    ("case_number", "C-77"),
];
const ABOUT: &str = "/referrals/HEF-R-0001/about";
const ABOUT_HER: Typed = &[("sex", "female"), ("legal_basis", "C2"), ("complex_needs", "no")];
const NEEDS: &str = "/referrals/HEF-R-0001/needs";
const NEEDED: Typed = &[
    ("what_helps", "Football helps."),
    ("wishes", "To stay near friends."),
    ("lot", "planned"),
    ("need_band", "standard"),
    ("communication_needs", "no"),
    ("communication", "none"),
    ("cultural_needs", "not_required"),
    ("home_adaptation", "no"),
    ("foster_care", "unsuitable"),
    ("residential_care", "preferred"),
    ("supported_accommodation", "unsuitable"),
    ("must_haves", "going_missing"),
];
const ALONGSIDE: &str = "/referrals/HEF-R-0001/alongside";
const WITH_OTHERS: Typed = &[("living_companions", "with_others"), ("pets", "yes_can"), ("sibling_count", "0")];
const WHEN: &str = "/referrals/HEF-R-0001/when";
const IN_TWO_WEEKS: Typed = &[
    ("needed_by", "more_than_five_days"),
    ("start", "2021-09-27"),
    ("planned_end", "2022-09-26"),
    ("approved_by", "panel"),
    ("approved_who", "The chair"),
    ("approved_on", "2021-09-10"),
    ("approved_band", "up_to_4500"),
    ("approval_reference", "P-12"),
];
const WHERE: &str = "/referrals/HEF-R-0001/where";
const NEAR: Typed = &[("from", "HR4"), ("within_miles", "60"), ("preferred_location_local", "yes")];
const EDUCATION: &str = "/referrals/HEF-R-0001/education";
const HEALTH: &str = "/referrals/HEF-R-0001/health";
const TO_CHILD: &str = "/referrals/HEF-R-0001/risks-to-child";
const RISKS_TO_CHILD: Typed = &[
    ("riskSelfHarm", "no_known_risk"),
    ("riskCriminalExploitation", "no_known_risk"),
    ("riskDrugAlcohol", "no_known_risk"),
    ("riskEatingDisorder", "no_known_risk"),
    ("riskMissing", "risk_present"),
    ("words_riskMissing", "Comes back."),
    ("riskSexualExploitation", "no_known_risk"),
];
const TO_OTHERS: &str = "/referrals/HEF-R-0001/risks-to-others";
const RISKS_TO_OTHERS: Typed = &[
    ("riskToOthersPhysical", "no_known_risk"),
    ("riskToOthersSexual", "no_known_risk"),
    ("riskToOthersFire", "no_known_risk"),
    ("riskToOthersAnimals", "no_known_risk"),
    ("riskToOthersCriminal", "no_known_risk"),
    ("risk_chronology", "In March she was away for a night."),
];
const LIBERTY: &str = "/referrals/HEF-R-0001/liberty";
const HOMES: &str = "/referrals/HEF-R-0001/homes?order=needs";
const RECIPIENTS: &str = "/referrals/HEF-R-0001/recipients";
const CHECK: &str = "/referrals/HEF-R-0001/check";

/// A search from its draft to its sending, to one home.
const DRAFTED: &[Step] = &[
    Fill(OFFICER, NEW, NEW, CHILD),
    Fill(OFFICER, ABOUT, ABOUT, ABOUT_HER),
    Fill(OFFICER, NEEDS, NEEDS, NEEDED),
    Fill(OFFICER, ALONGSIDE, ALONGSIDE, WITH_OTHERS),
    Fill(OFFICER, WHEN, WHEN, IN_TWO_WEEKS),
    Fill(OFFICER, WHERE, WHERE, NEAR),
    Fill(OFFICER, EDUCATION, EDUCATION, &[("education", "keep_school")]),
    Fill(OFFICER, HEALTH, HEALTH, &[("health", "universal")]),
    Fill(OFFICER, TO_CHILD, TO_CHILD, RISKS_TO_CHILD),
    Fill(OFFICER, TO_OTHERS, TO_OTHERS, RISKS_TO_OTHERS),
    Fill(OFFICER, LIBERTY, LIBERTY, &[("deprivation_of_liberty", "no")]),
    Bring(OFFICER, "/referrals/HEF-R-0001/documents/first", SEARCH, &[], PDF, 201),
    Find(OFFICER, HOMES, "/homes/items", ("urn", "SC400001"), "ask", "oak"),
    Fill(OFFICER, RECIPIENTS, RECIPIENTS, &[("homes_fca", "$oak"), ("deadline", "three_working_days")]),
    Fill(OFFICER, CHECK, CHECK, &[("accept_few", "yes")]),
    Fill(OFFICER, SEARCH, "/referrals/HEF-R-0001/remind", &[]),
];

const GROUND: &str = "/referrals/HEF-R-0001/ground";
const GROUNDS: &str = "/referrals/HEF-R-0001/grounds";
const AGREED: Typed = &[
    ("basis", "public_task"),
    ("condition", "social_care"),
    ("consent", "agreed"),
    ("agreed_by", "care_order"),
    ("agreed_on", "2021-09-10"),
];
const AGREED_TO: &str =
    r#"{"basis": "public_task", "condition": "social_care", "agreed_by": "care_order", "agreed_on": "2021-09-10"}"#;
const ENTER: &str = "/referrals/HEF-R-0001/asked/2/offer";
const SPOKEN: Typed = &[
    ("start", "2021-09-27"),
    ("core", "4,321"),
    ("met_going_missing", "yes"),
    ("how_going_missing", "Staff who know how"),
    ("impact", "A good match"),
    ("valid", "2021-09-24"),
    ("channel", "phone"),
    ("said_at", "2021-09-13"),
    ("said_at_time", "10am"),
    ("said_by", "The manager"),
    ("evidence", "Offers a bed."),
];
const SECOND: &str = "/referrals/HEF-R-0001/offers/2";
const RECALL: &str = "/referrals/HEF-R-0001/offers/2/recall";
const RECALLED: Typed =
    &[("from", "shortlisted"), ("cause", "wrong_home"), ("aware", "2021-09-13"), ("aware_time", "10am")];

/// While it is out: its ground, an offer that is taken back, a further home whose offer the officer enters, recalls and closes.
const ANSWERED: &[Step] = &[
    Fill(OFFICER, GROUND, GROUND, AGREED),
    Fill(OFFICER, GROUND, "/referrals/HEF-R-0001/ground/withdraw", &[]),
    Send(OFFICER, GROUNDS, "", AGREED_TO, 201),
    Find(OFFICER, GROUNDS, "", ("in_force", "true"), "version", "ground"),
    Send(OFFICER, "/referrals/HEF-R-0001/grounds/withdraw", "$ground", "{}", 200),
    Find(HOME, "/invitations?reference=HEF-R-0001", "/items", ("", ""), "id", "own"),
    Send(HOME, "/invitations/$own/offer", "", OFFER, 201),
    Fill(HOME, "/provider/referrals/HEF-R-0001", "/provider/invitations/$own/withdraw-offer", &[]),
    Find(OFFICER, HOMES, "/homes/items", ("urn", "SC400002"), "ask", "court"),
    Send(OFFICER, "/referrals/HEF-R-0001/ask-more", SEARCH, r#"{"homes": ["$court"]}"#, 200),
    Fill(OFFICER, ENTER, ENTER, SPOKEN),
    Send(OFFICER, "/referrals/HEF-R-0001/offers/2/shortlist", SECOND, "{}", 200),
    Fill(OFFICER, RECALL, RECALL, RECALLED),
    Send(OFFICER, "/referrals/HEF-R-0001/offers/2/not-chosen", SECOND, r#"{"reason": "nearer"}"#, 200),
];

/// A search on its pages.
pub async fn searched(world: &World) {
    take(world, DRAFTED).await;
    take(world, ANSWERED).await;
}

const ASKED: Typed = &[("question", "Which school?")];
const DECLINED: Typed = &[("reason", "no_staffed_bed")];
const EARLY: &str = "/referrals/HEF-R-0001/close-early";
const CANNOT_WAIT: Typed =
    &[("number", "1"), ("reason", "bed_would_be_lost"), ("words", "The home keeps the bed for a day.")];
const RECOMMEND: &str = "/referrals/HEF-R-0001/recommend";
const RECOMMENDED: Typed = &[
    ("for_1", "Keeps the school"),
    ("against_1", "Far from her brother"),
    ("wishes", "ascertained"),
    ("wishes_words", "Wants to stay near her brother"),
    ("relatives", "consulted"),
    ("case", "children_looked_after"),
    ("planned_end", "2022-09-26"),
    ("reviewing_officer", "2021-09-10"),
    ("area_authority", "2021-09-10"),
    ("most_appropriate", "yes"),
    ("in_care_plan", "yes"),
    ("care_plan_sent", "yes"),
    ("circumstances", "The only home that offered"),
];

/// Its one offer is in: the search is closed before its deadline, and the offer recommended.
const CLOSED: &[Step] = &[
    Fill(OFFICER, EARLY, EARLY, CANNOT_WAIT),
    See(OFFICER, "/referrals/HEF-R-0001/recommend?offer=1", &[]),
    See(OFFICER, "/api/v1/referrals/HEF-R-0001/offers/1/recommendation", &[]),
    Fill(OFFICER, "/referrals/HEF-R-0001/recommend?offer=1", RECOMMEND, RECOMMENDED),
];

/// Two homes answer by the link that each was mailed: one asks and offers, the other declines. Then it is closed early.
pub async fn by_links(world: &World) {
    road::sent(world).await;
    let (first, second) = (mailed(world, 1, "first@home.example").await, mailed(world, 2, "second@home.example").await);
    let watch = world.region.watch.as_ref().unwrap();
    for (token, act, fields) in
        [(&first, "question", ASKED), (&first, "offer", OFFERED), (&second, "decline", DECLINED)]
    {
        match Box::pin(watch.by_link(token, act, fields)).await {
            Ok(page) if page.status == StatusCode::SEE_OTHER => {}
            Ok(page) => watch.note(format!("{act} by a link answers {}: {}", page.status, page.h1())),
            Err(said) => watch.note(said),
        }
    }
    take(world, CLOSED).await;
}

/// The token of the link that an invitation's home is mailed.
async fn mailed(world: &World, number: u32, to: &str) -> String {
    let path = format!("{}/invitations/{number}/link", road::REFERRAL);
    world.officer.post(&path, &[], &json!({"email": to})).await.is(201);
    let app = &world.region.app;
    let org = app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap().organisation;
    let mails = app.store.read(Some(org)).await.unwrap().whole_mails(org, 200).await.unwrap();
    let mail = mails.into_iter().find(|mail| mail.recipient == to).unwrap();
    let link = mail.body.lines().find(|line| line.starts_with("/emails/")).unwrap();
    link.split('/').nth(2).unwrap().to_owned()
}
