//! Ordinal: a deterministic model of the Kubernetes control plane around `StatefulSets`, and the page that shows it.
//!
//! # Bird's-eye view
//!
//! The model is one machine. Its inputs are a [`sim::Setup`] (seed, release, timing, nodes, storage classes) and what clients
//! and faults do to it; its outputs are the objects, the log of every write, the log of every decision with its reason, and what
//! happened to the processes on machines. Everything else reads or writes those: kubectl, the page, scenario files, tests.
//!
//! ```text
//!   YAML ──yaml──▶ Value ──api::{decode,default,validate}──▶ Object ──server──▶ log of changes
//!                                                                                 │ a watch's delay later
//!   kubectl, the page's buttons, scenario steps: api::client::Client              ▼
//!                          ▲                                        control::cache ──▶ planners ──▶ Plan
//!                          └──────────────── sim::Sim ◀── requests, one by one ◀──────────────────────┘
//!                                     │  ▲
//!                              timers ▼  │ effects                 why: a Decision for every way out
//!                            cluster::kubelet, scheduler, provisioner
//! ```
//!
//! One write goes like this. A client's object is decoded, defaulted, completed and validated ([`server::ingest`]), stored,
//! and logged. A watch's delay later, the components' view ([`control::cache`]) takes in the change, and the keys it concerns are
//! queued. A controller's sync picks up a key and *plans*: requests, events and decisions as a function of its view and, where
//! it has one, of its own memory, which it updates. The engine sends the requests one by one in virtual time, so that what
//! others write in between really comes in between; a failed sync is retried, waiting longer each time. Kubelets, the scheduler
//! and provisioners are machines of the same kind: what they see goes in, effects come out.
//!
//! # Code map
//!
//! | module | holds | uses |
//! |---|---|---|
//! | [`base`] | values, time, keyed chance, hashes, quantities, labels | nothing |
//! | [`yaml`] | text to spanned trees to values, and back | base |
//! | [`api`] | kinds, typed objects, schema, decoding, defaulting, validation, patches, refusals, the [`api::client::Client`] trait | base |
//! | [`why`] | reasons and decisions as data, and how they chain | base, api, server |
//! | [`server`] | tables, log, the API server's verbs as requests | base, api |
//! | [`control`] | the controllers, as planners over a view: a lagging cache, the time, the release | base, api, why, server |
//! | [`cluster`] | scheduler, kubelets and machines, provisioners, images, insides of containers, DNS, addresses, timings | base, api, why, server, control, shell |
//! | [`sim`] | the world as one value; the queue of events; everything at work | base, api, why, server, control, cluster |
//! | [`shell`] | a shell as plain data: lines to operations to text | base, yaml |
//! | [`console`] | a terminal: the shell, kubectl and `curl` beside a cluster | base, api, cluster, sim, shell, kubectl |
//! | [`kubectl`] | the command line over a `Client` | base, yaml, api |
//! | [`scenario`] | scenario files, traces, comparison with recordings | base, yaml, api, why, server, cluster, sim, console, kubectl |
//! | [`text`] | the playground's own voice, in two languages | base, yaml, api, why, cluster, sim |
//! | [`view`] | what the page draws, as comparable values | base, yaml, api, why, server, cluster, sim, kubectl, text |
//! | [`playground`] | the page's state as one value: a cluster, a terminal, a manifest | base, yaml, api, why, server, cluster, sim, console, kubectl, text, view |
//! | [`transcript`] | what was typed into the page, replayed from a scenario | base, api, sim, scenario, text, view, playground |
//! | [`lesson`] | questions about what a command will do, answered by the run | base, api, server, sim, text, view, playground |
//! | `app` (in `main.rs`, wasm only) | the Leptos components | base, yaml, api, kubectl, scenario, text, view, playground, transcript, lesson |
//!
//! # What is absent, and stays absent
//!
//! - No clock, randomness, environment, thread, file or float below `app` and the binaries; a test searches the source for them.
//! - No iteration over hash maps anywhere in the model.
//! - Planners know the store only as tables to read, which few do, and nothing of the queue; nothing below `app` knows the browser;
//!   kubectl knows objects only as values and the cluster only as the `Client` trait; what the page says is only in [`text`], in
//!   both languages, and Kubernetes' own words never are. What a terminal says in our own voice (`ordinal: …`) is a [`base::note::Note`]
//!   until the page prints it; logs of containers and transcripts have it in English, as all that programs print.
//! - What a Kubernetes release does is asked of its [`api::release::Release`], never inferred from its name.
//! - `tests/tidy.rs` reads the table above and holds the modules to it, and files and functions to their sizes.
//!
//! # Where this departs from the proposed architecture, and why
//!
//! - **One lagging cache for the whole control plane**, not one per process: with equal delays, the controller manager, the
//!   scheduler and the provisioner see the same at every instant, and one view costs a third.
//! - **Facts are kept as aggregates** ([`control::set_pods`]): a sync asks for the first missing or unsettled ordinal instead of
//!   walking all rows, so ordered creation of n pods costs n log n. The walk survives in its test, as the slow twin.
//! - **The API surface works on values, the simulation on types.** Decoding, defaulting, validation and patches see objects as
//!   [`base::value::Value`]; controllers see them as structs that also keep what is not simulated. One place converts. Kinds that one
//!   controller alone reads (DaemonSets, Jobs, namespaces, quotas) stay values with typed metadata.
//! - **There is one delivery event per instant**, not one per watcher and change.
//! - **Names are [`api::object::Name`], whatever they name**, and ordinals are `i64`: objects are found by kind, namespace and name, and
//!   those three travel together as [`api::object::ObjectKey`] wherever they are kept.

pub mod api;
pub mod base;
pub mod cluster;
pub mod console;
pub mod control;
pub mod kubectl;
pub mod lesson;
pub mod playground;
pub mod scenario;
pub mod server;
pub mod shell;
pub mod sim;
pub mod text;
pub mod transcript;
pub mod view;
pub mod why;
pub mod yaml;
