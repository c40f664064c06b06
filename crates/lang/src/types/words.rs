//! Types in words and by example.

use crate::declare::Type;

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
        Type::Nfs => "an NFS export".to_owned(),
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
        Type::Nfs => "\"nfs://10.0.0.20/export/media\"",
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
