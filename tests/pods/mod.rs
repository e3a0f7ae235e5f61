//! How kubelets run a pod: init containers and sidecars in order, probes, hooks, restarts, and the reported status.

mod commands;
mod ends;
mod hooks;
mod images;
mod mounts;
mod network;
mod probes;
mod signals;
pub mod story;
mod told;
mod volumes;

use story::tell;

/// Plays a story of one pod, `app`, with this spec, and compares its report.
fn check(spec: &str, lines: &str, want: &[&str]) {
    let told = tell(spec, lines);
    assert_eq!(told.lines().collect::<Vec<_>>(), want, "\n{lines}\n{told}");
}

#[test]
fn init_containers_run_one_after_the_other_and_then_the_others() {
    check(
        "{initContainers: [{name: first, image: 'busybox:1.36', command: [sleep, '5']}, {name: second, image: 'busybox:1.36', command: ['true']}], \
         containers: [{name: main, image: 'nginx:1.27'}]}",
        "wait 2; get; condition Initialized; condition Ready; container main; wait 3; get; logs main; wait 4; get; condition Initialized; \
         wait 5; get; condition Initialized; condition Ready; events",
        &[
            "app 0/1 Init:0/2 0",
            "Initialized=False ContainersNotInitialized containers with incomplete status: [first second]",
            "Ready=False ContainersNotReady containers with unready status: [main]",
            "main waiting PodInitializing",
            "app 0/1 Init:0/2 0",
            "Error from server (BadRequest): container \"main\" in pod \"app\" is waiting to start: PodInitializing",
            "app 0/1 Init:1/2 0",
            "Initialized=False ContainersNotInitialized containers with incomplete status: [second]",
            "app 1/1 Running 0",
            "Initialized=True",
            "Ready=True",
            "Normal Scheduled: Successfully assigned default/app to node-1",
            "Normal Pulling initContainers{first}: Pulling image \"busybox:1.36\"",
            "Normal Pulled initContainers{first}: Successfully pulled image \"busybox:1.36\" in 2.5s (2.5s including waiting). Image size: 72955450 \
             bytes.",
            "Normal Created initContainers{first}: Container created",
            "Normal Started initContainers{first}: Container started",
            "Normal Pulled initContainers{second}: Container image \"busybox:1.36\" already present on machine and can be accessed by the pod",
            "Normal Created initContainers{second}: Container created",
            "Normal Started initContainers{second}: Container started",
            "Normal Pulling containers{main}: Pulling image \"nginx:1.27\"",
            "Normal Pulled containers{main}: Successfully pulled image \"nginx:1.27\" in 2.5s (2.5s including waiting). Image size: 72955450 bytes.",
            "Normal Created containers{main}: Container created",
            "Normal Started containers{main}: Container started",
        ],
    );
}

#[test]
fn an_init_container_that_fails_is_started_again_and_later_each_time() {
    let init =
        "initContainers: [{name: check, image: busybox, command: [sh, -c, 'echo no; exit 3']}], containers: [{name: main, image: nginx}]";
    check(
        &format!("{{{init}}}"),
        "until Init:Error; get; until Init:CrashLoopBackOff; get; container check; condition Initialized; logs check; wait 120; get",
        &[
            "app 0/1 Init:Error 0",
            "app 0/1 Init:CrashLoopBackOff 1 (12s ago)",
            "check waiting CrashLoopBackOff back-off 10s restarting failed container=check pod=app_default(UID), last Error 3",
            "Initialized=False ContainersNotInitialized containers with incomplete status: [check]",
            "no",
            "app 0/1 Init:Error 4 (92s ago)",
        ],
    );
    check(&format!("{{restartPolicy: Never, {init}}}"), "wait 20; get; phase", &["app 0/1 Init:Error 0", "Failed"]);
    check(
        &format!("{{restartPolicy: OnFailure, {init}}}"),
        "until Init:CrashLoopBackOff; get; phase",
        &["app 0/1 Init:CrashLoopBackOff 1 (12s ago)", "Pending"],
    );
}

