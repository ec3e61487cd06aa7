//! Price points: what each placement was bought for, without anybody whom it could name; the region's members read all.

use jiff::civil::Date;
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::Wants;
use placewell_domain::id::{OrganisationId, ReferralId};
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint, Staffing};
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::referral::standard::NeededBy;
use sea_orm::Value;

use crate::error::StoreError;
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::work::Work;

const COLUMNS: &str =
    "org_id, route, lot, need_band, age_band, education, staffing, notice, area, home, quarter, weekly_pence";
/// What a number of [`crate::keys::MasterKey::number`] stands for.
const PRICED: &str = "price_point";
const HOME: &str = "price_point.home";
/// Rows in one statement.
const AT_ONCE: usize = 60;

impl Session {
    /// Every price point that the reader may read: those of all authorities, for a member of the arrangement.
    pub async fn price_points(&self) -> Result<Vec<PricePoint>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM price_point ORDER BY org_id, quarter, id");
        self.all(&sql, vec![]).await?.iter().map(point).collect()
    }

    /// What placements like those of a block are bought for by one route since a quarter: on its lot, at its ages, with the
    /// home's usual staffing and without education.
    pub async fn like_points(
        &self,
        wants: &Wants,
        route: BuyingRoute,
        since: Date,
    ) -> Result<Vec<PricePoint>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM price_point WHERE lot = $1 AND route = $2 AND quarter >= $3 AND staffing = 'usual' \
             AND education = 0 AND weekly_pence > 0 ORDER BY weekly_pence"
        );
        let rows = self.all(&sql, values![wants.lot.as_str(), route.code(), since]).await?;
        let mut points = rows.iter().map(point).collect::<Result<Vec<_>, _>>()?;
        points.retain(|point| wants.of_age(point.age));
        Ok(points)
    }

    /// The number that stands for a home in price points.
    pub(crate) fn home_number(&self, home: i64) -> i64 {
        self.master().number(HOME, home)
    }
}

impl Work {
    /// Keeps what placements were bought for, each under the number of what it comes from: a referral, or a record
    /// that was brought in. One that is kept already stays as it is.
    pub async fn keep_price_points(&self, points: &[(i64, PricePoint)]) -> Result<(), StoreError> {
        for some in points.chunks(AT_ONCE) {
            let sql = format!(
                "INSERT INTO price_point (id, {COLUMNS}) VALUES {} ON CONFLICT (org_id, id) DO NOTHING",
                places(some.len(), 13)
            );
            let values: Vec<Value> = some.iter().flat_map(|(from, point)| self.columns(*from, point)).collect();
            self.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// Takes back the price point of a placement that never began.
    pub async fn forget_price_point(&self, referral: ReferralId) -> Result<(), StoreError> {
        let id = self.master().number(PRICED, referral.0);
        self.execute("DELETE FROM price_point WHERE org_id = $1 AND id = $2", values![self.org(), id]).await?;
        Ok(())
    }

    fn columns(&self, from: i64, point: &PricePoint) -> Vec<Value> {
        let master = self.master();
        values![
            master.number(PRICED, from),
            self.org(),
            point.route.code(),
            point.lot,
            point.need_band,
            point.age.code(),
            point.education,
            point.staffing.code(),
            point.notice.map_or("", NeededBy::code),
            point.area.to_string(),
            master.number(HOME, point.home),
            point.quarter,
            point.weekly
        ]
    }
}

fn point(row: &Row) -> Result<PricePoint, StoreError> {
    Ok(PricePoint {
        authority: OrganisationId(row.int("org_id")?),
        route: coded(row, "route", BuyingRoute::from_code)?,
        lot: row.text("lot")?,
        need_band: row.text("need_band")?,
        age: coded(row, "age_band", AgeBand::from_code)?,
        education: row.flag("education")?,
        staffing: coded(row, "staffing", Staffing::from_code)?,
        notice: NeededBy::from_code(&row.text("notice")?),
        area: AreaCode::parse(&row.text("area")?).map_err(StoreError::fault)?,
        home: row.int("home")?,
        quarter: row.date("quarter")?,
        weekly: row.pence("weekly_pence")?,
    })
}

fn coded<T>(row: &Row, column: &str, read: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let code = row.text(column)?;
    read(&code).ok_or_else(|| StoreError::Fault(format!("{column} holds no such code: {code}")))
}
