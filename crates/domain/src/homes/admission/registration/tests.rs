//! What is taken of a registration, when, and that it is looked at once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::{DateTime, date};

use super::*;
use crate::homes::admission::evaluation::tests::opening as begins;
use crate::homes::admission::opening::OpeningState;

const CLOSES: DateTime = date(2021, 7, 31).at(12, 0, 0, 0);

fn at(local: DateTime) -> Moment {
    Moment { at: "2021-07-20T09:20:00Z".parse().unwrap(), local }
}

fn opening(state: OpeningState) -> Opening {
    Opening { state, ..begins() }
}

fn published() -> Opening {
    opening(OpeningState::Published { at: date(2021, 6, 1).at(9, 0, 0, 0) })
}

fn asked() -> Asked {
    Asked {
        legal_name: " Rowan Care Limited ".into(),
        company_number: "ni 123 456".into(),
        name: "Jo Bromyard".into(),
        title: "Director".into(),
        email: " Jo.Bromyard@Rowan.example ".into(),
    }
}

fn registration() -> Registration {
    Registration {
        id: RegistrationId(3),
        version: 0,
        provider: OrganisationId(9),
        region: OrganisationId(1),
        opening: OpeningId(1),
        opening_reference: "AR-001".into(),
        asked: asked().checked().unwrap(),
        person: PersonId(4),
        at: CLOSES,
        state: RegistrationState::Registered,
    }
}

fn registered() -> Registration {
    registration().register(&published(), at(CLOSES)).unwrap().into_parts().0
}

#[test]
fn what_is_typed_is_kept_without_spaces_and_the_address_in_small_letters() {
    let kept = asked().checked().unwrap();
    assert_eq!(
        (kept.legal_name.as_str(), kept.company_number.as_str(), kept.email.as_str()),
        ("Rowan Care Limited", "NI123456", "jo.bromyard@rowan.example")
    );
}

#[test]
fn every_field_that_is_wrong_is_named() {
    let fields = |asked: Asked| -> Vec<String> {
        asked.checked().unwrap_err().errors.into_iter().map(|error| error.field).collect()
    };
    let empty = Asked {
        legal_name: " ".into(),
        company_number: String::new(),
        name: String::new(),
        title: String::new(),
        email: String::new(),
    };
    assert_eq!(fields(empty), ["legal_name", "name", "title", "company_number", "email"]);
    assert_eq!(fields(Asked { legal_name: "x".repeat(161), ..asked() }), ["legal_name"]);
    assert_eq!(fields(Asked { name: "Jo\nBcc: all@authority.example".into(), ..asked() }), ["name"]);
    for wrong in ["12345", "ABC12345", "012345678", "0123456£"] {
        assert_eq!(fields(Asked { company_number: wrong.into(), ..asked() }), ["company_number"], "{wrong}");
    }
    let unplain = ["a1<victim@rowan.example>", "(a)b@rowan.example", "\"a\"@rowan.example"];
    let wrongs = ["jo", "jo@rowan", "@rowan.example", "jo@rowan.example,all@x.example", "jo @rowan.example"];
    for wrong in wrongs.into_iter().chain(unplain) {
        assert_eq!(fields(Asked { email: wrong.into(), ..asked() }), ["email"], "{wrong}");
    }
}

#[test]
fn company_numbers_are_the_same_with_and_without_their_leading_zeros() {
    assert_eq!(company_key("01234567"), company_key(" 1234567"));
    assert_eq!(company_key("ni123456"), company_key("NI 123456"));
    assert_ne!(company_key("01234567"), company_key("01234568"));
}

#[test]
fn a_provider_registers_until_the_deadlines_own_second_and_in_no_other_phase() {
    assert!(registration().register(&published(), at(CLOSES)).is_ok());
    let code = |opening: Opening, local| registration().register(&opening, at(local)).unwrap_err().code;
    let second_later = CLOSES.checked_add(jiff::Span::new().seconds(1)).unwrap();
    assert_eq!(code(published(), second_later), "registration_closed");
    assert_eq!(code(published(), date(2021, 6, 30).at(9, 0, 0, 0)), "registration_closed");
    assert_eq!(code(opening(OpeningState::Draft), CLOSES), "registration_closed");
    let off = OpeningState::Cancelled { at: CLOSES, reason: "No need".into() };
    assert_eq!(code(opening(off), CLOSES), "registration_closed");
}

#[test]
fn a_registration_is_looked_at_once() {
    let (by, when) = (PersonId(2), at(CLOSES));
    let act = |registration: Registration, act: &str| match act {
        "confirm" => registration.confirm(by, when),
        "join" => registration.join(by, (OrganisationId(5), "Rowan Care"), when),
        _ => registration.refuse(by, RefusalWhy::NoHome, when),
    };
    let states: Vec<Registration> = std::iter::once(registered())
        .chain(["confirm", "join", "refuse"].map(|one| act(registered(), one).unwrap().into_parts().0))
        .collect();
    assert_eq!(states.iter().map(|one| one.state.name()).collect::<Vec<_>>(), RegistrationState::NAMES);
    for state in states {
        for name in ["confirm", "join", "refuse"] {
            let listed = MOVES.iter().find(|step| step.from == state.state.name() && step.act == name);
            let made = act(state.clone(), name);
            assert_eq!(made.is_ok(), listed.is_some(), "{name} from {}", state.state.name());
            if let (Ok(made), Some(listed)) = (made, listed) {
                assert_eq!((made.next().state.name(), made.next().version), (listed.to, 2));
            }
        }
    }
    let itself = registered().join(by, (OrganisationId(9), "Rowan Care Limited"), when).unwrap_err();
    assert_eq!(itself.code, "registration_joins_itself");
}

#[test]
fn an_event_of_a_registration_names_nobody() {
    let events = [
        registration().register(&published(), at(CLOSES)).unwrap(),
        registered().refuse(PersonId(2), RefusalWhy::NotTheirs, at(CLOSES)).unwrap(),
    ];
    for change in events {
        let told = format!("{:?}", change.event());
        assert!(!told.contains("Bromyard") && !told.contains("rowan"), "{told}");
    }
}
