//! An appraisal on paper: what a commissioner attaches to a report for a cabinet.

use placewell_domain::office::person::Actor;
use placewell_domain::reporting::appraisal::{
    Alternative, Appraised, Assumption, Group, OptionFigures, Origin, Paid, Range,
};
use placewell_paper::DocumentMoment;
use placewell_paper::reporting::appraisal as print;

use super::Typed;
use crate::answer::{Answer, Outcome};
use crate::clock::moment_of;
use crate::command::App;

impl App {
    /// A saved appraisal as a tagged PDF: the same bytes whenever it is asked for.
    pub async fn saved_appraisal_pdf(&self, actor: &Actor, reference: &str) -> Answer<Vec<u8>> {
        let saved = self.saved_appraisal(actor, reference).await?;
        let kept = &saved.appraisal;
        let head =
            Head { reference: kept.reference.clone(), title: kept.title.clone(), same_again: Some(saved.same_again) };
        typeset(paper_of(&kept.appraised, head), DocumentMoment(moment_of(kept.saved_at).at)).await
    }

    /// An appraisal that is not saved, as a PDF that says so.
    pub async fn appraisal_pdf(&self, actor: &Actor, code: Option<&str>, typed: &Typed) -> Answer<Vec<u8>> {
        let appraised = self.appraise(actor, code, typed).await?;
        let head = Head { reference: "Not saved".to_owned(), title: String::new(), same_again: None };
        typeset(paper_of(&appraised, head), DocumentMoment(self.calendar.now().at)).await
    }
}

struct Head {
    reference: String,
    title: String,
    same_again: Option<bool>,
}

async fn typeset(paper: print::AppraisalPaper, moment: DocumentMoment) -> Answer<Vec<u8>> {
    let typeset = tokio::task::spawn_blocking(move || print::appraisal(&paper, moment));
    let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
    bytes.map_err(|error| Outcome::Fault(error.to_string()))
}

fn range(of: Range) -> print::Range {
    print::Range { low: of.low, middle: of.middle, high: of.high }
}

fn paper_of(appraised: &Appraised, head: Head) -> print::AppraisalPaper {
    let years = appraised.assumptions.get(Assumption::Years);
    print::AppraisalPaper {
        reference: head.reference,
        title: head.title,
        authority: appraised.name.clone(),
        day: appraised.data.day,
        event: appraised.data.event,
        futures: appraised.futures,
        seed: appraised.seed.to_string(),
        years,
        finding: appraised.finding(),
        same_again: head.same_again,
        options: appraised.figures.options.iter().map(option).collect(),
        contract_years: appraised
            .figures
            .years
            .iter()
            .map(|year| print::YearRow {
                from: year.start,
                cost: range(year.cost),
                ceiling: year.ceiling,
                set: year.set,
                above: tenths(i64::from(year.above)),
            })
            .collect(),
        paid: appraised.paid.iter().map(lot).collect(),
        grounds: appraised.inputs.grounds.clone(),
        assumptions: Group::ALL.iter().map(|group| assumed(appraised, *group)).collect(),
    }
}

fn tenths(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

fn option(one: &OptionFigures) -> print::OptionRow {
    let base = one.alternative == Alternative::Arrangement;
    print::OptionRow {
        name: one.alternative.label().to_owned(),
        cost: range(one.cost),
        above: (!base).then(|| range(one.above)),
        cheaper: (!base).then(|| tenths(i64::from(one.cheaper))),
        set_up: one.set_up,
        not_found: range(one.not_found),
        minutes: range(one.minutes),
        near: range(one.near),
        far: range(one.far),
        framework: range(one.framework),
        spot: range(one.spot),
        beds: range(one.beds),
        still: (one.still != Range::default()).then(|| range(one.still)),
    }
}

fn lot(paid: &Paid) -> print::PaidRow {
    let cell = |(count, price): (u32, Option<i64>)| print::PaidCell { count, price };
    print::PaidRow {
        lot: paid.lot.replace('_', " "),
        own: cell(paid.own),
        like: cell(paid.like),
        larger: cell(paid.larger),
        region: cell(paid.region),
    }
}

fn assumed(appraised: &Appraised, group: Group) -> print::AssumedGroup {
    let rows = Assumption::ALL.iter().filter(|one| one.group() == group).map(|one| {
        let assumed = appraised.assumptions.of(*one);
        let from = match assumed.origin {
            Origin::Record(how) => how,
            Origin::Estimate(why) => why,
            Origin::Typed { instead_of } => format!("Entered in place of {}", one.unit().show(instead_of)),
        };
        print::AssumedRow { label: one.label().to_owned(), value: one.unit().show(assumed.value), from }
    });
    print::AssumedGroup { heading: group.label().to_owned(), rows: rows.collect() }
}
