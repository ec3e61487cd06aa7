//! Whoever opens what is sealed about a child to show it, asks the one table who is given it: proven from the sources, so
//! that a new opening says either that it asks, or why it shows nobody anything.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use placewell_domain::placing::disclosure::TABLE;
use placewell_domain::placing::disclosure::fact::{OF_A_CHILD, OF_MONEY, OF_WORK};
use placewell_domain::sealed::FieldKind;

/// What opens something sealed.
const OPENINGS: &[&str] =
    &[".open(&", ".open(text", ".open(words", ".open(sealed", "open_identity(", "open_narrative(", "open_offer_words("];

/// Sources that open and do not ask the table, each with its reason.
const SHOWS_NOBODY: &[(&str, &str)] = &[
    ("buying/spot/request.rs", "the age on the start, by which the rules of registration are chosen"),
    ("homes/monitoring/names.rs", "names that must not stand in words about a home"),
    ("placing/agreement/content.rs", "the terms of care, which the page of each side asks the table for"),
    ("placing/agreement/history.rs", "whether a child that is brought in is known"),
    ("placing/approval/award.rs", "a condition, sealed again for the home that it binds"),
    ("placing/approval/case.rs", "the age on the start"),
    ("placing/child/held.rs", "subject access: all of it, other people's data taken out"),
    ("placing/child/siblings.rs", "names that must not stand in words for homes, nor in what is given out"),
    ("placing/invitation.rs", "a question, sealed again for all who were asked"),
    ("placing/referral.rs", "a copy, and the check of an answer against who the child is"),
    ("placing/referral/asking.rs", "where home is, from which distances are measured"),
    ("placing/referral/sending.rs", "the words that homes are asked with, sealed again for each"),
];

/// What each room keeps sealed: the source, the field, and the lines of the table that say who reads what is in it.
const KEPT_SEALED: &[(&str, &str, &[&str])] = &[
    ("buying/check.rs", "words", &["check_words"]),
    ("buying/spot/exemption.rs", "words", &["exemption_words"]),
    ("buying/spot/exemption/request.rs", "words", &["exemption_words"]),
    ("buying/spot/unregistered.rs", "words", &["setting_words"]),
    ("homes/monitoring/stability.rs", "words", &["stability_words"]),
    ("placing/agreement/conditions.rs", "words", &["agreement_words"]),
    ("placing/agreement/particulars.rs", "words", &["agreement_words"]),
    ("placing/approval.rs", "answer", &["recommendation_words"]),
    ("placing/approval.rs", "conditions", &["recommendation_words", "agreement_words"]),
    ("placing/approval.rs", "question", &["recommendation_words"]),
    ("placing/approval.rs", "words", &["recommendation_words"]),
    ("placing/approval/recommendation.rs", "words", &["recommendation_words", "other_offer_words"]),
    (
        "placing/child.rs",
        "identity",
        &[
            "given_names",
            "family_name",
            "known_as",
            "born",
            "sex",
            "case_number",
            "home_postcode",
            "school",
            "other_names",
        ],
    ),
    ("placing/child/retention.rs", "died", &["retention_words"]),
    ("placing/child/retention.rs", "words", &["retention_words"]),
    ("placing/disclosure/associate.rs", "about", &["associate_words"]),
    ("placing/disclosure/ground.rs", "words", &["ground_words"]),
    ("placing/disclosure/recall.rs", "words", &["recall_words"]),
    ("placing/invitation.rs", "words", &["what_helps", "risk_words", "education_words", "health_words", "other_words"]),
    ("placing/invitation/answer.rs", "evidence", &["answer_evidence"]),
    ("placing/invitation/question.rs", "text", &["question_words"]),
    ("placing/offer.rs", "evidence", &["answer_evidence"]),
    ("placing/offer.rs", "words", &["offer_words"]),
    (
        "placing/referral.rs",
        "narrative",
        &["what_helps", "wishes", "risk_words", "education_words", "health_words", "other_words", "risk_chronology"],
    ),
    ("placing/referral.rs", "words", &["closing_words"]),
];

