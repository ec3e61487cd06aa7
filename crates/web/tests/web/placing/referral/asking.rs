//! Who is asked, checked again when it is sent: hard filters, tiers, the age, hidden homes; early closing; what an officer
//! enters for a home; one-time links over time; siblings.

use axum::http::StatusCode;
use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::placing::disclosure::correcting::CorrectChild;
use placewell_app::placing::invitation::link::MailLink;
use placewell_app::placing::referral::{
    AnswerTask, AskMore, CloseEarly, ExtendDeadline, ForChild, LinkSibling, StartReferral,
};
use placewell_domain::homes::home::Sex;
use placewell_domain::id::HomeId;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::referral::profile::{Avoid, AvoidPlace, AvoidReason};
use placewell_domain::placing::referral::{Ask, DeadlineChoice, EarlyReason, Plan, SkipReason, Task, Tier};
use placewell_testkit::databases::both;

use super::super::invitation::{plan, sent_anew};
use super::{Given, given, home, invitation_of, narrative, profile, send_offer};

fn code<T: std::fmt::Debug>(answer: Result<T, Outcome>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        Err(Outcome::Invalid(invalid)) => invalid.errors[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

async fn version(given: &Given) -> i64 {
    given.app.referral_record(&given.people[0], &given.reference).await.unwrap().referral.version
}

async fn ask_more(given: &Given, key: &str, ask: Ask, skipped: Vec<(Tier, SkipReason)>) -> String {
    let command = AskMore {
        reference: given.reference.clone(),
        version: version(given).await,
        homes: vec![ask],
        skipped,
        decided_by: Some(given.people[0].person),
    };
    code(given.app.perform(&given.people[0], key, command).await)
}

async fn mails_to(given: &Given, recipient: &str) -> Vec<(String, String)> {
    let org = given.people[0].organisation;
    let mails = given.app.store.read(Some(org)).await.unwrap().whole_mails(org, 200).await.unwrap();
    let to = mails.into_iter().filter(|mail| mail.recipient == recipient);
    to.map(|mail| (mail.subject, mail.body)).collect()
}

#[tokio::test]
async fn rule_5_5_a_home_that_a_hard_filter_leaves_out_since_the_plan_was_made_is_not_asked() {
    both(async |database| {
        let given = given(&database).await;
        let mut avoiding = profile();
        avoiding.avoid = vec![Avoid { place: AvoidPlace::Home(HomeId(1)), reason: AvoidReason::EarlierHome }];
        assert_eq!(code(sent_anew(&given, avoiding.clone(), plan()).await), "home_left_out");
        let wrong_tier = Plan { homes: vec![Ask { home: HomeId(2), tier: Tier::MiniBlock }], ..plan() };
        assert_eq!(code(sent_anew(&given, avoiding.clone(), wrong_tier).await), "home_other_tier");
        let other = Plan { homes: vec![Ask { home: HomeId(2), tier: Tier::Fca }], ..plan() };
        sent_anew(&given, avoiding, other).await.unwrap();
        let record = given.app.referral_record(&given.people[0], &given.reference).await.unwrap();
        let search = record.referral.plan.searched.clone().unwrap();
        assert_eq!((search.homes, search.could_meet), (2, 1));
        assert_eq!(search.left_out, [("place_to_avoid".to_owned(), 1)]);
        let events = given.app.referral_timeline(&given.people[0], &given.reference).await.unwrap();
        let sent = events.iter().rev().find(|(event, _)| event.event.kind == "referral.sent").unwrap();
        assert!(sent.0.event.facts.contains(&("reasons_left_out".to_owned(), "place_to_avoid 1".to_owned())));
        assert_eq!(ask_more(&given, "m1", Ask { home: HomeId(1), tier: Tier::Fca }, Vec::new()).await, "home_left_out");
    })
    .await;
}

#[tokio::test]
async fn rule_1_2_asking_more_homes_needs_reason_and_power_for_a_tier_that_is_left_out() {
    both(async |database| {
        let given = given(&database).await;
        let region = given.app.actor_by_email("region@example.org").await.unwrap();
        home(&given.app, region.organisation, given.people[1].organisation, 3, false).await;
        home(&given.app, region.organisation, given.people[1].organisation, 4, false).await;
        let mut avoiding = profile();
        let out = |id| Avoid { place: AvoidPlace::Home(HomeId(id)), reason: AvoidReason::EarlierHome };
        avoiding.avoid = vec![out(1), out(2)];
        let spot = Plan { homes: vec![Ask { home: HomeId(3), tier: Tier::Spot }], ..plan() };
        sent_anew(&given, avoiding, spot).await.unwrap();
        home(&given.app, region.organisation, given.people[1].organisation, 5, true).await;
        let four = Ask { home: HomeId(4), tier: Tier::Spot };
        assert_eq!(ask_more(&given, "m1", four, Vec::new()).await, "tier_without_reason");
        let reason = vec![(Tier::Fca, SkipReason::NotMostAppropriate)];
        assert_eq!(ask_more(&given, "m2", four, reason).await, "requester_cannot_approve", "rule 1.1 holds here too");
        let five = Ask { home: HomeId(5), tier: Tier::MiniBlock };
        assert_eq!(ask_more(&given, "m3", five, Vec::new()).await, "home_other_tier");
    })
    .await;
}

#[tokio::test]
async fn rule_5_5_a_home_to_hide_from_is_named_on_the_page_dropped_and_never_asked() {
    both(async |database| {
        let given = given(&database).await;
        let hiding =
            Plan { homes: vec![Ask { home: HomeId(2), tier: Tier::Fca }], hidden_from: vec![HomeId(1)], ..plan() };
        let asking_it = Plan { homes: plan().homes, ..hiding.clone() };
        assert_eq!(code(sent_anew(&given, profile(), asking_it).await), "hidden_home");
        let path = format!("/referrals/{}/recipients", given.reference);
        let page = given.officer.get(&path).await;
        assert!(page.body.contains("This referral is hidden from it") && page.body.contains("SC400001"));
        let ask = [
            ("homes_fca", "fca:2"),
            ("deadline", "three_working_days"),
            ("hidden_from", "SC400001\nNobody knows this home"),
        ];
        let wrong = given.officer.submit(&path, &path, &ask).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Nobody knows this home is not"));
        sent_anew(&given, profile(), hiding).await.unwrap();
        assert_eq!(ask_more(&given, "m", Ask { home: HomeId(1), tier: Tier::Fca }, Vec::new()).await, "hidden_home");
    })
    .await;
}

async fn answer(given: &Given, key: &str, task: Task, age: u8, start: Date) -> Result<u8, Outcome> {
    let mut answers = profile();
    (answers.age, answers.start) = (Some(age), Some(start));
    answers.planned_end = Some(date(2023, 9, 1));
    let command = AnswerTask {
        reference: given.reference.clone(),
        version: version(given).await,
        task,
        profile: answers,
        narrative: narrative(),
        plan: plan(),
    };
    given.app.perform(&given.people[0], key, command).await?;
    let record = given.app.referral_record(&given.people[0], &given.reference).await?;
    Ok(record.referral.profile.age.unwrap())
}

#[tokio::test]
async fn the_age_follows_from_the_date_of_birth_and_the_start_and_another_is_refused() {
    both(async |database| {
        let given = given(&database).await;
        let undo = placewell_app::placing::referral::UndoSending {
            reference: given.reference.clone(),
            version: version(&given).await,
        };
        given.app.perform(&given.people[0], "undo", undo).await.unwrap();
        assert_eq!(answer(&given, "a", Task::When, 9, date(2022, 4, 30)).await.unwrap(), 13);
        assert_eq!(answer(&given, "b", Task::When, 9, date(2022, 5, 1)).await.unwrap(), 14, "the day of the birthday");
        assert_eq!(code(answer(&given, "c", Task::About, 13, date(2022, 5, 1)).await), "age");
        let about = given.officer.get(&format!("/referrals/{}/about", given.reference)).await;
        assert!(about.body.contains("14 years old on 1 May 2022") && !about.body.contains("name=\"age\""));
    })
    .await;
}

#[tokio::test]
async fn rule_5_3_an_early_closing_says_why_homes_are_told_and_offers_after_it_are_late() {
    both(async |database| {
        let given = given(&database).await;
        let (elm, ash) = (invitation_of(&given, 1).await, invitation_of(&given, 2).await);
        send_offer(&given.elm, elm, "4,321").await;
        let path = format!("/referrals/{}/close-early", given.reference);
        let short = given.officer.submit(&path, &path, &[("number", "1"), ("words", "The bed goes tonight.")]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let close = |words: &str| CloseEarly {
            reference: given.reference.clone(),
            version: 3,
            number: 1,
            reason: EarlyReason::BedWouldBeLost,
            words: words.to_owned(),
        };
        let command = CloseEarly { version: version(&given).await, ..close(" ") };
        assert_eq!(code(given.app.perform(&given.people[0], "w", command).await), "words");
        let all = [("number", "1"), ("reason", "bed_would_be_lost"), ("words", "EARLYCANARY, the bed goes tonight.")];
        given.app.calendar.move_to(date(2021, 9, 13).at(11, 0, 0, 0));
        assert_eq!(given.officer.submit(&path, &path, &all).await.status, StatusCode::SEE_OTHER);
        given.app.do_due_jobs().await.unwrap();
        let record = given.officer.get(&format!("/referrals/{}", given.reference)).await;
        assert!(record.body.contains("cannot hold the bed until the deadline") && record.body.contains("EARLYCANARY"));
        for provider in ["elm@example.org", "ash@example.org"] {
            let told = mails_to(&given, provider).await;
            assert!(told.iter().any(|(subject, _)| subject.ends_with("closed before the deadline")), "{told:?}");
            assert!(told.iter().all(|(_, body)| !body.contains("EARLYCANARY")));
        }
        given.app.calendar.move_to(date(2021, 9, 13).at(11, 30, 0, 0));
        let late = send_offer(&given.ash, ash, "4,111").await;
        assert_eq!(late.status, StatusCode::CONFLICT, "before the deadline, after the closing: {}", late.h1());
        let form = format!("/provider/invitations/{ash}/offer");
        assert!(given.ash.get(&form).await.body.contains("late_reason"));
        let events = given.app.referral_timeline(&given.people[0], &given.reference).await.unwrap();
        assert!(events.iter().all(|(event, _)| !format!("{event:?}").contains("EARLYCANARY")));
    })
    .await;
}

const SAID: &[(&str, &str)] = &[
    ("channel", "in_person"),
    ("said_at_day", "13"),
    ("said_at_month", "9"),
    ("said_at_year", "2021"),
    ("said_at_time", "10am"),
];

#[tokio::test]
async fn rule_5_2_an_answer_got_by_phone_or_in_person_is_recorded_with_time_person_and_evidence() {
    both(async |database| {
        let given = given(&database).await;
        let decline = format!("/referrals/{}/asked/1/decline", given.reference);
        let bare: Vec<(&str, &str)> = SAID.iter().copied().chain([("reason", "no_staffed_bed")]).collect();
        let wrong = given.officer.submit(&decline, &decline, &bare).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Enter who answered for the home"));
        let evidence = [("said_by", "MANAGERCANARY"), ("evidence", "NOTECANARY: no bed until October.")];
        let full: Vec<(&str, &str)> = bare.iter().copied().chain(evidence).collect();
        assert_eq!(given.officer.submit(&decline, &decline, &full).await.status, StatusCode::SEE_OTHER);
        let record = given.officer.get(&format!("/referrals/{}", given.reference)).await;
        for shown in ["In person, entered by an officer", "MANAGERCANARY", "NOTECANARY", "Person of HEF"] {
            assert!(record.body.contains(shown), "{shown}");
        }
        let offer = format!("/referrals/{}/asked/2/offer", given.reference);
        let terms = super::offer_fields("4,222");
        let phone: Vec<(&str, &str)> = terms.iter().chain(SAID).copied().chain(evidence).collect();
        let entered = given.officer.submit(&offer, &offer, &phone).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.h1());
        let shown = given.officer.get(&format!("/referrals/{}/offers/2", given.reference)).await;
        assert!(shown.body.contains("NOTECANARY") && shown.body.contains("Sealed") || shown.body.contains("sealed"));
        let org = given.people[0].organisation;
        let session = given.app.store.read(Some(org)).await.unwrap();
        let record = given.app.referral_record(&given.people[0], &given.reference).await.unwrap();
        let stored =
            serde_json::to_string(&record.invitations).unwrap() + &serde_json::to_string(&record.offers).unwrap();
        assert!(!stored.contains("CANARY"), "names and notes stand sealed");
        assert!(session.verify_chain(org).await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn rule_5_2_a_links_holder_hears_of_answers_and_of_a_longer_deadline_and_the_link_lasts_as_long() {
    both(async |database| {
        let given = given(&database).await;
        let (org, to) = (given.people[0].organisation, "manager@home.example");
        let mail = MailLink { reference: given.reference.clone(), number: 1, email: to.to_owned() };
        given.app.perform(&given.people[0], "link", mail.clone()).await.unwrap();
        let bad = MailLink { email: "nobody".to_owned(), ..mail };
        assert_eq!(code(given.app.perform(&given.people[0], "bad", bad).await), "email");
        let (_, body) = mails_to(&given, to).await.remove(0);
        let link = body.lines().find(|line| line.starts_with("/emails/")).unwrap().to_owned();
        let question = link.replace("/answer", "/question");
        given.visitor.submit(&question, &question, &[("question", "Which school?")]).await;
        let messages = format!("/referrals/{}/messages", given.reference);
        let asked = given.officer.get(&messages).await;
        let hidden = asked.form(&messages);
        let question = hidden.iter().find(|(name, _)| name == "question").map(|(_, id)| id.clone()).unwrap();
        let (text, whom) = (format!("answer_{question}"), format!("to_{question}"));
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([(text.as_str(), "ANSWERCANARY"), (whom.as_str(), "one")]);
        let sent = given.officer.post(&messages, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.h1());
        let told = mails_to(&given, to).await;
        assert!(told.iter().any(|(subject, _)| subject.ends_with("a question was answered")), "{told:?}");
        assert!(told.iter().all(|(_, body)| !body.contains("ANSWERCANARY")));
        assert!(given.visitor.get(&link).await.body.contains("ANSWERCANARY"), "read through the link");
        let before = given.app.store.read(Some(org)).await.unwrap();
        let invitation = before.received_by_reference(given.people[1].organisation, &given.reference).await;
        drop(invitation);
        let id = placewell_domain::id::InvitationId(invitation_of(&given, 1).await);
        let expires = async || {
            let session = given.app.store.read(Some(org)).await.unwrap();
            session.unused_links(org, id).await.unwrap()[0].expires
        };
        let was = expires().await;
        let longer = ExtendDeadline {
            reference: given.reference.clone(),
            version: version(&given).await,
            deadline: DeadlineChoice::At(date(2021, 9, 23).at(17, 0, 0, 0)),
        };
        given.app.perform(&given.people[0], "longer", longer).await.unwrap();
        assert!(expires().await.as_second() - was.as_second() >= 6 * 86_400);
        let told = mails_to(&given, to).await;
        assert!(told.iter().any(|(subject, _)| subject.contains("longer to answer")), "{told:?}");
        let decline = link.replace("/answer", "/decline");
        given.visitor.submit(&decline, &decline, &[("reason", "no_staffed_bed")]).await;
        assert_eq!(given.visitor.get(&link).await.status, StatusCode::CONFLICT, "an answer uses it up");
    })
    .await;
}

#[tokio::test]
async fn rule_5_1_siblings_are_linked_as_a_group_shown_on_each_and_unlinked() {
    both(async |database| {
        let given = given(&database).await;
        let identity = ChildIdentity {
            family_name: "Zelenka".to_owned(),
            given_names: "Tarn".to_owned(),
            known_as: None,
            born: date(2011, 1, 1),
            sex: Sex::Male,
            case_number: "SIBLING".to_owned(),
            home_postcode: None,
            school: None,
            other_names: Vec::new(),
        };
        let start = StartReferral {
            child: ForChild::New(identity),
            sibling_of: Some(given.reference.clone()),
            emergency: None,
            beside_open: false,
        };
        let receipt = given.app.perform(&given.people[0], "sibling", start).await.unwrap();
        let second = receipt.location.split('/').nth(2).unwrap().to_owned();
        for (one, other) in [(&given.reference, &second), (&second, &given.reference)] {
            let shown = given.officer.get(&format!("/referrals/{one}")).await;
            assert!(shown.body.contains(&format!("/referrals/{other}\"")), "{one} shows {other}");
        }
        let own = LinkSibling { reference: second.clone(), version: 1, sibling: Some(second.clone()) };
        assert_eq!(code(given.app.perform(&given.people[0], "own", own).await), "sibling");
        let alone = LinkSibling { reference: second.clone(), version: 1, sibling: None };
        given.app.perform(&given.people[0], "alone", alone).await.unwrap();
        let record = given.app.referral_record(&given.people[0], &given.reference).await.unwrap();
        assert!(record.siblings.is_empty());
        let path = format!("/referrals/{second}/siblings");
        let linked = given.officer.submit(&path, &path, &[("sibling", given.reference.as_str())]).await;
        assert_eq!(linked.status, StatusCode::SEE_OTHER);
        let record = given.app.referral_record(&given.people[0], &given.reference).await.unwrap();
        assert_eq!(record.siblings.len(), 1);
        let session = given.app.store.read(Some(given.people[0].organisation)).await.unwrap();
        assert!(session.verify_chain(given.people[0].organisation).await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn rule_5_7_the_search_yields_one_statement_for_a_court_that_names_no_child_and_has_a_hash() {
    both(async |database| {
        let given = given(&database).await;
        let path = format!("/referrals/{}/asked/1/decline", given.reference);
        let said = [("reason", "no_staffed_bed"), ("said_by", "The manager"), ("evidence", "NOTECANARY")];
        let full: Vec<(&str, &str)> = SAID.iter().copied().chain(said).collect();
        let before = given.app.search_statement(&given.people[0], &given.reference).await.unwrap();
        given.officer.submit(&path, &path, &full).await;
        let after = given.app.search_statement(&given.people[0], &given.reference).await.unwrap();
        assert_ne!(before.1, after.1, "another answer, another hash");
        assert_eq!(after.0.hash().unwrap(), after.1);
        assert_eq!((after.0.homes.len(), after.0.search.as_ref().unwrap().homes), (2, 2));
        assert_eq!(after.0.homes[0].answer, "Declined: No staffed bed free at that time");
        let shown = given.officer.get(&format!("/referrals/{}/statement", given.reference)).await;
        assert!(shown.body.contains(&after.1) && shown.body.contains("SC400001"));
        let canaries = super::CANARIES.iter().chain(&["NOTECANARY"]);
        assert!(canaries.clone().all(|canary| !shown.body.contains(canary)));
        assert_eq!(
            given.ash.get(&format!("/referrals/{}/statement", given.reference)).await.status,
            StatusCode::FORBIDDEN
        );
    })
    .await;
}

#[tokio::test]
async fn a_childs_record_is_corrected_sealed_and_a_referral_with_the_old_age_is_not_sent() {
    both(async |database| {
        let given = given(&database).await;
        let officer = &given.people[0];
        let undo = placewell_app::placing::referral::UndoSending {
            reference: given.reference.clone(),
            version: version(&given).await,
        };
        given.app.perform(officer, "undo", undo).await.unwrap();
        let (version_of_child, was) = given.app.see_child_record(officer, &given.reference).await.unwrap();
        let correct = |identity, version| CorrectChild { reference: given.reference.clone(), version, identity };
        let same = given.app.perform(officer, "same", correct(was.clone(), version_of_child)).await;
        assert_eq!(code(same), "nothing_corrected");
        let path = format!("/referrals/{}/child/correct", given.reference);
        let born = [
            ("given_names", "Quillon"),
            ("family_name", "Zelenka"),
            ("known_as", "KNOWNCANARY"),
            ("born_day", "1"),
            ("born_month", "5"),
            ("born_year", "2009"),
            ("sex", "female"),
            ("case_number", "CASECANARY"),
        ];
        let done = given.officer.submit(&path, &path, &born).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let now = given.app.see_child(officer, &given.reference).await.unwrap();
        assert_eq!((now.born, now.known_as.as_deref()), (date(2009, 5, 1), Some("KNOWNCANARY")));
        assert_eq!(now.family_name, was.family_name);
        let stale = given.app.perform(officer, "stale", correct(was, version_of_child)).await;
        assert!(matches!(stale, Err(Outcome::Conflict)), "{stale:?}");
        let send = placewell_app::placing::referral::SendReferral {
            reference: given.reference.clone(),
            version: version(&given).await,
            confirmed: Vec::new(),
            accept_few: true,
        };
        assert_eq!(code(given.app.perform(officer, "send corrected", send).await), "age_mismatch");
        let session = given.app.store.read(Some(officer.organisation)).await.unwrap();
        assert!(session.verify_chain(officer.organisation).await.unwrap().faults.is_empty());
        assert!(session.verify_chain(officer.organisation).await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_an_answer_to_a_home_names_nobody_or_each_name_is_confirmed() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        let ask = format!("/provider/invitations/{elm}/question");
        given.elm.submit(&ask, &ask, &[("question", "Is Quillon the one who swims?")]).await;
        let path = format!("/referrals/{}/messages", given.reference);
        let shown = given.officer.get(&path).await;
        let question = shown.form(&path).into_iter().find(|(name, _)| name == "question").unwrap().1;
        let (answer, to) = (format!("answer_{question}"), format!("to_{question}"));
        let own = format!("/provider/referrals/{}", given.reference);
        let words = "Zelenka swims on Sundays near HR9 5AB.";
        let refused = given.officer.submit(&path, &path, &[(&answer, words), (&to, "one")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.h1());
        assert!(refused.body.contains(words), "what was typed is kept");
        assert!(!given.elm.get(&own).await.body.contains("Zelenka"), "nothing was sent");
        for key in ["answer:name:0-7", "answer:postcode:30-37"] {
            assert!(refused.body.contains(&format!("value=\"{key}\"")), "{key}: {}", refused.body);
        }
        let everyone = given.officer.submit(&path, &path, &[(&answer, "Yes, on Sundays."), (&to, "all")]).await;
        assert!(everyone.body.contains("value=\"asked:name:3-10\""), "the others read the question: {}", everyone.body);
        let fields = [(answer.as_str(), "Yes, on Sundays."), (to.as_str(), "all"), ("confirmed", "asked:name:3-10")];
        let sent = given.officer.submit(&path, &path, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.h1());
        assert!(given.elm.get(&own).await.body.contains("Yes, on Sundays."));
    })
    .await;
}
