//! The invitation to join at the next opening: the day that it names, and the regional team's own mail, on both databases.

use jiff::civil::date;
use placewell_domain::id::PersonId;
use placewell_domain::power::arrangement::{Arrangement, OpeningWindow, TermsVersion};

use super::*;
use crate::award::world::arrangement;

/// The commissioning lead of the regional team.
const LEAD: PersonId = PersonId(19);

/// The region records the arrangement with these opening windows.
async fn recorded(world: &World, windows: Vec<OpeningWindow>) {
    let mut work = world.work(REGION).await;
    let terms = TermsVersion { version: "1.0".into(), from: date(2018, 12, 15), summary: "Invented".into() };
    let arrangement = Arrangement { terms: vec![terms], windows, ..arrangement() };
    work.apply(Arrangement::record(arrangement)).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_to_join_names_the_next_opening_to_the_provider_and_to_the_regional_team() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        world.person(LEAD, REGION, Role::CommissioningLead).await;
        let referral = asked_outside(&world, 1, "none_available").await;
        let window = |from, to| OpeningWindow { from, to };
        let (past, next) = (window(date(2021, 3, 1), date(2021, 3, 31)), window(date(2021, 10, 4), date(2021, 10, 29)));
        recorded(&world, vec![past, next, window(date(2022, 3, 1), date(2022, 3, 31))]).await;
        let spot = world.app.spot_page(&officer(), &referral).await.unwrap().lines[0].row.spot.clone();
        let invite = InviteToJoin { spot: spot.id, version: spot.version };
        world.app.perform(&officer(), "i", invite).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let sent = session.mails(HEF, 200).await.unwrap();
        for (person, words) in [
            (MANAGER, "invites you to apply"),
            (LEAD, "Invented invites Organisation larkrise to apply at the next opening."),
        ] {
            let (address, subject) =
                (format!("p{person}@example.com"), "An invitation to join the regional arrangement");
            let mail = sent.iter().find(|mail| mail.recipient == address && mail.subject == subject).unwrap();
            for part in [words, "The next opening is from 4 October 2021."] {
                assert!(mail.body.contains(part), "{part} in {}", mail.body);
            }
        }
        drop(session);
        let invited = world.app.spot_page(&officer(), &referral).await.unwrap().lines[0].row.spot.invited.unwrap();
        assert_eq!(invited.opening, Some(date(2021, 10, 4)));
    })
    .await;
}
