mod stories;

use super::*;
use api::kind::Kind;
use api::object::ObjectKey;
use api::release::{V1_36, V1_37, V1_38};
use base::sort::Sort;
use check::{faults, play};
use playground::history::Act;
use playground::setup;
use plugged as _;
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
fn every_lesson_is_good_on_every_release_on_which_it_is_played() {
    let judged = lessons_of_the_course().iter().map(check::judged).collect::<Vec<_>>();
    let bad: Vec<&str> = judged.iter().filter(|(good, _)| !good).map(|(_, told)| told.as_str()).collect();
    assert_eq!(bad, [""; 0]);
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
    let [short, others] =
        paths().map(|names| names.iter().map(|name| format!("# {name}\n{}---\n", file(name))).collect::<Vec<_>>().concat());
    let mut course = Course { lessons: Vec::new(), short: 0 };
    let text = format!("{short}{END_OF_SHORT_PATH}\n---\n{others}");
    text.split(FILE_END).for_each(|file| course.take(file));
    assert_eq!(course.lessons.iter().map(|lesson| lesson.name.clone()).collect::<Vec<_>>(), order());
    assert_eq!((course.short, paths()[0].len()), (9, 9));
    // Who never met a StatefulSet needs first what a pod keeps, and who asks for a pod by its name.
    assert_eq!(paths()[0][..2], ["deleted-pod", "sessions"]);
}

