//! Documents that people bring: which kinds are taken, told by their content and never by their name.
//!
//! A file with macros or scripts is refused, since whoever opens it next would run what a stranger wrote.

use crate::outcome::Refusal;

pub mod marking;
pub mod picture;

/// The largest document, in bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;
/// So many documents belong to one record at most.
pub const MOST: usize = 200;
/// The most that an archive's parts may take once they are unpacked, in bytes.
const LARGEST_UNPACKED: usize = 250 * 1024 * 1024;
/// The most parts of an archive.
const MOST_PARTS: usize = 2_000;
/// The most points of a picture.
const MOST_POINTS: u64 = 50_000_000;

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A PDF document.
    Pdf,
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A Word document without macros.
    Docx,
    /// An Excel workbook without macros.
    Xlsx,
}

impl Kind {
    /// The kind of a file by its content; refused where it is too large, of no kind that is taken, or holds macros.
    pub fn of(content: &[u8]) -> Result<Self, Refusal> {
        if content.is_empty() {
            return Err(unknown("The file is empty."));
        }
        if content.len() > LARGEST {
            let size = content.len().div_ceil(1024 * 1024);
            return Err(Refusal::new(
                "document_too_large",
                "Documents: 25 MB at most",
                "The document is larger than 25 MB.",
                "You, by sending it in parts or with smaller pictures",
            )
            .found(format!("{size} MB")));
        }
        if content.starts_with(b"\x89PNG\r\n\x1a\n") {
            return picture::of_size(Self::Png, picture::png(content));
        }
        if content.starts_with(b"\xff\xd8\xff") {
            return picture::of_size(Self::Jpeg, picture::jpeg(content));
        }
        if content.starts_with(b"%PDF-") {
            return if holds(content, b"/JavaScript") || holds(content, b"/Launch") {
                Err(active("a PDF with scripts"))
            } else {
                Ok(Self::Pdf)
            };
        }
        if content.starts_with(b"PK\x03\x04") {
            return office(content);
        }
        Err(unknown("The file is of no kind that can be taken; its name does not count, only what it holds."))
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// How its file names end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }
}

fn unknown(sentence: &str) -> Refusal {
    Refusal::new(
        "document_kind",
        "Documents: PDF, PNG, JPEG, Word (.docx) and Excel (.xlsx), by their content",
        sentence,
        "You, by saving it as a PDF and sending that",
    )
}

fn active(what: &str) -> Refusal {
    Refusal::new(
        "document_macros",
        "Documents: no macros and no scripts",
        "The document holds macros or scripts, which would run when somebody opens it.",
        "You, by saving it as a PDF and sending that",
    )
    .found(what)
}

fn holds(content: &[u8], word: &[u8]) -> bool {
    content.windows(word.len()).any(|part| part == word)
}

/// A Word or Excel document is an archive; its list of files says which, and whether there are macros in it.
fn office(content: &[u8]) -> Result<Kind, Refusal> {
    let (names, unpacked) =
        names(content).ok_or_else(|| unknown("The file is damaged: its list of parts does not read."))?;
    if unpacked > LARGEST_UNPACKED || names.len() > MOST_PARTS {
        return Err(unknown("The file is an archive of far more than it seems to be."));
    }
    if names.iter().any(|name| name.starts_with('/') || name.contains(':') || name.split('/').any(|part| part == ".."))
    {
        return Err(unknown("The file is an archive whose parts lead out of it."));
    }
    let part = |name: &str| names.iter().any(|one| one == name);
    if names.iter().any(|name| {
        name.contains("vbaproject")
            || name.contains("vbadata")
            || name.contains("/macrosheets/")
            || name.contains("/activex/")
    }) {
        return Err(active("an Office document with macros"));
    }
    if part("word/document.xml") {
        return Ok(Kind::Docx);
    }
    if part("xl/workbook.xml") {
        return Ok(Kind::Xlsx);
    }
    Err(unknown("The file is an archive and neither a Word nor an Excel document."))
}

/// The names in an archive's central directory, in lower case, and what its parts take once unpacked; nothing where it does
/// not read, or holds a link.
fn names(content: &[u8]) -> Option<(Vec<String>, usize)> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";
    let from = content.len().saturating_sub(65_557);
    let end = from + content.get(from..)?.windows(END.len()).rposition(|part| part == END)?;
    let count = two(content, end + 10)?;
    let mut at = two(content, end + 16)? | (two(content, end + 18)? << 16);
    let (mut names, mut unpacked) = (Vec::with_capacity(count.min(1_000)), 0_usize);
    for _ in 0..count {
        if content.get(at..at + 4)? != ENTRY {
            return None;
        }
        // The kind of a file as Unix keeps it: a link leads elsewhere once unpacked.
        if two(content, at + 40)? & 0xf000 == 0xa000 {
            return None;
        }
        unpacked = unpacked.saturating_add(two(content, at + 24)? | (two(content, at + 26)? << 16));
        let (name, extra, comment) = (two(content, at + 28)?, two(content, at + 30)?, two(content, at + 32)?);
        let text = content.get(at + 46..at + 46 + name)?;
        names.push(String::from_utf8_lossy(text).to_lowercase().replace('\\', "/"));
        at += 46 + name + extra + comment;
    }
    Some((names, unpacked))
}

