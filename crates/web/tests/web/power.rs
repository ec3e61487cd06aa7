//! The power wing through its real pages and forms, on both databases.

mod annual_value;
mod arrangement;
mod decision;
mod delegation;

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::Calendar;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_testkit::client::Client;
use placewell_testkit::databases::TestDatabase;
use placewell_web::{Web, router};

/// An authority with a client for each role, and a visitor.
pub struct Given {
    pub democratic: Client,
    pub finance: Client,
    pub approver: Client,
    pub visitor: Client,
    pub app: Arc<App>,
    pub authority: OrganisationId,
}

pub async fn given(database: &TestDatabase, day: Date) -> Given {
    let app = database.app(Calendar::standing(day.at(10, 20, 0, 0))).await;
    let roles = [Role::DemocraticServices, Role::FinanceOfficer, Role::Approver];
    let email = |role: Role| format!("{}@hef.example", role.code());
    let people = roles
        .map(|role| NewPerson {
            email: email(role),
            name: role.label().into(),
            password: None,
            role,
            title: role.label().into(),
            from: date(2018, 1, 1),
        })
        .to_vec();
    let new = NewOrganisation {
        code: "HEF".into(),
        name: "Herefordshire Council".into(),
        kind: OrganisationKind::Authority,
        area: None,
        placing_body: None,
        people,
    };
    app.make_organisation(&new).await.unwrap();
    let router = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
    let signed = async |role| {
        let actor = app.actor_by_email(&email(role)).await.unwrap();
        Client::with_session(router.clone(), &app.start_session(&actor).await.unwrap())
    };
    let (democratic, finance, approver) =
        (signed(Role::DemocraticServices).await, signed(Role::FinanceOfficer).await, signed(Role::Approver).await);
    let authority = app.actor_by_email(&email(Role::Approver)).await.unwrap().organisation;
    Given { visitor: Client::new(router.clone()), democratic, finance, approver, app, authority }
}

pub const TEXT: &str = "Decision details

Adoption of the Flexible Contracting Arrangement

Decision Maker: Cabinet member children and families
Decision status: Recommendations Approved
Is Key decision?: Yes
Is subject to call in?: Yes

To approve the adoption of the arrangement from 15 December 2018 to 14 December 2021 with option to extend for up to a further 3 years.

(a) the Flexible Contracting Arrangement (FCA) be adopted up to an annual value of £5.5m;

(b) the Director for Children's and Families and relevant Assistant Directors be authorised to take all necessary operational decisions to implement the above recommendation, including award of placement agreements and mini-block contracts through the FCA;

Alternative options considered:

1. Do nothing.

Reason Key: Expenditure
Wards Affected: (All Wards);
Contact: A. Person, Commissioning officer Email: Tel: 01632 960001.
Publication date: 14/01/2019
Date of decision: 14/01/2019
Effective from: 19/01/2019
";
