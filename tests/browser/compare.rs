//! Side by side: a StatefulSet and a Deployment of one template, two variants of a manifest, two branches of time.

use crate::page::{PHONE, Page};
use crate::screens::shoot;

/// Chooses what to compare with.
fn compare(page: &Page, entry: &str) {
    page.click("#compare");
    page.click(entry);
}

/// Asserts that the comparison's pane contains all of this.
fn says(page: &Page, parts: &[&str]) {
    let pane = page.text(".compare");
    for part in parts {
        assert!(pane.contains(part), "{part} is not in {pane}");
    }
}

/// Asserts the columns' headings, the shown one first.
fn heads(page: &Page, left: &str, right: &str) {
    page.until(&format!("[...document.querySelectorAll('.compare thead th')].map(head => head.innerText).join() === '{left},{right}'"));
}

pub fn a_deployment_stands_beside_the_set_and_the_page_names_what_differs(page: &Page) {
    page.run_until_quiet();
    compare(page, "#beside");
    page.until("document.querySelector('.terminal-log').innerText.includes('deployment.apps/web created')");
    page.run_until_quiet();
    assert_eq!(page.pods().len(), 6);
    says(page, &["statefulset/web", "deployment/web", "3, one each", "none", "one at a time", "3 at once"]);
    says(page, &["same template, emptyDir for claims"]);
    // A name in a cell is one line.
    page.type_line("kubectl delete pod web-1");
    page.run_until_quiet();
    let whole = "return [...document.querySelectorAll('.compare .name-of')].map(name => name.getClientRects().length)";
    let one_each = || page.js(whole).as_array().is_some_and(|all| !all.is_empty() && all.iter().all(|lines| lines == 1));
    page.in_all_letters(|letters| assert!(one_each(), "{letters}"));
    assert!(!page.text(".compare").contains("Down"), "what somebody deletes is no property of the set");
    page.click("#compare");
    assert_eq!(page.js("return document.querySelector('#beside').offsetHeight"), 0, "one is enough");
    page.check_accessible();
}

pub fn one_pod_at_a_time_runs_beside_all_at_once(page: &Page) {
    page.run_until_quiet();
    compare(page, "#compare-policy");
    page.until("document.querySelectorAll('.chip').length === 3");
    page.run_until_quiet();
    says(page, &["1 · OrderedReady", "2 · Parallel", "one at a time", "3 at once", "All Ready at"]);
    assert_eq!(page.js("return document.querySelectorAll('.track .span[data-state=ready]').length"), 6, "a row for each pod of both");
    page.check_accessible();
    shoot(page, "11-policy");
    page.js("document.activeElement?.blur()");
    page.press("v");
    page.until("document.getElementById('manifest').value.includes('podManagementPolicy: Parallel')");
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    assert_eq!(page.js("return document.querySelectorAll('.pod, .chip').length"), 8, "what is done is done on both");
    page.click("#restart");
    page.until("document.querySelectorAll('.pod').length > document.querySelectorAll('.chip').length");
}

pub fn a_partition_holds_what_goes_through_beside(page: &Page) {
    compare(page, "#compare-partition");
    page.until("document.querySelector('.terminal-log').innerText.includes('set image')");
    page.run_until_quiet();
    says(page, &["partition: 2", "partition: 0", "1 of 3", "3 of 3", "web-2, web-1, web-0"]);
    shoot(page, "12-partition");
    page.resize(PHONE.0, PHONE.1);
    page.check_accessible();
}

pub fn two_releases_differ_in_how_many_pods_an_update_takes_down(page: &Page) {
    compare(page, "#compare-release");
    page.until("document.body.innerText.includes('the manifests of both now say maxUnavailable: 2')");
    page.until("document.querySelector('.terminal-log').innerText.includes('set image')");
    page.run_until_quiet();
    says(page, &["2, from the manifest", "dropped; the manifest says 2"]);
    let over = "return [...document.querySelectorAll('.compare th')].filter(name => name.scrollWidth > name.clientWidth).length";
    assert_eq!(page.js(over), 0, "the path of a field stays in its column");
    says(page, &["Kubernetes 1.37", "Kubernetes 1.36", "2 at once", "one at a time"]);
    assert_eq!(page.js("return document.getElementById('release').value"), "1.37");
    page.click("#swap");
    page.until("document.getElementById('release').value === '1.36'");
}

