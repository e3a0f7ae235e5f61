//! What the page answers to somebody who asks why a pod is as it is, where only its kubelet knows, in both languages.

use super::check;

#[test]
fn what_only_a_kubelet_knows_is_told_in_both_languages() {
    let restarted = "app has a container that is being restarted.";
    let restarted_korean = "app의 컨테이너를 재시작하는 중입니다.";
    let failed = |probe: &str| {
        format!(
            "main failed its {probe} probe too many times. The kubelet stops it within its grace period and restarts it, after a back-off if \
             this keeps happening."
        )
    };
    let failed_korean = |probe: &str| {
        format!(
            "main 컨테이너가 {probe}에 여러 번 실패했습니다. kubelet은 유예 기간까지 종료를 기다렸다가 재시작하고, 실패가 잦으면 재시작 간격을 늘립니다."
        )
    };
    for (container, lines, want) in [
        (
            "image: nginx, livenessProbe: {httpGet: {port: 80}, failureThreshold: 1}",
            "until Running; freeze; wait 12",
            [restarted, &failed("liveness"), restarted_korean, &failed_korean("활성 프로브")],
        ),
        (
            "image: 'nginx:slow', livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 3}",
            "until CrashLoopBackOff",
            [restarted, &failed("liveness"), restarted_korean, &failed_korean("활성 프로브")],
        ),
        (
            "image: 'nginx:slow', startupProbe: {httpGet: {port: 80}, failureThreshold: 1}",
            "until Running; wait 1",
            [restarted, &failed("startup"), restarted_korean, &failed_korean("스타트업 프로브")],
        ),
        (
            "image: nginx, lifecycle: {postStart: {sleep: {seconds: 9}}}",
            "wait 8",
            [
                "app does not count as running yet.",
                "The postStart hook of main has to finish first; the containers after it do not start until then.",
                "app은 아직 실행 중으로 간주되지 않습니다.",
                "main 컨테이너의 postStart 훅이 먼저 끝나야 합니다. 그 뒤의 컨테이너는 그때까지 시작하지 않습니다.",
            ],
        ),
        (
            "image: nginx, lifecycle: {postStart: {exec: {command: ['false']}}}",
            "until CrashLoopBackOff",
            [
                restarted,
                "The postStart hook of main failed. The kubelet stops the container and restarts it, waiting longer each time.",
                restarted_korean,
                "main 컨테이너의 postStart 훅이 실패했습니다. kubelet은 컨테이너를 종료하고, 간격을 점점 늘려 가며 재시작합니다.",
            ],
        ),
        (
            "image: 'nginx:leaky', resources: {limits: {memory: 64Mi}}",
            "wait 50",
            [
                "app does not stay up.",
                "Container main exceeds its memory limit of 64Mi after each start and is killed. The kubelet waits longer before each restart.",
                "app은 계속 실행되지 못합니다.",
                "main 컨테이너가 시작할 때마다 메모리 한도 64Mi를 넘어 강제로 종료됩니다. kubelet은 재시작 간격을 점점 늘립니다.",
            ],
        ),
    ] {
        check(&format!("{{containers: [{{name: main, {container}}}]}}"), &format!("{lines}; ask"), &want);
    }
    let ran_too_long = [
        "app ran past its deadline.",
        "It was on its node for longer than activeDeadlineSeconds, 8 s, so its kubelet stops it for good.",
        "app은 허용된 시간을 넘겨 실행되었습니다.",
        "노드에서 activeDeadlineSeconds(8초)보다 오래 실행되어 kubelet이 완전히 종료합니다.",
    ];
    for image in ["nginx", "nginx:stubborn"] {
        let spec = format!("{{activeDeadlineSeconds: 8, containers: [{{name: main, image: '{image}'}}]}}");
        check(&spec, "wait 12; ask", &ran_too_long);
    }
}

