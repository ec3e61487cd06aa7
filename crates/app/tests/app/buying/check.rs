//! Pre-placement checks on both databases: files as evidence, and standard minutes as a dated setting of the region
//! (rule 7.2).

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::buying::check::{AddCheckDocument, RecordCheck, TakeCheckDocument, TypedAct, TypedEvidence};
use placewell_app::office::document::Brought;
use placewell_app::setting::ChangeSetting;
use placewell_domain::buying::check::{CheckItem, StandardMinutes};
use placewell_domain::change::Event;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::setting::SettingValue as _;

use super::block::child::{officer, referral};
use super::block::world::{HEF, SHR, World, actor, both_made, director, done, lead, refused};

const HOME: &str = "SC392491";
const INSURANCE: CheckItem = CheckItem::Insurance;

/// A referral of HEF's that has asked the home.
async fn asked(world: &World) -> String {
    let mut work = world.work(HEF).await;
    let person = officer(HEF).person;
    work.add_person(person, &format!("p{person}@example.com"), &format!("Person {person}"), None).await.unwrap();
    work.add_membership(person, Role::PlacementOfficer, "Officer", date(2018, 1, 1), OPEN_END).await.unwrap();
    work.record(Event::new("world.officer", "person", person.0, 1));
    done(work).await;
    referral(world, HEF, 1, date(2021, 9, 20), date(2021, 12, 20)).await
}

fn add(reference: &str, item: CheckItem) -> AddCheckDocument {
    let brought = Brought::checked("Certificate Canary.pdf", b"%PDF-1.4\n%%EOF\n".to_vec()).unwrap();
    AddCheckDocument { reference: reference.into(), urn: HOME.into(), item, brought }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_file_is_evidence_of_a_check_that_was_begun_read_by_those_who_see_the_child() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let reference = asked(&world).await;
        assert!(Brought::checked("certificate.txt", b"insured".to_vec()).is_err(), "by its content it is no document");
        let early = world.perform(&officer(HEF), "early", add(&reference, INSURANCE)).await;
        assert_eq!(refused(early), "check_not_begun");
        let evidence = TypedEvidence {
            kind: INSURANCE.evidence()[0],
            on: date(2021, 9, 1),
            number: "E-7".into(),
            until: Some(date(2022, 3, 31)),
            words: String::new(),
        };
        let record = RecordCheck {
            reference: reference.clone(),
            urn: HOME.into(),
            item: INSURANCE,
            version: 0,
            act: TypedAct::Do(evidence),
            opened: None,
            said: 0,
        };
        world.perform(&officer(HEF), "record", record).await.unwrap();
        let approver = world.perform(&director(HEF), "approver", add(&reference, INSURANCE)).await;
        assert!(matches!(approver, Err(Outcome::Forbidden(_))), "who has the check brings its files");
        world.perform(&officer(HEF), "add", add(&reference, INSURANCE)).await.unwrap();
        let of = (reference.as_str(), HOME, INSURANCE);
        let seen = world.app.check_documents(&director(HEF), of).await.unwrap();
        assert_eq!(
            (seen.len(), seen[0].0.name.as_str(), seen[0].1.as_str()),
            (1, "document-1.pdf", "Certificate Canary.pdf")
        );
        let table = world.app.check_table(&officer(HEF), &reference, Some(HOME)).await.unwrap();
        assert_eq!(table.files.iter().map(|(item, _)| *item).collect::<Vec<_>>(), [INSURANCE]);
        let id = seen[0].0.id;
        let (_, content) = world.app.check_document(&director(HEF), of, id).await.unwrap();
        assert_eq!(content, b"%PDF-1.4\n%%EOF\n");
        let finance = world.app.check_document(&actor(23), of, id).await;
        assert!(matches!(finance, Err(Outcome::Forbidden(_))), "who does not see the child reads no evidence");
        let other = world.app.check_document(&officer(HEF), (of.0, of.1, CheckItem::Visit), id).await;
        assert!(matches!(other, Err(Outcome::NotFound)), "it is no evidence of another check");
        let stranger = world.app.check_documents(&officer(SHR), of).await;
        assert!(matches!(stranger, Err(Outcome::NotFound)));
        let take =
            TakeCheckDocument { reference: reference.clone(), urn: HOME.into(), item: INSURANCE, document: id.0 };
        world.perform(&officer(HEF), "take", take.clone()).await.unwrap();
        let again = world.perform(&officer(HEF), "again", take).await;
        assert!(matches!(again, Err(Outcome::NotFound)));
        assert!(world.app.check_document(&officer(HEF), of, id).await.is_err(), "nobody can read it again");
        let table = world.app.check_table(&officer(HEF), &reference, Some(HOME)).await.unwrap();
        assert!(table.files.is_empty());
        assert!(world.app.check_documents(&officer(HEF), of).await.unwrap()[0].0.gone, "that it was there stays");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_standard_minutes_are_the_regions_dated_setting_and_hold_from_their_day() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let reference = asked(&world).await;
        let minutes = async || {
            let table = world.app.check_table(&officer(HEF), &reference, Some(HOME)).await.unwrap();
            (table.standard.of(INSURANCE), table.spared())
        };
        let before = minutes().await;
        assert_eq!(before.0, 20, "the estimate of the field");
        let written = StandardMinutes::starting().write();
        let set = |value: String, recorded| ChangeSetting {
            name: "check.standard_minutes".into(),
            value,
            from: date(2021, 10, 1),
            recorded,
        };
        let wrong = world.perform(&lead(), "wrong", set("insurance 45".into(), 0)).await;
        assert!(matches!(wrong, Err(Outcome::Invalid(_))), "all eighteen, or none");
        let all = written.replace("insurance 20", "insurance 45").replace("fees 30", "fees 37");
        let own = world.perform(&director(HEF), "own", set(all.clone(), 0)).await;
        assert!(own.is_err(), "it is the region's");
        world.perform(&lead(), "set", set(all, 0)).await.unwrap();
        assert_eq!(minutes().await, before, "nothing changes before its day");
        world.at(date(2021, 10, 1), 9);
        let after = minutes().await;
        assert_eq!((after.0, after.1.0), (45, before.1.0));
        assert!(after.1.1 >= before.1.1 + 7, "what a home of the arrangement is spared counts by it: {after:?}");
    })
    .await;
}
