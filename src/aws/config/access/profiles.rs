use std::collections::BTreeMap;

use crate::aws::config::access::ini::{self, Property};
use crate::aws::config::access::source::{Setting, Source};

/// A shared file as it was read.
#[derive(Clone, Debug)]
pub(in crate::aws) struct SharedFile {
    pub(in crate::aws) path: String,
    pub(in crate::aws) kind: FileKind,
    /// Its bytes, or why it could not be read; completes "The file …". `None` if there is no such
    /// file.
    pub(in crate::aws) bytes: Result<Option<Vec<u8>>, String>,
}

/// The two kinds of shared files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::aws) enum FileKind {
    /// `~/.aws/config`: profiles, SSO sessions and services.
    Config,
    /// `~/.aws/credentials`: profiles.
    Credentials,
}

/// The profiles of all shared files.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
#[derive(Clone, Debug, Default)]
pub(in crate::aws) struct Profiles {
    sections: BTreeMap<String, Section>,
    /// The paths of the files, whether they exist or not.
    pub(in crate::aws) files: Vec<String>,
    /// What is wrong with files that could not be read, each a sentence without a full stop.
    pub(in crate::aws) unread: Vec<String>,
}

type Section = BTreeMap<String, Entry>;

#[derive(Clone, Debug)]
struct Entry {
    value: String,
    path: String,
    line: usize,
    nested: BTreeMap<String, Entry>,
}

/// Keys that belong together: a file that sets the first two also decides about the third.
const KEYS: [&str; 3] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];

impl Profiles {
    /// Merges the files. A later one overrides an earlier one, key by key.
    pub(in crate::aws) fn merge(files: &[SharedFile]) -> Self {
        let mut merged = Self::default();
        for file in files {
            merged.files.push(file.path.clone());
            let text = match &file.bytes {
                Ok(None) => continue,
                Ok(Some(bytes)) => ini::text(bytes).map_err(str::to_owned),
                Err(why) => Err(why.clone()),
            };
            match text {
                Ok(text) => merged.add(file, &text),
                Err(why) => merged.unread.push(format!("the file {} {why}", file.path)),
            }
        }
        merged
    }

    fn add(&mut self, file: &SharedFile, text: &str) {
        let parsed = ini::parse(text);
        if !parsed.skipped.is_empty() {
            let (path, lines) = (&file.path, &parsed.skipped);
            tracing::debug!(path, ?lines, "skipped lines of a shared file");
        }
        for section in parsed.sections {
            let Some(name) = section_name(&section.name, file.kind) else {
                let (path, section) = (&file.path, &section.name);
                tracing::debug!(path, section, "skipped a section of a shared file");
                continue;
            };
            let merged = self.sections.entry(name).or_default();
            let has = |key: &str| {
                section.properties.iter().any(|one| one.key == key && !one.value.is_empty())
            };
            if has(KEYS[0]) && has(KEYS[1]) {
                merged.remove(KEYS[2]);
            }
            for property in section.properties {
                insert(merged, property, &file.path);
            }
        }
    }

    /// Whether a profile exists.
    pub(in crate::aws) fn has(&self, profile: &str) -> bool {
        self.sections.contains_key(&format!("profile {profile}"))
    }

    /// The names of all profiles, sorted.
    pub(in crate::aws) fn names(&self) -> Vec<&str> {
        self.sections.keys().filter_map(|name| name.strip_prefix("profile ")).collect()
    }

    /// A key of a profile; an empty one is unset.
    pub(in crate::aws) fn get(&self, profile: &str, key: &str) -> Option<Setting<String>> {
        self.value(&format!("profile {profile}"), key)
    }

    /// A key of any section, such as `sso-session desks`; an empty one is unset.
    pub(in crate::aws) fn value(&self, section: &str, key: &str) -> Option<Setting<String>> {
        self.sections.get(section)?.get(key)?.setting(key, section)
    }

