mod tools;

use super::*;

fn cause(place: SaidIn, reason: &str, text: &str) -> Option<&'static str> {
    Said { place, reason, text }.means().map(|found| match found.row.meaning {
        Meaning::Cause(cause) => cause.word(),
        Meaning::Ordinary => "ordinary",
    })
}

#[test]
fn every_line_of_the_table_is_a_row() {
    assert_eq!(row::lines().count(), rows().len(), "{:?}", row::lines().find(|(head, line)| row::is_none(line, head)));
    assert!(rows().len() > 600 && frames().len() > 20);
}

#[test]
fn a_saying_is_known_where_it_is_printed_and_not_in_prose() {
    assert_eq!(cause(SaidIn::Column, "", "OutOfcpu"), Some("kubelet-refuses"));
    for prose in ["why is it OutOfSync?", "etcd runs OutOfMemory sometimes", "the pod was Evicted", "it says Failed and CrashLoopBackOff"] {
        assert_eq!(cause(SaidIn::Line, "", prose), None, "{prose}");
    }
    assert_eq!(cause(SaidIn::Event, "FailedMount", "no saying of any row"), Some("mount"));
    assert_eq!(cause(SaidIn::Event, "NoSuchReason", "no saying of any row"), None);
}

#[test]
fn older_releases_are_known() {
    for (reason, text, is) in [
        ("FailedAttachVolume", "Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) web-0", "multi-attach"),
        (
            "FailedScheduling",
            "0/1 nodes are available: 1 node(s) had taint {dedicated: db}, that the pod didn't tolerate.",
            "untolerated-taint",
        ),
        ("FailedScheduling", "pod has unbound immediate PersistentVolumeClaims (repeated 3 times)", "claim-pending"),
        ("FailedMount", "Unable to mount volumes for pod \"web-0_shop(1)\": timeout expired waiting", "mount-times-out"),
    ] {
        assert_eq!(cause(SaidIn::Event, reason, text), Some(is), "{text}");
    }
}

#[test]
fn slots_are_filled_from_the_words() {
    let text = "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.";
    let found = Said { place: SaidIn::Event, reason: "FailedScheduling", text }.means().expect("a row");
    assert_eq!(found.names, [("condition", "disk-pressure")]);
    assert_eq!(captured("claim \"{ns}/{pvc}\"", "volume for claim \"web/data-0\""), Some(vec![("ns", "web"), ("pvc", "data-0")]));
    assert_eq!(captured("node {node}", "on node ip-10-0-3-41.eu.internal."), Some(vec![("node", "ip-10-0-3-41.eu.internal")]));
}

#[test]
fn what_decides_is_a_line_with_the_names_that_are_known() {
    let mut keys = Vec::new();
    for (cause, form, _) in decides::lines() {
        let (of_cause, of_form) = (Cause::named(cause).is_some(), Form::named(form).is_some());
        assert!((of_cause || cause.is_empty() && of_form) && (of_form || form.is_empty()), "{cause}:{form}");
        assert!(!keys.contains(&(cause, form)), "{cause}:{form}");
        keys.push((cause, form));
    }
    let of = |cause: &str, pod: Option<&'static str>| {
        let name = |slot: &str| pod.filter(|_| slot == "pod" || slot == "object");
        decides(Cause::named(cause).expect("a cause"), None, Kind::Pod, "shop", name).join(" && ")
    };
    assert_eq!(of("crash-loop", Some("web-0")), "kubectl -n shop logs web-0 --all-containers --tail=50 --previous");
    assert_eq!(of("cordoned", Some("web-0")), "kubectl get nodes");
    assert_eq!(of("image-not-found", None), "kubectl -n shop describe pod");
    assert_eq!(of("attacher-forbidden", None), "kubectl auth can-i patch volumeattachments/status");
}

#[test]
fn every_line_of_what_ends_a_cause_is_a_row_of_its_own() {
    let mut keys = Vec::new();
    for line in ends::lines() {
        let row = ends::row(line).unwrap_or_else(|| panic!("{line}"));
        assert!(!keys.contains(&row.key), "{line}");
        keys.push(row.key);
    }
}

#[test]
fn what_a_saying_means_has_an_end_or_something_that_decides() {
    let open = ["cannot-know", "not-stuck"];
    for row in rows() {
        if let Meaning::Cause(cause) = row.meaning {
            let is_open = open.contains(&cause.family().word()) || ["refused", "hidden-reason"].contains(&cause.word());
            assert!(is_open || !row.ends().is_empty(), "{}: {}", cause.word(), row.form);
        }
    }
}
