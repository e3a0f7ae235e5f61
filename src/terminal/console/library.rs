//! The files that tutorials apply from URLs, in our own words: a page without a network has to bring them along.
//!
//! Promises: every object of a tutorial has the names, labels, ports and volumes that its text relies on.

use std::ops::Range;

use kubectl::Files;

/// The directories of the documentation's examples.
const EXAMPLES: [&str; 4] = [
    "https://k8s.io/examples",
    "https://kubernetes.io/examples",
    "https://raw.githubusercontent.com/kubernetes/website/main/content/en/examples",
    "https://raw.githubusercontent.com/kubernetes/website/main/content/ko/examples",
];
/// The directory of the book's files.
const BOOK: &str = "https://github.com/luksa/kubernetes-in-action/blob/master/Chapter10";
/// The same directory, in raw form.
const BOOK_RAW: &str = "https://raw.githubusercontent.com/luksa/kubernetes-in-action/master/Chapter10";
/// The repository of the provisioner's files.
const PROVISIONER: &str = "https://raw.githubusercontent.com/rancher/local-path-provisioner";

/// The tutorials' files, by URL.
pub fn files() -> Files {
    let mut files = Files::new();
    let web = include_str!("library/web.yaml");
    let parallel = web.replace("  serviceName:", "  podManagementPolicy: Parallel\n  serviceName:");
    let mysql = include_str!("library/mysql.yaml");
    let cassandra = include_str!("library/cassandra.yaml");
    for (path, text) in [
        ("application/web/web.yaml", web),
        ("application/web/web-parallel.yaml", &parallel),
        ("application/zookeeper/zookeeper.yaml", include_str!("library/zookeeper.yaml")),
        ("application/mysql/mysql-configmap.yaml", &documents(mysql, 0..1)),
        ("application/mysql/mysql-services.yaml", &documents(mysql, 1..3)),
        ("application/mysql/mysql-statefulset.yaml", &documents(mysql, 3..4)),
        ("application/cassandra/cassandra-service.yaml", &documents(cassandra, 0..1)),
        ("application/cassandra/cassandra-statefulset.yaml", &documents(cassandra, 1..3)),
        ("controllers/nginx-deployment.yaml", include_str!("library/nginx-deployment.yaml")),
        ("admin/dns/dnsutils.yaml", include_str!("library/dnsutils.yaml")),
    ] {
        for place in EXAMPLES {
            files.put(&format!("{place}/{path}"), text);
        }
    }
    let provisioner = include_str!("library/local-path-storage.yaml");
    for (version, image) in [("v0.0.22", "v0.0.22"), ("master", "master-head")] {
        let text = provisioner.replace("provisioner:v0.0.22", &format!("provisioner:{image}"));
        files.put(&format!("{PROVISIONER}/{version}/deploy/local-path-storage.yaml"), &text);
    }
    for (name, text) in [
        ("persistent-volumes-gcepd.yaml", include_str!("library/kubia-volumes.yaml")),
        ("kubia-service-headless.yaml", include_str!("library/kubia-service.yaml")),
        ("kubia-statefulset.yaml", include_str!("library/kubia-set.yaml")),
    ] {
        files.put(&format!("{BOOK}/{name}"), text);
        files.put(&format!("{BOOK_RAW}/{name}"), text);
    }
    files
}

/// Some of a text's documents.
fn documents(text: &str, which: Range<usize>) -> String {
    let all: Vec<&str> = text.split("---\n").collect();
    all[which].join("---\n")
}
