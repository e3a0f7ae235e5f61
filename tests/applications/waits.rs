//! Scripts of containers that use what is not simulated, and clients that wait for a name and a port.

use super::Story;

/// An unknown server, its Service, and a Service without endpoints.
const SERVERS: &str = r#"
kind: Pod
apiVersion: v1
metadata: {name: front, labels: {app: front}}
spec: {containers: [{name: main, image: example/front, ports: [{containerPort: 8080}]}]}
---
kind: Service
apiVersion: v1
metadata: {name: front}
spec: {selector: {app: front}, ports: [{port: 80, targetPort: 8080}]}
---
kind: Service
apiVersion: v1
metadata: {name: empty}
spec: {selector: {app: none}, ports: [{port: 80}]}
"#;

/// A pod of this name whose init container runs a script.
fn pod(name: &str, image: &str, script: &str) -> String {
    let script = script.replace('\'', "''");
    format!(
        "---\nkind: Pod\napiVersion: v1\nmetadata: {{name: {name}}}\nspec:\n  initContainers: [{{name: first, image: '{image}', command: [sh, -c, \
         '{script}']}}]\n  containers: [{{name: main, image: nginx}}]\n"
    )
}

/// What became of the init containers with these images and scripts after a minute, and the logs of each.
fn outcomes(scripts: &[(&str, &str)]) -> Vec<(String, String)> {
    let pods: String = scripts.iter().enumerate().map(|(at, (image, script))| pod(&format!("p{at}"), image, script)).collect();
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    story.say(&format!("cat > servers.yaml <<'END'\n{SERVERS}END\nkubectl apply -f servers.yaml"));
    story.pass(30);
    story.say(&format!("cat > pods.yaml <<'END'\n{pods}END\nkubectl apply -f pods.yaml"));
    story.pass(60);
    let path = "jsonpath={.status.initContainerStatuses[0].state.terminated.exitCode},{.status.initContainerStatuses[0].restartCount}";
    let mut seen = Vec::new();
    for at in 0..scripts.len() {
        let state = story.say(&format!("kubectl get pod p{at} -o {path}")).trim().to_owned();
        seen.push((state, story.say(&format!("kubectl logs p{at} -c first"))));
    }
    seen
}

#[test]
fn a_script_that_uses_what_is_not_simulated_is_taken_as_finished() {
    let scripts = [
        ("busybox", "X=$(wget -qO- http://front); test $X -eq 200"),
        ("busybox", "X=`wget -qO- http://front`; [ $X -eq 200 ] || exit 1"),
        ("busybox", "wget --server-response http://front 2>&1 | awk '/^  HTTP/{print $2}' | grep 200"),
        ("busybox", "while ! wget -qO- http://front | grep ok; do sleep 1; done"),
        ("busybox", "until wget -q http://front; do sleep 1; done; exit 2"),
        ("busybox", "if wget -q http://front; then exit 3; else exit 4; fi"),
        ("busybox", "wget -q http://front && exit 5"),
        ("busybox", "wget -q http://front; rc=$?; [ $rc -eq 7 ] || exit 6"),
        ("busybox", "wget -q http://front > /tmp/x; grep ok /tmp/x"),
        ("busybox", "f() { wget -q http://front; }; if f; then exit 7; fi; exit 8"),
        ("busybox", "[ $(stat -c %u /tmp) = 1000 ] || exit 9"),
        ("busybox", "cp -r /etc /tmp/etc && exit 10"),
        ("postgres", "X=$(pg_controldata | awk '{print $1}'); [ $X = 1 ] || exit 11"),
        ("postgres", "psql -c x || exit 12; false"),
        ("postgres", "! psql -c x || exit 12"),
        ("postgres", "psql -c x && exit 13"),
        ("team/tools", "if ! tool ready; then exit 13; fi; exit 14"),
    ];
    for ((state, log), (_, script)) in outcomes(&scripts).into_iter().zip(scripts) {
        assert_eq!(state, "0,0", "{script}: {log}");
        assert!(log.ends_with("ordinal: the script is taken as finished."), "{script}: {log}");
    }
}

