//! The JSON API: what holds for every operation, and one road through each room.

mod block;
pub mod caller;
mod canary;
mod corrected;
mod decision;
mod delegation;
mod description;
pub mod fields;
mod garbage;
mod inviting;
mod jobs;
mod machinery;
mod matrix;
mod papers;
mod parity;
mod rising;
mod road;
mod sealing;
mod setting;
mod spot;
mod watch;
mod world;
pub mod writes;

use jiff::civil::date;
use placewell_app::App;
use placewell_app::clock::Calendar;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::databases::TestDatabase;
use placewell_web::{Web, router};

use caller::Caller;
use watch::{Told, Watch, Watched};

/// Two authorities, three providers, a regional team and the operator, each with people; every caller has a token.
pub struct Region {
    router: axum::Router,
    app: std::sync::Arc<App>,
    watch: Option<std::sync::Arc<Watch>>,
}

/// The roles of each organisation's people.
const PEOPLE: &[(&str, OrganisationKind, &[Role])] = &[
    (
        "HEF",
        OrganisationKind::Authority,
        &[
            Role::PlacementOfficer,
            Role::Approver,
            Role::FinanceOfficer,
            Role::DemocraticServices,
            Role::Analyst,
            Role::Administrator,
            Role::Guest,
        ],
    ),
    (
        "WOR",
        OrganisationKind::Authority,
        &[
            Role::PlacementOfficer,
            Role::Approver,
            Role::FinanceOfficer,
            Role::DemocraticServices,
            Role::Analyst,
            Role::Administrator,
        ],
    ),
    ("oak-lane-care", OrganisationKind::Provider, &[Role::ProviderManager]),
    ("ash-care", OrganisationKind::Provider, &[Role::ProviderManager]),
    ("beech-care", OrganisationKind::Provider, &[Role::ProviderManager]),
    ("region", OrganisationKind::RegionalTeam, &[Role::CommissioningLead, Role::Analyst, Role::Administrator]),
    ("operator", OrganisationKind::Operator, &[Role::Administrator]),
];

impl Region {
    /// On Monday 13 September 2021, 10:20.
    pub async fn make(database: &TestDatabase) -> Self {
        let app = Self::app(database).await;
        for (code, kind, roles) in PEOPLE {
            let people = roles.iter().map(|role| NewPerson {
                email: email(code, *role),
                name: format!("{} of {code}", role.label()),
                password: None,
                role: *role,
                title: role.label().to_owned(),
                from: date(2018, 1, 1),
            });
            let area = match *code {
                "HEF" => Some("E06000019".to_owned()),
                "WOR" => Some("E10000034".to_owned()),
                _ => None,
            };
            app.make_organisation(&NewOrganisation {
                code: (*code).to_owned(),
                name: format!("{code} (invented)"),
                kind: *kind,
                area,
                placing_body: None,
                people: people.collect(),
            })
            .await
            .unwrap();
        }
        Self::served(app).await
    }

    /// The same, in which everybody's writes are sent before by those who must be refused them.
    pub async fn watched(database: &TestDatabase, told: &std::sync::Arc<Told>) -> Self {
        Self::make(database).await.under_watch(database, told).await
    }

    /// The same from here on, in a copy of a database in which a region was made.
    pub async fn opened(database: &TestDatabase) -> Self {
        Self::served(Self::app(database).await).await
    }

    /// The same in such a copy, watched from here on.
    pub async fn copied(database: &TestDatabase, told: &std::sync::Arc<Told>) -> Self {
        Self::opened(database).await.under_watch(database, told).await
    }

    async fn under_watch(mut self, database: &TestDatabase, told: &std::sync::Arc<Told>) -> Self {
        self.watch = Some(std::sync::Arc::new(Watch::of(&self, database, told).await));
        self
    }

    async fn app(database: &TestDatabase) -> std::sync::Arc<App> {
        database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await
    }

    async fn served(app: std::sync::Arc<App>) -> Self {
        let web = Web::new(std::sync::Arc::clone(&app), "http://localhost").await.unwrap();
        Self { router: router(web), app, watch: None }
    }

    /// Somebody of an organisation in a role, with a token.
    pub async fn caller(&self, code: &str, role: Role) -> Caller {
        let actor = self.app.actor_by_email(&email(code, role)).await.unwrap();
        let token = self.app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let watched = self.watch.clone().map(|watch| Watched { watch, code: code.to_owned(), role });
        Caller::new(self.router.clone(), &token).watched(watched)
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Caller {
        Caller::new(self.router.clone(), "")
    }
}

fn email(code: &str, role: Role) -> String {
    format!("{}@{code}.example", role.code())
}
