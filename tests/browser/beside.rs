//! Room for a Deployment beside the set. What the page says of it is tested in tests/page/beside.rs.

use serde_json::json;

use crate::page::{PHONE, Page};
use crate::screens::shoot;

const DEPLOYMENT: &str = include_str!("../page/beside.yaml");

/// The pods beside the set that are in sight.
const SIDE: &str = "[...document.querySelectorAll('.side > .pod')].filter(pod => pod.offsetHeight > 0).length";

pub fn where_there_is_no_room_for_both_they_take_turns_and_nothing_is_cut(page: &Page) {
    let manifest = page.manifest() + "\n" + DEPLOYMENT;
    page.restart_with(&manifest);
    page.open_manifest();
    page.run_until_quiet();
    page.check_accessible();
    shoot(page, "02-beside");
    for (button, replicas) in [("last", 4), ("first", 3)] {
        page.click(&format!(".side-line .stepper button:{button}-child"));
        page.run_until_quiet();
        page.until(&format!("{SIDE} === {replicas}"));
    }
    let whole = |about: &str| {
        let cut = "const cluster = document.querySelector('#cluster'); return cluster.scrollWidth > cluster.clientWidth";
        assert_eq!((page.js(cut), page.illegible()), (json!(false), json!([])), "{about}");
    };
    // How many pods the set has, and how narrow the window may be: the columns alone are to have room.
    for (replicas, widths) in [(3, &[900, 1160, 1240, 1300, 1440][..]), (5, &[1024, 1360])] {
        page.type_line(&format!("kubectl scale statefulset web --replicas={replicas}"));
        page.run_until_quiet();
        page.in_all_letters(|letters| {
            for width in widths {
                page.resize(*width, 800);
                whole(&format!("{replicas} pods beside a Deployment in a window of {width}, {letters}"));
            }
        });
    }
    page.resize(1200, 800);
    page.js("document.querySelector('.turns button:last-child').focus()");
    page.press("Enter");
    page.until(&format!("{SIDE} === 3 && document.querySelector('.heading').offsetWidth === 0"));
    page.in_all_letters(|letters| whole(&format!("the Deployment's turn, {letters}")));
    page.check_accessible();
    page.resize(PHONE.0, PHONE.1);
    page.speak("ko");
    page.until("document.querySelector('.turns button').innerText === '스테이트풀셋'");
    page.click(".turns button:nth-child(1)");
    page.until(&format!("{SIDE} === 0"));
    // A finger reaches the button: nothing lies over it.
    let reached = "const button = document.querySelector('.turns button:nth-child(2)'), at = button.getBoundingClientRect();
         return document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2) === button";
    page.in_all_letters(|letters| assert_eq!(page.js(reached), true, "{letters}"));
    page.click(".turns button:nth-child(2)");
    page.until(&format!("{SIDE} === 3"));
}

pub fn three_on_one_node_need_no_scrolling(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl cordon node-1 && kubectl cordon node-2");
    page.type_line("playground beside statefulset web | kubectl apply -f -");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.side > .pod').length === 3");
    for height in [900, 790] {
        page.resize(1440, height);
        crate::visit::needs_no_scrolling(page, &format!("with three pods of a Deployment on one node, {height} high"));
    }
    page.check_legible("three strangers on one node");
    let within = "return [...document.querySelectorAll('.side .own')].filter(own => {
             const [disk, pod] = [own, own.closest('.pod')].map(e => e.getBoundingClientRect());
             return disk.height > 0 && disk.top >= pod.top && disk.bottom <= pod.bottom && disk.left >= pod.left && disk.right <= pod.right;
         }).length";
    assert_eq!(page.js(within), json!(3), "each disk is at the foot of its own pod");
}
