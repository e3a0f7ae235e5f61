//! Pod Security. Its words are judged by the recordings `p-psa` and `q-psa`; here is what they do not show, by upstream's rules.

use api::client::{Client, Subresource, WriteOptions};
use api::kind::Kind;
use base::time::Span;
use base::value::Value;
use sim::{Setup, Sim};
use text::Lang;
use view::Snapshot;
use view::why::told;

use crate::more::play;

const LIMITS: &str = "\
apiVersion: v1
kind: LimitRange
metadata: {name: lr}
spec: {limits: [{type: Container, max: {cpu: \"1\"}}]}
";

/// A pod with this spec beside its container.
fn pod(container: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: c, image: nginx, {container}}}]}}\n")
}

const LABEL: &str = "label ns default pod-security.kubernetes.io/";

#[test]
fn a_limit_range_refuses_before_pod_security_warns_or_refuses() {
    let big = pod("securityContext: {privileged: true}, resources: {limits: {cpu: 2}}");
    let by_range = "! Error from server (Forbidden): error when creating \"p.yaml\": pods \"p\" is forbidden: maximum cpu usage per Container \
                    is 1, but limit is 2\n? 1\n";
    for mode in ["warn", "enforce"] {
        let lines = ["create -f lr.yaml", &format!("{LABEL}{mode}=baseline"), "create -f p.yaml"];
        assert_eq!(play(&[("lr.yaml", LIMITS), ("p.yaml", &big)], &lines)[2], by_range);
    }
}

#[test]
fn who_names_no_level_to_be_warned_of_is_warned_of_the_one_that_is_enforced() {
    let deployment = ["create deploy d --image=x", "create deploy e --image=x", "create deploy f --image=x"];
    let lines = [
        &format!("{LABEL}enforce=restricted pod-security.kubernetes.io/enforce-version=v1.18"),
        deployment[0],
        &format!("{LABEL}warn-version=v1.7"),
        deployment[1],
        &format!("{LABEL}warn=privileged"),
        deployment[2],
    ];
    let printed = play(&[], &lines);
    let root = "runAsNonRoot != true (pod or container \"x\" must set securityContext.runAsNonRoot=true)";
    let escalates = "allowPrivilegeEscalation != false (container \"x\" must set securityContext.allowPrivilegeEscalation=false)";
    let warned = |name: &str, level: &str, why: &str| {
        format!("deployment.apps/{name} created\n! Warning: would violate PodSecurity \"restricted:{level}\": {why}\n")
    };
    assert_eq!(printed[1], warned("d", "v1.18", &format!("{escalates}, {root}")));
    assert_eq!(printed[3], warned("e", "v1.7", root));
    assert_eq!(printed[5], "deployment.apps/f created\n");
}

#[test]
fn only_what_is_looked_at_in_an_update_is_refused() {
    let lines = [
        "create -f p.yaml",
        &format!("{LABEL}enforce=baseline"),
        "label pod p a=b",
        "annotate pod p a=b",
        "patch pod p -p '{\"spec\":{\"activeDeadlineSeconds\":100}}'",
        "patch pod p -p '{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx:2\"}]}}'",
    ];
    let printed = play(&[("p.yaml", &pod("securityContext: {privileged: true}"))], &lines);
    assert_eq!(printed[2..5], ["pod/p labeled\n", "pod/p annotated\n", "pod/p patched\n"]);
    let why = "violates PodSecurity \"baseline:latest\": privileged (container \"c\" must not set securityContext.privileged=true)";
    assert_eq!(printed[5], format!("! Error from server (Forbidden): pods \"p\" is forbidden: {why}\n? 1\n"));
}

#[test]
fn why_names_the_level_what_it_forbids_and_a_way_out() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: web}}\n  \
               template:\n    metadata: {labels: {app: web}}\n    spec: {hostPID: true, containers: [{name: c, image: nginx}]}\n";
    let mut sim = Sim::new(&Setup::default());
    let mut namespace = sim.get(Kind::Namespace, "", "default").expect("the namespace");
    namespace.set(&["metadata", "labels", "pod-security.kubernetes.io/enforce"], "baseline");
    sim.replace(Kind::Namespace, "", "default", &namespace, Subresource::None, &WriteOptions::default()).expect("labelled");
    let set: Value = yaml::parse(set).into_iter().find_map(|document| document.value).expect("a manifest");
    sim.create(Kind::StatefulSet, "default", &set, &WriteOptions::default()).expect("created");
    sim.run_until(sim.now() + Span::seconds(5));
    let ask = |lang| told(&Snapshot::of(&sim, lang), &["pod", "web-0"]).0;
    for (lang, verdict) in [
        (Lang::English, "web-0 is not created: namespace default forbids it."),
        (Lang::Korean, "default 네임스페이스가 허용하지 않아 web-0이 생성되지 않습니다."),
    ] {
        let said = ask(lang);
        for part in [
            verdict,
            "baseline:latest",
            "host namespaces (hostPID=true)",
            "$ kubectl label namespace default pod-security.kubernetes.io/enforce-",
        ] {
            assert!(said.contains(part), "{said}");
        }
    }
}
