//! Sessions, proofs, tokens' scopes and the second step, on both databases.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use placewell_app::buying::block::{AgreeChange, SignContract, SignForAuthorities, TypedSignature};
use placewell_app::clock::{Calendar, Machine};
use placewell_app::homes::admission::outcome::ConfirmOutcome;
use placewell_app::homes::standing::ConfirmMeasure;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::hash_password;
use placewell_app::office::person::people::ResetSignIn;
use placewell_app::office::person::session::Beginning;
use placewell_app::office::person::signing::Step;
use placewell_app::placing::agreement::{Decided, GiveNotice};
use placewell_app::placing::disclosure::ground::{RecordGround, SaidOfConsent};
use placewell_app::placing::disclosure::recall::LiftRecall;
use placewell_app::power::annual_value::SetCeiling;
use placewell_app::{Answer, App, Command, Outcome, Receipt};
use placewell_domain::id::EvaluationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, Method, TokenScope};
use placewell_domain::placing::disclosure::ground::{AgreedBy, LawfulBasis, SpecialCondition};
use placewell_store::Work;
use placewell_store::office::person::SignInKind;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::{TestDatabase, both};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret};

pub const EMAIL: &str = "priya.shah@authority.example";
pub const PASSWORD: &str = "walnut ferry dusk granite";

pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

pub async fn given(database: &TestDatabase) -> (Arc<App>, Actor) {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    let person = |email: &str, role: Role| NewPerson {
        email: email.into(),
        name: "Priya Shah".into(),
        password: Some(hash_password(PASSWORD).unwrap()),
        role,
        title: role.label().into(),
        from: date(2019, 1, 1),
    };
    app.make_organisation(&NewOrganisation {
        code: "HEF".into(),
        name: "Herefordshire Council".into(),
        kind: OrganisationKind::Authority,
        area: Some("E06000019".into()),
        placing_body: None,
        people: vec![person(EMAIL, Role::PlacementOfficer), person("director@authority.example", Role::Approver)],
    })
    .await
    .unwrap();
    let actor = app.actor_by_email(EMAIL).await.unwrap();
    (app, actor)
}

/// Something that needs a recent proof, and does nothing.
#[derive(serde::Serialize)]
struct Signs;

impl Command for Signs {
    const ACTION: Action = Action::SignAgreement;
    const NAME: &'static str = "test.sign";

    async fn run(&self, _actor: &Actor, _work: &mut Work) -> Answer<Receipt> {
        Ok(Receipt::at("/home"))
    }
}

/// So many times somebody always came before.
static TRIED: AtomicUsize = AtomicUsize::new(0);

/// Something before which somebody else has always come.
#[derive(serde::Serialize)]
struct ComesLate;

impl Command for ComesLate {
    const ACTION: Action = Action::SeeReferrals;
    const NAME: &'static str = "test.late";

    async fn run(&self, _actor: &Actor, _work: &mut Work) -> Answer<Receipt> {
        TRIED.fetch_add(1, Ordering::SeqCst);
        Err(Outcome::Retry)
    }
}

#[tokio::test]
async fn an_act_before_which_others_always_come_is_tried_five_times_and_then_told_and_not_for_ever() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let before = TRIED.load(Ordering::SeqCst);
        let answer = app.perform(&actor, "late", ComesLate).await;
        assert!(matches!(answer, Err(Outcome::Busy)), "{answer:?}");
        assert_eq!(TRIED.load(Ordering::SeqCst) - before, 5);
        app.perform(&actor, "after", Signs).await.unwrap();
    })
    .await;
}

