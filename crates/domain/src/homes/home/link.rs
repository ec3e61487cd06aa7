//! Where a judgement or a notice can be read: an address on a site that publishes such, or on another with why it stands
//! there. What is entered by hand can so be looked up by everybody who relies on it.

use serde::{Deserialize, Serialize};

use crate::outcome::Invalid;

/// The most characters of an address.
pub const LONGEST_LINK: usize = 500;
/// Sites that publish judgements and notices; those below them count, too.
const KNOWN: &[&str] = &["gov.uk", "judiciary.uk", "parliament.uk"];
const ASK: &str =
    "Enter where the judgement or notice can be read, like https://reports.ofsted.gov.uk/provider/4/SC400001";

coded! {
    /// Why a judgement or notice is read elsewhere than on a site of Ofsted, of government or of a court.
    Elsewhere {
        NotOutYet "not_out_yet" "It is not published yet: a copy that was sent to us is kept there";
        ProvidersSite "providers_site" "The provider has published it";
        Press "press" "Only the press has written of it so far";
    }
}

/// Where something can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadAt {
    /// The address.
    pub link: String,
    /// Why it is read there; none on a site that publishes such.
    pub elsewhere: Option<Elsewhere>,
}

impl ReadAt {
    /// Where a judgement or notice is read, as somebody enters it: a whole address, on a known site or with why elsewhere.
    pub fn entered(link: Option<&str>, elsewhere: Option<Elsewhere>) -> Result<Self, Invalid> {
        let Some(link) = link.map(str::trim).filter(|link| !link.is_empty()) else {
            return Err(Invalid::one("link", ASK));
        };
        let host = checked_link(link)?;
        let known = is_known(host);
        if !known && elsewhere.is_none() {
            let ask = format!("{host} is not a site of Ofsted, government or a court: select why it is read there");
            return Err(Invalid::one("elsewhere", ask));
        }
        Ok(Self { link: link.to_owned(), elsewhere: elsewhere.filter(|_| !known) })
    }
}

/// The host of a whole address, or what is wrong with the field `link`.
pub fn checked_link(link: &str) -> Result<&str, Invalid> {
    let ask = format!("Enter a whole address of at most {LONGEST_LINK} characters that begins with https://");
    host_of(link).ok_or_else(|| Invalid::one("link", ask))
}

/// The host that a whole `https` address names; none where it is no such address.
#[must_use]
pub fn host_of(link: &str) -> Option<&str> {
    if link.len() > LONGEST_LINK || link.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return None;
    }
    let host = link.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    let last_is_a_name = host.rsplit('.').next().is_some_and(|last| last.chars().any(char::is_alphabetic));
    (host.contains('.') && host.split('.').all(part) && last_is_a_name).then_some(host)
}

/// Whether judgements and notices are published on this host.
#[must_use]
pub fn is_known(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    KNOWN.iter().any(|known| host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn wrong(link: &str, elsewhere: Option<Elsewhere>) -> String {
        ReadAt::entered(Some(link), elsewhere).unwrap_err().errors.remove(0).field
    }

    #[test]
    fn a_judgement_or_notice_is_read_on_a_known_site_or_with_why_elsewhere() {
        for known in
            ["https://reports.ofsted.gov.uk/provider/4/SC400001", "https://GOV.UK", "https://www.judiciary.uk/a?b"]
        {
            assert_eq!(ReadAt::entered(Some(known), Some(Elsewhere::Press)).unwrap().elsewhere, None, "{known}");
        }
        let other = "https://elm-care.example/ofsted.gov.uk";
        assert_eq!(wrong(other, None), "elsewhere");
        let there = ReadAt::entered(Some(other), Some(Elsewhere::ProvidersSite)).unwrap();
        assert_eq!(there.elsewhere, Some(Elsewhere::ProvidersSite));
        assert_eq!(ReadAt::entered(None, None).unwrap_err().errors[0].field, "link");
        assert_eq!(wrong("  ", None), "link");
    }

    #[test]
    fn what_only_looks_like_an_address_of_a_known_site_is_none() {
        for bad in [
            "http://reports.ofsted.gov.uk/",
            "reports.ofsted.gov.uk",
            "https://",
            "https://gov",
            "https://ofsted.gov.uk@elm.example/",
            "https://ofsted.gov.uk\\@elm.example/",
            "https://reports.ofsted.gov.uk:8443/",
            "https://127.0.0.1/notice",
            "https://[::1]/",
            "https://a b.gov.uk",
            "https://-.gov.uk",
            "https://..gov.uk",
            "javascript:alert(1)",
        ] {
            assert_eq!(wrong(bad, Some(Elsewhere::Press)), "link", "{bad}");
        }
        assert_eq!(wrong(&format!("https://gov.uk/{}", "a".repeat(LONGEST_LINK)), None), "link");
        assert_eq!(wrong("https://notgov.uk/", None), "elsewhere");
        assert_eq!(wrong("https://gov.uk.elm.example/", None), "elsewhere");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
            if let Some(host) = host_of(&text) {
                prop_assert!(text.starts_with("https://") && host.is_ascii());
            }
        }
    }
}
