//! What the session asks of the components: it says what is to be seen, and they know where that stands in the document.

use view::cluster::ItemKey;

/// Something to be seen or focused. It is done when the request returns, so that requests follow each other in order.
#[derive(Clone, Copy)]
pub enum Request<'a> {
    /// Focus a place.
    Focus(FocusTarget),
    /// Focus the sentence of a narrow window; true if it is shown there.
    FocusSentence,
    /// Focus a tile, a slot or a node.
    FocusItem(&'a ItemKey),
    /// Focus what carries a token.
    FocusToken(&'a str),
    /// Scroll to the cell of a pod.
    ShowCell(&'a str),
    /// Scroll to the start of the explaining panes.
    ShowExplanation,
    /// Show the terminal and focus its prompt.
    EnterTerminal,
    /// Show the editor and focus it.
    EnterEditor,
    /// Focus the cluster, where the pane of the manifest has the focus. A telephone shows it as well, if the pane has nothing to say.
    LeaveEditor {
        all_read: bool,
    },
    /// Select all of the text in the editor.
    SelectText,
    /// Put a text in the place of all that is in the editor, so that it can be undone.
    PutText(&'a str),
    /// Put the caret at a byte of the text, and scroll to its line.
    PutCaret(usize),
    /// Open a dialog, and focus what is typed into.
    Open(Dialog),
    Close(Dialog),
}

/// A place that takes the focus.
#[derive(Clone, Copy)]
pub enum FocusTarget {
    /// The button of the lessons.
    Lessons,
    /// The region of the cluster.
    Cluster,
    /// The grid of a set with many ordinals.
    Cells,
    /// The box for the paste of a stuck cluster.
    Paste,
}

/// A dialog.
#[derive(Clone, Copy)]
pub enum Dialog {
    /// What is the matter with a stuck cluster.
    Stuck,
    /// What a change will do.
    Ahead,
    /// What the scenes make of a manifest of one's own.
    Fate,
}
