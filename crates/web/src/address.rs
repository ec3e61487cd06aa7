//! Where a request came from: the connection's own address, or what a trusted proxy says of it, and of nobody else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// A range of addresses, such as `10.0.0.0/8` or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// This machine itself.
    #[must_use]
    pub fn loopback() -> Vec<Self> {
        ["127.0.0.0/8", "::1/128"].iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let same = |one: u128, other: u128, width: u32| {
            let rest = width.saturating_sub(u32::from(self.bits));
            one.checked_shr(rest).unwrap_or(0) == other.checked_shr(rest).unwrap_or(0)
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(u32::from(own).into(), u32::from(other).into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.into(), other.into(), 128),
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is no network: give an address or a range, like 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        if bits > width { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

/// The address of whoever sent a request: each proxy adds, on the right, whom it was sent by, and only what trusted ones
/// added is believed.
#[must_use]
pub fn of(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> Option<IpAddr> {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut from = peer?.to_canonical();
    let told: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in told.iter().flat_map(|value| value.split(',')).rev() {
        if !trusted(from) {
            break;
        }
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        from = hop.to_canonical();
    }
    Some(from)
}

/// Whoever asks from it, for what is counted: an address, or the half of a newer one that a whole connection has, since
/// its holder changes the other half at will.
fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(_) => address.to_string(),
        IpAddr::V6(whole) => format!("{}/64", Ipv6Addr::from((u128::from(whole) >> 64) << 64)),
    }
}

/// The same as words, of a request as the listener passed it on, by which paces are kept: an address, or of a newer kind
/// its first 64 bits; empty where it came by no connection.
#[must_use]
pub fn of_request(extensions: &Extensions, headers: &HeaderMap, proxies: &[Network]) -> String {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    of(peer, headers, proxies).map_or_else(String::new, counted)
}

/// The wider network of whom [`of_request`] names: the 48 bits that one customer is given at most, or 24 of an older address.
#[must_use]
pub fn network_of(from: &str) -> String {
    match from.strip_suffix("/64").unwrap_or(from).parse() {
        Ok(IpAddr::V4(address)) => Ipv4Addr::from((u32::from(address) >> 8) << 8).to_string(),
        Ok(IpAddr::V6(address)) => Ipv6Addr::from((u128::from(address) >> 80) << 80).to_string(),
        Err(_) => from.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn from(peer: &str, told: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in told {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let proxies: Vec<Network> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        of(Some(peer.parse().unwrap()), &headers, &proxies).unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(from("203.0.113.9", &["198.51.100.7"], &["127.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["198.51.100.7"], &["127.0.0.0/8"]), "198.51.100.7");
        assert_eq!(from("::ffff:10.1.2.3", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
    }

    #[test]
    fn what_a_visitor_adds_himself_is_not_believed() {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(from("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"], &proxies), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["1.1.1.1", "198.51.100.7"], &proxies), "198.51.100.7");
        assert_eq!(from("2001:db8::5", &["1.1.1.1, nonsense"], &proxies), "2001:db8::5");
    }

    #[test]
    fn who_has_a_whole_network_of_addresses_is_counted_as_one() {
        let words = |peer: &str| {
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 443)));
            of_request(&extensions, &HeaderMap::new(), &[])
        };
        assert_eq!(words("2001:db8:1:2::5"), "2001:db8:1:2::/64");
        assert_eq!(words("2001:db8:1:2:ffff::9"), "2001:db8:1:2::/64");
        assert_eq!(words("2001:db8:1:3::5"), "2001:db8:1:3::/64", "another network");
        assert_eq!(words("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(words("203.0.113.10"), "203.0.113.10");
        assert_eq!(network_of(&words("203.0.113.10")), network_of(&words("203.0.113.9")));
        assert_eq!(network_of(&words("2001:db8:1:2::5")), network_of(&words("2001:db8:1:ffff::5")));
        assert_ne!(network_of(&words("2001:db8:1:2::5")), network_of(&words("2001:db8:2:2::5")));
        assert_ne!(network_of(&words("203.0.113.10")), network_of(&words("203.0.112.10")));
        assert_eq!(network_of(""), "");
    }

    #[test]
    fn a_range_is_read_or_refused() {
        for wrong in ["10.0.0.0/33", "somewhere", "10.0.0.0/", "::1/129"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("203.0.113.9".parse().unwrap()) && !all.contains("::1".parse().unwrap()));
    }
}
