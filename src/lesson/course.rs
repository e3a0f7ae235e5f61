//! The course: what each lesson asks, in order.

use super::Before::{Applied, Line, Pass, Quiet};
use super::Claim::{Pods, VolumeClaims};
use super::Step::{Created, Deleted};
use super::{Lesson, Policy};
use base::time::Span;
use text::LESSONS;

/// All lessons; `text` has their texts in the same order.
pub static COURSE: [Lesson; LESSONS] = [
    // Ordered creation.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[],
        line: "kubectl apply -f manifest.yaml",
        within: Span::seconds(60),
        claims: [
            Pods(&[(Created, &["web-0", "web-1", "web-2"])]),
            Pods(&[(Created, &["web-0"]), (Created, &["web-1"]), (Created, &["web-2"])]),
            Pods(&[(Created, &["web-2"]), (Created, &["web-1"]), (Created, &["web-0"])]),
            Pods(&[(Created, &["web-0"])]),
        ],
    },
    // A deleted pod.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[Applied],
        line: "kubectl delete pod web-1",
        within: Span::seconds(40),
        claims: [
            Pods(&[(Deleted, &["web-1"])]),
            Pods(&[(Deleted, &["web-1"]), (Created, &["web-3"])]),
            Pods(&[(Deleted, &["web-1"]), (Deleted, &["web-2"]), (Created, &["web-1"]), (Created, &["web-2"])]),
            Pods(&[(Deleted, &["web-1"]), (Created, &["web-1"])]),
        ],
    },
    // Scaling down.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[Applied],
        line: "kubectl scale sts web --replicas=1",
        within: Span::seconds(40),
        claims: [
            Pods(&[(Deleted, &["web-2"]), (Deleted, &["web-1"])]),
            Pods(&[(Deleted, &["web-1", "web-2"])]),
            Pods(&[(Deleted, &["web-0"]), (Deleted, &["web-1"])]),
            Pods(&[(Deleted, &["web-2"])]),
        ],
    },
    // Scaling down with an unhealthy pod.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[Applied, Line("playground unready pod web-0"), Pass(Span::seconds(40))],
        line: "kubectl scale sts web --replicas=1",
        within: Span::seconds(20),
        claims: [
            Pods(&[(Deleted, &["web-2"]), (Deleted, &["web-1"])]),
            Pods(&[(Deleted, &["web-1", "web-2"])]),
            Pods(&[(Deleted, &["web-0"])]),
            Pods(&[]),
        ],
    },
    // The same with `Parallel`.
    Lesson {
        policy: Policy::Parallel,
        before: &[Applied, Line("playground unready pod web-0"), Pass(Span::seconds(40))],
        line: "kubectl scale sts web --replicas=1",
        within: Span::seconds(20),
        claims: [
            Pods(&[]),
            Pods(&[(Deleted, &["web-2"]), (Deleted, &["web-1"])]),
            Pods(&[(Deleted, &["web-1", "web-2"])]),
            Pods(&[(Deleted, &["web-0"]), (Deleted, &["web-2"])]),
        ],
    },
    // Volumes after scaling down.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[Applied],
        line: "kubectl scale sts web --replicas=1",
        within: Span::seconds(60),
        claims: [VolumeClaims(1), VolumeClaims(2), VolumeClaims(3), VolumeClaims(0)],
    },
    // A canary.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[
            Applied,
            Line(r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#),
            Quiet,
        ],
        line: "kubectl set image statefulset/web nginx=nginx:1.28",
        within: Span::seconds(60),
        claims: [
            Pods(&[(Deleted, &["web-2"]), (Created, &["web-2"])]),
            Pods(&[
                (Deleted, &["web-2"]),
                (Created, &["web-2"]),
                (Deleted, &["web-1"]),
                (Created, &["web-1"]),
                (Deleted, &["web-0"]),
                (Created, &["web-0"]),
            ]),
            Pods(&[(Deleted, &["web-0"]), (Created, &["web-0"]), (Deleted, &["web-1"]), (Created, &["web-1"])]),
            Pods(&[]),
        ],
    },
    // Rolling back from a broken image.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[Applied, Line("kubectl set image statefulset/web nginx=nginx:broken"), Pass(Span::seconds(60))],
        line: "kubectl rollout undo statefulset/web",
        within: Span::seconds(60),
        claims: [
            Pods(&[(Deleted, &["web-2"]), (Created, &["web-2"])]),
            Pods(&[(Deleted, &["web-0", "web-1", "web-2"])]),
            Pods(&[]),
            Pods(&[(Deleted, &["web-0"]), (Created, &["web-0"])]),
        ],
    },
    // An unreachable node.
    Lesson {
        policy: Policy::OrderedReady,
        before: &[Applied],
        line: "playground stop node $(kubectl get pod web-1 -o jsonpath={.spec.nodeName})",
        within: Span::seconds(420),
        claims: [
            Pods(&[]),
            Pods(&[(Deleted, &["web-1"])]),
            Pods(&[(Deleted, &["web-1"]), (Created, &["web-1"])]),
            Pods(&[(Created, &["web-3"])]),
        ],
    },
];
