//! Tests that seeking shows what was lived, by whichever way, and that no future is lost.

use ordinal::api::release::{Release, V1_36, V1_37};
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::hash::Digest;
use ordinal::base::time::Time;
use ordinal::causes::command;
use ordinal::playground::history::{Act, Branch, History, Input, MAX_BRANCHES, MAX_CHECKPOINTS, Variant, link, perform};
use ordinal::playground::stop::Stops;
use ordinal::playground::{EXAMPLE, Pace, Playground};
use ordinal::sim::Setup;
use ordinal::text::Lang;
use ordinal::text::ahead::Because;

const PARALLEL: &str = "podManagementPolicy: Parallel";
const LANG: Lang = Lang::English;
/// The actions of random histories: one that waits, one that is wrong, faults that are repaired later.
const LINES: [&str; 12] = [
    "kubectl scale statefulset web --replicas=4",
    "kubectl scale statefulset web --replicas=2",
    "kubectl delete pod web-0",
    "kubectl delete pod web-1",
    "playground unready pod web-0",
    "playground ready pod web-0",
    "kubectl rollout restart statefulset web",
    "kubectl rollout status statefulset web",
    "kubectl frobnicate",
    "kubectl get pods",
    "why web-1",
    "n=$(kubectl get pods -o name | wc -l)",
];

fn line(text: &str) -> Act {
    Act::Line(text.to_owned())
}

/// Creates twins that differ in one line of the example.
fn vary(history: &mut History, both: [(&'static Release, &'static str); 2]) -> bool {
    let change = |line: &'static str| {
        move |text: &str| match line {
            PARALLEL => text.replace("podManagementPolicy: OrderedReady", PARALLEL),
            "replicas: 1" => text.replace("replicas: 3", line),
            _ => text.to_owned(),
        }
    };
    let (left, right) = (change(both[0].1), change(both[1].1));
    let variants = [Variant { release: both[0].0, manifest: &left }, Variant { release: both[1].0, manifest: &right }];
    history.vary(&variants, || true).expect("time enough")
}

fn started() -> History {
    let mut history = History::new(&Setup::default(), EXAMPLE, LANG);
    history.act(line(&command::apply()), LANG);
    history
}

/// A state's fingerprint: everything written, everything that happened, everything that was said in the run itself.
fn print(state: &Playground) -> (Time, Digest, u64, Vec<String>, u64) {
    let said = state.terminal().lines().iter().filter(|line| !line.asked).map(|line| line.text.clone()).collect();
    (state.now(), state.sim().digest(), state.sim().steps(), said, state.timeline().changes())
}

/// A run without seeking: the same inputs at the same instants, up to an instant.
fn fresh(branch: &Branch, to: Time) -> Playground {
    let mut state = Playground::new(&Setup { release: branch.release, ..Setup::default() }, EXAMPLE);
    for input in branch.inputs.iter().filter(|input| input.at <= to) {
        state.run(input.at.max(state.now()), || true);
        perform(&mut state, input);
    }
    state.run(to, || true);
    state
}

fn is_as_lived(history: &History) {
    let shown = history.present();
    assert_eq!(print(shown), print(&fresh(history.branch(), shown.now())));
    if let Some((branch, state)) = history.beside() {
        assert_eq!(print(state), print(&fresh(branch, shown.now())), "branch {}", branch.id);
    }
}

/// An instant that was shown: the branch, the inputs it had by then, and what was to be seen.
type Look = (u32, Vec<Input>, (Time, Digest, u64, Vec<String>, u64));

/// What a history shows of a branch at an instant.
fn look(branch: &Branch, state: &Playground) -> Look {
    let inputs = branch.inputs.iter().filter(|input| input.at <= state.now()).cloned().collect();
    (branch.id, inputs, print(state))
}

