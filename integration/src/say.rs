//! Words for the person who waits: one line per part built or program started.

/// Prints one line to stderr, where it meets neither a result nor a test's own output.
#[expect(clippy::print_stderr, reason = "the one place of this crate that prints")]
pub fn say(line: &str) {
    eprintln!("lab: {line}");
}
