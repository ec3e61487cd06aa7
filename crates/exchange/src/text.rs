//! The text of a file, however it was saved: by its mark (UTF-8 or UTF-16), else as UTF-8, else as Windows-1252, in which
//! councils and Ofsted still publish.

/// The text of a file. Bytes that stand for no sign become the replacement sign; none is dropped unseen.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
