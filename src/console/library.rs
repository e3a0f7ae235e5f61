//! The files that tutorials apply from URLs, in our own words: a page without a network has to bring them along.
//!
//! Promises: every object of a tutorial has the names, labels, ports and volumes that its text relies on.

use crate::kubectl::Files;

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
