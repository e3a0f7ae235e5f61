//! The tools of the DNS pane. What it says of names is tested in tests/page/dns.rs and tests/page/faults.rs.

use serde_json::json;

use crate::page::Page;
use crate::screens::shoot;

/// Waits until the first name of the pane has an answer that contains this.
fn answers(page: &Page, words: &str) {
    page.until(&format!("document.querySelector('.dns tbody tr').innerText.includes({})", json!(words)));
}

pub fn names_are_asked_for_listed_and_cached_by_the_panes_tools(page: &Page) {
    page.run_until_quiet();
    page.pick("web-0");
    page.command("Make web-0 not Ready");
    page.run_until_quiet();
    page.draws(".dns tbody", &["NXDOMAIN", "not Ready, so not published"]);
    page.draws(".object h1", &["2 of 3 Ready"]);
    page.command("Make web-0 Ready again");
    page.run_until_quiet();
    let ask = |line: &str| {
        page.fill("#dns-ask", line);
        page.js("document.querySelector('#dns-ask').dispatchEvent(new Event('change', { bubbles: true }))");
    };
    ask("dig SRV nginx");
    answers(page, "0 33 80 web-0.nginx");
    ask("nslookup web-1.nginx.default.svc.cluster.local");
    answers(page, "10.244.");
    page.click(".dns-more > summary");
    let entry = "[...document.querySelectorAll('.dns-more button')].find(b => b.innerText.includes('playground cache dns kubeadm-1.31'))";
    page.until(&format!("!!{entry}"));
    page.check_accessible();
    page.js(&format!("{entry}.click()"));
    page.type_line("kubectl exec web-0 -- curl -s web-1.nginx");
    page.until("document.querySelector('.cached-names')?.innerText.includes('web-1.nginx.default.svc.cluster.local A')");
    page.check_accessible();
    shoot(page, "dns-cached");
    // Records of services are listed on demand, and at the next visit, too.
    let pressed = |on: bool| page.until(&format!("document.querySelector('#srv[aria-pressed={on}]') !== null"));
    let listed = "[...document.querySelectorAll('.dns tbody tr')].some(row => row.innerText.startsWith('_http._tcp.nginx'))";
    page.until(&format!("!{listed}"));
    page.js("document.querySelector('#srv').focus()");
    page.press("Enter");
    pressed(true);
    page.until(listed);
    page.open(&page.address());
    pressed(true);
    page.js("document.querySelector('#srv').click()");
    pressed(false);
    // A name that has no such records has no button for them.
    page.type_line("kubectl delete service nginx");
    page.run_until_quiet();
    page.until("document.querySelector('#srv').hidden");
}
