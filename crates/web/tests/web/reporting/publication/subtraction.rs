//! Every figure that everybody can read, on pages, in feeds and in files, as it stands and as it stood: subtracted from every
//! other, nothing small comes out (rule 9.1). And a leak that is planted in any of them is found.

mod feeds;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::demonstration::calendar;
use placewell_app::reporting::publication::PublishYear;
use placewell_domain::calendar::{YearBasis, year_of};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both_filled;
use placewell_web::routes::{ROUTES, Who};
use placewell_web::{Web, router};
use scraper::{ElementRef, Html, Selector};

const LEAST: i64 = 5;
const MARCUS: &str = "marcus.inkberrow@west-midlands-team.example";
const PAGES: [&str; 18] = [
    "/",
    "/arrangement",
    "/contracts",
    "/providers",
    "/data",
    "/contracts/spending.csv",
    "/contracts/share.csv",
    "/contracts.csv",
    "/contracts.json",
    "/contracts.atom",
    "/decisions",
    "/decisions.json",
    "/decisions.atom",
    "/call-in",
    "/forward-plan",
    "/forward-plan.csv",
    "/officer-decisions",
    "/admission",
];
/// Where the pages of single records begin: those that the pages above lead to are read too.
const RECORDS: [&str; 5] = ["/decisions/", "/contracts/", "/officer-decisions/", "/arrangement/terms/", "/admission/"];
/// What tells everybody of no contract and no placement.
const APART: [&str; 12] = [
    "/assets/",
    "/.well-known/",
    "/help",
    "/contact",
    "/accessibility-statement",
    "/privacy",
    "/cookies",
    "/sign-in",
    "/signed-out",
    "/healthz",
    "/readyz",
    "/emails/done",
];
/// Columns that count what rule 9.1 hides where it is small.
const COUNTS: [&str; 5] = ["Children", "Homes", "Placements", "Through the FCA", "Other ways"];

/// The finest part of which anybody could ask: a provider, or a way of buying, and an authority.
type Atom = (String, String);

#[derive(Debug, Clone)]
struct Figure {
    at: String,
    measure: &'static str,
    period: String,
    of: BTreeSet<Atom>,
    number: i64,
}

/// Whose figures could be told.
struct Names {
    providers: BTreeSet<String>,
    authorities: BTreeSet<String>,
}

impl Names {
    async fn of(app: &App) -> Self {
        let all = app.visit().await.unwrap().organisations().await.unwrap();
        let authorities = all.iter().filter(|one| one.kind == OrganisationKind::Authority);
        Self {
            authorities: authorities.map(|one| one.name.clone()).collect(),
            // An authority with homes of its own is a provider too.
            providers: all.iter().map(|one| one.name.clone()).collect(),
        }
    }

    /// The names that a line stands for, beside the other lines of its table.
    fn meant<'a>(all: &'a BTreeSet<String>, line: &str, lines: &[String]) -> BTreeSet<&'a String> {
        if line.starts_with("All ") {
            return all.iter().collect();
        }
        if all.contains(line) {
            return all.iter().filter(|name| *name == line).collect();
        }
        assert!(line.contains("ther "), "a line that names nobody: {line}");
        all.iter().filter(|name| !lines.contains(name)).collect()
    }

    fn bought(&self, (provider, providers): (&str, &[String]), (body, bodies): (&str, &[String])) -> BTreeSet<Atom> {
        let authorities = Self::meant(&self.authorities, body, bodies);
        let of = |provider: &String| authorities.iter().map(|body| (provider.clone(), (*body).clone())).collect();
        Self::meant(&self.providers, provider, providers).into_iter().flat_map::<Vec<Atom>, _>(of).collect()
    }

    fn began(&self, ways: &[&str], (body, bodies): (&str, &[String])) -> BTreeSet<Atom> {
        let authorities = Self::meant(&self.authorities, body, bodies);
        ways.iter().flat_map(|way| authorities.iter().map(|body| ((*way).to_owned(), (*body).clone()))).collect()
    }
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A table as it is read: its caption, its columns, its rows.
struct Told {
    caption: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Told {
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == name)
    }

    fn number(&self, row: &[String], name: &str) -> i64 {
        let at = self.column(name).unwrap_or_else(|| panic!("no {name} in {}", self.caption));
        row[at].replace([',', '£'], "").parse().unwrap()
    }

    fn lines(&self) -> Vec<String> {
        self.rows.iter().map(|row| row[0].clone()).collect()
    }
}

