//! What is kept when pods are deleted.

use ordinal::text::Lang;

use crate::page::{DESKTOP, Page};
use crate::screens::shoot;

/// The rows of the Storage pane.
fn rows(page: &Page) -> Vec<String> {
    let rows = page.js("return [...document.querySelectorAll('.storage tbody tr')].map(row => row.innerText.replace(/\\s+/g, ' '))");
    rows.as_array().into_iter().flatten().filter_map(|row| row.as_str().map(String::from)).collect()
}

pub fn what_was_written_is_told_and_stays_when_the_pod_goes(page: &Page) {
    page.run_until_quiet();
    assert!(page.text(".storage .facts").contains("whenScaled Retain"));
    page.fill("#prompt", "kubectl exec web-0 -- sh -c 'echo kept > /data/note'");
    page.press("Enter");
    page.run_until_quiet();
    assert!(rows(page)[0].ends_with(" 5 B"), "{:?}", rows(page));
    page.fill("#prompt", "kubectl scale statefulset web --replicas=0");
    page.press("Enter");
    page.run_until_quiet();
    assert!(rows(page)[0].ends_with(" 5 B"), "{:?}", rows(page));
    assert_eq!(page.pods().len(), 0);
}

pub fn volumes_on_silent_nodes_and_released_ones_are_told(page: &Page) {
    page.run_until_quiet();
    page.click(".row:has(.disk) .switch > .button");
    page.run_until_quiet();
    assert!(rows(page).iter().any(|row| row.contains("is silent") && row.ends_with('?')), "{:?}", rows(page));
    page.check_accessible();
    page.visit();
    let retain = page.manifest()
        + "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: kept}\nprovisioner: rancher.io/local-path\n\
           reclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer\n";
    let retain = retain.replace("accessModes:", "storageClassName: kept\n      accessModes:");
    page.restart_with(&retain);
    page.run_until_quiet();
    page.fill("#prompt", "kubectl delete pvc data-web-2 --wait=false");
    page.press("Enter");
    page.fill("#prompt", "kubectl scale statefulset web --replicas=2");
    page.press("Enter");
    page.run_until_quiet();
    assert!(rows(page).iter().any(|row| row.contains("data-web-2") && row.contains("Released")), "{:?}", rows(page));
    page.check_accessible();
    shoot(page, "storage");
}

pub fn all_claims_of_the_example_are_in_sight_while_somebody_waits(page: &Page) {
    for lang in Lang::ALL {
        page.visit_at(&format!("?lang={}", lang.tag()));
        page.resize(DESKTOP.0, 900);
        page.run_until_quiet();
        page.type_line("kubectl set image statefulset/web nginx=nginx:broken");
        page.run_until_quiet();
        page.until("document.querySelector('.ways') !== null");
        let hidden = "const sight = document.querySelector('.explain').getBoundingClientRect();
                      return [...document.querySelectorAll('.storage tbody tr')].filter(row => row.getBoundingClientRect().bottom > sight.bottom).length";
        page.in_all_letters(|letters| {
            assert_eq!((rows(page).len(), page.js(hidden)), (3, 0.into()), "{}, {letters}", lang.tag());
            assert_eq!(page.js("return document.querySelector('.explain').scrollTop"), 0);
        });
    }
}
