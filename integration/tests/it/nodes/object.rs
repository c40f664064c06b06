//! The Node object of a machine, and the apps that go where a GPU is.

use serde_json::{Value, json};
use stackctl_integration::ControlPlane;

use super::lab::Lab;

fn node(name: &str) -> Value {
    ControlPlane::shared().get(&["node", name]).unwrap()
}

fn taints(name: &str) -> Vec<String> {
    let node = node(name);
    let all = node["spec"]["taints"].as_array().cloned().unwrap_or_default();
    all.iter()
        .map(|one| format!("{}:{}", one["key"].as_str().unwrap(), one["effect"].as_str().unwrap()))
        .collect()
}

#[test]
fn labels_and_taints_of_ours_come_and_go_and_others_stay() {
    let cluster = ControlPlane::shared();
    let text = "node nuc-02 ssh=\"ops@nuc-02\" { label \"example.com/disk\" ssd; taint \"dedicated=media\" PreferNoSchedule; }
node ghost { label \"example.com/disk\" ssd; }
";
    let lab = Lab::new("nodes-labels", &["nuc-02"], text);
    cluster.run(&["taint", "node", "nuc-02", "theirs=1:PreferNoSchedule"]).unwrap();
    let before = node("nuc-02");
    let plan = lab.plan();
    assert!(
        plan["findings"][0]["reason"]
            .as_str()
            .unwrap()
            .starts_with("the cluster has no node ghost"),
        "{plan:#}"
    );
    lab.apply();
    let live = node("nuc-02");
    assert_eq!(live["metadata"]["labels"]["example.com/disk"], "ssd");
    assert_eq!(live["metadata"]["labels"]["kubernetes.io/os"], "linux");
    assert_eq!(taints("nuc-02"), ["theirs:PreferNoSchedule", "dedicated:PreferNoSchedule"]);
    assert_eq!(live["metadata"]["uid"], before["metadata"]["uid"]);
    assert!(cluster.get(&["node", "ghost"]).is_err(), "no node is ever made");
    lab.nothing_to_do();
    // Somebody takes ours off: it comes back, and theirs stays.
    cluster.run(&["taint", "node", "nuc-02", "dedicated-"]).unwrap();
    cluster.run(&["label", "node", "nuc-02", "example.com/disk=hdd", "--overwrite"]).unwrap();
    lab.apply();
    assert_eq!(taints("nuc-02"), ["theirs:PreferNoSchedule", "dedicated:PreferNoSchedule"]);
    assert_eq!(node("nuc-02")["metadata"]["labels"]["example.com/disk"], "ssd");
    lab.nothing_to_do();
    lab.home.edit("stack.kdl", "taint \"dedicated=media\" PreferNoSchedule;", "");
    lab.apply();
    assert_eq!(taints("nuc-02"), ["theirs:PreferNoSchedule"]);
    lab.home.edit(
        "stack.kdl",
        "label \"example.com/disk\" ssd;  }",
        "taint \"x\" PreferNoSchedule; }",
    );
    lab.apply();
    // The block goes: the machine stays in the cluster without anything of ours.
    lab.home.edit("stack.kdl", "taint \"x\" PreferNoSchedule; ", "");
    lab.home.run(&["apply", "--yes", "--allow-mass-removal"]).expect(0);
    let live = node("nuc-02");
    assert_eq!(live["metadata"]["uid"], before["metadata"]["uid"]);
    assert_eq!(live["metadata"]["labels"], before["metadata"]["labels"]);
    assert_eq!(taints("nuc-02"), ["theirs:PreferNoSchedule"]);
    assert!(!live.to_string().contains("stackctl.io/"), "{live:#}");
    lab.nothing_to_do();
    cluster.run(&["taint", "node", "nuc-02", "theirs-"]).unwrap();
}

#[test]
fn an_app_goes_where_its_gpu_is_and_joins_the_group_of_the_device() {
    let name = "nodes-gpu";
    let text = "node nuc-01 ssh=\"ops@nuc-01\" { gpu intel \"/dev/dri/renderD128\"; }
node nuc-02 ssh=\"ops@nuc-02\" { gpu intel \"/dev/dri/renderD129\"; }
app tv module=app { image \"docker.io/library/nginx:1\"; gpu intel through=dra; }
app radio module=app { image \"docker.io/library/nginx:1\"; gpu intel resource=\"cpu\"; }
";
    let lab = Lab::new(name, &["nuc-01", "nuc-02"], text);
    let plan = lab.plan();
    assert!(
        plan["findings"][0]["reason"]
            .as_str()
            .unwrap()
            .starts_with("nuc-02 has no /dev/dri/renderD129"),
        "{plan:#}"
    );
    lab.home.run(&["apply", "--yes", "--no-wait"]).expect(0);
    let cluster = ControlPlane::shared();
    let tv = cluster.get(&["-n", name, "deployment/tv"]).unwrap();
    let pod = &tv["spec"]["template"]["spec"];
    // The device that was not found has no group to tell: the usual ones are joined besides.
    let groups = pod["securityContext"]["supplementalGroups"].as_array().unwrap();
    assert!(groups.contains(&json!(993)), "{pod:#}");
    assert_eq!(pod["resourceClaims"][0]["resourceClaimTemplateName"], "tv-gpu");
    let claim = cluster.get(&["-n", name, "resourceclaimtemplate/tv-gpu"]).unwrap();
    assert_eq!(
        claim["spec"]["spec"]["devices"]["requests"][0]["exactly"]["deviceClassName"],
        "gpu.intel.com"
    );
    assert_eq!(node("nuc-01")["metadata"]["labels"]["stackctl.io/gpu-intel"], "true");
    // Once it is found, exactly its group is joined.
    lab.machines
        .sh("nuc-02", "mknod -m 660 /dev/dri/renderD129 c 226 129; chgrp 109 /dev/dri/renderD129")
        .unwrap();
    lab.home.run(&["apply", "--yes", "--no-wait"]).expect(0);
    let joined = || {
        let radio = cluster.get(&["-n", name, "deployment/radio"]).unwrap();
        radio["spec"]["template"]["spec"]["securityContext"]["supplementalGroups"].clone()
    };
    assert_eq!(joined(), json!([109, 993]));
    // A machine that is off is no reason to start an app anew.
    lab.machines.link("nuc-02", false).unwrap();
    let plan = lab.plan();
    let touched = plan["actions"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["id"] == "deployment/nodes-gpu/radio");
    assert!(!touched, "{plan:#}");
    lab.machines.link("nuc-02", true).unwrap();
    let radio = cluster.get(&["-n", name, "pods", "-l", "app.kubernetes.io/name=radio"]).unwrap();
    assert!(
        radio["items"][0]["spec"]["nodeName"].as_str().unwrap().starts_with("nuc-0"),
        "{radio:#}"
    );
    lab.home.run(&["destroy", "--yes"]).expect(0);
    assert!(!node("nuc-01").to_string().contains("stackctl.io/"));
}
