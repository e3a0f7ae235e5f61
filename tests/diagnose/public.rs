//! What people pasted in public, and the smallest inputs that once were answered wrong.
//!
//! `data/public/` holds them: `cases/ID/` are public threads, re-typed, `min/` the smallest inputs. What is true of each was written down
//! before the product was tried on it, from the thread, from Kubernetes' rules, and from its source.

use std::fs;
use std::path::{Path, PathBuf};

use ordinal::intake::verdict::Report;
use ordinal::intake::{diagnose, told};

use super::sentences::faults;

/// What is true of a paste.
pub(super) struct True {
    /// Below the folder of its round.
    pub file: &'static str,
    /// The family and the object of each verdict that has to be there.
    pub is: &'static [(&'static str, &'static str)],
    /// What has to be told, in one of the verdicts or beside them.
    pub says: &'static [&'static str],
    /// What would be false.
    pub not: &'static [&'static str],
    /// Whether a cure may be offered: where only a process knows the reason, none may.
    pub cures: bool,
}

pub(super) const fn of(file: &'static str, is: &'static [(&'static str, &'static str)], says: &'static [&'static str]) -> True {
    True { file, is, says, not: &[], cures: true }
}

/// Sentences that are false of most pastes.
const COMPLETE: &str = "is complete";

