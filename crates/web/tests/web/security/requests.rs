//! What is turned away before anything is done: each route is asked in every way that another site, another host or a
//! program without manners could ask it.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::hash_password;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_web::pace::Pace;
use placewell_web::routes::ROUTES;

use super::{Service, everything, keeping_the_session};
use crate::access::example;

const HTTPS: &str = "https://placewell.example";

#[tokio::test]
async fn nothing_is_changed_for_another_site_on_any_route() {
    let service = Service::at(HTTPS).await;
    let session = service.session(Role::PlacementOfficer).await;
    let cookie = format!("__Host-placewell_session={session}");
    let bearer = format!("Bearer {session}");
    let form = format!("_csrf={}&_key=other-site", service.form_token(&cookie).await);
    let mut asked = 0;
    for (method, path) in everything().into_iter().filter(|(method, _)| method != "GET") {
        for sent in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://placewell.example"),
            ("origin", "null"),
        ] {
            let kind = ("content-type", "application/x-www-form-urlencoded");
            let headers = [("cookie", cookie.as_str()), ("authorization", bearer.as_str()), kind, sent];
            let answer = service.ask(&method, &path, &headers, form.clone()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} with {sent:?}");
            asked += 1;
        }
    }
    assert!(asked > 1_000, "only {asked} requests were sent");
    assert_eq!(service.ask("GET", "/home", &[("cookie", &cookie)], "").await.status, StatusCode::OK, "signed out");
}

#[tokio::test]
async fn no_form_of_any_route_is_taken_without_the_token_of_its_own_session() {
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::PlacementOfficer).await;
    let other = service.form_token(&service.cookie(Role::PlacementOfficer).await).await;
    // Nobody is signed in yet who could be made to do something; the site and the link's own token guard these.
    let before = |path: &str| path.starts_with("/emails/") || path.starts_with("/demo");
    let open = ["/sign-in", "/csp-reports", "/admission/{reference}/register"];
    let forms =
        ROUTES.iter().filter(|route| route.method == "POST" && !open.contains(&route.path) && !before(route.path));
    let forms = forms.filter(|route| !signs_in(route.path));
    let mut asked = 0;
    for route in forms {
        let path = example(route.path);
        for token in [String::new(), "_csrf=".to_owned(), format!("_csrf={other}"), format!("_csrf={}", "0".repeat(64))]
        {
            let answer = service.form(&path, &[("cookie", &cookie)], format!("{token}&_key=1")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {token:?}");
            assert!(answer.body.contains("This form is too old to send"), "{path} with {token:?}");
            asked += 1;
        }
        let answer =
            service.ask("POST", &path, &[("cookie", &cookie), ("content-type", "text/plain")], "_csrf=1").await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} as another kind of body");
    }
    assert!(asked > 400, "only {asked} forms were sent");
}

/// Forms by which somebody signs in: nobody is signed in yet whose name could be used.
fn signs_in(path: &str) -> bool {
    path.starts_with("/sign-in") || path.starts_with("/invitation") || path.starts_with("/passkeys/sign-in")
}

#[tokio::test]
async fn no_route_is_shown_or_loaded_inside_another_site() {
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::PlacementOfficer).await;
    for (method, path) in keeping_the_session().into_iter().filter(|(method, _)| method == "GET") {
        if path == "/healthz" || path == "/readyz" {
            continue;
        }
        for (mode, dest) in [("navigate", "iframe"), ("no-cors", "image"), ("no-cors", "script"), ("cors", "empty")] {
            let headers = [
                ("cookie", cookie.as_str()),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", dest),
            ];
            let answer = service.ask(&method, &path, &headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} as {dest}");
        }
    }
    let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(
        service.ask("GET", "/help", &link, "").await.status,
        StatusCode::OK,
        "a link from elsewhere does not lead here"
    );
}

