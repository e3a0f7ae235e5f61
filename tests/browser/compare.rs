//! Side by side: a StatefulSet and a Deployment of one template, and two branches of time.

use crate::page::Page;

pub fn a_deployment_stands_beside_the_set_and_the_page_names_what_differs(page: &Page) {
    page.run_until_quiet();
    page.click("#beside");
    page.until("document.querySelector('.terminal-log').innerText.includes('deployment.apps/web created')");
    page.run_until_quiet();
    assert_eq!(page.pods().len(), 6);
    let table = page.text(".compare .table");
    for part in ["statefulset/web", "deployment/web", "3, one each", "1, shared by all"] {
        assert!(table.contains(part), "{part} is not in {table}");
    }
    assert!(page.js("return document.querySelector('#beside').hidden").as_bool() == Some(true), "one is enough");
    page.check_accessible();
}

pub fn two_branches_are_told_apart_at_the_instant_shown(page: &Page) {
    page.run_until_quiet();
    crate::time::drag_to(page, 50);
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    let table = page.text(".compare .table");
    for part in ["branch 2", "branch 1", "4 of 4 Ready", "3 of 3 Ready", "web-3"] {
        assert!(table.contains(part), "{part} is not in {table}");
    }
    page.check_accessible();
}