/// Every instant that was shown of a history's branches is that of a run without seeking; one such run of a branch passes many of them.
fn are_as_lived(history: &History, mut looks: Vec<Look>) {
    looks.sort_by_key(|(branch, inputs, (now, ..))| (*branch, *now, inputs.len()));
    for of_branch in looks.chunk_by(|(one, ..), (other, ..)| one == other) {
        let branch = history.branches().into_iter().find(|branch| branch.id == of_branch[0].0).expect("no branch is lost");
        let begun = Playground::new(&Setup { release: branch.release, ..Setup::default() }, EXAMPLE);
        let (mut state, mut done) = (begun.clone(), 0);
        for (id, inputs, seen) in of_branch {
            // Where nothing was to come, something was done later at an earlier instant.
            if inputs.get(done).map_or(inputs.len() < done, |input| input.at < state.now()) {
                (state, done) = (begun.clone(), 0);
            }
            assert_eq!(branch.inputs[..inputs.len()], inputs[..], "what was done on branch {id} stays done");
            for input in &inputs[done..] {
                state.run(input.at.max(state.now()), || true);
                perform(&mut state, input);
            }
            done = inputs.len();
            state.run(seen.0, || true);
            assert_eq!(print(&state), *seen, "branch {id}");
        }
    }
}

/// Seeks, acts, runs and switches branches at random; `see` looks at every instant shown.
fn random(seed: u64, mut see: impl FnMut(&History)) -> History {
    let (dice, mut rolls) = (Dice { seed }, 0);
    let mut below = |sides: u64| {
        rolls += 1;
        dice.below(Purpose::Operation, 0, rolls, sides)
    };
    let index = |n: u64| usize::try_from(n).expect("a small number");
    let branch = |n: u64| 1 + u32::try_from(n).expect("a small number");
    let mut history = started();
    for _ in 0..40 {
        let (now, head) = (history.present().now().0, history.head().now().0);
        let looks = below(20);
        match below(11) {
            0 | 1 => drop(history.act(line(LINES[index(below(LINES.len() as u64))]), LANG)),
            2 => drop(history.act(Act::Interrupt, LANG)),
            3 => drop(history.run(Time(now + below(20_000)), || true)),
            // A run that is told to stop ends somewhere within an instant.
            4 => {
                let mut left = looks;
                history.run(Time(now + 60_000), || {
                    left = left.saturating_sub(1);
                    left > 0
                });
                history.seek(history.present().now());
            }
            5 => drop(history.step(|| true)),
            6 => history.seek(Time(below(head + 1000))),
            7 => history.return_to(branch(below(4))),
            8 => history.put_beside(Some(branch(below(4)))),
            9 => history.swap(),
            _ => {
                let variant = |side: u64, release| (release, [EXAMPLE, PARALLEL, "replicas: 1"][index(side)]);
                let both = [variant(below(3), &V1_37), variant(below(3), if below(2) == 0 { &V1_37 } else { &V1_36 })];
                vary(&mut history, both);
            }
        }
        // The rest of the instant, on both branches.
        history.run(history.present().now(), || true);
        see(&history);
    }
    history
}

/// A random history, and that it shows at every instant what was lived.
fn lived(seed: u64) -> History {
    let mut looks = Vec::new();
    let history = random(seed, |history| {
        looks.push(look(history.branch(), history.present()));
        looks.extend(history.beside().map(|(branch, state)| look(branch, state)));
    });
    are_as_lived(&history, looks);
    history
}

fn seeks(seeds: std::ops::Range<u64>) {
    let branches: usize = seeds.map(|seed| lived(seed).branches().len()).sum();
    assert!(branches > 12, "random histories branch: {branches}");
}

#[test]
fn an_instant_sought_is_the_instant_of_a_fresh_run() {
    seeks(0..6);
}

#[test]
fn an_instant_sought_in_other_histories_is_so_too() {
    seeks(6..12);
}

#[test]
fn checkpoints_are_bounded_and_near_enough() {
    let mut history = started();
    history.run_until_quiet(|| true);
    for replicas in [60, 1] {
        history.act(line(&format!("kubectl scale statefulset web --replicas={replicas}")), LANG);
        history.run_until_quiet(|| true);
    }
    let (kept, events) = (history.branch().checkpoints(), history.present().sim().steps());
    assert!((MAX_CHECKPOINTS / 2..=MAX_CHECKPOINTS).contains(&kept), "{kept} of {events} events");
    let end = history.present().now();
    for part in [1, 7, 3, 9, 5] {
        history.seek(Time(end.0 * part / 10));
        is_as_lived(&history);
    }
}

