//! A small world for mini-blocks: two authorities with decisions of their own, a regional team, two providers with a home
//! each. Everything is invented.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::buying::block::{
    DecideBlock, Evaluate, ProposeBlock, ReleaseCompetition, SendBid, SignContract, SignForAuthorities, TypedSignature,
    WriteCase,
};
use placewell_app::clock::{Calendar, Machine};
use placewell_app::power::delegation::PowerFact;
use placewell_app::{Answer, App, Command, Outcome, Receipt};
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::{
    BidOffer, Block, BlockBed, BlockBeds, BlockPrices, BlockShare, BlockSpec, Criterion, Marks, Proposal, RefusalLimit,
    RefusalPeriod, Wants,
};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::change::Event;
use placewell_domain::homes::home::{Ages, Bed, Home, RegisterEntry, RegisteredSex, Sector};
use placewell_domain::homes::standing::StandingFact;
use placewell_domain::id::{ArrangementId, BedId, DecisionId, HomeId, OrganisationId, PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Ahead, Arrangement, Lot, Term};
use placewell_domain::power::decision::{
    CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, InExtension, Limb, LimbEffect, LimbPower,
    NamedPost, Says,
};
use placewell_domain::power::delegation::{Holding, HoldingKind, LimbPost, Post, PostGrade, Remit};
use placewell_store::Work;
use placewell_testkit::databases::{TestDatabase, both_grown};

use crate::award::world::admitted;

pub const HEF: OrganisationId = OrganisationId(1);
pub const SHR: OrganisationId = OrganisationId(2);
pub const LARK: OrganisationId = OrganisationId(5);
pub const RIVAL: OrganisationId = OrganisationId(6);
pub const REGION: OrganisationId = OrganisationId(9);
pub const YEAR: Date = date(2021, 12, 15);

const PEOPLE: [(i64, OrganisationId, Role); 9] = [
    (11, REGION, Role::CommissioningLead),
    (21, HEF, Role::Approver),
    (22, HEF, Role::Approver),
    (23, HEF, Role::FinanceOfficer),
    (31, SHR, Role::Approver),
    (51, LARK, Role::ProviderManager),
    (61, RIVAL, Role::ProviderManager),
    (24, HEF, Role::Approver),
    (32, SHR, Role::Approver),
];

pub fn actor(person: i64) -> Actor {
    let (_, organisation, role) = PEOPLE.into_iter().find(|(known, ..)| *known == person).unwrap();
    let (code, kind) = match organisation {
        HEF => ("HEF", OrganisationKind::Authority),
        SHR => ("SHR", OrganisationKind::Authority),
        LARK => ("larkrise", OrganisationKind::Provider),
        RIVAL => ("rival", OrganisationKind::Provider),
        _ => ("region", OrganisationKind::RegionalTeam),
    };
    Actor {
        person: PersonId(person),
        name: format!("Person {person}"),
        organisation,
        code: code.into(),
        organisation_name: "Invented".into(),
        kind,
        role,
        by: placewell_domain::office::person::session::By::Service,
    }
}

pub fn lead() -> Actor {
    actor(11)
}

/// HEF's Director; 22 is its monitoring officer, 24 nobody in a post.
pub fn director(org: OrganisationId) -> Actor {
    actor(if org == HEF { 21 } else { 31 })
}

pub struct World {
    pub app: Arc<App>,
}

pub async fn done(work: Work) {
    work.commit(Machine::now()).await.unwrap();
}

/// A refusal's code; panics on anything else.
pub fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

pub fn shares(hef: u32) -> Vec<BlockShare> {
    let all = [BlockShare { authority: HEF, weight: hef }, BlockShare { authority: SHR, weight: 10_000 - hef }];
    all.into_iter().filter(|share| share.weight > 0).collect()
}

pub fn spec(beds: u8) -> BlockSpec {
    BlockSpec {
        beds,
        floating: false,
        from: date(2022, 1, 1),
        until: date(2022, 7, 1),
        guaranteed_beds: beds,
        guaranteed_percent: 100,
        nomination_hours: 72,
        refusals: RefusalLimit { permitted: 2, period: RefusalPeriod::Quarter },
        resale_percent: Some(50),
        credit_suspended: 100,
        credit_unstaffed: 100,
        breaks: vec![date(2022, 4, 1)],
        break_notice_days: 30,
        notice_days: None,
        extendable_until: Some(date(2022, 10, 1)),
        void_order: None,
    }
}

pub fn proposal(spec: BlockSpec, shares: Vec<BlockShare>) -> Proposal {
    let wants = Wants { lot: "planned".into(), ages: Ages { from: 8, to: 15 }, sex: RegisteredSex::Any, areas: vec![] };
    Proposal { title: "Beds for the west".into(), wants, spec, shares }
}

