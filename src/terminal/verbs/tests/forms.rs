//! Less common forms of commands, with the output of a real 1.37.1.

use crate::more::{one_pod_set, play};
use crate::sessions::{run, world};

const CM: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, labels: {k: v}}\ndata: {a: b}\n";
const CHANGED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, labels: {k: v}}\ndata: {a: c}\n";
const NAMELESS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: g-}\n";
const DEP: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: dep}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: d}}\n  \
                   template:\n    metadata: {labels: {app: d}}\n    spec: {containers: [{name: c, image: nginx}]}\n";
const NOTHING: &str = "! error: You must provide one or more resources by argument or filename.\n! Example resource specifications \
                       include:\n!    '-f rsrc.yaml'\n!    '--filename=rsrc.json'\n!    '<resource> <name>'\n!    '<resource>'\n? 1\n";

/// Runs lines, and compares the output of each.
fn check(lines: &[(&str, &str)]) {
    let files = [
        ("cm.yaml", CM),
        ("changed.yaml", CHANGED),
        ("nameless.yaml", NAMELESS),
        ("dep.yaml", DEP),
        ("env.txt", "A=1\n"),
        ("dir/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d1}\n"),
        ("dir/sub/b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d2}\n"),
    ];
    let all: Vec<&str> = ["apply -f cm.yaml", "apply -f dep.yaml"].into_iter().chain(lines.iter().map(|(line, _)| *line)).collect();
    for ((line, want), got) in lines.iter().zip(&play(&files, &all)[2..]) {
        assert_eq!(got, want, "{line}");
    }
}

#[test]
fn files_and_dry_runs() {
    check(&[
        ("apply -f dir", "configmap/d1 created\n"),
        ("apply -R -f dir", "configmap/d1 unchanged\nconfigmap/d2 created\n"),
        ("apply cm.yaml", "! error: Unexpected args: [cm.yaml]\n! See 'kubectl apply -h' for help and examples\n? 1\n"),
        (
            "apply -f changed.yaml --dry-run",
            "configmap/one configured (dry run)\n\
             ! W0101 00:00:01.538000       1 helpers.go:714] --dry-run is deprecated and can be replaced with --dry-run=client.\n",
        ),
        ("create -f nameless.yaml --dry-run=client", "configmap/<unknown> created (dry run)\n"),
        ("create cm two --dry-run=server -o jsonpath={.metadata.resourceVersion}", ""),
        ("apply -f dep.yaml -f changed.yaml --dry-run=server -o jsonpath={.metadata}", "{}"),
        ("diff -f nope.yaml", "! error: the path \"nope.yaml\" does not exist\n? 2\n"),
        ("apply -f changed.yaml --server-side --force-conflicts", "configmap/one serverside-applied\n"),
        ("apply view-last-applied cm one", "! ordinal: `kubectl apply view-last-applied` is not simulated.\n? 1\n"),
        (
            r"get cm one -o 'jsonpath={.metadata.annotations.kubectl\.kubernetes\.io/last-applied-configuration}'",
            "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"c\"},\"kind\":\"ConfigMap\",\"metadata\":{\"labels\":{\"k\":\"v\"},\"name\":\"one\",\"namespace\":\"default\"}}\n",
        ),
    ]);
}

