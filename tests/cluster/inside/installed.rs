//! Which programs an image has.

use crate::pods::story::tell;

#[test]
fn an_image_on_alpine_has_bash_only_if_its_scripts_want_it() {
    for (image, bash) in [
        ("nginx:1.27", true),
        ("nginx:1.27-alpine", false),
        ("postgres:16-alpine3.20", true),
        ("alpine.example/alpine/nginx:1.27", true),
        ("alpine:3.20", false),
        ("team/app-alpine", true),
    ] {
        let spec = format!("{{containers: [{{name: main, image: '{image}', command: [sleep, '9000']}}]}}");
        let said = tell(&spec, "until Running; say kubectl exec app -- bash -c 'echo it is there'");
        assert_eq!(said == "it is there", bash, "{image}: {said}");
        assert_eq!(said.ends_with("\"bash\": executable file not found in $PATH"), !bash, "{image}: {said}");
    }
}
