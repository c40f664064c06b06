//! NFS exports: `nfs://nas/export/media`.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// A folder that an NFS server hands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NfsExport {
    /// A host name or an address; an IPv6 address without brackets, as Kubernetes takes it.
    pub host: String,
    /// An absolute path on the server.
    pub path: String,
}

/// A text names no NFS export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNfsExport;

impl FromStr for NfsExport {
    type Err = NoNfsExport;

    /// Reads `nfs://HOST/PATH`, and `nfs://HOST:/PATH` for those who think of `mount`. A port has no place
    /// in a volume of Kubernetes and is refused.
    fn from_str(text: &str) -> Result<Self, NoNfsExport> {
        let rest = text.strip_prefix("nfs://").ok_or(NoNfsExport)?;
        let (host, path) = rest.split_once('/').ok_or(NoNfsExport)?;
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
        if path.is_empty() || !path.chars().all(is_plain) {
            return Err(NoNfsExport);
        }
        Ok(Self { host: host_name(host).ok_or(NoNfsExport)?, path: format!("/{path}") })
    }
}

fn host_name(written: &str) -> Option<String> {
    let bare = |text: &str| text.parse::<Ipv6Addr>().is_ok().then(|| text.to_owned());
    if let Some(address) = bare(written) {
        return Some(address);
    }
    let host = written.strip_suffix(':').unwrap_or(written);
    if let Some(inside) = host.strip_prefix('[') {
        return inside.strip_suffix(']').and_then(bare);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(is_name))
        .then(|| host.to_owned())
}

impl fmt::Display for NfsExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            return write!(f, "nfs://[{}]{}", self.host, self.path);
        }
        write!(f, "nfs://{}{}", self.host, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::NfsExport;

    #[test]
    fn an_export_is_a_host_and_a_path_however_it_is_written() {
        for (written, host, path) in [
            ("nfs://nas:/x", "nas", "/x"),
            ("nfs://nas/x", "nas", "/x"),
            ("nfs://10.0.0.20/export/a", "10.0.0.20", "/export/a"),
            ("nfs://[fd00::20]/x", "fd00::20", "/x"),
            ("nfs://[fd00::20]:/x", "fd00::20", "/x"),
            ("nfs://fd00::20/x", "fd00::20", "/x"),
        ] {
            let export: NfsExport = written.parse().unwrap();
            assert_eq!((export.host.as_str(), export.path.as_str()), (host, path), "{written}");
            assert_eq!(export.to_string().parse(), Ok(export));
        }
    }

    #[test]
    fn what_names_no_export_is_refused() {
        for wrong in [
            "10.0.0.20:/export",
            "nfs:///export",
            "nfs://:/export",
            "nfs://nas",
            "nfs://nas/",
            "nfs://nas:2049/x",
            "nfs://[nas]/x",
            "nfs://-nas/x",
            "nfs://nas/a b",
        ] {
            assert!(wrong.parse::<NfsExport>().is_err(), "{wrong}");
        }
    }
}