async fn grow_old(app: &App, token: &str) {
    let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
    work.note_proof(&digest(token), Machine::now() - SignedDuration::from_secs(1)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test]
async fn a_session_ends_when_left_alone_and_in_any_event_at_its_limit() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let token = app.start_session(&actor).await.unwrap();
        let (began, day) = (Machine::now(), date(2021, 9, 13));
        let minutes = SignedDuration::from_mins;
        let good = async |at: Timestamp| {
            let session = app.visit().await.unwrap();
            session.signed_in(SignInKind::Session, &digest(&token), at, day).await.unwrap().is_some()
        };
        assert!(good(began + minutes(59)).await);
        assert!(!good(began + minutes(61)).await, "nothing was asked for an hour");
        for hours in 1..=9 {
            let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
            work.note_seen(&digest(&token), began + minutes(hours * 60 - 5)).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
            assert!(good(began + minutes(hours * 60 + 50)).await, "it was in use in hour {hours}");
        }
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        work.note_seen(&digest(&token), began + minutes(595)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        assert!(!good(began + minutes(601)).await, "ten hours are the most");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_ended_is_over_on_every_node_from_the_next_request_on() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (here, there) = (app.start_session(&actor).await.unwrap(), app.start_session(&actor).await.unwrap());
        let node = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        assert!(node.signed_in(&there).await.unwrap().is_some());
        let listed = app.own_sign_ins(&actor, &here).await.unwrap();
        assert_eq!(listed.len(), 2);
        let other = listed.iter().find(|one| !one.own).unwrap();
        app.end_own_sign_in(&actor, &other.handle).await.unwrap();
        assert!(node.signed_in(&there).await.unwrap().is_none(), "it goes on elsewhere");
        assert!(node.signed_in(&here).await.unwrap().is_some());
        let director = app.actor_by_email("director@authority.example").await.unwrap();
        let own = app.own_sign_ins(&actor, &here).await.unwrap();
        let foreign = app.end_own_sign_in(&director, &own[0].handle).await;
        assert!(matches!(foreign, Err(Outcome::NotFound)), "{foreign:?}");
        assert!(app.signed_in(&here).await.unwrap().is_some(), "a colleague ended it");
    })
    .await;
}

#[tokio::test]
async fn signing_asks_for_a_recent_proof_and_goes_on_once_it_is_given() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let token = app.start_session(&actor).await.unwrap();
        let fresh = app.signed_in(&token).await.unwrap().unwrap();
        app.perform(&fresh, "one", Signs).await.unwrap();
        grow_old(&app, &token).await;
        let stale = app.signed_in(&token).await.unwrap().unwrap();
        let refused = app.perform(&stale, "two", Signs).await;
        assert!(matches!(refused, Err(Outcome::ProveAgain)), "{refused:?}");
        let wrong = app.prove_by_password(&stale, &token, ("wrong", "")).await;
        assert!(matches!(wrong, Err(Outcome::Invalid(_))), "{wrong:?}");
        let invented = app.prove_invented(&stale, &token).await;
        assert!(matches!(invented, Err(Outcome::NotFound)), "no password is no proof: {invented:?}");
        let stale = app.signed_in(&token).await.unwrap().unwrap();
        assert!(matches!(app.perform(&stale, "two", Signs).await, Err(Outcome::ProveAgain)));
        app.prove_by_password(&stale, &token, (PASSWORD, "")).await.unwrap();
        let proven = app.signed_in(&token).await.unwrap().unwrap();
        app.perform(&proven, "two", Signs).await.unwrap();
    })
    .await;
}

/// Asks somebody in a role for an act, whose last proof is long ago.
async fn asks_again<C: Command>((app, actor): (&Arc<App>, &Actor), role: Role, command: C) {
    let by = By::Session { proven_until: Timestamp::UNIX_EPOCH, provider: None };
    let asked = app.perform(&Actor { role, by, ..actor.clone() }, C::NAME, command).await;
    assert!(matches!(asked, Err(Outcome::ProveAgain)), "{}: {asked:?}", C::NAME);
}

#[tokio::test]
async fn each_act_that_signs_or_approves_asks_again_also_where_others_of_its_permission_do_not() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let who = (&app, &actor);
        let (lead, home, officer) = (Role::CommissioningLead, Role::ProviderManager, Role::PlacementOfficer);
        let (reference, version) = ("X-1".to_owned(), 1);
        let signature = TypedSignature {
            reference: reference.clone(),
            content: String::new(),
            name: actor.name.clone(),
            role: String::new(),
            has_authority: true,
        };
        asks_again(who, lead, SignForAuthorities(signature.clone())).await;
        asks_again(who, home, SignContract(signature)).await;
        asks_again(who, home, AgreeChange { reference: reference.clone(), version }).await;
        asks_again(who, lead, ConfirmMeasure { measure: 1, version, seen: String::new() }).await;
        asks_again(who, lead, ConfirmOutcome { evaluation: EvaluationId(1), version }).await;
        asks_again(who, officer, LiftRecall { recall: 1, version }).await;
        let consent = SaidOfConsent::Agreed { by: AgreedBy::Parent, on: date(2021, 9, 13) };
        let (basis, condition) = (LawfulBasis::PublicTask, SpecialCondition::SocialCare);
        asks_again(who, officer, RecordGround { reference: reference.clone(), basis, condition, consent }).await;
        let decided_by = Decided::SignedIn;
        asks_again(who, home, GiveNotice { reference: reference.clone(), version, decided_by }).await;
        asks_again(who, Role::DemocraticServices, SetCeiling { reference, accepts_over: false }).await;
    })
    .await;
}

