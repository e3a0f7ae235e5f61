//! What the StatefulSet controller plans first: batches of pods, and a revision.

mod pods;
mod revision;
