//! Roles, what they allow, and whom bindings give them to.
//!
//! Models pkg/apis/rbac/validation/validation.go; each function here validates a new object or, given the old one, an update.
//! Not modelled: that nobody can give away more than they have, because the client of the playground may do everything.

use crate::validate::internal::GoType;
use crate::validate::report::{IMMUTABLE, Members, Report};
use crate::validate::{meta, selector};
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The API group of roles and of the users and groups that they are given to.
const GROUP: &str = Kind::Role.info().group;

/// Validates a Role or a ClusterRole. Models `ValidateRole`, `ValidateClusterRole` and their updates.
pub fn role(kind: Kind, new: &Value, old: Option<&Value>, report: &mut Report) {
    meta::create(kind, new.part("metadata"), report);
    let (rules, path) = (new.items("rules"), FieldPath::of("rules"));
    // Declared rules are checked last.
    let last = report.release.declared_rules_decide;
    for (path, rule) in path.each(rules.iter()) {
        if !last {
            verbs(rule, &path, report);
        }
        policy_rule(rule, kind == Kind::Role, &path, report);
    }
    if let Some(aggregation) = new.given("aggregationRule") {
        let (field, path) = ("clusterRoleSelectors", FieldPath::of("aggregationRule"));
        report.needs(&path, aggregation, field, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        for (path, one) in path.field(field).each(aggregation.items(field)) {
            selector::label_selector(one, &path, report);
            report.invalid_if(!selector::is_sound(one), &path, Value::Null, "invalid label selector.");
        }
    }
    if let Some(old) = old {
        meta::update(new.part("metadata"), old.part("metadata"), report);
    }
    for (i, rule) in rules.iter().enumerate().filter(|_| last) {
        verbs(rule, &path.index(i), report);
    }
}

fn verbs(rule: &Value, path: &FieldPath, report: &mut Report) {
    if rule.items("verbs").is_empty() {
        // The declared rule says no more than what every other says.
        let detail = if report.release.declared_rules_decide { "" } else { "verbs must contain at least one value" };
        report.required(&path.field("verbs"), detail);
    }
}

/// Models `ValidatePolicyRule`, without the verbs.
fn policy_rule(rule: &Value, is_namespaced: bool, path: &FieldPath, report: &mut Report) {
    let (urls, at) = (rule.items("nonResourceURLs"), path.field("nonResourceURLs"));
    let is_empty = |field: &str| rule.items(field).is_empty();
    if !urls.is_empty() {
        let mut invalid = |detail: &str| report.invalid(&at, Value::list(urls.to_vec()), detail);
        if is_namespaced {
            invalid("namespaced rules cannot apply to non-resource URLs");
        }
        if !["apiGroups", "resources", "resourceNames"].into_iter().all(is_empty) {
            invalid("rules cannot apply to both regular resources and non-resource URLs");
        }
        return;
    }
    for (field, one) in [("apiGroups", "api group"), ("resources", "resource")] {
        if is_empty(field) {
            report.required(&path.field(field), &format!("resource rules must supply at least one {one}"));
        }
    }
}

/// Validates a RoleBinding or a ClusterRoleBinding. Models `ValidateRoleBinding`, `ValidateClusterRoleBinding` and their updates.
pub fn binding(kind: Kind, new: &Value, old: Option<&Value>, report: &mut Report) {
    let (role, path) = (new.part("roleRef"), FieldPath::of("roleRef"));
    let (subjects, whom) = (new.items("subjects"), FieldPath::of("subjects"));
    let is_other = old.is_some_and(|old| old.part("roleRef") != role);
    // Declared rules are checked last; what is immutable is not looked into.
    let last = report.release.declared_rules_decide;
    let role_last = last && !is_other;
    meta::create(kind, new.part("metadata"), report);
    report.known(&path.field("apiGroup"), role.text("apiGroup"), &[GROUP]);
    report.known(
        &path.field("kind"),
        role.text("kind"),
        if kind == Kind::RoleBinding { &["Role", "ClusterRole"] } else { &["ClusterRole"] },
    );
    if !role_last {
        named(role, &path, report);
    }
    report.each(&path.field("name"), role.text("name"), names::path_segment(role.text("name")));
    for (path, one) in whom.each(subjects.iter()) {
        if !last {
            named(one, &path, report);
        }
        subject(one, kind == Kind::RoleBinding, &path, report);
    }
    if let Some(old) = old {
        meta::update(new.part("metadata"), old.part("metadata"), report);
    }
    if is_other {
        report.invalid_typed(&path, role, GoType::of("RoleRef"), IMMUTABLE);
    }
    for (i, one) in subjects.iter().enumerate().filter(|_| last) {
        named(one, &whom.index(i), report);
    }
    if role_last {
        named(role, &path, report);
    }
}

fn named(reference: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, reference, "name", "");
}

/// Models `ValidateRoleBindingSubject`, without the name that is required.
fn subject(subject: &Value, is_namespaced: bool, path: &FieldPath, report: &mut Report) {
    let group = subject.text("apiGroup");
    match subject.text("kind") {
        "ServiceAccount" => {
            report.may_be_named(path, subject, "name", names::dns_subdomain);
            report.known(&path.field("apiGroup"), group, &[""]);
            if !is_namespaced {
                report.needs(path, subject, "namespace", "");
            }
        }
        "User" | "Group" => report.known(&path.field("apiGroup"), group, &[GROUP]),
        other => report.not_supported(&path.field("kind"), other, &["ServiceAccount", "User", "Group"]),
    }
}