#[test]
fn what_is_made_from_words() {
    check(&[
        (
            "create deploy two --image=nginx --image=redis --port=80 --dry-run=client -o jsonpath={.spec.template.spec.containers[*].ports}",
            "[{\"containerPort\":80}]",
        ),
        (
            "create cm c --from-env-file=env.txt --from-literal=a=b",
            "! error: from-env-file cannot be combined with from-file or from-literal\n? 1\n",
        ),
        ("create pdb b --selector=app=x --min-available=-1", "! error: invalid format specified for min-available\n? 1\n"),
        (
            "create pdb b --selector=a=b=c --min-available=1",
            "! error: couldn't parse the selector string \"a=b=c\": found '=', expected: ',' or 'end of string'\n? 1\n",
        ),
        ("create service clusterip s --tcp=foo", "! error: strconv.ParseUint: parsing \"foo\": invalid syntax\n? 1\n"),
        ("create service clusterip s --tcp=80:8080:1", "service/s created\n"),
        ("create service foo bar", "! error: unknown command \"foo bar\"\n! See 'kubectl create service -h' for help and examples\n? 1\n"),
        ("create job j --image=x --from=cronjob/x", "! error: either --image or --from must be specified\n? 1\n"),
        ("create job j --from=cronjob/nope", "! Error from server (NotFound): cronjobs.batch \"nope\" not found\n? 1\n"),
        ("run --image=x", "! error: NAME is required for run\n? 1\n"),
        (
            "autoscale deploy dep --max=3 --cpu=500m --dry-run=client -o jsonpath={.spec.metrics}{.status}",
            "[{\"resource\":{\"name\":\"cpu\",\"target\":{\"averageValue\":\"500m\",\"type\":\"AverageValue\"}},\"type\":\"Resource\"}]\
             {\"currentMetrics\":null,\"desiredReplicas\":0}",
        ),
        (
            "autoscale svc kubernetes --max=3",
            "! error: cannot autoscale a Service: could not find scale subresource for /v1, Resource=services in discovery information\n? 1\n",
        ),
    ]);
}

#[test]
fn columns_are_printed_up_to_the_object_at_which_a_path_fails() {
    const COLUMNS: &str = "-o custom-columns=N:.metadata.name,R:.spec.containers[?(@.name==Ready)].image";
    let wrong = "! error: unrecognized identifier Ready\n? 1\n";
    for (what, printed) in [("pods", ""), ("pods -w", ""), ("sts,pods", "web   <none>\n")] {
        let said = run(&mut world(), &format!("get {what} {COLUMNS}"));
        assert_eq!(said, format!("N     R\n{printed}{wrong}"), "{what}");
    }
}

#[test]
fn what_has_no_name_is_refused_by_kubectl_itself() {
    let undeleted = "! error: error when deleting \"nameless.yaml\": resource name may not be empty\n? 1\n";
    check(&[
        ("delete -f nameless.yaml", undeleted),
        ("replace --force -f nameless.yaml", undeleted),
        ("describe -f nameless.yaml", "! error: resource name may not be empty\n? 1\n"),
        ("create -f nameless.yaml --dry-run=client -o name", "configmap/<unknown>\n"),
    ]);
}

#[test]
fn what_is_asked_and_refused() {
    check(&[
        ("get cm nope -w --ignore-not-found", ""),
        ("get cm, pods", "! error: arguments in resource/name form must have a single resource and name\n? 1\n"),
        ("get ,cm", "! error: the server doesn't have a resource type \"\"\n? 1\n"),
        ("get cm --context=nope", "! Error in configuration: context was not found for specified context: nope\n? 1\n"),
        ("delete --all", "! error: at least one resource must be specified to use a selector\n? 1\n"),
        ("delete pod --force", "! error: resource(s) were provided, but no name was specified\n? 1\n"),
        ("set image", NOTHING),
        ("set resources deploy dep --limits=cpu=1,zip", "! error: invalid argument syntax zip, expected <resource>=<value>\n? 1\n"),
        ("set selector svc x", "! error: resource(s) were provided, but no name was specified\n? 1\n"),
        ("cordon deploy/dep", "! error: expected resource of type node, got \"apps/v1, Resource=deployments\"\n? 1\n"),
        (
            "drain node-1 -l a=b",
            "! error: cannot specify both a node name and a --selector option\n! See 'kubectl drain -h' for help and examples\n? 1\n",
        ),
        ("edit cm -l a=b", "! error: unknown shorthand flag: 'l' in -l\n! See 'kubectl edit --help' for usage.\n? 1\n"),
        ("explain cm --output=foo", "! error: unrecognized format: foo\n? 1\n"),
        ("explain sts..spec", "! error: invalid jsonpath syntax, first node must be field node\n? 1\n"),
        ("explain pods.v1", "KIND:       Pod\nVERSION:    v1\n\n! error: field \"v1\" does not exist\n? 1\n"),
        ("explain sts.apps", "GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n! error: field \"apps\" does not exist\n? 1\n"),
        (
            "explain statefulsets.apps.nope",
            "GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n! error: field \"nope\" does not exist\n? 1\n",
        ),
        ("events --for=nope/x", "! the server doesn't have a resource type \"nope\"\n? 1\n"),
        ("version -o foo", "! ordinal: `kubectl version` with --output is not simulated.\n? 1\n"),
        ("auth can-i get /healthz", "yes\n"),
        (
            "label cm,deploy --all --list",
            "Listing labels for ConfigMap./kube-root-ca.crt:\nListing labels for ConfigMap./one:\n k=v\nListing labels for Deployment.apps/dep:\n",
        ),
        ("rollout history cm/one", "! error: error retrieving history for \"ConfigMap\", no visitor method exists for { ConfigMap}\n? 1\n"),
        ("rollout status deploy -l a=b", "! No resources found in default namespace.\n"),
        ("api-resources foo", "! error: unexpected arguments: [foo]\n! See 'kubectl api-resources -h' for help and examples\n? 1\n"),
    ]);
}

