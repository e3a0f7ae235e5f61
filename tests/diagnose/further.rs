//! Clusters that the model was made to get stuck: causes that no recorded cluster has.

use ordinal::base::time::Span;
use ordinal::intake::{Dump, World, diagnose, told, verdict};
use ordinal::playground::{self, Playground};
use ordinal::text::Lang;

use super::less::{asks, is_fine};

/// A set, with what stands in the places of `POD`, `SPEC` and `CLAIM`.
const SET: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 3
  selector: {matchLabels: {app: web}}
  SPEC
  template:
    metadata: {labels: {app: web}}
    spec:
      POD
      containers:
      - name: main
        image: example.com/web:1
        ports: [{containerPort: 80}]
        CONTAINER
  volumeClaimTemplates: [CLAIM]
";
/// A claim of the class that every node reaches.
const CLAIM: &str =
    "{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: local-path, resources: {requests: {storage: 1Gi}}}}";

/// A claim of a class that makes no volumes.
const STATIC: &str =
    "{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: san, resources: {requests: {storage: 1Gi}}}}";

/// A cluster: what is put into the set, what is typed before it is applied and after, and the family, the finer cause and the object.
struct Made {
    parts: [(&'static str, &'static str); 4],
    before: &'static [&'static str],
    after: &'static [&'static str],
    is: (&'static str, &'static str, &'static str),
}

const NONE: [(&str, &str); 4] = [("SPEC", ""), ("POD", ""), ("CONTAINER", ""), ("CLAIM", "")];

const fn with(part: (&'static str, &'static str)) -> [(&'static str, &'static str); 4] {
    [part, ("POD", ""), ("CONTAINER", ""), ("CLAIM", "")]
}

