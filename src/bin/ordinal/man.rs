//! The man page: one, with the options and the examples of every command.

use std::io;

use clap::builder::StyledStr;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::Cli;

/// How a section and a part of one begin in roff.
const SECTION: &str = ".SH ";
const PART: &str = ".SS ";

/// The page, in roff.
pub fn page() -> io::Result<String> {
    let mut program = Cli::command();
    program.build();
    let (top, mut out) = (Man::new(program.clone()), Vec::new());
    top.render_title(&mut out)?;
    top.render_name_section(&mut out)?;
    top.render_synopsis_section(&mut out)?;
    top.render_description_section(&mut out)?;
    top.render_options_section(&mut out)?;
    for command in below(&program) {
        section(command, &mut out)?;
    }
    out.extend(lines(SECTION, program.get_after_help()).into_bytes());
    top.render_version_section(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The commands below one that do something themselves, but for help.
fn below(program: &Command) -> Vec<&Command> {
    let of = |command| if Command::has_subcommands(command) { below(command) } else { vec![command] };
    program.get_subcommands().filter(|command| command.get_name() != "help").flat_map(of).collect()
}

/// A command as a section of its own; what would be a section of its page is a part of that.
fn section(command: &Command, out: &mut Vec<u8>) -> io::Result<()> {
    let (man, mut parts) = (Man::new(command.clone()), Vec::new());
    man.render_description_section(&mut parts)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut parts)?;
    }
    let usage = command.clone().render_usage().to_string();
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_uppercase();
    let mut page = format!("{SECTION}\"{name}\"\n{}\n", escaped(usage.trim_start_matches("Usage: ")));
    for line in String::from_utf8_lossy(&parts).lines() {
        page = page + &line.replacen(SECTION, PART, usize::from(line.starts_with(SECTION))) + "\n";
    }
    out.extend((page + &lines(PART, command.get_after_help())).into_bytes());
    Ok(())
}

/// What a help ends with, line by line: its first line is the heading.
fn lines(heading: &str, help: Option<&StyledStr>) -> String {
    let help = help.map(ToString::to_string).unwrap_or_default();
    let Some((title, rest)) = help.split_once('\n') else { return String::new() };
    format!("{heading}\"{}\"\n.nf\n{}\n.fi\n", title.trim_end_matches(':').to_uppercase(), escaped(rest))
}

/// A text in which roff finds nothing of its own.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").lines().map(|line| format!("\\&{line}")).collect::<Vec<_>>().join("\n")
}