#[test]
fn what_is_waited_for() {
    check(&[
        ("wait --for=jsonpath={.data.a}=b cm/one -o name", "configmap/one\n"),
        ("wait --for=jsonpath={.data.a}=z cm/one --timeout=0", "! error: condition not met for configmaps/one\n? 1\n"),
        ("wait --for=delete cm/one --timeout=0s", "! error: condition not met for configmaps/one\n? 1\n"),
        ("wait --for=delete cm/nope cm/one --timeout=1s", "! error: timed out waiting for the condition on configmaps/one\n? 1\n"),
        (
            "wait --for=jsonpath={.data.a}= cm/one",
            "! error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3\n? 1\n",
        ),
        (
            "wait --for=jsonpath={.data cm/one",
            "! error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'\n? 1\n",
        ),
    ]);
}

#[test]
fn a_drain_that_the_server_only_tries_is_asked_of_budgets() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec:\n  minAvailable: 1\n  selector: {matchLabels: {app: d}}\n";
    let lines = [
        "apply -f dep.yaml -f b.yaml",
        "wait --for=condition=Ready pod -l app=d --timeout=20s",
        "drain node-1 node-2 node-3 --dry-run=server --timeout=1s",
        "drain node-1 node-2 node-3 --dry-run=client",
        "drain node-1 --dry-run=server --disable-eviction",
    ];
    let printed = play(&[("dep.yaml", DEP), ("b.yaml", budget)], &lines);
    let refused = "(will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.";
    assert!(printed[2].contains(" (server dry run)\n") && printed[2].contains(refused), "{}", printed[2]);
    assert!(!printed[3].contains(refused), "{}", printed[3]);
    assert_eq!(printed[4], "node/node-1 cordoned (server dry run)\nnode/node-1 drained (server dry run)\n");
}

#[test]
fn a_job_without_labels_has_all_of_its_templates() {
    let job = |name: &str, own: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}{own}}}\nspec:\n  template:\n    metadata: {{labels: {{app: j}}}}\n    \
             spec: {{restartPolicy: Never, containers: [{{name: c, image: busybox}}]}}\n"
        )
    };
    let lines = ["apply -f a.yaml -f b.yaml", "get jobs -o jsonpath={.items[*].metadata.labels.job-name}"];
    let printed = play(&[("a.yaml", &job("a", "")), ("b.yaml", &job("b", ", labels: {app: j}"))], &lines);
    assert_eq!(printed[1], "a");
}

#[test]
fn a_history_has_each_number_once() {
    let (web, alt) = (one_pod_set("web", "s"), one_pod_set("alt", "s"));
    let lines = [
        "apply -f web.yaml -f alt.yaml",
        "wait --for=condition=Ready pod -l app=x --timeout=20s",
        "delete sts web --cascade=orphan",
        "get controllerrevisions --no-headers -o custom-columns=O:.metadata.ownerReferences[0].name,R:.revision",
        "rollout history sts/alt",
    ];
    let printed = play(&[("web.yaml", &web), ("alt.yaml", &alt)], &lines);
    assert_eq!(printed[3], "alt   1\nalt   1\n");
    assert_eq!(printed[4], "statefulset.apps/alt \nREVISION  CHANGE-CAUSE\n1         <none>\n\n");
}

