//! Text to objects: lists, several documents, several files; what is private is dropped on the way. Text that is no dump is for [`paste`].

use std::borrow::Cow;

use super::asked;
use super::clean::{DROPPED, clean};
use super::dump::{Dump, Printed};
use super::event::Happened;
use super::fragment;
use super::members::{ASKED, DESCRIBED, MIXED, OTHERWISE, SERVER, WITHHELD};
use super::moments::{EPOCH, is_age, move_times, newest, unix_of};
use super::paste;
use super::paste::account::{Account, Standing};
use super::paste::merge::{merged, name_fragment};
use super::paste::named::key;
use super::paste::sentences::Sentences;
use super::paste::typed::{By, Typed, only};
use api::decode::decode;
use api::kind::Kind;
use base::hidden::Hidden;
use base::slices::{Slices, whole};
use base::sorted::SortedSet;
use base::time::Time;
use base::value::Value;
use causes::message::SaidIn;
use rows::figures::NEWEST;
use rows::read::SAID;
use text::diagnose::Unread;

/// How far after that the newest moment of a dump lies at least.
const ROOM: i64 = 30 * 86_400;
/// How far after that the moment lies that a text of nothing but ages shows.
const YEARS: i64 = 400 * 86_400;
/// So many lines that are not read are shown, and so many characters of each.
const MOST_SHOWN: usize = 40;
const LONGEST_SHOWN: usize = 160;
/// The line of such a member below which the names of the fields stand.
const WRITTEN: &str = "fieldsV1:";

/// With what the versions of the lines of an audit log begin.
const AUDIT: &str = "audit.k8s.io/";
/// What `kubectl version` says before the server's version, `v1.` and the minor one among it.
const SERVER_VERSION: &str = "Server Version: ";

/// What a record of an audit log says of a pod, also where it is cut: who sent which request.
fn audit(text: &str) -> Option<Happened> {
    let (_, record) = text.split_once(AUDIT)?;
    let after = |text: &str, key: &str| {
        let (_, rest) = text.split_once(&format!("\"{key}\""))?;
        rest.trim_start_matches([':', ' ']).strip_prefix('"')?.split('"').next().map(str::to_owned)
    };
    let object = record.split_once("\"objectRef\"").map(|(_, rest)| rest)?;
    let is_pod = after(object, "resource").as_deref() == Some(Kind::Pod.info().plural);
    let (verb, user) = (after(record, "verb")?, after(record, "username")?);
    let about = (Kind::Pod.info().name.to_owned(), after(object, "namespace").unwrap_or_default(), after(object, "name")?);
    is_pod.then(|| Happened {
        about,
        reason: "AuditEvent".to_owned(),
        message: format!("request {verb} was asked for by {user}"),
        place: SaidIn::State,
        ..Happened::default()
    })
}

/// The minor version of the server that a text names.
fn server(text: &str) -> Option<i64> {
    let line = text.lines().find_map(|line| line.trim_start_matches(['#', ' ']).strip_prefix(SERVER_VERSION))?;
    let minor = line.split_once("v1.")?.1;
    minor[..minor.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(minor.len())].parse().ok()
}

/// The line that prints what a diagnosis needs: neither Secrets nor ConfigMaps.
pub const PRINTS_ALL: &str =
    "kubectl get sts,deploy,rs,pods,pvc,pv,sc,nodes,svc,endpoints,pdb,quota,sa,ns,controllerrevisions,volumeattachments,events -A -o yaml";

/// Whether a text looks like what kubectl prints of a cluster, and not like a manifest.
pub fn looks_printed(text: &str) -> bool {
    /// What of a text is looked at, in bytes.
    const SEEN: usize = 1 << 20;
    let text = &text[..text.floor_char_boundary(SEEN)];
    let is_state = text.matches("resourceVersion").nth(1).is_some() && text.contains("uid");
    let starts = |line: &str| {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let is_head = |word| ["READY", "STATUS", "AGE", "DESIRED"].contains(&word);
        ["NAME", "NAMESPACE"].contains(&first) && words.any(is_head) || line.starts_with("LAST SEEN")
    };
    is_state || text.lines().any(starts) || text.starts_with("Name:") && text.contains("\nNamespace:")
}

