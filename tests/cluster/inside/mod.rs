//! What containers have, know and write.

mod apps;
mod environment;
mod installed;
mod journal;
mod replicated;
