//! Placeholders such as `{{ stack.timezone }}` in a module's `set` lines and defaults: the few names that a
//! module's own text may use.

use stackctl_lang::{Block, Stack, Value};
use stackctl_model::{Finding, Span, Spanned};

/// What such text may name.
pub(crate) struct Placeholders<'a> {
    /// The stack.
    pub(crate) stack: &'a Stack,
    /// The app's name.
    pub(crate) app: &'a str,
}

const NAMES: &str = "name, namespace, stack.name, stack.domain, stack.timezone";

impl Placeholders<'_> {
    fn named(&self, name: &str) -> Option<&str> {
        match name {
            "name" => Some(self.app),
            "namespace" => Some(&self.stack.namespace.value),
            "stack.name" => Some(&self.stack.name.value),
            "stack.domain" => {
                Some(self.stack.domain.as_ref().map_or("", |domain| domain.value.as_str()))
            }
            "stack.timezone" => Some(&self.stack.timezone.value),
            _ => None,
        }
    }

    /// The block with every such name in its texts replaced.
    pub(crate) fn fill(&self, block: &Block, findings: &mut Vec<Finding>) -> Block {
        let mut filled = block.clone();
        self.fill_in_place(&mut filled, findings);
        filled
    }

    fn fill_in_place(&self, block: &mut Block, findings: &mut Vec<Finding>) {
        for arg in &mut block.args {
            self.fill_value(arg, findings);
        }
        for (_, value) in &mut block.props {
            self.fill_value(value, findings);
        }
        for child in &mut block.children {
            self.fill_in_place(child, findings);
        }
    }

    fn fill_value(&self, value: &mut Spanned<Value>, findings: &mut Vec<Finding>) {
        if let Value::Text(text) = &mut value.value
            && text.contains("{{")
        {
            *text = self.fill_text(text, value.span, findings);
        }
    }

    /// A text of a module with every such name replaced.
    pub(crate) fn fill_text(&self, text: &str, span: Span, findings: &mut Vec<Finding>) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
            match self.named(name.trim()) {
                Some(value) => filled.push_str(value),
                None => findings.push(
                    Finding::error(
                        "unknown-name",
                        format!(
                            "`{{{{ {} }}}}` means nothing in a `set` or a default",
                            name.trim()
                        ),
                        span,
                    )
                    .help(format!("Known here: {NAMES}.")),
                ),
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}
