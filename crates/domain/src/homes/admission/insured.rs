//! Until when a provider is insured, and until when other evidence of its evaluation holds: by the later of what the
//! evaluation saw and what the provider keeps since.

use jiff::civil::Date;

use super::criteria::InsuranceKind;
use super::evaluation::Evaluation;
use super::selection::Gate;
use crate::homes::home::paper::{Paper, PaperKind, PaperState};
use crate::money::Pence;
use crate::nights::{OPEN_END, plus_days};

/// An insurance that an evaluation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insured {
    /// Which.
    pub kind: InsuranceKind,
    /// The least cover of each claim that was asked for.
    pub asked: Pence,
    /// The cover of each claim that was seen, where the record has it.
    pub cover: Option<Pence>,
    /// Its last day as it was seen.
    pub seen: Option<Date>,
    /// Its last day by what the provider keeps since; none where nothing is known to end.
    pub until: Option<Date>,
}

/// The insurances that an evaluation rests on: each that its criteria ask for, once the gate is judged.
#[must_use]
pub fn insurances(evaluation: &Evaluation, papers: &[Paper], today: Date) -> Vec<Insured> {
    let Some(gate) = evaluation.gates.iter().find(|judged| judged.gate == Gate::Insurance) else { return Vec::new() };
    let asked = evaluation.criteria.insurances.iter();
    let insured = asked.map(|(kind, asked)| {
        let cover = gate.cover.iter().find(|one| one.kind == *kind);
        // A record from before the cover was kept has the earliest end of all kinds alone.
        let seen = if gate.cover.is_empty() { gate.until } else { cover.map(|one| one.expires) };
        let until = renewed_until(paper_of(*kind), (seen, papers), today);
        Insured { kind: *kind, asked: *asked, cover: cover.map(|one| one.amount), seen, until }
    });
    insured.collect()
}

/// The document that shows insurance of a kind.
#[must_use]
pub const fn paper_of(kind: InsuranceKind) -> PaperKind {
    match kind {
        InsuranceKind::Public => PaperKind::InsurancePublic,
        InsuranceKind::Employers => PaperKind::InsuranceEmployer,
        InsuranceKind::Professional => PaperKind::InsuranceProfessional,
    }
}

/// The last day on which every kind holds; none where nothing is known to end. `asked` has each kind that the criteria ask
/// for with the last day of the evidence that was evaluated; where no evaluation is kept, every kind with a document counts.
#[must_use]
pub fn insured_until(asked: &[(InsuranceKind, Option<Date>)], papers: &[Paper], today: Date) -> Option<Date> {
    let every: Vec<_> = InsuranceKind::ALL.iter().map(|kind| (*kind, None)).collect();
    let kinds = if asked.is_empty() { &every } else { asked };
    kinds.iter().filter_map(|(kind, seen)| renewed_until(paper_of(*kind), (*seen, papers), today)).min()
}

/// The document that renews the evidence of a gate by itself, where one does; insurance has a document for each kind.
#[must_use]
pub const fn renewal_of(gate: Gate) -> Option<PaperKind> {
    match gate {
        Gate::Safeguarding => Some(PaperKind::Safeguarding),
        Gate::DataProtection => Some(PaperKind::DataProtection),
        Gate::LegalEntity | Gate::Insurance | Gate::Finance | Gate::Exclusion | Gate::Recruitment => None,
    }
}

/// The last day on which the evidence of a gate holds that one document renews; none where nothing is known to end.
#[must_use]
pub fn evidence_until(evaluation: &Evaluation, gate: Gate, papers: &[Paper], today: Date) -> Option<Date> {
    let kind = renewal_of(gate)?;
    let seen = evaluation.gates.iter().find(|judged| judged.gate == gate).and_then(|judged| judged.until);
    renewed_until(kind, (seen, papers), today)
}

