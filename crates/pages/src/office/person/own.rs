//! A person's own: where they are signed in, how they sign in, and their tokens for other programs.

use jiff::civil::DateTime;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::screen::HidesAfter;
use placewell_domain::outcome::Invalid;

use crate::components::{Button, Inset, Link, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A session or token.
#[derive(Debug, Clone)]
pub struct SignInRow {
    /// What names it in its form.
    pub handle: String,
    /// "This browser", "Another browser", or the token's name.
    pub what: String,
    /// As whom it acts.
    pub working_as: String,
    /// How its holder signed in, or what a token is for.
    pub how: String,
    /// When it began.
    pub began: DateTime,
    /// When something was last asked for.
    pub seen: DateTime,
    /// When it ends.
    pub ends: DateTime,
    /// Whether it is this browser's.
    pub own: bool,
}

/// How a person can sign in.
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own, shown as it is
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// Whether they have a password.
    pub password: bool,
    /// Whether a second step is set up.
    pub second_step: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// How many passkeys they have.
    pub passkeys: usize,
    /// Whether their organisation's provider vouches for them.
    pub provider: bool,
    /// Whether they are one of the demonstration's invented people.
    pub invented: bool,
}

/// What a page that shows who a child is says of its time on the screen.
pub fn hiding_note(hides: HidesAfter) -> Html {
    let words = format!("This page leaves the screen after {} without activity. ", hides.label());
    Html::paragraph(Html::join([Html::text(&words), Link::new("Change the time", "/preferences").into()]))
}

/// The choice of that time.
fn hiding_form(csrf: &str, key: String, hides: HidesAfter) -> Form {
    let choices = HidesAfter::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let legend = "After which time without activity do a child's details leave your screen?";
    let hint = "Without scripts they leave after this time in any case.";
    Form::post("/preferences/hiding", csrf, key)
        .field(Field::radios("minutes", legend, choices).hint(hint).value(hides.code()))
        .submit("Save the time")
}

/// The rows of a list of sign-ins, each with a button that ends it.
pub(crate) fn sign_in_table(
    caption: &str,
    action: &str,
    csrf: &str,
    key: &impl Fn() -> String,
    rows: &[SignInRow],
) -> Table {
    let rows = rows.iter().map(|row| {
        let end: Html = if row.own {
            Html::from("Sign out above")
        } else {
            Form::post(action, csrf, key())
                .field(Field::hidden("sign_in", row.handle.as_str()))
                .button(Button::submit("End it").secondary())
                .into()
        };
        Row::new(row.what.as_str())
            .cell(row.working_as.as_str())
            .cell(row.how.as_str())
            .cell(words::moment(row.began))
            .cell(words::moment(row.seen))
            .cell(words::moment(row.ends))
            .cell(end)
    });
    Table::new(caption).columns(["What", "Working as", "How", "Since", "Last used", "Until", "End it"]).rows(rows)
}

fn ways(list: SummaryList, ways: &Ways) -> SummaryList {
    if ways.invented {
        return list.row("How you sign in", "From the demonstration's list: you are invented");
    }
    let yes = |held: bool| if held { "Set up" } else { "Not set up" };
    let step = if ways.second_step {
        format!("Set up; {} of 10 recovery codes left", ways.recovery_codes)
    } else {
        "Not set up".to_owned()
    };
    if ways.provider {
        return list.row("How you sign in", "By your organisation's sign-in, which vouches for you here").row(
            "Your own password, second step and passkeys",
            "Changed where you sign in with a password or passkey of your own",
        );
    }
    let list = list.row("Password", yes(ways.password)).change("/preferences/password");
    let list = list.row("Second step", step).change("/preferences/second-step");
    let passkeys = match ways.passkeys {
        0 => "None".to_owned(),
        count => count.to_string(),
    };
    list.row("Passkeys", passkeys).change("/preferences/passkeys")
}

/// A person's own page.
pub fn preferences(
    shell: Shell,
    key: &impl Fn() -> String,
    email: &str,
    (held, hides): (&Ways, HidesAfter),
    sign_ins: &[SignInRow],
) -> Page {
    let csrf = shell.csrf.clone();
    let table = sign_in_table("Where you are signed in", "/preferences/sign-ins", &csrf, key, sign_ins);
    let form = Form::post("/preferences/sign-out-everywhere", csrf.as_str(), key())
        .button(Button::submit("Sign out everywhere").warning());
    let facts = match &shell.signed_in {
        Some(person) => SummaryList::new()
            .row("Name", person.name.as_str())
            .row("Email address", email)
            .row("Working for", person.organisation.as_str())
            .row("Role", person.role.label()),
        None => SummaryList::new().row("Email address", email),
    };
    let covers = shell.may(Action::ArrangeCover);
    let cover = covers.then(|| Html::paragraph(Link::new("Arrange cover for when you are away", "/cover")));
    Page::new(shell.titled("Preferences"))
        .with(ways(facts, held))
        .with(table)
        .text(Html::from(Link::new("Make a token for another program", "/preferences/tokens/new")))
        .maybe(cover)
        .text(Html::from(Link::new("Who may see and do what", "/permissions")))
        .text("Signing out everywhere ends every session and every token for other programs in this list, also this browser's.")
        .with(form)
        .with(hiding_form(&csrf, key(), hides))
}

