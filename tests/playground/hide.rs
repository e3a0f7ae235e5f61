//! Secrets are planted in every way in which a run takes text in, and looked for in the run that leaves the browser.

use ordinal::api::kind::Kind;
use ordinal::base::base64;
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::{Span, Time};
use ordinal::causes::command;
use ordinal::playground::examples::Example;
use ordinal::playground::history::{Act, History, Shared, link};
use ordinal::playground::{EXAMPLE, setup};
use ordinal::sim::{Setup, Sim};
use ordinal::text::Lang;
use ordinal::view::terminal::Voice;
use ordinal::yaml;

const LANG: Lang = Lang::English;
/// What nobody may find, and the same in base64.
const SECRET: &str = "Zx9hunter2Qk7";
const ENCODED: &str = "Wng5aHVudGVyMlFrNw==";
/// A set that takes its password from a Secret.
const DATABASE: &str = include_str!("database.yaml");
/// Objects that hold the secret, each in another way.
const MANIFESTS: &[&str] = &[
    DATABASE,
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  a: Zx9hunter2Qk7\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: \"Wng5aHVudGVyMlFrNw==\", b: 'Wng5aHVudGVyMlFrNw=='}\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  a: |\n    user: me\n    word: Zx9hunter2Qk7\n  b: >-\n    Zx9hunter2Qk7\n\n  c: \"Zx9hunter2\\\n    Qk7\"\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  a: |\n    Wng5aHVudGVy\n    MlFrNw==\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: &a Zx9hunter2Qk7, b: *a}\n",
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n  stringData: {a: Zx9hunter2Qk7}\n",
    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"stringData\":{\"a\":\"Zx9hunter2Qk7\"}}",
    "{\n  \"kind\": \"Secret\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\"name\": \"s\"},\n  \"data\": {\n    \"a\": \"Wng5aHVudGVyMlFrNw==\"\n  }\n}\n",
    "# password: Zx9hunter2Qk7\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  db.password: Zx9hunter2Qk7\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  app.conf: |\n    # mine\n    DB_PASSWORD=Zx9hunter2Qk7\n    url = postgres://me:Zx9hunter2Qk7@db:5432/x\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.json: '{\"token\": \"Zx9hunter2Qk7\", \"n\": 1}'\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  key.pem: |\n    -----BEGIN RSA PRIVATE KEY-----\n    Zx9hunter2Qk7\n    Zx9hunter2Qk7Zx9hunter2Qk7\n    -----END RSA PRIVATE KEY-----\n",
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    example.com/note: Zx9hunter2Qk7\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"x\":\"Zx9hunter2Qk7\"}\nspec: {containers: [{name: c, image: nginx}]}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: nginx\n    env:\n    - name: X\n      value: Zx9hunter2Qk7\n    - {name: Y, value: \"Zx9hunter2Qk7\"}\n    - name: Z\n      value: >-\n        Zx9hunter2Qk7\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: redis\n    args: [redis-server, --requirepass, Zx9hunter2Qk7, \"--token=Zx9hunter2Qk7\"]\n    command:\n    - redis-cli\n    - -a\n    - Zx9hunter2Qk7\n    - --password\n    - \"Zx9hunter2Qk7\"\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: mysql\n    command: [mysqladmin, ping, -uroot, -pZx9hunter2Qk7]\n    livenessProbe:\n      exec: {command: [sh, -c, 'mysql -u root -p\"Zx9hunter2Qk7\" -e \"select 1\"; curl -H \"Authorization: Bearer Zx9hunter2Qk7\" x']}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: x\n    readinessProbe:\n      httpGet: {path: /, port: 80, httpHeaders: [{name: X-Auth, value: Zx9hunter2Qk7}]}\n",
    "password: Zx9hunter2Qk7\n",
    "stringData:\n  a: Zx9hunter2Qk7\n",
];
/// What is typed, each in another way; a line that begins with a plus sign goes on where the one before ended.
const SESSIONS: &[&[&str]] = &[
    &["kubectl create secret generic s --from-literal=a=Zx9hunter2Qk7"],
    &["kubectl create secret generic s --from-literal 'a=Zx9hunter2Qk7' --from-literal=\"b=Zx9hunter2Qk7\""],
    &["kubectl create secret generic s --from-literal=a='Zx9hunter2Qk7' -o yaml --dry-run=client | kubectl apply -f -"],
    &["kubectl create secret docker-registry s --docker-server=r.example.com --docker-username=me --docker-password=Zx9hunter2Qk7"],
    &["W=Zx9hunter2Qk7", "kubectl create secret generic s --from-literal=a=$W"],
    &["echo -n Zx9hunter2Qk7 > a.txt", "kubectl create secret generic s --from-file=a.txt"],
    &["echo Zx9hunter2Qk7 > a.txt; kubectl create secret generic s --from-file=k=a.txt --frobnicate"],
    &["cat > a.txt <<EOF", "Zx9hunter2Qk7", "EOF", "kubectl create secret generic s --from-env-file a.txt"],
    &["printf Zx9hunter2Qk7 | kubectl create secret generic s --from-file=k=/dev/stdin"],
    &["kubectl create secret generic s --from-literal=a=$(echo Zx9hunter2Qk7 | rev)"],
    &["kubectl set env statefulset/web X=Zx9hunter2Qk7 Y='Zx9hunter2Qk7'", "kubectl set env sts web -e Z=Zx9hunter2Qk7"],
    &["kubectl run p --image=nginx --env=X=Zx9hunter2Qk7 --env=\"Y=Zx9hunter2Qk7\" --env Z=Zx9hunter2Qk7"],
    &[
        "kubectl run p --image=nginx --overrides='{\"spec\":{\"containers\":[{\"name\":\"p\",\"image\":\"nginx\",\"env\":[{\"name\":\"X\",\"value\":\"Zx9hunter2Qk7\"}]}]}}'",
    ],
    &["kubectl annotate pod web-0 example.com/note=Zx9hunter2Qk7 note='Zx9hunter2Qk7'"],
    &[
        "kubectl patch secret s -p '{\"stringData\":{\"a\":\"Zx9hunter2Qk7\"}}'",
        "kubectl patch secret s -p \"{\\\"data\\\":{\\\"a\\\":\\\"Wng5aHVudGVyMlFrNw==\\\"}}\"",
    ],
    &["kubectl patch secret s --type=json -p='[{\"op\":\"replace\",\"path\":\"/data/a\",\"value\":\"Wng5aHVudGVyMlFrNw==\"}]'"],
    &[
        "kubectl patch sts web --type json -p '[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/env\",\"value\":[{\"name\":\"X\",\"value\":\"Zx9hunter2Qk7\"}]}]'",
    ],
    &["kubectl patch sts web -p '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"a\":\"Zx9hunter2Qk7\"}}}}}'"],
    &["kubectl apply -f - <<EOF", "apiVersion: v1", "kind: Secret", "metadata: {name: s}", "stringData:", "  a: Zx9hunter2Qk7", "EOF"],
    &["kubectl apply -f - <<'END'", "apiVersion: v1", "kind: Secret", "metadata: {name: s}", "stringData: {a: [Zx9hunter2Qk7", "END"],
    &["cat <<EOF > s.yaml", "kind: Secret", "data:", "  a: Wng5aHVudGVyMlFrNw==", "EOF"],
    &["echo 'apiVersion: v1", "kind: Secret", "metadata: {name: s}", "stringData: {a: Zx9hunter2Qk7}' | kubectl apply -f -"],
    &[
        "printf 'apiVersion: v1\\nkind: Secret\\nmetadata:\\n  name: s\\nstringData:\\n  a: Zx9hunter2Qk7\\n' > s.yaml",
        "kubectl apply -f s.yaml",
    ],
    &["echo -e \"apiVersion: v1\\nkind: Secret\\nmetadata:\\n  name: s\\nstringData:\\n  a: \\\"Zx9hunter2Qk7\\\"\" | kubectl apply -f -"],
    &[
        "kubectl exec web-0 -- sh -c 'mysql -uroot -pZx9hunter2Qk7 -e \"SET PASSWORD = 1\"'",
        "kubectl exec web-0 -- mysql --password Zx9hunter2Qk7",
    ],
    &[
        "curl -u me:Zx9hunter2Qk7 http://web",
        "curl http://me:Zx9hunter2Qk7@web/x?token=Zx9hunter2Qk7",
        "curl -H \"Authorization: Bearer Zx9hunter2Qk7\" web",
    ],
    &["export DB_PASSWORD=Zx9hunter2Qk7", "PGPASSWORD='Zx9hunter2Qk7' psql", "# password: Zx9hunter2Qk7"],
    &["kubectl exec web-0 -- psql -c \"ALTER USER me WITH PASSWORD 'Zx9hunter2Qk7'\""],
    &["kubectl create configmap c --from-literal=password=Zx9hunter2Qk7"],
    &[
        "kubectl create secret generic s --from-literal=a=Zx9hunter2Qk7",
        "echo Zx9hunter2Qk7",
        "echo Wng5aHVudGVyMlFrNw== | base64 -d",
        "echo 'see Zx9hunter2Qk7!'",
    ],
    &[
        "kubectl create secret generic s --from-literal=a=Zx9hunter2Qk7",
        "kubectl get secret s -o yaml > copy.yaml",
        "sed -i s/Wng5aHVudGVyMlFrNw==/eA==/ copy.yaml",
    ],
];

