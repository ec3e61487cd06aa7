//! Why a home outside the arrangement is bought, coded (rule 7.1). Each reason says what it rests on, and is refused where
//! what is recorded contradicts it. "Ceiling reached" is none of them (rule 3.6).

use super::evidence::{Document, DocumentKind, EvidenceLine, Held, HomeAnswer, TriedHome};
use crate::outcome::Refusal;
use crate::placing::invitation::DeclineReason;
use crate::power::annual_value::spot_beside_ceiling;

coded! {
    /// Why the arrangement is not used.
    SpotReason {
        NoneAvailable "none_available" "No home on the arrangement has a bed for this child";
        NoneMatched "none_matched" "No home on the arrangement matches this child's needs";
        NoneAnswered "none_answered" "No home on the arrangement answered in time";
        Emergency "emergency" "Emergency: the child needs a home by the end of the next working day";
        AlreadyThere "already_there" "The child, or a sibling, already lives there";
        MovesWithProvider "moves_with_provider" "The child moves to another home of the present provider";
        CourtDirection "court_direction" "A court directs it";
        OutsideLots "outside_lots" "The service is outside all lots of the arrangement";
        TransferredIn "transferred_in" "Responsibility for the child was transferred in";
        BeganBefore "began_before" "The placement began before the arrangement";
    }
}

/// What people write who think that the ceiling is a reason.
const CEILING: [&str; 3] = ["ceiling_reached", "ceiling", "annual_value"];

const RULE: &str = "Spot purchase: a coded reason with its evidence, which the record does not contradict";

impl SpotReason {
    /// The reason with this code; none for an unknown one. That the ceiling is reached is refused by its own rule.
    pub fn asked(code: &str) -> Result<Option<Self>, Refusal> {
        if CEILING.contains(&code) {
            spot_beside_ceiling(true, None)?;
        }
        Ok(Self::from_code(code))
    }