impl Dump {
    /// Reads texts, one per file.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Dump {
        whole(Dump::read_as(texts, false, Slices::WHOLE))
    }

    /// The same in slices.
    pub(super) async fn read_in<'a>(texts: impl IntoIterator<Item = &'a str>, slices: Slices) -> Dump {
        Dump::read_as(texts, false, slices).await
    }

    /// The same with all that a manifest is compared with, but for Secrets: nothing of it is to be told or written anywhere.
    pub fn read_whole<'a>(texts: impl IntoIterator<Item = &'a str>) -> Dump {
        whole(Dump::read_as(texts, true, Slices::WHOLE))
    }

    /// Reads texts: `is_whole`, or without values of variables, contents of ConfigMaps and manifests last applied.
    async fn read_as<'a>(texts: impl IntoIterator<Item = &'a str>, is_whole: bool, slices: Slices) -> Dump {
        let mut dump = Dump::default();
        let (mut items, mut told, mut tables) = (Vec::new(), Vec::new(), Vec::new());
        let mut audited: Vec<Happened> = Vec::new();
        for text in texts {
            let (lines, mut account) = (dump.account.lines(), Account::of(text.lines()));
            if let Some(value) = Some(text).filter(|text| text.trim_start().starts_with('{')).and_then(base::json::value).filter(is_printed)
            {
                dump.mixed |= value.get(MIXED).is_some();
                dump.server = value.int_at(&[SERVER]).or(dump.server);
                dump.otherwise.extend(value.list_at(&[OTHERWISE]).iter().filter_map(Value::as_text).map(str::to_owned));
                let text = |one: &Value, at: usize| one.as_list().and_then(|of| of.get(at)?.as_text()).unwrap_or_default().to_owned();
                dump.described.extend(value.list_at(&[DESCRIBED]).iter().map(|one| (text(one, 0), text(one, 1), text(one, 2))));
                dump.take_asked(value.list_at(&[ASKED]), value.list_at(&[WITHHELD]));
                spread(value, &mut items);
                account.read(1..=account.lines());
                dump.account.append(account);
                continue;
            }
            slices.rest().await;
            dump.server = server(text).or(dump.server);
            let (whole, said) = (text, asked::without(text, &mut dump));
            dump.by = dump.by.or(By::of(whole));
            dump.tools.extend(sayings::spoken_of(whole));
            dump.typed.extend(&Typed::of(whole));
            dump.sentences.extend(Sentences::of(whole));
            audited.extend(audit(whole));
            let text = without_writers(&said);
            slices.rest().await;
            let Some(mut found) = paste::read(&text) else {
                let told = dump.documents(&text, 0, &mut items, &mut account, slices).await;
                dump.leave(whole, &text, account, &told);
                continue;
            };
            dump.mixed = true;
            let mut said = SortedSet::new();
            for (line, part) in &found.dumps {
                said.extend(dump.documents(part, *line, &mut items, &mut found.account, slices).await);
            }
            paste::messages(&text, &said, &mut found);
            dump.unread.extend(found.columns.into_iter().map(|(line, column)| Unread::Column { line: lines + line, column }));
            dump.leave(whole, &text, found.account, &said);
            // Of several texts, the later is of a later moment.
            told.extend(found.objects.into_iter().map(|(line, value)| (lines + line, value)));
            tables.extend(found.tables.into_iter().map(|(first, last)| (lines + first, lines + last)));
            dump.events.extend(found.events.into_iter().map(|event| Happened { line: lines + event.line, ..event }));
            dump.others.extend(found.others);
            dump.facts.extend(found.facts);
            dump.quiet.extend(found.quiet);
            dump.described.extend(found.described);
            dump.logged.extend(found.logged);
            dump.signs.extend(found.signs);
        }
        slices.rest().await;
        items.iter_mut().for_each(name_fragment);
        let shown = newest(&items, &told, &dump.events);
        dump.moved = shown.filter(|shown| *shown < EPOCH + ROOM).map_or(0, |shown| EPOCH + ROOM - shown);
        let any = shown.or_else(|| (!told.is_empty() || !dump.events.is_empty()).then_some(EPOCH + YEARS));
        // Ages count from the moment that the rest of the text shows.
        let (by, moved) = (any.map_or(0, |shown| shown - unix_of(NEWEST)), dump.moved);
        let moves = |at: i64| if is_age(at) { (at + by + moved).max(EPOCH) } else { at + moved };
        for event in &mut dump.events {
            event.last = event.last.map(|last| Time(u64::try_from(moves(unix_of(last)) - EPOCH).unwrap_or(0) * 1000));
        }
        dump.written = items.iter().map(key).collect();
        let mut hidden = Hidden::default();
        let (all, is_placeless) = merged(items, told, &tables, &mut dump.events);
        dump.placeless = is_placeless;
        for (mut item, is_partly) in all {
            slices.rest().await;
            if moved != 0 || is_partly {
                move_times(&mut item, &|at| u64::try_from(moves(at) - EPOCH).ok().map(|seconds| Time(seconds * 1000)));
            }
            if is_partly && item.text_at(&["kind"]) != Some("Event") && item.text_at(&["metadata", "name"]).is_some() {
                let named = key(&item);
                // What is written without a namespace has got one since.
                if dump.written.contains(&(named.0.clone(), String::new(), named.2.clone())) {
                    dump.written.insert(named.clone());
                }
                dump.partly.insert(named);
            }
            dump.take(item, &mut hidden, is_whole);
        }
        dump.name_called();
        dump.events.extend(audited);
        dump.unread.splice(..0, dump.not_read());
        dump.undated = shown.is_none() && any.is_some();
        dump.newest = any.and_then(|shown| u64::try_from(shown + moved - EPOCH).ok()).map(|seconds| Time(seconds * 1000));
        dump
    }

    /// Gives what was said of a pod that nothing names to the one that people call by its name, where no pod is shown.
    /// What a tool says that waits is given to the only set that somebody typed.
    fn name_called(&mut self) {
        let set = only(&self.typed.sets).map(str::to_owned);
        for event in self.events.iter_mut().filter(|event| event.about.2.is_empty()) {
            if let Some(set) = set.as_ref().filter(|_| event.said().means().is_some_and(|found| found.row.matter.is_some())) {
                event.about.0 = Kind::StatefulSet.info().name.to_owned();
                event.about.2.clone_from(set);
            }
        }
        let Some(pod) = only(&self.sentences.pods).map(str::to_owned) else { return };
        if self.of(Kind::Pod).next().is_some() {
            return;
        }
        for event in self.events.iter_mut().filter(|event| event.about.2.is_empty()) {
            if event.said().means().is_some_and(|found| found.row.kind == Kind::Pod) {
                event.about = (Kind::Pod.info().name.to_owned(), String::new(), pod.clone());
            }
        }
    }

    /// Takes down the account of a text that follows, and what of it is not read but for what is `told` already.
    /// The lines of the `whole` that the text does not have any more were read, and are of no use.
    fn leave(&mut self, whole: &str, text: &str, mut account: Account, told: &SortedSet<usize>) {
        for (line, _) in (1..).zip(whole.lines().zip(text.lines())).filter(|(_, (of, left))| left.is_empty() && !of.is_empty()) {
            account.set(line, Standing::Read);
        }
        let (lines, before): (Vec<&str>, usize) = (text.lines().collect(), self.account.lines());
        let numbers: Vec<usize> = account.of_standing(Standing::Unread).filter(|line| !told.contains(line)).collect();
        let shown = |number: &usize| {
            let text: String = lines.get(number - 1).unwrap_or(&"").trim().chars().take(LONGEST_SHOWN).collect();
            Unread::Line { line: before + number, text }
        };
        self.unread.extend(numbers.iter().take(MOST_SHOWN).map(shown));
        let further = numbers.len().saturating_sub(MOST_SHOWN);
        self.unread.extend(numbers.last().filter(|_| further > 0).map(|last| Unread::Further { count: further, line: before + last }));
        self.account.append(account);
    }

    /// Reads documents in YAML before which so many lines stand. Of one that is none, no line is read, which is told once; returns the
    /// lines of such documents.
    async fn documents(
        &mut self,
        text: &str,
        before: usize,
        items: &mut Vec<Value>,
        account: &mut Account,
        slices: Slices,
    ) -> SortedSet<usize> {
        let (all_before, mut told) = (self.account.lines(), SortedSet::new());
        for (from, part) in parts(text) {
            slices.rest().await;
            for document in yaml::parse(&part) {
                let line = |problem: &yaml::Diagnostic| all_before + before + from + problem.span.line;
                let said = |problem: &yaml::Diagnostic| {
                    // A template of Helm fails where it begins to be none of YAML.
                    let text = part.lines().nth(problem.span.line.saturating_sub(1)).map(str::trim).filter(|text| text.contains("{{"));
                    match text {
                        Some(text) => Unread::Template { line: line(problem), text: text.to_owned() },
                        None => Unread::NotYaml { line: line(problem), problem: problem.problem.to_string() },
                    }
                };
                let error = document.error().map(said);
                let failed = document.error().map(|problem| before + from + problem.span.line);
                let first = before + from + document.span.line;
                let lines = (first..).zip(part[document.span.start..document.span.end].lines());
                let own: Vec<usize> = lines.filter(|(_, text)| !text.is_empty()).map(|(line, _)| line).collect();
                if document.value.is_some_and(|value| spread(value, items)) {
                    account.read(own.iter().copied());
                }
                failed.into_iter().for_each(|line| account.set(line, Standing::Unread));
                told.extend(own.into_iter().filter(|_| error.is_some()).chain(failed));
                self.unread.extend(error);
            }
        }
        // What parts documents has been read with them.
        let parts = (1..).zip(text.lines()).filter(|(_, line)| line.trim_end() == "---").map(|(line, _)| before + line);
        account.read(parts);
        told
    }

    /// Takes in one object.
    fn take(&mut self, mut item: Value, hidden: &mut Hidden, whole: bool) {
        let text = |path: &[&str]| item.text_at(path).unwrap_or_default().to_owned();
        let (version, name, namespaced) = (text(&["apiVersion"]), text(&["kind"]), text(&["metadata", "namespace"]));
        let called = text(&["metadata", "name"]);
        match Kind::of(&version, &name) {
            _ if version.starts_with(AUDIT) => {
                let words =
                    [&["user", "username"][..], &["verb"], &["objectRef", "resource"], &["objectRef", "namespace"], &["objectRef", "name"]];
                self.others.push(words.map(text).join(" "));
            }
            _ if name.is_empty() && !fragment::of(&item).is_empty() => self.events.extend(fragment::of(&item)),
            _ if name.is_empty() || called.is_empty() => {
                self.unread.push(Unread::Nameless { kind: name.into(), name: called.into() });
            }
            Some(Kind::Secret) => self.secrets += 1,
            _ if name == "Event" => self.events.extend(happened(&item)),
            Some(kind) => {
                let is_described = self.described.contains(&key(&item));
                self.unread.extend(unknown_fields(kind, &item).filter(|_| !is_described));
                clean(kind, &mut item, hidden, whole);
                self.objects.push(Printed { kind, value: item });
            }
            None => {
                self.others.push(format!("{name} {namespaced}/{called}").replace(" /", " "));
                self.events.extend(fragment::of_tool(&item));
            }
        }
    }
}

