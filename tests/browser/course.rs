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

/// How a lesson is done: in which language, in which window, by keys or by the pointer. From one lesson to the next, all of it changes;
/// with `ORDINAL_EVERY_MANNER` in the environment, every lesson is done in every manner.
struct Manner {
    lang: Lang,
    size: (u32, u32),
    keys: bool,
}

const MANNERS: [Manner; 4] = [
    Manner { lang: Lang::English, size: DESKTOP, keys: false },
    Manner { lang: Lang::Korean, size: DESKTOP, keys: true },
    Manner { lang: Lang::English, size: PHONE, keys: true },
    Manner { lang: Lang::Korean, size: PHONE, keys: false },
];

const PHASE: &str = "document.querySelector('.lesson')?.dataset.phase";

fn do_chapter(page: &Page, chapter: Chapter) {
    let every = std::env::var_os("ORDINAL_EVERY_MANNER").is_some();
    for (at, lesson) in course().iter().enumerate().filter(|(_, lesson)| lesson.chapter == chapter) {
        let manners = MANNERS.iter().enumerate().filter(|(manner, _)| every || at % MANNERS.len() == *manner);
        manners.for_each(|(_, manner)| do_lesson(page, lesson, manner));
    }
}

fn do_lesson(page: &Page, lesson: &Lesson, manner: &Manner) {
    let [right] = check::play(lesson, &V1_37).came_true()[..] else { panic!("{}: one answer comes true", lesson.name) };
    page.visit_at(&format!("?lang={}#lesson={}", manner.lang.tag(), lesson.name));
    page.resize(manner.size.0, manner.size.1);
    page.until(&format!("{PHASE} === 'predict'"));
    assert_eq!(page.text(".lesson h2"), lesson.title.told(manner.lang));
    if manner.keys {
        page.press(&(right + 1).to_string());
        page.until("document.activeElement.id === 'lock'");
        page.press("Enter");
    } else {
        page.click(&format!(".answer:nth-of-type({})", right + 2));
        page.click("#lock");
    }
    page.until(&format!("{PHASE} === 'run'"));
    page.js("document.getElementById('run-quiet').click()");
    page.until(&format!("{PHASE} === 'reveal'"));
    let answers = "[...document.querySelectorAll('.answer')]";
    assert_eq!(page.js(&format!("return {answers}.findIndex(a => a.dataset.true === 'true')")), right, "{}", lesson.name);
    assert_eq!(page.js(&format!("return {answers}.findIndex(a => a.ariaChecked === 'true')")), right, "{}", lesson.name);
    if manner.size == PHONE {
        page.until("document.querySelector('.lesson').offsetWidth > 0");
    }
    page.check_accessible();
    if lesson.task.is_some() {
        page.pace(5);
        if manner.keys {
            page.js("document.getElementById('solve').focus()");
            page.press("Enter");
        } else {
            page.click("#solve");
        }
        page.until_for(90, "document.querySelector('.task')?.dataset.done === 'true'");
    }
    let kept = page.js("return localStorage.lessons");
    assert!(kept.as_str().is_some_and(|kept| kept.contains(&format!("{}=1", lesson.name))), "{kept}");
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
    page.js("document.querySelector('.lesson .pane-foot .quiet').click()");
    page.until("document.querySelector('.clock').innerText.startsWith('3:0')");
}

pub fn a_reload_comes_back_to_the_lesson_and_what_is_done_is_kept(page: &Page) {
    page.press("l");
    page.until(&format!("{PHASE} === 'predict'"));
    assert_eq!(page.text(".lesson h2"), "A pod is deleted");
    page.press("1");
    page.click("#lock");
    page.until(&format!("{PHASE} === 'run'"));
    page.js("document.getElementById('run-quiet').click()");
    page.until(&format!("{PHASE} === 'reveal'"));
    assert!(page.text(".reveal b").starts_with("Not as you predicted"));
    // After a mistake, the next question is about the same rule.
    page.until("document.getElementById('next-lesson').innerText === 'Next: A Service with a ClusterIP'");
    page.click("#next-lesson");
    page.until("document.querySelector('.lesson h2').innerText === 'A Service with a ClusterIP'");
    page.js("window.before = true; location.reload()");
    page.until("!window.before && document.querySelector('.lesson h2')?.innerText === 'A Service with a ClusterIP'");
    page.click("#lessons");
    page.until("document.querySelector('#lessons-sheet:popover-open')");
    assert_eq!(page.text("#lessons-sheet [data-lesson=deleted-pod] small"), "Review");
    assert!(page.text("#lessons-sheet p").starts_with("1 of "));
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
    assert!(seen(".lesson h3") == 1 && seen(".explain") == 0 && seen(".terminal") == 0);
    page.check_accessible();
    page.press("PageDown");
    page.until("document.querySelector('.answer').offsetWidth > 0");
    let whole = "const sheet = document.querySelector('.lesson-body'); return sheet.scrollHeight <= sheet.clientHeight + 1";
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
    page.click(".lesson .pane-head .icon");
    page.until("!document.querySelector('.lesson')");
    page.until("document.querySelector('.pod')");
}
