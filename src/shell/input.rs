//! What a command reads: a text, or a pipe whose other end may still write.
//!
//! Promises: a tool that goes line by line prints for each line as it comes; one that needs the end waits for it.

use std::rc::Rc;

/// The input of some commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    text: Rc<str>,
    /// How much of it was read.
    at: usize,
    /// Whether more may come.
    pub open: bool,
}

impl Input {
    /// A text that is all there.
    pub fn of(text: impl Into<Rc<str>>) -> Self {
        Input { text: text.into(), at: 0, open: false }
    }

    /// The reading end of a pipe.
    pub fn pipe() -> Self {
        Input { text: "".into(), at: 0, open: true }
    }

    /// Takes what was written; how much there is now.
    pub fn feed(&mut self, text: &str) -> usize {
        self.text = format!("{}{text}", self.text).into();
        self.text.len()
    }

    /// How much there ever was.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// What is left; of an open pipe only whole lines.
    pub fn rest(&self) -> Rc<str> {
        let end = if self.open { self.text.rfind('\n').map_or(self.at, |at| at + 1) } else { self.text.len() };
        if (self.at, end) == (0, self.text.len()) { Rc::clone(&self.text) } else { self.text[self.at..end.max(self.at)].into() }
    }

    /// Reads a line, without its end. `None` where there is none, or not yet.
    pub fn line(&mut self) -> Option<String> {
        let rest = self.rest();
        let line = rest.split('\n').next().filter(|_| !rest.is_empty())?;
        self.at = (self.at + line.len() + 1).min(self.text.len());
        Some(line.to_owned())
    }
}

/// How a tool reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Not at all.
    Nothing,
    /// Line by line: what it prints for some lines stays when more come.
    Lines,
    /// To the end, before it prints.
    Everything,
}

/// How a tool reads when it is called with these words.
pub fn reads(words: &[String]) -> Reads {
    let name = words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    let has = |part: &str| words[1..].iter().any(|word| word.contains(part));
    let option = |letter: char| words[1..].iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter));
    let by_line = match name {
        "cat" | "cut" | "head" | "tr" => true,
        "egrep" | "grep" | "uniq" => !option('c'),
        "tee" => !option('a'),
        // The last line is known at the end only.
        "awk" => !has("END"),
        "sed" => !words[1..].iter().any(|word| word.starts_with('$')) && !has(";$"),
        "base64" | "column" | "jq" | "sort" | "tac" | "tail" | "wc" | "yq" => false,
        _ => return Reads::Nothing,
    };
    if by_line { Reads::Lines } else { Reads::Everything }
}
