//! Whoever is given a role that sees children: those who answer for the authority are told in the same transaction, however
//! it came about, so that no administrator brings anybody near a child unseen. So are they of what else guards who comes in.

use placewell_domain::id::PersonId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_store::Work;

use crate::answer::Answer;
use crate::office::message::Notice;

/// How somebody came by a role.
pub(crate) enum Given {
    /// They accepted an invitation, which this person sent where that was kept.
    Invited(Option<PersonId>),
    /// They cover for a colleague; this person arranged it.
    Cover(PersonId),
    /// Their last day in it was moved to a later one by this person.
    Longer(PersonId),
    /// The organisation's identity provider names them so.
    Provider,
}

/// Tells the approvers of this work's organisation that somebody was given a role, where it sees children.
pub(crate) async fn tell_of_role(work: &mut Work, person: PersonId, role: Role, given: Given) -> Answer<()> {
    if !may(role, Action::SeeChild) {
        return Ok(());
    }
    let how = match given {
        Given::Invited(Some(by)) => format!("By an invitation that {} sent.", work.person_name(by).await?),
        Given::Invited(None) => "By an invitation.".to_owned(),
        Given::Cover(by) => format!("To cover for a colleague, arranged by {}.", work.person_name(by).await?),
        Given::Longer(by) => format!("{} moved their last day in it to a later one.", work.person_name(by).await?),
        Given::Provider => "By your organisation's own sign-in.".to_owned(),
    };
    let notice = Notice {
        to: work.org().0,
        role: Role::Approver,
        subject: "Somebody was given a role that sees children".to_owned(),
        lines: vec![
            format!(
                "{} works as {} from now on or from the day arranged.",
                work.person_name(person).await?,
                role.label()
            ),
            how,
            "If you do not know of this, tell your data protection officer at once.".to_owned(),
        ],
        path: "/record".to_owned(),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Tells those who answer for the organisation, and whoever keeps its people, that what guards it was changed, with the page
/// that shows it. Whoever changed it is told too, since it may be somebody at their screen.
pub(crate) fn tell_keepers(work: &mut Work, actor: &Actor, (subject, page): (&str, &str), what: &str) -> Answer<()> {
    let keepers = Action::KeepPeople.roles().iter().map(|role| (*role, page));
    for (role, path) in std::iter::once((Role::Approver, "/record")).chain(keepers) {
        let notice = Notice {
            to: actor.organisation.0,
            role,
            subject: subject.to_owned(),
            lines: vec![
                what.to_owned(),
                format!("{} did it, as {}.", actor.name, actor.role.label()),
                "If you do not know of this, tell your data protection officer at once.".to_owned(),
            ],
            path: path.to_owned(),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}
