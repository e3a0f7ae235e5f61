//! The page's state without a browser: the first visit and the buttons, what is said of a manifest, a run's history.

mod agree;
mod applied;
mod changes;
mod cluster_scenes;
mod dense;
mod fate;
mod hide;
mod history;
mod hostile;
mod lanes;
mod links;
mod mending;
mod pairs;
mod pasted;
mod preset;
mod printed;
mod questions;
mod queue;
mod reasons;
mod scenes;
mod side;
mod slips;
mod spaces;
mod spelling;
mod standing;
mod story;
mod stuck;
mod told;
mod trust;
mod unsimulated;
mod verb;
mod voice;
mod ways;
mod zero;

use ordinal::api::object::NamespacedName;
use ordinal::base::time::{Span, Time};
use ordinal::causes::command;
use ordinal::playground::{Drive, EXAMPLE, Pace, Playground, setup};
use ordinal::sim::retries::TRIES_AGAIN_AFTER;
use ordinal::text::Lang;
use ordinal::view::manifest::Fix;
use ordinal::view::terminal::Voice;
use ordinal::view::{self, cluster, compare, why};

const LANG: Lang = Lang::English;

fn web_name() -> NamespacedName {
    NamespacedName::of("default", "web")
}

fn started(manifest: &str) -> Playground {
    let mut playground = Playground::new(&setup(), manifest);
    playground.type_line(&command::apply(), LANG);
    playground
}

fn settle(playground: &mut Playground) {
    assert_eq!(playground.run_until_quiet(|| true), Pace::Reached);
}

fn pods(playground: &Playground) -> Vec<String> {
    let matrix = cluster::project(&playground.snapshot(LANG), Some(&web_name()));
    let mut pods: Vec<String> = matrix.pods.values().map(|tile| format!("{} {}", tile.identity.pod, tile.word)).collect();
    pods.sort();
    pods
}

fn printed(playground: &Playground) -> Vec<&str> {
    playground.terminal().lines().iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn a_line_runs_on_a_machine_of_the_cluster_or_is_said_to_be_none() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (line, says, status) in [
        ("ssh node-1 echo on a machine", "on a machine", 0),
        ("ssh node-1 df -h", "ordinal: df is not simulated; `kubectl get pvc` outside tells how large volumes are.", 127),
        ("ssh node-1 ps aux", "ordinal: ps is not simulated here.", 127),
        ("ssh node-1 dance", "bash: dance: command not found", 127),
        ("ssh node-9 echo", "ordinal: use ssh NODE COMMAND to reach a machine of the cluster.", 255),
        ("ssh", "ordinal: use ssh NODE COMMAND to reach a machine of the cluster.", 255),
        ("ssh node-1 \"echo 'half\"", "ordinal: this line is incomplete.", 2),
    ] {
        playground.type_line(line, LANG);
        assert_eq!((printed(&playground).last().copied(), playground.status()), (Some(says), Some(status)), "{line}");
    }
}

#[test]
fn while_one_pod_comes_up_the_next_says_what_it_waits_for() {
    let mut playground = started(EXAMPLE);
    let mut verdicts = Vec::new();
    while playground.ahead().is_some() {
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        let told = (why.verdict.plain(), why.line);
        if verdicts.last() != Some(&told) {
            verdicts.push(told);
        }
        playground.step(|| true);
    }
    let policy = Some(17);
    assert!(verdicts.contains(&("web-1 is not created.".to_owned(), policy)), "{verdicts:?}");
    assert!(verdicts.contains(&("web-2 is not created.".to_owned(), policy)), "{verdicts:?}");
}

#[test]
fn a_step_ends_where_something_can_be_seen() {
    let mut playground = started(EXAMPLE);
    let mut last = playground.timeline().changes();
    while playground.ahead().is_some() {
        playground.step(|| true);
        assert!(playground.timeline().changes() > last || playground.ahead().is_none());
        last = playground.timeline().changes();
    }
}

