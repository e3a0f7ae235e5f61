//! A stuck cluster that is brought along.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::link::saved;
use crate::page::{DESKTOP, PHONE, Page, dist};
use crate::screens::shoot;
use crate::secrets::{SECRETS, holds_none, shared};

/// A recorded stuck cluster, as kubectl printed it in one of its forms.
fn recorded(case: &str, form: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diagnose").join(case);
    std::fs::read_to_string(folder.join(form)).expect("a recording")
}

/// Puts a text into the box and asks.
fn paste(page: &Page, text: &str) {
    page.js("document.getElementById('empty-box')?.click()");
    page.fill("#dump", text);
    page.click("#find-cause");
    page.until("document.querySelector('.found') && !document.querySelector('.stuck-out .nothing')");
}

const CAUSE: &str = "document.querySelector('.found')?.dataset.cause";

pub fn a_door_a_key_and_the_manifest_lead_there(page: &Page) {
    page.visit_first();
    page.click(".doors .door:nth-of-type(2)");
    page.until("document.activeElement.id === 'dump'");
    page.press("Escape");
    page.until("!document.getElementById('stuck').open");
    let focused = page.js("return document.activeElement.id");
    assert_eq!(focused, "lessons", "the focus stays on the page when the door has gone");
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    paste(page, "web    3/3     5m\n\n3s    Warning   Flummoxed   pod/web-0   the flux is out of phase");
    let first = "return document.querySelector('.stuck-out > *').innerText";
    assert!(
        page.js(first).as_str().is_some_and(|said| said.starts_with("Not read") && said.contains("line 3: ")),
        "what is not read is first"
    );
    page.check_accessible();
    page.press("Escape");
    page.press("y");
    let dump = recorded("07-no-default-class", "cluster.yaml");
    page.fill("#manifest", &dump);
    page.until("document.getElementById('bring')");
    page.click("#bring");
    page.until(&format!("{CAUSE} === 'claim-pending'"));
}

/// A set beside which the page's example has as many pods, with names of its own.
const OTHER: &str = "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: zk}
spec:
  serviceName: zk
  replicas: 3
  selector: {matchLabels: {app: zk}}
  template:
    metadata: {labels: {app: zk}}
    spec:
      containers: [{name: zk, image: registry.k8s.io/pause:3.10}]
";

/// The heads of the columns, as they are seen.
const HEADS: &str = "[...document.querySelectorAll('.heading-cell ul')].map(head => head.innerText.replace(/\\s/g, ''))";

pub fn a_manifest_that_is_brought_up_has_its_own_heads_of_columns(page: &Page) {
    page.run_until_quiet();
    page.until(&format!("{HEADS}[0]?.startsWith('web-0')"));
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    page.fill("#dump", OTHER);
    page.click("#find-cause");
    page.until("document.getElementById('bring-up')");
    page.click("#bring-up");
    page.until("document.querySelector('.object h1').textContent.includes('zk')");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 3");
    let heads = page.js(&format!("return {HEADS}"));
    let own = |(at, head): (usize, &serde_json::Value)| {
        head.as_str().is_some_and(|head| head.starts_with(&format!("zk-{at}")) && !head.contains("web"))
    };
    assert!(heads.as_array().is_some_and(|heads| heads.len() == 3 && heads.iter().enumerate().all(own)), "{heads}");
    assert_eq!(
        page.js("return document.querySelector('.heading-cell').dataset.link"),
        "pod/zk-0",
        "what is pointed at in another pane lights up there"
    );
}

/// The family of the first verdict, where the card of a manifest stands before it.
const CAUSE_OF_SET: &str = "document.querySelector('.found[data-cause]')?.dataset.cause";

