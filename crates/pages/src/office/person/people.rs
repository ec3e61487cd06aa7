//! The people of an organisation as its administrator keeps them: invited, listed, their roles and sign-ins ended.

use jiff::civil::{Date, DateTime};
use placewell_domain::outcome::Invalid;

use super::own::{SignInRow, sign_in_table};
use crate::components::{Button, Filters, Link, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A role that somebody holds.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// The person's id, in paths.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The role's stored name.
    pub role: String,
    /// The role in words.
    pub role_label: String,
    /// The job title.
    pub title: String,
    /// The last day on which they hold it; none where it has no end yet.
    pub until: Option<Date>,
    /// Whether the identity provider gave it.
    pub provided: bool,
    /// Whether it is lent for the days of a cover.
    pub lent: bool,
    /// The reader themselves.
    pub own: bool,
    /// How they can sign in: "Password, second step".
    pub ways: String,
    /// When they last signed in in this role; none where they never have.
    pub signed_in: Option<DateTime>,
}

/// A post that somebody is in.
#[derive(Debug, Clone)]
pub struct PostRow {
    /// Its title.
    pub title: String,
    /// As holder, acting or cover, in words.
    pub kind: String,
    /// Its remit in words.
    pub remit: String,
    /// The first day.
    pub from: Date,
    /// The last day; none where it has no end yet.
    pub until: Option<Date>,
}

/// An invitation that waits.
#[derive(Debug, Clone)]
pub struct InvitedRow {
    /// The invitation's id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The role in words.
    pub role: String,
    /// When it runs out.
    pub expires: DateTime,
    /// Whether it has run out.
    pub over: bool,
}

/// Whoever has not come for so many days is listed as quiet.
pub const QUIET_DAYS: i64 = 90;

/// The list, and what it is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct PeopleView {
    /// The roles that are shown.
    pub rows: Vec<PersonRow>,
    /// Invitations that wait, whatever the list is narrowed to.
    pub invited: Vec<InvitedRow>,
    /// The words looked for; empty for all.
    pub looked_for: String,
    /// Only this role, by its stored name; empty for all.
    pub role: String,
    /// Only those who `never` came, or not for so many days: `quiet`; empty for all.
    pub seen: String,
    /// The roles of the organisation: stored names with their words.
    pub roles: Vec<(String, String)>,
}

fn filters(view: &PeopleView) -> Filters {
    let roles = view.roles.iter().map(|(code, label)| Choice::new(code.as_str(), label.as_str()));
    let roles = std::iter::once(Choice::new("", "All roles")).chain(roles);
    let seen = [
        Choice::new("", "At any time or never"),
        Choice::new("never", "Never"),
        Choice::new("quiet", format!("Not in the last {QUIET_DAYS} days")),
    ];
    Filters::new("/admin/people")
        .field(Field::text("q", "Name, address or job title").value(view.looked_for.as_str()))
        .field(Field::select("role", "Role", roles).value(view.role.as_str()))
        .field(Field::select("seen", "Last signed in", seen).value(view.seen.as_str()))
        .clear("/admin/people")
        .bar()
}

/// The list.
pub fn people(shell: Shell, key: &impl Fn() -> String, view: &PeopleView) -> Page {
    let csrf = shell.csrf.clone();
    let table = Table::new("Who works here")
        .columns(["Name", "Role", "Job title", "Until", "Last signed in", "Signs in by"])
        .rows(view.rows.iter().map(|row| {
            let until = row.until.map_or_else(|| "No end yet".to_owned(), words::date);
            let role =
                if row.provided { format!("{} (by the provider)", row.role_label) } else { row.role_label.clone() };
            Row::new(Html::lines([
                Html::from(Link::new(row.name.as_str(), format!("/admin/people/{}", row.id))),
                Html::text(&row.email),
            ]))
            .cell(role)
            .cell(row.title.as_str())
            .cell(until)
            .cell(row.signed_in.map_or_else(|| "Never".to_owned(), words::moment))
            .cell(row.ways.as_str())
        }))
        .empty("Nobody here fits these filters. Clear them to see everybody.");
    let waiting =
        Table::new("Invited").columns(["Name", "Role", "Runs out", "Take back"]).rows(view.invited.iter().map(|row| {
            let when = words::moment(row.expires);
            let when = if row.over { format!("Ran out {when}") } else { when };
            let back = Form::post("/admin/people/withdraw", csrf.as_str(), key())
                .field(Field::hidden("invitation", row.id.to_string()))
                .button(Button::submit(format!("Take back the invitation of {}", row.name)).secondary());
            Row::new(Html::lines([Html::text(&row.name), Html::text(&row.email)]))
                .cell(row.role.as_str())
                .cell(when)
                .cell(Html::from(back))
        }));
    let page = Page::new(shell.titled("People"))
        .with(Html::paragraph(Button::link("Invite somebody", "/admin/people/invite")))
        .with(Html::paragraph(Html::from(Link::new("Invite many from a file", "/imports?kind=people"))))
        .with(filters(view))
        .with(table);
    let page =
        if view.invited.is_empty() { page.text("Nobody is invited who has not come.") } else { page.with(waiting) };
    page.text(Html::from(Link::new("Your organisation's sign-in", "/admin/people/provider")))
}

