//! The form of a decision's fields: from a page to what the form shows, and from what was sent back to a page.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{
    Accompanying, Alternative, DecidedTerm, DecisionPage, GoverningBody, InExtension, Limb, LimbEffect, LimbPower,
    NamedPost, Says,
};
use placewell_pages::power::decision::Typed;

use crate::fields::Fields;

/// The longest single text of a decision's page.
const LONGEST: usize = 10_000;

/// What the form shows of a page.
pub(super) fn typed_of(reference: &str, page: &DecisionPage, amends: Option<&str>) -> Typed {
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
    put("alternatives", &alternatives.join("\n\n"));
    let documents: Vec<&str> = page.documents.iter().map(|document| document.title.as_str()).collect();
    put("documents", &documents.join("\n"));
    put("option_months", &page.term.map_or_else(String::new, |term| term.option_months.to_string()));
    put("extension_ceiling", page.in_extension.ceiling.code());
    put("extension_limbs", page.in_extension.limbs.code());
    put("extension_blocks", page.in_extension.blocks.code());
    put("limb_count", &page.limbs.len().to_string());
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
    for (at, limb) in page.limbs.iter().enumerate() {
        put_limb(&mut typed, at, limb);
    }
    typed
}

fn put_date(typed: &mut Typed, name: &str, day: Option<Date>) {
    let Some(day) = day else { return };
    for (part, value) in [("day", i16::from(day.day())), ("month", i16::from(day.month())), ("year", day.year())] {
        typed.0.push((format!("{name}_{part}"), value.to_string()));
    }
}

fn put_limb(typed: &mut Typed, at: usize, limb: &Limb) {
    let mut put = |part: &str, value: String| typed.0.push((format!("limb_{at}_{part}"), value));
    put("letter", limb.letter.to_string());
    put("text", limb.text.clone());
    for effect in &limb.effects {
        match effect {
            LimbEffect::Adopts => put("adopts", "yes".to_owned()),
            LimbEffect::Ceiling { annual } => put("ceiling", annual.to_string().replace('£', "")),
            LimbEffect::UsesExtension { .. } => {}
            LimbEffect::Authorises { powers, posts } => {
                for power in powers {
                    put("powers", power.code().to_owned());
                }
                let posts: Vec<String> = posts
                    .iter()
                    .map(|post| if post.relevant { format!("relevant {}", post.words) } else { post.words.clone() })
                    .collect();
                put("posts", posts.join("\n"));
            }
        }
    }
}

/// What was sent, as the form shows it again.
pub(super) fn typed_again(fields: &Fields) -> Typed {
    Typed(fields.pairs().to_vec())
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
    let mut limbs = limbs(fields, &mut invalid);
    if let (Some(until), Some(first)) = (uses_extension, limbs.first_mut()) {
        first.effects.push(LimbEffect::UsesExtension { until });
    }
    let says = |name: &str| Says::from_code(fields.get(name)).unwrap_or(Says::Unknown);
    let page = DecisionPage {
        title: fields.text("title", 300, "Enter the title of the decision", &mut invalid),
        decision_maker: text("decision_maker", &mut invalid),
        governing_body: GoverningBody::from_code(fields.get("governing_body")),
        status: text("status", &mut invalid),
        key_decision: yes_no("key_decision"),
        subject_to_call_in: yes_no("subject_to_call_in"),
        purpose: text("purpose", &mut invalid),
        limbs,
        alternatives: alternatives(&fields.optional_text("alternatives", LONGEST, &mut invalid)),
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
            .map(|title| Accompanying { title: title.to_owned(), address: None })
            .collect(),
        source_url: text("source_url", &mut invalid),
    };
    (page, invalid)
}

