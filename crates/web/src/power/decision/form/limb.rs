//! The limbs in the form of a decision: each with the label that its page prints, and room for limbs that were not found.

use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{Limb, LimbEffect, LimbLabel, LimbPower, NamedPost};
use placewell_pages::power::decision::{Typed, grant_part};

use super::LONGEST;
use crate::fields::Fields;

/// No decision that a person wrote has more limbs; bounds the form.
pub(super) const MOST: usize = 40;
/// No limb gives powers to more groups of posts.
const MOST_GRANTS: usize = 8;
/// Blocks for limbs that the reader did not find.
pub(in crate::power::decision) const SPARE: usize = 2;

/// The name of a part of one limb's block.
fn name(at: usize, part: &str) -> String {
    format!("limb_{at}_{part}")
}

/// The limbs as the form shows them, with empty blocks behind.
pub(super) fn put(typed: &mut Typed, limbs: &[Limb], spare: usize) {
    typed.0.push(("limb_count".to_owned(), (limbs.len() + spare).min(MOST).to_string()));
    for (at, limb) in limbs.iter().enumerate() {
        put_limb(typed, at, limb);
    }
}

fn put_limb(typed: &mut Typed, at: usize, limb: &Limb) {
    let mut put = |part: &str, value: String| typed.0.push((name(at, part), value));
    put("letter", limb.letter.to_string());
    put("text", limb.text.clone());
    let mut grant = 0;
    for effect in &limb.effects {
        match effect {
            LimbEffect::Adopts => put("adopts", "yes".to_owned()),
            LimbEffect::Ceiling { annual } => put("ceiling", annual.to_string().replace('£', "")),
            LimbEffect::UsesExtension { .. } => {}
            LimbEffect::Authorises { powers, posts } => {
                for power in powers {
                    put(&grant_part("powers", grant), power.code().to_owned());
                }
                let posts: Vec<String> = posts
                    .iter()
                    .map(|post| if post.relevant { format!("relevant {}", post.words) } else { post.words.clone() })
                    .collect();
                put(&grant_part("posts", grant), posts.join("\n"));
                grant += 1;
            }
        }
    }
    put("grants", grant.max(1).to_string());
}

/// What was typed, with one empty block more.
pub(in crate::power::decision) fn one_more(mut typed: Typed) -> Typed {
    let count: usize = typed.get("limb_count").parse().unwrap_or(0);
    typed.0.retain(|(name, _)| name != "limb_count" && name != "add_limb");
    typed.0.push(("limb_count".to_owned(), (count + 1).min(MOST).to_string()));
    typed
}

/// The limbs that were typed; a block in which nothing stands is none.
pub(super) fn read(fields: &Fields, invalid: &mut Invalid) -> Vec<Limb> {
    let count: usize = fields.get("limb_count").parse().unwrap_or(0);
    (0..count.min(MOST)).filter_map(|at| read_limb(fields, at, invalid)).collect()
}

fn read_limb(fields: &Fields, at: usize, invalid: &mut Invalid) -> Option<Limb> {
    let filled = |part: &str| fields.filled(&name(at, part)).is_some();
    if !["letter", "text", "adopts", "ceiling", "powers", "posts"].into_iter().any(filled) {
        return None;
    }
    let letter = LimbLabel::parse(fields.get(&name(at, "letter")));
    if letter.is_none() {
        invalid.add(&name(at, "letter"), "Enter the label of this limb as the page prints it, like a, 1.2 or iv");
    }
    let text = fields.text(&name(at, "text"), LONGEST, "Enter the text of this limb", invalid);
    let mut effects = Vec::new();
    if filled("adopts") {
        effects.push(LimbEffect::Adopts);
    }
    let ceiling: Option<Pence> =
        fields.optional_pence(&name(at, "ceiling"), "Enter the annual value in pounds, like 5,500,000", invalid);
    effects.extend(ceiling.map(|annual| LimbEffect::Ceiling { annual }));
    let grants: usize = fields.get(&name(at, "grants")).parse().unwrap_or(1);
    for grant in 0..grants.clamp(1, MOST_GRANTS) {
        effects.extend(read_grant(fields, at, grant, invalid));
    }
    Some(Limb { letter: letter.unwrap_or_else(|| LimbLabel::from('-')), text, effects })
}

/// One group of posts with what they may do.
fn read_grant(fields: &Fields, at: usize, grant: usize, invalid: &mut Invalid) -> Option<LimbEffect> {
    let (powers, posts) = (name(at, &grant_part("powers", grant)), name(at, &grant_part("posts", grant)));
    let given: Vec<LimbPower> = fields.all(&powers).filter_map(LimbPower::from_code).collect();
    let named: Vec<NamedPost> = fields
        .optional_text(&posts, 2_000, invalid)
        .lines()
        .map(str::trim)
        .filter(|words| !words.is_empty())
        .map(post)
        .collect();
    if !given.is_empty() && named.is_empty() {
        invalid.add(&posts, "Enter the posts that may use these powers, one to a line");
    }
    if given.is_empty() && !named.is_empty() {
        invalid.add(&powers, "Choose what the holders of these posts may do, or remove the posts");
    }
    (!given.is_empty()).then_some(LimbEffect::Authorises { powers: given, posts: named })
}

fn post(words: &str) -> NamedPost {
    let relevant = words.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("relevant "));
    let words = if relevant { words.get(9..).unwrap_or(words) } else { words };
    NamedPost { words: words.trim().to_owned(), relevant }
}
