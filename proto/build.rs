//! Turns the two `.proto` files into Rust. protox parses them, so a build needs no `protoc`.

use std::{env, error::Error, fs, path::PathBuf};

use protox::prost::Message;

fn main() -> Result<(), Box<dyn Error>> {
    const FILES: [&str; 2] = ["proto/tfplugin6.proto", "proto/plugin.proto"];
    println!("cargo::rerun-if-changed=proto/build.rs");
    for file in FILES {
        println!("cargo::rerun-if-changed={file}");
    }

    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?);
    let output = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let descriptors = protox::compile(FILES.map(|file| root.join(file)), [root.join("proto")])?;

    // For the test that compares every name and number with a table of the protocol.
    fs::write(output.join("tfplugin6.bin"), descriptors.encode_to_vec())?;

    // Default stubs answer Unimplemented, so a server names only the RPCs it serves. No transport:
    // the server is handed streams it accepted itself, and the clients are for tests, which connect
    // on their own.
    tonic_prost_build::configure()
        .generate_default_stubs(true)
        // Maps in order, so that the same answer is the same bytes.
        .btree_map(".")
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}