pub fn three_manifests_differ_between_two_releases(page: &Page) {
    let plain = page.manifest();
    for (manifest, line, wanted) in [
        (
            plain.replace("partition: 0", "maxUnavailable: 2"),
            "kubectl get sts web",
            ["spec.updateStrategy.rollingUpdate.maxUnavailable", "2 at once", "one at a time"],
        ),
        (
            plain.replace("type: RollingUpdate\n    rollingUpdate:\n      partition: 0", "type: OnDelete"),
            "kubectl delete pods --all",
            ["status.currentReplicas", "3", "—"],
        ),
        (
            plain.replace("OrderedReady", "Parallel").replace(":1.27", ":broken"),
            "kubectl set image sts/web nginx=nginx:1.28",
            ["Missing at once (not by you)", "3 at once", "one at a time"],
        ),
    ] {
        page.restart_with(&manifest);
        page.run_until_quiet();
        compare(page, "[id='1.34']");
        page.until("document.querySelector('.terminal-log').innerText.includes('set image')");
        page.run_until_quiet();
        page.type_line(line);
        page.run_until_quiet();
        says(page, &["Kubernetes 1.37", "Kubernetes 1.34"]);
        says(page, &wanted);
        page.check_accessible();
    }
    page.click("#compare");
    assert_eq!(page.js("return document.getElementById('1.37').offsetHeight"), 0, "the run's own release is no other one");
}

pub fn a_manifest_is_edited_freely_beside_what_it_was(page: &Page) {
    page.run_until_quiet();
    compare(page, "#compare-edit");
    page.until("document.querySelectorAll('.chip').length === 3");
    assert_eq!(page.js("return document.querySelector('.compare')"), serde_json::json!(null), "nothing differs yet");
    let manifest = page.manifest().replace("replicas: 3", "replicas: 4");
    page.apply(&manifest);
    page.run_until_quiet();
    says(page, &["replicas: 4", "replicas: 3", "web-3"]);
}

pub fn another_release_is_chosen_and_begins_again(page: &Page) {
    page.run_until_quiet();
    page.choose("#release", "1.36");
    page.run_until_quiet();
    page.fill("#prompt", "kubectl version");
    page.js("document.querySelector('#prompt').focus()");
    page.press("Enter");
    page.until("document.querySelector('.terminal-log').innerText.includes('Server Version: v1.36')");
    page.click("#restart");
    assert_eq!(page.js("return document.getElementById('release').value"), "1.36");
}

pub fn two_branches_are_told_apart_at_the_instant_shown(page: &Page) {
    page.run_until_quiet();
    crate::time::drag_to(page, 50);
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    assert_eq!(page.js("return [document.querySelector('.compare'), document.querySelector('.chip')]"), serde_json::json!([null, null]));
    page.click("#compare-branches");
    says(page, &["branch 2", "branch 1", "4 of 4", "3 of 3", "web-3"]);
    page.check_accessible();
}

pub fn one_chooses_which_branch_stands_beside_which(page: &Page) {
    page.run_until_quiet();
    for part in [50, 60] {
        crate::time::drag_to(page, part);
        page.click(".stepper button:last-child");
        page.run_until_quiet();
    }
    page.click("#compare-branches");
    heads(page, "branch 3", "branch 1");
    page.choose("#beside-branch", "2");
    heads(page, "branch 3", "branch 2");
    shoot(page, "13-branches");
    page.js("document.activeElement?.blur()");
    page.press("b");
    page.until("document.querySelector('.compare') === null");
    page.press("b");
    heads(page, "branch 3", "branch 1");
    page.press("v");
    heads(page, "branch 1", "branch 3");
    assert_eq!(page.pods().len(), 3);
}
