//! `stackctl doctor`: looks at nodes and cluster, and says what would make the stack fail.

use stackctl_model::Severity;
use stackctl_plan::{Goal, PlanScope, lints};

use crate::args::{ApplyFormat, DoctorArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, PlanPurpose};
use crate::terminal::Terminal;

pub(crate) fn run(args: &DoctorArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    planning::block_on(async {
        let purpose =
            PlanPurpose { diagnoses: true, ..PlanPurpose::now(PlanScope::all_of(Goal::Apply)) };
        let ready = planning::plan(&args.place, purpose, terminal).await?;
        terminal.note(&format!("target: {}", ready.target_name));
        let mut diagnosis = ready.planned.diagnosis();
        let declared = &ready.declared;
        diagnosis.findings = lints::judge(diagnosis.findings, declared).said;
        terminal.out(&match args.output {
            ApplyFormat::Text => stackctl_view::doctor_text(&diagnosis, terminal.out_style()),
            ApplyFormat::Json => stackctl_view::doctor_json(&diagnosis),
        });
        let fails = diagnosis.findings.iter().any(|finding| finding.severity == Severity::Error);
        Ok(if fails { Exit::CheckFailed } else { Exit::Success })
    })
}
