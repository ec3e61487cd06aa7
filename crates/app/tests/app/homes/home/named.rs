//! Company numbers and registered managers: told by the provider, by hand and in a file, each word kept; a manager's name
//! is read by the provider and by members, and by no other provider.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::homes::home::named::{RecordCompanyNumber, RecordManager, named_on};
use placewell_domain::homes::home::named::ToldBy;
use placewell_domain::id::{HomeId, OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::import::{FileKind, Tally};
use placewell_testkit::databases::both;

use super::files::bring_in;
use super::keep::{actor, given};

const TODAY: Date = date(2021, 9, 13);

fn manager(name: &str, from: Date, recorded: usize) -> RecordManager {
    RecordManager { urn: "SC400001".into(), name: name.into(), from, recorded }
}

#[tokio::test]
async fn rule_4_4_a_manager_is_told_from_a_day_on_and_no_word_is_overwritten() {
    both(async |database| {
        let app = given(&database).await;
        let own = actor(2, Role::ProviderManager);
        app.perform(&own, "m1", manager("Asha Patel", date(2021, 3, 1), 0)).await.unwrap();
        let meanwhile = app.perform(&own, "m2", manager("Owen Rees", TODAY, 0)).await;
        assert!(matches!(meanwhile, Err(Outcome::Conflict)), "{meanwhile:?}");
        app.perform(&own, "m3", manager("", date(2021, 9, 1), 1)).await.unwrap();
        let ahead = app.perform(&own, "m4", manager("Owen Rees", date(2021, 9, 14), 2)).await;
        assert!(matches!(ahead, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "manager_from"));
        let foreign = app.perform(&actor(3, Role::ProviderManager), "m5", manager("Mallory", TODAY, 0)).await;
        assert!(matches!(foreign, Err(Outcome::NotFound)), "{foreign:?}");
        let (_, told) = app.own_managers(&own, "SC400001").await.unwrap();
        assert_eq!(told.iter().map(|one| one.name.as_deref()).collect::<Vec<_>>(), [Some("Asha Patel"), None]);
        let on = async |reader: i64, day| {
            let session = app.store.read(Some(OrganisationId(reader))).await.unwrap();
            named_on(&session, (OrganisationId(2), HomeId(1)), day).await.unwrap().manager
        };
        assert_eq!(on(9, date(2021, 8, 31)).await.as_deref(), Some("Asha Patel"), "an authority");
        assert_eq!(on(9, TODAY).await, None, "nobody is in post");
        assert_eq!(on(2, date(2021, 8, 31)).await.as_deref(), Some("Asha Patel"));
        assert_eq!(on(3, date(2021, 8, 31)).await, None, "another provider reads no worker's name");
        let session = app.store.read(Some(OrganisationId(2))).await.unwrap();
        let events = format!("{:?}", session.events_after(OrganisationId(2), 0, 100).await.unwrap());
        assert!(events.contains("home.manager_told") && !events.contains("Patel"), "{events}");
        drop(session);
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn rule_4_4_a_company_number_is_told_by_hand_and_by_file_and_each_stays() {
    both(async |database| {
        let app = given(&database).await;
        let own = actor(2, Role::ProviderManager);
        let tell = |number: &str, recorded| RecordCompanyNumber { number: number.into(), recorded };
        let wrong = app.perform(&own, "n1", tell("12", 0)).await;
        assert!(matches!(wrong, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "company_number"));
        app.perform(&own, "n2", tell("oc 123 456", 0)).await.unwrap();
        let file = "urn,name,age_from,age_to,sex,statement_of_purpose_on,registered_manager,manager_from,company_number\n\
                    SC400001,Elm House,10,17,any,2021-06-01,Asha Patel,2021-03-01,09123456\n";
        assert_eq!(bring_in(&app, FileKind::Homes, file).await, Tally { changes: 1, unchanged: 0, wrong: 0 });
        let renamed = file.replace("Asha Patel,2021-03-01", "Owen Rees,2021-08-01");
        assert_eq!(bring_in(&app, FileKind::Homes, &renamed).await, Tally { changes: 1, unchanged: 0, wrong: 0 });
        let told = app.own_company_numbers(&own).await.unwrap();
        let all: Vec<_> = told.iter().map(|one| (one.number.as_str(), one.told)).collect();
        assert_eq!(all, [("OC123456", ToldBy::Provider), ("09123456", ToldBy::File)], "the same again adds nothing");
        let session = app.store.read(Some(OrganisationId(9))).await.unwrap();
        let named = named_on(&session, (OrganisationId(2), HomeId(1)), TODAY).await.unwrap();
        assert_eq!((named.company.as_deref(), named.manager.as_deref()), (Some("09123456"), Some("Owen Rees")));
        assert_eq!(session.managers_of(HomeId(1)).await.unwrap().len(), 2);
        let holder = session.holder_of_company_number("9123456").await.unwrap();
        assert_eq!(holder, Some(OrganisationId(2)), "a second provider with the number is noticed");
    })
    .await;
}

#[tokio::test]
async fn a_number_of_another_provider_is_told_to_the_regional_team_and_the_one_before_is_let_go() {
    both(async |database| {
        let app = given(&database).await;
        let work = app.store.begin(OrganisationId(1), app.calendar.now()).await.unwrap();
        work.add_person(PersonId(101), "lead@region.example", "Lead", None).await.unwrap();
        work.add_membership(PersonId(101), Role::CommissioningLead, "Lead", date(2018, 1, 1), OPEN_END).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let (first, second) = (actor(2, Role::ProviderManager), actor(3, Role::ProviderManager));
        let tell = |number: &str, recorded| RecordCompanyNumber { number: number.into(), recorded };
        let told = async || {
            app.do_due_jobs().await.unwrap();
            let session = app.store.read(Some(OrganisationId(3))).await.unwrap();
            let mails = session.mails(OrganisationId(3), 100).await.unwrap();
            mails.iter().filter(|mail| mail.recipient == "lead@region.example").count()
        };
        app.perform(&first, "a1", tell("09123456", 0)).await.unwrap();
        app.perform(&second, "a2", tell("09123457", 0)).await.unwrap();
        assert_eq!(told().await, 0, "each has its own");
        app.perform(&second, "a3", tell("09123456", 1)).await.unwrap();
        assert_eq!(told().await, 1);
        app.perform(&second, "a4", tell("09123456", 2)).await.unwrap();
        assert_eq!(told().await, 1, "the same again is no news");
        let session = app.store.read(Some(OrganisationId(9))).await.unwrap();
        assert_eq!(session.holder_of_company_number("09123456").await.unwrap(), Some(OrganisationId(2)));
        assert_eq!(session.holder_of_company_number("09123457").await.unwrap(), None, "it is anybody's again");
    })
    .await;
}
