//! Corrections: what one click does, what all of them do at once, and where none is offered.

use super::*;
use ordinal::playground::history::{Act, History};

/// What is refused of a text.
fn refused(text: &str) -> Vec<String> {
    started(text).verdicts().refusals.iter().map(|refusal| refusal.words.clone()).collect()
}

/// A workload as manifests had it before `apps/v1`, with labels that need their quotes.
fn old(kind: &str, version: &str, more: &str) -> String {
    format!(
        "apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: web\nspec:\n{more}  template:\n    metadata:\n      labels:\n        app: web\n        \
         tier: \"1\"\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.27\n"
    )
}

#[test]
fn a_workload_in_a_version_that_is_gone_applies_after_one_click() {
    for (kind, version, more) in [
        ("StatefulSet", "apps/v1beta1", "  serviceName: nginx\n  replicas: 3\n"),
        ("StatefulSet", "apps/v1beta2", ""),
        ("Deployment", "extensions/v1beta1", "  rollbackTo:\n    revision: 2\n  replicas: 2\n"),
        ("Deployment", "apps/v1beta2", "  selector:\n    matchLabels:\n      app: web\n"),
        ("DaemonSet", "extensions/v1beta1", "  templateGeneration: 3\n"),
        ("ReplicaSet", "extensions/v1beta1", "  replicas: 1\n"),
    ] {
        let text = old(kind, version, more);
        let playground = started(&text);
        let [refusal] = &playground.verdicts().refusals[..] else { panic!("{:#?}", playground.verdicts()) };
        let mended = refusal.fix.as_ref().map(|fix| fix.mend(&text)).unwrap_or_default();
        assert_eq!(refused(&mended), [""; 0], "{mended}");
        assert!(mended.contains("matchLabels:\n      app: web\n"), "{mended}");
        // In a list, everything stands further to the right.
        let item = text.lines().map(|line| format!("  {line}\n")).collect::<String>().replacen("  api", "- api", 1);
        let list = format!("apiVersion: v1\nkind: List\nitems:\n{item}");
        let fix = started(&list).verdicts().refusals[0].fix.clone();
        assert_eq!(refused(&fix.map(|fix| fix.mend(&list)).unwrap_or_default()), [""; 0], "{list}");
    }
    for (kind, from, to, spec) in [
        ("PodDisruptionBudget", "policy/v1beta1", "policy/v1", "{minAvailable: 1, selector: {matchLabels: {app: web}}}"),
        (
            "CronJob",
            "batch/v1beta1",
            "batch/v1",
            "{schedule: '0 * * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: busybox}]}}}}}",
        ),
    ] {
        let text = format!("apiVersion: {from}\nkind: {kind}\nmetadata: {{name: web}}\nspec: {spec}\n");
        let fix = started(&text).verdicts().refusals[0].fix.clone().expect("a correction");
        assert_eq!(fix.mend(&text), text.replace(from, to));
        assert_eq!(refused(&fix.mend(&text)), [""; 0]);
    }
}

#[test]
fn the_backends_of_an_older_ingress_are_written_as_they_are_now() {
    let head = "kind: Ingress\nmetadata:\n  name: web\nspec:\n";
    for (spec, wants) in [
        (
            "  backend:\n    serviceName: other\n    servicePort: 80\n  rules:\n  - host: a.example.com\n    http:\n      paths:\n      - path: /\n        \
             backend:\n          serviceName: web\n          servicePort: http\n      - backend:\n          servicePort: \"8080\"\n          serviceName: \
             api\n        path: /api\n        pathType: Prefix\n",
            "  defaultBackend:\n    service:\n      name: other\n      port:\n        number: 80\n  rules:\n  - host: a.example.com\n    http:\n      paths:\n      \
             - path: /\n        backend:\n          service:\n            name: web\n            port:\n              name: http\n        pathType: \
             ImplementationSpecific\n      - backend:\n          service:\n            name: api\n            port:\n              number: 8080\n        path: \
             /api\n        pathType: Prefix\n",
        ),
        (
            "  rules:\n  - http:\n      paths: [{path: /, backend: {serviceName: web, servicePort: 80}}]\n",
            "  rules:\n  - http:\n      paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}, pathType: ImplementationSpecific}]\n",
        ),
    ] {
        for version in ["extensions/v1beta1", "networking.k8s.io/v1beta1"] {
            let text = format!("apiVersion: {version}\n{head}{spec}");
            let fix = started(&text).verdicts().refusals[0].fix.clone().expect("a correction");
            let mended = fix.mend(&text);
            assert_eq!(mended, format!("apiVersion: networking.k8s.io/v1\n{head}{wants}"));
            assert_eq!(refused(&mended), [""; 0]);
        }
    }
}

