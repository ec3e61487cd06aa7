//! Rules 1.1, 1.2 and 1.5 for each act of an agreement: the holder of the power decides signed in, or an officer records
//! what the holder said and the holder confirms it; nobody decides in another's name, and nobody what they ask for.

use jiff::civil::date;
use placewell_app::placing::agreement::{
    AddSupport, CancelAgreement, ChangePrice, ConfirmDecision, Decided, EndAgreement, GiveNotice, ReviewPlannedEnd,
};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::id::PersonId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{CancelReason, EndReason, PriceCause};
use placewell_domain::power::delegation::Act;
use placewell_testkit::databases::TestDatabase;

use super::running::AGREEMENT;
use super::world::{DEPUTY, DIRECTOR, HEF, OFFICER, World, actor, both_made, director, officer};
use super::{code, last};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Review,
    Support,
    Price,
    Notice,
    End,
    Cancel,
}

const WAYS: [Way; 6] = [Way::Review, Way::Support, Way::Price, Way::Notice, Way::End, Way::Cancel];

impl Way {
    const fn act(self) -> Act {
        match self {
            Self::Review => Act::VaryAgreement,
            Self::Support => Act::ExtraSupport,
            Self::Price => Act::ChangePrice,
            Self::Notice => Act::GiveNotice,
            Self::End | Self::Cancel => Act::EndAgreement,
        }
    }

    /// The world in which the act can be done, and the agreement's version there.
    async fn world(self, database: &TestDatabase) -> (World, i64) {
        let (world, version) = if self == Self::Cancel {
            let world = World::opened(database).await;
            let referral = world.referral(42, &[4_150], false, HEF).await;
            let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
            world.approve(&director(), &asked, "a", false).await.unwrap();
            (world, 1)
        } else {
            super::running::started(database).await
        };
        world.at(date(2021, 9, 24), 10);
        (world, version)
    }

    async fn doing(self, world: &World, who: &Actor, key: &str, version: i64, decided_by: Decided) -> Answer<Receipt> {
        let (app, reference) = (&world.app, AGREEMENT.to_owned());
        match self {
            Self::Review => {
                let planned_end = date(2021, 11, 1);
                app.perform(who, key, ReviewPlannedEnd { reference, version, planned_end, decided_by }).await
            }
            Self::Support => {
                let command = AddSupport {
                    reference,
                    version,
                    label: "Evenings, one to one".into(),
                    quarter_hours: 4 * 28,
                    rate: Pence(1_850),
                    staff: 1,
                    from: date(2021, 10, 4),
                    to: date(2021, 11, 1),
                    review_on: date(2021, 10, 18),
                    reason: String::new(),
                    decided_by,
                };
                app.perform(who, key, command).await
            }
            Self::Price => {
                let (line, from, weekly) = (0, date(2021, 10, 4), Pence::pounds(4_100));
                let (cause, reason) = (PriceCause::Agreed, String::new());
                let command = ChangePrice {
                    reference,
                    version,
                    line,
                    from,
                    weekly,
                    cause,
                    reason,
                    decided: String::new(),
                    decided_by,
                };
                app.perform(who, key, command).await
            }
            Self::Notice => app.perform(who, key, GiveNotice { reference, version, decided_by }).await,
            Self::End => {
                let (on, planned, reason) = (date(2021, 9, 24), true, EndReason::CarePlan);
                app.perform(who, key, EndAgreement { reference, version, on, planned, reason, decided_by }).await
            }
            Self::Cancel => {
                let reason = CancelReason::OtherHome;
                app.perform(who, key, CancelAgreement { reference, version, reason, decided_by }).await
            }
        }
    }
}

fn said(by: PersonId) -> Decided {
    Decided::ByWord { by, at: date(2021, 9, 24).at(9, 0, 0, 0) }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_2_each_act_is_decided_by_the_holder_signed_in_and_by_nobody_in_their_name() {
    for way in WAYS {
        both_made(3, Pence::pounds(100_000), async |database| {
            let (world, version) = way.world(&database).await;
            let refused = async |key: &str, who: &Actor, decided| {
                let answer = way.doing(&world, who, key, version, decided).await;
                code(answer)
            };
            let own = refused("own", &officer(), Decided::SignedIn).await;
            assert_eq!(own, "decided_by_the_holder", "{way:?}: an officer decides nothing");
            let asked = refused("asked", &officer(), said(OFFICER)).await;
            assert_eq!(asked, "requester_cannot_approve", "{way:?}: nor what they ask for");
            let cover = refused("cover", &officer(), said(DEPUTY)).await;
            assert_eq!(cover, "cover_moves_tasks", "{way:?}");
            let deputy = refused("deputy", &actor(DEPUTY, HEF, Role::Approver), Decided::SignedIn).await;
            assert_eq!(deputy, "cover_moves_tasks", "{way:?}");
            let later = Decided::ByWord { by: DIRECTOR, at: date(2021, 9, 24).at(10, 1, 0, 0) };
            assert_eq!(refused("later", &officer(), later).await, "said_in_future", "{way:?}");
            let before = Decided::ByWord { by: DIRECTOR, at: date(2018, 6, 1).at(9, 0, 0, 0) };
            let unborn = way.doing(&world, &officer(), "before", version, before).await;
            assert!(matches!(unborn, Err(Outcome::Refused(_))), "{way:?}: no power was in force then: {unborn:?}");
            way.doing(&world, &director(), "holder", version, Decided::SignedIn).await.unwrap();
            let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
            assert_eq!(view.agreement.version, version + 1, "{way:?}");
            assert_eq!(view.agreement.added.said, [], "{way:?}: nothing to confirm");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_what_the_holder_said_is_listed_and_counted_until_the_holder_confirms_it() {
    for way in WAYS {
        both_made(3, Pence::pounds(100_000), async |database| {
            let (world, version) = way.world(&database).await;
            way.doing(&world, &officer(), "said", version, said(DIRECTOR)).await.unwrap();
            let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
            let waits: Vec<_> = view.agreement.to_confirm().collect();
            let [one] = waits.as_slice() else { panic!("{way:?}: {waits:?}") };
            assert_eq!((one.act, one.by, one.recorded_by), (way.act(), DIRECTOR, OFFICER), "{way:?}");
            assert_eq!(one.confirm_by, date(2021, 9, 27).at(12, 0, 0, 0), "a Friday's by Monday noon");
            let event = view.events.iter().rev().find(|event| event.facts.iter().any(|(name, _)| name == "confirm_by"));
            assert!(event.is_some(), "{way:?}: the event says that it was by word of mouth");
            let (reference, made) = (AGREEMENT.to_owned(), version + 1);
            let confirm = ConfirmDecision { reference, version: view.agreement.version, made };
            let deputy = actor(DEPUTY, HEF, Role::Approver);
            assert_eq!(code(world.app.perform(&deputy, "d", confirm.clone()).await), "agreement_state", "{way:?}");
            let answer = world.app.perform(&officer(), "o", confirm.clone()).await;
            assert!(matches!(answer, Err(Outcome::Forbidden(_))), "{way:?}: {answer:?}");
            world.app.perform(&director(), "c", confirm).await.unwrap();
            let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
            assert_eq!(view.agreement.to_confirm().count(), 0, "{way:?}");
            world.app.do_due_jobs().await.unwrap();
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let mails = session.mails(HEF, 50).await.unwrap();
            assert!(mails.iter().any(|mail| mail.subject.ends_with("confirm what you decided")), "{way:?}");
            drop(session);
            assert_eq!(world.app.store.verify().await.unwrap().faults, []);
        })
        .await;
    }
}
