//! The layouts of the years that are not at hand, made here with their quirks, and rows that
//! cannot be read.

use placewell_exchange::homes::home::{HeldHome, Judgement, RegisterRead, read};
use proptest::prelude::*;

const WEST: &str = "West Midlands";

const HEADER_2016: &str = "Provider information,,,,,,,,,,,,,,,,Latest Full Inspection information,,,,,,,\n\
    Web link,URN,Provision type,Registration status,Name,Address 1,Address 2,Town,County,Postcode,Government Office Region,\
    Local authority,Sector,Places,Linked education URN,Short breaks only children's home,Event type,Inspection date,\
    Event number,Overall effectiveness,Outcomes for children and young people,Quality of care,\
    Safeguarding children and young people,Leadership and management\n";

fn row_2016(urn: &str, kind: &str, grade: &str) -> String {
    format!(
        "Page,{urn},{kind},Active,REDACTED,REDACTED,REDACTED,REDACTED,REDACTED,REDACTED,West Midlands,Shropshire,Private,6,,,\
         Full Inspection,15/07/2015,2456752,{grade},,,,\n"
    )
}

fn only_home(read: &RegisterRead) {
    assert_eq!(read.summary.errors, []);
    assert_eq!((read.summary.homes, read.summary.places), (1, Some(6)));
    assert_eq!(read.rows[0].urn, "SC1");
    assert_eq!(read.rows[0].judgement, Some(Judgement::Good));
}

#[test]
fn the_2016_file_has_no_owners_and_the_older_grades() {
    let file = format!(
        "{HEADER_2016}{}{}{}{}",
        row_2016("SC1", "Children's home", "Requires improvement"),
        row_2016("SC2", "Children's Home", "Adequate"),
        row_2016("SC3", "Children's home", ""),
        row_2016("SC4", "Boarding School", "Good"),
    );
    let read = read(file.as_bytes(), WEST);
    assert_eq!(read.summary.errors, []);
    assert_eq!((read.summary.homes, read.summary.places, read.summary.organisations), (3, Some(18), None));
    let judgements = read.summary.judgements.unwrap();
    assert_eq!((judgements.requires_improvement, judgements.adequate, judgements.not_yet_inspected), (1, 1, 1));
    assert_eq!(read.summary.other_types["Boarding School"], 1);
    assert!(read.rows[0].registration_date.is_none() && read.rows[0].publication_date.is_none());
    assert!(read.columns_missing.iter().any(|name| name.starts_with("organisation")));
}

#[test]
fn the_2018_and_2020_files_name_owner_and_grade_in_their_own_way() {
    let of_2018 = "Provider information,,\n\
        Web link,URN,Linked education URN,Provision type,Registration status,Name,Address 1,Address 2,Town,County,Postcode,\
        Ofsted Region,Government Office Region,Local authority,Parliamentary constituency,Sector,Places,Organisation,Event type,\
        Inspection date,Publication date,Event number,Overall effectiveness,Outcomes for children and young people\n\
        Page,SC1,,Children's home,Active,REDACTED,REDACTED,REDACTED,REDACTED,REDACTED,REDACTED,West Midlands,West Midlands,\
        Shropshire,\"Wrekin, The\",Private,6,Cambian Childcare Ltd,Full inspection,07/12/2017,19/01/2018,10028833,Good,\n";
    let read_2018 = read(of_2018.as_bytes(), WEST);
    only_home(&read_2018);
    assert_eq!(read_2018.summary.organisations, Some(1));
    let of_2020 = format!(
        "\u{feff}{}",
        of_2018
            .replace("Overall effectiveness", "Overall experiences and progress of children and young people")
            .replace(",Organisation,", ",Organisation which owns the provider,")
    );
    only_home(&read(of_2020.as_bytes(), WEST));
}

