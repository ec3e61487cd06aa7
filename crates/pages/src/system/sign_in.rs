//! Signing in by e-mail address and password.

use askama::Template;
use placewell_domain::outcome::Invalid;

use crate::components::Link;
use crate::form::{Field, Form};
use crate::html::Html;
use crate::samples;
use crate::shell::Shell;

/// The sign-in page.
#[derive(Debug, Template)]
#[template(path = "system/sign_in.html")]
pub struct SignIn {
    shell: Shell,
    form: Form,
    providers: Html,
    demonstration: bool,
}

impl SignIn {
    /// `email` and `return_to` are kept from the try before; the password never is. `demonstration` adds the way to
    /// the list of invented people.
    pub fn new(
        shell: Shell,
        key: &str,
        (email, return_to): (&str, &str),
        errors: &Invalid,
        (demonstration, providers): (bool, &[(String, String)]),
    ) -> Self {
        let form = Form::post("/sign-in", shell.csrf.as_str(), key)
            .field(Field::email("email", "Email address").value(email).errors(errors))
            .field(Field::password("password", "Password").errors(errors))
            .field(Field::hidden("return_to", return_to))
            .submit("Sign in");
        let back: String = return_to.bytes().map(query_byte).collect();
        let links = providers.iter().map(|(code, name)| {
            Html::from(Link::new(format!("Sign in with {name}"), format!("/sign-in/with/{code}?return_to={back}")))
        });
        let providers = Html::bullets(links);
        Self { shell: shell.titled("Sign in").with_errors(errors), form, providers, demonstration }
    }
}

/// A byte of a path as it stands in a query.
fn query_byte(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Samples: first visit, and a wrong password.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = || samples::public_shell();
    let wrong = Invalid::one("email", "Check the email address and password: they do not match an account");
    let providers = [("HEF".to_owned(), "Herefordshire Council".to_owned())];
    vec![
        ("sign in", SignIn::new(shell(), "k1", ("", "/home"), &Invalid::default(), (true, &providers)).to_string()),
        (
            "sign in refused",
            SignIn::new(shell(), "k1", ("p.shah@authority.example", "/home"), &wrong, (false, &[])).to_string(),
        ),
    ]
}
