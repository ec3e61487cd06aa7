//! What the sources themselves show: ways to harm that the service does not have, each with the few places that may.

use std::fs;
use std::path::{Path, PathBuf};

use placewell_web::fields::Fields;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The sources of the service itself, without the tests that stand at their ends: path and text.
fn product() -> Vec<(String, String)> {
    let crates = ["domain", "store", "app", "pages", "web", "insight", "exchange", "paper", "placewell"];
    let mut all = Vec::new();
    for name in crates {
        collect(&root().join("crates").join(name).join("src"), &mut all);
    }
    assert!(all.len() > 300, "only {} sources were found", all.len());
    all
}

fn collect(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            all.push((path.strip_prefix(root()).unwrap().display().to_string(), product));
        }
    }
}

/// Lines of code (no comments) that hold one of these words, outside the places that may.
fn found(words: &[&str], may: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, text) in product().iter().filter(|(path, _)| !may.iter().any(|place| path.starts_with(place))) {
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") && words.iter().any(|word| code.contains(word)) {
                lines.push(format!("{path}:{}: {code}", number + 1));
            }
        }
    }
    lines
}

fn none(words: &[&str], may: &[&str]) {
    let lines = found(words, may);
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// The scan is no scan if it finds nothing where something is.
#[test]
fn the_scan_of_the_sources_finds_what_is_there() {
    assert!(!found(&["chacha20poly1305"], &[]).is_empty());
    assert!(found(&["chacha20poly1305"], &["crates/store/src/keys"]).is_empty());
}

#[test]
fn no_program_is_started_by_the_service() {
    // The command that an operator names for the master key is configuration, and takes no word of anybody else.
    none(&["process::Command", "Command::new("], &["crates/placewell/src/"]);
}

#[test]
fn no_pattern_is_made_of_what_somebody_sent() {
    none(&["Regex", "regex::", "fancy_regex"], &[]);
}

#[test]
fn no_address_that_somebody_sent_is_asked() {
    // The scanner and the mail server stand in the configuration; an organisation's own sign-in is its administrator's to
    // enter, is asked by TLS and followed nowhere else.
    let may = ["crates/app/src/office/document/scanning.rs", "crates/app/src/office/person/", "crates/placewell/src/"];
    none(
        &["TcpStream::connect", "UnixStream::connect", "reqwest::", "ureq::", "hyper::client", "hyper_util::client"],
        &may,
    );
}

#[test]
fn no_file_of_the_disk_is_opened_by_a_name_that_somebody_sent() {
    // The command line opens the files that whoever runs it names; the demonstration writes its own; the files of the
    // key and of the pinned checkpoints are configuration.
    let may = [
        "crates/placewell/src/",
        "crates/app/src/demonstration",
        "crates/app/src/office/person/password.rs",
        "crates/app/src/office/record.rs",
        "crates/store/src/keys",
        "crates/store/src/peek.rs",
    ];
    none(&["std::fs", "fs::read", "fs::write", "fs::File", " File::open(", "tokio::fs", "OpenOptions"], &may);
}

#[test]
fn no_statement_is_put_together_with_what_somebody_sent() {
    // Every statement is a literal or joined of literals, names of tables and columns; whatever a person sent is bound.
    let lines = found(&["AssertSqlSafe("], &["crates/store/src/"]);
    assert!(lines.is_empty(), "SQL outside the store:\n{}", lines.join("\n"));
    let typed = ["format!(\"SELECT", "format!(\"INSERT", "format!(\"UPDATE", "format!(\"DELETE"];
    // What the migrations write of their own tables, and the hole that is planted for attackers.
    let apart = ["crates/store/src/dialect.rs", "crates/store/src/planted.rs"];
    for (path, text) in product().iter().filter(|(path, _)| !apart.contains(&path.as_str())) {
        for (number, line) in
            text.lines().enumerate().filter(|(_, line)| typed.iter().any(|start| line.contains(start)))
        {
            assert!(!line.contains("'{"), "{path}:{}: a value stands in a statement: {line}", number + 1);
        }
    }
}

#[test]
fn every_table_is_written_by_the_one_writer_that_guards_it() {
    none(&["csv::Writer", "WriterBuilder", "rust_xlsxwriter", "csv::QuoteStyle"], &["crates/exchange/src/sheet.rs"]);
    // Files that the demonstration writes for people to import are no export.
    for (path, text) in product().iter().filter(|(path, _)| path.starts_with("crates/web/")) {
        if text.contains("\"text/csv") {
            let guarded = text.contains(".csv()") || text.contains("Sheet") || text.contains("sheet");
            assert!(guarded, "{path} sends CSV that no sheet has written");
        }
    }
}

#[test]
fn no_file_of_the_service_uses_unsafe_code() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let manifest = fs::read_to_string(entry.unwrap().path().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{manifest}");
    }
    none(&["allow(unsafe_code"], &[]);
}

