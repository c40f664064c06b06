//! The stack's lock and its generations, kept in its own namespace.

mod event;
mod generations;
mod held_lease;
mod lease;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{Beginning, Ledger, TargetError};
use stackctl_model::{Desired, Generation, Holder, Record, SecretValue};
use stackctl_plan::StackMark;

use crate::Kubernetes;
use crate::prepare::read;

pub(crate) use generations::GENERATION_OF;
pub(crate) use held_lease::HeldLease;

impl Ledger for Kubernetes {
    fn identity(&self) -> BoxFuture<'_, Result<String, TargetError>> {
        async { self.uid().await.map_err(|error| self.located(error)) }.boxed()
    }

    fn digest(&self, value: &SecretValue) -> String {
        self.key.digest(value.expose())
    }

    fn record<'a>(&'a self, stack: &'a StackMark) -> BoxFuture<'a, Result<Record, TargetError>> {
        async {
            let found = self.find_record(stack).await.map_err(|error| self.located(error))?;
            Ok(read(found.as_ref()))
        }
        .boxed()
    }

    fn lock<'a>(
        &'a self,
        stack: &'a StackMark,
        namespace: Option<&'a Desired>,
        holder: &'a Holder,
    ) -> BoxFuture<'a, Result<u64, TargetError>> {
        async move {
            let taken = self.take_lease(stack, namespace, holder).await;
            taken.map_err(|error| self.located(error))?;
            let record = self.find_record(stack).await?;
            let last = read(record.as_ref()).generation;
            self.memory.keep_record(record);
            Ok(last)
        }
        .boxed()
    }

    fn renew(&self) -> BoxFuture<'_, Result<(), TargetError>> {
        self.renew_lease().boxed()
    }

    fn release(&self) -> BoxFuture<'_, ()> {
        self.release_lease().boxed()
    }

    fn unlock<'a>(
        &'a self,
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Option<String>, TargetError>> {
        self.break_lease(stack).boxed()
    }

    fn begin<'a>(
        &'a self,
        stack: &'a StackMark,
        apply: Beginning<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async move {
            self.keep_record(stack, apply.record).await?;
            self.note_generation(stack, apply.generation, Some(apply.recording)).await?;
            self.forget_generation_before(stack, apply.generation.number).await
        }
        .boxed()
    }

    fn end<'a>(
        &'a self,
        stack: &'a StackMark,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            self.note_generation(stack, generation, None).await?;
            self.tell_event(stack, generation).await
        }
        .boxed()
    }

    fn generations<'a>(
        &'a self,
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>> {
        async {
            let found = self.list_generations(stack).await;
            found.map_err(|error| self.located(error))
        }
        .boxed()
    }

    fn recording<'a>(
        &'a self,
        stack: &'a StackMark,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>> {
        self.read_recording(stack, number).boxed()
    }
}
