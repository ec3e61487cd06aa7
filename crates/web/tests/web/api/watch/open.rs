//! What is open to whoever asks, and what a one-time link opens: nobody is refused the one, and whoever holds another link is
//! refused the other. And forms of a page that somebody is shown already, such as one that answers another form.

use axum::http::StatusCode;
use placewell_domain::office::access::Role;
use placewell_testkit::client::{Client, Page};
use placewell_web::routes::Who;

use super::{Sent, Watch, listed};

impl Watch {
    /// Somebody's browser; a visitor's where they have no role.
    fn browser(&self, code: &str, role: Option<Role>) -> &Client {
        let own = self.people.iter().find(|one| one.code == code && one.role == role);
        &own.unwrap_or_else(|| panic!("nobody of {code} as {role:?}")).client
    }

    fn visitor(&self) -> &Client {
        self.browser("", None)
    }

    /// A page as somebody sees it.
    pub async fn look(&self, (code, role): (&str, Role), path: &str) -> Page {
        self.browser(code, Some(role)).get(path).await
    }

    /// A page as a visitor sees it.
    pub async fn visit(&self, path: &str) -> Page {
        self.visitor().get(path).await
    }

    /// The fields of a form of a page, what is typed in the place of what it holds; none, and told so, where there is none.
    fn filled(&self, shown: &Page, action: &str, typed: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        if !shown.body.contains(&format!("action=\"{action}\"")) {
            self.note(format!("no form to {action}: {} {}", shown.status, shown.h1()));
            return None;
        }
        let mut all = shown.form(action);
        all.retain(|(name, _)| !typed.iter().any(|(typed, _)| *typed == name.as_str()));
        all.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Some(all)
    }

    /// Sends the form of a page that somebody is shown, once everybody who must be refused it has sent the same; it must have
    /// this answer.
    pub async fn press(
        &self,
        (code, role): (&str, Role),
        (shown, action): (&Page, &str),
        typed: &[(&str, &str)],
        wanted: u16,
    ) -> Page {
        let Some(all) = self.filled(shown, action, typed) else { return shown.clone() };
        let row = self.before((code, role), &Sent::Form { action, fields: &all, file: None }).await;
        let page = send(self.browser(code, Some(role)), action, &all).await;
        let back = page.location.as_deref().is_some_and(|to| to.starts_with("/sign-in?"));
        let done = page.status.as_u16() == wanted && !back;
        if !done {
            self.note(format!("{action} answers {}: {}", page.status, page.h1()));
        }
        self.after(row, (code, role), page.status, done);
        page
    }

    /// Sends the form of a page that a visitor is shown; it must have this answer.
    pub async fn open(&self, (shown, action): (&Page, &str), typed: &[(&str, &str)], wanted: u16) -> Page {
        let Some(all) = self.filled(shown, action, typed) else { return shown.clone() };
        let page = send(self.visitor(), action, &all).await;
        self.keep(action, (page.status, wanted), "nobody is to be refused");
        page
    }

    /// Sends what a browser says of itself, which is no form.
    pub async fn report(&self, path: &str, kind: &str, body: &str) {
        let page = self.visitor().post_as(path, kind, body).await;
        self.keep(path, (page.status, 200), "nobody is to be refused");
    }

    /// What a one-time link shows, which another link does not.
    pub async fn see_by_link(&self, link: &str) {
        let (route, heading) = listed("GET", link).unwrap();
        let (shown, other) = (self.visit(link).await, self.visit(&another(link)).await);
        if route.who != Who::LinkHolder || shown.status != StatusCode::OK || !other.status.is_client_error() {
            self.note(format!("{heading} shows {}, and by another link {}", shown.status, other.status));
        }
        self.told.note_read(heading);
    }

    /// Sends the form that a one-time link shows; the same was sent just before under another link, which opens and writes
    /// nothing.
    pub async fn press_link(&self, link: &str, typed: &[(&str, &str)]) {
        self.see_by_link(link).await;
        let shown = self.visit(link).await;
        let Some(all) = self.filled(&shown, link, typed) else { return };
        let before = self.stored().await;
        let other = send(self.visitor(), &another(link), &all).await;
        if !other.status.is_client_error() || before != self.stored().await {
            self.note(format!("{link}: another link answers {}, or writes", other.status));
        }
        let page = send(self.visitor(), link, &all).await;
        let refused = format!("whoever holds another {}", other.status.as_u16());
        self.keep(link, (page.status, 303), &refused);
    }

    /// Keeps the row of what a visitor did, which is no route that has a permission.
    fn keep(&self, action: &str, (status, wanted): (StatusCode, u16), refused: &str) {
        let (route, heading) = listed("POST", action).unwrap();
        let who = match route.who {
            Who::Everybody | Who::Demonstration => "everybody",
            Who::LinkHolder => "whoever holds the link",
            Who::SignedIn | Who::Role(_) => {
                self.note(format!("{heading} has a permission, and was proven as if it had none"));
                return;
            }
        };
        if status.as_u16() != wanted {
            self.note(format!("{heading} answers {status} to {who}"));
            return;
        }
        let words = format!("{who} {}; {refused}", status.as_u16());
        self.told.rows.lock().unwrap().entry(heading).or_insert(words);
    }
}

/// The same link with a token that nobody was mailed.
fn another(link: &str) -> String {
    let parts: Vec<&str> = link.split('/').collect();
    format!("/emails/{}/{}", "0".repeat(parts[2].len()), parts[3])
}

async fn send(client: &Client, action: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(action, &fields).await
}
