//! Lists in pages by key: `?after=` the last key of the page before, `&limit=` at most 100.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use placewell_domain::outcome::Invalid;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use crate::fields::Fields;
use crate::server::Web;

/// How many are sent where the caller does not say.
const USUAL: i64 = 50;

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The `next` of the page before; left out for the first page.
    #[param(value_type = Option<String>, required = false, max_length = 200)]
    pub after: String,
    /// How many at most; 50 where it is left out.
    #[param(value_type = Option<i64>, required = false, minimum = 1, maximum = 100, example = 50)]
    pub limit: usize,
}

impl FromRequestParts<Web> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _web: &Web) -> Result<Self, Problem> {
        let fields = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let mut invalid = Invalid::default();
        let limit = match fields.filled("limit") {
            None => Some(USUAL),
            Some(_) => fields.number("limit", 1..=100, "Send a limit from 1 to 100", &mut invalid),
        };
        let after = fields.optional_text("after", 200, &mut invalid);
        invalid.or(())?;
        Ok(Self { after, limit: limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or_default() })
    }
}

/// One page of a list, in the order of its keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The records.
    pub items: Vec<T>,
    /// Send this as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

impl Paging {
    /// The page of a whole list, ordered by a key that each item has alone.
    pub fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Listed<T> {
        items.sort_by_cached_key(&key);
        let mut items: Vec<T> = items.into_iter().filter(|item| key(item) > self.after).take(self.limit + 1).collect();
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        Listed { next: items.last().filter(|_| more).map(&key), items }
    }
}

impl Paging {
    /// The key after which the database begins, and how many it reads: one more than is sent, to know whether more follow.
    pub fn read(&self) -> (&str, u32) {
        (&self.after, u32::try_from(self.limit + 1).unwrap_or(u32::MAX))
    }

    /// The page of what the database read, in the order of its keys.
    pub fn cut<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Listed<T> {
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        Listed { next: items.last().filter(|_| more).map(key), items }
    }
}

impl<T> Listed<T> {
    /// The same page, each item in another form.
    pub fn map<U>(self, form: impl Fn(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(form).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_joined_are_the_whole_list_once_whatever_the_limit() {
        let all: Vec<String> = (0..25).map(|number| format!("HEF-R-{number:04}")).collect();
        for limit in 1..=30 {
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let page = Paging { after, limit }.page(all.iter().rev().cloned().collect(), String::clone);
                found.extend(page.items);
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            assert_eq!(found, all, "limit {limit}");
        }
    }
}
