//! The shell's grammar: lines are compiled to operations in one pass.
//!
//! Promises: any text yields operations or one sentence about what is wrong or missing; nothing nests deeper than
//! [`MAX_NESTING`]. Must not know: files, commands, time.
//! Not modelled, and reported as such: `select`, arrays, process substitution.

mod compound;
mod conditional;
mod moves;
mod redirect;
mod word;

use std::rc::Rc;

use super::dialect::Dialect;
use base::note::Note;
pub use conditional::SUBJECT;
use moves::{rebased, shifted, uncheck};
pub use word::GROUPS;
use word::braces;

/// The maximum nesting depth of loops, groups and substitutions.
const MAX_NESTING: usize = 40;

/// Reserved words, where a command is expected.
const RESERVED: [&str; 13] = ["then", "else", "elif", "fi", "do", "done", "esac", "}", ")", "&&", "||", "|", ";;"];

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Literal text; the flag says whether it was quoted.
    Text(String, bool),
    /// A variable, and whether it is quoted.
    Variable(String, bool),
    /// A variable, what is made of it with what: `:-word`, `#pattern` and so on; and whether it is quoted.
    Changed(String, &'static str, Word, bool),
    /// The end of a pattern, before what takes the place of what fits it.
    Cut,
    /// The length of a variable's value.
    Length(String),
    /// The output of this command's n-th command substitution.
    Printed(usize, bool),
    /// `$((…))`, after expansion of its variables and substitutions.
    Sum(Word),
}

/// A word before expansion.
pub type Word = Vec<Part>;

/// A redirection of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// `< file`
    Read(Word),
    /// `> file`, `>> file`: of standard output, of standard error.
    Write { out: bool, err: bool, append: bool, to: Word },
    /// `2>&1`
    ErrToOut,
    /// `>&2`
    OutToErr,
    /// `>&1`
    Nothing,
    /// A here-document or a here-string.
    Here(Word),
}

/// A command with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// Assignments before it, `NAME=word`.
    pub assigned: Vec<(String, Word)>,
    pub words: Vec<Word>,
    /// The redirections, in order.
    pub redirects: Vec<Redirect>,
    /// How many substitutions it consumes.
    pub printed: usize,
    /// Whether its failure is tested, and so ends no script, not even that of a function that it calls.
    pub tested: bool,
    /// Whether it is within a condition or a substitution, so that what it returns decides what is done.
    pub asked: bool,
}

/// An operation of a compiled line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A command.
    Simple(Rc<Simple>),
    /// A command whose words are not expanded.
    Literal(Rc<[String]>),
    Jump(usize),
    /// Jumps if the last command succeeded, or failed.
    JumpIf(bool, usize),
    /// `!`
    Not,
    /// Ends a script that was told to end at the first failure (`set -e`), if there was one.
    Check,
    /// Begins a loop over words, which ends before the given operation.
    For(Rc<str>, Rc<Simple>, usize),
    /// Begins a loop without words.
    Loop(usize),
    /// Begins the next round, or leaves the loop.
    Next,
    /// Leaves a loop.
    Leave,
    /// Begins to capture output.
    Capture,
    /// Runs two stages of a pipeline, the second reading the output of the first, with errors if the flag is set; [`Op::EndPipe`] follows.
    Pipe(Rc<[Op]>, Rc<[Op]>, bool),
    /// Ends the writing end of the pipe.
    EndPipe,
    /// Gives an empty input to what follows.
    NoInput,
    /// Restores the input.
    EndInput,
    /// Leaves out a substitution within `${NAME…}`, to the given operation, if the value of the variable is not asked for.
    Unasked(Rc<str>, &'static str, usize),
    /// Ends capturing; the output becomes a substitution.
    Substitute,
    /// Applies the redirections of a whole loop or group.
    Redirect(Rc<Simple>),
    EndRedirect,
    /// Saves the variables.
    Save,
    /// Restores the variables.
    Restore,
    /// Runs in the background.
    Spawn(Rc<[Op]>),
    /// Defines a function.
    Define(Rc<str>, Rc<[Op]>),
    /// Shows the captured output if it differs from what was shown last, then waits for the next change.
    Show(u64),
}

/// Why a text cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More lines are needed.
    Unfinished,
    /// It is invalid.
    Wrong(String),
    /// A shell would understand it; this is not simulated.
    Unsupported(Note),
}

/// Compiles a text.
pub fn parse(text: &str, dialect: Dialect) -> Result<Rc<[Op]>, Fault> {
    let text = text.chars().collect();
    let mut parser = Parser { text, at: 0, ops: Vec::new(), printed: 0, depth: 0, tested: 0, dialect, asked: None };
    parser.list(&[])?;
    Ok(parser.ops.into())
}