/// Runs a test on both databases, each a copy of one in which the world was made with this ceiling.
pub async fn both_made<F: Future<Output = ()>>(ceiling: Pence, test: impl Fn(Arc<TestDatabase>) -> F) {
    let of = format!("the world of mini-blocks under {}", ceiling.0);
    let made = both_grown(
        &of,
        async |database| {
            let world = World::new(database, ceiling).await;
            world.app.store.close().await;
        },
        test,
    );
    Box::pin(made).await;
}

impl World {
    /// Two authorities with this ceiling each, and homes with ten beds.
    pub async fn new(database: &TestDatabase, ceiling: Pence) -> Self {
        let world = Self::opened(database).await;
        for (id, code, kind, gss) in [
            (HEF, "HEF", OrganisationKind::Authority, Some("E06000019")),
            (SHR, "SHR", OrganisationKind::Authority, Some("E06000051")),
            (LARK, "larkrise", OrganisationKind::Provider, None),
            (RIVAL, "rival", OrganisationKind::Provider, None),
            (REGION, "region", OrganisationKind::RegionalTeam, None),
        ] {
            let work = world.work(id).await;
            let (area, name) = (gss.map(str::to_owned), format!("Organisation {code}"));
            let new = Organisation { id, code: code.into(), name, kind, area, placing_body: None };
            work.add_organisation(&new).await.unwrap();
            done(work).await;
        }
        for (person, org, role) in PEOPLE {
            let work = world.work(org).await;
            let (email, name) = (format!("p{person}@example.com"), format!("Person {person}"));
            work.add_person(PersonId(person), &email, &name, None).await.unwrap();
            work.add_membership(PersonId(person), role, "Post", date(2018, 1, 1), OPEN_END).await.unwrap();
            done(work).await;
        }
        world.arrangement().await;
        for (org, at) in [(HEF, 1), (SHR, 2)] {
            world.posts(org, at).await;
            world.decide(org, at, page(ceiling, true), date(2021, 8, 2)).await;
            let mut work = world.work(org).await;
            for year in [date(2020, 12, 15), YEAR] {
                work.set_ceiling(year, ceiling, DecisionId(at), false).await.unwrap();
            }
            work.record(Event::new("world.ceiling", "annual_value", at, 1));
            done(work).await;
        }
        world.home(1, LARK).await;
        world.home(2, RIVAL).await;
        world
    }

    /// The same from here on, in a copy of a database in which it was made: on Monday 13 September 2021, 10:20.
    pub async fn opened(database: &TestDatabase) -> Self {
        Self { app: database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await }
    }

    pub async fn work(&self, org: OrganisationId) -> Work {
        self.app.store.begin(org, self.app.calendar.now()).await.unwrap()
    }

    pub fn at(&self, day: Date, hour: i8) {
        self.app.calendar.move_to(day.at(hour, 0, 0, 0));
    }

    async fn arrangement(&self) {
        let lot = Lot { code: "planned".into(), name: "Planned".into(), description: String::new() };
        let mut work = self.work(REGION).await;
        work.apply(Arrangement::record(Arrangement {
            id: ArrangementId(1),
            version: 1,
            slug: "fca".into(),
            title: "Flexible Contracting Arrangement".into(),
            lead: "Invented".into(),
            term: Term { start: date(2018, 12, 15), end: date(2022, 12, 14), option_months: 24, steps: vec![] },
            lots: vec![lot],
            terms: vec![],
            specification: vec![],
            windows: vec![],
            participants: vec![],
            ahead: Ahead::default(),
        }))
        .await
        .unwrap();
        done(work).await;
    }

    async fn posts(&self, org: OrganisationId, at: i64) {
        let mut work = self.work(org).await;
        let (from, to) = (date(2018, 1, 1), OPEN_END);
        let post = |id, title: &str, grade| {
            PowerFact::Post(Post {
                id: PostId(id),
                organisation: org,
                title: title.into(),
                grade,
                remit: Remit::Whole,
                from,
                to,
            })
        };
        let held = |post, person, kind| {
            PowerFact::Holding(Holding { post: PostId(post), person: PersonId(person), kind, from, to })
        };
        let (director, monitoring) = if org == HEF { (21, 22) } else { (31, 32) };
        let decision = DecisionId(at);
        let facts = [
            post(10 * at, "Director", PostGrade::Director),
            post(10 * at + 1, "Monitoring officer", PostGrade::MonitoringOfficer),
            PowerFact::LimbPost(LimbPost { decision, letter: 'b'.into(), post: PostId(10 * at), relevant: false }),
            held(10 * at, director, HoldingKind::Holder),
            held(10 * at + 1, monitoring, HoldingKind::Holder),
        ];
        for (id, fact) in (100 * at..).zip(&facts) {
            work.record_power(id, fact).await.unwrap();
        }
        work.record(Event::new("world.powers", "delegation", at, 1));
        done(work).await;
    }

