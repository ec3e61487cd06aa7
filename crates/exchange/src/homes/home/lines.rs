//! Rows about homes that are brought in: what a provider says of a home, a bed out of service, a tendered price, a
//! document with its days.

use jiff::civil::Date;
use placewell_domain::homes::home::named::company_number;
use placewell_domain::homes::home::paper::{Audience, PaperKind};
use placewell_domain::homes::home::{Ages, RegisteredSex, Urn, home_name};
use placewell_domain::homes::price::LineKind;
use placewell_domain::money::Pence;
use placewell_domain::place::Postcode;
use placewell_domain::placing::occupancy::ClosedReason;

use crate::office::import::{Cells, Layout};

/// The columns of homes.
pub const HOMES: Layout = Layout {
    names: &[
        "urn",
        "name",
        "age_from",
        "age_to",
        "sex",
        "statement_of_purpose_on",
        "postcode",
        "registered_manager",
        "manager_from",
        "company_number",
    ],
    needed: &["urn", "name", "age_from", "age_to", "sex", "statement_of_purpose_on"],
    key: &["urn"],
    private: &["postcode", "registered_manager"],
    example: "SC400001,Elm House,10,17,any,2021-06-01,HR1 2PX,Asha Patel,2021-03-01,01234567",
};

/// The columns of beds out of service.
pub const BEDS: Layout = Layout {
    names: &["urn", "bed", "out_from", "back_on", "reason"],
    needed: &["urn", "bed", "out_from", "reason"],
    key: &["urn", "bed", "out_from"],
    private: &[],
    example: "SC400001,Bed 2,2021-09-20,2021-10-04,repair",
};

/// The columns of prices.
pub const PRICES: Layout = Layout {
    names: &["urn", "lot", "line", "from", "until", "weekly_price"],
    needed: &["urn", "lot", "from", "weekly_price"],
    key: &["urn", "lot", "line", "from"],
    private: &[],
    example: "SC400001,planned,core,2021-10-01,,4150.50",
};

/// The columns of documents.
pub const DOCUMENTS: Layout = Layout {
    names: &["urn", "document", "reference", "from", "expires_on", "seen_by"],
    needed: &["document", "reference", "from"],
    key: &["urn", "document", "reference"],
    private: &[],
    example: "SC400001,insurance_public,PL-2021-0042,2021-04-01,2022-03-31,members",
};

/// What a provider says of a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeLine {
    /// The home's number.
    pub urn: Urn,
    /// Its name.
    pub name: String,
    /// Registered ages.
    pub ages: Ages,
    /// Registered sex.
    pub sex: RegisteredSex,
    /// The date of the statement of purpose.
    pub as_of: Date,
    /// Where it is; left as it is where the cell is blank.
    pub postcode: Option<Postcode>,
    /// Who manages it, and from when; left as it is where both cells are blank.
    pub manager: Option<(String, Date)>,
    /// The provider's company number; left as it is where the cell is blank.
    pub company: Option<String>,
}

/// A bed that is out of service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BedLine {
    /// The home's number.
    pub urn: Urn,
    /// What the home calls the bed.
    pub bed: String,
    /// The first night out of service.
    pub from: Date,
    /// The first night back, where it is known.
    pub until: Option<Date>,
    /// Why.
    pub reason: ClosedReason,
}

/// A tendered price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The home's number.
    pub urn: Urn,
    /// The lot's code.
    pub lot: String,
    /// Core or education.
    pub line: LineKind,
    /// The first night.
    pub from: Date,
    /// The first night at another price, where it is known.
    pub until: Option<Date>,
    /// Pence a week.
    pub weekly: Pence,
}

/// A document and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// The home's number; none for the provider as a whole.
    pub urn: Option<Urn>,
    /// What it is.
    pub kind: PaperKind,
    /// Its number or title.
    pub reference: String,
    /// From when it holds.
    pub from: Date,
    /// The last day on which it holds, where it has one.
    pub expires_on: Option<Date>,
    /// Who beside the provider can see it.
    pub seen_by: Audience,
}

fn urn(cells: &mut Cells<'_>) -> Option<Urn> {
    let found = cells.text("urn").parse().ok();
    if found.is_none() {
        cells.wrong("urn", "the home's number at Ofsted, such as SC400001");
    }
    found
}

fn whole<T>(cells: &Cells<'_>, line: Option<T>) -> Option<T> {
    line.filter(|_| cells.errors.is_empty())
}

