//! One mini-block as its page shows it, in words.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::buying::block::{BlockLine, BlockPage, PayingLine};
use placewell_app::power::arrangement::LotNames;
use placewell_domain::authority::{AreaCode, lookup};
use placewell_domain::buying::block::{
    Block, BlockApprovalState, BlockSpec, BlockWarning, KeyGround, Met, Scored, Wants,
};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Refusal;
use placewell_pages::buying::block::{BidView, BlockView, MonthView, NeedView, PayingView, ScoredView, block_page};
use placewell_pages::words;

use super::{last, sign};
use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};

/// The first and the last night.
pub(super) fn nights(block: &Block) -> (Date, Date) {
    block.nights().map_or((block.spec.from, block.spec.from), |nights| (nights.from(), last(nights.to())))
}

/// What is near, in words.
fn warned(warning: BlockWarning) -> String {
    match warning {
        BlockWarning::Break { on, notice_by } => {
            format!("Break on {}: notice by {}.", words::date(on), words::date(notice_by))
        }
        BlockWarning::End { on } => format!("The last night is {}.", words::date(last(on))),
    }
}

/// What keeps back what everybody has approved, in words.
fn kept_back(refusal: &Refusal) -> String {
    let Refusal { sentence, who_can_change, .. } = refusal;
    format!(
        "Every paying authority has approved, and it does not go on: {sentence} Who can change that: {who_can_change}. It is \
         looked at again when a measure about a home ends, and every day."
    )
}

/// What the reader has to do or should know of a line.
pub(super) fn note(line: &BlockLine) -> String {
    if line.waits {
        return "Waits for your authority's decision".to_owned();
    }
    let near = line.warning.map(warned);
    let empty = line.too_empty.map(placewell_domain::buying::block::TooEmpty::sentence);
    near.into_iter().chain(empty).collect::<Vec<_>>().join(" ")
}

const ALL_AT_ONCE: &str = "every paying authority may nominate";

fn in_turn(order: &placewell_domain::buying::block::VoidOrder) -> String {
    format!("offered to the paying authorities in their order, {} hours each, before others", order.hours)
}

/// What the terms say, in words.
pub(super) fn facts(spec: &BlockSpec, (beds, tie): (u8, &str), (from, until): (Date, Date)) -> Vec<(String, String)> {
    let fact = |label: &str, value: String| (label.to_owned(), value);
    let breaks: Vec<String> = spec
        .breaks
        .iter()
        .map(|on| format!("{} (notice by {})", words::date(*on), words::date(spec.last_notice_for(*on))))
        .collect();
    vec![
        fact("Beds", format!("{beds}, {tie}")),
        fact("Nights", words::date_range(from, last(until))),
        fact(
            "Guaranteed",
            format!("{} beds, {}% of their nights in a calendar month", spec.guaranteed_beds, spec.guaranteed_percent),
        ),
        fact("Nomination", format!("within {} hours of a vacancy", spec.nomination_hours)),
        fact("An empty bed", spec.void_order.as_ref().map_or_else(|| ALL_AT_ONCE.to_owned(), in_turn)),
        fact("Permitted refusals", format!("{} in a {}", spec.refusals.permitted, spec.refusals.period.label())),
        fact(
            "Re-sale of empty nights",
            spec.resale_percent.map_or_else(
                || "Not allowed".to_owned(),
                |percent| format!("{percent}% of the income is the authorities'"),
            ),
        ),
        fact(
            "Credit of an empty night",
            format!("{}% while suspended, {}% while not staffed", spec.credit_suspended, spec.credit_unstaffed),
        ),
        fact("Breaks", if breaks.is_empty() { "None".to_owned() } else { breaks.join("; ") }),
        fact(
            "Notice at any other time",
            spec.notice_days.map_or_else(|| "None".to_owned(), |days| format!("{days} days")),
        ),
        fact(
            "Option to extend",
            spec.extendable_until
                .map_or_else(|| "None".to_owned(), |until| format!("to {} at the latest", words::date(last(until)))),
        ),
    ]
}

/// For whom the beds are, in words.
pub(super) fn children(wants: &Wants, lots: &LotNames) -> String {
    let Wants { lot, ages, sex, .. } = wants;
    format!("Lot {}, ages {} to {}, {}", lots.of(lot), ages.from, ages.to, sex.label())
}

