//! OWASP's Application Security Verification Standard 5.0: each requirement has its answer in `docs/security/asvs.tsv`, and
//! each test that is named there is one. `docs/security/asvs.md` is written from it: `PLACEWELL_WRITE_RULES=1`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The chapters with their sections, each with as many requirements as the standard has.
const CHAPTERS: &[(&str, &[usize])] = &[
    ("Encoding and Sanitization", &[2, 10, 12, 3, 3]),
    ("Validation and Business Logic", &[3, 3, 5, 2]),
    ("Web Frontend Security", &[1, 3, 5, 8, 8, 1, 5]),
    ("API and Web Service", &[5, 5, 2, 4]),
    ("File Handling", &[1, 6, 3, 3]),
    ("Authentication", &[3, 12, 8, 6, 8, 4, 2, 4]),
    ("Session Management", &[3, 4, 2, 5, 3, 2]),
    ("Authorization", &[4, 4, 3, 2]),
    ("Self-contained Tokens", &[3, 4]),
    ("OAuth and OIDC", &[2, 3, 5, 16, 5, 2, 3]),
    ("Cryptography", &[4, 5, 5, 4, 2, 2, 2]),
    ("Secure Communication", &[5, 2, 5]),
    ("Configuration", &[4, 6, 4, 7]),
    ("Data Protection", &[2, 8, 3]),
    ("Secure Coding and Architecture", &[5, 5, 7, 4]),
    ("Security Logging and Error Handling", &[1, 5, 4, 3, 4]),
    ("WebRTC", &[2, 8, 2]),
];

struct Requirement {
    id: String,
    level: u8,
    words: String,
    kind: String,
    answers: Vec<String>,
    note: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn requirements() -> Vec<Requirement> {
    let text = fs::read_to_string(root().join("docs/security/asvs.tsv")).unwrap();
    let read = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, level, words, kind, answers, note] = fields[..] else { panic!("not six fields: {line}") };
        Requirement {
            id: id.to_owned(),
            level: level.parse().unwrap(),
            words: words.to_owned(),
            kind: kind.to_owned(),
            answers: answers.split(' ').filter(|answer| !answer.is_empty()).map(str::to_owned).collect(),
            note: note.to_owned(),
        }
    };
    text.lines().map(read).collect()
}

