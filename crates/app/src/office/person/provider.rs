//! Single sign-on by `OpenID` Connect: each organisation its own provider, whose claims give roles as its administrator
//! wrote them. A provider vouches for its own organisation's people and in its own organisation alone: whom it may bind says
//! `admitting`, and what a session by it may not touch says `By::own_account`.

use jiff::SignedDuration;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, Scope,
    StandardErrorResponse, StandardTokenResponse, SubjectIdentifier, TokenResponse as _, UserInfoClaims,
};
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::office::person::provider::IdentityProvider;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::admitting::{Admitted, SIGN_IN, Vouched};
use super::attempts::Pace;
use super::connecting::ToConnect;
use super::known_providers::Asked;
use super::session::Beginning;
use super::{digest, random_text};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use placewell_domain::office::person::session::Method;

/// Somebody is waited for at their provider for so many minutes.
const WAITS: i64 = 10;
/// A path longer than this is not returned to: a browser keeps no cookie of more than 4 kB.
const LONGEST_RETURN: usize = 300;
/// The token of what is kept here has so many letters; what is carried has more.
const KEPT: usize = 64;
/// An identity token that begins later than this from now is none yet: two machines' clocks differ by so many seconds.
const CLOCKS_DIFFER: i64 = 60;
/// What identity tokens are signed by: keys that the provider alone has, whatever else it or a token names. A secret that
/// both have, or no signature at all, proves nothing of who wrote a token.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Every claim that the provider sends beside the standard's own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct AllClaims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for AllClaims {}

type TokenFields = IdTokenFields<
    AllClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// What a provider gives for a code.
type TokenAnswer = StandardTokenResponse<TokenFields, CoreTokenType>;

type ProviderClient = Client<
    AllClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What waits until somebody comes back from their provider: sealed, and taken once.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Way {
    organisation: i64,
    /// The mark of the provider that they were sent to.
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    return_to: String,
    /// The session and person that prove again who they are; none where they sign in.
    proving: Option<Proving>,
    /// The form that waits meanwhile.
    form: Option<Form>,
    began: i64,
}

/// Where somebody is sent, and the secret that their browser keeps meanwhile.
pub struct Sent {
    /// The provider's page.
    pub address: String,
    /// What the cookie holds.
    pub token: String,
}

/// What was filled in, and waits.
pub type Form = Vec<(String, String)>;
/// The digest of a session's token, and its person.
type Proving = (i64, String);

/// Somebody who came back.
pub enum Back {
    /// They sign in, and go on to this page.
    In(Box<Actor>, Beginning, String),
    /// Their organisation's sign-in opens an account for the first time that stood here before: they prove that it is theirs.
    Unproven(ToConnect),
    /// They have proven again who they are; what waited is sent on from this path.
    Proven(String, Option<Form>),
    /// Too many codes from their address were shown to providers in vain: nothing was taken, and they come back after
    /// so long.
    Wait(SignedDuration),
}

/// So many codes from one address are shown to providers in vain, who would come to refuse everybody here.
const IN_VAIN: Pace = Pace { most: 300, within: SignedDuration::from_mins(5) };

/// The provider did not do its part; what it said is for the log alone.
pub(super) fn refused(what: &str, error: &impl std::fmt::Debug) -> Outcome {
    tracing::warn!(what, ?error, "an identity provider's answer was not taken");
    not_taken()
}

pub(super) fn not_taken() -> Outcome {
    Refusal::new(
        "provider_answer",
        "Your organisation's sign-in must answer for you, in time and to this browser",
        "The answer of your organisation's sign-in could not be taken.",
        "You, by signing in again; if it goes on, your organisation's administrator",
    )
    .into()
}

/// What a provider is known by while somebody is on the way: who is sent to one is not taken at another, and what it says of
/// them in one claim gives no role by the rules for another.
pub(super) fn mark_of(provider: &IdentityProvider) -> String {
    hex::encode(digest(&format!("{}\n{}\n{}", provider.issuer, provider.client_id, provider.claim)))
}

/// What asks the provider that said this of itself.
fn client(provider: &IdentityProvider, origin: &str, metadata: ProviderMetadataWithLogout) -> Answer<ProviderClient> {
    let redirect =
        RedirectUrl::new(format!("{origin}/sign-in/callback")).map_err(|error| Outcome::Fault(error.to_string()))?;
    let secret = provider.secret.clone().map(ClientSecret::new);
    let client = ProviderClient::from_provider_metadata(metadata, ClientId::new(provider.client_id.clone()), secret);
    Ok(client.set_redirect_uri(redirect))
}

