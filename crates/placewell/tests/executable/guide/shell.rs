//! As much of a shell as the guide to the API uses: variables, functions, `$(…)`, pipes, files, and the programs curl, jq,
//! cat, tr, sed and uuidgen. So its lines run as they are printed on a machine that has none of these.

use std::collections::BTreeMap;
use std::path::PathBuf;

use placewell_testkit::client::{MULTIPART, multipart};
use serde_json::Value;

use super::super::program::Server;
use super::jq::asked;

/// The address that the guide prints.
const PRINTED: &str = "http://127.0.0.1:8080";

/// An id that the guide prints, behind which words it stands, and the line that asks for what this server gave instead.
pub struct StandIn {
    pub behind: &'static str,
    pub printed: &'static str,
    pub line: &'static str,
}

/// A shell in a folder, before a server.
pub struct Shell {
    pub server: Server,
    pub folder: PathBuf,
    pub variables: BTreeMap<String, String>,
    functions: BTreeMap<String, String>,
    stand_ins: &'static [StandIn],
    /// What was given in place of a printed id.
    instead: BTreeMap<&'static str, String>,
    /// What the function that runs was called with.
    given: Vec<String>,
    keys: u32,
}

/// A part of a line.
#[derive(Debug, PartialEq)]
enum Part {
    Word(String),
    Pipe,
    To,
}

impl Shell {
    pub fn new(server: Server, folder: PathBuf, stand_ins: &'static [StandIn]) -> Self {
        Self {
            server,
            folder,
            stand_ins,
            variables: BTreeMap::new(),
            functions: BTreeMap::new(),
            instead: BTreeMap::new(),
            given: Vec::new(),
            keys: 0,
        }
    }

    /// Runs a line; what it prints.
    pub fn run(&mut self, line: &str) -> String {
        if let Some((name, body)) = line.split_once("()") {
            let body = body.trim().trim_start_matches('{').trim_end_matches('}').trim().trim_end_matches(';');
            self.functions.insert(name.trim().to_owned(), body.to_owned());
            return String::new();
        }
        let name = line.split('=').next().unwrap_or_default();
        if line.contains('=') && name.chars().all(|letter| letter.is_ascii_uppercase()) {
            let value = self.parts(line.get(name.len() + 1..).unwrap_or_default()).into_iter().next();
            let Some(Part::Word(value)) = value else { panic!("{line}: no value") };
            self.variables.insert(name.to_owned(), value);
            return String::new();
        }
        String::from_utf8_lossy(&self.piped(line)).into_owned()
    }

    /// Runs the programs of a line, each on what the one before prints.
    fn piped(&mut self, line: &str) -> Vec<u8> {
        let parts = self.parts(line);
        let (mut printed, mut words) = (Vec::new(), Vec::new());
        let (mut to, mut file) = (false, None);
        for part in parts.into_iter().chain([Part::Pipe]) {
            match part {
                Part::Word(name) if to => file = Some(name),
                Part::Word(word) => words.push(word),
                Part::To => to = true,
                Part::Pipe => printed = self.program(&std::mem::take(&mut words), printed),
            }
        }
        let Some(file) = file else { return printed };
        std::fs::write(self.folder.join(file), printed).unwrap();
        Vec::new()
    }

    fn program(&mut self, words: &[String], input: Vec<u8>) -> Vec<u8> {
        let (name, given) = words.split_first().unwrap();
        if let Some(body) = self.functions.get(name).cloned() {
            let before = std::mem::replace(&mut self.given, given.to_vec());
            let printed = self.piped(&body);
            self.given = before;
            return printed;
        }
        match name.as_str() {
            "curl" => self.curl(given),
            "jq" => self.jq(given, &input),
            "cat" => std::fs::read(self.folder.join(&given[0])).unwrap(),
            "tr" => input.into_iter().filter(|byte| *byte != b'\r').collect(),
            "sed" => header(&given[1], &String::from_utf8_lossy(&input)).into_bytes(),
            "uuidgen" => {
                self.keys += 1;
                format!("guide-{}", self.keys).into_bytes()
            }
            other => panic!("{other} is no program that the guide may take for granted"),
        }
    }

