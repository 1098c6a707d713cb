use crate::sim::markup::escape;

/// A table cell whose content is text. The label names it where the table has no columns.
pub(super) fn cell(label: &str, class: &str, text: &str) -> String {
    let shown = if text.is_empty() { "&ndash;".to_owned() } else { escape(text) };
    format!("<td data-label=\"{label}\" class=\"{class}\">{shown}</td>")
}

/// A state, coloured by whether it is good, passing or bad.
pub(super) fn state(label: &str, state: &str) -> String {
    let class = match state {
        "AVAILABLE" | "STOPPED" | "REGISTERED" => "state good",
        "ERROR" | "UNHEALTHY" | "IMPAIRED" | "SUSPENDED" | "TERMINATING" | "TERMINATED" => {
            "state bad"
        }
        _ => "state busy",
    };
    cell(label, class, state)
}

/// A table; the columns that begin a new group are marked with a bar.
pub(super) fn table(columns: &[&str], rows: &[String]) -> String {
    let head: String = columns
        .iter()
        .map(|column| match column.strip_prefix('|') {
            Some(column) => format!("<th class=\"side\" scope=\"col\">{column}</th>"),
            None => format!("<th scope=\"col\">{column}</th>"),
        })
        .collect();
    let rows: String = rows.iter().map(|row| format!("<tr>{row}</tr>\n")).collect();
    format!(
        "<div class=\"scroll\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n\
         </table></div>"
    )
}
