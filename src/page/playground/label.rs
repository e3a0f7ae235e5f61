//! What a typed line does, by its words: how the timeline calls it, and whether another line does the same.
//!
//! Must not know: what a shell does. A line is only cut into commands and words here.

use std::iter::Peekable;
use std::str::Chars;

use api::kind::Kind;
use api::object::ObjectKey;
use kubectl::commands::COMMANDS;
use kubectl::commands::command::Act;

/// Our programs.
const OURS: [&str; 3] = ["kubectl", "k", "playground"];
/// Words that stand before a command and belong to none.
const BEFORE: [&str; 9] = ["!", "do", "elif", "else", "if", "then", "until", "while", "{"];
/// Programs that run another one.
const RUNNERS: [&str; 4] = ["nohup", "sudo", "time", "xargs"];
/// The questions of our own program.
const QUESTIONS: [&str; 2] = ["diff", "why"];
/// The most words of a label.
const MOST: usize = 3;

/// A word of a line.
#[derive(Default)]
struct Word {
    text: String,
    /// Whether a shell puts something in: a variable, or what a command prints.
    is_filled: bool,
    /// Whether this is a sign that redirects, and not a word.
    redirects: bool,
}

/// A line's label in the timeline: verb and object of its first command that acts, or else of its first one of ours. What a shell put in
/// is named by the one object that the line was about; if there are others, the label ends before it.
pub fn label(line: &str, about: &[ObjectKey]) -> String {
    let commands = commands(line);
    let ours: Vec<&[Word]> = commands.iter().filter_map(|words| of_ours(words)).collect();
    let first = || commands.first().map_or(&[][..], |words| words);
    let told = ours.iter().find(|words| !only_looks(words)).or(ours.first());
    let mut label: Vec<&str> = Vec::new();
    for word in told.copied().unwrap_or_else(first) {
        let ends = word.redirects || word.text.starts_with('-') || word.text.contains(char::is_whitespace);
        if ends || label.len() == MOST {
            break;
        }
        match about {
            _ if !word.is_filled => label.push(&word.text),
            [one] => label.push(&one.name),
            _ => break,
        }
    }
    label.join(" ")
}

/// Whether a line has a command with the verb and the object of one in another line. An object counts as far as the other line names one.
pub fn acts_alike(line: &str, other: &str) -> bool {
    let own = acting(line);
    acting(other).iter().any(|known| own.iter().any(|own| own.starts_with(known)))
}

/// The first words of each command that acts.
fn acting(line: &str) -> Vec<Vec<String>> {
    let commands = commands(line);
    let ours = commands.iter().filter_map(|words| of_ours(words));
    let acting = ours.filter(|words| !only_looks(words)).map(first_words);
    acting.filter(|words| !words.is_empty()).collect()
}

/// The words up to a flag, or to what a shell puts in. Types have one name.
fn first_words(words: &[Word]) -> Vec<String> {
    let is_one = |word: &&Word| !(word.redirects || word.is_filled || word.text.starts_with('-'));
    let words = words.iter().take_while(is_one);
    words.flat_map(|word| word.text.split('/')).map(one_name).collect()
}

/// A type's name in the singular; any other word as it is.
fn one_name(word: &str) -> String {
    let known = Kind::ALL.iter().map(|kind| kind.info());
    let mut named = known.filter(|info| info.plural == word || info.short.contains(&word));
    named.next().map_or(word, |info| info.singular).to_owned()
}

/// The words of a command after the name of our program and the flags before its verb; `None` if another program runs.
fn of_ours(words: &[Word]) -> Option<&[Word]> {
    let is_ours = |word: &Word| OURS.contains(&&*word.text);
    let begin = words.iter().position(|word| !BEFORE.contains(&&*word.text))?;
    let mut words = &words[begin..];
    if RUNNERS.contains(&&*words[0].text) {
        words = &words[words.iter().position(is_ours)?..];
    }
    let (first, mut rest) = words.split_first()?;
    while let Some((flag, after)) = rest.split_first().filter(|(flag, _)| flag.text.starts_with('-')) {
        let is_alone = flag.text.contains('=') || (flag.text.len() > 2 && !flag.text.starts_with("--"));
        rest = if is_alone { after } else { after.get(1..).unwrap_or_default() };
    }
    is_ours(first).then_some(rest)
}

/// Whether a command of ours changes nothing.
fn only_looks(words: &[Word]) -> bool {
    let line: Vec<&str> = words.iter().map(|word| &*word.text).collect();
    let named = COMMANDS.iter().filter(|command| {
        let mut name = command.name.split(' ').enumerate();
        name.all(|(at, word)| line.get(at) == Some(&word))
    });
    match named.max_by_key(|command| command.name.len()).map(|command| command.act) {
        Some(Act::Run(verb)) => verb.only_looks(),
        Some(Act::Group | Act::NotSimulated(_)) => true,
        None => line.first().is_none_or(|word| QUESTIONS.contains(word)),
    }
}

/// The commands of a line, each with its words. Of a here-document only the line that begins it counts.
fn commands(line: &str) -> Vec<Vec<Word>> {
    let mut all = vec![Vec::new()];
    let mut word = None;
    let mut is_here = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let is_blank = c.is_whitespace();
        if !is_blank && !";&|()<>".contains(c) {
            take(c, &mut chars, word.get_or_insert_default());
            continue;
        }
        let number = |word: &Word| word.text.bytes().all(|byte| byte.is_ascii_digit());
        let redirects = "<>".contains(c);
        let ended: Option<Word> = word.take().filter(|word| !(redirects && number(word)));
        let last = all.last_mut().expect("there is always one");
        last.extend(ended);
        if redirects {
            is_here |= chars.peek() == Some(&'<');
            last.push(Word { redirects, ..Word::default() });
            // The sign of a stream, as in `2>&1`, ends no command.
            chars.next_if_eq(&'&');
        } else if c == '\n' && is_here {
            break;
        } else if !is_blank || c == '\n' {
            all.push(Vec::new());
        }
    }
    all.last_mut().expect("there is always one").extend(word);
    all.retain(|words| !words.is_empty());
    all
}

/// Takes a character, and what belongs to it: the rest of a text in quotes, of a substitution, of a variable's name.
fn take(c: char, chars: &mut Peekable<Chars>, word: &mut Word) {
    match c {
        '\\' => word.text.extend(chars.next()),
        '\'' => word.text.extend(chars.by_ref().take_while(|c| *c != '\'')),
        '"' => {
            while let Some(c) = chars.next().filter(|c| *c != '"') {
                if c == '$' || c == '`' || c == '\\' {
                    take(c, chars, word);
                } else {
                    word.text.push(c);
                }
            }
        }
        '`' => {
            word.is_filled = true;
            chars.by_ref().find(|c| *c == '`');
        }
        '$' => {
            word.is_filled = true;
            let mut depth = 0;
            let is_name = |c: &char| c.is_ascii_alphanumeric() || "_?@*#".contains(*c);
            while let Some(c) = chars.next_if(|c| depth > 0 || "({".contains(*c) || is_name(c)) {
                match c {
                    '(' | '{' => depth += 1,
                    ')' | '}' => depth -= 1,
                    _ => continue,
                }
                if depth == 0 {
                    break;
                }
            }
        }
        _ => word.text.push(c),
    }
}
