//! Runs that go elsewhere and come from there: links, files, pages that embed this one.

use serde_json::json;

use crate::fonts::Letters;
use crate::page::Page;
use crate::screens::shoot;

/// What every place one pastes links into takes.
const MAX_LINK_CHARACTERS: u64 = 1500;

/// Opens a fragment as a new visitor does.
fn open(page: &Page, fragment: &str) {
    page.visit_at(&format!("?again{fragment}"));
}

/// Makes the link of what is shown; its fragment.
pub fn share(page: &Page) -> String {
    page.js("document.getElementById('share').click()");
    page.until("document.querySelector('#share-sheet [role=status]').innerText.includes('ink')");
    assert_eq!(
        page.js("return document.querySelector('#share-sheet').offsetHeight < innerHeight / 2"),
        true,
        "the sheet is as high as its words"
    );
    let length = page.js("return location.href.length").as_u64().unwrap_or_default();
    let fragment = page.js("return location.hash").as_str().unwrap_or_default().to_owned();
    assert!(fragment.starts_with("#1.") && length <= MAX_LINK_CHARACTERS, "{length} characters");
    fragment
}

/// Everything that must be as it was where the run was shared.
fn shown(page: &Page) -> (String, Vec<String>, String) {
    (page.text(".clock"), page.pods(), page.text(".terminal-log"))
}

fn news(page: &Page) -> String {
    page.text(".branches [role=status]")
}

/// What tells the branch shown from its twin.
fn difference(page: &Page) -> String {
    let label = page.text(".branches .segments [aria-pressed=true]");
    label.split(" · ").nth(1).unwrap_or_default().to_owned()
}

/// Gives the page a file, as if it had been dropped there.
fn drop_file(page: &Page, text: &str) {
    page.js(&format!(
        "const data = new DataTransfer(); data.items.add(new File([{}], 'run.txt'));
         dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, cancelable: true }}))",
        json!(text)
    ));
}

/// The run that the page would save.
pub fn saved(page: &Page) -> String {
    page.js("window.saved = null; const make = URL.createObjectURL;
         URL.createObjectURL = blob => { blob.text().then(text => window.saved = text); URL.createObjectURL = make; return '#'; };
         HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };
         document.querySelector('#save').click()");
    page.until("window.saved !== null");
    assert_eq!(page.js("return window.savedAs"), "run.ordinal.txt");
    page.js("return window.saved").as_str().unwrap_or_default().to_owned()
}

pub fn a_link_and_a_reload_show_every_branch_at_the_shared_instant(page: &Page) {
    page.run_until_quiet();
    crate::time::drag_to(page, 60);
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    page.pick("web-1");
    crate::time::drag_to(page, 60);
    let ways = || page.text(".branches .segments");
    let (before, subject) = ((shown(page), ways()), page.text(".why .mono"));
    a_language_that_was_chosen_goes_along(page);
    page.press("Escape");
    let fragment = share(page);
    page.check_accessible();
    shoot(page, "14-share");
    open(page, &fragment);
    assert_eq!((shown(page), ways()), before);
    assert_eq!(page.text(".why .mono"), subject);
    assert!(news(page).starts_with("You are viewing the past"));
    page.js("window.before = true; location.reload()");
    page.until("window.before === undefined && document.querySelectorAll('.branches .segments button').length === 2");
    assert_eq!((shown(page), ways()), before);
    page.click("#now");
    page.until("document.querySelectorAll('.pod').length === 4");
    page.click(".branches .segments button:first-child");
    page.until("document.querySelectorAll('.pod').length === 3");
}

/// The link and the snippet name the language that was chosen, and no other.
fn a_language_that_was_chosen_goes_along(page: &Page) {
    let held = |id: &str| page.js(&format!("return document.getElementById('{id}').value")).as_str().unwrap_or_default().to_owned();
    share(page);
    assert!(!held("share-link").contains("lang=") && !held("share-snippet").contains("lang="));
    assert!(held("share-snippet").contains("style=\"border:0\""));
    page.js("localStorage.lang = 'ko'");
    page.press("Escape");
    share(page);
    assert!(held("share-link").contains("?lang=ko#1."), "{}", held("share-link"));
    assert!(held("share-snippet").contains("?embed&lang=ko#1."), "{}", held("share-snippet"));
    page.js("localStorage.removeItem('lang')");
}

pub fn a_link_keeps_what_stands_beside(page: &Page) {
    page.run_until_quiet();
    page.click("#try");
    page.click("#compare-edit");
    page.until("document.querySelectorAll('.chip').length > 0");
    page.apply(&page.manifest().replace("replicas: 3", "replicas: 4"));
    page.run_until_quiet();
    let before = (shown(page), difference(page));
    let fragment = share(page);
    open(page, &fragment);
    assert_eq!((shown(page), difference(page)), before);
    assert_eq!(page.js("return document.querySelectorAll('.chip').length"), 3);
}

