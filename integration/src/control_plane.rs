//! One control plane: started, kept, stopped.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::access::Access;
use crate::audit::Audit;
use crate::cache::{Cache, Parts};
use crate::children::{Children, end_of, free_ports};
use crate::part::Part;
use crate::programs::{Place, Program, audit_log, authority};
use crate::say::say;

/// How long a program may take to be ready; on a machine that also builds it may take half.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running cluster of three Ready nodes with its controllers and CRDs. It listens on
/// loopback ports of its own, keeps its data in a folder of its own, and ends when dropped or
/// when this process does.
#[derive(Debug)]
pub struct ControlPlane {
    children: Mutex<Children>,
    access: Access,
    parts: Parts,
    ports: [u16; 4],
    // Last, so that the programs are gone before their folder is.
    folder: TempDir,
}

impl ControlPlane {
    /// Builds what is missing, starts all programs and waits until the cluster is whole.
    pub fn start() -> Result<Self> {
        let parts = Cache::open()?.ensure(&Part::CONTROL_PLANE)?;
        let begun = Instant::now();
        let cluster = Self::prepare(parts)?;
        cluster.bring_up()?;
        say(&format!("cluster ready in {:.1} s", begun.elapsed().as_secs_f64()));
        Ok(cluster)
    }

    /// The one control plane of this process, started by whoever asks first.
    ///
    /// # Panics
    /// When it does not start; every later caller panics with the same words.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Result<ControlPlane>> = OnceLock::new();
        match SHARED.get_or_init(Self::start) {
            Ok(cluster) => cluster,
            Err(error) => panic!("no control plane: {error:#}"),
        }
    }

    fn prepare(parts: Parts) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("stackctl-lab-").tempdir()?;
        let ports: [u16; 4] = free_ports()?;
        let server = format!("https://127.0.0.1:{}", ports[0]);
        let access = Access::write(folder.path(), &server, &authority(folder.path()))?;
        std::fs::write(
            folder.path().join("audit-policy.yaml"),
            include_str!("objects/audit-policy.yaml"),
        )?;
        let children = Mutex::new(Children::new(folder.path()));
        Ok(Self { children, access, parts, ports, folder })
    }

    fn bring_up(&self) -> Result<()> {
        self.launch(Program::Etcd)?;
        self.wait_for_port(self.ports[1])?;
        self.launch(Program::ApiServer)?;
        self.wait_until_answering()?;
        let definitions = self.create_definitions()?;
        self.create("cluster.yaml", include_str!("objects/cluster.yaml"))?;
        for program in
            [Program::ControllerManager, Program::Scheduler, Program::Kwok, Program::Provisioner]
        {
            self.launch(program)?;
        }
        for mut creating in definitions {
            ensure!(creating.wait()?.success(), "CRDs:\n{}", end_of(&self.log("definitions")));
        }
        self.wait_until_established()?;
        self.create("custom.yaml", include_str!("objects/custom.yaml"))?;
        self.launch(Program::CiliumGateway)?;
        self.launch(Program::CertManager)?;
        self.wait_for(&["nodes", "--all", "--for=condition=Ready"])?;
        self.wait_for(&["gatewayclass/cilium", "--for=condition=Accepted"])?;
        self.wait_for(&["clusterissuer/letsencrypt", "--for=condition=Ready"])
    }

    fn launch(&self, program: Program) -> Result<()> {
        let place = Place {
            parts: &self.parts,
            folder: self.folder(),
            kubeconfig: self.access.admin(),
            tokens: &self.access.tokens,
            ports: self.ports,
        };
        self.children().start(program.recipe(&place))
    }

    fn children(&self) -> std::sync::MutexGuard<'_, Children> {
        self.children.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Creates the CRDs, a few clients side by side: one alone takes as long as all the rest.
    fn create_definitions(&self) -> Result<Vec<Child>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.parts.folder(Part::Crds))? {
            files.push(entry?.path());
        }
        files.sort();
        let log = std::fs::File::create(self.log("definitions"))?;
        let mut creating = Vec::new();
        for some in files.chunks(files.len().div_ceil(4).max(1)) {
            let mut kubectl = self.kubectl();
            kubectl.args(["create", "--validate=false"]);
            for file in some {
                kubectl.arg("-f").arg(file);
            }
            kubectl.stdout(Stdio::null()).stderr(log.try_clone()?);
            creating.push(kubectl.spawn()?);
        }
        Ok(creating)
    }

    /// `kubectl wait` gives up on a CRD that has no conditions yet, so it is asked again.
    fn wait_until_established(&self) -> Result<()> {
        self.wait_while_alive("the CRDs to be Established", || {
            self.run(&["wait", "crd", "--all", "--for=condition=Established"]).is_ok()
        })
    }

    fn create(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder().join(name);
        std::fs::write(&path, text)?;
        self.run(&["create", "--validate=false", "-f", &path.to_string_lossy()])?;
        Ok(())
    }

    fn wait_for_port(&self, port: u16) -> Result<()> {
        self.wait_while_alive("a port to open", || TcpStream::connect(("127.0.0.1", port)).is_ok())
    }

    /// Waits until the API server says that it is ready.
    pub fn wait_until_answering(&self) -> Result<()> {
        self.wait_for_port(self.ports[0])?;
        self.wait_while_alive("the API server to be ready", || {
            self.kubectl()
                .args(["get", "--raw=/readyz"])
                .output()
                .is_ok_and(|output| output.status.success())
        })
    }

    fn wait_while_alive(&self, what: &str, mut done: impl FnMut() -> bool) -> Result<()> {
        let limit = Instant::now() + PATIENCE;
        while !done() {
            self.children().check()?;
            if Instant::now() > limit {
                bail!("waited {} s for {what}", PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        Ok(())
    }

    fn wait_for(&self, what: &[&str]) -> Result<()> {
        let timeout = format!("--timeout={}s", PATIENCE.as_secs());
        let outcome = self.run(&[&["wait", &timeout], what].concat());
        self.children().check()?;
        outcome.map(drop)
    }

    /// Kills one program as a power cut would. Its data stays.
    pub fn kill(&self, program: Program) -> Result<()> {
        self.children().kill(program.name()).map(drop)
    }

    /// Starts a program again after [`ControlPlane::kill`]; does not wait for it.
    pub fn revive(&self, program: Program) -> Result<()> {
        self.launch(program)
    }

    /// The process id of a program, such as for reading its memory use.
    pub fn pid(&self, program: Program) -> Result<u32> {
        self.children().pid(program.name())
    }

    /// Stops all programs, etcd last, and removes the data. Dropping does the same.
    pub fn stop(self) -> Result<()> {
        self.children().stop();
        self.folder.close().context("removing the cluster's data")
    }

    /// Of `system:masters`, which the API server never throttles or refuses.
    pub fn kubeconfig(&self) -> &Path {
        self.access.admin()
    }

    /// Of a user bound to `cluster-admin`, who is throttled and refused as people are.
    pub fn operator_kubeconfig(&self) -> &Path {
        self.access.operator()
    }

    /// Such as `https://127.0.0.1:40123`.
    pub fn server(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports[0])
    }

    /// The built kubectl with the admin's kubeconfig, and a home where its caches do not meet
    /// anybody else's.
    pub fn kubectl(&self) -> Command {
        let mut command = Command::new(self.parts.program(Part::Kubernetes, "kubectl"));
        command
            .env("KUBECONFIG", self.kubeconfig())
            .env("HOME", self.folder())
            .stdin(Stdio::null());
        command
    }

    /// A reader of all requests answered from now on.
    pub fn audit(&self) -> Audit {
        Audit::from_now(audit_log(self.folder()))
    }

    /// The folder of data, logs and kubeconfigs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The log file of a program of this control plane.
    pub fn log(&self, name: &str) -> PathBuf {
        self.children().log(name)
    }
}
