//! A command's input: a text, or a pipe whose other end may still write.
//!
//! Promises: a tool that works line by line prints its output for each line as it comes; one that needs the end of input waits for it.

/// The input of one or more commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// How much of it has been read.
    at: usize,
    /// Whether more may come.
    pub open: bool,
}

impl Input {
    /// A complete text.
    pub fn of(text: &str) -> Self {
        Input { text: text.into(), at: 0, open: false }
    }

    /// The reading end of a pipe.
    pub fn pipe() -> Self {
        Input { open: true, ..Input::of("") }
    }

    /// Appends text; returns the new total length.
    pub fn feed(&mut self, text: &str) -> usize {
        self.text.push_str(text);
        self.text.len()
    }

    /// The total length so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// The unread part; of an open pipe, only complete lines.
    pub fn rest(&self) -> &str {
        let end = if self.open { self.text.rfind('\n').map_or(self.at, |at| at + 1) } else { self.text.len() };
        &self.text[self.at..end.max(self.at)]
    }

    /// Reads a line, with its end. `None` if there is none, or none yet.
    pub fn line(&mut self) -> Option<String> {
        let line = self.rest().split_inclusive('\n').next()?;
        let line = line.to_owned();
        self.at += line.len();
        Some(line)
    }
}

/// How a tool reads its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    Nothing,
    /// Line by line: the output for the lines so far is final.
    Lines,
    /// To the end, before it prints.
    Everything,
}

/// How a tool reads its input when called with these arguments.
pub fn reads(words: &[String]) -> Reads {
    let name = words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    let option = |letter: char| words[1..].iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter));
    let by_line = match name {
        // Behind the input comes a file.
        "cat" if words.len() > 2 && words.iter().any(|word| word == "-") => false,
        "awk" | "cat" | "cut" | "head" | "less" | "more" | "tee" | "tr" => true,
        "grep" => !option('c'),
        // Only the end tells which line is the last.
        "sed" => !words[1..].iter().any(|word| word.starts_with('$') || word.contains(";$")),
        "base64" | "jq" | "sort" | "tail" | "wc" | "yq" => false,
        _ => return Reads::Nothing,
    };
    if by_line { Reads::Lines } else { Reads::Everything }
}
