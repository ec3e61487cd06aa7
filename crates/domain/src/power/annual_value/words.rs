//! The words of the annual value, with the figures that they print: the same on every page, file and print.

use crate::money::Pence;

/// What is expected beyond what is planned, with the range that holds it in 80 of 100 futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Expected from awards not made yet.
    pub expected_new: Pence,
    /// The year's outturn.
    pub outturn: Pence,
    /// The lower end of the 80% range.
    pub low: Pence,
    /// Its upper end.
    pub high: Pence,
}

/// The figures of a year in the order of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The ceiling.
    pub ceiling: Pence,
    /// Spent so far: the nights that have passed.
    pub spent: Pence,
    /// Planned.
    pub planned: Pence,
    /// What was excepted above the ceiling.
    pub excepted: Pence,
    /// The forecast, where one was computed.
    pub forecast: Option<Forecast>,
}

impl Words {
    /// What can still be awarded.
    #[must_use]
    pub fn can_award(&self) -> Pence {
        Pence((self.ceiling - self.planned).0.max(0))
    }

    /// "Ceiling £5.5m · spent £x · planned £y · can still be awarded £z · expected new £w · outturn £v (80%: £a to £b)".
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut parts = vec![
            format!("Ceiling {}", short(self.ceiling)),
            format!("spent {}", self.spent),
            format!("planned {}", self.planned),
            format!("can still be awarded {}", self.can_award()),
        ];
        if let Some(forecast) = &self.forecast {
            parts.push(format!("expected new {}", forecast.expected_new));
            parts.push(format!("outturn {} (80%: {} to {})", forecast.outturn, forecast.low, forecast.high));
        }
        parts.join(" · ")
    }
}

/// Millions in short where they come out exactly to £10,000: `£5.5m`; else the whole amount.
fn short(amount: Pence) -> String {
    const TEN_THOUSAND: i64 = 1_000_000;
    if amount.0 < 100 * TEN_THOUSAND || amount.0 % TEN_THOUSAND != 0 {
        return amount.to_string();
    }
    let hundredths = amount.0 / TEN_THOUSAND;
    let (millions, rest) = (hundredths / 100, hundredths % 100);
    let digits = format!("{rest:02}");
    match digits.trim_end_matches('0') {
        "" => format!("£{millions}m"),
        kept => format!("£{millions}.{kept}m"),
    }
}
