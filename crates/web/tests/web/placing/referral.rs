//! A referral through the browser's eyes: sent, answered by two providers, sealed, late, withdrawn; and what each side
//! must never see. Every field about the child is a canary.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::{Calendar, Machine, moment_of};
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::placing::invitation::Answering;
use placewell_app::placing::offer::WriteOffer;
use placewell_app::placing::referral::{AnswerTask, ForChild, SendReferral, StartReferral};
use placewell_domain::authority::AreaCode;
use placewell_domain::change::Event;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::ground::AdmissionGround;
use placewell_domain::homes::home::{Bed, Home, Need, NeedSet, RegisterEntry, Sector, Sex};
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine};
use placewell_domain::id::{ArrangementId, BedId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::place::Outcode;
use placewell_domain::placing::agreement::GOING_LIVE;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::offer::{Met, MustHaveAnswer, OfferState, OfferTerms, OfferWords};
use placewell_domain::placing::referral::legal::{AmountBand, SearchApproval, SearchApprover};
use placewell_domain::placing::referral::profile::{Avoid, AvoidPlace, AvoidReason, Education, Health, Papers};
use placewell_domain::placing::referral::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, Pets, Presence, Risk, RiskLevel, Standard, Suitability,
};
use placewell_domain::placing::referral::{Ask, DeadlineChoice, LegalBasis, Narrative, Plan, Profile, Task, Tier};
use placewell_testkit::client::Client;
use placewell_testkit::databases::{TestDatabase, both};
use placewell_testkit::mailbox::Mailbox;
use placewell_web::{Web, router};

mod asking;
mod copying;
mod frozen;
mod racing;
mod redacting;
mod scoring;

pub(super) const TODAY: Date = date(2021, 9, 13);
pub(super) const CANARIES: &[&str] =
    &["Zelenka", "Quillon", "CASECANARY", "Harfangel", "WISHCANARY", "CHRONCANARY", "HR9", "ZZ9", "PANELCANARY"];

pub(super) struct Given {
    pub app: Arc<App>,
    pub officer: Client,
    pub elm: Client,
    pub ash: Client,
    pub visitor: Client,
    pub people: [Actor; 3],
    pub reference: String,
}

pub(super) async fn organisation(app: &Arc<App>, code: &str, kind: OrganisationKind, role: Role) -> Actor {
    let person = NewPerson {
        email: format!("{code}@example.org"),
        name: format!("Person of {code}"),
        password: None,
        role,
        title: role.label().to_owned(),
        from: date(2019, 1, 1),
    };
    let new = NewOrganisation {
        code: code.to_owned(),
        name: format!("Organisation {code}"),
        kind,
        area: (kind == OrganisationKind::Authority).then(|| "E06000019".to_owned()),
        placing_body: None,
        people: vec![person],
    };
    app.make_organisation(&new).await.unwrap();
    app.actor_by_email(&format!("{code}@example.org")).await.unwrap()
}

pub(super) fn profile() -> Profile {
    let mut standard = Standard {
        needed_by: Some(NeededBy::MoreThanFiveDays),
        sibling_count: Some(0),
        preferred_location_local: Some(true),
        communication_needs: Some(Presence::No),
        communication: vec![Communication::None],
        cultural_needs: Some(CulturalNeeds::NotRequired),
        living_companions: Some(LivingCompanions::WithOtherChildren),
        pets: Some(Pets::YesCan),
        deprivation_of_liberty: Some(false),
        foster_care: Some(Suitability::Unsuitable),
        residential_care: Some(Suitability::Preferred),
        supported_accommodation: Some(Suitability::Unsuitable),
        ..Standard::default()
    };
    for risk in Risk::ALL {
        let level = if *risk == Risk::Missing { RiskLevel::RiskPresent } else { RiskLevel::NoKnownRisk };
        standard = standard.with_risk(*risk, level, TODAY);
    }
    let approval = SearchApproval {
        by: SearchApprover::Panel,
        who: "WHOCANARY".to_owned(),
        on: TODAY,
        reference: "PANELCANARY".to_owned(),
        band: Some(AmountBand::UpTo6000),
    };
    let avoid = AvoidPlace::District(Outcode::parse("ZZ9").unwrap());
    Profile {
        age: Some(13),
        sex: Some(Sex::Female),
        legal_basis: Some(LegalBasis::FullCareOrder),
        complex_needs: Some(false),
        lot: Some("planned".to_owned()),
        need_band: Some("standard".to_owned()),
        must_haves: NeedSet::NONE.with(Need::GoingMissing),
        start: Some(date(2021, 9, 27)),
        planned_end: Some(date(2022, 9, 26)),
        from: Outcode::parse("HR4").ok(),
        avoid: vec![Avoid { place: avoid, reason: AvoidReason::Exploitation }],
        education: Some(Education::KeepSchool),
        health: Some(Health::Universal),
        papers: Some(Papers::None),
        search_approval: Some(approval),
        standard,
        ..Profile::default()
    }
}

