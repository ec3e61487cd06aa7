//! A home judged Inadequate, a regional check that lapses, a bed that a mini-block holds, and the seed's limb (a), on both
//! databases.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::check::ExemptGrade;
use placewell_app::power::delegation::PowerFact;
use placewell_domain::buying::block::{
    Block, BlockBed, BlockShare, BlockSpec, Proposal, RefusalLimit, RefusalPeriod, Wants,
};
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::homes::home::inspection::{Inspection, InspectionKind};
use placewell_domain::homes::home::{Ages, Grade, RegisteredSex};
use placewell_domain::id::{BedId, BlockId, PersonId};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::Arrangement;

use super::*;
use crate::award::world::{BIR, arrangement, statutory};

pub(super) fn dcs() -> Actor {
    actor(STATUTORY, HEF, Role::Approver)
}

pub(super) async fn judged(world: &World, home: i64, on: Date) {
    let work = world.work(REGION).await;
    let home = work.home(HomeId(home)).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: on,
        published_on: Some(on),
        grade: Some(Grade::Inadequate),
        serious_concerns: true,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    done(work).await;
}

/// The arrangement, kept by a lead of the region who is told.
pub(super) async fn led(world: &World) {
    let mut work = world.work(REGION).await;
    work.apply(Arrangement::record(arrangement())).await.unwrap();
    let lead = PersonId(91);
    work.add_person(lead, "lead@example.com", "The lead", None).await.unwrap();
    work.add_membership(lead, Role::CommissioningLead, "Lead", date(2018, 1, 1), OPEN_END).await.unwrap();
    done(work).await;
}

pub(super) fn exempts(spot: i64, version: i64, words: &str) -> ExemptGrade {
    ExemptGrade::new((spot, version), ExemptionReason::OnlyHome, words.into())
}

