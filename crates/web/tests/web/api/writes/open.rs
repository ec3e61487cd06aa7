//! Writes that have no permission: whoever asks, whoever is signed in, and whoever holds a one-time link. Each is proven like
//! every other, by who is let in and who is not, or it is excused below, with where it is proven instead.

use std::collections::BTreeMap;

use placewell_domain::office::access::Role;
use placewell_testkit::client::Page;
use placewell_testkit::device::{Device, code_now};
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::{ROUTES, Who};
use scraper::{Html, Selector};

use super::admission::PLAN;
use super::steps::{ADMINISTRATOR, DIRECTOR, FINANCE, LEAD, OFFICER, Step, Typed, take};
use crate::api::watch::{Watch, listed};
use crate::api::world::World;
use crate::api::{PEOPLE, email, road};
use Step::{Fill, Find, See, Send};

/// Writes without a permission that are not proven here, and why.
const EXCUSED: &[(&str, &str)] = &[
    (
        "POST /demo",
        "it stands on a demonstration alone, where everybody may: every journey in a browser signs in by it",
    ),
    ("POST /demo/calendar", "it stands on a demonstration alone, where everybody may: the office's tests move it"),
    (
        "POST /sign-in/connect",
        "an organisation's provider leads to it: an_account_that_stood_here_first_is_opened_once_its_person_has_proven_that_it_is_theirs",
    ),
];

pub fn excused(heading: &str) -> bool {
    EXCUSED.iter().any(|(one, _)| *one == heading)
}

/// The writes without a permission that are neither proven nor excused, or both.
pub fn untold(rows: &BTreeMap<String, String>) -> Vec<String> {
    let pages = ROUTES.iter().map(|route| (route, ""));
    let all = pages.chain(OPERATIONS.iter().map(|route| (route, "/api/v1")));
    let open = all.filter(|(route, _)| route.method != "GET" && !matches!(route.who, Who::Role(_)));
    let headings = open.map(|(route, start)| format!("{} {start}{}", route.method, route.path));
    headings.filter(|heading| rows.contains_key(heading) == excused(heading)).collect()
}

#[test]
fn a_write_that_is_excused_is_one_and_has_no_permission() {
    for (excused, why) in EXCUSED {
        let (method, path) = excused.split_once(' ').unwrap();
        let Some((route, heading)) = listed(method, path) else { panic!("{excused}: no such route") };
        assert_eq!(heading, *excused, "no such route");
        assert!(method != "GET" && !matches!(route.who, Who::Role(_)), "{excused} has a permission: prove it");
        assert!(!why.is_empty());
    }
}

const PASSWORD: &str = "walnut ferry dusk granite";
const ANALYST: (&str, Role) = ("HEF", Role::Analyst);
const GUEST: (&str, Role) = ("HEF", Role::Guest);

/// The link that a mailbox got last, as it was sent.
async fn mailed(world: &World, to: &str) -> String {
    let app = &world.region.app;
    let mut links = Vec::new();
    for (code, _, roles) in PEOPLE {
        let organisation = app.actor_by_email(&email(code, roles[0])).await.unwrap().organisation;
        let mails = app.store.read(Some(organisation)).await.unwrap().whole_mails(organisation, 100).await.unwrap();
        links.extend(mails.into_iter().filter(|mail| mail.recipient.eq_ignore_ascii_case(to)).filter_map(|mail| {
            let link = mail.body.lines().find(|line| line.starts_with("/emails/"))?.to_owned();
            Some((mail.id, link))
        }));
    }
    links.into_iter().max().unwrap_or_else(|| panic!("no link to {to}")).1
}

const FIRST: &str = "/referrals/HEF-R-0001/asked/1/link";
const SECOND: &str = "/referrals/HEF-R-0001/asked/2/link";
const ELM: &str = "elm@home.example";
const ASH: &str = "ash@home.example";
const LINKS: &[Step] =
    &[Fill(OFFICER, FIRST, FIRST, &[("email", ELM)]), Fill(OFFICER, SECOND, SECOND, &[("email", ASH)])];
const OFFERED: Typed = &[
    ("start", "2021-09-27"),
    ("core", "4,321"),
    ("met_going_missing", "yes"),
    ("how_going_missing", "Staff who know how"),
    ("impact", "A good match"),
    ("valid", "2021-09-24"),
];

