//! Unwanted ends of containers and pods, and what can be read about them afterwards.

use ordinal::api::release::V1_37;

use super::check;
use super::story::tell_of;

/// A container with an image that leaks memory.
fn leaky(resources: &str) -> String {
    format!("{{containers: [{{name: main, image: 'nginx:leaky', resources: {resources}}}]}}")
}

#[test]
fn a_container_that_outgrows_its_memory_limit_is_killed_each_time() {
    check(
        &leaky("{limits: {memory: 64Mi}}"),
        "until Running; wait 19; get; wait 2; get; container main; until OOMKilled; get; wait 1; get; container main; why",
        &[
            "app 1/1 Running 0",
            "app 1/1 Running 1 (1s ago)",
            "main running, last OOMKilled 137",
            "app 0/1 OOMKilled 1 (20s ago)",
            "app 0/1 OOMKilled 1 (21s ago)",
            "main terminated OOMKilled 137, last OOMKilled 137",
            "app: OutOfMemory",
        ],
    );
    check(
        &leaky("{limits: {memory: 64Mi}}").replace("{containers", "{restartPolicy: Never, containers"),
        "until Running; wait 25; get; phase",
        &["app 0/1 OOMKilled 0", "Failed"],
    );
}

#[test]
fn a_server_whose_own_command_ends_ends_with_it() {
    let ends = |command: &str, lines: &str, want: &[&str]| {
        check(&format!("{{containers: [{{name: main, image: 'nginx:1.27', command: {command}}}]}}"), lines, want);
    };
    ends("['false']", "until Running; wait 4; get; container main", &["app 0/1 Error 1 (3s ago)", "main terminated Error 1, last Error 1"]);
    ends(
        "[sh, -c, 'echo begins; sleep 5; if [ ! -f /tmp/seen ]; then exit 3; fi']",
        "until Running; wait 4; get; wait 3; states main; logs main",
        &["app 1/1 Running 0", "ContainerCreating Running Error Running", "begins"],
    );
    // nginx leaves its server in the background, and whoever ran it goes on.
    for daemon in ["[nginx]", "[sh, -c, 'echo begins; exec nginx']", "[nginx, -g, 'worker_processes 1;']"] {
        ends(
            daemon,
            "until Running; wait 1; say kubectl exec app -- curl -s -o /dev/null -w %{http_code} localhost; wait 3; get",
            &["200", "app 0/1 Completed 1 (3s ago)"],
        );
    }
    ends("[sh]", "until Running; wait 4; get", &["app 0/1 Completed 1 (3s ago)"]);
    // What depends on the image, on a program of its, or on what runs in the background, is not known to end.
    for serves in [
        "[nginx, -g, 'daemon off;']",
        "[sh, -c, 'echo begins; exec nginx -g \"daemon off;\"']",
        "[sh, -c, 'nginx && sleep 3600']",
        "[sh, -c, 'while true; do sleep 1; done']",
        "[sh, -c, 'sed -i s/80/8080/ /etc/nginx/conf.d/default.conf && nginx']",
        "[sh, -c, 'cd /docker-entrypoint.d && nginx']",
        "[sh, -c, '[ -x /usr/bin/server ] && exec /usr/bin/server']",
        "[sh, -c, 'test -n \"$NGINX_VERSION\" || exit 1; nginx']",
        "[bash, /opt/start.sh]",
        "[sh, -c, 'trap : TERM; nginx & wait $!']",
        "[sh, -c, 'exec $0 $@', ./srv, --flag]",
    ] {
        ends(serves, "until Running; wait 60; get", &["app 1/1 Running 0"]);
    }
}

#[test]
fn an_init_container_fails_as_its_script_says_unless_the_image_may_be_why() {
    for (script, want) in [
        ("cp /etc/nginx/nginx.conf /tmp", "app 1/1 Running 0"),
        ("psql -c select || true; exit 3", "app 0/1 Init:Error 1 (11s ago)"),
        ("cat /work/missing", "app 0/1 Init:Error 1 (11s ago)"),
    ] {
        let init = format!(
            "{{name: first, image: 'nginx:1.27', command: [sh, -c, '{script}'], volumeMounts: [{{name: work, mountPath: /work}}]}}"
        );
        let spec = format!(
            "{{initContainers: [{init}], containers: [{{name: main, image: 'nginx:1.27'}}], volumes: [{{name: work, emptyDir: {{}}}}]}}"
        );
        check(&spec, "wait 15; get", &[want]);
    }
}

