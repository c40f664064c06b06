//! A system that the engine has never heard of: it is looked at, written to and limited like all others.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{
    CancelToken, ExecuteOptions, PlanOptions, SecretData, Target, TargetError, Targets, plan,
};
use stackctl_model::{
    Action, Answer, Desired, Origin, Outcome, Question, Resource, ResourceId, System,
};
use stackctl_plan::Goal;

use crate::faults::Faulty;
use crate::plans::{create, map, mark, namespace, planned, run_on};

/// Apps with settings inside them.
#[derive(Default)]
struct Apps {
    asked: Mutex<Vec<Question>>,
    written: Mutex<BTreeSet<ResourceId>>,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
}

impl Target for Apps {
    fn look<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Answer, TargetError>> {
        self.asked.lock().unwrap().push(question.clone());
        std::future::ready(Ok(question.unasked())).boxed()
    }

    fn apply<'a>(
        &'a self,
        action: &'a Action,
        _secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_in_flight.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            self.written.lock().unwrap().insert(action.id.clone());
            Ok(())
        }
        .boxed()
    }

    fn limit(&self) -> usize {
        2
    }
}

fn setting(name: &str) -> ResourceId {
    ResourceId::App { app: "sonarr".to_owned(), setting: name.to_owned() }
}

fn write(name: &str) -> Action {
    Action { id: setting(name), after: BTreeSet::new(), ..create(name, &[]) }
}

fn in_sandbox(folder: &tempfile::TempDir) -> (Arc<Faulty>, Targets) {
    let sandbox = Arc::new(Faulty::new(folder.path()));
    let targets = Targets::all_in(&sandbox);
    (sandbox, targets)
}

#[tokio::test]
async fn a_target_of_its_own_is_written_to_under_its_own_limit() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, targets) = in_sandbox(&folder);
    let apps = Arc::new(Apps::default());
    let names = ["a", "b", "c", "d", "e"];
    let mut actions: Vec<Action> = names.into_iter().map(write).collect();
    actions.extend([namespace(), create("x", &[])]);
    let planned = planned(folder.path(), actions);
    let targets = targets.with(System::App, apps.clone());
    let ended = run_on(targets, planned, ExecuteOptions::default(), CancelToken::new()).await;
    assert!(ended.unwrap().report.is_complete());
    assert_eq!(*apps.written.lock().unwrap(), names.map(setting).into());
    assert_eq!(apps.most_in_flight.load(Ordering::SeqCst), 2);
    assert!(sandbox.written().contains(&map("x")));
    assert!(!sandbox.written().contains(&setting("a")));
}

#[tokio::test]
async fn without_a_target_nothing_is_asked_and_nothing_falls_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, targets) = in_sandbox(&folder);
    let planned = planned(folder.path(), vec![write("a")]);
    let targets = targets.without(System::App);
    let ended = run_on(targets, planned, ExecuteOptions::default(), CancelToken::new()).await;
    let ended = ended.unwrap();
    let Outcome::Failed { failure } = ended.outcome(&setting("a")) else { panic!() };
    assert_eq!(failure.message, "app/sonarr/a was not changed: apps are left alone");
    assert!(sandbox.written().is_empty());
}

#[tokio::test]
async fn what_the_planner_asks_reaches_the_target_once() {
    let folder = tempfile::tempdir().unwrap();
    let (_, targets) = in_sandbox(&folder);
    let apps = Arc::new(Apps::default());
    let resource = Resource {
        id: setting("a"),
        app: None,
        origin: Origin::default(),
        after: BTreeSet::new(),
        desired: Desired::Setting([].into()),
    };
    let options = PlanOptions::new(mark(), Goal::Apply);
    for targets in [targets.clone().with(System::App, apps.clone()), targets.without(System::App)] {
        let planned = plan(&targets, vec![resource.clone()], &options).await.unwrap();
        let unmanaged: Vec<_> = planned.plan.unmanaged.iter().map(|one| &one.id).collect();
        assert_eq!(unmanaged, [&Some(setting("a"))]);
    }
    assert_eq!(*apps.asked.lock().unwrap(), [Question::App]);
}
