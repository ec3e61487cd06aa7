//! Where full postcodes are: a directory that the operator brought in, the same for every organisation.

use std::collections::HashMap;

use placewell_domain::homes::home::Home;
use placewell_domain::id::OrganisationId;
use placewell_domain::place::{Point, Postcode};
use sea_orm::Value;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// The most postcodes in one question or one write.
pub const MOST_PLACES: usize = 1_000;

fn point(row: &Row) -> Result<Point, StoreError> {
    let metres = |column| row.int(column).and_then(|metres| i32::try_from(metres).map_err(StoreError::fault));
    Ok(Point { easting: metres("easting")?, northing: metres("northing")? })
}

impl Session {
    /// Where the directory has a postcode; none where it does not have it, or where none was brought in.
    pub async fn place_of(&self, postcode: &Postcode) -> Result<Option<Point>, StoreError> {
        let sql = "SELECT easting, northing FROM postcode WHERE postcode = $1";
        self.maybe(sql, values![postcode.to_string()]).await?.as_ref().map(point).transpose()
    }

    /// Where the directory has those of these postcodes that it has: [`MOST_PLACES`] at most.
    pub async fn places_of(&self, postcodes: &[String]) -> Result<HashMap<String, Point>, StoreError> {
        if postcodes.is_empty() {
            return Ok(HashMap::new());
        }
        let asked: Vec<String> = (1..=postcodes.len()).map(|at| format!("${at}")).collect();
        let sql = format!("SELECT postcode, easting, northing FROM postcode WHERE postcode IN ({})", asked.join(", "));
        let values = postcodes.iter().map(|postcode| Value::from(postcode.clone())).collect();
        let rows = self.all(&sql, values).await?;
        rows.iter().map(|row| Ok((row.text("postcode")?, point(row)?))).collect()
    }

    /// How many postcodes the directory has.
    pub async fn places_held(&self) -> Result<i64, StoreError> {
        self.one("SELECT count(*) AS held FROM postcode", vec![]).await?.int("held")
    }

    /// The open homes that a regional team keeps and whose postcode is known, by number.
    pub async fn homes_with_postcode(&self, region: OrganisationId) -> Result<Vec<Home>, StoreError> {
        let sql = "SELECT body FROM home WHERE org_id = $1 AND state <> 'closed' ORDER BY urn, id";
        let homes: Vec<Home> =
            self.all(sql, values![region]).await?.iter().map(|row| row.json("body")).collect::<Result<_, _>>()?;
        Ok(homes.into_iter().filter(|home| home.postcode.is_some()).collect())
    }
}

impl Work {
    /// Keeps where postcodes are, [`MOST_PLACES`] at most; how many of them were not held so.
    pub async fn keep_places(&self, places: &[(Postcode, Point)]) -> Result<u64, StoreError> {
        if places.is_empty() {
            return Ok(0);
        }
        let rows: Vec<String> =
            (0..places.len()).map(|at| format!("(${}, ${}, ${})", at * 3 + 1, at * 3 + 2, at * 3 + 3)).collect();
        let sql = format!(
            "INSERT INTO postcode (postcode, easting, northing) VALUES {} ON CONFLICT (postcode) DO UPDATE SET \
             easting = excluded.easting, northing = excluded.northing \
             WHERE postcode.easting <> excluded.easting OR postcode.northing <> excluded.northing",
            rows.join(", ")
        );
        let values = places.iter().flat_map(|(postcode, point)| {
            values![postcode.to_string(), i64::from(point.easting), i64::from(point.northing)]
        });
        self.execute(&sql, values.collect()).await
    }
}
