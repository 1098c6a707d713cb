//! The page with all figures of a measurement.

use std::fmt::Write;

use super::options::Options;
use super::table::Section;

/// What `--peer` needs.
const PEER: &str = "The value of `--peer` is the program of hashicorp/aws, from the archive of a \
                    release. Without it, the page has no lines for hashicorp/aws.\n\n";

/// The page. The picture is named where it is next to the page.
pub(super) fn page(
    options: &Options,
    machine: &[(&str, String)],
    quiet: &str,
    sections: &[Section],
    picture: Option<&str>,
) -> String {
    let mut page = format!(
        "# Benchmarks\n\n\
         This command measured every figure on this page, and wrote the page:\n\n\
         ```sh\n{}\n```\n\n{}\
         A real Terraform runs this provider against the [simulator](simulator.md), which answers \
         each call after 50 ms. A figure is the median of all runs, with the range in parentheses. \
         The providers take turns.\n\n",
        options.command(),
        if options.peer.is_some() { PEER } else { "" },
    );
    if let Some(picture) = picture {
        let _ = write!(
            page,
            "![Calls to AWS and seconds of an apply, a plan and a destroy, by the number of \
             WorkSpaces]({picture})\n\n"
        );
    }
    page += "## Machine\n\n| | |\n| --- | --- |\n";
    for (name, value) in machine {
        let _ = writeln!(page, "| {name} | {value} |");
    }
    let _ = write!(page, "\n{quiet}\n\n## Reading the tables\n\n{}", columns(options));
    for section in sections {
        let _ = write!(page, "\n## {}\n\n{}", section.title, section.markdown());
    }
    page
}

fn columns(options: &Options) -> String {
    let mut text = "\
- seconds: from the start of the command to its end. CPU seconds: of Terraform and the provider together.
- calls: all calls to AWS, those to AWS STS included. throttled: the calls that AWS throttled.
- ratio: the seconds of this provider divided by the seconds of the line. Below 1, this provider is faster.
- floor: this provider without AWS. It plans as usual and answers each change at once, in the process of the benchmark;
  its CPU seconds are those of Terraform alone.
"
    .to_owned();
    if options.peer.is_some() {
        text += "\
- hashicorp/aws: its resource `aws_workspaces_workspace`, which creates ordinary WorkSpaces, with the same Terraform and
  simulator. It does not call AWS STS. In small fleets it spends most of the time starting: see 1@10.
";
    }
    if options.against.is_some() {
        text += "- base: another build of this provider.\n";
    }
    text += "- goals: the limits that the developers of this provider aim at. ✓ met, ✗ missed, – not measured.\n";
    text
}