pub fn a_broken_link_is_told_and_never_a_blank_page(page: &Page) {
    // Whole, and nothing of use in it: a letter.
    for (fragment, told) in [("#1.AAAA", "damaged"), ("#1.AwA", "damaged"), ("#9.AAAA", "newer version of Ordinal")] {
        open(page, fragment);
        page.until(&format!("document.querySelector('.branches [role=status]').innerText.includes({told:?})"));
        page.until("document.querySelector('.pod')");
        assert!(news(page).ends_with("The example is shown instead."));
    }
    // A fragment of somebody else's is no link.
    open(page, "#foo");
    page.until("document.querySelector('.pod')");
    assert_eq!(news(page), "");
}

pub fn an_address_that_cannot_be_read_takes_nothing_away(page: &Page) {
    page.run_until_quiet();
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    let (whole, before) = (share(page), shown(page));
    page.js("window.here = true; window.opened = 0; addEventListener('opened', () => opened++)");
    for (at, fragment) in ["#1.damaged!", "#1.", "#1.%20", "#1AAAA", "#%"].iter().enumerate() {
        page.js(&format!("location.hash = '{fragment}'"));
        page.until(&format!("window.opened === {at} + 1"));
        page.until(
            "document.querySelector('.branches [role=status]').innerText === 'No run could be read from this address. The page is unchanged.'",
        );
    }
    page.click("#toggle");
    page.click("#toggle");
    // A place of the page is no run; nor does going back to the run's own address begin it again.
    for fragment in ["#cluster", &whole] {
        page.js(&format!("location.hash = '{fragment}'"));
        page.until("history.state !== null");
    }
    assert_eq!(page.js("return window.here"), true);
    assert_eq!((shown(page).1, page.js("return location.hash")), (before.1.clone(), whole.clone().into()));
    // Some programs escape what needs no escape.
    open(page, &whole.replacen("#1.", "#1%2E", 1));
    assert_eq!(shown(page), before);
    // Of a link that breaks off and of a newer one, what can be read is shown.
    open(page, &whole[..whole.len() - 30]);
    assert!(news(page).contains("what could be read is shown"), "{}", news(page));
    assert!(page.manifest().contains("kind: StatefulSet"));
    open(page, &whole.replacen("#1.", "#2.", 1));
    assert!(news(page).contains("newer version of Ordinal"), "{}", news(page));
    assert_eq!(page.pods().len(), 4);
    // Who comes for the first time, and who sees the page within another, is told too.
    page.visit_first_at("#1.hello!");
    assert_eq!(page.js("return 'first' in document.documentElement.dataset"), false, "a run was to be shown, and no greeting");
    page.until("document.querySelector('.branches [role=status]').offsetHeight > 0");
    page.check_legible("a first visit with a damaged link");
    page.visit_at("?embed&lang=ko#1.hello!");
    for (width, height) in [(720, 560), (390, 480)] {
        page.resize(width, height);
        page.until("document.querySelector('.branches [role=status]').offsetHeight > 0");
        assert!(news(page).starts_with("손상된 링크입니다."), "{}", news(page));
        page.check_legible(&format!("an embed of a damaged link, {width} wide"));
    }
}

pub fn what_was_under_way_is_there_after_a_reload_a_link_and_another_day(page: &Page) {
    const LIVE: &str = "!window.before && document.querySelector('#page[data-live]') !== null";
    page.run_until_quiet();
    let (link, given) = (share(page), page.pods());
    page.visit();
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=2");
    page.run_until_quiet();
    let (own, text) = (page.pods(), format!("{}\n# not applied yet\n", page.manifest()));
    page.fill("#manifest", &text);
    for hash in ["", "#1."] {
        if !hash.is_empty() {
            share(page);
        }
        page.js("window.before = true; location.reload()");
        page.until(LIVE);
        assert_eq!((page.pods(), page.manifest()), (own.clone(), text.clone()));
        assert!(page.js("return location.hash").as_str().unwrap().starts_with(hash));
    }
    for (go, pods) in
        [(format!("location.hash = '{link}'"), &given), ("history.back()".to_owned(), &own), ("history.forward()".to_owned(), &given)]
    {
        page.js(&format!("window.before = true; {go}"));
        page.until(LIVE);
        assert_eq!(page.pods(), *pods, "{go}");
    }
    // Whoever returns another day lands there too, but neither in what came by a link nor in a page that embeds this one.
    page.open(&format!("{}icon.svg", page.address()));
    page.open(&page.address());
    page.until(LIVE);
    assert_eq!((page.pods(), page.manifest()), (own, text.clone()));
    page.open(&format!("{}?embed", page.address()));
    page.until(LIVE);
    assert_ne!(page.manifest(), text);
}

