//! When an object of each kind is ready, and what becomes of each kind that leaves the stack.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_model::{ActionKind, Plan, Risk};
use stackctl_plan::kubernetes::kinds::{
    ClaimBinding, Data, Immutable, Prefix, Readiness, ReadinessContext, kinds, readiness,
};
use stackctl_plan::{Goal, PlanScope, Request, refusals};

use crate::lab::{applied, carried_out, deployment, plan, request, resource};

/// An object that is not ready, what is missing, and the status with which it is ready.
#[derive(Clone)]
struct Case {
    api_version: &'static str,
    kind: &'static str,
    /// Merged into an object of generation 2.
    spec: Value,
    waiting: Value,
    missing: &'static str,
    ready: Value,
}

fn condition(name: &str, status: &str) -> Value {
    json!({"conditions": [{"type": name, "status": status}]})
}

const NOT_READY: &str = "it is not Ready yet";

fn case(api_version: &'static str, kind: &'static str, missing: &'static str) -> Case {
    let (waiting, ready) = (json!({}), condition("Ready", "True"));
    Case { api_version, kind, spec: json!({}), waiting, missing, ready }
}

/// Two pods are wanted.
fn rollout(kind: &'static str, missing: &'static str, waiting: Value) -> Case {
    let ready = rollout_status(2, 2);
    Case { spec: json!({"replicas": 2}), waiting, ready, ..case("apps/v1", kind, missing) }
}

fn rollout_status(seen: i64, ready: i64) -> Value {
    json!({"observedGeneration": seen, "updatedReplicas": 2, "availableReplicas": ready,
        "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": ready})
}

fn workloads() -> Vec<Case> {
    let pods = "1 of 2 pods are ready";
    vec![
        rollout("Deployment", "its controller has not seen it yet", rollout_status(1, 2)),
        rollout("StatefulSet", pods, rollout_status(2, 1)),
        rollout("DaemonSet", pods, rollout_status(2, 1)),
        case("v1", "Pod", NOT_READY),
        Case {
            ready: condition("Complete", "True"),
            ..case("batch/v1", "Job", "it is not Complete yet")
        },
    ]
}

fn gateways() -> Vec<Case> {
    let api = "gateway.networking.k8s.io/v1";
    let programmed = |status: &str| {
        json!({"conditions": [{"type": "Accepted", "status": "True", "observedGeneration": 2},
            {"type": "Programmed", "status": status, "reason": "NoAddress"}]})
    };
    let resolved = |status: &str| {
        json!({"parents": [{"conditions": [{"type": "Accepted", "status": "True"},
            {"type": "ResolvedRefs", "status": status, "message": "no such Service"}]}]})
    };
    vec![
        Case {
            ready: condition("Accepted", "True"),
            ..case(api, "GatewayClass", "it is not Accepted yet")
        },
        Case {
            waiting: programmed("False"),
            ready: programmed("True"),
            ..case(api, "Gateway", "it is not Programmed yet: NoAddress")
        },
        Case {
            waiting: resolved("False"),
            ready: resolved("True"),
            ..case(api, "HTTPRoute", "it is not ResolvedRefs yet: no such Service")
        },
    ]
}

fn others() -> Vec<Case> {
    vec![
        Case {
            ready: json!({"phase": "Bound"}),
            ..case("v1", "PersistentVolumeClaim", "it is not bound to a volume yet")
        },
        Case {
            spec: json!({"type": "LoadBalancer"}),
            ready: json!({"loadBalancer": {"ingress": [{"ip": "10.0.0.1"}]}}),
            ..case("v1", "Service", "it has no address yet")
        },
        Case {
            ready: condition("Established", "True"),
            ..case(
                "apiextensions.k8s.io/v1",
                "CustomResourceDefinition",
                "it is not Established yet",
            )
        },
        case("cert-manager.io/v1", "Certificate", NOT_READY),
        Case {
            ready: json!({"readyToUse": true}),
            ..case("snapshot.storage.k8s.io/v1", "VolumeSnapshot", "it is not ready to use yet")
        },
        case("postgresql.cnpg.io/v1", "Cluster", NOT_READY),
        case("external-secrets.io/v1", "ExternalSecret", NOT_READY),
        Case {
            waiting: condition("Ready", "False"),
            ..case(
                "example.com/v1",
                "Shelf",
                "it is not Ready yet (a guess: stackctl does not know this kind)",
            )
        },
    ]
}

