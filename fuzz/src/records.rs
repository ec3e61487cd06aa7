//! What a program finds in the API before it changes anything: the names of records in its lists, and the versions that
//! it reads with a record, so that what it sends is answered by rules and not by the first guard.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

use crate::browser::{Browser, encode};
use crate::nasty;

/// How many records of one list are kept.
const KEPT: usize = 60;

/// What one program knows: for each list, the names of its records by the parameter that takes them.
#[derive(Debug, Default)]
pub struct Records {
    lists: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    readable: BTreeSet<String>,
    /// Lists that are one record with a version.
    alone: BTreeSet<String>,
}

/// A path with names in it, and versions that may be those of what it changes.
#[derive(Debug, Default)]
pub struct Aimed {
    /// The path.
    pub path: String,
    /// Versions as a header has them, the likeliest first.
    pub tags: Vec<String>,
}

impl Records {
    /// Reads every list of the description.
    pub async fn read(description: &Value, program: &Browser) -> anyhow::Result<Self> {
        let paths = description["paths"].as_object().into_iter().flatten();
        let readable = paths.filter(|(_, item)| item.get("get").is_some()).map(|(path, _)| path.clone());
        let mut records = Self { readable: readable.collect(), ..Self::default() };
        for list in records.readable.clone().iter().filter(|path| !path.contains('{')) {
            let answer = program.get(list).await?;
            let Ok(body) = serde_json::from_str::<Value>(&answer.body) else { continue };
            let mut names = BTreeMap::new();
            let rows = body["items"].as_array().cloned().unwrap_or_else(|| vec![body.clone()]);
            for row in rows.iter().take(KEPT) {
                for (key, name) in row.as_object().into_iter().flatten() {
                    if let Some(name) = named(name) {
                        names.entry(key.clone()).or_insert_with(Vec::new).push(name);
                    }
                }
            }
            records.lists.insert(list.clone(), names);
            if answer.tag.is_some() {
                records.alone.insert(list.clone());
            }
        }
        Ok(records)
    }

    /// Fills a path's parameters: the first by a name of the list before it, those after by what the record holds.
    pub async fn aim(&self, program: &Browser, template: &str, chance: &mut StdRng) -> anyhow::Result<Aimed> {
        let (mut aimed, mut before, mut held) = (Aimed::default(), String::new(), Value::Null);
        let mut lost = false;
        for part in template.split('/').skip(1) {
            let Some(parameter) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
                aimed.path = format!("{}/{part}", aimed.path);
                before = format!("{before}/{part}");
                continue;
            };
            let names = if let Some(listed) = self.lists.get(&before).and_then(|names| names.get(parameter)) {
                listed.clone()
            } else {
                self.read_at(program, &before, &mut aimed, &mut held).await?;
                within(&held, parameter)
            };
            if self.alone.contains(&before) {
                self.read_at(program, &before, &mut aimed, &mut held).await?;
            }
            let name = match names.choose(chance) {
                Some(name) if chance.random_bool(0.9) => name.clone(),
                _ => {
                    lost = true;
                    nasty::text(chance).chars().take(2_000).collect()
                }
            };
            aimed.path = format!("{}/{}", aimed.path, encode(&name));
            before = format!("{before}/{part}");
            if !lost {
                self.read_at(program, &before, &mut aimed, &mut held).await?;
            }
        }
        let versions = within(&held, "version").into_iter().map(|version| format!("\"{version}\""));
        aimed.tags.extend(versions);
        Ok(aimed)
    }

    /// Reads what stands at a path, or right below it where nothing can be read there itself.
    async fn read_at(
        &self,
        program: &Browser,
        before: &str,
        aimed: &mut Aimed,
        held: &mut Value,
    ) -> anyhow::Result<()> {
        let below =
            |path: &&String| path.strip_prefix(before).is_some_and(|rest| rest.starts_with('/') && !rest.contains('{'));
        let rest = match self.readable.get(before).or_else(|| self.readable.iter().find(below)) {
            Some(path) => path.get(before.len()..).unwrap_or_default(),
            None => return Ok(()),
        };
        let answer = program.get(&format!("{}{rest}", aimed.path)).await?;
        if answer.status == 200 {
            aimed.tags.splice(0..0, answer.tag);
            *held = serde_json::from_str(&answer.body).unwrap_or_default();
        }
        Ok(())
    }
}

fn named(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.len() < 60 => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Every value under a name, wherever it stands in a document.
fn within(document: &Value, name: &str) -> Vec<String> {
    match document {
        Value::Array(all) => all.iter().flat_map(|one| within(one, name)).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match named(value) {
                Some(text) if key == name => vec![text],
                _ => within(value, name),
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::within;
    use serde_json::json;

    #[test]
    fn names_and_versions_are_found_wherever_they_stand() {
        let record = json!({ "version": 3, "offers": [{ "number": 1, "version": 2 }, { "number": 2, "version": 5 }] });
        assert_eq!(within(&record, "number"), ["1", "2"]);
        assert_eq!(within(&record["offers"], "version"), ["2", "5"]);
        assert!(within(&record, "urn").is_empty());
    }
}