/// What the form of an invitation lets choose: stored names with their words.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The organisations that somebody is invited to; none where it is one's own alone.
    pub organisations: Vec<(String, String)>,
    /// The roles.
    pub roles: Vec<(String, String)>,
}

/// Inviting somebody. `typed` is what was sent before.
pub fn invite(shell: Shell, key: &str, choose: &Choices, typed: &Typed, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let choices =
        choose.roles.iter().map(|(code, label)| Choice::new(code.as_str(), label.as_str())).collect::<Vec<_>>();
    let to = |(code, name): &(String, String)| Choice::new(code.as_str(), name.as_str());
    let organisations: Vec<Choice> = choose.organisations.iter().map(to).collect();
    let form = Form::post("/admin/people/invite", csrf, key);
    let form = if organisations.is_empty() {
        form
    } else {
        form.field(
            Field::select("organisation", "Organisation", organisations)
                .hint("Your own, or one that has nobody yet: its first person keeps its people, and invites everybody after")
                .value(typed.get("organisation"))
                .errors(errors),
        )
    };
    let form = form
        .field(Field::text("name", "Name").value(typed.get("name")).errors(errors))
        .field(Field::email("email", "Email address").value(typed.get("email")).errors(errors))
        .field(Field::radios("role", "Role", choices).value(typed.get("role")).errors(errors))
        .field(Field::text("title", "Job title").value(typed.get("title")).errors(errors))
        .field(
            Field::date("until", "Last day in this role")
                .hint("Leave empty where there is no end yet")
                .parts(typed.date("until"))
                .errors(errors),
        )
        .submit("Send the invitation")
        .cancel("/admin/people");
    Page::new(shell.titled("Invite somebody").back("/admin/people").with_errors(errors))
        .narrow()
        .text("They are mailed a link that holds for 7 days and can be used once.")
        .with(form)
}

/// The posts of somebody of an authority: what they may decide.
fn with_posts(page: Page, posts: &[PostRow]) -> Page {
    let rows = posts.iter().map(|post| {
        Row::new(post.title.as_str())
            .cell(post.kind.as_str())
            .cell(post.remit.as_str())
            .cell(words::date(post.from))
            .cell(post.until.map_or_else(|| "No end yet".to_owned(), words::date))
    });
    let page = page.heading("Posts and their remit").text(
        "A role lets somebody ask. What they may decide rests on their post and its remit, which democratic services \
         records with its days.",
    );
    if posts.is_empty() {
        return page.text("They are in no post.");
    }
    page.with(Table::new("Posts").columns(["Post", "As", "Remit", "From", "Until"]).rows(rows))
}

/// What moves the last day of a role: nobody their own, what the sign-in gives ends as it says, what is lent with its cover.
fn last_day_of(row: &PersonRow, path: &str) -> Option<Html> {
    if row.own || row.provided {
        return None;
    }
    let link = if row.lent {
        Link::new("Lent for a cover, which ends it", "/cover")
    } else {
        Link::new("Change the last day", format!("{path}/last-day?role={}", row.role))
    };
    Some(Html::paragraph(Html::from(link.hidden(format!("as {}", row.role_label.to_lowercase())))))
}

/// One person, with what ends their roles, their sessions, and the way they sign in; of an authority also their posts.
pub fn person(
    shell: Shell,
    key: &impl Fn() -> String,
    rows: &[PersonRow],
    posts: Option<&[PostRow]>,
    sign_ins: &[SignInRow],
) -> Page {
    let csrf = shell.csrf.clone();
    let Some(first) = rows.first() else { return Page::new(shell.titled("Person")) };
    let path = format!("/admin/people/{}", first.id);
    let facts = SummaryList::new().row("Email address", first.email.as_str()).row("Signs in by", first.ways.as_str());
    let mut page = Page::new(shell.titled(first.name.as_str()).back("/admin/people")).with(facts).heading("Roles here");
    for row in rows {
        let end = Form::post(format!("{path}/end-role"), csrf.as_str(), key())
            .field(Field::hidden("role", row.role.as_str()))
            .button(Button::submit(format!("End the role: {}", row.role_label)).secondary());
        let until = row.until.map_or_else(|| "no end yet".to_owned(), |until| format!("until {}", words::date(until)));
        let last = last_day_of(row, &path);
        let title = if row.title == row.role_label { String::new() } else { format!(", {}", row.title) };
        page = page.text(format!("{}{title}, {until}", row.role_label)).maybe(last).with(end);
    }
    if let Some(posts) = posts {
        page = with_posts(page, posts);
    }
    let table = sign_in_table("Where they are signed in", &format!("{path}/sign-ins"), &csrf, key, sign_ins);
    let all = Form::post(format!("{path}/sign-ins"), csrf.as_str(), key())
        .button(Button::submit("End all of them").warning());
    let reset = Form::post(format!("{path}/reset"), csrf.as_str(), key())
        .button(Button::submit("Reset how they sign in").warning());
    let page = page.heading("Sign-ins");
    let page = if sign_ins.is_empty() { page.text("They are signed in nowhere.") } else { page.with(table).with(all) };
    page.heading("A lost phone or password")
        .text("Resetting takes their password, second step and passkeys away, ends their sessions, and mails them a link to choose a new password.")
        .with(reset)
}

