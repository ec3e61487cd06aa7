//! Floors depend downwards only, and the domain on nothing that reads a clock, a file or a socket.
//! Cargo refuses circles, but not a web floor that reaches past the app to the database.

use super::Violation;
use super::files::Source;

/// What the domain may use: dates without a clock, and the traits that carry its types.
const DOMAIN_MAY_USE: &[&str] = &["jiff", "serde"];
/// Each floor's crate, with the crates below that it may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("insight", &["domain"]),
    ("exchange", &["domain"]),
    ("paper", &["domain"]),
    ("pages", &["domain"]),
    ("store", &["domain"]),
    ("app", &["domain", "insight", "exchange", "paper", "store"]),
    ("web", &["domain", "insight", "exchange", "paper", "pages", "app"]),
];

/// Dependencies that lead the wrong way.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        if source.path == "Cargo.toml" {
            found.extend(clockless_dates(source));
        }
        let name = source.path.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml"));
        let Some(name) = name else { continue };
        let allowed = FLOORS.iter().find(|(floor, _)| *floor == name).map(|(_, allowed)| *allowed);
        for (line, dependency) in dependencies(&source.text) {
            if name == "domain" && !DOMAIN_MAY_USE.contains(&dependency) {
                let message = format!("the domain uses {} alone, not {dependency}", DOMAIN_MAY_USE.join(" and "));
                found.push(Violation::at(source, line, message));
            } else if let (Some(below), Some(allowed)) = (dependency.strip_prefix("placewell-"), allowed)
                && !allowed.contains(&below)
            {
                let message = format!("{name} may use {}, not {below}", allowed.join(", "));
                found.push(Violation::at(source, line, message));
            }
        }
    }
    found
}

/// The names under `[dependencies]`, each with its line.
fn dependencies(text: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(section) = line.trim().strip_prefix('[') {
            inside = section.starts_with("dependencies]");
            if let Some(name) = section.strip_prefix("dependencies.") {
                names.push((index + 1, name.trim_end_matches(']')));
            }
        } else if inside && !line.trim_start().starts_with('#') {
            let name = line.split(['=', '.']).next().unwrap_or("").trim();
            if !name.is_empty() && line.contains('=') {
                names.push((index + 1, name));
            }
        }
    }
    names
}

/// The workspace's one line about jiff must leave out its clock and its time zone files.
fn clockless_dates(source: &Source) -> Option<Violation> {
    let (index, line) = source.text.lines().enumerate().find(|(_, line)| line.starts_with("jiff ="))?;
    let clock = ["\"std\"", "\"tz-system\"", "\"tzdb"].iter().any(|feature| line.contains(feature));
    let message = "jiff comes with default-features = false and without its clock: the domain reads no clock";
    (clock || !line.contains("default-features = false")).then(|| Violation::at(source, index + 1, message))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::files::given::file;

    fn found(path: &str, text: &str) -> usize {
        check(&[file(path, text)]).len()
    }

    #[test]
    fn the_domain_uses_dates_and_serde_alone() {
        let plain = "[dependencies]\njiff = { workspace = true }\nserde.workspace = true\n\n[dev-dependencies]\nproptest = \"1\"\n";
        assert_eq!(found("crates/domain/Cargo.toml", plain), 0);
        assert_eq!(found("crates/domain/Cargo.toml", "[dependencies]\ntokio = { workspace = true }\n"), 1);
        assert_eq!(found("crates/domain/Cargo.toml", "[dependencies.tokio]\nworkspace = true\n"), 1);
    }

    #[test]
    fn floors_depend_downwards_only() {
        assert_eq!(found("crates/web/Cargo.toml", "[dependencies]\nplacewell-app = { workspace = true }\n"), 0);
        assert_eq!(found("crates/web/Cargo.toml", "[dependencies]\nplacewell-store = { workspace = true }\n"), 1);
        assert_eq!(found("crates/store/Cargo.toml", "[dependencies]\nplacewell-app = { workspace = true }\n"), 1);
        assert_eq!(found("crates/web/Cargo.toml", "[dev-dependencies]\nplacewell-testkit = { workspace = true }\n"), 0);
        assert_eq!(found("crates/web/Cargo.toml", "[dependencies]\nplacewell-testkit = { workspace = true }\n"), 1);
    }

    #[test]
    fn dates_come_without_a_clock() {
        assert_eq!(
            found("Cargo.toml", "jiff = { version = \"0.2\", default-features = false, features = [\"serde\"] }\n"),
            0
        );
        assert_eq!(found("Cargo.toml", "jiff = { version = \"0.2\", features = [\"serde\"] }\n"), 1);
        assert_eq!(
            found("Cargo.toml", "jiff = { version = \"0.2\", default-features = false, features = [\"std\"] }\n"),
            1
        );
    }
}
