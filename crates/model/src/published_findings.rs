//! Findings as the published plan writes them, `stackctl.plan/1`: a resource with a reason and its line, or
//! a sentence. The form is older than the one type of finding and stays as its readers know it.

/// What is said of a declared thing that no action is for.
pub(crate) mod remarks {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::{Finding, Origin, ResourceId, Severity};

    #[derive(Serialize, Deserialize)]
    struct Remark {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<ResourceId>,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Origin>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        app: Option<String>,
        // Older saved plans lack the rest.
        #[serde(default = "unnamed")]
        code: Cow<'static, str>,
        #[serde(default = "error")]
        severity: Severity,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        help: Vec<String>,
    }

    fn unnamed() -> Cow<'static, str> {
        Cow::Borrowed("unnamed")
    }

    fn error() -> Severity {
        Severity::Error
    }

    pub(crate) fn serialize<S: Serializer>(findings: &[Finding], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(findings.iter().map(|finding| Remark {
            id: finding.id.clone(),
            reason: finding.message.clone(),
            source: finding.origin().cloned(),
            app: finding.app.clone(),
            code: finding.code.clone(),
            severity: finding.severity,
            help: finding.help.clone(),
        }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Finding>, D::Error> {
        let remarks = Vec::<Remark>::deserialize(from)?;
        let finding = |remark: Remark| {
            let finding = Finding {
                code: remark.code,
                id: remark.id,
                help: remark.help,
                ..Finding::new("", remark.severity, remark.reason).of_app(remark.app)
            };
            match remark.source {
                Some(origin) => finding.also(origin, ""),
                None => finding,
            }
        };
        Ok(remarks.into_iter().map(finding).collect())
    }
}

/// Whole sentences that concern no single action.
pub(crate) mod notes {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::Finding;

    pub(crate) fn serialize<S: Serializer>(notes: &[Finding], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(notes.iter().map(|note| &note.message))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Finding>, D::Error> {
        let sentences = Vec::<String>::deserialize(from)?;
        Ok(sentences.into_iter().map(|text| Finding::note("saved-note", text)).collect())
    }
}
