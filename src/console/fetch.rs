//! `curl` and `wget` as somebody at the terminal runs them.
//!
//! Promises: a port on which a command of a terminal listens is asked through that command; what is not answered here says so.

use super::World;
use crate::base::printed::Stream;
use crate::cluster::inside::http::{Refusal, Request};
use crate::kubectl::job::Listening;
use crate::sim::Sim;

/// `curl` and `wget` on the terminal's machine: ports that a command listens on, and addresses that are files here.
pub(super) fn fetch(words: &[String], world: &mut World, listening: &[Listening]) -> (Stream, String, i32) {
    let args = &words[1..];
    let url = args.iter().find(|a| a.contains("://") || a.starts_with("localhost") || a.starts_with("127.0.0.1"));
    if let Some(text) = url.and_then(|url| world.files.get(url)) {
        return (Stream::Out, text.to_string(), 0);
    }
    let request = url.and_then(|url| Request::get(url, "curl/8.5.0"));
    let local = request.filter(|r| matches!(r.host.as_str(), "localhost" | "127.0.0.1"));
    let Some((request, listener)) = local.and_then(|r| Some((r.clone(), listening.iter().find(|l| l.port == r.port)?))) else {
        let ran = world.sim.curl(args);
        return if ran.err.is_empty() { (Stream::Out, ran.out, ran.code) } else { (Stream::Err, ran.err, ran.code) };
    };
    let data = args.iter().position(|a| matches!(a.as_str(), "-d" | "--data" | "--data-raw")).and_then(|at| args.get(at + 1)).cloned();
    let method = if data.is_some() || args.iter().any(|a| a == "POST") { "POST" } else { "GET" }.to_owned();
    let request = Request { method, body: data.unwrap_or_default(), ..request };
    let target = match &listener.pod {
        Some((namespace, pod, port)) => Some((namespace.clone(), pod.clone(), *port, request.path.clone())),
        None => proxied(&request.path, world.sim),
    };
    let answer = target.and_then(|(namespace, pod, port, path)| world.sim.ask_pod(&namespace, &pod, &Request { port, path, ..request }));
    match answer {
        Some(Ok(answer)) => (Stream::Out, answer.body, 0),
        Some(Err(Refusal::Unknown(_))) => {
            let port = listener.port;
            (Stream::Note, format!("ordinal: something listens on port {port}; what it answers is not simulated.\n"), 1)
        }
        _ if listener.pod.is_some() => (Stream::Err, "curl: (52) Empty reply from server\n".to_owned(), 52),
        _ => (
            Stream::Note,
            "ordinal: of the API server's paths, only the pod proxy is served here: /api/v1/namespaces/NS/pods/POD/proxy/\n".to_owned(),
            0,
        ),
    }
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
