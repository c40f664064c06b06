//! Quantities as Kubernetes writes and compares them: `500m`, `1.5Gi`, `1e3`.
//!
//! Equality is by value: `1000m` is `1`, `1024Mi` is `1Gi`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A non-rounded quantity: `digits × 10^exponent`, times a power of 1024 folded into the digits.
#[derive(Clone, Debug)]
pub struct Quantity {
    text: String,
    nanos: i128,
}

/// Why a text is no quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityError {
    /// The text.
    pub text: String,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a quantity", self.text)
    }
}

impl std::error::Error for QuantityError {}

const NANO: i128 = 1_000_000_000;

/// Multiplier of a suffix in billionths; `None` when there is no such suffix.
fn suffix(text: &str) -> Option<i128> {
    Some(match text {
        "n" => 1,
        "u" => 1_000,
        "m" => 1_000_000,
        "" => NANO,
        "k" => NANO * 1_000,
        "M" => NANO * 1_000_000,
        "G" => NANO * 1_000_000_000,
        "T" => NANO * 1_000_000_000_000,
        "P" => NANO * 1_000_000_000_000_000,
        "E" => NANO * 1_000_000_000_000_000_000,
        "Ki" => NANO << 10,
        "Mi" => NANO << 20,
        "Gi" => NANO << 30,
        "Ti" => NANO << 40,
        "Pi" => NANO << 50,
        "Ei" => NANO << 60,
        _ => return exponent(text),
    })
}

fn exponent(text: &str) -> Option<i128> {
    let digits = text.strip_prefix(['e', 'E'])?;
    let power: i32 = digits.parse().ok()?;
    if (-9..=18).contains(&power) {
        Some(10_i128.pow(u32::try_from(power + 9).ok()?))
    } else {
        None
    }
}

impl Quantity {
    /// The value in billionths, rounded up, as the API server rounds.
    pub fn nanos(&self) -> i128 {
        self.nanos
    }

    fn parse(text: &str) -> Option<i128> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let end =
            unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, unit) = unsigned.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 30
        {
            return None;
        }
        let multiplier = suffix(unit)?;
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let product = digits.checked_mul(multiplier)?;
        let rounded = product / scale + i128::from(product % scale != 0);
        Some(if text.starts_with('-') { -rounded } else { rounded })
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::parse(text)
            .map(|nanos| Self { text: text.to_owned(), nanos })
            .ok_or_else(|| QuantityError { text: text.to_owned() })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn equal(a: &str, b: &str) -> bool {
        a.parse::<Quantity>().unwrap() == b.parse::<Quantity>().unwrap()
    }

    #[test]
    fn the_same_value_in_two_spellings_is_equal() {
        for (a, b) in [
            ("1000m", "1"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            (".5", "500m"),
            ("1e3", "1k"),
            ("+1", "1"),
        ] {
            assert!(equal(a, b), "{a} and {b}");
        }
        assert!(!equal("1G", "1Gi"));
    }

    #[test]
    fn what_the_api_server_refuses_is_refused() {
        for text in ["", "1K", "1mi", "1e", "1GiB", "1e3Gi", "five", "1..2", "Gi", "0x1"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }
}
