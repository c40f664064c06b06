//! The Prometheus operator: what is looked at, and what is told of it.

use super::rules::{KindRules, Removal};

const MONITORING: &str = "monitoring.coreos.com";

pub(super) const KINDS: &[KindRules] = &[
    KindRules { removal: Removal::Front, ..KindRules::plain(MONITORING, "ServiceMonitor") },
    KindRules { removal: Removal::Front, ..KindRules::plain(MONITORING, "PodMonitor") },
    KindRules { removal: Removal::Front, ..KindRules::plain(MONITORING, "Probe") },
    KindRules::plain(MONITORING, "ScrapeConfig"),
    KindRules::plain(MONITORING, "PrometheusRule"),
    KindRules::plain(MONITORING, "AlertmanagerConfig"),
];
