//! From the text that an officer pastes to a page whose every field is checked beside its source; what the text does
//! not say stays empty and is listed, never guessed (rule 2.3).

use std::collections::BTreeMap;

use placewell_domain::money::Pence;
use placewell_domain::power::decision::{
    Accompanying, DecidedTerm, DecisionPage, GoverningBody, InExtension, Limb, LimbEffect, LimbLabel, LimbPower,
    NamedPost,
};
use placewell_exchange::power::decision::{self as published, PublishedDecision};

use super::queries::DecisionRecord;

/// A pasted text as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The reference, where the text gives one.
    pub reference: Option<String>,
    /// The page.
    pub page: DecisionPage,
    /// What the text gives of the term; the page has it only where both days are given.
    pub term: published::Term,
    /// The line of the text that each field came from, by field.
    pub sources: BTreeMap<String, String>,
    /// Why a field was not read although the text speaks of it, by field.
    pub doubts: BTreeMap<String, String>,
    /// What the text lacks, by field.
    pub missing: Vec<String>,
}

/// Reads pasted text or saved HTML.
#[must_use]
pub fn check_pasted(text: &str) -> Checked {
    let found = published::read(text);
    let (page, reference) = (page_of(&found), found.reference.clone());
    let mut missing: Vec<String> = page.missing(reference.as_deref()).into_iter().map(str::to_owned).collect();
    if found.term != published::Term::default()
        && let Some(at) = missing.iter().position(|field| field == "term")
    {
        let lacks = [("term.start", found.term.start.is_none()), ("term.end", found.term.end.is_none())];
        let option = ("term.option_months", found.term.option_months.is_none());
        let lacks = lacks.into_iter().chain([option]).filter(|(_, lacks)| *lacks).map(|(field, _)| field.to_owned());
        missing.splice(at..=at, lacks.collect::<Vec<_>>());
    }
    let mut doubts = found.doubts;
    if let (Some(pence), None) = (found.annual_value_pence, page.annual_value()) {
        doubts.insert(
            "annual_value_pence".to_owned(),
            format!(
                "the text states {} a year, and no single limb adopts: enter it in the limb that sets it",
                Pence(pence)
            ),
        );
    }
    Checked { reference, page, term: found.term, sources: found.sources, doubts, missing }
}

/// The page of a decision as published elsewhere.
#[must_use]
pub fn page_of(found: &PublishedDecision) -> DecisionPage {
    let term = match (found.term.start, found.term.end) {
        (Some(start), Some(end)) if start <= end => Some(DecidedTerm {
            start,
            end,
            option_months: found.term.option_months.and_then(|months| u16::try_from(months).ok()),
        }),
        _ => None,
    };
    DecisionPage {
        title: found.title.clone().unwrap_or_default(),
        decision_maker: found.decision_maker.clone(),
        governing_body: body_of(found),
        status: found.status.clone(),
        key_decision: found.key_decision,
        subject_to_call_in: found.subject_to_call_in,
        purpose: found.purpose.clone(),
        limbs: limbs(found),
        alternatives: found.alternatives.clone(),
        no_alternatives: found.no_alternatives.clone(),
        reasons: found.reasons.clone(),
        conflicts_of_interest: found.conflicts_of_interest.clone(),
        dispensations: found.dispensations.clone(),
        urgency: found.urgency.clone(),
        reason_key: found.reason_key.clone(),
        wards: found.wards.clone(),
        contact: found.contact.as_deref().and_then(post_of_contact),
        published_on: found.published_on,
        decided_on: found.decided_on,
        effective_from: found.effective_from,
        term,
        in_extension: InExtension::default(),
        documents: found
            .documents
            .iter()
            .map(|document| Accompanying {
                title: document.title.clone(),
                address: document.url.as_deref().map(|url| whole_address(url, found.source_url.as_deref())),
            })
            .collect(),
        source_url: found.source_url.clone(),
    }
}

/// A document's address as the page has it, made whole by the page's own where that is known.
fn whole_address(url: &str, page: Option<&str>) -> String {
    let whole = url.starts_with("http://") || url.starts_with("https://");
    let Some((scheme, rest)) = page.filter(|_| !whole).and_then(|page| page.split_once("://")) else {
        return url.to_owned();
    };
    let place = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    if url.starts_with('/') {
        return format!("{scheme}://{host}{url}");
    }
    let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    format!("{scheme}://{host}/{folder}{url}")
}

