//! What an authority writes to homes after its search went out names no child, through the commands, on both databases: the
//! conditions of an approval, what an agreement says of care, and the words of its lines (rule 5.6).

use jiff::civil::date;
use placewell_app::naming::{CONFIRM, Confirmed};
use placewell_app::placing::agreement::{AddSupport, ChangePrice, CompleteParticulars};
use placewell_app::placing::approval::Approve;
use placewell_app::placing::referral::{ForChild, StartReferral};
use placewell_app::{Command, Outcome};
use placewell_domain::homes::home::Sex;
use placewell_domain::money::Pence;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::PriceCause;
use placewell_domain::placing::child::ChildIdentity;

use super::last;
use super::running::{complete, price, started, support};
use super::world::{DIRECTOR, HEF, World, both_made, director, officer};

/// The keys of what stopped a command; no message says the words.
pub async fn stopped(world: &World, who: &Actor, key: &str, command: impl Command) -> Vec<String> {
    match world.app.perform(who, key, command).await {
        Err(Outcome::Invalid(invalid)) => {
            assert!(
                invalid.errors.iter().all(|error| !error.message.contains("Wren") && !error.field.contains("Wren"))
            );
            let keys = invalid.errors.iter().filter_map(|error| error.field.strip_prefix(CONFIRM)?.split_once('/'));
            keys.map(|(_, key)| key.to_owned()).collect()
        }
        other => panic!("{key}: {other:?}"),
    }
}

async fn events(world: &World, kind: &str) -> Vec<String> {
    let all = world.app.store.read(Some(HEF)).await.unwrap().events_after(HEF, 0, 1_000).await.unwrap();
    all.iter().map(|one| format!("{one:?}")).filter(|one| one.contains(kind)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_the_conditions_of_an_approval_name_nobody_or_each_name_is_confirmed() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let conditions = "Wren is met at the station\nA waking night".to_owned();
        let approve = Approve { conditions, ..world.approval_command(&asked, false).await };
        let keys = stopped(&world, &director(), "named", approve.clone()).await;
        assert_eq!(keys, ["words:name:0-4"]);
        assert!(events(&world, "agreement.prepared").await.is_empty(), "nothing was decided");
        let wrong = Confirmed { command: approve.clone(), confirmed: vec!["words:name:0-3".into()] };
        assert_eq!(stopped(&world, &director(), "wrong", wrong).await, keys, "another finding is not this one");
        let all = Confirmed { command: approve, confirmed: keys };
        world.app.perform(&director(), "all", all).await.unwrap();
        let recorded = events(&world, "disclosure.words_confirmed").await;
        assert_eq!(recorded.len(), 1);
        assert!(recorded[0].contains("approval.approve") && !recorded[0].contains("Wren"), "{recorded:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_what_an_agreement_says_to_the_home_names_nobody_or_each_name_is_confirmed() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let care =
            CompleteParticulars { outcomes: "A bed of one's own\nCanary rings home".into(), ..complete(version) };
        assert_eq!(stopped(&world, &officer(), "care", care).await, ["outcomes:name:19-25"]);
        let why = "Near HR4 9HP".to_owned();
        let extra = AddSupport {
            label: "Evenings with Wren".into(),
            reason: why,
            ..support(version, DIRECTOR, date(2021, 10, 4))
        };
        let keys = stopped(&world, &officer(), "support", extra.clone()).await;
        assert_eq!(keys, ["label:name:14-18", "why:postcode:5-12"]);
        let cheaper = ChangePrice { reason: "Wren needs less".into(), ..price(version, 4_100, PriceCause::Agreed) };
        assert_eq!(stopped(&world, &officer(), "price", cheaper).await, ["why:name:0-4"]);
        let confirmed = Confirmed { command: extra, confirmed: keys };
        world.app.perform(&officer(), "confirmed", confirmed).await.unwrap();
        assert_eq!(events(&world, "disclosure.words_confirmed").await.len(), 1);
        assert!(events(&world, "agreement.price_changed").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_the_conditions_of_an_approval_name_no_sister_either() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        for (given_names, sibling_of) in [("Teal", Some(referral.clone())), ("Jay", None)] {
            let identity = ChildIdentity {
                family_name: "Canary".into(),
                given_names: given_names.into(),
                known_as: None,
                born: date(2010, 5, 1),
                sex: Sex::Female,
                case_number: given_names.into(),
                home_postcode: None,
                school: None,
                other_names: Vec::new(),
            };
            let child = ForChild::New(identity);
            let start = StartReferral { child, sibling_of, emergency: None, beside_open: false };
            world.app.perform(&officer(), given_names, start).await.unwrap();
        }
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let conditions = "Teal sleeps next door\nJay may visit".to_owned();
        let approve = Approve { conditions, ..world.approval_command(&asked, false).await };
        let keys = stopped(&world, &director(), "named", approve.clone()).await;
        assert_eq!(keys, ["words:name:0-4"], "a sister by a linked search, and no other child");
        world.app.perform(&director(), "all", Confirmed { command: approve, confirmed: keys }).await.unwrap();
    })
    .await;
}