fn tables(body: &str) -> Vec<Told> {
    let document = Html::parse_document(body);
    let within = |element: ElementRef<'_>, selector: &str| {
        element.select(&Selector::parse(selector).unwrap()).map(words).collect::<Vec<String>>()
    };
    let tables = Selector::parse("table").unwrap();
    let all = document.select(&tables).map(|table| Told {
        caption: within(table, "caption").concat(),
        columns: within(table, "thead th"),
        rows: table.select(&Selector::parse("tbody tr").unwrap()).map(|row| within(row, "th, td")).collect(),
    });
    all.collect()
}

/// The figures of a page; an unknown table that counts is a leak by itself.
fn of_page(at: &str, body: &str, names: &Names) -> Result<Vec<Figure>, String> {
    let mut figures = Vec::new();
    let mut year = String::new();
    let counted = body.split("Counted on ").nth(1).and_then(|rest| rest.split('.').next()).unwrap_or_default();
    for table in tables(body) {
        let lines = table.lines();
        let figure = |measure, period: &str, of, number| Figure {
            at: format!("{at}, {}", table.caption),
            measure,
            period: period.to_owned(),
            of,
            number,
        };
        if let Some(period) = table.caption.strip_prefix("Placements by provider, ") {
            period.clone_into(&mut year);
            for row in &table.rows {
                let of = names.bought((&row[0], &lines), ("All authorities", &[]));
                figures.push(figure("children", period, of.clone(), table.number(row, "Children")));
                figures.push(figure("paid", period, of, table.number(row, "Paid")));
            }
        } else if let Some(provider) = table.caption.strip_suffix(": by authority") {
            for row in &table.rows {
                let of = names.bought((provider, &[]), (&row[0], &lines));
                figures.push(figure("children", &year, of.clone(), table.number(row, "Children")));
                figures.push(figure("paid", &year, of, table.number(row, "Paid")));
            }
        } else if let Some(period) = table.caption.strip_prefix("Placements that began, ") {
            for row in &table.rows {
                let ways = [
                    ("Placements", &["fca", "other"][..]),
                    ("Through the FCA", &["fca"][..]),
                    ("Other ways", &["other"][..]),
                ];
                figures.extend(ways.map(|(column, ways)| {
                    let of = names.began(ways, (&row[0], &lines));
                    figure("began", period, of, table.number(row, column))
                }));
            }
        } else if table.caption == "Providers of children's homes on Ofsted's register" {
            for row in &table.rows {
                let of = names.bought((&row[0], &lines), ("All authorities", &[]));
                figures.push(figure("homes", counted, of, table.number(row, "Homes")));
            }
        } else if table.column("Reference").is_some() && table.column("Value").is_some() {
            figures.extend(valued(at, &table)?);
        } else if let Some(count) = COUNTS.iter().find(|count| table.column(count).is_some()) {
            return Err(format!("{at}: {count} in a table that nobody has subtracted: {}", table.caption));
        }
    }
    figures.extend(of_words(at, body, names)?);
    Ok(figures)
}

/// The values of a table of contracts; a place on the arrangement has none.
fn valued(at: &str, table: &Told) -> Result<Vec<Figure>, String> {
    let column = table.column("Value").unwrap();
    let valued = table.rows.iter().filter(|row| row[column].starts_with('£'));
    valued.map(|row| feeds::value(at, &row[0], &row[column])).collect()
}

