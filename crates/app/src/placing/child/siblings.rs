//! Brothers and sisters of a child, as far as linked searches tell: opened for checks that show nobody who they are.

use placewell_domain::placing::child::{Child, ChildIdentity, ChildState};
use placewell_store::Session;

use crate::answer::Answer;

/// Who a child's brothers and sisters are, without those whose records were erased.
pub(crate) async fn siblings(session: &Session, child: &Child) -> Answer<Vec<ChildIdentity>> {
    let mut all = Vec::new();
    for id in session.siblings_of_child(child.authority, child.id).await? {
        let sibling = session.child(child.authority, id).await?;
        if sibling.state == ChildState::Known {
            all.push(session.open_identity(&sibling).await?);
        }
    }
    Ok(all)
}
