//! The first visit and the lessons, in English.

use crate::lesson::{Hello, Lessons, Words};

/// The first visit.
pub const HELLO: Hello = Hello {
    title: "A StatefulSet numbers its pods, and each number keeps its name and its disk.",
    here: "This cluster runs in your browser.",
    start: "Start lesson 1",
    paste: "Paste your YAML",
    stop: "Stop a node and see",
};

/// The lessons.
pub const LESSONS: Lessons = Lessons {
    button: "Lessons",
    title: "Lesson",
    of: |n, all| format!("{n} of {all}"),
    phases: ["Predict", "Run", "Reveal"],
    question: |seconds| match seconds {
        120.. => format!("What happens in the next {} minutes?", seconds / 60),
        _ => format!("What happens in the next {seconds} seconds?"),
    },
    lock: "Lock in and run",
    skip: "Skip the question",
    next: |title| format!("Next: {title}"),
    again: "Rewind and retry",
    last: "To the playground",
    predicted: "your prediction",
    happened: "what happened",
    disturbed: "None of these: something else was done in the meantime.",
    hidden: "Why is hidden until the run is over.",
    hidden_why: "DNS and Storage stay open: look for evidence there.",
    paused: "Paused for your prediction",
    course: [
        Words {
            title: "Creation in order",
            story: "The cluster is empty. The manifest asks for three replicas, with `podManagementPolicy: OrderedReady`. You are about to run:",
            question: None,
            claims: [
                "<web-0>, <web-1> and <web-2> are created together",
                "<web-0> is created, then <web-1>, then <web-2>",
                "<web-2> is created, then <web-1>, then <web-0>",
                "<web-0> is created, and nothing else",
            ],
            because: "The controller creates a pod only when every lower ordinal is Running and Ready. It never creates two at once.",
        },
        Words {
            title: "A pod is deleted",
            story: "All three pods are Ready. Each has a name, a DNS name and a disk. You are about to run:",
            question: None,
            claims: [
                "<web-1> goes, and nothing takes its place",
                "<web-1> goes, and <web-3> takes its place",
                "<web-1> and <web-2> go, and both are recreated",
                "<web-1> goes, and <web-1> is recreated",
            ],
            because: "The set wants ordinals 0 to 2. Ordinal 1 is missing, so it is recreated: a new pod, a new address, the same name and the same disk.",
        },
        Words {
            title: "Scaling in",
            story: "All three pods are Ready. You are about to run:",
            question: None,
            claims: [
                "<web-2> is deleted, then <web-1>",
                "<web-2> and <web-1> are deleted together",
                "<web-0> is deleted, then <web-1>",
                "<web-2> is deleted, and nothing else",
            ],
            because: "Scaling in takes the highest ordinal first, and waits until it is gone before it takes the next.",
        },
        Words {
            title: "Scaling in with an unhealthy pod",
            story: "The probe of <web-0> fails: it is Running, not Ready. <web-1> and <web-2> are healthy. You are about to run:",
            question: None,
            claims: [
                "<web-2> is deleted, then <web-1>",
                "<web-2> and <web-1> are deleted together",
                "<web-0> is deleted: it is the broken one",
                "Nothing, until <web-0> is Ready again",
            ],
            because: "On each sync the controller first checks the pods that stay, lowest ordinal first. <web-0> stays and is not Ready, so the sync ends before any delete.",
        },
        Words {
            title: "Parallel",
            story: "The same, but with `podManagementPolicy: Parallel`. Again, <web-0> is not Ready. You are about to run:",
            question: None,
            claims: [
                "Nothing, until <web-0> is Ready again",
                "<web-2> is deleted, then <web-1>",
                "<web-2> and <web-1> are deleted together",
                "<web-0> is deleted, then <web-2>",
            ],
            because: "`Parallel` waits for no other pod when it creates and deletes. Updates of the template still go in order.",
        },
        Words {
            title: "What stays behind",
            story: "Three pods, and a claim for each: <data-web-0>, <data-web-1>, <data-web-2>. Look at Storage while it runs. You are about to run:",
            question: Some("How many claims are there after a minute?"),
            claims: ["One: the claim of <web-0>", "Two: the claims of the pods that went", "Three: all of them", "None"],
            because: "`whenScaled: Retain` is the default: the claims of <web-1> and <web-2> stay, with their data. A later <web-1> finds its own again.",
        },
        Words {
            title: "A canary",
            story: "All three pods run `nginx:1.27`, and `partition` is 2. You are about to run:",
            question: None,
            claims: [
                "<web-2> is replaced, and nothing else",
                "<web-2> is replaced, then <web-1>, then <web-0>",
                "<web-0> is replaced, then <web-1>",
                "Nothing, until `partition` is 0",
            ],
            because: "Ordinals below the partition keep the old revision. Even when <web-0> and <web-1> are deleted, they come back with it.",
        },
        Words {
            title: "The way back",
            story: "The update to an image that cannot be pulled is stuck: <web-2> is not Ready. You are about to run:",
            question: None,
            claims: [
                "<web-2> is replaced and runs again",
                "All pods are replaced",
                "Nothing: <web-2> stays broken",
                "<web-0> is replaced first",
            ],
            because: "The manifest is correct again, but the controller waits for <web-2> to be Ready before it replaces any pod, and it never will be. Delete <web-2> yourself.",
        },
        Words {
            title: "A node goes silent",
            story: "All three pods are Ready, each on a node of its own. You are about to pull the plug on the node of <web-1>:",
            question: None,
            claims: [
                "Nothing: <web-1> stays as it is",
                "<web-1> is deleted after about 6 minutes, and nothing takes its place",
                "<web-1> is deleted after about 6 minutes, and comes back elsewhere",
                "<web-3> takes its place at once",
            ],
            because: "After 50 seconds without a heartbeat the node is NotReady, and 5 minutes later <web-1> is told to go. Nobody can confirm that it has stopped, so its object stays Terminating, and no second <web-1> is created: the first may still run. Its disk is on that node as well: after a forced deletion, the new <web-1> would stay Pending.",
        },
    ],
};
