//! Tags of the rows that say who somebody is here, what they may do, and by what they come in. A tag covers what its row is
//! relied on for, with its table and what names the row, under the key of the indexes: whoever writes the database alone makes
//! none that fits, and brings none to another row. A row whose tag does not fit counts as none.
//!
//! What moves by itself is left out, such as when a session was last used; what stands sealed counts by what is sealed, so that
//! another master key leaves every tag as it is.

pub(crate) mod before;

use std::fmt::Display;

use subtle::ConstantTimeEq as _;

use crate::keys::MasterKey;

/// What the tag of one row covers.
pub(crate) struct Covered {
    table: &'static str,
    fields: Vec<u8>,
}

impl Covered {
    /// Of a row of this table, nothing yet.
    pub(crate) fn of(table: &'static str) -> Self {
        Self { table, fields: Vec::new() }
    }

    /// This field after the others.
    pub(crate) fn with(self, field: impl Display) -> Self {
        self.maybe(Some(field))
    }

    /// The same of a field that may be absent, which is not the same as empty.
    pub(crate) fn maybe(mut self, field: Option<impl Display>) -> Self {
        match field {
            None => self.fields.push(b'-'),
            Some(field) => {
                // With its length before it, no field runs into the next.
                let text = field.to_string();
                self.fields.extend_from_slice(text.len().to_string().as_bytes());
                self.fields.push(b':');
                self.fields.extend_from_slice(text.as_bytes());
            }
        }
        self
    }

    /// The tag to keep in the row.
    pub(crate) fn tag(&self, master: &MasterKey) -> String {
        hex::encode(master.kept(&format!("tag of {}", self.table), &self.fields))
    }

    /// Whether the row carries its tag. Where it does not, it was written past the service: the log says in which table.
    pub(crate) fn fits(&self, master: &MasterKey, tag: &str) -> bool {
        let fits = bool::from(self.tag(master).as_bytes().ct_eq(tag.as_bytes()));
        if !fits {
            tracing::error!(table = self.table, "a row does not carry the tag of what it says, and counts as none");
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::Covered;
    use crate::keys::MasterKey;

    #[test]
    fn a_tag_fits_its_own_row_under_its_own_key_alone() {
        let [key, other] = [1, 2].map(|_| MasterKey::from_hex(&MasterKey::generate_hex()).unwrap());
        let row = || Covered::of("person").with(7).maybe(Some("a@b.example")).maybe(Some("hash"));
        let tag = row().tag(&key);
        assert!(row().fits(&key, &tag));
        assert!(!row().fits(&other, &tag) && !row().fits(&key, "") && !row().fits(&key, &tag.to_uppercase()));
        for differs in [
            Covered::of("passkey").with(7).maybe(Some("a@b.example")).maybe(Some("hash")),
            Covered::of("person").with(8).maybe(Some("a@b.example")).maybe(Some("hash")),
            Covered::of("person").with(7).maybe(Some("a@b.example")).maybe(None::<&str>),
            Covered::of("person").with(7).maybe(Some("a@b.example")).maybe(Some("")),
            Covered::of("person").with(7).maybe(Some("a@b.exampl")).maybe(Some("ehash")),
            Covered::of("person").maybe(Some("7:")).maybe(Some("a@b.example")).maybe(Some("hash")),
            Covered::of("person").with(7).maybe(Some("a@b.example4:hash")),
            row().maybe(Some("")),
        ] {
            assert!(!differs.fits(&key, &tag));
        }
    }
}
