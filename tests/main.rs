//! The tests of the model and its tools without a browser: one program, so that one link serves all.

mod applications;
mod conformance;
mod counterfactual;
mod daemons_and_jobs;
mod decode;
mod deployments;
mod diagnose;
mod dns;
mod endpoint_slice;
mod kubectl;
mod laws;
mod nodes;
mod plan;
mod pods;
mod releases;
mod risks;
mod robustness;
mod seeds;
mod sets;
mod shell;
mod tidy;
mod truth;
mod tutorials;
mod validation;
mod yaml;
