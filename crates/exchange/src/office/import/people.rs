//! Rows of people to invite: who, where the link is mailed, in which roles and until when.

use jiff::civil::Date;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::welcome::is_email;

use super::{Cells, Layout};

/// The longest name and job title, in characters.
const LONGEST: usize = 100;

/// The columns of people.
pub const PEOPLE: Layout = Layout {
    names: &["email", "name", "role", "title", "until", "organisation"],
    needed: &["email", "name", "role", "title"],
    key: &["email", "role"],
    private: &[],
    example: "a.khan@authority.example,Amir Khan,placement_officer; analyst,Placement officer,2022-03-31,",
};

/// Somebody to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Where the link is mailed, in small letters.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The roles, each once.
    pub roles: Vec<Role>,
    /// The job title.
    pub title: String,
    /// The last day on which they hold the roles; none where there is no end yet.
    pub until: Option<Date>,
    /// The code of the organisation that they will work for; empty for that of whoever brings the file.
    pub organisation: String,
}

/// Reads a row of people.
pub fn person(cells: &mut Cells<'_>) -> Option<PersonLine> {
    let email = cells.text("email").to_lowercase();
    if !is_email(&email) {
        cells.wrong("email", "an email address like a.khan@authority.example");
    }
    let name = cells.short("name", LONGEST, "their name, in 100 letters or fewer");
    let roles = roles(cells);
    let title = cells.short("title", LONGEST, "their job title, in 100 letters or fewer");
    let until = cells.day_or_blank("until");
    let organisation = cells.text("organisation").to_owned();
    Some(PersonLine { email, name, roles: roles?, title, until, organisation })
}

/// One role or several, by the names that they are stored under or those on a page that differ in nothing but their case.
fn roles(cells: &mut Cells<'_>) -> Option<Vec<Role>> {
    let named = |word: &str| Role::from_code(&word.trim().to_lowercase().replace([' ', '-'], "_"));
    let read: Option<Vec<Role>> = cells.text("role").split([';', ',']).map(named).collect();
    if let Some(mut roles) = read {
        roles.sort_unstable();
        roles.dedup();
        return Some(roles);
    }
    let codes: Vec<&str> = Role::ALL.iter().filter(|role| **role != Role::Guest).map(|role| role.code()).collect();
    cells.wrong("role", &format!("one of {}, or several with a semicolon between them", codes.join(", ")));
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    fn read(row: &[&str]) -> Result<PersonLine, Vec<String>> {
        let texts: Vec<String> = row.iter().map(|cell| (*cell).to_owned()).collect();
        let mut cells = Cells::of(&PEOPLE, 2, &texts);
        let line = person(&mut cells);
        match line.filter(|_| cells.errors.is_empty()) {
            Some(line) => Ok(line),
            None => Err(cells.errors.into_iter().map(|error| error.field).collect()),
        }
    }

    #[test]
    fn a_row_names_one_role_or_several_each_once() {
        let line = read(&["A.Khan@Authority.example", "Amir Khan", "Finance officer", "Accountant", "", ""]).unwrap();
        assert_eq!((line.email.as_str(), line.roles), ("a.khan@authority.example", vec![Role::FinanceOfficer]));
        let several = "analyst; placement-officer;analyst";
        let line = read(&["a@b.example", "Amir Khan", several, "Officer", "31/03/2022", "HEF"]).unwrap();
        assert_eq!(line.roles, [Role::PlacementOfficer, Role::Analyst]);
        assert_eq!((line.until, line.organisation.as_str()), (Some(date(2022, 3, 31)), "HEF"));
    }

    #[test]
    fn each_cell_that_does_not_read_is_told() {
        let told = read(&["a.khan at authority", "", "analyst", "", "soon", ""]).unwrap_err();
        assert_eq!(told, ["email", "name", "title", "until"]);
        assert_eq!(read(&["a@b.example", "Amir Khan", "king", "King", "", ""]).unwrap_err(), ["role"]);
        assert_eq!(read(&["a@b.example", "Amir Khan", "", "Nothing", "", ""]).unwrap_err(), ["role"]);
    }

    #[test]
    fn the_example_reads() {
        let cells: Vec<&str> = PEOPLE.example.split(',').collect();
        assert!(read(&cells).is_ok(), "{cells:?}");
    }
}
