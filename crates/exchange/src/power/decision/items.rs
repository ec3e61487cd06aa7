//! Lettered and numbered items in running lines: (a) a) a. 1. (1) (i), with the text on the same
//! line or on the lines that follow. A marker counts only where it is the next of its kind, so
//! sub-items and cross-references stay inside their item.

use super::lines::{Line, squash};

/// Roman numerals as lists use them.
pub(super) const ROMAN: [&str; 15] =
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];

/// How a marker is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Brackets,
    HalfBracket,
    Dot,
    /// `1.1`, `1.2`: the section and the item.
    Decimal,
    Option,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Number,
    Roman,
}

/// A marker at the start of a line.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    style: Style,
    core: String,
    rest: String,
}

/// One item with its text and the lines it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its letter or number as published, lower case; none for a text without markers.
    pub(super) label: Option<String>,
    /// Its place as the marker gives it.
    pub(super) ordinal: u32,
    pub(super) text: String,
    pub(super) source: String,
}

impl Mark {
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = line.trim().trim_start_matches(['\u{2022}', '\u{b7}', '*', '-']).trim_start();
        let (style, core, rest) = if let Some(inner) = line.strip_prefix('(') {
            let (core, rest) = inner.split_once(')')?;
            (Style::Brackets, core, rest)
        } else if let Some(after) = strip_word(line, "option") {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
            let rest = after.get(end..)?.trim_start().trim_start_matches([':', '.', ')', '-', '\u{2013}', '\u{2014}']);
            (Style::Option, after.get(..end)?, rest)
        } else if let Some((core, rest)) = decimal(line) {
            (Style::Decimal, core, rest)
        } else {
            let end = line.find(|c: char| !c.is_ascii_alphanumeric())?;
            let (core, after) = line.split_at_checked(end)?;
            let (style, rest) = match after.chars().next()? {
                ')' => (Style::HalfBracket, after.get(1..)?),
                '.' => (Style::Dot, after.get(1..)?),
                _ => return None,
            };
            if style == Style::Dot && rest.starts_with(|c: char| !c.is_whitespace()) {
                return None;
            }
            (style, core, rest)
        };
        let core = core.trim().to_ascii_lowercase();
        let mark = Self { style, core, rest: rest.trim().to_owned() };
        [Kind::Letter, Kind::Number, Kind::Roman].iter().any(|kind| mark.ordinal(*kind).is_some()).then_some(mark)
    }

    fn ordinal(&self, kind: Kind) -> Option<u32> {
        match kind {
            Kind::Letter => match self.core.as_bytes() {
                [letter @ b'a'..=b'z'] => Some(u32::from(letter - b'a') + 1),
                _ => None,
            },
            Kind::Number if self.style == Style::Decimal => {
                self.core.rsplit_once('.').and_then(|(_, item)| item.parse().ok()).filter(|number| *number > 0)
            }
            Kind::Number => {
                (self.core.len() <= 2).then(|| self.core.parse().ok()).flatten().filter(|number| *number > 0)
            }
            Kind::Roman => ROMAN.iter().position(|roman| *roman == self.core).and_then(|at| u32::try_from(at + 1).ok()),
        }
    }
}

/// `1.2 text` as its number and text; an amount or a date is none.
fn decimal(line: &str) -> Option<(&str, &str)> {
    let (core, rest) = line.split_once(char::is_whitespace)?;
    let core = core.trim_end_matches('.');
    let (section, item) = core.split_once('.')?;
    let figures = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (figures(section) && figures(item)).then_some((core, rest))
}

fn strip_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let head = line.get(..word.len())?;
    let rest = line.get(word.len()..)?;
    (head.eq_ignore_ascii_case(word) && rest.starts_with(char::is_whitespace)).then(|| rest.trim_start())
}

/// The items among the lines, after the lines before the first of them.
pub(super) struct Items<'a> {
    pub(super) before: Vec<&'a Line>,
    pub(super) items: Vec<Item>,
}

