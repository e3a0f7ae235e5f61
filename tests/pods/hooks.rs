//! How kubelets handle lifecycle hooks of containers.

use ordinal::api::release::V1_37;

use super::check;
use super::story::tell_of;

/// Two containers, one of them `main` with this hook.
fn pod(image: &str, hook: &str) -> String {
    let main = format!("name: main, image: '{image}', ports: [{{name: web, containerPort: 80}}], lifecycle: {{postStart: {hook}}}");
    format!("{{terminationGracePeriodSeconds: 5, containers: [{{{main}}}, {{name: other, image: nginx}}]}}")
}

#[test]
fn a_hook_is_done_in_its_container_before_that_counts_as_running_and_the_next_one_starts() {
    check(
        &pod("nginx", "{exec: {command: [sh, -c, 'sleep 5; echo hello > /usr/share/nginx/html/index.html']}}"),
        "wait 6; running; container main; container other; get; phase; why; wait 4; get; container main; container other; condition Ready; \
         say kubectl exec app -c main -- cat /usr/share/nginx/html/index.html",
        &[
            "main",
            "main waiting ContainerCreating",
            "other waiting ContainerCreating",
            "app 0/2 ContainerCreating 0",
            "Pending",
            "app: HookRuns",
            "app 2/2 Running 0",
            "main running",
            "other running",
            "Ready=True",
            "hello",
        ],
    );
    check(
        &pod("nginx", "{sleep: {seconds: 4}}"),
        "wait 6; running; get; wait 4; get",
        &["main", "app 0/2 ContainerCreating 0", "app 2/2 Running 0"],
    );
    check(&pod("nginx", "{httpGet: {path: /warm, port: web}}"), "until Running; get", &["app 2/2 Running 0"]);
}

#[test]
fn a_container_whose_hook_fails_is_ended_and_started_again() {
    let failure = "Exec lifecycle hook ([sh -c echo no; sleep 1; exit 3]) for Container \"main\" in Pod \"app_default(UID)\" failed - error: command \
                   'sh -c echo no; sleep 1; exit 3' exited with 3: , message: \"no\\n\"";
    check(
        &pod("nginx", "{exec: {command: [sh, -c, 'echo no; sleep 1; exit 3']}}"),
        "until PostStartHookError; get; container main; wait 1; why; said FailedPostStartHook; said Killing; \
         until CrashLoopBackOff; get; container main; container other; phase; why; wait 60; get",
        &[
            "app 0/2 PostStartHookError 0",
            &format!("main waiting PostStartHookError {failure}, last Completed 0"),
            "app: HookRuns",
            "Warning FailedPostStartHook containers{main}: PostStartHook failed",
            "Normal Killing containers{main}: FailedPostStartHook",
            "app 1/2 CrashLoopBackOff 1 (13s ago)",
            "main waiting CrashLoopBackOff back-off 10s restarting failed container=main pod=app_default(UID), last Completed 0",
            "other running",
            "Running",
            "app: HookFailed",
            "app 1/2 PostStartHookError 3 (30s ago)",
        ],
    );
}

#[test]
fn a_request_of_a_hook_fails_where_nobody_listens_yet() {
    check(
        &pod("nginx:slow", "{httpGet: {path: /warm, port: web}}"),
        "until PostStartHookError; container main",
        &[
            "main waiting PostStartHookError HTTP lifecycle hook (/warm) for Container \"main\" in Pod \"app_default(UID)\" failed - error: Get \
             \"http://10.244.1.2:80/warm\": dial tcp 10.244.1.2:80: connect: connection refused, last Completed 0",
        ],
    );
}

#[test]
fn a_container_whose_hook_fails_ends_for_good_where_nothing_is_started_again() {
    let spec = pod("nginx", "{exec: {command: ['false']}}").replace("{termination", "{restartPolicy: Never, termination");
    check(
        &spec,
        "wait 10; get; container main; container other; phase; delete; wait 3; get",
        &[
            "app 1/2 NotReady 0",
            "main terminated Completed 0",
            "other running",
            "Running",
            "Error from server (NotFound): pods \"app\" not found",
        ],
    );
}

#[test]
fn a_process_that_ends_takes_its_hook_along() {
    check(
        &pod("nginx:crash", "{exec: {command: [sleep, '2']}}"),
        "wait 8; get; container main; container other; wait 10; get",
        &["app 1/2 Error 1 (4s ago)", "main terminated Error 1, last Error 1", "other running", "app 1/2 Error 1 (14s ago)"],
    );
    check(
        &pod("nginx", "{exec: {command: [sleep, '50']}}"),
        "wait 6; running; delete; wait 3; running; get",
        &["main", "nobody", "Error from server (NotFound): pods \"app\" not found"],
    );
}

#[test]
fn probes_wait_for_the_hook_and_a_sidecar_that_has_one_holds_back_the_others() {
    let probes = "readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}, livenessProbe: {tcpSocket: {port: 80}}, lifecycle";
    let spec = pod("nginx", "{exec: {command: [sleep, '4']}}").replace("lifecycle", probes);
    check(
        &spec,
        "wait 6; get; until Running; get; wait 2; get; reboot; wait 3; get; wait 8; get; container main",
        &[
            "app 0/2 ContainerCreating 0",
            "app 1/2 Running 0",
            "app 2/2 Running 0",
            "app 0/2 Unknown 0",
            "app 2/2 Running 2 (11s ago)",
            "main running, last Unknown 255",
        ],
    );
    check(
        "{initContainers: [{name: log, image: fluentd, restartPolicy: Always, lifecycle: {postStart: {sleep: {seconds: 4}}}}], \
         containers: [{name: main, image: nginx}]}",
        "wait 7; get; container log; running; wait 7; get",
        &["app 0/2 Init:0/1 0", "log waiting PodInitializing", "log", "app 2/2 Running 0"],
    );
}

#[test]
fn a_container_does_what_its_hook_says_before_it_is_told_to_end() {
    let claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: \
                 {requests: {storage: 1Gi}}}}";
    let pod = |name: &str, container: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{containers: [{{name: main, image: nginx, {container}, \
             volumeMounts: [{{name: data, mountPath: /data}}]}}], volumes: [{{name: data, persistentVolumeClaim: {{claimName: data}}}}]}}}}"
        )
    };
    let writes = "lifecycle: {preStop: {exec: {command: [sh, -c, 'echo bye from $HOSTNAME > /data/log; sleep 3']}}}";
    let objects = [claim.to_owned(), pod("app", writes), pod("reader", "workingDir: /")].join("\n---\n");
    let told = tell_of(&objects, &V1_37, &[], "wait 20; get; delete; wait 2; say kubectl exec reader -- cat /data/log; get; wait 4; get");
    let want = ["app 1/1 Running 0", "bye from app", "app 1/1 Terminating 0", "Error from server (NotFound): pods \"app\" not found"];
    assert_eq!(told.lines().collect::<Vec<_>>(), want, "{told}");
}

#[test]
fn a_hook_that_fails_holds_nothing_up() {
    for (hook, want) in [
        ("exec: {command: ['false']}", &["Warning FailedPreStopHook containers{main}: PreStopHook failed"][..]),
        ("exec: {command: ['true']}", &[]),
        ("exec: {command: [nginx, -s, quit]}", &[]),
    ] {
        let spec = format!("{{containers: [{{name: main, image: 'nginx:stubborn', lifecycle: {{preStop: {{{hook}}}}}}}]}}");
        check(
            &spec,
            "until Running; delete; wait 2; said FailedPreStopHook; wait 30; get",
            &[want, &["Error from server (NotFound): pods \"app\" not found"]].concat(),
        );
    }
}
