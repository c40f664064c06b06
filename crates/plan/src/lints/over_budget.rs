//! What the claims of a class ask for in all, against its budget.

use serde_json::Value;
use stackctl_model::{
    Declared, DeclaredClass, Desired, Finding, Quantity, Resource, Severity, Written,
};

use super::lint::{Check, Doc, Lint};

const GIB: i128 = 1_000_000_000 << 30;
const TIB: i128 = GIB << 10;

pub(super) const LINT: Lint = Lint {
    code: "over-budget",
    severity: Severity::Error,
    check: Check::Objects(check),
    doc: Doc {
        wrong: "The claims of a storage class ask for more, in all, than its `budget`.",
        why: "A provisioner hands out more than there is, and all volumes fail together when the disks are full.",
        example: "storage-class fast budget=\"10Gi\"\napp sonarr { volume config \"20Gi\" class=fast; }",
        mend: "Raise the budget, or shrink a volume that is not made yet.",
        source: "",
    },
};

/// A claim of some class.
struct Claim {
    name: String,
    class: Option<String>,
    nanos: i128,
}

fn check(declared: &Declared, resources: &[Resource]) -> Vec<Finding> {
    if declared.classes.iter().all(|class| class.budget.is_none()) {
        return Vec::new();
    }
    let claims: Vec<Claim> = resources.iter().flat_map(claims_of).collect();
    let over = |class: &DeclaredClass| over(class, class.budget.as_ref()?, &claims);
    declared.classes.iter().filter_map(over).collect()
}

fn over(class: &DeclaredClass, budget: &Written, claims: &[Claim]) -> Option<Finding> {
    let limit: Quantity = budget.text.parse().ok()?;
    let is_of = |claim: &&Claim| match &claim.class {
        Some(name) => *name == class.name.text,
        None => class.is_default,
    };
    let mut of_class: Vec<&Claim> = claims.iter().filter(is_of).collect();
    let sum: i128 = of_class.iter().map(|claim| claim.nanos).sum();
    if sum <= limit.nanos() {
        return None;
    }
    of_class.sort_by(|a, b| b.nanos.cmp(&a.nanos).then_with(|| a.name.cmp(&b.name)));
    let named: Vec<String> =
        of_class.iter().map(|claim| format!("{} {}", claim.name, size(claim.nanos))).collect();
    let message = format!(
        "the volumes of class {} ask for {}, {} over its budget of {}",
        class.name.text,
        size(sum),
        size(sum - limit.nanos()),
        budget.text
    );
    Some(
        Finding::error(LINT.code, message, &budget.at)
            .help(format!("They are: {}.", named.join(", ")))
            .help("Raise the budget, or shrink a volume that is not made yet."),
    )
}

fn claims_of(resource: &Resource) -> Vec<Claim> {
    let Desired::Object(object) = &resource.desired else { return Vec::new() };
    let value = &object.value;
    let name = value["metadata"]["name"].as_str().unwrap_or_default();
    if resource.id.is_kind("", "PersistentVolumeClaim") {
        return claim(name.to_owned(), &value["spec"], 1).into_iter().collect();
    }
    if !resource.id.is_kind("apps", "StatefulSet") {
        return Vec::new();
    }
    let replicas = value["spec"]["replicas"].as_u64().unwrap_or(1);
    let templates = value["spec"]["volumeClaimTemplates"].as_array();
    templates
        .into_iter()
        .flatten()
        .filter_map(|template| {
            let volume = template["metadata"]["name"].as_str().unwrap_or_default();
            claim(format!("{volume}-{name}"), &template["spec"], replicas)
        })
        .collect()
}

fn claim(name: String, spec: &Value, times: u64) -> Option<Claim> {
    let size = match &spec["resources"]["requests"]["storage"] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let size: Quantity = size.parse().ok()?;
    let class = spec["storageClassName"].as_str().map(str::to_owned);
    Some(Claim { name, class, nanos: size.nanos().saturating_mul(i128::from(times)) })
}

/// In the largest unit that shows it without a fraction worth mentioning.
fn size(nanos: i128) -> String {
    let (unit, word) = if nanos >= TIB { (TIB, "Ti") } else { (GIB, "Gi") };
    let tenths = (nanos * 10 + unit / 2) / unit;
    if tenths % 10 == 0 {
        format!("{}{word}", tenths / 10)
    } else {
        format!("{}.{}{word}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::{GIB, TIB, size};

    #[test]
    fn sizes_read_as_people_write_them() {
        assert_eq!(size(90 * GIB), "90Gi");
        assert_eq!(size(2 * TIB), "2Ti");
        assert_eq!(size(2 * TIB + 512 * GIB), "2.5Ti");
        assert_eq!(size(GIB / 2), "0.5Gi");
    }
}
