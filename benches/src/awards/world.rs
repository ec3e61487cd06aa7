//! An invented authority with a decision in force, a ceiling of three contract years and a director, and as many
//! recommendations as are to be approved, each of its own child at a bed of its own.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::demonstration::authorities::{PARTS, Part, place};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::change::Event;
use placewell_domain::homes::home::{
    Ages, Bed, Home, Need, NeedAnswers, NeedSet, Purpose, RegisterEntry, RegisteredSex, Sector,
};
use placewell_domain::id::{BedId, DecisionId, HomeId, OrganisationId, PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::place::{Postcode, locate};
use placewell_domain::power::decision::{
    CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, Limb, LimbEffect, LimbPower, NamedPost,
};
use placewell_domain::power::delegation::{
    Holding, HoldingKind, LimbPost, Post, PostGrade, Remit, StatutoryAppointment, StatutoryBasis, StatutoryOffice,
};
use placewell_store::keys::MasterKey;
use placewell_store::{Store, Work};

use super::asking;
use crate::chance::Chance;

/// The authority.
pub const AUTHORITY: OrganisationId = OrganisationId(1);
/// The provider of every home.
pub const PROVIDER: OrganisationId = OrganisationId(5);
const REGION: OrganisationId = OrganisationId(9);
/// The officer who recommends.
pub const OFFICER: PersonId = PersonId(11);
const DIRECTOR: PersonId = PersonId(12);
const STATUTORY: PersonId = PersonId(14);
const BEDS: u32 = 4;
/// How many homes are written by one transaction.
const TOGETHER: usize = 100;
/// Every contract year that an award touches.
pub const YEARS: [Date; 3] = [date(2020, 12, 15), date(2021, 12, 15), date(2022, 12, 15)];
/// What one award commits in its whole year: 365 nights at £600.
pub const WHOLE_YEAR: Pence = Pence::pounds(219_000);

/// Any error as the bench's own.
pub fn told(error: impl std::fmt::Debug) -> anyhow::Error {
    anyhow!("{error:?}")
}

/// A person acting for the authority.
pub fn actor(person: PersonId, role: Role) -> Actor {
    Actor {
        person,
        name: format!("Person {person}"),
        organisation: AUTHORITY,
        code: "HEF".into(),
        organisation_name: "Herefordshire".into(),
        kind: OrganisationKind::Authority,
        role,
        by: placewell_domain::office::person::session::By::Service,
    }
}

/// How much a database is filled with.
pub struct Size {
    /// Requests for approval.
    pub requests: u32,
    /// How many of them are beyond the ceiling.
    pub beyond: u32,
    /// The fewest homes: those beyond what the requests need stand all over the region.
    pub homes: u32,
}

/// A filled database: its application, and the addresses of the requests for approval.
pub struct World {
    /// The application over it.
    pub app: Arc<App>,
    /// `/approvals/…` of each request.
    pub asked: Vec<String>,
}

/// The home and the bed of an award.
pub fn place_of(number: u32) -> (HomeId, BedId) {
    (HomeId(i64::from((number - 1) / BEDS) + 1), BedId(i64::from(number)))
}

impl World {
    /// Fills an empty database, with a ceiling that holds the requests but for those beyond it exactly.
    pub async fn fill(url: &str, key: &Path, size: &Size) -> anyhow::Result<Self> {
        let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
        let app = App::new(open(url, key).await?, calendar);
        let mut world = Self { app, asked: Vec::new() };
        world.organisations().await?;
        let held = i64::from(size.requests - size.beyond);
        world.powers(Pence(WHOLE_YEAR.0 * held)).await?;
        world.homes(size).await?;
        for number in 1..=size.requests {
            let asked = asking::recommended(&world.app, number).await?;
            world.asked.push(asked);
        }
        Ok(world)
    }

    /// A session of the director's; its cookie.
    pub async fn sign_in(&self) -> anyhow::Result<String> {
        self.cookie(&actor(DIRECTOR, Role::Approver)).await
    }

    /// A session of the officer's; its cookie.
    pub async fn sign_in_officer(&self) -> anyhow::Result<String> {
        self.cookie(&actor(OFFICER, Role::PlacementOfficer)).await
    }

    async fn cookie(&self, actor: &Actor) -> anyhow::Result<String> {
        let token = self.app.start_session(actor).await.map_err(told)?;
        Ok(format!("placewell_session={token}"))
    }

    async fn work(&self, org: OrganisationId) -> anyhow::Result<Work> {
        self.app.store.begin(org, self.app.calendar.now()).await.map_err(told)
    }

    async fn organisations(&self) -> anyhow::Result<()> {
        let kinds = [
            (AUTHORITY, "HEF", OrganisationKind::Authority),
            (PROVIDER, "larkrise", OrganisationKind::Provider),
            (REGION, "region", OrganisationKind::RegionalTeam),
        ];
        for (id, code, kind) in kinds {
            let work = self.work(id).await?;
            let area = (id == AUTHORITY).then(|| "E06000019".to_owned());
            let (code, name) = (code.to_owned(), format!("Organisation {code}"));
            work.add_organisation(&Organisation { id, code, name, kind, area, placing_body: None })
                .await
                .map_err(told)?;
            if id == AUTHORITY {
                work.set_mark("demonstration", "2021-09-13T10:20:00").await.map_err(told)?;
            }
            done(work).await?;
        }
        for (person, org, role) in [
            (OFFICER, AUTHORITY, Role::PlacementOfficer),
            (DIRECTOR, AUTHORITY, Role::Approver),
            (STATUTORY, AUTHORITY, Role::Approver),
            (PersonId(15), PROVIDER, Role::ProviderManager),
        ] {
            let work = self.work(org).await?;
            let (email, name) = (format!("p{person}@example.com"), format!("Person {person}"));
            work.add_person(person, &email, &name, None).await.map_err(told)?;
            work.add_membership(person, role, "Post", date(2018, 1, 1), OPEN_END).await.map_err(told)?;
            done(work).await?;
        }
        Ok(())
    }

    async fn powers(&self, ceiling: Pence) -> anyhow::Result<()> {
        let mut work = self.work(AUTHORITY).await?;
        let (days, decided) = (WorkingDays::default(), date(2019, 1, 14));
        let rule = CallInRule { working_days: 4, calendar: days.clone() };
        let draft = Decision::record(DecisionId(1), AUTHORITY, "HEF-2019-0114".into(), None, page(ceiling));
        let decision = work.apply(draft).await.map_err(told)?;
        let decision = work.apply(decision.decide(decided, &days).map_err(told)?).await.map_err(told)?;
        let published = decision.publish(decided, false, None, &rule).map_err(told)?;
        let decision = work.apply(published).await.map_err(told)?;
        work.keep_decision_text(&decision).await.map_err(told)?;
        for (id, fact) in (100..).zip(&power_facts()) {
            work.record_power(id, fact).await.map_err(told)?;
        }
        for year in YEARS {
            work.set_ceiling(year, ceiling, DecisionId(1), false).await.map_err(told)?;
        }
        work.record(Event::new("world.powers", "delegation", 100, 1));
        done(work).await
    }

    /// Homes of four beds each: those that the requests need in the authority's own area, the others anywhere.
    async fn homes(&self, size: &Size) -> anyhow::Result<()> {
        let own = i64::from(size.requests.div_ceil(BEDS));
        let numbers: Vec<i64> = (1..=own.max(i64::from(size.homes))).collect();
        for some in numbers.chunks(TOGETHER) {
            let mut work = self.work(REGION).await?;
            for number in some {
                let part = if *number <= own { place("HEF") } else { usize::try_from(*number)? % PARTS.len() };
                self.home(&mut work, *number, &PARTS[part]).await?;
            }
            done(work).await?;
        }
        Ok(())
    }

    async fn home(&self, work: &mut Work, number: i64, part: &Part) -> anyhow::Result<()> {
        let mut chance = Chance::new(u64::try_from(number)?);
        let entry = RegisterEntry {
            provider: PROVIDER,
            area: part.area(),
            sector: Sector::Private,
            places: u8::try_from(BEDS)?,
            short_breaks_only: false,
            suspended: false,
            registered_on: None,
        };
        let urn = format!("SC{:06}", 100_000 + number).parse().map_err(told)?;
        let change = Home::register(HomeId(number), REGION, urn, entry, self.app.calendar.now());
        let home = work.apply(change).await.map_err(told)?;
        // Each home is registered for the age of the children who are placed, 13, so that any of them can be awarded.
        let from = u8::try_from(chance.between(8, 13))?;
        let bits = chance.sparse_bits(u32::try_from(Need::ALL.len())?);
        let purpose = Purpose {
            name: format!("Home {number}"),
            ages: Ages { from, to: from + 5 },
            sex: RegisteredSex::Any,
            answers: NeedAnswers { meets: NeedSet::from_bits(!bits & bits.rotate_left(1)), does_not: NeedSet::NONE },
            as_of: date(2021, 1, 4),
        };
        let home = work.apply(home.state_purpose(purpose).map_err(told)?).await.map_err(told)?;
        let postcode = Postcode::parse(&format!("{} 1AA", chance.one(part.outcodes))).map_err(told)?;
        let point = locate(&postcode).map(|place| place.point);
        let home = work.apply(home.supply_postcode(postcode, point).map_err(told)?).await.map_err(told)?;
        for bed in (number - 1) * i64::from(BEDS) + 1..=number * i64::from(BEDS) {
            let bed = Bed { id: BedId(bed), home: home.id, label: format!("Room {bed}") };
            work.add_bed(&home, &bed).await.map_err(told)?;
        }
        let nights = Nights::open(date(2018, 12, 15));
        work.record_price(home.id, "planned", "core", nights, Some(Pence::pounds(5_000))).await.map_err(told)
    }
}

/// Opens a database with the key in a file.
pub async fn open(url: &str, key: &Path) -> anyhow::Result<Store> {
    let text = std::fs::read_to_string(key).with_context(|| format!("{} is missing", key.display()))?;
    Store::open(url, MasterKey::from_hex(text.trim()).map_err(told)?).await.map_err(told)
}

/// Commits.
pub async fn done(work: Work) -> anyhow::Result<()> {
    work.commit(Machine::now()).await.map_err(told)
}

fn power_facts() -> Vec<PowerFact> {
    let (from, to) = (date(2018, 1, 1), OPEN_END);
    let post = Post {
        id: PostId(1),
        organisation: AUTHORITY,
        title: "Director".into(),
        grade: PostGrade::Director,
        remit: Remit::Whole,
        from,
        to,
    };
    let limb = LimbPost { decision: DecisionId(1), letter: 'b'.into(), post: PostId(1), relevant: false };
    let held = Holding { post: PostId(1), person: DIRECTOR, kind: HoldingKind::Holder, from, to };
    let statutory = StatutoryAppointment {
        authority: AUTHORITY,
        office: StatutoryOffice::DirectorOfChildrensServices,
        person: STATUTORY,
        basis: StatutoryBasis::Appointed,
        from,
        to,
    };
    vec![PowerFact::Post(post), PowerFact::LimbPost(limb), PowerFact::Holding(held), PowerFact::Statutory(statutory)]
}

fn page(ceiling: Pence) -> DecisionPage {
    let awards = LimbEffect::Authorises {
        powers: vec![LimbPower::Operational, LimbPower::AwardPlacements],
        posts: vec![NamedPost { words: "Director".into(), relevant: false }],
    };
    let limb = |letter: char, effects| Limb { letter: letter.into(), text: String::new(), effects };
    DecisionPage {
        title: "Adopt the arrangement".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(true),
        limbs: vec![
            limb('a', vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: ceiling }]),
            limb('b', vec![awards]),
        ],
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: date(2024, 12, 14), option_months: Some(0) }),
        ..DecisionPage::default()
    }
}
