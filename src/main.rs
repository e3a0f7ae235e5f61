//! The page: mounts the app in the browser. A native build compiles nothing but the line that says so.

#[cfg(target_arch = "wasm32")]
mod app;

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This binary is the page; run `cargo dev serve` to see it.");
}
