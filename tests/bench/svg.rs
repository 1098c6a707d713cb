//! The picture: calls and seconds by the size of the fleet, a panel for each command of Terraform.

use std::fmt::Write;

use super::columns::Kind;
use super::compare::{CALLS, Measured, SECONDS, Spread};
use super::rows::{Case, Step};
use super::run::Figures;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 588.0;
/// Where the plot of the first panel begins, and how large a plot is.
const LEFT: f64 = 62.0;
const TOP: f64 = 96.0;
const PLOT: (f64, f64) = (208.0, 180.0);
/// From one panel to the next.
const STRIDE: (f64, f64) = (284.0, 262.0);
/// The smallest distance of two labels.
const LABEL: f64 = 13.0;

const STEPS: [Step; 3] = [Step::Apply, Step::Plan, Step::Destroy];
const PARALLELISM: u32 = 10;

/// Colors that are told apart on a light and on a dark page, and by those who see few colors.
const STYLE: &str = "\
    .back { fill: #ffffff } .text { fill: #1f2328 } .dim { fill: #59636e }
    .grid { stroke: #d1d9e0 } .now { stroke: #0969da; fill: #0969da } .peer { stroke: #bc4c00; fill: #bc4c00 }
    .base { stroke: #8250df; fill: #8250df } .floor { stroke: #818b98; fill: #818b98 }
    @media (prefers-color-scheme: dark) {
      .back { fill: #0d1117 } .text { fill: #e6edf3 } .dim { fill: #9198a1 }
      .grid { stroke: #30363d } .now { stroke: #58a6ff; fill: #58a6ff } .peer { stroke: #f0883e; fill: #f0883e }
      .base { stroke: #bc8cff; fill: #bc8cff } .floor { stroke: #8b949e; fill: #8b949e }
    }
    .line { fill: none; stroke-width: 2.2; stroke-linejoin: round } .number, .dot { stroke: none }
    line.floor, path.floor, line.base, path.base { stroke-dasharray: 5 4 }
";

/// What a row of panels shows.
struct Shown {
    title: &'static str,
    of: fn(&Figures) -> f64,
    kinds: &'static [Kind],
}

const SHOWN: [Shown; 2] = [
    Shown { title: "calls to AWS", of: CALLS, kinds: &[Kind::Peer, Kind::Base, Kind::Now] },
    Shown {
        title: "seconds",
        of: SECONDS,
        kinds: &[Kind::Peer, Kind::Floor, Kind::Base, Kind::Now],
    },
];

/// Draws the rows in which AWS answers as usual and Terraform has its default parallelism; none where
/// fewer than two of them were measured.
pub(super) fn picture(measured: &[Measured<'_>]) -> Option<String> {
    let mut rows: Vec<&Measured<'_>> = measured
        .iter()
        .filter(|one| one.row.case == Case::Plain && one.row.parallelism == PARALLELISM)
        .collect();
    rows.sort_by_key(|one| one.row.size);
    let columns = rows.first().filter(|_| rows.len() > 1)?.columns();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         font-family=\"-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"12\">\n  \
         <title>Calls to AWS and seconds by the number of WorkSpaces</title>\n  \
         <style>\n{STYLE}  </style>\n  \
         <rect class=\"back\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\"/>\n"
    );
    text(
        &mut svg,
        "text",
        (22.0, 31.0),
        "start",
        "font-size=\"16\" font-weight=\"600\"",
        &format!(
            "Calls and seconds by the number of WorkSpaces (parallelism {PARALLELISM}, 50 ms for each call)"
        ),
    );
    let mut x = LEFT;
    for column in columns {
        let class = class(column.kind);
        let _ = writeln!(
            svg,
            "  <line class=\"{class}\" stroke-width=\"2.5\" x1=\"{x}\" y1=\"54\" x2=\"{}\" y2=\"54\"/>",
            x + 26.0
        );
        let name = match column.kind {
            Kind::Floor => "Terraform without calls",
            _ => &column.name,
        };
        text(&mut svg, "text", (x + 33.0, 58.0), "start", "", name);
        x += 64.0 + 6.4 * name.len() as f64;
    }
    for (line, shown) in SHOWN.iter().enumerate() {
        for (column, step) in STEPS.iter().enumerate() {
            let at = (LEFT + STRIDE.0 * column as f64, TOP + STRIDE.1 * line as f64);
            panel(&mut svg, at, &rows, *step, shown);
        }
    }
    svg += "</svg>\n";
    Some(svg)
}

fn panel(svg: &mut String, at: (f64, f64), rows: &[&Measured<'_>], step: Step, shown: &Shown) {
    let (left, top) = at;
    let bottom = top + PLOT.1;
    let lines: Vec<(Kind, Vec<(f64, f64)>)> =
        shown.kinds.iter().map(|kind| (*kind, points(rows, step, *kind, shown.of))).collect();
    // The scale is that of all steps, so that panels can be compared.
    let values = || {
        let of_step =
            |step| shown.kinds.iter().flat_map(move |kind| points(rows, step, *kind, shown.of));
        STEPS.into_iter().flat_map(of_step).map(|(_, value)| value)
    };
    let decades = (
        values().fold(f64::MAX, f64::min).log10().floor(),
        values().fold(f64::MIN, f64::max).log10().ceil(),
    );
    let sizes = [rows[0], rows[rows.len() - 1]].map(|one| f64::from(one.row.size).log10());
    let x = |size: f64| left + PLOT.0 * (size.log10() - sizes[0]) / (sizes[1] - sizes[0]);
    let y = |value: f64| bottom - PLOT.1 * (value.log10() - decades.0) / (decades.1 - decades.0);

    let bold = "font-weight=\"600\"";
    text(svg, "text", (left, top - 10.0), "start", bold, &format!("{step}: {}", shown.title));
    let mut decade = decades.0;
    while decade <= decades.1 {
        let value = 10_f64.powf(decade);
        grid(svg, (left, y(value)), (left + PLOT.0, y(value)));
        text(svg, "dim", (left - 8.0, y(value) + 4.0), "end", "", &tick(value));
        decade += 1.0;
    }
    for one in rows {
        let at = x(f64::from(one.row.size));
        grid(svg, (at, top), (at, bottom));
        text(svg, "dim", (at, bottom + 17.0), "middle", "", &tick(f64::from(one.row.size)));
    }
    let middle = left + PLOT.0 / 2.0;
    text(svg, "dim", (middle, bottom + 34.0), "middle", "", "WorkSpaces");
    let mut labels = Vec::new();
    for (kind, points) in lines.iter().filter(|(_, points)| !points.is_empty()) {
        let class = class(*kind);
        let path: Vec<String> = points
            .iter()
            .map(|(size, value)| format!("{:.1} {:.1}", x(*size), y(*value)))
            .collect();
        let _ = writeln!(svg, "  <path class=\"{class} line\" d=\"M{}\"/>", path.join(" L"));
        for (size, value) in points {
            let _ = writeln!(
                svg,
                "  <circle class=\"{class} dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.2\"/>",
                x(*size),
                y(*value)
            );
        }
        let (size, value) = points[points.len() - 1];
        labels.push((y(value), x(size), class, value));
    }
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lowest = f64::MIN;
    for (y, x, class, value) in labels {
        lowest = y.max(lowest + LABEL);
        text(svg, &format!("{class} number"), (x + 7.0, lowest + 4.0), "start", "", &number(value));
    }
}

fn points(
    rows: &[&Measured<'_>],
    step: Step,
    kind: Kind,
    of: fn(&Figures) -> f64,
) -> Vec<(f64, f64)> {
    let of_row = |one: &&Measured<'_>| {
        let figure = one.figure(step, kind, of).map(Spread::median)?;
        // A logarithm of nothing is not to be drawn.
        Some((f64::from(one.row.size), figure.max(0.01)))
    };
    rows.iter().filter_map(of_row).collect()
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Now => "now",
        Kind::Base => "base",
        Kind::Floor => "floor",
        Kind::Peer => "peer",
    }
}

/// With two digits where it is small, and a comma between thousands.
fn number(value: f64) -> String {
    match value {
        ..1.0 => format!("{value:.2}").trim_end_matches('0').to_owned(),
        1.0..10.0 if value.fract() != 0.0 => format!("{value:.1}"),
        ..1000.0 => format!("{value:.0}"),
        _ => format!("{:.0},{:03.0}", (value / 1000.0).floor(), value % 1000.0),
    }
}

/// Short enough for the space between two panels.
fn tick(value: f64) -> String {
    if value >= 1000.0 { format!("{}k", value / 1000.0) } else { number(value) }
}

fn grid(svg: &mut String, from: (f64, f64), to: (f64, f64)) {
    let _ = writeln!(
        svg,
        "  <line class=\"grid\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn text(svg: &mut String, class: &str, at: (f64, f64), anchor: &str, more: &str, text: &str) {
    let _ = writeln!(
        svg,
        "  <text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" {more}>{text}</text>",
        at.0, at.1
    );
}
