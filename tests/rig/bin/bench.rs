//! Benchmarks: events per second and the CPU time of creating a set, by its size.
//!
//! `cargo run --release --bin bench` prints, for ordered and for parallel creation and for disks of the nodes and network disks, the best
//! of a few runs at 10, 100, 1,000 and 5,000 replicas, and the exponent of the time's growth between the last two. Machines are noisy:
//! compare two builds in one sitting, and look at the exponent rather than at a single figure.
//! It then prints the cost of drawing each part of the page; and, for runs of 100 to 5,000 pods, each in a process of its own, the memory
//! taken by a run with its past and the cost of seeking in it.
//!
//! `bench figures` prints a few of these in the lines that `cargo dev measure` reads.
//!
//! `bench 100` leaves out what is larger than 100. `bench create OrderedReady 1000` does a single creation and nothing else: count its
//! instructions (`valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*::live' …`), which no other load moves.

#![expect(clippy::cast_precision_loss, reason = "figures to be read by people, of far fewer than 2^52 events")]

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use ::cluster::timing::Timing;
use api::client::{Client, WriteOptions};
use api::kind::Kind;
use api::object::NamespacedName;
use base::time::Time;
use playground::history::{Act, History};
use sim::setup::ClassSetup;
use sim::{Setup, Sim};
use text::Lang;
use view::{cluster, dns, side, storage, why};

/// A model of many small objects asks for memory all the time: this allocator takes a third of the standard one's instructions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The numbers of replicas, one per row.
const SIZES: [i64; 4] = [10, 100, 1000, 5000];
/// How often each row is measured; the best run counts.
const RUNS: usize = 3;
/// The most pods on a node.
const PODS_PER_NODE: i64 = 110;

/// A wide cluster: the numbers of replicas and nodes.
const WIDE: (i64, i64) = (1000, 50);

