//! Using the page without a pointer.

use crate::fonts::Letters;
use crate::page::Page;

fn focused(page: &Page, what: &str) -> String {
    page.js(&format!("return document.activeElement?.{what} ?? ''")).as_str().unwrap_or_default().to_owned()
}

pub fn a_visitor_gets_everywhere_without_a_pointer(page: &Page) {
    page.run_until_quiet();
    page.press("F6");
    assert_eq!(focused(page, "closest('.bar')?.className"), "bar");
    for region in ["manifest", "stage", "terminal", "explain", "timeline", "bar"] {
        page.press("F6");
        assert_eq!(focused(page, &format!("closest('.{region}, .bar')?.className")), region);
        // Where one can type, one is there to type.
        let typed_into = match region {
            "manifest" => "manifest",
            "terminal" => "prompt",
            _ => continue,
        };
        assert_eq!(focused(page, "id"), typed_into);
    }
    page.press("Shift+F6");
    assert_eq!(focused(page, "closest('.timeline')?.className"), "timeline");
}

pub fn arrow_keys_move_in_the_cluster_and_enter_asks(page: &Page) {
    page.run_until_quiet();
    // From the region, which has the focus after a manifest was applied.
    page.js("document.querySelector('.stage').focus()");
    page.press("ArrowDown");
    assert!(focused(page, "innerText").starts_with("web-0"));
    page.press("ArrowRight");
    assert!(focused(page, "innerText").starts_with("web-1"));
    page.press("ArrowRight");
    assert!(focused(page, "innerText").starts_with("web-2"));
    page.press("Enter");
    assert_eq!(page.text(".verdict"), "web-2 is Ready.");
    page.press("ArrowLeft");
    assert!(focused(page, "innerText").starts_with("web-1"));
    // As in Safari: the click alone focuses nothing.
    page.js("document.activeElement.blur(); document.querySelectorAll('.pod')[0].click()");
    let first = focused(page, "dataset.item");
    page.press("ArrowRight");
    assert_ne!(focused(page, "dataset.item"), first, "keys go on from the tile that was clicked");
    assert!(first.starts_with("pod-"), "{first}");
    assert_eq!(page.js("return document.querySelectorAll('.matrix [tabindex=\"0\"]').length"), 1, "the cluster is one stop");
}

pub fn keys_play_step_scale_and_show_their_list_on_a_korean_keyboard_too(page: &Page) {
    page.press("Space");
    page.until("document.querySelector('#toggle use').getAttribute('href') === '#play'");
    page.js("dispatchEvent(new KeyboardEvent('keydown', { key: 'ㅂ', code: 'KeyQ' }))");
    page.until("document.querySelector('.next').innerText.startsWith('Nothing more happens')");
    page.press("+");
    page.until("document.querySelector('.stepper output').innerText === '4'");
    page.press("-");
    page.until("document.querySelector('.stepper output').innerText === '3'");
    page.press("?");
    page.until("document.querySelector('#keys')");
    page.check_accessible();
    page.press("Escape");
    page.until("!document.querySelector('#keys')");
}

pub fn the_list_of_keys_finds_a_function_by_its_name_and_does_it(page: &Page) {
    let find = |name: &str| {
        page.press("?");
        page.until("document.activeElement?.id === 'keys-filter'");
        page.fill("#keys-filter", name);
        page.until("document.querySelectorAll('#keys dd').length === 1");
    };
    find("until quiet");
    page.press("Enter");
    page.until("!document.querySelector('#keys')");
    page.until("document.querySelector('.next').innerText.startsWith('Nothing more happens')");
    // What has no key is there, too.
    find("all decisions");
    assert_eq!(page.js("return document.querySelector('#keys kbd')"), serde_json::json!(null));
    page.click("#keys dd button");
    page.until("document.querySelector('#why-all').getAttribute('aria-pressed') === 'true'");
    find("language");
    page.click("#keys dd button");
    page.until("document.documentElement.lang === 'ko'");
    page.speak("en");
}

pub fn a_letter_that_is_being_put_together_ends_no_line(page: &Page) {
    const LINES: &str = "document.querySelectorAll('.terminal-log .typed').length";
    let lines = || page.js(&format!("return {LINES}"));
    let before = lines();
    page.js("document.querySelector('#prompt').focus()");
    page.press("a");
    let enter = |more: &str| {
        page.js(&format!("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Enter', bubbles: true, {more} }}))"));
        lines()
    };
    assert_eq!(enter("isComposing: true"), before);
    assert_eq!(enter("keyCode: 229"), before);
    enter("");
    page.until(&format!("{LINES} > {before}"));
}