#[tokio::test]
async fn changing_the_role_takes_neither_the_limit_nor_the_proof_anew() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        let (from, to) = (date(2019, 1, 1), date(2030, 1, 1));
        work.add_membership(actor.person, Role::FinanceOfficer, "Finance officer", from, to).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let token = app.start_session(&actor).await.unwrap();
        let before = app.session_of(&token).await.unwrap().unwrap();
        grow_old(&app, &token).await;
        let fresh = app.switch(&actor, &token, "HEF", "finance_officer").await.unwrap();
        let after = app.session_of(&fresh).await.unwrap().unwrap();
        assert_eq!(after.expires_at, before.expires_at);
        assert!(!after.actor.by.is_proven(Machine::now()));
        assert_eq!(after.method, Some(Method::Password));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_has_run_out_is_refused() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let token = app.create_token(&actor, "test", 1, &TokenScope::Everything).await.unwrap();
        let (made, day) = (Machine::now(), date(2021, 9, 13));
        let good = async |at: Timestamp| {
            let session = app.visit().await.unwrap();
            session.signed_in(SignInKind::Token, &digest(&token), at, day).await.unwrap().is_some()
        };
        assert!(good(made + SignedDuration::from_hours(23)).await);
        assert!(!good(made + SignedDuration::from_hours(24)).await, "it was made for one day");
    })
    .await;
}

#[tokio::test]
async fn a_token_does_what_its_scope_names_and_nothing_else() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let holder = async |scope: &str| {
            let scope = TokenScope::read(scope).unwrap();
            let token = app.create_token(&actor, "test", 1, &scope).await.unwrap();
            assert!(app.signed_in(&token).await.unwrap().is_none(), "a token is no session");
            app.token_holder(&token).await.unwrap().unwrap()
        };
        let reading = holder("reading").await;
        assert!(app.see(&reading, Action::SeeReferrals).await.is_ok());
        assert!(matches!(app.perform(&reading, "r", Signs).await, Err(Outcome::OutOfScope(_))));
        let named = holder("SeeReferrals SignAgreement").await;
        app.perform(&named, "n", Signs).await.unwrap();
        assert!(matches!(app.see(&named, Action::SeeHomes).await, Err(Outcome::OutOfScope(_))));
        let beyond = holder("Decide").await;
        assert!(matches!(app.see(&beyond, Action::Decide).await, Err(Outcome::Forbidden(_))), "a scope gives no role");
        // Signing needs a recent proof, which a token gives only where its scope says so.
        let everything = holder("everything").await;
        assert!(app.see(&everything, Action::SeeHomes).await.is_ok());
        assert!(matches!(app.perform(&everything, "e", Signs).await, Err(Outcome::OutOfScope(Action::SignAgreement))));
        app.perform(&holder("everything_with_proof").await, "p", Signs).await.unwrap();
        let asked = app.create_own_token(&actor, ("", "k"), ("", "0", "all")).await;
        match asked {
            Err(Outcome::Invalid(invalid)) => assert_eq!(invalid.errors.len(), 3, "{invalid:?}"),
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn the_key_of_a_form_that_made_a_token_is_kept_for_a_week() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let session = app.start_session(&actor).await.unwrap();
        let asks = async || app.create_own_token(&actor, (&session, "k"), ("export", "30", "reading")).await;
        asks().await.unwrap();
        match asks().await {
            Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, "token_shown_once"),
            other => panic!("{other:?}"),
        }
        for (days, known) in [(6, true), (8, false)] {
            let now = Machine::now() + SignedDuration::from_hours(24 * days);
            app.forget_what_is_over(now).await.unwrap();
            let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
            let earlier = work.claim_key(actor.person, "k", ("token.make", "another"), now).await.unwrap();
            work.roll_back().await.unwrap();
            assert_eq!(earlier.is_some(), known, "after {days} days");
        }
    })
    .await;
}

