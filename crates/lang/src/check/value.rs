//! One value against its type.

use stackctl_model::{Finding, Span, Spanned, closest};

use crate::syntax::secret_in_text;
use crate::types::{Wrong, article, as_written, check, example};
use crate::{Names, ReferenceKind, Type, Value};

/// Checks a value, what it names included.
pub(super) fn check_value(
    kind: &Type,
    value: &Spanned<Value>,
    names: &Names,
    findings: &mut Vec<Finding>,
) {
    if matches!(value.value, Value::Knob(_)) {
        return;
    }
    match kind {
        Type::Secret => secret(value, findings),
        Type::Any | Type::Block => {}
        Type::Scalar if matches!(value.value, Value::Secret(_)) => {}
        Type::List(inner) => check_value(inner, value, names, findings),
        Type::Reference(of) => reference(*of, value, names, findings),
        kind if matches!(value.value, Value::Secret(_)) => {
            let message = format!("{} cannot come from a secret", article(kind));
            let finding = Finding::error("wrong-type", message, value.span);
            findings.push(finding.help(format!("Write {}.", example(kind))));
        }
        kind => {
            if let Err(wrong) = check(kind, &value.value) {
                findings.push(finding(wrong, value.span));
            }
        }
    }
}

/// A finding for a wrong value.
pub(crate) fn finding(wrong: Wrong, span: Span) -> Finding {
    let finding = Finding::error(wrong.code, wrong.problem, span).help(wrong.help);
    match wrong.meant {
        Some(meant) => finding.fix(span, meant),
        None => finding,
    }
}

fn secret(value: &Spanned<Value>, findings: &mut Vec<Finding>) {
    match &value.value {
        Value::Secret(_) | Value::Knob(_) => {}
        Value::Null | Value::Bool(_) => findings.push(
            Finding::error("wrong-type", "this is no secret", value.span)
                .help("A secret is a reference: write (env)\"NAME\"."),
        ),
        Value::Text(_) | Value::Integer(_) | Value::Float(_) => {
            findings.push(secret_in_text(Span { end: value.span.start, ..value.span }));
        }
    }
}

fn reference(
    kind: ReferenceKind,
    value: &Spanned<Value>,
    names: &Names,
    findings: &mut Vec<Finding>,
) {
    let Value::Text(name) = &value.value else {
        let message = format!("{} is no name of a {}", value.value, kind.word());
        findings.push(Finding::error("wrong-type", message, value.span));
        return;
    };
    if names.has(kind, name) {
        return;
    }
    let near = closest(name, names.all(kind));
    let message = format!("there is no {} `{name}` in this stack", noun(kind));
    if kind == ReferenceKind::StorageClass {
        if let Some(near) = near {
            findings.push(
                Finding::warning("unknown-reference", message, value.span)
                    .help(format!(
                        "Did you mean `{near}`? If the cluster has a class `{name}`, leave it."
                    ))
                    .fix(value.span, as_written(near)),
            );
        }
        return;
    }
    let finding = Finding::error("unknown-reference", message, value.span);
    if let Some(near) = near {
        findings.push(
            finding.help(format!("Did you mean `{near}`?")).fix(value.span, as_written(near)),
        );
        return;
    }
    let known: Vec<_> = names.all(kind).collect();
    let finding = if known.is_empty() {
        finding
    } else {
        finding.help(format!("There are: {}.", known.join(", ")))
    };
    findings.push(finding.help(format!("Declare it: {}.", declaration(kind, name))));
}

/// What a reference names, in words.
fn noun(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::App => "app",
        ReferenceKind::Backup => "backup",
        ReferenceKind::Gateway => "gateway",
        ReferenceKind::Gpu => "GPU",
        ReferenceKind::AuthGroup => "group of users",
        ReferenceKind::Node => "node",
        ReferenceKind::Secret => "secret",
        ReferenceKind::StorageClass => "storage class",
        ReferenceKind::Volume => "volume",
    }
}

fn declaration(kind: ReferenceKind, name: &str) -> String {
    match kind {
        ReferenceKind::Backup => format!("`backup {name} \"0 2 * * *\" target=\"nfs://…\"`"),
        ReferenceKind::Gateway => format!("`gateway {name} class=cilium {{ … }}`"),
        ReferenceKind::Gpu => {
            format!("`gpu {name} \"/dev/dri/renderD128\"` in the block of the node that has it")
        }
        ReferenceKind::AuthGroup => format!("`group {name}` in the block of `auth`"),
        ReferenceKind::Secret => format!("`secret {name} {{ KEY (env)NAME; }}`"),
        ReferenceKind::Volume => format!("`volume {name} \"100Gi\"`"),
        ReferenceKind::App | ReferenceKind::Node | ReferenceKind::StorageClass => {
            format!("`{} {name}`", kind.word())
        }
    }
}
