//! The section `## Schema` of a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::notes;
use crate::provider::config::IGNORED;
use crate::tf::{Attribute, Block, IdentitySchema, Mode, NestedBlock, Nesting, Schema, Type};

/// The groups of a schema, in the order of the page: heading of the root, heading inside a nested
/// schema.
const GROUPS: [(&str, &str); 3] =
    [("### Required", "Required:"), ("### Optional", "Optional:"), ("### Read-Only", "Read-Only:")];

/// What a nested schema is made of.
enum Nested<'a> {
    Block(&'a Block),
    Object(&'a BTreeMap<String, Type>),
}

/// The whole section, which ends in one line break.
pub(super) fn section(schema: &Schema) -> String {
    let mut text = "## Schema\n\n".to_owned();
    block(&mut text, &schema.block, &[]);
    format!("{}\n", text.trim_end())
}

/// The subsection on the identity of a resource.
pub(super) fn identity_section(schema: &IdentitySchema) -> String {
    let mut text = "### Identity Schema\n".to_owned();
    for (heading, required) in [("#### Required", true), ("#### Optional", false)] {
        let of_group = schema.attributes.iter().filter(|each| each.required_for_import == required);
        let mut lines: Vec<String> = of_group
            .map(|each| {
                format!("- `{}` ({}) {}\n", each.name, type_name(&each.ty), each.description)
            })
            .collect();
        lines.sort();
        if !lines.is_empty() {
            let _ = write!(text, "\n{heading}\n\n{}", lines.concat());
        }
    }
    text
}

fn block(text: &mut String, of: &Block, path: &[&str]) {
    let mut groups: [BTreeMap<&str, String>; 3] = Default::default();
    let mut nested: BTreeMap<&str, (String, Nested<'_>)> = BTreeMap::new();
    for attribute in of.attributes.iter().filter(|each| !is_left_out(each)) {
        let group = match attribute.mode {
            Mode::Required => 0,
            Mode::Optional | Mode::OptionalComputed => 1,
            Mode::Computed => 2,
        };
        let mut line = attribute_line(attribute);
        if let Some(fields) = object_fields(&attribute.ty) {
            let anchor = anchor("nestedatt", path, attribute.name);
            let _ = write!(line, " (see [below for nested schema](#{anchor}))");
            nested.insert(attribute.name, (anchor, Nested::Object(fields)));
        }
        groups[group].insert(attribute.name, line);
    }
    for each in &of.blocks {
        let anchor = anchor("nestedblock", path, each.name);
        let line = format!("{} (see [below for nested schema](#{anchor}))", block_line(each));
        groups[1].insert(each.name, line);
        nested.insert(each.name, (anchor, Nested::Block(&each.block)));
    }
    for ((root, inside), lines) in GROUPS.iter().zip(&groups) {
        if lines.is_empty() {
            continue;
        }
        let heading = if path.is_empty() { root } else { inside };
        let _ = write!(text, "{heading}\n\n");
        for line in lines.values() {
            let _ = writeln!(text, "{line}");
        }
        text.push('\n');
    }
    for (name, (anchor, content)) in nested {
        let path: Vec<&str> = path.iter().copied().chain([name]).collect();
        let _ =
            write!(text, "<a id=\"{anchor}\"></a>\n### Nested Schema for `{}`\n\n", path.join("."));
        match content {
            Nested::Block(inner) => block(text, inner, &path),
            Nested::Object(fields) => {
                text.push_str("Read-Only:\n\n");
                for (name, ty) in fields {
                    let _ = writeln!(text, "- `{name}` ({})", type_name(ty));
                }
                text.push('\n');
            }
        }
    }
}

/// Whether an attribute is not worth a line: it is ignored and deprecated, as the endpoints of several
/// hundred services. The description of their block says so.
fn is_left_out(attribute: &Attribute) -> bool {
    attribute.description == IGNORED && attribute.deprecated.is_some()
}

fn attribute_line(attribute: &Attribute) -> String {
    let mut kind = type_name(&attribute.ty);
    for (applies, word) in
        [(attribute.sensitive, ", Sensitive"), (attribute.deprecated.is_some(), ", Deprecated")]
    {
        if applies {
            kind.push_str(word);
        }
    }
    format!("- `{}` ({kind}) {}", attribute.name, notes::described(attribute))
}

fn block_line(nested: &NestedBlock) -> String {
    let kind = match nested.nesting {
        Nesting::Single => "Block, Optional".to_owned(),
        Nesting::List { maximum: 0 } => "Block List".to_owned(),
        Nesting::List { maximum } => format!("Block List, Max: {maximum}"),
    };
    format!("- `{}` ({kind}) {}", nested.name, nested.block.description.trim())
}

fn anchor(kind: &str, path: &[&str], name: &str) -> String {
    let parts: Vec<&str> = [kind].into_iter().chain(path.iter().copied()).chain([name]).collect();
    parts.join("--")
}

/// The fields of an object, or of the objects of a collection.
fn object_fields(ty: &Type) -> Option<&BTreeMap<String, Type>> {
    match ty {
        Type::Object(fields) => Some(fields),
        Type::List(element) | Type::Set(element) | Type::Map(element) => match &**element {
            Type::Object(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

/// A type as the pages of providers name it.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Object(_) => "Object".to_owned(),
    }
}
