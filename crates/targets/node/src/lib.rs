//! Machines as a target: the user's own OpenSSH, one connection for each machine, one script for each thing.
#![allow(
    clippy::disallowed_methods,
    reason = "a target is where effects live; this one runs ssh and shells"
)]

mod script;
mod shell;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use stackctl_engine::{SecretData, Target, TargetError};
use stackctl_model::{
    Action, Answer, Machine, MachineQuestion, NodeWrite, Operation, Question, Reach, ResourceId,
    Way,
};
use tokio::sync::Mutex;

use script::Files;
use shell::{Shell, ShellError};

pub use shell::SshOptions;

/// How many machines are talked to at once.
const AT_ONCE: usize = 32;

/// The machines of a stack, reached over ssh.
pub struct Nodes {
    options: SshOptions,
    /// By name; one thing at a time is done on each.
    nodes: std::sync::Mutex<BTreeMap<String, Arc<Mutex<Node>>>>,
}

/// One machine, and what is known of it.
#[derive(Default)]
struct Node {
    shell: Option<Shell>,
    is_root: bool,
    /// Our own files as they were last seen or written.
    files: Files,
}

impl Nodes {
    /// Machines that are logged in to when they are first needed.
    pub fn new(options: SshOptions) -> Self {
        Self { options, nodes: std::sync::Mutex::default() }
    }

    fn node(&self, name: &str) -> Arc<Mutex<Node>> {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(nodes.entry(name.to_owned()).or_default())
    }

    /// Looks at machines, all at once.
    async fn look_at_all(
        &self,
        asked: &BTreeMap<String, MachineQuestion>,
    ) -> BTreeMap<String, Machine> {
        let looks: Vec<BoxFuture<'_, _>> = asked
            .iter()
            .map(|(name, asked)| {
                async move { (name.clone(), self.look_at(name, asked).await) }.boxed()
            })
            .collect();
        stream::iter(looks).buffer_unordered(AT_ONCE).collect().await
    }

    async fn look_at(&self, name: &str, asked: &MachineQuestion) -> Machine {
        if asked.reach.way == Way::None {
            return Machine::Unasked;
        }
        let node = self.node(name);
        let mut node = node.lock().await;
        match node.look(asked, &self.options).await {
            Ok(machine) => machine,
            // A connection of an earlier look may have died since.
            Err(ShellError::Broken) => match node.look(asked, &self.options).await {
                Ok(machine) => machine,
                Err(error) => Machine::Unreachable(error.to_string()),
            },
            Err(error) => Machine::Unreachable(error.to_string()),
        }
    }

    async fn carry_out(&self, action: &Action) -> Result<(), TargetError> {
        let (ResourceId::Machine(id), Operation::OnMachine(asked)) =
            (&action.id, &action.operation)
        else {
            return Ok(());
        };
        let node = self.node(&id.node);
        let mut node = node.lock().await;
        node.write(&asked.reach, &asked.write, &self.options).await
    }
}

impl Node {
    async fn run(
        &mut self,
        reach: &Reach,
        options: &SshOptions,
        (script, as_root): (&str, bool),
    ) -> Result<Vec<u8>, ShellError> {
        if self.shell.is_none() {
            self.shell = Some(Shell::open(&reach.way, options).await?);
        }
        let Some(shell) = &self.shell else { return Err(ShellError::Broken) };
        let answer = shell.run(script, as_root).await;
        if answer.is_err() {
            self.shell = None;
        }
        answer
    }

    async fn look(
        &mut self,
        asked: &MachineQuestion,
        options: &SshOptions,
    ) -> Result<Machine, ShellError> {
        let script = script::look(asked);
        let mut seen = None;
        if asked.inotify {
            // Only root sees what others watch; who may not become root sees the rest.
            let answer = self.run(&asked.reach, options, (&script, true)).await?;
            seen = script::seen(&answer, asked);
        }
        if seen.is_none() {
            let answer = self.run(&asked.reach, options, (&script, false)).await?;
            seen = script::seen(&answer, asked);
        }
        let Some(seen) = seen else {
            self.shell = None;
            return Err(ShellError::Broken);
        };
        self.is_root = seen.is_root;
        self.files = seen.files;
        Ok(Machine::Seen(Box::new(seen.facts)))
    }

    async fn write(
        &mut self,
        reach: &Reach,
        asked: &NodeWrite,
        options: &SshOptions,
    ) -> Result<(), TargetError> {
        let (script, left) = script::write(asked, &self.files);
        let answer = self.run(reach, options, (&script, !self.is_root)).await;
        let answer = answer.map_err(|error| match error {
            ShellError::Unreachable(message) => TargetError::Unreachable {
                message: format!("{message}; it was not changed"),
                hint: "mend the way to it and run the same command again".to_owned(),
            },
            ShellError::Broken => script::cut_short(),
        })?;
        script::outcome(&answer)?;
        match left {
            Some((path, Some(text))) => self.files.insert(path, text.into_bytes()),
            Some((path, None)) => self.files.remove(&path),
            None => None,
        };
        Ok(())
    }
}

impl Target for Nodes {
    fn look<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Answer, TargetError>> {
        async move {
            match question {
                Question::Machine(asked) => Ok(Answer::Machine(self.look_at_all(asked).await)),
                Question::Kubernetes(_) | Question::Authentik | Question::App => {
                    Ok(question.unasked())
                }
            }
        }
        .boxed()
    }

    fn apply<'a>(
        &'a self,
        action: &'a Action,
        _secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.carry_out(action).boxed()
    }

    fn limit(&self) -> usize {
        AT_ONCE
    }
}
