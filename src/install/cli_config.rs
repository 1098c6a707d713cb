//! Whether `terraform init` searches a directory, from the CLI configuration of Terraform.
//!
//! <https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation>

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::syntax::{Block, parse};

/// The largest file that is read, in bytes. A CLI configuration has a few lines.
const LARGEST: u64 = 1 << 20;

/// What Terraform does with a directory of providers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// No file has a `provider_installation` block: Terraform searches the implied mirrors.
    Implied,
    /// The block in this file names the directory as a mirror.
    Named(PathBuf),
    /// The block in this file leaves the directory, or the provider, out.
    LeftOut(PathBuf),
    /// The block in this file uses another build of the provider (`dev_overrides`).
    Overridden(PathBuf),
    /// This file cannot be read.
    Unknown(PathBuf, String),
}

/// What Terraform does with the directory `mirror` for the provider with this full address.
pub(super) fn search(
    mirror: &Path,
    address: &str,
    environment: &BTreeMap<String, String>,
) -> Search {
    for file in files(environment) {
        let blocks = match read(&file) {
            Ok(None) => continue,
            Ok(Some(text)) => parse(&text),
            Err(error) => Err(error.to_string()),
        };
        let blocks = match blocks {
            Ok(blocks) => blocks,
            Err(why) => return Search::Unknown(file, why),
        };
        // Terraform accepts one such block in all files.
        if let Some(installation) = blocks.blocks("provider_installation").next() {
            return in_block(installation, mirror, address, file);
        }
    }
    Search::Implied
}

fn in_block(installation: &Block, mirror: &Path, address: &str, file: PathBuf) -> Search {
    let is_ours = |name: &str| matches(name, address);
    let mut overrides = installation.blocks("dev_overrides");
    if overrides.any(|block| block.names().any(is_ours)) {
        return Search::Overridden(file);
    }
    let is_named = installation.blocks("filesystem_mirror").any(|method| {
        let path = method.text("path").map(PathBuf::from);
        let mut includes = method.list("include").peekable();
        path.is_some_and(|path| is_same(&path, mirror))
            && (includes.peek().is_none() || includes.any(is_ours))
            && !method.list("exclude").any(is_ours)
    });
    if is_named { Search::Named(file) } else { Search::LeftOut(file) }
}

/// The files of Terraform's CLI configuration, whether they exist or not.
fn files(environment: &BTreeMap<String, String>) -> Vec<PathBuf> {
    let set = |name: &str| environment.get(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    if let Some(file) = set("TF_CLI_CONFIG_FILE").or_else(|| set("TERRAFORM_CONFIG")) {
        return vec![file];
    }
    let (file, directory) = if cfg!(windows) {
        let Some(directory) = set("APPDATA") else { return Vec::new() };
        (directory.join("terraform.rc"), directory.join("terraform.d"))
    } else {
        let Some(directory) = set("HOME") else { return Vec::new() };
        (directory.join(".terraformrc"), directory.join(".terraform.d"))
    };
    let is_configuration = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".tfrc") || name.ends_with(".tfrc.json")
    };
    let others = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut others: Vec<_> = others.map(|entry| entry.path()).filter(is_configuration).collect();
    others.sort();
    others.insert(0, file);
    others
}

/// The text of a file; `None` if it does not exist.
fn read(file: &Path) -> io::Result<Option<String>> {
    let found = match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    // Opening a named pipe would wait for another program.
    if !found.is_file() || found.len() > LARGEST {
        return Err(io::Error::other("it is not a regular file of at most 1 MiB"));
    }
    let mut text = String::new();
    fs::File::open(file)?.take(LARGEST).read_to_string(&mut text)?;
    Ok(Some(text))
}

/// Whether both paths are the same directory.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok();
    real(one).is_some_and(|one| Some(one) == real(other))
}

