//! The prefix under which a publisher's contracting processes are known everywhere: registered with the Open Contracting
//! Partnership, one for each publisher, and a setting of the region.

use crate::office::access::Action;
use crate::setting::{Key, Scope, SettingValue};

/// The prefix that the standard's own examples use: nobody's, so that only the demonstration publishes under it.
const EXAMPLE: &str = "ocds-213czf";

/// A registered prefix, such as `ocds-b5fd17`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcidPrefix(String);

impl OcidPrefix {
    /// The standard's own example.
    #[must_use]
    pub fn example() -> Self {
        Self(EXAMPLE.to_owned())
    }

    /// Whether it is the standard's own example, which no publisher may use.
    #[must_use]
    pub fn is_example(&self) -> bool {
        self.0 == EXAMPLE
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The open contracting id of a contract.
    #[must_use]
    pub fn ocid(&self, reference: &str) -> String {
        format!("{}-{}", self.0, reference.to_lowercase())
    }
}

impl SettingValue for Option<OcidPrefix> {
    const ASK: &'static str = "Enter the prefix that was registered, like ocds-b5fd17, or nothing for none";

    fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Some(None);
        }
        let own = text.strip_prefix("ocds-")?;
        let fits = own.len() == 6 && own.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
        fits.then_some(Some(OcidPrefix(text)))
    }

    fn write(&self) -> String {
        self.as_ref().map(|prefix| prefix.0.clone()).unwrap_or_default()
    }

    fn words(&self) -> String {
        match self {
            None => "None registered: no Open Contracting package is published".to_owned(),
            Some(prefix) if prefix.is_example() => format!("{} (the standard’s own example)", prefix.0),
            Some(prefix) => prefix.0.clone(),
        }
    }
}

/// Under which prefix the region publishes its contracts.
pub const OCID_PREFIX: Key<Option<OcidPrefix>> = Key {
    name: "publication.ocid_prefix",
    title: "Open Contracting prefix",
    effect: "Contracts are published under it as Open Contracting data from that day on. Without one the register stays a \
             page and a table, and no Open Contracting package is published.",
    source: "None until the region has registered one with the Open Contracting Partnership",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: || None,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_as_the_standard_has_it() {
        let read = |text| <Option<OcidPrefix> as SettingValue>::read(text);
        assert_eq!(
            read(" OCDS-b5fd17 ").flatten().map(|one| one.ocid("MB-001")),
            Some("ocds-b5fd17-mb-001".to_owned())
        );
        assert_eq!(read(""), Some(None));
        for wrong in ["b5fd17", "ocds-", "ocds-b5fd1", "ocds-b5fd177", "ocds-b5/d17"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&Some(OcidPrefix::example()).write()), Some(Some(OcidPrefix::example())));
        assert!((OCID_PREFIX.default)().is_none());
    }
}
