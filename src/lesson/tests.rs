use super::*;
use api::release::Release;
use base::sort::Sort;
use check::{faults, play};
use playground::setup;
use predicate::Clause;
use std::path::PathBuf;
use words::Words;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("course")
}

fn file(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.yaml"))).expect("a lesson's file")
}

/// The names of the lessons in order: those of the short path, and the others.
fn paths() -> [Vec<String>; 2] {
    let order = std::fs::read_to_string(folder().join("course.txt")).expect("the order of the course");
    let (short, others) = order.split_once(END_OF_SHORT_PATH).expect("the line after the short path");
    [short, others].map(|names| names.split_whitespace().map(str::to_owned).collect())
}

fn order() -> Vec<String> {
    paths().concat()
}

/// The words of the course's commands.
fn course_words() -> Words {
    Words::read(include_str!("words.yaml"))
}

fn read_lesson(name: &str) -> Lesson {
    read(name, &file(name))
        .unwrap_or_else(|faults| panic!("{name}: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

fn lessons_of_the_course() -> Vec<Lesson> {
    order().iter().map(|name| read_lesson(name)).collect()
}

#[test]
fn every_lesson_is_good_on_every_release() {
    let mut bad = String::new();
    for lesson in lessons_of_the_course() {
        for release in Release::ALL {
            let report = play(&lesson, release);
            if !report.is_good() {
                bad += &check::told(&lesson, release, &report);
            }
        }
    }
    assert_eq!(bad, "");
}

#[test]
fn every_lesson_is_told_in_every_language_in_short_sentences() {
    let wrong = lessons_of_the_course()
        .iter()
        .map(|lesson| (lesson.name.clone(), faults(lesson)))
        .filter(|(_, wrong)| !wrong.is_empty())
        .collect::<Vec<_>>();
    assert_eq!(wrong, []);
}

#[test]
fn the_course_clears_up_all_thirty_misunderstandings() {
    let mut cleared: Vec<u32> = lessons_of_the_course().iter().flat_map(|lesson| lesson.misunderstandings.clone()).collect();
    cleared.sort_small();
    cleared.dedup();
    assert_eq!(cleared, (1..=30).collect::<Vec<u32>>());
}

#[test]
fn every_file_has_a_place_in_the_course_and_its_kin_exist() {
    let names = std::fs::read_dir(folder()).expect("the course").flatten();
    let mut files: Vec<String> = names.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".yaml")?.to_owned())).collect();
    let mut placed = order();
    files.sort_small();
    placed.sort_small();
    assert_eq!(files, placed);
    for lesson in lessons_of_the_course() {
        assert!(lesson.kin.iter().all(|kin| *kin != lesson.name && placed.contains(kin)), "{}: {:?}", lesson.name, lesson.kin);
    }
    let [_, others] = paths();
    let place = |lesson: Lesson| Chapter::ALL.iter().position(|chapter| *chapter == lesson.chapter);
    let chapters: Vec<_> = others.iter().map(|name| place(read_lesson(name))).collect();
    assert!(chapters.is_sorted(), "a chapter is in one piece: {chapters:?}");
}

#[test]
fn the_course_is_read_from_one_text_and_begins_with_the_short_path() {
    let [short, others] = paths().map(|names| names.iter().map(|name| format!("# {name}\n{}---\n", file(name))).collect::<String>());
    let course = read_course(&format!("{short}{END_OF_SHORT_PATH}\n---\n{others}"));
    assert_eq!(course.lessons.iter().map(|lesson| lesson.name.clone()).collect::<Vec<_>>(), order());
    assert_eq!((course.short, paths()[0].len()), (9, 9));
}

#[test]
fn the_short_path_takes_about_fifteen_minutes() {
    let lessons = lessons_of_the_course();
    assert!((14..=16).contains(&minutes(&lessons[..9])), "{}", minutes(&lessons[..9]));
    assert!(lessons.iter().all(|lesson| (1..=3).contains(&lesson.minutes())));
}

#[test]
fn every_task_of_the_course_says_what_was_seen_when_it_is_done() {
    for lesson in lessons_of_the_course() {
        let done = lesson.task.map(|task| task.done).unwrap_or_default();
        assert!(Lang::ALL.iter().all(|lang| done.is_told_in(*lang)), "{}", lesson.name);
    }
}

#[test]
fn every_command_of_the_course_has_short_words_in_every_language() {
    assert!(yaml::parse(include_str!("words.yaml")).iter().all(|document| document.error().is_none()));
    let words = course_words();
    let mut used = Vec::new();
    for lesson in lessons_of_the_course() {
        let claims = lesson.claims.iter().map(|claim| &claim.holds);
        let predicates = claims.chain([&lesson.aim]).chain(lesson.task.iter().map(|task| &task.goal));
        for line in predicates.flat_map(Predicate::clauses).filter_map(Clause::line) {
            let row = words.rows.iter().position(|row| words.row(line).is_some_and(|(found, _)| std::ptr::eq(found, row)));
            used.push(row.unwrap_or_else(|| panic!("{}: {line}", lesson.name)));
            for told in [words.asked(Clause::Prints(line, "")), words.wanted(Clause::Keeps(line)), words.wanted(Clause::Changes(line))] {
                let is_short = |lang| told.is_told_in(lang) && told.told(lang).split_whitespace().count() <= 8;
                assert!(Lang::ALL.into_iter().all(is_short), "{line}: {told:?}");
                assert!(!told.told(Lang::English).contains('{') && !told.told(Lang::Korean).contains('{'), "{line}: {told:?}");
            }
        }
    }
    for row in 0..words.rows.len() {
        assert!(used.contains(&row), "no lesson has the command of {:?}", words.rows[row]);
    }
}

