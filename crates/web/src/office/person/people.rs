//! The people of an organisation, and its identity provider, as its administrator keeps them.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::person::admitting::{DropProvider, KeepProvider};
use placewell_app::office::person::last_day::{MoveLastDay, may_move, of_role};
use placewell_app::office::person::people::{
    Colleague, EndRole, EndSignIns, GivenBy, InvitePerson, ResetSignIn, WithdrawWelcome,
};
use placewell_app::{Answer, Outcome};
use placewell_domain::id::PersonId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::provider::write_rules;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::office::person::people::{self as pages, Choices, InvitedRow, PeopleView, PersonRow, PostRow};

use super::own;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/admin/people", get(list))
        .route("/admin/people/invite", get(ask).post(invite))
        .route("/admin/people/withdraw", post(withdraw))
        .route("/admin/people/provider", get(provider).post(keep_provider))
        .route("/admin/people/provider/end", post(drop_provider))
        .route("/admin/people/{person}", get(show))
        .route("/admin/people/{person}/last-day", get(ask_last_day).post(move_last_day))
        .route("/admin/people/{person}/end-role", post(end_role))
        .route("/admin/people/{person}/sign-ins", post(end_sign_ins))
        .route("/admin/people/{person}/reset", post(reset))
}

/// The day before something holds no longer; none where it has no end yet.
fn last_day(to: Date) -> Option<Date> {
    (to < OPEN_END).then(|| plus_days(to, -1))
}

/// A role as a list shows it, by the clock that the reader goes by.
fn row(one: Colleague, calendar: &Calendar) -> PersonRow {
    let passkeys = match one.passkeys {
        0 => None,
        1 => Some("a passkey".to_owned()),
        count => Some(format!("{count} passkeys")),
    };
    let password = one.password.then(|| "a password".to_owned());
    let step = one.second_step.then(|| "a second step".to_owned());
    let ways: Vec<String> = [password, step, passkeys].into_iter().flatten().collect();
    PersonRow {
        id: one.person.0,
        name: one.name,
        email: one.email,
        role: one.role.code().to_owned(),
        role_label: one.role.label().to_owned(),
        title: one.title,
        until: last_day(one.to),
        provided: one.by == GivenBy::Provider,
        lent: one.by == GivenBy::Cover,
        own: false,
        ways: if ways.is_empty() { "Nothing of their own here".to_owned() } else { ways.join(", ") },
        signed_in: one.signed_in.map(|at| calendar.shows(at)),
    }
}

/// Whether a role is in the list as the address narrows it.
fn fits(one: &Colleague, query: &Fields, now: Timestamp) -> bool {
    let words = query.get("q").to_lowercase();
    let named = [&one.name, &one.email, &one.title].iter().any(|text| text.to_lowercase().contains(&words));
    let quiet = now - SignedDuration::from_hours(24 * pages::QUIET_DAYS);
    let came = match query.get("seen") {
        "never" => one.signed_in.is_none(),
        "quiet" => one.signed_in.is_none_or(|at| at < quiet),
        _ => true,
    };
    named && came && query.filled("role").is_none_or(|role| one.role.code() == role)
}

async fn list(signed: Signed) -> Answered {
    let people = signed.app().people(&signed.actor).await.or_fail(&signed)?;
    let (now, query, calendar) = (Machine::now(), &signed.query, &signed.app().calendar);
    let fitting = people.colleagues.into_iter().filter(|one| fits(one, query, now));
    let rows = fitting.map(|one| row(one, calendar)).collect();
    let invited = people.invited.into_iter().map(|one| InvitedRow {
        id: one.id,
        over: one.expires <= now,
        expires: calendar.shows(one.expires),
        role: one.role.label().to_owned(),
        name: one.name,
        email: one.email,
    });
    let roles = Role::ALL.iter().filter(|role| role.belongs_to(signed.actor.kind));
    let view = PeopleView {
        rows,
        invited: invited.collect(),
        looked_for: query.get("q").to_owned(),
        role: query.get("role").to_owned(),
        seen: query.get("seen").to_owned(),
        roles: roles.map(|role| (role.code().to_owned(), role.label().to_owned())).collect(),
    };
    Ok(page(&pages::people(signed.shell(), &|| signed.new_key(), &view)))
}

/// What the form lets choose: the organisations beside one's own, and the roles of them all.
async fn choices(signed: &Signed) -> Result<Choices, Failure> {
    let organisations = signed.app().invited_to(&signed.actor).await.or_fail(signed)?;
    let any = !organisations.is_empty();
    let fits = Role::ALL.iter().filter(|role| {
        role.belongs_to(signed.actor.kind) || (any && OrganisationKind::ALL.iter().any(|kind| role.belongs_to(*kind)))
    });
    let roles = fits.map(|role| (role.code().to_owned(), role.label().to_owned())).collect();
    Ok(Choices { organisations, roles })
}

async fn ask(signed: Signed) -> Answered {
    let (nothing, choices) = (Typed::new(Vec::new()), choices(&signed).await?);
    Ok(page(&pages::invite(signed.shell(), &signed.new_key(), &choices, &nothing, &Invalid::default())))
}

fn read_invitation(fields: &Fields) -> Result<InvitePerson, Invalid> {
    let mut invalid = Invalid::default();
    let until = fields.optional_date("until", "Enter the last day in this role, like 31 12 2026", &mut invalid);
    invalid.or(InvitePerson {
        name: fields.get("name").to_owned(),
        email: fields.get("email").to_owned(),
        role: fields.get("role").to_owned(),
        title: fields.get("title").to_owned(),
        until,
    })
}

