//! `cargo xtask sbom`: what the executable and the front end are built of, as `CycloneDX` 1.6 below `target/sbom`.
//!
//! Cargo's own tree says which packages with which licences, the lock file their checksums and what each needs; npm writes
//! its own list.

use crate::need;
use crate::shell::{self, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

/// Fewer packages than this means that the tree was not read.
const FEWEST: usize = 100;
const REGISTRY: &str = "registry+";

/// A package as the lock file has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Locked {
    source: String,
    checksum: String,
    /// Names, with a version where there are several.
    needs: Vec<String>,
}

/// Name and version.
type Name = (String, String);

/// A package that the executable is built of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Component {
    name: Name,
    licence: String,
    repository: String,
}

/// Writes both lists; each is checked as it is written.
pub fn task() -> Outcome {
    let folder = shell::target().join("sbom");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    };
    let lock = std::fs::read_to_string(shell::root().join("Cargo.lock")).map_err(|error| error.to_string())?;
    let mut tree = shell::cargo();
    tree.args(["tree", "--locked", "--package", "placewell", "--edges", "normal,build", "--target", "all"]);
    tree.args(["--prefix", "none", "--format", "{p}|{l}|{r}"]);
    let (locked, components) = (read_lock(&lock), read_tree(&shell::capture(&mut tree)?));
    if components.len() < FEWEST {
        return Err(format!("only {} packages were found", components.len()));
    }
    check(&locked, &components)?;
    write("placewell.cdx.json", &written(&locked, &components))?;
    need::node()?;
    let mut npm = Command::new("npm");
    npm.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]).current_dir(shell::root().join("frontend"));
    let frontend = shell::capture(&mut npm)?;
    if !frontend.contains("\"CycloneDX\"") || !frontend.contains("pkg:npm/govuk-frontend@") {
        return Err("npm wrote no list of the front end's packages".to_owned());
    }
    write("frontend.cdx.json", &frontend)?;
    println!(
        "{} packages of the executable, {} of the front end: {}",
        components.len(),
        frontend.matches("\"purl\"").count(),
        folder.display()
    );
    Ok(())
}

/// The lock file's packages.
fn read_lock(text: &str) -> BTreeMap<Name, Locked> {
    let mut all = BTreeMap::new();
    for block in text.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let found = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
            found.unwrap_or_default().to_owned()
        };
        let needs = block.split_once("dependencies = [").map_or("", |(_, rest)| rest.split(']').next().unwrap_or(rest));
        let needs = needs.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
        let locked =
            Locked { source: value("source"), checksum: value("checksum"), needs: needs.map(str::to_owned).collect() };
        all.insert((value("name"), value("version")), locked);
    }
    all
}

/// The tree's packages, each once; the workspace's own are the product itself.
fn read_tree(text: &str) -> Vec<Component> {
    let mut all = BTreeMap::new();
    for line in text.lines() {
        let mut parts = line.split('|');
        let (package, licence, repository) = (parts.next(), parts.next(), parts.next());
        let (Some(package), Some(licence)) = (package, licence) else { continue };
        let mut words = package.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next().and_then(|word| word.strip_prefix('v'))) else {
            continue;
        };
        if package.contains(" (/") || package.contains(" (file:") {
            continue;
        }
        let repository = repository.unwrap_or_default().trim_end_matches(" (*)").to_owned();
        let name: Name = (name.to_owned(), version.to_owned());
        let licence = licence.trim_end_matches(" (*)").replace('/', " OR ");
        all.insert(name.clone(), Component { name, licence, repository });
    }
    all.into_values().collect()
}

