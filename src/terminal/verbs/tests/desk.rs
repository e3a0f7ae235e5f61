//! The terminal's own machine: its folders, what it fetches, its scripts.

use causes::command;
use playground::Playground;
use sim::Setup;
use text::Lang;

/// What these lines print, each after its `$ `.
fn typed(lines: &[&str]) -> Vec<String> {
    let mut playground = Playground::new(&Setup::default(), include_str!("../../../page/playground/example.yaml"));
    told(&mut playground, lines)
}

fn told(playground: &mut Playground, lines: &[&str]) -> Vec<String> {
    let before = playground.terminal().lines().len();
    for line in lines {
        playground.type_line(line, Lang::English);
        playground.run_until_quiet(|| true);
    }
    let printed = &playground.terminal().lines()[before..];
    printed.iter().map(|line| line.text.clone()).filter(|line| !line.starts_with("$ ")).collect()
}

#[test]
fn kubectl_knows_the_working_folder() {
    let made = "kubectl create configmap a --from-literal=a=b --dry-run=client -o yaml > a.yaml";
    let printed = typed(&[
        made,
        "mkdir d && cd d && kubectl create configmap b --from-literal=a=b --dry-run=client -o yaml > b.yaml",
        "kubectl apply -f b.yaml",
        "kubectl apply -f .",
        "kubectl apply -f ../a.yaml -f $PWD/b.yaml -f ~/d/b.yaml",
        "kubectl apply -f a.yaml",
        "(cd .. && kubectl apply -f a.yaml); pwd",
        "kubectl create configmap c --from-file=b.yaml -o name; kubectl create configmap e --from-file=. -o jsonpath='{.data}'",
        "cd - && cd - && cd /tmp && echo \"$PWD $OLDPWD\"",
        "bash -c 'cd /d; pwd'; pwd",
    ]);
    let of_folder = printed.iter().position(|line| line.starts_with("{\"b.yaml\":")).expect("the file of the folder, and no other");
    let others: Vec<&str> = printed.iter().enumerate().filter(|(at, _)| *at != of_folder).map(|(_, line)| line.as_str()).collect();
    assert_eq!(
        others,
        [
            "configmap/b created",
            "configmap/b unchanged",
            "configmap/a created",
            "configmap/b unchanged",
            "configmap/b unchanged",
            "error: the path \"a.yaml\" does not exist",
            "ordinal: ls lists the files. What is pasted into the manifest is in manifest.yaml, and, below a first line `# a.yaml`, in \
             a.yaml, too.",
            "configmap/a unchanged",
            "/d",
            "configmap/c",
            "/",
            "/d",
            "/tmp /d",
            "/d",
            "/tmp",
        ]
    );
}

