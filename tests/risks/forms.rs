//! Texts as people have them: templates, patches, pages of Markdown; and what stands before the findings of a start that works.

use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::playground::EXAMPLE;
use ordinal::risks::{Options, Search, Start, told};

use super::{found, search, told_of};

/// A search of a text that is more or less than a manifest.
fn of_text(text: &str) -> Search {
    let mut search = Search::new(Start::of_text(text, &V1_37), Options { depth: 1, ..Options::default() });
    search.finish();
    search
}

/// A set without volumes.
fn set(head: &str, spec: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {head}}}\nspec:\n  serviceName: kv\n  replicas: 3\n  \
         selector: {{matchLabels: {{app: kv}}}}\n  template:\n    metadata: {{labels: {{app: kv}}}}\n    spec:\n{spec}      \
         containers:\n      - name: kv\n        image: example.com/kv:4\n{container}"
    )
}

/// A Service by the name that the set has.
fn service(spec: &str) -> String {
    format!("---\napiVersion: v1\nkind: Service\nmetadata: {{name: kv}}\nspec: {{ports: [{{port: 80}}], selector: {{app: {spec}}}\n")
}

#[test]
fn what_has_to_be_rendered_is_told_as_that() {
    let patch = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: kv}\nspec:\n  template:\n    spec:\n      containers:\n      \
                 - {name: kv, env: [{name: A, value: b}]}\n";
    let process = "apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- kind: StatefulSet\n";
    let chart = set("kv", "", "        resources:\n{{ toYaml .Values.resources | indent 10 }}\n");
    let texts = [(patch, "kubectl kustomize"), (process, "oc process"), (&set("'${name}'", "", ""), "envsubst"), (&chart, "helm template")];
    for (text, by) in texts {
        let search = of_text(text);
        assert!(search.unrendered().is_some_and(|said| said.contains(by)), "{by}: {:?}", search.unrendered());
        assert!(!search.is_accepted(), "{by}");
    }
    // A script has braces of its own, and a set that lacks a selector only is no patch.
    let script = set("kv", "", "        command: [sh, -c, 'echo ${HOSTNAME##*-}']\n");
    let bare = set("kv", "", "").replace("  selector: {matchLabels: {app: kv}}\n", "");
    assert!(!of_text(&bare).is_accepted(), "{bare}");
    assert!([script, bare].iter().all(|text| of_text(text).unrendered().is_none()));
}

#[test]
fn names_that_do_not_resolve_are_told_of_a_start_that_works() {
    let alone = set("kv", "", "");
    let says = |more: &str| told::ahead(&of_text(&format!("{alone}{more}"))).join(" ");
    assert!(says("").contains("do not resolve: the Service of sts/kv, kv, is not in the manifest"), "{}", says(""));
    let clustered = says(&service("kv}"));
    assert!(!clustered.contains("is not headless") && !clustered.contains("do not resolve"), "{clustered}");
    assert!(
        says(&service("other}, clusterIP: None")).contains("the Service of kv selects none of its pods"),
        "{}",
        says(&service("other}, clusterIP: None"))
    );
    assert!(!says(&service("kv}, clusterIP: None")).contains("names"));
    let unnamed = alone.replace("  serviceName: kv\n", "");
    let said = told::ahead(&of_text(&format!("{unnamed}{}", service("kv}, clusterIP: None")))).join(" ");
    assert!(said.contains("kv has no serviceName"), "{said}");
    let sound = told::ahead(&search(EXAMPLE, &[])).join(" ");
    assert!(!["resolve", "headless", "serviceName"].iter().any(|word| sound.contains(word)), "{sound}");
}

#[test]
fn a_missing_secret_is_told_before_the_findings() {
    let container = "        env: [{name: P, valueFrom: {secretKeyRef: {name: kv-login, key: p}}}]\n";
    let search = of_text(&(set("kv", "", container) + &service("kv}, clusterIP: None")));
    let text = told::text(&search);
    assert!(
        text.lines().next().is_some_and(|line| line.contains("bring them: Secret kv-login.") && line.ends_with("[not-brought]")),
        "{text}"
    );
}

#[test]
fn what_hangs_on_values_that_nobody_brings_is_not_judged() {
    let manifest = set("kv", "", "        envFrom: [{secretRef: {name: kv-login}}]\n").replace("example.com/kv:4", "postgres:16");
    assert!(manifest.contains("postgres:16"), "{manifest}");
    let text = told::text(&of_text(&manifest));
    assert!(!text.contains("exits with code") && text.contains("is not judged"), "{text}");
    let brought = format!("{manifest}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: kv-login}}\nstringData: {{OTHER: x}}\n");
    let text = told::text(&of_text(&brought));
    assert!(text.contains("exits with code 1"), "the Secret is known, and has no password\n{text}");
}