/// The fields of a manifest that no server knows. What a server printed has none, but for those of releases that are not modelled.
fn unknown_fields(kind: Kind, item: &Value) -> Option<Unread> {
    let is_printed = item.at(&["metadata", "uid"]).is_some() || item.get("status").is_some();
    let unknown = decode(kind, item).ok().filter(|_| !is_printed && item.get(SAID).is_none())?.unknown;
    let fields: Vec<String> = unknown.iter().map(ToString::to_string).collect();
    let name = item.text_at(&["metadata", "name"]).unwrap_or_default();
    (!fields.is_empty()).then(|| Unread::Fields { kind: kind.info().name.into(), name: name.into(), fields: fields.join(", ") })
}

/// A text in whose managed fields the names of the fields are empty lines: often more than half of a text, and all of it is dropped. When
/// they were written stays, which may be the newest moment.
fn without_writers(text: &str) -> Cow<'_, str> {
    if !text.contains(WRITTEN) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    // The indents of the list of writers, and of the names that one wrote.
    let (mut writers, mut names): (Option<usize>, Option<usize>) = (None, None);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(' ');
        let indent = line.len() - bare.len();
        let bare = bare.trim_end();
        if names.is_some_and(|at| indent > at || bare.is_empty()) {
            out.push('\n');
            continue;
        }
        names = Some(indent).filter(|_| writers.is_some() && bare == WRITTEN);
        let is_list = |at: usize| indent > at || indent == at && bare.starts_with('-');
        writers = if bare.strip_suffix(':') == Some(DROPPED) { Some(indent) } else { writers.filter(|at| is_list(*at)) };
        out.push_str(line);
    }
    out.into()
}

