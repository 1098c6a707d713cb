use std::collections::BTreeMap;

use super::{Type, Value};

/// The schema of a provider block, a resource or a data source.
///
/// Decoding, validation, planning, the response to GetProviderSchema and the documentation all read
/// this one declaration.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Version of the stored state; 0 until a released schema has changed.
    pub version: i64,
    /// The root block.
    pub block: Block,
}

/// A block: attributes and nested blocks.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Markdown for the documentation.
    pub description: &'static str,
    /// The attributes, in the order of the documentation.
    pub attributes: Vec<Attribute>,
    /// The nested blocks.
    pub blocks: Vec<NestedBlock>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Name in configuration.
    pub name: &'static str,
    /// Type constraint.
    pub ty: Type,
    /// Whether the configuration or the provider sets it.
    pub mode: Mode,
    /// Markdown for the documentation.
    pub description: &'static str,
    /// Whether Terraform hides the value in its output.
    pub sensitive: bool,
    /// What to use instead, if the attribute is deprecated.
    pub deprecated: Option<&'static str>,
    /// Whether a change requires Terraform to replace the resource.
    pub requires_replace: bool,
    /// The value planned if the configuration has none. Only for [`Mode::OptionalComputed`]:
    /// Terraform rejects a planned value for any other attribute.
    pub default: Option<Value>,
    /// What an update plans for a computed value that the configuration does not set.
    pub stability: Stability,
    /// Validators of a configured value.
    pub validators: Vec<Validator>,
}

/// Whether the configuration or the provider sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The configuration must set it.
    Required,
    /// The configuration may set it.
    Optional,
    /// The configuration may set it; otherwise the provider does.
    OptionalComputed,
    /// Only the provider sets it.
    Computed,
}

impl Mode {
    /// Whether the provider may set the value.
    pub fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// What an update plans for a computed value that the configuration does not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stability {
    /// The prior value, so that an update does not show "(known after apply)".
    UseStateForUnknown,
    /// Unknown if one of these root attributes changes, otherwise the prior value.
    ChangesWith(&'static [&'static str]),
}

/// A rule for a configured value. Validation makes no network call; unknown values pass.
#[derive(Clone, Debug)]
pub enum Validator {
    /// The string must match the regular expression. The second field completes the sentence
    /// "Expected …": `a WorkSpace ID such as ws-…`.
    Pattern(&'static str, &'static str),
    /// The string must be one of these.
    OneOf(&'static [&'static str]),
    /// The number must be an integer in this range, bounds included.
    Between(i64, i64),
    /// The string must be a duration such as `90m` or `1h30m`, and not shorter than this one.
    Duration(std::time::Duration),
    /// The string must be JSON.
    Json,
    /// The length of each map key must be in this range of characters, bounds included.
    KeyLengthBetween(usize, usize),
    /// The string, or each element of the map, list or set, must not have more characters.
    LengthAtMost(usize),
    /// None of these root attributes or blocks may be set together with this one. Declaring it on
    /// one of the two is enough.
    ConflictsWith(&'static [&'static str]),
    /// These attributes of the same block must be set if this one is.
    AlsoRequires(&'static [&'static str]),
}

/// A block inside a block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// Name in configuration.
    pub name: &'static str,
    /// How often it may occur and how it is stored.
    pub nesting: Nesting,
    /// Its content.
    pub block: Block,
}

/// How often a nested block may occur and how it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most once; null if absent.
    Single,
    /// In order, up to the maximum number of times; an empty list if absent.
    List {
        /// How many blocks are allowed; 0 means no limit.
        maximum: i64,
    },
}

/// The schema of a resource identity, which identifies a resource across states and accounts
/// (Terraform 1.12 and later).
#[derive(Clone, Debug)]
pub struct IdentitySchema {
    /// Version of the stored identity.
    pub version: i64,
    /// The attributes.
    pub attributes: Vec<IdentityAttribute>,
}

/// One attribute of an [`IdentitySchema`].
#[derive(Clone, Debug)]
pub struct IdentityAttribute {
    /// Name in an `import` block's `identity`.
    pub name: &'static str,
    /// Type constraint. Terraform does not allow maps, sets and objects in an identity.
    pub ty: Type,
    /// Whether an import by identity must set it.
    pub required_for_import: bool,
    /// Plain text for the documentation.
    pub description: &'static str,
}

impl Schema {
    /// The type of a value of this schema.
    pub fn value_type(&self) -> Type {
        self.block.value_type()
    }
}

impl Block {
    /// The type of a value of this block: an object of its attributes and nested blocks.
    pub fn value_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|a| (a.name.to_owned(), a.ty.clone()));
        let blocks = self.blocks.iter().map(|nested| {
            let block = nested.block.value_type();
            let ty = match nested.nesting {
                Nesting::Single => block,
                Nesting::List { .. } => Type::list(block),
            };
            (nested.name.to_owned(), ty)
        });
        Type::Object(attributes.chain(blocks).collect::<BTreeMap<_, _>>())
    }

    /// The attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl Attribute {
    /// What a value must be, in words: from its [`Validator::Pattern`], otherwise from its type.
    pub fn expected(&self) -> String {
        let pattern = self.validators.iter().find_map(|validator| match validator {
            Validator::Pattern(_, expected) => Some((*expected).to_owned()),
            _ => None,
        });
        pattern.unwrap_or_else(|| self.ty.friendly_name())
    }

    /// An attribute with a name, a type, a mode and a description.
    pub fn new(name: &'static str, ty: Type, mode: Mode, description: &'static str) -> Self {
        Self {
            name,
            ty,
            mode,
            description,
            sensitive: false,
            deprecated: None,
            requires_replace: false,
            default: None,
            stability: Stability::UseStateForUnknown,
            validators: Vec::new(),
        }
    }

    /// An attribute that the configuration must set.
    pub fn required(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Required, description)
    }

    /// An attribute that the configuration may set.
    pub fn optional(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Optional, description)
    }

    /// An attribute that the configuration may set and that the provider sets otherwise.
    pub fn optional_computed(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::OptionalComputed, description)
    }

    /// An attribute that only the provider sets.
    pub fn computed(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Computed, description)
    }

    /// A change replaces the resource.
    #[must_use]
    pub fn requires_replace(mut self) -> Self {
        self.requires_replace = true;
        self
    }

    /// The value planned if the configuration has none.
    #[must_use]
    pub fn defaults_to(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// Hidden in Terraform's output.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Unknown in the plan of an update that changes one of these root attributes.
    #[must_use]
    pub fn changes_with(mut self, attributes: &'static [&'static str]) -> Self {
        self.stability = Stability::ChangesWith(attributes);
        self
    }

    /// Adds a validator.
    #[must_use]
    pub fn validator(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }
}

impl IdentitySchema {
    /// The type of an identity.
    pub fn value_type(&self) -> Type {
        Type::Object(self.attributes.iter().map(|a| (a.name.to_owned(), a.ty.clone())).collect())
    }
}