const TRUE: [True; 36] = [
    // The pod's reason is unknown: no cure, and the question is for its description and its log.
    True {
        cures: false,
        ..of("min/tc.txt", &[("ordered-gate", "pod/db-0")], &["kubectl describe pod db-0", "kubectl logs db-0", "Parallel"])
    },
    True { cures: false, ..of("min/nr1.txt", &[("ordered-gate", "pod/db-0")], &["kubectl describe pod db-0", "kubectl logs db-0"]) },
    True {
        cures: false,
        not: &["a-tag-that-exists"],
        ..of("min/nr2.txt", &[("container-fails", "pod/seal-0")], &["describe pod seal-0", "logs seal-0", "probe"])
    },
    // Whose rule it is the text does not tell.
    True { not: &["its like", "fewer pods"], ..of("min/aa.txt", &[("no-node-fits", "pod/blue-0")], &["1 of 1 nodes"]) },
    of(
        "min/aa-dump.yaml",
        &[("no-node-fits", "pod/blue-worker-0")],
        &["green-worker-0, green-worker-1, green-worker-2", "n-1: node(s) didn't match pod anti-affinity rules: green-worker-0"],
    ),
    // A kubelet refuses what the scheduler, or somebody else, placed.
    of("min/ev1.txt", &[("node-refuses", "pod/pg-0")], &["too little cpu", "3100 of 3920"]),
    of("min/ev2.txt", &[("node-refuses", "pod/pg-0")], &[]),
    of("min/ev3.txt", &[("node-refuses", "pod/pg-0")], &["too little cpu"]),
    True { not: &["should be gone"], ..of("min/ev4.txt", &[("node-refuses", "pod/pg-0")], &[]) },
    // The last message of a reason counts.
    True { not: &["Open one of those nodes"], ..of("min/vol1.txt", &[("claim-gone", "pvc/data-kafka-1")], &["pod is deleted"]) },
    of("min/vol2.txt", &[("claim-gone", "pvc/data-kafka-1")], &[]),
    of("min/vol3.txt", &[("claim-gone", "pvc/data-kafka-1")], &[]),
    // The label with the revision's hash has 63 characters at most.
    True { not: &["quota"], ..of("min/f22.txt", &[("pod-refused", "sts/a-very-long-name-of-a-set")], &["63 characters", "shorter name"]) },
    True {
        not: &["quota"],
        ..of(
            "min/f23.txt",
            &[("pod-refused", "sts/a")],
            &["spec.containers[0].resources.requests", "must be less than or equal to cpu limit"],
        )
    },
    // The node is Ready, says the text.
    True { not: &["Whether the node is silent"], ..of("min/grace.txt", &[("cannot-know", "pod/db-0")], &["n1, which is Ready"]) },
    // Three pods that wait are no ordered start; one pod is no set of two.
    True { not: &["OrderedReady"], ..of("min/par.txt", &[("cannot-know", "pod/es-0")], &["kubectl describe pod es-0"]) },
    True { not: &["of 2 pods"], ..of("min/one.txt", &[("cannot-know", "pod/es-0")], &["kubectl describe pod es-0"]) },
    // Nothing waits, and something is the matter.
    True { not: &[COMPLETE], ..of("min/pv.txt", &[("data-leaves", "pv/pv-a")], &["claim data-db-0 holds it"]) },
    True { not: &[COMPLETE], ..of("min/exp.txt", &[("expansion", "pvc/data-db-0")], &["Restarting them does not help"]) },
    True { not: &[COMPLETE], ..of("min/dns1.txt", &[("not-stuck", "svc/streamer")], &["selects no pod", "app=streamer", "app=restream"]) },
    True { not: &[COMPLETE], ..of("min/dns2.txt", &[("not-stuck", "sts/streamer")], &["has no serviceName"]) },
    True { not: &[COMPLETE], ..of("min/dns3.txt", &[("not-stuck", "svc/other")], &["does not exist"]) },
    True { not: &[COMPLETE], ..of("min/dns4.txt", &[("not-stuck", "svc/streamer")], &["has a cluster IP"]) },
    True { not: &["of the newest revision"], ..of("min/part.txt", &[("cannot-know", "sts/web")], &["differ in their revisions"]) },
    // What an operator should have made a set for.
    True { not: &["sts/p"], ..of("min/crd.txt", &[("cannot-know", "ns")], &["prometheus p", "operator"]) },
    of("min/crd2.txt", &[("cannot-know", "ns")], &["operator"]),
    True { not: &["without a name"], ..of("min/split2.txt", &[("not-stuck", "sts/a")], &[]) },
    // Threads.
    True {
        cures: false,
        not: &["ends it"],
        ..of("cases/a01/input.txt", &[("ordered-gate", "pod/ledger-staging-0")], &["ledger-staging-1", "Parallel", "no such host"])
    },
    of("cases/a02/input.yaml", &[("not-stuck", "sts/vmstorage-edge")], &["currentRevision"]),
    of(
        "cases/a05/input.txt",
        &[("pod-refused", "sts/gitops-sharding-algo-trials-xy-application-controller")],
        &["63 characters", "shorter name"],
    ),
    of("cases/a08/input.txt", &[("not-stuck", "svc/streamer"), ("not-stuck", "sts/streamer")], &["app=restream", "serviceName"]),
    of("cases/a10/input.txt", &[("refused-update", "sts/orders-postgres")], &["--cascade=orphan"]),
    True {
        not: &[COMPLETE],
        ..of("cases/a11/input.txt", &[("expansion", "pvc/data-search-2")], &["nothing expands the volume", "does not help"])
    },
    True { not: &["Open one of those nodes"], ..of("cases/a12/input.txt", &[("claim-gone", "pvc/data-kafka-1")], &["pod is deleted"]) },
    of(
        "cases/a13/input.txt",
        &[("volume-elsewhere", "pod/crm-web-1")],
        &["2 of 8 nodes", "3 of 8 nodes", "Likely cause", "CriticalAddonsOnly"],
    ),
    True {
        not: &["Run more pods"],
        ..of("cases/a16/input.txt", &[("drain-blocked", "pod/idp-postgresql-0")], &["postgres-idp-postgresql-pdb", "spilo-role=master"])
    },
];

/// All of them but dumps, with their names.
pub fn texts() -> Vec<(String, String)> {
    let all = TRUE.iter().chain(&FURTHER).filter(|of| of.file.ends_with(".txt"));
    all.map(|of| (of.file.to_owned(), text(of.file))).collect()
}