/// Takes the lines apart at their markers.
pub(super) fn split<'a>(lines: &[&'a Line]) -> Items<'a> {
    let mut taken = Items { before: Vec::new(), items: Vec::new() };
    let mut series: Option<(Style, Kind, u32)> = None;
    let mut parts: Vec<(Option<Mark>, Vec<&Line>)> = Vec::new();
    for line in lines {
        let mark = Mark::of(&line.text);
        match (mark, series) {
            (Some(mark), None) => match first_kind(&mark) {
                Some(kind) => {
                    series = Some((mark.style, kind, 1));
                    parts.push((Some(mark), vec![line]));
                }
                None => taken.before.push(line),
            },
            (Some(mark), Some((style, kind, last))) => match mark.ordinal(kind) {
                Some(next) if mark.style == style && follows(kind, last, next) => {
                    series = Some((style, kind, next));
                    parts.push((Some(mark), vec![line]));
                }
                _ => push(&mut parts, line),
            },
            (None, None) => taken.before.push(line),
            (None, Some(_)) => push(&mut parts, line),
        }
    }
    let Some((style, kind, _)) = series else { return taken };
    for (mark, lines) in parts {
        let Some(mark) = mark else { continue };
        taken.items.push(item(&mark, kind, &lines));
    }
    if style == Style::Brackets {
        run_in(&mut taken.items, kind);
    }
    taken
}

fn push<'a>(parts: &mut [(Option<Mark>, Vec<&'a Line>)], line: &'a Line) {
    if let Some((_, lines)) = parts.last_mut() {
        lines.push(line);
    }
}

fn first_kind(mark: &Mark) -> Option<Kind> {
    [Kind::Letter, Kind::Number, Kind::Roman].into_iter().find(|kind| mark.ordinal(*kind) == Some(1))
}

/// The next, or one of the next two where one was left out; i, v and x only as exactly the next,
/// for they may be Roman sub-items.
fn follows(kind: Kind, last: u32, next: u32) -> bool {
    let roman_like = kind == Kind::Letter && matches!(next, 9 | 22 | 24);
    next == last + 1 || (!roman_like && next > last && next <= last + 3)
}

fn item(mark: &Mark, kind: Kind, lines: &[&Line]) -> Item {
    let mut paragraphs = vec![squash(&mark.rest)];
    let mut broken = false;
    for line in lines.iter().skip(1) {
        if line.is_blank() {
            broken = true;
            continue;
        }
        let text = squash(&line.text);
        match paragraphs.last_mut() {
            Some(last) if last.is_empty() => *last = text,
            Some(last) if !broken => {
                last.push(' ');
                last.push_str(&text);
            }
            _ => paragraphs.push(text),
        }
        broken = false;
    }
    let source =
        lines.iter().map(|line| line.text.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    Item {
        label: Some(mark.core.clone()),
        ordinal: mark.ordinal(kind).unwrap_or_default(),
        text: ended(&paragraphs.join("\n")),
        source,
    }
}

/// Without the semicolon and "and" that lead to the next item.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_suffix(" and").filter(|rest| rest.trim_end().ends_with([';', ','])).unwrap_or(text);
    text.trim_end().trim_end_matches(';').trim_end().to_owned()
}

/// Items that a browser ran together: "... ; (b) ..." inside the last item, where (b) comes next.
fn run_in(items: &mut Vec<Item>, kind: Kind) {
    while let Some(last) = items.last() {
        let next = last.ordinal + 1;
        let core = match kind {
            Kind::Letter => {
                u8::try_from(next).ok().filter(|at| *at <= 26).map(|at| char::from(b'a' + at - 1).to_string())
            }
            Kind::Number => Some(next.to_string()),
            Kind::Roman => ROMAN.get(last.ordinal as usize).map(|roman| (*roman).to_owned()),
        };
        let Some(core) = core else { return };
        let marker = format!("({core})");
        let Some(at) = last.text.match_indices(&marker).map(|(at, _)| at).find(|at| leads(last.text.get(..*at))) else {
            return;
        };
        let (head, tail) = last.text.split_at(at);
        let (head, tail) = (ended(head), ended(tail.trim_start_matches(marker.as_str())));
        let source = last.source.clone();
        if tail.is_empty() {
            return;
        }
        if let Some(last) = items.last_mut() {
            last.text = head;
        }
        items.push(Item { label: Some(core), ordinal: next, text: tail, source });
    }
}

/// A list marker inside a text follows a stop or "and"; a cross-reference ("limb (b)") does not.
fn leads(before: Option<&str>) -> bool {
    let before = before.unwrap_or_default();
    before.ends_with(char::is_whitespace)
        && (before.trim_end().ends_with([';', '.', ':']) || before.trim_end().ends_with("; and"))
}
