//! Servers of files: what they answer, and what they write into their logs.
//!
//! Models the official images' nginx 1.27 and httpd 2.4, as they are without any configuration.

use super::apps::Web;
use super::http::{Answer, Request};
use super::room::Room;
use base::time::Time;
use shell::{Host, absolute};

impl Web {
    /// The page that its image brings.
    pub(super) fn first_page(self) -> &'static str {
        match self {
            Web::Nginx => {
                "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n\
                 </html>\n"
            }
            Web::Apache => "<html><body><h1>It works!</h1></body></html>\n",
        }
    }

    /// Its answer from the files of a directory.
    pub(super) fn answer(self, room: &Room, folder: &str, request: &Request) -> Answer {
        let asked = request.path.split(['?', '#']).next().unwrap_or("/");
        let path = format!("{folder}{}", absolute("/", asked));
        let path = path.trim_end_matches('/');
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            let why = format!("The requested method {} is not allowed for this URL.", request.method);
            return self.refusal(if self == Web::Nginx { "405 Not Allowed" } else { "405 Method Not Allowed" }, &why);
        }
        let is_folder = room.list(path).is_some();
        match room.read(&if is_folder { format!("{path}/index.html") } else { path.to_owned() }) {
            Ok(text) => Answer { status: "200 OK", body: text.to_string() },
            Err(_) if is_folder => self.refusal("403 Forbidden", "You don't have permission to access this resource."),
            Err(_) => self.refusal("404 Not Found", "The requested URL was not found on this server."),
        }
    }

    /// Its page for an error. nginx does not say why.
    fn refusal(self, status: &'static str, why: &str) -> Answer {
        let body = match self {
            Web::Nginx => format!(
                "<html>\n<head><title>{status}</title></head>\n<body>\n<center><h1>{status}</h1></center>\n<hr><center>nginx</center>\n\
                 </body>\n</html>\n"
            ),
            Web::Apache => format!(
                "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>{status}</title>\n</head><body>\n\
                 <h1>{}</h1>\n<p>{why}</p>\n</body></html>\n",
                &status[4..]
            ),
        };
        Answer { status, body }
    }

    /// The line of its log for a request: nginx's combined format with the proxied client, Apache's common one.
    pub(super) fn logged(self, client: &str, request: &Request, answer: &Answer, now: Time) -> String {
        let (stamp, code, size) = (now.date("%d/%b/%Y:%T +0000"), answer.code(), answer.body.len());
        let Request { method, path, agent, .. } = request;
        let line = format!("{client} - - [{stamp}] \"{method} {path} HTTP/1.1\" {code} {size}");
        if self == Web::Nginx { format!("{line} \"-\" \"{agent}\" \"-\"\n") } else { line + "\n" }
    }
}