    /// Whether a section exists.
    pub(in crate::aws) fn has_section(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// A key below a key of a section; an empty one is unset.
    pub(in crate::aws) fn nested(
        &self,
        section: &str,
        parent: &str,
        key: &str,
    ) -> Option<Setting<String>> {
        self.sections.get(section)?.get(parent)?.nested.get(key)?.setting(key, section)
    }
}

impl Entry {
    fn setting(&self, key: &str, section: &str) -> Option<Setting<String>> {
        let source = Source::File {
            key: key.to_owned(),
            section: section.to_owned(),
            path: self.path.clone(),
            line: self.line,
        };
        let value = Some(self.value.clone()).filter(|value| !value.is_empty())?;
        Some(Setting { value, source })
    }
}

fn insert(section: &mut Section, property: Property, path: &str) {
    let Property { key, value, line, nested } = property;
    if value.is_empty() && nested.is_empty() {
        return;
    }
    let mut below = Section::new();
    for property in nested {
        insert(&mut below, property, path);
    }
    let entry = Entry { value, path: path.to_owned(), line, nested: below };
    section.insert(key, entry);
}

/// A name that tells the kind of section: `profile desks`, `sso-session desks`, `services desks`.
/// `None` for a section that this kind of file cannot have.
fn section_name(name: &str, kind: FileKind) -> Option<String> {
    let is_prefixed =
        ["profile ", "sso-session ", "services "].iter().any(|prefix| name.starts_with(prefix));
    match kind {
        FileKind::Config if name == "default" => Some("profile default".to_owned()),
        FileKind::Config => is_prefixed.then(|| name.to_owned()),
        FileKind::Credentials if is_prefixed || name.is_empty() => None,
        FileKind::Credentials => Some(format!("profile {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: FileKind, path: &str, text: &str) -> SharedFile {
        SharedFile { path: path.to_owned(), kind, bytes: Ok(Some(text.as_bytes().to_vec())) }
    }

    fn value(profiles: &Profiles, profile: &str, key: &str) -> Option<String> {
        profiles.get(profile, key).map(|setting| setting.value)
    }

    #[test]
    fn later_files_and_duplicate_sections_override_key_by_key_and_empty_keys_are_unset() {
        use FileKind::{Config, Credentials};
        let profiles = Profiles::merge(&[
            file(
                Config,
                "config",
                "[profile a]\nregion=1\noutput=x\n[profile a]\nregion=2\n[a]\nregion=3\n",
            ),
            file(Credentials, "keys", "[a]\nregion =\noutput = y\n[profile b]\nregion=4\n"),
        ]);
        assert_eq!(value(&profiles, "a", "region").as_deref(), Some("2"));
        assert_eq!(value(&profiles, "a", "output").as_deref(), Some("y"));
        assert_eq!(profiles.names(), ["a"]);
        let source = profiles.get("a", "output").unwrap().source.to_string();
        assert_eq!(source, "output of the profile \"a\" in keys, line 3");
    }

    #[test]
    fn keys_of_one_file_do_not_get_the_session_token_of_another() {
        let keys = "aws_access_key_id=1\naws_secret_access_key=2\n";
        let profiles = Profiles::merge(&[
            file(FileKind::Config, "config", &format!("[default]\n{keys}aws_session_token=old\n")),
            file(FileKind::Credentials, "keys", &format!("[default]\n{keys}")),
        ]);
        assert_eq!(value(&profiles, "default", "aws_session_token"), None);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_and_the_others_are_used() {
        let broken = SharedFile {
            path: "config".to_owned(),
            kind: FileKind::Config,
            bytes: Ok(Some(b"\xff\xfe[".to_vec())),
        };
        let profiles =
            Profiles::merge(&[broken, file(FileKind::Credentials, "keys", "[a]\nregion=1\n")]);
        assert_eq!(profiles.names(), ["a"]);
        assert!(profiles.unread[0].starts_with("the file config is encoded in UTF-16"));
    }
}
