//! The text of a shared file, read line by line as the AWS SDK for Go reads it, and so hashicorp/aws.
//!
//! A line that is neither a section nor a key is skipped, not an error. Comments start with `#` or
//! `;`, after a value only behind a space. Quotes around a value are removed. An indented `key =
//! value` belongs to the key above it if that key has no value, and is a key of its own otherwise.
//!
//! <https://github.com/aws/aws-sdk-go-v2/tree/main/internal/ini>
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

/// A section, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Section {
    /// The name without brackets, its parts separated by one space and without quotes.
    pub(in crate::aws) name: String,
    pub(in crate::aws) properties: Vec<Property>,
}

/// A key of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Property {
    /// In lower case.
    pub(in crate::aws) key: String,
    pub(in crate::aws) value: String,
    /// The number of the line, from one.
    pub(in crate::aws) line: usize,
    /// The keys below a key without a value.
    pub(in crate::aws) nested: Vec<Property>,
}

/// What a file contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Parsed {
    pub(in crate::aws) sections: Vec<Section>,
    /// The numbers of the lines that are neither a section nor a key.
    pub(in crate::aws) skipped: Vec<usize>,
}

/// The text of the bytes of a file.
///
/// # Errors
/// The encoding, if it is not UTF-8; completes "The file …". Single characters that are not UTF-8
/// are replaced: they may be in a comment.
pub(in crate::aws) fn text(bytes: &[u8]) -> Result<String, &'static str> {
    const UTF_16: &str = "is encoded in UTF-16; save it as UTF-8";
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(UTF_16),
        [0xef, 0xbb, 0xbf, ..] => {
            Err("starts with a byte order mark, which hides its first section; save it as UTF-8 \
                 without a byte order mark")
        }
        // UTF-16 without a mark: every second byte of Latin text is zero.
        [_, 0, ..] | [0, _, ..] => Err(UTF_16),
        _ => Ok(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// Reads the text of a file.
pub(in crate::aws) fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if !parsed.take(line, index + 1) {
            parsed.skipped.push(index + 1);
        }
    }
    parsed
}

impl Parsed {
    /// Whether the line is a section or a key.
    fn take(&mut self, text: &str, line: usize) -> bool {
        if let Some(name) = section_name(text) {
            self.sections.push(Section { name, properties: Vec::new() });
            return true;
        }
        let Some(section) = self.sections.last_mut() else { return false };
        let is_indented = text.starts_with([' ', '\t']);
        let Some((key, value)) = key_and_value(without_comment(text)) else { return false };
        let property = Property { key, value, line, nested: Vec::new() };
        match section.properties.last_mut() {
            Some(parent) if is_indented && parent.value.is_empty() => parent.nested.push(property),
            _ => section.properties.push(property),
        }
        true
    }
}

/// The name in `[ type "name" ] # comment`.
fn section_name(text: &str) -> Option<String> {
    let text = text.split(['#', ';']).next().unwrap_or_default().trim();
    let inner = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    let name = match inner.split_once([' ', '\t']) {
        Some((kind, name)) => format!("{kind} {}", unquoted(name.trim())),
        None => unquoted(inner).to_owned(),
    };
    Some(name)
}

/// A comment after a value starts behind a space.
fn without_comment(text: &str) -> &str {
    let comment = [" #", " ;", "\t#", "\t;"].iter().filter_map(|start| text.find(start)).min();
    text[..comment.unwrap_or(text.len())].trim_end()
}

/// `key = value` or `key: value`, whichever separator is first.
fn key_and_value(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once(['=', ':'])?;
    let key = key.trim().to_ascii_lowercase();
    (!key.is_empty()).then(|| (key, unquoted(value.trim()).to_owned()))
}

