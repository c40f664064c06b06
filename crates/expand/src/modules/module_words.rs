//! The words of a module with what really holds when an app says nothing of them: what the module and its
//! bases `set`, and only then what the declaration gives.

use stackctl_lang::{Block, Knob, Shape, Type, Value};
use stackctl_model::Spanned;

use super::inherit::Resolved;
use super::library::Library;
use crate::app::merge::Merger;

/// A word that an app of some module may say.
#[derive(Clone, Debug)]
pub struct ModuleWord {
    /// Its declaration. Defaults, those of its parts too, are the values that hold; it is required only
    /// where nothing holds.
    pub knob: Knob,
    /// The lines that hold, as a stack could write them; `{{ … }}` stands where the stack fills in.
    pub set: Vec<Block>,
}

impl Library {
    /// Every word of a module, the inherited ones first; `None` when there is no such module.
    pub fn words_of(&self, module: &str) -> Option<Vec<ModuleWord>> {
        self.module(module).map(words)
    }
}

fn words(module: &Resolved) -> Vec<ModuleWord> {
    let mut merger = Merger::default();
    for sets in &module.sets {
        merger.add(&module.knobs, sets, true);
    }
    let mut merged = merger.finish();
    let word = |knob: &Knob| {
        let said = merged.remove(&knob.name);
        let is_off = said.as_ref().is_some_and(Vec::is_empty);
        let set: Vec<Block> = said.into_iter().flatten().map(|said| said.block).collect();
        let knob = match set.last() {
            Some(last) if !knob.repeat => with_values_of(knob, last),
            Some(_) => Knob { required: false, ..knob.clone() },
            None if is_off => Knob { default: None, ..knob.clone() },
            None => knob.clone(),
        };
        ModuleWord { knob, set }
    };
    module.knobs.iter().map(word).collect()
}

/// A word with the values that a line gives it.
fn with_values_of(knob: &Knob, line: &Block) -> Knob {
    let default = if knob.kind == Type::Block {
        knob.default.clone()
    } else if knob.kind == Type::Bool && line.args.is_empty() {
        Some(Spanned::new(Value::Bool(true), line.span))
    } else {
        all_of(&line.args).or_else(|| knob.default.clone())
    };
    Knob { default, required: false, shape: shape_with_values(&knob.shape, line), ..knob.clone() }
}

fn shape_with_values(shape: &Shape, line: &Block) -> Shape {
    let holds = |knob: &Knob, value: Option<&Spanned<Value>>| match value {
        Some(value) => Knob { default: Some(value.clone()), required: false, ..knob.clone() },
        None => knob.clone(),
    };
    let args = shape.args.iter().enumerate();
    let child = |knob: &Knob| match line.children_named(&knob.name).last() {
        Some(line) if !knob.repeat => with_values_of(knob, line),
        Some(_) | None => knob.clone(),
    };
    Shape {
        args: args.map(|(at, knob)| holds(knob, line.args.get(at))).collect(),
        props: shape.props.iter().map(|knob| holds(knob, line.prop(&knob.name))).collect(),
        children: shape.children.iter().map(child).collect(),
        ..shape.clone()
    }
}

/// The value of a line; several values of a list as one text.
fn all_of(args: &[Spanned<Value>]) -> Option<Spanned<Value>> {
    match args {
        [] => None,
        [only] => Some(only.clone()),
        [first, ..] => {
            let texts: Vec<_> = args.iter().map(|arg| arg.value.written()).collect();
            Some(Spanned::new(Value::Text(texts.join(" ")), first.span))
        }
    }
}
