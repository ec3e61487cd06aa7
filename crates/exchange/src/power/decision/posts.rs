//! Who is granted what in a clause: the words that grant, the posts that they name, and the words that the grant
//! reaches. Someone who is only consulted holds no power, and a post's powers are those of its own grant.

use super::lines::squash;

/// One grant: its posts, and the parts of the clause in which its acts stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// The posts, in the clause's order, with straight apostrophes and without "the".
    pub(super) posts: Vec<String>,
    /// Where its acts are named, in lower case.
    pub(super) scope: String,
}

/// How a granting word stands to its posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// "the Director be authorised to ...".
    Behind,
    /// "authority be delegated to the Director to ...".
    Ahead,
    /// "..., and the Head of Service to ...": the verb is that of the grant before.
    Shared,
}

#[derive(Debug, Clone, Copy)]
struct Verb {
    start: usize,
    end: usize,
    kind: Kind,
}

/// The holder stands before these.
const BEHIND: [&str; 24] = [
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
    " be permitted ",
    " be given delegated authority ",
    " is given delegated authority ",
    " are given delegated authority ",
    " be granted delegated authority ",
    " is granted delegated authority ",
    " are granted delegated authority ",
    " has delegated authority ",
    " have delegated authority ",
    " be given authority ",
    " be granted authority ",
    " be given the authority ",
    " be delegated authority ",
    " may ",
];

/// The holder stands behind these.
const AHEAD: [&str; 13] = [
    "authority for the ",
    "delegated to ",
    "delegates authority to ",
    "delegate authority to ",
    "delegating authority to ",
    "delegates to ",
    "delegate to ",
    "delegation to ",
    "authorises the ",
    "authorise the ",
    "authorising the ",
    "authority to the ",
    "empower the ",
];

/// No clause that a person wrote grants more often; bounds the work on one that nobody wrote.
const MOST: usize = 20;

/// A text with straight apostrophes, plain hyphens and single spaces, as the words below are written.
pub(super) fn plain(text: &str) -> String {
    squash(text).replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'], "-")
}

/// The grants of a clause. `lead` are the posts that the words before a list name, for a clause that names none.
pub(super) fn grants(clause: &str, lead: &[String]) -> Vec<Grant> {
    let text = format!(" {clause} ");
    let lower = text.to_ascii_lowercase();
    let verbs = verbs(&text, &lower);
    let mut parts: Vec<(usize, usize, Vec<String>, bool)> = Vec::new();
    let mut from = 0;
    for (at, verb) in verbs.iter().enumerate() {
        let until = verbs.get(at + 1).map_or(text.len(), |next| next.start);
        let (start, scope_from, posts) = match verb.kind {
            Kind::Behind => {
                let (start, posts) = posts_before(&text, from, verb.start);
                (start, verb.end, posts)
            }
            Kind::Ahead | Kind::Shared => {
                let (end, posts) = posts_after(&text, verb.end, until);
                (verb.start, end, posts)
            }
        };
        let posts = if posts.is_empty() { lead.to_vec() } else { posts };
        let passive = verb.kind == Kind::Ahead && is_passive(&lower, verb.start);
        parts.push((start, scope_from, posts, passive));
        from = scope_from;
    }
    let ends: Vec<usize> = parts.iter().skip(1).map(|part| part.0).chain([text.len()]).collect();
    let mut before_from = 0;
    let mut grants = Vec::new();
    for ((start, scope_from, posts, passive), end) in parts.into_iter().zip(ends) {
        let mut scope = lower.get(scope_from..end.max(scope_from)).unwrap_or_default().to_owned();
        if passive {
            scope = format!("{} , {scope}", lower.get(before_from..start.max(before_from)).unwrap_or_default());
        }
        before_from = end;
        grants.push(Grant { posts, scope });
    }
    grants
}

/// The posts that the words before a list name: "That the Director:", "authority be delegated to the Director to:".
pub(super) fn of_lead(lead: &str) -> (Vec<String>, bool) {
    let lead = plain(lead);
    let lead = lead.trim_end_matches([':', ' ', '-']).trim_end_matches(" to").trim_end();
    let found = grants(&format!("{lead} to"), &[]);
    if let Some(last) = found.last().filter(|grant| !grant.posts.is_empty()) {
        return (last.posts.clone(), true);
    }
    let from =
        [". ", "; ", " that ", "That "].iter().filter_map(|stop| lead.rfind(stop).map(|at| at + stop.len())).max();
    (apart(lead.get(from.unwrap_or(0)..).unwrap_or_default()), false)
}

