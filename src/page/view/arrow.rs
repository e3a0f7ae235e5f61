//! Arrow keys.

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    Left,
    Right,
    Up,
    Down,
}
