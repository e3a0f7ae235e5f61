//! How kubelets handle processes that do not respond: not yet, or no longer.

use super::check;

const HTTP: &str = "httpGet: {path: /healthz, port: web}";

/// A container, `main`, with an unknown image and a port named `web`, in a pod with a grace period of 10 s.
fn main(image: &str, rest: &str) -> String {
    let container = format!("name: main, image: '{image}', ports: [{{name: web, containerPort: 8080}}], {rest}");
    format!("{{terminationGracePeriodSeconds: 10, containers: [{{{container}}}]}}")
}

#[test]
fn a_container_that_hangs_is_killed_and_started_again() {
    // Probes at 10 and 20 s take a second to fail; then the probe's own grace period has to pass.
    check(
        &main("web:1.27", &format!("livenessProbe: {{{HTTP}, periodSeconds: 10, failureThreshold: 2, terminationGracePeriodSeconds: 5}}")),
        "until Running; wait 4; freeze; wait 16; get; said Killing; wait 1; said Unhealthy; said Killing; why; wait 4; running; wait 1; get; \
         container main; condition Ready; wait 1; get; container main; condition Ready; why",
        &[
            "app 1/1 Running 0",
            "Warning Unhealthy containers{main}: Liveness probe failed: Get \"http://10.244.1.2:8080/healthz\": context deadline exceeded \
             (Client.Timeout exceeded while awaiting headers)",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
            "app: FailedProbe",
            "main",
            "app 0/1 Error 0",
            "main terminated Error 137",
            "Ready=False ContainersNotReady containers with unready status: [main]",
            "app 1/1 Running 1 (1s ago)",
            "main running, last Error 137",
            "Ready=True",
            "app: PodIsReady",
        ],
    );
}

#[test]
fn without_a_grace_period_of_its_own_a_probe_has_the_pods() {
    check(
        &main("web:1.27", "livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 1}"),
        "until Running; freeze; wait 6; said Unhealthy; said Killing; wait 9; running; get; wait 2; container main; get",
        &[
            "Warning Unhealthy containers{main}: Liveness probe failed: dial tcp 10.244.1.2:80: i/o timeout",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
            "main",
            "app 1/1 Running 0",
            "main running, last Error 137",
            "app 1/1 Running 1 (1s ago)",
        ],
    );
}

#[test]
fn an_image_may_hang_after_a_time_and_a_probe_looks_late_and_waits_long() {
    // It hangs after 30 s; the first probe that fails is at 50 s, and takes three.
    check(
        &main(
            "web:frozen",
            "livenessProbe: {exec: {command: [cat, /tmp/healthy]}, initialDelaySeconds: 42, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 1}",
        ),
        "until Running; wait 52; said Unhealthy; said Killing; wait 1; said Unhealthy; said Killing",
        &[
            "Warning Unhealthy containers{main}: Liveness probe failed: command timed out: \"cat /tmp/healthy\" timed out after 3s",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
        ],
    );
}

#[test]
fn a_slow_container_is_killed_before_it_answers_unless_a_startup_probe_holds_the_other_back() {
    let liveness = format!("livenessProbe: {{{HTTP}, periodSeconds: 5, failureThreshold: 3}}");
    check(
        &main("web:slow", &liveness),
        "until Running; wait 9; said Killing; wait 3; said Unhealthy; said Killing; get; container main",
        &[
            "Warning Unhealthy containers{main}: Liveness probe failed: Get \"http://10.244.1.2:8080/healthz\": dial tcp 10.244.1.2:8080: connect: \
             connection refused",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
            "app 1/1 Running 1 (1s ago)",
            "main running, last Completed 0",
        ],
    );
    check(
        &main("web:slow", &format!("{liveness}, startupProbe: {{{HTTP}, periodSeconds: 5, failureThreshold: 10}}")),
        "until Running; wait 29; get; started main; wait 3; get; started main; said Killing; wait 60; get; said Killing",
        &["app 0/1 Running 0", "false", "app 1/1 Running 0", "true", "app 1/1 Running 0"],
    );
}

#[test]
fn a_container_that_does_not_come_up_is_killed_by_its_startup_probe() {
    check(
        &main("web:slow", &format!("startupProbe: {{{HTTP}, periodSeconds: 5, failureThreshold: 2}}")),
        "until Running; wait 4; said Killing; why; wait 1; said Unhealthy; said Killing; why; wait 2; get; container main",
        &[
            "app: ProbeFails",
            "Warning Unhealthy containers{main}: Startup probe failed: Get \"http://10.244.1.2:8080/healthz\": dial tcp 10.244.1.2:8080: connect: \
             connection refused",
            "Normal Killing containers{main}: Container main failed startup probe, will be restarted",
            "app: FailedProbe",
            "app 0/1 Running 1 (1s ago)",
            "main running, last Completed 0",
        ],
    );
}

