//! What is sent to a machine's shell, and what comes back.
//!
//! A script is a text of ours that never changes, and one last line with its arguments in base64, which no
//! shell takes for anything else. All of it is functions but for that line, so a script that was cut short on
//! the way does nothing.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use stackctl_engine::TargetError;
use stackctl_model::{
    Facts, InotifyUse, MachineQuestion, ModuleState, NodeSetting, NodeStep, NodeWrite,
    OperatingSystem,
};
use stackctl_plan::{gpu_device, modules_file, proc_path, sysctl_file, with_line};

const LOOK: &str = include_str!("scripts/look.sh");
const WRITE: &str = include_str!("scripts/write.sh");

/// The text of a file as it is, and how it was last seen.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A script that looks at a machine.
pub(crate) fn look(asked: &MachineQuestion) -> String {
    let mut lines = String::new();
    let mut ask = |kind: &str, name: &str, more: &str| {
        // What cannot stand in a line is on no machine.
        let is_odd = |text: &str| text.contains(|c: char| c == '|' || c.is_control());
        if !is_odd(name) && !is_odd(more) {
            lines.push_str(&format!("{kind}|{name}|{more}\n"));
        }
    };
    ask("own", &sysctl_file(&asked.stack), "");
    for setting in &asked.settings {
        match setting {
            NodeSetting::Sysctl { key, .. } => ask("sysctl", key, &below_proc(key)),
            NodeSetting::KernelModule { name } => ask("module", name, &name.replace('-', "_")),
            NodeSetting::Package { name, program, .. } => {
                ask("package", name, program.as_deref().unwrap_or_default());
            }
            NodeSetting::Service { name } => ask("service", name, ""),
            NodeSetting::Gpu { class, device } => {
                ask("device", gpu_device(class, device.as_deref()), "");
            }
            NodeSetting::Multipath => ask("multipath", "", ""),
            NodeSetting::Mount { .. } => {}
        }
    }
    if asked.inotify {
        for limit in ["instances", "watches"] {
            let key = format!("fs.inotify.max_user_{limit}");
            ask("sysctl", &key, &below_proc(&key));
        }
        ask("inotify", "", "");
    }
    format!("{LOOK}main '{}'\n", encoded(&lines))
}

fn below_proc(key: &str) -> String {
    format!("/proc/sys/{}", proc_path(key))
}

/// A script that writes to a machine; and the file it leaves, where it leaves one.
pub(crate) fn write(
    asked: &NodeWrite,
    files: &Files,
) -> (String, Option<(String, Option<String>)>) {
    let (step, name, value) = match &asked.step {
        Some(NodeStep::Sysctl { key, value }) => ("sysctl", below_proc(key), value.as_str()),
        Some(NodeStep::Load(module)) => ("load", module.clone(), ""),
        Some(NodeStep::Install(package)) => ("install", package.clone(), ""),
        Some(NodeStep::Enable(service)) => ("enable", service.clone(), ""),
        None => ("none", String::new(), ""),
    };
    let left = asked.line.as_ref().map(|line| {
        let before = files.get(&line.path).map(|text| String::from_utf8_lossy(text).into_owned());
        (line.path.clone(), with_line(before.as_deref(), line))
    });
    let (path, before, after, content) = match &left {
        None => ("", "none".to_owned(), "none".to_owned(), ""),
        Some((path, text)) => (
            path.as_str(),
            files.get(path).map_or_else(|| "none".to_owned(), |text| digest(text)),
            text.as_ref().map_or_else(|| "none".to_owned(), |text| digest(text.as_bytes())),
            text.as_deref().unwrap_or_default(),
        ),
    };
    let script = format!(
        "{WRITE}main {step} '{}' '{}' '{}' {before} {after} '{}'\n",
        encoded(&name),
        encoded(value),
        encoded(path),
        encoded(content)
    );
    (script, left)
}

