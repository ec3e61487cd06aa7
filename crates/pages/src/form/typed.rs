//! What stands in a form: the stored answers at first, what was typed when it is shown again with errors.

/// Names and values of a form's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// From names and values.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a field; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The three parts of a date.
    #[must_use]
    pub fn date(&self, name: &str) -> [&str; 3] {
        let part = |part: &str| self.0.iter().find(|(key, _)| *key == format!("{name}_{part}")).map_or("", |(_, v)| v);
        [part("day"), part("month"), part("year")]
    }

    /// Adds a value.
    #[allow(clippy::needless_pass_by_value)] // callers hand over literals and codes
    pub fn set(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    /// Adds a code where there is an answer.
    pub fn code(&mut self, name: &str, code: Option<&str>) {
        if let Some(code) = code {
            self.set(name, code);
        }
    }

    /// Adds "yes" or "no" where there is an answer.
    pub fn flag(&mut self, name: &str, answer: Option<bool>) {
        self.code(name, answer.map(|yes| if yes { "yes" } else { "no" }));
    }

    /// Adds the three parts of a date where there is one.
    pub fn day(&mut self, name: &str, date: Option<jiff::civil::Date>) {
        if let Some(date) = date {
            self.set(&format!("{name}_day"), date.day());
            self.set(&format!("{name}_month"), date.month());
            self.set(&format!("{name}_year"), date.year());
        }
    }
}