/// The figures of a page outside its tables: the year's placements on the start page, the value of one contract.
fn of_words(at: &str, body: &str, names: &Names) -> Result<Vec<Figure>, String> {
    let document = Html::parse_document(body);
    let all = words(document.root_element());
    let mut figures = Vec::new();
    if let Some((before, after)) = all.split_once(" placements that began ") {
        let number = before.rsplit(' ').next().unwrap_or_default().replace(',', "");
        figures.push(Figure {
            at: format!("{at}, the share"),
            measure: "began",
            period: after.split(' ').take(7).collect::<Vec<_>>().join(" "),
            of: names.began(&["fca", "other"], ("All authorities", &[])),
            number: number.parse::<i64>().map_err(|error| format!("{at}: {number} placements: {error}"))?,
        });
    }
    if let Some((before, after)) = all.split_once(" Homes evaluated of ") {
        let number = |word: Option<&str>| word.unwrap_or_default().replace(',', "").parse::<i64>();
        let everywhere = names.bought(("All providers", &[]), ("All authorities", &[]));
        let told = [("evaluated", number(before.rsplit(' ').next())), ("homes", number(after.split(' ').next()))];
        for (measure, number) in told {
            figures.push(Figure {
                at: format!("{at}, homes evaluated"),
                measure,
                period: after.split(' ').skip(5).take(3).collect::<Vec<_>>().join(" "),
                of: everywhere.clone(),
                number: number.map_err(|error| format!("{at}: {measure}: {error}"))?,
            });
        }
    }
    let rows = Selector::parse(".govuk-summary-list__row").unwrap();
    let value = Selector::parse("dd").unwrap();
    for row in document.select(&rows).filter(|row| words(*row).starts_with("Value over the term")) {
        let pounds = row.select(&value).next().map(words).unwrap_or_default();
        if let (Some(reference), true) = (at.strip_prefix("/contracts/"), pounds.starts_with('£')) {
            figures.push(feeds::value(at, reference, &pounds)?);
        }
    }
    Ok(figures)
}

/// The figures of a file: a line is of one body, one period and, in the spending file, one supplier.
fn of_file(at: &str, body: &str, names: &Names) -> Vec<Figure> {
    let rows: Vec<Vec<String>> = body
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect())
        .collect();
    let (head, rows) = rows.split_first().unwrap();
    let cell = |row: &[String], name: &str| row[head.iter().position(|known| known == name).unwrap()].clone();
    let period = |row: &[String]| {
        let day = |name| cell(row, name).parse::<Date>().unwrap();
        let (first, last) = (day("Period start"), day("Period end"));
        let year = year_of(first, YearBasis::Contract);
        if (year.first(), year.last()) == (first, last) { year.to_string() } else { format!("{first} to {last}") }
    };
    let spending = head.iter().any(|name| name == "Supplier");
    let mut figures = Vec::new();
    for row in rows {
        let beside: Vec<&Vec<String>> = rows.iter().filter(|other| period(other) == period(row)).collect();
        let body = cell(row, "Body name");
        let figure = |measure, of, number: String| Figure {
            at: format!("{at}, {}", row.join(",")),
            measure,
            period: period(row),
            of,
            number: number.parse().unwrap(),
        };
        if spending {
            let supplier = cell(row, "Supplier");
            let suppliers: Vec<String> = beside.iter().map(|other| cell(other, "Supplier")).collect();
            let same = beside.iter().filter(|other| cell(other, "Supplier") == supplier);
            let bodies: Vec<String> = same.map(|other| cell(other, "Body name")).collect();
            let of = names.bought((&supplier, &suppliers), (&body, &bodies));
            figures.push(figure("children", of.clone(), cell(row, "Children")));
            figures.push(figure("paid", of, cell(row, "Net amount")));
        } else {
            let bodies: Vec<String> = beside.iter().map(|other| cell(other, "Body name")).collect();
            let of = |ways: &[&str]| names.began(ways, (&body, &bodies));
            figures.push(figure("began", of(&["fca", "other"]), cell(row, "Placements begun")));
            figures.push(figure("began", of(&["fca"]), cell(row, "Through the arrangement")));
            figures.push(figure("began", of(&["other"]), cell(row, "Other ways")));
        }
    }
    figures
}

