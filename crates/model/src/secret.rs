//! Secrets: a reference that may be printed, and a value that cannot be.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Where a secret's value comes from; the value itself is never part of a stack, a resource or a plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretSource {
    /// An environment variable of the process that applies.
    Env(String),
    /// A file's whole content, one trailing newline stripped; the path starts at the file that names it.
    File(String),
    /// A key in a file encrypted with sops.
    Sops {
        /// The encrypted file.
        file: String,
        /// Dotted path of the key in it.
        key: String,
    },
    /// Standard output of a command, one trailing newline stripped.
    Exec(String),
    /// Made once, where it is used, and never changed by itself.
    Generate {
        /// Which characters it is made of.
        alphabet: Alphabet,
        /// How many characters.
        length: usize,
    },
    /// It stood in a manifest; a generation records no value, so only what is live can be kept.
    Unrecorded,
}

/// The characters of a generated secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// Letters and digits.
    Alphanumeric,
    /// Lower-case hexadecimal digits.
    Hex,
}

impl SecretSource {
    /// Whether the value is made once and then kept, so that nobody else knows it.
    pub fn is_generated(&self) -> bool {
        match self {
            Self::Generate { .. } => true,
            Self::Env(_) | Self::File(_) | Self::Sops { .. } | Self::Exec(_) | Self::Unrecorded => {
                false
            }
        }
    }
}

impl std::fmt::Display for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => write!(f, "(env){name}"),
            Self::File(path) => write!(f, "(file){path:?}"),
            Self::Sops { file, key } => write!(f, "(sops)\"{file}#{key}\""),
            Self::Exec(command) => write!(f, "(exec){command:?}"),
            Self::Unrecorded => f.write_str("(a value no generation records)"),
            Self::Generate { alphabet: Alphabet::Hex, length } => {
                write!(f, "(generate)\"hex={length}\"")
            }
            Self::Generate { alphabet: Alphabet::Alphanumeric, length } => {
                write!(f, "(generate)\"length={length}\"")
            }
        }
    }
}

/// A secret's bytes, wiped when they are no longer needed. Deliberately without `Debug`, `Display`,
/// `Serialize` and `Clone`.
pub struct SecretValue(Zeroizing<Vec<u8>>);

impl SecretValue {
    /// Takes the bytes of a secret.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the one place that sends them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}