fn encoded(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What comes after the first line of ours; what the shell said before it is passed over.
fn after_greeting(output: &[u8]) -> Option<&[u8]> {
    const GREETING: &[u8] = b"stackctl\n";
    let mut rest = output;
    loop {
        if let Some(after) = rest.strip_prefix(GREETING) {
            return Some(after);
        }
        let line = rest.iter().position(|byte| *byte == b'\n')?;
        rest = rest.get(line + 1..)?;
    }
}

/// One thing that a machine told: its kind, its name and its value.
type Told<'a> = (&'a str, String, &'a [u8]);

/// All that a look answered with; none where it was cut short.
fn told(output: &[u8]) -> Option<Vec<Told<'_>>> {
    let mut rest = after_greeting(output)?;
    let mut all = Vec::new();
    while rest != b"end\n" {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let mut words = std::str::from_utf8(rest.get(..end)?).ok()?.split(' ');
        let (kind, name, value) = (words.next()?, words.next()?, words.next()?);
        let name = end + 1..end + 1 + name.parse::<usize>().ok()?;
        let value = name.end..name.end + value.parse::<usize>().ok()?;
        let told = rest.get(name)?;
        all.push((kind, String::from_utf8_lossy(told).into_owned(), rest.get(value.clone())?));
        rest = rest.get(value.end..)?.strip_prefix(b"\n")?;
    }
    Some(all)
}

/// What a look at a machine brought.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) facts: Facts,
    /// Our own files, byte for byte.
    pub(crate) files: Files,
    /// Whether who logs in is root.
    pub(crate) is_root: bool,
}

/// What was seen of a machine; none where the answer was cut short.
pub(crate) fn seen(output: &[u8], asked: &MachineQuestion) -> Option<Seen> {
    let mut is_root = false;
    let mut facts = Facts::default();
    let mut files = Files::new();
    for (kind, name, bytes) in told(output)? {
        is_root |= kind == "root";
        if name == sysctl_file(&asked.stack) || name == modules_file(&asked.stack) {
            files.insert(name.clone(), bytes.to_vec());
        }
        note(&mut facts, kind, (name, String::from_utf8_lossy(bytes).into_owned()));
    }
    if let Some(system) = asked.reach.system {
        facts.system = system;
    }
    Some(Seen { facts, files, is_root })
}

fn note(facts: &mut Facts, kind: &str, (name, value): (String, String)) {
    match kind {
        "system" => {
            facts.system = match value.as_str() {
                "nixos" => OperatingSystem::Nixos,
                "talos" => OperatingSystem::Talos,
                _ => OperatingSystem::Linux,
            };
        }
        "refused" => facts.read_only = Some(refused(&value)),
        "systemd" => {
            facts.services.get_or_insert_default();
        }
        "sysctl" => {
            facts.sysctls.insert(name, value.trim().to_owned());
        }
        "file" => {
            facts.files.insert(name, value);
        }
        "module" => {
            let state = if value == "loaded" { ModuleState::Loaded } else { ModuleState::BuiltIn };
            facts.modules.insert(name, state);
        }
        "package" => {
            facts.packages.insert(name);
        }
        "active" => {
            facts.services.get_or_insert_default().entry(name).or_default().active = value;
        }
        "enabled" => {
            facts.services.get_or_insert_default().entry(name).or_default().enabled = value;
        }
        "mounts" => facts.mounts = mounts(&value),
        "device" => {
            let device = facts.devices.entry(name).or_default();
            device.group = value.parse().unwrap_or_default();
        }
        "driver" => {
            facts.devices.entry(name).or_default().driver = value;
        }
        "multipath" => facts.multipath = Some(value),
        "inotify" => use_of(facts, &name, &value),
        _ => {}
    }
}

/// `USER: what sudo said`
fn refused(told: &str) -> String {
    let (user, said) = told.split_once(": ").unwrap_or((told, ""));
    let said = said.lines().last().unwrap_or_default();
    format!(
        "{user} may not use sudo without a password there ({said}): log in as root, or put `{user} ALL=(root) \
         NOPASSWD: ALL` into a file below /etc/sudoers.d"
    )
}

fn use_of(facts: &mut Facts, uid: &str, watches: &str) {
    let Ok(uid) = uid.parse::<u32>() else { return };
    let place = facts.inotify.iter().position(|one| one.uid == uid).unwrap_or_else(|| {
        facts.inotify.push(InotifyUse { uid, ..InotifyUse::default() });
        facts.inotify.len() - 1
    });
    if let Some(one) = facts.inotify.get_mut(place) {
        one.instances += 1;
        one.watches += watches.parse::<u64>().unwrap_or_default();
    }
}

/// Of `/proc/mounts`: the source by path. Blanks are octal there.
fn mounts(text: &str) -> BTreeMap<String, String> {
    let plain = |word: &str| {
        word.replace("\\040", " ")
            .replace("\\011", "\t")
            .replace("\\012", "\n")
            .replace("\\134", "\\")
    };
    let pair = |line: &str| {
        let mut words = line.split(' ');
        let source = plain(words.next()?);
        Some((plain(words.next()?), source))
    };
    text.lines().filter_map(pair).collect()
}

