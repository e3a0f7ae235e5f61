//! Links: related things are highlighted, by pointer and by keyboard, and followed. What is related to what is tested in
//! tests/playground/links.rs, and what answers say of it in tests/page/links.rs.

use serde_json::json;

use crate::page::Page;
use crate::screens::shoot;

/// The tokens of everything that is highlighted.
fn marked(page: &Page) -> Vec<String> {
    let found = page.js(
        "const rule = [...document.styleSheets].at(-1).cssRules;
         const at = rule[rule.length - 1].cssRules?.[0]?.selectorText;
         return [...document.querySelectorAll('[data-link]')].filter(e => e.offsetWidth > 0 && at?.includes('data-link') && e.matches(at))
             .map(e => e.matches('.line') ? e.innerText.trim() : e.matches('.terminal-log div') ? '$' + e.innerText.trim() : e.dataset.link)",
    );
    found.as_array().into_iter().flatten().filter_map(|token| token.as_str().map(String::from)).collect()
}

/// Which matches of a CSS selector are highlighted: their texts, or the names of their pods.
pub fn marked_of(page: &Page, selector: &str) -> Vec<String> {
    let found = page.js(&format!(
        "const rules = [...document.styleSheets].at(-1).cssRules, at = rules[rules.length - 1].cssRules?.[0]?.selectorText ?? 'none';
         return [...document.querySelectorAll({})].filter(e => at.includes('data-link') && e.matches(at)).map(e => e.dataset.pod ?? e.innerText.trim())",
        json!(selector)
    ));
    found.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(String::from)).collect()
}

/// Moves the pointer over an element.
pub fn point(page: &Page, selector: &str) {
    page.until(&format!("document.querySelector({}) !== null", json!(selector)));
    page.js(&format!(
        "const e = document.querySelector({}), r = e.getBoundingClientRect();
         e.dispatchEvent(new PointerEvent('pointermove', {{ bubbles: true, clientX: r.left + 9, clientY: r.top + r.height / 2 }}))",
        json!(selector)
    ));
}

/// Moves the pointer over a line of the editor: over the textarea, which covers the lines.
pub fn point_at_line(page: &Page, text: &str) {
    page.js(&format!(
        "const line = [...document.querySelectorAll('.line')].find(l => l.innerText.includes({})), r = line.getBoundingClientRect();
         document.getElementById('manifest').dispatchEvent(
             new PointerEvent('pointermove', {{ bubbles: true, clientX: r.left + 60, clientY: r.top + r.height / 2 }}))",
        json!(text)
    ));
}

fn has(page: &Page, wants: &[&str], not: &[&str]) {
    let found = marked(page);
    for want in wants {
        assert!(found.iter().any(|token| token.contains(want)), "{want} is not marked: {found:?}");
    }
    for other in not {
        assert!(!found.iter().any(|token| token.contains(other)), "{other} is marked: {found:?}");
    }
}

/// What the keyboard is at: a token, or a line of the manifest.
const AT: &str = "(e => e.id === 'manifest' ? 'line/' + e.value.slice(0, e.selectionStart).split('\\n').length
    : e.dataset.link ?? e.className)(document.activeElement)";

/// Goes from link to link by a key until it is back where it began; what it was at in between.
pub fn go_round(page: &Page) -> Vec<String> {
    page.js("window.begun = document.activeElement");
    let mut seen: Vec<String> = Vec::new();
    loop {
        page.js(&format!("window.before = [document.activeElement, {AT}]"));
        page.press("F9");
        // Several things may have one token, and what cannot take the focus is passed by.
        let at = page.js_later(&format!(
            "const end = performance.now() + 250;
             const look = () => {{
                 const moved = document.activeElement !== before[0] || {AT} !== before[1];
                 if (moved || performance.now() > end) done([{AT}, moved && document.activeElement === begun]);
                 else requestAnimationFrame(look);
             }};
             look()"
        ));
        seen.push(at[0].as_str().unwrap_or_default().to_owned());
        if at[1] == true {
            return seen;
        }
        assert!(seen.len() < 40, "it is not gone back to where it began: {seen:?}");
    }
}