/// A text, with each item of a list as kubectl prints it apart, so that one which was cut does not spoil the others; and how many lines
/// stand before each.
fn parts(text: &str) -> Vec<(usize, String)> {
    let (mut all, mut rest, mut within) = (Vec::<(usize, String)>::new(), String::new(), false);
    for (at, line) in text.lines().enumerate() {
        within = line == "items:" || within && (line.is_empty() || line.starts_with([' ', '-'])) && !line.starts_with("---");
        match line.strip_prefix("- ").filter(|_| within) {
            Some(first) => all.push((at, format!("  {first}\n"))),
            None if within && line != "items:" => {
                if let Some((_, item)) = all.last_mut() {
                    item.push_str(line);
                    item.push('\n');
                }
            }
            None => rest.push_str(line),
        }
        // What stands around the items keeps its lines, for what is said of them.
        rest.push('\n');
    }
    if all.is_empty() || shares(text) {
        return vec![(0, text.to_owned())];
    }
    all.push((0, rest));
    all
}

/// Whether an alias of a text stands for what an anchor marks, which may be in another item.
fn shares(text: &str) -> bool {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>();
    text.split(": *").skip(1).map(name).any(|name| !name.is_empty() && text.contains(&format!("&{name}")))
}

/// Takes lists apart; `false` if a value is neither an object nor a list of some.
fn spread(value: Value, out: &mut Vec<Value>) -> bool {
    // What is left of a list whose items stand apart.
    let kind = value.text_at(&["kind"]).unwrap_or_default();
    let items = value.get("items");
    if kind.ends_with("List") && items.is_none_or(Value::is_null) || kind.is_empty() && items.is_some_and(Value::is_null) {
        return true;
    }
    let is_list = value.text_at(&["kind"]).is_some_and(|kind| kind.ends_with("List")) || value.get("kind").is_none();
    match (value.get("items").and_then(Value::as_list), value.as_list()) {
        (Some(items), _) if is_list => items.iter().cloned().fold(true, |all, item| spread(item, out) && all),
        (_, Some(items)) => items.iter().cloned().fold(true, |all, item| spread(item, out) && all),
        _ if value.as_map().is_some() => {
            out.push(value);
            true
        }
        _ => value.is_null(),
    }
}

