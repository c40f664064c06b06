//! What each type accepts. Each check hands back what is wrong and how it should read.

mod cron;
mod image;
mod network;
mod range;
mod text;

pub use network::host_of_url;

use stackctl_model::Quantity;

use crate::declare::Type;
use crate::value::Value;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Stable code of the finding.
    pub(crate) code: &'static str,
    /// What is wrong, without a full stop.
    pub(crate) problem: String,
    /// How it should read, a sentence.
    pub(crate) help: String,
    /// The value that was probably meant, as it would be written.
    pub(crate) meant: Option<String>,
}

impl Wrong {
    fn new(code: &'static str, problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, problem: problem.into(), help: help.into(), meant: None }
    }

    /// With the text that was probably meant.
    fn meant(self, text: &str) -> Self {
        let written = as_written(text);
        Self { help: format!("Did you mean `{written}`?"), meant: Some(written), ..self }
    }
}

/// A text as one writes it: bare where that is allowed beyond doubt, else in quotes.
pub(crate) fn as_written(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && !matches!(text, "true" | "false" | "null" | "inf" | "nan");
    if is_plain { text.to_owned() } else { format!("{text:?}") }
}

/// Checks a value against a type. References and secrets are checked where names are known.
pub(crate) fn check(kind: &Type, value: &Value) -> Result<(), Wrong> {
    match kind {
        Type::Any | Type::Block | Type::Reference(_) | Type::Secret => Ok(()),
        Type::Bool => boolean(value),
        Type::Integer => integer(value),
        Type::Port => port(value),
        Type::Scalar => scalar(value),
        Type::List(inner) => check(inner, value),
        Type::Range(inner) => range::range(inner, value),
        Type::Quantity if matches!(value, Value::Integer(_) | Value::Float(_)) => {
            quantity(&value.to_string())
        }
        Type::Quantity
        | Type::Text
        | Type::Name
        | Type::Image
        | Type::Path
        | Type::File
        | Type::Duration
        | Type::Cron
        | Type::Cidr
        | Type::Ip
        | Type::Host
        | Type::Url
        | Type::Percent
        | Type::TimeZone
        | Type::SshTarget
        | Type::OneOf(_) => checked_text(kind, value),
    }
}

fn boolean(value: &Value) -> Result<(), Wrong> {
    if matches!(value, Value::Bool(_)) {
        return Ok(());
    }
    let wrong = Wrong::new(
        "wrong-type",
        format!("{value} is neither #true nor #false"),
        "Write #true or #false.",
    );
    let meant = match value.as_text().map(str::to_ascii_lowercase).as_deref() {
        Some("true" | "yes" | "on") => Some("#true"),
        Some("false" | "no" | "off") => Some("#false"),
        Some(_) | None => None,
    };
    Err(match meant {
        Some(word) => {
            Wrong { help: format!("Did you mean `{word}`?"), meant: Some(word.to_owned()), ..wrong }
        }
        None => wrong,
    })
}

fn integer(value: &Value) -> Result<(), Wrong> {
    if matches!(value, Value::Integer(_)) {
        return Ok(());
    }
    let wrong = Wrong::new(
        "wrong-type",
        format!("{value} is no whole number"),
        "Write digits, without quotes.",
    );
    Err(without_quotes(wrong, value))
}

fn without_quotes(wrong: Wrong, value: &Value) -> Wrong {
    match value.as_text().and_then(|text| text.parse::<i64>().ok()) {
        Some(number) => Wrong {
            help: format!("Did you mean `{number}`, without quotes?"),
            meant: Some(number.to_string()),
            ..wrong
        },
        None => wrong,
    }
}

fn port(value: &Value) -> Result<(), Wrong> {
    if matches!(value, Value::Integer(1..=65535)) {
        return Ok(());
    }
    let help = "A port is a number from 1 to 65535, without quotes.";
    Err(without_quotes(Wrong::new("bad-port", format!("{value} is no port"), help), value))
}

fn scalar(value: &Value) -> Result<(), Wrong> {
    match value {
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Bool(_) => Ok(()),
        Value::Null | Value::Secret(_) | Value::Knob(_) => Err(Wrong::new(
            "wrong-type",
            format!("{value} is neither text nor a number"),
            "Write text in quotes.",
        )),
    }
}

fn checked_text(kind: &Type, value: &Value) -> Result<(), Wrong> {
    let Value::Text(text) = value else {
        let help = format!("Write {}.", example(kind));
        let wrong = Wrong::new("wrong-type", format!("{value} is not {}", article(kind)), help);
        if !matches!(value, Value::Integer(_) | Value::Float(_)) {
            return Err(wrong);
        }
        return Err(match check_text(kind, &value.to_string()) {
            Ok(()) => wrong.meant(&value.to_string()),
            Err(Wrong { meant: Some(meant), help, .. }) => {
                Wrong { meant: Some(meant), help, ..wrong }
            }
            Err(_) => wrong,
        });
    };
    check_text(kind, text)
}

/// Checks text against a type that is written as text.
fn check_text(kind: &Type, text: &str) -> Result<(), Wrong> {
    match kind {
        Type::Name => text::name(text),
        Type::Image => image::image(text),
        Type::Path => text::path(text),
        Type::File => text::file(text),
        Type::Quantity => quantity(text),
        Type::Duration => text::duration(text),
        Type::Cron => cron::cron(text),
        Type::Cidr => network::cidr(text),
        Type::Ip => network::ip(text),
        Type::Host => network::host(text),
        Type::Url => network::url(text),
        Type::SshTarget => network::ssh_target(text),
        Type::Percent => text::percent(text),
        Type::TimeZone => text::time_zone(text),
        Type::OneOf(words) => text::one_of(words, text),
        Type::Bool
        | Type::Integer
        | Type::Port
        | Type::Text
        | Type::Scalar
        | Type::Any
        | Type::Block
        | Type::Secret
        | Type::Reference(_)
        | Type::List(_)
        | Type::Range(_) => Ok(()),
    }
}