fn run(history: &mut History, lines: &[&str]) {
    for line in lines {
        history.act(Act::Line((*line).to_owned()), LANG);
        let to = history.present().now() + Span::seconds(2);
        history.run(to, || true);
    }
}

fn begun(manifest: &str, lines: &[&str]) -> History {
    let mut history = History::new(&setup(), manifest, LANG);
    run(&mut history, &[&command::apply()]);
    history.run(Time(40_000), || true);
    run(&mut history, lines);
    history.run(history.present().now() + Span::seconds(60), || true);
    history
}

/// The secret in the spellings that anybody would try.
fn find(text: &str) -> Option<&str> {
    [SECRET, ENCODED, ENCODED.trim_end_matches('='), "hunter2", "aHVudGVyMg"].into_iter().find(|form| text.contains(form))
}

fn stand(_: &str) -> Option<Sim> {
    None
}

/// What leaves the browser of a run, after it was looked through and read again.
fn spelled(history: &History) -> (String, History) {
    let Shared { history: shared, left_out } = history.shared();
    let text = link::write(&shared, "");
    assert_eq!(find(&text), None, "{text}\n{left_out:?}");
    assert_eq!(find(&left_out.join("\n")), None, "{left_out:?}");
    let read = link::read(&text, &setup(), LANG, &stand, || true);
    assert_eq!((read.unread, read.cut, read.differs), (0, false, false), "{text}");
    assert_eq!(
        link::write(&read.history.shared().history, ""),
        link::write(&read.history, "").as_str(),
        "what is left out once is left out"
    );
    (text, read.history)
}