/// The names of all tests of the workspace.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["crates", "xtask", "fuzz", "benches"] {
        collect(&root().join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target" && name != "node_modules") {
                collect(&path, names);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(named(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The functions of a source that a test runner runs.
fn named(source: &str) -> Vec<String> {
    let (mut names, mut is_test) = (Vec::new(), false);
    for line in source.lines().map(str::trim) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let line = line.strip_prefix("async ").unwrap_or(line);
        if let Some(rest) = line.strip_prefix("fn ") {
            if is_test {
                names.push(rest.split('(').next().unwrap_or_default().to_owned());
            }
            is_test = false;
        }
    }
    names
}

/// Whether it is a journey in the browser.
fn is_journey(name: &str) -> bool {
    name.starts_with("browser/journeys/t") && root().join(name).is_file()
}

/// Whether a page of the documentation has the place that a link names.
fn leads_somewhere(link: &str) -> bool {
    leads_from(&root(), link)
}

/// The same, of a link on a page in a folder.
fn leads_from(folder: &Path, link: &str) -> bool {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = folder.join(file);
    if anchor.is_empty() {
        return path.exists();
    }
    let Ok(text) = fs::read_to_string(path) else { return false };
    let anchors = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    anchors.map(|head| head.to_lowercase().replace(' ', "-")).any(|head| head == anchor)
}

#[test]
fn every_requirement_of_the_standard_is_answered_once() {
    let sections = CHAPTERS.iter().enumerate().flat_map(|(chapter, (_, sections))| {
        sections.iter().enumerate().map(move |(section, count)| (chapter + 1, section + 1, *count))
    });
    let expected = sections
        .flat_map(|(chapter, section, count)| (1..=count).map(move |number| format!("{chapter}.{section}.{number}")));
    let expected: Vec<String> = expected.collect();
    let found: Vec<String> = requirements().into_iter().map(|one| one.id).collect();
    assert_eq!((expected.len(), &found), (345, &expected));
}

#[test]
fn every_answer_names_tests_that_are_there_or_says_why_there_is_none() {
    let tests = tests();
    assert!(tests.len() > 1_000, "only {} tests were found", tests.len());
    let mut wrong = Vec::new();
    for one in requirements() {
        let names = one.answers.iter();
        let problem = match one.kind.as_str() {
            "test" if one.answers.is_empty() => Some("names no test".to_owned()),
            "test" => names
                .filter(|name| !tests.contains(*name) && !is_journey(name))
                .map(|name| format!("{name} is no test"))
                .next(),
            "doc" | "operator" if one.answers.is_empty() => Some("names no page".to_owned()),
            "doc" | "operator" => {
                names.filter(|link| !leads_somewhere(link)).map(|link| format!("{link} leads nowhere")).next()
            }
            "none" | "left" => (one.note.len() < 8 || !one.answers.is_empty()).then(|| "gives no reason".to_owned()),
            other => Some(format!("{other} is no answer")),
        };
        let level = (1..=3).contains(&one.level);
        let problem = problem.or_else(|| (!level).then(|| "has no level".to_owned()));
        wrong.extend(problem.map(|problem| format!("{} {problem}", one.id)));
    }
    assert!(wrong.is_empty(), "{} requirements are not answered:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
#[allow(clippy::disallowed_methods)] // a test is told to write by the environment
fn the_table_of_the_standard_is_as_its_answers_say() {
    let (file, text) = (root().join("docs/security/asvs.md"), page(&requirements()));
    if std::env::var_os("PLACEWELL_WRITE_RULES").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "docs/security/asvs.md is not what asvs.tsv says: run the test with PLACEWELL_WRITE_RULES=1");
}

fn page(all: &[Requirement]) -> String {
    let mut page = String::from(
        "# The security standard, requirement by requirement\n\n\
         Every requirement of the OWASP Application Security Verification Standard 5.0.0, levels 1 to 3, by its number, in words of\n\
         our own. The standard itself is at <https://owasp.org/www-project-application-security-verification-standard/>, © OWASP\n\
         Foundation, CC BY-SA 4.0; its numbers and the names of its chapters are used here, its text is not. This page is written\n\
         from `asvs.tsv` by a test, which also proves that each named test is there.\n\n",
    );
    page.push_str("| answered by | requirements |\n|---|---|\n");
    for (kind, label) in KINDS {
        let count = all.iter().filter(|one| one.kind == *kind).count();
        writeln!(page, "| {label} | {count} |").unwrap();
    }
    for (number, (chapter, _)) in CHAPTERS.iter().enumerate() {
        let start = format!("{}.", number + 1);
        writeln!(page, "\n## V{} {chapter}\n\n| | level | what | answer |\n|---|---|---|---|", number + 1).unwrap();
        for one in all.iter().filter(|one| one.id.starts_with(&start)) {
            writeln!(page, "| {} | {} | {} | {} |", one.id, one.level, one.words, answer(one)).unwrap();
        }
    }
    page
}

/// How a requirement can be answered, and what the page calls it.
const KINDS: &[(&str, &str)] = &[
    ("test", "tests"),
    ("doc", "documentation"),
    ("operator", "whoever runs the service"),
    ("none", "nothing: it does not apply"),
    ("left", "nothing: it is not met, and why"),
];

fn answer(one: &Requirement) -> String {
    let named: Vec<String> = match one.kind.as_str() {
        "test" => one.answers.iter().map(|name| format!("`{name}`")).collect(),
        _ => one.answers.iter().map(|link| format!("[{link}](../../{link})")).collect(),
    };
    let lead = match one.kind.as_str() {
        "none" => "Does not apply. ",
        "left" => "Not met. ",
        "operator" => "Whoever runs it: ",
        _ => "",
    };
    let text = format!("{lead}{} {}", named.join(", "), one.note);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn only_what_a_runner_runs_is_taken_for_a_test() {
    let source = "#[test]\nfn one() {}\nfn helper() {}\n#[tokio::test]\n#[ignore]\nasync fn two() {}\n";
    assert_eq!(named(source), ["one", "two"]);
}

/// What a page names of the sources, and its links to other pages.
fn named_and_linked(text: &str) -> (Vec<&str>, Vec<&str>) {
    const SOURCES: &[&str] = &["crates/", "xtask/", "browser/", "docs/", "benches/", "fuzz/"];
    let is_path = |word: &&str| {
        let plain = |letter: char| letter.is_alphanumeric() || "_-./".contains(letter);
        SOURCES.iter().any(|start| word.starts_with(start)) && word.chars().all(plain)
    };
    let named = text.split('`').skip(1).step_by(2).filter(is_path).collect();
    let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    (named, linked.filter(|link| !link.starts_with("http") && !link.starts_with('#')).collect())
}

#[test]
fn every_guard_that_the_pages_of_security_name_is_where_they_say() {
    let folder = root().join("docs/security");
    let pages = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let pages: Vec<PathBuf> = pages.chain([root().join("docs/security.md")]).collect();
    for expected in ["threats.md", "controls.md", "data-protection.md", "incidents.md", "asvs.md"] {
        assert!(pages.iter().any(|page| page.ends_with(expected)), "{expected} is not there");
    }
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for page in &pages {
        let (text, beside) = (fs::read_to_string(page).unwrap(), page.parent().unwrap());
        let (named, linked) = named_and_linked(&text);
        seen += named.len() + linked.len();
        let named = named.into_iter().filter(|name| !root().join(name).exists());
        let missing = named.chain(linked.into_iter().filter(|link| !leads_from(beside, link)));
        wrong.extend(missing.map(|name| format!("{} names {name}, which is not there", page.display())));
    }
    assert!(seen > 60, "only {seen} names and links were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