fn verbs(text: &str, lower: &str) -> Vec<Verb> {
    let mut found: Vec<Verb> = Vec::new();
    for verb in BEHIND {
        let kind = Kind::Behind;
        let places = lower.match_indices(verb.trim_end()).take(MOST).map(|(at, word)| (at, at + word.len()));
        let ends = |end: &usize| lower.get(*end..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        found.extend(places.filter(|(_, end)| ends(end)).map(|(start, end)| Verb { start, end, kind }));
    }
    for lead in AHEAD {
        let kind = Kind::Ahead;
        found.extend(lower.match_indices(lead).take(MOST).map(|(at, _)| Verb {
            start: at,
            end: at + lead.len(),
            kind,
        }));
    }
    found.extend(shared(text, lower));
    found.sort_by_key(|verb| (verb.start, core::cmp::Reverse(verb.end)));
    // of two that overlap the first holds: "delegated to" inside "be delegated to"
    let mut kept: Vec<Verb> = Vec::new();
    for verb in found {
        if kept.last().is_none_or(|last| verb.start >= last.end) {
            kept.push(verb);
        }
    }
    kept.truncate(MOST);
    // a second post shares the verb only behind the acts of the first; before them it shares the acts as well
    let mut settled: Vec<Verb> = Vec::new();
    for verb in kept {
        let acts =
            |last: &Verb| lower.get(last.end..verb.start).is_some_and(|between| format!(" {between}").contains(" to "));
        if verb.kind != Kind::Shared || settled.last().is_some_and(acts) {
            settled.push(verb);
        }
    }
    settled
}

/// "..., and the Head of Service to spot purchase".
fn shared(text: &str, lower: &str) -> Vec<Verb> {
    const JOINTS: [&str; 3] = [", and the ", " and the ", ", the "];
    let mut found = Vec::new();
    for joint in JOINTS {
        for (at, _) in lower.match_indices(joint).take(MOST) {
            let from = at + joint.len();
            let Some(rest) = text.get(from..) else { continue };
            let Some(end) = rest.find(" to ") else { continue };
            let phrase = rest.get(..end).unwrap_or_default();
            let has_verb = BEHIND.iter().any(|verb| phrase.to_ascii_lowercase().contains(verb.trim()));
            let short = phrase.split(' ').count() <= 10 && !phrase.contains([';', ',']);
            if short && names_a_post(phrase) && !has_verb {
                found.push(Verb { start: at, end: from, kind: Kind::Shared });
            }
        }
    }
    found
}

/// "the award of agreements be delegated to": what is granted stands before.
fn is_passive(lower: &str, start: usize) -> bool {
    let before = lower.get(..start).unwrap_or_default().trim_end();
    [" be", " is", " are", " been"].iter().any(|verb| before.ends_with(verb))
}

fn posts_before(text: &str, from: usize, verb: usize) -> (usize, Vec<String>) {
    let before = text.get(from..verb).unwrap_or_default();
    let stop = [". ", ": ", "; ", " that the ", " that "]
        .iter()
        .filter_map(|stop| before.rfind(stop).map(|at| at + stop.len()))
        .max()
        .unwrap_or(0);
    let phrase = before.get(stop..).unwrap_or_default();
    let cut = first_post(phrase);
    let posts = consultee_cut(phrase.get(cut..).unwrap_or_default()).map(|kept| apart(&kept)).unwrap_or_default();
    (from + stop + cut, posts)
}

/// Where the first post begins: words before it that name none are the acts of the grant before.
fn first_post(phrase: &str) -> usize {
    let part_at = |at: usize| {
        let rest = phrase.get(at..).unwrap_or_default();
        let end = [" and ", " or ", ", "].iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
        rest.get(..end).is_some_and(names_a_post)
    };
    let opens = phrase.trim_start();
    let start = phrase.len() - opens.len();
    if part_at(start) && !["award", "take", "make", "enter", "to "].iter().any(|act| opens.starts_with(act)) {
        return 0;
    }
    let mut places = phrase.match_indices(" the ").map(|(at, _)| at + 1).take(MOST);
    places.find(|at| part_at(*at)).unwrap_or(0)
}

fn posts_after(text: &str, from: usize, until: usize) -> (usize, Vec<String>) {
    let after = text.get(from..until.max(from)).unwrap_or_default();
    let ends = [" to ", ". ", "; ", ": ", " for the ", " in respect", " who ", " the award ", " all ", " power"];
    let end = ends.iter().filter_map(|stop| after.find(stop)).min().unwrap_or(after.len());
    let posts = consultee_cut(after.get(..end).unwrap_or_default()).map(|kept| apart(&kept)).unwrap_or_default();
    (from + end, posts)
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
    let mut found = Vec::new();
    for post in posts.iter().map(|post| bare(post)).filter(|post| names_a_post(post)) {
        if !found.contains(&post) {
            found.push(post);
        }
    }
    found
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
    let mut post = post.trim().trim_end_matches([',', ';', '.', ':']);
    for lead in ["and ", "that ", "That ", "THAT ", "the ", "The ", "THE ", "all ", "any "] {
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
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn named(text: &str) -> Vec<String> {
        grants(&plain(text), &[]).into_iter().flat_map(|grant| grant.posts).collect()
    }

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

    #[test]
    fn a_posts_acts_are_those_of_its_own_grant() {
        for text in [
            "the Director of Children's Services be authorised to award agreements and the Head of Commissioning be authorised to buy",
            "the Director of Children's Services be authorised to award agreements, and the Head of Commissioning to buy",
            "authority be delegated to the Director of Children's Services to award agreements and authority be delegated to the Head of Commissioning to buy",
        ] {
            let found = grants(text, &[]);
            assert_eq!(found.len(), 2, "{text}: {found:?}");
            assert_eq!(found[0].posts, ["Director of Children's Services"], "{text}");
            assert_eq!(found[1].posts, ["Head of Commissioning"], "{text}");
            assert!(found[0].scope.contains("award") && !found[0].scope.contains("buy"), "{found:?}");
            assert!(found[1].scope.contains("buy") && !found[1].scope.contains("award"), "{found:?}");
        }
    }

    #[test]
    fn the_words_before_a_list_name_its_posts() {
        assert_eq!(of_lead("That the Executive Director:"), (vec!["Executive Director".to_owned()], false));
        assert_eq!(
            of_lead("That authority be delegated to the Director of Children's Services to:"),
            (vec!["Director of Children's Services".to_owned()], true)
        );
        assert_eq!(of_lead("RESOLVED that:"), (vec![], false));
    }
}
