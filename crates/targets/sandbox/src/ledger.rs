//! The sandbox's lock and generations: `generations/STACK/N.json`, and beside it what was asked for.

use std::io::ErrorKind;
use std::path::PathBuf;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{KEPT, Ledger, Observation, TargetError};
use stackctl_model::{Desired, Generation, Holder};

use crate::lock::Lock;
use crate::store::{remove_file, write};
use crate::{Sandbox, SandboxError};

const FOLDER: &str = "generations";

impl Sandbox {
    fn generations_folder(&self, wanted: &Observation) -> PathBuf {
        self.folder.join(FOLDER).join(&wanted.stack)
    }

    fn generation_file(&self, wanted: &Observation, number: u64) -> PathBuf {
        self.generations_folder(wanted).join(format!("{number}.json"))
    }

    fn recording_file(&self, wanted: &Observation, number: u64) -> PathBuf {
        self.generations_folder(wanted).join(format!("{number}.resources.json"))
    }

    /// The numbers of all applies that are remembered.
    fn numbers(&self, wanted: &Observation) -> Result<Vec<u64>, SandboxError> {
        let folder = self.generations_folder(wanted);
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
    pub(crate) fn last_generation(&self, wanted: &Observation) -> Result<u64, SandboxError> {
        Ok(self.numbers(wanted)?.last().copied().unwrap_or_default())
    }

    fn note(&self, wanted: &Observation, generation: &Generation) -> Result<(), SandboxError> {
        let text = serde_json::to_string_pretty(generation).expect("a generation is plain data");
        write(&self.generation_file(wanted, generation.number), &text)
    }

    fn forget_old(&self, wanted: &Observation) -> Result<(), SandboxError> {
        let numbers = self.numbers(wanted)?;
        let old = numbers.len().saturating_sub(KEPT);
        for number in numbers.into_iter().take(old) {
            remove_file(&self.recording_file(wanted, number))?;
            remove_file(&self.generation_file(wanted, number))?;
        }
        Ok(())
    }

    fn read_all(&self, wanted: &Observation) -> Result<Vec<Generation>, SandboxError> {
        let read = |number| {
            let path = self.generation_file(wanted, number);
            let text = std::fs::read(&path);
            let text = text.map_err(SandboxError::io(&path, "reading a generation"))?;
            serde_json::from_slice(&text)
                .map_err(|error| SandboxError::broken(&path, error.to_string()))
        };
        self.numbers(wanted)?.into_iter().map(read).collect()
    }
}

impl Ledger for Sandbox {
    fn lock<'a>(
        &'a self,
        wanted: &'a Observation,
        _namespace: Option<&'a Desired>,
        _holder: &'a Holder,
    ) -> BoxFuture<'a, Result<u64, TargetError>> {
        async {
            self.begin_writing(&mut self.store())?;
            Ok(self.last_generation(wanted)?)
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
        _wanted: &'a Observation,
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
        wanted: &'a Observation,
        generation: &'a Generation,
        recording: &'a [u8],
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            let text = String::from_utf8_lossy(recording);
            write(&self.recording_file(wanted, generation.number), &text)?;
            self.note(wanted, generation)?;
            Ok(self.forget_old(wanted)?)
        }
        .boxed()
    }

    fn end<'a>(
        &'a self,
        wanted: &'a Observation,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async { Ok(self.note(wanted, generation)?) }.boxed()
    }

    fn generations<'a>(
        &'a self,
        wanted: &'a Observation,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>> {
        async { Ok(self.read_all(wanted)?) }.boxed()
    }

    fn recording<'a>(
        &'a self,
        wanted: &'a Observation,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>> {
        async move {
            let path = self.recording_file(wanted, number);
            match std::fs::read(&path) {
                Ok(recording) => Ok(Some(recording)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(SandboxError::io(&path, "reading a generation")(error).into()),
            }
        }
        .boxed()
    }
}