#[test]
fn a_tool_that_is_to_be_started_again_may_be_a_server() {
    let runs = |image: &str, command: &str, want: &str| {
        check(&format!("{{containers: [{{name: main, image: '{image}', command: {command}}}]}}"), "until Running; wait 60; get", &[want]);
    };
    runs("python:3.12", "[python, app.py]", "app 1/1 Running 0");
    runs("alpine", "[sh, -c, 'apk add socat && exec socat TCP-LISTEN:80 -']", "app 1/1 Running 0");
    runs("busybox", "[sh, -c, 'echo once']", "app 0/1 Completed 3 (44s ago)");
    runs("busybox", "[cat, /data/missing]", "app 0/1 Error 3 (44s ago)");
    // What runs to completion does so as its script says, and whatever it runs.
    for (policy, image, command, want) in [
        ("OnFailure", "perl:5", "[perl, -e, 'print 1']", "app 0/1 Completed 0"),
        ("Never", "busybox", "[sh, -c, 'nope']", "app 0/1 Error 0"),
        ("Never", "busybox", "[sh, -c, 'nope || echo so be it']", "app 0/1 Completed 0"),
        ("OnFailure", "alpine", "[sh, -c, 'for i in 1 2; do sleep 1; done; test $i = 2']", "app 0/1 Completed 0"),
        ("Never", "python:3", "[sh, -c, 'python /app/run.py || exit 1']", "app 0/1 Completed 0"),
        ("Never", "python:3", "[sh, -c, 'python -m http.server']", "app 1/1 Running 0"),
    ] {
        let spec = format!("{{restartPolicy: {policy}, containers: [{{name: main, image: '{image}', command: {command}}}]}}");
        check(&spec, "wait 10; get", &[want]);
    }
}

#[test]
fn what_a_container_did_does_not_depend_on_who_looks() {
    let looks = "say kubectl exec app -- wc -l /tmp/log";
    check(
        "{containers: [{name: main, image: busybox, command: [sh, -c, 'while true; do echo x >> /tmp/log; sleep 1; done']}]}",
        &format!("until Running; wait 9000; {looks}; {looks}"),
        &["9001 /tmp/log", "9001 /tmp/log"],
    );
    // Nobody sees what is not there to be seen, and that is said.
    check(
        "{containers: [{name: main, image: busybox, command: [sh, -c, 'while true; do sleep 0.01; done']}]}",
        "until Running; wait 1200; logs main",
        &["ordinal: this loop has run 100000 times; the rest of it is not simulated."],
    );
}

#[test]
fn a_wait_for_a_restart_is_reported_by_the_sync_that_ends_it() {
    check(
        "{containers: [{name: main, image: 'nginx:crash'}]}",
        "until Running; wait 3; get; wait 10; get; states main; wait 55; states main; wait 85; get; wait 20; get; container main; wait 30; get",
        &[
            "app 0/1 Error 1 (2s ago)",
            "app 0/1 Error 1 (12s ago)",
            "ContainerCreating Running Error Running Error",
            "ContainerCreating Running Error Running Error CrashLoopBackOff Running Error CrashLoopBackOff Running Error",
            "app 0/1 Error 4 (111s ago)",
            "app 0/1 CrashLoopBackOff 4 (80s ago)",
            "main waiting CrashLoopBackOff back-off 1m20s restarting failed container=main pod=app_default(UID), last Error 1",
            "app 0/1 Error 5 (110s ago)",
        ],
    );
    // So does one that ends well, over and over.
    check(
        "{containers: [{name: main, image: busybox, command: ['true']}]}",
        "wait 12; get; why; ask",
        &[
            "app 0/1 Completed 1 (8s ago)",
            "app: CrashLoop",
            "app does not stay up.",
            "Container main exits with code 0 soon after each start. The kubelet waits longer before each restart.",
            "app은 계속 실행되지 못합니다.",
            "main 컨테이너가 시작할 때마다 곧 종료됩니다(종료 코드 0). kubelet은 재시작 간격을 점점 늘립니다.",
        ],
    );
}

#[test]
fn without_a_limit_nothing_is_outgrown() {
    for resources in ["{requests: {memory: 64Mi}}", "{limits: {cpu: 1}}"] {
        check(&leaky(resources), "until Running; wait 60; get", &["app 1/1 Running 0"]);
    }
}

