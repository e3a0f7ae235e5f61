//! How fast the model is: events per second, and the CPU time of ordered creation as the set grows.

use std::time::Instant;

use ordinal::api::client::Client;
use ordinal::api::kind::Kind;
use ordinal::base::value::Value;
use ordinal::sim::{Setup, Sim};

const SET: &str = r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},"podManagementPolicy":"OrderedReady","replicas":3,"revisionHistoryLimit":10,"selector":{"matchLabels":{"app":"nginx"}},"serviceName":"nginx","template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"nginx:1.25","imagePullPolicy":"IfNotPresent","name":"nginx","ports":[{"containerPort":80,"name":"web","protocol":"TCP"}],"readinessProbe":{"failureThreshold":3,"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"periodSeconds":1,"successThreshold":1,"timeoutSeconds":1},"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/usr/share/nginx/html","name":"www"}]}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":10}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":1,"partition":0},"type":"RollingUpdate"},"volumeClaimTemplates":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeMode":"Filesystem"},"status":{"phase":"Pending"}}]}}"#;
const SERVICE: &str = r#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"nginx","labels":{"app":"nginx"}},"spec":{"clusterIP":"None","clusterIPs":["None"],"ports":[{"port":80,"name":"web","protocol":"TCP","targetPort":80}],"selector":{"app":"nginx"},"type":"ClusterIP"}}"#;

fn run(replicas: i64, policy: &str) -> (u64, f64, f64) {
    let nodes = (replicas / 100 + 3).min(60);
    let mut setup = Setup { nodes: (1..=nodes).map(|n| format!("node-{n}").into()).collect(), ..Setup::default() };
    setup.capacity.pods = 400;
    let mut sim = Sim::new(&setup);
    let mut set: Value = serde_json::from_str(SET).expect("valid");
    set.set(&["spec", "replicas"], replicas);
    set.set(&["spec", "podManagementPolicy"], policy);
    let service: Value = serde_json::from_str(SERVICE).expect("valid");
    sim.create(Kind::Service, "default", &service, false).expect("created");
    sim.create(Kind::StatefulSet, "default", &set, false).expect("created");
    let begin = Instant::now();
    while sim.step() {}
    let spent = begin.elapsed().as_secs_f64();
    let ready = sim.tables().stateful_set("default", "web").map_or(0, |s| s.status.ready);
    assert_eq!(ready, replicas, "not all pods became ready by {}", sim.now());
    (sim.steps(), spent, sim.now().0 as f64 / 1000.0)
}

fn main() {
    for policy in ["OrderedReady", "Parallel"] {
        let mut last = None;
        for n in [10, 100, 1000, 5000] {
            let (steps, spent, virt) = run(n, policy);
            println!("{policy} {n}: {steps} events, {:.1} ms, {:.0} events/s, {virt:.0} virtual s", spent * 1000.0, steps as f64 / spent);
            if n == 5000 {
                if let Some(before) = last {
                    let before: f64 = before;
                    println!("exponent 1000→5000: {:.2}", (spent / before).ln() / 5f64.ln());
                }
            }
            last = Some(spent);
        }
    }
}
