//! Chooses the target: the sandbox, or the cluster that was named.

use std::path::PathBuf;
use std::sync::Arc;

use stackctl_engine::{DigestKey, Targets};
use stackctl_kubernetes::{ConnectOptions, Kubernetes};
use stackctl_model::System;
use stackctl_node::{Nodes, SshOptions};
use stackctl_sandbox::Sandbox;

use crate::args::TargetArgs;
use crate::error::Error;
use crate::locate;
use crate::stack::Sound;

/// What a stack is applied to, and how to name that to people.
pub(crate) struct Chosen {
    pub(crate) targets: Targets,
    /// `sandbox .stackctl/sandbox`, `cluster home`
    pub(crate) name: String,
}

/// The sandbox when asked for, or when nothing names a cluster: a stack is never applied to whatever
/// context happens to be current.
pub(crate) async fn choose(
    args: &TargetArgs,
    sound: &Sound,
    key: Option<DigestKey>,
) -> Result<Chosen, Error> {
    let named = args.context.clone().or_else(|| {
        sound.stack.cluster.as_ref()?.context.as_ref().map(|context| context.value.clone())
    });
    let wants_cluster =
        named.is_some() || args.kubeconfig.is_some() || sound.stack.cluster.is_some();
    let chosen = match &args.sandbox {
        Some(folder) => sandbox(folder.clone(), sound),
        None if wants_cluster => cluster(args, named, key).await,
        None => sandbox(None, sound),
    }?;
    Ok(if args.without_nodes {
        Chosen { targets: chosen.targets.without(System::Machine), ..chosen }
    } else {
        chosen
    })
}

fn sandbox(folder: Option<PathBuf>, sound: &Sound) -> Result<Chosen, Error> {
    let folder = folder.unwrap_or_else(|| locate::folder(&sound.path).join(".stackctl/sandbox"));
    let shown = folder.strip_prefix("./").unwrap_or(&folder).display().to_string();
    let sandbox = Arc::new(Sandbox::open(&folder).map_err(Error::Sandbox)?);
    Ok(Chosen { targets: Targets::all_in(&sandbox), name: format!("sandbox {shown}") })
}

async fn cluster(
    args: &TargetArgs,
    context: Option<String>,
    key: Option<DigestKey>,
) -> Result<Chosen, Error> {
    let name = format!("cluster {}", context.as_deref().unwrap_or("of the current context"));
    let kubeconfig = args.kubeconfig.clone();
    let options = ConnectOptions { kubeconfig, context, timeout: args.request_timeout };
    let target = Kubernetes::connect(&options).await.map_err(Error::Connect)?;
    let target = match key {
        Some(key) => target.with_key(key),
        None => target,
    };
    let ssh = SshOptions { config: args.ssh_config.clone() };
    let cluster = Arc::new(target);
    let targets = Targets::new(cluster.clone())
        .with(System::Kubernetes, cluster)
        .with(System::Machine, Arc::new(Nodes::new(ssh)));
    Ok(Chosen { targets, name })
}