fn read(at: &str, body: &str, names: &Names) -> Result<Vec<Figure>, String> {
    match at.split('.').next_back() {
        Some("csv") if at.starts_with("/contracts/") => Ok(of_file(at, body, names)),
        Some("csv") => feeds::of_table(at, body),
        Some("json") => feeds::of_package(at, body),
        Some("atom") => feeds::of_feed(at, body),
        _ => of_page(at, body, names),
    }
}

/// One contract year, or the day of a list.
fn whole_year(period: &str) -> bool {
    let years: Vec<i16> = period.split(' ').filter_map(|word| word.parse().ok()).filter(|year| *year > 1_000).collect();
    let [first, last] = years[..] else { return false };
    first + 1 == last && period == format!("15 December {first} to 14 December {last}")
}

/// Each figure once: most stand in several places, and on several days.
fn distinct(figures: &[Figure]) -> Vec<&Figure> {
    let mut found: Vec<&Figure> = Vec::new();
    for figure in figures {
        let same = |known: &&Figure| {
            (known.measure, known.number) == (figure.measure, figure.number)
                && known.period == figure.period
                && known.of == figure.of
        };
        if !found.iter().any(same) {
            found.push(figure);
        }
    }
    found
}

/// What one figure gives away by itself.
fn alone(figure: &Figure) -> Option<String> {
    let (number, at) = (figure.number, &figure.at);
    let money = matches!(figure.measure, "paid" | "value");
    if !money && (1..LEAST).contains(&number) {
        return Some(format!("small: {number} in {at}"));
    }
    if money && number % 1_000 != 0 {
        return Some(format!("not to the nearest £1,000: {number} in {at}"));
    }
    let finer = !matches!(figure.measure, "homes" | "evaluated" | "value") && !whole_year(&figure.period);
    finer.then(|| format!("finer than a year: {} in {at}", figure.period))
}

/// How many children an amount is of.
fn behind(paid: &Figure, figures: &[&Figure]) -> Option<i64> {
    let of = |one: &&&Figure| one.measure == "children" && one.period == paid.period && one.of == paid.of;
    figures.iter().find(of).map(|one| one.number)
}

/// What an attentive reader can reckon from all figures together.
fn leaks(figures: &[Figure]) -> Vec<String> {
    let figures = distinct(figures);
    let mut found: Vec<String> = figures.iter().filter_map(|figure| alone(figure)).collect();
    let children: Vec<Option<i64>> =
        figures.iter().map(|one| if one.measure == "paid" { behind(one, &figures) } else { Some(0) }).collect();
    let hidden = figures.iter().zip(&children).filter(|(_, behind)| behind.is_none());
    found.extend(hidden.map(|(figure, _)| format!("an amount of nobody knows how many: {}", figure.at)));
    for (at, one) in figures.iter().enumerate() {
        for (beside, other) in figures.iter().enumerate().skip(at + 1) {
            let same_time = other.period == one.period;
            if other.measure != one.measure || (!same_time && one.measure != "homes") {
                continue;
            }
            let switched = one.of.len() < other.of.len();
            let (larger, smaller) = if switched { (other, one) } else { (one, other) };
            if !smaller.of.is_subset(&larger.of) {
                continue;
            }
            let left = larger.number - smaller.number;
            if larger.of.len() == smaller.of.len() {
                if same_time && left != 0 {
                    found.push(format!("two versions: {} and {}", one.at, other.at));
                }
                continue;
            }
            let names: BTreeSet<&String> = larger.of.difference(&smaller.of).map(|(name, _)| name).collect();
            let small = match (one.measure, children[at], children[beside]) {
                // An amount tells of as many children as the same subtraction of children leaves.
                ("paid", Some(first), Some(second)) => left != 0 && (first - second).abs() < LEAST,
                ("paid", _, _) => true,
                _ => (1..LEAST).contains(&left),
            };
            // A provider that is named with its homes is told nothing of by what the total leaves of it.
            let of: BTreeSet<Atom> = larger.of.difference(&smaller.of).cloned().collect();
            let told = figures.iter().any(|known| (known.measure, known.number) == ("homes", left) && known.of == of);
            if small || (one.measure == "homes" && names.len() == 1 && !told) {
                found.push(format!("{left} of {} left: {} less {}", names.len(), larger.at, smaller.at));
            }
        }
    }
    found
}