#[test]
fn the_2022_file_is_windows_1252_with_the_header_on_row_5_and_long_names() {
    let file = "Children's social care data \u{2013} Provider level,,\n\"This worksheet contains one table\",,\nSome cells,,\n,,\n\
        Web link,URN,Linked Education URN,Provision type,Registration date,Registration status,Name,Government Office Region,\
        Local authority,Sector,Places,Short-break-only children's home,Organisation which owns the provider,\
        Latest full inspection event type,Latest full inspection date,Latest full inspection publication date,\
        Latest full inspection event number,Latest full inspection overall experiences and progress of children and young people,\
        Latest full inspectio health services\n\
        Page,SC1,,Children\u{2019}s home,15/10/2015,Active,REDACTED,West Midlands,Shropshire,Private,6,,Zo\u{eb}\u{2019}s Homes,\
        Full inspection,23/06/2021,09/08/2021,10186293,Good,\n";
    let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(file);
    assert!(!lost);
    let read = read(&bytes, WEST);
    only_home(&read);
    assert_eq!(read.header_row, Some(5));
    assert_eq!((read.rows[0].row, read.rows[0].organisation.as_deref()), (6, Some("Zo\u{eb}\u{2019}s Homes")));
    assert_eq!(read.rows[0].inspection_date.unwrap().to_string(), "2021-06-23");
}

#[test]
fn the_2023_and_2025_files_have_broken_header_lines_and_empty_columns_behind() {
    let file = "Children's social care data in England 2025 \u{2013} Provider level,,,\r\n\"one table\",,,\r\nSome cells,,,\r\n\
        Web link,URN,Linked Education URN,Provision type,Registration date,Registration status,Name,Ofsted Region,\
        Government Office Region,Local authority,Sector,Places,Supported accommodation premises,Multi Building Children's Home,\
        Organisation which owns the provider,\"\nLatest Full inspection event type\",\"\nLatest full inspection date\",\
        Latest full inspection publication date,\"\nLatest full inspection event number\",\"\nOverall experiences and progress of \
        children and young people\",Health services,Supported Accommodation outcome,,,,\r\n\
        Page,SC1,,Children's home,28/05/2024,Active,REDACTED,West Midlands,West Midlands,Sandwell,Private,6,,,Young Ltd,\
        Full inspection,27/08/2024,07/10/2024,10349277,Good,,,,,,\r\n\
        Page,SC2,,Children's home,13/02/2025,Active,REDACTED,West Midlands,West Midlands,Sandwell,Private,,,,Young Ltd,,,,,,,,,,,\r\n\
        \r\n\
        Page,SC3,,Children's home,13/02/2025,Active,REDACTED,West Midlands,West Midlands,Sandwell,Private,many,,,Young Ltd,,,,,,,,,,,\r\n";
    let read = read(file.as_bytes(), WEST);
    assert_eq!((read.summary.homes, read.summary.places, read.summary.organisations), (2, Some(6), Some(1)));
    assert_eq!(read.rows[0].judgement, Some(Judgement::Good));
    assert_eq!(read.rows[0].inspection_event_type.as_deref(), Some("Full inspection"));
    assert_eq!(read.rows[1].judgement, Some(Judgement::NotYetInspected));
    let errors: Vec<_> = read.summary.errors.iter().map(|error| (error.row, error.reason.as_str())).collect();
    assert_eq!(errors, [(8, "Places is \"many\"; expected a whole number from 0 to 9999.")]);
}

#[test]
fn the_grade_of_the_previous_inspection_is_never_taken() {
    let file = "URN,Provision type,Government Office Region,Previous full inspection event date,\
        Previous overall experiences and progress of children and young people,Latest full inspection date,\
        Overall experiences and progress of children and young people\n\
        SC1,Children's home,West Midlands,10/07/2017,Inadequate,15/08/2022,Good\n";
    let read = read(file.as_bytes(), WEST);
    assert_eq!(read.rows[0].judgement, Some(Judgement::Good));
    assert_eq!(read.rows[0].inspection_date.unwrap().to_string(), "2022-08-15");
    assert_eq!((read.summary.places, read.summary.statuses), (None, None));
}

