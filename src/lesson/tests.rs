use super::*;
use api::release::Release;
use base::sort::Sort;
use check::{faults, play};
use playground::setup;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("course")
}

fn file(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.yaml"))).expect("a lesson's file")
}

/// The names of the lessons, in order.
fn order() -> Vec<String> {
    let order = std::fs::read_to_string(folder().join("course.txt")).expect("the order of the course");
    order.split_whitespace().map(str::to_owned).collect()
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
    let chapters: Vec<_> =
        lessons_of_the_course().iter().map(|lesson| Chapter::ALL.iter().position(|chapter| *chapter == lesson.chapter)).collect();
    assert!(chapters.is_sorted(), "a chapter is in one piece: {chapters:?}");
}

#[test]
fn the_course_is_read_from_one_text() {
    let text: String = order().iter().map(|name| format!("# {name}\n{}---\n", file(name))).collect();
    assert_eq!(lessons(&text).iter().map(|lesson| lesson.name.clone()).collect::<Vec<_>>(), order());
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
    let text = file(&order()[0]);
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
