//! Who may enter a control plane: tokens and the kubeconfigs that carry them.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

/// The two users of a control plane. Tokens are drawn anew for each.
#[derive(Debug)]
pub(crate) struct Access {
    /// Of group `system:masters`: never throttled, never refused.
    admin: User,
    /// In no system group; bound to `cluster-admin`, so throttled and refused as people are.
    operator: User,
    /// The API server's list of tokens.
    pub(crate) tokens: PathBuf,
}

#[derive(Debug)]
struct User {
    name: &'static str,
    group: &'static str,
    token: String,
    kubeconfig: PathBuf,
}

impl Access {
    /// Writes the tokens and both kubeconfigs into `folder`. `authority` is the file of the
    /// server's certificate, which need not be there yet.
    pub(crate) fn write(folder: &Path, server: &str, authority: &Path) -> Result<Self> {
        let admin = User::new(folder, "admin", "system:masters")?;
        let operator = User::new(folder, "operator", "lab-operators")?;
        let tokens = folder.join("tokens.csv");
        std::fs::write(&tokens, format!("{}{}", admin.line(), operator.line()))?;
        for user in [&admin, &operator] {
            let text = user.document(server, authority).to_string();
            std::fs::write(&user.kubeconfig, text).context("writing a kubeconfig")?;
        }
        Ok(Self { admin, operator, tokens })
    }

    pub(crate) fn admin(&self) -> &Path {
        &self.admin.kubeconfig
    }

    pub(crate) fn operator(&self) -> &Path {
        &self.operator.kubeconfig
    }
}

impl User {
    fn new(folder: &Path, name: &'static str, group: &'static str) -> Result<Self> {
        let kubeconfig = folder.join(format!("{name}.kubeconfig"));
        Ok(Self { name, group, token: random_token()?, kubeconfig })
    }

    fn line(&self) -> String {
        format!("{},{},{},{}\n", self.token, self.name, self.name, self.group)
    }

    /// JSON is YAML too. The context is called `home`, as in the examples' stacks.
    fn document(&self, server: &str, authority: &Path) -> serde_json::Value {
        json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{
                "name": "home",
                "cluster": {"server": server, "certificate-authority": authority},
            }],
            "users": [{"name": self.name, "user": {"token": self.token}}],
            "contexts": [{"name": "home", "context": {"cluster": "home", "user": self.name}}],
            "current-context": "home",
        })
    }
}

fn random_token() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("drawing a token")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
