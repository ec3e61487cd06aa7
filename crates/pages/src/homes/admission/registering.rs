//! A provider registers itself: the form on an opening's page, the page after it, and what the link leads to. Nothing on them
//! can say whether the provider or the person is known here.

use placewell_domain::homes::admission::registration::LINK_HOURS;
use placewell_domain::outcome::Invalid;

use crate::components::{Link, SummaryList};
use crate::form::{Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;

/// The form: who the provider is, and who registers it.
pub fn register(shell: Shell, reference: &str, (typed, errors): (&Typed, &Invalid)) -> Page {
    let csrf = shell.csrf.clone();
    let text = |name: &str, label: &str| Field::text(name, label).value(typed.get(name)).errors(errors);
    let form = Form::post(format!("/admission/{reference}/register"), csrf, "")
        .field(text("legal_name", "Registered name of the legal entity").autocomplete("organization"))
        .field(
            text("company_number", "Company or charity number")
                .hint("For example, 01234567. It stands on your certificate of incorporation")
                .width(10)
                .plain(),
        )
        .field(text("name", "Your name").autocomplete("name"))
        .field(text("title", "Your job title").autocomplete("organization-title"))
        .field(
            Field::email("email", "Your email address at work")
                .hint("We mail you a link to it. You sign in with it later")
                .value(typed.get("email"))
                .errors(errors),
        )
        .submit("Send me a link")
        .cancel(format!("/admission/{reference}"));
    let shell = shell.titled("Register your organisation").caption(reference).back(format!("/admission/{reference}"));
    Page::new(shell.with_errors(errors))
        .narrow()
        .text("Register if nobody of your organisation signs in here. If a colleague does, ask them to invite you.")
        .text("The regional team looks at each registration. You can begin your application at once.")
        .with(form)
}

/// The same answer whoever asked.
pub fn link_sent(shell: Shell, reference: &str) -> Page {
    Page::new(shell.titled("Look into your mail").caption(reference).back(format!("/admission/{reference}")))
        .narrow()
        .text(format!("A link is on its way to the address that you entered. It holds for {LINK_HOURS} hours."))
        .text("Nothing is registered before you open it and choose a password.")
        .text("The regional team then decides whether to confirm your organisation, and mails you.")
        .text(Html::from(Link::new("Back to the opening", format!("/admission/{reference}"))))
}

/// What a link stands for.
#[derive(Debug, Clone)]
pub struct RegisteringView {
    /// The opening's reference.
    pub opening: String,
    /// The legal entity.
    pub legal_name: String,
    /// Its number.
    pub company_number: String,
    /// Who registers it.
    pub name: String,
    /// The address that they will sign in with.
    pub email: String,
    /// Whether they have a password here already.
    pub known: bool,
}

/// The page that a link leads to. `path` is the link's own.
pub fn confirm_registration(shell: Shell, path: &str, view: &RegisteringView, errors: &Invalid) -> Page {
    let field = if view.known {
        Field::password("new", "Your password").hint("The one that you sign in with already")
    } else {
        Field::password("new", "Choose a password")
            .hint("15 characters or more; three or four words make a good one")
            .autocomplete("new-password")
    };
    let form = Form::post(path, shell.csrf.as_str(), "").field(field.errors(errors)).submit("Register and sign in");
    let facts = SummaryList::new()
        .row("Legal entity", view.legal_name.as_str())
        .row("Company or charity number", view.company_number.as_str())
        .row("Your name", view.name.as_str())
        .row("You sign in with", view.email.as_str());
    let shell = shell.titled("Register your organisation").caption(view.opening.as_str()).with_errors(errors);
    Page::new(shell)
        .narrow()
        .text(format!("You asked for this link on the page of {}. Nothing is registered yet.", view.opening))
        .with(facts)
        .text("Once you have registered, the regional team decides whether to confirm who you are, and mails you.")
        .text("You can write your application meanwhile. You name homes and send it once you are confirmed.")
        .with(form)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let (shell, none, empty) = (kit::public_shell, Invalid::default(), Typed::default());
    let mut typed = Typed::default();
    typed.set("legal_name", "Rowan & Łódź Care Limited");
    typed.set("company_number", "1234");
    let wrong = Invalid::one("company_number", "Enter the company number, like 01234567, or the charity number");
    let view = RegisteringView {
        opening: "AR-004".into(),
        legal_name: "Rowan & Łódź Care Limited".into(),
        company_number: "01234567".into(),
        name: "Jo Bromyard".into(),
        email: "j.bromyard@rowan.example".into(),
        known: false,
    };
    let known = RegisteringView { known: true, ..view.clone() };
    let again = Invalid::one("new", "Check your password, and enter it again");
    let path = "/emails/0011/register";
    vec![
        ("registering a provider", register(shell(), "AR-004", (&empty, &none)).to_string()),
        ("registering a provider, with an error", register(shell(), "AR-004", (&typed, &wrong)).to_string()),
        ("registering a provider: a link was sent", link_sent(shell(), "AR-004").to_string()),
        ("the link that registers a provider", confirm_registration(shell(), path, &view, &none).to_string()),
        ("the link, for somebody known", confirm_registration(shell(), path, &known, &again).to_string()),
    ]
}
