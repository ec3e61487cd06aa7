//! No page goes without a sample: the sources are read for the functions that give a whole page, and for what the samples
//! call, directly or through others. A page that no sample makes is never linted, and fails here by its name.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// A source file: the modules that lead to it, and its text.
struct Source {
    modules: Vec<String>,
    text: String,
}

/// A function as its text has it; `owner` is the type that it belongs to.
struct Function {
    modules: Vec<String>,
    owner: Option<String>,
    name: String,
    body: String,
    is_page: bool,
}

impl Function {
    fn path(&self) -> String {
        let owner = self.owner.iter().map(String::as_str);
        self.modules.iter().map(String::as_str).chain(owner).chain([self.name.as_str()]).collect::<Vec<_>>().join("::")
    }
}

/// Every file of a folder with this ending, by its path from there.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path, ending).into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else if let Some(stem) = name.strip_suffix(ending) {
            found.push((stem.to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn sources() -> Vec<Source> {
    let all = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), ".rs").into_iter();
    all.map(|(path, text)| {
        let modules = path.split('/').filter(|part| *part != "mod").map(str::to_owned).collect();
        Source { modules, text }
    })
    .collect()
}

/// The functions of a file, in the shape that rustfmt gives them.
fn functions(source: &Source) -> Vec<Function> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut owner = None;
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match line.strip_prefix("impl") {
            Some(rest) => owner = owner_of(rest),
            None if *line == "}" => owner = None,
            None => {}
        }
        let Some((is_public, name)) = declared(line) else { continue };
        let rest = lines.get(at..).unwrap_or_default();
        let closes = |other: &&str| {
            indent(other) == indent(line) && (other.ends_with('}') || other.ends_with(';')) && !other.trim().is_empty()
        };
        let length = rest.iter().position(closes).map_or(rest.len(), |last| last + 1);
        let text = rest.iter().take(length).copied().collect::<Vec<_>>().join("\n");
        let (head, body) = text.split_once('{').unwrap_or((text.as_str(), ""));
        let head = head.trim_end();
        let gives_page = head.ends_with("-> Page") || head.ends_with("-> Self");
        let owner = owner.clone().filter(|_| indent(line) > 0);
        // `Page::new` is what pages are made of.
        let is_page = is_public && gives_page && head.contains("shell: Shell") && owner.as_deref() != Some("Page");
        let (modules, name, body) = (source.modules.clone(), name.to_owned(), body.to_owned());
        found.push(Function { modules, owner, name, body, is_page });
    }
    found
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The type of an `impl`, from what stands behind that word.
fn owner_of(rest: &str) -> Option<String> {
    let rest = if rest.starts_with('<') { rest.split_once('>')?.1 } else { rest };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let name = if words.get(1) == Some(&"for") { words.get(2) } else { words.first() };
    name.and_then(|name| name.split('<').next()).map(str::to_owned)
}

