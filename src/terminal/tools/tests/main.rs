//! What real Helm, Argo CD, Flux and kubectl did with two states, played again: `tests/data/by/cases.txt`, which `read.py` beside it has
//! read from their logs. What the model does otherwise is listed in `differs.txt`, with the reason.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use api::kind::Kind;
use api::object::ObjectKey;
use cluster::timing::Timing;
use plan::by::{asked, managers_of};
use plan::course::{Act, Course};
use plan::trial::Trial;
use plan::watch::Event;
use playground::{Playground, setup};
use plugged as _;
use sim::{Setup, Sim};
use text::plan::{Says, Way};
use tools::asked::Options;
use tools::tool::Tool;

fn data(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/data/by").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A case: the lines below its name, by their first words.
struct Case {
    name: String,
    tool: Tool,
    made_by: Option<Tool>,
    lines: Vec<(String, String)>,
}

impl Case {
    fn all(&self, key: &str) -> Vec<&str> {
        self.lines.iter().filter(|(known, _)| known == key).map(|(_, value)| &**value).collect()
    }

    fn one(&self, key: &str) -> &str {
        self.all(key).first().copied().unwrap_or_default()
    }
}

fn cases(text: &str) -> (BTreeMap<String, String>, Vec<Case>) {
    let (mut objects, mut cases) = (BTreeMap::new(), Vec::<Case>::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        match key {
            "object" => {
                let (number, json) = value.split_once(' ').expect("a number and an object");
                objects.insert(number.to_owned(), json.to_owned());
            }
            "case" => {
                let words: Vec<&str> = value.split(' ').collect();
                let tool = Tool::named(words[1]).expect("a tool");
                let made_by =
                    if words.get(2) == Some(&"nobody") { None } else { words.get(2).map_or(Some(tool), |word| Tool::named(word)) };
                cases.push(Case { name: words[0].to_owned(), tool, made_by, lines: Vec::new() });
            }
            _ => cases.last_mut().expect("a case").lines.push((key.to_owned(), value.to_owned())),
        }
    }
    (objects, cases)
}

/// What the model shows of a case, in the lines of the cases.
fn played(case: &Case, objects: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let state = |key: &str| {
        case.one(key).split(' ').filter_map(|number| objects.get(number)).map(|json| format!("{json}\n")).collect::<Vec<_>>().join("---\n")
    };
    let (old, new) = (state("before"), state("after"));
    let since: Vec<String> = case.all("since").into_iter().map(str::to_owned).collect();
    let install = case.made_by.map(|tool| Act::By(Rc::new(asked(tool, None, Options::default(), ["", &old]))));
    let acts = install.into_iter().chain(since.into_iter().map(Act::Line)).collect();
    // The machines of the logs are those of the recordings.
    let empty = Playground::new(&Setup { timing: Timing::recording(), ..setup() }, "");
    let mut trial = Trial::new(&Rc::new(empty), Way::AsGiven, acts);
    while !trial.step() {}
    let (world, refused) = trial.into_world();
    assert!(refused.is_empty(), "{}: {refused:?}", case.name);
    let words: Vec<String> = case.one("options").split_whitespace().map(str::to_owned).collect();
    let options = Options::read(case.tool, &words).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let before = world.sim().log().len();
    let asked = asked(case.tool, case.made_by, options, [&old, &new]);
    let mut trial = Trial::new(&Rc::new(world), Way::AsGiven, vec![Act::By(Rc::new(asked))]);
    while !trial.step() {}
    let sim = trial.sim().clone();
    shown(&sim, before, &trial.finish())
}

/// What every namespace has, and the first one.
const OF_ALL: [&str; 2] = ["cm/kube-root-ca.crt", "svc/kubernetes"];
/// The kinds of which a case names what is there at the end.
const THERE: [(Kind, &str); 5] = [
    (Kind::ConfigMap, "cm"),
    (Kind::Service, "svc"),
    (Kind::PodDisruptionBudget, "pdb"),
    (Kind::HorizontalPodAutoscaler, "hpa"),
    (Kind::StatefulSet, "sts"),
];

fn shown(sim: &Sim, before: usize, course: &Course) -> Vec<(String, String)> {
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut see = |key: &str, value: String| seen.push((key.to_owned(), value));
    let (outcome, tables) = (&course.outcome, sim.tables());
    see("ends", if outcome.refused.is_empty() { "well" } else { "badly" }.to_owned());
    for refused in &outcome.refused {
        refused.said.lines().for_each(|line| see("fails", line.replace("/dev/shm/manifest", "FILE").replace("manifest.yaml", "FILE")));
    }
    if let Some(applied) = &outcome.applied {
        applied.said.iter().flat_map(|said| said.lines()).for_each(|line| see("says", line.replace("/dev/shm/manifest", "FILE")));
        see("seconds", format!("{:.1}", applied.took.0 as f64 / 1000.0));
    }
    let config = tables.within(Kind::ConfigMap, "default").find(|config| ["db", "conf"].contains(&&*config.meta().name));
    see("config", config.and_then(|config| config.encode().text_at(&["data", "key"]).map(str::to_owned)).unwrap_or_default());
    let set = tables.stateful_set("default", "db");
    if let Some(set) = set {
        let image = &set.spec.template.containers[0].image;
        see("managers", managers_of(sim, &set.key()).join("; "));
        see("replicas", set.spec.replicas.to_string());
        see("image", image.to_string());
        see("set", format!("{} {} {image}", set.spec.replicas, set.spec.service_name));
    } else {
        see("set", "none".to_owned());
    }
    if let Some(web) = tables.stateful_set("default", "web") {
        see("web", format!("{} {} {}", web.spec.replicas, web.spec.service_name, web.spec.template.containers[0].image));
    }
    let names = |(kind, short): (Kind, &'static str)| tables.within(kind, "default").map(move |one| format!("{short}/{}", one.meta().name));
    let mut there: Vec<String> = THERE.into_iter().flat_map(names).filter(|name| !OF_ALL.contains(&&**name)).collect();
    there.sort();
    see("there", there.join(" "));
    let pods = tables.pods().filter(|pod| pod.meta.name.starts_with("db-"));
    let pods: Vec<String> = pods.map(|pod| format!("{} {}", pod.meta.name, pod.spec.template.containers[0].image)).collect();
    see("pods", if pods.is_empty() { "none".to_owned() } else { pods.join(", ") });
    see("moves", moves(course));
    let log = || sim.log().from(before);
    let leaves = |change: &&server::log::Change| change.key.kind == Kind::PersistentVolumeClaim && change.before.is_some();
    let asked = |change: &server::log::Change| change.after.as_ref().is_none_or(|object| object.meta().terminating());
    let mut claims: Vec<String> = log().filter(leaves).filter(|change| asked(change)).map(|change| change.key.name.to_string()).collect();
    claims.sort();
    claims.dedup();
    if !claims.is_empty() {
        see("claims", claims.join(" "));
    }
    if log().any(|change| change.key.kind == Kind::StatefulSet && change.is_deletion() && *change.key.name == *"db") {
        see("anew", if set.is_some() { "yes" } else { "gone" }.to_owned());
    }
    seen
}

/// `-db-2 +db-2 -db-0/-db-1`: what went and came, in order; what is told to go before the one before is gone has no order.
fn moves(course: &Course) -> String {
    let mut runs: Vec<Vec<String>> = Vec::new();
    let steps = course.outcome.sets.iter().filter(|set| *set.watched.set.name == *"db").flat_map(|set| &set.watched.steps);
    let mut leaving: Vec<String> = Vec::new();
    for step in steps {
        match step.event {
            Event::Created => runs.push(vec![format!("+{}", step.pod)]),
            Event::Deleted(_) => {
                let told = format!("-{}", step.pod);
                let with = runs.last().is_some_and(|run| run.last().is_some_and(|last| leaving.contains(last)));
                leaving.push(told.clone());
                if with { runs.last_mut().expect("a run").push(told) } else { runs.push(vec![told]) }
            }
            Event::Gone => leaving.retain(|told| *told != format!("-{}", step.pod)),
            _ => {}
        }
    }
    for run in &mut runs {
        run.sort();
    }
    runs.into_iter().map(|run| run.join("/")).collect::<Vec<_>>().join(" ")
}

/// Whether the model shows a line of a case.
fn agrees(case: &Case, key: &str, seen: &[(String, String)]) -> bool {
    let (real, own) = (case.all(key), seen.iter().filter(|(known, _)| known == key).map(|(_, value)| &**value).collect::<Vec<&str>>());
    let sorted = |text: &str| {
        let mut parts: Vec<String> = text.split("; ").map(str::to_owned).collect();
        parts.sort();
        parts
    };
    match key {
        // Of a tool that prints more than what is told here, each line that it prints is told.
        "says" => real.iter().all(|line| own.contains(line)),
        "managers" => sorted(real[0]) == sorted(own.first().copied().unwrap_or_default()),
        "seconds" => {
            // How long pods take is the machine's: until when is waited in vain is not.
            let waits = case.one("options").contains("timeout") && case.one("ends") == "badly";
            let number = |text: &str| text.parse::<f64>().unwrap_or_default();
            !waits || (number(real[0]) - number(own.first().copied().unwrap_or_default())).abs() < 4.0
        }
        _ => real == own,
    }
}

const KEYS: [&str; 15] = [
    "ends", "fails", "says", "seconds", "managers", "config", "replicas", "image", "set", "web", "there", "pods", "moves", "claims", "anew",
];

#[test]
fn tools_do_what_they_did() {
    let (objects, all) = cases(&data("cases.txt"));
    let listed = data("differs.txt");
    let listed: Vec<&str> = listed.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let only = std::env::var("BY").unwrap_or_default();
    let (mut wrong, mut found) = (String::new(), Vec::new());
    for case in all.iter().filter(|case| case.name.starts_with(&only)) {
        let seen = played(case, &objects);
        for key in KEYS.into_iter().filter(|key| !case.all(key).is_empty() && !agrees(case, key, &seen)) {
            let place = format!("{} {key}: ", case.name);
            found.push(place.clone());
            if !listed.iter().any(|line| line.starts_with(&place)) {
                let own: Vec<&str> = seen.iter().filter(|(known, _)| known == key).map(|(_, value)| &**value).collect();
                let _ = writeln!(wrong, "{place}\n  real  {}\n  model {}", case.all(key).join("\n        "), own.join("\n        "));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let stale: Vec<&&str> = listed.iter().filter(|line| !found.iter().any(|place| line.starts_with(place))).collect();
    assert!(stale.is_empty() || !only.is_empty(), "listed, and the same: {stale:?}");
    let mut differing: Vec<&str> = found.iter().filter_map(|place| place.split(' ').next()).collect();
    differing.dedup();
    assert!(differing.len() * 40 <= all.len(), "{differing:?} of {} cases", all.len());
}

/// A set and a Job that is a hook of Helm.
const HOOKED: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: 'nginx:1.27'}]}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: pre-upgrade}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: 'busybox:1.37', args: ['true']}]}}}
";

#[test]
fn hooks_are_left_out_and_named_except_by_flux() {
    for (tool, is_left_out) in [(Tool::Helm4, true), (Tool::ArgoCd, true), (Tool::Flux, false)] {
        let acts = vec![Act::By(Rc::new(asked(tool, None, Options::default(), ["", HOOKED])))];
        let mut trial = Trial::new(&Rc::new(Playground::new(&setup(), "")), Way::AsGiven, acts);
        while !trial.step() {}
        assert_eq!(
            trial.sim().tables().get(&ObjectKey::new(Kind::Job, &"default".into(), &"migrate".into())).is_none(),
            is_left_out,
            "{tool:?}"
        );
        let names = |says: &Says| matches!(says, Says::Hooks { objects, .. } if *objects == ["job/migrate"]);
        assert_eq!(trial.finish().outcome.notes.iter().any(names), is_left_out, "{tool:?}");
    }
}
