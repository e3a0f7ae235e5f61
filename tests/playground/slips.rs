//! Slips of whoever types a manifest: what is said of each, at which line, and what mends it.

use super::*;
use ordinal::view::manifest::{Effect, Refusal};

/// The example after a slip, and the first refusal of it.
fn slip(right: &str, wrong: &str) -> (String, Refusal) {
    let text = EXAMPLE.replacen(right, wrong, 1);
    assert_ne!(text, EXAMPLE, "{right}");
    let refusal = started(&text).verdicts().refusals.first().cloned();
    (text, refusal.unwrap_or_else(|| panic!("{wrong} is refused")))
}

#[test]
fn a_mistyped_kind_is_named_and_mended() {
    for (right, wrong) in [("StatefulSet", "Statefulset"), ("StatefulSet", "StatefullSet"), ("Service", "Services")] {
        let (text, refusal) = slip(&format!("kind: {right}"), &format!("kind: {wrong}"));
        assert_eq!(refusal.plain.plain(), LANG.text().manifest.unknown_kind_near(right).replace('`', ""), "{refusal:?}");
        assert_eq!(refusal.fix.map(|fix| fix.mend(&text)).as_deref(), Some(EXAMPLE));
    }
    // What is like none keeps the sentence about versions; a kind of somebody else's group is not compared.
    let (_, refusal) = slip("kind: StatefulSet", "kind: Gateway");
    assert_eq!((refusal.plain.plain().as_str(), refusal.fix), (LANG.text().manifest.unknown_kind(), None));
    let (_, refusal) = slip("v1\nkind: Service", "example.com/v1\nkind: Services");
    assert_eq!((refusal.plain.plain().as_str(), refusal.fix), (LANG.text().manifest.custom_kind(), None));
}

#[test]
fn a_line_that_stands_wrong_is_told_by_how_much_and_moved_where_one_place_alone_fits() {
    for (right, wrong, by, fits) in [
        ("    rollingUpdate:", "   rollingUpdate:", 3, 4),
        ("    rollingUpdate:", "     rollingUpdate:", 5, 4),
        ("        readinessProbe:", "          readinessProbe:", 10, 8),
        ("        image: nginx", "         image: nginx", 9, 8),
        ("        image: nginx", "       image: nginx", 7, 8),
        ("  replicas: 3", " replicas: 3", 1, 2),
        ("  replicas: 3", "    replicas: 3", 4, 2),
        ("      - name: nginx", "     - name: nginx", 5, 6),
        ("  serviceName: nginx", " serviceName: nginx", 1, 2),
        ("      containers:", "       containers:", 7, 6),
    ] {
        let (text, refusal) = slip(right, wrong);
        let told = LANG.text().manifest.indented(by, &[fits]);
        assert!(refusal.plain.plain().starts_with(&told), "{told} {refusal:?}");
        let at = text.lines().position(|line| line.starts_with(wrong)).map(|at| at + 1);
        assert_eq!(refusal.place.as_ref().map(|place| place.line), at, "{refusal:?}");
        assert_eq!(refusal.fix.map(|fix| fix.mend(&text)).as_deref(), Some(EXAMPLE));
        assert!(refusal.plain.plain().ends_with(LANG.text().manifest.counted()), "line {at:?} is not {}", refusal.words);
    }
    // Of two places, none is certain.
    let (_, refusal) = slip("  name: web\n", "  labels:\n    a: b\n   name: web\n");
    assert!(refusal.plain.plain().starts_with(&LANG.text().manifest.indented(3, &[2, 4])), "{refusal:?}");
    assert_eq!(refusal.fix, None);
    // Where no line is above, none is indented wrongly.
    for text in ["name: web: x", "Note: see: this\n", "kind: Service\n---\nname: web: x\n"] {
        let refusal = started(text).verdicts().refusals.first().cloned().expect("no YAML");
        assert!(!refusal.plain.plain().starts_with(&LANG.text().manifest.indented(0, &[])), "{refusal:?}");
    }
    // In the first document, kubectl counts as the editor does.
    let (_, refusal) = slip("  clusterIP: None", "   clusterIP: None");
    assert!(!refusal.plain.plain().contains(LANG.text().manifest.counted()), "{refusal:?}");
}

