//! What a text asks is answered first: yes, no, or what decides, by the cause that was read.

use ordinal::intake::answer::answers;
use ordinal::intake::{diagnose, told};
use ordinal::sayings::{Effect, Step};

/// A pod that lacks a Secret.
const LACKS: &str = "$ kubectl describe pod lime-0
Events:
  Type     Reason  Age  From     Message
  Warning  Failed  3s   kubelet  Error: secret \"lime-key\" not found
";
/// A pod whose volume is in another zone.
const ZONE: &str = "$ kubectl describe pod lime-0
Events:
  Type     Reason            Age  From               Message
  Warning  FailedScheduling  3s   default-scheduler  0/3 nodes are available: 3 node(s) had volume node affinity conflict.
";
/// A node that is silent.
const SILENT: &str = "$ kubectl get nodes,pods -o wide
NAME          STATUS     ROLES    AGE   VERSION
node/quince   NotReady   <none>   9d    v1.33.1

NAME         READY   STATUS        RESTARTS   AGE   IP           NODE
pod/lime-0   1/1     Terminating   0          9d    10.0.0.7     quince
";
/// A set that is fine.
const FINE: &str = "$ kubectl get sts
NAME   READY   AGE
lime   3/3     9d
";
/// A claim whose class does not exist.
const CLASS: &str = "$ kubectl describe pvc data-lime-0
Events:
  Type     Reason              Age  From                         Message
  Warning  ProvisioningFailed  3s   persistentvolume-controller  storageclass.storage.k8s.io \"gone\" not found
";

/// What a text is asked, and what comes of the first step that is asked about; `None` where nothing is answered.
fn asked(question: &str, text: &str) -> Option<(Step, Option<Effect>)> {
    let report = diagnose([&*format!("{question}\n\n{text}")]);
    let all = answers(&report);
    let said = told::text(&report);
    for one in &all {
        assert!(said.contains(&one.says), "{said}");
    }
    if let Some(first) = all.first() {
        assert!(said.starts_with(&first.says), "{question}: the first line is not the answer:\n{said}");
        assert!(!first.says.contains(['{', '<']) && !first.says.contains(".."), "{}", first.says);
    }
    all.first().map(|one| (one.step, one.effect))
}

#[test]
fn a_question_is_answered_by_the_cause() {
    for (question, text, is) in [
        ("It hangs since noon. Should I delete the pod?", LACKS, (Step::DeletePod, Some(Effect::Vain))),
        ("Do we have to delete the StatefulSet and create it again?", LACKS, (Step::DeleteSet, Some(Effect::Vain))),
        ("would it help to delete the pvc?", LACKS, (Step::DeleteClaim, Some(Effect::Harms))),
        ("The pod does not start. Can I just restart it?", LACKS, (Step::Restart, Some(Effect::Vain))),
        ("Why is there no new node for it?", ZONE, (Step::AddNode, Some(Effect::After))),
        ("I drained a node. Why does it not add a node?", ZONE, (Step::AddNode, Some(Effect::After))),
        ("Is it safe to force delete lime-0?", SILENT, (Step::Force, Some(Effect::Harms))),
        ("should I reboot the node", SILENT, (Step::RestartNode, Some(Effect::Ends))),
        ("Do I need to scale it to zero and back?", FINE, (Step::Scale, Some(Effect::Idle))),
        ("Should I delete it?", FINE, (Step::DeleteSet, Some(Effect::Idle))),
        ("Should I delete it?", CLASS, (Step::DeleteClaim, Some(Effect::After))),
        ("I changed the class and applied it. Why did my change do nothing?", CLASS, (Step::Change, Some(Effect::Vain))),
        ("파드를 삭제해야 할까요?", LACKS, (Step::DeletePod, Some(Effect::Vain))),
        ("왜 새 노드가 추가되지 않나요?", ZONE, (Step::AddNode, Some(Effect::After))),
        ("그냥 재시작하면 될까요?", LACKS, (Step::Restart, Some(Effect::Vain))),
    ] {
        assert_eq!(asked(question, text), Some(is), "{question}");
    }
}

#[test]
fn nothing_else_is_taken_for_a_question() {
    for question in [
        "What is blocking it?",
        "I already deleted the pod twice and restarted the node.",
        "any ideas?",
        "can I take the delete back?",
        "What should I set so that it starts on one machine?",
        "How do I get it to move?",
        "",
    ] {
        assert_eq!(asked(question, LACKS), None, "{question}");
    }
    // What a program prints is no question of a person.
    assert_eq!(asked("level=info msg=\"should I delete the pod?\" ok=true", LACKS), None);
}

#[test]
fn where_no_cause_is_read_the_answer_is_what_decides() {
    let text = "$ kubectl get pods\nNAME     READY   STATUS    RESTARTS   AGE\nlime-0   0/1     Pending   0          9m\n";
    assert_eq!(asked("Should I delete the pod?", text), Some((Step::DeletePod, None)));
    let said = told::text(&diagnose([&*format!("Should I delete the pod?\n\n{text}")]));
    let first = said.lines().next().unwrap_or_default();
    assert!(first.contains("kubectl describe pod lime-0"), "{first}");
}

#[test]
fn public_questions_are_answered() {
    let of = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        asked("", &text)
    };
    for (file, is) in [
        ("public4/cases/d05/input.txt", (Step::DeleteSet, Some(Effect::Vain))),
        ("public4/cases/d15/input.txt", (Step::Restart, Some(Effect::Vain))),
        ("public4/cases/d16/input.txt", (Step::Change, Some(Effect::Vain))),
        ("public4/cases/d19/input.txt", (Step::AddNode, Some(Effect::After))),
    ] {
        assert_eq!(of(file), Some(is), "{file}");
    }
}
