//! Probes over the network: what is inside of the container answers them.

use ordinal::api::release::V1_37;

use super::check;

/// A pod of one container, `main`.
fn main(container: &str) -> String {
    format!("{{containers: [{{name: main, {container}}}]}}")
}

/// What is said of a container with a readiness probe that does not pass.
fn unready(container: &str, said: &str) {
    check(
        &main(container),
        "until Running; wait 25; get; said Unhealthy; why",
        &["app 0/1 Running 0", &format!("Warning Unhealthy containers{{main}}: Readiness probe {said}"), "app: ProbeFails"],
    );
}

/// A container with a probe that passes at once.
fn ready(container: &str, why: &str) {
    check(&main(container), "until Running; wait 2; get; said Unhealthy; why", &["app 1/1 Running 0", why]);
}

#[test]
fn a_wrong_path_is_not_found_and_a_wrong_port_is_refused() {
    unready("image: nginx, readinessProbe: {httpGet: {path: /healthz, port: 80}}", "failed: HTTP probe failed with statuscode: 404");
    unready(
        "image: nginx, ports: [{name: web, containerPort: 8080}], readinessProbe: {httpGet: {path: healthz, port: web}}",
        "failed: Get \"http://10.244.1.2:8080/healthz\": dial tcp 10.244.1.2:8080: connect: connection refused",
    );
    unready("image: nginx, readinessProbe: {tcpSocket: {port: 8080}}", "failed: dial tcp 10.244.1.2:8080: connect: connection refused");
    unready(
        "image: nginx, readinessProbe: {grpc: {port: 80}, timeoutSeconds: 2}",
        "failed: timeout: failed to connect service \"10.244.1.2:80\" within 2s: context deadline exceeded",
    );
    unready(
        "image: nginx, readinessProbe: {httpGet: {port: 80, scheme: HTTPS}}",
        "failed: Get \"https://10.244.1.2:80/\": http: server gave HTTP response to HTTPS client",
    );
    unready("image: redis, readinessProbe: {httpGet: {port: 6379}}", "failed: Get \"http://10.244.1.2:6379/\": EOF");
    unready(
        "image: nginx, readinessProbe: {tcpSocket: {port: 80, host: localhost}}",
        "failed: dial tcp localhost:80: connect: connection refused",
    );
    ready("image: nginx, readinessProbe: {httpGet: {port: 80}}", "app: PodIsReady");
    ready("image: redis, readinessProbe: {tcpSocket: {port: 6379}}", "app: PodIsReady");
    ready("image: 'etcd:3.6', readinessProbe: {httpGet: {path: /health, port: 2379}}", "app: PodIsReady");
    ready("image: 'etcd:3.6', readinessProbe: {grpc: {port: 2379}}", "app: PodIsReady");
    unready("image: 'etcd:3.6', readinessProbe: {httpGet: {port: 2379}}", "failed: HTTP probe failed with statuscode: 404");
}

#[test]
fn a_port_whose_name_the_container_lacks_keeps_it_from_being_ready_and_restarts_nothing() {
    unready(
        "image: nginx, ports: [{name: web, containerPort: 80}], readinessProbe: {httpGet: {port: http}}",
        "errored and resulted in unknown state: port \"http\" not found",
    );
    check(
        &main("image: nginx, livenessProbe: {tcpSocket: {port: http}, periodSeconds: 2}"),
        "until Running; wait 60; get; said Killing",
        &["app 1/1 Running 0"],
    );
}

#[test]
fn a_liveness_probe_of_a_wrong_path_has_the_container_killed() {
    check(
        &main("image: nginx, livenessProbe: {httpGet: {path: /healthz, port: 80}, periodSeconds: 3}"),
        "until Running; wait 5; said Killing; wait 3; said Killing; said Unhealthy",
        &[
            "Normal Killing containers{main}: Container main failed liveness probe, will be restarted",
            "Warning Unhealthy containers{main}: Liveness probe failed: HTTP probe failed with statuscode: 404",
        ],
    );
}

#[test]
fn a_page_that_comes_and_goes_is_seen() {
    check(
        &main("image: nginx, readinessProbe: {httpGet: {path: /ok, port: 80}, periodSeconds: 2, failureThreshold: 1}"),
        "until Running; wait 9; get; say kubectl exec app -- touch /usr/share/nginx/html/ok; wait 3; get; why; \
         say kubectl exec app -- rm /usr/share/nginx/html/ok; wait 3; get; why",
        &["app 0/1 Running 0", "", "app 1/1 Running 0", "app: PodIsReady", "", "app 0/1 Running 0", "app: ProbeFails"],
    );
}

#[test]
fn as_many_looks_have_to_pass_as_are_asked_for() {
    check(
        &main("image: nginx, readinessProbe: {httpGet: {port: 80}, periodSeconds: 5, successThreshold: 3}"),
        "until Running; wait 9; get; wait 3; get",
        &["app 0/1 Running 0", "app 1/1 Running 0"],
    );
}

#[test]
fn a_script_listens_nowhere_before_it_has_begun_a_server() {
    unready(
        "image: busybox, command: [sleep, '3600'], readinessProbe: {tcpSocket: {port: 80}}",
        "failed: dial tcp 10.244.1.2:80: connect: connection refused",
    );
    check(
        &main(
            "image: nginx, command: [sh, -c, \"sleep 8; nginx -g 'daemon off;'\"], readinessProbe: {httpGet: {port: 80}, periodSeconds: 2, \
             failureThreshold: 1}",
        ),
        "until Running; wait 6; get; why; wait 5; get; why",
        &["app 0/1 Running 0", "app: ProbeFails", "app 1/1 Running 0", "app: PodIsReady"],
    );
}

