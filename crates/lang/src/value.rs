//! What was written, before any meaning: blocks of arguments, properties and children.

use std::fmt;

use stackctl_model::{SecretSource, Span, Spanned};

use crate::written::as_written;

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `#null`
    Null,
    /// `#true`, `#false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, quoted or bare.
    Text(String),
    /// `(env)"NAME"`, `(file)"path"`, `(sops)"file#key"`, `(exec)"command"`, `(generate)"hex=32"`.
    Secret(SecretSource),
    /// `(knob)NAME`, in a module: the value of another knob.
    Knob(String),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Value {
    /// As one writes it: simple words without quotes.
    pub fn written(&self) -> String {
        self.as_text().map_or_else(|| self.to_string(), as_written)
    }
}

/// One KDL node.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its word.
    pub name: Spanned<String>,
    /// Values without a name, in order.
    pub args: Vec<Spanned<Value>>,
    /// `name=value` pairs, in order; no name twice.
    pub props: Vec<(Spanned<String>, Spanned<Value>)>,
    /// What stands between its braces.
    pub children: Vec<Block>,
    /// From its word to the end of its line or brace.
    pub span: Span,
}

impl Block {
    /// The value of a property.
    pub fn prop(&self, name: &str) -> Option<&Spanned<Value>> {
        self.props.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
    }

    /// Whether it is a word with `#false` alone, which takes the word back where it holds no boolean.
    pub fn is_turned_off(&self) -> bool {
        self.props.is_empty()
            && self.children.is_empty()
            && matches!(self.args.as_slice(), [only] if only.value == Value::Bool(false))
    }

    /// The children with this word.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Block> {
        self.children.iter().filter(move |child| child.name.value == name)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("#null"),
            Self::Bool(flag) => write!(f, "#{flag}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Secret(source) => write!(f, "{source}"),
            Self::Knob(name) => write!(f, "(knob){name}"),
        }
    }
}

/// The line as one writes it, the lines between its braces behind it.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&as_written(&self.name.value))?;
        for arg in &self.args {
            write!(f, " {}", arg.value.written())?;
        }
        for (name, value) in &self.props {
            write!(f, " {}={}", as_written(&name.value), value.value.written())?;
        }
        if !self.children.is_empty() {
            f.write_str(" {")?;
            for child in &self.children {
                write!(f, " {child};")?;
            }
            f.write_str(" }")?;
        }
        Ok(())
    }
}
