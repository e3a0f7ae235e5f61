//! What the page does and says where the current namespace is not `default`.

use super::questions::passes;
use super::*;
use ordinal::api::object::{NamespacedName, ObjectKey};
use ordinal::causes::Identity;
use ordinal::causes::command::Entry;
use ordinal::playground::examples::Example;
use ordinal::server::log::Actor;
use ordinal::view::cluster::Cluster;
use ordinal::view::links::{Page, Spot};
use ordinal::view::why::Why;
use ordinal::view::{actions, application, side};

const SPACES: [&str; 2] = ["default", "prod"];

/// What a manifest defines, in `default` and again in `prod`, which is the current namespace.
fn both(manifest: &str) -> Playground {
    let mut playground = started(manifest);
    playground.type_line("kubectl create namespace prod", LANG);
    make_current(&mut playground, "prod");
    playground.type_line(&command::apply(), LANG);
    passes(&mut playground, 180);
    playground
}

fn make_current(playground: &mut Playground, namespace: &str) {
    playground.type_line(&format!("kubectl config set-context --current --namespace={namespace}"), LANG);
}

fn identity(namespace: &str, pod: &str) -> Identity {
    Identity { namespace: namespace.into(), pod: pod.into() }
}

/// The matrix of the set of a namespace, and the Deployment beside it.
fn drawn(playground: &Playground, namespace: &str) -> Cluster {
    let shot = playground.snapshot(LANG);
    let mut drawn = cluster::project(&shot, Some(&NamespacedName::of(namespace, "web")));
    let beside = if namespace == "default" { "deployment/web".to_owned() } else { format!("{namespace}: deployment/web") };
    side::add(&mut drawn, &shot, Some(&beside));
    drawn
}

/// Types a line, which has to write to something, and to nothing in another namespace.
#[track_caller]
fn acts_in(playground: &mut Playground, line: &str, namespace: &str) {
    let before = playground.sim().log().len();
    playground.type_line(line, LANG);
    let own = playground.sim().log().from(before).filter(|change| change.by == Actor::User);
    let wrote: Vec<&ObjectKey> = own.map(|change| &change.key).collect();
    assert!(!wrote.is_empty() && wrote.iter().all(|key| *key.namespace == *namespace), "{line} in {namespace}: {wrote:?}");
}

#[test]
fn a_button_acts_on_its_object_whatever_the_current_namespace_is() {
    let playground = both(EXAMPLE);
    for namespace in SPACES {
        let mut playground = playground.clone();
        let line = drawn(&playground, namespace).object.expect("there is a set");
        acts_in(&mut playground, &command::beside(&line.name, &line.naming), namespace);
        acts_in(&mut playground, &actions::roll_out(&line).expect("it has an image"), namespace);
        settle(&mut playground);
        acts_in(&mut playground, &line.naming.partition(&line.name, 2), namespace);
        let drawn = drawn(&playground, namespace);
        let line = drawn.object.as_ref().expect("there is a set");
        let partition = drawn.partition.as_ref().expect("one was set").command(1);
        let beside = drawn.side.as_ref().and_then(|side| side.scale(1)).expect("a Deployment stands beside it");
        let web_1 = identity(namespace, "web-1");
        let entries = actions::entries(&playground.snapshot(LANG), &drawn, Some(&web_1));
        let (own, of_kubectl): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.line.starts_with("playground"));
        assert_eq!(of_kubectl.len(), 5, "delete, roll out, a broken image, undo, and the Deployment's: {of_kubectl:#?}");
        for typed in of_kubectl.into_iter().map(|entry| entry.line).chain([line.scale(1), partition, beside]) {
            acts_in(&mut playground.clone(), &typed, namespace);
        }
        for verb in ["unready", "ready"] {
            let unready = own.iter().find(|entry| entry.line.contains("unready pod")).expect("a pod can be held unready");
            playground.type_line(&unready.line.replace("unready", verb), LANG);
            assert_eq!(held(&playground), if verb == "unready" { vec![web_1.clone()] } else { Vec::new() });
        }
    }
}

/// The pods that are held unready.
fn held(playground: &Playground) -> Vec<Identity> {
    let shot = playground.snapshot(LANG);
    let all = shot.tables.pods().map(|pod| identity(&pod.meta.namespace, &pod.meta.name));
    all.filter(|identity| shot.holds_unready(identity)).collect()
}

