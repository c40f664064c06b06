//! Whether a process is the one that was meant: numbers are used again.

/// When a process of this machine started, in the kernel's own count; none when there is no such process,
/// or the system does not tell.
pub fn process_start(pid: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second word is the program's name in brackets and may hold anything.
    let (_, behind) = status.rsplit_once(')')?;
    let mut words = behind.split_whitespace();
    let state = words.next()?;
    // A zombie holds nothing any more.
    if state == "Z" { None } else { words.nth(18).map(str::to_owned) }
}