fn code_at(secret: &str, seconds: i64) -> String {
    let device =
        Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).with_account_name("a").build().unwrap();
    let at = u64::try_from(Machine::now().as_second() + seconds).unwrap();
    device.generate(at).to_string()
}

/// A person whose second step is set up, with its secret and recovery codes.
pub async fn with_second_step(app: &Arc<App>, actor: &Actor) -> (String, Vec<String>) {
    app.begin_second_step(actor).await.unwrap();
    let secret = app.second_step_begun(actor).await.unwrap().secret;
    assert!(app.confirm_second_step(actor, "000000").await.is_err());
    // The code of the step before, so that the test's own next one is a later one.
    let codes = app.confirm_second_step(actor, &code_at(&secret, -30)).await.unwrap();
    (secret, codes)
}

pub async fn half(app: &Arc<App>) -> String {
    match app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap() {
        Step::Second(half) => half,
        Step::In(..) => panic!("the second step was not asked for"),
    }
}

#[tokio::test]
async fn a_code_of_the_second_step_is_taken_once_and_its_secret_is_sealed() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (secret, _) = with_second_step(&app, &actor).await;
        let (first, code) = (half(&app).await, code_at(&secret, 0));
        let found = app.half_way(&first).await.unwrap().unwrap();
        assert_eq!(found.email, EMAIL);
        let (who, beginning) = app.sign_in_by_code(&first, &found, &code).await.unwrap();
        assert_eq!((who.person, beginning.method), (actor.person, Method::Code));
        assert!(app.half_way(&first).await.unwrap().is_none(), "the way in is open still");
        let second = half(&app).await;
        let found = app.half_way(&second).await.unwrap().unwrap();
        let again = app.sign_in_by_code(&second, &found, &code).await;
        assert!(matches!(again, Err(Outcome::Invalid(_))), "the same code again: {again:?}");
        let earlier = app.sign_in_by_code(&second, &found, &code_at(&secret, -30)).await;
        assert!(matches!(earlier, Err(Outcome::Invalid(_))), "an earlier code: {earlier:?}");
        app.sign_in_by_code(&second, &found, &code_at(&secret, 30)).await.unwrap();
        let plain = Secret::try_from_base32(&secret).unwrap().as_bytes().to_vec();
        for (place, bytes) in database.everything().await {
            let hexadecimal = hex::encode(&plain);
            assert!(!bytes.windows(plain.len()).any(|window| window == plain), "the secret lies open in {place}");
            assert!(!String::from_utf8_lossy(&bytes).contains(&hexadecimal), "the secret lies open in {place}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_only_its_digest_is_kept() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (_, codes) = with_second_step(&app, &actor).await;
        assert_eq!((codes.len(), app.recovery_codes_left(actor.person).await.unwrap()), (10, 10));
        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        let typed = codes[3].to_uppercase().replace('-', " ");
        let (_, beginning) = app.sign_in_by_code(&way, &found, &typed).await.unwrap();
        assert_eq!(beginning.method, Method::RecoveryCode);
        assert_eq!(app.recovery_codes_left(actor.person).await.unwrap(), 9);
        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        assert!(app.sign_in_by_code(&way, &found, &codes[3]).await.is_err(), "used twice");
        let plain = codes[4].replace('-', "");
        for (place, bytes) in database.everything().await {
            assert!(!String::from_utf8_lossy(&bytes).contains(&plain), "a code lies open in {place}");
        }
        let fresh = app.new_recovery_codes(&actor).await.unwrap();
        assert!(app.sign_in_by_code(&way, &found, &codes[5]).await.is_err(), "an old code after new ones were made");
        app.sign_in_by_code(&way, &found, &fresh[0]).await.unwrap();
    })
    .await;
}

