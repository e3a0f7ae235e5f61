//! Images: how they are pulled, and what happens to a container whose image is changed.

use super::check;
use crate::pods::story::tell_of;
use ordinal::api::release::{V1_36, V1_37};

const IP: &str = "say kubectl get pod app -o jsonpath={.status.podIP}";

/// `kubectl set image pod/app`, for the container `main`.
fn set(image: &str) -> String {
    format!("say kubectl set image pod/app main={image}")
}

#[test]
fn a_sandbox_is_told_of_at_once_and_its_address_once_the_image_is_there() {
    check(
        "{containers: [{name: main, image: nginx}]}",
        &format!("wait 2; condition PodReadyToStartContainers; {IP}; until Running; {IP}"),
        &["PodReadyToStartContainers=True", "", "10.244.1.2"],
    );
    // An image that cannot be pulled does not keep a pod from having a sandbox.
    check(
        "{containers: [{name: main, image: 'nginx:broken'}]}",
        &format!("until ImagePullBackOff; condition PodReadyToStartContainers; {IP}"),
        &["PodReadyToStartContainers=True", "10.244.1.2"],
    );
}

#[test]
fn the_release_says_why_there_is_no_sandbox() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: app}, spec: {restartPolicy: Never, activeDeadlineSeconds: 20, \
               containers: [{name: main, image: nginx, volumeMounts: [{name: c, mountPath: /c}]}], volumes: [{name: c, configMap: {name: late}}]}}";
    let story =
        "wait 2; condition PodReadyToStartContainers; say kubectl create configmap late; wait 25; condition PodReadyToStartContainers";
    for (release, no_sandbox, ended) in
        [(&V1_37, " PodSandboxNotReady no pod sandbox exists", " PodSandboxNotReady pod sandbox is not ready"), (&V1_36, "", "")]
    {
        let told = tell_of(pod, release, &[("app", &["node-1"])], story);
        let want = format!("PodReadyToStartContainers=False{no_sandbox}\nconfigmap/late created\nPodReadyToStartContainers=False{ended}");
        assert_eq!(told, want);
    }
}

#[test]
fn a_container_with_a_new_image_is_restarted_whatever_the_policy() {
    for policy in ["Always", "Never"] {
        check(
            &format!("{{restartPolicy: {policy}, containers: [{{name: main, image: nginx}}]}}"),
            &format!("until Running; {}; wait 3; get; wait 2; get; container main; said Killing; said Pulling; said Started", set("httpd")),
            &[
                "pod/app image updated",
                "app 1/1 Running 0",
                "app 1/1 Running 1 (4s ago)",
                "main running, last Completed 0",
                "Normal Killing containers{main}: Container main definition changed, will be restarted",
                "Normal Pulling containers{main}: Pulling image \"nginx\"",
                "Normal Pulling containers{main}: Pulling image \"httpd\"",
                "Normal Started containers{main}: Container started",
            ],
        );
    }
    check(
        "{initContainers: [{name: main, image: fluentd, restartPolicy: Always}], containers: [{name: other, image: nginx}]}",
        &format!("until Running; {}; wait 6; get; said Killing", set("envoy")),
        &[
            "pod/app image updated",
            "app 2/2 Running 1 (5s ago)",
            "Normal Killing initContainers{main}: Init container main definition changed",
        ],
    );
}

#[test]
fn a_container_that_waits_is_started_at_once_with_its_new_image() {
    check(
        "{containers: [{name: main, image: 'nginx:broken'}]}",
        &format!("until ImagePullBackOff; {}; wait 4; get", set("nginx:1.27")),
        &["pod/app image updated", "app 1/1 Running 0"],
    );
    check(
        "{containers: [{name: main, image: 'nginx:crash'}]}",
        &format!("wait 25; {}; wait 4; get; wait 60; get", set("nginx:1.27")),
        &["pod/app image updated", "app 1/1 Running 3 (10s ago)", "app 1/1 Running 3 (70s ago)"],
    );
    // While an image is being pulled, the kubelet notices nothing.
    check(
        "{containers: [{name: main, image: nginx}]}",
        &format!("wait 2; {}; wait 3; said Started; said Killing; wait 6; get; container main", set("nginx:1.27")),
        &[
            "pod/app image updated",
            "Normal Started containers{main}: Container started",
            "Normal Killing containers{main}: Container main definition changed, will be restarted",
            "app 1/1 Running 1 (7s ago)",
            "main running, last Completed 0",
        ],
    );
}

#[test]
fn every_sync_reports_what_the_one_before_it_came_to() {
    check(
        "{containers: [{name: main, image: 'nginx:broken'}]}",
        "wait 2; get; wait 1; get; said BackOff; wait 12; get; wait 1; get; wait 11; get; wait 1; get; wait 11; get; wait 2; get; \
         say kubectl get events --field-selector reason=Pulling -o jsonpath={.items[0].count}",
        &[
            "app 0/1 ContainerCreating 0",
            "app 0/1 ErrImagePull 0",
            "Normal BackOff containers{main}: Back-off pulling image \"nginx:broken\"",
            "app 0/1 ErrImagePull 0",
            "app 0/1 ImagePullBackOff 0",
            "app 0/1 ImagePullBackOff 0",
            "app 0/1 ErrImagePull 0",
            "app 0/1 ErrImagePull 0",
            "app 0/1 ImagePullBackOff 0",
            "3",
        ],
    );
}

#[test]
fn a_name_that_no_image_can_have_is_told_of() {
    let said = "Failed to apply default image tag \"Nginx:1\": couldn't parse image name \"Nginx:1\": invalid reference format: repository name \
                (library/Nginx) must be lowercase";
    check(
        "{containers: [{name: main, image: 'Nginx:1'}]}",
        &format!("until InvalidImageName; get; container main; events; why; logs main; {}; wait 5; get", set("nginx:1")),
        &[
            "app 0/1 InvalidImageName 0",
            &format!("main waiting InvalidImageName {said}"),
            "Normal Scheduled: Successfully assigned default/app to node-1",
            &format!("Warning InspectFailed containers{{main}}: {said}"),
            "Warning Failed containers{main}: Error: InvalidImageName",
            "app: InvalidImageName",
            "Error from server (BadRequest): container \"main\" in pod \"app\" is waiting to start: InvalidImageName",
            "pod/app image updated",
            "app 1/1 Running 0",
        ],
    );
}
