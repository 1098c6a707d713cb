use std::collections::BTreeMap;
use std::fmt;

/// The environment variables of the process.
pub type Environment = BTreeMap<String, String>;

/// A value and where it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it is set.
    pub source: Source,
}

/// Where a value is set. Its text names the place, for example "the environment variable
/// AWS_REGION".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An argument of the provider block.
    Argument(&'static str),
    /// An environment variable.
    Variable(String),
    /// A line of a shared file.
    File {
        /// The key.
        key: String,
        /// The section, without brackets.
        section: String,
        /// The path of the file.
        path: String,
        /// The number of the line, from one.
        line: usize,
    },
    /// The EC2 instance metadata.
    InstanceMetadata,
    /// Nowhere: it is the default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(f, "the argument {name} of the provider block"),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::File { key, section, path, line } => {
                match section.strip_prefix("profile ") {
                    Some(profile) => write!(f, "{key} of the profile {profile:?}")?,
                    None => write!(f, "{key} of [{section}]")?,
                }
                write!(f, " in {path}, line {line}")
            }
            Self::InstanceMetadata => f.write_str("the EC2 instance metadata"),
            Self::Default => f.write_str("the default"),
        }
    }
}

impl Source {
    /// Its text as the beginning of a sentence. Names of arguments and keys keep their case.
    pub fn sentence_start(&self) -> String {
        let text = self.to_string();
        match text.strip_prefix("the ") {
            Some(rest) => format!("The {rest}"),
            None => text,
        }
    }
}

impl<T> Setting<T> {
    /// A value of an argument of the provider block.
    pub fn argument(name: &'static str, value: T) -> Self {
        Self { value, source: Source::Argument(name) }
    }

    /// The same source with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), source: self.source }
    }
}

/// The value of a variable; an empty one is unset.
pub(in crate::aws) fn variable(environment: &Environment, name: &str) -> Option<Setting<String>> {
    let value = environment.get(name).filter(|value| !value.trim().is_empty())?.clone();
    Some(Setting { value, source: Source::Variable(name.to_owned()) })
}

/// A setting that is true or false; any other text is unset.
pub(in crate::aws) fn switch(setting: Setting<String>) -> Option<Setting<bool>> {
    let value = match setting.value.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => true,
        "false" | "0" => false,
        _ => return None,
    };
    Some(setting.map(|_| value))
}
