use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::stage::{Https, Key, NAME, VERSION, pack, platform, root, stand_in, succeeded};
use crate::support::program::PROGRAM;
use crate::support::terraform::{Run, Running, SOURCE, is_wanted};

/// The platform whose program is a stand-in.
const OTHER: (&str, &str) = ("windows", "amd64");

/// A signed release and what serves it, in a folder with configurations that use it.
struct Shop {
    folder: TempDir,
    key: Key,
    https: Https,
}

impl Shop {
    /// Packs this machine's program and a stand-in, and serves them as a registry does. Nothing if
    /// Terraform is not wanted or gpg is missing.
    fn open() -> Option<Self> {
        if !is_wanted() {
            return None;
        }
        let key = Key::new()?;
        let folder = tempfile::Builder::new().prefix("shop").tempdir_in("/tmp").unwrap();
        let served = folder.path().join("served");
        let here = platform();
        let [ours, other] = [here, OTHER].map(|(os, architecture)| format!("{os}_{architecture}"));
        let stand_in = stand_in(folder.path());
        let programs = [(ours.as_str(), Path::new(PROGRAM)), (other.as_str(), &stand_in)];
        succeeded(&pack(&served.join("release"), &programs, Some(&key)));
        let https = Https::start(folder.path(), &served);
        let shop = Self { folder, key, https };
        shop.list(&[here, OTHER]);
        Some(shop)
    }

    /// Writes the answers of a registry. Its protocol is made of files.
    ///
    /// <https://developer.hashicorp.com/terraform/internals/provider-registry-protocol>
    fn list(&self, platforms: &[(&str, &str)]) {
        let provider = self.path("served/v1/providers").join(SOURCE);
        let listed: Vec<Value> =
            platforms.iter().map(|(os, arch)| json!({"os": os, "arch": arch})).collect();
        let versions = json!({
            "versions": [{"version": VERSION, "protocols": ["6.0"], "platforms": listed}],
        });
        write(&provider.join("versions"), &versions.to_string());
        let sums = format!("{NAME}_{VERSION}_SHA256SUMS");
        let known = fs::read_to_string(self.path("served/release").join(&sums)).unwrap();
        let (key_id, armored) = self.key.public();
        let url = |file: &str| format!("{}/release/{file}", self.https.url);
        for (os, architecture) in platforms {
            let zip = format!("{NAME}_{VERSION}_{os}_{architecture}.zip");
            let line = known.lines().find(|line| line.ends_with(&zip)).expect("it is listed");
            let answer = json!({
                "protocols": ["6.0"],
                "os": os,
                "arch": architecture,
                "filename": zip,
                "download_url": url(&zip),
                "shasum": line.split(' ').next(),
                "shasums_url": url(&sums),
                "shasums_signature_url": url(&format!("{sums}.sig")),
                "signing_keys": {"gpg_public_keys": [{"key_id": key_id, "ascii_armor": armored}]},
            });
            let file = provider.join(VERSION).join("download").join(os).join(architecture);
            write(&file, &answer.to_string());
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The CLI configuration of somebody for whom this is the registry.
    fn registry(&self) -> String {
        let services = format!("{{ \"providers.v1\" = \"{}/v1/providers/\" }}", self.https.url);
        let hosts = ["registry.terraform.io", "registry.opentofu.org"];
        hosts.map(|host| format!("host \"{host}\" {{\n  services = {services}\n}}\n")).concat()
    }

    /// A working folder with a configuration that requires the provider.
    fn folder(&self, name: &str, settings: &str) -> Folder<'_> {
        let path = self.path(name);
        let configuration = format!(
            "terraform {{\n  required_providers {{\n    aws-workspaces = {{\n      source = \
             \"{SOURCE}\"\n    }}\n  }}\n}}\n"
        );
        write(&path.join("main.tf"), &configuration);
        write(&path.join("terraform.rc"), settings);
        Folder { shop: self, path }
    }
}

/// A working folder of Terraform.
struct Folder<'a> {
    shop: &'a Shop,
    path: PathBuf,
}