#[test]
fn a_missing_blank_and_an_open_quote_are_named_where_they_are() {
    let words = &LANG.text().manifest;
    let blank = |key: &str| words.no_blank(key).replace('`', "");
    for (right, wrong, told) in [
        ("image: nginx:1.27", "image:nginx:1.27", blank("image:")),
        ("replicas: 3", "replicas:3", blank("replicas:")),
        ("type: RollingUpdate", "type:RollingUpdate", blank("type:")),
        ("  name: web", "  name:web", blank("name:")),
        ("- name: nginx\n        image", "-name: nginx\n        image", blank("-")),
        ("serviceName: nginx", "serviceName: \"nginx", words.open_quote().to_owned()),
        ("image: nginx:1.27", "image: 'nginx:1.27", words.open_quote().to_owned()),
    ] {
        let (text, refusal) = slip(right, wrong);
        assert!(refusal.plain.plain().starts_with(&told), "{told} {refusal:?}");
        let wrong = wrong.lines().next().unwrap_or_default();
        let at = text.lines().position(|line| line.contains(wrong)).map(|at| at + 1);
        assert_eq!(refusal.place.map(|place| place.line), at, "{wrong}");
        let mended = refusal.fix.map(|fix| fix.mend(&text)).unwrap_or_default();
        assert_eq!(mended.replace(['"', '\''], ""), EXAMPLE);
    }
    // A template that nobody has filled in is no slip, and neither is a value of several lines before an error.
    let (_, refusal) = slip("replicas: 3", "replicas: {{ .Values.replicas }}\n  {{- end }}\n  a:b");
    let line = EXAMPLE.lines().position(|line| line.contains("replicas: 3")).map_or(0, |at| at + 1);
    let told = words.template("{{ .Values.replicas }}", line).replace('`', "");
    assert!(refusal.fix.is_none() && refusal.plain.plain().contains(&told), "{refusal:?}");
    let (_, refusal) = slip("  name: web", "  annotations:\n    note: \"one\n      two\"\n  name: @web");
    assert_eq!(refusal.fix, None, "{refusal:?}");
}

