use super::*;
use base::value::Value;
use cluster::timing::Timing;
use playground::history::Act;

fn setup() -> Setup {
    Setup { timing: Timing::workstation(), ..Setup::default() }
}

/// Plays a lesson; returns the claims that hold.
fn play(lesson: &Lesson) -> Vec<usize> {
    let mut run = lesson.begin(&setup(), Lang::English);
    let since = run.present().sim().log().len();
    run.act(Act::Line(lesson.line.clone()), Lang::English);
    let until = run.present().now() + lesson.within;
    run.run(until, || true);
    let story = story(run.present().sim().log(), since, until);
    let held = |claim: &Claim| claim.outcome.holds(&story, run.present().sim());
    lesson.claims.iter().enumerate().filter_map(|(at, claim)| held(claim).then_some(at)).collect()
}

#[test]
fn of_each_lesson_one_claim_comes_true() {
    let came_true: Vec<Vec<usize>> = course().iter().map(play).collect();
    assert_eq!(came_true, [[1], [3], [0], [3], [2], [2], [0], [2], [1]]);
}

#[test]
fn without_its_command_nothing_happens_to_the_pods_of_a_lesson() {
    for lesson in course() {
        let read = lesson.read_run(&setup(), Lang::English);
        assert_eq!((read.unread, read.cut), (0, false), "{}", lesson.run);
        let mut run = read.history;
        let ready = |run: &History| run.present().tables().pods().filter(|pod| pod.ready()).count();
        let (before, since) = (ready(&run), run.present().sim().log().len());
        let until = run.present().now() + lesson.within;
        run.run(until, || true);
        assert_eq!((story(run.present().sim().log(), since, until), ready(&run)), (Vec::new(), before), "{}", lesson.run);
    }
}

/// The places of the sentences of a file, and whether each is told in a language.
fn sentences(value: &Value, lang: Lang) -> Vec<(String, bool)> {
    let claims = value.list_at(&["claims"]).iter().enumerate().map(|(n, claim)| (format!("claim {}", n + 1), claim));
    let keys = ["title", "story", "question", "because"].into_iter().filter_map(|key| Some((key.to_owned(), value.get(key)?)));
    let told = |value: &Value| value.text_at(&[lang.tag()]).is_some_and(|text| !text.is_empty());
    keys.chain(claims).map(|(place, value)| (place, told(value))).collect()
}

#[test]
fn every_lesson_is_told_in_every_language() {
    for lang in Lang::ALL {
        let missing = file::FILES.iter().flat_map(|text| {
            let value = file::value(text);
            let title = value.text_at(&["title", "en"]).expect("a title in English").to_owned();
            let missing = sentences(&value, lang).into_iter().filter(|(_, told)| !told);
            missing.map(move |(place, _)| format!("{title}: {place}")).collect::<Vec<_>>()
        });
        assert_eq!(missing.collect::<Vec<_>>(), [""; 0], "in {lang:?}");
    }
}

#[test]
fn a_file_has_all_that_a_lesson_needs_and_nothing_else() {
    let keys = ["because", "claims", "line", "policy", "question", "run", "seconds", "story", "title"];
    for text in file::FILES {
        assert!(yaml::parse(text).iter().all(|document| document.problems.is_empty()), "{text}");
        let value = file::value(text);
        assert!(value.members().all(|(key, _)| keys.contains(&&**key)), "{text}");
        assert!(keys.iter().all(|key| ["policy", "question", "run"].contains(key) || value.get(key).is_some()), "{text}");
    }
}

#[test]
fn a_sentence_that_is_not_translated_is_told_in_english() {
    let sentence = Sentence([Some("a pod".to_owned()), None]);
    assert_eq!(Lang::ALL.map(|lang| sentence.told(lang)), ["a pod"; 2]);
}

#[test]
fn a_lesson_that_is_disturbed_has_no_outcome() {
    let lesson = &course()[1];
    let mut run = lesson.begin(&setup(), Lang::English);
    let since = run.present().sim().log().len();
    run.act(Act::Line("kubectl delete pod web-0".to_owned()), Lang::English);
    run.run_until_quiet(|| true);
    assert_eq!(lesson.outcome(run.present(), since, run.present().now()), None);
}

#[test]
fn what_happened_is_revealed_when_its_time_is_over() {
    let begun = Progress::begin(3);
    let mut run = begun.lesson().begin(&setup(), Lang::English);
    assert!(begun.hides_why() && begun.look(run.present()) == begun, "nothing runs yet");
    let running = Progress { chosen: Some(0), ..begun }.run(run.present());
    run.act(Act::Line(running.lesson().line.clone()), Lang::English);
    assert_eq!(running.look(run.present()), running);
    run.run(run.present().now() + running.lesson().within, || true);
    let revealed = running.look(run.present());
    assert_eq!((revealed.chosen, revealed.phase, revealed.hides_why()), (Some(0), Phase::Reveal { outcome: Some(3) }, false));
}

#[test]
fn a_lesson_beyond_the_last_is_the_last() {
    assert_eq!(Progress::begin(usize::MAX).at, course().len() - 1);
}