#[test]
fn a_pod_that_takes_the_place_of_one_held_unready_is_not_held() {
    let mut playground = both(EXAMPLE);
    let (web_1, drawn) = (identity("default", "web-1"), drawn(&playground, "default"));
    let offered = |playground: &Playground| {
        let entries = actions::entries(&playground.snapshot(LANG), &drawn, Some(&web_1));
        entries.into_iter().find(|entry| entry.line.contains("ready pod")).expect("a pod can be held unready").line
    };
    let [unready, ready] = ["unready", "ready"].map(|verb| format!("playground {verb} pod web-1 --namespace=default"));
    assert_eq!(offered(&playground), unready);
    playground.type_line(&unready, LANG);
    assert_eq!(offered(&playground), ready);
    playground.type_line("kubectl delete pod web-1 -n default", LANG);
    settle(&mut playground);
    assert_eq!(offered(&playground), unready);
}

#[test]
fn clients_write_to_the_application_whose_button_it_is() {
    let playground = both(Example::Replicas.manifest());
    for namespace in SPACES {
        let mut playground = playground.clone();
        let shown = application::project(&playground.snapshot(LANG), Some(&NamespacedName::of(namespace, "db")));
        playground.type_line(&shown.entries[1].line, LANG);
        let ledgers = SPACES
            .map(|of| playground.sim().disks().replicated().ledger(&NamespacedName::of(of, "db")).is_some_and(|ledger| ledger.left > 0));
        assert_eq!(ledgers, SPACES.map(|of| of == namespace), "{}", shown.entries[1].line);
    }
}

#[test]
fn a_way_out_acts_on_what_waits() {
    let playground = both(EXAMPLE);
    let crash = r#"-p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"busybox","command":["false"]}]}}}}'"#;
    let finalizer = r#"-p '{"metadata":{"finalizers":["example.com/held"]}}'"#;
    for namespace in SPACES {
        let asked = |playground: &Playground, pod: Option<&str>| {
            let pod = pod.map(|pod| identity(namespace, pod));
            why::project(&playground.snapshot(LANG), Some(&NamespacedName::of(namespace, "web")), None, pod.as_ref())
        };
        let mut undone = playground.clone();
        undone.type_line(&format!("kubectl patch statefulset web {crash} -n {namespace}"), LANG);
        passes(&mut undone, 120);
        let way = asked(&undone, None).ways.remove(0).entry.line;
        acts_in(&mut undone, &way, namespace);
        let mut held = playground.clone();
        held.type_line(&format!("kubectl patch pod web-2 {finalizer} -n {namespace}"), LANG);
        held.type_line(&format!("kubectl delete pod web-2 --wait=false -n {namespace}"), LANG);
        passes(&mut held, 120);
        let Why { ways, asks, .. } = asked(&held, Some("web-2"));
        // The questions beside an answer are about the same object.
        for ask in asks {
            held.type_line(&ask.line, LANG);
            let said = printed(&held).join("\n");
            assert!(!said.contains("Nobody has deleted") && ask.line.contains("web-2"), "{}: {said}", ask.line);
        }
        acts_in(&mut held, &ways[0].entry.line, namespace);
    }
}

#[test]
fn a_title_names_a_namespace_that_is_not_the_current_one() {
    let mut playground = both(EXAMPLE);
    playground.type_line("kubectl create deployment api --image=nginx:1.27", LANG);
    passes(&mut playground, 10);
    let titles = |playground: &Playground, of: &str| {
        let mut drawn = drawn(playground, of);
        side::add(&mut drawn, &playground.snapshot(LANG), Some("prod: deployment/api"));
        (drawn.object.expect("there is a set").title(false), drawn.side.expect("there is a Deployment").title())
    };
    assert_eq!(titles(&playground, "prod"), ("statefulset/web".to_owned(), "deployment/api".to_owned()));
    assert_eq!(titles(&playground, "default"), ("default: statefulset/web".to_owned(), "deployment/api".to_owned()));
    make_current(&mut playground, "default");
    assert_eq!(titles(&playground, "prod"), ("prod: statefulset/web".to_owned(), "prod: deployment/api".to_owned()));
}

/// A manifest with the set alone.
fn set_alone() -> &'static str {
    EXAMPLE.split_once("---\n").expect("a Service, and a set").1
}

