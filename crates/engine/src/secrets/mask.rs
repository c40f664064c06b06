//! Values that were read, hidden wherever they turn up.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use stackctl_model::SecretValue;
use zeroize::Zeroizing;

/// Values shorter than this are too common to be hidden in a text.
const SHORT: usize = 4;
/// What stands in the place of a value.
const HIDDEN: &str = "(secret)";

/// The values of a run, shared by who reads them and who writes to people.
#[derive(Clone, Default)]
pub struct Masks(Arc<Mutex<Vec<SecretValue>>>);

impl Masks {
    /// Hides a value from now on: as it is, in base64, and as JSON writes it.
    pub(crate) fn add(&self, value: &SecretValue) {
        let plain = Zeroizing::new(String::from_utf8_lossy(value.expose()).into_owned());
        if plain.len() < SHORT {
            return;
        }
        let json = Zeroizing::new(serde_json::to_string(plain.as_str()).expect("a text is JSON"));
        let json = Zeroizing::new(json.trim_matches('"').to_owned());
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(value.expose()));
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for mut form in [plain, json, encoded] {
            if !values.iter().any(|known| known.expose() == form.as_bytes()) {
                values.push(SecretValue::new(std::mem::take(&mut *form).into_bytes()));
            }
        }
        // A value may be part of another.
        values.sort_by_key(|value| std::cmp::Reverse(value.expose().len()));
    }

    /// The text without any value.
    pub fn hide(&self, text: &str) -> String {
        let values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hidden = text.to_owned();
        for value in values.iter() {
            if let Ok(value) = std::str::from_utf8(value.expose())
                && hidden.contains(value)
            {
                hidden = hidden.replace(value, HIDDEN);
            }
        }
        hidden
    }
}

impl std::fmt::Debug for Masks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Masks").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_hidden_in_every_form_and_short_ones_are_not() {
        let masks = Masks::default();
        for value in ["canary\"7", "nary", "abc"] {
            masks.add(&SecretValue::new(value.into()));
        }
        let encoded = BASE64_STANDARD.encode("canary\"7");
        let text = format!("a canary\"7 b canary\\\"7 c {encoded} d abc");
        assert_eq!(masks.hide(&text), "a (secret) b (secret) c (secret) d abc");
        assert!(!format!("{masks:?}").contains("nary"));
    }
}