/// Whether everybody may call the function that a line begins, and its name.
fn declared(line: &str) -> Option<(bool, &str)> {
    let mut rest = line.trim_start();
    let is_public = rest.starts_with("pub ");
    if rest.starts_with("pub(") {
        rest = rest.split_once(") ")?.1;
    }
    for word in ["pub ", "const ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    Some((is_public, name.split(['(', '<']).next().unwrap_or(name)))
}

/// What a body calls: the way to each function, and its name.
fn calls(body: &str) -> Vec<(Vec<&str>, &str)> {
    let mut found = Vec::new();
    for (at, _) in body.match_indices('(') {
        let before = body.get(..at).unwrap_or_default();
        let is_path = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':';
        let path = before.get(before.trim_end_matches(is_path).len()..).unwrap_or_default();
        let is_method = before.len() > path.len() && before.trim_end_matches(is_path).ends_with('.');
        let mut way: Vec<&str> = path.split("::").collect();
        if let Some(name) = way.pop().filter(|name| !name.is_empty() && !is_method) {
            way.retain(|part| !["", "crate", "super", "self"].contains(part));
            found.push((way, name));
        }
    }
    found
}

/// How many modules two ways have in common.
fn shared(one: &[String], other: &[String]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// The functions that a function calls. Of several with one name the nearest; without a way, only in its own room.
fn called(function: &Function, all: &[Function], named: &HashMap<&str, Vec<usize>>) -> Vec<usize> {
    let mut found = Vec::new();
    for (way, name) in calls(&function.body) {
        let fits = |at: &usize| {
            let other = &all[*at];
            match way.last() {
                Some(last) if last.starts_with(char::is_uppercase) => {
                    let owner = if *last == "Self" { function.owner.as_deref() } else { Some(*last) };
                    other.owner.as_deref() == owner
                }
                _ => {
                    let ends = other.modules.iter().rev().zip(way.iter().rev()).all(|(module, part)| module == part);
                    other.owner.is_none() && ends && other.modules.len() >= way.len()
                }
            }
        };
        let fitting: Vec<usize> = named.get(name).into_iter().flatten().copied().filter(fits).collect();
        let near = |at: usize| shared(&all[at].modules, &function.modules);
        let nearest = fitting.iter().map(|at| near(*at)).max().unwrap_or_default();
        let in_reach =
            |at: &usize| near(*at) == nearest && (!way.is_empty() || nearest >= all[*at].modules.len().min(2));
        found.extend(fitting.into_iter().filter(in_reach));
    }
    found
}

/// The pages that no sample makes.
fn without_sample(sources: &[Source]) -> Vec<String> {
    let all: Vec<Function> = sources.iter().flat_map(functions).collect();
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, function) in all.iter().enumerate() {
        named.entry(&function.name).or_default().push(at);
    }
    let mut open = named.get("samples").cloned().unwrap_or_default();
    let mut reached = BTreeSet::new();
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            open.extend(called(&all[at], &all, &named));
        }
    }
    let missing = all.iter().enumerate().filter(|(at, function)| function.is_page && !reached.contains(at));
    missing.map(|(_, function)| function.path()).collect()
}

#[test]
fn every_page_is_made_by_a_sample() {
    let sources = sources();
    let pages = sources.iter().flat_map(functions).filter(|function| function.is_page).count();
    assert!(pages > 200, "only {pages} pages were found: how they are told has changed");
    let missing = without_sample(&sources);
    assert!(missing.is_empty(), "no sample makes these pages; add one to their room's:\n{}", missing.join("\n"));
}

#[test]
fn every_template_of_a_whole_page_belongs_to_a_page_that_has_samples() {
    let sources = sources();
    let owners: BTreeSet<String> =
        sources.iter().flat_map(functions).filter(|function| function.is_page).filter_map(|page| page.owner).collect();
    let mut missing = Vec::new();
    for (name, text) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), ".html") {
        // `page.html` is the template of every page that is made of components.
        if name == "page" || !text.contains("{% extends \"layout.html\" %}") {
            continue;
        }
        let path = format!("path = \"{name}.html\"");
        let owner = sources.iter().find_map(|source| {
            let (_, after) = source.text.split_once(&path)?;
            let (_, after) = after.split_once("struct ")?;
            after.split(|letter: char| !letter.is_ascii_alphanumeric()).next()
        });
        if !owner.is_some_and(|owner| owners.contains(owner)) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "nothing public makes a page of these templates: {}", missing.join(", "));
}

#[test]
fn a_page_without_a_sample_is_found_by_its_name() {
    let source = |modules: &[&str], text: &str| Source {
        modules: modules.iter().map(|&part| part.to_owned()).collect(),
        text: text.to_owned(),
    };
    let page = |name: &str| format!("pub fn {name}(shell: Shell, view: &View) -> Page {{\n    Page::new(shell)\n}}\n");
    let samples = "pub fn samples() -> Vec<(&'static str, String)> {\n    vec![sample()]\n}\n\n\
                   fn sample() -> (&'static str, String) {\n    (\"one\", record_page(shell(), &view()).to_string())\n}\n";
    let given = [
        source(&["homes", "home"], &format!("{}{}", page("list_page"), page("record_page"))),
        source(&["homes", "home", "samples"], samples),
        source(&["buying", "spot"], &page("record_page")),
    ];
    assert_eq!(without_sample(&given), ["homes::home::list_page", "buying::spot::record_page"]);
}