    /// A decision taken and published, not subject to call-in.
    pub async fn decide(&self, org: OrganisationId, id: i64, page: DecisionPage, on: Date) {
        let mut work = self.work(org).await;
        let days = WorkingDays::default();
        let rule = CallInRule { working_days: 4, calendar: days.clone() };
        let code = if org == HEF { "HEF" } else { "SHR" };
        let reference = format!("{code}-2021-{:02}{:02}", on.month(), on.day());
        let draft = Decision::record(DecisionId(id), org, reference, None, page);
        let decision = work.apply(draft).await.unwrap();
        let decision = work.apply(decision.decide(on, &days).unwrap()).await.unwrap();
        let decision = work.apply(decision.publish(on, false, None, &rule).unwrap()).await.unwrap();
        work.keep_decision_text(&decision).await.unwrap();
        done(work).await;
    }

    async fn home(&self, id: i64, provider: OrganisationId) {
        let mut work = self.work(REGION).await;
        let entry = RegisterEntry {
            provider,
            area: AreaCode::parse("E06000019").unwrap(),
            sector: Sector::Private,
            places: 30,
            short_breaks_only: false,
            suspended: false,
            registered_on: None,
        };
        let urn = format!("SC{}", 392_490 + id).parse().unwrap();
        let home = work.apply(Home::register(HomeId(id), REGION, urn, entry, work.moment())).await.unwrap();
        for bed in 1..=10 {
            let bed = Bed { id: BedId(100 * id + bed), home: home.id, label: format!("Room {bed}") };
            work.add_bed(&home, &bed).await.unwrap();
        }
        let standing = StandingFact::admitted(provider, date(2018, 12, 15));
        work.record_standing(&standing).await.unwrap();
        admitted(&mut work, home.id).await;
        done(work).await;
    }

    pub async fn perform<C: Command>(&self, who: &Actor, key: &str, command: C) -> Answer<Receipt> {
        self.app.perform(who, key, command).await
    }

    pub async fn block(&self, reference: &str) -> Block {
        self.app.store.read(Some(REGION)).await.unwrap().block_by_reference(reference).await.unwrap()
    }

    pub async fn jobs(&self) {
        self.app.do_due_jobs().await.unwrap();
    }

    /// Proposes a mini-block; its reference.
    pub async fn propose(&self, key: &str, proposal: Proposal) -> String {
        let receipt = self.perform(&lead(), key, ProposeBlock { proposal }).await.unwrap();
        self.jobs().await;
        receipt.location.rsplit('/').next().unwrap().to_owned()
    }

    /// From a proposal to bids: the business case, the competition, one bid of each provider named.
    pub async fn compete(&self, key: &str, proposal: Proposal, bids: &[(i64, i64, i64)]) -> String {
        let reference = self.propose(key, proposal).await;
        let case = WriteCase {
            reference: reference.clone(),
            version: 1,
            reasons: "Too few planned places near home.".into(),
            alternatives: "Single placements: dearer, and further away.".into(),
            conflicts: "None".into(),
        };
        self.perform(&lead(), &format!("{key} case"), case).await.unwrap();
        let release = ReleaseCompetition {
            reference: reference.clone(),
            version: 1,
            quality: vec![Criterion { title: "Care".into(), weight: 60 }],
            price_weight: 40,
            occupancy: 80,
            deadline: self.app.calendar.now().local.saturating_add(jiff::Span::new().hours(24)),
        };
        self.perform(&lead(), &format!("{key} release"), release).await.unwrap();
        for (person, first_bed, occupied) in bids {
            let command = self.bid(*person, &reference, *first_bed, *occupied).await;
            self.perform(&actor(*person), &format!("{key} bid"), command).await.unwrap();
        }
        reference
    }

    /// A bid of a provider with so many beds from one on.
    pub async fn bid(&self, person: i64, reference: &str, first_bed: i64, occupied: i64) -> SendBid {
        let own = self.app.own_block(&actor(person), reference).await.unwrap();
        let home = own.bid.homes[0];
        let count = i64::from(own.bid.spec.beds);
        let beds =
            (first_bed..first_bed + count).map(|bed| BlockBed { home, bed: BedId(100 * home.0 + bed) }).collect();
        let offer = BidOffer {
            beds: BlockBeds::Fixed { beds },
            prices: BlockPrices { occupied: Pence(occupied), empty: Pence(occupied * 8 / 10), second_child: None },
            answers: vec!["We keep the school.".into()],
            conflicts: "None".into(),
        };
        SendBid { reference: reference.to_owned(), version: own.bid.version, offer }
    }

