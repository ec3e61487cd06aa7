//! Signing in by an organisation's own provider, as a browser goes there and back: what the provider is asked, and which of
//! its answers are taken. Chapters 9 and 10 of the security standard rest on it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::{Extension, Router};
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_app::office::person::hash_password;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{TestDatabase, both};
use placewell_testkit::device::Device;
use placewell_testkit::issuer::{Issuer, Key, challenge, part, unsigned};
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{PASSWORD, SECRET, connect, known};
use crate::access::{email, people};

const CALLBACK: &str = "http://localhost/sign-in/callback";

/// The key that the authority's provider publishes.
fn own() -> Key {
    Key::new("own", 7)
}

struct World {
    app: Arc<App>,
    web: Web,
    issuer: Issuer,
}

/// Somebody on their way: what their browser keeps, and what the provider is asked.
struct Way {
    cookie: String,
    asked: BTreeMap<String, String>,
}

async fn given(database: &Arc<TestDatabase>) -> World {
    let app = people(database).await;
    let issuer = Issuer::start(&[&own()]).await;
    connect(&app, "HEF", &issuer).await;
    known(&app, "HEF", (&issuer, "s1"), Role::FinanceOfficer).await;
    let web = Web::new(Arc::clone(&app), "http://localhost").await.unwrap();
    World { app, web, issuer }
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// What a page gives the browser to keep under a name.
fn cookie(page: &Page, name: &str) -> Option<String> {
    let all = page.headers.get_all("set-cookie").iter().filter_map(|one| one.to_str().ok());
    let mut named = all.filter_map(|one| one.split(';').next()?.split_once('='));
    named.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

impl World {
    /// Goes to the provider of an organisation.
    async fn sets_out(&self, code: &str, query: &str) -> Way {
        let visitor = Client::new(router(self.web.clone()));
        let page = visitor.get(&format!("/sign-in/with/{code}?{query}")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let kept = page.headers["set-cookie"].to_str().unwrap();
        assert!(kept.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"), "{kept}");
        let cookie = format!("placewell_way={}", cookie(&page, "placewell_way").unwrap());
        let location = page.location.unwrap();
        Way { cookie, asked: pairs(location.split_once('?').unwrap().1) }
    }

    /// What the authority's provider says of its accountant.
    fn claims(&self, way: &Way) -> Value {
        let now = Machine::now().as_second();
        json!({
            "iss": self.issuer.address, "aud": "placewell", "sub": "s1", "nonce": way.asked["nonce"], "exp": now + 300,
            "iat": now, "email": email(Role::FinanceOfficer), "email_verified": true,
        })
    }

    /// Comes back with what a provider sends along.
    async fn back(&self, cookie: &str, query: &[(&str, &str)]) -> Page {
        called_back(router(self.web.clone()), cookie, query).await
    }

    /// The same from an address.
    async fn back_from(&self, address: &str, cookie: &str, query: &[(&str, &str)]) -> Page {
        let peer = ConnectInfo(SocketAddr::new(address.parse().unwrap(), 443));
        called_back(router(self.web.clone()).layer(Extension(peer)), cookie, query).await
    }

    /// Comes back with a code for which the provider holds this token.
    async fn comes(&self, way: &Way, token: &str) -> Page {
        self.issuer.leave("c1", token);
        self.back(&way.cookie, &[("state", &way.asked["state"]), ("code", "c1")]).await
    }

    /// Who is signed in by a page that leads on.
    async fn let_in(&self, page: &Page, to: &str) -> Actor {
        assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some(to)), "{}", page.body);
        let session = cookie(page, "placewell_session").unwrap();
        self.app.signed_in(&session).await.unwrap().unwrap()
    }
}

async fn called_back(service: Router, cookie: &str, query: &[(&str, &str)]) -> Page {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    Client::with_cookies(service, cookie).get(&format!("/sign-in/callback?{query}")).await
}

fn refused(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::CONFLICT, "{what}: {}", page.body);
    assert!(page.body.contains("sign-in could not be taken"), "{what}: {}", page.body);
    assert_eq!(cookie(page, "placewell_session"), None, "{what}");
}

#[tokio::test]
async fn what_a_provider_is_asked_belongs_to_one_browser_and_comes_back_to_one_address() {
    both(async |database| {
        let world = given(&database).await;
        let one = world.sets_out("HEF", "return_to=https://evil.example&redirect_uri=https://evil.example/").await;
        let other = world.sets_out("HEF", "return_to=/preferences").await;
        let names: Vec<&str> = one.asked.keys().map(String::as_str).collect();
        let expected = "client_id code_challenge code_challenge_method nonce redirect_uri response_type scope state";
        assert_eq!(names.join(" "), expected);
        for (name, value) in [
            ("client_id", "placewell"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid email profile"),
        ] {
            assert_eq!(one.asked[name], value, "{name}");
        }
        for name in ["state", "nonce", "code_challenge"] {
            assert!(one.asked[name].len() >= 22, "{name} can be guessed: {}", one.asked[name]);
            assert_ne!(one.asked[name], other.asked[name], "{name} is the same for two");
        }

        let token = own().token(&world.claims(&one));
        let page = world.comes(&one, &token).await;
        world.let_in(&page, "/home").await;
        let given = format!("{:?} {}", page.headers, page.body);
        assert!(!given.contains(&token), "the browser is given the token: {given}");
        assert_eq!(cookie(&page, "placewell_way").as_deref(), Some(""), "the browser keeps it");
        let sent = pairs(&world.issuer.exchanged()[0]);
        for (name, value) in [("grant_type", "authorization_code"), ("code", "c1"), ("redirect_uri", CALLBACK)] {
            assert_eq!(sent[name], value, "{name}");
        }
        assert_eq!(challenge(&sent["code_verifier"]), one.asked["code_challenge"]);
        let page = world.comes(&other, &own().token(&world.claims(&other))).await;
        world.let_in(&page, "/preferences").await;
        let sent = pairs(&world.issuer.exchanged()[1]);
        assert_eq!(challenge(&sent["code_verifier"]), other.asked["code_challenge"]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_this_browser_did_not_ask_for_is_not_taken_and_its_code_goes_nowhere() {
    both(async |database| {
        let world = given(&database).await;
        let way = world.sets_out("HEF", "").await;
        world.issuer.leave("c1", &own().token(&world.claims(&way)));
        let right = [("state", way.asked["state"].as_str()), ("code", "c1")];
        refused(&world.back("", &right).await, "a browser that did not set out");
        refused(&world.back(&world.sets_out("HEF", "").await.cookie, &right).await, "another browser");
        let end = if way.cookie.ends_with('0') { "1" } else { "0" };
        let changed = format!("{}{end}", &way.cookie[..way.cookie.len() - 1]);
        refused(&world.back(&changed, &right).await, "what was kept is changed");
        for (what, query) in [
            ("another state", vec![("state", "another"), ("code", "c1")]),
            ("no state", vec![("state", ""), ("code", "c1")]),
            ("nothing of a state", vec![("code", "c1")]),
        ] {
            refused(&world.back(&world.sets_out("HEF", "").await.cookie, &query).await, what);
        }
        let without = world.sets_out("HEF", "").await;
        let denied = [("state", without.asked["state"].as_str()), ("error", "access_denied")];
        refused(&world.back(&without.cookie, &denied).await, "no code");
        assert_eq!(world.issuer.exchanged(), Vec::<String>::new(), "the code was exchanged");
        world.let_in(&world.back(&way.cookie, &right).await, "/home").await;
    })
    .await;
}

type Change<'a> = &'a (dyn Fn(&mut Value) + Sync);

#[tokio::test]
async fn a_token_counts_for_its_issuer_its_audience_its_time_and_its_nonce_alone() {
    both(async |database| {
        let world = given(&database).await;
        let later = |seconds: i64| json!(Machine::now().as_second() + seconds);
        let wrong: [(&str, Change<'_>); 10] = [
            ("another issuer", &|claims| claims["iss"] = json!("http://127.0.0.1:1")),
            ("an issuer that begins alike", &|claims| claims["iss"] = json!(format!("{}/", world.issuer.address))),
            ("another audience", &|claims| claims["aud"] = json!("another service")),
            ("an audience beside ours", &|claims| claims["aud"] = json!(["placewell", "another service"])),
            ("no audience", &|claims| claims["aud"] = json!([])),
            ("over", &|claims| claims["exp"] = later(-1)),
            ("not begun", &|claims| claims["nbf"] = later(600)),
            ("begun at no time", &|claims| claims["nbf"] = json!("soon")),
            ("another nonce", &|claims| claims["nonce"] = json!("another")),
            ("no nonce", &|claims| claims["nonce"] = Value::Null),
        ];
        for (what, change) in wrong {
            let way = world.sets_out("HEF", "").await;
            let mut claims = world.claims(&way);
            change(&mut claims);
            refused(&world.comes(&way, &own().token(&claims)).await, what);
        }
        let way = world.sets_out("HEF", "").await;
        let mut claims = world.claims(&way);
        claims["nbf"] = later(-5);
        world.let_in(&world.comes(&way, &own().token(&claims)).await, "/home").await;
    })
    .await;
}

/// HMAC by SHA-256, for keys of at most 64 bytes.
fn hmac(key: &[u8], said: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |byte: u8| block.map(|one| one ^ byte);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(said).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

fn by_secret(secret: &[u8], claims: &Value) -> String {
    let said = unsigned(&json!({"alg": "HS256"}), claims);
    format!("{said}.{}", part(&hmac(secret, said.as_bytes())))
}

type Forged<'a> = &'a (dyn Fn(&Value) -> String + Sync);

#[tokio::test]
async fn a_token_is_signed_by_a_key_that_its_provider_publishes_and_chooses_no_other_proof() {
    // The second case of RFC 4231: what is forged below is well made.
    let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(hex::encode(hmac(b"Jefe", b"what do ya want for nothing?")), known);
    both(async |database| {
        let world = given(&database).await;
        // A provider that would take anything is believed no more for it.
        world.issuer.signs_by(&["EdDSA", "HS256", "none"]);
        let brought = || Key::new("brought", 8);
        let stranger = Issuer::start(&[&brought()]).await;
        let at = format!("{}/keys", stranger.address);
        let header = |name: &str, value: Value| {
            let mut header = json!({"alg": "EdDSA", "kid": "own"});
            header[name] = value;
            header
        };
        let forged: [(&str, Forged<'_>); 9] = [
            ("no signature", &|claims| format!("{}.", unsigned(&json!({"alg": "none"}), claims))),
            ("another's key under the same id", &|claims| Key::new("own", 8).token(claims)),
            ("a key that it brings along", &|claims| brought().signed(&header("jwk", brought().published()), claims)),
            ("a key at an address that it names", &|claims| {
                brought().signed(&json!({"alg": "EdDSA", "kid": "brought", "jku": at}), claims)
            }),
            ("the public key taken for a secret", &|claims| by_secret(&own().public(), claims)),
            ("the secret that this service has too", &|claims| by_secret(SECRET.as_bytes(), claims)),
            ("changed after it was signed", &|claims| {
                let mut other = claims.clone();
                other["sub"] = json!("s2");
                let (said, signature) = (unsigned(&header("typ", json!("JWT")), claims), own().token(&other));
                format!("{said}.{}", signature.rsplit('.').next().unwrap())
            }),
            ("a token of another kind", &|claims| own().signed(&header("typ", json!("at+jwt")), claims)),
            ("a header that nobody knows", &|claims| own().signed(&header("crit", json!(["later"])), claims)),
        ];
        for (what, forge) in forged {
            let way = world.sets_out("HEF", "").await;
            refused(&world.comes(&way, &forge(&world.claims(&way))).await, what);
        }
        let way = world.sets_out("HEF", "").await;
        let token = own().signed(&header("typ", json!("JWT")), &world.claims(&way));
        world.let_in(&world.comes(&way, &token).await, "/home").await;
        assert_eq!(stranger.asked(), 0, "an address of the token's own was asked");
    })
    .await;
}

#[tokio::test]
async fn a_provider_changes_its_keys_and_a_token_is_held_against_those_of_now() {
    both(async |database| {
        let world = given(&database).await;
        let comes = async |key: &Key| {
            let way = world.sets_out("HEF", "").await;
            world.comes(&way, &key.token(&world.claims(&way))).await
        };
        let (second, third) = (Key::new("second", 8), Key::new("third", 9));
        world.let_in(&comes(&own()).await, "/home").await;
        refused(&comes(&second).await, "a key that is not published yet");
        world.issuer.publish(&[&second, &third]);
        world.let_in(&comes(&second).await, "/home").await;
        world.let_in(&comes(&third).await, "/home").await;
        refused(&comes(&own()).await, "a key that is published no more");
        refused(&comes(&Key::new("second", 9)).await, "a key under the id of another");
    })
    .await;
}

#[tokio::test]
async fn a_code_a_token_and_the_way_of_a_browser_serve_once() {
    both(async |database| {
        let world = given(&database).await;
        let way = world.sets_out("HEF", "").await;
        let token = own().token(&world.claims(&way));
        world.let_in(&world.comes(&way, &token).await, "/home").await;
        refused(&world.comes(&way, &token).await, "the same answer again");
        assert_eq!(world.issuer.exchanged().len(), 1, "a code was exchanged for a way that was taken");

        let another = world.sets_out("HEF", "").await;
        refused(&world.comes(&another, &token).await, "the token of an earlier answer");
        let another = world.sets_out("HEF", "").await;
        let again = [("state", another.asked["state"].as_str()), ("code", "c1")];
        refused(&world.back(&another.cookie, &again).await, "a code that was given");
        assert_eq!(world.issuer.exchanged().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn no_organisations_provider_answers_for_another() {
    both(async |database| {
        let world = given(&database).await;
        let theirs = Key::new("theirs", 8);
        let other = Issuer::start(&[&theirs]).await;
        connect(&world.app, "provider", &other).await;
        let named = async |way: &Way, token: &str, issuer: &str| {
            world.issuer.leave("c1", token);
            world.back(&way.cookie, &[("state", &way.asked["state"]), ("code", "c1"), ("iss", issuer)]).await
        };
        let way = world.sets_out("HEF", "").await;
        let token = own().token(&world.claims(&way));
        refused(&named(&way, &token, &other.address).await, "an answer of another provider");
        assert_eq!((world.issuer.exchanged().len(), other.exchanged().len()), (0, 0), "a code was shown to another");
        let way = world.sets_out("HEF", "").await;
        let mut claims = world.claims(&way);
        claims["iss"] = json!(other.address);
        refused(&named(&way, &theirs.token(&claims), &world.issuer.address).await, "a token of another provider");

        let posing = Issuer::start(&[&own()]).await;
        posing.pose_as(&world.issuer.address);
        connect(&world.app, "region", &posing).await;
        let visitor = Client::new(router(world.web.clone()));
        refused(&visitor.get("/sign-in/with/region").await, "one that says it is another");
    })
    .await;
}

#[tokio::test]
async fn somebody_is_known_by_the_name_that_their_own_provider_has_for_them_whatever_their_address() {
    both(async |database| {
        let world = given(&database).await;
        let theirs = Key::new("theirs", 8);
        let other = Issuer::start(&[&theirs]).await;
        connect(&world.app, "provider", &other).await;
        known(&world.app, "provider", (&other, "s1"), Role::ProviderManager).await;
        let way = world.sets_out("HEF", "").await;
        let accountant = world.let_in(&world.comes(&way, &own().token(&world.claims(&way))).await, "/home").await;
        assert_eq!(accountant.role, Role::FinanceOfficer);
        let way = world.sets_out("HEF", "").await;
        let mut claims = world.claims(&way);
        claims["email"] = json!(email(Role::Approver));
        let same = world.let_in(&world.comes(&way, &own().token(&claims)).await, "/home").await;
        assert_eq!(same.person, accountant.person, "an address was believed before the name");

        let by_other = async |name: &str, address: &str| {
            let way = world.sets_out("provider", "").await;
            let mut claims = world.claims(&way);
            (claims["iss"], claims["sub"], claims["email"]) = (json!(other.address), json!(name), json!(address));
            other.leave("c2", &theirs.token(&claims));
            world.back(&way.cookie, &[("state", &way.asked["state"]), ("code", "c2")]).await
        };
        let manager = world.let_in(&by_other("s1", &email(Role::ProviderManager)).await, "/home").await;
        assert_ne!(manager.person, accountant.person, "two providers' people are one");
        let stranger = by_other("s2", &email(Role::FinanceOfficer)).await;
        assert_eq!(stranger.status, StatusCode::CONFLICT);
        assert!(stranger.body.contains("gives you no role here"), "{}", stranger.body);
    })
    .await;
}

const OFFICE: &str = "203.0.113.9";

/// So many codes from an address were shown to providers in vain just now.
async fn in_vain(app: &App, address: &str, count: usize) {
    let (key, now) = (hex::encode(Sha256::digest(format!("pace:code from {address}"))), Machine::now());
    let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
    work.hold_attempts(&key, now).await.unwrap();
    work.keep_attempts(&key, &json!({"times": vec![now.to_string(); count]}).to_string(), now).await.unwrap();
    work.commit(now).await.unwrap();
}

/// Nothing was written since these rows were read.
async fn nothing_written(database: &TestDatabase, before: &[(String, Vec<u8>)]) {
    for ((table, was), (_, is)) in before.iter().zip(database.rows().await) {
        assert!(*was == is, "what is made up writes to {table}");
    }
}

#[tokio::test]
async fn nobody_waits_at_their_provider_or_with_their_passkey_for_what_others_of_their_address_made_up() {
    const HERE: &str = "http://localhost";
    both(async |database| {
        let world = given(&database).await;
        let director = world.app.actor_by_email(&email(Role::Approver)).await.unwrap();
        let (mut device, mut stranger) = (Device::new(HERE, (1, 1)), Device::new(HERE, (2, 2)));
        let asked = world.app.begin_passkey(&director, HERE).await.unwrap();
        let made = device.make(&asked.options);
        world.app.keep_passkey(&director, HERE, (&asked.ceremony, &made, "Work laptop")).await.unwrap();
        let (before, own) = (database.rows().await, world.sets_out("HEF", "").await);
        let asked = world.app.ask_for_passkey(HERE).await.unwrap();
        let shows = async |ceremony: &str, credential: &str| {
            let peer = ConnectInfo(SocketAddr::new(OFFICE.parse().unwrap(), 443));
            let browser = Client::new(router(world.web.clone()).layer(Extension(peer)));
            browser.post("/sign-in/passkey", &[("ceremony", ceremony), ("credential", credential)]).await
        };
        for number in 0..101 {
            let way = if number % 2 == 0 { "placewell_way=made-up" } else { own.cookie.as_str() };
            refused(&world.back_from(OFFICE, way, &[("state", "s"), ("code", "c")]).await, &format!("answer {number}"));
            let shown = if number % 2 == 0 { "{}".to_owned() } else { stranger.show(&asked.options) };
            assert_eq!(shows(&asked.ceremony, &shown).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        }
        nothing_written(&database, &before).await;

        world.issuer.leave("c1", &own_token(&world, &own));
        let right = [("state", own.asked["state"].as_str()), ("code", "c1")];
        world.let_in(&world.back_from(OFFICE, &own.cookie, &right).await, "/home").await;
        let came = world.let_in(&shows(&asked.ceremony, &device.show(&asked.options)).await, "/home").await;
        assert_eq!(came.person, director.person);
        let again = shows(&asked.ceremony, &device.show(&asked.options)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "one page lets in twice");
    })
    .await;
}

fn own_token(world: &World, way: &Way) -> String {
    own().token(&world.claims(way))
}

#[tokio::test]
async fn an_address_waits_once_hundreds_of_its_codes_were_shown_to_providers_in_vain_and_no_other_does() {
    both(async |database| {
        let world = given(&database).await;
        let comes_from = async |address: &str, way: &Way, code: &str| {
            world.issuer.leave("c1", &own_token(&world, way));
            world.back_from(address, &way.cookie, &[("state", &way.asked["state"]), ("code", code)]).await
        };
        in_vain(&world.app, OFFICE, 299).await;
        let taken = comes_from(OFFICE, &world.sets_out("HEF", "").await, "c1").await;
        world.let_in(&taken, "/home").await;
        let last = comes_from(OFFICE, &world.sets_out("HEF", "").await, "nobody's").await;
        refused(&last, "the three hundredth: the one that was taken does not count");

        let (waiting, exchanged) = (world.sets_out("HEF", "").await, world.issuer.exchanged().len());
        let page = comes_from(OFFICE, &waiting, "c1").await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{}", page.body);
        assert!(page.words("main").contains("Wait 5 minutes"), "{}", page.words("main"));
        assert_eq!(cookie(&page, "placewell_session"), None);
        assert_eq!(world.issuer.exchanged().len(), exchanged, "a code of somebody who waits was exchanged");
        let elsewhere = comes_from("198.51.100.7", &world.sets_out("HEF", "").await, "c1").await;
        world.let_in(&elsewhere, "/home").await;

        in_vain(&world.app, OFFICE, 0).await;
        world.let_in(&comes_from(OFFICE, &waiting, "c1").await, "/home").await;
    })
    .await;
}

#[tokio::test]
async fn an_account_that_stood_here_first_is_opened_once_its_person_has_proven_that_it_is_theirs() {
    both(async |database| {
        let world = given(&database).await;
        let director = world.app.actor_by_email(&email(Role::Approver)).await.unwrap();
        let work = world.app.store.begin(director.organisation, world.app.calendar.now()).await.unwrap();
        work.give_password(director.person, Some(&hash_password(PASSWORD).unwrap())).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let comes = async || {
            let way = world.sets_out("HEF", "return_to=/preferences").await;
            let mut claims = world.claims(&way);
            (claims["sub"], claims["email"]) = (json!("s9"), json!(email(Role::Approver)));
            world.comes(&way, &own().token(&claims)).await
        };
        let asked = comes().await;
        assert_eq!((asked.status, asked.h1().as_str()), (StatusCode::OK, "Prove once that this account is yours"));
        assert_eq!(cookie(&asked, "placewell_session"), None, "signed in by an address alone");
        assert_eq!(lint(&asked.body), Vec::<String>::new());
        let half = asked.form("/sign-in/connect").into_iter().find(|(name, _)| name == "half").unwrap().1;
        let send = async |password: &str| {
            let browser = Client::new(router(world.web.clone()));
            browser.post("/sign-in/connect", &[("half", half.as_str()), ("password", password)]).await
        };
        for wrong in ["", "wrong"] {
            let page = send(wrong).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
            assert_eq!(cookie(&page, "placewell_session"), None);
            assert_eq!(lint(&page.body), Vec::<String>::new());
        }
        let proven = world.let_in(&send(PASSWORD).await, "/preferences").await;
        assert_eq!((proven.person, proven.role), (director.person, Role::Approver));
        assert_eq!(proven.by.provider(), Some(director.organisation), "a session of another kind");
        let again = send(PASSWORD).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the proof serves twice");
        assert_eq!(world.let_in(&comes().await, "/preferences").await.person, director.person);
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_for_an_account_that_a_provider_names_are_counted_as_at_the_door() {
    both(async |database| {
        let world = given(&database).await;
        let way = world.sets_out("HEF", "").await;
        let mut claims = world.claims(&way);
        (claims["sub"], claims["email"]) = (json!("s9"), json!(email(Role::Approver)));
        let asked = world.comes(&way, &own().token(&claims)).await;
        let half = asked.form("/sign-in/connect").into_iter().find(|(name, _)| name == "half").unwrap().1;
        let browser = Client::new(router(world.web.clone()));
        let mut found = Vec::new();
        for _ in 0..11 {
            found
                .push(browser.post("/sign-in/connect", &[("half", half.as_str()), ("password", "wrong")]).await.status);
        }
        assert!(found[..10].iter().all(|status| *status == StatusCode::UNPROCESSABLE_ENTITY), "{found:?}");
        assert_eq!(found[10], StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}
