//! Words that go public, through the commands, on both databases: an officer's name, an address, a reference or a contact
//! stops a publication until each is confirmed (rules 9.1 and 9.2).

use jiff::civil::date;
use placewell_app::naming::{CONFIRM, Confirmed};
use placewell_app::power::decision::{
    CallIn, Correct, GiveNotice, Publish, PublishDelegated, Record, RecordDelegated, Rescind, WithdrawDelegated,
    WithdrawNotice,
};
use placewell_app::{Command, Outcome};
use placewell_domain::power::decision::{CallInRequest, DelegatedKind, DelegatedPage, Notice};
use placewell_domain::reporting::publication::Naming;
use placewell_testkit::databases::both;

use super::super::{Given, given, page};

const ONE: &str = "HEF-2019-0114";
const PLANTED: &str = "Ask 12 Old Mill Lane, HR4 0LE, about HEF-R-0042 on 07700 900 123.";
const KINDS: [&str; 4] = ["address", "postcode", "reference", "phone"];

/// The keys of what stopped a command.
async fn stopped(given: &Given, key: &str, command: impl Command) -> Vec<String> {
    match given.app.perform(&given.democratic, key, command).await {
        Err(Outcome::Invalid(invalid)) => {
            let keys = invalid.errors.iter().filter_map(|error| error.field.strip_prefix(CONFIRM)?.split_once('/'));
            keys.map(|(_, key)| key.to_owned()).collect()
        }
        other => panic!("{key}: {other:?}"),
    }
}

/// The kinds of the findings in a field, in their order.
fn kinds<'a>(keys: &'a [String], field: &str) -> Vec<&'a str> {
    let of = keys.iter().filter_map(|key| key.split_once(':')).filter(|(known, _)| *known == field);
    of.filter_map(|(_, rest)| rest.split(':').next()).collect()
}

fn publish() -> Publish {
    let day = date(2019, 1, 14);
    Publish {
        reference: ONE.into(),
        version: 1,
        decided_on: day,
        published_on: day,
        urgent: false,
        effective_from: Some(date(2019, 1, 19)),
        effective_reason: None,
    }
}

async fn done(given: &Given, key: &str, command: impl Command) {
    given.app.perform(&given.democratic, key, command).await.unwrap();
}

#[tokio::test]
async fn rule_9_2_a_page_that_names_somebody_is_not_published_until_each_finding_is_confirmed() {
    both(async |database| {
        let given = given(&database).await;
        let mut planted = page();
        planted.reasons = Some(PLANTED.to_owned());
        // A person of the authority, by name, where the page asks for a post; its team's own number is in place.
        planted.contact = Some(format!("{}, 01632 960 123", given.officer.name));
        done(&given, "record", Record { reference: ONE.into(), amends: None, page: planted.clone() }).await;
        let shown = given.app.decision_findings(&given.democratic, ONE).await.unwrap();
        let keys = stopped(&given, "publish", publish()).await;
        assert_eq!(shown.iter().map(Naming::key).collect::<Vec<_>>(), keys, "the preview lists each before it stops");
        assert_eq!(kinds(&keys, "reasons"), KINDS);
        assert_eq!(kinds(&keys, "contact"), ["officer"]);
        assert_eq!(keys.len(), 5);
        assert!(matches!(given.app.public_decision(ONE).await, Err(Outcome::NotFound)), "nobody reads it yet");
        let some = Confirmed { command: publish(), confirmed: keys[1..].to_vec() };
        assert_eq!(stopped(&given, "some", some).await, keys[..1]);
        assert!(matches!(given.app.public_decision(ONE).await, Err(Outcome::NotFound)));
        done(&given, "all", Confirmed { command: publish(), confirmed: keys }).await;
        given.app.public_decision(ONE).await.unwrap();
        let verified = given.app.store.verify().await.unwrap();
        assert_eq!(verified.faults, []);
        // What was confirmed stands; what a correction adds is asked for, in the page and in the reason.
        let mut corrected = planted;
        corrected.purpose = Some("As jo.marsh@example.org asked".into());
        let correct = |page| Correct { reference: ONE.into(), version: 3, page, why: PLANTED.into() };
        let keys = stopped(&given, "correct", correct(corrected.clone())).await;
        assert_eq!((kinds(&keys, "purpose"), kinds(&keys, "why")), (vec!["email"], KINDS.to_vec()));
        assert_eq!(keys.len(), 5, "{keys:?}");
        done(&given, "corrected", Confirmed { command: correct(corrected), confirmed: keys }).await;
    })
    .await;
}

