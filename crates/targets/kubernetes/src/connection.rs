//! What is wrong with a connection, told from the errors of the libraries below.

use std::error::Error;
use std::io;

use kube::client::AuthError;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The server's certificate, or ours.
    Certificate(String),
    /// The kubeconfig's way to log in.
    Credentials(String),
    /// Nothing was sent.
    NotReached(String),
    /// Something may have been sent.
    Broken(String),
}

/// What is wrong.
pub(crate) fn trouble(error: &kube::Error) -> Trouble {
    if let Some(why) = find(error, credentials) {
        return Trouble::Credentials(why);
    }
    if let Some(why) = find(error, certificate) {
        return Trouble::Certificate(why);
    }
    match find(error, not_reached) {
        Some(why) => Trouble::NotReached(why),
        None => Trouble::Broken(last(error)),
    }
}

/// The first of an error and its causes about which something can be said.
fn find(
    error: &(dyn Error + 'static),
    say: fn(&(dyn Error + 'static)) -> Option<String>,
) -> Option<String> {
    let mut link = Some(error);
    while let Some(error) = link {
        if let Some(said) = say(error) {
            return Some(said);
        }
        // An io::Error hides the error it was made of from its own chain.
        let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(said) = hidden.and_then(|hidden| find(hidden, say)) {
            return Some(said);
        }
        link = error.source();
    }
    None
}

fn certificate(error: &(dyn Error + 'static)) -> Option<String> {
    error.downcast_ref::<rustls::Error>().map(ToString::to_string)
}

/// A login command's output holds the token, so that only its standard error is told.
fn credentials(error: &(dyn Error + 'static)) -> Option<String> {
    let why = match error.downcast_ref::<AuthError>()? {
        AuthError::AuthExecRun { out, .. } => {
            let said = String::from_utf8_lossy(&out.stderr);
            let said = said.trim().lines().last().unwrap_or_default().to_owned();
            format!("the kubeconfig's login command ended with {}: {said}", out.status)
        }
        AuthError::AuthExecParse(_) => {
            "the kubeconfig's login command did not print an ExecCredential".to_owned()
        }
        other => other.to_string(),
    };
    Some(why)
}

fn not_reached(error: &(dyn Error + 'static)) -> Option<String> {
    let text = error.to_string();
    if text.contains("dns error") || text.contains("failed to lookup address") {
        return Some("its name cannot be looked up".to_owned());
    }
    let error = error.downcast_ref::<io::Error>()?;
    let why = match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::HostUnreachable => "no route to its host",
        io::ErrorKind::NetworkUnreachable => "no route to its network",
        io::ErrorKind::TimedOut => "it does not answer",
        _ => return None,
    };
    Some(why.to_owned())
}

/// The innermost cause, which says most.
fn last(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

/// An error and its causes, each said once.
pub(crate) fn causes(error: &dyn Error) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn service(error: impl Error + Send + Sync + 'static) -> kube::Error {
        kube::Error::Service(Box::new(error))
    }

    #[test]
    fn a_refused_connection_was_never_made() {
        let error = service(io::Error::from(io::ErrorKind::ConnectionRefused));
        assert_eq!(trouble(&error), Trouble::NotReached("connection refused".to_owned()));
    }

    #[test]
    fn a_reset_connection_may_have_carried_something() {
        let error = service(io::Error::from(io::ErrorKind::ConnectionReset));
        assert_eq!(trouble(&error), Trouble::Broken("connection reset".to_owned()));
    }

    #[test]
    fn a_certificate_is_found_inside_an_io_error() {
        let inner = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let error = service(io::Error::new(io::ErrorKind::InvalidData, inner));
        assert!(matches!(trouble(&error), Trouble::Certificate(_)));
    }

    #[test]
    fn what_a_login_command_prints_is_never_told() {
        let output = std::process::Output {
            status: std::process::ExitStatus::default(),
            stdout: b"{\"token\": \"canary\"}".to_vec(),
            stderr: b"warning\nplease log in\n".to_vec(),
        };
        let error = AuthError::AuthExecRun { cmd: "login".to_owned(), out: Box::new(output) };
        let Trouble::Credentials(why) = trouble(&kube::Error::Auth(error)) else { panic!() };
        assert!(why.ends_with("please log in") && !why.contains("canary"), "{why}");
    }
}
