//! The cost of typing and of corrections in a long manifest: what the page's thread does in one go, and in all.

use serde_json::json;

use crate::frames::{Metrics, slowness};
use crate::page::Page;

/// How many workloads the manifest holds, and how many lines it has with them.
const WORKLOADS: usize = 105;
const MIN_LINES: usize = 2000;
/// The most time for a letter or a new line in one go, in milliseconds.
const MAX_KEY: f64 = 50.0;
/// The most CPU time from a click on a correction until its problem is gone, in milliseconds.
const MAX_FIX: f64 = 300.0;
/// How often either is tried before it counts as slow: other programs run at the same time.
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

pub fn a_correction_of_a_long_text_is_made_at_once_and_can_be_undone(page: &Page) {
    page.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    let slower = slowness(page);
    for (gone, button) in [(1, ".mending .primary"), (3, ".mending .primary + .button")] {
        let wrong = manifest(gone);
        assert!(wrong.lines().count() > MIN_LINES);
        let mut took = f64::MAX;
        for _ in 0..TRIES {
            page.apply(&wrong);
            page.until(&format!("document.querySelectorAll('.problem h3.hue-danger').length === {gone}"));
            let before = Metrics::of(page).get("TaskDuration");
            page.js(&format!("document.querySelector('{button}').click()"));
            page.until("!document.querySelector('.problem h3.hue-danger')");
            took = took.min(1000.0 * (Metrics::of(page).get("TaskDuration") - before));
            assert_eq!(page.manifest(), manifest(0));
            page.js("document.getElementById('manifest').focus(); document.execCommand('undo')");
            assert_eq!(page.manifest(), wrong, "one step back");
        }
        println!("{gone} corrections of {} lines take {took:.0} ms", wrong.lines().count());
        assert!(took <= MAX_FIX * slower, "{took:.0} ms");
    }
}

pub fn what_is_typed_into_a_long_text_is_drawn_before_the_next_letter_comes(page: &Page) {
    let slower = slowness(page);
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
        let mut took = f64::MAX;
        for _ in 0..TRIES {
            let typed = page.js(&format!(
                "const input = document.getElementById('manifest'), begun = performance.now(); tasks.length = 0; input.focus();
                 {script}; document.body.offsetHeight;
                 return performance.now() - begun"
            ));
            // What comes afterwards, the text being looked at, comes in short pieces.
            page.js_later("setTimeout(done, 1500)");
            let longest = page.js("return Math.max(0, ...tasks)");
            took = took.min(typed.as_f64().unwrap_or(f64::MAX).max(longest.as_f64().unwrap_or(f64::MAX)));
        }
        println!("{what} takes {took:.0} ms");
        assert!(took <= MAX_KEY * slower, "{what}: {took:.0} ms");
    }
    // Nothing that was typed is lost, every line has its colours and its number, and what was wrong is told where it has moved to.
    let typed = page.manifest();
    assert_eq!(typed.lines().count(), text.lines().count() + TRIES);
    page.until("[...document.querySelectorAll('.line')].every(line => line.firstElementChild)");
    let drawn =
        "return [document.querySelector('.editor-lines').textContent, document.querySelector('.editor-numbers').lastChild.textContent]";
    assert_eq!(page.js(drawn), json!([format!("{typed}\n"), typed.split('\n').count().to_string()]));
    let moved = typed.lines().position(|line| line.contains("v1beta1")).map_or(0, |at| at + 1);
    page.until(&format!("document.querySelector('.line.refused') === document.querySelector('.editor-lines').children[{moved} - 1]"));
}
