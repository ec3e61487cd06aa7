//! The one executable: command line, configuration, telemetry. No rules, no SQL, no HTML here.

mod command;
mod database;
mod mail;
mod scanner;
mod telemetry;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::civil::{Date, DateTime};
use mimalloc::MiMalloc;
use placewell_domain::office::person::session::TokenScope;
use placewell_web::address::Network;

/// A page is some thousand small texts, made on one thread and let go on another: the system's allocator takes half as long again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
    #[command(
        after_help = "Examples:\n  placewell demo --listen 127.0.0.1:8080 --data demo-data\n  placewell demo --data demo-data --today 2021-09-14T09:00\n  placewell demo --data demo-data --reset"
    )]
    Demo {
        /// The address to serve on; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The folder of the demonstration's database and key.
        #[arg(long, default_value = "demo-data")]
        data: PathBuf,
        /// Moves the demonstration's calendar on to this day and time in London; it stands there until moved again.
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        today: Option<DateTime>,
        /// Throws the folder's demonstration away and fills it anew; a database that is no demonstration stays as it is.
        #[arg(long)]
        reset: bool,
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
        after_help = "Example:\n  placewell serve --listen 127.0.0.1:8080 --database postgres://placewell@localhost/placewell --master-key master.key --origin https://placewell.example"
    )]
    Serve {
        /// The address to serve on.
        #[arg(long, default_value = "127.0.0.1:8080", env = "PLACEWELL_LISTEN")]
        listen: SocketAddr,
        /// The address that people use; https where a proxy ends TLS.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "PLACEWELL_ORIGIN")]
        origin: String,
        /// A proxy whose word is taken for where a request came from, as an address or a range; again for each. This
        /// machine's own where none is named.
        #[arg(long = "trusted-proxy", env = "PLACEWELL_TRUSTED_PROXY", value_delimiter = ',')]
        proxies: Vec<Network>,
        /// A list of known passwords that nobody may choose: sorted lines of SHA-1 or SHA-256 digests, as large published
        /// ones are; searched where it lies.
        #[arg(long, env = "PLACEWELL_PASSWORD_LIST")]
        password_list: Option<PathBuf>,
        /// Where somebody who has found a weakness reports it, such as `mailto:security@placewell.example`; the page of
        /// contacts where nothing is named.
        #[arg(long, env = "PLACEWELL_SECURITY_CONTACT")]
        security_contact: Option<String>,
        /// A file apart from the database, best on another machine's disk, that keeps a line of each checkpoint. Before more is
        /// signed, the record is held against it; where it is another, nothing is signed and the authorities are told.
        #[arg(long, env = "PLACEWELL_PINS", value_name = "FILE")]
        pins: Option<PathBuf>,
        /// Lets an organisation's identity provider stand on this machine or in a private network; otherwise only public
        /// addresses are asked, so that nobody reaches into the network through this service.
        #[arg(long, env = "PLACEWELL_PRIVATE_PROVIDERS")]
        private_providers: bool,
        #[command(flatten)]
        mail: mail::Options,
        #[command(flatten)]
        scanner: scanner::Options,
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
        scanner: scanner::Options,
        #[command(flatten)]
        database: database::Options,
    },
    /// Check the record: every event's hash, every chain, and the checkpoints that others kept of them.
    #[command(
        after_help = "Example:\n  placewell verify --checkpoint march.json --checkpoint april.json --database sqlite://placewell.db"
    )]
    Verify {
        /// A file of signed checkpoints, as another authority fetched and kept it; again for each.
        #[arg(long = "checkpoint", value_name = "FILE")]
        checkpoints: Vec<PathBuf>,
        /// A file of pins, or a mail of checkpoints saved as a file; again for each.
        #[arg(long, value_name = "FILE")]
        pins: Vec<PathBuf>,
        #[command(flatten)]
        database: database::Options,
    },
    /// Sign how far each chain has gone, and print the checkpoints for others to keep.
    #[command(after_help = "Example:\n  placewell checkpoint --database sqlite://placewell.db > checkpoints.json")]
    Checkpoint {
        #[command(flatten)]
        database: database::Options,
    },
    /// The keys that seal what is known about children.
    #[command(after_help = "Examples:\n  placewell keys new\n  placewell keys rotate --database sqlite://placewell.db")]
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
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
    /// What began before this system.
    #[command(
        after_help = "Examples:\n  placewell import history --example > stays.csv\n  placewell import history stays.csv --authority HEF --check"
    )]
    Import {
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// What the alternatives to the arrangement would cost an authority, in ten thousand futures of its own record.
    #[command(
        after_help = "Examples:\n  placewell appraise --authority HEF\n  placewell appraise --authority HEF --set spot_price=12.5 --set years=2 --json\n  placewell appraise --assumptions"
    )]
    Appraise(command::appraise::Appraise),
    /// Where full postcodes are, so that distances are measured from them.
    #[command(after_help = "Example:\n  placewell postcodes import ONSPD_NOV_2025_UK.csv --check")]
    Postcodes {
        #[command(subcommand)]
        command: PostcodesCommand,
    },
    /// The register of homes.
    #[command(
        after_help = "Example:\n  placewell homes import provider_at_march_2021.csv --region \"West Midlands\" --check"
    )]
    Homes {
        #[command(subcommand)]
        command: HomesCommand,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Bring in an authority's own record of placements, each with its origin: whole, or not at all.
    #[command(
        after_help = "Example:\n  placewell import history stays.csv --authority HEF --json --database sqlite://placewell.db"
    )]
    History(command::history::History),
    /// Bring in rows of homes, beds, prices, documents, placements or people: checked first, then part by part.
    #[command(
        after_help = "Example:\n  placewell import file prices prices.csv --by lead@example.org --check --errors wrong.csv"
    )]
    File(command::file::File),
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Print a new master key, to be put first in the key's file with the old one on the next line.
    #[command(after_help = "Example:\n  placewell keys new")]
    New,
    /// Seal anew under the first master key what another sealed, while people go on working; begun again after a cut.
    #[command(after_help = "Example:\n  placewell keys rotate --organisations --database sqlite://placewell.db")]
    Rotate {
        /// Gives each organisation a new key as well, under which its children's keys are wrapped anew.
        #[arg(long)]
        organisations: bool,
        #[command(flatten)]
        database: database::Options,
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
        /// What it may do, within its person's role: `everything` (but no signing, approving or changing people),
        /// `everything_with_proof` (those too), `reading`, or actions of the permission table with spaces between; of a
        /// provider with ` at SC392492` behind it for one home alone.
        #[arg(long, default_value = "everything", value_parser = command::token::scope)]
        scope: TokenScope,
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
enum PostcodesCommand {
    /// Bring in a directory of postcodes: every row is checked first. The same file twice changes nothing.
    #[command(
        after_help = "Examples:\n  placewell postcodes import ONSPD_NOV_2025_UK.csv --check\n  placewell postcodes import ONSPD_NOV_2025_UK.csv --database sqlite://placewell.db\n\nThe file's first row names its columns, as the ONS Postcode Directory has them:\n  pcds,oseast1m,osnrth1m\n  HR1 1AA,351418,240501\n\nCode-Point Open, which has no such row, is read as it is published."
    )]
    Import(command::postcodes::Import),
}