pub(super) fn narrative() -> Narrative {
    Narrative {
        what_helps: "Football helps.".to_owned(),
        wishes: "WISHCANARY".to_owned(),
        risks: vec![(Risk::Missing, "Comes back by herself.".to_owned())],
        risk_chronology: "CHRONCANARY".to_owned(),
        ..Narrative::default()
    }
}

/// The officer's authority records the day on which it goes live: today.
pub(super) async fn goes_live(given: &Given) {
    let (org, key) = (given.people[0].organisation, GOING_LIVE.name);
    let mut work = given.app.store.begin(org, moment_of(TODAY.at(10, 20, 0, 0))).await.unwrap();
    work.set(key, TODAY, &TODAY.to_string()).await.unwrap();
    work.record(Event::new("setting.changed", "setting", org.0, 1).with("key", key));
    work.commit(Machine::now()).await.unwrap();
}

/// An authority, two providers with one home each, and a sealed referral sent to both.
pub(super) async fn given(database: &TestDatabase) -> Given {
    let app = database.app(Calendar::standing(TODAY.at(10, 20, 0, 0))).await;
    let region = organisation(&app, "region", OrganisationKind::RegionalTeam, Role::CommissioningLead).await;
    let elm = organisation(&app, "elm", OrganisationKind::Provider, Role::ProviderManager).await;
    let ash = organisation(&app, "ash", OrganisationKind::Provider, Role::ProviderManager).await;
    let officer = organisation(&app, "HEF", OrganisationKind::Authority, Role::PlacementOfficer).await;
    for (id, provider) in [(1, elm.organisation), (2, ash.organisation)] {
        home(&app, region.organisation, provider, id, true).await;
    }
    let identity = ChildIdentity {
        family_name: "Zelenka".to_owned(),
        given_names: "Quillon".to_owned(),
        known_as: None,
        born: date(2008, 5, 1),
        sex: Sex::Female,
        case_number: "CASECANARY".to_owned(),
        home_postcode: Some("HR9 5AB".to_owned()),
        school: Some("Harfangel Community".to_owned()),
        other_names: Vec::new(),
    };
    let start = StartReferral { child: ForChild::New(identity), sibling_of: None, emergency: None, beside_open: false };
    let receipt = app.perform(&officer, "start", start).await.unwrap();
    let reference = receipt.location.split('/').nth(2).unwrap().to_owned();
    let asks = [1, 2].map(|id| Ask { home: HomeId(id), tier: Tier::Fca }).to_vec();
    let answers = AnswerTask {
        reference: reference.clone(),
        version: 1,
        task: Task::Recipients,
        profile: profile(),
        narrative: narrative(),
        plan: Plan { homes: asks, deadline: Some(DeadlineChoice::ThreeWorkingDays), ..Plan::default() },
    };
    app.perform(&officer, "answers", answers).await.unwrap();
    let send = SendReferral { reference: reference.clone(), version: 2, confirmed: Vec::new(), accept_few: true };
    app.perform(&officer, "send", send).await.unwrap();
    let router = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
    let mut clients = Vec::new();
    for actor in [&officer, &elm, &ash] {
        clients.push(Client::with_session(router.clone(), &app.start_session(actor).await.unwrap()));
    }
    let mut clients = clients.into_iter();
    let mut next = || clients.next().unwrap();
    Given {
        officer: next(),
        elm: next(),
        ash: next(),
        visitor: Client::new(router),
        people: [officer, elm, ash],
        app,
        reference,
    }
}

