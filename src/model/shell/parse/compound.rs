//! Loops, conditions, groups and functions.

use std::rc::Rc;

use super::{Fault, Op, Parser, Part, Simple, Word, is_name, rebased, shifted, unexpected};
use crate::dialect::Dialect;

/// What a condition ends with that was never met: that is no failure.
pub(super) fn well() -> Op {
    Op::Literal(["true".to_owned()].into())
}

impl Parser {
    /// Parses a loop, a condition or a group, and its redirections.
    pub(super) fn compound(&mut self, word: &str, read: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.at += word.chars().count();
        let start = self.ops.len();
        self.nested(read)?;
        self.blanks(false);
        let (end, printed) = (self.ops.len(), std::mem::take(&mut self.printed));
        let mut simple = Simple::default();
        while let Some(redirect) = self.redirect()? {
            simple.redirects.push(redirect);
            self.blanks(false);
        }
        simple.printed = std::mem::replace(&mut self.printed, printed);
        if !simple.redirects.is_empty() {
            let substitutions = rebased(self.ops.split_off(end), end);
            let body = rebased(self.ops.split_off(start), start);
            self.ops.extend(shifted(substitutions, start));
            let start = self.ops.len();
            self.ops.push(Op::Redirect(Rc::new(simple)));
            self.ops.extend(shifted(body, start + 1));
            self.ops.push(Op::EndRedirect);
        }
        Ok(())
    }

    pub(super) fn expect(&mut self, word: &str) -> Result<(), Fault> {
        self.blanks(true);
        if self.take(word) {
            return Ok(());
        }
        if self.at >= self.text.len() { Err(Fault::Unfinished) } else { Err(unexpected(&self.next_plain())) }
    }

    pub(super) fn for_loop(&mut self) -> Result<(), Fault> {
        self.blanks(false);
        if self.take("((") {
            return self.counting_loop();
        }
        let name: String = self.text[self.at..].iter().take_while(|c| is_name(**c)).collect();
        if name.is_empty() {
            return Err(if self.at >= self.text.len() { Fault::Unfinished } else { Fault::Wrong("`for` needs a name here".into()) });
        }
        self.at += name.len();
        self.blanks(true);
        let outer = std::mem::take(&mut self.printed);
        let mut words = Simple::default();
        if self.take("in") {
            self.blanks(false);
            while self.peek().is_some_and(|c| !";\n&|".contains(c)) {
                let word = self.word()?;
                let more = self.braced_words(word);
                words.words.extend(more);
                self.blanks(false);
            }
        }
        words.printed = std::mem::replace(&mut self.printed, outer);
        self.take(";");
        self.expect("do")?;
        let start = self.ops.len();
        self.ops.push(Op::Jump(0));
        self.ops.push(Op::Next);
        self.list(&["done"])?;
        self.at += "done".len();
        self.ops.push(Op::Jump(start + 1));
        self.ops[start] = Op::For(name.into(), Rc::new(words), self.ops.len());
        Ok(())
    }

    /// `for ((a; b; c))`, from after the opening parentheses.
    fn counting_loop(&mut self) -> Result<(), Fault> {
        if matches!(self.dialect, Dialect::Dash | Dialect::Ash) {
            return Err(Fault::Wrong("syntax error: bad for loop variable".to_owned()));
        }
        let close = (self.at..self.text.len()).find(|at| self.text[*at..].starts_with(&[')', ')'])).ok_or(Fault::Unfinished)?;
        let sums: String = self.text[self.at..close].iter().collect();
        let [first, holds, then] = sums.split(';').collect::<Vec<_>>()[..] else { return Err(unexpected("newline")) };
        self.at = close + 2;
        self.blanks(false);
        self.take(";");
        self.expect("do")?;
        let sum = |p: &mut Self, text: &str| p.within(&format!("{text}))"), Self::sum_alone);
        sum(self, first)?;
        let start = self.ops.len();
        // What the loop begins its next round with is behind the jump to its condition.
        self.ops.extend([Op::Loop(0), Op::Jump(0)]);
        sum(self, then)?;
        self.ops[start + 1] = Op::Jump(self.ops.len());
        sum(self, if holds.trim().is_empty() { "1" } else { holds })?;
        let jump = self.ops.len();
        self.ops.push(Op::Jump(0));
        self.rounds(start, start + 2, jump, false)
    }

    /// The rounds of a loop that began at `start`: each jumps to `next`, and what stands at `jump` leaves if the condition `is` so.
    fn rounds(&mut self, start: usize, next: usize, jump: usize, is: bool) -> Result<(), Fault> {
        self.list(&["done"])?;
        self.at += "done".len();
        self.ops.push(Op::Jump(next));
        self.ops[jump] = Op::JumpIf(is, self.ops.len());
        self.ops.extend([well(), Op::Leave]);
        self.ops[start] = Op::Loop(self.ops.len());
        Ok(())
    }

    pub(super) fn while_loop(&mut self, goes_on: bool) -> Result<(), Fault> {
        let start = self.ops.len();
        self.ops.push(Op::Loop(0));
        self.tested(|p| p.list(&["do"]))?;
        self.at += "do".len();
        let jump = self.ops.len();
        self.ops.push(Op::Jump(0));
        self.rounds(start, start + 1, jump, !goes_on)
    }

    pub(super) fn condition(&mut self) -> Result<(), Fault> {
        let mut ends = Vec::new();
        loop {
            self.tested(|p| p.list(&["then"]))?;
            self.at += "then".len();
            let jump = self.ops.len();
            self.ops.push(Op::Jump(0));
            self.list(&["elif", "else", "fi"])?;
            ends.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.ops[jump] = Op::JumpIf(false, self.ops.len());
            if self.take("elif") {
                continue;
            }
            if self.take("else") {
                self.list(&["fi"])?;
            } else {
                self.ops.push(well());
            }
            self.at += "fi".len();
            break;
        }
        let end = self.ops.len();
        for at in ends {
            self.ops[at] = Op::Jump(end);
        }
        Ok(())
    }

    /// `name() { …; }`
    pub(super) fn function(&mut self, simple: &Simple, outer: usize) -> Result<(), Fault> {
        self.printed = outer;
        let ([word], []) = (&simple.words[..], &simple.assigned[..]) else { return Err(unexpected("(")) };
        self.at += 1;
        self.expect(")")?;
        self.body(word)
    }

    /// The body of a function.
    pub(super) fn body(&mut self, word: &Word) -> Result<(), Fault> {
        let [Part::Text(name, false)] = word.as_slice() else { return Err(unexpected("(")) };
        self.blanks(true);
        if self.at >= self.text.len() {
            return Err(Fault::Unfinished);
        }
        let start = self.ops.len();
        let outer = std::mem::take(&mut self.printed);
        self.nested(Self::command)?;
        self.printed = outer;
        let body = rebased(self.ops.split_off(start), start);
        self.ops.push(Op::Define(name.as_str().into(), body.into()));
        Ok(())
    }
}