fn pods(history: &History) -> Vec<String> {
    history.present().tables().pods().map(|pod| format!("{} {:?}", pod.meta.name, pod.status.phase)).collect()
}

#[test]
fn nothing_of_a_manifest_that_is_applied_or_only_edited_leaves() {
    for manifest in MANIFESTS {
        let applied = begun(manifest, &[]);
        let (text, read) = spelled(&applied);
        assert!(!applied.shared().left_out.is_empty(), "{manifest}");
        let hidden = read.present().manifest().to_owned();
        assert_eq!(hidden.lines().count(), manifest.lines().count(), "{text}");
        let errors = |text: &str| yaml::parse(text).iter().filter_map(yaml::Document::error).count();
        assert_eq!(errors(&hidden), errors(manifest), "{hidden}");
        assert_eq!(pods(&read), pods(&applied), "{hidden}");
        let said = |history: &History| history.present().terminal().lines().iter().map(|line| line.text.clone()).collect::<Vec<_>>();
        assert_eq!(said(&read), said(&applied), "{hidden}");
        let edited = History::new(&Setup::default(), manifest, LANG);
        spelled(&edited);
    }
}

#[test]
fn a_text_that_breaks_anywhere_keeps_nothing() {
    for manifest in MANIFESTS {
        let ends = manifest.char_indices().map(|(at, _)| at).filter(|at| at % 3 == 0);
        // An option and its value that are torn apart are two words.
        let is_option = |at: &usize| ["- -a\n", "- --password\n"].iter().any(|option| manifest[..*at].ends_with(option));
        let starts: Vec<usize> = manifest.match_indices('\n').map(|(at, _)| at + 1).filter(|at| !is_option(at)).collect();
        let cut = ends.map(|end| manifest[..end].to_owned());
        let torn = starts
            .iter()
            .flat_map(|at| ["\t}: [", "---x\n", "  - '", "{{ if }}\n"].map(|bad| format!("{}{bad}{}", &manifest[..*at], &manifest[*at..])));
        for text in cut.chain(torn) {
            let history = History::new(&Setup::default(), &text, LANG);
            let shared = link::write(&history.shared().history, "");
            assert_eq!(find(&shared), None, "{text}\n\n{shared}");
        }
    }
}

#[test]
fn nothing_that_is_typed_leaves() {
    for lines in SESSIONS {
        let history = begun(EXAMPLE, lines);
        let (text, read) = spelled(&history);
        assert!(!history.shared().left_out.is_empty(), "{text}");
        assert_eq!(pods(&read), pods(&history), "{lines:?}\n{text}");
        let failed = |history: &History| history.present().terminal().lines().iter().filter(|line| line.voice == Voice::Error).count();
        assert_eq!(failed(&read), failed(&history), "{lines:?}\n{text}");
        let (copied, _) = history.shared_terminal();
        assert_eq!(find(&copied), None, "{copied}");
    }
}

