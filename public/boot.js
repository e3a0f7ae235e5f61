// Starts the app, keeps it for use without a network, and says so when it cannot go on.
const stop = (why) => {
  document.getElementById("stopped").hidden = false;
  document.getElementById("stopped-why").textContent = String(why);
};
// What goes wrong in other scripts, such as those of the browser's extensions, stops nothing here.
const panicked = (error) => /Runtime|Range|Internal/.test(error?.name) && /wasm-function/.test(error.stack) && stop(error);
addEventListener("error", (event) => panicked(event.error));
addEventListener("unhandledrejection", (event) => panicked(event.reason));

const tag = document.querySelector("script[data-wasm]");
const at = (name) => new URL(tag.dataset[name], document.baseURI).href;
// A run in the fragment of the address: `#1.` (or `#embed&1.`) and its text, deflated, in base64url. Whatever is there is only ever read as text.
// Other fragments are `#embed`, and the places of the page that it links to itself.
const LINK = /^#(?:embed&)?(\d+)\.([\w-]*)(.*)$/;
const LINK_VERSION = 1;
const TEXT_BYTES_MOST = 1 << 20;
// A file may be the whole state of a cluster. What is kept is no longer either.
const FILE_BYTES_MOST = 1 << 24;
// So many digits of a link are inflated at a time: of one that breaks off all that comes before is kept, and of one that is too long the rest
// is not looked at.
const STEP = 84;
const root = document.documentElement;
if ("embed" in root.dataset) import(at("embedded"));
const pack = async (text) => {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), "")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
// The text, as far as it can be read, and what is wrong with it. Of one that is too long nothing is kept, and no more is inflated.
const unpack = async (code) => {
  const whole = code.length % 4 !== 1;
  const digits = (whole ? code : code.slice(0, -1)).replaceAll("-", "+").replaceAll("_", "/");
  const stream = new DecompressionStream("deflate-raw");
  const reader = stream.readable.getReader();
  const writer = stream.writable.getWriter();
  const decoder = new TextDecoder();
  let [text, fault] = ["", whole ? "" : "damaged"];
  const read = (async () => {
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      if ((size += value.length) > TEXT_BYTES_MOST) {
        [text, fault] = ["", "long"];
        // A write that waits for the reader ends with this.
        return reader.cancel();
      }
      text += decoder.decode(value, { stream: true });
    }
  })().catch(() => (fault ||= "damaged"));
  try {
    for (let from = 0; from < digits.length && fault !== "long"; from += STEP) {
      await writer.write(Uint8Array.from(atob(digits.slice(from, from + STEP)), (letter) => letter.charCodeAt(0)));
    }
    writer.close().catch(() => {});
  } catch {
    // The reader sees it too.
  }
  await read;
  return [text, fault];
};
// A file of this host as text. A file that cannot be had is told: what needs the file would else do nothing, without a word.
const had = async (file, options) => {
  try {
    const answer = await fetch(file, options);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return await answer.text();
  } catch (error) {
    const why = `${file}: ${error.message}`;
    sign("missing", root.lang === "ko" ? `페이지 옆에 없는 파일이 있습니다. ${why}` : `A file beside the page is missing. ${why}`);
  }
};
const sign = (id, text) => {
  const line = document.getElementById(id) ?? document.body.appendChild(document.createElement("p"));
  [line.id, line.role, line.textContent] = [id, "status", text];
  line.onclick = () => line.remove();
};
// The cluster that `ordinal diagnose --open` serves beside the page: the run that begins with it, and its text.
const CLUSTER = "#cluster";
// The text of the run in the address, as far as it can be read, and what is wrong with it.
const addressed = async () => {
  let hash = location.hash;
  try {
    // Some programs that pass links on escape what needs no escape.
    hash = decodeURIComponent(hash);
  } catch {
    // It is damaged, then.
  }
  if (hash === CLUSTER) return { text: await had("cluster.run") };
  // What begins with another word is somebody else's.
  if (!hash || hash === "#embed" || LESSON.test(hash) || /^#(?!embed)[a-z]/i.test(hash) || document.getElementById(hash.slice(1))) return {};
  const [, version, code, rest] = LINK.exec(hash) ?? [];
  const [text, fault] = code ? await unpack(code) : ["", "damaged"];
  return { text, fault: Number(version) > LINK_VERSION ? "newer" : fault || (text && !rest ? "" : "damaged") };
};
const mark = ({ text, fault }) => {
  if (text) root.dataset.link = text;
  if (fault) root.dataset.linkFault = fault;
};
// A lesson in the fragment: `#lesson=` and its name.
const LESSON = /^#(?:embed&)?lesson=([\w-]+)/;
const lessonAsked = LESSON.exec(location.hash)?.[1];
if (lessonAsked) root.dataset.askedLesson = lessonAsked;
// What was under way is kept for its place in this tab's history, and goes on when that is reloaded or returned to; what came by no link is
// also kept for the next visit.
const kept = (store, name) => {
  try {
    const text = self[store][name];
    return text && (text.length > FILE_BYTES_MOST ? { fault: "long" } : { text });
  } catch {
    return null;
  }
};
// Who types an address begins a place of its own, also where the address is the same.
const before = performance.getEntriesByType("navigation")[0]?.type === "navigate" || typeof history.state !== "string" ? null : history.state;
const found = kept("sessionStorage", before) || (await addressed());
const place = before ?? (found.text || found.fault ? "link " : "own ") + Date.now();
history.replaceState(place, "");
const own = place.startsWith("own") && !("embed" in root.dataset) && !("first" in root.dataset);
mark(found.text || !own ? found : (kept("localStorage", "run") ?? {}));

// The app leaves the text of a run at the root and says what it wants: a link, a file, a window. It is told what came of that.
const fragment = async () => `#${LINK_VERSION}.${await pack(root.dataset.link)}`;
// Safari copies, and opens windows, only while the click lasts: what takes its time is promised then, and comes later.
const copy = async (id, text) => {
  const written = async () => new Blob([await text], { type: "text/plain" });
  delete root.dataset.copied;
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": written() })]);
    root.dataset.copied = id;
  } catch {
    // It is not copied, then.
  }
  await text;
  dispatchEvent(new Event("shared"));
};
const field = (id) => document.getElementById(id);
const link = async () => {
  // During a lesson, what is shared is the lesson: by its name, or as the text of its file.
  const { lesson } = root.dataset;
  history.replaceState(place, "", (run = lesson && lesson !== "own" ? `#lesson=${lesson}` : await fragment()));
  const page = new URL(location.href);
  // A language that was chosen goes along: whoever opens the link may have another browser.
  const lang = new URLSearchParams(page.search).get("lang") ?? kept("localStorage", "lang")?.text;
  page.search = lang ? `?lang=${lang}` : "";
  const address = (field("share-link").value = page.href);
  page.search = `?embed${lang ? `&lang=${lang}` : ""}`;
  field("share-snippet").value = `<iframe src="${page.href}" title="Ordinal" width="100%" height="640" style="border:0" loading="lazy"></iframe>`;
  root.dataset.linkLength = address.length;
  return address;
};
addEventListener("share", () => copy("share-link", link()));
addEventListener("keep", () => {
  try {
    const text = root.dataset.kept;
    sessionStorage[place] = text;
    if (own && text) localStorage.run = text;
  } catch {
    // It is not kept, then.
  }
});
// The lesson under way is in the address, so that a reload comes back to it.
addEventListener("lesson", () => {
  const { lesson } = root.dataset;
  if (lesson === "own") return;
  if (lesson || LESSON.test(location.hash)) history.replaceState(place, "", (run = lesson ? `#lesson=${lesson}` : location.pathname + location.search));
});
addEventListener("copy-text", () => copy("terminal", root.dataset.text));
addEventListener("elsewhere", async () => {
  const other = open("about:blank", "_blank");
  if (!other) return;
  other.opener = null;
  other.location = location.origin + location.pathname + (await fragment());
});
addEventListener("save", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([root.dataset.link], { type: "text/plain" }));
  link.download = "run.ordinal.txt";
  link.click();
  URL.revokeObjectURL(link.href);
});
addEventListener("click", (event) => {
  const id = event.target.closest?.("[data-copy]")?.dataset.copy;
  if (!id) return;
  field(id).select();
  copy(id, field(id).value);
});