const MADE: [Made; 22] = [
    Made {
        parts: NONE,
        before: &["kubectl create pdb all --selector=app=web --min-available=3"],
        after: &["sleep 60", "kubectl cordon node-1", "kubectl cordon node-2", "kubectl cordon node-3"],
        is: ("drain-blocked", "budget-allows-none", "pdb/all"),
    },
    Made {
        parts: NONE,
        before: &["kubectl delete service web", "kubectl create service clusterip web --tcp=80"],
        after: &["sleep 60"],
        is: ("not-stuck", "governing-service-not-headless", "svc/web"),
    },
    Made {
        parts: NONE,
        before: &[],
        after: &["sleep 60", "kubectl label pod web-1 app=other --overwrite", "sleep 30"],
        is: ("identity-conflict", "name-taken", "pod/web-1"),
    },
    Made {
        parts: NONE,
        before: &["kubectl run web-1 --image=example.com/other:1"],
        after: &[],
        is: ("identity-conflict", "name-taken", "pod/web-1"),
    },
    Made {
        parts: with(("POD", "schedulerName: other")),
        before: &[],
        after: &[],
        is: ("nobody-schedules", "unknown-scheduler", "pod/web-0"),
    },
    Made {
        parts: NONE,
        before: &["kubectl create quota few --hard=pods=2"],
        after: &[],
        is: ("pod-refused", "quota-exceeded", "resourcequota/few"),
    },
    Made {
        parts: NONE,
        before: &["kubectl taint nodes --all gpu=yes:NoSchedule"],
        after: &[],
        is: ("no-node-fits", "untolerated-taint", "node/node-1"),
    },
    Made {
        parts: NONE,
        before: &["kubectl cordon node-1", "kubectl cordon node-2", "kubectl cordon node-3"],
        after: &[],
        is: ("no-node-fits", "cordoned", "node/node-1"),
    },
    Made {
        parts: with(("CLAIM", CLAIM)),
        before: &[],
        after: &[
            "sleep 60",
            "kubectl cordon $(kubectl get pod web-1 -o jsonpath={.spec.nodeName})",
            "kubectl delete pod web-1 --wait=false",
        ],
        is: ("volume-elsewhere", "volume-node-unavailable", ""),
    },
    Made {
        parts: with(("CONTAINER", "envFrom: [{configMapRef: {name: settings}}]")),
        before: &[],
        after: &[],
        is: ("container-fails", "config-missing", "pod/web-0"),
    },
    Made {
        parts: with(("CONTAINER", "resources: {requests: {cpu: \"40\"}}")),
        before: &[],
        after: &[],
        is: ("no-node-fits", "insufficient-resources", "pod/web-0"),
    },
    Made {
        parts: NONE,
        before: &[],
        after: &["sleep 60", "kubectl set image sts/web main=example.com/web:crash", "sleep 60"],
        is: ("container-fails", "crash-loop", "pod/web-0"),
    },
    Made {
        parts: NONE,
        before: &[],
        after: &["sleep 60", "playground stop node node-2", "sleep 30"],
        is: ("node-silent", "node-unreachable", ""),
    },
    Made {
        parts: NONE,
        before: &[],
        after: &["sleep 60", "kubectl set image sts/web main=example.com/web:broken", "sleep 60", "kubectl rollout undo sts/web"],
        is: ("rollback-trap", "rollback-trap-image", "pod/web-2"),
    },
    Made {
        parts: with((
            "POD",
            "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]",
        )),
        before: &[],
        after: &[],
        is: ("no-node-fits", "topology-spread", "pod/web-0"),
    },
    Made {
        parts: with(("POD", "readinessGates: [{conditionType: example.com/ok}]")),
        before: &[],
        after: &[],
        is: ("ordered-gate", "readiness-gate", "pod/web-0"),
    },
    Made {
        parts: with(("CLAIM", CLAIM)),
        before: &[],
        after: &["sleep 60", "kubectl delete pvc data-web-1 --wait=false"],
        is: ("data-leaves", "claim-leaves", "pvc/data-web-1"),
    },
    Made {
        parts: with((
            "POD",
            "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: cache}}}]}}",
        )),
        before: &[],
        after: &[],
        is: ("no-node-fits", "pod-affinity-no-match", "pod/web-0"),
    },
    Made {
        parts: with(("CONTAINER", "resources: {limits: {memory: 3Gi}}")),
        before: &[
            r#"echo '{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"small"},"spec":{"limits":[{"type":"Container","max":{"memory":"1Gi"}}]}}' | kubectl apply -f -"#,
        ],
        after: &[],
        is: ("pod-refused", "limit-range", "limitrange/small"),
    },
    Made {
        parts: with(("CLAIM", STATIC)),
        before: &[
            r#"echo '{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"disk"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"storageClassName":"san","claimRef":{"namespace":"other","name":"data-web-0"},"nfs":{"server":"10.0.0.9","path":"/disk"}}}' | kubectl apply -f -"#,
        ],
        after: &[],
        is: ("claim-pending", "pv-reserved", "pv/disk"),
    },
    Made {
        parts: with(("CLAIM", CLAIM)),
        before: &[],
        after: &[
            "sleep 60",
            "kubectl taint node $(kubectl get pod web-1 -o jsonpath={.spec.nodeName}) gpu=true:NoSchedule",
            "kubectl delete pod web-1 --wait=false",
        ],
        is: ("volume-elsewhere", "volume-node-unavailable", ""),
    },
    Made {
        parts: with(("CLAIM", STATIC)),
        before: &[
            r#"echo '{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"disk"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadOnlyMany"],"storageClassName":"san","nfs":{"server":"10.0.0.9","path":"/disk"}}}' | kubectl apply -f -"#,
        ],
        after: &[],
        is: ("claim-pending", "no-volume-fits", ""),
    },
];

/// Types lines, one after the other.
fn typed(playground: &mut Playground, line: &str) {
    if let Some(seconds) = line.strip_prefix("sleep ") {
        let until = playground.now() + Span::seconds(seconds.parse().expect("seconds"));
        playground.run(until, || true);
        return;
    }
    playground.type_line(line, Lang::English);
    let until = playground.now() + Span::seconds(5);
    playground.run(until, || true);
}

