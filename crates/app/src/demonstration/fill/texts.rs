//! The texts of the terms and of the specification, as everybody reads them: short clauses, invented, a page each. A later
//! version is the one before with what it adds.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Instrument, TermsVersion};

use super::papers::page;
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::demonstration::people::LEAD;
use crate::office::document::Brought;
use crate::power::arrangement::{KeepTermsText, keep_text};

/// The arrangement's slug.
const SLUG: &str = "fca";
/// The day before the first contract year.
const FIRST: Date = date(2018, 12, 14);

const TERMS: [&str; 14] = [
    "1. These terms bind each authority that takes part and each provider that is admitted.",
    "2. A placement is made by an individual placement agreement, which names the version of",
    "   these terms that it was made under.",
    "3. The core price of a week is at most the price tendered for the home and lot on that date.",
    "4. Additional support is bought by the hour, for a stated reason, until a stated end.",
    "5. A night belongs to its evening. The first night is charged, the last morning is not.",
    "6. Either side ends a placement by 28 days' notice in writing, and says why.",
    "7. Before notice, both sides meet within two working days of a warning that it is at risk.",
    "8. The provider tells the authority of a serious incident within 24 hours.",
    "9. The provider is insured: 5 million pounds public, 10 million employers' liability.",
    "10. The provider answers a referral, with an offer or a coded reason, by its deadline.",
    "11. Each side protects personal data as a controller of its own, and shares what is needed.",
    "12. The regional team may suspend a home for new placements; children placed there stay.",
    "13. Invoices fall due 30 days after an authority has received them.",
];
const VISITS: &str = "14. From 1 April 2020, a visit may be made by video while a home is closed to visitors.";
const UNDER_16: &str = "15. From 9 September 2021, no child under 16 is placed in an unregistered setting.";

const SPECIFICATION: [&str; 10] = [
    "1. The home is registered with Ofsted and works by its statement of purpose.",
    "2. Each child has a key worker, and a plan that the child has helped to write.",
    "3. A home says before an offer what a child would mean for each child who lives there.",
    "4. Every member of staff who works with children is recruited by Schedule 2.",
    "5. At least half of the staff hold the Level 3 diploma; all others work towards it.",
    "6. Children go to school every day that it is open, or the home says what it does instead.",
    "7. When a child is missing, the home acts by the plan and holds a conversation on return.",
    "8. The home records every restraint, tells the child's social worker, and asks the child.",
    "9. An independent person visits each month; the report reaches the authorities in 14 days.",
    "10. The home sends a quality return each quarter, by the template of its time.",
];

/// The title, an empty line and the clauses.
fn text(title: &str, clauses: &[&str]) -> Answer<Brought> {
    let mut lines = vec![title, ""];
    lines.extend(clauses);
    Brought::checked("Text.pdf", page(&lines))
}

/// The first texts: of the terms as tendered, and of the specification, which binds whoever was admitted from then on.
pub(super) async fn first(app: &Arc<App>) -> Answer<()> {
    app.calendar.move_to(FIRST.at(10, 0, 0, 0));
    let lead = app.actor_by_email(LEAD).await?;
    keep(app, &lead, "1.0", &TERMS).await?;
    let summary = "What a home does for a child, as tendered.".to_owned();
    let version = TermsVersion { version: "1.0".to_owned(), from: date(2018, 12, 15), summary };
    let brought = text("Specification, version 1.0 (invented)", &SPECIFICATION)?;
    let mut work = app.store.begin(lead.organisation, app.calendar.now()).await?;
    work.by(lead.person);
    let done: Answer<()> = async {
        let issued = work.own_arrangement(SLUG).await?.issue_terms(Instrument::Specification, version)?;
        let arrangement = work.apply(issued).await?;
        keep_text(&mut work, &arrangement, (Instrument::Specification, "1.0"), &brought).await
    }
    .await;
    ended(work, done).await
}

/// The text of a later version of the terms, on the day on which it begins.
pub(super) async fn later(app: &Arc<App>, version: &str, on: Date) -> Answer<()> {
    app.calendar.move_to(on.at(9, 0, 0, 0));
    let lead = app.actor_by_email(LEAD).await?;
    let mut clauses = TERMS.to_vec();
    clauses.push(VISITS);
    if version == "1.2" {
        clauses.push(UNDER_16);
    }
    keep(app, &lead, version, &clauses).await
}

async fn keep(app: &Arc<App>, lead: &Actor, version: &str, clauses: &[&str]) -> Answer<()> {
    let text = text(&format!("Terms, version {version} (invented)"), clauses)?;
    let (slug, of, terms) = (SLUG.to_owned(), Instrument::Terms, version.to_owned());
    let command = KeepTermsText { slug, of, terms, text };
    app.perform(lead, &format!("demonstration text {version}"), command).await.map(|_| ())
}
