//! The lock: a Lease that names its holder, renewed while it is held, free once it has expired.

use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::{Value, json};
use stackctl_engine::TargetError;
use stackctl_model::{Desired, Holder};
use stackctl_plan::StackMark;

use super::held_lease::HeldLease;
use crate::Kubernetes;
use crate::error::Doing;
use crate::request::{Failure, escaped};

/// How long a lease lasts without a sign of life, in seconds.
const LASTS: i64 = 30;

/// Annotations that say more of the holder than its name.
const PROCESS: &str = "stackctl.io/process";
const WHAT: &str = "the stack's lock";

fn kind_path(stack: &StackMark) -> String {
    let namespace = escaped(&stack.namespace);
    format!("/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases")
}

fn lease_error(failure: Failure) -> TargetError {
    failure.into_error(Doing::Waiting(WHAT))
}

impl Kubernetes {
    /// Takes the lease, or says at once who holds it.
    pub(crate) async fn take_lease(
        &self,
        stack: &StackMark,
        namespace: Option<&Desired>,
        holder: &Holder,
    ) -> Result<(), TargetError> {
        let name = stack.parent();
        let path = format!("{}/{}", kind_path(stack), escaped(&name));
        let lease = json!({
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": {
                "name": name, "namespace": stack.namespace,
                "labels": {"app.kubernetes.io/managed-by": "stackctl"},
                "annotations": {PROCESS: holder.process},
            },
            "spec": {
                "holderIdentity": holder.to_string(), "leaseDurationSeconds": LASTS,
                "acquireTime": now(), "renewTime": now(),
            },
        });
        let mut answer = self.api.create(&kind_path(stack), &lease).await;
        if answer.as_ref().is_err_and(Failure::is_absent) {
            self.make_namespace(stack, namespace).await?;
            answer = self.api.create(&kind_path(stack), &lease).await;
        }
        if answer.as_ref().is_err_and(is_conflict) {
            answer = self.take_over(&path, lease, holder).await?;
        }
        match answer {
            Ok(lease) => {
                *self.lease.lock().await = Some(HeldLease { path, lease });
                Ok(())
            }
            Err(failure) if is_conflict(&failure) => Err(TargetError::Locked {
                message: "another apply of this stack has just taken its lock".to_owned(),
            }),
            Err(failure) => Err(lease_error(failure)),
        }
    }

    /// Takes a lease that nobody holds any more, or says who does.
    async fn take_over(
        &self,
        path: &str,
        mut lease: Value,
        holder: &Holder,
    ) -> Result<Result<Value, Failure>, TargetError> {
        let Some(live) = self.api.find(path).await.map_err(lease_error)? else {
            return Err(TargetError::Transient {
                message: "the lock was given back this very moment".to_owned(),
                retry_after: None,
            });
        };
        if is_held(&live, holder) {
            return Err(TargetError::Locked { message: holder_of(&live) });
        }
        lease["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
        Ok(self.api.replace(path, &lease).await)
    }

    /// Says that this run is alive.
    pub(crate) async fn renew_lease(&self) -> Result<(), TargetError> {
        let mut held = self.lease.lock().await;
        let Some(HeldLease { path, lease }) = held.as_mut() else { return Ok(()) };
        lease["spec"]["renewTime"] = json!(now());
        match self.api.replace(path, lease).await {
            Ok(renewed) => {
                *lease = renewed;
                Ok(())
            }
            Err(failure) if matches!(failure.code(), Some(404 | 409)) => {
                let live = self.api.find(path).await.map_err(lease_error)?;
                let ours = lease["spec"]["acquireTime"].clone();
                match live {
                    // An answer was lost; the write had landed.
                    Some(live) if live["spec"]["acquireTime"] == ours => {
                        *lease = live;
                        Ok(())
                    }
                    Some(live) => Err(TargetError::Locked { message: holder_of(&live) }),
                    None => Err(TargetError::Locked { message: "somebody deleted it".to_owned() }),
                }
            }
            Err(failure) => Err(lease_error(failure)),
        }
    }

    /// Gives the lease back. One that cannot be given back expires.
    pub(crate) async fn release_lease(&self) {
        let Some(HeldLease { path, lease }) = self.lease.lock().await.take() else { return };
        let options = json!({
            "kind": "DeleteOptions", "apiVersion": "v1",
            "preconditions": {"uid": lease["metadata"]["uid"],
                              "resourceVersion": lease["metadata"]["resourceVersion"]},
        });
        let _ = self.api.delete(&path, &options).await;
    }

    /// Takes the lease away from whoever holds it.
    pub(crate) async fn break_lease(
        &self,
        stack: &StackMark,
    ) -> Result<Option<String>, TargetError> {
        let path = format!("{}/{}", kind_path(stack), escaped(&stack.parent()));
        let looking = |failure: Failure| self.located(failure.into_error(Doing::Looking(WHAT)));
        let Some(live) = self.api.find(&path).await.map_err(looking)? else { return Ok(None) };
        let options = json!({
            "kind": "DeleteOptions", "apiVersion": "v1",
            "preconditions": {"uid": live["metadata"]["uid"]},
        });
        match self.api.delete(&path, &options).await {
            Err(failure) if !failure.is_absent() => Err(lease_error(failure)),
            Ok(_) | Err(_) => Ok(Some(holder_of(&live))),
        }
    }
}