#[test]
fn readiness_that_is_lost_restarts_nothing() {
    check(
        &main("web:1.27", &format!("readinessProbe: {{{HTTP}, periodSeconds: 2, failureThreshold: 2}}")),
        "wait 10; get; freeze; wait 2; get; wait 4; get; said Unhealthy; wait 60; get; ready; wait 1; get; delete; wait 3; get",
        &[
            "app 1/1 Running 0",
            "app 1/1 Running 0",
            "app 0/1 Running 0",
            "Warning Unhealthy containers{main}: Readiness probe failed: Get \"http://10.244.1.2:8080/healthz\": context deadline exceeded \
             (Client.Timeout exceeded while awaiting headers)",
            "app 0/1 Running 0",
            "app 1/1 Running 0",
            "Error from server (NotFound): pods \"app\" not found",
        ],
    );
}

#[test]
fn a_container_that_is_killed_for_its_probe_is_started_again_unless_the_policy_is_never() {
    let pod = |policy: &str, image: &str| {
        let pod = main(image, "livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 1}");
        pod.replace("{terminationGracePeriodSeconds: 10", &format!("{{restartPolicy: {policy}, terminationGracePeriodSeconds: 3"))
    };
    for (policy, image, want) in [
        ("OnFailure", "web:1.27", ["app 0/1 Error 0", "Running", "app 1/1 Running 1 (1s ago)", "Ready=True"]),
        ("Never", "web:1.27", ["app 0/1 Error 0", "Failed", "app 0/1 Error 0", "Ready=False PodFailed"]),
        ("Never", "web:1-slow", ["app 0/1 Completed 0", "Succeeded", "app 0/1 Completed 0", "Ready=False PodCompleted"]),
    ] {
        check(&pod(policy, image), "until Running; freeze; wait 9; get; phase; wait 1; get; condition Ready", &want);
    }
    check(
        &pod("Never", "web"),
        "until Running; freeze; wait 9; said Killing",
        &["Normal Killing containers{main}: Container main failed liveness probe"],
    );
}

#[test]
fn it_is_started_again_at_once_unless_the_exit_before_is_too_short_a_time_ago() {
    // It is killed every 11.5 s, which is longer than the first back-off and shorter than the second.
    check(
        &main("web:slow", "livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 3}"),
        "until Running; wait 20; get; wait 15; get; until CrashLoopBackOff; get; container main; why; until Running; get; \
         until CrashLoopBackOff; get; container main",
        &[
            "app 1/1 Running 1 (9s ago)",
            "app 1/1 Running 3 (1s ago)",
            "app 0/1 CrashLoopBackOff 3 (1s ago)",
            "main waiting CrashLoopBackOff back-off 20s restarting failed container=main pod=app_default(UID), last Completed 0",
            "app: FailedProbe",
            "app 1/1 Running 4 (26s ago)",
            "app 0/1 CrashLoopBackOff 4 (0s ago)",
            "main waiting CrashLoopBackOff back-off 40s restarting failed container=main pod=app_default(UID), last Completed 0",
        ],
    );
}

#[test]
fn a_pod_that_is_being_deleted_is_not_asked_whether_it_lives_and_one_that_hangs_does_not_hear_it() {
    check(
        &main("web:1.27", "livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 1}"),
        "until Running; freeze; delete; wait 9; said Killing; running; wait 2; running",
        &["Normal Killing containers{main}: Stopping container main", "main", "nobody"],
    );
}

#[test]
fn a_sidecar_is_asked_too() {
    check(
        "{initContainers: [{name: log, image: fluentd, restartPolicy: Always, livenessProbe: {grpc: {port: 90}, periodSeconds: 5, failureThreshold: 1, \
         terminationGracePeriodSeconds: 1}}], containers: [{name: main, image: nginx}]}",
        "until Running; freeze; wait 20; get; said Unhealthy; said Killing; container log; container main",
        &[
            "app 2/2 Running 1 (15s ago)",
            "Warning Unhealthy initContainers{log}: Liveness probe failed: timeout: failed to connect service \"10.244.1.2:90\" within 1s: context \
             deadline exceeded",
            "Normal Killing initContainers{log}: Init container log failed liveness probe",
            "log running, last Error 137",
            "main running",
        ],
    );
}

/// A container, `main`, with this script as its command and these probes.
fn told(script: &str, probes: &str) -> String {
    format!("{{containers: [{{name: main, image: 'registry.k8s.io/busybox:1.27.2', args: [/bin/sh, -c, '{script}'], {probes}}}]}}")
}