#[derive(Subcommand)]
enum HomesCommand {
    /// Read Ofsted's yearly file and bring its children's homes in.
    #[command(
        after_help = "Example:\n  placewell homes import provider_at_march_2021.csv --region \"West Midlands\" --check --json"
    )]
    Import(command::homes::Import),
    /// Admit homes to lots at tendered prices from a CSV file, and their providers with them.
    #[command(
        after_help = "Example:\n  placewell homes admit admissions.csv --check\n\nThe file:\n  urn,lot,admitted_from,weekly_price,price_from,education_weekly_price\n  SC400001,planned,2018-12-15,4150,2021-04-01,\n\nA price holds until the next row of that home and lot. The same file twice changes nothing."
    )]
    Admit(command::admit::Admit),
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
        Command::Demo { listen, data, today, reset, mail } => {
            Box::pin(command::serve::demo(listen, (&data, reset), today, &mail)).await
        }
        Command::Init { file, example, database } => command::init::run(file.as_deref(), example, &database).await,
        Command::Serve {
            listen,
            origin,
            proxies,
            password_list,
            security_contact,
            pins,
            private_providers,
            mail,
            scanner,
            database,
        } => {
            let (scanner, origin) = (scanner.scanner()?, &*origin);
            let serving = command::serve::Serving {
                listen,
                origin,
                proxies,
                password_list,
                pins,
                security_contact,
                private_providers,
                scanner,
            };
            Box::pin(command::serve::serve(serving, &mail, &database)).await
        }
        Command::Migrate { database } => command::maintain::migrate(&database).await,
        Command::Doctor { mail, scanner, database } => command::maintain::doctor(&mail, &scanner, &database).await,
        Command::Verify { checkpoints, pins, database } => {
            command::keys::verify((&checkpoints, &pins), &database).await
        }
        Command::Checkpoint { database } => command::keys::checkpoint(&database).await,
        Command::Keys { command: KeysCommand::New } => Ok(command::keys::new()),
        Command::Keys { command: KeysCommand::Rotate { organisations, database } } => {
            command::keys::rotate(organisations, &database).await
        }
        Command::Token { command: TokenCommand::Create { email, name, days, scope, database } } => {
            command::token::create(&email, (&name, &scope), days, &database).await
        }
        Command::Decision { command: DecisionCommand::Read { file, json } } => command::decision::read(&file, json),
        Command::Decision { command: DecisionCommand::Effective { published, working_days, closed } } => {
            Ok(command::decision::effective(published, working_days, closed))
        }
        Command::Import { command: ImportCommand::File(file) } => Box::pin(command::file::run(&file)).await,
        Command::Import { command: ImportCommand::History(history) } => Box::pin(command::history::run(&history)).await,
        Command::Appraise(options) => command::appraise::run(&options).await,
        Command::Postcodes { command: PostcodesCommand::Import(import) } => command::postcodes::import(&import).await,
        Command::Homes { command: HomesCommand::Import(import) } => command::homes::import(&import).await,
        Command::Homes { command: HomesCommand::Admit(admit) } => command::admit::run(&admit).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn every_command_s_options_are_sound() {
        super::Arguments::command().debug_assert();
    }

    /// The words of a line as a shell would split them, up to where it sends the output elsewhere.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for letter in line.trim().chars() {
            match letter {
                '"' => quoted = !quoted,
                '>' if !quoted => break,
                ' ' if !quoted => words.push(String::new()),
                letter => words.last_mut().unwrap().push(letter),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    fn examples(command: &clap::Command, found: &mut Vec<String>) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        found.extend(help.lines().filter(|line| line.trim().starts_with("placewell ")).map(str::to_owned));
        for inner in command.get_subcommands() {
            assert!(inner.get_after_help().is_some(), "{} has no example", inner.get_name());
            examples(inner, found);
        }
    }

    #[test]
    fn every_example_of_the_help_is_understood() {
        let mut found = Vec::new();
        examples(&super::Arguments::command(), &mut found);
        assert!(found.len() > 10);
        for line in found {
            if let Err(error) = super::Arguments::command().try_get_matches_from(words(&line)) {
                panic!("{line}: {error}");
            }
        }
    }
}
