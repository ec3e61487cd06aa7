//! The form of a decision's fields: from a page to what the form shows, and from what was sent back to a page.

mod limb;

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{
    Accompanying, Alternative, DecidedTerm, DecisionPage, GoverningBody, InExtension, LimbEffect, Says,
};
use placewell_exchange::power::decision::says_none;
use placewell_pages::power::decision::Typed;

pub(super) use limb::{SPARE, one_more};

use crate::fields::Fields;

/// The longest single text of a decision's page.
const LONGEST: usize = 10_000;

/// What the form shows of a page, with empty blocks for limbs behind those that it has.
pub(super) fn typed_of(reference: &str, page: &DecisionPage, amends: Option<&str>, spare: usize) -> Typed {
    let mut typed = Typed::default();
    let mut put = |name: &str, value: &str| typed.0.push((name.to_owned(), value.to_owned()));
    let yes_no = |answer: Option<bool>| answer.map_or("", |yes| if yes { "yes" } else { "no" });
    put("reference", reference);
    put("amends", amends.unwrap_or_default());
    put("title", &page.title);
    put("governing_body", page.governing_body.map_or("", GoverningBody::code));
    put("key_decision", yes_no(page.key_decision));
    put("subject_to_call_in", yes_no(page.subject_to_call_in));
    for (name, text) in [
        ("decision_maker", &page.decision_maker),
        ("status", &page.status),
        ("purpose", &page.purpose),
        ("reasons", &page.reasons),
        ("conflicts_of_interest", &page.conflicts_of_interest),
        ("dispensations", &page.dispensations),
        ("urgency", &page.urgency),
        ("reason_key", &page.reason_key),
        ("wards", &page.wards),
        ("contact", &page.contact),
        ("source_url", &page.source_url),
    ] {
        put(name, text.as_deref().unwrap_or_default());
    }
    let alternatives: Vec<String> =
        page.alternatives.iter().map(|option| format!("{}. {}", option.number, option.text)).collect();
    let none = page.no_alternatives.clone().unwrap_or_default();
    put("alternatives", &if alternatives.is_empty() { none } else { alternatives.join("\n\n") });
    let documents: Vec<String> = page.documents.iter().map(document_line).collect();
    put("documents", &documents.join("\n"));
    let months = page.term.and_then(|term| term.option_months);
    put("option_months", &months.map_or_else(String::new, |months| months.to_string()));
    put("extension_ceiling", page.in_extension.ceiling.code());
    put("extension_limbs", page.in_extension.limbs.code());
    put("extension_blocks", page.in_extension.blocks.code());
    for (name, day) in [
        ("published_on", page.published_on),
        ("decided_on", page.decided_on),
        ("effective_from", page.effective_from),
        ("term_start", page.term.map(|term| term.start)),
        ("term_end", page.term.map(|term| term.end)),
        ("uses_extension", page.extension_until()),
    ] {
        put_date(&mut typed, name, day);
    }
    limb::put(&mut typed, &page.limbs, spare);
    typed
}

/// The parts of a term that the text gives where it does not give the whole.
pub(super) fn put_term(typed: &mut Typed, start: Option<Date>, end: Option<Date>, months: Option<u32>) {
    put_date(typed, "term_start", start);
    put_date(typed, "term_end", end);
    if let Some(months) = months {
        typed.0.retain(|(name, _)| name != "option_months");
        typed.0.push(("option_months".to_owned(), months.to_string()));
    }
}

/// A document as a line: its title, then its address in angle brackets.
fn document_line(document: &Accompanying) -> String {
    match &document.address {
        Some(address) => format!("{} <{address}>", document.title),
        None => document.title.clone(),
    }
}

fn document_of(line: &str) -> Accompanying {
    let parted = line.strip_suffix('>').and_then(|line| line.rsplit_once(" <"));
    match parted.filter(|(title, address)| !title.trim().is_empty() && !address.trim().is_empty()) {
        Some((title, address)) => {
            Accompanying { title: title.trim().to_owned(), address: Some(address.trim().to_owned()) }
        }
        None => Accompanying { title: line.to_owned(), address: None },
    }
}

fn put_date(typed: &mut Typed, name: &str, day: Option<Date>) {
    let Some(day) = day else { return };
    for (part, value) in [("day", i16::from(day.day())), ("month", i16::from(day.month())), ("year", day.year())] {
        typed.0.push((format!("{name}_{part}"), value.to_string()));
    }
}

