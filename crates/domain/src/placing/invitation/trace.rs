//! Why a home was asked: the lines of why and why not as they were known then, frozen with the invitation.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

coded! {
    /// What a criterion came to for a home.
    Verdict {
        Meets "meets" "Meets";
        DoesNotMeet "does_not_meet" "Does not meet";
        Unknown "unknown" "Unknown";
        LeftOut "left_out" "Left out";
    }
}

/// One criterion and what it came to, with its evidence. Codes and figures only: nothing about the child but its needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// The criterion's code, such as `registered_ages`.
    pub criterion: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What was found, such as "registered for ages 10 to 17".
    pub evidence: String,
    /// Where it comes from, such as "Ofsted's register".
    pub source: String,
    /// As of which day.
    pub as_of: Option<Date>,
}

/// All lines about one home for one referral.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trace {
    /// In the stated order of the criteria.
    pub lines: Vec<TraceLine>,
}

impl Trace {
    /// How many criteria came to this.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }

    /// "meets 9 of 10; does not meet 1; 0 unknown".
    #[must_use]
    pub fn summary(&self) -> String {
        let (meets, fails) =
            (self.count(Verdict::Meets), self.count(Verdict::DoesNotMeet) + self.count(Verdict::LeftOut));
        let unknown = self.count(Verdict::Unknown);
        format!("meets {meets} of {}; does not meet {fails}; {unknown} unknown", self.lines.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_counts_its_verdicts() {
        let line = |verdict| TraceLine {
            criterion: "registered_ages".to_owned(),
            verdict,
            evidence: String::new(),
            source: String::new(),
            as_of: None,
        };
        let trace = Trace { lines: vec![line(Verdict::Meets), line(Verdict::Meets), line(Verdict::Unknown)] };
        assert_eq!(trace.summary(), "meets 2 of 3; does not meet 0; 1 unknown");
    }
}
