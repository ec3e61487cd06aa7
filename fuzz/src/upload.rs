//! Files to send: small good ones of each kind that the service takes, damaged, renamed, or of another kind than said.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::form::Input;
use crate::nasty;

/// Where one part of a form ends.
pub const BOUNDARY: &str = "fuzzfuzz";

/// Name, kind, and how such a file begins.
const GOOD: &[(&str, &str, &[u8])] = &[
    ("report.pdf", "application/pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
    ("plan.png", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"),
    ("photo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"),
    (
        "letter.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04\x14\0\0\0\0\0word/document.xml[Content_Types].xmlPK\x05\x06\0\0\0\0\0\0\0\0",
    ),
    (
        "rows.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK\x03\x04\x14\0\0\0\0\0xl/workbook.xml[Content_Types].xmlxl/vbaProject.binPK\x05\x06\0\0",
    ),
    ("rows.csv", "text/csv", b"URN,Name\r\nSC400001,Elm House\r\n=1+1,\"x\r\n"),
];

/// Names that have broken programs before.
const NAMES: &[&str] = &[
    "../../etc/passwd",
    "..\\..\\x.pdf",
    "",
    ".",
    "a.pdf.exe",
    "x.pdf\0.png",
    "a\";filename=\"b.pdf",
    "ﬁle\u{202e}fdp.exe",
    "CON",
    "%2e%2e%2fx.pdf",
];

/// The names and values of a form as the parts of a body; `spoilt` says which field is looked at, if any is.
pub fn body(pairs: &[(String, String)], inputs: &[Input], spoilt: Option<&str>, chance: &mut StdRng) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in pairs {
        let is_file = inputs.iter().any(|input| input.file && input.name == *name);
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"", plain(name)).bytes());
        if is_file {
            file(&mut body, spoilt == Some(name.as_str()), chance);
        } else {
            body.extend(format!("\r\n\r\n{value}\r\n").bytes());
        }
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    if spoilt.is_some() && chance.random_bool(0.1) {
        body = nasty::damaged(&body, &body, chance);
    }
    body
}

/// A name that does not end its own header.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_control() && *c != '"').collect()
}

fn file(body: &mut Vec<u8>, spoilt: bool, chance: &mut StdRng) {
    let Some(&(name, kind, good)) = GOOD.choose(chance) else { return };
    let other = GOOD.choose(chance).map_or(good, |other| other.2);
    let (mut name, mut kind, mut bytes) = (name.to_owned(), kind.to_owned(), good.to_vec());
    if spoilt {
        match chance.random_range(0..6) {
            0 => bytes = Vec::new(),
            1 => bytes = other.to_vec(),
            2 => name = NAMES.choose(chance).map_or_else(String::new, |name| (*name).to_owned()),
            3 => name = nasty::text(chance).replace(['\r', '\n'], " "),
            4 => kind = nasty::text(chance).replace(['\r', '\n'], " "),
            _ => bytes = nasty::damaged(good, other, chance),
        }
    }
    body.extend(format!("; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n");
}