#[test]
fn an_init_container_can_wait_for_a_name_and_leave_files_behind() {
    check(
        "{initContainers: [{name: wait, image: 'busybox:1.28', command: [sh, -c, 'until nslookup db.default.svc.cluster.local; do echo waiting; sleep 2; done; \
         echo ready > /work/state'], volumeMounts: [{name: work, mountPath: /work}]}], \
         containers: [{name: main, image: busybox, command: [sh, -c, 'cat /work/state; sleep 3600'], volumeMounts: [{name: work, mountPath: /work}]}], \
         volumes: [{name: work, emptyDir: {}}]}",
        "wait 30; get; service db; wait 5; get; logs main",
        &["app 0/1 Init:0/1 0", "app 1/1 Running 0", "ready"],
    );
}

#[test]
fn a_sidecar_counts_runs_beside_the_others_and_ends_after_them() {
    let sidecar = "initContainers: [{name: log, image: fluentd, restartPolicy: Always}, {name: mesh, image: envoy, restartPolicy: Always, \
                   startupProbe: {httpGet: {port: 80}, initialDelaySeconds: 4, periodSeconds: 2}}]";
    check(
        &format!("{{{sidecar}, containers: [{{name: main, image: nginx}}]}}"),
        "until Init:1/2; condition Initialized; until Running; get; condition Initialized; delete; wait 2; get; running; wait 1; get; running; wait 1; running; \
         get; said Killing",
        &[
            "Initialized=False ContainersNotInitialized containers with incomplete status: [mesh]",
            "app 3/3 Running 0",
            "Initialized=True",
            "app 3/3 Terminating 0",
            "log mesh",
            "app 3/3 Terminating 0",
            "log",
            "nobody",
            "Error from server (NotFound): pods \"app\" not found",
            "Normal Killing initContainers{log}: Stopping container log",
            "Normal Killing initContainers{mesh}: Stopping container mesh",
            "Normal Killing containers{main}: Stopping container main",
        ],
    );
    check(
        &format!("{{restartPolicy: Never, {sidecar}, containers: [{{name: main, image: busybox, command: [sleep, '3']}}]}}"),
        "until Running; get; until Completed; get; phase; wait 4; get; phase; running",
        &["app 3/3 Running 0", "app 2/3 Completed 0", "Running", "app 0/3 Completed 0", "Succeeded", "nobody"],
    );
}

#[test]
fn probes_keep_to_what_they_declare() {
    check(
        "{containers: [{name: main, image: nginx, startupProbe: {httpGet: {port: 80}, periodSeconds: 5, initialDelaySeconds: 7}, \
         readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 20, periodSeconds: 1}}]}",
        "until Running; started main; wait 9; started main; wait 2; started main; get; wait 8; get; wait 2; get",
        &["false", "false", "true", "app 0/1 Running 0", "app 0/1 Running 0", "app 1/1 Running 0"],
    );
}

#[test]
fn a_hook_takes_of_the_grace_period() {
    let pod = |hook: &str| {
        format!("{{terminationGracePeriodSeconds: 20, containers: [{{name: main, image: nginx, lifecycle: {{preStop: {hook}}}}}]}}")
    };
    for hook in ["{sleep: {seconds: 10}}", "{exec: {command: [sh, -c, 'sleep 10']}}"] {
        check(&pod(hook), "until Running; delete; wait 10; running; wait 2; running", &["main", "nobody"]);
    }
    check(&pod("{sleep: {seconds: 19}}"), "until Running; delete; wait 18; running; wait 3; running", &["main", "nobody"]);
    // A hook that takes longer is given up at the end of the grace period; then the process is told to end, and has two seconds.
    check(&pod("{exec: {command: [sleep, '40']}}"), "until Running; delete; wait 20; running; wait 2; running", &["main", "nobody"]);
    let deaf = "{terminationGracePeriodSeconds: 20, containers: [{name: main, image: 'nginx:stubborn', \
                lifecycle: {preStop: {exec: {command: [sleep, '40']}}}}]}";
    check(deaf, "until Running; delete; wait 21; running; wait 2; running", &["main", "nobody"]);
}

