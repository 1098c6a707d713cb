//! What is compared: this provider, another build of it, hashicorp/aws, and this provider
//! without calls.

use std::path::{Path, PathBuf};

use terraform_provider_aws_workspaces::sim::builtin::STANDBY_DIRECTORY_ID;

use super::options::Options;
use super::rows::{Case, Row};
use crate::support::program::PROGRAM;
use crate::support::terraform::{SOURCE, fleet, fleet_with_one_wait};

/// A provider and what it is asked to make.
pub(super) struct Column {
    pub(super) kind: Kind,
    /// The name in tables.
    pub(super) name: String,
    /// The program of the provider.
    pub(super) program: PathBuf,
    /// How often a row is run with it.
    pub(super) runs: u32,
}

/// The columns that there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// This provider makes standbys.
    Now,
    /// Another build of it does.
    Base,
    /// This provider answers without calls.
    Floor,
    /// hashicorp/aws makes ordinary WorkSpaces.
    Peer,
}

/// The columns that the options ask for.
pub(super) fn columns(options: &Options) -> Vec<Column> {
    let own = Path::new(PROGRAM);
    let column = |kind, name: &str, program: &Path, runs| Column {
        kind,
        name: name.to_owned(),
        program: program.canonicalize().expect("the program exists"),
        runs,
    };
    let mut columns = vec![column(Kind::Now, "this provider", own, options.runs)];
    columns
        .extend(options.against.iter().map(|base| column(Kind::Base, "base", base, options.runs)));
    columns.push(column(Kind::Floor, "floor", own, options.runs));
    columns.extend(options.peer.iter().map(|peer| {
        column(Kind::Peer, &peer_name(peer), peer, options.peer_runs.unwrap_or(options.runs))
    }));
    columns
}

/// With the version where the program has its usual name, `terraform-provider-aws_v5.100.0_x5`.
fn peer_name(program: &Path) -> String {
    let file = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let version = file.split('_').find_map(|part| part.strip_prefix('v'));
    version.map_or_else(|| "hashicorp/aws".to_owned(), |version| format!("hashicorp/aws {version}"))
}

impl Column {
    /// The address of the provider.
    pub(super) fn source(&self) -> &'static str {
        match self.kind {
            Kind::Peer => "hashicorp/aws",
            Kind::Now | Kind::Base | Kind::Floor => SOURCE,
        }
    }

    /// Whether a row says something about this column: the floor is the same however AWS answers.
    pub(super) fn is_in(&self, row: &Row) -> bool {
        self.kind != Kind::Floor || row.case == Case::Plain
    }

    /// What the provider block has besides the Region and the endpoints.
    pub(super) fn provider(&self) -> &'static str {
        match self.kind {
            // As for the peer. The account is asked for, because it is in the ARN.
            Kind::Now | Kind::Base => "skip_credentials_validation = true",
            Kind::Floor | Kind::Peer => {
                "skip_credentials_validation = true\n  skip_requesting_account_id = true\n  \
                 skip_metadata_api_check = true"
            }
        }
    }

    /// The resources of a row.
    pub(super) fn resources(&self, row: &Row) -> String {
        let size = row.size;
        match (self.kind, row.case) {
            (Kind::Now | Kind::Base, Case::SlowTogether) => fleet_with_one_wait(size, ""),
            (Kind::Now | Kind::Base | Kind::Floor, _) => fleet(size, ""),
            (Kind::Peer, _) => workspaces(size),
        }
    }
}

fn workspaces(size: u32) -> String {
    format!(
        r#"
resource "aws_workspaces_workspace" "desk" {{
  count        = {size}
  directory_id = "{STANDBY_DIRECTORY_ID}"
  bundle_id    = "wsb-0standard1"
  user_name    = format("user%05d", count.index + 1)
}}
"#
    )
}
