//! `kubectl debug`: what is added to a pod, what runs there, and what is refused. The words are those of kubectl 1.37 and its server.

use base::time::Time;
use cluster::timing::Timing;
use playground::Playground;
use sim::Setup;
use text::Lang;

/// A set of one pod, and its Service.
const SET: &str = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {serviceName: web, selector: {matchLabels: {app: x}}, \
                   template: {metadata: {labels: {app: x}}, spec: {containers: [{name: nginx, image: nginx}]}}}}";
const SERVICE: &str =
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, selector: {app: x}, ports: [{port: 80}]}}";
/// A pod whose init container never ends, and whose own one is not root.
const HELD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: held}, spec: {securityContext: {runAsUser: 1000}, initContainers: [{name: first, \
                    image: busybox, command: [sleep, 1d]}], containers: [{name: app, image: python, command: [python, app.py]}]}}";

const TELLS: &str = "Accepted, not simulated: ";
const ADDED: &str = "kubectl get pod web-0 -o jsonpath='{.status.ephemeralContainerStatuses}'";
const OPENING: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive \
                       information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.";

/// What each of these lines prints, typed where these objects have been for a minute; without what is told of fields.
fn typed(objects: &[&str], lines: &[&str]) -> Vec<String> {
    let is_told = |line: &&str| !line.starts_with(TELLS);
    shown(objects, lines).iter().map(|said| said.lines().filter(is_told).collect::<Vec<_>>().join("\n")).collect()
}

/// The same with all of it.
fn shown(objects: &[&str], lines: &[&str]) -> Vec<String> {
    let mut playground = Playground::new(&Setup { timing: Timing::workstation(), ..Setup::default() }, "");
    for object in objects {
        playground.type_line(&format!("echo '{object}' | kubectl apply -f -"), Lang::English);
        playground.run(Time(playground.now().0 + 60_000), || true);
    }
    let mut said = Vec::new();
    for line in lines {
        let before = playground.terminal().lines().len() + 1;
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + 10_000), || true);
        let lines: Vec<&str> = playground.terminal().lines()[before..]
            .iter()
            .map(|line| &*line.text)
            .filter(|text| !text.contains("playground form"))
            .collect();
        said.push(lines.join("\n"));
    }
    said
}

#[test]
fn a_container_is_added_to_a_pod_shares_its_network_and_does_not_count() {
    let ask = "kubectl debug web-0 --image=busybox:1.36 -c probe -- sh -c 'wget -qO- localhost | grep -c Welcome; hostname; exit 3'";
    let state = "kubectl get pod web-0 -o jsonpath='{.status.ephemeralContainerStatuses[0].state.terminated.exitCode} \
                 {.status.ephemeralContainerStatuses[0].restartCount} {.metadata.generation} {.status.conditions[?(@.type==\"Ready\")].status}'";
    let events = "kubectl get events --field-selector involvedObject.name=web-0,reason=Started -o \
                  jsonpath='{.items[*].involvedObject.fieldPath}'";
    let said = typed(
        &[SERVICE, SET],
        &[
            ask,
            state,
            "kubectl get pods --no-headers",
            "kubectl logs web-0 -c probe",
            events,
            "kubectl describe pod web-0",
            ADDED,
            "kubectl logs web-0",
        ],
    );
    assert_eq!(said[..2], ["", "3 0 2 True"]);
    // What the profile gives is kept and has no effect.
    assert_eq!(shown(&[SERVICE, SET], &[ask]), [format!("{TELLS}Pod spec.ephemeralContainers[].securityContext")]);
    assert!(said[2].starts_with("web-0   1/1   Running   0 "), "{}", said[2]);
    assert_eq!(said[3], "2\nweb-0");
    assert_eq!(said[4], "spec.containers{nginx} spec.ephemeralContainers{probe}");
    let section = said[5].split("\nEphemeral Containers:\n").nth(1).expect("a section");
    assert!(section.starts_with("  probe:\n"), "{section}");
    assert!(section.contains("    State:          Terminated\n      Reason:       Error\n      Exit Code:    3\n"), "{section}");
    assert!(section.contains("    Ready:          False\n    Restart Count:  0\n"), "{section}");
    assert!(!said[6].contains("\"started\""), "{}", said[6]);
    assert!(said[7].starts_with("Defaulted container \"nginx\" out of: nginx, probe (ephem)\n"), "{}", said[7]);
}