fn two(content: &[u8], at: usize) -> Option<usize> {
    let bytes: [u8; 2] = content.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]
    use super::*;

    /// An archive of empty files with these names.
    fn archive(names: &[&str]) -> Vec<u8> {
        let (mut out, mut list) = (Vec::new(), Vec::new());
        for name in names {
            let (offset, length) = (out.len() as u32, name.len() as u16);
            out.extend_from_slice(b"PK\x03\x04");
            out.extend_from_slice(&[0; 22]);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(&[0; 2]);
            out.extend_from_slice(name.as_bytes());
            list.extend_from_slice(b"PK\x01\x02");
            list.extend_from_slice(&[0; 24]);
            list.extend_from_slice(&length.to_le_bytes());
            list.extend_from_slice(&[0; 12]);
            list.extend_from_slice(&offset.to_le_bytes());
            list.extend_from_slice(name.as_bytes());
        }
        let (start, size, count) = (out.len() as u32, list.len() as u32, names.len() as u16);
        out.extend_from_slice(&list);
        out.extend_from_slice(b"PK\x05\x06");
        out.extend_from_slice(&[0; 4]);
        for part in [count.to_le_bytes(), count.to_le_bytes()] {
            out.extend_from_slice(&part);
        }
        for part in [size.to_le_bytes(), start.to_le_bytes()] {
            out.extend_from_slice(&part);
        }
        out.extend_from_slice(&[0; 2]);
        out
    }

    #[test]
    fn a_document_is_known_by_its_content() {
        let png = b"\x89PNG\r\n\x1a\nrest";
        let known: [(&[u8], Kind); 5] = [
            (b"%PDF-1.7\n...", Kind::Pdf),
            (png, Kind::Png),
            (b"\xff\xd8\xff\xe0rest", Kind::Jpeg),
            (&archive(&["[Content_Types].xml", "word/document.xml"]), Kind::Docx),
            (&archive(&["[Content_Types].xml", "xl/workbook.xml"]), Kind::Xlsx),
        ];
        for (content, kind) in known {
            assert_eq!(Kind::of(content), Ok(kind));
        }
    }

    #[test]
    fn macros_and_scripts_are_refused() {
        for content in [
            archive(&["word/document.xml", "word/vbaProject.bin"]),
            archive(&["xl/workbook.xml", "xl/macrosheets/sheet1.xml"]),
            archive(&["xl/workbook.xml", "xl\\VBAPROJECT.BIN"]),
            b"%PDF-1.7 << /S /JavaScript >>".to_vec(),
        ] {
            assert_eq!(Kind::of(&content).unwrap_err().code, "document_macros");
        }
    }

    #[test]
    fn an_archive_that_is_huge_once_unpacked_or_leads_elsewhere_is_refused() {
        let good = archive(&["word/document.xml"]);
        let list = good.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
        let with = |at: usize, byte: u8| {
            let mut changed = good.clone();
            *changed.get_mut(list + at).unwrap() = byte;
            Kind::of(&changed)
        };
        assert_eq!(Kind::of(&good), Ok(Kind::Docx));
        // The highest byte of the size once unpacked: 16 MB for each one.
        assert_eq!(with(27, 0x01), Ok(Kind::Docx));
        assert_eq!(with(27, 0x20).unwrap_err().code, "document_kind");
        assert_eq!(with(41, 0xa1).unwrap_err().code, "document_kind", "a link in an archive");
        let many: Vec<String> = (0..=MOST_PARTS).map(|number| format!("word/{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).chain(["word/document.xml"]).collect();
        for names in
            [many.as_slice(), &["word/document.xml", "../../etc/passwd"], &["word/document.xml", "/etc/passwd"]]
        {
            assert_eq!(Kind::of(&archive(names)).unwrap_err().code, "document_kind");
        }
    }

    #[test]
    fn a_picture_of_too_many_points_is_refused() {
        let png = |width: u32, height: u32| {
            let head = [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()];
            Kind::of(&head.concat())
        };
        let jpeg = |width: u16, height: u16| {
            let head =
                [&b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x0b\x08"[..], &height.to_be_bytes(), &width.to_be_bytes()];
            Kind::of(&head.concat())
        };
        assert_eq!((png(8_000, 6_000), jpeg(8_000, 6_000)), (Ok(Kind::Png), Ok(Kind::Jpeg)));
        for refused in [png(50_000, 50_000), png(u32::MAX, u32::MAX), jpeg(65_000, 65_000)] {
            assert_eq!(refused.unwrap_err().code, "document_too_large");
        }
    }

    #[test]
    fn what_is_no_document_is_refused_whatever_its_name() {
        let cut = archive(&["word/document.xml"]);
        let zip = archive(&["a.exe"]);
        for content in [b"MZ\x90".as_slice(), b"<html>", b"", cut.get(..20).unwrap(), &zip] {
            assert_eq!(Kind::of(content).unwrap_err().code, "document_kind");
        }
    }

    #[test]
    fn a_document_has_25_megabytes_at_most() {
        let mut content = b"\xff\xd8\xff".to_vec();
        content.resize(LARGEST, 0);
        assert_eq!(Kind::of(&content), Ok(Kind::Jpeg));
        content.push(0);
        let refusal = Kind::of(&content).unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("document_too_large", "26 MB"));
    }
}