/// Whether a write was done.
pub(crate) fn outcome(output: &[u8]) -> Result<(), TargetError> {
    let answer = after_greeting(output).and_then(|answer| std::str::from_utf8(answer).ok());
    let Some(line) = answer.and_then(|answer| answer.strip_suffix('\n')) else {
        return Err(cut_short());
    };
    let message = |text: &str| {
        let bytes = BASE64_STANDARD.decode(text).unwrap_or_default();
        format!("{}; it was not changed", String::from_utf8_lossy(&bytes).trim())
    };
    match line.split_once(' ') {
        None if line == "end" => Ok(()),
        Some(("refused", text)) => Err(TargetError::Refused { message: message(text), hint: None }),
        Some(("moved", text)) => Err(TargetError::Moved { message: message(text) }),
        Some(_) | None => Err(cut_short()),
    }
}

/// No answer, or half of one: it may have been done, and is safe to do again.
pub(crate) fn cut_short() -> TargetError {
    TargetError::Transient {
        message: "the connection broke before the machine answered; it may have been written"
            .to_owned(),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests {
    use stackctl_model::FileLine;

    use super::*;

    #[test]
    fn what_is_sent_has_nothing_in_it_that_a_shell_could_take_for_its_own() {
        let write_of = |text: &str| {
            let asked = NodeWrite {
                step: Some(NodeStep::Sysctl { key: "kernel.x".into(), value: text.into() }),
                line: Some(FileLine {
                    path: format!("/etc/{text}"),
                    key: "kernel.x".into(),
                    text: Some(format!("kernel.x = {text}")),
                }),
            };
            write(&asked, &Files::new()).0
        };
        for text in ["'; touch /tmp/x; '", "$(id)", "`id`", "a\nb", "\\'", "!!"] {
            let script = write_of(text);
            let call = script.strip_prefix(WRITE).unwrap();
            let inert = |c: char| c.is_ascii_alphanumeric() || "+/=' \n".contains(c);
            assert!(call.chars().all(inert), "{call}");
            assert_eq!(call.lines().count(), 1);
        }
    }

    #[test]
    fn a_script_that_was_cut_short_does_nothing() {
        let (script, _) = write(&NodeWrite::default(), &Files::new());
        let run = |text: &str| {
            let mut shell = std::process::Command::new("sh");
            let shell = shell.arg("-c").arg(text).output().unwrap();
            String::from_utf8(shell.stdout).unwrap()
        };
        assert_eq!(run(&script), "stackctl\nend\n");
        let begin = script.len() - WRITE.len();
        for cut in [script.len() / 3, WRITE.len() - 10, WRITE.len(), WRITE.len() + 2] {
            assert_eq!(run(script.get(..cut).unwrap()), "", "cut at {cut}, {begin} after the end");
        }
    }

    #[test]
    fn answers_are_read_and_half_answers_are_none() {
        let asked = MachineQuestion { stack: "home".into(), ..MachineQuestion::default() };
        let line = |kind: &str, name: &str, value: &str| {
            format!("{kind} {} {}\n{name}{value}\n", name.len(), value.len())
        };
        let mut output = "Welcome!\nstackctl\n".to_owned();
        output += &line("system", "-", "nixos");
        output += &line("sysctl", "net.ipv4.tcp_rmem", "4096\t131072\t6291456");
        output += &line("file", &sysctl_file("home"), "a = 1\nend\n");
        output += &line("mounts", "-", "nas:/a\\040b /mnt/a\\040b nfs rw 0 0");
        output += &line("inotify", "1000", "3");
        output += &line("inotify", "1000", "4");
        output += &line("active", "iscsid", "inactive");
        output += &line("enabled", "iscsid", "");
        let whole = format!("{output}end\n");
        for cut in 0..whole.len() {
            assert_eq!(seen(&whole.as_bytes()[..cut], &asked), None, "{cut}");
        }
        let Seen { facts, files, .. } = seen(whole.as_bytes(), &asked).unwrap();
        assert_eq!(facts.system, OperatingSystem::Nixos);
        assert_eq!(facts.mounts.get("/mnt/a b").map(String::as_str), Some("nas:/a b"));
        assert_eq!(facts.inotify, [InotifyUse { uid: 1000, instances: 2, watches: 7 }]);
        assert_eq!(facts.services.unwrap().get("iscsid").unwrap().active, "inactive");
        assert_eq!(files.get(&sysctl_file("home")).unwrap(), b"a = 1\nend\n");
    }
}