#[test]
fn the_environment_of_a_container_is_what_its_sources_hold() {
    let env = "[{name: A, value: 'a $(kept) $$(kept)'}, {name: LABEL, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['apps/index']\"}}}, \
               {name: WORD, valueFrom: {secretKeyRef: {name: pass, key: word}}}, {name: NONE, valueFrom: {configMapKeyRef: {name: conf, key: \
               none, optional: true}}}, {name: HOST, value: '$(KUBERNETES_SERVICE_HOST):$(later)'}]";
    let printed =
        ["A", "LABEL", "WORD", "NONE", "HOST", "c_kept"].map(|name| format!("say kubectl exec app -- printenv {name}")).join("; ");
    check(
        &format!(
            "{{containers: [{{name: main, image: nginx, env: {env}, envFrom: [{{prefix: c_, configMapRef: {{name: conf}}}}, {{secretRef: {{name: pass}}}}]}}]}}"
        ),
        &format!(
            "say kubectl create configmap conf --from-literal=kept=1; say kubectl create secret generic pass --from-literal=word='$(A)' \
             --from-literal=kept=2; say kubectl label pod app apps/index=7; until Running; {printed}"
        ),
        &[
            "configmap/conf created",
            "secret/pass created",
            "pod/app labeled",
            "a 2 $(kept)",
            "7",
            "$(A)",
            "command terminated with exit code 1",
            "10.96.0.1:$(later)",
            "1",
        ],
    );
}

