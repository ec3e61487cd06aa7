//! Everything held about a child as one page without scripts, to be given out; its documents stand in it.

use std::fmt::Write as _;

use placewell_app::placing::child::held::{HeldDocument, HeldOnChild};
use serde_json::Value as Json;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A field's name as words.
fn named(name: &str) -> String {
    escaped(&name.replace('_', " "))
}

fn value(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("Nothing"),
        Json::Bool(true) => out.push_str("Yes"),
        Json::Bool(false) => out.push_str("No"),
        Json::Number(number) => out.push_str(&number.to_string()),
        Json::String(text) => out.push_str(&escaped(text)),
        Json::Array(items) => {
            out.push_str("<ul>");
            for item in items {
                out.push_str("<li>");
                self::value(out, item);
                out.push_str("</li>");
            }
            out.push_str("</ul>");
        }
        Json::Object(fields) => {
            out.push_str("<dl>");
            for (name, field) in fields {
                out.push_str("<dt>");
                out.push_str(&named(name));
                out.push_str("</dt><dd>");
                self::value(out, field);
                out.push_str("</dd>");
            }
            out.push_str("</dl>");
        }
    }
}

/// Writing to a text cannot fail.
fn write(out: &mut String, text: core::fmt::Arguments<'_>) {
    let _never_fails = out.write_fmt(text);
}

/// A document: its content stands in the page itself, so that nothing is asked for elsewhere.
fn document(out: &mut String, one: &HeldDocument) {
    let (name, kind) = (escaped(&one.name), escaped(&one.media_type));
    match (&one.content, one.withheld) {
        (Some(content), _) => {
            write(out, format_args!("<li><a download=\"{name}\" href=\"data:{kind};base64,{content}\">{name}</a>"));
        }
        (None, why) => write(out, format_args!("<li>{name}: {}", escaped(why.unwrap_or_default()))),
    }
    write(out, format_args!(" ({kind}, {} bytes, SHA-256 {})</li>\n", one.bytes, escaped(&one.sha256)));
}

/// The page.
pub(super) fn page(found: &HeldOnChild) -> String {
    let mut out = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Everything held</title></head><body>\n",
    );
    write(&mut out, format_args!("<h1>Everything held about child {}</h1>\n", found.child));
    write(
        &mut out,
        format_args!("<p>Held by {} and given out on {}.</p>\n<ul>", escaped(&found.authority), found.given_on),
    );
    for one in &found.taken_out {
        write(&mut out, format_args!("<li>{}</li>", escaped(one)));
    }
    out.push_str("</ul>\n");
    for part in &found.held {
        write(&mut out, format_args!("<h2>{} ({})</h2>\n", named(&part.kind), part.records.len()));
        for record in &part.records {
            out.push_str("<dl>");
            for (name, field) in record {
                write(&mut out, format_args!("<dt>{}</dt><dd>", named(name)));
                value(&mut out, field);
                out.push_str("</dd>");
            }
            out.push_str("</dl>\n<hr>\n");
        }
    }
    write(&mut out, format_args!("<h2>Documents ({})</h2>\n<ol>", found.documents.len()));
    for one in &found.documents {
        document(&mut out, one);
    }
    out.push_str("</ol>\n");
    write(&mut out, format_args!("<h2>What happened ({})</h2>\n<ol>", found.events.len()));
    for event in &found.events {
        write(&mut out, format_args!("<li>{}: {}", escaped(&event.at), named(&event.kind)));
        for (name, fact) in &event.facts {
            write(&mut out, format_args!("; {} {}", named(name), escaped(fact)));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol></body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use placewell_app::placing::child::held::{HeldEvent, HeldPart};
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_stands_on_the_page_and_nothing_of_it_is_markup() {
        let record = BTreeMap::from([
            ("given_names".to_owned(), json!("<b>Mair</b>")),
            ("needs".to_owned(), json!([{"a": true}])),
        ]);
        let found = HeldOnChild {
            authority: "HEF".to_owned(),
            child: 7,
            given_on: "2021-09-13".to_owned(),
            taken_out: vec!["Names"],
            held: vec![HeldPart { kind: "child".to_owned(), records: vec![record] }],
            documents: vec![HeldDocument {
                name: "document-1.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: 4,
                sha256: "ab".to_owned(),
                content: Some("JVBERg==".to_owned()),
                withheld: None,
            }],
            events: vec![HeldEvent {
                event: 4,
                at: "2021-09-13T09:20:00Z".to_owned(),
                kind: "child.recorded".to_owned(),
                facts: BTreeMap::from([("number".to_owned(), "7".to_owned())]),
            }],
        };
        let page = page(&found);
        for part in [
            "&lt;b&gt;Mair&lt;/b&gt;",
            "given names",
            "<dt>a</dt><dd>Yes</dd>",
            "child.recorded; number 7",
            "href=\"data:application/pdf;base64,JVBERg==\">document-1.pdf</a>",
        ] {
            assert!(page.contains(part), "{part} not in {page}");
        }
        assert!(!page.contains("<b>"));
    }
}
