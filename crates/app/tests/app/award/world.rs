//! A small world for awards: an authority with its decision, posts and a ceiling, a provider with a home of three beds,
//! and referrals with one or more offers each. Everything is invented.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::{Calendar, Machine};
use placewell_app::placing::approval::{Approve, Reasons, Recommend};
use placewell_app::power::delegation::PowerFact;
use placewell_app::{Answer, App, Receipt};
use placewell_domain::authority::AreaCode;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::change::{Change, Event};
use placewell_domain::clock::Moment;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::ground::AdmissionGround;
use placewell_domain::homes::home::{Bed, Home, RegisterEntry, Sector};
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine};
use placewell_domain::id::{
    ArrangementId, BedId, ChildId, DecisionId, HomeId, InvitationId, OfferId, OrganisationId, PersonId, PostId,
    Reference, ReferenceKind, ReferralId,
};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{GOING_LIVE, GoingLive};
use placewell_domain::placing::approval::{Gates, Relatives, Wishes};
use placewell_domain::placing::child::{Child, ChildIdentity};
use placewell_domain::placing::invitation::{Asking, Channel, Invitation, Trace};
use placewell_domain::placing::offer::{NotChosenReason, Offer, OfferTerms, OfferWords, PriceCheck, Submission};
use placewell_domain::placing::referral::{
    EmergencyCause, LegalBasis, Narrative, Out, Prices, Profile, Referral, ReferralState, SharedWords, Start, Tier,
};
use placewell_domain::power::arrangement::{Ahead, Arrangement, Lot, Term};
use placewell_domain::power::decision::{
    CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, Limb, LimbEffect, LimbPower, NamedPost,
};
use placewell_domain::power::delegation::{
    Holding, HoldingKind, LimbPost, Post, PostGrade, Remit, RemitArea, StatutoryAppointment, StatutoryBasis,
    StatutoryOffice,
};
use placewell_domain::setting::SettingValue as _;
use placewell_store::Work;
use placewell_store::keys::RecordKey;
use placewell_testkit::databases::{TestDatabase, both_grown};

pub const HEF: OrganisationId = OrganisationId(1);
pub const BIR: OrganisationId = OrganisationId(2);
pub const PROVIDER: OrganisationId = OrganisationId(5);
pub const REGION: OrganisationId = OrganisationId(9);
pub const START: Date = date(2021, 9, 20);
/// An emergency starts by the end of the next working day.
pub const TOMORROW: Date = date(2021, 9, 14);
pub const END: Date = date(2021, 11, 29);

pub const OFFICER: PersonId = PersonId(11);
pub const DIRECTOR: PersonId = PersonId(12);
pub const DEPUTY: PersonId = PersonId(13);
pub const STATUTORY: PersonId = PersonId(14);
pub const MANAGER: PersonId = PersonId(15);
pub const MONITORING: PersonId = PersonId(16);
pub const FINANCE: PersonId = PersonId(18);

/// The world and its application.
pub struct World {
    pub app: Arc<App>,
}

pub fn actor(person: PersonId, organisation: OrganisationId, role: Role) -> Actor {
    let kind = if organisation == PROVIDER { OrganisationKind::Provider } else { OrganisationKind::Authority };
    Actor {
        person,
        name: format!("Person {person}"),
        organisation,
        code: if organisation == BIR { "BIR".into() } else { "HEF".into() },
        organisation_name: "Invented".into(),
        kind,
        role,
        by: placewell_domain::office::person::session::By::Service,
    }
}

pub fn officer() -> Actor {
    actor(OFFICER, HEF, Role::PlacementOfficer)
}

pub fn director() -> Actor {
    actor(DIRECTOR, HEF, Role::Approver)
}

/// Runs a test on both databases, each a copy of one in which the world was made with this many beds in Herefordshire
/// and this ceiling.
pub async fn both_made<F: Future<Output = ()>>(beds: i64, ceiling: Pence, test: impl Fn(Arc<TestDatabase>) -> F) {
    let of = format!("the world of awards with {beds} beds under {}", ceiling.0);
    let made = both_grown(
        &of,
        async |database| {
            let world = World::new(database, "E06000019", beds, ceiling).await;
            world.app.store.close().await;
        },
        test,
    );
    Box::pin(made).await;
}

impl World {
    /// The authority, the provider, the home with this many beds in this area, and the ceiling.
    pub async fn new(database: &TestDatabase, area: &str, beds: i64, ceiling: Pence) -> Self {
        let world = Self::before_adoption(database, area, beds).await;
        world.adopt(ceiling).await;
        world
    }