#[tokio::test]
async fn rule_9_2_grounds_reasons_notices_and_officers_decisions_are_looked_through_alike() {
    both(async |database| {
        let given = given(&database).await;
        let mut planted = page();
        (planted.published_on, planted.decided_on, planted.effective_from) = (None, None, None);
        planted.purpose = Some(PLANTED.to_owned());
        done(&given, "record", Record { reference: ONE.into(), amends: None, page: planted }).await;
        let notice = Notice::of_28_days(date(2019, 1, 14));
        let notice = GiveNotice { reference: ONE.into(), version: 1, notice };
        let keys = stopped(&given, "notice", notice.clone()).await;
        assert_eq!(kinds(&keys, "purpose"), KINDS);
        assert!(given.app.forward_plan().await.unwrap().is_empty());
        done(&given, "noticed", Confirmed { command: notice, confirmed: keys }).await;
        let (reason, on) = (PLANTED.to_owned(), date(2019, 1, 14));
        let back = WithdrawNotice { reference: ONE.into(), version: 2, on, reason: reason.clone() };
        assert_eq!(kinds(&stopped(&given, "back", back).await, "reason"), KINDS);

        let request = CallInRequest { on, by: given.officer.name.clone(), grounds: reason.clone() };
        let keys = stopped(&given, "call in", CallIn { reference: ONE.into(), version: 2, request }).await;
        assert_eq!((kinds(&keys, "by"), kinds(&keys, "grounds")), (vec!["officer"], KINDS.to_vec()));
        let rescind = Rescind { reference: ONE.into(), version: 2, on, reason: reason.clone() };
        assert_eq!(kinds(&stopped(&given, "rescind", rescind).await, "reason"), KINDS);
    })
    .await;
}

#[tokio::test]
async fn rule_9_2_an_officers_decision_gives_a_post_and_no_name() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        let day = date(2019, 4, 8);
        given.go_to(day);
        let page = DelegatedPage {
            title: "Scheduled prices from April".into(),
            kind: DelegatedKind::Prices,
            decided: "To pay the scheduled prices as uplifted.".into(),
            post: given.officer.name.clone(),
            taken_on: date(2019, 4, 1),
            reasons: PLANTED.into(),
            alternatives: "None.".into(),
            conflicts: "None declared.".into(),
            supplier: None,
            contract: None,
            value: None,
            exempt: None,
        };
        done(&given, "draft", RecordDelegated { under: ONE.into(), limb: 'b'.into(), page }).await;
        let publish = PublishDelegated { reference: "HEF-OD-0001".into(), version: 1, on: day };
        let keys = stopped(&given, "publish it", publish.clone()).await;
        assert_eq!((kinds(&keys, "post"), kinds(&keys, "reasons")), (vec!["officer"], KINDS.to_vec()));
        assert!(given.app.public_delegated().await.unwrap().is_empty());
        done(&given, "published", Confirmed { command: publish, confirmed: keys }).await;
        let reason = PLANTED.to_owned();
        let withdraw = WithdrawDelegated { reference: "HEF-OD-0001".into(), version: 2, on: day, reason };
        assert_eq!(kinds(&stopped(&given, "withdraw", withdraw).await, "reason"), KINDS);
        assert_eq!(given.app.public_delegated().await.unwrap().len(), 1, "it stands as it stood");
    })
    .await;
}