/// What was sent, as the form shows it again.
pub(super) fn typed_again(fields: &Fields) -> Typed {
    Typed(fields.pairs().to_vec())
}

/// The lines of the source that the form showed beside its fields, as it sent them back.
pub(super) fn sources_again(fields: &Fields) -> BTreeMap<String, String> {
    let of = |(name, line): &(String, String)| Some((name.strip_prefix("source_line_")?.to_owned(), line.clone()));
    fields.pairs().iter().filter_map(of).collect()
}

/// A page from what was sent, with what is wrong with it.
pub(super) fn read(fields: &Fields) -> (DecisionPage, Invalid) {
    let mut invalid = Invalid::default();
    let text = |name: &str, invalid: &mut Invalid| {
        Some(fields.optional_text(name, LONGEST, invalid)).filter(|text| !text.trim().is_empty())
    };
    let yes_no = |name: &str| match fields.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let uses_extension =
        fields.optional_date("uses_extension", "Enter the last day of the extended term", &mut invalid);
    let mut limbs = limb::read(fields, &mut invalid);
    if let (Some(until), Some(first)) = (uses_extension, limbs.first_mut()) {
        first.effects.push(LimbEffect::UsesExtension { until });
    }
    let says = |name: &str| Says::from_code(fields.get(name)).unwrap_or(Says::Unknown);
    let options = fields.optional_text("alternatives", LONGEST, &mut invalid);
    let no_alternatives = Some(options.trim().to_owned()).filter(|text| says_none(text));
    let page = DecisionPage {
        title: fields.text("title", 300, "Enter the title of the decision", &mut invalid),
        decision_maker: text("decision_maker", &mut invalid),
        governing_body: GoverningBody::from_code(fields.get("governing_body")),
        status: text("status", &mut invalid),
        key_decision: yes_no("key_decision"),
        subject_to_call_in: yes_no("subject_to_call_in"),
        purpose: text("purpose", &mut invalid),
        limbs,
        alternatives: if no_alternatives.is_some() { Vec::new() } else { alternatives(&options) },
        no_alternatives,
        reasons: text("reasons", &mut invalid),
        conflicts_of_interest: text("conflicts_of_interest", &mut invalid),
        dispensations: text("dispensations", &mut invalid),
        urgency: text("urgency", &mut invalid),
        reason_key: text("reason_key", &mut invalid),
        wards: text("wards", &mut invalid),
        contact: text("contact", &mut invalid),
        published_on: fields.optional_date("published_on", "Enter the publication date", &mut invalid),
        decided_on: fields.optional_date("decided_on", "Enter the date of decision", &mut invalid),
        effective_from: fields.optional_date("effective_from", "Enter the date of effect", &mut invalid),
        term: term(fields, &mut invalid),
        in_extension: InExtension {
            ceiling: says("extension_ceiling"),
            limbs: says("extension_limbs"),
            blocks: says("extension_blocks"),
        },
        documents: fields
            .optional_text("documents", LONGEST, &mut invalid)
            .lines()
            .map(str::trim)
            .filter(|title| !title.is_empty())
            .map(document_of)
            .collect(),
        source_url: text("source_url", &mut invalid),
    };
    (page, invalid)
}

fn term(fields: &Fields, invalid: &mut Invalid) -> Option<DecidedTerm> {
    let start = fields.optional_date("term_start", "Enter the first day of the term", invalid);
    let end = fields.optional_date("term_end", "Enter the last day of the term", invalid);
    let months = fields
        .filled("option_months")
        .and_then(|_| fields.number("option_months", 0..=600, "Enter the option in months, like 36", invalid));
    match (start, end) {
        (Some(start), Some(end)) if start <= end => {
            Some(DecidedTerm { start, end, option_months: months.and_then(|months| u16::try_from(months).ok()) })
        }
        (None, None) => None,
        _ => {
            invalid.add("term_end", "Enter both days of the term, the last not before the first");
            None
        }
    }
}

