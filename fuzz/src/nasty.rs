//! Values that have broken programs before, and small damages done to good ones.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// Stands raw on a page only where somebody forgot to escape.
pub const CANARY: &str = "<canary onload=\"x\">'&amp;";

/// Texts for fields.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\t\r\n",
    "\0",
    "a\0b",
    "0",
    "-0",
    "-1",
    "1.005",
    ".5",
    "5.",
    "1e309",
    "NaN",
    "inf",
    "0x10",
    "1,2,3",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "99999999999999999999999999",
    "92233720368547758.07",
    "92233720368547758.08",
    "£",
    "£-5",
    "£ 4,150.5",
    "4150.500",
    "½",
    "١٢",
    "𝟙𝟚",
    "１２",
    "2021-02-30",
    "2020-02-29",
    "0000-00-00",
    "9999-12-31",
    "-262144-01-01",
    "1899-12-31",
    "2200-01-01",
    "31/02/2021",
    "24:00",
    "12.60pm",
    "0am",
    "13pm",
    "noon",
    "4:30:00 pm",
    "25:61",
    "pm",
    "İ",
    "ß",
    "ﬁ",
    "ŉ",
    "\u{feff}x",
    "\u{202e}abc",
    "e\u{301}\u{301}\u{301}",
    "👩\u{200d}👩\u{200d}👧",
    "\u{d7ff}\u{e000}",
    "\u{10ffff}",
    "<script>alert(1)</script>",
    CANARY,
    "' OR 1=1 --",
    "\"; DROP TABLE home; --",
    "%",
    "%00",
    "%zz",
    "${7*7}",
    "{{7*7}}",
    "../../etc/passwd",
    "\\\\host\\x",
    "\r\nSet-Cookie: a=b",
    "=1+1",
    "true",
    "null",
    "[]",
    "{}",
    "HEF-R-0042",
    "HEF-R-9999999999999999999",
    "SC400001",
    "E06000019",
    "HR1 2PX",
    "B1",
    "planned",
    "yes",
    "no",
    "on",
    "both",
    "a@b",
    "@",
    "x@example.org\nBcc: y@example.org",
];

/// A nasty text.
pub fn text(chance: &mut StdRng) -> String {
    let one = |chance: &mut StdRng| (*TEXTS.choose(chance).unwrap_or(&"")).to_owned();
    match chance.random_range(0..12) {
        0 => one(chance).repeat(chance.random_range(2..2_000)),
        1 => "x".repeat(chance.random_range(1_000..40_000)),
        2 => {
            (0..chance.random_range(1..60)).filter_map(|_| char::from_u32(chance.random_range(0..0x11_0000))).collect()
        }
        3 => one(chance) + &one(chance),
        4 => chance.random::<i64>().to_string(),
        5 => format!(
            "{}-{:02}-{:02}",
            chance.random_range(-9_999..99_999),
            chance.random_range(0..14),
            chance.random_range(0..33)
        ),
        _ => one(chance),
    }
}

/// The same bytes with up to eight damages.
pub fn damaged(bytes: &[u8], other: &[u8], chance: &mut StdRng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..chance.random_range(1..=8) {
        damage(&mut bytes, other, chance);
    }
    bytes.truncate(400_000);
    bytes
}

fn span(length: usize, chance: &mut StdRng) -> std::ops::Range<usize> {
    let from = chance.random_range(0..=length);
    from..(from + chance.random_range(0..200)).min(length)
}

fn damage(bytes: &mut Vec<u8>, other: &[u8], chance: &mut StdRng) {
    let here = span(bytes.len(), chance);
    let at = here.start;
    match chance.random_range(0..12) {
        0 => drop(bytes.drain(here)),
        1 => {
            let copied = bytes[here].repeat(chance.random_range(1..20));
            bytes.splice(at..at, copied);
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.random_range(0..8);
            }
        }
        3 => drop(bytes.splice(at..at, other[span(other.len(), chance)].to_vec())),
        4 => bytes.truncate(at),
        5 => swap_lines(bytes, chance),
        6 => {
            let mut random = vec![0; chance.random_range(1..64)];
            chance.fill_bytes(&mut random);
            bytes.splice(at..at, random);
        }
        7 => {
            let tags = ["<div>", "<li><b>", "\"", "&#x", "(((", ",", "\n", "<!--"];
            let tag = tags.choose(chance).copied().unwrap_or("").as_bytes();
            bytes.splice(at..at, tag.repeat(chance.random_range(1..3_000)));
        }
        8 => drop(bytes.splice(0..0, [0xEF, 0xBB, 0xBF])),
        _ => drop(bytes.splice(here, text(chance).into_bytes())),
    }
}

fn swap_lines(bytes: &mut Vec<u8>, chance: &mut StdRng) {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (one, two) = (chance.random_range(0..=lines.len()), chance.random_range(0..=lines.len()));
    if one < lines.len() && two < lines.len() {
        lines.swap(one, two);
    }
    *bytes = lines.concat();
}
