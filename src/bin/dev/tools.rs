//! The tools that build the page, at pinned versions: the wasm target, trunk, wasm-bindgen.
//!
//! A tool in PATH with the right version is used as it is; otherwise it is built once into target/tools.

use crate::shell::{Failure, Outcome, cargo, output_of, program, project, run, tools};

/// The target the page is built for.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The newest trunk that compiles with the minimum Rust version.
const TRUNK: &str = "0.21.14";
/// Must equal the exact pins in src/app/Cargo.toml and Trunk.toml: tool and library speak a private protocol.
const WASM_BINDGEN: &str = "0.2.130";

/// Makes sure that the programs `trunk build` needs are there.
pub fn ensure() -> Outcome {
    ensure_tool("trunk", "trunk", TRUNK)?;
    ensure_tool("wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN)
}

/// Makes sure that what is compiled for the page finds its standard library.
pub fn ensure_target() -> Outcome {
    let folder = output_of(program("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if folder.is_some_and(|f| std::path::Path::new(f.trim()).is_dir()) {
        return Ok(());
    }
    run(program("rustup").args(["target", "add", WASM]))
        .map_err(|Failure(why)| Failure(format!("the Rust target {WASM} is missing: {why}; https://rustup.rs installs rustup")))
}

fn ensure_tool(package: &str, binary: &str, version: &str) -> Outcome {
    if has(binary, version) {
        return Ok(());
    }
    eprintln!("cargo dev: building {package} {version} into target/tools (once, a few minutes)");
    // A registry mirror may lag behind a tool's lock file: then any compatible dependencies will do.
    if install(package, binary, version, &["--locked"]).is_err() {
        eprintln!("cargo dev: trying again without the lock file of {package}");
        install(package, binary, version, &[])?;
    }
    if has(binary, version) { Ok(()) } else { Err(Failure(format!("{binary} {version} was installed but does not run"))) }
}

fn has(binary: &str, version: &str) -> bool {
    output_of(program(binary).arg("--version")).is_some_and(|text| text.split_whitespace().any(|word| word == version))
}

fn install(package: &str, binary: &str, version: &str, options: &[&str]) -> Outcome {
    let mut command = cargo();
    // Their features are ways to fetch what `ensure` puts there; without them a third is left to compile, and no C.
    command
        .args(["install", &format!("{package}@{version}"), "--no-default-features", "--bin", binary, "--root"])
        .arg(tools())
        .args(options);
    // These tools' own profiles link for minutes; a development tool does not need that.
    command.env("CARGO_TARGET_DIR", project().join("target/tools-build"));
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_is_pinned_to_one_version_everywhere() {
        let read = |name| std::fs::read_to_string(project().join(name)).unwrap();
        assert!(read("src/app/Cargo.toml").contains(&format!("wasm-bindgen = \"={WASM_BINDGEN}\"")));
        assert!(read("Trunk.toml").contains(&format!("wasm_bindgen = \"{WASM_BINDGEN}\"")));
    }
}