    /// Asks the server; every answer must be a good one.
    fn curl(&mut self, given: &[String]) -> Vec<u8> {
        let (mut headers, mut form, mut body) = (Vec::new(), Vec::new(), None);
        let (mut url, mut head_only) = (String::new(), false);
        let mut words = given.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap().clone();
            match word.as_str() {
                "-s" => {}
                "-o" => assert_eq!(value(), "/dev/null"),
                "-D" => head_only = value() == "-",
                "-H" => headers.push(value()),
                "-F" => form.push(value()),
                "-d" => body = Some(value().into_bytes()),
                "--data-binary" => body = Some(self.file(&value())),
                _ => url.clone_from(word),
            }
        }
        if !form.is_empty() {
            headers.push(format!("Content-Type: {MULTIPART}"));
            body = Some(self.form(&form));
        }
        let path = url.strip_prefix(PRINTED).unwrap_or_else(|| panic!("{url} is elsewhere"));
        let path = self.as_given(path);
        let method = if body.is_some() { "POST" } else { "GET" };
        let body = body.map(|bytes| String::from_utf8(bytes).unwrap());
        let body = body.map_or_else(String::new, |text| self.as_given(&text));
        let answer = self.server.ask(method, &path, &headers, body.as_bytes());
        let said = || String::from_utf8_lossy(&answer.body).into_owned();
        assert!((200..300).contains(&answer.status), "{method} {path} answers {}: {}", answer.status, said());
        if head_only { answer.head.into_bytes() } else { answer.body }
    }

    fn file(&self, named: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(named.trim_start_matches('@'))).unwrap()
    }

    /// A form with one file.
    fn form(&self, parts: &[String]) -> Vec<u8> {
        let parts: Vec<(&str, &str)> = parts.iter().filter_map(|part| part.split_once('=')).collect();
        let is_file = |part: &&(&str, &str)| part.1.starts_with('@');
        let (field, name) = parts.iter().find(is_file).copied().unwrap();
        assert_eq!(field, "file");
        let name = name.trim_start_matches('@');
        let content = self.file(name);
        multipart(parts.iter().filter(|part| !is_file(part)).copied(), Some((name, content.as_slice())))
    }

    fn jq(&self, given: &[String], input: &[u8]) -> Vec<u8> {
        let raw = given.first().is_some_and(|word| word == "-r");
        let mut words = given.iter().skip(usize::from(raw));
        let filter = words.next().unwrap();
        let bytes = words.next().map_or_else(|| input.to_vec(), |name| self.file(name));
        let value = serde_json::from_slice(&bytes)
            .unwrap_or_else(|error| panic!("{filter}: {error}: {}", String::from_utf8_lossy(&bytes)));
        let found = asked(filter, &value);
        assert!(!found.is_empty(), "{filter} finds nothing in {value:#}");
        let line = |one: &Value| match one.as_str() {
            Some(text) if raw => format!("{text}\n"),
            _ => format!("{one}\n"),
        };
        found.iter().map(line).collect::<Vec<_>>().concat().into_bytes()
    }

    /// What was printed with what this server gave in place of the guide's ids.
    fn as_given(&mut self, printed: &str) -> String {
        let mut text = printed.to_owned();
        for StandIn { behind, printed, line } in self.stand_ins {
            let whole = format!("{behind}{printed}");
            if !text.contains(&whole) {
                continue;
            }
            let known = self.instead.get(printed).cloned();
            let instead = known.unwrap_or_else(|| self.run(line).trim().to_owned());
            text = text.replace(&whole, &format!("{behind}{instead}"));
            self.instead.insert(*printed, instead);
        }
        text
    }

    /// The words of a line with their quotes, variables and inner commands done, and the signs between programs.
    fn parts(&mut self, line: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        let (mut word, mut quoted): (Option<String>, bool) = (None, false);
        let mut rest = line;
        while let Some(letter) = rest.chars().next() {
            let after = rest.get(letter.len_utf8()..).unwrap_or_default();
            rest = after;
            match letter {
                '"' => {
                    quoted = !quoted;
                    word.get_or_insert_default();
                }
                '\'' if !quoted => {
                    let (text, after) = after.split_once('\'').unwrap();
                    word.get_or_insert_default().push_str(text);
                    rest = after;
                }
                '\\' if quoted => {
                    word.get_or_insert_default().extend(after.chars().next());
                    rest = after.get(1..).unwrap_or_default();
                }
                '$' => {
                    let (value, after) = self.value(after);
                    word.get_or_insert_default().push_str(&value);
                    rest = after;
                }
                ' ' if !quoted => parts.extend(word.take().map(Part::Word)),
                '#' if !quoted && word.is_none() => break,
                '|' if !quoted => parts.push(Part::Pipe),
                '>' if !quoted => parts.push(Part::To),
                _ => word.get_or_insert_default().push(letter),
            }
        }
        parts.extend(word.map(Part::Word));
        parts
    }

    /// The value of what stands behind a dollar sign, and the rest of the line.
    fn value<'a>(&mut self, text: &'a str) -> (String, &'a str) {
        if let Some(inner) = text.strip_prefix('(') {
            let (command, after) = inner.split_at(closing(inner));
            return (self.run(command).trim_end().to_owned(), after.get(1..).unwrap_or_default());
        }
        let end = text.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let value = match name.parse::<usize>() {
            Ok(number) => self.given.get(number.saturating_sub(1)),
            Err(_) => self.variables.get(name),
        };
        (value.unwrap_or_else(|| panic!("${name} is not set")).clone(), after)
    }
}

/// Where the bracket closes that was open before this text.
fn closing(text: &str) -> usize {
    let (mut depth, mut single, mut double) = (1, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '(' if !single => depth += 1,
            ')' if !single => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    panic!("{text}: a bracket stays open")
}

/// The values of a header, by the one script that the guide gives sed: `s/^NAME: //ip`.
fn header(script: &str, head: &str) -> String {
    let name = script.strip_prefix("s/^").and_then(|script| script.strip_suffix("//ip")).unwrap();
    let value = |line: &str| {
        let (start, value) = line.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then(|| format!("{value}\n"))
    };
    head.lines().filter_map(value).collect()
}