#[test]
fn all_corrections_are_made_at_once_however_many_documents_need_them() {
    let one = |at: usize| old("StatefulSet", "apps/v1beta1", "").replace("name: web", &format!("name: web-{at}"));
    let text = (0..30).map(one).collect::<Vec<_>>().join("---\n");
    let playground = started(&text);
    let fixes = &playground.verdicts().fixes;
    assert_eq!((playground.verdicts().refusals.len(), fixes.len()), (20, 30));
    assert_eq!(refused(&Fix::All(fixes.clone()).mend(&text)), [""; 0]);
    assert!(playground.verdicts().offers(&Fix::All(fixes.clone())) && playground.verdicts().offers(&fixes[0]));
    // Corrections of several sorts, some of the same line.
    let wrong = EXAMPLE.replace("  clusterIP: None", "  clusterIp: none").replace("replicas: 3", "replicas: \"3\"");
    let fixes = started(&wrong).verdicts().fixes.clone();
    let mended = Fix::All(fixes).mend(&wrong);
    let again = Fix::All(started(&mended).verdicts().fixes.clone()).mend(&mended);
    assert_eq!(refused(&again), [""; 0], "{again}");
}

#[test]
fn a_selector_that_is_missing_is_told_once_and_written() {
    let text = old("StatefulSet", "apps/v1", "");
    let playground = started(&text);
    let [refusal] = &playground.verdicts().refusals[..] else { panic!("{:#?}", playground.verdicts()) };
    assert!(refusal.words.contains("spec.selector: Required value"), "{refusal:?}");
    assert_eq!(refused(&refusal.fix.as_ref().map(|fix| fix.mend(&text)).unwrap_or_default()), [""; 0]);
    // A selector that is there and of others does not follow from anything.
    let other = old("StatefulSet", "apps/v1", "  selector: {matchLabels: {app: other}}\n");
    assert_eq!(refused(&other).len(), 1);
    // Without labels, none is certain; nor where the spec is written in one line.
    for text in [text.replace("      labels:\n        app: web\n        tier: \"1\"\n", "      name: web\n"), {
        let template = "{metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: nginx}]}}";
        format!("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec: {{template: {template}}}\n")
    }] {
        assert_eq!(started(&text).verdicts().refusals[0].fix, None, "{text}");
    }
}

#[test]
fn a_volume_that_is_refused_itself_is_not_said_to_be_missing() {
    let mounted = |volume: &str| {
        let text = EXAMPLE.replace("        - name: data\n          mountPath", "        - name: cache\n          mountPath");
        let text = text.replace("      containers:", &format!("      volumes:\n      - {volume}\n      containers:"));
        refused(&text)
    };
    assert_eq!(mounted("{name: cache, emptyDir: {}}"), [""; 0]);
    let told = mounted("{name: cache, configMap: {name: \"\"}}");
    assert!(told.len() == 1 && !told[0].contains("volumeMounts"), "{told:?}");
    assert!(mounted("{name: other, emptyDir: {}}")[0].contains("volumeMounts"));
}

