//! Words of the field, each defined once: `/help/words`. Pages link here by the word, not by an icon.

use askama::Template;

use crate::samples;
use crate::shell::Shell;

/// A word: its id in the address (`/help/words#offer`), itself, and what it means here.
pub struct Word {
    /// The part of the address after `#`.
    pub id: &'static str,
    /// The word.
    pub word: &'static str,
    /// What it means here.
    pub meaning: &'static str,
}

const fn word(id: &'static str, word: &'static str, meaning: &'static str) -> Word {
    Word { id, word, meaning }
}

/// The words in alphabetical order.
pub const WORDS: [Word; 37] = [
    word(
        "additional-services",
        "Additional services",
        "What a provider charges for beyond the core price, line by line, such as education or therapy.",
    ),
    word(
        "annual-value",
        "Annual value",
        "The most an authority may commit through the arrangement in one year, as its own decision sets it.",
    ),
    word(
        "area-authority",
        "Area authority",
        "The authority in whose area the home stands. It is told of a placement, and consulted where the law says so.",
    ),
    word(
        "assistant-director",
        "Assistant Director",
        "A senior officer to whom a decision gives power over awards within a stated remit.",
    ),
    word(
        "assurance-inspection",
        "Assurance inspection",
        "A visit by Ofsted that looks at safety and leadership and gives no grades.",
    ),
    word(
        "authority",
        "Authority or trust",
        "A council, or the trust that runs children's services for it. Both are called authority after first mention.",
    ),
    word(
        "call-in",
        "Call-in",
        "The days after a decision is published in which councillors may ask for it to be looked at again. It has no effect until they end.",
    ),
    word(
        "childrens-home",
        "Children's home",
        "A home registered with Ofsted that gives care and accommodation to children. Also just home.",
    ),
    word(
        "complex-needs",
        "Complex needs",
        "Needs that call for more than a standard home gives, such as solo care, therapy, or two or more staff for one child.",
    ),
    word("core-price", "Core price", "The price a week for care and accommodation, before additional services."),
    word("decline", "Decline", "A provider's answer that it makes no offer, with its reason."),
    word(
        "delegated-authority",
        "Delegated authority",
        "Power that a decision gives to the holder of a post, such as a Director.",
    ),
    word(
        "director",
        "Director",
        "The director of children's services, whom the law makes answerable for the authority's children.",
    ),
    word(
        "effective-from",
        "Effective from",
        "The day from which a decision gives power. Until then nothing can be awarded under it.",
    ),
    word(
        "emergency-placement",
        "Emergency placement",
        "A placement that cannot wait for the usual order of approval, which is then completed after it.",
    ),
    word(
        "fca",
        "Flexible Contracting Arrangement (FCA)",
        "The region's arrangement with providers: evaluated once for all, on one set of terms, and open to new providers at set times.",
    ),
    word("joint-funding", "Joint funding", "A part of the price that health or education pays."),
    word(
        "key-decision",
        "Key decision",
        "A decision that is large in money or in effect on communities, and so is announced before it is taken.",
    ),
    word(
        "looked-after-child",
        "Looked-after child",
        "A child in the care of an authority, or given accommodation by it.",
    ),
    word("matching", "Matching", "Setting a home's care, place and present children beside what a child needs."),
    word(
        "mini-block",
        "Mini-block contract",
        "A contract for a few beds, paid for whether used or not, by one authority or several.",
    ),
    word("notice-period", "Notice period", "The days between telling that a placement will end and its end."),
    word(
        "offer",
        "Offer",
        "A provider's answer to a referral: a home, a bed, a start date and a price. Providers may call it a bid.",
    ),
    word("placement", "Placement", "A child's stay in a home under an agreement."),
    word(
        "placement-agreement",
        "Placement agreement",
        "The contract for one child's placement. Also called individual placement agreement or IPA.",
    ),
    word("placing-authority", "Placing authority", "The authority or trust that arranges the placement."),
    word(
        "pre-placement-checks",
        "Pre-placement checks",
        "What must be known of a home before a child moves in. Many are done once for the region.",
    ),
    word("provider", "Provider", "The organisation that owns and runs homes."),
    word(
        "referral",
        "Referral",
        "What an authority tells providers of a child's needs when it looks for a home, without naming the child.",
    ),
    word(
        "regional-evaluation",
        "Regional evaluation",
        "The check of a provider, done once, that every authority in the region relies on.",
    ),
    word("registered-manager", "Registered manager", "The person registered with Ofsted to manage a home."),
    word(
        "regulation-44",
        "Regulation 44 visit",
        "An independent person's monthly visit to a home, with a report. Regulation 45 is the provider's own review.",
    ),
    word(
        "responsible-authority",
        "Responsible authority",
        "The authority that looks after the child and answers for the placement, even where a trust arranges it.",
    ),
    word(
        "responsible-individual",
        "Responsible individual",
        "The person who answers to Ofsted for a provider's homes.",
    ),
    word(
        "spot-purchase",
        "Spot purchase",
        "A placement for one child bought outside the arrangement, for a stated reason.",
    ),
    word("unplanned-end", "Unplanned end", "The end of a placement before its agreed end and without a plan."),
    word(
        "unregistered",
        "Unregistered",
        "A setting that should be registered with Ofsted and is not. Running one is an offence, and none can be bought here.",
    ),
];

/// The page of words.
#[derive(Template)]
#[template(path = "system/words.html")]
pub struct WordsPage {
    shell: Shell,
}

impl WordsPage {
    /// The page.
    pub fn new(shell: Shell) -> Self {
        Self { shell: shell.titled("Words used in this service") }
    }
}

/// One sample.
pub fn samples() -> Vec<(&'static str, String)> {
    vec![("words", WordsPage::new(samples::public_shell()).to_string())]
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn words_stand_in_alphabetical_order() {
        assert!(WORDS.is_sorted_by_key(|word| word.word.to_lowercase()));
    }

    #[test]
    fn a_meaning_takes_24_words_a_sentence_at_most() {
        for word in &WORDS {
            for sentence in word.meaning.split(". ") {
                assert!(sentence.split_whitespace().count() <= 24, "{}: {sentence}", word.word);
            }
        }
    }
}
