//! What of all that is held about a child is another's, and is taken out of what is given about the child: names, the numbers
//! of people, what homes asked to be paid, and what they said of the children who live there. What a field is called, or whose
//! number stands in it, decides; what nobody thought of is not given.

use std::collections::BTreeSet;

use placewell_domain::placing::child::spelling::{folded, is_mark, joined, spelled};
use placewell_domain::placing::child::{ChildIdentity, name_words};
use placewell_domain::placing::disclosure::ground::AgreedBy;
use placewell_store::placing::child::held::HeldRows;
use serde_json::Value as Json;

use super::{ANOTHER, NOT_OWN};

/// Numbers from here on are those of records and people; ages, counts and versions are smaller.
const FIRST_NUMBER: i64 = 1 << 22;

/// Fields in which somebody else is named, in words of which not all are names.
const NAMING: &[&str] = &["about", "said_by"];

/// Fields that name people, beside those that are called after what somebody did: `by` and `…_by`.
const PEOPLE: &[&str] = &[
    "about",
    "author",
    "email",
    "group",
    "group_id",
    "officer",
    "officer_id",
    "other_names",
    "person",
    "person_id",
    "signatory",
    "who",
];

/// What an offer says of the children who live at the home.
const OF_RESIDENTS: &[&str] = &["considered", "impact", "residents", "residents_considered", "residents_there"];

/// Records of the child's own placement: what they say of prices was agreed for the child.
const OWN_PRICES: &[&str] = &[
    "agreement",
    "commitment",
    "commitment_entry",
    "commitment_year",
    "opening_paid",
    "over_grant",
    "price_line",
    "support_week",
    "unregistered_stay",
];

/// Records about offers, in whose words amounts are what a home asked to be paid.
const OF_OFFERS: &[&str] = &["approval", "offer", "recommendation"];

/// Words with a capital that are no name.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    "any", "are", "at", "can", "child", "could", "did", "do", "does", "had", "has", "have", "he", "her", "his", "if", "in",
    "is", "it", "known", "may", "no", "not", "on", "one", "or", "our", "she", "somebody", "someone", "that", "the",
    "their", "there", "they", "this", "was", "we", "were", "what", "which", "who", "with", "would", "yes",
];

/// The facts of events that are given: codes, dates and references of what was done about the child. Any other is left out.
#[rustfmt::skip]
const FACTS: &[&str] = &[
    "act", "agreement", "answer_by", "approval", "asked", "at", "because", "bed", "cause", "channel", "child",
    "conditions", "confirm_by", "copied_from", "could_meet", "deadline", "decision", "document", "documents_read",
    "emergency", "ends_on", "expires", "findings", "from", "home", "homes", "homes_searched", "how", "invitation",
    "item", "kind", "kinds", "late", "limb", "lot", "method", "notice", "number", "offer", "offers", "on", "order",
    "origin", "outcome", "planned", "planned_end", "prices", "readings", "reason", "reasons_left_out", "reference",
    "referral", "review_on", "said_at", "scoring", "stage", "start", "started", "state", "step_down", "support", "task",
    "tier", "unsigned", "until", "what", "why", "within_miles", "without_power",
];

/// What the agreement costs, and who bears which part of it.
const FACTS_OF_THE_PRICE: &[&str] = &[
    "authority_part",
    "cumulative_pence",
    "education_part",
    "health_part",
    "pence",
    "was_pence",
    "weekly_pence",
    "whole_life_pence",
];

/// Whether the child is given this fact of an event about a record of the room.
pub(super) fn gives(room: &str, fact: &str) -> bool {
    FACTS.contains(&fact) || (room == "agreement" && FACTS_OF_THE_PRICE.contains(&fact))
}

