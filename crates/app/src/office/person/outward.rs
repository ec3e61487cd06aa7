//! Which addresses this service asks of its own accord when an administrator has named an identity provider: none of its own
//! machine and none of a private network, unless its operator says that providers are there.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use openidconnect::reqwest::dns::{Addrs, Name, Resolve, Resolving};
use openidconnect::url::{Host, Url};
use openidconnect::{AsyncHttpClient, HttpClientError, HttpRequest, HttpResponse, reqwest};

use crate::answer::{Answer, Outcome};
use crate::command::App;

/// How long a provider may take to answer.
const ANSWERS_WITHIN: std::time::Duration = std::time::Duration::from_secs(10);

/// How far the service asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses by TLS alone.
    Public,
    /// Private networks too, and this machine itself without TLS: a demonstration, or where the operator said so.
    Private,
}

impl App {
    /// Says that identity providers may stand in a private network; once, before the service starts.
    pub fn ask_private_providers(&self) {
        let _set_before = self.private_providers.set(());
    }

    /// How far this service asks.
    pub(super) async fn reach(&self) -> Answer<Reach> {
        if self.private_providers.get().is_some() || self.visit().await?.mark("demonstration").await?.is_some() {
            return Ok(Reach::Private);
        }
        Ok(Reach::Public)
    }
}

impl Reach {
    /// Whether an address may be asked, as far as its own letters tell; a name is looked at again once it is resolved.
    #[must_use]
    pub fn holds(self, address: &str) -> bool {
        let Ok(url) = Url::parse(address) else { return false };
        let own = match url.host() {
            None => return false,
            Some(Host::Domain(name)) => is_this_machine(name),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
        };
        match self {
            Self::Private => url.scheme() == "https" || (url.scheme() == "http" && own),
            Self::Public => url.scheme() == "https" && !own && url.host().is_some_and(|host| is_public_host(&host)),
        }
    }

    /// A client that asks no further.
    pub(super) fn client(self) -> Answer<Outward> {
        let builder = reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none()).timeout(ANSWERS_WITHIN);
        let builder = match self {
            Self::Private => builder,
            Self::Public => builder.https_only(true).no_proxy().dns_resolver(Arc::new(PublicNames)),
        };
        let client = builder.build().map_err(|error| Outcome::Fault(error.to_string()))?;
        Ok(Outward { client, reach: self })
    }
}

fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

fn is_public_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(_) => true,
        Host::Ipv4(ip) => is_public(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => is_public(IpAddr::V6(*ip)),
    }
}

/// Whether an address is one of the public Internet: no machine's own, no private, shared, local, reserved or documentation
/// range (IANA's special-purpose registries), also not where it stands inside another kind of address.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || matches!((a, b, c), (0 | 240..=255, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // NAT64 and 6to4 hold an address of the other kind.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        [0x2001, 0xdb8 | 0..=0x1ff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Names that lead to public addresses; any other address of a name is left out.
struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to no public address".into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

/// A client that asks providers, and nobody beyond its reach: each address that a provider names is looked at too.
pub(super) struct Outward {
    client: reqwest::Client,
    reach: Reach,
}

impl<'c> AsyncHttpClient<'c> for Outward {
    type Error = HttpClientError<reqwest::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Self::Error>> + Send + Sync + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        if self.reach.holds(&request.uri().to_string()) {
            return self.client.call(request);
        }
        Box::pin(async { Err(HttpClientError::Other("an address that this service does not ask".to_owned())) })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_provider_is_asked_by_tls_at_a_public_address_alone() {
        for right in ["https://id.example/tenant", "https://8.8.8.8", "https://[2606:4700::1111]/"] {
            assert!(Reach::Public.holds(right), "{right}");
        }
        for wrong in [
            "http://id.example",
            "file:///etc/passwd",
            "",
            "https://localhost",
            "https://a.LOCALHOST.",
            "https://127.0.0.1",
            "https://2130706433",
            "https://0x7f.1",
            "https://10.1.2.3",
            "https://172.16.0.1",
            "https://192.168.1.1",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://[::1]",
            "https://[::ffff:10.0.0.1]",
            "https://[fd00::1]",
            "https://[fe80::1]",
            "https://[64:ff9b::a00:1]",
            "https://[2002:a00:1::]",
        ] {
            assert!(!Reach::Public.holds(wrong), "{wrong}");
        }
    }

    #[test]
    fn where_the_operator_says_so_a_private_network_is_asked_by_tls_and_this_machine_without() {
        for right in
            ["https://id.example", "https://10.1.2.3", "http://127.0.0.1:4000", "http://localhost", "http://[::1]"]
        {
            assert!(Reach::Private.holds(right), "{right}");
        }
        for wrong in ["http://id.example", "http://10.1.2.3", "http://127.0.0.1.evil.example", "ftp://localhost"] {
            assert!(!Reach::Private.holds(wrong), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_resolved() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        assert!(PublicNames.resolve(name("localhost")).await.is_err());
        let client = Reach::Public.client().unwrap();
        let inward = openidconnect::http::Request::get("https://127.0.0.1:1/").body(Vec::new()).unwrap();
        assert!(matches!(client.call(inward).await, Err(HttpClientError::Other(_))));
    }
}
