//! Claims, volumes and storage classes.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use super::containers::title_case;
use super::volumes::source;
use crate::cells::is_default_class;
use crate::describe::common::multiline;
use crate::describe::layout::Page;
use api::kind::Kind;
use api::view::{self, NONE, UNSET, View, access_modes, scalar, text};
use base::value::Value;

/// The pods that mount a claim.
pub(super) fn users(page: &mut Page, level: usize, title: &str, claim: &Value, view: &View) {
    let mounts = |pod: &&Value| {
        let volumes = pod.list_at(&["spec", "volumes"]);
        let own = |v: &Value| {
            v.get("ephemeral").is_some() && format!("{}-{}", view::name(pod), v.text_at(&["name"]).unwrap_or_default()) == view::name(claim)
        };
        volumes.iter().any(|v| v.text_at(&["persistentVolumeClaim", "claimName"]) == Some(view::name(claim)) || own(v))
    };
    let pods = view.client.list(Kind::Pod, Some(view::namespace(claim)));
    multiline(page, level, title, &pods.iter().filter(mounts).map(|p| view::name(p).to_owned()).collect::<Vec<_>>());
}

pub(super) fn modes(modes: &Value) -> String {
    access_modes(modes.as_list().unwrap_or_default())
}

pub(super) fn source_of_volume(page: &mut Page, level: usize, title: &str, spec: &Value, view: &View) {
    page.line(level, format!("{title}:"));
    source(page, spec, view);
}

pub(super) fn node_affinity(page: &mut Page, level: usize, title: &str, required: &Value) {
    if required.is_null() {
        return page.field(level, title, NONE);
    }
    page.field(level, title, "");
    let terms = required.list_at(&["nodeSelectorTerms"]);
    page.field(level + 1, "Required Terms", if terms.is_empty() { NONE } else { "" });
    for (i, term) in terms.iter().enumerate() {
        let expressions: Vec<String> = term.list_at(&["matchExpressions"]).iter().map(requirement).collect();
        multiline(page, level + 2, &format!("Term {i}"), &expressions);
    }
}

/// `zone in [a, b]`; a topology has no other operator, and does not name it.
fn requirement(e: &Value) -> String {
    let values: Vec<String> = e.list_at(&["values"]).iter().map(scalar).collect();
    let values = if values.is_empty() { String::new() } else { format!(" [{}]", values.join(", ")) };
    format!("{} {}{values}", text(e, &["key"]), e.text_at(&["operator"]).unwrap_or("in").to_ascii_lowercase())
}

pub(super) fn is_default(class: &Value) -> String {
    if is_default_class(class) { "Yes" } else { "No" }.to_owned()
}

pub(super) fn title_case_or_unset(value: &Value) -> String {
    if value.is_null() { UNSET.to_owned() } else { title_case(value) }
}

pub(super) fn options(page: &mut Page, level: usize, title: &str, options: &Value) {
    let options = options.as_list().unwrap_or_default();
    page.line(level, format!("{title}:{}", if options.is_empty() { "\t<none>" } else { "" }));
    options.iter().for_each(|option| page.line(level + 1, scalar(option)));
}

pub(super) fn topologies(page: &mut Page, level: usize, title: &str, terms: &Value) {
    page.field(level, title, "");
    for (i, term) in terms.as_list().unwrap_or_default().iter().enumerate() {
        let requirements = term.list_at(&["matchLabelExpressions"]);
        if requirements.is_empty() {
            page.field(level + 1, &format!("Term {i}"), NONE);
        }
        for (j, one) in requirements.iter().enumerate() {
            let title = if j == 0 { format!("Term {i}:") } else { String::new() };
            page.line(level + 1, format!("{title}\t{}", requirement(one)));
        }
    }
}
