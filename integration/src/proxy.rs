//! A proxy before the API server or a machine that breaks connections on demand.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cache::Cache;
use crate::children::{Children, Recipe, free_ports};
use crate::{ControlPlane, Part};

/// A running proxy. It ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    children: Children,
    control: u16,
    port: u16,
    kubeconfig: PathBuf,
    _folder: TempDir,
}

impl Proxy {
    /// Starts a proxy before a control plane; sound until told otherwise.
    pub fn before(cluster: &ControlPlane) -> Result<Self> {
        let proxy = Self::to(&cluster.server().replace("https://", ""))?;
        let text = std::fs::read_to_string(cluster.operator_kubeconfig())?;
        let server = format!("https://127.0.0.1:{}", proxy.port);
        std::fs::write(&proxy.kubeconfig, text.replace(&cluster.server(), &server))?;
        Ok(proxy)
    }

    /// Starts a proxy before an address and port.
    pub fn to(upstream: &str) -> Result<Self> {
        let parts = Cache::open()?.ensure(&[Part::Toxiproxy])?;
        let folder = tempfile::Builder::new().prefix("stackctl-proxy-").tempdir()?;
        let [control, port] = free_ports()?;
        let mut children = Children::new(folder.path());
        children.start(Recipe {
            name: "toxiproxy",
            program: parts.program(Part::Toxiproxy, "toxiproxy"),
            args: ["-host", "127.0.0.1", "-port", &control.to_string()].map(str::to_owned).into(),
        })?;
        let kubeconfig = folder.path().join("kubeconfig");
        let proxy = Self { children, control, port, kubeconfig, _folder: folder };
        let listen = format!("127.0.0.1:{port}");
        let wanted =
            json!({"name": "api", "listen": listen, "upstream": upstream, "enabled": true});
        let end = Instant::now() + Duration::from_secs(10);
        while let Err(error) = proxy.ask("POST", "/proxies", &wanted) {
            ensure!(Instant::now() < end, "the proxy does not start: {error:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(proxy)
    }

    /// Its port on the loopback address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A kubeconfig whose context `home` goes through the proxy.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Adds a fault, as toxiproxy writes it.
    pub fn add(&self, toxic: &Value) -> Result<()> {
        self.ask("POST", "/proxies/api/toxics", toxic)
    }

    /// Takes all faults away.
    pub fn clear(&self) -> Result<()> {
        self.ask("POST", "/reset", &json!({}))
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.control))?;
        let body = body.to_string();
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        // It may hang up hard once it has answered.
        ensure!(read.is_ok() || !answer.is_empty(), "reading the proxy's answer: {read:?}");
        let answer = String::from_utf8_lossy(&answer);
        let code = answer.split(' ').nth(1).unwrap_or_default();
        ensure!(code.starts_with('2'), "{method} {path}: {answer}");
        Ok(())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.children.stop();
    }
}
