//! The tools that build and drive the page, at pinned versions: the wasm target, wasm-bindgen, geckodriver.
//!
//! wasm-bindgen is a package of the workspace. geckodriver is used as it is where the right version is in PATH; otherwise it is built once
//! into target/tools.

use std::process::{Command, Stdio};

use crate::shell::{Failure, Outcome, Step, cargo, output_of, program, project, run, tools};

/// The target the page is built for.
pub const WASM: &str = "wasm32-unknown-unknown";
/// Drives Firefox in the tests that are asked for with `ORDINAL_ENGINE=firefox`.
const DRIVER: &str = "geckodriver";
const GECKODRIVER: &str = "0.36.0";

/// Makes sure that wasm-bindgen is there.
pub fn ensure_bindgen() -> Outcome {
    run(cargo().args(["build", "--quiet", "--package", "bindgen"]))
}

/// Makes sure that the program that drives Firefox is there.
pub fn ensure_geckodriver() -> Outcome {
    if has(DRIVER, GECKODRIVER) {
        return Ok(());
    }
    let step = Step::begin("building geckodriver into target/tools", 2.0);
    // A registry mirror may lag behind the lock file of geckodriver: then any compatible versions will do, and nobody needs to read of it.
    if output_of(install().arg("--locked").stderr(Stdio::null())).is_none() {
        run(&mut install())?;
    }
    step.end();
    if has(DRIVER, GECKODRIVER) { Ok(()) } else { Err(Failure(format!("geckodriver {GECKODRIVER} was installed but does not run"))) }
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

fn install() -> Command {
    let mut command = cargo();
    command.args(["install", "--quiet", &format!("{DRIVER}@{GECKODRIVER}"), "--no-default-features", "--root"]).arg(tools());
    // The profile of geckodriver links for minutes; a development tool does not need that.
    command.env("CARGO_TARGET_DIR", project().join("target/tools-build"));
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    command
}

fn has(binary: &str, version: &str) -> bool {
    output_of(program(binary).arg("--version")).is_some_and(|text| text.split_whitespace().any(|word| word == version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_is_pinned_to_one_version_everywhere() {
        let read = |name| std::fs::read_to_string(project().join(name)).unwrap();
        let tool = read("src/bin/bindgen/Cargo.toml");
        let version = tool.split("\nversion = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(read("src/bin/app/Cargo.toml").contains(&format!("wasm-bindgen = \"={version}\"")));
        assert!(tool.contains(&format!("wasm-bindgen-cli-support = \"={version}\"")));
        assert!(read("Trunk.toml").contains(&format!("wasm_bindgen = \"{version}\"")));
    }
}