/// The pages of single records that the lists lead to; of the places on the arrangement one, for they are alike.
fn records(bodies: &[(&'static str, String)]) -> BTreeSet<String> {
    let links = bodies.iter().flat_map(|(_, body)| body.split("href=\"").skip(1));
    let mut found = BTreeSet::new();
    let mut place = false;
    for path in links.filter_map(|rest| rest.split(['"', '#', '?']).next()) {
        let file = matches!(path.split('.').next_back(), Some("csv" | "json" | "atom" | "pdf"));
        let file = file || path.split('/').next_back() == Some("text");
        if file || !RECORDS.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let alike = path.starts_with("/contracts/FCA-");
        if !alike || !place {
            found.insert(path.to_owned());
        }
        place |= alike;
    }
    found
}

struct Given {
    app: Arc<App>,
    visitor: Client,
    names: Names,
}

impl Given {
    /// All figures that stand today, with the bodies that they stand in.
    async fn read(&self) -> (Vec<Figure>, Vec<(&'static str, String)>) {
        let (mut figures, mut bodies) = (Vec::new(), Vec::new());
        for path in PAGES {
            let body = self.visitor.get(path).await.body;
            figures.extend(read(path, &body, &self.names).unwrap());
            bodies.push((path, body));
        }
        for path in records(&bodies) {
            let page = self.visitor.get(&path).await;
            figures.extend(read(&path, &page.body, &self.names).unwrap());
        }
        (figures, bodies)
    }

    /// A home of a provider that is counted with the others leaves the register, and one of a provider that is named.
    async fn homes_close(&self, list: &str) {
        let session = self.app.visit().await.unwrap();
        let homes = session.homes().await.unwrap();
        let organisations = session.organisations().await.unwrap();
        drop(session);
        let named = |home: &placewell_domain::homes::home::Home| {
            organisations.iter().any(|one| one.id == home.provider && list.contains(&one.name.replace('&', "&#38;")))
        };
        for which in [true, false] {
            let Some(home) = homes.iter().find(|home| home.may_admit().is_ok() && named(home) == which) else {
                continue;
            };
            let home = home.clone();
            let mut work = self.app.store.begin(home.region, self.app.calendar.now()).await.unwrap();
            work.apply(home.leave_register(date(2021, 9, 14)).unwrap()).await.unwrap();
            work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_1_every_public_figure_of_every_day_subtracted_from_every_other_leaves_nothing_small() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let names = Names::of(&app).await;
        let given = Given { visitor: Client::new(service), names, app };
        let (mut figures, first) = given.read().await;
        // The small region names no provider by its homes: all stand together.
        for (measure, least) in
            [("children", 3), ("paid", 3), ("began", 3), ("homes", 2), ("evaluated", 1), ("value", 3)]
        {
            assert!(figures.iter().filter(|one| one.measure == measure).count() >= least, "{measure} are told");
        }
        assert!(first[0].1.contains("Through the FCA"), "the start page tells the share: {}", first[0].1);
        assert_eq!(leaks(&figures), Vec::<String>::new());
        let published = Published { figures: &figures, bodies: &first, names: &given.names };
        planted(&published);
        planted_in_feeds(&published);

        given.app.calendar.move_to(date(2021, 9, 14).at(10, 20, 0, 0));
        given.homes_close(&first[3].1).await;
        let (next_day, bodies) = given.read().await;
        let list = |body: &str| Some(body.split_once("<main")?.1.split_once("</main>")?.0.to_owned());
        assert_eq!(list(&bodies[3].1), list(&first[3].1), "the list of providers does not move with the register");
        let homes = |all: &[Figure]| {
            let told = all.iter().filter(|one| one.at == "/, homes evaluated");
            told.map(|one| (one.measure, one.number)).collect::<Vec<_>>()
        };
        assert_eq!(homes(&next_day), homes(&figures), "nor do the homes of the start page");
        figures.extend(next_day);
        assert_eq!(leaks(&figures), Vec::<String>::new());

        given.app.calendar.move_to(date(2022, 1, 20).at(9, 0, 0, 0));
        given.app.count_for_region().await.unwrap();
        let marcus = given.app.actor_by_email(MARCUS).await.unwrap();
        given.app.perform(&marcus, "the third year", PublishYear::starting_in(2020)).await.unwrap();
        let (next_year, bodies) = given.read().await;
        assert!(bodies[3].1.contains("20 January 2022"), "a new list comes with a new year");
        figures.extend(next_year);
        assert_eq!(leaks(&figures), Vec::<String>::new());
    })
    .await;
}

/// What was published, in which a leak is planted.
struct Published<'a> {
    figures: &'a [Figure],
    bodies: &'a [(&'static str, String)],
    names: &'a Names,
}

