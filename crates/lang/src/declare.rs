//! What a block or a knob is: its name, type, default and doc. `check`, `explain`, completion and the
//! reference pages all read these.

use stackctl_model::{Span, Spanned};

use crate::effects::Effects;
use crate::value::Value;

/// A word that may stand in a block, an argument or a property of one.
///
/// A module writes it `knob NAME type=TYPE default=… required=#true repeat=#true doc="…"`. With braces it is
/// a block (`type=block` need not be said), and between them stand `arg NAME type=…`, `prop NAME type=…` and
/// `child NAME type=…` with the same properties (a `child` with braces of its own where it is a block), and
/// the words `props-open` and `children-open`. What the knob does beside having a value is declared on its
/// line too: see [`Effects`].
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// The word.
    pub name: String,
    /// One line for people.
    pub doc: String,
    /// What it accepts.
    pub kind: Type,
    /// What holds when nothing is written.
    pub default: Option<Spanned<Value>>,
    /// Whether it must be written (and has no default).
    pub required: bool,
    /// Whether the word may stand more than once; the first argument then tells them apart.
    pub repeat: bool,
    /// For [`Type::Block`]: what may stand in it.
    pub shape: Shape,
    /// What it does beside having a value; only a module's own knobs do anything.
    pub effects: Effects,
    /// Where it was declared; the default span for built-in ones.
    pub span: Span,
}

impl Knob {
    /// A word of a type, optional, once.
    pub fn new(name: &str, kind: Type, doc: &str) -> Self {
        Self {
            name: name.to_owned(),
            doc: doc.to_owned(),
            kind,
            default: None,
            required: false,
            repeat: false,
            shape: Shape::default(),
            effects: Effects::default(),
            span: Span::default(),
        }
    }

    /// Whether it, or a part of it, names apps.
    pub fn names_apps(&self) -> bool {
        let parts = self.shape.args.iter().chain(&self.shape.props).chain(&self.shape.children);
        self.kind.is_app() || parts.into_iter().any(Self::names_apps)
    }

    /// Whether it holds one value that can be written as text.
    pub(crate) fn is_single_value(&self) -> bool {
        let has_parts =
            matches!(self.kind, Type::Block | Type::Any | Type::List(_) | Type::Range(_));
        !self.repeat && !has_parts
    }

    /// A block of a shape.
    pub fn block(name: &str, doc: &str, shape: Shape) -> Self {
        Self { shape, ..Self::new(name, Type::Block, doc) }
    }

    /// The same, but it must be written.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, but it may stand more than once.
    #[must_use]
    pub fn repeated(self) -> Self {
        Self { repeat: true, ..self }
    }

    /// The same with what holds when nothing is written.
    #[must_use]
    pub fn or(self, default: Value) -> Self {
        Self { default: Some(Spanned::new(default, Span::default())), ..self }
    }
}

/// What may stand in a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Arguments in order. The last may be a [`Type::List`], which takes all that follow.
    pub args: Vec<Knob>,
    /// Properties.
    pub props: Vec<Knob>,
    /// Words between its braces.
    pub children: Vec<Knob>,
    /// Any other property is allowed, with text, numbers, booleans and secrets for values (`env A=1`).
    pub open_props: bool,
    /// Any other child is allowed, unchecked (`patch deployment { spec { … } }`, `FS.x 512`).
    pub open_children: bool,
}

