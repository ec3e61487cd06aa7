//! One header for each published year, as its columns are named: what the year has is read, what it lacks is null.

use placewell_exchange::homes::home::{HomeRow, read};

/// A year, its header's columns with the cells of one row, and what the year lacks.
struct Year {
    of: u16,
    title: &'static str,
    columns: &'static [(&'static str, &'static str)],
    lacks: &'static [&'static str],
}

const WEST: &str = "West Midlands";

/// The columns that no year has in common are the point; those of every year stand in each once more to be read off.
const YEARS: &[Year] = &[
    Year {
        of: 2015,
        title: "",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's Home"),
            ("Reg Status", "Active"),
            ("Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Inspection ID", "441122"),
            ("Event type", "Full inspection"),
            ("Inspection date", "15/01/2015"),
            ("Overall effectiveness", "Adequate"),
        ],
        lacks: &["registration date", "short breaks", "organisation", "publication date"],
    },
    Year {
        of: 2016,
        title: "Provider information,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration status", "Active"),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Short breaks only children's home", "Yes"),
            ("Event type", "Full Inspection"),
            ("Inspection date", "15/07/2015"),
            ("Event number", "441122"),
            ("Overall effectiveness", "Adequate"),
        ],
        lacks: &["registration date", "organisation", "publication date"],
    },
    Year {
        of: 2017,
        title: "Provider information,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration status", "Active"),
            ("Ofsted region", WEST),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Short breaks only", "Short breaks only"),
            ("Event type", "Full inspection"),
            ("Inspection date", "15/07/2016"),
            ("Publication date", "15/08/2016"),
            ("Event number", "441122"),
            ("Overall effectiveness", "Adequate"),
        ],
        lacks: &["registration date", "organisation"],
    },
    Year {
        of: 2018,
        title: "Provider information,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration status", "Active"),
            ("Ofsted Region", WEST),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Organisation", "Elm Care"),
            ("Event type", "Full inspection"),
            ("Inspection date", "07/12/2017"),
            ("Publication date", "19/01/2018"),
            ("Event number", "441122"),
            ("Overall effectiveness", "Adequate"),
        ],
        lacks: &["registration date", "short breaks"],
    },
    Year {
        of: 2019,
        title: "Provider information,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Ofsted region", WEST),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Organisation which owns the provider", "Elm Care"),
            ("Event type", "Full inspection"),
            ("Inspection date", "07/12/2018"),
            ("Publication date", "19/01/2019"),
            ("Event number", "441122"),
            ("Overall experiences and progress of children and young people", "Adequate"),
        ],
        lacks: &["short breaks"],
    },
    Year {
        of: 2020,
        title: "Provider information,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Short-break-only children's home", "Yes"),
            ("Organisation which owns the provider", "Elm Care"),
            ("Event type", "Full inspection"),
            ("Inspection date", "07/12/2019"),
            ("Publication date", "19/01/2020"),
            ("Event number", "441122"),
            ("Overall experiences and progress of children and young people", "Adequate"),
        ],
        lacks: &[],
    },
    Year {
        of: 2021,
        title: "Provider level data as at 31 March 2021,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Short-break-only children's home", "Short-break-only children's home"),
            ("Organisation which owns the provider", "Elm Care"),
            ("Event type", "Full inspection"),
            ("Inspection date", "21/10/2019"),
            ("Publication date", "29/11/2019"),
            ("Event number", "441122"),
            ("Overall experiences and progress of children and young people", "Adequate"),
        ],
        lacks: &[],
    },
    Year {
        of: 2022,
        title: "Provider level as at 31 March 2022,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children\u{2019}s home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Short-break-only children's home", "Yes"),
            ("Organisation which owns the provider", "Elm Care"),
            ("Latest full inspection event type", "Full inspection"),
            ("Latest full inspection date", "23/06/2021"),
            ("Latest full inspection publication date", "09/08/2021"),
            ("Latest full inspection event number", "441122"),
            ("Latest full inspection overall experiences and progress of children and young people", "Adequate"),
        ],
        lacks: &[],
    },
    Year {
        of: 2023,
        title: "Provider level as at 31 March 2023,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Short-break-only children\u{2019}s home", "Yes"),
            ("Organisation which owns the provider", "Elm Care"),
            ("\"\nLatest full inspection event type\"", "Full inspection"),
            ("\"\nLatest full inspection date\"", "23/06/2022"),
            ("Latest full inspection publication date", "09/08/2022"),
            ("\"\nLatest full inspection event number\"", "441122"),
            ("Overall experiences and progress of children and young people", "Adequate"),
        ],
        lacks: &[],
    },
    Year {
        of: 2024,
        title: "Children's social care data in England 2024 - Provider level as at 31 March 2024,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Ofsted region", WEST),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Premises", ""),
            ("Places", "6"),
            ("Short-break-only children's home", "Yes"),
            ("Multi-building children's home", ""),
            ("Organisation which owns the provider", "Elm Care"),
            ("Latest full inspection event type", "Full inspection"),
            ("Latest full inspection date", "23/06/2023"),
            ("Latest full inspection publication date", "09/08/2023"),
            ("Latest full inspection event number", "441122"),
            ("Overall experiences and progress of children and young people", "Adequate"),
            ("Previous full inspection event type", "Full inspection"),
            ("Previous full inspection event date", "23/06/2020"),
            ("Previous overall experiences and progress of children and young people", "Good"),
        ],
        lacks: &[],
    },
    Year {
        of: 2025,
        title: "Children's social care data in England 2025 - Provider level as at 31 March 2025,,,\n",
        columns: &[
            ("URN", "SC1"),
            ("Provision type", "Children's home"),
            ("Registration date", "24/04/2009"),
            ("Registration status", "Active"),
            ("Ofsted Region", WEST),
            ("Government Office Region", WEST),
            ("Local authority", "Shropshire"),
            ("Sector", "Private"),
            ("Places", "6"),
            ("Supported accommodation premises", ""),
            ("Multi Building Children's Home", ""),
            ("Organisation which owns the provider", "Elm Care"),
            ("\"\nLatest Full inspection event type\"", "Full inspection"),
            ("\"\nLatest full inspection date\"", "23/06/2024"),
            ("Latest full inspection publication date", "09/08/2024"),
            ("\"\nLatest full inspection event number\"", "441122"),
            ("\"\nOverall experiences and progress of children and young people\"", "Adequate"),
        ],
        lacks: &["short breaks"],
    },
];

