//! What the panes show over each lesson. Held for each lesson is a digest of the panes that are read from the log of writes, at ten
//! instants; `ORDINAL_UPDATE=1` writes the digests anew (`tests/page/panes.txt`).
//!
//! `ORDINAL_PANES=FILE cargo test --test model page::panes` writes the texts of all panes at 50 instants of each lesson to a file instead:
//! those of two commits show what a change of the model or of a pane changes for a visitor.
//!
//! A lesson is played to the end of its task. Beside it stands the same run with a Deployment of the set's template from the first
//! instant on, with which the lesson is compared.

use std::fmt::{Debug, Write};
use std::fs;
use std::path::Path;

use ordinal::api::kind::Kind;
use ordinal::api::object::{NamespacedName, ObjectKey};
use ordinal::api::release::V1_37;
use ordinal::base::hash::Digest;
use ordinal::base::time::Time;
use ordinal::causes::command;
use ordinal::lesson::{Lesson, check, type_lines};
use ordinal::playground::history::{Act, History};
use ordinal::playground::setup;
use ordinal::sim::Setup;
use ordinal::text::Lang;
use ordinal::view::compare::{self, Side};
use ordinal::view::why::{self, Question};
use ordinal::view::{changes, relations};

use super::Visit;
use super::course::course;

/// At how many instants a lesson is looked at for the digests, and for the texts.
const INSTANTS: [u64; 2] = [10, 50];
/// The panes. The first ones are read from the log; of the others, whose sentences change often, only the texts are written.
const PANES: [&str; 8] = ["timeline", "lanes", "compare", "beside", "changes", "why", "asked", "cluster"];
const HELD: usize = 5;

/// A lesson that is played to the end of its task; with a Deployment beside its set from the first line on.
fn played(lesson: &Lesson, with_deployment: bool) -> History {
    let release = lesson.releases.last().copied().unwrap_or(&V1_37);
    let way = lesson.chooses().then(|| check::play(lesson, release).came_true()[0]);
    let mut run = lesson.begin(&Setup { release, ..setup() }, Lang::English);
    if with_deployment {
        let visit = Visit::of(run.clone());
        let lines = visit.cluster().object.map(|object| command::beside(&object.name, &object.naming));
        type_lines(&mut run, lines.as_slice(), Lang::English);
    }
    run.act(Act::Line(lesson.line_of(way).to_owned()), Lang::English);
    run.run(run.present().now() + lesson.within, || true);
    type_lines(&mut run, lesson.task.as_ref().map_or(&[], |task| &task.solution), Lang::English);
    run
}

/// All that a value has.
fn all(out: &mut String, value: &impl Debug) {
    let _ = writeln!(out, "{value:?}");
}

/// One side of a comparison.
fn side<'a>(label: &str, visit: &'a Visit) -> Side<'a> {
    let state = visit.run.present();
    Side { label: label.to_owned(), shot: state.snapshot(Lang::English), lives: state.lives() }
}

/// The objects that are asked about: the pods and the set shown.
fn asked(visit: &Visit) -> Vec<ObjectKey> {
    let set = visit.set().map(|set| ObjectKey::new(Kind::StatefulSet, &set.namespace, &set.name));
    visit.run.present().tables().all(Kind::Pod).map(|pod| pod.key()).chain(set).collect()
}

/// The texts of the panes that are read from the log, at the instant that a visit shows.
fn held(visit: &Visit, other: &Visit) -> Vec<String> {
    let mut texts = vec![String::new(); HELD];
    let [timeline, lanes, compared, beside, changed] = &mut texts[..] else { unreachable!() };
    let (drawn, shot, set, zero) = (visit.cluster(), visit.shot(), visit.set(), visit.run.zero());
    let (told, text) = (visit.run.present().timeline(), Lang::English.text());
    for identity in drawn.rows(&shot, true, usize::MAX) {
        let track = told.track(&identity.namespace, &identity.pod);
        let _ = writeln!(timeline, "{}: {} {:?}", identity.pod, track.spoken(zero), track.own);
        all(timeline, &track.spans.iter().map(|span| (span.state, span.from, span.to)).collect::<Vec<_>>());
        all(timeline, &track.claim.iter().map(|claim| (claim.from, claim.to)).collect::<Vec<_>>());
    }
    for moment in told.moments() {
        let _ = writeln!(timeline, "{} {} {moment:?}", zero.clock(moment.at), moment.label(text));
    }
    all(timeline, &(told.before(shot.now), told.changes()));
    for (node, spans) in told.lanes().nodes(|node| shot.is_out(node)) {
        all(lanes, &(node, spans.iter().map(|span| (span.state, span.from, span.to)).collect::<Vec<_>>()));
    }
    set.iter().for_each(|set| all(lanes, &told.lanes().ready(&set.namespace, &set.name)));
    drawn.side.iter().for_each(|side| all(lanes, &told.lanes().mixes(&shot, &side.workload)));
    let sides = [side("here", visit), side("there", other)];
    all(compared, &compare::branches(&sides, set.as_ref(), text));
    all(compared, &compare::beside(&sides[1], set.as_ref()));
    for visit in [visit, other] {
        let workload = visit.set().zip(visit.cluster().side);
        let table = workload.and_then(|(set, side)| {
            let deployment = NamespacedName::of(&set.namespace, &side.workload.name);
            compare::side_by_side(visit.run.present().lives(), &visit.shot(), &set, &deployment)
        });
        all(beside, &table);
    }
    for key in asked(visit) {
        let from = changes::reference(&shot, &key, shot.now);
        all(changed, &changes::between(&shot, &key, from, shot.now));
    }
    texts
}

