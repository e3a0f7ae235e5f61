//! Explanations at one moment of ordered creation.

use ordinal::api::object::pod::{ContainerState, Terminated};
use ordinal::api::object::{Pod, PodPhase};
use ordinal::base::time::Time;
use ordinal::causes::Identity;
use ordinal::text::why::{Because, Case, Standing};
use ordinal::text::{Hue, Lang};
use ordinal::view::why::{Question, Why, answer, project};
use ordinal::why::{Component, Decision, Reason, Verdict};

use crate::view::example::{self, web_name};

fn ask(lang: Lang, pod: Option<&str>) -> Why {
    let example = example::ordered_creation();
    let mut shot = example.snapshot();
    shot.at.lang = lang;
    let identity = pod.map(identity);
    project(&shot, Some(&web_name()), None, identity.as_ref())
}

fn identity(pod: &str) -> Identity {
    Identity { namespace: "default".into(), pod: pod.into() }
}

#[test]
fn a_missing_pod_names_what_it_waits_for_and_what_ends_the_wait() {
    for question in [None, Some("web-2")] {
        let why = ask(Lang::English, question);
        assert_eq!(why.verdict.plain(), "web-2 is not created.");
        assert_eq!(why.ends_when.plain(), "web-1 is Ready");
        assert_eq!((why.decided_by.as_str(), why.line), ("spec.podManagementPolicy", None));
        let facts: Vec<String> = why.evidence.iter().map(|fact| format!("{} | {}", fact.fact.plain(), fact.detail)).collect();
        let want = [
            "web-0 is Running and Ready | 0:00.0",
            "web-1 is running, but not Ready | since 0:00.0",
            "web-2 waits for web-1 | since 0:09.1",
        ];
        assert_eq!(facts, want);
    }
}

#[test]
fn a_pod_that_exists_is_explained_by_its_own_state() {
    assert_eq!(ask(Lang::English, Some("web-1")).verdict.plain(), "web-1 is running, but not Ready.");
    assert_eq!(ask(Lang::English, Some("web-0")).verdict.plain(), "web-0 is Ready.");
    assert_eq!(ask(Lang::English, Some("web-7")).verdict.plain(), "web-7 is not among the desired replicas.");
}

#[test]
fn a_pod_that_has_ended_is_neither_starting_nor_about_to_be_started_again() {
    for (phase, exit_code) in [(PodPhase::Succeeded, 0), (PodPhase::Failed, 1)] {
        let mut example = example::ordered_creation();
        let mut pod = Pod::clone(example.tables.pod("default", "web-1").expect("web-1"));
        pod.status.phase = phase;
        for container in &mut pod.status.containers {
            let end = Terminated { exit_code, reason: "".into(), message: "".into(), started: Time(0), finished: Time(10) };
            container.state = ContainerState::Terminated(end);
        }
        example.tables.insert(pod.into());
        let why = project(&example.snapshot(), Some(&web_name()), None, Some(&identity("web-1")));
        assert_eq!((why.verdict.plain().as_str(), why.decided_by.as_str()), ("web-1 has finished.", "kubelet"));
    }
}

#[test]
fn korean_says_the_same_with_its_particles() {
    let why = ask(Lang::Korean, None);
    assert_eq!(why.verdict.plain(), "web-2는 생성되지 않습니다.");
    assert_eq!(why.ends_when.plain(), "web-1이 Ready가 될 때");
}

#[test]
fn of_a_pod_without_a_set_on_a_silent_node_nothing_is_said_that_only_a_replica_set_would_have_done() {
    let case = Case { subject: "load-x7k2p", standing: Standing::Exists, set: "", because: Because::Stranded { node: "node-1" } };
    let told = Lang::English.text().why.tell(&case);
    assert_eq!(told.verdict, "<load-x7k2p> stays Terminating.");
    assert!(told.paragraph.ends_with("the pod object stays; a ReplicaSet creates another without waiting."), "{}", told.paragraph);
}

#[test]
fn the_story_names_who_is_under_way_before_who_waits() {
    let told = |why: &Why| why.story().iter().map(|(_, words)| words.plain()).collect::<Vec<_>>().join(" ");
    assert_eq!(told(&ask(Lang::English, None)), "web-1 is running, but not Ready. web-2 waits for web-1.");
    assert_eq!(told(&ask(Lang::Korean, None)), "web-1은 Running이지만 Ready가 아닙니다. web-2가 web-1을 기다립니다.");
    assert_eq!(told(&ask(Lang::English, Some("web-7"))), "web-7 is not among the desired replicas.");
}

#[test]
fn beside_the_verdict_stands_who_holds_it_up() {
    let holder = |lang, pod| ask(lang, pod).holder().map(|words| words.plain());
    assert_eq!(holder(Lang::English, None).as_deref(), Some("web-1 is running, but not Ready."));
    assert_eq!(holder(Lang::Korean, None).as_deref(), Some("web-1은 Running이지만 Ready가 아닙니다."));
    // Of a pod itself the verdict says it all.
    for pod in ["web-0", "web-1", "web-7"] {
        assert_eq!(holder(Lang::English, Some(pod)), None, "{pod}");
    }
}

#[test]
fn a_failed_sync_is_the_one_of_the_controller_that_says_so() {
    let mut example = example::ordered_creation();
    let claim = example.tables.claim("default", "data-web-0").expect("a claim").key();
    let because = Reason::SyncFailed { error: "no".into(), obstacle: None, skip_status: false };
    example.decisions.record(Time(9_200), Decision::new(Component::PersistentVolumeBinder, claim.clone(), Verdict::Refused, because));
    let why = answer(&example.snapshot(), &Question::Object(claim));
    assert_eq!((why.mark.expect("a mark").1, why.decided_by.as_str()), (Hue::Danger, "persistentvolume-binder-controller"));
}
