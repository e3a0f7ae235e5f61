//! A text, taken apart into blocks of one form each.

use super::command::{Command, PROMPTS, command};
use super::events;
use super::header::Header;
use base::sorted::SortedSet;

/// What a block looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// YAML or JSON.
    Yaml,
    /// One object of `kubectl describe`, or what is left of one.
    Described,
    /// A table from its header on.
    Table,
    /// Rows without a header, messages, prose.
    Loose,
}

/// Lines of one form, with their numbers in the text.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub form: Form,
    pub lines: Vec<(usize, &'a str)>,
    /// The command that printed it, if one was pasted.
    pub command: Command,
}

/// Signs of boxes that terminal programs draw around what they show.
const BOXES: [char; 4] = ['│', '┃', '║', '▏'];
/// What fences code in Markdown.
const FENCE: &str = "```";
/// What stands around what Markdown prints bold.
const BOLD: &str = "**";
/// Keys at which an object in YAML begins; those after the second need a value below them.
const STARTS: [&str; 10] =
    ["apiVersion", "kind", "metadata", "spec", "status", "items", "containerStatuses", "initContainerStatuses", "lastState", "state"];
/// No field name of `describe` is longer: `Persistent Volume Claim Retention Policy` has as many characters.
const LONGEST_LABEL: usize = 40;
/// The field with the templates of a set's claims.
pub(super) const TEMPLATES: &str = "volumeClaimTemplates:";
/// Field names of `describe` that stand alone in their lines.
const SECTIONS: [&str; 8] =
    ["Events:", "Init Containers:", "Containers:", "Conditions:", "Volumes:", "Pod Template:", "Volume Claims:", "Allocatable:"];

/// The texts of the lines without what programs and people put around them: quotes, boxes, fences, carriage returns, colours.
pub(super) fn cleaned(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(clean).collect();
    let mut at = 0;
    while at < lines.len() {
        let rows = lines[at..].iter().take_while(|line| is_markdown(line)).count();
        if rows > 1 {
            in_columns(&mut lines[at..at + rows]);
        }
        at += rows.max(1);
    }
    lines
}

/// Whether a line is a row of a table in Markdown.
fn is_markdown(line: &str) -> bool {
    let line = line.trim();
    line.len() > 1 && line.starts_with('|') && line.ends_with('|')
}

/// Writes the rows of a table in Markdown in columns, as kubectl prints them.
fn in_columns(rows: &mut [String]) {
    let cells = |row: &str| row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let all: Vec<Vec<String>> = rows.iter().map(|row| cells(row)).collect();
    let is_rule = |row: &[String]| row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| "-: ".contains(c)));
    let width = |column: usize| all.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max().unwrap_or(0) + 3;
    for (row, cells) in rows.iter_mut().zip(&all) {
        row.clear();
        for (column, cell) in cells.iter().enumerate().filter(|_| !is_rule(cells)) {
            row.push_str(cell);
            row.extend(std::iter::repeat_n(' ', width(column) - cell.chars().count()));
        }
        row.truncate(row.trim_end().len());
    }
}

/// A line without the quotes before it.
fn unquoted(line: &str) -> &str {
    let mut rest = line;
    while let Some(within) = rest.strip_prefix("> ").or_else(|| rest.strip_prefix('>').filter(|rest| rest.is_empty())) {
        // A prompt of this sign stands before a command.
        if command(rest).is_some() {
            break;
        }
        rest = within;
    }
    rest
}

/// The numbers of the lines that fence code in Markdown.
pub(super) fn fences(text: &str) -> SortedSet<usize> {
    (1..).zip(text.lines()).filter(|(_, line)| unquoted(line).starts_with(FENCE)).map(|(number, _)| number).collect()
}

