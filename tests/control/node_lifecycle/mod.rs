//! Nodes that fall silent, zone by zone.

mod zone;