const MANIFEST: &str = "
apiVersion: v1
kind: Service
metadata: {name: nginx, labels: {app: nginx}}
spec: {clusterIP: None, selector: {app: nginx}, ports: [{port: 80, name: web}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: nginx
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      containers:
      - name: nginx
        image: nginx:1.27
        ports: [{containerPort: 80, name: web}]
        readinessProbe: {httpGet: {path: /, port: 80}}
        volumeMounts: [{name: www, mountPath: /var/cache/nginx}]
  volumeClaimTemplates:
  - metadata: {name: www}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

/// The cost of a run.
struct Cost {
    events: u64,
    cpu: Duration,
    virtual_seconds: u64,
}

impl Cost {
    fn print(&self, replicas: i64, remark: &str) {
        let seconds = self.cpu.as_secs_f64();
        let (ms, rate) = (seconds * 1000.0, self.events as f64 / seconds);
        println!("{replicas:>10} {:>10} {ms:>9.1} {rate:>10.0} {:>11}{remark}", self.events, self.virtual_seconds);
    }
}

/// This thread's CPU time, if the system reports it; otherwise wall time.
fn cpu_time(begin: Instant) -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|t| t.split_whitespace().next()).and_then(|t| t.parse().ok());
    nanos.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

/// The number of nodes that these replicas need.
fn nodes_for(replicas: i64) -> i64 {
    replicas / PODS_PER_NODE + 3
}

/// A cluster and a way of creating a set in it.
struct Manner {
    policy: &'static str,
    class: fn() -> ClassSetup,
    /// The recordings' stand-ins for nodes attach nothing; the page's nodes do.
    timing: fn() -> Timing,
    name: &'static str,
}

/// What is measured.
const MANNERS: [Manner; 4] = [
    Manner { policy: "OrderedReady", class: ClassSetup::local_path, timing: Timing::recording, name: "OrderedReady" },
    Manner { policy: "Parallel", class: ClassSetup::local_path, timing: Timing::recording, name: "Parallel" },
    Manner { policy: "Parallel", class: ClassSetup::local_path, timing: Timing::workstation, name: "Parallel, the page's nodes" },
    Manner { policy: "Parallel", class: ClassSetup::network_disk, timing: Timing::workstation, name: "Parallel, network disks" },
];

/// Lives until the cluster is quiet; by itself, so that a profiler can tell it from what comes before.
#[inline(never)]
fn live(sim: &mut Sim) {
    while sim.step() {}
}

/// Creates a set of this size on these nodes and runs until the cluster is quiet.
fn run(replicas: i64, nodes: i64, manner: &Manner) -> Result<Cost, String> {
    let (nodes, class) = ((1..=nodes).map(|n| format!("node-{n}").into()).collect(), (manner.class)());
    let default_class = class.name.clone();
    let setup = Setup { nodes, classes: vec![class], default_class, timing: (manner.timing)(), ..Setup::default() };
    let mut sim = Sim::new(&setup);
    for document in yaml::parse(MANIFEST) {
        let Some(mut object) = document.value else { continue };
        let kind = object.text_at(&["kind"]).and_then(Kind::named).ok_or("a kind")?;
        if kind == Kind::StatefulSet {
            object.set(&["spec", "replicas"], replicas);
            object.set(&["spec", "podManagementPolicy"], manner.policy);
        }
        sim.create(kind, "default", &object, &WriteOptions::default()).map_err(|status| status.message)?;
    }
    let begin = Instant::now();
    let before = cpu_time(begin);
    live(&mut sim);
    let cpu = cpu_time(begin).saturating_sub(before);
    let ready = sim.tables().stateful_set("default", "web").map_or(0, |set| set.status.ready);
    if ready != replicas {
        return Err(format!("{ready} of {replicas} pods became ready by {}", sim.now()));
    }
    Ok(Cost { events: sim.steps(), cpu, virtual_seconds: sim.now().seconds() })
}

fn best(replicas: i64, nodes: i64, manner: &Manner) -> Result<Cost, String> {
    let costs = (0..RUNS).map(|_| run(replicas, nodes, manner)).collect::<Result<Vec<_>, _>>()?;
    costs.into_iter().min_by_key(|c| c.cpu).ok_or_else(|| "no run".to_owned())
}

/// The sizes at which drawing is measured.
const DRAWN_SIZES: [i64; 3] = [100, 1000, 5000];
/// How often each part is drawn.
const DRAWINGS: u32 = 50;

/// A set of this size, and the run that created it, as on the page.
fn history(replicas: i64, policy: &str) -> History {
    let manifest =
        MANIFEST.replace("serviceName: nginx", &format!("serviceName: nginx\n  replicas: {replicas}\n  podManagementPolicy: {policy}"));
    let nodes = (1..=nodes_for(replicas)).map(|n| format!("node-{n}").into()).collect();
    let mut history = History::new(&Setup { nodes, ..Setup::default() }, &manifest, Lang::English);
    history.act(Act::Line("kubectl apply -f manifest.yaml".to_owned()), Lang::English);
    history
}

/// This process's resident memory in MB of a million bytes; 0 if the system does not report it.
fn resident() -> f64 {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = told.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0 / 1e6
}

/// Prints the cost of drawing each part of the page while a set comes up, in microseconds.
fn draw(replicas: i64) {
    let mut history = history(replicas, "OrderedReady");
    // Two thirds of them exist by then.
    history.run(Time(u64::try_from(replicas).unwrap_or_default() * 1200), || true);
    let playground = history.present();
    let shot = playground.snapshot(Lang::English);
    let web = NamespacedName::of("default", "web");
    let shown = Some(&web);
    let time = |name: &str, part: &dyn Fn()| {
        let begin = Instant::now();
        for _ in 0..DRAWINGS {
            part();
        }
        print!(" {name} {:.0}", begin.elapsed().as_secs_f64() * 1e6 / f64::from(DRAWINGS));
    };
    print!("{replicas:>6} pods, µs:");
    time("cluster", &|| drop(cluster::project(&shot, shown)));
    time("side", &|| side::add(&mut cluster::Cluster::default(), &shot, None));
    time("why", &|| drop(why::project(&shot, shown, None, None)));
    time("dns", &|| drop(dns::project(&shot, shown)));
    time("storage", &|| drop(storage::project(&shot, shown)));
    time("next", &|| drop(playground.ahead()));
    time("checkpoint", &|| drop(playground.clone()));
    println!();
}

/// The sizes at which seeking is measured.
const SEEK_SIZES: [i64; 3] = [100, 1000, 5000];
/// The number of seeks.
const SEEKS: u64 = 41;

/// Creates a set through the terminal, and seeks to instants all over its past; prints the median and the worst time.
fn seek(replicas: i64, policy: &str) {
    let held = resident();
    let mut history = history(replicas, policy);
    let before = cpu_time(Instant::now());
    history.run_until_quiet(|| true);
    let lived = cpu_time(Instant::now()).saturating_sub(before);
    let held = resident() - held;
    let (end, events) = (history.present().now().0, history.present().sim().steps());
    let once = |part: u64| {
        let begin = Instant::now();
        let before = cpu_time(begin);
        // Back and forth, so that hardly any instant is near the previous one.
        history.seek(Time(end * (part * 17 % SEEKS) / SEEKS));
        cpu_time(begin).saturating_sub(before)
    };
    let mut costs: Vec<Duration> = (0..SEEKS).map(once).collect();
    costs.sort();
    let ms = |cost: Duration| cost.as_secs_f64() * 1000.0;
    println!(
        "{policy:>12} {replicas:>6} pods, {events} events in {:.0} ms with checkpoints: {held:.0} MB; a seek takes {:.1} ms, at worst {:.1} ms",
        ms(lived),
        ms(costs[costs.len() / 2]),
        costs.last().copied().map_or(0.0, ms)
    );
}

/// Measures a run in a fresh process.
fn seek_apart(replicas: i64, policy: &str) -> Result<(), String> {
    let run = std::env::current_exe().and_then(|own| Command::new(own).args(["seek", policy, &replicas.to_string()]).status());
    run.map_err(|error| error.to_string()).and_then(|status| if status.success() { Ok(()) } else { Err(status.to_string()) })
}

/// The sizes of which `figures` prints the cost.
const FIGURES: [i64; 2] = [1000, 5000];

/// Prints what a creation costs, as `cargo dev measure` reads it (`src/bin/dev/measure.rs`).
fn figures() -> Result<(), String> {
    for manner in &MANNERS[..2] {
        for replicas in FIGURES {
            let cost = best(replicas, nodes_for(replicas), manner)?;
            let (seconds, what) = (cost.cpu.as_secs_f64(), format!("the engine, {replicas} pods, {}", manner.name));
            println!("measured: {what}: CPU time = {:.1} ms", seconds * 1000.0);
            println!("measured: {what}: events a second = {:.0}", cost.events as f64 / seconds);
        }
    }
    Ok(())
}

fn main() -> Result<(), String> {
    rules::plug();
    verbs::plug();
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [seeks, policy, replicas] = words.as_slice()
        && seeks == "seek"
    {
        seek(replicas.parse().map_err(|_| format!("{replicas} is not a number"))?, policy);
        return Ok(());
    }
    if let [create, policy, replicas] = words.as_slice()
        && create == "create"
    {
        let replicas = replicas.parse().map_err(|_| format!("{replicas} is not a number"))?;
        let manner = MANNERS.iter().find(|m| m.name == policy).ok_or_else(|| format!("{policy} is not measured"))?;
        run(replicas, nodes_for(replicas), manner)?.print(replicas, "");
        return Ok(());
    }
    if words == ["figures"] {
        return figures();
    }
    let shown: Option<i64> = words.first().and_then(|n| n.parse().ok());
    for manner in &MANNERS {
        println!("{}\n  replicas     events    CPU ms   events/s   virtual s", manner.name);
        let mut cpu = Vec::new();
        for replicas in SIZES.into_iter().filter(|n| shown.is_none_or(|most| *n <= most)) {
            let cost = best(replicas, nodes_for(replicas), manner)?;
            cost.print(replicas, "");
            cpu.push((replicas as f64, cost.cpu.as_secs_f64()));
        }
        if let [.., (small, before), (large, after)] = cpu.as_slice() {
            println!(
                "  the time grows with the {:.2}th power of the replicas between {small} and {large}",
                (after / before).ln() / (large / small).ln()
            );
        }
        if shown.is_none_or(|most| WIDE.0 <= most) {
            best(WIDE.0, WIDE.1, manner)?.print(WIDE.0, &format!(" on {} nodes", WIDE.1));
        }
    }
    println!("drawing");
    for replicas in DRAWN_SIZES.into_iter().filter(|n| shown.is_none_or(|most| *n <= most)) {
        draw(replicas);
    }
    println!("seeking");
    for policy in ["OrderedReady", "Parallel"] {
        for replicas in SEEK_SIZES.into_iter().filter(|n| shown.is_none_or(|most| *n <= most)) {
            seek_apart(replicas, policy)?;
        }
    }
    Ok(())
}