/// Other people, as far as the record tells who they are.
#[derive(Default)]
pub(super) struct Others {
    /// The child's own names, which stay. All are kept as names are compared.
    own: BTreeSet<String>,
    /// Names, replaced wherever they stand.
    names: BTreeSet<String>,
    /// Words of what names somebody, replaced where they begin with a capital.
    perhaps: BTreeSet<String>,
    /// What may be the number of somebody.
    numbers: BTreeSet<i64>,
    /// The numbers of people.
    people: BTreeSet<i64>,
}

impl Others {
    /// The names that the record keeps apart and those of brothers and sisters, without those that are the child's own too.
    pub(super) fn of(identity: &ChildIdentity, siblings: &[ChildIdentity]) -> Self {
        let known_as = identity.known_as.as_deref().unwrap_or_default();
        let own = [identity.given_names.as_str(), identity.family_name.as_str(), known_as];
        let own: BTreeSet<String> = own.into_iter().flat_map(spelled).collect();
        let kept_apart = identity.other_names.iter().map(String::as_str);
        let others = kept_apart.chain(siblings.iter().flat_map(ChildIdentity::names)).flat_map(spelled);
        let names = others.filter(|name| !own.contains(name)).collect();
        Self { own, names, ..Self::default() }
    }

    /// Notes who is named in what is held, and what may be somebody's number.
    pub(super) fn look_through(&mut self, held: &[HeldRows]) {
        for (name, value) in held.iter().flat_map(|rows| &rows.rows).flatten() {
            self.look_at(name, value);
        }
    }

    fn look_at(&mut self, field: &str, value: &Json) {
        match value {
            Json::String(text) if NAMING.contains(&field) => {
                let capitals = name_words(text).filter(|word| word.starts_with(char::is_uppercase));
                let words = capitals.map(folded).filter(|word| !NO_NAMES.contains(&word.as_str()));
                let words: Vec<String> = words.filter(|word| !self.own.contains(word)).collect();
                self.perhaps.extend(words);
            }
            Json::Number(number) => self.numbers.extend(number.as_i64().filter(|number| *number >= FIRST_NUMBER)),
            Json::Array(items) => {
                for item in items {
                    self.look_at(field, item);
                }
            }
            Json::Object(fields) => {
                for (name, value) in fields {
                    self.look_at(name, value);
                }
            }
            Json::Null | Json::Bool(_) | Json::String(_) => {}
        }
    }

    /// What may be the number of somebody.
    pub(super) fn numbers(&self) -> impl Iterator<Item = i64> {
        self.numbers.iter().copied()
    }

    /// Those of the numbers that are people's.
    pub(super) fn are_people(&mut self, numbers: impl IntoIterator<Item = i64>) {
        self.people.extend(numbers);
    }

    /// Whether the record names nobody else.
    pub(super) fn nobody(&self) -> bool {
        self.names.is_empty() && self.perhaps.is_empty()
    }

    fn names(&self, letters: &str, capital: bool) -> bool {
        self.names.contains(letters) || (capital && self.perhaps.contains(letters))
    }