#[test]
fn what_is_fetched_is_saved_where_it_was_wanted() {
    const WEB: &str = "https://k8s.io/examples/application/web/web.yaml";
    let lines = [
        "mkdir d && cd d".to_owned(),
        format!("wget {WEB}"),
        format!("wget -q -O x.yaml {WEB} && curl -sLO {WEB} && curl -s -o y.yaml {WEB} && ls"),
        "cmp=$(cat x.yaml); [ \"$cmp\" = \"$(cat y.yaml)\" ] && kubectl apply -f web.yaml".to_owned(),
        format!("curl -s -o /dev/null -w '%{{http_code}}\\n' {WEB}; curl -sI {WEB} | head -1; wget -qO- {WEB} | head -1"),
        "curl https://example.com/x.yaml; wget https://example.com/x.yaml; ls".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let size = console::library::files().get(WEB).map_or(0, str::len);
    let outside = "ordinal: https://example.com/x.yaml is outside: only known addresses are simulated here. Its text can be pasted into the manifest.";
    assert_eq!(
        typed(&lines),
        [
            &format!("‘web.yaml’ saved [{size}/{size}]"),
            "web.yaml",
            "x.yaml",
            "y.yaml",
            "service/nginx created",
            "statefulset.apps/web created",
            "200",
            "HTTP/1.1 200 OK",
            "apiVersion: v1",
            outside,
            outside,
            "web.yaml",
            "x.yaml",
            "y.yaml",
        ]
    );
}

#[test]
fn programs_and_options_that_are_not_simulated_are_named() {
    let not_here = |program: &str| format!("{program} is not simulated here; kubectl, playground and common shell tools are.");
    for line in ["timeout 5 kubectl get pods", "find . -name a", "which kubectl", "uniq manifest.yaml", "diff a b", "type kubectl"] {
        assert_eq!(typed(&[line]), [not_here(line.split(' ').next().unwrap_or_default())], "{line}");
    }
    for (line, want) in [
        ("kubectl get nodes -o json | jq '.items | add'", "ordinal: jq \".items | add\" is not simulated."),
        ("kubectl get nodes | sort -k2", "ordinal: sort -k is not simulated."),
        ("kubectl get nodes | awk -F, '{print $1}'", "ordinal: awk -F is not simulated."),
        ("command -v kubectl", "ordinal: command -v kubectl is not simulated here."),
    ] {
        assert_eq!(typed(&[line]), [want], "{line}");
    }
}

#[test]
fn no_name_is_a_file_and_a_folder() {
    let printed = typed(&[
        "mkdir a; echo x > a; echo x | tee a /tmp > no/b; touch a no/c; echo x > /tmp; cat /tmp",
        "echo x > f; mkdir f; mkdir -p f a; cp f a; ls a; echo y >> a/f; cat a/f",
        "rm -f no/such f/such; ls; rm a/f; ls a; cat f",
        "mkdir f/b; mkdir -p f/b; echo y > f/b; mkdir no/b a/b; mkdir -p a/b/c/d; rm -r a/b/c; ls f no a/b; cat f",
    ]);
    let want = [
        "bash: a: Is a directory",
        "bash: no/b: No such file or directory",
        "touch: cannot touch 'no/c': No such file or directory",
        "bash: /tmp: Is a directory",
        "cat: /tmp: Is a directory",
        "mkdir: cannot create directory 'f': File exists",
        "mkdir: cannot create directory 'f': File exists",
        "f",
        "x",
        "y",
        "a",
        "f",
        "manifest.yaml",
        "x",
        "mkdir: cannot create directory 'f/b': Not a directory",
        "mkdir: cannot create directory 'f': Not a directory",
        "bash: f/b: Not a directory",
        "mkdir: cannot create directory 'no/b': No such file or directory",
        "f",
        "a/b:",
        "ls: cannot access 'no': No such file or directory",
        "x",
    ];
    assert_eq!(printed, want);
}

#[test]
fn what_a_line_sets_while_another_runs_is_kept() {
    let mut playground = Playground::new(&Setup::default(), include_str!("../../../page/playground/example.yaml"));
    for line in [
        "mkdir d; A=1 B=1; sleep 6; echo $A; C=4",
        "X=$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}'); export Y=2; A=3; unset B; cd d; f() { echo f; }",
    ] {
        playground.type_line(line, Lang::English);
    }
    let printed = told(&mut playground, &["", "echo $X $Y $A $C [$B]; pwd; f"]);
    assert_eq!(printed, ["3", "node-1 2 3 4 []", "/d", "f"]);
}

#[test]
fn scripts_are_run_by_path_and_through_a_pipe() {
    let printed = typed(&[
        "printf '#!/bin/bash\\necho $0 $1\\ncd /tmp\\nexit 3\\n' > s.sh; chmod +x s.sh; ./s.sh a; echo $? $PWD",
        "cat s.sh | bash; echo 'echo $((1 + 1))' | sh",
        "printf '#!/usr/bin/env python3\\n' > p.py; ./p.py",
        "echo $RANDOM",
    ]);
    let want = [
        "./s.sh a",
        "3 /",
        "bash",
        "2",
        "./p.py is not simulated here; kubectl, playground and common shell tools are.",
        "ordinal: `$RANDOM`: random values are not simulated here.",
    ];
    assert_eq!(printed, want);
}

#[test]
fn bash_is_run_where_an_image_has_it() {
    let mut playground = Playground::new(&Setup::default(), include_str!("../../../page/playground/example.yaml"));
    playground.type_line(&command::apply(), Lang::English);
    playground.run_until_quiet(|| true);
    let printed = told(
        &mut playground,
        &[
            "kubectl run b --image=busybox:1.36 -- sleep infinity; kubectl run r --image=redis:7-alpine; kubectl run p --image=postgres:16-alpine",
            "kubectl wait --for=condition=Ready pod/b pod/r pod/p >/dev/null",
            "kubectl exec b -- bash -c 'echo x'; kubectl exec r -- /bin/bash; kubectl exec p -- bash -c 'echo x'",
            "kubectl exec b -- sh -c 'bash -c \"echo x\"'",
        ],
    );
    let missing = "error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: \
                   OCI runtime exec failed: exec failed: unable to start container process: exec: ";
    let want = [
        "pod/b created",
        "pod/r created",
        "pod/p created",
        &format!("{missing}\"bash\": executable file not found in $PATH"),
        &format!("{missing}\"/bin/bash\": stat /bin/bash: no such file or directory"),
        "x",
        "sh: bash: not found",
        "command terminated with exit code 127",
    ];
    assert_eq!(printed, want);
}
