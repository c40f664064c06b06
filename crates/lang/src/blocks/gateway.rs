//! `gateway external class=cilium address="10.0.0.40" { https "*.lab.example.com" issuer=letsencrypt; }`

use std::net::IpAddr;

use stackctl_model::{Span, Spanned};

use super::lines::{first, meant_prop, name_of, prop, shape};
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
use crate::value::Block;

const WORD: &str = "gateway";

pub(crate) const BLOCK: TopLevel = TopLevel {
    defaults: Defaults::Merged,
    referents: &[Referent {
        word: WORD,
        noun: "gateway",
        declared: |name| format!("`gateway {name} class=cilium {{ … }}`"),
        may_be_elsewhere: false,
    }],
    ..TopLevel::named(WORD, "A way in", words)
};

/// A way in.
#[derive(Clone, Debug, PartialEq)]
pub struct Gateway {
    /// Its name.
    pub name: Spanned<String>,
    /// Gateway class, such as `cilium`.
    pub class: Spanned<String>,
    /// Address to ask for.
    pub address: Option<Spanned<IpAddr>>,
    /// `https HOST issuer=…` and `http HOST`.
    pub listeners: Vec<Listener>,
    /// Where it was written.
    pub span: Span,
}

/// One door of a gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct Listener {
    /// Whether it terminates TLS.
    pub tls: bool,
    /// Host name, perhaps with `*.` in front.
    pub host: Spanned<String>,
    /// cert-manager `ClusterIssuer` for its certificate.
    pub issuer: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let host = || Knob::new("host", Type::Host, "Host name, perhaps with *. in front").required();
    let issuer = Knob::new("issuer", Type::Name, "cert-manager ClusterIssuer of its certificate");
    let mut gateway = shape(
        [Knob::new("name", Type::Name, "Its name").required()],
        [
            Knob::new("class", Type::Name, "Gateway class, such as cilium").required(),
            Knob::new("address", Type::Ip, "Address to ask for"),
        ],
    );
    gateway.children = vec![
        Knob::block("https", "A door with TLS", shape([host()], [issuer])).repeated(),
        Knob::block("http", "A door without TLS", shape([host()], [])).repeated(),
    ];
    gateway
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Gateway {
    let doors =
        block.children.iter().filter(|child| matches!(child.name.value.as_str(), "https" | "http"));
    let listener = |door: &Block| {
        let host = first(door)?;
        let tls = door.name.value == "https";
        Some(Listener { tls, host, issuer: prop(door, "issuer"), span: door.span })
    };
    Gateway {
        name: name_of(block),
        // The class must be said; without one the rest is checked all the same.
        class: prop(block, "class")
            .unwrap_or_else(|| Spanned::new("cilium".to_owned(), block.name.span)),
        address: meant_prop(block, "address"),
        listeners: doors.filter_map(listener).collect(),
        span: block.span,
    }
}
