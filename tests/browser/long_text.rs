//! A text that is too long for the editor's box: a part of it is in the box, and all of it is judged, applied, shared and brought back.

use serde_json::json;

use crate::measure::{figure, guard};
use crate::page::Page;
use crate::typing;

/// How long a manifest of custom kinds is, in bytes: almost as long as the page reads.
const BYTES: usize = 4_000_000;
/// The most time from the key that pastes it until it is judged, in milliseconds.
const MAX_PASTE: f64 = 2000.0;
/// The longest task meanwhile: the browser's own work on the clipboard, and the largest document.
const MAX_TASK: f64 = 400.0;
/// The most time from a letter until the frame that shows it.
const MAX_KEY: f64 = 50.0;
/// How often a letter is typed before it counts as slow: other programs run at the same time.
const TRIES: usize = 5;
/// The most letters in the box, and the most lines in the document.
const MAX_IN_BOX: i64 = 70_000;
const MAX_LINES: i64 = 1000;

/// A set whose number of replicas is a word.
const WRONG: &str = "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  replicas: three\n  \
                     selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec: {containers: [{name: db, image: nginx}]}\n";

/// A custom kind with so many described fields.
fn custom_kind(at: usize, fields: usize) -> String {
    let field = |field: usize| {
        format!(
            "              field{field}:\n                description: |-\n                  Field {field} says how the controller treats what it \
             finds,\n                  and for how long it waits before it tries again.\n                type: object\n                \
             properties:\n                  names: {{type: array, items: {{type: string}}}}\n                  seconds: {{type: integer}}\n"
        )
    };
    let fields: String = (0..fields).map(field).collect();
    format!(
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: kind{at}s.example.com\nspec:\n  group: \
         example.com\n  scope: Namespaced\n  names: {{kind: Kind{at}, listKind: Kind{at}List, plural: kind{at}s, singular: kind{at}}}\n  \
         versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        \
         properties:\n          spec:\n            type: object\n            properties:\n{fields}"
    )
}

/// Custom kinds, and at their end the set that is wrong.
fn custom_kinds() -> String {
    let kind = custom_kind(0, 120).len();
    (0..BYTES / kind).map(|at| custom_kind(at, 120)).collect::<String>() + WRONG
}

/// A manifest that is only somewhat too long, whose last workload is in a version that is gone.
fn somewhat_long(gone: usize) -> String {
    "# This line only makes the text longer.\n".repeat(3000) + &typing::manifest(gone)
}

/// The text in the editor, of which the box holds a part: what is copied when all is selected.
pub fn whole(page: &Page) -> String {
    let copied = "const box = document.getElementById('manifest'), data = new DataTransfer(); box.focus(); box.select();
        const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true });
        box.dispatchEvent(event);
        return event.defaultPrevented ? data.getData('text/plain') : box.value";
    page.js(copied).as_str().expect("a text").to_owned()
}

/// Copies a text with keys. No box holds the text: a browser would lay every line of it out.
fn copy(page: &Page, text: &str) {
    page.js(&format!(
        "addEventListener('copy', event => {{
             event.clipboardData.setData('text/plain', {});
             event.preventDefault(); event.stopImmediatePropagation(); window.copied = true }}, {{ capture: true, once: true }});
         window.copied = false",
        json!(text)
    ));
    page.press("Control+c");
    page.until("window.copied");
}

/// Pastes what was copied over what is selected in the editor, with keys.
fn paste(page: &Page, from: usize, to: usize) {
    page.js(&format!("const box = document.getElementById('manifest'); box.focus(); box.setSelectionRange({from}, {to})"));
    page.press("Control+v");
}

/// Pastes a text over all that is there.
fn paste_all(page: &Page, text: &str) {
    copy(page, text);
    paste(page, 0, 1 << 30);
    page.until("document.querySelector('.manifest .held')");
}

/// The number of the line that is refused, beside it, and its words.
const REFUSED: &str = "(() => { const line = document.querySelector('.editor-lines .refused');
    return line && document.querySelector('.editor-numbers').children[[...line.parentNode.children].indexOf(line)].textContent + line.textContent })()";