pub fn the_editor_keeps_its_keys_and_lets_go(page: &Page) {
    page.press("y");
    page.until("document.activeElement.id === 'manifest'");
    let before = page.manifest();
    page.press("Tab");
    assert_eq!(page.manifest().len(), before.len() + 2, "Tab indents");
    page.undo();
    assert_eq!(page.manifest(), before, "and can be undone");
    page.press("Control+Enter");
    page.until("document.querySelectorAll('.terminal-log .typed').length === 2");
    // The focus is where the result is, and keys are shortcuts again.
    page.until("document.activeElement.matches('.stage')");
    page.press("q");
    page.until("document.querySelector('.next').innerText.startsWith('Nothing more happens')");
    // Whose text is refused goes on typing.
    page.press("y");
    page.until("document.activeElement.id === 'manifest'");
    page.fill("#manifest", &before.replace("replicas: 3", "replicas: three"));
    page.press("Control+Enter");
    page.until("document.querySelector('.problem')");
    assert_eq!(focused(page, "id"), "manifest");
    let refused = page.manifest();
    for field in ["#manifest", "#dns-ask", "#prompt"] {
        page.js(&format!("document.querySelector('{field}').focus()"));
        page.press("Escape");
        page.until("document.activeElement.matches('.stage')");
        page.press("m");
    }
    assert_eq!(page.manifest(), refused);
}

pub fn a_line_can_be_typed_and_typed_again(page: &Page) {
    page.run_until_quiet();
    page.press("`");
    page.until("document.activeElement.id === 'prompt'");
    page.fill("#prompt", "kubectl get pods");
    page.press("Enter");
    page.until("document.querySelector('.terminal-log').innerText.includes('web-2   1/1     Running')");
    page.press("ArrowUp");
    assert_eq!(focused(page, "value"), "kubectl get pods");
    // Out of the line, keys are shortcuts again.
    page.press("Escape");
    page.until("document.activeElement.id !== 'prompt'");
    page.press("`");
    page.until("document.activeElement.id === 'prompt'");
}

pub fn the_tab_key_goes_through_everything_in_sight_and_out_again(page: &Page) {
    page.run_until_quiet();
    for letters in Letters::ALL {
        page.change_letters(letters);
        goes_through_everything(page);
    }
}

fn goes_through_everything(page: &Page) {
    page.js("document.activeElement.blur(); document.querySelector('.skip').focus()");
    let (mut seen, mut regions) = (Vec::new(), Vec::new());
    for _ in 0..150 {
        if focused(page, "id") == "manifest" {
            page.press("Escape");
        }
        page.press("Tab");
        let at = page.js("const e = document.activeElement, r = e.getBoundingClientRect();
             if (e === document.body || e.className === 'skip') return null;
             const region = e.closest('.bar, .manifest, .stage, .terminal, .explain, .timeline');
             const seen = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth && r.width > 0;
             return [region?.classList[0] ?? '', e.getAttribute('aria-label') || e.innerText.slice(0, 40) || e.id || e.tagName, seen]");
        let Some(at) = at.as_array() else { break };
        assert_eq!(at[2], true, "{at:?} has the focus and is out of sight");
        regions.push(at[0].as_str().unwrap_or_default().to_owned());
        seen.push(format!("{} {}", at[0], at[1]));
    }
    println!("{}", seen.join("\n"));
    regions.dedup();
    assert_eq!(regions, ["bar", "manifest", "stage", "terminal", "explain", "timeline"], "{seen:#?}");
    assert!(seen.len() < 100, "{} stops", seen.len());
}

pub fn a_sheet_takes_the_focus_and_its_arrow_keys(page: &Page) {
    // There is something to share once something was done.
    page.type_line("kubectl get pods");
    for (opener, sheet) in [("try", "ways-sheet"), ("share", "share-sheet"), ("lessons", "lessons-sheet")] {
        page.js(&format!("document.getElementById('{opener}').focus()"));
        page.press("Enter");
        page.until(&format!("document.activeElement.closest('#{sheet}')"));
        page.js("window.was = document.activeElement");
        page.press("ArrowDown");
        page.until(&format!("document.activeElement !== window.was && document.activeElement.closest('#{sheet}')"));
        page.press("ArrowUp");
        page.until("document.activeElement === window.was");
        page.press("Escape");
        page.until(&format!("document.activeElement.id === '{opener}'"));
    }
}

pub fn a_way_out_that_is_taken_leaves_the_focus_in_its_pane(page: &Page) {
    page.run_until_quiet();
    page.pick("web-0");
    page.command("Make web-0 not Ready");
    page.until("document.querySelector('.ways .button')?.innerText.startsWith('Make web-0 Ready')");
    page.js("document.querySelector('.ways .button').focus()");
    page.press("Enter");
    page.until("![...document.querySelectorAll('.ways .button')].some(way => way.innerText.startsWith('Make web-0 Ready'))");
    page.until("document.activeElement.closest('.why')");
}
