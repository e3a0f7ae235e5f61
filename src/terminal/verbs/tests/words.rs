//! The messages of a real 1.37.1: variables from other objects, typed Secrets, evictions, preconditions.

use crate::more::play;

const CM: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm, labels: {a: b}}\ndata: {my.key: '1', UP: '2', low: x}\n";
const WEB: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: nginx\n  replicas: 2\n  selector: \
                   {matchLabels: {app: w}}\n  template:\n    metadata: {labels: {app: w}}\n    spec: {containers: [{name: nginx, image: nginx, \
                   env: [{name: A, value: \"1\"}]}]}\n";
const CERT: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";

/// Runs lines after the set and the ConfigMap were applied, and compares the output of each.
fn check(lines: &[(&str, &str)]) {
    let files = [("cm.yaml", CM), ("web.yaml", WEB), ("c.pem", CERT), ("k.pem", KEY)];
    let all: Vec<&str> = std::iter::once("apply -f cm.yaml -f web.yaml").chain(lines.iter().map(|(line, _)| *line)).collect();
    let printed = play(&files, &all);
    for ((line, want), got) in lines.iter().zip(&printed[1..]) {
        assert_eq!(got, want, "{line}");
    }
}

#[test]
fn a_variable_is_added_and_words_are_read_in_order() {
    check(&[
        ("set env sts/web P_A=2 -o name", "statefulset.apps/web\n"),
        (
            "get sts web -o jsonpath={.spec.template.spec.containers[0].env}",
            "[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"P_A\",\"value\":\"2\"}]",
        ),
        ("scale cm/cm --replicas=0 --dry-run=client", "configmap/cm scaled (dry run)\n"),
        ("scale sts/web --replicas=0 --current-replicas=9 --dry-run=client", "statefulset.apps/web scaled (dry run)\n"),
        ("set env A=1 sts/web", "! error: all resources must be specified before environment changes: A=1 sts/web\n? 1\n"),
        ("set env sts/web A=2 A-", "! error: can not both modify and remove the same environment variable in the same command\n? 1\n"),
        (
            "set env sts/web 1A=x",
            "! error: \"1A\" is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', \
             '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for \
             validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')\n? 1\n",
        ),
        ("set env sts/web --all -l a=b A=1", "! error: cannot set --all and --selector at the same time\n? 1\n"),
    ]);
}

#[test]
fn secrets_of_registries_and_certificates_are_made() {
    let dry = "create secret docker-registry r --docker-server=r.io --docker-username=u --docker-password=p --docker-email=e@x \
               --dry-run=client -o yaml";
    check(&[
        (
            dry,
            "apiVersion: v1\ndata:\n  .dockerconfigjson: \
             eyJhdXRocyI6eyJyLmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicCIsImVtYWlsIjoiZUB4IiwiYXV0aCI6ImRUcHcifX19\nkind: Secret\nmetadata:\n  \
             name: r\ntype: kubernetes.io/dockerconfigjson\n",
        ),
        (
            "create secret docker-registry a --docker-username=x --docker-password=a<b>&c --dry-run=client -o jsonpath={.data}",
            "{\".dockerconfigjson\":\"eyJhdXRocyI6eyJodHRwczovL2luZGV4LmRvY2tlci5pby92MS8iOnsidXNlcm5hbWUiOiJ4IiwicGFzc3dvcmQiOiJhXHUwMDNjYlx1MDAz\
             ZVx1MDAyNmMiLCJhdXRoIjoiZURwaFBHSStKbU09In19fQ==\"}",
        ),
        ("create secret docker-registry r --docker-username=a --docker-password=b", "secret/r created\n"),
        (
            "create secret docker-registry r --docker-username=a --docker-password=b",
            "! error: failed to create secret secrets \"r\" already exists\n? 1\n",
        ),
        ("create secret docker-registry r3 --from-file=nope", "! error: error reading nope: no such file or directory\n? 1\n"),
        (
            "create secret docker-registry a --docker-username=x",
            "! error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required\n? 1\n",
        ),
        ("create secret tls t --cert=c.pem --key=k.pem", "secret/t created\n"),
        ("get secret t", "NAME   TYPE                DATA   AGE\nt      kubernetes.io/tls   2      0s\n"),
        ("create secret tls t --cert=c.pem", "! error: key and cert must be specified\n? 1\n"),
        ("create secret tls t --cert=nope --key=k.pem", "! error: Cannot read file nope, open nope: no such file or directory\n? 1\n"),
        ("create secret tls t --cert=cm.yaml --key=k.pem", "! error: tls: failed to find any PEM data in certificate input\n? 1\n"),
        (
            "create secret tls t --cert=k.pem --key=c.pem",
            "! error: tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been \
             switched\n? 1\n",
        ),
        (
            "create secret tls t --cert=c.pem --key=c.pem",
            "! error: tls: found a certificate rather than a key in the PEM for the private key\n? 1\n",
        ),
    ]);
}

#[test]
fn a_scale_may_have_conditions_and_subresources_are_patched() {
    check(&[
        ("scale sts web --replicas=3 --current-replicas=9", "! error: Expected replicas to be 9, was 2\n? 1\n"),
        ("patch sts web --subresource=scale --type=merge -p '{\"spec\":{\"replicas\":4}}'", "scale.autoscaling/web patched\n"),
        ("patch sts web --subresource=scale --type=merge -p '{\"spec\":{\"replicas\":4}}'", "scale.autoscaling/web patched (no change)\n"),
        ("patch sts web --subresource=status --type=merge -p '{\"status\":{\"replicas\":4}}'", "statefulset.apps/web patched\n"),
        (
            "patch sts web --subresource=foo --type=merge -p '{}'",
            "! Error from server (NotFound): the server could not find the requested resource\n? 1\n",
        ),
        (
            "patch cm cm --subresource=scale --type=merge -p '{\"spec\":{\"replicas\":4}}'",
            "! Error from server (NotFound): the server could not find the requested resource\n? 1\n",
        ),
        (
            "patch cm cm --subresource=status --type=merge -p '{\"spec\":{\"replicas\":4}}'",
            "! Error from server (NotFound): the server could not find the requested resource\n? 1\n",
        ),
    ]);
    let files = [("web.yaml", WEB)];
    let version = play(&files, &["apply -f web.yaml", "get sts web -o jsonpath={.metadata.resourceVersion}"]).remove(1);
    let scale = format!("scale sts web --replicas=2 --resource-version={version}");
    let late = format!("! error: Expected resource version to be 1, was {version}\n? 1\n");
    let printed = play(&files, &["apply -f web.yaml", "scale sts web --replicas=2 --resource-version=1", &scale]);
    assert_eq!(printed[1..], [late.as_str(), "statefulset.apps/web scaled\n"]);
}

#[test]
fn of_paths_of_the_api_only_evictions_are_posted_to() {
    check(&[
        ("create --raw /api/v1/namespaces/default/pods/web-0/eviction", "! error: must specify one of -f and -k\n? 1\n"),
        ("create --raw /api/v1/namespaces/default/pods/web-0/eviction -f nope", "! error: open nope: no such file or directory\n? 1\n"),
        (
            "create --raw /api/v1/namespaces/default/pods/web-0/eviction -f cm.yaml",
            "! ordinal: `kubectl create --raw` of a file that is not JSON is not simulated.\n? 1\n",
        ),
        ("create --raw /api/v1/x -f cm.yaml", "! ordinal: `kubectl create --raw /api/v1/x` is not simulated.\n? 1\n"),
        ("get --raw /readyz", "! ordinal: `kubectl get` with --raw is not simulated.\n? 1\n"),
    ]);
}

#[test]
fn what_is_said_of_several_objects_at_once_is_what_the_real_kubectl_says() {
    let nothing = "! error: You must provide one or more resources by argument or filename.\n! Example resource specifications include:\n!    \
                   '-f rsrc.yaml'\n!    '--filename=rsrc.json'\n!    '<resource> <name>'\n!    '<resource>'\n? 1\n";
    let conflict = "! Error from server (Conflict): Operation cannot be fulfilled on configmaps \"cm\": the object has been modified; please \
                    apply your changes to the latest version and try again\n? 1\n";
    let refused = "! error: selectors and the all flag cannot be used when passing resource/name arguments\n? 1\n";
    check(&[
        ("label sts/web --all x=y", "statefulset.apps/web labeled\n"),
        ("annotate sts web --all x=y", "statefulset.apps/web annotated\n"),
        ("delete sts/web --all", refused),
        ("delete --all", "! error: at least one resource must be specified to use a selector\n? 1\n"),
        ("scale --all --replicas=1", nothing),
        ("wait --all --for=delete", nothing),
        ("taint node node-1 --all a=b:PreferNoSchedule", "node/node-1 tainted\nnode/node-2 tainted\nnode/node-3 tainted\n"),
        ("label sts web --list", "x=y\n"),
        ("label sts -l x=y --list", "Listing labels for StatefulSet.apps/web:\n x=y\n"),
        ("label -f cm.yaml --list", "a=b\n"),
        (
            "label sts,cm web --list",
            "Listing labels for StatefulSet.apps/web:\n x=y\n! Error from server (NotFound): configmaps \"web\" not found\n? 1\n",
        ),
        ("annotate cm cm =", "! error: at least one annotation update is required\n? 1\n"),
        ("label cm cm v=w --resource-version=1", conflict),
        ("label cm --all v=w --resource-version=1", "! error: --resource-version may only be used with a single resource\n? 1\n"),
        (
            "rollout pause sts/web sts/nope",
            "! Error from server (NotFound): statefulsets.apps \"nope\" not found\n! error: statefulsets.apps \"web\" pausing is not \
             supported\n? 1\n",
        ),
        ("rollout status sts/nope --revision=-2", "! error: revision must be a positive integer: -2\n? 1\n"),
        ("rollout foo --revision=1", "! error: unknown flag: --revision\n! See 'kubectl rollout --help' for usage.\n? 1\n"),
        ("autoscale sts web --min=1 --max=3 --dry-run=client", "horizontalpodautoscaler.autoscaling/web created (dry run)\n"),
        ("replace -f cm.yaml --force --dry-run=client", "! error: --dry-run can not be used when --force is set\n? 1\n"),
        ("describe pv", "! No resources found in default namespace.\n"),
    ]);
    let lines = ["apply -f web.yaml", "get po,svc --no-headers --field-selector spec.nodeName!=x", "delete controllerrevisions --all"];
    let printed = play(&[("web.yaml", WEB)], &[&lines[..], &["rollout history sts/web --revision=1"]].concat());
    assert!(printed[1].starts_with("web-0 "), "the Services were not listed, so all objects are of one kind: {}", printed[1]);
    assert_eq!(printed[3], "statefulset.apps/web with revision #1\nNo rollout history found.\n");
}
