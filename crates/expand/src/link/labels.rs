//! Labels and selectors, each looked up by its rarest pair, so that a label everything carries costs
//! nothing.

use std::collections::HashMap;

use serde_json::{Map, Value};
use stackctl_model::ResourceId;

/// Namespace, key, value.
type Pair<'a> = (&'a str, &'a str, &'a str);

type Labels = Map<String, Value>;

struct Policy<'a> {
    namespace: &'a str,
    /// None when it selects every pod.
    labels: Option<&'a Labels>,
    id: &'a ResourceId,
}

/// Objects by the labels they carry.
#[derive(Default)]
pub(super) struct Labelled<'a> {
    by_pair: HashMap<Pair<'a>, Vec<(&'a Labels, &'a ResourceId)>>,
}

impl<'a> Labelled<'a> {
    pub(super) fn add(&mut self, namespace: &'a str, labels: &'a Labels, id: &'a ResourceId) {
        for (key, value) in labels {
            let pair = (namespace, key.as_str(), value.as_str().unwrap_or_default());
            self.by_pair.entry(pair).or_default().push((labels, id));
        }
    }

    /// Objects of a namespace that carry all of these labels; none when nothing is asked for.
    pub(super) fn with(&self, namespace: &str, wanted: &Labels) -> Vec<&'a ResourceId> {
        let rarest = wanted
            .iter()
            .map(|(key, value)| {
                let pair = (namespace, key.as_str(), value.as_str().unwrap_or_default());
                self.by_pair.get(&pair).map_or(&[][..], Vec::as_slice)
            })
            .min_by_key(|found| found.len())
            .unwrap_or_default();
        rarest.iter().filter(|(labels, _)| contains(labels, wanted)).map(|(_, id)| *id).collect()
    }
}

/// Policies by the labels they select.
#[derive(Default)]
pub(super) struct Selectors<'a> {
    all: Vec<Policy<'a>>,
    by_pair: HashMap<Pair<'a>, Vec<usize>>,
    /// Those that select every pod of a namespace.
    wide: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Selectors<'a> {
    /// Adds a policy; one with `matchExpressions` is passed over, since only its own pods would tell.
    pub(super) fn add(&mut self, namespace: &'a str, selector: &'a Value, id: &'a ResourceId) {
        if selector.get("matchExpressions").is_none() {
            let labels = selector["matchLabels"].as_object().filter(|labels| !labels.is_empty());
            self.all.push(Policy { namespace, labels, id });
        }
    }

    /// Files every policy under its rarest pair, once all are known.
    pub(super) fn finish(&mut self) {
        let mut counts: HashMap<Pair<'a>, usize> = HashMap::new();
        for policy in &self.all {
            for pair in pairs(policy.namespace, policy.labels) {
                *counts.entry(pair).or_default() += 1;
            }
        }
        for (at, policy) in self.all.iter().enumerate() {
            match pairs(policy.namespace, policy.labels)
                .min_by_key(|pair| counts.get(pair).copied())
            {
                Some(pair) => self.by_pair.entry(pair).or_default().push(at),
                None => self.wide.entry(policy.namespace).or_default().push(at),
            }
        }
    }

    /// Policies that select pods with these labels.
    pub(super) fn on(&self, namespace: &str, labels: &Labels) -> Vec<&'a ResourceId> {
        let narrow = labels.iter().flat_map(|(key, value)| {
            let pair = (namespace, key.as_str(), value.as_str().unwrap_or_default());
            self.by_pair.get(&pair).into_iter().flatten()
        });
        let wide = self.wide.get(namespace).into_iter().flatten();
        narrow
            .chain(wide)
            .filter_map(|at| self.all.get(*at))
            .filter(|policy| policy.labels.is_none_or(|wanted| contains(labels, wanted)))
            .map(|policy| policy.id)
            .collect()
    }
}

fn pairs<'a>(namespace: &'a str, labels: Option<&'a Labels>) -> impl Iterator<Item = Pair<'a>> {
    labels
        .into_iter()
        .flatten()
        .map(move |(key, value)| (namespace, plain(key), value.as_str().unwrap_or_default()))
}

/// Cilium writes where a label comes from before it.
fn plain(key: &str) -> &str {
    key.strip_prefix("k8s:").or_else(|| key.strip_prefix("any:")).unwrap_or(key)
}

fn contains(labels: &Labels, wanted: &Labels) -> bool {
    wanted.iter().all(|(key, value)| labels.get(plain(key)) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use stackctl_model::ResourceId;

    use super::{Labelled, Labels, Selectors};

    fn map(value: &Value) -> &Labels {
        value.as_object().unwrap()
    }

    fn id(name: &str) -> ResourceId {
        ResourceId::object("", "Service", Some("media"), name)
    }

    #[test]
    fn all_labels_must_be_there() {
        let (a, b) = (id("a"), id("b"));
        let (of_a, of_b) =
            (json!({"app": "a", "stack": "home"}), json!({"app": "b", "stack": "home"}));
        let mut services = Labelled::default();
        services.add("media", map(&of_a), &a);
        services.add("media", map(&of_b), &b);
        assert_eq!(services.with("media", map(&of_a)), [&a]);
        assert_eq!(services.with("media", map(&json!({"stack": "home"}))).len(), 2);
        assert_eq!(services.with("media", map(&json!({"app": "a", "x": "y"}))).len(), 0);
        assert_eq!(services.with("other", map(&of_a)).len(), 0);
        assert_eq!(services.with("media", map(&json!({}))).len(), 0);
    }

    #[test]
    fn a_policy_selects_by_its_labels_and_an_empty_one_selects_all() {
        let (narrow, wide) = (id("narrow"), id("wide"));
        let selector = json!({"matchLabels": {"k8s:app": "a", "stack": "home"}});
        let everything = json!({});
        let mut policies = Selectors::default();
        policies.add("media", &selector, &narrow);
        policies.add("media", &everything, &wide);
        policies.finish();
        let on = |labels: Value| policies.on("media", map(&labels));
        assert_eq!(on(json!({"app": "a", "stack": "home", "more": "1"})), [&narrow, &wide]);
        assert_eq!(on(json!({"app": "b", "stack": "home"})), [&wide]);
    }
}