#[test]
fn what_the_table_does_not_know_listens_where_it_is_said_to() {
    for container in [
        "image: example/api, readinessProbe: {httpGet: {path: /healthz, port: 8080}}",
        "image: example/api, readinessProbe: {grpc: {port: 9000}}",
        "image: nginx, volumeMounts: [{name: conf, mountPath: /etc/nginx/conf.d}], readinessProbe: {httpGet: {path: /healthz, port: 80}}",
        "image: busybox, command: [httpd, -f, -p, '8000'], readinessProbe: {tcpSocket: {port: 8000}}",
    ] {
        let spec = main(container).replace("containers:", "volumes: [{name: conf, emptyDir: {}}], containers:");
        check(&spec, "until Running; wait 2; get; why", &["app 1/1 Running 0", "app: SupposedReady"]);
    }
    check(
        &main("image: example/api, ports: [{containerPort: 8080}]"),
        "until Running; wait 2; say kubectl exec app -- curl -s localhost:8080; say kubectl exec app -- curl -s -o /dev/null localhost:9090",
        &[
            "ordinal: something listens on localhost:8080; what it answers is not simulated.",
            "command terminated with exit code 1",
            "command terminated with exit code 7",
        ],
    );
}

#[test]
fn who_asks_a_process_that_hangs_or_does_not_listen_gets_no_answer() {
    check(
        &main("image: nginx"),
        "until Running; wait 2; freeze; say kubectl exec app -- curl -m 2 localhost; ready; say kubectl exec app -- curl -s localhost -o /dev/null; \
         say kubectl exec app -- curl localhost:81",
        &[
            "curl: (28) Operation timed out after 2000 milliseconds with 0 bytes received",
            "command terminated with exit code 28",
            "",
            "curl: (7) Failed to connect to localhost port 81 after 0 ms: Couldn't connect to server",
            "command terminated with exit code 7",
        ],
    );
    check(
        &main("image: 'nginx:slow'"),
        "until Running; wait 2; say kubectl exec app -- curl localhost; wait 30; say kubectl exec app -- curl -s -o /dev/null localhost",
        &["curl: (7) Failed to connect to localhost port 80 after 0 ms: Couldn't connect to server", "command terminated with exit code 7"],
    );
    check(
        &main("image: redis"),
        "until Running; wait 2; say kubectl exec app -- curl localhost:6379; say kubectl exec app -- curl -so /dev/null -sm9 -w%{http_code} \
         localhost:6379; say kubectl exec app -- curl -sSXPUT localhost:6379",
        &[
            "curl: (52) Empty reply from server",
            "command terminated with exit code 52",
            "command terminated with exit code 52",
            "curl: (52) Empty reply from server",
            "command terminated with exit code 52",
        ],
    );
}

#[test]
fn the_page_says_which_probe_fails_and_what_it_heard() {
    check(
        &main("image: nginx, readinessProbe: {httpGet: {path: /healthz, port: 80}}"),
        "until Running; wait 5; ask",
        &[
            "app is running, but not Ready.",
            "The readiness probe of main fails. HTTP probe failed with statuscode: 404",
            "app은 Running이지만 Ready가 아닙니다.",
            "main 컨테이너의 준비성 프로브가 실패하고 있습니다. HTTP probe failed with statuscode: 404",
        ],
    );
    check(
        &main("image: example/api, readinessProbe: {httpGet: {path: /healthz, port: 80}}"),
        "until Running; wait 5; ask",
        &[
            "app is Ready.",
            "Its containers are running. How example/api handles requests is not simulated: it is assumed to listen on the ports it declares and \
             those its probes use, and to answer successfully.",
            "app은 Ready입니다.",
            "컨테이너가 실행 중입니다. example/api 이미지가 요청을 어떻게 처리하는지는 시뮬레이션하지 않으며, 선언한 포트와 프로브가 확인하는 포트에서 정상 \
             응답하는 것으로 간주합니다.",
        ],
    );
}

#[test]
fn a_pod_in_its_nodes_network_has_the_nodes_address_and_name() {
    let ips = "say kubectl get pod app -o jsonpath={.status.podIP},{.status.podIPs[*].ip},{.status.hostIP}";
    let pod = |image: &str| {
        format!("{{hostNetwork: true, nodeName: node-1, containers: [{{name: main, image: {image}, ports: [{{containerPort: 80}}]}}]}}")
    };
    check(
        &pod("nginx"),
        &format!("until Running; {ips}; say kubectl exec app -- hostname; delete; wait 40; say kubectl get pods"),
        &["172.18.0.2,172.18.0.2,172.18.0.2", "node-1", "No resources found in default namespace."],
    );
    // It has it from the kubelet's first word on.
    check(&pod("nginx:broken"), &format!("until ErrImagePull; {ips}"), &["172.18.0.2,172.18.0.2,172.18.0.2"]);
}

#[test]
fn pods_that_share_an_address_are_told_apart_by_their_ports() {
    let pod = |name: &str, image: &str, port: u16| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{nodeName: node-1, hostNetwork: true, \
             containers: [{{name: main, image: {image}, ports: [{{containerPort: {port}}}]}}]}}}}"
        )
    };
    let client = "{apiVersion: v1, kind: Pod, metadata: {name: app}, spec: {containers: [{name: main, image: nginx}]}}";
    let told = crate::pods::story::tell_of(
        &[&pod("a", "redis", 6379), &pod("b", "nginx", 80), &pod("c", "redis", 6380), client].join("\n---\n"),
        &V1_37,
        &[("app", &["node-2"])],
        "until Running; say kubectl exec app -- curl -s -o /dev/null -w %{http_code} http://172.18.0.2/",
    );
    assert_eq!(told, "200");
}
