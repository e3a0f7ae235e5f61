//! Pasted clusters: a dump becomes a world, and the world's own decisions a diagnosis; any other text is read.
//!
//! ```text
//!   dump ──read──▶ Dump ─door─▶ Whole ──world──▶ World { sim, assumed } ──verdict──▶ Verdict ──told──▶ text, JSON
//!   other text ────▲│        │                    ▲                   │  ▲          ▲
//!                   │        └── seen: what images did                └──┘ cures    │
//!                   └─▶ reading: what the text says, and what that means ───────────┘
//! ```
//!
//! **Two doors that never mix** ([`door`]). A dump in which every set in question stands with its status, its pods, their claims and
//! volumes, and nodes, becomes a world. Anything else (tables, `describe`, Events, logs, single messages, a cut dump) is read
//! ([`reading`]): its words are looked up in the catalogue ([`sayings`]), nothing is completed, and nothing is tried. What the objects of
//! a dump say by themselves beats what its world decides.
//!
//! **A manifest that runs nowhere** is whole in itself. A plan applies it to a new cluster; what that waits for is told here, and never as
//! certain ([`applied`]).
//!
//! **No second rule book.** Objects go into the API server's tables with their uids and their statuses; the control plane is one that was
//! just started, so that every controller lists what is there and decides about it; kubelets know their pods, and whoever was silent stays
//! silent ([`sim::Sim::standing`]). What the components decide next, with their reasons, is the diagnosis: [`causes`] names the cause
//! that a reason stands for, and [`verdict`] only says of which workload.
//!
//! **What an image does is what it was seen to do** ([`seen`]): it cannot be pulled, it exits with a code, it is never Ready, nothing
//! listens on a port. Of an image that nobody has seen nothing bad is supposed.
//!
//! **A cure is offered once it was tried**: its lines are typed into a terminal beside a copy of the world, the copy runs on, and the
//! object is well, or it is not ([`cures`]). What looks right and did not help is told as well, from the same tries.
//!
//! **Text that is no dump** becomes objects as far as it tells them ([`paste`]). An answer quotes the line that says so, says what that
//! means, and names the one command that decides what is open. No row of a table makes a world; what a manifest lacks of what servers
//! write is filled in for `plan` and `risks` ([`manifest`]).
//!
//! **What kubectl could not read is not absent** ([`asked`]). Its errors beside a dump are told first. What a verdict would
//! conclude from the absence of such a kind is unknown, or likely at most.
//!
//! **No line vanishes**: each is read, or a person wrote it, or it is on the list of what was not read, which is told first
//! ([`paste::Account`]). While that list has any line, no workload is called complete.
//!
//! **What is not in the paste** is not invented in silence: whatever had to be assumed is on a list, with why ([`supplied`]), apart from
//! what follows from the text. What decides and is missing is asked for with the command that prints it ([`ask`]), and the pasted cluster's
//! own words are taken for it ([`heard`], by the tables in [`causes::message`] and, for logs, [`causes::log`]).
//!
//! **A verdict says what it rests on** ([`ground`]): its lines, and each assumption with whose opposite it would be another one. No cure is
//! offered on such a ground, nor where a process alone knows the reason. Where disks can go is taken from the text ([`disks`]); a cure that
//! needs disks which every node reaches says so.
//!
//! **What a tool says that waits** is told as what it read of the set ([`waits`]): by which tool. Who calls the same set done is told, too.
//! A set that was printed with its status is judged by each tool ([`done`]).
//!
//! **What is told is data** ([`causes::waits::told`]): a row of `src/page/text/en/diagnose.txt` and what fills it. Links of chains are told
//! by the rows that the Why pane has. [`told`] renders both.
//!
//! Promises: plain data; the same text gives the same report; Secrets, values of variables, last-applied manifests and managed fields are
//! dropped as the text is read ([`read`]), unless a manifest is to be compared with the cluster ([`Dump::read_whole`]).
//! Must not know: files, clocks, the page.
//! Not modelled: kubelets that report their nodes as not Ready, which count as silent.

pub mod applied;
mod ask;
mod asked;
mod attached;
mod beside;
mod clean;
pub mod cures;
mod disks;
mod door;
mod doubt;
pub mod dump;
pub mod event;
mod fragment;
mod ground;
mod heard;
mod manifest;
mod members;
mod moments;
mod over;
mod owner;
pub mod page;
pub mod paste;
pub mod places;
pub mod read;
mod reading;
mod report;
mod revision;
pub mod seen;
mod signs;
mod supplied;
pub mod told;
pub mod verdict;
mod waits;
mod withheld;
pub mod world;

pub use ask::NEEDED;
pub use dump::Dump;
pub use paste::Standing;
pub use read::{PRINTS_ALL, looks_printed};
pub use reading::{Fact, against};
pub use report::{Door, Judged, Report, Verdict, Waited};
pub use verdict::{diagnose, diagnose_one};
pub use withheld::Withheld;
pub use world::World;