#[test]
fn a_reboot_runs_init_containers_again() {
    check(
        "{initContainers: [{name: first, image: busybox, command: [sleep, '3']}], containers: [{name: main, image: nginx}]}",
        "until Running; reboot; wait 3; container first; wait 4; get; container first",
        &["first running, last Completed 0", "app 1/1 Running 1 (7s ago)", "first terminated Completed 0, last Completed 0"],
    );
}

#[test]
fn an_image_that_is_not_there_is_told_of_as_containerd_does() {
    let cause = "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginx:broken\": failed to resolve reference \
                 \"docker.io/library/nginx:broken\": docker.io/library/nginx:broken: not found";
    check(
        "{containers: [{name: main, image: 'nginx:broken'}]}",
        "until ErrImagePull; container main; logs main; until ImagePullBackOff; container main; logs main; wait 10; said Failed",
        &[
            &format!("main waiting ErrImagePull {cause}"),
            "Error from server (BadRequest): container \"main\" in pod \"app\" is waiting to start: image can't be pulled",
            &format!("main waiting ImagePullBackOff Back-off pulling image \"nginx:broken\": ErrImagePull: {cause}"),
            "Error from server (BadRequest): container \"main\" in pod \"app\" is waiting to start: trying and failing to pull image",
            &format!("Warning Failed containers{{main}}: Failed to pull image \"nginx:broken\": {cause}"),
            "Warning Failed containers{main}: Error: ErrImagePull",
            "Warning Failed containers{main}: Error: ImagePullBackOff",
        ],
    );
}

#[test]
fn an_image_that_must_not_be_pulled_has_to_be_there_first() {
    let other = "kubectl cordon node-2 node-3; say run b --image=nginx";
    check(
        "{nodeName: node-1, containers: [{name: main, image: nginx, imagePullPolicy: Never}]}",
        &format!(
            "until ErrImageNeverPull; get; container main; why; logs main; wait 25; events; \
             say {other}; wait 20; get; said Pulling; said Pulled"
        ),
        &[
            "app 0/1 ErrImageNeverPull 0",
            "main waiting ErrImageNeverPull Container image \"nginx\" is not present with pull policy of Never",
            "app: MissingReference",
            "Error from server (BadRequest): container \"main\" in pod \"app\" is waiting to start: ErrImageNeverPull",
            "Warning ErrImageNeverPull containers{main}: Container image \"nginx\" is not present with pull policy of Never",
            "Warning Failed containers{main}: Error: ErrImageNeverPull",
            "node/node-2 cordoned",
            "node/node-3 cordoned",
            "pod/b created",
            "app 1/1 Running 0",
            "Normal Pulled containers{main}: Container image \"nginx\" already present on machine and can be accessed by the pod",
        ],
    );
}

#[test]
fn a_tool_takes_no_notice_of_being_told_to_end() {
    let tool = "containers: [{name: main, image: busybox, command: [sleep, '3600']}]";
    check(&format!("{{{tool}}}"), "until Running; delete; wait 29; running; wait 2; running", &["main", "nobody"]);
    check(
        &format!("{{terminationGracePeriodSeconds: 5, {tool}}}"),
        "until Running; delete; wait 4; running; wait 2; running",
        &["main", "nobody"],
    );
}

#[test]
fn statuses_stand_by_name() {
    check(
        "{containers: [{name: b, image: 'nginx:broken'}, {name: a, image: 'nginx:crash'}]}",
        "until CrashLoopBackOff; say kubectl get pod app -o jsonpath={.status.containerStatuses[*].name}",
        &["a b"],
    );
}

