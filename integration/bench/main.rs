//! Measures `stackctl` beside its peers, on one control plane, in one run; prints medians and ratios.
//!
//! `cargo run --release -p stackctl-integration --bin bench`: everything; `bench nodes`: only machines. A
//! number as last argument is the count of rounds (3 unless said).
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "measuring is what this program is for"
)]

mod memory;
mod nodes;
mod objects;
mod raw;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use stackctl_integration::{Cache, ControlPlane, Home, Part, Program, built_stackctl};

/// Apps per round: 1 namespace and 3 objects for each, 301 objects.
const APPS: usize = 100;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1).peekable();
    let only_nodes = words.next_if_eq("nodes").is_some();
    let rounds = words.next().map_or(Ok(3), |text| text.parse()).context("count of rounds")?;
    if !only_nodes {
        sandbox(rounds)?;
    }
    let cluster = ControlPlane::start()?;
    nodes::plan(&cluster, rounds)?;
    if only_nodes { Ok(()) } else { objects_in(&cluster, rounds) }
}

/// Planning in the sandbox: 10,000 resources, then twice as many.
fn sandbox(rounds: usize) -> Result<()> {
    println!("planning in the sandbox, all up to date");
    let mut medians = Vec::new();
    for resources in [10_000, 20_000] {
        let home = Home::new(built_stackctl(), "stack many\nmanifest \"many.yaml\"\n");
        home.write("many.yaml", &objects::config_maps(resources - 1));
        ensure!(
            home.run(&["apply", "--sandbox", "--yes"]).code == 0,
            "the sandbox did not take them"
        );
        let mut times = Vec::new();
        let mut peak = 0;
        for _ in 0..rounds.max(3) {
            let (time, kilobytes) = memory::peak(home.command(&["plan", "--sandbox"]))?;
            times.push(time);
            peak = peak.max(kilobytes);
        }
        let time = median(times);
        println!(
            "  {resources:>6} resources  {:>6.2} s  {:>4} MB",
            time.as_secs_f64(),
            peak / 1024
        );
        medians.push(time);
    }
    if let [once, twice] = medians[..] {
        println!("  twice as many take {:.2} times as long (goal 2)\n", ratio(twice, once));
    }
    Ok(())
}

#[derive(Default)]
struct Times {
    raw: Vec<Duration>,
    ours: Vec<Duration>,
    kubectl: Vec<Duration>,
    helm: Vec<Duration>,
    our_diff: Vec<Duration>,
    kubectl_diff: Vec<Duration>,
}

fn objects_in(cluster: &ControlPlane, rounds: usize) -> Result<()> {
    // What controllers make of each object takes longer than the object itself, and would be measured with
    // whoever comes next.
    for program in [
        Program::CertManager,
        Program::CiliumGateway,
        Program::Provisioner,
        Program::Kwok,
        Program::Scheduler,
        Program::ControllerManager,
    ] {
        cluster.kill(program)?;
    }
    let helm = Cache::open()?.ensure(&[Part::Helm])?.program(Part::Helm, "helm");
    let mut times = Times::default();
    for round in 0..rounds {
        times.raw.push(raw::create(
            cluster.kubeconfig(),
            &objects::values(&format!("raw-{round}"), APPS),
        )?);
        ours(cluster, round, &mut times)?;
        kubectl(cluster, round, &mut times)?;
        times.helm.push(helm_install(cluster, &helm, round)?);
    }
    report(times);
    Ok(())
}

fn ours(cluster: &ControlPlane, round: usize, times: &mut Times) -> Result<()> {
    let name = format!("ours-{round}");
    let stack = format!("stack {name}\ncluster context=home\nmanifest \"all.yaml\"\n");
    let home =
        Home::new(built_stackctl(), &stack).with_variable("KUBECONFIG", &kubeconfig(cluster));
    // The stack makes the namespace itself.
    let rest = objects::yaml(&name, APPS).split_off(objects::yaml(&name, 0).len());
    home.write("all.yaml", &rest);
    times.ours.push(time(home.command(&["apply", "--yes", "--no-wait"]))?);
    times.our_diff.push(time(home.command(&["diff"]))?);
    Ok(())
}

fn kubectl(cluster: &ControlPlane, round: usize, times: &mut Times) -> Result<()> {
    let name = format!("kubectl-{round}");
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("all.yaml");
    std::fs::write(&file, objects::yaml(&name, APPS))?;
    let command = |verb: &str| {
        let mut command = cluster.kubectl();
        command.args([verb, "--server-side", "-f"]).arg(&file);
        command
    };
    times.kubectl.push(time(command("apply"))?);
    times.kubectl_diff.push(time(command("diff"))?);
    Ok(())
}

fn helm_install(cluster: &ControlPlane, helm: &std::path::Path, round: usize) -> Result<Duration> {
    let name = format!("helm-{round}");
    let chart = tempfile::tempdir()?;
    std::fs::create_dir(chart.path().join("templates"))?;
    std::fs::write(
        chart.path().join("Chart.yaml"),
        "apiVersion: v2\nname: many\nversion: 1.0.0\n",
    )?;
    std::fs::write(chart.path().join("templates/all.yaml"), objects::yaml(&name, APPS))?;
    let mut command = Command::new(helm);
    command.args(["install", &name]).arg(chart.path()).env("KUBECONFIG", cluster.kubeconfig());
    command.env("HOME", chart.path());
    time(command)
}

fn kubeconfig(cluster: &ControlPlane) -> String {
    cluster.kubeconfig().display().to_string()
}

fn time(mut command: Command) -> Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let begun = Instant::now();
    let output = command.output().context("starting a peer")?;
    let taken = begun.elapsed();
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(taken)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn report(times: Times) {
    let ours = median(times.ours);
    let our_diff = median(times.our_diff);
    println!("creating {} objects", 3 * APPS + 1);
    println!("  stackctl apply --no-wait             {:>6.2} s", ours.as_secs_f64());
    for (peer, taken, goal) in [
        ("the same requests raw, 16 at once", times.raw, "at most 1.5"),
        ("kubectl apply --server-side", times.kubectl, "at most 0.2"),
        ("helm install", times.helm, "less than 1"),
    ] {
        let taken = median(taken);
        println!(
            "  {peer:<36} {:>6.2} s  ours is {:.2} of it ({goal})",
            taken.as_secs_f64(),
            ratio(ours, taken)
        );
    }
    let theirs = median(times.kubectl_diff);
    println!("an unchanged diff of them");
    println!("  stackctl diff                        {:>6.2} s", our_diff.as_secs_f64());
    println!(
        "  kubectl diff --server-side           {:>6.2} s  ours is {:.2} of it (at most 0.25)",
        theirs.as_secs_f64(),
        ratio(our_diff, theirs)
    );
}
