//! What a target keeps of a stack besides its resources: who may write now, and what was done before.

use futures::future::BoxFuture;
use stackctl_model::{Desired, Generation, Holder};

use crate::{Observation, TargetError};

/// The lock and the generations of a stack, kept where its resources are.
pub trait Ledger: Send + Sync {
    /// Takes the stack's lock, or says at once who has it. Answers with the number of the last apply. The
    /// stack's own namespace is made first where it is missing.
    fn lock<'a>(
        &'a self,
        wanted: &'a Observation,
        namespace: Option<&'a Desired>,
        holder: &'a Holder,
    ) -> BoxFuture<'a, Result<u64, TargetError>>;

    /// Says that the holder is alive. An error of [`TargetError::Locked`] means that the lock is lost.
    fn renew(&self) -> BoxFuture<'_, Result<(), TargetError>>;

    /// Gives the lock back. What cannot be given back expires.
    fn release(&self) -> BoxFuture<'_, ()>;

    /// Takes the lock from whoever has it; says who that was.
    fn unlock<'a>(
        &'a self,
        wanted: &'a Observation,
    ) -> BoxFuture<'a, Result<Option<String>, TargetError>>;

    /// Notes an apply before its first write, with what was asked for. Old ones are forgotten.
    fn begin<'a>(
        &'a self,
        wanted: &'a Observation,
        generation: &'a Generation,
        recording: &'a [u8],
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// Notes what became of it.
    fn end<'a>(
        &'a self,
        wanted: &'a Observation,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// The applies that are remembered, the first first.
    fn generations<'a>(
        &'a self,
        wanted: &'a Observation,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>>;

    /// What was asked for by one of them.
    fn recording<'a>(
        &'a self,
        wanted: &'a Observation,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>>;
}

/// How many applies are remembered.
pub const KEPT: usize = 10;