/// Whether a pattern such as `registry.terraform.io/*/*` or `namespace/name` matches an address.
fn matches(pattern: &str, address: &str) -> bool {
    const DEFAULT_HOST: &str = "registry.terraform.io";
    let mut parts: Vec<&str> = pattern.split('/').collect();
    if parts.len() == 2 {
        parts.insert(0, DEFAULT_HOST);
    }
    let address: Vec<&str> = address.split('/').collect();
    let is_match = |(part, of): (&&str, &&str)| *part == "*" || part.eq_ignore_ascii_case(of);
    parts.len() == address.len() && parts.iter().zip(&address).all(is_match)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "registry.terraform.io/workspaces-dr/aws-workspaces";

    fn searched(configuration: &str) -> String {
        let home = tempfile::tempdir().unwrap();
        let mirror = home.path().join(".terraform.d/plugins");
        fs::create_dir_all(&mirror).unwrap();
        let file = home.path().join("cli.tfrc");
        fs::write(&file, configuration.replace("MIRROR", mirror.to_str().unwrap())).unwrap();
        let variable = |name: &str, path: &Path| (name.to_owned(), path.display().to_string());
        let given = BTreeMap::from([variable("TF_CLI_CONFIG_FILE", &file)]);
        let found = search(&mirror, ADDRESS, &given);
        // The same file under each name that Terraform looks for.
        for name in [".terraformrc", ".terraform.d/other.tfrc"] {
            let named = home.path().join(name);
            fs::copy(&file, &named).unwrap();
            let there = search(&mirror, ADDRESS, &BTreeMap::from([variable("HOME", home.path())]));
            let text = |search: &Search, file: &Path| {
                format!("{search:?}").replace(file.to_str().unwrap(), "FILE")
            };
            assert_eq!(text(&there, &named), text(&found, &file), "{configuration}");
            fs::remove_file(named).unwrap();
        }
        match found {
            Search::Implied => "implied",
            Search::Named(_) => "named",
            Search::LeftOut(_) => "left out",
            Search::Overridden(_) => "overridden",
            Search::Unknown(..) => "unknown",
        }
        .to_owned()
    }

    #[test]
    fn a_provider_installation_block_decides_what_is_searched() {
        let with = |methods: &str| format!("provider_installation {{ {methods} }}");
        for (configuration, expected) in [
            (String::new(), "implied"),
            (
                "plugin_cache_dir = \"/cache\"\ncredentials \"host\" { token = \"x\" }".into(),
                "implied",
            ),
            ("# provider_installation {}\n// {\n/* } */".into(), "implied"),
            (with(""), "left out"),
            (with("direct {}"), "left out"),
            (with("filesystem_mirror { path = \"/elsewhere\" }"), "left out"),
            (with("filesystem_mirror { path = \"MIRROR\" }\ndirect {}"), "named"),
            (with("filesystem_mirror { path = \"MIRROR/../plugins\" }"), "named"),
            (
                with("filesystem_mirror { path = \"MIRROR\"\ninclude = [\"hashicorp/*\"] }"),
                "left out",
            ),
            (with("filesystem_mirror { path = \"MIRROR\", include = [\"*/*\"] }"), "named"),
            (
                with("filesystem_mirror { path = \"MIRROR\"\nexclude = [\"workspaces-dr/*\"] }"),
                "left out",
            ),
            (
                with(
                    "filesystem_mirror {\n path = \"MIRROR\" # here\n include = [\"a/b\", \"Workspaces-DR/aws-workspaces\"]\n}",
                ),
                "named",
            ),
            (with("dev_overrides { \"workspaces-dr/aws-workspaces\" = \"/built\" }"), "overridden"),
            (with("dev_overrides { \"hashicorp/aws\" = \"/built\" } direct {}"), "left out"),
            (
                "{\"provider_installation\": {\"filesystem_mirror\": [{\"path\": \"MIRROR\"}]}}"
                    .into(),
                "named",
            ),
            ("provider_installation {".into(), "unknown"),
            ("provider_installation = \"".into(), "unknown"),
            ("{".repeat(100_000), "unknown"),
        ] {
            assert_eq!(searched(&configuration), expected, "{configuration:.200}");
        }
    }

    #[test]
    fn what_is_not_a_regular_file_is_not_read() {
        for (file, is_absent) in [("/dev/zero", false), ("/", false), ("/absent", true)] {
            let given = BTreeMap::from([("TF_CLI_CONFIG_FILE".to_owned(), file.to_owned())]);
            let found = search(Path::new("/tmp"), ADDRESS, &given);
            assert_eq!(found == Search::Implied, is_absent, "{file}: {found:?}");
        }
    }
}
