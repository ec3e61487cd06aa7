//! The second step: set up with a picture for the device, recovery codes shown once, asked for on the way in.

use askama::Template;
use placewell_domain::outcome::Invalid;
use qrcode::QrCode;
use qrcode::render::svg;

use crate::component;
use crate::components::{Button, Inset, Link, SummaryList};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// The picture that a device reads.
#[derive(Debug, Clone, Template)]
#[template(source = "<div class=\"app-qr\">{{ svg|safe }}</div>", ext = "html")]
struct Picture {
    svg: String,
}

/// What the picture is, for whoever does not see it.
const NAMED: &str = "<svg role=\"img\" aria-labelledby=\"qr-title\"";
const TITLE: &str = "<title id=\"qr-title\">Picture for an authenticator app; the secret below says the same</title>";

component!(Picture);

/// The picture of an address; none where it is too long for one.
fn picture(address: &str) -> Option<Picture> {
    let code = QrCode::new(address.as_bytes()).ok()?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    // Only the drawing itself: the declaration before it belongs to a file.
    let (_declaration, drawing) = drawn.split_once("<svg")?;
    let (attributes, shapes) = drawing.split_once('>')?;
    Some(Picture { svg: format!("{NAMED}{attributes}>{TITLE}{shapes}") })
}

/// Where the second step stands: not set up, or set up with so many recovery codes left.
pub fn second_step(shell: Shell, key: &impl Fn() -> String, codes: Option<u32>, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let page = Page::new(shell.titled("Second step").back("/preferences").with_errors(errors)).narrow().text(
        "With a second step, signing in asks for a code that an app on your phone shows, beside your password. A \
         password of 8 characters is then enough.",
    );
    let Some(codes) = codes else {
        let form = Form::post("/preferences/second-step/begin", csrf, key()).submit("Set up a second step");
        return page.text("You have none set up.").with(form);
    };
    let more = Form::post("/preferences/second-step/codes", csrf.as_str(), key())
        .button(Button::submit("Make new recovery codes").secondary());
    let end = Form::post("/preferences/second-step/end", csrf.as_str(), key())
        .field(Field::password("password", "Your password").errors(errors))
        .button(Button::submit("End the second step").warning());
    page.with(SummaryList::new().row("Second step", "Set up").row("Recovery codes left", codes.to_string()))
        .with(more)
        .heading("End it")
        .with(end)
}

/// Setting it up: the picture, the secret for typing, and the first code.
pub fn device(shell: Shell, key: &str, address: &str, secret: &str, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let form = Form::post("/preferences/second-step/device", csrf, key)
        .field(
            Field::text("code", "The code that the app shows now")
                .hint("Six digits")
                .width(10)
                .autocomplete("one-time-code")
                .errors(errors),
        )
        .submit("Confirm the code")
        .cancel("/preferences/second-step");
    Page::new(shell.titled("Set up your device").back("/preferences/second-step").with_errors(errors))
        .narrow()
        .text("Open an authenticator app on your phone, and let it read this picture or type the secret.")
        .maybe(picture(address))
        .with(SummaryList::new().row("Secret", groups.join(" ")))
        .with(form)
}

/// The recovery codes, shown once.
pub fn codes(shell: Shell, codes: &[String]) -> Page {
    Page::new(shell.titled("Your recovery codes"))
        .narrow()
        .with(Inset::new("Keep them now. They are shown once. Each lets you in one time in place of the app's code, should you lose your phone.",
        ))
        .with(Html::bullets(codes.iter().map(|code| Html::text(code))))
        .text(Html::from(Link::new("Back to preferences", "/preferences")))
}

/// Asked for on the way in, after the password. `half` stands for what was proven.
pub fn ask(shell: Shell, key: &str, half: &str, return_to: &str, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let form = Form::post("/sign-in/code", csrf, key)
        .field(
            Field::text("code", "The code that your device shows")
                .hint("Six digits, or one of your recovery codes")
                .width(20)
                .autocomplete("one-time-code")
                .errors(errors),
        )
        .field(Field::hidden("half", half))
        .field(Field::hidden("return_to", return_to))
        .submit("Sign in")
        .cancel("/sign-in");
    Page::new(shell.titled("Enter your code").with_errors(errors)).narrow().with(form).text(
        "If you have lost your device and your recovery codes, your organisation's administrator can end your second step.",
    )
}

/// Changing one's password. `has` says whether there is one now.
pub fn password(shell: Shell, key: &str, has: bool, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let mut form = Form::post("/preferences/password", csrf, key);
    if has {
        form =
            form.field(Field::password("current", "Your password now").autocomplete("current-password").errors(errors));
    }
    let form = form
        .field(
            Field::password("new", "Your new password")
                .hint("15 characters or more, or 8 with a second step; three or four words make a good one")
                .autocomplete("new-password")
                .errors(errors),
        )
        .submit("Change password")
        .cancel("/preferences");
    Page::new(shell.titled("Password").back("/preferences").with_errors(errors))
        .narrow()
        .text("Every other session of yours ends when you change it.")
        .with(form)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let key = || "k1".to_owned();
    let (shell, none) = (samples::signed_in_shell, Invalid::default());
    let wrong = |field: &str| {
        Invalid::one(field, "Check the code, and enter the one that your device shows now; each code is taken once")
    };
    let short = Invalid::one("new", "Enter a password of 15 characters or more");
    let address = "otpauth://totp/Placewell:p.shah@authority.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    vec![
        ("no second step", second_step(shell(), &key, None, &none).to_string()),
        ("second step", second_step(shell(), &key, Some(8), &none).to_string()),
        ("a device", device(shell(), "k1", address, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", &wrong("code")).to_string()),
        ("recovery codes", codes(shell(), &["abcd-efgh-0011-1j23".to_owned()]).to_string()),
        ("the code is asked for", ask(samples::public_shell(), "k1", "0011", "/home", &none).to_string()),
        ("the code was wrong", ask(samples::public_shell(), "k1", "0011", "/home", &wrong("code")).to_string()),
        ("a password to change", password(shell(), "k1", true, &none).to_string()),
        ("a password refused", password(shell(), "k1", false, &short).to_string()),
    ]
}