/// The tokens of the links for a new password that were mailed to somebody.
async fn links(app: &App, actor: &Actor) -> Vec<String> {
    let session = app.store.read(Some(actor.organisation)).await.unwrap();
    let mails = session.whole_mails(actor.organisation, 50).await.unwrap();
    let lines = mails.iter().flat_map(|mail| mail.body.lines());
    lines.filter_map(|line| Some(line.strip_prefix("/emails/")?.strip_suffix("/password")?.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_code_or_a_new_password_is_over_once_the_password_is_another() {
    const OTHER: &str = "quartz lantern bishop meadow";
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (_secret, codes) = with_second_step(&app, &actor).await;
        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        let session = app.start_session(&actor).await.unwrap();
        app.change_password(&actor, &session, (PASSWORD, OTHER)).await.unwrap();
        let late = app.sign_in_by_code(&way, &found, &codes[0]).await;
        assert!(matches!(&late, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "email"), "{late:?}");
        assert_eq!(app.recovery_codes_left(actor.person).await.unwrap(), 10, "a code was used up for nothing");
        let Step::Second(way) = app.sign_in_by_password(EMAIL, OTHER).await.unwrap() else { panic!("no second step") };
        let found = app.half_way(&way).await.unwrap().unwrap();
        app.sign_in_by_code(&way, &found, &codes[0]).await.unwrap();

        for _ in 0..3 {
            app.ask_for_password(EMAIL).await.unwrap();
        }
        app.do_due_jobs().await.unwrap();
        let links = links(&app, &actor).await;
        assert_eq!(links.len(), 3);
        let over =
            |answer: Answer<()>| matches!(answer, Err(Outcome::Refused(refusal)) if refusal.code == "link_expired");
        app.choose_password(&links[1], PASSWORD).await.unwrap();
        for link in &links {
            assert!(over(app.password_link_holds(link).await), "a link from before is shown");
            assert!(over(app.choose_password(link, OTHER).await), "a link from before chooses a password");
        }
        app.check_password(EMAIL, PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_from_before_a_reset_is_over_also_for_somebody_who_had_no_password() {
    const DIRECTOR: &str = "director@authority.example";
    both(async |database| {
        let (app, actor) = given(&database).await;
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        work.give_password(actor.person, None).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        for email in [EMAIL, DIRECTOR] {
            app.ask_for_password(email).await.unwrap();
        }
        app.do_due_jobs().await.unwrap();
        let before = links(&app, &actor).await;
        assert_eq!(before.len(), 2);
        let holding = async || {
            let mut holding = 0;
            for link in &before {
                holding += usize::from(app.password_link_holds(link).await.is_ok());
            }
            holding
        };
        assert_eq!(holding().await, 2);
        let keeper = Actor { role: Role::Administrator, ..app.actor_by_email(DIRECTOR).await.unwrap() };
        app.perform(&keeper, "reset", ResetSignIn { person: actor.person }).await.unwrap();
        assert_eq!(holding().await, 1, "a colleague's alone");
        let mut after = links(&app, &actor).await;
        after.retain(|link| !before.contains(link));
        assert_eq!(after.len(), 1);
        app.choose_password(&after[0], PASSWORD).await.unwrap();
        app.check_password(EMAIL, PASSWORD).await.unwrap();
    })
    .await;
}

/// As whom somebody begins who has no second step, and how.
async fn by_password(app: &Arc<App>) -> (Box<Actor>, Beginning) {
    match app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap() {
        Step::In(who, beginning) => (who, beginning),
        Step::Second(_) => panic!("there is no second step yet"),
    }
}

/// What somebody proved is taken from them before their session begins.
async fn begins_no_more(app: &App, who: &Actor, beginning: &Beginning) {
    let late = app.start_session_by(who, beginning).await;
    assert!(matches!(&late, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "email"), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_another_before_the_session_begins_opens_none() {
    const OTHER: &str = "quartz lantern bishop meadow";
    both(async |database| {
        let (app, actor) = given(&database).await;
        let own = app.start_session(&actor).await.unwrap();
        let (who, by_password) = by_password(&app).await;
        app.start_session_by(&who, &by_password).await.unwrap();
        app.change_password(&actor, &own, (PASSWORD, OTHER)).await.unwrap();
        begins_no_more(&app, &who, &by_password).await;
        let left = app.own_sign_ins(&actor, &own).await.unwrap();
        assert_eq!(left.iter().map(|one| one.own).collect::<Vec<_>>(), [true]);

        let (_secret, codes) = with_second_step(&app, &actor).await;
        let Step::Second(way) = app.sign_in_by_password(EMAIL, OTHER).await.unwrap() else { panic!("no second step") };
        let found = app.half_way(&way).await.unwrap().unwrap();
        let (_, by_code) = app.sign_in_by_code(&way, &found, &codes[0]).await.unwrap();
        app.start_session_by(&who, &by_code).await.unwrap();
        app.change_password(&actor, &own, (OTHER, PASSWORD)).await.unwrap();
        begins_no_more(&app, &who, &by_code).await;

        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        let (_, by_code) = app.sign_in_by_code(&way, &found, &codes[1]).await.unwrap();
        let director = app.actor_by_email("director@authority.example").await.unwrap();
        let keeper = Actor { role: Role::Administrator, ..director };
        app.perform(&keeper, "reset", ResetSignIn { person: actor.person }).await.unwrap();
        begins_no_more(&app, &who, &by_code).await;
        assert_eq!(app.own_sign_ins(&actor, "").await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_step_that_is_set_up_before_the_session_begins_is_asked_for() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (who, by_password) = by_password(&app).await;
        app.start_session_by(&who, &by_password).await.unwrap();
        let (_secret, codes) = with_second_step(&app, &actor).await;
        begins_no_more(&app, &who, &by_password).await;

        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        let (_, by_code) = app.sign_in_by_code(&way, &found, &codes[0]).await.unwrap();
        app.start_session_by(&who, &by_code).await.unwrap();
        app.end_second_step(&actor, PASSWORD).await.unwrap();
        let (_secret, _codes) = with_second_step(&app, &actor).await;
        // Of the one in its place nothing was shown.
        begins_no_more(&app, &who, &by_code).await;
    })
    .await;
}

#[tokio::test]
async fn a_short_password_stands_only_beside_a_second_step() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let token = app.start_session(&actor).await.unwrap();
        let elsewhere = app.start_session(&actor).await.unwrap();
        let short = app.change_password(&actor, &token, (PASSWORD, "kX7-vq2w")).await;
        assert!(matches!(short, Err(Outcome::Invalid(_))), "{short:?}");
        let (_secret, _codes) = with_second_step(&app, &actor).await;
        let unknown = app.change_password(&actor, &token, ("wrong", "kX7-vq2w")).await;
        assert!(matches!(unknown, Err(Outcome::Invalid(_))), "{unknown:?}");
        app.change_password(&actor, &token, (PASSWORD, "kX7-vq2w")).await.unwrap();
        assert!(app.signed_in(&token).await.unwrap().is_some());
        assert!(app.signed_in(&elsewhere).await.unwrap().is_none(), "the other session goes on");
        // Two words of a dictionary are long enough, and guessed.
        let mut current = "kX7-vq2w";
        for next in ["adjacentmagnificent", PASSWORD] {
            match app.end_second_step(&actor, current).await {
                Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, "password_too_weak", "{current}"),
                other => panic!("{other:?}"),
            }
            app.change_password(&actor, &token, (current, next)).await.unwrap();
            current = next;
        }
        app.end_second_step(&actor, PASSWORD).await.unwrap();
        assert!(matches!(app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap(), Step::In(..)));
    })
    .await;
}

#[tokio::test]
async fn sign_ins_failures_and_ends_are_events_and_hold_nothing_that_was_typed() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        assert!(app.sign_in_by_password(EMAIL, "canary-of-a-password").await.is_err());
        assert!(app.sign_in_by_password("canary-of-an-address@authority.example", PASSWORD).await.is_err());
        let beginning = Beginning { method: Method::Password, provider: None, proven: None };
        let token = app.start_session_by(&actor, &beginning).await.unwrap();
        app.sign_out(&actor, &token).await.unwrap();
        app.sign_out_everywhere(&actor).await.unwrap();
        let all: Vec<u8> = database.everything().await.into_iter().flat_map(|(_, bytes)| bytes).collect();
        let all = String::from_utf8_lossy(&all);
        for kind in ["person.signed_in", "person.sign_in_failed", "person.signed_out", "person.signed_out_everywhere"] {
            assert!(all.contains(kind), "{kind} is no event");
        }
        assert!(!all.contains("canary-of"), "what was typed was kept");
    })
    .await;
}
