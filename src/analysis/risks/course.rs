//! Courses: which acts happen, and when one comes after another.

use std::rc::Rc;

use api::object::ObjectKey;
use base::sort::Sort;
use base::time::Span;

use super::acts::{Act, Deed, Line};

/// The waits that are tried, the shortest first, where an act has an effect only some time after the one before it.
const SOONER: [Span; 4] = [Span(0), Span::seconds(10), Span::seconds(60), Span::seconds(300)];

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

/// What happens, in any start: what is done, to what, and when.
pub type Happening = Vec<(Deed, ObjectKey, When)>;

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

/// The lines that take acts back, each once, in the order of the acts: in which order these were done does not matter any more.
fn undo(holds: &[usize], acts: &[Act]) -> Stage {
    let mut stage = Stage::new();
    let mut holds = holds.to_vec();
    holds.sort_small();
    for act in &holds {
        let is_new = |line: &&Line| !stage.iter().flatten().any(|known| known.text == line.text);
        let lines: Vec<Line> = acts[*act].undoes.iter().filter(is_new).cloned().collect();
        stage.extend(Some(lines).filter(|lines| !lines.is_empty()));
    }
    stage
}

/// The acts that hold at the end of a course.
pub fn holding(course: &[(usize, When)]) -> &[(usize, When)] {
    let from = course.iter().rposition(|(_, when)| *when == When::After).unwrap_or(0);
    &course[from..]
}

/// Whether a course takes one node, pod or volume at a time: what it takes together are several faults, and so is what it takes of a set
/// that is not what it should be; but for drains, which a budget holds back.
pub fn is_single(course: &[(usize, When)], acts: &[Act], was_well: bool) -> bool {
    let together = course.iter().skip(1).any(|(_, when)| matches!(when, When::AtOnce | When::Soon(_)));
    let all = |is: fn(&Act) -> bool| course.iter().all(|(act, _)| is(&acts[*act]));
    was_well && !together && all(|act| act.kind.single) || all(|act| act.kind.deed == Deed::Drained)
}

/// The courses that are shorter than one: without one of its acts, or with one that comes sooner.
pub fn shorter(course: &Course) -> Vec<Course> {
    let mut all = Vec::new();
    if course.len() > 2 {
        for left_out in 0..course.len() {
            all.push(course.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, one)| *one).collect());
        }
    }
    for place in 1..course.len() {
        let sooner = |span: &&Span| match course[place].1 {
            When::AtOnce => false,
            When::Soon(known) => **span < known,
            When::Later | When::After => true,
        };
        for span in SOONER.iter().filter(sooner) {
            let mut course = course.clone();
            course[place].1 = if span.0 == 0 { When::AtOnce } else { When::Soon(*span) };
            all.push(course);
        }
    }
    all
}
