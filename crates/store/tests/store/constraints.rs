//! Every constraint that stands for a rule is reached by some test; here those that no other test meets, each through the
//! store on both databases: a first write goes in, and the second is refused with the rule's own code.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::authority::DistanceClass;
use placewell_domain::buying::block::BlockOpinion;
use placewell_domain::buying::block::month::{BlockMonth, DisputeReason, MonthSide};
use placewell_domain::buying::check::{CheckAct, CheckItem, Of, PreCheck, Worked};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::home::paper::{Audience, Paper, PaperKind, PaperState};
use placewell_domain::homes::home::{Bed, Grade};
use placewell_domain::homes::standing::Standing;
use placewell_domain::id::{
    ApprovalId, BedId, BlockId, HomeId, OfferId, PaperId, PersonId, PostId, Reference, ReferenceKind, ReferralId,
};
use placewell_domain::nights::ChargedDays;
use placewell_domain::placing::approval::{Approval, ApprovalKind, ApprovalState, AwardFacts, PowerFact};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::RemitArea;
use placewell_store::error::{RULE_CONSTRAINTS, refusal_of};
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::both;

use crate::homes::home::given::{HEREFORDSHIRE, PROVIDER, REGION, TODAY, moment, region};
use crate::homes::monitoring::{apply, past, week};
use crate::placing::agreement::given::{agreement, bytes, offer, offered};

const OFFICER: PersonId = PersonId(9);

/// The code of the refusal that an error of the store stands for.
fn code(error: StoreError) -> String {
    match error {
        StoreError::Constraint(name) => refusal_of(&name).map_or(name, |refusal| refusal.code),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_referral_and_an_offer_lead_to_one_agreement() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        offered(&database, 2, 2).await;
        apply(&store, HEREFORDSHIRE, agreement(1, 1, offer(1, 1))).await.unwrap();
        let again = apply(&store, HEREFORDSHIRE, agreement(2, 1, offer(1, 2))).await;
        assert_eq!(again.unwrap_err(), "one_agreement", "of the referral, on another offer");
        let again = apply(&store, HEREFORDSHIRE, agreement(3, 2, offer(1, 1))).await;
        assert_eq!(again.unwrap_err(), "one_agreement", "of the offer, for another referral");
        apply(&store, HEREFORDSHIRE, agreement(4, 2, offer(2, 1))).await.unwrap();
    })
    .await;
}

/// An approval of the award that the recommendation of the same number asks for.
fn approval(id: i64, kind: ApprovalKind) -> Change<Approval> {
    let facts = AwardFacts {
        referral: ReferralId(1),
        offer: OfferId(offer(1, 1)),
        route: Route::Arrangement,
        home: HomeId(1),
        solo: false,
        start: TODAY,
        planned_end: date(2022, 9, 12),
        lines: Vec::new(),
        standing: Standing::Good,
        restricted: false,
        registered: true,
        grade: Grade::Good,
        graded_on: None,
        checks: Vec::new(),
        distance: DistanceClass::InArea,
        power: PowerFact::NoneInForce,
        spot: None,
        charged: ChargedDays::default(),
    };
    let number = u32::try_from(id).unwrap();
    let approval = Approval {
        id: ApprovalId(id),
        version: 1,
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Approval, number },
        authority: HEREFORDSHIRE,
        responsible: HEREFORDSHIRE,
        recommendation: id,
        referral: facts.referral,
        offer: facts.offer,
        kind,
        triggers: Vec::new(),
        case: RemitArea::ChildrenLookedAfter,
        facts,
        hash: "aa".to_owned(),
        asked_by: OFFICER,
        asked_at: moment().local,
        questions: Vec::new(),
        state: ApprovalState::Requested,
    };
    Change::to(approval, Event::new("approval.requested", "approval", id, 1))
}

#[tokio::test]
async fn an_approval_is_asked_for_once_at_a_time() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        offered(&database, 1, 1).await;
        let recommended = |id: i64| {
            let (offer, sealed) = (offer(1, 1), bytes(&database));
            format!(
                "INSERT INTO recommendation (id, org_id, responsible_id, referral_id, offer_id, words, body) \
                 VALUES ({id}, 3, 3, 1, {offer}, {sealed}, '{{}}')"
            )
        };
        let rows = [recommended(1), recommended(2), recommended(3)];
        past(&database, HEREFORDSHIRE, &rows.each_ref().map(String::as_str), "SELECT 1").await.unwrap();
        apply(&store, HEREFORDSHIRE, approval(1, ApprovalKind::Power)).await.unwrap();
        let again = apply(&store, HEREFORDSHIRE, approval(2, ApprovalKind::Power)).await;
        assert_eq!(again.unwrap_err(), "approval_asked");
        apply(&store, HEREFORDSHIRE, approval(3, ApprovalKind::NominatedOfficer)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn each_bed_of_a_home_has_a_name_of_its_own() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let work = store.begin(REGION, moment()).await.unwrap();
        let home = work.home(HomeId(1)).await.unwrap();
        let bed = Bed { id: BedId(102), home: home.id, label: "Bed 1".to_owned() };
        assert_eq!(code(work.add_bed(&home, &bed).await.unwrap_err()), "bed_label_taken");
        work.roll_back().await.unwrap();
        let work = store.begin(REGION, moment()).await.unwrap();
        work.add_bed(&home, &Bed { label: "Bed 2".to_owned(), ..bed }).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_month_of_a_block_is_begun_by_one_side() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let begun = |id, side| {
            let month = BlockMonth::new(id, (BlockId(8), HEREFORDSHIRE, PROVIDER), date(2021, 8, 1), OFFICER);
            month.dispute(side, DisputeReason::Used, OFFICER, moment()).unwrap()
        };
        apply(&store, HEREFORDSHIRE, begun(1, MonthSide::Lead)).await.unwrap();
        let again = apply(&store, PROVIDER, begun(2, MonthSide::Provider)).await;
        assert_eq!(again.unwrap_err(), "month_begun");
    })
    .await;
}

