//! What a run does, in which order, and what it does when something fails.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use stackctl_engine::{CancelToken, EngineError, ExecuteOptions, Ledger, TargetError};
use stackctl_model::{Event, FailureClass, Held, Holder, Operation, Outcome, SecretSource};
use stackctl_sandbox::Sandbox;

use crate::faults::{Faulty, broken, busy};
use crate::plans::{create, map, mark, namespace, planned, run, run_with, secret};

#[tokio::test(start_paused = true)]
async fn what_needs_another_starts_when_the_other_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.ready.insert(map("a"), Duration::from_mins(1));
    let plan = planned(folder.path(), vec![namespace(), create("a", &[]), create("b", &["a"])]);
    let ended = run(Arc::new(target), plan).await.unwrap();
    assert!(ended.report.is_complete());
    assert_eq!(ended.report.done.len(), 3);
    let ready =
        ended.place(|event| matches!(event, Event::ActionEnded { id, .. } if *id == map("a")));
    let begun =
        ended.place(|event| matches!(event, Event::ActionStarted { id, .. } if *id == map("b")));
    assert!(ready < begun);
    assert_eq!(ended.events.first(), Some(&Event::Started { actions: 3 }));
    assert!(matches!(ended.events.last(), Some(Event::Finished { .. })));
}

#[tokio::test(start_paused = true)]
async fn without_waiting_readiness_is_nobodys_concern() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.ready.insert(map("a"), Duration::from_mins(1));
    let plan = planned(folder.path(), vec![namespace(), create("a", &[])]);
    let options = ExecuteOptions { wait: false, ..ExecuteOptions::default() };
    let ended = run_with(Arc::new(target), plan, options, CancelToken::new()).await.unwrap();
    assert!(ended.report.is_complete());
    assert!(!ended.events.iter().any(|event| matches!(event, Event::Waiting { .. })));
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let asked = TargetError::Transient {
        message: "later".to_owned(),
        retry_after: Some(Duration::from_secs(5)),
    };
    let target = Faulty::new(folder.path()).refuse(&map("a"), vec![busy(), asked]);
    let plan = planned(folder.path(), vec![namespace(), create("a", &[])]);
    let ended = run(Arc::new(target), plan).await.unwrap();
    assert!(ended.report.is_complete());
    let pauses: Vec<(u32, u64)> = ended
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Retrying { attempt, pause, .. } => Some((*attempt, *pause)),
            _ => None,
        })
        .collect();
    assert_eq!(pauses.iter().map(|pause| pause.0).collect::<Vec<_>>(), [1, 2]);
    assert!(pauses[0].1 <= 250 && pauses[1].1 >= 5000, "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn patience_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let errors = std::iter::repeat_with(busy).take(100).collect();
    let target = Arc::new(Faulty::new(folder.path()).refuse(&map("a"), errors));
    let plan = planned(folder.path(), vec![namespace(), create("a", &[])]);
    let ended = run(target.clone(), plan).await.unwrap();
    assert_eq!(ended.report.failed[0].1.message, "too many requests");
    assert_eq!(target.refusals.lock().unwrap()[&map("a")].len(), 92, "eight attempts in all");
}

#[tokio::test]
async fn a_broken_object_stops_only_what_needs_it() {
    let folder = tempfile::tempdir().unwrap();
    let target = Faulty::new(folder.path()).refuse(&map("b"), vec![broken()]);
    let actions = vec![
        namespace(),
        create("a", &[]),
        create("b", &[]),
        create("c", &["b"]),
        create("d", &["c"]),
        create("e", &["a"]),
    ];
    let ended = run(Arc::new(target), planned(folder.path(), actions)).await.unwrap();
    assert_eq!(ended.report.done.len(), 3);
    assert_eq!(ended.report.failed[0].0, map("b"));
    assert_eq!(ended.report.failed[0].1.class, FailureClass::Other);
    assert_eq!(ended.report.skipped, [(map("c"), map("b")), (map("d"), map("b"))]);
    assert_eq!(ended.outcome(&map("d")), &Outcome::Skipped { because: map("b") });
    let target = Faulty::new(folder.path());
    let mended =
        planned(folder.path(), vec![create("b", &[]), create("c", &["b"]), create("d", &["c"])]);
    assert!(run(Arc::new(target), mended.after(1)).await.unwrap().report.is_complete());
}

