//! `[[ … ]]` and `case`: tests whose words are neither split nor taken for file names, and patterns.
//!
//! Not modelled: `<` and `>` in tests; that a quoted variable is no pattern, whatever its value; `;&` and `;;&`.

use std::rc::Rc;

use super::compound::well;
use super::word::push_text;
use super::{Fault, Op, Parser, Part, Simple, Word, not_learnt, unexpected};
use crate::dialect::Dialect;
use base::pattern;

/// The operator of `case`, which is none of a test's own.
const FITS: &str = "==";
/// Where the subject of a `case` is kept, and the command that compares with it; no variable and no command of a script has such a name.
pub const SUBJECT: &str = "case ";

impl Parser {
    /// Parses `[[ … ]]`, from after its opening.
    pub(super) fn conditional(&mut self) -> Result<(), Fault> {
        self.at += "[[".len();
        self.alternatives()?;
        self.expect("]]")
    }

    fn alternatives(&mut self) -> Result<(), Fault> {
        self.one_of("||", |p| p.one_of("&&", Self::condition_alone))
    }

    /// Conditions between which this sign stands.
    fn one_of(&mut self, sign: &str, read: fn(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        read(self)?;
        loop {
            self.blanks(true);
            if !self.take(sign) {
                return Ok(());
            }
            let jump = self.ops.len();
            self.ops.push(Op::Jump(0));
            read(self)?;
            self.ops[jump] = Op::JumpIf(sign == "||", self.ops.len());
        }
    }

    fn condition_alone(&mut self) -> Result<(), Fault> {
        self.blanks(true);
        if self.dialect != Dialect::Ash && self.take("(") {
            self.nested(Self::alternatives)?;
            return self.expect(")");
        }
        if self.starts("! ") {
            self.at += 1;
            self.nested(Self::condition_alone)?;
            self.ops.push(Op::Not);
            return Ok(());
        }
        self.test()
    }

    fn test(&mut self) -> Result<(), Fault> {
        let outer = std::mem::take(&mut self.printed);
        let mut words = vec![plain("[[")];
        // In busybox's shell the words are like those of other commands.
        let is_ash = self.dialect == Dialect::Ash;
        loop {
            self.blanks(true);
            let sign = words.get(2).map(Vec::as_slice);
            let is = |text: &str| matches!(sign, Some([Part::Text(sign, _)]) if sign == text);
            if !is_ash && words.len() == 3 && is("=~") && self.next_plain() != "]]" && self.at < self.text.len() {
                let word = self.expression()?;
                words.push(word);
                continue;
            }
            if self.starts("&&") || self.starts("||") || self.starts(")") || self.next_plain() == "]]" {
                break;
            }
            match self.peek() {
                None => return Err(Fault::Unfinished),
                Some('<' | '>') if is_ash => return Err(not_learnt("`[[ <`")),
                Some(c @ ('<' | '>')) if words.len() == 2 => {
                    self.at += 1;
                    words.push(plain(&c.to_string()));
                    continue;
                }
                Some(c) if ";&|(".contains(c) => return Err(unexpected(&c.to_string())),
                Some(_) => {}
            }
            let word = match words.len() {
                _ if is_ash => self.word()?,
                3 if is("==") || is("=") || is("!=") => whole(self.word()?, true),
                _ => whole(self.word()?, false),
            };
            words.push(word);
        }
        if words.len() == 1 {
            return Err(unexpected(&self.next_plain()));
        }
        let printed = std::mem::replace(&mut self.printed, outer);
        self.ops.push(Op::Simple(Rc::new(Simple { words, printed, ..Simple::default() })));
        Ok(())
    }

    /// An expression after `=~`, up to a blank: quoted text in it stands for itself.
    fn expression(&mut self) -> Result<Word, Fault> {
        let (mut word, mut groups) = (Word::new(), 0);
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace() || groups > 0) {
            groups += i32::from(c == '(') - i32::from(c == ')');
            match c {
                ')' if groups < 0 => break,
                '\\' if self.text.get(self.at + 1) == Some(&' ') => {
                    self.at += 2;
                    push_text(&mut word, ' ', true);
                }
                '\\' => {
                    for c in &self.text[self.at..(self.at + 2).min(self.text.len())] {
                        push_text(&mut word, *c, true);
                    }
                    self.at = (self.at + 2).min(self.text.len());
                }
                '$' => self.dollar(&mut word, true)?,
                '`' => self.backquoted(&mut word, true)?,
                '\'' | '"' => {
                    let literal = self.literal(c)?;
                    literal.chars().for_each(|c| push_text(&mut word, c, true));
                }
                _ => {
                    self.at += 1;
                    push_text(&mut word, c, true);
                }
            }
        }
        Ok(word)
    }

