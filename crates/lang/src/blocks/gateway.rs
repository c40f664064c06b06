//! `gateway external class=cilium address="10.0.0.40" { https "*.lab.example.com" issuer=letsencrypt; }`

use stackctl_model::Spanned;

use super::{first, name_of, prop, shape};
use crate::{Block, Gateway, Knob, Listener, Type};

pub(super) fn declaration() -> Knob {
    let host = || Knob::new("host", Type::Host, "Host name, perhaps with *. in front").required();
    let issuer = Knob::new("issuer", Type::Name, "cert-manager ClusterIssuer of its certificate");
    let mut shape = shape(
        [Knob::new("name", Type::Name, "Its name").required()],
        [
            Knob::new("class", Type::Name, "Gateway class, such as cilium").required(),
            Knob::new("address", Type::Ip, "Address to ask for"),
        ],
    );
    shape.children = vec![
        Knob::block("https", "A door with TLS", super::shape([host()], [issuer])).repeated(),
        Knob::block("http", "A door without TLS", super::shape([host()], [])).repeated(),
    ];
    Knob::block("gateway", "A way in", shape).repeated()
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
        class: prop(block, "class")
            .unwrap_or_else(|| Spanned::new("cilium".to_owned(), block.name.span)),
        address: prop(block, "address"),
        listeners: doors.filter_map(listener).collect(),
        span: block.span,
    }
}