/// Prices of a night, in words.
pub(super) fn prices(prices: placewell_domain::buying::block::BlockPrices) -> Vec<(String, Pence)> {
    let mut all =
        vec![("An occupied night".to_owned(), prices.occupied), ("A guaranteed empty night".to_owned(), prices.empty)];
    all.extend(prices.second_child.map(|second| ("The second child's night in a home".to_owned(), second)));
    all
}

/// What an award rests on beside the limb, in words.
pub(super) fn ground(key: &KeyGround) -> String {
    match key {
        KeyGround::KeyDecision { reference, .. } => format!("Key decision {reference}"),
        KeyGround::Opinion(opinion) => {
            format!("Opinion of the {} that it implements {}: {}", opinion.title, opinion.implements, opinion.words)
        }
    }
}

fn paying(line: PayingLine) -> PayingView {
    let decided =
        match line.approval.filter(|known| known.current).map(|known| (known.approval.state, known.approval.on)) {
            None => ("Not decided", String::new()),
            Some((BlockApprovalState::Refused { reason, .. }, on)) => {
                ("Refused", format!("{}: {reason}", words::date(on)))
            }
            Some((BlockApprovalState::Given { power, key, .. }, on)) => {
                let beside = key.as_ref().map(|key| format!(". {}", ground(key))).unwrap_or_default();
                let limb = format!("Limb ({}) of {}, by the {}", power.letter, power.reference, power.title);
                ("Approved", format!("{limb}, on {}{beside}", words::date(on)))
            }
        };
    let proposed = line.proposed.map(|(share, from)| format!("{share} from {}", words::date(from)));
    PayingView { name: line.name, share: line.share, proposed, guaranteed: line.guaranteed, worth: line.worth, decided }
}

/// What the beds would have met, of all that was wanted and of the searches for which no home was found.
pub(super) fn met_words(met: Option<&Met>, beds: u8) -> String {
    let Some(met) = met else { return "The need is not counted yet.".to_owned() };
    let number = |nights: i64| words::number(nights.unsigned_abs());
    let unmet = met.unmet;
    let all = format!(
        "{beds} beds would have met {} of {} nights that were wanted, and been used on {}% of their nights.",
        number(met.met),
        number(met.wanted),
        met.percent_used()
    );
    if unmet.searches == 0 {
        return format!("{all} No search without a home reached where the beds may be.");
    }
    format!(
        "{all} Searches without a home that reached where they may be: {}. The beds had nights for {} of them: {} of {} \
         nights, had these children come first.",
        unmet.searches,
        unmet.searches_met,
        number(unmet.nights_met),
        number(unmet.nights)
    )
}

fn acts(found: &BlockPage, signed: &Signed) -> Vec<(String, String)> {
    let path = format!("/mini-blocks/{}", found.block.reference);
    let mut acts = Vec::new();
    let mut add = |words: &str, act: &str| acts.push((words.to_owned(), format!("{path}/{act}")));
    let asked = found.block.asks().is_some();
    let told = found.block.runs() || found.block.state.name() == "ended";
    if told && (found.mine || found.runs) && may(signed.actor.role, Action::SeeBlockNights) {
        add("Nights, nominations and what they cost", "nights");
    }
    if found.mine && may(signed.actor.role, Action::Decide) && asked && !found.decided {
        add("Decide for your authority", "decide");
    }
    if found.runs {
        match found.block.state.name() {
            "proposed" => {
                add("Change the proposal", "edit");
                add("Write the business case", "case");
                add("Ask homes to bid", "compete");
                add("Withdraw the mini-block", "withdraw");
            }
            "competing" => {
                if found.open {
                    add("Score the bids", "evaluate");
                }
                add("Withdraw the mini-block", "withdraw");
            }
            "recommended" => add("Withdraw the mini-block", "withdraw"),
            "live" if !asked => add("Propose a change", "change"),
            _ => {}
        }
    }
    if found.runs && found.block.runs() && found.signing.as_ref().is_some_and(|signing| signing.lead.is_none()) {
        acts.push(("Sign for the authorities".to_owned(), format!("{path}/sign")));
    }
    acts
}

