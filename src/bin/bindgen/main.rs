//! wasm-bindgen's command line, as far as trunk and `cargo dev` use it.
//!
//! The published tool brings 180 packages for what nobody here asks of it, and a lock file of its own, of which a registry may lack a
//! version. This is the same library with the versions of our Cargo.lock.

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words == ["--version"] {
        println!("wasm-bindgen {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    run(&words).map_or_else(
        |why| {
            eprintln!("wasm-bindgen: {why}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

/// Writes the script and the module of a linked module.
fn run(words: &[String]) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The library's default is not the published tool's, which is what its users expect.
    bindgen.omit_default_module_path(false);
    let mut folder = None;
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("--target", "web") => bindgen.web(true).map(|_| ()).map_err(|why| why.to_string())?,
            ("--out-dir", path) => folder = Some(PathBuf::from(path)),
            ("--out-name", name) => _ = bindgen.out_name(name),
            ("--no-demangle", "") => _ = bindgen.demangle(false),
            ("--no-typescript", "") => _ = bindgen.typescript(false),
            _ if word.starts_with('-') => return Err(format!("{word} is not known here; the tool of this name from crates.io has it")),
            _ => _ = bindgen.input_path(word),
        }
    }
    let folder = folder.ok_or("--out-dir is missing")?;
    bindgen.generate(folder).map_err(|why| format!("{why:?}"))
}