#[test]
fn a_script_that_does_not_use_it_goes_on() {
    let scripts = [
        ("busybox", "set -e; wget -q http://front; echo done", "done", false),
        ("busybox", "wget -q http://front; echo done; exit 3", "done", true),
        ("postgres", "psql -c x > /dev/null; echo done", "done", false),
        ("busybox", "wget -q http://nowhere || exit 4", "wget: bad address 'nowhere'", true),
        ("busybox", "tool ready || exit 5", "sh: tool: not found", true),
    ];
    let given: Vec<(&str, &str)> = scripts.iter().map(|(image, script, ..)| (*image, *script)).collect();
    for ((state, log), (_, script, end, fails)) in outcomes(&given).into_iter().zip(scripts) {
        assert!(log.ends_with(end) && (state != "0,0") == fails, "{script}: {state}: {log}");
    }
}

#[test]
fn whatever_client_waits_for_a_host_waits_until_its_port_answers() {
    let scripts = [
        ("busybox", "until ping -c1 @; do sleep 2; done"),
        ("busybox", "until nc -w 1 @ 80 < /dev/null; do sleep 2; done"),
        ("mongo:7", "until mongosh --host @ --eval 'db.ping()'; do sleep 2; done"),
        ("mongo:7", "while [ \"$(mongosh mongodb://user:secret@@:80/db --eval 1)\" != 1 ]; do sleep 1; done"),
        ("team/tools", "while ! mysqladmin ping -h@ -P 80 --silent; do sleep 2; done"),
        ("bitnami/kafka", "until kafka-topics.sh --bootstrap-server @:80 --list; do sleep 2; done"),
        ("postgres", "until psql -h @ -p 80 -c 'select 1'; do sleep 2; done"),
        ("postgres", "until pg_isready -h @ -p 80; do sleep 2; done"),
        ("redis", "until redis-cli -h @ -p 80 ping; do sleep 2; done"),
    ];
    for (host, ends) in [("nowhere", false), ("empty", false), ("front", true)] {
        let given: Vec<String> =
            scripts.iter().map(|(_, script)| script.replace("@@", "\u{1}@").replace('@', host).replace('\u{1}', "@")).collect();
        let given: Vec<(&str, &str)> = scripts.iter().map(|(image, _)| *image).zip(given.iter().map(String::as_str)).collect();
        for ((state, log), (_, script)) in outcomes(&given).into_iter().zip(&given) {
            assert_eq!(state, if ends { "0,0" } else { ",0" }, "{script}: {log}");
        }
    }
    // What is outside is not waited for.
    let outside = outcomes(&[("busybox", "until ping -c1 example.com; do sleep 2; done")]);
    assert_eq!(outside[0].0, "0,0", "{}", outside[0].1);
}

#[test]
fn a_file_that_something_not_simulated_may_have_written_is_not_missed() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    let pod = |name: &str, image: &str, command: &str| {
        let mounts = "volumeMounts: [{name: shared, mountPath: /shared}]";
        format!(
            "---\nkind: Pod\napiVersion: v1\nmetadata: {{name: {name}}}\nspec:\n  volumes: [{{name: shared, emptyDir: {{}}}}]\n  initContainers: \
             [{{name: first, image: {image}, {command}{mounts}}}]\n  containers: [{{name: main, image: busybox, command: [sh, -ec, 'cat \
             /shared/config; sleep 1d'], {mounts}}}]\n"
        )
    };
    let cut = "command: [sh, -c, 'X=$(stat -c %u /shared); [ $X = 7 ] || exit 1; echo x > /shared/config'], ";
    let pods = pod("cut", "busybox", cut) + &pod("own", "team/config", "") + &pod("none", "busybox", "command: [sh, -c, 'true'], ");
    story.say(&format!("cat > pods.yaml <<'END'\n{pods}END\nkubectl apply -f pods.yaml"));
    story.pass(60);
    let said = story.say("kubectl get pods cut own none --no-headers");
    assert!(said.contains("cut    1/1   Running   0") && said.contains("own    1/1   Running   0"), "{said}");
    assert!(said.contains("none   0/1   "), "{said}");
}
