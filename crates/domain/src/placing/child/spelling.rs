//! Letters as names are compared by: small, and without what stands on them, since a name is often written so. A name
//! of more than one part is as often written in one.

use std::collections::BTreeSet;

/// Whether it is a mark of its own on the letter before it.
#[must_use]
pub const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// A text as it is compared: "Łucja" and "LUCJA" alike.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase).filter(|letter| !is_mark(*letter)) {
        match plain(letter) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(letter),
        }
    }
    folded
}

/// The ways in which a name may stand in a text, as they are compared: each of its words of two letters or more, and
/// two or three parts that follow each other as one, like `OShea` for `O'Shea`. Initials alone are none: those of
/// `A. S. Khan` would be the word "as".
#[must_use]
pub fn spelled(name: &str) -> BTreeSet<String> {
    let ends = |letter: char| !letter.is_alphabetic() && !is_mark(letter);
    let parts: Vec<String> = name.split(ends).map(folded).filter(|part| !part.is_empty()).collect();
    let is_word = |part: &String| part.chars().count() >= 2;
    let runs = (1..=3).flat_map(|length| parts.windows(length)).filter(|run| run.iter().any(is_word));
    runs.map(|run| run.join("")).collect()
}

/// Two words of a text as one name, where an apostrophe or a hyphen alone stands between them, as in "D'Arcy"; not
/// where the second ends a short form, as in "we'll".
#[must_use]
pub fn joined(first: &str, between: &str, second: &str) -> Option<String> {
    const JOINTS: [&str; 10] = ["'", "’", "‘", "`", "´", "-", "‐", "‑", "–", "\u{ad}"];
    const ENDINGS: [&str; 7] = ["d", "ll", "m", "re", "s", "t", "ve"];
    if !JOINTS.contains(&between) {
        return None;
    }
    let second = folded(second);
    (!ENDINGS.contains(&second.as_str())).then(|| folded(first) + &second)
}

/// The plain letters of one that carries a mark or joins two.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ'..='ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => "e",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ'..='ị' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ'..='ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => "u",
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // Apostrophes that count as letters.
        '\u{2bb}'..='\u{2bd}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_with_accents_and_without_in_capitals_and_in_small_letters() {
        for (written, plain) in [
            ("Łucja", "lucja"),
            ("LUCJA", "lucja"),
            ("Zoë", "zoe"),
            ("Zoe\u{308}", "zoe"),
            ("Ægir Œdipe Weiß", "aegir oedipe weiss"),
            ("Siân Ffion Ŵyn", "sian ffion wyn"),
            ("Nguyễn Đức", "nguyen duc"),
            ("İpek Işık Ğ", "ipek isik g"),
            ("Šárka Żaneta Őze", "sarka zaneta oze"),
        ] {
            assert_eq!(folded(written), plain, "{written}");
        }
        assert_eq!(folded("محمد"), "محمد", "another alphabet stays");
    }

    #[test]
    fn a_name_is_spelled_by_its_words_and_in_one() {
        let all = |name| spelled(name).into_iter().collect::<Vec<_>>();
        assert_eq!(all("Mair"), ["mair"]);
        assert_eq!(all("O'Shea"), ["oshea", "shea"]);
        assert_eq!(all("O\u{2bc}Shea"), ["oshea"]);
        assert_eq!(all("Anne-Marie Ball"), ["anne", "annemarie", "annemarieball", "ball", "marie", "marieball"]);
        assert!(all(" ’ \u{301}\u{302} e\u{301} ").is_empty(), "marks alone, or one letter, are no name");
        assert_eq!(all("A. S. Khan"), ["askhan", "khan", "skhan"], "initials alone are an ordinary word");
        assert!(all("I. N.").is_empty());
    }

    #[test]
    fn two_words_are_one_name_by_an_apostrophe_or_a_hyphen_and_not_in_a_short_form() {
        assert_eq!(joined("D", "’", "Arcy").as_deref(), Some("darcy"));
        assert_eq!(joined("Anne", "-", "Marié").as_deref(), Some("annemarie"));
        for (first, between, second) in [("Anne", " ", "Marie"), ("we", "'", "ll"), ("Mair", "’", "s")] {
            assert_eq!(joined(first, between, second), None, "{first}{between}{second}");
        }
    }
}
