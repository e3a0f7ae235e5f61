//! The ten images that sets of public manifests use most often and that the table did not know: they come up with the probes of their
//! charts, end as they do, and refuse what they refuse.

use super::Story;
use ordinal::cluster::command::{is_known, is_known_with_clustering};

/// An image as its charts run it.
struct Image {
    name: &'static str,
    /// Its container beside name and image.
    container: &'static str,
    /// The exit code on SIGTERM.
    ends: i64,
    /// Whether its log says that members find one another, which is not simulated.
    says_groups: bool,
}

const IMAGES: [Image; 10] = [
    Image {
        name: "mongo:8.0",
        container: "command: [mongod, --replSet, rs0], ports: [{containerPort: 27017}], readinessProbe: {tcpSocket: {port: 27017}}",
        ends: 0,
        says_groups: true,
    },
    Image {
        name: "rabbitmq:4.2-management",
        container: "ports: [{containerPort: 5672}, {containerPort: 15672}], readinessProbe: {exec: {command: [rabbitmq-diagnostics, ping]}}, \
                    livenessProbe: {tcpSocket: {port: 15672}}",
        ends: 0,
        says_groups: true,
    },
    Image {
        name: "gcr.io/google-samples/cassandra:v13",
        container: "ports: [{containerPort: 9042}], readinessProbe: {exec: {command: [/bin/bash, -c, /ready-probe.sh]}}",
        ends: 143,
        says_groups: true,
    },
    Image {
        name: "cockroachdb/cockroach:v25.2.0",
        container: "command: [/bin/bash, -ecx, exec /cockroach/cockroach start --insecure --join app-0.app], \
                    readinessProbe: {httpGet: {path: '/health?ready=1', port: 8080}}, livenessProbe: {tcpSocket: {port: 26257}}",
        ends: 0,
        says_groups: true,
    },
    Image {
        name: "solsson/kafka:2.8.1",
        container: "command: [./bin/kafka-server-start.sh, /etc/kafka/server.properties], readinessProbe: {tcpSocket: {port: 9092}}",
        ends: 143,
        says_groups: true,
    },
    Image {
        name: "gcr.io/google-samples/xtrabackup:1.0",
        container: "command: [bash, -c, 'set -ex; cd /var/lib/mysql; exec ncat --listen --keep-open 3307 -c \"xtrabackup --backup\"'], \
                    readinessProbe: {tcpSocket: {port: 3307}}",
        ends: 137,
        says_groups: false,
    },
    Image {
        name: "quay.io/thanos/thanos:v0.39.2",
        container: "args: [receive, '--grpc-address=0.0.0.0:10901', --tsdb.path=/var/thanos], readinessProbe: {httpGet: {path: /-/ready, port: 10902}}",
        ends: 0,
        says_groups: false,
    },
    Image {
        name: "grafana/tempo:3.0.0",
        container: "args: [-target=ingester, -config.file=/conf/tempo.yaml], readinessProbe: {httpGet: {path: /ready, port: 3200}}",
        ends: 0,
        says_groups: true,
    },
    Image {
        name: "docker.elastic.co/eck/eck-operator:3.1.0",
        container: "args: [manager, --config=/conf/eck.yaml]",
        ends: 0,
        says_groups: false,
    },
    Image {
        name: "nacos/nacos-server:v2.5.1",
        container: "env: [{name: MODE, value: cluster}], readinessProbe: {httpGet: {path: /nacos/v1/console/health/readiness, port: 8848}}",
        ends: 143,
        says_groups: true,
    },
];

/// A set of one pod whose object stays when its process has ended.
fn set(image: &str, container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: app}}\nspec: {{clusterIP: None, selector: {{app: app}}, ports: [{{port: 80}}]}}\n---\n\
         apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: app}}\nspec:\n  serviceName: app\n  replicas: 1\n  \
         selector: {{matchLabels: {{app: app}}}}\n  template:\n    metadata: {{labels: {{app: app}}, finalizers: [ordinal.dev/stays]}}\n    \
         spec:\n      containers:\n      - {{name: main, image: '{image}', {container}}}\n"
    )
}