pub fn four_megabytes_of_custom_kinds_are_pasted_judged_and_edited(page: &Page) {
    let (example, kinds) = (page.manifest(), custom_kinds());
    copy(page, &kinds);
    // Between two lines of what is there.
    let middle = example.find("---").expect("two documents");
    page.js(
        "window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => task.duration))).observe({ type: 'longtask' });
         addEventListener('keydown', event => event.key === 'v' && (window.begun = performance.now()), true);
         new MutationObserver(() => document.querySelector('.problem') && (window.judged ??= performance.now()))
             .observe(document.querySelector('.manifest'), { childList: true, subtree: true })",
    );
    paste(page, middle, middle);
    page.until_for(60, "window.judged");
    let took = page.js("return judged - begun").as_f64().expect("milliseconds");
    page.js_later("setTimeout(done, 500)");
    let longest = page.js("return Math.max(0, ...tasks)").as_f64().expect("milliseconds");
    let text = [&example[..middle], &kinds, &example[middle..]].concat();
    for (what, took, promised) in [("pasted and judged after", took, MAX_PASTE), ("the longest task", longest, MAX_TASK)] {
        figure(&format!("4 MB: {what}"), took, "ms", Some(promised));
        guard(what, took, promised);
    }
    assert!(whole(page) == text, "the joined text");
    let held = page.js("return [document.getElementById('manifest').value.length, document.querySelectorAll('.line').length]");
    assert!(held[0].as_i64() < Some(MAX_IN_BOX) && held[1].as_i64() < Some(MAX_LINES), "{held}");
    assert!(page.text(".held").contains(&text.split('\n').count().to_string()), "{}", page.text(".held"));
    // The line that is refused is led to, with its number.
    let wrong = text.lines().position(|line| line.contains("three")).expect("a line") + 1;
    page.click(".problem h3 button");
    page.until(&format!("{REFUSED} === '{wrong}  replicas: three\\n'"));
    page.until(&format!("{CARET} === '{wrong},true'"));
    type_letters(page);
    // What was typed is taken back, and then the paste.
    let typed = whole(page);
    assert_eq!(typed.len(), text.len() + TRIES);
    for _ in 0..=TRIES {
        page.press("Control+z");
    }
    page.until(&format!("document.getElementById('manifest').value === {}", json!(example)));
    page.click("#bring-back");
    page.until("document.querySelector('.held').innerText.includes('too many')");
    assert!(whole(page) == text, "brought back");
    page.check_accessible();
}

/// Types letters where the caret is; each is in sight soon.
fn type_letters(page: &Page) {
    let letter = "const box = document.getElementById('manifest'), begun = performance.now(); box.focus();
        document.execCommand('insertText', false, 'x');
        requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done(performance.now() - begun); port2.postMessage(0) })";
    let mut took = f64::MAX;
    for _ in 0..TRIES {
        took = took.min(page.js_later(letter).as_f64().expect("milliseconds"));
    }
    figure("a letter in 4 MB", took, "ms", Some(MAX_KEY));
    guard("a letter in 4 MB", took, MAX_KEY);
}

pub fn a_long_text_is_mended_applied_and_there_after_a_reload(page: &Page) {
    let (wrong, right) = (somewhat_long(1), somewhat_long(0));
    paste_all(page, &wrong);
    page.until("document.querySelector('.problem h3.hue-danger')");
    page.click(".mending .primary");
    page.until("!document.querySelector('.problem h3.hue-danger')");
    assert!(whole(page) == right, "mended");
    page.press("Control+z");
    page.until("document.querySelector('.problem h3.hue-danger')");
    assert!(whole(page) == wrong, "one step back");
    page.click(".mending .primary");
    page.until("!document.querySelector('.problem h3.hue-danger')");
    page.click("#apply");
    page.until("document.querySelector('.terminal-log').innerText.includes('statefulset.apps/db-104 created')");
    page.until("document.querySelector('.manifest .pane-foot').innerText.includes('105 objects')");
    page.click("#share");
    page.until("document.getElementById('share-link').value.includes('#1.')");
    let link = page.js("return document.getElementById('share-link').value").as_str().expect("an address").to_owned();
    page.press("Escape");
    for address in [None, Some(link)] {
        match address {
            None => page.js("location.reload()"),
            Some(link) => {
                page.open("about:blank");
                page.open(&link);
                json!(null)
            }
        };
        page.until("document.querySelector('#page[data-live]') && document.querySelector('.manifest .held')");
        assert!(whole(page) == right);
        page.until("document.querySelector('.manifest .pane-foot').innerText.includes('105 objects')");
    }
}