/// The files in which the inventory of `docs/security/controls.md` says that cryptography is used.
fn inventory() -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/security/controls.md")).unwrap();
    let section = text.split("## Keys").nth(1).expect("no section on keys").split("\n## ").next().unwrap();
    let quoted = section.split('`').skip(1).step_by(2);
    quoted.filter(|word| word.starts_with("crates/")).map(str::to_owned).collect()
}

#[test]
fn cryptography_is_used_where_the_inventory_says_and_nowhere_else() {
    let words = [
        "sha2::",
        "sha1::",
        "md5::",
        "blake2::",
        "blake3::",
        "hmac::",
        "hkdf::",
        "argon2::",
        "chacha20",
        "aes_gcm::",
        "aes::",
        "ed25519",
        "rsa::",
        "p256::",
        " ring::",
        "rand::",
        "getrandom",
        "subtle::",
        "totp",
        "webauthn",
        "openidconnect",
    ];
    let (inventory, mut missing) = (inventory(), Vec::new());
    assert!(inventory.len() > 10, "the inventory names {} files", inventory.len());
    for (path, text) in product() {
        let uses = text.lines().any(|line| line.starts_with("use ") && words.iter().any(|word| line.contains(word)));
        if uses && !inventory.iter().any(|place| path.starts_with(place.as_str())) {
            missing.push(path);
        }
    }
    assert!(missing.is_empty(), "use cryptography and are in no inventory:\n{}", missing.join("\n"));
    let gone: Vec<_> = inventory.iter().filter(|place| !root().join(place).exists()).collect();
    assert!(gone.is_empty(), "in the inventory and not there: {gone:?}");
    // The published lists of breached passwords are of SHA-1.
    none(&["sha1::", "Sha1"], &["crates/app/src/office/person/password.rs"]);
    none(&["md5", "aes::", "Ecb", "Pkcs1v15"], &[]);
}

#[test]
fn keys_tokens_codes_and_seeds_are_drawn_in_one_place_from_the_system_s_generator() {
    // Ids are no secret, and the demonstration draws its people from a name.
    let may = ["crates/store/src/keys.rs", "crates/store/src/ids.rs", "crates/app/src/demonstration/chance.rs"];
    none(&["rand::", "getrandom", "fastrand", "thread_rng", "from_entropy", "StdRng", "SmallRng", "OsRng"], &may);
    let drawn = fs::read_to_string(root().join("crates/store/src/keys.rs")).unwrap();
    assert_eq!(drawn.matches("rand::").count(), 1, "one call");
    assert!(drawn.contains("rand::fill(&mut bytes[..]);"), "of the generator that the system seeds");
    for (path, what) in [
        ("crates/app/src/office/person/second_step.rs", "random::<16>()"),
        ("crates/app/src/office/person/second_step.rs", "random::<20>()"),
    ] {
        let text = fs::read_to_string(root().join(path)).unwrap();
        assert!(text.contains(what), "{path} draws by another way than {what}");
    }
}

