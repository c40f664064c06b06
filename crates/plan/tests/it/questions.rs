//! What is asked before a plan is made: in rounds, nothing twice, and an end.

use std::collections::BTreeMap;

use serde_json::json;
use stackctl_model::{
    Answer, ClusterQuestion, GroupKind, Inhabitant, Live, LiveCluster, Machine, Question, Reach,
    Record, ResourceId, System, Way,
};
use stackctl_plan::{Goal, Planner, Request};

use crate::lab::{config_map, mark, resource};

fn kubernetes(questions: &BTreeMap<System, Question>) -> &ClusterQuestion {
    match &questions[&System::Kubernetes] {
        Question::Kubernetes(question) => question,
        Question::Machine(_) | Question::Authentik | Question::App => panic!("not of a cluster"),
    }
}

fn machines(questions: &BTreeMap<System, Question>) -> Vec<&str> {
    match &questions[&System::Machine] {
        Question::Machine(asked) => asked.keys().map(String::as_str).collect(),
        Question::Kubernetes(_) | Question::Authentik | Question::App => panic!("not of machines"),
    }
}

/// Answers all questions as if there were nothing, and the cluster's with this.
fn answer(live: &mut Live, questions: &BTreeMap<System, Question>, cluster: &LiveCluster) {
    for question in questions.values() {
        let answer = match question {
            Question::Kubernetes(_) => Answer::Kubernetes(Box::new(cluster.clone())),
            Question::Machine(_) | Question::Authentik | Question::App => question.unasked(),
        };
        Planner::learn(live, question, answer);
    }
}

fn reach() -> Reach {
    Reach { way: Way::Ssh("ops@nuc".into()), ..Reach::default() }
}

#[test]
fn what_earlier_applies_left_is_asked_once_the_record_is_known() {
    let request = Request::new(mark(), Goal::Apply);
    let resources = vec![config_map("a", &json!({}))];
    let machines_of_the_stack = [("nuc".to_owned(), reach())].into();
    let planner =
        Request { resources, machines: machines_of_the_stack, ..request }.prepare().unwrap();
    let mut live = Live::default();

    let first = planner.questions(&live);
    assert!(kubernetes(&first).is_first);
    assert_eq!(kubernetes(&first).lists[0].kinds.len(), 1);
    assert_eq!(machines(&first), ["nuc"]);
    answer(&mut live, &first, &LiveCluster::default());
    assert!(planner.questions(&live).is_empty(), "the record is not read yet");

    live.record = Some(Record {
        generation: 3,
        kinds: [GroupKind { group: "apps".into(), kind: "Deployment".into() }].into(),
        namespaces: ["downloads".to_owned()].into(),
        machines: [("nuc".to_owned(), reach()), ("old".to_owned(), reach())].into(),
    });
    let second = planner.questions(&live);
    let lists = &kubernetes(&second).lists;
    assert!(!kubernetes(&second).is_first);
    assert_eq!(lists.len(), 2, "an earlier kind everywhere, and ours where the stack was");
    assert_eq!(machines(&second), ["old"]);
    answer(&mut live, &second, &LiveCluster::default());
    assert!(planner.questions(&live).is_empty());
    assert_eq!(planner.record(&live).generation, 4);
    let remembered: Vec<String> = planner.record(&live).machines.into_keys().collect();
    assert_eq!(remembered, ["nuc", "old"], "what is on a machine nobody could look at is unknown");
}

#[test]
fn a_namespace_that_would_go_is_looked_into_and_kept_for_what_others_have_there() {
    let mut value = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "media"}});
    mark().stamp(&mut value);
    let id = ResourceId::object("", "Namespace", None, "media");
    let mut request = Request::new(mark(), Goal::Destroy);
    request.scope.allow_data_loss = vec!["namespace/media".parse().unwrap()];
    let planner = request.prepare().unwrap();
    let mut live = Live::default();
    let first = planner.questions(&live);
    let cluster = LiveCluster { objects: [(id.clone(), value)].into(), ..LiveCluster::default() };
    answer(&mut live, &first, &cluster);
    live.record = Some(Record::default());

    let second = planner.questions(&live);
    assert_eq!(kubernetes(&second).inhabitants, ["media".to_owned()].into());
    let stranger = ResourceId::object("", "Secret", Some("media"), "theirs");
    let inhabitants = vec![Inhabitant { id: stranger, mark: None }];
    let found = LiveCluster {
        inhabitants: [("media".to_owned(), inhabitants)].into(),
        ..LiveCluster::default()
    };
    answer(&mut live, &second, &found);
    assert!(planner.questions(&live).is_empty());

    let plan = planner.compare(&live).plan(&BTreeMap::new());
    let action = plan.actions.iter().find(|action| action.id == id).unwrap();
    let held = format!("{:?}", action.operation);
    assert!(held.contains("in it are secret/media/theirs"), "{held}");
}

#[test]
fn what_a_stack_builds_on_is_asked_only_for_a_doctor() {
    let claim = resource(
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": "films", "namespace": "media"},
            "spec": {"storageClassName": "fast"}}),
        1,
    );
    for diagnoses in [false, true] {
        let request = Request::new(mark(), Goal::Apply);
        let request = Request { resources: vec![claim.clone()], diagnoses, ..request };
        let questions = request.prepare().unwrap().questions(&Live::default());
        assert_eq!(kubernetes(&questions).presence.len(), usize::from(diagnoses));
    }
}

#[test]
fn an_answer_of_another_system_is_no_answer_and_ends_all_the_same() {
    let request = Request::new(mark(), Goal::Apply);
    let machines = [("nuc".to_owned(), reach())].into();
    let planner = Request { machines, ..request }.prepare().unwrap();
    let mut live = Live { record: Some(Record::default()), ..Live::default() };
    let mut rounds = 0;
    while let Some(question) = planner.questions(&live).into_values().next() {
        let wrong = match question {
            Question::Kubernetes(_) => Question::App.unasked(),
            Question::Machine(_) | Question::Authentik | Question::App => {
                Answer::Kubernetes(Box::default())
            }
        };
        Planner::learn(&mut live, &question, wrong);
        rounds += 1;
        assert!(rounds < 9);
    }
    assert_eq!(live.machines.seen.get("nuc"), Some(&Machine::Unasked));
    assert!(live.cluster.unknown_kinds.is_empty());
}