async fn invite(Submitted { signed, fields, key }: Submitted) -> Answered {
    let done = match read_invitation(&fields) {
        Ok(command) => match signed.app().inviting_for(&signed.actor, fields.get("organisation")).await {
            Ok(actor) => signed.app().perform(&actor, &key, command).await,
            Err(outcome) => Err(outcome),
        },
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let (typed, choices) = (Typed::new(fields.pairs().to_vec()), choices(&signed).await?);
            let form = pages::invite(signed.shell(), &key, &choices, &typed, &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn withdraw(Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = WithdrawWelcome { invitation: fields.get("invitation").parse().unwrap_or_default() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

fn person(path: &str) -> PersonId {
    PersonId(path.parse().unwrap_or_default())
}

async fn show(signed: Signed, Path(path): Path<String>) -> Answered {
    let (roles, sign_ins) = signed.app().colleague(&signed.actor, person(&path)).await.or_fail(&signed)?;
    let own = person(&path) == signed.actor.person;
    let calendar = &signed.app().calendar;
    let rows: Vec<PersonRow> = roles.into_iter().map(|one| PersonRow { own, ..row(one, calendar) }).collect();
    let sign_ins: Vec<_> = sign_ins.iter().map(|entry| own::row(entry, calendar)).collect();
    let held = signed.app().posts_of(&signed.actor, person(&path)).await.or_fail(&signed)?;
    let posts: Vec<PostRow> = held
        .into_iter()
        .map(|(post, held)| PostRow {
            title: post.title,
            kind: held.kind.words(),
            remit: post.remit.words(),
            from: held.from,
            until: last_day(held.to),
        })
        .collect();
    let posts = (signed.actor.kind == OrganisationKind::Authority).then_some(posts.as_slice());
    Ok(page(&pages::person(signed.shell(), &|| signed.new_key(), &rows, posts, &sign_ins)))
}

/// One role that a person of the reader's organisation holds today, whose last day may be moved.
async fn held(signed: &Signed, path: &str, role: &str) -> Result<PersonRow, Failure> {
    let (roles, _) = signed.app().colleague(&signed.actor, person(path)).await.or_fail(signed)?;
    let role = Role::from_code(role).ok_or(Outcome::NotFound).or_fail(signed)?;
    let held = of_role(&roles, role, signed.now().today()).ok_or(Outcome::NotFound).or_fail(signed)?;
    may_move(held).or_fail(signed)?;
    Ok(row(held.clone(), &signed.app().calendar))
}

async fn ask_last_day(signed: Signed, Path(path): Path<String>) -> Answered {
    let held = held(&signed, &path, signed.query.get("role")).await?;
    let mut typed = Typed::new(Vec::new());
    if let Some(until) = held.until {
        typed.set("until_day", until.day());
        typed.set("until_month", until.month());
        typed.set("until_year", until.year());
    }
    Ok(page(&pages::last_day(signed.shell(), &signed.new_key(), &held, &typed, &Invalid::default())))
}

async fn move_last_day(Path(path): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let until = fields.optional_date("until", "Enter the last day in this role, like 31 12 2026", &mut invalid);
    let role = fields.get("role");
    let read = invalid.or(MoveLastDay { person: person(&path), role: role.to_owned(), until });
    match signed.attempt(&key, read).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => {
            let (held, typed) = (held(&signed, &path, role).await?, Typed::new(fields.pairs().to_vec()));
            let form = pages::last_day(signed.shell(), &key, &held, &typed, &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
    }
}

async fn end_role(Path(path): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = EndRole { person: person(&path), role: fields.get("role").to_owned() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn end_sign_ins(Path(path): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let sign_in = fields.filled("sign_in").map(str::to_owned);
    let command = EndSignIns { person: person(&path), sign_in };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn reset(Path(path): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    let command = ResetSignIn { person: person(&path) };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

fn callback(signed: &Signed) -> String {
    format!("{}/sign-in/callback", signed.web.origin)
}

async fn kept(signed: &Signed) -> Answer<(Typed, bool)> {
    let mut typed = Typed::new(Vec::new());
    let Some(provider) = signed.app().own_provider(&signed.actor).await? else {
        typed.set("claim", "roles");
        typed.set("admits", "invited");
        return Ok((typed, false));
    };
    typed.set("issuer", &provider.issuer);
    typed.set("client_id", &provider.client_id);
    typed.set("claim", &provider.claim);
    typed.set("rules", write_rules(&provider.rules));
    typed.set("admits", provider.admits.code());
    typed.flag("only_way", Some(provider.only_way));
    typed.set("version", provider.version);
    Ok((typed, true))
}

async fn provider(signed: Signed) -> Answered {
    let (typed, held) = kept(&signed).await.or_fail(&signed)?;
    let callback = callback(&signed);
    let none = Invalid::default();
    Ok(page(&pages::provider(signed.shell(), &|| signed.new_key(), &typed, (held, &callback), &none)))
}

async fn keep_provider(Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = KeepProvider {
        issuer: fields.get("issuer").to_owned(),
        client_id: fields.get("client_id").to_owned(),
        secret: fields.get("secret").to_owned(),
        claim: fields.get("claim").to_owned(),
        rules: fields.get("rules").to_owned(),
        admits: fields.get("admits").to_owned(),
        only_way: fields.get("only_way") == "yes",
        version: fields.version(),
        asking: signed.token.clone(),
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let mut typed = Typed::new(fields.pairs().to_vec());
            typed.set("version", fields.version());
            let held = fields.version() > 0;
            let callback = callback(&signed);
            let form = pages::provider(signed.shell(), &|| key.clone(), &typed, (held, &callback), &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn drop_provider(Submitted { signed, key, .. }: Submitted) -> Answered {
    Ok(see(&signed.app().perform(&signed.actor, &key, DropProvider).await.or_fail(&signed)?))
}
