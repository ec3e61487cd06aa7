//! Samples of the annual value's pages.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, Figures, Forecast, Reading, Words};
use placewell_domain::power::arrangement::Participation;

use super::{
    AgreementView, AnnualValueView, ExceptionView, RestsOn, StepView, annual_value_page, budget_page, reading_page,
};
use crate::samples as kit;

const DAY: Date = Date::constant(2021, 9, 1);

fn sample() -> AnnualValueView {
    let figures = Figures {
        bound: Pence::pounds(4_100_000),
        planned: Pence::pounds(5_087_400),
        run_rate: Pence::pounds(5_300_000),
    };
    let day = DAY;
    let words = Words {
        ceiling: Pence::pounds(5_500_000),
        spent: Pence::pounds(3_611_200),
        planned: figures.planned,
        excepted: Pence::ZERO,
        forecast: Some(Forecast {
            expected_new: Pence::pounds(120_000),
            outturn: Pence::pounds(5_207_400),
            low: Pence::pounds(5_140_400),
            high: Pence::pounds(5_290_400),
        }),
    };
    AnnualValueView {
        years: vec![(2020, "contract year 15 December 2020 to 14 December 2021".into(), true)],
        year: "contract year 15 December 2020 to 14 December 2021".into(),
        starts_in: 2020,
        adopted: true,
        words,
        figures,
        spot: Figures::default(),
        after_term: Pence::pounds(120_000),
        budget: Some((Pence::pounds(5_200_000), Some("Full council, 26 February 2021".into()))),
        rests_on: RestsOn::Awards { awards: 34, weeks: 52 },
        recorded_planned: figures.planned,
        participation: None,
        recorded: Reading::default(),
        shown: Reading::default(),
        flipped: None,
        months: vec![(day, Pence::pounds(400_000), false)],
        agreements: vec![AgreementView {
            reference: "HEF-A-0137".into(),
            figures,
            spent: Pence::pounds(9),
            overdue: true,
        }],
        steps: vec![StepView {
            ceiling: Pence::pounds(5_500_000),
            reference: "HEF-2019-0114".into(),
            on: day,
            accepts_over: false,
        }],
        asked: vec![
            "HEF-2021-0913 uses the option to extend until 14 December 2024 and does not say whether its ceiling goes on."
                .into(),
        ],
        exceptions: vec![ExceptionView {
            reference: "HEF-A-0137".into(),
            reason: "Stay past the planned end".into(),
            words: "Review on 20 September".into(),
            person: "Priya Shah".into(),
            on: day,
            pence: Pence::pounds(4_150),
        }, ExceptionView {
            reference: String::new(),
            reason: "Lowered ceiling".into(),
            words: "HEF-2021-0913 leaves a ceiling of £5,000,000".into(),
            person: "Priya Shah".into(),
            on: day,
            pence: Pence::pounds(80_000),
        }],
        keeps: true,
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let (view, day) = (sample(), DAY);
    let above = AnnualValueView {
        words: Words { ceiling: Pence::pounds(5_000_000), ..view.words },
        flipped: Some(Aspect::Education),
        shown: Reading::default().flipped(Aspect::Education),
        ..view.clone()
    };
    let none = AnnualValueView {
        adopted: false,
        agreements: vec![],
        participation: Some(Participation::NoDecision),
        ..view.clone()
    };
    let few = AnnualValueView { rests_on: RestsOn::TooFew { awards: 3, weeks: 20 }, budget: None, ..view.clone() };
    let wrong = Invalid::one("approved", "Enter the approved budget of a year, more than £0");
    let shell = kit::signed_in_shell;
    vec![
        ("annual value", annual_value_page(shell(), &view).to_string()),
        ("annual value above the ceiling", annual_value_page(shell(), &above).to_string()),
        ("annual value of a year not adopted", annual_value_page(shell(), &none).to_string()),
        ("annual value with too few awards", annual_value_page(shell(), &few).to_string()),
        ("record the budget", budget_page(shell(), "k", &[], &Invalid::default(), day).to_string()),
        (
            "record the budget, wrong",
            budget_page(shell(), "k", &[("approved".into(), "0".into())], &wrong, day).to_string(),
        ),
        ("record a reading", reading_page(shell(), "k", &Reading::default(), &Invalid::default()).to_string()),
    ]
}
