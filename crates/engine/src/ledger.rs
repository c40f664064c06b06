//! What a stack knows of itself: who may write now, and what was done before.

use futures::future::BoxFuture;
use stackctl_model::{Desired, Generation, Holder, Record, SecretValue};
use stackctl_plan::StackMark;

use crate::TargetError;

/// The record, the lock and the generations of a stack.
pub trait Ledger: Send + Sync {
    /// What tells this place from every other, for as long as it exists.
    fn identity(&self) -> BoxFuture<'_, Result<String, TargetError>>;

    /// A keyed digest of a secret's value, comparable with those of what is live.
    fn digest(&self, value: &SecretValue) -> String;

    /// The stack's own record; an empty one where there is none.
    fn record<'a>(&'a self, stack: &'a StackMark) -> BoxFuture<'a, Result<Record, TargetError>>;

    /// Takes the stack's lock, or says at once who has it. Answers with the number of the last apply. The
    /// stack's own namespace is made first where it is missing.
    fn lock<'a>(
        &'a self,
        stack: &'a StackMark,
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
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Option<String>, TargetError>>;

    /// Notes an apply before its first write. Old ones are forgotten.
    fn begin<'a>(
        &'a self,
        stack: &'a StackMark,
        apply: Beginning<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// Notes what became of it.
    fn end<'a>(
        &'a self,
        stack: &'a StackMark,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// The applies that are remembered, the first first.
    fn generations<'a>(
        &'a self,
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>>;

    /// What was asked for by one of them.
    fn recording<'a>(
        &'a self,
        stack: &'a StackMark,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>>;
}

/// An apply that begins.
#[derive(Clone, Copy, Debug)]
pub struct Beginning<'a> {
    /// Its number, who it is by, what it is for.
    pub generation: &'a Generation,
    /// What the stack's record says from now on.
    pub record: &'a Record,
    /// What was asked for.
    pub recording: &'a [u8],
}

/// How many applies are remembered.
pub const KEPT: usize = 10;
