//! The options appraisal that the analyst saved for Herefordshire, on this morning's record.

use std::sync::Arc;

use crate::answer::Answer;
use crate::command::App;
use crate::demonstration::people::ANALYST;

/// Draws and saves it.
pub(super) async fn save(app: &Arc<App>) -> Answer<()> {
    let analyst = app.actor_by_email(ANALYST).await?;
    let title = "Cabinet, 23 September 2021: whether to use the option to extend";
    let command = app.appraisal_to_save(&analyst, Some("HEF"), &[], title).await?;
    app.perform(&analyst, "the-demonstration-s-appraisal", command).await?;
    Ok(())
}