#[test]
fn the_note_about_a_missing_service_is_true_of_the_namespace_that_apply_writes_to() {
    let mut playground = both(EXAMPLE);
    for (namespace, other) in [("prod", "default"), ("default", "prod")] {
        make_current(&mut playground, namespace);
        playground.edit(set_alone().to_owned(), LANG);
        let notes = |playground: &Playground, without: &str| {
            let mut playground = playground.clone();
            playground.type_line(&format!("kubectl delete service nginx -n {without}"), LANG);
            playground.type_line(&command::apply(), LANG);
            playground.verdicts().notes.len()
        };
        assert_eq!((notes(&playground, namespace), notes(&playground, other)), (1, 0), "{namespace}");
    }
    // What was noted is looked at again where another namespace becomes the current one.
    playground.type_line("kubectl delete service nginx", LANG);
    playground.type_line(&command::apply(), LANG);
    assert_eq!(playground.verdicts().notes.len(), 1);
    make_current(&mut playground, "prod");
    assert_eq!(playground.verdicts().notes.len(), 0);
}

#[test]
fn the_notes_about_references_and_budgets_are_true_of_the_namespace_that_apply_writes_to() {
    let refers = "apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec:\n  containers:\n  - name: c\n    image: nginx\n    \
                  envFrom: [{configMapRef: {name: settings}}]\n";
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: few}\nspec:\n  minAvailable: 3\n  \
                  selector: {matchLabels: {app: nginx}}\n";
    let mut playground = both(EXAMPLE);
    playground.type_line("kubectl create configmap settings --from-literal=a=b -n default", LANG);
    playground.type_line("kubectl scale statefulset web --replicas=5 -n default", LANG);
    let notes = |manifest: &str, namespace: &str| {
        let mut playground = playground.clone();
        make_current(&mut playground, namespace);
        playground.edit(manifest.to_owned(), LANG);
        playground.type_line(&command::apply(), LANG);
        assert_eq!(playground.verdicts().refusals, []);
        playground.verdicts().notes.len()
    };
    assert_eq!((notes(refers, "prod"), notes(refers, "default")), (1, 0), "the ConfigMap is in default");
    assert_eq!((notes(budget, "prod"), notes(budget, "default")), (1, 0), "three of three, three of five");
}

#[test]
fn what_the_editor_refuses_is_what_apply_refuses() {
    let parallel = EXAMPLE.replace("OrderedReady", "Parallel");
    for namespace in SPACES {
        let mut playground = both(EXAMPLE);
        make_current(&mut playground, namespace);
        playground.type_line("kubectl delete statefulset web", LANG);
        settle(&mut playground);
        playground.edit(parallel.clone(), LANG);
        playground.type_line(&command::apply(), LANG);
        assert_eq!(playground.verdicts().refusals, [], "there is no set in {namespace}: {:?}", printed(&playground));
        settle(&mut playground);
        // In the other namespace there is one, of which the field cannot be changed.
        let other = SPACES.into_iter().find(|other| *other != namespace).expect("there are two");
        make_current(&mut playground, other);
        playground.type_line(&command::apply(), LANG);
        let help = playground.verdicts().refusals[0].help.clone().expect("something can be done");
        acts_in(&mut playground, &help.line, other);
    }
}

#[test]
fn an_object_that_names_the_other_namespace_is_made_anew_there() {
    let mut playground = both(EXAMPLE);
    let named = set_alone().replace("  name: web\n", "  name: web\n  namespace: default\n").replace("OrderedReady", "Parallel");
    playground.edit(named, LANG);
    playground.type_line(&command::apply(), LANG);
    let help = playground.verdicts().refusals[0].help.clone().expect("something can be done");
    acts_in(&mut playground, &help.line, "default");
}

#[test]
fn a_current_namespace_that_does_not_exist_is_said_to_be_missing() {
    let mut playground = Playground::new(&setup(), EXAMPLE);
    make_current(&mut playground, "prod");
    playground.type_line(&command::apply(), LANG);
    let [refusal] = playground.verdicts().refusals.as_slice() else { panic!("{:?}", playground.verdicts()) };
    let help = refusal.help.clone().expect("it can be made").line;
    assert_eq!((help.as_str(), playground.applied()), ("kubectl create namespace prod", None));
    playground.type_line(&help, LANG);
    assert_eq!(playground.verdicts().refusals, [], "the text is looked at again");
    playground.type_line(&command::apply(), LANG);
    assert!(playground.tables().stateful_set("prod", "web").is_some());
}

