//! A published decision on paper: the public record, typeset when somebody asks for it.

use jiff::civil::Date;
use placewell_domain::power::decision::{DecisionPage, GoverningBody, LimbEffect, long_date};
use placewell_paper::DocumentMoment;
use placewell_paper::power::decision as print;

use super::queries::DecisionRecord;
use crate::answer::{Answer, Outcome};
use crate::command::App;

impl App {
    /// A published decision as a tagged PDF: public. Its moment is that of the text it prints.
    pub async fn decision_pdf(&self, reference: &str, record_url: &str) -> Answer<Vec<u8>> {
        let record = self.public_decision(reference).await?;
        let now = self.calendar.now();
        let moment = DocumentMoment(record.texts.first().map_or(now.at, |text| text.recorded_at));
        let paper = paper_of(&record, record_url, now.today());
        let typeset = tokio::task::spawn_blocking(move || print::decision(&paper, moment));
        let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
        bytes.map_err(|error| Outcome::Fault(error.to_string()))
    }
}

fn paper_of(record: &DecisionRecord, record_url: &str, today: Date) -> print::DecisionPaper {
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
