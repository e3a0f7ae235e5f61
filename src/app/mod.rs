//! The Leptos app.

use leptos::prelude::*;

/// Mounts the app.
pub fn start() {
    leptos::mount::mount_to_body(|| view! { <main></main> });
}
