//! Passkeys: made by a device, asked for on the way in and where a recent proof is needed. A device asks its holder for a
//! finger, a face or a code each time, so that a passkey alone is two things at once.

use jiff::SignedDuration;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::Method;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::office::person::passkey::KeptPasskey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Uuid, Webauthn, WebauthnBuilder,
};

use super::digest;
use super::session::Beginning;
use super::signing::{Proven, tell_of_change};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, proven};

/// A device is waited for so many minutes.
const WAITS: i64 = 5;
/// The most passkeys of a person.
const MOST: usize = 10;

/// What a page hands to the device, and what stands for the ceremony meanwhile.
pub struct Asked {
    /// The options, as the browser reads them.
    pub options: String,
    /// The ceremony itself, sealed.
    pub ceremony: String,
}

#[derive(Serialize, Deserialize)]
struct Making {
    person: i64,
    state: PasskeyRegistration,
}

fn fault(error: impl std::fmt::Display) -> Outcome {
    Outcome::Fault(format!("passkeys: {error}"))
}

/// The same words whatever was wrong.
pub(super) fn not_taken() -> Outcome {
    Invalid::one(
        "credential",
        "The passkey was not taken. Passkeys work only where JavaScript runs; you can use your password instead",
    )
    .into()
}

/// The ceremonies of this service's own address. On one's own machine passkeys belong to the name localhost: a number is
/// no name to a browser.
fn ceremonies(origin: &str) -> Answer<Webauthn> {
    let mut url = Url::parse(origin).map_err(fault)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    if matches!(host.as_str(), "127.0.0.1" | "[::1]" | "0.0.0.0" | "[::]") {
        url.set_host(Some("localhost")).map_err(fault)?;
    }
    let name = url.domain().map(str::to_owned).ok_or_else(|| {
        Outcome::from(Refusal::new(
            "passkeys_need_a_name",
            "A passkey belongs to a name",
            "This service is reached by a number, for which browsers make no passkeys.",
            "Whoever runs the service, by giving it a name",
        ))
    })?;
    WebauthnBuilder::new(&name, &url).map_err(fault)?.rp_name("Placewell").build().map_err(fault)
}

/// What a device calls a person: nothing that tells who they are.
fn handle(person: PersonId) -> Uuid {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip(digest(&format!("passkey:{}", person.0))) {
        *place = byte;
    }
    Uuid::from_bytes(bytes)
}

impl App {
    /// A person's own passkeys.
    pub async fn own_passkeys(&self, actor: &Actor) -> Answer<Vec<KeptPasskey>> {
        Ok(self.visit().await?.passkeys(actor.person).await?)
    }

    /// Begins making a passkey.
    pub async fn begin_passkey(&self, actor: &Actor, origin: &str) -> Answer<Asked> {
        actor.by.own_account()?;
        proven(actor)?;
        let session = self.visit().await?;
        let (email, held) = (session.person_email(actor.person).await?, session.passkeys(actor.person).await?);
        drop(session);
        if held.len() >= MOST {
            return Err(Refusal::new(
                "passkeys_enough",
                "Ten passkeys at the most",
                "You have ten passkeys already.",
                "You, by ending one that you no longer use",
            )
            .into());
        }
        let known = held.into_iter().map(|one| one.credential).collect();
        let (options, state) = ceremonies(origin)?
            .start_passkey_registration(handle(actor.person), &email, &actor.name, Some(known))
            .map_err(fault)?;
        let mut options = serde_json::to_value(options)?;
        // The device keeps the name too, so that nobody types an address to sign in.
        if let Some(choice) = options.pointer_mut("/publicKey/authenticatorSelection") {
            choice["residentKey"] = json!("required");
            choice["requireResidentKey"] = json!(true);
        }
        let state = serde_json::to_vec(&Making { person: actor.person.0, state })?;
        self.wait_for_device(CeremonyKind::PasskeyNew, &state, &options).await
    }

    /// Keeps the passkey that a device has made.
    pub async fn keep_passkey(
        &self,
        actor: &Actor,
        origin: &str,
        (ceremony, credential, name): (&str, &str, &str),
    ) -> Answer<()> {
        actor.by.own_account()?;
        proven(actor)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 60 {
            return Err(Invalid::one("name", "Enter what you call this device, in 60 characters or fewer").into());
        }
        let made: RegisterPublicKeyCredential = serde_json::from_str(credential).map_err(|_| not_taken())?;
        let taken = self.take(ceremony, CeremonyKind::PasskeyNew).await?.ok_or_else(not_taken)?;
        let making: Making = serde_json::from_slice(&taken)?;
        if making.person != actor.person.0 {
            return Err(not_taken());
        }
        let passkey = ceremonies(origin)?.finish_passkey_registration(&made, &making.state).map_err(|error| {
            tracing::warn!(%error, "a passkey was not taken");
            not_taken()
        })?;
        if self.visit().await?.passkey(passkey.cred_id().as_slice()).await?.is_some() {
            return Err(not_taken());
        }
        let mut work = self.deployment(Some(actor.person)).await?;
        work.add_passkey(&KeptPasskey {
            credential: passkey.cred_id().clone(),
            person: actor.person,
            name: name.to_owned(),
            body: serde_json::to_string(&passkey)?,
            made_at: Machine::now(),
            used_at: None,
        })
        .await?;
        work.record(Event::new("person.made_passkey", "person", actor.person.0, 0));
        tell_of_change(&mut work, actor.person, "A passkey was added.").await?;
        Ok(work.commit(Machine::now()).await?)
    }

