//! No secret of the configuration is printed or logged, whatever a command is asked and however it fails.

use std::process::{Child, Command, Stdio};

use placewell_store::Backend;

use crate::program::Place;

/// The secrets as an operator sets them.
const SECRETS: &[(&str, &str)] = &[
    ("PLACEWELL_DATABASE", "postgres://placewell:canary-of-the-database@127.0.0.1:1/none?password=canary-of-the-query"),
    ("PLACEWELL_MAIL_SERVER", "smtps://mailer:canary-of-the-mail-server@127.0.0.1:1"),
    ("PLACEWELL_MASTER_KEY", "canary0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"),
    ("PLACEWELL_MASTER_KEY_COMMAND", "echo canary-of-the-command"),
];

/// A command that runs with the secrets, at the log's most talkative.
fn started(place: &Place, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_placewell"));
    command.args(arguments).current_dir(&place.folder).env("PLACEWELL_LOG", "trace").env("RUST_BACKTRACE", "1");
    command.envs(SECRETS.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_the_configuration_is_printed_or_logged_by_any_command() {
    let place = Place::new(Backend::Sqlite).await;
    std::fs::write(place.folder.join("master.key"), "canary1f".repeat(8)).unwrap();
    let key = ["--master-key", "master.key"];
    let commands: &[&[&str]] = &[
        &["--help"],
        &["doctor"],
        &["verify"],
        &["migrate"],
        &["serve", "--listen", "127.0.0.1:0"],
        &["token", "create", "--email", "p.shah@authority.example", "--name", "reports"],
        &["token", "--help"],
        &["appraise", "--authority", "HEF"],
    ];
    let helped = ["serve", "migrate", "doctor", "verify", "init", "demo", "import", "homes", "appraise"];
    let all = commands.iter().map(|command| command.to_vec()).chain(helped.iter().map(|name| vec![*name, "--help"]));
    // All at once: each waits for a database that is not there.
    let mut running = Vec::new();
    for arguments in all {
        for with_key in [false, true] {
            let keyed: Vec<&str> = arguments.iter().copied().chain(key.into_iter().filter(|_| with_key)).collect();
            running.push((started(&place, &keyed), keyed.join(" ")));
        }
    }
    let mut words = 0;
    for (child, command) in running {
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(!said.is_empty(), "{command} said nothing");
        words += said.split_whitespace().count();
        let canary = said.lines().find(|line| line.to_lowercase().contains("canary"));
        assert!(canary.is_none(), "{command} shows a secret: {canary:?}");
    }
    assert!(words > 500, "the commands said {words} words in all");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_is_served_lets_nobody_ask_without_end() {
    let place = Place::new(Backend::Sqlite).await;
    place.make_region().well();
    let server = place.serve_at_level(&place.database, &["serve", "--listen", "127.0.0.1:0"], "error");
    let asks = |who: &str| server.get("/.well-known/security.txt", &format!("Cookie: placewell_session={who}\r\n")).0;
    // A minute may end between them, so that it takes twice as many at most.
    let waits = (0..2_600).find(|_| asks("one") == 429).expect("nobody was told to wait");
    assert!(waits >= 1_200, "told to wait after {waits}");
    assert_eq!(asks("another"), 200, "a colleague waits too");
    assert_eq!(server.get("/healthz", "Cookie: placewell_session=one\r\n").0, 200);
}
