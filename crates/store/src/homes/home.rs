//! Homes, beds and inspections: kept by the regional team and by the home's provider, read by all members.

use jiff::civil::Date;
use placewell_domain::homes::home::inspection::HeldInspection;
use placewell_domain::homes::home::{Bed, Grade, Home, Inspection, InspectionKind, Urn};
use placewell_domain::id::{BedId, HomeId, OrganisationId};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

mod history;
mod named;
mod owner;
mod paper;
mod regulator;

pub use history::RegistrationLine;

/// What the register said of a home when it was last read, word for word, so that the same file twice changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterLine {
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Whether it was on the register.
    pub open: bool,
    /// Registered places, where stated.
    pub places: Option<u32>,
    /// The judgement's stored code, where stated.
    pub judgement: Option<String>,
    /// The owner's name, where stated.
    pub organisation: Option<String>,
    /// The Government Office Region under which the file had it, in lower case: files are compared within one.
    pub region: String,
    /// The day on which the register was read or stood so.
    pub as_at: Date,
}

/// Counts that change whenever anything about homes or beds does: equal stamps, equal homes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomesStamp(Vec<i64>);

fn home(row: &Row) -> Result<Home, StoreError> {
    row.json("body")
}

pub(crate) fn coded<T>(found: Option<T>, what: &str, code: &str) -> Result<T, StoreError> {
    found.ok_or_else(|| StoreError::Fault(format!("stored {what} {code} is not known")))
}

fn inspection(row: &Row) -> Result<Inspection, StoreError> {
    let kind = row.text("kind")?;
    let grade = row.opt_text("grade")?;
    Ok(Inspection {
        kind: coded(InspectionKind::from_code(&kind), "inspection kind", &kind)?,
        inspected_on: row.date("inspected_on")?,
        published_on: row.opt_date("published_on")?,
        grade: grade.map(|code| coded(Grade::from_code(&code), "grade", &code)).transpose()?,
        serious_concerns: row.flag("serious_concerns")?,
        event: row.text("event")?,
        link: row.opt_text("link")?,
    })
}

fn bed(row: &Row) -> Result<Bed, StoreError> {
    Ok(Bed { id: BedId(row.int("id")?), home: HomeId(row.int("home_id")?), label: row.text("label")? })
}

const INSPECTION: &str = "home_id, kind, inspected_on, published_on, grade, serious_concerns, event, link";

impl Session {
    /// Every home, by its number.
    pub async fn homes(&self) -> Result<Vec<Home>, StoreError> {
        self.all("SELECT body FROM home ORDER BY urn, id", vec![]).await?.iter().map(home).collect()
    }

    /// One home.
    pub async fn home(&self, id: HomeId) -> Result<Home, StoreError> {
        self.one("SELECT body FROM home WHERE id = $1", values![id]).await?.body()
    }

    /// The home with this number.
    pub async fn home_by_urn(&self, urn: &Urn) -> Result<Home, StoreError> {
        home(&self.one("SELECT body FROM home WHERE urn = $1 ORDER BY id", values![urn.as_str()]).await?)
    }

    /// A provider's homes, by number.
    pub async fn homes_of(&self, provider: OrganisationId) -> Result<Vec<Home>, StoreError> {
        let sql = "SELECT body FROM home WHERE provider_id = $1 ORDER BY urn, id";
        self.all(sql, values![provider]).await?.iter().map(home).collect()
    }

    /// A home's beds.
    pub async fn beds(&self, home: HomeId) -> Result<Vec<Bed>, StoreError> {
        let sql = "SELECT id, home_id, label FROM bed WHERE home_id = $1 ORDER BY id";
        self.all(sql, values![home]).await?.iter().map(bed).collect()
    }

    /// Every bed, home by home.
    pub async fn all_beds(&self) -> Result<Vec<Bed>, StoreError> {
        self.all("SELECT id, home_id, label FROM bed ORDER BY home_id, id", vec![]).await?.iter().map(bed).collect()
    }

    /// A home's inspections in the order in which they were recorded.
    pub async fn inspections(&self, home: HomeId) -> Result<Vec<Inspection>, StoreError> {
        let sql = format!("SELECT {INSPECTION} FROM inspection WHERE home_id = $1 ORDER BY id");
        self.all(&sql, values![home]).await?.iter().map(inspection).collect()
    }

    /// The same, each with when it was recorded.
    pub async fn inspections_held(&self, home: HomeId) -> Result<Vec<HeldInspection>, StoreError> {
        let sql = format!("SELECT {INSPECTION}, recorded_at FROM inspection WHERE home_id = $1 ORDER BY id");
        let held =
            |row: &Row| Ok(HeldInspection { seen: inspection(row)?, recorded_at: row.opt_moment("recorded_at")? });
        self.all(&sql, values![home]).await?.iter().map(held).collect()
    }

    /// Every inspection, home by home.
    pub async fn all_inspections(&self) -> Result<Vec<(HomeId, Inspection)>, StoreError> {
        let sql = format!("SELECT {INSPECTION} FROM inspection ORDER BY home_id, id");
        let rows = self.all(&sql, vec![]).await?;
        rows.iter().map(|row| Ok((HomeId(row.int("home_id")?), inspection(row)?))).collect()
    }

    /// The day as at which the region's latest file of the register stands; none before the first.
    pub async fn register_as_at(&self, region: OrganisationId) -> Result<Option<Date>, StoreError> {
        let sql = "SELECT as_at FROM home_register WHERE org_id = $1 ORDER BY as_at DESC LIMIT 1";
        self.maybe(sql, values![region]).await?.map(|row| row.date("as_at")).transpose()
    }

