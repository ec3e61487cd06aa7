//! A region, its provider, two authorities and homes with beds, for tests of homes and beds.

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_domain::authority::AreaCode;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::{Bed, Home, RegisterEntry, Sector};
use placewell_domain::id::{BedId, HomeId, OrganisationId};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_store::Store;

pub const REGION: OrganisationId = OrganisationId(1);
pub const PROVIDER: OrganisationId = OrganisationId(2);
pub const HEREFORDSHIRE: OrganisationId = OrganisationId(3);
pub const SHROPSHIRE: OrganisationId = OrganisationId(4);
pub const TODAY: Date = date(2021, 9, 13);

pub fn moment() -> Moment {
    moment_of(TODAY.at(10, 20, 0, 0))
}

pub fn entry(places: u8) -> RegisterEntry {
    RegisterEntry {
        provider: PROVIDER,
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places,
        short_breaks_only: false,
        suspended: false,
        registered_on: Some(date(2019, 4, 1)),
    }
}

/// The organisations, and homes 1 to `homes` of `beds` beds each; bed ids are home × 100 + number.
pub async fn region(store: &Store, homes: i64, beds: u8) {
    let kinds = [
        (REGION, "west-midlands", OrganisationKind::RegionalTeam),
        (PROVIDER, "elm-care", OrganisationKind::Provider),
        (HEREFORDSHIRE, "HEF", OrganisationKind::Authority),
        (SHROPSHIRE, "SHR", OrganisationKind::Authority),
    ];
    let mut work = store.begin(REGION, moment()).await.unwrap();
    for (id, code, kind) in kinds {
        let new = Organisation { id, code: code.into(), name: code.into(), kind, area: None, placing_body: None };
        work.add_organisation(&new).await.unwrap();
    }
    for id in 1..=homes {
        let urn = format!("SC{:06}", 400_000 + id).parse().unwrap();
        let change = Home::register(HomeId(id), REGION, urn, entry(beds), moment());
        let home = work.apply(change).await.unwrap();
        for number in 1..=i64::from(beds) {
            let bed = Bed { id: BedId(id * 100 + number), home: home.id, label: format!("Bed {number}") };
            work.add_bed(&home, &bed).await.unwrap();
        }
    }
    work.commit(Machine::now()).await.unwrap();
}
