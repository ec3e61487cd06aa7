//! The master key: the one that seals, and those before it that still open what they sealed while it is replaced.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use placewell_domain::id::OrganisationId;
use sha2::{Digest, Sha256};

use super::{Key, open, random, seal};
use crate::error::StoreError;

/// What the key check seals, and under which context.
const CHECKED: (i64, &[u8]) = (0, b"placewell");
/// The context under which the key of the indexes is sealed.
const INDEX: i64 = 1;

/// The key that wraps every organisation's key. Held in memory only; comes from a file, the environment or a command.
#[derive(Clone)]
pub struct MasterKey {
    /// Seals and opens.
    current: Key,
    /// These still open what they sealed.
    before: Vec<Key>,
    /// What references are indexed by: the same whatever becomes of the master key.
    index: Option<Key>,
    /// Keys of organisations that were opened, by their numbers.
    opened: Arc<Mutex<HashMap<i64, Key>>>,
}

impl MasterKey {
    /// From lines of 64 hexadecimal digits: the first seals, the others open what they sealed before. Empty lines and
    /// lines that begin with `#` are passed over.
    pub fn from_hex(text: &str) -> Result<Self, StoreError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut keys = lines
            .map(|line| {
                let bytes =
                    hex::decode(line).map_err(|_| StoreError::Fault("the master key is not hexadecimal".into()))?;
                bytes.try_into().map_err(|_| StoreError::Fault("the master key is not 64 hexadecimal digits".into()))
            })
            .collect::<Result<Vec<Key>, StoreError>>()?;
        if keys.is_empty() {
            return Err(StoreError::Fault("there is no master key: 64 hexadecimal digits are expected".into()));
        }
        Ok(Self { current: keys.remove(0), before: keys, index: None, opened: Arc::default() })
    }

    /// A new one, as hexadecimal digits, for `init` and `demo` to keep.
    #[must_use]
    pub fn generate_hex() -> String {
        hex::encode(random::<32>())
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.before)
    }

    /// How many keys are held: more than one while one is replaced.
    #[must_use]
    pub fn held(&self) -> usize {
        1 + self.before.len()
    }

    /// Seals what belongs to no child, such as an organisation's key.
    pub fn seal(&self, context: i64, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.current, context, plain)
    }

    /// Opens what [`MasterKey::seal`] sealed for the same context, under this key or one before it.
    pub fn open(&self, context: i64, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut opened = open(&self.current, context, sealed);
        for key in &self.before {
            if opened.is_err() {
                opened = open(key, context, sealed);
            }
        }
        opened
    }

    /// The same sealed anew where a key before the first sealed it; nothing where the first did.
    pub(crate) fn resealed(&self, context: i64, sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if open(&self.current, context, sealed).is_ok() {
            return Ok(None);
        }
        self.seal(context, &self.open(context, sealed)?).map(Some)
    }

    fn keyed<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
        let key = self.index.as_ref().unwrap_or(&self.current);
        let inner = parts.into_iter().fold(Sha256::new().chain_update(key), Digest::chain_update);
        Sha256::new().chain_update(key).chain_update(inner.finalize()).finalize().into()
    }

    /// A number that stands for a record where the record itself must not be named: the same each time, and only this key
    /// leads from the record to it.
    pub(crate) fn number(&self, kind: &str, record: i64) -> i64 {
        let outer = self.keyed([kind.as_bytes(), &record.to_be_bytes()]);
        outer.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte)) & i64::MAX
    }

    /// A text's digest under this key: the same each time, and nobody without the key can try texts against it.
    pub(crate) fn digest(&self, kind: &str, organisation: OrganisationId, text: &str) -> String {
        let digest = self.keyed([kind.as_bytes(), &[0], &organisation.0.to_be_bytes(), text.as_bytes()]);
        written(&digest)
    }

    /// The digest of what a row of a table holds.
    pub(crate) fn of_row(&self, table: &str, text: &str) -> [u8; 32] {
        self.keyed(["row of ".as_bytes(), table.as_bytes(), &[0; 9], text.as_bytes()])
    }

    /// Under what a row is kept that a token opens: the token's digest, under this key, so that nobody plants a row of their
    /// own with the database alone.
    pub(crate) fn kept(&self, kind: &str, digest: &[u8]) -> [u8; 32] {
        self.keyed([kind.as_bytes(), &[0], digest])
    }

    /// A value that only the first key opens, kept by the database so that another key is refused.
    pub(crate) fn check(&self) -> Result<String, StoreError> {
        Ok(hex::encode(self.seal(CHECKED.0, CHECKED.1)?))
    }

    /// Whether one of these keys made the check.
    pub(crate) fn made(&self, check: &str) -> bool {
        self.all().any(|key| made(check, key))
    }

    /// Whether the first of these keys made the check.
    pub(crate) fn made_now(&self, check: &str) -> bool {
        made(check, &self.current)
    }

    /// The key of the indexes, sealed, for a database that has none: made from the master key one way, so that it says
    /// nothing of it. A database that was indexed before there was such a key goes on with what it was indexed by.
    pub(crate) fn new_index(&self, indexed_by: Option<&str>) -> Result<String, StoreError> {
        let before = indexed_by.and_then(|check| self.all().find(|key| made(check, key)));
        let key: Key = match before {
            Some(key) => *key,
            None => Sha256::new().chain_update("placewell index").chain_update(self.current).finalize().into(),
        };
        Ok(hex::encode(self.seal(INDEX, &key)?))
    }

    /// The same master key with the key of the indexes that its database keeps.
    pub(crate) fn with_index(self, sealed: Option<&str>) -> Result<Self, StoreError> {
        let Some(sealed) = sealed else { return Ok(self) };
        let sealed = hex::decode(sealed).map_err(StoreError::fault)?;
        let index = Some(super::as_key(self.open(INDEX, &sealed)?)?);
        Ok(Self { index, ..self })
    }

    /// The key of the indexes under the first master key, where another sealed it.
    pub(crate) fn resealed_index(&self, sealed: &str) -> Result<Option<String>, StoreError> {
        let sealed = hex::decode(sealed).map_err(StoreError::fault)?;
        Ok(self.resealed(INDEX, &sealed)?.map(hex::encode))
    }

    pub(super) fn opened(&self, id: i64) -> Option<Key> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }

    pub(super) fn keep_opened(&self, id: i64, key: Key) {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(id, key);
    }
}

