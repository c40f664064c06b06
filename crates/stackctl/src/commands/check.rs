//! `stackctl check`

use stackctl_model::Severity;

use crate::args::{CheckArgs, FindingsFormat};
use crate::error::Error;
use crate::exit::Exit;
use crate::stack::{self, Reading};
use crate::terminal::Terminal;

pub(crate) fn run(args: &CheckArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let mut reading = stack::read(&args.stack)?;
    if args.strict {
        let silenced = std::mem::take(&mut reading.silenced);
        reading.findings.extend(silenced);
    }
    terminal.out(&shown(&reading, args.output, terminal));
    let worst = reading.findings.iter().map(|finding| finding.severity).min();
    Ok(match worst {
        Some(Severity::Error) => Exit::Failure,
        Some(Severity::Warning) if args.strict => Exit::CheckFailed,
        Some(Severity::Warning | Severity::Note) | None => Exit::Success,
    })
}

fn shown(reading: &Reading, format: FindingsFormat, terminal: &Terminal) -> String {
    let texts = stack::texts(&reading.sources);
    let findings = &reading.findings;
    match format {
        FindingsFormat::Json => stackctl_view::findings_json(findings, &texts),
        FindingsFormat::Sarif => stackctl_view::findings_sarif(findings, &texts),
        FindingsFormat::Short => stackctl_view::findings_short(findings, &texts),
        FindingsFormat::Text => {
            let mut out = String::new();
            stackctl_view::findings_text(findings, &texts, terminal.out_style(), &mut out)
                .expect("writing to a String cannot fail");
            out.push_str(&verdict(reading));
            out
        }
    }
}

fn verdict(reading: &Reading) -> String {
    let path = reading.path.display();
    if reading.findings.is_empty() {
        return format!("{path}: no mistakes; {} resources\n", reading.resources.len());
    }
    let errors =
        reading.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings =
        reading.findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    format!("{path}: {errors} errors, {warnings} warnings\n")
}