#[test]
fn a_value_between_brackets_that_ends_at_a_sign_in_it_is_named_and_quoted() {
    let right = "        image: nginx:1.27";
    let with = |line: &str| format!("{right}\n        {line}");
    for (wrong, sign, mended) in [
        ("livenessProbe: {httpGet: {path: /healthz?x=y, port: 80}}", '?', "livenessProbe: {httpGet: {path: \"/healthz?x=y\", port: 80}}"),
        ("livenessProbe: {httpGet: {port: 80, path: /a?b}} # why?", '?', "livenessProbe: {httpGet: {port: 80, path: \"/a?b\"}} # why?"),
        ("command: [run, --to=/a?b, --from=/c?d]", '?', "command: [run, \"--to=/a?b\", --from=/c?d]"),
        ("env: [{name: A, value: a{b}}]", '{', "env: [{name: A, value: \"a{b}\"}]"),
        ("command: [run, --only=[a, b]]", '[', "command: [run, \"--only=[a, b]\"]"),
        ("command: [&a run, *a, !!str 5, /a?b]", '?', "command: [&a run, *a, !!str 5, \"/a?b\"]"),
        (r#"command: [echo, say="why?"]"#, '?', r#"command: [echo, 'say="why?"']"#),
    ] {
        let (text, refusal) = slip(right, &with(wrong));
        let told = LANG.text().manifest.early_end(&sign.to_string()).replace('`', "");
        assert!(refusal.plain.plain().starts_with(&told), "{told} {refusal:?}");
        let quoted = mended.replace("--from=/c?d", "\"--from=/c?d\"");
        assert_eq!(refusal.fix.map(|fix| fix.mend(&text)), Some(text.replace(wrong, &quoted)));
    }
    // Where quotes do not help, none are offered; without brackets, nothing ends.
    let (_, refusal) = slip(right, &with("workingDir: here: /a?b"));
    assert!(!refusal.plain.plain().contains(&LANG.text().manifest.early_end("?").replace('`', "")), "{refusal:?}");
    let text = EXAMPLE.replacen(right, &with("workingDir: /a?b[c]"), 1);
    assert_eq!(started(&text).verdicts().refusals, []);
}

#[test]
fn an_object_without_a_name_is_told_so() {
    for (right, wrong) in [("  name: web\n", ""), ("metadata:\n  name: web\n", ""), ("  name: web\n", "  labels: {a: b}\n")] {
        let (_, refusal) = slip(right, wrong);
        assert_eq!(refusal.plain.plain(), LANG.text().manifest.required("metadata.name").replace('`', ""));
    }
}

#[test]
fn a_name_that_no_image_can_have_is_noted_at_its_line_and_not_said_to_start() {
    for (image, fault) in [("Nginx:1.27", "must be lowercase"), ("“nginx:1.27”", "invalid reference format")] {
        let text = EXAMPLE.replace("image: nginx:1.27", &format!("image: {image}"));
        let playground = started(&text);
        let [note] = &playground.verdicts().notes[..] else { panic!("{:?}", playground.verdicts()) };
        let at = text.lines().position(|line| line.contains("image:")).map(|at| at + 1);
        assert_eq!(note.place.as_ref().map(|place| place.line), at);
        assert!(note.words.plain().contains(image) && note.words.plain().contains(fault), "{note:?}");
        assert_eq!(playground.verdicts().images, [""; 0]);
    }
}

#[test]
fn a_name_that_a_page_put_in_quotes_of_its_own_or_in_capitals_is_mended() {
    for image in ["Nginx:1.27", "“nginx:1.27”", "‘nginx:1.27’"] {
        let text = EXAMPLE.replace("image: nginx:1.27", &format!("image: {image}"));
        let fix = started(&text).verdicts().notes.first().and_then(|note| note.fix.clone());
        assert_eq!(fix.map(|fix| fix.mend(&text)).as_deref(), Some(EXAMPLE), "{image}");
    }
    let text = EXAMPLE.replace("image: nginx:1.27", "image: nginx:1.27:2");
    assert_eq!(started(&text).verdicts().notes.first().map(|note| note.fix.clone()), Some(None));
}

#[test]
fn a_field_that_does_not_exist_is_underlined_by_its_name() {
    for (right, wrong) in [
        ("replicas: 3", "replica: 3"),
        ("- name: nginx\n        image: nginx", "- imag: nginx"),
        ("  replicas:", "  foo: {a: b}\n  replicas:"),
    ] {
        let (text, refusal) = slip(right, wrong);
        let place = refusal.place.clone().expect("a place");
        let line = text.lines().nth(place.line - 1).unwrap_or_default();
        let marked: String = line.chars().skip(place.columns.start).take(place.columns.len()).collect();
        assert_eq!(marked, wrong.trim_start_matches([' ', '-']).split(':').next().unwrap_or_default(), "{refusal:?}");
    }
}

#[test]
fn what_is_no_object_is_told_in_a_plain_sentence() {
    for text in ["hello world", "{\"a\": 1}", "- a\n", "kind: StatefulSet\nmetadata: {name: web}\n"] {
        let playground = started(text);
        let [refusal, ..] = &playground.verdicts().refusals[..] else { panic!("{:?}", playground.verdicts()) };
        assert_eq!(refusal.plain.plain(), LANG.text().manifest.no_object().replace('`', ""), "{text}");
    }
}

#[test]
fn what_a_manifest_asks_for_and_lacks_is_made_with_a_button() {
    let set = EXAMPLE.split("---\n").nth(1).expect("the set without its Service");
    let set = set.replace("      containers:", "      serviceAccountName: robot\n      containers:");
    let set = set.replace("      accessModes", "      storageClassName: fast\n      accessModes");
    let asks = "        env:\n        - {name: A, valueFrom: {secretKeyRef: {name: keys, key: one}}}\n        - {name: B, valueFrom: {secretKeyRef: \
                {name: keys, key: two}}}\n        - {name: C, valueFrom: {configMapKeyRef: {name: conf, key: three}}}\n        image: nginx";
    let set = set.replace("        image: nginx", asks);
    let mut playground = started(&set);
    let noted = |playground: &Playground| -> Vec<(String, String)> {
        let help = |note: &view::manifest::Note| note.help.clone().map(|help| (help.label, help.line)).unwrap_or_default();
        playground.verdicts().notes.iter().map(help).collect()
    };
    let helps = noted(&playground);
    let labels: Vec<&str> = helps.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(
        labels,
        ["Create Secret keys", "Create ConfigMap conf", "Create Service nginx", "Create StorageClass fast", "Create ServiceAccount robot"]
    );
    settle(&mut playground);
    assert_eq!(pods(&playground), [""; 0], "without its account none is made");
    for (_, line) in &helps {
        playground.type_line(line, LANG);
        assert!(printed(&playground).last().is_some_and(|said| said.ends_with(" created")), "{line}");
    }
    let effects: Vec<Effect> = playground.verdicts().notes.iter().map(|note| note.effect).collect();
    assert_eq!(effects, [Effect::StandsIn, Effect::StandsIn], "the values of the Secret and of the ConfigMap are made up");
    settle(&mut playground);
    assert_eq!(pods(&playground), ["web-0 Ready", "web-1 Ready", "web-2 Ready"]);
    playground.type_line("kubectl exec web-0 -- sh -c 'echo $A $B $C'", LANG);
    assert_eq!(printed(&playground).last(), Some(&"change-me change-me change-me"));
}

#[test]
fn a_service_that_selects_nobody_is_told_so_and_a_slip_is_mended() {
    let noted = |text: &str| -> Vec<(Option<usize>, String)> {
        let playground = started(text);
        playground.verdicts().notes.iter().map(|note| (note.place.as_ref().map(|place| place.line), note.words.plain())).collect()
    };
    let of = |selector: &str| EXAMPLE.replacen("{app: nginx}", selector, 1);
    let says = |labels: &str| format!("No pod has the labels {labels}. The API server does not check this: nobody is behind nginx.");
    let line = EXAMPLE.lines().position(|line| line.starts_with("  selector:")).map(|at| at + 1);
    let text = of("{app: ngins}");
    assert_eq!(noted(&text), [(line, says("app=ngins"))]);
    let fix = started(&text).verdicts().notes[0].fix.clone();
    assert_eq!(fix.map(|fix| fix.mend(&text)).as_deref(), Some(EXAMPLE));
    assert_eq!(noted(&of("{name: web}")), [(line, says("name=web"))]);
    // What a pod gets when it is made or while it runs is not asked of its template.
    for fits in ["{statefulset.kubernetes.io/pod-name: web-0}", "{app: nginx, role: primary}"] {
        assert_eq!(noted(&of(fits)), [], "{fits}");
    }
    let alone = EXAMPLE.split("---\n").next().expect("the Service without its set");
    assert_eq!(noted(alone), [], "its pods are yet to come");
}
