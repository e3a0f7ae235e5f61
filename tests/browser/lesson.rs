//! The first visit's greeting, and the lessons.

use ordinal::text::Lang;

use crate::fonts::Letters;
use crate::page::{DESKTOP, Page};
use crate::screens::shoot;

const ASKING: &str = "document.querySelector('.lesson')?.dataset.phase === 'predict'";
const REVEALED: &str = "document.querySelector('.lesson').dataset.phase === 'reveal'";

fn shown(page: &Page, selector: &str) -> bool {
    page.js(&format!("return document.querySelector('{selector}')?.offsetWidth > 0")) == true
}

pub fn a_key_of_a_first_visit_leads_to_a_cluster_of_ones_own(page: &Page) {
    page.visit_first();
    page.until("document.querySelector('.pod')");
    page.press("y");
    page.until("document.activeElement.id === 'manifest'");
    // The cluster is the visitor's own, and so is the text.
    page.until("document.querySelector('.whose').innerText === 'Your cluster' && document.activeElement.placeholder");
    assert_eq!((page.manifest().as_str(), page.pods().len()), ("", 0));
    assert!(!shown(page, ".scene") && shown(page, ".terminal") && shown(page, ".explain"));
    page.open(&page.address());
    page.until("document.querySelector('#page[data-live]') !== null");
    assert!(!shown(page, ".scene"), "whoever comes back is greeted no more");
    page.visit_first();
    page.press("`");
    page.until("document.activeElement.id === 'prompt'");
}

pub fn a_lesson_asks_before_it_runs_and_tells_what_happened(page: &Page) {
    page.press("l");
    page.until(ASKING);
    assert_eq!(page.text(".lesson h2"), "A pod is deleted");
    assert_eq!(page.text(".verdict"), Lang::English.text().lessons.hidden());
    choose_in_a_low_window(page);
    page.check_accessible();
    page.press("1");
    page.until("document.querySelector('.answer[aria-checked=true]')");
    shoot(page, "04-lesson-predict");
    page.click("#lock");
    page.until("document.querySelector('.answer[aria-checked=true] small')?.innerText === 'your prediction'");
    shoot(page, "04-lesson-run");
    // All is quiet before the lesson's time is over.
    page.press("q");
    page.until(REVEALED);
    assert!(page.text(".answer[data-true=true]").ends_with("what happened"));
    assert_ne!(page.text(".verdict"), Lang::English.text().lessons.hidden());
    shoot(page, "04-lesson-reveal");
    page.js("document.getElementById('next-lesson').click()");
    page.until(ASKING);
}

fn choose_in_a_low_window(page: &Page) {
    page.resize(1440, 640);
    page.click(".lesson-head [popovertarget]");
    page.js("document.querySelector('[data-more]')?.click()");
    page.click("[data-lesson=scale-in-unready]");
    page.until("document.querySelector('.lesson h2').innerText === 'Scaling in with an unhealthy pod'");
}

pub fn the_beginning_of_an_explanation_is_in_sight(page: &Page) {
    const IN_SIGHT: &str =
        "(() => { const [why, pane] = ['.lesson [role=status]', '.lesson'].map(s => document.querySelector(s).getBoundingClientRect());
        return why.top >= pane.top - 1 && why.top < pane.bottom - 40; })()";
    page.press("l");
    page.until(ASKING);
    for letters in Letters::ALL {
        page.change_letters(letters);
        choose_in_a_low_window(page);
        page.until(ASKING);
        page.press("1");
        page.click("#lock");
        page.press("q");
        page.until(REVEALED);
        page.until(&format!("document.activeElement.matches('.lesson [role=status]') && {IN_SIGHT}"));
    }
}

pub fn the_same_question_is_asked_on_each_release_that_a_lesson_names(page: &Page) {
    let lessons = &Lang::English.text().lessons;
    page.visit_at("#lesson=leading-zero");
    for (release, answer) in [("1.37", "1"), ("1.38 (beta)", "2")] {
        page.until(&format!("{ASKING} && document.querySelector('.lesson-head small').innerText === 'Kubernetes {release}'"));
        page.press(answer);
        page.click("#lock");
        page.press("q");
        page.until(REVEALED);
        assert!(page.text(".reveal b").starts_with(lessons.right()));
        if answer == "1" {
            assert!(!shown(page, ".task") && !shown(page, ".because"), "rule and task come after the last release");
            assert_eq!(page.text("#another-release"), lessons.another_release("1.38"));
            page.check_accessible();
            shoot(page, "04-lesson-release");
            page.click("#another-release");
            page.until(&format!("{ASKING} && document.querySelector('.answer small')?.innerText.includes('what happened in 1.37')"));
        }
    }
    assert!(shown(page, ".task") && !shown(page, "#another-release"));
    assert_eq!(page.js("return localStorage.lessons.includes('leading-zero=1')"), true);
}

pub fn a_lesson_is_chosen_by_its_name_with_keys(page: &Page) {
    page.until("document.querySelector('[data-lesson]')");
    page.js("document.getElementById('lessons').focus()");
    page.press("Enter");
    page.until("document.activeElement.dataset.lesson === 'deleted-pod'");
    // The rest of the course is folded.
    let seen = || page.js("return [...document.querySelectorAll('[data-lesson]')].filter(entry => entry.offsetHeight).length").as_u64();
    assert_eq!(seen(), Some(9));
    page.click("[data-more]");
    page.until("document.activeElement.dataset.lesson && !document.querySelector('[data-more]')");
    assert!(seen() > Some(40), "{:?}", seen());
    page.js("document.querySelector('[data-lesson=deleted-pod]').focus()");
    for _ in 0..3 {
        page.press("ArrowDown");
    }
    let fourth = page.text("#lessons-sheet :focus span");
    page.press("Enter");
    page.until("document.querySelector('.lesson')");
    page.until(ASKING);
    page.until("document.activeElement.className === 'lesson' && !document.querySelector('#lessons-sheet:popover-open')");
    assert_eq!(page.text(".lesson h2"), fourth);
    page.click(".lesson-head [popovertarget]");
    page.until("document.activeElement.getAttribute('aria-current') === 'true'");
    page.press("Escape");
    page.until("document.activeElement.matches('.lesson-head [popovertarget]')");
}

