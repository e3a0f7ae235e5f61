//! Fields that few manifests have: each does what it does in a cluster, or the page names it by its path, and not what holds it.

use crate::page::Visit;

const VAULT: &str = include_str!("../manifests/unseen/unsimulated-1.yaml");
const TURN: &str = include_str!("../manifests/unseen/unsimulated-2.yaml");

/// Where the fields of a pod are in a set.
const POD: &str = "spec.template.spec.";

/// What holds fields that are simulated, and is never named itself.
const PARENTS: [&str; 6] = ["configMap", "secret", "securityContext", "lifecycle", "projected", "resources"];

/// The fields that the page says it does not simulate.
fn kept(visit: &Visit) -> Vec<String> {
    visit.run.present().verdicts().kept.clone()
}

/// Whether one of the named fields is the one at a path, or below: by its whole path, or by the end of that.
fn is_named(kept: &[String], path: &str) -> bool {
    let ends = path.char_indices().filter(|(_, letter)| *letter == '.').map(|(at, _)| &path[at + 1..]);
    let mut ways = ends.chain([path]);
    let begins = |one: &str, with: &str| one.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    ways.any(|way| kept.iter().any(|one| begins(one, way)))
}

/// Asserts that a field has its effect, or is named.
#[track_caller]
fn acts_or_is_named(visit: &Visit, path: &str, acts: bool, seen: &str) {
    let kept = kept(visit);
    assert!(acts || is_named(&kept, path), "{path} does nothing ({seen}), and is not among {kept:#?}");
}

/// The path of a field of the pods.
fn of_pod(field: &str) -> String {
    format!("{POD}{field}")
}

/// What a command prints in the first pod of a set.
fn within(visit: &mut Visit, pod: &str, command: &str) -> String {
    visit.shows(&format!("kubectl exec {pod} -- {command}"))
}

/// A field of a pod.
fn field(visit: &mut Visit, pod: &str, path: &str) -> String {
    visit.shows(&format!("kubectl get pod {pod} -o jsonpath='{{{path}}}'"))
}

/// A manifest that has come up.
fn up(manifest: &str) -> Visit {
    let mut visit = Visit::with(manifest);
    visit.run_until_quiet();
    visit
}

#[test]
fn both_come_up_under_their_names() {
    assert_eq!(up(VAULT).pods(), ["vault-0 1/1 Ready", "vault-1 1/1 Ready"]);
    assert_eq!(up(TURN).pods(), ["turn-5 1/1 Ready", "turn-6 1/1 Ready"]);
}

#[test]
fn what_holds_a_field_is_not_named_for_it() {
    for manifest in [VAULT, TURN] {
        let kept = kept(&Visit::with(manifest));
        let last = |one: &String| one.rsplit('.').next().unwrap_or_default().to_owned();
        assert!(!kept.iter().any(|one| PARENTS.contains(&&*last(one))), "{kept:#?}");
    }
}

#[test]
fn what_is_simulated_is_not_named() {
    let mut visit = up(VAULT);
    let kept = kept(&visit);
    for field in ["publishNotReadyAddresses", "configMap.name", "readinessProbe"] {
        assert!(!kept.iter().any(|one| one.contains(field)), "{field}: {kept:#?}");
    }
    let file = within(&mut visit, "vault-0", "cat /vault/cfg/vault.hcl");
    assert!(file.contains("ui = true"), "{file}");
    for field in ["volumes[0].configMap.items[0].key", "volumes[0].configMap.items[0].path"] {
        assert!(!kept.contains(&of_pod(field)), "{field}: {kept:#?}");
    }
}

#[test]
fn the_account_and_the_names_of_the_vault_act_or_are_named() {
    let mut visit = up(VAULT);
    let seen = within(&mut visit, "vault-0", "ls /var/run/secrets/kubernetes.io/serviceaccount");
    acts_or_is_named(&visit, &of_pod("automountServiceAccountToken"), seen.contains("No such file"), &seen);
    let seen = within(&mut visit, "vault-0", "env");
    let foreign = seen.lines().any(|line| line.contains("_SERVICE_HOST=") && !line.starts_with("KUBERNETES_"));
    acts_or_is_named(&visit, &of_pod("enableServiceLinks"), !foreign, &seen);
    let seen = within(&mut visit, "vault-0", "cat /etc/hosts");
    acts_or_is_named(&visit, &of_pod("hostAliases"), seen.contains("10.20.0.5") && seen.contains("ldap.corp.example"), &seen);
    let seen = within(&mut visit, "vault-0", "cat /etc/resolv.conf");
    acts_or_is_named(&visit, &of_pod("dnsConfig.options"), seen.contains("ndots:2"), &seen);
    let seen = within(&mut visit, "vault-0", "getent hosts vault-0.vault-internal");
    assert!(seen.contains("10.244."), "one dot is fewer than two: the search list is gone through: {seen}");
    let seen = within(&mut visit, "vault-0", "ls /var/run/token/token");
    let path = of_pod("volumes[1].projected.sources[0].serviceAccountToken");
    acts_or_is_named(&visit, &path, seen.trim() == "/var/run/token/token", &seen);
}

