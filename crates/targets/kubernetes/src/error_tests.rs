//! Refusals as a 1.35 API server words them, and what the engine is told.

use std::time::Duration;

use super::*;

fn error(body: &str) -> TargetError {
    error_while(body, Doing::Writing)
}

fn error_while(body: &str, doing: Doing<'_>) -> TargetError {
    let status = serde_json::from_str(body).unwrap();
    Failure::Answer(Box::new(Answer { status, retry_after: None })).into_error(doing)
}

#[test]
fn an_unknown_field_is_final_although_it_is_a_500() {
    let body = r#"{"kind": "Status", "status": "Failure", "code": 500, "message":
        "failed to create typed patch object (media/x; apps/v1, Kind=Deployment): .spec.bogus: field not declared in schema"}"#;
    let TargetError::Refused { message, hint } = error(body) else { panic!() };
    assert_eq!(message, "spec.bogus: field not declared in schema; it was not changed");
    assert_eq!(hint.as_deref(), Some("check its spelling and its place in the object"));
}

#[test]
fn overload_passes_and_keeps_its_pause() {
    for code in [410, 429, 500, 502, 503, 504] {
        let status = Status::failure("busy", "").with_code(code);
        let retry_after = Some(Duration::from_secs(2));
        let failure = Failure::Answer(Box::new(Answer { status, retry_after }));
        let TargetError::Transient { retry_after: kept, .. } = failure.into_error(Doing::Writing)
        else {
            panic!("{code}")
        };
        assert_eq!(kept, retry_after);
    }
}

#[test]
fn a_webhook_that_does_not_answer_passes() {
    let body = r#"{"code": 500, "reason": "InternalError", "message": "Internal error occurred: failed calling webhook \"webhook.cert-manager.io\": failed to call webhook: Post \"https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s\": dial tcp 10.96.0.7:443: connect: connection refused"}"#;
    let TargetError::Transient { message, .. } = error(body) else { panic!() };
    assert!(message.starts_with("failed calling webhook \"webhook.cert-manager.io\""), "{message}");
}

#[test]
fn a_missing_right_names_verb_and_resource() {
    let body = r#"{"code": 403, "reason": "Forbidden", "message": "deployments.apps is forbidden: User \"bob\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope",
        "details": {"group": "apps", "kind": "deployments"}}"#;
    let error = error_while(body, Doing::Looking("listing apps/v1 Deployment"));
    let TargetError::Unreachable { message, .. } = error else { panic!() };
    assert_eq!(
        message,
        "listing apps/v1 Deployment: user \"bob\" may not list resource \"deployments\" in API \
         group \"apps\" at the cluster scope"
    );
}

#[test]
fn a_webhooks_no_is_not_a_missing_right() {
    let body = r#"{"code": 403, "reason": "Forbidden", "message": "admission webhook \"x.example.com\" denied the request: no"}"#;
    assert!(matches!(error(body), TargetError::Refused { .. }));
}

#[test]
fn a_conflict_names_the_owner_and_the_field() {
    let body = r#"{"code": 409, "reason": "Conflict", "message": "Apply failed with 1 conflict: conflict with \"helm\": .spec.replicas",
        "details": {"causes": [{"reason": "FieldManagerConflict", "message": "conflict with \"helm\"", "field": ".spec.replicas"}]}}"#;
    let TargetError::Conflict { message } = error(body) else { panic!() };
    assert_eq!(message, "spec.replicas is owned by \"helm\"; it was not changed");
}

#[test]
fn a_conflict_over_a_version_passes() {
    let body = r#"{"code": 409, "reason": "Conflict", "message": "Operation cannot be fulfilled on deployments.apps \"x\": the object has been modified; please apply your changes to the latest version and try again"}"#;
    assert!(matches!(error(body), TargetError::Transient { .. }));
}

#[test]
fn a_namespace_that_goes_away_is_waited_for_by_the_person() {
    let body = r#"{"code": 403, "reason": "Forbidden", "message": "configmaps \"x\" is forbidden: unable to create new content in namespace media because it is being terminated",
        "details": {"name": "x", "kind": "configmaps", "causes": [{"reason": "NamespaceTerminating", "message": "namespace media is being terminated", "field": "metadata.namespace"}]}}"#;
    let TargetError::Refused { hint, .. } = error(body) else { panic!() };
    assert!(hint.unwrap().starts_with("wait until the namespace is gone"));
}

#[test]
fn refused_credentials_are_no_finding() {
    let body = r#"{"code": 401, "reason": "Unauthorized", "message": "Unauthorized"}"#;
    assert!(matches!(error(body), TargetError::Unreachable { .. }));
}

#[test]
fn a_write_without_an_answer_may_have_landed() {
    let TargetError::Transient { message, .. } =
        Failure::TimedOut(Duration::from_secs(30)).into_error(Doing::Writing)
    else {
        panic!()
    };
    assert_eq!(message, "the API server did not answer within 30 s; it may have been changed");
}
