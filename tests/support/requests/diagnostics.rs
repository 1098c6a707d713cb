//! Diagnostics in the form that tests compare.

use terraform_provider_aws_workspaces::rpc::proto;

/// The errors among diagnostics, as (path, summary).
pub(crate) fn errors(diagnostics: &[proto::Diagnostic]) -> Vec<(String, String)> {
    of_severity(diagnostics, proto::diagnostic::Severity::Error)
}

/// The warnings among diagnostics, as (path, summary).
pub(crate) fn warnings(diagnostics: &[proto::Diagnostic]) -> Vec<(String, String)> {
    of_severity(diagnostics, proto::diagnostic::Severity::Warning)
}

/// What [`errors`] and [`warnings`] give when there are none.
pub(crate) fn no_errors() -> Vec<(String, String)> {
    Vec::new()
}

/// A path as Terraform shows it.
pub(crate) fn shown(path: &proto::AttributePath) -> String {
    use proto::attribute_path::step::Selector;
    let mut shown = String::new();
    for step in &path.steps {
        match step.selector.as_ref().expect("every step selects something") {
            Selector::AttributeName(name) if shown.is_empty() => shown.push_str(name),
            Selector::AttributeName(name) => shown.extend([".", name]),
            Selector::ElementKeyString(key) => shown.push_str(&format!("[{key:?}]")),
            Selector::ElementKeyInt(index) => shown.push_str(&format!("[{index}]")),
        }
    }
    shown
}

fn of_severity(
    diagnostics: &[proto::Diagnostic],
    severity: proto::diagnostic::Severity,
) -> Vec<(String, String)> {
    let wanted = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity);
    let shown = |diagnostic: &proto::Diagnostic| {
        diagnostic.attribute.as_ref().map(shown).unwrap_or_default()
    };
    wanted.map(|diagnostic| (shown(diagnostic), diagnostic.summary.clone())).collect()
}
