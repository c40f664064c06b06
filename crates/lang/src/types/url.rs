//! URLs that were read: what they say, and whose host they name.

use std::fmt;
use std::str::FromStr;

use super::network;

/// An absolute URL, printed as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    text: String,
    host: String,
}

/// A text is no URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUrl;

impl Url {
    /// Its host, without user and port; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl FromStr for Url {
    type Err = NoUrl;

    fn from_str(text: &str) -> Result<Self, NoUrl> {
        network::url(text).map_err(|_| NoUrl)?;
        let host = network::host_of_url(text).ok_or(NoUrl)?;
        Ok(Self { text: text.to_owned(), host })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn the_host_is_what_stands_between_the_scheme_and_the_path() {
        for (text, host) in [
            ("https://auth.example.com", "auth.example.com"),
            ("https://auth.example.com:9443/x", "auth.example.com"),
            ("https://me@auth.example.com/x", "auth.example.com"),
            ("https://[fd00::1]:9443/x", "[fd00::1]"),
        ] {
            assert_eq!(text.parse::<Url>().unwrap().host(), host);
        }
    }
}