#[test]
fn in_a_namespace_that_is_not_there_what_is_read_is_not_there_for_that_reason() {
    let missing = "! Error from server (NotFound): namespaces \"x\" not found\n? 1\n";
    check(&[
        ("get pods web-0 -n x", missing),
        ("get pods -n x", "! No resources found in x namespace.\n"),
        ("describe deploy dep -n x", missing),
        ("scale deploy dep --replicas=1 -n x", missing),
        ("rollout status deploy/dep -n x", missing),
        ("exec web-0 -n x -- ls", missing),
        ("delete cm one -n x", "! Error from server (NotFound): configmaps \"one\" not found\n? 1\n"),
        ("logs web-0 -n x", "! error: error from server (NotFound): namespaces \"x\" not found in namespace \"x\"\n? 1\n"),
        ("logs deploy/none", "! error: error from server (NotFound): deployments.apps \"none\" not found in namespace \"default\"\n? 1\n"),
        ("logs -l app=none", "! No resources found in default namespace.\n"),
    ]);
}

#[test]
fn parts_whole_lists_and_oneself() {
    let nothing_there = "! Error from server (NotFound): the server could not find the requested resource\n? 1\n";
    check(&[
        ("get deploy --subresource=scale", "! error: subresource cannot be used when bulk resources are specified\n? 1\n"),
        ("get nope --subresource=scale", "! error: the server doesn't have a resource type \"nope\"\n? 1\n"),
        ("get nope -w -o nope", "! error: the server doesn't have a resource type \"nope\"\n? 1\n"),
        ("get deploy dep --subresource=nope", nothing_there),
        ("get cm one --subresource=status", nothing_there),
        ("patch cm none --subresource=status --type=merge -p '{\"status\":{}}'", nothing_there),
        ("get deploy dep --subresource=status -o name", "deployment.apps/dep\n"),
        ("label cm --all a=b -l k=v", "! error: cannot set --all and --selector at the same time\n? 1\n"),
        ("annotate cm --all a=b -l k=v", "! error: cannot set --all and --selector at the same time\n? 1\n"),
        ("annotate cm --all a=b --field-selector k=v", "! error: cannot set --all and --field-selector at the same time\n? 1\n"),
        ("label cm one --list -o yaml", "! error: --list and --output may not be specified together\n? 1\n"),
        (
            "annotate cm one a=b c=d a- c- e-",
            "! error: can not both modify and remove the following annotation(s) in the same command: a, c\n? 1\n",
        ),
        ("label cm one k=w c-", "label \"c\" not found.\n! error: 'k' already has a value (v), and --overwrite is false\n? 1\n"),
        (
            "wait --for=delete cm --all --timeout=1s",
            "! timed out waiting for the condition on configmaps/kube-root-ca.crt\n! context deadline exceeded\n? 1\n",
        ),
        ("create cm bare", "configmap/bare created\n"),
        ("label cm bare a=b", "configmap/bare labeled\n"),
    ]);
}

/// An object copied from a cluster, applied over another one with its name.
#[test]
fn an_object_of_another_cluster_is_not_the_one_that_is_there() {
    let copied = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: default, resourceVersion: \"777777\", uid: 0a1b}\n";
    let printed = play(&[("m.yaml", copied)], &["apply -f m.yaml", "apply -f m.yaml", "replace -f m.yaml"]);
    let locked = "the object has been modified; please apply your changes to the latest version and try again\n";
    assert_eq!(printed[0], "configmap/m created\n");
    assert!(printed[1].starts_with("! Error from server (Conflict): error when applying patch:\n") && printed[1].contains(locked));
    let other = "Operation cannot be fulfilled on configmaps \"m\": StorageError: invalid object, Code: 4, Key: \
                 /registry/configmaps/default/m, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: 0a1b, \
                 UID in object meta: ";
    assert!(printed[2].starts_with(&format!("! Error from server (Conflict): error when replacing \"m.yaml\": {other}")), "{}", printed[2]);
}