fn file(year: &Year, more: &str) -> String {
    let line = |of: fn(&(&'static str, &'static str)) -> &'static str| {
        year.columns.iter().map(of).collect::<Vec<_>>().join(",")
    };
    format!("{}{}\n{}\n{more}", year.title, line(|column| column.0), line(|column| column.1))
}

/// What a home lacks, by the words of [`Year::lacks`].
fn lacking(home: &HomeRow) -> Vec<&'static str> {
    let gaps = [
        ("status", home.registration_status.is_none()),
        ("registration date", home.registration_date.is_none()),
        ("places", home.places.is_none()),
        ("short breaks", home.short_breaks_only.is_none()),
        ("organisation", home.organisation.is_none()),
        ("judgement", home.judgement.is_none()),
        ("inspection date", home.inspection_date.is_none()),
        ("publication date", home.publication_date.is_none()),
        ("event number", home.event_number.is_none()),
    ];
    gaps.into_iter().filter(|(_, lacks)| *lacks).map(|(name, _)| name).collect()
}

#[test]
fn every_published_year_is_read_by_its_own_header() {
    assert_eq!(YEARS.iter().map(|year| year.of).collect::<Vec<_>>(), (2015..=2025).collect::<Vec<_>>());
    for year in YEARS {
        let read = read(file(year, "").as_bytes(), WEST);
        assert_eq!((&read.refused, &read.summary.errors), (&None, &vec![]), "{}", year.of);
        let home = &read.rows[0];
        assert_eq!(lacking(home), year.lacks, "{}", year.of);
        assert_eq!(home.judgement.unwrap().words(), "Adequate", "{}", year.of);
        assert_eq!((home.places, home.event_number.as_deref()), (Some(6), Some("441122")), "{}", year.of);
        assert!(home.short_breaks_only.unwrap_or(true), "{}", year.of);
        assert_eq!(home.registration_status.as_deref(), Some("Active"), "{}", year.of);
        let stands = read.as_at.map(|day| day.to_string());
        let titled = year.title.contains("as at").then(|| format!("{}-03-31", year.of));
        assert_eq!(stands, titled, "{}", year.of);
    }
}

#[test]
fn the_region_that_ofsted_made_of_two_is_another_region_and_no_error() {
    let row = YEARS[0].columns.iter().map(|(_, cell)| {
        if *cell == WEST { "\"North East, Yorkshire and the Humber\"".to_owned() } else { (*cell).to_owned() }
    });
    let more = row.collect::<Vec<_>>().join(",").replace("SC1", "SC2");
    let read = read(file(&YEARS[0], &format!("{more}\n")).as_bytes(), WEST);
    assert_eq!((read.summary.errors.len(), read.summary.homes), (0, 1), "{:?}", read.summary.errors);
}

#[test]
fn short_breaks_are_read_in_every_spelling_and_a_new_one_is_named() {
    let year = &YEARS[6];
    let with = |cell: &str| {
        let text = file(year, "").replace(",6,Short-break-only children's home,", &format!(",6,{cell},"));
        read(text.as_bytes(), WEST)
    };
    for yes in [
        "Yes",
        "yes",
        "Short breaks only",
        "Short-break-only children's home",
        "Short breaks only children\u{2019}s home",
    ] {
        assert_eq!(with(yes).rows[0].short_breaks_only, Some(true), "{yes}");
    }
    for no in ["", " ", "No"] {
        assert_eq!(with(no).rows[0].short_breaks_only, Some(false), "{no:?}");
    }
    let other = with("Sometimes");
    assert!(
        other.rows.is_empty() && other.summary.errors[0].reason.contains("\"Sometimes\""),
        "{:?}",
        other.summary.errors
    );
}
