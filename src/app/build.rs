//! Asks the linker for what `cargo dev` needs to split the published page, and does not send: names, and who names what.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The profiles `page` and `watched` alone optimize the app; the page that one works on stays whole, and small enough to be loaded.
    if std::env::var("OPT_LEVEL").is_ok_and(|level| level != "0") {
        for argument in ["--emit-relocs", "--keep-section=name", "--keep-section=linking"] {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
}