impl Published<'_> {
    fn body(&self, path: &str) -> String {
        self.bodies.iter().find(|(known, _)| *known == path).unwrap().1.clone()
    }

    /// The leak in a changed body is found.
    fn finds(&self, path: &str, changed: &str, what: &str) {
        assert_ne!(changed, self.body(path), "nothing was planted: {what}");
        let leaks = match read(path, changed, self.names) {
            Ok(more) => leaks(&self.figures.iter().cloned().chain(more).collect::<Vec<_>>()),
            Err(leak) => vec![leak],
        };
        assert!(leaks.iter().any(|leak| leak.contains(what)), "{what} is not found: {leaks:?}");
    }
}

/// Each kind of leak, planted in a page or a file of figures, is found.
fn planted(all: &Published<'_>) {
    let homes: Vec<&Figure> = all.figures.iter().filter(|one| one.measure == "homes").collect();
    let others = homes.last().unwrap();
    let (old, new) = (format!(">{}</td>", others.number), format!(">{}</td>", others.number - 1));
    all.finds("/providers", &all.body("/providers").replace(&old, &new), "two versions");

    let hidden = &others.of.first().unwrap().0;
    let list = all.body("/providers");
    let (before, rows) =
        list.split_once("<tbody").and_then(|(before, rest)| Some((before, rest.split_once('>')?.1))).unwrap();
    let day_after = format!("{before}<tbody><tr><th>{hidden}</th><td>6</td></tr>{rows}");
    all.finds("/providers", &day_after.replace("Counted on ", "Counted on another day, "), "of 1 left");

    let (contracts, year) = (all.body("/contracts"), "15 December 2019 to 14 December 2020");
    all.finds("/contracts", &contracts.replace(year, "15 December 2019 to 14 March 2020"), "finer than a year");
    let of_year = all.figures.iter().filter(|one| one.measure == "children" && one.period == year);
    let most = of_year.max_by_key(|one| one.number).unwrap();
    let more = contracts.replace(&format!(">{}</td>", most.number), &format!(">{}</td>", most.number + 1));
    all.finds("/contracts", &more, "two versions");
    let area =
        "<table><caption>Homes by area</caption><thead><tr><th>Area</th><th>Homes</th></tr></thead></table></main>";
    all.finds("/arrangement", &all.body("/arrangement").replace("</main>", area), "nobody has subtracted");
    let start = all.body("/").replace(" placements that began", "1 placements that began");
    all.finds("/", &start, "two versions");
    let start = all.body("/");
    let (before, homes) = start.split_once("Homes evaluated").unwrap();
    let start = format!("{before}Homes evaluated{}", homes.replacen(">of ", ">of 1", 1));
    all.finds("/", &start, "two versions: /, homes evaluated");

    let spending = all.body("/contracts/spending.csv");
    let line = spending.lines().find(|line| line.starts_with("All authorities") || line.contains("Other providers"));
    let columns: Vec<&str> = line.unwrap().split(',').collect();
    let planted = |paid: u32, children: u32| {
        let (from, to) = (columns[1], columns[2]);
        format!("{}\nAll authorities,{from},{to},{hidden},{paid},0,a,b,c,{children}\n", spending.trim_end())
    };
    all.finds("/contracts/spending.csv", &planted(9_000, 3), "small: 3");
    all.finds("/contracts/spending.csv", &planted(9_001, 8), "not to the nearest £1,000");

    let shares = all.body("/contracts/share.csv");
    let line = shares.lines().last().unwrap().to_owned();
    let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
    let last = cells.last_mut().unwrap();
    *last = (last.parse::<i64>().unwrap() + 2).to_string();
    all.finds("/contracts/share.csv", &shares.replace(&line, &cells.join(",")), "two versions");
}

