//! What lies at the addresses that tutorials apply from, in our own words: a page without a network has to bring it along.
//!
//! Promises: whatever a tutorial names here has the names, labels, ports and volumes that its text counts on.

use crate::kubectl::Files;

/// Where the book's files are.
const BOOK: &str = "https://github.com/luksa/kubernetes-in-action/blob/master/Chapter10";
/// The same, as they are downloaded.
const BOOK_RAW: &str = "https://raw.githubusercontent.com/luksa/kubernetes-in-action/master/Chapter10";
/// Where the provisioner's files are.
const PROVISIONER: &str = "https://raw.githubusercontent.com/rancher/local-path-provisioner";

/// The files of the tutorials, by address.
pub fn files() -> Files {
    let mut files = Files::new();
    let web = include_str!("library/web.yaml");
    files.put("https://k8s.io/examples/application/web/web.yaml", web);
    files.put("https://kubernetes.io/examples/application/web/web.yaml", web);
    files.put("https://raw.githubusercontent.com/kubernetes/website/main/content/en/examples/application/web/web.yaml", web);
    files.put("https://raw.githubusercontent.com/kubernetes/website/main/content/ko/examples/application/web/web.yaml", web);
    for version in ["v0.0.22", "master"] {
        files.put(&format!("{PROVISIONER}/{version}/deploy/local-path-storage.yaml"), include_str!("library/local-path-storage.yaml"));
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
