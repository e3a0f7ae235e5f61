//! Variables that name others.

use crate::pods::story::tell;

#[test]
fn what_is_known_is_put_in_and_what_is_escaped_or_unknown_stays() {
    let cases = [
        ("", ""),
        ("$(A)-$(B)", "1-$(A)"),
        ("$$(A) $$$(A)", "$(A) $1"),
        ("$(C) $(A", "$(C) $(A"),
        ("5$ $x $", "5$ $x $"),
        ("$(KUBERNETES_SERVICE_PORT)", "443"),
        // The container's own stands before that of the Service.
        ("$(KUBERNETES_SERVICE_PORT_HTTPS)", "1"),
    ];
    let own = "{name: A, value: '1'}, {name: B, value: '$$(A)'}, {name: KUBERNETES_SERVICE_PORT_HTTPS, value: '1'}";
    for (text, want) in cases {
        let env = format!("[{own}, {{name: T, value: '{text}'}}]");
        let spec = format!("{{containers: [{{name: main, image: nginx, env: {env}}}]}}");
        assert_eq!(tell(&spec, "until Running; say kubectl exec app -- sh -c 'echo \"<$T>\"'"), format!("<{want}>"), "{text}");
    }
}
