//! Single sign-on: what an organisation's administrator says of its identity provider, and which roles its claims give.

use serde::{Deserialize, Serialize};

use super::super::organisation::OrganisationKind;
use super::Role;
use crate::outcome::Invalid;

/// Who may come in by an organisation's provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admits {
    /// People who work here or were invited; an account that stands here is proven once by its person.
    Invited,
    /// Whoever the provider gives a role; an account is made when they first come.
    Anyone,
}

impl Admits {
    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Anyone => "anyone",
        }
    }

    /// The value of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Invited, Self::Anyone].into_iter().find(|one| one.code() == code)
    }
}

/// One line of the list of roles: whoever the claim names with this value works in this role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRule {
    /// The claim's value, such as a group's name.
    pub value: String,
    /// The role that it gives.
    pub role: Role,
    /// The job title that stands beside the name.
    pub title: String,
}

/// The list of roles as somebody typed it, a line each: `value = role, title`. No rule at all leaves roles to invitations.
pub fn read_rules(field: &str, typed: &str, kind: OrganisationKind) -> Result<Vec<RoleRule>, Invalid> {
    let mut rules = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let read = line.split_once('=').and_then(|(value, given)| {
            let (role, title) = given.split_once(',').unwrap_or((given, ""));
            let role = Role::from_code(role.trim()).filter(|role| role.belongs_to(kind))?;
            let (value, title) = (value.trim(), title.trim());
            let title = if title.is_empty() { role.label() } else { title };
            (!value.is_empty() && value.chars().count() <= 200 && title.chars().count() <= 100).then(|| RoleRule {
                value: value.to_owned(),
                role,
                title: title.to_owned(),
            })
        });
        let Some(rule) = read else {
            let codes: Vec<&str> =
                Role::ALL.iter().filter(|role| role.belongs_to(kind)).map(|role| role.code()).collect();
            return Err(Invalid::one(
                field,
                format!(
                    "Write each line as value = role, title, like placements = {}, Team manager. The roles are: {}",
                    codes.first().copied().unwrap_or_default(),
                    codes.join(", ")
                ),
            ));
        };
        rules.push(rule);
    }
    Ok(rules)
}

/// The rules as they are typed.
#[must_use]
pub fn write_rules(rules: &[RoleRule]) -> String {
    rules
        .iter()
        .map(|rule| format!("{} = {}, {}", rule.value, rule.role.code(), rule.title))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The roles that somebody's claims give, each once, with the title of the first rule that gives it.
#[must_use]
pub fn roles_given<'a>(rules: &'a [RoleRule], values: &[String]) -> Vec<&'a RoleRule> {
    let mut given: Vec<&RoleRule> = Vec::new();
    for rule in rules.iter().filter(|rule| values.contains(&rule.value)) {
        if !given.iter().any(|one| one.role == rule.role) {
            given.push(rule);
        }
    }
    given
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TYPED: &str =
        "placements = placement_officer, Team manager\n\ndirectors = approver\nseniors = placement_officer";

    #[test]
    fn claims_give_the_roles_that_the_administrator_wrote_and_no_others() {
        let rules = read_rules("rules", TYPED, OrganisationKind::Authority).unwrap();
        let values = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let given = roles_given(&rules, &values(&["seniors", "placements", "something else"]));
        assert_eq!(
            given.iter().map(|rule| (rule.role, rule.title.as_str())).collect::<Vec<_>>(),
            [(Role::PlacementOfficer, "Team manager")]
        );
        assert!(roles_given(&rules, &values(&["Directors", "administrators"])).is_empty(), "a value matches whole");
        assert_eq!(read_rules("rules", &write_rules(&rules), OrganisationKind::Authority).unwrap(), rules);
    }

    #[test]
    fn a_rule_gives_no_role_of_another_kind_of_organisation() {
        for wrong in ["a = approver", "a = guest", "a", "= provider_manager", "a = nobody"] {
            assert!(read_rules("rules", wrong, OrganisationKind::Provider).is_err(), "{wrong}");
        }
        assert!(read_rules("rules", "a = provider_manager", OrganisationKind::Provider).is_ok());
        assert!(read_rules("rules", " \n", OrganisationKind::Provider).unwrap().is_empty());
    }
}
