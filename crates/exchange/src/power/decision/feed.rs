//! The feed of published decisions (Atom, RFC 4287): what a newcomer or another authority follows.

use std::fmt::Write as _;

use jiff::Timestamp;

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its own address.
    pub address: String,
    /// The address of the page that lists the same.
    pub page: String,
    /// When it last changed, where it has no entry.
    pub made: Timestamp,
    /// Its entries, in their order.
    pub entries: Vec<Entry>,
}

/// A decision in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The address of its page, and its id.
    pub address: String,
    /// The other forms of it: media type, and what follows its address.
    pub forms: &'static [(&'static str, &'static str)],
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub author: String,
    /// When its public text last changed.
    pub updated: Timestamp,
    /// What happened to it, in a sentence or two.
    pub summary: String,
    /// Where it stands, such as "Called in".
    pub standing: String,
}

/// Words within XML: marked characters escaped, and those that XML cannot hold left out.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() && u32::from(letter) < 0x20 => {}
            _ => out.push(letter),
        }
    }
    out
}

/// A moment as Atom writes it, in UTC to the second.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Feed {
    /// The feed as XML.
    #[must_use]
    pub fn atom(&self) -> String {
        let updated = self.entries.iter().map(|entry| entry.updated).max().unwrap_or(self.made);
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n");
        let _ = writeln!(out, "  <title>{}</title>", escaped(&self.title));
        let _ = writeln!(out, "  <id>{}</id>", escaped(&self.address));
        let _ = writeln!(out, "  <updated>{}</updated>", moment(updated));
        let _ =
            writeln!(out, "  <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", escaped(&self.address));
        let _ = writeln!(out, "  <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&self.page));
        for entry in &self.entries {
            entry.write(&mut out);
        }
        out.push_str("</feed>\n");
        out
    }
}

impl Entry {
    fn write(&self, out: &mut String) {
        let address = escaped(&self.address);
        let links = core::iter::once(("text/html", "")).chain(self.forms.iter().copied());
        out.push_str("  <entry>\n");
        let _ = writeln!(out, "    <title>{}</title>", escaped(&self.title));
        let _ = writeln!(out, "    <id>{address}</id>");
        let _ = writeln!(out, "    <updated>{}</updated>", moment(self.updated));
        let _ = writeln!(out, "    <author><name>{}</name></author>", escaped(&self.author));
        for (kind, suffix) in links {
            let _ = writeln!(out, "    <link rel=\"alternate\" type=\"{kind}\" href=\"{address}{suffix}\"/>");
        }
        let _ = writeln!(out, "    <category term=\"{}\"/>", escaped(&self.standing));
        let _ = writeln!(out, "    <summary>{}</summary>", escaped(&self.summary));
        out.push_str("  </entry>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_never_breaks_the_feed() {
        let at: Timestamp = "2021-09-13T09:20:00.5Z".parse().unwrap();
        let entry = Entry {
            address: "https://example.org/decisions/HEF-2019-0114".into(),
            forms: &[("application/pdf", ".pdf")],
            title: "Homes <script> & \u{1}more".into(),
            author: "Herefordshire \"Council\"".into(),
            updated: at,
            summary: "Effective".into(),
            standing: "Effective".into(),
        };
        let feed = Feed {
            title: "Decisions".into(),
            address: "https://example.org/decisions.atom".into(),
            page: "https://example.org/decisions".into(),
            made: Timestamp::UNIX_EPOCH,
            entries: vec![entry],
        };
        let xml = feed.atom();
        assert!(xml.contains("<title>Homes &lt;script&gt; &amp; more</title>"), "{xml}");
        assert!(xml.contains("<updated>2021-09-13T09:20:00Z</updated>"));
        assert!(xml.contains("HEF-2019-0114.pdf"));
        let none = Feed { entries: vec![], ..feed };
        assert!(none.atom().contains("<updated>1970-01-01T00:00:00Z</updated>"));
    }
}
