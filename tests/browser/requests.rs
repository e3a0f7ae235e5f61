//! Requests that are seen: dots on their way, the strip below the cluster, and the list for whoever sees no dots.

use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

const DOTS: &str = "return [...document.querySelectorAll('[data-flight]:not([hidden])')].length";
/// How far each dot is from the pod that is asked, in CSS pixels.
const AWAY: &str = "const centre = e => { const r = e.getBoundingClientRect(); return [(r.left + r.right) / 2, (r.top + r.bottom) / 2]; };
    const pod = centre([...document.querySelectorAll('.pod')].find(p => p.querySelector('.name').firstChild.textContent === 'web-1'));
    return [...document.querySelectorAll('[data-flight][data-hue=ready]:not([hidden]) i')]
        .map(circle => Math.hypot(centre(circle)[0] - pod[0], centre(circle)[1] - pod[1]))";

pub fn a_client_is_seen_to_ask_by_dots_and_in_a_list(page: &Page) {
    page.run_until_quiet();
    assert_eq!(page.js(DOTS), 0, "nothing is drawn before somebody asks for dots");
    page.pick("web-1");
    page.command("Ask web-1.nginx every second");
    page.press("f");
    page.js("document.querySelector('#toggle').click()");
    page.until("document.querySelectorAll('[data-flight]:not([hidden])').length > 0");
    // A dot comes nearer to the pod, and then carries the answer away.
    page.until(&format!("(() => {{ {AWAY} }})().some(away => away < 100)"));
    page.until(
        "[...document.querySelectorAll('[data-flight][data-back=true] span')].some(text => text.textContent === 'Welcome to nginx!')",
    );
    page.until("document.querySelector('.requests ol').innerText.includes('asks web-1')");
    page.js("document.querySelector('#toggle').click()");
    // The instant at which time stands is drawn with the next frames.
    page.js_later("requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))");
    let stands = page.js("return [...document.querySelectorAll('.flight')].map(dot => dot.style.transform)");
    page.js_later("setTimeout(done, 300)");
    assert_eq!(page.js("return [...document.querySelectorAll('.flight')].map(dot => dot.style.transform)"), stands, "time stands");
    page.check_accessible();
    shoot(page, "84-requests");
    page.prefer(&[("prefers-reduced-motion", "reduce")]);
    assert_eq!(page.js("return document.querySelector('.flights').getClientRects().length"), json!(0), "who wants no motion has the list");
    page.prefer(&[]);
    page.resize(PHONE.0, PHONE.1);
    page.in_all_letters(|letters| assert_eq!(page.js("return document.documentElement.scrollWidth <= innerWidth"), true, "{letters}"));
    shoot(page, "84-requests-phone");
    page.resize(DESKTOP.0, DESKTOP.1);
    // The control plane is drawn in the place of requests, from the nodes and the heading of the set.
    page.press("Shift+f");
    page.until("!document.querySelector('.requests ol').innerText.includes('asks')");
    page.type_line("kubectl delete pod web-1 --wait=false");
    page.js("document.querySelector('#toggle').click()");
    page.until("[...document.querySelectorAll('[data-flight]:not([hidden])')].some(dot => dot.title.includes('creates pod/web-1'))");
    page.until("document.querySelector('.requests ol').innerText.includes('pod/web-1: Running, Ready')");
    page.js("document.querySelector('#toggle').click()");
    assert_eq!(page.js("return document.querySelector('.requests').getAttribute('aria-label')"), "The control plane");
    page.check_accessible();
    shoot(page, "84-writes");
    page.js("document.activeElement.blur()");
    page.press("f");
    page.until("document.querySelector('.requests').getAttribute('aria-label') === 'Requests'");
    page.press("f");
    page.until("document.querySelector('.requests') === null");
    assert_eq!(page.js("return document.querySelectorAll('.flights').length"), json!(0));
}