#[test]
fn the_short_path_takes_about_fifteen_minutes() {
    let lessons = lessons_of_the_course();
    assert!((14..=16).contains(&minutes(&lessons[..9])), "{}", minutes(&lessons[..10]));
    assert!(lessons.iter().all(|lesson| (1..=3).contains(&lesson.seconds().div_ceil(60))));
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
            let asked = words.asked(Clause::Prints(line, ""));
            assert!(asked.told(Lang::English).split_whitespace().count() <= 6, "{asked:?}");
            for told in [asked, words.wanted(Clause::Keeps(line)), words.wanted(Clause::Changes(line))] {
                assert!(Lang::ALL.into_iter().all(|lang| told.is_told_in(lang)), "{line}: {told:?}");
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
fn what_a_lesson_asks_for_is_given_away_until_it_is_done() {
    let lesson: &'static Lesson = Box::leak(Box::new(read_lesson("silent-node")));
    let run = lesson.begin(&setup(), Lang::English);
    let asked = Progress::begin(lesson, run.present());
    let task = |done| {
        let mut progress = asked.clone();
        progress.phase = Phase::Reveal { outcome: Some(0), done };
        progress
    };
    for (line, is_it) in [
        ("playground start node node-1", true),
        ("kubectl get nodes; playground start node node-2", true),
        ("playground stop node node-1", false),
        ("kubectl get nodes", false),
        ("kubectl delete pod web-1 --force", false),
    ] {
        let given_away = [&asked, &asked.clone().run(run.present()), &task(false)].map(|progress| progress.gives_away(line));
        assert_eq!(given_away, [is_it; 3], "{line}");
        assert!(!task(true).gives_away(line), "{line}");
    }
    // A type has several names.
    let lesson: &'static Lesson = Box::leak(Box::new(read_lesson("scale-in")));
    let begun = Progress::begin(lesson, lesson.begin(&setup(), Lang::English).present());
    for line in ["kubectl scale sts/web --replicas=3", "kubectl -n default scale statefulsets web --replicas 3"] {
        assert!(begun.gives_away(line), "{line}");
    }
    // A way that is to be chosen.
    let lesson: &'static Lesson = Box::leak(Box::new(read_lesson("roles")));
    let begun = Progress::begin(lesson, lesson.begin(&setup(), Lang::English).present());
    assert!(lesson.chooses() && lesson.claims.iter().all(|way| begun.gives_away(&way.line)));
}

#[test]
fn the_reveal_has_the_evidence_and_the_task_a_check_list() {
    let lesson: &'static Lesson = Box::leak(Box::new(read("own", EXAMPLE_LESSON).expect("a lesson")));
    let mut run = lesson.begin(&setup(), Lang::English);
    let running = Progress::begin(lesson, run.present()).run(run.present());
    assert!(running.evidence().is_empty() && running.parts().is_empty() && running.cause(Lang::English).is_none());
    run.act(Act::Line(lesson.line.clone()), Lang::English);
    run.run(run.present().now() + lesson.within, || true);
    let revealed = running.look(run.present());
    let [seen] = revealed.evidence() else { panic!("{:?}", revealed.evidence()) };
    assert_eq!((seen.after.told(Lang::English), &seen.before, seen.is_same), ("deleted web-2, deleted web-1", &None, false));
    let about = ["web-2", "web-1"].map(|name| ObjectKey { kind: Kind::Pod, namespace: "default".into(), name: name.into() });
    assert_eq!(seen.about, about.map(Thing::Object));
    assert_eq!(revealed.cause(Lang::English), Some("The highest ordinal is deleted first."));
    let ticks = |progress: &Progress| progress.parts().iter().map(|part| part.done).collect::<Vec<_>>();
    assert_eq!(ticks(&revealed), [false, true]);
    // A command without words is shown as it is typed.
    assert_eq!(revealed.parts()[1].words.told(Lang::Korean).split(':').next(), Some("`kubectl get sts -o name`"));
    run.act(Act::Line("kubectl delete statefulset web".to_owned()), Lang::English);
    run.run(run.present().now() + lesson.within, || true);
    let lost = revealed.clone().look(run.present());
    assert!(ticks(&lost) == [false, false] && lost != revealed);
    run.act(Act::Line("kubectl apply -f manifest.yaml".to_owned()), Lang::English);
    run.run(run.present().now() + lesson.within, || true);
    let done = lost.look(run.present());
    assert_eq!((ticks(&done), done.phase), (vec![true, true], Phase::Reveal { outcome: Some(1), done: true }));
    assert_eq!(done.score(), Some(Score { predicted: None, done: true }));
}

#[test]
fn a_command_is_told_in_words_and_what_it_printed_as_people_read_it() {
    let words = course_words();
    let told = |line: &str, text: &str| {
        let clause = Clause::Prints(line, text);
        [words.wanted(clause), words.shown(clause, text)].map(|sentence| sentence.told(Lang::English).to_owned())
    };
    assert_eq!(told("kubectl get statefulset db -o jsonpath={.status.readyReplicas} 2>/dev/null", "3"), ["Ready pods of <db>: 3", "3"]);
    assert_eq!(told("kubectl get pod db-1 -o jsonpath={.metadata.uid}", "4fcda1b2-0000-4000-8000-000000000001")[1], "#4fcd");
    assert_eq!(told("kubectl get pods -l app=nginx -o jsonpath={.items[*].spec.containers[0].image}", "a:1 b:1 b:1")[1], "a:1, 2 × b:1");
    assert_eq!(told("kubectl exec db-1 -- getent hosts db", "10.244.1.2  db\n10.244.2.2  db")[1], "10.244.1.2, 10.244.2.2");
    assert_eq!(told("kubectl get pvc -o name", ""), ["Claims: none", "none"]);
    assert_eq!(told("kubectl get pod db-0 -o jsonpath={.status.containerStatuses[0].ready}", "true")[1], "yes");
    assert_eq!(told("kubectl get leases", "two words"), ["`kubectl get leases`: two words", "two words"]);
    let kept = |line| words.wanted(Clause::Keeps(line)).told(Lang::Korean).to_owned();
    assert_eq!(kept("kubectl get pods -o jsonpath={.items[*].metadata.uid}"), "교체된 파드 없음");
    assert_eq!(kept("kubectl get pod db-0 -o jsonpath={.spec.nodeName}"), "<db-0>의 노드: 그대로");
}

#[test]
fn what_is_seen_names_the_objects_that_the_page_can_mark() {
    words::WORDS.get_or_init(course_words);
    let lesson = read_lesson("deleted-pod");
    let mut run = lesson.begin(&setup(), Lang::English);
    let begun = run.present().clone();
    run.act(Act::Line(lesson.line.clone()), Lang::English);
    run.run(begun.now() + lesson.within, || true);
    let seen = lesson.claims[1].holds.seen(&begun, run.present());
    let about: Vec<Vec<String>> = seen.iter().map(|seen| seen.about.iter().map(name).collect()).collect();
    assert_eq!(about, [vec!["Pod web-1", "PersistentVolumeClaim data-web-1"], vec!["Pod web-1"], vec!["Pod web-1"]]);
    assert_eq!(seen.iter().map(|seen| seen.is_same).collect::<Vec<_>>(), [true, false, false]);
    let dns = Predicate { keeps: vec!["kubectl exec web-0 -- getent hosts web-1.nginx".to_owned()], ..Predicate::default() };
    assert_eq!(dns.seen(&begun, run.present())[0].about.iter().map(name).collect::<Vec<_>>(), ["web-1.nginx"]);
}

fn name(thing: &Thing) -> String {
    match thing {
        Thing::Object(key) => format!("{} {}", key.kind.info().name, key.name),
        Thing::DnsName(name) => name.clone(),
    }
}

#[test]
fn after_a_way_that_failed_the_question_comes_again_and_remembers_it() {
    let lesson: &'static Lesson = Box::leak(Box::new(read_lesson("sessions")));
    let begun = lesson.begin(&setup(), Lang::English);
    let failed = predicted(Progress::begin(lesson, begun.present()), &mut begun.clone(), 1);
    assert!(failed.leads_back() && failed.parts().is_empty() && !failed.evidence().is_empty());
    assert_eq!((failed.score(), failed.cause(Lang::English)), (Some(Score { predicted: Some(false), done: false }), None));
    let again = failed.begin_again(begun.present());
    assert_eq!((again.phase, again.chosen, again.tried.as_slice()), (Phase::Predict, None, &[1][..]));
    let mut run = begun.clone();
    let right = predicted(again, &mut run, 0);
    assert!(!right.leads_back() && right.tried == [1] && !right.parts().is_empty());
    type_lines(&mut run, &lesson.task.as_ref().expect("a task").solution, Lang::English);
    let done = right.look(run.present());
    assert_eq!(done.score(), Some(Score { predicted: Some(false), done: true }));
    let mut scores = Scores::default();
    assert!(scores.take(&failed) && scores.take(&done) && !scores.take(&failed));
    assert_eq!(scores.written(), "sessions=0+");
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

/// The example, played on some releases.
fn on_releases(releases: &str) -> String {
    EXAMPLE_LESSON.replace("chapter: scaling", &format!("chapter: scaling\nreleases: {releases}"))
}

#[test]
fn a_lesson_is_played_on_the_releases_that_it_names() {
    let told =
        |releases: &str| read("x", &on_releases(releases)).map(|_| ()).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told("[1.38]"), ["line 4: releases[0]: expected a text"]);
    assert_eq!(told("'1.38'"), ["line 4: releases: expected a list"]);
    assert_eq!(told("['1.38', '1.38']"), ["line 4: releases[1]: expected one of 1.37, 1.36, 1.35, 1.34"]);
    assert!(told("['1.99']")[0].starts_with("line 4: releases[0]: expected one of 1.37, 1.38, "));
    let begun = |lesson: &Lesson, release| lesson.begin(&Setup { release, ..setup() }, Lang::English).present().sim().release().name;
    let any = read("x", EXAMPLE_LESSON).expect("a lesson");
    assert_eq!((any.played_on().len(), begun(&any, &V1_36)), (Release::ALL.len(), "1.36"));
    let newest = read("x", &on_releases("['1.38']")).expect("a lesson");
    assert_eq!((newest.played_on(), begun(&newest, &V1_36)), (&[&V1_38][..], "1.38"));
    let both = read("x", &on_releases("['1.38', '1.36']")).expect("a lesson");
    assert_eq!([&V1_38, &V1_36, &V1_37].map(|release| begun(&both, release)), ["1.38", "1.36", "1.38"]);
    assert_eq!([&V1_38, &V1_36].map(|release| both.task_on(release).is_some()), [false, true]);
    let (good, words) = check::judged(&both);
    assert!(!good && words.ends_with("x: not good: releases: the same answer comes true on 1.38 and 1.36\n"), "{words}");
}

/// Predicts and runs a lesson from its question on.
fn predicted(mut progress: Progress, run: &mut History, claim: usize) -> Progress {
    progress.chosen = Some(claim);
    let running = progress.run(run.present());
    run.act(Act::Line(running.lesson.line_of(Some(claim)).to_owned()), Lang::English);
    run.run(run.present().now() + running.lesson.within, || true);
    running.look(run.present())
}

#[test]
fn the_question_is_asked_on_each_release_and_the_rule_told_after_the_last() {
    let lesson: &'static Lesson = Box::leak(Box::new(read_lesson("leading-zero")));
    let begin = |release| lesson.begin(&Setup { release, ..setup() }, Lang::English);
    for (guesses, all_right) in [([0, 1], true), ([0, 0], false), ([1, 1], false)] {
        let (mut former, mut newest) = (begin(&V1_37), begin(&V1_38));
        let first = predicted(Progress::begin(lesson, former.present()), &mut former, guesses[0]);
        assert!(
            first.parts().is_empty() && first.cause(Lang::English).is_none() && first.score().is_none() && !first.evidence().is_empty()
        );
        assert_eq!(first.next_release().map(|release| release.name), Some("1.38"));
        let asked = first.begin_again(newest.present());
        assert_eq!((asked.phase, asked.chosen, asked.release.name, asked.next_release()), (Phase::Predict, None, "1.38", None));
        assert_eq!([0, 1].map(|claim| asked.was_true_on(claim).map(|release| release.name)), [Some("1.37"), None]);
        let last = predicted(asked, &mut newest, guesses[1]);
        assert_eq!(last.phase, Phase::Reveal { outcome: Some(1), done: false });
        assert!(last.next_release().is_none() && !last.parts().is_empty() && last.cause(Lang::English).is_some());
        assert_eq!(last.score(), Some(Score { predicted: Some(all_right), done: false }), "{guesses:?}");
    }
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
  goal:
    prints: {kubectl get pods -o name | wc -l: \"3\", kubectl get sts -o name: statefulset.apps/web}
  solution: [kubectl scale sts web --replicas=3]
";