/// What is true of further pastes, whose places are in `data/public/FURTHER.md`.
const FURTHER: [True; 30] = [
    True {
        not: &["kubectl delete pod mariadb-0"],
        ..of("cases/p01/input.txt", &[("attach-or-mount", "pod/mariadb-0")], &["kn-3", "six minutes", "only if it is off"])
    },
    of("cases/p02/input.txt", &[("no-node-fits", "pod/loki-write-0")], &["1 of 1 nodes", "loki-backend-0 has no node yet"]),
    True { cures: false, ..of("cases/p03/input.txt", &[("container-fails", "pod/pgrepmgr-0")], &["may not write", "fsGroup"]) },
    True {
        cures: false,
        ..of("cases/p04/input.txt", &[("ordered-gate", "pod/vault-0")], &["initialize or unseal", "A restart does not help"])
    },
    True {
        cures: false,
        ..of("cases/p05/input.txt", &[("container-fails", "pod/etcd-1")], &["Remove that member", "already been bootstrapped"])
    },
    True { cures: false, ..of("cases/p06/input.txt", &[("container-fails", "pod/redis-node-0")], &["Connection refused"]) },
    True {
        cures: false,
        ..of(
            "cases/p07/input.txt",
            &[("container-fails", "pod/ev-kafka-broker-0")],
            &["another installation", "pvc/log-dirs-ev-kafka-broker-0", "an earlier set"],
        )
    },
    True {
        not: &["unbound immediate PersistentVolumeClaims: "],
        ..of("cases/p08/input.txt", &[("attach-or-mount", "pod/jobs-8")], &["as many volumes attached", "cordon"])
    },
    True {
        not: &["is complete"],
        ..of(
            "cases/p09/input.txt",
            &[("data-leaves", "pvc/logs-web-1"), ("data-leaves", "pvc/cache-web-1")],
            &["cannot be taken back", "Retain"],
        )
    },
    True {
        cures: false,
        ..of("cases/p10/input.txt", &[("ordered-gate", "pod/nats-0")], &["meta leader", "Parallel", "Deleting the pod does not"])
    },
    True {
        not: &["quota"],
        ..of(
            "cases/p11/input.txt",
            &[("pod-refused", "sts/kfserving-controller-manager")],
            &["kfserving-webhook-server-service", "webhookconfiguration"],
        )
    },
    of(
        "cases/p12/input.txt",
        &[("volume-elsewhere", "pod/ledger-1"), ("no-node-fits", "pod/ledger-4")],
        &["topology spread", "Likely cause"],
    ),
    True { cures: false, ..of("cases/p13/input.txt", &[("container-fails", "pod/mongodb-0")], &["startupProbe", "failed liveness probe"]) },
    of(
        "cases/p14/input.txt",
        &[("claim-pending", "pvc/data-volume-mongodb-1")],
        &["create process timeout after 120 seconds", "kubectl get pods -A"],
    ),
    True {
        cures: false,
        ..of("cases/p15/input.txt", &[("container-fails", "pod/mimir-ingester-1")], &["members that are gone", "forget"])
    },
    True { cures: false, ..of("cases/p16/input.txt", &[], &["deletes the set and makes it anew"]) },
    True {
        not: &["Run more pods"],
        ..of("cases/p17/input.txt", &[("drain-blocked", "pod/mq-0"), ("container-fails", "pod/mq-0")], &["AlwaysAllow", "mq-0 crashes"])
    },
    of("cases/p18/input.txt", &[("container-fails", "pod/dify-postgresql-0")], &["16.2.0-debian-12-r9", "not found"]),
    True { cures: false, ..of("cases/p19/input.txt", &[("container-fails", "pod/cass-demo-ringnodes-0")], &["exceeds its memory limit"]) },
    True {
        cures: false,
        ..of(
            "cases/p20/input.txt",
            &[("cannot-know", "pod/consul-server-2")],
            &["kubectl describe pod consul-server-2", "No cluster leader"],
        )
    },
    True { cures: false, ..of("cases/q01/input.txt", &[("cannot-know", "sts/lookup")], &["kubectl -n ops get pods"]) },
    True { not: &["--force"], ..of("cases/q03/input.txt", &[("on-delete", "sts/broker")], &["OnDelete", "only once somebody deletes it"]) },
    True {
        cures: false,
        ..of("cases/q05/input.txt", &[("not-stuck", "pod/sync-minio-0")], &["OnRootMismatch", "Deleting the pod begins anew"])
    },
    True {
        not: &["nothing expands"],
        ..of("cases/q06/input.txt", &[("claim-gone", "pvc/data-kafka-0")], &["kubectl get pv", "none starts anew"])
    },
    True { not: &["quota"], ..of("cases/q08/input.txt", &[("pod-refused", "sts/web")], &["Storage Class fast-local is forbidden"]) },
    of("cases/q09/input.txt", &[("pod-refused", "sts/guard-controller-manager")], &["you must provide labels"]),
    of("cases/q10/input.txt", &[("not-stuck", "sts/graph")], &["under way"]),
    True {
        not: &["finalizer"],
        ..of("cases/q12/input.txt", &[("container-fails", "pod/pgdata-0")], &["without an error", "Delete the pod"])
    },
    of("cases/q14/input.txt", &[("attach-or-mount", "pod")], &["REPLICAS", "does not exist"]),
    of("cases/q15/input.txt", &[("node-refuses", "pod/consul-2")], &["runtime of its node", "only once the machine is off"]),
];