pub fn a_run_and_a_lesson_are_saved_opened_and_told_to_be_faulty(page: &Page) {
    const LESSON: &str = include_str!("../../src/page/lesson/course/scale-in.yaml");
    const SAYS: &str = "document.querySelector('.branches [role=status]').innerText";
    page.run_until_quiet();
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    let before = shown(page);
    let file = saved(page);
    assert!(file.starts_with("ordinal 1\nmodel "), "{file}");
    page.visit();
    drop_file(page, &file);
    page.until("document.querySelectorAll('.pod').length === 4");
    assert_eq!(shown(page), before);
    drop_file(page, &file.replace("ordinal 1", "ordinal 7").replace("\nend ", "\ncolour red\nend "));
    page.until(&format!("{SAYS}.includes('newer version of Ordinal')"));
    assert!(news(page).contains("1 line was"), "{}", news(page));
    assert_eq!(shown(page), before);
    drop_file(page, "\u{0}\u{1}nothing of ours");
    page.until(&format!("{SAYS}.includes('newer version of Ordinal')"));
    assert_eq!(shown(page), before, "what was shown stays");
    drop_file(page, "kind: ConfigMap\napiVersion: v1\nmetadata: {name: mine}\n");
    page.until("document.getElementById('manifest').value.includes('ConfigMap')");
    drop_file(page, &LESSON.replace("chapter: scaling", "chapter: music"));
    page.until(&format!("{SAYS}.includes('chapter: expected one of identity, storage, scaling, rollouts, nodes')"));
    drop_file(page, LESSON);
    page.until("document.querySelector('.lesson')?.dataset.phase === 'predict'");
    assert!(page.js("return location.hash").as_str().is_some_and(|hash| !hash.contains("own")));
    // Its link has it whole: whoever opens that meets the same lesson, not one of the course.
    let title = page.text(".lesson h2");
    // The bar is not to be seen while the question is asked.
    page.js("document.getElementById('share').click()");
    page.until("document.querySelector('#share-sheet [role=status]').innerText.includes('ink')");
    let fragment = page.js("return location.hash").as_str().unwrap_or_default().to_owned();
    assert!(fragment.starts_with("#1."), "{fragment}");
    open(page, &fragment);
    page.until("document.querySelector('.lesson')?.dataset.phase === 'predict'");
    assert_eq!(page.text(".lesson h2"), title);
}

/// A manifest and what kubectl prints are dropped in `first_paste` and `stuck`.
pub fn a_run_or_a_lesson_dropped_on_a_first_visit_ends_its_story(page: &Page) {
    page.run_until_quiet();
    let run = saved(page);
    for (kind, file) in [("a run", run.as_str()), ("a lesson", include_str!("../../src/page/lesson/course/deleted-pod.yaml"))] {
        page.visit_first();
        assert_eq!(page.js("return document.documentElement.hasAttribute('data-first')"), json!(true), "{kind}");
        drop_file(page, file);
        page.until("!document.documentElement.hasAttribute('data-first')");
    }
}