#[test]
fn nothing_turns_the_check_of_certificates_off() {
    let words = ["danger_", ".dangerous(", "accept_invalid", "TlsParameters", "CertificateStore", "ServerCertVerifier"];
    none(&words, &[]);
}

#[test]
fn nothing_of_debugging_is_in_what_is_released() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("dbg_macro = \"deny\""));
    let released = manifest.split("[profile.release]\n").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(released.contains("strip = true"), "{released}");
    assert!(!released.contains("debug"), "{released}");
    none(&["dbg!(", "Backtrace", "RUST_BACKTRACE", "console_subscriber", "pprof"], &[]);
}

/// Names of what nobody may learn byte by byte from how long a comparison takes.
const COMPARED: &[&str] = &[
    "token",
    "secret",
    "password",
    "csrf",
    "recovery_code",
    "otp",
    "digest",
    "mac",
    "signature",
    "nonce",
    "token_hash",
    "password_hash",
];

/// Digests that both sides are shown: of a document's content, and of a month's figures.
const SHOWN: &[&str] = &[
    "crates/domain/src/homes/admission/evidence.rs",
    "crates/app/src/buying/block/nights/settle.rs",
    "crates/app/src/homes/home/paper.rs",
    "crates/app/src/placing/agreement/papers.rs",
];

/// Lines of code with a comparison of a secret that ends at the first byte that differs.
fn compared(text: &str) -> Vec<String> {
    let secret = |word: &str| COMPARED.iter().any(|name| word == *name || word.ends_with(&format!("_{name}")));
    let outside = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        let finds = [" == ", " != "].into_iter().flat_map(|sign| code.match_indices(sign)).any(|(at, sign)| {
            let after = code[at + sign.len()..].trim_start_matches(['&', '*']);
            let left = code[..at].rsplit(outside).next().unwrap_or_default();
            let path = after.split(|letter: char| outside(letter) && letter != '.').next().unwrap_or_default();
            let right = path.rsplit('.').next().unwrap_or_default();
            // What a function makes of a secret is compared for what it is: its digest.
            secret(left) || (secret(right) && !after[path.len()..].starts_with('('))
        });
        if finds && !code.starts_with("//") {
            lines.push(format!("{}: {code}", number + 1));
        }
    }
    lines
}

