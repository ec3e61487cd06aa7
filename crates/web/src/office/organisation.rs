//! Help and the statements every service has, in the name of the organisation that runs it.

use axum::Router;
use axum::routing::get;
use jiff::civil::{Date, date};
use placewell_app::Answer;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Role;
use placewell_pages::system::border;
use placewell_pages::system::statement::{Accessibility, Contact, Cookie, Cookies, Help, Privacy};
use placewell_pages::system::words::WordsPage;

use crate::cookie;
use crate::request::Visit;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// When the accessibility statement was last gone through, and the tests that it claims were run.
const STATEMENT_PREPARED: Date = date(2026, 11, 22);

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/help", get(help))
        .route("/help/words", get(words))
        .route("/help/wales-and-scotland", get(wales_and_scotland))
        .route("/contact", get(contact))
        .route("/accessibility-statement", get(accessibility))
        .route("/privacy", get(privacy))
        .route("/cookies", get(cookies))
}

/// Who runs the service, and the address of its administrator: the operator, else the regional team.
async fn operator(visit: &Visit) -> Answer<Contact> {
    let session = visit.app().visit().await?;
    let all = session.organisations().await?;
    let of = |kind| all.iter().find(|organisation| organisation.kind == kind);
    let Some(operator) = of(OrganisationKind::Operator).or_else(|| of(OrganisationKind::RegionalTeam)) else {
        return Ok(Contact { operator: "Your organisation's administrator".to_owned(), email: String::new() });
    };
    let today = visit.now().today();
    let mut email = String::new();
    for role in [Role::Administrator, Role::CommissioningLead] {
        if let Some(member) = session.people_in_role(operator.id, role, today).await?.first() {
            email = session.person_email(member.actor.person).await?;
            break;
        }
    }
    Ok(Contact { operator: operator.name.clone(), email })
}

async fn help(visit: Visit) -> Answered {
    let contact = operator(&visit).await.or_fail(&visit)?;
    Ok(page(&Help::new(visit.shell(), contact)))
}

async fn words(visit: Visit) -> Answered {
    Ok(page(&WordsPage::new(visit.shell())))
}

async fn wales_and_scotland(visit: Visit) -> Answered {
    Ok(page(&border::wales_and_scotland(visit.shell(), visit.now().today())))
}

async fn contact(visit: Visit) -> Answered {
    let contact = operator(&visit).await.or_fail(&visit)?;
    Ok(page(&Help::contact(visit.shell(), contact)))
}

async fn accessibility(visit: Visit) -> Answered {
    let contact = operator(&visit).await.or_fail(&visit)?;
    Ok(page(&Accessibility::new(visit.shell(), contact, STATEMENT_PREPARED)))
}

async fn privacy(visit: Visit) -> Answered {
    let contact = operator(&visit).await.or_fail(&visit)?;
    Ok(page(&Privacy::new(visit.shell(), contact)))
}

async fn cookies(visit: Visit) -> Answered {
    let kept = Cookie {
        name: cookie::name(visit.web.secure()).to_owned(),
        purpose: "Keeps you signed in. No other cookie is set, and none follows you to other services.".to_owned(),
        expires: "When you sign out, or after a day at the latest".to_owned(),
    };
    Ok(page(&Cookies::new(visit.shell(), [kept])))
}