fn text(file: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/public").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What of a report is not as it should be.
pub(super) fn wrong(report: &Report, of: &True) -> Vec<String> {
    let mut wrong = faults(report);
    let found: Vec<_> = report.verdicts.iter().map(|verdict| (verdict.family().word(), told::short(&verdict.object))).collect();
    let lacks = |(family, object): &&(&str, &str)| !found.iter().any(|(f, o)| f == family && o == object);
    wrong.extend(of.is.iter().filter(lacks).map(|is| format!("not {is:?}, but {found:?}")));
    let (says, json) = (told::text(report), told::json(report).to_json());
    // How a whole dump is made names kinds, and says nothing of this one.
    let says = says.split("\nFor a diagnosis in which").next().unwrap_or_default().to_owned();
    wrong.extend(of.says.iter().filter(|words| !says.contains(**words)).map(|words| format!("does not say `{words}`: {says}")));
    wrong.extend(of.not.iter().filter(|words| says.contains(**words)).map(|words| format!("says `{words}`: {says}")));
    let cured = report.verdicts.iter().any(|verdict| !verdict.cures.is_empty());
    wrong.extend((!of.cures && cured).then(|| "offers a cure of what nobody knows".to_owned()));
    wrong.extend(
        of.is.iter().filter(|(family, _)| !json.contains(&format!("\"cause\":\"{family}\""))).map(|is| format!("JSON lacks {is:?}")),
    );
    wrong
}

#[test]
fn each_is_answered_as_is_true() {
    let told =
        |of: &True| wrong(&diagnose([&*text(of.file)]), of).into_iter().map(|wrong| format!("{}: {wrong}", of.file)).collect::<Vec<_>>();
    let wrong: Vec<String> = TRUE.iter().chain(&FURTHER).flat_map(told).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_partition_that_helm_waits_for_is_told() {
    let report = diagnose([&*text("cases/a17/input.txt")]);
    let said = told::text(&report);
    assert_eq!(report.verdicts.iter().map(|verdict| verdict.family().word()).collect::<Vec<_>>(), ["partition"]);
    assert!(said.contains("below ordinal 2") && said.contains("Helm before 3.12"), "{said}");
}

#[test]
fn where_no_set_was_made_its_maker_is_asked() {
    let said = told::text(&diagnose([&*text("cases/a19/input.txt")]));
    assert!(said.contains("prometheus kps-prometheus") && said.contains("kubectl describe prometheus kps-prometheus"), "{said}");
}

#[test]
fn a_dump_that_was_cut_is_not_called_complete() {
    for file in ["min/trunc.yaml", "min/broken.yaml"] {
        let report = diagnose([&*text(file)]);
        assert!(!report.unread.is_empty() && !told::text(&report).contains(COMPLETE), "{file}");
    }
}

#[test]
fn a_set_that_somebody_else_made_names_its_owner() {
    let set = |meta: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n  namespace: shop\n{meta}spec:\n  serviceName: db\n  replicas: 1\n  \
             selector: {{matchLabels: {{app: db}}}}\n  template:\n    metadata: {{labels: {{app: db}}}}\n    spec:\n      containers: \
             [{{name: db, image: \"db:1\"}}]\n\n$ kubectl -n shop get pods\nNAME   READY   STATUS    RESTARTS   AGE\ndb-0   0/1     Running   0          5m\n"
        )
    };
    let said = |meta: &str| told::text(&diagnose([&*set(meta)]));
    let operator = "  ownerReferences: [{apiVersion: acid.zalan.do/v1, kind: postgresql, name: acid, uid: 1111, controller: true}]\n";
    assert!(said(operator).contains("db belongs to postgresql acid: its operator takes a change of the set back"));
    let helm = "  labels: {app.kubernetes.io/managed-by: Helm}\n  annotations: {meta.helm.sh/release-name: orders}\n";
    assert!(said(helm).contains("db belongs to Helm release orders"));
    assert!(said("  labels: {argocd.argoproj.io/instance: x}\n").contains("Argo CD takes a change of db back"));
    assert!(!said("").contains("belongs to"));
}
