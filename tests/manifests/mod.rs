//! Manifests that nobody here had used: what each of their kinds of fault comes to, in its smallest input.

mod kinds;