fn clean(line: &str) -> String {
    let mut rest = line.trim_end();
    let plain = uncoloured(rest);
    rest = unquoted(plain.as_deref().unwrap_or(rest));
    let is_box = |c: char| ('\u{2500}'..='\u{259f}').contains(&c);
    if rest.trim_start().starts_with(BOXES) {
        rest = rest.trim_start().trim_start_matches(BOXES);
        rest = rest.strip_prefix(' ').unwrap_or(rest);
        rest = rest.trim_end_matches(BOXES).trim_end();
    }
    // Some write behind a fence, or before one.
    let rest = rest.strip_prefix(FENCE).filter(|within| within.contains(' ')).unwrap_or(rest);
    let rest = rest.strip_suffix(FENCE).filter(|within| !within.trim().is_empty()).unwrap_or(rest);
    if rest.starts_with(FENCE) || !rest.is_empty() && rest.trim().chars().all(is_box) {
        return String::new();
    }
    // What people print bold.
    let plain = Some(rest).filter(|rest| rest.matches(BOLD).count() == 2 && !rest.contains("/**")).map(|rest| rest.replace(BOLD, ""));
    let rest = plain.as_deref().unwrap_or(rest);
    // A sign of code that was opened and is not closed.
    let rest = rest.strip_prefix('`').filter(|within| !within.contains('`')).unwrap_or(rest);
    let rest = rest.strip_suffix('`').filter(|within| !within.contains('`')).unwrap_or(rest);
    let one = rest.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).filter(|rest| !rest.contains('`'));
    one.unwrap_or(rest).replace('\u{a0}', " ")
}

/// A line without the sequences by which terminals colour, if it has any.
fn uncoloured(line: &str) -> Option<String> {
    let (before, rest) = line.split_once("\u{1b}[")?;
    let mut out = before.to_owned();
    for part in rest.split("\u{1b}[") {
        out.push_str(part.find(|c: char| c.is_ascii_alphabetic()).map_or("", |at| &part[at + 1..]));
    }
    Some(out)
}

/// Whether a text may be the key of a field.
pub(super) fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The key of a line of YAML, if it is one: its indent, the key and what follows it.
fn yaml_key(line: &str) -> Option<(usize, &str, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = line[indent..].strip_prefix("- ").unwrap_or(&line[indent..]);
    let (key, value) = rest.split_once(':')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-./_".contains(c);
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(fits);
    (is_key && (value.is_empty() || value.starts_with(' '))).then(|| (indent, key, value.trim()))
}

/// Whether a line is a field of YAML with a value of one word, or none.
pub(super) fn is_field(line: &str) -> bool {
    yaml_key(line).is_some_and(|(_, _, value)| !value.contains(' '))
}

/// The indent at which an object in YAML or JSON begins with this line.
fn begins_yaml(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let bare = line.trim();
    // A program's log may be in JSON, too: an object for each line.
    let is_log = bare.ends_with('}') && !bare.contains("\"kind\"");
    if bare == "---" || bare == "{" || bare.starts_with("{\"") && !is_log || bare == "- kind:" {
        return Some(indent);
    }
    let (indent, key, value) = yaml_key(line)?;
    let at = STARTS.iter().position(|start| *start == key)?;
    let fits = if at < 2 { !value.is_empty() && !value.contains(' ') } else { value.is_empty() };
    fits.then_some(indent)
}

/// Whether a line goes on with an object in YAML of an indent.
fn goes_on(line: &str, indent: usize) -> bool {
    let own = line.len() - line.trim_start_matches(' ').len();
    let bare = line.trim_start();
    let key = || yaml_key(line).is_some() || bare.starts_with(['"', '\'']) && bare.contains(':');
    bare.is_empty()
        || own > indent
        || own == indent && (bare.starts_with(['#', '}', ']', '{']) || bare == "---" || bare.starts_with("- ") || bare == "-" || key())
}

/// The name of a field of `describe` at the beginning of a line.
pub(super) fn field(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let (key, value) = bare.split_once(':')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || " .()/-".contains(c);
    let is_key =
        key.starts_with(|c: char| c.is_ascii_uppercase()) && key.len() <= LONGEST_LABEL && key.chars().all(fits) && !key.contains("  ");
    (is_key && (value.starts_with("  ") || value.starts_with('\t') || SECTIONS.contains(&bare) || key == "Name" && value.is_empty()))
        .then_some(key)
}

