//! The labels that published pages put before a field, in the wordings that councils use.

use super::lines::{Line, squash};

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Text under no label.
    Loose,
    Title,
    Reference,
    DecisionMaker,
    GoverningBody,
    Status,
    KeyDecision,
    CallIn,
    Purpose,
    Decision,
    Alternatives,
    Reasons,
    Conflicts,
    Dispensations,
    Urgency,
    ReasonKey,
    Wards,
    Contact,
    Published,
    Decided,
    Effective,
    Documents,
    SourceUrl,
    AnnualValue,
    Finance,
    Term,
    TermStart,
    TermEnd,
    Option,
    /// A label that is known and whose content is not read.
    Other,
}

impl Field {
    /// Whether the field's content goes on to the next label, rather than being one line.
    pub(super) fn runs_on(self) -> bool {
        matches!(
            self,
            Self::Purpose
                | Self::Decision
                | Self::Alternatives
                | Self::Reasons
                | Self::Conflicts
                | Self::Dispensations
                | Self::Urgency
                | Self::Documents
                | Self::Finance
                | Self::Other
        )
    }
}

/// Each field's labels, simplified by [`simple`]; several to a string, parted by bars.
const LABELS: [(Field, &str); 28] = [
    (
        Field::Title,
        "title|decision title|report title|title of decision|title of report|subject|subject of decision|name of decision",
    ),
    (
        Field::Reference,
        "reference|ref|ref no|reference no|reference number|decision reference|decision reference number|decision ref|\
         decision number|decision no|decision id|forward plan reference|forward plan ref",
    ),
    (
        Field::DecisionMaker,
        "decision maker|decision makers|decision taker|decision made by|decision taken by|decision by|made by|taken by|\
         name of decision maker|decision maker post",
    ),
    (Field::GoverningBody, "governing body|decision making body|decision body|body|committee|board"),
    (Field::Status, "decision status|status|status of decision|outcome|decision outcome"),
    (
        Field::KeyDecision,
        "is key decision|key decision|is this a key decision|is it a key decision|is the decision a key decision|key|\
         type of decision|decision type",
    ),
    (
        Field::CallIn,
        "is subject to call in|subject to call in|is this decision subject to call in|is the decision subject to call in|\
         is it subject to call in|is callable in|callable in|is call in|open to call in|eligible for call in|\
         is this subject to call in|is eligible for call in|call in|call in applies",
    ),
    (
        Field::Purpose,
        "purpose|purposes|purpose of decision|purpose of the decision|purpose of report|purpose of the report|summary|\
         decision summary|summary of decision|description|purpose and summary",
    ),
    (
        Field::Decision,
        "decision|decisions|the decision|decision made|decision taken|details of decision|details of the decision|\
         decision text|resolved|resolution|resolutions|it was resolved|resolved that|recommendation|recommendations|content|\
         record of decision|decision and recommendations|agreed",
    ),
    (
        Field::Alternatives,
        "alternatives|alternatives considered|alternative options|options considered|other options considered|\
         options considered and rejected|other options considered and rejected|alternate options considered",
    ),
    (
        Field::Reasons,
        "reasons|reasons for decision|reason for decision|reasons for the decision|reason for the decision|\
         reasons for recommendation|reasons for recommendations|reason for recommendation|reason for recommendations|\
         reasons for the recommendation|reasons for the recommendations|decision reasons|reasons for decisions|\
         reasons for the decisions",
    ),
    (
        Field::Conflicts,
        "conflict of interest|conflicts of interest|declarations of interest|declaration of interest|interests declared",
    ),
    (Field::Dispensations, "dispensation|dispensations|dispensations granted|dispensation granted"),
    (
        Field::Urgency,
        "urgency|reason for urgency|reasons for urgency|is urgent|is urgent decision|urgent decision|is the decision urgent|\
         is this decision urgent|is this an urgent decision|special urgency|general exception",
    ),
    (
        Field::ReasonKey,
        "reason key|reason for key decision|reason for being key|reason decision is key|reason why key|why key|\
         key decision reason|reason it is a key decision|reason the decision is key|key decision criteria",
    ),
    (
        Field::Wards,
        "wards affected|ward affected|wards|ward|affected wards|electoral divisions affected|electoral division affected|\
         divisions affected|divisions|areas affected",
    ),
    (
        Field::Contact,
        "contact|contacts|contact officer|contact details|contact person|contact name|officer contact|lead officer|\
         for further information contact|contact for further information|report author|enquiries to",
    ),
    (
        Field::Published,
        "publication date|date of publication of decision|published|published on|date published|date of publication|decision published|\
         decision published on|decision publication date|publish date|publishing date",
    ),
    (
        Field::Decided,
        "date of decision|date of the decision|decision date|date decision made|date decision taken|date decided|\
         decided on|decision made on|decision taken on|date made|date taken|made on|taken on|decided",
    ),
    (
        Field::Effective,
        "effective from|effective|effective date|decision effective from|date effective|comes into effect|\
         comes into effect on|coming into effect|comes into force|date comes into effect|takes effect|takes effect from|\
         takes effect on|implementation date|date of implementation|implementation date not before|\
         decision effective date|date decision effective|date decision takes effect|date decision comes into effect|date of effect|\
         decision takes effect|date of coming into effect|can be implemented from|may be implemented from|in effect from",
    ),
    (
        Field::Documents,
        "accompanying documents|documents|supporting documents|background documents|background papers|attachments|\
         related documents|associated documents|documents attached",
    ),
    (Field::SourceUrl, "source|source url|url|web address|web page|page address|link to decision|published at"),
    (
        Field::AnnualValue,
        "annual value|estimated annual value|annual contract value|maximum annual value|annual cost|annual spend|\
         annual ceiling|annual limit|value per annum|annual budget|estimated annual cost",
    ),
    (
        Field::Finance,
        "financial implications|resource implications|finance implications|value|cost|costs|contract value|budget|\
         financial implication|estimated value",
    ),
    (
        Field::Term,
        "term|contract term|contract period|term of contract|term of arrangement|contract duration|duration|period",
    ),
    (Field::TermStart, "start date|contract start date|commencement date|term start|start of term|contract start"),
    (Field::TermEnd, "end date|contract end date|expiry date|term end|end of term|contract end|contract expiry date"),
    (Field::Option, "option to extend|extension option|extension options|options to extend|extension|extension period"),
];

