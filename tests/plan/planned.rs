//! Plans of changes of the example, and what they say.

use super::deletions;
use std::rc::Rc;

use ordinal::api::object::{Object, StatefulSet};
use ordinal::api::release::{V1_34, V1_36, V1_37};
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::causes::command;
use ordinal::plan::case::Case;
use ordinal::plan::course::{End, Why};
use ordinal::plan::watch::Event;
use ordinal::plan::{Change, Finding, Plan, Way, agree, asked, case, of, report, told};
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::sim::Setup;
use ordinal::sim::setup::ClassSetup;
use ordinal::text::Lang;
use ordinal::why::{Cause, Family, Reason};

/// A manifest, applied and quiet.
fn quiet_with(setup: &Setup, manifest: &str) -> Playground {
    let mut run = Playground::new(setup, manifest);
    run.type_line("kubectl apply -f manifest.yaml", Lang::English);
    run.run(run.now() + Span::seconds(120), || true);
    run
}

/// The example, quiet.
fn quiet() -> Playground {
    quiet_with(&setup(), EXAMPLE)
}

fn lines(lines: &[&str]) -> Change {
    Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect())
}

fn manifest(from: &str, to: &str) -> Change {
    assert!(EXAMPLE.contains(from), "{from}");
    Change::Manifest(EXAMPLE.replace(from, to))
}

fn set(run: &Playground) -> Rc<StatefulSet> {
    run.tables().stateful_sets().next().expect("a set").clone()
}

fn ends(plan: &Plan) -> Vec<(Way, End)> {
    plan.ways.iter().map(|course| (course.way, course.outcome.end)).collect()
}

#[test]
fn a_rollout_is_planned_with_its_reasons_and_done_otherwise() {
    let before = quiet();
    let plan = of(&before, &manifest("nginx:1.27", "nginx:1.28"));
    let web = &plan.given.outcome.sets[0];
    let order: Vec<&str> = deletions(&web.watched).map(|name| &**name).collect();
    assert_eq!((order.as_slice(), plan.given.outcome.end), (&["web-2", "web-1", "web-0"][..], End::Settled));
    let reasons: Vec<_> = web.why.iter().flatten().collect();
    assert!(matches!(reasons.as_slice(), [Why::Decided(Reason::ReplacingForUpdate { ordinal: 2 }), _, _]), "{reasons:?}");
    let ways =
        [(Way::PartitionFirst, End::Settled), (Way::Parallel, End::Settled), (Way::TwoAtOnce, End::Settled), (Way::OnDelete, End::Held)];
    assert_eq!(ends(&plan), ways);
    let by_line = of(&before, &lines(&["kubectl set image sts/web nginx=nginx:1.28"]));
    assert_eq!(ends(&by_line), ways);
    let two = &plan.ways[2].outcome.summary();
    assert_eq!((two.replaced, two.lowest, plan.given.outcome.summary().lowest), (3, 1, 2));
    assert!(plan.findings().is_empty() && plan.fixed.is_empty() && plan.waits.is_empty());
    // The world that was asked about is as it was.
    assert_eq!(before.sim().digest(), quiet().sim().digest());
}

#[test]
fn what_then_happens_agrees_with_the_plan_and_what_else_is_done_does_not() {
    let before = quiet();
    let change = manifest("nginx:1.27", "nginx:1.28");
    let plan = of(&before, &change);
    let Change::Manifest(text) = &change else { panic!("a manifest") };
    let mut run = before.clone();
    run.edit(text.clone(), Lang::English);
    run.type_line("kubectl apply -f manifest.yaml", Lang::English);
    let mut other = run.clone();
    let passes = |run: &mut Playground, seconds| run.run(run.now() + Span::seconds(seconds), || true);
    passes(&mut run, 120);
    assert_eq!(plan.agrees_with(before.sim(), run.sim()), Some(Vec::new()));
    passes(&mut other, 3);
    other.type_line("kubectl delete pod web-0", Lang::English);
    passes(&mut other, 120);
    let differences = plan.agrees_with(before.sim(), other.sim()).unwrap();
    let differs: Vec<_> = differences.iter().map(|one| one.what).collect();
    assert!(differences[0].says().sentence().contains("+web-2"));
    assert!(differs.contains(&agree::What::Order) && differs.contains(&agree::What::Lowest), "{differs:?}");
}

