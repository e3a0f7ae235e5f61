//! The course: three lessons done from start to end, and the question of every lesson on one screen.

use std::path::Path;

use ordinal::lesson::{self, Lesson, Sentence, check};
use ordinal::text::Lang;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

/// The lessons in their order, read from the files that the page is made of.
fn course() -> Vec<Lesson> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page/lesson/course");
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
const REVEAL: &[&str] =
    &[".lesson .answer[data-true=true]", ".reveal", ".weighed li", ".task h3", ".task > p", ".parts li", "#next-lesson"];
const DONE: &[&str] = &[".task h3", ".task > p", ".parts li", "#next-lesson"];

/// What is out of sight of these parts, at all sizes and in both languages.
fn out_of_sight(page: &Page, parts: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for lang in Lang::ALL {
        page.speak(lang.tag());
        page.until(&format!("document.documentElement.lang === '{}'", lang.tag()));
        out.extend(out_of_sight_in(page, &SIZES, lang, parts));
    }
    page.speak(Lang::English.tag());
    page.resize(DESKTOP.0, DESKTOP.1);
    out
}

/// What is out of sight of these parts, in windows of some sizes, in the language that is chosen.
fn out_of_sight_in(page: &Page, sizes: &[(u32, u32)], lang: Lang, parts: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for (width, height) in sizes {
        page.resize(*width, *height);
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
    out
}

/// How a lesson's command comes to be run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Keys,
    Pointer,
    /// By typing it into the terminal.
    Typing,
}

/// How many letters a lesson tells once it has run, in the column that tells most.
fn told(lesson: &Lesson) -> usize {
    let letters = |sentence: &Sentence| sentence.told(Lang::English).chars().count();
    let claims = lesson.claims.iter().map(|claim| letters(&claim.words) + letters(&claim.then)).max();
    let task = lesson.task.as_ref().map_or(0, |task| letters(&task.words).max(letters(&task.done)));
    task.max(claims.unwrap_or(0) + letters(&lesson.because))
}

/// The three lessons that are played here: the first, the one that tells most, and one in which a way is chosen. All are played without a
/// browser (`cargo test -p lesson`).
fn played(course: &[Lesson]) -> [(&Lesson, By); 3] {
    let longest = course[1..]
        .iter()
        .filter(|lesson| !lesson.chooses() && lesson.releases.len() < 2)
        .max_by_key(|lesson| told(lesson))
        .expect("lessons");
    let chooses = course.iter().find(|lesson| lesson.chooses()).expect("a lesson in which a way is chosen");
    [(&course[0], By::Typing), (longest, By::Pointer), (chooses, By::Keys)]
}

/// Answers a question, and has its command run.
fn answer(page: &Page, lesson: &Lesson, right: usize, by: By) {
    match by {
        By::Keys => {
            page.press(&(right + 1).to_string());
            page.until("document.activeElement.id === 'lock'");
            page.press("Enter");
        }
        By::Pointer => {
            page.click(&format!(".answer:nth-of-type({})", right + 2));
            page.click("#lock");
        }
        By::Typing => {
            page.type_line("kubectl get pods");
            assert_eq!(page.js(&format!("return {PHASE}")), "predict", "who only looks goes on predicting");
            page.js("document.activeElement.blur()");
            page.press(&(right + 1).to_string());
            page.type_line(&format!("{} ", lesson.line.replace("kubectl ", "kubectl  ")));
        }
    }
}

