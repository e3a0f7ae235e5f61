//! Jobs, and the indexes of their pods.

mod indexes;
