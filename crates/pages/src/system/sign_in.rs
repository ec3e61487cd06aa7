//! Signing in by e-mail address and password.

use askama::Template;
use placewell_domain::outcome::Invalid;

use crate::form::{Field, Form};
use crate::samples;
use crate::shell::Shell;

/// The sign-in page.
#[derive(Debug, Template)]
#[template(path = "system/sign_in.html")]
pub struct SignIn {
    shell: Shell,
    form: Form,
    demonstration: bool,
}

impl SignIn {
    /// `email` and `return_to` are kept from the try before; the password never is. `demonstration` adds the way to
    /// the list of invented people.
    pub fn new(shell: Shell, key: &str, email: &str, return_to: &str, errors: &Invalid, demonstration: bool) -> Self {
        let form = Form::post("/sign-in", shell.csrf.as_str(), key)
            .field(Field::email("email", "Email address").value(email).errors(errors))
            .field(Field::password("password", "Password").errors(errors))
            .field(Field::hidden("return_to", return_to))
            .submit("Sign in");
        Self { shell: shell.titled("Sign in").with_errors(errors), form, demonstration }
    }
}

/// Samples: first visit, and a wrong password.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = || samples::public_shell();
    let wrong = Invalid::one("email", "Check the email address and password: they do not match an account");
    vec![
        ("sign in", SignIn::new(shell(), "k1", "", "/home", &Invalid::default(), true).to_string()),
        ("sign in refused", SignIn::new(shell(), "k1", "p.shah@authority.example", "/home", &wrong, false).to_string()),
    ]
}
