//! What a name means, what `dig` prints, and what a pod knows of names by itself.

mod dig;
mod name;
mod pod;
