//! Recordings of real clusters, and whether the model does the same.
//!
//! `recordings/` holds scenarios as they were played on Kubernetes 1.37.1, with the results byte for byte as recorded: a directory
//! per subject, with one per scenario, containing the traces and kubectl's output of two or three runs. Most have a directory `1.36`
//! with one run on 1.36.3, and with a second one of our own if the first happened to go differently from the model's regular run. Those
//! of the spine, of updates and of storage have directories `1.35` and `1.34` of our own, of 1.35.4 and 1.34.4; of several runs, one that
//! goes like the regular run comes first. `pvc-delete-in-use` of 1.34 is left out, of which no run went like the model's: chance decides
//! when a claim is looked at. Directories `1.33` are as they were recorded, and nothing plays them: only releases in [`Release::ALL`] are
//! played.
//! Those in `next` are of 1.38.0-beta.0 alone, two runs each. Those in `further` are our own: an unmodified 1.37.1 control plane, built
//! from its Go modules, with kubelets that behave like the others'. Those from `further/x01` to `further/x49` are of 1.37.2; two of that
//! series are left out, since the last of a batch came first in all of their runs (`x27`, `x38`), and one for flags that are not simulated.
//! `recorder/` makes such recordings; `tests/comparison` compares, for these tests and for the truth page.

mod counts;

use std::sync::OnceLock;

use comparison::compare::compare;
use comparison::listed::{ACCIDENTS, CHANCES};
use comparison::run::Run;
use comparison::suite::{Judged, Line, Score, recorded, scenarios};
use ordinal::api::release::{Release, V1_37};
use ordinal::base::hash::Digest;
use ordinal::base::time::Span;
use ordinal::playground::history::link::MODEL;
use rig::file::Scenario;
use rig::run::{Chance, replay, replay_by_chance};
use serde_json::Value;

/// Whether the run with this jitter in milliseconds and this seed behaves as recorded.
fn goes_so_by_chance(scenario: &Scenario, release: &'static Release, recorded: &[Run], (jitter, seed): (u64, u64)) -> bool {
    let played = replay_by_chance(scenario, release, &Chance { jitter: Span(jitter), seed: Some(seed) }).unwrap();
    compare(recorded, &Run::read(&played.trace, &played.kubectl).unwrap()).behaviour().next().is_none()
}

/// A part of the recordings: one test plays it, and the truth page's test counts what came of it.
pub struct Part {
    /// The names from the first on and before the second.
    names: (&'static str, &'static str),
    /// Whether it is about the former releases instead of the default one.
    former: bool,
    /// Whether each scenario is played twice, to the same bytes.
    twice: bool,
    tally: OnceLock<Tally>,
}

impl Part {
    const fn of(from: &'static str, to: &'static str, former: bool, twice: bool) -> Part {
        Part { names: (from, to), former, twice, tally: OnceLock::new() }
    }

    /// What came of it; it is played once, whoever asks first.
    pub fn tally(&self) -> &Tally {
        self.tally.get_or_init(|| {
            let mut tally = Tally::default();
            let releases = if self.former { &Release::ALL[1..] } else { &Release::ALL[..1] };
            let (from, to) = self.names;
            for name in scenarios().iter().filter(|name| (from..to).contains(&name.as_str())) {
                for judged in releases.iter().filter_map(|release| Judged::of(name, release)) {
                    tally.add(&judged);
                    if self.twice {
                        tally.again(&judged);
                    }
                }
            }
            tally
        })
    }
}

/// All parts. What we recorded ourselves is in three: all of it at once would keep one core busy for long. It is played once each: that a
/// second time is alike is seen of the groups, and of a million random operations by `laws --twice`.
pub static PARTS: [Part; 12] = [
    Part::of("spine/", "spine0", false, true),
    Part::of("updates/", "updates0", false, true),
    Part::of("storage/", "storage0", false, true),
    Part::of("ownership/", "ownership0", false, true),
    Part::of("nodes/", "nodes0", false, true),
    Part::of("deployments/", "deployments0", false, true),
    Part::of("kubectl/", "kubectl0", false, true),
    Part::of("others/", "others0", false, true),
    Part::of("further/", "further/m", false, false),
    Part::of("further/m", "further/v", false, false),
    Part::of("further/v", "further0", false, false),
    Part::of("", "~", true, false),
];

/// Counts the matches, and collects unexpected differences.
#[derive(Default)]
pub struct Tally {
    /// The scenarios, as the truth page lists them.
    pub lines: Vec<Line>,
    /// How they count.
    pub score: Score,
    /// Of everything that was played.
    digest: Digest,
    wrong: Vec<String>,
}

impl Tally {
    /// Adds a scenario. It must be as recorded, down to what kubectl prints, but for what `comparison::listed` has. Every law must hold.
    fn add(&mut self, judged: &Judged) {
        self.digest.text(&judged.played.trace);
        self.digest.text(&judged.played.kubectl);
        let (score, state) = (judged.score(), if judged.is_same() { "same" } else { "DIFF" });
        println!("{state} {} on {}: text {}/{}", judged.name, judged.release.name, score.right, score.commands);
        self.score += score;
        self.wrong.extend_from_slice(&judged.wrong);
        self.lines.push(judged.line());
    }

    /// Played twice, a scenario leaves the same bytes.
    fn again(&mut self, judged: &Judged) {
        let (first, second) = (&judged.played, replay(&judged.scenario, judged.release).unwrap());
        if *first != second {
            let differs = first.trace.lines().zip(second.trace.lines()).find(|(a, b)| a != b);
            self.wrong.push(format!("{} differs when it is played again, from {differs:?} on", judged.name));
        }
    }
}

