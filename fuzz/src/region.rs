//! A small region, filled in a fresh file, and everybody who can look at it.

use anyhow::anyhow;
use axum::Router;
use axum::http::header;
use placewell_app::App;
use placewell_app::demonstration;
use placewell_domain::office::person::session::TokenScope;
use placewell_store::Backend;
use placewell_testkit::databases::{TestDatabase, discard, filled, fresh};
use placewell_web::{Web, router};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::browser::Browser;
use crate::form;
use crate::planted;
use crate::state::Watch;

/// How many pages of one shape a visitor opens while looking around.
const ALIKE: usize = 3;
/// How many pages a visitor opens in all.
const MOST: usize = 250;

/// The region.
pub struct Region {
    /// What changed in its database.
    pub watch: Watch,
    /// Everybody with a session, and somebody without.
    pub visitors: Vec<Browser>,
    /// The same people with tokens for the API.
    pub programs: Vec<Browser>,
    app: Option<Arc<App>>,
    database: TestDatabase,
}

fn told(outcome: &placewell_app::Outcome) -> anyhow::Error {
    anyhow!("{outcome:?}")
}

impl Region {
    /// A copy of the filled one.
    pub async fn make() -> anyhow::Result<Self> {
        let database = filled(Backend::Sqlite).await;
        let app = database.app(demonstration::calendar()).await;
        let web = Web::new(Arc::clone(&app), "http://localhost").await.map_err(|error| told(&error))?;
        let router = router(web);
        let (visitors, programs) = people(&app, &router).await?;
        let watch = Watch::open(&database.url).await?;
        Ok(Self { watch, visitors, programs, app: Some(app), database })
    }

    /// The control: an empty database behind a service with planted bugs.
    pub async fn planted() -> anyhow::Result<Self> {
        let database = fresh(Backend::Sqlite).await;
        let router = planted::router(&database.url).await?;
        let watch = Watch::open(&database.url).await?;
        let visitors = vec![Browser::new(router, "nobody", None)];
        Ok(Self { watch, programs: visitors.clone(), visitors, app: None, database })
    }

    /// The one-time links of the latest mails.
    pub async fn mailed_links(&self) -> anyhow::Result<Vec<String>> {
        let Some(app) = &self.app else { return Ok(Vec::new()) };
        let mut links = Vec::new();
        for person in app.demonstration_people().await.map_err(|error| told(&error))? {
            let actor = app.actor_by_email(&person.email).await.map_err(|error| told(&error))?;
            let read = app.store.read(Some(actor.organisation)).await?;
            for mail in read.whole_mails(actor.organisation, 100).await? {
                links.extend(mail.body.lines().filter(|line| line.starts_with("/emails/")).map(str::to_owned));
            }
        }
        links.sort();
        links.dedup();
        Ok(links)
    }

    /// Removes its file.
    pub async fn remove(self) {
        drop(self.watch);
        discard(&self.database).await;
    }
}

async fn people(app: &Arc<App>, router: &Router) -> anyhow::Result<(Vec<Browser>, Vec<Browser>)> {
    let mut visitors = vec![Browser::new(router.clone(), "nobody", None)];
    let mut programs = vec![Browser::new(router.clone(), "nobody", None)];
    for person in app.demonstration_people().await.map_err(|error| told(&error))? {
        let actor = app.actor_by_email(&person.email).await.map_err(|error| told(&error))?;
        let session = app.start_session(&actor).await.map_err(|error| told(&error))?;
        let token = app
            .create_token(&actor, "fuzz", 1, &TokenScope::EverythingWithProof)
            .await
            .map_err(|error| told(&error))?;
        let cookie = (header::COOKIE, format!("placewell_session={session}"));
        visitors.push(Browser::new(router.clone(), &person.title, Some(cookie)));
        let bearer = (header::AUTHORIZATION, format!("Bearer {token}"));
        programs.push(Browser::new(router.clone(), &person.title, Some(bearer)));
    }
    Ok((visitors, programs))
}

/// A path with what names a record left out: pages of one shape have the same forms.
pub fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let part = |part: &str| {
        let names = part.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
        if names { "{}".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What a visitor finds by following links.
#[derive(Default)]
pub struct Found {
    /// The pages.
    pub pages: Vec<String>,
    /// Links that lead nowhere: a fault, a page that is not there, one that the visitor may not open. The page of the
    /// link, its address, the answer.
    pub faults: Vec<(String, String, u16)>,
    /// The fields of every form, by the shape of its address.
    pub fields: BTreeSet<(String, String)>,
}

/// Follows links from the start.
pub async fn look_around(visitor: &Browser) -> anyhow::Result<Found> {
    let mut waiting: Vec<(String, String)> =
        ["/", "/home", "/demo", "/sign-in"].map(|path| (path.to_owned(), "the start".to_owned())).to_vec();
    let (mut seen, mut shapes) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut found = Found::default();
    while let Some((path, from)) = waiting.pop() {
        let alike = shapes.entry(shape(&path)).or_default();
        if !seen.insert(path.clone()) || *alike >= ALIKE || found.pages.len() >= MOST {
            continue;
        }
        *alike += 1;
        let answer = visitor.get(&path).await?;
        match answer.status {
            403 | 404 | 500.. => found.faults.push((from, path, answer.status)),
            200 if answer.html => {
                waiting.extend(form::links(&answer.body).into_iter().map(|link| (link, path.clone())));
                for form in form::forms(&answer.body, &path) {
                    let names = form.inputs.into_iter().map(|input| input.name);
                    found.fields.extend(names.map(|name| (shape(&form.action), name)));
                }
                found.pages.push(path);
            }
            _ => {}
        }
    }
    found.pages.sort();
    Ok(found)
}