pub fn another_page_embeds_the_cluster_one_sentence_and_the_time(page: &Page) {
    page.run_until_quiet();
    page.pick("web-1");
    page.command("Make web-1 not Ready");
    page.run_until_quiet();
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    share(page);
    let snippet = page.js("return document.getElementById('share-snippet').value").as_str().unwrap_or_default().to_owned();
    let address = snippet.split('"').nth(1).unwrap_or_default();
    let query = address.strip_prefix(&page.address()).unwrap_or_else(|| panic!("{snippet}"));
    assert!(query.starts_with("?embed#1."), "{snippet}");
    let pods = page.pods();
    page.visit_at(query);
    // As high as it is where it was put, in the column of a page.
    let height = snippet.split("height=\"").nth(1).and_then(|rest| rest.split('"').next()?.parse().ok()).expect("a height");
    page.resize(720, height);
    crate::visit::needs_no_scrolling(page, "in the page that embeds it");
    page.resize(800, 450);
    assert_eq!(page.pods(), pods);
    for gone in [".manifest", ".terminal", ".object", "#share", "#compare", ".dns"] {
        assert_eq!(page.js(&format!("return document.querySelector('{gone}')?.offsetHeight ?? 0")), 0, "{gone} is hidden");
    }
    for there in [".matrix", ".sentence", ".transport", "#elsewhere"] {
        assert!(page.js(&format!("return document.querySelector('{there}').offsetHeight")).as_u64() > Some(0), "{there} is shown");
    }
    page.check_accessible();
    assert_eq!(page.js("return document.querySelector('[autofocus]')"), json!(null), "another page's focus is not taken");
    // What was done is flagged and told, and who plays sees it happen.
    let told = "return [document.querySelectorAll('.event').length > 0 && [...document.querySelectorAll('.event')].every(e => e.matches('.command') === e.offsetWidth > 0),
        document.querySelector('.transport .embedded').innerText.trim()]";
    assert_eq!(page.js(told), json!([true, "$ kubectl scale statefulset web --replicas=4"]));
    page.click("#toggle");
    page.until("document.querySelector('#cluster .pod[data-hue=wait]') && document.querySelectorAll('#cluster .pod').length === 1");
    page.click("#toggle");
    page.press("End");
    assert_eq!(page.pods(), pods);
    // In a narrow column, the name of the set and the speed are in sight.
    for width in [305, 360, 390] {
        page.resize(width, 480);
        let seen = "const [name, speed] = ['h1.embedded', '.speed'].map(part => document.querySelector(part));
            return name.scrollWidth <= name.clientWidth + 1 && speed.getBoundingClientRect().right <= innerWidth";
        page.in_all_letters(|letters| assert_eq!(page.js(seen), true, "{width} pixels wide, {letters}"));
    }
    // The word may stand before the run as well.
    page.visit_at(&query.replace("?embed#", "#embed&"));
    page.resize(800, 450);
    assert_eq!(page.pods(), pods);
    assert_eq!(page.js("return document.querySelector('.terminal').offsetHeight"), 0);
    crate::screens::shoot_sizes(page, "15-embed", &[(800, 450), (390, 480)]);
    page.click(".sentence");
    page.until("document.querySelector('.why').offsetHeight > 0");
    assert_eq!(
        (page.text(".sentence u").as_str(), page.js("return document.querySelector('.why code ~ button')?.offsetHeight ?? 0")),
        ("Close", json!(0))
    );
    let over = "const [why, below] = ['.explain', '.sentence'].map(part => document.querySelector(part));
        return getComputedStyle(why).overflowY === 'visible' || why.getBoundingClientRect().bottom > below.getBoundingClientRect().top + 1";
    page.in_all_letters(|letters| assert_eq!(page.js(over), false, "what is told scrolls in its place, {letters}"));
    page.press("Escape");
    page.until("document.querySelector('.why').offsetHeight === 0 && document.activeElement.matches('.sentence')");
    // The window opens while the click lasts, without a way back to this one.
    page.js("window.open = () => window.other = { opener: window }");
    assert_eq!(page.js("document.querySelector('#elsewhere').click(); return window.other.opener"), json!(null));
    let opened = page.until("window.other.location").as_str().unwrap_or_default().to_owned();
    assert!(opened.starts_with(&format!("{}#1.", page.address())), "{opened}");
}

pub fn in_a_low_frame_what_happens_is_in_sight(page: &Page) {
    let of_wide: [Sizes; 2] = [&[(390, 456), (600, 360)], &[(800, 450)]];
    let of_narrow: [Sizes; 2] = [&[(720, 456)], &[(600, 400)]];
    for (letters, [followed, whole]) in Letters::ALL.into_iter().zip([of_wide, of_narrow]) {
        let _set = page.set_in(letters);
        page.prepare("localStorage.clear(); localStorage.visited = 1");
        followed.iter().for_each(|size| what_comes_up_is_followed(page, *size));
        whole.iter().for_each(|size| all_rows_are_in_sight(page, *size));
    }
}

/// Sizes of windows.
type Sizes = &'static [(u32, u32)];

/// What comes up is in sight in a frame of this size, and nothing around the cluster is moved.
fn what_comes_up_is_followed(page: &Page, (width, height): (u32, u32)) {
    let seen = "(() => { const [tile, disk, sight, head] = ['.pod:not([data-hue=ready])', '.pod:not([data-hue=ready]) ~ .disk', '#cluster',
             '.heading-cell'].map(part => document.querySelector(part)?.getBoundingClientRect());
         return disk && tile.top >= head.bottom - 1 && Math.max(tile.bottom, disk.bottom) <= sight.bottom + 1; })()";
    page.resize(width, height);
    page.open(&format!("{}?embed", page.address()));
    page.until(seen);
    assert_eq!(page.js("return [scrollX, scrollY].join()"), "0,0", "nothing around the cluster is moved");
}

/// Neither a pod without a node nor a slot lies under a heading, and all rows are in sight.
fn all_rows_are_in_sight(page: &Page, (width, height): (u32, u32)) {
    page.resize(width, height);
    page.open(&format!("{}?embed", page.address()));
    page.pace(5);
    for what in [".waiting > .pod", ".waiting > .slot"] {
        page.until(&format!(
            "(() => {{ const [it, head] = ['{what}', '.heading-cell'].map(part => document.querySelector(part)?.getBoundingClientRect());
                 return it && it.top >= head.bottom - 1; }})()"
        ));
    }
    let hidden = "const cluster = document.querySelector('#cluster'); return cluster.scrollHeight - cluster.clientHeight";
    assert_eq!(page.js(hidden), 0, "{width} by {height}");
}
