//! What pods lack after a change although none of them moves, and what of a new template nobody here can tell.

use super::beside::{SERVICE, applied, plain, says, set, told_of, typed};
use ordinal::plan::course::End;
use ordinal::plan::{Finding, Plan};

fn before() -> String {
    format!("{SERVICE}{}", plain())
}

/// The plan is not judged in these words, and nothing else of it is bad.
fn is_unjudged(plan: &Plan, words: &str) {
    says(plan, &[words, "not judged in all"]);
    assert!(plan.findings().contains(&Finding::Unjudged), "{}", told_of(plan));
}

#[test]
fn what_the_next_pod_needs_and_is_gone_is_told() {
    let map = |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\ndata: {{{data}}}\n---\n");
    let reads = set("", "", "", "        env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: a}}}]\n");
    let gone = typed(&format!("{}{SERVICE}{reads}", map("a: x")), &["kubectl delete configmap conf"]);
    says(&gone, &["configmap/conf is gone that it needs"]);
    let key = applied(&format!("{}{SERVICE}{reads}", map("a: x, b: z")), &format!("{}{SERVICE}{reads}", map("b: z")));
    says(&key, &["configmap/conf (a) is gone that it needs", "configmap/conf (data.a)"]);
    assert!(!told_of(&key).contains("rollout restart"), "{}", told_of(&key));
    let other = applied(&format!("{}{SERVICE}{reads}", map("a: x, b: z")), &format!("{}{SERVICE}{reads}", map("a: x")));
    assert!(!told_of(&other).contains("is gone that it needs"), "{}", told_of(&other));
    assert_eq!((gone.given.outcome.end, key.given.outcome.end), (End::Amiss, End::Amiss));
}

#[test]
fn a_class_or_room_in_a_quota_that_is_gone_is_told() {
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: disk}\nprovisioner: csi.example.com\n---\n";
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {storageClassName: disk, accessModes: [ReadWriteOnce], \
                  resources: {requests: {storage: 1Gi}}}\n";
    let gone = typed(&format!("{class}{SERVICE}{}", set("", claims, "", "")), &["kubectl delete sc disk"]);
    says(&gone, &["StorageClass disk is gone", "no new claim of db gets a volume"]);
    let quota =
        |pods: u8| format!("apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q}}\nspec: {{hard: {{pods: \"{pods}\"}}}}\n---\n");
    says(&applied(&before(), &(quota(2) + &before())), &["allows less than is used: pods 3 > 2"]);
    let enough = applied(&before(), &(quota(3) + &before()));
    assert!(!told_of(&enough).contains("allows less"), "{}", told_of(&enough));
}

#[test]
fn a_policy_of_the_network_is_told_with_what_it_lets_through() {
    let policy = |rest: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {{podSelector: {{matchLabels: {{app: db}}}}, \
             policyTypes: [Ingress]{rest}}}\n---\n"
        )
    };
    says(&applied(&before(), &(policy("") + &before())), &["allows nothing: neither clients nor the other members reach them"]);
    let some = applied(&before(), &(policy(", ingress: [{ports: [{port: 80}]}]") + &before()));
    says(&some, &["only what it allows goes through"]);
    assert_eq!(some.findings(), [Finding::Unjudged]);
    let others = applied(&before(), &(policy("").replace("app: db", "app: web") + &before()));
    assert!(others.findings().is_empty(), "{}", told_of(&others));
}

#[test]
fn services_that_close_or_lead_to_no_port_are_told() {
    let service = |kind: &str, port: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: front}}\nspec: {{type: {kind}, selector: {{app: db}}, \
             ports: [{{port: 80, targetPort: {port}}}]}}\n---\n"
        )
    };
    let own = before() + &service("LoadBalancer", "80");
    let closed = applied(&own, &(before() + &service("ClusterIP", "80")));
    says(&closed, &["was of type LoadBalancer and is of type ClusterIP", "clients from outside are cut off"]);
    says(&applied(&own, &(before() + &service("LoadBalancer", "admin"))), &["leads to a port that its pods call admin"]);
    // The port of a pod has another protocol than that of the Service.
    let other = set("", "", "", "        ports: [{name: admin, protocol: UDP, containerPort: 53}]\n");
    let own = format!("{SERVICE}{other}{}", service("LoadBalancer", "80"));
    says(&applied(&own, &format!("{SERVICE}{other}{}", service("LoadBalancer", "admin"))), &["leads to a port that its pods call admin"]);
}