/// Making a token that holds for so many days at most; fewer where the organisation's sign-in vouches for whoever makes it.
/// `homes` are a provider's own: number and name. `typed` is what was sent before.
pub fn new_token(
    shell: Shell,
    key: &str,
    (longest, vouched, homes): (u16, bool, &[(String, String)]),
    (typed, errors): (&Typed, &Invalid),
) -> Page {
    let csrf = shell.csrf.clone();
    let homes = (!homes.is_empty()).then(|| {
        let each = homes.iter().map(|(urn, name)| Choice::new(urn.as_str(), format!("{name} alone")));
        Field::select("home", "For which home?", core::iter::once(Choice::new("", "All your homes")).chain(each))
            .value(typed.get("home"))
            .errors(errors)
    });
    let form = Form::post("/preferences/tokens/new", csrf, key)
        .field(
            Field::text("name", "What is it for?").hint("Like nightly report").value(typed.get("name")).errors(errors),
        )
        .field(
            Field::radios(
                "scope",
                "What may it do?",
                [
                    Choice::new("reading", "Read").hint("What your role may read, and no change"),
                    Choice::new("everything", "All that my role may ask for").hint("Signing and approving among it"),
                ],
            )
            .value(typed.get("scope"))
            .errors(errors),
        );
    let form = match homes {
        Some(homes) => form.field(homes),
        None => form,
    };
    let fewer =
        if vouched { "no more, since your organisation's sign-in vouches for you" } else { "the fewer the better" };
    let form = form
        .field(
            Field::number("days", "For how many days?")
                .hint(format!("From 1 to {longest}; {fewer}"))
                .value(typed.get("days"))
                .errors(errors),
        )
        .submit("Make the token")
        .cancel("/preferences");
    Page::new(shell.titled("Make a token for another program").back("/preferences").with_errors(errors))
        .narrow()
        .text("A program that holds the token acts in your name, in the role that you work in now. Give it the least it needs.")
        .with(form)
}

/// A token that was made, shown once.
pub fn token_made(shell: Shell, name: &str, token: &str) -> Page {
    Page::new(shell.titled("Your token"))
        .narrow()
        .with(Inset::new("Copy it now. It is shown once. Only a digest of it is kept."))
        .with(SummaryList::new().row("For", name).row("Token", token))
        .text(Html::from(Link::new("Back to preferences", "/preferences")))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let now = jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0);
    let row = |what: &str, how: &str, own: bool| SignInRow {
        handle: "0011".into(),
        what: what.into(),
        working_as: "Placement officer, Herefordshire Council".into(),
        how: how.into(),
        began: now,
        seen: now,
        ends: now,
        own,
    };
    let rows = [row("This browser", "Password and code", true), row("Token: nightly export", "Reading only", false)];
    let key = || "k1".to_owned();
    let homes = [("SC392492".to_owned(), "Elm House".to_owned())];
    let held =
        Ways { password: true, second_step: true, recovery_codes: 8, passkeys: 1, provider: false, invented: false };
    let vouched = Ways { provider: true, ..Ways::default() };
    let invented = Ways { invented: true, ..Ways::default() };
    let (shell, none) = (samples::signed_in_shell, Invalid::default());
    let wrong = Invalid::one("days", "Enter for how many days it holds, from 1 to 366");
    vec![
        (
            "own sessions",
            preferences(shell(), &key, "p.shah@authority.example", (&held, HidesAfter::Two), &rows).to_string(),
        ),
        (
            "a vouched person's sessions",
            preferences(shell(), &key, "p@authority.example", (&vouched, HidesAfter::Two), &rows).to_string(),
        ),
        (
            "an invented person's sessions",
            preferences(shell(), &key, "p@authority.example", (&invented, HidesAfter::Twenty), &rows).to_string(),
        ),
        ("a new token", new_token(shell(), "k1", (366, false, &[]), (&Typed::new(Vec::new()), &none)).to_string()),
        (
            "a new token refused",
            new_token(shell(), "k1", (366, false, &homes), (&Typed::new(Vec::new()), &wrong)).to_string(),
        ),
        ("a token made", token_made(shell(), "nightly report", "0011aabb").to_string()),
    ]
}
