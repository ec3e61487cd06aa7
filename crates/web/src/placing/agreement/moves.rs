//! Live agreements past the end of the term, and moving them to the successor: offered by the authority, answered by the
//! provider.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::placing::agreement::{
    ConsentMove, DeclineMove, MoveLine, OfferMoves, TakeBackMove, outliving_sheet,
};
use placewell_domain::calendar::long_date;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{MoveAnswer, MoveDecline};
use placewell_domain::power::arrangement::Participation;
use placewell_pages::form::Typed;
use placewell_pages::placing::agreement::{MoveRow, MoveSide, MovesView, moves_page, outliving_page};
use placewell_pages::power::arrangement::Forms;

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, file, page, page_with, redirect};
use crate::server::Web;

const PATH: &str = "/agreements/moves";

/// The routes.
pub fn routes() -> axum::Router<Web> {
    axum::Router::new()
        .route("/agreements/past-the-term", get(outliving))
        .route("/agreements/past-the-term.csv", get(outliving_csv))
        .route("/agreements/moves", get(show).post(offer))
        .route("/agreements/moves/{reference}/consent", post(consent))
        .route("/agreements/moves/{reference}/decline", post(decline))
        .route("/agreements/moves/{reference}/take-back", post(take_back))
}

async fn outliving(signed: Signed) -> Answered {
    let (last, lines) = signed.app().outliving_agreements(&signed.actor).await.or_fail(&signed)?;
    let lines: Vec<_> = lines.into_iter().map(|line| line.survival).collect();
    let blocks = signed.app().outliving_blocks(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&outliving_page(signed.shell(), last, &lines, &blocks)))
}

async fn outliving_csv(signed: Signed) -> Answered {
    let (_, lines) = signed.app().outliving_agreements(&signed.actor).await.or_fail(&signed)?;
    let blocks = signed.app().outliving_blocks(&signed.actor).await.or_fail(&signed)?;
    let bytes = outliving_sheet(&lines, &blocks).csv().map_err(|error| Outcome::Fault(error.0)).or_fail(&signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", "agreements-past-the-term.csv"))
}

async fn show(signed: Signed) -> Answered {
    again(&signed, StatusCode::OK, &Fields::default(), &Invalid::default()).await
}

async fn again(signed: &Signed, status: StatusCode, typed: &Fields, errors: &Invalid) -> Answered {
    let found = signed.app().moves(&signed.actor).await.or_fail(signed)?;
    let side = if signed.actor.role == Role::ProviderManager {
        MoveSide::Answers
    } else if may(signed.actor.role, Action::Decide) {
        MoveSide::Offers
    } else {
        MoveSide::Reads
    };
    let stands = found.stands.filter(|stands| !matches!(stands, Participation::CanAward { .. }));
    let view = MovesView {
        successor: found.successor.map(|next| {
            let end = next.term.current_end();
            (next.slug, next.title, next.term.start, end)
        }),
        stands: stands.map(|stands| stands.reason()),
        side,
        rows: found.lines.iter().map(row).collect(),
        reasons: MoveDecline::ALL.iter().map(|one| (one.code().to_owned(), one.label().to_owned())).collect(),
    };
    let keys: Vec<String> = (0..=view.rows.len() * 2).map(|_| signed.new_key()).collect();
    let typed = Typed::new(typed.pairs().to_vec());
    let forms = Forms { keys: &keys, errors, typed: &typed };
    Ok(page_with(status, &moves_page(signed.shell(), &view, &forms)))
}

fn row(line: &MoveLine) -> MoveRow {
    let answer = line.last.as_ref().map(|offer| (offer.to.on, &offer.answer));
    let status = match answer {
        None => String::new(),
        Some((on, None)) => format!("Offered from {}; waits for the provider", long_date(on)),
        Some((on, Some(MoveAnswer::Consented { .. }))) => format!("Moved on {}, by consent of both", long_date(on)),
        Some((_, Some(MoveAnswer::Declined { reason, at, .. }))) => {
            format!("Declined on {}: {}", long_date(at.date()), reason.label())
        }
        Some((_, Some(MoveAnswer::TakenBack { at, .. }))) => format!("Taken back on {}", long_date(at.date())),
    };
    let open = matches!(answer, Some((_, None)));
    let moved = matches!(answer, Some((_, Some(MoveAnswer::Consented { .. }))));
    MoveRow {
        reference: line.reference.clone(),
        version: line.version,
        home: line.home.clone(),
        planned_end: line.planned_end,
        status,
        open,
        can_offer: !open && !moved,
    }
}

fn decides(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::Decide) { Ok(()) } else { Err(signed.fail(Outcome::Forbidden(Action::Decide))) }
}

/// Only a provider's people answer.
fn answers(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.role == Role::ProviderManager {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::SignAgreement)))
    }
}

async fn offer(Submitted { signed, fields, key }: Submitted) -> Answered {
    decides(&signed)?;
    let mut invalid = Invalid::default();
    let references: Vec<String> = fields.all("agreements").map(str::to_owned).collect();
    if references.is_empty() {
        invalid.add("agreements", "Choose at least one agreement");
    }
    let on = fields.date("on", "Enter the first night under the successor", &mut invalid);
    let invalid = match on {
        Some(on) if invalid.errors.is_empty() => {
            let command = OfferMoves { references, to: fields.get("to").to_owned(), on };
            match signed.app().perform(&signed.actor, &key, command).await {
                Ok(_) => return Ok(redirect(PATH)),
                Err(Outcome::Invalid(invalid)) => invalid,
                Err(outcome) => return Err(signed.fail(outcome)),
            }
        }
        _ => invalid,
    };
    again(&signed, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await
}

/// A field of one of several answer forms, by its place on the page.
fn placed(fields: &Fields, name: &str) -> String {
    format!("{name}-{}", fields.get("at").parse::<u16>().unwrap_or_default())
}

/// Errors under the names that the page's forms have.
fn at_place(invalid: Invalid, fields: &Fields) -> Invalid {
    let errors = invalid.errors.into_iter().map(|error| placewell_domain::outcome::FieldError {
        field: placed(fields, &error.field),
        message: error.message,
    });
    Invalid { errors: errors.collect() }
}

async fn consent(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    answers(&signed)?;
    let command = ConsentMove {
        reference,
        version: fields.version(),
        name: fields.get(&placed(&fields, "name")).to_owned(),
        role: fields.get(&placed(&fields, "role")).to_owned(),
        has_authority: fields.get(&placed(&fields, "authority")) == "yes",
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(_) => Ok(redirect(PATH)),
        Err(Outcome::Invalid(invalid)) => {
            let invalid = at_place(invalid, &fields);
            again(&signed, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn decline(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    answers(&signed)?;
    let field = placed(&fields, "reason");
    let Some(reason) = MoveDecline::from_code(fields.get(&field)) else {
        let invalid = Invalid::one(&field, "Choose why it is not moved");
        return again(&signed, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await;
    };
    let command = DeclineMove { reference, version: fields.version(), reason };
    signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(redirect(PATH))
}

async fn take_back(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    decides(&signed)?;
    let command = TakeBackMove { reference, version: fields.version() };
    signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(redirect(PATH))
}
