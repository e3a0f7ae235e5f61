//! Ordinal: a deterministic model of the Kubernetes control plane around `StatefulSets`, and the page that shows it.
//!
//! # Bird's-eye view
//!
//! The model is one machine. Its inputs are a [`sim::Setup`] (seed, release, timing, nodes, storage classes) and what clients
//! and faults do to it; its outputs are the objects, the log of every write, the log of every decision with its reason, and what
//! happened to the processes on machines. Everything else reads or writes those: kubectl, the page, scenario files, tests.
//!
//! ```text
//!   YAML ──yaml──▶ Value ──api::decode, rules──▶ Object ──server──▶ log of changes
//!                                                                      │ a watch's delay later
//!   kubectl, the page's buttons, scenario steps: api::client::Client   ▼
//!                          ▲                             control::cache ──▶ planners ──▶ Plan
//!                          └──────────────── sim::Sim ◀── requests, one by one ◀───────────┘
//!                                     │  ▲
//!                              timers ▼  │ effects                 why: a Decision for every way out
//!                            cluster::kubelet, scheduler, provisioner
//! ```
//!
//! One write goes like this. A client's object is decoded, defaulted, completed and validated ([`server::ingest`]), stored, and logged.
//! A watch's delay later, the components' view ([`control::cache`]) takes in the change, and each controller queues the keys that its
//! declared watches ([`control::registration`]) map the change to. A controller's sync picks up a key and *plans*: requests, events and
//! decisions as a function of its view and, where it has one, of its own memory, which it updates. The engine sends the requests one by
//! one in virtual time, so that what others write in between really comes in between; a failed sync is retried, waiting longer each
//! time. Kubelets, the scheduler and provisioners are machines of the same kind: what they see goes in, effects come out.
//!
//! What a visitor does is a [`playground::history::Run`]: the manifest, and inputs at instants. A link spells it, a lesson leads up to it,
//! and a copied session is the same as a scenario.
//!
//! # Code map
//!
//! The house has five floors. Each floor is a folder of `src`, and its `README.md` says what the floor is for. Each module on a floor is a
//! crate in the directory of its name. A crate names only crates of its own floor and of floors below, which `tests/tidy/floors.rs` holds.
//! What only tests use is below `tests`. This crate only puts the crates under one name, for its program `ordinal` (with its threads,
//! `team.rs`) and the tests. From the ground up:
//!
//! **`src/model`**: a control plane as one value.
//!
//! | crate | holds |
//! |---|---|
//! | [`base`] | values, time, keyed chance, hashes, quantities, labels, sentences with placeholders |
//! | [`yaml`] | text to spanned trees to values, and back |
//! | [`shell`] | a shell as plain data: lines to operations to text |
//! | [`api`] | kinds, typed objects, schema, decoding, forms of names, patches, refusals, the [`api::client::Client`] trait; how printers read an object ([`api::view`]) |
//! | `kinds` | tables, no crate: of each kind its rules and defaults, which [`rules`] compiles, and what kubectl prints of it, for [`rows`] |
//! | [`rules`] | what a server fills in and refuses: defaults, strategies, validation; plugged in at the top ([`api::rules`]) |
//! | [`server`] | tables, log, the lives of pods as the log tells them, the API server's verbs as requests |
//! | [`why`] | reasons and decisions as data, and how they chain |
//! | [`control`] | the controllers: what each watches, and its planner over a view of a lagging cache, the time, the release |
//! | [`cluster`] | scheduler, kubelets and machines, provisioners, images, insides of containers, DNS, addresses, timings |
//! | [`sim`] | the world as one value; the queue of events; everything at work |
//!
//! **`src/terminal`**: where somebody types.
//!
//! | crate | holds |
//! |---|---|
//! | [`kubectl`] | command lines over a `Client`: words, flags, files, jobs |
//! | [`verbs`] | what kubectl's commands do, and how they print; plugged in at the top ([`kubectl::work`]) |
//! | [`rows`] | what kubectl prints of an object, and how that is read back: one row a column of `get` or a line of `describe` |
//! | [`done`] | what kubectl, Helm, Argo CD, Flux and others call done: a verdict of each about a set |
//! | [`tools`] | what Helm, Argo CD and Flux do with two rendered states, over a `Client`; plugged in by programs that plan |
//! | [`console`] | a terminal: the shell, kubectl, `curl`; [`console::World`], a cluster and its terminals; [`console::go`], its driver; [`console::experiment`]: acts, and waits for what comes of them |
//!
//! **`src/page`**: the page without a browser.
//!
//! | crate | holds |
//! |---|---|
//! | [`text`] | the playground's own voice: tables of sentences, the page's in two languages |
//! | [`sayings`] | what Kubernetes and the programs around it say, and what each saying means: one row a saying |
//! | [`causes`] | why a set and its pods are as they are, what ends a wait, what ways out risk; lines that one can type |
//! | [`view`] | what the page draws, as comparable values |
//! | [`playground`] | the page's state as one value: a cluster, a terminal, a manifest; its history, and runs as links |
//! | [`lesson`] | files that ask what a command will do: the run answers, and a task is checked from the cluster |
//! | `about` | no crate: the pages about Ordinal, in Markdown; `src/bin/truth` writes them as static HTML beside the playground |
//!
//! **`src/analysis`**: questions about somebody's own cluster.
//!
//! | crate | holds |
//! |---|---|
//! | [`intake`] | pasted clusters: a dump becomes a world, and its decisions a diagnosis; any other text is read |
//! | [`plan`] | what a change will do: tried on a copy, and told before it is done |
//! | [`risks`] | what can go wrong: a bounded search over what may happen to a cluster, and the changes that prevent it |
//!
//! **`src/bin`**: what is started.
//!
//! | crate | holds |
//! |---|---|
//! | `app` (wasm only) | the Leptos components; in a worker, which `public/search.js` begins, what searches for risks |
//! | `ordinal` | the command line, and the plugin of kubectl |
//! | `truth` | the page that shows recordings of real clusters beside the model, and the pages about Ordinal |
//! | `bindgen` | wasm-bindgen's command line, as far as `cargo dev` and trunk use it |
//! | `dev` | the commands of the project: `cargo dev`; puts the page together, and splits the code of the page for visitors in two |
//!
//! **`tests`**: what only tests and the truth page use. `rig` has scenario files and their traces, the laws, random runs, and the programs
//! `laws`, `replay` and `bench`; `comparison` compares with recordings; `plugged`, `browser/twin` and `browser/weigh` are small helpers.
//!
//! # What is absent, and stays absent
//!
//! - No clock, randomness, environment, thread, file or float below `app` and the binaries; a test searches the source for them.
//! - No iteration over hash maps anywhere in the model.
//! - Planners know the store only as tables to read, which few do, and nothing of the queue; nothing below `app` knows the browser;
//!   kubectl knows objects only as values and the cluster only as the `Client` trait; what the page says is only in the tables of
//!   [`text`] and in the files of [`lesson`], in both languages, and Kubernetes' own words never are. Diagnosis, plan, risks and the
//!   command line speak English alone. What a terminal says in our own voice (`ordinal: …`) is a [`base::note::Note`] until the page
//!   prints it; logs of containers and sessions have it in the English of `src/model/base/note.txt`.
//! - What a Kubernetes release does is asked of its [`api::release::Release`], never inferred from its name.
//! - Only programs and tests name [`rules`] and [`verbs`]; all others ask for what is plugged in. So a change there compiles little again.
//! - A crate cannot import another that its Cargo.toml does not name. `tests/tidy` holds files and functions to their sizes, and
//!   circles of files and what a change compiles again to figures that only fall.
//!
//! # Where this departs from the proposed architecture, and why
//!
//! - **One lagging cache for the whole control plane**, not one per process: with equal delays, the controller manager, the
//!   scheduler and the provisioner see the same at every instant, and one view costs a third.
//! - **Facts are kept as aggregates** ([`control::set_pods`]): a sync asks for the first missing or unsettled ordinal instead of
//!   walking all rows, so ordered creation of n pods costs n log n. The walk survives in its test, as the slow twin.
//! - **The API surface works on values, the simulation on types.** Decoding, defaulting, validation and patches see objects as
//!   [`base::value::Value`]; controllers see what users write through fields that are read from the value whenever it is written
//!   ([`api::object::Parsed`]). Kinds that one controller alone reads (DaemonSets, Jobs, namespaces, quotas) stay values with typed
//!   metadata.
//! - **There is one delivery event per instant**, not one per watcher and change.
//! - **Names are [`api::object::Name`], whatever they name**, and ordinals are `i64`. Kind, namespace and name travel together as
//!   [`api::object::ObjectKey`]; tables, queues and decisions find a key by a hash ([`base::slots`]), which nothing lists or orders.

#[cfg(not(target_family = "wasm"))]
pub mod team;

/// A model of many small objects asks for memory all the time: this allocator takes a third of the standard one's instructions.
#[cfg(not(target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use api;
pub use base;
pub use causes;
pub use cluster;
pub use console;
pub use control;
pub use done;
pub use intake;
pub use kubectl;
pub use lesson;
pub use plan;
pub use playground;
pub use risks;
pub use rows;
pub use rules;
pub use sayings;
pub use server;
pub use shell;
pub use sim;
pub use text;
pub use tools;
pub use verbs;
pub use view;
pub use why;
pub use yaml;
