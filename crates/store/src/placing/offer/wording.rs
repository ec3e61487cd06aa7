//! What a provider keeps to say again of a home in its offers: rows of its own, which nobody else reads.

use placewell_domain::homes::home::Need;
use placewell_domain::id::HomeId;
use placewell_domain::placing::offer::wording::Wording;

use crate::error::StoreError;
use crate::homes::home::coded;
use crate::session::Session;
use crate::values;
use crate::work::Work;

impl Session {
    /// What the reader's provider keeps to say again of a home, by the need's name.
    pub async fn wordings_of(&self, home: HomeId) -> Result<Vec<Wording>, StoreError> {
        let own = self.organisation().ok_or(StoreError::NotFound)?;
        let sql = "SELECT need, words, saved_on FROM home_wording WHERE org_id = $1 AND home_id = $2 ORDER BY need";
        let rows = self.all(sql, values![own, home]).await?;
        let wording = |row: &crate::row::Row| {
            let code = row.text("need")?;
            let need = coded(Need::from_code(&code), "need", &code)?;
            Ok(Wording { home, need, words: row.text("words")?, saved: row.date("saved_on")? })
        };
        rows.iter().map(wording).collect()
    }
}

impl Work {
    /// Keeps a sentence in place of the one before it. The caller records the event.
    pub async fn keep_wording(&self, wording: &Wording) -> Result<(), StoreError> {
        let sql = "INSERT INTO home_wording (org_id, home_id, need, words, saved_on) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (org_id, home_id, need) DO UPDATE SET words = excluded.words, saved_on = excluded.saved_on";
        let values = values![self.org(), wording.home, wording.need.code(), wording.words, wording.saved];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Takes a sentence out for good; false where there is none. The caller records the event.
    pub async fn take_wording_out(&self, home: HomeId, need: Need) -> Result<bool, StoreError> {
        let sql = "DELETE FROM home_wording WHERE org_id = $1 AND home_id = $2 AND need = $3";
        Ok(self.execute(sql, values![self.org(), home, need.code()]).await? > 0)
    }
}
