//! Draws events: in place on a terminal, as plain lines without one, as JSON for machines.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use stackctl_model::{Event, ResourceId};
use stackctl_view::{event_json, event_line};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::terminal::Terminal;

/// How events are shown.
pub(crate) enum Progress {
    /// One line per running action, redrawn.
    Bars(Bars),
    /// A line per event that matters.
    Lines,
    /// A JSON document per event, to stdout.
    Json,
}

/// The lines of a terminal.
pub(crate) struct Bars {
    screen: MultiProgress,
    total: ProgressBar,
    running: BTreeMap<ResourceId, ProgressBar>,
}

impl Progress {
    /// For a terminal or for none.
    pub(crate) fn for_people(terminal: &Terminal) -> Self {
        if !terminal.can_redraw() {
            return Self::Lines;
        }
        let screen = MultiProgress::new();
        let total = screen.add(ProgressBar::new(0));
        total.set_style(style("{bar:24} {pos}/{len}  {elapsed}"));
        Self::Bars(Bars { screen, total, running: BTreeMap::new() })
    }

    /// Shows events until the executor is done.
    pub(crate) async fn show(
        mut self,
        mut events: UnboundedReceiver<Event>,
        terminal: &mut Terminal,
    ) {
        while let Some(event) = events.recv().await {
            match &mut self {
                Self::Bars(bars) => bars.draw(&event, terminal),
                Self::Lines => {
                    let now = clock();
                    if let Some(line) = event_line(&event, terminal.err_style(), Some(&now)) {
                        terminal.note(&line);
                    }
                }
                Self::Json => terminal.out(&format!("{}\n", event_json(&event).trim_end())),
            }
        }
        if let Self::Bars(bars) = self {
            bars.total.finish_and_clear();
        }
    }
}

impl Bars {
    fn draw(&mut self, event: &Event, terminal: &Terminal) {
        match event {
            Event::Started { actions } => {
                self.total.set_length(u64::try_from(*actions).unwrap_or(0));
            }
            Event::ActionStarted { id, .. } => {
                let bar = self.screen.insert_before(&self.total, ProgressBar::new_spinner());
                bar.set_style(style("{spinner} {msg}  {elapsed}"));
                bar.set_message(id.to_string());
                bar.enable_steady_tick(Duration::from_millis(120));
                self.running.insert(id.clone(), bar);
            }
            Event::Waiting { id, missing } => self.say(id, &terminal.hidden(missing)),
            Event::Retrying { id, cause, .. } => self.say(id, &terminal.hidden(cause)),
            Event::ActionEnded { id, .. } => {
                if let Some(bar) = self.running.remove(id) {
                    bar.finish_and_clear();
                }
                self.total.inc(1);
                self.line(event, terminal);
            }
            Event::Stopping | Event::WaitingForLock { .. } | Event::LockLost { .. } => {
                self.line(event, terminal);
            }
            Event::Finished { .. } => {}
        }
    }

    fn say(&self, id: &ResourceId, words: &str) {
        if let Some(bar) = self.running.get(id) {
            bar.set_message(format!("{id}: {words}"));
        }
    }

    fn line(&self, event: &Event, terminal: &Terminal) {
        if let Some(line) = event_line(event, terminal.err_style(), None) {
            // A line that cannot be drawn is repeated by the report at the end.
            let _ = self.screen.println(terminal.hidden(line.trim_end()));
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// Time of day in UTC, for logs.
fn clock() -> String {
    jiff::Timestamp::now().strftime("%H:%M:%S").to_string()
}
