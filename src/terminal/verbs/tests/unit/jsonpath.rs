//! Templates of JSONPath.

use base::value::Value;
use verbs::print::jsonpath::Template;

fn pod() -> Value {
    let condition = |kind: &str, status: &str| Value::of([("type", kind), ("status", status)]);
    let mut pod = Value::map();
    pod.set(&["metadata", "name"], "web-0");
    pod.set(&["metadata", "generation"], 1);
    pod.set(&["metadata", "labels", "statefulset.kubernetes.io/pod-name"], "web-0");
    pod.set(&["spec", "nodeName"], "node-2");
    let mut tolerations = [Value::of([("key", "a")]), Value::of([("key", "b")])];
    tolerations[0].set(&["seconds"], 300);
    tolerations[1].set(&["seconds"], 5);
    pod.set(&["spec", "tolerations"], Value::list(tolerations));
    pod.set(&["spec", "containers"], Value::list([Value::of([("name", "nginx"), ("image", "nginx:1.25")])]));
    pod.set(&["status", "conditions"], Value::list([condition("Initialized", "True"), condition("Ready", "False")]));
    pod.set(&["status", "nothing"], Value::Null);
    pod
}

#[test]
fn templates_print_what_kubectl_prints() {
    for (template, want) in [
        (".metadata.name", ".metadata.name"),
        ("{.metadata.name}x{\"\\n\"}", "web-0x\n"),
        ("{.metadata['name','generation']}", "web-0 1"),
        ("{.spec.containers[-1].name}", "nginx"),
        ("{range .status.conditions[*]}{.type}={.status}{'\\t'}{end}.", "Initialized=True\tReady=False\t."),
        ("{range .status.conditions[*]}{.type}{\"\\n\"}", "Initialized\nReady\n\n"),
        ("{range .status.conditions[*]}{range .a}{end}{.type}{.metadata.name} ", "Initialized Ready web-0 "),
        ("{range .nothing[*]}x{end}y", "y"),
        ("{.status.conditions[?(@.type==\"Ready\")].status}", "False"),
        ("{.status.conditions[?(@.type!='Ready')].type}", "Initialized"),
        ("{.spec.tolerations[?(@.seconds>200)].key}", "a"),
        ("{.spec.containers[?(@.name)].image}", "nginx:1.25"),
        ("{.foo}", ""),
        ("{.spec.containers[0].name.x}", ""),
        ("{.metadata.labels.statefulset\\.kubernetes\\.io/pod-name}", "web-0"),
        ("{.metadata.labels['statefulset\\.kubernetes\\.io/pod-name']}", "web-0"),
        ("{.status.conditions[0:2].type}", "Initialized Ready"),
        ("{.status.conditions[0:2:2].type}", "Initialized"),
        ("{.status.conditions[*].type}", "Initialized Ready"),
        ("{..name}", "web-0 nginx"),
        ("{.status.nothing}", "null"),
        ("{.metadata.name#}", ""),
        ("{$.metadata.name}{@.metadata.name}", "web-0web-0"),
        ("{3}{true}{-1.5}", "3true-1.5"),
        ("{.metadata.name .metadata.generation}", ""),
        ("{.spec.containers}", r#"[{"image":"nginx:1.25","name":"nginx"}]"#),
    ] {
        assert_eq!(Template::parse(template).and_then(|t| t.print(&pod(), false)).as_deref(), Ok(want), "{template}");
    }
}

#[test]
fn templates_are_refused_in_kubectls_words() {
    for (template, want) in [
        ("{.metadata.name", "unclosed action"),
        ("{.spec.containers[0]", "unclosed action"),
        ("{.status.conditions[?(@.type==\"Ready\"].status}", "unterminated filter"),
        ("{.spec.containers[a]}", "invalid array index a"),
        ("{.spec.containers[0}", "unterminated array"),
        ("{\"a", "unterminated quoted string"),
        ("{.....x}", "invalid multiple recursive descent"),
        ("{#}", "unrecognized character in action: U+0023 '#'"),
    ] {
        assert_eq!(Template::parse(template).map(|_| ()), Err(want.to_owned()), "{template}");
    }
}

#[test]
fn failures_name_the_reason() {
    for (template, want) in [
        ("{.spec.containers[5].name}", "array index out of bounds: index 5, length 1"),
        ("{.spec.containers[0:9].name}", "array index out of bounds: index 8, length 1"),
        ("{.spec.nodeName[0]}", "string is not array or slice"),
        ("{end}", "not in range, nothing to end"),
        ("{foo}", "unrecognized identifier foo"),
        ("{foo-bar}", "unrecognized identifier foo-bar"),
        ("{.a b}", "unrecognized identifier b"),
        ("{.spec.tolerations[?(@.seconds==\"x\")].key}", "incompatible types for comparison"),
    ] {
        assert_eq!(Template::parse(template).unwrap().results(&pod()), Err(want.to_owned()), "{template}");
    }
}

#[test]
fn bare_paths_are_read_where_they_are_allowed() {
    for text in [".metadata.name", "metadata.name", "{.metadata.name}", "{metadata.name}"] {
        assert_eq!(Template::parse_relaxed(text).unwrap().print(&pod(), false).as_deref(), Ok("web-0"), "{text}");
    }
    assert!(Template::parse_relaxed("{.a").is_err());
    assert_eq!(Template::relaxed("."), Ok("{..}".to_owned()));
}
