//! What the attackers say they have found, read from their own reports.

use std::fmt;
use std::path::PathBuf;

/// One thing that an attacker has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub tool: &'static str,
    pub what: String,
    pub place: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} at {}", self.tool, self.what, self.place)
    }
}

/// What one attacker did as one person.
pub struct Run {
    /// How much it asked, in its own measure.
    pub asked: usize,
    pub found: Vec<Finding>,
    /// What it wrote.
    pub log: PathBuf,
}

/// The rows of a CSV file, quotes undone.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// Wapiti's CSV: category, level, description, method, parameter, address first. That a slow answer was waited for in vain
/// is no hole.
pub fn wapiti(text: &str) -> Vec<Finding> {
    let rows = rows(text);
    let found = rows.iter().skip(1).filter(|row| row.len() > 5 && row[0] != "Resource consumption");
    found
        .map(|row| Finding {
            tool: "wapiti",
            what: format!("{}: {}", row[0], row[2]),
            place: format!("{} {}", row[3], row[5]),
        })
        .collect()
}

/// sqlmap's CSV of several targets: address, place, parameter, techniques; nothing but a head where none was found.
pub fn sqlmap(text: &str) -> Vec<Finding> {
    let rows = rows(text);
    let found = rows.iter().skip(1).filter(|row| row.len() > 3 && !row[3].trim().is_empty());
    found
        .map(|row| Finding {
            tool: "sqlmap",
            what: format!("injection ({}) into {}", row[3], row[2]),
            place: row[0].clone(),
        })
        .collect()
}

/// Schemathesis' `JUnit`: one test case for an operation, with its failures.
pub fn junit(text: &str) -> (usize, Vec<Finding>) {
    let attribute = |tag: &str, name: &str| {
        let value = tag.split_once(&format!("{name}=\""))?.1.split('"').next()?;
        Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "'").replace("&amp;", "&"))
    };
    let (mut asked, mut found, mut place) = (0, Vec::new(), String::new());
    for tag in text.split('<').skip(1) {
        if tag.starts_with("testcase ") {
            asked += 1;
            place = attribute(tag, "name").unwrap_or_default();
        } else if tag.starts_with("failure") || tag.starts_with("error") {
            let what = attribute(tag, "message").unwrap_or_else(|| tag.chars().take(400).collect());
            found.push(Finding {
                tool: "schemathesis",
                what: what.split_whitespace().collect::<Vec<_>>().join(" "),
                place: place.clone(),
            });
        }
    }
    (asked, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wapitis_findings_are_read_and_slow_answers_are_none() {
        let text = "category,level,description,method,parameter,url,body\nSQL Injection,4,\"via, words\",GET,words,http://a/find,\n\
            Resource consumption,0,slow,GET,q,http://a/,\n";
        assert_eq!(wapiti(text).len(), 1);
        assert_eq!(wapiti(text)[0].to_string(), "wapiti: SQL Injection: via, words at GET http://a/find");
        assert!(wapiti("category,level\n").is_empty());
    }

    #[test]
    fn sqlmaps_findings_are_read() {
        let head = "Target URL,Place,Parameter,Technique(s),Note(s)\n";
        assert!(sqlmap(head).is_empty());
        assert_eq!(sqlmap(&format!("{head}http://a/find?words=a,GET,words,BT,\n"))[0].place, "http://a/find?words=a");
        assert!(sqlmap(&format!("{head}http://a/find?words=a,,,,\n")).is_empty());
    }

    #[test]
    fn failures_of_operations_are_read() {
        let text = "<?xml?><testsuites><testsuite><testcase name=\"GET /a\"/><testcase name=\"GET /b\">\
            <failure type=\"failure\" message=\"1. Server error &quot;500&quot;\n\n more\"/></testcase></testsuite></testsuites>";
        let (asked, found) = junit(text);
        assert_eq!((asked, found.len()), (2, 1));
        assert_eq!(found[0].to_string(), "schemathesis: 1. Server error '500' more at GET /b");
    }
}