pub fn a_manifest_is_tried_in_a_new_cluster_and_what_is_refused_has_its_line(page: &Page) {
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    let apart = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                 labelSelector: {matchLabels: {app: zk}}}]}}\n      containers:";
    let crowded = OTHER.replace("replicas: 3", "replicas: 4").replace("      containers:", apart);
    paste(page, &crowded);
    page.until(&format!("{CAUSE_OF_SET} === 'no-node-fits'"));
    let said = page.text(".stuck-out");
    for says in
        ["a new cluster of 3 nodes", "Argo CD: Progressing (waits): Waiting for 1 pods to be ready...", "kubectl -n default scale sts zk"]
    {
        assert!(said.contains(says), "{says} in {said}");
    }
    assert_eq!(
        page.js("return document.querySelectorAll('.try-cure').length"),
        0,
        "no cluster was pasted in which a cure could be watched"
    );
    shoot(page, "stuck-manifest");
    page.click("#bring-up");
    page.run_until_quiet();
    page.until("document.querySelector('.object h1').textContent.includes('zk')");
    let nodes =
        "return [...document.querySelectorAll('#cluster [role=rowheader]')].filter(head => head.innerText.startsWith('node-')).length";
    assert_eq!(page.js(nodes), 3, "no node was added unasked");
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    paste(page, &OTHER.replace("replicas: 3", "replicas: three"));
    page.until(&format!("{CAUSE_OF_SET} === 'refused-update'"));
    page.until("document.querySelector('.stuck-out').innerText.includes('line 6: ')");
}

pub fn cause_and_cure_of_a_paste_are_read_without_scrolling(page: &Page) {
    page.press("k");
    page.js("document.getElementById('stuck-examples').focus()");
    page.choose("#stuck-examples", "claim-pending");
    page.until(&format!("{CAUSE} === 'claim-pending'"));
    paste(page, &recorded("24-node-silent-terminating", "tables.txt"));
    page.draws(".found", &["Next", "kubectl "]);
    for (case, cause) in [
        ("01-rollback-trap-image", "rollback-trap"),
        ("13-pinned-deleted-node", "volume-elsewhere"),
        ("16-memory-taken", "no-node-fits"),
        ("24-node-silent-terminating", "node-silent"),
        ("26-pod-finalizer", "held-by-finalizer"),
    ] {
        paste(page, &recorded(case, "cluster.yaml"));
        page.until(&format!("{CAUSE} === '{cause}'"));
        let sight = "const cure = document.querySelector('.found li .shell').getBoundingClientRect(); return cure.bottom <= innerHeight";
        page.in_all_letters(|letters| assert_eq!(page.js(sight), true, "{case}, {letters}"));
        if cause == "no-node-fits" {
            page.check_accessible();
        }
        shoot(page, &format!("41-{case}"));
    }
    page.resize(PHONE.0, PHONE.1);
    page.check_accessible();
    let said = "return document.querySelector('.found .shell').getBoundingClientRect().top < innerHeight";
    assert_eq!(page.js(said), true, "what is wrong is read on a telephone, and that a command follows");
    let wide = "return document.querySelector('.stuck-body').scrollWidth <= innerWidth";
    page.in_all_letters(|letters| assert_eq!(page.js(wide), true, "nothing is cut on a telephone, {letters}"));
}

/// Texts that are no dump, and words of the quote, the meaning and the next command.
const READ: [(&str, &str, [&str; 3]); 2] = [
    (
        "log",
        "redis-1 does not come up\n\nNAME      READY   STATUS             RESTARTS   AGE\nredis-1   0/1     CrashLoopBackOff   5          4m\n\n\
         $ kubectl logs redis-1\n1:C 11 Jan 2024 08:00:11.120 # Fatal error, can't open config file '/etc/redis.conf': No such file or directory\n",
        ["can't open config file", "is not in the container", "kubectl "],
    ),
    (
        "event",
        "3s    Warning   FailedAttachVolume   pod/web-0   Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) old-5d8f-x2v8q\n",
        ["already used by pod(s)", "in use by pod old-5d8f-x2v8q", "kubectl get volumeattachments"],
    ),
];

