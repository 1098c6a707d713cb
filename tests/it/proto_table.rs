//! The restated protocol files against a table of the protocols' names and numbers.

use std::collections::BTreeSet;

use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

const TABLE: &str = include_str!("tfplugin6-fields.tsv");
const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tfplugin6.bin"));

/// What the restatement leaves out, as whole messages and RPCs: the storage of state in a provider.
const STATE_STORES: [&str; 14] = [
    "ConfigureStateStore",
    "DeleteState",
    "GetMetadata.StateStoreMetadata",
    "GetStates",
    "LockState",
    "ReadStateBytes",
    "RequestChunkMeta",
    "StateRange",
    "StateStoreClientCapabilities",
    "StateStoreServerCapabilities",
    "UnlockState",
    "ValidateStateStore",
    "ValidateStateStoreConfig",
    "WriteStateBytes",
];

/// And the two fields that mention them.
const STATE_STORE_FIELDS: [&str; 2] = ["state_stores", "state_store_schemas"];

#[test]
fn every_name_and_number_is_that_of_the_protocol() {
    let (table, ours) = (rows_of_table(), rows_of_descriptors());
    let missing: Vec<_> = table.difference(&ours).collect();
    let extra: Vec<_> = ours.difference(&table).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing in proto/: {missing:#?}\nonly in proto/: {extra:#?}"
    );
    assert!(ours.len() > 300, "only {} rows were compared", ours.len());
}

/// The table without state stores, each row with its package in front.
fn rows_of_table() -> BTreeSet<String> {
    let mut package = "";
    let mut rows = BTreeSet::new();
    for line in TABLE.lines() {
        if let Some(name) = line.strip_prefix("# package ") {
            package = name.split(' ').next().unwrap();
        } else if !line.starts_with('#') && !is_of_state_stores(line) {
            rows.insert(format!("{package} {}", line.trim_end().replace('\t', " ")));
        }
    }
    rows
}

fn is_of_state_stores(row: &str) -> bool {
    let columns: Vec<&str> = row.split('\t').collect();
    let name = if columns[0] == "rpc" { columns[2] } else { columns[1] };
    STATE_STORES
        .iter()
        .any(|left_out| name == *left_out || name.starts_with(&format!("{left_out}.")))
        || columns[0] == "field" && STATE_STORE_FIELDS.contains(&columns[2])
}

fn rows_of_descriptors() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let own = set.file.iter().filter(|file| !file.package().starts_with("google."));
    own.flat_map(|file| {
        rows_of_file(file).into_iter().map(|row| format!("{} {row}", file.package()))
    })
    .collect()
}

fn rows_of_file(file: &FileDescriptorProto) -> Vec<String> {
    let mut rows = Vec::new();
    for service in &file.service {
        for method in &service.method {
            let stream = |streaming: bool| if streaming { "stream " } else { "" };
            rows.push(format!(
                "rpc {} {} {}{} {}{}",
                service.name(),
                method.name(),
                stream(method.client_streaming()),
                method.input_type().trim_start_matches('.'),
                stream(method.server_streaming()),
                method.output_type().trim_start_matches('.'),
            ));
        }
    }
    for message in &file.message_type {
        rows_of_message(message, message.name(), &mut rows);
    }
    for enumeration in &file.enum_type {
        rows_of_enum(enumeration, enumeration.name(), &mut rows);
    }
    rows
}

fn rows_of_message(message: &DescriptorProto, name: &str, rows: &mut Vec<String>) {
    if message.field.is_empty() {
        rows.push(format!("message {name} -"));
    }
    for field in &message.field {
        rows.push(format!(
            "field {name} {} {} {}",
            field.name(),
            field.number(),
            type_of(field, message)
        ));
    }
    for enumeration in &message.enum_type {
        rows_of_enum(enumeration, &format!("{name}.{}", enumeration.name()), rows);
    }
    for nested in &message.nested_type {
        if !is_map_entry(nested) {
            rows_of_message(nested, &format!("{name}.{}", nested.name()), rows);
        }
    }
}

fn rows_of_enum(enumeration: &EnumDescriptorProto, name: &str, rows: &mut Vec<String>) {
    rows.extend(
        enumeration
            .value
            .iter()
            .map(|value| format!("enum {name} {} {}", value.name(), value.number())),
    );
}

/// A field's type in the table's words.
fn type_of(field: &FieldDescriptorProto, message: &DescriptorProto) -> String {
    let named = field.type_name().trim_start_matches('.');
    let entry = message
        .nested_type
        .iter()
        .find(|nested| is_map_entry(nested) && named.ends_with(nested.name()));
    if let Some(entry) = entry {
        return format!(
            "map<{},{}>",
            type_of(&entry.field[0], entry),
            type_of(&entry.field[1], entry)
        );
    }
    let base = match field.r#type() {
        Type::Message | Type::Enum => named.to_owned(),
        scalar => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
    };
    match field.label() {
        Label::Repeated => format!("repeated {base}"),
        _ if field.proto3_optional() => format!("optional {base}"),
        _ => match field.oneof_index {
            Some(index) => format!(
                "{base} (oneof {})",
                message.oneof_decl[index.cast_unsigned() as usize].name()
            ),
            None => base,
        },
    }
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|options| options.map_entry())
}