#[test]
fn a_kind_of_somebody_elses_group_is_not_made_one_of_kubernetes() {
    for version in ["apps.kruise.io/v1alpha1", "apps.kruise.io/v1beta1", "example.com/v1"] {
        let playground = started(&old("StatefulSet", version, ""));
        assert!(playground.verdicts().fixes.is_empty(), "{version} {:#?}", playground.verdicts());
    }
    assert_eq!(started(&old("StatefulSet", "v1", "")).verdicts().fixes.len(), 1);
}

#[test]
fn what_a_terminal_shows_is_named_and_not_mended() {
    let words = &LANG.text().manifest;
    for (text, what) in [
        ("vm@dev1:~$ kubectl get pods\nNAME    READY   STATUS\nweb-0   1/1     Running\n", words.printed_session()),
        ("NAME    READY   STATUS\nweb-0   1/1     Running\n", words.printed_table()),
        ("Name:             web-0\nNamespace:        default\nNode:             node-1/10.0.0.1\n", words.printed_description()),
        (
            "Name:  web\nEvents:\n  Type     Reason   Age   From   Message\n  ----     ------   ---   ----   -------\n  Normal  Pulled  3s  kubelet  a: b\n",
            words.printed_description(),
        ),
    ] {
        let playground = started(text);
        let [refusal] = &playground.verdicts().refusals[..] else { panic!("{:#?}", playground.verdicts()) };
        assert_eq!((refusal.plain.plain(), refusal.words.as_str()), (what.replace('`', ""), ""), "{text}");
        assert_eq!(refusal.fix, None);
    }
}

#[test]
fn what_is_left_open_is_named_where_it_is_in_the_way_and_nowhere_else() {
    let words = &LANG.text().manifest;
    for (right, hole) in [
        ("replicas: 3", "${REPLICAS}"),
        ("replicas: 3", "{{ .Values.replicas }}"),
        ("replicas: 3", "@replicas@"),
        ("name: web\n", "<your-name>"),
        ("serviceName: nginx", "$(SERVICE)"),
        ("storage: 1Gi", "${SIZE}Gi"),
    ] {
        let (key, _) = right.split_once(": ").expect("a field");
        let end = if right.ends_with('\n') { "\n" } else { "" };
        let text = EXAMPLE.replacen(right, &format!("{key}: {hole}{end}"), 1);
        let line = text.lines().position(|line| line.contains(hole)).map_or(0, |at| at + 1);
        let refusal = started(&text).verdicts().refusals.first().cloned().expect("it does not fit");
        let told = words.template(hole.trim_end_matches("Gi"), line).replace('`', "");
        assert!(refusal.plain.plain().contains(&told) && refusal.fix.is_none(), "{told} {refusal:#?}");
    }
    let script = EXAMPLE.replace("        image:", "        command: [sh, -c, 'echo ${HOSTNAME} $(HOSTNAME); sleep 99']\n        image:");
    assert_eq!(refused(&script), [""; 0]);
    let plain = started(&script.replace("replicas: 3", "replicas: three")).verdicts().refusals[0].plain.plain();
    assert!(!plain.contains("HOSTNAME"), "{plain}");
}

#[test]
fn a_text_is_looked_at_in_steps_and_what_is_typed_meanwhile_begins_anew() {
    let mut run = History::new(&setup(), &EXAMPLE.replace("replicas: 3", "replicas: three"), LANG);
    run.act(Act::Line(command::apply()), LANG);
    run.edit(EXAMPLE.replace("replicas: 3", "replicas: four"), LANG);
    let mut slices = 1;
    while !run.look_on(|| false) {
        assert!(!run.present().is_looked_at());
        slices += 1;
    }
    assert!(slices > 2 && run.present().is_looked_at());
    let whole = started(&EXAMPLE.replace("replicas: 3", "replicas: four"));
    assert_eq!(run.present().verdicts(), whole.verdicts());
    run.edit(EXAMPLE.replace("replicas: 3", "replicas: five"), LANG);
    assert!(!run.look_on(|| false));
    run.edit(EXAMPLE, LANG);
    assert!(run.look_on(|| true));
    assert_eq!(run.present().verdicts().refusals, []);
}
