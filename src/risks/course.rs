//! Courses: which acts happen, and when one comes after another.

use std::rc::Rc;

use base::time::Span;

use super::acts::{Act, Line};

/// When an act of a course begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// At the instant at which the one before it begins; the first one in a world at rest.
    AtOnce,
    /// So long after the one before it began.
    Soon(Span),
    /// When the world has come to rest, while the ones before it hold.
    Later,
    /// When the ones before it were taken back, and the world has come to rest.
    After,
}

impl When {
    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            When::AtOnce => "at-once",
            When::Soon(_) => "soon",
            When::Later => "later",
            When::After => "after",
        }
    }
}

/// Acts, by their places among those that the start offers, and when each begins.
pub type Course = Vec<(usize, When)>;

/// Lines of one stage: those of each terminal.
pub type Stage = Vec<Vec<Line>>;

/// The stages of a course from the start, each until rest; the last one takes back what then holds, and has no lines where nothing does.
pub fn stages(course: &[(usize, When)], acts: &[Act]) -> Vec<Stage> {
    let (mut stages, mut holds, mut began): (Vec<Stage>, Vec<usize>, Span) = (Vec::new(), Vec::new(), Span(0));
    for (place, (act, when)) in course.iter().enumerate() {
        match when {
            When::AtOnce | When::Soon(_) if place > 0 => began = Span(began.0 + if let When::Soon(span) = when { span.0 } else { 0 }),
            When::After if place > 0 => {
                stages.extend(Some(undo(&std::mem::take(&mut holds), acts)).filter(|stage| !stage.is_empty()));
                (stages, began) = (with_new(stages), Span(0));
            }
            _ => (stages, began) = (with_new(stages), Span(0)),
        }
        let later = |line: &Line| Line { after: Span(line.after.0 + began.0), text: Rc::clone(&line.text) };
        let lines = acts[*act].begins.iter().map(later).collect();
        if let Some(stage) = stages.last_mut() {
            stage.push(lines);
        }
        holds.push(*act);
    }
    stages.push(undo(&holds, acts));
    stages
}

fn with_new(mut stages: Vec<Stage>) -> Vec<Stage> {
    stages.push(Stage::new());
    stages
}

/// The lines that take acts back.
pub fn undo(holds: &[usize], acts: &[Act]) -> Stage {
    holds.iter().map(|act| acts[*act].undoes.clone()).filter(|lines| !lines.is_empty()).collect()
}

/// The acts that hold at the end of a course.
pub fn holding(course: &[(usize, When)]) -> &[(usize, When)] {
    let from = course.iter().rposition(|(_, when)| *when == When::After).unwrap_or(0);
    &course[from..]
}
