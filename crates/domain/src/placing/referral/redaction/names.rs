//! Names of a child's record in a text: however they are written, but for those that are also words.

use super::{FindingKind, Word};
use crate::placing::child::spelling::folded;

/// Names that are words too, in every sentence about a child or a home: these tell a name where they begin with a capital.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "about", "amber", "and", "angel", "any", "april", "archer", "art", "ash", "august", "autumn", "baker", "ball", "bank",
    "banks", "bay", "bear", "bell", "berry", "best", "bill", "bin", "bird", "bishop", "black", "blessing", "blue", "bond",
    "boy", "brave", "bright", "brook", "brooks", "brown", "bush", "but", "butler", "can", "canary", "care", "carpenter",
    "case", "chance", "charity", "chase", "cherry", "child", "christian", "church", "cliff", "cook", "coral", "crystal",
    "daisy", "dale", "dawn", "day", "dean", "den", "destiny", "diamond", "dove", "drew", "duke", "earl", "ever", "faith",
    "favour", "field", "fields", "finch", "fisher", "flora", "flower", "foot", "ford", "forest", "fox", "frank", "free",
    "friend", "frost", "gay", "gift", "ginger", "glass", "glen", "gold", "good", "grace", "grant", "gray", "green", "grey",
    "guy", "hand", "happy", "hardy", "harmony", "haven", "hazel", "head", "heath", "heather", "heaven", "her", "hill",
    "him", "his", "holly", "home", "honey", "honour", "hope", "house", "hunter", "iris", "ivy", "jack", "jade", "jasmine",
    "jay", "jewel", "joy", "june", "justice", "key", "kind", "king", "kit", "knight", "lake", "lamb", "lane", "lark",
    "law", "light", "lily", "little", "long", "love", "major", "marina", "mark", "mason", "max", "may", "melody", "mercy",
    "miles", "miracle", "moon", "moss", "new", "nick", "noble", "north", "not", "olive", "other", "page", "park", "parks",
    "pat", "patience", "peace", "pearl", "penny", "phoenix", "piper", "pleasant", "pool", "poppy", "porter", "potter",
    "precious", "price", "prince", "princess", "prudence", "quick", "rain", "raven", "ray", "reed", "rich", "river",
    "rivers", "rob", "robin", "rock", "rocky", "rose", "rosemary", "ruby", "sage", "sandy", "school", "sea", "serenity",
    "sharp", "shepherd", "short", "silver", "sky", "small", "snow", "son", "south", "spring", "star", "stone", "storm",
    "street", "strong", "sue", "summer", "sunday", "sunny", "swan", "swift", "tanner", "the", "trinity", "trip", "true",
    "turner", "van", "violet", "walker", "wall", "ward", "waters", "way", "west", "white", "wild", "will", "willow",
    "winter", "winters", "wise", "wolf", "wood", "woods", "wren", "young",
];

/// Whether letters are an ordinary word, or so few that they are one anywhere.
fn is_word(letters: &str) -> bool {
    letters.chars().count() < 3 || WORDS.contains(&letters)
}

/// Names of the record, each as it is compared, by their place.
pub(super) fn named(words: &[Word<'_>], names: &[String]) -> Vec<(FindingKind, usize, usize)> {
    let is_name = |word: &&Word<'_>| {
        let letters = folded(word.text);
        names.contains(&letters) && (word.capital() || !is_word(&letters))
    };
    words.iter().filter(is_name).map(|word| (FindingKind::Name, word.start, word.end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::referral::redaction::words;

    fn found<'a>(text: &'a str, names: &[&str]) -> Vec<&'a str> {
        let names: Vec<String> = names.iter().map(|name| folded(name)).collect();
        named(&words(text), &names).into_iter().filter_map(|(_, start, end)| text.get(start..end)).collect()
    }

    #[test]
    fn a_name_of_the_record_is_found_however_it_is_written() {
        let names = ["Łucja", "Zoë", "Mair"];
        assert_eq!(found("mair hates noise", &names), ["mair"]);
        assert_eq!(found("Lucja, LUCJA and łucja", &names), ["Lucja", "LUCJA", "łucja"]);
        assert_eq!(found("zoe's brother; Zoe\u{308} too", &names), ["zoe", "Zoe\u{308}"]);
        assert!(found("Mairead and a zoetrope", &names).is_empty(), "a part of a longer word");
    }

    #[test]
    fn a_name_that_is_a_word_too_is_found_where_it_begins_with_a_capital() {
        let names = ["Will", "May", "Rose", "Grace", "Hope", "Faith", "Summer", "Mark", "Jo", "Al"];
        let plain = "In summer he will rest, and may mark with grace, hope and faith how the rose grew; jo al";
        assert_eq!(found(plain, &names), Vec::<&str>::new());
        assert_eq!(found("Will said that May, GRACE and Jo left", &names), ["Will", "May", "GRACE", "Jo"]);
    }

    #[test]
    fn the_words_stand_in_order_and_as_they_are_compared() {
        assert!(WORDS.is_sorted() && WORDS.iter().all(|word| folded(word) == *word));
    }
}
