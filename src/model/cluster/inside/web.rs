//! Servers of files: what they answer, and what they write into their logs, as they are without any configuration.

use super::http::{Answer, Request};
use super::room::Room;
use crate::programs::{Web, filled};
use base::time::Time;
use shell::{Host, absolute};

impl Web {
    /// Its answer from the files of a directory.
    pub(super) fn answer(&self, room: &Room, folder: &str, request: &Request) -> Answer {
        let asked = request.path.split(['?', '#']).next().unwrap_or("/");
        let path = format!("{folder}{}", absolute("/", asked));
        let path = path.trim_end_matches('/');
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return self.refusal(self.refused, &format!("The requested method {} is not allowed for this URL.", request.method));
        }
        let is_folder = room.list(path).is_some();
        match room.read(&if is_folder { format!("{path}/index.html") } else { path.to_owned() }) {
            Ok(text) => Answer { status: "200 OK", body: text.to_string() },
            Err(_) if is_folder => self.refusal("403 Forbidden", "You don't have permission to access this resource."),
            Err(_) => self.refusal("404 Not Found", "The requested URL was not found on this server."),
        }
    }

    /// Its page for an error.
    fn refusal(&self, status: &'static str, why: &str) -> Answer {
        Answer { status, body: filled(self.error, &[("status", status), ("name", &status[4..]), ("why", why)]) }
    }

    /// The line of its log for a request.
    pub(super) fn logged(&self, client: &str, request: &Request, answer: &Answer, now: Time) -> String {
        let Request { method, path, agent, .. } = request;
        let (code, size) = (answer.code().to_string(), answer.body.len().to_string());
        let given = [("client", client), ("method", method), ("path", path), ("code", &code), ("size", &size), ("agent", agent)];
        filled(&now.date(self.log), &given)
    }
}