// A file chosen or dropped goes to the app as text.
const take = async (file) => {
  delete root.dataset.linkFault;
  if (file.size > FILE_BYTES_MOST) root.dataset.linkFault = "large";
  else await explained((root.dataset.link = await file.text().catch(() => "")));
  dispatchEvent(new Event("opened"));
};
addEventListener("change", ({ target }) => {
  if (target.id !== "run-file" || !target.files[0]) return;
  take(target.files[0]);
  target.value = "";
});
addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
addEventListener("drop", (event) => {
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  event.preventDefault();
  take(file);
});
// The lessons come after all else: nobody waits for them. Korean comes first for whoever reads it, and else when it is chosen. What the API
// says of its fields comes when it is asked for, and before a run that asks for it.
const bring = async (name, options) => {
  const text = await had(at(name), options);
  if (text !== undefined) root.dataset[name] = text;
  else if (name !== "fields") return;
  dispatchEvent(new Event(`${name}-here`));
};
for (const name of ["words", "fields", "stuck"]) addEventListener(name, () => bring(name));
const explained = (text) => (/explain/.test(text) ? bring("fields") : null);
// Another run in the address is opened in the place of this one; what cannot be read is told, and this one stays.
let run = location.hash;
addEventListener("hashchange", async () => {
  if (history.state === place) return;
  const found = location.hash === run ? {} : await addressed();
  if (LESSON.test(location.hash)) return location.reload();
  if (history.state || found.text || location.hash.startsWith("#embed") !== run.startsWith("#embed")) return location.reload();
  // An address without a run is another one of the same place.
  history.replaceState(place, "");
  if (!found.fault) return;
  mark(found);
  await explained(found.text);
  dispatchEvent(new Event("opened"));
});