impl App {
    /// The organisations whose people sign in by a provider of their own: code and name.
    pub async fn organisations_with_provider(&self) -> Answer<Vec<(String, String)>> {
        let all = self.visit().await?.organisations_with_provider().await?;
        Ok(all.into_iter().map(|(_, code, name, _)| (code, name)).collect())
    }

    pub(super) async fn provider_of(&self, organisation: OrganisationId) -> Answer<IdentityProvider> {
        let session = self.store.read(Some(organisation)).await?;
        session.identity_provider(organisation).await?.ok_or(Outcome::NotFound)
    }

    /// Sends somebody to the provider of the organisation with this code.
    pub async fn send_to_provider(&self, code: &str, origin: &str, return_to: &str) -> Answer<Sent> {
        let organisation = self.visit().await?.organisation_by_code(code).await?.id;
        self.send(organisation, origin, (return_to, None, None)).await
    }

    /// Sends the holder of a session to their provider, to prove again who they are; a form may wait meanwhile.
    pub async fn prove_at_provider(
        &self,
        actor: &Actor,
        token: &str,
        origin: &str,
        (to, form): (&str, Option<Form>),
    ) -> Answer<Sent> {
        let held = self.session_of(token).await?.and_then(|found| found.provider).ok_or(Outcome::NotFound)?;
        let proving = Some((actor.person.0, hex::encode(digest(token))));
        self.send(held, origin, (to, proving, form)).await
    }

