//! What an engineer pastes: the output of a chart, or of `kubectl get -o yaml`, as it is.

use super::*;
use crate::preset::Preset;
use ordinal::playground::history::History;
use ordinal::view::dns;

/// A custom object, and one of Kubernetes' that is not simulated.
const MONITOR: &str = "---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\nspec: {}\n";
const DRIVER: &str = "---\napiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: {name: disks.example.com}\nspec: {}\n";

/// The line of a text with these words, counted from 1.
fn line(text: &str, with: &str) -> usize {
    text.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1)
}

/// A text of several documents as one list, as `kubectl get -o yaml` prints it.
fn as_list(text: &str) -> String {
    let mut list = "apiVersion: v1\nkind: List\nitems:".to_owned();
    for document in text.split("---\n") {
        for (at, line) in document.lines().filter(|line| !line.is_empty()).enumerate() {
            list += if at == 0 { "\n- " } else { "\n  " };
            list += line;
        }
    }
    list
}

fn notes(playground: &Playground) -> Vec<(usize, String)> {
    let notes = playground.verdicts().notes.iter();
    notes.map(|note| (note.place.as_ref().map_or(0, |place| place.line), note.words.plain())).collect()
}

fn refusals(playground: &Playground) -> Vec<(usize, String)> {
    let refusals = playground.verdicts().refusals.iter();
    refusals.map(|refusal| (refusal.place.as_ref().map_or(0, |place| place.line), refusal.plain.plain())).collect()
}

const CLAIM: &str = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data-web-0}\n\
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, volumeName: pvc-elsewhere}\n";
const BUDGET: &str = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: few}\n\
    spec: {maxUnavailable: 0, selector: {matchLabels: {app: nginx}}}\n";

#[test]
fn what_is_noted_of_documents_is_noted_of_the_items_of_a_list_on_their_lines() {
    let plain = EXAMPLE
        .replace("  name: nginx\n", "  name: nginx\n  name: ngnix\n")
        .replace("accessModes", "storageClassName: gp3\n      accessModes");
    let plain = format!("{plain}{CLAIM}{BUDGET}");
    let list = as_list(&plain);
    let (apart, listed) = (started(&plain), started(&list));
    let words = |playground: &Playground| notes(playground).into_iter().map(|(_, words)| words).collect::<Vec<_>>();
    assert_eq!(words(&apart), words(&listed));
    for (playground, text) in [(&apart, &plain), (&listed, &list)] {
        assert_eq!(refusals(playground), []);
        let at: Vec<usize> = notes(playground).into_iter().map(|(line, _)| line).collect();
        let want = ["  name: ngnix", "serviceName: nginx", "storageClassName: gp3", "volumeName: pvc-elsewhere", "maxUnavailable: 0"];
        assert_eq!(at, want.map(|with| line(text, with)), "{:#?}", notes(playground));
        assert_eq!(playground.stored(), Some((4, 4)));
    }
}

#[test]
fn a_field_that_can_no_longer_be_changed_is_not_offered_to_be_mended() {
    let text = EXAMPLE.replace("serviceName: nginx", "serviceName: other");
    let offers = |playground: &Playground| playground.verdicts().notes.iter().map(|note| note.fix.is_some()).collect::<Vec<_>>();
    let mut playground = started(&text);
    assert_eq!(offers(&playground), [true]);
    settle(&mut playground);
    playground.edit(format!("{text}# again\n"), LANG);
    playground.type_line("kubectl apply -f manifest.yaml", LANG);
    assert_eq!(offers(&playground), [false]);
}

#[test]
fn an_item_of_a_list_is_linked_explained_and_varied_as_a_document_is() {
    let list = as_list(EXAMPLE);
    let mut playground = started(&list);
    settle(&mut playground);
    let asked = |playground: &Playground| why::project(&playground.snapshot(LANG), Some(&web_name()), None, None).line;
    assert_eq!(asked(&playground), Some(line(&list, "replicas: 3")));
    let other = Preset::Policy.sides()[1].of(&list);
    assert_eq!(other, list.replace("OrderedReady", "Parallel"));
    playground.type_line("kubectl delete statefulset web", LANG);
    assert_eq!(playground.applied().map(|applied| applied.objects), Some(2));
}

