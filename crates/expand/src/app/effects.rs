//! What the knobs of an app do beside having a value, as their module declares it: apps they connect,
//! settings inside the app, ports they open, pods of their own, variables they set.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use stackctl_lang::{Block, EnvVariable, Knob, Type, Value, Wire};
use stackctl_model::{Span, Spanned};

use super::knob_values::key_of;
use crate::expanded_app::{
    AppEffects, AppReference, AppSetting, OpenedPort, OwnPods, is_set, port,
};
use crate::parts::Variable;

/// The knobs of an app and what was said with them.
pub(super) struct AppKnobs<'a> {
    /// The app's name.
    pub(super) app: &'a str,
    /// The app's block.
    pub(super) span: Span,
    /// All knobs of its module.
    pub(super) knobs: &'a [Knob],
    /// The winning blocks by word.
    pub(super) blocks: &'a BTreeMap<String, Vec<Block>>,
    /// The value of each, as templates see it.
    pub(super) values: &'a Map<String, Json>,
}

/// All effects of an app's knobs, in the order of its module's knobs.
pub(super) fn effects_of(app: &AppKnobs<'_>) -> AppEffects {
    let mut effects = AppEffects::default();
    for knob in app.knobs {
        let wire = knob.effects.wire.unwrap_or(Wire::To);
        let names = app.named_by(knob);
        effects.references.extend(names.into_iter().map(|name| AppReference { wire, name }));
        if let Some(setting) = &knob.effects.setting {
            let said = app.said(knob).iter();
            effects.settings.extend(said.flat_map(|block| settings_of(knob, setting, block)));
        }
        if !is_set(app.value(knob)) {
            continue;
        }
        if let Some(namespace) = &knob.effects.opens_from {
            let ports = app.ports_of(knob).into_iter();
            effects
                .opened
                .extend(ports.map(|port| OpenedPort { namespace: namespace.clone(), port }));
        }
        if let Some(pods) = &knob.effects.pods {
            let name = format!("{}-{pods}", app.app);
            let span = app.said(knob).last().map_or(app.span, |block| block.span);
            effects.own_pods.push(OwnPods { name, span });
        }
    }
    effects
}

/// The environment variables that knobs set.
pub(super) fn variables(knobs: &[Knob], values: &Map<String, Json>) -> Vec<Variable> {
    let value_of = |knob: &Knob| values.get(&key_of(&knob.name)).filter(|value| is_set(value));
    let variable = |knob: &Knob| {
        let EnvVariable { name, value } = knob.effects.env.as_ref()?;
        let own = value_of(knob)?;
        let value = value.as_ref().map_or_else(|| own.clone(), |text| Json::String(text.clone()));
        Some(Variable { name: name.clone(), value })
    };
    knobs.iter().filter_map(variable).collect()
}

impl<'a> AppKnobs<'a> {
    fn said(&self, knob: &Knob) -> &'a [Block] {
        self.blocks.get(&knob.name).map_or(&[], Vec::as_slice)
    }

    fn value(&self, knob: &Knob) -> &'a Json {
        self.values.get(&key_of(&knob.name)).unwrap_or(&Json::Null)
    }

    /// The apps that a knob names, by what was said or by default.
    fn named_by(&self, knob: &Knob) -> Vec<Spanned<String>> {
        if let Some(said) = self.blocks.get(&knob.name) {
            return said.iter().flat_map(|block| named_in(knob, block)).collect();
        }
        let default = knob.default.as_ref().filter(|_| knob.kind.is_app());
        default.and_then(text).into_iter().collect()
    }

    /// The ports that a knob says: itself, or its part `port`; when it says none, the app's own.
    fn ports_of(&self, knob: &Knob) -> Vec<u16> {
        let value = self.value(knob);
        let each = match value.as_array() {
            Some(several) => several.iter().collect(),
            None => vec![value],
        };
        let own = self.values.get("port").and_then(port);
        let is_port = knob.kind == Type::Port;
        let port_of =
            |value: &Json| if is_port { port(value) } else { value.get("port").and_then(port) };
        each.into_iter().filter_map(|value| port_of(value).or(own)).collect()
    }
}

/// One setting for each app that a line names; where a knob names none, the line as a whole.
fn settings_of(knob: &Knob, setting: &str, block: &Block) -> Vec<AppSetting> {
    let block = || block.clone();
    if !knob.names_apps() {
        return vec![AppSetting { setting: setting.to_owned(), other: None, block: block() }];
    }
    let others = named_in(knob, &block()).into_iter().map(|name| name.value);
    others
        .map(|other| AppSetting {
            setting: format!("{setting}/{other}"),
            other: Some(other),
            block: block(),
        })
        .collect()
}

/// The apps that one line of a knob names.
fn named_in(knob: &Knob, block: &Block) -> Vec<Spanned<String>> {
    if knob.kind.is_app() {
        return block.args.iter().filter_map(text).collect();
    }
    let shape = &knob.shape;
    // The last declared argument may be a list, which takes all that follow.
    let declared = |at: usize| shape.args.get(at).or(shape.args.last());
    let is_named = |at: usize| declared(at).is_some_and(|declared| declared.kind.is_app());
    let args = block.args.iter().enumerate().filter(|(at, _)| is_named(*at)).map(|(_, arg)| arg);
    let props = shape.props.iter().filter(|prop| prop.kind.is_app());
    let props = props.filter_map(|prop| block.prop(&prop.name));
    let children = shape.children.iter().flat_map(|child| {
        block.children_named(&child.name).flat_map(move |inner| named_in(child, inner))
    });
    args.chain(props).filter_map(text).chain(children).collect()
}

fn text(value: &Spanned<Value>) -> Option<Spanned<String>> {
    value.value.as_text().map(|name| Spanned::new(name.to_owned(), value.span))
}
