//! HTML saved from a browser, as lines: one per paragraph, heading, list item or table row, with
//! list markers written out as the browser shows them and navigation left aside.

use scraper::node::{Element, Node};
use scraper::{ElementRef, Html, Selector};

use super::lines::{Line, Page, squash, tidy};

/// Whether the input is HTML rather than text.
pub(super) fn is_html(input: &str) -> bool {
    let lower = input.to_ascii_lowercase();
    [
        "<html",
        "<!doctype",
        "<body",
        "</p>",
        "</div>",
        "</td>",
        "</th>",
        "</dd>",
        "</dt>",
        "</li>",
        "</h1>",
        "</h2>",
        "</h3>",
        "</span>",
        "<br>",
        "<br/>",
        "<br />",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

/// The page's lines, from its main part where it marks one.
pub(super) fn page(input: &str) -> Page {
    if is_nested_beyond_reason(input) {
        return Page::of_text(&without_tags(input));
    }
    let document = Html::parse_document(input);
    let root = main_part(&document).unwrap_or_else(|| document.root_element());
    Page { lines: lines(root), source_url: address(input, &document) }
}

/// Walks the tree without recursion, so that no depth of nesting overflows the stack.
fn lines(root: ElementRef<'_>) -> Vec<Line> {
    let mut writer = Writer::default();
    let mut node = *root;
    'open: loop {
        writer.open(node.value());
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        writer.close(node.value());
        loop {
            if node.id() == root.id() {
                break 'open;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { break 'open };
            writer.close(parent.value());
            node = parent;
        }
    }
    writer.flush();
    writer.lines
}

/// Published pages nest some thirty elements; the time that parsing takes grows with the square of it.
const DEEPEST: usize = 400;

/// Whether elements that do not close by themselves are nested beyond any real page.
fn is_nested_beyond_reason(input: &str) -> bool {
    const SELF_CLOSING: [&str; 24] = [
        "p", "li", "td", "th", "tr", "dt", "dd", "br", "hr", "img", "input", "meta", "link", "option", "col", "area",
        "base", "source", "wbr", "embed", "tbody", "thead", "param", "track",
    ];
    let mut depth: usize = 0;
    for tag in input.split('<').skip(1) {
        let (closes, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || SELF_CLOSING.contains(&name.as_str()) {
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// The text between the tags, each tag a line break.
fn without_tags(input: &str) -> String {
    let mut parts = input.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut text, part| {
        text.push('\n');
        text.push_str(part.split_once('>').map_or("", |(_, after)| after));
        text
    })
}

fn main_part(document: &Html) -> Option<ElementRef<'_>> {
    ["#modgov", ".mgContent", "main", "[role=main]", "#content", "article"].iter().find_map(|selector| {
        let part = document.select(&Selector::parse(selector).ok()?).next()?;
        let text = part.text().collect::<String>().to_lowercase();
        (text.contains("decision") && text.contains("date")).then_some(part)
    })
}

/// The address of the page: the browser's "saved from" comment, or the page's canonical link.
fn address(input: &str, document: &Html) -> Option<String> {
    let saved = input.find("saved from url=").and_then(|at| {
        let rest = input.get(at..)?;
        let url = rest.get(rest.find("http")?..)?;
        url.split(|c: char| c.is_whitespace() || c == '>' || c == '<').next()
    });
    let linked = || {
        [("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")]
            .iter()
            .find_map(|(selector, name)| document.select(&Selector::parse(selector).ok()?).next()?.value().attr(name))
    };
    saved.or_else(linked).filter(|url| url.starts_with("http")).map(str::to_owned)
}

/// An ordered or plain list being written.
struct List {
    style: Style,
    next: u32,
}

#[derive(Clone, Copy)]
enum Style {
    Bullet,
    Number,
    Letter,
    Roman,
}

#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    text: String,
    href: Option<String>,
    heading: bool,
    hidden: usize,
    lists: Vec<List>,
    /// The marker of a list item, dropped where the item's own text begins with one.
    marker: Option<String>,
}

impl Writer {
    fn open(&mut self, node: &Node) {
        match node {
            Node::Text(text) if self.hidden == 0 => self.write(&text.text),
            Node::Element(element) => self.open_element(element),
            _ => {}
        }
    }

    fn open_element(&mut self, element: &Element) {
        let name = element.name();
        if is_hidden(name) {
            self.hidden += 1;
            return;
        }
        match name {
            "a" => self.href = element.attr("href").map(str::to_owned).or(self.href.take()),
            "br" => self.flush(),
            "ol" | "ul" => {
                self.flush();
                self.lists.push(List::of(element));
            }
            "li" => {
                self.flush();
                self.marker = self.lists.last_mut().map(|list| list.marker(element));
            }
            _ if is_block(name) => {
                if !self.text.ends_with('\t') {
                    self.flush();
                }
                self.heading |= is_heading(name);
            }
            _ => {}
        }
    }

    fn close(&mut self, node: &Node) {
        let Node::Element(element) = node else { return };
        let name = element.name();
        if is_hidden(name) {
            self.hidden = self.hidden.saturating_sub(1);
            return;
        }
        match name {
            "td" | "th" | "dt" if !self.text.trim().is_empty() => self.text.push('\t'),
            "ol" | "ul" => {
                self.flush();
                self.lists.pop();
                self.blank();
            }
            "li" => {
                self.flush();
                self.marker = None;
            }
            "td" | "th" | "dt" => {}
            _ if is_block(name) => {
                self.flush();
                self.blank();
            }
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if text.trim().is_empty() {
            self.text.push(' ');
            return;
        }
        if let Some(marker) = self.marker.take()
            && super::items::Mark::of(text.trim()).is_none()
        {
            self.text.push_str(&marker);
        }
        // Line breaks within running HTML text are only spaces; tabs here mean the next cell.
        self.text.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
    }

    fn flush(&mut self) {
        let cells: Vec<String> = self.text.split('\t').map(|cell| squash(&tidy(cell))).collect();
        let text = cells.join("\t").trim().to_owned();
        if !text.is_empty() {
            self.lines.push(Line { text, href: self.href.take(), heading: self.heading });
            self.heading = false;
        }
        self.href = None;
        self.text.clear();
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_blank()) {
            self.lines.push(Line::default());
        }
    }
}

impl List {
    fn of(element: &Element) -> Self {
        let css = element.attr("style").unwrap_or_default().to_lowercase();
        let style = match (element.name(), element.attr("type")) {
            ("ul", _) => Style::Bullet,
            (_, Some("a" | "A")) => Style::Letter,
            (_, Some("i" | "I")) => Style::Roman,
            _ if css.contains("alpha") || css.contains("latin") => Style::Letter,
            _ if css.contains("roman") => Style::Roman,
            _ => Style::Number,
        };
        Self { style, next: element.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1) }
    }

    fn marker(&mut self, item: &Element) -> String {
        let number = item.attr("value").and_then(|value| value.trim().parse().ok()).unwrap_or(self.next);
        self.next = number.saturating_add(1);
        match self.style {
            Style::Bullet => "\u{2022} ".to_owned(),
            Style::Number => format!("{number}. "),
            Style::Letter => match u8::try_from(number) {
                Ok(at @ 1..=26) => format!("({}) ", char::from(b'a' + at - 1)),
                _ => format!("{number}. "),
            },
            Style::Roman => super::items::ROMAN
                .get((number as usize).wrapping_sub(1))
                .map_or_else(|| format!("{number}. "), |roman| format!("({roman}) ")),
        }
    }
}

fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "nav"
            | "footer"
            | "select"
            | "button"
            | "svg"
            | "iframe"
    )
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_block(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "p" | "div"
                | "section"
                | "article"
                | "main"
                | "header"
                | "form"
                | "fieldset"
                | "table"
                | "thead"
                | "tbody"
                | "tr"
                | "caption"
                | "dl"
                | "dd"
                | "blockquote"
                | "pre"
                | "address"
                | "hr"
                | "aside"
                | "body"
        )
}