#[test]
fn acting_in_the_past_begins_a_branch_and_the_future_stays() {
    let mut history = started();
    history.run_until_quiet(|| true);
    let future = print(history.present());
    history.seek(Time(3000));
    assert!(history.is_past() && history.present().now() == Time(3000));
    assert!(history.act(line("kubectl scale statefulset web --replicas=1"), LANG));
    assert!(!history.is_past());
    history.run_until_quiet(|| true);
    assert_eq!(history.present().tables().pods().count(), 1);
    let told: Vec<_> =
        history.branches().iter().map(|b| (b.id, b.origin.map(|o| (o.branch, o.at)), b.begins_with().map(str::to_owned))).collect();
    let own = Some("kubectl scale statefulset web --replicas=1".to_owned());
    assert_eq!(told, [(1, None, Some("kubectl apply -f manifest.yaml".to_owned())), (2, Some((1, Time(3000))), own)]);
    let other = print(history.present());
    history.return_to(1);
    assert_eq!(print(history.present()), future);
    history.return_to(2);
    assert_eq!(print(history.present()), other);
}

#[test]
fn who_only_asks_in_the_past_begins_no_branch() {
    let mut history = started();
    history.run_until_quiet(|| true);
    let end = print(history.present());
    history.seek(Time(3000));
    let (then, inputs) = (print(history.present()), history.branch().inputs.clone());
    for ask in [
        "kubectl get pods",
        "why web-1",
        "kubectl describe pod web-0 | grep Node:; echo $?",
        "kubectl frobnicate",
        "(for i in 1 2; do kubectl get sts web -o jsonpath='{.status.readyReplicas}'; done)",
        "kubectl scale statefulset web --replicas=1 --dry-run=server",
        "kubectl delete pod web-7",
        "kubectl label pod web-0 app=nginx --overwrite",
        "kubectl delete pod web-0 --dry-run=client",
        "kubectl diff -f manifest.yaml",
        "echo 1; true",
        "playground frobnicate",
    ] {
        let lines = history.present().terminal().lines().len();
        let forks = history.act(line(ask), LANG);
        let said = &history.present().terminal().lines()[lines..];
        assert!(!forks && said[0].text == format!("$ {ask}") && said.iter().all(|line| line.asked), "{ask}: {said:?}");
        assert!(history.is_past() && history.branch().inputs == inputs && print(history.present()) == then, "{ask}");
    }
    // What was answered stays in sight as time goes on, up to the end, and is not there when the instant is sought again.
    history.act(line("kubectl get pods"), LANG);
    let asked = |history: &History| history.present().terminal().lines().iter().filter(|line| line.asked).count();
    let shown = asked(&history);
    history.run(end.0, || true);
    assert_eq!((asked(&history), history.is_past(), print(history.present())), (shown, false, end));
    history.seek(Time(3000));
    assert_eq!((asked(&history), print(history.present())), (0, then));
    is_as_lived(&history);
}

#[test]
fn who_does_more_than_ask_in_the_past_begins_one() {
    for act in [
        "kubectl scale statefulset web --replicas=2",
        "kubectl get pods -w",
        "kubectl wait --for=delete pod/web-0",
        "kubectl exec web-0 -- hostname",
        "kubectl get pods > pods.txt",
        "n=1",
        "f() { true; }",
        "sleep 1",
        "kubectl get pods &&",
        "kubectl config set-context --current --namespace=kube-system",
        "playground freeze pod web-0",
        "curl localhost",
    ] {
        let mut history = started();
        history.run_until_quiet(|| true);
        history.seek(Time(3000));
        assert!(history.act(line(act), LANG), "{act}");
        assert_eq!((history.is_past(), history.branches().len()), (false, 2), "{act}");
        is_as_lived(&history);
    }
}

