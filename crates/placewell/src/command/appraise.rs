//! `appraise`: the alternatives to the arrangement, drawn from an authority's own record.

use std::process::ExitCode;

use clap::Args;
use placewell_app::reporting::appraisal::{Typed, printed};
use placewell_domain::reporting::appraisal::{Alternative, Appraised, Assumption, Origin, Range, thousands};

use super::{say, told};
use crate::database::Options;

/// What to appraise.
#[derive(Args)]
pub struct Appraise {
    /// The authority's three letters.
    #[arg(long)]
    authority: Option<String>,
    /// An assumption to change, as NAME=VALUE; again for each. See --assumptions.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// As JSON, with every assumption and where it comes from.
    #[arg(long)]
    json: bool,
    /// Lists the assumptions that can be changed, and appraises nothing.
    #[arg(long)]
    assumptions: bool,
    #[command(flatten)]
    database: Options,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let found = text.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    found.filter(|(name, _)| !name.is_empty()).ok_or_else(|| "write NAME=VALUE, like spot_price=12.5".to_owned())
}

/// Draws the futures and prints what they come to.
pub async fn run(options: &Appraise) -> anyhow::Result<ExitCode> {
    if options.assumptions {
        return listed();
    }
    let Some(code) = options.authority.as_deref() else {
        anyhow::bail!("name an authority, like --authority HEF, or ask for --assumptions")
    };
    options.database.expect_made()?;
    let app = options.database.app(options.database.key()?).await?;
    let set: &Typed = &options.set;
    let found = app.appraise_here(code, set).await.map_err(|outcome| match outcome {
        placewell_app::Outcome::NotFound => anyhow::anyhow!("no authority here has the code {code}"),
        other => told(other),
    })?;
    if options.json {
        say(&printed(&found).map_err(told)?)?;
    } else {
        words(&found)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn listed() -> anyhow::Result<ExitCode> {
    for one in Assumption::ALL {
        let ((low, high), unit) = (one.bounds(), one.unit());
        let bounds = format!("{} to {} {}", unit.write(low), unit.write(high), unit.words());
        say(&format!("{:<18} {} ({bounds})", one.code(), one.label()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn pounds(range: Range) -> String {
    format!("{} ({} to {})", thousands(range.middle), thousands(range.low), thousands(range.high))
}

fn counted(range: Range) -> String {
    format!("{} ({} to {})", range.middle, range.low, range.high)
}

fn words(found: &Appraised) -> anyhow::Result<()> {
    say(&format!("{}: {}", found.name, found.finding()))?;
    say(&format!("{} futures; after each middle the range that holds 90 of 100", found.futures))?;
    for one in &found.figures.options {
        say("")?;
        say(one.alternative.label())?;
        say(&format!("  cost                {}", pounds(one.cost)))?;
        if one.alternative != Alternative::Arrangement {
            let share = format!("{}.{}%", one.cheaper / 10, one.cheaper % 10);
            say(&format!("  above the FCA       {}; less in {share} of futures", pounds(one.above)))?;
        }
        say(&format!("  set-up, once        {}", thousands(one.set_up)))?;
        say(&format!("  by framework        {}", counted(one.framework)))?;
        say(&format!("  by spot             {}", counted(one.spot)))?;
        say(&format!("  in beds             {}", counted(one.beds)))?;
        say(&format!("  no home at first    {}", counted(one.not_found)))?;
        say(&format!("  in the own area     {}", counted(one.near)))?;
        say(&format!("  at a distance       {}", counted(one.far)))?;
        say(&format!("  minutes             {}", counted(one.minutes)))?;
        if one.still != Range::default() {
            say(&format!("  still need the FCA  {}", counted(one.still)))?;
        }
    }
    say("")?;
    for ground in &found.inputs.grounds {
        say(ground)?;
    }
    for one in found.assumptions.typed() {
        let assumed = found.assumptions.of(one);
        if let Origin::Typed { instead_of } = assumed.origin {
            let (unit, value) = (one.unit(), one.unit().show(assumed.value));
            say(&format!("Changed: {} is {value} in place of {}", one.label(), unit.show(instead_of)))?;
        }
    }
    Ok(())
}
