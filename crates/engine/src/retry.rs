//! Tries again what may pass, with growing pauses.

use std::time::Duration;

use futures::future::BoxFuture;
use ring::rand::{SecureRandom, SystemRandom};

use crate::TargetError;

/// How often a write is tried in all.
const WRITES: u32 = 8;
/// How often a look is tried in all: whoever plans waits for the answer.
const LOOKS: u32 = 5;
/// The pause after the first failure; it doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(250);
/// The longest pause of our own choice.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest pause a target may ask for.
const PATIENCE: Duration = Duration::from_mins(2);

/// The pause before attempt `next` (from 2) of a write, or none when this error is final.
pub(crate) fn pause(error: &TargetError, next: u32) -> Option<Duration> {
    pause_within(error, next, WRITES)
}

fn pause_within(error: &TargetError, next: u32, attempts: u32) -> Option<Duration> {
    let TargetError::Transient { retry_after, .. } = error else { return None };
    if next > attempts {
        return None;
    }
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(next.saturating_sub(2))).min(LONGEST);
    Some(match retry_after {
        Some(asked) => (*asked).min(PATIENCE) + FIRST.mul_f64(random()),
        None => doubled.mul_f64(0.5 + random() / 2.0),
    })
}

/// Between 0 and 1, so that many clients do not come back at once.
fn random() -> f64 {
    let mut byte = [u8::MAX; 1];
    // Without randomness the whole pause is taken.
    let _ = SystemRandom::new().fill(&mut byte);
    f64::from(byte[0]) / f64::from(u8::MAX)
}

/// Asks for something without side effects, and again while the failure may pass.
pub(crate) async fn look<'a, T>(
    ask: impl Fn() -> BoxFuture<'a, Result<T, TargetError>>,
) -> Result<T, TargetError> {
    let mut attempt = 1;
    loop {
        let error = match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        attempt += 1;
        // Who says when to come back is there.
        let says_when = matches!(error, TargetError::Transient { retry_after: Some(_), .. });
        let attempts = if says_when { WRITES } else { LOOKS };
        let Some(pause) = pause_within(&error, attempt, attempts) else { return Err(error) };
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transient(retry_after: Option<Duration>) -> TargetError {
        TargetError::Transient { message: String::new(), retry_after }
    }

    #[test]
    fn pauses_double_and_end() {
        for (next, whole) in [(2, 250), (3, 500), (8, 16_000)] {
            let whole = Duration::from_millis(whole);
            let pause = pause(&transient(None), next).unwrap();
            assert!(pause >= whole / 2 && pause <= whole, "{next}: {pause:?}");
        }
        assert_eq!(pause(&transient(None), 9), None);
        assert!(pause_within(&transient(None), 30, 30).unwrap() <= LONGEST);
    }

    #[test]
    fn the_targets_own_pause_is_kept() {
        let asked = Duration::from_secs(45);
        let pause = pause(&transient(Some(asked)), 2).unwrap();
        assert!(pause >= asked && pause <= asked + FIRST);
    }

    #[test]
    fn a_refusal_is_final() {
        let refused = TargetError::Refused { message: String::new(), hint: None };
        assert_eq!(pause(&refused, 2), None);
    }
}