/// Alternatives begin with their number and a full stop at the head of a line; lines that do not go on the one before.
fn alternatives(text: &str) -> Vec<Alternative> {
    let mut found: Vec<Alternative> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let numbered = line.split_once('.').and_then(|(number, rest)| Some((number.trim().parse().ok()?, rest.trim())));
        match (numbered, found.last_mut()) {
            (Some((number, rest)), _) => found.push(Alternative { number, text: rest.to_owned() }),
            (None, Some(last)) => last.text = format!("{} {line}", last.text),
            (None, None) => found.push(Alternative { number: 1, text: line.to_owned() }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use placewell_domain::money::Pence;
    use placewell_domain::power::decision::{Limb, LimbLabel, LimbPower, NamedPost};

    fn sent(typed: &Typed) -> Fields {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pairs: Vec<String> = typed.0.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        Fields::parse(pairs.join("&").as_bytes())
    }

    #[test]
    fn a_page_reads_back_from_the_form_that_shows_it() {
        let day = Date::constant(2019, 1, 14);
        let posts = vec![
            NamedPost { words: "Director".into(), relevant: false },
            NamedPost { words: "Assistant Directors".into(), relevant: true },
        ];
        let page = DecisionPage {
            title: "Adoption".into(),
            governing_body: Some(GoverningBody::CouncilExecutive),
            key_decision: Some(true),
            subject_to_call_in: Some(true),
            limbs: vec![Limb {
                letter: 'a'.into(),
                text: "be adopted".into(),
                effects: vec![
                    LimbEffect::Adopts,
                    LimbEffect::Ceiling { annual: Pence::pounds(5_500_000) },
                    LimbEffect::Authorises { powers: vec![LimbPower::SpotPurchase], posts: posts.clone() },
                    LimbEffect::Authorises { powers: vec![LimbPower::AwardPlacements], posts: posts[..1].to_vec() },
                ],
            }],
            alternatives: vec![
                Alternative { number: 1, text: "Do nothing.".into() },
                Alternative { number: 2, text: "Own framework.".into() },
            ],
            published_on: Some(day),
            term: Some(DecidedTerm { start: day, end: day, option_months: Some(36) }),
            documents: vec![
                Accompanying { title: "Report".into(), address: None },
                Accompanying { title: "Appendix <1>".into(), address: Some("https://hef.example/a 1.pdf".into()) },
            ],
            ..DecisionPage::default()
        };
        let typed = typed_of("HEF-2019-0114", &page, None, SPARE);
        assert_eq!(typed.get("limb_count"), "3");
        let (read_back, invalid) = read(&sent(&typed));
        assert_eq!((read_back, invalid), (page, Invalid::default()));
    }

    #[test]
    fn every_kind_of_label_comes_back_as_it_was() {
        let labels = ["1", "2", "1.1", "10.12", "i", "iv", "a"];
        let limb = |label| Limb { letter: LimbLabel::parse(label).unwrap(), text: label.to_owned(), effects: vec![] };
        let page = DecisionPage {
            title: "A".into(),
            limbs: labels.map(limb).to_vec(),
            no_alternatives: Some("None considered.".into()),
            ..DecisionPage::default()
        };
        let (read_back, invalid) = read(&sent(&one_more(typed_of("HEF-2019-0114", &page, None, 0))));
        assert_eq!((read_back, invalid), (page, Invalid::default()));
    }

    #[test]
    fn an_option_that_the_page_does_not_give_stays_empty() {
        let day = Date::constant(2019, 1, 14);
        for option_months in [None, Some(0), Some(36)] {
            let term = Some(DecidedTerm { start: day, end: day, option_months });
            let page = DecisionPage { title: "A".into(), term, ..DecisionPage::default() };
            assert_eq!(read(&sent(&typed_of("HEF-1", &page, None, 0))).0.term, term);
        }
    }

    #[test]
    fn what_is_half_typed_in_a_limb_is_asked_for() {
        for (typed, field) in [
            ("limb_0_text=x", "limb_0_letter"),
            ("limb_0_letter=the+first&limb_0_text=x", "limb_0_letter"),
            ("limb_0_letter=1.1", "limb_0_text"),
            ("limb_0_letter=b&limb_0_text=x&limb_0_posts=Director", "limb_0_powers"),
        ] {
            let fields = Fields::parse(format!("title=A&limb_count=2&{typed}").as_bytes());
            let wrong: Vec<String> = read(&fields).1.errors.into_iter().map(|error| error.field).collect();
            assert_eq!(wrong, [field], "{typed}");
        }
    }

    #[test]
    fn powers_without_a_post_are_asked_for() {
        let text = "title=A&limb_count=1&limb_0_letter=b&limb_0_text=x&limb_0_powers=operational";
        assert_eq!(read(&Fields::parse(text.as_bytes())).1.errors[0].field, "limb_0_posts");
    }
}
