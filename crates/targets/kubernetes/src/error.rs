//! What a failed request means to the engine: pass it on, try again, or give up, and in which words.

use kube::core::Status;
use stackctl_engine::TargetError;

use crate::connection::{Trouble, trouble};
use crate::request::{Answer, Failure};
use crate::words::{is_finding, words};

/// What a request was for. It decides how its failure is put.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Doing<'a> {
    /// Looking, before anything is written; with what was asked, such as `listing v1 Service`.
    Looking(&'a str),
    /// Writing an object. The view says which.
    Writing,
    /// Looking again after a write.
    Waiting(&'a str),
}

impl Doing<'_> {
    /// A message with what was asked before it, or with what did not happen behind it.
    fn put(self, message: &str) -> String {
        match self {
            Self::Looking(what) | Self::Waiting(what) => format!("{what}: {message}"),
            Self::Writing => format!("{message}; it was not changed"),
        }
    }
}

impl Failure {
    /// For the engine to act on.
    pub(crate) fn into_error(self, doing: Doing<'_>) -> TargetError {
        match self {
            Self::Answer(answer) => refused(&answer, doing),
            Self::Broken(error) => broken(trouble(&error), doing),
            Self::TimedOut(patience) => {
                let seconds = patience.as_secs();
                passing(&format!("the API server did not answer within {seconds} s"), doing)
            }
            Self::Unreadable(error) => TargetError::Refused {
                message: doing.put(&format!("the API server's answer cannot be read: {error}")),
                hint: None,
            },
        }
    }
}

fn broken(trouble: Trouble, doing: Doing<'_>) -> TargetError {
    match trouble {
        Trouble::Certificate(why) => TargetError::Unreachable {
            message: doing.put(&format!("the API server's certificate is not trusted: {why}")),
            hint: "check certificate-authority and server in the kubeconfig".to_owned(),
        },
        Trouble::Credentials(why) => TargetError::Unreachable {
            message: doing.put(&format!("the credentials cannot be used: {why}")),
            hint: LOG_IN.to_owned(),
        },
        Trouble::NotReached(why) => {
            let message = format!("the API server cannot be reached: {why}");
            match doing {
                Doing::Looking(_) => TargetError::Unreachable {
                    message,
                    hint: "start the cluster, check server in the kubeconfig, or use --sandbox"
                        .to_owned(),
                },
                Doing::Writing | Doing::Waiting(_) => {
                    TargetError::Transient { message: doing.put(&message), retry_after: None }
                }
            }
        }
        Trouble::Broken(why) => passing(&format!("the connection broke: {why}"), doing),
    }
}

/// No answer: whether it was written is not known.
fn passing(message: &str, doing: Doing<'_>) -> TargetError {
    let message = match doing {
        Doing::Looking(_) | Doing::Waiting(_) => doing.put(message),
        Doing::Writing => format!("{message}; it may have been changed"),
    };
    TargetError::Transient { message, retry_after: None }
}

const LOG_IN: &str = "log in to the cluster again, or choose another --context";

fn refused(answer: &Answer, doing: Doing<'_>) -> TargetError {
    let Answer { status, retry_after } = answer;
    let said = words(status);
    let transient =
        || TargetError::Transient { message: doing.put(&said), retry_after: *retry_after };
    let final_with = |hint: Option<&str>| TargetError::Refused {
        message: doing.put(&said),
        hint: hint.map(str::to_owned),
    };
    match status.code {
        401 => TargetError::Unreachable {
            message: doing.put("the API server does not accept the credentials"),
            hint: LOG_IN.to_owned(),
        },
        403 => forbidden(status, doing).unwrap_or_else(|| final_with(hint(status))),
        409 => conflict(status, doing).unwrap_or_else(transient),
        // An expired page of a list; the engine begins the list anew.
        410 | 429 | 502 | 503 | 504 => transient(),
        500 if !is_finding(&status.message) => transient(),
        _ => final_with(hint(status)),
    }
}

/// A right that is missing. Quotas, policies and webhooks answer 403 as well.
fn forbidden(status: &Status, doing: Doing<'_>) -> Option<TargetError> {
    missing_right(&status.message, doing)
}

/// The right that a refusal names, if it names one.
pub(crate) fn missing_right(message: &str, doing: Doing<'_>) -> Option<TargetError> {
    let (_, denied) = message.split_once(" is forbidden: User ")?;
    let (user, denied) = denied.split_once(" cannot ")?;
    // What follows is the same once more.
    let denied = denied.split_once(": ").map_or(denied, |(denied, _)| denied);
    Some(TargetError::Unreachable {
        message: doing.put(&format!("user {user} may not {denied}")),
        hint: "ask for that right, or choose another --context".to_owned(),
    })
}

/// A field that another manager holds. Any other 409 passes.
fn conflict(status: &Status, doing: Doing<'_>) -> Option<TargetError> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let fields: Vec<String> = causes
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| {
            let owner = cause.message.trim_start_matches("conflict with ");
            format!("{} is owned by {owner}", cause.field.trim_start_matches('.'))
        })
        .collect();
    (!fields.is_empty()).then(|| TargetError::Conflict { message: doing.put(&fields.join("; ")) })
}

fn hint(status: &Status) -> Option<&'static str> {
    let message = &status.message;
    let has_cause = |reason: &str| {
        let causes = status.details.iter().flat_map(|details| &details.causes);
        causes.into_iter().any(|cause| cause.reason == reason)
    };
    if message.contains("field not declared in schema") {
        Some("check its spelling and its place in the object")
    } else if has_cause("NamespaceTerminating") {
        Some("wait until the namespace is gone, then run the same command again")
    } else if message.contains("exceeded quota") {
        Some("raise the namespace's ResourceQuota, or ask for less")
    } else if message.contains("violates PodSecurity") {
        Some("label the namespace for what its pods need, or take those privileges away")
    } else {
        None
    }
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