#[test]
fn what_is_tried_again_for_ever_is_quiet_some_time() {
    let with = |line: &str| format!("{EXAMPLE}{line}");
    let no_class = EXAMPLE.replace("accessModes", "storageClassName: fast-ssd\n      accessModes");
    let quota = "---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few}\nspec: {hard: {pods: \"1\"}}\n";
    let probed = EXAMPLE.replace("httpGet: {path: /, port: 80}", "exec: {command: [cat, /tmp/ready]}");
    let late = "busybox\n        command: [sh, -c, 'sleep 150; touch /tmp/ready; sleep infinity']";
    for (manifest, word) in [
        (EXAMPLE.replace("nginx:1.27", "nginx:broken"), "web-0 ImagePullBackOff"),
        (EXAMPLE.replace("nginx:1.27", "nginx:crash"), "web-0 Error"),
        (EXAMPLE.replace("nginx:1.27", "nginx:unready"), "web-0 Running, not Ready"),
        (probed.replace("nginx:1.27", late), "web-0 Ready"),
        (probed, "web-0 Running, not Ready"),
        (no_class, "web-0 Pending"),
        (with(quota), "web-0 Ready"),
        (EXAMPLE.replace("ReadWriteOnce", "ReadWriteMany"), "web-0 Pending"),
    ] {
        let mut playground = started(&manifest);
        let mut looks = 0;
        let pace = playground.run_until_quiet(|| {
            looks += 1;
            looks < 1000
        });
        assert_eq!((pace, pods(&playground)[0].as_str()), (Pace::Reached, word));
        let settled = playground.now().since(Time(0));
        assert!(settled > TRIES_AGAIN_AFTER && settled < Span::seconds(600), "{word}: {settled:?}");
    }
    // Nor does a script that waits for what never comes keep the clock going for ever.
    let loops = "initContainers:\n      - {name: wait, image: busybox, command: [sh, -c, 'until nslookup nobody; do sleep 2; done']}\n      containers:";
    let mut playground = started(&EXAMPLE.replace("containers:", loops));
    let mut looks = 0;
    let pace = playground.run_until_quiet(|| {
        looks += 1;
        looks < 1000
    });
    assert_eq!((pace, pods(&playground)[0].as_str()), (Pace::Reached, "web-0 Init:0/1"));
    assert!(playground.now() < Time(2 * 3_600_000), "{}", playground.now());
    // What was said for long is no reason to stop once it is mended.
    let mut playground = started(&EXAMPLE.replace("accessModes", "storageClassName: fast-ssd\n      accessModes"));
    settle(&mut playground);
    let class = r#"{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"fast-ssd"},"provisioner":"rancher.io/local-path","volumeBindingMode":"WaitForFirstConsumer"}"#;
    playground.type_line(&format!("echo '{class}' | kubectl apply -f -"), LANG);
    settle(&mut playground);
    assert_eq!(pods(&playground), ["web-0 Ready", "web-1 Ready", "web-2 Ready"]);
}

#[test]
fn buttons_do_what_their_lines_say() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (line, want) in [
        ("kubectl scale statefulset web --replicas=4", vec!["web-0 Ready", "web-1 Ready", "web-2 Ready", "web-3 Ready"]),
        ("kubectl scale statefulset web --replicas=2", vec!["web-0 Ready", "web-1 Ready"]),
        ("playground unready pod web-1", vec!["web-0 Ready", "web-1 Running, not Ready"]),
        ("playground ready pod web-1", vec!["web-0 Ready", "web-1 Ready"]),
        ("kubectl delete pod web-0", vec!["web-0 Ready", "web-1 Ready"]),
    ] {
        playground.type_line(line, LANG);
        settle(&mut playground);
        assert_eq!(pods(&playground), want, "{line}: {:?}", printed(&playground));
    }
    assert!(!playground.is_busy());
}

