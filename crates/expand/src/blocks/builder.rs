//! What the blocks have made so far, and how each of them adds to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stackctl_lang::{Sources, Stack};
use stackctl_model::{
    Desired, Finding, Object, Origin, Resource, ResourceId, SecretSource, Severity, Span,
};

use super::kind_scopes::KindScopes;
use super::manifest_object::ManifestObject;
use crate::expanded_app::{AppObject, ExpandedApp};

/// The resources of a stack while they are made.
pub(super) struct StackBuilder<'a> {
    pub(super) stack: &'a Stack,
    pub(super) apps: &'a [ExpandedApp],
    by_name: BTreeMap<&'a str, &'a ExpandedApp>,
    pub(super) sources: &'a Sources,
    pub(super) findings: &'a mut Vec<Finding>,
    pub(super) scopes: KindScopes,
    pub(super) resources: Vec<Resource>,
    /// What the templates of each app made, until it is added.
    pub(super) app_objects: Vec<Vec<AppObject>>,
    /// What manifests hold, until it is added.
    pub(super) manifest_objects: Vec<ManifestObject<'a>>,
}

impl<'a> StackBuilder<'a> {
    /// Begins with nothing.
    pub(super) fn new(
        stack: &'a Stack,
        apps: &'a [ExpandedApp],
        sources: &'a Sources,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let scopes = KindScopes::default();
        let by_name = apps.iter().map(|app| (app.name.as_str(), app)).collect();
        Self {
            stack,
            apps,
            by_name,
            sources,
            findings,
            scopes,
            resources: Vec::new(),
            app_objects: Vec::new(),
            manifest_objects: Vec::new(),
        }
    }

    /// The namespace of the stack.
    pub(super) fn namespace(&self) -> &'a str {
        &self.stack.namespace.value
    }

    /// Labels of whatever the stack itself makes.
    pub(super) fn labels(&self) -> Value {
        json!({
            "app.kubernetes.io/managed-by": "stackctl",
            "app.kubernetes.io/instance": self.stack.name.value,
        })
    }

    /// Adds an object that a block asks for.
    pub(super) fn object(&mut self, value: Value, span: Span) {
        self.object_of(None, value, span);
    }

    /// Adds an object that belongs to an app.
    pub(super) fn object_of(&mut self, app: Option<&str>, value: Value, span: Span) {
        let origin = self.sources.origin(span);
        self.add(app, Object::plain(value), origin);
    }

    /// Adds a Secret whose values come from elsewhere.
    pub(super) fn secret(
        &mut self,
        value: Value,
        secrets: BTreeMap<String, SecretSource>,
        span: Span,
    ) {
        let origin = self.sources.origin(span);
        self.add(None, Object { secrets, ..Object::plain(value) }, origin);
    }

    /// Adds an object from wherever it came; its namespace is filled in when it needs one.
    pub(super) fn add(&mut self, app: Option<&str>, mut object: Object, origin: Origin) {
        let id = self.scopes.identify(&mut object.value, self.namespace());
        let Some(id) = id else {
            let message =
                format!("the object at {origin} has no apiVersion, kind or metadata.name");
            self.findings.push(Finding::new("broken-object", Severity::Error, message));
            return;
        };
        self.resources.push(Resource {
            id,
            app: app.map(str::to_owned),
            origin,
            after: std::collections::BTreeSet::new(),
            desired: Desired::Object(object),
        });
    }

    /// Adds a setting of a node, of Authentik, of an app or of the stack.
    pub(super) fn setting<const N: usize>(
        &mut self,
        id: ResourceId,
        app: Option<&str>,
        span: Span,
        attributes: [(&str, Value); N],
    ) {
        let attributes = attributes
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        self.setting_of(id, app, span, attributes);
    }

    /// The same with attributes that are only known by now.
    pub(super) fn setting_of(
        &mut self,
        id: ResourceId,
        app: Option<&str>,
        span: Span,
        attributes: BTreeMap<String, Value>,
    ) {
        self.resources.push(Resource {
            id,
            app: app.map(str::to_owned),
            origin: self.sources.origin(span),
            after: std::collections::BTreeSet::new(),
            desired: Desired::Setting(attributes),
        });
    }

    /// An expanded app by name.
    pub(super) fn app(&self, name: &str) -> Option<&'a ExpandedApp> {
        self.by_name.get(name).copied()
    }
}
