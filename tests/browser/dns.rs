//! DNS names: who has one, what it resolves to, and why not.

use crate::page::Page;
use crate::screens::shoot;

/// The rows of the DNS pane, each as one line.
fn rows(page: &Page) -> Vec<String> {
    let rows = page.js("return [...document.querySelectorAll('.dns tbody tr')].map(row => row.innerText.replace(/\\s+/g, ' ').trim())");
    rows.as_array().into_iter().flatten().filter_map(|row| row.as_str().map(String::from)).collect()
}

pub fn every_name_answers_or_says_why_it_does_not(page: &Page) {
    page.run_until_quiet();
    let all = rows(page);
    assert!(all[0].starts_with("nginx headless Service") && all[0].matches("10.244.").count() == 3, "{all:?}");
    assert!(all[1].starts_with("web-0.nginx 10.244."), "{all:?}");
    assert!(all.last().is_some_and(|pod| pod.starts_with("web-2.nginx 10.244.")), "{all:?}");
    page.fill("#prompt", "kubectl scale statefulset web --replicas=2");
    page.press("Enter");
    page.run_until_quiet();
    assert!(rows(page).iter().any(|row| row.starts_with("web-2.nginx NXDOMAIN") && row.contains("no such pod")), "{:?}", rows(page));
    page.fill("#prompt", "kubectl delete service nginx");
    page.press("Enter");
    page.run_until_quiet();
    assert!(page.text(".dns").contains("There is no Service nginx"), "{}", page.text(".dns"));
}

pub fn another_name_is_asked_for_in_the_pane(page: &Page) {
    page.run_until_quiet();
    let ask = |line: &str| {
        page.fill("#dns-ask", line);
        page.js("document.querySelector('#dns-ask').dispatchEvent(new Event('change', { bubbles: true }))");
    };
    ask("dig SRV nginx");
    page.until("document.querySelector('.dns tbody tr').innerText.includes('SRV')");
    assert!(rows(page)[0].contains("0 33 80 web-0.nginx"), "{:?}", rows(page));
    ask("nslookup web-1.nginx.default.svc.cluster.local");
    page.until("document.querySelector('.dns tbody tr').innerText.includes('10.244.')");
    // It is resolved again as things change.
    page.type_line("kubectl delete pod web-1");
    page.click("#toggle");
    page.until("document.querySelector('.dns tbody tr').innerText.includes('NXDOMAIN')");
    page.check_accessible();
    shoot(page, "dns-asked");
    let known = rows(page).len();
    ask("");
    page.until(&format!("document.querySelectorAll('.dns tbody tr').length === {}", known - 1));
}

pub fn srv_records_are_listed_on_demand_and_stay_so(page: &Page) {
    page.run_until_quiet();
    let listed = || rows(page).iter().any(|srv| srv.starts_with("_http._tcp.nginx SRV") && srv.contains("80 web-2.nginx"));
    let pressed = |on: bool| page.until(&format!("document.querySelector('#srv[aria-pressed={on}]') !== null"));
    assert!(!listed(), "{:?}", rows(page));
    page.js("document.querySelector('#srv').focus()");
    page.press("Enter");
    pressed(true);
    assert!(listed(), "{:?}", rows(page));
    page.check_accessible();
    page.open(&page.address());
    pressed(true);
    page.click("#srv");
    pressed(false);
    // A name that has no such records has no button for them.
    page.type_line("kubectl delete service nginx");
    page.run_until_quiet();
    page.until("document.querySelector('#srv').offsetWidth === 0");
}
