//! Values into SQL and out of it: the few types that both databases share.
//!
//! Dates are `DATE` on PostgreSQL and ISO text on SQLite, moments are microseconds since 1970 on both.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::money::Pence;
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use sea_orm::{QueryResult, TryGetable, Value};
use serde::de::DeserializeOwned;

use crate::error::StoreError;
pub use crate::sqlite::Cells;

/// Something that can stand for `$1`.
pub trait ToSql {
    /// As a bound value.
    fn to_sql(&self) -> Value;
}

macro_rules! to_sql {
    ($($type:ty => $variant:ident, $convert:expr;)*) => { $(
        impl ToSql for $type {
            fn to_sql(&self) -> Value {
                let convert: fn(&$type) -> _ = $convert;
                Value::$variant(Some(convert(self)))
            }
        }
        impl ToSql for Option<$type> {
            fn to_sql(&self) -> Value {
                let convert: fn(&$type) -> _ = $convert;
                Value::$variant(self.as_ref().map(convert))
            }
        }
    )* };
}

to_sql! {
    i64 => BigInt, |value| *value;
    i32 => BigInt, |value| i64::from(*value);
    u32 => BigInt, |value| i64::from(*value);
    u8 => BigInt, |value| i64::from(*value);
    bool => BigInt, |value| i64::from(*value);
    Pence => BigInt, |value| value.0;
    Timestamp => BigInt, |value| value.as_microsecond();
    String => String, Clone::clone;
    Date => ChronoDate, |value| chrono_date(*value);
    Vec<u8> => Bytes, Clone::clone;
}

impl ToSql for &str {
    fn to_sql(&self) -> Value {
        Value::String(Some((*self).to_owned()))
    }
}

impl ToSql for Option<&str> {
    fn to_sql(&self) -> Value {
        Value::String(self.map(ToOwned::to_owned))
    }
}

impl ToSql for &[u8] {
    fn to_sql(&self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }
}

macro_rules! id_to_sql {
    ($($id:ident)*) => { $(
        impl ToSql for placewell_domain::id::$id {
            fn to_sql(&self) -> Value { Value::BigInt(Some(self.0)) }
        }
        impl ToSql for Option<placewell_domain::id::$id> {
            fn to_sql(&self) -> Value { Value::BigInt(self.map(|id| id.0)) }
        }
    )* };
}

id_to_sql!(OrganisationId PersonId ChildId DecisionId PostId ArrangementId HomeId BedId BedUseId ReferralId InvitationId OfferId ApprovalId AgreementId DocumentId BlockId NominationId BlockBidId AppraisalId DelegatedDecisionId OpeningId ApplicationId EvaluationId MeasureId AlertId RegistrationId UploadId PaperId UpliftId);

/// Values for `$1`, `$2`, … in order.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::row::ToSql::to_sql(&$value)),*] };
}

/// `($1, $2), ($3, $4)`: the places of the values of so many rows in one statement.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    places_after(0, rows, columns)
}

/// The same after so many values that stand before them.
pub(crate) fn places_after(before: usize, rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", before + row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Days fit: civil dates of this product lie between 1900 and 9999.
fn chrono_date(date: Date) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(
        i32::from(date.year()),
        date.month().unsigned_abs().into(),
        date.day().unsigned_abs().into(),
    )
    .unwrap_or_default()
}

fn civil_date(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|error| StoreError::Fault(format!("a stored date does not read: {error}")))
}

/// One row of an answer.
#[derive(Clone)]
pub enum Row {
    /// From SQLite.
    Sqlite(Arc<Cells>),
    /// From PostgreSQL.
    Postgres(Arc<QueryResult>),
}

