//! The one executable: command line, configuration, telemetry. No rules, no SQL, no HTML here.

mod command;
mod database;
mod mail;
mod telemetry;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::civil::Date;

/// Arrange children's home placements: from a formal decision to a signed placement agreement.
#[derive(Parser)]
#[command(
    name = "placewell",
    version,
    about,
    after_help = "Example:\n  placewell demo --listen 127.0.0.1:8080 --data demo-data"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill an invented region and serve it.
    #[command(after_help = "Example:\n  placewell demo --listen 127.0.0.1:8080 --data demo-data")]
    Demo {
        /// The address to serve on; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The folder of the demonstration's database and key.
        #[arg(long, default_value = "demo-data")]
        data: PathBuf,
        #[command(flatten)]
        mail: mail::Options,
    },
    /// Make a real region from one commented file.
    #[command(
        after_help = "Example:\n  placewell init --example > region.toml\n  placewell init region.toml --database sqlite://placewell.db"
    )]
    Init {
        /// The file; see --example.
        file: Option<PathBuf>,
        /// Prints a commented file to start from.
        #[arg(long)]
        example: bool,
        #[command(flatten)]
        database: database::Options,
    },
    /// Serve a region.
    #[command(
        after_help = "Example:\n  placewell serve --listen 127.0.0.1:8080 --database postgres://placewell@localhost/placewell --origin https://placewell.example"
    )]
    Serve {
        /// The address to serve on.
        #[arg(long, default_value = "127.0.0.1:8080", env = "PLACEWELL_LISTEN")]
        listen: SocketAddr,
        /// The address that people use; https where a proxy ends TLS.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "PLACEWELL_ORIGIN")]
        origin: String,
        #[command(flatten)]
        mail: mail::Options,
        #[command(flatten)]
        database: database::Options,
    },
    /// Bring a database's schema up to date.
    #[command(after_help = "Example:\n  placewell migrate --database postgres://owner@localhost/placewell")]
    Migrate {
        #[command(flatten)]
        database: database::Options,
    },
    /// Check that everything the service needs is there and set as it should be.
    #[command(after_help = "Example:\n  placewell doctor --database sqlite://placewell.db")]
    Doctor {
        #[command(flatten)]
        mail: mail::Options,
        #[command(flatten)]
        database: database::Options,
    },
    /// Check the record: every event's hash and every chain.
    #[command(after_help = "Example:\n  placewell verify --database sqlite://placewell.db")]
    Verify {
        #[command(flatten)]
        database: database::Options,
    },
    /// Tokens for the API.
    #[command(after_help = "Example:\n  placewell token create --email p.shah@authority.example --name reports")]
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Published decisions.
    #[command(after_help = "Example:\n  placewell decision read decision.html")]
    Decision {
        #[command(subcommand)]
        command: DecisionCommand,
    },
    /// The register of homes.
    #[command(after_help = "Example:\n  placewell homes import provider_at_march_2021.csv --check")]
    Homes {
        #[command(subcommand)]
        command: HomesCommand,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token that acts as a person; it is printed once.
    #[command(
        after_help = "Example:\n  placewell token create --email p.shah@authority.example --name reports --days 30 --database sqlite://placewell.db"
    )]
    Create {
        /// The person's e-mail address.
        #[arg(long)]
        email: String,
        /// What the token is for.
        #[arg(long)]
        name: String,
        /// How many days it lasts.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
        #[command(flatten)]
        database: database::Options,
    },
}

#[derive(Subcommand)]
enum DecisionCommand {
    /// Read a published decision, text or HTML, and say what it allows and what is missing.
    #[command(after_help = "Example:\n  placewell decision read decision.html --json")]
    Read {
        /// The saved page.
        file: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// When call-in ends and the decision takes effect.
    #[command(after_help = "Example:\n  placewell decision effective --published 2019-01-14 --working-days 4")]
    Effective {
        /// The day of publication.
        #[arg(long)]
        published: Date,
        /// The authority's call-in period in working days.
        #[arg(long, value_parser = clap::value_parser!(u32).range(0..=60))]
        working_days: u32,
        /// The authority's own closure days.
        #[arg(long = "closed")]
        closed: Vec<Date>,
    },
}

#[derive(Subcommand)]
enum HomesCommand {
    /// Read Ofsted's yearly file and bring its children's homes in.
    #[command(
        after_help = "Example:\n  placewell homes import provider_at_march_2021.csv --region \"West Midlands\" --check --json"
    )]
    Import(command::homes::Import),
}

fn main() -> ExitCode {
    telemetry::start();
    let arguments = Arguments::parse();
    match command::on_runtime(run(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("placewell: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo { listen, data, mail } => Box::pin(command::serve::demo(listen, &data, &mail)).await,
        Command::Init { file, example, database } => command::init::run(file.as_deref(), example, &database).await,
        Command::Serve { listen, origin, mail, database } => {
            command::serve::serve(listen, &origin, &mail, &database).await
        }
        Command::Migrate { database } => command::maintain::migrate(&database).await,
        Command::Doctor { mail, database } => command::maintain::doctor(&mail, &database).await,
        Command::Verify { database } => command::maintain::verify(&database).await,
        Command::Token { command: TokenCommand::Create { email, name, days, database } } => {
            command::token::create(&email, &name, days, &database).await
        }
        Command::Decision { command: DecisionCommand::Read { file, json } } => command::decision::read(&file, json),
        Command::Decision { command: DecisionCommand::Effective { published, working_days, closed } } => {
            Ok(command::decision::effective(published, working_days, closed))
        }
        Command::Homes { command: HomesCommand::Import(import) } => command::homes::import(&import).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn every_command_s_options_are_sound() {
        super::Arguments::command().debug_assert();
    }
}
