//! Disclosure in stages through the browser's eyes: each home reads its own stage and no more, and no longer.

use axum::http::StatusCode;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::both;

use super::referral::{CANARIES, Given, given, invitation_of, send_offer};

/// The canaries that nobody at a provider reads at the shortlist's stage: all but the chronology's.
fn never() -> impl Iterator<Item = &'static &'static str> {
    CANARIES.iter().filter(|canary| **canary != "CHRONCANARY")
}

async fn offers_page(given: &Given, number: u32) -> (String, Page) {
    let path = format!("/referrals/{}/offers/{number}", given.reference);
    let page = given.officer.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.h1());
    (path, page)
}

async fn shortlist(given: &Given, number: u32) -> Page {
    let (path, _) = offers_page(given, number).await;
    given.officer.submit(&path, &format!("{path}/shortlist"), &[]).await
}

async fn not_found(client: &Client, paths: &[String]) {
    for path in paths {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn rule_5_6_the_shortlisted_home_alone_reads_the_chronology_and_each_reading_is_recorded() {
    both(async |database| {
        let given = given(&database).await;
        let (elm, ash) = (invitation_of(&given, 1).await, invitation_of(&given, 2).await);
        send_offer(&given.elm, elm, "4,321").await;
        send_offer(&given.ash, ash, "4,100").await;
        let chronology = format!("/provider/invitations/{elm}/chronology");
        let associates = format!("/provider/invitations/{elm}/associates");
        let child = format!("/provider/invitations/{elm}/child");
        not_found(&given.elm, &[chronology.clone(), associates.clone(), child.clone()]).await;
        assert_eq!(shortlist(&given, 1).await.status, StatusCode::SEE_OTHER);
        let own = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(own.body.contains(&chronology) && !own.body.contains("CHRONCANARY"), "a link and not the text");
        assert!(!own.body.contains(&child));
        let read = given.elm.get(&chronology).await;
        assert!(read.status == StatusCode::OK && read.body.contains("CHRONCANARY"), "{}", read.h1());
        assert!(never().all(|canary| !read.body.contains(canary)), "the chronology's page holds nothing else");
        not_found(&given.elm, std::slice::from_ref(&child)).await;
        let of_ash = format!("/provider/invitations/{ash}/chronology");
        not_found(&given.ash, &[chronology.clone(), associates.clone(), child, of_ash]).await;
        assert!(given.officer.get(&chronology).await.status.is_client_error(), "the provider's page is the provider's");
        let (_, page) = offers_page(&given, 1).await;
        assert!(page.body.contains("Person of elm") && page.body.contains("Risk chronology"));
        let provider = given.people[1].organisation;
        let session = given.app.store.read(Some(provider)).await.unwrap();
        let events = session.timeline(provider, "disclosure", elm).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.event.kind == "disclosure.read").count(), 1);
        assert!(given.app.store.row_faults(provider).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_known_associates_are_asked_by_the_home_and_answered_yes_or_no_and_access_ends_with_the_offer() {
    both(async |database| {
        let given = given(&database).await;
        let (elm, ash) = (invitation_of(&given, 1).await, invitation_of(&given, 2).await);
        send_offer(&given.elm, elm, "4,321").await;
        send_offer(&given.ash, ash, "4,100").await;
        shortlist(&given, 1).await;
        shortlist(&given, 2).await;
        let path = format!("/provider/invitations/{elm}/associates");
        let empty = given.elm.submit(&path, &path, &[("about", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let asked = given.elm.submit(&path, &path, &[("about", "ASSOCIATECANARY next door")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.h1());
        let (offer, page) = offers_page(&given, 1).await;
        assert!(page.body.contains("ASSOCIATECANARY"));
        let action = page.body.split("action=\"").find(|part| part.contains("/associates/")).unwrap();
        let action = action.split('"').next().unwrap().to_owned();
        let id = action.rsplit('/').next().unwrap();
        let known = format!("known_{id}");
        let none = given.officer.submit(&offer, &action, &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", none.h1());
        let said = given.officer.submit(&offer, &action, &[(known.as_str(), "no")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.h1());
        assert!(given.elm.get(&path).await.body.contains("No, not known to associate"));
        let of_ash = format!("/provider/invitations/{ash}/associates");
        assert!(!given.ash.get(&of_ash).await.body.contains("ASSOCIATECANARY"), "a rival reads no question");
        let close = [("reason", "nearer")];
        let closed = given.officer.submit(&offer, &format!("{offer}/not-chosen"), &close).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        not_found(&given.elm, &[path, format!("/provider/invitations/{elm}/chronology")]).await;
        let own = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(!own.body.contains("/chronology") && !own.body.contains("CHRONCANARY"));
        given
            .app
            .do_jobs_due_at(placewell_app::clock::Machine::now() + jiff::SignedDuration::from_mins(11))
            .await
            .unwrap();
        for actor in &given.people {
            let session = given.app.store.read(Some(actor.organisation)).await.unwrap();
            for mail in session.mails(actor.organisation, 100).await.unwrap() {
                let text = format!("{} {}", mail.subject, mail.body);
                assert!(CANARIES.iter().chain(&["ASSOCIATECANARY"]).all(|canary| !text.contains(canary)), "{text}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_not_chosen_reads_where_its_price_stood_and_no_rivals_price() {
    both(async |database| {
        let given = given(&database).await;
        let (elm, ash) = (invitation_of(&given, 1).await, invitation_of(&given, 2).await);
        send_offer(&given.elm, elm, "4,321").await;
        send_offer(&given.ash, ash, "4,100").await;
        let (offer, _) = offers_page(&given, 2).await;
        let close = [("reason", "nearer")];
        given.officer.submit(&offer, &format!("{offer}/not-chosen"), &close).await;
        let sealed = given.ash.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(sealed.body.contains("Not chosen") && !sealed.body.contains("Your price"), "prices are sealed");
        given.app.calendar.move_to(jiff::civil::date(2021, 9, 16).at(17, 0, 0, 0));
        let (offer, _) = offers_page(&given, 1).await;
        given.officer.submit(&offer, &format!("{offer}/not-chosen"), &close).await;
        let told = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(told.body.contains("Your price: among the higher prices"), "{}", told.words("dl"));
        assert!(!told.body.contains("4,100"));
    })
    .await;
}

#[tokio::test]
async fn who_a_child_is_leaves_the_screen_after_the_time_that_the_reader_chose() {
    both(async |database| {
        let given = given(&database).await;
        let path = format!("/referrals/{}/child", given.reference);
        let overview = format!("/referrals/{}", given.reference);
        let refresh = |minutes: u32| {
            format!("<noscript><meta http-equiv=\"refresh\" content=\"{};url={overview}\"></noscript>", minutes * 60)
        };
        let shown = given.officer.get(&path).await;
        assert!(shown.body.contains(&refresh(2)), "without scripts: {}", shown.body);
        assert!(shown.body.contains(&format!("data-hides-after=\"2\" data-hides-to=\"{overview}\"")), "with scripts");
        assert!(shown.headers["cache-control"].to_str().unwrap().contains("no-store"));
        let kept = given.officer.get(&overview).await;
        assert!(!kept.body.contains("data-hides-to"), "the overview shows nothing to hide");
        let own = "/preferences";
        let wrong = given.officer.submit(own, "/preferences/hiding", &[("minutes", "600")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.h1());
        let chosen = given.officer.submit(own, "/preferences/hiding", &[("minutes", "20")]).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.h1());
        assert!(given.officer.get(&path).await.body.contains(&refresh(20)));
    })
    .await;
}

#[tokio::test]
async fn who_opened_a_childs_details_stands_in_the_referrals_timeline_whatever_way_they_came() {
    both(async |database| {
        let given = given(&database).await;
        let timeline = format!("/referrals/{}/timeline", given.reference);
        let opened = "The child&#39;s details were opened";
        let told = |page: &Page| {
            page.body.matches(opened).count().max(page.body.matches("The child's details were opened").count())
        };
        assert_eq!(told(&given.officer.get(&timeline).await), 0);
        given.officer.get(&format!("/referrals/{}/child", given.reference)).await;
        given.app.see_child(&given.people[0], &given.reference).await.unwrap();
        let shown = given.officer.get(&timeline).await;
        assert_eq!(told(&shown), 2, "{}", shown.body);
        assert!(shown.body.contains("Person of HEF") && CANARIES.iter().all(|canary| !shown.body.contains(canary)));
    })
    .await;
}
