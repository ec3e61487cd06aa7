//! Reads a PDF back: its raw bytes, and its text through poppler's `pdftotext` where that is installed.

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether the file holds this text outside its compressed streams.
pub fn contains(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The text of each page in reading order; none, loudly, where `pdftotext` is not installed.
pub fn pages(file: &[u8]) -> Option<Vec<String>> {
    let reader = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut reader) = reader else {
        eprintln!("SKIPPED: pdftotext (poppler-utils) is not installed, so the text of the PDF was not read back");
        return None;
    };
    // The reader takes the whole file before it writes a word, so neither side can wait for the other.
    reader.stdin.take().unwrap().write_all(file).unwrap();
    let output = reader.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // Marks of direction stand around Arabic; they are the reader's, not the document's.
    let text: String = text.chars().filter(|letter| !matches!(letter, '\u{202A}'..='\u{202E}')).collect();
    Some(text.split('\u{0C}').map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

/// The whole text, with line ends and no-break spaces as single spaces.
pub fn said(file: &[u8]) -> Option<String> {
    pages(file).map(|pages| pages.join(" "))
}
