//! A user's folder: a stack, and `stackctl` run on it as a user would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use crate::ControlPlane;

/// A folder with its own home, removed at the end. Its methods panic: it is for tests only.
#[derive(Debug)]
pub struct Home {
    folder: tempfile::TempDir,
    binary: PathBuf,
    variables: Vec<(String, String)>,
}

/// What a run said.
#[derive(Debug)]
pub struct Said {
    /// The exit code; -1 after a signal.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Home {
    /// With a `stack.kdl` of this text; `binary` is the built `stackctl`.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn new(binary: impl Into<PathBuf>, stack: &str) -> Self {
        let home = Self::empty(binary.into());
        home.write("stack.kdl", stack);
        home
    }

    /// A copy of a folder of the repository.
    ///
    /// # Panics
    /// When the folder cannot be copied.
    pub fn copy_of(binary: impl Into<PathBuf>, folder: &str) -> Self {
        let home = Self::empty(binary.into());
        copy(&repository().join(folder), home.path());
        home
    }

    fn empty(binary: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { folder, binary, variables: Vec::new() }
    }

    /// Uses this cluster, by its kubeconfig's context `home`.
    #[must_use]
    pub fn with_cluster(self, cluster: &ControlPlane) -> Self {
        self.with_kubeconfig(cluster.operator_kubeconfig())
    }

    /// Uses a cluster by a kubeconfig.
    #[must_use]
    pub fn with_kubeconfig(self, kubeconfig: &Path) -> Self {
        self.with_variable("KUBECONFIG", &kubeconfig.display().to_string())
    }

    /// Sets a variable for all runs.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, its folders too.
    ///
    /// # Panics
    /// When it cannot.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("a folder can be made");
        }
        fs::write(path, text).expect("a file can be written");
    }

    /// Reads a file.
    ///
    /// # Panics
    /// When it is not there.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("the file is there")
    }

    /// Replaces text in a file that must have it.
    ///
    /// # Panics
    /// When the file lacks the text.
    #[track_caller]
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    /// `stackctl` with these words, not started: nothing of the surrounding environment but `PATH`.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(words)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", std::env::var("PATH").unwrap_or_default())
            .env("COLUMNS", "100")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs `stackctl` to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run(&self, words: &[&str]) -> Said {
        self.command(words).output().expect("stackctl starts").into()
    }

    /// Starts `stackctl` with its output piped.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("stackctl starts")
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    /// Hands itself back when the run ended with this code.
    ///
    /// # Panics
    /// When it ended otherwise; shows what it said.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "most callers only want the code checked")]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// The last line of the result.
    pub fn last_line(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

/// The `stackctl` of the profile this program was built with, built now when it is not up to date.
///
/// # Panics
/// When it does not build.
pub fn built_stackctl() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build_stackctl).clone()
}

fn build_stackctl() -> PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    let inside = |folder: &&Path| folder.join(".fingerprint").is_dir();
    let profile = program.ancestors().find(inside).expect("this program was built by cargo");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "-p", "stackctl"]).current_dir(repository());
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().is_ok_and(|status| status.success()), "stackctl does not build");
    profile.join("stackctl")
}

/// The repository's root.
///
/// # Panics
/// When the sources are gone.
pub fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("the repository is there")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