#[test]
fn a_twin_is_asked_too() {
    let mut history = started();
    vary(&mut history, [(&V1_37, EXAMPLE), (&V1_37, PARALLEL)]);
    history.run(Time(9000), || true);
    history.seek(Time(3000));
    assert!(!history.act(line("kubectl get pods"), LANG));
    let asked = |state: &Playground| state.terminal().lines().iter().filter(|line| line.asked).count();
    let (_, beside) = history.beside().expect("a twin");
    assert!(history.is_twinned() && asked(beside) > asked(history.present()), "Parallel has more pods");
}

#[test]
fn another_branch_is_looked_at_without_leaving_this_one() {
    let mut history =
        (0..1000).map(|seed| random(seed, |_| ())).find(|history| history.branches().len() > 2).expect("random histories branch");
    for branch in history.branches().into_iter().map(|branch| branch.id).collect::<Vec<_>>() {
        let (now, before) = (history.present().now(), history.branch().id);
        history.put_beside(Some(branch));
        let there = history.beside().map(|(_, state)| print(state));
        assert_eq!(there.is_some(), branch != before, "a branch does not stand beside itself");
        history.put_beside(None);
        history.return_to(branch);
        history.seek(now);
        assert_eq!(there.unwrap_or_else(|| print(history.present())), print(history.present()), "branch {branch}");
        history.return_to(before);
        history.seek(now);
    }
}

#[test]
fn where_nothing_was_lost_no_branch_begins() {
    let mut history = started();
    history.run_until_quiet(|| true);
    history.run(Time(history.present().now().0 + 60_000), || true);
    history.seek(Time(history.present().now().0 - 30_000));
    assert!(!history.act(line("kubectl delete pod web-0"), LANG));
    assert_eq!(history.branches().len(), 1);
}

#[test]
fn the_past_plays_on_into_the_future_it_had() {
    let mut history = started();
    history.run_until_quiet(|| true);
    history.act(line("kubectl delete pod web-0"), LANG);
    history.run_until_quiet(|| true);
    let end = print(history.present());
    history.seek(Time(1000));
    history.run_until_quiet(|| true);
    assert_eq!(print(history.present()), end);
    assert!(!history.is_past() && history.branches().len() == 1);
}

#[test]
fn the_text_in_the_editor_is_never_taken_back() {
    let mut history = started();
    history.run_until_quiet(|| true);
    history.edit("half a thought".to_owned(), LANG);
    history.seek(Time(1000));
    assert_eq!(history.present().manifest(), "half a thought");
    history.return_to_head();
    assert_eq!(history.present().manifest(), "half a thought");
    assert_eq!(history.present().tables().pods().count(), 3);
}

/// Where a run with these breakpoints stops, after some lines: the object's name, and how many pods are Ready then.
fn halts(stops: Stops, typed: &[&str]) -> Option<(Because, String, usize)> {
    let mut history = started();
    history.run_until_quiet(|| true);
    for text in typed {
        history.act(line(text), LANG);
    }
    history.stop_at(stops);
    let pace = history.run_until_quiet(|| true);
    let halt = history.halt().cloned();
    assert_eq!(pace == Pace::Halted, halt.is_some());
    let halt = halt?;
    assert_eq!(halt.at, history.present().now());
    is_as_lived(&history);
    let ready = history.present().tables().pods().filter(|pod| pod.ready()).count();
    let goes_on = (0..10).any(|_| history.run_until_quiet(|| true) == Pace::Reached);
    assert!(goes_on, "it goes on when told to");
    Some((halt.because, halt.about, ready))
}

#[test]
fn a_run_stops_where_somebody_wants_to_look_and_goes_on() {
    type Case<'a> = (Stops, &'a [&'a str], Option<(Because, &'a str, usize)>);
    let not_ready = Stops { not_ready: true, ..Stops::default() };
    let waits = Stops { rollout_waits: true, ..Stops::default() };
    let event = |reason: &str| Stops { event: reason.to_owned(), ..Stops::default() };
    let unready = ["playground unready pod web-1"];
    let rollout = ["kubectl set image statefulset web nginx=nginx:1.29"];
    let cases: [Case; 7] = [
        (not_ready.clone(), &unready, Some((Because::NotReady, "web-1", 2))),
        (not_ready.clone(), &["playground unready pod web-0"], Some((Because::NotReady, "web-0", 2))),
        (not_ready, &["kubectl delete pod web-0"], None),
        (waits.clone(), &rollout, Some((Because::RolloutWaits, "web", 3))),
        (waits, &unready, None),
        (event("Killing"), &["kubectl delete pod web-2"], Some((Because::Event, "web-2", 3))),
        (event("Nonsense"), &["kubectl delete pod web-2"], None),
    ];
    for (stops, typed, want) in cases {
        let want = want.map(|(because, about, ready)| (because, about.to_owned(), ready));
        assert_eq!(halts(stops.clone(), typed), want, "{stops:?} {typed:?}");
    }
}