/// The last day in a role. `typed` is what was sent before, or the day that is held.
pub fn last_day(shell: Shell, key: &str, row: &PersonRow, typed: &Typed, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let back = format!("/admin/people/{}", row.id);
    let form = Form::post(format!("{back}/last-day"), csrf, key)
        .field(Field::hidden("role", row.role.as_str()))
        .field(
            Field::date("until", "Last day in this role")
                .hint("Leave empty where there is no end yet")
                .parts(typed.date("until"))
                .errors(errors),
        )
        .submit("Save the last day")
        .cancel(back.as_str());
    let facts = SummaryList::new().row("Name", row.name.as_str()).row("Role", row.role_label.as_str());
    Page::new(shell.titled("Change the last day").back(back).with_errors(errors)).narrow().with(facts).with(form)
}

/// The provider of the organisation. `held` says whether one is set up; `callback` is what the provider must allow.
pub fn provider(
    shell: Shell,
    key: &impl Fn() -> String,
    typed: &Typed,
    (held, callback): (bool, &str),
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let secret = if held { "Empty keeps the one of this address and client id" } else { "Empty where there is none" };
    let form = Form::post("/admin/people/provider", csrf.as_str(), key())
        .version(typed.get("version").parse().unwrap_or(0))
        .field(
            Field::text("issuer", "The provider's address")
                .hint("As its tokens name it, like https://id.authority.example")
                .value(typed.get("issuer"))
                .errors(errors),
        )
        .field(Field::text("client_id", "Client id").value(typed.get("client_id")).errors(errors))
        .field(Field::password("secret", "Client secret").hint(secret).autocomplete("off").errors(errors))
        .field(
            Field::text("claim", "The claim that names roles or groups")
                .hint("Like roles, groups or realm_access.roles")
                .value(typed.get("claim"))
                .errors(errors),
        )
        .field(
            Field::textarea("rules", "Which values give which roles")
                .hint("A line each: value = role, job title. Leave empty where roles are given by invitation")
                .rows(6)
                .value(typed.get("rules"))
                .errors(errors),
        )
        .field(
            Field::radios(
                "admits",
                "Who may come in by it?",
                [
                    Choice::new("invited", "People who are invited or work here already"),
                    Choice::new("anyone", "Whoever gets a role by the lines above")
                        .hint("An account is made when they first come"),
                ],
            )
            .value(typed.get("admits"))
            .errors(errors),
        )
        .field(
            Field::checkboxes(
                "only_way",
                "Passwords",
                [Choice::new("yes", "Our people sign in by the provider alone")
                    .hint("A password opens nothing here then, and what is open by one ends")],
            )
            .values(typed.all("only_way"))
            .errors(errors),
        )
        .submit("Save");
    let page = Page::new(shell.titled("Your organisation's sign-in").back("/admin/people").with_errors(errors))
        .narrow()
        .text("With a provider that speaks OpenID Connect, people sign in as they do elsewhere at work. Roles follow what it says at each sign-in; powers do not: those are recorded as delegations.")
        .with(SummaryList::new().row("The address to return to", callback))
        .with(form);
    if held {
        page.heading("Do without it").with(
            Form::post("/admin/people/provider/end", csrf.as_str(), key())
                .button(Button::submit("Take the provider away").warning()),
        )
    } else {
        page
    }
}

