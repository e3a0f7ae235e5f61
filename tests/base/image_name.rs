//! Names of images: completed, taken apart, refused.

use ordinal::base::image_name::{fault, full, is_well_formed, name_and_tag};

#[test]
fn a_name_is_completed_with_registry_and_tag() {
    for (image, whole) in [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:nope", "docker.io/library/nginx:nope"),
        ("luksa/kubia:2", "docker.io/luksa/kubia:2"),
        ("registry.k8s.io/nginx-slim:0.8", "registry.k8s.io/nginx-slim:0.8"),
        ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
        ("nginx@sha256:0", "docker.io/library/nginx@sha256:0"),
    ] {
        assert_eq!(full(image), whole);
    }
}

#[test]
fn a_name_tells_what_an_image_is() {
    for (image, told) in [
        ("nginx", ("nginx", "")),
        ("localhost:5000/a/busybox", ("busybox", "")),
        ("localhost:5000/busybox:1.28", ("busybox", "1.28")),
        ("a.io/nginx:1.27@sha256:0bad", ("nginx", "1.27")),
        ("nginx@sha256:0bad", ("nginx", "")),
    ] {
        assert_eq!(name_and_tag(image), told, "{image}");
    }
}

#[test]
fn a_name_is_told_from_other_texts() {
    let digits = "0123456789abcdef".repeat(2);
    for good in ["nginx", "nginx:1.25", "registry.k8s.io/nginx-slim:0.24", "localhost:5000/a/b_c", &format!("a@sha256:{digits}")] {
        assert!(is_well_formed(good), "{good}");
    }
    for bad in ["BAD", "", "a b", "nginx:", "nginx:la test", "/x", "a//b", "a..b", "a@sha256:0123"] {
        assert!(!is_well_formed(bad), "{bad}");
    }
}

#[test]
fn a_name_has_a_form() {
    let digits = "0123456789abcdef".repeat(4);
    for image in [
        "nginx",
        "nginx:1.27",
        "a.b/c__d/e---f:V1_.-x",
        "Registry.io:5000/a",
        "[::1]:5000/a",
        "localhost/a",
        &format!("a/b:1@sha256:{digits}"),
    ] {
        assert_eq!(fault(image), None, "{image}");
    }
    let format = "invalid reference format";
    let wrong = |image: &str, want: &str| assert_eq!(fault(image).as_deref(), Some(want), "{image}");
    wrong("Nginx:1", "invalid reference format: repository name (library/Nginx) must be lowercase");
    wrong("a.io/Team/web", "invalid reference format: repository name (Team/web) must be lowercase");
    for image in ["nginx:", "nginx:1.27:2", "web app", "nginx:-1", "a..b", "a/", "-a", "a.io:x/b", "nginx@sha256:0", "nginx:ok?"] {
        wrong(image, format);
    }
    wrong("Foo_bar/web", "repository name must be lowercase");
    wrong(&digits, &format!("invalid repository name ({digits}), cannot specify 64-byte hexadecimal strings"));
    wrong(&"a".repeat(250), "repository name must not be more than 255 characters");
}
