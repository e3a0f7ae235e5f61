//! The answers of kubectl 1.37.1 and a 1.37.1 server to commands that were really typed: refusals, and what is done in spite of them.

use crate::more::play;

const SET: &str = "apiVersion: v1
kind: Service
metadata: {name: nginx}
spec: {clusterIP: None, ports: [{port: 80}], selector: {app: nginx}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: nginx
  replicas: 2
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      containers:
      - name: nginx
        image: nginx:1.25
        env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}, {name: MEM, valueFrom: {resourceFieldRef: {resource: requests.memory, divisor: 1Ki}}}, {name: ALL, valueFrom: {resourceFieldRef: {resource: limits.memory}}}]
        resources: {limits: {cpu: 1200m}, requests: {memory: 1Mi}}
";

/// What each line prints after the set was applied.
fn after_apply(lines: &[&str]) -> Vec<String> {
    let all: Vec<&str> = std::iter::once("apply -f web.yaml").chain(lines.iter().copied()).collect();
    play(&[("web.yaml", SET)], &all).split_off(1)
}

fn check(cases: &[(&str, &str)]) {
    let lines: Vec<&str> = cases.iter().map(|(line, _)| *line).collect();
    for ((line, want), printed) in cases.iter().zip(after_apply(&lines)) {
        assert_eq!(printed, *want, "kubectl {line}");
    }
}

#[test]
fn a_container_that_is_not_there_keeps_no_other_from_its_change() {
    check(&[
        (
            "set image sts/web foo=nginx:1.26 nginx=nginx:1.27",
            "statefulset.apps/web image updated\n! error: unable to find container named \"foo\"\n? 1\n",
        ),
        ("get sts web -o jsonpath={.spec.template.spec.containers[0].image}", "nginx:1.27"),
        ("set image sts/web nginx=nginx:1.28 sts/two", "! error: all resources must be specified before image changes: sts/two\n? 1\n"),
        ("set image sts/web nginx=nginx:1.28 side- more-", "! error: invalid image format: side-, more-\n? 1\n"),
        (
            "set resources sts web --limits=cpu=x",
            "! error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n? 1\n",
        ),
        ("set resources sts nope --limits=cpu=x", "! Error from server (NotFound): statefulsets.apps \"nope\" not found\n? 1\n"),
        ("set resources sts web -c zip --limits=cpu=300m", "! ordinal: `kubectl set resources` with --containers is not simulated.\n? 1\n"),
        ("set image sts/web sts/nope nginx=nginx:1.28", "! Error from server (NotFound): statefulsets.apps \"nope\" not found\n? 1\n"),
        ("get sts web -o jsonpath={.spec.template.spec.containers[0].image}", "nginx:1.27"),
        ("set serviceaccount sts web default", "statefulset.apps/web serviceaccount updated\n"),
        ("set serviceaccount sts web default", "statefulset.apps/web serviceaccount updated\n"),
        (
            "set image sts/web nginx=nginx:1.26 --record",
            "statefulset.apps/web image updated\n! Flag --record has been deprecated, --record will be removed in the future\n",
        ),
        (
            "get sts web -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'",
            "kubectl set image sts/web nginx=nginx:1.26 --record=true",
        ),
        (
            "wait sts/web sts/nope svc/nginx --for=jsonpath={.metadata.name}=web --timeout=0s",
            "statefulset.apps/web condition met\n\
             ! Error from server (NotFound): statefulsets.apps \"nope\" not found\n! condition not met for services/nginx\n? 1\n",
        ),
        ("set selector svc nginx app=other", "service/nginx selector updated\n"),
        ("set selector sts web app=x", "! error: setting a selector is only supported for Services\n? 1\n"),
    ]);
}

