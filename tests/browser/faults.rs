//! What goes wrong with one process, one name, one connection: it is done from the page, told, and over again.

use serde_json::json;

use crate::page::Page;
use crate::screens::shoot;

/// Chooses an entry of a menu, by the line it types. `host` finds the menu.
fn choose(page: &Page, host: &str, line: &str) {
    page.click(&format!("{host} .menu-host > .button"));
    let entry = format!("[...document.querySelectorAll('[role=menu] button')].find(b => b.innerText.includes({}))", json!(line));
    page.until(&format!("!!{entry}"));
    page.check_accessible();
    page.js(&format!("{entry}.click()"));
    page.until(&format!("document.querySelector('.terminal-log').innerText.includes({})", json!(format!("$ {line}"))));
}

fn says(page: &Page, words: &str) {
    page.until(&format!("document.querySelector('.terminal-log').innerText.includes({})", json!(words)));
}

pub fn a_process_crashes_once_by_the_menu_and_by_kill(page: &Page) {
    page.run_until_quiet();
    page.pick("web-1");
    choose(page, ".commands", "playground crash pod web-1");
    says(page, "A process of web-1 was killed: exit code 137.");
    page.run_until_quiet();
    page.type_line("kubectl get pod web-1 -o jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}/{.status.containerStatuses[0].restartCount}");
    says(page, "137/1");
    page.type_line("kubectl exec web-0 -- sh -c 'kill 1'");
    page.run_until_quiet();
    page.type_line("kubectl get pod web-0 -o jsonpath={.status.containerStatuses[0].lastState.terminated.reason}/{.status.containerStatuses[0].restartCount}");
    says(page, "Completed/1");
    page.type_line("kubectl exec web-2 -- kill -9 1");
    page.run_until_quiet();
    page.type_line("kubectl get pod web-2 -o jsonpath={.status.containerStatuses[0].restartCount}/{.metadata.name}");
    says(page, "0/web-2");
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

pub fn what_dns_caches_is_chosen_and_in_sight(page: &Page) {
    page.run_until_quiet();
    choose(page, ".dns", "playground cache dns kubeadm-1.31");
    page.type_line("kubectl exec web-0 -- curl -s web-1.nginx");
    page.until("document.querySelector('.cached-names')?.innerText.includes('web-1.nginx.default.svc.cluster.local A')");
    page.check_accessible();
    page.type_line("kubectl delete pod web-1");
    page.click("#toggle");
    page.until("document.querySelector('.dns').innerText.includes('the server itself would answer otherwise by now')");
    page.click("#toggle");
    shoot(page, "dns-cached");
    page.type_line("why dns web-1.nginx");
    says(page, "the cache forgets the answer at");
    page.run_until_quiet();
    page.type_line("sleep 40");
    page.run_until_quiet();
    page.until("!document.querySelector('.cached-names')");
    assert!(!page.text(".dns").contains("from the cache"), "{}", page.text(".dns"));
    choose(page, ".dns", "playground cache dns none");
}

pub fn the_way_to_a_node_is_slow_and_repaired(page: &Page) {
    page.run_until_quiet();
    let node = ".node:has([data-item=node-node-1])";
    choose(page, node, "playground delay node node-1 2");
    says(page, "Between node-1 and the API server, messages take 2000 ms each way.");
    page.until(&format!("document.querySelector('{node}').innerText.includes('2000 ms late')"));
    choose(page, node, "playground start node node-1");
    page.until(&format!("!document.querySelector('{node}').innerText.includes('late')"));
    choose(page, node, "playground lose node node-1 3");
    says(page, "one message of 3 is lost and sent again 10 s later.");
    page.until(&format!("document.querySelector('{node}').innerText.includes('loses 1 of 3 messages')"));
    shoot(page, "node-lossy");
    // A link has it, too.
    let run = crate::link::share(page);
    page.visit_at(&run);
    page.until(&format!("document.querySelector('{node}')?.innerText.includes('loses 1 of 3 messages')"));
}