#[test]
fn skipping_goes_to_what_was_said_to_be_next() {
    let mut history = started();
    for _ in 0..20 {
        let Some((at, _)) = history.present().ahead() else { break };
        history.skip(|| true);
        assert_eq!(history.present().now(), at);
    }
}

#[test]
fn a_link_gives_the_run_again_at_the_instant_it_was_shared_at() {
    for seed in 0..6 {
        let mut history = random(seed, |_| ());
        history.edit("# half a thought\\ \n\tand\r\n more".to_owned(), LANG);
        let read = link::read(&link::write(&history, "tab=why"), &Setup::default(), LANG, &|_| None, || true);
        assert_eq!((read.unread, read.newer, read.cut, read.differs), (0, false, false, false));
        assert_eq!(read.layout, "tab=why");
        assert_eq!(print(read.history.present()), print(history.present()));
        assert_eq!(print(read.history.head()), print(history.head()), "seed {seed}");
        assert_eq!(read.history.present().manifest(), history.present().manifest());
    }
}

/// All that the page offers of a history's branches: what each is called, what was done on it, how it ended, and the text in its editor.
fn ways(history: &History) -> Vec<(String, String, String)> {
    let beside = history.beside().map(|(branch, state)| (branch.id, state));
    let end = |branch: &Branch| {
        let shown = if branch.id == history.branch().id { Some(history.head()) } else { None };
        let beside = beside.filter(|(id, _)| *id == branch.id).map(|(_, state)| state);
        format!("{:?}", print(shown.or(branch.head()).or(beside).expect("a branch has an end")))
    };
    let named = |branch: &&Branch| {
        let label = format!("{} {:?} {:?} {:?}", branch.id, branch.origin, branch.begins_with(), history.difference(branch));
        (label, end(branch), format!("{:?} {:?} {:?}", branch.twin, branch.text.as_ref().map(|_| history.text_of(branch)), branch.inputs))
    };
    history.branches().iter().map(named).collect()
}

#[test]
fn a_link_carries_all_branches_and_which_one_stands_beside_the_one_shown() {
    let mut several = 0;
    for seed in 0..16 {
        let history = random(seed, |_| ());
        let read = link::read(&link::write(&history, ""), &Setup::default(), LANG, &|_| None, || true);
        assert_eq!((read.unread, read.cut, read.differs), (0, false, false), "seed {seed}");
        assert_eq!(read.history.ways(LANG), history.ways(LANG), "seed {seed}");
        for (read, kept) in ways(&read.history).into_iter().zip(ways(&history)) {
            assert_eq!(read, kept, "seed {seed}");
        }
        let beside = |history: &History| history.beside().map(|(branch, state)| (branch.id, print(state)));
        assert_eq!(beside(&read.history), beside(&history), "seed {seed}");
        several += usize::from(history.branches().len() > 2);
    }
    assert!(several > 5, "random histories branch: {several}");
}