/// Lines that no page asks, each with its reason.
const ASKED_BY_NOBODY: &[(&str, &str)] = &[];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // The demonstration makes children up, and shows nobody.
            if path.file_name().unwrap() != "demonstration" {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every `.with("name"` of a source, on one line or broken over two.
fn facts_named(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split(".with(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
    after.filter_map(|rest| rest.split('"').next())
}

#[test]
fn rule_5_6_every_fact_of_every_event_is_classified_and_none_is_that_no_event_has() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for floor in ["domain", "store", "app"] {
        sources(&root.join(floor).join("src"), &mut files);
    }
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let named: BTreeSet<&str> = texts.iter().flat_map(|text| facts_named(text)).collect();
    assert!(named.len() > 200, "only {} facts were found", named.len());
    let of_a_child = OF_A_CHILD.iter().map(|(_, fact, _)| *fact);
    let of_money = OF_MONEY.iter().map(|(_, fact, _)| *fact);
    let classified: BTreeSet<&str> = OF_WORK.iter().copied().chain(of_a_child).chain(of_money).collect();
    let unclassified: Vec<&&str> = named.difference(&classified).collect();
    assert!(unclassified.is_empty(), "say in placing::disclosure::fact what these facts tell: {unclassified:?}");
    let unused: Vec<&&str> = classified.difference(&named).collect();
    assert!(unused.is_empty(), "no event has these facts: {unused:?}");
}

/// Every field of a source whose type is sealed, alone or in an option or a pair.
fn sealed_fields(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim).filter(|line| line.contains("Sealed<"));
    let names = lines.filter_map(|line| line.trim_start_matches("pub ").split_once(": ")).map(|(name, _)| name);
    names.filter(|name| name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'))
}

#[test]
fn rule_5_6_every_sealed_field_of_every_room_has_its_lines_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("domain/src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut found = BTreeSet::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap();
        found.extend(sealed_fields(&text).map(|field| (file.to_owned(), field.to_owned())));
    }
    let known: BTreeSet<(String, String)> =
        KEPT_SEALED.iter().map(|(file, field, _)| ((*file).to_owned(), (*field).to_owned())).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "give these a line in the table of fields, and name it here: {new:?}");
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "listed here, and sealed nowhere: {gone:?}");
    for line in KEPT_SEALED.iter().flat_map(|(_, _, lines)| *lines) {
        assert!(TABLE.iter().any(|known| known.field == *line), "{line} is no line of the table");
    }
}

/// Every field that is asked for by `.given("field"` or `.sees("field"`.
fn asked_for(text: &str) -> impl Iterator<Item = &str> {
    let asked = [".given(", ".sees("].into_iter().flat_map(move |call| text.split(call).skip(1));
    asked.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

/// Every field of the table that is opened with its name, as one of a pair.
fn opened_as(text: &str) -> impl Iterator<Item = &str> {
    let pairs = text.split("(\"").skip(1).filter_map(|rest| Some(rest.split_once("\", ")?.0));
    let known = pairs.filter(|field| TABLE.iter().any(|line| line.field == *field));
    known.filter(|_| text.contains("sealing::opened("))
}

#[test]
fn rule_5_6_every_line_about_a_child_is_asked_somewhere_and_nothing_else_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = vec![root.join("domain/src/placing/disclosure/sight.rs")];
    sources(&root.join("app/src"), &mut files);
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let asked: BTreeSet<&str> = texts.iter().flat_map(|text| asked_for(text).chain(opened_as(text))).collect();
    let unheard: Vec<_> = asked.iter().filter(|field| TABLE.iter().all(|line| line.field != **field)).collect();
    assert!(unheard.is_empty(), "asked for, and no line of the table: {unheard:?}");
    let sealed = TABLE.iter().filter(|line| matches!(line.kind, FieldKind::Identity | FieldKind::Narrative));
    let unasked: BTreeSet<&str> = sealed.map(|line| line.field).filter(|field| !asked.contains(field)).collect();
    let known: BTreeSet<&str> = ASKED_BY_NOBODY.iter().map(|(field, _)| *field).collect();
    assert_eq!(unasked, known, "who reads these asks no table");
}

#[test]
fn rule_5_6_whoever_opens_what_is_sealed_asks_the_table_or_shows_nobody() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for room in ["placing", "buying", "homes", "reporting"] {
        sources(&root.join(room), &mut files);
    }
    let (mut opens, mut asks) = (BTreeSet::new(), 0);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        if !OPENINGS.iter().any(|opening| text.contains(opening)) {
            continue;
        }
        if ["Reader::", "sealing::reader(", "sealing::opened("].iter().any(|asking| text.contains(asking)) {
            asks += 1;
        } else {
            opens.insert(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
        }
    }
    assert!(asks > 8, "only {asks} sources ask the table");
    let known: BTreeSet<String> = SHOWS_NOBODY.iter().map(|(file, _)| (*file).to_owned()).collect();
    let new: Vec<_> = opens.difference(&known).collect();
    assert!(new.is_empty(), "ask `Reader` what the reader is given, or say here why nobody reads it: {new:?}");
    let gone: Vec<_> = known.difference(&opens).collect();
    assert!(gone.is_empty(), "listed here, and opens nothing any more: {gone:?}");
}
