// The workers that search what can go wrong (src/analysis/risks/work.rs). In the page, this file starts them and carries what they tell each other. In a
// worker, it runs the page's own module. All that is said is lines of text.
const MOST = 4;
// A worker looks into its mail after so long, and the page is told how far the search is. In milliseconds.
const SLICE = 10;
const REPORT = 100;

const page = () => {
  const root = document.documentElement;
  const { dataset } = document.querySelector("script[data-wasm]");
  const at = (name) => new URL(dataset[name], document.baseURI).href;
  const say = (name) => dispatchEvent(new Event(name));
  // What was wished last, what the workers have told each other of it, and the workers.
  let [wish, log, team] = ["", [], []];
  const end = () => {
    for (const worker of team) worker.terminate();
    team = [];
  };
  // What can be searched by no worker, the page searches by itself.
  const alone = () => {
    end();
    say("search-alone");
  };
  const heard = (worker, { lines, report, done, fault }) => {
    if (!team.includes(worker)) return;
    if (fault) return alone();
    if (lines.length) log.push(...lines);
    for (const other of team) if (other !== worker && lines.length) other.postMessage({ lines });
    if (report) {
      root.dataset.searched = report;
      say("search-told");
      delete root.dataset.searched;
    }
    if (done && worker === team[0]) end();
  };
  const begin = async () => {
    const wished = root.dataset.wish;
    if (wished === wish && team.length) return rest(false);
    end();
    if (wished !== wish) [wish, log] = [wished, []];
    try {
      const count = Math.min(navigator.hardwareConcurrency || 1, MOST);
      const own = (team = Array.from({ length: count }, () => new Worker(import.meta.url, { type: "module" })));
      for (const worker of own) {
        worker.onmessage = ({ data }) => heard(worker, data);
        worker.onerror = (event) => (event.preventDefault(), heard(worker, { lines: [], fault: true }));
      }
      const said = { script: at("js"), modules: await modules(), lines: log };
      if (own !== team) return;
      own.forEach((worker, number) => worker.postMessage({ ...said, begin: `begin ${count} ${number} ${wish}` }));
    } catch {
      alone();
    }
  };
  const rest = (rests) => team.forEach((worker) => worker.postMessage({ lines: [], rests }));
  addEventListener("search", begin);
  addEventListener("search-rest", () => rest(true));
  addEventListener("search-end", end);
  // It was wished before this was there.
  if (root.dataset.wish) begin();
};

const worker = () => {
  const { port1, port2 } = new MessageChannel();
  let [first, state, rests, told] = [false, "works", false, 0];
  let answer;
  self.answered = (line) => (answer = line);
  const ask = (order) => {
    dispatchEvent(new MessageEvent("order", { data: order }));
    return answer;
  };
  const go = () => {
    const begun = performance.now();
    const lines = [];
    while (state === "works" && performance.now() - begun < SLICE) {
      const [now, line] = ask("step").split("\n");
      state = now;
      if (line) lines.push(line);
    }
    const done = state === "done";
    const report = first && (done || begun - told > REPORT) && ask("report");
    if (report) told = begun;
    if (lines.length || report) postMessage({ lines, report, done });
    next();
  };
  // The next slice comes behind the mail that is there by now.
  let due = false;
  const next = () => {
    if (due || rests || state !== "works") return;
    due = true;
    port2.postMessage(0);
  };
  port1.onmessage = () => {
    due = false;
    if (!rests) go();
  };
  // Both halves of the code are there at once (public/boot.js).
  const start = async ({ script, modules: [module, rest], begin }) => {
    self.bring = (exports) => {
      const get = (_, name) => exports[name] ?? exports[".t0"].get(parseInt(name, 36));
      new WebAssembly.Instance(rest, { "": new Proxy({}, { get }) });
      exports[".here"].value = 1;
    };
    const app = await import(script);
    await app.default({ module_or_path: module });
    ask(begin);
  };
  const hear = async (data) => {
    if (data.begin) {
      first = data.begin.split(" ")[2] === "0";
      await start(data);
    }
    for (const line of data.lines) ask(`hear ${line}`);
    rests = data.rests ?? rests;
    if (state === "waits") state = "works";
    next();
  };
  let before = Promise.resolve();
  onmessage = ({ data }) => (before = before.then(() => hear(data)).catch((error) => postMessage({ lines: [], fault: String(error) })));
};

if (self.document) page();
else worker();
