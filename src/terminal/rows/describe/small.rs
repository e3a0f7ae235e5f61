//! Namespaces, quotas and the ranges of limits.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use crate::describe::layout::Page;
use api::kind::Kind;
use api::view::{self, View, long_date, map_at, scalar, text};
use base::quantity::Quantity;
use base::sort::Sort;
use base::sorted::SortedSet;
use base::value::{Value, members};

pub(super) fn namespace_conditions(page: &mut Page, _: usize, _: &str, namespace: &Value, _: &View) {
    let conditions = namespace.list_at(&["status", "conditions"]);
    if conditions.is_empty() {
        return;
    }
    page.line(0, "Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage");
    page.line(1, "----\t------\t------------------\t------\t-------");
    for condition in conditions {
        let [kind, status, since, reason, message] =
            ["type", "status", "lastTransitionTime", "reason", "message"].map(|field| text(condition, &[field]));
        page.line(1, format!("{kind}\t{status}\t{}\t{reason}\t{message}", long_date(since)));
    }
}

pub(super) fn quotas(page: &mut Page, _: usize, _: &str, namespace: &Value, view: &View) {
    let quotas = view.client.list(Kind::ResourceQuota, Some(view::name(namespace)));
    page.write(if quotas.is_empty() { "\nNo resource quota.\n" } else { "\nResource Quotas\n" });
    for quota in quotas {
        page.field(1, "Name", view::name(&quota));
        quota_lines(page, &quota, 1, "---");
    }
}

pub(super) fn ranges(page: &mut Page, _: usize, _: &str, namespace: &Value, view: &View) {
    let ranges = view.client.list(Kind::LimitRange, Some(view::name(namespace)));
    page.write(if ranges.is_empty() { "\nNo LimitRange resource.\n" } else { "\nResource Limits\n" });
    if !ranges.is_empty() {
        range_table(page, &ranges, " ");
    }
}

/// The table of a LimitRange's limits per resource. Models describeLimitRangeSpec.
pub fn range_table(page: &mut Page, ranges: &[Value], prefix: &str) {
    const AMOUNTS: [(&str, &str); 5] = [
        ("min", "Min"),
        ("max", "Max"),
        ("defaultRequest", "Default Request"),
        ("default", "Default Limit"),
        ("maxLimitRequestRatio", "Max Limit/Request Ratio"),
    ];
    let titles = ["Type", "Resource"].into_iter().chain(AMOUNTS.iter().map(|(_, title)| *title));
    let (titles, rules): (Vec<&str>, Vec<String>) = titles.map(|title| (title, "-".repeat(title.len()))).unzip();
    page.line(0, format!("{prefix}{}", titles.join("\t")));
    page.line(0, format!("{prefix}{}", rules.join("\t")));
    for item in ranges.iter().flat_map(|range| range.list_at(&["spec", "limits"])) {
        let lists = AMOUNTS.map(|(list, _)| map_at(item, &[list]));
        let resources: SortedSet<&str> = lists.iter().flatten().flat_map(|map| map.iter()).map(|(name, _)| &**name).collect();
        for resource in resources {
            let amounts = lists.map(|list| list.and_then(|map| map.get(resource)).map_or_else(|| "-".to_owned(), scalar));
            page.line(0, format!("{prefix}{}\t{resource}\t{}", text(item, &["type"]), amounts.join("\t")));
        }
    }
}

pub(super) fn quota_table(page: &mut Page, level: usize, _: &str, quota: &Value, _: &View) {
    quota_lines(page, quota, level, "----");
}

fn quota_lines(page: &mut Page, quota: &Value, level: usize, rule: &str) {
    const HELP: [(&str, &str); 4] = [
        (
            "Terminating",
            "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated \
             by the system.",
        ),
        (
            "NotTerminating",
            "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is \
             not expected to terminate.",
        ),
        ("BestEffort", "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."),
        (
            "NotBestEffort",
            "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
        ),
    ];
    let mut scopes: Vec<&str> = quota.list_at(&["spec", "scopes"]).iter().filter_map(Value::as_text).collect();
    scopes.sort_small();
    if !scopes.is_empty() {
        page.field(level, "Scopes", scopes.join(", "));
    }
    for (_, help) in scopes.iter().filter_map(|scope| HELP.iter().find(|(known, _)| known == scope)) {
        page.line(level, format!("{}* {help}", if level == 0 { " " } else { "" }));
    }
    page.line(level, "Resource\tUsed\tHard");
    page.line(level, format!("--------\t{rule}\t{rule}"));
    for (resource, hard) in members(map_at(quota, &["status", "hard"])) {
        let used = quota.at(&["status", "used", resource]).and_then(Quantity::read);
        let used = used.zip(Quantity::read(hard)).map_or_else(|| "0".to_owned(), |(used, hard)| used.as_written(hard).to_string());
        page.line(level, format!("{resource}\t{used}\t{}", scalar(hard)));
    }
}