pub(super) const SAFE: &str = "Ofsted's monitoring visit of last week found that nights are staffed again.";

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_a_home_judged_inadequate_is_bought_only_with_the_directors_recorded_exemption() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        judged(&world, 2, date(2021, 7, 6)).await;
        let (referral, number) = offered_outside(&world, 42, "none_available", (4_900, START)).await;
        check(&world, &referral, OUTSIDE, &by_hand()).await;
        assert_eq!(code(recommend(&world, &referral, number, "without").await), "inadequate_needs_exemption");
        let page = world.app.spot_page(&dcs(), &referral).await.unwrap();
        let (spot, exempted) = (&page.lines[0].row.spot, page.lines[0].exempted.clone().unwrap());
        assert!(exempted.may_exempt && exempted.exemption.is_none());
        assert_eq!(exempted.judged_on, date(2021, 7, 6));
        let other = world.app.perform(&director(), "director", exempts(spot.id, spot.version, SAFE)).await;
        assert_eq!(code(other), "not_the_statutory_director", "the statutory director in person, and nobody else");
        let short = world.app.perform(&dcs(), "short", exempts(spot.id, spot.version, "Safe.")).await;
        assert!(matches!(short, Err(Outcome::Invalid(_))));
        world.app.perform(&dcs(), "exempt", exempts(spot.id, spot.version, SAFE)).await.unwrap();
        let twice = world.app.perform(&dcs(), "twice", exempts(spot.id, spot.version, SAFE)).await;
        assert_eq!(code(twice), "exempted_before");
        let asked = last(&recommend(&world, &referral, number, "with").await.unwrap().location);
        // A later judgement needs its own exemption: what was approved would not be what was exempted.
        world.at(TOMORROW, 9);
        judged(&world, 2, TODAY).await;
        let late = world.approve(&director(), &asked, "late", false).await;
        assert_eq!(code(late), "inadequate_needs_exemption");
        let verified = world.app.store.verify().await.unwrap();
        assert_eq!(verified.faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_4_the_director_of_the_responsible_authority_exempts_a_child_whose_record_another_body_holds() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let (director, colleague) = (PersonId(31), PersonId(32));
        let mut work = world.work(BIR).await;
        for (person, email) in [(director, "dcs@example.com"), (colleague, "colleague@example.com")] {
            work.add_person(person, email, email, None).await.unwrap();
            work.add_membership(person, Role::Approver, "Director", date(2018, 1, 1), OPEN_END).await.unwrap();
        }
        work.record_power(500, &PowerFact::Statutory(statutory(BIR, director))).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.powers", "delegation", 500, 1));
        done(work).await;
        judged(&world, 2, date(2021, 7, 6)).await;
        let referral = world.referral(42, &[], false, BIR).await;
        declined(&world, &referral, DeclineReason::NoStaffedBed).await;
        request(&world, &referral, OUTSIDE, "none_available").await.unwrap();
        let (theirs, other) = (actor(director, BIR, Role::Approver), actor(colleague, BIR, Role::Approver));
        let page = world.app.spot_page(&theirs, &referral).await.unwrap();
        let spot = page.lines[0].row.spot.clone();
        assert!(page.lines[0].exempted.as_ref().unwrap().may_exempt);
        assert!(matches!(world.app.spot_page(&other, &referral).await, Err(Outcome::NotFound)), "the director alone");
        let refused = world.app.perform(&other, "other", exempts(spot.id, spot.version, SAFE)).await;
        assert!(matches!(refused, Err(Outcome::NotFound)), "{refused:?}");
        let own = world.app.perform(&dcs(), "own", exempts(spot.id, spot.version, SAFE)).await;
        assert_eq!(code(own), "not_the_statutory_director", "the placing body's own director is not the child's");
        let stale = world.app.perform(&theirs, "stale", exempts(spot.id, spot.version + 1, SAFE)).await;
        assert!(matches!(stale, Err(Outcome::Conflict)));
        world.app.perform(&theirs, "exempt", exempts(spot.id, spot.version, SAFE)).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let page = world.app.spot_page(&theirs, &referral).await.unwrap();
        let exempted = page.lines[0].exempted.clone().unwrap();
        let (reason, by, _) = exempted.exemption.unwrap();
        assert_eq!((reason, by.as_str(), exempted.may_exempt), (ExemptionReason::OnlyHome, "dcs@example.com", false));
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_regional_check_that_lapses_is_told_to_the_regional_team_once() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        led(&world).await;
        let mut work = world.work(REGION).await;
        let lapsed = StandingFact {
            source: StandingSource::Region,
            subject: StandingSubject::Provider(PROVIDER),
            reason: StandingReason::InsuranceLapsed,
            ..StandingFact::admitted(PROVIDER, TODAY)
        };
        work.record_standing(&StandingFact { standing: Standing::OnWatch, ..lapsed }).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.standing", "standing", 1, 1));
        done(work).await;
        for _ in 0..2 {
            world.app.do_due_jobs().await.unwrap();
        }
        let told = mails(&world, REGION).await;
        let lapses = told.iter().filter(|(_, subject)| subject.contains("a check done regionally has lapsed")).count();
        assert_eq!(lapses, 1, "{told:?}");
        world.at(TOMORROW, 9);
        world.app.do_due_jobs().await.unwrap();
        let again = mails(&world, REGION).await;
        let more = again.iter().filter(|(_, subject)| subject.contains("a check done regionally has lapsed")).count();
        assert_eq!(more, lapses, "once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_what_checks_rest_on_is_told_before_it_runs_out_at_30_and_7_days_and_evidence_before_the_child_comes()
{
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        led(&world).await;
        let mut work = world.work(REGION).await;
        let ends = StandingFact {
            source: StandingSource::Region,
            reason: StandingReason::InsuranceLapsed,
            standing: Standing::Suspended,
            ..StandingFact::admitted(PROVIDER, placewell_domain::nights::plus_days(TODAY, 28))
        };
        work.record_standing(&ends).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.standing", "standing", 1, 1));
        done(work).await;
        let referral = asked_outside(&world, 42, "none_available").await;
        let others: Vec<CheckItem> = by_hand().into_iter().filter(|item| *item != CheckItem::Insurance).collect();
        check(&world, &referral, OUTSIDE, &others).await;
        let count = async |org, what: &str| {
            let told = mails(&world, org).await;
            told.iter().filter(|(_, subject)| subject.contains(what)).count()
        };
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(count(REGION, "insurance runs out").await, 1, "28 days ahead");
        assert_eq!(count(HEF, "evidence of a check runs out").await, 0, "nothing runs out within a fortnight");
        check_until(&world, &referral, CheckItem::Insurance, date(2021, 9, 25)).await;
        let day = world.app.spot_evidence_expiring(&officer()).await.unwrap();
        assert_eq!(day, [(referral.clone(), date(2021, 9, 25))], "on the officer's day");
        world.at(TOMORROW, 9);
        for _ in 0..2 {
            world.app.do_due_jobs().await.unwrap();
        }
        assert_eq!(count(REGION, "insurance runs out").await, 1, "told once at this step");
        assert_eq!(count(HEF, "evidence of a check runs out").await, 1, "before the child comes, once");
        world.at(placewell_domain::nights::plus_days(TODAY, 22), 9);
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(count(REGION, "insurance runs out").await, 2, "and again a week ahead");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_evidence_of_an_evaluation_is_told_to_the_region_and_its_provider_before_it_ends_unless_renewed() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let gates = vec![passed(Gate::Safeguarding, plus_days(TODAY, 28)), passed(Gate::DataProtection, START)];
        evaluated_on(&world, gates).await;
        led(&world).await;
        let renewed = KeepPaper {
            urn: None,
            kind: PaperKind::DataProtection,
            reference: "Z1234567".into(),
            terms: PaperTerms { from: TODAY, expires_on: Some(date(2022, 9, 12)), audience: Audience::Members },
            brought: None,
        };
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        world.app.perform(&manager, "renewed", renewed).await.unwrap();
        let told = async || {
            for _ in 0..2 {
                world.app.do_due_jobs().await.unwrap();
            }
            let mails = mails(&world, REGION).await;
            let count = |what: &str| mails.iter().filter(|(_, subject)| subject.contains(what)).count();
            (count("evidence of its evaluation runs out"), count("Evidence of your evaluation runs out"))
        };
        assert_eq!(told().await, (1, 1), "of the policy alone, to each once");
        world.at(TOMORROW, 9);
        assert_eq!(told().await, (1, 1), "told at this step");
        world.at(plus_days(TODAY, 22), 9);
        assert_eq!(told().await, (2, 2), "and again a week ahead");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_evidence_of_each_of_two_providers_is_renewed_by_its_own_documents_alone() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let (other, kind) = (OrganisationId(6), OrganisationKind::Provider);
        let (code, name) = ("ash-care".to_owned(), "Ash Care".to_owned());
        let work = world.work(other).await;
        work.add_organisation(&Organisation { id: other, code, name, kind, area: None, placing_body: None })
            .await
            .unwrap();
        done(work).await;
        let gates = || vec![passed(Gate::Safeguarding, plus_days(TODAY, 28))];
        evaluated_on(&world, gates()).await;
        evaluated_of(&world, (2, other, "Ash Care"), gates()).await;
        led(&world).await;
        let told = async || {
            for _ in 0..2 {
                world.app.do_due_jobs().await.unwrap();
            }
            let mails = mails(&world, REGION).await;
            let count = |who: &str| {
                let subject = format!("{who}: evidence of its evaluation runs out");
                mails.iter().filter(|(_, told)| told.contains(&subject)).count()
            };
            (count("The provider"), count("Ash Care"))
        };
        assert_eq!(told().await, (1, 1));
        let renewed = KeepPaper {
            urn: None,
            kind: PaperKind::Safeguarding,
            reference: "Policy of 2021".into(),
            terms: PaperTerms { from: TODAY, expires_on: Some(date(2022, 9, 12)), audience: Audience::Members },
            brought: None,
        };
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        world.app.perform(&manager, "renewed", renewed).await.unwrap();
        world.at(plus_days(TODAY, 22), 9);
        assert_eq!(told().await, (1, 2), "a week ahead of the one that nobody renewed");
    })
    .await;
}