    /// What follows where a part of a text is a name, alone or with the next: a name kept as one word may stand in two.
    fn after_name<'a>(&self, part: &str, after: &'a str) -> Option<&'a str> {
        let capital = part.starts_with(char::is_uppercase);
        if self.names(&folded(part), capital) {
            return Some(after);
        }
        let (between, next) = first_part(after);
        let (next, beyond) = first_part(next);
        let both = joined(part, between, next)?;
        let alone = self.names(&folded(next), next.starts_with(char::is_uppercase));
        (!alone && self.names(&both, capital)).then_some(beyond)
    }

    /// The text with each of these names, as a whole word, and each e-mail address replaced.
    pub(super) fn taken_out(&self, text: &str) -> String {
        let text = without_addresses(text);
        let (mut rest, mut out) = (text.as_str(), String::with_capacity(text.len()));
        while !rest.is_empty() {
            let (part, after) = first_part(rest);
            let beyond = self.after_name(part, after);
            out.push_str(if beyond.is_some() { ANOTHER } else { part });
            rest = beyond.unwrap_or(after);
        }
        out
    }

    /// A value of a field of a kind of record with what is another's replaced, at any depth.
    pub(super) fn redacted(&self, value: Json, (kind, name): (&str, &str)) -> Json {
        if value.is_null() {
            return value;
        }
        if tells_of_somebody((kind, name), &value) {
            return Json::String(ANOTHER.to_owned());
        }
        if not_own(kind, name) {
            return Json::String(NOT_OWN.to_owned());
        }
        match value {
            Json::String(text) if OF_OFFERS.contains(&kind) => Json::String(without_amounts(&self.taken_out(&text))),
            Json::String(text) => Json::String(self.taken_out(&text)),
            Json::Number(number) if number.as_i64().is_some_and(|number| self.people.contains(&number)) => {
                Json::String(ANOTHER.to_owned())
            }
            Json::Array(mut items) => {
                if is_who_and_when(&items)
                    && let Some(who) = items.first_mut()
                {
                    *who = Json::String(ANOTHER.to_owned());
                }
                items.into_iter().map(|item| self.redacted(item, (kind, name))).collect()
            }
            Json::Object(fields) => {
                let of_a_person = fields.contains_key("person");
                let one = |(field, value): (String, Json)| {
                    // A person with a name has signed.
                    let value = if of_a_person && field == "name" {
                        Json::String(ANOTHER.to_owned())
                    } else {
                        self.redacted(value, (kind, &field))
                    };
                    (field, value)
                };
                fields.into_iter().map(one).collect()
            }
            other => other,
        }
    }
}

/// Whether a field says who did something, or is somebody else's.
fn tells_of_somebody((kind, name): (&str, &str), value: &Json) -> bool {
    if (kind, name) == ("agreement", "signed_by") {
        // The sides that have signed.
        return false;
    }
    if (kind, name) == ("approval", "to") {
        return value.is_number();
    }
    if name != "by" && !name.ends_with("_by") {
        return PEOPLE.contains(&name);
    }
    // Called so as well: by when something is due, and whether the child or a parent agreed.
    let given = value.as_str().is_some_and(|text| is_day(text) || AgreedBy::from_code(text).is_some());
    !given
}

/// A date, or a moment.
fn is_day(text: &str) -> bool {
    text.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
}

/// A person's number with the moment at which they did something.
fn is_who_and_when(items: &[Json]) -> bool {
    matches!(items, [Json::Number(_), Json::String(when), ..] if is_day(when) && when.len() > 10)
}

/// Whether a field tells of the home and its residents, or what it asked to be paid, and not of the child.
fn not_own(kind: &str, name: &str) -> bool {
    if kind == "offer" && OF_RESIDENTS.contains(&name) {
        return true;
    }
    if OWN_PRICES.contains(&kind) || name == "prices" {
        return false;
    }
    let of_a_price = ["pence", "price", "weekly"].iter().any(|part| name.contains(part));
    let in_offers = OF_OFFERS.contains(&kind) && ["lines", "now", "points", "was"].contains(&name);
    of_a_price || in_offers
}

/// The word with which a text begins, with the marks on its letters, or else its first letter, and the rest.
fn first_part(text: &str) -> (&str, &str) {
    let ends = |letter: char| !letter.is_alphabetic() && !is_mark(letter);
    let end = match text.chars().next() {
        Some(first) if first.is_alphabetic() => text.find(ends).unwrap_or(text.len()),
        Some(first) => first.len_utf8(),
        None => 0,
    };
    text.split_at(end)
}

fn without_addresses(text: &str) -> String {
    let part = |part: &str| {
        let word = part.trim_end();
        let address = word.split_once('@').is_some_and(|(_, site)| site.contains('.'));
        let after = part.strip_prefix(word).unwrap_or_default();
        if address { format!("{ANOTHER}{after}") } else { part.to_owned() }
    };
    text.split_inclusive(char::is_whitespace).map(part).collect()
}

