//! Passwords and codes: how long a password is at least, and how codes are written so that people read them right.

use crate::outcome::Invalid;

/// A password alone has so many characters.
pub const ALONE: usize = 15;
/// With a second step, so many are enough.
pub const WITH_SECOND_STEP: usize = 8;
/// More than this is no password that a person keeps.
pub const LONGEST: usize = 256;
/// So many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;

/// Whether a password is long enough; spaces and every other character count.
pub fn long_enough(field: &str, password: &str, second_step: bool) -> Result<(), Invalid> {
    let least = if second_step { WITH_SECOND_STEP } else { ALONE };
    match password.chars().count() {
        count if count < least && second_step => {
            Err(Invalid::one(field, format!("Enter a password of {WITH_SECOND_STEP} characters or more")))
        }
        count if count < least => Err(Invalid::one(
            field,
            format!(
                "Enter a password of {ALONE} characters or more; three or four words make a good one. With a second \
                 step set up, {WITH_SECOND_STEP} are enough"
            ),
        )),
        count if count > LONGEST => {
            Err(Invalid::one(field, format!("Enter a password of {LONGEST} characters or fewer")))
        }
        _ => Ok(()),
    }
}

/// The digits of a code as somebody typed it: six, whatever stands between them.
#[must_use]
pub fn code_digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// A recovery code as it is compared: letters and digits alone, in lower case, what is easily misread made one.
#[must_use]
pub fn recovery_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        })
        .collect();
    (code.len() == 16).then_some(code)
}

/// A recovery code as it is shown: in four groups.
#[must_use]
pub fn shown_code(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_alone_has_fifteen_characters_and_with_a_second_step_eight() {
        assert!(long_enough("password", "fourteen chars", false).is_err());
        assert!(long_enough("password", "fifteen  chars!", false).is_ok());
        assert!(long_enough("password", "seven c", true).is_err());
        assert!(long_enough("password", "eight ch", true).is_ok());
        assert!(long_enough("password", "ééééééééééééééé", false).is_ok(), "characters count, not bytes");
        assert!(long_enough("password", &"a".repeat(LONGEST + 1), true).is_err());
    }

    #[test]
    fn a_code_is_read_however_it_was_spaced() {
        assert_eq!(code_digits(" 123 456 ").as_deref(), Some("123456"));
        for wrong in ["", "12345", "1234567", "12345a"] {
            assert_eq!(code_digits(wrong), None, "{wrong}");
        }
        assert_eq!(recovery_code("ABCD-efgh 0O1l-IJ23").as_deref(), Some("abcdefgh00111j23"));
        assert_eq!(recovery_code("abcd"), None);
        assert_eq!(shown_code("abcdefgh00111j23"), "abcd-efgh-0011-1j23");
    }
}