/// Plays a part, by where its names begin, and asserts that all behaves as on a real cluster, and where it is played twice, both times
/// alike. Returns a digest of what it did.
fn check(from: &str) -> Digest {
    let part = PARTS.iter().find(|part| part.names.0 == from).expect("a part");
    let Tally { score: Score { scenarios, same, commands, right }, digest, wrong, .. } = part.tally();
    println!("from {from:?} on: {same} of {scenarios} scenarios and {right} of {commands} kubectl outputs the same");
    assert!(*scenarios > 0, "no scenarios from {from:?} on");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    *digest
}

#[test]
fn the_former_releases_go_as_on_a_real_cluster() {
    check("");
}

#[test]
fn what_once_went_another_way_on_a_former_release_can_go_so_by_chance() {
    for (release, name, chance, why) in ACCIDENTS.iter().chain(CHANCES) {
        let release = Release::named(release).expect("a release");
        let (recorded, placed) = recorded(name, release).expect("a recording");
        let regular = replay(&placed, release).unwrap();
        let found = compare(&recorded[..1], &Run::read(&regular.trace, &regular.kubectl).unwrap());
        assert!(found.behaviour().next().is_some(), "{name} goes as in the first recording: {why} is no accident any more");
        assert!(
            goes_so_by_chance(&placed, release, &recorded[..1], *chance),
            "{name}: with {chance:?} it does not go as recorded ({why}); `replay --jitter --seed` finds others"
        );
    }
}

#[test]
fn the_spine_goes_as_on_a_real_cluster() {
    const DIGITS: u64 = 0xf_ffff;
    let digest = check("spine/");
    assert_eq!(
        MODEL,
        format!("{:05x}", digest.0 & DIGITS),
        "the model does something else than before: `link::MODEL` has to be the latter"
    );
}

#[test]
fn updates_go_as_on_a_real_cluster() {
    check("updates/");
}

#[test]
fn storage_goes_as_on_a_real_cluster() {
    check("storage/");
}

#[test]
fn ownership_goes_as_on_a_real_cluster() {
    check("ownership/");
}

#[test]
fn nodes_go_as_on_a_real_cluster() {
    check("nodes/");
}

#[test]
fn deployments_go_as_on_a_real_cluster() {
    check("deployments/");
}

#[test]
fn kubectl_goes_as_on_a_real_cluster() {
    check("kubectl/");
}

#[test]
fn everything_else_goes_as_on_a_real_cluster() {
    check("others/");
}

#[test]
fn what_we_recorded_ourselves_goes_as_on_a_real_cluster() {
    check("further/");
}

#[test]
fn what_we_recorded_ourselves_from_m_on_goes_as_on_a_real_cluster() {
    check("further/m");
}

#[test]
fn what_we_recorded_ourselves_from_v_on_goes_as_on_a_real_cluster() {
    check("further/v");
}

/// The recordings of a scenario on the default release.
fn first_release(scenario: &str) -> Vec<Run> {
    recorded(scenario, &V1_37).expect("a recording").0
}

/// The first recorded run of a scenario with its lines and commands changed.
fn changed(scenario: &str, change: impl Fn(&mut Vec<Value>, &mut Vec<Value>)) -> Run {
    let mut run = first_release(scenario).remove(0);
    change(&mut run.trace, &mut run.commands);
    run
}

#[test]
fn what_a_real_run_did_is_never_wrong() {
    for scenario in scenarios().iter().filter(|s| s.starts_with("spine/")) {
        let real = first_release(scenario);
        for run in &real {
            let found = compare(&real, run);
            assert!(found.behaviour().next().is_none() && found.text.is_empty(), "{found:#?}");
        }
    }
}

#[test]
fn each_kind_of_mistake_is_found_and_called_by_its_name() {
    type Change = fn(&mut Vec<Value>, &mut Vec<Value>);
    let cases: [(&str, Change, &str); 8] = [
        ("spine/create-ordered", |trace, _| trace.retain(|x| x["e"] != "pod.phase"), "life state"),
        ("spine/create-ordered", |trace, _| trace.retain(|x| x["e"] != "event"), "events"),
        (
            "spine/create-ordered",
            |trace, _| {
                let ready = trace.iter().position(|x| x["e"] == "pod.condition" && x["status"] == "True").unwrap();
                let second = trace.iter().position(|x| x["e"] == "pod.created" && x["name"] == "web-1").unwrap();
                let entry = trace.remove(second);
                trace.insert(ready, entry);
            },
            "order",
        ),
        (
            "spine/delete-pod",
            |trace, _| trace.iter_mut().filter(|x| x["e"] == "pod.bound" && x["inst"] == 2).for_each(|x| x["node"] = "node-9".into()),
            "place",
        ),
        ("spine/delete-pod", |trace, _| trace.retain(|x| x["e"] != "endpoints"), "state"),
        ("spine/delete-pod", |trace, _| trace.retain(|x| x["e"] != "pod.created" || x["inst"] != 2), "life order state"),
        (
            "spine/delete-pod",
            |_, commands| {
                commands[0]["rc"] = 1.into();
                commands[1]["stdout"] = "NAME\n".into();
            },
            "text",
        ),
        ("spine/delete-pod", |trace, _| trace.retain(|x| x["e"] != "settled"), "state"),
    ];
    for (scenario, change, want) in cases {
        let found = compare(&first_release(scenario), &changed(scenario, change));
        let texts = (!found.text.is_empty()).then_some("text");
        let words = found.parts().into_iter().filter(|(_, found)| !found.is_empty()).map(|(word, _)| word).chain(texts);
        let words: Vec<&str> = words.collect();
        assert_eq!(words.join(" "), want, "{scenario}: {found:#?}");
    }
}