#[test]
fn the_user_the_groups_and_the_modes_of_the_vault_act_or_are_named() {
    let mut visit = up(VAULT);
    let seen = within(&mut visit, "vault-0", "id -u");
    acts_or_is_named(&visit, &of_pod("securityContext.runAsUser"), seen.trim() == "100", &seen);
    acts_or_is_named(&visit, &of_pod("securityContext.runAsNonRoot"), seen.trim() == "100", &seen);
    let seen = within(&mut visit, "vault-0", "id -G");
    for (field, group) in [("securityContext.fsGroup", "1000"), ("securityContext.supplementalGroups", "2000")] {
        acts_or_is_named(&visit, &of_pod(field), seen.split_whitespace().any(|one| one == group), &seen);
    }
    let seen = within(&mut visit, "vault-0", "ls -lL /vault/cfg/vault.hcl");
    for field in ["volumes[0].configMap.defaultMode", "volumes[0].configMap.items[0].mode"] {
        acts_or_is_named(&visit, &of_pod(field), seen.starts_with("-r--r-----"), &seen);
    }
    let seen = within(&mut visit, "vault-0", "ls -lL /var/run/token/token");
    acts_or_is_named(
        &visit,
        &of_pod("volumes[1].projected.defaultMode"),
        seen.starts_with("-r--") && !seen.starts_with("-r--r--r--"),
        &seen,
    );
}

#[test]
fn the_hooks_of_the_vault_act_or_are_named() {
    let mut visit = up(VAULT);
    let seen = within(&mut visit, "vault-0", "cat /tmp/started");
    acts_or_is_named(&visit, &of_pod("containers[0].lifecycle.postStart"), seen == "started", &seen);
    let uid = field(&mut visit, "vault-1", ".metadata.uid");
    visit.type_line("kubectl delete pod vault-1 --wait=false");
    visit.pass(3);
    let seen = visit.shows("kubectl get pods --no-headers");
    let is_there = seen.lines().any(|line| line.starts_with("vault-1 ") && line.contains("Terminating"));
    let still = is_there && field(&mut visit, "vault-1", ".metadata.uid") == uid;
    acts_or_is_named(&visit, &of_pod("containers[0].lifecycle.preStop"), still, &seen);
    visit.run_until_quiet();
    visit.pick("vault-0");
    visit.command("Crash vault-0 once");
    visit.run_until_quiet();
    // The page says that it does not know the image: what that would log is not there to fall back to.
    assert!(visit.run.present().verdicts().images.iter().any(|image| image == "hashicorp/vault:1.16"));
    let ends = VAULT.replace("args: [server, -config=/vault/cfg/vault.hcl]", "command: [sh, -c, 'echo last words; exit 3']");
    let (hooks, probe) =
        (ends.find("        lifecycle:").expect("the hooks"), ends.find("        securityContext:\n").expect("what follows"));
    let mut visit = Visit::with(&format!("{}{}", &ends[..hooks], &ends[probe..]));
    visit.pass(60);
    let seen = field(&mut visit, "vault-0", ".status.containerStatuses[0].lastState.terminated.message");
    let whole = visit.shows("kubectl get pod vault-0 -o yaml");
    acts_or_is_named(&visit, &of_pod("containers[0].terminationMessagePolicy"), seen.contains("last words"), &whole);
}

#[test]
fn the_vault_keeps_as_many_revisions_as_it_says_or_that_is_named() {
    let mut visit = up(VAULT);
    let named = Visit::with(VAULT);
    for round in 0..5 {
        visit.say(&format!("kubectl set env sts/vault ROUND={round}"));
    }
    visit.pass(60);
    let seen = visit.shows("kubectl get controllerrevisions --no-headers");
    let revisions = seen.lines().filter(|line| line.starts_with("vault-")).count();
    assert!(revisions > 0, "{seen}");
    acts_or_is_named(&named, "spec.revisionHistoryLimit", revisions <= 4, &seen);
}

#[test]
fn the_hostname_of_a_template_is_overwritten_by_the_set() {
    let mut visit = up(TURN);
    for pod in ["turn-5", "turn-6"] {
        assert_eq!(within(&mut visit, pod, "hostname"), pod);
    }
}