pub fn quote_meaning_and_next_command_of_a_text_are_in_sight(page: &Page) {
    page.press("k");
    for (name, text, words) in READ {
        paste(page, text);
        page.draws(".found", &words);
        for size in [PHONE, DESKTOP] {
            page.resize(size.0, size.1);
            let sight = "const all = document.querySelector('.found .shell').getBoundingClientRect(); return all.bottom <= innerHeight";
            assert_eq!(page.js(sight), true, "{name}, {size:?}: the next command is in sight");
            page.check_accessible();
        }
        shoot(page, &format!("42-{name}"));
        page.resize(DESKTOP.0, DESKTOP.1);
    }
}

pub fn a_file_that_is_dropped_on_a_first_visit_is_diagnosed_and_ends_its_story(page: &Page) {
    page.visit_first();
    let dump = serde_json::to_string(&recorded("52-partition", "cluster.yaml")).expect("JSON");
    page.js(&format!(
        "const data = new DataTransfer(); data.items.add(new File([{dump}], 'dump.yaml'));
         dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, cancelable: true }}))"
    ));
    page.until(&format!("{CAUSE} === 'partition' && !document.documentElement.hasAttribute('data-first')"));
}

/// A recorded cluster with a secret in every container of the set, its revisions and its pods, which stay the same as one another.
fn with_secret(case: &str, secret: &str) -> String {
    let planted = |line: &str| match line.find("- image: postgres") {
        Some(at) => {
            let blanks = " ".repeat(at + 2);
            format!(
                "{line}\n{blanks}args: [--password, {secret}, 'mysql://me:{secret}@db/x']\n{blanks}env: [{{name: X, value: {secret}}}]\n"
            )
        }
        None => format!("{line}\n"),
    };
    let dump: String = recorded(case, "cluster.yaml").lines().map(planted).collect();
    assert!(dump.contains(secret));
    dump
}

pub fn a_cure_is_watched_beside_the_cluster_without_it_and_shared_without_what_is_private(page: &Page) {
    let secret = SECRETS[0];
    page.press("k");
    paste(page, &with_secret("01-rollback-trap-image", secret));
    assert!(!page.text(".stuck-out").contains(secret));
    page.js("dispatchEvent(new Event('pagehide'))");
    holds_none(&page.js("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])").to_string());
    page.pace(5);
    page.js("document.querySelector('.try-cure').focus()");
    page.press("Enter");
    page.until("document.querySelector('.terminal-log').innerText.includes('$ kubectl -n shop delete pod orders-db-2')");
    page.until("document.querySelector('.object h1').textContent.includes('3 of 3 Ready')");
    assert!(page.text(".matrix").contains("branch 1"), "the cluster without the cure stands beside");
    // The word may break between its parts.
    assert!(page.text(".matrix").replace('\u{200b}', "").contains("ImagePullBackOff"), "and is stuck there");
    page.check_accessible();
    shoot(page, "41-cure");
    page.type_line(&format!("kubectl -n shop annotate sts orders-db note={secret}"));
    page.run_until_quiet();
    let (link, text) = shared(page);
    holds_none(&text);
    assert!(!text.contains("last-applied"));
    holds_none(&saved(page));
    page.press("Escape");
    page.open("about:blank");
    page.open(&link);
    page.until("document.querySelector('.object h1')?.textContent.includes('3 of 3 Ready')");
    assert!(page.text(".matrix").contains("branch 1"));
}

/// `ordinal diagnose --open` on a recorded cluster, and the address that it prints; it ends with its owner.
struct Opened(Child, String);