/// The cluster, stuck.
fn stuck(Made { parts, before, after, .. }: &Made) -> Playground {
    let mut playground = Playground::new(&playground::setup(), "");
    typed(&mut playground, "sleep 5");
    typed(&mut playground, "kubectl create service clusterip web --clusterip=None --tcp=80");
    before.iter().for_each(|line| typed(&mut playground, line));
    let value = |part: &str| parts.iter().find(|(name, text)| *name == part && !text.is_empty()).map_or("", |(_, text)| *text);
    let text = ["SPEC", "POD", "CONTAINER", "CLAIM"].iter().fold(SET.to_owned(), |text, part| text.replace(part, value(part)));
    let object = ordinal::yaml::parse(&text)[0].value.clone().expect("YAML").to_json();
    typed(&mut playground, &format!("echo '{object}' | kubectl apply -f -"));
    after.iter().for_each(|line| typed(&mut playground, line));
    typed(&mut playground, "sleep 30");
    playground
}

/// What a terminal shows when lines are typed, prompts among it.
fn shown(playground: &Playground, lines: &[String]) -> String {
    let mut playground = playground.clone();
    let before = playground.terminal().lines().len();
    lines.iter().for_each(|line| typed(&mut playground, line));
    playground.terminal().lines()[before..].iter().map(|line| format!("{}\n", line.text)).collect()
}

/// Families of which no description of a set, a pod or a claim tells: a budget is not described, and no scheduler's name.
const NOT_DESCRIBED: [&str; 2] = ["drain-blocked", "nobody-schedules"];

#[test]
fn what_a_terminal_shows_of_them_is_diagnosed() {
    let (mut told, mut asked, mut wrong) = (0, 0, Vec::new());
    for made in &MADE {
        let playground = stuck(made);
        let pods = playground.tables().pods().map(|pod| format!("kubectl describe pod {}", pod.meta.name));
        let claims = playground.tables().claims().map(|claim| format!("kubectl describe pvc {}", claim.meta.name));
        let described: Vec<String> = [String::from("kubectl describe sts web")].into_iter().chain(pods).chain(claims).collect();
        let less = ["kubectl describe sts,pod,pvc", "kubectl get sts,pod,pvc,pv,node -o wide; kubectl get events", "kubectl get sts,pod"];
        for lines in less.iter().map(|line| vec![(*line).to_owned()]).chain([described.clone()]) {
            let report = diagnose([&*shown(&playground, &lines)]);
            let found: Vec<_> = report.verdicts.iter().map(|verdict| (verdict.family().word(), verdict.cause.word())).collect();
            let must = lines == described && !NOT_DESCRIBED.contains(&made.is.0);
            match () {
                () if found.iter().any(|(family, _)| *family == made.is.0) => told += 1,
                () if !must && (asks(&report) || is_fine(&report)) => asked += 1,
                () => wrong.push(format!("{}: {found:?} instead of {:?}", lines[0], made.is)),
            }
        }
    }
    println!("{told} times the family, {asked} times a question");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn clusters_that_the_model_got_stuck_are_diagnosed() {
    let mut wrong = Vec::new();
    for made in &MADE {
        let (playground, is) = (stuck(made), made.is);
        let world = World::of(Dump::read([&*super::dump(playground.sim())]));
        let report = verdict::report(&world);
        wrong.extend(super::sentences::faults(&report));
        let first = &report.verdicts[0];
        let found = (first.family().word(), first.cause.word(), told::short(&first.object));
        let object_fits = is.2.is_empty() || is.2 == found.2;
        if (found.0, found.1) != (is.0, is.1) || !object_fits {
            let pods: Vec<String> = playground.tables().pods().map(|pod| format!("{} {:?}", pod.meta.name, pod.status.phase)).collect();
            wrong.push(format!("{found:?} instead of {is:?}: {:?} {pods:?}", first.chain));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), MADE.len(), wrong.join("\n"));
}