#[test]
fn one_is_connected_with_a_new_container_and_told_that_it_will_not_be_started_again() {
    let said = typed(
        &[SERVICE, SET],
        &[
            "kubectl debug -it web-0 --image=busybox:1.36",
            "hostname",
            "nslookup web-0.web.default.svc.cluster.local",
            "exit",
            "echo $?",
            ADDED,
        ],
    );
    let (first, opening) = said[0].split_once('\n').expect("two lines");
    let name = first.strip_prefix("Defaulting debug container name to ").and_then(|rest| rest.strip_suffix('.')).expect("a name");
    assert!(name.starts_with("debugger-") && name.len() == "debugger-".len() + 5, "{name}");
    assert_eq!(opening, OPENING);
    assert!(said[1] == "web-0" && said[2].contains("Address: 10.244."), "{said:?}");
    let back = format!("'kubectl attach web-0 -c {name} -n default -i -t' if it is still running");
    let ended = "Session ended, the ephemeral container will not be restarted but may be reattached using ";
    assert_eq!(said[3..5], [format!("{ended}{back}"), "0".to_owned()]);
    assert!(said[5].contains(&format!("\"name\":\"{name}\"")) && said[5].contains("\"reason\":\"Completed\""), "{}", said[5]);
    // What was printed there is its log; who pipes a line in has no terminal.
    let said = typed(
        &[SERVICE, SET],
        &[
            "kubectl debug -it web-0 --image=busybox -c a -- echo hi",
            "kubectl logs web-0 -c a",
            "echo hostname | kubectl debug -i web-0 --image=busybox -c b",
        ],
    );
    assert_eq!(said, ["hi".to_owned(), "hi".to_owned(), format!("{OPENING}\nweb-0")]);
}

#[test]
fn a_targeted_container_shows_its_processes() {
    let runs = |target: &str, name: &str| format!("kubectl debug web-0 --image=busybox -c {name} {target} -- ps");
    let said =
        typed(&[SERVICE, SET], &[&runs("", "a"), &runs("--target=nginx", "b"), "kubectl logs web-0 -c a", "kubectl logs web-0 -c b"]);
    let targets = "Targeting container \"nginx\". If you don't see processes from this container it may be because the container runtime \
                   doesn't support this feature.";
    assert_eq!(said[..2], ["", targets]);
    assert!(!said[2].contains("nginx") && said[3].contains("    1 root      0:00 nginx: master process"), "{said:?}");
}

#[test]
fn a_pod_that_is_held_up_can_be_looked_into() {
    let said = typed(
        &[HELD],
        &[
            "kubectl debug held --image=busybox -c look -- hostname",
            "kubectl logs held -c look",
            "kubectl get pod held -o jsonpath='{.status.phase} {.status.ephemeralContainerStatuses[0].state.terminated.reason}'",
            "kubectl debug held --image=busybox -c other --profile=restricted -- hostname",
            "kubectl get pod held -o jsonpath='{.spec.ephemeralContainers[*].securityContext}'",
        ],
    );
    let warning = "Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. \
                   Please consider using \"--custom\" with a custom profile that specifies \"securityContext.runAsUser: 0\".";
    assert_eq!(said[..4], [warning, "held", "Pending Completed", ""]);
    let restricted = "{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]},\"runAsNonRoot\":true,\"seccompProfile\":\
                      {\"type\":\"RuntimeDefault\"}}";
    assert_eq!(said[4], format!("{{\"capabilities\":{{\"add\":[\"SYS_PTRACE\"]}}}} {restricted}"));
}