    /// A quoted text without substitutions, as an expression that fits only it.
    fn literal(&mut self, quote: char) -> Result<String, Fault> {
        self.at += 1;
        let end = (self.at..self.text.len()).find(|i| self.text[*i] == quote).ok_or(Fault::Unfinished)?;
        let text: String = self.text[self.at..end].iter().collect();
        self.at = end + 1;
        if quote == '"' && text.contains(['$', '`', '\\']) {
            return Err(not_learnt(&format!("`=~ \"{text}\"`")));
        }
        Ok(pattern::escaped(&text))
    }

    /// Parses `case WORD in PATTERN) …;; esac`, from after its first word.
    pub(super) fn case(&mut self) -> Result<(), Fault> {
        let subject = format!("{SUBJECT}{}", self.depth);
        let outer = std::mem::take(&mut self.printed);
        self.blanks(false);
        let word = whole(self.next_word()?, false);
        let printed = std::mem::replace(&mut self.printed, outer);
        self.ops.push(Op::Simple(Rc::new(Simple { assigned: vec![(subject.clone(), word)], printed, ..Simple::default() })));
        self.expect("in")?;
        let mut ends = Vec::new();
        loop {
            self.blanks(true);
            if self.next_plain() == "esac" {
                break;
            }
            let next = self.pattern_of(&subject)?;
            self.list(&[";;", "esac"])?;
            if self.starts(";;&") {
                return Err(not_learnt("`;;&`"));
            }
            ends.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.ops[next] = Op::JumpIf(false, self.ops.len());
            self.take(";;");
        }
        self.at += "esac".len();
        self.ops.push(well());
        let end = self.ops.len();
        for at in ends {
            self.ops[at] = Op::Jump(end);
        }
        Ok(())
    }

    fn next_word(&mut self) -> Result<Word, Fault> {
        if self.at >= self.text.len() { Err(Fault::Unfinished) } else { self.word() }
    }

    /// The patterns before a `)`; returns the place of the jump to take where none fits.
    fn pattern_of(&mut self, subject: &str) -> Result<usize, Fault> {
        self.take("(");
        let mut fits = Vec::new();
        loop {
            self.blanks(true);
            let mut pattern = self.next_word()?;
            for part in pattern.iter_mut().filter(|_| self.dialect == Dialect::Dash) {
                // There `^` is a letter like others.
                if let Part::Text(text, false) = part {
                    *text = text.replace("[^", "[\\^");
                }
            }
            let pattern = whole(pattern, true);
            let words = vec![plain(SUBJECT), vec![Part::Variable(subject.to_owned(), true)], plain(FITS), pattern];
            self.ops.push(Op::Simple(Rc::new(Simple { words, ..Simple::default() })));
            self.blanks(true);
            if !self.take("|") {
                break;
            }
            fits.push(self.ops.len());
            self.ops.push(Op::Jump(0));
        }
        self.expect(")")?;
        let next = self.ops.len();
        self.ops.push(Op::Jump(0));
        for at in fits {
            self.ops[at] = Op::JumpIf(true, next + 1);
        }
        Ok(next)
    }
}

fn plain(text: &str) -> Word {
    vec![Part::Text(text.to_owned(), true)]
}

/// A word that is neither split nor taken for file names. As a pattern, what is quoted in it stands for itself.
fn whole(mut word: Word, is_pattern: bool) -> Word {
    for part in &mut word {
        match part {
            Part::Text(text, quoted) => {
                if *quoted && is_pattern {
                    *text = pattern::quoted(text);
                }
                *quoted = true;
            }
            Part::Variable(_, quoted) | Part::Changed(_, _, _, quoted) | Part::Printed(_, quoted) => *quoted = true,
            Part::Cut | Part::Length(_) | Part::Sum(_) => {}
        }
    }
    word
}
