//! Manifests on bare nodes: what their files do not bring is missing, and a second answer adds exactly that. Each kind of fault has its
//! smallest input here.

mod cases;
mod kinds;
mod worlds;
