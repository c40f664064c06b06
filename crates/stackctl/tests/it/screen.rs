//! On a terminal: colour, a question, progress.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::command::home;

/// Runs `stackctl` on a terminal of so many columns, answers its question, and hands back all it wrote and
/// its exit code.
fn on_terminal(columns: u16, words: &[&str], answer: &str) -> (String, u32) {
    let home = home("stack tiny\napp jellyfin\n");
    let size = PtySize { rows: 40, cols: columns, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_stackctl"));
    command.args(words);
    command.cwd(home.path());
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    pair.master.take_writer().unwrap().write_all(answer.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A terminal whose other side is gone ends with an error, not with an end of file.
    let _ = reader.read_to_end(&mut bytes);
    (String::from_utf8_lossy(&bytes).into_owned(), child.wait().unwrap().exit_code())
}

#[test]
fn apply_asks_and_a_yes_applies() {
    let (screen, code) = on_terminal(80, &["apply", "--sandbox"], "yes\r");
    assert!(screen.contains("apply 6 actions to sandbox .stackctl/sandbox? [y/N]"), "{screen}");
    assert!(screen.contains("\u{1b}[32m"), "colour: {screen}");
    assert!(screen.contains("Applied: 6 done"), "{screen}");
    assert_eq!(code, 0);
}

#[test]
fn anything_else_changes_nothing() {
    let (screen, code) = on_terminal(80, &["apply", "--sandbox"], "\r");
    assert!(screen.contains("not confirmed; nothing was changed"), "{screen}");
    assert_eq!(code, 5);
}

#[test]
fn a_terminals_width_is_kept() {
    let (screen, code) = on_terminal(60, &["plan", "--sandbox", "--color", "never"], "");
    let wide = screen
        .lines()
        .filter(|line| line.trim_end().chars().count() > 60 && !line.starts_with("Plan: "));
    assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(code, 0);
}
