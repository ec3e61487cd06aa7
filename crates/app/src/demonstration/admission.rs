//! What the demonstration's openings ask and what its providers answer: criteria, price template, declarations. Invented.

use jiff::civil::{Date, DateTime, date};
use placewell_domain::homes::admission::application::LotApplied;
use placewell_domain::homes::admission::criteria::{
    Band, Criteria, InsuranceKind, LotTemplate, PartPrice, PricePart, Question,
};
use placewell_domain::homes::admission::opening::{OpeningKind, OpeningPlan};
use placewell_domain::homes::admission::selection::{Insurance, Selection};
use placewell_domain::homes::home::Urn;
use placewell_domain::money::Pence;

use super::people::LOTS;

/// An opening of the demonstration: title, why outside the window, opens, closes.
pub type Planned = (&'static str, Option<&'static str>, DateTime, DateTime);

/// The openings, in their order: AR-001 to AR-006.
pub const OPENINGS: [Planned; 6] = [
    (
        "Tender of 2018",
        Some("The arrangement is tendered for the first time"),
        at(2018, 9, 10, 9),
        at(2018, 10, 26, 12),
    ),
    ("Yearly opening 2019", None, at(2019, 10, 1, 9), at(2019, 10, 31, 12)),
    ("Yearly opening 2020", None, at(2020, 10, 1, 9), at(2020, 10, 30, 12)),
    (
        "Places for disabled children",
        Some("Too few places for disabled children: six children live more than 100 miles away"),
        at(2021, 7, 5, 9),
        at(2021, 8, 6, 12),
    ),
    (
        "Homes near Telford and Shrewsbury",
        Some("Two homes closed in the spring, and 14 children wait for a place near their schools"),
        at(2021, 9, 6, 9),
        at(2021, 9, 24, 12),
    ),
    ("Yearly opening 2021", None, at(2021, 10, 1, 9), at(2021, 10, 29, 12)),
];

const fn at(year: i16, month: i8, day: i8, hour: i8) -> DateTime {
    date(year, month, day).at(hour, 0, 0, 0)
}

const QUESTIONS: [(&str, &str, u8); 4] = [
    (
        "How do you decide that a home can meet a child's needs beside the children who live there?",
        "An impact assessment that names each child's voice, who decides, and an example of a no",
        30,
    ),
    (
        "How do you keep children safe when they go missing or are exploited?",
        "Known patterns, return conversations, work with police and placing authority",
        30,
    ),
    (
        "How do you prevent moves that nobody planned?",
        "Early signs, what changes when strain shows, figures of the last two years",
        25,
    ),
    ("How do children learn, and how is it known that they do?", "Attendance, plans, progress against a start", 15),
];

/// The criteria of every opening.
pub fn criteria() -> Criteria {
    let question = |(at, (text, criteria, weight)): (usize, &(&str, &str, u8))| Question {
        code: format!("q{}", at + 1),
        text: (*text).to_owned(),
        criteria: (*criteria).to_owned(),
        weight: *weight,
    };
    Criteria {
        quality: QUESTIONS.iter().enumerate().map(question).collect(),
        scale: 5,
        least: 2,
        quality_share: 70,
        pass_mark: 55,
        templates: LOTS.iter().map(|(code, ..)| template(code)).collect(),
        insurances: vec![
            (InsuranceKind::Public, Pence::pounds(5_000_000)),
            (InsuranceKind::Employers, Pence::pounds(10_000_000)),
            (InsuranceKind::Professional, Pence::pounds(2_000_000)),
        ],
        standstill_days: 10,
        validity_months: 48,
    }
}

fn template(lot: &str) -> LotTemplate {
    let band = |part, floor, ceiling| Band { part, floor: Pence::pounds(floor), ceiling: Pence::pounds(ceiling) };
    let (low, high) = match lot {
        "crisis" => (4_000, 10_000),
        "therapeutic" => (2_200, 5_400),
        "disabilities" => (2_200, 5_200),
        _ => (1_800, 4_600),
    };
    let mut bands = vec![band(PricePart::Accommodation, 600, 1_600), band(PricePart::Care, low, high)];
    if lot == "with_education" {
        bands.push(band(PricePart::Education, 600, 1_500));
    }
    if matches!(lot, "therapeutic" | "disabilities") {
        bands.push(band(PricePart::Health, 0, 900));
    }
    let includes = "Clothing, pocket money, activities, transport to school and to family time".to_owned();
    LotTemplate { lot: lot.to_owned(), bands, includes }
}

