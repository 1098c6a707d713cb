/// How alike two names must be for one to be suggested for the other: the threshold that clap uses.
const ALIKE: f64 = 0.7;

/// The message for a name that does not exist: the nearest one that does, and all of them.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|known| (strsim::jaro(name, known), known))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let suggestion =
        nearest.map(|(_, known)| format!(" Did you mean {known}?")).unwrap_or_default();
    format!("{name} is not a known {what}.{suggestion} Known: {}", known.join(", "))
}
