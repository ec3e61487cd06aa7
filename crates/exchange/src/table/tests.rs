//! Tables as people save them: separators, marks, breaks in cells, workbooks; and what is no table.

#![allow(clippy::unwrap_used)]

use jiff::civil::date;
use placewell_domain::money::Pence;

use super::*;
use crate::sheet::{Cell, Sheet, xlsx};

fn rows(bytes: &[u8]) -> Result<Vec<TableRow>, TableError> {
    let mut all = Vec::new();
    each_row(bytes, &mut |row| {
        all.push(row);
        Ok(())
    })?;
    Ok(all)
}

fn cells(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    rows(bytes).unwrap().into_iter().map(|row| (row.number, row.cells)).collect()
}

fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn rows_keep_the_numbers_that_a_spreadsheet_shows() {
    let file = "urn,name\r\n\r\nSC1,\"Elm\r\nHouse\"\r\n\r\nSC2,Oak\r\n";
    assert_eq!(
        cells(file.as_bytes()),
        [row(1, &["urn", "name"]), row(3, &["SC1", "Elm\nHouse"]), row(5, &["SC2", "Oak"])]
    );
}

#[test]
fn semicolons_tabs_marks_and_old_code_pages_are_read() {
    assert_eq!(cells("a;b\n1;2,5\n".as_bytes()), [row(1, &["a", "b"]), row(2, &["1", "2,5"])]);
    assert_eq!(cells("a\tb\n1\t2\n".as_bytes()), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
    assert_eq!(cells("\u{feff}a,b\n1,2\n".as_bytes()), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
    assert_eq!(cells(b"a,b\n\xa34,2\n"), [row(1, &["a", "b"]), row(2, &["£4", "2"])]);
}

#[test]
fn a_formula_is_told_and_a_guarded_text_is_bared() {
    let all = rows(b"a,b,c\n=1+1,'=x,-5\n@sum,+44 20 7946,-cmd\n").unwrap();
    assert_eq!((all[1].formulas.as_slice(), all[1].bared), (&[0][..], 1));
    assert_eq!(all[1].cells, ["=1+1", "=x", "-5"]);
    assert_eq!(all[2].formulas, [0, 2]);
}

#[test]
fn a_workbook_gives_texts_figures_and_days() {
    let mut sheet = Sheet::new("Prices", ["urn", "from", "weekly & more"]);
    sheet.rows.push(vec!["SC400001".into(), Cell::Day(date(2021, 10, 1)), Cell::Money(Pence(415_050))]);
    sheet.rows.push(vec!["=1+1".into(), Cell::Empty, Cell::Count(7)]);
    let bytes = xlsx(&[sheet], date(2021, 9, 13).at(10, 20, 0, 0)).unwrap();
    let all = rows(&bytes).unwrap();
    assert_eq!(all[0].cells, ["urn", "from", "weekly & more"]);
    assert_eq!(
        (all[1].number, all[1].cells.as_slice()),
        (2, &["SC400001", "2021-10-01", "4150.5"].map(str::to_owned)[..])
    );
    assert_eq!((all[2].cells[2].as_str(), all[2].formulas.as_slice()), ("7", &[0][..]));
}

#[test]
fn a_computed_cell_of_a_workbook_is_a_formula() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let tab = book.add_worksheet();
    tab.write_string(0, 0, "weekly_price").unwrap();
    tab.write_formula(1, 0, rust_xlsxwriter::Formula::new("=A1*2").set_result("8300")).unwrap();
    let all = rows(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(all[1].formulas, [0]);
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    let reason = |bytes: &[u8]| rows(bytes).unwrap_err().0;
    assert!(reason(b"").contains("empty"));
    assert!(reason(b"%PDF-1.7 x").contains("neither CSV nor an XLSX workbook"));
    assert!(reason(b"\x89PNG\r\n\x1a\n\0\0").contains("neither CSV"));
    assert!(reason(b"PK\x03\x04 not whole").contains("cannot be read"));
    let open = format!("a,b\n\"x,{}\n", "y,z\n".repeat(3_000));
    assert!(reason(open.as_bytes()).contains("never closed"), "{}", reason(open.as_bytes()));
    assert!(reason(&b"a,".repeat(200)).contains("at most 100"));
}
