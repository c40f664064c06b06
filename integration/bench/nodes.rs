//! Planning many machines: about as long as the slowest of them takes alone.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use stackctl_integration::{ControlPlane, Home, Machines, Proxy, built_stackctl};

use crate::{median, ratio};

const NODES: usize = 20;
/// Each packet of the slow one waits so long. All machines share the cores of this one.
const SLOW: Duration = Duration::from_millis(200);

/// Prints how long a plan takes for one machine, for a slow one, and for twenty with that one among them.
pub(crate) fn plan(cluster: &ControlPlane, rounds: usize) -> Result<()> {
    let names: Vec<String> = (0..NODES).map(|number| format!("node-{number:02}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let machines = Machines::start(&all, &[])?;
    let (fast, slow) = ("node-01", "node-00");
    let proxy = Proxy::to(&format!("{}:22", machines.address(slow)?))?;
    let latency = u64::try_from(SLOW.as_millis())?;
    proxy.add(&serde_json::json!({"type": "latency", "attributes": {"latency": latency}}))?;
    machines
        .prepend_config(&format!("Host {slow}\n  HostName 127.0.0.1\n  Port {}\n", proxy.port()))?;
    println!("planning machines over ssh");
    let one = time(cluster, &machines, &[fast], rounds)?;
    let alone = time(cluster, &machines, &[slow], rounds)?;
    let fast_ones = time(cluster, &machines, &all[1..], rounds)?;
    let twenty = time(cluster, &machines, &all, rounds)?;
    println!("  one machine          {:.2} s", one.as_secs_f64());
    println!("  a slow one           {:.2} s", alone.as_secs_f64());
    println!("  {} others            {:.2} s", NODES - 1, fast_ones.as_secs_f64());
    println!(
        "  {NODES}, that one among  {:.2} s  {:.2} of the slow one (goal about 1)\n",
        twenty.as_secs_f64(),
        ratio(twenty, alone)
    );
    Ok(())
}

fn time(
    cluster: &ControlPlane,
    machines: &Machines,
    nodes: &[&str],
    rounds: usize,
) -> Result<Duration> {
    let mut stack = "stack bench-nodes\ncluster context=home\ndefaults { node { longhorn-host; sysctl { \
                     fs.inotify.max_user_instances 512; fs.inotify.max_user_watches 524288; }; }; }\n"
        .to_owned();
    for node in nodes {
        stack.push_str(&format!("node {node} ssh=\"ops@{node}\"\n"));
    }
    let config = machines.config().display().to_string();
    let home = Home::new(built_stackctl(), &stack)
        .with_cluster(cluster)
        .with_variable("STACKCTL_SSH_CONFIG", &config);
    let mut times = Vec::new();
    for _ in 0..rounds.max(3) {
        let begun = Instant::now();
        let said = home.run(&["plan"]);
        times.push(begun.elapsed());
        ensure!(
            said.code == 0 && !said.out.contains("could not be looked at"),
            "{}{}",
            said.out,
            said.err
        );
    }
    Ok(median(times))
}
