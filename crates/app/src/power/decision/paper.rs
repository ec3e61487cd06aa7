//! A published decision on paper: the public record, typeset when somebody asks for it.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::money::Pence;
use placewell_domain::power::decision::{
    DecisionPage, Difference, GoverningBody, LimbEffect, Words, differences, words,
};
use placewell_paper::DocumentMoment;
use placewell_paper::power::decision as print;

use super::DecisionText;
use super::queries::DecisionRecord;
use crate::answer::{Answer, Outcome};
use crate::clock::moment_at;
use crate::command::App;

/// A contract that rests on a decision, as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedContract {
    /// Its reference.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// The supplier.
    pub supplier: String,
    /// The first day.
    pub starts: Date,
    /// The last day.
    pub ends: Date,
    /// Its value over its term, to the nearest £1,000.
    pub value: Option<Pence>,
}

impl App {
    /// A published decision as a tagged PDF, with the contracts that rest on it and what later versions changed: public.
    /// Its moment is that of the text it prints.
    pub async fn decision_pdf(
        &self,
        reference: &str,
        record_url: &str,
        contracts: Vec<LinkedContract>,
    ) -> Answer<Vec<u8>> {
        let record = self.public_decision(reference).await?;
        let now = self.calendar.now();
        let moment = DocumentMoment(record.texts.first().map_or(now.at, |text| text.recorded_at));
        let paper = paper_of(&record, record_url, contracts, now.today());
        let typeset = tokio::task::spawn_blocking(move || print::decision(&paper, moment));
        let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
        bytes.map_err(|error| Outcome::Fault(error.to_string()))
    }
}

/// What each version of the public text changed of the one before, the latest first.
fn versions(record: &DecisionRecord) -> Vec<print::Version> {
    let pairs = record.texts.iter().zip(record.texts.iter().skip(1));
    let version = |(text, before): (&DecisionText, &DecisionText)| print::Version {
        version: text.version,
        on: moment_at(text.recorded_at).today(),
        why: text.why.clone(),
        fields: differences(&before.page, &text.page).iter().map(changed).collect(),
    };
    pairs.map(version).filter(|version| !version.fields.is_empty()).collect()
}

fn changed(difference: &Difference) -> print::ChangedField {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for run in words(&difference.before, &difference.after) {
        match run {
            Words::Same(text) => {
                before.push(print::Run { text: text.clone(), alone: false });
                after.push(print::Run { text, alone: false });
            }
            Words::Removed(text) => before.push(print::Run { text, alone: true }),
            Words::Added(text) => after.push(print::Run { text, alone: true }),
        }
    }
    print::ChangedField { field: difference.field.to_owned(), before, after }
}

fn contract(one: LinkedContract) -> print::Contract {
    print::Contract {
        reference: one.reference,
        title: one.title,
        supplier: one.supplier,
        starts: one.starts,
        ends: one.ends,
        value: one.value.map(|value| value.0),
    }
}

fn paper_of(
    record: &DecisionRecord,
    record_url: &str,
    contracts: Vec<LinkedContract>,
    today: Date,
) -> print::DecisionPaper {
    let (decision, page) = (&record.decision, &record.decision.page);
    let dates = decision.date_line(today);
    print::DecisionPaper {
        reference: decision.reference.clone(),
        authority: record.authority.clone(),
        title: page.title.clone(),
        standing: record.standing.label().to_owned(),
        issued_on: today,
        differs: dates.as_ref().map(|line| line.differs.clone()).unwrap_or_default(),
        dates: dates.map(|line| line.sentence).unwrap_or_default(),
        head: head(page),
        purpose: page.purpose.clone(),
        limbs: page
            .limbs
            .iter()
            .map(|limb| print::LimbBlock {
                letter: limb.letter.to_string(),
                text: limb.text.clone(),
                allows: limb.effects.iter().map(LimbEffect::sentence).collect(),
            })
            .collect(),
        alternatives: page.alternatives.iter().map(|option| format!("{}. {}", option.number, option.text)).collect(),
        foot: foot(page),
        documents: page.documents.iter().map(|document| document.title.clone()).collect(),
        not_said: record
            .asked_for
            .iter()
            .map(|asked| print::Fact { label: asked.label.to_owned(), value: Some(format!("{}.", asked.why)) })
            .collect(),
        contracts: contracts.into_iter().map(contract).collect(),
        versions: versions(record),
        record_url: record_url.to_owned(),
    }
}

fn fact(label: &str, value: Option<String>) -> print::Fact {
    print::Fact { label: label.to_owned(), value }
}

fn yes_no(answer: Option<bool>) -> Option<String> {
    answer.map(|yes| if yes { "Yes" } else { "No" }.to_owned())
}

fn head(page: &DecisionPage) -> Vec<print::Fact> {
    vec![
        fact("Decision maker", page.decision_maker.clone()),
        fact("Governing body", page.governing_body.map(GoverningBody::label).map(str::to_owned)),
        fact("Decision status", page.status.clone()),
        fact("Is key decision?", yes_no(page.key_decision)),
        fact("Is subject to call in?", yes_no(page.subject_to_call_in)),
    ]
}

fn foot(page: &DecisionPage) -> Vec<print::Fact> {
    vec![
        fact("Reasons for the decision", page.reasons.clone()),
        fact("Conflicts of interest", page.conflicts_of_interest.clone()),
        fact("Dispensations", page.dispensations.clone()),
        fact("Urgency", page.urgency.clone()),
        fact("Reason key", page.reason_key.clone()),
        fact("Wards affected", page.wards.clone()),
        fact("Contact", page.contact.clone()),
        fact("Publication date", page.published_on.map(long_date)),
        fact("Date of decision", page.decided_on.map(long_date)),
        fact("Effective from", page.effective_from.map(long_date)),
    ]
}