fn body_of(found: &PublishedDecision) -> Option<GoverningBody> {
    let words = found.governing_body.as_ref()?.to_lowercase();
    if words.contains("trust") || words.contains("board") {
        Some(GoverningBody::TrustBoard)
    } else if ["cabinet", "executive", "council"].iter().any(|word| words.contains(word)) {
        Some(GoverningBody::CouncilExecutive)
    } else {
        None
    }
}

/// Labels as printed, never counted anew; a decision in one piece, and a limb that bears no label, get the next letter
/// that no limb of the page bears.
fn limbs(found: &PublishedDecision) -> Vec<Limb> {
    let printed = |limb: &published::Limb| limb.letter.as_deref().and_then(LimbLabel::parse);
    let mut taken: Vec<LimbLabel> = found.limbs.iter().filter_map(printed).collect();
    let mut limbs: Vec<Limb> = Vec::new();
    for limb in &found.limbs {
        let free = || (0..26).filter_map(LimbLabel::lettered).find(|label| !taken.contains(label));
        let letter = printed(limb).or_else(free).unwrap_or_else(|| LimbLabel::from('-'));
        taken.push(letter);
        limbs.push(Limb { letter, text: limb.text.clone(), effects: effects(limb, found.annual_value_pence) });
    }
    carry_annual_value(&mut limbs, found.annual_value_pence);
    limbs
}

/// An annual value that the page states outside a limb's own ceiling (under a label, or "at £1.3m a year") is that of
/// the limb that adopts, where only one does; else it stays to be asked for.
fn carry_annual_value(limbs: &mut [Limb], annual: Option<i64>) {
    let Some(pence) = annual.filter(|_| limbs.iter().all(|limb| limb.ceiling().is_none())) else { return };
    let mut adopting = limbs.iter_mut().filter(|limb| limb.effects.contains(&LimbEffect::Adopts));
    if let (Some(limb), None) = (adopting.next(), adopting.next()) {
        let after = limb.effects.iter().position(|effect| *effect == LimbEffect::Adopts).map_or(0, |at| at + 1);
        limb.effects.insert(after, LimbEffect::Ceiling { annual: Pence(pence) });
    }
}

/// What a limb does. Posts stay bound to the acts that the words give them.
fn effects(limb: &published::Limb, annual: Option<i64>) -> Vec<LimbEffect> {
    let mut effects = Vec::new();
    let mut grants: Vec<(Vec<String>, Vec<LimbPower>)> = Vec::new();
    for power in &limb.powers {
        let act = match power.act {
            "adopt" => {
                effects.push(LimbEffect::Adopts);
                None
            }
            "ceiling" => {
                let settled = power.ceiling_pence.filter(|pence| Some(*pence) == annual);
                effects.extend(settled.map(|pence| LimbEffect::Ceiling { annual: Pence(pence) }));
                None
            }
            "operational_decisions" => Some(LimbPower::Operational),
            "award_placement_agreement" => Some(LimbPower::AwardPlacements),
            "award_mini_block" => Some(LimbPower::AwardMiniBlocks),
            "spot_purchase" => Some(LimbPower::SpotPurchase),
            "sub_delegate" => Some(LimbPower::SubDelegate),
            _ => None,
        };
        let Some(act) = act else { continue };
        match grants.iter_mut().find(|(posts, _)| *posts == power.posts) {
            Some((_, acts)) => acts.push(act),
            None => grants.push((power.posts.clone(), vec![act])),
        }
    }
    for (_, powers) in &mut grants {
        // "all operational decisions, including spot purchase" does not implement the arrangement, unless it awards too.
        if powers.contains(&LimbPower::SpotPurchase) && !awards(limb) {
            powers.retain(|power| *power != LimbPower::Operational);
        }
    }
    effects.extend(grants.into_iter().map(|(posts, powers)| LimbEffect::Authorises {
        powers,
        posts: posts.iter().map(|post| named(post)).collect(),
    }));
    effects
}

