//! What was asked of the API server, read from its audit log. An entry is written before its
//! answer is sent, so that whatever a client has seen answered is in the log.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

/// One request that was answered. A watch appears when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The client's name, up to the first `/` of its user agent.
    pub user_agent: String,
    /// Who asked, as the API server knows them.
    pub user: String,
    /// `get`, `list`, `watch`, `create`, `update`, `patch` (also server-side apply) or `delete`.
    pub verb: String,
    /// The API group, empty for the core.
    pub group: String,
    /// Lower-case plural, such as `deployments`; empty for paths that are no resource.
    pub resource: String,
    /// Such as `status`; mostly empty.
    pub subresource: String,
    /// Empty for what has no namespace.
    pub namespace: String,
    /// Empty for lists.
    pub name: String,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// The HTTP status of the answer.
    pub code: u16,
    /// Path and query as asked for.
    pub uri: String,
}

/// A place in the audit log; what comes after it is read once.
#[derive(Debug)]
pub struct Audit {
    log: PathBuf,
    position: u64,
}

impl Audit {
    /// Starts at the present end of `log`.
    pub(crate) fn from_now(log: PathBuf) -> Self {
        let position = std::fs::metadata(&log).map_or(0, |found| found.len());
        Self { log, position }
    }

    /// The requests answered since the last call, or since this reader was made.
    pub fn requests(&mut self) -> Result<Vec<Request>> {
        let mut file = File::open(&self.log)
            .with_context(|| format!("opening the audit log {}", self.log.display()))?;
        file.seek(SeekFrom::Start(self.position))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        self.position += whole as u64;
        text[..whole].lines().filter_map(|line| request(line).transpose()).collect()
    }

    /// The same, of one client only.
    pub fn requests_of(&mut self, user_agent: &str) -> Result<Vec<Request>> {
        let mut found = self.requests()?;
        found.retain(|request| request.user_agent == user_agent);
        Ok(found)
    }
}

fn request(line: &str) -> Result<Option<Request>> {
    let event: Value =
        serde_json::from_str(line).with_context(|| format!("audit log: {line}: no JSON"))?;
    if event["stage"] != "ResponseComplete" {
        return Ok(None);
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let object = &event["objectRef"];
    let agent = text(&event["userAgent"]);
    let uri = text(&event["requestURI"]);
    Ok(Some(Request {
        user_agent: agent.split('/').next().unwrap_or_default().to_owned(),
        user: text(&event["user"]["username"]),
        verb: text(&event["verb"]),
        group: text(&object["apiGroup"]),
        resource: text(&object["resource"]),
        subresource: text(&object["subresource"]),
        namespace: text(&object["namespace"]),
        name: text(&object["name"]),
        dry_run: uri.contains("dryRun=All"),
        code: event["responseStatus"]["code"]
            .as_u64()
            .and_then(|code| u16::try_from(code).ok())
            .unwrap_or_default(),
        uri,
    }))
}
