//! The first paste works: through the door, dropped or on K, in a window and on a telephone. Which texts come up is tested natively
//! (`tests/first_paste.rs`); here a visitor's own hands are, and their clicks are counted.

use std::path::Path;

use serde_json::json;

use crate::page::{PHONE, Page};

/// Texts that people bring, and how many clicks they take from the paste until all pods are Ready: one applies, and makes what is missing;
/// another mends a version that is gone.
const TEXTS: [(&str, usize); 2] = [("tests/browser/manifests/ledger.yaml", 1), ("src/terminal/console/library/kubia-set.yaml", 2)];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a manifest")
}

/// Pastes a text into the element that has the focus, as a browser does.
fn paste(page: &Page, text: &str) {
    page.js(&format!(
        "const data = new DataTransfer(); data.setData('text/plain', {text});
         const event = new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }});
         if (document.activeElement.dispatchEvent(event)) document.execCommand('insertText', false, {text})",
        text = json!(text)
    ));
}

/// Waits until what was pasted is judged, and presses what is offered first: a correction, what makes all that is missing, else Apply.
/// How many clicks that takes.
fn bring_up(page: &Page) -> usize {
    const FIX: &str = "document.querySelector('[role=alert] .mending .primary')";
    page.until("document.querySelector('.whose')?.innerText === 'Your cluster'");
    // The text is looked at once nothing was typed for a moment.
    page.js_later("setTimeout(done, 600)");
    let mut clicks = 1;
    if page.js(&format!("return !!{FIX}")) == true {
        page.js(&format!("{FIX}.click()"));
        page.until(&format!("!{FIX}"));
        clicks += 1;
    }
    page.js("(document.querySelector('#create-missing') ?? document.querySelector('#apply')).click()");
    clicks
}

/// All pods of the set shown are Ready.
fn runs(page: &Page) {
    page.until("document.querySelector('.pod')");
    page.run_until_quiet();
    page.until("/^(\\d+) of \\1 Ready/.test(document.querySelector('.object h1 > span:not(.hue-danger)').innerText) && !document.querySelector('#create-missing')");
}

pub fn through_the_door_it_comes_up_in_a_cluster_of_its_own(page: &Page) {
    for (at, (path, clicks)) in TEXTS.iter().enumerate() {
        page.visit_first();
        if at == 0 {
            page.resize(PHONE.0, PHONE.1);
        }
        page.until("document.querySelector('.pod')");
        page.click(".door:nth-of-type(1)");
        page.until("document.activeElement.id === 'manifest' && document.activeElement.value === ''");
        paste(page, &read(path));
        assert_eq!(bring_up(page), *clicks, "{path}");
        page.resize(1440, 900);
        runs(page);
    }
    page.check_accessible();
}

pub fn in_the_place_of_the_untouched_example_it_has_a_cluster_of_its_own(page: &Page) {
    page.visit_folded();
    page.until("document.querySelector('.pod')");
    assert_eq!(page.text(".whose"), "Example");
    page.press("y");
    page.until("document.activeElement.id === 'manifest' && document.activeElement.selectionEnd > 0");
    paste(page, &read("src/terminal/console/library/web.yaml"));
    assert_eq!(bring_up(page), 1);
    runs(page);
    page.open_manifest();
    // What is pasted after something was done stands beside that, and is what one sees, whatever one looked at before.
    page.js("document.getElementById('manifest').focus(); document.getElementById('manifest').select()");
    paste(page, &read("tests/browser/manifests/seed-003.yaml"));
    page.click("#apply");
    let shown = |set: &str| page.until(&format!("document.querySelector('.object select')?.value === {set:?}"));
    shown("default/web-sts");
    page.choose(".object select", "default/web");
    shown("default/web");
    page.open_manifest();
    page.click("#apply");
    shown("default/web-sts");
}

pub fn dropped_or_pasted_on_k_it_has_a_cluster_of_its_own(page: &Page) {
    let text = read("src/terminal/console/library/web.yaml");
    page.visit_first();
    page.until("document.querySelector('.pod')");
    page.js(&format!(
        "const data = new DataTransfer(); data.items.add(new File([{}], 'web.yaml'));
         dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, cancelable: true }}))",
        json!(text)
    ));
    page.until("!document.querySelector('.hello') && !document.documentElement.hasAttribute('data-first') && document.getElementById('manifest')?.value.includes('nginx-slim')");
    assert_eq!(bring_up(page), 1);
    runs(page);
    page.visit_first();
    page.until("document.querySelector('.pod')");
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    paste(page, &text);
    page.click("#bring-up");
    page.until("!document.getElementById('stuck').open");
    runs(page);
}