/// A home of three beds, on the lot for planned placements or not.
pub(super) async fn home(app: &Arc<App>, region: OrganisationId, provider: OrganisationId, id: i64, on_lot: bool) {
    let moment = moment_of(TODAY.at(10, 20, 0, 0));
    let mut work = app.store.begin(region, moment).await.unwrap();
    let entry = RegisterEntry {
        provider,
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 3,
        short_breaks_only: false,
        suspended: false,
        registered_on: Some(date(2019, 4, 1)),
    };
    let urn = format!("SC{:06}", 400_000 + id).parse().unwrap();
    let home = work.apply(Home::register(HomeId(id), region, urn, entry, moment)).await.unwrap();
    for bed in 1..=3 {
        let bed = Bed { id: BedId(home.id.0 * 10 + bed), home: home.id, label: format!("Room {bed}") };
        work.add_bed(&home, &bed).await.unwrap();
    }
    if on_lot {
        let (lot, from) = ("planned".to_owned(), date(2019, 1, 1));
        let arrangement = ArrangementId(1);
        let admission = Admission { home: home.id, arrangement, lot, from, until: OPEN_END, ended: None };
        let provider = work.home(admission.home).await.unwrap().provider;
        let ground = AdmissionGround::before_record(provider, admission.from, "file 1");
        work.keep_admission_ground(&ground).await.unwrap();
        work.record_admission(&admission).await.unwrap();
        let price = Some(Pence::pounds(4_500));
        work.record_price(home.id, "planned", "core", Nights::open(from), price).await.unwrap();
    }
    work.commit(Machine::now()).await.unwrap();
    app.homes.forget().await;
}

pub(super) async fn invitation_of(given: &Given, at: usize) -> i64 {
    let session = given.app.store.read(Some(given.people[at].organisation)).await.unwrap();
    let all = session.received_by_reference(given.people[at].organisation, &given.reference).await.unwrap();
    all[0].id.0
}

pub(super) fn offer_fields(core: &str) -> Vec<(&str, &str)> {
    vec![
        ("start_day", "27"),
        ("start_month", "9"),
        ("start_year", "2021"),
        ("core", core),
        ("met_going_missing", "yes"),
        ("how_going_missing", "Staff who know how"),
        ("impact", "A good match"),
        ("valid_day", "24"),
        ("valid_month", "9"),
        ("valid_year", "2021"),
    ]
}

pub(super) async fn send_offer(client: &Client, id: i64, core: &str) -> placewell_testkit::client::Page {
    let path = format!("/provider/invitations/{id}/offer");
    client.submit(&path, &path, &offer_fields(core)).await
}