const HEALTHY: &str = "exec: {command: [cat, /tmp/healthy]}, initialDelaySeconds: 5, periodSeconds: 5";

#[test]
fn a_command_is_tried_in_a_container_that_was_told_what_to_run() {
    let removed = "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600";
    // Probes at 30, 35 and 40 s fail, and a shell ignores SIGTERM.
    check(
        &told(removed, &format!("livenessProbe: {{{HEALTHY}}}")),
        "until Running; wait 28; get; said Unhealthy; wait 10; said Unhealthy; said Killing; wait 2; said Killing; wait 28; running; wait 4; get; \
         container main; wait 30; get; said Killing",
        &[
            "app 1/1 Running 0",
            "Warning Unhealthy containers{main}: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
            "main",
            "app 1/1 Running 1 (2s ago)",
            "main running, last Error 137",
            "app 1/1 Running 1 (32s ago)",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
        ],
    );
    check(
        &told(removed, &format!("readinessProbe: {{{HEALTHY}}}")),
        "until Running; wait 4; get; wait 3; get; wait 25; get; wait 10; get; said Unhealthy; say kubectl exec app -- touch /tmp/healthy; wait 6; get; \
         wait 60; say kubectl exec app -- rm /tmp/healthy; wait 15; get",
        &[
            "app 0/1 Running 0",
            "app 1/1 Running 0",
            "app 1/1 Running 0",
            "app 0/1 Running 0",
            "Warning Unhealthy containers{main}: Readiness probe failed: cat: can't open '/tmp/healthy': No such file or directory",
            "",
            "app 1/1 Running 0",
            "",
            "app 0/1 Running 0",
        ],
    );
}

#[test]
fn a_startup_probe_is_tried_until_it_passes_or_is_given_up() {
    let late = "sleep 12; touch /tmp/healthy; sleep 600";
    let probes = |threshold: u32| format!("startupProbe: {{{HEALTHY}, failureThreshold: {threshold}}}, livenessProbe: {{{HEALTHY}}}");
    check(
        &told(late, &probes(3)),
        "until Running; wait 13; started main; wait 2; started main; get; wait 100; get; said Killing",
        &["false", "true", "app 1/1 Running 0", "app 1/1 Running 0"],
    );
    check(
        &told(late, &probes(2)),
        "until Running; wait 11; started main; said Killing",
        &["false", "Normal Killing containers{main}: Container main failed startup probe, will be restarted"],
    );
}

#[test]
fn an_image_that_is_never_ready_is_not_whatever_a_command_says() {
    let spec = told("sleep 600", "readinessProbe: {exec: {command: ['true']}, periodSeconds: 2}");
    check(&spec, "until Running; wait 3; get", &["app 1/1 Running 0"]);
    let unready = spec.replace(":1.27.2", ":unready");
    check(&unready, "until Running; wait 30; get; ready; wait 1; get", &["app 0/1 Running 0", "app 1/1 Running 0"]);
}

#[test]
fn a_command_that_takes_too_long_fails_and_one_that_is_not_simulated_passes() {
    for (probe, want) in [
        (
            "exec: {command: [sleep, '3']}",
            &["Warning Unhealthy containers{main}: Liveness probe failed: command timed out: \"sleep 3\" timed out after 1s"][..],
        ),
        ("exec: {command: [sleep, '3']}, timeoutSeconds: 4", &[]),
        ("exec: {command: [some-program, x]}", &[]),
    ] {
        check(&told("sleep 600", &format!("livenessProbe: {{{probe}}}")), "until Running; wait 60; said Unhealthy", want);
    }
}

#[test]
fn a_command_that_speaks_like_the_playground_is_only_a_command() {
    let unready = |said: &str| {
        check(
            &told("sleep 600", &format!("readinessProbe: {{exec: {{command: [sh, -c, '{said}; exit 1']}}, periodSeconds: 2}}")),
            "until Running; wait 8; get",
            &["app 0/1 Running 0"],
        );
    };
    unready("echo \"ordinal: 3\"");
    unready("echo \"ordinal: 3\" >&2");
    // An option that has no effect makes no failure less certain.
    unready("set -euo pipefail");
    // What is not simulated tells nothing, whatever becomes of its words.
    let probe = "readinessProbe: {exec: {command: [sh, -c, 'date -d tomorrow 2>/dev/null || exit 1']}, periodSeconds: 2}";
    check(&told("sleep 600", probe), "until Running; wait 8; get", &["app 1/1 Running 0"]);
}

