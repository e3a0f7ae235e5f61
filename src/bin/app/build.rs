//! Asks the linker for what `cargo dev` needs to split the published page, and does not send: names, and who names what.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The profile `page` alone is optimized for size; other pages stay whole, and small enough to be loaded while one works on them.
    if std::env::var("OPT_LEVEL").is_ok_and(|level| level == "z") {
        for argument in ["--emit-relocs", "--keep-section=name", "--keep-section=linking"] {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
}