#[tokio::test]
async fn a_providers_pages_and_mails_never_show_the_child_or_a_rival() {
    both(async |database| {
        let given = given(&database).await;
        let (elm, ash) = (invitation_of(&given, 1).await, invitation_of(&given, 2).await);
        assert_eq!(send_offer(&given.elm, elm, "4,321").await.status, StatusCode::SEE_OTHER);
        let question = format!("/provider/invitations/{elm}/question");
        given.elm.submit(&question, &question, &[("question", "ELMQUESTION, can she swim?")]).await;
        given.app.do_due_jobs().await.unwrap();
        let own = [
            "/home".to_owned(),
            "/provider/referrals".to_owned(),
            format!("/provider/referrals/{}", given.reference),
            format!("/provider/invitations/{ash}/offer"),
            format!("/provider/invitations/{ash}/decline"),
            format!("/provider/invitations/{ash}/question"),
        ];
        for path in &own {
            let page = given.ash.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.h1());
            for canary in CANARIES.iter().chain(&["4,321", "ELMQUESTION", "Organisation elm"]) {
                assert!(!page.body.contains(canary), "{canary} on {path}");
            }
        }
        assert!(given.ash.get(&own[2]).await.body.contains("Football helps."));
        for path in [
            format!("/provider/invitations/{elm}/offer"),
            format!("/provider/invitations/{elm}/decline"),
            format!("/referrals/{}/child", given.reference),
        ] {
            assert!(given.ash.get(&path).await.status.is_client_error(), "{path}");
        }
        for actor in &given.people {
            let session = given.app.store.read(Some(actor.organisation)).await.unwrap();
            for mail in session.mails(actor.organisation, 100).await.unwrap() {
                for canary in CANARIES.iter().chain(&["4,321", "ELMQUESTION", "Football"]) {
                    assert!(!format!("{} {}", mail.subject, mail.body).contains(canary), "{canary} in a mail");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rule_5_3_the_officer_sees_no_price_before_the_deadline_and_all_after() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        send_offer(&given.elm, elm, "4,321").await;
        let pages = [
            format!("/referrals/{}", given.reference),
            format!("/referrals/{}/offers", given.reference),
            format!("/referrals/{}/offers/1", given.reference),
            format!("/referrals/{}/timeline", given.reference),
            "/referrals".to_owned(),
            "/home".to_owned(),
        ];
        for path in &pages {
            let page = given.officer.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.h1());
            assert!(!page.body.contains("4,321"), "a sealed price on {path}");
            assert!(!page.body.contains("Zelenka"), "a name on {path}");
        }
        given.app.calendar.move_to(date(2021, 9, 16).at(17, 0, 0, 0));
        assert!(given.officer.get(&pages[1]).await.body.contains("£4,321"));
        assert!(given.officer.get("/referrals").await.body.contains("£4,321"));
        let child = given.officer.get(&format!("/referrals/{}/child", given.reference)).await;
        assert!(child.body.contains("Quillon Zelenka"));
    })
    .await;
}

#[tokio::test]
async fn an_offer_is_made_once_refused_above_the_tendered_price_and_late_only_with_a_reason() {
    both(async |database| {
        let given = given(&database).await;
        let (elm, ash) = (invitation_of(&given, 1).await, invitation_of(&given, 2).await);
        let above = send_offer(&given.elm, elm, "4,501").await;
        assert_eq!(above.status, StatusCode::CONFLICT, "{}", above.h1());
        assert!(above.body.contains("tendered"));
        let path = format!("/provider/invitations/{elm}/offer");
        let shown = given.elm.get(&path).await;
        let hidden = shown.form(&path);
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(offer_fields("4,321"));
        let first = given.elm.post(&path, &fields).await;
        let second = given.elm.post(&path, &fields).await;
        assert_eq!((first.status, first.location.clone()), (second.status, second.location), "a double press");
        let own = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert_eq!(own.body.matches("£4,321 a week").count(), 1, "one offer");
        given.app.calendar.move_to(date(2021, 9, 17).at(9, 0, 0, 0));
        let late = send_offer(&given.ash, ash, "4,000").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let path = format!("/provider/invitations/{ash}/offer");
        let mut fields = offer_fields("4,000");
        fields.push(("late_reason", "bed_came_free"));
        assert_eq!(given.ash.submit(&path, &path, &fields).await.status, StatusCode::SEE_OTHER);
        let offers = given.officer.get(&format!("/referrals/{}/offers", given.reference)).await;
        assert!(offers.body.contains("Received after the deadline"));
    })
    .await;
}

#[tokio::test]
async fn two_officers_on_one_referral_overwrite_nothing_and_a_withdrawal_closes_everything() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        send_offer(&given.elm, elm, "4,321").await;
        let path = format!("/referrals/{}/withdraw", given.reference);
        let preview = given.officer.get(&path).await;
        assert!(preview.body.contains("2 homes can no longer answer"), "{}", preview.words("ul"));
        let hidden = preview.form(&path);
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("reason", "plan_changed"));
        let extend = format!("/referrals/{}/extend", given.reference);
        let longer = [
            ("deadline", "at"),
            ("deadline_at_day", "20"),
            ("deadline_at_month", "9"),
            ("deadline_at_year", "2021"),
            ("deadline_at_time", "noon"),
        ];
        assert_eq!(given.officer.submit(&extend, &extend, &longer).await.status, StatusCode::SEE_OTHER);
        let stale = given.officer.post(&path, &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.h1());
        let back = format!("href=\"/referrals/{0}\">Go back to {0}</a>", given.reference);
        assert!(stale.body.contains(&back), "{}", stale.words("main"));
        assert_eq!(given.officer.submit(&path, &path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let withdrawn = given.officer.submit(&path, &path, &[("reason", "plan_changed")]).await;
        assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
        let provider = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(provider.body.contains("Not chosen"));
        assert!(!provider.body.contains("Football"), "nothing of the child's needs is left");
    })
    .await;
}

#[tokio::test]
async fn a_one_time_link_shows_on_get_acts_on_post_and_serves_once() {
    both(async |database| {
        let given = given(&database).await;
        let path = format!("/referrals/{}/asked/1/link", given.reference);
        let mailed = given.officer.submit(&path, &path, &[("email", "manager@home.example")]).await;
        assert_eq!(mailed.status, StatusCode::SEE_OTHER);
        // It arrives by a real mail server, and its token stands in no byte of the database.
        let mailbox = Mailbox::of(&given.app).await;
        let link =
            format!("/emails/{}/answer", mailbox.hidden_token(&database, &given.app, "manager@home.example").await);
        let question = link.replace("/answer", "/question");
        let asked = given.visitor.submit(&question, &question, &[("question", "Does the school know?")]).await;
        assert_eq!((asked.status, asked.location.as_deref()), (StatusCode::SEE_OTHER, Some(link.as_str())));
        for _ in 0..3 {
            let shown = given.visitor.get(&link).await;
            assert_eq!(shown.status, StatusCode::OK, "{}", shown.h1());
            assert!(CANARIES.iter().all(|canary| !shown.body.contains(canary)));
        }
        let decline = link.replace("/answer", "/decline");
        let sent = given.visitor.submit(&decline, &decline, &[("reason", "no_staffed_bed")]).await;
        assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some("/emails/done")));
        assert_eq!(given.visitor.get(&link).await.status, StatusCode::CONFLICT, "the link is used");
        assert_eq!(given.visitor.get("/emails/0000/answer").await.status, StatusCode::NOT_FOUND);
        let record = given.officer.get(&format!("/referrals/{}", given.reference)).await;
        assert!(record.body.contains("No staffed bed free at that time"));
    })
    .await;
}