fn state(story: &mut Story) -> String {
    let line = story.say("kubectl get pod app-0 --no-headers");
    line.split_whitespace().skip(1).take(3).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_images_of_public_sets_come_up_and_end_as_they_do() {
    let mut wrong = Vec::new();
    for image in &IMAGES {
        let mut story = Story::begin(&set(image.name, image.container), "app");
        let (state, log) = (state(&mut story), story.say("kubectl logs app-0"));
        story.say("kubectl delete pod app-0 --wait=false");
        story.pass(40);
        let code = story.say("kubectl get pod app-0 -o jsonpath={.status.containerStatuses[0].state.terminated.exitCode}");
        println!("{}: {state}, ends with {code}", image.name);
        let says_groups = log.contains("find one another is not simulated");
        let is_right = state == "1/1 Running 0" && code == image.ends.to_string() && says_groups == image.says_groups;
        if !is_right || !is_known(image.name) || is_known_with_clustering(image.name) == image.says_groups {
            wrong.push(format!("{}: {state} {code} {log}", image.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_image_refuses_what_its_own_program_refuses() {
    let env = |pairs: &[(&str, &str)]| {
        let entries: Vec<String> = pairs.iter().map(|(name, value)| format!("{{name: {name}, value: '{value}'}}")).collect();
        format!("env: [{}]", entries.join(", "))
    };
    for (image, container, said, code) in [
        ("mongo:8.0", env(&[("MONGO_INITDB_ROOT_USERNAME", "root")]), "error: missing 'MONGO_INITDB_ROOT_USERNAME' or", "1"),
        ("mongo:8.0", env(&[("MONGO_INITDB_ROOT_USERNAME", "root"), ("MONGO_INITDB_ROOT_PASSWORD", "x")]), "", ""),
        ("rabbitmq:4.2", env(&[("RABBITMQ_DEFAULT_PASS_FILE", "/x")]), "error: RABBITMQ_DEFAULT_PASS_FILE is set but deprecated", "1"),
        ("rabbitmq:4.2", env(&[("RABBITMQ_DEFAULT_PASS", "x")]), "", ""),
        ("nacos/nacos-server:v3.0.2", env(&[("MODE", "cluster")]), "env NACOS_AUTH_TOKEN must be set with Base64 String.", "255"),
        ("cassandra:5.0", "command: [cassandra, -f]".to_owned(), "Running Cassandra as root user or group is not recommended", "1"),
        ("cassandra:5.0", "args: [cassandra, -f]".to_owned(), "", ""),
    ] {
        let mut story = Story::begin(&set(image, &container), "app");
        let path = "jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}";
        let (ended, log) = (story.say(&format!("kubectl get pod app-0 -o {path}")), story.say("kubectl logs app-0"));
        assert_eq!(ended, code, "{image} {container}: {log}");
        assert!(log.contains(said), "{image} {container}: {log}");
        assert_eq!(state(&mut story) == "1/1 Running 0", code.is_empty(), "{image} {container}");
    }
}

#[test]
fn a_service_called_kafka_keeps_kafka_from_starting() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: kafka}\nspec: {selector: {app: app}, ports: [{port: 9092}]}\n---\n";
    let of =
        |service: &str| Story::begin(&(service.to_owned() + &set("confluentinc/cp-kafka:7.9.0", "ports: [{containerPort: 9092}]")), "app");
    let mut story = of(service);
    assert!(story.say("kubectl logs app-0 --previous").starts_with("port is deprecated."));
    assert!(state(&mut story).starts_with("0/1"), "{}", state(&mut story));
    assert_eq!(state(&mut of(&service.replace("spec: {", "spec: {clusterIP: None, "))), "1/1 Running 0");
}

#[test]
fn an_image_of_nothing_but_its_own_program_has_no_shell() {
    let mut story = Story::begin(&set("grafana/tempo:3.0.0", "args: [-target=ingester]"), "app");
    let said = story.say("kubectl exec app-0 -- sh -c ls");
    assert!(said.contains("executable file not found in $PATH"), "{said}");
    let with_shell = set("grafana/tempo:3.0.0", "command: [sh, -c, /tempo]");
    assert!(state(&mut Story::begin(&with_shell, "app")).contains("RunContainerError"), "its container cannot start");
}
