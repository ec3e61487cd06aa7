//! What links by mail lead to: an invitation accepted, a forgotten password replaced; and the page after signing out.

use placewell_domain::office::person::session::Minutes;
use placewell_domain::outcome::Invalid;
use placewell_domain::setting::SettingValue as _;

use crate::components::{Link, SummaryList};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// What an invitation says.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Who invites.
    pub organisation: String,
    /// The role, in words.
    pub role: String,
    /// The address that they will sign in with.
    pub email: String,
    /// Whether they have a password here already.
    pub known: bool,
}

/// Accepting an invitation. `path` is the link's own.
pub fn welcome(shell: Shell, path: &str, invited: &Invited, errors: &Invalid) -> Page {
    let field = if invited.known {
        Field::password("new", "Your password").hint("The one that you sign in with already")
    } else {
        Field::password("new", "Choose a password")
            .hint("15 characters or more; three or four words make a good one")
            .autocomplete("new-password")
    };
    let form = Form::post(path, shell.csrf.as_str(), "").field(field.errors(errors)).submit("Accept the invitation");
    let facts = SummaryList::new()
        .row("Organisation", invited.organisation.as_str())
        .row("Role", invited.role.as_str())
        .row("You sign in with", invited.email.as_str());
    Page::new(shell.titled("You are invited").with_errors(errors)).narrow().with(facts).with(form)
}

/// Asking for a link because a password is forgotten.
pub fn forgotten(shell: Shell, holds: Minutes, errors: &Invalid) -> Page {
    let form = Form::post("/sign-in/forgotten", shell.csrf.as_str(), "")
        .field(Field::email("email", "Email address").errors(errors))
        .submit("Send me a link")
        .cancel("/sign-in");
    Page::new(shell.titled("Have you forgotten your password?").back("/sign-in").with_errors(errors))
        .narrow()
        .text(format!("We mail you a link to choose a new one. It holds for {}.", holds.words()))
        .with(form)
}

/// The same answer whether the address is known or not.
pub fn link_sent(shell: Shell, holds: Minutes) -> Page {
    let known = "If somebody signs in here with that address, a link is on its way to it.";
    Page::new(shell.titled("Look into your mail"))
        .narrow()
        .text(format!("{known} It holds for {}.", holds.words()))
        .text(Html::from(Link::new("Back to signing in", "/sign-in")))
}

/// Choosing a new password by the link.
pub fn choose(shell: Shell, path: &str, errors: &Invalid) -> Page {
    let form = Form::post(path, shell.csrf.as_str(), "")
        .field(
            Field::password("new", "Your new password")
                .hint("15 characters or more, or 8 with a second step; three or four words make a good one")
                .autocomplete("new-password")
                .errors(errors),
        )
        .submit("Keep this password");
    Page::new(shell.titled("Choose a new password").with_errors(errors)).narrow().with(form)
}

/// An account that its organisation's sign-in has not opened before.
#[derive(Debug, Clone)]
pub struct Unconnected {
    /// What stands for the provider's word meanwhile.
    pub half: String,
    /// Whose sign-in it is.
    pub organisation: String,
    /// The address that its person signs in with.
    pub email: String,
    /// Whether a code of the second step is asked for too.
    pub code: bool,
}

/// Proving once that an account is one's own, before the organisation's sign-in opens it.
pub fn connect(shell: Shell, key: &str, account: &Unconnected, errors: &Invalid) -> Page {
    let form = Form::post("/sign-in/connect", shell.csrf.as_str(), key)
        .field(Field::password("password", "Your password here").errors(errors));
    let form = if account.code {
        form.field(
            Field::text("code", "The code that your device shows")
                .hint("Six digits, or one of your recovery codes")
                .width(20)
                .autocomplete("one-time-code")
                .errors(errors),
        )
    } else {
        form
    };
    let form =
        form.field(Field::hidden("half", account.half.as_str())).submit("Connect and sign in").cancel("/sign-in");
    let facts = SummaryList::new()
        .row("Organisation", account.organisation.as_str())
        .row("You sign in with", account.email.as_str());
    Page::new(shell.titled("Prove once that this account is yours").with_errors(errors))
        .narrow()
        .text(
            "Your organisation's sign-in opens this account for the first time. Enter the password that you have here; \
             from then on your organisation's sign-in is enough.",
        )
        .with(facts)
        .with(form)
        .text("If you have no password here, choose one by a link that we mail you. Then sign in again.")
        .text(Html::from(Link::new("Have a link mailed to you", "/sign-in/forgotten")))
}

/// After signing out, for somebody whose organisation's provider still knows them. `provider` is its name and its page.
pub fn signed_out(shell: Shell, provider: Option<(&str, &str)>) -> Page {
    let page = Page::new(shell.titled("You are signed out")).narrow().text("You are signed out of this service.");
    let page = match provider {
        Some((name, address)) => page
            .text("Your organisation's sign-in may still know you: whoever sits here after you could come in by it.")
            .with(Html::paragraph(Link::new(format!("Sign out of {name} too"), address))),
        None => page,
    };
    page.text(Html::from(Link::new("Sign in again", "/sign-in")))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let (shell, none) = (samples::public_shell, Invalid::default());
    let invited = |known: bool| Invited {
        organisation: "Herefordshire Council".into(),
        role: "Placement officer".into(),
        email: "a.khan@authority.example".into(),
        known,
    };
    let wrong = Invalid::one("new", "Enter a password of 15 characters or more");
    let path = "/emails/0011/welcome";
    let account = |code: bool| Unconnected {
        half: "0011".into(),
        organisation: "Herefordshire Council".into(),
        email: "a.khan@authority.example".into(),
        code,
    };
    let unproven = Invalid::one("password", "Check your password, and enter it again");
    vec![
        ("invited", welcome(shell(), path, &invited(false), &none).to_string()),
        ("invited and known", welcome(shell(), path, &invited(true), &wrong).to_string()),
        ("forgotten", forgotten(shell(), Minutes(60), &none).to_string()),
        ("a link was sent", link_sent(shell(), Minutes(60)).to_string()),
        ("a new password", choose(shell(), "/emails/0011/password", &wrong).to_string()),
        ("connecting an account", connect(shell(), "k1", &account(false), &none).to_string()),
        ("connecting an account refused", connect(shell(), "k1", &account(true), &unproven).to_string()),
        ("signed out", signed_out(shell(), None).to_string()),
        (
            "signed out here alone",
            signed_out(shell(), Some(("Herefordshire Council", "https://id.example/end"))).to_string(),
        ),
    ]
}
