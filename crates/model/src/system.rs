//! The systems that hold what a stack asks for. Closed: each has rules of its own in the planner, and the
//! compiler names every place that has to know a new one.

use std::fmt;

/// What kind of thing holds a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// A cluster: its objects.
    Kubernetes,
    /// Machines: their settings.
    Machine,
    /// Authentik: what it knows of apps and people.
    Authentik,
    /// Apps: the settings inside them, through their own APIs.
    App,
}

impl System {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 4] = [Self::Kubernetes, Self::Machine, Self::Authentik, Self::App];
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kubernetes => "Kubernetes",
            Self::Machine => "machines",
            Self::Authentik => "Authentik",
            Self::App => "apps",
        })
    }
}