fn without_amounts(text: &str) -> String {
    let mut parts = text.split('£');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(NOT_OWN);
        out.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ',' | '.')));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use placewell_domain::homes::home::Sex;
    use serde_json::json;

    use super::*;

    fn child(given_names: &str, other_names: &[&str]) -> ChildIdentity {
        ChildIdentity {
            family_name: "Wren".to_owned(),
            given_names: given_names.to_owned(),
            known_as: None,
            born: date(2008, 2, 29),
            sex: Sex::Female,
            case_number: "C1".to_owned(),
            home_postcode: None,
            school: None,
            other_names: other_names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn others() -> Others {
        Others::of(&child("Mair", &["Gethin Wren", "Ann O'Shea"]), &[child("Teal", &[])])
    }

    #[test]
    fn other_people_s_names_are_taken_out_and_the_child_s_own_stay() {
        let words = "Mair Wren visits GETHIN and Ann's sister Annabel; Shea and teal too.";
        let expected =
            format!("Mair Wren visits {ANOTHER} and {ANOTHER}'s sister Annabel; {ANOTHER} and {ANOTHER} too.");
        assert_eq!(others().taken_out(words), expected);
        assert_eq!(others().taken_out("Write to a.b@home.example now"), format!("Write to {ANOTHER} now"));
    }

    #[test]
    fn other_people_s_names_are_taken_out_with_and_without_what_stands_on_their_letters() {
        for spellings in [["Zoë", "Zoe\u{308}", "zoe"], ["Siân", "Sia\u{302}n", "SIAN"]] {
            for kept in spellings {
                let apart = Others::of(&child("Mair", &[kept]), &[]);
                let sister = Others::of(&child("Mair", &[]), &[child(kept, &[])]);
                let own = Others::of(&child(kept, &[]), &[child(spellings[0], &[])]);
                for written in spellings {
                    let text = format!("With {written}, and a zoetrope.");
                    let expected = format!("With {ANOTHER}, and a zoetrope.");
                    assert_eq!(apart.taken_out(&text), expected, "{kept} as {written}");
                    assert_eq!(sister.taken_out(&text), expected, "{kept} as {written}");
                    assert_eq!(own.taken_out(&text), text, "the child's own");
                }
            }
        }
        let marks = Others::of(&child("Mair", &["\u{301}\u{302}", "e\u{301}"]), &[]);
        assert!(marks.nobody(), "marks alone, or on one letter, are no name");
    }

    #[test]
    fn other_people_s_names_are_taken_out_in_one_word_and_in_two() {
        let in_one = [("Ann O'Shea", "OShea"), ("Anne-Marie", "Annemarie")];
        let in_two = [("Oshea", "O'Shea"), ("Annemarie", "Anne-Marie")];
        for (kept, written) in in_one.into_iter().chain(in_two) {
            let others = Others::of(&child("Mair", &[kept]), &[]);
            assert_eq!(others.taken_out(&format!("{written}'s sister")), format!("{ANOTHER}'s sister"), "{kept}");
        }
        let initials = Others::of(&child("Mair", &["A. S. Khan", "I. N. Ali"]), &[]);
        let text = "As well as a walk in the hills; is Khan in?";
        assert_eq!(initials.taken_out(text), text.replace("Khan", ANOTHER), "initials are words of every text");
        let own = Others::of(&child("Anne-Marie", &["Gethin"]), &[child("Ann Marie", &[])]);
        assert_eq!(own.taken_out("Annemarie, Anne-Marie and Ann"), format!("Annemarie, Anne-Marie and {ANOTHER}"));
        let well = Others::of(&child("Mair", &["Well"]), &[]);
        assert_eq!(well.taken_out("We'll see."), "We'll see.");
    }

    #[test]
    fn whom_a_home_asked_about_or_spoke_for_it_is_named_nowhere() {
        let row = |field: &str, text: &str| BTreeMap::from([("body".to_owned(), json!({field: text}))]);
        let held = |rows| HeldRows { table: "associate_question".to_owned(), rows };
        let mut others = others();
        assert!(Others::of(&child("Mair", &[]), &[]).nobody());
        let asked = row("about", "Does Mair know Rook Pike and Ffîon?");
        others.look_through(&[held(vec![asked, row("said_by", "the Hobby")])]);
        let words = "Does Mair Wren see Rook, Ffion or a pike? The Hobby says so.";
        let expected = format!("Does Mair Wren see {ANOTHER}, {ANOTHER} or a pike? The {ANOTHER} says so.");
        assert_eq!(others.taken_out(words), expected);
        let about = others.redacted(json!({"about": "a boy", "asked": "2021-09-13"}), ("associate_question", "body"));
        assert_eq!(about, json!({"about": ANOTHER, "asked": "2021-09-13"}));
    }

    #[test]
    fn staff_addresses_and_rivals_prices_are_taken_out_at_any_depth() {
        let body = json!({"by": 7, "email": "a@b.example", "weekly_pence": 1, "changes": [{"was": 4}],
            "state": {"words": "Gethin came for £4,150 more", "on": "2021-09-13"}, "said_by": "Hobby"});
        let found = others().redacted(body, ("offer", "body"));
        let expected = json!({"by": ANOTHER, "email": ANOTHER, "weekly_pence": NOT_OWN, "changes": [{"was": NOT_OWN}],
            "state": {"words": format!("{ANOTHER} came for {NOT_OWN} more"), "on": "2021-09-13"}, "said_by": ANOTHER});
        assert_eq!(found, expected);
        assert_eq!(others().redacted(json!(5), ("agreement", "weekly_pence")), json!(5));
        assert_eq!(others().redacted(json!(5), ("nomination", "night_pence")), json!(NOT_OWN));
        assert_eq!(others().redacted(json!("£5 a week"), ("referral", "wishes")), json!("£5 a week"));
    }

    #[test]
    fn whoever_did_something_is_replaced_whatever_the_field_is_called_and_days_and_consent_stay() {
        let mut others = others();
        let (person, home) = (9_i64 << 40, 8_i64 << 40);
        others.are_people([person]);
        let body = json!({"asked_by": 7, "recorded_by": 7, "decided_by": 7, "confirm_by": "2021-09-14T12:00:00",
            "meet_by": "2021-09-14", "director": [7, "2021-09-14T12:00:00"], "consent": {"by": "parent"},
            "keeper": person, "home": home, "signature": {"person": 7, "name": "P Shah", "role": "Manager"}, "age": 13});
        let expected = json!({"asked_by": ANOTHER, "recorded_by": ANOTHER, "decided_by": ANOTHER,
            "confirm_by": "2021-09-14T12:00:00", "meet_by": "2021-09-14", "director": [ANOTHER, "2021-09-14T12:00:00"],
            "consent": {"by": "parent"}, "keeper": ANOTHER, "home": home,
            "signature": {"person": ANOTHER, "name": ANOTHER, "role": "Manager"}, "age": 13});
        assert_eq!(others.redacted(body, ("approval", "body")), expected);
        assert_eq!(others.redacted(json!(7), ("approval", "to")), json!(ANOTHER));
    }

    #[test]
    fn facts_of_people_and_of_what_homes_asked_to_be_paid_are_not_given() {
        assert!(gives("referral", "reference") && gives("agreement", "weekly_pence"));
        for (room, fact) in [
            ("offer", "weekly_pence"),
            ("offer", "was_pence"),
            ("approval", "by"),
            ("referral", "decided_by"),
            ("child", "person"),
        ] {
            assert!(!gives(room, fact), "{room} {fact}");
        }
    }
}
