//! Asked once, a run ends what is in flight; asked twice, it ends.

use std::sync::Arc;
use std::time::Duration;

use stackctl_engine::{CancelToken, ExecuteOptions};
use stackctl_model::{Event, Outcome};

use crate::faults::{Faulty, busy};
use crate::plans::{Ended, create, map, namespace, planned, run_with};

/// Runs three maps, one after the other, and asks to stop at these times.
async fn stopped(target: Faulty, folder: &std::path::Path, at: &[u64]) -> Ended {
    let cancel = CancelToken::new();
    let actions = vec![
        namespace(),
        create("a", &[]),
        create("b", &["a"]),
        create("c", &["b"]),
        create("d", &[]),
    ];
    let asking = {
        let (cancel, at) = (cancel.clone(), at.to_vec());
        async move {
            for seconds in at {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                cancel.cancel();
            }
        }
    };
    let plan = planned(folder, actions);
    let (ended, ()) =
        tokio::join!(run_with(Arc::new(target), plan, ExecuteOptions::default(), cancel), asking);
    ended.unwrap()
}

#[tokio::test(start_paused = true)]
async fn asked_once_it_ends_what_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.ready.insert(map("a"), Duration::from_mins(1));
    let ended = stopped(target, folder.path(), &[10]).await;
    assert_eq!(ended.report.done.len(), 3, "the namespace, a and d: {:?}", ended.report);
    assert_eq!(ended.report.cancelled, [map("b"), map("c")]);
    assert_eq!(ended.outcome(&map("b")), &Outcome::Cancelled);
    assert_eq!(ended.events.iter().filter(|event| **event == Event::Stopping).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn asked_twice_it_waits_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.ready.insert(map("a"), Duration::from_secs(200));
    let begun = tokio::time::Instant::now();
    let ended = stopped(target, folder.path(), &[10, 5]).await;
    assert_eq!(begun.elapsed().as_secs(), 15);
    assert_eq!(ended.report.timed_out, [(map("a"), "0 of 1 replicas".to_owned())]);
    assert_eq!(ended.report.cancelled, [map("b"), map("c")]);
}

#[tokio::test(start_paused = true)]
async fn asked_twice_it_gives_up_trying_again() {
    let folder = tempfile::tempdir().unwrap();
    let errors = std::iter::repeat_with(busy).take(100).collect();
    let target = Faulty::new(folder.path()).refuse(&map("a"), errors);
    let ended = stopped(target, folder.path(), &[5, 5]).await;
    assert!(
        ended.report.failed[0].1.message.contains("may have been written"),
        "{:?}",
        ended.report
    );
    assert_eq!(ended.report.cancelled, [map("b"), map("c")]);
}

#[tokio::test(start_paused = true)]
async fn what_only_waits_for_its_turn_has_not_begun() {
    let folder = tempfile::tempdir().unwrap();
    let mut target = Faulty::new(folder.path());
    target.limit = 1;
    target.write = Duration::from_secs(20);
    let ended = stopped(target, folder.path(), &[30]).await;
    assert_eq!(ended.report.done.len(), 2, "the namespace and a: {:?}", ended.report);
    assert_eq!(ended.report.cancelled, [map("b"), map("c"), map("d")]);
    assert!(
        !ended
            .events
            .iter()
            .any(|event| matches!(event, Event::ActionStarted { id, .. } if *id == map("d")))
    );
}
