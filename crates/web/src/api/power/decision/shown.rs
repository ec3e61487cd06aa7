//! A decision as it is sent: where it stands today, its dates with their arithmetic, its page.

use jiff::civil::Date;
use placewell_app::power::decision::{DecisionRecord, DecisionText};
use placewell_app::reporting::publication::{Dependant, Held};
use placewell_domain::power::decision::{Decision, Difference, differences};
use serde::Serialize;
use utoipa::ToSchema;

use super::page::PageBody;

/// A decision in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecisionLine {
    /// Its reference.
    #[schema(example = "HEF-2019-0114")]
    pub(super) reference: String,
    /// Its title.
    title: String,
    /// Whose it is.
    authority: String,
    /// The stored state, such as `published`.
    #[schema(example = "published")]
    state: String,
    /// Where it stands today, in words.
    #[schema(example = "Effective")]
    standing: String,
    /// The day of publication.
    published_on: Option<Date>,
    /// The first day on which its powers hold, where that is settled.
    effective_from: Option<Date>,
}

impl DecisionLine {
    pub(super) fn of(decision: &Decision, authority: String, today: Date) -> Self {
        Self {
            reference: decision.reference.clone(),
            title: decision.page.title.clone(),
            authority,
            state: decision.state.name().to_owned(),
            standing: decision.standing(today).label().to_owned(),
            published_on: decision.state.publication().map(|publication| publication.published_on),
            effective_from: decision.effective_on(),
        }
    }
}

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision)]
pub(super) struct DecisionShown {
    #[serde(flatten)]
    line: DecisionLine,
    /// Its version, also in the `ETag`.
    version: i64,
    /// Whether its powers hold today.
    in_force: bool,
    /// Decided, published, call-in, effective, in a sentence.
    dates: Option<String>,
    /// The rule that gave the computed date.
    dates_rule: Option<String>,
    /// How a recorded date differs from the computed one; the recorded one holds.
    dates_differ: Option<String>,
    /// The last day on which it may be called in.
    call_in_closes: Option<Date>,
    /// The reference of the decision that it amends.
    amends: Option<String>,
    /// What the page says.
    page: PageBody,
    /// What the law requires of the record and it lacks, by field.
    missing: Vec<String>,
    /// Its earlier and present texts, the latest first.
    texts: Vec<TextLine>,
    /// What depends on it, for officers of its authority; null for everybody else and before it is published.
    pub(super) dependants: Option<Vec<DependantLine>>,
}

/// Something that rests on a decision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionDependant)]
pub(super) struct DependantLine {
    /// What it is, by reference or count; no child and no home.
    #[schema(example = "Approval HEF-D-0088 waits")]
    what: String,
    /// Whether a call-in holds it until the decision maker confirms; else it goes on.
    held: bool,
}

impl From<Dependant> for DependantLine {
    fn from(one: Dependant) -> Self {
        Self { what: one.what, held: one.held == Held::Held }
    }
}

/// A text that a decision has had.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionText)]
struct TextLine {
    /// The version of the record that it came with.
    version: i64,
    /// The state then.
    state: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: String,
    /// Why it was corrected, where it was.
    why: Option<String>,
    /// How it differs from the text before.
    changed: Vec<FieldChange>,
}

/// A field of a page that two texts hold otherwise.
#[derive(Debug, Serialize, ToSchema)]
struct FieldChange {
    /// The field, as the page names it.
    field: String,
    /// What it said.
    before: String,
    /// What it says.
    after: String,
}

/// The difference of a text from the one before it.
fn changes(texts: &[DecisionText], at: usize) -> Vec<FieldChange> {
    let both = texts.get(at).zip(texts.get(at + 1));
    let found = both.map_or_else(Vec::new, |(text, before)| differences(&before.page, &text.page));
    let change = |one: Difference| FieldChange { field: one.field.to_owned(), before: one.before, after: one.after };
    found.into_iter().map(change).collect()
}

impl DecisionShown {
    #[allow(clippy::needless_pass_by_value)] // what is shown ends here
    pub(super) fn of(record: DecisionRecord, today: Date) -> Self {
        let decision = &record.decision;
        let publication = decision.state.publication();
        let dates = decision.date_line(today);
        let texts = record.texts.iter().enumerate().map(|(at, text)| TextLine {
            why: text.why.clone(),
            changed: changes(&record.texts, at),
            version: text.version,
            state: text.state.clone(),
            recorded_at: text.recorded_at.to_string(),
        });
        Self {
            line: DecisionLine::of(decision, record.authority.clone(), today),
            version: decision.version,
            in_force: decision.in_force(today),
            dates: dates.as_ref().map(|dates| dates.sentence.clone()),
            dates_rule: dates.as_ref().and_then(|dates| dates.rule.clone()),
            dates_differ: dates.filter(|dates| !dates.differs.is_empty()).map(|dates| dates.differs.join(" ")),
            call_in_closes: publication
                .filter(|all| all.window.is_some())
                .map(placewell_domain::power::decision::Publication::closes),
            amends: record.amends.clone(),
            page: PageBody::from(&decision.page),
            missing: record.missing.iter().map(|field| (*field).to_owned()).collect(),
            texts: texts.collect(),
            dependants: None,
        }
    }
}
