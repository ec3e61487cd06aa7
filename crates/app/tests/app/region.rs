//! Making a region: whole, also where it was cut off at any step.

use std::collections::BTreeMap;
use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll};

use jiff::civil::date;
use placewell_app::clock::Calendar;
use placewell_app::region::{ArrangementEntry, OrganisationEntry, PersonEntry, PostEntry, Region, make_region};
use placewell_app::{App, Outcome};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::power::arrangement::{Lot, TermsVersion};
use placewell_domain::power::delegation::PostGrade;
use placewell_testkit::databases::both;

fn organisation(code: &str, kind: OrganisationKind, role: Role, password: &str) -> OrganisationEntry {
    let email = format!("{}@example.org", code.to_lowercase());
    let person = PersonEntry {
        email: email.clone(),
        name: format!("Person of {code}"),
        role,
        title: "Officer".to_owned(),
        password_hash: Some(password.to_owned()),
    };
    let post = PostEntry {
        title: "Director".to_owned(),
        grade: PostGrade::Director,
        remit: Vec::new(),
        holder: Some(email),
        acting_by: None,
        held_from: None,
    };
    OrganisationEntry {
        code: code.to_owned(),
        name: format!("Organisation {code}"),
        kind,
        area: (kind == OrganisationKind::Authority).then(|| "E06000019".to_owned()),
        placing_body: None,
        people: vec![person],
        posts: vec![post],
        offices: Vec::new(),
        urgency: None,
        settings: BTreeMap::new(),
        from: date(2021, 4, 1),
    }
}

fn region(password: &str) -> Region {
    let authority = |code| organisation(code, OrganisationKind::Authority, Role::PlacementOfficer, password);
    Region {
        organisations: vec![
            authority("HEF"),
            authority("WOR"),
            authority("BIR"),
            organisation("region", OrganisationKind::RegionalTeam, Role::CommissioningLead, password),
        ],
        arrangement: Some(ArrangementEntry {
            slug: "fca".to_owned(),
            title: "Flexible Contracting Arrangement".to_owned(),
            lead: "The region".to_owned(),
            start: date(2018, 12, 15),
            end: date(2021, 12, 14),
            option_months: 36,
            lots: vec![Lot { code: "planned".into(), name: "Planned".into(), description: "Planned".into() }],
            terms: vec![TermsVersion { version: "1.0".into(), from: date(2018, 12, 15), summary: "First".into() }],
            windows: Vec::new(),
        }),
    }
}

/// Makes the region until it has been asked so many times whether it is done, and lets it go there, as a crash would:
/// what was not committed is not there. True where it was done before, or by a commit that nobody waited for any more.
async fn cut_off(app: &std::sync::Arc<App>, region: &Region, polls: usize) -> bool {
    let mut making = pin!(make_region(app, region));
    let mut left = polls;
    std::future::poll_fn(move |context: &mut Context<'_>| match making.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending if left == 0 => Poll::Ready(false),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_was_cut_off_at_any_step_goes_on_and_is_whole() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        let mut cuts = 0;
        while !cut_off(&app, &region(&format!("password {cuts}")), 2 + cuts).await {
            let whole = !app.takes_a_region().await.unwrap();
            assert!(!whole || !app.region_unfinished().await.unwrap(), "it can always go on, after {cuts} cuts");
            if whole {
                break;
            }
            cuts += 1;
            assert!(cuts < 2_000, "it never came to its end");
        }
        assert!(!app.region_unfinished().await.unwrap());
        assert!(!app.takes_a_region().await.unwrap());
        let session = app.visit().await.unwrap();
        let mut codes: Vec<String> = session.organisations().await.unwrap().into_iter().map(|one| one.code).collect();
        codes.sort();
        assert_eq!(codes, ["BIR", "HEF", "WOR", "region"], "each once, after {cuts} cuts");
        let kept = session.current_arrangement().await.unwrap().unwrap().arrangement;
        assert_eq!((kept.version, kept.participants.len()), (1, 3));
        let account = session.account("hef@example.org").await.unwrap().unwrap();
        let shown = [cuts, cuts.saturating_sub(1)].map(|cuts| Some(format!("password {cuts}")));
        assert!(shown.contains(&account.password), "what was shown last, after {cuts} cuts: {:?}", account.password);
        let hef = session.organisation_by_code("HEF").await.unwrap().id;
        drop(session);
        let own = app.store.read(Some(hef)).await.unwrap();
        assert_eq!((own.posts(hef).await.unwrap().len(), own.holdings(hef).await.unwrap().len()), (1, 1));
        drop(own);
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_was_cut_off_goes_on_from_its_own_data_only() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        // A holder whom a post names twice cannot be made: the second organisation's address is the first one's.
        let mut clashing = region("one");
        clashing.organisations[3].people[0].email = "somebody@example.org".to_owned();
        clashing.organisations[3].posts[0].holder = Some("somebody@example.org".to_owned());
        let work = app.store.begin(placewell_domain::id::OrganisationId(77), app.calendar.now()).await.unwrap();
        work.add_person(placewell_domain::id::PersonId(5), "wor@example.org", "Somebody", None).await.unwrap();
        work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        assert!(make_region(&app, &clashing).await.is_err(), "cut off at the authority whose person is there already");
        assert!(app.region_unfinished().await.unwrap());
        match make_region(&app, &region("two")).await {
            Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, "region_unfinished"),
            other => panic!("{other:?}"),
        }
    })
    .await;
}