#[test]
fn what_cannot_be_done_is_said_in_the_language_it_was_asked_in() {
    let mut playground = started(EXAMPLE);
    for (line, english, korean) in [
        ("playground stop node node-9", "playground: there is no machine node-9", "playground: node-9 머신이 없습니다"),
        (
            "playground start node node-1",
            "node-1 is on and on the network: nothing to do.",
            "node-1 머신은 켜져 있고 네트워크에 연결되어 있습니다. 할 일이 없습니다.",
        ),
        ("playground ready pod web-9", "playground: there is no pod web-9", "playground: web-9 파드가 없습니다"),
        ("playground beside statefulset db", "playground: there is no statefulset db", "playground: db 스테이트풀셋이 없습니다"),
        ("playground write statefulset db", "playground: there is no statefulset db", "playground: db 스테이트풀셋이 없습니다"),
        ("playground add nodes many", "playground beside statefulset NAME [shared]", "playground beside statefulset 이름 [shared]"),
        ("playground image nginx:1.27 shiny", "playground beside statefulset NAME [shared]", "playground beside statefulset 이름 [shared]"),
    ] {
        for (lang, want) in [(Lang::English, english), (Lang::Korean, korean)] {
            playground.type_line(line, lang);
            let said = printed(&playground).last().map_or("", |last| last.strip_prefix(&format!("$ {line}")).unwrap_or(last));
            assert_eq!(said, want, "{line}");
        }
    }
}

#[test]
fn a_broken_image_is_seen_and_mended() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("playground break image nginx:1.27", LANG);
    playground.type_line("kubectl delete pod web-1", LANG);
    playground.run(Time(playground.now().0 + 30_000), || true);
    assert!(
        pods(&playground).iter().any(|pod| pod.contains("ImagePullBackOff") || pod.contains("ErrImagePull")),
        "{:?}",
        pods(&playground)
    );
    playground.type_line("playground mend image nginx:1.27", LANG);
    settle(&mut playground);
    assert_eq!(pods(&playground), ["web-0 Ready", "web-1 Ready", "web-2 Ready"]);
}

#[test]
fn a_refusal_stands_on_the_line_it_is_about() {
    let wrong = EXAMPLE.replace("  volumeClaimTemplates:", "  volumeClaimTemplate:");
    let mut playground = started(&wrong);
    let verdicts = playground.verdicts().clone();
    assert_eq!(verdicts.refusals.len(), 1);
    let refusal = &verdicts.refusals[0];
    assert!(refusal.words.contains("unknown field \"spec.volumeClaimTemplate\""), "{}", refusal.words);
    let line = wrong.lines().position(|line| line.contains("volumeClaimTemplate:")).map(|at| at + 1);
    assert_eq!(refusal.place.as_ref().map(|place| place.line), line);
    assert!(refusal.plain.plain().contains("volumeClaimTemplates"), "{}", refusal.plain.plain());
    assert_eq!(playground.stored(), Some((1, 2)), "the Service was stored");
    playground.edit(EXAMPLE.to_owned(), LANG);
    assert!(playground.verdicts().is_empty());
}

#[test]
fn text_that_is_no_yaml_says_where_and_nothing_is_lost() {
    let mut playground = started("kind: [1, 2\nb: 3\n");
    assert!(playground.verdicts().refusals[0].words.starts_with("error: error parsing manifest.yaml: "));
    for text in ["", "\0\u{1}binary", "---\n---\n", "a: &a [*a]", &"[".repeat(5000), "just words"] {
        playground.edit(text.to_owned(), LANG);
        playground.type_line(&command::apply(), LANG);
        assert_eq!(playground.manifest(), text);
    }
}

#[test]
fn a_key_that_stands_twice_is_a_note_on_the_one_that_counts() {
    let twice = EXAMPLE.replace("  replicas: 3\n", "  replicas: 3\n  replicas: 1\n");
    let playground = started(&twice);
    let notes = &playground.verdicts().notes;
    let line = twice.lines().position(|line| line == "  replicas: 1").map(|at| at + 1);
    assert_eq!((notes.len(), notes[0].place.as_ref().map(|place| place.line)), (1, line));
    let said = "kubectl uses this replicas and silently ignores the one above.";
    assert_eq!((notes[0].words.plain().as_str(), notes[0].effect), (said, view::manifest::Effect::Repeated));
    assert_eq!(playground.tables().stateful_set("default", "web").map(|set| set.spec.replicas), Some(1));
}