/// The last day of what was seen and of the documents that follow it day after day. What begins after a gap renews nothing
/// before its first day; from then on the gap lies behind.
fn renewed_until(kind: PaperKind, (seen, papers): (Option<Date>, &[Paper]), today: Date) -> Option<Date> {
    let of_kind = |one: &&Paper| one.home.is_none() && one.kind == kind && one.state == PaperState::Held;
    // A document without a last day holds until it is taken back; an insurance without one shows nothing.
    let endless = (!kind.is_insurance()).then_some(OPEN_END);
    let days = |one: &Paper| Some((one.unbroken_from(), one.expires_on.or(endless)?));
    let mut held: Vec<(Date, Date)> = papers.iter().filter(of_kind).filter_map(days).collect();
    held.sort_unstable();
    let latest = held.into_iter().fold(seen, |known, (from, until)| match known {
        Some(last) if from > today && from > plus_days(last, 1) => known,
        Some(last) => Some(last.max(until)),
        None => Some(until),
    });
    latest.filter(|until| *until != OPEN_END)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::homes::admission::evaluation::GateJudged;
    use crate::homes::admission::selection::Cover;
    use crate::homes::home::paper::Audience;
    use crate::id::{HomeId, OrganisationId, PaperId};
    use jiff::civil::date;

    const TODAY: Date = date(2021, 9, 10);

    fn paper(kind: PaperKind, expires_on: Option<Date>) -> Paper {
        Paper {
            id: PaperId(1),
            version: 1,
            provider: OrganisationId(7),
            home: None,
            kind,
            reference: "PL-1".to_owned(),
            from: date(2021, 1, 1),
            since: None,
            expires_on,
            audience: Audience::Members,
            state: PaperState::Held,
        }
    }

    #[test]
    fn a_provider_is_insured_until_the_first_kind_ends_and_a_renewed_paper_counts_over_the_evaluation() {
        let asked =
            [(InsuranceKind::Public, Some(date(2021, 9, 12))), (InsuranceKind::Employers, Some(date(2022, 3, 31)))];
        assert_eq!(insured_until(&asked, &[], TODAY), Some(date(2021, 9, 12)));
        let renewed = [paper(PaperKind::InsurancePublic, Some(date(2022, 9, 12)))];
        assert_eq!(insured_until(&asked, &renewed, TODAY), Some(date(2022, 3, 31)));
        let open = [paper(PaperKind::InsurancePublic, None)];
        let until = insured_until(&asked, &open, TODAY);
        assert_eq!(until, Some(date(2021, 9, 12)), "insurance without an end shows nothing");
        let older = [paper(PaperKind::InsuranceEmployer, Some(date(2021, 5, 1)))];
        let until = insured_until(&asked[1..], &older, TODAY);
        assert_eq!(until, Some(date(2022, 3, 31)), "an older one shortens nothing");
    }

    #[test]
    fn insurance_that_begins_after_a_gap_renews_nothing_before_its_first_day() {
        let asked = [(InsuranceKind::Public, Some(date(2021, 9, 12)))];
        let of = |from, until| Paper { from, ..paper(PaperKind::InsurancePublic, Some(until)) };
        let late = of(date(2021, 12, 1), date(2022, 11, 30));
        let after = of(date(2022, 12, 1), date(2023, 11, 30));
        let both = [after.clone(), late.clone()];
        let until = |papers: &[Paper], day| insured_until(&asked, papers, day);
        for day in [TODAY, date(2021, 9, 13), date(2021, 11, 30)] {
            assert_eq!(until(&both, day), Some(date(2021, 9, 12)), "without cover for 80 days, known on {day}");
        }
        assert_eq!(until(&both, date(2021, 12, 1)), Some(date(2023, 11, 30)), "insured again, and on");
        assert_eq!(until(&[late], date(2023, 1, 9)), Some(date(2022, 11, 30)), "the last that held");
        let next_day = of(date(2021, 9, 13), date(2022, 9, 12));
        assert_eq!(until(&[next_day], TODAY), Some(date(2022, 9, 12)), "the day after the last");
        let renewed = Paper { since: Some(date(2020, 9, 13)), ..after };
        assert_eq!(until(&[renewed], TODAY), Some(date(2023, 11, 30)), "renewed under its own number without a break");
    }

    #[test]
    fn without_an_evaluation_what_is_kept_counts_and_papers_of_one_home_or_taken_back_do_not() {
        assert_eq!(insured_until(&[], &[], TODAY), None, "nothing is known to end");
        let kept = paper(PaperKind::InsuranceProfessional, Some(date(2021, 9, 1)));
        assert_eq!(insured_until(&[], std::slice::from_ref(&kept), TODAY), Some(date(2021, 9, 1)));
        let of_home = Paper { home: Some(HomeId(3)), ..kept.clone() };
        let withdrawn = Paper { state: PaperState::Withdrawn { on: date(2021, 8, 1) }, ..kept };
        assert_eq!(insured_until(&[], &[of_home, withdrawn], TODAY), None);
    }

    #[test]
    fn an_evaluation_says_the_cover_of_each_insurance_that_it_rests_on_and_until_when_each_holds() {
        let (public, employers) = (Pence::pounds(5_000_000), Pence::pounds(10_000_000));
        let (seen, later) = (date(2022, 3, 31), date(2023, 3, 31));
        let mut evaluation = crate::homes::admission::evaluation::tests::begun();
        assert_eq!(insurances(&evaluation, &[], TODAY), [], "no gate is judged yet");
        evaluation.criteria.insurances = vec![(InsuranceKind::Public, public), (InsuranceKind::Employers, employers)];
        evaluation.gates = vec![GateJudged {
            gate: Gate::Insurance,
            passed: true,
            found: "seen".to_owned(),
            until: Some(seen),
            cover: vec![Cover { kind: InsuranceKind::Public, amount: employers, expires: seen }],
            words: String::new(),
            on: date(2021, 7, 20),
        }];
        let held = Insured {
            kind: InsuranceKind::Public,
            asked: public,
            cover: Some(employers),
            seen: Some(seen),
            until: Some(later),
        };
        let missing =
            Insured { kind: InsuranceKind::Employers, asked: employers, cover: None, seen: None, until: None };
        let renewed = [paper(PaperKind::InsurancePublic, Some(later))];
        assert_eq!(insurances(&evaluation, &renewed, TODAY), [held, missing]);
        evaluation.gates[0].cover.clear();
        let early: Vec<_> = insurances(&evaluation, &[], TODAY).iter().map(|one| (one.cover, one.seen)).collect();
        assert_eq!(early, [(None, Some(seen)), (None, Some(seen))], "a record from before the cover was kept");
    }

    #[test]
    fn evidence_of_a_gate_ends_as_it_was_judged_until_a_newer_document_of_its_kind_is_kept() {
        let mut evaluation = crate::homes::admission::evaluation::tests::begun();
        let judged = |gate, until| GateJudged {
            gate,
            passed: true,
            found: "seen".to_owned(),
            until,
            cover: Vec::new(),
            words: String::new(),
            on: date(2021, 7, 20),
        };
        let seen = date(2021, 9, 12);
        evaluation.gates = vec![judged(Gate::Safeguarding, Some(seen)), judged(Gate::Finance, None)];
        let until = |gate, papers: &[Paper]| evidence_until(&evaluation, gate, papers, TODAY);
        assert_eq!(until(Gate::Safeguarding, &[]), Some(seen));
        assert_eq!(until(Gate::DataProtection, &[]), None, "nothing is known to end");
        assert_eq!(until(Gate::Finance, &[paper(PaperKind::Other, Some(seen))]), None, "no document renews it");
        let of = |kind, until| [paper(kind, Some(until))];
        assert_eq!(until(Gate::Safeguarding, &of(PaperKind::FireSafety, date(2023, 1, 1))), Some(seen), "another kind");
        assert_eq!(
            until(Gate::Safeguarding, &of(PaperKind::Safeguarding, date(2021, 1, 1))),
            Some(seen),
            "an older one"
        );
        let newer = of(PaperKind::Safeguarding, date(2023, 1, 1));
        assert_eq!(until(Gate::Safeguarding, &newer), Some(date(2023, 1, 1)));
        let endless = [paper(PaperKind::Safeguarding, None)];
        assert_eq!(until(Gate::Safeguarding, &endless), None, "a policy holds until it is taken back");
    }
}
