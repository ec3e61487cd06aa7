//! Pictures: how many points one has, since whoever opens it needs memory for all of them; and a picture without what it
//! says of the place, the time and the device, which may lead to where a child lives.

use super::{Kind, MOST_POINTS, two};
use crate::outcome::Refusal;

/// The kind, unless the picture is too large. One that does not say its size is opened by nothing.
pub(super) fn of_size(kind: Kind, size: Option<(u64, u64)>) -> Result<Kind, Refusal> {
    match size {
        Some((width, height)) if width.saturating_mul(height) > MOST_POINTS => Err(Refusal::new(
            "document_too_large",
            "Documents: pictures of 50 million points at most",
            "The picture has more points than a picture may have here.",
            "You, by sending it smaller",
        )
        .found(format!("{width} by {height} points"))),
        _ => Ok(kind),
    }
}

/// Width and height of a PNG picture.
pub(super) fn png(content: &[u8]) -> Option<(u64, u64)> {
    let four = |at: usize| Some(u64::from(u32::from_be_bytes(content.get(at..at + 4)?.try_into().ok()?)));
    Some((four(16)?, four(20)?))
}

/// Width and height of a JPEG picture: in its frame's head, behind other parts that each say how long they are.
pub(super) fn jpeg(content: &[u8]) -> Option<(u64, u64)> {
    let swapped = |at: usize| Some(u64::from(u16::try_from(two(content, at)?).ok()?.swap_bytes()));
    let mut at = 2;
    while *content.get(at)? == 0xff {
        match *content.get(at + 1)? {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Some((swapped(at + 7)?, swapped(at + 5)?)),
            _ => at += 2 + usize::try_from(swapped(at + 2)?).ok()?,
        }
    }
    None
}

/// A picture without what it says of itself, but for which side is up; any other document, and a picture that does not
/// read, as it is.
#[must_use]
pub fn bare(kind: Kind, content: Vec<u8>) -> Vec<u8> {
    let bare = match kind {
        Kind::Jpeg => bare_jpeg(&content),
        Kind::Png => bare_png(&content),
        Kind::Pdf | Kind::Docx | Kind::Xlsx => None,
    };
    bare.unwrap_or(content)
}

/// Everything up to the picture's own data, part by part, without the parts that describe it.
fn bare_jpeg(content: &[u8]) -> Option<Vec<u8>> {
    let (mut bare, mut at) = (content.get(..2)?.to_vec(), 2);
    loop {
        if *content.get(at)? != 0xff {
            return None;
        }
        let marker = *content.get(at + 1)?;
        let end = match marker {
            0xff => at + 1,
            0x01 | 0xd0..=0xd8 => at + 2,
            0xda => {
                bare.extend_from_slice(content.get(at..)?);
                return Some(bare);
            }
            _ => at + 2 + usize::from(u16::try_from(two(content, at + 2)?).ok()?.swap_bytes()),
        };
        let part = content.get(at..end)?;
        match marker {
            0xe1 => bare.extend(side_up(part).unwrap_or_default()),
            0xed | 0xfe => {}
            _ => bare.extend_from_slice(part),
        }
        at = end;
    }
}

/// A part that says which side is up and nothing else; nothing where the part does not say it.
fn side_up(part: &[u8]) -> Option<Vec<u8>> {
    let tiff = part.get(4..)?.strip_prefix(b"Exif\0\0")?;
    let big = tiff.starts_with(b"MM");
    let short =
        |at: usize| Some(u16::try_from(two(tiff, at)?).ok()?).map(|read| if big { read.swap_bytes() } else { read });
    // The offset of the first list, four bytes of which the upper two are nought in any part that is short enough.
    let list = usize::from(short(if big { 6 } else { 4 })?);
    let entries = (0..usize::from(short(list)?)).map(|number| list + 2 + 12 * number);
    let side = entries.filter(|at| short(*at) == Some(0x0112)).find_map(|at| short(at + 8))?;
    let side = u8::try_from(side).ok().filter(|side| (2..=8).contains(side))?;
    let mut kept = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    kept.extend_from_slice(&[side, 0, 0, 0, 0, 0, 0]);
    Some(kept)
}

/// Every chunk but those that describe the picture in words and times.
fn bare_png(content: &[u8]) -> Option<Vec<u8>> {
    let (mut bare, mut at) = (content.get(..8)?.to_vec(), 8);
    while at < content.len() {
        let length: [u8; 4] = content.get(at..at + 4)?.try_into().ok()?;
        let end = at.checked_add(usize::try_from(u32::from_be_bytes(length)).ok()?)?.checked_add(12)?;
        let chunk = content.get(at..end)?;
        if !matches!(chunk.get(4..8)?, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME") {
            bare.extend_from_slice(chunk);
        }
        at = end;
    }
    Some(bare)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A part of a JPEG picture.
    fn part(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, content].concat()
    }

    fn holds(content: &[u8], words: &[u8]) -> bool {
        content.windows(words.len()).any(|part| part == words)
    }

    #[test]
    fn what_a_picture_says_of_where_and_when_it_was_taken_is_taken_out() {
        let little = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0\x10\x01\x02\0\x04\0\0\0GPS!\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0 GPS 52.05N";
        let data = b"\xff\xda\0\x02the picture itself, GPS or not\xff\xd9";
        let parts = [part(0xe0, b"JFIF"), part(0xe1, little), part(0xed, b"GPS caption"), part(0xfe, b"GPS comment")];
        let picture = [&b"\xff\xd8"[..], &parts.concat(), data].concat();
        let bare = bare(Kind::Jpeg, picture);
        assert!(bare.starts_with(b"\xff\xd8") && bare.ends_with(data) && holds(&bare, b"JFIF"));
        let before = bare.get(..bare.len() - data.len()).unwrap();
        assert!(!holds(before, b"GPS"), "it still says where");
        assert_eq!(
            side_up(before.get(before.len() - 36..).unwrap()).unwrap(),
            before.get(before.len() - 36..).unwrap()
        );
        assert_eq!(super::bare(Kind::Jpeg, bare.clone()), bare, "a bare picture is left as it is");
    }

    #[test]
    fn a_png_loses_its_words_and_keeps_its_picture() {
        let chunk = |name: &[u8], content: &[u8]| {
            [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], name, content, b"crc!"].concat()
        };
        let start = b"\x89PNG\r\n\x1a\n";
        let kept = [chunk(b"IHDR", b"size"), chunk(b"IDAT", b"points"), chunk(b"IEND", b"")];
        let all = [kept[0].clone(), chunk(b"tEXt", b"GPS"), chunk(b"eXIf", b"GPS"), kept[1].clone(), kept[2].clone()];
        assert_eq!(bare(Kind::Png, [&start[..], &all.concat()].concat()), [&start[..], &kept.concat()].concat());
    }

    #[test]
    fn what_does_not_read_and_what_is_no_picture_stays_as_it_is() {
        for (kind, content) in
            [(Kind::Jpeg, &b"\xff\xd8\xff\xe1\xff"[..]), (Kind::Png, b"\x89PNG\r\n\x1a\nrest"), (Kind::Pdf, b"%PDF-")]
        {
            assert_eq!(bare(kind, content.to_vec()), content);
        }
    }
}
