//! Addresses, networks, hosts, URLs, ssh targets.

use std::net::IpAddr;

use super::Wrong;

pub(super) fn ip(text: &str) -> Result<(), Wrong> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    Err(Wrong::new(format!("{text:?} is no IP address"), "addresses read like 10.0.0.40 or fd00::40"))
}

pub(super) fn cidr(text: &str) -> Result<(), Wrong> {
    let wrong = || Wrong::new(format!("{text:?} is no network"), "networks read like 10.0.0.0/8 or fd00::/8");
    let (address, length) = text.split_once('/').ok_or_else(wrong)?;
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let digits = length.chars().all(|c| c.is_ascii_digit()) && !(length.len() > 1 && length.starts_with('0'));
    let length: u32 = length.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
    let (bits, most) = match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    if length > most {
        return Err(Wrong::new(format!("/{length} is longer than an address"), format!("at most /{most}")));
    }
    let mask = if length == 0 { 0 } else { u128::MAX << (128 - length) };
    if bits & !mask != 0 {
        let network = bits & mask;
        let first = match address {
            IpAddr::V4(_) => IpAddr::V4(u32::try_from(network >> 96).unwrap_or_default().into()),
            IpAddr::V6(_) => IpAddr::V6(network.into()),
        };
        return Err(Wrong::new(
            format!("{text:?} has bits beyond its length"),
            format!("did you mean \"{first}/{length}\"?"),
        ));
    }
    Ok(())
}

pub(super) fn host(text: &str) -> Result<(), Wrong> {
    let wrong = |help: &str| Err(Wrong::new(format!("{text:?} is no host name"), help));
    if text.contains("://") {
        return wrong("leave out https:// and everything after the name");
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.len() <= 253 && name.split('.').all(label) {
        return Ok(());
    }
    wrong("host names read like tv.example.com or *.example.com, in lower case")
}

pub(super) fn url(text: &str) -> Result<(), Wrong> {
    let rest = text.split_once("://").filter(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c))
    });
    let is_whole = rest.is_some_and(|(_, rest)| !rest.is_empty() && !rest.starts_with('/'));
    if is_whole && !text.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(Wrong::new(format!("{text:?} is no URL"), "URLs read like https://auth.example.com"))
}

pub(super) fn ssh_target(text: &str) -> Result<(), Wrong> {
    let host = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    if !host.is_empty() && host.chars().all(plain) && !text.starts_with('-') && !text.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(Wrong::new(format!("{text:?} is no place to log in to"), "write user@host, or a Host of your ssh config"))
}
