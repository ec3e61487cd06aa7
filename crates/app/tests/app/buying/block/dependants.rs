//! What depends on a decision, on both databases: mini-blocks, officers' decisions, the authority's own acts and powers that
//! were passed on, each held by a call-in or not (rule 2.1).

use jiff::civil::date;
use placewell_app::placing::agreement::LeaveArrangement;
use placewell_app::power::decision::{PublishDelegated, RecordDelegated};
use placewell_app::power::delegation::PowerFact;
use placewell_app::reporting::publication::Held;
use placewell_domain::change::Event;
use placewell_domain::id::{DecisionId, PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::power::decision::{DelegatedKind, DelegatedPage};
use placewell_domain::power::delegation::{Act, SubDelegation};

use super::world::{HEF, SHR, World, both_made, director, done, proposal, shares, spec};

const ONE: &str = "HEF-2021-0802";

fn officer_decision() -> RecordDelegated {
    let page = DelegatedPage {
        title: "Award of a mini-block".into(),
        kind: DelegatedKind::MiniBlockAward,
        decided: "To award two beds.".into(),
        post: "Director".into(),
        taken_on: date(2021, 9, 13),
        reasons: "Too few planned places near home.".into(),
        alternatives: "Single placements.".into(),
        conflicts: "None declared.".into(),
        supplier: None,
        contract: None,
        value: None,
        exempt: None,
    };
    RecordDelegated { under: ONE.into(), limb: 'b'.into(), page }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_1_blocks_officers_decisions_own_acts_and_powers_passed_on_are_listed_with_what_a_call_in_holds() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let democratic = Actor { role: Role::DemocraticServices, ..director(HEF) };
        let live = world.live("a", 1).await;
        let half = world.recommended("b", proposal(spec(2), shares(6_000)), 3).await;
        world.approve(&director(HEF), "half", &half).await.unwrap();
        let waits = world.recommended("c", proposal(spec(2), shares(6_000)), 5).await;
        let theirs = world.recommended("d", proposal(spec(1), shares(0)), 9).await;
        for key in ["draft", "public"] {
            world.perform(&democratic, key, officer_decision()).await.unwrap();
        }
        let on = world.app.calendar.now().today();
        let publish = PublishDelegated { reference: "HEF-OD-0002".into(), version: 1, on };
        world.perform(&democratic, "publish", publish).await.unwrap();
        let mut work = world.work(HEF).await;
        let passed = |title: &str, to| {
            PowerFact::SubDelegation(SubDelegation {
                decision: DecisionId(1),
                letter: 'b'.into(),
                by_post: PostId(10),
                title: title.into(),
                person: PersonId(24),
                acts: vec![Act::VaryAgreement],
                instrument: "Scheme of 1 August 2021".into(),
                permitted_by: Some("3.2".into()),
                from: date(2021, 8, 2),
                to,
            })
        };
        work.record_power(900, &passed("Service manager", OPEN_END)).await.unwrap();
        work.record_power(901, &passed("Former manager", date(2021, 9, 1))).await.unwrap();
        work.record(Event::new("world.passed_on", "delegation", 1, 1));
        done(work).await;
        let leave = LeaveArrangement { slug: "fca".into(), from: date(2022, 4, 1), reason: "It buys alone.".into() };
        world.perform(&director(HEF), "leave", leave).await.unwrap();

        let decision = world.app.own_decision(&democratic, ONE).await.unwrap().decision;
        let found = world.app.dependants(&democratic, &decision).await.unwrap();
        let stands = |words: &str| {
            let one = found.iter().find(|one| one.what.contains(words)).unwrap_or_else(|| panic!("{words}: {found:?}"));
            one.held
        };
        assert_eq!(stands(&format!("Mini-block {live} runs, approved under limb (b)")), Held::GoesOn);
        assert_eq!(stands(&format!("Mini-block {half} waits for the others, approved under limb (b)")), Held::GoesOn);
        assert_eq!(stands(&format!("Mini-block {waits}: this authority's approval waits")), Held::Held);
        assert!(found.iter().all(|one| !one.what.contains(&format!("{half}: "))), "it has approved that one");
        assert!(found.iter().all(|one| !one.what.contains(&theirs)), "it pays nothing of that one");
        assert_eq!(stands("Officer decision HEF-OD-0001, in draft"), Held::Held);
        assert_eq!(stands("Officer decision HEF-OD-0002, published"), Held::GoesOn);
        assert_eq!(stands("Limb (b) passed on to Service manager"), Held::Held);
        assert!(found.iter().all(|one| !one.what.contains("Former manager")), "that one has ended");
        assert_eq!(stands("Leaves the arrangement from 1 April 2022"), Held::GoesOn);
        // Another authority's decision carries none of it.
        let other = Actor { role: Role::DemocraticServices, ..director(SHR) };
        let decision = world.app.own_decision(&other, "SHR-2021-0802").await.unwrap().decision;
        let found = world.app.dependants(&other, &decision).await.unwrap();
        assert!(found.iter().all(|one| !one.what.contains("Leaves") && !one.what.contains("Officer decision")));
        assert!(found.iter().any(|one| one.what.contains(&format!("Mini-block {live} runs"))));
    })
    .await;
}
