//! As much of jq as the guide to the API uses: paths, lists, objects, pipes, `select`, `endswith`, `not`, `==` and `and`.
//! A field that an answer does not have is a mistake of the guide and fails, where jq would print null.

use serde_json::{Map, Value};

/// A filter.
#[derive(Debug)]
enum Ask {
    Whole,
    Text(String),
    Not,
    Field(Box<Self>, String),
    At(Box<Self>, usize),
    Each(Box<Self>),
    List(Box<Self>),
    Object(Vec<(String, Self)>),
    Pipe(Box<Self>, Box<Self>),
    Both(Box<Self>, Box<Self>),
    And(Box<Self>, Box<Self>),
    Same(Box<Self>, Box<Self>),
    Select(Box<Self>),
    EndsWith(Box<Self>),
}

/// What a filter makes of a value.
pub fn asked(filter: &str, of: &Value) -> Vec<Value> {
    let mut read = Read { filter, rest: filter };
    let ask = read.pipe();
    assert!(read.rest.trim().is_empty(), "{filter}: {} is not read", read.rest);
    ask.of(of, filter)
}

impl Ask {
    fn of(&self, value: &Value, filter: &str) -> Vec<Value> {
        let all = |ask: &Self| ask.of(value, filter);
        let holds = |ask: &Self| all(ask).iter().all(|found| *found != Value::Null && *found != Value::Bool(false));
        match self {
            Self::Whole => vec![value.clone()],
            Self::Text(text) => vec![Value::String(text.clone())],
            Self::Not => vec![Value::Bool(*value == Value::Null || *value == Value::Bool(false))],
            Self::Field(from, name) => all(from).iter().map(|found| field(found, name, filter)).collect(),
            Self::At(from, at) => all(from)
                .iter()
                .map(|found| found.get(*at).unwrap_or_else(|| panic!("{filter}: no item {at} in {found:#}")).clone())
                .collect(),
            Self::Each(from) => all(from)
                .iter()
                .flat_map(|found| found.as_array().unwrap_or_else(|| panic!("{filter}: no list: {found:#}")).clone())
                .collect(),
            Self::List(items) => vec![Value::Array(all(items))],
            Self::Object(fields) => {
                let one = |(name, ask): &(String, Self)| (name.clone(), all(ask).pop().unwrap_or(Value::Null));
                vec![Value::Object(fields.iter().map(one).collect::<Map<String, Value>>())]
            }
            Self::Pipe(first, then) => all(first).iter().flat_map(|found| then.of(found, filter)).collect(),
            Self::Both(one, other) => [all(one), all(other)].concat(),
            Self::And(one, other) => vec![Value::Bool(holds(one) && holds(other))],
            Self::Same(one, other) => vec![Value::Bool(all(one) == all(other))],
            Self::Select(ask) => {
                if holds(ask) {
                    vec![value.clone()]
                } else {
                    Vec::new()
                }
            }
            Self::EndsWith(end) => {
                let end = all(end).pop().unwrap_or(Value::Null);
                let (text, end) = (value.as_str().unwrap_or_default(), end.as_str().unwrap_or_default().to_owned());
                vec![Value::Bool(text.ends_with(&end))]
            }
        }
    }
}

fn field(of: &Value, name: &str, filter: &str) -> Value {
    of.get(name).unwrap_or_else(|| panic!("{filter}: the answer has no {name}: {of:#}")).clone()
}

/// A filter that is being read.
struct Read<'a> {
    filter: &'a str,
    rest: &'a str,
}

impl Read<'_> {
    /// Takes a sign or a word where it comes next.
    fn takes(&mut self, sign: &str) -> bool {
        let after = self.rest.trim_start().strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn wants(&mut self, sign: &str) {
        assert!(self.takes(sign), "{}: {sign} is missing before {}", self.filter, self.rest);
    }

    fn name(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name.to_owned()
    }

    fn pipe(&mut self) -> Ask {
        let mut ask = self.both();
        while self.takes("|") {
            ask = Ask::Pipe(Box::new(ask), Box::new(self.both()));
        }
        ask
    }

    fn both(&mut self) -> Ask {
        let mut ask = self.and();
        while self.takes(",") {
            ask = Ask::Both(Box::new(ask), Box::new(self.and()));
        }
        ask
    }

    fn and(&mut self) -> Ask {
        let mut ask = self.same();
        while self.takes("and ") {
            ask = Ask::And(Box::new(ask), Box::new(self.same()));
        }
        ask
    }

    fn same(&mut self) -> Ask {
        let ask = self.path();
        if self.takes("==") { Ask::Same(Box::new(ask), Box::new(self.path())) } else { ask }
    }

    /// A term with the fields and items taken out of it.
    fn path(&mut self) -> Ask {
        let mut ask = self.term();
        loop {
            if self.takes("[]") {
                ask = Ask::Each(Box::new(ask));
            } else if self.takes("[") {
                let at = self.name().parse().unwrap();
                self.wants("]");
                ask = Ask::At(Box::new(ask), at);
            } else if self.takes(".") {
                ask = Ask::Field(Box::new(ask), self.name());
            } else {
                return ask;
            }
        }
    }

    fn term(&mut self) -> Ask {
        if self.takes(".") {
            let name = self.name();
            return if name.is_empty() { Ask::Whole } else { Ask::Field(Box::new(Ask::Whole), name) };
        }
        if self.takes("\"") {
            let (text, rest) = self.rest.split_once('"').unwrap();
            self.rest = rest;
            return Ask::Text(text.to_owned());
        }
        if self.takes("(") {
            let ask = self.pipe();
            self.wants(")");
            return ask;
        }
        if self.takes("[") {
            let ask = self.pipe();
            self.wants("]");
            return Ask::List(Box::new(ask));
        }
        if self.takes("{") {
            return self.object();
        }
        match self.name().as_str() {
            "not" => Ask::Not,
            "select" => Ask::Select(Box::new(self.term())),
            "endswith" => Ask::EndsWith(Box::new(self.term())),
            other => panic!("{}: {other} is not known here", self.filter),
        }
    }

    /// The fields of an object: `name` alone takes the field of that name.
    fn object(&mut self) -> Ask {
        let mut fields = Vec::new();
        while !self.takes("}") {
            let name = self.name();
            let ask = if self.takes(":") { self.same() } else { Ask::Field(Box::new(Ask::Whole), name.clone()) };
            fields.push((name, ask));
            self.takes(",");
        }
        Ask::Object(fields)
    }
}

#[test]
fn a_filter_takes_out_of_an_answer_what_it_names() {
    let answer = serde_json::json!({
        "limbs": [{"limb": "7/a", "of": "X"}, {"limb": "7/b", "of": "X"}], "tasks": [{"complete": false}, {"complete": true}]
    });
    let text = |filter: &str| asked(filter, &answer).iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(text(".limbs[] | select(.of == \"X\" and (.limb | endswith(\"/b\"))).limb"), "\"7/b\"");
    assert_eq!(text(".limbs[0].limb, .tasks[].complete"), "\"7/a\" false true");
    assert_eq!(text("{open: [.tasks[] | select(.complete | not)], limbs}.open"), "[{\"complete\":false}]");
    assert_eq!(text(".limbs[] | {of}"), "{\"of\":\"X\"} {\"of\":\"X\"}");
}