#[test]
fn a_branch_of_a_damaged_link_is_left_out_and_the_others_are_kept() {
    let mut history = started();
    history.run_until_quiet(|| true);
    history.seek(Time(500));
    history.act(line("kubectl scale sts web --replicas=1"), LANG);
    history.run_until_quiet(|| true);
    let whole = link::write(&history, "");
    let read = |text: &str| {
        let read = link::read(text, &Setup::default(), LANG, &|_| None, || true);
        let pods = read.history.present().tables().pods().count();
        (pods, read.history.branches().iter().map(|branch| branch.id).collect::<Vec<_>>(), read.unread, read.differs)
    };
    assert_eq!(read(&whole), (1, vec![1, 2], 0, false));
    for (damage, want) in [
        (whole.replace("| branch 1", "| branch 2"), (1, vec![2], 4, false)),
        (whole.replace("| branch 1", "| branch 4000000000"), (1, vec![2], 4, false)),
        (whole.replace("| keep 1", "| keep 900"), (1, vec![1, 2], 1, true)),
        (format!("{whole}\n| | do 1 0 x\n| branch 1\n| branch 7 x"), (1, vec![1, 2], 3, false)),
        (format!("{whole}\n| branch 9 x\n| do 600 0 kubectl delete sts web\n| end 9000"), (1, vec![1, 2], 3, false)),
        (format!("{whole}\nbeside 9"), (1, vec![1, 2], 0, false)),
        (format!("{whole}\n| branch 9 1 0 0"), (1, vec![1, 2, 9], 0, false)),
    ] {
        assert_eq!(read(&damage), want, "{damage}");
    }
    let many = (3..40).map(|id| format!("\n| branch {id} 1 500 1\n| keep 1\n| end 400")).collect::<Vec<_>>().concat();
    assert_eq!(read(&format!("{whole}{many}")).1.len(), MAX_BRANCHES);
}

#[test]
fn of_a_long_session_everything_is_kept() {
    const INPUTS: usize = 5000;
    let typed = (0..INPUTS).map(|n| format!("do {n} 0 true")).collect::<Vec<_>>().join("\n");
    let read = |text: &str| link::read(text, &Setup::default(), LANG, &|_| None, || true);
    let again = read(&link::write(&read(&typed).history, ""));
    assert_eq!((again.history.branch().inputs.len(), again.unread, again.cut, again.differs), (INPUTS, 0, false, false));
}

#[test]
fn a_damaged_link_keeps_what_is_understood_and_says_what_is_not() {
    let mut history = started();
    history.run_until_quiet(|| true);
    let whole = link::write(&history, "");
    let read = |text: &str| {
        let mut looks = 0;
        let read = link::read(text, &Setup::default(), LANG, &|_| None, || {
            looks += 1;
            looks < 200
        });
        (read.history.present().tables().pods().count(), read.unread, read.cut, read.differs)
    };
    assert_eq!(read(&whole), (3, 0, false, false));
    for (damage, want) in [
        (format!("{whole}\ndigest 7"), (3, 0, false, true)),
        (format!("{whole}\ncolour red\nnonsense"), (3, 2, false, false)),
        (format!("{whole}\nrelease 1.99\nversus 2.0"), (3, 2, false, false)),
        (format!("{whole}\nrelease 1.33"), (3, 1, false, false)),
        (whole.replace("kubectl apply", "kubectl frobnicate"), (0, 0, false, true)),
        (whole.replace("\ndo ", "\ndo x"), (0, 1, false, true)),
        (whole.replace("ordinal 1", "ordinal 2"), (3, 0, false, false)),
        (String::new(), (0, 0, false, false)),
        ("\0\u{1}\ndo 9999999999999999999 0 x\ndo 1 99 x\nat -1\nseed x".to_owned(), (0, 4, false, false)),
    ] {
        assert_eq!(read(&damage), want, "{damage}");
    }
    let endless = format!("{whole}\ndo 100000 0 kubectl scale statefulset web --replicas=900000\nend 1209600000");
    assert!(read(&endless).2, "a run that does not end is cut");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        read(&whole[..end]);
    }
}

/// The differences between two twins: the pods present, and how each is labelled.
fn told(history: &History) -> [(usize, Option<String>); 2] {
    let (other, state) = history.beside().expect("a twin stands beside");
    let pods = |state: &Playground| state.tables().pods().count();
    [(pods(history.present()), history.difference(history.branch())), (pods(state), history.difference(other))]
}

