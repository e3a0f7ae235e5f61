//! `curl` and `wget` as somebody at the terminal runs them.
//!
//! Promises: a port on which a command of a terminal listens is asked through that command; what is not answered here says so.

use super::Context;
use api::kind::Kind;
use base::note::Note;
use base::path::absolute;
use base::value::Value;
use cluster::inside::Ran;
use cluster::inside::fetch::{Order, Wget};
use cluster::inside::http::{Answer, Refusal, Request};
use kubectl::listening::Listening;
use sim::Sim;

/// The exit code of `curl` where a name cannot be looked up.
const UNRESOLVED: i32 = 6;

/// `curl` and `wget` on the terminal's machine: ports that a command listens on, and addresses that are files here.
pub(super) fn fetch(words: &[String], context: &mut Context, listening: &[Listening], folder: &str) -> Ran {
    let args = &words[1..];
    let is_address = |a: &&String| a.contains("://") || a.starts_with("localhost") || a.starts_with("127.0.0.1");
    let Some(url) = args.iter().find(is_address) else { return from_outside(args, context) };
    let order = Order::read(args);
    if let Some(refused) = order.refusal().filter(|_| words[0] == "curl") {
        return refused;
    }
    let found = match context.files.get(url) {
        Some(text) => Ok(Answer { status: "200 OK", body: text.to_owned() }),
        None if url.starts_with("https://") => Err(Ran { code: 6, ..Ran::note(Note::Outside(url.clone())) }),
        None => answer(args, &order, url, context, listening),
    };
    let answer = match found {
        Ok(answer) => answer,
        Err(ran) => return ran,
    };
    let mut save = |path: &str, text: &str| context.files.put(&absolute(folder, path), text);
    if words[0] == "curl" {
        return order.show(&answer, &mut |path, text| {
            save(path, text);
            Ok(())
        });
    }
    let wget = Wget::read(args);
    let path = wget.target(url.split_once("//").map_or(url.as_str(), |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path)));
    if wget.only_looks || matches!(path, "-" | "/dev/null") {
        return Ran { out: if path == "-" { answer.body } else { String::new() }, ..Ran::default() };
    }
    save(path, &answer.body);
    let (path, size) = (path.to_owned(), answer.body.len());
    Ran { err: if wget.is_quiet { String::new() } else { format!("\u{2018}{path}\u{2019} saved [{size}/{size}]\n") }, ..Ran::default() }
}

/// The answer from a port that a command listens on; for anything else, what is said instead.
fn answer(args: &[String], order: &Order, url: &str, context: &mut Context, listening: &[Listening]) -> Result<Answer, Ran> {
    let local = order.request(url).filter(|r| matches!(r.host.as_str(), "localhost" | "127.0.0.1"));
    let Some((request, listener)) = local.and_then(|r| Some((r.clone(), listening.iter().find(|l| l.port == r.port)?))) else {
        return Err(from_outside(args, context));
    };
    let target = match &listener.pod {
        Some((namespace, pod, port)) => Some((namespace.clone(), pod.clone(), *port, request.path.clone())),
        None => proxied(&request.path, context.sim),
    };
    let path_asked = request.path.clone();
    let at = target.as_ref().map_or(0, |(_, _, port, _)| *port);
    let answer = target.and_then(|(namespace, pod, port, path)| context.sim.ask_pod(&namespace, &pod, &Request { port, path, ..request }));
    match answer {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(Refusal::Refused(address))) if listener.pod.is_none() => Ok(refused(&format!("{address}:{at}"))),
        Some(Err(Refusal::Unknown(_))) => Err(Ran::note(Note::Listens(format!("localhost:{}", listener.port)))),
        _ if listener.pod.is_some() => Err(Ran { err: "curl: (52) Empty reply from server\n".to_owned(), code: 52, ..Ran::default() }),
        _ => missing_pod(&path_asked, context.sim).ok_or_else(|| Ran { code: 0, ..Ran::note(Note::ProxyOnly) }),
    }
}

/// What `curl` gets at the terminal. Where only pods can look up a name, that is said.
fn from_outside(args: &[String], context: &mut Context) -> Ran {
    let ran = context.sim.curl(args);
    let order = Order::read(args);
    let host = order.url.as_ref().and_then(|url| order.request(url)).map(|request| request.host).unwrap_or_default();
    let is_service = |label: &str| context.sim.tables().all(Kind::Service).any(|service| *service.meta().name == *label);
    match ran.code {
        UNRESOLVED if host.split('.').any(is_service) => Ran { note: Some(Note::InsideOnly(host)), ..ran },
        _ => ran,
    }
}

/// The API server's answer about a pod that is not there, if the path is that of its proxy.
fn missing_pod(path: &str, sim: &Sim) -> Option<Answer> {
    let (namespace, rest) = path.strip_prefix("/api/v1/namespaces/")?.split_once("/pods/")?;
    let pod = rest.split_once("/proxy")?.0.split(':').next()?;
    if sim.tables().pod(namespace, pod).is_some() {
        return None;
    }
    let details = format!("\n  \"details\": {{\n    \"name\": {pod:?},\n    \"kind\": \"pods\"\n  }},");
    Some(failure("404 Not Found", &format!("pods {pod:?} not found"), "NotFound", &details))
}

/// The API server's answer where nothing listens at the address of a pod. Models k8s.io/apimachinery/pkg/util/proxy/transport.go.
fn refused(address: &str) -> Answer {
    let message = format!("error trying to reach service: dial tcp {address}: connect: connection refused");
    failure("503 Service Unavailable", &message, "ServiceUnavailable", "")
}

fn failure(status: &'static str, message: &str, reason: &str, details: &str) -> Answer {
    let (message, code) = (Value::from(message).to_json(), &status[..3]);
    let body = format!(
        "{{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {{}},\n  \"status\": \"Failure\",\n  \"message\": {message},\n  \
         \"reason\": \"{reason}\",{details}\n  \"code\": {code}\n}}\n"
    );
    Answer { status, body }
}

/// The pod behind `/api/v1/namespaces/default/pods/kubia-0/proxy/`: its namespace, name, port, and the path it is asked for.
fn proxied(path: &str, sim: &Sim) -> Option<(String, String, i64, String)> {
    let rest = path.strip_prefix("/api/v1/namespaces/")?;
    let (namespace, rest) = rest.split_once("/pods/")?;
    let (pod, rest) = rest.split_once("/proxy")?;
    let (pod, port) = pod.split_once(':').map_or((pod, None), |(p, n)| (p, n.parse::<i64>().ok()));
    let object = sim.tables().pod(namespace, pod)?;
    let declared = object.spec.template.containers.first().and_then(|c| c.ports.first()).map(|p| p.port);
    let path = if rest.is_empty() { "/" } else { rest };
    Some((namespace.to_owned(), pod.to_owned(), port.or(declared).unwrap_or(80), path.to_owned()))
}
