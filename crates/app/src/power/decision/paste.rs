//! From the text that an officer pastes to a page whose every field is checked beside its source; what the text does
//! not say stays empty and is listed, never guessed (rule 2.3).

use std::collections::BTreeMap;

use placewell_domain::money::Pence;
use placewell_domain::power::decision::{
    Accompanying, DecidedTerm, DecisionPage, GoverningBody, InExtension, Limb, LimbEffect, LimbPower, NamedPost,
};
use placewell_exchange::power::decision::{self as published, PublishedDecision};

/// A pasted text as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The reference, where the text gives one.
    pub reference: Option<String>,
    /// The page.
    pub page: DecisionPage,
    /// The line of the text that each field came from, by field.
    pub sources: BTreeMap<String, String>,
    /// What the text lacks, by field.
    pub missing: Vec<String>,
}

/// Reads pasted text or saved HTML.
#[must_use]
pub fn check_pasted(text: &str) -> Checked {
    let found = published::read(text);
    let (page, reference) = (page_of(&found), found.reference.clone());
    let missing = page.missing(reference.as_deref()).into_iter().map(str::to_owned).collect();
    Checked { reference, page, sources: found.sources, missing }
}

/// The page of a decision as published elsewhere.
#[must_use]
pub fn page_of(found: &PublishedDecision) -> DecisionPage {
    let term = match (found.term.start, found.term.end) {
        (Some(start), Some(end)) if start <= end => Some(DecidedTerm {
            start,
            end,
            option_months: found.term.option_months.and_then(|months| u16::try_from(months).ok()).unwrap_or_default(),
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
            .map(|document| Accompanying { title: document.title.clone(), address: document.url.clone() })
            .collect(),
        source_url: found.source_url.clone(),
    }
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

/// Letters as published; a decision in one piece, and a limb that shares a letter, get the next free one.
fn limbs(found: &PublishedDecision) -> Vec<Limb> {
    let mut limbs: Vec<Limb> = Vec::new();
    for limb in &found.limbs {
        let published = limb.letter.as_ref().and_then(|letter| letter.chars().next());
        let free = |letter: &char| limbs.iter().all(|known| known.letter != *letter);
        let letter = published.filter(free).or_else(|| ('a'..='z').find(free)).unwrap_or('z');
        limbs.push(Limb { letter, text: limb.text.clone(), effects: effects(limb, found.annual_value_pence) });
    }
    limbs
}

fn effects(limb: &published::Limb, annual: Option<i64>) -> Vec<LimbEffect> {
    let mut effects = Vec::new();
    let mut powers = Vec::new();
    let mut posts: Vec<String> = Vec::new();
    for power in &limb.powers {
        let act = match power.act {
            "adopt" => {
                effects.push(LimbEffect::Adopts);
                None
            }
            "ceiling" => {
                effects
                    .extend(power.ceiling_pence.or(annual).map(|pence| LimbEffect::Ceiling { annual: Pence(pence) }));
                None
            }
            "operational_decisions" => Some(LimbPower::Operational),
            "award_placement_agreement" => Some(LimbPower::AwardPlacements),
            "award_mini_block" => Some(LimbPower::AwardMiniBlocks),
            "spot_purchase" => Some(LimbPower::SpotPurchase),
            _ => None,
        };
        if let Some(act) = act {
            powers.push(act);
            posts.extend(power.posts.iter().filter(|post| !posts.contains(post)).cloned().collect::<Vec<_>>());
        }
    }
    if powers.contains(&LimbPower::SpotPurchase) {
        // "all operational decisions to spot-purchase" is the power to spot-purchase, not to implement the arrangement.
        powers.retain(|power| *power != LimbPower::Operational || powers_beside_spot(limb));
    }
    powers.dedup();
    if !powers.is_empty() {
        effects.push(LimbEffect::Authorises { powers, posts: posts.iter().map(|post| named(post)).collect() });
    }
    effects
}

/// Whether a limb that allows spot purchase awards agreements as well: then its operational decisions implement both.
fn powers_beside_spot(limb: &published::Limb) -> bool {
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