#[test]
fn a_refusal_of_an_item_stands_on_its_own_line() {
    let wrong = EXAMPLE.replace("        image: nginx:1.27\n", "        image: nginx:1.27\n        imagePullPolicyy: Always\n");
    let list = as_list(&wrong.replace("  replicas: 3", "  replica: 3"));
    let playground = started(&list);
    let at: Vec<usize> = refusals(&playground).into_iter().map(|(line, _)| line).collect();
    assert_eq!(at, [line(&list, "replica: 3"), line(&list, "imagePullPolicyy")], "{:#?}", playground.verdicts().refusals);
    assert!(refusals(&playground)[0].1.contains("Did you mean replicas?"), "{:?}", refusals(&playground));
    assert_eq!(playground.stored(), Some((1, 2)), "the other item is taken");
    // What only the server finds names its object.
    let negative = as_list(&EXAMPLE.replace("replicas: 3", "replicas: -3"));
    let playground = started(&negative);
    assert_eq!(refusals(&playground).into_iter().map(|(line, _)| line).collect::<Vec<_>>(), [line(&negative, "replicas: -3")]);
    assert_eq!(playground.stored(), Some((1, 2)));
    // Of two objects, each keeps what is said of it, and on which line.
    let both = as_list(&EXAMPLE.replace("replicas: 3", "replicas: -3").replace("port: 80", "port: 80000"));
    let playground = started(&both);
    let found = &playground.verdicts().refusals;
    let at: Vec<usize> = refusals(&playground).into_iter().map(|(line, _)| line).collect();
    let want = [line(&both, "port: 80000"), line(&both, "replicas: -3")];
    assert!(want.iter().all(|line| at.contains(line)), "{found:#?}");
    assert!(found.iter().all(|refusal| refusal.words.lines().count() == 1 && !refusal.plain.plain().is_empty()), "{found:#?}");
}

#[test]
fn a_namespace_that_there_is_not_is_told_once_and_made_by_a_button() {
    let there = |text: &str| text.replace("metadata:\n  name:", "metadata:\n  namespace: shop\n  name:");
    let text = there(EXAMPLE).replace("replicas: 3", "replicas: -3");
    let mut playground = started(&text);
    assert_eq!(
        refusals(&playground).iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        [line(&text, "namespace: shop"), line(&text, "replicas: -3")],
        "once, and what else is wrong"
    );
    assert_eq!(refusals(&playground)[0].1, LANG.text().manifest.no_namespace("shop").replace(['<', '>'], ""));
    assert_eq!((playground.applied(), notes(&playground)), (None, vec![]));
    let help = playground.verdicts().refusals[0].help.clone().expect("a button");
    assert_eq!(help.line, "kubectl create namespace shop");
    playground.edit(there(EXAMPLE), LANG);
    playground.type_line(&help.line, LANG);
    assert_eq!(refusals(&playground), []);
    playground.type_line(&command::apply(), LANG);
    settle(&mut playground);
    let set = playground.tables().stateful_set("shop", "web").expect("a set");
    assert_eq!((set.status.ready, refusals(&playground)), (3, vec![]));
    // A name that no namespace can have is refused for ever, and that is the end of it.
    assert_eq!(refusals(&started(&there(EXAMPLE).replace("shop", "Shop"))).len(), 1);
}

#[test]
fn what_is_refused_of_a_chart_does_not_hide_that_the_rest_was_applied() {
    let old = BUDGET.replace("policy/v1", "policy/v1beta1");
    let text = format!("{EXAMPLE}{MONITOR}{DRIVER}{old}");
    let mut playground = started(&text);
    let words = &LANG.text().manifest;
    assert_eq!(
        refusals(&playground),
        [
            (line(&text, "kind: ServiceMonitor"), words.custom_kind().to_owned()),
            (line(&text, "policy/v1beta1"), words.unknown_kind().to_owned())
        ]
    );
    assert_eq!(playground.verdicts().kept, ["CSIDriver"]);
    assert_eq!(playground.stored(), Some((3, 5)));
    settle(&mut playground);
    let told = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    assert_eq!(told.line, Some(line(&text, "replicas: 3")), "the lines of what was stored are linked");
    let fix = playground.verdicts().refusals[1].fix.clone().expect("the version is mended");
    assert_eq!(fix.mend(&text), text.replace("policy/v1beta1", "policy/v1"));
}

