//! Functions fit on a screen: at most 70 lines. Code formatted by rustfmt closes a function with a brace
//! at the indentation of its `fn`, so no parser is needed.

use super::Violation;
use super::files::Source;

const LONGEST: usize = 70;
/// What may stand before `fn`.
const QUALIFIERS: &[&str] = &["pub", "default", "const", "async", "unsafe", "extern"];

/// Functions that are too long.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let lines: Vec<&str> = source.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let length = length(&lines[index..]);
            if length > LONGEST {
                let message = format!("fn {name} has {length} lines; the limit is {LONGEST}");
                found.push(Violation::at(source, index + 1, message));
            }
        }
    }
    found
}

/// The name of the function that a line begins, if it begins one.
fn function_name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    loop {
        if let Some(name) = rest.strip_prefix("fn ") {
            return Some(name.split(['(', '<']).next().unwrap_or(name));
        }
        let (word, after) = rest.split_once(' ')?;
        let word = word.split('(').next().unwrap_or(word);
        if !QUALIFIERS.contains(&word) && !word.starts_with('"') {
            return None;
        }
        rest = after.trim_start();
    }
}

/// How many lines a function takes, from its `fn` line to the brace that closes it.
fn length(lines: &[&str]) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(first) = lines.first() else { return 0 };
    for (index, line) in lines.iter().enumerate() {
        if indent(line) != indent(first) || line.trim().is_empty() {
            continue;
        }
        // A body on the line itself, a declaration without one, or the closing brace.
        if line.ends_with('}') || line.ends_with(';') {
            return index + 1;
        }
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::{check, function_name};
    use crate::tidy::files::given::file;

    fn body(lines: usize) -> String {
        format!(
            "impl A {{\n    pub(crate) async fn long(\n        a: u8,\n    ) -> u8 {{\n{}    }}\n}}\n",
            "        x();\n".repeat(lines)
        )
    }

    #[test]
    fn a_function_of_70_lines_passes_and_one_of_71_does_not() {
        assert!(check(&[file("a.rs", &body(66))]).is_empty());
        let found = check(&[file("a.rs", &body(67))]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].message.as_str()), (2, "fn long has 71 lines; the limit is 70"));
    }

    #[test]
    fn a_declaration_or_a_one_line_body_ends_where_it_stands() {
        let text =
            format!("trait A {{\n    fn one(&self) -> u8;\n    fn two() {{}}\n{}}}\n", "    // more\n".repeat(90));
        assert!(check(&[file("a.rs", &text)]).is_empty());
    }

    #[test]
    fn only_real_functions_are_named() {
        assert_eq!(function_name("    pub const fn new() -> Self {"), Some("new"));
        assert_eq!(function_name("extern \"C\" fn call<T>() {"), Some("call"));
        assert_eq!(function_name("    let f: fn (u8) = x;"), None);
        assert_eq!(function_name("/// fn documented() {"), None);
    }
}
