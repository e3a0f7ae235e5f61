//! Programs that are not there: containers that cannot be started, and scripts that end.

use super::check;
use super::story::tell;

/// What a runtime says before the cause.
const BEFORE: &str = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to \
                      start container process: error during container init: ";

/// A pod with one container.
fn one(image: &str, command: &str) -> String {
    format!("{{containers: [{{name: main, image: '{image}', {command}}}]}}")
}

#[test]
fn a_container_whose_program_is_not_there_is_not_started() {
    let error = format!("{BEFORE}exec: \"ngnix\": executable file not found in $PATH");
    check(
        &one("nginx:1.27", "command: [ngnix, -g, 'daemon off;']"),
        "until RunContainerError; get; phase; container main; started main; said Started; said Failed; why; ask; logs main; running; \
         wait 60; states main; get; wait 205; get; container main; why; \
         say kubectl get pod app -o jsonpath={.status.containerStatuses[0].lastState.terminated.startedAt}",
        &[
            "app 0/1 RunContainerError 0",
            "Running",
            &format!("main waiting RunContainerError {error}, last StartError 128"),
            "false",
            &format!("Warning Failed containers{{main}}: Error: {error}"),
            "app: CannotStart",
            "app has a container that cannot be started.",
            "Container main is to run a program that is not there: exec: \"ngnix\": executable file not found in $PATH. The kubelet tries again, \
             waiting longer each time.",
            "app에 시작할 수 없는 컨테이너가 있습니다.",
            "main 컨테이너가 실행하려는 프로그램이 없습니다: exec: \"ngnix\": executable file not found in $PATH. kubelet은 간격을 점점 늘려 가며 다시 \
             시도합니다.",
            "",
            "nobody",
            "ContainerCreating RunContainerError CrashLoopBackOff RunContainerError CrashLoopBackOff RunContainerError",
            "app 0/1 RunContainerError 3 (22s ago)",
            "app 0/1 CrashLoopBackOff 5 (96s ago)",
            "main waiting CrashLoopBackOff back-off 2m40s restarting failed container=main pod=app_default(UID), last StartError 128",
            "app: CannotStart",
            "1970-01-01T00:00:00Z",
        ],
    );
    let described = tell(&one("busybox", "args: [nope]"), "wait 5; describe");
    let state = format!(
        "    State:          Waiting\n      Reason:       RunContainerError\n    Last State:     Terminated\n      Reason:       StartError\n      Message:      {BEFORE}exec: \"nope\": executable file not found in \
         $PATH\n      Exit Code:    128\n      Started:      Thu, 01 Jan 1970 00:00:00 +0000\n"
    );
    assert!(described.contains(&state), "{described}");
}

#[test]
fn one_that_is_not_started_again_has_failed() {
    let job = |policy: &str| format!("{{restartPolicy: {policy}, containers: [{{name: main, image: busybox, command: [nope]}}]}}");
    check(
        &job("Never"),
        "wait 20; get; phase; container main; why; said BackOff",
        &["app 0/1 StartError 0", "Failed", "main terminated StartError 128", "app: ProcessesEnded"],
    );
    check(
        &job("OnFailure").replace("{restartPolicy", "{activeDeadlineSeconds: 9, restartPolicy"),
        "wait 20; phase; container main",
        &["Failed", "main terminated StartError 128, last StartError 128"],
    );
    check(&job("OnFailure"), "wait 5; get; phase", &["app 0/1 RunContainerError 1 (1s ago)", "Running"]);
    let beside = "{restartPolicy: Never, containers: [{name: main, image: busybox, command: [nope]}, {name: other, image: nginx}]}";
    check(beside, "wait 20; get; phase; container other", &["app 1/2 StartError 0", "Running", "other running"]);
    let init = |policy: &str| {
        format!(
            "{{restartPolicy: {policy}, initContainers: [{{name: first, image: busybox, command: [nope]}}], containers: [{{name: main, image: \
             nginx}}]}}"
        )
    };
    check(&init("Never"), "wait 20; get; phase", &["app 0/1 Init:StartError 0", "Failed"]);
    check(
        &init("Always"),
        "wait 5; get; phase; wait 265; get; container first; container main",
        &[
            "app 0/1 Init:RunContainerError 1 (1s ago)",
            "Pending",
            "app 0/1 Init:CrashLoopBackOff 5 (96s ago)",
            "first waiting CrashLoopBackOff back-off 2m40s restarting failed container=first pod=app_default(UID), last StartError 128",
            "main waiting PodInitializing",
        ],
    );
}

