//! One value against its type.

use stackctl_model::{Finding, Span, Spanned, closest};

use crate::declare::Type;
use crate::names::{Names, Referent};
use crate::secrecy::secret_in_text;
use crate::stack::referent;
use crate::types::{Wrong, article, check, example};
use crate::value::Value;
use crate::written::as_written;

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
        Type::Reference(of) => reference(of, value, names, findings),
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

fn reference(word: &str, value: &Spanned<Value>, names: &Names, findings: &mut Vec<Finding>) {
    let Value::Text(name) = &value.value else {
        let message = format!("{} is no name of a {word}", value.value);
        findings.push(Finding::error("wrong-type", message, value.span));
        return;
    };
    if !names.has(word, name) {
        // Types are read against the table, so that every word in one is there.
        findings.extend(referent(word).and_then(|of| unknown_name(of, name, value.span, names)));
    }
}

fn unknown_name(of: &Referent, name: &str, span: Span, names: &Names) -> Option<Finding> {
    let near = closest(name, names.all(of.word));
    let message = format!("there is no {} `{name}` in this stack", of.noun);
    if of.may_be_elsewhere {
        let near = near?;
        let help = format!("Did you mean `{near}`? If the cluster has a class `{name}`, leave it.");
        let finding = Finding::warning("unknown-reference", message, span);
        return Some(finding.help(help).fix(span, as_written(near)));
    }
    let finding = Finding::error("unknown-reference", message, span);
    if let Some(near) = near {
        let help = format!("Did you mean `{near}`?");
        return Some(finding.help(help).fix(span, as_written(near)));
    }
    let known: Vec<_> = names.all(of.word).collect();
    let finding = if known.is_empty() {
        finding
    } else {
        finding.help(format!("There are: {}.", known.join(", ")))
    };
    Some(finding.help(format!("Declare it: {}.", (of.declared)(name))))
}
