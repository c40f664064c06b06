//! A GPU nobody offers.

use stackctl_model::{Declared, Finding, GpuRequest, Severity, closest};

use super::lint::{Check, Doc, Lint};

pub(super) const LINT: Lint = Lint {
    code: "unknown-gpu",
    severity: Severity::Error,
    check: Check::Stack(check),
    doc: Doc {
        wrong: "An app asks for a GPU that no node of the stack has.",
        why: "Its pod would wait for a node for ever.",
        example: "node nuc { gpu intel; }\napp jellyfin { gpu nvidia; }",
        mend: "Say which node has it, `node NAME { gpu CLASS; }`, or ask for one that a node has.",
        source: "",
    },
};

fn check(declared: &Declared) -> Vec<Finding> {
    let offered = || declared.gpus.iter().map(String::as_str);
    let not_offered = |request: &&GpuRequest| !offered().any(|gpu| gpu == request.class.text);
    let finding = |request: &GpuRequest| {
        let class = request.class.text.as_str();
        let at = &request.class.at;
        let message = format!("app {} asks for gpu {class}, which no node has", request.app);
        let finding = Finding::error(LINT.code, message, at);
        match closest(class, offered()) {
            Some(near) => finding.help(format!("Did you mean {near}?")).fix(at.span, near),
            None => finding.help(format!("Say which one has it: `node NAME {{ gpu {class}; }}`.")),
        }
    };
    declared.gpu_requests.iter().filter(not_offered).map(finding).collect()
}
