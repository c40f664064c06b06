//! Asking a run to stop: once to finish what is in flight, twice to stop waiting.

use std::sync::Arc;

use tokio::sync::watch;

/// Shared by whoever asks and whoever runs.
#[derive(Clone, Debug)]
pub struct CancelToken {
    asked: Arc<watch::Sender<u8>>,
}

impl CancelToken {
    /// Nobody has asked yet.
    pub fn new() -> Self {
        Self { asked: Arc::new(watch::Sender::new(0)) }
    }

    /// Asks, or asks again.
    pub fn cancel(&self) {
        self.asked.send_modify(|times| *times = times.saturating_add(1));
    }

    /// Whether somebody has asked.
    pub fn is_cancelled(&self) -> bool {
        *self.asked.borrow() > 0
    }

    /// Waits until somebody has asked so many times.
    pub(crate) async fn asked(&self, times: u8) {
        let mut receiver = self.asked.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|asked| *asked >= times).await;
    }
}

impl Default for CancelToken {
    fn default() -> Self {
        Self::new()
    }
}