/// A mini-block of others that holds these beds of home 1.
async fn holds(world: &World, beds: &[i64]) {
    let mut work = world.work(REGION).await;
    let spec = BlockSpec {
        beds: u8::try_from(beds.len()).unwrap(),
        floating: false,
        from: TODAY,
        until: date(2022, 9, 1),
        guaranteed_beds: 1,
        guaranteed_percent: 100,
        nomination_hours: 72,
        refusals: RefusalLimit { permitted: 2, period: RefusalPeriod::Quarter },
        resale_percent: None,
        credit_suspended: 100,
        credit_unstaffed: 100,
        breaks: vec![],
        break_notice_days: 30,
        notice_days: None,
        extendable_until: None,
        void_order: None,
    };
    let wants = Wants { lot: "planned".into(), ages: Ages { from: 8, to: 17 }, sex: RegisteredSex::Any, areas: vec![] };
    let shares = vec![BlockShare { authority: BIR, weight: 10_000 }];
    let proposal = Proposal { title: "Beds of others".into(), wants, spec, shares };
    let block = Block::propose((BlockId(77), "MB-077".into()), (REGION, ArrangementId(1)), proposal).unwrap();
    let block = work.apply(block).await.unwrap();
    let all = work.beds(HomeId(1)).await.unwrap();
    let tied: Vec<BlockBed> = all
        .iter()
        .enumerate()
        .filter(|(at, _)| beds.contains(&i64::try_from(*at).unwrap()))
        .map(|(_, bed)| BlockBed { home: HomeId(1), bed: bed.id })
        .collect();
    work.tie_beds(&block, &tied).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bed_that_a_mini_block_holds_is_not_awarded_to_another_child() {
    both_made(3, Pence::pounds(200_000), async |database| {
        let world = World::opened(&database).await;
        holds(&world, &[0, 1]).await;
        let award = async |number: u32| {
            let referral = world.referral(number, &[4_150], false, HEF).await;
            let asked = last(&world.recommend(&referral, &format!("r{number}")).await.unwrap().location);
            world.approve(&director(), &asked, &format!("a{number}"), false).await
        };
        award(42).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let third: BedId = session.beds(HomeId(1)).await.unwrap()[2].id;
        assert_eq!(agreement(&world).await.terms.bed, Some(third), "the one bed that no mini-block holds");
        drop(session);
        assert_eq!(code(award(43).await), "bed_of_a_block");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_a_the_annual_value_is_a_ledger_of_commitments_that_deciders_share_and_cannot_breach() {
    both_made(3, Pence::pounds(60_000), async |database| {
        // Ten weeks at £4,150 are £41,500: one award fits under £60,000, and two at once do not.
        let world = World::opened(&database).await;
        let mut asked = Vec::new();
        for number in [42, 43] {
            let referral = world.referral(number, &[4_150], false, HEF).await;
            asked.push(last(&world.recommend(&referral, &format!("r{number}")).await.unwrap().location));
        }
        let (one, two) = (director(), director());
        let both =
            tokio::join!(world.approve(&one, &asked[0], "one", false), world.approve(&two, &asked[1], "two", false));
        let given = [both.0.is_ok(), both.1.is_ok()];
        assert_eq!(given.iter().filter(|given| **given).count(), 1, "{given:?}");
        let lost = if given[0] { both.1 } else { both.0 };
        assert_eq!(code(lost), "ceiling_reached");
        assert_eq!(committed(&world).await, Pence::pounds(41_500));
        let effects = world.app.approval_view(&director(), &asked[usize::from(given[0])]).await.unwrap().effects;
        assert!(effects[0].after.is_err(), "the page says beforehand that it does not fit");
        let agreement = agreement(&world).await;
        assert!(agreement.rests_on[0].basis.sentence().contains("(b)"), "decision, power, award, money: one chain");
    })
    .await;
}
