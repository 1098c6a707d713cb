use std::collections::BTreeMap;

use super::{Type, Value};

/// The shape of a provider block, a resource or a data source, declared once.
///
/// Decoding, validation, plan rules, the answer to GetProviderSchema and the documentation pages
/// all read this one declaration.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Version of the stored state's form; 0 until a released form has changed.
    pub version: i64,
    /// The root block.
    pub block: Block,
}

/// Attributes and nested blocks.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Markdown for the documentation.
    pub description: &'static str,
    /// The attributes, in the order in which the documentation shows them.
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
    /// Who sets it.
    pub mode: Mode,
    /// Markdown for the documentation.
    pub description: &'static str,
    /// Whether Terraform hides the value in its output.
    pub sensitive: bool,
    /// What to use instead, where the attribute is deprecated.
    pub deprecated: Option<&'static str>,
    /// Whether a change can only be made by destroying and creating anew.
    pub requires_replace: bool,
    /// The value planned when the configuration has none; only for [`Mode::OptionalComputed`],
    /// since Terraform refuses a planned value for anything else.
    pub default: Option<Value>,
    /// What an update does to a computed value that the configuration does not set.
    pub stability: Stability,
    /// Rules for a configured value.
    pub validators: Vec<Validator>,
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The configuration must.
    Required,
    /// The configuration may.
    Optional,
    /// The configuration may; the provider does otherwise.
    OptionalComputed,
    /// Only the provider does.
    Computed,
}

impl Mode {
    /// Whether the provider may set the value.
    pub fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// What an update does to a computed value that the configuration does not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stability {
    /// The prior value stays planned, so that an update does not show "(known after apply)".
    UseStateForUnknown,
    /// The value becomes unknown when one of these root attributes changes, and stays otherwise.
    ChangesWith(&'static [&'static str]),
}

/// A rule for a configured value, checked without any network call; unknown values pass.
#[derive(Clone, Debug)]
pub enum Validator {
    /// The text must match the regular expression; the second part tells the user what is expected,
    /// in words that follow "Expected": `a WorkSpace id such as ws-…`.
    Pattern(&'static str, &'static str),
    /// The text must be one of these.
    OneOf(&'static [&'static str]),
    /// The number must be whole and lie between these, both included.
    Between(i64, i64),
    /// The text must be a duration such as `90m` or `1h30m`, of at least the one given.
    Duration(std::time::Duration),
    /// The text must be JSON.
    Json,
    /// Every key of the map must have between these many characters, both included.
    KeyLengthBetween(usize, usize),
    /// Every element of the map, list or set, or the text itself, must have at most this many characters.
    LengthAtMost(usize),
    /// These root attributes or blocks must not be set together with this one; one side may say it
    /// for both.
    ConflictsWith(&'static [&'static str]),
    /// These sibling attributes must be set when this one is.
    AlsoRequires(&'static [&'static str]),
}

/// A block inside a block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// Name in configuration.
    pub name: &'static str,
    /// How often it may appear and how it is stored.
    pub nesting: Nesting,
    /// Its content.
    pub block: Block,
}

/// How often a nested block may appear and how it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most once; absent is null.
    Single,
    /// Any number of times up to the maximum (0: without limit), in order; absent is an empty list.
    List {
        /// Most blocks allowed, 0 for no limit.
        maximum: i64,
    },
}

/// The identity of a resource: what finds it again, across states and accounts (Terraform 1.12).
#[derive(Clone, Debug)]
pub struct IdentitySchema {
    /// Version of the identity's form.
    pub version: i64,
    /// Its attributes.
    pub attributes: Vec<IdentityAttribute>,
}

/// One attribute of an [`IdentitySchema`].
#[derive(Clone, Debug)]
pub struct IdentityAttribute {
    /// Name in an `import` block's `identity`.
    pub name: &'static str,
    /// Type constraint; maps, sets and objects are not allowed in an identity.
    pub ty: Type,
    /// Whether an import must name it; otherwise it may.
    pub required_for_import: bool,
    /// Plain text for the documentation.
    pub description: &'static str,
}

impl Schema {
    /// The type of a whole value of this schema.
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

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl Attribute {
    /// What a value looks like, in words: by its form where that is declared, else by its type.
    pub fn expected(&self) -> String {
        let form = self.validators.iter().find_map(|validator| match validator {
            Validator::Pattern(_, expected) => Some((*expected).to_owned()),
            _ => None,
        });
        form.unwrap_or_else(|| self.ty.described())
    }

    /// An attribute with nothing but name, type, mode and description.
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

    /// An attribute that the configuration may set and the provider fills in otherwise.
    pub fn optional_computed(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::OptionalComputed, description)
    }

    /// An attribute that only the provider sets.
    pub fn computed(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Computed, description)
    }

    /// A change destroys and creates anew.
    #[must_use]
    pub fn requires_replace(mut self) -> Self {
        self.requires_replace = true;
        self
    }

    /// Planned when the configuration has no value.
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

    /// Becomes unknown on an update that changes one of these root attributes.
    #[must_use]
    pub fn changes_with(mut self, attributes: &'static [&'static str]) -> Self {
        self.stability = Stability::ChangesWith(attributes);
        self
    }

    /// One more rule for the configured value.
    #[must_use]
    pub fn validator(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }
}

impl IdentitySchema {
    /// The type of a whole identity.
    pub fn value_type(&self) -> Type {
        Type::Object(self.attributes.iter().map(|a| (a.name.to_owned(), a.ty.clone())).collect())
    }
}
