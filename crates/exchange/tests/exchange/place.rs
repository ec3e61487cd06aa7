//! The reader of a directory of postcodes: every edition's columns, rows that cannot be used, and a file without end.

use std::io::{BufReader, Read};

use placewell_exchange::place::{Directory, Entry};

fn entries(file: &str) -> Vec<Entry> {
    let mut directory = Directory::new(file.as_bytes());
    std::iter::from_fn(|| directory.next_entry().unwrap()).collect()
}

fn placed(file: &str) -> Vec<(String, i32, i32)> {
    let entries = entries(file).into_iter();
    entries
        .map(|entry| match entry {
            Entry::Placed(postcode, point) => (postcode.to_string(), point.easting, point.northing),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn reasons(file: &str) -> Vec<(usize, String)> {
    let wrong = |entry| match entry {
        Entry::Wrong(error) => Some((error.row, error.reason)),
        _ => None,
    };
    entries(file).into_iter().filter_map(wrong).collect()
}

#[test]
fn every_edition_of_the_directory_is_read() {
    let expected = [("HR1 1AA".to_owned(), 351_418, 240_501)];
    for file in [
        "pcd,oseast1m,osnrth1m,laua,utla\nHR1 1AA,351418,240501,E06000019,E06000019\n",
        "pcd,pcd2,pcds,doterm,oseast1m,osnrth1m,osgrdind\nHR1 1AA,HR1  1AA,HR1 1AA,,351418,0240501,1\n",
        "\u{feff}\"pcd8\",\"pcds\",\"east1m\",\"north1m\"\r\n\"HR1  1AA\",\"HR1 1AA\",\"351418\",\"240501\"\r\n",
        "\"HR1 1AA\",10,351418,240501,\"E92000001\",\"\",\"E06000019\",\"E05012957\"\n",
        "\n\nPostcode,Eastings,Northings\n\nhr11aa,351418,240501",
    ] {
        assert_eq!(placed(file), expected, "{file}");
    }
}

#[test]
fn a_postcode_that_is_not_on_the_national_grid_is_left_unplaced() {
    let file = "pcds,oseast1m,osnrth1m\nBT1 1AA,333500,374400\nGY1 1AA,,\nHR1 1AB,0,0\n";
    assert!(matches!(entries(file)[..], [Entry::Elsewhere(_), Entry::Elsewhere(_), Entry::Elsewhere(_)]));
}

#[test]
fn a_row_that_cannot_be_used_says_its_number_and_why_and_the_next_is_read() {
    let long = "x".repeat(5_000);
    let file = format!(
        "pcds,oseast1m,osnrth1m\nnowhere,1,2\nHR1 1AA,351418,\nHR1 1AB,351418,1300001\nHR1 1AD,35141.8,240501\n\
         HR1 1AE,351309,242208\nhr1 1ae,351309,242208\n{long},1,2\nHR1 \"1AF,1,2\nHR1 1AG\nHR1 1AH,351309,242208\n"
    );
    let found = reasons(&file);
    let rows: Vec<usize> = found.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 3, 4, 5, 7, 8, 9], "row 10 has no place: {found:?}");
    for (at, words) in [
        "‘nowhere’ is not a postcode",
        "‘’ is no northing of HR1 1AA",
        "‘1300001’ is no northing of HR1 1AB: enter whole metres from 0 to 1300000.",
        "‘35141.8’ is no easting",
        "HR1 1AE stands in the file before",
        "longer than 4096 characters",
        "a quotation mark does not close",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(found[at].1.contains(words), "{:?}", found[at]);
    }
    assert!(matches!(entries(&file).last(), Some(Entry::Placed(postcode, _)) if postcode.to_string() == "HR1 1AH"));
}

#[test]
fn a_file_that_is_no_directory_is_refused_once_with_what_to_send() {
    for file in ["", "\n \n", "a,b,c\nHR1 1AA,1,2\nHR1 1AB,1,2\n", "%PDF-1.7\n", "HR1 1AA,351418\n"] {
        let found = reasons(file);
        assert_eq!((found.len(), entries(file).len()), (1, 1), "{file}: {found:?}");
        assert!(found[0].1.contains("Send the ONS Postcode Directory or Code-Point Open"), "{found:?}");
    }
}

/// A line without end, which is never held.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = into.len().min(usize::try_from(self.0).unwrap());
        into[..length].fill(b'"');
        self.0 -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_line_of_twenty_megabytes_is_passed_over_and_not_held() {
    let head = "pcds,oseast1m,osnrth1m\n".as_bytes();
    let tail = "\nHR1 1AA,351418,240501\n".as_bytes();
    let mut directory = Directory::new(BufReader::new(head.chain(Endless(20_000_000)).chain(tail)));
    assert!(matches!(directory.next_entry().unwrap(), Some(Entry::Wrong(error)) if error.row == 2));
    assert!(matches!(directory.next_entry().unwrap(), Some(Entry::Placed(..))));
    assert_eq!(directory.next_entry().unwrap(), None);
}