#[test]
fn a_service_that_is_not_there_is_a_note_and_not_a_refusal() {
    let mistyped = EXAMPLE.replace("serviceName: nginx", "serviceName: ngnix");
    let elsewhere = EXAMPLE.replace("  name: nginx\nspec:\n  clusterIP", "  namespace: kube-system\n  name: nginx\nspec:\n  clusterIP");
    for (manifest, line) in [(&mistyped, 15), (&elsewhere, 16)] {
        let playground = started(manifest);
        assert!(playground.verdicts().refusals.is_empty());
        assert_eq!(playground.verdicts().notes[0].place.as_ref().map(|place| place.line), Some(line));
    }
    let refused = started(&mistyped.replace("replicas: 3", "replicas: -3"));
    assert_eq!((refused.verdicts().refusals.len(), refused.verdicts().notes.len()), (1, 0));
}

#[test]
fn a_million_replicas_are_bounded_by_whoever_runs_them() {
    let mut playground = started(&EXAMPLE.replace("replicas: 3", "replicas: 1000000"));
    let mut looks = 0;
    let pace = playground.run_until_quiet(|| {
        looks += 1;
        looks < 50
    });
    assert_eq!(pace, Pace::Stopped);
}

#[test]
fn a_model_that_goes_in_circles_is_no_quiet_cluster() {
    let mut playground = started(EXAMPLE);
    let (at, ahead) = (playground.now(), playground.world().sim.next_time());
    playground.world_mut().sim.go_in_circles();
    assert_eq!(playground.run_until_quiet(|| true), Pace::Circles);
    assert_eq!(playground.step(|| true), Pace::Circles);
    assert_eq!((playground.now(), playground.world().sim.next_time()), (at, ahead), "nothing is lost");
    playground.type_line("kubectl scale sts web --replicas=2", LANG);
    assert_eq!(playground.run_until_quiet(|| true), Pace::Reached, "what was done may have ended it");
}

#[test]
fn what_nobody_simulates_is_said_in_our_own_voice() {
    let mut playground = started(EXAMPLE);
    playground.type_line("vim web.yaml", LANG);
    playground.type_line("playground dance", LANG);
    let ours: Vec<Voice> = playground.terminal().lines().iter().rev().take(1).map(|line| line.voice).collect();
    assert_eq!(ours, [Voice::Playground]);
}

