//! Which application an image has.

use ordinal::cluster::inside::apps::is_old_busybox;

#[test]
fn an_old_busybox_is_known_by_its_name_and_tag() {
    for (image, old) in [
        ("busybox:1.28", true),
        ("localhost:5000/library/busybox:1.28.4-musl@sha256:0123", true),
        ("busybox:1.36", false),
        ("busybox", false),
        ("team/not-busybox:1.28", false),
        ("busybox:1/nginx", false),
    ] {
        assert_eq!(is_old_busybox(image), old, "{image}");
    }
}
