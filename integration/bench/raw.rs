//! The same requests with nothing around them: how fast the API server takes them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use serde_json::Value;

/// Requests in flight.
const AT_ONCE: usize = 16;

/// Server-side applies all objects, the namespace first; connecting is part of the time.
pub(crate) fn create(kubeconfig: &Path, objects: &[Value]) -> Result<Duration> {
    // Installed once for the process; a second call says so and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let begun = Instant::now();
        let kubeconfig = Kubeconfig::read_from(kubeconfig)?;
        let config =
            Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
        let client = Client::try_from(config)?;
        let (first, rest) = objects.split_first().context("no objects")?;
        apply(client.clone(), first).await?;
        stream::iter(rest)
            .map(|object| apply(client.clone(), object))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(begun.elapsed())
    })
}

async fn apply(client: Client, object: &Value) -> Result<()> {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let (group, version) = text("/apiVersion").split_once('/').unwrap_or(("", text("/apiVersion")));
    let kind = kube::core::GroupVersionKind::gvk(group, version, text("/kind"));
    let resource = ApiResource::from_gvk(&kind);
    let api: Api<DynamicObject> = match text("/metadata/namespace") {
        "" => Api::all_with(client, &resource),
        namespace => Api::namespaced_with(client, namespace, &resource),
    };
    api.patch(text("/metadata/name"), &PatchParams::apply("raw").force(), &Patch::Apply(object))
        .await?;
    Ok(())
}
