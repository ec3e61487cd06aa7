//! Reads a PDF back with poppler's `pdftotext` and `pdfinfo`, which these tests need: its raw bytes, its text, and its
//! structure tree. `cargo xtask test` installs them where that may be done.

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether the file holds this text outside its compressed streams.
pub fn contains(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What a program of poppler says about the file.
fn poppler(program: &str, arguments: &[&str], file: &[u8]) -> String {
    let mut reader = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} of poppler-utils is needed to read the PDF back: {error}"));
    // The reader takes the whole file before it writes a word, so neither side can wait for the other.
    reader.stdin.take().unwrap().write_all(file).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} could not read the PDF");
    String::from_utf8(output.stdout).unwrap()
}

/// The text of each page in reading order.
pub fn pages(file: &[u8]) -> Vec<String> {
    let text = poppler("pdftotext", &["-enc", "UTF-8", "-", "-"], file);
    // Marks of direction stand around Arabic; they are the reader's, not the document's.
    let text: String = text.chars().filter(|letter| !matches!(letter, '\u{202A}'..='\u{202E}')).collect();
    text.split('\u{0C}').map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The whole text, with line ends and no-break spaces as single spaces.
pub fn said(file: &[u8]) -> String {
    pages(file).join(" ")
}

/// An element of the structure tree: how deep it stands and what it is, such as `H1`, `Table`, `TH`.
pub type Element = (usize, String);

/// The structure tree in reading order.
pub fn structure(file: &[u8]) -> Vec<Element> {
    let text = poppler("pdfinfo", &["-struct", "-"], file);
    let element = |line: &str| {
        let name = line.split_whitespace().next()?.trim_end_matches(':');
        let depth = line.len() - line.trim_start().len();
        name.starts_with(|letter: char| letter.is_ascii_uppercase()).then(|| (depth, name.to_owned()))
    };
    text.lines().filter_map(element).collect()
}

/// The elements below the one at a place.
pub fn below(tree: &[Element], at: usize) -> &[Element] {
    let (depth, _) = tree[at];
    let rest = &tree[at + 1..];
    &rest[..rest.iter().position(|(other, _)| *other <= depth).unwrap_or(rest.len())]
}
