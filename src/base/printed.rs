//! Text that programs print, and where it goes.

/// Where a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output, in the program's words.
    Out,
    /// Standard error, in the program's words.
    Err,
    /// The playground's own voice, which no real program has.
    Note,
}

/// One piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it goes.
    pub stream: Stream,
    /// The text, with its line ends.
    pub text: String,
}
