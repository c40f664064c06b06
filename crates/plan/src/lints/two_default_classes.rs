//! A second class that claims without one would get.

use stackctl_model::{Declared, Desired, Finding, Resource, Severity};

use super::lint::{Check, Doc, Lint};

const MARK: &str = "storageclass.kubernetes.io/is-default-class";

pub(super) const LINT: Lint = Lint {
    code: "two-default-classes",
    severity: Severity::Warning,
    check: Check::Objects(check),
    doc: Doc {
        wrong: "A storage class of the stack is the default one, and so is one that a manifest brings. (Two \
                `storage-class` blocks with `default=#true` are refused by the language itself.)",
        why: "A claim that names no class gets the newest of them, or is refused by an older cluster: where its \
              data lies is chance.",
        example: "storage-class longhorn default=#true\nmanifest \"local-path.yaml\"  // marked as default, too",
        mend: "Keep one: leave `default=#true` out, or set the annotation \
               `storageclass.kubernetes.io/is-default-class` of the other to \"false\".",
        source: "https://github.com/k3s-io/k3s/issues/2767",
    },
};

fn check(declared: &Declared, resources: &[Resource]) -> Vec<Finding> {
    let Some(class) = declared.classes.iter().find(|class| class.is_default) else {
        return Vec::new();
    };
    let ours = |name: &str| declared.classes.iter().any(|class| class.name.text == name);
    let other = |resource: &Resource| {
        let Desired::Object(object) = &resource.desired else { return None };
        let metadata = &object.value["metadata"];
        let name = metadata["name"].as_str().filter(|name| !ours(name))?;
        let is_default = resource.id.is_kind("storage.k8s.io", "StorageClass")
            && metadata["annotations"][MARK] == "true";
        let message = || {
            format!(
                "class {} is the default one, and class {name} is, too: claims that name no class get either",
                class.name.text
            )
        };
        is_default.then(|| {
            Finding::warning(LINT.code, message(), &class.name.at)
                .also(resource.origin.clone(), "the other default")
                .help(format!("Keep default=#true on one; {name} is made at {}.", resource.origin))
        })
    };
    resources.iter().filter_map(other).collect()
}
