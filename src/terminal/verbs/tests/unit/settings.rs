//! The kubeconfig.

use kubectl::Files;
use kubectl::settings::{PATH, current_namespace, text};

#[test]
fn the_current_namespace_is_kept_in_the_kubeconfig() {
    let mut files = Files::new();
    assert_eq!(current_namespace(&files), "default");
    files.put(PATH, &text("team-a"));
    assert_eq!(current_namespace(&files), "team-a");
}
