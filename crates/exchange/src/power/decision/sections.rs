//! A page parted at its labels: what stands under each, and what stands under none.

use super::Document;
use super::items::{self, Item};
use super::labels::{self, Field};
use super::lines::{Line, Page, squash};

/// What stands under one label.
#[derive(Debug)]
pub(super) struct Section {
    field: Field,
    /// The line that bears the label, as published.
    label: String,
    lines: Vec<Line>,
}

/// The whole page.
pub(super) struct Sections {
    sections: Vec<Section>,
    /// The line above the first label that names the decision.
    pub(super) title: Option<String>,
}

impl Section {
    /// The content, one line for each paragraph.
    pub(super) fn text(&self) -> String {
        let parts: Vec<&Line> = self.lines.iter().collect();
        paragraphs(&parts).trim_end_matches(';').trim_end().to_owned()
    }

    /// The lines as published, label included.
    pub(super) fn source(&self) -> String {
        // the first line of a labelled section is what stands behind its label
        let under = self.lines.iter().skip(usize::from(!self.label.is_empty()));
        let under = under.map(|line| line.text.trim()).filter(|text| !text.is_empty());
        let all: Vec<&str> = std::iter::once(self.label.trim()).chain(under).filter(|text| !text.is_empty()).collect();
        all.join("\n")
    }

    fn is_empty(&self) -> bool {
        self.lines.iter().all(Line::is_blank)
    }
}

impl Sections {
    pub(super) fn of(page: &Page) -> Self {
        let lines = unfold(&page.lines);
        let title = title(&lines);
        let mut sections = vec![Section { field: Field::Loose, label: String::new(), lines: Vec::new() }];
        for line in lines {
            let label = if is_heading_of_page(&line.text) { None } else { labels::split(&line) };
            match label {
                Some((field, rest)) => {
                    let first = Line { text: rest.to_owned(), ..line.clone() };
                    sections.push(Section { field, label: line.text.clone(), lines: vec![first] });
                }
                None => take(&mut sections, line),
            }
        }
        Self { sections, title }
    }

    /// The first section of the field that has content.
    pub(super) fn first(&self, field: Field) -> Option<&Section> {
        self.all(field).next()
    }

    /// Every section of the field that has content.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.field == field && !section.is_empty())
    }

    /// The field's section, with or without content.
    pub(super) fn labelled(&self, field: Field) -> Option<&Section> {
        self.sections.iter().find(|section| section.field == field)
    }

    /// The purpose: under its label, or the paragraph "To approve ..." that stands under none.
    pub(super) fn purpose(&self) -> Option<(String, String)> {
        if let Some(section) = self.first(Field::Purpose) {
            let lines: Vec<&Line> = section.lines.iter().collect();
            let text = if self.limbs_in(Field::Decision).is_empty() && self.limbs_in(Field::Loose).is_empty() {
                paragraphs(&items::split(&lines).before)
            } else {
                section.text()
            };
            return (!text.is_empty()).then(|| (text, section.source()));
        }
        let mut own: Vec<&Line> = Vec::new();
        for section in self.sections.iter().filter(|section| section.field == Field::Loose && !section.is_empty()) {
            let lines: Vec<&Line> = section.lines.iter().collect();
            let split = items::split(&lines);
            own.extend(split.before.into_iter().filter(|line| states_a_purpose(&line.text)));
        }
        let text = paragraphs(&own);
        let source = own.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join("\n");
        (!text.is_empty()).then_some((text, source))
    }

    /// The decision's limbs: under the decision's label, else under none, else within the purpose; with the words that
    /// stand before their list. Parts behind bullets, and a decision in one piece, are limbs without a label.
    pub(super) fn limbs(&self) -> (String, Vec<Item>) {
        for field in [Field::Decision, Field::Loose, Field::Purpose] {
            let limbs = self.limbs_in(field);
            if !limbs.is_empty() {
                return (self.lead_in(field), limbs);
            }
        }
        let Some(section) = self.first(Field::Decision) else { return (String::new(), Vec::new()) };
        if let Some(bulleted) = bulleted(section) {
            return bulleted;
        }
        let whole = Item { label: None, ordinal: 1, text: section.text(), source: section.source() };
        (String::new(), vec![whole])
    }

    /// The line before a list that leads to it: "That the Director:".
    fn lead_in(&self, field: Field) -> String {
        self.all(field)
            .find_map(|section| {
                let split = items::split(&section.lines.iter().collect::<Vec<_>>());
                let before = split.before.iter().rev().find(|line| !line.is_blank());
                (!split.items.is_empty()).then(|| before.map(|line| squash(&line.text)).unwrap_or_default())
            })
            .filter(|lead| lead.ends_with(':'))
            .unwrap_or_default()
    }

    fn limbs_in(&self, field: Field) -> Vec<Item> {
        self.all(field)
            .map(|section| items::split(&section.lines.iter().collect::<Vec<_>>()).items)
            .find(|items| !items.is_empty())
            .unwrap_or_default()
    }

    /// The options considered, each with its number, text and source.
    pub(super) fn alternatives(&self) -> Vec<(u32, String, String)> {
        let Some(section) = self.first(Field::Alternatives) else { return Vec::new() };
        let lines: Vec<&Line> = section.lines.iter().collect();
        let split = items::split(&lines);
        if !split.items.is_empty() {
            return split.items.into_iter().map(|item| (item.ordinal, item.text, item.source)).collect();
        }
        let text = section.text();
        if says_none(&text) {
            return Vec::new();
        }
        let parts =
            text.split('\n').map(|part| part.trim_start_matches('\u{2022}').trim()).filter(|part| !part.is_empty());
        (1..).zip(parts).map(|(number, part)| (number, part.to_owned(), part.to_owned())).collect()
    }

    /// The page's words where it says that none were considered.
    pub(super) fn no_alternatives(&self) -> Option<String> {
        self.first(Field::Alternatives).map(Section::text).filter(|text| says_none(text))
    }

    pub(super) fn documents(&self) -> Vec<Document> {
        let mut documents = Vec::new();
        for section in self.all(Field::Documents) {
            let mut blanks = 0;
            for line in &section.lines {
                if line.is_blank() {
                    blanks += 1;
                } else if blanks > 1 && !documents.is_empty() && line.href.is_none() {
                    break; // what follows a wide gap is the page's foot
                } else {
                    blanks = 0;
                    documents.extend(document(line));
                }
            }
        }
        documents
    }
}