struct Parser {
    text: Vec<char>,
    at: usize,
    ops: Vec<Op>,
    /// How many substitutions the current command has.
    printed: usize,
    depth: usize,
    /// How many conditions, substitutions and functions this is within: there a failure ends no script.
    tested: usize,
    dialect: Dialect,
    /// The variable on whose value it depends whether the substitutions here run, and how.
    asked: Option<(Rc<str>, &'static str)>,
}

fn unexpected(what: &str) -> Fault {
    Fault::Wrong(format!("syntax error near unexpected token `{what}'"))
}

fn not_learnt(what: &str) -> Fault {
    Fault::Unsupported(Note::Unsupported(what.to_owned()))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn starts(&self, what: &str) -> bool {
        what.chars().enumerate().all(|(i, c)| self.text.get(self.at + i) == Some(&c))
    }

    fn take(&mut self, what: &str) -> bool {
        let found = self.starts(what);
        if found {
            self.at += what.chars().count();
        }
        found
    }

    /// Skips blanks, comments and continued lines; with `lines` also newlines.
    fn blanks(&mut self, lines: bool) {
        loop {
            match self.peek() {
                Some('\n') if lines => self.at += 1,
                Some(c) if c.is_whitespace() && c != '\n' => self.at += 1,
                Some('\\') if self.text.get(self.at + 1) == Some(&'\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(Fault::Wrong(format!("more than {MAX_NESTING} levels deep")));
        }
        let done = read(self);
        self.depth -= 1;
        done
    }

    /// The next word, if it consists of plain letters.
    fn next_plain(&self) -> String {
        if ["&&", "||", ";;"].iter().any(|sign| self.starts(sign)) {
            return self.text[self.at..self.at + 2].iter().collect();
        }
        match self.peek() {
            Some(c @ ('|' | ')' | '}')) => c.to_string(),
            _ => self.text[self.at..].iter().take_while(|c| !c.is_whitespace() && !";&|()<>".contains(**c)).collect(),
        }
    }

    /// Parses commands up to one of the given words, or to the end.
    fn list(&mut self, ends: &[&str]) -> Result<(), Fault> {
        loop {
            self.blanks(true);
            let next = self.next_plain();
            if ends.contains(&next.as_str()) {
                return Ok(());
            }
            if self.at >= self.text.len() {
                return if ends.is_empty() { Ok(()) } else { Err(Fault::Unfinished) };
            }
            if RESERVED.contains(&next.as_str()) || self.peek() == Some(';') || self.peek() == Some('&') {
                return Err(unexpected(if next.is_empty() { if self.peek() == Some(';') { ";" } else { "&" } } else { &next }));
            }
            let start = self.ops.len();
            self.and_or()?;
            self.blanks(false);
            if self.starts(";&") {
                return Err(not_learnt("`;&`"));
            }
            if self.take("&") {
                let body = rebased(self.ops.split_off(start), start);
                self.ops.push(Op::Spawn(body.into()));
            } else if (self.starts(";;") || !self.take(";")) && self.peek().is_some_and(|c| c != '\n') {
                let next = self.next_plain();
                if !ends.contains(&next.as_str()) {
                    return Err(unexpected(if next.is_empty() { "(" } else { &next }));
                }
            }
        }
    }

    fn and_or(&mut self) -> Result<(), Fault> {
        let start = self.ops.len();
        let mut not = self.pipeline()?;
        let mut jump = None;
        loop {
            self.blanks(false);
            let skip_on = if self.take("&&") {
                false
            } else if self.take("||") {
                true
            } else {
                break;
            };
            self.blanks(true);
            if self.at >= self.text.len() {
                return Err(Fault::Unfinished);
            }
            self.uncheck(start);
            let at = self.ops.len();
            self.ops.push(Op::Jump(0));
            not = self.pipeline()?;
            self.ops[at] = Op::JumpIf(skip_on, self.ops.len());
            jump = Some((at, skip_on));
        }
        // What the last of them does counts, but not that it was skipped.
        if !not && self.tested == 0 {
            self.ops.push(Op::Check);
            if let Some((at, skip_on)) = jump {
                self.ops[at] = Op::JumpIf(skip_on, self.ops.len());
            }
        }
        Ok(())
    }

    /// A failure in these operations ends no script, since it is tested.
    fn uncheck(&mut self, from: usize) {
        uncheck(&mut self.ops, from);
    }

    /// Parses what is tested, or runs apart from the script.
    fn tested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.tested += 1;
        let done = read(self);
        self.tested -= 1;
        done
    }

    /// Parses a pipeline; returns whether it has a `!`, so that its failure is what was hoped for.
    fn pipeline(&mut self) -> Result<bool, Fault> {
        let (mut not, mut tested) = (false, false);
        while self.starts("! ") {
            self.at += 2;
            (not, tested) = (!not, true);
            self.blanks(false);
        }
        let start = self.ops.len();
        self.command()?;
        let mut stages: Vec<(Vec<Op>, bool)> = Vec::new();
        loop {
            self.blanks(false);
            // A pipe may also begin the next line, as books print long ones.
            let here = self.at;
            self.blanks(true);
            if !self.starts("|") || self.starts("||") {
                self.at = here;
                break;
            }
            let with_errors = self.starts("|&");
            self.at += 1 + usize::from(with_errors);
            self.blanks(true);
            if self.at >= self.text.len() {
                return Err(Fault::Unfinished);
            }
            stages.push((rebased(self.ops.split_off(start), start), with_errors));
            self.command()?;
        }
        if !stages.is_empty() {
            let mut last = rebased(self.ops.split_off(start), start);
            for (writer, with_errors) in stages.into_iter().rev() {
                last = vec![Op::Pipe(writer.into(), last.into(), with_errors), Op::EndPipe];
            }
            self.ops.extend(last);
        }
        if tested {
            self.uncheck(start);
        }
        if not {
            self.ops.push(Op::Not);
        }
        Ok(tested)
    }

    fn command(&mut self) -> Result<(), Fault> {
        self.blanks(false);
        let word = self.next_plain();
        let is_posix = matches!(self.dialect, Dialect::Dash | Dialect::Ash);
        if !is_posix && self.take("((") {
            return self.sum_alone();
        }
        match word.as_str() {
            "for" => self.compound("for", Self::for_loop),
            "while" => self.compound("while", |p| p.while_loop(true)),
            "until" => self.compound("until", |p| p.while_loop(false)),
            "if" => self.compound("if", Self::condition),
            "{" => self.compound("{", |p| {
                p.list(&["}"])?;
                p.at += 1;
                Ok(())
            }),
            _ if self.peek() == Some('(') => self.compound("(", |p| {
                p.ops.push(Op::Save);
                p.list(&[")"])?;
                p.at += 1;
                p.ops.push(Op::Restore);
                Ok(())
            }),
            "case" => self.compound("case", Self::case),
            "[[" if self.dialect != Dialect::Dash => self.conditional(),
            "function" if self.dialect != Dialect::Dash => {
                self.at += word.len();
                self.blanks(false);
                let word = self.word()?;
                self.blanks(false);
                if !self.starts("(") {
                    return self.body(&word);
                }
                self.function(&Simple { words: vec![word], ..Simple::default() }, self.printed)
            }
            "select" if !is_posix => Err(not_learnt(&format!("`{word}`"))),
            _ => self.simple(),
        }
    }

    /// `((…))`, from after the opening parentheses.
    fn sum_alone(&mut self) -> Result<(), Fault> {
        let outer = std::mem::take(&mut self.printed);
        let mut sum = Word::new();
        self.sum(&mut sum)?;
        let printed = std::mem::replace(&mut self.printed, outer);
        let words = vec![vec![Part::Text("((".to_owned(), true)], sum];
        self.ops.push(Op::Simple(Rc::new(Simple { words, printed, ..Simple::default() })));
        Ok(())
    }

    /// A word after brace expansion, which only bash has.
    fn braced_words(&self, word: Word) -> Vec<Word> {
        if matches!(self.dialect, Dialect::Dash | Dialect::Ash) { vec![word] } else { braces(&word) }
    }

    fn simple(&mut self) -> Result<(), Fault> {
        let outer = std::mem::take(&mut self.printed);
        let mut simple = Simple::default();
        loop {
            self.blanks(false);
            if self.peek().is_none_or(|c| "\n;|)".contains(c)) || (self.peek() == Some('&') && !self.starts("&>")) {
                break;
            }
            if let Some(redirect) = self.redirect()? {
                simple.redirects.push(redirect);
                continue;
            }
            if self.peek() == Some('(') {
                let has_arrays = !matches!(self.dialect, Dialect::Dash | Dialect::Ash);
                return if self.is_array() && has_arrays { Err(not_learnt("`=(`")) } else { self.function(&simple, outer) };
            }
            let name: String = self.text[self.at..].iter().take_while(|c| is_name(**c)).collect();
            let assigns = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
            let adds = self.dialect != Dialect::Dash && self.text[self.at + name.len()..].starts_with(&['+', '=']);
            if adds && !name.is_empty() && simple.words.is_empty() && self.dialect == Dialect::Ash {
                return Err(not_learnt("`+=`"));
            }
            if simple.words.is_empty()
                && assigns
                && self.text.get(self.at + name.len()) == Some(&'[')
                && !matches!(self.dialect, Dialect::Dash | Dialect::Ash)
                && self.is_element()
            {
                return Err(not_learnt("`[…]=`"));
            }
            if simple.words.is_empty() && assigns && (adds || self.text.get(self.at + name.len()) == Some(&'=')) {
                self.at += name.len() + 1 + usize::from(adds);
                let blank = self.is_array() || self.peek().is_none_or(|c| c.is_whitespace() || ";&|".contains(c));
                let mut word = if blank { Word::new() } else { self.word()? };
                if adds {
                    word.insert(0, Part::Variable(name.clone(), true));
                }
                simple.assigned.push((name, word));
            } else {
                let word = self.word()?;
                simple.words.extend(self.braced_words(word));
            }
        }
        if simple.words.is_empty() && simple.assigned.is_empty() && simple.redirects.is_empty() {
            let next = self.next_plain();
            return Err(if self.at >= self.text.len() {
                Fault::Unfinished
            } else {
                unexpected(if next.is_empty() { "newline" } else { &next })
            });
        }
        simple.tested = self.tested > 0;
        simple.asked = self.tested > 0;
        simple.printed = std::mem::replace(&mut self.printed, outer);
        self.ops.push(Op::Simple(Rc::new(simple)));
        Ok(())
    }
}