#[test]
fn what_is_done_on_one_twin_is_done_on_both() {
    let mut history = started();
    history.run(Time(1000), || true);
    assert!(vary(&mut history, [(&V1_37, EXAMPLE), (&V1_37, PARALLEL)]));
    let named = |line: &str| Some(line.to_owned());
    assert_eq!(told(&history), [(1, named("OrderedReady")), (3, named("Parallel"))]);
    assert_eq!(history.branch().id, 1, "the run shown is one of the two");
    history.run_until_quiet(|| true);
    history.act(line("kubectl scale statefulset web --replicas=5"), LANG);
    history.run_until_quiet(|| true);
    assert_eq!(told(&history).map(|(pods, _)| pods), [5, 5]);
    is_as_lived(&history);
    history.seek(Time(800));
    is_as_lived(&history);
    assert!(history.act(line("kubectl delete statefulset web --cascade=orphan"), LANG), "both leave what was to come");
    assert!(history.is_twinned());
    history.run_until_quiet(|| true);
    assert_eq!(told(&history).map(|(pods, _)| pods), [1, 3]);
    assert_eq!(history.branches().len(), 4);
    history.swap();
    assert_eq!(told(&history).map(|(pods, _)| pods), [3, 1]);
    assert!(history.present().manifest().contains(PARALLEL), "each has a text of its own");
    is_as_lived(&history);
    history.put_beside(None);
    history.act(line("kubectl delete pod web-0"), LANG);
    assert!(history.branches().iter().filter(|branch| branch.twin.is_some()).count() == 2, "what is done alone parts them");
}

#[test]
fn twins_that_are_not_whole_are_said_to_be_cut() {
    let mut history = started();
    history.run(Time(5000), || true);
    let change = |text: &str| text.replace("replicas: 3", "replicas: 1");
    let variants = [Variant { release: &V1_37, manifest: &str::to_owned }, Variant { release: &V1_37, manifest: &change }];
    assert_eq!(history.clone().vary(&variants, || false), None);
    assert_eq!(history.vary(&variants, || true), Some(true));
}

#[test]
fn twins_begin_again_with_their_own_texts_and_releases() {
    let mut history = started();
    vary(&mut history, [(&V1_37, PARALLEL), (&V1_36, EXAMPLE)]);
    assert_eq!(history.branch().id, 2, "a run that changes is another");
    let mut again = history.begin_again(&V1_37);
    assert!(again.is_twinned());
    again.act(line(&command::apply()), LANG);
    again.run(Time(1000), || true);
    let named = |release: &str| Some(format!("Kubernetes {release}"));
    assert_eq!(told(&again), [(3, named("1.37")), (1, named("1.36"))]);
    is_as_lived(&again);
}

#[test]
fn a_link_keeps_a_twin() {
    for seed in 0..8 {
        let mut history = random(seed, |_| ());
        vary(&mut history, [(&V1_37, EXAMPLE), (&V1_36, PARALLEL)]);
        history.act(line("kubectl delete pod web-1"), LANG);
        history.run(Time(history.present().now().0 + 5000), || true);
        let read = link::read(&link::write(&history, ""), &Setup::default(), LANG, &|_| None, || true);
        assert_eq!((read.unread, read.cut, read.differs), (0, false, false), "seed {seed}");
        let both = |history: &History| (print(history.present()), history.beside().map(|(_, state)| print(state)));
        assert_eq!(both(&read.history), both(&history), "seed {seed}");
        assert!(read.history.is_twinned());
    }
}

#[test]
fn a_run_from_a_link_speaks_the_language_of_the_page() {
    let alone = EXAMPLE.split("---\n").nth(1).expect("the set without its Service");
    for (lang, other) in [(Lang::English, Lang::Korean), (Lang::Korean, Lang::English)] {
        let mut history = History::new(&Setup::default(), alone, other);
        history.act(line(&command::apply()), other);
        history.run_until_quiet(|| true);
        let read = link::read(&link::write(&history, ""), &Setup::default(), lang, &|_| None, || true);
        let mut spoken = history.clone();
        spoken.speak(lang);
        let notes = |history: &History| format!("{:?}", history.present().verdicts());
        assert_eq!(notes(&read.history), notes(&spoken));
        assert_ne!(notes(&history), notes(&spoken));
    }
}
