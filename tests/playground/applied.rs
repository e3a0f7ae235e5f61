//! What is said of a manifest that was applied: what was stored is never refused, and what is missing is made at once.

use super::*;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::playground::begins_document;
use ordinal::text::Prose;

/// A set without a Service or volumes, which needs nothing.
const ALONE: &str = "apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: \"\"
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: \"nginx:1.27\"}
";

/// What a line prints.
fn output(playground: &mut Playground, line: &str) -> String {
    let before = playground.terminal().lines().len();
    playground.type_line(line, LANG);
    printed(playground)[before + 1..].join("\n") + "\n"
}

/// Applies a text as the page's button does, in a cluster of its own.
fn applied(text: &str) -> Playground {
    let mut playground = Playground::new(&setup(), "");
    playground.edit(text.to_owned(), LANG);
    playground.take_off_server_fields();
    playground.type_line(&command::apply(), LANG);
    playground
}

fn refusals(playground: &Playground) -> Vec<&str> {
    playground.verdicts().refusals.iter().map(|refusal| refusal.words.as_str()).collect()
}

#[test]
fn what_was_stored_is_not_refused_by_a_second_look() {
    let copied = ALONE.replace("  name: db\n", "  name: db\n  uid: 11111111-2222-3333-4444-555555555555\n  resourceVersion: \"77\"\n");
    // The line typed in the terminal sends the text as it stands: kubectl creates the set, since it does not exist.
    let mut playground = started(&copied);
    assert_eq!(printed(&playground).last(), Some(&"statefulset.apps/db created"));
    for line in ["kubectl get pods", "kubectl create namespace other", "kubectl label sts db a=b"] {
        playground.type_line(line, LANG);
        playground.speak(LANG);
        assert_eq!((refusals(&playground), &playground.verdicts().refused_set), (vec![], &None), "{line}");
    }
    // Applied again, it is refused, as it is by every server.
    playground.type_line(&command::apply(), LANG);
    assert_eq!(refusals(&playground).len(), 1, "{:?}", printed(&playground));
}

#[test]
fn a_dump_of_a_cluster_is_applied_to_another_one_and_comes_up() {
    let mut source = started(EXAMPLE);
    settle(&mut source);
    for format in ["yaml", "json"] {
        source.type_line(&format!("kubectl get sts,svc,pods,pvc -o {format} > dump"), LANG);
        let dump = source.world().files.get("dump").expect("what kubectl printed").to_owned();
        // The other cluster has other machines.
        let dump = dump.replace("node-1", "gke-a").replace("node-2", "gke-b").replace("node-3", "gke-c");
        let mut playground = applied(&dump);
        assert_eq!(refusals(&playground), Vec::<&str>::new(), "{format}");
        let stored = playground.stored();
        assert!(stored.is_some_and(|(stored, objects)| stored == objects && objects >= 8), "{stored:?}");
        let off = &playground.verdicts().taken_off;
        for field in ["uid", "resourceVersion", "creationTimestamp", "status", "ownerReferences", "clusterIP", "nodeName", "volumeName"] {
            assert!(off.iter().any(|name| name == field) || field == "clusterIP", "{format}: {field} is not among {off:?}");
        }
        assert!(!playground.manifest().contains(" uid: ") && !playground.manifest().contains("\"uid\""), "{format}");
        settle(&mut playground);
        assert_eq!(pods(&playground), ["web-0 Ready", "web-1 Ready", "web-2 Ready"], "{format}");
    }
}

#[test]
fn what_a_person_writes_is_not_taken_off() {
    for text in [EXAMPLE.to_owned(), ALONE.replace("  name: db\n", "  name: db\n  creationTimestamp: null\n") + "status: {}\n"] {
        let mut playground = Playground::new(&setup(), &text);
        assert!(!playground.take_off_server_fields());
        assert_eq!(playground.manifest(), text);
    }
    let marked =
        ALONE.replace("  name: db\n", "  name: db\n  uid: x # as it was\n  generation: 3\n  labels: {a: b}\n") + "status:\n  replicas: 1\n";
    let mut playground = Playground::new(&setup(), &marked);
    assert!(playground.take_off_server_fields());
    assert_eq!(playground.manifest(), ALONE.replace("  name: db\n", "  name: db\n  labels: {a: b}\n"));
}