#[test]
fn nothing_that_is_typed_into_an_editor_leaves() {
    let saved = |line: &str, change: &dyn Fn(&str) -> String| {
        let mut history = begun(DATABASE, &[line]);
        let text = history.present().edits().expect("an editor").text.clone();
        history.save(&change(&text), LANG);
        history.run(history.present().now() + Span::seconds(60), || true);
        history
    };
    let other = base64::encode(b"Zx9hunter2Qk8");
    let history = saved("kubectl edit secret db", &|text| text.replacen(ENCODED, &other, 1));
    let (text, read) = spelled(&history);
    let key = |history: &History, key: &str| {
        let tables = history.present().tables();
        let secret = tables.find(Kind::Secret, "default", "db").expect("the Secret").encode();
        secret.text_at(&["data", key]).map(str::to_owned)
    };
    assert!(
        key(&read, "root") != key(&read, "user") && key(&read, "root") != key(&begun(read.present().manifest(), &[]), "root"),
        "{text}"
    );
    let history = saved("kubectl edit sts db", &|text| {
        text.replace("replicas: 2", "replicas: 3").replace(
            "      containers:\n",
            "      containers:\n      - name: two\n        image: nginx\n        env:\n        - name: X\n          value: Zx9hunter2Qk7\n",
        )
    });
    let (_, read) = spelled(&history);
    assert_eq!(pods(&read), pods(&history));
    assert_eq!(pods(&read).len(), 3);
}

#[test]
fn a_database_still_finds_its_password() {
    let history = begun(DATABASE, &["kubectl exec db-0 -- env", "kubectl get secret db -o yaml"]);
    let (text, read) = spelled(&history);
    assert_eq!(pods(&read), pods(&history));
    assert_eq!(pods(&read), ["db-0 Running", "db-1 Running"]);
    // The same value has the same word, also in base64.
    let word = "hidden-1";
    assert!(text.contains(&base64::encode(word.as_bytes())) && text.contains(&format!("user: {word}")), "{text}");
    assert_eq!(history.shared().left_out, ["secret/db root", "secret/db user"]);
    let (copied, _) = history.shared_terminal();
    assert_eq!(find(&copied), None, "{copied}");
    assert!(copied.contains("MYSQL_ROOT_PASSWORD=hidden-1"), "{copied}");
}

#[test]
fn what_the_page_brings_is_shared_as_it_is() {
    for example in Example::ALL {
        let lines = [
            "kubectl get pods -l app=nginx",
            "kubectl scale sts web --replicas=2",
            "kubectl delete pod web-0",
            "for i in 0 1; do kubectl exec web-$i -- sh -c 'echo $(hostname) > /data/x'; done",
        ];
        let history = begun(example.manifest(), &lines);
        let shared = history.shared();
        assert_eq!(shared.left_out, [""; 0]);
        assert_eq!(link::write(&shared.history, "a=b"), link::write(&history, "a=b"));
        let lines = history.present().terminal().lines().iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n");
        assert_eq!(history.shared_terminal(), (lines, Vec::new()));
    }
}

#[test]
fn what_lessons_and_seeds_type_is_shared_as_it_is() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let folders = ["src/page/lesson/course", "tests/seeds"].map(|folder| std::fs::read_dir(format!("{root}{folder}")).expect("a folder"));
    let mut files: Vec<_> = folders.into_iter().flatten().map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml"));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        let lines = text.lines().filter_map(|line| Some(line[line.find("kubectl ")?..].trim_end_matches(['"', '\'', '`', '}'])));
        let typed: String = lines.map(|line| format!("do 0 0 {}\n", link::escape(line))).collect();
        let run = link::read(&format!("ordinal 1\n{typed}"), &setup(), LANG, &stand, || true).history;
        assert_eq!(link::write(&run.shared().history, ""), link::write(&run, ""), "{}", file.display());
    }
}