#[tokio::test(start_paused = true)]
async fn writes_are_limited_and_waiting_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.limit = 3;
    target.write = Duration::from_millis(10);
    let names: Vec<String> = (0..50).map(|number| format!("map-{number}")).collect();
    target.ready = names.iter().map(|name| (map(name), Duration::from_mins(1))).collect();
    let target = Arc::new(target);
    let mut actions = vec![namespace()];
    actions.extend(names.iter().map(|name| create(name, &[])));
    let begun = tokio::time::Instant::now();
    let ended = run(target.clone(), planned(folder.path(), actions)).await.unwrap();
    assert!(ended.report.is_complete());
    assert_eq!(target.most_in_flight.load(Ordering::SeqCst), 3);
    assert!(begun.elapsed() < Duration::from_secs(62), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_ready_in_time_is_said_with_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.ready.insert(map("a"), Duration::from_hours(1));
    let plan = planned(folder.path(), vec![namespace(), create("a", &[]), create("b", &["a"])]);
    let ended = run(Arc::new(target), plan).await.unwrap();
    assert_eq!(ended.report.timed_out, [(map("a"), "0 of 1 replicas".to_owned())]);
    assert_eq!(ended.report.skipped, [(map("b"), map("a"))]);
}

#[tokio::test]
async fn a_missing_secret_stops_the_run_before_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let source = SecretSource::Env("STACKCTL_TEST_NOT_SET".to_owned());
    let target = Arc::new(Faulty::new(&folder.path().join("sandbox")));
    let plan = planned(folder.path(), vec![namespace(), secret(source)]);
    let error = run(target.clone(), plan).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        "secret/media/token needs a value for KEY, but environment variable STACKCTL_TEST_NOT_SET \
         is not set; nothing was changed"
    );
    assert!(target.written().is_empty());
    assert!(!folder.path().join("sandbox").exists());
}

#[tokio::test]
async fn what_was_refused_in_the_plan_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let target = Arc::new(Faulty::new(folder.path()));
    let mut action = create("a", &[]);
    let why = "it belongs to stack den".to_owned();
    action.operation = Operation::Held(Held::Foreign { why });
    let ended = run(target.clone(), planned(folder.path(), vec![action])).await.unwrap();
    assert_eq!(ended.report.failed[0].1.message, "it belongs to stack den");
    assert_eq!(target.prepared.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_second_writer_is_sent_away() {
    let folder = tempfile::tempdir().unwrap();
    let first = Sandbox::open(folder.path()).unwrap();
    let plan = || planned(folder.path(), vec![namespace()]);
    first.lock(&mark(), None, &Holder::default()).await.unwrap();
    let second = || Arc::new(Sandbox::open(folder.path()).unwrap());
    let error = run(second(), plan()).await.err().unwrap();
    assert!(matches!(error, EngineError::Prepare(_)));
    assert_eq!(error.class(), FailureClass::Locked);
    first.release().await;
    assert!(run(second(), plan()).await.unwrap().report.is_complete());
}

#[tokio::test]
async fn a_plan_from_before_another_apply_is_not_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let target = Arc::new(Sandbox::open(folder.path()).unwrap());
    let plan = || planned(folder.path(), vec![namespace()]);
    run(target.clone(), plan()).await.unwrap();
    let error = run(target.clone(), plan()).await.err().unwrap();
    assert!(matches!(error, EngineError::Overtaken { planned: 0, last: 1 }));
    assert_eq!(error.class(), FailureClass::Moved);
    assert!(run(target, plan().after(1)).await.unwrap().report.is_complete());
}