    async fn send(
        &self,
        organisation: OrganisationId,
        origin: &str,
        (return_to, proving, form): (&str, Option<Proving>, Option<Form>),
    ) -> Answer<Sent> {
        let provider = self.provider_of(organisation).await?;
        let client = client(&provider, origin, self.discover(&provider.issuer, Asked::Lately).await?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut asked = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge);
        if proving.is_some() {
            asked = asked.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        let (address, state, nonce) = asked.url();
        let (now, return_to) = (Machine::now(), if return_to.len() > LONGEST_RETURN { "/home" } else { return_to });
        let way = Way {
            organisation: organisation.0,
            provider: mark_of(&provider),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            return_to: return_to.to_owned(),
            proving,
            form,
            began: now.as_second(),
        };
        let (state, expires) = (serde_json::to_vec(&way)?, now + SignedDuration::from_mins(WAITS));
        let address = address.to_string();
        if way.proving.is_none() {
            // Anybody at the door comes this far: their browser carries it, and nothing is written for them.
            let token = hex::encode(self.visit().await?.carried(CeremonyKind::Provider, &state, expires)?);
            return Ok(Sent { address, token });
        }
        let (work, token) = (self.deployment(None).await?, random_text::<32>());
        work.begin_ceremony(&digest(&token), CeremonyKind::Provider, &state, expires).await?;
        work.commit(now).await?;
        Ok(Sent { address, token })
    }

    /// What waited under this token: carried by the browser, or kept here beside a form; taken once.
    async fn take_way(&self, token: &str) -> Answer<Way> {
        let taken = if let Some(carried) = self.take(token, CeremonyKind::Provider).await? {
            Some(carried)
        } else if token.len() == KEPT {
            let work = self.deployment(None).await?;
            let kept = work.take_ceremony(&digest(token), CeremonyKind::Provider, Machine::now()).await;
            work.commit(Machine::now()).await?;
            kept?
        } else {
            // What was carried leaves a mark under its digest, which is no way of its own: a second time nothing is found.
            None
        };
        serde_json::from_slice(&taken.ok_or_else(not_taken)?).map_err(|_| not_taken())
    }

    /// The same, not taken yet.
    async fn way(&self, token: &str) -> Answer<Way> {
        let seen = if let Some(carried) = self.carried(token, CeremonyKind::Provider).await? {
            Some(carried)
        } else if token.len() == KEPT {
            let work = self.deployment(None).await?;
            let kept = work.see_ceremony(&digest(token), CeremonyKind::Provider, Machine::now()).await;
            work.roll_back().await?;
            kept?
        } else {
            None
        };
        serde_json::from_slice(&seen.ok_or_else(not_taken)?).map_err(|_| not_taken())
    }

    /// Somebody comes back: `token` is what their browser kept; `state`, `code` and, where it says who it is, `issuer` what
    /// the provider sent along; last by which session and from which address they come.
    ///
    /// An answer that this browser does not wait for cannot be guessed: however many are made up, they leave no row,
    /// and nobody from the same address waits for them.
    pub async fn back_from_provider(
        &self,
        token: &str,
        origin: &str,
        (state, code, issuer): (&str, &str, &str),
        (session, from): (Option<&str>, &str),
    ) -> Answer<Back> {
        let way = self.way(token).await?;
        // Digests are compared, so that how long it takes tells nothing of the state itself.
        if digest(&way.state) != digest(state) || code.is_empty() {
            tracing::warn!("an answer came to a browser that waits for another");
            return Err(not_taken());
        }
        let provider = self.provider_of(OrganisationId(way.organisation)).await?;
        // Another provider's code is shown to nobody but that provider, also where it was the organisation's until now.
        if way.provider != mark_of(&provider) || (!issuer.is_empty() && issuer != provider.issuer) {
            tracing::warn!(organisation = way.organisation, "an answer came of another provider than was asked");
            return Err(not_taken());
        }
        let (shown, now) = (format!("code from {from}"), Machine::now());
        if let Some(wait) = self.at_own_pace(&shown, IN_VAIN, now).await? {
            return Ok(Back::Wait(wait));
        }
        let came = match self.take_way(token).await {
            Ok(way) => self.came_back(&provider, origin, (way, code), session).await?,
            // Nothing was shown to anybody.
            Err(outcome) => {
                self.not_at_pace(&shown, now).await?;
                return Err(outcome);
            }
        };
        self.not_at_pace(&shown, now).await?;
        Ok(came)
    }

    /// What comes of a code that the provider itself sent along, as far as this browser can tell.
    async fn came_back(
        &self,
        provider: &IdentityProvider,
        origin: &str,
        (way, code): (Way, &str),
        session: Option<&str>,
    ) -> Answer<Back> {
        let organisation = provider.organisation;
        let vouched = match self.vouched(provider, origin, &way, code).await {
            Ok(vouched) => vouched,
            Err(outcome) => {
                self.sign_in_failed(None, SIGN_IN).await?;
                return Err(outcome);
            }
        };
        match &way.proving {
            None => match self.admit(provider, &vouched).await? {
                Admitted::As(actor, proven) => {
                    let (provider, proven) = (Some(organisation), Some(proven));
                    let beginning = Beginning { method: Method::Provider, provider, proven };
                    Ok(Back::In(actor, beginning, way.return_to))
                }
                Admitted::Unproven(person) => {
                    Ok(Back::Unproven(self.ask_to_connect(provider, vouched, (person, way.return_to)).await?))
                }
            },
            Some((person, held)) => {
                let token = session.filter(|token| hex::encode(digest(token)) == *held).ok_or_else(not_taken)?;
                let found = self.session_of(token).await?.ok_or_else(not_taken)?;
                let known = self.known_outside(organisation, &vouched).await?;
                let lately = vouched.proven_at.is_some_and(|at| at >= way.began - 60);
                if known != Some(PersonId(*person)) || found.actor.person != PersonId(*person) || !lately {
                    self.sign_in_failed(Some(PersonId(*person)), "proving again").await?;
                    return Err(not_taken());
                }
                self.note_proof(&found.actor, token, Method::Provider).await?;
                Ok(Back::Proven(way.return_to, way.form))
            }
        }
    }

    /// Where somebody who signed out here can sign out at their organisation's provider too; none where it has no such page.
    pub async fn provider_sign_out(&self, code: &str, origin: &str) -> Answer<Option<(String, String)>> {
        let organisation = self.visit().await?.organisation_by_code(code).await?;
        let provider = self.provider_of(organisation.id).await?;
        let Ok(metadata) = self.discover(&provider.issuer, Asked::Lately).await else { return Ok(None) };
        let end = metadata.additional_metadata().end_session_endpoint.as_ref().map(|end| end.url().clone());
        Ok(end.map(|mut url| {
            url.query_pairs_mut()
                .append_pair("client_id", &provider.client_id)
                .append_pair("post_logout_redirect_uri", &format!("{origin}/"));
            (organisation.name, url.to_string())
        }))
    }
}

impl App {
    /// The provider's word for somebody: the code exchanged, the token's signature, issuer, audience, time and nonce checked.
    async fn vouched(&self, provider: &IdentityProvider, origin: &str, way: &Way, code: &str) -> Answer<Vouched> {
        let http = self.reach().await?.client()?;
        let lately = client(provider, origin, self.discover(&provider.issuer, Asked::Lately).await?)?;
        let answer = lately
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| refused("token endpoint", &error))?
            .set_pkce_verifier(PkceCodeVerifier::new(way.verifier.clone()))
            .request_async(&http)
            .await
            .map_err(|error| refused("code", &error))?;
        // A provider changes its keys when it likes: a token that fits none of those known is looked at with those of now.
        let (client, mut vouched) = if let Ok(vouched) = told(provider, &lately, way, &answer) {
            (lately, vouched)
        } else {
            let now = client(provider, origin, self.discover(&provider.issuer, Asked::Anew).await?)?;
            let vouched = told(provider, &now, way, &answer)?;
            (now, vouched)
        };
        // Many providers keep the address and the groups for their user-info page.
        let subject = SubjectIdentifier::new(vouched.subject.clone());
        if let Ok(asked) = client.user_info(answer.access_token().clone(), Some(subject)) {
            let more: UserInfoClaims<AllClaims, CoreGenderClaim> =
                asked.request_async(&http).await.map_err(|error| refused("user info", &error))?;
            if vouched.email.is_none() {
                vouched.email = more.email().map(|email| email.as_str().to_lowercase());
                vouched.email_verified = more.email_verified().unwrap_or(false);
            }
            if vouched.name.is_none() {
                vouched.name = more.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned());
            }
            vouched.values.extend(values_of(&more.additional_claims().all, &provider.claim));
        }
        Ok(vouched)
    }
}

