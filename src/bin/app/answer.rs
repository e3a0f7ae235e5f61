//! The answers to what the session asks of the components. The components know the session, and the session knows none of them.

use crate::focus::{close, focus, go, is_at_hand, is_within, open};
use crate::preferences::Tab;
use crate::session::{Dialog, FocusTarget, Request, Session};
use crate::{ahead, cluster, dense, editor, fate, links, stuck};

/// Does what the session asks for; whether there was anything to do.
pub fn answer(session: Session, request: Request) -> bool {
    match request {
        Request::Focus(place) => focus(selector(place)),
        Request::FocusSentence => {
            let shown = is_at_hand(SENTENCE);
            if shown {
                focus(SENTENCE);
            }
            return shown;
        }
        Request::FocusItem(item) => cluster::focus_item(item),
        Request::FocusToken(token) => links::visit(session, token),
        Request::ShowCell(pod) => dense::show(pod),
        Request::ShowExplanation => links::show_start(".explain"),
        Request::EnterTerminal => go(session.preferences, Tab::Terminal, "#prompt"),
        Request::EnterEditor => editor::enter(session, session.preferences),
        Request::LeaveEditor { .. } if !is_within(".manifest") => return false,
        Request::LeaveEditor { all_read: true } => go(session.preferences, Tab::Cluster, selector(FocusTarget::Cluster)),
        Request::LeaveEditor { all_read: false } => focus(selector(FocusTarget::Cluster)),
        Request::SelectText => editor::select_all(),
        Request::PutText(text) => editor::put(session, text),
        Request::PutCaret(at) => editor::put_caret(session, at),
        Request::Open(Dialog::Stuck) => return open(stuck::NAME, selector(FocusTarget::Paste)),
        Request::Open(Dialog::Ahead) => return open(ahead::NAME, "#change, #plan"),
        Request::Open(Dialog::Fate) => return open(fate::NAME, "#fate-text"),
        Request::Close(Dialog::Fate) => close(fate::NAME),
        Request::Close(Dialog::Stuck) => close(stuck::NAME),
        Request::Close(Dialog::Ahead) => close(ahead::NAME),
    }
    true
}

/// The sentence that a narrow window shows.
const SENTENCE: &str = ".sentence";

/// The CSS selector of a place.
fn selector(place: FocusTarget) -> &'static str {
    match place {
        FocusTarget::Lessons => "#lessons",
        FocusTarget::Cluster => ".stage",
        FocusTarget::Cells => ".dense",
        FocusTarget::Paste => "#dump",
    }
}