// Where the simulation takes its time to arrive, how much of it has come. In milliseconds of the visit.
const SAY_AFTER = 300;
const WORDS = root.lang === "ko" ? "컨트롤 플레인을 불러오는 중" : "Loading the control plane";
let size = 0;
const counted = async (file) => {
  const response = await file;
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  const count = (chunk, through) => {
    size += chunk.length;
    const line = document.getElementById("loading");
    if (line && performance.now() > SAY_AFTER) line.textContent = `${WORDS}, ${Math.round(size / 1024)} KiB`;
    through.enqueue(chunk);
  };
  return new Response(response.body.pipeThrough(new TransformStream({ transform: count })), { headers: { "Content-Type": "application/wasm" } });
};

// The code is in two halves (src/bin/dev/split.rs). A first visit begins with one; the other comes behind it and joins it. A visit that
// may begin with anything has both at once.
let rest;
let whole = !tag.dataset.later;
const join = (exports) => {
  if (whole) return;
  const get = (_, name) => exports[name] ?? exports[".t0"].get(parseInt(name, 36));
  new WebAssembly.Instance(rest, { "": new Proxy({}, { get }) });
  exports[".here"].value = 1;
  whole = true;
};
const underWay = new AbortController();
const bringRest = async () => {
  const module = await WebAssembly.compileStreaming(counted(fetch(at("later"), { signal: underWay.signal })));
  rest ??= module;
};
// Code of the first half calls this when it needs the other, which then comes at once: everything waits for it.
self.bring = (exports) => {
  try {
    if (!rest) {
      underWay.abort();
      const request = new XMLHttpRequest();
      request.open("GET", at("later"), false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      const text = request.responseText;
      const bytes = new Uint8Array(text.length);
      for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
      rest = new WebAssembly.Module(bytes);
    }
    join(exports);
  } catch (error) {
    stop(error);
    throw error;
  }
};
// What a visitor does before all is there happens when it is, and the page says so. Its element may have been drawn anew by then: that is
// found by its way from the next id above, or else by its looks, if no other looks so.
const held = [];
const looks = (element) => element && JSON.stringify([element.tagName, element.textContent, element.value, element.dataset]);
const finder = (element) => {
  const [looked, way] = [looks(element), []];
  let above = element;
  for (; !above.id && above.parentElement; above = above.parentElement) way.unshift([...above.parentElement.children].indexOf(above));
  return () => {
    if (element.isConnected) return element;
    const there = way.reduce((at, index) => at?.children[index], field(above.id) ?? root);
    if (looks(there) === looked) return there;
    const alike = [...document.getElementsByTagName(element.tagName)].filter((other) => looks(other) === looked);
    return alike.length === 1 ? alike[0] : null;
  };
};
const LOST = root.lang === "ko" ? "그사이 화면이 바뀌어 하신 동작을 처리하지 못했습니다. 다시 해 주세요." : "The page changed there before it was ready. Please do it again.";
const hold = (event) => {
  if (whole || !event.isTrusted || event.ctrlKey || event.metaKey) return;
  event.stopImmediatePropagation();
  const types = event.type === "keydown" && (event.key === "Tab" || event.target.matches?.("input, textarea"));
  if (!types) event.preventDefault();
  if (!held.length) sign("waits", WORDS);
  held.push([finder(event.target), new event.constructor(event.type, event)]);
};
const HELD = ["click", "contextmenu", "keydown", "input", "change", "submit"];
const AGAIN_AFTER = 2000;
const dress = () =>
  new Promise((done) => {
    const { styles } = root.dataset;
    if (!styles) return done();
    const link = document.createElement("link");
    [link.rel, link.href, link.onload, link.onerror] = ["stylesheet", styles, done, done];
    document.head.append(link);
  });
const release = async (exports) => {
  const styled = dress();
  while (!whole && !rest) await bringRest().catch(() => new Promise((done) => setTimeout(done, AGAIN_AFTER)));
  join(exports);
  await styled;
  // The panes that a first visit hides are made now, before what was held is done in them.
  dispatchEvent(new Event("whole"));
  await new Promise((done) => setTimeout(done));
  for (const type of HELD) removeEventListener(type, hold, true);
  document.getElementById("waits")?.remove();
  for (const [find, event] of held) {
    const target = find();
    if (target) target.dispatchEvent(event);
    else sign("waits", LOST);
  }
};

try {
  const first = "first" in root.dataset;
  const module = WebAssembly.compileStreaming(counted(fetch(at("wasm"))));
  // What the workers of a search run (public/search.js).
  self.modules = async () => [await module, rest];
  const other = first || whole ? null : bringRest();
  const words = root.lang === "ko" ? bring("words") : null;
  const app = await import(at("js"));
  await words;
  await explained(root.dataset.link);
  await other;
  if (!whole) for (const type of HELD) addEventListener(type, hold, true);
  const exports = await app.default({ module_or_path: module });
  bring("course", { priority: "low" });
  await release(exports);
  if (location.hash === CLUSTER) {
    const text = await had("cluster.txt");
    if (text) take(new Blob([text]));
  }
} catch (error) {
  stop(error);
}
// Not on http: a worker would serve stale files to whoever works on the page.
if ("serviceWorker" in navigator && location.protocol === "https:") {
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
}
