//! Machines: what holds for all kernel settings, and what a machine that is not there comes to.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use stackctl_model::{
    Action, ActionKind, Desired, Facts, Held, Live, LiveMachines, Machine, NodeSetting, NodeStep,
    OnNode, Operation, Origin, Plan, Reach, Resource, ResourceId, SettingName, SysctlRule, Way,
};
use stackctl_plan::{sysctl_file, with_line};

use crate::lab::request;

const KEY: &str = "fs.inotify.max_user_instances";
const BEFORE: &str = "/etc/sysctl.d/10-others.conf";
const AFTER: &str = "/etc/sysctl.d/99-others.conf";

fn id() -> ResourceId {
    ResourceId::machine("nuc", SettingName::Sysctl(KEY.into()))
}

fn asked(rule: SysctlRule, value: i64, optional: bool) -> Resource {
    let reach = Reach { way: Way::Ssh("ops@nuc".into()), system: None, optional };
    let setting = NodeSetting::Sysctl { key: KEY.into(), rule, value: value.to_string() };
    Resource {
        id: id(),
        app: None,
        origin: Origin { file: "stack.kdl".into(), line: 1, column: 1 },
        after: BTreeSet::new(),
        desired: Desired::OnNode(OnNode { reach, setting }),
    }
}

/// A machine with a live value, and what our file and those of others say.
fn facts(live: i64, own: Option<i64>, (before, after): (Option<i64>, Option<i64>)) -> Facts {
    let files = [(sysctl_file("home"), own), (BEFORE.into(), before), (AFTER.into(), after)];
    let files =
        files.into_iter().filter_map(|(path, value)| Some((path, format!("{KEY} = {}\n", value?))));
    Facts {
        sysctls: [(KEY.to_owned(), live.to_string())].into(),
        files: files.collect(),
        ..Facts::default()
    }
}

fn plan(resources: Vec<Resource>, machine: Machine) -> Plan {
    let machines = LiveMachines { seen: [("nuc".to_owned(), machine)].into() };
    let live = Live { machines, ..Live::default() };
    request(resources).prepare().unwrap().compare(&live).plan(&BTreeMap::new())
}

fn seen(facts: &Facts) -> Machine {
    Machine::Seen(Box::new(facts.clone()))
}

/// The machine after an action.
fn after(mut facts: Facts, action: &Action) -> Facts {
    let Operation::OnMachine(on_machine) = &action.operation else { panic!("{action:?}") };
    let write = &on_machine.write;
    if let Some(NodeStep::Sysctl { key, value }) = &write.step {
        facts.sysctls.insert(key.clone(), value.clone());
    }
    if let Some(line) = &write.line {
        let text = with_line(facts.files.get(&line.path).map(String::as_str), line);
        match text {
            Some(text) => facts.files.insert(line.path.clone(), text),
            None => facts.files.remove(&line.path),
        };
    }
    facts
}

fn live(facts: &Facts) -> i64 {
    facts.sysctls[KEY].parse().unwrap()
}

/// What the machine has after a restart; its kernel's own value where no file says anything.
fn at_boot(facts: &Facts, kernel: i64) -> i64 {
    let own = sysctl_file("home");
    let value = |path: &str| {
        let text = facts.files.get(path)?;
        text.lines().find_map(|line| line.split_once('=')?.1.trim().parse().ok())
    };
    [AFTER, &own, BEFORE].into_iter().find_map(value).unwrap_or(kernel)
}

fn value() -> impl Strategy<Value = i64> {
    prop_oneof![Just(128_i64), Just(256), Just(512), Just(1024)]
}

proptest! {
    #[test]
    fn one_apply_is_enough(
        exactly: bool, wanted in value(), now in value(), own in proptest::option::of(value()),
        others in (proptest::option::of(value()), proptest::option::of(value())),
    ) {
        let rule = if exactly { SysctlRule::Exactly } else { SysctlRule::AtLeast };
        let mut machine = facts(now, own, others);
        for action in plan(vec![asked(rule, wanted, false)], seen(&machine)).actions {
            machine = after(machine, &action);
        }
        prop_assert_eq!(live(&machine), if exactly { wanted } else { now.max(wanted) });
        let again = plan(vec![asked(rule, wanted, false)], seen(&machine));
        prop_assert!(again.actions.is_empty(), "{:#?}", again.actions);
        // What another file would override is told for as long as it would.
        let is_overridden = others.1.is_some_and(|value| if exactly { value != wanted } else { value < wanted });
        prop_assert_eq!(again.findings.len(), usize::from(is_overridden));
    }

    #[test]
    fn a_restart_never_brings_less_than_it_would_have_where_that_was_enough(
        wanted in value(), now in value(),
        others in (proptest::option::of(value()), proptest::option::of(value())),
    ) {
        let machine = facts(now, None, others);
        let before = at_boot(&machine, now);
        let mut then = machine.clone();
        for action in plan(vec![asked(SysctlRule::AtLeast, wanted, false)], seen(&machine)).actions {
            then = after(then, &action);
        }
        if before >= wanted {
            prop_assert_eq!(at_boot(&then, now), before);
        } else if others.1.is_none() {
            prop_assert_eq!(at_boot(&then, now), wanted);
        }
    }

    #[test]
    fn what_is_no_longer_asked_for_leaves_nothing(now in value(), own in value()) {
        let machine = facts(now, Some(own), (None, None));
        let plan = plan(Vec::new(), seen(&machine));
        prop_assert_eq!(plan.actions.len(), 1);
        let action = &plan.actions[0];
        prop_assert_eq!((action.id.clone(), action.kind()), (id(), ActionKind::Delete));
        let then = after(machine, action);
        prop_assert_eq!((then.files.len(), live(&then)), (0, now));
    }
}

#[test]
fn a_machine_that_cannot_be_reached_is_deferred_only_where_it_may_be_off() {
    let kind = |optional| {
        let resources = vec![asked(SysctlRule::AtLeast, 512, optional)];
        let action = plan(resources, Machine::Unreachable("is it on?".into())).actions.remove(0);
        (action.kind(), action.operation)
    };
    let why = "is it on?".to_owned();
    let held = Held::Deferred { why: why.clone() };
    assert_eq!(kind(true), (ActionKind::Deferred, Operation::Held(held)));
    assert_eq!(kind(false), (ActionKind::Update, Operation::Held(Held::Unreachable { why })));
    let unasked = plan(vec![asked(SysctlRule::AtLeast, 512, false)], Machine::Unasked);
    assert_eq!((unasked.actions.len(), unasked.unmanaged.len()), (0, 1));
}