#[test]
fn the_example_of_the_documentation_is_a_good_lesson() {
    let page = std::fs::read_to_string(folder().join("README.md")).expect("the page about lesson files");
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let lesson = read("example", example).expect("a lesson");
    for release in Release::ALL {
        let report = play(&lesson, release);
        assert!(report.is_good(), "{}", check::told(&lesson, release, &report));
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_place() {
    let told = |text: &str| read("x", text).map(|_| ()).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told("title: [\n"), ["line 2: did not find expected node content"]);
    assert_eq!(told("- a\n")[0], "line 1: expected a map");
    let text = file("deleted-pod");
    let wrong = text.replace("\nchapter: identity", "\nchapter: names\ncolour: red").replace("\nseconds: ", "\nseconds: many #");
    let words = told(&wrong);
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(words[0].ends_with("chapter: expected one of identity, storage, scaling, rollouts, nodes"), "{words:?}");
    assert!(
        words[1].contains(": colour: expected one of title, chapter, ") && words[2].ends_with("seconds: expected a number"),
        "{words:?}"
    );
}

#[test]
fn a_lesson_that_is_disturbed_has_no_outcome() {
    let lesson = read_lesson("scale-in");
    let mut run = lesson.begin(&setup(), Lang::English);
    let begun = run.present().clone();
    run.act(Act::Line("kubectl delete pod web-0".to_owned()), Lang::English);
    run.run(begun.now() + lesson.within, || true);
    assert_eq!(lesson.outcome(None, &begun, run.present()), None);
}

#[test]
fn what_happened_is_revealed_when_its_time_is_over_and_the_task_when_it_is_done() {
    let lesson: &'static Lesson = Box::leak(Box::new(read("own", EXAMPLE_LESSON).expect("a lesson")));
    let mut run = lesson.begin(&setup(), Lang::English);
    let mut begun = Progress::begin(lesson, run.present());
    assert!(begun.hides_why() && begun.clone().look(run.present()) == begun, "nothing runs yet");
    begun.chosen = Some(0);
    let running = begun.run(run.present());
    run.act(Act::Line(lesson.line.clone()), Lang::English);
    assert!(running.clone().look(run.present()) == running);
    run.run(run.present().now() + lesson.within, || true);
    let revealed = running.look(run.present());
    assert_eq!((revealed.phase, revealed.is_wrong()), (Phase::Reveal { outcome: Some(1), done: false }, true));
    assert!(!revealed.hides_why() && revealed.clone().look(run.present()) == revealed);
    type_lines(&mut run, &lesson.task.as_ref().expect("a task").solution, Lang::English);
    assert_eq!(revealed.look(run.present()).phase, Phase::Reveal { outcome: Some(1), done: true });
}

#[test]
fn of_ways_the_one_that_achieves_the_aim_is_right() {
    let text = EXAMPLE_LESSON
        .replace("line: kubectl scale sts web --replicas=1\n", "aim: {prints: {kubectl get pods -o name: pod/web-0}}\n")
        .replace("- pods: [deleted web-0]", "- line: kubectl delete pod web-0")
        .replace("- pods: [deleted web-2, deleted web-1]", "- line: kubectl scale sts web --replicas=1");
    let lesson = read("own", &text).expect("a lesson");
    assert!(lesson.chooses());
    for release in Release::ALL {
        assert_eq!(play(&lesson, release).came_true(), [1]);
    }
    assert_eq!(
        [None, Some(0), Some(1)].map(|chosen| lesson.line_of(chosen)),
        ["", "kubectl delete pod web-0", "kubectl scale sts web --replicas=1"]
    );
}

#[test]
fn a_sentence_that_is_not_translated_is_told_in_english() {
    let sentence = Sentence([Some("a pod".to_owned()), None]);
    assert_eq!(Lang::ALL.map(|lang| sentence.told(lang)), ["a pod"; 2]);
    assert_eq!(faults(&read("own", EXAMPLE_LESSON).expect("a lesson"))[0], "title: not told in ko");
}

const EXAMPLE_LESSON: &str = "
title: {en: Scaling in}
chapter: scaling
story: {en: Three pods.}
before: [kubectl apply -f manifest.yaml]
line: kubectl scale sts web --replicas=1
seconds: 40
claims:
- pods: [deleted web-0]
  en: The first
- pods: [deleted web-2, deleted web-1]
  en: The last
because: {en: The highest ordinal is deleted first.}
docs: concepts/workloads/controllers/statefulset/
task:
  en: Scale out.
  goal: {prints: {kubectl get pods -o name | wc -l: \"3\"}}
  solution: [kubectl scale sts web --replicas=3]
";