#[test]
fn secrets_are_compared_in_constant_time_or_by_their_digest() {
    // No page holds a secret: what is called a token there is a word of the browser's own.
    let apart = |path: &str| path.starts_with("crates/pages/") || SHOWN.contains(&path);
    let mut wrong = Vec::new();
    for (path, text) in product().iter().filter(|(path, _)| !apart(path)) {
        wrong.extend(compared(text).into_iter().map(|line| format!("{path}:{line}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scan_for_comparisons_finds_each_that_is_planted_and_nothing_else() {
    for planted in [
        "if kept.digest == sent {",
        "if sent != self.token {",
        "session.csrf == typed",
        "let same = typed == *csrf_token;",
        "assert(typed == &held.second_secret)",
        "hash(typed) == row.token_hash",
    ] {
        assert_eq!(compared(planted), [format!("1: {planted}")]);
    }
    for whole in [
        "// secret == typed",
        "kind == Kind::Token",
        "digest(state) == digest(sent)",
        "let token = if one == other { first } else { second };",
        "secrets == 1",
    ] {
        assert_eq!(compared(whole), Vec::<String>::new());
    }
}

/// Types that hold a secret say nothing of it when they are printed.
#[test]
fn what_holds_a_secret_does_not_print_it() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (path, text) in product() {
        for (before, after) in text.match_indices("struct ").map(|(at, _)| text.split_at(at)) {
            let body = after.split("\n}").next().unwrap_or_default();
            let fields = body.split_once('{').map_or("", |(_, fields)| fields);
            let secret = fields.lines().map(str::trim).any(|line| {
                let line = line.strip_prefix("pub ").unwrap_or(line).trim_start_matches("pub(crate) ");
                !line.contains(": bool") && SECRETS.iter().any(|name| line.starts_with(&format!("{name}: ")))
            });
            if !secret {
                continue;
            }
            seen += 1;
            let start = before.rfind("\n\n").unwrap_or_default();
            let prints =
                before[start..].lines().any(|line| line.trim().starts_with("#[derive(") && line.contains("Debug"));
            let name = after.split([' ', '<', '{']).nth(1).unwrap_or_default().to_owned();
            if prints && !REVIEWED.contains(&name.as_str()) {
                wrong.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(seen > 3, "only {seen} types were seen");
    assert!(wrong.is_empty(), "hold a secret and can be printed:\n{}", wrong.join("\n"));
}

/// Fields that hold a secret in the clear.
const SECRETS: &[&str] = &["password", "secret", "token", "master_key", "private_key", "client_secret", "database"];
/// Types whose field has such a name and holds no secret, or one that opens nothing any more.
const REVIEWED: &[&str] = &[];

#[test]
fn no_script_of_ours_writes_markup_or_runs_text() {
    let scripts = fs::read_dir(root().join("frontend")).unwrap().map(|entry| entry.unwrap().path());
    let scripts: Vec<PathBuf> = scripts.filter(|path| path.extension().is_some_and(|end| end == "js")).collect();
    assert!(scripts.iter().any(|path| path.ends_with("app.js")), "no script was found");
    let never = "innerHTML outerHTML insertAdjacentHTML document.write eval( postMessage \"message\" localStorage sessionStorage \
                 indexedDB document.cookie __proto__ XMLHttpRequest javascript:";
    for path in scripts {
        let script = fs::read_to_string(&path).unwrap();
        assert!(!script.contains("new Function") && !script.contains("setTimeout(\""), "{}", path.display());
        for word in never.split_whitespace() {
            assert!(!script.contains(word), "{}: {word}", path.display());
        }
        // Only files of our own are loaded, by names that stand in the script.
        assert_eq!(script.matches("import(").count(), script.matches("import(\"./").count(), "{}", path.display());
    }
}

#[test]
fn a_field_that_is_sent_twice_is_read_once() {
    let fields = Fields::parse(b"amount=1&amount=2&_csrf=a&_csrf=b");
    assert_eq!((fields.get("amount"), fields.get("_csrf")), ("1", "a"));
}

/// The holes of `cargo xtask attack --planted` are in no build that anybody is given.
#[tokio::test]
async fn no_hole_is_planted_in_what_is_released() {
    let service = super::Service::at("https://placewell.example").await;
    for path in ["/planted", "/planted/echo?words=a", "/planted/go?words=a", "/planted/find?words=a", "/api/v1/planted"]
    {
        let answer = service.ask("GET", path, &[], "").await;
        assert_eq!(answer.status, axum::http::StatusCode::NOT_FOUND, "{path}");
    }
    let (name, forwarded) = ("planted-holes", ["app", "web", "placewell"]);
    let mut manifests =
        vec![root().join("Cargo.toml"), root().join("benches/Cargo.toml"), root().join("fuzz/Cargo.toml")];
    manifests.push(root().join("xtask/Cargo.toml"));
    manifests
        .extend(fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path().join("Cargo.toml")));
    for manifest in manifests {
        let text = fs::read_to_string(&manifest).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(name)).collect();
        let own = manifest.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let may = usize::from(own == "store" || forwarded.contains(&own.as_str()));
        assert_eq!(lines.len(), may, "{}: {lines:?}", manifest.display());
        assert!(lines.iter().all(|line| line.starts_with("planted-holes = [")), "{}: {lines:?}", manifest.display());
        assert!(!text.contains("\ndefault = "), "{} has default features", manifest.display());
    }
}