fn unquoted(text: &str) -> &str {
    let quotes = ['"', '\''];
    let inner = quotes.iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `section.key.nested=value` for each key of a text.
    fn flat(text: &str) -> Vec<String> {
        let mut keys = Vec::new();
        for section in parse(text).sections {
            for property in section.properties {
                let Property { key, value, nested, .. } = property;
                keys.push(format!("{}.{key}={value}", section.name));
                keys.extend(
                    nested.iter().map(|below| {
                        format!("{}.{key}.{}={}", section.name, below.key, below.value)
                    }),
                );
            }
        }
        keys
    }

    #[test]
    fn a_file_is_read_as_the_sdk_for_go_reads_it() {
        for (text, expected) in [
            ("[default]\nregion = us-west-2\n", vec!["default.region=us-west-2"]),
            ("[default]\r\nregion = us-west-2\r\n", vec!["default.region=us-west-2"]),
            ("[default]\n  region = us-west-2\n", vec!["default.region=us-west-2"]),
            (
                "[default]\na = 1\n  region = us-west-2\n",
                vec!["default.a=1", "default.region=us-west-2"],
            ),
            ("[default]\nRegion: us-west-2\n", vec!["default.region=us-west-2"]),
            ("[default]\nregion = \"us-west-2\"\n", vec!["default.region=us-west-2"]),
            ("[default]\nregion = 'us-west-2' # here\n", vec!["default.region=us-west-2"]),
            ("[default]\nkey = a#b;c\n", vec!["default.key=a#b;c"]),
            ("[default] ; usual\nregion=x=y\n", vec!["default.region=x=y"]),
            ("[profile \"desks admin\"]\nregion=x\n", vec!["profile desks admin.region=x"]),
            ("[ profile   desks ]\nregion=x\n", vec!["profile desks.region=x"]),
            ("stray\nregion=1\n[default]\nnonsense\nregion=x\n", vec!["default.region=x"]),
            ("[default\nregion=1\n[other]\nregion=x\n", vec!["other.region=x"]),
            (
                "[services here]\nsts =\n  endpoint_url = http://a\nworkspaces=\n\tendpoint_url=http://b\n",
                vec![
                    "services here.sts=",
                    "services here.sts.endpoint_url=http://a",
                    "services here.workspaces=",
                    "services here.workspaces.endpoint_url=http://b",
                ],
            ),
            ("# [a]\n; [b]\n  # c=d\n", vec![]),
        ] {
            assert_eq!(flat(text), expected, "{text:?}");
        }
    }

    #[test]
    fn skipped_lines_are_counted_and_the_encoding_is_named() {
        assert_eq!(parse("x=1\n[a]\nwhat\nb=c\n").skipped, [1, 3]);
        for (bytes, part) in [
            (&b"\xff\xfe[\0d\0"[..], "UTF-16"),
            (b"\xfe\xff\0[", "UTF-16"),
            (b"[\0d\0", "UTF-16"),
            (b"\xef\xbb\xbf[default]", "byte order mark"),
        ] {
            assert!(text(bytes).unwrap_err().contains(part), "{bytes:?}");
        }
        assert_eq!(text(b"# caf\xe9").unwrap(), "# caf\u{fffd}");
    }

    proptest! {
        /// Whatever is in a file, a section after it is read whole.
        #[test]
        fn any_text_is_read_and_does_not_hide_the_section_after_it(text in "(?s).{0,400}") {
            let parsed = parse(&format!("{text}\n[default]\nregion = us-west-2\n"));
            let last = parsed.sections.last().unwrap();
            prop_assert_eq!(&last.name, "default");
            prop_assert_eq!(&last.properties.last().unwrap().value, "us-west-2");
        }

        /// Each line is a section, a key, a comment, or skipped.
        #[test]
        fn no_line_is_lost(lines in proptest::collection::vec("[a-z\\[\\]=:#; \t\"]{0,12}", 0..40)) {
            let parsed = parse(&lines.join("\n"));
            let count = |property: &Property| 1 + property.nested.len();
            let keys: usize =
                parsed.sections.iter().flat_map(|one| &one.properties).map(count).sum();
            let read = parsed.sections.len() + keys + parsed.skipped.len();
            let is_content = |line: &&String| {
                let line = line.trim();
                !line.is_empty() && !line.starts_with(['#', ';'])
            };
            prop_assert_eq!(read, lines.iter().filter(is_content).count());
        }
    }
}
