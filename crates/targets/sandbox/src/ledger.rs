//! The sandbox's lock and generations: `generations/STACK/N.json`, and beside it what was asked for.

use std::io::ErrorKind;
use std::path::PathBuf;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{Beginning, KEPT, Ledger, TargetError};
use stackctl_model::{Desired, Generation, Holder, Record, SecretValue};
use stackctl_plan::StackMark;

use crate::lock::Lock;
use crate::store::{remove_file, write};
use crate::{Sandbox, SandboxError};

const FOLDER: &str = "generations";

impl Sandbox {
    fn generations_folder(&self, stack: &StackMark) -> PathBuf {
        self.folder.join(FOLDER).join(&stack.name)
    }

    fn generation_file(&self, stack: &StackMark, number: u64) -> PathBuf {
        self.generations_folder(stack).join(format!("{number}.json"))
    }

    fn recording_file(&self, stack: &StackMark, number: u64) -> PathBuf {
        self.generations_folder(stack).join(format!("{number}.resources.json"))
    }

    /// The numbers of all applies that are remembered.
    fn numbers(&self, stack: &StackMark) -> Result<Vec<u64>, SandboxError> {
        let folder = self.generations_folder(stack);
        let failed = || SandboxError::io(&folder, "listing generations");
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed()(error)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed())?.file_name();
            let number =
                name.to_str().and_then(|name| name.strip_suffix(".json")?.parse::<u64>().ok());
            numbers.extend(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The number of the last apply.
    pub(crate) fn last_generation(&self, stack: &StackMark) -> Result<u64, SandboxError> {
        Ok(self.numbers(stack)?.last().copied().unwrap_or_default())
    }

    fn note(&self, stack: &StackMark, generation: &Generation) -> Result<(), SandboxError> {
        let text = serde_json::to_string_pretty(generation).expect("a generation is plain data");
        write(&self.generation_file(stack, generation.number), &text)
    }

    fn forget_old(&self, stack: &StackMark) -> Result<(), SandboxError> {
        let numbers = self.numbers(stack)?;
        let old = numbers.len().saturating_sub(KEPT);
        for number in numbers.into_iter().take(old) {
            remove_file(&self.recording_file(stack, number))?;
            remove_file(&self.generation_file(stack, number))?;
        }
        Ok(())
    }

    fn read_all(&self, stack: &StackMark) -> Result<Vec<Generation>, SandboxError> {
        let read = |number| {
            let path = self.generation_file(stack, number);
            let text = std::fs::read(&path);
            let text = text.map_err(SandboxError::io(&path, "reading a generation"))?;
            serde_json::from_slice(&text)
                .map_err(|error| SandboxError::broken(&path, error.to_string()))
        };
        self.numbers(stack)?.into_iter().map(read).collect()
    }
}

impl Ledger for Sandbox {
    fn identity(&self) -> BoxFuture<'_, Result<String, TargetError>> {
        let folder = std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone());
        std::future::ready(Ok(folder.display().to_string())).boxed()
    }

    fn digest(&self, value: &SecretValue) -> String {
        self.key.digest(value.expose())
    }

    fn record<'a>(&'a self, stack: &'a StackMark) -> BoxFuture<'a, Result<Record, TargetError>> {
        async {
            // All objects are read on every look, so nobody asks which kinds were written where.
            let generation = self.last_generation(stack)?;
            Ok(Record { generation, machines: self.known_machines(), ..Record::default() })
        }
        .boxed()
    }

    fn lock<'a>(
        &'a self,
        stack: &'a StackMark,
        _namespace: Option<&'a Desired>,
        _holder: &'a Holder,
    ) -> BoxFuture<'a, Result<u64, TargetError>> {
        async {
            self.begin_writing(&mut self.store())?;
            Ok(self.last_generation(stack)?)
        }
        .boxed()
    }

    fn renew(&self) -> BoxFuture<'_, Result<(), TargetError>> {
        // The system keeps the lock for as long as the process lives.
        std::future::ready(Ok(())).boxed()
    }

    fn release(&self) -> BoxFuture<'_, ()> {
        async { self.store().unlock() }.boxed()
    }

    fn unlock<'a>(
        &'a self,
        _stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Option<String>, TargetError>> {
        async {
            if !self.folder.exists() {
                return Ok(None);
            }
            // Only a living process holds it, and only its end lets go of it.
            Ok(Lock::take(&self.folder).map(|_| None)?)
        }
        .boxed()
    }

    fn begin<'a>(
        &'a self,
        stack: &'a StackMark,
        apply: Beginning<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async move {
            let text = String::from_utf8_lossy(apply.recording);
            write(&self.recording_file(stack, apply.generation.number), &text)?;
            self.note(stack, apply.generation)?;
            Ok(self.forget_old(stack)?)
        }
        .boxed()
    }

    fn end<'a>(
        &'a self,
        stack: &'a StackMark,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async { Ok(self.note(stack, generation)?) }.boxed()
    }

    fn generations<'a>(
        &'a self,
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>> {
        async { Ok(self.read_all(stack)?) }.boxed()
    }

    fn recording<'a>(
        &'a self,
        stack: &'a StackMark,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>> {
        async move {
            let path = self.recording_file(stack, number);
            match std::fs::read(&path) {
                Ok(recording) => Ok(Some(recording)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(SandboxError::io(&path, "reading a generation")(error).into()),
            }
        }
        .boxed()
    }
}