#[test]
fn the_sets_of_what_was_applied_last_are_known_in_its_order_whatever_is_typed_since() {
    let sets = |playground: &Playground| playground.sets_applied().map(|set| set.to_string()).collect::<Vec<_>>();
    let mut playground = started(EXAMPLE);
    assert_eq!(sets(&playground), ["default/web"]);
    let kafka = EXAMPLE.replace("name: web", "name: kafka").replace("name: kafka", "name: kafka\n  namespace: default");
    playground.edit(format!("{kafka}---\n{}", EXAMPLE.replace("name: web", "name: alpha")), LANG);
    assert_eq!(sets(&playground), ["default/web"], "what is not applied does not count");
    playground.type_line(&command::apply(), LANG);
    assert_eq!(sets(&playground), ["default/kafka", "default/alpha"]);
    playground.edit("kind: [".to_owned(), LANG);
    playground.type_line(&command::apply(), LANG);
    assert_eq!(sets(&playground), ["default/kafka", "default/alpha"], "what is refused does not count");
}

#[test]
fn a_deployment_alone_is_told_of_by_its_own_name_and_in_its_own_words() {
    let mut playground = started("");
    playground.type_line("kubectl create deployment front-end --image=nginx:1.27 --replicas=2", LANG);
    settle(&mut playground);
    let shot = playground.snapshot(LANG);
    let mut drawn = cluster::project(&shot, None);
    view::side::add(&mut drawn, &shot, None);
    let beside = drawn.side.map(|side| side.workload);
    let told = why::project(&shot, None, beside.as_ref(), None);
    let said = (told.verdict.plain(), told.paragraph.plain(), told.docs.map(|docs| docs.0));
    assert_eq!(said, ("front-end is up to date.".to_owned(), "Every desired pod is there.".to_owned(), Some("Deployments")));
    let all: Vec<String> = why::decisions(&shot).into_iter().map(|decided| decided.verdict.plain()).collect();
    assert!(all.contains(&"front-end is up to date.".to_owned()), "{all:#?}");
    assert!(all.iter().all(|said| !said.starts_with("front is ") && !said.starts_with(' ')), "{all:#?}");
}

#[test]
fn a_set_without_a_service_shows_no_empty_field_and_says_that_it_has_no_names() {
    let facts = |playground: &Playground| cluster::project(&playground.snapshot(LANG), Some(&web_name())).object.map(|line| line.facts);
    let names = |playground: &Playground| dns::project(&playground.snapshot(LANG), Some(&web_name())).instead.plain();
    let mut named = started(EXAMPLE);
    settle(&mut named);
    assert_eq!(facts(&named).map(|facts| facts[0].clone()), Some(("serviceName", "nginx".to_owned())));
    assert_eq!(names(&named), "");
    let unnamed = started(&EXAMPLE.replace("  serviceName: nginx\n", ""));
    let shown = facts(&unnamed).expect("a set");
    assert!(!shown.is_empty() && shown.iter().all(|(_, value)| !value.is_empty()), "{shown:?}");
    assert_eq!(names(&unnamed), LANG.text().dns.unnamed().replace('`', ""));
}

#[test]
fn a_class_that_there_is_not_is_noted_where_it_is_named_and_the_way_out_makes_it() {
    let annotated = EXAMPLE.replace("{name: data}\n", "{name: data, annotations: {volume.beta.kubernetes.io/storage-class: fast}}\n");
    assert_ne!(annotated, EXAMPLE);
    let alone = CLAIM.replace("data-web-0", "spare").replace("volumeName: pvc-elsewhere", "storageClassName: gp3");
    let mut playground = started(&format!("{annotated}{alone}"));
    let text = playground.manifest().to_owned();
    let at: Vec<usize> = notes(&playground).into_iter().map(|(line, _)| line).collect();
    assert_eq!(at, [line(&text, "storage-class: fast"), line(&text, "storageClassName: gp3")], "{:#?}", notes(&playground));
    playground.run(Time(playground.now().0 + 60_000), || true);
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    let lines: Vec<&str> = why.ways.iter().map(|way| way.entry.line.as_str()).collect();
    assert!(lines.iter().any(|line| line.contains("\"kind\":\"StorageClass\"") && line.contains("\"fast\"")), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("delete persistentvolumeclaim")), "{lines:#?}");
}