#[test]
fn a_set_that_was_refused_is_told_of_beside_what_was_stored() {
    let config = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    let playground = started(&format!("{}{config}", ALONE.replace("spec:\n  serviceName", "spec:\n  replicas: -1\n  serviceName")));
    let (set, why) = playground.verdicts().refused_set.clone().expect("a refused set");
    let told = why::refused_set(&playground.snapshot(LANG), &set, &why, playground.stored());
    assert_eq!(told.verdict.plain(), "db was refused.");
    let paragraph = told.paragraph.plain();
    assert!(paragraph.contains("replicas") && paragraph.ends_with("1 of 2 objects were stored."), "{paragraph}");
    // Of one that exists, it is the change that was refused.
    let mut changed = started(EXAMPLE);
    changed.edit(EXAMPLE.replace("serviceName: nginx", "serviceName: other"), LANG);
    changed.type_line(&command::apply(), LANG);
    let (set, why) = changed.verdicts().refused_set.clone().expect("a refused set");
    let told = why::refused_set(&changed.snapshot(LANG), &set, &why, changed.stored());
    assert_eq!((told.verdict.plain(), told.subject), ("The change to web was refused.".to_owned(), "web".to_owned()));
    assert_eq!(started(EXAMPLE).verdicts().refused_set, None);
}

#[test]
fn everything_that_is_missing_is_made_in_one_go() {
    let needy = ALONE
        .replace("metadata:\n  name: db\n", "metadata:\n  name: db\n  namespace: shop\n")
        .replace("serviceName: \"\"", "serviceName: db")
        .replace("    spec:\n", "    spec:\n      serviceAccountName: runner\n      volumes: [{name: ca, configMap: {name: kube-root-ca.crt}}]\n")
        .replace(
            "image: \"nginx:1.27\"}",
            "image: \"nginx:1.27\", env: [{name: P, valueFrom: {secretKeyRef: {name: pass, key: word}}}], envFrom: [{configMapRef: {name: conf}}]}",
        );
    let claim = "  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: \
                 {requests: {storage: 1Gi}}}\n";
    let mut playground = started(&format!("{needy}{claim}"));
    let missing = playground.verdicts().missing.clone();
    assert_eq!(missing.len(), 6, "{missing:#?}");
    assert_eq!(missing[0].line, "kubectl create namespace shop");
    assert!(missing.iter().all(|entry| !entry.line.contains("kube-root-ca.crt")), "each namespace has it: {missing:#?}");
    for entry in missing {
        playground.type_line(&entry.line, LANG);
    }
    playground.type_line(&command::apply(), LANG);
    assert_eq!((refusals(&playground), &playground.verdicts().missing[..]), (vec![], &[][..]));
    // What the manifest does not say is made up, and said to be.
    let words = &LANG.text().manifest;
    let made_up = [words.stands_in("Secret", "pass", "word"), words.no_keys("ConfigMap", "conf")].map(|said| Prose::read(&said));
    assert_eq!(playground.verdicts().notes.iter().map(|note| note.words.clone()).collect::<Vec<_>>(), made_up);
    settle(&mut playground);
    let pod = playground.tables().pod("shop", "db-0").expect("a pod");
    assert!(pod.ready() && playground.tables().get(&ObjectKey::new(Kind::Secret, &"shop".into(), &"pass".into())).is_some());
}

#[test]
fn a_text_that_begins_with_the_name_of_a_file_stays_in_that_file() {
    let named = |name: &str, set: &str| format!("# {name}\n{}", ALONE.replace("name: db\n", &format!("name: {set}\n")));
    let mut playground = started(&named("first.yaml", "one"));
    playground.edit(format!("{}---\n# third.yaml\n{ALONE}", named("second.yaml", "two")), LANG);
    assert_eq!(output(&mut playground, "ls *.yaml"), "first.yaml\nmanifest.yaml\nsecond.yaml\nthird.yaml\n");
    assert_eq!(output(&mut playground, "kubectl apply -f first.yaml"), "statefulset.apps/one unchanged\n");
    assert_eq!(output(&mut playground, "kubectl apply -f third.yaml"), "statefulset.apps/db created\n");
    // What is written to a file since stays, as long as no other text comes.
    playground.type_line("echo gone > second.yaml", LANG);
    assert_eq!(output(&mut playground, "cat second.yaml"), "gone\n");
}

#[test]
fn what_does_the_same_here_is_told() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (line, says) in [
        ("ifconfig eth0 down", "playground cut node"),
        ("ssh node-1 ifconfig eth0 down", "playground cut node"),
        ("ls /opt/local-path-provisioner", "use ssh NODE COMMAND to reach a machine of the cluster."),
        ("ssh node-1", "use ssh NODE COMMAND to reach a machine of the cluster."),
        ("docker pull nginx", "pull images by themselves"),
        ("gcloud compute disks create a", "No cloud"),
        ("curl web-0.nginx", "known only inside the cluster"),
        ("curl http://nginx.default:80/", "known only inside the cluster"),
    ] {
        let said = output(&mut playground, line);
        assert!(said.contains(says), "{line}: {said}");
    }
    assert!(!output(&mut playground, "curl nowhere.example").contains("inside the cluster"));
    playground.type_line("kubectl proxy &", LANG);
    let said = output(&mut playground, "curl localhost:8001/api/v1/namespaces/default/pods/kubia-0/proxy/");
    assert!(said.contains("\"message\": \"pods \\\"kubia-0\\\" not found\"") && said.contains("\"code\": 404"), "{said}");
    let said = output(&mut playground, "curl localhost:8001/api/v1/namespaces/default/pods/web-0:81/proxy/");
    assert!(said.contains(":81: connect: connection refused") && said.contains("\"code\": 503"), "{said}");
    let said = output(&mut playground, "curl localhost:8001/api/v1/namespaces/default/pods");
    assert!(said.contains("only the pod proxy is served here"), "{said}");
    assert!(playground.is_busy());
    playground.type_line("kill %1", LANG);
    assert!(!playground.is_busy(), "{:?}", printed(&playground));
}