/// What a knob accepts. Written in a module as `bool`, `port`, `range<quantity>`, `list<cidr>`,
/// `ref<storage-class>`, `Deployment|StatefulSet`.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `#true` or `#false`; a bare word means `#true`.
    Bool,
    /// A whole number.
    Integer,
    /// Any text.
    Text,
    /// Text, number or boolean, kept as text (environment values).
    Scalar,
    /// 1 to 65535.
    Port,
    /// A name Kubernetes accepts: lower case, digits, `-`, at most 63.
    Name,
    /// A container image.
    Image,
    /// An absolute path.
    Path,
    /// A path of a file of the stack, relative to the file that names it.
    File,
    /// Such as `10Gi`.
    Quantity,
    /// `10s`, `5m`, `2h`.
    Duration,
    /// Five fields, as Kubernetes reads them.
    Cron,
    /// An address and a prefix length.
    Cidr,
    /// An IP address.
    Ip,
    /// A host name, perhaps with `*.` in front.
    Host,
    /// An absolute URL.
    Url,
    /// An NFS export: `nfs://host/path`.
    Nfs,
    /// `75%`.
    Percent,
    /// An IANA time zone.
    TimeZone,
    /// `user@host` or a host, perhaps with `:port`.
    SshTarget,
    /// A secret's reference; never text.
    Secret,
    /// One of these words.
    OneOf(Vec<String>),
    /// `low..high` of a type; one value means both.
    Range(Box<Type>),
    /// Any number of values of a type.
    List(Box<Type>),
    /// The name of something declared in the stack, by the word of the block that declares it.
    Reference(String),
    /// Arguments, properties and children, as its [`Shape`] says.
    Block,
    /// Anything, unchecked.
    Any,
}

/// The plain types and how they are written.
const WORDS: &[(&str, Type)] = &[
    ("bool", Type::Bool),
    ("integer", Type::Integer),
    ("text", Type::Text),
    ("scalar", Type::Scalar),
    ("port", Type::Port),
    ("name", Type::Name),
    ("image", Type::Image),
    ("path", Type::Path),
    ("file", Type::File),
    ("quantity", Type::Quantity),
    ("duration", Type::Duration),
    ("cron", Type::Cron),
    ("cidr", Type::Cidr),
    ("ip", Type::Ip),
    ("host", Type::Host),
    ("url", Type::Url),
    ("nfs", Type::Nfs),
    ("percent", Type::Percent),
    ("time-zone", Type::TimeZone),
    ("ssh-target", Type::SshTarget),
    ("secret", Type::Secret),
    ("block", Type::Block),
    ("any", Type::Any),
];

impl Type {
    /// Reads a type as a module writes it; the word that is no type when it cannot be read. `is_referent`
    /// says whether a word may stand in `ref<…>`.
    pub(crate) fn parse(text: &str, is_referent: fn(&str) -> bool) -> Result<Self, String> {
        let text = text.trim();
        let inside =
            |prefix: &str| text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
        if let Some((_, kind)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(kind.clone());
        }
        if let Some(inner) = inside("range<") {
            return Self::parse(inner, is_referent).map(|inner| Self::Range(Box::new(inner)));
        }
        if let Some(inner) = inside("list<") {
            return Self::parse(inner, is_referent).map(|inner| Self::List(Box::new(inner)));
        }
        if let Some(inner) = inside("ref<") {
            let known = is_referent(inner).then(|| Self::Reference(inner.to_owned()));
            return known.ok_or_else(|| inner.to_owned());
        }
        if text.contains('|') {
            return Ok(Self::OneOf(text.split('|').map(|word| word.trim().to_owned()).collect()));
        }
        Err(text.to_owned())
    }

    /// Whether a value of it is the name of an app, or several are.
    pub fn is_app(&self) -> bool {
        match self {
            Self::Reference(referent) => referent == "app",
            Self::List(inner) => inner.is_app(),
            Self::Bool
            | Self::Integer
            | Self::Text
            | Self::Scalar
            | Self::Port
            | Self::Name
            | Self::Image
            | Self::Path
            | Self::File
            | Self::Quantity
            | Self::Duration
            | Self::Cron
            | Self::Cidr
            | Self::Ip
            | Self::Host
            | Self::Url
            | Self::Nfs
            | Self::Percent
            | Self::TimeZone
            | Self::SshTarget
            | Self::Secret
            | Self::OneOf(_)
            | Self::Range(_)
            | Self::Block
            | Self::Any => false,
        }
    }

    /// Every word a type may begin with, for suggestions.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(word, _)| *word)
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OneOf(words) => f.write_str(&words.join("|")),
            Self::Range(inner) => write!(f, "range<{inner}>"),
            Self::List(inner) => write!(f, "list<{inner}>"),
            Self::Reference(kind) => write!(f, "ref<{kind}>"),
            plain => {
                let word =
                    WORDS.iter().find(|(_, kind)| kind == plain).map_or("any", |(word, _)| word);
                f.write_str(word)
            }
        }
    }
}