#[test]
fn what_is_accepted_and_not_simulated_is_said_once() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let mut says = |line: &str| {
        let before = playground.terminal().lines().len();
        playground.type_line(line, LANG);
        let said = playground.terminal().lines()[before..].iter().filter(|line| line.voice == Voice::Playground);
        said.map(|line| line.text.clone()).collect::<Vec<_>>()
    };
    for simulated in [
        "kubectl create deployment api --image=nginx:1.27 --replicas=2 --port=80",
        "kubectl expose deployment api",
        "kubectl run tool --image=busybox --restart=Never -- sleep 5",
        "kubectl create job once --image=busybox -- true",
        "kubectl create configmap settings --from-literal=a=b",
        "kubectl create secret generic word --from-literal=a=b",
        "kubectl create pdb web --selector=app=nginx --min-available=1",
        "kubectl create quota few --hard=pods=10",
        "kubectl create serviceaccount bot",
        "kubectl autoscale deployment api --max=3",
        "kubectl label pod web-0 tier=one",
        "kubectl scale statefulset web --replicas=4",
        "kubectl set resources deployment api --limits=memory=64Mi",
    ] {
        assert_eq!(says(simulated), [""; 0], "{simulated}");
    }
    let claim = "kind: PersistentVolumeClaim\napiVersion: v1\nmetadata: {name: c}\nspec: {accessModes: [ReadWriteOnce], \
                 storageClassName: CLASS, resources: {requests: {storage: 1Gi}}}";
    let apply = |class: &str| {
        format!("echo '{}' | kubectl apply -f -", claim.replace("CLASS", class).replace("name: c", &format!("name: {class}")))
    };
    assert_eq!(says(&apply("local-path")), [""; 0]);
    assert_eq!(
        says(&apply("gp3")),
        ["There is no StorageClass gp3. The API server does not check this: the claims stay Pending, and so do the pods."]
    );
    let cron = |name: &str| {
        format!(
            "echo '{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: {name}}}, spec: {{schedule: \"* * * * *\", jobTemplate: {{spec: \
             {{template: {{spec: {{restartPolicy: Never, containers: [{{name: c, image: busybox}}]}}}}}}}}}}}}' | kubectl apply -f -"
        )
    };
    assert_eq!(says(&cron("a")), ["Accepted, not simulated: CronJob"]);
    assert_eq!(says(&cron("b")), [""; 0]);
    let host = r#"kubectl patch statefulset web -p '{"spec":{"template":{"spec":{"hostIPC":true}}}}'"#;
    assert_eq!(says(host), ["Accepted, not simulated: StatefulSet spec.template.spec.hostIPC"]);
    let folders = |last: u32| {
        let one = |n| format!(r#"{{"name":"c{n}","image":"nginx:1.27","securityContext":{{"privileged":true}}}}"#);
        let all: Vec<String> = (0..last).map(one).collect();
        format!(r#"kubectl patch deployment api -p '{{"spec":{{"template":{{"spec":{{"containers":[{}]}}}}}}}}'"#, all.join(","))
    };
    assert_eq!(says(&folders(2)), ["Accepted, not simulated: Deployment spec.template.spec.containers[].securityContext.privileged"]);
    assert_eq!(says(&folders(3)), [""; 0]);
}

/// The example with a Deployment beside it, both up, and what they differ in so far: the set's cell, then the Deployment's.
fn beside() -> Playground {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line(&command::beside("web", &command::Naming::default()), LANG);
    settle(&mut playground);
    playground
}

fn difference(playground: &Playground, of: &str) -> Option<[String; 2]> {
    let table = compare::side_by_side(playground.lives(), &playground.snapshot(LANG), &web_name(), &web_name())?;
    table.rows.into_iter().find(|row| row[0] == of).map(|[_, set, deployment]| [set, deployment])
}

#[test]
fn a_deployment_stands_beside_the_set_with_its_template_and_without_claims() {
    let playground = beside();
    let said = printed(&playground);
    assert!(said.contains(&"deployment.apps/web created"), "{said:?}");
    assert_eq!(playground.tables().pods().filter(|pod| pod.ready()).count(), 6, "{said:?}");
    let two = |a: &str, b: &str| Some([a.to_owned(), b.to_owned()]);
    assert_eq!(difference(&playground, "Claims"), two("3, one each", "none"));
    assert_eq!(difference(&playground, "Coming up"), two("one at a time", "3 at once"));
    assert_eq!(difference(&playground, "A lost pod"), None, "nothing was lost yet");
    let note = |playground: &Playground| {
        let shot = playground.snapshot(LANG);
        compare::side_by_side(playground.lives(), &shot, &web_name(), &web_name()).expect("both have pods").note
    };
    assert_eq!(note(&playground), "same template, emptyDir for claims");
    let mut playground = playground;
    playground.type_line("kubectl set image deployment/web nginx=nginx:1.28", LANG);
    settle(&mut playground);
    assert_eq!(note(&playground), "different pod templates");
}

#[test]
fn pods_that_share_a_disk_on_a_stopped_node_are_lost_without_a_replacement_that_is_ready() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("playground beside statefulset web shared | kubectl apply -f -", LANG);
    settle(&mut playground);
    assert_eq!(difference(&playground, "Claims"), Some(["3, one each".to_owned(), "1, shared by all".to_owned()]));
    let claim = playground.tables().claim("default", "data-web").expect("the shared claim").spec.volume.clone();
    let node = playground.tables().volume("", &claim).and_then(|volume| volume.spec.node.clone()).expect("a local volume");
    playground.type_line(&format!("playground stop node {node}"), LANG);
    playground.run(Time(playground.now().0 + 900_000), || true);
    let [_, deployment] = difference(&playground, "A lost pod").expect("they differ");
    assert!(deployment.starts_with("…-") && deployment.ends_with(" in its place, not Ready"), "{deployment}");
    let [_, deployment] = difference(&playground, "Missing at once (not by you)").expect("they differ");
    assert_eq!(deployment, "3 at once", "three are wanted, and no more than three are missed");
}

