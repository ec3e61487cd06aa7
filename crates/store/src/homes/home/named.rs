//! Company numbers of providers and registered managers of homes: what was told, in the order of telling.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::homes::home::named::{CompanyNumber, Manager, ToldBy};
use placewell_domain::id::{HomeId, OrganisationId};

use super::coded;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

fn told_by(row: &Row) -> Result<ToldBy, StoreError> {
    let code = row.text("told_by")?;
    coded(ToldBy::from_code(&code), "how it was told", &code)
}

fn company(row: &Row) -> Result<CompanyNumber, StoreError> {
    Ok(CompanyNumber { number: row.text("number")?, on: row.date("recorded_on")?, told: told_by(row)? })
}

fn manager(row: &Row) -> Result<Manager, StoreError> {
    Ok(Manager {
        name: row.opt_text("name")?,
        from: row.date("from_on")?,
        on: row.date("recorded_on")?,
        told: told_by(row)?,
    })
}

impl Session {
    /// Every company number that a provider told, the first at the head.
    pub async fn company_numbers(&self, provider: OrganisationId) -> Result<Vec<CompanyNumber>, StoreError> {
        let sql = "SELECT number, recorded_on, told_by FROM company_fact WHERE org_id = $1 ORDER BY id";
        self.all(sql, values![provider]).await?.iter().map(company).collect()
    }

    /// The company number of a provider; none where it told none.
    pub async fn company_number(&self, provider: OrganisationId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT number FROM company_fact WHERE org_id = $1 ORDER BY id DESC LIMIT 1";
        self.maybe(sql, values![provider]).await?.map(|row| row.text("number")).transpose()
    }

    /// What was told of a home's registered managers, the first word at the head; nothing for whom a worker's name does not
    /// concern.
    pub async fn managers_of(&self, home: HomeId) -> Result<Vec<Manager>, StoreError> {
        let sql = "SELECT name, from_on, recorded_on, told_by FROM registered_manager WHERE home_id = $1 ORDER BY id";
        self.all(sql, values![home]).await?.iter().map(manager).collect()
    }

    /// What was told of the registered managers of all homes, each home's first word at the head.
    pub async fn all_managers(&self) -> Result<BTreeMap<HomeId, Vec<Manager>>, StoreError> {
        let sql = "SELECT home_id, name, from_on, recorded_on, told_by FROM registered_manager ORDER BY id";
        let mut told: BTreeMap<HomeId, Vec<Manager>> = BTreeMap::new();
        for row in self.all(sql, vec![]).await? {
            told.entry(HomeId(row.int("home_id")?)).or_default().push(manager(&row)?);
        }
        Ok(told)
    }

    /// Keeps a provider's company number where it is another than the one it told last; in a session of the provider.
    /// True where it was kept; what it claimed before is then anybody's.
    pub(crate) async fn keep_company_number(
        &self,
        provider: OrganisationId,
        (number, told): (&str, ToldBy),
        on: Date,
    ) -> Result<bool, StoreError> {
        let number: String = number.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
        let before = self.company_number(provider).await?;
        if number.is_empty() || before.as_ref() == Some(&number) {
            return Ok(false);
        }
        let sql = "INSERT INTO company_fact (id, org_id, number, recorded_on, told_by) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![crate::ids::next(), provider, number, on, told.code()]).await?;
        if before.is_some() {
            self.release_other_company_numbers(provider, &number).await?;
        }
        Ok(true)
    }
}

impl Work {
    /// Records the company number of this work's provider; false where it is the one it told last. The caller records the
    /// event.
    pub async fn record_company_number(&self, number: &str, told: ToldBy) -> Result<bool, StoreError> {
        self.claim_company_number(number, self.org()).await?;
        self.keep_company_number(self.org(), (number, told), self.moment().today()).await
    }

    /// Records a manager of a home of this work's provider. The caller records the event.
    pub async fn record_manager(&self, home: HomeId, manager: &Manager) -> Result<(), StoreError> {
        let sql = "INSERT INTO registered_manager (id, org_id, home_id, name, from_on, recorded_on, told_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (name, told) = (manager.name.clone(), manager.told.code());
        self.execute(sql, values![self.new_id(), self.org(), home, name, manager.from, manager.on, told]).await?;
        Ok(())
    }
}