fn sample_row() -> PersonRow {
    PersonRow {
        id: 11,
        name: "Priya Shah".into(),
        email: "p.shah@authority.example".into(),
        role: "placement_officer".into(),
        role_label: "Placement officer".into(),
        title: "Placement officer".into(),
        until: Some(jiff::civil::date(2021, 12, 31)),
        provided: true,
        lent: false,
        own: false,
        ways: "Password, second step".into(),
        signed_in: Some(jiff::civil::date(2021, 9, 20).at(10, 20, 0, 0)),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let key = || "k1".to_owned();
    let moment = jiff::civil::date(2021, 9, 20).at(10, 20, 0, 0);
    let row = sample_row();
    let accepted = PersonRow { provided: false, ..row.clone() };
    let lent = PersonRow { role: "analyst".into(), role_label: "Analyst".into(), lent: true, ..accepted.clone() };
    let invited = InvitedRow {
        id: 12,
        name: "Amir Khan".into(),
        email: "a.khan@authority.example".into(),
        role: "Finance officer".into(),
        expires: moment,
        over: true,
    };
    let post = PostRow {
        title: "Assistant Director, Education".into(),
        kind: "Holder".into(),
        remit: "Education".into(),
        from: jiff::civil::date(2019, 1, 1),
        until: None,
    };
    let session = SignInRow {
        handle: "0011".into(),
        what: "Another browser".into(),
        working_as: "Placement officer, Herefordshire Council".into(),
        how: "Password and code".into(),
        began: moment,
        seen: moment,
        ends: moment,
        own: false,
    };
    let roles = vec![("placement_officer".to_owned(), "Placement officer".to_owned())];
    let everybody = PeopleView {
        rows: vec![row.clone(), PersonRow { signed_in: None, until: None, ..accepted.clone() }],
        invited: vec![invited],
        roles: roles.clone(),
        ..PeopleView::default()
    };
    let nobody = PeopleView { seen: "quiet".into(), roles: roles.clone(), ..PeopleView::default() };
    let own = Choices { organisations: Vec::new(), roles };
    let any = Choices { organisations: vec![("oak".to_owned(), "Oak Lane Care".to_owned())], ..own.clone() };
    let (shell, none) = (samples::signed_in_shell, Invalid::default());
    let nothing = || Typed::new(Vec::new());
    let wrong = Invalid::one("email", "Enter their email address, like a.khan@authority.example");
    let past = Invalid::one("until", "Enter today or a later day, or leave it empty");
    let line = Invalid::one("rules", "Write each line as value = role, title");
    let back = "https://placewell.example/sign-in/callback";
    vec![
        ("people", people(shell(), &key, &everybody).to_string()),
        ("nobody who fits, and nobody invited", people(shell(), &key, &nobody).to_string()),
        ("an invitation", invite(shell(), "k1", &own, &nothing(), &none).to_string()),
        ("an invitation refused", invite(shell(), "k1", &own, &nothing(), &wrong).to_string()),
        ("an invitation to another organisation", invite(shell(), "k1", &any, &nothing(), &none).to_string()),
        ("a last day", last_day(shell(), "k1", &accepted, &nothing(), &none).to_string()),
        ("a last day refused", last_day(shell(), "k1", &accepted, &nothing(), &past).to_string()),
        ("a person", person(shell(), &key, std::slice::from_ref(&accepted), Some(&[post]), &[session]).to_string()),
        ("a person who covers", person(shell(), &key, &[accepted, lent], None, &[]).to_string()),
        ("a person in no post", person(shell(), &key, std::slice::from_ref(&row), Some(&[]), &[]).to_string()),
        ("a person of a provider", person(shell(), &key, &[row], None, &[]).to_string()),
        ("a provider", provider(shell(), &key, &nothing(), (true, back), &none).to_string()),
        ("a provider refused", provider(shell(), &key, &nothing(), (false, back), &line).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_changed_of_a_colleague_s_role_and_not_of_ones_own_or_of_one_that_the_sign_in_or_a_cover_gives() {
        for (own, provided, lent, leads) in [
            (false, false, false, true),
            (true, false, false, false),
            (false, true, false, false),
            (false, false, true, false),
        ] {
            let row = PersonRow { provided, lent, own, ..sample_row() };
            let page = person(samples::signed_in_shell(), &|| "k1".to_owned(), &[row], None, &[]).to_string();
            assert_eq!(page.contains("/admin/people/11/last-day?role="), leads, "{page}");
            assert_eq!(page.contains("href=\"/cover\""), lent, "{page}");
        }
    }

    #[test]
    fn a_title_that_is_the_role_is_not_said_twice() {
        let shown = |title: &str| {
            let row = PersonRow { title: title.to_owned(), role_label: "Placement officer".to_owned(), ..sample_row() };
            person(samples::signed_in_shell(), &|| "k1".to_owned(), &[row], None, &[]).to_string()
        };
        assert!(shown("Duty officer").contains("Placement officer, Duty officer, "));
        let same = shown("Placement officer");
        assert!(
            same.contains("Placement officer, ") && !same.contains("Placement officer, Placement officer"),
            "{same}"
        );
    }
}