fn scoring(found: &BlockPage) -> Vec<(String, String)> {
    let Some(fixed) = &found.file.competition else { return Vec::new() };
    let fact = |label: &str, value: String| (label.to_owned(), value);
    let mut all = vec![
        fact("Asked", words::moment(fixed.released)),
        fact("Bids until", words::moment(fixed.deadline)),
        fact("Price", format!("{}%, by a night at {}% occupied", fixed.price_weight, fixed.occupancy)),
    ];
    all.extend(fixed.quality.iter().map(|one| (one.title.clone(), format!("{}%", one.weight))));
    all
}

fn view(found: BlockPage, lots: &LotNames, signed: &Signed) -> BlockView {
    let (block, spec) = (&found.block, found.block.latest_terms().map_or(&found.block.spec, |terms| &terms.spec));
    let (beds, tie) = block.latest_terms().map_or_else(
        || (spec.beds, if spec.floating { "floating beds" } else { "fixed beds" }),
        |terms| (terms.beds.count(), terms.beds.words()),
    );
    let wants = &block.wants;
    let areas: Vec<String> = wants.areas.iter().map(|area| named(*area)).collect();
    let mut all = vec![("Children".to_owned(), children(wants, lots))];
    all.push(("Homes in".to_owned(), if areas.is_empty() { "Any area".to_owned() } else { areas.join(", ") }));
    all.extend(found.provider.iter().map(|name| ("Provider".to_owned(), name.clone())));
    let until = block.nights().map_or(spec.until, placewell_domain::nights::Nights::to);
    all.extend(facts(spec, (beds, tie), (block.spec.from, until)));
    let turns = found.turns.join(", then ");
    all.extend((!turns.is_empty()).then(|| ("Order of offers".to_owned(), turns)));
    BlockView {
        reference: block.reference.clone(),
        title: block.title.clone(),
        version: block.version,
        state: (block.state.name(), block.state.label()),
        warning: found.warning.map(warned),
        kept_back: found.kept_back.as_ref().map(kept_back),
        too_empty: found.too_empty.map(placewell_domain::buying::block::TooEmpty::sentence),
        pending: block.pending.as_ref().map(|pending| format!("{} ({})", pending.change.words(), pending.reason)),
        signed: found.signing.as_ref().map(sign::signed_words).unwrap_or_default(),
        unsigned: found.signing.as_ref().and_then(sign::unsigned_words),
        facts: all,
        prices: block.latest_terms().map(|terms| prices(terms.prices)).unwrap_or_default(),
        homes: found.homes.iter().map(|(name, urn, beds)| (name.clone(), urn.clone(), beds.join(", "))).collect(),
        acts: acts(&found, signed),
        scoring: scoring(&found),
        met: met_words(found.met.as_ref(), block.spec.beds),
        months: found.met.iter().flat_map(|met| &met.months).map(month).collect(),
        printed: block.contract.is_some(),
        runs: found.runs,
        case: found
            .file
            .case
            .as_ref()
            .map(|case| [&case.reasons, &case.alternatives, &case.conflicts].map(Clone::clone)),
        paying: found.paying.into_iter().map(paying).collect(),
        needs: found
            .needs
            .into_iter()
            .map(|need| NeedView {
                name: need.name,
                counts: [need.searches, need.unmet, need.in_reach, need.no_offer, need.spot],
                stay: need.stay,
            })
            .collect(),
        asked: found
            .bids
            .into_iter()
            .map(|line| BidView { provider: line.provider, homes: line.homes, state: line.bid.state.label() })
            .collect(),
        scored: found.scored.into_iter().map(scored).collect(),
    }
}

fn scored((provider, scored): (String, Scored)) -> ScoredView {
    ScoredView {
        provider,
        prices: (scored.occupied, scored.empty),
        points: [scored.quality_points, scored.price_points, scored.total()],
        quality: scored.quality,
        reasons: scored.reasons,
    }
}

fn named(area: AreaCode) -> String {
    lookup(area).map_or_else(|| area.to_string(), |known| known.name.to_owned())
}

fn month(met: &placewell_domain::buying::block::MonthMet) -> MonthView {
    MonthView { from: met.month.from, wanted: met.month.wanted, offered: met.offered, met: met.met }
}

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().block_page(&signed.actor, &reference).await.or_fail(&signed)?;
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let view = view(found, &lots, &signed);
    let keys = [signed.new_key(), signed.new_key()];
    Ok(page(&block_page(signed.shell(), &view, [&keys[0], &keys[1]])))
}
