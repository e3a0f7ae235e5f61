//! Every lesson of the course, done from start to end.

use std::path::Path;

use ordinal::api::release::V1_37;
use ordinal::lesson::{self, Chapter, Lesson, check};
use ordinal::text::Lang;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

/// The lessons in their order, read from the files that the page is made of.
fn course() -> Vec<Lesson> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lesson/course");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file of the course");
    let lesson = |name: &str| lesson::read(name, &read(&format!("{name}.yaml"))).expect("a lesson");
    read("course.txt").split_whitespace().filter(|line| *line != lesson::END_OF_SHORT_PATH).map(lesson).collect()
}

const PHASE: &str = "document.querySelector('.lesson')?.dataset.phase";
/// The windows in which a lesson has to be one screen.
const SIZES: [(u32, u32); 3] = [DESKTOP, (1280, 720), PHONE];
/// The farthest that what is told may be from the edge of the cluster, in CSS pixels.
const NEAR: f64 = 200.0;
/// The least height of the cluster, in CSS pixels.
const CLUSTER: f64 = 100.0;
/// How long after the question a task may end, in virtual seconds, unless the lesson itself watches longer.
const LONGEST: u64 = 600;

/// Which of some elements are not in sight as a whole.
const OUT_OF_SIGHT: &str = "const inside = e => { const r = e.getBoundingClientRect();
        if (!r.width || r.top < -1 || r.bottom > innerHeight + 1) return false;
        for (let p = e.parentElement; p; p = p.parentElement) {
            const q = p.getBoundingClientRect();
            if (getComputedStyle(p).overflowY !== 'visible' && (r.top < q.top - 1 || r.bottom > q.bottom + 1)) return false;
        }
        return true; };
    const out = names => names.flatMap(name => { const all = [...document.querySelectorAll(name)];
        return all.length ? all.filter(e => !inside(e)).map(e => `${name} ${e.innerText.slice(0, 20)}`) : [`no ${name}`]; });";

/// What has to be in sight in each phase, and once the task is done.
const PREDICT: &[&str] = &[".lesson h2", ".asked h3", ".answer", "#lock"];
const RUN: &[&str] = &[".story li", ".answer"];
const REVEAL: &[&str] = &[".lesson .answer[data-true=true]", ".reveal", ".seen li", ".task h3", ".task > p", ".parts li", "#next-lesson"];
const DONE: &[&str] = &[".task h3", ".task > p", ".parts li", "#next-lesson"];

/// What is out of sight of these parts, at all sizes and in both languages.
fn out_of_sight(page: &Page, parts: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for lang in Lang::ALL {
        page.speak(lang.tag());
        page.until(&format!("document.documentElement.lang === '{}'", lang.tag()));
        for (width, height) in SIZES {
            page.resize(width, height);
            let told = page.js(&format!(
                "{OUT_OF_SIGHT} const [story, cluster] = ['.lesson', '.matrix'].map(name => document.querySelector(name).getBoundingClientRect());
                 const far = Math.max(0, cluster.top - story.bottom);
                 return [...out({}), ...(far > {NEAR} ? [`the cluster is ${{far}} away`] : []),
                     ...(cluster.height < {CLUSTER} ? [`the cluster is ${{cluster.height}} high`] : [])]",
                serde_json::json!(parts)
            ));
            let told = told.as_array().cloned().unwrap_or_default();
            out.extend(told.iter().map(|part| format!("{width} × {height} {}: {part}", lang.tag())));
        }
    }
    page.speak(Lang::English.tag());
    page.resize(DESKTOP.0, DESKTOP.1);
    out
}

