//! The claims of apps' own volumes, as they are declared. Their name is built from the app's and the
//! volume's; whoever needs either has it here and never cuts the name apart again.

use serde_json::{Value, json};
use stackctl_model::Origin;

/// What an app's own volume asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The app.
    pub app: String,
    /// The volume, as its line names it.
    pub volume: String,
    /// The claim's own name.
    pub name: String,
    /// How large, as it was written.
    pub size: String,
    /// Its storage class; the cluster's default when it says none.
    pub class: Option<String>,
    /// Who may mount it at once.
    pub access: String,
    /// The line of the stack that asks for it; the app's own when only its module does.
    pub origin: Origin,
}

impl Claim {
    /// As templates see it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "volume": self.volume,
            "name": self.name,
            "size": self.size,
            "class": self.class,
            "access": self.access,
        })
    }
}
