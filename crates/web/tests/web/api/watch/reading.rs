//! Reads of what the matrix's world has not: once somebody reads it, everybody else asks for the very same. Whoever is none of
//! its readers is refused it, word for word as one that nobody has.

use placewell_domain::office::access::{Role, may};
use placewell_web::routes::{Route, Who};

use super::{Refused, Somebody, Watch, listed, named};
use crate::api::matrix::absent::{Said, asked, said};

impl Somebody {
    /// What they hear who ask for a path in which a record is named.
    async fn hears(&self, page: bool, (path, name): &(String, String)) -> Said {
        if page {
            let page = self.client.get(path).await;
            return said(page.status, &page.headers, &page.bytes, (path, name));
        }
        let path = format!("/api/v1{path}");
        let reply = self.caller.get(&path).await;
        said(reply.status, &reply.headers, &reply.bytes, (&path, name))
    }
}

/// Why somebody is kept from what a route reads; none where they are among its readers.
fn kept_from(route: &Route, one: &Somebody, readers: &[&str]) -> Option<Refused> {
    let open = matches!(route.who, Who::Everybody | Who::Demonstration | Who::LinkHolder);
    match (route.who, one.role) {
        _ if open => None,
        (_, None) => Some(Refused::SignIn),
        (Who::Role(action), Some(role)) if !may(role, action) => Some(Refused::Role),
        _ => (!readers.contains(&one.code) && !readers.contains(&one.name().as_str())).then_some(Refused::Record),
    }
}

impl Watch {
    /// Somebody reads it, and so may these: each an organisation by its code, or one of its people by their role too.
    pub async fn see(&self, who: (&str, Role), path: &str, readers: &[&str]) {
        let Some((route, heading)) = listed("GET", path) else {
            self.note(format!("{path} is no route that reads"));
            return;
        };
        let (page, below) = match path.strip_prefix("/api/v1") {
            Some(below) => (false, below.to_owned()),
            None => (true, path.to_owned()),
        };
        let whole = (below.clone(), below.clone());
        let (theirs, nobodys) = match asked(route.path, below) {
            Some([theirs, nobodys]) => (theirs, Some(nobodys)),
            None => (whole, None),
        };
        for one in &self.people {
            let heard = one.hears(page, &theirs).await;
            if (one.code, one.role) == (who.0, Some(who.1)) {
                if !heard.status.is_success() && !heard.status.is_redirection() {
                    self.note(format!("{heading} of {}: {}", named(who.0, who.1), heard.status));
                    return;
                }
                continue;
            }
            let Some(why) = kept_from(route, one, readers) else { continue };
            let location = heard.headers.iter().find(|(name, _)| name == "location").map(|(_, to)| to.as_str());
            let refused = why.is(heard.status, location);
            let told_apart = match (why, &nobodys) {
                (Refused::Record, Some(nobodys)) => heard != one.hears(page, nobodys).await,
                // Where no record is named there is none that could be told from it.
                (Refused::Record, None) => true,
                (Refused::Role | Refused::SignIn, _) => false,
            };
            if !refused || told_apart {
                self.note(format!("{heading} of {} as {}: {}", named(who.0, who.1), one.name(), heard.status));
            }
        }
        self.told.note_read(heading);
    }

    /// Somebody reads of their own under an address that others have too: these words stand in nobody else's answer.
    pub async fn see_own(&self, who: (&str, Role), path: &str, words: &str) {
        let Some((route, heading)) = listed("GET", path) else {
            self.note(format!("{path} is no route that reads"));
            return;
        };
        for one in &self.people {
            let page = one.client.get(path).await;
            let (shown, own) = (page.body.contains(words), (one.code, one.role) == (who.0, Some(who.1)));
            let refused = match kept_from(route, one, &[]).filter(|_| !own) {
                None | Some(Refused::Record) => true,
                Some(why) => why.is(page.status, page.location.as_deref()),
            };
            if shown != own || !refused {
                self.note(format!("{heading} of {} as {}: {}", named(who.0, who.1), one.name(), page.status));
            }
        }
        self.told.note_read(heading);
    }

    /// What follows in the first address of a page that begins so, as somebody sees it; empty where none does.
    pub async fn linked(&self, (code, role): (&str, Role), shown_at: &str, start: &str) -> String {
        let own = self.people.iter().find(|one| one.code == code && one.role == Some(role)).unwrap();
        let page = own.client.get(shown_at).await;
        let after = page.body.split_once(&format!("\"{start}")).map(|(_, rest)| rest);
        after.and_then(|rest| rest.split(['"', '/', '?']).next()).unwrap_or_default().to_owned()
    }
}