    /// Scores every bid alike after the deadline, and recommends the best.
    pub async fn evaluate(&self, key: &str, reference: &str) -> Answer<Receipt> {
        let now = self.app.calendar.now().local;
        self.app.calendar.move_to(now.saturating_add(jiff::Span::new().hours(25)));
        let page = self.app.block_page(&lead(), reference).await.unwrap();
        let sent = page.bids.iter().filter(|line| line.bid.state.offer().is_some());
        let marks = sent
            .map(|line| Marks { bid: line.bid.id, quality: vec![4], reasons: "As the answers show.".into() })
            .collect();
        let command = Evaluate { reference: reference.to_owned(), version: page.block.version, marks };
        self.perform(&lead(), &format!("{key} evaluate"), command).await
    }

    /// A recommended mini-block of larkrise's beds from one on.
    pub async fn recommended(&self, key: &str, proposal: Proposal, first_bed: i64) -> String {
        let reference = self.compete(key, proposal, &[(51, first_bed, 50_000)]).await;
        self.evaluate(key, &reference).await.unwrap();
        reference
    }

    pub async fn approve(&self, who: &Actor, key: &str, reference: &str) -> Answer<Receipt> {
        let version = self.block(reference).await.version;
        let command = DecideBlock { reference: reference.to_owned(), version, refuse: None };
        self.perform(who, key, command).await
    }

    /// A live mini-block of both authorities.
    pub async fn live(&self, key: &str, first_bed: i64) -> String {
        let reference = self.recommended(key, proposal(spec(2), shares(6_000)), first_bed).await;
        for org in [HEF, SHR] {
            self.approve(&director(org), &format!("{key} {org}"), &reference).await.unwrap();
        }
        self.jobs().await;
        assert_eq!(self.block(&reference).await.state.name(), "live");
        self.sign(&reference).await;
        reference
    }

    /// Both sides sign what the contract says now.
    pub async fn sign(&self, reference: &str) {
        let key = format!("{reference} {}", self.block(reference).await.version);
        let command = SignForAuthorities(self.signature(reference).await);
        self.perform(&lead(), &format!("{key} lead"), command).await.unwrap();
        let command = SignContract(self.signature(reference).await);
        self.perform(&actor(51), &format!("{key} provider"), command).await.unwrap();
    }

    /// A signature of what the contract says now.
    pub async fn signature(&self, reference: &str) -> TypedSignature {
        let page = self.app.block_page(&lead(), reference).await.unwrap();
        TypedSignature {
            reference: reference.to_owned(),
            content: page.signing.unwrap().content,
            name: "Jo Marsh".into(),
            role: "Manager".into(),
            has_authority: true,
        }
    }

    /// A live mini-block of one bed that HEF alone pays for.
    pub async fn live_of_one(&self, key: &str, first_bed: i64) -> String {
        let reference = self.recommended(key, proposal(spec(1), shares(10_000)), first_bed).await;
        self.approve(&director(HEF), key, &reference).await.unwrap();
        self.jobs().await;
        assert_eq!(self.block(&reference).await.state.name(), "live");
        self.sign(&reference).await;
        reference
    }

    /// What an authority's ledger holds of all its years.
    pub async fn committed(&self, org: OrganisationId) -> Pence {
        let session = self.app.store.read(Some(org)).await.unwrap();
        assert_eq!(session.ledger_faults(org).await.unwrap(), []);
        session.ledger_years(org).await.unwrap().iter().map(|year| year.totals.committed).sum()
    }
}

/// A decision that adopts the arrangement with this annual value; limb (b) awards mini-blocks where asked.
pub fn page(ceiling: Pence, blocks: bool) -> DecisionPage {
    let mut powers = vec![LimbPower::Operational, LimbPower::AwardPlacements];
    powers.extend(blocks.then_some(LimbPower::AwardMiniBlocks));
    let posts = vec![NamedPost { words: "Director".into(), relevant: false }];
    let limb = Limb {
        letter: 'b'.into(),
        text: "The Director be authorised".into(),
        effects: vec![LimbEffect::Authorises { powers, posts }],
    };
    let adopts = vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: ceiling }];
    DecisionPage {
        title: "Adopt the arrangement".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(false),
        limbs: vec![Limb { letter: 'a'.into(), text: String::new(), effects: adopts }, limb],
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: date(2022, 12, 14), option_months: Some(24) }),
        in_extension: InExtension { ceiling: Says::Unknown, limbs: Says::Unknown, blocks: Says::Unknown },
        ..DecisionPage::default()
    }
}

/// A key decision that names a mini-block.
pub fn key_decision(reference: &str) -> DecisionPage {
    DecisionPage {
        title: format!("Award of mini-block {reference}"),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(false),
        key_decision: Some(false),
        ..DecisionPage::default()
    }
}