#[test]
fn a_broken_image_ends_stuck_with_what_frees_it_and_stops_at_the_canary() {
    let plan = of(&quiet(), &manifest("nginx:1.27", "nginx:broken"));
    assert_eq!((plan.given.outcome.end, plan.findings()), (End::Stuck, vec![Finding::Stuck]));
    let [verdict] = plan.waits.as_slice() else { panic!("{:?}", plan.waits) };
    assert_eq!((verdict.cause, &*verdict.object.name), (Cause::ImagePullDuringRollout, "web-2"));
    assert!(!verdict.cures.is_empty());
    assert_eq!(ends(&plan)[0], (Way::PartitionFirst, End::Stopped));
}

#[test]
fn a_fixed_field_is_refused_and_the_way_round_was_tried() {
    let before = quiet();
    let plan = of(&before, &manifest("serviceName: nginx", "serviceName: other"));
    assert_eq!((plan.findings(), plan.fixed[0].fields.as_slice()), (vec![Finding::Refused], &["serviceName"][..]));
    assert_eq!(plan.given.outcome.refused[0].at, Some(15));
    let offered: Vec<_> = plan.offered().collect();
    let [round] = offered.as_slice() else { panic!("{offered:?}") };
    // Without a Service of that name, no name resolves, whether or not the pods are made anew.
    assert_eq!((round.way, round.outcome.summary().replaced, round.outcome.end), (Way::Orphan, 0, End::Amiss));
    assert!(plan.ways.is_empty());
}

#[test]
fn claims_are_grown_one_by_one_where_their_class_allows_it() {
    let class = ClassSetup { name: "grows".into(), ..ClassSetup::network_disk() };
    let setup = Setup { classes: vec![class], default_class: "grows".into(), ..setup() };
    let mut before = quiet_with(&setup, EXAMPLE);
    let larger = manifest("storage: 1Gi", "storage: 2Gi");
    for allows in [false, true] {
        before.type_line(&format!("kubectl patch sc grows -p '{{\"allowVolumeExpansion\":{allows}}}'"), Lang::English);
        before.run(before.now() + Span::seconds(5), || true);
        let plan = of(&before, &larger);
        assert_eq!(plan.fixed[0].fields, ["volumeClaimTemplates"]);
        assert_eq!(plan.fixed[0].grow.len(), 3);
        let offered: Vec<Way> = plan.offered().map(|course| course.way).collect();
        assert_eq!(offered, if allows { vec![Way::Orphan, Way::Resize] } else { vec![Way::Orphan, Way::Prepared] });
    }
}

#[test]
fn a_drain_that_a_budget_holds_up_never_ends() {
    let budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n\
                  spec: {minAvailable: 3, selector: {matchLabels: {app: nginx}}}\n";
    let before = quiet_with(&setup(), &format!("{EXAMPLE}{budget}"));
    let plan = of(&before, &Change::Lines(vec![command::drain("node-1")]));
    assert!(plan.given.outcome.blocked.is_some() && plan.given.outcome.sets.is_empty(), "{plan:?}");
    assert_eq!(plan.findings(), [Finding::Stuck]);
}

#[test]
fn data_that_goes_with_its_volume_is_told() {
    let manifest = EXAMPLE.replace("  replicas: 3\n", "  replicas: 3\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n");
    let mut before = quiet_with(&setup(), &manifest);
    before.type_line("kubectl exec web-2 -- sh -c 'echo kept > /data/file'", Lang::English);
    before.run(before.now() + Span::seconds(30), || true);
    let plan = of(&before, &lines(&["kubectl scale sts/web --replicas=2"]));
    assert_eq!(plan.findings(), [Finding::Data]);
    assert!(
        plan.given.outcome.lost.iter().all(|lost| lost.bytes > 0) && plan.given.outcome.lost.len() == 1,
        "{:?}",
        plan.given.outcome.lost
    );
}

#[test]
fn what_stood_still_before_is_not_held_against_a_change_of_something_else() {
    let mut before = quiet();
    before.type_line("kubectl set image sts/web nginx=nginx:broken", Lang::English);
    before.run(before.now() + Span::seconds(120), || true);
    assert_eq!(of(&before, &lines(&["kubectl create namespace other"])).findings(), []);
    // The forced rollback: the change is about the set, and does not free it.
    let image = lines(&["kubectl set image sts/web nginx=nginx:1.27"]);
    let plan = of(&before, &image);
    assert_eq!((plan.findings(), plan.waits[0].family()), (vec![Finding::Stuck], Family::RollbackTrap));
    let freed = of(&before, &lines(&["kubectl set image sts/web nginx=nginx:1.27", "kubectl delete pod web-2"]));
    assert_eq!(freed.given.outcome.end, End::Settled);
}