/// A recorded decision as the reader gives a published one, so that both are the same data.
#[must_use]
pub fn published_of(record: &DecisionRecord) -> PublishedDecision {
    let (decision, page) = (&record.decision, &record.decision.page);
    let publication = decision.state.publication();
    PublishedDecision {
        title: Some(page.title.clone()),
        reference: Some(decision.reference.clone()),
        decision_maker: page.decision_maker.clone(),
        governing_body: page.governing_body.map(|body| body.label().to_owned()),
        status: page.status.clone(),
        key_decision: page.key_decision,
        subject_to_call_in: page.subject_to_call_in,
        purpose: page.purpose.clone(),
        limbs: page.limbs.iter().map(published_limb).collect(),
        alternatives: page.alternatives.clone(),
        reasons: page.reasons.clone(),
        conflicts_of_interest: page.conflicts_of_interest.clone(),
        dispensations: page.dispensations.clone(),
        urgency: page.urgency.clone(),
        reason_key: page.reason_key.clone(),
        wards: page.wards.clone(),
        contact: page.contact.clone(),
        published_on: publication.map(|publication| publication.published_on),
        decided_on: publication.map(|publication| publication.decided_on),
        effective_from: decision.effective_on(),
        annual_value_pence: page.annual_value().map(|annual| annual.0),
        term: page.term.map_or_else(published::Term::default, |term| published::Term {
            start: Some(term.start),
            end: Some(term.end),
            option_months: term.option_months.map(u32::from),
        }),
        documents: page
            .documents
            .iter()
            .map(|document| published::Document { title: document.title.clone(), url: document.address.clone() })
            .collect(),
        source_url: page.source_url.clone(),
        missing: record.missing.iter().map(|field| (*field).to_owned()).collect(),
        no_alternatives: page.no_alternatives.clone(),
        doubts: BTreeMap::new(),
        sources: BTreeMap::new(),
    }
}

fn published_limb(limb: &Limb) -> published::Limb {
    let power = |act, posts: &[String], ceiling_pence| published::Power { act, posts: posts.to_vec(), ceiling_pence };
    let powers = limb.effects.iter().flat_map(|effect| match effect {
        LimbEffect::Adopts => vec![power("adopt", &[], None)],
        LimbEffect::Ceiling { annual } => vec![power("ceiling", &[], Some(annual.0))],
        LimbEffect::UsesExtension { .. } => vec![power("extend", &[], None)],
        LimbEffect::Authorises { powers, posts } => {
            let posts: Vec<String> = posts.iter().map(words_of).collect();
            powers.iter().map(|known| power(act_of(*known), &posts, None)).collect()
        }
    });
    published::Limb { letter: Some(limb.letter.to_string()), text: limb.text.clone(), powers: powers.collect() }
}

fn words_of(post: &NamedPost) -> String {
    if post.relevant { format!("relevant {}", post.words) } else { post.words.clone() }
}

/// The reader's code of a power.
const fn act_of(power: LimbPower) -> &'static str {
    match power {
        LimbPower::Operational => "operational_decisions",
        LimbPower::AwardPlacements => "award_placement_agreement",
        LimbPower::AwardMiniBlocks => "award_mini_block",
        LimbPower::SpotPurchase => "spot_purchase",
        LimbPower::SubDelegate => "sub_delegate",
    }
}

fn awards(limb: &published::Limb) -> bool {
    limb.powers.iter().any(|power| matches!(power.act, "award_placement_agreement" | "award_mini_block"))
}

fn named(post: &str) -> NamedPost {
    let lower = post.to_lowercase();
    match lower.strip_prefix("relevant ") {
        Some(rest) => {
            NamedPost { words: post.get(post.len() - rest.len()..).unwrap_or(post).trim().to_owned(), relevant: true }
        }
        None => NamedPost { words: post.trim().to_owned(), relevant: false },
    }
}

/// The post in a published contact line such as "A. Person, Commissioning officer Email: Tel: 01432 960000": titles,
/// not names, of officers below director are kept (rule 9.2).
fn post_of_contact(contact: &str) -> Option<String> {
    let end = [" Email", " Tel", " email", " tel"].iter().filter_map(|mark| contact.find(mark)).min();
    let line = contact.get(..end.unwrap_or(contact.len())).unwrap_or(contact);
    let post = line.split_once(',').map_or("", |(_, post)| post).trim();
    (!post.is_empty()).then(|| post.to_owned())
}