#[test]
fn what_was_applied_is_known_by_the_namespace_it_was_applied_in() {
    let mut playground = started(EXAMPLE);
    let sets = |playground: &Playground| playground.sets_applied().collect::<Vec<_>>();
    assert_eq!(sets(&playground), [NamespacedName::of("default", "web")]);
    playground = both(EXAMPLE);
    let goes_on = |playground: &Playground, namespace: &str| {
        let shot = playground.snapshot(LANG);
        let page = Page { shot: &shot, namespace, lines: &[], moments: &[], near: None };
        let spot = page.read("statefulset/web").expect("a token");
        let lines: Vec<Spot> = page.linked(&spot).into_iter().filter(|spot| matches!(spot, Spot::Line(_))).collect();
        let why = why::project(&shot, Some(&NamespacedName::of(namespace, "web")), None, Some(&identity(namespace, "web-7")));
        (lines.contains(&Spot::Line(16)), why.line)
    };
    for current in ["prod", "default"] {
        make_current(&mut playground, current);
        assert_eq!(sets(&playground), [NamespacedName::of("prod", "web")], "while {current} is the current one");
        assert_eq!(goes_on(&playground, "prod"), (true, Some(16)), "while {current} is the current one");
        assert_eq!(goes_on(&playground, "default"), (false, None), "while {current} is the current one");
    }
}

#[test]
fn the_pages_own_words_mean_the_current_namespace_unless_they_name_another() {
    let mut playground = both(EXAMPLE);
    playground.type_line("playground unready pod web-0", LANG);
    assert_eq!(held(&playground), [identity("prod", "web-0")]);
    passes(&mut playground, 60);
    let says = |playground: &mut Playground, line: &str| {
        let before = playground.terminal().lines().len();
        playground.type_line(line, LANG);
        playground.terminal().lines()[before + 1].text.clone()
    };
    assert_eq!(says(&mut playground, "why web-0"), "web-0 is running, but not Ready.");
    for line in ["why web-0 -n default", "why web-0 --namespace=default"] {
        assert_eq!(says(&mut playground, line), "web-0 is Ready.");
    }
    for line in ["playground unready pod web-1 -n default", "playground unready pod web-1 --namespace default"] {
        playground.type_line(line, LANG);
        assert_eq!(held(&playground), [identity("default", "web-1"), identity("prod", "web-0")]);
        playground.type_line("playground ready --namespace=default pod web-1", LANG);
        assert_eq!(held(&playground), [identity("prod", "web-0")]);
    }
    for (line, said) in [
        ("playground unready pod web-0", "web-0 already counts as not Ready: nothing to do."),
        ("playground ready pod web-0", "The containers of web-0 answer again."),
        ("playground ready pod web-0", "The containers of web-0 that run are ready: nothing to do."),
        ("playground unready pod web-0", "web-0 now counts as not Ready, as if its readiness probe failed."),
        ("playground start node node-1", "node-1 is on and on the network: nothing to do."),
        ("playground cut node node-1", "node-1 is cut off from the network."),
        ("playground cut node node-1", "node-1 is not on the network anyway: nothing to do."),
        ("playground stop node node-1", "node-1 is switched off."),
        ("playground start node node-1", "node-1 is on and on the network again."),
        ("kubectl delete node node-1; playground start node node-1", "node \"node-1\" deleted"),
        ("playground freeze pod web-1 -n default", "The processes of web-1 hang."),
    ] {
        assert_eq!(says(&mut playground, line), said, "{line}");
    }
    let last = playground.terminal().lines().iter().rev().nth(2).map(|line| line.text.clone());
    assert_eq!(last.as_deref(), Some("node-1 is on and on the network again."), "a node that was deleted registers again");
    assert_eq!(says(&mut playground, "playground unready pod web-1 -n"), "why NAME", "an option without its value brings the usage");
    // A line sees what was made the current namespace before it.
    playground.type_line("kubectl config set-context --current --namespace=default && playground unready pod web-2", LANG);
    assert_eq!(held(&playground), [identity("default", "web-2"), identity("prod", "web-0")]);
}
