//! The stack's lock and its generations, kept in its own namespace.

mod event;
mod generations;
mod lease;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{Ledger, Observation, TargetError};
use stackctl_model::{Desired, Generation, Holder};

use crate::Kubernetes;
use crate::prepare::last_generation;

pub(crate) use generations::GENERATION_OF;
pub(crate) use lease::Held;

impl Ledger for Kubernetes {
    fn lock<'a>(
        &'a self,
        wanted: &'a Observation,
        namespace: Option<&'a Desired>,
        holder: &'a Holder,
    ) -> BoxFuture<'a, Result<u64, TargetError>> {
        async move {
            let taken = self.take_lease(wanted, namespace, holder).await;
            taken.map_err(|error| self.located(error))?;
            let record = self.record(wanted).await?;
            let last = last_generation(record.as_ref());
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
        wanted: &'a Observation,
    ) -> BoxFuture<'a, Result<Option<String>, TargetError>> {
        self.break_lease(wanted).boxed()
    }

    fn begin<'a>(
        &'a self,
        wanted: &'a Observation,
        generation: &'a Generation,
        recording: &'a [u8],
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            self.keep_record(wanted, generation.number).await?;
            self.note_generation(wanted, generation, Some(recording)).await?;
            self.forget_generation_before(wanted, generation.number).await
        }
        .boxed()
    }

    fn end<'a>(
        &'a self,
        wanted: &'a Observation,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            self.note_generation(wanted, generation, None).await?;
            self.tell_event(wanted, generation).await
        }
        .boxed()
    }

    fn generations<'a>(
        &'a self,
        wanted: &'a Observation,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>> {
        async {
            let found = self.list_generations(wanted).await;
            found.map_err(|error| self.located(error))
        }
        .boxed()
    }

    fn recording<'a>(
        &'a self,
        wanted: &'a Observation,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>> {
        self.read_recording(wanted, number).boxed()
    }
}