#[test]
fn a_patch_that_is_no_json_object_is_the_servers_to_refuse() {
    const BAD: &str = "! Error from server (BadRequest): invalid JSON patch\n? 1\n";
    check(&[
        (r#"patch sts web -p '{"spec":'"#, BAD),
        ("patch sts web -p '{spec: {replicas: 3}}'", BAD),
        ("patch sts web -p 'spec: {replicas: 2}'", "statefulset.apps/web patched (no change)\n"),
        (
            "patch sts web -p '[]'",
            "! Error from server (BadRequest): json: cannot unmarshal array into Go value of type map[string]interface {}\n? 1\n",
        ),
        (
            "patch sts web --type=merge -p foo",
            "! Error from server (BadRequest): error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}\n? 1\n",
        ),
        (
            r#"patch sts web -p '{"metadata":{"name":"other"}}'"#,
            "! Error from server (BadRequest): the name of the object (other) does not match the name on the URL (web)\n? 1\n",
        ),
        (
            r#"patch sts web -p '{"metadata":{"namespace":"other"}}'"#,
            "! Error from server (BadRequest): the namespace of the provided object does not match the namespace sent on the request\n? 1\n",
        ),
        (r#"patch sts web -p '{"spec":{"replicas":2}}' --dry-run=client"#, "statefulset.apps/web patched (no change)\n"),
        (r#"patch sts web -p '{"spec":{"replicas":3}}' --dry-run=server"#, "statefulset.apps/web patched\n"),
    ]);
}

#[test]
fn taints_are_read_as_kubectl_reads_them() {
    check(&[
        ("taint node node-1 a=b:NoSchedule", "node/node-1 tainted\n"),
        (
            "taint node node-1 a=c:NoSchedule",
            "! error: node node-1 already has a taint(s) with same effect(s) and --overwrite is false\n? 1\n",
        ),
        ("taint node node-1 a=c:NoSchedule --overwrite", "node/node-1 modified\n"),
        (
            "taint node node-1 a=b:Foo",
            "! error: invalid taint effect: Foo, unsupported taint effect\n! See 'kubectl taint -h' for help and examples\n? 1\n",
        ),
        (
            "taint node node-1 a=b",
            "! error: invalid taint spec: a=b, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end \
             with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
             '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\n! See 'kubectl taint -h' for help and examples\n? 1\n",
        ),
        ("taint pods web-0 a=b:NoSchedule", "! error: invalid resource type pods, only node types are supported\n? 1\n"),
        ("taint node node-1 a-", "node/node-1 untainted\n"),
        ("taint node node-1 a- b-", "! taint \"a\" not found\n! taint \"b\" not found\n? 1\n"),
        (
            "taint node node-1 node-2 a- b-",
            "! [taint \"a\" not found, taint \"b\" not found]\n! [taint \"a\" not found, taint \"b\" not found]\n? 1\n",
        ),
    ]);
}

#[test]
fn a_label_has_one_sign_of_equality_and_an_annotation_may_have_more() {
    check(&[
        ("label sts web a=b=c", "! error: invalid label spec: a=b=c\n? 1\n"),
        ("annotate sts web a=b=c", "statefulset.apps/web annotated\n"),
    ]);
}

#[test]
fn what_could_not_be_made_is_said_by_its_command() {
    check(&[
        ("create deployment d1 --image=nginx", "deployment.apps/d1 created\n"),
        ("create deployment d1 --image=nginx", "! error: failed to create deployment: deployments.apps \"d1\" already exists\n? 1\n"),
        (
            "create service clusterip nginx --tcp=80",
            "! error: failed to create ClusterIP service: services \"nginx\" already exists\n? 1\n",
        ),
        ("create ns default", "! Error from server (AlreadyExists): namespaces \"default\" already exists\n? 1\n"),
        (
            "create quota q --hard=pods=x",
            "! error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n? 1\n",
        ),
        (
            "autoscale deploy d1 --min=1 --max=3 --cpu-percent=80",
            "horizontalpodautoscaler.autoscaling/d1 autoscaled\n! Flag --cpu-percent has been deprecated, Use --cpu with percentage or \
             resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\n",
        ),
        (
            "autoscale deploy d1 --max=3",
            "! error: failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input\n? 1\n",
        ),
        ("delete pods --all -l app=x", "! error: setting 'all' parameter but found a non empty selector. \n? 1\n"),
        ("delete pod web-0 --all", "! error: name cannot be provided when a selector is specified\n? 1\n"),
        ("rollout restart sts -l app=nope", "! No resources found in default namespace.\n"),
        ("run p --image=nginx --restart=Foo", "! error: invalid restart policy: Foo, valid values are: Always, OnFailure, Never\n? 1\n"),
        ("get pods --output-watch-events", "! error: --output-watch-events option can only be used with --watch or --watch-only\n? 1\n"),
    ]);
}

#[test]
fn events_follow_a_description_of_one_object_only() {
    let events = |text: &str| text.matches("\nEvents:").count();
    let printed = after_apply(&[
        "describe sts web",
        "describe sts/web svc/nginx",
        "describe sts/web svc/nginx --show-events",
        "describe sts web nope",
        "describe sts we",
        "describe nodes",
    ]);
    let counts: Vec<usize> = printed.iter().map(|text| events(text)).collect();
    assert_eq!(counts, [1, 0, 2, 0, 0, 0]);
    assert!(printed[3].starts_with("Name: ") && printed[3].ends_with("? 1\n"), "{}", printed[3]);
    assert!(printed[4].starts_with("Name: ") && printed[4].ends_with("\n\n"), "{}", printed[4]);
}

#[test]
fn a_variable_from_a_resource_is_described_with_its_amount() {
    let described = after_apply(&["describe sts web"]).remove(0);
    for line in [
        "      CPU:         2 (limits.cpu)\n",
        "      MEM:         1024 (requests.memory)\n",
        "      ALL:         node allocatable (limits.memory)\n",
    ] {
        assert!(described.contains(line), "{line} in\n{described}");
    }
}

#[test]
fn kinds_stand_before_names_where_several_kinds_were_found() {
    check(&[
        (
            "get sts,svc web --no-headers -o custom-columns=N:.metadata.name",
            "web\n! Error from server (NotFound): services \"web\" not found\n? 1\n",
        ),
        ("get sts/web svc/nginx -o name", "statefulset.apps/web\nservice/nginx\n"),
    ]);
    let table = after_apply(&["get sts,svc web"]).remove(0);
    assert!(table.starts_with("NAME   READY   AGE\nweb    "), "{table}");
}

#[test]
fn a_document_that_cannot_be_read_stops_no_other() {
    let odd = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {b: yes}}\n---\napiVersion: v1\nkind: Nope\nmetadata: {name: nn}\n\
               ---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad}\n";
    let printed = play(&[("odd.yaml", odd)], &["apply -f odd.yaml"]).remove(0);
    assert_eq!(
        printed.lines().take(4).collect::<Vec<_>>(),
        [
            "configmap/good created",
            "! [unable to decode \"odd.yaml\": json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string, \
             resource mapping not found for name: \"nn\" namespace: \"\" from \"odd.yaml\": no matches for kind \"Nope\" in version \"v1\"",
            "! ensure CRDs are installed first]",
            "! Error from server (Invalid): error when creating \"odd.yaml\": ConfigMap \"Bad\" is invalid: metadata.name: Invalid value: \
             \"Bad\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end \
             with an alphanumeric character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        ]
    );
}

#[test]
fn a_scheduled_event_has_one_time_and_no_count() {
    let printed = after_apply(&[
        "wait pod/web-0 --for=condition=Ready --timeout=20s",
        "get events -o jsonpath='{range .items[?(@.reason==\"Scheduled\")]}{.action}/{.count}/{.source}{\"\\n\"}{end}'",
        "events --for pod/web-0 --no-headers",
    ]);
    assert!(printed[1].starts_with("Binding//{}\n"), "{}", printed[1]);
    let reasons: Vec<&str> = printed[2].lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(reasons, ["Pulled", "Created", "Started", "Scheduled"], "{}", printed[2]);
}

#[test]
fn a_table_without_the_field_to_sort_by_is_empty_and_several_are_not_sorted() {
    const NO_NAME: &str = "! error: couldn't find any field with path \"{.metadata.name}\" in the list of objects\n? 1\n";
    check(&[
        ("get nodes --sort-by=.metadata.labels.foo", "! No resources found\n"),
        ("get sts --sort-by=.foo", "NAME   READY   AGE\nweb    0/2     0s\n"),
        (
            "get sts --sort-by=.status.nope -o name",
            "! error: couldn't find any field with path \"{.status.nope}\" in the list of objects\n? 1\n",
        ),
        ("get sts,deploy --sort-by=.metadata.name", NO_NAME),
        ("get nodes node-1 node-2 --sort-by=.metadata.name", NO_NAME),
        ("get svc,sts --sort-by=metadata.name -o name", "service/kubernetes\nservice/nginx\nstatefulset.apps/web\n"),
    ]);
}

#[test]
fn created_objects_are_parted_where_they_are_printed_as_yaml() {
    let printed = after_apply(&["create -f web.yaml --dry-run=client -o yaml", "apply -f web.yaml --dry-run=client -o yaml"]);
    assert_eq!(printed[0].matches("\n---\n").count(), 1, "{}", printed[0]);
    assert_eq!(printed[1].matches("\n---\n").count(), 0, "{}", printed[1]);
}

/// Models k8s.io/kubectl/pkg/cmd/events/event_printer.go printOneEvent: unlike a table of `get`, it cuts no cell.
#[test]
fn events_prints_a_message_of_several_lines_whole() {
    let event = |name: &str, at: u32, reason: &str, message: &str| {
        format!(
            "apiVersion: v1\nkind: Event\nmetadata: {{name: {name}}}\ninvolvedObject: {{kind: Pod, name: web-9, namespace: default, apiVersion: \
             v1}}\ntype: Normal\nreason: {reason}\nmessage: {message}\nfirstTimestamp: '2026-01-01T00:00:0{at}Z'\nlastTimestamp: \
             '2026-01-01T00:00:0{at}Z'\n"
        )
    };
    let events = [event("a", 1, "R", "\"one\\ntwo\\n\""), event("b", 2, "LongerThanTheHeading", "three")].join("---\n");
    let told = play(&[("events.yaml", &events)], &["apply -f events.yaml", "events --for pod/web-9", "get events -o wide"]);
    let cells = |line: &str| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).skip(1).collect::<Vec<_>>().join("|");
    let lines: Vec<String> = told[1].lines().map(cells).collect();
    assert_eq!(lines, ["TYPE|REASON|OBJECT|MESSAGE", "Normal|R|Pod/web-9|one", "", "Normal|LongerThanTheHeading|Pod/web-9|three"]);
    let column = |line: &str| told[1].lines().find(|l| l.contains(line)).and_then(|l| l.find("Pod/web-9"));
    assert!(column("one") < column("three"), "the columns begin anew:\n{}", told[1]);
    assert!(told[2].contains("one..."), "{}", told[2]);
}

/// Recorded: h-sort, h-verbs-1, h-client-dry (by a real kubectl 1.37.1).
#[test]
fn one_printer_parts_yaml_and_what_is_missing_does_not_keep_others_from_being_shown() {
    let set = |name: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec: {{selector: {{matchLabels: {{app: x}}}}, template: \
             {{metadata: {{labels: {{app: x}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}\n"
        )
    };
    let told = play(
        &[("sets.yaml", &[set("a"), set("b")].join("---\n"))],
        &[
            "apply -f sets.yaml",
            "scale sts/a sts/b --replicas=0 --dry-run=client -o yaml",
            "annotate sts/a sts/b x=y --dry-run=server -o yaml",
            "set image sts/a sts/b c=j --dry-run=client -o yaml",
            "label sts/a sts/b x=y --dry-run=client -o yaml",
            "get sts nope a --sort-by=.metadata.name",
            "get sts nope a b --sort-by=.nope -o name",
            "get sts -o jsonpath='{.items[?(@.nope==x)].metadata.name}'",
            "get sts -o jsonpath='{.items[?(@.metadata.name==x)].metadata.name}'",
        ],
    );
    let parted: Vec<usize> = told[1..5].iter().map(|text| text.lines().filter(|line| *line == "---").count()).collect();
    assert_eq!(parted, [1, 1, 1, 0]);
    let missing = "! Error from server (NotFound): statefulsets.apps \"nope\" not found\n";
    assert!(told[5].contains("NAME") && told[5].contains("\na ") && told[5].contains(missing), "{}", told[5]);
    assert_eq!(told[6], format!("{missing}! couldn't find any field with path \"{{.nope}}\" in the list of objects\n? 1\n"));
    assert_eq!(told[7], "");
    assert!(told[8].contains("unrecognized identifier x"), "{}", told[8]);
}

#[test]
fn a_name_beside_one_to_generate_that_is_taken_is_told_of_in_words_of_its_own() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, generateName: p-}\nspec: {containers: [{name: c, image: nginx}]}\n";
    let printed = play(&[("p.yaml", pod)], &["create -f p.yaml", "create -f p.yaml"]);
    let taken = "pods \"p\" already exists, the server was not able to generate a unique name for the object";
    assert!(printed[1].contains(&format!("Error from server (AlreadyExists): error when creating \"p.yaml\": {taken}")), "{printed:?}");
}
