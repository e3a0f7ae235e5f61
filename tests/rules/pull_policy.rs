//! The pull policy that an image is given.

use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::api::rules::rules;
use ordinal::base::value::Value;

/// The pull policy of a container of this image in a new pod.
fn pull_policy(image: &str) -> String {
    let containers = Value::list([Value::of([("image", image)])]);
    let mut pod = Value::of([("spec", Value::of([("containers", containers)]))]);
    (rules().fill_in)(Kind::Pod, &mut pod, &V1_37);
    pod.list_at(&["spec", "containers"])[0].text_at(&["imagePullPolicy"]).unwrap_or_default().to_owned()
}

#[test]
fn an_image_without_a_fixed_tag_is_always_fetched() {
    let always = ["nginx", "nginx:latest", "registry:5000/a/nginx", "localhost/x", "registry.k8s.io/nginx-slim"];
    let once = ["nginx:1.25", " nginx", "Nginx", "a b:latest", "nginx@sha256:0123456789abcdef0123456789abcdef", "", "a/../b", "x:"];
    for image in always {
        assert_eq!(pull_policy(image), "Always", "{image}");
    }
    for image in once {
        assert_eq!(pull_policy(image), "IfNotPresent", "{image}");
    }
}