    /// The same with posts and people, and no decision of the authority.
    pub async fn before_adoption(database: &TestDatabase, area: &str, beds: i64) -> Self {
        let world = Self::opened(database).await;
        for (id, code, kind, gss) in [
            (HEF, "HEF", OrganisationKind::Authority, Some("E06000019")),
            (BIR, "BIR", OrganisationKind::Authority, Some("E08000025")),
            (PROVIDER, "larkrise", OrganisationKind::Provider, None),
            (REGION, "region", OrganisationKind::RegionalTeam, None),
        ] {
            let work = world.work(id).await;
            let area = gss.map(str::to_owned);
            let (code, name) = (code.to_owned(), format!("Organisation {code}"));
            work.add_organisation(&Organisation { id, code, name, kind, area, placing_body: None }).await.unwrap();
            done(work).await;
        }
        world.people().await;
        world.posts().await;
        world.home(1, area, beds).await;
        world
    }

    /// The same from here on, in a copy of a database in which it was made: on Monday 13 September 2021, 10:20.
    pub async fn opened(database: &TestDatabase) -> Self {
        Self { app: database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await }
    }

    /// The authority records the day on which it goes live.
    pub async fn goes_live(&self, day: Date) {
        let mut work = self.work(HEF).await;
        work.set(GOING_LIVE.name, date(2018, 12, 15), &GoingLive(Some(day)).write()).await.unwrap();
        work.record(Event::new("setting.changed", "setting", HEF.0, 1).with("key", GOING_LIVE.name));
        done(work).await;
    }

    pub async fn work(&self, org: OrganisationId) -> Work {
        self.app.store.begin(org, self.app.calendar.now()).await.unwrap()
    }

    async fn people(&self) {
        for (person, org, role) in [
            (OFFICER, HEF, Role::PlacementOfficer),
            (DIRECTOR, HEF, Role::Approver),
            (DEPUTY, HEF, Role::Approver),
            (STATUTORY, HEF, Role::Approver),
            (MONITORING, HEF, Role::Approver),
            (MANAGER, PROVIDER, Role::ProviderManager),
        ] {
            self.person(person, org, role).await;
        }
    }

    /// The decision that adopts the arrangement, in force, with its ceiling.
    async fn adopt(&self, ceiling: Pence) {
        self.decide(1, page(ceiling), date(2019, 1, 14)).await;
        let mut work = self.work(HEF).await;
        work.set_ceiling(date(2020, 12, 15), ceiling, DecisionId(1), false).await.unwrap();
        work.record(Event::new("world.ceiling", "annual_value", 1, 1));
        done(work).await;
    }

    /// A decision taken and published on a day, not subject to call-in from the second on; each amends the one before.
    pub async fn decide(&self, id: i64, page: DecisionPage, on: Date) {
        let mut work = self.work(HEF).await;
        let days = WorkingDays::default();
        let rule = CallInRule { working_days: 4, calendar: days.clone() };
        let reference = format!("HEF-{}-{:02}{:02}", on.year(), on.month(), on.day());
        let page = DecisionPage { subject_to_call_in: Some(id == 1 && on < date(2021, 1, 1)), ..page };
        let amends = (id > 1).then_some(DecisionId(id - 1));
        let draft = Decision::record(DecisionId(id), HEF, reference, amends, page);
        let decision = work.apply(draft).await.unwrap();
        let decision = work.apply(decision.decide(on, &days).unwrap()).await.unwrap();
        let decision = work.apply(decision.publish(on, false, None, &rule).unwrap()).await.unwrap();
        work.keep_decision_text(&decision).await.unwrap();
        done(work).await;
    }

    /// One more person of an organisation, in a role.
    pub async fn person(&self, person: PersonId, org: OrganisationId, role: Role) {
        let work = self.work(org).await;
        work.add_person(person, &format!("p{person}@example.com"), &format!("Person {person}"), None).await.unwrap();
        work.add_membership(person, role, "Post", date(2018, 1, 1), OPEN_END).await.unwrap();
        done(work).await;
    }

    /// What the calendar has passed is done.
    pub async fn timers(&self) -> u32 {
        let left = self.app.leave_timers().await.unwrap();
        self.app.do_due_jobs().await.unwrap();
        left
    }

