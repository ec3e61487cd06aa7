//! Samples of the annual value's pages.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, CountedValue, Figures, Forecast, Reading, Words, YearTotals};
use placewell_domain::power::arrangement::Participation;

use super::region::{RegionRow, RegionView, region_values_page};
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
            outturn: Pence::pounds(5_225_700),
            low: Pence::pounds(5_158_700),
            high: Pence::pounds(5_308_700),
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
        rises: Pence::pounds(18_300),
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
        exceptions: exceptions(),
        keeps: true,
    }
}

fn exceptions() -> Vec<ExceptionView> {
    let day = DAY;
    vec![
        ExceptionView {
            reference: "HEF-A-0137".into(),
            reason: "Stay past the planned end".into(),
            words: "Review on 20 September".into(),
            person: "Priya Shah".into(),
            on: day,
            pence: Pence::pounds(4_150),
        },
        ExceptionView {
            reference: String::new(),
            reason: "Lowered ceiling".into(),
            words: "HEF-2021-0913 leaves a ceiling of £5,000,000".into(),
            person: "Priya Shah".into(),
            on: day,
            pence: Pence::pounds(80_000),
        },
    ]
}

fn region() -> RegionView {
    let totals = |ceiling, committed| YearTotals {
        ceiling: Pence::pounds(ceiling),
        committed: Pence::pounds(committed),
        over: Pence((Pence::pounds(committed) - Pence::pounds(ceiling)).0.max(0)),
    };
    let figures = sample().figures;
    let counted = |exceeded_on| CountedValue {
        year_start: Date::constant(2020, 12, 15),
        year: "contract year 15 December 2020 to 14 December 2021".into(),
        spent: Pence::pounds(3_611_200),
        figures,
        spot: Pence::pounds(1_200_000),
        exceeded_on,
        outturn: exceeded_on.map(|_| (figures.planned, figures.bound, figures.run_rate)),
    };
    let at = DAY.at(6, 0, 0, 0);
    let row = |code: &str, name: &str, totals, counted: Option<CountedValue>| RegionRow {
        code: code.into(),
        name: name.into(),
        totals,
        counted: counted.map(|value| (at, value)),
    };
    RegionView {
        today: DAY,
        sums: (Pence::pounds(16_500_000), Pence::pounds(14_310_000)),
        rows: vec![
            row("WLV", "Wolverhampton", Some(totals(6_500_000, 6_540_000)), Some(counted(Some(DAY)))),
            row("HEF", "Herefordshire", Some(totals(5_500_000, 5_087_400)), Some(counted(None))),
            row("TWK", "Telford and Wrekin", Some(totals(5_000_000, 2_000_000)), None),
            row("SOL", "Solihull", None, None),
        ],
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
        ("region ceilings", region_values_page(shell(), &region()).to_string()),
        (
            "region ceilings, none told",
            region_values_page(shell(), &RegionView { rows: vec![], ..region() }).to_string(),
        ),
        ("record the budget", budget_page(shell(), "k", &[], &Invalid::default(), day).to_string()),
        (
            "record the budget, wrong",
            budget_page(shell(), "k", &[("approved".into(), "0".into())], &wrong, day).to_string(),
        ),
        ("record a reading", reading_page(shell(), "k", &Reading::default(), &Invalid::default()).to_string()),
    ]
}