impl Opened {
    fn of(case: &str) -> Opened {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let dump = root.join("tests/data/diagnose").join(case).join("cluster.yaml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordinal"));
        command.arg("diagnose").arg(dump).args(["--open", "--page"]).arg(dist());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
        let printed = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let address = printed.filter(|line| line.starts_with("http://")).find(|line| line.ends_with("#cluster"));
        Opened(child, address.expect("an address"))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

pub fn a_cluster_that_the_program_opens_stands_and_takes_a_cure(page: &Page) {
    page.prepare("localStorage.clear()");
    let opened = Opened::of("01-rollback-trap-image");
    page.open(&opened.1);
    page.until(&format!("document.getElementById('stuck')?.open && {CAUSE} === 'rollback-trap'"));
    page.check_accessible();
    shoot(page, "54-opened");
    page.press("Escape");
    page.until("!document.getElementById('stuck').open");
    assert!(page.text(".object h1").contains("orders-db"), "the cluster stands without a cure: {}", page.text(".object h1"));
    assert!(page.text(".matrix").replace('\u{200b}', "").contains("ImagePullBackOff"));
    shoot(page, "54-stands");
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    page.pace(5);
    page.click(".try-cure");
    page.until("document.querySelector('.object h1').textContent.includes('3 of 3 Ready')");
    let home = opened.1.split(['?', '#']).next().expect("an address");
    let strangers: Vec<String> = page.requested().into_iter().filter(|url| !url.starts_with(home)).collect();
    assert!(strangers.is_empty(), "what was read stays on this machine: {strangers:?}");
}

/// What the page does while it reads, in its longest task, in milliseconds.
const LONGEST: &str = "Math.max(0, ...longest)";

pub fn a_long_dump_is_read_without_freezing_the_page(page: &Page) {
    const MOST: f64 = 400.0;
    // Many clusters in one text, longer than a box can show.
    let clusters = ["07-no-default-class", "13-pinned-deleted-node", "16-memory-taken", "26-pod-finalizer", "52-partition"];
    let dump: String = clusters.iter().map(|case| recorded(case, "cluster.yaml") + "\n---\n").collect();
    let text = serde_json::to_string(&dump).expect("JSON");
    page.press("k");
    page.js(&format!(
        "longest = []; new PerformanceObserver(list => longest.push(...list.getEntries().map(e => e.duration))).observe({{ type: 'longtask' }});
         const data = new DataTransfer(); data.setData('text/plain', {text});
         document.getElementById('dump').dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}))"
    ));
    page.until("document.querySelectorAll('.found').length > 4");
    let lines = dump.lines().count();
    assert!(page.text(".held").contains(&lines.to_string()), "the page says how much it holds");
    let longest = page.js(&format!("return {LONGEST}")).as_f64().expect("milliseconds");
    println!("stuck: {} kB pasted, longest task {longest} ms", dump.len() / 1000);
    assert!(longest < MOST, "a task of {longest} ms");
    page.check_accessible();
    page.click("#empty-box");
    page.until("document.activeElement.id === 'dump' && !document.querySelector('.found')");
}

pub fn what_was_assumed_can_be_supposed_otherwise_with_keys_only(page: &Page) {
    const SUPPOSE: &str = "[...document.querySelectorAll('.suppose')].find(e => e.parentElement.innerText.includes('cannot be pulled'))";
    page.press("k");
    page.until("document.activeElement.id === 'dump'");
    let text = serde_json::to_string(&recorded("34-parallel-bad-image", "cluster.yaml")).expect("JSON");
    page.js(&format!("document.getElementById('dump').value = {text}"));
    page.press("Control+Enter");
    page.until(&format!("{CAUSE} === 'container-fails'"));
    let reach = |what: &str| {
        for _ in 0..80 {
            if page.js(&format!("return {what}")) == true {
                return;
            }
            page.press("Tab");
        }
        panic!("Tab never comes to {what}");
    };
    reach("document.activeElement.matches('summary')");
    page.press("Enter");
    reach(&format!("document.activeElement === {SUPPOSE}"));
    page.press("Enter");
    page.until(&format!("document.querySelector('.found') && {CAUSE} !== 'container-fails'"));
    assert!(page.text(".stuck-out").contains("can be pulled now"), "what is supposed instead is told");
    page.check_accessible();
    page.js(&format!("{SUPPOSE}.focus()"));
    page.press("Enter");
    page.until(&format!("{CAUSE} === 'container-fails'"));
}