#[test]
fn what_a_field_would_be_anyway_is_not_listed_and_a_kind_without_effect_is_named_once() {
    let spelled_out = EXAMPLE.replace(
        "    spec:\n      containers:\n      - name: nginx\n",
        "    spec:\n      shareProcessNamespace: true\n      serviceAccount: default\n      containers:\n      - name: nginx\n        \
         securityContext: {privileged: true}\n",
    );
    let spelled_out = spelled_out.replace("clusterIP: None\n", "clusterIP: None\n  internalTrafficPolicy: Cluster\n");
    assert_ne!(spelled_out, EXAMPLE);
    let role = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader}\nrules: []\n---\napiVersion: \
                rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: reader}\nroleRef: {apiGroup: rbac.authorization.k8s.io, \
                kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: default, namespace: default}]\n";
    let network = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}}\n---\n\
                   apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {defaultBackend: {service: {name: nginx, \
                   port: {number: 80}}}}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: out}\n\
                   spec: {podSelector: {}, policyTypes: [Egress]}\n";
    let playground = started(&format!("{spelled_out}{role}{network}"));
    let want = [
        "Ingress",
        "NetworkPolicy",
        "Role",
        "RoleBinding",
        "spec.template.spec.containers[0].securityContext.privileged",
        "spec.template.spec.shareProcessNamespace",
    ];
    assert_eq!(playground.verdicts().kept, want);
}

#[test]
fn a_value_of_a_wrong_type_is_pointed_at_and_a_text_is_put_in_quotes() {
    let numbered = EXAMPLE.replace(
        "    spec:\n      containers:\n      - name: nginx\n",
        "    spec:\n      containers:\n      - name: nginx\n        env:\n        - name: NODES\n          value: 3\n",
    );
    let playground = started(&numbered);
    let refusal = &playground.verdicts().refusals[0];
    assert_eq!(refusal.place.as_ref().map(|place| place.line), Some(line(&numbered, "value: 3")));
    assert_eq!(refusal.plain.plain(), "A string belongs here. In quotes, it is one.");
    let mended = refusal.fix.as_ref().expect("a correction").mend(&numbered);
    assert_eq!(mended, numbered.replace("value: 3", "value: \"3\""));
    assert_eq!(refusals(&started(&mended)), []);
    let worded = EXAMPLE.replace("replicas: 3", "replicas: \"3\"");
    let playground = started(&worded);
    let refusal = &playground.verdicts().refusals[0];
    assert_eq!(refusal.place.as_ref().map(|place| place.line), Some(line(&worded, "replicas:")));
    assert_eq!(refusal.plain.plain(), "A whole number belongs here, without quotes.");
    assert_eq!(refusal.fix.as_ref().map(|fix| fix.mend(&worded)), Some(EXAMPLE.to_owned()));
    // The server says it in other words of an object that is there.
    let mut changed = started(EXAMPLE);
    changed.edit(EXAMPLE.replace("replicas: 3", "replicas: three"), LANG);
    changed.type_line(&command::apply(), LANG);
    let refusal = &changed.verdicts().refusals[0];
    assert_eq!((refusal.plain.plain().as_str(), &refusal.fix), ("A whole number belongs here, without quotes.", &None));
}

#[test]
fn a_template_that_no_chart_has_filled_in_is_told_from_mere_mistakes() {
    for (text, hole) in [
        (EXAMPLE.replace("replicas: 3", "replicas: {{ .Values.replicas }}"), "{{ .Values.replicas }}"),
        (EXAMPLE.replace("spec:\n  serviceName", "{{- if .Values.on }}\nspec:\n  serviceName"), "{{- if .Values.on }}"),
        (EXAMPLE.replace("name: web\n", "name: \"{{ .Release.Name }}\"\n"), "{{ .Release.Name }}"),
    ] {
        let told = refusals(&started(&text));
        let hint = LANG.text().manifest.template(hole, line(&text, hole)).replace('`', "");
        assert!(told[0].1.starts_with(&hint), "{hint} {told:?}");
    }
    assert_eq!(refusals(&started("kind: ["))[0].1, LANG.text().manifest.not_yaml());
}