#[test]
fn what_somebody_deletes_is_no_property_of_the_workload() {
    let mut playground = beside();
    playground.type_line("kubectl delete pod web-0 web-2 --wait=false", LANG);
    settle(&mut playground);
    assert_eq!(difference(&playground, "Missing at once (not by you)"), None, "neither lost a pod of its own accord");
    assert!(playground.tables().pods().all(|pod| pod.ready()));
}

#[test]
fn names_are_kept_beside_and_changed() {
    let mut playground = beside();
    let stranger =
        playground.tables().pods().map(|pod| pod.meta.name.to_string()).find(|name| name.len() > "web-0".len()).unwrap_or_default();
    for pod in ["web-1", &stranger] {
        playground.type_line(&format!("kubectl delete pod {pod}"), LANG);
        settle(&mut playground);
    }
    let [set, deployment] = difference(&playground, "Names").expect("they differ");
    assert_eq!(set, "same name: web-1");
    assert!(deployment.starts_with("new name: ") && deployment.contains(" became "), "{deployment}");
}

#[test]
fn a_lost_node_makes_the_set_wait_for_ever_and_the_deployment_replace() {
    let without_claims = EXAMPLE.split("        volumeMounts:").next().unwrap_or_default();
    let mut playground = started(without_claims);
    settle(&mut playground);
    playground.type_line(&command::beside("web", &command::Naming::default()), LANG);
    settle(&mut playground);
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("web-1 runs");
    playground.type_line(&format!("playground stop node {node}"), LANG);
    playground.run(Time(playground.now().0 + 900_000), || true);
    let [set, deployment] = difference(&playground, "A lost pod").expect("they differ");
    assert!(set.contains(" lost since ") && set.ends_with("not replaced"), "{set}");
    assert!(deployment.starts_with("replaced after 5:"), "{deployment}");
}

/// What a terminal says after these lines, without what was typed.
fn answers(playground: &mut Playground, lines: &[&str]) -> Vec<String> {
    let before = playground.terminal().lines().len();
    for line in lines {
        playground.type_line(line, LANG);
        playground.run(Time(playground.now().0 + 10_000), || true);
    }
    let said = playground.terminal().lines()[before..].iter().filter(|line| line.voice != Voice::Typed);
    said.map(|line| line.text.clone()).collect()
}

#[test]
fn what_a_pod_writes_is_there_again_after_the_pod() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let said = answers(
        &mut playground,
        &[
            "k exec web-0 -- sh -c 'echo from $(hostname) > /data/a'",
            "k exec web-0 -- sh -c 'echo lost > /tmp/a'",
            "k delete pod web-0",
            "k exec web-0 -- cat /data/a /tmp/a",
            "k exec web-0 -- curl -s localhost > /dev/null",
            "k logs web-0 | tail -n 1 | cut -d' ' -f6,7",
        ],
    );
    let missing = ["cat: /tmp/a: No such file or directory", "command terminated with exit code 1"];
    let changed = "Since Kubernetes 1.34, delete prints the namespace (for the old output: playground form classic).";
    assert_eq!(said[..3], ["pod \"web-0\" deleted from default namespace", changed, "from web-0"]);
    assert_eq!(said[3..5], missing);
    assert_eq!(said[5..], ["\"GET /"]);
    let storage = view::storage::project(&playground.snapshot(LANG), Some(&web_name()));
    let written: Vec<&str> = storage.rows.iter().map(|row| row.written.as_str()).collect();
    assert_eq!(written, ["“from web-0”", "empty", "empty"]);
}

