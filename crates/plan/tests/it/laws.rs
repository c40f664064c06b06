//! What holds for all inputs.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use stackctl_model::{Live, PublishedPlan, Resource};
use stackctl_plan::kubernetes::{Schema, merge};

use crate::lab::{carried_out, config_map, plan, request, resource, said};

type Data = BTreeMap<String, String>;

fn data() -> impl Strategy<Value = Data> {
    btree_map("[a-d]", "[a-z]{0,3}", 0..4)
}

/// A pod's containers, in any order, with ports and variables.
fn pod() -> impl Strategy<Value = Value> {
    let container = ("[a-c]", 1..4_u16, btree_map("[A-C]", "[a-z]{1,3}", 0..3));
    vec(container, 1..4).prop_map(|containers| {
        let mut seen = BTreeMap::new();
        for (name, port, env) in containers {
            let env: Vec<_> = env.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
            seen.insert(name.clone(), json!({"name": name, "image": "a:1", "ports": [{"containerPort": port}], "env": env}));
        }
        json!({"containers": seen.into_values().collect::<Vec<_>>()})
    })
}

fn workload(pod: &Value) -> Resource {
    resource(
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x", "namespace": "media"},
            "spec": {"selector": {"matchLabels": {"a": "b"}},
                "template": {"metadata": {"labels": {"a": "b"}}, "spec": pod}}}),
        1,
    )
}

fn stack(maps: &BTreeMap<String, Data>) -> Vec<Resource> {
    maps.iter().map(|(name, data)| config_map(name, &json!(data))).collect()
}

proptest! {
    #[test]
    fn applying_twice_is_applying_once(before in pod(), after in pod()) {
        let object = |pod: &Value| match workload(pod).desired {
            stackctl_model::Desired::Object(object) => object.value,
            stackctl_model::Desired::Setting(_) | stackctl_model::Desired::OnNode(_) => unreachable!(),
        };
        let live = merge(None, &object(&before), Schema::embedded());
        let once = merge(Some(&live), &object(&after), Schema::embedded());
        prop_assert_eq!(merge(Some(&once), &object(&after), Schema::embedded()), once);
    }

    #[test]
    fn the_second_plan_is_empty(before in pod(), after in pod()) {
        let live = carried_out(&plan(request(vec![workload(&before)]), &Live::default()).unwrap(), &Live::default());
        let first = plan(request(vec![workload(&after)]), &live).unwrap();
        let live = carried_out(&first, &live);
        let second = plan(request(vec![workload(&after)]), &live).unwrap();
        prop_assert!(second.actions.is_empty(), "{:?}", said(&second));
    }

    #[test]
    fn any_stack_becomes_any_other(
        before in btree_map("[a-e]", data(), 0..5),
        after in btree_map("[a-e]", data(), 0..5),
    ) {
        let live = carried_out(&plan(request(stack(&before)), &Live::default()).unwrap(), &Live::default());
        let live = carried_out(&plan(request(stack(&after)), &live).unwrap(), &live);
        let again = plan(request(stack(&after)), &live).unwrap();
        prop_assert!(again.actions.is_empty(), "{:?}", said(&again));
        prop_assert_eq!(live.cluster.objects.len(), after.len());
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(maps in btree_map("[a-e]", data(), 0..5)) {
        let forwards = plan(request(stack(&maps)), &Live::default()).unwrap();
        let mut backwards = stack(&maps);
        backwards.reverse();
        let backwards = plan(request(backwards), &Live::default()).unwrap();
        prop_assert_eq!(PublishedPlan::from(&forwards), PublishedPlan::from(&backwards));
        prop_assert_eq!(forwards, backwards);
    }
}
