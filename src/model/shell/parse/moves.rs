//! Operations that were compiled, moved to another place or marked.

use std::rc::Rc;

use super::Op;

/// Makes the failures in operations ones that end no script. That of a pipeline is the failure of its last stage.
pub(super) fn uncheck(ops: &mut [Op], from: usize) {
    for (at, op) in ops.iter_mut().enumerate().skip(from) {
        match op {
            Op::Check => *op = Op::Jump(at + 1),
            Op::Simple(simple) => Rc::make_mut(simple).tested = true,
            Op::Pipe(_, last, _) => {
                let mut stage = last.to_vec();
                uncheck(&mut stage, 0);
                *last = stage.into();
            }
            _ => {}
        }
    }
}

/// Operations that started at `start`, relocated to 0.
pub(super) fn rebased(mut ops: Vec<Op>, start: usize) -> Vec<Op> {
    for op in &mut ops {
        move_op(op, |to| to - start);
    }
    ops
}

/// Operations that started at 0, relocated to `start`.
pub(super) fn shifted(mut ops: Vec<Op>, start: usize) -> Vec<Op> {
    for op in &mut ops {
        move_op(op, |to| to + start);
    }
    ops
}

fn move_op(op: &mut Op, to: impl Fn(usize) -> usize) {
    if let Op::Jump(at) | Op::JumpIf(_, at) | Op::For(_, _, at) | Op::Loop(at) | Op::Unasked(_, _, at) = op {
        *at = to(*at);
    }
}