/// Whether a value in JSON is one that kubectl prints, and not a line of a program's log.
fn is_printed(value: &Value) -> bool {
    value.get("kind").is_some() || value.get("items").is_some() || value.get("status").is_some() || value.as_list().is_some()
}

/// What an Event says.
fn happened(item: &Value) -> Option<Happened> {
    let about = item.get("involvedObject").or_else(|| item.get("regarding"))?;
    let text = |at: &Value, key: &str| at.text_at(&[key]).unwrap_or_default().to_owned();
    let times =
        [&["series", "lastObservedTime"][..], &["lastTimestamp"], &["eventTime"], &["firstTimestamp"], &["deprecatedLastTimestamp"]];
    let message = if item.get("message").is_some() { text(item, "message") } else { text(item, "note") };
    let source = [&["source", "component"][..], &["reportingComponent"], &["reportingController"]];
    Some(Happened {
        about: (text(about, "kind"), text(about, "namespace"), text(about, "name")),
        reason: text(item, "reason"),
        message,
        last: times.iter().find_map(|path| item.text_at(path).and_then(Time::parse_rfc3339)),
        source: source.iter().find_map(|path| item.text_at(path).filter(|text| !text.is_empty())).unwrap_or_default().to_owned(),
        ..Happened::default()
    })
}
