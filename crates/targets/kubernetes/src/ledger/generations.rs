//! Each apply as a `ConfigMap`: what it was, and what was asked for.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use stackctl_engine::{KEPT, TargetError};
use stackctl_model::Generation;
use stackctl_plan::StackMark;

use crate::Kubernetes;
use crate::error::Doing;
use crate::request::{Failure, Mode, escaped};

/// Label of a generation; its value is the stack's name.
pub(crate) const GENERATION_OF: &str = "stackctl.io/generation-of";
/// Key of what it was.
const GENERATION: &str = "generation";
/// Key of what was asked for, as JSON in gzip.
const RESOURCES: &str = "resources.json.gz";
/// What a recording may come to, unpacked.
const MOST: u64 = 64 * 1024 * 1024;
/// What it may come to packed: the API server takes a megabyte for the whole object.
const MOST_PACKED: usize = 900 * 1024;

const WHAT: &str = "the stack's generations";

fn kind_path(stack: &StackMark) -> String {
    format!("/api/v1/namespaces/{}/configmaps", escaped(&stack.namespace))
}

/// No stack has a dot in its name, so this is no other stack's record.
fn name(stack: &StackMark, number: u64) -> String {
    format!("{}.{number}", stack.parent())
}

fn path(stack: &StackMark, number: u64) -> String {
    format!("{}/{}", kind_path(stack), escaped(&name(stack, number)))
}

fn generation_error(failure: Failure) -> TargetError {
    failure.into_error(Doing::Waiting(WHAT))
}

impl Kubernetes {
    /// Writes a generation; without a recording the one that is there stays.
    pub(crate) async fn note_generation(
        &self,
        stack: &StackMark,
        generation: &Generation,
        recording: Option<&[u8]>,
    ) -> Result<(), TargetError> {
        let text = serde_json::to_string_pretty(generation).expect("a generation is plain data");
        let path = path(stack, generation.number);
        let Some(recording) = recording else {
            let patch = json!({"data": {GENERATION: text}});
            return self.api.merge_patch(&path, &patch).await.map(drop).map_err(generation_error);
        };
        let mut object = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {
                "name": name(stack, generation.number),
                "namespace": stack.namespace,
                "labels": {GENERATION_OF: stack.name, "app.kubernetes.io/managed-by": "stackctl"},
            },
            "data": {GENERATION: text},
        });
        let packed = packed(recording);
        // An apply too large to be remembered is still an apply.
        if packed.len() <= MOST_PACKED {
            object["binaryData"] = json!({RESOURCES: BASE64_STANDARD.encode(packed)});
        }
        self.api.apply(&path, Mode::Write, &object).await.map(drop).map_err(generation_error)
    }

    /// The applies that are remembered, the first first.
    pub(crate) async fn list_generations(
        &self,
        stack: &StackMark,
    ) -> Result<Vec<Generation>, TargetError> {
        let selector = format!("{}%3D{}", escaped(GENERATION_OF), escaped(&stack.name));
        let path = format!("{}?labelSelector={selector}", kind_path(stack));
        let found: Result<Value, Failure> = self.api.get(&path).await;
        let found = found.map_err(|failure| failure.into_error(Doing::Looking(WHAT)))?;
        let items = found["items"].as_array().into_iter().flatten();
        let mut generations: Vec<Generation> = items.filter_map(read).collect();
        generations.sort_by_key(|generation| generation.number);
        Ok(generations)
    }

    /// Deletes the one that is now too old, so that [`KEPT`] stay.
    pub(crate) async fn forget_generation_before(
        &self,
        stack: &StackMark,
        newest: u64,
    ) -> Result<(), TargetError> {
        let Some(old) = newest.checked_sub(KEPT as u64).filter(|old| *old > 0) else {
            return Ok(());
        };
        let options = json!({"kind": "DeleteOptions", "apiVersion": "v1"});
        match self.api.delete(&path(stack, old), &options).await {
            Err(failure) if !failure.is_absent() => Err(generation_error(failure)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// What was asked for by one apply.
    pub(crate) async fn read_recording(
        &self,
        stack: &StackMark,
        number: u64,
    ) -> Result<Option<Vec<u8>>, TargetError> {
        let found = self.api.find(&path(stack, number)).await;
        let found = found.map_err(|failure| failure.into_error(Doing::Looking(WHAT)))?;
        Ok(found.and_then(|object| unpacked(object["binaryData"][RESOURCES].as_str()?)))
    }
}

fn read(object: &Value) -> Option<Generation> {
    serde_json::from_str(object["data"][GENERATION].as_str()?).ok()
}

fn packed(recording: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(recording).and_then(|()| encoder.finish());
    written.expect("writing to memory cannot fail")
}

fn unpacked(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_STANDARD.decode(text).ok()?;
    let mut recording = Vec::new();
    GzDecoder::new(bytes.as_slice()).take(MOST).read_to_end(&mut recording).ok()?;
    Some(recording)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_read_back() {
        let packed = BASE64_STANDARD.encode(packed(b"[1, 2]"));
        assert_eq!(unpacked(&packed).as_deref(), Some(&b"[1, 2]"[..]));
        assert_eq!(unpacked("bm9uc2Vuc2U="), None);
    }
}
