//! A stuck cluster that is brought along: reading what was pasted, and the examples.

use std::time::Duration;

use intake::looks_printed;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlDialogElement;

use super::Session;
use super::share::{page_data, tell_script};

/// Where the page's script puts the examples: each after a line with its family and the name of its set.
const EXAMPLES: &str = "data-stuck";
/// What begins each example.
const HEAD: &str = "=== ";
/// A frame: so long the page has to show that it reads.
const FRAME: Duration = Duration::from_millis(30);

impl Session {
    /// Opens the dialog.
    pub fn open_stuck(self) {
        self.preferences.settle();
        self.stuck.set(true);
        if let Some(dialog) = dialog().filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
        crate::keyboard::focus("#dump");
    }

    /// Closes the dialog.
    pub fn close_stuck(self) {
        if let Some(dialog) = dialog() {
            dialog.close();
        }
    }

    /// Says what is the matter with the cluster of a text, after the page has shown that it reads.
    pub fn diagnose(self, text: String) {
        self.dump.set(text);
        self.report.set(None);
        self.diagnosing.set(true);
        let read = move || {
            let report = self.dump.with_untracked(|text| intake::diagnose([text.as_str()]));
            self.diagnosing.set(false);
            self.report.set(Some(report));
        };
        set_timeout(read, FRAME);
    }

    /// Opens a text that kubectl printed; whether it looks like one.
    pub(super) fn open_printed(self, text: &str) -> bool {
        let is_printed = looks_printed(text);
        if is_printed {
            self.open_stuck();
            self.diagnose(text.to_owned());
        }
        is_printed
    }

    /// Diagnoses what stands in the editor.
    pub fn diagnose_manifest(self) {
        self.open_stuck();
        self.diagnose(self.manifest.get_untracked());
    }

    /// Fetches the examples, unless they are there.
    pub fn want_examples(self) {
        if self.examples.with_untracked(Vec::is_empty) {
            tell_script(EXAMPLES, "", "stuck");
        }
    }

    /// Lists the examples that the page's script has fetched.
    pub(super) fn take_examples(self) {
        let named = |part: &str| part.lines().next().and_then(|head| head.split_once(' ')).map(|(f, n)| (f.to_owned(), n.to_owned()));
        self.examples.set(page_data(EXAMPLES).unwrap_or_default().split(HEAD).filter_map(named).collect());
    }

    /// Diagnoses the example of a family.
    pub fn show_example(self, family: &str) {
        let texts = page_data(EXAMPLES).unwrap_or_default();
        let found = texts.split(HEAD).find_map(|part| part.split_once('\n').filter(|(head, _)| head.split(' ').next() == Some(family)));
        if let Some((_, text)) = found {
            self.diagnose(text.to_owned());
        }
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    document().get_element_by_id(crate::stuck::NAME)?.dyn_into().ok()
}