/// A search that is out: one home asks and declines by its link, the other offers by its own.
async fn answered(world: &World, watch: &Watch) {
    road::sent(world).await;
    take(world, LINKS).await;
    let (elm, ash) = (mailed(world, ELM).await, mailed(world, ASH).await);
    watch.see_by_link(&elm).await;
    watch.press_link(&elm.replace("/answer", "/question"), &[("question", "Does the school know?")]).await;
    watch.press_link(&elm.replace("/answer", "/decline"), &[("reason", "no_staffed_bed")]).await;
    watch.press_link(&ash.replace("/answer", "/offer"), OFFERED).await;
}

const REGISTER: &str = "/admission/AR-001/register";
const OPENED: &[Step] =
    &[Send(LEAD, "/openings", "", PLAN, 201), Send(LEAD, "/openings/AR-001/publish", "1", "{}", 200)];
/// Names, company numbers and addresses.
const PROVIDERS: &[[&str; 3]] = &[
    ["Alder Care Limited", "08123451", "jo@alder.example"],
    ["Birch Care Limited", "08123452", "jo@birch.example"],
    ["Cedar Care Limited", "08123453", "jo@cedar.example"],
    ["Dogwood Care Limited", "08123454", "jo@dogwood.example"],
    ["Elder Care Limited", "08123455", "jo@elder.example"],
    ["Fir Care Limited", "08123456", "jo@fir.example"],
];
const LIST: &str = "/registrations";
const DOGWOOD: &str = "/region/registrations/$dogwood";
const ELDER: &str = "/region/registrations/$elder";
const FIR: &str = "/region/registrations/$fir";