/// And so is each kind that a feed or a register could hold.
fn planted_in_feeds(all: &Published<'_>) {
    let one = all.figures.iter().find(|one| one.measure == "value").unwrap().number;
    for (path, old, new) in [
        ("/contracts.csv", format!(",{one},0,"), format!(",{},0,", one + 1_000)),
        ("/contracts.json", format!("\"amount\":{one},"), format!("\"amount\":{},", one + 1_000)),
    ] {
        all.finds(path, &all.body(path).replace(&old, &new), "two versions");
    }
    let near = all.body("/contracts.csv").replace(&format!(",{one},0,"), &format!(",{},0,", one + 1));
    all.finds("/contracts.csv", &near, "not to the nearest £1,000");
    let counted = all.body("/contracts.csv").replace("Extension in months", "Children");
    all.finds("/contracts.csv", &counted, "nobody has subtracted");
    let package = all.body("/contracts.json").replacen('{', "{\"occupied\":3,", 1);
    all.finds("/contracts.json", &package, "nobody has subtracted: .occupied is 3");
    for path in ["/contracts.atom", "/decisions.atom"] {
        let said = all.body(path).replace("</summary>", " It met 3 children.</summary>");
        all.finds(path, &said, "nobody has subtracted: 3 children");
    }
    let said = all.body("/decisions.json").replacen("\"title\":\"", "\"title\":\"Beds for 3 children and ", 1);
    all.finds("/decisions.json", &said, "nobody has subtracted: 3 children");
}

/// A page, feed or file that is added for everybody is read above, or says here that no figure stands in it.
#[test]
fn rule_9_1_whatever_everybody_can_read_is_subtracted_or_holds_no_figure() {
    let read = |path: &str| {
        let record = path.split('{').next().unwrap_or_default();
        PAGES.contains(&path) || (path.contains('{') && RECORDS.iter().any(|start| record.starts_with(start)))
    };
    let public = ROUTES.iter().filter(|route| route.method == "GET" && route.who == Who::Everybody);
    let unread = public.filter(|route| !read(route.path) && !APART.iter().any(|start| route.path.starts_with(start)));
    assert_eq!(unread.map(|route| route.path).collect::<Vec<_>>(), Vec::<&str>::new());
}