#[test]
fn a_pod_that_is_changed_alone_is_told() {
    says(&typed(&before(), &["kubectl set image pod/db-0 c=example.com/db:2"]), &["Only db-0 is changed, in place"]);
    let rolled = typed(&before(), &["kubectl set image sts/db c=example.com/db:2"]);
    assert!(!told_of(&rolled).contains("is changed, in place"), "{}", told_of(&rolled));
}

#[test]
fn a_set_that_leaves_pods_alone_is_not_the_end() {
    let plan = typed(&before(), &["kubectl delete sts db --cascade=orphan"]);
    assert_eq!(plan.given.outcome.end, End::Amiss);
    let again = typed(&before(), &["kubectl delete sts db"]);
    assert_eq!(again.given.outcome.end, End::Settled);
}

#[test]
fn what_a_new_template_decides_and_nobody_can_tell_is_not_judged() {
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {accessModes: [ReadWriteOnce], \
                  resources: {requests: {storage: 1Gi}}}\n";
    let probe = "        readinessProbe: {tcpSocket: {port: 80}}\n        ports: [{containerPort: 80}]\n";
    let mount = |path: &str| format!("{probe}        volumeMounts: [{{name: d, mountPath: {path}}}]\n");
    let own = |pods: &str, path: &str| format!("{SERVICE}{}", set("", claims, pods, &mount(path)));
    let user = "      securityContext: {runAsUser: 1001}\n";
    is_unjudged(&applied(&own("", "/data"), &own(user, "/data")), "runAsUser of db changes");
    is_unjudged(&applied(&own("", "/data"), &own("", "/var/db")), "Volume d of db is at /var/db, and no longer at /data");
    let limit = |memory: &str| format!("{}        resources: {{limits: {{memory: {memory}}}}}\n", mount("/data"));
    let limited = |memory: &str| format!("{SERVICE}{}", set("", claims, "", &limit(memory)));
    is_unjudged(&applied(&limited("2Gi"), &limited("1Gi")), "may use 1Gi of memory, and no longer 2Gi");
    assert!(applied(&limited("1Gi"), &limited("2Gi")).findings().is_empty());
    let fleeting = "      volumes: [{name: d, emptyDir: {}}]\n";
    let empty = format!("{SERVICE}{}", set("", "", fleeting, &mount("/data")));
    let gone = applied(&empty, &empty.replace("db:1", "db:2"));
    says(&gone, &["What db-0, db-1, db-2 of db had at /data is in an emptyDir, and is gone with each pod"]);
    assert!(gone.findings().contains(&Finding::Data), "{}", told_of(&gone));
    let placed = applied(&own("", "/data"), &own("      nodeSelector: {disk: ssd}\n", "/data"));
    assert_eq!(placed.findings(), [Finding::Unjudged], "{}", told_of(&placed));
}

#[test]
fn lines_within_containers_and_what_no_text_shows_are_not_judged() {
    let inside = typed(&before(), &["kubectl exec db-0 -- sh -c 'rm -rf /data'"]);
    says(&inside, &["Not judged: what these lines do inside of containers"]);
    assert!(inside.findings().contains(&Finding::Unjudged), "{}", told_of(&inside));
    let pulls = "      imagePullSecrets: [{name: reg}]\n";
    let probe = "        readinessProbe: {tcpSocket: {port: 80}}\n        ports: [{containerPort: 80}]\n";
    let own = |image: &str, pods: &str| format!("{SERVICE}{}", set("", "", pods, probe).replace("db:1", image));
    is_unjudged(&applied(&own("db:1", ""), &own("db:2", pulls)), "are pulled with reg, which no text shows");
}

#[test]
fn nodes_that_lose_labels_and_files_by_sub_path_are_told() {
    let placed = format!("{SERVICE}{}", set("", "", "      nodeSelector: {disk: ssd}\n", ""));
    let plan = typed(&placed, &["kubectl label node node-1 node-2 node-3 disk-"]);
    says(&plan, &["On nodes that no longer have disk=ssd, which db asks for"]);
    let map = |value: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\ndata: {{mode: {value}}}\n---\n");
    let mounted = set(
        "",
        "",
        "      volumes: [{name: c, configMap: {name: conf}}]\n",
        "        volumeMounts: [{name: c, mountPath: /etc/mode, subPath: mode}]\n",
    );
    let plan = applied(&format!("{}{SERVICE}{mounted}", map("a")), &format!("{}{SERVICE}{mounted}", map("b")));
    says(&plan, &["files that are mounted by subPath, until each is made anew"]);
}
