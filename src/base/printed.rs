//! Text that programs print, and the stream it goes to.

/// The stream a text goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output, in the program's words.
    Out,
    /// Standard error, in the program's words.
    Err,
    /// The playground's own voice, which no real program has.
    Note,
}

/// A piece of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its stream.
    pub stream: Stream,
    /// The text, including line ends.
    pub text: String,
}