    /// Records facts about powers beside those of every world.
    pub async fn power(&self, facts: &[PowerFact]) {
        let mut work = self.work(HEF).await;
        for (id, fact) in (400..).zip(facts) {
            work.record_power(id, fact).await.unwrap();
        }
        work.record(Event::new("world.more_powers", "delegation", 400, 1));
        done(work).await;
    }

    /// Moves the calendar.
    pub fn at(&self, day: Date, hour: i8) {
        self.app.calendar.move_to(day.at(hour, 0, 0, 0));
    }

    async fn posts(&self) {
        let mut work = self.work(HEF).await;
        let (from, to) = (date(2018, 1, 1), OPEN_END);
        let post = |id, title: &str, grade| {
            PowerFact::Post(Post {
                id: PostId(id),
                organisation: HEF,
                title: title.into(),
                grade,
                remit: Remit::Whole,
                from,
                to,
            })
        };
        let held = |post, person, kind| PowerFact::Holding(Holding { post: PostId(post), person, kind, from, to });
        let link = |letter: char| {
            let letter = letter.into();
            PowerFact::LimbPost(LimbPost { decision: DecisionId(1), letter, post: PostId(1), relevant: false })
        };
        let facts = [
            post(1, "Director", PostGrade::Director),
            post(2, "Monitoring officer", PostGrade::MonitoringOfficer),
            link('b'),
            link('c'),
            held(1, DIRECTOR, HoldingKind::Holder),
            held(1, DEPUTY, HoldingKind::Cover),
            held(2, MONITORING, HoldingKind::Holder),
            PowerFact::Statutory(statutory(HEF, STATUTORY)),
        ];
        for (id, fact) in (100..).zip(&facts) {
            work.record_power(id, fact).await.unwrap();
        }
        work.record(Event::new("world.powers", "delegation", 100, 1));
        done(work).await;
    }

    /// A home in this area with this many beds, admitted at £5,000 a week.
    pub async fn home(&self, id: i64, area: &str, beds: i64) {
        let mut work = self.work(REGION).await;
        let entry = RegisterEntry {
            provider: PROVIDER,
            area: AreaCode::parse(area).unwrap(),
            sector: Sector::Private,
            places: 30,
            short_breaks_only: false,
            suspended: false,
            registered_on: None,
        };
        let now = self.app.calendar.now();
        let change = Home::register(HomeId(id), REGION, format!("SC{}", 392_491 + id).parse().unwrap(), entry, now);
        let home = work.apply(change).await.unwrap();
        for bed in 1..=beds {
            work.add_bed(&home, &Bed { id: BedId(100 * (id - 1) + bed), home: home.id, label: format!("Room {bed}") })
                .await
                .unwrap();
        }
        let nights = Nights::open(date(2018, 12, 15));
        work.record_price(home.id, "planned", "core", nights, Some(Pence::pounds(5_000))).await.unwrap();
        done(work).await;
    }

    /// A referral with these weekly prices offered, one offer each, out and open to choose; its reference.
    pub async fn referral(&self, number: u32, weekly: &[i64], emergency: bool, responsible: OrganisationId) -> String {
        self.searched(number, weekly, (emergency, Prices::Open), responsible).await
    }

    /// The same with prices sealed until the deadline, four hours later, or open at once.
    pub async fn searched(
        &self,
        number: u32,
        weekly: &[i64],
        how: (bool, Prices),
        responsible: OrganisationId,
    ) -> String {
        let start = if how.0 { TOMORROW } else { START };
        self.searched_from(number, weekly, how, (responsible, start)).await
    }

    /// A planned referral with one offer, from this night.
    pub async fn referral_from(&self, number: u32, weekly: i64, start: Date) -> String {
        self.searched_from(number, &[weekly], (false, Prices::Open), (HEF, start)).await
    }

