//! `migrate` and `doctor`: keeping a database in order.

use std::process::ExitCode;

use jiff::civil::Date;
use placewell_app::App;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::setting::system_value;
use placewell_domain::placing::child::retention::COPIES_KEPT;
use placewell_domain::setting::DayCount;
use placewell_store::{Backend, Store, migrate as migrations};

use crate::database::Options;
use crate::{mail, scanner};

/// Applies what is pending; on SQLite, opening does it.
pub async fn migrate(database: &Options) -> anyhow::Result<ExitCode> {
    if database.file().is_some() {
        database.make_file()?;
        Store::open(&database.database, database.key_or_new().await?).await?.close().await;
        println!("The schema is up to date.");
        return Ok(ExitCode::SUCCESS);
    }
    let news = migrations::postgres(&database.database, database.named_key()?.as_ref()).await?;
    match news.as_slice() {
        [] => println!("The schema was up to date."),
        news => println!("Applied: {}.", news.join(", ")),
    }
    Ok(ExitCode::SUCCESS)
}

/// Says of each need whether it is met; fails where one is not.
pub async fn doctor(mail: &mail::Options, scanner: &scanner::Options, database: &Options) -> anyhow::Result<ExitCode> {
    let mut well = true;
    let mut check = |what: &str, result: Result<String, String>| match result {
        Ok(found) => println!("ok    {what}: {found}"),
        Err(problem) => {
            well = false;
            println!("FAIL  {what}: {problem}");
        }
    };
    check("clock", Ok(Machine::now().to_string()));
    check("mail", mail_server(mail).await);
    check("scanner of documents", document_scanner(scanner).await);
    let key = database.key();
    let held = |key: &placewell_store::keys::MasterKey| match key.held() {
        1 => format!("readable, from {}", database.key_source()),
        more => format!("readable, from {}: {more} keys, of which the first seals", database.key_source()),
    };
    check("master key", key.as_ref().map(held).map_err(|error| format!("{error:#}")));
    let made = database.expect_made();
    if let Err(error) = &made {
        check("database", Err(format!("{error:#}")));
    }
    if let (Ok(key), Ok(())) = (key, made) {
        match Store::open_as_it_is(&database.database, key).await {
            Err(error) => check("database", Err(error.to_string())),
            Ok(store) => {
                let kind = if store.backend() == Backend::Sqlite { "SQLite" } else { "PostgreSQL" };
                let answers = store.answers().await;
                check("database", answers.map(|()| kind.to_owned()).map_err(|error| error.to_string()));
                check("the master key is the database's own", own_key(database).await);
                for (what, result) in store.guards().await? {
                    check(what, result);
                }
                let organisations = store.read(None).await?.organisations().await?;
                check(
                    "organisations",
                    match organisations.len() {
                        0 => Err("none: `placewell init` makes a region".to_owned()),
                        count => Ok(count.to_string()),
                    },
                );
                let calendar = Calendar::running();
                check("postcodes", postcodes(&store).await);
                let erased = store.erased_since_keys().await?;
                let kept = copies_kept(&store, calendar.now().today()).await;
                let copies = kept.and_then(|kept| copies(erased, kept, Machine::now()));
                check("copies that still open erased records", copies);
                let demonstration = store.read(None).await?.mark("demonstration").await?.is_some();
                let app = App::new(store, calendar);
                check("Open Contracting prefix", open_contracting(&app, demonstration).await);
                app.store.close().await;
            }
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How closely distances can be measured; no directory of postcodes is no fault.
async fn postcodes(store: &Store) -> Result<String, String> {
    let session = store.read(None).await.map_err(|error| error.to_string())?;
    match session.places_held().await.map_err(|error| error.to_string())? {
        0 => Ok("no directory is held, so that distances are measured between the centres of postcode sectors: \
                 `placewell postcodes import` brings one in"
            .to_owned()),
        held => Ok(format!("{held} held")),
    }
}

/// For how many days copies from before an erasure may still open what was erased.
async fn copies_kept(store: &Store, today: Date) -> Result<DayCount, String> {
    let session = store.read(None).await.map_err(|error| error.to_string())?;
    system_value(&session, &COPIES_KEPT, today).await.map_err(|outcome| format!("{outcome:?}"))
}

/// Whether what was erased can still be opened with a copy from before: it can until the master key and the organisations'
/// keys are replaced together.
fn copies(
    (many, first): (u32, Option<jiff::Timestamp>),
    kept: DayCount,
    now: jiff::Timestamp,
) -> Result<String, String> {
    let Some(first) = first else { return Ok("none, as far as this database knows".to_owned()) };
    let drill = "replace the master key, as docs/running.md says under \u{201c}After an erasure\u{201d}";
    let text = format!(
        "{many} erased since the master key and the organisations\u{2019} keys were replaced, the first on {first}"
    );
    if now.duration_since(first).as_hours() / 24 >= i64::from(kept.0) {
        Err(format!("{text}: {drill}"))
    } else {
        Ok(text)
    }
}

/// Without a registered prefix no Open Contracting package is published, which is no fault; under the standard's own
/// example nobody but the demonstration may publish.
pub async fn open_contracting(app: &App, demonstration: bool) -> Result<String, String> {
    match app.ocid_prefix().await {
        Err(outcome) => Err(format!("{outcome:?}")),
        Ok(None) => Ok("none is set, so that no Open Contracting package is published: register one and set \
                        publication.ocid_prefix on the page of settings"
            .to_owned()),
        Ok(Some(prefix)) if prefix.is_example() && !demonstration => {
            Err(format!("{} is the standard's own example: register a prefix of the region's own", prefix.as_str()))
        }
        Ok(Some(prefix)) => Ok(prefix.as_str().to_owned()),
    }
}

/// Another key would not have opened the database at all; one that never sealed in it proves nothing yet.
async fn own_key(database: &Options) -> Result<String, String> {
    match database.peek().await.map_err(|error| format!("{error:#}"))? {
        Some(found) if found.has_key() => Ok("it opens the database's check".to_owned()),
        _ => Ok("the database has not been opened with a key yet".to_owned()),
    }
}

async fn document_scanner(scanner: &scanner::Options) -> Result<String, String> {
    match scanner.scanner().map_err(|error| error.to_string())? {
        None => Ok("none is set up: documents are checked by their content only".to_owned()),
        Some(scanner) if scanner.answers().await => Ok("it answers".to_owned()),
        Some(_) => Err("it does not answer, so that no document is kept".to_owned()),
    }
}

async fn mail_server(mail: &mail::Options) -> Result<String, String> {
    match mail.post("").map_err(|error| error.to_string())? {
        None => Ok("no server is set up: mails are written and kept, none is sent".to_owned()),
        Some(post) => match post.answers().await {
            Ok(true) => Ok("the server answers".to_owned()),
            Ok(false) => Err("the server does not answer".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    }
}
