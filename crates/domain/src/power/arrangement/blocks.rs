//! Whether a block contract may outlive the term of the authority that pays for it: only where its decision says so; where
//! the decision does not say, somebody has to ask (rule 2.4).

use jiff::civil::Date;

use crate::calendar::long_date;
use crate::outcome::Refusal;
use crate::power::decision::{Decision, Says, in_force_among};

/// May a block whose last night is this one be awarded under the authority's decisions in force on a day? It may within
/// the term that their powers hold for, extension included, and beyond it where one of them says that its powers hold for
/// blocks that outlive the term.
pub fn may_outlive(decisions: &[Decision], last_night: Date, day: Date) -> Result<(), Refusal> {
    let in_force: Vec<&Decision> = in_force_among(decisions, day).collect();
    let ends = in_force.iter().filter_map(|decision| decision.ends_on()).max();
    let Some(end) = ends.filter(|end| last_night > *end) else { return Ok(()) };
    let says: Vec<Says> = in_force.iter().map(|decision| decision.page.in_extension.blocks).collect();
    if says.contains(&Says::Yes) {
        return Ok(());
    }
    let (code, sentence) = if says.contains(&Says::No) {
        (
            "block_outlives_term",
            "Your authority's decision says that its powers do not hold for a block beyond the term.",
        )
    } else {
        (
            "block_outlives_term_ask",
            "The block would outlive the term, and your authority's decision does not say whether its powers hold for that: \
             ask.",
        )
    };
    Err(Refusal::new(
        code,
        "A block that outlives the term needs a decision that says so",
        sentence,
        "The decision maker, by a decision that says so; else whoever plans the block, by ending it within the term",
    )
    .found(format!("last night {}; the term ends on {}", long_date(last_night), long_date(end))))
}
