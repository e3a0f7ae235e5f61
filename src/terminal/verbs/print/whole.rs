//! Whole objects in the chosen form of output.

use super::format::Format;
use base::value::Value;
use kubectl::failure::Failure;
use kubectl::form::WHOLE;
use kubectl::output::{Output, Stream};
use kubectl::session::Session;

/// Prints whole objects: a single one by itself if `single`, otherwise as a list.
pub fn print_whole(session: &mut Session, format: &Format, mut objects: Vec<Value>, single: bool) -> Result<(), Failure> {
    let text = |objects: &[Value]| {
        let mut output = Output::default();
        let ended = format.print(objects, single, &mut output);
        (output.text(Stream::Out), ended)
    };
    let mut printed = text(&objects);
    for (change, before) in WHOLE {
        let classic: Vec<Value> = objects.iter().map(|object| before(object).unwrap_or_else(|| object.clone())).collect();
        if classic == objects {
            continue;
        }
        let read = text(&classic);
        if read != printed && !session.has(change) {
            (objects, printed) = (classic, read);
        }
    }
    session.output.out(printed.0);
    printed.1
}
