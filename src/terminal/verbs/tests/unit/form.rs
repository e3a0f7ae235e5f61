//! How an earlier release says things.

use kubectl::form::classic_message;

#[test]
fn a_pod_that_finds_no_volume_was_said_not_to_be_helped_by_preemption() {
    let today = "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
    let classic = "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: 2 \
                   Preemption is not helpful for scheduling..";
    assert_eq!(classic_message(today).as_deref(), Some(classic));
    assert_eq!(classic_message("pods \"web-3\" not found"), None);
}