#[test]
fn what_does_not_go_is_refused_in_kubectls_and_the_servers_words() {
    let invalid = |why: &str| format!("The Pod \"web-0\" is invalid: spec.ephemeralContainers{why}");
    let targets = "Targeting container \"nope\". If you don't see processes from this container it may be because the container runtime doesn't \
                   support this feature.\n";
    let cases = [
        ("nope --image=busybox -c a", "Error from server (NotFound): pods \"nope\" not found".to_owned()),
        ("web-0 --image=busybox -c a --target=nope", format!("{targets}{}", invalid("[0].targetContainerName: Not found: \"nope\""))),
        ("web-0 --image=Not!", "error: invalid image name \"Not!\": invalid reference format".to_owned()),
        ("web-0 --image=busybox -c nginx", invalid("[0].name: Duplicate value: \"nginx\"")),
        ("web-0 --image=busybox -c a --profile=none", "error: unknown profile: none".to_owned()),
        ("web-0 --image=busybox -t", "error: -i/--stdin is required for containers with -t/--tty=true".to_owned()),
        ("web-0 --copy-to=b --image=busybox", "ordinal: `kubectl debug` with --copy-to is not simulated.".to_owned()),
        ("web-0 --image=busybox --replace", "ordinal: `kubectl debug` with --replace is not simulated.".to_owned()),
        ("--image=busybox", "error: NAME or filename is required for debug".to_owned()),
        ("sts/web --image=busybox", "error: \"apps/v1, Kind=StatefulSet\" not supported by debug".to_owned()),
    ];
    let lines: Vec<String> = cases.iter().map(|(words, _)| format!("kubectl debug {words}")).collect();
    let said = typed(&[SERVICE, SET], &lines.iter().map(String::as_str).collect::<Vec<_>>());
    for (said, (words, want)) in said.iter().zip(&cases) {
        assert_eq!(said, want, "{words}");
    }
    // What was added stays as it is, however it is asked for.
    let elsewhere = "kubectl patch pod web-0 -p '{\"spec\":{\"ephemeralContainers\":[{\"name\":\"b\",\"image\":\"busybox\"}]}}'";
    let said = typed(
        &[SERVICE, SET],
        &["kubectl debug web-0 --image=busybox -c a -- sleep 1d", "kubectl debug web-0 --image=alpine -c a", elsewhere],
    );
    assert_eq!(said[0], "");
    assert!(said[1].contains(&invalid(": Forbidden: existing ephemeral containers \"a\" may not be changed\n")), "{}", said[1]);
    // What the profile gives, the first container of the name gets, which is there already.
    let added = said[1].lines().filter(|line| line.starts_with('+') && line.ends_with("\"SYS_PTRACE\",")).count();
    assert_eq!(added, 1, "{}", said[1]);
    assert!(
        said[2].starts_with("The Pod \"web-0\" is invalid: spec: Forbidden: pod updates may not change fields other than"),
        "{}",
        said[2]
    );
}

#[test]
fn pod_security_judges_what_is_added() {
    let said = typed(
        &[SERVICE, SET],
        &[
            "kubectl label ns default pod-security.kubernetes.io/enforce=baseline",
            "kubectl debug web-0 --image=busybox -c a -- hostname",
            "kubectl debug web-0 --image=busybox -c a --profile=baseline -- hostname",
            "kubectl logs web-0 -c a",
        ],
    );
    let why = "violates PodSecurity \"baseline:latest\": non-default capabilities (container \"a\" must not include \"SYS_PTRACE\" in \
               securityContext.capabilities.add)";
    assert_eq!(said[1..], [&format!("Error from server (Forbidden): pods \"web-0\" is forbidden: {why}"), "", "web-0"]);
}

#[test]
fn it_is_not_started_again_with_its_machine() {
    let node = "$(kubectl get pod web-0 -o jsonpath={.spec.nodeName})";
    let state = "kubectl get pod web-0 -o jsonpath='{.status.containerStatuses[0].restartCount} \
                 {.status.ephemeralContainerStatuses[0].restartCount} \
                 {.status.ephemeralContainerStatuses[0].state.terminated.exitCode}'";
    let lines = [
        "kubectl debug web-0 --image=busybox -c a -- sleep 1d",
        &format!("playground stop node {node}"),
        &format!("playground start node {node}"),
        "sleep 5",
        state,
    ];
    assert_eq!(typed(&[SERVICE, SET], &lines)[4], "1 0 255");
}

#[test]
fn an_image_that_is_not_there_is_told_of_and_holds_nobody_up() {
    let said = typed(
        &[SERVICE, SET],
        &[
            "kubectl debug web-0 --image=busybox:does-not-exist -c a",
            "kubectl get pod web-0 -o jsonpath='{.status.ephemeralContainerStatuses[0].state.waiting.reason} {.status.phase} \
             {.status.conditions[?(@.type==\"Ready\")].status}'",
            "kubectl logs web-0 -c a",
            "why web-0",
            "kubectl debug -it web-0 --image=busybox:does-not-exist -c b",
        ],
    );
    assert_eq!(said[1], "ErrImagePull Running True");
    let waits = "Error from server (BadRequest): container \"a\" in pod \"web-0\" is waiting to start: trying and failing to pull image";
    assert_eq!(said[2], waits);
    // What the pod itself waits for, or does not, is another matter.
    let why = "web-0 is Ready.\n  Its containers are running, its readiness is confirmed, and the Services that select it publish it.\n";
    assert!(said[3].starts_with(why), "{}", said[3]);
    let warned = "Warning: container b: rpc error: code = NotFound desc = failed to pull and unpack image";
    assert!(said[4].starts_with(warned), "{}", said[4]);
}