fn cases() -> Vec<Case> {
    [workloads(), gateways(), others()].concat()
}

fn judged(case: &Case, status: &Value) -> Readiness {
    let object = json!({"apiVersion": case.api_version, "kind": case.kind,
        "metadata": {"name": "x", "generation": 2}, "spec": case.spec, "status": status});
    readiness(&object, ReadinessContext::default())
}

#[test]
fn each_kind_is_ready_by_its_own_rule() {
    for case in cases() {
        let missing = Readiness::Missing(case.missing.to_owned());
        assert_eq!(judged(&case, &case.waiting), missing, "{}", case.kind);
        assert_eq!(judged(&case, &case.ready), Readiness::Ready, "{}", case.kind);
    }
}

#[test]
fn every_kind_that_is_waited_for_is_tried() {
    let group = |case: &Case| case.api_version.split_once('/').map_or("", |(group, _)| group);
    let cases = cases();
    let tried: BTreeSet<_> = cases.iter().map(|case| (group(case), case.kind)).collect();
    let awaited = kinds().filter(|row| row.is_awaited()).map(|row| (row.group, row.kind));
    let untried: Vec<_> = awaited.filter(|kind| !tried.contains(kind)).collect();
    assert_eq!(untried, []);
}

#[test]
fn what_will_never_be_ready_says_why() {
    let judged = |object: Value| readiness(&object, ReadinessContext::default());
    let failed = condition("Failed", "True");
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "status": failed});
    assert_eq!(judged(job), Readiness::Failed("the job failed".to_owned()));
    let claim = |phase: &str| json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": phase}});
    assert_eq!(judged(claim("Lost")), Readiness::Failed("its volume is lost".to_owned()));
    let later = ReadinessContext { binding: ClaimBinding::WaitForFirstConsumer };
    assert_eq!(readiness(&claim("Pending"), later), Readiness::Ready);
}

#[test]
fn a_kind_of_the_same_name_in_another_group_has_rules_of_its_own() {
    let other = json!({"apiVersion": "example.com/v1", "kind": "PersistentVolumeClaim"});
    assert_eq!(readiness(&other, ReadinessContext::default()), Readiness::Ready);
}

/// Read it as a list of promises: a kind that is taken for harmless by a slip loses data.
#[test]
fn what_is_known_of_each_kind() {
    let mut rows: Vec<String> = kinds()
        .map(|row| {
            let holds = match row.data {
                Data::Always(holding) => format!("{holding:?}"),
                Data::OfObject(_) => "for the object to say".to_owned(),
            };
            let fields = |prefixes: &[Prefix]| {
                prefixes.iter().map(|prefix| prefix.0.join(".")).collect::<Vec<_>>().join(", ")
            };
            let Immutable { fields: immutable, except } = row.immutable;
            let immutable = match (fields(immutable), fields(except)) {
                (none, _) if none.is_empty() => String::new(),
                (these, but) if but.is_empty() => format!("; never {these}"),
                (these, but) => format!("; never {these} but {but}"),
            };
            format!("{}/{}: {holds}; {:?}{immutable}", row.group, row.kind, row.removal)
        })
        .collect();
    rows.sort();
    insta::assert_snapshot!(rows.join("\n"));
}

fn shelf() -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Shelf",
        "metadata": {"name": "films", "namespace": "media"}, "spec": {}})
}

/// What becomes of an object when it leaves the stack.
fn left(object: Value, scope: PlanScope) -> Plan {
    let live = applied(vec![resource(object, 1)]);
    plan(Request { scope, ..request(Vec::new()) }, &live).unwrap()
}

#[test]
fn a_kind_that_nobody_knows_is_kept_until_it_is_named() {
    for goal in [Goal::Apply, Goal::Destroy] {
        let kept = left(shelf(), PlanScope::all_of(goal));
        assert_eq!(kept.actions[0].kind(), ActionKind::Retire);
        assert!(kept.actions[0].effects[0].contains("does not know this kind"));
    }
    let named = PlanScope {
        allow_data_loss: vec!["shelf/media/films".parse().unwrap()],
        ..PlanScope::all_of(Goal::Apply)
    };
    let gone = left(shelf(), named);
    assert_eq!(
        (gone.actions[0].kind(), gone.actions[0].cost.risk()),
        (ActionKind::Delete, Risk::Data)
    );
    assert_eq!(refusals(&gone), []);
}