#[test]
fn what_a_volume_shows_has_to_be_there_first() {
    check(
        "{containers: [{name: main, image: nginx, volumeMounts: [{name: config, mountPath: /c}]}], volumes: [{name: config, configMap: {name: late}}, \
         {name: other, secret: {secretName: never, optional: true}}]}",
        "wait 10; get; said FailedMount; why; say kubectl create configmap late --from-literal=a=b; wait 20; get",
        &[
            "app 0/1 ContainerCreating 0",
            "Warning FailedMount: MountVolume.SetUp failed for volume \"config\" : configmap \"late\" not found",
            "app: MissingReference",
            "configmap/late created",
            "app 1/1 Running 0",
        ],
    );
}

#[test]
fn a_key_that_a_volume_shows_or_a_variable_reads_has_to_be_there() {
    let pod = |volume: &str| {
        format!(
            "{{containers: [{{name: main, image: nginx, volumeMounts: [{{name: v, mountPath: /v}}]}}], volumes: [{{name: v, {volume}}}]}}"
        )
    };
    let item = "items: [{key: k, path: k}]";
    for (volume, make, words) in [
        (format!("configMap: {{name: late, {item}}}"), "configmap late", "configmap references non-existent config key: k"),
        (format!("secret: {{secretName: late, {item}}}"), "secret generic late", "references non-existent secret key: k"),
        (
            format!("projected: {{sources: [{{secret: {{name: late, {item}}}}}]}}"),
            "secret generic late",
            "references non-existent secret key: k",
        ),
    ] {
        let of = make.split(' ').next().unwrap_or_default();
        check(
            &pod(&volume),
            &format!(
                "kubectl create {make} --from-literal=a=b; wait 10; get; said FailedMount; why; \
                 kubectl patch {of} late -p '{{\"data\":{{\"k\":\"\"}}}}'; wait 30; get"
            ),
            &[
                "app 0/1 ContainerCreating 0",
                &format!("Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : {words}"),
                "app: MissingReference",
                "app 1/1 Running 0",
            ],
        );
    }
    check(&pod(&format!("configMap: {{name: kube-root-ca.crt, optional: true, {item}}}")), "wait 10; get", &["app 1/1 Running 0"]);
    // The sources of a projected volume are all looked at.
    check(
        &pod("projected: {sources: [{configMap: {name: late}}, {secret: {name: gone}}, {secret: {name: spare, optional: true}}]}"),
        "wait 10; get; said FailedMount; kubectl create configmap late; wait 30; get; kubectl create secret generic gone; wait 60; get",
        &[
            "app 0/1 ContainerCreating 0",
            "Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : [configmap \"late\" not found, secret \"gone\" not found]",
            "app 0/1 ContainerCreating 0",
            "app 1/1 Running 0",
        ],
    );
    // What no container mounts is not looked at.
    check(
        "{containers: [{name: main, image: nginx}], volumes: [{name: v, configMap: {name: late}}]}",
        "wait 10; get",
        &["app 1/1 Running 0"],
    );
    let binary = "kubectl patch configmap kube-root-ca.crt -p '{\"binaryData\":{\"k\":\"YQ==\"}}'";
    check(&pod(&format!("configMap: {{name: kube-root-ca.crt, {item}}}")), &format!("{binary}; wait 10; get"), &["app 1/1 Running 0"]);
    check(
        "{containers: [{name: main, image: nginx, env: [{name: A, valueFrom: {configMapKeyRef: {name: kube-root-ca.crt, key: k}}}]}]}",
        &format!("{binary}; wait 10; container main"),
        &["main waiting CreateContainerConfigError couldn't find key k in ConfigMap default/kube-root-ca.crt"],
    );
}

