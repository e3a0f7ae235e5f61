//! Volumes, their sources, claims and where volumes can be reached from.

use super::Told;
use super::block::{Block, number};
use super::containers::reference;
use super::fill;
use super::parts::{as_field, list};
use super::{leave, row};
use crate::describe::{CLAIMTEMPLATE, SOURCES};
use crate::part;
use api::admit::TOKEN_PATH;
use base::given::SetGiven;
use base::value::{Map, Value};
use std::ops::Range;

/// The field of a volume's source, and the source.
fn source(block: &Block, lines: Range<usize>, told: &mut Told) -> Option<(String, Value)> {
    let kind = block.heads(lines.clone()).find(|at| block.label(*at) == "Type").and_then(|at| block.value(at))?.split(' ').next()?;
    let named = SOURCES.iter().find(|(_, words, _)| words.split(' ').next() == Some(kind));
    let field = named.map_or_else(|| as_field(kind), |(field, ..)| (*field).to_owned());
    let mut source = Value::map();
    if field != "projected" {
        // Of a source that kubectl does not know any more, each line is read as of those that have it.
        for at in block.heads(lines) {
            if !SOURCES.iter().any(|(.., lines)| row(block, at, lines, &mut source, told)) {
                leave(block, at, told);
            }
        }
        return Some((field, source));
    }
    let sources = part(&mut source, "sources").make_list();
    for at in block.heads(lines) {
        let Some(value) = block.value(at) else { continue };
        match block.label(at) {
            "SecretName" => sources.push(Value::of([("secret", reference("", value))])),
            "ConfigMapName" => sources.push(Value::of([("configMap", reference("", value))])),
            "DownwardAPI" => sources.push(Value::of([("downwardAPI", Value::map())])),
            "TokenExpirationSeconds" => {
                let seconds = number(value).map(|seconds| Value::of([("expirationSeconds", seconds)]));
                sources.extend(seconds.map(|token| Value::of([("serviceAccountToken", token)])));
            }
            "Optional" | "ConfigMapOptional" | "SecretOptionalName" if value == "true" => {
                for (_, source) in sources.last_mut().map(Value::make_map).into_iter().flat_map(Map::iter_mut) {
                    source.set(&["optional"], true);
                }
            }
            _ => {}
        }
    }
    Some((field, source))
}

/// The volumes of a pod or a template.
pub fn volumes(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for name in block.heads(block.below(at)) {
        if let Some((field, source)) = source(block, block.below(name), told) {
            let mut volume = Value::of([("name", block.label(name))]);
            volume.set(&[&field], source);
            part(into, "spec volumes").make_list().push(volume);
        }
    }
}

/// What a PersistentVolume is made of.
pub fn source_of_volume(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    if let Some((field, source)) = source(block, block.below(at), told) {
        into.set(&["spec", &field], source);
    }
}

/// Takes out the volume with a ServiceAccount's token, which the server adds to pods.
pub fn without_token(pod: &mut Value) {
    let mut tokens = Vec::new();
    for containers in ["containers", "initContainers"] {
        let Some(Value::List(_)) = pod.at(&["spec", containers]) else { continue };
        for container in part(pod, "spec").make_map().entry(containers, Value::map).make_list() {
            let (token, own): (Vec<Value>, Vec<Value>) =
                container.list_at(&["volumeMounts"]).iter().cloned().partition(|mount| mount.text_at(&["mountPath"]) == Some(TOKEN_PATH));
            tokens.extend(token.iter().filter_map(|mount| mount.get("name").cloned()));
            container.remove(&["volumeMounts"]);
            container.set_some(&["volumeMounts"], list(own.into_iter()));
        }
    }
    let own = pod.list_at(&["spec", "volumes"]).iter().filter(|volume| volume.get("name").is_none_or(|name| !tokens.contains(name)));
    match list(own.cloned()) {
        Some(own) => pod.set(&["spec", "volumes"], own),
        None => drop(pod.remove(&["spec", "volumes"])),
    }
}

/// The templates of a set's claims.
pub fn claim_templates(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for line in block.heads(block.below(at)) {
        let templates = part(into, "spec volumeClaimTemplates").make_list();
        if block.label(line) == "Name" || templates.is_empty() {
            templates.push(Value::map());
        }
        if let Some(last) = templates.last_mut() {
            fill(block, line..block.below(line).end, CLAIMTEMPLATE, last, told);
        }
    }
}

/// What a claim has; kubectl writes `0` for nothing.
pub fn capacity(block: &Block, at: usize) -> Option<Value> {
    block.value(at).filter(|size| *size != "0").map(Value::from)
}

/// `shop/data-web-0`.
pub fn claim_ref(block: &Block, at: usize) -> Option<Value> {
    let (namespace, name) = block.value(at)?.split_once('/')?;
    Some(Value::of([("apiVersion", "v1"), ("kind", "PersistentVolumeClaim"), ("namespace", namespace), ("name", name)]))
}

/// `zone in [a, b]`: key, operator and values.
fn requirement(text: &str) -> Option<(&str, &'static str, Value)> {
    const OPERATORS: [&str; 6] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
    let mut words = text.splitn(3, ' ');
    let (key, operator) = (words.next()?, words.next()?);
    let operator = OPERATORS.iter().find(|one| one.eq_ignore_ascii_case(operator))?;
    let values = words.next().unwrap_or_default().trim_matches(['[', ']']);
    Some((key, operator, Value::list(values.split(", ").filter(|value| !value.is_empty()))))
}

/// The terms of a volume's node affinity.
pub fn node_affinity(block: &Block, at: usize) -> Option<Value> {
    let terms = block.heads(block.below(at)).filter(|at| block.label(*at) == "Required Terms").flat_map(|at| block.heads(block.below(at)));
    list(terms.filter_map(|term| {
        let expressions = block.texts(term).filter_map(requirement).map(|(key, operator, values)| {
            let mut one = Value::of([("key", key), ("operator", operator)]);
            one.set_filled(&["values"], values);
            one
        });
        Some(Value::of([("matchExpressions", list(expressions)?)]))
    }))
}

/// Where a class makes volumes.
pub fn allowed_topologies(block: &Block, at: usize) -> Option<Value> {
    list(block.heads(block.below(at)).filter_map(|term| {
        let expressions = block.texts(term).filter_map(requirement);
        let expressions = expressions.map(|(key, _, values)| Value::of([("key", key.into()), ("values", values)]));
        Some(Value::of([("matchLabelExpressions", list(expressions)?)]))
    }))
}

/// What marks a class as the default.
pub fn default_class(block: &Block, at: usize) -> Option<Value> {
    (block.value(at) == Some("Yes")).then(|| "true".into())
}
