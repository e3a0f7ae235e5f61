//! What is seldom typed, in the words of kubectl 1.37.1 and of a server of that release.

use crate::more::play;

const FRONT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
spec:
  replicas: 2
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front}}
    spec: {containers: [{name: c, image: nginx}]}
";

/// What is said to lines that a few objects stand behind.
fn said(lines: &[&str]) -> Vec<String> {
    let all: Vec<&str> =
        ["create cm w1", "apply -f f.yaml", r#"{"settle": 2, "timeout": 60}"#].into_iter().chain(lines.iter().copied()).collect();
    play(&[("f.yaml", FRONT)], &all).split_off(2)
}

#[test]
fn what_has_no_order_ends_kubectl() {
    for (line, place, held, field, of) in [
        ("get po --sort-by=.metadata.labels", 375, "[][][]reflect.Value", "{.metadata.labels}", "map[string]interface {}"),
        ("get po --sort-by=.metadata.labels -o name", 329, "*unstructured.Unstructured", "{.metadata.labels}", "map[string]interface {}"),
        ("get po --sort-by={.spec.containers}", 375, "[][][]reflect.Value", "{.spec.containers}", "[]interface {}"),
        ("get po --sort-by=spec.enableServiceLinks", 375, "[][][]reflect.Value", "{.spec.enableServiceLinks}", "bool"),
    ] {
        let printed = said(&[line]).remove(0);
        let words =
            format!("sorter.go:{place}] Field {field} in {held} is an unsortable type: interface, err: unsortable type: {of}\n? 1\n");
        // What is before it, when and by which process, is another on every machine.
        assert!(printed.starts_with("! F0101 ") && printed.ends_with(&words), "{line}: {printed}");
    }
    let printed = said(&["get deploy --sort-by=.metadata.labels", "get po --sort-by={.spec.containers[*].name} -o name"]);
    assert!(printed[0].starts_with("NAME ") && printed[1].starts_with("pod/front-"), "{printed:?}");
}

#[test]
fn a_patch_does_not_make_an_object_one_of_another_kind() {
    const SCHEME: &str = r#"in scheme "pkg/runtime/scheme.go:111""#;
    for (line, words) in [
        (r#"patch cm w1 --type=merge -p '{"kind":"Pod"}'"#, "converting (v1.Pod) to (core.ConfigMap): unknown conversion".to_owned()),
        (
            r#"patch cm w1 --type=merge -p '{"apiVersion":"apps/v1"}'"#,
            format!(r#"no kind "ConfigMap" is registered for version "apps/v1" {SCHEME}"#),
        ),
        (
            r#"patch cm w1 --type=merge -p '{"kind":3}'"#,
            "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string"
                .to_owned(),
        ),
        (r#"patch cm w1 --type=merge -p '{"apiVersion":"a/b/c"}'"#, "unexpected GroupVersion string: a/b/c".to_owned()),
        (
            r#"patch cm w1 --type=json -p '[{"op":"replace","path":"/kind","value":"Foo"}]'"#,
            format!(r#"no kind "Foo" is registered for version "v1" {SCHEME}"#),
        ),
        (
            r#"patch deploy front --type=merge -p '{"apiVersion":"autoscaling/v1","kind":"Scale"}'"#,
            "converting (v1.Scale) to (apps.Deployment): unknown conversion".to_owned(),
        ),
        (
            r#"patch deploy front --type=merge --subresource=scale -p '{"kind":"Foo"}'"#,
            format!(r#"no kind "Foo" is registered for version "autoscaling/v1" {SCHEME}"#),
        ),
    ] {
        let printed = said(&[line]).remove(0);
        assert!(printed.starts_with(r#"! The request is invalid: patch: Invalid value: "{\"apiVersion\":"#), "{line}: {printed}");
        assert!(printed.ends_with(&format!("}}\": {words}\n? 1\n")), "{line}: {printed}");
    }
    let said = said(&[
        r#"patch deploy front --type=merge --dry-run=client -p '{"kind":"Foo"}'"#,
        r#"patch deploy front --type=merge -p '{"apiVersion":"apps/v1beta1","spec":{"replicas":3}}'"#,
        r#"patch cm w1 -p '{"kind":"Pod"}'"#,
    ]);
    assert_eq!(said, ["foo.apps/front patched\n", "deployment.apps/front patched\n", "configmap/w1 patched (no change)\n"]);
}

#[test]
fn who_does_not_wait_for_an_answer_gets_none() {
    let said = said(&["wait po --all --for=delete --timeout=1ms", "delete cm w1 --timeout=1ms", "get cm w1 --request-timeout=x"]);
    assert_eq!(said[0], "! context deadline exceeded\n! context deadline exceeded\n? 1\n");
    assert_eq!(
        said[1],
        "configmap \"w1\" deleted from default namespace\n! Unable to connect to the server: context deadline exceeded\n? 1\n"
    );
    assert!(said[2].starts_with("! error: Invalid timeout value. Timeout must be a single integer in seconds"), "{}", said[2]);
}

/// What kubectl prints without a server.
#[test]
fn scopes_and_selectors_are_read_as_kubectl_reads_them() {
    let said = said(&[
        "create quota q --scopes=BestEffort,",
        "create pdb p --selector=a>1 --min-available=1",
        "create pdb p --selector=a=b,c!=d --min-available=1",
        "create pdb p --selector='a=b,c in (d,e),!f' --min-available=1 --dry-run=client -o jsonpath={.spec.selector}",
    ]);
    assert_eq!(
        said,
        [
            "! error: invalid resource quota scope \"\"\n? 1\n",
            "! error: \"gt\" isn't supported in label selectors\n? 1\n",
            "! error: \"!=\" is not a valid label selector operator\n? 1\n",
            r#"{"matchExpressions":[{"key":"c","operator":"In","values":["d","e"]},{"key":"f","operator":"DoesNotExist"}],"matchLabels":{"a":"b"}}"#,
        ]
    );
}

/// What is said to a line, and what kubectl says to it in reality.
fn are_said(lines: &[(&str, &str)]) {
    for (line, words) in lines {
        assert_eq!(said(&[line]).remove(0), *words, "{line}");
    }
}

#[test]
fn a_short_name_has_any_version() {
    are_said(&[
        ("get deploy.v1beta1.apps -o name", "deployment.apps/front\n"),
        ("label deploy.v9.apps front a=b", "deployment.apps/front labeled\n"),
        (
            "get deployments.v1beta1.apps",
            "! error: the server doesn't have a resource type \"deployments\" in group \"v1beta1.apps\"\n? 1\n",
        ),
    ]);
}

#[test]
fn what_is_named_of_a_kubeconfig_is_there() {
    are_said(&[
        ("get cm w1 -o name --cluster=ordinal --user=ordinal", "configmap/w1\n"),
        ("get cm --cluster=nope", "! error: no server found for cluster \"nope\"\n? 1\n"),
        ("get cm --user=nope --cluster=nope", "! error: auth info \"nope\" does not exist\n? 1\n"),
        ("get cm --kubeconfig=nope", "! error: stat nope: no such file or directory\n? 1\n"),
    ]);
}

#[test]
fn words_that_are_wrong_in_two_ways_are_refused_for_the_first() {
    const NO_RESOURCE: &str = "! error: one or more resources must be specified as <resource> <name>\n? 1\n";
    are_said(&[
        ("taint a", "! error: at least one taint update is required\n? 1\n"),
        ("taint a-", NO_RESOURCE),
        ("taint a=b:Foo", NO_RESOURCE),
        ("taint nodes --all a=b:NoExecute -l x=y", "! error: setting 'all' parameter with a non empty selector is prohibited\n? 1\n"),
        ("diff -f f.yaml --foo", "! error: unknown flag: --foo\n! See 'kubectl diff -h' for help and examples\n? 2\n"),
        ("apply -f f.yaml --save-config", "! error: unknown flag: --save-config\n! See 'kubectl apply --help' for usage.\n? 1\n"),
        ("rollout pause deploy -l no=such", "! No resources found in default namespace.\n"),
        ("set resources deploy --all -l a=b --limits=cpu=1", "! error: cannot set --all and --selector at the same time\n? 1\n"),
        ("expose cm w1 kube-root-ca.crt --port=80", "! cannot expose a ConfigMap\n! cannot expose a ConfigMap\n? 1\n"),
    ]);
}

#[test]
fn get_asks_for_its_objects_before_it_reads_how_to_print_them() {
    const NO_PART: &str = "! Error from server (NotFound): the server could not find the requested resource\n";
    are_said(&[
        ("get cm nope -o foo", "! Error from server (NotFound): configmaps \"nope\" not found\n? 1\n"),
        ("get nope -o custom-columns=A", "! error: the server doesn't have a resource type \"nope\"\n? 1\n"),
        ("get cm nope -o foo --ignore-not-found", ""),
        ("get deploy front nope --subresource=foo", &format!("{NO_PART}{NO_PART}? 1\n")),
        ("get deploy nope --subresource=foo", &format!("{NO_PART}? 1\n")),
    ]);
    let bad = said(&["get cm w1 -o foo"]).remove(0);
    assert!(bad.starts_with("! error: unable to match a printer suitable for the output format \"foo\""), "{bad}");
}

#[test]
fn what_is_null_is_described_as_go_prints_it() {
    let printed = said(&["describe ev front"]).remove(0);
    assert!(printed.contains("\nFirst Timestamp:  <nil>\n") && !printed.contains("null"), "{printed}");
}
