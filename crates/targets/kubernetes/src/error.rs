//! What the server's refusals mean, in words.

use std::time::Duration;

use kube::core::Status;
use stackctl_engine::TargetError;

/// The error of a request about `what`, for the engine to act on.
pub(crate) fn classify(error: kube::Error, what: &str) -> TargetError {
    match error {
        kube::Error::Api(status) => refusal(&status, what),
        kube::Error::Auth(error) => TargetError::Unreachable {
            message: format!("the credentials cannot be used: {error}"),
            hint: "log in to the cluster again, then run the same command".to_owned(),
        },
        other => broken(&other, what),
    }
}

/// A request that got no answer: worth another try.
fn broken(error: &kube::Error, what: &str) -> TargetError {
    TargetError::Transient {
        message: format!("{what}: the API server cannot be reached: {}", causes(error)),
        retry_after: None,
    }
}

/// An error and its causes, each said once.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
}

fn refusal(status: &Status, what: &str) -> TargetError {
    let message = words(status);
    match status.code {
        401 => TargetError::Unreachable {
            message: "the API server does not accept the credentials".to_owned(),
            hint: "log in to the cluster again, then run the same command".to_owned(),
        },
        403 if !message.contains("admission") && !message.contains("denied the request") => {
            TargetError::Unreachable {
                message: format!("{what}: {message}"),
                hint: "ask for that right, or use other credentials".to_owned(),
            }
        }
        409 if is_conflict(status) => {
            TargetError::Conflict { message: format!("{what}: {message}") }
        }
        409 | 429 | 502 | 503 | 504 => {
            TargetError::Transient { message, retry_after: retry_after(status) }
        }
        500 if !is_typed_patch(&status.message) => {
            TargetError::Transient { message, retry_after: retry_after(status) }
        }
        _ => TargetError::Refused { message, hint: None },
    }
}

fn is_conflict(status: &Status) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes.into_iter().any(|cause| cause.reason == "FieldManagerConflict")
}

/// A server-side apply of a wrong type or unknown field is answered with 500.
fn is_typed_patch(message: &str) -> bool {
    message.contains("failed to create typed patch object")
        || message.contains("failed calling webhook")
}

fn retry_after(status: &Status) -> Option<Duration> {
    let seconds = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
    (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)))
}

/// The server's reason: field by field where it says so, without its wrapping.
pub(crate) fn words(status: &Status) -> String {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let fields: Vec<String> = causes
        .filter(|cause| !cause.message.is_empty())
        .map(|cause| match cause.field.as_str() {
            "" => cause.message.clone(),
            field => format!("{field}: {}", cause.message),
        })
        .collect();
    if !fields.is_empty() {
        return fields.join("; ");
    }
    let message = status.message.as_str();
    match message
        .strip_prefix("failed to create typed patch object (")
        .and_then(|rest| rest.split_once("): "))
    {
        Some((_, reason)) => reason.trim_start_matches('.').to_owned(),
        None if message.is_empty() => format!("the API server answered {}", status.code),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16, message: &str) -> Status {
        Status { code, ..Status::failure(message, "") }
    }

    #[test]
    fn an_unknown_field_is_final_although_it_is_a_500() {
        let message = "failed to create typed patch object (media/x; apps/v1, Kind=Deployment): \
                       .spec.bogus: field not declared in schema";
        let TargetError::Refused { message, .. } = refusal(&status(500, message), "x") else {
            panic!()
        };
        assert_eq!(message, "spec.bogus: field not declared in schema");
    }

    #[test]
    fn overload_passes() {
        for code in [429, 502, 503, 504] {
            assert!(
                matches!(refusal(&status(code, "busy"), "x"), TargetError::Transient { .. }),
                "{code}"
            );
        }
    }

    #[test]
    fn a_missing_right_is_not_an_admission() {
        let forbidden = "deployments.apps is forbidden: User \"ci\" cannot list resource";
        assert!(matches!(refusal(&status(403, forbidden), "x"), TargetError::Unreachable { .. }));
        let denied = "admission webhook \"x\" denied the request: no";
        assert!(matches!(refusal(&status(403, denied), "x"), TargetError::Refused { .. }));
    }
}