#[test]
fn a_claim_without_a_volume_keeps_a_pod_with_a_node_from_starting() {
    let words = |error: &str| {
        format!(
            "Warning FailedMount: Unable to attach or mount volumes: unmounted volumes=[www], unattached volumes=[], failed to process \
             volumes=[www]: error processing PVC default/www: {error}"
        )
    };
    let pod = "{nodeName: node-1, containers: [{name: main, image: nginx, volumeMounts: [{name: www, mountPath: /www}]}], \
               volumes: [{name: www, persistentVolumeClaim: {claimName: www}}]}";
    let claim = "claim www local-path";
    check(
        pod,
        &format!("wait 12; get; said FailedMount; why; {claim}; wait 13; said FailedMount; why; ask"),
        &[
            "app 0/1 ContainerCreating 0",
            &words("failed to fetch PVC from API server: persistentvolumeclaims \"www\" not found"),
            "app: WaitsForClaim, www: ",
            &words("failed to fetch PVC from API server: persistentvolumeclaims \"www\" not found"),
            &words("PVC is not bound"),
            "app: WaitsForClaim, www: WaitsForFirstConsumer",
            "app does not start: its volume is not there.",
            "Of its claim www, the kubelet says PVC is not bound. It looks again every 10 to 15 s.",
            "app은 시작하지 못합니다: 볼륨이 없습니다.",
            "www 클레임에 대한 kubelet의 메시지: PVC is not bound. kubelet은 10~15초마다 다시 확인합니다.",
        ],
    );
    check(pod, "wait 5; get; claim www network-disk; wait 45; get", &["app 0/1 ContainerCreating 0", "app 1/1 Running 0"]);
}

#[test]
fn what_a_variable_refers_to_has_to_be_there_first() {
    for (env, why, cure) in [
        ("env: [{name: A, valueFrom: {secretKeyRef: {name: late, key: a}}}]", "secret \"late\" not found", "secret generic late"),
        ("envFrom: [{configMapRef: {name: late}}]", "configmap \"late\" not found", "configmap late"),
    ] {
        check(
            &format!("{{containers: [{{name: main, image: nginx, {env}}}]}}"),
            &format!(
                "until CreateContainerConfigError; get; container main; said Failed; say kubectl create {cure} --from-literal=a=b; wait 20; get"
            ),
            &[
                "app 0/1 CreateContainerConfigError 0",
                &format!("main waiting CreateContainerConfigError {why}"),
                &format!("Warning Failed containers{{main}}: Error: {why}"),
                &format!("{} created", if cure.starts_with("secret") { "secret/late" } else { "configmap/late" }),
                "app 1/1 Running 0",
            ],
        );
    }
    check(
        "{containers: [{name: main, image: nginx, env: [{name: A, valueFrom: {configMapKeyRef: {name: kube-root-ca.crt, key: none, optional: true}}}]}]}",
        "wait 10; get",
        &["app 1/1 Running 0"],
    );
}

#[test]
fn a_container_that_must_not_run_as_root_and_asks_to_is_not_created() {
    let refused = |name: &str| {
        let why = format!("container's runAsUser breaks non-root policy (pod: \"app_default(UID)\", container: {name})");
        let said = "Error: container's runAsUser breaks non-root policy (pod: \"app_default(".to_owned();
        [format!("{name} waiting CreateContainerConfigError {why}"), said, "app: RunsAsRoot".to_owned()]
    };
    let play = |spec: &str, name: &str| story::tell(spec, &format!("wait 10; get; container {name}; said Failed; why"));
    for (spec, name) in [
        ("{securityContext: {runAsNonRoot: true, runAsUser: 0}, containers: [{name: main, image: nginx}]}", "main"),
        ("{securityContext: {runAsUser: 0}, containers: [{name: main, image: nginx, securityContext: {runAsNonRoot: true}}]}", "main"),
        (
            "{securityContext: {runAsNonRoot: true, runAsUser: 7}, containers: [{name: main, image: nginx}], \
             initContainers: [{name: first, image: busybox, securityContext: {runAsUser: 0}}]}",
            "first",
        ),
    ] {
        let told = play(spec, name);
        assert!(refused(name).iter().all(|words| told.contains(words)), "{spec}\n{told}");
    }
    for free in [
        "{securityContext: {runAsNonRoot: true}, containers: [{name: main, image: nginx}]}",
        "{securityContext: {runAsNonRoot: true, runAsUser: 0}, containers: [{name: main, image: nginx, securityContext: {runAsUser: 7}}]}",
        "{securityContext: {runAsNonRoot: true, runAsUser: 0}, containers: [{name: main, image: nginx, securityContext: {runAsNonRoot: false}}]}",
    ] {
        let told = play(free, "main");
        assert!(told.starts_with("app 1/1 Running"), "{free}\n{told}");
    }
}