/// What becomes of each, by program and on its page.
const SETTLED: &[Step] = &[
    Find(LEAD, LIST, "/registrations", ("legal_name", "Alder Care Limited"), "id", "alder"),
    See(LEAD, "/region/registrations/$alder", &[]),
    See(LEAD, "/api/v1/registrations/$alder", &[]),
    Send(LEAD, "/registrations/$alder/confirm", "/registrations/$alder", r#"{"homes": []}"#, 200),
    Find(LEAD, LIST, "/registrations", ("legal_name", "Birch Care Limited"), "id", "birch"),
    Send(LEAD, "/registrations/$birch/join", "/registrations/$birch", r#"{"provider": "beech-care"}"#, 200),
    Find(LEAD, LIST, "/registrations", ("legal_name", "Cedar Care Limited"), "id", "cedar"),
    Send(LEAD, "/registrations/$cedar/refuse", "/registrations/$cedar", r#"{"why": "twice"}"#, 200),
    Find(LEAD, LIST, "/registrations", ("legal_name", "Dogwood Care Limited"), "id", "dogwood"),
    Fill(LEAD, DOGWOOD, "/region/registrations/$dogwood/confirm", &[("homes", "")]),
    Find(LEAD, LIST, "/registrations", ("legal_name", "Elder Care Limited"), "id", "elder"),
    Fill(LEAD, ELDER, "/region/registrations/$elder/join", &[("provider", "beech-care")]),
    Find(LEAD, LIST, "/registrations", ("legal_name", "Fir Care Limited"), "id", "fir"),
    Fill(LEAD, FIR, "/region/registrations/$fir/refuse", &[("why", "twice")]),
];

/// Providers register themselves, each by a link; the regional team looks at them.
async fn registered(world: &World, watch: &Watch) {
    take(world, OPENED).await;
    for [name, number, address] in PROVIDERS {
        let shown = watch.visit(REGISTER).await;
        let person = [("name", "Jo Bromyard"), ("title", "Director"), ("email", *address)];
        let typed = [&[("legal_name", *name), ("company_number", *number)][..], &person].concat();
        watch.open((&shown, REGISTER), &typed, 200).await;
        watch.press_link(&mailed(world, address).await, &[("new", PASSWORD)]).await;
    }
    take(world, SETTLED).await;
}

const INVITE: &str = "/admin/people/invite";
const INVITED: &[Step] = &[Fill(
    ADMINISTRATOR,
    INVITE,
    INVITE,
    &[("name", "Amir Khan"), ("email", "a.khan@hef.example"), ("role", "analyst"), ("title", "Analyst")],
)];
const FORGOTTEN: &str = "/sign-in/forgotten";

/// Somebody comes by an invitation, and somebody chooses a new password.
async fn came_by_links(world: &World, watch: &Watch) {
    take(world, INVITED).await;
    let administrator = world.region.app.actor_by_email(&email(ADMINISTRATOR.0, ADMINISTRATOR.1)).await.unwrap();
    let mails = world.region.app.latest_mails(&administrator).await.unwrap();
    let mail = format!("/admin/jobs/mail/{}", mails.first().unwrap().id);
    watch.see(ADMINISTRATOR, &mail, &["operator"]).await;
    watch.press_link(&mailed(world, "a.khan@hef.example").await, &[("new", PASSWORD)]).await;
    let guest = email(GUEST.0, GUEST.1);
    let shown = watch.visit(FORGOTTEN).await;
    watch.open((&shown, FORGOTTEN), &[("email", &guest)], 200).await;
    world.region.app.do_due_jobs().await.unwrap();
    watch.press_link(&mailed(world, &guest).await, &[("new", PASSWORD)]).await;
}

const OWN: &str = "/preferences";
const CHANGE: &str = "/preferences/password";
const STEP: &str = "/preferences/second-step";
const DEVICE: &str = "/preferences/second-step/device";
const CODES: &str = "/preferences/second-step/codes";

/// What somebody keeps of their own account; ending the other sign-ins ends the token by which they are watched.
const ACCOUNT: &[Step] = &[
    Fill(ANALYST, OWN, "/preferences/hiding", &[("minutes", "20")]),
    Fill(ANALYST, OWN, "/preferences/sign-ins", &[]),
    Fill(ANALYST, CHANGE, CHANGE, &[("new", PASSWORD)]),
    Fill(ANALYST, "/confirm", "/confirm", &[("confirm_password", PASSWORD)]),
];

/// A password, a second step and the code that comes back in its place.
async fn signed_in(world: &World, watch: &Watch) {
    take(world, ACCOUNT).await;
    let who = email(ANALYST.0, ANALYST.1);
    let typed = [("email", who.as_str()), ("password", PASSWORD)];
    let door = watch.visit("/sign-in").await;
    watch.open((&door, "/sign-in"), &typed, 303).await;
    take(world, &[Fill(ANALYST, STEP, "/preferences/second-step/begin", &[])]).await;
    let app = &world.region.app;
    let actor = app.actor_by_email(&who).await.unwrap();
    let secret = app.second_step_begun(&actor).await.unwrap().secret;
    let shown = watch.look(ANALYST, DEVICE).await;
    watch.press(ANALYST, (&shown, DEVICE), &[("code", &code_now(&secret))], 200).await;
    let shown = watch.look(ANALYST, STEP).await;
    let codes = watch.press(ANALYST, (&shown, CODES), &[], 200).await;
    let door = watch.visit("/sign-in").await;
    let half = watch.open((&door, "/sign-in"), &typed, 200).await;
    let code = codes.words("main .govuk-list--bullet li");
    watch.open((&half, "/sign-in/code"), &[("code", &code)], 303).await;
    take(world, &[Fill(ANALYST, STEP, "/preferences/second-step/end", &[("password", PASSWORD)])]).await;
}

const PASSKEYS: &str = "/preferences/passkeys";
const MAKE: &str = "/preferences/passkeys/new";
const SHOW: &str = "/sign-in/passkey";

/// What a page asks a device.
fn options(page: &Page) -> String {
    let document = Html::parse_document(&page.body);
    let asks = Selector::parse("[data-options]").unwrap();
    let element = document.select(&asks).next().unwrap_or_else(|| panic!("{} asks no device", page.h1()));
    element.attr("data-options").unwrap().to_owned()
}

/// A passkey that is made, opens the door and is ended.
async fn by_device(world: &World, watch: &Watch) {
    let mut device = Device::new("http://localhost", (1, 1));
    let shown = watch.look(ANALYST, MAKE).await;
    let made = device.make(&options(&shown));
    watch.press(ANALYST, (&shown, MAKE), &[("credential", &made), ("name", "Work laptop")], 303).await;
    let shown = watch.visit(SHOW).await;
    let answer = device.show(&options(&shown));
    watch.open((&shown, SHOW), &[("credential", &answer)], 303).await;
    take(world, &[Fill(ANALYST, PASSKEYS, "/preferences/passkeys/end", &[])]).await;
}

/// Sessions that end, each its holder's own.
const ENDED: &[Step] =
    &[Fill(FINANCE, "/switch", "/switch", &[("role", "HEF:finance_officer")]), Fill(DIRECTOR, OWN, "/sign-out", &[])];

/// All of it, what ends somebody's sign-ins last.
pub async fn whole(world: &World) {
    let watch = world.region.watch.as_ref().unwrap();
    watch.report("/csp-reports", "application/csp-report", "{}").await;
    answered(world, watch).await;
    registered(world, watch).await;
    came_by_links(world, watch).await;
    signed_in(world, watch).await;
    by_device(world, watch).await;
    take(world, ENDED).await;
    let shown = watch.look(ADMINISTRATOR, OWN).await;
    watch.press(ADMINISTRATOR, (&shown, "/preferences/sign-out-everywhere"), &[], 303).await;
}