#[test]
fn a_pod_that_is_asked_for_under_another_service_says_where_its_name_is() {
    let service = |name: &str| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{clusterIP: None, selector: {{app: db}}, ports: [{{port: 80}}]}}\n"
        )
    };
    let set = ALONE.replace("\"\"", "db").replace("image: \"nginx:1.27\"", "image: \"busybox:1.36\", command: [sleep, 1d]");
    let mut playground = applied(&format!("{set}{}{}", service("db"), service("other")));
    settle(&mut playground);
    let asks = "kubectl exec db-0 -- nslookup db-0.other.default.svc.cluster.local";
    let hint = "ordinal: db-0 has its name under db: ask for db-0.db. For names under other, delete the StatefulSet and apply it with serviceName other.";
    let told = output(&mut playground, asks);
    assert!(told.contains("NXDOMAIN") && told.contains(hint), "{told}");
    let told = output(&mut playground, "kubectl exec db-0 -- nslookup db-0.db.default.svc.cluster.local");
    assert!(told.contains("Address") && !told.contains("ordinal:"), "{told}");
    playground.type_line("kubectl delete service db", LANG);
    let told = output(&mut playground, asks);
    assert!(told.contains("ordinal: db-0 has its name under db, and there is no Service db: create it,"), "{told}");
    // A set that is made again with another Service takes over the pods as they are.
    playground.type_line("kubectl delete statefulset db --cascade=orphan", LANG);
    settle(&mut playground);
    playground.edit(format!("{}{}", set.replace("serviceName: db", "serviceName: other"), service("other")), LANG);
    playground.type_line("kubectl apply -f manifest.yaml", LANG);
    settle(&mut playground);
    let told = output(&mut playground, asks);
    assert!(told.contains("ordinal: db-0 was made when serviceName was db, and keeps that name. Delete the pod,"), "{told}");
    playground.type_line("kubectl delete pod db-0", LANG);
    settle(&mut playground);
    let told = output(&mut playground, asks);
    assert!(told.contains("Address") && !told.contains("ordinal:"), "{told}");
}

#[test]
fn a_text_that_begins_a_document_names_its_file_or_a_version() {
    for begins in ["# web.yaml\nkind: Pod\n", "\napiVersion: v1\n"] {
        assert!(begins_document(begins), "{begins}");
    }
    for other in ["", "# a note\nkind: Pod\n", "  apiVersion: v1\n", "spec: {}\n"] {
        assert!(!begins_document(other), "{other}");
    }
}

#[test]
fn the_text_is_applied_however_the_line_is_spelled() {
    let spelled = |line: &str| {
        let mut playground = Playground::new(&setup(), EXAMPLE);
        playground.type_line(line, LANG);
        (playground.applied().is_some(), playground.stored().is_some())
    };
    for line in ["k apply -f manifest.yaml", " kubectl  apply -f ./manifest.yaml", "kubectl apply --filename=manifest.yaml"] {
        assert_eq!(spelled(line), (true, true), "{line}");
    }
    for line in ["kubectl apply -f manifest.yaml --dry-run=client", "kubectl apply -f other.yaml", "kubectl get -f manifest.yaml"] {
        assert_eq!(spelled(line), (false, false), "{line}");
    }
}

#[test]
fn what_was_stored_is_what_the_command_stored() {
    // More objects than kubectl sends at one instant, so that the command can be interrupted between them.
    let config = |n| format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c-{n}}}\n");
    let text: String = (0..400).map(config).collect();
    let mut playground = Playground::new(&setup(), &text);
    playground.type_line(&command::apply(), LANG);
    assert!(playground.is_busy());
    let (stored, of) = playground.stored().expect("some are stored");
    assert_eq!((stored, of), (playground.tables().all(Kind::ConfigMap).filter(|config| config.meta().name.starts_with("c-")).count(), 400));
    assert!(stored < 400, "{stored}");
    playground.interrupt();
    settle(&mut playground);
    assert_eq!(playground.stored(), Some((stored, 400)));
    // Applied again, what is as it is wanted counts too.
    playground.type_line(&command::apply(), LANG);
    settle(&mut playground);
    assert_eq!(playground.stored(), Some((400, 400)));
}

#[test]
fn an_object_that_stands_twice_is_stored_twice() {
    let config = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    assert_eq!(started(&config.repeat(2)).stored(), Some((2, 2)));
}