#[test]
fn what_is_known_to_hold_nothing_is_deleted() {
    let harmless = [
        ("monitoring.coreos.com/v1", "ServiceMonitor"),
        ("gateway.networking.k8s.io/v1", "HTTPRoute"),
        ("cilium.io/v2", "CiliumNetworkPolicy"),
        ("rbac.authorization.k8s.io/v1", "Role"),
        ("traefik.io/v1alpha1", "IngressRoute"),
    ];
    for (api_version, kind) in harmless {
        let object = json!({"apiVersion": api_version, "kind": kind,
            "metadata": {"name": "x", "namespace": "media"}});
        let plan = left(object, PlanScope::all_of(Goal::Apply));
        assert_eq!(plan.actions[0].kind(), ActionKind::Delete, "{kind}");
        assert_eq!(plan.actions[0].cost.risk(), Risk::None, "{kind}");
    }
}

#[test]
fn what_holds_data_is_kept_whatever_its_operator() {
    let holding = [
        ("longhorn.io/v1beta2", "Volume"),
        ("snapshot.storage.k8s.io/v1", "VolumeSnapshot"),
        ("postgresql.cnpg.io/v1", "Cluster"),
        ("postgresql.cnpg.io/v1", "ScheduledBackup"),
    ];
    for (api_version, kind) in holding {
        let object = json!({"apiVersion": api_version, "kind": kind,
            "metadata": {"name": "x", "namespace": "media"},
            "spec": {"backupOwnerReference": "self"}});
        let plan = left(object, PlanScope::all_of(Goal::Destroy));
        assert_eq!(plan.actions[0].kind(), ActionKind::Retire, "{kind}");
    }
}

#[test]
fn a_stateful_set_that_takes_its_claims_along_is_stopped_and_keeps_them() {
    let set = |retention: Value| {
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": "x", "namespace": "media"},
            "spec": {"replicas": 2, "persistentVolumeClaimRetentionPolicy": retention,
                "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}})
    };
    let kept = left(
        set(json!({"whenDeleted": "Delete", "whenScaled": "Delete"})),
        PlanScope::all_of(Goal::Apply),
    );
    assert_eq!(kept.actions[0].kind(), ActionKind::Retire);
    let stackctl_model::Operation::Retire(stackctl_model::Mark { patch, .. }) =
        &kept.actions[0].operation
    else {
        panic!("{:?}", kept.actions[0])
    };
    assert_eq!(patch["spec"]["replicas"], 0);
    let policy = &patch["spec"]["persistentVolumeClaimRetentionPolicy"];
    assert_eq!(policy["whenScaled"], "Retain", "scaling down would delete them");
    let gone = left(set(json!({"whenDeleted": "Retain"})), PlanScope::all_of(Goal::Apply));
    assert_eq!(gone.actions[0].kind(), ActionKind::Delete, "its claims stay by themselves");
}

#[test]
fn what_goes_goes_in_order() {
    let object = |api_version: &str, kind: &str| {
        resource(
            json!({"apiVersion": api_version, "kind": kind,
                "metadata": {"name": "x", "namespace": "media"}}),
            1,
        )
    };
    let live = applied(vec![
        object("gateway.networking.k8s.io/v1", "HTTPRoute"),
        deployment("a:1"),
        object("v1", "Service"),
        object("storage.k8s.io/v1", "StorageClass"),
    ]);
    let plan = plan(request(Vec::new()), &live).unwrap();
    let mut first: Vec<(usize, &str)> = plan
        .actions
        .iter()
        .map(|action| (before(&plan, action), action.id.as_object().unwrap().kind.as_str()))
        .collect();
    first.sort_unstable();
    let order: Vec<&str> = first.into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(order, ["HTTPRoute", "Deployment", "Service", "StorageClass"]);
    assert_eq!(carried_out(&plan, &live).cluster.objects.len(), 0);
}

/// How many actions come before this one.
fn before(plan: &Plan, action: &stackctl_model::Action) -> usize {
    let direct = plan.actions.iter().filter(|one| action.after.contains(&one.id));
    direct.map(|one| 1 + before(plan, one)).max().unwrap_or(0)
}