#[tokio::test]
async fn no_route_answers_to_another_hosts_name() {
    let service = Service::at(HTTPS).await;
    for (method, path) in everything() {
        let answer = service.ask(&method, &path, &[("host", "evil.example")], "").await;
        let by_address = path == "/healthz" || path == "/readyz";
        assert_eq!(answer.status == StatusCode::MISDIRECTED_REQUEST, !by_address, "{method} {path}: {}", answer.status);
    }
    let own = service.ask("GET", "/help", &[("host", "placewell.example")], "").await;
    assert_eq!(own.status, StatusCode::OK);
    let told = service.ask("GET", "/api/v1/me", &[("host", "evil.example")], "").await;
    assert_eq!(told.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn no_route_takes_a_method_that_it_does_not_have() {
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::PlacementOfficer).await;
    let all = keeping_the_session();
    for (_, path) in all.iter().filter(|(_, path)| !path.contains("no-such")) {
        for method in ["TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "PROPFIND"] {
            if all.iter().any(|(has, at)| has == method && at == path) {
                continue;
            }
            let answer = service.ask(method, path, &[("cookie", &cookie)], "").await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn no_route_reads_a_body_beyond_its_limit() {
    let service = Service::at(HTTPS).await;
    let session = service.session(Role::PlacementOfficer).await;
    let cookie = format!("__Host-placewell_session={session}");
    let token = format!("Bearer {}", service.token(Role::PlacementOfficer).await);
    let form = "a=".to_owned() + &"b".repeat(600 * 1024);
    let json = format!("{{\"a\": \"{}\"}}", "b".repeat(1100 * 1024));
    let mut too_long = 0;
    for (method, path) in
        everything().into_iter().filter(|(method, path)| method == "POST" && !path.contains("no-such"))
    {
        let answer = if path.starts_with("/api/") {
            let kind = ("content-type", "application/json");
            service.ask(&method, &path, &[("authorization", &token), kind], json.clone()).await
        } else {
            service.form(&path, &[("cookie", &cookie)], form.clone()).await
        };
        // Who may not do it at all is told so at the API's door, before any of the body is read.
        let at_the_door = path.starts_with("/api/") && answer.status == StatusCode::FORBIDDEN;
        let refused = matches!(answer.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert!(refused || at_the_door, "{path}: {}", answer.status);
        too_long += usize::from(answer.status == StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert!(too_long > 150, "{too_long} were too long");
}

#[tokio::test]
async fn whoever_asks_too_much_in_a_minute_waits_and_nobody_else_does() {
    let service = Service::with(HTTPS, |web| web.paced(Pace::of(5, 10_000))).await;
    let (cookie, other) = (service.cookie(Role::PlacementOfficer).await, service.cookie(Role::Approver).await);
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(service.ask("GET", "/home", &[("cookie", &cookie)], "").await);
    }
    let waits = answers.iter().filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).count();
    assert!((2..=7).contains(&waits), "{waits} of 12 were told to wait"); // a minute may end between them
    let told = answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).unwrap();
    assert_eq!(told.header("retry-after"), "60");
    assert_eq!(service.ask("GET", "/preferences", &[("cookie", &other)], "").await.status, StatusCode::OK);
    assert_eq!(service.ask("GET", "/healthz", &[("cookie", &cookie)], "").await.status, StatusCode::OK);
    let token = format!("Bearer {}", service.token(Role::Approver).await);
    let mut told = service.ask("GET", "/api/v1/me", &[("authorization", &token)], "").await;
    for _ in 0..11 {
        if told.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        told = service.ask("GET", "/api/v1/me", &[("authorization", &token)], "").await;
    }
    assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(told.body.contains("\"code\":\"too_many\""), "{}", told.body);
}

#[tokio::test]
async fn a_report_of_the_content_policy_keeps_the_directive_and_nothing_else() {
    let kept = placewell_testkit::logs::kept();
    let service = Service::at(HTTPS).await;
    let old = r#"{"csp-report": {"effective-directive": "img-src", "document-uri": "https://placewell.example/canary-of-a-report", "blocked-uri": "https://evil.example/canary-of-a-report"}}"#;
    let new = r#"[{"type": "csp-violation", "body": {"effectiveDirective": "font-src canary", "documentURL": "canary-of-a-report"}}]"#;
    for (kind, body) in [
        ("application/csp-report", old),
        ("application/reports+json", new),
        ("text/plain", "canary-of-a-report"),
        ("", ""),
    ] {
        let answer = service.ask("POST", "/csp-reports", &[("content-type", kind)], body).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""), "{kind}");
    }
    let log = kept.text();
    assert!(log.contains("directive=\"img-src\"") && log.contains("directive=\"font-src\""), "nothing was logged");
    assert!(!log.contains("canary-of-a-report"), "more than the directive was logged");
}

/// A script that held what its reader may see would give it to any page that loads it.
#[tokio::test]
async fn a_script_or_style_is_the_same_whoever_asks_for_it() {
    let service = Service::at(HTTPS).await;
    for path in ["/assets/0/app.js", "/assets/0/app.css"] {
        let nobody = service.ask("GET", path, &[], "").await;
        assert_eq!(nobody.status, StatusCode::OK, "{path}");
        for role in Role::ALL {
            let cookie = service.cookie(*role).await;
            let theirs = service.ask("GET", path, &[("cookie", &cookie)], "").await;
            assert!(theirs.status == StatusCode::OK && theirs.body == nobody.body, "{path} as {role:?}");
        }
    }
}

#[tokio::test]
async fn a_file_outside_the_list_is_not_served() {
    let service = Service::at(HTTPS).await;
    for path in [
        "/assets/",
        "/assets/0/",
        "/assets/0/../../Cargo.toml",
        "/assets/0/%2e%2e%2f%2e%2e%2fCargo.toml",
        "/assets/0//etc/passwd",
        "/.git/config",
        "/.git/",
        "/.env",
        "/Cargo.toml",
        "/placewell.db",
        "/master.key",
        "/assets/0/app.js.map",
        "/guide/../.git/HEAD",
        "/decisions/..%2f..%2fmaster.key",
        "/guide/x.css",
        "/referrals.css",
    ] {
        let answer = service.ask("GET", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        service.ask("GET", "/assets/0/app.js", &[], "").await.status,
        StatusCode::OK,
        "nothing is served at all"
    );
}

#[tokio::test]
async fn each_answer_names_its_line_of_the_log() {
    let kept = placewell_testkit::logs::kept();
    let service = Service::at(HTTPS).await;
    let answer = service.ask("GET", "/contact", &[], "").await;
    let reference = answer.header("x-request-id").to_owned();
    let log = kept.text();
    let line = log.lines().find(|line| line.contains(&reference) && line.contains("micros=")).expect("no line");
    for part in ["method=GET", "path=\"/contact\"", "status=200"] {
        assert!(line.contains(part), "{line}");
    }
    let time: jiff::Timestamp = line.split_whitespace().next().unwrap().parse().expect("no time in UTC");
    assert!(time.as_second() > 1_600_000_000, "{line}");
}

#[tokio::test]
async fn a_line_of_the_log_is_one_line_whatever_somebody_sends() {
    let kept = placewell_testkit::logs::kept();
    let service = Service::at(HTTPS).await;
    let path = "/no-such%0A2021-09-13T10:20:00Z%20ERROR%20canary-of-a-line%1b[31m?q=%0Acanary-of-a-query";
    let headers = [("user-agent", "canary-of-an-agent"), ("x-request-id", "canary-of-a-reference")];
    assert_eq!(service.ask("GET", path, &headers, "").await.status, StatusCode::NOT_FOUND);
    let log = kept.text();
    assert!(log.contains("/no-such%0A2021"), "the request was not logged");
    assert!(!log.lines().any(|line| line.starts_with("2021-09-13T10:20:00Z")), "somebody wrote a line into the log");
    for word in ["canary-of-a-query", "canary-of-an-agent", "canary-of-a-reference"] {
        let ours = log.lines().filter(|line| line.contains("placewell_web")).any(|line| line.contains(word));
        assert!(!ours, "{word} is in the log");
    }
}

#[tokio::test]
async fn a_refused_permission_is_logged_with_role_and_action() {
    let kept = placewell_testkit::logs::kept();
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::ProviderManager).await;
    let refused = service.ask("GET", "/admin/jobs", &[("cookie", &cookie)], "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let log = kept.text();
    let line = log.lines().find(|line| line.contains("not permitted") && line.contains(refused.header("x-request-id")));
    let line = line.expect("the refusal is not logged");
    assert!(line.contains("role=\"provider_manager\"") && line.contains("action="), "{line}");
    let turned = service.form("/sign-out", &[("sec-fetch-site", "cross-site")], "").await;
    let log = kept.text();
    let line = log.lines().find(|line| line.contains("turned away") && line.contains(turned.header("x-request-id")));
    assert!(line.expect("what was turned away is not logged").contains("sent by another site"));
}

#[tokio::test]
async fn whatever_is_turned_away_at_the_door_is_logged_with_why() {
    let kept = placewell_testkit::logs::kept();
    let service = Service::with(HTTPS, |web| web.paced(Pace::of(5, 10_000))).await;
    let mut turned = vec![
        ("another host's name", service.ask("GET", "/contact", &[("host", "evil.example")], "").await),
        ("sent by another site", service.form("/sign-in", &[("origin", "https://evil.example")], "").await),
        (
            "loaded by another site",
            service.ask("GET", "/contact", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")], "").await,
        ),
    ];
    // A minute may end between them.
    for _ in 0..12 {
        let answer = service.ask("GET", "/contact", &[("authorization", "Bearer canary-of-a-token")], "").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            turned.push(("too many requests in a minute", answer));
            break;
        }
    }
    assert_eq!(turned.len(), 4, "nobody was told to wait");
    let log = kept.text();
    for (why, answer) in turned {
        assert!(answer.status.is_client_error(), "{why}: {}", answer.status);
        let own = |line: &&str| line.contains("turned away") && line.contains(answer.header("x-request-id"));
        let line = log.lines().find(own).unwrap_or_else(|| panic!("{why} is not logged"));
        assert!(line.contains(why) && line.contains("WARN"), "{line}");
    }
    assert!(!log.lines().any(|line| line.contains("turned away") && line.contains("canary-of-a-token")));
}

#[tokio::test]
async fn what_is_sent_is_decoded_once_and_then_looked_at() {
    let service = Service::at(HTTPS).await;
    let form = "email=a%2540b.example&password=wrong&return_to=%252Fhome";
    let answer = service.form("/sign-in", &[], form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("\"a%40b.example\""), "what was typed is not shown as it was typed");
    assert!(!answer.body.contains("a@b.example") && !answer.body.contains("%2Fhome"), "decoded twice");
    let typed = service.form("/sign-in", &[], "email=a%40b.example&password=wrong").await;
    assert!(typed.body.contains("\"a@b.example\""));
    // What is looked at is what stands there once it is decoded: a path of ours, or the way to another host.
    let shown = async |query: &str| service.ask("GET", &format!("/sign-in?return_to={query}"), &[], "").await.body;
    assert!(shown("%2Freferrals%2541").await.contains("\"/referrals%41\""), "not decoded once");
    for away in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%252F%252Fevil.example", "/%5Cevil.example"] {
        assert!(!shown(away).await.contains("evil.example"), "{away}");
    }
}

#[tokio::test]
async fn a_password_is_checked_exactly_as_it_was_typed_and_may_be_long() {
    let service = Service::at(HTTPS).await;
    let long = format!(" {} Ünïcode ẞ ", "walnut ferry dusk granite ".repeat(8));
    let person = NewPerson {
        email: "long@example.org".to_owned(),
        name: "Somebody".to_owned(),
        password: Some(hash_password(&long).unwrap()),
        role: Role::PlacementOfficer,
        title: "Officer".to_owned(),
        from: date(2019, 1, 1),
    };
    let other = NewOrganisation {
        code: "BIR".to_owned(),
        name: "Another".to_owned(),
        kind: OrganisationKind::Authority,
        area: Some("E08000025".to_owned()),
        placing_body: None,
        people: vec![person],
    };
    service.app.make_organisation(&other).await.unwrap();
    let sign_in = async |password: &str| {
        let pairs = [("email", "long@example.org"), ("password", password), ("return_to", "/home")];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        service.form("/sign-in", &[], form).await.status
    };
    for wrong in [long.trim(), &long.to_lowercase(), &long[..64], &format!("{long} "), ""] {
        assert_eq!(sign_in(wrong).await, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?} is taken for {long:?}");
    }
    assert_eq!(sign_in(&long).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn passwords_are_masked_and_may_be_pasted_and_filled_in() {
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::PlacementOfficer).await;
    let mut seen = 0;
    for (_, path) in keeping_the_session().into_iter().filter(|(method, _)| method == "GET") {
        let page = service.ask("GET", &path, &[("cookie", &cookie)], "").await.body;
        for input in page.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
            let name = input.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            if name.contains("password") || input.contains("type=\"password\"") {
                assert!(input.contains("type=\"password\""), "{path}: {input}");
                let filled = input.contains("current-password") || input.contains("new-password");
                assert!(filled, "{path}: no password manager fills it in: {input}");
                assert!(!input.contains("onpaste") && !input.contains("maxlength"), "{path}: {input}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 2, "only {seen} fields for passwords were seen");
}