/// What a token says, once it holds.
fn told(provider: &IdentityProvider, client: &ProviderClient, way: &Way, answer: &TokenAnswer) -> Answer<Vouched> {
    let token = answer.id_token().ok_or_else(not_taken)?;
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNED_BY);
    let claims =
        token.claims(&verifier, &Nonce::new(way.nonce.clone())).map_err(|error| refused("identity token", &error))?;
    let begins = claims.additional_claims().all.get("nbf");
    if begins.is_some_and(|at| at.as_i64().is_none_or(|at| at > Machine::now().as_second() + CLOCKS_DIFFER)) {
        return Err(not_taken());
    }
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|error| refused("signature", &error))?;
        let key = token.signing_key(&verifier).map_err(|error| refused("signature", &error))?;
        let found = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
            .map_err(|error| refused("access token", &error))?;
        if found != *expected {
            return Err(not_taken());
        }
    }
    Ok(Vouched {
        issuer: provider.issuer.clone(),
        subject: claims.subject().as_str().to_owned(),
        email: claims.email().map(|email| email.as_str().to_lowercase()),
        email_verified: claims.email_verified().unwrap_or(false),
        name: claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
        values: values_of(&claims.additional_claims().all, &provider.claim),
        proven_at: claims.auth_time().map(|at| at.timestamp()),
    })
}

/// The values of a claim: one text or a list of them; a dot leads into a claim's parts, such as `realm_access.roles`.
fn values_of(claims: &Map<String, Value>, claim: &str) -> Vec<String> {
    let mut parts = claim.split('.');
    let first = parts.next().and_then(|name| claims.get(claim).or_else(|| claims.get(name)));
    let found = if claims.contains_key(claim) {
        first
    } else {
        parts.fold(first, |value, name| value.and_then(|value| value.get(name)))
    };
    match found {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_claim_is_one_text_a_list_or_a_part_of_another() {
        let claims = serde_json::json!({
            "roles": ["a", "b", 3], "group": "c", "realm_access": {"roles": ["d"]}, "https://id.example/roles": ["e"]
        });
        let claims = claims.as_object().unwrap();
        assert_eq!(values_of(claims, "roles"), ["a", "b"]);
        assert_eq!(values_of(claims, "group"), ["c"]);
        assert_eq!(values_of(claims, "realm_access.roles"), ["d"]);
        assert_eq!(values_of(claims, "https://id.example/roles"), ["e"]);
        assert!(values_of(claims, "nothing.here").is_empty());
    }
}