fn do_chapter(page: &Page, chapter: Chapter) {
    let mut wrong = Vec::new();
    for (at, lesson) in course().iter().enumerate().filter(|(_, lesson)| lesson.chapter == chapter) {
        let (out, clock) = do_lesson(page, lesson, at % 2 == 0);
        println!(
            "lesson {:<22} out of sight: {}, clock at the end {clock} s of {} s",
            lesson.name,
            out.len(),
            LONGEST.max(lesson.within.0 / 1000)
        );
        wrong.extend(out.into_iter().map(|part| format!("{}: {part}", lesson.name)));
        let observed = lesson.within.0 / 1000;
        if clock > LONGEST + if observed > LONGEST { observed } else { 0 } {
            wrong.push(format!("{}: the clock is at {clock} s", lesson.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Does a lesson, by keys or by the pointer; what of it is out of sight, and how many seconds after the question it ends.
fn do_lesson(page: &Page, lesson: &Lesson, keys: bool) -> (Vec<String>, u64) {
    let [right] = check::play(lesson, &V1_37).came_true()[..] else { panic!("{}: one answer comes true", lesson.name) };
    page.visit_at(&format!("#lesson={}", lesson.name));
    page.until(&format!("{PHASE} === 'predict'"));
    assert_eq!(page.text(".lesson h2"), lesson.title.told(Lang::English));
    let mut out = out_of_sight(page, PREDICT);
    if keys {
        page.press(&(right + 1).to_string());
        page.until("document.activeElement.id === 'lock'");
        page.press("Enter");
    } else {
        page.click(&format!(".answer:nth-of-type({})", right + 2));
        page.click("#lock");
    }
    page.until(&format!("{PHASE} === 'run'"));
    page.pace(0);
    out.extend(out_of_sight(page, RUN));
    page.pace(1);
    page.js("document.getElementById('run-quiet').click()");
    page.until(&format!("{PHASE} === 'reveal'"));
    assert_eq!(page.js("return document.querySelector('.lesson .answer').dataset.true"), "true", "{}", lesson.name);
    out.extend(out_of_sight(page, REVEAL));
    if page.js(MARKED) == false {
        out.push("nothing is marked".to_owned());
    }
    page.check_accessible();
    if lesson.task.is_some() {
        page.pace(5);
        if keys {
            page.js("document.getElementById('solve').focus()");
            page.press("Enter");
        } else {
            page.click("#solve");
        }
        page.until_for(90, "document.querySelector('.task')?.dataset.done === 'true'");
        out.extend(out_of_sight(page, DONE));
        assert!(!page.text(".task > p").is_empty(), "{}: what was seen is told", lesson.name);
    }
    let kept = page.js("return localStorage.lessons");
    assert!(kept.as_str().is_some_and(|kept| kept.contains(&format!("{}=1", lesson.name))), "{kept}");
    page.until_for(60, "document.querySelector('#toggle use').getAttribute('href') === '#play'");
    (out, seconds(&page.text(".clock")))
}

/// Whether something that decided the answer is marked in the cluster or in a pane beside it.
const MARKED: &str = "return [...document.querySelectorAll(':is(.stage, .explain) [data-link]')].some(e =>
    e.getBoundingClientRect().width > 0 && (getComputedStyle(e).outlineStyle === 'solid' || getComputedStyle(e.querySelector('li') ?? e).textDecorationLine === 'underline'))";

/// The whole seconds of a clock such as `1:02:03.456`.
fn seconds(clock: &str) -> u64 {
    let whole = clock.split('.').next().unwrap_or_default();
    whole.split(':').fold(0, |all, part| all * 60 + part.trim_start_matches('-').parse::<u64>().unwrap_or_default())
}

pub fn lessons_about_identity_are_done(page: &Page) {
    do_chapter(page, Chapter::Identity);
}

pub fn lessons_about_storage_are_done(page: &Page) {
    do_chapter(page, Chapter::Storage);
}

pub fn lessons_about_scaling_are_done(page: &Page) {
    do_chapter(page, Chapter::Scaling);
}

pub fn lessons_about_rollouts_are_done(page: &Page) {
    do_chapter(page, Chapter::Rollouts);
}

pub fn lessons_about_nodes_are_done(page: &Page) {
    do_chapter(page, Chapter::Nodes);
}

pub fn a_story_is_slow_enough_to_be_seen(page: &Page) {
    // From the command to the last change of a tile, in milliseconds of wall time.
    let watch = "window.changes = []; const begun = performance.now(); let last = '';
        const look = () => { const now = [...document.querySelectorAll('.pod')].map(e => e.ariaLabel ?? e.innerText).join();
            if (now !== last) { last = now; window.changes.push(performance.now() - begun); } requestAnimationFrame(look); }; look()";
    for name in ["deleted-pod", "creation"] {
        page.visit_at(&format!("#lesson={name}"));
        page.until(&format!("{PHASE} === 'predict'"));
        page.js(watch);
        page.press("1");
        page.click("#lock");
        page.until_for(90, &format!("{PHASE} === 'reveal'"));
        let lasted = page.js("return window.changes.at(-1)").as_f64().unwrap_or_default();
        assert!(lasted > 4000.0, "{name}: {lasted} ms");
    }
}

pub fn typing_the_shown_command_runs_the_lesson(page: &Page) {
    page.visit_at("#lesson=deleted-pod");
    page.until(&format!("{PHASE} === 'predict'"));
    page.type_line("kubectl get pods");
    assert_eq!(page.js(&format!("return {PHASE}")), "predict", "who only looks goes on predicting");
    page.js("document.activeElement.blur()");
    page.press("2");
    page.type_line("kubectl  delete pod web-1 ");
    page.until(&format!("{PHASE} === 'run'"));
    page.js("document.getElementById('run-quiet').click()");
    page.until(&format!("{PHASE} === 'reveal'"));
    assert!(page.text(".reveal b").starts_with("As you predicted"));
    page.pace(5);
    // The task is done by whatever does it.
    page.type_line("kubectl delete pod $(kubectl get pods -l app=nginx-deployment -o name | tail -1 | cut -d/ -f2)");
    page.until_for(60, "document.querySelector('.task').dataset.done === 'true'");
}

pub fn a_reload_comes_back_to_the_lesson_and_what_is_done_is_kept(page: &Page) {
    page.visit_at("#lesson=deleted-pod");
    page.until(&format!("{PHASE} === 'predict'"));
    page.press("1");
    page.click("#lock");
    page.until(&format!("{PHASE} === 'run'"));
    page.js("document.getElementById('run-quiet').click()");
    page.until(&format!("{PHASE} === 'reveal'"));
    assert!(page.text(".reveal b").starts_with("Not as you predicted"));
    // After a mistake, the next question is about the same rule.
    page.click("#next-lesson");
    page.until("document.querySelector('.lesson h2').innerText === 'A Service with a ClusterIP'");
    page.js("window.before = true; location.reload()");
    page.until("!window.before && document.querySelector('.lesson h2')?.innerText === 'A Service with a ClusterIP'");
    page.click(".lesson-head [popovertarget]");
    page.until("document.querySelector('#lessons-sheet:popover-open')");
    // The prediction was wrong, and the task is still to be done.
    assert_eq!(page.text("#lessons-sheet [data-lesson=deleted-pod] small"), "");
    assert!(page.text("#lessons-sheet p").starts_with("0 of "));
    page.check_accessible();
    shoot(page, "04-lessons");
}

pub fn a_file_with_a_lesson_is_opened_and_a_bad_one_says_where_it_is_bad(page: &Page) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lesson/course");
    let text = std::fs::read_to_string(folder.join("scale-in.yaml")).expect("a lesson");
    let open = |text: &str| {
        let text = serde_json::to_string(text).expect("JSON");
        page.js(&format!("document.documentElement.dataset.link = {text}; dispatchEvent(new Event('opened'))"));
    };
    open(&text.replace("chapter: scaling", "chapter: music"));
    page.until("document.querySelector('.branches').innerText.includes('line ')");
    assert!(page.text(".branches").contains("chapter: expected one of identity, storage, scaling, rollouts, nodes"));
    open(&text);
    page.until(&format!("{PHASE} === 'predict'"));
    assert!(page.js("return location.hash").as_str().is_some_and(|hash| !hash.contains("own")));
}

pub fn before_a_class_a_lesson_goes_on_by_one_key(page: &Page) {
    page.visit_at("#lesson=canary");
    page.until(&format!("{PHASE} === 'predict'"));
    page.resize(1280, 720);
    page.press("p");
    let seen =
        |selector: &str| page.js(&format!("return [...document.querySelectorAll('{selector}')].filter(e => e.offsetWidth > 0).length"));
    assert_eq!(seen(".answer"), 0, "answers are hidden until somebody asks");
    assert!(seen(".lesson h3") == 1 && seen(".explain") == 0 && seen(".terminal") == 1 && seen(".track").as_u64() > Some(3));
    page.check_accessible();
    page.press("PageDown");
    page.until("document.querySelector('.answer').offsetWidth > 0");
    let whole = "const sheet = document.querySelector('.lesson'); return sheet.scrollHeight <= sheet.clientHeight + 1";
    page.in_all_letters(|letters| assert_eq!(page.js(whole), true, "question and answers are in sight, {letters}"));
    let bottom = "return document.querySelector('.matrix').getBoundingClientRect().height > 200";
    page.in_all_letters(|letters| assert_eq!(page.js(bottom), true, "and so is the cluster, {letters}"));
    crate::screens::shoot_sizes(page, "04-lesson-present", &[(1280, 720)]);
    page.press("PageDown");
    page.until(&format!("{PHASE} === 'run'"));
    page.press("PageDown");
    page.until(&format!("{PHASE} === 'reveal'"));
    page.check_accessible();
    page.press("p");
}

pub fn why_offers_the_lesson_about_what_decides(page: &Page) {
    page.run_until_quiet();
    page.type_line("playground unready pod web-0");
    page.type_line("kubectl scale statefulset web --replicas=5");
    page.run_until_quiet();
    page.until("document.getElementById('learn')");
    page.click("#learn");
    page.until(&format!("{PHASE} === 'predict'"));
    page.click("#leave-lesson");
    page.until("!document.querySelector('.lesson')");
    page.until("document.querySelector('.pod')");
}