#[test]
fn a_sidecar_that_fails_its_probe_is_told_of_as_an_init_container() {
    let pod = |probe: &str| {
        format!(
            "{{initContainers: [{{name: log, image: 'web:slow', restartPolicy: Always, {probe}: {{tcpSocket: {{port: 80}}, periodSeconds: 5, \
             failureThreshold: 1}}}}], containers: [{{name: main, image: nginx}}]}}"
        )
    };
    for probe in ["liveness", "startup"] {
        check(
            &pod(&format!("{probe}Probe")),
            "wait 12; said Killing",
            &[&format!("Normal Killing initContainers{{log}}: Init container log failed {probe} probe")],
        );
    }
}

#[test]
fn a_command_is_tried_in_a_container_that_runs_its_image_s_own_server() {
    let ready = |container: &str| format!("{{containers: [{{name: main, {container}, periodSeconds: 2}}}}]}}");
    check(
        &ready("image: nginx, readinessProbe: {exec: {command: [cat, /tmp/ready]}"),
        "until Running; wait 8; get; said Unhealthy; say kubectl exec app -- touch /tmp/ready; wait 4; get; say kubectl exec app -- rm /tmp/ready; \
         wait 8; get",
        &[
            "app 0/1 Running 0",
            "Warning Unhealthy containers{main}: Readiness probe failed: cat: /tmp/ready: No such file or directory",
            "",
            "app 1/1 Running 0",
            "",
            "app 0/1 Running 0",
        ],
    );
    check(
        &ready("image: luksa/kubia, livenessProbe: {exec: {command: [ls, /var/ready]}"),
        "until Running; wait 4; said Killing; wait 3; said Unhealthy; said Killing",
        &[
            "Warning Unhealthy containers{main}: Liveness probe failed: ls: cannot access '/var/ready': No such file or directory",
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
        ],
    );
}

#[test]
fn what_a_command_asks_of_an_image_that_is_not_simulated_is_taken_as_well() {
    for (image, command) in [
        ("mysql", "[mysqladmin, ping]"),
        ("redis", "[sh, -c, 'redis-cli -a none ping | grep PONG']"),
        ("zookeeper", "[zkOk.sh]"),
        ("postgres", "[pg_isready, -U, postgres]"),
        ("postgres", "[test, -f, /var/lib/postgresql/data/PG_VERSION]"),
        ("etcd", "[etcdctl, endpoint, health]"),
        ("nginx", "[cat, /var/run/nginx.pid]"),
        ("nginx", "[sh, -c, 'getent hosts localhost | grep 127']"),
        ("bitnami/nginx", "[sh, -c, 'netstat -an | grep 8080']"),
        ("nginx", "[sh, -c, 'curl -f localhost']"),
    ] {
        let probe = format!("exec: {{command: {command}}}, periodSeconds: 2");
        let env = "env: [{name: MYSQL_ROOT_PASSWORD, value: a}, {name: POSTGRES_PASSWORD, value: a}]";
        let probes = format!("readinessProbe: {{{probe}}}, livenessProbe: {{{probe}}}");
        let spec = format!("{{containers: [{{name: main, image: {image}, {env}, {probes}}}]}}");
        check(&spec, "until Running; wait 30; get; said Unhealthy", &["app 1/1 Running 0"]);
    }
    let probe = "readinessProbe: {exec: {command: [sh, -c, 'netstat -an | grep 8080']}, periodSeconds: 2}";
    check(
        &format!("{{containers: [{{name: main, image: nginx, {probe}}}]}}"),
        "until Running; wait 30; get; said Unhealthy",
        &["app 0/1 Running 0", "Warning Unhealthy containers{main}: Readiness probe failed: sh: 1: netstat: not found"],
    );
}

#[test]
fn a_command_sees_what_another_container_leaves_on_a_volume_of_both() {
    let mounts = "volumeMounts: [{name: both, mountPath: /both}]";
    check(
        &format!(
            "{{volumes: [{{name: both, emptyDir: {{}}}}], containers: [{{name: main, image: nginx, {mounts}, readinessProbe: {{exec: {{command: \
             [cat, /both/ready]}}, periodSeconds: 2}}}}, {{name: side, image: busybox, {mounts}, command: [sh, -c, 'sleep 20 && touch /both/ready \
             && sleep 600']}}]}}"
        ),
        "until Running; wait 15; get; wait 10; get",
        &["app 1/2 Running 0", "app 2/2 Running 0"],
    );
}

#[test]
fn a_readiness_probe_that_fails_for_long_is_counted_on() {
    let count = "say kubectl get events --field-selector=reason=Unhealthy -o jsonpath={.items[*].count}";
    for image in ["nginx", "nginx:unready"] {
        check(
            &format!(
                "{{containers: [{{name: main, image: '{image}', readinessProbe: {{exec: {{command: ['false']}}, periodSeconds: 2}}}}]}}"
            ),
            &format!("until Running; wait 9; {count}; wait 20; {count}; wait 600; {count}"),
            &["5", "15", "301"],
        );
    }
}