impl Folder<'_> {
    fn terraform(&self, arguments: &[&str]) -> Run {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let variables = [
            ("TF_CLI_CONFIG_FILE".to_owned(), text(&self.path.join("terraform.rc"))),
            ("SSL_CERT_FILE".to_owned(), text(&self.shop.https.certificate)),
            ("TF_CLI_ARGS".to_owned(), "-no-color".to_owned()),
        ];
        Running::start(&self.path, &variables, arguments).finish()
    }

    fn lock_file(&self) -> String {
        fs::read_to_string(self.path.join(".terraform.lock.hcl")).unwrap()
    }
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// The schema that `terraform providers schema -json` prints is the stored one.
#[track_caller]
fn has_the_stored_schema(shown: &Value) {
    let stored = fs::read(root().join("tests/golden/schema.json")).unwrap();
    let stored: Value = serde_json::from_slice(&stored).unwrap();
    let address = format!("registry.terraform.io/{SOURCE}");
    for part in ["provider", "resource_schemas", "data_source_schemas"] {
        let [shown, stored] =
            [shown, &stored].map(|json| &json["provider_schemas"][&address][part]);
        assert!(shown == stored, "Terraform shows another {part}: {shown:#}");
    }
}

#[test]
fn terraform_installs_a_release_from_a_registry_a_network_mirror_and_a_filesystem_mirror() {
    let Some(shop) = Shop::open() else { return };
    let (key_id, _) = shop.key.public();

    // From the registry: the signature of the checksums is verified.
    let registry = shop.folder("registry", &shop.registry());
    let installed = format!("Installed {SOURCE} v{VERSION} (self-signed, key ID {key_id})");
    registry.terraform(&["init"]).succeeded().says(&[&installed]);
    has_the_stored_schema(&registry.terraform(&["providers", "schema", "-json"]).json());

    // A lock file for every platform, and a mirror of the same files.
    let platforms = [platform(), OTHER].map(|(os, arch)| format!("-platform={os}_{arch}"));
    let [ours, other] = platforms.each_ref().map(String::as_str);
    registry.terraform(&["providers", "lock", ours, other]).succeeded();
    let locked = registry.lock_file();
    assert!(locked.contains(&format!("version = \"{VERSION}\"")), "{locked}");
    assert_eq!(locked.matches("\"h1:").count(), 2, "one for each platform: {locked}");
    let sums = shop.path("served/release").join(format!("{NAME}_{VERSION}_SHA256SUMS"));
    for line in fs::read_to_string(sums).unwrap().lines().filter(|line| line.ends_with(".zip")) {
        let sum = line.split(' ').next().unwrap();
        assert!(locked.contains(&format!("\"zh:{sum}\"")), "{line} is not in {locked}");
    }
    let mirrored = shop.path("served/mirror");
    registry
        .terraform(&["providers", "mirror", ours, other, mirrored.to_str().unwrap()])
        .succeeded();

    // From that mirror, over the network and from the disk, against the lock file.
    let network = format!("network_mirror {{\n    url = \"{}/mirror/\"\n  }}", shop.https.url);
    let disk = format!("filesystem_mirror {{\n    path = {mirrored:?}\n  }}");
    let folders = [("network", network), ("disk", disk)].map(|(name, method)| {
        let settings = format!("provider_installation {{\n  {method}\n}}\n");
        let folder = shop.folder(name, &settings);
        write(&folder.path.join(".terraform.lock.hcl"), &locked);
        folder
    });
    for folder in &folders {
        folder.terraform(&["init", "-lockfile=readonly"]).succeeded();
        has_the_stored_schema(&folder.terraform(&["providers", "schema", "-json"]).json());
        assert_eq!(folder.lock_file(), locked);
    }

    // A file that is not the one of the release is refused, whoever offers it.
    let (os, architecture) = platform();
    let zip = format!("registry.terraform.io/{SOURCE}/{NAME}_{VERSION}_{os}_{architecture}.zip");
    let forged = stand_in(shop.folder.path());
    let elsewhere = shop.path("forged");
    succeeded(&pack(&elsewhere, &[(ours.trim_start_matches("-platform="), &forged)], None));
    let name = Path::new(&zip).file_name().unwrap();
    fs::copy(elsewhere.join(name), mirrored.join(&zip)).unwrap();
    for folder in &folders {
        fs::remove_dir_all(folder.path.join(".terraform")).unwrap();
        folder.terraform(&["init", "-lockfile=readonly"]).failed_with(&["checksum"]);
    }
}