fn is_conflict(failure: &Failure) -> bool {
    failure.code() == Some(409)
}

fn now() -> String {
    let now = Timestamp::now();
    format!("{:.6}", now.round(Unit::Microsecond).unwrap_or(now))
}

/// Whether somebody else holds a lease: alive, as far as can be known.
fn is_held(lease: &Value, me: &Holder) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if text(&lease["spec"]["holderIdentity"]).is_empty() {
        return false;
    }
    let process = text(&lease["metadata"]["annotations"][PROCESS]);
    if is_dead(&process, &me.process) {
        return false;
    }
    let Ok(renewed) = text(&lease["spec"]["renewTime"]).parse::<Timestamp>() else { return false };
    let lasts = lease["spec"]["leaseDurationSeconds"].as_i64().unwrap_or(LASTS);
    Timestamp::now().duration_since(renewed) < SignedDuration::from_secs(lasts)
}

/// Whether a process of this very machine and boot is gone. Processes are written `MACHINE PID START`; of
/// another machine nothing is known.
fn is_dead(process: &str, mine: &str) -> bool {
    let parts = |text: &str| -> Option<(String, String, String)> {
        let mut words = text.split(' ').map(str::to_owned);
        Some((words.next()?, words.next()?, words.next()?))
    };
    let (Some((machine, pid, start)), Some((here, ..))) = (parts(process), parts(mine)) else {
        return false;
    };
    machine == here && stackctl_engine::process_start(&pid).as_deref() != Some(start.as_str())
}

/// Who holds a lease, since when, and when it would expire.
fn holder_of(lease: &Value) -> String {
    let text = |name: &str| lease["spec"][name].as_str().unwrap_or_default();
    let since = |name: &str| text(name).split('.').next().unwrap_or_default().replace('T', " ");
    format!(
        "{} has held the lock of this stack since {} UTC (last sign of life {} UTC, {LASTS} s without one free it)",
        text("holderIdentity"),
        since("acquireTime"),
        since("renewTime"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(renewed: Timestamp, process: &str) -> Value {
        json!({"metadata": {"annotations": {PROCESS: process}},
               "spec": {"holderIdentity": "ola@nuc", "leaseDurationSeconds": LASTS,
                        "renewTime": renewed.to_string()}})
    }

    fn me() -> Holder {
        Holder { process: "here 1 1".to_owned(), ..Holder::default() }
    }

    #[test]
    fn a_lease_is_held_until_it_expires() {
        let now = Timestamp::now();
        assert!(is_held(&lease(now, "there 1 1"), &me()));
        assert!(!is_held(&lease(now - SignedDuration::from_secs(LASTS + 1), "there 1 1"), &me()));
        assert!(!is_held(&json!({"spec": {}}), &me()));
    }

    #[test]
    fn a_holder_that_died_on_this_machine_holds_nothing() {
        let now = Timestamp::now();
        assert!(!is_held(&lease(now, "here 4194999 77"), &me()));
        let pid = std::process::id().to_string();
        let start = stackctl_engine::process_start(&pid).unwrap();
        assert!(is_held(&lease(now, &format!("here {pid} {start}")), &me()));
    }

    #[test]
    fn times_are_written_as_the_server_reads_them() {
        let text = now();
        assert!(text.ends_with('Z') && text.len() == "2026-01-01T00:00:00.000000Z".len(), "{text}");
    }
}