#[test]
fn a_container_that_cannot_be_created_is_reported_once() {
    let look = "say kubectl get pod app -o jsonpath={.metadata.resourceVersion},{.status.podIP}";
    let env = "env: [{name: A, valueFrom: {configMapKeyRef: {name: late, key: a}}}]";
    let told = story::tell(
        &format!("{{containers: [{{name: main, image: nginx, {env}}}]}}"),
        &format!("until CreateContainerConfigError; wait 5; {look}; wait 60; states main; {look}; get"),
    );
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].ends_with(",10.244.1.2"), "{told}");
    let want = [lines[0], "ContainerCreating CreateContainerConfigError", lines[0], "app 0/1 CreateContainerConfigError 0"];
    assert_eq!(lines, want);
}

#[test]
fn a_probe_that_never_passes_is_told_of() {
    check(
        "{containers: [{name: main, image: 'nginx:unready', readinessProbe: {httpGet: {port: 80}}}]}",
        "wait 20; get; said Unhealthy",
        &["app 0/1 Running 0", "Warning Unhealthy containers{main}: Readiness probe failed: HTTP probe failed with statuscode: 503"],
    );
}

#[test]
fn a_pod_with_a_gate_is_ready_when_somebody_says_so() {
    check(
        "{containers: [{name: main, image: nginx}], readinessGates: [{conditionType: example.com/ok}]}",
        "wait 10; get; condition ContainersReady; condition Ready",
        &[
            "app 1/1 Running 0",
            "ContainersReady=True",
            "Ready=False ReadinessGatesNotReady corresponding condition of pod readiness gate \"example.com/ok\" does not exist.",
        ],
    );
    let says = |status: &str| {
        format!(
            "kubectl patch pod app --subresource=status -p '{{\"status\":{{\"conditions\":[{{\"type\":\"example.com/ok\",\"status\":\"{status}\"}}]}}}}'"
        )
    };
    check(
        "{containers: [{name: main, image: nginx}], readinessGates: [{conditionType: example.com/ok}]}",
        &format!(
            "wait 10; {}; wait 5; condition Ready; condition example.com/ok; {}; wait 5; condition Ready",
            says("True"),
            says("False")
        ),
        &[
            "Ready=True",
            "example.com/ok=True",
            "Ready=False ReadinessGatesNotReady the status of pod readiness gate \"example.com/ok\" is not \"True\", but False",
        ],
    );
}

#[test]
fn a_pod_waits_at_its_gates_or_for_another_scheduler() {
    const CONTAINERS: &str = "containers: [{name: main, image: 'nginx:1.27'}]";
    check(
        &format!("{{schedulingGates: [{{name: example.com/hold}}], {CONTAINERS}}}"),
        "wait 20; get; condition PodScheduled; events",
        &["app 0/1 SchedulingGated 0", "PodScheduled=False SchedulingGated Scheduling is blocked due to non-empty scheduling gates"],
    );
    check(&format!("{{schedulerName: mine, {CONTAINERS}}}"), "wait 20; get; events", &["app 0/1 Pending 0"]);
}
