//! What runs once, or now and then: Jobs and `CronJobs`.

use serde_json::Value;
use stackctl_model::ResourceId;

use super::readiness::{Readiness, ReadinessContext, conditions, holds};
use super::rules::{Immutable, KindRules, Prefix, Removal, Waiting};
use super::workload::runtime_class_of;

const BATCH: &str = "batch";

const JOB_TEMPLATE: Prefix = Prefix(&["spec", "template"]);

const CRON_TEMPLATE: Prefix = Prefix(&["spec", "jobTemplate", "spec", "template"]);

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        removal: Removal::Front,
        // A job has one run: another template is another job.
        immutable: Immutable::fields(&[JOB_TEMPLATE, Prefix(&["spec", "selector"])]),
        readiness: Waiting::until(job),
        pod_template: Some(JOB_TEMPLATE),
        foundation: |job| runtime_class(job, JOB_TEMPLATE),
        ..KindRules::plain(BATCH, "Job")
    },
    KindRules {
        removal: Removal::Front,
        pod_template: Some(CRON_TEMPLATE),
        foundation: |job| runtime_class(job, CRON_TEMPLATE),
        ..KindRules::plain(BATCH, "CronJob")
    },
];

fn runtime_class(job: &Value, template: Prefix) -> Option<ResourceId> {
    runtime_class_of(template.of(job))
}

fn job(job: &Value, _: ReadinessContext) -> Readiness {
    let list = &job["status"]["conditions"];
    if holds(list, "Failed") {
        return Readiness::Failed("the job failed".to_owned());
    }
    conditions(&Value::Null, list, &["Complete"])
}
