//! The posts that a limb empowers, as it names them. Someone who is only consulted holds no power.

use super::lines::squash;

/// The posts, in the limb's order, with straight apostrophes and without "the".
pub(super) fn named(text: &str) -> Vec<String> {
    let text = squash(text).replace(['\u{2018}', '\u{2019}'], "'");
    let lower = text.to_ascii_lowercase();
    let mut posts = Vec::new();
    for phrase in before_verb(&text, &lower).into_iter().chain(after_verb(&text, &lower)) {
        for post in apart(&phrase) {
            if !posts.contains(&post) {
                posts.push(post);
            }
        }
    }
    posts
}

/// "the Director be authorised to ...": the holder stands before the verb.
fn before_verb(text: &str, lower: &str) -> Vec<String> {
    const VERBS: [&str; 13] = [
        " be authorised ",
        " be further authorised ",
        " be also authorised ",
        " is authorised ",
        " are authorised ",
        " is further authorised ",
        " are further authorised ",
        " be empowered ",
        " is empowered ",
        " are empowered ",
        " be given delegated authority ",
        " has delegated authority ",
        " be granted delegated authority ",
    ];
    let mut at: Vec<usize> =
        VERBS.iter().flat_map(|verb| lower.match_indices(verb).take(20).map(|(at, _)| at)).collect();
    at.sort_unstable();
    at.into_iter()
        .filter_map(|at| {
            let before = text.get(..at)?;
            let from = [". ", ": ", "; ", " that the "]
                .iter()
                .filter_map(|stop| before.rfind(stop).map(|at| at + stop.len()))
                .max();
            consultee_cut(before.get(from.unwrap_or(0)..)?)
        })
        .collect()
}

/// "authority be delegated to the Director to ...": the holder stands after the verb.
fn after_verb(text: &str, lower: &str) -> Vec<String> {
    const LEADS: [&str; 11] = [
        "authority for the ",
        "delegated to ",
        "delegates authority to ",
        "delegate authority to ",
        "delegated authority to ",
        "delegates to ",
        "delegate to ",
        "delegation to ",
        "authorises the ",
        "authorise the ",
        "authority to the ",
    ];
    let mut at: Vec<usize> =
        LEADS.iter().flat_map(|lead| lower.match_indices(lead).take(20).map(|(at, lead)| at + lead.len())).collect();
    at.sort_unstable();
    at.dedup();
    at.into_iter()
        .filter_map(|from| {
            let after = text.get(from..)?;
            let ends = [" to ", ". ", "; ", ": ", " for the ", " in respect", " who "];
            let end = ends.iter().filter_map(|stop| after.find(stop)).min().unwrap_or(after.len());
            consultee_cut(after.get(..end)?)
        })
        .collect()
}

fn consultee_cut(phrase: &str) -> Option<String> {
    let lower = phrase.to_ascii_lowercase();
    let end = ["in consultation", "following consultation", "after consultation", "having consulted", "subject to"]
        .iter()
        .filter_map(|stop| lower.find(stop))
        .min()
        .unwrap_or(phrase.len());
    let kept = phrase.get(..end)?.trim().trim_end_matches(',').trim();
    (!kept.is_empty() && kept.len() <= 300).then(|| kept.to_owned())
}

/// Parts a phrase into posts at "and" and commas, where what follows is a post of its own:
/// "Director for Children's and Families" is one.
fn apart(phrase: &str) -> Vec<String> {
    let mut posts: Vec<String> = Vec::new();
    for (joint, part) in parts(phrase) {
        let part = part.trim();
        match posts.last_mut() {
            Some(last) if !names_a_post(part) || !names_a_post(last) => {
                last.push_str(joint);
                last.push_str(part);
            }
            _ => posts.push(part.to_owned()),
        }
    }
    posts.iter().map(|post| bare(post)).filter(|post| names_a_post(post)).collect()
}

fn parts(phrase: &str) -> Vec<(&'static str, &str)> {
    let mut parts = Vec::new();
    let mut joint = "";
    let mut rest = phrase;
    loop {
        let next = [" and ", " or ", ", "].iter().filter_map(|mark| rest.find(*mark).map(|at| (at, *mark))).min();
        let Some((at, mark)) = next else {
            parts.push((joint, rest));
            return parts;
        };
        parts.push((joint, rest.get(..at).unwrap_or_default()));
        joint = mark;
        rest = rest.get(at + mark.len()..).unwrap_or_default();
    }
}

fn bare(post: &str) -> String {
    let mut post = post.trim().trim_end_matches([',', ';', '.']);
    for lead in ["and ", "that ", "the ", "The ", "That ", "all ", "any "] {
        post = post.strip_prefix(lead).unwrap_or(post).trim_start();
    }
    post.to_owned()
}

fn names_a_post(text: &str) -> bool {
    const NOUNS: [&str; 18] = [
        "director",
        "directors",
        "officer",
        "officers",
        "head",
        "heads",
        "manager",
        "managers",
        "solicitor",
        "member",
        "leader",
        "chief",
        "secretary",
        "treasurer",
        "commissioner",
        "commissioners",
        "executive",
        "lead",
    ];
    text.to_ascii_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| NOUNS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_parted_where_a_second_post_begins() {
        let seed =
            "the Director for Children\u{2019}s and Families  and relevant Assistant Directors  be authorised to act";
        assert_eq!(named(seed), ["Director for Children's and Families", "relevant Assistant Directors"]);
        assert_eq!(
            named(
                "That authority be delegated to the Director of Adults and Communities, the Head of Legal Services and the Section 151 Officer to award"
            ),
            ["Director of Adults and Communities", "Head of Legal Services", "Section 151 Officer"]
        );
    }

    #[test]
    fn whoever_is_only_consulted_holds_no_power() {
        let text = "authority is delegated to the Director of Children's Services, in consultation with the Cabinet Member, to award";
        assert_eq!(named(text), ["Director of Children's Services"]);
        assert_eq!(
            named("the Director of Finance, following consultation with the Leader, be authorised to sign"),
            ["Director of Finance"]
        );
        assert!(named("the arrangement be adopted").is_empty());
    }
}
