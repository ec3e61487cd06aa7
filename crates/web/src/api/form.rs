//! A typed body as the fields of the page's form, so that the page's reader judges both by the same rules.
//!
//! `true` is a ticked box, `false` an unticked one; whole pence become the pounds that a person would type.

use serde::Serialize;
use serde_json::Value;

use super::problem::Problem;
use crate::fields::Fields;

/// The fields of a body, for a form of boxes: an unticked box is not sent.
pub fn fields(body: &impl Serialize) -> Result<Fields, Problem> {
    read(body, None)
}

/// The fields of a body, for a form of questions: `false` is the answer no.
pub fn answers(body: &impl Serialize) -> Result<Fields, Problem> {
    read(body, Some("no"))
}

fn read(body: &impl Serialize, no: Option<&str>) -> Result<Fields, Problem> {
    let value = serde_json::to_value(body).map_err(placewell_app::Outcome::from)?;
    let mut pairs = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        add(name, member, no, &mut pairs);
    }
    Ok(Fields::from_pairs(pairs))
}

fn add(name: &str, value: &Value, no: Option<&str>, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Bool(true) => pairs.push((name.to_owned(), "yes".to_owned())),
        Value::Bool(false) => pairs.extend(no.map(|no| (name.to_owned(), no.to_owned()))),
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        Value::Number(number) => match (name.strip_suffix("_pence"), number.as_i64()) {
            (Some(pounds), Some(pence)) => pairs.push((pounds.to_owned(), typed(pence))),
            _ => pairs.push((name.to_owned(), number.to_string())),
        },
        Value::Array(items) => items.iter().for_each(|item| add(name, item, no, pairs)),
        Value::Object(members) => {
            for (below, member) in members {
                add(&format!("{name}-{below}"), member, no, pairs);
            }
        }
    }
}

/// Pence as pounds are typed.
pub(super) fn typed(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.unsigned_abs() / 100, pence.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use placewell_domain::money::Pence;
    use placewell_domain::outcome::Invalid;
    use serde_json::json;

    #[test]
    fn a_body_reads_as_the_form_that_says_the_same() {
        let body = json!({"title": "Director", "whole": true, "relevant": false, "acts": ["a", "b"], "weekly_pence": 415_005, "n": 3, "x": null});
        let fields = fields(&body).unwrap_or_else(|_| Fields::default());
        let mut invalid = Invalid::default();
        assert_eq!(fields.pence("weekly", "", &mut invalid), Some(Pence(415_005)));
        assert_eq!((fields.get("title"), fields.get("whole"), fields.get("relevant")), ("Director", "yes", ""));
        assert_eq!(fields.all("acts").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(fields.get("n"), "3");
        assert_eq!((typed(5), typed(-150)), ("0.05".to_owned(), "-1.50".to_owned()));
    }
}