    async fn searched_from(
        &self,
        number: u32,
        weekly: &[i64],
        (emergency, prices): (bool, Prices),
        (responsible, start): (OrganisationId, Date),
    ) -> String {
        let now = self.app.calendar.now();
        let mut work = self.work(HEF).await;
        let id = i64::from(number) * 1_000;
        let child = ChildId(id);
        let key = work.new_child_key(HEF, child).await.unwrap();
        let identity = key.seal(&identity()).unwrap();
        work.apply(Child::record(child, HEF, responsible, number, identity)).await.unwrap();
        let reference = Reference { authority: "HEF".into(), kind: ReferenceKind::Referral, number };
        let profile = Profile {
            age: Some(13),
            lot: Some("planned".into()),
            legal_basis: Some(LegalBasis::FullCareOrder),
            start: Some(start),
            planned_end: Some(END),
            emergency: emergency.then_some(EmergencyCause::PlacementEnded),
            ..Profile::default()
        };
        let begun = Start {
            reference: reference.clone(),
            authority: HEF,
            child,
            officer: OFFICER,
            group: None,
            copied_from: None,
            profile: profile.clone(),
            narrative: key.seal(&Narrative::default()).unwrap(),
        };
        let referral = work.apply(Referral::start(ReferralId(id), begun, now)).await.unwrap();
        let deadline = now.local.saturating_add(jiff::Span::new().hours(4));
        let scoring = Some(placewell_domain::placing::referral::Scoring::starting());
        let out = Out { sent: now.local, deadline, prices, closed_early: None, emergency: profile.emergency, scoring };
        let event = Event::new("referral.sent", "referral", id, 2);
        let referral = Referral { version: 2, state: ReferralState::Out(out), ..referral };
        let referral = work.apply(Change::to(referral, event)).await.unwrap();
        for (at, pounds) in (1..).zip(weekly) {
            offer(&mut work, &referral, at, terms_from(Pence::pounds(*pounds), start)).await;
        }
        done(work).await;
        reference.to_string()
    }

    /// Recommends the first offer; the first approval's reference.
    pub async fn recommend(&self, reference: &str, key: &str) -> Answer<Receipt> {
        let session = self.app.store.read(Some(HEF)).await.unwrap();
        let version = session.referral_by_reference(HEF, reference).await.unwrap().version;
        drop(session);
        self.app.perform(&officer(), key, recommendation(reference, version)).await
    }

    /// Approves one approval as this person, on the facts as they are shown.
    pub async fn approve(&self, who: &Actor, approval: &str, key: &str, urgent: bool) -> Answer<Receipt> {
        let command = self.approval_command(approval, urgent).await;
        self.app.perform(who, key, command).await
    }

    /// The hash of the facts that the page of an approval shows.
    pub async fn seen(&self, approval: &str) -> String {
        self.app.approval_view(&officer(), approval).await.unwrap().hash
    }

    pub async fn approval_command(&self, approval: &str, urgent: bool) -> Approve {
        let view = self.app.approval_view(&officer(), approval).await.unwrap();
        Approve {
            reference: approval.to_owned(),
            version: view.approval.version,
            seen: view.hash,
            conditions: String::new(),
            urgent,
        }
    }
}

pub fn recommendation(reference: &str, version: i64) -> Recommend {
    let reasons = |number: u32| Reasons {
        number,
        for_it: "Keeps the school".into(),
        against: "Dearer".into(),
        not_chosen: (number != 1).then_some(NotChosenReason::Price),
    };
    Recommend {
        reference: reference.into(),
        version,
        number: 1,
        planned_end: END,
        case: RemitArea::ChildrenLookedAfter,
        reasons: (1..=4).map(reasons).collect(),
        gates: Gates {
            wishes: Wishes::Ascertained,
            most_appropriate: true,
            in_care_plan: true,
            relatives: Relatives::Consulted,
            reviewing_officer: Some(date(2021, 9, 10)),
            area_authority: Some(date(2021, 9, 10)),
            care_plan_sent: true,
        },
        wishes: "Wants to stay near her brother".into(),
        social_worker: String::new(),
        relatives: String::new(),
        circumstances: "One home could take her".into(),
    }
}

pub fn statutory(authority: OrganisationId, person: PersonId) -> StatutoryAppointment {
    StatutoryAppointment {
        authority,
        office: StatutoryOffice::DirectorOfChildrensServices,
        person,
        basis: StatutoryBasis::Appointed,
        from: date(2020, 1, 1),
        to: OPEN_END,
    }
}

pub async fn done(work: Work) {
    work.commit(Machine::now()).await.unwrap();
}

pub fn page(ceiling: Pence) -> DecisionPage {
    let limb = |letter: char, powers: &[LimbPower]| Limb {
        letter: letter.into(),
        text: "The Director be authorised".into(),
        effects: vec![LimbEffect::Authorises {
            powers: powers.to_vec(),
            posts: vec![NamedPost { words: "Director".into(), relevant: false }],
        }],
    };
    let adopts = vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: ceiling }];
    DecisionPage {
        title: "Adopt the arrangement".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(true),
        limbs: vec![
            Limb { letter: 'a'.into(), text: String::new(), effects: adopts },
            limb('b', &[LimbPower::Operational, LimbPower::AwardPlacements]),
            limb('c', &[LimbPower::SpotPurchase]),
        ],
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: Some(36) }),
        ..DecisionPage::default()
    }
}