/// Asks for these variables of the pod's container.
fn print(names: &[&str]) -> String {
    names.iter().map(|name| format!("say kubectl exec app -- printenv {name}")).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_container_finds_the_services_that_were_there_when_it_started() {
    let names = [
        "MY_WEB_SERVICE_PORT",
        "MY_WEB_SERVICE_PORT_8080_80",
        "MY_WEB_PORT_8080_TCP_PROTO",
        "BARE_SERVICE_HOST",
        "LATE_SERVICE_PORT",
        "KUBERNETES_SERVICE_PORT_HTTPS",
        "KUBERNETES_PORT",
        "KUBERNETES_PORT_443_TCP_ADDR",
        "ALL",
    ];
    let absent = "command terminated with exit code 1";
    let created =
        ["service/my-web created", "service/bare created", "service/late created", "service \"my-web\" deleted from default namespace"];
    for (links, own, all) in [
        ("", ["8080", "8080", "tcp"], "8080 443 $(LATE_SERVICE_PORT)"),
        ("enableServiceLinks: false, ", [absent; 3], "$(MY_WEB_SERVICE_PORT) 443 $(LATE_SERVICE_PORT)"),
    ] {
        let env = "env: [{name: ALL, value: '$(MY_WEB_SERVICE_PORT) $(KUBERNETES_SERVICE_PORT) $(LATE_SERVICE_PORT)'}]";
        let rest = [absent, absent, "443", "tcp://10.96.0.1:443", "10.96.0.1", all];
        check(
            &format!("{{{links}containers: [{{name: main, image: nginx, {env}}}]}}"),
            &format!(
                "say kubectl create service clusterip my-web --tcp=8080:80; say kubectl create service clusterip bare --clusterip=None --tcp=80; \
                 until Running; say kubectl create service clusterip late --tcp=80; say kubectl delete service my-web; {}",
                print(&names)
            ),
            &[&created[..], &own[..], &rest[..]].concat(),
        );
    }
}

#[test]
fn a_container_reads_its_resources_and_what_its_node_has_where_it_is_not_limited() {
    let variables = [
        ("CPU", "resource: limits.cpu", "1"),
        ("MILLI", "resource: limits.cpu, divisor: 1m", "250"),
        ("MEM", "resource: limits.memory", "67108864"),
        ("MEGA", "resource: limits.memory, divisor: 1Mi", "64"),
        ("GIGA", "resource: requests.memory, divisor: 1Gi", "1"),
        ("NONE", "containerName: side, resource: requests.cpu", "0"),
        ("NODE", "containerName: side, resource: limits.cpu, divisor: 1m", "4000"),
    ];
    let env: Vec<String> =
        variables.iter().map(|(name, of, _)| format!("{{name: {name}, valueFrom: {{resourceFieldRef: {{{of}}}}}}}")).collect();
    check(
        &format!(
            "{{containers: [{{name: main, image: nginx, resources: {{limits: {{cpu: 250m, memory: 64Mi}}}}, env: [{}]}}, {{name: side, image: \
             nginx-unprivileged}}]}}",
            env.join(", ")
        ),
        &format!("until Running; {}", print(&variables.map(|(name, ..)| name)).replace("exec app", "exec app -c main")),
        &variables.map(|(.., want)| want),
    );
}

#[test]
fn volumes_show_the_pod_s_fields_its_account_and_parts_of_objects() {
    const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
    let items = "items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, {path: of/name, fieldRef: {fieldPath: metadata.name}}, {path: \
                 memory, resourceFieldRef: {containerName: main, resource: limits.memory, divisor: 1Mi}}]";
    let mounts = "[{name: info, mountPath: /etc/podinfo}, {name: conf, mountPath: /etc/conf}]";
    let read = ["ls /etc/podinfo", "cat /etc/podinfo/labels", "cat /etc/podinfo/of/name", "cat /etc/podinfo/memory", "ls /etc/conf"];
    let account = [format!("ls {ACCOUNT}"), format!("cat {ACCOUNT}/namespace"), format!("cat {ACCOUNT}/token")];
    let read: Vec<String> = read.map(str::to_owned).into_iter().chain(account).map(|c| format!("say kubectl exec app -- {c}")).collect();
    check(
        &format!(
            "{{containers: [{{name: main, image: nginx, volumeMounts: {mounts}, resources: {{limits: {{memory: 64Mi}}}}}}], volumes: [{{name: \
             info, downwardAPI: {{{items}}}}}, {{name: conf, configMap: {{name: conf, items: [{{key: a, path: b}}]}}}}]}}"
        ),
        &format!(
            "say kubectl create configmap conf --from-literal=a=1 --from-literal=c=2; say kubectl label pod app zone=z Rack=r; until Running; {}",
            read.join("; ")
        ),
        &[
            "configmap/conf created",
            "pod/app labeled",
            "labels",
            "memory",
            "of",
            "Rack=\"r\"",
            "app=\"app\"",
            "zone=\"z\"",
            "app",
            "64",
            "b",
            "ca.crt",
            "namespace",
            "token",
            "default",
            "ordinal: tokens are not simulated.",
        ],
    );
}

#[test]
fn a_container_leaves_last_words_in_its_file_or_at_the_end_of_its_log() {
    let fallback = "terminationMessagePolicy: FallbackToLogsOnError, ";
    for (settings, script, want) in [
        ("", "echo bye > /dev/termination-log; echo log; exit 3", "bye"),
        ("", "echo log; exit 3", ""),
        ("terminationMessagePath: /far/from/here, ", "echo -n here > /far/from/here", "here"),
        (fallback, "echo one; echo two; exit 3", "one\ntwo"),
        (fallback, "echo one", ""),
        (fallback, "echo bye > /dev/termination-log; echo one; exit 3", "bye"),
        (fallback, "seq 90; exit 3", &(11..=90).map(|i| i.to_string()).collect::<Vec<_>>().join("\n")),
    ] {
        check(
            &format!("{{restartPolicy: Never, containers: [{{name: main, image: busybox, {settings}command: [sh, -c, '{script}']}}]}}"),
            "wait 20; say kubectl get pod app -o jsonpath={.status.containerStatuses[0].state.terminated.message}",
            &want.lines().collect::<Vec<_>>(),
        );
    }
    check(
        "{containers: [{name: main, image: busybox, command: [sh, -c, 'echo why > /dev/termination-log; exit 1']}]}",
        "until CrashLoopBackOff; say kubectl get pod app -o jsonpath={.status.containerStatuses[0].lastState.terminated.message}",
        &["why"],
    );
}

#[test]
fn busybox_complains_in_its_own_words_and_so_do_the_others() {
    let missing = "No such file or directory";
    for (command, of_busybox, of_debian) in [
        ("cat no", "cat: can't open 'no': ~", "cat: no: ~"),
        ("cat tmp", "cat: read error: Is a directory", "cat: tmp: Is a directory"),
        ("ls no", "ls: no: ~", "ls: cannot access 'no': ~"),
        ("rm no", "rm: can't remove 'no': ~", "rm: cannot remove 'no': ~"),
        ("rm tmp", "rm: 'tmp' is a directory", "rm: cannot remove 'tmp': Is a directory"),
        ("mkdir tmp", "mkdir: can't create directory 'tmp': File exists", "mkdir: cannot create directory 'tmp': File exists"),
        ("mkdir no/b", "mkdir: can't create directory 'no/b': ~", "mkdir: cannot create directory 'no/b': ~"),
        (
            "mkdir etc/hosts/b",
            "mkdir: can't create directory 'etc/hosts/b': Not a directory",
            "mkdir: cannot create directory 'etc/hosts/b': Not a directory",
        ),
        (
            "mkdir -p etc/hosts/b",
            "mkdir: can't create directory 'etc/hosts': File exists",
            "mkdir: cannot create directory 'etc/hosts': Not a directory",
        ),
        ("sh -c 'mkdir -p tmp/x/y/z && rm -r tmp/x/y/z && ls tmp/x'", "y", "y"),
        ("touch no/b", "touch: no/b: ~", "touch: cannot touch 'no/b': ~"),
        ("cp no x", "cp: can't stat 'no': ~", "cp: cannot stat 'no': ~"),
        ("cp etc/hosts no/b", "cp: can't create 'no/b': ~", "cp: cannot create regular file 'no/b': ~"),
        ("mv etc/hosts no/b", "mv: can't rename 'etc/hosts': ~", "mv: cannot move 'etc/hosts' to 'no/b': ~"),
        ("head no", "head: no: ~", "head: cannot open 'no' for reading: ~"),
        ("tail no", "tail: can't open 'no': ~\ntail: no files", "tail: cannot open 'no' for reading: ~"),
        ("head -n x tmp", "head: invalid number 'x'", "head: invalid number of lines: 'x'"),
        ("wc no", "wc: no: ~", "wc: no: ~"),
        ("sort no", "sort: no: ~", "sort: cannot read: no: ~"),
        ("sh -c 'cd /no'", "sh: cd: line 0: can't cd to /no: ~", "sh: 1: cd: can't cd to /no"),
        ("sh -c 'echo a > no/b'", "sh: can't create no/b: nonexistent directory", "sh: 1: cannot create no/b: Directory nonexistent"),
        ("sh -c 'cat < no'", "sh: can't open no: no such file", "sh: 1: cannot open no: No such file"),
        ("bash -c 'cat < no'", "", "bash: no: ~"),
        ("/usr/bin/bash -c 'cat < no'", "", "bash: no: ~"),
        ("dash -c 'echo $0'", "", "dash"),
        ("/bin/ash -c 'echo $0'", "/bin/ash", ""),
    ] {
        for (image, want) in [("busybox", of_busybox), ("nginx", of_debian)].into_iter().filter(|(_, want)| !want.is_empty()) {
            let told = super::tell(
                &format!("{{containers: [{{name: main, image: {image}, stdin: true, tty: true}}]}}"),
                &format!("until Running; say kubectl exec app -- {command}"),
            );
            let (said, _) = told.rsplit_once("\ncommand terminated with exit code ").unwrap_or((&told, ""));
            assert_eq!(said, want.replace('~', missing), "{image}: {command}");
        }
    }
}