/// A check of the home that the provider is asked for.
fn check(id: i64, item: CheckItem) -> Change<PreCheck> {
    let of = Of {
        authority: HEREFORDSHIRE,
        referral: ReferralId(1),
        reference: "HEF-R-0001".parse().unwrap(),
        home: HomeId(1),
        provider: PROVIDER,
        item,
    };
    let worked = Worked { officer: OFFICER, measured: 3, said: 0 };
    PreCheck::begin(id, of, CheckAct::Ask, worked, moment()).unwrap()
}

#[tokio::test]
async fn rule_7_2_each_check_stands_once_for_a_home_and_a_child() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        offered(&database, 1, 1).await;
        apply(&store, HEREFORDSHIRE, check(1, CheckItem::References)).await.unwrap();
        assert_eq!(apply(&store, HEREFORDSHIRE, check(2, CheckItem::References)).await.unwrap_err(), "one_check");
        apply(&store, HEREFORDSHIRE, check(3, CheckItem::Insurance)).await.unwrap();
    })
    .await;
}

/// Keeps the monitoring officer's opinion for a set of approvals.
async fn keep_opinion(store: &Store, step: u32) -> Result<(), StoreError> {
    let opinion = BlockOpinion {
        block: BlockId(8),
        step,
        authority: HEREFORDSHIRE,
        implements: "HEF-2019-0114".to_owned(),
        words: "The award carries out that decision".to_owned(),
        post: PostId(1),
        title: "Monitoring officer".to_owned(),
        by: OFFICER,
        on: TODAY,
    };
    let work = store.begin(HEREFORDSHIRE, moment()).await?;
    match work.keep_block_opinion(&opinion).await {
        Ok(()) => work.commit(Machine::now()).await,
        Err(error) => {
            work.roll_back().await?;
            Err(error)
        }
    }
}

#[tokio::test]
async fn an_opinion_on_an_award_is_recorded_once() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        keep_opinion(&store, 1).await.unwrap();
        assert_eq!(code(keep_opinion(&store, 1).await.unwrap_err()), "opinion_recorded");
        keep_opinion(&store, 2).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_week_has_168_hours_and_no_quarter_more() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        offered(&database, 1, 1).await;
        apply(&store, HEREFORDSHIRE, agreement(7, 1, offer(1, 1))).await.unwrap();
        let delivered = |quarters| {
            let (mut week, event) = week(1, 16).into_parts();
            week.told[0].quarters = quarters;
            Change::to(week, event)
        };
        assert_eq!(apply(&store, PROVIDER, delivered(673)).await.unwrap_err(), "hours_of_a_week");
        apply(&store, PROVIDER, delivered(672)).await.unwrap();
    })
    .await;
}

/// An insurance of the provider as a whole.
fn paper(id: i64, reference: &str) -> Change<Paper> {
    Paper::keep(Paper {
        id: PaperId(id),
        version: 1,
        provider: PROVIDER,
        home: None,
        kind: PaperKind::InsurancePublic,
        reference: reference.to_owned(),
        from: date(2021, 4, 1),
        since: None,
        expires_on: Some(date(2022, 3, 31)),
        audience: Audience::Members,
        state: PaperState::Held,
    })
}

#[tokio::test]
async fn a_document_is_held_once_under_its_number() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let held = apply(&store, PROVIDER, paper(1, "PL-1")).await.unwrap();
        assert_eq!(apply(&store, PROVIDER, paper(2, "PL-1")).await.unwrap_err(), "paper_numbered");
        apply(&store, PROVIDER, paper(3, "PL-2")).await.unwrap();
        apply(&store, PROVIDER, held.withdraw(TODAY).unwrap()).await.unwrap();
        apply(&store, PROVIDER, paper(2, "PL-1")).await.unwrap();
    })
    .await;
}

/// Every Rust source of a folder, however deep.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_code_of_a_rule_constraint_stands_in_a_test() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for one in std::fs::read_dir(crates).unwrap() {
        let tests = one.unwrap().path().join("tests");
        if tests.is_dir() {
            sources(&tests, &mut files);
        }
    }
    assert!(files.len() > 100, "only {} files of tests were found", files.len());
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let quoted = |code: &str| texts.iter().any(|text| text.contains(&format!("\"{code}\"")));
    let missing: Vec<&str> = RULE_CONSTRAINTS.iter().map(|row| row.code).filter(|code| !quoted(code)).collect();
    assert!(missing.is_empty(), "no test reaches these: {missing:?}");
}