/// The texts of the other panes.
fn others(visit: &Visit) -> [String; PANES.len() - HELD] {
    let mut texts = [const { String::new() }; PANES.len() - HELD];
    let [why, answers, cluster] = &mut texts;
    let (drawn, shot, set) = (visit.cluster(), visit.shot(), visit.set());
    all(why, &why::decisions(&shot));
    all(why, &visit.why());
    for key in asked(visit) {
        for question in [Question::Object(key.clone()), Question::Deleted(key.clone()), Question::Bound(key)] {
            all(answers, &why::answer(&shot, &question));
        }
    }
    for identity in drawn.identities() {
        all(why, &why::project(&shot, set.as_ref(), None, Some(&identity)));
        let key = ObjectKey::new(Kind::Pod, &identity.namespace.as_str().into(), &identity.pod.as_str().into());
        all(answers, &why::answer(&shot, &Question::Deleted(key)));
    }
    all(cluster, &relations::of(&shot, &drawn));
    all(cluster, &visit.application());
    all(cluster, &visit.storage());
    all(cluster, &drawn);
    texts
}

/// Looks at both runs of a lesson at so many instants, evenly from its first to its last.
fn look(lesson: &Lesson, instants: u64, mut at: impl FnMut(&Visit, &Visit)) {
    let [mut visit, mut other] = [false, true].map(|with_deployment| Visit::of(played(lesson, with_deployment)));
    let (from, to) = (visit.run.zero().0.0, visit.run.head().now().0);
    for instant in 1..=instants {
        let now = Time(from + (to - from) * instant / instants);
        visit.seek(now);
        other.seek(now);
        at(&visit, &other);
    }
}

/// The digests of a lesson's panes.
fn digests(lesson: &Lesson) -> Vec<String> {
    let mut digests = [Digest::default(); HELD];
    look(lesson, INSTANTS[0], |visit, other| {
        for (digest, text) in digests.iter_mut().zip(held(visit, other)) {
            digest.text(&text);
        }
    });
    digests.iter().map(|digest| format!("{:08x}", digest.0 & 0xffff_ffff)).collect()
}

/// The texts of a lesson's panes.
fn texts(lesson: &Lesson) -> String {
    let mut out = String::new();
    look(lesson, INSTANTS[1], |visit, other| {
        for (pane, text) in PANES.iter().zip(held(visit, other).into_iter().chain(others(visit))) {
            let _ = writeln!(out, "=== {} {} {pane}\n{text}", lesson.name, visit.clock());
        }
    });
    out
}

#[test]
fn panes_show_over_each_lesson_what_they_showed_before() {
    if let Some(file) = std::env::var_os("ORDINAL_PANES") {
        let all: String = course().iter().map(texts).collect();
        return fs::write(file, all).expect("the texts are written");
    }
    let mut now = format!("# lesson {}\n", PANES[..HELD].join(" "));
    for lesson in course() {
        let _ = writeln!(now, "{} {}", lesson.name, digests(lesson).join(" "));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/panes.txt");
    if std::env::var_os("ORDINAL_UPDATE").is_some() {
        fs::write(&path, &now).expect("the digests are written");
    }
    let was = fs::read_to_string(&path).unwrap_or_default();
    let other: Vec<&str> = now.lines().filter(|line| !was.lines().any(|known| known == *line)).collect();
    assert!(now == was, "panes show something else: ORDINAL_PANES=FILE writes what, ORDINAL_UPDATE=1 the digests.\n{other:#?}");
}
