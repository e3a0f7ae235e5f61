//! The lessons of the course: what decided an answer is drawn where the page can mark it.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use ordinal::api::kind::Kind;
use ordinal::causes::Identity;
use ordinal::lesson::{self, Lesson, Phase, Progress, Thing, check};
use ordinal::playground::history::Act;
use ordinal::playground::setup;
use ordinal::text::Lang;

use super::Visit;

/// The course, put together as the page's file of it is.
pub fn course() -> &'static [Lesson] {
    static OPENED: OnceLock<()> = OnceLock::new();
    OPENED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page/lesson");
        let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file of the course");
        let part = |line: &str| match line {
            lesson::END_OF_SHORT_PATH => format!("{line}\n---\n"),
            name => format!("# {name}\n{}---\n", read(&format!("course/{name}.yaml"))),
        };
        let first = ["terms.yaml", "words.yaml"].map(|name| format!("{}---\n", read(name))).concat();
        let lessons: String = read("course/course.txt").split_whitespace().map(part).collect();
        lesson::open_course(&(first + &lessons));
    });
    lesson::course()
}

/// A lesson whose time is over; of ways, the right one was taken.
fn revealed(lesson: &'static Lesson) -> (Progress, Visit) {
    let way = lesson.chooses().then(|| check::play(lesson, lesson.played_on()[0]).came_true()[0]);
    let mut run = lesson.begin(&setup(), Lang::English);
    let mut asked = Progress::begin(lesson, run.present());
    asked.chosen = way;
    let running = asked.run(run.present());
    run.act(Act::Line(lesson.line_of(way).to_owned()), Lang::English);
    run.run(run.present().now() + lesson.within, || true);
    let revealed = running.look(run.present());
    assert!(matches!(revealed.phase, Phase::Reveal { outcome: Some(_), .. }), "{}", lesson.name);
    (revealed, Visit::of(run))
}

/// Whether something is drawn in the cluster or in a pane beside it.
fn is_drawn(visit: &Visit, thing: &Thing) -> bool {
    let drawn = visit.cluster();
    match thing {
        Thing::DnsName(name) => visit.dns().names.iter().any(|row| row.name == *name),
        Thing::Object(key) => match key.kind {
            // The place of a pod that is gone is drawn while its claim is there.
            Kind::Pod => {
                let identity = Identity { namespace: key.namespace.to_string(), pod: key.name.to_string() };
                drawn.has_pod(&identity) || drawn.identities().any(|one| one == identity)
            }
            Kind::Node => drawn.rows.iter().any(|row| *row.name == *key.name),
            Kind::StatefulSet => drawn.object.is_some_and(|object| *object.name == *key.name),
            Kind::PersistentVolumeClaim => visit.storage().rows.iter().any(|row| *row.claim == *key.name),
            _ => false,
        },
    }
}

#[test]
fn what_decided_each_lesson_is_drawn_where_it_can_be_marked() {
    let lessons = course();
    assert_eq!(lessons.len(), 44);
    let unmarked = |lesson: &&'static Lesson| {
        let (revealed, visit) = revealed(lesson);
        !revealed.evidence().iter().flat_map(|seen| &seen.about).any(|thing| is_drawn(&visit, thing))
    };
    let unmarked: Vec<&str> = lessons.iter().filter(unmarked).map(|lesson| lesson.name.as_str()).collect();
    assert_eq!(unmarked, [""; 0]);
}