#[test]
fn a_row_that_cannot_be_read_is_reported_by_its_row_and_the_rest_goes_in() {
    let good = |urn: &str| row_2016(urn, "Children's home", "Good");
    let file = [
        HEADER_2016.to_owned(),
        good("SC1"),
        good(""),
        good("SC2").replace("15/07/2015", "45/07/2015"),
        good("SC3").replace(",Good,", ",Splendid,"),
        good("SC1"),
        "Page,SC4,Children's home,Active\n".to_owned(),
        good("SC5").replace("Private", "Private, and more"),
        good("SC6").replace("REDACTED,REDACTED,REDACTED,REDACTED", "\"REDACTED,REDACTED,REDACTED,REDACTED"),
        good("SC7").replace("West Midlands", "Shropshire"),
        good("SC8"),
    ]
    .concat();
    let read = read(file.as_bytes(), WEST);
    let urns: Vec<_> = read.rows.iter().map(|row| (row.row, row.urn.as_str())).collect();
    assert_eq!(urns, [(3, "SC1"), (12, "SC8")]);
    let expected = [
        (4, "URN is blank"),
        (5, "Inspection date is \"45/07/2015\""),
        (6, "Overall judgement is \"Splendid\""),
        (7, "URN SC1 is already on row 3"),
        (8, "The row ends after 4 cells"),
        (9, "a comma may lack its quotation marks"),
        (10, "A quotation mark opens a cell and is never closed"),
        (11, "Government Office Region is \"Shropshire\""),
    ];
    assert_eq!(read.summary.errors.len(), expected.len(), "{:?}", read.summary.errors);
    for (error, (row, words)) in read.summary.errors.iter().zip(expected) {
        assert!(error.row == row && error.reason.contains(words), "{error:?}");
    }
    let held: Vec<HeldHome> = ["SC1", "SC2", "SC6", "SC9"]
        .map(|urn| HeldHome {
            urn: urn.into(),
            open: true,
            places: Some(6),
            judgement: Some(Judgement::Good),
            organisation: None,
        })
        .into();
    let changes = read.changes(&held);
    assert_eq!((changes.new, changes.closed), (1, 1), "homes on unread rows are not closed: {changes:?}");
}

#[test]
fn what_is_no_register_is_refused_with_the_reason() {
    for bytes in [&b""[..], b"\n\n", b"a,b,c\n1,2,3\n", b"%PDF-1.7 \xff\xfe\x00", "Weblink;URN".as_bytes()] {
        let read = read(bytes, WEST);
        assert!(read.refused.as_deref().unwrap().contains("URN"));
        assert_eq!(read.summary.errors.len(), 1);
        assert_eq!((read.summary.homes, read.summary.places), (0, None));
    }
}

#[test]
fn the_summary_has_the_settled_json_keys() {
    let file = format!("{HEADER_2016}{}", row_2016("SC1", "CHILDREN'S HOME", "Good"));
    let mut read = read(file.as_bytes(), WEST);
    read.summary.changes = Some(read.changes(&[]));
    let json = serde_json::to_string(&read.summary).unwrap();
    assert_eq!(
        json,
        "{\"homes\":1,\"places\":6,\"organisations\":null,\"judgements\":{\"Outstanding\":0,\"Good\":1,\
         \"Requires improvement to be good\":0,\"Inadequate\":0,\"Adequate\":0,\"Not yet inspected\":0},\
         \"statuses\":{\"Active\":1},\"other_types\":{},\"errors\":[],\
         \"changes\":{\"new\":1,\"closed\":0,\"places\":0,\"judgement\":0,\"organisation\":0}}"
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes, WEST);
    }

    #[test]
    fn no_damage_to_a_file_makes_the_reader_panic_or_count_more_homes_than_rows(
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&b"\",\n\r\xff\xe2'0 "[..])), 0..12)
    ) {
        let rows: String = (1..6).map(|n| row_2016(&format!("SC{n}"), "Children's home", "Good")).collect();
        let mut bytes = format!("{HEADER_2016}{rows}").into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let read = read(&bytes, WEST);
        prop_assert!(read.summary.homes <= 5 && read.summary.homes == read.rows.len());
    }
}