    /// What the reason rests on, in a sentence for the form.
    #[must_use]
    pub const fn rests_on(self) -> &'static str {
        match self {
            Self::NoneAvailable => {
                "The homes asked declined for want of a bed, or the search found none with a bed free."
            }
            Self::NoneMatched => "The homes asked declined for the match, or the search found none that fits.",
            Self::NoneAnswered => "Homes on the arrangement were asked, the deadline has passed, and none answered.",
            Self::Emergency => "The referral says why it is an emergency, and the start is by the next working day.",
            Self::AlreadyThere => "An agreement at that home for the child or a linked sibling, or a document.",
            Self::MovesWithProvider => "A live agreement for the child with the same provider, or a document.",
            Self::CourtDirection => "The court's order or direction.",
            Self::OutsideLots => "No home on the arrangement was found, and a document that describes the service.",
            Self::TransferredIn => "The former authority's letter.",
            Self::BeganBefore => "A document dated before the arrangement's first day.",
        }
    }

    /// The evidence for it; refused where the record contradicts it, or where nothing supports it.
    pub fn evidence(self, held: &Held<'_>, document: Option<&Document>) -> Result<Vec<EvidenceLine>, Refusal> {
        let mut lines = match self {
            Self::NoneAvailable => self.none_will(held, no_bed, "no_bed_free")?,
            Self::NoneMatched => self.none_will(held, |reason| !no_bed(reason), "")?,
            Self::NoneAnswered => self.none_answered(held)?,
            Self::Emergency => self.emergency(held)?,
            Self::AlreadyThere => self.lives(held.there, document, "lives at this home")?,
            Self::MovesWithProvider => self.lives(held.with_provider, document, "is with this provider")?,
            Self::CourtDirection => self.document(document, &[DocumentKind::CourtOrder])?,
            Self::TransferredIn => self.document(document, &[DocumentKind::AuthoritysLetter])?,
            Self::OutsideLots => {
                self.nobody_could(held)?;
                self.document(document, &[DocumentKind::ServiceDescription, DocumentKind::ProvidersLetter])?
            }
            Self::BeganBefore => self.began_before(held, document)?,
        };
        if let Some(document) = document.filter(|_| !lines.iter().any(|line| line.source == DOCUMENT)) {
            lines.push(of_document(document));
        }
        Ok(lines)
    }

    /// Nobody on the arrangement will take the child: each home asked declined, was not chosen, or said nothing in time,
    /// one of them at least for this cause; or the search found none, for this cause.
    fn none_will(
        self,
        held: &Held<'_>,
        cause: impl Fn(DeclineReason) -> bool,
        left_out: &str,
    ) -> Result<Vec<EvidenceLine>, Refusal> {
        let tried = held.tried;
        self.nobody_could(held)?;
        if let Some(waiting) = tried.arrangement().find(|home| home.answer == HomeAnswer::Waiting) {
            return Err(self.contradicted("A home on the arrangement can still answer.", &waiting.line()));
        }
        let caused = |home: &TriedHome| match home.answer {
            HomeAnswer::Declined(reason) => cause(reason),
            HomeAnswer::NotChosen => left_out.is_empty(),
            HomeAnswer::Waiting | HomeAnswer::Silent | HomeAnswer::Offered => false,
        };
        if tried.arrangement().any(caused) {
            return Ok(tried.arrangement().map(TriedHome::evidence).chain(tried.search_line(left_out)).collect());
        }
        match tried.search_line(left_out) {
            Some(line) if tried.arrangement().next().is_none() => Ok(vec![line]),
            Some(_) | None => {
                let found = format!("{} homes on the arrangement asked", tried.arrangement().count());
                Err(self.contradicted("Neither the search nor the homes' answers show it.", &found))
            }
        }
    }

    fn none_answered(self, held: &Held<'_>) -> Result<Vec<EvidenceLine>, Refusal> {
        let tried = held.tried;
        self.nobody_could(held)?;
        let answered = tried.arrangement().find(|home| home.answer != HomeAnswer::Silent);
        if let Some(home) = answered {
            return Err(
                self.contradicted("A home on the arrangement answered, or can still answer in time.", &home.line())
            );
        }
        if tried.arrangement().next().is_none() {
            return Err(self.contradicted("No home on the arrangement was asked.", "0 asked"));
        }
        Ok(tried.arrangement().map(TriedHome::evidence).collect())
    }

    fn emergency(self, held: &Held<'_>) -> Result<Vec<EvidenceLine>, Refusal> {
        let Some(cause) = held.emergency else {
            return Err(self.contradicted("The referral gives no cause of an emergency.", "planned search"));
        };
        if held.start > held.next_working_day {
            let found = format!("start {}, next working day {}", held.start, held.next_working_day);
            return Err(self.contradicted("The start is later than the next working day.", &found));
        }
        let line = |what: String| EvidenceLine { what, source: "Referral".to_owned(), on: Some(held.start) };
        Ok(vec![line(format!("{}; start by {}", cause.label(), held.next_working_day))])
    }

    fn lives(
        self,
        agreements: &[String],
        document: Option<&Document>,
        what: &str,
    ) -> Result<Vec<EvidenceLine>, Refusal> {
        let lines: Vec<EvidenceLine> = agreements
            .iter()
            .map(|reference| EvidenceLine {
                what: format!("{reference}: the child or a sibling {what}"),
                source: "Agreements".to_owned(),
                on: None,
            })
            .collect();
        if lines.is_empty() { self.document(document, DocumentKind::ALL) } else { Ok(lines) }
    }

    fn began_before(self, held: &Held<'_>, document: Option<&Document>) -> Result<Vec<EvidenceLine>, Refusal> {
        let lines = self.document(document, DocumentKind::ALL)?;
        match (held.arrangement_start, document) {
            (Some(start), Some(document)) if document.on >= start => Err(self.contradicted(
                "The document is not from before the arrangement's first day.",
                &format!("{}, arrangement from {start}", document.on),
            )),
            _ => Ok(lines),
        }
    }

    fn document(self, document: Option<&Document>, kinds: &[DocumentKind]) -> Result<Vec<EvidenceLine>, Refusal> {
        match document {
            Some(document) if kinds.contains(&document.kind) => Ok(vec![of_document(document)]),
            Some(_) | None => {
                let kinds: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
                Err(self.contradicted(
                    "Nothing on record supports it; a document is needed.",
                    &format!("one of: {}", kinds.join(", ").to_lowercase()),
                ))
            }
        }
    }

    /// An offer of a home on the arrangement that can still be chosen contradicts that there is none.
    fn no_offer_stands(self, held: &Held<'_>) -> Result<(), Refusal> {
        match held.tried.arrangement().find(|home| home.answer == HomeAnswer::Offered) {
            Some(home) => {
                Err(self.contradicted("A home on the arrangement has an offer that can be chosen.", &home.line()))
            }
            None => Ok(()),
        }
    }

    fn nobody_could(self, held: &Held<'_>) -> Result<(), Refusal> {
        self.no_offer_stands(held)?;
        match held.tried.could_meet() {
            0 => Ok(()),
            found => {
                let found = format!("{found} homes on the arrangement could meet the needs");
                Err(self.contradicted("Homes on the arrangement that could meet the needs were not asked.", &found))
            }
        }
    }

    fn contradicted(self, why: &str, found: &str) -> Refusal {
        Refusal::new(
            "reason_contradicted",
            RULE,
            format!("\u{201c}{}\u{201d} does not hold: {}", self.label(), lower_first(why)),
            "You, by choosing the reason that the record bears out, or by asking homes on the arrangement",
        )
        .found(found)
    }
}

const DOCUMENT: &str = "Document";

fn of_document(document: &Document) -> EvidenceLine {
    EvidenceLine {
        what: format!("{} {}", document.kind.label(), document.number),
        source: DOCUMENT.to_owned(),
        on: Some(document.on),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

const fn no_bed(reason: DeclineReason) -> bool {
    match reason {
        DeclineReason::NoStaffedBed | DeclineReason::HomeChanging => true,
        DeclineReason::ResidentMix
        | DeclineReason::OutsidePurpose
        | DeclineReason::Risk
        | DeclineReason::DistanceOrArea
        | DeclineReason::Price
        | DeclineReason::InformationMissing => false,
    }
}
