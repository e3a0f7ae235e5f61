#!/usr/bin/env python3
"""When the first pod comes on a first visit: `tests/browser/speed.py [FOLDER …]`, after `cargo dev build`.

Serves each folder (dist/ if none is named) with gzip on this machine, opens it in headless Chromium with an empty cache, on slow lines and with
the processor slowed four times, and prints in milliseconds of the visit (medians of five): when the app is live, when the first pod is
there, when both halves of the code are there; and how often the second half was called before, which must be never. Needs `pip install selenium` and chromedriver; CHROME and CHROMEDRIVER name others.
"""

import gzip
import http.server
import os
import pathlib
import statistics
import sys
import threading
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# Megabits per second, and milliseconds there and back.
LINES = [(9, 170), (1.6, 150)]
SLOWER = 4
VISITS = 5
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml"}
# Notes when the first pod comes.
WATCH = """
new MutationObserver((_, self) => {
  if (!document.querySelector('.pod')) return;
  window.firstPod = performance.now();
  self.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
TOLD = """
const end = name => Math.max(0, ...performance.getEntriesByType('resource').filter(e => e.name.includes(name)).map(e => e.responseEnd));
const live = performance.getEntriesByName('live')[0]?.startTime;
const hurried = performance.getEntriesByType('resource').filter(e => e.initiatorType === 'xmlhttprequest').length;
return window.firstPod && { live, pod: window.firstPod, first: end('_bg.wasm'), all: end('_later.wasm'), hurried };
"""


def serve(folder):
    files = {path.name: gzip.compress(path.read_bytes(), 6) for path in folder.iterdir() if path.is_file()}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            name = self.path.split("?")[0].lstrip("/") or "index.html"
            body = files.get(name)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", KINDS.get(pathlib.Path(name).suffix, "text/plain"))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            """A browser that hangs up is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def browser():
    options = webdriver.ChromeOptions()
    for word in ["--headless=new", "--no-sandbox", "--window-size=1440,900"]:
        options.add_argument(word)
    options.binary_location = os.environ.get("CHROME", "")
    return webdriver.Chrome(options, Service(os.environ.get("CHROMEDRIVER") or None))


def visit(address, megabits, delay):
    chrome = browser()
    try:
        chrome.execute_cdp_cmd("Network.enable", {})
        speed = {"downloadThroughput": megabits * 125_000, "uploadThroughput": megabits * 125_000}
        chrome.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, "latency": delay, **speed})
        chrome.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        chrome.get(address)
        halves = chrome.execute_script("return document.querySelector('script[data-later]') ? 2 : 1")
        while True:
            told = chrome.execute_script(TOLD)
            if told and (halves == 1 or told["all"]):
                return told
            time.sleep(0.5)
    finally:
        chrome.quit()


def main():
    here = pathlib.Path(__file__).resolve().parents[2] / "dist"
    for folder in map(pathlib.Path, sys.argv[1:] or [here]):
        address = serve(folder)
        for megabits, delay in LINES:
            visits = [visit(address, megabits, delay) for _ in range(VISITS)]
            told = {key: round(statistics.median(one[key] for one in visits)) for key in visits[0]}
            told["hurried"] = sum(one["hurried"] for one in visits)
            print(f"{folder} at {megabits} Mbit/s, {delay} ms: {told}, pods {sorted(round(one['pod']) for one in visits)}", flush=True)


if __name__ == "__main__":
    main()
