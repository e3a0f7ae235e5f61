//! Manifests on bare nodes: what their files do not bring is missing, and a second answer adds exactly that.

mod cases;
mod worlds;