/// In hexadecimal digits, written as a whole: letter by letter it is most of what a digest takes.
pub(crate) fn written(digest: &[u8; 32]) -> String {
    let mut digits = [0; 64];
    let written = hex::encode_to_slice(digest, &mut digits).is_ok();
    debug_assert!(written, "a digest has 32 bytes");
    String::from_utf8_lossy(&digits).into_owned()
}

fn made(check: &str, key: &Key) -> bool {
    hex::decode(check).is_ok_and(|sealed| open(key, CHECKED.0, &sealed).is_ok_and(|plain| plain == CHECKED.1))
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{MasterKey, OrganisationId, written};

    fn keys(lines: &[&str]) -> MasterKey {
        MasterKey::from_hex(&lines.join("\n")).unwrap()
    }

    #[test]
    fn what_an_earlier_key_sealed_opens_and_is_sealed_anew() {
        let (old, new) = (MasterKey::generate_hex(), MasterKey::generate_hex());
        let sealed = keys(&[&old]).seal(7, b"Wren").unwrap();
        let both = keys(&["# the new one", &new, "", &old]);
        assert_eq!(both.open(7, &sealed).unwrap(), b"Wren");
        assert!(both.open(8, &sealed).is_err(), "another record's");
        let anew = both.resealed(7, &sealed).unwrap().unwrap();
        assert_eq!(keys(&[&new]).open(7, &anew).unwrap(), b"Wren");
        assert!(keys(&[&new]).open(7, &sealed).is_err());
        assert_eq!(both.resealed(7, &anew).unwrap(), None);
    }

    #[test]
    fn an_index_stays_the_same_under_another_master_key() {
        let (old, new) = (MasterKey::generate_hex(), MasterKey::generate_hex());
        let first = keys(&[&old]);
        let index = first.new_index(None).unwrap();
        let before = keys(&[&old]).with_index(Some(&index)).unwrap().number("home", 7);
        let moved = keys(&[&new, &old]).resealed_index(&index).unwrap().unwrap();
        assert_eq!(keys(&[&new]).with_index(Some(&moved)).unwrap().number("home", 7), before);
        assert_ne!(first.number("home", 7), before, "the index's key is another than the master key");
        let session = |key: MasterKey, sealed: &str| key.with_index(Some(sealed)).unwrap().kept("sign_in", b"a digest");
        assert_eq!(session(keys(&[&new]), &moved), session(keys(&[&old]), &index), "sessions go on");
        let went_on = first.new_index(Some(&first.check().unwrap())).unwrap();
        let went_on = keys(&[&old]).with_index(Some(&went_on)).unwrap().number("home", 7);
        assert_eq!(went_on, first.number("home", 7));
    }

    #[test]
    fn a_rows_digest_is_that_of_its_text_for_no_organisation() {
        let master = keys(&[&MasterKey::generate_hex()]);
        let digest = master.digest("row of offer", OrganisationId(0), "1,'two'");
        assert_eq!(written(&master.of_row("offer", "1,'two'")), digest);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "# nothing", "abcd", "zz"] {
            assert!(MasterKey::from_hex(text).is_err(), "{text}");
        }
    }
}
