//! The first visit and what stands around the lessons, in English.

use crate::lesson::{Hello, Lessons};

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
};
