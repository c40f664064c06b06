//! What each type accepts. Each check hands back what is wrong and how it should read.

use stackctl_model::Quantity;

use super::nfs::NfsExport;
use super::words::{article, example};
use super::wrong::Wrong;
use super::{cron, image, network, range, text};
use crate::declare::Type;
use crate::value::Value;

/// Checks a value against a type. References and secrets are checked where names are known.
pub(crate) fn check(kind: &Type, value: &Value) -> Result<(), Wrong> {
    match kind {
        Type::Any | Type::Block | Type::Reference(_) | Type::Secret => Ok(()),
        Type::Bool => boolean(value),
        Type::Integer => integer(value),
        Type::Port => port(value),
        Type::Scalar => scalar(value),
        Type::List(inner) => check(inner, value),
        Type::Range(inner) => range::range(inner, value, check),
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
        | Type::Nfs
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
        Type::Nfs => nfs(text),
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

fn nfs(text: &str) -> Result<(), Wrong> {
    let problem = format!("{text:?} names no NFS export");
    let help = "Write \"nfs://10.0.0.20/export/media\".";
    text.parse::<NfsExport>().map(|_| ()).map_err(|_| Wrong::new("bad-url", problem, help))
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

#[cfg(test)]
mod tests {
    use super::check;
    use crate::declare::Type;
    use crate::value::Value;

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