impl Row {
    fn read<T: FromSql + TryGetable>(&self, column: &str) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(cells) => T::column_result(cells.get(column)?)
                .map_err(|error| StoreError::Fault(format!("column {column} does not read: {error}"))),
            Self::Postgres(row) => Ok(row.try_get("", column)?),
        }
    }

    /// What stands in a column, where it stands.
    fn lent<'r, T>(
        &'r self,
        column: &str,
        sqlite: impl FnOnce(ValueRef<'r>) -> FromSqlResult<T>,
    ) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        match self {
            Self::Sqlite(cells) => sqlite(cells.get(column)?)
                .map_err(|error| StoreError::Fault(format!("column {column} does not read: {error}"))),
            Self::Postgres(row) => {
                let row = row.try_as_pg_row().ok_or_else(|| StoreError::fault("a row is of another database"))?;
                sqlx::Row::try_get(row, column).map_err(StoreError::fault)
            }
        }
    }

    /// Text, not copied.
    pub(crate) fn lent_text(&self, column: &str) -> Result<&str, StoreError> {
        self.lent(column, |value| value.as_str())
    }

    /// Bytes, not copied.
    pub(crate) fn lent_bytes(&self, column: &str) -> Result<&[u8], StoreError> {
        self.lent(column, |value| value.as_blob())
    }

    /// Bytes that may be absent, not copied.
    pub(crate) fn lent_opt_bytes(&self, column: &str) -> Result<Option<&[u8]>, StoreError> {
        self.lent(column, |value| value.as_blob_or_null())
    }

    /// A whole number.
    pub fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.read(column)
    }

    /// A whole number that may be absent.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.read(column)
    }

    /// A flag, stored as 0 or 1.
    pub fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// An amount in pence.
    pub fn pence(&self, column: &str) -> Result<Pence, StoreError> {
        Ok(Pence(self.int(column)?))
    }

    /// Text.
    pub fn text(&self, column: &str) -> Result<String, StoreError> {
        self.read(column)
    }

    /// Text that may be absent.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.read(column)
    }

    /// Bytes.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.read(column)
    }

    /// Bytes that may be absent.
    pub fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(column)
    }

    /// A civil date.
    pub fn date(&self, column: &str) -> Result<Date, StoreError> {
        self.opt_date(column)?.ok_or_else(|| StoreError::Fault(format!("column {column} holds no day")))
    }

    /// A civil date that may be absent.
    pub fn opt_date(&self, column: &str) -> Result<Option<Date>, StoreError> {
        if let Self::Postgres(row) = self {
            let found: Option<chrono::NaiveDate> = row.try_get("", column)?;
            return found.map(|day| civil_date(&day.format("%Y-%m-%d").to_string())).transpose();
        }
        self.opt_text(column)?.map(|text| civil_date(&text)).transpose()
    }

    /// A moment.
    pub fn moment(&self, column: &str) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.int(column)?).map_err(StoreError::fault)
    }

    /// A moment that may be absent.
    pub fn opt_moment(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        self.opt_int(column)?.map(|micros| Timestamp::from_microsecond(micros).map_err(StoreError::fault)).transpose()
    }

    /// A record's detail, kept as JSON text.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(cells) => {
                let text = cells.get(column)?.as_str().map_err(StoreError::fault)?;
                Ok(serde_json::from_str(text)?)
            }
            Self::Postgres(_) => Ok(serde_json::from_str(&self.text(column)?)?),
        }
    }

    /// A record that its column `body` holds whole, and that many ask for: read out of the text once for as long as the row
    /// is kept.
    pub fn body<T: DeserializeOwned + Clone + Send + Sync + 'static>(&self) -> Result<T, StoreError> {
        self.once(|| self.json("body"))
    }

    /// What is made of the row and many ask for: made once for as long as the row is kept.
    pub fn once<T: Clone + Send + Sync + 'static>(
        &self,
        make: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(cells) => cells.once(make),
            Self::Postgres(_) => make(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_out_of_its_row_once_and_as_what_is_asked_for() {
        let row = Row::Sqlite(Arc::new(Cells::of("body", "[1, 2]")));
        for _again in 0..2 {
            assert_eq!(row.body::<Vec<i64>>().unwrap(), [1, 2]);
            assert_eq!(row.body::<(u8, u8)>().unwrap(), (1, 2));
        }
        assert!(row.body::<String>().is_err());
    }
}