#[test]
fn what_only_names_a_secret_stays() {
    let manifest = "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: a}
automountServiceAccountToken: false
imagePullSecrets:
- name: pull
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
  annotations: {deployment.kubernetes.io/revision: '3', sidecar.istio.io/inject: 'true'}
spec:
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: true
      containers:
      - name: web
        image: registry.example.com/web:1.2@sha256:4f1a9c
        command: [sh, -c, 'mkdir -p /data/web && exec web --port 80 -p 8080 --password=$(PASSWORD) -p$PASSWORD --user me']
        env:
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password, optional: true}}}
        - {name: PEERS, value: 'web-0.web:2379,web-1.web:2379'}
        - {name: PGDATA, value: /data/web/pgdata}
        - {name: REPLICAS, value: '3'}
        - {name: DEBUG, value: 'true'}
        - {name: EMPTY, value: ''}
        volumeMounts: [{name: data, mountPath: /data/web}]
      volumes:
      - name: token
        projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}
      - name: tls
        secret: {secretName: tls, items: [{key: tls.key, path: tls.key}]}
      - {name: password, secret: {secretName: password}}
      - name: data
        emptyDir: {}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  a: hello
  run.sh: |
    exec mysql -h db -u root -p\"$MYSQL_ROOT_PASSWORD\"
    export PGPASSWORD=\"$(cat /run/secrets/pw)\"
";
    let lines = [
        "kubectl get secret db -o jsonpath='{.data.password}' | base64 -d",
        "kubectl patch sts web -p '{\"spec\":{\"replicas\":2}}'",
        "kubectl exec web-0 -- sh -c 'echo $HOSTNAME > /data/web/x; cat /var/run/secrets/kubernetes.io/serviceaccount/token'",
        "kubectl logs -p web-0",
        "kubectl create secret generic empty",
        "kubectl label pod web-0 role=primary",
        "ssh root@host -p 22",
    ];
    let history = begun(manifest, &lines);
    let shared = history.shared();
    assert_eq!(shared.left_out, [""; 0]);
    assert_eq!(link::write(&shared.history, ""), link::write(&history, ""));
}

#[test]
fn branches_keep_what_they_have_in_common() {
    let mut history = begun(DATABASE, &["kubectl set env sts/db X=Zx9hunter2Qk7"]);
    history.seek(Time(41_000));
    assert!(history.act(Act::Line("kubectl create secret generic s --from-literal=a=Zx9hunter2Qk8".into()), LANG), "a branch begins");
    history.run(Time(120_000), || true);
    let (text, read) = spelled(&history);
    assert!(text.contains("| keep 2") && read.branches().len() == 2, "{text}");
    assert_eq!(pods(&read), pods(&history));
}

#[test]
fn short_values_are_left_out_behind_their_names() {
    let manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k9: abc, web: default}\n# k9: abc\n";
    let history = begun(manifest, &["echo k9=abc default abc"]);
    let (text, _) = spelled(&history);
    assert!(text.contains("{k9: hidden-1, web: hidden-2}") && text.contains("# k9: hidden-1"), "{text}");
    assert!(text.contains("echo k9=hidden-1 default abc"), "{text}");
}

#[test]
fn any_mixture_of_places_keeps_nothing() {
    for seed in 0..60 {
        let dice = Dice { seed };
        let mut drawn = 0;
        let mut pick = |most: usize| {
            drawn += 1;
            usize::try_from(dice.below(Purpose::Operation, 0, drawn, most as u64)).unwrap_or_default()
        };
        let documents: Vec<&str> = (0..=pick(3)).map(|_| MANIFESTS[pick(MANIFESTS.len())]).filter(|text| !text.starts_with('{')).collect();
        let mut manifest = documents.join("---\n");
        if pick(3) == 0 {
            let lines: Vec<usize> = manifest.match_indices('\n').map(|(at, _)| at + 1).collect();
            if !lines.is_empty() {
                manifest.insert_str(lines[pick(lines.len())], "\t]\n");
            }
        }
        let sessions: Vec<&str> = (0..pick(4)).flat_map(|_| SESSIONS[pick(SESSIONS.len())]).copied().collect();
        let history = begun(&manifest, &sessions);
        let text = link::write(&history.shared().history, "");
        assert_eq!(find(&text), None, "seed {seed}: {text}");
    }
}

#[test]
fn the_file_of_a_lesson_is_shared_without_its_secrets() {
    let history = begun(EXAMPLE, &[]);
    for manifest in MANIFESTS {
        let indented: String = manifest.lines().map(|line| format!("  {line}\n")).collect();
        let lesson = format!("title: {{en: A password}}\nmanifest: |\n{indented}claims: []\n");
        let (text, left_out) = history.shared_text(&lesson);
        assert_eq!(find(&text), None, "{text}");
        assert_eq!((text.lines().count(), left_out.is_empty()), (lesson.lines().count(), false), "{text}");
    }
    let mut seen = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/page/lesson/course")).expect("the course") {
        let path = file.expect("a file").path();
        let lesson = std::fs::read_to_string(&path).expect("a text");
        if path.extension().is_some_and(|end| end == "yaml") && !lesson.to_lowercase().contains("password") {
            assert_eq!(history.shared_text(&lesson), (lesson.clone(), Vec::new()), "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen} lessons");
}
