//! `mysql` and `mysqladmin`: statements that create, fill and read single-column tables.
//!
//! Promises: the programs' own output only where the model knows it; anything else is reported as not simulated.
//! Not modelled: transactions, tables with more than one column, databases that must exist before their tables.

use std::rc::Rc;

use super::log::Entry;
use super::tools::{Connection, no_command, shut_down, split_options};
use crate::inside::context::ProgramContext;
use crate::inside::http::Refusal;
use crate::inside::ran::Ran;
use crate::inside::requests::Outcome;
use base::note::Note;

/// The server id of ordinal 0: ids must differ, and lower ones are left to servers outside the set.
const FIRST_SERVER_ID: u32 = 100;
/// Options of both programs that take a value, apart from the host's.
const WITH_VALUE: [&str; 5] = ["-u", "-P", "-e", "--execute", "-D"];

/// `mysqladmin`.
pub(super) fn admin(args: &[&str], server: &Connection, around: &mut ProgramContext) -> Ran {
    let (_, words) = split_options(args, &WITH_VALUE);
    let mut asked = words.iter().copied().filter(|word| !word.starts_with('-'));
    let command = asked.next().filter(|_| asked.next().is_none());
    let Some(command @ ("ping" | "shutdown")) = command else { return no_command("mysqladmin") };
    let is_silent = args.iter().any(|word| matches!(*word, "-s" | "--silent"));
    let shown = server.host.unwrap_or("localhost");
    match server.member(around) {
        Ok(member) if command == "shutdown" => {
            let place = Rc::clone(&member.place);
            shut_down("mysqladmin", &place, around.disks)
        }
        Ok(_) => Ran::out("mysqld is alive\n"),
        Err(_) if is_silent => Ran::failed(1, ""),
        Err(refusal) => {
            let (_, why) = refused(refusal, shown, server.port);
            Ran::failed(1, format!("mysqladmin: connect to server at '{shown}' failed\nerror: '{why}'\n"))
        }
    }
}

/// `mysql`, with statements in an option or on standard input.
pub(super) fn client(args: &[&str], input: &str, server: &mut Connection, around: &mut ProgramContext) -> Ran {
    let said = args.iter().position(|word| matches!(*word, "-e" | "--execute")).and_then(|at| args.get(at + 1));
    let text = said.map_or(input, |said| said);
    if text.trim().is_empty() {
        return Ran::note(Note::Without("mysql".to_owned(), "-e".to_owned()));
    }
    let mut out = String::new();
    for statement in text.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        match answer(statement, server, around) {
            Ok(rows) => out.push_str(&rows),
            Err(failed) => return Ran { out, ..failed },
        }
    }
    Ran::out(out)
}

/// The error number and message if no server answers.
fn refused(refusal: Refusal, shown: &str, port: i64) -> (u32, String) {
    match refusal {
        Refusal::NoSuchName => (2005, format!("Unknown MySQL server host '{shown}' (-2)")),
        Refusal::Refused(_) if shown == "localhost" => {
            (2002, "Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)".to_owned())
        }
        Refusal::Refused(_) => (2003, format!("Can't connect to MySQL server on '{shown}:{port}' (111)")),
        _ => (2003, format!("Can't connect to MySQL server on '{shown}:{port}' (110)")),
    }
}

/// The output of one statement, or its error.
fn answer(statement: &str, server: &mut Connection, around: &mut ProgramContext) -> Result<String, Ran> {
    let now = around.now;
    let member = server.member(around).map_err(|refusal| {
        let (number, why) = refused(refusal, server.host.unwrap_or("localhost"), server.port);
        Ran::failed(1, format!("ERROR {number} (HY000): {why}\n"))
    })?;
    let leads = member.role().leads();
    let fails = |number: &str, why: &str| Ran::failed(1, format!("ERROR {number} at line 1: {why}\n"));
    let column = |table: &str| {
        let made = member.log().iter().rev().find_map(|entry| entry.text.strip_prefix(&format!("table {table} ")));
        made.ok_or_else(|| fails("1146 (42S02)", &format!("Table '{table}' doesn't exist")))
    };
    let lower = statement.to_ascii_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let text = match words.as_slice() {
        ["select", "1"] => return Ok("1\n1\n".to_owned()),
        ["select", rest @ ..] if rest.concat() == "@@server_id,now()" => {
            let id = FIRST_SERVER_ID.saturating_add(member.ordinal().unwrap_or(0));
            return Ok(format!("@@server_id\tNOW()\n{id}\t{}\n", now.date("%Y-%m-%d %T")));
        }
        ["select", "*", "from", table] => {
            let heading = column(table)?;
            let row = |entry: &Entry| entry.text.strip_prefix(&format!("row {table} ")).map(|row| format!("{row}\n"));
            let rows: String = member.log().iter().filter_map(row).collect();
            return Ok(if rows.is_empty() { rows } else { format!("{heading}\n{rows}") });
        }
        ["create", "database", .., name] => format!("database {name}"),
        _ => match (created(statement), inserted(statement)) {
            (Some(table), _) => table,
            (_, Some((table, value))) => {
                if leads {
                    column(&table)?;
                }
                format!("row {table} {value}")
            }
            _ => return Err(Ran::note(Note::Statement(format!("{statement:?}")))),
        },
    };
    if !leads {
        server.tell(Outcome::Refused, around);
        let why = "The MySQL server is running with the --super-read-only option so it cannot execute this statement";
        return Err(fails("1290 (HY000)", why));
    }
    server.write(&text, around);
    Ok(String::new())
}

/// What the log records for `CREATE TABLE [IF NOT EXISTS] table (column TYPE)`, a single-column table.
fn created(statement: &str) -> Option<String> {
    let (head, inside) = statement.split_once('(')?;
    let head = head.to_ascii_lowercase();
    let words: Vec<&str> = head.split_whitespace().collect();
    let (["create", "table", table] | ["create", "table", "if", "not", "exists", table]) = words[..] else { return None };
    let column = inside.strip_suffix(')')?.split_whitespace().next()?;
    (!inside.contains(',')).then(|| format!("table {table} {column}"))
}

/// The table and the value of `INSERT INTO table VALUES ('value')`, a row of one value on one line.
fn inserted(statement: &str) -> Option<(String, &str)> {
    let (head, inside) = statement.split_once('(')?;
    let head = head.to_ascii_lowercase();
    let ["insert", "into", table, "values"] = head.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let value = inside.strip_suffix(')')?.trim();
    let value = match ['\'', '"'].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)) {
        Some(text) => (!text.contains(['\'', '"', '\\', '\n'])).then_some(text)?,
        None => value.parse::<i64>().is_ok().then_some(value)?,
    };
    Some((table.to_owned(), value))
}
