//! The scenes of a first visit, played by their own lines: what each shows is what the model says.

use ordinal::base::time::{Span, Time};
use ordinal::cluster::inside::requests::{Exchange, Outcome};
use ordinal::playground::scene::{BOOKS, MANIFEST, Scene, is_settled};
use ordinal::playground::{Playground, setup};
use ordinal::text::Lang;

/// Long enough for anything in these scenes but a lost node.
const SOON: Span = Span::seconds(90);

fn say(playground: &mut Playground, lines: &[String]) {
    for line in lines {
        playground.type_line(line, Lang::English);
    }
    playground.run(playground.now() + Span::seconds(2), || true);
}

fn settle(playground: &mut Playground) -> Time {
    let until = playground.now() + SOON;
    while !is_settled(playground) {
        assert!(playground.now() < until, "it never comes to rest");
        playground.run(playground.now() + Span(100), || true);
    }
    playground.now()
}

/// What came back from each call since a number of requests.
fn answers(playground: &Playground, since: u64) -> Vec<String> {
    let calls = playground.sim().disks().requests().iter().filter(|(number, _)| *number >= since);
    let outcome = |what: &Exchange| match what {
        Exchange::Call(call) => Some(match &call.outcome {
            Outcome::Answer(words) => words.to_string(),
            other => format!("{other:?}"),
        }),
        Exchange::Lookup { addresses, .. } if addresses.is_empty() => Some("no such name".to_owned()),
        _ => None,
    };
    calls.filter_map(|(_, asked)| outcome(&asked.what)).collect()
}

fn play(playground: &mut Playground, scene: Scene) -> Vec<String> {
    say(playground, &scene.prepares(playground));
    settle(playground);
    for step in scene.acts(playground) {
        say(playground, &step);
        match scene.lasts() {
            Some(lasts) => _ = playground.run(playground.now() + lasts, || true),
            None => _ = settle(playground),
        }
    }
    let since = playground.sim().disks().requests().count();
    say(playground, &scene.asks());
    answers(playground, since)
}

#[test]
fn each_scene_answers_its_own_question() {
    let mut playground = Playground::new(&setup(), MANIFEST);
    playground.type_line("kubectl apply -f manifest.yaml", Lang::English);
    playground.run(playground.now() + Span(100), || true);
    settle(&mut playground);
    assert_eq!(play(&mut playground, Scene::Kill), [BOOKS, "No data posted yet"]);
    assert_eq!(play(&mut playground, Scene::Power), ["no such name", "No data posted yet"]);
    assert_eq!(play(&mut playground, Scene::Scale), [BOOKS, "No data posted yet"]);
    play(&mut playground, Scene::Rollout);
    say(
        &mut playground,
        &[r#"kubectl patch statefulset cart -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#.to_owned()],
    );
    settle(&mut playground);
    let version = |pod: &str| playground.tables().pod("default", pod).is_some_and(|pod| format!("{:?}", pod.spec).contains("VERSION"));
    assert_eq!(["cart-0", "cart-1", "cart-2"].map(version), [false, false, true]);
    let right = Scene::ALL.map(Scene::right);
    assert_eq!(right, [1, 1, 0, 1], "the guesses that these answers make right");
}
