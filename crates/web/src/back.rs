//! The way back from a page that refuses: to the record that the request was about, read from the request's own path.
//!
//! Only a page that the reader's role may open is led to. Its path says no more than the path that was asked for.

use placewell_domain::office::access::{Role, may};
use placewell_pages::components::Link;

use crate::routes::{ROUTES, Who};

/// The way back for somebody in this role: to the record above the path; else to the record that was changed in place,
/// to a page above, or to the form itself, where a form was `sent`. None where no page of the service stands above.
pub(crate) fn link(role: Role, path: &str, sent: bool) -> Option<Link> {
    let asked = ROUTES.iter().filter(|route| matches(route.path, path));
    let pattern = asked.max_by_key(|route| segments(route.path).filter(|part| !is_open(part)).count())?.path;
    let above = pattern.rmatch_indices('/').filter_map(|(at, _)| pattern.get(..at));
    let above: Vec<&str> = above.filter(|page| opens(role, page)).collect();
    let itself = Some(pattern).filter(|page| sent && opens(role, page));
    let record = above.iter().copied().chain(itself).find(|page| of_a_record(page));
    let found = record.or_else(|| above.first().copied()).or(itself)?;
    let parts: Vec<&str> = segments(path).take(segments(found).count()).collect();
    let text = match parts.last() {
        Some(name) if of_a_record(found) && is_reference(name) => format!("Go back to {name}"),
        _ if of_a_record(found) => "Go back to the record".to_owned(),
        _ if found == pattern => "Open this form again".to_owned(),
        _ => "Go back to the page above".to_owned(),
    };
    Some(Link::new(text, format!("/{}", parts.join("/"))))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

/// Whether a part of a route stands for any word.
fn is_open(part: &str) -> bool {
    part.starts_with('{')
}

/// Whether a route ends with the name of what it shows.
fn of_a_record(pattern: &str) -> bool {
    pattern.rsplit('/').next().is_some_and(is_open)
}

fn matches(pattern: &str, path: &str) -> bool {
    let fits = |(open, word): (&str, &str)| if is_open(open) { !word.is_empty() } else { open == word };
    segments(pattern).count() == segments(path).count() && segments(pattern).zip(segments(path)).all(fits)
}

/// Whether somebody in this role may open the page of exactly this route: one with other names for its parts shows
/// something else, and a document is a file to keep, no page.
fn opens(role: Role, pattern: &str) -> bool {
    let page = ROUTES.iter().find(|route| route.method == "GET" && route.path == pattern);
    page.filter(|page| !page.path.ends_with("/{document}")).is_some_and(|page| match page.who {
        Who::Everybody | Who::SignedIn => true,
        Who::Role(action) => may(role, action),
        Who::Demonstration | Who::LinkHolder => false,
    })
}

/// Whether people call it so, such as `HEF-R-0042` or `SC400001`; a bare number says nothing to them.
fn is_reference(name: &str) -> bool {
    let has = |kind: fn(&char) -> bool| name.chars().any(|letter| kind(&letter));
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    plain && has(char::is_ascii_uppercase) && has(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(role: Role, path: &str, sent: bool) -> Option<(String, String)> {
        link(role, path, sent).map(|link| (link.text, link.href))
    }

    fn is(text: &str, href: &str) -> (String, String) {
        (text.to_owned(), href.to_owned())
    }

    #[test]
    fn a_refusal_leads_back_to_the_record_that_its_form_was_of() {
        let (officer, lead, manager) = (Role::PlacementOfficer, Role::CommissioningLead, Role::ProviderManager);
        let referral = Some(is("Go back to HEF-R-0042", "/referrals/HEF-R-0042"));
        assert_eq!(back(officer, "/referrals/HEF-R-0042/withdraw", true), referral);
        assert_eq!(back(officer, "/referrals/HEF-R-0042/recipients", false), referral);
        assert_eq!(back(officer, "/referrals/HEF-R-0042/documents/7/take-away", true), referral, "no file is opened");
        let changed = Some(is("Go back to the record", "/region/alerts/7"));
        assert_eq!(back(lead, "/region/alerts/7/done", true), changed);
        assert_eq!(back(lead, "/region/alerts/7", true), changed, "it is changed in place");
        let above = Some(is("Go back to the page above", "/region/arrangement"));
        assert_eq!(back(lead, "/region/arrangement/windows", true), above);
        let form = Some(is("Open this form again", "/provider/invitations/7/offer"));
        assert_eq!(back(manager, "/provider/invitations/7/offer", true), form, "no page stands above it");
    }

    #[test]
    fn nobody_is_led_to_what_their_role_may_not_open_nor_out_of_the_service() {
        assert_eq!(back(Role::PlacementOfficer, "/region/alerts/7/done", true), None);
        for path in ["/nowhere", "//elsewhere.example/7", "/emails/abc/password"] {
            assert_eq!(back(Role::PlacementOfficer, path, true), None, "{path}");
        }
    }
}
