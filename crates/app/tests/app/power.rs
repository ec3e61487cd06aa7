//! The power wing's commands and queries as its people use them, on both databases.

mod annual_value;
mod arrangement;
mod decision;
mod delegation;

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::App;
use placewell_app::clock::Calendar;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::power::decision::{Publish, Record, check_pasted};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::decision::{DecisionPage, GoverningBody};
use placewell_testkit::databases::TestDatabase;

/// A published page like the seed's, with an authority's own posts and no person's name.
pub const TEXT: &str = "Decision details

Adoption of the Flexible Contracting Arrangement

Decision Maker: Cabinet member children and families

Decision status: Recommendations Approved

Is Key decision?: Yes

Is subject to call in?: Yes

To approve the adoption of the regional Flexible Contracting Arrangement (FCA) from 15 December 2018 to 14 December 2021 with option to extend for up to a further 3 years.

(a) the Flexible Contracting Arrangement (FCA) be adopted to support the purchasing of accommodation up to an annual value of £5.5m;

(b) the Director for Children's and Families and relevant Assistant Directors be authorised to take all necessary operational decisions to implement the above recommendation, including award of placement agreements and mini-block contracts through the FCA;

(c) the Director for Children's and Families and relevant Assistant Directors be further authorised to take all necessary operational decisions to spot-purchase placements outside the FCA should the need arise for individual children.

Alternative options considered:

1. Do nothing. All placements would be spot purchased.

2. Commission a framework of our own.

Reason Key: Expenditure

Wards Affected: (All Wards);

Publication date: 14/01/2019

Date of decision: 14/01/2019

Effective from: 19/01/2019

Accompanying Documents:
";

/// An authority with one person in each role that these tests need.
pub struct Given {
    pub app: Arc<App>,
    pub democratic: Actor,
    pub approver: Actor,
    pub officer: Actor,
    pub finance: Actor,
}

fn person(name: &str, code: &str, role: Role) -> NewPerson {
    NewPerson {
        email: format!("{}@{}.example", role.code(), code.to_lowercase()),
        name: name.into(),
        password: None,
        role,
        title: role.label().into(),
        from: date(2018, 1, 1),
    }
}

pub async fn authority(app: &Arc<App>, code: &str) -> Vec<Actor> {
    let roles = [Role::DemocraticServices, Role::Approver, Role::PlacementOfficer, Role::FinanceOfficer];
    let people = roles.map(|role| person(role.label(), code, role)).to_vec();
    let new = NewOrganisation {
        code: code.into(),
        name: format!("{code} Council"),
        kind: OrganisationKind::Authority,
        area: None,
        placing_body: None,
        people,
    };
    app.make_organisation(&new).await.unwrap();
    let mut actors = Vec::new();
    for role in roles {
        actors.push(app.actor_by_email(&person("", code, role).email).await.unwrap());
    }
    actors
}

pub async fn given(database: &TestDatabase) -> Given {
    let app = database.app(Calendar::standing(date(2019, 1, 14).at(10, 20, 0, 0))).await;
    let mut actors = authority(&app, "HEF").await.into_iter();
    let mut next = || actors.next().unwrap();
    Given { democratic: next(), approver: next(), officer: next(), finance: next(), app }
}

/// The pasted page with what an officer adds: the kind of body.
pub fn page() -> DecisionPage {
    DecisionPage { governing_body: Some(GoverningBody::CouncilExecutive), ..check_pasted(TEXT).page }
}

impl Given {
    pub fn go_to(&self, day: jiff::civil::Date) {
        self.app.calendar.move_to(day.at(10, 20, 0, 0));
    }

    /// Records and publishes the decision of 14 January 2019.
    pub async fn adopt(&self) {
        let record = Record { reference: "HEF-2019-0114".into(), amends: None, page: page() };
        self.app.perform(&self.democratic, "record", record).await.unwrap();
        let publish = Publish {
            reference: "HEF-2019-0114".into(),
            version: 1,
            decided_on: date(2019, 1, 14),
            published_on: date(2019, 1, 14),
            urgent: false,
            effective_from: Some(date(2019, 1, 19)),
            effective_reason: None,
        };
        self.app.perform(&self.democratic, "publish", publish).await.unwrap();
    }
}
