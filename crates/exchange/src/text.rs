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

/// The cells of one line of CSV, trimmed; none where its quotation marks do not close: no cell may span lines.
pub(crate) fn cells(line: &str) -> Option<Vec<String>> {
    if line.matches('"').count() % 2 == 1 {
        return None;
    }
    let mut record = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    reader.read_record(&mut record).ok()?;
    Some(record.iter().map(|cell| cell.trim().to_owned()).collect())
}
