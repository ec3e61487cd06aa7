//! `cargo xtask tidy`: the budgets and habits of ARCHITECTURE.md, checked over every file under version control.
//! Each check is a pure function from files to violations, so that its tests need no repository.

pub mod files;
mod functions;
mod habits;
mod manifests;
mod map;
mod rooms;
mod rooms_used;
mod shape;
mod sizes;
mod words;

use crate::shell::{self, Outcome};
use files::Source;
use std::fmt;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub message: String,
}

impl Violation {
    /// A violation at a line, counted from 1.
    pub fn at(source: &Source, line: usize, message: impl Into<String>) -> Self {
        Self { path: source.path.clone(), line, message: message.into() }
    }

    /// A violation of a file as a whole.
    pub fn of(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: 1, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Runs every check; the error counts the violations, each printed on its own line before.
pub fn task() -> Outcome {
    let root = shell::root();
    let tracked = files::tracked()?;
    let sources = files::read(&root, &tracked)?;
    let mut found = Vec::new();
    found.extend(sizes::check(&sources));
    found.extend(sizes::heavy(&root, &tracked));
    found.extend(functions::check(&sources));
    found.extend(habits::check(&sources));
    found.extend(rooms::check(&tracked));
    found.extend(rooms_used::check(&sources));
    found.extend(shape::check(&tracked));
    found.extend(manifests::check(&sources));
    found.extend(map::check(&sources, &|path| root.join(path).exists()));
    found.extend(words::check(&sources));
    found.sort();
    for violation in &found {
        println!("{violation}");
    }
    match found.len() {
        0 => Ok(()),
        1 => Err("1 place to tidy".to_owned()),
        many => Err(format!("{many} places to tidy")),
    }
}