#[test]
fn who_wrote_something_is_the_line_that_ran_and_not_the_one_typed_last() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let late = "sleep 30; kubectl label pod web-0 late=yes; sleep 30; kubectl label pod web-2 later=yes";
    playground.type_line(late, LANG);
    playground.type_line("kubectl label pod web-1 soon=yes", LANG);
    playground.run(Time(playground.now().0 + 90_000), || true);
    let wrote = |label: &str| {
        let text: Vec<(&str, Vec<&str>)> = playground
            .snapshot(LANG)
            .typed
            .iter()
            .map(|typed| (&*typed.line, typed.wrote.iter().map(|key| &*key.name).collect()))
            .collect();
        let pod = playground.tables().pods().find(|pod| pod.meta.label(label).is_some()).expect("it has the label");
        text.iter().filter(|(_, wrote)| wrote.contains(&&*pod.meta.name)).map(|(line, _)| (*line).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        [wrote("late"), wrote("soon"), wrote("later")],
        [late, "kubectl label pod web-1 soon=yes", late].map(|line| vec![line.to_owned()])
    );
    // Two terminals with the same first line have different lines.
    let [first, second] = [0, 1].map(|tab| {
        playground.choose_tab(tab);
        playground.type_line("true", LANG);
        playground.terminal().lines().iter().map(|line| line.id).collect::<Vec<_>>()
    });
    assert!(!second.is_empty() && !second.iter().any(|id| first.contains(id)));
}

#[test]
fn what_is_in_the_background_outlives_an_interrupt_of_what_is_not() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl port-forward pod/web-0 8080:80 &", LANG);
    playground.type_line("kubectl get pods -w", LANG);
    playground.interrupt();
    assert!(playground.is_busy());
    assert_eq!(answers(&mut playground, &["curl -s localhost:8080 | head -1"]), ["<!DOCTYPE html>"]);
    playground.interrupt();
    assert!(!playground.is_busy());
    let refused = answers(&mut playground, &["curl -s localhost:8080; echo $?"]);
    assert_eq!(refused, ["7"]);
}

#[test]
fn a_watch_in_one_terminal_sees_what_another_does() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("k get pods -w --no-headers", LANG);
    playground.choose_tab(1);
    assert_eq!(answers(&mut playground, &["k scale sts web --replicas=4"]), ["statefulset.apps/web scaled"]);
    playground.choose_tab(0);
    let watched = printed(&playground).concat();
    assert!(watched.contains("web-3") && !watched.contains("scaled"), "{watched}");
    assert!(playground.is_busy());
    playground.interrupt();
    assert!(!playground.is_busy());
    assert_eq!(printed(&playground).last(), Some(&"^C"));
}

#[test]
fn a_shell_in_a_container_answers_line_by_line() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let lines =
        ["k exec -it web-0 -- bash", "cd /usr/share/nginx/html", "echo hi > a", "cat a; ls", "exit", "for i in 1 2", "do echo $i; done"];
    assert_eq!(answers(&mut playground, &lines), ["hi", "a", "index.html", "1", "2"]);
    let typed: Vec<&str> = printed(&playground).into_iter().filter(|line| line.contains("# ") || line.starts_with("> ")).collect();
    assert_eq!(typed[..2], ["root@web-0:/# cd /usr/share/nginx/html", "root@web-0:/usr/share/nginx/html# echo hi > a"]);
    assert_eq!(typed.last(), Some(&"> do echo $i; done"));
    // Without `-i`, nobody can type into it.
    assert_eq!(answers(&mut playground, &["k exec web-0 -- bash; echo $?", "k exec -t web-0 -- sh; echo $?"]), ["0", "0"]);
}

#[test]
fn a_line_is_completed_as_far_as_all_words_agree() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (line, want) in [
        ("k get pods | grep x; k delete pod w", Some("k get pods | grep x; k delete pod web-")),
        ("k delete pod web-", Some("k delete pod web-")),
        ("k delete pod web-1", Some("k delete pod web-1 ")),
        ("kubectl rollout sta", Some("kubectl rollout status ")),
        ("kubectl explain pod.sp", Some("kubectl explain pod.spec.")),
        ("k delete pod 웹", None),
        ("k get pods;kub", Some("k get pods;kubectl ")),
        ("echo $(k", Some("echo $(kubectl ")),
        ("k get pods|k delete pod web-1", Some("k get pods|k delete pod web-1 ")),
        ("sca", None),
    ] {
        assert_eq!(playground.completed(line).as_deref(), want, "{line}");
    }
}