    /// Ends one of a person's own passkeys, named by its credential in hexadecimal digits.
    pub async fn end_passkey(&self, actor: &Actor, credential: &str) -> Answer<()> {
        actor.by.own_account()?;
        proven(actor)?;
        let credential = hex::decode(credential).map_err(|_| Outcome::NotFound)?;
        let mut work = self.deployment(Some(actor.person)).await?;
        if work.end_passkeys(actor.person, Some(&credential)).await? == 0 {
            work.roll_back().await?;
            return Err(Outcome::NotFound);
        }
        work.record(Event::new("person.ended_passkey", "person", actor.person.0, 0));
        tell_of_change(&mut work, actor.person, "A passkey was taken away.").await?;
        Ok(work.commit(Machine::now()).await?)
    }

    /// Asks for a passkey, of whomever it may be.
    pub async fn ask_for_passkey(&self, origin: &str) -> Answer<Asked> {
        let (options, state) = ceremonies(origin)?.start_discoverable_authentication().map_err(fault)?;
        let options = serde_json::to_value(options)?;
        self.wait_for_device(CeremonyKind::Passkey, &serde_json::to_vec(&state)?, &options).await
    }

    /// The way in by a passkey: as whom its holder begins, and how.
    pub async fn sign_in_by_passkey(
        &self,
        origin: &str,
        ceremony: &str,
        credential: &str,
    ) -> Answer<(Actor, Beginning)> {
        let kept = self.take_passkey(origin, ceremony, credential).await?;
        let actor = self.first_by_password(self.roles_of(kept.person).await?).await?;
        let proven = Some(Proven::Passkey(kept.credential));
        Ok((actor, Beginning { method: Method::Passkey, provider: None, proven }))
    }

    /// Proves again who one is by a passkey of one's own.
    pub async fn prove_by_passkey(
        &self,
        actor: &Actor,
        token: &str,
        origin: &str,
        (ceremony, credential): (&str, &str),
    ) -> Answer<()> {
        if self.take_passkey(origin, ceremony, credential).await?.person != actor.person {
            self.sign_in_failed(Some(actor.person), "proving again").await?;
            return Err(not_taken());
        }
        self.note_proof(actor, token, Method::Passkey).await
    }

    /// The passkey that was shown, checked against the ceremony; its counter is kept.
    async fn take_passkey(&self, origin: &str, ceremony: &str, credential: &str) -> Answer<KeptPasskey> {
        let shown: PublicKeyCredential = serde_json::from_str(credential).map_err(|_| not_taken())?;
        let state = self.carried(ceremony, CeremonyKind::Passkey).await?.ok_or_else(not_taken)?;
        let state: DiscoverableAuthentication = serde_json::from_slice(&state)?;
        let kept = self.visit().await?.passkey(&shown.raw_id).await?;
        let Some(kept) = kept else {
            // Nobody's account was tried: what anybody can make up leaves a line in the log and no row.
            tracing::warn!("a passkey was shown that nobody has here");
            return Err(not_taken());
        };
        let mut passkey: Passkey = serde_json::from_str(&kept.body)?;
        let result = match ceremonies(origin)?.finish_discoverable_authentication_v2(&shown, state, &passkey) {
            Ok(result) if result.user_verified() => result,
            other => {
                tracing::warn!(error = ?other.err(), "a passkey was not taken");
                self.sign_in_failed(Some(kept.person), "the passkey").await?;
                return Err(not_taken());
            }
        };
        self.take(ceremony, CeremonyKind::Passkey).await?.ok_or_else(not_taken)?;
        let _changed = passkey.update_credential(&result);
        let body = serde_json::to_string(&passkey)?;
        let work = self.deployment(Some(kept.person)).await?;
        let used = work.passkey_used(&kept.credential, &body, Machine::now()).await?;
        work.commit(Machine::now()).await?;
        // It may have been ended while it was looked at.
        if used { Ok(kept) } else { Err(not_taken()) }
    }

    /// What the page carries meanwhile: asking for a device writes nothing.
    async fn wait_for_device(&self, kind: CeremonyKind, state: &[u8], options: &Value) -> Answer<Asked> {
        let expires = Machine::now() + SignedDuration::from_mins(WAITS);
        let ceremony = hex::encode(self.visit().await?.carried(kind, state, expires)?);
        let options = options.get("publicKey").cloned().unwrap_or_default();
        Ok(Asked { options: options.to_string(), ceremony })
    }

    /// What was carried, whether or not somebody has taken it before.
    pub(super) async fn carried(&self, ceremony: &str, kind: CeremonyKind) -> Answer<Option<Vec<u8>>> {
        let Ok(sealed) = hex::decode(ceremony) else { return Ok(None) };
        Ok(self.visit().await?.see_carried(kind, (&sealed, Machine::now()))?)
    }

    /// What was carried, where nobody has taken it before.
    pub(super) async fn take(&self, ceremony: &str, kind: CeremonyKind) -> Answer<Option<Vec<u8>>> {
        let Ok(sealed) = hex::decode(ceremony) else { return Ok(None) };
        let (work, now) = (self.deployment(None).await?, Machine::now());
        // The digest is of the bytes: the same ones written in other letters are no second ceremony.
        let taken = work.take_carried(&digest(&hex::encode(&sealed)), kind, (&sealed, now)).await;
        work.commit(now).await?;
        Ok(taken?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_belong_to_the_services_name_and_to_no_number() {
        for origin in ["http://127.0.0.1:8080", "http://localhost:8080", "https://placewell.example"] {
            assert!(ceremonies(origin).is_ok(), "{origin}");
        }
        assert!(matches!(ceremonies("https://203.0.113.9"), Err(Outcome::Refused(_))));
    }
}