pub fn a_lesson_is_taken_by_keys_alone(page: &Page) {
    page.press("l");
    page.until(ASKING);
    // Each time, the focus goes to what comes next.
    page.press("2");
    page.until("document.activeElement.id === 'lock'");
    page.press("Enter");
    page.until("document.activeElement.matches('.lesson')");
    page.press("q");
    page.until(REVEALED);
    page.until("document.activeElement.matches('.lesson [role=status]')");
    assert!(page.text(".answer[data-true=true]").contains("your prediction · what happened"));
    page.press("y");
    page.until("document.activeElement.id === 'manifest'");
    page.js("document.activeElement.blur()");
    page.press("l");
    assert!(shown(page, ".lesson"));
}

pub fn whoever_leaves_the_lessons_finds_the_run_from_before(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=2");
    page.run_until_quiet();
    let (pods, text) = (page.pods(), format!("{}\n# not applied yet\n", page.manifest()));
    page.fill("#manifest", &text);
    page.js("document.activeElement.blur()");
    let elsewhere = "window.before = true; location.hash = ''; location.reload()";
    for leave in ["document.getElementById('leave-lesson').click()", elsewhere] {
        page.press("l");
        page.until(ASKING);
        page.press("2");
        page.click("#lock");
        page.press("q");
        page.until(REVEALED);
        page.js(leave);
        page.until("!window.before && document.querySelector('#page[data-live]') && !document.querySelector('.lesson')");
        page.until("document.querySelectorAll('.pod').length === 2");
        assert_eq!((page.pods(), page.manifest()), (pods.clone(), text.clone()));
    }
}

pub fn on_a_telephone_the_cluster_is_shown_below_the_lesson(page: &Page) {
    page.resize(390, 844);
    page.press("l");
    let both = || assert!(shown(page, ".lesson") && shown(page, ".matrix"));
    page.until(ASKING);
    both();
    page.press("2");
    page.click("#lock");
    page.until("document.querySelector('.lesson').dataset.phase === 'run'");
    both();
    page.press("q");
    page.until(REVEALED);
    both();
}

pub fn why_offers_a_lesson_and_another_run_ends_it(page: &Page) {
    page.run_until_quiet();
    page.type_line("playground unready pod web-0");
    page.type_line("kubectl scale statefulset web --replicas=5");
    page.run_until_quiet();
    page.tell_more();
    page.click("#learn");
    page.until(ASKING);
    page.click("#leave-lesson");
    page.until("!document.querySelector('.lesson') && document.querySelector('.pod')");
    page.js("document.activeElement.blur()");
    page.press("l");
    page.until(ASKING);
    page.js("document.getElementById('restart').click()");
    page.until("!document.querySelector('.lesson')");
    page.until("document.querySelector('.pod')");
    assert_ne!(page.text(".verdict"), Lang::English.text().lessons.hidden());
    page.press("l");
    page.until(ASKING);
    page.choose("#release", "1.36");
    page.until("!document.querySelector('.lesson')");
}

pub fn letters_grow_for_a_projector(page: &Page) {
    page.resize(1920, 1080);
    page.press("p");
    assert_eq!(page.js("return getComputedStyle(document.documentElement).fontSize"), "22px");
    assert!(shown(page, ".rail"));
    let roomy = "const { lineHeight, fontSize } = getComputedStyle(document.querySelector('.terminal-log div'));
        return parseFloat(lineHeight) > 1.3 * parseFloat(fontSize)";
    assert_eq!(page.js(roomy), true, "lines grow with their letters");
    // On one that shows few lines they grow less, so that all nodes stay in sight.
    page.run_until_quiet();
    page.resize(1024, 768);
    crate::visit::needs_no_scrolling(page, "on an old projector");
    for (width, height) in [(1920, 940), DESKTOP] {
        page.resize(width, height);
        crate::visit::needs_no_scrolling(page, &format!("on a projector, {width} × {height}"));
        // A claim's name is one line, at the height of what stands beside it.
        let lines = "const tops = e => { const range = document.createRange(); range.selectNodeContents(e);
                const lines = [...range.getClientRects()]; return [lines.length, lines[0].top]; };
            return [...document.querySelectorAll('.storage tbody tr')].map(row => {
                const [[lines, name], [, written]] = [row.querySelector('.link'), row.querySelector('td:last-child')].map(tops);
                return lines === 1 && Math.abs(name - written) < 1.5; })";
        let whole = serde_json::json!([true, true, true]);
        page.in_all_letters(|letters| assert_eq!(page.js(lines), whole, "{width} × {height}, {letters}"));
    }
    page.press("p");
    assert!(!shown(page, ".rail"));
    // Where the manifest lies over the cluster, nobody asked for it.
    page.visit_folded();
    page.resize(1024, 768);
    assert!(!shown(page, ".manifest"));
    for _ in 0..2 {
        page.press("p");
        assert!(!shown(page, ".manifest"));
    }
}
