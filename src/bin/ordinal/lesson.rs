//! `ordinal lesson`: checks lessons, and tries commands in them.

use std::path::Path;

use ordinal::lesson::{self, Lesson, check};

use crate::args;
use crate::exit::{FINE, NOT_GOOD};
use crate::input::Failure;

/// Checks lessons, or tries a command; the exit code.
pub fn run(args: &args::Lesson) -> Result<u8, Failure> {
    match args {
        args::Lesson::Check { files } => {
            let lessons = files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
            // Each is told of, whatever came of the one before.
            let bad = lessons.iter().filter(|lesson| !checked(lesson)).count();
            Ok(if bad == 0 { FINE } else { NOT_GOOD })
        }
        args::Lesson::Try { file, command } => {
            tried(&read(file)?, command);
            Ok(FINE)
        }
    }
}

fn read(file: &Path) -> Result<Lesson, Failure> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::at(&shown, error))?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    lesson::read(&name, &text).map_err(|faults| Failure::all(faults.iter().map(|fault| Failure::at(&shown, fault))))
}

/// Prints what a command prints at a lesson's question and after its run.
fn tried(lesson: &Lesson, command: &str) {
    for release in lesson.played_on() {
        let [before, after] = check::printed(lesson, release, command);
        println!("{}\nat the question:\n{before}\nafter the run:\n{after}", release.name);
    }
}

/// Plays a lesson, and prints what came of it; whether it is good.
fn checked(lesson: &Lesson) -> bool {
    let (good, told) = check::judged(lesson);
    print!("{told}");
    good
}