/// Takes cleaned lines apart. A fence ends what stands before it.
pub(super) fn blocks<'a>(lines: &'a [String], fences: &SortedSet<usize>) -> Vec<Block<'a>> {
    let mut all: Vec<Block<'_>> = Vec::new();
    // The last command, the indent of the object in YAML, and whether the last block goes on.
    let (mut last, mut indent, mut open) = (Command::default(), 0, false);
    // The indent of a list of claim templates that stands in no object: what is in it is no object either.
    let mut templates: Option<usize> = None;
    for (at, text) in lines.iter().enumerate() {
        let line = (at + 1, text.as_str());
        open &= !fences.contains(&line.0);
        let current = all.last().filter(|_| open).map(|block| block.form);
        let in_yaml = current == Some(Form::Yaml) && goes_on(text, indent) && !events::is_row(text);
        let may_be_typed = !in_yaml || text.starts_with(PROMPTS) && !text.starts_with("# ");
        if let Some(found) = Some(text).filter(|_| may_be_typed).and_then(|text| command(text)) {
            (last, open) = (found, false);
            continue;
        }
        let own = text.len() - text.trim_start_matches(' ').len();
        templates = templates.filter(|at| own > *at || own == *at && text.trim_start().starts_with('-'));
        if text.trim() == TEMPLATES && current != Some(Form::Yaml) {
            templates = Some(own);
        }
        let stays = match current {
            Some(Form::Yaml) => in_yaml && !all.last().is_some_and(|block| begins_again(block, text, indent)),
            Some(Form::Described) => {
                (described_goes_on(text) || all.last().is_some_and(|block| is_of_quota(block, text))) && !text.starts_with("Name:")
            }
            Some(Form::Table) => {
                !text.trim().is_empty() && Header::of(text).is_none() && begins_yaml(text).is_none() && field(text).is_none()
            }
            Some(Form::Loose) | None => false,
        };
        if let Some(block) = all.last_mut().filter(|_| stays) {
            block.lines.push(line);
            continue;
        }
        let form = match begins_yaml(text).filter(|_| templates.is_none()) {
            Some(found) => {
                indent = found;
                Form::Yaml
            }
            None if text.trim().is_empty() => {
                open = false;
                continue;
            }
            None if Header::of(text).is_some() => Form::Table,
            None if field(text).is_some() => Form::Described,
            None => Form::Loose,
        };
        match all.last_mut().filter(|block| open && form == Form::Loose && block.form == form) {
            Some(block) => block.lines.push(line),
            None => {
                all.push(Block { form, lines: vec![line], command: last.clone() });
                last.other = None;
            }
        }
        open = true;
    }
    all
}

/// Whether a line begins another object in YAML although nothing stands between.
fn begins_again(block: &Block<'_>, text: &str, indent: usize) -> bool {
    let own = |text: &str| {
        yaml_key(text).filter(|(at, ..)| *at == indent && !text.trim_start().starts_with('-')).map(|(_, key, _)| key.to_owned())
    };
    let is_whole = |line: &(usize, &str)| own(line.1).is_some_and(|key| key == "metadata" || key == "items");
    let mut of_document = block.lines.iter().rev().take_while(|(_, line)| line.trim() != "---");
    own(text).is_some_and(|key| key == "apiVersion") && of_document.any(is_whole)
}

/// Whether a line is of the table that ends a quota's description: a resource, how much of it is used, how much may be.
fn is_of_quota(block: &Block<'_>, line: &str) -> bool {
    let is_head = |line: &str| line.split_whitespace().eq(["Resource", "Used", "Hard"]);
    is_head(line) || line.split_whitespace().count() == 3 && block.lines.iter().any(|(_, line)| is_head(line))
}

/// Whether a line goes on with an object of `describe`.
fn described_goes_on(line: &str) -> bool {
    let key = line.split_once(':').is_some_and(|(key, _)| key.starts_with(|c: char| c.is_ascii_uppercase()) && key.len() <= LONGEST_LABEL);
    line.trim().is_empty()
        || line.starts_with([' ', '\t']) && begins_yaml(line).is_none()
        || key && !line.starts_with("NAME")
        || line == "..."
}
