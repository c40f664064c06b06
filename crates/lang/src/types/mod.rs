//! What each type accepts. Each check hands back what is wrong and how it should read.

mod cron;
mod image;
mod network;
mod text;

use stackctl_model::Quantity;

use crate::{Type, Value};

/// What is wrong with a value: the problem, and how to write it.
pub(crate) struct Wrong {
    pub(crate) problem: String,
    pub(crate) help: String,
}

impl Wrong {
    pub(crate) fn new(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self { problem: problem.into(), help: help.into() }
    }
}

/// Checks a value against a type. References, secrets and blocks are checked elsewhere.
pub(crate) fn check(kind: &Type, value: &Value) -> Result<(), Wrong> {
    match (kind, value) {
        (Type::Any | Type::Block | Type::Reference(_), _) | (_, Value::Knob(_)) => Ok(()),
        (Type::Bool, Value::Bool(_)) => Ok(()),
        (Type::Bool, _) => Err(Wrong::new(format!("{value} is no yes or no"), "write #true or #false")),
        (Type::Integer, Value::Integer(_)) => Ok(()),
        (Type::Integer, _) => Err(Wrong::new(format!("{value} is no whole number"), "write digits without quotes")),
        (Type::Port, Value::Integer(1..=65535)) => Ok(()),
        (Type::Port, _) => Err(Wrong::new(format!("{value} is no port"), "a port is a number from 1 to 65535")),
        (Type::Scalar, Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Bool(_) | Value::Secret(_)) => Ok(()),
        (Type::Quantity, Value::Integer(number)) if *number >= 0 => Ok(()),
        (Type::List(inner), _) => check(inner, value),
        (Type::Range(inner), _) => range(inner, value),
        (Type::Secret, Value::Secret(_)) => Ok(()),
        (_, Value::Text(text)) => check_text(kind, text),
        (_, _) => Err(Wrong::new(format!("{value} is not {kind}"), format!("write {}", example(kind)))),
    }
}

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
        Type::Text
        | Type::Scalar
        | Type::Any
        | Type::Block
        | Type::Reference(_)
        | Type::List(_)
        | Type::Range(_) => Ok(()),
        Type::Bool | Type::Integer | Type::Port | Type::Secret => {
            Err(Wrong::new(format!("{text:?} is not {kind}"), format!("write {}", example(kind))))
        }
    }
}

fn quantity(text: &str) -> Result<(), Wrong> {
    let wrong = || {
        let mut help = "quantities read like 500m, 2, 512Mi, 10Gi, 1.5Ti".to_owned();
        for (from, to) in [("GB", "G"), ("MB", "M"), ("TB", "T"), ("GiB", "Gi"), ("MiB", "Mi"), ("TiB", "Ti"), ("gi", "Gi"), ("mi", "Mi"), ("K", "k")] {
            if let Some(number) = text.strip_suffix(from) {
                help = format!("did you mean \"{number}{to}\"?");
            }
        }
        Wrong::new(format!("{text:?} is no quantity"), help)
    };
    let quantity: Quantity = text.parse().map_err(|_| wrong())?;
    if quantity.nanos() < 0 {
        return Err(Wrong::new(format!("{text:?} is less than nothing"), "write a quantity of 0 or more"));
    }
    Ok(())
}

/// `low..high`; one value means both.
fn range(inner: &Type, value: &Value) -> Result<(), Wrong> {
    let Value::Text(text) = value else { return check(inner, value) };
    let Some((low, high)) = text.split_once("..") else { return check_text(inner, text) };
    check_text(inner, low)?;
    check_text(inner, high)?;
    let parsed = |text: &str| text.parse::<Quantity>().ok();
    match (parsed(low), parsed(high)) {
        (Some(from), Some(to)) if from > to => Err(Wrong::new(
            format!("{low} is more than {high}"),
            format!("the smaller end comes first: \"{high}..{low}\""),
        )),
        _ => Ok(()),
    }
}

fn example(kind: &Type) -> String {
    match kind {
        Type::Bool => "#true or #false".to_owned(),
        Type::Integer => "a whole number".to_owned(),
        Type::Port => "a number from 1 to 65535".to_owned(),
        Type::Secret => "(env)\"NAME\"".to_owned(),
        Type::Quantity => "\"10Gi\"".to_owned(),
        Type::Duration => "\"30s\"".to_owned(),
        Type::Cron => "\"30 4 * * *\"".to_owned(),
        Type::Range(_) => "\"500m..1\"".to_owned(),
        Type::OneOf(words) => words.join(" or "),
        other => format!("text in quotes, {other}"),
    }
}
