//! Durations: `500ms`, `30s`, `5m`, `2h`, `7d`.

use std::fmt;
use std::str::FromStr;

/// A length of time, printed as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    text: String,
    milliseconds: u64,
}

/// A text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDuration;

impl Duration {
    /// How long it is, in thousandths of a second.
    pub fn milliseconds(&self) -> u64 {
        self.milliseconds
    }
}

impl FromStr for Duration {
    type Err = NoDuration;

    fn from_str(text: &str) -> Result<Self, NoDuration> {
        let end = text.find(|c: char| !c.is_ascii_digit()).ok_or(NoDuration)?;
        let (number, unit) = text.split_at(end);
        let unit = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(NoDuration),
        };
        let number: u64 = number.parse().map_err(|_| NoDuration)?;
        let milliseconds = number.checked_mul(unit).ok_or(NoDuration)?;
        Ok(Self { text: text.to_owned(), milliseconds })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