#[test]
fn an_upgrade_by_itself_replaces_nothing_and_the_next_rollout_goes_by_the_new_rules() {
    let before = quiet_with(&Setup { release: &V1_36, ..setup() }, EXAMPLE);
    let plan = of(&before, &Change::Lines(vec![command::upgrade(&V1_37)]));
    assert_eq!((plan.given.outcome.sets.as_slice(), plan.findings()), (&[][..], vec![]));
    let patch = r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":2}}}}'"#;
    let rollout = [patch, "kubectl rollout restart sts/web"];
    let upgraded = [&["playground upgrade release 1.37"], &rollout[..]].concat();
    let lowest = |typed: &[&str]| of(&before, &lines(typed)).given.outcome.summary().lowest;
    assert_eq!((lowest(&rollout), lowest(&upgraded)), (2, 1));
}

#[test]
fn an_upgrade_from_1_34_changes_what_is_told_of_three_manifests() {
    // What is told of some lines on 1.34, and of the same lines after an upgrade.
    let told = |manifest: &str, typed: &[&str], what: fn(&Plan) -> String| {
        let before = quiet_with(&Setup { release: &V1_34, ..setup() }, manifest);
        [&[][..], &["playground upgrade release 1.37"]].map(|first| what(&of(&before, &lines(&[first, typed].concat()))))
    };
    let patch = |spec: &str| format!("kubectl patch sts web -p '{{\"spec\":{spec}}}'");
    // The field is dropped until its gate is on, so it has to be given again.
    let two = patch(r#"{"updateStrategy":{"rollingUpdate":{"maxUnavailable":2}}}"#);
    let lowest = |plan: &Plan| plan.given.outcome.summary().lowest.to_string();
    assert_eq!(told(EXAMPLE, &[&two, "kubectl rollout restart sts/web"], lowest), ["2", "1"]);
    // Pods that never were Ready are replaced at once.
    let parallel = EXAMPLE.replace("OrderedReady", "Parallel").replace(":1.27", ":broken");
    let together = |plan: &Plan| {
        let steps = &plan.given.outcome.sets[0].watched.steps;
        let gone: Vec<_> = steps.iter().filter(|step| matches!(step.event, Event::Deleted(_))).map(|step| step.at).collect();
        format!("{} of {}", gone.iter().filter(|at| at.since(gone[0]) < Span::seconds(1)).count(), gone.len())
    };
    assert_eq!(told(&parallel, &["kubectl set image sts/web nginx=nginx:1.28"], together), ["1 of 3", "3 of 3"]);
    // A field that never changes is refused in other words.
    let refused = |plan: &Plan| plan.given.outcome.refused[0].said.clone();
    let [whole, field] = told(EXAMPLE, &[&patch(r#"{"serviceName":"other"}"#)], refused);
    assert!(whole.contains("spec: Forbidden: updates to statefulset spec for fields other than"), "{whole}");
    assert!(field.contains("spec.serviceName: Invalid value: \"other\": field is immutable"), "{field}");
}

#[test]
fn a_dump_is_compared_with_a_manifest_down_to_the_values_of_variables() {
    let env = "        env: [{name: MODE, value: fast}]\n        readinessProbe:\n";
    let text = EXAMPLE.replace("        readinessProbe:\n", env);
    let run = quiet_with(&setup(), &text);
    let tables = run.tables();
    let objects = tables.kinds().flat_map(|kind| tables.all(kind)).map(Object::encode);
    let dump = Value::of([("kind", Value::from("List")), ("items", Value::list(objects))]).to_json();
    let world = case::world(&dump, &V1_37).expect("a world");
    let plan = |text: String| of(&world, &Change::Manifest(text)).given.outcome;
    let same = plan(text.clone());
    assert!(same.sets.is_empty() && same.refused.is_empty(), "{same:?}");
    assert_eq!(plan(text.replace("value: fast", "value: slow")).summary().replaced, 3);
    // What was in the manifest applied last, and is not in this one, goes.
    assert_eq!(plan(text.replace(env, "        readinessProbe:\n")).summary().replaced, 3);
}

#[test]
fn what_makes_no_world_is_told_with_its_place() {
    let told = |text: &str| case::world(text, &V1_37).expect_err("no world").iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(told("a: [\n")[0].starts_with("2:1: "), "{:?}", told("a: [\n"));
    assert_eq!(told("a: 1\n"), ["no object"]);
    assert_eq!(case::world("", &V1_37).expect("a cluster without objects").tables().stateful_sets().count(), 0);
    // What the server refuses is left out, and the rest is there.
    let case = Case::new(&EXAMPLE.replace("serviceName", "serviceNam"), "", &V1_37);
    let (world, refused) = case.world().expect("a world");
    assert!(refused[0].to_string().starts_with("15:1: "), "{refused:?}");
    assert_eq!((world.tables().stateful_sets().count(), world.tables().service("default", "nginx").is_some()), (0, true));
}

#[test]
fn what_runs_in_a_terminal_goes_on_beside_the_change() {
    let budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n\
                  spec: {minAvailable: 3, selector: {matchLabels: {app: nginx}}}\n";
    let mut before = quiet_with(&setup(), &format!("{EXAMPLE}{budget}"));
    before.type_line("kubectl drain node-1 --ignore-daemonsets", Lang::English);
    before.run(before.now() + Span::seconds(20), || true);
    assert!(before.is_busy());
    // The budget goes, and the drain that waits for it in the first terminal takes the pod away.
    let plan = of(&before, &lines(&["kubectl delete pdb web"]));
    assert_eq!(deletions(&plan.given.outcome.sets[0].watched).count(), 1);
    assert_eq!((plan.given.outcome.refused.as_slice(), &plan.given.outcome.blocked), (&[][..], &None));
}

#[test]
fn everything_is_told_in_sentences_and_as_data() {
    let before = quiet();
    for change in [
        manifest("nginx:1.27", "nginx:broken"),
        manifest("serviceName: nginx", "serviceName: other"),
        Change::Lines(vec![command::upgrade(&V1_36)]),
    ] {
        let plan = of(&before, &change);
        let told = report::text(&plan, "after.yaml");
        let unfilled = told.lines().filter(|line| !line.trim_start().starts_with('$'));
        assert!(!told.is_empty() && unfilled.clone().all(|line| !line.contains("plan.") && !line.contains("{pods")), "{told}");
        let json = told::json(&plan, "after.yaml");
        assert_eq!(json.list_at(&["findings"]).len(), plan.findings().len());
    }
    assert_eq!(set(&before).spec.replicas, 3);
}

#[test]
fn lines_that_are_often_asked_act_where_the_set_is() {
    let mut before = quiet();
    before.type_line("kubectl create namespace elsewhere", Lang::English);
    before.type_line("kubectl config set-context --current --namespace=elsewhere", Lang::English);
    before.run(before.now() + Span::seconds(5), || true);
    assert_eq!(before.current_namespace(), "elsewhere");
    let all = asked::lines(&before, None);
    assert!(all.len() > 5, "{all:?}");
    for line in &all {
        let outcome = of(&before, &lines(&[line])).given.outcome;
        assert!(outcome.refused.is_empty(), "{line}: {:?}", outcome.refused);
    }
    let rollout = of(&before, &lines(&[&all[2]]));
    assert_eq!(deletions(&rollout.given.outcome.sets[0].watched).count(), 3, "{}", all[2]);
    let refused: Vec<Way> = rollout.ways.iter().filter(|way| !way.outcome.refused.is_empty()).map(|way| way.way).collect();
    assert!(rollout.ways.len() > 2 && refused.is_empty(), "ways name the namespace, too: {refused:?}");
}

#[test]
fn a_dump_that_was_cut_is_refused_with_the_line() {
    let dump = include_str!("../data/diagnose/07-no-default-class/cluster.yaml");
    assert!(case::world(dump, &V1_37).is_ok());
    let lines: Vec<&str> = dump.lines().collect();
    let cut = format!("{}\n  - [", lines[..lines.len() * 2 / 3].join("\n"));
    let Err(faults) = case::world(&cut, &V1_37) else { panic!("a text that was not read whole is planned in") };
    assert!(faults.iter().any(|fault| fault.words.starts_with("line ")), "{faults:?}");
}
