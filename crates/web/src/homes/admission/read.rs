//! The regional team's forms read into commands: by the pages as they were typed, by the API as the same fields.

use placewell_app::homes::admission::{AdmitHome, LeaveLot};
use placewell_app::homes::price::RecordPrice;
use placewell_app::homes::standing::{About, AdmitProvider, RecordInspection, SetStanding};
use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::admission::ground::{AdmissionException, LONGEST_RECORD};
use placewell_domain::homes::home::link::{Elsewhere, LONGEST_LINK};
use placewell_domain::homes::home::{Grade, Inspection, InspectionKind};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSource};
use placewell_domain::outcome::Invalid;

use crate::fields::Fields;

const LOT: &str = "Select the lot";

/// Admit a home to a lot.
pub(crate) fn admit(urn: &str, fields: &Fields) -> Result<AdmitHome, Invalid> {
    let mut invalid = Invalid::default();
    let lot = fields.text("lot", 100, LOT, &mut invalid);
    let from = fields.date("from", "Enter the first day on the lot, like 15 12 2018", &mut invalid);
    match from {
        Some(from) => invalid.or(AdmitHome { urn: urn.to_owned(), lot, from }),
        None => Err(invalid),
    }
}

/// Take a home off a lot.
pub(crate) fn leave(urn: &str, fields: &Fields) -> Result<LeaveLot, Invalid> {
    let mut invalid = Invalid::default();
    let lot = fields.text("lot", 100, LOT, &mut invalid);
    let until = fields.date("until", "Enter the first day off the lot, like 1 10 2021", &mut invalid);
    let why = fields.choice("why", AdmissionEnd::from_code, "Select why the home leaves the lot", &mut invalid);
    match (until, why) {
        (Some(until), Some(why)) => invalid.or(LeaveLot { urn: urn.to_owned(), lot, until, why }),
        _ => Err(invalid),
    }
}

/// Record a tendered price.
pub(crate) fn price(urn: &str, fields: &Fields) -> Result<RecordPrice, Invalid> {
    let mut invalid = Invalid::default();
    let lot = fields.text("lot", 100, LOT, &mut invalid);
    let line = fields.choice("line", LineKind::from_code, "Select what the price pays for", &mut invalid);
    let weekly = fields.optional_pence("weekly", "Enter the price of a week in pounds, like 4150", &mut invalid);
    let from = fields.date("from", "Enter the first night at this price, like 1 4 2021", &mut invalid);
    let until = fields.optional_date("until", "Enter the first night at another price, like 1 4 2022", &mut invalid);
    match (line, from) {
        (Some(line), Some(from)) => invalid.or(RecordPrice { urn: urn.to_owned(), lot, line, from, until, weekly }),
        _ => Err(invalid),
    }
}

/// Where a judgement or notice can be read, and why there, where that is no site of Ofsted's, of government or of a court.
pub(crate) fn read_at(fields: &Fields, invalid: &mut Invalid) -> (Option<String>, Option<Elsewhere>) {
    let why = match fields.filled("elsewhere") {
        Some(_) => fields.choice("elsewhere", Elsewhere::from_code, "Select a reason of the list", invalid),
        None => None,
    };
    let link = fields.optional_text("link", LONGEST_LINK, invalid);
    (Some(link).filter(|link| !link.is_empty()), why)
}

/// Change a standing.
pub(crate) fn standing(about: About, fields: &Fields) -> Result<SetStanding, Invalid> {
    let mut invalid = Invalid::default();
    let source = fields.choice("source", StandingSource::from_code, "Select who says so", &mut invalid);
    let standing = fields.choice("standing", Standing::from_code, "Select how it stands", &mut invalid);
    let reason = fields.choice("reason", StandingReason::from_code, "Select why", &mut invalid);
    let from = fields.date("from", "Enter the first day, like 13 9 2021", &mut invalid);
    let until = fields.optional_date("until", "Enter the first day on which it no longer holds", &mut invalid);
    let (link, elsewhere) = read_at(fields, &mut invalid);
    match (source, standing, reason, from) {
        (Some(source), Some(standing), Some(reason), Some(from)) => {
            invalid.or(SetStanding { about, source, standing, reason, from, until, link, elsewhere })
        }
        _ => Err(invalid),
    }
}

/// Record a visit of Ofsted's.
pub(crate) fn visit(urn: &str, fields: &Fields) -> Result<RecordInspection, Invalid> {
    let mut invalid = Invalid::default();
    let kind = fields.choice("kind", InspectionKind::from_code, "Select the kind of visit", &mut invalid);
    let inspected_on = fields.date("inspected_on", "Enter the first day of the visit, like 6 9 2021", &mut invalid);
    let published_on =
        fields.optional_date("published_on", "Enter the day of the report, like 13 9 2021", &mut invalid);
    let grade = match fields.filled("grade") {
        Some(_) => fields.choice("grade", Grade::from_code, "Select a judgement of the list", &mut invalid),
        None => None,
    };
    let concerns = |text: &str| match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let serious_concerns =
        fields.choice("serious_concerns", concerns, "Select whether serious concerns were found", &mut invalid);
    let link =
        fields.text("link", LONGEST_LINK, "Enter where the report or the home is on Ofsted's site", &mut invalid);
    match (kind, inspected_on, serious_concerns) {
        (Some(kind), Some(inspected_on), Some(serious_concerns)) => {
            let (link, event) = (Some(link), String::new());
            let seen = Inspection { kind, inspected_on, published_on, grade, serious_concerns, event, link };
            invalid.or(RecordInspection { urn: urn.to_owned(), seen })
        }
        _ => Err(invalid),
    }
}

/// Admit a provider.
pub(crate) fn admit_provider(code: &str, fields: &Fields) -> Result<AdmitProvider, Invalid> {
    let mut invalid = Invalid::default();
    let from = fields.date("from", "Enter the first day in the arrangement, like 15 12 2018", &mut invalid);
    let ask = "Select on what the admission rests";
    let reason = match fields.filled("exception") {
        Some(_) => fields.choice("exception", AdmissionException::from_code, ask, &mut invalid),
        None => None,
    };
    let record = fields.optional_text("record", LONGEST_RECORD, &mut invalid);
    let exception = reason.map(|reason| (reason, record));
    match from {
        Some(from) => invalid.or(AdmitProvider { provider: code.to_owned(), from, exception }),
        None => Err(invalid),
    }
}