/// Does a lesson; what of it is out of sight, or not marked.
fn do_lesson(page: &Page, lesson: &Lesson, by: By) -> Vec<String> {
    let [right] = check::play(lesson, lesson.played_on()[0]).came_true()[..] else { panic!("{}: one answer comes true", lesson.name) };
    page.visit_at(&format!("#lesson={}", lesson.name));
    page.until(&format!("{PHASE} === 'predict'"));
    answer(page, lesson, right, by);
    page.until(&format!("{PHASE} === 'run'"));
    page.pace(0);
    let mut out = out_of_sight(page, RUN);
    page.pace(1);
    page.js("document.getElementById('run-quiet').click()");
    page.until(&format!("{PHASE} === 'reveal'"));
    assert_eq!(page.js("return document.querySelector('.lesson .answer').dataset.true"), "true", "{}", lesson.name);
    assert!(page.text(".reveal b").starts_with("As you predicted") || lesson.chooses(), "{}", page.text(".reveal b"));
    out.extend(out_of_sight(page, REVEAL));
    if page.js(MARKED) == false {
        out.push("nothing is marked".to_owned());
    }
    if by != By::Pointer {
        page.check_accessible();
    }
    page.pace(5);
    if by == By::Pointer {
        page.click("#solve");
    } else {
        page.js("document.getElementById('solve').focus()");
        page.press("Enter");
    }
    page.until_for(90, "document.querySelector('.task')?.dataset.done === 'true'");
    out.extend(out_of_sight(page, DONE));
    let kept = page.js("return localStorage.lessons");
    assert!(kept.as_str().is_some_and(|kept| kept.contains(&format!("{}=1", lesson.name))), "{kept}");
    page.until_for(60, "document.querySelector('#toggle use').getAttribute('href') === '#play'");
    out.into_iter().map(|part| format!("{}: {part}", lesson.name)).collect()
}

/// Whether something that decided the answer is marked in the cluster or in a pane beside it.
const MARKED: &str = "return [...document.querySelectorAll(':is(.stage, .explain) [data-link]')].some(e =>
    e.getBoundingClientRect().width > 0 && (getComputedStyle(e).outlineStyle === 'solid' || getComputedStyle(e.querySelector('li') ?? e).textDecorationLine === 'underline'))";

pub fn lessons_are_done_by_keys_by_the_pointer_and_by_typing(page: &Page) {
    let course = course();
    let wrong: Vec<String> = played(&course).into_iter().flat_map(|(lesson, by)| do_lesson(page, lesson, by)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every lesson of the course is opened at its question, in one visit, in the windows that have least room.
pub fn every_question_is_one_screen(page: &Page) {
    const SMALL: &[(u32, u32)] = &[SIZES[1], SIZES[2]];
    let mut wrong = Vec::new();
    page.until("document.querySelector('[data-lesson]')");
    let course = course();
    for lang in Lang::ALL {
        page.speak(lang.tag());
        for lesson in &course {
            page.js(&format!("document.querySelector('[data-lesson={}]').click()", lesson.name));
            let title = serde_json::json!(lesson.title.told(lang));
            page.until(&format!("{PHASE} === 'predict' && document.querySelector('.lesson h2').innerText === {title}"));
            wrong.extend(out_of_sight_in(page, SMALL, lang, PREDICT).into_iter().map(|part| format!("{}: {part}", lesson.name)));
        }
    }
    page.speak(Lang::English.tag());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

pub fn a_story_is_slow_enough_to_be_seen(page: &Page) {
    // From the command to the last change of a tile, in milliseconds of the page's clock.
    let watch = "window.changes = []; const begun = performance.now(); let last = '';
        const look = () => { const now = [...document.querySelectorAll('.pod')].map(e => e.ariaLabel ?? e.innerText).join();
            if (now !== last) { last = now; window.changes.push(performance.now() - begun); } requestAnimationFrame(look); }; look()";
    page.visit_at("#lesson=deleted-pod");
    page.until(&format!("{PHASE} === 'predict'"));
    page.pace(3);
    page.js(watch);
    page.press("1");
    page.click("#lock");
    page.until_for(90, &format!("{PHASE} === 'reveal'"));
    let lasted = page.js("return window.changes.at(-1)").as_f64().unwrap_or_default();
    assert!(lasted > 4000.0, "{lasted} ms");
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
