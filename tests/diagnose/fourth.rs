//! What people pasted in public, fourth round: twelve threads, re-typed, and the smallest inputs that once were answered wrong.
//!
//! `data/public4/` holds them. What is true of each was written down before the product was tried on it.

use super::public::{True, of, wrong};
use ordinal::intake::diagnose;
use std::fs;
use std::path::Path;

/// What no text that is read may be told: that something was tried, or assumed.
const NEVER: [&str; 3] = ["tried on a copy", "Assumed", "healthy after"];

const fn not(one: True, not: &'static [&'static str]) -> True {
    True { not, ..one }
}

const FOURTH: [True; 46] = [
    not(
        of("cases/d01/input.txt", &[("pod-refused", "sts/kg-store")], &["SecurityContextConstraints", "ServiceAccount", "privileged"]),
        &["quota", "PodSecurity", "constraint: [.", "validatingadmissionpolicy"],
    ),
    not(
        of(
            "cases/d02/input.txt",
            &[("container-fails", "pod/cache-ha-redis-ha-server-0")],
            &["runAsNonRoot", "runAsUser", "delete the pod"],
        ),
        &["does not exist", "configmaps,secrets", "program that is in the image"],
    ),
    not(of("cases/d04/input.txt", &[("not-stuck", "sts/lab-nginx")], &["never updated"]), &["was not pasted", "waits for a pod"]),
    not(of("cases/d05/input.txt", &[("not-stuck", "sts/obs-etcd")], &["3/3", "Argo CD"]), &["Refused by its node", "Cause, in"]),
    not(of("cases/d06/input.txt", &[("node-refuses", "pod/acct-mysql-0")], &["IP address", "subnet", "Cause, in"]), &["volumeattachment"]),
    of("cases/d08/input.txt", &[("cannot-know", "pod/docdb-1")], &["docdb-2", "kubectl describe pod docdb-1"]),
    not(
        of(
            "cases/d09/input.txt",
            &[("attach-or-mount", "pod/jobs-queue-0")],
            &["VolumeAttachments", "ClusterRole", "blk-csi-controller-sa"],
        ),
        &["attached elsewhere", "describe pod\n"],
    ),
    of(
        "cases/d15/input.txt",
        &[("not-stuck", "sts/flow-postgres")],
        &["older than its set", "changed Secret does not change it", "restart"],
    ),
    not(of("cases/d16/input.txt", &[("rollback-trap", "pod/big-0")], &["Delete it"]), &["equest less", "Make room"]),
    not(
        of("cases/d17/input.txt", &[("no-node-fits", "pod/db-mongo-0")], &["disk-pressure", "Free disk"]),
        &["stays until somebody removes it", "add a toleration"],
    ),
    of("cases/d19/input.txt", &[("volume-elsewhere", "pod")], &["ncordon", "1 of 3 nodes", "autoscaler"]),
    not(
        of("cases/d21/input.txt", &[("container-fails", "pod/owk-kafka-0")], &["wait-for-zookeeper", "name does not resolve"]),
        &["another pod has the name", "delete pod"],
    ),
    not(of("min/min-outof.txt", &[("not-stuck", "sts/etcd")], &["3/3"]), &["Refused by its node", "Cause, in"]),
    not(of("min/min-outofmemory.txt", &[("cannot-know", "ns")], &[]), &["Refused by its node", "Cause, in"]),
    not(
        of("min/min-runasnonroot.txt", &[("container-fails", "pod/web-0")], &["runAsUser"]),
        &["ConfigMap", "program that is in the image"],
    ),
    not(
        of("min/min-runasnonroot-line.txt", &[("container-fails", "pod/web-0")], &["runAsUser"]),
        &["ConfigMap", "program that is in the image"],
    ),
    not(of("min/min-create-error.txt", &[("container-fails", "pod/web-0")], &["in time", "that node"]), &["program that is in the image"]),
    not(
        of("min/min-init-cut.txt", &[("container-fails", "pod/web-0")], &["container wait", "kubectl logs web-0"]),
        &["another pod has", "delete pod"],
    ),
    not(of("min/min-running-busybox.txt", &[("ordered-gate", "pod/web-0")], &["not Ready", "logs web-0"]), &["crashes"]),
    not(of("min/min-running-no-node.txt", &[("not-stuck", "pod/web-0")], &[]), &["has no node"]),
    not(of("min/min-no-image.yaml", &[("cannot-know", "pod/big-0")], &["describe pod big-0"]), &["valid image name", "set image"]),
    not(of("min/min-terminating.txt", &[("cannot-know", "pod/web-0")], &["being deleted and not gone"]), &["is running, but not Ready"]),
    not(
        of("min/min-terminating-node1.txt", &[("cannot-know", "pod/web-0")], &["being deleted and not gone"]),
        &["node-1", "which is Ready"],
    ),
    not(of("min/min-sandbox.txt", &[("node-refuses", "pod/web-0")], &["IP address", "subnet"]), &["volume cannot"]),
    of("min/min-attacher-forbidden.txt", &[("attach-or-mount", "pod")], &["ClusterRole", "blk-csi-controller-sa"]),
    not(of("min/min-external-attacher.txt", &[("attach-or-mount", "pod")], &["csi-attacher", "controller pod"]), &["attached elsewhere"]),
    of("min/min-bad-address.txt", &[("container-fails", "pod/web-0")], &["name does not resolve"]),
    not(of("min/min-trap-unschedulable.txt", &[("rollback-trap", "pod/big-0")], &["Delete it"]), &["equest less"]),
    not(of("min/min-trap-yaml.txt", &[("rollback-trap", "pod/big-0")], &["Delete it"]), &["equest less"]),
    not(
        of("min/min-taint-pressure.txt", &[("no-node-fits", "pod")], &["disk-pressure", "Free disk"]),
        &["stays until somebody", "add a toleration"],
    ),
    not(of("min/min-vct.txt", &[("not-stuck", "sts")], &["never updated"]), &["waits for a pod"]),
    not(of("min/min-provisioning-row.txt", &[("claim-pending", "pvc/data-web-1")], &["used up"]), &["There is no StorageClass"]),
    not(
        of("min/min-provisioning-shift.txt", &[("claim-pending", "pvc/data-web-1")], &["used up"]),
        &["There is no StorageClass", "does not exist"],
    ),
    of("min/min-scc-lines.txt", &[("pod-refused", "sts/a")], &["SecurityContextConstraints", "anyuid"]),
    of("min/min-markdown.txt", &[("volume-elsewhere", "pod")], &["1 of 3 nodes"]),
    of("min/min-markdown-pods.txt", &[("cannot-know", "pod/web-0")], &["describe pod web-0"]),
    of("min/min-old-password.txt", &[("not-stuck", "sts/flow-postgres")], &["older than its set", "changed Secret does not change it"]),
    not(of("min/min-quota-controller-log.txt", &[("pod-refused", "resourcequota/q")], &["web", "lab"]), &["a pod of q"]),
    not(of("min/min-image-401.txt", &[("container-fails", "pod/web-0")], &["imagePullSecrets"]), &["template names another"]),
    not(of("min/min-image-ratelimit.txt", &[("container-fails", "pod/web-0")], &["limit", "mirror"]), &["template names another"]),
    not(of("min/min-image-disk.txt", &[("container-fails", "pod/web-0")], &["disk", "on that node"]), &["template names another"]),
    not(of("min/min-image-platform.txt", &[("container-fails", "pod/web-0")], &["architecture"]), &["template names another"]),
    not(of("min/min-image-dns.txt", &[("container-fails", "pod/web-0")], &["name resolution"]), &["template names another"]),
    not(
        of("min/min-mount-reason.txt", &[("attach-or-mount", "pod/web-0")], &["Cause, in", "access denied by server"]),
        &["probably", "newest Events"],
    ),
    not(
        of("min/min-csi-capacity.txt", &[("no-node-fits", "pod/web-0")], &["storage pool"]),
        &["its class makes none", "until somebody creates"],
    ),
    not(
        of("min/min-startup-once.txt", &[("container-fails", "pod/web-0")], &["failureThreshold"]),
        &["keeps restarting", "give it a `startupProbe`"],
    ),
];

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/public4").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_fourth_round_is_answered_as_is_true() {
    let (mut right, mut faults) = (0, Vec::new());
    for one in &FOURTH {
        let report = diagnose([&*text(one.file)]);
        let said = ordinal::intake::told::text(&report);
        let mut found = wrong(&report, one);
        found.extend(NEVER.iter().filter(|words| said.contains(**words)).map(|words| format!("says `{words}`: {said}")));
        right += usize::from(found.is_empty());
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", one.file)));
    }
    println!("{right} of {} texts of the fourth round are answered as is true", FOURTH.len());
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

/// So many rows of a terminal of 80 columns the first cause has, with its quote, its meaning and what decides.
const ROWS: usize = 24;

#[test]
fn the_first_cause_fits_a_terminal() {
    for one in FOURTH.iter().filter(|one| one.file.ends_with(".txt")) {
        let said = ordinal::intake::told::text(&diagnose([&*text(one.file)]));
        let said = said.split("\nFor a diagnosis in which").next().unwrap_or_default();
        let until =
            said.find("  next:").map_or(said.len(), |at| at + said[at..].split('\n').take(2).map(|line| line.len() + 1).sum::<usize>());
        let rows: usize = said[..until.min(said.len())].lines().map(|line| line.chars().count().div_ceil(80).max(1)).sum();
        assert!(rows <= ROWS, "{}: {rows} rows\n{said}", one.file);
    }
}