#[test]
fn unknown_fields_are_left_out_where_nobody_is_strict() {
    let mut playground = Playground::new(&setup(), EXAMPLE);
    let lines = [
        "printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\ndatum: {}\\n' > a.yaml",
        "k create -f a.yaml",
        "k apply -f a.yaml --validate=warn",
        "k apply -f a.yaml --validate=false",
        "k apply -f https://k8s.io/examples/application/web/web.yaml",
    ];
    let said = answers(&mut playground, &lines);
    assert!(said[0].contains("strict decoding error: unknown field \"datum\""), "{said:?}");
    let rest = [
        "Warning: unknown field \"datum\"",
        "configmap/a created",
        "configmap/a configured",
        "service/nginx created",
        "statefulset.apps/web created",
    ];
    assert_eq!(said[1..], rest);
}

#[test]
fn a_field_that_stays_can_be_had_by_making_the_set_anew_around_its_pods() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let uids = |playground: &Playground| playground.tables().pods().map(|pod| pod.meta.uid).collect::<Vec<_>>();
    let before = uids(&playground);
    playground.edit(EXAMPLE.replace("OrderedReady", "Parallel"), LANG);
    playground.type_line(&command::apply(), LANG);
    let help = playground.verdicts().refusals[0].help.clone().expect("something can be done");
    assert_eq!(help.line, "kubectl delete statefulset web --cascade=orphan");
    for line in [help.line, command::apply()] {
        playground.type_line(&line, LANG);
        settle(&mut playground);
    }
    assert!(playground.tables().stateful_set("default", "web").is_some_and(|set| set.parallel()), "{:?}", printed(&playground));
    assert_eq!((uids(&playground), playground.verdicts().refusals.len()), (before, 0));
    // What is wrong with a value is not mended by that, nor what no set may have. A value may have any words in it.
    for (from, to, sentence) in [
        ("replicas: 3", "replicas: -3", "replicas does not accept this value."),
        ("containers:", "activeDeadlineSeconds: 5\n      containers:", ""),
        ("- name: nginx\n        image", "- name: updates to \"A\" is immutable\n        image", "name does not accept this value."),
    ] {
        let playground = started(&EXAMPLE.replace(from, to));
        let refusal = &playground.verdicts().refusals[0];
        assert_eq!((&refusal.help, refusal.plain.plain().contains(sentence)), (&None, true), "{to}: {refusal:?}");
    }
}

#[test]
fn a_word_that_is_nearly_a_field_is_mended() {
    let playground = started(&EXAMPLE.replace("volumeClaimTemplates:", "volumeClaimTemplate:"));
    let refusal = &playground.verdicts().refusals[0];
    assert_eq!(refusal.help.as_ref().map(|help| help.line.as_str()), Some("kubectl explain statefulset.spec"));
    let fix = refusal.fix.as_ref().expect("the field is near another");
    let meant = Fix::Word { line: 38, from: "volumeClaimTemplate".to_owned(), to: "volumeClaimTemplates".to_owned() };
    assert_eq!(*fix, meant);
    assert_eq!(fix.mend(playground.manifest()), EXAMPLE);
}

#[test]
fn what_is_typed_ahead_is_for_the_program_that_comes_up() {
    let mut playground = Playground::new(&setup(), "");
    for line in ["kubectl run -it t --image=busybox:1.28 --restart=Never --rm", "hostname", "exit", "echo here"] {
        playground.type_line(line, LANG);
    }
    assert_eq!((playground.prompt(), playground.is_busy()), ("", true));
    playground.run(Time(60_000), || true);
    let said: Vec<&str> = playground.terminal().lines().iter().map(|line| line.text.as_str()).collect();
    assert_eq!(said[1..4], ["hostname", "exit", "echo here"], "{said:#?}");
    let [container, here] = ["t", "here"].map(|word| said.iter().position(|line| *line == word));
    assert!(container.is_some() && container < here, "{said:#?}");
    assert!(playground.tables().pod("default", "t").is_none() && !playground.is_busy() && playground.prompt() == "$ ");
}