    /// What the register last said of each home.
    pub async fn register_lines(&self, region: OrganisationId) -> Result<Vec<RegisterLine>, StoreError> {
        let sql = "SELECT home_id, urn, open, places, judgement, organisation, region, as_at FROM home_register \
                   WHERE org_id = $1 ORDER BY urn";
        let rows = self.all(sql, values![region]).await?;
        rows.iter()
            .map(|row| {
                Ok(RegisterLine {
                    home: HomeId(row.int("home_id")?),
                    urn: row.text("urn")?,
                    open: row.flag("open")?,
                    places: row.opt_int("places")?.and_then(|places| u32::try_from(places).ok()),
                    judgement: row.opt_text("judgement")?,
                    organisation: row.opt_text("organisation")?,
                    region: row.text("region")?,
                    as_at: row.date("as_at")?,
                })
            })
            .collect()
    }

    /// The stamp of everything that a search of homes rests on.
    pub async fn homes_stamp(&self) -> Result<HomesStamp, StoreError> {
        let sql = "SELECT \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM home) AS homes, \
            (SELECT count(*) FROM bed) AS beds, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM bed_use) AS uses, \
            (SELECT count(*) FROM inspection) AS inspections, \
            (SELECT count(*) + CAST(coalesce(max(known_from), 0) AS BIGINT) FROM standing_fact) AS standings, \
            (SELECT count(*) + CAST(coalesce(max(known_from), 0) AS BIGINT) FROM lot_standing) AS lots, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM standing_measure) AS measures, \
            (SELECT count(*) + CAST(coalesce(max(known_from), 0) AS BIGINT) FROM admission) AS admissions, \
            (SELECT count(*) FROM admission_ground) AS grounds, \
            (SELECT count(*) + CAST(coalesce(max(known_from), 0) AS BIGINT) FROM price_fact) AS prices, \
            (SELECT count(*) FROM organisation) AS organisations, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM block) AS blocks, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM resale) AS resales, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM nomination) AS nominations, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM void_offer) AS voids";
        let row = self.one(sql, vec![]).await?;
        let columns = [
            "homes",
            "beds",
            "uses",
            "inspections",
            "standings",
            "lots",
            "measures",
            "admissions",
            "grounds",
            "prices",
            "organisations",
            "blocks",
            "resales",
            "nominations",
            "voids",
        ];
        Ok(HomesStamp(columns.iter().map(|column| row.int(column)).collect::<Result<_, _>>()?))
    }
}

impl Record for Home {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let area = self.area.to_string();
        let state = self.state.name();
        if self.version == 1 {
            let sql = "INSERT INTO home (id, org_id, provider_id, version, urn, state, area, places, body) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            let urn = self.urn.as_str();
            let values =
                values![self.id, self.region, self.provider, self.version, urn, state, area, self.places, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE home SET provider_id = $1, version = $2, state = $3, area = $4, places = $5, body = $6 \
                   WHERE id = $7 AND org_id = $8 AND version = $9";
        let values = values![
            self.provider,
            self.version,
            state,
            area,
            self.places,
            body,
            self.id,
            self.region,
            self.version - 1
        ];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

impl Work {
    /// Adds a bed to a home.
    pub async fn add_bed(&self, home: &Home, bed: &Bed) -> Result<(), StoreError> {
        let sql = "INSERT INTO bed (id, org_id, provider_id, home_id, label) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![bed.id, home.region, home.provider, home.id, bed.label]).await?;
        Ok(())
    }

    /// The beds of a home follow it to another provider.
    pub async fn hand_over_beds(&self, home: &Home) -> Result<(), StoreError> {
        let sql = "UPDATE bed SET provider_id = $1 WHERE org_id = $2 AND home_id = $3 AND provider_id <> $1";
        self.execute(sql, values![home.provider, home.region, home.id]).await?;
        Ok(())
    }

    /// Records an inspection; nothing is overwritten.
    pub async fn add_inspection(&self, home: &Home, seen: &Inspection) -> Result<(), StoreError> {
        let sql = "INSERT INTO inspection (id, org_id, home_id, kind, inspected_on, published_on, grade, \
                   serious_concerns, event, link, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let grade = seen.grade.map(Grade::code);
        let values = values![
            self.new_id(),
            home.region,
            home.id,
            seen.kind.code(),
            seen.inspected_on,
            seen.published_on,
            grade,
            seen.serious_concerns,
            seen.event,
            seen.link,
            self.moment().at
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// The register still says of these homes what it said, as at a later day.
    pub async fn register_still_says(&self, homes: &[HomeId], as_at: Date) -> Result<(), StoreError> {
        if homes.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = homes.iter().map(|home| home.0.to_string()).collect();
        let sql = format!(
            "UPDATE home_register SET as_at = $1 WHERE org_id = $2 AND as_at < $1 AND home_id IN ({})",
            ids.join(", ")
        );
        self.execute(&sql, values![as_at, self.org()]).await?;
        Ok(())
    }

    /// Keeps what the register said of a home.
    pub async fn keep_register_line(&self, line: &RegisterLine) -> Result<(), StoreError> {
        let sql = "INSERT INTO home_register (org_id, home_id, urn, open, places, judgement, organisation, region, \
                   as_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, home_id) DO UPDATE SET \
                   open = excluded.open, places = excluded.places, judgement = excluded.judgement, \
                   organisation = excluded.organisation, region = excluded.region, as_at = excluded.as_at";
        let values = values![
            self.org(),
            line.home,
            line.urn,
            line.open,
            line.places,
            line.judgement,
            line.organisation,
            line.region,
            line.as_at
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}
