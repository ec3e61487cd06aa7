//! A provider states what its home is for: the form, filled with what is held, and what it sends.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::homes::home::StatePurpose;
use placewell_domain::homes::home::{Ages, Home, Need, NeedAnswers, Purpose, RegisteredSex};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{PurposeView, purpose};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};

pub(super) async fn ask(signed: Signed, Path(urn): Path<String>) -> Answered {
    let home = signed.app().own_home(&signed.actor, &urn).await.or_fail(&signed)?;
    let typed = held(&home);
    Ok(page(&purpose(signed.shell(), &view(&home, signed.new_key(), typed, Invalid::default()))))
}

fn view(home: &Home, key: String, typed: Typed, errors: Invalid) -> PurposeView {
    PurposeView { urn: home.urn.to_string(), name: home.name.clone(), version: home.version, key, typed, errors }
}

/// What the home says of itself now.
fn held(home: &Home) -> Typed {
    let mut typed = Typed::default();
    typed.set("name", &home.name);
    if let Some(ages) = home.ages {
        typed.set("age_from", ages.from);
        typed.set("age_to", ages.to);
    }
    typed.code("sex", home.sex.map(RegisteredSex::code));
    typed.day("as_of", home.purpose_as_of);
    for need in Need::ALL {
        let said = match home.answers.to(*need) {
            Some(true) => "meets",
            Some(false) => "does_not",
            None => "unsaid",
        };
        typed.set(&format!("need_{}", need.code()), said);
    }
    typed
}

fn read(fields: &Fields) -> Result<Purpose, Invalid> {
    let mut invalid = Invalid::default();
    let name = fields.get("name").to_owned();
    let from = fields.number("age_from", 0..=18, "Enter the youngest age in whole years, 0 to 18", &mut invalid);
    let to = fields.number("age_to", 0..=18, "Enter the oldest age in whole years, 0 to 18", &mut invalid);
    let sex = fields.choice("sex", RegisteredSex::from_code, "Select for whom the home is registered", &mut invalid);
    let ask = "Enter the date of the statement of purpose, like 4 1 2021";
    let as_of = fields.date("as_of", ask, &mut invalid);
    let mut answers = NeedAnswers::default();
    for need in Need::ALL {
        match fields.get(&format!("need_{}", need.code())) {
            "meets" => answers.meets = answers.meets.with(*need),
            "does_not" => answers.does_not = answers.does_not.with(*need),
            _ => {}
        }
    }
    let whole = |age: i64| u8::try_from(age).unwrap_or(u8::MAX);
    let ages = match (from, to) {
        (Some(from), Some(to)) => match Ages::new(whole(from), whole(to)) {
            Ok(ages) => Some(ages),
            Err(wrong) => {
                invalid.errors.extend(wrong.errors);
                None
            }
        },
        _ => None,
    };
    match (ages, sex, as_of) {
        (Some(ages), Some(sex), Some(as_of)) => invalid.or(Purpose { name, ages, sex, answers, as_of }),
        _ => Err(invalid),
    }
}

pub(super) async fn state(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let outcome = match read(&fields) {
        Ok(purpose) => {
            let command = StatePurpose { urn: urn.clone(), version: fields.version(), purpose };
            signed.app().perform(&signed.actor, &key, command).await
        }
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => {
            signed.app().homes.forget().await;
            Ok(see(&receipt))
        }
        Err(Outcome::Invalid(invalid)) => {
            let home = signed.app().own_home(&signed.actor, &urn).await.or_fail(&signed)?;
            let version = fields.version();
            let again = view(&home, key, Typed::new(fields.pairs().to_vec()), invalid);
            let again = PurposeView { version, ..again };
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &purpose(signed.shell(), &again)))
        }
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}