fn identity() -> ChildIdentity {
    ChildIdentity {
        family_name: "Canary".into(),
        given_names: "Wren".into(),
        known_as: None,
        born: date(2008, 3, 1),
        sex: placewell_domain::homes::home::Sex::Female,
        case_number: "C1".into(),
        home_postcode: Some("HR4 9HP".into()),
        school: None,
        other_names: Vec::new(),
    }
}

/// The arrangement as the region records it, with its one lot: no terms, no openings, and nobody who takes part.
pub fn arrangement() -> Arrangement {
    Arrangement {
        id: ArrangementId(1),
        version: 1,
        slug: "fca".into(),
        title: "Flexible Contracting Arrangement".into(),
        lead: "Coventry City Council".into(),
        term: Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![] },
        lots: vec![Lot { code: "planned".into(), name: "Planned".into(), description: String::new() }],
        terms: vec![],
        specification: vec![],
        windows: vec![],
        participants: vec![],
        ahead: Ahead::default(),
    }
}

/// The home is on the arrangement's lot from its first day, as the region's earlier file says.
pub async fn admitted(work: &mut Work, home: HomeId) {
    let from = date(2018, 12, 15);
    let (arrangement, lot) = (ArrangementId(1), "planned".to_owned());
    let admission = Admission { home, arrangement, lot, from, until: OPEN_END, ended: None };
    let provider = work.home(home).await.unwrap().provider;
    work.keep_admission_ground(&AdmissionGround::before_record(provider, from, "file 1")).await.unwrap();
    work.record_admission(&admission).await.unwrap();
}

/// What a home is asked for a child, with open prices and no words.
pub fn asking(
    referral: &Referral,
    number: u32,
    (home, provider): (HomeId, OrganisationId),
    key: &RecordKey,
    now: Moment,
) -> Asking {
    Asking {
        number,
        referral: referral.id,
        reference: referral.reference.clone(),
        authority: referral.authority,
        provider,
        home,
        tier: Tier::Fca,
        deadline: now.local.saturating_add(jiff::Span::new().hours(4)),
        prices: Prices::Open,
        scoring: None,
        profile: referral.profile.for_homes(),
        words: key.seal(&SharedWords::default()).unwrap(),
        trace: Trace::default(),
    }
}

/// An invitation and a sent offer of a home; homes beyond the first are made as they are needed.
async fn offer(work: &mut Work, referral: &Referral, number: u32, terms: OfferTerms) {
    let now = work.moment();
    let id = InvitationId(referral.id.0 + i64::from(number) * 10);
    let key = work.new_invitation_key(PROVIDER, id, referral.child).await.unwrap();
    let home = HomeId(i64::from(number));
    let asking = asking(referral, number, (home, PROVIDER), &key, now);
    let invitation = work.apply(Invitation::ask(id, asking, now)).await.unwrap();
    sent(work, invitation, (OfferId(id.0 + 1), &key), terms).await;
}

/// The offer of a home that was asked, with no words, sent through its pages.
pub async fn sent(work: &mut Work, invitation: Invitation, (id, key): (OfferId, &RecordKey), terms: OfferTerms) {
    let now = work.moment();
    let words = key.seal(&OfferWords::default()).unwrap();
    let draft = work.apply(Offer::draft(id, &invitation, terms, words, now).unwrap()).await.unwrap();
    let sent = Submission {
        at: now.local,
        page_opened: None,
        channel: Channel::Portal,
        entered: None,
        evidence: None,
        late_reason: None,
    };
    let change = draft.send(&PriceCheck::default(), sent, &invitation, now).unwrap();
    let offer = work.apply(change).await.unwrap();
    work.apply(invitation.offered(offer.id).unwrap()).await.unwrap();
}

pub fn terms(weekly: Pence) -> OfferTerms {
    terms_from(weekly, START)
}

pub fn terms_from(weekly: Pence, start: Date) -> OfferTerms {
    let core = PriceLine {
        kind: LineKind::Core,
        label: "Core price".into(),
        weekly,
        from: start,
        to: OPEN_END,
        origin: start,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    };
    OfferTerms {
        bed: None,
        start,
        lines: vec![core],
        must_haves: Vec::new(),
        solo: false,
        keeps_school: Some(true),
        residents: Vec::new(),
        valid_until: date(2021, 9, 30).at(17, 0, 0, 0),
    }
}