#[test]
fn what_kubectl_never_came_to_is_not_said_to_be_kept() {
    let broken = "---\nkind: [\n";
    let kept = |text: &str| started(text).verdicts().kept.clone();
    assert_eq!(kept(&format!("{MONITOR}{DRIVER}{broken}")), ["CSIDriver"]);
    assert_eq!(kept(&format!("{MONITOR}{broken}{DRIVER}")), [""; 0]);
}

#[test]
fn a_value_is_pointed_at_where_it_was_written_and_its_case_is_mended() {
    for (right, wrong) in [
        ("clusterIP: None", "clusterIP: none"),
        ("clusterIP: None", "clusterIP: \"none\""),
        ("podManagementPolicy: OrderedReady", "podManagementPolicy: orderedReady"),
    ] {
        let text = EXAMPLE.replace(right, wrong);
        let playground = started(&text);
        let [refusal] = &playground.verdicts().refusals[..] else { panic!("{:#?}", playground.verdicts()) };
        assert_eq!(refusal.place.as_ref().map(|place| place.line), Some(line(&text, wrong)), "{refusal:?}");
        assert_eq!(refusal.plain.plain(), LANG.text().manifest.unfit(right.split(':').next().unwrap_or_default()).replace('`', ""));
        assert_eq!(refusal.fix.as_ref().map(|fix| fix.mend(&text)).as_deref(), Some(EXAMPLE), "{refusal:?}");
    }
    let playground = started(&EXAMPLE.replace("clusterIP: None", "clusterIP: nobody"));
    assert_eq!(playground.verdicts().refusals[0].fix, None);
}

#[test]
fn programs_that_are_taken_to_serve_are_named_once() {
    let programs = |command: &str| {
        let text = EXAMPLE.replace("image: nginx:1.27\n", &format!("image: nginx:1.27\n        command: {command}\n"));
        started(&text).verdicts().programs.clone()
    };
    for (command, want) in [
        ("[/opt/own/start]", &["/opt/own/start"][..]),
        ("[nproc, --all]", &["nproc"]),
        ("[nginx, -g, 'daemon off;']", &[]),
        ("[/docker-entrypoint.sh, nginx]", &[]),
        ("[sh, -c, 'nproc --all']", &[]),
        ("[sleep, infinity]", &[]),
        ("[nope]", &[]),
    ] {
        assert_eq!(programs(command), want, "{command}");
    }
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      \
               containers: [{name: main, image: busybox, command: [nproc, --all]}]\n";
    assert_eq!(started(job).verdicts().programs, [""; 0]);
}

#[test]
fn images_of_which_nothing_is_known_are_named_once() {
    let own = "registry.example.com:5000/shop/api:2.1";
    let images = |text: &str| started(text).verdicts().images.clone();
    assert_eq!(images(EXAMPLE), [""; 0]);
    let helper = format!("      initContainers: [{{name: a, image: {own}}}, {{name: b, image: alpine}}]\n      containers:\n");
    let text = EXAMPLE.replace("nginx:1.27", own).replacen("      containers:\n", &helper, 1);
    assert_eq!(images(&text), [own]);
    let words = LANG.text().manifest.images("`a`");
    assert!(words.contains(LANG.text().cluster.commands()), "{words} names the menu as it is called");
}

