//! What a tool is asked for: two states, and options as people type them.

use std::rc::Rc;

use base::time::Span;
use base::value::Value;
use kubectl::flags::read_duration;

use crate::tool::{Flag, Prunes, Tool};

/// The flags that stand for options of an Argo CD application.
const SYNC_OPTIONS: [(&str, Flag); 3] =
    [("ServerSideApply=true", Flag::ServerSide), ("Replace=true", Flag::Replace), ("Force=true", Flag::Force)];

/// How long tools wait that are not told: all five minutes.
const TIMEOUT: Span = Span::seconds(300);

/// Options, each with its value; an empty one where none was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(Vec<(Flag, String)>);

impl Options {
    /// Reads what was typed for a tool.
    ///
    /// # Errors
    ///
    /// In words, what the tool does not know or cannot read.
    pub fn read(tool: Tool, words: &[String]) -> Result<Options, String> {
        let known = tool.traits().flags;
        let mut found = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, value) = word.split_once('=').map_or((&**word, None), |(name, value)| (name, Some(value.to_owned())));
            let flag = name.strip_prefix("--").and_then(Flag::named).filter(|flag| known.contains(flag));
            let Some(flag) = flag else {
                let all = Options::known(tool).join(", ");
                return Err(format!("{} has no option `{word}` here; these are known: {all}", tool.word()));
            };
            let asks = matches!(flag, Flag::Timeout | Flag::SyncOption);
            let value = match value {
                None if asks => words.next().cloned().ok_or_else(|| format!("`{word}` asks for a value"))?,
                value => value.unwrap_or_default(),
            };
            if flag == Flag::Timeout && span_of(&value).is_none() {
                return Err(format!("`{value}` is no span of time, such as 90s or 5m"));
            }
            found.push((flag, value));
        }
        Ok(Options(found))
    }

    /// Those that a tool knows, as they are typed.
    pub fn known(tool: Tool) -> Vec<String> {
        tool.traits().flags.iter().map(|flag| format!("--{}", flag.word())).collect()
    }

    /// The options and one more.
    #[must_use]
    pub fn with(&self, flag: Flag) -> Options {
        Options(self.0.iter().cloned().chain([(flag, String::new())]).collect())
    }

    /// Whether an option is on.
    pub fn on(&self, flag: Flag) -> bool {
        self.value(flag).is_some_and(|value| value != "false") || self.stands_for(flag)
    }

    /// What an option says that was typed; the last counts.
    pub fn value(&self, flag: Flag) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| *known == flag).map(|(_, value)| &**value)
    }

    /// Whether an option of an Argo CD application is on.
    pub fn says(&self, option: &str) -> bool {
        self.0.iter().any(|(flag, value)| *flag == Flag::SyncOption && value.trim() == option)
    }

    fn stands_for(&self, flag: Flag) -> bool {
        SYNC_OPTIONS.iter().any(|(option, of)| *of == flag && self.says(option))
    }

    /// How long is waited.
    pub fn timeout(&self) -> Span {
        self.value(Flag::Timeout).and_then(span_of).unwrap_or(TIMEOUT)
    }

    /// Whether what the new state lacks is taken away.
    pub fn prunes(&self, tool: Tool) -> bool {
        match tool.traits().prunes {
            Prunes::Never => false,
            Prunes::Always => true,
            // A Kustomization has to say so, and `flux bootstrap` writes true.
            Prunes::Asked => self.value(Flag::Prune).map_or(tool == Tool::Flux, |value| value != "false"),
        }
    }

    /// As they are typed.
    pub fn typed(&self) -> String {
        let one = |(flag, value): &(Flag, String)| {
            if value.is_empty() { format!(" --{}", flag.word()) } else { format!(" --{}={value}", flag.word()) }
        };
        self.0.iter().map(one).collect()
    }
}

/// A span of time as it is typed.
fn span_of(text: &str) -> Option<Span> {
    read_duration(text).ok().and_then(|millis| u64::try_from(millis).ok()).map(Span)
}

/// What a tool is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub tool: Tool,
    pub options: Options,
    /// Who installed the old state; `None` where nothing is installed yet.
    pub made_by: Option<Tool>,
    /// The objects of the old state.
    pub before: Rc<[Value]>,
    /// The objects of the new one.
    pub after: Rc<[Value]>,
    /// The text of the new one, which kubectl's own lines read.
    pub text: Rc<str>,
}

impl Asked {
    /// The name of the release or application: that which objects say, or that of the first set.
    pub fn release(&self) -> &str {
        let objects = || self.after.iter().chain(self.before.iter());
        let label = |object: &'_ Value| object.at(&["metadata", "labels", "app.kubernetes.io/instance"]).is_some();
        let named = |object: &'_ Value| object.text_at(&["kind"]) == Some("StatefulSet");
        let labelled = objects().find(|object| label(object));
        let of_label = labelled.and_then(|object| object.text_at(&["metadata", "labels", "app.kubernetes.io/instance"]));
        let of_set = || objects().find(|object| named(object)).and_then(|object| object.text_at(&["metadata", "name"]));
        of_label.or_else(of_set).unwrap_or("release")
    }

    /// Whether a tool of the same kind has installed the old state.
    pub fn is_upgrade(&self) -> bool {
        self.made_by.is_some_and(|by| by == self.tool || by.is_helm() && self.tool.is_helm())
    }

    /// The line that somebody types for it. `file` is what kubectl applies.
    pub fn line(&self, file: &str) -> String {
        let (begins, options) = (self.tool.traits().line, self.options.typed());
        match self.tool {
            Tool::Kubectl | Tool::KubectlServerSide => format!("{begins} -f {file}{options}"),
            Tool::Helm3 | Tool::Helm4 if self.is_upgrade() => format!("{begins} {} CHART{options}", self.release()),
            Tool::Helm3 | Tool::Helm4 => format!("helm install {} CHART{options}", self.release()),
            Tool::ArgoCd | Tool::Flux => format!("{begins} {}{options}", self.release()),
        }
    }

    /// The same with one more option; `None` of a tool that does not know the option, or is given it already.
    #[must_use]
    pub fn with(&self, flag: Flag) -> Option<Asked> {
        let knows = self.tool.traits().flags.contains(&flag) && !self.options.on(flag);
        knows.then(|| Asked { options: self.options.with(flag), ..self.clone() })
    }

    /// Whether whole objects are put in the place of what is there.
    pub fn writes_whole(&self) -> bool {
        let flag = |flag| self.options.on(flag);
        flag(Flag::Replace) || flag(Flag::ForceReplace) || self.tool == Tool::Helm3 && flag(Flag::Force)
    }
}
