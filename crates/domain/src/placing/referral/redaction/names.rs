//! Names of a child's record in a text: however they are written, in one word or two, but for those that are words too.

use super::{FindingKind, Word};
use crate::placing::child::spelling::{folded, joined};

/// Names that are words too, in every sentence about a child or a home: these tell a name where they begin with a capital.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "about", "amber", "and", "angel", "any", "april", "archer", "art", "ash", "august", "autumn", "baker", "ball",
    "bank", "banks", "bath", "bay", "bear", "bell", "berry", "best", "bill", "bin", "bird", "bishop", "black",
    "blessing", "blue", "bond", "boy", "brave", "bridge", "bright", "brook", "brooks", "brown", "buddy", "burns",
    "bush", "but", "butler", "can", "canary", "care", "carpenter", "case", "cash", "chance", "charity", "chase",
    "cherry", "child", "christian", "church", "cliff", "comfort", "cook", "coral", "cross", "crystal", "daisy", "dale",
    "dawn", "day", "dean", "den", "destiny", "diamond", "dove", "drew", "duke", "earl", "early", "even", "ever",
    "faith", "favour", "field", "fields", "finch", "fisher", "flora", "flower", "foot", "ford", "forest", "fox",
    "frank", "free", "friday", "friend", "frost", "garden", "gates", "gay", "gift", "ginger", "glass", "glen", "gold",
    "good", "grace", "grant", "gray", "green", "grey", "guy", "hall", "hand", "happy", "hardy", "harmony", "haven",
    "hazel", "head", "heath", "heather", "heaven", "her", "hill", "him", "his", "holly", "home", "honey", "honour",
    "hope", "house", "hunter", "innocent", "iris", "ivy", "jack", "jade", "jasmine", "jay", "jewel", "journey", "joy",
    "june", "justice", "key", "kind", "king", "kit", "knight", "lake", "lamb", "lane", "lark", "last", "law", "light",
    "lily", "little", "lock", "long", "love", "low", "major", "man", "march", "marina", "mark", "mason", "max", "may",
    "melody", "mercy", "miles", "miracle", "misty", "monday", "moon", "more", "moss", "need", "new", "nick", "noble",
    "north", "not", "nurse", "ocean", "olive", "other", "page", "park", "parks", "pat", "patience", "peace", "pearl",
    "penny", "per", "phoenix", "piper", "pleasant", "pool", "poppy", "porter", "potter", "power", "praise", "precious",
    "price", "prince", "princess", "promise", "prudence", "quick", "rain", "raven", "ray", "read", "reed", "rice",
    "rich", "river", "rivers", "rob", "robin", "rock", "rocky", "room", "rose", "rosemary", "royal", "ruby", "rush",
    "rusty", "sage", "sandy", "school", "sea", "self", "serenity", "sharp", "shepherd", "short", "silver", "sky",
    "small", "smart", "snow", "son", "song", "south", "speed", "spring", "star", "still", "stone", "storm", "story",
    "street", "strong", "sue", "summer", "sun", "sunday", "sunny", "swan", "sweet", "swift", "tanner", "teddy", "the",
    "town", "treasure", "trinity", "trip", "true", "trust", "turner", "vale", "van", "violet", "walker", "wall", "ward",
    "waters", "way", "well", "wells", "west", "white", "wild", "will", "willow", "wing", "winter", "winters", "wise",
    "wolf", "wood", "woods", "work", "worth", "wren", "young",
];

/// Whether letters are an ordinary word, or so few that they are one anywhere.
fn is_word(letters: &str) -> bool {
    letters.chars().count() < 3 || WORDS.contains(&letters)
}

/// Names of the record, each as it is compared, by their place.
pub(super) fn named(text: &str, words: &[Word<'_>], names: &[String]) -> Vec<(FindingKind, usize, usize)> {
    let is_name = |letters: &String, word: &Word<'_>| names.contains(letters) && (word.capital() || !is_word(letters));
    let alone = |word: &Word<'_>| is_name(&folded(word.text), word);
    let single = words.iter().filter(|word| alone(word)).map(|word| (word.start, word.end));
    let pairs = words.iter().zip(words.iter().skip(1)).filter_map(|(first, second)| {
        let letters = joined(first.text, text.get(first.end..second.start)?, second.text)?;
        (is_name(&letters, first) && !alone(first) && !alone(second)).then_some((first.start, second.end))
    });
    single.chain(pairs).map(|(start, end)| (FindingKind::Name, start, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::child::spelling::spelled;
    use crate::placing::referral::redaction::words;

    fn found<'a>(text: &'a str, names: &[&str]) -> Vec<&'a str> {
        let names: Vec<String> = names.iter().flat_map(|name| spelled(name)).collect();
        named(text, &words(text), &names).into_iter().filter_map(|(_, start, end)| text.get(start..end)).collect()
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
    fn a_name_of_two_parts_is_found_in_one_word_and_one_of_one_word_in_two_parts() {
        let in_one = [("O'Shea", "OShea"), ("D’Arcy", "darcy"), ("Anne-Marie", "Annemarie"), ("Mary Ann", "MaryAnn")];
        let in_two = [("Oshea", "O'Shea"), ("Darcy", "D’Arcy"), ("Annemarie", "Anne-Marie")];
        for (kept, written) in in_one.into_iter().chain(in_two) {
            assert_eq!(found(&format!("With {written} there"), &[kept]), [written], "{kept}");
        }
        assert_eq!(found("O'Shea's sister", &["O'Shea"]), ["Shea"], "where a part tells it already");
        assert!(found("We'll see if she'd go; is a bus due?", &["Well", "Shed", "Isa"]).is_empty());
    }

    #[test]
    fn a_name_that_is_a_word_too_is_found_where_it_begins_with_a_capital() {
        let names = ["Will", "May", "Rose", "Grace", "Hope", "Faith", "Summer", "Mark", "Jo", "Al"];
        let plain = "In summer he will rest, and may mark with grace, hope and faith how the rose grew; jo al";
        assert_eq!(found(plain, &names), Vec::<&str>::new());
        let home = "A room per child off the hall; staff are trained well, and comfort whoever is cross";
        assert_eq!(found(home, &["Hall", "Wells", "Well", "Cross", "Comfort", "Per", "Room"]), Vec::<&str>::new());
        assert_eq!(found("Will said that May, GRACE and Jo left", &names), ["Will", "May", "GRACE", "Jo"]);
    }

    #[test]
    fn the_words_stand_in_order_and_as_they_are_compared() {
        assert!(WORDS.is_sorted() && WORDS.iter().all(|word| folded(word) == *word));
    }
}