#[test]
fn the_log_of_the_process_before_is_kept() {
    let none = "Error from server (BadRequest): previous terminated container \"main\" in pod \"app\" not found";
    let (first, second) = ("at 1767225603", "at 1767225607");
    check(
        "{containers: [{name: main, image: busybox, command: [sh, -c, 'echo at $(date +%s); sleep 3; exit 1']}]}",
        "until Running; say kubectl logs -p app; until Error; say kubectl logs -p app; logs main; until Running; say kubectl logs --previous app; \
         logs main; until CrashLoopBackOff; say kubectl logs -p app; logs main; until Running; say kubectl logs -f -p app -c main",
        &[none, none, first, first, second, second, second, second],
    );
}

#[test]
fn a_pod_that_is_active_for_too_long_fails_once_its_processes_have_ended() {
    let pod = "{activeDeadlineSeconds: 10, terminationGracePeriodSeconds: 5, \
               containers: [{name: main, image: nginx}, {name: other, image: 'nginx:stubborn'}]}";
    check(
        pod,
        "wait 9; get; wait 2; said DeadlineExceeded; said Killing; get; phase; why; wait 5; phase; container main; container other; \
         condition Ready; why; say kubectl get pod app -o jsonpath={.status.reason}:{.status.message}; wait 60; phase; running",
        &[
            "app 2/2 Running 0",
            "Normal DeadlineExceeded: Pod was active on the node longer than the specified deadline",
            "Normal Killing containers{main}: Stopping container main",
            "Normal Killing containers{other}: Stopping container other",
            "app 2/2 Running 0",
            "Running",
            "app: PastDeadline",
            "Failed",
            "main terminated Completed 0",
            "other terminated Error 137",
            "Ready=False PodFailed",
            "app: PastDeadline",
            "DeadlineExceeded:Pod was active on the node longer than the specified deadline",
            "Failed",
            "nobody",
        ],
    );
    check(
        "{activeDeadlineSeconds: 6, containers: [{name: main, image: 'nginx:broken'}]}",
        "wait 10; phase; container main; wait 60; phase; \
         say kubectl get pod app -o jsonpath={.status.containerStatuses[0].state.terminated}",
        &[
            "Failed",
            "main terminated ContainerStatusUnknown 137",
            "Failed",
            "{\"exitCode\":137,\"finishedAt\":null,\"message\":\"The container could not be located when the pod was terminated\",\
             \"reason\":\"ContainerStatusUnknown\",\"startedAt\":null}",
        ],
    );
}

#[test]
fn a_deadline_can_be_set_and_brought_nearer_and_outlasts_a_reboot() {
    let patch = |seconds: u32| format!("say kubectl patch pod app -p '{{\"spec\":{{\"activeDeadlineSeconds\":{seconds}}}}}'");
    let pod = |deadline: &str| format!("{{{deadline}containers: [{{name: main, image: nginx}}]}}");
    check(
        &pod("activeDeadlineSeconds: 60, "),
        &format!("wait 10; {}; wait 6; get; wait 4; phase; wait 50; phase", patch(15)),
        &["pod/app patched", "app 1/1 Running 0", "Failed", "Failed"],
    );
    check(&pod(""), &format!("wait 10; {}; wait 3; phase", patch(5)), &["pod/app patched", "Failed"]);
    check(&pod("activeDeadlineSeconds: 20, "), "wait 10; reboot; wait 8; get; wait 5; phase", &["app 1/1 Running 1 (8s ago)", "Failed"]);
}

#[test]
fn a_set_replaces_a_pod_whose_time_is_over() {
    let set = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {serviceName: web, replicas: 1, \
               selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: nginx}]}}}}";
    let patch = "kubectl patch pod web-0 -p '{\"spec\":{\"activeDeadlineSeconds\":15}}'";
    let told = tell_of(
        set,
        &V1_37,
        &[],
        &format!("pod web-0; wait 10; {patch}; wait 5; get; wait 1; get; wait 4; get; wait 10; get; wait 20; get"),
    );
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        ["web-0 1/1 Running 0", "web-0 1/1 Running 0", "web-0 0/1 ContainerCreating 0", "web-0 1/1 Running 0", "web-0 1/1 Running 0"],
        "{told}"
    );
}