#[test]
fn a_set_without_a_pod_is_not_said_to_be_sound() {
    let text = told::text(&of_text(&set("kv", "", "").replace("replicas: 3", "replicas: 0")));
    assert!(text.contains("nothing was tried of it") && !text.contains("Nothing that was tried"), "{text}");
}

#[test]
fn data_in_a_folder_of_the_node_stay_there() {
    let volume = "      volumes: [{name: logs, hostPath: {path: /disk/kv}}]\n";
    let mount = "        volumeMounts: [{name: logs, mountPath: /var/lib/kv}]\n";
    let told = |more: &str| of_text(&(set("kv", &format!("{more}{volume}"), mount) + &service("kv}, clusterIP: None")));
    let search = told("");
    let one = found(&search, "fleeting");
    assert!(told::sentence(one).plain().contains("/var/lib/kv is of the node (hostPath)"));
    assert_eq!(told_of(one).0, ["pod-deleted"]);
    // Pods that may run on one node only find their data again.
    let bound = told("      nodeSelector: {kubernetes.io/hostname: node-1}\n");
    assert!(bound.findings().iter().all(|one| one.shown.kind.word() != "fleeting"));
}

#[test]
fn documents_in_shell_blocks_of_markdown_are_read() {
    let script = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: start}\ndata:\n  run: |\n    cat <<EOF > /tmp/a\n    b\n    EOF\n";
    let page = format!(
        "kv\n---\n```\ncat <<EOF | kubectl apply -f -\n{}EOF\n```\nnext\n---\n```sh\nkubectl apply -f - <<'END'\n{}END\nkubectl get pods\n```\n```\n{script}```\n",
        set("kv", "", ""),
        service("kv}, clusterIP: None").trim_start_matches("---\n"),
    );
    let search = of_text(&page);
    assert!(search.is_accepted(), "{:?}", search.refused().collect::<Vec<_>>());
    assert!(!told::ahead(&search).join(" ").contains("do not resolve"), "the Service was read as well");
    let base = search.base().expect("a start");
    assert!(base.world.sim.tables().all(Kind::ConfigMap).any(|map| map.encode().to_json().contains("/tmp/a")), "a script stays as it is");
}

#[test]
fn a_finding_of_the_size_of_made_up_nodes_comes_after_those_that_the_manifest_changes() {
    let large =
        EXAMPLE.replacen("ports: [{containerPort: 80}]", "ports: [{containerPort: 80}]\n        resources: {requests: {cpu: 3}}", 1);
    let search = search(&large, &[]);
    let rows = told::rows(search.findings());
    let of_size = rows.iter().position(|row| row.findings[0].shown.detail_word().starts_with("insufficient-")).expect("a node is lost");
    let helps =
        rows.iter().rposition(|row| !row.is_common && row.findings[0].prevention.change.is_some() && !row.findings[0].only_on_nodes);
    assert!(helps.is_some_and(|helps| helps < of_size), "{helps:?} {of_size}");
    let line = rows[of_size].line(&search).plain();
    assert!(line.contains("Assumed: 3 nodes of 4 CPUs"), "{line}");
}

#[test]
fn at_most_four_lines_follow_the_list() {
    let search = search(EXAMPLE, &[]);
    let (_, tail) = told::text(&search).split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a tail");
    assert!((1..=4).contains(&tail.lines().count()), "{tail}");
    let all = told::explained(&search, None);
    assert!(all.contains(" events: ") && !told::explained(&search, Some(1)).contains(" events: "), "{all}");
}

#[test]
fn a_version_that_is_gone_is_told_and_read_as_its_kind_is_served() {
    let old = set("kv", "", "").replace("apps/v1", "apps/v1beta1").replace("  selector: {matchLabels: {app: kv}}\n", "");
    let text = format!("{old}{}", service("kv}, clusterIP: None"));
    let search = of_text(&text);
    assert!(search.is_accepted() && search.left_out().is_empty(), "{:?}", search.refused().collect::<Vec<_>>());
    let ahead = told::ahead(&search).join("\n");
    assert!(ahead.contains("Refused as it stands, as no release serves that version any more: apps/v1beta1 StatefulSet kv (1)"), "{ahead}");
    assert!(of_text(&text.replace("apps/v1beta1", "apps/v1")).renewed().is_empty());
}