#[test]
fn what_the_turn_server_gets_from_its_pod_acts_or_is_named() {
    let mut visit = up(TURN);
    let host = field(&mut visit, "turn-5", ".status.hostIP");
    let seen = within(&mut visit, "turn-5", "printenv NODE_IP");
    acts_or_is_named(&visit, &of_pod("containers[0].env[1].valueFrom.fieldRef"), !host.is_empty() && seen == host, &seen);
    let seen = within(&mut visit, "turn-5", "printenv MEM_LIMIT");
    acts_or_is_named(&visit, &of_pod("containers[0].env[2].valueFrom.resourceFieldRef"), seen == "128", &seen);
    let seen = within(&mut visit, "turn-5", "pwd");
    acts_or_is_named(&visit, &of_pod("containers[0].workingDir"), seen == "/var/lib/coturn", &seen);
    let seen = within(&mut visit, "turn-5", "cat /proc/1/cmdline");
    let ps = within(&mut visit, "turn-5", "ps");
    let is_pause = seen.contains("pause") || ps.lines().any(|line| line.trim_start().starts_with("1 ") && line.contains("pause"));
    acts_or_is_named(&visit, &of_pod("shareProcessNamespace"), is_pause, &seen);
    let seen = within(&mut visit, "turn-5", "cat /proc/sys/net/ipv4/ip_local_port_range");
    acts_or_is_named(&visit, &of_pod("securityContext.sysctls"), seen.contains("40000") && seen.contains("50000"), &seen);
    let seen = within(&mut visit, "turn-5", "stat -c %g /var/lib/coturn");
    acts_or_is_named(&visit, &of_pod("securityContext.fsGroup"), seen.trim() == "65534", &seen);
}

#[test]
fn the_secret_the_claims_and_the_sizes_of_the_turn_server_act_or_are_named() {
    let mut visit = up(TURN);
    let named = Visit::with(TURN);
    let seen = within(&mut visit, "turn-5", "ls -lL /etc/turn/static-auth-secret");
    let is_narrow = seen.starts_with("-r--") && !seen.starts_with("-r--r--r--");
    acts_or_is_named(&visit, &of_pod("volumes[0].secret.defaultMode"), is_narrow, &seen);
    let seen = visit.shows("kubectl get pvc -l backup=nightly --no-headers");
    let claims = ["db-turn-5 ", "db-turn-6 "].iter().all(|claim| seen.lines().any(|line| line.starts_with(claim)));
    acts_or_is_named(&visit, "spec.volumeClaimTemplates[0].metadata.labels", claims, &seen);
    let seen = visit.shows("kubectl describe nodes");
    let is_counted = seen.lines().any(|line| line.contains("ephemeral-storage") && line.contains("100Mi"));
    for field in ["containers[0].resources.requests.ephemeral-storage", "containers[0].resources.limits.ephemeral-storage"] {
        acts_or_is_named(&visit, &of_pod(field), is_counted, &seen);
    }
    let seen = visit.shows(r#"kubectl patch secret turn-secret -p '{"stringData":{"static-auth-secret":"other"}}'"#);
    acts_or_is_named(&named, "immutable", seen.contains("field is immutable when `immutable` is set"), &seen);
}

#[test]
fn a_startup_probe_that_never_succeeds_keeps_its_pod_from_being_ready_or_is_named() {
    let mut visit = Visit::with(&TURN.replace("test -d /var/lib/coturn", "test -d /nowhere"));
    visit.pass(60);
    let seen = visit.pods().join(", ");
    acts_or_is_named(&visit, &of_pod("containers[0].startupProbe"), seen.starts_with("turn-5 0/1 "), &seen);
}

#[test]
fn a_directory_of_the_disk_is_mounted_or_that_is_named() {
    let mut visit = up(TURN);
    let named = Visit::with(TURN);
    for line in [
        "cat > peek.yaml <<'EOF'",
        "apiVersion: v1",
        "kind: Pod",
        "metadata: {name: peek}",
        "spec:",
        "  containers:",
        "  - {name: peek, image: 'busybox:1.36', command: [sleep, infinity], volumeMounts: [{name: disk, mountPath: /disk}]}",
        "  volumes: [{name: disk, persistentVolumeClaim: {claimName: db-turn-5}}]",
        "EOF",
        "kubectl apply -f peek.yaml",
    ] {
        visit.type_line(line);
    }
    visit.run_until_quiet();
    let seen = within(&mut visit, "peek", "ls /disk");
    let is_there = seen.split_whitespace().any(|name| name == "turn-5");
    acts_or_is_named(&named, &of_pod("containers[0].volumeMounts[0].subPathExpr"), is_there, &seen);
}