#[test]
fn what_only_looks_like_yaml_is_named_and_mended() {
    let words = LANG.text().manifest;
    for (right, wrong, told) in [
        ("  name: nginx\n", "\tname: nginx\n", words.pasted_tab()),
        ("  name: nginx\n", "\u{a0}\u{a0}name: nginx\n", words.pasted_space()),
        ("serviceName: nginx", "serviceName: “nginx”", words.pasted_quote()),
        ("apiVersion: v1\n", "```yaml\napiVersion: v1\n", words.pasted_fence()),
    ] {
        let text = EXAMPLE.replacen(right, wrong, 1);
        let playground = started(&text);
        let refusal = &playground.verdicts().refusals[0];
        assert!(refusal.plain.plain().starts_with(told), "{refusal:?}");
        let mended = refusal.fix.as_ref().map(|fix| fix.mend(&text)).unwrap_or_default();
        assert_eq!(mended.replace('"', ""), EXAMPLE, "{refusal:?}");
    }
    // A tab before a comment is YAML.
    assert!(started(&EXAMPLE.replace("replicas: 3", "replicas: 3\t# so many")).verdicts().refusals.is_empty());
}

#[test]
fn of_objects_with_one_name_the_one_of_the_kind_that_is_refused_is_blamed() {
    let of = |kind: &str, spec: &str| format!("apiVersion: batch/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec: {spec}\n");
    let job = of("Job", "{template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}");
    let without_policy = "{schedule: '0 * * * *', jobTemplate: {spec: {template: {spec: {containers: [{name: main, image: busybox}]}}}}}";
    let text = as_list(&format!("{job}---\n{}", of("CronJob", without_policy)));
    let playground = started(&text);
    let [refusal] = &playground.verdicts().refusals[..] else { panic!("{:#?}", playground.verdicts()) };
    assert_eq!(refusal.place.as_ref().map(|place| place.line), Some(line(&text, "jobTemplate")), "{refusal:?}");
}

#[test]
fn a_custom_kind_is_looked_up_before_the_manifest_defines_it_and_is_kept_from_then_on() {
    let version =
        "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}";
    let definition = format!(
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: monitors.example.com}}\nspec: {{group: \
         example.com, scope: Namespaced, names: {{plural: monitors, kind: Monitor}}, versions: [{version}]}}\n"
    );
    let object = "---\napiVersion: example.com/v1\nkind: Monitor\nmetadata: {name: a}\nspec: {size: 1}\n";
    let text = format!("{definition}{object}");
    let words = &LANG.text().manifest;
    let mut brought = History::around_text(&setup(), &text, LANG);
    assert!(brought.look_on(|| true));
    let seen = brought.present().verdicts();
    let late = seen.refusals.iter().map(|refusal| (refusal.place.as_ref().map_or(0, |place| place.line), refusal.plain.plain()));
    assert_eq!(late.collect::<Vec<_>>(), [(text.lines().count() - 2, words.custom_kind_late().to_owned())]);
    assert_eq!(seen.kept, ["spec.versions[0].schema"]);
    let mut playground = started(&text);
    playground.type_line(&command::apply(), LANG);
    assert_eq!(refusals(&playground), []);
    assert_eq!(playground.verdicts().kept, ["Monitor", "spec.versions[0].schema"]);
}

#[test]
fn a_custom_kind_is_not_taken_for_one_of_the_same_name() {
    for name in ["web", "statefulset"] {
        let text = EXAMPLE.replace("apps/v1", "apps.kruise.io/v1alpha1").replace("name: web", &format!("name: {name}"));
        let playground = started(&text);
        let [refusal] = &playground.verdicts().refusals[..] else { panic!("{:#?}", playground.verdicts()) };
        assert_eq!((refusal.plain.plain().as_str(), &refusal.fix), (LANG.text().manifest.custom_kind(), &None), "{name}");
    }
}

#[test]
fn of_two_objects_of_a_kind_in_a_list_the_wrong_one_is_marked() {
    let item = |name, rest| {
        format!("- apiVersion: v1\n  kind: Service\n  metadata: {{name: {name}}}\n  spec: {{ports: [{{port: 80}}], {rest}}}\n")
    };
    for wrong in ["clusterIP: 5", "clusterIP: x", "port: 80", "selector: 5"] {
        let list = format!("apiVersion: v1\nkind: List\nitems:\n{}{}", item("a", "clusterIP: None"), item("b", wrong));
        let mut lines: Vec<_> = refusals(&started(&list)).into_iter().map(|(line, _)| line).collect();
        // In quotes, a number is no address either.
        lines.dedup();
        assert_eq!(lines, [11], "{wrong}");
    }
}