fn terms(start: Date) -> OfferTerms {
    let line = PriceLine {
        kind: LineKind::Core,
        label: "Core price".to_owned(),
        weekly: Pence::pounds(4_000),
        from: start,
        to: OPEN_END,
        origin: start,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    };
    OfferTerms {
        bed: None,
        start,
        lines: vec![line],
        must_haves: vec![MustHaveAnswer { need: Need::GoingMissing, met: Met::Yes }],
        solo: false,
        keeps_school: None,
        residents: Vec::new(),
        valid_until: date(2021, 9, 24).at(17, 0, 0, 0),
    }
}

#[tokio::test]
async fn a_home_has_one_open_offer_under_race_where_looking_first_would_let_many_through() {
    both(async |database| {
        let given = given(&database).await;
        let (actor, invitation) = (given.people[1].clone(), invitation_of(&given, 1).await);
        let mut clients = tokio::task::JoinSet::new();
        let looked = Arc::new(tokio::sync::Barrier::new(24));
        for client in 0..24 {
            let (app, actor, looked) = (Arc::clone(&given.app), actor.clone(), Arc::clone(&looked));
            clients.spawn(async move {
                let session = app.store.read(Some(actor.organisation)).await.unwrap();
                let id = placewell_domain::id::InvitationId(invitation);
                let seen = session.offers_on(actor.organisation, id).await.unwrap();
                let looked_free = !seen.iter().any(|offer| OfferState::OPEN.contains(&offer.state.name()));
                drop(session);
                looked.wait().await;
                let command = WriteOffer {
                    to: Answering { invitation, link: None },
                    version: 0,
                    terms: terms(date(2021, 9, 27)),
                    words: OfferWords {
                        must_haves: vec![(Need::GoingMissing, "How".to_owned())],
                        impact: "A match".to_owned(),
                        ..OfferWords::default()
                    },
                    send: true,
                    page_opened: None,
                    late_reason: None,
                };
                let done = app.perform(&actor, &format!("race-{client}"), command).await.is_ok();
                (looked_free, done)
            });
        }
        let ends = clients.join_all().await;
        let naive = ends.iter().filter(|(looked_free, _)| *looked_free).count();
        assert_eq!(ends.iter().filter(|(_, done)| *done).count(), 1, "exactly one offer is sent");
        assert!(naive > 1, "looking first let only {naive} through: the race did not happen");
        let session = given.app.store.read(Some(actor.organisation)).await.unwrap();
        let id = placewell_domain::id::InvitationId(invitation);
        let open = session.offers_on(actor.organisation, id).await.unwrap();
        assert_eq!(open.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_print_of_a_page_about_a_child_says_when_and_carries_the_authority_s_own_marking() {
    both(async |database| {
        let given = given(&database).await;
        let printed = async |client: &Client, path: &str| {
            let body = client.get(path).await.body;
            let line = body.lines().find(|line| line.contains("app-print-only")).unwrap_or_default().trim().to_owned();
            line.trim_start_matches("<p class=\"govuk-body-s app-print-only\">").trim_end_matches("</p>").to_owned()
        };
        let referral = format!("/referrals/{}", given.reference);
        let at = "Printed at 10:20am on Monday 13 September 2021";
        assert_eq!(printed(&given.officer, &referral).await, format!("{at}. Official - Sensitive"));
        assert_eq!(printed(&given.officer, "/homes").await, at, "a page about no child carries no marking");
        assert_eq!(printed(&given.visitor, "/help").await, "", "nor has a visitor's page such a line");
        let mut work =
            given.app.store.begin(given.people[0].organisation, moment_of(TODAY.at(10, 20, 0, 0))).await.unwrap();
        work.set("print.marking", TODAY, "Council - Restricted").await.unwrap();
        work.record(Event::new("setting.set", "setting", 0, 0));
        work.commit(Machine::now()).await.unwrap();
        assert_eq!(printed(&given.officer, &referral).await, format!("{at}. Council - Restricted"));
        let own = printed(&given.elm, &format!("/provider/referrals/{}", given.reference)).await;
        assert_eq!(own, format!("{at}. Official - Sensitive"), "a provider's print is marked by its own setting");
    })
    .await;
}