/// The parts of a decision behind bullets, with the words before them; none where there is no list.
fn bulleted(section: &Section) -> Option<(String, Vec<Item>)> {
    const BULLETS: [char; 6] = ['\u{2022}', '\u{b7}', '*', '-', '\u{2013}', '\u{25aa}'];
    let mut lead = String::new();
    let mut items: Vec<Item> = Vec::new();
    for line in section.lines.iter().filter(|line| !line.is_blank()) {
        let text = squash(&line.text);
        let bare = text.strip_prefix(BULLETS).filter(|rest| rest.starts_with(' ')).map(str::trim);
        match (bare, items.last_mut()) {
            (Some(bare), _) => {
                let ordinal = u32::try_from(items.len() + 1).unwrap_or(u32::MAX);
                let text = items::ended(bare);
                items.push(Item { label: None, ordinal, text, source: line.text.trim().to_owned() });
            }
            (None, Some(last)) => {
                last.text = format!("{} {text}", last.text);
                last.source = format!("{}\n{}", last.source, line.text.trim());
            }
            (None, None) => lead = text,
        }
    }
    let lead = if lead.ends_with(':') { lead } else { String::new() };
    (items.len() > 1).then_some((lead, items))
}

/// Adds an unlabelled line to the section that it belongs to. A one-line field takes the next line
/// only where its own is empty; a contact also takes the lines of its telephone and e-mail.
fn take(sections: &mut Vec<Section>, line: Line) {
    let Some(last) = sections.last_mut() else { return };
    let runs_on = last.field == Field::Loose || last.field.runs_on();
    let of_contact = last.field == Field::Contact
        && last.lines.last().is_some_and(|before| !before.is_blank())
        && ["email", "e-mail", "tel", "phone"].iter().any(|lead| line.text.trim().to_lowercase().starts_with(lead));
    if runs_on || of_contact || last.is_empty() {
        last.lines.push(line);
    } else if !line.is_blank() {
        sections.push(Section { field: Field::Loose, label: String::new(), lines: vec![line] });
    }
}