#[test]
fn what_is_known_not_to_be_there_is_said_in_the_words_of_the_runtime() {
    let fault = |image: &str, words: &str| {
        let told = tell(&one(image, words), "wait 5; container main");
        let cause = told.split_once(BEFORE).map(|(_, cause)| cause.trim_end_matches(", last StartError 128").to_owned());
        cause.unwrap_or_else(|| told.split(' ').nth(1).unwrap_or_default().to_owned())
    };
    let looked_for = |name: &str| format!("exec: \"{name}\": executable file not found in $PATH");
    let no_file = |path: &str| format!("exec: \"{path}\": stat {path}: no such file or directory");
    for (image, words, want) in [
        ("nginx:1.27", "command: [nope]", looked_for("nope")),
        ("nginx:1.27", "command: [cd, /tmp]", looked_for("cd")),
        ("nginx:1.27", "command: [ulimit, -n]", looked_for("ulimit")),
        ("nginx:1.27", "command: [-g, 'daemon off;']", looked_for("-g")),
        ("nginx:1.27", "command: ['nginx -g daemon off;']", looked_for("nginx -g daemon off;")),
        ("nginx:1.27", "command: [vi]", looked_for("vi")),
        ("nginx:1.27", "command: [/usr/bin/nope]", no_file("/usr/bin/nope")),
        ("nginx:1.27", "command: [/tmp/start.sh]", no_file("/tmp/start.sh")),
        ("busybox", "command: [/bin/bash, -c, 'sleep 1d']", no_file("/bin/bash")),
        ("busybox", "args: [nope]", looked_for("nope")),
        ("redis:7", "command: [mysqld]", looked_for("mysqld")),
        // Servers, tools, what other tags or builds have, and what nobody knows, are there.
        ("nginx:1.27", "command: [nginx, -g, 'daemon off;']", "running".to_owned()),
        ("nginx:1.27-alpine", "command: [vi]", "running".to_owned()),
        ("nginx:1.27", "args: [-g, 'daemon off;']", "running".to_owned()),
        ("nginx:1.27", "command: [/docker-entrypoint.sh, nginx, -g, 'daemon off;']", "running".to_owned()),
        ("nginx:1.27", "command: [/opt/own/start]", "running".to_owned()),
        ("nginx:1.27", "command: [nope], env: [{name: PATH, value: '/opt/own:/bin'}]", "running".to_owned()),
        ("nginx:1.27", "command: [$(TOOL)], env: [{name: TOOL, value: nginx}]", "running".to_owned()),
        ("bitnami/redis", "command: [run.sh]", "running".to_owned()),
        ("busybox", "command: [nc, -lk, -p, '80']", "running".to_owned()),
        ("alpine", "command: [sleep, infinity]", "running".to_owned()),
        ("kubernetes-zookeeper", "command: [start-zookeeper, '--servers=3']", "running".to_owned()),
        ("example/api", "command: [nope]", "running".to_owned()),
    ] {
        assert_eq!(fault(image, words), want, "{image} {words}");
    }
}

#[test]
fn what_is_mounted_may_bring_a_program() {
    let pod = |at: &str, volume: &str, program: &str| {
        format!(
            "{{volumes: [{{name: own, {volume}}}], containers: [{{name: main, image: nginx, command: ['{program}'], volumeMounts: [{{name: own, \
             mountPath: {at}}}]}}]}}"
        )
    };
    let scratch = "emptyDir: {}";
    for (at, program) in
        [("/usr/local/bin", "nope"), ("/usr/local/bin/nope", "/usr/local/bin/nope"), ("/usr", "nope"), ("/own", "/own/nope")]
    {
        check(&pod(at, scratch, program), "wait 10; get", &["app 1/1 Running 0"]);
    }
    check(&pod("/own", "downwardAPI: {items: []}", "/own/nope"), "wait 5; get", &["app 0/1 RunContainerError 1 (1s ago)"]);
    check(&pod("/own", scratch, "nope"), "wait 5; get", &["app 0/1 RunContainerError 1 (1s ago)"]);
}

#[test]
fn a_script_that_runs_what_is_not_there_goes_on_with_127() {
    let runs = |image: &str, script: &str, want: &[&str]| {
        check(&one(image, &format!("command: [sh, -c, '{script}']")), "wait 10; get; container main; logs main", want);
    };
    let (ended, kept) = (["app 0/1 Error 1 (6s ago)", "main terminated Error 127, last Error 127"], ["app 1/1 Running 0", "main running"]);
    let with = |state: [&'static str; 2], log: &'static str| [state[0], state[1], log];
    runs("busybox", "nope --x", &with(ended, "sh: nope: not found"));
    runs("nginx", "nope --x", &with(ended, "sh: 1: nope: not found"));
    runs("nginx", "/usr/bin/nope", &with(ended, "sh: 1: /usr/bin/nope: not found"));
    runs("nginx", "nope || sleep 1d", &with(kept, "sh: 1: nope: not found"));
    runs("nginx", "nope; nginx -g \"daemon off;\"", &with(kept, "sh: 1: nope: not found"));
    // A program that is not simulated may have brought it, or found it, or a variable may have named it.
    for script in ["apt-get install -y nope && nope", "PATH=$PATH:/opt/own; nope", "$NGINX_START", "ulimit -n 9; ulimit -s 9"] {
        runs("nginx", script, &kept);
    }
    runs("nginx", "timeout -k 1 5 nginx", &kept);
    runs("example/api", "nope", &[kept[0], kept[1], "ordinal: what example/api logs is not known here."]);
    check(
        &one("nginx", "command: [sh, -c, 'echo sleep 1d > /bin/nope; chmod +x /bin/nope; nope']"),
        "wait 10; get; logs main",
        &["app 1/1 Running 0"],
    );
}

#[test]
fn what_is_executed_in_a_container_is_looked_for_in_the_same_places() {
    let say =
        |image: &str, words: &str| tell(&one(image, "command: [sleep, 1d]"), &format!("until Running; say kubectl exec app -- {words}"));
    let found = |image: &str, words: &str| !say(image, words).contains("executable file not found in $PATH");
    assert!(found("nginx:alpine", "vi") && found("bitnami/nginx", "nope") && found("nginx", "find /"));
    assert!(!found("nginx", "vi") && !found("nginx", "nope"));
}