/// Slips that people make with units, and what they meant.
const UNITS: [(&str, &str); 14] = [
    ("GiB", "Gi"),
    ("MiB", "Mi"),
    ("KiB", "Ki"),
    ("TiB", "Ti"),
    ("GB", "G"),
    ("MB", "M"),
    ("KB", "k"),
    ("TB", "T"),
    ("gi", "Gi"),
    ("mi", "Mi"),
    ("ki", "Ki"),
    ("ti", "Ti"),
    ("g", "G"),
    ("K", "k"),
];

fn quantity(text: &str) -> Result<(), Wrong> {
    let help = "Quantities read like 500m, 2, 512Mi, 10Gi, 1.5Ti.";
    let wrong = Wrong::new("bad-quantity", format!("{text:?} is no quantity"), help);
    let is_quantity =
        |text: &str| text.parse::<Quantity>().is_ok_and(|quantity| quantity.nanos() >= 0);
    if is_quantity(text) {
        return Ok(());
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let meant = UNITS
        .iter()
        .find_map(|(slip, unit)| plain.strip_suffix(slip).map(|number| format!("{number}{unit}")))
        .unwrap_or(plain);
    Err(if is_quantity(&meant) { wrong.meant(&meant) } else { wrong })
}

/// A type in words, with its article.
pub(crate) fn article(kind: &Type) -> String {
    match kind {
        Type::Bool => "#true or #false".to_owned(),
        Type::Integer => "a whole number".to_owned(),
        Type::Text | Type::Scalar => "text".to_owned(),
        Type::Port => "a port".to_owned(),
        Type::Name => "a name".to_owned(),
        Type::Image => "an image".to_owned(),
        Type::Path => "a path".to_owned(),
        Type::File => "the path of a file".to_owned(),
        Type::Quantity => "a quantity".to_owned(),
        Type::Duration => "a duration".to_owned(),
        Type::Cron => "a schedule".to_owned(),
        Type::Cidr => "a network".to_owned(),
        Type::Ip => "an address".to_owned(),
        Type::Host => "a host name".to_owned(),
        Type::Url => "a URL".to_owned(),
        Type::Percent => "a percentage".to_owned(),
        Type::TimeZone => "a time zone".to_owned(),
        Type::SshTarget => "a place to log in to".to_owned(),
        Type::Secret => "a secret".to_owned(),
        Type::OneOf(words) => format!("one of {}", words.join(", ")),
        Type::Range(inner) => format!("{}, or a range low..high", article(inner)),
        Type::List(inner) => article(inner),
        Type::Reference(kind) => format!("the name of a {kind}"),
        Type::Block | Type::Any => "anything".to_owned(),
    }
}

/// A value of a type, as one would write it.
pub(crate) fn example(kind: &Type) -> String {
    let text = match kind {
        Type::Bool => "#true",
        Type::Integer => "3",
        Type::Text | Type::Scalar | Type::Block | Type::Any => "\"text\"",
        Type::Port => "8080",
        Type::Name => "NAME",
        Type::Image => "\"ghcr.io/owner/name:1.2.3\"",
        Type::Path => "\"/config\"",
        Type::File => "\"extra/file.yaml\"",
        Type::Quantity => "\"10Gi\"",
        Type::Duration => "\"30s\"",
        Type::Cron => "\"30 4 * * *\"",
        Type::Cidr => "\"10.0.0.0/8\"",
        Type::Ip => "\"10.0.0.40\"",
        Type::Host => "\"tv.example.com\"",
        Type::Url => "\"https://auth.example.com\"",
        Type::Percent => "\"75%\"",
        Type::TimeZone => "\"Europe/Oslo\"",
        Type::SshTarget => "\"ops@10.0.0.11\"",
        Type::Secret => "(env)\"NAME\"",
        Type::OneOf(words) => return words.join(" or "),
        Type::Range(inner) if **inner == Type::Quantity => "\"500m..1\"",
        Type::Range(_) => "\"1..2\"",
        Type::List(inner) => return format!("{} …", example(inner)),
        Type::Reference(kind) => return format!("the name of a {kind}"),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{Type, Value};

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn slips_are_mended() {
        for (kind, wrong, meant) in [
            (Type::Quantity, text("10GB"), "\"10G\""),
            (Type::Quantity, text("10 Gi"), "\"10Gi\""),
            (Type::Quantity, text("5gi"), "\"5Gi\""),
            (Type::Bool, text("yes"), "#true"),
            (Type::Port, text("8096"), "8096"),
            (Type::Text, Value::Integer(5), "\"5\""),
            (Type::Percent, Value::Integer(75), "\"75%\""),
            (Type::Name, text("Media_Lib"), "media-lib"),
        ] {
            let found = check(&kind, &wrong).unwrap_err().meant;
            assert_eq!(found.as_deref(), Some(meant), "{wrong}");
        }
    }

    #[test]
    fn numbers_may_be_quantities() {
        assert!(check(&Type::Quantity, &Value::Integer(2)).is_ok());
        assert!(check(&Type::Quantity, &Value::Float(1.5)).is_ok());
        assert!(check(&Type::Quantity, &Value::Integer(-2)).is_err());
    }
}