pub fn pointing_at_one_thing_marks_what_is_about_the_same_and_a_key_goes_round(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl delete pod web-1");
    page.run_until_quiet();
    page.js("document.activeElement.blur()");
    point(page, ".pod[data-link='pod/web-1']");
    let all = [
        "pod/web-1",
        "persistentvolumeclaim/data-web-1",
        "name/web-1.nginx",
        "moment/",
        "replicas: 3",
        "template:",
        "$$ kubectl delete pod web-1",
        "$$ kubectl apply",
    ];
    has(page, &all, &["web-0", "web-2"]);
    page.check_accessible();
    shoot(page, "links-pod");
    point(page, ".dns [data-link='name/web-2.nginx']");
    has(page, &["pod/web-2", "name/web-2.nginx", "serviceName"], &["web-1", "persistentvolumeclaim"]);
    point(page, ".storage [data-link='persistentvolumeclaim/data-web-0']");
    has(page, &["pod/web-0", "volumeClaimTemplates:"], &["name/", "web-1"]);
    point_at_line(page, "storage: ");
    has(page, &["persistentvolumeclaim/data-web-0", "persistentvolumeclaim/data-web-2", "pod/web-1"], &["name/"]);
    point_at_line(page, "clusterIP: None");
    has(page, &["name/web-0.nginx", "name/nginx"], &["persistentvolumeclaim"]);
    point(page, ".bar");
    assert_eq!(marked(page), Vec::<String>::new());
    // The caret's line counts for as long as the editor has the focus.
    page.js("const e = document.getElementById('manifest'), at = e.value.indexOf('replicas'); e.focus(); e.setSelectionRange(at, at)");
    page.until("document.querySelector('.line[data-link]')");
    has(page, &["replicas: 3", "pod/web-1"], &[]);
    page.js("document.activeElement.blur()");
    page.until("!document.querySelector('.line[data-link]')");
    assert_eq!(marked(page), Vec::<String>::new());
    // By keys: from a pod to all that is about it, and back.
    page.js("document.querySelector(\".pod[data-link='pod/web-2']\").focus()");
    has(page, &["pod/web-2", "name/web-2.nginx"], &["web-1"]);
    let seen = go_round(page);
    for want in ["line/16", "line/24", "name/web-2.nginx", "persistentvolumeclaim/data-web-2", "said/", "moment/"] {
        assert!(seen.iter().any(|token| token.starts_with(want)), "{want} was not gone to: {seen:?}");
    }
    page.check_accessible();
}

pub fn what_is_asked_about_leads_to_where_it_comes_from(page: &Page) {
    page.run_until_quiet();
    page.command("Make web-2 not Ready");
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=4");
    page.run_until_quiet();
    page.pick("web-2");
    page.click(".asks button");
    page.until("document.querySelector('.terminal-log').innerText.includes('$ why ')");
    page.tell_more();
    page.click(".sources button[data-link^=\"said/\"]");
    page.until("document.activeElement.innerText === '$ kubectl scale statefulset web --replicas=4'");
    page.click(".sources button[data-link='line/24']");
    page.until("document.activeElement.id === 'manifest'");
    // A click asks about a claim or a name.
    page.click(".storage [data-link='persistentvolumeclaim/data-web-1']");
    page.until("document.querySelector('.verdict').innerText.startsWith('data-web-1 is bound to')");
    page.click(".dns [data-link='name/web-3.nginx']");
    page.until("document.querySelector('.verdict').innerText.startsWith('web-3.nginx does not resolve')");
    page.check_accessible();
    shoot(page, "why-name");
    page.click(".sources button[data-link='pod/web-3']");
    page.until(
        "document.activeElement.dataset.link === 'pod/web-3' && document.querySelector('.verdict').innerText.includes('not created')",
    );
    page.until("document.querySelector('.line.decides')");
    shoot(page, "why-chain");
    page.click(".ways .button");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 4");
}
