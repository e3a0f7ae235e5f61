//! Roles and their bindings.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go RoleDescriber and RoleBindingDescriber, and pkg/util/rbac BreakdownRule and CompactRules.

use api::view::{self, View, scalar, text};
use base::sort::Sort;
use base::value::Value;
use rows::describe::common::labels_and_annotations;
use rows::describe::layout::Page;

/// What is allowed, on what.
struct Rule {
    group: String,
    resource: String,
    url: Option<String>,
    name: Option<String>,
    verbs: Vec<String>,
}

impl Rule {
    /// The order of rules: that of their texts in Go.
    fn key(&self) -> String {
        let Rule { group, resource, .. } = self;
        let (name, url) = (self.name.as_deref().unwrap_or_default(), self.url.as_deref().unwrap_or_default());
        format!("Verbs:[{}],APIGroups:[{group}],Resources:[{resource}],ResourceNames:[{name}],URLs:[{url}]", self.verbs.join(" "))
    }

    /// `deployments.apps/status`. Models CombineResourceGroup.
    fn what(&self) -> String {
        let (resource, part) =
            self.resource.split_once('/').map_or((&*self.resource, String::new()), |(all, part)| (all, format!("/{part}")));
        let group = if self.group.is_empty() { String::new() } else { format!(".{}", self.group) };
        format!("{resource}{group}{part}")
    }
}

/// Describes a Role or a ClusterRole.
pub fn role(page: &mut Page, role: &Value, _view: &View) {
    page.field(0, "Name", view::name(role));
    labels_and_annotations(page, role);
    page.line(0, "PolicyRule:");
    page.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs");
    page.line(1, "---------\t-----------------\t--------------\t-----");
    for rule in rules(role) {
        let (url, name) = (rule.url.as_deref().unwrap_or_default(), rule.name.as_deref().unwrap_or_default());
        page.line(1, format!("{}\t[{url}]\t[{name}]\t[{}]", rule.what(), rule.verbs.join(" ")));
    }
}

/// The rules one resource or URL at a time, with all verbs for a resource together.
fn rules(role: &Value) -> Vec<Rule> {
    let mut all: Vec<Rule> = Vec::new();
    for rule in role.list_at(&["rules"]) {
        let texts = |field: &str| rule.list_at(&[field]).iter().map(scalar).collect::<Vec<String>>();
        let names: Vec<Option<String>> = texts("resourceNames").into_iter().map(Some).collect();
        for group in texts("apiGroups") {
            for resource in texts("resources") {
                for verb in texts("verbs") {
                    for name in if names.is_empty() { &[None][..] } else { &names } {
                        let same = |r: &&mut Rule| r.url.is_none() && r.group == group && r.resource == resource && r.name == *name;
                        match all.iter_mut().find(same) {
                            Some(rule) if rule.verbs.contains(&verb) => {}
                            Some(rule) => rule.verbs.push(verb.clone()),
                            None => {
                                let (group, resource, name) = (group.clone(), resource.clone(), name.clone());
                                all.push(Rule { group, resource, url: None, name, verbs: vec![verb.clone()] });
                            }
                        }
                    }
                }
            }
        }
        for url in texts("nonResourceURLs") {
            for verb in texts("verbs") {
                all.push(Rule { group: String::new(), resource: String::new(), url: Some(url.clone()), name: None, verbs: vec![verb] });
            }
        }
    }
    all.sort_small_by_key(Rule::key);
    all
}

/// Describes a RoleBinding or a ClusterRoleBinding.
pub fn binding(page: &mut Page, binding: &Value, _view: &View) {
    page.field(0, "Name", view::name(binding));
    labels_and_annotations(page, binding);
    page.line(0, "Role:");
    page.field(1, "Kind", text(binding, &["roleRef", "kind"]));
    page.field(1, "Name", text(binding, &["roleRef", "name"]));
    page.line(0, "Subjects:");
    page.line(1, "Kind\tName\tNamespace");
    page.line(1, "----\t----\t---------");
    for subject in binding.list_at(&["subjects"]) {
        let of = |field| text(subject, &[field]);
        page.line(1, format!("{}\t{}\t{}", of("kind"), of("name"), of("namespace")));
    }
}
