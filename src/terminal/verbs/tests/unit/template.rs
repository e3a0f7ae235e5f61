//! Templates of Go.

use base::value::Value;
use verbs::print::template::{Printed, Template};

fn pod() -> Value {
    let mut pod = Value::map();
    pod.set(&["metadata", "name"], "web-0");
    pod.set(&["metadata", "generation"], 1);
    pod.set(&["metadata", "labels"], Value::of([("app", "nginx"), ("tier", "x")]));
    let container = |name: &str, image: &str| Value::of([("name", name), ("image", image)]);
    pod.set(&["spec", "containers"], Value::list([container("a", "nginx:1.25"), container("b", "busybox")]));
    pod
}

#[test]
fn templates_print_what_go_prints() {
    for (template, want) in [
        ("{{.metadata.name}}", "web-0"),
        ("{{.metadata.foo}} {{.x.y.z}}", "<no value> <no value>"),
        ("{{range .spec.containers}}{{.name}} {{end}}", "a b "),
        ("{{range $i, $c := .spec.containers}}{{if $i}},{{end}}{{$c.image}}{{end}}", "nginx:1.25,busybox"),
        ("{{range $k, $v := .metadata.labels}}{{$k}}={{$v}}{{\"\\n\"}}{{end}}", "app=nginx\ntier=x\n"),
        ("{{range .none}}x{{else}}empty{{end}}", "empty"),
        ("{{index .spec.containers 0}}", "map[image:nginx:1.25 name:a]"),
        ("{{(index .spec.containers 1).name}} {{index .metadata.labels \"app\"}}", "b nginx"),
        ("{{len .spec.containers}}", "2"),
        ("{{if eq .metadata.name \"web-0\"}}yes{{else}}no{{end}}", "yes"),
        ("{{if .none}}a{{else if .metadata.generation}}b{{end}}", "b"),
        ("{{printf \"%s-%d|%q|%%|%s\" .metadata.name 3 \"x\"}}", "web-0-3|\"x\"|%|%!s(MISSING)"),
        ("{{- .metadata.name -}}  x", "web-0x"),
        ("{{with .metadata}}{{.name}}{{end}}{{/* a comment */}}", "web-0"),
        ("{{.metadata.name | len | printf \"%d\"}}", "5"),
        ("{{and true .metadata.name}}{{or \"\" \"b\"}}{{not true}}{{base64decode \"YWI=\"}}", "web-0bfalseab"),
        ("{{$n := .metadata.name}}{{range .spec.containers}}{{$n}}/{{.name}} {{end}}", "web-0/a web-0/b "),
        ("{{range .spec.containers}}{{if eq .name \"b\"}}{{$.metadata.name}}{{end}}{{end}}", "web-0"),
    ] {
        let printed = Template::parse(template).map(|t| t.print(&pod()));
        assert_eq!(printed, Ok(Printed { text: want.to_owned(), error: None }), "{template}");
    }
}

#[test]
fn templates_are_refused_in_gos_words() {
    for (template, want) in [
        ("{{.metadata.name", "error parsing template {{.metadata.name, template: output:1: unclosed action"),
        ("{{foo}}", "error parsing template {{foo}}, template: output:1: function \"foo\" not defined"),
        ("{{html .}}", "error parsing template {{html .}}, template: output:1: function \"html\" is not simulated"),
        ("{{end}}", "error parsing template {{end}}, template: output:1: unexpected {{end}}"),
        ("{{range .x}}", "error parsing template {{range .x}}, template: output:1: unexpected EOF"),
        ("{{$x}}", "error parsing template {{$x}}, template: output:1: undefined variable \"$x\""),
    ] {
        assert_eq!(Template::parse(template).map(|_| ()), Err(want.to_owned()));
    }
}

#[test]
fn a_failure_tells_what_went_in() {
    let printed = Template::parse("{{.spec.containers.foo}}").unwrap().print(&pod());
    assert_eq!(
        printed.error.as_deref(),
        Some(
            "error executing template \"{{.spec.containers.foo}}\": template: output:1:7: executing \"output\" at \
             <.spec.containers.foo>: can't evaluate field foo in type interface {}"
        )
    );
    assert!(printed.text.starts_with("Error executing template: template: output:1:7:") && printed.text.ends_with("]\n\n"));
}
