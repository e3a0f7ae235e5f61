//! Runs that ask for too much, as the text that a link or a file carries: those that are read without a browser, and by their names some
//! that a browser opens, too.

use ordinal::causes::command;
use ordinal::playground::EXAMPLE;
use ordinal::playground::history::link::escape;

/// Two weeks, the longest run.
const END: &str = "end 1209600000";

/// A run, and what it is called.
pub type Named = (&'static str, String);

/// A run that applies a manifest.
pub fn applied(manifest: &str, rest: &str) -> String {
    format!("ordinal 1\nseed 1\nedit {}\ndo 100 0 {}\n{rest}", escape(manifest), command::apply())
}

/// A run of the example in which this is typed after a minute.
fn typed(line: &str) -> String {
    applied(EXAMPLE, &format!("do 60000 0 {line}\n{END}\nat 120000"))
}

/// A run of so many pods, on so many nodes more than usual.
pub fn pods(replicas: usize, policy: &str, nodes: usize, end: u32, at: u32) -> String {
    let manifest = EXAMPLE.replace("replicas: 3", &format!("replicas: {replicas}")).replace("OrderedReady", policy);
    let more = if nodes > 0 { format!("do 0 0 playground add nodes {nodes}\n") } else { String::new() };
    applied(&manifest, &format!("end {end}\nat {at}")).replacen("\ndo ", &format!("\n{more}do "), 1)
}

/// Links that ask for much.
pub fn large() -> Vec<Named> {
    let many = |replicas, policy| pods(replicas, policy, 28, 600_000, 600_000);
    let branches = (2..=16).map(|id| format!("| branch {id} 1 0 0\n| keep 10000\n| end 60000\n"));
    vec![
        ("3,000 pods at once", pods(3000, "Parallel", 28, 60_000, 60_000)),
        ("3,000 pods at once, seen in the past", pods(3000, "Parallel", 28, 120_000, 20_000)),
        ("3,000 pods one by one", pods(3000, "OrderedReady", 28, 200_000_000, 200_000_000)),
        ("3,000 pods on three nodes", pods(3000, "Parallel", 0, 60_000, 60_000)),
        ("a billion pods", many(1_000_000_000, "Parallel")),
        ("a billion pods one by one", many(1_000_000_000, "OrderedReady")),
        ("an instant of a trillion years", applied(EXAMPLE, &format!("do 9{0} 0 kubectl get pods\nend 9{0}\nat 9{0}", "0".repeat(18)))),
        ("a billion nodes", typed("playground add nodes 1000000000; playground add nodes 247")),
        ("20,000 lines typed", applied(EXAMPLE, &"do 60000 0 kubectl get pods\n".repeat(20_000))),
        ("100,000 branches", applied(EXAMPLE, &"| branch 1\n".repeat(95_000))),
        ("16 branches of 10,000 lines", format!("branch 1\n{}{}", "do 500 0 a\n".repeat(10_000), branches.collect::<String>())),
    ]
}

/// Scripts that never end, or grow for ever.
pub fn scripts() -> Vec<Named> {
    let script = "while true; do x=$x$x.; echo $x; done";
    let inside =
        EXAMPLE.replace("        image: nginx:1.27\n", &format!("        image: busybox\n        command: [sh, -c, '{script}']\n"));
    vec![
        ("a loop without end", typed("while true; do kubectl get pods; done")),
        ("loops within a loop", typed("while true; do while true; do :; done; done")),
        ("a text that doubles", typed("x=aaaaaaaaaa; while true; do x=$x$x; done")),
        ("files that grow", typed("x=aaaaaaaaaa; while true; do x=$x$x; echo $x > f; cat f f f f > g; done")),
        ("a function that calls itself twice", typed("f() { f; f; }; f")),
        ("a fork bomb", typed("f() { f & f & }; f")),
        ("a billion words", typed("echo {1..1000}{1..1000}{1..1000}; printf %1000000000d 1; seq 1000000000")),
        ("a pattern that tries everything", typed("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep -E '(a|a)*(a|a)*(a|a)*b'")),
        ("a container that never rests", applied(&inside, END)),
    ]
}

/// Manifests of any shape.
pub fn manifests() -> Vec<Named> {
    let shown = |manifest: &str| applied(manifest, "end 60000\nat 60000");
    let laughs = (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(",")));
    let map = |n: usize| format!("kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: c-{n}\ndata:\n  key: value\n");
    let listed = |n: usize| format!("- kind: ConfigMap\n  apiVersion: v1\n  metadata: {{name: c-{n}, namespace: n-{n}}}\n");
    vec![
        ("a billion laughs", shown(&format!("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n{}", laughs.collect::<String>()))),
        ("lists 500,000 deep", shown(&format!("a: {}", "[".repeat(500_000)))),
        ("maps 1,000 deep", shown(&(0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>())),
        ("a name of 900,000 letters", shown(&map(0).replace("c-0", &"a".repeat(900_000)))),
        ("24,000 lines", shown(&(0..3500).map(|n| format!("{}---\n", map(n))).collect::<String>())),
        ("24,000 lines that are refused", shown(&(0..3500).map(|n| format!("{}---\n", map(n).replace("c-", "C_"))).collect::<String>())),
        (
            "5,000 namespaces that are missing",
            shown(&format!("kind: List\napiVersion: v1\nitems:\n{}", (0..5000).map(listed).collect::<String>())),
        ),
    ]
}