/// Every package comes from the registry with its checksum, and says its licence.
fn check(locked: &BTreeMap<Name, Locked>, components: &[Component]) -> Outcome {
    let wrong: Vec<String> = components
        .iter()
        .filter_map(|component| {
            let (name, version) = &component.name;
            let what = match locked.get(&component.name) {
                None => "is not in the lock file",
                Some(found) if !found.source.starts_with(REGISTRY) => "comes from no registry",
                Some(found) if found.checksum.len() != 64 => "has no checksum",
                Some(_) if component.licence.is_empty() => "says no licence",
                Some(_) => return None,
            };
            Some(format!("{name} {version} {what}"))
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn purl((name, version): &Name) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The list as `CycloneDX` has it.
fn written(locked: &BTreeMap<Name, Locked>, components: &[Component]) -> String {
    let names: BTreeSet<&Name> = components.iter().map(|component| &component.name).collect();
    let version = locked.keys().find(|(name, _)| name == "placewell").map_or("", |(_, version)| version);
    let mut text = format!(
        "{{\n \"bomFormat\": \"CycloneDX\",\n \"specVersion\": \"1.6\",\n \"version\": 1,\n \"metadata\": {{\"component\": \
         {{\"type\": \"application\", \"bom-ref\": \"placewell\", \"name\": \"placewell\", \"version\": {}, \"licenses\": \
         [{{\"expression\": \"MIT\"}}]}}}},\n \"components\": [",
        quoted(version)
    );
    for (index, component) in components.iter().enumerate() {
        let (name, version) = &component.name;
        let checksum = locked.get(&component.name).map_or("", |found| found.checksum.as_str());
        let comma = if index == 0 { "" } else { "," };
        let reference = quoted(&purl(&component.name));
        let _infallible = write!(
            text,
            "{comma}\n  {{\"type\": \"library\", \"bom-ref\": {reference}, \"name\": {}, \"version\": {}, \"purl\": {reference}, \
             \"hashes\": [{{\"alg\": \"SHA-256\", \"content\": {}}}], \"licenses\": [{{\"expression\": {}}}]",
            quoted(name),
            quoted(version),
            quoted(checksum),
            quoted(&component.licence)
        );
        if component.repository.starts_with("https://") {
            let _infallible = write!(
                text,
                ", \"externalReferences\": [{{\"type\": \"vcs\", \"url\": {}}}]",
                quoted(&component.repository)
            );
        }
        text.push('}');
    }
    text.push_str("\n ],\n \"dependencies\": [");
    for (index, component) in components.iter().enumerate() {
        let needs = locked.get(&component.name).map_or(&[][..], |found| found.needs.as_slice());
        let needs = needs.iter().flat_map(|need| resolved(need, &names)).map(|name| quoted(&purl(name)));
        let comma = if index == 0 { "" } else { "," };
        let reference = quoted(&purl(&component.name));
        let _infallible = write!(
            text,
            "{comma}\n  {{\"ref\": {reference}, \"dependsOn\": [{}]}}",
            needs.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
        );
    }
    text.push_str("\n ]\n}\n");
    text
}

/// The packages of the list that a line of the lock file's dependencies means.
fn resolved<'a>(need: &str, names: &BTreeSet<&'a Name>) -> Vec<&'a Name> {
    let mut words = need.split(' ');
    let (name, version) = (words.next().unwrap_or_default(), words.next());
    names.iter().copied().filter(|known| known.0 == name && version.is_none_or(|version| known.1 == version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"placewell\"\nversion = \"0.1.0\"\ndependencies = [\n \"one\",\n]\n\n\
        [[package]]\nname = \"one\"\nversion = \"1.2.0\"\nsource = \"registry+somewhere\"\nchecksum = \"\
        0123456789012345678901234567890123456789012345678901234567890123\"\ndependencies = [\n \"two 2.0.0+x\",\n]\n\n\
        [[package]]\nname = \"two\"\nversion = \"2.0.0+x\"\nsource = \"registry+somewhere\"\nchecksum = \"\
        0123456789012345678901234567890123456789012345678901234567890123\"\n";
    const TREE: &str = "placewell v0.1.0 (/somewhere/crates/placewell)|MIT|\none v1.2.0|MIT/Apache-2.0|https://example.org/one\n\
        two v2.0.0+x (proc-macro)|Zlib|\none v1.2.0|MIT/Apache-2.0|https://example.org/one (*)\n";

    #[test]
    fn every_package_of_the_lock_file_is_a_component() {
        let (locked, components) = (read_lock(LOCK), read_tree(TREE));
        assert_eq!((locked.len(), components.len(), check(&locked, &components)), (3, 2, Ok(())));
        let text = written(&locked, &components);
        for part in [
            "\"purl\": \"pkg:cargo/one@1.2.0\"",
            "\"expression\": \"MIT OR Apache-2.0\"",
            "\"url\": \"https://example.org/one\"}",
            "{\"ref\": \"pkg:cargo/one@1.2.0\", \"dependsOn\": [\"pkg:cargo/two@2.0.0%2Bx\"]}",
            "{\"ref\": \"pkg:cargo/two@2.0.0%2Bx\", \"dependsOn\": []}",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn a_package_without_checksum_source_or_licence_is_named() {
        let components = read_tree(TREE);
        let refused = |lock: &str, components: &[Component]| check(&read_lock(lock), components).unwrap_err();
        assert!(refused(&LOCK.replace("registry+", "git+"), &components).contains("one 1.2.0 comes from no registry"));
        assert!(refused(&LOCK.replace("checksum", "sum"), &components).contains("two 2.0.0+x has no checksum"));
        assert!(refused(LOCK, &read_tree("one v1.2.0||\n")).contains("says no licence"));
        assert!(refused(LOCK, &read_tree("three v1.0.0|MIT|\n")).contains("three 1.0.0 is not in the lock file"));
    }
}