/// The number of the line with the caret, and whether it is in sight.
const CARET: &str = "(() => { const box = document.getElementById('manifest'), editor = document.querySelector('.editor').getBoundingClientRect();
    const at = box.value.slice(0, box.selectionStart).split('\\n').length - 1, number = document.querySelector('.editor-numbers').children[at];
    if (!number) return 'not drawn yet';
    const { top, bottom } = number.getBoundingClientRect();
    return [number.textContent, top >= editor.top - 1 && bottom <= editor.bottom + 1].join() })()";

pub fn one_scrolls_and_types_anywhere_in_a_long_text(page: &Page) {
    let text = somewhat_long(0);
    let lines = text.split('\n').count();
    paste_all(page, &text);
    // The caret is after what was pasted, also once the verdict has taken its room.
    page.until("document.querySelector('.manifest .problems')");
    page.until(&format!("{CARET} === '{lines},true'"));
    // Every line that is scrolled to has its number.
    page.js("document.querySelector('.editor').scrollTop = 17 * 2000");
    page.until("[...document.querySelectorAll('.editor-numbers > *')].some(line => line.textContent === '2010' && line.getBoundingClientRect().top < 900)");
    // Who goes on typing does so where the caret was left.
    page.press("x");
    page.until(&format!("{CARET} === '{lines},true'"));
    assert!(whole(page) == format!("{text}x"));
    page.press("Control+Home");
    page.until(&format!("{CARET} === '1,true'"));
    page.press("y");
    page.press("Control+End");
    page.until(&format!("{CARET} === '{lines},true'"));
    assert!(whole(page) == format!("y{text}x"));
    // All that is selected is more than the box holds.
    page.js("const box = document.getElementById('manifest'); box.focus(); box.select()");
    page.press("z");
    page.until("document.getElementById('manifest').value === 'z'");
    page.press("Control+z");
    page.until("document.querySelector('.held').innerText.includes('too many')");
    assert!(whole(page) == format!("y{text}x"));
}

pub fn a_long_file_and_an_example_take_the_place_of_each_other(page: &Page) {
    let (example, text) = (page.manifest(), somewhat_long(0));
    page.js(&format!(
        "const data = new DataTransfer(); data.items.add(new File([{}], 'long.yaml'));
         document.body.dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }}))",
        json!(text)
    ));
    page.until("document.querySelector('.held')?.innerText.includes('too many')");
    assert!(whole(page) == text);
    page.choose(".examples", "1");
    page.until("document.getElementById('manifest').value.includes('redis')");
    page.click("#bring-back");
    page.until("document.querySelector('.held').innerText.includes('too many')");
    assert!(whole(page) == text);
    copy(page, &example);
    paste(page, 0, 1 << 30);
    page.until(&format!("document.getElementById('manifest').value === {}", json!(example)));
}

pub fn what_is_too_long_for_the_model_is_refused_and_kept(page: &Page) {
    // A space makes the example somebody's own text, which can be brought back.
    let (example, text) = (format!("{} ", page.manifest()), "# x\n".repeat(5 << 18));
    page.apply(&example);
    page.open_manifest();
    paste_all(page, &text);
    page.until("document.querySelector('.problem')?.innerText.includes('4 MiB')");
    assert!(whole(page) == text);
    page.click("#bring-back");
    page.until(&format!("document.getElementById('manifest').value === {}", json!(example)));
    page.until("!document.querySelector('.problem')");
}