fn term(fields: &Fields, invalid: &mut Invalid) -> Option<DecidedTerm> {
    let start = fields.optional_date("term_start", "Enter the first day of the term", invalid);
    let end = fields.optional_date("term_end", "Enter the last day of the term", invalid);
    let months = match fields.filled("option_months") {
        None => 0,
        Some(_) => fields.number("option_months", 0..=600, "Enter the option in months, like 36", invalid).unwrap_or(0),
    };
    match (start, end) {
        (Some(start), Some(end)) if start <= end => {
            Some(DecidedTerm { start, end, option_months: u16::try_from(months).unwrap_or(0) })
        }
        (None, None) => None,
        _ => {
            invalid.add("term_end", "Enter both days of the term, the last not before the first");
            None
        }
    }
}

fn limbs(fields: &Fields, invalid: &mut Invalid) -> Vec<Limb> {
    let count: usize = fields.get("limb_count").parse().unwrap_or(0);
    (0..count.min(26)).filter_map(|at| limb(fields, at, invalid)).collect()
}

fn limb(fields: &Fields, at: usize, invalid: &mut Invalid) -> Option<Limb> {
    let name = |part: &str| format!("limb_{at}_{part}");
    let letter = fields.get(&name("letter")).chars().next().filter(char::is_ascii_alphabetic)?;
    let text = fields.text(&name("text"), LONGEST, "Enter the text of this limb", invalid);
    let mut effects = Vec::new();
    if fields.filled(&name("adopts")).is_some() {
        effects.push(LimbEffect::Adopts);
    }
    let ceiling: Option<Pence> =
        fields.optional_pence(&name("ceiling"), "Enter the annual value in pounds, like 5,500,000", invalid);
    effects.extend(ceiling.map(|annual| LimbEffect::Ceiling { annual }));
    let powers: Vec<LimbPower> = fields.all(&name("powers")).filter_map(LimbPower::from_code).collect();
    let posts: Vec<NamedPost> = fields
        .optional_text(&name("posts"), 2_000, invalid)
        .lines()
        .map(str::trim)
        .filter(|words| !words.is_empty())
        .map(named)
        .collect();
    if !powers.is_empty() && posts.is_empty() {
        invalid.add(&name("posts"), "Enter the posts that may use these powers, one to a line");
    }
    if !powers.is_empty() {
        effects.push(LimbEffect::Authorises { powers, posts });
    }
    Some(Limb { letter, text, effects })
}

fn named(words: &str) -> NamedPost {
    let relevant = words.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("relevant "));
    let words = if relevant { words.get(9..).unwrap_or(words) } else { words };
    NamedPost { words: words.trim().to_owned(), relevant }
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
                letter: 'a',
                text: "be adopted".into(),
                effects: vec![
                    LimbEffect::Adopts,
                    LimbEffect::Ceiling { annual: Pence::pounds(5_500_000) },
                    LimbEffect::Authorises { powers: vec![LimbPower::SpotPurchase], posts },
                ],
            }],
            alternatives: vec![
                Alternative { number: 1, text: "Do nothing.".into() },
                Alternative { number: 2, text: "Own framework.".into() },
            ],
            published_on: Some(day),
            term: Some(DecidedTerm { start: day, end: day, option_months: 36 }),
            documents: vec![Accompanying { title: "Report".into(), address: None }],
            ..DecisionPage::default()
        };
        let typed = typed_of("HEF-2019-0114", &page, None);
        let encoded: String = typed
            .0
            .iter()
            .map(|(name, value)| {
                let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                format!("{name}={value}")
            })
            .collect::<Vec<_>>()
            .join("&");
        let (read, invalid) = read(&Fields::parse(encoded.as_bytes()));
        assert_eq!((read, invalid), (page, Invalid::default()));
    }

    #[test]
    fn powers_without_a_post_are_asked_for() {
        let text = "title=A&limb_count=1&limb_0_letter=b&limb_0_text=x&limb_0_powers=operational";
        assert_eq!(read(&Fields::parse(text.as_bytes())).1.errors[0].field, "limb_0_posts");
    }
}