/// The plan of an opening.
pub fn plan((title, reason, opens, closes): Planned) -> OpeningPlan {
    OpeningPlan {
        title: title.to_owned(),
        kind: reason.map_or(OpeningKind::Yearly, |reason| OpeningKind::ByLead { reason: reason.to_owned() }),
        opens,
        closes,
        questions_until: closes.date().yesterday().unwrap_or(closes.date()).at(12, 0, 0, 0),
        criteria: criteria(),
    }
}

/// The company number of the owner in this place of the list: so high that no company of the register has it.
pub fn company_number(owner: usize) -> String {
    (99_100_000 + owner * 37).to_string()
}

/// The number of the data protection registration of the owner in this place of the list.
pub fn data_protection(owner: usize) -> String {
    format!("Z{:07}", 1_200_000 + owner * 311)
}

/// The declaration of a provider: `number` tells it from others.
pub fn selection(name: &str, number: usize, (insured_to, day): (Date, Date)) -> Selection {
    let insurance = |kind: InsuranceKind, millions: i64| Insurance {
        kind,
        cover: Pence::pounds(millions * 1_000_000),
        expires: insured_to,
        number: format!("{}-{:05}", kind.code().to_uppercase(), 20_000 + number * 7),
    };
    let year = day.year() - i16::from(day.month() < 10);
    let years = i64::from(year - 2018);
    Selection {
        legal_name: name.to_owned(),
        company_number: company_number(number),
        insurances: vec![
            insurance(InsuranceKind::Public, 10),
            insurance(InsuranceKind::Employers, 10),
            insurance(InsuranceKind::Professional, 5),
        ],
        accounts_to: Date::new(year, 3, 31).ok(),
        turnover: Some(Pence::pounds(
            900_000 + i64::try_from(number % 17).unwrap_or_default() * 240_000 + years * 40_000,
        )),
        going_concern: Some(true),
        excluded: Some(false),
        debarred: Some(false),
        recruitment: Some(true),
        safeguarding_on: Date::new(day.year(), 2, 1).ok(),
        data_protection: data_protection(number),
        data_protection_until: Date::new(day.year() + 1, 5, 31).ok(),
    }
}

/// Answers to the quality questions.
pub fn quality(number: usize) -> Vec<(String, String)> {
    const ANSWERS: [[&str; 2]; 4] = [
        [
            "The registered manager writes an impact assessment with every child who lives in the home. Two of the last nine \
             enquiries were declined because a resident child said that they would not feel safe.",
            "We hold each enquiry against the statement of purpose and against each resident's plan. The responsible \
             individual signs; the placing authority gets the assessment with our offer.",
        ],
        [
            "Each child has a plan that names places and people. After every return somebody whom the child chose talks with \
             them within a day. We share the pattern with the police each month.",
            "Staff on shift know the plan by heart. We meet the local exploitation team every fortnight and change routes, \
             telephones and times with the child.",
        ],
        [
            "We count signs of strain each week: calls to the manager, broken sleep, missed school. At three signs we ask for \
             a meeting within two working days. In two years one placement ended unplanned.",
            "Every child has a keyworker day each week. When strain shows we add a waking night before anybody speaks of \
             notice.",
        ],
        [
            "Children at our homes attend 93% of sessions. Each has a desk, a library card and a person who reads with them.",
            "A teacher comes twice a week while a school is found; the virtual school has our figures each half-term.",
        ],
    ];
    let answer = |(at, answers): (usize, &[&str; 2])| (format!("q{}", at + 1), answers[(number + at) % 2].to_owned());
    ANSWERS.iter().enumerate().map(answer).collect()
}

/// An application for a lot: part of the way between floor and ceiling, in hundredths.
pub fn applied(lot: &str, homes: Vec<Urn>, hundredths: i64) -> LotApplied {
    let prices = template(lot).bands.into_iter().map(|band| {
        let room = band.ceiling.0 - band.floor.0;
        PartPrice { part: band.part, weekly: Pence((band.floor.0 + room * hundredths / 100) / 1_000 * 1_000) }
    });
    let mut prices: Vec<PartPrice> = prices.collect();
    for (price, band) in prices.iter_mut().zip(template(lot).bands) {
        price.weekly = price.weekly.max(band.floor);
    }
    LotApplied { lot: lot.to_owned(), homes, prices }
}
