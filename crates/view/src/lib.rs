//! Plans, events and findings as text, JSON, Markdown and graphs. Pure: colour and width are arguments.

mod diff;
mod doctor;
mod events;
mod findings;
mod graph;
mod history;
mod json;
mod markdown;
mod moved;
mod retired;
mod style;
mod text;

pub use retired::{retired_json, retired_text};

pub use style::{BOLD_RED, Style};

pub use findings::{Texts, findings_json, findings_sarif, findings_short, findings_text};

pub use text::plan_text;

pub use doctor::{doctor_json, doctor_text};

pub use diff::{diff_text, text_diff};

pub use history::{history_json, history_text};

pub use json::{plan_json, planned_json};

pub use markdown::plan_markdown;

pub use moved::{moved_text, stale_json};

pub use events::{event_json, event_line, report_text};

pub use graph::{GraphNode, graph_dot, graph_json, graph_mermaid};
