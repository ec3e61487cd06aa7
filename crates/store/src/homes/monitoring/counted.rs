//! What the records here say of a home's quarter, counted in the provider's own session: its own rows with every authority.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::monitoring::template::{Figure, Figures};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::nights::days_between;

use crate::error::StoreError;
use crate::homes::standing::late_in;
use crate::session::Session;
use crate::values;

/// A home's quarter.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

impl Session {
    /// The figures of a quarter that are known here.
    pub async fn known_figures(&self, of: Counted) -> Result<Figures, StoreError> {
        let mut figures = self.known_stays(of).await?;
        figures.extend(self.known_answers(of).await?);
        Ok(figures)
    }

    async fn known_stays(&self, of: Counted) -> Result<Figures, StoreError> {
        let sql = "SELECT start_on, planned_end, state, body FROM agreement WHERE provider_id = $1 AND home_id = $2 \
                   AND state IN ('started', 'notice_given', 'ended') AND start_on < $3";
        let (mut nights, mut moved_in, mut moved_out, mut unplanned) = (0, 0, 0, 0);
        for row in self.all(sql, values![of.provider, of.home, of.until]).await? {
            let (start, end, ended) = (row.date("start_on")?, row.date("planned_end")?, row.text("state")? == "ended");
            // The child of a live agreement lives there whatever its planned end says.
            let last = if ended { end.min(of.until) } else { of.until };
            nights += days_between(start.max(of.from), last).max(0);
            moved_in += i64::from(start >= of.from);
            if ended && of.from <= end && end < of.until {
                moved_out += 1;
                let body: serde_json::Value = row.json("body")?;
                let ending = &body["state"]["ending"];
                unplanned += i64::from(ending["planned"].as_bool() == Some(false));
            }
        }
        Ok(Figures::from([
            (Figure::ChildNights, nights),
            (Figure::MovedIn, moved_in),
            (Figure::MovedOut, moved_out),
            (Figure::UnplannedEnds, unplanned),
        ]))
    }

    async fn known_answers(&self, of: Counted) -> Result<Figures, StoreError> {
        let sql = "SELECT i.deadline, i.body, (SELECT min(o.sent_at) FROM offer o WHERE o.org_id = i.org_id \
                   AND o.invitation_id = i.id) AS offered FROM invitation i WHERE i.provider_id = $1 AND i.home_id = $2 \
                   AND i.deadline >= $3 AND i.deadline < $4 AND i.state <> 'withdrawn'";
        let at = |day: Date| day.to_datetime(jiff::civil::Time::midnight()).to_string();
        let (mut asked, mut in_time, mut hours) = (0, 0, Vec::new());
        for row in self.all(sql, values![of.provider, of.home, at(of.from), at(of.until)]).await? {
            asked += 1;
            in_time += i64::from(!late_in(&row)?);
            let body: serde_json::Value = row.json("body")?;
            let time = |text: &str| text.parse::<DateTime>().ok();
            let declined = body["state"]["declined"]["at"].as_str().and_then(time);
            let offered = row.opt_text("offered")?.as_deref().and_then(time);
            if let (Some(sent), Some(answered)) = (body["asked"].as_str().and_then(time), offered.or(declined)) {
                hours.push(answered.duration_since(sent).as_hours().max(0));
            }
        }
        hours.sort_unstable();
        let mut figures = Figures::from([(Figure::Asked, asked), (Figure::AnsweredInTime, in_time)]);
        if let Some(middle) = hours.get(hours.len() / 2) {
            figures.insert(Figure::HoursToAnswer, *middle);
        }
        Ok(figures)
    }
}
