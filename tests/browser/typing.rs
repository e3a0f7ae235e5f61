//! The cost of typing and of corrections in a long manifest: what the page's thread does in one go, and in all.

use serde_json::json;

use crate::frames::Metrics;
use crate::measure::{figure, guard};
use crate::page::Page;

/// How many workloads the manifest holds, and how many lines it has with them.
const WORKLOADS: usize = 105;
const MIN_LINES: usize = 2000;
/// The most time for a letter or a new line in one go, in milliseconds.
const MAX_KEY: f64 = 50.0;
/// The most CPU time from a click on a correction until its problem is gone, in milliseconds.
const MAX_FIX: f64 = 300.0;
/// How often either is measured: other programs run at the same time.
const TRIES: usize = 5;

/// A workload in a version that is gone, or in the one that is served.
fn workload(at: usize, version: &str, selector: &str) -> String {
    format!(
        "---\napiVersion: {version}\nkind: StatefulSet\nmetadata:\n  name: db-{at}\nspec:\n{selector}  serviceName: nginx\n  replicas: 0\n  template:\n    \
         metadata:\n      labels:\n        app: db-{at}\n    spec:\n      containers:\n      - name: db\n        image: nginx:1.27\n        \
         ports:\n        - containerPort: 80\n"
    )
}

/// Two thousand lines, in which some of the last workloads are in a version that is gone.
pub fn manifest(gone: usize) -> String {
    let one = |at: usize| {
        let selector = format!("  selector:\n    matchLabels:\n      app: db-{at}\n");
        if at + gone < WORKLOADS { workload(at, "apps/v1", &selector) } else { workload(at, "apps/v1beta1", "") }
    };
    (0..WORKLOADS).map(one).collect()
}

/// Corrects a long text so many times, each of which can be undone; returns the least CPU time, in milliseconds.
fn corrected(page: &Page, (gone, button): (usize, &str), tries: usize) -> f64 {
    page.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    let wrong = manifest(gone);
    assert!(wrong.lines().count() > MIN_LINES);
    let once = |_| {
        page.apply(&wrong);
        page.until(&format!("document.querySelectorAll('.problem h3.hue-danger').length === {gone}"));
        let before = Metrics::of(page).get("TaskDuration");
        page.js(&format!("document.querySelector('{button}').click()"));
        page.until("!document.querySelector('.problem h3.hue-danger')");
        let took = 1000.0 * (Metrics::of(page).get("TaskDuration") - before);
        assert_eq!(page.manifest(), manifest(0));
        page.js("document.getElementById('manifest').focus(); document.execCommand('undo')");
        assert_eq!(page.manifest(), wrong, "one step back");
        took
    };
    (0..tries).map(once).fold(f64::MAX, f64::min)
}

/// The corrections: how many workloads are wrong, and the button that mends them.
const CORRECTIONS: [(usize, &str); 2] = [(1, ".mending .primary"), (3, "#fix-all")];

pub fn a_correction_of_a_long_text_is_made_and_can_be_undone(page: &Page) {
    for correction in CORRECTIONS {
        guard("a correction", corrected(page, correction, 1), MAX_FIX);
    }
}

pub fn corrections(page: &Page) {
    for (gone, button) in CORRECTIONS {
        let took = corrected(page, (gone, button), TRIES);
        figure(&format!("{gone} corrections of 2,000 lines, CPU time"), took, "ms", Some(MAX_FIX));
    }
}

/// Types into a long text in several ways, each so many times; tells the least CPU time until the text is drawn, in milliseconds, and what
/// the longest piece of the work was that follows.
fn typed(page: &Page, tries: usize, mut tell: impl FnMut(&str, f64, f64)) {
    page.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    let text = format!("# \n{}", manifest(1));
    page.apply(&text);
    page.until("document.querySelector('.problem h3.hue-danger')");
    page.js("window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => task.duration))).observe({ type: 'longtask' })");
    let insert =
        |at: &str, letter: &str| format!("input.setSelectionRange({at}, {at}); document.execCommand('insertText', false, '{letter}')");
    let within = "input.value.indexOf('  replicas')";
    for (what, script) in [
        ("a letter", insert("2", "x")),
        ("a letter within a set", insert(within, "x")),
        ("a letter taken back", "document.execCommand('undo')".to_owned()),
        ("a new line above all", insert("0", "\\n")),
        ("a new line within a set", insert(within, "\\n")),
        ("a line deleted", "input.setSelectionRange(0, 1); document.execCommand('delete')".to_owned()),
    ] {
        let (mut least, mut longest) = (f64::MAX, f64::MAX);
        for _ in 0..tries {
            let before = Metrics::of(page).get("TaskDuration");
            page.js(&format!(
                "const input = document.getElementById('manifest'); tasks.length = 0; input.focus(); {script}; document.body.offsetHeight"
            ));
            least = least.min(1000.0 * (Metrics::of(page).get("TaskDuration") - before));
            if tries > 1 {
                // What comes afterwards, the text being looked at, comes in short pieces.
                page.js_later("setTimeout(done, 1500)");
                longest = longest.min(page.js("return Math.max(0, ...tasks)").as_f64().unwrap_or(f64::MAX));
            }
        }
        tell(what, least, longest);
    }
    // Nothing that was typed is lost, every line has its colours and its number, and what was wrong is told where it has moved to.
    let typed = page.manifest();
    assert_eq!(typed.lines().count(), text.lines().count() + tries);
    page.until("[...document.querySelectorAll('.line')].every(line => line.firstElementChild)");
    let drawn =
        "return [document.querySelector('.editor-lines').textContent, document.querySelector('.editor-numbers').lastChild.textContent]";
    assert_eq!(page.js(drawn), json!([format!("{typed}\n"), typed.split('\n').count().to_string()]));
    let moved = typed.lines().position(|line| line.contains("v1beta1")).map_or(0, |at| at + 1);
    page.until(&format!("document.querySelector('.line.refused') === document.querySelector('.editor-lines').children[{moved} - 1]"));
}

pub fn what_is_typed_into_a_long_text_is_drawn_and_told(page: &Page) {
    typed(page, 1, |what, least, _| guard(what, least, MAX_KEY));
}

pub fn keys(page: &Page) {
    typed(page, TRIES, |what, least, longest| {
        figure(&format!("{what} of 2,000 lines, CPU time"), least, "ms", Some(MAX_KEY));
        figure(&format!("{what} of 2,000 lines: the longest task after it"), longest.max(MAX_KEY), "ms", Some(MAX_KEY));
    });
}