/// Labels that a browser or a copy ran together on one line, each on its own.
fn unfold(lines: &[Line]) -> Vec<Line> {
    const SURE: [&str; 12] = [
        "decision maker:",
        "decision status:",
        "is key decision?",
        "key decision:",
        "is subject to call in?",
        "publication date:",
        "date of decision:",
        "decision date:",
        "effective from:",
        "reason key:",
        "wards affected:",
        "accompanying documents:",
    ];
    let mut unfolded = Vec::new();
    for line in lines {
        let lower = line.text.to_ascii_lowercase();
        let mut cuts: Vec<usize> = Vec::new();
        if labels::split(line).is_some() {
            for label in SURE {
                cuts.extend(lower.match_indices(label).map(|(at, _)| at).filter(|at| {
                    let before = lower.get(..*at).unwrap_or_default();
                    before.ends_with(char::is_whitespace)
                        && !before.trim().is_empty()
                        && !before.trim_end().ends_with(" is")
                }));
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut from = 0;
        for cut in cuts.into_iter().chain([line.text.len()]) {
            let text = line.text.get(from..cut).unwrap_or_default().to_owned();
            unfolded.push(Line { text, ..line.clone() });
            from = cut;
        }
    }
    unfolded
}

/// The title: the line below "Decision details", else a heading, else the first line, always above
/// the first label. A text with no label at all is no decision and has no title.
fn title(lines: &[Line]) -> Option<String> {
    let known = |line: &&Line| !is_heading_of_page(&line.text) && labels::split(line).is_some();
    let first_label = lines.iter().position(|line| known(&line))?;
    let above = lines.get(..first_label)?;
    let after = above.iter().position(|line| is_heading_of_page(&line.text)).map_or(0, |at| at + 1);
    let own = |lines: &[Line]| {
        let titles = || {
            lines
                .iter()
                .filter(|line| !line.is_blank() && !is_heading_of_page(&line.text) && !line.text.contains("://"))
                .filter(|line| !is_banner(&line.text))
        };
        titles().find(|line| line.heading).or_else(|| titles().next()).map(|line| line.text.clone())
    };
    let title = own(above.get(after..)?).or_else(|| own(above))?;
    let title = title.trim();
    let bare = ["Decision - ", "Decision: ", "Decision details - "].iter().find_map(|lead| title.strip_prefix(lead));
    Some(bare.unwrap_or(title).to_owned())
}

/// The name of a council, the kind of notice or the way through a site, none of which is a title.
fn is_banner(text: &str) -> bool {
    const KINDS: [&str; 34] = [
        "decision",
        "decisions",
        "decision notice",
        "notice of decision",
        "record of decision",
        "record of officer decision",
        "record of executive decision",
        "record of cabinet member decision",
        "record of a decision",
        "decision record",
        "officer decision",
        "officer decision notice",
        "officer decision record",
        "executive decision",
        "executive decision notice",
        "executive decision record",
        "delegated decision",
        "delegated decision notice",
        "delegated officer decision",
        "cabinet decision",
        "cabinet member decision",
        "cabinet member decision notice",
        "key decision notice",
        "published decision",
        "official",
        "public",
        "menu",
        "main menu",
        "home",
        "search",
        "skip to content",
        "skip to main content",
        "agenda and minutes",
        "print this page",
    ];
    let bare = labels::simple(text);
    let words = bare.split(' ').count();
    let body = bare.ends_with(" council")
        || bare.starts_with("council of ")
        || bare.ends_with(" childrens trust")
        || bare.ends_with(" combined authority");
    let way =
        bare.starts_with("you are here") || (bare.starts_with("home") && text.contains(['>', '\u{bb}', '\u{203a}']));
    KINDS.contains(&bare.as_str()) || (body && words <= 7) || way
}

fn is_heading_of_page(text: &str) -> bool {
    matches!(
        labels::simple(text).as_str(),
        "decision details" | "decision detail" | "details of decision notice" | "issue details"
    )
}

fn states_a_purpose(text: &str) -> bool {
    let text = text.trim_start();
    ["To ", "The purpose ", "This decision seeks ", "This report seeks "].iter().any(|start| text.starts_with(start))
}

/// Whether a text says that there is nothing of what its label asks for.
#[must_use]
pub fn says_none(text: &str) -> bool {
    matches!(
        labels::simple(text).as_str(),
        "none"
            | "n a"
            | "not applicable"
            | "no"
            | "nil"
            | "none considered"
            | "none applicable"
            | "not applicable n a"
            | "no alternative options were considered"
            | "no alternatives were considered"
            | "there are no alternative options"
            | "there were no alternative options considered"
            | "no documents"
            | "none identified"
            | "no alternative options"
    )
}

fn document(line: &Line) -> Option<Document> {
    let text = squash(&line.text);
    let text = text.trim_start_matches(['\u{2022}', '-', '*']).trim();
    if text.is_empty() || says_none(text) {
        return None;
    }
    let size = text.ends_with("KB") || text.ends_with("MB");
    let cut = [" pdf icon", " PDF "].iter().find_map(|mark| text.find(mark)).filter(|_| size);
    Some(Document { title: text.get(..cut.unwrap_or(text.len()))?.trim().to_owned(), url: line.href.clone() })
}

/// The lines as paragraphs: wrapped lines joined, blank lines parting.
fn paragraphs(lines: &[&Line]) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut broken = true;
    for line in lines {
        if line.is_blank() {
            broken = true;
            continue;
        }
        let text = squash(&line.text);
        let item = text.starts_with('\u{2022}') || items::Mark::of(&text).is_some();
        match paragraphs.last_mut() {
            Some(last) if !broken && !item => {
                last.push(' ');
                last.push_str(&text);
            }
            _ => paragraphs.push(text),
        }
        broken = false;
    }
    paragraphs.join("\n")
}