/// Known labels whose content is not read.
const OTHERS: &str = "other reasons organisations consulted|consultees|consultation|consultation undertaken|decision due|\
    decision due date|due date|decision due by|call in deadline|deadline for call in|call in date|date of call in|\
    last date for call in|call in expires|department|directorate|portfolio|service area|lead member|lead director|\
    decision history|notice of decision|notice of proposed decision|legal implications|risk management|community impact|\
    equality duty|explanation of anticipated restriction|restriction|first published|agenda item|decision notice|\
    date of meeting|meeting date|appendices|consulted|political group consultation|report by|background";

/// Labels of a single everyday word, which count only with a colon, question mark or cell behind them.
const NEEDS_MARK: &str = "call in|record of decision|ref|status|outcome|key|body|committee|board|subject|summary|description|content|agreed|ward|\
    published|decided|effective|source|url|value|cost|costs|budget|term|duration|period|extension|consultation|\
    department|directorate|portfolio|restriction|background|consulted|divisions|resolved|made by|taken by|made on|\
    taken on|due date|decision by|appendices|in effect from|takes effect|decision type|\
    decisions|contacts|contact details|documents|title|reference|attachments|general exception|first published";

/// The label that the line begins with, and what stands behind it on the line.
pub(super) fn split(line: &Line) -> Option<(Field, &str)> {
    let heading = line.heading;
    let line = line.text.as_str();
    let line = line.trim().trim_start_matches(['*', '#', '\u{2022}', '_']).trim();
    if line.is_empty() || line.len() > 4000 {
        let (head, rest) = line.split_once(':')?;
        return field(&simple(head), true).map(|field| (field, rest.trim()));
    }
    let marks: [Option<(usize, usize)>; 4] = [
        line.find(':').filter(|at| !line[*at..].starts_with("://")).map(|at| (at, 1)),
        line.find('?').map(|at| (at, 1)),
        gap(line),
        [" - ", " \u{2013} ", " \u{2014} ", " | "].iter().filter_map(|dash| Some((line.find(dash)?, dash.len()))).min(),
    ];
    for (at, width) in marks.into_iter().flatten() {
        if let (Some(head), Some(rest)) = (line.get(..at), line.get(at + width..))
            && let Some(field) = field(&simple(head), true)
        {
            return Some((field, rest.trim_start_matches(['?', ':', '*', '_', '|']).trim()));
        }
    }
    field(&simple(line), heading).map(|field| (field, ""))
}

/// A tab or a run of spaces, as between the cells of a copied table.
fn gap(line: &str) -> Option<(usize, usize)> {
    let tab = line.find('\t').map(|at| (at, 1));
    let spaces =
        ["  ", "\u{a0}\u{a0}", " \u{a0}", "\u{a0} "].iter().filter_map(|run| Some((line.find(run)?, run.len()))).min();
    tab.or(spaces)
}

fn field(label: &str, marked: bool) -> Option<Field> {
    if label.is_empty() || label.len() > 240 || (!marked && listed(NEEDS_MARK, label)) {
        return None;
    }
    LABELS
        .iter()
        .find(|(_, names)| listed(names, label))
        .map(|(field, _)| *field)
        .or_else(|| listed(OTHERS, label).then_some(Field::Other))
        .or_else(|| by_wording(label, marked))
}

fn listed(names: &str, label: &str) -> bool {
    names.split('|').any(|name| name.trim() == label)
}

/// Labels that differ in length from council to council, known by their key words.
fn by_wording(label: &str, marked: bool) -> Option<Field> {
    let words = label.split(' ').count();
    if words > if marked { 30 } else { 14 } {
        return None;
    }
    let has = |word: &str| label.contains(word);
    let opens = |starts: &[&str]| starts.iter().any(|start| label.starts_with(start));
    if has("alternative")
        && (has("option") || has("considered"))
        && opens(&["alternative", "details of", "any alternative", "other"])
    {
        return Some(Field::Alternatives);
    }
    if has("interest")
        && (has("conflict") || has("declar"))
        && opens(&[
            "conflict",
            "details of",
            "any ",
            "record of",
            "a record of",
            "declar",
            "interests declared",
            "member interests",
        ])
    {
        return Some(Field::Conflicts);
    }
    if has("dispensation") && opens(&["dispensation", "details of", "any ", "note of", "a note of", "record of"]) {
        return Some(Field::Dispensations);
    }
    None
}

/// A label for comparing: lower case, words only, "(s)" as plain s, hyphens as spaces.
pub(super) fn simple(label: &str) -> String {
    let lower = label.to_lowercase().replace("(s)", "s");
    let bare: String = lower
        .chars()
        .filter(|c| !matches!(c, '\'' | '\u{2019}'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    squash(&bare)
}
