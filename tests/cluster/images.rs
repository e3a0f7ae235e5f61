//! What an image does, by its name and by what the user said.

use ordinal::cluster::images::{Behaviour, Images, WELL};
use ordinal::cluster::stand_in::Nodes;

#[test]
fn a_tag_tells_what_an_image_does_unless_the_user_did() {
    let mut images = Images::of(Nodes::Real);
    assert!(images.behaviour("registry:5000/crash/nginx:1.25") == WELL);
    assert!(images.behaviour("nginx:broken").pull_fails);
    assert!(images.behaviour("nginx:1.26-crash-stubborn").crashes && images.behaviour("nginx:1.26-crash-stubborn").ignores_term);
    images.tell("nginx:1.27", Behaviour::named("unready").expect("it is a word"));
    assert!(images.behaviour("nginx:1.27").never_ready);
    images.tell("nginx:broken", Behaviour::named("well").expect("it is a word"));
    assert_eq!(images.behaviour("nginx:broken"), WELL);
    assert_eq!(Behaviour::named("strange"), None);
}

#[test]
fn what_guides_call_an_image_that_is_not_there_is_not_there_on_real_nodes() {
    let fails = |image: &str, nodes| Images::of(nodes).cannot_be_pulled(image);
    for image in [
        "nginx:nonexistent",
        "nginx:does-not-exist",
        "nginx:doesnt-exist",
        "nonexistent-image",
        "registry:5000/no/such:1",
        "nginx:invalid-tag",
        "nginx:1.161",
        "nginx:1.999.0",
        "nginx:bad",
        "nginx:badtag",
        "nginx:1.99-wrong",
        "redis:typo",
        "nginx:1.161@sha256:0123",
    ] {
        assert!(fails(image, Nodes::Real), "{image}");
        assert!(!fails(image, Nodes::StandIns), "{image} of a recording");
    }
    for image in [
        "nginx:1.27.3",
        "registry:5000/app:bad4f00",
        "nicholasjackson/fake-service:v0.26",
        "existdb/existdb:6.2",
        "ubuntu:24.04",
        "team/app:1.161",
        "debian:bookworm-20240101",
        "app:100",
        "tomcat:9.0.100",
        "casino/such-app",
    ] {
        assert!(!fails(image, Nodes::Real), "{image}");
    }
}