/// Reads a home's row.
pub fn home(cells: &mut Cells<'_>) -> Option<HomeLine> {
    let urn = urn(cells);
    let name = home_name(cells.text("name")).ok();
    if name.is_none() {
        cells.wrong("name", "the home's name in 2 to 80 letters");
    }
    let mut age = |column: &str| {
        if cells.blank(column) {
            cells.wrong(column, "an age in whole years");
        }
        cells.number_or_blank(column, 18).and_then(|age| u8::try_from(age).ok())
    };
    let (from, to) = (age("age_from"), age("age_to"));
    let ages = from.zip(to).and_then(|(from, to)| Ages::new(from, to).ok());
    if from.is_some() && to.is_some() && ages.is_none() {
        cells.wrong("age_from", "a youngest age that is not above the oldest");
    }
    let codes: Vec<&str> = RegisteredSex::ALL.iter().map(|sex| sex.code()).collect();
    let sex = cells.code("sex", RegisteredSex::from_code, &codes);
    let as_of = cells.day("statement_of_purpose_on");
    let postcode = Postcode::parse(cells.text("postcode")).ok();
    if postcode.is_none() && !cells.blank("postcode") {
        cells.wrong("postcode", "a full postcode like HR1 2PX");
    }
    let manager = manager(cells);
    let company = company_number(cells.text("company_number")).ok();
    if company.is_none() && !cells.blank("company_number") {
        cells.wrong("company_number", "the company number, like 01234567, or the charity number");
    }
    let line = (|| {
        let (ages, sex, as_of) = (ages?, sex?, as_of?);
        Some(HomeLine { urn: urn?, name: name?, ages, sex, as_of, postcode, manager, company })
    })();
    whole(cells, line)
}

/// Who manages a home, with the day from which; both cells or neither.
fn manager(cells: &mut Cells<'_>) -> Option<(String, Date)> {
    match (cells.blank("registered_manager"), cells.blank("manager_from")) {
        (true, true) => None,
        (false, false) => {
            let name = cells.short("registered_manager", 80, "the registered manager's name");
            Some((name, cells.day("manager_from")?))
        }
        (true, false) => {
            cells.wrong("registered_manager", "the registered manager's name, since a day is given");
            None
        }
        (false, true) => {
            cells.wrong("manager_from", "the day from which the manager is in post");
            None
        }
    }
}

/// Reads a bed's row.
pub fn bed(cells: &mut Cells<'_>) -> Option<BedLine> {
    let urn = urn(cells);
    let bed = cells.short("bed", 60, "what the home calls the bed, such as Bed 2");
    let (from, until) = (cells.day("out_from"), cells.day_or_blank("back_on"));
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        cells.wrong("back_on", "a day after the first night out of service, or nothing");
    }
    let codes: Vec<&str> = ClosedReason::ALL.iter().map(|reason| reason.code()).collect();
    let reason = cells.code("reason", ClosedReason::from_code, &codes);
    let line = (|| Some(BedLine { urn: urn?, bed, from: from?, until, reason: reason? }))();
    whole(cells, line)
}

/// Reads a price's row; a blank line is the core price.
pub fn price(cells: &mut Cells<'_>) -> Option<PriceRow> {
    let urn = urn(cells);
    let lot = cells.short("lot", 40, "the code of a lot").to_lowercase();
    let line = if cells.blank("line") {
        Some(LineKind::Core)
    } else {
        let tendered =
            |code: &str| LineKind::from_code(code).filter(|line| matches!(line, LineKind::Core | LineKind::Education));
        cells.code("line", tendered, &[LineKind::Core.code(), LineKind::Education.code()])
    };
    let (from, until) = (cells.day("from"), cells.day_or_blank("until"));
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        cells.wrong("until", "a day after the first night, or nothing");
    }
    let weekly = cells.price("weekly_price");
    let line = (|| Some(PriceRow { urn: urn?, lot, line: line?, from: from?, until, weekly: weekly? }))();
    whole(cells, line)
}

/// Reads a document's row.
pub fn document(cells: &mut Cells<'_>) -> Option<DocumentLine> {
    let urn = if cells.blank("urn") { Some(None) } else { urn(cells).map(Some) };
    let codes: Vec<&str> = PaperKind::ALL.iter().map(|kind| kind.code()).collect();
    let kind = cells.code("document", PaperKind::from_code, &codes);
    let reference = cells.short("reference", 80, "the document's number or title in 1 to 80 letters");
    let (from, expires_on) = (cells.day("from"), cells.day_or_blank("expires_on"));
    if from.zip(expires_on).is_some_and(|(from, until)| until < from) {
        cells.wrong("expires_on", "a day that is not before the first, or nothing");
    }
    if kind.is_some_and(PaperKind::is_insurance) && cells.blank("expires_on") {
        cells.wrong("expires_on", "the last day of the cover: insurance has one");
    }
    let codes: Vec<&str> = Audience::ALL.iter().map(|seen| seen.code()).collect();
    let seen_by = if cells.blank("seen_by") {
        Some(Audience::Members)
    } else {
        cells.code("seen_by", Audience::from_code, &codes)
    };
    let line =
        (|| Some(DocumentLine { urn: urn?, kind: kind?, reference, from: from?, expires_on, seen_by: seen_by? }))();
    whole(cells, line)
}
