//! `[ … ]`, `[[ … ]]` and the patterns of `case`.
//!
//! Not modelled, and refused: what asks for links, terminals, owners and modes.

use crate::dialect::Dialect;
use crate::parse::GROUPS;
use crate::{Host, Shell};
use base::note::Note;
use base::pattern::{Regex, glob};

impl Shell {
    /// `[ … ]`: 0 if true, 1 if false, 2 on an error.
    pub(super) fn tested(&mut self, name: &str, args: &[String], host: &mut dyn Host) -> i32 {
        let mut words: Vec<&str> = args.iter().map(String::as_str).collect();
        // Links, terminals, owners and the like are not modelled.
        let is_asked = |pair: &&[&str]| match pair[0] {
            "-x" => self.is_plain_file(pair[1], host),
            "-t" => pair[1].bytes().all(|byte| byte.is_ascii_digit()),
            sign => ["-L", "-h", "-p", "-S", "-b", "-c", "-O", "-G", "-N", "-u", "-g", "-k"].contains(&sign) && pair[1].contains('/'),
        };
        if let Some([sign, ..]) = words.windows(2).find(is_asked) {
            self.note(Note::Unsupported(format!("`{name} {sign}`")));
            return 2;
        }
        let holds = if name == "[" && words.pop() != Some("]") { Err("missing `]'".to_owned()) } else { self.test(&words, host) };
        match holds {
            Ok(holds) => i32::from(!holds),
            Err(why) => {
                self.refuse(host, &format!("{name}: {why}"));
                2
            }
        }
    }

    /// `[[ … ]]`: like `[ … ]`, with patterns, expressions and sums.
    pub(super) fn holds(&mut self, args: &[String], host: &mut dyn Host) -> i32 {
        let args = if self.dialect == Dialect::Ash { args.strip_suffix(&["]]".to_owned()]).unwrap_or(args) } else { args };
        match args {
            [text, sign, pattern] if ["=", "==", "!="].contains(&sign.as_str()) => i32::from(glob(pattern, text) != (sign != "!=")),
            [text, sign, expression] if sign == "=~" => i32::from(!self.finds(text, expression)),
            [a, sign, b] if ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"].contains(&sign.as_str()) => {
                match self.sum(a).and_then(|a| Ok([a.to_string(), sign.clone(), self.sum(b)?.to_string()])) {
                    Ok(sums) => self.tested("[[", &sums, host),
                    Err(why) => {
                        self.refuse(host, &format!("[[: {why}"));
                        1
                    }
                }
            }
            _ => self.tested("[[", args, host),
        }
    }

    /// Looks for an expression; what is found, and its groups, can be read afterwards.
    fn finds(&mut self, text: &str, expression: &str) -> bool {
        self.variables.retain(|name, _| !name.starts_with(GROUPS));
        let Some(found) = Regex::new(expression, true, false).find(text, 0) else { return false };
        let piece = |(from, to): (usize, usize)| text.chars().skip(from).take(to - from).collect::<String>();
        let whole = piece((found.start, found.end));
        self.variables.insert(GROUPS.to_owned(), whole.clone());
        for (number, piece) in std::iter::once(whole).chain(found.groups.into_iter().map(piece)).enumerate() {
            self.variables.insert(format!("{GROUPS}[{number}]"), piece);
        }
        true
    }

    /// Whether a path is that of a file of which nobody knows whether it may be run.
    fn is_plain_file(&self, path: &str, host: &dyn Host) -> bool {
        let path = self.path(path);
        !host.is_program(&path) && host.read(&path).is_ok()
    }

    fn test(&self, words: &[&str], host: &dyn Host) -> Result<bool, String> {
        /// The most words that are considered.
        const MAX_WORDS: usize = 50;
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: integer expression expected"));
        let is_file = |path: &str| host.read(&self.path(path));
        let is_program = |path: &str| path.contains('/') && host.is_program(&self.path(path));
        let is_folder = |path: &str| host.list(&self.path(path)).is_some();
        Ok(match words {
            [] => false,
            [_, "==", _] if self.dialect == Dialect::Dash => return Err("==: unexpected operator".to_owned()),
            [a, "=" | "==", b] => a == b,
            [a, "<", b] => a < b,
            [a, ">", b] => a > b,
            ["-v", name] if self.dialect == Dialect::Bash => self.variables.contains_key(*name),
            [a, "!=", b] => a != b,
            [a, "-eq", b] => number(a)? == number(b)?,
            [a, "-ne", b] => number(a)? != number(b)?,
            [a, "-lt", b] => number(a)? < number(b)?,
            [a, "-le", b] => number(a)? <= number(b)?,
            [a, "-gt", b] => number(a)? > number(b)?,
            [a, "-ge", b] => number(a)? >= number(b)?,
            ["-z", a] => a.is_empty(),
            [a] | ["-n", a] => !a.is_empty(),
            ["-f", path] => is_program(path) || is_file(path).is_ok(),
            ["-d", path] => is_folder(path),
            ["-s", path] => is_file(path).is_ok_and(|text| !text.is_empty()),
            ["-e" | "-r" | "-w" | "-x", path] => is_program(path) || is_file(path).is_ok() || is_folder(path),
            [sign, _] if *sign != "!" => return Err(format!("{sign}: unary operator expected")),
            words if words.len() > MAX_WORDS => return Err("too many arguments".to_owned()),
            words => {
                for (sign, both) in [("-o", false), ("-a", true)] {
                    if let Some(at) = words.iter().position(|word| *word == sign) {
                        let (a, b) = (self.test(&words[..at], host)?, self.test(&words[at + 1..], host)?);
                        return Ok(if both { a && b } else { a || b });
                    }
                }
                match words {
                    ["!", rest @ ..] => !self.test(rest, host)?,
                    [_, sign, _] => return Err(format!("{sign}: binary operator expected")),
                    _ => return Err("too many arguments".to_owned()),
                }
            }
        })
    }
}
