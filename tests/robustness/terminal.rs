//! Typed input: lines into the terminal of a playground with a running set, and incomplete lines.

use ordinal::base::time::Span;
use ordinal::playground::{MAX_TERMINALS, Playground};
use ordinal::sim::Setup;
use ordinal::text::Lang;

use crate::robustness::draw::{Draw, SCRAPS, mutated_text};

/// The most time for a line before the next one is typed, in virtual milliseconds.
const PATIENCE: usize = 20_000;
/// The most polls of a line in that time.
const MAX_LOOKS: u32 = 200;
/// The most lines typed one after the other.
const MAX_LINES: usize = 4;

const LANG: Lang = Lang::English;

/// Words with a meaning somewhere, by themselves or before another.
const WORDS: &[&str] = &[
    "-o",
    "yaml",
    "json",
    "wide",
    "name",
    "jsonpath={.items[*]}",
    "jsonpath={..}",
    "custom-columns=A:.b",
    "go-template={{.kind}}",
    "-w",
    "-A",
    "-n",
    "kube-system",
    "-l",
    "app=web",
    "app in (a,b)",
    "--field-selector",
    "metadata.name=web-0",
    "--sort-by",
    ".metadata.name",
    "-f",
    "-",
    "manifest.yaml",
    "/",
    ".",
    "--force",
    "--grace-period=0",
    "--grace-period=-1",
    "--wait=false",
    "--timeout=1s",
    "--timeout=-1s",
    "--cascade=orphan",
    "--dry-run=server",
    "--dry-run=client",
    "--all",
    "--replicas=3",
    "--replicas=-1",
    "--replicas=99999999999",
    "--type=json",
    "--type=merge",
    "-p",
    "{}",
    "[]",
    "null",
    "{\"spec\":null}",
    "[{\"op\":\"add\"}]",
    "--subresource=status",
    "--show-labels",
    "--for=delete",
    "--for=jsonpath={.spec}=1",
    "sts",
    "sts/web",
    "pod/web-0",
    "pods",
    "pvc",
    "nodes",
    "node-1",
    "svc/web",
    "all",
    "web",
    "web-0",
    "--",
    "sh",
    "-c",
    "--help",
    "--v=9",
    "--context",
    "--to-revision=0",
    "--to-revision=-1",
    "--selector=",
    "--output",
    "--port=0",
    "a=b",
    "a-",
    "a=b:NoSchedule",
    "--overwrite",
    "|",
    "||",
    "&&",
    "&",
    ";",
    ">",
    ">>",
    "<<EOF",
    "$(",
    ")",
    "$i",
    "grep",
    "wc",
    "xargs",
    "sleep",
    "set",
    "한글",
    "-é",
    "do",
    "done",
];

/// Shell lines, some of which never end by themselves.
const SHELL_LINES: &[&str] = &[
    "for i in 0 1 2; do kubectl delete pod web-$i --wait=false; done",
    "while true; do kubectl get pods; sleep 1; done",
    "kubectl get pods -o name | grep web | xargs -I{} kubectl describe {}",
    "kubectl get pods | awk '{print $1}' | sort | head -n 2 | wc -l",
    "watch kubectl get pods &",
    "sleep 100; echo $(kubectl get sts web -o jsonpath='{.spec.replicas}')",
    "cat <<EOF | kubectl apply -f -",
    "echo a > a.txt && cat a.txt | sed s/a/b/ || true",
    "kubectl exec web-0 -- sh -c 'hostname; cat /etc/hostname; while true; do sleep 1; done'",
    "while :; do :; done",
    "set -e; set a b; set +e; echo $1",
    "until false; do echo a >> a.txt; done",
    "x=$(kubectl get pods -w); echo \"$x\" | while read y; do echo $y; done",
    "playground unready pod web-0",
    "playground break image nginx",
];

/// A running playground, and lines that somebody once typed.
pub struct Terminal {
    start: Playground,
    lines: Vec<String>,
}

impl Terminal {
    /// Brings a manifest up.
    pub fn new(manifest: &str, lines: Vec<String>) -> Self {
        let mut start = Playground::new(&Setup::default(), manifest);
        start.type_line("kubectl apply -f manifest.yaml", LANG);
        start.run_until_quiet(|| true);
        assert!(start.tables().pods().count() > 0, "the manifest comes up");
        Terminal { start, lines }
    }

    /// Types a few lines, with time between them, and interrupts whatever still waits, in the background, too.
    pub fn try_lines(&self, draw: &mut Draw) {
        let mut playground = self.start.clone();
        if draw.below(4) == 0 {
            let manifest = mutated_text(draw, playground.manifest());
            playground.edit(manifest, LANG);
            playground.type_line("kubectl apply -f manifest.yaml", LANG);
        }
        for _ in 0..=draw.below(MAX_LINES) {
            if draw.below(6) == 0 {
                playground.choose_tab(draw.below(MAX_TERMINALS + 1));
            }
            let line = self.line(draw);
            let mut cursor = draw.below(line.len() + 1);
            while !line.is_char_boundary(cursor) {
                cursor -= 1;
            }
            playground.completed(&line[..cursor]);
            playground.type_line(&line, LANG);
            let until = playground.now() + Span(u64::try_from(draw.below(PATIENCE)).expect("a small number"));
            let mut looks = 0;
            playground.run(until, || {
                looks += 1;
                looks < MAX_LOOKS
            });
        }
        for tab in 0..playground.tabs().0 {
            playground.choose_tab(tab);
            playground.interrupt();
            // The first ends what is in the foreground.
            playground.interrupt();
        }
        assert!(!playground.is_busy());
        playground.type_line("kubectl get pods", LANG);
        assert!(!playground.is_busy(), "it answers again");
    }

    /// A line that somebody once typed, with words and characters changed; occasionally arbitrary bytes.
    fn line(&self, draw: &mut Draw) -> String {
        if draw.below(16) == 0 {
            let bytes: Vec<u8> = (0..draw.below(60)).map(|_| u8::try_from(draw.below(256)).expect("a byte")).collect();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return if draw.below(2) == 0 { text } else { format!("kubectl {text}") };
        }
        let in_shell = draw.below(8) == 0;
        let line = if in_shell { draw.pick(SHELL_LINES) } else { draw.pick(&self.lines).as_str() };
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for _ in 0..draw.below(4) {
            let at = draw.below(words.len());
            match draw.below(6) {
                0 if words.len() > 1 => drop(words.remove(at)),
                1 => words.insert(at, draw.pick(WORDS).to_string()),
                2 => words[at] = draw.pick(WORDS).to_string(),
                3 => words[at] = mutated_text(draw, &words[at]),
                4 => words.insert(at + 1, draw.pick(&self.lines).split(' ').next_back().unwrap_or_default().to_owned()),
                _ => words[at] = draw.pick(SCRAPS).to_string(),
            }
        }
        let line = words.join(" ");
        let line = if draw.below(8) == 0 { mutated_text(draw, &line) } else { line };
        if in_shell || draw.below(16) == 0 { line } else { format!("kubectl {line}") }
    }
}
